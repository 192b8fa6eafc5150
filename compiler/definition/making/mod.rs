//! What classes make: which kinds may be made by which, of which class each thing is that a class makes, and in which order makers are asked, so
//! that everything a maker makes is known before it makes something itself. Circles are told here. Nothing is made here.

mod check;
mod given;

pub(super) use check::check;

use super::scope::{self, KnownTypes};
use super::{Class, errors};
use crate::diagnostic::Diagnostics;
use crate::expression::Ty;
use crate::inheritance::unkept;
use crate::limit::MAKERS;
use crate::name::Kind;
use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The section of a class that makes things.
pub(crate) const SECTION: &str = "entities";

/// The kinds of what things of a kind may make. Clusters and tenants are what others are placed on and stand under, so they are always written.
pub(crate) fn kinds(maker: Kind) -> &'static [Kind] {
    match maker {
        Kind::Cluster => &[Kind::NodePool, Kind::Infrastructure, Kind::Service],
        Kind::NodePool | Kind::Service | Kind::Infrastructure => &[Kind::Infrastructure, Kind::Service],
        Kind::Tenant | Kind::Application => &[Kind::Infrastructure, Kind::Service, Kind::Application],
    }
}

/// A class that has met its parents, where what it makes has the words of all of them with their operators: it is a layer over the defaults of
/// the class of what is made.
pub(super) fn layer(class: Value) -> Value {
    let Some(map) = class.as_map().filter(|map| map.get(SECTION).is_some_and(Value::is_dynamic)) else { return class };
    let of_section = |entry: &Entry| {
        let value = if &*entry.key == SECTION { unkept(&entry.value) } else { entry.value.clone() };
        Entry { value, ..entry.clone() }
    };
    Value { data: Data::Map(Arc::new(Map::new(map.entries().iter().map(of_section).collect()))), ..class }
}

/// What a class makes: the kind, and the entry that says it. Kinds that it cannot make are passed over.
pub(crate) fn entries(class: &Class) -> impl Iterator<Item = (Kind, &Entry)> {
    let kinds = class.section(SECTION).and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    let kinds = kinds.iter().filter_map(move |of| Some((Kind::from_plural(&of.key).filter(|kind| kinds_of(class).contains(kind))?, of)));
    kinds.flat_map(|(kind, of)| {
        let made = of.value.as_map().map(Map::entries).unwrap_or_default();
        made.iter().map(move |entry| (kind, entry))
    })
}

/// Whether a place is in what a class says of what it makes, where conditions decide what there is.
pub(crate) fn is_said_at(class: &Class, place: Span) -> bool {
    entries(class).any(|(_, entry)| holds(&entry.value, place))
}

/// Whether a place is in a value. What was merged is of several places.
fn holds(value: &Value, place: Span) -> bool {
    let span = value.origin.span;
    let is_here = span.file == place.file && span.start <= place.start && place.end <= span.end;
    let (items, entries) = (value.as_list().unwrap_or_default(), value.as_map().map(Map::entries).unwrap_or_default());
    is_here || items.iter().any(|item| holds(item, place)) || entries.iter().any(|entry| holds(&entry.value, place))
}

fn kinds_of(class: &Class) -> &'static [Kind] {
    kinds(class.kind)
}

/// The class of what an entry makes: the one that it names, or that of the definitions which its field holds.
pub(crate) fn class(maker: &Class, kind: Kind, entry: &Entry) -> Option<(Arc<str>, Span)> {
    let given = || given::class(maker, entry).filter(|(of, _)| *of == kind).map(|(_, name)| (name, entry.span));
    named(entry).map(|(name, span)| (name.into(), span)).or_else(given)
}

/// The class that an entry names, as it is written.
fn named(entry: &Entry) -> Option<(&str, Span)> {
    let said = entry.value.get("class")?;
    said.as_str().map(|name| (name, said.origin.span))
}

/// The position of the class of a kind and name among classes.
pub(super) fn position(classes: &[Arc<Class>], kind: Kind, name: &str) -> Option<usize> {
    let full = format!("{}/{name}", kind.singular());
    classes.iter().position(|class| *class.full == *full)
}

/// Whether some class of a kind makes anything.
pub(crate) fn makes(classes: &[Arc<Class>], kind: Kind) -> bool {
    classes.iter().any(|class| class.kind == kind && class.section(SECTION).is_some())
}

