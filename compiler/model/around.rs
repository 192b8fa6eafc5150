//! What the default of a field reads of its surroundings: inside of a list or map the `item` that it stands in, and the `key` of that; of a fragment's
//! field `self`, the record with those fields. In comes the way to a value, step by step; out come the names that its expression sees. It
//! binds nothing in what users write: they say where they mean.

use super::EntityId;
use super::seen::Sight;
use super::sight::NodePlace;
use super::world::World;
use crate::definition::root::Within;
use crate::expression::{Fault, Template, Val};
use crate::schema::{Record, Shape, Type, ValueForm};
use crate::span::Span;
use crate::value::{Data, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The innermost item, value of a map, or record that a value stands in.
#[derive(Clone)]
pub(super) enum Around<'a> {
    /// Nobody asks.
    Unasked,
    /// It stands in none.
    Nothing,
    /// It stands in this one.
    Item(Arc<ItemAround<'a>>),
}

/// An item of a list, a value of a map, or a record in another one.
#[derive(Clone)]
pub(super) struct ItemAround<'a> {
    value: Value,
    type_: Option<&'a Type>,
    key: Option<Arc<str>>,
    /// Whether it is the value of a field.
    is_field: bool,
    /// What itself stands in.
    outer: Option<Arc<ItemAround<'a>>>,
}

impl<'a> ItemAround<'a> {
    /// It and all that it stands in, innermost first.
    fn all(self: &Arc<Self>) -> impl Iterator<Item = &Arc<Self>> {
        std::iter::successors(Some(self), |around| around.outer.as_ref())
    }

    /// The item of a list or value of a map.
    fn item(self: &Arc<Self>) -> Option<&Arc<Self>> {
        self.all().find(|around| !around.is_field)
    }

    /// Its fields.
    fn record(&self) -> Option<&'a Record> {
        self.type_?.as_form(ValueForm::Map).record()
    }
}

/// Numbers for expressions in items, and the items, so that no other one comes to stand in their place in memory.
#[derive(Default)]
pub(super) struct ItemPlaces<'a>(BTreeMap<PlaceAround, (usize, Arc<ItemAround<'a>>)>);

/// Where an expression and the item around it stand in memory, and the key of that.
type PlaceAround = (usize, usize, Option<Arc<str>>);

impl<'a> Sight<'a> {
    /// For the value of a key in a map, which may be what stands around others.
    pub(super) fn entering_field(&self, key: &Arc<str>, value: &Value) -> Self {
        let inner = self.field(key);
        if matches!(self.around, Around::Unasked) {
            return inner;
        }
        let is_item = self.type_.is_some_and(|type_| matches!(type_.as_form(ValueForm::Map).resolved().shape, Shape::Map(_)));
        let is_record = inner.type_.is_some_and(|type_| type_.as_form(ValueForm::Map).record().is_some());
        let inner = inner.standing(self.around.clone());
        match (is_item, &self.around) {
            (true, _) => inner.around_itself(value, Some(Arc::clone(key)), false),
            (false, Around::Item(around)) if is_record => inner.around_itself(value, around.key.clone(), true),
            (false, _) if is_record => inner.around_itself(value, None, true),
            (false, _) => inner,
        }
    }

    /// The same for an item of a list. The key stays that of the map around the list.
    pub(super) fn entering_item(&self, at: usize, value: &Value) -> Self {
        let inner = self.item(at);
        let key = match &self.around {
            Around::Unasked => return inner,
            Around::Nothing => None,
            Around::Item(around) => around.key.clone(),
        };
        inner.standing(self.around.clone()).around_itself(value, key, false)
    }

    /// The same where what is written at a place has come to a value, which is what stands around its own defaults if the place is an item.
    pub(super) fn becoming(self, written: &Value, made: &Value) -> Self {
        let is_itself = |around: &ItemAround<'_>| match (&around.value.data, &written.data) {
            (Data::Template(item), Data::Template(written)) => Arc::ptr_eq(item, written),
            (Data::Pending(item), Data::Pending(written)) => Arc::ptr_eq(item, written),
            _ => false,
        };
        match &self.around {
            Around::Item(around) if is_itself(around) => {
                let made = ItemAround { value: made.clone(), type_: self.type_, ..ItemAround::clone(around) };
                self.standing(Around::Item(Arc::new(made)))
            }
            Around::Item(_) | Around::Nothing | Around::Unasked => self,
        }
    }

    fn around_itself(self, value: &Value, key: Option<Arc<str>>, is_field: bool) -> Self {
        let outer = if let Around::Item(around) = &self.around { Some(Arc::clone(around)) } else { None };
        let around = ItemAround { value: value.clone(), type_: self.type_, key, is_field, outer };
        self.standing(Around::Item(Arc::new(around)))
    }
}

impl<'a> World<'a> {
    /// What is written at a place as expressions see it, now that it has come to a value; `elsewhere` is how that is seen where it comes from.
    pub(super) fn see_made(&self, sight: Sight<'a>, elsewhere: Option<Sight<'a>>, written: &Value, made: &Value) -> Result<Val, Fault> {
        let sight = if let Data::Pending(_) = written.data { sight } else { sight.or(elsewhere) };
        self.see(sight.becoming(written, made), made)
    }

    /// What stands around a default that is being worked out; nothing around what a user wrote.
    pub(super) fn item_around(&self, sight: &Sight<'a>, value: &Value) -> Option<Arc<ItemAround<'a>>> {
        let Around::Item(around) = &sight.around else { return None };
        let (layer, own) = (value.origin.layer, self.class(self.entity(sight.owner))?.layer);
        let map = || around.all().find(|around| matches!(around.value.data, Data::Map(_)));
        map().filter(|_| layer == own || self.is_layer_of_use(layer)).map(Arc::clone)
    }

    /// By what the work of an expression is known: where it stands in memory, or, in an item, a number that no address is.
    pub(super) fn work_address(&self, template: &Arc<Template>, around: Option<&Arc<ItemAround<'a>>>) -> usize {
        let at = Arc::as_ptr(template) as usize;
        let Some(around) = around else { return at };
        let Data::Map(map) = &around.value.data else { return at };
        let mut known = self.items_around.borrow_mut();
        // Addresses are even.
        let next = known.0.len() * 2 + 1;
        known.0.entry((at, Arc::as_ptr(map) as usize, around.key.clone())).or_insert_with(|| (next, Arc::clone(around))).0
    }

    /// The names that a default sees of what is around it; `default` is where it is written.
    pub(super) fn names_around(
        &self,
        (owner, within): (EntityId, Within),
        around: &Arc<ItemAround<'a>>,
        default: Span,
    ) -> Result<Vec<(Arc<str>, Val)>, Fault> {
        let see = |around: &Arc<ItemAround<'a>>| {
            self.see(Sight::of(owner, within).typed(around.type_).standing(Around::Item(Arc::clone(around))), &around.value)
        };
        let mut names = Vec::new();
        if let Some(item) = around.item() {
            names.push(("item".into(), see(item)?));
            names.extend(item.key.iter().map(|key| ("key".into(), Val::String(Arc::clone(key)))));
        }
        let class = self.class(self.entity(owner));
        let is_meant = |record| self.definitions.means_record(class, record, default);
        if let Some(record) = around.all().find(|around| around.record().is_some_and(is_meant)) {
            names.push(("self".into(), see(record)?));
            names.push(("entity".into(), self.node(NodePlace::Entity(owner))));
        }
        Ok(names)
    }
}
