//! The output tree and its two printers. Backends build a [`Tree`]; text is made here and nowhere else.

mod json;
mod number;
mod printout;
mod yaml;

pub use json::json;
pub use printout::{Passage, Printout, Spelling, passage};
pub use yaml::{shown, yaml};

use crate::origin::Origin;
use crate::value::{Cause, Data, Entry, History, List, Map, Name, Value};
use std::sync::Arc;

/// What is printed: plain data that knows where it came from. Two trees are equal if they print the same.
#[derive(Clone, Debug)]
pub struct Tree {
    /// What it is.
    pub form: Form,
    /// Who wrote it, and where; none for what a backend says by itself.
    pub origin: Option<Origin>,
    /// What it overrode, and what it was made of.
    pub history: History,
}

/// What a tree holds.
#[derive(Clone, PartialEq, Debug)]
pub enum Form {
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

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.form == other.form
    }
}

impl From<Form> for Tree {
    fn from(form: Form) -> Self {
        Tree { form, origin: None, history: History::default() }
    }
}

impl Tree {
    /// null
    #[must_use]
    pub fn null() -> Tree {
        Form::Null.into()
    }

    /// true or false
    #[must_use]
    pub fn bool(bool: bool) -> Tree {
        Form::Bool(bool).into()
    }

    /// An integer.
    #[must_use]
    pub fn int(int: i64) -> Tree {
        Form::Int(int).into()
    }

    /// Any other number.
    #[must_use]
    pub fn float(float: f64) -> Tree {
        Form::Float(float).into()
    }

    /// A text.
    #[must_use]
    pub fn text(text: impl Into<Arc<str>>) -> Tree {
        Form::Text(text.into()).into()
    }

    /// A text that is what it is because of a value, if there is one.
    #[must_use]
    pub(crate) fn text_by(text: impl Into<Arc<str>>, value: Option<&Value>) -> Tree {
        Tree::text(text).by(value)
    }

    /// The same, because of a value, if there is one: as it is, or made of it.
    #[must_use]
    pub(crate) fn by(self, value: Option<&Value>) -> Tree {
        let Some(value) = value else { return self };
        if Tree::from_value(value).is_some_and(|known| known == self) {
            return self.out_of(value);
        }
        let made = Cause { name: Name::Computed("source"), value: value.clone(), decides: false };
        Tree { form: self.form, origin: Some(value.origin), history: History::made(vec![made]) }
    }

    /// A list of these items.
    #[must_use]
    pub fn list(items: impl IntoIterator<Item = Tree>) -> Tree {
        Form::List(items.into_iter().collect()).into()
    }

    /// A map of these entries in this order.
    #[must_use]
    pub fn map<K: Into<Arc<str>>>(entries: impl IntoIterator<Item = (K, Tree)>) -> Tree {
        Form::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect()).into()
    }

    /// The same, come from where this value came from.
    #[must_use]
    pub fn out_of(self, value: &Value) -> Tree {
        Tree { form: self.form, origin: Some(value.origin), history: value.history.clone() }
    }

    /// The same data as a value; none if an expression or a late value is inside.
    #[must_use]
    pub fn from_value(value: &Value) -> Option<Tree> {
        let form = match &value.data {
            Data::Null => Form::Null,
            Data::Bool(bool) => Form::Bool(*bool),
            Data::Int(int) => Form::Int(*int),
            Data::Float(float) => Form::Float(*float),
            Data::String(text) => Form::Text(Arc::clone(text)),
            Data::List(list) => Form::List(list.items().iter().map(Tree::from_value).collect::<Option<_>>()?),
            Data::Map(map) => {
                let entry = |entry: &Entry| {
                    if entry.template.is_some() {
                        return None;
                    }
                    Some((Arc::clone(&entry.key), Tree::from_value(&entry.value)?))
                };
                Form::Map(map.entries().iter().map(entry).collect::<Option<_>>()?)
            }
            Data::Template(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => return None,
        };
        Some(Tree::from(form).out_of(value))
    }

    /// The same as a value, if it came from anywhere.
    #[must_use]
    pub fn to_value(&self) -> Option<Value> {
        let data = match &self.form {
            Form::Null => Data::Null,
            Form::Bool(bool) => Data::Bool(*bool),
            Form::Int(int) => Data::Int(*int),
            Form::Float(float) => Data::Float(*float),
            Form::Text(text) => Data::String(Arc::clone(text)),
            Form::List(items) => Data::List(Arc::new(List::new(items.iter().map(Tree::to_value).collect::<Option<_>>()?))),
            Form::Map(entries) => {
                let entry = |(key, tree): &(Arc<str>, Tree)| {
                    let value = tree.to_value()?;
                    Some(Entry::plain(Arc::clone(key), value.origin.span, value))
                };
                Data::Map(Arc::new(Map::new(entries.iter().map(entry).collect::<Option<_>>()?)))
            }
        };
        Some(Value { data, origin: self.origin?, history: self.history.clone() })
    }

    /// The same with keys sorted at every level.
    #[must_use]
    pub fn sorted(self) -> Tree {
        let form = match self.form {
            Form::List(items) => Form::List(items.into_iter().map(Tree::sorted).collect()),
            Form::Map(entries) => {
                let mut entries: Vec<_> = entries.into_iter().map(|(key, value)| (key, value.sorted())).collect();
                entries.sort_by(|(a, _), (b, _)| a.cmp(b));
                Form::Map(entries)
            }
            scalar @ (Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) | Form::Text(_)) => scalar,
        };
        Tree { form, ..self }
    }

    /// The value of a key, if this is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Tree> {
        self.as_map().and_then(|entries| entries.iter().find(|(known, _)| &**known == key)).map(|(_, value)| value)
    }

    /// The entries inside, if it is a map.
    #[must_use]
    pub fn as_map(&self) -> Option<&[(Arc<str>, Tree)]> {
        if let Form::Map(entries) = &self.form { Some(entries) } else { None }
    }

    /// The same, to be changed.
    pub fn as_map_mut(&mut self) -> Option<&mut Vec<(Arc<str>, Tree)>> {
        if let Form::Map(entries) = &mut self.form { Some(entries) } else { None }
    }

    /// The items inside, if it is a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Tree]> {
        if let Form::List(items) = &self.form { Some(items) } else { None }
    }

    /// The text inside, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Form::Text(text) = &self.form { Some(text) } else { None }
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
    match &tree.form {
        Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) => None,
        Form::Text(text) => {
            let character = text.chars().find(|char| matches!(char, '\0' | '\u{7f}'))?;
            Some(Unprintable { path: Vec::new(), character, key: false })
        }
        Form::List(items) => items.iter().enumerate().find_map(|(at, item)| below(at.to_string().as_str().into(), unprintable(item)?)),
        Form::Map(entries) => entries.iter().find_map(|(key, value)| {
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
