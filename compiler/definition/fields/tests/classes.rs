//! Classes with heirs, abstract ones, and the standard library.

use super::*;

#[test]
fn a_mistake_is_reported_once() {
    expect![[r#"
        unknown-field: ConfigMap has no field `dat`
          `dat` no such field
          hint: did you mean `data`?
          `dat` → `data`
    "#]].assert_eq(&said(
        "classes:\n  service:\n    a: { manifests: { one: { apiVersion: v1, kind: ConfigMap, metadata: { name: a }, dat: {} } } }\n    b: { inherits: a }\n    c: { inherits: b, manifests: { one: { data: { x: z } } } }",
    ));
}

#[test]
fn an_abstract_class_may_be_completed() {
    let parent =
        "classes:\n  infrastructure:\n    a: { abstract: true, terraform: { resource: { aws_eks_cluster: { this: { nam: a } } } } }";
    expect![[r#"
        unknown-field: `aws_eks_cluster` has no argument `nam`
          `nam` no such argument
          hint: did you mean `name`?
          `nam` → `name`
    "#]]
    .assert_eq(&said(parent));
    let child = format!(
        "{}\n    b: {{ inherits: a, terraform: {{ resource: {{ aws_eks_cluster: {{ this: {{ role_arn: a }} }} }} }} }}",
        parent.replace("nam:", "name:")
    );
    expect![[r#"
        missing-field: `aws_eks_cluster` needs the argument `vpc_config`
          `this` `vpc_config` is missing
          hint: set it; a class that leaves it to those that inherit from it is `abstract`
    "#]]
    .assert_eq(&said(&child));
}

/// A value with one key in it misspelt, for each of its keys.
fn misspelt(value: &Value, path: &[String], made: &mut Vec<(Vec<String>, Entry, Value)>) {
    if let Some(map) = value.as_map() {
        for (at, entry) in map.entries().iter().enumerate() {
            if entry.key.starts_with('$') && entry.template.is_none() {
                continue;
            }
            let path = [path, &[entry.key.to_string()]].concat();
            let with = |entry: Entry| {
                let mut entries = map.entries().to_vec();
                entries[at] = entry;
                Value::map(entries, value.origin)
            };
            if entry.template.is_none() {
                let key: Arc<str> = format!("{}q", entry.key).into();
                made.push((path.clone(), entry.clone(), with(Entry { key, ..entry.clone() })));
            }
            let mut below = Vec::new();
            misspelt(&entry.value, &path, &mut below);
            made.extend(below.into_iter().map(|(path, key, value)| (path, key, with(Entry { value, ..entry.clone() }))));
        }
    }
    for (at, item) in value.as_list().unwrap_or_default().iter().enumerate() {
        let mut below = Vec::new();
        misspelt(item, path, &mut below);
        made.extend(below.into_iter().map(|(path, key, changed)| {
            let mut items = value.as_list().unwrap().to_vec();
            items[at] = changed;
            (path, key, Value::list(items, value.origin))
        }));
    }
}

#[test]
fn the_standard_library_with_each_key_misspelt() {
    let (sources, definitions, diagnostics) = lowered("");
    let said: Vec<String> = diagnostics.sorted(&sources).into_iter().map(|one| one.message).collect();
    assert_eq!(said, Vec::<String>::new(), "the standard library itself is clean");
    let mut count = 0;
    let mut silent: BTreeMap<String, usize> = BTreeMap::new();
    for class in &definitions.classes {
        let Some(map) = class.value.as_map() else { continue };
        for section in ["manifests", "terraform"] {
            let Some(at) = map.position(section) else { continue };
            let mut made = Vec::new();
            misspelt(&map.entries()[at].value, &[section.to_owned()], &mut made);
            for (path, key, value) in made {
                // Names of objects, blocks, types and resources are the author's.
                let depth = match path.get(1).map(String::as_str) {
                    Some("resource" | "data") => 4,
                    Some("provider") => 3,
                    _ => 2,
                };
                if path.len() <= depth || path.get(1).is_some_and(|word| word == "terraform") {
                    continue;
                }
                let mut entries = map.entries().to_vec();
                entries[at].value = value;
                let changed = Class { value: Value::map(entries, class.value.origin), ..Class::clone(class) };
                let mut found = Diagnostics::default();
                let known = crate::definition::scope::KnownTypes {
                    classes: &definitions.classes,
                    identities: &definitions.identities,
                    capabilities: &definitions.capabilities,
                    fragments: None,
                    tables: &definitions.tables,
                };
                checks::class(&changed, &definitions.language, known, &sources, &mut found);
                count += 1;
                let there = found.sorted(&sources).into_iter().any(|one| one.primary.is_some_and(|label| label.span == key.span));
                if !there {
                    *silent.entry(path[path.len() - 2].clone()).or_default() += 1;
                }
            }
        }
    }
    let total: usize = silent.values().sum();
    assert!(count > 350 && total * 5 < count, "{total} of {count} keys can be misspelt without a word");
    // Maps that take any key. Something else here is a kind or a resource type that the tables lack: see compiler/table/README.md.
    let free: Vec<&str> = silent.keys().map(String::as_str).collect();
    expect![[r#"
        [
            "${self.name}",
            "accessKeyId",
            "account",
            "annotations",
            "budget",
            "called-by-${peer.tenant.name}-${peer.name}",
            "calls",
            "configuration",
            "context",
            "cors_rule",
            "data",
            "dynamicConfiguration",
            "external-secret-${secret.key}",
            "extra_config",
            "files",
            "global",
            "hard",
            "labels",
            "limits",
            "matchLabels",
            "metadata",
            "namespace",
            "network",
            "node_labels",
            "parameters",
            "postgresql",
            "requests",
            "s3Credentials",
            "secret-${secret.key}",
            "secret-of-${link.name}",
            "secretAccessKey",
            "selector",
            "spec",
            "store",
            "tags",
            "wal",
        ]
    "#]]
    .assert_debug_eq(&free);
}
