//! What one maker makes: every entry of its class's `entities`, for each round of its loops. Keys, conditions and which fields there are decide
//! what exists, so they read what may decide that; what is read too early is told with the way to it.

use super::super::world::World;
use super::super::{EntityId, errors};
use super::Handed;
use super::shape::Shaper;
use crate::definition::making;
use crate::name::Kind;
use crate::origin::{Layer, Layers, Origin};
use crate::schema;
use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One thing that is made, before it meets what is said of its name.
#[derive(Clone, Debug)]
pub(in crate::model) struct Making {
    /// Who makes it.
    pub(in crate::model) maker: EntityId,
    /// What it is.
    pub(in crate::model) kind: Kind,
    /// Under which key.
    pub(in crate::model) key: Arc<str>,
    /// Its class, by its position.
    pub(in crate::model) class: usize,
    /// Where its class is said.
    pub(in crate::model) class_said: Origin,
    /// Its fields.
    pub(in crate::model) body: Value,
    /// As much of them as the maker says in overlays.
    pub(in crate::model) overlaid: Option<Value>,
    /// Where the class of the maker says so.
    pub(in crate::model) written: Span,
    /// Which part of the maker's fields gave it.
    pub(in crate::model) given: Option<Span>,
    /// Whether its maker is switched off, so that it is there only to leave by its own word.
    pub(in crate::model) off: bool,
}

/// What one maker makes.
pub(in crate::model) struct MakerOutcome {
    pub(in crate::model) made: Vec<Making>,
    /// What it hands on.
    pub(in crate::model) handed: Vec<Handed>,
    /// Whether something was wrong, so that it would make more.
    pub(in crate::model) lacks: bool,
}

/// What a maker makes, and what it hands on; `first` is the number of the first that it does.
pub(in crate::model) fn of(world: &World<'_>, maker: EntityId, first: usize) -> MakerOutcome {
    // What the iterators of loops stand for lives as long as this.
    world.session(|| expanded(world, maker, first))
}

fn expanded(world: &World<'_>, maker: EntityId, first: usize) -> MakerOutcome {
    let entity = world.entity(maker);
    let Some(class) = world.class(entity).filter(|class| class.sound) else {
        return MakerOutcome { made: Vec::new(), handed: Vec::new(), lacks: true };
    };
    let depends = format!("what {} `{}` makes", entity.kind.words(), entity.name);
    let before = world.early.replace(Some(depends));
    let mut shaper = Shaper::new(world, maker, first);
    let mut made: Vec<Making> = Vec::new();
    let mut known: BTreeMap<(Kind, Arc<str>), Span> = BTreeMap::new();
    for (kind, entry) in making::entries(class) {
        let named = making::class(class, kind, entry);
        let Some((name, span)) = named else { continue };
        let Some((at, _)) = world.definitions.class(kind, &name) else { continue };
        let class_said = Origin { span, layer: entry.value.origin.layer };
        // Where nothing is merged in, nobody asks how layers would meet.
        let merges = entry.value.has_directive();
        let type_ = world.definitions.classes.get(at).filter(|_| merges).and_then(|class| schema::as_definition(&class.type_));
        shaper.each(&entry.value, &mut |shaper| {
            if !entry.value.as_map().is_none_or(|map| shaper.holds(map)) {
                return;
            }
            let (Some(key), Some(body)) = (shaper.key(entry), shaper.body(&entry.value, type_.as_ref())) else { return };
            let given = given(shaper, &key);
            if let Some(other) = known.insert((kind, Arc::clone(&key)), given.unwrap_or(entry.span)) {
                shaper.report(errors::one_key_twice(kind, &key, other, given.unwrap_or(entry.span), entry.span));
                return;
            }
            let body = without_class(&body);
            let overlaid = overlaid(&world.definitions.layers, &body);
            made.push(Making { maker, kind, key, class: at, class_said, body, overlaid, written: entry.span, given, off: false });
        });
    }
    let (handed, lacks) = (std::mem::take(&mut shaper.handed), shaper.has_failed());
    world.early.replace(before);
    MakerOutcome { made, handed, lacks }
}

/// As much of what a maker says as it says in overlays: values that it hands on stay where they were written.
fn overlaid(layers: &Layers, value: &Value) -> Option<Value> {
    match &value.data {
        Data::Map(map) if !map.entries().is_empty() => {
            let inside = |entry: &Entry| Some(Entry { value: overlaid(layers, &entry.value)?, ..entry.clone() });
            let entries: Vec<Entry> = map.entries().iter().filter_map(inside).collect();
            (!entries.is_empty()).then(|| Value::map(entries, value.origin))
        }
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::List(_)
        | Data::Map(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => matches!(layers.get(value.origin.layer), Layer::Overlay { .. }).then(|| value.clone()),
    }
}

/// The fields of what is made; its class is known.
fn without_class(body: &Value) -> Value {
    let entries = body.as_map().map(Map::entries).unwrap_or_default().iter().filter(|entry| &*entry.key != "class");
    Value::map(entries.cloned().collect(), body.origin)
}

/// Which part of the maker's fields gave what is at hand: the entry of a map that has its key, else what the loop runs over.
fn given(shaper: &Shaper<'_, '_>, key: &str) -> Option<Span> {
    let item = shaper.item()?;
    let entity = shaper.world.entity(shaper.maker);
    let value = item.get("value").unwrap_or(item);
    let fields = entity.value.as_map().map(Map::entries).unwrap_or_default().iter();
    let known: Vec<&Entry> = fields.filter_map(|field| field.value.as_map()?.entry(key)).collect();
    let same = known.iter().find(|entry| entry.value.origin == value.origin).or(known.first());
    Some(same.map_or(value.origin.span, |entry| entry.span))
}
