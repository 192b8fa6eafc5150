//! Wording of what can be wrong with classes that make things.

use super::super::Class;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::name::{Kind, listed, nearest};
use crate::path::Path;
use crate::schema::Type;
use crate::span::Span;
use crate::value::Value;

/// Classes that make each other, with where each names the next.
pub(in crate::definition) fn makers_in_circle(circle: &[(&str, Span)]) -> Diagnostic {
    let names: Vec<String> = circle.iter().map(|(name, _)| format!("`{name}`")).collect();
    let message = match names.as_slice() {
        [only] => format!("class {only} makes a thing of its own class, without end"),
        _ => format!("classes make each other without end: {}", names.join(", ")),
    };
    let [(_, first), rest @ ..] = circle else { return Diagnostic::general(Code::MakerCycle, message) };
    let mut diagnostic = Diagnostic::error(Code::MakerCycle, message, *first, "makes the next");
    for (_, span) in rest {
        diagnostic = diagnostic.label(*span, "which makes the next");
    }
    diagnostic.hint("make another class for what is made, without `entities`")
}

/// Classes whose fields hold definitions of each other.
pub(in crate::definition) fn definitions_in_circle(names: &[String], spans: &[Span]) -> Diagnostic {
    let message = match names {
        [only] => format!("a definition of class {only} holds one of its own class, without end"),
        _ => format!("definitions of these classes hold each other without end: {}", names.join(", ")),
    };
    let Some((first, rest)) = spans.split_first() else { return Diagnostic::general(Code::MakerCycle, message) };
    let mut diagnostic = Diagnostic::error(Code::MakerCycle, message, *first, "holds the next");
    for span in rest {
        diagnostic = diagnostic.label(*span, "which holds the next");
    }
    diagnostic.hint("name the other thing instead: `ref(kind)` may go in circles")
}

/// A chain of makers that is too long.
pub(in crate::definition) fn makers_too_deep(class: &str, span: Span, most: usize) -> Diagnostic {
    let message = format!("class `{class}` is made by a chain of more than {most} makers");
    Diagnostic::error(Code::ExpansionTooLarge, message, span, "at the end of the chain").hint("let one maker make more of it")
}

/// A kind that a class cannot make things of.
pub(in crate::definition) fn makes_no_kind(class: &Class, word: &str, span: Span, kinds: &[Kind]) -> Diagnostic {
    let plurals: Vec<&str> = kinds.iter().map(|kind| kind.plural()).collect();
    let message = match Kind::from_plural(word) {
        Some(kind) => format!("{} makes no {}", class.kind.article(), kind.plural()),
        None => format!("there is no kind `{word}` to make"),
    };
    let diagnostic = Diagnostic::error(Code::UnknownKind, message, span, "cannot be made here");
    match super::meant_kind(word, &plurals) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None => diagnostic.hint(format!("{} makes {}; clusters and tenants are always written", class.kind.article(), listed(plurals))),
    }
}

/// A kind under which no things stand.
pub(in crate::definition) fn makes_no_map(word: &str, value: &Value) -> Diagnostic {
    let message = format!("`{word}` in `entities` is a map from keys to definitions, found {}", value.describe());
    Diagnostic::error(Code::WrongType, message, value.origin.span, "no map")
        .hint("give each definition a key, and let the key have the `$for` or `$if`")
}

/// A directive in the place of a key or a field.
pub(in crate::definition) fn makes_by_no_key(key: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnknownDirective, format!("`{key}` means nothing here"), span, "unknown here")
        .hint("`$for`, `$if`, `$spread` and `$value` stand in the definition, below its key")
}

/// A definition of which it is said that nothing in it is an expression.
pub(in crate::definition) fn makes_verbatim(span: Span) -> Diagnostic {
    let message = "a definition in `entities` does not stand below `$verbatim`";
    Diagnostic::error(Code::UnknownDirective, message, span, "not around a whole definition")
        .hint("write `class` and the fields without it, and `$verbatim` in the value of a field: `query: { $verbatim: \"${__interval}\" }`")
}

/// A class that only an expression knows.
pub(in crate::definition) fn makes_of_computed_class(span: Span) -> Diagnostic {
    Diagnostic::error(Code::LiteralRequired, "the class of what is made is a name", span, "not a name")
        .hint("write an entry with an `$if` for each class; where they make the same key, write one of these otherwise: `\"${e.key}\"`, `\"${string(e.key)}\"`")
}

/// What is made without a class.
pub(in crate::definition) fn makes_of_no_class(kind: Kind, key: &str, span: Span, is_whole: bool) -> Diagnostic {
    let message = format!("of which class the {} `{key}` is that this class makes is not said", kind.words());
    let absent = Path::of(["classes", kind.singular()]);
    let diagnostic = Diagnostic::error(Code::MissingClass, message, span, "no `class`").misses(absent);
    if is_whole {
        diagnostic.hint(format!("let the field that it comes from be of type `definition({}, …)`", kind.singular()))
    } else {
        diagnostic.hint("write `class: …` below it")
    }
}

