//! What places have otherwise than the base they share: objects taken out of it, and what is around something that a patch takes away. In comes the path of
//! a file, out go things and values.

use super::left_out::{entries_of, fits, owner_of_file};
use crate::artifact::Artifacts;
use crate::definition::Definitions;
use crate::floor;
use crate::model::{EntityId, Model};
use crate::object::Objects;
use crate::path::{Path, Step};
use crate::value::Value;

/// Those of the things that a base was made for whose places do not have the object of this file, each with the file that takes it out.
#[must_use]
pub fn taken_out(model: &Model, artifacts: &Artifacts, path: &str, entities: &[EntityId]) -> Vec<(EntityId, String)> {
    let Some(stem) = floor::base_of(path).and_then(|_| path.rsplit('/').next()?.strip_suffix(".yaml")) else { return Vec::new() };
    let file = |id: &EntityId| format!("{}/{stem}.delete.yaml", floor::objects(model, model.entity(*id)).1);
    entities.iter().map(|id| (*id, file(id))).filter(|(_, file)| artifacts.get(file).is_some()).collect()
}

/// What is around something that a patch takes away, as the place has it: how far its path leads, and what is there.
#[must_use]
pub fn around_operation(model: &Model, definitions: &Definitions, objects: &Objects, path: &str, pointer: &str) -> Option<(Path, Value)> {
    let (id, stem) = owner_of_file(model, path)?;
    let named = |name: &str| {
        let mut entries = entries_of(definitions, model.entity(id)).iter();
        entries.any(|entry| fits(entry, stem) && (*entry.key == *name || entry.template.is_some()))
    };
    let rendering = objects.renderings.iter().find(|rendering| rendering.entity == id)?;
    let mut value = &rendering.manifests.iter().find(|manifest| named(&manifest.name))?.value;
    let mut way = Path::default();
    let mut parts = pointer.split('/').skip(1).peekable();
    while let Some(part) = parts.next() {
        let key: Step = match (value.as_list(), part.parse()) {
            (Some(_), Ok(at)) => Step::Item(at),
            (Some(_), Err(_)) => break,
            (None, _) => Step::Key(part.replace("~1", "/").replace("~0", "~").into()),
        };
        // Where an item is taken away another one may stand.
        let is_gone = parts.peek().is_none() && matches!(key, Step::Item(_));
        let Some(next) = value.step(&key).filter(|_| !is_gone) else { break };
        way.push(key);
        value = next;
    }
    (!way.is_empty()).then(|| (way, value.clone()))
}
