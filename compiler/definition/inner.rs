//! What stands under another definition: pools under their cluster, applications under their tenant. What that says about them, in its body, in
//! an overlay or in a file of their own, and what `defaults` say of all of them, becomes definitions of theirs; and of each definition,
//! what its heirs see of it. Nothing is inherited here.

use super::block::{empty, named};
use super::index::Blocks;
use super::lower::Lowering;
use super::shaping::Shaping;
use super::{Common, Definition, Definitions, Layered, Named, Overlay, errors, operator};
use crate::document::{Node, NodeData, Pair};
use crate::name::Kind;
use crate::origin::Origin;
use crate::span::{FileId, Span};
use crate::value::{Entry, Operator, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How the addresses of what stands under all definitions of a kind begin.
pub(super) const COMMON: &str = "platform.defaults.";

/// Fields that concern only the thing that says them.
const OWN: [&str; 2] = ["enabled", "description"];

impl Definitions {
    /// What is written of a thing, itself or in what it stands under.
    pub(crate) fn written(&self, kind: Kind, home: Option<&str>, name: &str) -> Option<&Definition> {
        match (kind.home(), home) {
            (Some(home_kind), Some(home)) => {
                let home = self.definition(home_kind, home)?;
                home.inner.iter().find(|inner| inner.kind == kind && *inner.name.name == *name)
            }
            (_, _) => self.definition(kind, name),
        }
    }
}

impl Lowering<'_> {
    /// What a definition says about those under it, in its body or in an overlay: the body or the same overlay of each.
    pub(super) fn inner(&mut self, result: &mut Definition, field: &Pair, environment: Option<&Named>, cluster: Option<&Named>) {
        let (Some(kind), address) = (result.kind.inner(), Arc::clone(&result.address)) else { return };
        self.list(kind, &address, &mut result.inner, field, (environment, cluster));
    }

    /// What the defaults of a kind say about what stands under all of its things, of the platform or of an environment.
    pub(super) fn common_inner(&mut self, home: Kind, field: &Pair, environment: Option<&Named>) {
        let Some(kind) = home.inner() else { return };
        let mut list = std::mem::take(&mut self.common.inner);
        let plural = home.plural();
        let spoken =
            environment.map_or_else(|| format!("{COMMON}{plural}"), |named| format!("environments.{}.defaults.{plural}", named.name));
        self.list(kind, &spoken.into(), &mut list, field, (environment, None));
        for one in list.iter_mut().filter(|one| one.kind == kind) {
            one.address = format!("{COMMON}{plural}.{}.{}", kind.plural(), one.name.name).into();
        }
        self.common.inner = list;
    }

    fn list(
        &mut self,
        kind: Kind,
        home: &Arc<str>,
        list: &mut Vec<Definition>,
        field: &Pair,
        (environment, cluster): (Option<&Named>, Option<&Named>),
    ) {
        let plural = kind.plural();
        if !matches!(operator::split(&field.key.text).1, Operator::Merge | Operator::Append) {
            self.report(errors::misplaced_operator(plural, field.key_span));
            return;
        }
        let mut places: BTreeMap<Arc<str>, usize> =
            list.iter().enumerate().filter(|(_, one)| one.kind == kind).map(|(at, one)| (Arc::clone(&one.name.name), at)).collect();
        for pair in self.pairs(&field.value, plural) {
            let (bare, operator) = operator::split(&pair.key.text);
            // TOML has no null, and says that something goes by `true`.
            let gone = (operator == Operator::Remove && matches!(pair.value.data, NodeData::Bool(true)))
                .then(|| Pair { value: Node { data: NodeData::Null, ..pair.value.clone() }, ..pair.clone() });
            let pair = gone.as_ref().unwrap_or(pair);
            let name = Named { name: bare.as_str().into(), span: pair.key_span };
            let at = *places.entry(Arc::clone(&name.name)).or_insert(list.len());
            if at == list.len() {
                list.push(empty(kind, name.clone(), format!("{home}.{plural}.{bare}").into()));
            }
            let Some(one) = list.get_mut(at) else { continue };
            match (environment, cluster, &one.body) {
                (None, None, Some(first)) => {
                    let twice = errors::inner_twice(&[(one, first.span, name.span)]);
                    twice.into_iter().for_each(|twice| self.report(twice));
                }
                (None, None, None) => {
                    one.name = name;
                    self.fill(one, pair, operator);
                }
                (_, _, _) => {
                    let address = std::mem::replace(&mut one.address, format!("{home}.{plural}.{bare}").into());
                    self.overlay(one, (environment.cloned(), cluster.cloned()), pair, (operator, true));
                    one.address = address;
                }
            }
        }
    }

    /// Joins what files say about nothing but the applications of a tenant with what defines the tenant.
    pub(super) fn join(&mut self, blocks: &mut Blocks) {
        let homes: BTreeMap<Arc<str>, usize> =
            blocks.definitions.iter().enumerate().map(|(at, definition)| (Arc::clone(&definition.address), at)).collect();
        let mut places: BTreeMap<Arc<str>, BTreeMap<Arc<str>, usize>> = BTreeMap::new();
        for addition in std::mem::take(&mut blocks.additions) {
            let Some(home) = homes.get(&addition.address).and_then(|at| blocks.definitions.get_mut(*at)) else {
                let alike = || blocks.definitions.iter().filter(|one| one.kind == addition.kind);
                let known: Vec<&str> = alike().map(|one| &*one.name.name).collect();
                let is_its = |one: &&Definition| one.identity.as_ref().is_some_and(|identity| identity.name == addition.name.name);
                self.report(errors::undefined_home(&addition, &known, alike().find(is_its)));
                continue;
            };
            let places = places
                .entry(Arc::clone(&addition.address))
                .or_insert_with(|| home.inner.iter().enumerate().map(|(at, one)| (Arc::clone(&one.name.name), at)).collect());
            // What two files say both is one mistake: whoever copies a file writes all of it twice.
            let mut twice: BTreeMap<(FileId, FileId), Vec<Twice>> = BTreeMap::new();
            for one in addition.inner {
                let at = *places.entry(Arc::clone(&one.name.name)).or_insert(home.inner.len());
                match home.inner.get_mut(at) {
                    None => home.inner.push(one),
                    Some(known) => match &known.body {
                        Some(first) => {
                            let (first, second) = super::index::in_order(first.span, one.name.span, self);
                            twice.entry((first.file, second.file)).or_default().push((one, first, second));
                        }
                        // Only overlays have spoken of it so far.
                        None => {
                            let overlays = std::mem::take(&mut known.overlays);
                            *known = one;
                            known.overlays.extend(overlays);
                        }
                    },
                }
            }
            for both in twice.into_values() {
                let both: Vec<(&Definition, Span, Span)> = both.iter().map(|(one, first, second)| (one, *first, *second)).collect();
                errors::inner_twice(&both).into_iter().for_each(|both| self.report(both));
            }
        }
    }
}

