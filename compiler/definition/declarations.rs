//! Expressions in the declarations of a class: defaults, which inside of lists and maps may read the `item` they stand in and its `key`, and
//! conditions of `replaces`. In comes the type of a class's fields, out goes what is wrong with them, whether or not anything uses them.

use super::check::SectionWalk;
use super::fragment::Fragments;
use super::root::Within;
use super::scope::{self, KnownTypes};
use super::{Class, Use, capability, errors, root};
use crate::expression::{Absence, Reference, Target, Template, Ty, TypeScope, UseId};
use crate::limit::SCHEMA_DEPTH;
use crate::path::Step;
use crate::schema::{FieldReplaces, Marker, Record, Type, TypePart};
use crate::span::Span;
use crate::value::{Data, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The names that only defaults inside of lists and maps see.
const ITEM: &str = "item";
const KEY: &str = "key";

/// The names that stand for something else in the default of a fragment's field.
const OF_FRAGMENT: [&str; 2] = ["self", "entity"];

/// Whether a default in a type reads the item that it stands in.
pub(super) fn read_items(type_: &Type) -> bool {
    let mut found = false;
    each(type_, &mut |type_, around| {
        let Some(default) = &type_.markers.default else { return };
        found |= around.item.is_some() && reads_item(default);
        found |= !around.records.is_empty() && first_read(default, &OF_FRAGMENT).is_some();
    });
    found
}

/// Checks the expressions in what a class declares.
pub(super) fn check(class: &Class, known: KnownTypes<'_>, walk: &mut SectionWalk<'_, '_>) {
    let mut checked: BTreeSet<(Span, Option<(Span, bool)>)> = BTreeSet::new();
    each(&class.type_, &mut |type_, around| {
        if let Some(default) = type_.markers.default.as_ref().filter(|default| default.is_dynamic()) {
            // The same text inside of another item may mean something else.
            let item = around.item.filter(|_| reads_item(default));
            if checked.insert((default.origin.span, item.map(|around| (around.item.origin, around.is_keyed)))) {
                let of_class = as_definition(class, walk);
                let record = around.record_of(default, &class.private, known);
                within(around, record, known, walk, |walk| {
                    let before = walk.diagnostics.len();
                    let found = walk.value(default);
                    if walk.diagnostics.len() == before && !capability::fits(type_, &found) {
                        walk.diagnostics.push(errors::default_of_other_type(default.origin.span, type_, &found));
                    }
                });
                walk.scope = of_class;
            }
        }
        if let Some(replaces) = &type_.markers.replaces {
            let place = type_.markers.place(Marker::Replaces).unwrap_or(type_.origin);
            if checked.insert((place, None)) {
                self::replaces(class, type_, replaces, place, known, walk);
            }
        }
        if let Some(hazard) = &type_.markers.hazard
            && checked.insert((hazard.span, None))
        {
            let outside = ("outside".into(), Ty::Map(Arc::new(Ty::String)));
            let found = over_a_change(type_, hazard, vec![outside], known, walk);
            let is_text = |type_: &Ty| matches!(type_, Ty::String | Ty::Null);
            if !found.may(|type_| is_text(type_) || matches!(type_, Ty::List(item) if item.may(is_text))) {
                walk.diagnostics.push(errors::hazard_not_text(hazard.span, found.describe()));
            }
        }
    });
}

/// Checks the defaults of a fragment for one use of it: their expressions are those of that use.
pub(super) fn of_use(use_: &Use, known: KnownTypes<'_>, walk: &mut SectionWalk<'_, '_>) {
    let none = Fragments::new();
    each(&use_.fragment.type_, &mut |type_, around| {
        let Some(default) = type_.markers.default.as_ref().filter(|default| default.is_dynamic()) else { return };
        let record = around.record_of(default, &none, known);
        // In a record of another fragment it means that, and not the arguments of this one.
        let marked = if record.is_some() { default.clone() } else { use_.marked(default) };
        within(around, record, known, walk, |walk| _ = walk.value(&marked));
    });
}

/// Takes the names out of scope that only templates and outputs have: a default is a value of the definition. Gives the scope before.
fn as_definition(class: &Class, walk: &mut SectionWalk<'_, '_>) -> TypeScope {
    let mut scope = walk.scope.clone();
    scope.names.retain(|(name, _)| root::root(name, Some(class.kind), Within::Definition).is_some());
    let absences = root::words().filter_map(|word| Some((word.into(), root::absence(word, Some(class.kind), Within::Definition)?)));
    scope.absent.extend(absences);
    std::mem::replace(&mut walk.scope, scope)
}

/// Does work where the names stand for something that only defaults in an item see, and those in a record of a fragment.
fn within(
    around: &TypeAround<'_>,
    record: Option<SelfType<'_>>,
    known: KnownTypes<'_>,
    walk: &mut SectionWalk<'_, '_>,
    work: impl FnOnce(&mut SectionWalk<'_, '_>),
) {
    let (depth, absent) = (walk.scope.names.len(), walk.scope.absent.len());
    name_around(around.item.as_ref(), known, &mut walk.scope);
    let Some((record, number)) = record else {
        work(walk);
        walk.scope.names.truncate(depth);
        walk.scope.absent.truncate(absent);
        return;
    };
    let thing = walk.scope.names.iter().find(|(name, _)| &**name == "self").map_or(Ty::Dyn, |(_, type_)| type_.clone());
    let names = vec![("self".into(), scope::of_field(record, known)), ("entity".into(), thing)];
    // The class has numbers of its own.
    let meant = number.and_then(|number| walk.meaning(number, Some(names.clone())));
    walk.scope.names.extend(names);
    let owners = std::mem::take(&mut walk.scope.owners);
    work(walk);
    walk.scope.names.truncate(depth);
    walk.scope.absent.truncate(absent);
    walk.scope.owners = owners;
    if let Some(number) = number {
        walk.meaning(number, meant);
    }
}

fn replaces(class: &Class, type_: &Type, replaces: &FieldReplaces, place: Span, known: KnownTypes<'_>, walk: &mut SectionWalk<'_, '_>) {
    match replaces {
        FieldReplaces::Thing => {}
        FieldReplaces::Named(kind) if root::replaceable(class.kind).contains(kind) => {}
        FieldReplaces::Named(kind) => {
            walk.diagnostics.push(errors::nothing_to_replace(class.kind, *kind, &root::replaceable(class.kind), place))
        }
        FieldReplaces::If(condition) => {
            let found = over_a_change(type_, condition, Vec::new(), known, walk);
            if !found.may(|type_| *type_ == Ty::Bool) {
                walk.diagnostics.push(errors::condition_not_bool(condition.span, found.describe()));
            }
        }
    }
}

/// Checks an expression over the two values of a field, and more; gives what it comes to.
fn over_a_change(
    type_: &Type,
    template: &Template,
    more: Vec<(Arc<str>, Ty)>,
    known: KnownTypes<'_>,
    walk: &mut SectionWalk<'_, '_>,
) -> Ty {
    let of_field = scope::of_field(type_, known);
    let names = ["old", "new"].map(|name| (name.into(), of_field.clone()));
    let absent = beside_a_change(walk, more.is_empty());
    let scope = TypeScope { names: names.into_iter().chain(more).collect(), owners: Vec::new(), absent };
    template.check(&scope, Target::Now, walk.diagnostics)
}

/// Why an expression over a change sees nothing else.
fn beside_a_change(walk: &SectionWalk<'_, '_>, is_condition: bool) -> Vec<(Arc<str>, Absence)> {
    walk.scope.names.iter().map(|(name, _)| (Arc::clone(name), errors::beside_a_change(is_condition))).collect()
}

fn name_around(around: Option<&ItemType<'_>>, known: KnownTypes<'_>, scope: &mut TypeScope) {
    match around {
        Some(around) => {
            scope.names.push((ITEM.into(), scope::of_field(around.item, known)));
            if around.is_keyed {
                scope.names.push((KEY.into(), Ty::String));
            } else {
                scope.absent.push((KEY.into(), errors::item_without_key()));
            }
        }
        None => scope.absent.extend([ITEM, KEY].into_iter().filter_map(|name| Some((name.into(), absence(name)?)))),
    }
}

/// Why a name stands for nothing where nothing is around a value.
pub(crate) fn absence(name: &str) -> Option<Absence> {
    [ITEM, KEY].contains(&name).then(|| errors::around_nothing(name))
}

/// What a field stands in: an item of a list or a value of a map.
#[derive(Clone, Copy)]
struct ItemType<'t> {
    item: &'t Type,
    /// Whether it is, or stands in, a value of a map.
    is_keyed: bool,
}

