//! What the fuzz targets share: the passes over sources in memory, on a thread with the stack that the compiler gives itself, and checks
//! of what comes out.

mod frames;

use frames::{FRAGMENT, Frame, MAKER, MERGE, OVERRIDE, TEMPLATE, WORDS};
use platc::artifact::Artifacts;
use platc::diagnostic::{Diagnostic, Diagnostics};
use platc::document;
use platc::source::{Grammar, Source, Sources};
use platc::span::Span;
use platc::system::MemorySystem;
use platc::{Compiler, Options};
use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex, PoisonError};

static COMPILER: LazyLock<Mutex<Compiler>> = LazyLock::new(Mutex::default);

static POOL: LazyLock<rayon::ThreadPool> =
    LazyLock::new(|| rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(256 << 20).build().expect("a thread"));

/// Something that any text can be tried with.
pub struct Target {
    /// What it is called.
    pub name: &'static str,
    /// Tries a text: it must not panic, and not take long.
    pub run: fn(&str),
    /// A text to begin with.
    pub seed: &'static str,
}

/// All of them.
pub const TARGETS: [Target; 12] = [
    Target { name: "yaml", run: |text| read(text, Grammar::Yaml), seed: "a: [1, {b: 'c'}]\nd: |\n  e\n# f\ng: &h {i: *h}\n" },
    Target { name: "toml", run: |text| read(text, Grammar::Toml), seed: "a = [1, {b = 'c'}]\n[d.e]\nf = \"\"\"g\"\"\"\n" },
    Target { name: "facts", run: facts, seed: "{\"host\": {\"value\": [\"a\", {\"b\": 1.5}], \"sensitive\": false}}" },
    Target {
        name: "schema",
        run: schema,
        seed: "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: rollouts.example.com}\nspec: {group: example.com, names: {kind: Rollout, plural: rollouts}, scope: Namespaced, versions: [{name: v1, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, required: [replicas], properties: {replicas: {type: integer, maximum: 5}, steps: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name], items: {type: object}}}}}}}}]}\n",
    },
    Target { name: "expression", run: expression::all, seed: "self.zones.map(z, z + \"${name}\")[0] in {'a': latelist}" },
    Target { name: "project", run: project, seed: "platform: {name: a, domain: example.com}\nenvironments: {apps: {}}\u{1}[services.web]\nvalues.a = 1\u{1}tenants: {shop: {namespaces: {m: {}}}}\u{1}[clusters.c]\nclass = \"eks\"\n" },
    framed("merge", |text| MERGE.build(text), &MERGE),
    framed("template", |text| TEMPLATE.build(text), &TEMPLATE),
    framed("words", |text| WORDS.build(text), &WORDS),
    framed("fragment", |text| FRAGMENT.build(text), &FRAGMENT),
    framed("maker", |text| MAKER.build(text), &MAKER),
    framed("override", |text| OVERRIDE.build(text), &OVERRIDE),
];

const fn framed(name: &'static str, run: fn(&str), frame: &Frame) -> Target {
    Target { name, run, seed: frame.seed }
}

/// Tries what a fuzzer has come up with.
pub fn run(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target of this name");
    if let Ok(text) = std::str::from_utf8(data) {
        (target.run)(text);
    }
}

/// A whole project: each piece is a file, every other one in TOML.
fn project(text: &str) {
    let names = ["platform.yaml", "a.toml", "b.yaml", "c.toml"];
    let files: Vec<(&str, &str)> = names.into_iter().zip(text.splitn(4, '\u{1}')).collect();
    build(&files);
}

/// Runs work on a thread with a large stack; sanitizers make frames several times larger than they are in the program.
pub fn on_a_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    POOL.install(work)
}

/// All passes over these files, as the compiler runs them; then everything said is looked at. Classes of the standard library that no file names
/// are not read, and those that are read are remembered.
pub fn build(files: &[(&str, &str)]) {
    let system = files.iter().fold(MemorySystem::default(), |system, (path, text)| system.with(*path, text.as_bytes()));
    let mut compiler = COMPILER.lock().unwrap_or_else(PoisonError::into_inner);
    let mut compilation = compiler.compile(&system, &Options::default());
    // What was never there cannot be lost, nor what is still there.
    let fine = !compilation.diagnostics.has_errors();
    let kept = compiler.keep(&mut compilation, (&BTreeSet::new(), &BTreeSet::new()), None);
    assert_eq!(compiler.keep(&mut compilation, (&kept, &BTreeSet::new()), None), kept);
    assert_eq!(fine, !compilation.diagnostics.has_errors());
    let artifacts = compiler.emit(&mut compilation);
    inside(&artifacts);
    said(&compilation.diagnostics, &compilation.sources);
}

