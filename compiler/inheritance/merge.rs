//! The only place where two values meet. In come the weaker value and the stronger layer's entry; out comes the merged value, with the
//! replaced one kept below it. Merged values carry no operators but locks.

use super::errors;
use super::exclusion;
use super::layering::{Layering, is_directive};
use super::lists::{ListsMeet, appended, lists};
use super::locks::guarded;
use super::removal::{removed, trace};
use super::wait;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ledger::{self, Merge};
use crate::name::nearest;
use crate::origin::LayerId;
use crate::path::{Path, Step};
use crate::schema::{Type, ValueForm};
use crate::subject::Subject;
use crate::table::ObjectFields;
use crate::value::{Data, Entry, Map, Operator, Pending, Removed, Standing, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a merge happens, for messages, and where messages go.
pub(crate) struct Meeting<'a> {
    /// What the whole value is of.
    subject: &'a Subject,
    /// The way to where the merge is.
    pub(super) path: Path,
    /// The layer of defaults that records get when somebody first speaks of them.
    defaults: LayerId,
    /// Whether what an expression decides may wait for it. Otherwise an expression is a value like any other.
    waits: bool,
    /// Whether what only shows when templates are expanded waits for that.
    pub(super) layering: Layering,
    /// The fields of the Kubernetes object in which the merge happens: the object at the second step of the path.
    pub(super) object: Option<&'a ObjectFields>,
    /// Whether a lock holds against whoever set it, too.
    strict: bool,
    /// Whether classes meet.
    pub(super) classes: bool,
    /// Whether what meets is a layer over what is not known here.
    pub(super) open: bool,
    /// Whether what is to be removed need not be there.
    pub(super) passes_by: bool,
    /// What the weaker layers have at a name near to that of the entry which is met, if they have nothing at its own.
    near: Option<Arc<str>>,
    /// Receives what is wrong.
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Meeting<'a> {
    /// A merge that begins at the top of the value of this subject.
    #[must_use]
    pub(crate) fn new(subject: &'a Subject, diagnostics: &'a mut Diagnostics) -> Self {
        Self {
            subject,
            path: Path::default(),
            defaults: LayerId::COMPUTED,
            waits: false,
            layering: Layering::Off,
            object: None,
            strict: false,
            classes: false,
            open: false,
            passes_by: false,
            near: None,
            diagnostics,
        }
    }

    /// The same, with the layer that defaults of schemas belong to.
    #[must_use]
    pub(crate) fn defaults(self, layer: LayerId) -> Self {
        Self { defaults: layer, ..self }
    }

    /// The same where whoever evaluates sees to what waits for an expression.
    #[must_use]
    pub(crate) fn waiting(self) -> Self {
        Self { waits: true, ..self }
    }

    /// The same for templates, which meet as text: what only shows when they are expanded waits for it.
    #[must_use]
    pub(crate) fn layering(self, layering: Layering) -> Self {
        Self { layering, classes: layering == Layering::Classes, ..self }
    }

    /// The same in a Kubernetes object, which stands at the second step of the path: its lists meet by the keys of their items.
    #[must_use]
    pub(crate) fn in_object(self, object: &'a ObjectFields) -> Self {
        Self { object: Some(object), ..self }
    }

    /// The same for layers over what is not known here.
    #[must_use]
    pub(crate) fn open(self) -> Self {
        Self { open: true, ..self }
    }

    /// The same where locks hold against the layer that set them, too.
    #[must_use]
    pub(crate) fn strict(self) -> Self {
        Self { strict: true, ..self }
    }

    /// Does work in which what is to be removed need not be there, or must.
    pub(crate) fn passing_by<T>(&mut self, passes_by: bool, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.passes_by, passes_by);
        let result = work(self);
        self.passes_by = before;
        result
    }

    /// The same, from a place inside the value on.
    #[must_use]
    pub(crate) fn at(self, path: Path) -> Self {
        Self { path, ..self }
    }

    /// An entry that waits to meet another. What is locked stays so.
    fn waiting_for(&self, old: Option<Entry>, entry: &Entry, standing: Standing) -> Entry {
        let locked = old.as_ref().filter(|old| old.operator == Operator::Lock);
        let is_locked = locked.is_some() || entry.operator == Operator::Lock;
        let lock = locked.map(|old| old.span);
        let value = Value::pending(old.map(|old| old.value), entry.clone(), self.path.clone(), standing, lock);
        Entry { operator: if is_locked { Operator::Lock } else { Operator::Merge }, value, ..entry.clone() }
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic.about(self.subject.within(&self.path)));
    }

    /// Does work one step further inside.
    pub(crate) fn inside<T>(&mut self, step: Step, work: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let result = work(self);
        self.path.pop();
        result
    }
}

