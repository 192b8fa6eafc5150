//! Who is to blame for a value: the line in the user's own definitions that it came from, through the templates of classes if need be.

use super::PolicyContext;
use super::blame::PolicyRead;
use super::judged::Judged;
use super::root::{Followed, Start};
use crate::model::{Entity, EntityId, World};
use crate::origin::{Layer, LayerId};
use crate::path::{Path, Step};
use crate::schema::Type;
use crate::span::Span;
use crate::subject::Subject;
use crate::value::{Data, Map, Name, Value};
use std::sync::Arc;

/// Where a value came from.
pub(super) struct Culprit {
    /// The line to edit.
    pub(super) span: Span,
    /// The line of a class or default that the value comes from, if the line to edit is another one.
    pub(super) via: Option<(Span, Via)>,
    /// Whether somebody wrote it; if not, `span` is the key of the definition that could.
    pub(super) is_written: bool,
    /// What it is of, for `platc explain`.
    pub(super) field: Option<Subject>,
    /// Whether it must not be shown.
    pub(super) is_secret: bool,
    /// What was written there, if the class computes the value from it.
    pub(super) source: Option<String>,
    /// Further values that the class computes it from, and where they were written.
    pub(super) more: Vec<(String, Span)>,
}

/// What the line of a class or default does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Via {
    /// A class makes the value of others.
    Makes,
    /// A class says the value.
    Says,
    /// The language has it as a default.
    Default,
    /// A class makes the map in which nothing of the name stands.
    Around,
}

/// Finds causes for one subject.
#[derive(Clone, Copy)]
pub(super) struct Finder<'s, 'a> {
    pub(super) context: PolicyContext<'a>,
    pub(super) world: &'s World<'a>,
    pub(super) subject: &'s Judged,
}

/// So far back it is looked for what a value was made of.
const DEPTH: usize = 8;

/// So many values are weighed.
const CANDIDATES: usize = 200;

/// A value that a template read.
struct Candidate {
    name: String,
    walk: Followed,
    rank: Rank,
}

/// How likely a candidate is the cause, the most likely first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Rank {
    /// It is the very value.
    Same,
    /// It holds that value under the same key.
    Inside,
    /// A plain value that somebody wrote.
    Part,
    /// A list or map that somebody wrote.
    Whole,
    /// What the compiler made of a name.
    Name,
    /// No user wrote it.
    Foreign,
}

impl Finder<'_, '_> {
    /// The cause of a value that was read.
    pub(super) fn cause(&self, read: &PolicyRead) -> Culprit {
        let walk = &read.walk;
        let value = &walk.nearest;
        let cause = |span, via, is_written, field| {
            let is_secret = self.is_secret(walk);
            Culprit { span, via, is_written, field, is_secret, source: None, more: Vec::new() }
        };
        let span = value.origin.span;
        if self.is_users(value) {
            return cause(span, None, true, self.field(walk));
        }
        let mut candidates = self.trace(walk);
        if !candidates.is_empty() {
            let first = candidates.remove(0);
            // A value that was handed on as it is has one cause; one that was computed has as many as were read.
            let rank = first.rank;
            let more = candidates.into_iter().filter(|other| rank == Rank::Part && other.rank == rank).take(3);
            let more = more.map(|other| (other.name, other.walk.nearest.origin.span)).collect();
            let written = first.walk.nearest.origin.span;
            let is_secret = self.is_secret(walk) || self.is_secret(&first.walk);
            let source = (first.rank > Rank::Inside).then_some(first.name);
            return Culprit { is_secret, source, more, ..cause(written, Some((span, Via::Makes)), true, self.field(&first.walk)) };
        }
        if !self.context.sources.is_library(span) {
            return cause(span, None, true, self.field(walk));
        }
        let owner = match walk.root {
            Start::Entity(entity) => entity,
            Start::Object | Start::Item | Start::Other => self.subject.entity,
        };
        let via = match (&walk.value, walk.root) {
            (Some(_), _) if self.is_class(value) => Some((span, Via::Says)),
            (Some(_), _) => Some((span, Via::Default)),
            (None, Start::Object | Start::Item) => Some((span, Via::Around)),
            (None, Start::Entity(_) | Start::Other) => None,
        };
        cause(self.entity(owner).defined, via, false, self.field(walk))
    }

    fn entity(&self, id: EntityId) -> &Entity {
        self.context.model.entity(id)
    }

    /// Whether a class wrote a value.
    fn is_class(&self, value: &Value) -> bool {
        match self.context.definitions.layers.get(value.origin.layer) {
            Layer::Class(_) => true,
            Layer::Computed
            | Layer::Recorded
            | Layer::PlatformDefaults(_)
            | Layer::EnvironmentDefaults { .. }
            | Layer::Body(_)
            | Layer::Overlay { .. }
            | Layer::Flag => false,
        }
    }

    /// Whether a definition wrote a value, not a class.
    fn is_users(&self, value: &Value) -> bool {
        !self.is_class(value) && !self.context.sources.is_library(value.origin.span)
    }

    /// The field of an entity that a value stands in, or that it was taken from.
    fn field(&self, walk: &Followed) -> Option<Subject> {
        let of = |entity: EntityId, steps: &[Step]| Some(self.entity(entity).subject().within(&Path::from(steps.to_vec())));
        walk.value.as_ref()?;
        match walk.root {
            Start::Entity(entity) => of(entity, &walk.steps),
            Start::Object | Start::Item => {
                let owner = self.entity(self.subject.entity);
                let around = [Some(self.subject.entity), owner.tenant, owner.cluster];
                around.into_iter().flatten().find_map(|entity| {
                    let mut steps = Vec::new();
                    holds(&self.entity(entity).value, &walk.nearest, &mut steps).then(|| of(entity, &steps)).flatten()
                })
            }
            Start::Other => None,
        }
    }

