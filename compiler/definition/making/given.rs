//! Which field of a maker holds what an entry makes: its type says of which class that is. In comes an entry as it is written; nothing is
//! evaluated.

use super::super::{Class, held};
use crate::expression::{Expr, ExprKind, Template};
use crate::name::Kind;
use crate::schema::{Shape, Type, ValueForm};
use crate::source::Sources;
use crate::value::{Data, Entry, Map, Value};
use std::sync::Arc;

/// The class of the definition that an entry passes on: as a whole, or by `$value` or `$spread`. Of a field that may be something else, too, it is
/// the definition that counts.
pub(super) fn class(maker: &Class, entry: &Entry) -> Option<(Kind, Arc<str>)> {
    let passed = |value: &Value| {
        let Data::Template(template) = &value.data else { return None };
        let type_ = type_of(maker, entry, template)?.as_form(ValueForm::Map);
        type_.record()?.is_definition().map(|(kind, name)| (kind, Arc::clone(name)))
    };
    match entry.value.as_map() {
        None => passed(&entry.value),
        Some(map) => ["$value", "$spread"].into_iter().filter_map(|word| map.get(word)).find_map(passed),
    }
}

/// Whether an entry passes on a definition of a class that is wrong, which is told, so that nothing is known of it.
pub(super) fn is_of_lost(maker: &Class, entry: &Entry, sources: &Sources) -> bool {
    let is_lost = |value: &Value| {
        let Data::Template(template) = &value.data else { return false };
        let type_ = type_of(maker, entry, template).filter(|type_| matches!(type_.resolved().shape, Shape::Any));
        type_.is_some_and(|type_| held::names(sources.text(type_.origin)).next().is_some())
    };
    match entry.value.as_map() {
        None => is_lost(&entry.value),
        Some(map) => ["$value", "$spread"].into_iter().filter_map(|word| map.get(word)).any(is_lost),
    }
}

fn type_of<'t>(maker: &'t Class, entry: &Entry, template: &Template) -> Option<&'t Type> {
    let expr = template.single()?;
    let loops = entry.value.get("$for").and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    follow(maker, loops, expr)
}

/// The type of a path that begins at the maker or at an iterator.
fn follow<'t>(maker: &'t Class, loops: &[Entry], expr: &Expr) -> Option<&'t Type> {
    if let ExprKind::Name { name, .. } = &expr.kind {
        return if **name == *"self" { Some(&maker.type_) } else { runs(maker, loops, name)?.items };
    }
    // What stands there if nobody says anything is of the same type.
    if let ExprKind::Call { target: Some(optional), function, .. } = &expr.kind
        && &**function == "orValue"
    {
        return follow(maker, loops, optional);
    }
    let ExprKind::Select { operand, field, .. } = &expr.kind else { return None };
    if let ExprKind::Name { name, .. } = &operand.kind
        && let Some(values) = runs(maker, loops, name).and_then(|runs| runs.values)
    {
        return (&**field == "value").then_some(values);
    }
    follow(maker, loops, operand)?.inside(field).map(AsRef::as_ref)
}

/// What an iterator stands for: items of a list, or keys and values of a map; what may be either has both.
struct Runs<'t> {
    items: Option<&'t Type>,
    values: Option<&'t Type>,
}

fn runs<'t>(maker: &'t Class, loops: &[Entry], name: &str) -> Option<Runs<'t>> {
    let at = loops.iter().position(|entry| *entry.key == *name)?;
    let Data::Template(template) = &loops.get(at)?.value.data else { return None };
    let before = loops.get(..at)?;
    let expr = template.single()?;
    let over = if let ExprKind::Call { target, function, arguments, .. } = &expr.kind {
        target.as_deref().or_else(|| arguments.first()).filter(|_| &**function == "entries")?
    } else {
        expr
    };
    let type_ = follow(maker, before, over)?;
    let map = type_.as_form(ValueForm::Map);
    let values = map.item().filter(|_| matches!(map.resolved().shape, Shape::Map(_)));
    Some(Runs { items: type_.items().map(AsRef::as_ref), values: values.map(AsRef::as_ref) })
}
