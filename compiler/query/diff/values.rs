//! Two things value by value: what differs between the fields of one and of the other, and why. What only carries the names of the environments
//! is kept apart.

use super::arguments::ReachedArguments;
use super::class;
use super::replaced::{ReferringSides, replaced};
use super::verdict::{DiffRoot, Judge, Verdict};
use super::{DiffReason, Difference, Replaced, Side};
use crate::definition::overriding::OVERRIDE;
use crate::path::{Path, Step};
use crate::schema::{ListMerge, Shape, Type, aligned};
use crate::secret::Secrets;
use crate::value::{Data, Entry, Map, Value};
use std::sync::Arc;

/// The values that two things do not share.
#[derive(Default)]
pub(super) struct Compared<'a> {
    /// What differs.
    pub(super) differences: Vec<Difference<'a>>,
    /// What only carries the names of the environments.
    pub(super) carried: Vec<Difference<'a>>,
    /// Where something begins that follows from another class, with the place of that.
    pub(super) of_class: Vec<(DiffRoot, DiffRoot)>,
}

/// Compares two things: their fields, and the names that are computed for them.
pub(super) fn compare<'a>(first: &Side<'a>, second: &Side<'a>, sides: ReferringSides<'a>, judge: &mut Judge<'a>) -> Compared<'a> {
    let (left, right) = (first.model.entity(sides.first.owner), second.model.entity(sides.second.owner));
    let secrets = (&first.model.secrets, &second.model.secrets);
    let mut walk = DiffWalk {
        judge,
        secrets,
        sides: Some(sides),
        reached: None,
        is_of_another: false,
        found: Compared::default(),
        path: Path::default(),
    };
    let class = left.class_in(first.definitions);
    walk.reached = class.map(|class| ReachedArguments::of(class, &first.definitions.tables));
    walk.value(&left.value, &right.value, class.map(|class| &class.type_), None);
    class::follow(&mut walk.found, (first, left), (second, right));
    walk.names(left.value.as_map(), &left.computed, &right.computed);
    // Another stack is another state: what was in the first is destroyed, and made anew in the second.
    if left.stack.as_deref() != right.stack.as_deref() {
        let is_stack = |difference: &&mut Difference<'_>| matches!(difference.path.steps(), [Step::Key(field)] if &**field == "stack");
        walk.found.differences.iter_mut().filter(is_stack).for_each(|difference| difference.replaces = Some(Replaced::Thing));
    }
    walk.found
}

/// Compares what is no thing: values of environments and of the platform.
pub(super) fn compare_plain<'a>(
    (first, second): (&Side<'a>, &Side<'a>),
    pairs: Vec<(Path, Option<&'a Value>, Option<&'a Value>)>,
    judge: &mut Judge<'a>,
) -> Compared<'a> {
    let secrets = (&first.model.secrets, &second.model.secrets);
    let mut walk =
        DiffWalk { judge, secrets, sides: None, reached: None, is_of_another: false, found: Compared::default(), path: Path::default() };
    for (path, one, other) in pairs {
        walk.path = path;
        match (one, other) {
            (Some(one), Some(other)) => walk.value(one, other, None, None),
            (None, None) => {}
            (one, other) => walk.alone(one, other, None, None, &[]),
        }
    }
    walk.found
}

/// Whether the same differs, and comes from the same places.
pub(super) fn same_values(a: &[Difference<'_>], b: &[Difference<'_>]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.path == b.path && same_pair(a, b))
}

