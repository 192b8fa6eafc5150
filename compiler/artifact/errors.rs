//! Wording of what the backend of plain files cannot write, and of paths that no backend may write.

use super::Artifact;
use super::waiting::Waiting;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, EnvironmentId, Model};
use crate::name::listed;
use crate::object::{File, ObjectName, Rendering};
use crate::span::Span;
use crate::visible::visible;

pub(super) fn not_text(file: &File, entity: &Entity) -> Diagnostic {
    let message = format!("the file `{}` must be text, found {}", file.path, file.content.describe());
    Diagnostic::error(Code::WrongType, message, file.span, "has no form for this content")
        .about(entity.subject())
        .hint("give it a path that ends in `.yaml` or `.json`, or write its content as text")
}

pub(super) fn file_twice(file: &File, entity: &Entity) -> Diagnostic {
    Diagnostic::error(Code::ObjectCollision, format!("the file `{}` would be written twice", file.path), file.span, "another has this path")
        .about(entity.subject())
        .label(entity.defined, "of this")
        .hint("choose another path")
}

/// An object that one thing keeps while it waits for facts, and another one makes.
pub(super) fn kept_twice(object: &ObjectName, (keeper, waiting): (&Entity, &Rendering), (maker, made): (&Entity, Span)) -> Diagnostic {
    let (keeper_kind, kind) = (keeper.kind.words(), maker.kind.words());
    let message =
        format!("{} would be installed twice: {keeper_kind} `{}` keeps what it had until its facts are there", object.words(), keeper.name);
    let mut diagnostic = Diagnostic::error(Code::ObjectCollision, message, made, format!("made by {kind} `{}` now", maker.name))
        .apart(object.words())
        .label(keeper.defined, "this waits");
    if let Some(wait) = waiting.waits.first() {
        diagnostic = diagnostic.label(wait.span, format!("for `{}` of stack `{}`", wait.output, wait.stack.name));
    }
    diagnostic.hint("record its facts first, and let the other make it in the same build or a later one").about(maker.subject())
}

/// Names of things that are listed; of more there is the number.
const LISTED: usize = 5;

/// What waits for the outputs of a stack, which Terraform makes in a folder of the output.
pub(super) fn waits(model: &Model, (environment, stack): (EnvironmentId, &str), waiting: &Waiting<'_>, folder: Option<&str>) -> Diagnostic {
    let environment = &model.environment(environment).identity;
    let things = waiting.things.iter().map(|id| &*model.entity(*id).path);
    let count = waiting.things.len();
    let who = if count == 1 { "1 thing waits".to_owned() } else { format!("{count} things wait") };
    let outputs = listed(waiting.outputs.keys().map(|name| &**name).take(LISTED));
    let more = if waiting.outputs.len() > LISTED { ", …" } else { "" };
    let message = format!("{who} for facts of the stack `{stack}` of `{environment}`: {outputs}{more}");
    // Files may come in any order.
    let mut names: Vec<&str> = things.collect();
    names.sort_unstable();
    names.truncate(LISTED);
    let rest = format!("{} more", count.saturating_sub(LISTED));
    if count > LISTED {
        names.push(&rest);
    }
    let mut diagnostic = match waiting.outputs.values().map(|wait| wait.span).min() {
        Some(span) => Diagnostic::warning(Code::WaitsForFacts, message, span, "known once Terraform has run"),
        None => Diagnostic::general(Code::WaitsForFacts, message),
    };
    for output in waiting.outputs.keys() {
        if let Some(fact) = model.facts.output(environment.text(), stack, output) {
            diagnostic = diagnostic.label(fact.origin.span, format!("this fact has another shape than what `{output}` is written as"));
        }
    }
    let command = match folder {
        Some(folder) => {
            let output = &model.platform.output;
            format!("terraform -chdir={output}/{folder} output -json | platc facts record {environment} {stack}")
        }
        None => format!("terraform output -json | platc facts record {environment} {stack}"),
    };
    diagnostic
        .apart(format!("{environment}/{stack}"))
        .note(format!("what is installed of them stays as it is in the output, or absent: {}", names.join(", ")))
        .hint(format!("apply the stack, then run `{command}` and build again"))
}

pub(super) fn unsafe_path(path: &str, flaw: &str, place: Option<Span>) -> Diagnostic {
    let message = format!("the file `{}` cannot be written", visible(path));
    let hint = "rename what the path is made of";
    match place {
        Some(span) => Diagnostic::error(Code::UnsafePath, message, span, flaw.to_owned()).hint(hint),
        None => Diagnostic::general(Code::UnsafePath, format!("{message}: {flaw}")).hint(hint),
    }
}

pub(super) fn twins((first, first_place): (&str, Option<Span>), (second, second_place): (&str, Option<Span>)) -> Diagnostic {
    let message = format!("the files `{first}` and `{second}` differ only in case or in the form of letters");
    let diagnostic = match second_place {
        Some(span) => Diagnostic::error(Code::SimilarPaths, message, span, "comes from here"),
        None => Diagnostic::general(Code::SimilarPaths, message),
    };
    let diagnostic = match first_place.filter(|place| Some(*place) != second_place) {
        Some(span) => diagnostic.label(span, "the other from here"),
        None => diagnostic,
    };
    diagnostic.note("on macOS and Windows they are one").hint("rename one of them")
}

/// One file is below another; each comes with its path.
pub(super) fn inside_file(model: &Model, upper: (&str, &Artifact), lower: (&str, &Artifact)) -> Diagnostic {
    let message = format!("the file `{}` would have to be a folder, because `{}` is below it", upper.0, lower.0);
    let entity = |artifact: &Artifact| artifact.entities.first().map(|id| model.entity(*id));
    let hint = "choose another path for one of them";
    match (entity(lower.1), entity(upper.1)) {
        (Some(one), Some(other)) => Diagnostic::error(Code::OutputInsideFile, message, one.defined, "this has the file below")
            .about(one.subject())
            .label(other.defined, "this has the file above")
            .hint(hint),
        (Some(one), None) | (None, Some(one)) => {
            Diagnostic::error(Code::OutputInsideFile, message, one.defined, "one file comes from here").about(one.subject()).hint(hint)
        }
        (None, None) => Diagnostic::general(Code::OutputInsideFile, message).hint(hint),
    }
}
