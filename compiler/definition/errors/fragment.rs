//! Wording of what can be wrong with fragments and with what uses them.

use super::super::Named;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Label};
use crate::name::{listed, nearest};
use crate::path::Path;
use crate::span::Span;
use crate::value::{Data, Entry, Value};

pub(in crate::definition) fn fragment_no_map(span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongType, "a fragment is a map", span, "expected a map, with a `schema` and a `template`")
}

pub(in crate::definition) fn unknown_fragment_section(name: &str, span: Span, known: &[&str], is_private: bool) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownField, format!("a fragment has no `{name}`"), span, "not a section of a fragment");
    if name == "inherits" {
        return diagnostic.hint("fragments build on each other with `$use`: in the `template`, and in the `schema` for the fields");
    }
    if name == "types" && is_private {
        return diagnostic.hint("write them beside it: its schema knows all `types` of the class");
    }
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None => diagnostic.hint(format!("its sections are {}", listed(known.iter().copied()))),
    }
}

pub(in crate::definition) fn fragment_section_type(section: &str, wanted: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongType, format!("`{section}` of a fragment must be {wanted}"), span, format!("expected {wanted}"))
}

pub(in crate::definition) fn unknown_fragment(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let message = format!("there is no fragment `{name}`");
    let diagnostic = Diagnostic::error(Code::UnknownFragment, message, span, "no fragment has this name")
        .misses(Path::of(["classes", "fragment", name]))
        .lacking(name);
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None if known.is_empty() => diagnostic.hint(format!("write it as `classes.fragment.{name}`, with a `schema` and a `template`")),
        None => diagnostic.hint(format!("the fragments are {}", listed(known.iter().copied()))),
    }
}

/// A name that nobody has here is that of a type of one class.
pub(in crate::definition) fn private_fragment(fault: &mut Diagnostic, class: &str, fragment: &Named) {
    let name = &fragment.name;
    fault.message = format!("the fragment `{name}` is private to class `{class}`");
    fault.replacement = None;
    fault.hint = Some(format!(
        "move it to `classes.fragment.{name}`, with the `types` that it names: from there the class, others and overrides can use it"
    ));
    if let Some(primary) = &mut fault.primary {
        primary.text = "cannot be used here".to_owned();
    }
    fault.labels.push(Label { span: fragment.span, text: "one of the `types` of that class: only it and its heirs use it".to_owned() });
}

pub(in crate::definition) fn no_fragment_name(name: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::InvalidName, format!("`{name}` cannot be the name of a fragment"), span, "not a name");
    match name.split_once(' ').filter(|(_, number)| number.parse::<u32>().is_ok()) {
        Some((name, _)) => diagnostic.hint(format!("for one that is used twice at one place write its name twice: `[{name}, {name}]`")),
        None => diagnostic.hint("names have at most 63 letters, digits, dashes, underscores and dots, and begin with a letter or digit"),
    }
}

pub(in crate::definition) fn use_needs_name(value: &Value) -> Diagnostic {
    let message = format!("`$use` names fragments, this is {}", value.describe());
    let diagnostic = Diagnostic::error(Code::MisplacedUse, message, value.origin.span, "no name of a fragment");
    if value.is_dynamic() {
        return diagnostic
            .hint("which fragment is used does not depend on values: write its name, and `$if` beside it where it is optional");
    }
    diagnostic.hint("write a name, `{ name: { …arguments… } }`, or a list of both")
}

pub(in crate::definition) fn use_of_expression(span: Span) -> Diagnostic {
    Diagnostic::error(Code::MisplacedUse, "the name of a fragment cannot be an expression", span, "must be written out")
        .hint("write one name for each fragment, and `$if` beside it where it is optional")
}

pub(in crate::definition) fn arguments_no_map(name: &str, value: &Value) -> Diagnostic {
    let message = format!("arguments of the fragment `{name}` are a map, this is {}", value.describe());
    Diagnostic::error(Code::WrongType, message, value.origin.span, "expected a map, by field")
        .hint("write them by field, or as one expression that gives a map")
}

/// `found`: what an expression in place of all arguments gives, in words.
pub(in crate::definition) fn arguments_no_map_but(name: &str, found: &str, span: Span) -> Diagnostic {
    let message = format!("arguments of the fragment `{name}` are a map of its fields, this gives {found}");
    Diagnostic::error(Code::WrongType, message, span, "does not fit its schema")
        .hint("write them by field, or take the value of a field that has the fragment as its type")
}

pub(in crate::definition) fn misplaced_use(section: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::MisplacedUse, format!("no fragment can be used in `{section}`"), span, "not in a template or schema")
        .hint("`$use` stands in templates (`manifests`, `helm`, `files`, `terraform`, `argocd`) and, for the fields of a fragment, in `schema` and `types`")
}

pub(in crate::definition) fn no_template(name: &str, span: Span, fragment: Span) -> Diagnostic {
    Diagnostic::error(Code::MisplacedUse, format!("the fragment `{name}` has no template"), span, "nothing would come of it here")
        .label(fragment, "has only a schema")
        .hint("use it in a `schema`, or give it a `template`")
}

