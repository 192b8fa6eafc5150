//! Wording of what can be wrong with the schemas of a project.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::files::FOLDER;
use crate::name::{by_similarity, listed, nearest};
use crate::span::Span;
use crate::table::TableRecord;
use crate::visible::visible;

pub(super) fn no_schema(glob: &str, at: Span, known: &[&str]) -> Diagnostic {
    let message = format!("`{glob}` names no file in `files/`");
    let diagnostic = Diagnostic::error(Code::UnknownFile, message, at, "no such file");
    if let Some(inner) = glob.strip_prefix(FOLDER).and_then(|rest| rest.strip_prefix('/')) {
        return diagnostic.hint(format!("paths begin below `files/`: `{inner}`")).replace(at, inner);
    }
    match nearest(glob, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(at, near),
        None if known.is_empty() => {
            diagnostic.hint("put schemas into the folder `files/` beside `platform.yaml`, in which there is nothing")
        }
        None => diagnostic.hint(format!("`files/` holds {}", listed(by_similarity(glob, known.iter().copied())))),
    }
}

pub(super) fn unreadable(path: &str, reason: &str, at: Span) -> Diagnostic {
    Diagnostic::error(Code::BrokenSchema, format!("cannot read the schemas in `files/{path}`: {reason}"), at, "named here")
}

pub(super) fn is_no_schema(path: &str, at: Span) -> Diagnostic {
    Diagnostic::error(Code::BrokenSchema, format!("there is no schema in `files/{path}`"), at, "named here")
        .hint("a schema is a CustomResourceDefinition (`kubectl get crd NAME -o yaml`), or what `terraform providers schema -json` prints")
}

/// The first error that was met while a definition was read, as one of its schema.
pub(super) fn broken(mut said: Diagnostics, at: Span) -> Diagnostic {
    let fault = said.drain().into_iter().next();
    fault.unwrap_or_else(|| Diagnostic::error(Code::BrokenSchema, "a schema cannot be read", at, "begins here"))
}

pub(super) fn old_definition(kind: &str, at: Span) -> Diagnostic {
    Diagnostic::error(Code::BrokenSchema, format!("the definition of `{kind}` is of an old form"), at, "not of `apiextensions.k8s.io/v1`")
        .hint("take a newer release of it; clusters have not taken this form since Kubernetes 1.22")
}

/// A key of a schema that has a value of another form.
pub(super) fn misshapen(kind: &str, key: &str, takes: &str, at: Span) -> Diagnostic {
    let message = format!("`{key}` in the schema of `{kind}` must be {takes}");
    Diagnostic::error(Code::BrokenSchema, message, at, "a cluster refuses the definition for this")
}

/// A word that a key of a schema does not have.
pub(super) fn unknown_word(kind: &str, key: &str, word: &str, known: &[&str], at: Span) -> Diagnostic {
    let message = format!("`{}` is no `{key}` in the schema of `{kind}`", visible(word));
    let diagnostic = Diagnostic::error(Code::BrokenSchema, message, at, "a cluster refuses the definition for this");
    match nearest(word, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(at, near),
        None => diagnostic.hint(format!("it is one of {}", listed(known.iter().copied()))),
    }
}

pub(super) fn defined_twice(kind: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::error(Code::BrokenSchema, format!("the kind `{kind}` is defined twice"), second, "the second definition")
        .label(first, "the first one")
        .hint("leave one of the two files out of `platform.schemas`")
}

pub(super) fn broken_provider(reason: &str, at: Span) -> Diagnostic {
    let reason = reason.split(" at line ").next().unwrap_or(reason);
    Diagnostic::error(Code::BrokenSchema, "this is not what `terraform providers schema -json` prints", at, reason.to_owned())
        .hint("make it again: `terraform providers schema -json > files/providers/NAME.json`")
}

pub(super) fn list_of_what(at: Span) -> Diagnostic {
    Diagnostic::error(Code::BrokenSchema, "a list of what replaces a resource has a line that says of what", at, "expected `resource TYPE`")
        .hint("below such a line stand arguments, one space deeper: ` cidr_block string replaces`")
}

pub(super) fn listed_unknown_type(type_: &str, at: Span, known: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::BrokenSchema, format!("there is no resource `{type_}`"), at, "not in the schema beside it");
    suggested(diagnostic, type_, at, known.iter().map(String::as_str))
}

pub(super) fn listed_unknown_argument(of: &str, name: &str, at: Span, record: &TableRecord) -> Diagnostic {
    let message = format!("`{of}` has no argument `{name}`");
    suggested(Diagnostic::error(Code::BrokenSchema, message, at, "not in the schema beside it"), name, at, record.names())
}

/// `what` is `type` or `word`.
pub(super) fn listed_unknown_word(what: &str, word: &str, at: Span, known: &[&'static str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::BrokenSchema, format!("there is no {what} `{word}` in such a list"), at, "not known");
    suggested(diagnostic, word, at, known.iter().copied())
}

fn suggested<'a>(diagnostic: Diagnostic, name: &str, at: Span, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(at, near),
        None => diagnostic.hint(format!("there are {}", listed(by_similarity(name, known)))),
    }
}

pub(super) fn listed_without_type(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error(Code::BrokenSchema, format!("`{name}` has no type"), at, "nothing behind it")
        .hint(format!("a line is a name, a type and what happens: `{name} string replaces`"))
}

pub(super) fn listed_twice(name: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::error(Code::BrokenSchema, format!("`{name}` stands in the list twice"), second, "the second time")
        .label(first, "the first time")
        .hint("make one of the two")
}

pub(super) fn listed_below_nothing(at: Span, above: Option<&str>) -> Diagnostic {
    let message = above.map_or_else(
        || "this line stands below no `resource TYPE`".to_owned(),
        |above| format!("this line stands deeper than a line below `{above}` can"),
    );
    Diagnostic::error(Code::BrokenSchema, message, at, "of what is not known")
        .hint("arguments stand one space deeper than the line of what they belong to, which is a `resource` or a `record`")
}

pub(super) fn list_beside_nothing(path: &str, at: Span, schema: &str, known: &[&str]) -> Diagnostic {
    let message = format!("no schema of a provider stands beside `files/{path}`");
    let diagnostic = Diagnostic::error(Code::BrokenSchema, message, at, "of what is not known");
    match nearest(schema, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{}` for `files/{near}`?", super::replaces::beside(near))),
        None => diagnostic.hint(format!("it belongs to `files/{schema}`, which `platform.schemas` must name")),
    }
}
