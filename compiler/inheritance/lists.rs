//! How lists meet: what is appended, and what a schema says about items. In come the weaker list and the stronger layer's word, out goes the list that
//! comes of it. It never takes anything away.

use super::errors;
use super::merge::{Meeting, merge, settled};
use super::places::ValuePlaces;
use crate::path::Step;
use crate::schema::{ListMerge, Type};
use crate::table::ItemKey;
use crate::value::{Data, Entry, Operator, Value};

/// How a list meets another.
pub(super) enum ListsMeet {
    /// It takes its place.
    Replaced,
    /// It adds what is not there.
    Set,
    /// Items of one key meet.
    Keyed(ItemKey),
    /// The same where the key is a guess, which items without it refute.
    Guessed(ItemKey),
}

impl Meeting<'_> {
    /// How lists meet here.
    pub(super) fn lists(&self, type_: Option<&Type>) -> ListsMeet {
        match type_.map(Type::list_merge) {
            Some(ListMerge::Atomic) => ListsMeet::Replaced,
            Some(ListMerge::Set) => ListsMeet::Set,
            Some(ListMerge::Keyed(key)) => ListsMeet::Keyed(ItemKey::of(&key)),
            None => match self.object.zip(self.path.steps().get(2..)).and_then(|(object, steps)| object.key(steps)) {
                Some((key, true)) => ListsMeet::Keyed(key),
                Some((key, false)) => ListsMeet::Guessed(key),
                None => ListsMeet::Replaced,
            },
        }
    }
}

/// `key+`: appends to a list, merges a map.
pub(super) fn appended(base: Option<&Value>, entry: &Entry, type_: Option<&Type>, meeting: &mut Meeting<'_>) -> Option<Value> {
    let path = meeting.path.clone();
    match (base.map(|base| &base.data), &entry.value.data) {
        (Some(Data::Broken), _) | (_, Data::Broken) => None,
        (None | Some(Data::Null), Data::List(_) | Data::Map(_)) => Some(settled(&entry.value, type_, meeting)),
        (Some(Data::Map(_)), Data::Map(_)) => Some(merge(base, &entry.value, Operator::Merge, type_, meeting)),
        (Some(Data::List(weaker)), Data::List(_)) => {
            if let (None, ListsMeet::Keyed(key) | ListsMeet::Guessed(key)) = (type_, meeting.lists(type_)) {
                let mut places = ValuePlaces::default();
                let named = |item: &Value| key.of_item(item);
                weaker.items().iter().enumerate().for_each(|(at, item)| named(item).iter().for_each(|name| places.add(name, at)));
                for item in entry.value.as_list().unwrap_or_default() {
                    let have = named(item).and_then(|name| weaker.items().get(*places.of(&name).first()?));
                    if let Some(have) = have {
                        meeting.report(errors::already_there(&path, &key, have, item));
                        return None;
                    }
                }
            }
            let layer = settled(&entry.value, type_, meeting);
            let items = weaker.items().iter().chain(layer.as_list().unwrap_or_default()).cloned().collect();
            Some(Value::list(items, entry.value.origin).over(base.cloned()))
        }
        (Some(Data::List(_) | Data::Map(_)), _) | (None, _) => {
            let wanted = if matches!(base.map(|base| &base.data), Some(Data::Map(_))) { "a map" } else { "a list" };
            meeting.report(errors::wrong_operand(&path, '+', wanted, &entry.value));
            None
        }
        (
            Some(
                Data::Null
                | Data::Bool(_)
                | Data::Int(_)
                | Data::Float(_)
                | Data::String(_)
                | Data::Template(_)
                | Data::Pending(_)
                | Data::Late(_),
            ),
            _,
        ) => {
            if let Some(base) = base {
                meeting.report(errors::wrong_base(&path, '+', base, entry));
            }
            None
        }
    }
}

/// A list meets a list: it replaces it, unless its items are known by key or the schema says that it is a set.
pub(super) fn lists(base: &Value, layer: &Value, type_: Option<&Type>, meeting: &mut Meeting<'_>) -> Value {
    let mut items = base.as_list().unwrap_or_default().to_vec();
    match meeting.lists(type_) {
        ListsMeet::Replaced => return settled(layer, type_, meeting),
        ListsMeet::Guessed(key) if items.iter().chain(layer.as_list().unwrap_or_default()).any(|item| key.of_item(item).is_none()) => {
            return settled(layer, type_, meeting);
        }
        ListsMeet::Set => {
            let mut places = ValuePlaces::default();
            items.iter().enumerate().for_each(|(at, item)| places.add(item, at));
            for item in settled(layer, type_, meeting).as_list().unwrap_or_default() {
                if places.of(item).is_empty() {
                    places.add(item, items.len());
                    items.push(item.clone());
                }
            }
        }
        ListsMeet::Keyed(key) | ListsMeet::Guessed(key) => {
            let item_type = type_.and_then(Type::items).map(AsRef::as_ref);
            let mut places = ValuePlaces::default();
            items.iter().enumerate().for_each(|(at, item)| key.of_item(item).iter().for_each(|name| places.add(name, at)));
            // The unsettled items are merged, so that operators inside an item meet the inherited item.
            for item in layer.as_list().unwrap_or_default() {
                let name = key.of_item(item);
                let slot = name.as_ref().and_then(|name| places.of(name).first()).and_then(|at| items.get_mut(*at));
                match slot {
                    Some(have) => {
                        let step = Step::Key(key.words(item).into());
                        *have = meeting.inside(step, |meeting| merge(Some(have), item, Operator::Merge, item_type, meeting));
                    }
                    None => {
                        if name.is_none() && type_.is_none() && !item.is_broken() {
                            meeting.report(errors::unnamed_item(&meeting.path, &key, item));
                            continue;
                        }
                        let item = meeting.inside(Step::Item(items.len()), |meeting| settled(item, item_type, meeting));
                        name.iter().for_each(|name| places.add(name, items.len()));
                        items.push(item);
                    }
                }
            }
        }
    }
    Value::list(items, layer.origin)
}
