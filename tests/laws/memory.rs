//! What a compiler remembers of the time before may change nothing: after any edits it comes to what one comes to that has seen nothing.

use super::generate::{self, Bytes};
use super::{law, sound};
use crate::support::{self, Project};
use platc::definition::Class;
use platc::{Compilation, Compiler, Options};
use std::fmt::Write as _;
use std::sync::Arc;

/// All that is known, and all that is written.
fn everything(compiler: &mut Compiler, project: &Project) -> String {
    let mut compilation = compiler.compile(&project.system(), &Options::default());
    let artifacts = compiler.emit(&mut compilation);
    let mut text = format!("{:?}\n{}", compilation.model, support::said(&compilation));
    for class in compilation.definitions.classes.iter().filter(|class| !compilation.sources.is_library(class.name.span)) {
        write!(text, "{class:?}").unwrap();
    }
    artifacts.iter().for_each(|(path, artifact)| write!(text, "{path}\n{}", artifact.text).unwrap());
    text
}

/// Classes on top of each other, some with mistakes, and something that uses them.
fn classes(bytes: &mut Bytes) -> (String, String) {
    let parent = ["", "inherits: base, ", "inherits: nobody, ", "inherits: middle, "];
    let schema = ["", "schema: { size: integer | default=1 }, ", "schema: { size: text }, ", "schema: { size: 'integer | secret=true' }, "];
    let section = ["", "let: { a: '${self.size}' }, ", "let: { a: '${self.nothing}' }, ", "sort: {}, ", "let: { a: '${' }, "];
    let mut class = |name: &str, parents: usize| {
        let mut pick = |from: &[&str]| from[usize::from(bytes.below(u8::try_from(from.len()).unwrap()))].to_owned();
        let (parent, schema, section) = (pick(&parent[..parents]), pick(&schema), pick(&section));
        format!("      {name}: {{ {parent}{schema}{section}manifests: {{}} }}\n")
    };
    let base = format!("classes:\n  service:\n{}", class("base", 1));
    let heirs = format!("classes:\n  service:\n{}{}", class("middle", 3), class("top", 4));
    (base, heirs)
}

#[test]
fn what_is_remembered_changes_nothing() {
    law(12, |bytes| {
        let (platform, _) = sound(bytes);
        let mut project = generate::project(&platform, bytes);
        project.files.insert("used.yaml".to_owned(), "services: { used: { class: top }, other: { class: base } }\n".to_owned());
        let mut compiler = Compiler::default();
        for _ in 0..4 {
            let (base, heirs) = classes(bytes);
            // Each edit changes one file or some; a file in front moves all others.
            match bytes.below(5) {
                0 => _ = project.files.insert("base.yaml".to_owned(), base),
                1 => _ = project.files.insert("heirs.yaml".to_owned(), heirs),
                2 => {
                    project.files.insert("base.yaml".to_owned(), base);
                    project.files.insert("heirs.yaml".to_owned(), heirs);
                }
                // On no cluster, on some, or with an overlay for one; and what names it.
                3 => {
                    let says = ["", "placement: all", "placement: { matchLabels: { a: b } }", "clusters: { c0: { labels: { a: b } } }"];
                    let said = bytes.pick(&says);
                    let text = format!("infrastructure: {{ i: {{ class: around, {said} }}, j: {{ class: around, placement: all }} }}\n");
                    let class = "classes: { infrastructure: { around: { let: { a: '${cluster.name}' }, manifests: {} } } }\n";
                    project.files.insert("infrastructure.yaml".to_owned(), text + class);
                }
                _ => {
                    let first = "a.yaml".to_owned();
                    if project.files.remove(&first).is_none() {
                        project.files.insert(first, "services: { charts: { class: helm } }\n".to_owned());
                    }
                }
            }
            let (again, fresh) = (everything(&mut compiler, &project), everything(&mut Compiler::default(), &project));
            if again != fresh {
                return Err(format!("{}\n{}", support::difference(&fresh, &again), project.text()));
            }
        }
        Ok(())
    });
}

