//! Layers that wait to meet, with the type of what they come to beside them; and items of lists that are known by key. What is wrong with them
//! whatever the expressions in them give is said here, before anything is expanded.

use super::super::gone;
use super::walk::FieldWalk;
use super::{errors, is_complete};
use crate::custom::shape::CustomShape;
use crate::span::Span;
use crate::table::{ItemKey, TableField, TableType};
use crate::value::{Data, Operator, Pending, Value};
use std::collections::BTreeMap;

impl FieldWalk<'_> {
    /// What waits: each layer by itself, as a part of the whole.
    pub(super) fn layers(&mut self, pending: &Pending, type_: &TableType, shape: Option<&CustomShape>, place: Span) {
        let before = (self.is_layer, self.meets);
        let (base, words) = pending.words();
        self.is_layer = true;
        base.into_iter().for_each(|base| self.value(base, type_, shape, place));
        self.meets = true;
        for word in words.into_iter().filter(|word| word.entry.operator != Operator::Remove) {
            self.value(&word.entry.value, type_, shape, word.entry.span);
        }
        (self.is_layer, self.meets) = before;
    }

    /// A list whose items are known by key: no two of one layer may be the same, and what meets others needs its key.
    pub(super) fn keyed(&mut self, value: &Value, field: &TableField) {
        let Some(key) = &field.key else { return };
        let Data::Pending(pending) = &value.data else {
            self.differ(value, key);
            if self.meets {
                self.named(value, key);
            }
            return;
        };
        gone::of_list(pending, key, self.diagnostics);
        let (base, words) = pending.words();
        base.into_iter().for_each(|base| self.differ(base, key));
        for word in words {
            self.differ(&word.entry.value, key);
            if matches!(word.entry.operator, Operator::Merge | Operator::Lock) {
                self.named(&word.entry.value, key);
            }
        }
    }

    fn differ(&mut self, value: &Value, key: &ItemKey) {
        let mut known: BTreeMap<String, &Value> = BTreeMap::new();
        // Of two that have conditions only one may be there.
        let certain =
            |item: &&Value| item.as_map().is_some_and(|map| is_complete(map) && map.get("$if").is_none() && map.get("$for").is_none());
        for item in value.as_list().unwrap_or_default().iter().filter(certain) {
            let Some(name) = key.of_item(item).filter(|name| !name.is_dynamic()) else { continue };
            let words = key.words(item);
            match known.get(&words).filter(|before| key.of_item(before).is_some_and(|before| before.same_data(&name))) {
                Some(before) => {
                    self.diagnostics.push(errors::two_items(self.subject, &self.path, &words, (key.place(before), key.place(item))))
                }
                None => _ = known.insert(words, item),
            }
        }
    }

    fn named(&mut self, value: &Value, key: &ItemKey) {
        for item in value.as_list().unwrap_or_default() {
            let complete = item.as_map().is_some_and(is_complete);
            if let Some(missing) = key.missing(item).filter(|_| complete) {
                self.diagnostics.push(errors::unnamed_item(self.subject, &self.path, missing, item.origin.span));
            }
        }
    }
}
