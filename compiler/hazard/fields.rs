//! What classes say of changes of their fields, in the marker `hazard`. In come values before and after with their types, out goes what the
//! expressions give. What is not known of a value gives nothing: the change is told by others then.

use super::{PlatformChange, errors};
use crate::diagnostic::Diagnostics;
use crate::expression::{Key, Target, Val};
use crate::limit::VALUE_DEPTH;
use crate::model::{Entity, Model};
use crate::name::Kind;
use crate::schema::{MarkerScope, Shape, Type, aligned, seen};
use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};

pub(super) fn report(change: &PlatformChange<'_>, diagnostics: &mut Diagnostics) {
    for (old, new) in &change.pairs {
        let (before, now) = (change.before.model.entity(*old), change.now.model.entity(*new));
        let Some(class) = now.class_in(change.now.definitions).filter(|class| class.full == before.class_name) else {
            continue;
        };
        let outside = outside(change.now.model, now);
        HazardWalk { change, entity: now, outside, diagnostics: &mut *diagnostics }.value(
            &before.value,
            &now.value,
            &class.type_,
            VALUE_DEPTH,
        );
    }
}

/// What a thing and its cluster are called outside; of what is on none that is nothing.
fn outside(model: &Model, entity: &Entity) -> Val {
    let cluster = if entity.kind == Kind::Cluster { Some(entity) } else { entity.cluster.map(|id| model.entity(id)) };
    let full_name = cluster.and_then(|cluster| cluster.computed.get("fullName")?.as_str()).unwrap_or_default();
    let text = |key: &str, text: &str| (Key::String(key.into()), Val::String(text.into()));
    Val::map([text("name", entity.identity.text()), text("cluster", full_name)])
}

struct HazardWalk<'a, 'd> {
    change: &'a PlatformChange<'a>,
    entity: &'a Entity,
    /// What it and its cluster are called outside.
    outside: Val,
    diagnostics: &'d mut Diagnostics,
}

impl HazardWalk<'_, '_> {
    /// Where a value is changed: of a default that the library works out, where what it reads is.
    fn place(&self, old: &Value, new: &Value) -> Span {
        let at = new.changed_at(old);
        let is_library = self.change.now.sources.is_library(at);
        if is_library { self.change.users_or(self.change.decided(Some(old), new), self.entity) } else { at }
    }

    fn value(&mut self, old: &Value, new: &Value, type_: &Type, depth: usize) {
        let Some(depth) = depth.checked_sub(1).filter(|_| !old.same_data(new)) else { return };
        let resolved = type_.resolved();
        let member = resolved.of_value(new).resolved();
        // What the fields of another thing say is told of that.
        if matches!(&resolved.shape, Shape::Record(record) if record.is_definition().is_some()) {
            return;
        }
        let is_record = [resolved, member].iter().any(|type_| matches!(&type_.shape, Shape::Record(_)));
        let markers = [type_, resolved, member].into_iter().find_map(|type_| type_.markers.hazard.as_ref());
        if let Some(hazard) = markers
            && let (Some(before), Some(now)) = (seen(old, Some(type_), None, depth), seen(new, Some(type_), None, depth))
            && let Ok(said) =
                hazard.evaluate(&MarkerScope(vec![("old", before), ("new", now), ("outside", self.outside.clone())]), Target::Now)
        {
            for (at, text) in texts(&said).into_iter().enumerate() {
                let said = errors::hazardous_change(text, self.place(old, new), &self.entity.class_name);
                self.diagnostics.push(said.apart(at.to_string()).about(self.entity.subject()));
            }
        }
        match (&old.data, &new.data) {
            (Data::Map(before), Data::Map(now)) => {
                for entry in now.entries() {
                    if let (Some(other), Some(inner)) = (before.entry(&entry.key), type_.inside(&entry.key)) {
                        self.value(&other.value, &entry.value, inner, depth);
                    }
                }
                // A field that comes or goes changes, too; an item that does is another one.
                if is_record {
                    let come = now.entries().iter().filter(|entry| before.entry(&entry.key).is_none());
                    self.one_sided(come, (type_, new, depth), |nothing, value| (nothing, value));
                    let gone = before.entries().iter().filter(|entry| now.entry(&entry.key).is_none());
                    self.one_sided(gone, (type_, new, depth), |nothing, value| (value, nothing));
                }
            }
            (Data::Map(_), Data::Null) if is_record => {
                let gone = old.as_map().map(Map::entries).unwrap_or_default().iter();
                self.one_sided(gone, (type_, new, depth), |nothing, value| (value, nothing));
            }
            (Data::Null, Data::Map(_)) if is_record => {
                let come = new.as_map().map(Map::entries).unwrap_or_default().iter();
                self.one_sided(come, (type_, new, depth), |nothing, value| (nothing, value));
            }
            (Data::List(before), Data::List(now)) => {
                let Some(item) = type_.items() else { return };
                for (old, new) in aligned(before.items(), now.items(), false, Some(&type_.list_merge())) {
                    let of = |list: &[Value], at: Option<usize>| list.get(at?).cloned();
                    if let (Some(old), Some(new)) = (of(before.items(), old), of(now.items(), new)) {
                        self.value(&old, &new, item, depth);
                    }
                }
            }
            (_, _) => {}
        }
    }

    /// Fields that only one of two values has: the other has nothing there.
    fn one_sided<'v>(
        &mut self,
        entries: impl Iterator<Item = &'v Entry>,
        (type_, around, depth): (&Type, &Value, usize),
        pair: for<'p> fn(&'p Value, &'p Value) -> (&'p Value, &'p Value),
    ) {
        let nothing = Value::new(Data::Null, around.origin);
        for entry in entries {
            if let Some(inner) = type_.inside(&entry.key) {
                let (old, new) = pair(&nothing, &entry.value);
                self.value(old, new, inner, depth);
            }
        }
    }
}

/// The texts that a hazard gives: one, or a list in which null stands where there is nothing to say.
fn texts(said: &Val) -> Vec<&str> {
    if let Val::String(text) = said {
        return vec![text];
    }
    if let Val::List(items) = said { items.iter().flat_map(texts).collect() } else { Vec::new() }
}
