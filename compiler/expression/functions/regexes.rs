//! Regular expressions: RE2's grammar, time linear in text and pattern. Paid for is the worst that the engine may do: to look at each
//! byte with each state of the compiled pattern, and to look at the rest of the text once more for each match.

use super::{Context, Gives, Overload, Returned, Trouble, TyKind, both, free};
use crate::expression::val::Val;
use crate::pattern::{self, Pattern};
use regex_automata::meta::Regex;
use regex_automata::util::captures::Captures;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

const TEXT: Gives = Gives::Kind(TyKind::String);
const TRUTH: Gives = Gives::Kind(TyKind::Bool);

pub(super) const TABLE: &[Overload] = &[
    both("matches", &[TyKind::String, TyKind::String], TRUTH, matches),
    free("regex.matches", &[TyKind::String, TyKind::String], TRUTH, matches),
    free("regex.extract", &[TyKind::String, TyKind::String], Gives::Kind(TyKind::Optional), extract),
    free("regex.extractAll", &[TyKind::String, TyKind::String], Gives::Strings, extract_all),
    free("regex.replace", &[TyKind::String, TyKind::String, TyKind::String], TEXT, replace),
    free("regex.replace", &[TyKind::String, TyKind::String, TyKind::String, TyKind::Int], TEXT, replace),
];

/// How many compiled patterns a thread keeps.
const KEPT: usize = 32;

/// Bytes of a compiled pattern that take a step for each byte of text.
const SIZE_A_STEP: usize = 512;

/// Of a text that is looked at again for each match, so many times less: a search seldom goes on far behind its match.
const SELDOM: usize = 8;

thread_local! {
    /// Patterns that were compiled before: the same expression is evaluated for thousands of clusters.
    static COMPILED: RefCell<BTreeMap<Arc<str>, Pattern>> = const { RefCell::new(BTreeMap::new()) };
}

/// A pattern with what one search in a text costs.
struct PricedRegex {
    regex: Arc<Regex>,
    size: usize,
}

impl PricedRegex {
    /// Pays for going on behind a match with so many bytes left.
    fn again(&self, left: usize, context: &mut Context<'_>) -> Result<(), Trouble> {
        context.steps(1 + left.saturating_mul(self.size) / SIZE_A_STEP / SELDOM)
    }
}

/// The compiled pattern; one search in the text is paid for.
fn compile(pattern: &Arc<str>, text: &str, context: &mut Context<'_>) -> Result<PricedRegex, Trouble> {
    let is_new = context.host.is_new_pattern(pattern);
    if is_new {
        context.steps(500 + pattern::work(pattern))?;
    }
    let known = COMPILED.with_borrow(|compiled| compiled.get(pattern).cloned());
    let compiled = match known {
        Some(known) => known,
        None => {
            let compiled = pattern::compile(pattern)
                .map_err(|refusal| Trouble::Argument(1, format!("this is not a regular expression: {}", refusal.reason())))?;
            COMPILED.with_borrow_mut(|all| {
                if all.len() >= KEPT {
                    all.clear();
                }
                all.insert(Arc::clone(pattern), compiled.clone());
            });
            compiled
        }
    };
    if is_new {
        context.steps(compiled.size / 16)?;
    }
    context.steps(1 + text.len().saturating_mul(compiled.size) / SIZE_A_STEP)?;
    Ok(PricedRegex { regex: compiled.regex, size: compiled.size })
}

fn matches(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [Val::String(text), Val::String(pattern)] = args else { return Err(Trouble::Mismatch) };
    Ok(Val::Bool(compile(pattern, text, context)?.regex.is_match(&**text)))
}

/// The pattern, if it has at most one group, and the number of what is extracted: the group, or the whole match.
fn extracting(pattern: &Arc<str>, text: &str, context: &mut Context<'_>) -> Result<(PricedRegex, usize), Trouble> {
    let search = compile(pattern, text, context)?;
    match search.regex.captures_len() {
        0 | 1 => Ok((search, 0)),
        2 => Ok((search, 1)),
        _ => Err(Trouble::Argument(1, "one group at most can be extracted; write the others as `(?:…)`".to_owned())),
    }
}

/// What a group has found in a text.
fn part<'t>(text: &'t str, captures: &Captures, group: usize) -> Option<&'t str> {
    text.get(captures.get_group(group)?.range())
}

fn extract(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [Val::String(text), Val::String(pattern)] = args else { return Err(Trouble::Mismatch) };
    let (search, group) = extracting(pattern, text, context)?;
    let mut captures = search.regex.create_captures();
    search.regex.captures(&**text, &mut captures);
    Ok(Val::Optional(part(text, &captures, group).map(|found| Arc::new(Val::string(found)))))
}

fn extract_all(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [Val::String(text), Val::String(pattern)] = args else { return Err(Trouble::Mismatch) };
    let (search, group) = extracting(pattern, text, context)?;
    let mut found = Vec::new();
    for captures in search.regex.captures_iter(&**text) {
        let end = captures.get_match().map_or(0, |whole| whole.end());
        search.again(text.len() - end, context)?;
        if let Some(part) = part(text, &captures, group) {
            context.bytes(part.len() + 64)?;
            found.push(Val::string(part));
        }
    }
    Ok(Val::list(found))
}

/// Replaces matches; `\1` in the replacement stands for the first group, `\0` for the whole match, `\\` for a backslash.
fn replace(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [Val::String(text), Val::String(pattern), Val::String(replacement), rest @ ..] = args else { return Err(Trouble::Mismatch) };
    let limit = if let Some(Val::Int(limit)) = rest.first() { usize::try_from(*limit).unwrap_or(usize::MAX) } else { usize::MAX };
    let search = compile(pattern, text, context)?;
    let mut out = String::new();
    let mut last = 0;
    for captures in search.regex.captures_iter(&**text).take(limit) {
        let Some(whole) = captures.get_match() else { continue };
        let mut start = out.len();
        out.push_str(text.get(last..whole.start()).unwrap_or(""));
        last = whole.end();
        search.again(text.len() - last, context)?;
        context.steps(replacement.len() / 16)?;
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
                    if group >= search.regex.captures_len() {
                        return Err(Trouble::Argument(2, format!("the pattern has no group {group}")));
                    }
                    out.push_str(part(text, &captures, group).unwrap_or(""));
                }
                Some(_) | None => {
                    return Err(Trouble::Argument(2, "after a backslash comes the number of a group, or another backslash".to_owned()));
                }
            }
            context.bytes(out.len() - start)?;
            start = out.len();
        }
    }
    out.push_str(text.get(last..).unwrap_or(""));
    context.text(out)
}
