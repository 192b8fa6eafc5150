//! Regular expressions: RE2's grammar, linear time.

use super::{Context, Gives, Kind, Overload, Trouble, both, free};
use crate::expression::val::Val;
use regex::{Regex, RegexBuilder};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

const TEXT: Gives = Gives::Kind(Kind::String);
const TRUTH: Gives = Gives::Kind(Kind::Bool);

pub(super) const TABLE: &[Overload] = &[
    both("matches", &[Kind::String, Kind::String], TRUTH, matches),
    free("regex.matches", &[Kind::String, Kind::String], TRUTH, matches),
    free("regex.extract", &[Kind::String, Kind::String], Gives::Kind(Kind::Optional), extract),
    free("regex.extractAll", &[Kind::String, Kind::String], Gives::Strings, extract_all),
    free("regex.replace", &[Kind::String, Kind::String, Kind::String], TEXT, replace),
    free("regex.replace", &[Kind::String, Kind::String, Kind::String, Kind::Int], TEXT, replace),
];

type Outcome = Result<Val, Trouble>;

/// How many compiled patterns a thread keeps.
const KEPT: usize = 64;

thread_local! {
    /// Patterns that were compiled before: the same expression is evaluated for thousands of clusters.
    static COMPILED: RefCell<BTreeMap<Arc<str>, Regex>> = const { RefCell::new(BTreeMap::new()) };
}

fn compile(pattern: &Arc<str>, text: &str, context: &mut Context<'_>) -> Result<Regex, Trouble> {
    context.steps(1 + text.len() / 16)?;
    if let Some(known) = COMPILED.with_borrow(|compiled| compiled.get(pattern).cloned()) {
        return Ok(known);
    }
    // Compiling costs more than matching; patterns made in loops must not run away.
    context.steps(100 + pattern.len())?;
    let regex = RegexBuilder::new(pattern).size_limit(1 << 20).dfa_size_limit(1 << 20).build();
    let regex = regex.map_err(|fault| {
        let reason = if matches!(fault, regex::Error::CompiledTooBig(_)) {
            "it is too large".to_owned()
        } else {
            fault.to_string().lines().last().unwrap_or("").trim_start_matches("error: ").to_owned()
        };
        Trouble::Argument(1, format!("this is not a regular expression: {reason}"))
    })?;
    COMPILED.with_borrow_mut(|compiled| {
        if compiled.len() >= KEPT {
            compiled.clear();
        }
        compiled.insert(Arc::clone(pattern), regex.clone());
    });
    Ok(regex)
}

fn matches(args: &[Val], context: &mut Context<'_>) -> Outcome {
    let [Val::String(text), Val::String(pattern)] = args else { return Err(Trouble::Mismatch) };
    Ok(Val::Bool(compile(pattern, text, context)?.is_match(text)))
}

/// The pattern, if it has at most one group, and the number of what is extracted: the group, or the whole match.
fn extracting(pattern: &Arc<str>, text: &str, context: &mut Context<'_>) -> Result<(Regex, usize), Trouble> {
    let regex = compile(pattern, text, context)?;
    match regex.captures_len() {
        0 | 1 => Ok((regex, 0)),
        2 => Ok((regex, 1)),
        _ => Err(Trouble::Argument(1, "one group at most can be extracted; write the others as `(?:…)`".to_owned())),
    }
}

fn extract(args: &[Val], context: &mut Context<'_>) -> Outcome {
    let [Val::String(text), Val::String(pattern)] = args else { return Err(Trouble::Mismatch) };
    let (regex, group) = extracting(pattern, text, context)?;
    let found = regex.captures(text).and_then(|captures| captures.get(group));
    Ok(Val::Optional(found.map(|found| Arc::new(Val::string(found.as_str())))))
}

fn extract_all(args: &[Val], context: &mut Context<'_>) -> Outcome {
    let [Val::String(text), Val::String(pattern)] = args else { return Err(Trouble::Mismatch) };
    let (regex, group) = extracting(pattern, text, context)?;
    context.bytes(text.len())?;
    let found = regex.captures_iter(text).filter_map(|captures| captures.get(group).map(|found| Val::string(found.as_str())));
    let found = found.collect();
    context.list(found)
}

/// Replaces matches; `\1` in the replacement stands for the first group, `\0` for the whole match, `\\` for a backslash.
fn replace(args: &[Val], context: &mut Context<'_>) -> Outcome {
    let [Val::String(text), Val::String(pattern), Val::String(replacement), rest @ ..] = args else { return Err(Trouble::Mismatch) };
    let limit = if let Some(Val::Int(limit)) = rest.first() { usize::try_from(*limit).unwrap_or(usize::MAX) } else { usize::MAX };
    let regex = compile(pattern, text, context)?;
    let mut out = String::new();
    let mut last = 0;
    for captures in regex.captures_iter(text).take(limit) {
        let Some(whole) = captures.get(0) else { continue };
        let start = out.len();
        out.push_str(text.get(last..whole.start()).unwrap_or(""));
        last = whole.end();
        let mut chars = replacement.chars();
        while let Some(char) = chars.next() {
            if char != '\\' {
                out.push(char);
                continue;
            }
            match chars.next() {
                Some('\\') => out.push('\\'),
                Some(digit) if digit.is_ascii_digit() => {
                    let group = digit.to_digit(10).map_or(0, |digit| digit as usize);
                    if group >= regex.captures_len() {
                        return Err(Trouble::Argument(2, format!("the pattern has no group {group}")));
                    }
                    out.push_str(captures.get(group).map_or("", |found| found.as_str()));
                }
                Some(_) | None => {
                    return Err(Trouble::Argument(2, "after a backslash comes the number of a group, or another backslash".to_owned()));
                }
            }
            context.bytes(1)?;
        }
        context.bytes(out.len() - start)?;
    }
    out.push_str(text.get(last..).unwrap_or(""));
    context.text(out)
}
