//! `platc schema`: what compiles fits it, mistakes do not, and a validator that is not ours agrees where there is one.

mod validator;

use crate::support::{self, Project};
use expect_test::expect;
use platc::document::{self, Node, NodeData};
use platc::query;
use platc::source::{Grammar, Source, Sources};
use platc::{Compilation, Options, diagnostic::Diagnostics};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use std::io::Write as _;

/// A source as JSON: what editors see of it.
fn json_of(text: &str, grammar: Grammar) -> Option<Json> {
    let mut sources = Sources::default();
    let source = Source { path: "".into(), text: text.into(), grammar, library: false };
    let file = sources.add(source.clone());
    document::parse_one(file, &source, &mut Diagnostics::default()).map(|document| node(&document.root))
}

fn node(of: &Node) -> Json {
    match &of.data {
        NodeData::Null | NodeData::Broken => Json::Null,
        NodeData::Bool(bool) => json!(bool),
        NodeData::Int(int) => json!(int),
        NodeData::Float(float) => json!(float),
        NodeData::String(scalar) => json!(&*scalar.text),
        NodeData::List(items) => items.iter().map(node).collect(),
        NodeData::Map(pairs) => Json::Object(pairs.iter().map(|pair| (pair.key.text.to_string(), node(&pair.value))).collect()),
    }
}

fn compile(project: &Project) -> Compilation {
    platc::compile(&project.system(), &Options::default())
}

fn schema(compilation: &Compilation) -> Json {
    serde_json::to_value(query::schema::schema(&compilation.definitions).unwrap()).unwrap()
}

