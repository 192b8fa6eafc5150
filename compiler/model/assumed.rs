//! References that nobody has set: where a field asks for things of a class or with a capability, the only one there is meant. Comes in: a
//! value with its type; leaves: the value with what is meant, and what of it cannot be told. What somebody has written is never changed.

use super::seen::Sight;
use super::world::World;
use super::{EntityId, errors};
use crate::definition::Class;
use crate::diagnostic::Diagnostics;
use crate::expression::Fault;
use crate::name::Kind;
use crate::origin::Origin;
use crate::path::{Path, Step};
use crate::schema::{Record, Referent, Shape, Type};
use crate::source::Sources;
use crate::span::Span;
use crate::value::{Data, Entry, List, Map, Value};
use std::sync::Arc;

/// A reference that nobody has written.
pub(crate) struct Assumption<'t> {
    /// The way to its field from the thing.
    pub(crate) field: Path,
    /// What the field asks for.
    pub(crate) referent: &'t Referent,
    /// Whether `null` may be written there.
    pub(crate) may_be_null: bool,
    /// Whether there must be one.
    pub(crate) is_required: bool,
}

/// The reference in a value of a type that was assumed for want of a word, if it is one that stands at this place: where its field is declared.
pub(crate) fn assumption<'t>(value: &Value, type_: &'t Type, span: Span) -> Option<Assumption<'t>> {
    find(value, type_, span, &Path::default())
}

fn find<'t>(value: &Value, type_: &'t Type, span: Span, at: &Path) -> Option<Assumption<'t>> {
    let inside = |step: Step| {
        let mut path = at.clone();
        path.push(step);
        path
    };
    match (&type_.of_value(value).resolved().shape, &value.data) {
        (Shape::List(item), Data::List(list)) => {
            list.items().iter().enumerate().find_map(|(at, value)| find(value, item, span, &inside(Step::Item(at))))
        }
        (Shape::Map(item), Data::Map(map)) => {
            map.entries().iter().find_map(|entry| find(&entry.value, item, span, &inside(Step::Key(Arc::clone(&entry.key)))))
        }
        (Shape::Record(record), Data::Map(map)) => map.entries().iter().find_map(|entry| {
            let field = record.get(&entry.key)?;
            let path = inside(Step::Key(Arc::clone(&entry.key)));
            if let Shape::Ref(referent) = &field.type_.resolved().shape {
                let is_it = field.span == span && entry.value.origin.span == span;
                let is_required = field.type_.resolved().markers.required;
                return is_it.then(|| Assumption { field: path, referent, may_be_null: field.type_.nullable(), is_required });
            }
            find(&entry.value, &field.type_, span, &path)
        }),
        (_, _) => None,
    }
}

impl<'a> World<'a> {
    /// The things that a reference can mean, if they are told by class or capability; so many at most.
    fn candidates(&self, owner: EntityId, referent: &Referent, most: usize) -> Vec<EntityId> {
        if !referent.is_narrow() {
            return Vec::new();
        }
        self.outside.set(true);
        let entity = self.entity(owner);
        // Whoever is at the same place sees the same, so they are looked through once. Applications are seen by those of their tenant.
        let cluster = if entity.kind == Kind::Cluster { Some(owner) } else { entity.cluster };
        let tenant = if entity.kind == Kind::Tenant { Some(owner) } else { entity.tenant };
        let place = (entity.environment, cluster, tenant);
        let mut known = self.suiting.borrow_mut();
        let known = known.entry(place).or_default();
        if !known.contains_key(referent) {
            let every = referent.kinds.iter().flat_map(|kind| self.names().near(owner, *kind));
            let suiting: Vec<EntityId> = every.filter(|id| self.suits(*id, referent)).collect();
            self.allowance.spend(Some(owner), suiting.len());
            known.insert(referent.clone(), suiting);
        }
        let suiting = known.get(referent).map_or(&[][..], Vec::as_slice);
        suiting.iter().copied().filter(|id| *id != owner).take(most).collect()
    }

