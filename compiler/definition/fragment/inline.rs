//! Uses of fragments, taken in: a class becomes one in which each fragment stands where it is used, weaker than all that the class says there,
//! whichever ancestor says it. What an expression of a fragment calls `self` differs from use to use, so each use has a number, and the
//! expressions that came with it know it. Schemas take in fields, templates what fragments write; nothing is evaluated.

mod layers;
mod mark;
mod number;
mod places;

pub(in crate::definition) use layers::{Bases, ordered};
pub(crate) use number::numbers;

use super::super::{Rule, errors, restate};
use super::words::{is_use, named, own};
use super::{Fragment, Fragments, WORD, has_use, is_hidden, meant};
use crate::diagnostic::Diagnostics;
use crate::expression::UseId;
use crate::inheritance::{Layering, Meeting, merge, too_much};
use crate::ledger::{self, Merge};
use crate::limit::{FRAGMENT_DEPTH, USED_WEIGHT, VALUE_DEPTH};
use crate::origin::Origin;
use crate::path::{Path, Step};
use crate::source::Sources;
use crate::span::Span;
use crate::subject::Subject;
use crate::value::{Cause, Data, Entry, Map, Name, Operator, Value};
use mark::UseMark;
use number::apart;
use places::ArgumentPlaces;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The fields of a fragment among those of a schema.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The fragment.
    pub fragment: Arc<str>,
    /// Where they stand in it; empty: at its top.
    pub path: Path,
    /// Where that is written.
    pub span: Span,
}

/// One use of a fragment in the templates of a class.
#[derive(Clone, Debug)]
pub struct Use {
    /// What its expressions know it by.
    pub(crate) id: UseId,
    /// What is used.
    pub fragment: Arc<Fragment>,
    /// Where the class, or the fragment around it, names it.
    pub span: Span,
    /// The use around it, if that is in a fragment.
    pub(crate) outer: Option<UseId>,
    /// What is said of its arguments there: a map, or an expression that gives one.
    pub arguments: Value,
    /// Where in `self` those stand that are not said.
    pub from: Option<Path>,
    /// Defaults of its arguments, and its `let`, for this use.
    pub defaults: Option<Value>,
    /// Its `let`.
    pub lets: Option<Value>,
    /// What must hold of its arguments.
    pub rules: Vec<Rule>,
    /// It, as a cause of what it makes.
    pub(crate) cause: Cause,
}

/// What stands in templates for fragments that were taken in.
pub(in crate::definition) const VALUE: &str = "$value";

/// What is taken in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum UsePart {
    /// Fields.
    Schema,
    /// What templates write.
    Template,
}

/// Takes fragments in.
pub(in crate::definition) struct Inliner<'a> {
    shared: &'a Fragments,
    private: &'a Fragments,
    subject: &'a Subject,
    sources: &'a Sources,
    diagnostics: &'a mut Diagnostics,
    uses: Vec<Use>,
    /// The number of the first of them.
    first: UseId,
    /// Fields that the schema at hand has from fragments.
    taken: Vec<Taken>,
    /// The section at hand, and the way to what is in hand there.
    section: Path,
    path: Path,
    /// Fragments within each other, and maps and lists around what is at hand.
    depth: usize,
    nesting: usize,
    /// Weight of all that was taken in.
    weight: usize,
    /// Whether it was said that something is too much.
    is_full: bool,
    /// What was used where in the layers of a class.
    bases: Bases,
    /// Whether fields are missing that a fragment should have brought.
    lacks_fields: bool,
}

/// The use around.
type Outer<'u> = Option<(UseId, &'u Arc<Fragment>)>;

/// What is used at one place: what it comes to, and the numbers.
type UseFound = (Option<Value>, Vec<UseId>);