/// A class that is not there.
pub(in crate::definition) fn makes_of_unknown_class(kind: Kind, name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let message = format!("there is no class `{}/{name}`", kind.singular());
    let absent = Path::of(["classes", kind.singular(), name]);
    let diagnostic =
        Diagnostic::error(Code::UnknownClass, message, span, "not a class").misses(absent).lacking(format!("{}/{name}", kind.singular()));
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None if known.is_empty() => {
            diagnostic.hint(format!("no class of that kind is there yet: write one below `classes.{}`", kind.singular()))
        }
        None => diagnostic.hint(format!("the classes of that kind are {}", listed(known.iter().copied()))),
    }
}

/// A class that is only there to be inherited.
pub(in crate::definition) fn makes_of_abstract_class(class: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::AbstractClass, format!("class `{class}` is abstract, so nothing is made of it"), span, "abstract")
        .hint("make a thing of a class that inherits from it")
}

/// A definition of one kind passed on as one of another.
pub(in crate::definition) fn passes_other_kind(kind: Kind, other: Kind, span: Span) -> Diagnostic {
    let message = format!("{} is passed on here as {}", other.article(), kind.article());
    Diagnostic::error(Code::WrongType, message, span, format!("its field holds {}", other.article()))
        .hint(format!("move the entry below `{}`", other.plural()))
}

/// A loop whose rounds would all have one key.
pub(in crate::definition) fn made_iterator_not_in_key(iterator: &str, span: Span, key: Span) -> Diagnostic {
    Diagnostic::error(Code::LoopKey, format!("the key of a loop must use `{iterator}`"), span, "this iterator is not in the key")
        .label(key, "so that several things would have this key")
        .hint(format!("put it into the key: `\"${{{iterator}.key}}\"` for a map, `\"${{{iterator}}}\"` for a list of texts"))
}

/// A field of what is made that only an expression knows.
pub(in crate::definition) fn made_field_computed(span: Span) -> Diagnostic {
    Diagnostic::error(Code::LiteralRequired, "which fields are set is written", span, "not the name of a field")
        .hint("use `$spread` for a map of fields, or expressions deeper in the value of a field")
}

/// A field that what is made does not have.
pub(in crate::definition) fn made_without_field(made: &Class, key: &str, span: Span, shapes: bool, known: &[&str]) -> Diagnostic {
    if shapes {
        let hint = match key {
            "identity" => "what is made is named by its maker's identity and its key; a definition of its name may say `identity`",
            "override" => "write it in a definition of the name of what is made, or in a class that inherits from its class",
            "environments" | "clusters" => "write the overlay at the maker, or at a definition of the name of what is made",
            _ => "say it in the class of what is made, or in a definition of its name",
        };
        return Diagnostic::error(Code::MisplacedField, format!("`{key}` is not said in `entities`"), span, "not here").hint(hint);
    }
    let message = format!("class `{}` has no field `{key}`", made.full);
    let diagnostic = Diagnostic::error(Code::UnknownField, message, span, "not a field of what is made");
    let diagnostic = lacks_field(diagnostic, &made.full, key);
    // It may have been one of those that a fragment had.
    let fragments = made.taken.iter().filter(|taken| taken.path.is_empty());
    let diagnostic = fragments.fold(diagnostic, |fault, taken| lacks_field(fault, &format!("fragment/{}", taken.fragment), key));
    match nearest(key, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None => diagnostic.hint(format!("its fields are {}", listed(known.iter().copied()))),
    }
}

/// A report of a field that a class or fragment does not declare, as expressions call it.
fn lacks_field(fault: Diagnostic, owner: &str, key: &str) -> Diagnostic {
    fault.lacking(format!("{owner} self.{key}"))
}

/// A value that the field cannot have.
pub(in crate::definition) fn made_of_other_type(made: &Class, key: &str, span: Span, type_: &Type, found: &str) -> Diagnostic {
    let message = format!("`{key}` of class `{}` is {}, this gives {found}", made.full, type_.describe());
    // All who give the same to one field see one declaration.
    let lack = format!("{:?} from {found}", type_.origin);
    Diagnostic::error(Code::WrongType, message, span, format!("gives {found}")).label(type_.origin, "declared here").lacking(lack)
}

/// A thing in the place of a map of fields.
pub(in crate::definition) fn spreads_a_thing(span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongType, "a thing is no map of fields", span, "this is a thing")
        .hint("spread one of its fields, or refer to it")
}

/// What decides what is made, and reads what is known only then.
pub(in crate::definition) fn decides_by_later(word: &str, later: &str, span: Span) -> Diagnostic {
    let message = match word {
        "placement" => format!("`placement` decides where it is, and cannot depend on {later}"),
        _ => format!("{word} decides what is made, and cannot depend on {later}"),
    };
    Diagnostic::error(Code::ExistenceReadsLater, message, span, "that is known only when it is decided what exists")
        .hint("let it read fields of its own, of its cluster or tenant, of the environment or the platform")
}
