//! What an expression evaluates to. Cloning is cheap. Lists and maps keep their written order.

use super::{Late, Opaque};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A value inside expressions.
#[derive(Clone, Debug)]
pub enum Val {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A 64-bit signed integer.
    Int(i64),
    /// A 64-bit unsigned integer: `1u`.
    Uint(u64),
    /// A 64-bit floating-point number.
    Double(f64),
    /// Text.
    String(Arc<str>),
    /// Bytes: `b"…"`.
    Bytes(Arc<[u8]>),
    /// An ordered list.
    List(Arc<Vec<Val>>),
    /// A map in written order.
    Map(Arc<ValMap>),
    /// The name of a type, as `type(x)` gives it.
    Type(Arc<str>),
    /// What `.?` and `[?]` give: a value or none.
    Optional(Option<Arc<Val>>),
    /// What `ip()`, `cidr()`, `semver()`, `quantity()` and `duration()` give, and what fields of such types are.
    Opaque(Arc<Opaque>),
    /// Known only after Terraform has run.
    Late(Arc<Late>),
    /// A list or map of the host's, not converted yet.
    Node(HostNode),
}

/// Names a list or map of a [`Host`](super::Host).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct HostNode(pub u64);

/// A key of a map. Numbers are equal by value: `1` and `1u` are one key.
#[derive(Clone, Debug)]
pub enum Key {
    /// `true` or `false`
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An unsigned integer.
    Uint(u64),
    /// Text.
    String(Arc<str>),
}

impl Key {
    fn rank(&self) -> (u8, i128, &str) {
        match self {
            Key::Bool(value) => (0, i128::from(*value), ""),
            Key::Int(value) => (1, i128::from(*value), ""),
            Key::Uint(value) => (1, i128::from(*value), ""),
            Key::String(value) => (2, 0, value),
        }
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Key::Bool(value) => write!(f, "{value}"),
            Key::Int(value) => write!(f, "{value}"),
            Key::Uint(value) => write!(f, "{value}"),
            Key::String(value) => write!(f, "{value}"),
        }
    }
}

/// An ordered map with unique keys.
#[derive(Clone, Debug, Default)]
pub struct ValMap {
    entries: Vec<(Key, Val)>,
    /// Positions by key, once there are more than [`LINEAR`] entries.
    index: BTreeMap<Key, usize>,
}

/// Up to this many entries a linear search is faster than an index.
const LINEAR: usize = 16;

impl ValMap {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry and says whether its key was new; an entry of a known key is replaced in its place.
    pub fn insert(&mut self, key: Key, value: Val) -> bool {
        if let Some(position) = self.position(&key) {
            if let Some(entry) = self.entries.get_mut(position) {
                entry.1 = value;
            }
            return false;
        }
        if self.entries.len() == LINEAR {
            self.index = self.entries.iter().enumerate().map(|(position, (key, _))| (key.clone(), position)).collect();
        }
        if self.entries.len() >= LINEAR {
            self.index.insert(key.clone(), self.entries.len());
        }
        self.entries.push((key, value));
        true
    }

    fn position(&self, key: &Key) -> Option<usize> {
        if self.entries.len() <= LINEAR {
            return self.entries.iter().position(|(known, _)| known == key);
        }
        self.index.get(key).copied()
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&Val> {
        self.position(key).and_then(|position| self.entries.get(position)).map(|(_, value)| value)
    }

    /// The entries in order.
    #[must_use]
    pub fn entries(&self) -> &[(Key, Val)] {
        &self.entries
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl FromIterator<(Key, Val)> for ValMap {
    fn from_iter<T: IntoIterator<Item = (Key, Val)>>(entries: T) -> Self {
        let mut map = Self::new();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

impl Val {
    /// Text.
    #[must_use]
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Val::String(text.into())
    }

    /// A list.
    #[must_use]
    pub fn list(items: Vec<Val>) -> Self {
        Val::List(Arc::new(items))
    }

    /// A map.
    #[must_use]
    pub fn map(entries: impl IntoIterator<Item = (Key, Val)>) -> Self {
        Val::Map(Arc::new(entries.into_iter().collect()))
    }

    /// What the value is, in the words of the language: `a map`, `a string`.
    #[must_use]
    pub fn describe(&self) -> &'static str {
        match self {
            Val::Null => "null",
            Val::Bool(_) => "a boolean",
            Val::Int(_) => "an integer",
            Val::Uint(_) => "an unsigned integer",
            Val::Double(_) => "a number",
            Val::String(_) => "a string",
            Val::Bytes(_) => "bytes",
            Val::List(_) => "a list",
            Val::Map(_) => "a map",
            Val::Type(_) => "a type",
            Val::Optional(_) => "an optional value",
            Val::Opaque(opaque) => opaque.meaning.notation().describe(),
            Val::Late(_) => "a late value",
            Val::Node(_) => "a map or list",
        }
    }
}

/// A double as text: as short as it can be read back, large and small ones with an exponent.
pub(super) fn double_text(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e21).contains(&size) {
        let text = format!("{value:e}");
        // Rust writes `1e21`, everybody else `1e+21`.
        return match text.split_once('e') {
            Some((mantissa, exponent)) if !exponent.starts_with('-') => format!("{mantissa}e+{exponent:0>2}"),
            Some((mantissa, exponent)) => format!("{mantissa}e-{:0>2}", exponent.trim_start_matches('-')),
            None => text,
        };
    }
    value.to_string()
}
