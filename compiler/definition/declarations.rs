//! Expressions in the declarations of a class: defaults, which inside of lists and maps may read the `item` they stand in and its `key`, and
//! conditions of `replaces`. In comes the type of a class's fields, out goes what is wrong with them, whether or not anything uses them.

use super::check::SectionWalk;
use super::root::Within;
use super::scope::{self, KnownTypes};
use super::{Class, Use, errors, root};
use crate::expression::{Absence, Target, Template, Ty, TypeScope};
use crate::limit::SCHEMA_DEPTH;
use crate::path::Step;
use crate::schema::{FieldReplaces, Marker, Type, TypePart};
use crate::span::Span;
use crate::value::{Data, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The names that only defaults inside of lists and maps see.
const ITEM: &str = "item";
const KEY: &str = "key";

/// Whether a default in a type reads the item that it stands in.
pub(super) fn read_items(type_: &Type) -> bool {
    let mut found = false;
    each(type_, &mut |type_, around| found |= around.is_some() && type_.markers.default.as_ref().is_some_and(reads_item));
    found
}

/// Checks the expressions in what a class declares.
pub(super) fn check(class: &Class, known: KnownTypes<'_>, walk: &mut SectionWalk<'_, '_>) {
    let mut checked: BTreeSet<(Span, Option<(Span, bool)>)> = BTreeSet::new();
    each(&class.type_, &mut |type_, around| {
        if let Some(default) = type_.markers.default.as_ref().filter(|default| default.is_dynamic()) {
            // The same text inside of another item may mean something else.
            let place = around.map(|around| (around.item.origin, around.is_keyed)).filter(|_| reads_item(default));
            if checked.insert((default.origin.span, place)) {
                let of_class = as_definition(class, walk);
                within(around, known, walk, |walk| _ = walk.value(default));
                walk.scope = of_class;
            }
        }
        if let Some(replaces) = &type_.markers.replaces {
            let place = type_.markers.place(Marker::Replaces).unwrap_or(type_.origin);
            if checked.insert((place, None)) {
                self::replaces(class, type_, replaces, place, known, walk);
            }
        }
    });
}

/// Checks the defaults of a fragment for one use of it: their expressions are those of that use.
pub(super) fn of_use(use_: &Use, known: KnownTypes<'_>, walk: &mut SectionWalk<'_, '_>) {
    each(&use_.fragment.type_, &mut |type_, around| {
        if let Some(default) = type_.markers.default.as_ref().filter(|default| default.is_dynamic()) {
            within(around, known, walk, |walk| _ = walk.value(&use_.marked(default)));
        }
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

/// Does work where the names stand for something that only defaults in an item see.
fn within(
    around: Option<&ItemType<'_>>,
    known: KnownTypes<'_>,
    walk: &mut SectionWalk<'_, '_>,
    work: impl FnOnce(&mut SectionWalk<'_, '_>),
) {
    let (depth, absent) = (walk.scope.names.len(), walk.scope.absent.len());
    name_around(around, known, &mut walk.scope);
    work(walk);
    walk.scope.names.truncate(depth);
    walk.scope.absent.truncate(absent);
}

fn replaces(class: &Class, type_: &Type, replaces: &FieldReplaces, place: Span, known: KnownTypes<'_>, walk: &mut SectionWalk<'_, '_>) {
    match replaces {
        FieldReplaces::Thing => {}
        FieldReplaces::Named(kind) if root::replaceable(class.kind).contains(kind) => {}
        FieldReplaces::Named(kind) => {
            walk.diagnostics.push(errors::nothing_to_replace(class.kind, *kind, &root::replaceable(class.kind), place))
        }
        FieldReplaces::If(condition) => {
            let of_field = scope::of_field(type_, known);
            let names = ["old", "new"].map(|name| (name.into(), of_field.clone()));
            let scope = TypeScope { names: names.to_vec(), absent: only_old_and_new(walk) };
            let found = condition.check(&scope, Target::Now, walk.diagnostics);
            if !found.may(|type_| *type_ == Ty::Bool) {
                walk.diagnostics.push(errors::condition_not_bool(condition.span, found.describe()));
            }
        }
    }
}

/// Why a condition over a change sees nothing else.
fn only_old_and_new(walk: &SectionWalk<'_, '_>) -> Vec<(Arc<str>, Absence)> {
    walk.scope.names.iter().map(|(name, _)| (Arc::clone(name), errors::beside_a_change())).collect()
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
struct ItemType<'t> {
    item: &'t Type,
    /// Whether it is, or stands in, a value of a map.
    is_keyed: bool,
}

/// Visits each field of a type, with what it stands in; what a name stands for once in each list or map around it.
fn each<'t>(type_: &'t Type, see: &mut dyn FnMut(&'t Type, Option<&ItemType<'t>>)) {
    visit(type_, None, &mut Vec::new(), SCHEMA_DEPTH, see);
}

fn visit<'t>(
    type_: &'t Type,
    around: Option<&ItemType<'t>>,
    names: &mut Vec<&'t str>,
    depth: usize,
    see: &mut dyn FnMut(&'t Type, Option<&ItemType<'t>>),
) {
    let Some(depth) = depth.checked_sub(1).filter(|_| type_.name().is_none_or(|name| !names.contains(&&**name))) else { return };
    let open = names.len();
    names.extend(type_.name().map(|name| &**name));
    let resolved = type_.resolved();
    see(resolved, around);
    let is_keyed = around.is_some_and(|around| around.is_keyed);
    for part in resolved.parts() {
        match part {
            TypePart::Field(field) => visit(&field.type_, around, names, depth, see),
            TypePart::Item(item) => visit(item, Some(&ItemType { item, is_keyed }), names, depth, see),
            TypePart::Value(item) => visit(item, Some(&ItemType { item, is_keyed: true }), names, depth, see),
            TypePart::Member(member) => visit(member, around, names, depth, see),
        }
    }
    names.truncate(open);
}

/// Whether an expression in a value reads what is around it.
fn reads_item(value: &Value) -> bool {
    let reads = |template: &Template| {
        template
            .references()
            .iter()
            .any(|reference| matches!(reference.steps.first(), Some(Step::Key(root)) if [ITEM, KEY].contains(&&**root)))
    };
    match &value.data {
        Data::Template(template) => reads(template),
        Data::List(list) => value.is_dynamic() && list.items().iter().any(reads_item),
        Data::Map(map) => value.is_dynamic() && map.entries().iter().any(|entry| reads_item(&entry.value)),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => {
            false
        }
    }
}
