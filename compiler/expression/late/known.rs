//! What late values come to, as far as facts tell. In come values with late ones in them, out go the same values without; none if one of
//! them is not known.

use super::super::functions::{Context, Trouble};
use super::super::val::{Key, Val, ValMap};
use crate::expression::budget::{DEPTH, TOO_DEEP};
use std::sync::Arc;

/// A value with what is known in place of what is late.
pub(in crate::expression) fn settled(value: &Val, context: &mut Context<'_>) -> Result<Option<Val>, Trouble> {
    within(value, DEPTH, context)
}

fn within(value: &Val, depth: usize, context: &mut Context<'_>) -> Result<Option<Val>, Trouble> {
    let Some(depth) = depth.checked_sub(1) else { return Err(Trouble::Costly(TOO_DEEP)) };
    context.steps(1)?;
    Ok(match value {
        Val::Late(late) => late.known.clone(),
        Val::Node(_) => {
            let forced = context.forced(value)?;
            if let Val::Node(_) = forced { None } else { within(&forced, depth, context)? }
        }
        Val::List(items) => {
            context.items(items.len())?;
            let mut settled = Vec::with_capacity(items.len());
            for item in items.iter() {
                let Some(item) = within(item, depth, context)? else { return Ok(None) };
                settled.push(item);
            }
            Some(Val::list(settled))
        }
        Val::Map(map) => {
            context.entries(map.len())?;
            let mut settled = ValMap::new();
            for (key, value) in map.entries() {
                let Some(value) = within(value, depth, context)? else { return Ok(None) };
                settled.insert(key.clone(), value);
            }
            Some(Val::Map(Arc::new(settled)))
        }
        Val::Optional(Some(inner)) => within(inner, depth, context)?.map(|inner| Val::Optional(Some(Arc::new(inner)))),
        Val::Optional(None)
        | Val::Null
        | Val::Bool(_)
        | Val::Int(_)
        | Val::Uint(_)
        | Val::Double(_)
        | Val::String(_)
        | Val::Bytes(_)
        | Val::Type(_)
        | Val::Opaque(_) => Some(value.clone()),
    })
}

/// A value as Terraform gives it: maps go by their keys.
pub(in crate::expression) fn canonical(value: Val) -> Val {
    match value {
        Val::List(items) => Val::list(items.iter().cloned().map(canonical).collect()),
        Val::Map(map) => {
            let mut entries: Vec<(Key, Val)> = map.entries().to_vec();
            entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            Val::map(entries.into_iter().map(|(key, value)| (key, canonical(value))))
        }
        Val::Null
        | Val::Bool(_)
        | Val::Int(_)
        | Val::Uint(_)
        | Val::Double(_)
        | Val::String(_)
        | Val::Bytes(_)
        | Val::Type(_)
        | Val::Optional(_)
        | Val::Opaque(_)
        | Val::Late(_)
        | Val::Node(_) => value,
    }
}
