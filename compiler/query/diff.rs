//! diff: how two environments differ, value by value, and why: by where values come from, never by what they look like. What only carries the name
//! of its environment is left out. The two may be of different compilations: the same environment before and after a change.

mod arguments;
mod class;
mod environment;
mod gather;
mod guess;
mod pairing;
mod replaced;
mod select;
mod spread;
mod values;
mod verdict;

use super::parity::Parity;
use super::path::DeadEnd;
use crate::definition::Definitions;
use crate::level::Level;
use crate::model::{Entity, EntityId, EntityIndex, EnvironmentId, Model};
use crate::name::Kind;
use crate::path::{Path, Step};
use crate::source::Sources;
use crate::span::Span;
use crate::table::Replaces;
use crate::value::Value;
use gather::{ComparedThing, gather};
pub use guess::GuessedRename;
use guess::guessed;
use pairing::{Pairing, leave_out, renamed, replaced};
pub use replaced::Replaced;
use replaced::{ReferringSide, ReferringSides};
pub use select::Chosen;
use std::cell::OnceCell;
use std::rc::Rc;
use values::compare;
use verdict::{DiffRoot, Judge};

/// One environment of one compilation.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The resolved platform.
    pub model: &'a Model,
    /// Where its classes are.
    pub definitions: &'a Definitions,
    /// What is written.
    pub sources: &'a Sources,
    /// The environment.
    pub environment: EnvironmentId,
}

impl<'a> Side<'a> {
    /// The environment's name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        &self.model.environment(self.environment).name
    }

    /// What names the environment outside, and in expressions.
    #[must_use]
    pub fn identity(&self) -> &'a str {
        self.model.environment(self.environment).identity.text()
    }

    fn entities(self) -> impl Iterator<Item = (EntityId, &'a Entity)> {
        self.model.entities().filter(move |(_, entity)| entity.environment == self.environment)
    }
}

/// How two environments differ.
#[derive(Clone, Debug)]
pub struct Comparison<'a> {
    /// The first environment.
    pub first: Side<'a>,
    /// The second environment.
    pub second: Side<'a>,
    /// What differs in the environments themselves: who delivers them.
    pub environments: Vec<Difference<'a>>,
    /// What in the environments themselves only carries their names.
    pub left_out: Vec<Difference<'a>>,
    /// Entities that differ, in the order of the model. The same entity on several clusters, with the same differences from the same
    /// places, is here once.
    pub changed: Vec<Changed<'a>>,
    /// Entities that only the first has.
    pub only_first: Vec<Only>,
    /// Entities that only the second has.
    pub only_second: Vec<Only>,
    /// Entities that both have, under different names: the one in the first and in the second, once for each cluster.
    pub renamed: Vec<(EntityId, EntityId)>,
    /// Of the entities that only one has: those of one name, which something else names outside in the second than in the first.
    pub replaced: Vec<(EntityId, EntityId)>,
    /// Of the entities that only one has: those that are perhaps one, because they say much the same.
    pub guessed: Vec<GuessedRename>,
    /// How many differences were left out because they are meant.
    pub meant: usize,
}

/// An entity that both have, with different values.
#[derive(Clone, Debug)]
pub struct Changed<'a> {
    /// The entity in the first and in the second environment, once for each cluster it is on.
    pub entities: Vec<(EntityId, EntityId)>,
    /// What differs.
    pub values: Vec<Difference<'a>>,
    /// What only carries the names of the environments, as the first of the entities has it.
    pub left_out: Vec<Difference<'a>>,
    /// On how many clusters it is in the first and in the second, if its copies have no counterparts: then these are the differences of its definition.
    pub spread: Option<(usize, usize)>,
}

/// Why two values differ.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DiffReason {
    /// They are written at two places.
    Written,
    /// One place gives both, because what it reads differs.
    Follows,
    /// One place gives both, and decides by the environment's name, or by what is there.
    Decided,
    /// One place gives both, and they carry the names of their environments, or what Terraform has made known of one output.
    Carried,
}

/// A value of another thing that follows from one that differs.
#[derive(Clone, Debug)]
pub struct PassedOn {
    /// Which group of things it is of.
    pub(super) group: usize,
    /// The thing that has it, in both environments, once for each cluster.
    pub entities: Vec<(EntityId, EntityId)>,
    /// The value's path below the thing.
    pub path: Path,
}

/// One value that differs.
#[derive(Clone, Debug)]
pub struct Difference<'a> {
    /// Its path below the entity.
    pub path: Path,
    /// The value in the first environment, if it is set there.
    pub first: Option<&'a Value>,
    /// The value in the second environment, if it is set there.
    pub second: Option<&'a Value>,
    /// Why they differ.
    pub why: DiffReason,
    /// One of the two must not be shown, so that neither is: what was public before may be the secret of today.
    pub secret: bool,
    /// What taking it over from the first to the second replaces.
    pub replaces: Option<Replaced>,
    /// Whether it replaces a resource, as far as tables tell: the gravest of the arguments that take the value over.
    pub argument: Option<Replaces>,
    /// Paths of further values of the entity that follow from this one.
    pub followers: Vec<Path>,
    /// Values of other entities that follow from this one.
    pub passed_on: Vec<PassedOn>,
    /// The places where the difference begins.
    roots: Vec<DiffRoot>,
}

