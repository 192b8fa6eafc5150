//! Two environments of a small platform.

use super::*;
use crate::query::example;
use crate::query::show::inline;
use expect_test::expect;

#[test]
fn compares() {
    let world = example::world();
    let definitions = crate::compile(&crate::system::MemorySystem::default(), &crate::Options::default()).definitions;
    let side = |environment: u32| Side { model: &world.model, definitions: &definitions, environment: EnvironmentId(environment) };
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
        text.push_str(&format!("only first: {} with {}\n", paths.join(", "), only.with));
    }
    expect![[r#"
        apps.clusters.gc0
          version: "1.33" at p.yaml:4:1 → "1.34" at p.yaml:40:1
        apps.clusters.gc0.nodePools.default
          size.min: 3 at p.yaml:13:1 → 1 at p.yaml:50:1
        apps.clusters.gc0.services.cert-manager
          replicas: 2 at p.yaml:17:1 → 1 at p.yaml:54:1
        only first: apps.clusters.gc1 with 2
    "#]]
    .assert_eq(&text);
    assert!(diff(side(0), side(0), &Parity::default()).unwrap().is_empty());
}
