//! What this room says about expressions: one function per diagnostic.

mod late;
mod notation;
mod syntax;
mod thing;

pub(super) use late::*;
pub(super) use notation::{unlike, unread};
pub(super) use syntax::*;
pub(super) use thing::{thing_compared, thing_in_text, whole_thing};

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::expression::call::NotationCure;
use crate::expression::macros;
use crate::expression::syntax::{BinaryOperator, Expr, ExprKind, Link};
use crate::expression::types::{NamesOf, Ty};
use crate::expression::val::Val;
use crate::expression::words::{plain_name, short, spell, split_root, subject};
use crate::expression::{Absence, Declaration};
use crate::name::{beginning, listed, nearest};
use crate::span::Span;
use std::sync::Arc;

pub(super) fn unknown_name(name: &str, names: &[Arc<str>], absence: Option<Absence>, span: Span) -> Diagnostic {
    let message = format!("there is no `{name}` here");
    if let Some(Absence { label, hint }) = absence {
        return Diagnostic::error(Code::UnknownName, message, span, label).hint(hint);
    }
    let error = Diagnostic::error(Code::UnknownName, message, span, "unknown name");
    let known = names.iter().map(|name| &**name);
    match nearest(name, known.clone()).or_else(|| beginning(name, known.clone())) {
        Some(near) => error.hint(format!("did you mean `{near}`?")).replace(span, near),
        None if names.is_empty() => error.hint("no names are in scope here; text stands in quotes: `\"text\"`"),
        None => error.hint(format!("names in scope are {}; text stands in quotes", listed(known))),
    }
}

pub(super) fn unset_field(operand: &Expr, field: &str, span: Span, declaration: Option<Declaration>) -> Diagnostic {
    let message = format!("{} has no value in `{field}`", subject(operand, "this"));
    if let Some(Declaration { declared, removed: Some(removed), has_default, .. }) = declaration {
        let was = if has_default { "declared here, with a default" } else { "declared here" };
        return Diagnostic::error(Code::AbsentValue, message, removed, format!("`{field}` is removed here"))
            .label(span, "this needs it")
            .label(declared, was)
            .hint(format!(
                "write another value instead of removing it; or let what needs it say what to use then: `.?{field}.orValue(…)`"
            ));
    }
    let error = Diagnostic::error(Code::AbsentValue, message, span, "nothing has set this field");
    let error = match declaration {
        Some(Declaration { declared, has_default: true, .. }) => {
            error.label(declared, "declared here with a default, which a layer has removed")
        }
        Some(Declaration { declared, .. }) => error.label(declared, "declared here, neither required nor with a default"),
        None => error,
    };
    let has = spell(operand).map_or_else(String::new, |operand| format!(", ask `has({operand}.{field})` before"));
    error.hint(format!("say what to use instead: `.?{field}.orValue(…)`{has}, or give the field a value"))
}

pub(super) fn unknown_field(operand: &Expr, field: &str, fields: &[Arc<str>], span: Span) -> Diagnostic {
    let message = format!("{} has no field `{field}`", subject(operand, "this"));
    missing(Diagnostic::error(Code::UnknownField, message, span, "unknown field"), field, fields, span)
}

/// A field that is elsewhere, and why it is not here.
pub(super) fn absent_field(operand: &Expr, field: &str, absence: Absence, span: Span) -> Diagnostic {
    let message = format!("{} has no field `{field}`", subject(operand, "this"));
    Diagnostic::error(Code::UnknownField, message, span, absence.label).hint(absence.hint)
}

/// A field that would be there elsewhere.
pub(super) fn elsewhere(operand: &Expr, field: &str, absence: Absence, span: Span) -> Diagnostic {
    let message = format!("{} has no `{field}` here", subject(operand, "this"));
    Diagnostic::error(Code::OtherEnvironment, message, span, absence.label).hint(absence.hint)
}

/// A text that is compared with what things are called, though none of them is called so.
pub(super) fn unknown_identity(text: &str, names: &NamesOf, span: Span) -> Diagnostic {
    let message = format!("this compares a name with `{text}`, and no {} is called that", names.what);
    let error = Diagnostic::error(Code::UnknownIdentity, message, span, "never equal").misses(names.defined.clone());
    if let Some(identity) = names.written.get(text) {
        let error =
            error.note(format!("the {} `{text}` has the identity `{identity}`, and in expressions `name` is the identity", names.what));
        return error.hint(format!("compare with `{identity}`"));
    }
    let known = names.known.iter().map(|name| &**name);
    match nearest(text, known.clone()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint(format!("there is {}; compare a label or a field if the name does not matter", listed(known))),
    }
}

