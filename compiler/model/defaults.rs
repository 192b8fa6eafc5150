//! Defaults of the platform and of environments, as far as they are a thing's business: fields that its class has, and of optional groups
//! those that are there. In come a default and the value so far, out comes what of it is said; what could not be said of a group yet is
//! held until a layer speaks of the group. Which defaults reached anything is noted. It never decides how two values meet.

use super::classes::ClassAt;
use super::lines::Lines;
use super::{Model, errors, theirs};
use crate::definition::{Class, Definitions, Layered, METADATA};
use crate::diagnostic::Diagnostics;
use crate::inheritance::{Meeting, is_open, merge, met};
use crate::name::Kind;
use crate::origin::LayerId;
use crate::path::{Path, Step};
use crate::schema::Type;
use crate::span::Span;
use crate::value::{Data, Entry, Map, Operator, Standing, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Defaults that some thing took: where their keys stand.
#[derive(Default)]
pub(super) struct Reached(BTreeSet<Span>);

impl Reached {
    /// A default with all inside it.
    fn whole(&mut self, entry: &Entry) {
        if self.0.insert(entry.span) {
            entry.value.as_map().map(Map::entries).unwrap_or_default().iter().for_each(|inner| self.whole(inner));
        }
    }
}

/// The defaults of one thing while its layers are merged.
#[derive(Clone)]
pub(super) struct Defaults<'a> {
    type_: Option<&'a Type>,
    /// Whether the class is whole, so that a field it has not is none.
    is_sound: bool,
    /// The layer of what the schema says.
    schema: LayerId,
    /// Whether they are those of a whole thing.
    is_whole: bool,
    held: Vec<Held>,
}

/// What a default says of a group that is not there.
#[derive(Clone)]
struct Held {
    /// The way to it.
    around: Vec<Entry>,
    entry: Entry,
}

impl<'a> Defaults<'a> {
    /// Those of a thing of a class.
    pub(super) fn of(class: Option<&'a Class>) -> Self {
        Self {
            type_: class.map(|class| &*class.type_),
            is_sound: class.is_some_and(|class| class.sound),
            schema: class.map_or(LayerId::COMPUTED, |class| class.layer),
            is_whole: true,
            held: Vec::new(),
        }
    }

    /// Those of what is inside of such a thing.
    pub(super) fn inside(class: Option<&'a Class>, type_: Option<&'a Type>) -> Self {
        Self { type_, is_whole: false, ..Self::of(class) }
    }

    /// What a thing takes of a default, by the value so far.
    pub(super) fn taken(&mut self, value: Option<&Value>, said: &[Entry], reached: &mut Reached) -> Vec<Entry> {
        self.fitting(said, self.type_.filter(|_| self.is_sound), value, &mut Vec::new(), reached)
    }

    /// What is left of a field after a word that waited met it. These defaults are those of the map that the field stands in.
    pub(super) fn met(
        &mut self,
        old: Option<Entry>,
        word: Entry,
        standing: &Standing,
        type_: Option<&Type>,
        meeting: &mut Meeting<'_>,
    ) -> Option<Entry> {
        let step = Step::Key(Arc::clone(&word.key));
        let within = |old: &Option<Entry>| Value::map(old.iter().cloned().collect(), word.value.origin);
        let mut reached = Reached::default();
        match standing {
            Standing::Layer | Standing::Kept => {
                let mut old = old;
                if !self.held.is_empty() {
                    let layer = Value::map(vec![word.clone()], word.value.origin);
                    let value = self.before(Some(within(&old)), &layer, &mut reached, meeting);
                    old = value.and_then(|value| value.as_map()?.entry(&word.key).cloned());
                }
                let is_kept = matches!(standing, Standing::Kept) && word.operator == Operator::Remove;
                meeting.passing_by(is_kept, |meeting| meeting.inside(step, |meeting| met(old, &word, type_, meeting)))
            }
            Standing::Default | Standing::Again(_) => {
                let taken = self.taken(Some(&within(&old)), std::slice::from_ref(&word), &mut reached);
                if matches!(standing, Standing::Again(_)) {
                    self.held.clear();
                }
                let meets = |meeting: &mut Meeting<'_>| taken.iter().fold(old, |old, entry| met(old, entry, type_, meeting));
                meeting.passing_by(true, |meeting| meeting.inside(step, meets))
            }
        }
    }