impl Difference<'_> {
    /// The places where the difference begins, in the first and in the second; the first of several.
    #[must_use]
    pub fn begins(&self) -> (Option<Span>, Option<Span>) {
        self.roots.first().map_or((None, None), |root| (root.first, root.second))
    }
}

/// An entity that one environment lacks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Only {
    /// The entity, once for each cluster it is on.
    pub entities: Vec<EntityId>,
    /// What is in or on it, and is only there with it.
    pub with: Vec<EntityId>,
}

impl<'a> Comparison<'a> {
    /// By which of the two a thing is named that both have: after a change as it is called now, which is what can be asked for.
    #[must_use]
    pub fn named(&self, pair: &(EntityId, EntityId)) -> (EntityId, &'a Model) {
        let is_of_one = are_of_one_time(self.first.model, self.second.model);
        if is_of_one { (pair.0, self.first.model) } else { (pair.1, self.second.model) }
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.environments.is_empty()
            && self.changed.iter().all(|changed| changed.values.is_empty())
            && self.only_first.is_empty()
            && self.only_second.is_empty()
            && self.renamed.is_empty()
    }

    /// The gravest of what taking the values over does to what is there.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        let of = |value: &Difference<'_>| match (value.replaces, value.argument) {
            (Some(_), _) | (_, Some(Replaces::Yes)) => Some(Level::Replaces),
            (None, Some(Replaces::Maybe | Replaces::Unknown)) => Some(Level::Unknown),
            (None, Some(Replaces::No) | None) => None,
        };
        let values = self.changed.iter().flat_map(|changed| &changed.values).filter_map(of);
        values.chain(self.replaced.first().map(|_| Level::Replaces)).min()
    }
}

/// Compares two environments, and leaves out the differences that are meant, and those that only carry the names of the environments.
///
/// # Errors
/// If they differ in more than can be printed.
pub fn diff<'a>(first: Side<'a>, second: Side<'a>, parity: &Parity) -> Result<Comparison<'a>, DeadEnd> {
    let pairing = Pairing::of(&first, &second);
    let indices: (Rc<OnceCell<EntityIndex>>, Rc<OnceCell<EntityIndex>>) = Default::default();
    let mut judge = Judge::new(&first, &second);
    let of_environments = environment::compared(&first, &second, &mut judge);
    let mut comparison = Comparison {
        first,
        second,
        environments: of_environments.differences,
        left_out: of_environments.carried,
        changed: Vec::new(),
        only_first: pairing.only_first(&first),
        only_second: pairing.only_second(&second),
        renamed: renamed(&first, &second, &pairing),
        replaced: replaced(&first, &second, &pairing),
        guessed: Vec::new(),
        meant: 0,
    };
    // Where it is meant that a thing is on one side only, its namesake on the other side is another thing.
    comparison.replaced.retain(|(id, other)| {
        !parity.allows(first.model.entity(*id), &Path::default()) && !parity.allows(second.model.entity(*other), &Path::default())
    });
    comparison.meant += leave_out(&mut comparison.only_first, first.model, parity);
    comparison.meant += leave_out(&mut comparison.only_second, second.model, parity);
    comparison.guessed = guessed(&comparison);
    let mut things = Vec::new();
    for (id, other) in &pairing.to {
        let (id, other) = (*id, *other);
        let sides = ReferringSides {
            first: ReferringSide { model: first.model, owner: id, index: Rc::clone(&indices.0) },
            second: ReferringSide { model: second.model, owner: other, index: Rc::clone(&indices.1) },
        };
        let mut found = compare(&first, &second, sides, &mut judge);
        found.differences.extend(pairing.elsewhere((&first, &second), (id, other)));
        things.push(ComparedThing { ids: (id, other), spread: None, found });
    }
    for spread in &pairing.spread {
        let found = spread.compared(&first, &second, &indices, &mut judge);
        let ids = spread.first.first().copied().zip(spread.second.first().copied());
        things.extend(ids.map(|ids| ComparedThing { ids, spread: Some(spread.clone()), found }));
    }
    gather(&mut comparison, things, parity)?;
    Ok(comparison)
}

/// Whether two environments are of one compilation, and not of one before a change and one after it.
fn are_of_one_time(first: &Model, second: &Model) -> bool {
    std::ptr::eq(first, second)
}

type Alike<'a> = (Kind, Option<&'a [Step]>, &'a str);

/// What entities share that may stand in one line: kind and name, and the tenant of applications. Pools of several clusters may.
fn alike(entity: &Entity) -> Alike<'_> {
    (entity.kind, entity.thing.home().filter(|_| entity.tenant.is_some()), &entity.name)
}

#[cfg(test)]
mod tests;
