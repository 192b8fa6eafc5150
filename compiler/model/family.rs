//! Families: what one definition became on several clusters with the same value, before anything is evaluated. A thing that reads nothing but
//! itself, its class, its environment and the platform becomes the same on all of them, so it is worked out once and shared; of a thing that
//! reads more, the parts that do not. Who is worked out is decided by the model alone, never by chance.

use super::allowance::{Exhausted, WorkPiece};
use super::{ClassId, Cost, EntityId, EnvironmentId, Model, in_turns};
use crate::path::Path;
use crate::value::Data;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The first member of each thing's family, by entity; that of a thing without relatives is itself.
pub(crate) struct Families {
    first: Vec<EntityId>,
    /// First members that have others.
    large: BTreeSet<EntityId>,
}

/// What was made of one thing.
pub(crate) struct Made<T, P> {
    pub(crate) id: EntityId,
    /// Whether it is the same for all of its family: nothing else was read, and nothing was said.
    pub(crate) alike: bool,
    pub(crate) result: T,
    /// If not, what parts of it are the same.
    pub(crate) parts: P,
}

/// How a piece of work is to see one thing.
pub(crate) enum Member<'p, P> {
    /// It is alone, or what is made of it is of no use to others.
    Single,
    /// Others come after it.
    First,
    /// Another one came before it, and these parts are the same.
    Later(&'p P),
}

// Derived, these would ask the same of the parts, which are only referred to.
impl<P> Copy for Member<'_, P> {}
impl<P> Clone for Member<'_, P> {
    fn clone(&self) -> Self {
        *self
    }
}

/// What a piece of work makes: of each of its things, and beside.
type Piecework<T, P, F> = WorkPiece<(Vec<Made<T, P>>, F)>;

impl Families {
    /// The families of a model, as its values are now.
    pub(crate) fn of(model: &Model) -> Self {
        let mut known: BTreeMap<(EnvironmentId, ClassId, &Path, usize), EntityId> = BTreeMap::new();
        let mut large = BTreeSet::new();
        let first = model.entities().map(|(id, entity)| match (&entity.value.data, entity.cluster) {
            (Data::Map(map), Some(_)) => {
                let key = (entity.environment, entity.class, &entity.thing.definition, Arc::as_ptr(map) as usize);
                let first = *known.entry(key).or_insert(id);
                if first != id {
                    large.insert(first);
                }
                first
            }
            (_, _) => id,
        });
        Self { first: first.collect(), large }
    }

    fn first(&self, id: EntityId) -> EntityId {
        self.first.get(id.0 as usize).copied().unwrap_or(id)
    }
}

/// What all pieces of work made together.
pub(crate) struct Worked<T, F> {
    /// Of each thing.
    pub(crate) results: Vec<(EntityId, T)>,
    /// Beside, of each piece.
    pub(crate) others: Vec<F>,
}

/// Works through things in groups, in parallel: first one of each family, then whoever is not the same as that one. `copy` makes of the
/// result of the first what it is for another member.
///
/// # Errors
/// If the pool is used up: by whom.
pub(crate) fn in_families<T: Send, P: Send + Sync, F: Send>(
    families: &Families,
    groups: &[Vec<EntityId>],
    pool: Cost,
    work: impl Fn(&[(EntityId, Member<'_, P>)], Cost) -> Piecework<T, P, F> + Sync,
    copy: impl Fn(EntityId, &T) -> T,
) -> Result<Worked<T, F>, Exhausted> {
    let (mut results, mut others) = (Vec::new(), Vec::new());
    let mut alike: BTreeMap<EntityId, usize> = BTreeMap::new();
    let mut parts: BTreeMap<EntityId, P> = BTreeMap::new();
    let firsts = chosen(groups, |id| {
        let member = if families.large.contains(&id) { Member::First } else { Member::Single };
        (families.first(id) == id).then_some(member)
    });
    let first = in_turns(&firsts, pool, Vec::len, |group, cost| work(group, cost))?;
    let rest = pool.minus(first.used);
    for (made, other) in first.results {
        others.push(other);
        for made in made {
            if made.alike {
                alike.insert(made.id, results.len());
            } else if families.large.contains(&made.id) {
                parts.insert(made.id, made.parts);
            }
            results.push((made.id, made.result));
        }
    }
    drop(firsts);
    let later = chosen(groups, |id| {
        let first = families.first(id);
        let member = parts.get(&first).map_or(Member::Single, Member::Later);
        (first != id && !alike.contains_key(&first)).then_some(member)
    });
    for (made, other) in in_turns(&later, rest, Vec::len, |group, cost| work(group, cost))?.results {
        others.push(other);
        results.extend(made.into_iter().map(|made| (made.id, made.result)));
    }
    for id in groups.iter().flatten().copied().filter(|id| families.first(*id) != *id) {
        if let Some((_, of_first)) = alike.get(&families.first(id)).and_then(|at| results.get(*at)) {
            let copied = copy(id, of_first);
            results.push((id, copied));
        }
    }
    Ok(Worked { results, others })
}

/// Those things of each group that there is work for, in order; groups without any are left out.
fn chosen<'p, P>(groups: &[Vec<EntityId>], member: impl Fn(EntityId) -> Option<Member<'p, P>>) -> Vec<Vec<(EntityId, Member<'p, P>)>> {
    let groups = groups.iter().map(|group| group.iter().filter_map(|id| Some((*id, member(*id)?))).collect());
    groups.filter(|group: &Vec<_>| !group.is_empty()).collect()
}
