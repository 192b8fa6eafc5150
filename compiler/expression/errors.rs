//! What this room says about expressions: one function per diagnostic.

use super::syntax::{Expr, ExprKind, Link, Operator};
use super::val::Val;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::name::{listed, nearest};
use crate::span::Span;
use std::sync::Arc;

// While a text is read.

pub(super) fn stray_character(found: char, span: Span) -> Diagnostic {
    let message = format!("`{}` has no meaning in an expression", found.escape_debug());
    let error = Diagnostic::error(Code::ExpressionSyntax, message, span, "not expected here");
    match found {
        '=' => error.hint("compare with `==`"),
        '&' => error.hint("write `&&` for and"),
        '|' => error.hint("write `||` for or; there are no pipes, call functions with a dot: `text.trim()`"),
        '$' => error.hint("inside of `${…}` names need no `$`"),
        _ => error,
    }
}

pub(super) fn open_string(span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionSyntax, "a string in this expression is never closed", span, "opened here")
        .hint("close it with the same quote; a quote inside of a string is written with a backslash before it")
}

pub(super) fn bad_escape(found: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionSyntax, format!("`{found}` is not an escape"), span, "means nothing in a string")
        .hint("write `\\\\` for a backslash, or put `r` before the string to take every character as it is: `r'\\d+'`")
}

pub(super) fn bad_quoted_name(span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionSyntax, "this is no name in backticks", span, "holds other characters")
        .hint("letters, digits, `_`, `-`, `.`, `/` and blanks are allowed; anything can stand in an index: `labels[\"any key\"]`")
}

pub(super) fn bad_number(found: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionSyntax, format!("`{found}` is not a number"), span, "cannot be read as a number")
        .hint("integers have 64 bits; hexadecimal ones begin with `0x`, unsigned ones end in `u`")
}

pub(super) fn unexpected(found: &str, wanted: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionSyntax, format!("expected {wanted}, found {found}"), span, format!("expected {wanted}"))
}

pub(super) fn empty(span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionSyntax, "this expression is empty", span, "nothing to evaluate")
        .hint("write an expression between the braces, or `$${` for a literal `${`")
}

pub(super) fn reserved_name(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionSyntax, format!("`{name}` is a reserved word"), span, "cannot be used as a name")
        .hint("choose another name; after a dot it is allowed")
}

pub(super) fn has_needs_field(span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongArguments, "`has` takes a field", span, "not a field of something")
        .hint("write `has(self.network.cidr)` or `has(labels[\"key\"])`")
}

pub(super) fn variable_expected(span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionSyntax, "a name for the variable is expected here", span, "not a plain name")
        .hint("the first argument names what the others are computed with: `zones.map(zone, zone + \"-1\")`")
}

pub(super) fn variable_twice(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionSyntax, format!("both variables are named `{name}`"), span, "named a second time")
        .hint("give the two variables different names")
}

pub(super) fn unterminated(span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnterminatedExpression, "`${` is never closed", span, "opened here")
        .hint("close it with `}`, or write `$${` for a literal `${`")
}

pub(super) fn unterminated_terraform(span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnterminatedExpression, "the Terraform expression after `$${` is never closed", span, "in this text")
        .hint("close it with `}`; in templates of Terraform, `$${…}` passes an expression on to Terraform")
}

// Bounds.

pub(super) fn too_deep(limit: usize, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::ExpressionTooCostly,
        format!("this expression nests more than {limit} levels deep"),
        span,
        "this is one level too many",
    )
    .hint("name a part of it under `let` and use the name")
}

pub(super) fn too_long(limit: usize, span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionTooCostly, format!("a text with expressions is longer than {} KiB", limit / 1024), span, "this text")
        .hint("move the constant parts out of the text")
}

pub(super) fn too_costly(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionTooCostly, format!("evaluating this expression {what}"), span, "given up here")
        .hint("every evaluation is bounded; use fewer nested loops, or smaller lists and texts")
}

// Names.

pub(super) fn unknown_name(name: &str, names: &[Arc<str>], span: Span) -> Diagnostic {
    let error = Diagnostic::error(Code::UnknownName, format!("there is no `{name}` here"), span, "unknown name");
    let known = names.iter().map(|name| &**name);
    match nearest(name, known.clone()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")).replace(span, near),
        None if names.is_empty() => error.hint("no names are in scope here; text stands in quotes: `\"text\"`"),
        None => error.hint(format!("names in scope are {}; text stands in quotes", listed(known))),
    }
}

