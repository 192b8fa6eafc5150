//! Published CustomResourceDefinitions: all of them read, and random objects of their kinds are taken or refused as another checker does.

use crate::support::{self, Project};
use platc::diagnostic::Severity;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

fn shared() -> Option<PathBuf> {
    let folders = ["../shared", "../../shared"].map(|folder| support::root().join(folder));
    let found = folders.into_iter().find(|folder| folder.join("reference/schemas/crd").is_dir());
    if found.is_none() {
        support::skipped("published schemas not found");
    }
    found
}

/// A schema by version and kind.
type Schemas = BTreeMap<(String, String), Value>;

fn schemas(folder: &std::path::Path) -> Schemas {
    let mut schemas = Schemas::new();
    for entry in std::fs::read_dir(folder.join("reference/schemas/crd")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if let [group, version, kind] = name.splitn(3, '_').collect::<Vec<_>>()[..] {
            let schema = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            schemas.insert((format!("{group}/{version}"), kind.to_owned()), schema);
        }
    }
    schemas
}

/// The definitions of all kinds, one document each, as JSON; some are of the whole cluster.
fn definitions(schemas: &Schemas, of_cluster: &BTreeSet<&str>) -> String {
    let mut kinds: BTreeMap<(&str, &str), Vec<Value>> = BTreeMap::new();
    for ((version, kind), schema) in schemas {
        let (group, name) = version.split_once('/').unwrap();
        kinds.entry((group, kind)).or_default().push(json!({"name": name, "schema": {"openAPIV3Schema": schema}}));
    }
    kinds.into_iter().fold(String::new(), |text, ((group, kind), versions)| {
        let definition = json!({
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": format!("{}s.{group}", kind.to_lowercase())},
            "spec": {
                "group": group,
                "names": {"kind": kind},
                "scope": if of_cluster.contains(kind) { "Cluster" } else { "Namespaced" },
                "versions": versions,
            },
        });
        format!("{text}---\n{definition}\n")
    })
}

const HEAD: &str = "platform:
  name: acme
  domain: infra.example.com
  repository: { url: https://git.example.com/acme/platform.git }
  schemas: [crds.yaml]
environments: { apps: {} }
clusters: { gc0: { class: metal } }
services: { all: {} }
classes: { cluster: { metal: {} } }
";

/// The objects that platc refuses, by their place among all.
fn refused(definitions: &str, objects: &[Value]) -> BTreeSet<usize> {
    let mut wrong = BTreeSet::new();
    // What is found when a class is loaded keeps its objects from being made.
    loop {
        let mut lines = Vec::new();
        let mut text = "classes:\n  service:\n    all:\n      manifests:\n".to_owned();
        for (at, object) in objects.iter().enumerate().filter(|(at, _)| !wrong.contains(at)) {
            writeln!(text, "        o{at}: {{ $verbatim: {object} }}").unwrap();
            lines.push(at);
        }
        let text = text.replace("{ $verbatim: {", "{").replace("} }\n", "}\n");
        let mut project = Project::default();
        project.files.insert("platform.yaml".to_owned(), HEAD.to_owned());
        project.files.insert("classes.yaml".to_owned(), text);
        project.files.insert("files/crds.yaml".to_owned(), definitions.to_owned());
        let (compilation, _) = project.build();
        let before = wrong.len();
        for diagnostic in compilation.diagnostics.sorted(&compilation.sources) {
            let code = diagnostic.code.word();
            let label = diagnostic.primary.as_ref().unwrap();
            if compilation.sources.path(label.span.file) != "classes.yaml" {
                panic!("{}", support::said(&compilation));
            }
            // The other checker evaluates no rules.
            if code != "broken-validation" && (diagnostic.severity == Severity::Error || code == "missing-field") {
                wrong.insert(lines[compilation.sources.position(label.span).line - 5]);
            }
        }
        if wrong.len() == before {
            return wrong;
        }
    }
}

#[test]
fn every_published_definition_is_read() {
    let Some(folder) = shared() else { return };
    let schemas = schemas(&folder);
    let objects: Vec<Value> = schemas
        .keys()
        .enumerate()
        .map(|(at, (version, kind))| {
            json!({"apiVersion": version, "kind": kind, "metadata": {"name": format!("o{at}"), "namespace": "a", "noSuchField": 1}})
        })
        .collect();
    assert!(objects.len() > 60);
    let found = refused(&definitions(&schemas, &BTreeSet::new()), &objects);
    assert_eq!(found.len(), objects.len(), "what is not refused is not known");
}

/// Random numbers, the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    /// A value that a schema may take, with a mistake now and then.
    fn value(&mut self, schema: &Value, depth: usize) -> Value {
        if self.below(60) == 0 {
            return [json!("x"), json!(7), json!(true), json!([]), json!({})][self.below(5)].clone();
        }
        if let Some(allowed) = schema["enum"].as_array() {
            return if self.below(30) == 0 { json!("neither") } else { allowed[self.below(allowed.len())].clone() };
        }
        if schema["x-kubernetes-int-or-string"] == json!(true) {
            return [json!(5), json!("10%"), json!("100Mi")][self.below(3)].clone();
        }
        match schema["type"].as_str() {
            Some("string") => match schema["format"].as_str() {
                Some("cidr") => json!("10.0.0.0/8"),
                Some("ipv4") => json!("10.0.0.1"),
                Some("ipv6") => json!("::1"),
                Some("date-time") => [json!("2026-11-29T05:00:00Z"), json!("2026-11-29")][self.below(2)].clone(),
                Some("byte") => [json!("YQ=="), json!("a b?")][self.below(2)].clone(),
                _ => json!(["web", "1h", "a.example.com", "10.0.0.1", "A_b", "https://example.com", ""][self.below(7)]),
            },
            Some("integer") => json!([0, 1, 5, 80, 443, 70_000, -1][self.below(7)]),
            Some("number") => [json!(0.5), json!(3)][self.below(2)].clone(),
            Some("boolean") => json!(self.below(2) == 0),
            Some("array") if depth > 0 => {
                let count = self.below(3);
                (0..count).map(|_| self.value(&schema["items"], depth - 1)).collect()
            }
            Some("array") => json!([]),
            Some("object") => self.object(schema, depth),
            _ => json!({"free": "form"}),
        }
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Value {
        let mut object = Map::new();
        let empty = Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&empty);
        let required = |name: &str| schema["required"].as_array().is_some_and(|required| required.iter().any(|other| other == name));
        for (name, inner) in properties {
            let chance = if required(name) { 40 } else { 12 };
            let is_left_out = if required(name) { self.below(chance) == 0 } else { depth == 0 || self.below(chance) > 1 };
            if !is_left_out && name != "status" {
                object.insert(name.clone(), self.value(inner, depth.saturating_sub(1)));
            }
        }
        if schema["additionalProperties"].is_object() {
            object.insert("some".to_owned(), self.value(&schema["additionalProperties"], depth.saturating_sub(1)));
        }
        if self.below(40) == 0 {
            object.insert("noSuchField".to_owned(), json!(1));
        }
        Value::Object(object)
    }
}

