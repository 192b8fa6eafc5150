//! Fragments where they are used, and those that nobody uses: their arguments, their `let` and their rules, with the types of the place.

use super::super::class::ClassKnown;
use super::super::fragment::{Fragment, Fragments, Inliner, Taken, Use, numbers};
use super::super::scope::{self, KnownTypes};
use super::super::{capability, declarations, errors};
use super::{SectionWalk, words};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expression::{Target, Ty, UseId};
use crate::inheritance::{Meeting, merge};
use crate::path::{Path, Step};
use crate::schema::{self, Checked, Mode, Type};
use crate::source::Sources;
use crate::span::Span;
use crate::subject::Subject;
use crate::value::{Data, Entry, Operator, Value};
use std::sync::Arc;

/// The uses that a walk may meet.
#[derive(Clone, Copy)]
pub(in crate::definition) struct Using<'u> {
    pub(super) uses: &'u [Use],
    pub(super) known: KnownTypes<'u>,
    /// Fields that the class has from fragments.
    pub(super) taken: &'u [Taken],
    /// The texts in which arguments stand; none where no fragment is used.
    pub(super) sources: Option<&'u Sources>,
    /// Whether the first of them is a fragment by itself, of whose arguments nobody says anything.
    pub(super) is_alone: bool,
}

/// Checks all fragments, whether or not anything uses them.
pub(in crate::definition) fn fragments(fragments: &Fragments, around: ClassKnown<'_>, sources: &Sources, diagnostics: &mut Diagnostics) {
    let none = Fragments::new();
    for fragment in fragments.values().filter(|fragment| fragment.sound && fragment.template.is_some()) {
        let known = around.types(&[]);
        let subject = Subject::class(super::super::fragment::WORD, &fragment.name.name);
        let mut inliner = Inliner::new(fragments, &none, &[], (&subject, sources), diagnostics);
        let template = inliner.alone(fragment);
        let (uses, _) = inliner.finish();
        alone(fragment, template.as_ref(), scope::of_fragment(around.language, known), (&uses, known), sources, diagnostics);
    }
}