/// A text that no name begins with, ends in or holds.
pub(super) fn unknown_part(text: &str, words: &str, names: &NamesOf, span: Span) -> Diagnostic {
    let message = format!("the name of no {} {words} `{text}`", names.what);
    let known = names.known.iter().map(|name| &**name);
    Diagnostic::error(Code::UnknownIdentity, message, span, "never true")
        .misses(names.defined.clone())
        .hint(format!("there is {}; ask for a label or a field if the name does not matter", listed(known)))
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

/// A dash in a name is a minus; says so where that explains why a name is unknown, and whether it does.
pub(super) fn dash(error: &mut Diagnostic, first: &Expr, rest: &[Link]) -> bool {
    if !matches!(error.code, Code::UnknownName | Code::UnknownField | Code::NoSuchKey) {
        return false;
    }
    let Some(place) = error.primary.as_ref().map(|label| label.span) else { return false };
    let (ExprKind::Select { field: name, .. } | ExprKind::Name { name, .. }) = &first.kind else { return false };
    let mut name = name.to_string();
    let mut last = first.span;
    let mut tail = String::new();
    for link in rest {
        let adjacent = link.operator == BinaryOperator::Subtract
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
        return false;
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
    true
}

// Functions and operators.

/// What conditions and the operands of `&&`, `||` and `!` have to be.
pub(super) const TRUTH: &str = "true or false";
pub(super) const CONDITION: &str = "true or false as its condition";
/// What macros run over.
pub(super) const RANGE: &str = "a list or a map";
pub(super) const OPTIONAL: &str = "an optional value, such as `.?field` gives";
/// What the body of `transformMapEntry` gives.
pub(super) const NEW_ENTRIES: &str = "a map of new entries";

/// What other languages call our functions.
const FOREIGN_FUNCTIONS: [(&str, &str); 53] = [
    ("toUpper", "upperAscii"),
    ("toUpperCase", "upperAscii"),
    ("upper", "upperAscii"),
    ("upperCase", "upperAscii"),
    ("toLower", "lowerAscii"),
    ("toLowerCase", "lowerAscii"),
    ("lower", "lowerAscii"),
    ("lowerCase", "lowerAscii"),
    ("length", "size"),
    ("len", "size"),
    ("count", "size"),
    ("trimSpace", "trim"),
    ("strip", "trim"),
    ("hasPrefix", "startsWith"),
    ("hasSuffix", "endsWith"),
    ("includes", "contains"),
    ("sprintf", "format"),
    ("printf", "format"),
    ("default", "orValue"),
    ("coalesce", "orValue"),
    ("getOrElse", "orValue"),
    ("unwrapOr", "orValue"),
    ("substr", "substring"),
    ("uniq", "distinct"),
    ("unique", "distinct"),
    ("toSet", "distinct"),
    ("sorted", "sort"),
    ("range", "lists.range"),
    ("max", "math.greatest"),
    ("min", "math.least"),
    ("ceil", "math.ceil"),
    ("floor", "math.floor"),
    ("abs", "math.abs"),
    ("round", "math.round"),
    ("cidrsubnet", "cidr.subnet"),
    ("cidrhost", "cidr.host"),
    ("jsonencode", "json.encode"),
    ("toJson", "json.encode"),
    ("yamlencode", "yaml.encode"),
    ("toYaml", "yaml.encode"),
    ("base64encode", "base64.encode"),
    ("b64enc", "base64.encode"),
    ("base64decode", "base64.decode"),
    ("b64dec", "base64.decode"),
    ("sha256sum", "sha256"),
    ("toString", "string"),
    ("tostring", "string"),
    ("toInt", "int"),
    ("parseInt", "int"),
    ("any", "exists"),
    ("some", "exists"),
    ("every", "all"),
    ("mergeOverwrite", "merge"),
];

pub(super) fn unknown_function<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone, span: Span) -> Diagnostic {
    let error = Diagnostic::error(Code::UnknownFunction, format!("there is no function `{name}`"), span, "unknown function");
    let foreign = FOREIGN_FUNCTIONS.iter().find(|(foreign, _)| foreign.eq_ignore_ascii_case(name)).map(|(_, ours)| *ours);
    match foreign.or_else(|| nearest(name, known.chain(macros::names().map(|name| -> &str { name })))) {
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
    let (message, label) = match count {
        0 => (format!("`{name}` is called without arguments"), "given no arguments".to_owned()),
        1 => (format!("`{name}` does not take 1 argument"), "given 1 argument".to_owned()),
        _ => (format!("`{name}` does not take {count} arguments"), format!("given {count} arguments")),
    };
    Diagnostic::error(Code::WrongArguments, message, span, label).hint(format!("write `{usage}`"))
}

/// An operand with its type in words and its value, if that is known.
pub(super) struct Operand {
    pub(super) span: Span,
    pub(super) words: &'static str,
    pub(super) value: Option<String>,
}

impl Operand {
    /// An operand of which only the type is known.
    pub(super) fn of_type(span: Span, type_: &Ty) -> Self {
        Self { span, words: type_.describe(), value: None }
    }

    /// A thing of the host's.
    pub(super) fn of_thing(span: Span, words: &'static str) -> Self {
        Self { span, words, value: None }
    }

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
    if let Some(hint) = notation::hint(operator, left, right) {
        return error.hint(hint);
    }
    match operator {
        "+" if (left.words == text) != (right.words == text) => error.hint("convert with `string(…)`, or write text around the `${…}`"),
        "+" if left.words == "a list" => error.hint("to append an item, put it in brackets: `… + [item]`"),
        "+" if right.words == "a list" => error.hint("to put an item in front, put it in brackets: `[item] + …`"),
        "+" if left.words == "a map" || right.words == "a map" => error.hint("maps are joined with `merge`: `one.merge(other)`"),
        "in" => error.hint("`in` takes a list or a map on its right; for text use `text.contains(part)`"),
        _ => error.hint("convert one side: `int(…)`, `double(…)` and `string(…)` convert"),
    }
}

pub(super) fn wrong_operand(operator: &str, operand: &Operand, wanted: &str) -> Diagnostic {
    let message = format!("`{operator}` needs {wanted}, not {}", operand.words);
    Diagnostic::error(Code::WrongOperands, message, operand.span, operand.label())
}

pub(super) fn wrong_argument_types(
    name: &str,
    target: Option<&Operand>,
    arguments: &[Operand],
    cure: Option<NotationCure>,
    usage: &str,
    span: Span,
) -> Diagnostic {
    if let Some(cure) = cure {
        return notation::needs_text(name, target, arguments, cure, span);
    }
    let words: Vec<&str> = arguments.iter().map(|operand| operand.words).collect();
    let words = words.join(" and ");
    let message = match target {
        Some(target) if arguments.is_empty() => format!("{} has no `{name}`", target.words),
        Some(target) => format!("`{name}` of {} does not take {words}", target.words),
        None => format!("`{name}` does not take {words}"),
    };
    let mut error = Diagnostic::error(Code::WrongOperands, message, span, "");
    for operand in target.into_iter().chain(arguments) {
        error = error.label(operand.span, operand.label());
    }
    error.hint(format!("write `{usage}`"))
}

pub(super) fn no_fields(operand: &Operand, field: &str, is_function: bool, span: Span) -> Diagnostic {
    let message = format!("{} has no fields, so there is no `{field}`", operand.words);
    let error = Diagnostic::error(Code::WrongOperands, message, span, "no such field").label(operand.span, operand.label());
    if is_function { error.hint(format!("it is a function: write `.{field}()`")) } else { error }
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

// Text.

pub(super) fn not_text(operand: &Operand) -> Diagnostic {
    let error = Diagnostic::error(Code::NotText, format!("{} cannot be part of a text", operand.words), operand.span, operand.label());
    error.hint(match operand.words {
        "a list" => "join its items with `.join(\", \")`, encode it with `json.encode(…)`, or let the expression be the whole value",
        "a map" => "encode it with `json.encode(…)`, or let the expression be the whole value",
        "null" | "an optional value" => "give a text for the case that there is no value: `self.?field.orValue(\"\")`",
        _ => "convert it with `string(…)`",
    })
}
