//! The one value type, from definitions to output: data, its origin, and what it overrode. Cloning is cheap: lists, maps and texts are
//! shared. It never decides how two values meet; that is `inheritance::merge`.

mod history;
mod pending;
mod same;
mod written;

pub(crate) use history::CAUSES;
pub use history::{Cause, History, Name, Removed};
pub use pending::{Pending, PendingWord, Standing};

use crate::expression::{Late, Template};
use crate::origin::Origin;
use crate::path::Step;
use crate::span::Span;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Data with the place and layer it came from, and why it is what it is.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is.
    pub data: Data,
    /// Who wrote it, and where. A merged map has the origin of the strongest layer that contributed.
    pub origin: Origin,
    /// What it overrode, and what it was made of.
    pub history: History,
}

/// What a value holds.
#[derive(Clone, Debug)]
pub enum Data {
    /// An explicit null.
    Null,
    /// true or false
    Bool(bool),
    /// A 64-bit signed integer.
    Int(i64),
    /// Any other finite number.
    Float(f64),
    /// Text without expressions.
    String(Arc<str>),
    /// An ordered list.
    List(Arc<List>),
    /// An ordered map with unique keys.
    Map(Arc<Map>),
    /// Text with expressions, not evaluated yet; never in the outcome of the model.
    Template(Arc<Template>),
    /// Layers that wait for an expression to meet; never in the outcome of the model.
    Pending(Arc<Pending>),
    /// Known only after Terraform has run (design 2.4, late values).
    Late(Arc<Late>),
    /// What could not be made of what was written. Why is told already, at the place of its origin, so whoever meets it says nothing.
    Broken,
}

/// What a key of a stronger layer asks for (design 2.3). In merged values only `Merge` and `Lock` remain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    /// `key`: merge maps, replace anything else.
    Merge,
    /// `key+`: append to a list, merge a map.
    Append,
    /// `key-`: remove items or keys, or with no value (TOML: true) the field.
    Remove,
    /// `key=`: replace the whole value.
    Replace,
    /// `key!`: set, and forbid stronger layers to set it again.
    Lock,
}

/// An entry of a map.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key without its operator.
    pub key: Arc<str>,
    /// Where the key stands (of the strongest layer that wrote it), operator included.
    pub span: Span,
    /// The operator at the key.
    pub operator: Operator,
    /// The key as a template, if it holds expressions (only in templates of classes).
    pub template: Option<Arc<Template>>,
    /// Its value.
    pub value: Value,
}

/// An ordered list of values.
#[derive(Clone, Debug)]
pub struct List {
    items: Vec<Value>,
    nature: Nature,
}

/// An ordered map. Keys are unique but for entries with different operators, which only unmerged layers hold.
#[derive(Clone, Debug)]
pub struct Map {
    entries: Vec<Entry>,
    nature: Nature,
    index: OnceLock<BTreeMap<Arc<str>, usize>>,
}

/// What is known about a list or map as a whole from the moment it is made.
#[derive(Clone, Copy, Debug)]
struct Nature {
    dynamic: bool,
    plain: bool,
    late: bool,
    directive: bool,
    depth: u32,
    /// How far back the histories of the values inside go.
    past: u32,
    /// Stops at the largest number, which is too much for everybody who asks.
    weight: u32,
}

impl Nature {
    fn of<'v>(values: impl Iterator<Item = &'v Value>) -> Self {
        let mut nature = Self { dynamic: false, plain: true, late: false, directive: false, depth: 1, past: 0, weight: 1 };
        for value in values {
            nature.dynamic |= value.is_dynamic();
            nature.plain &= value.is_plain();
            nature.late |= value.is_late();
            nature.directive |= value.has_directive();
            nature.past = nature.past.max(value.past());
            nature.depth = nature.depth.max(value.depth().saturating_add(1));
            nature.weight = nature.weight.saturating_add(u32::try_from(value.weight()).unwrap_or(u32::MAX));
        }
        nature
    }
}

/// Up to this many entries a linear search is faster than an index (measured for deep merges).
const LINEAR: usize = 16;

impl List {
    /// A list of these items.
    #[must_use]
    pub fn new(items: Vec<Value>) -> Self {
        let nature = Nature::of(items.iter());
        Self { items, nature }
    }

    /// The items in order.
    #[must_use]
    pub fn items(&self) -> &[Value] {
        &self.items
    }
}

impl Map {
    /// A map of these entries; the caller has made sure that keys are unique.
    #[must_use]
    pub fn new(entries: Vec<Entry>) -> Self {
        let mut nature = Nature::of(entries.iter().map(|entry| &entry.value));
        nature.dynamic |= entries.iter().any(|entry| entry.template.is_some());
        nature.plain &= entries.iter().all(|entry| entry.operator == Operator::Merge);
        nature.directive |= entries.iter().any(|entry| entry.key.starts_with('$'));
        Self { entries, nature, index: OnceLock::new() }
    }

    /// The entries in written order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Position of a key.
    #[must_use]
    pub fn position(&self, key: &str) -> Option<usize> {
        if self.entries.len() <= LINEAR {
            return self.entries.iter().position(|entry| &*entry.key == key);
        }
        let index = self.index.get_or_init(|| {
            let mut index = BTreeMap::new();
            for (position, entry) in self.entries.iter().enumerate() {
                index.entry(Arc::clone(&entry.key)).or_insert(position);
            }
            index
        });
        index.get(key).copied()
    }

