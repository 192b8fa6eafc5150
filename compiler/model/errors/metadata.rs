//! Wording of what can be wrong with labels and annotations, and with who may give objects.

use crate::code::Code;
use crate::definition::folders::TeamFile;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;
use crate::span::Span;
use crate::visible::visible;

pub(in crate::model) fn bad_metadata_key(word: &str, key: &str, of: &str, flaw: &str, span: Span) -> Diagnostic {
    let message = format!("`{}` cannot be the key of a {word} of {of}", visible(key));
    Diagnostic::error(Code::InvalidMetadata, message.replace("a annotation", "an annotation"), span, flaw.to_owned()).apart(key).hint(
        "a key is a name of up to 63 letters, digits, dashes, dots and underscores, and before it, if you like, a DNS name and a slash",
    )
}

pub(in crate::model) fn bad_label_value(key: &str, of: &str, flaw: &str, span: Span) -> Diagnostic {
    let message = format!("the label `{}` of {of} has a value that Kubernetes refuses", visible(key));
    Diagnostic::error(Code::InvalidMetadata, message, span, flaw.to_owned())
        .apart(key)
        .hint("write it as an annotation, or shorten it: `dns.label(text, 63)`")
}

pub(in crate::model) fn annotation_without_prefix(key: &str, of: &str, span: Span) -> Diagnostic {
    let message = format!("`{}` would not be taken for the text that it is, as the key of an annotation of {of}", visible(key));
    Diagnostic::error(Code::InvalidMetadata, message, span, "a number, a date, a truth value or nothing to whoever reads it again")
        .apart(key)
        .hint(format!("put a domain of yours before it: `example.com/{}`", visible(key)))
}

pub(in crate::model) fn no_giver(text: &str, span: Span) -> Diagnostic {
    let message = format!("`{}` is the address of nothing that gives objects", visible(text));
    Diagnostic::error(Code::WrongOwner, message, span, "fits nothing")
        .apart(text)
        .hint("write it as it is called on its cluster: `tenants.shop.applications.web`, `services.proxy`; a star stands for anything")
}

/// `near`: one that is somewhere and may be meant.
pub(in crate::model) fn giver_nowhere(text: &str, span: Span, near: Option<&str>) -> Diagnostic {
    let message = format!("`{}` gives nobody objects: nothing is called so in any environment", visible(text));
    let diagnostic = Diagnostic::warning(Code::WrongOwner, message, span, "there is no such thing").apart(text);
    match near {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None => diagnostic
            .hint("take it out, or write the address of what puts objects here: `tenants.shop.applications.web`, `services.proxy`"),
    }
}

/// What a team's file says to whoever delivers.
pub(in crate::model) fn team_metadata(owner: &Entity, key: &str, (span, team): (Span, &TeamFile)) -> Diagnostic {
    let message = format!("a file of the tenant `{}` may not say `{}`", team.tenant, visible(key));
    Diagnostic::error(Code::OutsideFolder, message, span, "whoever delivers obeys this")
        .apart(key)
        .about(owner.subject())
        .label(team.entry, format!("files here are for applications of `{}`", team.tenant))
        .hint(
            "it could keep objects from being updated or removed; whoever owns the platform says it in an overlay of the tenant elsewhere",
        )
}

/// What a team's file says of where a thing is that is made of its application.
pub(in crate::model) fn team_field(owner: &Entity, field: &str, (span, team): (Span, &TeamFile)) -> Diagnostic {
    let message = format!("a file of the tenant `{}` may not say `{field}` of what is made of an application", team.tenant);
    Diagnostic::error(Code::OutsideFolder, message, span, "not for this file")
        .about(owner.subject())
        .label(team.entry, format!("files here are for applications of `{}`", team.tenant))
        .hint("its Terraform could join the state of another; whoever owns the platform says it in an overlay of the tenant in a file elsewhere")
}

/// What a team's file says against an application that others give its tenant.
pub(in crate::model) fn team_withdraws(name: &str, giver: Option<Span>, (span, team): (Span, &TeamFile)) -> Diagnostic {
    let message =
        format!("a file of the tenant `{}` may not say whether `{name}` is there or what it is, which the platform gives it", team.tenant);
    let diagnostic = Diagnostic::error(Code::OutsideFolder, message, span, "not for this file");
    let diagnostic = giver.into_iter().fold(diagnostic, |diagnostic, giver| diagnostic.label(giver, "it is given here"));
    diagnostic.label(team.entry, format!("files here are for applications of `{}`", team.tenant)).hint(format!(
        "whoever owns the platform says it in an overlay of the tenant elsewhere, or names `{name}` in `optional` of this entry"
    ))
}