#[test]
fn what_did_not_change_is_not_made_again() {
    let mut project = Project::default();
    let class = |name: &str, parent: &str| format!("classes: {{ service: {{ {name}: {{ {parent}let: {{ a: 1 }} }} }} }}\n");
    project.files.insert("platform.yaml".to_owned(), "platform: { name: a, domain: a.example.com }\nenvironments: { e: {} }\n".to_owned());
    project.files.insert("base.yaml".to_owned(), class("base", ""));
    project.files.insert("heir.yaml".to_owned(), class("heir", "inherits: base, "));
    project.files.insert("other.yaml".to_owned(), class("other", ""));
    let mut compiler = Compiler::default();
    let mut compile = |project: &Project| compiler.compile(&project.system(), &Options::default());
    let kept = |before: &Compilation, after: &Compilation| -> Vec<String> {
        let classes = |compilation: &Compilation| -> Vec<Arc<Class>> { compilation.definitions.classes.clone() };
        let same = |class: &Arc<Class>| classes(before).iter().any(|other| Arc::ptr_eq(class, other));
        classes(after).iter().filter(|class| same(class)).map(|class| class.full.to_string()).collect()
    };
    let first = compile(&project);
    project.files.insert("services.yaml".to_owned(), "services: { s: { class: heir } }\n".to_owned());
    let second = compile(&project);
    assert_eq!(kept(&first, &second), ["service/base", "service/heir", "service/other"]);
    project.files.insert("base.yaml".to_owned(), class("base", "description: new, "));
    let third = compile(&project);
    assert_eq!(kept(&second, &third), ["service/other"]);
}

#[test]
fn a_class_of_the_library_is_read_when_it_is_named() {
    let read = |text: &str, all_classes| {
        let system = platc::system::MemorySystem::default().with("platform.yaml", text.as_bytes());
        let compilation = platc::compile(&system, &Options { all_classes, ..Options::default() });
        compilation.definitions.classes.iter().map(|class| class.full.to_string()).collect::<Vec<_>>()
    };
    let named = |text: &str| read(text, false);
    assert_eq!(named("platform: { name: a }"), [""; 0]);
    // One of its add-ons is called as a service is.
    assert_eq!(named("clusters: { c: { class: eks } }"), ["cluster/eks", "nodePool/eks", "service/coredns", "service/helm"]);
    assert_eq!(named("services: { helm: {} }"), ["service/helm"]);
    assert_eq!(named("applications: {}"), ["application/application"]);
    let own = named("classes: { service: { own: { inherits: cert-manager } } }");
    assert_eq!(own, ["service/cert-manager", "service/helm", "service/own"]);
    let all = read("", true);
    // Beside the language, fragments and capabilities, each file is a class.
    let is_class = |path: &str| path.matches('/').count() == 2 && !path.contains("/fragment/") && !path.contains("/capability/");
    let classes = platc::stdlib::FILES.iter().filter(|(path, _)| is_class(path));
    assert_eq!(all.len(), classes.count(), "{all:?}");
    assert_eq!(named("policies: { p: {} }"), all);
    assert_eq!(named("tenant: {}"), all);
    // A path of the command line names what it names.
    let platform = "platform: { name: a, domain: a.example.com }\nenvironments: { e: {} }\nclusters: { c: { class: k } }\nclasses: { cluster: { k: {} } }\n";
    let system = platc::system::MemorySystem::default().with("platform.yaml", platform);
    let set = vec!["clusters.c.labels.a=helm".to_owned()];
    let compilation = platc::compile(&system, &Options { set, ..Options::default() });
    assert_eq!(compilation.definitions.classes.len(), 2);
}

#[test]
fn the_standard_library_is_sound() {
    let compilation = platc::compile(&platc::system::MemorySystem::default(), &Options { all_classes: true, ..Options::default() });
    let said = support::said(&compilation);
    assert!(!said.contains("std/"), "{said}");
    // What a file is called says what is in it.
    for (_, source) in compilation.sources.iter() {
        if let Some((kind, name)) = platc::definition::class_of(source) {
            let (_, class) = compilation.definitions.class(kind, name).unwrap();
            assert_eq!(compilation.sources.path(class.name.span.file), &*source.path);
            // By this line errors know that it is none to propose.
            assert_eq!(class.is_abstract, source.text.contains("\n      abstract: true\n"), "{}", source.path);
        }
    }
}

#[test]
fn what_was_not_read_in_between_is_forgotten() {
    let class = |number| format!("classes: {{ service: {{ parent: {{ let: {{ a: {number} }} }} }} }}\n");
    let platform = "platform: { name: a, domain: a.example.com }\nenvironments: { e: {} }\n\
        classes: { service: { heir: { inherits: parent } } }\nservices: { s: { class: heir } }\n";
    let mut compiler = Compiler::default();
    let mut project = Project::default();
    project.files.insert("a.yaml".to_owned(), class(1));
    project.files.insert("platform.yaml".to_owned(), platform.to_owned());
    everything(&mut compiler, &project);
    // The platform file is the last of all, so that the other one keeps its place without it.
    project.files.remove("platform.yaml");
    project.files.insert("a.yaml".to_owned(), class(2));
    everything(&mut compiler, &project);
    project.files.insert("platform.yaml".to_owned(), platform.to_owned());
    assert_eq!(everything(&mut compiler, &project), everything(&mut Compiler::default(), &project));
}
