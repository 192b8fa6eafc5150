//! Functions on text. Positions count characters, not bytes.

use super::{Context, Gives, Overload, Returned, Trouble, TyKind, free, method};
use crate::expression::late;
use crate::expression::val::Val;
use std::sync::Arc;

const TEXT: Gives = Gives::Kind(TyKind::String);
const TRUTH: Gives = Gives::Kind(TyKind::Bool);
const NUMBER: Gives = Gives::Kind(TyKind::Int);

pub(super) const TABLE: &[Overload] = &[
    method("charAt", &[TyKind::String, TyKind::Int], TEXT, char_at),
    method("contains", &[TyKind::String, TyKind::String], TRUTH, contains),
    method("startsWith", &[TyKind::String, TyKind::String], TRUTH, starts_with),
    method("endsWith", &[TyKind::String, TyKind::String], TRUTH, ends_with),
    method("indexOf", &[TyKind::String, TyKind::String], NUMBER, index_of),
    method("indexOf", &[TyKind::String, TyKind::String, TyKind::Int], NUMBER, index_of),
    method("lastIndexOf", &[TyKind::String, TyKind::String], NUMBER, last_index_of),
    method("lastIndexOf", &[TyKind::String, TyKind::String, TyKind::Int], NUMBER, last_index_of),
    method("lowerAscii", &[TyKind::String], TEXT, lower_ascii),
    method("upperAscii", &[TyKind::String], TEXT, upper_ascii),
    method("replace", &[TyKind::String, TyKind::String, TyKind::String], TEXT, replace),
    method("replace", &[TyKind::String, TyKind::String, TyKind::String, TyKind::Int], TEXT, replace),
    method("split", &[TyKind::String, TyKind::String], Gives::Strings, split),
    method("split", &[TyKind::String, TyKind::String, TyKind::Int], Gives::Strings, split),
    method("substring", &[TyKind::String, TyKind::Int], TEXT, substring),
    method("substring", &[TyKind::String, TyKind::Int, TyKind::Int], TEXT, substring),
    method("trim", &[TyKind::String], TEXT, trim),
    method("reverse", &[TyKind::String], TEXT, reverse),
    method("join", &[TyKind::List], TEXT, join),
    method("join", &[TyKind::List, TyKind::String], TEXT, join),
    free("strings.quote", &[TyKind::String], TEXT, quote),
];

fn texts(args: &[Val]) -> Result<(&Arc<str>, &Arc<str>), Trouble> {
    let [Val::String(text), Val::String(other), ..] = args else { return Err(Trouble::Mismatch) };
    Ok((text, other))
}

/// The byte offset of a position in characters, up to the end of the text.
fn offset(text: &str, position: i64, argument: usize) -> Result<usize, Trouble> {
    let wanted = usize::try_from(position).ok();
    let found = wanted.and_then(|wanted| text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(wanted));
    found.ok_or_else(|| {
        Trouble::Argument(argument, format!("this position is outside of the text, which has {} characters", text.chars().count()))
    })
}

fn int(value: usize) -> Val {
    Val::Int(i64::try_from(value).unwrap_or(i64::MAX))
}

fn char_at(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [Val::String(text), Val::Int(position)] = args else { return Err(Trouble::Mismatch) };
    context.walk(text.len())?;
    let at = offset(text, *position, 1)?;
    let found = text.get(at..).and_then(|rest| rest.chars().next());
    Ok(Val::String(found.map(String::from).unwrap_or_default().into()))
}

fn contains(args: &[Val], context: &mut Context<'_>) -> Returned {
    let (text, part) = texts(args)?;
    context.walk(text.len())?;
    Ok(Val::Bool(text.contains(&**part)))
}

fn starts_with(args: &[Val], _: &mut Context<'_>) -> Returned {
    let (text, part) = texts(args)?;
    Ok(Val::Bool(text.starts_with(&**part)))
}

fn ends_with(args: &[Val], _: &mut Context<'_>) -> Returned {
    let (text, part) = texts(args)?;
    Ok(Val::Bool(text.ends_with(&**part)))
}

fn index_of(args: &[Val], context: &mut Context<'_>) -> Returned {
    let (text, part) = texts(args)?;
    context.walk(text.len())?;
    let start = if let Some(Val::Int(position)) = args.get(2) { offset(text, *position, 2)? } else { 0 };
    let found = text.get(start..).and_then(|rest| rest.find(&**part)).map(|at| at + start);
    Ok(found.map_or(Val::Int(-1), |at| int(text.get(..at).unwrap_or("").chars().count())))
}

