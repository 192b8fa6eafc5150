//! Functions on maps.

use super::{Context, Gives, Overload, Returned, Trouble, TyKind, both, many};
use crate::expression::budget::{DEPTH, TOO_DEEP};
use crate::expression::compare::{self, key_value};
use crate::expression::late;
use crate::expression::val::{Key, Val, ValMap};
use crate::path::{Path, Step};
use std::sync::Arc;

pub(super) const TABLE: &[Overload] = &[
    many(both("merge", &[TyKind::Map, TyKind::Map], Gives::Kind(TyKind::Map), merge)),
    both("keys", &[TyKind::Map], Gives::Kind(TyKind::List), keys),
    both("values", &[TyKind::Map], Gives::Kind(TyKind::List), values),
    both("entries", &[TyKind::Map], Gives::Kind(TyKind::List), entries),
    both("leaves", &[TyKind::Map], Gives::Kind(TyKind::List), leaves),
    both("leaves", &[TyKind::List], Gives::Kind(TyKind::List), leaves),
];

fn map(args: &[Val]) -> Result<&Arc<ValMap>, Trouble> {
    if let Some(Val::Map(map)) = args.first() { Ok(map) } else { Err(Trouble::Mismatch) }
}

/// Merges as layers of definitions do: a map into a map at every depth, anything else replaces; the last one is the strongest.
fn merge(args: &[Val], context: &mut Context<'_>) -> Returned {
    let first = map(args)?;
    context.entries(first.len())?;
    let mut merged = (**first).clone();
    for other in args.iter().skip(1) {
        let Val::Map(other) = other else { return Err(Trouble::Mismatch) };
        into(&mut merged, other, DEPTH, context)?;
    }
    Ok(Val::Map(Arc::new(merged)))
}

fn into(weaker: &mut ValMap, stronger: &ValMap, depth: usize, context: &mut Context<'_>) -> Result<(), Trouble> {
    let Some(depth) = depth.checked_sub(1) else { return Err(Trouble::Costly(TOO_DEEP)) };
    for (key, value) in stronger.entries() {
        context.steps(1)?;
        context.entries(1)?;
        context.walk(compare::width(key))?;
        if let (Some(Val::Late(late)), Val::Map(_) | Val::Node(_)) | (Some(Val::Map(_) | Val::Node(_)), Val::Late(late)) =
            (weaker.get(key), value)
            && !late.is_scalar()
        {
            return Err(Trouble::Late(late::words(late)));
        }
        let below = match weaker.get(key) {
            Some(below @ (Val::Map(_) | Val::Node(_))) if matches!(value, Val::Map(_) | Val::Node(_)) => Some(below.clone()),
            Some(_) | None => None,
        };
        let mut value = value.clone();
        if let Some(below) = below
            && let (Val::Map(below), Val::Map(above)) = (context.forced(&below)?, context.forced(&value)?)
        {
            context.entries(below.len())?;
            let mut both = (*below).clone();
            into(&mut both, &above, depth, context)?;
            value = Val::Map(Arc::new(both));
        }
        weaker.insert(key.clone(), value);
    }
    Ok(())
}

fn keys(args: &[Val], context: &mut Context<'_>) -> Returned {
    let map = map(args)?;
    context.items(map.len())?;
    Ok(Val::list(map.entries().iter().map(|(key, _)| key_value(key)).collect()))
}

fn values(args: &[Val], context: &mut Context<'_>) -> Returned {
    let map = map(args)?;
    context.items(map.len())?;
    Ok(Val::list(map.entries().iter().map(|(_, value)| value.clone()).collect()))
}

/// A list of `{key: …, value: …}`.
fn entries(args: &[Val], context: &mut Context<'_>) -> Returned {
    let map = map(args)?;
    context.entries(map.len().saturating_mul(3))?;
    let (name, content): (Arc<str>, Arc<str>) = ("key".into(), "value".into());
    let entry = |(key, value): &(Key, Val)| {
        Val::map([(Key::String(Arc::clone(&name)), key_value(key)), (Key::String(Arc::clone(&content)), value.clone())])
    };
    Ok(Val::list(map.entries().iter().map(entry).collect()))
}

/// A list of `{path: …, value: …}`, in the order of the value.
fn leaves(args: &[Val], context: &mut Context<'_>) -> Returned {
    let whole = args.first().ok_or(Trouble::Mismatch)?;
    let mut found = Vec::new();
    below(whole, &mut Path::default(), DEPTH, &mut found, context)?;
    let (path, value): (Arc<str>, Arc<str>) = ("path".into(), "value".into());
    let leaf = |(at, leaf): (Arc<str>, Val)| {
        Val::map([(Key::String(Arc::clone(&path)), Val::String(at)), (Key::String(Arc::clone(&value)), leaf)])
    };
    Ok(Val::list(found.into_iter().map(leaf).collect()))
}

/// A list or map that holds nothing is a leaf, too; what only Terraform knows is one, whatever it will hold.
fn below(value: &Val, way: &mut Path, depth: usize, found: &mut Vec<(Arc<str>, Val)>, context: &mut Context<'_>) -> Result<(), Trouble> {
    let Some(depth) = depth.checked_sub(1) else { return Err(Trouble::Costly(TOO_DEEP)) };
    context.steps(1)?;
    match context.forced(value)? {
        Val::Map(map) if !map.entries().is_empty() => {
            for (key, inner) in map.entries() {
                context.walk(compare::width(key))?;
                way.push(Step::key(&name(key)));
                below(inner, way, depth, found, context)?;
                way.pop();
            }
        }
        Val::List(items) if !items.is_empty() => {
            for (at, inner) in items.iter().enumerate() {
                way.push(Step::Item(at));
                below(inner, way, depth, found, context)?;
                way.pop();
            }
        }
        leaf @ (Val::Null
        | Val::Bool(_)
        | Val::Int(_)
        | Val::Uint(_)
        | Val::Double(_)
        | Val::String(_)
        | Val::Bytes(_)
        | Val::List(_)
        | Val::Map(_)
        | Val::Type(_)
        | Val::Optional(_)
        | Val::Opaque(_)
        | Val::Late(_)
        | Val::Node(_)) => {
            context.entries(3)?;
            let at = way.to_string();
            context.bytes(at.len())?;
            found.push((at.into(), leaf));
        }
    }
    Ok(())
}

fn name(key: &Key) -> Arc<str> {
    if let Key::String(text) = key { Arc::clone(text) } else { key.to_string().into() }
}
