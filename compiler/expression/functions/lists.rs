//! Functions on lists, and `size`.

use super::{Context, Gives, Overload, Returned, Trouble, TyKind, both, free, method};
use crate::expression::budget::{DEPTH, TOO_DEEP};
use crate::expression::compare;
use crate::expression::late;
use crate::expression::operate;
use crate::expression::syntax::BinaryOperator;
use crate::expression::val::{Key, Val};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

const NUMBER: Gives = Gives::Kind(TyKind::Int);

pub(super) const TABLE: &[Overload] = &[
    both("size", &[TyKind::String], NUMBER, size),
    both("size", &[TyKind::Bytes], NUMBER, size),
    both("size", &[TyKind::List], NUMBER, size),
    both("size", &[TyKind::Map], NUMBER, size),
    free("lists.range", &[TyKind::Int], Gives::Ints, range),
    free("lists.range", &[TyKind::Int, TyKind::Int], Gives::Ints, range),
    method("sort", &[TyKind::List], Gives::First, sort),
    method("isSorted", &[TyKind::List], Gives::Kind(TyKind::Bool), is_sorted),
    method("distinct", &[TyKind::List], Gives::First, distinct),
    method("flatten", &[TyKind::List], Gives::Kind(TyKind::List), flatten),
    method("flatten", &[TyKind::List, TyKind::Int], Gives::Kind(TyKind::List), flatten),
    method("slice", &[TyKind::List, TyKind::Int], Gives::First, slice),
    method("slice", &[TyKind::List, TyKind::Int, TyKind::Int], Gives::First, slice),
    method("reverse", &[TyKind::List], Gives::First, reverse),
    method("first", &[TyKind::List], Gives::OptionalItem, first),
    method("last", &[TyKind::List], Gives::OptionalItem, last),
    method("sum", &[TyKind::List], Gives::Item, sum),
    method("min", &[TyKind::List], Gives::Item, min),
    method("max", &[TyKind::List], Gives::Item, max),
    method("indexOf", &[TyKind::List, TyKind::Any], NUMBER, index_of),
];

fn list(args: &[Val]) -> Result<&Arc<Vec<Val>>, Trouble> {
    if let Some(Val::List(items)) = args.first() { Ok(items) } else { Err(Trouble::Mismatch) }
}

fn int(value: usize) -> Val {
    Val::Int(i64::try_from(value).unwrap_or(i64::MAX))
}

fn size(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [value] = args else { return Err(Trouble::Mismatch) };
    if let Val::String(text) = value {
        context.walk(text.len())?;
        return Ok(int(text.chars().count()));
    }
    if let Val::Bytes(bytes) = value {
        return Ok(int(bytes.len()));
    }
    if let Val::List(items) = value {
        return Ok(int(items.len()));
    }
    if let Val::Map(map) = value { Ok(int(map.len())) } else { Err(Trouble::Mismatch) }
}

/// `lists.range(end)` counts from 0, `lists.range(start, end)` from the start; the end is not part of it.
fn range(args: &[Val], context: &mut Context<'_>) -> Returned {
    let (start, end) = match args {
        [Val::Int(end)] => (0, *end),
        [Val::Int(start), Val::Int(end)] => (*start, *end),
        _ => return Err(Trouble::Mismatch),
    };
    let count = end.checked_sub(start).and_then(|count| usize::try_from(count).ok());
    let Some(count) = count else { return Err(Trouble::Argument(args.len() - 1, "a range cannot end before it starts".to_owned())) };
    context.items(count)?;
    Ok(Val::list((start..end).map(Val::Int).collect()))
}

fn late_item(items: &[Val]) -> Result<(), Trouble> {
    for item in items {
        if let Val::Late(value) = item {
            return Err(Trouble::Late(late::words(value)));
        }
    }
    Ok(())
}

