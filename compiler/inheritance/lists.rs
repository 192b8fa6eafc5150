//! How lists meet: what is appended, and what a schema says about items. In come the weaker list and the stronger layer's word, out goes the list that
//! comes of it. It never takes anything away.

use super::errors;
use super::merge::{Meeting, merge, settled};
use super::places::ValuePlaces;
use crate::path::Step;
use crate::schema::{ListMerge, Type};
use crate::value::{Data, Entry, Operator, Value};
use std::sync::Arc;

/// `key+`: appends to a list, merges a map.
pub(super) fn appended(base: Option<&Value>, entry: &Entry, type_: Option<&Type>, meeting: &mut Meeting<'_>) -> Option<Value> {
    let path = meeting.path.clone();
    match (base.map(|base| &base.data), &entry.value.data) {
        (Some(Data::Broken), _) | (_, Data::Broken) => None,
        (None | Some(Data::Null), Data::List(_) | Data::Map(_)) => Some(settled(&entry.value, type_, meeting)),
        (Some(Data::Map(_)), Data::Map(_)) => Some(merge(base, &entry.value, Operator::Merge, type_, meeting)),
        (Some(Data::List(weaker)), Data::List(_)) => {
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

/// A list meets a list: it replaces it, unless the schema says set or map.
pub(super) fn lists(base: &Value, layer: &Value, type_: Option<&Type>, meeting: &mut Meeting<'_>) -> Value {
    let mut items = base.as_list().unwrap_or_default().to_vec();
    match type_.map(Type::list_merge).unwrap_or_default() {
        ListMerge::Atomic => return settled(layer, type_, meeting),
        ListMerge::Set => {
            let mut places = ValuePlaces::default();
            items.iter().enumerate().for_each(|(at, item)| places.add(item, at));
            for item in settled(layer, type_, meeting).as_list().unwrap_or_default() {
                if places.of(item).is_empty() {
                    places.add(item, items.len());
                    items.push(item.clone());
                }
            }
        }
        ListMerge::Keyed(key) => {
            let item_type = type_.and_then(Type::items).map(AsRef::as_ref);
            let mut places = ValuePlaces::default();
            items.iter().enumerate().for_each(|(at, item)| item.get(&key).into_iter().for_each(|value| places.add(value, at)));
            // The unsettled items are merged, so that operators inside an item meet the inherited item.
            for item in layer.as_list().unwrap_or_default() {
                let slot = item.get(&key).and_then(|wanted| places.of(wanted).first()).and_then(|at| items.get_mut(*at));
                match slot {
                    Some(have) => {
                        let name: Arc<str> = item.get(&key).and_then(Value::as_str).unwrap_or("item").into();
                        *have = meeting.inside(Step::Key(name), |meeting| merge(Some(have), item, Operator::Merge, item_type, meeting));
                    }
                    None => {
                        let item = meeting.inside(Step::Item(items.len()), |meeting| settled(item, item_type, meeting));
                        item.get(&key).into_iter().for_each(|value| places.add(value, items.len()));
                        items.push(item);
                    }
                }
            }
        }
    }
    Value::list(items, layer.origin)
}
