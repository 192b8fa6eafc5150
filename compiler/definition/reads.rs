//! What the expressions of a value read, from their texts: every literal name, in every branch. Nothing is evaluated, and it is not said
//! what a name stands for: that depends on where the thing is that reads.

use super::section::Section;
use super::{Class, Rule, Use};
use crate::expression::{Reference, Template, UseId};
use crate::path::Step;
use crate::span::Span;
use crate::value::{Data, Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a value reads, its keys included, in written order. What iterators of loops stand for is not read from outside, so their names
/// are left out.
pub(crate) fn of(value: &Value) -> Vec<Reference> {
    with_uses(value, &[])
}

fn with_uses(value: &Value, uses: &[Use]) -> Vec<Reference> {
    let mut walk = ReadsWalk { uses, iterators: Vec::new(), found: Vec::new() };
    if value.is_dynamic() {
        walk.value(value);
    }
    walk.found
}

/// The numbers of what was handed to a value in the words of others, sorted.
pub(crate) fn handed(value: &Value) -> Vec<u32> {
    let mut found = BTreeSet::new();
    numbers(value, &mut found);
    found.into_iter().collect()
}

fn numbers(value: &Value, found: &mut BTreeSet<u32>) {
    if !value.is_dynamic() {
        return;
    }
    match &value.data {
        Data::Template(template) => found.extend(template.handed()),
        Data::Pending(pending) => pending.values().for_each(|value| numbers(value, found)),
        Data::List(list) => list.items().iter().for_each(|item| numbers(item, found)),
        Data::Map(map) => map.entries().iter().for_each(|entry| numbers(&entry.value, found)),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Late(_) | Data::Broken => {}
    }
}

/// What the expressions in a class's templates, `let`, outputs and rules read, and in the fragments that it uses.
pub(crate) fn of_class(class: &Class) -> Vec<Reference> {
    let rules = of_rules(class.rules.iter().chain(class.uses.iter().flat_map(|use_| &use_.rules)));
    let sections = Section::ALL.into_iter().filter(|section| section.reads()).filter_map(|section| class.section(section.word()));
    let of_use = |use_: &Use| [Some(use_.arguments.clone()), use_.lets.clone(), use_.defaults.clone()];
    let uses = class.uses.iter().flat_map(of_use).flatten();
    sections.cloned().chain(rules).chain(uses).flat_map(|value| with_uses(&value, &class.uses)).collect()
}

/// Where a class reads for its rules alone: these, and what stands in `let` and is read by nothing else. What is found there decides whether
/// something is allowed, and nothing is made of it.
pub(crate) fn checked(class: &Class) -> Vec<Span> {
    let lets = class.section(Section::Let.word()).and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    let mut used: BTreeSet<Arc<str>> = BTreeSet::new();
    let mut read = |value: &Value| -> Vec<Arc<str>> {
        let keys = with_uses(value, &class.uses).into_iter().filter_map(|reference| match &*reference.steps {
            [Step::Key(first), Step::Key(key), ..] if &**first == "let" => Some(Arc::clone(key)),
            _ => None,
        });
        keys.filter(|key| used.insert(Arc::clone(key))).collect()
    };
    let sections = Section::ALL.into_iter().filter(|section| section.reads() && *section != Section::Let);
    let of_use = |use_: &Use| [Some(use_.arguments.clone()), use_.lets.clone(), use_.defaults.clone()];
    let made = sections.filter_map(|section| class.section(section.word()).cloned()).chain(class.uses.iter().flat_map(of_use).flatten());
    let mut left: Vec<Arc<str>> = made.flat_map(|value| read(&value)).collect();
    while let Some(key) = left.pop() {
        left.extend(lets.iter().filter(|entry| entry.key == key).flat_map(|entry| read(&entry.value)).collect::<Vec<_>>());
    }
    let unused = lets.iter().filter(|entry| !used.contains(&entry.key)).map(|entry| entry.value.origin.span);
    of_rules(&class.rules).map(|value| value.origin.span).chain(unused).collect()
}

/// What stands in rules.
pub(super) fn of_rules<'r>(rules: impl IntoIterator<Item = &'r Rule>) -> impl Iterator<Item = Value> {
    rules.into_iter().flat_map(|rule| [Some(rule.assert.clone()), Some(rule.message.clone()), rule.when.clone()]).flatten()
}

