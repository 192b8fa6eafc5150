//! Wording of what can be wrong with what things make.

use crate::code::Code;
use crate::definition::{Definition, Definitions, short_name};
use crate::diagnostic::{Diagnostic, Label};
use crate::expression::Absence;
use crate::model::Entity;
use crate::model::making::Making;
use crate::name::{Kind, listed, nearest};
use crate::path::Path;
use crate::span::Span;
use crate::subject::{Subject, Thing};
use crate::value::{Data, Value};
use crate::visible::visible;
use std::sync::Arc;

/// More than a maker may make.
pub(in crate::model) fn makes_too_much(span: Span, most: usize) -> Diagnostic {
    Diagnostic::error(Code::ExpansionTooLarge, format!("these loops make more than {most} entries"), span, "too many rounds")
        .hint("make fewer things with one maker")
}

/// A key of what is made that is no text.
pub(in crate::model) fn made_key_not_text(found: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::KeyNotText, format!("a key must be text, found {found}"), span, "this key")
        .hint("use what is text: the `key` of a map, or a name in a list")
}

/// A directive that has no meaning in what is made.
pub(in crate::model) fn no_directive_there(key: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnknownDirective, format!("`{key}` means nothing in `entities`"), span, "unknown here")
        .hint("the words there are `$for`, `$if`, `$spread`, `$value` and `$verbatim`")
}

/// What cannot be spread into what is made.
pub(in crate::model) fn no_map_to_make_of(found: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongType, format!("a definition is a map, found {found}"), span, "no map")
        .hint("give it a map of fields, or a field of type `definition(kind, class)`")
}

/// Two entries of one maker with one key.
pub(in crate::model) fn one_key_twice(kind: Kind, key: &str, first: Span, second: Span, written: Span) -> Diagnostic {
    let message = format!("two `{}` with the key `{}` are made", kind.plural(), visible(key));
    let mut diagnostic = Diagnostic::error(Code::MadeTwice, message, second, "made of this");
    if first != second {
        diagnostic = diagnostic.label(first, "and of this");
    }
    if written != second && written != first {
        diagnostic = diagnostic.label(written, "the class makes it here");
    }
    diagnostic.hint("call one of them otherwise, or let the class put a word before the keys of one sort")
}

/// What would be made under a name that cannot be one.
pub(in crate::model) fn made_name(maker: &Entity, kind: Kind, name: &str, span: Span) -> Diagnostic {
    let message = format!("{} `{}` makes {} `{}`, which cannot be a name", maker.kind.words(), maker.name, kind.words(), visible(name));
    Diagnostic::error(Code::InvalidName, message, span, "makes this name")
        .about(maker.subject())
        .hint("names have lower-case letters, digits and dashes, 63 at most, and begin and end with a letter or digit: choose another key")
}

/// A parent that is not written, because somebody makes it.
pub(in crate::model) fn made_parent(
    fault: &mut Diagnostic,
    heir: &Definition,
    (made, address): (&Entity, &str),
    (maker, at): (&Entity, Span),
) {
    let (kind, name, class) = (heir.kind.words(), &heir.name.name, short_name(&made.class_name));
    fault.message =
        format!("{kind} `{name}` inherits from `{}`, which is not written: {} `{}` makes it", made.name, maker.kind.words(), maker.name);
    fault.primary.iter_mut().for_each(|label| "only what is written can be inherited from".clone_into(&mut label.text));
    fault.labels = vec![Label { span: at, text: "made here".to_owned() }];
    fault.notes.clear();
    fault.replacement = None;
    fault.hint = Some(format!(
        "write `class: {class}` and its fields in place of `inherits`; what is made is changed in a definition `{address}` without a class"
    ));
}

/// What has to be on a cluster, made by what is on none.
pub(in crate::model) fn made_on_no_cluster(maker: &Entity, name: &str, span: Span) -> Diagnostic {
    let message = format!("{} `{}` is on no cluster, and makes `{name}`, which is placed on clusters", maker.kind.words(), maker.name);
    Diagnostic::error(Code::MissingPlacement, message, span, "placed where its maker is")
        .about(maker.subject())
        .hint(format!("say where `{}` is with `placement`", maker.name))
}