/// Every span of every diagnostic lies in its source, on characters.
fn said(diagnostics: &Diagnostics, sources: &Sources) {
    let check = |span: Span| {
        let text = &sources.get(span.file).expect("a file of these sources").text;
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} in {text:?}");
        let _ = sources.place(span);
    };
    for Diagnostic { primary, labels, replacement, .. } in diagnostics.sorted(sources) {
        primary.iter().chain(&labels).for_each(|label| check(label.span));
        replacement.iter().for_each(|replacement| check(replacement.span));
    }
}

/// No path of an artifact leaves the output directory.
fn inside(artifacts: &Artifacts) {
    for (path, _) in artifacts.iter() {
        assert!(!path.starts_with('/') && !path.contains('\\') && path.split('/').all(|part| !matches!(part, "" | "." | "..")), "{path}");
    }
}

/// Text with every line indented.
#[must_use]
pub fn indented(text: &str, indent: &str) -> String {
    text.split('\n').map(|line| format!("{indent}{line}\n")).collect()
}

/// One source through its reader, and what it gives through the formatter.
pub fn read(text: &str, grammar: Grammar) {
    on_a_large_stack(|| {
        let mut sources = Sources::default();
        let mut diagnostics = Diagnostics::default();
        let file = sources.add(Source { path: "a".into(), text: text.into(), grammar, library: false });
        let document = sources.get(file).and_then(|source| document::parse_one(file, source, &mut diagnostics));
        assert!(document.is_some() || !diagnostics.is_empty());
        said(&diagnostics, &sources);
        if let Ok(once) = document::format(text, grammar) {
            assert_eq!(document::format(&once, grammar).ok().as_ref(), Some(&once), "formatted twice: {text:?}");
        }
    });
}

/// A text as facts, and as the outputs that Terraform prints.
pub fn facts(text: &str) {
    on_a_large_stack(|| {
        let mut sources = Sources::default();
        let mut diagnostics = Diagnostics::default();
        sources.add(Source { path: "facts/ops/gc0.json".into(), text: text.into(), grammar: Grammar::Json, library: false });
        let read = platc::facts::read(&sources, &mut diagnostics);
        said(&diagnostics, &sources);
        assert_ne!(read.of("ops", "gc0").is_some(), diagnostics.has_errors());
        let recorded: Result<platc::facts::Recorded, String> =
            platc::facts::outputs(text).map(|told| told.into_iter().map(|(name, output)| (name, output.value)).collect());
        if let Ok(recorded) = recorded {
            let printed = platc::facts::print(&recorded);
            let again = platc::facts::kept(&printed).expect("what is printed is read");
            assert!(platc::facts::compare(&again, &recorded).is_empty(), "{printed}");
        }
    });
}

/// A text as a file of schemas, and as a file of objects that is taken in; templates write a kind and a resource that it may be about.
pub fn schema(text: &str) {
    on_a_large_stack(|| {
        const PLATFORM: &str = "platform: {name: acme, domain: infra.example.com, schemas: ['a.*']}\nenvironments: {apps: {}}\nclusters: {c: {class: m}}\nservices: {s: {}}\nclasses: {cluster: {m: {}}, service: {s: {schema: {n: {$type: integer, $default: 3}}, manifests: {$objects: [a.yaml], r: {apiVersion: example.com/v1, kind: Rollout, metadata: {name: a, namespace: a}, spec: {replicas: '${self.n}', steps: [{name: a}, {name: a}]}}}, terraform: {resource: {clouds_bucket: {this: {name: a, size: '${self.n}'}}}}}}}\n";
        let files = platc::system::MemorySystem::default().with("platform.yaml", PLATFORM).with("files/a.yaml", text).with("files/a.json", text);
        let compilation = platc::compile(&files, &platc::Options::default());
        said(&compilation.diagnostics, &compilation.sources);
    });
}

/// What the target for expressions needs.
pub mod expression {
    use super::{Diagnostics, Span, on_a_large_stack};
    use platc::expression::{
        Fault, Host, HostNode, Key, Late, LateReference, Target, Template, Ty, TypeScope, Val, check, evaluate, parse,
    };
    use platc::span::{FileId, TextMap};
    use std::sync::Arc;

    /// A host with a map, a list, a late value and a text; nodes are positions in its list.
    struct Small {
        nodes: Vec<Val>,
    }

    fn map(entries: Vec<(&str, Val)>) -> Val {
        Val::map(entries.into_iter().map(|(key, value)| (Key::String(key.into()), value)))
    }

    impl Small {
        fn new() -> Self {
            let zones = Val::list(vec![Val::string("a"), Val::string("b")]);
            let this = vec![("region", Val::string("eu-west-1")), ("zones", Val::Node(HostNode(0))), ("size", Val::Int(3)), ("empty", Val::Null)];
            Self { nodes: vec![zones, map(this), map(vec![("web", Val::Node(HostNode(1)))])] }
        }
    }