/// What is said again, with where it was said first and where again.
type Twice = (Definition, Span, Span);

/// Whether a block says nothing but what stands under the thing, so that it adds to that and does not define it. Only tenants are shared so:
/// the applications of one may have a file each. Who names the class of the tenant again, and nothing else, means the same; reports that.
pub(super) fn adds(kind: Kind, pair: &Pair, lowering: &mut Lowering<'_>) -> bool {
    let Some(class) = added(kind, pair) else { return false };
    let Some(class) = class else { return true };
    let Some(home) = lowering.homes.get(&(kind, Arc::clone(&pair.key.text))).copied() else { return false };
    lowering.report(errors::class_said_again(kind, &pair.key.text, class.key_span, home));
    true
}

/// Where the things that others may add to are defined.
pub(super) fn homes<'d>(top: impl Iterator<Item = (&'d str, &'d Pair)>) -> BTreeMap<(Kind, Arc<str>), Span> {
    let mut homes = BTreeMap::new();
    for (kind, pair) in top.filter_map(|(key, pair)| Some((Kind::from_plural(key)?, pair))) {
        let NodeData::Map(pairs) = &pair.value.data else { continue };
        for one in pairs.iter().filter(|one| kind.inner().is_some() && added(kind, one).is_none()) {
            homes.entry((kind, Arc::clone(&one.key.text))).or_insert(one.key_span);
        }
    }
    homes
}

