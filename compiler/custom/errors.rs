//! Wording of what can be wrong with the schemas of a project.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::files::FOLDER;
use crate::name::{by_similarity, listed, nearest};
use crate::span::Span;

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