pub(super) fn unknown_field(operand: &Expr, field: &str, fields: &[Arc<str>], span: Span) -> Diagnostic {
    let message = format!("{} has no field `{field}`", subject(operand, "this"));
    missing(Diagnostic::error(Code::UnknownField, message, span, "unknown field"), field, fields, span)
}

pub(super) fn no_such_key(operand: &Expr, key: &str, keys: &[Arc<str>], span: Span) -> Diagnostic {
    let message = format!("{} has no key `{key}`", subject(operand, "this map"));
    missing(Diagnostic::error(Code::NoSuchKey, message, span, "not in the map"), key, keys, span)
        .note("`.?key.orValue(other)` gives another value where the key is missing, and `has(map.key)` tells whether it is there")
}

fn missing(error: Diagnostic, key: &str, keys: &[Arc<str>], span: Span) -> Diagnostic {
    let known = keys.iter().map(|key| &**key);
    match nearest(key, known.clone()) {
        Some(near) if plain_name(near) => error.hint(format!("did you mean `{near}`?")).replace(span, near),
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None if keys.is_empty() => error.hint("it is empty"),
        None => error.hint(format!("it has {}", listed(known))),
    }
}

pub(super) fn index_out_of_range(operand: &Expr, index: &str, length: usize, span: Span) -> Diagnostic {
    let items = if length == 1 { "1 item".to_owned() } else { format!("{length} items") };
    let message = format!("{} has no item {index}", subject(operand, "this list"));
    Diagnostic::error(Code::NoSuchKey, message, span, format!("the list has {items}, counted from 0"))
        .hint("`[?index].orValue(other)` gives another value where the item is missing")
}

/// A dash in a name is a minus; says so where that explains why a name is unknown.
pub(super) fn dash(error: &mut Diagnostic, first: &Expr, rest: &[Link]) {
    if !matches!(error.code, Code::UnknownName | Code::UnknownField | Code::NoSuchKey) {
        return;
    }
    let Some(place) = error.primary.as_ref().map(|label| label.span) else { return };
    let (ExprKind::Select { field: name, .. } | ExprKind::Name { name, .. }) = &first.kind else { return };
    let mut name = name.to_string();
    let mut last = first.span;
    let mut tail = String::new();
    for link in rest {
        let adjacent = link.operator == Operator::Subtract
            && last.end == link.operator_span.start
            && link.operator_span.end == link.operand.span.start;
        if !adjacent || !tail.is_empty() {
            break;
        }
        let Some((root, after)) = split_root(&link.operand) else { break };
        name.push('-');
        name.push_str(root);
        tail = after;
        last = link.operand.span;
    }
    let span = first.span.join(last);
    if last == first.span || place.start < first.span.start || place.end > last.end {
        return;
    }
    if let ExprKind::Select { operand, .. } = &first.kind
        && let Some(before) = spell(operand)
    {
        let cure = format!("{before}[\"{name}\"]{tail}");
        error.hint = Some(format!("a dash is a minus; write `{cure}`"));
        error.replacement = Some(crate::diagnostic::Replacement { span, text: cure });
    } else {
        error.hint = Some("a dash is a minus; names in expressions have none".to_owned());
        error.replacement = None;
    }
}

/// The first name of a path, and the rest of it as written.
fn split_root(expr: &Expr) -> Option<(&str, String)> {
    if let ExprKind::Name { name, absolute: false } = &expr.kind {
        return Some((name, String::new()));
    }
    if let ExprKind::Select { operand, field, optional: false, .. } = &expr.kind {
        let (root, tail) = split_root(operand)?;
        return Some((root, format!("{tail}.{field}")));
    }
    None
}

// Functions and operators.

pub(super) fn unknown_function<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone, span: Span) -> Diagnostic {
    let error = Diagnostic::error(Code::UnknownFunction, format!("there is no function `{name}`"), span, "unknown function");
    match nearest(name, known) {
        Some(near) => {
            let error = error.hint(format!("did you mean `{near}`?"));
            if near.contains('.') == name.contains('.') { error.replace(span, near) } else { error }
        }
        None => error.hint("the functions are listed in the reference of expressions"),
    }
}