/// A fragment that is no map meets others or keys.
pub(in crate::definition) fn use_stands_alone(name: &str, template: &Value, span: Span, other: Span) -> Diagnostic {
    let is_text = if let Data::Template(text) = &template.data { text.single().is_none() } else { false };
    let what = if is_text { "a text" } else { template.describe() };
    let message = format!("the fragment `{name}` gives {what}, so nothing can stand beside it");
    Diagnostic::error(Code::MisplacedUse, message, span, format!("{what} takes the whole place"))
        .label(other, "stands beside it")
        .label(template.origin.span, format!("{what} is given here"))
        .hint("take the other out, or make the fragment a map")
}

pub(in crate::definition) fn conditional_fragment(directive: &str, name: &str, span: Span) -> Diagnostic {
    let message = format!("`{directive}` cannot stand at the top of the template of `{name}`");
    let hint = if directive == "$if" {
        "write it beside `$use`, or, where only the fragment depends on it, around it: `$spread: { $if: …, $use: … }`; inside of the template it may stand anywhere"
    } else {
        "write it beside `$use`; inside of the template it may stand anywhere"
    };
    Diagnostic::error(Code::MisplacedUse, message, span, "would decide about what stands beside the `$use`").hint(hint)
}

/// Fragments that use each other: each with the place where it names the next.
pub(in crate::definition) fn fragment_cycle(steps: &[Named]) -> Diagnostic {
    let names: Vec<String> = steps.iter().map(|step| format!("`{}`", step.name)).collect();
    let message = match names.as_slice() {
        [only] => format!("the fragment {only} uses itself"),
        names => format!("the fragments {} use each other in a circle", listed_plain(names)),
    };
    let (Some(last), rest) = (steps.last(), steps.get(..steps.len().saturating_sub(1)).unwrap_or_default()) else {
        return Diagnostic::general(Code::FragmentCycle, message);
    };
    let diagnostic = Diagnostic::error(Code::FragmentCycle, message, last.span, "closes the circle");
    rest.iter()
        .fold(diagnostic, |diagnostic, step| diagnostic.label(step.span, format!("uses `{}`", next(steps, step))))
        .hint("take one of these uses out: what both need can be a fragment of its own")
}

/// What a fragment of a circle uses.
fn next<'s>(steps: &'s [Named], step: &Named) -> &'s str {
    let at = steps.iter().position(|known| known.name == step.name).unwrap_or(0);
    steps.get(at + 1).or(steps.first()).map_or("", |next| &next.name)
}

fn listed_plain(names: &[String]) -> String {
    names.join(", ")
}

pub(in crate::definition) fn fragments_too_deep(span: Span, most: usize) -> Diagnostic {
    let message = format!("fragments use fragments more than {most} times within each other");
    Diagnostic::error(Code::ExpansionTooLarge, message, span, "this one is not looked into")
        .hint("use the inner ones directly, where they are needed")
}

pub(in crate::definition) fn fragments_too_large(span: Span, most: usize) -> Diagnostic {
    let message = format!("the fragments that a class uses bring more than {most} values");
    Diagnostic::error(Code::ExpansionTooLarge, message, span, "this one is too much")
        .hint("let fragments that use others several times do so once, with a loop")
}

/// A fragment whose fields were taken in at several places.
pub(in crate::definition) fn several_places(name: &str, span: Span, places: &[(Path, Span)]) -> Diagnostic {
    let message = format!("the schema has the fields of `{name}` at {} places", places.len());
    let diagnostic = Diagnostic::error(Code::AmbiguousUse, message, span, "which of them is meant?");
    let first = places.first().map_or_else(|| "self".to_owned(), |(path, _)| format!("self.{path}"));
    places
        .iter()
        .fold(diagnostic, |diagnostic, (path, span)| {
            let place = if path.is_empty() { "at the top".to_owned() } else { format!("in `{path}`") };
            diagnostic.label(*span, place)
        })
        .hint(format!("say which: `$use: {{ {name}: \"${{{}}}\" }}`", first.trim_end_matches('.')))
}

/// An heir that names a fragment less often than it is used where it inherits; `places`: those uses.
pub(in crate::definition) fn one_of_several_uses(name: &str, span: Span, places: &[Span], is_removal: bool) -> Diagnostic {
    let message = format!("`{name}` is used {} times here by what is inherited", places.len());
    let (others, last) = (vec![name; places.len().saturating_sub(1)].join(", "), format!("{{ {name}: {{ … }} }}"));
    let hint = if is_removal {
        "write `$use=:` with all that is to be used here".to_owned()
    } else {
        format!(
            "name it once for each of them, by its name alone where nothing changes, and once more for another: `$use: [{others}, {last}]`"
        )
    };
    places
        .iter()
        .fold(Diagnostic::error(Code::AmbiguousUse, message, span, "which of them is meant?"), |diagnostic, place| {
            diagnostic.label(*place, "one of them")
        })
        .hint(hint)
}

/// `found`: what the expression gives, in words.
pub(in crate::definition) fn wrong_argument(name: &str, field: &Path, found: &str, wanted: &str, span: Span, declared: Span) -> Diagnostic {
    let message = format!("`{field}` of the fragment `{name}` is {wanted}, this gives {found}");
    Diagnostic::error(Code::WrongType, message, span, format!("expected {wanted}")).label(declared, "declared here")
}

pub(in crate::definition) fn argument_of_expression(name: &str, entry: &Entry) -> Diagnostic {
    let message = format!("arguments of the fragment `{name}` are named by the fields of its schema");
    Diagnostic::error(Code::KeyWithExpression, message, entry.span, "this key is an expression")
}