/// The order of two items, which must be of types that have one.
fn ordered(function: &str, a: &Val, b: &Val, context: &mut Context<'_>) -> Result<Ordering, Trouble> {
    match compare::order(a, b, context) {
        Ok(Some(order)) => Ok(order),
        Ok(None) => Err(Trouble::Argument(0, format!("`{function}` cannot order a number that is not a number"))),
        Err(Trouble::Mismatch) => {
            let what = format!("`{function}` cannot order {} and {}", a.describe(), b.describe());
            Err(Trouble::Argument(0, what))
        }
        Err(other) => Err(other),
    }
}

/// Sorts pairs of a key and an item by the keys; equal keys keep their order.
pub(in crate::expression) fn sort_by(mut pairs: Vec<(Val, Val)>, function: &str, context: &mut Context<'_>) -> Returned {
    context.items(pairs.len().saturating_mul(2))?;
    let keys: Vec<Val> = pairs.iter().map(|(key, _)| key.clone()).collect();
    late_item(&keys)?;
    // A single comparison fails for items without an order, so all are compared with the first one before sorting.
    let mut previous: Option<&Val> = None;
    for key in &keys {
        // Each is compared with a few others, as often as the number of all has digits.
        let times = 1 + keys.len().checked_ilog2().unwrap_or(0) as usize;
        context.steps(times)?;
        context.walk(compare::length(key).saturating_mul(times))?;
        ordered(function, previous.unwrap_or(key), key, context)?;
        previous = previous.or(Some(key));
    }
    pairs.sort_by(|(a, _), (b, _)| compare::known_order(a, b).ok().flatten().unwrap_or(Ordering::Equal));
    Ok(Val::list(pairs.into_iter().map(|(_, item)| item).collect()))
}

fn sort(args: &[Val], context: &mut Context<'_>) -> Returned {
    let items = list(args)?;
    context.items(items.len().saturating_mul(2))?;
    sort_by(items.iter().map(|item| (item.clone(), item.clone())).collect(), "sort", context)
}

fn is_sorted(args: &[Val], context: &mut Context<'_>) -> Returned {
    let items = list(args)?;
    context.steps(items.len())?;
    for pair in items.windows(2) {
        if let [a, b] = pair
            && ordered("isSorted", a, b, context)? == Ordering::Greater
        {
            return Ok(Val::Bool(false));
        }
    }
    Ok(Val::Bool(true))
}

fn distinct(args: &[Val], context: &mut Context<'_>) -> Returned {
    let items = list(args)?;
    late_item(items)?;
    let mut keys: BTreeSet<Key> = BTreeSet::new();
    let mut others: Vec<Val> = Vec::new();
    let mut kept = Vec::new();
    'items: for item in items.iter() {
        context.steps(1)?;
        // What is written in two ways may be the same, so its text is no key here.
        if let Some(key) = compare::lookup_key(item).filter(|_| !matches!(item, Val::Opaque(_))) {
            let times = 1 + keys.len().checked_ilog2().unwrap_or(0) as usize;
            context.walk(compare::length(item).saturating_mul(times))?;
            context.entries(1)?;
            if keys.insert(key) {
                kept.push(item.clone());
            }
            continue;
        }
        for other in &others {
            if compare::equal(item, other, context)? {
                continue 'items;
            }
        }
        others.push(item.clone());
        kept.push(item.clone());
    }
    context.list(kept)
}

fn flatten(args: &[Val], context: &mut Context<'_>) -> Returned {
    let items = list(args)?;
    let depth = match args.get(1) {
        Some(Val::Int(depth)) => usize::try_from(*depth).map_err(|_| Trouble::Argument(1, "the depth cannot be negative".to_owned()))?,
        Some(_) | None => 1,
    };
    let mut flat = Vec::new();
    spread(items, depth.min(DEPTH), depth > DEPTH, &mut flat, context)?;
    Ok(Val::list(flat))
}