    impl Host for Small {
        fn name(&self, name: &str) -> Result<Option<Val>, Fault> {
            let span = Span::new(FileId(0), 0, 0);
            let late = || LateReference { environment: "".into(), stack: "gc0".into(), address: "aws_vpc.this".into(), output: None, sensitive: None, private: None, span };
            let known = |type_: Ty, value: Val| Val::Late(Arc::new(Late::reference(late()).typed(type_).known(Some(value))));
            Ok(match name {
                "self" => Some(Val::Node(HostNode(1))),
                "services" => Some(Val::Node(HostNode(2))),
                "late" => Some(Val::Late(Arc::new(Late::reference(late())))),
                "latetext" => Some(known(Ty::String, Val::string("a<\"${"))),
                "latecount" => Some(known(Ty::Int, Val::Int(7))),
                "latelist" => Some(known(Ty::list(Ty::String), Val::list(vec![Val::string("b"), Val::string("a")]))),
                "name" => Some(Val::string("gc0")),
                "broken" => return Err(Fault::Reported),
                _ => None,
            })
        }

        fn names(&self) -> Vec<Arc<str>> {
            ["self", "services", "late", "latetext", "latecount", "latelist", "name", "broken"].map(Arc::from).to_vec()
        }

        fn field(&self, node: HostNode, key: &str) -> Result<Option<Val>, Fault> {
            match &self.nodes[usize::try_from(node.0).expect("small")] {
                Val::Map(map) => Ok(map.get(&Key::String(key.into())).cloned()),
                _ => Ok(None),
            }
        }

        fn fields(&self, node: HostNode) -> Vec<Arc<str>> {
            match &self.nodes[usize::try_from(node.0).expect("small")] {
                Val::Map(map) => map.entries().iter().map(|(key, _)| key.to_string().into()).collect(),
                _ => Vec::new(),
            }
        }

        fn force(&self, node: HostNode) -> Result<Val, Fault> {
            Ok(self.nodes[usize::try_from(node.0).expect("small")].clone())
        }
    }

    /// Parses, checks and evaluates a text, alone and as a template.
    pub fn all(text: &str) {
        on_a_large_stack(|| {
            let host = Small::new();
            let this = Ty::record(vec![
                ("region".into(), Ty::String),
                ("zones".into(), Ty::list(Ty::String)),
                ("size".into(), Ty::Int),
                ("empty".into(), Ty::Dyn),
            ]);
            let names = vec![
                ("self".into(), this.clone()),
                ("services".into(), Ty::map(this)),
                ("late".into(), Ty::late(Ty::Dyn)),
                ("latetext".into(), Ty::late(Ty::String)),
                ("latecount".into(), Ty::late(Ty::Int)),
                ("latelist".into(), Ty::late(Ty::list(Ty::String))),
                ("name".into(), Ty::String),
                ("broken".into(), Ty::Dyn),
            ];
            let scope = TypeScope { names, ..TypeScope::default() };
            let inside = |span: Span| assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} in {text:?}");
            let map = TextMap::verbatim(FileId(0), 0, text.len());
            let mut diagnostics = Diagnostics::default();
            let fault = |fault: Fault| {
                if let Fault::Diagnostic(diagnostic) = fault {
                    diagnostic.primary.iter().chain(&diagnostic.labels).for_each(|label| inside(label.span));
                }
            };
            match parse(text, &map) {
                Ok(expr) => {
                    check(&expr, &scope, &mut diagnostics);
                    let _ = expr.references();
                    match evaluate(&expr, &host) {
                        // What is left to Terraform opens no expression but its own.
                        Ok(Val::Late(late)) => {
                            let spelled = late.as_expr().spelled(&mut |reference| reference.address.to_string());
                            assert!(!spelled.replace("$${", "").contains("a<\\\"${"), "{spelled}");
                        }
                        Ok(_) => {}
                        Err(found) => fault(found),
                    }
                }
                Err(found) => fault(Fault::Diagnostic(found)),
            }
            match Template::parse(text, &map) {
                Ok(Some(template)) => {
                    for target in [Target::Plain, Target::Now, Target::Terraform] {
                        template.check(&scope, target, &mut diagnostics);
                        if let Err(found) = template.evaluate(&host, target) {
                            fault(found);
                        }
                    }
                }
                Ok(None) => {}
                Err(found) => found.into_iter().for_each(|found| fault(Fault::Diagnostic(Box::new(found)))),
            }
            let sources = platc::source::Sources::default();
            for diagnostic in diagnostics.sorted(&sources) {
                diagnostic.primary.iter().chain(&diagnostic.labels).for_each(|label| inside(label.span));
            }
        });
    }
}
