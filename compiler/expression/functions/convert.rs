//! Conversions between types, and the types themselves.

use super::{Context, Gives, Overload, Trouble, TyKind, free};
use crate::expression::compare;
use crate::expression::late;
use crate::expression::types;
use crate::expression::val::{Val, double_text};

pub(super) const TABLE: &[Overload] = &[
    free("int", &[TyKind::Int], Gives::Kind(TyKind::Int), int),
    free("int", &[TyKind::Uint], Gives::Kind(TyKind::Int), int),
    free("int", &[TyKind::Double], Gives::Kind(TyKind::Int), int),
    free("int", &[TyKind::String], Gives::Kind(TyKind::Int), int),
    free("uint", &[TyKind::Uint], Gives::Kind(TyKind::Uint), uint),
    free("uint", &[TyKind::Int], Gives::Kind(TyKind::Uint), uint),
    free("uint", &[TyKind::Double], Gives::Kind(TyKind::Uint), uint),
    free("uint", &[TyKind::String], Gives::Kind(TyKind::Uint), uint),
    free("double", &[TyKind::Double], Gives::Kind(TyKind::Double), double),
    free("double", &[TyKind::Int], Gives::Kind(TyKind::Double), double),
    free("double", &[TyKind::Uint], Gives::Kind(TyKind::Double), double),
    free("double", &[TyKind::String], Gives::Kind(TyKind::Double), double),
    free("bool", &[TyKind::Bool], Gives::Kind(TyKind::Bool), bool),
    free("bool", &[TyKind::String], Gives::Kind(TyKind::Bool), bool),
    free("bytes", &[TyKind::Bytes], Gives::Kind(TyKind::Bytes), bytes),
    free("bytes", &[TyKind::String], Gives::Kind(TyKind::Bytes), bytes),
    free("string", &[TyKind::Text], Gives::Kind(TyKind::String), string),
    free("string", &[TyKind::Int], Gives::Kind(TyKind::String), string),
    free("string", &[TyKind::Uint], Gives::Kind(TyKind::String), string),
    free("string", &[TyKind::Double], Gives::Kind(TyKind::String), string),
    free("string", &[TyKind::Bool], Gives::Kind(TyKind::String), string),
    free("string", &[TyKind::Bytes], Gives::Kind(TyKind::String), string),
    free("string", &[TyKind::Type], Gives::Kind(TyKind::String), string),
    free("type", &[TyKind::Any], Gives::Kind(TyKind::Type), type_),
    free("dyn", &[TyKind::Any], Gives::Kind(TyKind::Any), dyn_),
];

fn first(args: &[Val]) -> Result<&Val, Trouble> {
    args.first().ok_or(Trouble::Mismatch)
}

fn range(what: &str) -> Trouble {
    Trouble::Argument(0, format!("this number does not fit into {what}"))
}

