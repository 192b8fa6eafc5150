//! The output tree and its two printers. Backends build a [`Tree`]; text is made here and nowhere else.

mod json;
mod number;
mod yaml;

pub use json::json;
pub use yaml::{shown, yaml};

use crate::value::{Data, Entry, Value};
use std::sync::Arc;

/// What is printed: plain data without origins.
#[derive(Clone, PartialEq, Debug)]
pub enum Tree {
    /// null
    Null,
    /// true or false
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(Arc<str>),
    /// An ordered list.
    List(Vec<Tree>),
    /// An ordered map; keys are printed in this order and must be unique.
    Map(Vec<(Arc<str>, Tree)>),
}

impl Tree {
    /// A text.
    #[must_use]
    pub fn text(text: impl Into<Arc<str>>) -> Tree {
        Tree::Text(text.into())
    }

    /// A list of these items.
    #[must_use]
    pub fn list(items: impl IntoIterator<Item = Tree>) -> Tree {
        Tree::List(items.into_iter().collect())
    }

    /// A map of these entries in this order.
    #[must_use]
    pub fn map<K: Into<Arc<str>>>(entries: impl IntoIterator<Item = (K, Tree)>) -> Tree {
        Tree::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// The same data as a value; none if an expression or a late value is inside.
    #[must_use]
    pub fn from_value(value: &Value) -> Option<Tree> {
        Some(match &value.data {
            Data::Null => Tree::Null,
            Data::Bool(bool) => Tree::Bool(*bool),
            Data::Int(int) => Tree::Int(*int),
            Data::Float(float) => Tree::Float(*float),
            Data::String(text) => Tree::Text(Arc::clone(text)),
            Data::List(list) => Tree::List(list.items().iter().map(Tree::from_value).collect::<Option<_>>()?),
            Data::Map(map) => {
                let entry = |entry: &Entry| {
                    if entry.template.is_some() {
                        return None;
                    }
                    Some((Arc::clone(&entry.key), Tree::from_value(&entry.value)?))
                };
                Tree::Map(map.entries().iter().map(entry).collect::<Option<_>>()?)
            }
            Data::Template(_) | Data::Late(_) | Data::Broken => return None,
        })
    }

    /// The same with keys sorted at every level.
    #[must_use]
    pub fn sorted(self) -> Tree {
        match self {
            Tree::List(items) => Tree::List(items.into_iter().map(Tree::sorted).collect()),
            Tree::Map(entries) => {
                let mut entries: Vec<_> = entries.into_iter().map(|(key, value)| (key, value.sorted())).collect();
                entries.sort_by(|(a, _), (b, _)| a.cmp(b));
                Tree::Map(entries)
            }
            Tree::Null | Tree::Bool(_) | Tree::Int(_) | Tree::Float(_) | Tree::Text(_) => self,
        }
    }

    /// The value of a key, if this is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Tree> {
        self.as_map().and_then(|entries| entries.iter().find(|(known, _)| &**known == key)).map(|(_, value)| value)
    }

    /// The entries inside, if it is a map.
    #[must_use]
    pub fn as_map(&self) -> Option<&[(Arc<str>, Tree)]> {
        if let Tree::Map(entries) = self { Some(entries) } else { None }
    }

    /// The items inside, if it is a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Tree]> {
        if let Tree::List(items) = self { Some(items) } else { None }
    }

    /// The text inside, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Tree::Text(text) = self { Some(text) } else { None }
    }
}

/// A text that no output can hold, and where it stands in the tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unprintable {
    /// Keys and positions that lead to it; for a key, the key is the last of them.
    pub path: Vec<Arc<str>>,
    /// The character that cannot pass.
    pub character: char,
    /// Whether it stands in a key.
    pub key: bool,
}

/// The first text in the tree that readers of our outputs would refuse however it is quoted: one with U+0000 or U+007F, or a key with
/// U+0085. Backends ask before they print.
#[must_use]
pub fn unprintable(tree: &Tree) -> Option<Unprintable> {
    match tree {
        Tree::Null | Tree::Bool(_) | Tree::Int(_) | Tree::Float(_) => None,
        Tree::Text(text) => {
            let character = text.chars().find(|char| matches!(char, '\0' | '\u{7f}'))?;
            Some(Unprintable { path: Vec::new(), character, key: false })
        }
        Tree::List(items) => items.iter().enumerate().find_map(|(at, item)| below(at.to_string().as_str().into(), unprintable(item)?)),
        Tree::Map(entries) => entries.iter().find_map(|(key, value)| {
            if let Some(character) = key.chars().find(|char| matches!(char, '\0' | '\u{7f}' | '\u{85}')) {
                return Some(Unprintable { path: vec![Arc::clone(key)], character, key: true });
            }
            below(Arc::clone(key), unprintable(value)?)
        }),
    }
}

fn below(step: Arc<str>, mut found: Unprintable) -> Option<Unprintable> {
    found.path.insert(0, step);
    Some(found)
}

#[cfg(test)]
mod tests;
