//! Layers that cannot meet yet, because an expression between them gives a map or a list or something else: they wait for it. In comes what
//! the layers are, out goes nothing: who evaluates makes them meet. In the outcome of the model nothing waits.

use super::{Data, Entry, Nature, Operator, Value};
use crate::path::Path;
use crate::span::Span;
use std::sync::Arc;

/// What a definition's layer says of the place at which a default of an environment waits.
#[derive(Clone, Debug)]
pub struct PendingWord {
    /// Whether it is an overlay, and not a body.
    pub is_overlay: bool,
    /// How it meets what is weaker.
    pub operator: Operator,
    /// What it says; none if it takes away or replaces all that is there.
    pub value: Option<Value>,
}

impl PendingWord {
    /// Whether it says all there is to it, as far as it is known, so that nothing weaker counts.
    #[must_use]
    pub fn is_all(&self, list_is_one: bool) -> bool {
        let is_part = |value: &Value| match &value.data {
            Data::Map(_) | Data::Template(_) | Data::Pending(_) => true,
            Data::List(_) => !list_is_one || self.operator != Operator::Merge,
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Late(_) | Data::Broken => false,
        };
        self.operator == Operator::Replace || !self.value.as_ref().is_some_and(is_part)
    }
}

/// As what a word counts that waits.
#[derive(Clone, Debug)]
pub enum Standing {
    /// A layer of the definition, or of the command line.
    Layer,
    /// A default, which passes by what lacks the field.
    Default,
    /// A default of an environment against the outcome of the definitions: only what it says of fields counts that a body has spoken of last.
    Again(Arc<[PendingWord]>),
    /// A layer of a definition that goes on to somebody else, who knows more of what it meets.
    Kept,
}

/// A stronger layer's word about a value that an expression decides, or an expression's word about a value.
#[derive(Clone, Debug)]
pub struct Pending {
    /// What the word is about; it may wait itself. None if no weaker layer says anything.
    pub base: Option<Value>,
    /// The word of the layer, with its operator.
    pub entry: Entry,
    /// Where in the whole value this stands, which tells its type.
    pub path: Path,
    /// As what the word counts.
    pub standing: Standing,
    /// Where it is locked what the word is about.
    pub lock: Option<Span>,
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

    /// Whether one of the words goes on to somebody else.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.words().1.iter().any(|word| matches!(word.standing, Standing::Kept))
    }

    /// Whether all that it says takes away what is not known here, so that nothing is there.
    #[must_use]
    pub fn takes_away(&self) -> bool {
        let (base, words) = self.words();
        let takes = |word: &&Self| matches!(word.standing, Standing::Kept) && word.entry.operator == Operator::Remove;
        base.is_none() && words.iter().all(takes)
    }

    /// Where what it begins with is locked, if it is.
    #[must_use]
    pub fn lock_below(&self) -> Option<Span> {
        self.words().1.first().and_then(|word| word.lock)
    }

    /// All values that wait here, weakest first.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        let (base, words) = self.words();
        base.into_iter().chain(words.into_iter().map(|word| &word.entry.value))
    }
}

impl Standing {
    /// Whether two words count as the same.
    pub(super) fn same(&self, other: &Self) -> bool {
        let same = |a: &PendingWord, b: &PendingWord| {
            let values = match (&a.value, &b.value) {
                (Some(a), Some(b)) => a.same_data(b),
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            };
            values && (a.is_overlay, a.operator) == (b.is_overlay, b.operator)
        };
        match (self, other) {
            (Self::Layer, Self::Layer) | (Self::Default, Self::Default) | (Self::Kept, Self::Kept) => true,
            (Self::Again(a), Self::Again(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b)),
            (Self::Layer | Self::Default | Self::Again(_) | Self::Kept, _) => false,
        }
    }
}

impl Value {
    /// A layer's word over a value, of which at least one is not known before expressions are evaluated.
    #[must_use]
    pub fn pending(base: Option<Value>, entry: Entry, path: Path, standing: Standing, lock: Option<Span>) -> Self {
        let mut nature = Nature::of(base.iter().chain([&entry.value]));
        nature.dynamic = true;
        nature.plain &= entry.operator != Operator::Lock;
        let origin = entry.value.origin;
        let weaker = base.clone();
        Self::new(Data::Pending(Arc::new(Pending { base, entry, path, standing, lock, nature })), origin).over(weaker)
    }
}