    /// The value after defaults that are stronger than it.
    pub(super) fn over(&mut self, value: Option<&Value>, said: &Value, reached: &mut Reached, meeting: &mut Meeting<'_>) -> Value {
        let entries = said.as_map().map(Map::entries).unwrap_or_default();
        let fitting = self.taken(value, entries, reached);
        self.merged(value, Value::map(fitting, said.origin), meeting)
    }

    fn merged(&self, value: Option<&Value>, layer: Value, meeting: &mut Meeting<'_>) -> Value {
        meeting.passing_by(true, |meeting| merge(value, &layer, Operator::Merge, self.type_, meeting))
    }

    /// What a thing takes of defaults.
    fn fitting(
        &mut self,
        said: &[Entry],
        type_: Option<&Type>,
        value: Option<&Value>,
        around: &mut Vec<Entry>,
        reached: &mut Reached,
    ) -> Vec<Entry> {
        let Some(record) = type_.and_then(Type::record) else {
            said.iter().for_each(|entry| reached.whole(entry));
            return said.to_vec();
        };
        let mut fitting = Vec::new();
        for entry in said {
            let Some(field) = record.get(&entry.key) else { continue };
            let there = value.and_then(|value| value.get(&entry.key));
            let is_group = field.type_.record().is_some();
            let is_always = around.is_empty() && self.is_whole && &*entry.key == METADATA;
            if is_group && !is_always && there.is_none() && !field.type_.resolved().markers.required {
                if adds(entry) {
                    self.held.push(Held { around: around.clone(), entry: entry.clone() });
                }
                continue;
            }
            // What fits is known when the expression is.
            let inner = entry.value.as_map().filter(|_| !there.is_some_and(is_open));
            let inner = inner.filter(|map| is_group && adds(entry) && !map.entries().is_empty());
            let Some(inner) = inner else {
                reached.whole(entry);
                fitting.push(entry.clone());
                continue;
            };
            reached.0.insert(entry.span);
            around.push(entry.clone());
            let inner = self.fitting(inner.entries(), Some(&field.type_), there, around, reached);
            around.pop();
            if !inner.is_empty() {
                fitting.push(Entry { value: Value::map(inner, entry.value.origin), ..entry.clone() });
            }
        }
        fitting
    }

    /// The value with the defaults of those groups that a layer is about to bring, so that the layer is stronger than they are.
    pub(super) fn before(
        &mut self,
        value: Option<Value>,
        layer: &Value,
        reached: &mut Reached,
        meeting: &mut Meeting<'_>,
    ) -> Option<Value> {
        let mut value = value;
        let mut at = 0;
        while let Some(held) = self.held.get(at) {
            match speaks(layer, held) {
                Speech::Brings if is_around(&held.around, value.as_ref()) => {
                    let held = self.held.remove(at);
                    let step = held.around.len();
                    value = if is_open(&held.entry.value) {
                        self.deciding(value, held, step, reached, meeting)
                    } else {
                        self.brought(value, held, reached, meeting)
                    };
                }
                Speech::Decides(step) if held.around.get(..step).is_some_and(|around| is_around(around, value.as_ref())) => {
                    let held = self.held.remove(at);
                    value = self.deciding(value, held, step, reached, meeting);
                }
                Speech::Replaces => drop(self.held.remove(at)),
                Speech::Brings | Speech::Decides(_) | Speech::Nothing => at += 1,
            }
        }
        value
    }

