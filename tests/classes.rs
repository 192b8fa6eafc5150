//! The classes of the standard library: every field reaches the output, and `tests/data/fields.txt` has a line for each.

use crate::support::{self, Project};
use platc::Compiler;
use platc::schema::{Shape, Type};
use std::collections::{BTreeMap, BTreeSet};

const EXTRA: &str = r#"
[services.extra]
class = "helm"
repository = "https://charts.example.com"
chart = "extra"
version = "1.0.0"

[services.loki]

[services.tempo]

[services.cilium]
enabled = false

[tenants.team-a.applications.chart]
namespace = "shop"
repository = "https://git.example.com/team-a/charts"
chart = "shop"
version = "1.0.0"
"#;

/// The starter with whatever it lacks, the other providers, and machines that one installs oneself.
const PROJECTS: [fn() -> Project; 3] = [project, || Project::read("tests/data/clouds"), || Project::read("tests/data/machines")];

fn project() -> Project {
    let mut project = Project::read("examples/kubestack/starter");
    project.files.insert("extra.toml".to_owned(), EXTRA.to_owned());
    project.files.insert("fields.yaml".to_owned(), std::fs::read_to_string(support::root().join("tests/data/fields.yaml")).unwrap());
    project
}

/// A project, what comes out of it, and the kinds and names of its things.
struct Base {
    compiler: Compiler,
    project: Project,
    output: BTreeMap<String, String>,
    things: BTreeSet<String>,
}

impl Base {
    fn new(project: Project) -> Self {
        let mut compiler = Compiler::default();
        let (compilation, output) = project.build_again(&mut compiler, &[]);
        assert_eq!(support::said(&compilation), "");
        let things = compilation.model.entities.iter().map(|entity| format!("{}.{}", entity.kind.plural(), entity.name)).collect();
        Self { compiler, project, output, things }
    }
}

