//! matrix: what each definition comes to in every environment and on every cluster, side by side. In comes a model, out go columns that differ, with the
//! cascade behind each value. What is a secret stays one.

use super::explain::leaf_values;
use crate::model::{EntityId, Model};
use crate::name::Kind;
use crate::path::Path;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A definition, wherever it exists.
#[derive(Clone, Debug)]
pub struct MatrixThing<'a> {
    /// Its kind.
    pub kind: Kind,
    /// The address of the definition.
    pub definition: &'a Path,
    /// The paths of all values that any of the columns has, in their order there.
    pub paths: Vec<Path>,
    /// What it comes to: each once, with all places where it is the same for the same reasons.
    pub columns: Vec<MatrixColumn<'a>>,
}

/// A thing in some environments or on some clusters, with the same values from the same places.
#[derive(Clone, Debug)]
pub struct MatrixColumn<'a> {
    /// The things, in the order of the model.
    pub things: Vec<EntityId>,
    /// Each value with what it overrode, the winner first.
    pub values: BTreeMap<Path, Vec<&'a Value>>,
}

/// The matrix of all definitions, by kind, then in the order of the model.
#[must_use]
pub fn matrix(model: &Model) -> Vec<MatrixThing<'_>> {
    let mut things: Vec<MatrixThing<'_>> = Vec::new();
    let mut known: BTreeMap<&Path, usize> = BTreeMap::new();
    for (id, entity) in model.entities() {
        let at = *known.entry(&entity.thing.definition).or_insert(things.len());
        if things.len() == at {
            things.push(MatrixThing { kind: entity.kind, definition: &entity.thing.definition, paths: Vec::new(), columns: Vec::new() });
        }
        let Some(thing) = things.get_mut(at) else { continue };
        let leaves = leaf_values(&entity.value, &model.secrets);
        let missing: Vec<Path> = {
            let told: BTreeSet<&Path> = thing.paths.iter().collect();
            leaves.iter().map(|leaf| &leaf.path).filter(|path| !told.contains(path)).cloned().collect()
        };
        thing.paths.extend(missing);
        let values: BTreeMap<Path, Vec<&Value>> = leaves.into_iter().map(|leaf| (leaf.path, leaf.cascade)).collect();
        match thing.columns.iter_mut().find(|column| is_same(&column.values, &values)) {
            Some(column) => column.things.push(id),
            None => thing.columns.push(MatrixColumn { things: vec![id], values }),
        }
    }
    things.sort_by_key(|thing| thing.kind);
    things
}

type Values<'a> = BTreeMap<Path, Vec<&'a Value>>;

/// Whether two things have the same values, from the same places.
fn is_same(one: &Values<'_>, other: &Values<'_>) -> bool {
    let same = |left: &&Value, right: &&Value| left.decided() == right.decided() && left.same_data(right);
    one.len() == other.len()
        && one.iter().zip(other).all(|((path, values), (other_path, others))| {
            path == other_path && values.len() == others.len() && values.iter().zip(others).all(|(left, right)| same(left, right))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::example;
    use crate::query::show::inline;
    use expect_test::expect;

    #[test]
    fn columns_are_what_differs() {
        let world = example::world();
        let mut text = String::new();
        for thing in matrix(&world.model) {
            text.push_str(&format!("{} {}: {}\n", thing.kind.singular(), thing.definition, thing.paths.len()));
            for column in &thing.columns {
                let things: Vec<&str> = column.things.iter().map(|id| &*world.model.entity(*id).path).collect();
                let value = |(path, cascade): (&Path, &Vec<&Value>)| {
                    let cascade: Vec<String> = cascade.iter().map(|value| inline(value, &world.model.secrets)).collect();
                    format!("{path} {}", cascade.join(" over "))
                };
                let values: Vec<String> = column.values.iter().map(value).collect();
                text.push_str(&format!("  {}: {}\n", things.join(", "), values.join("; ")));
            }
        }
        expect![[r#"
            cluster clusters.gc0: 3
              apps.clusters.gc0: bucket gc0-apps-logs; version "1.33" over "1.32"; zones [a, b]
              ops.clusters.gc0: bucket gc0-ops-logs; version "1.34" over "1.32"; zones [a, b]
            cluster clusters.gc1: 3
              apps.clusters.gc1: bucket gc1-apps-logs; version "1.33" over "1.32"; zones [a, b]
            nodePool nodePools.default: 1
              apps.clusters.gc0.nodePools.default: size.min 3 over 1
              apps.clusters.gc1.nodePools.default: size.min 3 over 1
              ops.clusters.gc0.nodePools.default: size.min 1 over 3 over 1
            service services.cert-manager: 2
              apps.clusters.gc0.services.cert-manager: host certs.apps.example.com; replicas 2
              apps.clusters.gc1.services.cert-manager: host certs.apps.example.com; replicas 2
              ops.clusters.gc0.services.cert-manager: host certs.ops.example.com; replicas 1
        "#]]
        .assert_eq(&text);
    }
}
