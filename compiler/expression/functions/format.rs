//! `"%s has %d".format([name, count])`

use super::{Context, Gives, Overload, Trouble, TyKind, method};
use crate::expression::budget::{DEPTH, TOO_DEEP};
use crate::expression::compare::{self, key_value};
use crate::expression::late;
use crate::expression::val::{Val, double_text};
use std::fmt::Write;

pub(super) const TABLE: &[Overload] = &[method("format", &[TyKind::String, TyKind::List], Gives::Kind(TyKind::String), format)];

fn format(args: &[Val], context: &mut Context<'_>) -> Result<Val, Trouble> {
    let [Val::String(template), Val::List(values)] = args else { return Err(Trouble::Mismatch) };
    context.work(template.len())?;
    let mut out = String::new();
    let mut values = values.iter();
    let mut rest = &**template;
    while let Some(at) = rest.find('%') {
        out.push_str(rest.get(..at).unwrap_or(""));
        rest = rest.get(at + 1..).unwrap_or("");
        if let Some(after) = rest.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let mut precision = None;
        if let Some(after) = rest.strip_prefix('.') {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let number: Option<usize> = after.get(..digits).and_then(|digits| digits.parse().ok());
            let number = number.filter(|number| *number <= 100);
            precision = Some(number.ok_or_else(|| bad("a precision is a number up to 100: `%.2f`".to_owned()))?);
            rest = after.get(digits..).unwrap_or("");
        }
        let Some(verb) = rest.chars().next() else { return Err(bad("`%` ends the text; write `%%` for a percent sign".to_owned())) };
        rest = rest.get(verb.len_utf8()..).unwrap_or("");
        if !"sdfebox X".contains(verb) || verb == ' ' {
            return Err(bad(format!("`%{verb}` is not a verb; `%s %d %f %e %b %o %x %X` are")));
        }
        let Some(value) = values.next() else { return Err(Trouble::Argument(1, format!("there is no value for `%{verb}`"))) };
        let start = out.len();
        write(&mut out, verb, precision, value, context)?;
        context.bytes(out.len() - start)?;
    }
    out.push_str(rest);
    context.text(out)
}

fn bad(reason: String) -> Trouble {
    Trouble::Argument(0, reason)
}

fn write(out: &mut String, verb: char, precision: Option<usize>, value: &Val, context: &mut Context<'_>) -> Result<(), Trouble> {
    let value = &context.forced(value)?;
    if let Val::Late(value) = value {
        return Err(Trouble::Late(late::words(value)));
    }
    if verb == 's' {
        return text(out, value, DEPTH, context);
    }
    // Each byte becomes two digits.
    context.steps(compare::length(value) / 2)?;
    let done = match verb {
        'd' => integer(out, value),
        'f' | 'e' => number(value).map(|number| real(out, verb, precision.unwrap_or(6), number)),
        'b' => binary(out, value),
        'o' => magnitude(value).map(|(sign, value)| write!(out, "{sign}{value:o}").unwrap_or(())),
        _ => hexadecimal(out, verb, value),
    };
    done.ok_or_else(|| Trouble::Argument(1, format!("`%{verb}` does not take {}", value.describe())))
}

/// A value as `%s` shows it.
fn text(out: &mut String, value: &Val, depth: usize, context: &mut Context<'_>) -> Result<(), Trouble> {
    let Some(depth) = depth.checked_sub(1) else { return Err(Trouble::Costly(TOO_DEEP)) };
    context.steps(1)?;
    context.work(compare::length(value))?;
    let before = out.len();
    match value {
        Val::Null => out.push_str("null"),
        Val::Double(value) => out.push_str(&special(*value).map_or_else(|| double_text(*value), ToOwned::to_owned)),
        Val::Bytes(bytes) => out.push_str(&String::from_utf8_lossy(bytes)),
        Val::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                text(out, item, depth, context)?;
            }
            out.push(']');
        }
        Val::Map(map) => {
            out.push('{');
            for (index, (key, value)) in map.entries().iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                text(out, &key_value(key), depth, context)?;
                out.push_str(": ");
                text(out, value, depth, context)?;
            }
            out.push('}');
        }
        Val::Node(node) => return text(out, &context.written(*node)?, depth, context),
        Val::Late(late) => return Err(Trouble::Late(late::words(late))),
        Val::Optional(_) => return Err(Trouble::Argument(1, "an optional value cannot be part of a text".to_owned())),
        Val::Bool(_) | Val::Int(_) | Val::Uint(_) | Val::String(_) | Val::Type(_) | Val::Opaque(_) => {
            out.push_str(&super::convert::text(value).unwrap_or_default());
        }
    }
    context.bytes(out.len().saturating_sub(before))
}

fn special(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("NaN")
    } else if value.is_infinite() {
        Some(if value > 0.0 { "Infinity" } else { "-Infinity" })
    } else {
        None
    }
}

fn integer(out: &mut String, value: &Val) -> Option<()> {
    if let Val::Double(value) = value {
        match special(*value) {
            Some(word) => out.push_str(word),
            None => out.push_str(&value.to_string()),
        }
        return Some(());
    }
    let (sign, value) = magnitude(value)?;
    write!(out, "{sign}{value}").ok()
}

fn magnitude(value: &Val) -> Option<(&'static str, u64)> {
    if let Val::Int(value) = value {
        Some((if *value < 0 { "-" } else { "" }, value.unsigned_abs()))
    } else if let Val::Uint(value) = value {
        Some(("", *value))
    } else {
        None
    }
}

#[allow(clippy::cast_precision_loss, reason = "a real number is asked for")]
fn number(value: &Val) -> Option<f64> {
    if let Val::Double(value) = value {
        return Some(*value);
    }
    if let Val::Int(value) = value {
        return Some(*value as f64);
    }
    if let Val::Uint(value) = value { Some(*value as f64) } else { None }
}

fn real(out: &mut String, verb: char, precision: usize, value: f64) {
    if let Some(word) = special(value) {
        out.push_str(word);
        return;
    }
    if verb == 'f' {
        out.push_str(&format!("{value:.precision$}"));
        return;
    }
    let text = format!("{value:.precision$e}");
    // Rust writes `1e3` where C and Go write `1e+03`.
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    out.push_str(&format!("{mantissa}e{sign}{digits:0>2}"));
}

fn binary(out: &mut String, value: &Val) -> Option<()> {
    if let Val::Bool(value) = value {
        out.push(if *value { '1' } else { '0' });
        return Some(());
    }
    let (sign, value) = magnitude(value)?;
    write!(out, "{sign}{value:b}").ok()
}

fn hexadecimal(out: &mut String, verb: char, value: &Val) -> Option<()> {
    let bytes: &[u8] = if let Val::String(text) = value {
        text.as_bytes()
    } else if let Val::Bytes(bytes) = value {
        bytes
    } else {
        let (sign, value) = magnitude(value)?;
        return if verb == 'x' { write!(out, "{sign}{value:x}") } else { write!(out, "{sign}{value:X}") }.ok();
    };
    for byte in bytes {
        let written = if verb == 'x' { write!(out, "{byte:02x}") } else { write!(out, "{byte:02X}") };
        written.ok()?;
    }
    Some(())
}