/// Merges a stronger layer over a weaker value; `type_` says how lists meet.
#[must_use]
pub(crate) fn merge(base: Option<&Value>, layer: &Value, operator: Operator, type_: Option<&Type>, meeting: &mut Meeting<'_>) -> Value {
    let Some(base) = base.filter(|_| operator != Operator::Replace) else {
        return settled(layer, type_, meeting).over(base.cloned());
    };
    match ledger::merge(size(base) + size(layer)) {
        Merge::On => {}
        Merge::Exhausted => {
            meeting.report(errors::too_much(layer.origin.span));
            return base.clone();
        }
        Merge::Said => return base.clone(),
    }
    match (&base.data, &layer.data) {
        (Data::Map(weaker), Data::Map(stronger)) => {
            if stronger.entries().is_empty() {
                return base.clone();
            }
            let (entries, removed) = maps(Some(weaker), stronger, type_, meeting);
            Value::map(entries, layer.origin).brought(base, layer).without(removed)
        }
        (Data::List(_), Data::List(_)) => lists(base, layer, type_, meeting).over(Some(base.clone())),
        (Data::Map(_), Data::List(_) | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_))
        | (Data::List(_), Data::Map(_))
        | (Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_), Data::Map(_)) => {
            // Where the type says which of the two is wrong, it is said of that one, by who checks types.
            let is_another = type_.is_some_and(|type_| type_.is_union() || type_.holds(base) != type_.holds(layer));
            if is_another || meeting.stands_alone(base, layer) {
                return settled(layer, type_, meeting).over(Some(base.clone()));
            }
            meeting.report(errors::mismatch(&meeting.path, base, layer));
            base.clone()
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
        ) => settled(layer, type_, meeting).over(Some(base.clone())),
    }
}

/// Entries or items of a value itself.
fn size(value: &Value) -> usize {
    match &value.data {
        Data::Map(map) => map.entries().len(),
        Data::List(list) => list.items().len(),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => 0,
    }
}

/// A layer that meets nothing: its operators are carried out on nothing, and a record meets the defaults of its own fields.
pub(super) fn settled(layer: &Value, type_: Option<&Type>, meeting: &mut Meeting<'_>) -> Value {
    let type_ = type_.map(|type_| type_.of_value(layer));
    if layer.is_plain() && type_.is_none_or(|type_| type_.record().is_none() && type_.item().is_none()) {
        return layer.clone();
    }
    // A record brings all its defaults along, however little is said of it.
    let record = type_.and_then(Type::record).filter(|_| matches!(layer.data, Data::Map(_)));
    match ledger::merge(size(layer) + record.map_or(0, |record| record.fields().len())) {
        Merge::On => {}
        Merge::Exhausted => {
            meeting.report(errors::too_much(layer.origin.span));
            return layer.clone();
        }
        Merge::Said => return layer.clone(),
    }
    match &layer.data {
        Data::Map(map) => {
            let defaults = type_.and_then(|type_| type_.defaults(meeting.defaults));
            ledger::added(defaults.as_ref().map_or(0, Value::weight));
            if ledger::unsaid() {
                meeting.report(errors::too_much(layer.origin.span));
            }
            let weaker = defaults.as_ref().and_then(Value::as_map);
            let (entries, removed) = maps(weaker, map, type_, meeting);
            Value::map(entries, layer.origin).after(layer).without(removed)
        }
        Data::List(list) => {
            let item = type_.and_then(Type::item).map(AsRef::as_ref);
            let items = list.items().iter().enumerate();
            let items = items.map(|(at, value)| meeting.inside(Step::Item(at), |meeting| settled(value, item, meeting)));
            Value::list(items.collect(), layer.origin).after(layer)
        }
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => layer.clone(),
    }
}