/// The type of what expressions of a class read under `entities`.
pub(super) fn type_of(class: &Class, known: KnownTypes<'_>) -> Ty {
    let mut kinds: Vec<(Arc<str>, Ty)> = Vec::new();
    for kind in kinds_of(class) {
        let mut made: Vec<(Arc<str>, Ty)> = Vec::new();
        let mut computed: Option<Ty> = None;
        for (_, entry) in entries(class).filter(|(of, _)| of == kind) {
            let of = self::class(class, *kind, entry).and_then(|(name, _)| position(known.classes, *kind, &name));
            let of = of.and_then(|at| known.classes.get(at));
            let type_ = of.map_or_else(|| scope::entity(*kind, None, known), |class| scope::of_class(class, known));
            if entry.template.is_some() {
                computed = Some(computed.map_or_else(|| type_.clone(), |other| other.or(type_.clone())));
            } else {
                made.push((Arc::clone(&entry.key), type_));
            }
        }
        let type_ = match (made.is_empty(), computed) {
            (true, None) => continue,
            (true, Some(type_)) => Ty::map(type_),
            (false, None) => Ty::record(made),
            (false, Some(_)) => Ty::open_record(made),
        };
        kinds.push((kind.plural().into(), type_));
    }
    // What stands below a kind that there is not, which is told, may be meant for any.
    let said = class.section(SECTION).and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    let is_kind = |of: &Entry| Kind::from_plural(&of.key).is_some_and(|kind| kinds_of(class).contains(&kind));
    if said.iter().all(is_kind) { Ty::record(kinds) } else { Ty::open_record(kinds) }
}

/// Whether it is not known of which class some of what a class makes is.
pub(super) fn lacks_class(class: &Class, classes: &[Arc<Class>]) -> bool {
    entries(class).any(|(kind, entry)| self::class(class, kind, entry).and_then(|(name, _)| position(classes, kind, &name)).is_none())
}

/// Whether a section that there is not may be this one, misspelt: it speaks of kinds that such a class can make.
pub(super) fn is_meant(maker: Kind, section: &Entry) -> bool {
    let said = section.value.as_map().map(Map::entries).unwrap_or_default();
    said.iter().any(|of| Kind::from_plural(&of.key).is_some_and(|kind| kinds(maker).contains(&kind)))
}

/// When the things of classes make what they make: those of a lower number before those of a higher one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Makers {
    /// By the position of the class; of classes that make nothing there is none.
    stages: BTreeMap<usize, usize>,
    /// Kinds of which something is not made, because the class that would make it is wrong.
    lost: BTreeSet<Kind>,
    /// The classes that would make it, by their positions.
    lost_classes: BTreeSet<usize>,
    /// Kinds of which something may not be made, because nobody knows what stood where nothing could be read.
    doubted: BTreeSet<Kind>,
}

fn kinds_of_lost(classes: &[Arc<Class>], lost: &BTreeSet<usize>) -> BTreeSet<Kind> {
    lost.iter().filter_map(|at| classes.get(*at)).flat_map(|class| kinds(class.kind)).copied().collect()
}