/// Checks one fragment by itself.
pub(super) fn alone(
    fragment: &Fragment,
    template: Option<&Value>,
    scope: crate::expression::TypeScope,
    (uses, known): (&[Use], KnownTypes<'_>),
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) {
    for rule in &fragment.rules {
        if let Some(at) = &rule.at {
            super::pointed_in(&fragment.type_, at, diagnostics);
        }
    }
    let Some(template) = template else { return };
    let using = Using { uses, taken: &[], known, sources: Some(sources), is_alone: true };
    let mut found = Diagnostics::default();
    let mut walk = SectionWalk::new(scope, using, &mut found);
    walk.begin(UseId(0));
    walk.value(template);
    // Where it is used decides what may be late, and what its fields are.
    found.drain().into_iter().for_each(|fault| diagnostics.push(fault));
}

/// What a fragment is called where a field of it is not there.
fn lacking_of(fragment: &str) -> Arc<str> {
    format!("{}/{fragment}", super::super::fragment::WORD).into()
}

/// A fault in the text of a fragment, with where that is used.
pub(in crate::definition) fn told(fault: Diagnostic, uses: &[Use]) -> Diagnostic {
    let Some(place) = fault.primary.as_ref().map(|label| label.span).filter(|_| !uses.is_empty()) else { return fault };
    let within = |outer: Span| outer.file == place.file && outer.start <= place.start && place.end <= outer.end;
    let mut at = uses.iter().find(|use_| within(use_.fragment.span));
    let mut fault = fault;
    while let Some(use_) = at {
        if use_.span != place && !fault.labels.iter().any(|label| label.span == use_.span) {
            fault = fault.label(use_.span, "used here");
        }
        at = use_.outer.and_then(|outer| uses.iter().find(|use_| use_.id == outer));
    }
    fault
}

impl<'u> Using<'u> {
    /// Whose `self` is in a use.
    pub(super) fn owners_of(&self, id: UseId) -> Vec<Arc<str>> {
        self.uses.iter().filter(|use_| use_.id == id).map(|use_| lacking_of(&use_.fragment.name.name)).collect()
    }

    /// Of what can use none.
    pub(in crate::definition) fn none(known: KnownTypes<'u>) -> Self {
        Self { uses: &[], taken: &[], known, sources: None, is_alone: false }
    }

    /// Of what definitions override, with all uses there, for a class that has these fields from fragments.
    pub(in crate::definition) fn of_overrides(uses: &'u [Use], taken: &'u [Taken], known: KnownTypes<'u>, sources: &'u Sources) -> Self {
        Self { uses, taken, known, sources: Some(sources), is_alone: false }
    }
}

impl SectionWalk<'_, '_> {
    /// What the names in defaults stand for that the schema has taken in.
    pub(super) fn taken(&mut self, type_: &Arc<Type>, taken: &[Taken]) {
        let entity = self.scope.names.iter().find(|(name, _)| &**name == "self").map_or(Ty::Dyn, |(_, type_)| type_.clone());
        for (at, taken) in taken.iter().enumerate() {
            let at_key = |type_: &Arc<Type>, key: &Step| if let Step::Key(key) = key { type_.inside(key).cloned() } else { None };
            let place = taken.path.steps().iter().try_fold(Arc::clone(type_), |type_, step| at_key(&type_, step));
            let own = match place {
                _ if taken.path.is_empty() => entity.clone(),
                Some(place) => scope::of_type(&place, self.using.known),
                None => Ty::Dyn,
            };
            self.used.insert(UseId::taken(at), vec![("self".into(), own), ("entity".into(), entity.clone())]);
        }
    }

    /// Says what the names of a use stand for from here on; gives what they stood for before.
    pub(in crate::definition) fn meaning(&mut self, id: UseId, names: Option<Vec<(Arc<str>, Ty)>>) -> Option<Vec<(Arc<str>, Ty)>> {
        match names {
            Some(names) => self.used.insert(id, names),
            None => self.used.remove(&id),
        }
    }

    /// The uses at one place, by their numbers.
    pub(super) fn uses(&mut self, used: &Value) {
        numbers(used).for_each(|id| self.begin(id));
    }

    /// One use: its arguments, and what its names stand for from here on.
    pub(super) fn begin(&mut self, id: UseId) {
        let Some(use_) = self.using.uses.get(id.index()) else { return };
        let is_said = !(self.using.is_alone && id == UseId(0));
        if is_said {
            self.value(&use_.arguments);
            use_.ambiguous(self.using.taken).into_iter().for_each(|fault| self.diagnostics.push(fault));
            self.arguments(use_);
        }
        let own = scope::of_type(&use_.fragment.type_, self.using.known);
        // The thing itself, from the scope without any fragment.
        let entity = self.scope.names.iter().find(|(name, _)| &**name == "self").map_or(Ty::Dyn, |(_, type_)| type_.clone());
        let names = |lets: Ty| vec![("self".into(), own.clone()), ("entity".into(), entity.clone()), ("let".into(), lets)];
        let mut lets = use_.lets.as_ref().map_or_else(|| Ty::record(Vec::new()), words::shape);
        let (early, target) = (self.early.take(), std::mem::replace(&mut self.target, Target::Plain));
        for round in 0..3 {
            self.used.insert(id, names(lets.clone()));
            let Some(written) = &use_.lets else { break };
            let said = std::mem::take(self.diagnostics);
            let found_types = self.section("let", written);
            // What is wrong is reported when the types of all are known.
            let found = std::mem::replace(self.diagnostics, said);
            if round < 2 {
                lets = found_types;
            } else {
                self.diagnostics.append(found);
            }
        }
        let words = std::mem::replace(&mut self.words, false);
        declarations::of_use(use_, self.using.known, self);
        self.words = words;
        for rule in &use_.rules {
            self.condition(&rule.assert, "a rule");
            if let Some(when) = &rule.when {
                self.condition(when, "a rule");
            }
            self.value(&rule.message);
        }
        (self.early, self.target) = (early, target);
    }

    /// Checks what is said of the arguments of a use against the schema of the fragment.
    fn arguments(&mut self, use_: &Use) {
        let (fragment, Some(sources)) = (&use_.fragment, self.using.sources) else { return };
        let Data::Map(map) = &use_.arguments.data else {
            let found = if let Data::Template(template) = &use_.arguments.data { self.types.get(&template.span) } else { None };
            if let Some(found) = found.filter(|found| !capability::fits(&fragment.type_, found)) {
                let wrong = errors::arguments_no_map_but(&fragment.name.name, found.describe(), use_.arguments.origin.span);
                self.diagnostics.push(wrong);
            }
            return;
        };
        for entry in map.entries().iter().filter(|entry| entry.template.is_some()) {
            self.diagnostics.push(errors::argument_of_expression(&fragment.name.name, entry));
        }
        let kind = format!("fragment `{}`", fragment.name.name);
        let checked = Checked { kind: &kind, class: "", subject: None, defined: Some(use_.span), beside: &[], sources };
        let given = trusted(&use_.arguments);
        let mut found = Diagnostics::default();
        if use_.place(self.using.taken).is_none() {
            // All that is not said is a default, so what is required has to be there.
            let (mut unsaid, subject) = (Diagnostics::default(), Subject::class(super::super::fragment::WORD, &fragment.name.name));
            let mut meeting = Meeting::new(&subject, &mut unsaid).defaults(fragment.layer);
            let whole = merge(use_.defaults.as_ref(), &given, Operator::Merge, Some(&fragment.type_), &mut meeting);
            schema::check(&fragment.type_, &whole, &checked, Mode::Complete, &mut found);
        } else {
            schema::check(&fragment.type_, &given, &checked, Mode::Layer, &mut found);
        }
        // Who uses a fragment that asks for more than it did, or has no such field any more, has not made the mistake.
        let lacking = |fault: Diagnostic| {
            let place = fault.primary.as_ref().map(|label| label.span);
            let key = map.entries().iter().find(|entry| Some(entry.span) == place).map(|entry| &entry.key);
            match (fault.code, fault.apart.clone(), key) {
                (Code::MissingField, Some(field), _) => fault.lacking(format!("{} needs {field}", lacking_of(&fragment.name.name))),
                (Code::UnknownField, _, Some(key)) => fault.lacking(format!("{} self.{key}", lacking_of(&fragment.name.name))),
                (_, _, _) => fault,
            }
        };
        found.drain().into_iter().for_each(|fault| self.diagnostics.push(lacking(fault)));
        self.fit(use_, &fragment.type_, &use_.arguments, &mut Path::default());
    }

    /// Compares what expressions give with what the schema wants.
    fn fit(&mut self, use_: &Use, type_: &Type, value: &Value, path: &mut Path) {
        match &value.data {
            Data::Template(template) => {
                let Some(found) = self.types.get(&template.span).filter(|found| !capability::fits(type_, found)) else { return };
                let wanted = type_.describe();
                let (name, found) = (&use_.fragment.name.name, found.describe());
                self.diagnostics.push(errors::wrong_argument(name, path, found, &wanted, template.span, type_.origin));
            }
            Data::Map(map) if !map.entries().iter().any(|entry| entry.key.starts_with('$')) => {
                for entry in map.entries().iter().filter(|entry| entry.template.is_none()) {
                    let inner = type_.inside(&entry.key).cloned();
                    if let Some(inner) = inner {
                        path.push(Step::Key(Arc::clone(&entry.key)));
                        self.fit(use_, &inner, &entry.value, path);
                        path.pop();
                    }
                }
            }
            Data::List(list) => {
                let Some(item) = type_.items().cloned() else { return };
                for (at, value) in list.items().iter().enumerate().filter(|(_, value)| !value.has_directive()) {
                    path.push(Step::Item(at));
                    self.fit(use_, &item, value, path);
                    path.pop();
                }
            }
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Map(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => {}
        }
    }
}

/// A value in which nothing is judged that a loop or a condition decides about.
fn trusted(value: &Value) -> Value {
    if !value.has_directive() {
        return value.clone();
    }
    let map = value.as_map().filter(|map| !map.entries().iter().any(|entry| entry.key.starts_with('$')));
    let Some(map) = map else { return Value::broken(value.origin) };
    let entries = map.entries().iter().map(|entry| Entry { value: trusted(&entry.value), ..entry.clone() });
    Value::map(entries.collect(), value.origin).after(value)
}