pub(super) fn wrong_style(name: &str, usage: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongArguments, format!("`{name}` is not called like this"), span, "called in another way")
        .hint(format!("write `{usage}`"))
}

pub(super) fn wrong_argument_count(name: &str, count: usize, usage: &str, span: Span) -> Diagnostic {
    let given = match count {
        0 => "no arguments".to_owned(),
        1 => "1 argument".to_owned(),
        _ => format!("{count} arguments"),
    };
    Diagnostic::error(Code::WrongArguments, format!("`{name}` does not take {given}"), span, format!("given {given}"))
        .hint(format!("write `{usage}`"))
}

/// An operand with its type in words and its value, if that is known.
pub(super) struct Operand {
    pub(super) span: Span,
    pub(super) words: &'static str,
    pub(super) value: Option<String>,
}

impl Operand {
    pub(super) fn new(span: Span, value: &Val) -> Self {
        Self { span, words: value.describe(), value: Some(short(value)) }
    }

    fn label(&self) -> String {
        match &self.value {
            Some(value) => format!("{}: `{value}`", self.words),
            None => self.words.to_owned(),
        }
    }
}

pub(super) fn wrong_operands(operator: &str, left: &Operand, right: &Operand, span: Span) -> Diagnostic {
    let message = if operator == "in" {
        format!("`in` cannot look for {} in {}", left.words, right.words)
    } else {
        format!("`{operator}` does not go with {} and {}", left.words, right.words)
    };
    let error = Diagnostic::error(Code::WrongOperands, message, span, "").label(left.span, left.label()).label(right.span, right.label());
    let text = "a string";
    match operator {
        "+" if (left.words == text) != (right.words == text) => error.hint("convert with `string(…)`, or write text around the `${…}`"),
        "in" => error.hint("`in` takes a list or a map on its right; for text use `text.contains(part)`"),
        _ => error.hint("convert one side: `int(…)`, `double(…)` and `string(…)` convert"),
    }
}

pub(super) fn wrong_operand(operator: &str, operand: &Operand, wanted: &str) -> Diagnostic {
    let message = format!("`{operator}` needs {wanted}, not {}", operand.words);
    Diagnostic::error(Code::WrongOperands, message, operand.span, operand.label())
}

pub(super) fn wrong_argument_types(name: &str, operands: &[Operand], usage: &str, span: Span) -> Diagnostic {
    let words: Vec<&str> = operands.iter().map(|operand| operand.words).collect();
    let message = format!("`{name}` does not take {}", words.join(" and "));
    let mut error = Diagnostic::error(Code::WrongOperands, message, span, "");
    for operand in operands {
        error = error.label(operand.span, operand.label());
    }
    error.hint(format!("write `{usage}`"))
}

pub(super) fn no_fields(operand: &Operand, field: &str, span: Span) -> Diagnostic {
    let message = format!("{} has no fields, so there is no `{field}`", operand.words);
    Diagnostic::error(Code::WrongOperands, message, span, "no such field").label(operand.span, operand.label())
}

pub(super) fn wrong_index(operand: &Operand, index: &Operand) -> Diagnostic {
    let message = format!("{} cannot be indexed with {}", operand.words, index.words);
    Diagnostic::error(Code::WrongOperands, message, index.span, index.label())
        .label(operand.span, operand.label())
        .hint("lists take an integer, maps take their key")
}

pub(super) fn bad_key(key: &Operand) -> Diagnostic {
    let message = format!("{} cannot be the key of a map", key.words);
    Diagnostic::error(Code::WrongOperands, message, key.span, key.label()).hint("keys are strings, integers or booleans")
}

pub(super) fn key_twice(key: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadArgument, format!("the key `{key}` is there twice"), span, "the second one")
        .hint("keys of a map are unique; `1` and `1u` are the same key")
}

pub(super) fn bad_argument(reason: &str, span: Span, value: Option<&Val>) -> Diagnostic {
    Diagnostic::error(Code::BadArgument, reason, span, value.map(|value| format!("this is `{}`", short(value))).unwrap_or_default())
}

