//! Wording of what can be wrong with what stands under other definitions.

use super::super::Definition;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::name::{Kind, listed, nearest};
use crate::path::Path;
use crate::span::Span;

/// What stands under a definition, said twice outside of overlays: one thing, or all that two blocks have in common. With each the first place
/// and the second.
pub(in super::super) fn inner_twice(twice: &[(&Definition, Span, Span)]) -> Option<Diagnostic> {
    let ((inner, first, second), others) = twice.split_first()?;
    let home = inner.address.split('.').nth(1).unwrap_or_default();
    let of = inner.kind.home().map_or("thing", Kind::words);
    let names = listed(twice.iter().map(|(inner, ..)| &*inner.name.name));
    let (words, are) = if others.is_empty() { (inner.kind.words(), "is") } else { (inner.kind.plural(), "are") };
    let message = format!("{words} {names} of {of} `{home}` {are} defined twice");
    let diagnostic = Diagnostic::error(Code::DefinedTwice, message, *second, "again here").label(*first, "first here");
    let all = others.iter().take(3).fold(diagnostic, |diagnostic, (inner, first, second)| {
        diagnostic.label(*first, format!("`{}` first here", inner.name.name)).label(*second, "and again here")
    });
    let one = if others.is_empty() {
        "one of them another name, or write all of it in one place"
    } else {
        "one of each another name, or take one of the two blocks out"
    };
    Some(all.hint(format!("give {one}; definitions are not merged across files")))
}

/// A block that would add applications to a tenant if it did not name the class again.
pub(in super::super) fn class_said_again(kind: Kind, name: &str, class: Span, home: Span) -> Diagnostic {
    let words = kind.words();
    let inner = kind.inner().map_or("fields", Kind::plural);
    Diagnostic::error(Code::DefinedTwice, format!("{words} `{name}` is defined twice"), class, format!("makes this another {words}"))
        .label(home, "defined here")
        .hint(format!("take `class` out: what says nothing but `{inner}` of a {words} adds to it, in any file"))
}

/// A block with applications of a tenant that nobody defines; `renamed` is called so outside.
pub(in super::super) fn undefined_home(addition: &Definition, known: &[&str], renamed: Option<&Definition>) -> Diagnostic {
    let (words, plural, name) = (addition.kind.words(), addition.kind.plural(), &addition.name.name);
    let inner = addition.kind.inner().map_or("fields", Kind::plural);
    let message = format!("nobody defines the {words} `{name}`");
    let diagnostic =
        Diagnostic::error(Code::UnknownTenant, message, addition.name.span, format!("says nothing but {inner}, which adds to a {words}"))
            .misses(Path::of([plural, name]));
    if let Some((now, identity)) = renamed.and_then(|renamed| Some((&renamed.name.name, renamed.identity.as_ref()?.span))) {
        let diagnostic = diagnostic.label(identity, format!("`{name}` is what {words} `{now}` is called outside"));
        return diagnostic.hint(format!("write the name that it has here: `{now}`")).replace(addition.name.span, &**now);
    }
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(addition.name.span, near),
        None if known.is_empty() => {
            diagnostic.hint(format!("define it: write what it has itself under `{plural}.{name}`, such as `namespaces`"))
        }
        None => diagnostic.hint(format!(
            "the {plural} are {}; to define another, write what it has itself under `{plural}.{name}`, such as `namespaces`",
            listed(known.iter().copied())
        )),
    }
}

/// `tenant`, by which earlier versions said whose an application is.
pub(in super::super) fn tenant_of_application(word: &str, field: Span, tenant: Option<&str>) -> Diagnostic {
    let message = format!("an application has no field `{word}`: it stands under its tenant now");
    let diagnostic = Diagnostic::error(Code::UnknownField, message, field, "not a field any more")
        .note("at the top of a file, `applications` are only bases that others inherit");
    match tenant {
        Some(tenant) => diagnostic.hint(format!("take the line out and write the application under `tenants.{tenant}.applications`")),
        None => diagnostic.hint(
            "write the application under `tenants.NAME.applications`, or, if all tenants have it, under `platform.defaults.tenants.applications`",
        ),
    }
}