    /// The entry of a key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.position(key).and_then(|position| self.entries.get(position))
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entry(key).map(|entry| &entry.value)
    }
}

impl Entry {
    /// A plain entry: no operator, no template in the key.
    #[must_use]
    pub fn plain(key: impl Into<Arc<str>>, span: Span, value: Value) -> Self {
        Self { key: key.into(), span, operator: Operator::Merge, template: None, value }
    }
}

impl Value {
    /// A value that overrode nothing.
    #[must_use]
    pub fn new(data: Data, origin: Origin) -> Self {
        Self { data, origin, history: History::default() }
    }

    /// A map value of these entries.
    #[must_use]
    pub fn map(entries: Vec<Entry>, origin: Origin) -> Self {
        Self::new(Data::Map(Arc::new(Map::new(entries))), origin)
    }

    /// A list value of these items.
    #[must_use]
    pub fn list(items: Vec<Value>, origin: Origin) -> Self {
        Self::new(Data::List(Arc::new(List::new(items))), origin)
    }

    /// A text value.
    #[must_use]
    pub fn string(text: impl Into<Arc<str>>, origin: Origin) -> Self {
        Self::new(Data::String(text.into()), origin)
    }

    /// What is known about all that is inside, if it is a list or a map, or waits.
    fn nature(&self) -> Option<&Nature> {
        match &self.data {
            Data::List(list) => Some(&list.nature),
            Data::Map(map) => Some(&map.nature),
            Data::Pending(pending) => Some(&pending.nature),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Late(_)
            | Data::Broken => None,
        }
    }

    /// Whether an expression waits anywhere inside.
    #[must_use]
    pub fn is_dynamic(&self) -> bool {
        self.nature().map_or(matches!(self.data, Data::Template(_)), |nature| nature.dynamic)
    }

    /// Whether no key anywhere inside carries an operator.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.nature().is_none_or(|nature| nature.plain)
    }

    /// How deep lists and maps nest inside; 0 for anything else.
    #[must_use]
    pub fn depth(&self) -> u32 {
        self.nature().map_or(0, |nature| nature.depth)
    }

    /// How much there is to walk through: one for each value inside, and more for long texts. What is shared counts each time it occurs,
    /// because everybody who walks through it meets it each time.
    #[must_use]
    pub fn weight(&self) -> usize {
        match &self.data {
            Data::List(list) => list.nature.weight as usize,
            Data::Map(map) => map.nature.weight as usize,
            Data::Pending(pending) => pending.nature.weight as usize,
            Data::String(text) => 1 + text.len() / 32,
            Data::Late(late) => 1 + late.size() / 32,
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Template(_) | Data::Broken => 1,
        }
    }

    /// Whether a late value stands anywhere inside.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.nature().map_or(matches!(self.data, Data::Late(_)), |nature| nature.late)
    }

    /// Who makes what is sensitive in it, as far as Terraform finds that out: address and stack.
    #[must_use]
    pub fn sensitive(&self) -> Option<(Arc<str>, Arc<str>)> {
        if !self.is_late() {
            return None;
        }
        match &self.data {
            Data::Late(late) => late.sensitive(),
            Data::List(list) => list.items().iter().find_map(Value::sensitive),
            Data::Map(map) => map.entries().iter().find_map(|entry| entry.value.sensitive()),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Broken => None,
        }
    }

    /// Whether a key of the language, one that begins with `$`, stands anywhere inside.
    #[must_use]
    pub fn has_directive(&self) -> bool {
        self.nature().is_some_and(|nature| nature.directive)
    }

    /// A value of which it is told that it could not be made.
    #[must_use]
    pub fn broken(origin: Origin) -> Self {
        Self::new(Data::Broken, origin)
    }

    /// Whether it could not be made, which is told.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        matches!(self.data, Data::Broken)
    }

    /// The map inside, if it is one.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        if let Data::Map(map) = &self.data { Some(map) } else { None }
    }

    /// The items inside, if it is a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Value]> {
        if let Data::List(list) = &self.data { Some(list.items()) } else { None }
    }

    /// The text inside, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Data::String(text) = &self.data { Some(text) } else { None }
    }

    /// The truth value inside, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Data::Bool(bool) = &self.data { Some(*bool) } else { None }
    }

    /// The integer inside, if it is one.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        if let Data::Int(int) = &self.data { Some(*int) } else { None }
    }

    /// The value of a key, if this is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map().and_then(|map| map.get(key))
    }

    /// The value one step inside.
    #[must_use]
    pub fn step(&self, step: &Step) -> Option<&Value> {
        match step {
            Step::Key(key) => self.get(key),
            Step::Item(at) => self.as_list()?.get(*at),
        }
    }

    /// The value that steps lead to.
    #[must_use]
    pub fn follow(&self, steps: &[Step]) -> Option<&Value> {
        steps.iter().try_fold(self, Value::step)
    }

    /// The value below a path of keys.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// What the value is, in the words of the language: `a map`, `a string`.
    #[must_use]
    pub fn describe(&self) -> &'static str {
        match &self.data {
            Data::Null => "null",
            Data::Bool(_) => "a boolean",
            Data::Int(_) => "an integer",
            Data::Float(_) => "a number",
            Data::String(_) => "a string",
            Data::List(_) => "a list",
            Data::Map(_) => "a map",
            Data::Template(_) | Data::Pending(_) => "an expression",
            Data::Late(_) => "a late value",
            Data::Broken => "broken",
        }
    }
}