impl Makers {
    /// Of all classes; of some it was told that what they make is wrong. A circle is told, too. Such classes make nothing.
    pub(super) fn of(classes: &[Arc<Class>], mut lost: BTreeSet<usize>, diagnostics: &mut Diagnostics) -> Self {
        let makes: BTreeMap<usize, Vec<(usize, Span)>> = classes
            .iter()
            .enumerate()
            .filter(|(_, class)| class.section(SECTION).is_some())
            .map(|(at, class)| {
                let made = entries(class).filter_map(|(kind, entry)| {
                    let (name, span) = self::class(class, kind, entry)?;
                    Some((position(classes, kind, &name)?, span))
                });
                (at, made.collect())
            })
            .collect();
        let mut told: BTreeSet<usize> = BTreeSet::new();
        for circle in circles(&makes) {
            // Of circles that share a class one is told: whoever opens it meets the next.
            let is_new = circle.iter().all(|(at, _)| told.insert(*at));
            lost.extend(circle.iter().map(|(at, _)| *at));
            let named = circle.iter().filter_map(|(at, span)| Some((classes.get(*at)?, *span)));
            if !is_new {
                continue;
            }
            diagnostics.push(errors::makers_in_circle(&named.map(|(class, span)| (&*class.full, span)).collect::<Vec<_>>()));
        }
        let mut stages: BTreeMap<usize, usize> = BTreeMap::new();
        for at in makes.keys().filter(|at| !lost.contains(at)) {
            let is_written = classes.get(*at).is_some_and(|class| matches!(class.kind, Kind::Cluster | Kind::Tenant));
            stages.insert(*at, usize::from(!is_written));
        }
        // The longest chain that leads to each.
        for _ in 0..=MAKERS {
            let mut is_settled = true;
            for (at, made) in &makes {
                let Some(stage) = stages.get(at).copied() else { continue };
                for (to, _) in made {
                    if let Some(later) = stages.get_mut(to).filter(|later| **later <= stage) {
                        *later = stage + 1;
                        is_settled = false;
                    }
                }
            }
            if is_settled {
                break;
            }
        }
        if stages.values().all(|stage| *stage <= MAKERS) {
            return Self { stages, lost: kinds_of_lost(classes, &lost), lost_classes: lost, doubted: BTreeSet::new() };
        }
        let longest = stages.iter().max_by_key(|(_, stage)| **stage).and_then(|(at, _)| classes.get(*at));
        if let Some(class) = longest {
            diagnostics.push(errors::makers_too_deep(&class.full, class.name.span, MAKERS));
        }
        lost.extend(stages.iter().filter(|(_, stage)| **stage > MAKERS).map(|(at, _)| *at));
        stages.retain(|_, stage| *stage <= MAKERS);
        Self { stages, lost: kinds_of_lost(classes, &lost), lost_classes: lost, doubted: BTreeSet::new() }
    }

    /// Takes note that something of a kind is not known, which was told: it may make what things of the kind make here, if one of these classes
    /// makes anything; or that a class of it is not known.
    pub(super) fn doubt(&mut self, kind: Kind, classes: Option<&[Arc<Class>]>) {
        if classes.is_none_or(|classes| makes(classes, kind)) {
            self.lost.extend(kinds(kind));
            self.doubted.extend(kinds(kind));
        }
    }

    /// Whether it is not known who makes things of a kind.
    pub(crate) fn doubts(&self, kind: Kind) -> bool {
        self.doubted.contains(&kind)
    }

    /// Whether it is not known what things of a class make.
    pub(crate) fn is_lost(&self, class: usize) -> bool {
        self.lost_classes.contains(&class)
    }

    /// Whether no class makes anything, nor would if it was right.
    pub(crate) fn is_empty(&self) -> bool {
        self.stages.is_empty() && self.lost.is_empty()
    }

    /// Kinds of which something is not made, because the class that would make it is wrong.
    pub(crate) fn lost(&self) -> &BTreeSet<Kind> {
        &self.lost
    }

    /// When the things of a class make what they make; none if they make nothing.
    pub(crate) fn stage(&self, class: usize) -> Option<usize> {
        self.stages.get(&class).copied()
    }

    /// The last stage at which anything is made.
    pub(crate) fn last(&self) -> usize {
        self.stages.values().copied().max().unwrap_or(0)
    }
}

/// Circles of classes that make each other, each once: the classes, with where each names the next.
fn circles(makes: &BTreeMap<usize, Vec<(usize, Span)>>) -> Vec<Vec<(usize, Span)>> {
    let mut found: Vec<Vec<(usize, Span)>> = Vec::new();
    let mut done: BTreeSet<usize> = BTreeSet::new();
    for start in makes.keys() {
        // The way, each class with how many of those that it makes were tried.
        let mut way: Vec<(usize, usize)> = vec![(*start, 0)];
        while let Some((at, tried)) = way.last().copied() {
            let next = makes.get(&at).and_then(|made| made.get(tried)).copied().filter(|_| !done.contains(&at));
            let Some((to, _)) = next else {
                done.insert(at);
                way.pop();
                continue;
            };
            if let Some(last) = way.last_mut() {
                last.1 += 1;
            }
            match way.iter().position(|(known, _)| *known == to) {
                Some(first) => {
                    let circle = way.iter().skip(first).filter_map(|(at, tried)| {
                        let (_, span) = makes.get(at)?.get(tried.checked_sub(1)?)?;
                        Some((*at, *span))
                    });
                    found.push(circle.collect());
                }
                None if makes.contains_key(&to) => way.push((to, 0)),
                None => {}
            }
        }
    }
    found
}
