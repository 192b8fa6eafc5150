//! The binary operators that always evaluate both sides, and the unary minus.

use super::compare;
use super::functions::{Context, Trouble};
use super::late;
use super::opaque::Opaque;
use super::syntax::BinaryOperator;
use super::val::{Key, Val};
use crate::unit::Meaning;
use crate::unit::duration::Duration;
use std::cmp::Ordering;

/// `left operator right`
pub(super) fn binary(operator: BinaryOperator, left: &Val, right: &Val, context: &mut Context<'_>) -> Result<Val, Trouble> {
    if let Val::Late(late) = left {
        return Err(Trouble::Late(late::words(late)));
    }
    // A late item may be looked for by nobody, but a list that holds late values can be.
    if let Val::Late(late) = right {
        return Err(Trouble::Late(late::words(late)));
    }
    match operator {
        BinaryOperator::Add => add(left, right, context),
        BinaryOperator::Subtract => subtract(left, right),
        BinaryOperator::Multiply => arithmetic(left, right, "*", i64::checked_mul, u64::checked_mul, |a, b| a * b),
        BinaryOperator::Divide | BinaryOperator::Modulo => divide(operator, left, right),
        BinaryOperator::Equal => Ok(Val::Bool(compare::equal(left, right, context)?)),
        BinaryOperator::NotEqual => Ok(Val::Bool(!compare::equal(left, right, context)?)),
        BinaryOperator::Less => Ok(Val::Bool(compare::order_of_operands(left, right, context)? == Some(Ordering::Less))),
        BinaryOperator::LessEqual => {
            Ok(Val::Bool(matches!(compare::order_of_operands(left, right, context)?, Some(Ordering::Less | Ordering::Equal))))
        }
        BinaryOperator::Greater => Ok(Val::Bool(compare::order_of_operands(left, right, context)? == Some(Ordering::Greater))),
        BinaryOperator::GreaterEqual => {
            Ok(Val::Bool(matches!(compare::order_of_operands(left, right, context)?, Some(Ordering::Greater | Ordering::Equal))))
        }
        BinaryOperator::In => contains(left, right, context),
    }
}

/// `-value`
pub(super) fn negate(value: &Val) -> Result<Val, Trouble> {
    if let Val::Int(value) = value {
        return value.checked_neg().map(Val::Int).ok_or_else(|| overflow("-"));
    }
    if let Val::Double(value) = value {
        return Ok(Val::Double(-value));
    }
    if let Val::Late(late) = value {
        return Err(Trouble::Late(late::words(late)));
    }
    Err(Trouble::Mismatch)
}

fn overflow(operator: &str) -> Trouble {
    Trouble::Arithmetic(format!("the outcome of `{operator}` does not fit into 64 bits"))
}

fn arithmetic(
    left: &Val,
    right: &Val,
    operator: &str,
    int: fn(i64, i64) -> Option<i64>,
    uint: fn(u64, u64) -> Option<u64>,
    double: fn(f64, f64) -> f64,
) -> Result<Val, Trouble> {
    if let (Val::Int(a), Val::Int(b)) = (left, right) {
        return int(*a, *b).map(Val::Int).ok_or_else(|| overflow(operator));
    }
    if let (Val::Uint(a), Val::Uint(b)) = (left, right) {
        return uint(*a, *b).map(Val::Uint).ok_or_else(|| overflow(operator));
    }
    if let (Val::Double(a), Val::Double(b)) = (left, right) {
        return Ok(Val::Double(double(*a, *b)));
    }
    Err(Trouble::Mismatch)
}

/// Lengths of time are added and subtracted; none if these are no two of them.
fn lengths(left: &Val, right: &Val, operator: &str, length: fn(i64, i64) -> Option<i64>) -> Option<Result<Val, Trouble>> {
    let (Val::Opaque(left), Val::Opaque(right)) = (left, right) else { return None };
    let (Meaning::Duration(left), Meaning::Duration(right)) = (&left.meaning, &right.meaning) else { return None };
    let made = |nanoseconds| Opaque::made(Meaning::Duration(Duration { nanoseconds }));
    let trouble = || Trouble::Arithmetic(format!("the outcome of `{operator}` is longer than 2562047h"));
    Some(length(left.nanoseconds, right.nanoseconds).map(made).ok_or_else(trouble))
}

fn subtract(left: &Val, right: &Val) -> Result<Val, Trouble> {
    let numbers = || arithmetic(left, right, "-", i64::checked_sub, u64::checked_sub, |a, b| a - b);
    lengths(left, right, "-", i64::checked_sub).unwrap_or_else(numbers)
}

fn divide(operator: BinaryOperator, left: &Val, right: &Val) -> Result<Val, Trouble> {
    if matches!((left, right), (Val::Int(_), Val::Int(0)) | (Val::Uint(_), Val::Uint(0))) {
        return Err(Trouble::Arithmetic("division by zero".to_owned()));
    }
    if operator == BinaryOperator::Divide {
        return arithmetic(left, right, "/", i64::checked_div, u64::checked_div, |a, b| a / b);
    }
    if matches!((left, right), (Val::Double(_), Val::Double(_))) {
        return Err(Trouble::Mismatch);
    }
    arithmetic(left, right, "%", i64::checked_rem, u64::checked_rem, |a, _| a)
}

fn add(left: &Val, right: &Val, context: &mut Context<'_>) -> Result<Val, Trouble> {
    if let (Val::String(a), Val::String(b)) = (left, right) {
        context.bytes(a.len() + b.len())?;
        let mut text = String::with_capacity(a.len() + b.len());
        text.push_str(a);
        text.push_str(b);
        return Ok(Val::String(text.into()));
    }
    if let (Val::Bytes(a), Val::Bytes(b)) = (left, right) {
        context.bytes(a.len() + b.len())?;
        return Ok(Val::Bytes([&**a, &**b].concat().into()));
    }
    if let Some(sum) = lengths(left, right, "+", i64::checked_add) {
        return sum;
    }
    let (left, right) = (context.forced(left)?, context.forced(right)?);
    if let (Val::List(a), Val::List(b)) = (&left, &right) {
        context.items(a.len() + b.len())?;
        let mut items = Vec::with_capacity(a.len() + b.len());
        items.extend(a.iter().cloned());
        items.extend(b.iter().cloned());
        return Ok(Val::list(items));
    }
    arithmetic(&left, &right, "+", i64::checked_add, u64::checked_add, |a, b| a + b)
}

fn contains(item: &Val, container: &Val, context: &mut Context<'_>) -> Result<Val, Trouble> {
    // A key is looked up without evaluating the whole map; a list has no fields.
    if let Val::Node(node) = container
        && let Some(Key::String(key)) = compare::key(item)
    {
        let fields = context.host.fields(*node);
        if !fields.is_empty() {
            context.steps(fields.len())?;
            context.walk(key.len())?;
            return Ok(Val::Bool(fields.contains(&key)));
        }
    }
    let container = context.forced(container)?;
    if let Val::List(items) = &container {
        for candidate in items.iter() {
            if compare::equal(item, candidate, context)? {
                return Ok(Val::Bool(true));
            }
        }
        return Ok(Val::Bool(false));
    }
    if let Val::Map(map) = &container {
        context.walk(compare::length(item).saturating_mul(4))?;
        return Ok(Val::Bool(compare::lookup_key(item).is_some_and(|key| map.get(&key).is_some())));
    }
    Err(Trouble::Mismatch)
}
