//! Wording of what can be wrong with the words of templates when they are worked out.

use crate::code::Code;
use crate::definition::Class;
use crate::diagnostic::Diagnostic;
use crate::expression::{Absence, Late, Val};
use crate::model::Entity;
use crate::span::Span;
use crate::value::Value;

/// A late value decides what there is.
pub(crate) fn decided_late(late: &Late, span: Span, what: &str) -> Diagnostic {
    let message = "this value is known only after Terraform has run";
    let mut diagnostic = Diagnostic::error(Code::LateValueMisplaced, message, span, format!("{what} needs it now"));
    if let Some(reference) = late.references().first() {
        diagnostic = diagnostic.note(format!("`{}` is known once the stack `{}` is applied", reference.address, reference.stack));
    }
    diagnostic.hint(
        "what there is and what it is called is decided before Terraform runs: read a field that is written, and leave late values to arguments",
    )
}

pub(crate) fn key_made_twice(key: &str, span: Span, looped: Span) -> Diagnostic {
    Diagnostic::error(Code::LoopKey, format!("two rounds of this loop make the key `{key}`"), span, "keys of a loop must be unique")
        .label(looped, "the loop")
        .hint("add what tells the rounds apart to the key, or remove doubles, with `.distinct()` from a list")
}

pub(crate) fn spread_needs_map(value: &Value, span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongType, format!("`$spread` takes a map, found {}", value.describe()), span, "expected a map")
}

pub(crate) fn directive_not_bool(span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongType, "`$if` must be true or false", span, "not a boolean")
        .hint("compare it: `… == …`, or test it: `has(…)`, `size(…) > 0`")
}

pub(crate) fn key_not_text(found: &Val, span: Span) -> Diagnostic {
    let cure = if matches!(found, Val::Map(_) | Val::List(_) | Val::Node(_)) {
        "take a text of it, which is the `key` of each round where a loop runs over a map"
    } else {
        "convert it: `string(…)`"
    };
    Diagnostic::error(Code::WrongType, format!("a key must be text, found {}", found.describe()), span, "expected text").hint(cure)
}

pub(crate) fn loop_needs_list(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongType, format!("an iterator runs over a list or a map, found {what}"), span, "expected a list or a map")
        .hint("name a list, or a map: then the iterator has `key` and `value`")
}

pub(crate) fn loop_too_large(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(
        Code::ExpansionTooLarge,
        format!("loops of one thing make more than {limit} entries"),
        span,
        "the limit is passed here",
    )
    .hint("shorten the lists")
}

pub(crate) fn secret_key(span: Span) -> Diagnostic {
    Diagnostic::error(Code::SecretInOutput, "a key in the output would be made of a secret", span, "reads a secret")
        .note("outputs are committed to git and kept in clear text by what installs them")
        .hint("make keys of what may be known")
}

/// Two entries of one map that come to one key.
pub(crate) fn keys_meet(key: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::error(Code::LoopKey, format!("two entries of this map have the key `{key}`"), second, "the second")
        .label(first, "the first")
        .hint("give one of them another key, or merge one into the other with `$spread`")
}

/// Why an entry is not there that is written.
pub(crate) fn left_out() -> Absence {
    Absence {
        label: "left out here by its condition, or because its expression gives nothing".to_owned(),
        hint: "read it where it may be missing with `.?` and `.orValue(…)`, or ask first: `has(…)`".to_owned(),
    }
}

/// An output that a capability promises, and that is not there for one thing.
pub(crate) fn promise_left_out(entity: &Entity, class: &Class, (name, promised): (&str, Span), place: Span) -> Diagnostic {
    let message = format!("{} `{}` has no output `{name}`, which its class `{}` promises", entity.kind.words(), entity.name, class.full);
    Diagnostic::error(Code::UnfulfilledCapability, message, place, "left out here")
        .apart(name)
        .label(promised, "the capability promises it to whoever refers to such a thing")
        .about(entity.subject())
        .hint("give it a value in every case, or take it out of the capability")
}

/// Where a fragment is used to which something is given that it does not take.
pub(crate) fn used_here(fault: Diagnostic, span: Span) -> Diagnostic {
    let is_there = fault.primary.as_ref().is_some_and(|label| label.span == span);
    if is_there { fault } else { fault.label(span, "used here") }
}
