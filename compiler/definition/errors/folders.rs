//! Wording of what stands in a file where it may not.

use crate::code::Code;
use crate::definition::folders::Folder;
use crate::diagnostic::Diagnostic;
use crate::name::{listed, nearest};
use crate::span::Span;
use std::sync::Arc;

pub(in crate::definition) fn outside(what: &str, span: Span, folder: &Folder<'_>, path: &str) -> Diagnostic {
    let tenant = folder.tenant.0;
    let message = format!("`{what}` may not stand in `{path}`, which is for applications of the tenant `{tenant}`");
    let hint = format!(
        "write applications of this tenant under `tenants.{tenant}.applications`; whoever owns the platform writes the rest in a file elsewhere"
    );
    ruled(Diagnostic::error(Code::OutsideFolder, message, span, "not for this file"), folder).hint(hint)
}

/// Fields of the tenant itself, which are its owner's.
pub(in crate::definition) fn of_tenant(
    (field, span): (&str, Span),
    others: &[(Arc<str>, Span)],
    folder: &Folder<'_>,
    path: &str,
) -> Diagnostic {
    let tenant = folder.tenant.0;
    let message = match others {
        [] => format!("`{field}` of the tenant `{tenant}` may not stand in `{path}`, which is for its applications"),
        _ => format!("`{path}`, which is for applications of the tenant `{tenant}`, may not say what the tenant is"),
    };
    let hint = format!(
        "only whoever owns the platform says what a tenant is, in a file of theirs; ask them to write it, and keep `tenants.{tenant}.applications` here"
    );
    let diagnostic = ruled(Diagnostic::error(Code::OutsideFolder, message, span, "not for this file"), folder).hint(hint);
    others.iter().take(SHOWN).fold(diagnostic, |diagnostic, (_, span)| diagnostic.label(*span, "nor is this"))
}

/// So many further fields are shown.
const SHOWN: usize = 4;

pub(in crate::definition) fn forbidden(field: &str, span: Span, folder: &Folder<'_>, path: &str) -> Diagnostic {
    let (message, hint) = match field {
        "identity" => (
            format!("an application in `{path}` may not have an `identity`"),
            "it could take over what another has outside of Git; whoever owns the platform writes the application in a file elsewhere",
        ),
        "stack" => (
            format!("an application in `{path}` may not have a `stack`"),
            "its Terraform could join the state of another; whoever owns the platform says it in an overlay of the tenant in a file elsewhere",
        ),
        _ => (
            format!("an application in `{path}` may not have an `{field}`"),
            "it could emit what its class does not; say it with fields of the class, or ask whoever owns the platform for one",
        ),
    };
    ruled(Diagnostic::error(Code::OutsideFolder, message, span, "not for this file"), folder).hint(hint)
}

fn ruled(diagnostic: Diagnostic, folder: &Folder<'_>) -> Diagnostic {
    diagnostic.label(folder.glob.1, format!("files here are for applications of `{}`", folder.tenant.0))
}

pub(in crate::definition) fn unknown(folder: &Folder<'_>, known: &[&str]) -> Diagnostic {
    let (name, span) = folder.tenant;
    let message = format!("there is no tenant `{name}`, so nobody may write anything in `{}`", folder.glob.0);
    let diagnostic = Diagnostic::error(Code::UnknownTenant, message, span, "no tenant has this name");
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None if known.is_empty() => diagnostic.hint("define it under `tenants`"),
        None => diagnostic.hint(format!("the tenants are {}", listed(known.iter().copied()))),
    }
}

pub(in crate::definition) fn contradicting(first: &Folder<'_>, second: &Folder<'_>, path: &str) -> Diagnostic {
    let message = format!("`{path}` is for `{}` and for `{}`", first.tenant.0, second.tenant.0);
    Diagnostic::error(Code::OutsideFolder, message, second.glob.1, format!("for `{}`", second.tenant.0))
        .label(first.glob.1, format!("for `{}`", first.tenant.0))
        .hint("write globs so that a file fits those of one tenant at most")
}

/// The file of the platform, which says all that others may not.
pub(in crate::definition) fn platform(folder: &Folder<'_>, path: &str) -> Diagnostic {
    let message = format!("`{path}` defines the platform, so it cannot be for applications of `{}` alone", folder.tenant.0);
    Diagnostic::error(Code::OutsideFolder, message, folder.glob.1, "fits this file, too")
        .hint("write a glob of the folder that the files of the tenant are in")
}

pub(in crate::definition) fn unused(folder: &Folder<'_>) -> Diagnostic {
    let message = format!("no file fits `{}`, so this protects nothing yet", folder.glob.0);
    Diagnostic::warning(Code::UnusedFolder, message, folder.glob.1, "fits no source")
        .hint("the glob is relative to the project; a folder that is still empty needs no entry")
}
