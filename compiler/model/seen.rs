//! Through whose eyes a value is seen, and what is known of the types inside of it, so that expressions see things, networks, amounts and
//! versions as what they are. Schemas know it of fields; what no schema speaks of keeps what it was made of. Values themselves hold texts.

use super::EntityId;
use super::around::Around;
use super::rounds::Round;
use super::sight::NodePlace;
use super::work::WorkPlace;
use super::world::World;
use crate::definition::root::Within;
use crate::expression::{HostNode, Val};
use crate::limit::VALUE_DEPTH;
use crate::path::Step;
use crate::schema::{Shape, Type};
use crate::unit::Notation;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Through whose eyes a value is seen.
#[derive(Clone)]
pub(crate) struct Sight<'a> {
    /// Whose value it is.
    pub(super) owner: EntityId,
    /// Where its expressions stand.
    pub(super) within: Within,
    /// What its schema says of it, if it is a field.
    pub(super) type_: Option<&'a Type>,
    /// What it was made of, if no schema speaks of it.
    made: MadeOf<'a>,
    /// What it stands in.
    pub(super) around: Around<'a>,
    /// Whether it is as a class writes it.
    reading: WordReading,
}

/// Whether the words of templates count in a value.
#[derive(Clone)]
enum WordReading {
    /// They do not: it is what it is.
    Plain,
    /// They do, in this round of a loop, if it is in one.
    Written(Option<Arc<Round>>),
}