/// Whether two differences are of the same values, from the same places, wherever they are.
pub(super) fn same_pair(a: &Difference<'_>, b: &Difference<'_>) -> bool {
    let same = |a: Option<&Value>, b: Option<&Value>| match (a, b) {
        (Some(a), Some(b)) => a.origin.span == b.origin.span && a.same_data(b),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    same(a.first, b.first) && same(a.second, b.second)
}

struct DiffWalk<'a, 'j> {
    judge: &'j mut Judge<'a>,
    /// What must not be shown of the first and of the second.
    secrets: (&'a Secrets, &'a Secrets),
    /// What their references lead to, if it is things that are compared.
    sides: Option<ReferringSides<'a>>,
    /// What fields reach in Terraform.
    reached: Option<ReachedArguments>,
    /// Whether what is at hand is a definition of another thing, in a field.
    is_of_another: bool,
    found: Compared<'a>,
    path: Path,
}

impl<'a> DiffWalk<'a, '_> {
    fn value(&mut self, first: &'a Value, second: &'a Value, type_: Option<&Arc<Type>>, replaces: Option<Replaced>) {
        // What the fields of another thing replace is that thing, and is told of it.
        let outer = self.is_of_another;
        let replaces = replaces.or_else(|| self.replaced(type_, Some(first), Some(second)));
        self.is_of_another |= type_.is_some_and(|type_| is_definition(type_));
        self.parts(first, second, type_, replaces);
        self.is_of_another = outer;
    }

    fn parts(&mut self, first: &'a Value, second: &'a Value, type_: Option<&Arc<Type>>, replaces: Option<Replaced>) {
        let merges = type_.map(|type_| type_.list_merge());
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
                if !Arc::ptr_eq(left, right) {
                    let roots = self.judge.parts_follow(first, second).unwrap_or_default();
                    self.maps((left, right), type_, replaces, &roots);
                }
            }
            (Data::List(left), Data::List(right)) if is_short(left.items(), right.items(), merges.as_ref()) => {
                self.differ(Some(first), Some(second), replaces);
            }
            (Data::List(left), Data::List(right)) => {
                let inner = type_.and_then(|type_| type_.items());
                let roots = self.judge.parts_follow(first, second).unwrap_or_default();
                for (one, other) in aligned(left.items(), right.items(), self.is_of_layers(), merges.as_ref()) {
                    let at = one.or(other).unwrap_or_default();
                    let item = |list: &'a [Value], at: Option<usize>| at.and_then(|at| list.get(at));
                    self.below(&Step::Item(at), item(left.items(), one), item(right.items(), other), (inner, replaces, &roots));
                }
            }
            // What a thing is called here does not matter outside.
            (Data::String(left), Data::String(right)) if left != right && self.is_of_one_thing(type_, left, right) => {
                self.push((Some(first), Some(second)), (DiffReason::Carried, Vec::new()), None);
            }
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
            ) => self.differ(Some(first), Some(second), replaces),
        }
    }

    fn maps(&mut self, (left, right): (&'a Map, &'a Map), type_: Option<&Arc<Type>>, replaces: Option<Replaced>, roots: &[DiffRoot]) {
        let lone = |map: &'a Map, other: &Map| -> Vec<&'a Entry> {
            map.entries().iter().filter(|entry| other.entry(&entry.key).is_none()).collect()
        };
        let mut others = lone(right, left);
        let mut counterparts: Vec<(&'a Entry, &'a Entry)> = Vec::new();
        for entry in lone(left, right) {
            // Keys that one expression makes of the names of the environments.
            let mut is_counterpart =
                |other: &&Entry| self.judge.is_one_place(entry.span, other.span) && self.judge.keys_are_carried(&entry.value, &other.value);
            if let Some(at) = others.iter().position(&mut is_counterpart) {
                let other = others.remove(at);
                // The keys are left out, whatever becomes of the values.
                for (key, sides) in [(&entry.key, (Some(&entry.value), None)), (&other.key, (None, Some(&other.value)))] {
                    self.path.push(Step::Key(Arc::clone(key)));
                    self.push(sides, (DiffReason::Carried, Vec::new()), None);
                    self.path.pop();
                }
                counterparts.push((entry, other));
            }
        }
        for entry in left.entries() {
            let carried = || counterparts.iter().find(|(one, _)| one.key == entry.key).map(|(_, other)| *other);
            let other = right.entry(&entry.key).or_else(carried);
            let inner = type_.and_then(|type_| type_.inside(&entry.key));
            self.below(&Step::Key(entry.key.clone()), Some(&entry.value), other.map(|other| &other.value), (inner, replaces, roots));
        }
        for entry in others {
            let inner = type_.and_then(|type_| type_.inside(&entry.key));
            self.below(&Step::Key(entry.key.clone()), None, Some(&entry.value), (inner, replaces, roots));
        }
    }

    /// Names that are computed, as far as no field of theirs was compared.
    fn names(&mut self, fields: Option<&Map>, first: &'a Value, second: &'a Value) {
        for entry in first.as_map().into_iter().flat_map(Map::entries) {
            let is_field = fields.is_some_and(|fields| fields.entry(&entry.key).is_some());
            // What names a thing outside is how the two were found to be one.
            if is_field || ["name", "identity"].contains(&&*entry.key) {
                continue;
            }
            self.below(&Step::Key(entry.key.clone()), Some(&entry.value), second.get(&entry.key), (None, None, &[]));
        }
    }

    /// Whether two texts name one thing, whatever it is called on either side.
    fn is_of_one_thing(&self, type_: Option<&Arc<Type>>, left: &str, right: &str) -> bool {
        self.sides.as_ref().is_some_and(|sides| {
            sides.lead_to_the_same(type_.map(AsRef::as_ref), left, right) || sides.say_the_same(&self.path, left, right)
        })
    }

    /// Whether it is at a list of layers, of which those that both have stand first.
    fn is_of_layers(&self) -> bool {
        matches!(self.path.steps(), [Step::Key(field)] if **field == *OVERRIDE)
    }

    fn replaced(&self, type_: Option<&Arc<Type>>, first: Option<&Value>, second: Option<&Value>) -> Option<Replaced> {
        replaced(type_.filter(|_| !self.is_of_another)?, first, second, self.sides.as_ref()?)
    }

    fn hides(&self, first: Option<&Value>, second: Option<&Value>) -> bool {
        first.is_some_and(|first| self.secrets.0.hides(first)) || second.is_some_and(|second| self.secrets.1.hides(second))
    }

    fn differ(&mut self, first: Option<&'a Value>, second: Option<&'a Value>, replaces: Option<Replaced>) {
        let (why, roots) = match first.zip(second).map(|(first, second)| self.judge.judge(first, second)) {
            Some(Verdict::Same) => return,
            Some(Verdict::Carried) => (DiffReason::Carried, Vec::new()),
            Some(Verdict::Follows(roots)) => (DiffReason::Follows, roots),
            Some(Verdict::Decided(root)) => (DiffReason::Decided, vec![root]),
            Some(Verdict::Written(root)) => (DiffReason::Written, vec![root]),
            None => (DiffReason::Written, vec![DiffRoot::of(first, second)]),
        };
        self.push((first, second), (why, roots), replaces);
    }

    /// A value that one side lacks; `roots` decide which parts there are, if one expression makes what it is a part of.
    fn alone(
        &mut self,
        first: Option<&'a Value>,
        second: Option<&'a Value>,
        type_: Option<&Arc<Type>>,
        replaces: Option<Replaced>,
        roots: &[DiffRoot],
    ) {
        let replaces = replaces.or_else(|| self.any_replaced(type_, (first, second)));
        let why =
            if roots.is_empty() { (DiffReason::Written, vec![DiffRoot::of(first, second)]) } else { (DiffReason::Follows, roots.to_vec()) };
        self.push((first, second), why, replaces);
    }

    /// What a value that one side lacks replaces, or one inside it.
    fn any_replaced(&self, type_: Option<&Arc<Type>>, (first, second): (Option<&Value>, Option<&Value>)) -> Option<Replaced> {
        let type_ = type_?;
        if let Some(found) = self.replaced(Some(type_), first, second) {
            return Some(found);
        }
        if is_definition(type_) {
            return None;
        }
        let side = |value| if first.is_some() { (Some(value), None) } else { (None, Some(value)) };
        match &first.or(second)?.data {
            Data::Map(map) => map.entries().iter().find_map(|entry| self.any_replaced(type_.inside(&entry.key), side(&entry.value))),
            Data::List(list) => list.items().iter().find_map(|item| self.any_replaced(type_.items(), side(item))),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => None,
        }
    }

    fn push(
        &mut self,
        (first, second): (Option<&'a Value>, Option<&'a Value>),
        (why, roots): (DiffReason, Vec<DiffRoot>),
        replaces: Option<Replaced>,
    ) {
        let secret = self.hides(first, second);
        let argument = self.reached.as_ref().and_then(|reached| reached.at(&self.path));
        let list = if why == DiffReason::Carried { &mut self.found.carried } else { &mut self.found.differences };
        list.push(Difference {
            path: self.path.clone(),
            first,
            second,
            why,
            secret,
            replaces,
            argument,
            followers: Vec::new(),
            passed_on: Vec::new(),
            roots,
        });
    }

    fn below(
        &mut self,
        step: &Step,
        first: Option<&'a Value>,
        second: Option<&'a Value>,
        (type_, replaces, roots): (Option<&Arc<Type>>, Option<Replaced>, &[DiffRoot]),
    ) {
        self.path.push(step.clone());
        match (first, second) {
            (Some(first), Some(second)) => self.value(first, second, type_, replaces),
            (first, second) => self.alone(first, second, type_, replaces, roots),
        }
        self.path.pop();
    }
}

/// Whether two lists are told as a whole: plain values, of which one has more.
fn is_short(first: &[Value], second: &[Value], merge: Option<&ListMerge>) -> bool {
    let is_plain = |value: &Value| value.as_map().is_none() && value.as_list().is_none();
    first.len() != second.len() && !matches!(merge, Some(ListMerge::Keyed(_))) && first.iter().chain(second).all(is_plain)
}

/// Whether a value is what a definition of another thing would say.
fn is_definition(type_: &Type) -> bool {
    matches!(&type_.resolved().shape, Shape::Record(record) if record.is_definition().is_some())
}
