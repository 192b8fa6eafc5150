//! Platforms with things of all kinds, read a second time, naively, off what was written: which things there are, what is in them, whom they
//! need and read, and their waves.

mod generate;
mod reading;
mod removals;

use super::generate::Bytes;
use super::{FIELDS, law_of};
use crate::support::Project;
use platc::model::EntityId;
use platc::query::show;
use reading::World;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A kind as it is written at the top of a file, and as classes are named; in the order in which things of it may wait for each other.
pub(super) const KINDS: [(&str, &str); 6] = [
    ("infrastructure", "infrastructure"),
    ("clusters", "cluster"),
    ("nodePools", "nodePool"),
    ("services", "service"),
    ("tenants", "tenant"),
    ("applications", "application"),
];

/// Fields of the language that layers merge like any other.
const OWN: [&str; 6] = ["description", "reads", "dependsOn", "labels", "onlyIn", "notIn"];

/// Whether a value is compared: those that the compiler adds are not.
pub(super) fn counts(field: &str) -> bool {
    FIELDS.contains(&field) || OWN.contains(&field)
}

/// What is known of a platform, a line each: `environment place is value`, `environment place wave 2`, `environment place Reads place`.
type Lines = BTreeSet<String>;

fn found(project: &Project) -> Result<Lines, String> {
    let compilation = platc::compile(&project.system(), &platc::Options::default());
    let said = super::objected(&compilation);
    if !said.is_empty() {
        return Err(format!("{said}\n{}", project.text()));
    }
    let (model, graph) = (&compilation.model, &compilation.graph);
    let place = |id: EntityId| {
        let entity = model.entity(id);
        let cluster = entity.cluster.map_or_else(String::new, |cluster| format!("@{}", model.entity(cluster).name));
        let tenant = entity.tenant.map_or_else(String::new, |tenant| format!("{}/", model.entity(tenant).name));
        format!("{}.{tenant}{}{cluster}", entity.kind.plural(), entity.name)
    };
    let mut lines = Lines::new();
    for (id, entity) in model.entities() {
        let (environment, from) = (&model.environment(entity.environment).name, place(id));
        let Value::Object(mut fields) = show::json(&show::tree(&entity.value, &platc::secret::Secrets::default())) else {
            panic!("{from} is no map")
        };
        fields.retain(|key, _| counts(key));
        lines.insert(format!("{environment} {from} is {}", sorted(Value::Object(fields))));
        lines.insert(format!("{environment} {from} wave {}", graph.wave(id)));
        lines.extend(graph.needs(id).iter().map(|edge| format!("{environment} {from} {:?} {}", edge.cause, place(edge.to))));
    }
    Ok(lines)
}

/// The same with all keys in order, however they were written.
pub(super) fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let entries: BTreeMap<String, Value> = map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            Value::Object(entries.into_iter().collect::<Map<String, Value>>())
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

/// A random platform in which nothing is wrong: what the naive reading objects to is taken out.
fn sound(bytes: &mut Bytes) -> (World, Lines) {
    let mut world = generate::world(bytes);
    loop {
        match world.read() {
            Ok(lines) => return (world, lines),
            Err(wrong) => world.remove(&wrong),
        }
    }
}

#[test]
fn things_of_all_kinds_are_what_a_naive_reading_says() {
    let seen = std::cell::RefCell::new(BTreeMap::<&str, usize>::new());
    law_of(60, 4000, |bytes| {
        let (world, expected) = sound(bytes);
        let project = generate::project(&world, bytes);
        let found = found(&project)?;
        for (kind, _) in KINDS {
            *seen.borrow_mut().entry(kind).or_default() += found.iter().filter(|line| line.contains(&format!(" {kind}."))).count();
        }
        let is_placed =
            |line: &&String| line.split(' ').nth(1).is_some_and(|place| place.starts_with("infrastructure.") && place.contains('@'));
        *seen.borrow_mut().entry("placed infrastructure").or_default() += found.iter().filter(is_placed).count();
        let differ: Vec<&String> = expected.symmetric_difference(&found).collect();
        let which = |line: &&String| if expected.contains(*line) { "expected" } else { "found" };
        let differ: Vec<String> = differ.iter().map(|line| format!("{} {line}", which(line))).collect();
        if differ.is_empty() { Ok(()) } else { Err(format!("{}\n{}", differ.join("\n"), project.text())) }
    });
    assert!(seen.borrow().values().all(|count| *count > 100), "{seen:?}");
}
