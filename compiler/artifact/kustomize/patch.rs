//! Two trees → the operations of JSON 6902 that turn the first into the second, as few lines as a reviewer has to read. Operations are
//! meant to be applied in order. It never replaces the whole object nor its `metadata`, and never relies on what kustomize forgives:
//! nothing is added below a missing parent, and nothing is replaced that is not there.

use super::list::{self, ListStep};
use crate::print::{Form, Tree};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One operation.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Operation {
    /// JSON pointer, escaped.
    pub(super) path: String,
    /// What happens there.
    pub(super) action: Action,
}

/// What an operation does.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Action {
    /// Sets a key that is not there, or inserts an item before this position (`-`: at the end).
    Add(Tree),
    /// Removes a key or an item.
    Remove,
    /// Sets a key or an item that is there.
    Replace(Tree),
    /// Fails the build if something else is there: a base was changed by hand.
    Test(Tree),
}

/// The operations that turn `from` into `to`; none if they are equal.
pub(super) fn synthesise(from: &Tree, to: &Tree) -> Vec<Operation> {
    let mut patch = Patch { path: String::new(), operations: Vec::new() };
    patch.change(from, to);
    patch.operations
}

/// The patch as the tree of its file.
pub(super) fn tree(operations: &[Operation]) -> Tree {
    Tree::list(operations.iter().map(|operation| {
        let (word, value) = match &operation.action {
            Action::Add(value) => ("add", Some(value)),
            Action::Remove => ("remove", None),
            Action::Replace(value) => ("replace", Some(value)),
            Action::Test(value) => ("test", Some(value)),
        };
        let mut entries = vec![("op", Tree::text(word)), ("path", Tree::text(operation.path.as_str()))];
        entries.extend(value.map(|value| ("value", value.clone())));
        Tree::map(entries)
    }))
}

/// Lines of an operation besides those of its value.
const HEAD: usize = 2;

struct Patch {
    path: String,
    operations: Vec<Operation>,
}

impl Patch {
    /// Adds the operations for one place and returns the lines they take, guards left out: a guard is no change to review, and must not
    /// make replacing a whole list look shorter.
    fn change(&mut self, from: &Tree, to: &Tree) -> usize {
        let start = self.operations.len();
        let lines = match (&from.form, &to.form) {
            (Form::Map(from), Form::Map(to)) => self.change_map(from, to),
            (Form::List(from), Form::List(to)) => self.change_list(from, to),
            (
                Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) | Form::Text(_) | Form::List(_) | Form::Map(_),
                Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) | Form::Text(_) | Form::List(_) | Form::Map(_),
            ) => return if same(from, to) { 0 } else { self.push(Action::Replace(to.clone())) },
        };
        if self.path.is_empty() || self.path == "/metadata" || lines <= HEAD {
            return lines;
        }
        // Equal length speaks for a list as a whole: no positions to count. Lines are counted only as far as it takes to know.
        if HEAD + size(to, lines) < lines + usize::from(matches!(to.form, Form::List(_))) {
            self.operations.truncate(start);
            return self.push(Action::Replace(to.clone()));
        }
        lines
    }

    fn change_map(&mut self, from: &[(Arc<str>, Tree)], to: &[(Arc<str>, Tree)]) -> usize {
        let (old, new) = (KeyFinder::new(from), KeyFinder::new(to));
        let mut lines = 0;
        for (at, (key, value)) in from.iter().enumerate() {
            lines += self.below(key, |patch| match new.get(key, at) {
                Some(other) => patch.change(value, other),
                None => patch.push(Action::Remove),
            });
        }
        for (at, (key, value)) in to.iter().enumerate() {
            if old.get(key, at).is_none() {
                lines += self.below(key, |patch| patch.push(Action::Add(value.clone())));
            }
        }
        lines
    }

    fn change_list(&mut self, from: &[Tree], to: &[Tree]) -> usize {
        let aligned = list::align(from, to);
        let mut lines = 0;
        // Position in the list as it is when the operation is reached, and how many old items come before it.
        let (mut at, mut passed) = (0, 0);
        let mut inserting = false;
        for step in aligned.steps {
            match step {
                ListStep::Keep(old, new) => {
                    let (Some(old), Some(new)) = (from.get(old), to.get(new)) else { continue };
                    let start = self.operations.len();
                    lines += self.below(&at.to_string(), |patch| {
                        patch.guard(old, aligned.key);
                        let guarded = patch.operations.len();
                        let lines = patch.change(old, new);
                        if patch.operations.len() == guarded {
                            patch.operations.truncate(start);
                        }
                        lines
                    });
                    at += 1;
                    passed += 1;
                }
                ListStep::Remove(old) => {
                    let Some(old) = from.get(old) else { continue };
                    lines += self.below(&at.to_string(), |patch| {
                        patch.guard(old, aligned.key);
                        patch.push(Action::Remove)
                    });
                    passed += 1;
                }
                ListStep::Insert(new) => {
                    let Some(new) = to.get(new) else { continue };
                    let next = from.get(passed);
                    let place = if next.is_some() { at.to_string() } else { "-".to_owned() };
                    lines += self.below(&place, |patch| {
                        if let Some(next) = next
                            && !inserting
                        {
                            patch.guard(next, aligned.key);
                        }
                        patch.push(Action::Add(new.clone()))
                    });
                    at += 1;
                }
            }
            inserting = matches!(step, ListStep::Insert(_));
        }
        lines
    }

    /// Tests that the item at this position is the one meant.
    fn guard(&mut self, item: &Tree, key: &[&str]) {
        let fields: Vec<_> = key.iter().filter_map(|field| item.get(field).map(|value| (*field, value))).collect();
        for (field, value) in &fields {
            self.below(field, |patch| patch.push(Action::Test((*value).clone())));
        }
        if fields.is_empty() {
            let (path, leaf) = first_leaf(item);
            let length = self.path.len();
            self.path.push_str(&path);
            self.push(Action::Test(leaf.clone()));
            self.path.truncate(length);
        }
    }

    fn push(&mut self, action: Action) -> usize {
        let lines = match &action {
            Action::Add(value) | Action::Replace(value) | Action::Test(value) => HEAD + size(value, usize::MAX),
            Action::Remove => HEAD,
        };
        self.operations.push(Operation { path: self.path.clone(), action });
        lines
    }

    fn below(&mut self, key: &str, work: impl FnOnce(&mut Self) -> usize) -> usize {
        let length = self.path.len();
        descend(&mut self.path, key);
        let lines = work(self);
        self.path.truncate(length);
        lines
    }
}