/// What somebody makes and reads, and a word of its own switches off. `decides`: the place that reads it is where no condition may ask for it.
pub(in crate::model) fn made_thing_off(maker: &Entity, (kind, key): (Kind, &str), word: Span, (read, decides): (Span, bool)) -> Diagnostic {
    let (whose, plural) = (format!("{} `{}`", maker.kind.words(), maker.name), kind.plural());
    let message = format!("{} `{key}` of {whose} is switched off, and something that {whose} makes needs it", kind.words());
    let asks = if decides {
        format!(
            "let its class read `entities.{plural}{}…`, which leaves the field unset, with `.orValue(…)` behind it where there must be something",
            part(key, true)
        )
    } else {
        format!("let its class ask first: `has(entities.{plural}{})`", part(key, false))
    };
    Diagnostic::error(Code::AbsentValue, message, word, "switched off here")
        .label(read, "needed here")
        .hint(format!("switch off {whose} as a whole, with `enabled: false`: what is said here still counts; or {asks}"))
}

/// A key as expressions select it, or ask for it.
fn part(key: &str, optional: bool) -> String {
    let mark = if optional { "?" } else { "" };
    let is_name =
        !key.starts_with(|first: char| first.is_ascii_digit()) && key.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    if is_name { format!(".{mark}{key}") } else { format!("[{mark}\"{key}\"]") }
}

/// A thing that is read, and switched off.
pub(in crate::model) fn thing_off(kind: Kind, name: &str, word: Span, read: Span) -> Diagnostic {
    let message = format!("`{}` has no field `{name}`", kind.plural());
    Diagnostic::error(Code::AbsentValue, message, read, "it is switched off here")
        .label(word, format!("this leaves `{name}` out"))
        .misses(Path::of([kind.plural(), name]))
        .lacking(format!("{word:?}"))
        .hint(format!("enable it here, or ask first: `\"{name}\" in {}`", kind.plural()))
}

/// What is made only sometimes, and not here.
pub(in crate::model) fn not_made(kind: Kind, key: &str) -> Absence {
    let (plural, asked, read) = (kind.plural(), part(key, true), part(key, false));
    let hint = format!("say what to use instead: `entities.{plural}{asked}….orValue(…)`, or ask first: `has(entities.{plural}{read})`");
    Absence { label: "not made here".to_owned(), hint }
}

/// Two makers of one name.
pub(in crate::model) fn made_twice(
    kind: Kind,
    name: &str,
    (first, one): (&Entity, &Making),
    (second, other): (&Entity, &Making),
) -> Diagnostic {
    let message = format!("{} `{name}` is made twice", kind.words());
    let by = |maker: &Entity, making: &Making| format!("by {} `{}`, as `{}`", maker.kind.words(), maker.name, making.key);
    Diagnostic::error(Code::MadeTwice, message, other.given.unwrap_or(second.defined), by(second, other))
        .label(one.given.unwrap_or(first.defined), by(first, one))
        .about(second.subject())
        .hint("what is made is called by its maker and its key: choose another key for one of them")
}

/// What is written under a name that somebody makes as something else.
pub(in crate::model) fn made_and_written(
    written: &Definition,
    (maker, making): (&Entity, &Making),
    made: &str,
    said: Option<&str>,
) -> Diagnostic {
    let (kind, name) = (written.kind.words(), &written.name.name);
    let message = format!("{kind} `{name}` is written here, and made by {} `{}`", maker.kind.words(), maker.name);
    let label = match said {
        _ if written.is_abstract => "abstract, so it is no thing".to_owned(),
        Some(said) if said != made => format!("of class `{said}`"),
        Some(_) | None => "stands for itself".to_owned(),
    };
    let span = written.class.as_ref().map_or(written.name.span, |class| class.span);
    Diagnostic::error(Code::MadeTwice, message, span, label)
        .label(making.given.unwrap_or(maker.defined), format!("made of this, as class `{made}`"))
        .hint(format!("leave out `class` to change what is made, use a class that inherits from `{made}`, or choose another name"))
}

