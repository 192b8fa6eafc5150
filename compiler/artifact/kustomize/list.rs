//! Which items of two lists belong together. Comes in: the old and the new items; leaves: steps from left to right. By merge key where
//! the items have one, else by longest common subsequence. It never looks at how an item changed.

use super::patch::size;
use crate::print::{Form, Tree};
use rustc_hash::FxHasher;
use similar::{Algorithm, DiffOp};
use std::hash::{Hash, Hasher};

/// How to get from the old list to the new one.
#[derive(Debug)]
pub(super) struct Aligned {
    /// From left to right; old items and new items are each passed in order.
    pub(super) steps: Vec<ListStep>,
    /// The fields that identify an item; none if the items are compared as a whole.
    pub(super) key: &'static [&'static str],
}

/// One step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ListStep {
    /// The old item stays, though it may change, and becomes the new one.
    Keep(usize, usize),
    /// The old item goes.
    Remove(usize),
    /// The new item comes.
    Insert(usize),
}

/// Fields by which Kubernetes and its neighbours tell list items apart, the first that fits deciding. A wrong guess costs lines, never
/// correctness. `mountPath` stands before `name`, which in mounts is that of the volume; `name` before ports, so that a
/// renumbered port stays the port it was.
const KEYS: &[&[&str]] = &[
    &["mountPath"],
    &["devicePath"],
    &["name"],
    &["containerPort", "protocol"],
    &["port", "protocol"],
    &["topologyKey", "whenUnsatisfiable"],
    &["ip"],
    &["uid"],
    &["key"],
    &["secretName"],
    &["host"],
    &["path"],
    &["id"],
];

/// Above this product of differing lengths, lists are not compared item by item any more.
const LIMIT: usize = 4_000_000;

/// The steps from `from` to `to`.
pub(super) fn align(from: &[Tree], to: &[Tree]) -> Aligned {
    for key in KEYS {
        if let (Some(old), Some(new)) = (keyed(from, key), keyed(to, key)) {
            return Aligned { steps: steps(&old, &new, false), key };
        }
    }
    let whole = |items: &[Tree]| items.iter().map(|item| digest(&[item])).collect::<Vec<_>>();
    Aligned { steps: steps(&whole(from), &whole(to), true), key: &[] }
}

/// The digest of each item's key, if all items have it, as scalars, and no two the same. The first field must be there, the others
/// have defaults in Kubernetes.
fn keyed(items: &[Tree], key: &[&str]) -> Option<Vec<u64>> {
    let mut digests = Vec::with_capacity(items.len());
    for item in items {
        item.get(key.first()?)?;
        let fields: Vec<&Tree> = key.iter().filter_map(|field| item.get(field)).collect();
        if fields.iter().any(|field| matches!(field.form, Form::List(_) | Form::Map(_)) || size(field, 1) > 1) {
            return None;
        }
        digests.push(digest(&fields));
    }
    let mut sorted = digests.clone();
    sorted.sort_unstable();
    sorted.dedup();
    (sorted.len() == items.len()).then_some(digests)
}