/// The lines of `fields.txt`, each a list of settings; the first of them names the field.
fn lines() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(support::root().join("tests/data/fields.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split(" | ").map(str::to_owned).collect()).collect()
}

/// A service of the library with what it may need, on clusters of all providers that it is for.
fn alone(service: &str) -> Project {
    let mut project = Project::read("tests/data/services");
    let services = project.files.get_mut("services.yaml").unwrap();
    let stays =
        |line: &&str| !line.starts_with("  ") || line.ends_with("# others need it") || line.trim().starts_with(&format!("{service}:"));
    *services = services.lines().filter(stays).fold(String::new(), |text, line| text + line + "\n");
    project
}

#[test]
fn every_field_reaches_the_output() {
    let mut bases = PROJECTS.map(|project| Base::new(project()));
    let mut alones = BTreeMap::new();
    let mut wrong = String::new();
    let (all, mut seen) = (std::env::var_os("PLATC_FIELDS").is_some_and(|all| all == "all"), BTreeSet::new());
    for (at, line) in lines().into_iter().enumerate() {
        let mut steps = line.first().unwrap().split(['.', '=']);
        let (kind, name) = (steps.next().unwrap(), steps.next().unwrap());
        // The gate tries a part of them, always the same: the first of each thing, and each tenth. `.ci/long fields` tries all.
        if !seen.insert(format!("{kind}.{name}")) && at % 10 > 0 && !all {
            continue;
        }
        let base = bases.iter_mut().find(|base| base.things.contains(&format!("{kind}.{name}")));
        let base = base.unwrap_or_else(|| alones.entry(name.to_owned()).or_insert_with(|| Base::new(alone(name))));
        let (compilation, output) = base.project.build_again(&mut base.compiler, &line);
        let said = support::said(&compilation);
        if compilation.diagnostics.has_errors() {
            wrong += &format!("--- {line:?}\n{said}\n");
        } else if output == base.output {
            wrong += &format!("--- {line:?} changes nothing\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Paths of all fields of a type, with `*` for the keys of maps; fields of items of lists are set with the list.
fn fields(type_: &Type, path: &str, found: &mut BTreeSet<String>) {
    match &type_.resolved().shape {
        Shape::Record(record) => {
            for field in record.fields() {
                fields(&field.type_, &format!("{path}.{}", field.name), found);
            }
        }
        Shape::Map(item) if matches!(item.resolved().shape, Shape::Record(_)) => fields(item, &format!("{path}.*"), found),
        Shape::Any
        | Shape::String
        | Shape::Integer
        | Shape::Number
        | Shape::Boolean
        | Shape::Object
        | Shape::Quantity
        | Shape::Duration
        | Shape::Cidr
        | Shape::Semver
        | Shape::Ref(_)
        | Shape::List(_)
        | Shape::Map(_)
        | Shape::Union(_)
        | Shape::Named(_) => {
            found.insert(path.to_owned());
        }
    }
}

/// The version of Kubernetes that a cluster has by default is newer than all whose end is known, or has a year to go; there is no clock, so the class
/// says when its list was made.
#[test]
fn the_default_version_has_the_longest_life() {
    let text = std::fs::read_to_string(support::root().join("stdlib/cluster/eks.yaml")).unwrap();
    let find = |pattern: &str| regex::Regex::new(pattern).unwrap().captures(&text).unwrap()[1].to_owned();
    let (default, made): (u32, String) =
        (find(r#"version:\n +\$type: string\n +\$default: "1\.([0-9]+)""#).parse().unwrap(), find(r#"asOf: "([0-9-]+)""#));
    let ends = regex::Regex::new(r#""1\.([0-9]+)": "([0-9]{4}-[0-9]{2}-[0-9]{2})""#).unwrap();
    let ends: Vec<(u32, String)> = ends.captures_iter(&text).map(|found| (found[1].parse().unwrap(), found[2].to_owned())).collect();
    assert!(ends.len() > 5 && ends.is_sorted(), "{ends:?}");
    let year: u32 = made[..4].parse().unwrap();
    let a_year_later = format!("{}{}", year + 1, &made[4..]);
    let end = ends.iter().find(|(version, _)| *version == default).map(|(_, end)| end);
    assert!(end.is_none_or(|end| *end >= a_year_later), "1.{default} ends on {end:?}, and the list was made on {made}");
    assert!(ends.iter().all(|(version, _)| *version <= default), "1.{default} is not the newest of {ends:?}");
}

#[test]
fn every_field_has_a_line() {
    let set: Vec<Vec<String>> =
        lines().into_iter().flatten().map(|setting| setting.split_once('=').unwrap().0.split('.').map(str::to_owned).collect()).collect();
    // Where the things of a class stand in the project.
    let places = [
        ("cluster/", "clusters.*"),
        ("nodePool/", "clusters.*.nodePools.*"),
        ("service/", "services.*"),
        ("tenant/", "tenants.*"),
        ("application/", "tenants.*.applications.*"),
        ("infrastructure/", "infrastructure.*"),
    ];
    let projects = PROJECTS.into_iter().chain([(|| Project::read("tests/data/services")) as fn() -> Project]);
    let (mut missing, mut seen) = (BTreeSet::new(), BTreeSet::new());
    for project in projects {
        let (compilation, _) = project().build();
        for class in &compilation.definitions.classes {
            if !compilation.sources.path(class.name.span.file).starts_with("std/") {
                continue;
            }
            seen.insert(class.full.to_string());
            let place = places.iter().find(|(start, _)| class.full.starts_with(start)).unwrap().1;
            for field in class.type_.record().unwrap().fields() {
                // Fields of the language are the compiler's.
                if compilation.sources.path(field.span.file) == "std/language.yaml" {
                    continue;
                }
                // What is asked for has no other value where there is only one.
                if matches!(field.type_.resolved().shape, Shape::Ref(_)) && field.type_.markers.required {
                    continue;
                }
                let mut found = BTreeSet::new();
                fields(&field.type_, &format!("{place}.{}", field.name), &mut found);
                missing.extend(found.into_iter().filter(|path| {
                    let steps: Vec<&str> = path.split('.').collect();
                    !set.iter().any(|set| set.len() == steps.len() && set.iter().zip(&steps).all(|(set, step)| *step == "*" || set == step))
                }));
            }
        }
    }
    assert_eq!(missing, BTreeSet::new(), "fields without a line in tests/data/fields.txt");
    let of_kinds = |path: &&str| places.iter().any(|(start, _)| path.strip_prefix("std/").is_some_and(|rest| rest.starts_with(start)));
    let all: BTreeSet<String> = platc::stdlib::FILES
        .iter()
        .map(|(path, _)| *path)
        .filter(of_kinds)
        .map(|path| path.trim_start_matches("std/").trim_end_matches(".yaml").to_owned())
        .collect();
    assert_eq!(all.difference(&seen).collect::<Vec<_>>(), Vec::<&String>::new(), "classes that no project here uses");
}

/// What a class demands its heirs demand, too: `rules` without a `+` in one of them would take the place of those that it inherits, without a word.
#[test]
fn heirs_demand_what_their_ancestors_do() {
    let (mut lost, mut kept) = (BTreeSet::new(), 0);
    for project in PROJECTS {
        let (compilation, _) = project().build();
        let classes = &compilation.definitions.classes;
        for class in classes {
            for ancestor in classes.iter().filter(|other| class.ancestors.contains(&other.full)) {
                let (there, gone): (Vec<_>, Vec<_>) =
                    ancestor.rules.iter().partition(|rule| class.rules.iter().any(|own| own.span == rule.span));
                kept += there.len();
                lost.extend(gone.into_iter().map(|rule| format!("{} lacks a rule of {}: {:?}", class.full, ancestor.full, rule.message)));
            }
        }
    }
    assert_eq!(lost, BTreeSet::new());
    assert!(kept > 50, "{kept}");
}

/// The library knows things of a class by all that it inherits from, or it would not see a class of a project that inherits from one of its own.
#[test]
fn the_library_sees_heirs() {
    let mut blind = Vec::new();
    let mut seeing = 0;
    for text in Project::read("stdlib").files.values() {
        seeing += text.matches(".classes").count();
        blind.extend(text.lines().filter(|line| line.contains(".class ==") || line.contains(".class in")).map(str::to_owned));
    }
    assert_eq!(blind, Vec::<String>::new());
    assert!(seeing >= 8, "{seeing}");
}

/// Secrets that a chart is told by name: their names come from fields, which have no default, so that nothing waits for a Secret that nobody has
/// said anything about.
#[test]
fn secrets_are_said_by_whoever_brings_them() {
    let (compilation, output) = project().build();
    assert_eq!(support::said(&compilation), "");
    let of_classes = |text: &str| text.lines().filter(|line| NAMES_A_SECRET.iter().any(|key| line.trim_start().starts_with(key))).count();
    for (path, text) in output.iter().filter(|(path, _)| path.contains("/values/")) {
        assert_eq!(of_classes(text), 0, "{path} names a Secret that nobody has asked for");
    }
    let mut found = 0;
    for class in compilation.definitions.classes.iter().filter(|class| class.full.starts_with("service/")) {
        for field in class.type_.record().unwrap().fields().iter().filter(|field| field.name.ends_with("Secret")) {
            assert!(field.type_.markers.default.is_none(), "`{}` of {} has a default, so its things wait for it", field.name, class.full);
            found += 1;
        }
    }
    assert!(found > 0, "no class has such a field any more");
}

/// Keys of values by which charts are told of Secrets.
const NAMES_A_SECRET: [&str; 5] = ["existingSecret:", "secretName:", "secretKeyRef:", "secretRef:", "existingSecretName:"];
