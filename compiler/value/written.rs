//! Where a value is written that expressions have handed on: as it is, or out of a list or map that loops and functions have gone through.

use super::{Map, Value};

/// How far back it is followed, and how much is looked through at each step.
const STEPS: usize = 24;
const SEARCHED: usize = 2_000;

impl Value {
    /// The value that this one is, as it was written; itself, if no expression has only handed it on.
    #[must_use]
    pub(crate) fn written(&self) -> &Value {
        let mut value = self;
        for _ in 0..STEPS {
            let mut parts = value.made().iter().filter(|cause| !cause.decides).map(|cause| &cause.value);
            let found = match parts.clone().find(|part| part.same_data(value)) {
                Some(same) => Some(same),
                // A text that stands in only one place of what was read is that one.
                None => parts.next().filter(|_| parts.next().is_none()).and_then(|whole| held(whole, value)),
            };
            match found {
                Some(found) => value = found,
                None => break,
            }
        }
        value
    }
}

/// The only value inside another one that has this data, if it is a text or a number.
fn held<'v>(outer: &'v Value, wanted: &Value) -> Option<&'v Value> {
    if wanted.as_map().is_some() || wanted.as_list().is_some() {
        return None;
    }
    let mut waiting = vec![outer];
    let mut found = None;
    let mut at = 0;
    while let Some(here) = waiting.get(at).copied() {
        at += 1;
        if at > SEARCHED {
            return None;
        }
        if here.same_data(wanted) {
            if found.is_some() {
                return None;
            }
            found = Some(here);
        }
        waiting.extend(here.as_map().map(Map::entries).unwrap_or_default().iter().map(|entry| &entry.value));
        waiting.extend(here.as_list().unwrap_or_default());
    }
    found
}