    /// The same where an expression on the way to the group decides whether the layer brings it, which is seen to when that has its value.
    fn deciding(
        &mut self,
        value: Option<Value>,
        held: Held,
        step: usize,
        reached: &mut Reached,
        meeting: &mut Meeting<'_>,
    ) -> Option<Value> {
        let Held { mut around, entry } = held;
        reached.whole(&entry);
        let origin = entry.value.origin;
        let mut said = entry;
        while around.len() > step {
            let Some(outer) = around.pop() else { break };
            said = Entry { value: Value::map(vec![said], outer.value.origin), ..outer };
        }
        said = Entry { value: Value::pending(None, said.clone(), Path::default(), Standing::Default, None), ..said };
        while let Some(outer) = around.pop() {
            said = Entry { value: Value::map(vec![said], outer.value.origin), ..outer };
        }
        self.merged(value.as_ref(), Value::map(vec![said], origin), meeting).into()
    }

    fn brought(&mut self, value: Option<Value>, held: Held, reached: &mut Reached, meeting: &mut Meeting<'_>) -> Option<Value> {
        let Held { mut around, entry } = held;
        let way = around.iter().chain([&entry]);
        let type_ = way.fold(self.type_, |type_, step| type_.and_then(|type_| type_.field(&step.key)).map(AsRef::as_ref));
        let of_schema = type_.and_then(|type_| type_.defaults(self.schema));
        around.push(entry);
        reached.0.extend(around.last().map(|entry| entry.span));
        let said: Vec<Entry> = around.last().and_then(|entry| entry.value.as_map()).map(|map| map.entries().to_vec()).unwrap_or_default();
        let mut fitting = self.fitting(&said, type_, of_schema.as_ref(), &mut around, reached);
        while let Some(step) = around.pop() {
            fitting = vec![Entry { value: Value::map(fitting, step.value.origin), ..step }];
        }
        let Some(origin) = fitting.first().map(|entry| entry.value.origin) else { return value };
        self.merged(value.as_ref(), Value::map(fitting, origin), meeting).into()
    }