/// A definition without a class, of a name that nobody makes.
pub(in crate::model) fn made_by_nobody<'m>(
    definition: &Definition,
    made: impl Iterator<Item = &'m Arc<str>>,
    definitions: &Definitions,
) -> Diagnostic {
    let mut missing = super::missing_class(definition, definitions);
    let names = made.filter_map(|address| address.strip_prefix(definition.kind.plural())?.strip_prefix('.'));
    match nearest(&definition.name.name, names) {
        Some(near) => {
            let otherwise = missing.hint.take().filter(|_| missing.replacement.is_none()).map(|hint| format!(" else {hint}"));
            let is_written = definitions.definition(definition.kind, near).is_some();
            let made = if is_written { "which is made, and of which more is written" } else { "which is made" };
            missing.replacement = None;
            let missing = missing
                .note("nobody makes a thing of this name, which a definition without a class would change")
                .hint(format!("did you mean `{near}`, {made}?{}", otherwise.unwrap_or_default()));
            if is_written { missing } else { missing.replace(definition.name.span, near) }
        }
        None => missing.note("nobody makes a thing of this name either, which a definition without a class would change"),
    }
}

/// What is known of a name under a thing that nobody makes.
pub(in crate::model) struct Unmade<'a> {
    /// What is made there.
    pub(in crate::model) made: &'a [&'a str],
    /// A name there that is nearly the same.
    pub(in crate::model) near: Option<&'a str>,
    /// Whether something is written there under a name, so that nothing else can be.
    pub(in crate::model) is_written: &'a dyn Fn(&str) -> bool,
    /// What it inherits from and is made.
    pub(in crate::model) parent: Option<&'a str>,
    /// The condition under which the name would be made.
    pub(in crate::model) condition: Option<Span>,
    /// Classes that have all fields that are said.
    pub(in crate::model) classes: &'a [&'a str],
    /// Those of the library that nobody has named yet, of which it is not known what they have.
    pub(in crate::model) known: &'a [&'a str],
    /// The class that has the most of them, if none has all, and those that it has not.
    pub(in crate::model) alike: Option<(&'a str, &'a [&'a str])>,
    /// The class of what says none.
    pub(in crate::model) class: &'a str,
    /// Whether that has the fields that are said.
    pub(in crate::model) fits: bool,
    /// What that asks for and lacks, in words.
    pub(in crate::model) lacking: &'a [String],
}

/// A pool or an application without a class, which says nothing that would make it one, of a name that nobody makes.
pub(in crate::model) fn inner_made_by_nobody(
    inner: &Definition,
    home: (Kind, &str),
    unmade: &Unmade<'_>,
    thing: &Arc<Thing>,
) -> Diagnostic {
    let (kind, name) = (inner.kind.words(), &inner.name);
    let code = if inner.kind == Kind::NodePool { Code::UnknownNodePool } else { Code::UnknownApplication };
    let message = format!("{} `{}` has no {kind} `{}`", home.0.words(), home.1, name.name);
    let mut diagnostic = Diagnostic::error(code, message, name.span, "nobody makes it, and it says no class").about(Subject::entity(thing));
    if !unmade.lacking.is_empty() {
        diagnostic =
            diagnostic.note(format!("without a class it is of class `{}`, which needs {}", unmade.class, sentence(unmade.lacking)));
    }
    if let Some(parent) = unmade.parent {
        diagnostic = diagnostic.note(format!("`{parent}` is made: what is inherited from it is what is written of it, and not its class"));
    }
    if let Some(condition) = unmade.condition {
        diagnostic = diagnostic.label(condition, "it would be made under this condition, which holds nowhere");
    }
    let own = if unmade.fits {
        format!("add what it needs for {} of its own", inner.kind.article())
    } else if unmade.classes.is_empty() {
        format!("write `class:` for {} of its own", inner.kind.article())
    } else {
        format!("write `class:` with one of {} for {} of its own", listed(unmade.classes.iter().copied()), inner.kind.article())
    };
    match unmade.near {
        Some(near) if (unmade.is_written)(near) => diagnostic.hint(format!("did you mean `{near}`, of which more is written? else {own}")),
        Some(near) => diagnostic.hint(format!("did you mean `{near}`? else {own}")).replace(name.span, near),
        None if unmade.made.is_empty() => diagnostic.hint(own),
        None => diagnostic.hint(format!("what is made here is {}; {own}", listed(unmade.made.iter().copied()))),
    }
}

/// An application that says no class, and nothing of what the class asks for that it has therefore. `own`: the fields that it says.
pub(in crate::model) fn inner_of_no_class(inner: &Definition, unmade: &Unmade<'_>, own: &[&str], thing: &Arc<Thing>) -> Diagnostic {
    let (kind, name) = (inner.kind.words(), &inner.name);
    let diagnostic =
        Diagnostic::error(Code::MissingClass, format!("{kind} `{}` has no class", name.name), name.span, format!("this {kind}"))
            .about(Subject::entity(thing))
            .note(format!("without one it is of class `{}`, which needs {}", unmade.class, sentence(unmade.lacking)));
    let further = match (unmade.fits || own.is_empty(), unmade.classes.is_empty()) {
        (true, _) => format!("add what class `{}` needs", unmade.class),
        (false, true) => format!("define one below `classes.{}` that has {}", inner.kind.singular(), listed(own.iter().copied())),
        (false, false) => String::new(),
    };
    diagnostic.hint(match (unmade.classes.is_empty(), unmade.alike) {
        (true, Some((class, lacks))) => {
            let (lacks, has): (Vec<&str>, Vec<&str>) = own.iter().partition(|name| lacks.contains(name));
            format!("write `class: {class}`, which has {} but not {}, or {further}", listed(has), listed(lacks))
        }
        (true, None) if unmade.known.is_empty() => format!("write `class:`, or {further}"),
        (true, None) => format!("write `class:` with one of {}, or {further}", listed(unmade.known.iter().copied())),
        (false, _) if further.is_empty() => format!("write `class:` with one of {}", listed(unmade.classes.iter().copied())),
        (false, _) => format!("write `class:` with one of {}, or {further}", listed(unmade.classes.iter().copied())),
    })
}

/// Parts of a sentence: a, b and c.
fn sentence(parts: &[String]) -> String {
    match parts.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// What makers on several clusters make of one thing differs.
pub(in crate::model) fn makers_disagree(
    thing: &Entity,
    field: &Path,
    (first, one): (&str, &Value),
    (second, other): (&str, &Value),
) -> Diagnostic {
    let what = if field.steps().is_empty() { "what they say of it".to_owned() } else { format!("`{field}`") };
    let message = format!("{} `{}` is made once, and {what} differs between the clusters of its maker", thing.kind.words(), thing.name);
    let (span, theirs) = (one.origin.span, other.origin.span);
    if span == theirs {
        Diagnostic::error(Code::MakersDisagree, message, span, format!("{} on `{first}`, {} on `{second}`", shown(one), shown(other)))
    } else {
        Diagnostic::error(Code::MakersDisagree, message, span, format!("{} on `{first}`", shown(one)))
            .label(theirs, format!("{} on `{second}`", shown(other)))
    }
    .about(thing.subject())
    .hint("give it `placement: all`, so that each cluster of its maker has one, or let the value be the same everywhere")
}

/// A value in a sentence.
fn shown(value: &Value) -> String {
    match &value.data {
        Data::Bool(bool) => format!("`{bool}`"),
        Data::Int(int) => format!("`{int}`"),
        Data::Float(float) => format!("`{float}`"),
        Data::String(text) => format!("`{}`", visible(text)),
        Data::Null | Data::List(_) | Data::Map(_) | Data::Template(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => {
            value.describe().to_owned()
        }
    }
}
