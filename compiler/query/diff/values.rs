//! Two things value by value: what differs between the fields of one and of the other, and nothing of what is made of the environment's name.

use super::arguments::{ReachedArguments, weight};
use super::replaced::{ReferringSides, replaced};
use super::{Difference, Rename, Replaced, Side};
use crate::definition::overriding::OVERRIDE;
use crate::expression::Late;
use crate::path::{Path, Step};
use crate::query::show::late_text;
use crate::schema::{Shape, Type};
use crate::secret::Secrets;
use crate::value::{Data, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The values that two things do not share.
pub(super) fn compare<'a>(first: &Side<'a>, second: &Side<'a>, sides: ReferringSides<'a>) -> Vec<Difference<'a>> {
    let (left, right) = (first.model.entity(sides.first.owner), second.model.entity(sides.second.owner));
    let rename = Rename::new(first, left, second, right);
    let secrets = (&first.model.secrets, &second.model.secrets);
    let environments = (first.identity(), second.identity());
    let mut walk = DiffWalk { rename, secrets, sides, environments, reached: None, differences: Vec::new(), path: Path::default() };
    let class = first.definitions.classes.get(left.class.0 as usize).filter(|class| class.full == left.class_name);
    walk.reached = class.map(|class| ReachedArguments::of(class, &first.definitions.tables));
    walk.value(&left.value, &right.value, class.map(|class| &class.type_), None);
    // Another stack is another state: what was in the first is destroyed, and made anew in the second.
    if left.stack.as_deref() != right.stack.as_deref() {
        let said =
            walk.differences.iter_mut().filter(|difference| matches!(difference.path.steps(), [Step::Key(field)] if &**field == "stack"));
        said.for_each(|difference| difference.replaces = Some(Replaced::Thing));
    }
    followed(walk.differences)
}

/// Whether the same differs, and comes from the same places.
pub(super) fn same_values(a: &[Difference<'_>], b: &[Difference<'_>]) -> bool {
    let same = |a: Option<&Value>, b: Option<&Value>| match (a, b) {
        (Some(a), Some(b)) => a.origin.span == b.origin.span && a.same_data(b),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.path == b.path && same(a.first, b.first) && same(a.second, b.second))
}

/// Puts values that come from the same two places, and are the same, below the one with the shortest path: an expression that only reads
/// a value keeps that value's origin.
fn followed(differences: Vec<Difference<'_>>) -> Vec<Difference<'_>> {
    let origins = |difference: &Difference<'_>| Some((difference.first?.origin.span, difference.second?.origin.span));
    let steps = |path: &Path| (path.steps().len(), path.to_string().len());
    let mut kept: Vec<Difference<'_>> = Vec::new();
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    for mut difference in differences {
        // Both from one place means an expression with two outcomes: nothing else tells of its cause.
        let Some(key) = origins(&difference).filter(|(first, second)| first != second) else {
            kept.push(difference);
            continue;
        };
        let at = *known.entry(key).or_insert(kept.len());
        match kept.get_mut(at) {
            Some(leader)
                if same_values(
                    std::slice::from_ref(leader),
                    std::slice::from_ref(&Difference { path: leader.path.clone(), ..difference.clone() }),
                ) =>
            {
                if steps(&difference.path) < steps(&leader.path) {
                    std::mem::swap(leader, &mut difference);
                    leader.followers = std::mem::take(&mut difference.followers);
                }
                leader.replaces = leader.replaces.or(difference.replaces);
                let both = [leader.argument, difference.argument];
                leader.argument = both.into_iter().flatten().max_by_key(|argument| weight(*argument));
                leader.followers.push(difference.path);
            }
            Some(_) | None => kept.push(difference),
        }
    }
    kept
}

struct DiffWalk<'a> {
    rename: Rename<'a>,
    /// What must not be shown of the first and of the second.
    secrets: (&'a Secrets, &'a Secrets),
    /// What their references lead to.
    sides: ReferringSides<'a>,
    /// What names their environments outside.
    environments: (&'a str, &'a str),
    /// What fields reach in Terraform.
    reached: Option<ReachedArguments>,
    differences: Vec<Difference<'a>>,
    path: Path,
}