fn spread(items: &[Val], depth: usize, unbounded: bool, flat: &mut Vec<Val>, context: &mut Context<'_>) -> Result<(), Trouble> {
    for item in items {
        context.steps(1)?;
        match (context.forced(item)?, depth.checked_sub(1)) {
            // It may be a list.
            (Val::Late(late), Some(_)) if !late.is_scalar() => return Err(Trouble::Late(late::words(&late))),
            (Val::List(inner), Some(depth)) => spread(&inner, depth, unbounded, flat, context)?,
            (Val::List(_), None) if unbounded => return Err(Trouble::Costly(TOO_DEEP)),
            _ => {
                context.items(1)?;
                flat.push(item.clone());
            }
        }
    }
    Ok(())
}

fn slice(args: &[Val], context: &mut Context<'_>) -> Returned {
    let items = list(args)?;
    let position = |index: usize| match args.get(index) {
        Some(Val::Int(position)) => usize::try_from(*position)
            .ok()
            .filter(|position| *position <= items.len())
            .ok_or_else(|| Trouble::Argument(index, format!("this position is outside of the list, which has {} items", items.len()))),
        Some(_) | None => Ok(items.len()),
    };
    let (start, end) = (position(1)?, position(2)?);
    let Some(part) = items.get(start..end) else {
        return Err(Trouble::Argument(2, "the end lies before the start".to_owned()));
    };
    context.items(part.len())?;
    Ok(Val::list(part.to_vec()))
}

fn reverse(args: &[Val], context: &mut Context<'_>) -> Returned {
    let items = list(args)?;
    context.items(items.len())?;
    Ok(Val::list(items.iter().rev().cloned().collect()))
}

fn first(args: &[Val], _: &mut Context<'_>) -> Returned {
    Ok(Val::Optional(list(args)?.first().cloned().map(Arc::new)))
}

fn last(args: &[Val], _: &mut Context<'_>) -> Returned {
    Ok(Val::Optional(list(args)?.last().cloned().map(Arc::new)))
}

fn sum(args: &[Val], context: &mut Context<'_>) -> Returned {
    let items = list(args)?;
    late_item(items)?;
    let Some((first, rest)) = items.split_first() else { return Ok(Val::Int(0)) };
    let mut sum = first.clone();
    if !matches!(sum, Val::Int(_) | Val::Uint(_) | Val::Double(_)) {
        return Err(Trouble::Argument(0, format!("`sum` takes a list of numbers, but item 0 is {}", sum.describe())));
    }
    for item in rest {
        context.steps(1)?;
        sum = operate::binary(BinaryOperator::Add, &sum, item, context).map_err(|trouble| {
            if matches!(trouble, Trouble::Mismatch) {
                Trouble::Argument(0, format!("`sum` cannot add {} to {}", item.describe(), sum.describe()))
            } else {
                trouble
            }
        })?;
    }
    Ok(sum)
}

fn extreme(args: &[Val], function: &str, wanted: Ordering, context: &mut Context<'_>) -> Returned {
    let items = list(args)?;
    late_item(items)?;
    let Some((first, rest)) = items.split_first() else {
        return Err(Trouble::Argument(0, format!("`{function}` of an empty list")));
    };
    let mut best = first;
    context.steps(items.len())?;
    for item in rest {
        if ordered(function, item, best, context)? == wanted {
            best = item;
        }
    }
    Ok(best.clone())
}

fn min(args: &[Val], context: &mut Context<'_>) -> Returned {
    extreme(args, "min", Ordering::Less, context)
}

fn max(args: &[Val], context: &mut Context<'_>) -> Returned {
    extreme(args, "max", Ordering::Greater, context)
}

fn index_of(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [Val::List(items), wanted] = args else { return Err(Trouble::Mismatch) };
    for (index, item) in items.iter().enumerate() {
        if compare::equal(item, wanted, context)? {
            return Ok(int(index));
        }
    }
    Ok(Val::Int(-1))
}