/// All projects of the checkout that compile: examples, test data, and the examples of documents.
fn projects() -> Vec<(String, Project)> {
    let mut found = Vec::new();
    let mut folders = vec!["examples".to_owned(), "tests/data".to_owned(), "tests/cases".to_owned()];
    while let Some(folder) = folders.pop() {
        let path = support::root().join(&folder);
        if ["platform.yaml", "platform.toml"].iter().any(|name| path.join(name).is_file()) {
            found.push((folder.clone(), Project::read(&folder)));
            continue;
        }
        for entry in std::fs::read_dir(path).unwrap() {
            let entry = entry.unwrap();
            if entry.path().is_dir() {
                folders.push(format!("{folder}/{}", entry.file_name().to_str().unwrap()));
            }
        }
    }
    for entry in std::fs::read_dir(support::root().join("docs/diagnostics")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for (language, name) in [("yaml", "example.yaml"), ("toml", "example.toml")] {
            for block in text.split(&format!("```{language} works\n")).skip(1) {
                let mut project = Project::default();
                project.files.insert(name.to_owned(), block.split("```").next().unwrap().to_owned());
                found.push((path.file_name().unwrap().to_str().unwrap().to_owned(), project));
            }
        }
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found
}

fn documents(project: &Project) -> impl Iterator<Item = (&str, Json)> {
    // Facts, charts and files that are taken in are no definitions.
    let is_other = |path: &str| platc::facts::is_path(path) || ["files/", "charts/"].iter().any(|folder| path.starts_with(folder));
    project.files.iter().filter(move |(path, _)| !is_other(path)).filter_map(|(path, text)| {
        let grammar = if path.ends_with(".toml") { Grammar::Toml } else { Grammar::Yaml };
        Some((path.as_str(), json_of(text, grammar)?))
    })
}

#[test]
fn what_compiles_fits() {
    let projects = projects();
    assert!(projects.len() > 80, "only {} projects found", projects.len());
    let mut wrong = String::new();
    for (name, project) in projects {
        let compilation = compile(&project);
        if compilation.diagnostics.has_errors() {
            continue;
        }
        let schema = schema(&compilation);
        for (path, document) in documents(&project) {
            for fault in validator::validate(&schema, &document) {
                writeln!(wrong, "{name} {path}: {fault}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

const MISTAKES: &str = r#"
clusters:
  gc0:
    class: eks
    zone: [a]
    version: 1.33
    nodePools:
      default:
        instanceType: [t3a.xlarge]
        size: { min: "3", max: 9 }
      gpu: { inherits: default, enabled: "no" }
      old-:
      new!: { taints-: [x] }
    environments:
      ops:
        network: { nat: singel }
        class: eks
        labels: { "a-": , b: 1 }
        clusters: {}
        nodePools:
          default: { size: { mx: 3 } }
  gc1: {}
  gc2: { class: ekz }
  gc3: { inherits: gc0, regoin: x }
services:
  cert-manager:
  ingress-nginx: { dependson: [x] }
  shop: {}
  x: { class: cert-manager, clusters: { gc0: { clusters: {}, enabled: "${a}" } } }
tenants:
  a: { quotas: {} }
polcies: {}
policies:
  a: { for: clusters, assert: x }
  b: { for: { kid: x }, assert: x, message: x, onlyin: [] }
classes:
  cluster:
    my: { schma: {}, rules: [{ assert: x, mesage: x }] }
environments:
  apps: { inherit: ops }
platform:
  defaults: { clusters: { regio: x, labels+: {} }, nodes: {} }
"#;

#[test]
fn mistakes_are_marked() {
    let schema = schema(&compile(&Project::read("examples/kubestack/starter")));
    let faults = validator::validate(&schema, &json_of(MISTAKES, Grammar::Yaml).unwrap());
    expect![[r#"
        : has no polcies
        classes/cluster/my: has no schma
        classes/cluster/my/rules/0: has no mesage
        classes/cluster/my/rules/0: needs message
        clusters/gc0: has no zone
        clusters/gc0/environments/ops: has no class
        clusters/gc0/environments/ops: has no clusters
        clusters/gc0/environments/ops/labels: fits nothing that may stand here
        clusters/gc0/environments/ops/network: fits nothing that may stand here
        clusters/gc0/environments/ops/nodePools/default/size: fits nothing that may stand here
        clusters/gc0/nodePools/default: has no instanceType
        clusters/gc0/nodePools/default/size: fits nothing that may stand here
        clusters/gc0/nodePools/gpu/enabled: fits nothing that may stand here
        clusters/gc0/version: fits nothing that may stand here
        clusters/gc1: needs class
        clusters/gc2/class: must be one of ["eks"]
        clusters/gc3: has no regoin
        environments/apps: has no inherit
        platform/defaults: has no nodes
        platform/defaults/clusters: has no regio
        policies/a/for: fits nothing that may stand here
        policies/a: needs message
        policies/b: has no onlyin
        policies/b/for: fits nothing that may stand here
        services/shop: needs class
        services/x/clusters/gc0: has no clusters
        services/ingress-nginx: has no dependson
        tenants/a: has no quotas
    "#]]
    .assert_eq(&faults.iter().map(|fault| format!("{fault}\n")).collect::<String>());
}

#[test]
fn the_schema_is_whole() {
    let schema = schema(&compile(&Project::read("examples/kubestack/starter")));
    let mut places = vec![(String::from("#"), &schema)];
    while let Some((path, value)) = places.pop() {
        match value {
            Json::Object(map) => {
                if let Some(target) = map.get("$ref").and_then(Json::as_str) {
                    assert!(schema.pointer(target.strip_prefix('#').unwrap()).is_some(), "{path}: {target} leads nowhere");
                }
                if let Some(properties) = map.get("properties").and_then(Json::as_object).filter(|_| !path.ends_with("/properties")) {
                    for (name, property) in properties {
                        assert!(property.is_object(), "{path}: what is `{name}`?");
                    }
                }
                places.extend(map.iter().map(|(key, value)| (format!("{path}/{key}"), value)));
            }
            Json::Array(items) => places.extend(items.iter().enumerate().map(|(at, value)| (format!("{path}/{at}"), value))),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }
    // Fields have their words, and so have the sections of classes and what shapes a definition.
    for pointer in [
        "/properties/clusters",
        "/definitions/cluster.eks/properties/region",
        "/definitions/cluster.eks/properties/environments",
        "/definitions/names-of.cluster",
        "/definitions/service.class/properties/helm",
        "/definitions/policy/properties/for",
    ] {
        assert!(schema.pointer(&format!("{pointer}/description")).is_some(), "{pointer}");
    }
}

/// The same verdicts from Python's `jsonschema`, where it is installed.
#[test]
fn another_validator_agrees() {
    const SCRIPT: &str = r#"
import json, sys
import jsonschema
for line in sys.stdin:
    schema, documents = json.loads(line)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    print(json.dumps([sorted({"/".join(map(str, e.absolute_path)) for e in validator.iter_errors(d)}) for d in documents]))
"#;
    let python = |script: &str| std::process::Command::new("python3").args(["-W", "ignore", "-c", script]).output();
    if !python("import jsonschema").is_ok_and(|output| output.status.success()) {
        support::skipped("python3 with jsonschema not found");
        return;
    }
    let mut cases: Vec<(Json, Vec<Json>)> = Vec::new();
    for (name, project) in projects().into_iter().filter(|(name, _)| name.contains('/')) {
        let compilation = compile(&project);
        assert!(!compilation.diagnostics.has_errors() || name.contains("tests/cases"), "{name}");
        if !compilation.diagnostics.has_errors() {
            cases.push((schema(&compilation), documents(&project).map(|(_, document)| document).collect()));
        }
    }
    let starter = schema(&compile(&Project::read("examples/kubestack/starter")));
    cases.push((starter, vec![json_of(MISTAKES, Grammar::Yaml).unwrap()]));
    let mut child = std::process::Command::new("python3")
        .args(["-W", "ignore", "-c", SCRIPT])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let input: String = cases.iter().map(|case| format!("{}\n", json!(case))).collect();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    let answers = String::from_utf8(output.stdout).unwrap();
    assert_eq!(answers.lines().count(), cases.len());
    for (answer, (schema, documents)) in answers.lines().zip(&cases) {
        let theirs: Vec<Vec<String>> = serde_json::from_str(answer).unwrap();
        let ours: Vec<Vec<String>> = documents
            .iter()
            .map(|document| {
                let mut places: Vec<String> = validator::validate(schema, document).into_iter().map(|fault| fault.path).collect();
                places.sort();
                places.dedup();
                places
            })
            .collect();
        assert_eq!(theirs, ours);
    }
}
