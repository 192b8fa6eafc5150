//! What the default of a field inside of a list or map reads of its surroundings: the `item` that it stands in, and the `key` of that. In comes the way to
//! a value, step by step; out come the names that its expression sees. It binds nothing in what users write: they say where they mean.

use super::EntityId;
use super::seen::Sight;
use super::world::World;
use crate::definition::root::Within;
use crate::expression::{Fault, Template, Val};
use crate::schema::{Shape, Type, ValueForm};
use crate::value::{Data, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The innermost item or value of a map that a value stands in.
#[derive(Clone)]
pub(super) enum Around<'a> {
    /// Nobody asks.
    Unasked,
    /// It stands in none.
    Nothing,
    /// It stands in this one.
    Item(Arc<ItemAround<'a>>),
}

/// An item of a list, or a value of a map.
pub(super) struct ItemAround<'a> {
    value: Value,
    type_: Option<&'a Type>,
    key: Option<Arc<str>>,
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
        if is_item { inner.around_itself(value, Some(Arc::clone(key))) } else { inner.standing(self.around.clone()) }
    }

    /// The same for an item of a list. The key stays that of the map around the list.
    pub(super) fn entering_item(&self, at: usize, value: &Value) -> Self {
        let inner = self.item(at);
        match &self.around {
            Around::Unasked => inner,
            Around::Nothing => inner.around_itself(value, None),
            Around::Item(around) => inner.around_itself(value, around.key.clone()),
        }
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
                let key = around.key.clone();
                self.around_itself(made, key)
            }
            Around::Item(_) | Around::Nothing | Around::Unasked => self,
        }
    }

    fn around_itself(self, value: &Value, key: Option<Arc<str>>) -> Self {
        let around = ItemAround { value: value.clone(), type_: self.type_, key };
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
        ((layer == own || self.is_layer_of_use(layer)) && matches!(around.value.data, Data::Map(_))).then(|| Arc::clone(around))
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

    /// The names that a default sees of what is around it.
    pub(super) fn names_around(
        &self,
        owner: EntityId,
        within: Within,
        around: &Arc<ItemAround<'a>>,
    ) -> Result<Vec<(Arc<str>, Val)>, Fault> {
        let sight = Sight::of(owner, within).typed(around.type_).standing(Around::Item(Arc::clone(around)));
        let item = self.see(sight, &around.value)?;
        let key = around.key.iter().map(|key| ("key".into(), Val::String(Arc::clone(key))));
        Ok(std::iter::once(("item".into(), item)).chain(key).collect())
    }
}