#[test]
fn objects_are_taken_and_refused_as_by_another_checker() {
    let Some(folder) = shared() else { return };
    if !support::has("python3", "--version") {
        return;
    }
    let schemas = schemas(&folder);
    let mut random = Random(44);
    let mut objects = Vec::new();
    for round in 0..3 {
        for ((version, kind), schema) in &schemas {
            // The other checker knows more about these than their schemas say.
            if version.starts_with("argoproj.io/") && ["Application", "AppProject", "ApplicationSet"].contains(&kind.as_str()) {
                continue;
            }
            let mut object = random.object(schema, 5);
            let map = object.as_object_mut().unwrap();
            map.insert("apiVersion".to_owned(), json!(version));
            map.insert("kind".to_owned(), json!(kind));
            map.insert("metadata".to_owned(), json!({"name": format!("o{round}-{}", objects.len()), "namespace": "a"}));
            objects.push(object);
        }
    }
    let scratch = support::scratch();
    let path = scratch.path().join("objects.yaml");
    let text = objects.iter().fold(String::new(), |text, object| format!("{text}---\n{object}\n"));
    std::fs::write(&path, text).unwrap();
    let checker = folder.join("tools/k8s_validate.py");
    let output = Command::new("python3").arg("-B").arg(checker).args(["--schema-only", "-v"]).arg(&path).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let mut theirs: BTreeMap<usize, String> = BTreeMap::new();
    // Which kinds are in no namespace the other checker knows, and no schema says.
    let mut of_cluster: BTreeSet<&str> = BTreeSet::new();
    for line in said.lines().filter_map(|line| line.strip_prefix("FAIL ")) {
        let rest = line.strip_prefix(path.to_str().unwrap()).unwrap().trim_start_matches(':');
        let number: usize = rest.split(' ').next().unwrap().parse().unwrap();
        let at = (number - 1) / 2;
        if line.ends_with("is cluster-scoped") {
            of_cluster.insert(objects[at]["kind"].as_str().unwrap());
        }
        writeln!(theirs.entry(at).or_default(), "{rest}").unwrap();
    }
    assert!(of_cluster.len() > 3, "{of_cluster:?}");
    let ours = refused(&definitions(&schemas, &of_cluster), &objects);
    let mut wrong = String::new();
    for (at, object) in objects.iter().enumerate() {
        if ours.contains(&at) != theirs.contains_key(&at) {
            let theirs = theirs.get(&at).map_or("nothing\n", String::as_str);
            writeln!(wrong, "{object}\n  ours: {}\n  theirs: {theirs}", ours.contains(&at)).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(ours.len() > 20 && ours.len() < objects.len() - 20, "{} of {}", ours.len(), objects.len());
}