/// The type of what `self` is in a default, and by which number the default knows it, if it does.
type SelfType<'t> = (&'t Type, Option<UseId>);

/// What a field stands in.
#[derive(Clone)]
struct TypeAround<'t> {
    item: Option<ItemType<'t>>,
    /// Records below the thing, innermost last.
    records: Vec<&'t Type>,
}

impl<'t> TypeAround<'t> {
    /// What `self` stands for in a default of a fragment, if that is a record that the default stands in.
    fn record_of(&self, default: &Value, private: &Fragments, known: KnownTypes<'_>) -> Option<SelfType<'t>> {
        let template = first_read(default, &OF_FRAGMENT)?;
        let is_meant = |record: &Record| {
            let mut all = private.values().chain(known.fragments.into_iter().flat_map(|shared| shared.values()));
            all.any(|fragment| fragment.means_record(record, default.origin.span))
        };
        let record = self.records.iter().rev().copied().find(|type_| type_.record().is_some_and(is_meant))?;
        Some((record, template.use_))
    }
}

/// Visits each field of a type, with what it stands in; what a name stands for once in each list or map around it.
fn each<'t>(type_: &'t Type, see: &mut dyn FnMut(&'t Type, &TypeAround<'t>)) {
    let nothing = TypeAround { item: None, records: Vec::new() };
    see(type_.resolved(), &nothing);
    parts(type_, &nothing, &mut type_.name().map(|name| &**name).into_iter().collect(), SCHEMA_DEPTH, see);
}