/// Adds a part to a JSON pointer.
fn descend(path: &mut String, key: &str) {
    path.push('/');
    for char in key.chars() {
        match char {
            '~' => path.push_str("~0"),
            '/' => path.push_str("~1"),
            char => path.push(char),
        }
    }
}

/// The first scalar of an item, or what is empty in its place.
fn first_leaf(mut item: &Tree) -> (String, &Tree) {
    let mut path = String::new();
    loop {
        let next = match &item.form {
            Form::Map(entries) => entries.first().map(|(key, value)| (&**key, value)),
            Form::List(items) => items.first().map(|value| ("0", value)),
            Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) | Form::Text(_) => None,
        };
        let Some((key, value)) = next else { return (path, item) };
        descend(&mut path, key);
        item = value;
    }
}

/// Lines an entry with this value takes in print; counting stops soon after `limit`.
pub(super) fn size(tree: &Tree, limit: usize) -> usize {
    match &tree.form {
        Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) => 1,
        // Mostly a literal block; where it must be quoted, this is still what a reader has to take in.
        Form::Text(text) if text.contains('\n') => 1 + text.lines().count(),
        Form::Text(_) => 1,
        Form::List(items) => {
            let mut lines = 1;
            for item in items {
                let below = size(item, limit);
                // What is nested begins behind the dash.
                lines += if below > 1 && !matches!(item.form, Form::Text(_)) { below - 1 } else { below };
                if lines > limit {
                    break;
                }
            }
            lines
        }
        Form::Map(entries) => {
            let mut lines = 1;
            for (_, value) in entries {
                lines += size(value, limit);
                if lines > limit {
                    break;
                }
            }
            lines
        }
    }
}

/// Whether two trees are equal for Kubernetes: the order of keys has no meaning.
pub(super) fn same(a: &Tree, b: &Tree) -> bool {
    match (&a.form, &b.form) {
        (Form::Null, Form::Null) => true,
        (Form::Bool(a), Form::Bool(b)) => a == b,
        (Form::Int(a), Form::Int(b)) => a == b,
        (Form::Float(a), Form::Float(b)) => a.to_bits() == b.to_bits(),
        (Form::Text(a), Form::Text(b)) => a == b,
        (Form::List(a), Form::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Form::Map(a), Form::Map(b)) => {
            let keys = KeyFinder::new(b);
            a.len() == b.len() && a.iter().enumerate().all(|(at, (key, value))| keys.get(key, at).is_some_and(|other| same(value, other)))
        }
        (
            Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) | Form::Text(_) | Form::List(_) | Form::Map(_),
            Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) | Form::Text(_) | Form::List(_) | Form::Map(_),
        ) => false,
    }
}

/// Finds keys of a map: mostly at the position they have in the other map, which is why that is tried first.
struct KeyFinder<'a> {
    entries: &'a [(Arc<str>, Tree)],
    index: BTreeMap<&'a str, &'a Tree>,
}

/// Up to this many entries are searched in order.
const LINEAR: usize = 16;

impl<'a> KeyFinder<'a> {
    fn new(entries: &'a [(Arc<str>, Tree)]) -> Self {
        let index = if entries.len() > LINEAR { entries.iter().map(|(key, value)| (&**key, value)).collect() } else { BTreeMap::new() };
        Self { entries, index }
    }

    fn get(&self, key: &str, at: usize) -> Option<&'a Tree> {
        match self.entries.get(at) {
            Some((known, value)) if &**known == key => Some(value),
            Some(_) | None if self.index.is_empty() => self.entries.iter().find(|(known, _)| &**known == key).map(|(_, value)| value),
            Some(_) | None => self.index.get(key).copied(),
        }
    }
}

#[cfg(test)]
mod tests;