fn last_index_of(args: &[Val], context: &mut Context<'_>) -> Returned {
    let (text, part) = texts(args)?;
    context.walk(text.len())?;
    let end = match args.get(2) {
        // A match may begin at the position at the latest, and run beyond it.
        Some(Val::Int(position)) => offset(text, *position, 2)?.saturating_add(part.len()),
        Some(_) | None => text.len(),
    };
    let mut end = end.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let found = text.get(..end).and_then(|front| front.rfind(&**part));
    Ok(found.map_or(Val::Int(-1), |at| int(text.get(..at).unwrap_or("").chars().count())))
}

fn lower_ascii(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [Val::String(text)] = args else { return Err(Trouble::Mismatch) };
    context.text(text.to_ascii_lowercase())
}

fn upper_ascii(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [Val::String(text)] = args else { return Err(Trouble::Mismatch) };
    context.text(text.to_ascii_uppercase())
}

fn replace(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [Val::String(text), Val::String(old), Val::String(new), rest @ ..] = args else { return Err(Trouble::Mismatch) };
    let limit = if let Some(Val::Int(limit)) = rest.first() { usize::try_from(*limit).unwrap_or(usize::MAX) } else { usize::MAX };
    // Paid before it is made: every replacement may grow the text.
    context.work(text.len())?;
    let count = text.matches(&**old).take(limit).count();
    context.bytes(text.len().saturating_add(count.saturating_mul(new.len())))?;
    Ok(Val::string(text.replacen(&**old, new, limit)))
}

fn split(args: &[Val], context: &mut Context<'_>) -> Returned {
    let (text, separator) = texts(args)?;
    let limit = if let Some(Val::Int(limit)) = args.get(2) { usize::try_from(*limit).unwrap_or(usize::MAX) } else { usize::MAX };
    context.work(text.len())?;
    let mut parts: Vec<Val> = Vec::new();
    if limit == 0 {
        return Ok(Val::list(parts));
    }
    let part = |part: &str, context: &mut Context<'_>| {
        context.bytes(part.len() + PART)?;
        Ok::<Val, Trouble>(Val::string(part))
    };
    if separator.is_empty() {
        let mut rest = &**text;
        while let Some(first) = rest.chars().next() {
            let length = if parts.len() + 1 == limit { rest.len() } else { first.len_utf8() };
            let (first, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            parts.push(part(first, context)?);
            rest = after;
        }
    } else {
        for found in text.splitn(limit, &**separator) {
            parts.push(part(found, context)?);
        }
    }
    Ok(Val::list(parts))
}

/// Bytes that a text in a list takes besides its own.
const PART: usize = 48;

fn substring(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [Val::String(text), Val::Int(start), rest @ ..] = args else { return Err(Trouble::Mismatch) };
    context.walk(text.len())?;
    let from = offset(text, *start, 1)?;
    let to = if let Some(Val::Int(end)) = rest.first() { offset(text, *end, 2)? } else { text.len() };
    let part = text.get(from..to).ok_or_else(|| Trouble::Argument(2, "the end lies before the start".to_owned()))?;
    context.text(part)
}

fn trim(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [Val::String(text)] = args else { return Err(Trouble::Mismatch) };
    context.work(text.len())?;
    context.text(text.trim())
}

fn reverse(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [Val::String(text)] = args else { return Err(Trouble::Mismatch) };
    context.work(text.len())?;
    context.text(text.chars().rev().collect::<String>())
}

fn join(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [Val::List(items), rest @ ..] = args else { return Err(Trouble::Mismatch) };
    let separator = if let Some(Val::String(separator)) = rest.first() { separator } else { "" };
    let mut joined = String::new();
    for (index, item) in items.iter().enumerate() {
        if let Val::Late(late) = item {
            return Err(Trouble::Late(late::words(late)));
        }
        let text = if let Val::String(text) = item {
            Arc::clone(text)
        } else if let Val::Opaque(opaque) = item {
            opaque.text()
        } else {
            return Err(Trouble::Argument(0, format!("`join` takes a list of strings, but item {index} is {}", item.describe())));
        };
        context.steps(1)?;
        context.bytes(text.len() + separator.len())?;
        if index > 0 {
            joined.push_str(separator);
        }
        joined.push_str(&text);
    }
    Ok(Val::string(joined))
}

fn quote(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [Val::String(text)] = args else { return Err(Trouble::Mismatch) };
    context.work(text.len())?;
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for char in text.chars() {
        match char {
            '\x07' => quoted.push_str("\\a"),
            '\x08' => quoted.push_str("\\b"),
            '\x0c' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\x0b' => quoted.push_str("\\v"),
            '\\' => quoted.push_str("\\\\"),
            '"' => quoted.push_str("\\\""),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    context.text(quoted)
}
