//! Whether the makers of a thing that exists once agree on it: what each of them says of it is worked out and compared. In comes the thing as the
//! first of them makes it; the first field that another one makes otherwise is told.

use super::super::world::World;
use super::super::{EntityId, errors};
use crate::path::Path;
use crate::value::{Map, Value};
use std::sync::Arc;

/// Reports a thing on which its makers do not agree; `value` is what it is in the words of the first.
pub(in crate::model) fn agree(world: &World<'_>, id: EntityId, value: &Value) {
    let entity = world.entity(id);
    let Some(made) = entity.made.as_ref().filter(|made| !made.others.is_empty()) else { return };
    let on = |maker: Option<&EntityId>| {
        let entity = world.entity(*maker?);
        Some(Arc::clone(&world.entity(entity.cluster?).name))
    };
    for (other, maker) in made.others.iter().zip(made.makers.iter().skip(1)) {
        let other = world.evaluate_as(world.sight(id), other);
        let Some((path, one, other)) = difference(value, &other, &mut Path::default()) else { continue };
        let (Some(first), Some(second)) = (on(made.makers.first()), on(Some(maker))) else { continue };
        let shown = |value: Value| if world.hides(&value) { Value::string("(secret)", value.origin) } else { value };
        let disagree = errors::makers_disagree(entity, &path, (&first, &shown(one)), (&second, &shown(other)));
        world.report(disagree);
        return;
    }
}

/// Where two values differ first, with what each is there.
fn difference(one: &Value, other: &Value, path: &mut Path) -> Option<(Path, Value, Value)> {
    if one.is_broken() || other.is_broken() || one.same_data(other) {
        return None;
    }
    let here = |path: &Path| Some((path.clone(), one.clone(), other.clone()));
    let (Some(first), Some(second)) = (one.as_map(), other.as_map()) else { return here(path) };
    for entry in first.entries() {
        let Some(theirs) = second.get(&entry.key) else { return here(path) };
        let mut inner = path.join(&Path::of([&*entry.key]));
        if let Some(found) = difference(&entry.value, theirs, &mut inner) {
            return Some(found);
        }
    }
    let is_known = |key: &str| Map::get(first, key).is_some();
    if second.entries().iter().all(|entry| is_known(&entry.key)) { None } else { here(path) }
}
