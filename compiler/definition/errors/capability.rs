//! Wording of what can be wrong with capabilities and with classes that have or ask for one.

use super::super::capability::DoubtedPart;
use super::super::{Capability, Class, Named};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::name::{listed, nearest};
use crate::path::Path;
use crate::schema::Field;
use crate::span::Span;
use crate::subject::Subject;
use std::collections::BTreeSet;
use std::sync::Arc;

pub(in crate::definition) fn unknown_capability_field(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownField, format!("a capability has no `{name}`"), span, "not a field of a capability");
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None => diagnostic.hint(format!("its fields are {}", listed(known.iter().copied()))),
    }
}

/// `others`: the outputs that the class has and no capability promises.
pub(in crate::definition) fn missing_output(class: &Class, capability: &Named, field: &Field, others: &[&str]) -> Diagnostic {
    let message = format!("what provides `{}` needs an output `{}`", capability.name, field.name);
    let near = nearest(&field.name, others.iter().copied());
    let meant = near.and_then(|near| class.section("outputs")?.as_map()?.entry(near));
    let diagnostic = match meant {
        Some(meant) => Diagnostic::error(Code::UnfulfilledCapability, message, meant.span, "no capability of its class promises this")
            .label(capability.span, format!("its class provides `{}`", capability.name))
            .hint(format!("did you mean `{}`?", field.name))
            .replace(meant.span, &*field.name),
        None => Diagnostic::error(Code::UnfulfilledCapability, message, capability.span, format!("`{}` is missing", field.name))
            .hint(format!("add `{}` to the `outputs` of the class, or take it out of the capability", field.name)),
    };
    told_of(
        class,
        diagnostic.apart(Arc::clone(&field.name)).label(field.span, "the capability promises it to whoever refers to such a thing"),
    )
}

/// `found`: what the output is, in words.
pub(in crate::definition) fn other_output(class: &Class, capability: &Named, field: &Field, output: Span, found: &str) -> Diagnostic {
    let wanted = field.type_.describe();
    let message = format!("the output `{}` is {found}, and `{}` promises {wanted}", field.name, capability.name);
    let diagnostic = Diagnostic::error(Code::UnfulfilledCapability, message, output, format!("this is {found}"))
        .label(field.span, format!("{wanted} is promised here"))
        .label(capability.span, "the class says that it provides it");
    told_of(class, diagnostic)
}

/// So many places of one sort are shown.
const PLACES: usize = 8;

/// A promise that all classes contradict which provide the capability. `kept`: where they do; `read`: where others count on what is there.
pub(in crate::definition) fn doubted_promise(
    capability: &Capability,
    part: &DoubtedPart,
    kept: &BTreeSet<Span>,
    read: &BTreeSet<Span>,
) -> Diagnostic {
    let name = &capability.entry.key;
    let field = |promise: &str| capability.outputs.record().and_then(|outputs| outputs.get(promise));
    let span = |promise: &str| field(promise).map_or(capability.entry.span, |field| field.span);
    let error = |message: String, span, label: String| Diagnostic::error(Code::UnfulfilledCapability, message, span, label);
    let (diagnostic, have, reads) = match part {
        DoubtedPart::Nowhere { promise, instead: Some(other) } => {
            let message = format!("`{name}` promises the output `{promise}`, and all that provide it have `{other}` instead");
            let diagnostic = error(message, span(promise), "promised here, and nowhere there".to_owned())
                .hint(format!("write `{other}` here, or call it `{promise}` in these classes and where it is read"));
            (diagnostic, format!("here it is `{other}`"), format!("`{other}` is read here"))
        }
        DoubtedPart::Nowhere { promise, instead: None } => {
            let message = format!("`{name}` promises the output `{promise}`, and nothing that provides it has one");
            let diagnostic = error(message, span(promise), "promised here, and nowhere there".to_owned())
                .hint(format!("add `{promise}` to the `outputs` of these classes, or take it out here"));
            (diagnostic, "provided here, without it".to_owned(), String::new())
        }
        DoubtedPart::Other { promise, is } => {
            let wanted = field(promise).map_or_else(|| "something else".to_owned(), |field| field.type_.describe());
            let message = format!("`{name}` promises {wanted} as `{promise}`, and all that provide it have {is} there");
            let diagnostic = error(message, span(promise), format!("{wanted} is promised here"))
                .hint("promise here what they have; or change all of them, and what reads it");
            (diagnostic, format!("this is {is}"), "read here as what they have".to_owned())
        }
        DoubtedPart::Unsaid(output) => {
            let message = format!("`{name}` promises no output `{output}`, which all that provide it have and others read");
            let diagnostic = error(message, capability.entry.span, format!("says nothing of `{output}`"))
                .hint(format!("add `{output}` to its `outputs`, with its type, or read something else"));
            (diagnostic, format!("`{output}` is made here"), "and read here".to_owned())
        }
    };
    let rest = kept.len().saturating_sub(PLACES) + read.len().saturating_sub(PLACES);
    let diagnostic = kept.iter().take(PLACES).fold(diagnostic, |diagnostic, span| diagnostic.label(*span, have.clone()));
    let diagnostic = read.iter().take(PLACES).fold(diagnostic, |diagnostic, span| diagnostic.label(*span, reads.clone()));
    let diagnostic = diagnostic.about(Subject::class("capability", name));
    if rest > 0 { diagnostic.note(format!("and so it is at {rest} more places")) } else { diagnostic }
}

/// A class and all that inherit from it are one report.
fn told_of(class: &Class, diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.about(Subject::class(class.kind.singular(), &class.name.name))
}

/// `near`: the capability that was most likely meant.
pub(in crate::definition) fn nobody_provides(capability: &str, span: Span, near: Option<&str>) -> Diagnostic {
    let message = format!("no class provides `{capability}`");
    let diagnostic = Diagnostic::warning(Code::UnknownCapability, message, span, "so nothing can be meant here");
    match near {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic.hint(format!(
            "write `provides: {capability}` in the class that has it; `classes.capability.{capability}` declares it until there is one"
        )),
    }
    .misses(Path::of(["classes", "capability", capability]))
}

pub(in crate::definition) fn nobody_asks(capability: &Named, near: &str) -> Diagnostic {
    let message = format!("nothing asks for `{}`, and it is not declared", capability.name);
    Diagnostic::warning(Code::UnknownCapability, message, capability.span, "no reference finds a thing by this word")
        .hint(format!("did you mean `{near}`?"))
        .replace(capability.span, near)
}