impl<'a> DiffWalk<'a> {
    fn value(&mut self, first: &'a Value, second: &'a Value, type_: Option<&Arc<Type>>, replaces: Option<Replaced>) {
        let replaces = replaces.or_else(|| replaced(type_?, Some(first), Some(second), &self.sides));
        // What the fields of another thing replace is that thing, and is told of it.
        let type_ = type_.filter(|type_| !is_definition(type_));
        let is_open = |value: &Value| value.as_map().is_some() || value.as_list().is_some();
        if (is_open(first) || is_open(second)) && self.hides(Some(first), Some(second)) {
            // Its keys are as secret as what they lead to.
            if !first.same_data(second) {
                self.differ(Some(first), Some(second), replaces);
            }
            return;
        }
        match (&first.data, &second.data) {
            (Data::Map(left), Data::Map(right)) => {
                if Arc::ptr_eq(left, right) {
                    return;
                }
                let mut met: BTreeSet<&str> = BTreeSet::new();
                for entry in left.entries() {
                    let renamed = self.rename.apply(&entry.key);
                    let other = right.entry(&entry.key).or_else(|| right.entry(&renamed));
                    met.extend(other.map(|other| &*other.key));
                    let inner = type_.and_then(|type_| type_.inside(&entry.key));
                    self.below(&Step::Key(entry.key.clone()), Some(&entry.value), other.map(|other| &other.value), inner, replaces);
                }
                for entry in right.entries().iter().filter(|entry| !met.contains(&*entry.key)) {
                    let inner = type_.and_then(|type_| type_.inside(&entry.key));
                    self.below(&Step::Key(entry.key.clone()), None, Some(&entry.value), inner, replaces);
                }
            }
            (Data::List(left), Data::List(right)) if left.items().len() == right.items().len() || self.is_of_layers() => {
                let inner = type_.and_then(|type_| type_.items());
                for at in 0..left.items().len().max(right.items().len()) {
                    self.below(&Step::Item(at), left.items().get(at), right.items().get(at), inner, replaces);
                }
            }
            (Data::String(left), Data::String(right)) if self.rename.derives(left, right) => {}
            (Data::Late(left), Data::Late(right))
                if self.rename.derives(&late_text(left), &late_text(right)) && self.is_of_the_same(left, right) => {}
            (
                Data::Null
                | Data::Bool(_)
                | Data::Int(_)
                | Data::Float(_)
                | Data::String(_)
                | Data::List(_)
                | Data::Map(_)
                | Data::Template(_)
                | Data::Pending(_)
                | Data::Late(_)
                | Data::Broken,
                _,
            ) => {
                if !first.same_data(second) {
                    self.differ(Some(first), Some(second), replaces);
                }
            }
        }
    }

    /// Whether it is at a list of layers, of which those that both have stand first.
    fn is_of_layers(&self) -> bool {
        matches!(self.path.steps(), [Step::Key(field)] if **field == *OVERRIDE)
    }

    /// Whether what is late comes from the same environment, or of each from its own.
    fn is_of_the_same(&self, first: &Late, second: &Late) -> bool {
        let from =
            |late: &Late| -> Vec<Arc<str>> { late.references().into_iter().map(|reference| Arc::clone(&reference.environment)).collect() };
        let (first, second) = (from(first), from(second));
        let (own, other) = self.environments;
        let alike = |(a, b): (&Arc<str>, &Arc<str>)| a == b || (**a == *own && **b == *other);
        first.len() == second.len() && first.iter().zip(&second).all(alike)
    }

    fn hides(&self, first: Option<&Value>, second: Option<&Value>) -> bool {
        first.is_some_and(|first| self.secrets.0.hides(first)) || second.is_some_and(|second| self.secrets.1.hides(second))
    }

    fn differ(&mut self, first: Option<&'a Value>, second: Option<&'a Value>, replaces: Option<Replaced>) {
        let secret = self.hides(first, second);
        let argument = self.reached.as_ref().and_then(|reached| reached.at(&self.path));
        self.differences.push(Difference {
            path: self.path.clone(),
            first,
            second,
            secret,
            replaces,
            argument,
            followers: Vec::new(),
            passed_on: Vec::new(),
        });
    }

    fn below(
        &mut self,
        step: &Step,
        first: Option<&'a Value>,
        second: Option<&'a Value>,
        type_: Option<&Arc<Type>>,
        replaces: Option<Replaced>,
    ) {
        self.path.push(step.clone());
        match (first, second) {
            (Some(first), Some(second)) => self.value(first, second, type_, replaces),
            (None, None) => {}
            (first, second) => {
                let replaces = replaces.or_else(|| replaced(type_?, first, second, &self.sides));
                self.differ(first, second, replaces);
            }
        }
        self.path.pop();
    }
}

/// Whether a value is what a definition of another thing would say.
fn is_definition(type_: &Type) -> bool {
    matches!(&type_.resolved().shape, Shape::Record(record) if record.is_definition().is_some())
}
