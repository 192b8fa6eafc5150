//! Layers that cannot meet yet, because an expression between them gives a map or a list or something else: they wait for it. In comes what
//! the layers are, out goes nothing: who evaluates makes them meet. In the outcome of the model nothing waits.

use super::{Data, Entry, Nature, Operator, Value};
use crate::path::Path;
use std::sync::Arc;

/// A stronger layer's word about a value that an expression decides, or an expression's word about a value.
#[derive(Clone, Debug)]
pub struct Pending {
    /// What the word is about; it may wait itself. None if no weaker layer says anything.
    pub base: Option<Value>,
    /// The word of the layer, with its operator.
    pub entry: Entry,
    /// Where in the whole value this stands, which tells its type.
    pub path: Path,
    /// Whether what it removes need not be there: it is a default.
    pub passes_by: bool,
    pub(super) nature: Nature,
}

impl Pending {
    /// What waits here, weakest first: what it begins with, and the words of the layers.
    #[must_use]
    pub fn words(&self) -> (Option<&Value>, Vec<&Pending>) {
        let (mut base, mut words) = (self.base.as_ref(), vec![self]);
        while let Some(Data::Pending(weaker)) = base.map(|value| &value.data) {
            words.push(weaker);
            base = weaker.base.as_ref();
        }
        words.reverse();
        (base, words)
    }

    /// All values that wait here, weakest first.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        let (base, words) = self.words();
        base.into_iter().chain(words.into_iter().map(|word| &word.entry.value))
    }
}

impl Value {
    /// A layer's word over a value, of which at least one is not known before expressions are evaluated.
    #[must_use]
    pub fn pending(base: Option<Value>, entry: Entry, path: Path, passes_by: bool) -> Self {
        let mut nature = Nature::of(base.iter().chain([&entry.value]));
        nature.dynamic = true;
        nature.plain &= entry.operator != Operator::Lock;
        let origin = entry.value.origin;
        let weaker = base.clone();
        Self::new(Data::Pending(Arc::new(Pending { base, entry, path, passes_by, nature })), origin).over(weaker)
    }
}
