//! Two environments of a small platform.

use super::*;
use crate::origin::{LayerId, Origin};
use crate::query::example;
use crate::query::show::inline;
use crate::span::{FileId, Span};
use expect_test::expect;

#[test]
fn compares() {
    let world = example::world();
    let definitions = crate::compile(&crate::system::MemorySystem::default(), &crate::Options::default()).definitions;
    let side = |environment: u32| Side {
        model: &world.model,
        definitions: &definitions,
        sources: &world.sources,
        environment: EnvironmentId(environment),
    };
    let comparison = diff(side(0), side(1), &Parity::default()).unwrap();
    let mut text = String::new();
    let show = |value: Option<&Value>| {
        value.map_or("nothing".to_owned(), |value| {
            format!("{} at {}", inline(value, &world.model.secrets), world.sources.place(value.origin.span))
        })
    };
    for changed in &comparison.changed {
        for (first, _) in &changed.entities {
            text.push_str(&format!("{}\n", world.model.entity(*first).path));
        }
        for value in &changed.values {
            text.push_str(&format!("  {}: {} → {}\n", value.path, show(value.first), show(value.second)));
        }
    }
    for only in &comparison.only_first {
        let paths: Vec<_> = only.entities.iter().map(|id| &*world.model.entity(*id).path).collect();
        text.push_str(&format!("only first: {} with {}\n", paths.join(", "), only.with.len()));
    }
    expect![[r#"
        apps.clusters.gc0
          version: "1.33" at p.yaml:4:1 → "1.34" at p.yaml:40:1
          bucket: gc0-apps-logs at p.yaml:8:1 → gc0-ops-logs at p.yaml:44:1
          fullName: gc0-apps-eu at p.yaml:10:1 → gc0-ops-eu at p.yaml:46:1
        apps.clusters.gc0.nodePools.default
          size.min: 3 at p.yaml:13:1 → 1 at p.yaml:50:1
        apps.clusters.gc0.services.cert-manager
          replicas: 2 at p.yaml:17:1 → 1 at p.yaml:54:1
          host: certs.apps.example.com at p.yaml:18:1 → certs.ops.example.com at p.yaml:55:1
        only first: apps.clusters.gc1 with 2
    "#]]
    .assert_eq(&text);
    assert!(diff(side(0), side(0), &Parity::default()).unwrap().is_empty());
}

/// Things with the same differences are told as one, so each part of a difference counts, and where it comes from.
#[test]
fn differences_are_the_same_in_all_parts() {
    let at = |start: usize| Origin { span: Span::new(FileId(0), start, start + 1), layer: LayerId::COMPUTED };
    let [one, other, elsewhere] = [("1", at(0)), ("2", at(0)), ("1", at(5))].map(|(text, origin)| Value::string(text, origin));
    let known = Difference {
        path: Path::of(["a"]),
        first: Some(&one),
        second: None,
        why: DiffReason::Written,
        secret: false,
        replaces: None,
        argument: None,
        followers: Vec::new(),
        passed_on: Vec::new(),
        roots: Vec::new(),
    };
    let known = std::slice::from_ref(&known);
    assert!(values::same_values(known, known));
    for changed in [
        Difference { path: Path::of(["b"]), ..known[0].clone() },
        Difference { first: Some(&other), ..known[0].clone() },
        Difference { first: Some(&elsewhere), ..known[0].clone() },
        Difference { first: None, ..known[0].clone() },
        Difference { second: Some(&one), ..known[0].clone() },
    ] {
        assert!(!values::same_values(known, std::slice::from_ref(&changed)), "{changed:?}");
    }
    assert!(!values::same_values(known, &[known, known].concat()));
}

/// Two references are the same where they lead to what has the same names outside, however they are written.
#[test]
fn conditions_compare_references_by_what_they_lead_to() {
    let text = "platform: {name: acme, domain: infra.example.com}
environments: {apps: {}, ops: {inherits: apps}}
infrastructure:
  main: {class: plain}
  other: {class: plain}
  renamed: {class: plain, identity: old, onlyIn: [ops]}
  old: {class: plain, onlyIn: [apps], notIn: [ops]}
  a: {class: user, store: main, environments: {ops: {store: infrastructure.main}}}
  b: {class: user, store: main, environments: {ops: {store: other}}}
  c: {class: user, store: old, environments: {ops: {store: renamed}}}
  d: {class: user, all: [main, other], environments: {ops: {all: [infrastructure.main, other]}}}
classes:
  infrastructure:
    plain: {schema: {}}
    user:
      schema:
        store: {$type: ref(infrastructure), $replaces: '${new != old}'}
        all: {$type: '[]ref(infrastructure)', $replaces: '${size(new) < size(old) || new.exists(one, !(one in old))}'}
";
    let compilation = crate::compile(&crate::system::MemorySystem::default().with("platform.yaml", text), &crate::Options::default());
    let said: Vec<String> = compilation.diagnostics.sorted(&compilation.sources).into_iter().map(|fault| fault.message.clone()).collect();
    assert!(!compilation.diagnostics.has_errors(), "{said:?}");
    let side = |name: &str| {
        let environment = compilation.model.environments().find(|(_, environment)| *environment.name == *name).unwrap().0;
        Side { model: &compilation.model, definitions: &compilation.definitions, sources: &compilation.sources, environment }
    };
    let comparison = diff(side("apps"), side("ops"), &Parity::default()).unwrap();
    let mut found: Vec<(String, bool)> = Vec::new();
    for changed in &comparison.changed {
        let names = changed.entities.iter().map(|(id, _)| compilation.model.entity(*id).name.to_string());
        found.extend(names.map(|name| (name, changed.values.iter().any(|value| value.replaces.is_some()))));
    }
    found.sort();
    let found: Vec<(&str, bool)> = found.iter().map(|(name, replaces)| (name.as_str(), *replaces)).collect();
    assert_eq!(found, [("a", false), ("b", true), ("c", false), ("d", false), ("old", false)]);
}