impl<'a> Inliner<'a> {
    /// `taken`: fields that the schema has from fragments, if that was read before.
    pub(in crate::definition) fn new(
        shared: &'a Fragments,
        private: &'a Fragments,
        taken: &[Taken],
        (subject, sources): (&'a Subject, &'a Sources),
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        Self {
            shared,
            private,
            subject,
            sources,
            diagnostics,
            uses: Vec::new(),
            first: UseId(0),
            taken: taken.to_vec(),
            section: Path::default(),
            path: Path::default(),
            depth: 0,
            nesting: 0,
            weight: 0,
            is_full: false,
            bases: Bases::new(),
            lacks_fields: false,
        }
    }

    /// The same with numbers from this one on.
    pub(in crate::definition) fn counting_from(self, first: UseId) -> Self {
        Self { first, ..self }
    }

    /// What was used where in the layers of a class, for the order of its keys.
    pub(in crate::definition) fn take_bases(&mut self) -> Bases {
        std::mem::take(&mut self.bases)
    }

    /// The uses in templates, by their numbers, and the fields that the schema has from fragments.
    pub(in crate::definition) fn finish(self) -> (Vec<Use>, Vec<Taken>) {
        (self.uses, self.taken)
    }

    /// Whether the schema lacks fields that a fragment should have brought, which is told.
    pub(in crate::definition) fn lacks_fields(&self) -> bool {
        self.lacks_fields
    }

    /// A schema with the fields that it takes in.
    pub(in crate::definition) fn schema(&mut self, schema: &Value) -> Value {
        self.path = Path::default();
        self.within(schema, UsePart::Schema, None)
    }

    /// Named types with the fields that they take in. Where those stand, only who uses the type knows.
    pub(in crate::definition) fn types(&mut self, types: &Value) -> Value {
        let before = self.taken.len();
        let types = self.schema(types);
        self.forget_places(before);
        types
    }

    /// From one on, fields that were taken in stand nowhere for those who read arguments.
    fn forget_places(&mut self, from: usize) {
        for taken in self.taken.iter_mut().skip(from) {
            (taken.fragment, taken.path) = ("".into(), Path::default());
        }
    }

    /// The template of a fragment as a use of it that says nothing of its arguments.
    pub(in crate::definition) fn alone(&mut self, fragment: &Arc<Fragment>) -> Option<Value> {
        let nothing = Value::map(Vec::new(), Origin { span: fragment.name.span, layer: fragment.layer });
        let entry = Entry::plain(Arc::clone(&fragment.name.name), fragment.name.span, nothing);
        self.used(&entry, fragment, UsePart::Template, None).map(|(_, template)| template)
    }

    /// A value in which fragments are used, with what they come to.
    fn within(&mut self, value: &Value, part: UsePart, outer: Outer<'_>) -> Value {
        if !has_use(value) {
            return value.clone();
        }
        if self.nesting >= VALUE_DEPTH {
            self.too_deep(value.origin.span);
            return Value::broken(value.origin);
        }
        self.nesting += 1;
        let result = match &value.data {
            Data::List(list) => {
                let items = list.items().iter().enumerate();
                let items = items.map(|(at, item)| self.inside(Step::Item(at), |this| this.within(item, part, outer)));
                Value::list(items.collect(), value.origin).after(value)
            }
            Data::Map(map) => self.map(map, value, part, outer),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => value.clone(),
        };
        self.nesting -= 1;
        result
    }

    fn map(&mut self, map: &Map, value: &Value, part: UsePart, outer: Outer<'_>) -> Value {
        let written = map.entries().iter().find(|entry| is_use(entry) && entry.operator != Operator::Remove);
        let rest = map.entries().iter().filter(|entry| !is_use(entry)).map(|entry| {
            let step = Step::Key(Arc::clone(&entry.key));
            Entry { value: self.inside(step, |this| this.within(&entry.value, part, outer)), ..entry.clone() }
        });
        let rest = Value::map(rest.collect(), value.origin).after(value);
        let Some(written) = written else { return rest };
        let (base, ids) = self.at(&written.value, part, outer);
        let beside = rest.as_map().and_then(|map| own(map).next()).map(|entry| entry.span);
        let base = self.alone_at(base, written, beside).map(|base| self.marked(base, &ids, written));
        self.joined(base, &rest, part)
    }

