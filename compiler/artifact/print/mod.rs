//! The output tree and its two printers. Backends build a [`Tree`]; text is made here and nowhere else.

use crate::value::{Data, Value};
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
                let entry = |entry: &crate::value::Entry| {
                    if entry.template.is_some() {
                        return None;
                    }
                    Some((Arc::clone(&entry.key), Tree::from_value(&entry.value)?))
                };
                Tree::Map(map.entries().iter().map(entry).collect::<Option<_>>()?)
            }
            Data::Template(_) | Data::Late(_) => return None,
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

/// JSON text, two spaces deep, with a line feed at the end.
#[must_use]
pub fn json(tree: &Tree) -> String {
    fn plain(tree: &Tree) -> serde_json::Value {
        match tree {
            Tree::Null => serde_json::Value::Null,
            Tree::Bool(bool) => (*bool).into(),
            Tree::Int(int) => (*int).into(),
            Tree::Float(float) => (*float).into(),
            Tree::Text(text) => (&**text).into(),
            Tree::List(items) => items.iter().map(plain).collect(),
            Tree::Map(entries) => serde_json::Value::Object(entries.iter().map(|(key, value)| (key.to_string(), plain(value))).collect()),
        }
    }
    let mut text = serde_json::to_string_pretty(&plain(tree)).unwrap_or_default();
    text.push('\n');
    text
}

/// YAML text.
#[must_use]
pub fn yaml(tree: &Tree) -> String {
    fn scalar(text: &str) -> String {
        let plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "/_.-".contains(c))
            && !["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(&text.to_lowercase().as_str());
        if plain { text.to_owned() } else { serde_json::to_string(text).unwrap_or_default() }
    }
    fn put(tree: &Tree, depth: usize, out: &mut String) {
        let pad = "  ".repeat(depth);
        match tree {
            Tree::Null => out.push_str(" null\n"),
            Tree::Bool(bool) => out.push_str(&format!(" {bool}\n")),
            Tree::Int(int) => out.push_str(&format!(" {int}\n")),
            Tree::Float(float) => out.push_str(&format!(" {float:?}\n")),
            Tree::Text(text) => out.push_str(&format!(" {}\n", scalar(text))),
            Tree::List(items) if items.is_empty() => out.push_str(" []\n"),
            Tree::Map(entries) if entries.is_empty() => out.push_str(" {}\n"),
            Tree::List(items) => {
                out.push('\n');
                for item in items {
                    out.push_str(&format!("{pad}-"));
                    put(item, depth + 1, out);
                }
            }
            Tree::Map(entries) => {
                out.push('\n');
                for (key, value) in entries {
                    out.push_str(&format!("{pad}{}:", scalar(key)));
                    put(value, depth + 1, out);
                }
            }
        }
    }
    let mut out = String::new();
    put(tree, 0, &mut out);
    out.trim_start().to_owned()
}
