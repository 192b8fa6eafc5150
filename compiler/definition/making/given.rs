//! Which field of a maker holds what an entry makes: its type says of which class that is. In comes an entry as it is written; nothing is
//! evaluated.

use super::super::Class;
use crate::expression::{Expr, ExprKind, Template};
use crate::name::Kind;
use crate::schema::{Shape, Type};
use crate::value::{Data, Entry, Map, Value};
use std::sync::Arc;

/// The class of the definition that an entry passes on: as a whole, or by `$value` or `$spread`.
pub(super) fn class(maker: &Class, entry: &Entry) -> Option<(Kind, Arc<str>)> {
    let passed = |value: &Value| {
        let Data::Template(template) = &value.data else { return None };
        type_of(maker, entry, template)?.record()?.is_definition().map(|(kind, name)| (kind, Arc::clone(name)))
    };
    match entry.value.as_map() {
        None => passed(&entry.value),
        Some(map) => ["$value", "$spread"].into_iter().filter_map(|word| map.get(word)).find_map(passed),
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
        return match runs(maker, loops, name) {
            _ if **name == *"self" => Some(&maker.type_),
            Some(Runs::List(item)) => Some(item),
            Some(Runs::Map(_)) | None => None,
        };
    }
    let ExprKind::Select { operand, field, .. } = &expr.kind else { return None };
    if let ExprKind::Name { name, .. } = &operand.kind
        && let Some(Runs::Map(item)) = runs(maker, loops, name)
    {
        return (&**field == "value").then_some(item);
    }
    let type_ = follow(maker, loops, operand)?;
    let of_map = || type_.item().filter(|_| type_.record().is_none());
    type_.field(field).or_else(of_map).map(AsRef::as_ref)
}

/// What an iterator stands for: items of a list, or keys and values of a map.
enum Runs<'t> {
    List(&'t Type),
    Map(&'t Type),
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
    let item = type_.item().filter(|_| type_.record().is_none())?;
    let is_list = matches!(type_.resolved().shape, Shape::List(_));
    Some(if is_list { Runs::List(item) } else { Runs::Map(item) })
}