/// The class that a block names beside what stands under the thing; none if it says more, or nothing of these.
fn added(kind: Kind, pair: &Pair) -> Option<Option<&Pair>> {
    let NodeData::Map(fields) = &pair.value.data else { return None };
    let mut others = fields.iter().filter(|field| !is_inner(kind, field));
    match (others.next(), others.next()) {
        (None, _) => (!fields.is_empty()).then_some(None),
        (Some(class), None) => (&*class.key.text == "class" && fields.len() > 1).then_some(Some(class)),
        (Some(_), Some(_)) => None,
    }
}

fn is_inner(kind: Kind, field: &Pair) -> bool {
    Shaping::of(kind, &operator::split(&field.key.text).0) == Some(Shaping::Applications)
}

/// A block that adds to a definition of its name.
pub(super) fn addition(kind: Kind, pair: &Pair, lowering: &mut Lowering<'_>) -> Definition {
    let mut result = empty(kind, named(pair), crate::name::address(kind, &pair.key.text));
    if let NodeData::Map(fields) = &pair.value.data {
        fields.iter().filter(|field| is_inner(kind, field)).for_each(|field| lowering.inner(&mut result, field, None, None));
    }
    result
}

/// Whether anybody speaks of what has an address: of a definition at the top, or of what stands under one, which may be said of all its kind or
/// by what it inherits from.
pub(super) fn is_spoken_of(address: &str, blocks: &Blocks, common: &Common) -> bool {
    let defined = |address: &str| blocks.definitions.iter().find(|definition| *definition.address == *address);
    let mut steps = address.rsplitn(3, '.');
    let (Some(name), Some(plural), Some(home)) = (steps.next(), steps.next(), steps.next()) else { return defined(address).is_some() };
    let Some(home) = defined(home) else { return false };
    let has = |inner: &[Definition]| inner.iter().any(|one| *one.name.name == *name && one.kind.plural() == plural);
    let mut waiting = vec![home];
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    while let Some(ancestor) = waiting.pop() {
        if has(&ancestor.inner) {
            return true;
        }
        if seen.insert(&ancestor.address) {
            let parents = ancestor.parents.iter().map(|parent| crate::name::address(home.kind, &parent.name));
            waiting.extend(parents.filter_map(|address| defined(&address)));
        }
    }
    has(&common.inner)
}

impl Definition {
    /// The definition as its heirs see it: without what concerns only itself, which are whether it is there and what it is for.
    pub(crate) fn handed_on(&self) -> &Definition {
        let other = self.handed_on.get_or_init(|| {
            let all = || self.body.iter().chain(self.overlays.iter().map(|overlay| &overlay.layered));
            let is_own =
                |layered: &Layered| layered.operator == Operator::Remove || OWN.iter().any(|field| layered.value.get(field).is_some());
            all().any(is_own).then(|| {
                let overlay = |overlay: &Overlay| Some(Overlay { layered: without(&overlay.layered)?, ..overlay.clone() });
                Box::new(Definition {
                    parents: self.parents.clone(),
                    class: self.class.clone(),
                    is_abstract: self.is_abstract,
                    body: self.body.as_ref().and_then(without),
                    overlays: self.overlays.iter().filter_map(overlay).collect(),
                    ..empty(self.kind, self.name.clone(), Arc::clone(&self.address))
                })
            })
        });
        other.as_deref().unwrap_or(self)
    }
}

/// A layer without the fields that heirs do not get; none if it is no more than a removal.
fn without(layered: &Layered) -> Option<Layered> {
    if layered.operator == Operator::Remove {
        return None;
    }
    let entries = layered.value.as_map().map(crate::value::Map::entries).unwrap_or_default();
    let kept: Vec<Entry> = entries.iter().filter(|entry| !OWN.contains(&&*entry.key)).cloned().collect();
    let Origin { span, layer } = layered.value.origin;
    Some(Layered { value: Value::map(kept, Origin { span, layer }), ..layered.clone() })
}