    /// The thing that a field means if nobody sets it: the one of that class or capability, unless its class says what it is
    /// then.
    ///
    /// # Errors
    /// If there are several: that is told of the thing, and nobody knows what reads the field.
    pub(super) fn assumed(&self, sight: Sight<'a>) -> Result<Option<EntityId>, Fault> {
        let Some(resolved) = sight.type_.map(|type_| type_.resolved()) else { return Ok(None) };
        let Shape::Ref(referent) = &resolved.shape else { return Ok(None) };
        if resolved.markers.default.is_some() {
            return Ok(None);
        }
        match self.candidates(sight.owner, referent, 2).as_slice() {
            [] => Ok(None),
            [only] => {
                self.meets(sight.owner, *only);
                Ok(Some(*only))
            }
            [_, ..] => Err(Fault::Reported),
        }
    }

    /// The value of a thing with the references that are meant where nobody sets them.
    pub(super) fn with_assumed(&self, id: EntityId, value: Value, sources: &Sources, diagnostics: &mut Diagnostics) -> Value {
        match self.class(self.entity(id)).filter(|class| class.refers && class.sound) {
            Some(class) => self.assume((id, class), &value, &self.sight(id), &Path::default(), (sources, diagnostics)).unwrap_or(value),
            None => value,
        }
    }

    /// The same for a value inside; none if nothing is to be added.
    fn assume(
        &self,
        (id, class): (EntityId, &Class),
        value: &Value,
        sight: &Sight<'a>,
        at: &Path,
        (sources, diagnostics): (&Sources, &mut Diagnostics),
    ) -> Option<Value> {
        let inside = |step: Step| {
            let mut path = at.clone();
            path.push(step);
            path
        };
        let type_ = sight.type_?.of_value(value);
        if let (Shape::List(_), Some(items)) = (&type_.resolved().shape, value.as_list()) {
            let mut each = |(at, value): (usize, &Value)| {
                self.assume((id, class), value, &sight.item(at), &inside(Step::Item(at)), (sources, diagnostics))
            };
            let changed: Vec<Option<Value>> = items.iter().enumerate().map(&mut each).collect();
            if changed.iter().all(Option::is_none) {
                return None;
            }
            let items = items.iter().zip(changed).map(|(value, changed)| changed.unwrap_or_else(|| value.clone())).collect();
            return Some(Value { data: Data::List(Arc::new(List::new(items))), ..value.clone() });
        }
        let map = value.as_map()?;
        let record = sight.type_?.record();
        // A whole definition means what it lacks where it is made.
        if record.is_some_and(|record| record.is_definition().is_some()) {
            return None;
        }
        let fields = record.map_or(&[][..], Record::fields);
        let mut entries: Option<Vec<Entry>> = None;
        for (at, entry) in map.entries().iter().enumerate() {
            let path = inside(Step::Key(Arc::clone(&entry.key)));
            if let Some(changed) = self.assume((id, class), &entry.value, &sight.field(&entry.key), &path, (sources, diagnostics)) {
                let entries = entries.get_or_insert_with(|| map.entries().to_vec());
                entries.iter_mut().skip(at).take(1).for_each(|entry| entry.value = changed.clone());
            }
        }
        for field in fields {
            let markers = &field.type_.resolved().markers;
            let Shape::Ref(referent) = &field.type_.resolved().shape else { continue };
            if !referent.is_narrow() || markers.default.is_some() || map.get(&field.name).is_some() || value.removed(&field.name).is_some()
            {
                continue;
            }
            let path = inside(Step::Key(Arc::clone(&field.name)));
            let origin = Origin { span: field.span, layer: class.layer };
            let entity = self.entity(id);
            let meant = match self.candidates(id, referent, usize::MAX).as_slice() {
                [] if !markers.required => continue,
                [] => {
                    diagnostics.push(errors::nothing_to_refer_to(entity, &path, field.span, referent));
                    Value::broken(origin)
                }
                [only] => Value::string(self.address(*only), origin),
                several => {
                    let several: Vec<_> = several.iter().map(|one| (self.entity(*one), self.written(id, *one))).collect();
                    diagnostics.push(errors::ambiguous_reference(
                        entity,
                        &path,
                        (field, referent, sources.is_library(field.span)),
                        &several,
                    ));
                    Value::broken(origin)
                }
            };
            entries.get_or_insert_with(|| map.entries().to_vec()).push(Entry::plain(Arc::clone(&field.name), field.span, meant));
        }
        Some(Value { data: Data::Map(Arc::new(Map::new(entries?))), ..value.clone() })
    }
}
