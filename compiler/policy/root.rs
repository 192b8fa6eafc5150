//! Names in expressions as values with origins: what `object.spec.replicas` or `cluster.region` stands for, as far as it is there.

use super::judged::Judged;
use crate::model::{EntityId, To, Within, World};
use crate::path::Step;
use crate::value::Value;

/// Where a path begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Start {
    /// The object that is checked.
    Object,
    /// An entity.
    Entity(EntityId),
    /// An item of a list that an expression made: of the thing itself, but nobody knows where.
    Item,
    /// The platform or an environment.
    Other,
}

/// What a path leads to.
pub(super) struct Followed {
    pub(super) root: Start,
    /// The steps behind the root.
    pub(super) steps: Vec<Step>,
    /// The value; none if it is not set.
    pub(super) value: Option<Value>,
    /// The innermost value on the way that is there.
    pub(super) nearest: Value,
}

/// Follows a path from its name; none if the name stands for nothing that has a place.
pub(super) fn walk(world: &World<'_>, subject: &Judged, within: Within, steps: &[Step]) -> Option<Followed> {
    let (to, rest) = world.names().bind(subject.entity, within, steps)?;
    match to {
        To::Entity(id) => Some(entity_walk(world, id, rest)),
        To::Object => Some(follow(Start::Object, subject.value()?.clone(), rest)),
        To::Platform => Some(follow(Start::Other, world.model.platform.value.clone(), rest)),
        To::Environment(id) => {
            let environment = world.model.environment(id);
            if matches!(rest, [Step::Key(only)] if &**only == "name") {
                let name = environment.identity.value().clone();
                return Some(Followed { root: Start::Other, steps: rest.to_vec(), value: Some(name.clone()), nearest: name });
            }
            Some(follow(Start::Other, environment.value.clone(), rest))
        }
        To::Every(..)
        | To::In(..)
        | To::Environments(_)
        | To::Stack(_)
        | To::Let(_)
        | To::Makings(_)
        | To::Made(..)
        | To::Terraform(..) => None,
    }
}

/// Follows a path into an entity: its fields, then what is computed for it.
pub(super) fn entity_walk(world: &World<'_>, id: EntityId, steps: &[Step]) -> Followed {
    let entity = world.model.entity(id);
    let own = follow(Start::Entity(id), entity.value.clone(), steps);
    match steps.first() {
        Some(Step::Key(first)) if entity.value.get(first).is_none() && entity.computed.get(first).is_some() => {
            follow(Start::Entity(id), entity.computed.clone(), steps)
        }
        Some(_) | None => own,
    }
}

/// Follows steps into a value.
pub(super) fn follow(root: Start, value: Value, steps: &[Step]) -> Followed {
    let mut nearest = value;
    for step in steps {
        match nearest.step(step).cloned() {
            Some(value) => nearest = value,
            None => return Followed { root, steps: steps.to_vec(), value: None, nearest },
        }
    }
    Followed { root, steps: steps.to_vec(), value: Some(nearest.clone()), nearest }
}