    /// Whether a field on the way to a value is declared a secret.
    fn is_secret(&self, walk: &Followed) -> bool {
        if self.world.hides(&walk.nearest) || walk.value.as_ref().is_some_and(|value| self.world.hides(value)) {
            return true;
        }
        let Start::Entity(entity) = walk.root else { return false };
        let Some(class) = self.world.class(self.entity(entity)) else { return false };
        let mut type_: Option<&Arc<Type>> = Some(&class.type_);
        let mut steps = walk.steps.iter();
        while let Some(known) = type_ {
            if known.resolved().markers.secret {
                return true;
            }
            type_ = match steps.next() {
                Some(Step::Key(name)) => known.inside(name),
                Some(Step::Item(_)) => known.items(),
                None => None,
            };
        }
        false
    }

    /// What users wrote that a value was made of, the most likely cause first.
    fn trace(&self, walk: &Followed) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        self.collect(&walk.nearest, &mut candidates, DEPTH);
        let key = walk.value.as_ref().and(walk.steps.last());
        for candidate in &mut candidates {
            self.weigh(candidate, &walk.nearest, key);
        }
        candidates.retain(|candidate| candidate.rank < Rank::Foreign);
        candidates.sort_by_key(|candidate| candidate.rank);
        candidates
    }

    /// What a value was made of, through what classes have made on the way.
    fn collect(&self, value: &Value, candidates: &mut Vec<Candidate>, depth: usize) {
        for cause in value.made() {
            let Name::Written(span) = cause.name else { continue };
            if depth > 0 && !self.is_users(&cause.value) && !cause.value.made().is_empty() {
                self.collect(&cause.value, candidates, depth - 1);
            } else if candidates.len() < CANDIDATES {
                let walk =
                    Followed { root: Start::Item, steps: Vec::new(), value: Some(cause.value.clone()), nearest: cause.value.clone() };
                candidates.push(Candidate { name: self.context.sources.text(span).to_owned(), walk, rank: Rank::Foreign });
            }
        }
    }

    /// Gives a candidate its rank, and one that holds the value inside the way to it.
    fn weigh(&self, candidate: &mut Candidate, value: &Value, key: Option<&Step>) {
        let walk = &candidate.walk;
        let is_users = self.is_users(&walk.nearest);
        candidate.rank = if is_users && walk.value.as_ref().is_some_and(|found| equal(found, value)) {
            Rank::Same
        } else if let Some(Step::Key(key)) = key
            && let Some((inner, steps)) = self.held(&walk.nearest, value, key)
        {
            let steps: Vec<Step> = walk.steps.iter().cloned().chain(steps).collect();
            candidate.walk = Followed { root: walk.root, steps, value: Some(inner.clone()), nearest: inner };
            Rank::Inside
        } else if !is_users {
            Rank::Foreign
        } else if walk.nearest.origin.layer == LayerId::COMPUTED {
            Rank::Name
        } else if walk.nearest.as_map().is_some() || walk.nearest.as_list().is_some() {
            Rank::Whole
        } else {
            Rank::Part
        };
    }

    /// A value that a user wrote under this key somewhere inside another one, with the steps to it.
    fn held(&self, outer: &Value, value: &Value, key: &str) -> Option<(Value, Vec<Step>)> {
        let mut waiting = vec![(outer.clone(), Vec::new())];
        let mut at = 0;
        while let Some((here, steps)) = waiting.get(at).cloned() {
            at += 1;
            for entry in here.as_map().map(Map::entries).unwrap_or_default() {
                let mut steps: Vec<Step> = steps.clone();
                steps.push(Step::Key(Arc::clone(&entry.key)));
                if &*entry.key == key && equal(&entry.value, value) && self.is_users(&entry.value) {
                    return Some((entry.value.clone(), steps));
                }
                waiting.push((entry.value.clone(), steps));
            }
            for (item, at) in here.as_list().unwrap_or_default().iter().zip(0..) {
                let mut steps: Vec<Step> = steps.clone();
                steps.push(Step::Item(at));
                waiting.push((item.clone(), steps));
            }
        }
        None
    }
}

/// Whether two values are the same, one perhaps as text: outputs want some numbers as text.
fn equal(one: &Value, other: &Value) -> bool {
    let text = |value: &Value| match &value.data {
        Data::String(text) => Some(text.to_string()),
        Data::Int(int) => Some(int.to_string()),
        Data::Float(float) => Some(float.to_string()),
        Data::Bool(bool) => Some(bool.to_string()),
        Data::Null | Data::List(_) | Data::Map(_) | Data::Template(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => None,
    };
    one.same_data(other) || text(one).is_some_and(|one| Some(one) == text(other))
}

/// Whether a value stands somewhere inside another one; `steps` becomes the way to it.
fn holds(outer: &Value, value: &Value, steps: &mut Vec<Step>) -> bool {
    if outer.origin == value.origin && outer.same_data(value) {
        return true;
    }
    for entry in outer.as_map().map(Map::entries).unwrap_or_default() {
        steps.push(Step::Key(Arc::clone(&entry.key)));
        if holds(&entry.value, value, steps) {
            return true;
        }
        steps.pop();
    }
    for (item, at) in outer.as_list().unwrap_or_default().iter().zip(0..) {
        steps.push(Step::Item(at));
        if holds(item, value, steps) {
            return true;
        }
        steps.pop();
    }
    false
}