pub(super) fn arithmetic(reason: &str, span: Span) -> Diagnostic {
    let error = Diagnostic::error(Code::Arithmetic, reason, span, "");
    if reason.contains("zero") { error.hint("guard it with a condition: `n == 0 ? 0 : total / n`") } else { error }
}

pub(super) fn no_value(span: Span) -> Diagnostic {
    Diagnostic::error(Code::NoSuchKey, "this optional value is none", span, "`value()` needs a value")
        .hint("`.orValue(other)` gives another value instead")
}

// Text and late values.

pub(super) fn not_text(value: &Val, span: Span) -> Diagnostic {
    let words = value.describe();
    let error = Diagnostic::error(Code::NotText, format!("{words} cannot be part of a text"), span, format!("{words}: `{}`", short(value)));
    match value {
        Val::List(_) => {
            error.hint("join its items with `.join(\", \")`, encode it with `json.encode(…)`, or let the expression be the whole value")
        }
        Val::Map(_) | Val::Node(_) => error.hint("encode it with `json.encode(…)`, or let the expression be the whole value"),
        Val::Null | Val::Optional(_) => error.hint("give a text for the case that there is no value: `self.?field.orValue(\"\")`"),
        Val::Bool(_)
        | Val::Int(_)
        | Val::Uint(_)
        | Val::Double(_)
        | Val::String(_)
        | Val::Bytes(_)
        | Val::Type(_)
        | Val::Opaque(_)
        | Val::Late(_) => error.hint("convert it with `string(…)`"),
    }
}

pub(super) fn late_misplaced(address: &str, what: &str, span: Span) -> Diagnostic {
    let message = "this value is known only after Terraform has run";
    let error = Diagnostic::error(Code::LateValueMisplaced, message, span, format!("{what} needs it now"));
    let error = if address.is_empty() { error } else { error.note(format!("it comes from `{address}`")) };
    error.hint("pass it on as it is, or write a Terraform expression with `$${…}`")
}

// Words.

/// What stands left of a field, in backquotes if it is a path.
fn subject(operand: &Expr, otherwise: &str) -> String {
    spell(operand).map_or_else(|| otherwise.to_owned(), |path| format!("`{path}`"))
}

/// A path as it would be written; none for other expressions.
pub(super) fn spell(expr: &Expr) -> Option<String> {
    if let ExprKind::Name { name, .. } = &expr.kind {
        return Some(name.to_string());
    }
    if let ExprKind::Select { operand, field, .. } = &expr.kind {
        return Some(format!("{}.{field}", spell(operand)?));
    }
    if let ExprKind::Index { operand, index, .. } = &expr.kind {
        let operand = spell(operand)?;
        if let ExprKind::String(text) = &index.kind {
            return Some(format!("{operand}[\"{text}\"]"));
        }
        if let ExprKind::Int(index) = &index.kind {
            return Some(format!("{operand}[{index}]"));
        }
        return spell(index).map(|index| format!("{operand}[{index}]"));
    }
    None
}

fn plain_name(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// A value in a few characters.
pub(super) fn short(value: &Val) -> String {
    let text = match value {
        Val::Null => "null".to_owned(),
        Val::Bool(value) => value.to_string(),
        Val::Int(value) => value.to_string(),
        Val::Uint(value) => format!("{value}u"),
        Val::Double(value) => super::val::double_text(*value),
        Val::String(text) => format!("\"{text}\""),
        Val::Bytes(bytes) => format!("b\"…\" ({} bytes)", bytes.len()),
        Val::List(items) if items.is_empty() => "[]".to_owned(),
        Val::List(items) => format!("[…] ({} items)", items.len()),
        Val::Map(map) if map.is_empty() => "{}".to_owned(),
        Val::Map(map) => format!("{{…}} ({} entries)", map.len()),
        Val::Type(name) => name.to_string(),
        Val::Optional(None) => "none".to_owned(),
        Val::Optional(Some(value)) => return format!("optional {}", short(value)),
        Val::Opaque(opaque) => opaque.to_string(),
        Val::Late(_) => "known after Terraform has run".to_owned(),
        Val::Node(_) => "…".to_owned(),
    };
    let mut text = text.replace('\n', "⏎");
    if text.chars().count() > 40 {
        text = text.chars().take(39).collect();
        text.push('…');
    }
    text
}
