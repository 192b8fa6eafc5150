//! Where values stand in a list, found by what they hold: lists meet in time that grows with their length, not with its square.

use crate::value::{Data, Value};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Positions of values, in the order they were added.
#[derive(Default)]
pub(super) struct ValuePlaces {
    buckets: BTreeMap<u64, Vec<(Value, Vec<usize>)>>,
}

impl ValuePlaces {
    /// Notes that a value stands at a position.
    pub(super) fn add(&mut self, value: &Value, at: usize) {
        let bucket = self.buckets.entry(digest(value)).or_default();
        match bucket.iter_mut().find(|(have, _)| have.same_data(value)) {
            Some((_, positions)) => positions.push(at),
            None => bucket.push((value.clone(), vec![at])),
        }
    }

    /// All positions of a value.
    pub(super) fn of(&self, value: &Value) -> &[usize] {
        let bucket = self.buckets.get(&digest(value)).map_or(&[][..], Vec::as_slice);
        bucket.iter().find(|(have, _)| have.same_data(value)).map_or(&[], |(_, positions)| positions)
    }
}

/// A number that is the same for equal values, in which the order of keys does not count.
fn digest(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    std::mem::discriminant(&value.data).hash(&mut hasher);
    match &value.data {
        // Expressions and late values are rare in lists that merge; they share a bucket.
        Data::Null | Data::Template(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => {}
        Data::Bool(bool) => bool.hash(&mut hasher),
        Data::Int(int) => int.hash(&mut hasher),
        Data::Float(float) => float.to_bits().hash(&mut hasher),
        Data::String(text) => text.hash(&mut hasher),
        Data::List(list) => list.items().iter().for_each(|item| digest(item).hash(&mut hasher)),
        Data::Map(map) => {
            let entry = |entry: &crate::value::Entry| {
                let mut hasher = DefaultHasher::new();
                entry.key.hash(&mut hasher);
                digest(&entry.value).hash(&mut hasher);
                hasher.finish()
            };
            map.entries().iter().map(entry).fold(0u64, u64::wrapping_add).hash(&mut hasher);
        }
    }
    hasher.finish()
}