/// What a reference in a fragment is for the class that uses it: its own names mean something there. None if what it reads is found elsewhere:
/// an argument that is more than a path, a default, a `let`.
fn outside(reference: Reference, id: UseId, uses: &[Use]) -> Option<Reference> {
    let (Step::Key(first), rest) = reference.steps.split_first()? else { return None };
    let of_thing = |path: &[Step]| [Step::Key("self".into())].into_iter().chain(path.iter().cloned()).collect::<Vec<_>>();
    match &**first {
        "entity" => Some(Reference { steps: of_thing(rest), ..reference }),
        "let" => None,
        "self" => {
            let use_ = uses.get(id.0 as usize)?;
            let (mut given, mut left) = (&use_.arguments, rest);
            while let (Some((step, after)), Data::Map(_)) = (left.split_first(), &given.data) {
                let Some(inner) = given.step(step) else { break };
                (given, left) = (inner, after);
            }
            let (steps, within) = match &given.data {
                Data::Template(template) => ([template.path()?, left].concat(), template.use_),
                Data::Map(_) if !left.is_empty() => (of_thing(&[use_.from.as_ref()?.steps(), rest].concat()), use_.outer),
                Data::Map(_)
                | Data::Null
                | Data::Bool(_)
                | Data::Int(_)
                | Data::Float(_)
                | Data::String(_)
                | Data::List(_)
                | Data::Pending(_)
                | Data::Late(_)
                | Data::Broken => return None,
            };
            let reference = Reference { steps, ..reference };
            match within {
                // Those around come before those inside, so this ends.
                Some(outer) if outer < id => outside(reference, outer, uses),
                Some(_) => None,
                None => Some(reference),
            }
        }
        _ => Some(reference),
    }
}

struct ReadsWalk<'a> {
    uses: &'a [Use],
    /// Names of the iterators of the loops around.
    iterators: Vec<&'a Arc<str>>,
    found: Vec<Reference>,
}

impl<'a> ReadsWalk<'a> {
    fn value(&mut self, value: &'a Value) {
        match &value.data {
            Data::Template(template) => self.template(template),
            Data::Pending(pending) => pending.values().for_each(|value| self.value(value)),
            Data::List(list) => list.items().iter().filter(|item| item.is_dynamic()).for_each(|item| self.value(item)),
            Data::Map(map) => {
                let outer = self.iterators.len();
                // A list is read before its iterator stands for anything, and with those before it.
                for iterator in map.get("$for").and_then(Value::as_map).map(Map::entries).unwrap_or_default() {
                    self.value(&iterator.value);
                    self.iterators.push(&iterator.key);
                }
                self.map(map);
                self.iterators.truncate(outer);
            }
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Late(_) | Data::Broken => {}
        }
    }

    fn map(&mut self, map: &'a Map) {
        for entry in map.entries().iter().filter(|entry| &*entry.key != "$for") {
            if let Some(key) = &entry.template {
                // The key of a loop may use its iterators, which stand below it.
                let outer = self.iterators.len();
                self.iterators.extend(entry.value.as_map().into_iter().flat_map(loops));
                self.template(key);
                self.iterators.truncate(outer);
            }
            if entry.value.is_dynamic() {
                self.value(&entry.value);
            }
        }
    }

    fn template(&mut self, template: &Template) {
        // Its names are those of another thing.
        if template.handed().is_some() {
            return;
        }
        let iterates = |reference: &Reference| match reference.steps.first() {
            Some(Step::Key(first)) => self.iterators.contains(&first) || (&**first == "index" && !self.iterators.is_empty()),
            Some(Step::Item(_)) | None => false,
        };
        let found = template.references().into_iter().filter(|reference| !iterates(reference));
        let found = found.filter_map(|reference| match template.use_ {
            Some(id) => outside(reference, id, self.uses).filter(|reference| !iterates(reference)),
            None => Some(reference),
        });
        self.found.extend(found);
    }
}

/// Names of the iterators of the loop that a map is made by.
fn loops(map: &Map) -> impl Iterator<Item = &Arc<str>> {
    map.get("$for").and_then(Value::as_map).into_iter().flat_map(Map::entries).map(|entry| &entry.key)
}