/// Entries of the merged map: those of the weaker in their order, then the new ones; and what is in it no more.
fn maps(weaker: Option<&Map>, stronger: &Map, type_: Option<&Type>, meeting: &mut Meeting<'_>) -> (Vec<Entry>, Vec<Removed>) {
    let mut entries: Vec<Option<Entry>> = weaker.map(Map::entries).unwrap_or_default().iter().map(|entry| Some(entry.clone())).collect();
    let mut added: BTreeMap<Arc<str>, usize> = BTreeMap::new();
    let mut removed = Vec::new();
    let is_open = meeting.is_open_in(type_);
    let before = std::mem::replace(&mut meeting.open, is_open);
    for entry in stronger.entries() {
        let known = added.get(&entry.key).copied().or_else(|| weaker.and_then(|map| map.position(&entry.key)));
        let old = known.and_then(|at| entries.get_mut(at).and_then(Option::take));
        let field = type_.and_then(|type_| type_.inside(&entry.key));
        let field = field.map(AsRef::as_ref);
        let was = old.as_ref().filter(|_| entry.operator == Operator::Remove).map(|old| old.value.clone());
        if old.is_none() && entry.operator == Operator::Remove && !meeting.passes_by {
            meeting.near = nearest(&entry.key, entries.iter().flatten().map(|have| &*have.key)).map(Arc::from);
        }
        let merged = meeting.inside(Step::Key(Arc::clone(&entry.key)), |meeting| {
            if meeting.differ(entry, stronger, field) {
                return old;
            }
            if is_directive(entry) {
                meeting.directive(entry, |meeting, entry| met(old, entry, field, meeting))
            } else {
                met(old, entry, field, meeting)
            }
        });
        if merged.is_none() {
            removed.extend(was.map(|value| trace(&entry.key, entry, value)));
        }
        match (known, merged) {
            (Some(at), merged) => {
                if let Some(slot) = entries.get_mut(at) {
                    *slot = merged;
                }
            }
            (None, Some(merged)) => {
                added.insert(Arc::clone(&entry.key), entries.len());
                entries.push(Some(merged));
            }
            (None, None) => {}
        }
    }
    meeting.open = before;
    if let Some(record) = type_.and_then(|type_| type_.as_form(ValueForm::Map).record()).filter(|record| !record.choices().is_empty()) {
        exclusion::carry_out(record, stronger, &mut entries, &mut removed, meeting);
    } else if weaker.is_some() && meeting.is_in_object() {
        exclusion::of_forms(stronger, &mut entries, &mut removed, meeting);
    }
    (entries.into_iter().flatten().collect(), removed)
}