/// What is known of a value that an expression has made.
#[derive(Clone)]
enum MadeOf<'a> {
    /// Nothing: its texts are texts.
    Unknown,
    /// What it is written in.
    In(Notation),
    /// How each item of a list is seen.
    Items(Arc<Vec<Sight<'a>>>),
    /// How entries of a map are seen; of others nothing is known.
    Entries(Arc<BTreeMap<Arc<str>, Sight<'a>>>),
}

impl<'a> Sight<'a> {
    /// Of a value of which nothing is known.
    pub(crate) fn of(owner: EntityId, within: Within) -> Self {
        Self { owner, within, type_: None, made: MadeOf::Unknown, around: Around::Unasked, reading: WordReading::Plain }
    }

    /// Of what the class of a thing writes, where the words of templates count.
    pub(crate) fn written(owner: EntityId) -> Self {
        Self { reading: WordReading::Written(None), ..Self::of(owner, Within::Class) }
    }

    /// Whether the words of templates count in it.
    pub(super) fn is_written(&self) -> bool {
        matches!(self.reading, WordReading::Written(_))
    }

    /// Whether the words of templates count in it or in what is inside.
    pub(super) fn has_written(&self) -> bool {
        self.is_written() || self.made_of_written()
    }

    fn made_of_written(&self) -> bool {
        match &self.made {
            MadeOf::Entries(entries) => entries.values().any(Sight::has_written),
            MadeOf::Items(items) => items.iter().any(Sight::has_written),
            MadeOf::Unknown | MadeOf::In(_) => false,
        }
    }

    /// The round of a loop that it is in.
    pub(crate) fn round(&self) -> Option<&Arc<Round>> {
        if let WordReading::Written(round) = &self.reading { round.as_ref() } else { None }
    }

    /// The same in a round of a loop.
    pub(super) fn within_round(&self, round: Arc<Round>) -> Self {
        Self { reading: WordReading::Written(Some(round)), ..self.clone() }
    }

    /// The same where words do not count.
    pub(super) fn plain(&self) -> Self {
        Self { reading: WordReading::Plain, ..self.clone() }
    }

    /// For a map with these entries, each seen in a way of its own.
    pub(super) fn of_entries(&self, entries: impl IntoIterator<Item = (Arc<str>, Self)>) -> Self {
        Self { made: MadeOf::Entries(Arc::new(entries.into_iter().collect())), ..self.plain() }
    }

    /// For a list with these items, each seen in a way of its own.
    pub(super) fn of_items(&self, items: Vec<Self>) -> Self {
        Self { made: MadeOf::Items(Arc::new(items)), ..self.plain() }
    }

    /// What tells work on what stands there in memory from all other.
    pub(super) fn place_of(&self, at: usize) -> WorkPlace {
        (self.owner, at, self.round().map_or(0, |round| round.id))
    }

    /// The same for the whole value of a type.
    pub(super) fn typed(self, type_: Option<&'a Type>) -> Self {
        Self { type_, made: MadeOf::Unknown, ..self }
    }

    /// The same with something around it.
    pub(super) fn standing(self, around: Around<'a>) -> Self {
        Self { around, ..self }
    }

    /// For a value inside of a map.
    pub(super) fn field(&self, key: &str) -> Self {
        if let MadeOf::Entries(entries) = &self.made
            && let Some(entry) = entries.get(key)
        {
            return entry.clone();
        }
        let inner = self.type_.and_then(|type_| type_.inside(key)).map(AsRef::as_ref);
        self.clone().typed(inner)
    }

    /// For an item of a list.
    pub(super) fn item(&self, at: usize) -> Self {
        if let MadeOf::Items(items) = &self.made
            && let Some(item) = items.get(at)
        {
            return item.clone();
        }
        self.clone().typed(self.type_.and_then(Type::items).map(AsRef::as_ref))
    }

    /// For what lies behind a step.
    pub(crate) fn step(&self, step: &Step) -> Self {
        match step {
            Step::Key(key) => self.field(key),
            Step::Item(at) => self.item(*at),
        }
    }

    /// What the value is written in.
    pub(super) fn notation(&self) -> Option<Notation> {
        match (self.type_, &self.made) {
            (Some(type_), _) => type_.notation(),
            (None, MadeOf::In(notation)) => Some(*notation),
            (None, MadeOf::Unknown | MadeOf::Items(_) | MadeOf::Entries(_)) => None,
        }
    }

    /// How a value is seen that an expression has taken from elsewhere: what its own field says of it goes before what was said there.
    pub(super) fn or(self, elsewhere: Option<Sight<'a>>) -> Self {
        let is_open = self.type_.is_none_or(|type_| matches!(type_.resolved().shape, Shape::Any));
        elsewhere.filter(|_| is_open).unwrap_or(self).evaluated()
    }

    /// How it is seen once it is worked out, so that its words have done their work.
    fn evaluated(self) -> Self {
        let made = match &self.made {
            MadeOf::Entries(entries) if self.made_of_written() => {
                let entries = entries.iter().map(|(key, sight)| (Arc::clone(key), sight.clone().evaluated()));
                MadeOf::Entries(Arc::new(entries.collect()))
            }
            MadeOf::Items(items) if self.made_of_written() => {
                MadeOf::Items(Arc::new(items.iter().map(|sight| sight.clone().evaluated()).collect()))
            }
            made @ (MadeOf::Unknown | MadeOf::In(_) | MadeOf::Items(_) | MadeOf::Entries(_)) => made.clone(),
        };
        Self { made, reading: WordReading::Plain, ..self }
    }

    /// Whether a reference may stand in it, as far as is known.
    pub(super) fn may_refer(&self) -> bool {
        match (&self.made, self.type_) {
            (MadeOf::Items(_) | MadeOf::Entries(_), _) => true,
            (MadeOf::Unknown | MadeOf::In(_), type_) => type_.is_some_and(Type::refers),
        }
    }

    /// The same, if anything is known.
    fn known(self) -> Option<Self> {
        (self.type_.is_some() || !matches!(self.made, MadeOf::Unknown)).then_some(self)
    }
}

impl<'a> World<'a> {
    /// How a value is seen that an expression of a thing has made, if anything is known of it, while its nodes are there. It looks at each
    /// part as often as the value has it, so that is made, and weighed, before.
    pub(crate) fn sight_of(&self, owner: EntityId, within: Within, val: &Val) -> Option<Sight<'a>> {
        self.sight_within(&Sight::of(owner, within), val, VALUE_DEPTH)
    }

    fn sight_within(&self, plain: &Sight<'a>, val: &Val, depth: usize) -> Option<Sight<'a>> {
        // What is deeper is no value.
        let depth = depth.checked_sub(1)?;
        let of = |made| Some(Sight { made, ..plain.clone() });
        match val {
            Val::Opaque(opaque) => of(MadeOf::In(opaque.meaning.notation())),
            Val::Node(node) => self.sight_of_node(*node).and_then(Sight::known),
            Val::Optional(Some(inner)) => self.sight_within(plain, inner, depth),
            Val::List(items) => {
                let items: Vec<_> = items.iter().map(|item| self.sight_within(plain, item, depth)).collect();
                if items.iter().all(Option::is_none) {
                    return None;
                }
                of(MadeOf::Items(Arc::new(items.into_iter().map(|item| item.unwrap_or_else(|| plain.clone())).collect())))
            }
            Val::Map(map) => {
                let entries = map.entries().iter();
                let entries = entries.filter_map(|(key, val)| Some((Arc::from(key.to_string()), self.sight_within(plain, val, depth)?)));
                let entries: BTreeMap<_, _> = entries.collect();
                if entries.is_empty() { None } else { of(MadeOf::Entries(Arc::new(entries))) }
            }
            Val::Null
            | Val::Bool(_)
            | Val::Int(_)
            | Val::Uint(_)
            | Val::Double(_)
            | Val::String(_)
            | Val::Bytes(_)
            | Val::Type(_)
            | Val::Optional(None)
            | Val::Late(_) => None,
        }
    }

    fn sight_of_node(&self, node: HostNode) -> Option<Sight<'a>> {
        match self.place(node)? {
            NodePlace::Value { sight, .. } => Some(sight.evaluated()),
            NodePlace::Entity(entity) => Some(self.sight(entity)),
            place @ (NodePlace::Platform | NodePlace::Environment(_)) => {
                Some(Sight::of(EntityId(0), Within::Definition).typed(self.type_of(&place)))
            }
            NodePlace::Every(_)
            | NodePlace::In(..)
            | NodePlace::Environments(_)
            | NodePlace::Referrers(_)
            | NodePlace::Let(_)
            | NodePlace::Makings(_)
            | NodePlace::Made(..)
            | NodePlace::Outputs { .. }
            | NodePlace::Terraform { .. } => None,
        }
    }
}