/// `pair`: items that differ at the same place count as changed; otherwise the old one goes and the new one comes.
fn steps(from: &[u64], to: &[u64], pair: bool) -> Vec<ListStep> {
    let head = from.iter().zip(to).take_while(|(a, b)| a == b).count();
    let rest = from.len().min(to.len()) - head;
    let tail = from.iter().rev().zip(to.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let (old, new) = (from.get(head..from.len() - tail).unwrap_or(&[]), to.get(head..to.len() - tail).unwrap_or(&[]));
    let middle = if old.len().saturating_mul(new.len()) > LIMIT {
        vec![DiffOp::Replace { old_index: 0, old_len: old.len(), new_index: 0, new_len: new.len() }]
    } else {
        similar::capture_diff_slices(Algorithm::Myers, old, new)
    };
    let mut steps: Vec<ListStep> = (0..head).map(|at| ListStep::Keep(at, at)).collect();
    for op in middle {
        let (_, old, new) = op.as_tag_tuple();
        let kept = match op {
            DiffOp::Equal { len, .. } => len,
            DiffOp::Replace { old_len, new_len, .. } if pair => old_len.min(new_len),
            DiffOp::Replace { .. } | DiffOp::Delete { .. } | DiffOp::Insert { .. } => 0,
        };
        let (old, new) = (old.start + head..old.end + head, new.start + head..new.end + head);
        steps.extend(old.clone().zip(new.clone()).take(kept).map(|(old, new)| ListStep::Keep(old, new)));
        steps.extend(old.skip(kept).map(ListStep::Remove));
        steps.extend(new.skip(kept).map(ListStep::Insert));
    }
    steps.extend((0..tail).map(|at| ListStep::Keep(from.len() - tail + at, to.len() - tail + at)));
    steps
}

/// A digest of trees; the order of keys does count, which at worst keeps equal items apart.
fn digest(trees: &[&Tree]) -> u64 {
    fn feed(tree: &Tree, hasher: &mut FxHasher) {
        std::mem::discriminant(&tree.form).hash(hasher);
        match &tree.form {
            Form::Null => {}
            Form::Bool(bool) => bool.hash(hasher),
            Form::Int(int) => int.hash(hasher),
            Form::Float(float) => float.to_bits().hash(hasher),
            Form::Text(text) => text.hash(hasher),
            Form::List(items) => {
                items.len().hash(hasher);
                items.iter().for_each(|item| feed(item, hasher));
            }
            Form::Map(entries) => {
                entries.len().hash(hasher);
                for (key, value) in entries {
                    key.hash(hasher);
                    feed(value, hasher);
                }
            }
        }
    }
    let mut hasher = FxHasher::default();
    trees.iter().for_each(|tree| feed(tree, &mut hasher));
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    /// Items of a list as `name` or `name=value`; with a value they are maps with that name.
    fn check(from: &str, to: &str, expect: Expect) {
        let item = |text: &str| match text.split_once('=') {
            Some((name, value)) => Tree::map([("name", Tree::text(name)), ("value", Tree::text(value))]),
            None => Tree::text(text),
        };
        let items = |text: &str| text.split_whitespace().map(item).collect::<Vec<_>>();
        let (from, to) = (items(from), items(to));
        let aligned = align(&from, &to);
        let steps = aligned.steps.iter().map(|step| match step {
            ListStep::Keep(old, new) => format!("{old}={new}"),
            ListStep::Remove(old) => format!("-{old}"),
            ListStep::Insert(new) => format!("+{new}"),
        });
        expect.assert_eq(&format!("{:?} {}", aligned.key, steps.collect::<Vec<_>>().join(" ")));
    }

    #[test]
    fn items_with_names_stay_themselves() {
        check("a=1 b=1 c=1", "a=2 c=1 d=1", expect![[r#"["name"] 0=0 -1 2=1 +2"#]]);
        check("a=1 b=1", "c=1 d=1", expect![[r#"["name"] -0 -1 +0 +1"#]]);
        check("a=1 b=1 c=1", "c=1 a=1 b=1", expect![[r#"["name"] +0 0=1 1=2 -2"#]]);
    }

    #[test]
    fn items_without_names_are_paired_in_gaps() {
        check("a b c", "a x c", expect!["[] 0=0 1=1 2=2"]);
        check("a b c d", "a x d", expect!["[] 0=0 1=1 -2 3=2"]);
        check("a=1 a=2 b=1", "a=1 b=2 b=1", expect!["[] 0=0 1=1 2=2"]);
        check("", "a b", expect!["[] +0 +1"]);
    }

    #[test]
    fn long_lists_that_differ_everywhere_are_not_searched() {
        let numbers = |from: i64| (from..from + 30_000).map(Tree::int).collect::<Vec<_>>();
        let aligned = align(&numbers(0), &numbers(100_000));
        assert_eq!(aligned.steps.len(), 30_000);
    }
}