    fn inside<T>(&mut self, step: Step, work: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let result = work(self);
        self.path.pop();
        result
    }

    /// What all fragments that are used at one place come to, a later one being stronger.
    fn at(&mut self, written: &Value, part: UsePart, outer: Outer<'_>) -> UseFound {
        let (mut result, mut ids): UseFound = (None, Vec::new());
        for entry in written.as_map().map(Map::entries).unwrap_or_default() {
            let fragment = self.fragment(entry, outer);
            let used = fragment.and_then(|fragment| self.used(entry, &fragment, part, outer));
            self.lacks_fields |= used.is_none() && part == UsePart::Schema;
            let Some((id, more)) = used else { continue };
            // What is used at its top stands inside of it, at the same place.
            let (more, inner) = apart(more);
            ids.extend(id.into_iter().chain(inner));
            if let Some(before) = result.as_ref().filter(|before| before.as_map().is_none() || more.as_map().is_none()) {
                let scalar = if before.as_map().is_none() { before } else { &more };
                self.diagnostics.push(errors::use_stands_alone(named(entry), scalar, entry.span, written.origin.span));
                continue;
            }
            result = Some(self.joined(result, &more, part));
        }
        (result, ids)
    }

    /// The fragment that is named.
    fn fragment(&mut self, entry: &Entry, outer: Outer<'_>) -> Option<Arc<Fragment>> {
        let name = named(entry);
        if name.is_empty() {
            return None;
        }
        let sees_private = outer.is_none_or(|(_, fragment)| fragment.is_private);
        let private = self.private.get(name).filter(|_| sees_private);
        if let Some(fragment) = private.or_else(|| meant(name, entry.span, self.sources, |key| self.shared.get(key))) {
            return Some(Arc::clone(fragment));
        }
        let private = self.private.keys().filter(|_| sees_private);
        let library = self.sources.iter().filter_map(|(_, source)| super::super::library::fragment_of(source));
        let known: BTreeSet<&str> =
            private.chain(self.shared.keys()).map(|name| &**name).filter(|name| !is_hidden(name)).chain(library).collect();
        self.diagnostics.push(errors::unknown_fragment(name, entry.span, &known.into_iter().collect::<Vec<_>>()));
        None
    }

    /// What one fragment comes to where it is used, and its number if that is in a template.
    fn used(&mut self, entry: &Entry, fragment: &Arc<Fragment>, part: UsePart, outer: Outer<'_>) -> Option<(Option<UseId>, Value)> {
        if !fragment.sound || self.is_full {
            return None;
        }
        let found = match part {
            UsePart::Schema => Some(&fragment.schema),
            UsePart::Template => fragment.template.as_ref(),
        };
        let Some(found) = found else {
            self.diagnostics.push(errors::no_template(named(entry), entry.span, fragment.name.span));
            return None;
        };
        self.weight = self.weight.saturating_add(found.weight());
        if self.weight > USED_WEIGHT {
            self.is_full = true;
            self.diagnostics.push(errors::fragments_too_large(entry.span, USED_WEIGHT));
            return None;
        }
        match ledger::merge(found.weight()) {
            Merge::On => {}
            Merge::Exhausted => {
                self.is_full = true;
                self.diagnostics.push(too_much(entry.span));
                return None;
            }
            Merge::Said => {
                self.is_full = true;
                return None;
            }
        }
        if self.depth >= FRAGMENT_DEPTH || self.nesting + found.depth() as usize > VALUE_DEPTH {
            self.too_deep(entry.span);
            return None;
        }
        match part {
            UsePart::Schema => {
                let first = self.taken.len();
                if outer.is_none() {
                    self.taken.push(Taken { fragment: named(entry).into(), path: self.path.clone(), span: entry.span });
                    // What it has from others is there too.
                    let inner = fragment.taken.iter().map(|taken| Taken { path: self.path.join(&taken.path), ..taken.clone() });
                    self.taken.extend(inner.collect::<Vec<_>>());
                }
                Some((None, mark::taken(found, first)))
            }
            UsePart::Template => {
                let id = UseId(self.first.0.saturating_add(u32::try_from(self.uses.len()).unwrap_or(u32::MAX)));
                let mark = UseMark { id, cause: cause(entry, fragment) };
                let from = self.place(entry, fragment, outer);
                let (arguments, span) = (entry.value.clone(), entry.span);
                let of = |value: &Option<Value>| value.as_ref().map(|value| mark.value(value));
                self.uses.push(Use {
                    id,
                    fragment: Arc::clone(fragment),
                    span,
                    outer: outer.map(|(id, _)| id),
                    arguments,
                    from,
                    defaults: of(&fragment.defaults),
                    lets: of(&fragment.lets),
                    rules: fragment.rules.iter().map(|rule| mark.rule(rule)).collect(),
                    cause: mark.cause.clone(),
                });
                self.depth += 1;
                let template = self.within(&mark.value(found), part, Some((id, fragment)));
                self.depth -= 1;
                Some((Some(id), template))
            }
        }
    }

