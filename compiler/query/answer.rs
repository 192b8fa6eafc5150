//! How much an answer may be. The values of a model share their parts, and things share what they inherit; printed, each stands for itself,
//! so a small project can have a huge answer. Comes in: what is about to be printed. Leaves: whether there is room for it. Nothing is made.

use super::path::DeadEnd;
use crate::limit::{ANSWER_BYTES, ANSWER_BYTES_THING};
use crate::value::{Data, Value};

/// The room that is left.
pub(super) struct Room(usize);

/// What a value takes beside its text.
const NODE: usize = 32;

impl Room {
    /// The room of an answer about so many things.
    pub(super) fn of(things: usize) -> Self {
        Self(ANSWER_BYTES.saturating_add(things.saturating_mul(ANSWER_BYTES_THING)))
    }

    /// Adds the room for one thing more.
    pub(super) fn more(&mut self) {
        self.0 = self.0.saturating_add(ANSWER_BYTES_THING);
    }

    /// Takes a text off; false if there is no room for it.
    pub(super) fn text(&mut self, bytes: usize) -> bool {
        let left = self.0.checked_sub(bytes.saturating_add(NODE));
        self.0 = left.unwrap_or(0);
        left.is_some()
    }

    /// Takes a value off, as it is printed.
    pub(super) fn value(&mut self, value: &Value) -> bool {
        match &value.data {
            Data::String(text) => self.text(text.len()),
            Data::List(list) => self.text(0) && list.items().iter().all(|item| self.value(item)),
            Data::Map(map) => self.text(0) && map.entries().iter().all(|entry| self.text(entry.key.len()) && self.value(&entry.value)),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => self.text(0),
        }
    }

    /// Takes JSON off.
    pub(super) fn json(&mut self, json: &serde_json::Value) -> bool {
        match json {
            serde_json::Value::String(text) => self.text(text.len()),
            serde_json::Value::Array(items) => self.text(0) && items.iter().all(|item| self.json(item)),
            serde_json::Value::Object(map) => self.text(0) && map.iter().all(|(key, value)| self.text(key.len()) && self.json(value)),
            serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => self.text(0),
        }
    }
}

/// Why there is no answer, and how to ask for less.
pub(super) fn too_large(what: &str, hint: &str) -> DeadEnd {
    DeadEnd { at: None, message: format!("{what} would take more than {} MiB", ANSWER_BYTES >> 20), hint: Some(hint.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_bounded() {
        let most = ANSWER_BYTES - NODE;
        assert_eq!((Room::of(0).text(most), Room::of(0).text(most + 1)), (true, false));
        assert_eq!((Room::of(2).text(most + 2 * ANSWER_BYTES_THING), Room::of(2).text(most + 1 + 2 * ANSWER_BYTES_THING)), (true, false));
        let mut room = Room::of(0);
        assert!(room.json(&serde_json::json!({ "a": ["b", 1] })));
        assert_eq!(ANSWER_BYTES - room.0, 5 * NODE + 2);
    }
}