#[allow(clippy::cast_possible_truncation, reason = "checked against the range before")]
fn int(args: &[Val], context: &mut Context<'_>) -> Result<Val, Trouble> {
    let value = first(args)?;
    context.work(compare::length(value))?;
    if let Val::Uint(uint) = value {
        return i64::try_from(*uint).map(Val::Int).map_err(|_| range("an integer of 64 bits"));
    }
    if let Val::Double(double) = value {
        let fits = *double > -9_223_372_036_854_775_808.0 && *double < 9_223_372_036_854_775_808.0;
        return if fits { Ok(Val::Int(*double as i64)) } else { Err(range("an integer of 64 bits")) };
    }
    if let Val::String(text) = value {
        return text.parse().map(Val::Int).map_err(|_| Trouble::Argument(0, "this text is not an integer".to_owned()));
    }
    Ok(value.clone())
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked against the range before")]
fn uint(args: &[Val], context: &mut Context<'_>) -> Result<Val, Trouble> {
    let value = first(args)?;
    context.work(compare::length(value))?;
    if let Val::Int(int) = value {
        return u64::try_from(*int).map(Val::Uint).map_err(|_| range("an unsigned integer"));
    }
    if let Val::Double(double) = value {
        let fits = *double >= 0.0 && *double < 18_446_744_073_709_551_616.0;
        return if fits { Ok(Val::Uint(*double as u64)) } else { Err(range("an unsigned integer")) };
    }
    if let Val::String(text) = value {
        return text.parse().map(Val::Uint).map_err(|_| Trouble::Argument(0, "this text is not an unsigned integer".to_owned()));
    }
    Ok(value.clone())
}

#[allow(clippy::cast_precision_loss, reason = "the nearest double is what CEL asks for")]
fn double(args: &[Val], context: &mut Context<'_>) -> Result<Val, Trouble> {
    let value = first(args)?;
    context.work(compare::length(value))?;
    if let Val::Int(int) = value {
        return Ok(Val::Double(*int as f64));
    }
    if let Val::Uint(uint) = value {
        return Ok(Val::Double(*uint as f64));
    }
    if let Val::String(text) = value {
        let parsed: Option<f64> = text.parse().ok();
        let infinite = text.trim_start_matches(['+', '-']).starts_with(['i', 'I']);
        let parsed = parsed.filter(|double| !double.is_infinite() || infinite);
        return parsed.map(Val::Double).ok_or_else(|| Trouble::Argument(0, "this text is not a number".to_owned()));
    }
    Ok(value.clone())
}

fn bool(args: &[Val], _: &mut Context<'_>) -> Result<Val, Trouble> {
    let value = first(args)?;
    if let Val::String(text) = value {
        return match &**text {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Val::Bool(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Val::Bool(false)),
            _ => Err(Trouble::Argument(0, "this text is neither `true` nor `false`".to_owned())),
        };
    }
    Ok(value.clone())
}

fn bytes(args: &[Val], context: &mut Context<'_>) -> Result<Val, Trouble> {
    let value = first(args)?;
    if let Val::String(text) = value {
        context.bytes(text.len())?;
        return Ok(Val::Bytes(text.as_bytes().into()));
    }
    Ok(value.clone())
}

fn string(args: &[Val], context: &mut Context<'_>) -> Result<Val, Trouble> {
    let value = first(args)?;
    context.walk(compare::length(value))?;
    if let Val::Bytes(bytes) = value {
        let text = std::str::from_utf8(bytes).map_err(|_| Trouble::Argument(0, "these bytes are not UTF-8 text".to_owned()))?;
        return context.text(text);
    }
    match text(value) {
        Some(text) => context.text(text),
        None => Err(Trouble::Mismatch),
    }
}

/// The text of a value that converts by itself.
pub(in crate::expression) fn text(value: &Val) -> Option<std::sync::Arc<str>> {
    Some(match value {
        Val::String(text) => std::sync::Arc::clone(text),
        Val::Bool(value) => value.to_string().into(),
        Val::Int(value) => value.to_string().into(),
        Val::Uint(value) => value.to_string().into(),
        Val::Double(value) => double_text(*value).into(),
        Val::Type(name) => std::sync::Arc::clone(name),
        Val::Opaque(opaque) => opaque.text(),
        Val::Null | Val::Bytes(_) | Val::List(_) | Val::Map(_) | Val::Optional(_) | Val::Late(_) | Val::Node(_) => return None,
    })
}

fn type_(args: &[Val], context: &mut Context<'_>) -> Result<Val, Trouble> {
    let value = context.forced(first(args)?)?;
    if let Val::Late(value) = &value {
        return Err(Trouble::Late(late::words(value)));
    }
    types::of(&value).map(|name| Val::Type(name.into())).ok_or(Trouble::Mismatch)
}

fn dyn_(args: &[Val], _: &mut Context<'_>) -> Result<Val, Trouble> {
    first(args).cloned()
}