    /// Where in `self` the arguments stand of which a use says nothing.
    fn place(&mut self, entry: &Entry, fragment: &Fragment, outer: Outer<'_>) -> Option<Path> {
        let taken = outer.map_or(&self.taken, |(_, outer)| &outer.taken);
        match ArgumentPlaces::of(taken, &fragment.name.name, &entry.value) {
            ArgumentPlaces::None => None,
            ArgumentPlaces::One(path) => Some(path),
            ArgumentPlaces::Several(places) => {
                self.diagnostics.push(errors::several_places(&fragment.name.name, entry.span, &places));
                places.into_iter().next().map(|(path, _)| path)
            }
        }
    }

    /// What is used, unless it is no map and something stands beside it.
    fn alone_at(&mut self, base: Option<Value>, written: &Entry, beside: Option<Span>) -> Option<Value> {
        let found = base.as_ref().filter(|base| base.as_map().is_none()).zip(beside);
        let name = written.value.as_map().and_then(|map| map.entries().first()).map_or("", named);
        if let Some((template, beside)) = found {
            self.diagnostics.push(errors::use_stands_alone(name, template, written.span, beside));
            return None;
        }
        base
    }

    /// Two parts of one place, the second stronger.
    fn joined(&mut self, weaker: Option<Value>, stronger: &Value, part: UsePart) -> Value {
        let (weaker, stronger) = match (weaker, part) {
            (Some(weaker), UsePart::Schema) => {
                let (weaker, stronger) = restate::ready(&weaker, stronger, None, self.sources);
                (Some(weaker), stronger)
            }
            (weaker, UsePart::Schema | UsePart::Template) => (weaker, stronger.clone()),
        };
        let mut meeting = Meeting::new(self.subject, self.diagnostics).at(self.section.join(&self.path)).layering(Layering::Classes);
        merge(weaker.as_ref(), &stronger, Operator::Merge, None, &mut meeting)
    }

    fn too_deep(&mut self, span: Span) {
        if !self.is_full {
            self.is_full = true;
            self.diagnostics.push(errors::fragments_too_deep(span, FRAGMENT_DEPTH));
        }
    }
}

/// A use, as a cause.
fn cause(entry: &Entry, fragment: &Fragment) -> Cause {
    let name = if fragment.is_private { Arc::clone(&fragment.full) } else { format!("{WORD} {}", fragment.name.name).into() };
    let origin = Origin { span: entry.span, layer: entry.value.origin.layer };
    Cause { name: Name::Computed("$use"), value: Value::string(name, origin) }
}
