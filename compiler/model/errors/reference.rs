//! Wording of references that lead nowhere, to something else, or to several things.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;
use crate::name::{listed, nearest};
use crate::path::Path;
use crate::schema::Referent;
use crate::span::Span;
use crate::value::Value;

/// What a reference asks for: `a service that provides ingress`.
fn wanted(referent: &Referent) -> String {
    let kinds: Vec<&str> = referent.kinds.iter().map(|kind| kind.words()).collect();
    let mut text = kinds.join(" or ");
    if let Some(class) = &referent.class {
        text.push_str(&format!(" of class `{class}`"));
    }
    if let Some(capability) = &referent.provides {
        text.push_str(&format!(" that provides `{capability}`"));
    }
    text
}

pub(in crate::model) fn unknown_referent(
    entity: &Entity,
    value: &Value,
    referent: &Referent,
    (known, is_literal): (&[&str], bool),
    elsewhere: Option<&str>,
) -> Diagnostic {
    let text = value.as_str().unwrap_or_default();
    let message = format!("there is no {} `{text}` here", wanted(referent));
    let label = match entity.cluster {
        Some(_) => "not on the same cluster",
        None => "not in this environment",
    };
    let mut diagnostic = Diagnostic::error(Code::UnknownReference, message, value.origin.span, label).about(entity.subject());
    for kind in &referent.kinds {
        diagnostic = diagnostic.misses(Path::of([kind.plural(), text]));
    }
    if let Some(elsewhere) = elsewhere {
        let address = elsewhere.split_once('.').map_or(elsewhere, |(_, address)| address);
        return diagnostic
            .note(format!("there is `{elsewhere}`"))
            .hint(format!("place it here too, or name it by its address in this environment: `{address}`"));
    }
    match nearest(text, known.iter().copied()) {
        Some(near) if is_literal => diagnostic.hint(format!("did you mean `{near}`?")).replace(value.origin.span, near),
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => {
            diagnostic.hint(format!("define it, or name a thing by its address, such as `clusters.gc0.services.{text}`"))
        }
        None => diagnostic.hint(format!("there are {}", listed(known.iter().copied()))),
    }
}

pub(in crate::model) fn wrong_referent(entity: &Entity, value: &Value, found: &Entity, referent: &Referent) -> Diagnostic {
    let message = format!("`{}` is no {}", value.as_str().unwrap_or_default(), wanted(referent));
    Diagnostic::error(
        Code::UnknownReference,
        message,
        value.origin.span,
        format!("this is {} of class `{}`", found.kind.words(), found.class_name),
    )
    .label(found.defined, "defined here")
    .about(entity.subject())
}

pub(in crate::model) fn nothing_to_refer_to(entity: &Entity, field: &str, declared: Span, referent: &Referent) -> Diagnostic {
    let place = if entity.cluster.is_some() { "on its cluster" } else { "in its environment" };
    let message = format!("{} `{}` needs a {}, and there is none {place}", entity.kind.words(), entity.name, wanted(referent));
    Diagnostic::error(Code::MissingRequirement, message, entity.defined, "defined here")
        .apart(field)
        .label(declared, format!("its class asks for it in `{field}`"))
        .about(entity.subject())
        .hint("define one, placed on the same clusters, or set the field to the address of another")
}

pub(in crate::model) fn ambiguous_reference(
    entity: &Entity,
    field: &str,
    declared: Span,
    referent: &Referent,
    several: &[&Entity],
) -> Diagnostic {
    let names: Vec<&str> = several.iter().map(|candidate| &*candidate.name).collect();
    let message = format!("`{field}` of {} `{}` could mean {}", entity.kind.words(), entity.name, listed(names.iter().copied()));
    let mut diagnostic = Diagnostic::error(Code::AmbiguousReference, message, entity.defined, "nothing says which")
        .apart(field)
        .label(declared, format!("any {} would do", wanted(referent)));
    for candidate in several {
        diagnostic = diagnostic.label(candidate.defined, "one of them");
    }
    let first = names.first().copied().unwrap_or_default();
    diagnostic.about(entity.subject()).hint(format!("say which: `{field}: {first}`"))
}
