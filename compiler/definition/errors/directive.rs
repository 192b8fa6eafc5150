//! Wording of what can be wrong with the words of templates as they are written.

use crate::code::Code;
use crate::definition::directive::Directive;
use crate::diagnostic::Diagnostic;
use crate::expression::Ty;
use crate::name::{listed, nearest};
use crate::span::Span;
use crate::value::Value;

pub(in crate::definition) fn unknown_directive(key: &str, span: Span) -> Diagnostic {
    let known = Directive::ALL.map(Directive::word);
    let diagnostic = Diagnostic::error(
        Code::UnknownDirective,
        format!("there is no `{key}` in templates"),
        span,
        "keys that begin with `$` are the language's",
    );
    match nearest(key, known) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None => diagnostic.hint(format!("use {}, or put the map below `$verbatim` if the key is meant as it is", listed(known))),
    }
}

pub(in crate::definition) fn iterator_not_in_key(name: &str, iterator: Span, key: Span) -> Diagnostic {
    Diagnostic::error(Code::LoopKey, format!("the key does not use the iterator `{name}`"), key, "every round would make the same key")
        .label(iterator, "the iterator")
        .hint(format!(
            "put what tells one round from the others into the key: `\"${{{name}.key}}\"` for a map, `\"${{{name}}}\"` for a list of texts"
        ))
}

pub(in crate::definition) fn loop_needs_map(span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongType, "`$for` takes a map of iterators, each with what it runs over", span, "expected a map")
        .hint("write `$for: { zone: \"${self.zones}\" }`")
}

pub(in crate::definition) fn loop_needs_list(found: &Ty, span: Span) -> Diagnostic {
    let message = format!("an iterator runs over a list or a map, found {}", found.describe());
    let diagnostic = Diagnostic::error(Code::WrongType, message, span, "expected a list or a map");
    diagnostic.hint(if let Ty::Optional(_) = found {
        "say what it runs over if that is not there: `.orValue([])`"
    } else {
        "name a list, or a map: then the iterator has `key` and `value`"
    })
}

pub(in crate::definition) fn spread_needs_map(found: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongType, format!("`$spread` takes a map, found {found}"), span, "expected a map")
}

pub(in crate::definition) fn iterator_name(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::InvalidName, format!("expressions cannot name the iterator `{name}`"), span, "not a name in expressions")
        .hint("use letters, digits and `_`, a letter first")
}

pub(in crate::definition) fn beside_value(word: Directive, place: Span, key: &str, beside: Span) -> Diagnostic {
    let word = word.word();
    let message = format!("`{key}` stands beside `{word}`, which is all there is");
    Diagnostic::error(Code::MisplacedDirective, message, beside, "would be lost")
        .label(place, "what the map stands for")
        .hint(format!("put it below `{word}`, or leave `{word}` out"))
}

pub(in crate::definition) fn word_in_section(word: &str, span: Span) -> Diagnostic {
    let message = format!("a section is there once, so that `{word}` has no place in it");
    Diagnostic::error(Code::MisplacedDirective, message, span, "about the whole section")
        .hint("put it into the entries of the section; a whole section may have `$if` and `$spread`")
}

/// What is emitted depends on where something stands in what users write.
pub(in crate::definition) fn position(iterator: &str, span: Span, over: Span) -> Diagnostic {
    let message = format!("what is made here depends on the position of `{iterator}`, so an item in front of it changes it");
    Diagnostic::warning(Code::PositionInOutput, message, span, "a position")
        .label(over, "users write this in an order of their own")
        .hint("take what the item is called, or let it say its number; where the order itself is meant, run over `lists.range(size(…))`")
}

/// What is emitted holds a key of a plural.
pub(in crate::definition) fn written_name(span: Span) -> Diagnostic {
    let message = "what is made here holds the name under which a thing is written, so a rename changes it";
    Diagnostic::warning(Code::WrittenNameInOutput, message, span, "made of a key")
        .hint("take the `name` of the thing instead, which stays: `clusters[key].name`")
}

pub(in crate::definition) fn sensitive_unclear(value: &Value) -> Diagnostic {
    let message = format!("`$sensitive` is {}", value.describe());
    Diagnostic::error(Code::NotLiteral, message, value.origin.span, "expected `true` or `false`")
        .hint("who reads an output must know whether it is sensitive before anything is worked out: write `$sensitive: true`, or nothing")
}

/// A word of templates in a value of a definition.
pub(in crate::definition) fn word_in_data(word: Directive, span: Span) -> Diagnostic {
    let instead = match word {
        Directive::For => "make a list with an expression, `${self.zones.map(zone, …)}`",
        Directive::If => "write the condition into the value, `${if(condition, value, other)}`, or use an overlay",
        Directive::Value => "write the value itself",
        Directive::Spread => "merge maps with an expression, `${merge(a, b)}`",
        Directive::Use => "let the class use the fragment, and give it what it needs from fields",
        Directive::Verbatim => "write it alone around what is meant as it is",
    };
    let word = word.word();
    not_in_template(word, span).hint(format!("{instead}; if a key is really called so, write `${{{{\"{word}\": …}}}}`"))
}

/// The same as a field of a definition.
pub(in crate::definition) fn word_as_field(word: Directive, span: Span) -> Diagnostic {
    not_in_template(word.word(), span).hint(match word {
        Directive::If => "say where it is with `enabled`, `onlyIn`, `notIn` or `placement`, and what differs in an overlay",
        Directive::For => "define each by its name, and what they have in common in one that they inherit from",
        Directive::Spread => "inherit from what has these fields: `inherits`",
        Directive::Use => "let the class take its fields in: `$use` in its `schema`",
        Directive::Value | Directive::Verbatim => "write the fields themselves",
    })
}

fn not_in_template(word: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::MisplacedDirective,
        format!("`{word}` is a word of templates, and this is none"),
        span,
        "only classes have templates",
    )
}

/// A word of templates in a rule of a class.
pub(in crate::definition) fn word_in_rule(word: &str, span: Span) -> Diagnostic {
    let message = format!("`{word}` is a word of templates, and a rule is none");
    Diagnostic::error(Code::MisplacedDirective, message, span, "not a field of a rule")
        .hint("a rule that holds only sometimes says so with `when`; over a list or map it asserts `….all(item, …)`")
}

/// A late value decides what there is.
pub(in crate::definition) fn decided_late(span: Span, what: &str) -> Diagnostic {
    let message = "this value is known only after Terraform has run";
    Diagnostic::error(Code::LateValueMisplaced, message, span, format!("{what} needs it now")).hint(DECIDED)
}

/// What to do where what there is would depend on late values.
const DECIDED: &str = "what there is and what it is called is decided before Terraform runs: read a field that is written, and leave late values to arguments";

pub(in crate::definition) fn owner_is_no_thing(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(Code::WrongOwner, format!("`$owner` names a thing, found {found}"), span, "expected a thing")
        .hint("write `$owner: ${tenant}`, or a field that refers to an application or a service: `$owner: ${self.peer}`")
}

/// A word that has a meaning in another place only.
pub(in crate::definition) fn word_elsewhere(word: &str, place: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::MisplacedDirective, format!("`{word}` means nothing here"), span, format!("it stands {place}"))
        .hint("move it there, or put the map below `$verbatim` if the key is meant as it is")
}