/// What is left of an entry after a stronger one met it; none if it is gone.
pub(crate) fn met(old: Option<Entry>, entry: &Entry, type_: Option<&Type>, meeting: &mut Meeting<'_>) -> Option<Entry> {
    if let Data::Pending(word) = &entry.value.data {
        if meeting.layering != Layering::Off {
            return layered(old, entry, word, meeting);
        }
        // A default of which nobody can tell yet what of it counts.
        return Some(meeting.waiting_for(old, &word.entry, word.standing.clone()));
    }
    if let Some(lock) = old.as_ref().filter(|old| old.operator == Operator::Lock) {
        // The same layer setting it twice is said where the layer is read.
        if meeting.strict || lock.value.origin.layer != entry.value.origin.layer {
            let fault = errors::locked(&meeting.path, lock, entry);
            // Nobody looks for it there who does not know that it counts twice.
            let fault = if meeting.passes_by { fault.note("defaults of an environment are stronger than bodies") } else { fault };
            meeting.report(fault);
        }
        return old;
    }
    let base = old.as_ref().map(|old| &old.value);
    let operator = if entry.operator == Operator::Lock { Operator::Lock } else { Operator::Merge };
    if meeting.keeps(base, entry, type_) {
        // Of a field that is taken away nothing that was said before counts.
        let is_gone = entry.operator == Operator::Remove && matches!(entry.value.data, Data::Null | Data::Bool(true));
        return Some(meeting.waiting_for(old.filter(|_| !is_gone), entry, Standing::Kept));
    }
    if meeting.waits && (wait::waits(base, entry, type_) || meeting.passes_by && wait::fits_later(entry, type_)) {
        let standing = if meeting.passes_by { Standing::Default } else { Standing::Layer };
        return Some(meeting.waiting_for(old, entry, standing));
    }
    if meeting.is_layered(base, entry) {
        return Some(meeting.waiting_for(old, entry, Standing::Layer));
    }
    if let Some(base) = base.filter(|base| drops(base, entry, type_, meeting))
        && guarded(base, entry, meeting)
    {
        return old;
    }
    let value = match entry.operator {
        Operator::Merge | Operator::Replace | Operator::Lock => merge(base, &entry.value, entry.operator, type_, meeting),
        Operator::Append => match appended(base, entry, type_, meeting) {
            Some(value) => value,
            None => return old,
        },
        Operator::Remove => match (base, &entry.value.data) {
            (None, _) => {
                if !meeting.passes_by {
                    let near = meeting.near.take();
                    meeting.report(errors::nothing_to_remove(&meeting.path, entry, near.as_deref()));
                }
                return None;
            }
            (Some(_), Data::Null | Data::Bool(true)) => return None,
            (Some(base), _) => match removed(base, entry, type_, meeting) {
                Some(value) => value,
                None => return old,
            },
        },
    };
    // A map that only gained keys was not set here: its key stays where it was first written.
    Some(Entry { key: Arc::clone(&entry.key), span: entry.span, operator, template: entry.template.clone(), value })
}

/// What is left of an entry after layers of a template met it which wait themselves: one after another.
fn layered(old: Option<Entry>, entry: &Entry, word: &Pending, meeting: &mut Meeting<'_>) -> Option<Entry> {
    let (base, words) = word.words();
    let first = base.map(|base| Entry { operator: Operator::Merge, value: base.clone(), ..entry.clone() });
    let words = first.into_iter().chain(words.into_iter().map(|word| word.entry.clone()));
    let met = words.fold(old, |have, word| met(have, &word, None, meeting));
    met.map(|met| if entry.operator == Operator::Lock { Entry { operator: Operator::Lock, ..met } } else { met })
}

/// Whether nothing of an inherited value is left when the entry meets it.
fn drops(base: &Value, entry: &Entry, type_: Option<&Type>, meeting: &Meeting<'_>) -> bool {
    match entry.operator {
        Operator::Replace => true,
        Operator::Remove => matches!(entry.value.data, Data::Null | Data::Bool(_)),
        Operator::Append => false,
        Operator::Merge | Operator::Lock if matches!(base.data, Data::Map(_)) => !matches!(entry.value.data, Data::Map(_)),
        // A list that meets a scalar goes, too.
        Operator::Merge | Operator::Lock => {
            matches!(meeting.lists(type_), ListsMeet::Replaced) || ValueForm::of(&entry.value) == Some(ValueForm::Scalar)
        }
    }
}
