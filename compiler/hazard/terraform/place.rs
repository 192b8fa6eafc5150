//! Where it is decided what an argument is. In come the stacks as templates left them, out goes a place in the sources of now.

use super::arguments::ArgumentStep;
use super::{StackChange, beginnings};
use crate::hazard::PlatformChange;
use crate::model::EntityId;
use crate::span::Span;
use crate::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where an argument of a resource, or a resource as a whole, is decided.
pub(super) fn of(change: &PlatformChange<'_>, stack: &StackChange<'_>, (old, new): (&str, &str), path: &[ArgumentStep]) -> Option<Span> {
    if let [ArgumentStep::Name(first), rest @ ..] = path
        && first == "provider"
        && !rest.is_empty()
    {
        return of_provider(change, stack, new, rest);
    }
    if let Some((data, argument)) = beginnings::source(&stack.now, new, path) {
        return of(change, stack, (&data, &data), &argument);
    }
    Some(decided(change, block(&stack.old.body, old), block(&stack.new.body, new)?, path))
}

/// Where what a path leads to is decided.
fn decided(change: &PlatformChange<'_>, mut was: Option<&Value>, mut is: &Value, path: &[ArgumentStep]) -> Span {
    for step in path {
        was = was.and_then(|value| into(value, step));
        match into(is, step) {
            Some(inner) => is = inner,
            // It is gone: the block that had it tells.
            None => return is.origin.span,
        }
    }
    change.decided(was, is)
}

/// Where an argument of the provider of a resource is decided.
fn of_provider(change: &PlatformChange<'_>, stack: &StackChange<'_>, address: &str, path: &[ArgumentStep]) -> Option<Span> {
    let said = block(&stack.new.body, address).and_then(|body| body.get("provider")).and_then(Value::as_str);
    let name = said.unwrap_or_else(|| address.split('_').next().unwrap_or_default());
    let (name, alias) = name.split_once('.').map_or((name, None), |(name, alias)| (name, Some(alias)));
    let find = |body: &Value| -> Option<Value> {
        let blocks = body.at(&["provider", name])?;
        let all = blocks.as_list().map_or_else(|| vec![blocks.clone()], <[Value]>::to_vec);
        all.into_iter().find(|block| block.get("alias").and_then(Value::as_str) == alias)
    };
    let (before, now) = (find(&stack.old.body), find(&stack.new.body)?);
    Some(decided(change, before.as_ref(), &now, path))
}

/// The body at an address, as its template left it.
pub(super) fn block<'v>(body: &'v Value, address: &str) -> Option<&'v Value> {
    match address.split_once('.')? {
        ("data", rest) => body.get("data")?.get(rest.split_once('.')?.0)?.get(rest.split_once('.')?.1),
        ("module", name) => body.at(&["module", name]),
        ("local", name) => body.at(&["locals", name]),
        (type_, name) => body.get("resource")?.get(type_)?.get(name),
    }
}

fn into<'v>(value: &'v Value, step: &ArgumentStep) -> Option<&'v Value> {
    match step {
        ArgumentStep::Name(name) => value.get(name).or_else(|| value.as_list()?.first()?.get(name)),
        ArgumentStep::Position(at) => value.as_list()?.get(*at),
    }
}

/// Who made what has an address.
pub(super) fn maker(makers: &BTreeMap<(Arc<str>, Arc<str>), EntityId>, address: &str) -> Option<EntityId> {
    let (type_, name) = address.split_once('.')?;
    makers.get(&(type_.into(), name.into())).copied()
}