fn visit<'t>(
    type_: &'t Type,
    around: &TypeAround<'t>,
    names: &mut Vec<&'t str>,
    depth: usize,
    see: &mut dyn FnMut(&'t Type, &TypeAround<'t>),
) {
    let Some(depth) = depth.checked_sub(1).filter(|_| type_.name().is_none_or(|name| !names.contains(&&**name))) else { return };
    let open = names.len();
    names.extend(type_.name().map(|name| &**name));
    // The default of a field is said outside of what it has.
    see(type_.resolved(), around);
    let mut inner = around.clone();
    inner.records.extend(type_.record().map(|_| type_));
    parts(type_, &inner, names, depth, see);
    names.truncate(open);
}

fn parts<'t>(
    type_: &'t Type,
    around: &TypeAround<'t>,
    names: &mut Vec<&'t str>,
    depth: usize,
    see: &mut dyn FnMut(&'t Type, &TypeAround<'t>),
) {
    let is_keyed = around.item.is_some_and(|around| around.is_keyed);
    let in_item = |item, is_keyed| TypeAround { item: Some(ItemType { item, is_keyed }), records: around.records.clone() };
    for part in type_.resolved().parts() {
        match part {
            TypePart::Field(field) => visit(&field.type_, around, names, depth, see),
            TypePart::Item(item) => visit(item, &in_item(item, is_keyed), names, depth, see),
            TypePart::Value(item) => visit(item, &in_item(item, true), names, depth, see),
            TypePart::Member(member) => visit(member, around, names, depth, see),
        }
    }
}

/// Whether an expression in a value reads what is around it.
fn reads_item(value: &Value) -> bool {
    first_read(value, &[ITEM, KEY]).is_some()
}

/// The first expression in a value that reads one of some names.
fn first_read<'v>(value: &'v Value, names: &[&str]) -> Option<&'v Template> {
    match &value.data {
        Data::Template(template) => {
            let is_read = |reference: &&Reference| matches!(reference.steps.first(), Some(Step::Key(root)) if names.contains(&&**root));
            template.references().iter().any(|reference| is_read(&reference)).then_some(&**template)
        }
        Data::List(list) if value.is_dynamic() => list.items().iter().find_map(|item| first_read(item, names)),
        Data::Map(map) if value.is_dynamic() => map.entries().iter().find_map(|entry| first_read(&entry.value, names)),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::List(_)
        | Data::Map(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => None,
    }
}
