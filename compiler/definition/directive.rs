//! The words that templates of classes are built with: keys that begin with `$` and say what becomes of the map they stand in. In comes a map as a
//! class writes it, out goes which of them it has. What they do is the business of whoever expands it.

use crate::value::{Data, Entry, Map, Value};
use crate::variants::variants;

variants! {
    /// A word of templates.
    pub(crate) enum Directive(word, from_word) {
        /// One for each item of a list or entry of a map.
        For = "$for",
        /// Only if a condition holds.
        If = "$if",
        /// What is there, where it is no map.
        Value = "$value",
        /// The entries of another map.
        Spread = "$spread",
        /// What a fragment brings.
        Use = "$use",
        /// What is there, without expressions.
        Verbatim = "$verbatim",
    }
}

/// The word of an object of a class that is another's.
pub(crate) const OWNER: &str = "$owner";

/// Whether a key is one of the language's, whatever it says.
pub(crate) fn is_word(entry: &Entry) -> bool {
    entry.key.starts_with('$') && entry.template.is_none()
}

/// Whether a map, as it is written, says more than what is in it: words of its own, keys with expressions, or entries that may be left out.
pub(crate) fn has_words(map: &Map) -> bool {
    map.entries().iter().any(|entry| is_word(entry) || entry.template.is_some() || may_be_absent(&entry.value))
}

/// Whether a value, as it is written in a map or a list, may be there not once: never, or several times.
pub(crate) fn may_be_absent(value: &Value) -> bool {
    let conditional = |map: &Map| [Directive::For, Directive::If].iter().any(|directive| map.position(directive.word()).is_some());
    stands_for(value).any(|value| value.as_map().is_some_and(conditional) || gives_optional(value))
}

/// A value and those that it stands for, each with words of its own; below `$verbatim` they do nothing.
pub(crate) fn stands_for(value: &Value) -> impl Iterator<Item = &Value> {
    std::iter::successors(Some(value), |value| {
        let is_data = value.get(Directive::Verbatim.word()).is_some();
        value.get(Directive::Value.word()).filter(|_| !is_data)
    })
}

/// Whether a value is an expression that may give nothing.
pub(crate) fn gives_optional(value: &Value) -> bool {
    if let Data::Template(template) = &value.data { template.single().is_some_and(|expr| expr.gives_optional()) } else { false }
}