    /// The value after the defaults of an environment once more: what they say of fields that a body has the last word about.
    pub(super) fn again(
        &mut self,
        value: Value,
        said: &Value,
        words: &[theirs::LayerWords<'_>],
        reached: &mut Reached,
        meeting: &mut Meeting<'_>,
    ) -> Value {
        let entries = theirs::of(said, words, self.type_, &value);
        if entries.is_empty() {
            return value;
        }
        // Nothing is held for later: no layer comes after that.
        let mut here = Self { held: Vec::new(), ..self.clone() };
        here.over(Some(&value), &Value::map(entries, said.origin), reached, meeting)
    }
}

/// Whether there is a map at the end of the way.
fn is_around(way: &[Entry], value: Option<&Value>) -> bool {
    let end = || way.iter().try_fold(value?, |value, step| value.get(&step.key));
    way.is_empty() || end().is_some_and(|value| value.as_map().is_some())
}

/// Whether an entry adds to what is there.
fn adds(entry: &Entry) -> bool {
    match entry.operator {
        Operator::Merge | Operator::Append | Operator::Lock => true,
        Operator::Remove | Operator::Replace => false,
    }
}

/// What a layer says of a group that is not there.
enum Speech {
    Nothing,
    /// It is there from now on.
    Brings,
    /// It says all that is to be said.
    Replaces,
    /// An expression decides, at that step of the way.
    Decides(usize),
}

fn speaks(layer: &Value, held: &Held) -> Speech {
    let mut value = layer;
    for (at, step) in held.around.iter().chain([&held.entry]).enumerate() {
        let Some(entry) = value.as_map().and_then(|map| map.entry(&step.key)) else { return Speech::Nothing };
        match entry.operator {
            Operator::Replace => return Speech::Replaces,
            Operator::Remove => return Speech::Nothing,
            Operator::Merge | Operator::Append | Operator::Lock if is_open(&entry.value) => return Speech::Decides(at),
            Operator::Merge | Operator::Append | Operator::Lock => value = &entry.value,
        }
    }
    match &value.data {
        Data::Map(_) => Speech::Brings,
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::List(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => Speech::Nothing,
    }
}

/// Warns of defaults that reach nothing, each once, as far out as that is so. Those of an abstract environment that nobody inherits from may
/// wait for somebody.
pub(super) fn unused(definitions: &Definitions, lines: &Lines<'_>, model: &Model, reached: &Reached, diagnostics: &mut Diagnostics) {
    let platform = definitions.platform_defaults.iter().map(|(kind, layered)| (Path::of(["platform", "defaults"]), *kind, layered));
    let is_used = |name: &Arc<str>| model.environments.iter().any(|environment| environment.line.contains(name));
    let of_environments = definitions.environments.iter().flat_map(|environment| {
        let path = Path::of(["environments", &environment.name.name, "defaults"]);
        let defaults = environment.defaults.iter().filter(|_| is_used(&environment.name.name));
        defaults.map(move |(kind, layered)| (path.clone(), *kind, layered))
    });
    for (path, kind, layered) in platform.chain(of_environments) {
        // Whose class is unknown or faulty might have taken it.
        let Some(types) = types(definitions, lines, model, kind) else { continue };
        unused_of(kind, layered, &path.join(&Path::of([kind.plural()])), &types, reached, diagnostics);
    }
}

fn unused_of(kind: Kind, layered: &Layered, path: &Path, types: &[&Type], reached: &Reached, diagnostics: &mut Diagnostics) {
    let entries = layered.value.as_map().map(Map::entries).unwrap_or_default();
    if types.is_empty() && !entries.is_empty() {
        diagnostics.push(errors::defaults_of_none(kind, layered.span, path));
        return;
    }
    let mut left: Vec<(Path, &Entry, Vec<&Type>)> = entries.iter().rev().map(|entry| (path.clone(), entry, types.to_vec())).collect();
    while let Some((around, entry, types)) = left.pop() {
        let path = around.join(&Path::of([&*entry.key]));
        let inner: Vec<&Type> = types.iter().filter_map(|type_| type_.field(&entry.key)).map(AsRef::as_ref).collect();
        if reached.0.contains(&entry.span) {
            let entries = entry.value.as_map().map(Map::entries).unwrap_or_default();
            left.extend(entries.iter().rev().map(|entry| (path.clone(), entry, inner.clone())));
        } else if inner.is_empty() {
            let known: BTreeSet<&str> = types.iter().flat_map(|type_| type_.fields()).map(|(name, _)| name).collect();
            diagnostics.push(errors::default_of_no_field(kind, entry, &path, &known.into_iter().collect::<Vec<_>>()));
        } else if inner.iter().all(|type_| type_.record().is_none()) {
            diagnostics.push(errors::defaults_of_none(kind, entry.span, &path));
        } else {
            diagnostics.push(errors::default_of_no_group(kind, entry, &path));
        }
    }
}

/// The types of all things of a kind; none if one of them is not known.
fn types<'a>(definitions: &'a Definitions, lines: &Lines<'a>, model: &Model, kind: Kind) -> Option<Vec<&'a Type>> {
    let mut classes: BTreeMap<Arc<str>, &Class> = BTreeMap::new();
    let mut add = |found: Vec<ClassAt<'a>>| {
        let is_known = !found.is_empty();
        classes.extend(found.into_iter().map(|(_, class)| (Arc::clone(&class.full), class)));
        is_known
    };
    for definition in definitions.of_kind(kind.home().unwrap_or(kind)).filter(|definition| !definition.is_abstract) {
        let is_known = match kind.home() {
            None => add(lines.classes(definition)),
            Some(_) => lines.inner(definition).iter().all(|inner| add(lines.inner_classes(inner, definition))),
        };
        if !is_known {
            return None;
        }
    }
    let made = model.entities.iter().filter(|entity| entity.kind == kind && entity.made.is_some());
    let made = made.filter_map(|entity| definitions.classes.get(entity.class.0 as usize));
    classes.extend(made.map(|class| (Arc::clone(&class.full), &**class)));
    classes.values().map(|class| class.sound.then_some(&*class.type_)).collect()
}
