//! By what the items of a list are told apart: the fields that together name one. In comes an item, out goes its name as a value; how lists
//! meet is not decided here.

use crate::span::Span;
use crate::value::{Data, Value};
use std::sync::Arc;

/// The fields that name an item of a list, in order, with what each is where it is left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ItemKey {
    fields: Arc<[KeyField]>,
}

/// A field, and what it is where it is left out.
type KeyField = (Arc<str>, Option<Arc<str>>);

impl ItemKey {
    /// The key of one field that every item has.
    #[must_use]
    pub fn of(field: &Arc<str>) -> Self {
        Self { fields: [(Arc::clone(field), None)].into() }
    }

    /// Reads what a table says: `containerPort,protocol=TCP`.
    #[must_use]
    pub(crate) fn read(text: &str) -> Self {
        let field = |field: &str| match field.split_once('=') {
            Some((name, default)) => (name.into(), Some(default.into())),
            None => (field.into(), None),
        };
        Self { fields: text.split(',').map(field).collect() }
    }

    /// The names of the fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| &**name)
    }

    /// Whether a field is one of those that name an item.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.names().any(|name| name == field)
    }

    /// What names an item; none if it lacks one of the fields.
    #[must_use]
    pub fn of_item(&self, item: &Value) -> Option<Value> {
        if let [(name, None)] = &*self.fields {
            return item.get(name).cloned();
        }
        let map = item.as_map()?;
        let part = |(name, default): &KeyField| match (map.get(name), default) {
            (Some(value), _) if !matches!(value.data, Data::Null) => Some(value.clone()),
            (Some(_) | None, default) => default.as_ref().map(|text| Value::string(Arc::clone(text), item.origin)),
        };
        Some(Value::list(self.fields.iter().map(part).collect::<Option<_>>()?, item.origin))
    }

    /// What the item is called whose first field alone is written: `8080` for a port of the usual protocol.
    #[must_use]
    pub fn of_first(&self, first: &Value) -> Option<Value> {
        let rest =
            self.fields.iter().skip(1).map(|(_, default)| default.as_ref().map(|text| Value::string(Arc::clone(text), first.origin)));
        let parts: Vec<Value> = std::iter::once(Some(first.clone())).chain(rest).collect::<Option<_>>()?;
        Some(if self.fields.len() == 1 { first.clone() } else { Value::list(parts, first.origin) })
    }

    /// The first field that an item lacks, though nothing stands in for it.
    #[must_use]
    pub fn missing(&self, item: &Value) -> Option<&str> {
        let lacks = |(name, default): &&KeyField| default.is_none() && item.get(name).is_none();
        self.fields.iter().find(lacks).map(|(name, _)| &**name)
    }

    /// Where an item says its name.
    #[must_use]
    pub fn place(&self, item: &Value) -> Span {
        self.names().find_map(|name| item.get(name)).map_or(item.origin.span, |value| value.origin.span)
    }

    /// The name of an item in a message: `web`, `8080/TCP`.
    #[must_use]
    pub fn words(&self, item: &Value) -> String {
        let word = |value: &Value| match &value.data {
            Data::String(text) => text.to_string(),
            Data::Int(int) => int.to_string(),
            Data::Float(float) => float.to_string(),
            Data::Bool(bool) => bool.to_string(),
            Data::Null | Data::List(_) | Data::Map(_) | Data::Template(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => {
                value.describe().to_owned()
            }
        };
        match self.of_item(item) {
            Some(name) => name.as_list().map_or_else(|| word(&name), |parts| parts.iter().map(word).collect::<Vec<_>>().join("/")),
            None => "an item".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origin::{LayerId, Origin};
    use crate::span::FileId;
    use crate::value::Entry;

    fn item(fields: &[(&str, Data)]) -> Value {
        let origin = Origin { span: Span::new(FileId(0), 0, 0), layer: LayerId::COMPUTED };
        let entries = fields.iter().map(|(key, data)| Entry::plain(*key, origin.span, Value::new(data.clone(), origin)));
        Value::map(entries.collect(), origin)
    }

    #[test]
    fn items_are_named_by_their_fields() {
        let port = ItemKey::read("containerPort,protocol=TCP");
        let text = |text: &str| Data::String(text.into());
        for (fields, words) in [
            (&[("containerPort", Data::Int(80))][..], "80/TCP"),
            (&[("containerPort", Data::Int(80)), ("protocol", Data::Null)], "80/TCP"),
            (&[("protocol", text("UDP")), ("containerPort", Data::Int(53))], "53/UDP"),
            (&[("protocol", text("UDP"))], "an item"),
            (&[], "an item"),
        ] {
            assert_eq!(port.words(&item(fields)), words);
        }
        assert_eq!(port.missing(&item(&[("name", text("a"))])), Some("containerPort"));
        assert_eq!(port.missing(&item(&[("containerPort", Data::Int(1))])), None);
        let first = Value::new(Data::Int(80), item(&[]).origin);
        let whole = port.of_item(&item(&[("containerPort", Data::Int(80))]));
        assert!(port.of_first(&first).zip(whole).is_some_and(|(first, whole)| first.same_data(&whole)));
        let name = ItemKey::of(&"name".into());
        assert_eq!(name.words(&item(&[("name", text("web"))])), "web");
        assert!(name.of_first(&first).is_some_and(|name| name.same_data(&first)));
    }
}
