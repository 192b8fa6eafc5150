//! Which items of two lists are the same item: by their keys where the schema says that they have some, as members of a set, else in the order that
//! needs the fewest changes.

use super::ListMerge;
use crate::table::ItemKey;
use crate::value::Value;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Lists of more items are compared place by place.
const LONGEST: usize = 1000;

/// Items of the first and of the second list that belong together, by position; a side is none where the other list has no such item.
pub(crate) type ItemPair = (Option<usize>, Option<usize>);

/// Pairs the items of two lists. `in_order` keeps those together that stand at the same place.
#[must_use]
pub(crate) fn aligned(first: &[Value], second: &[Value], in_order: bool, merge: Option<&ListMerge>) -> Vec<ItemPair> {
    if in_order || first.len().max(second.len()) > LONGEST {
        return places(0, first.len(), 0, second.len()).collect();
    }
    let by_name = match merge {
        Some(ListMerge::Keyed(key)) => named(first, second, &ItemKey::of(key)),
        Some(ListMerge::Set) => Some(members(first, second)),
        Some(ListMerge::Atomic) | None => None,
    };
    by_name.unwrap_or_else(|| ordered(first, second))
}

/// Items at the same places of two ranges.
fn places(first: usize, len: usize, second: usize, other: usize) -> impl Iterator<Item = ItemPair> {
    let at = move |start: usize, len: usize, at: usize| (at < len).then(|| start + at);
    (0..len.max(other)).map(move |index| (at(first, len, index), at(second, other, index)))
}

/// Items of one name; none if one has no name, or shares it.
fn named(first: &[Value], second: &[Value], key: &ItemKey) -> Option<Vec<ItemPair>> {
    let names = |list: &[Value]| -> Option<Vec<Value>> {
        let names: Vec<Value> = list.iter().map(|item| key.of_item(item)).collect::<Option<_>>()?;
        let is_alone = |(at, name): (usize, &Value)| names.iter().skip(at + 1).all(|other| !other.same_data(name));
        names.iter().enumerate().all(is_alone).then_some(names)
    };
    let (one, other) = (names(first)?, names(second)?);
    let find = |list: &[Value], name: &Value| list.iter().position(|known| known.same_data(name));
    let of_first = one.iter().enumerate().map(|(at, name)| (Some(at), find(&other, name)));
    let only_second = other.iter().enumerate().filter(|(_, name)| find(&one, name).is_none()).map(|(at, _)| (None, Some(at)));
    Some(of_first.chain(only_second).collect())
}

/// Items that are the same; the order of a set tells nothing.
fn members(first: &[Value], second: &[Value]) -> Vec<ItemPair> {
    let mut free: Vec<usize> = (0..second.len()).collect();
    let mut pairs: Vec<ItemPair> = Vec::new();
    let mut alone = Vec::new();
    for (at, item) in first.iter().enumerate() {
        let same = free.iter().position(|other| second.get(*other).is_some_and(|other| item.same_data(other)));
        match same {
            Some(found) => pairs.push((Some(at), Some(free.remove(found)))),
            None => alone.push(at),
        }
    }
    // What has no equal may still come from one place.
    let width = alone.len().max(free.len());
    pairs.extend((0..width).map(|index| (alone.get(index).copied(), free.get(index).copied())));
    pairs
}

/// Items in the order that needs the fewest changes.
fn ordered(first: &[Value], second: &[Value]) -> Vec<ItemPair> {
    let mut known: Vec<&Value> = Vec::new();
    let mut number = |item| match known.iter().position(|other: &&Value| other.same_data(item)) {
        Some(at) => at,
        None => {
            known.push(item);
            known.len() - 1
        }
    };
    let one: Vec<usize> = first.iter().map(&mut number).collect();
    let other: Vec<usize> = second.iter().map(&mut number).collect();
    let mut pairs = Vec::new();
    for change in capture_diff_slices(Algorithm::Myers, &one, &other) {
        match change {
            DiffOp::Equal { old_index, new_index, len } => pairs.extend(places(old_index, len, new_index, len)),
            DiffOp::Delete { old_index, old_len, new_index } => pairs.extend(places(old_index, old_len, new_index, 0)),
            DiffOp::Insert { old_index, new_index, new_len } => pairs.extend(places(old_index, 0, new_index, new_len)),
            DiffOp::Replace { old_index, old_len, new_index, new_len } => pairs.extend(places(old_index, old_len, new_index, new_len)),
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origin::{LayerId, Origin};
    use crate::span::{FileId, Span};

    fn list(texts: &str) -> Vec<Value> {
        let origin = Origin { span: Span::new(FileId(0), 0, 0), layer: LayerId::COMPUTED };
        texts.chars().map(|text| Value::string(text.to_string(), origin)).collect()
    }

    fn check(first: &str, second: &str, merge: Option<&ListMerge>, expected: &str) {
        let (one, other) = (list(first), list(second));
        let letter = |list: &[Value], at: Option<usize>| at.and_then(|at| list.get(at)?.as_str()).unwrap_or("-").to_owned();
        let found: Vec<String> =
            aligned(&one, &other, false, merge).into_iter().map(|(a, b)| letter(&one, a) + &letter(&other, b)).collect();
        assert_eq!(found.join(" "), expected, "{first} {second}");
    }

    #[test]
    fn items_meet_their_equals() {
        check("abc", "abc", None, "aa bb cc");
        check("abc", "xabc", None, "-x aa bb cc");
        check("abc", "ac", None, "aa b- cc");
        check("abc", "axc", None, "aa bx cc");
        check("", "ab", None, "-a -b");
        check("ab", "ba", Some(&ListMerge::Set), "aa bb");
        check("abx", "yba", Some(&ListMerge::Set), "aa bb xy");
    }
}
