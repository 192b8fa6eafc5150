//! Wording of what can be wrong with the resolved platform.

mod defaults;
mod directive;
mod existence;
mod identity;
mod making;
mod metadata;
mod naming;
mod place;
mod reference;
mod shared;
mod stack;
mod value;
pub(super) use defaults::{default_of_no_field, default_of_no_group, defaults_of_none, unused_parity};
pub(crate) use directive::*;
pub(super) use existence::{existence_reads, forgets_nothing, nothing_to_remove, overlay_on_none, placeless, unmatched_selector};
pub(super) use identity::{one_identity, one_identity_of_environments, one_stack};
pub(super) use making::*;
pub(super) use metadata::*;
pub(super) use naming::{Naming, clusters_collide, fqdn_too_long, label_invalid, label_too_long, secret_name, secret_stack};
pub(super) use place::*;
pub(super) use reference::*;
pub(super) use shared::*;
pub(super) use stack::{circular_stack, elsewhere_stack, late_stack, no_stack};
pub(super) use value::not_of_its_type;

use super::Model;
use super::allowance::{Exhausted, What};
use crate::code::Code;
use crate::definition::{Class, Definition, Definitions, Named};
use crate::diagnostic::{Diagnostic, Label};
use crate::limit::{
    PLATFORM_STEPS, PLATFORM_STEPS_BYTE, PLATFORM_STEPS_THING, PLATFORM_WEIGHT, PLATFORM_WEIGHT_BYTE, PLATFORM_WEIGHT_THING, THING_STEPS,
};
use crate::name::{Kind, listed, nearest};
use crate::path::Path;
use crate::span::Span;
use crate::subject::{Subject, Thing};
use crate::value::{Data, Value};
use crate::visible::visible;
use std::sync::Arc;

fn suggest(diagnostic: Diagnostic, name: &str, span: Span, what: &str, known: &[&str]) -> Diagnostic {
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None if known.is_empty() => diagnostic,
        None => diagnostic.hint(format!("{what} are {}", listed(known.iter().copied()))),
    }
}

pub(super) fn no_platform() -> Diagnostic {
    Diagnostic::general(Code::MissingPlatform, "no source defines `platform`")
        .misses(Path::of(["platform"]))
        .hint("write `platform:` with `name` and `domain` in `platform.yaml` at the root of the project")
}

pub(super) fn unsafe_output(output: &str, flaw: &str, span: Span) -> Diagnostic {
    let message = format!("`{}` cannot be the output directory", visible(output));
    Diagnostic::error(Code::UnsafePath, message, span, flaw.to_owned()).hint("write a plain relative path such as `dist`")
}

pub(super) fn path_leaves(path: &str, span: Span) -> Diagnostic {
    let message = format!("the path `{}` leaves its repository", visible(path));
    Diagnostic::error(Code::UnsafePath, message, span, "`..` leads out of what is fetched")
        .about(Subject::platform(&["repository", "path"]))
        .hint("write the folder's path from the root of the repository, such as `dist`")
}

pub(super) fn unknown_parent(
    plural: &str,
    what: &str,
    name: &str,
    parent: &Named,
    known: &[&str],
    elsewhere: Option<&Definition>,
) -> Diagnostic {
    let message = format!("{what} `{name}` inherits from `{}`, which does not exist", parent.name);
    let diagnostic = Diagnostic::error(Code::UnknownParent, message, parent.span, format!("no {what} has this name"))
        .misses(Path::of([plural, &parent.name]));
    match elsewhere {
        Some(other) if !known.contains(&&*parent.name) => diagnostic
            .note(format!("`{}` is a {}, not a {what}", other.name.name, other.kind.words()))
            .label(other.name.span, "defined here"),
        Some(_) | None => {
            let known: Vec<&str> = known.iter().copied().filter(|other| *other != name).collect();
            suggest(diagnostic, &parent.name, parent.span, &format!("the {what}s"), &known)
        }
    }
}

/// A missing field that a layer removes: there is the place to act.
pub(super) fn required_removed(mut fault: Diagnostic, field: &str, span: Span) -> Diagnostic {
    fault.primary = Some(Label { span, text: format!("`{field}` is removed here") });
    fault.hint("write another value instead of removing it")
}

pub(super) fn no_environment(platform: Option<Span>) -> Diagnostic {
    let message = "the platform has no environment";
    let diagnostic = match platform {
        Some(span) => Diagnostic::error(Code::NoEnvironment, message, span, "this platform"),
        None => Diagnostic::general(Code::NoEnvironment, message),
    };
    diagnostic.misses(Path::of(["environments"])).hint("write `environments: { apps: {} }`; one that is only abstract does not count")
}

/// What stands at the top of a source only to be inherited, and nobody does.
pub(super) fn base_without_heirs(base: &Definition) -> Diagnostic {
    let (words, plural, name) = (base.kind.words(), base.kind.plural(), &base.name.name);
    let home = base.kind.home().map_or("things", Kind::plural);
    let message = format!("nobody inherits the {words} `{name}`, so it does nothing");
    Diagnostic::warning(Code::BaseWithoutHeirs, message, base.name.span, "only a base here, for others to inherit")
        .note(format!("what is to exist stands under one of the {home}"))
        .hint(format!("write it under `{home}.NAME.{plural}`, or say `abstract: true` if heirs are to come"))
}

pub(super) fn not_names(field: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::NotLiteral, format!("`{field}` takes names"), span, "expected plain names")
        .hint("it decides what exists, which must be known before expressions are evaluated")
}

pub(super) fn in_and_not_in(wanted: &Value, unwanted: &Value) -> Diagnostic {
    let name = wanted.as_str().unwrap_or("");
    let message = format!("`onlyIn` and `notIn` both name the environment `{name}`");
    Diagnostic::error(Code::ContradictingEnvironments, message, unwanted.origin.span, "excluded here")
        .label(wanted.origin.span, "included here")
        .hint("write one of the two: with `onlyIn` the thing exists nowhere else")
}

pub(super) fn bad_placement(span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadPlacement, "this is not a placement", span, "expected names, `all` or a label selector")
        .hint("write `placement: [gc0]`, `placement: all` or `placement: { matchLabels: { tier: edge } }`")
}

/// The address of the repository, which all that installs from it repeats.
pub(super) fn repository_with_login(span: Span) -> Diagnostic {
    Diagnostic::error(Code::SecretInOutput, "the address of the repository holds a login", span, "a user or a password")
        .note("it is written into every application, and outputs are committed to git")
        .hint("write the address alone, and keep the login in a Secret made elsewhere")
}

/// A pool or an application of which only overlays speak, and which is none without them.
pub(super) fn unknown_inner(inner: &Definition, near: &str, home: (Kind, &str), thing: &Arc<Thing>) -> Diagnostic {
    let code = if inner.kind == Kind::NodePool { Code::UnknownNodePool } else { Code::UnknownApplication };
    let message = format!("{} `{}` has no {} `{}`", home.0.words(), home.1, inner.kind.words(), inner.name.name);
    Diagnostic::error(code, message, inner.name.span, "only this overlay speaks of it")
        .about(Subject::entity(thing))
        .hint(format!("did you mean `{near}`?"))
        .replace(inner.name.span, near)
}

pub(super) fn no_pool_class(pool: &Named, class: &str) -> Diagnostic {
    let message = format!("node pool `{}` has no class", pool.name);
    Diagnostic::error(Code::MissingClass, message, pool.span, "this pool")
        .note(format!("class `{class}` names no `nodePoolClass`"))
        .hint("write `class:` at the pool, or `nodePoolClass:` in the class of the cluster")
}

pub(super) fn unknown_class(kind: Kind, named: &Named, definitions: &Definitions) -> Diagnostic {
    let known = classes(kind, definitions);
    let message = format!("there is no class `{}/{}`", kind.singular(), named.name);
    let label = format!("no {} class has this name", kind.words());
    let diagnostic =
        Diagnostic::error(Code::UnknownClass, message, named.span, label).misses(Path::of(["classes", kind.singular(), &named.name]));
    let diagnostic = diagnostic.lacking(format!("{}/{}", kind.singular(), named.name));
    suggest(diagnostic, &named.name, named.span, "the classes of this kind", &known)
}

fn classes(kind: Kind, definitions: &Definitions) -> Vec<&str> {
    let of_kind = definitions.classes.iter().filter(|class| class.kind == kind && !class.is_abstract && !class.is_hidden);
    let unread = definitions.library.iter().filter(|(other, _)| *other == kind);
    let mut all: Vec<&str> = of_kind.map(|class| &*class.name.name).chain(unread.map(|(_, name)| &**name)).collect();
    all.sort_unstable();
    all
}

pub(super) fn abstract_class(class: &Class, span: Span) -> Diagnostic {
    Diagnostic::error(Code::AbstractClass, format!("class `{}` is abstract", class.full), span, "only other classes can use it")
        .label(class.name.span, "declared abstract here")
        .hint("name a class that inherits from it")
}

pub(super) fn missing_class(definition: &Definition, definitions: &Definitions) -> Diagnostic {
    let (kind, name) = (definition.kind, &definition.name);
    let known = classes(kind, definitions);
    let message = format!("{} `{}` has no class", kind.words(), name.name);
    let diagnostic = Diagnostic::error(Code::MissingClass, message, name.span, format!("this {}", kind.words())).misses(Path::of([
        "classes",
        kind.singular(),
        &name.name,
    ]));
    if kind == Kind::Service {
        let diagnostic = diagnostic.note("a service has the class of its own name unless it says `class:`");
        if let Some(near) = nearest(&name.name, known.iter().copied()) {
            return diagnostic.hint(format!("did you mean `{near}`?")).replace(name.span, near);
        }
        return diagnostic.hint(format!("write `class:` with one of {}, or define `classes.service.{}`", listed(known), name.name));
    }
    diagnostic.hint(if known.is_empty() {
        format!("write `class:`, and the class under `classes.{}`", kind.singular())
    } else {
        format!("write `class:` with one of {}", listed(known))
    })
}

pub(super) fn key_with_expression(key: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::KeyWithExpression, format!("the key `{key}` holds an expression"), span, "keys of definitions are plain text")
        .hint("keys with expressions are for templates of classes; write the key itself")
}

pub(super) fn expression_cycle(spans: &[Span]) -> Diagnostic {
    let message = "these values wait for each other";
    let Some((first, rest)) = spans.split_first() else { return Diagnostic::general(Code::ExpressionCycle, message) };
    if rest.is_empty() {
        return Diagnostic::error(Code::ExpressionCycle, "this value reads itself", *first, "it is needed to compute itself")
            .hint("read another value, or write this one without an expression");
    }
    let mut diagnostic = Diagnostic::error(Code::ExpressionCycle, message, *first, "this value reads the next one");
    for (at, span) in rest.iter().enumerate() {
        let text = if at + 1 == rest.len() { "which reads the first again" } else { "which reads the next one" };
        diagnostic = diagnostic.label(*span, text);
    }
    diagnostic.hint("write one of them without an expression")
}

pub(super) fn evaluation_too_deep(span: Span, limit: u32) -> Diagnostic {
    let message = format!("values read each other in a chain of more than {limit}");
    Diagnostic::error(Code::EvaluationTooDeep, message, span, "the chain reaches this value").hint("shorten the chain")
}

pub(super) fn too_many_layers(subject: &str, span: Span, limit: usize) -> Diagnostic {
    let message = format!("`{subject}` is made of more than {limit} layers");
    Diagnostic::error(Code::InheritanceTooDeep, message, span, "this has too many ancestors and overlays")
        .note("the body of each ancestor is a layer, and so is each of its overlays for an environment of the line or for the cluster")
        .hint("shorten the chains of `inherits`")
}

pub(super) fn outcome_too_deep(span: Span, limit: u32) -> Diagnostic {
    let message = format!("the value of this expression nests more than {limit} levels deep");
    Diagnostic::error(Code::EvaluationTooDeep, message, span, "too deep").hint("build it from fewer lists and maps within each other")
}

/// The platform as a whole costs too much; the place is the thing with which the limit was passed.
pub(crate) fn platform_too_costly(model: &Model, exhausted: Exhausted) -> Diagnostic {
    let (code, what, count) = match exhausted.what {
        What::Steps => (Code::ExpressionTooCostly, "takes more steps than a platform of its size may", "steps"),
        What::Weight => (Code::ExpansionTooLarge, "makes more values than a platform of its size may", "values"),
    };
    let (base, byte, thing) = match exhausted.what {
        What::Steps => (PLATFORM_STEPS, PLATFORM_STEPS_BYTE, PLATFORM_STEPS_THING),
        What::Weight => (PLATFORM_WEIGHT, PLATFORM_WEIGHT_BYTE, PLATFORM_WEIGHT_THING),
    };
    let message = format!("evaluating this platform {what}");
    let diagnostic = match exhausted.owner.map(|owner| model.entity(owner)) {
        Some(entity) => {
            let label = format!("the limit is passed with this {}", entity.kind.words());
            Diagnostic::error(code, message, entity.defined, label).about(entity.subject())
        }
        None => Diagnostic::general(code, message),
    };
    diagnostic
        .note(format!("all things together have {base} {count}, {byte} more for each byte of the sources and {thing} for each thing"))
        .hint("shorten the lists that its expressions and templates go through, keep what does not change out of expressions, or split the platform")
}

pub(super) fn too_many_things(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(
        Code::ExpansionTooLarge,
        format!("the platform has more than {limit} things"),
        span,
        "the limit is passed with this one",
    )
    .note("whatever is placed on a cluster counts once for each cluster in each environment")
    .hint("place it on fewer clusters, or split the platform into several projects")
}

pub(super) fn too_many_comparisons(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(
        Code::ExpansionTooLarge,
        format!("placements are compared with clusters more than {limit} times"),
        span,
        "the limit is passed with this one",
    )
    .note("each name, label and value of a placement counts once for each cluster in each environment")
    .hint("write shorter placements, or split the platform into several projects")
}

pub(super) fn thing_too_costly(span: Span) -> Diagnostic {
    let message = format!("the expressions of this thing take more than {THING_STEPS} steps together");
    Diagnostic::error(Code::ExpressionTooCostly, message, span, "nothing is left for this one")
        .note("each operation takes a step, and more on long texts, lists and maps")
        .hint("read less, or work out once in `let` what is used several times")
}

pub(crate) fn outcome_too_large(span: Span, limit: usize) -> Diagnostic {
    let message = format!("the expressions of this thing make more than {limit} values");
    Diagnostic::error(Code::ExpansionTooLarge, message, span, "the limit is passed here")
        .note("a value that is used several times counts each time; 32 bytes of text count as one")
        .hint("use shorter lists and texts, and use them less often")
}

pub(super) fn number_too_large(span: Span) -> Diagnostic {
    Diagnostic::error(Code::NumberOutOfRange, "the result of this expression is no number that outputs can hold", span, "too large")
        .hint("keep whole numbers within 64 bits and others finite")
}

pub(super) fn not_a_value(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongOperands, format!("{what} cannot be the value of a field"), span, "the result of this expression")
        .hint("convert it first: `string(…)`, `base64.encode(…)`, or pick one of its fields")
}

pub(super) fn no_value(span: Span) -> Diagnostic {
    Diagnostic::error(Code::AbsentValue, "this expression gives no value", span, "none here")
        .hint("say what to use instead: `….orValue(…)`")
}

pub(super) fn condition_not_bool(span: Span, value: &Value) -> Diagnostic {
    Diagnostic::error(Code::WrongType, format!("a condition must be true or false, found {}", value.describe()), span, "this condition")
        .hint("compare it: `… == …`, or test it: `has(…)`, `size(…) > 0`")
}

/// What a broken rule is reported from.
pub(super) struct Broken<'a> {
    pub(super) message: &'a str,
    /// The one to point to comes first.
    pub(super) read: &'a [RuleRead],
    pub(super) defined: Span,
    /// Whether all that it read is from the library.
    pub(super) by_nobody: bool,
    pub(super) rule: Span,
    pub(super) whose: &'a str,
}

/// A value that a rule read.
pub(super) struct RuleRead {
    /// As the rule spells it: `self.size.min`.
    pub(super) name: String,
    pub(super) value: Value,
    /// Whether it is a value of the entity itself.
    pub(super) own: bool,
    /// Whether it must not be shown.
    pub(super) secret: bool,
}

/// What went wrong in an expression that read a secret: where and of what sort, not what it found there.
pub(super) fn without_values(fault: Diagnostic) -> Diagnostic {
    let mut fault = fault;
    fault.message = "an expression that reads a secret cannot be evaluated".to_owned();
    fault.primary.iter_mut().for_each(|label| label.text = "it fails here".to_owned());
    fault.labels.clear();
    fault.notes.clear();
    fault.replacement = None;
    fault.hint("what exactly is wrong is not shown, because it could tell the secret")
}

pub(super) fn broken_rule(broken: &Broken<'_>, warning: bool) -> Diagnostic {
    let label = |read: &RuleRead| match &read.value.data {
        _ if read.secret => format!("`{}` is a secret", read.name),
        Data::Null => format!("`{}` is null", read.name),
        Data::Bool(bool) => format!("`{}` is {bool}", read.name),
        Data::Int(int) => format!("`{}` is {int}", read.name),
        Data::Float(float) => format!("`{}` is {float}", read.name),
        Data::String(text) => format!("`{}` is \"{text}\"", read.name),
        // What they hold is there to be seen.
        Data::List(_) | Data::Map(_) | Data::Template(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => format!("`{}`", read.name),
    };
    let nothing = if broken.by_nobody { "nothing here says otherwise" } else { "" };
    let first = broken.read.first().filter(|_| !broken.by_nobody);
    let (place, text) = first.map_or((broken.defined, nothing.to_owned()), |read| (read.value.origin.span, label(read)));
    let make = if warning { Diagnostic::warning } else { Diagnostic::error };
    // Two rules may be broken by one value.
    let rule = format!("{}:{}", broken.rule.file.0, broken.rule.start);
    let mut diagnostic = make(Code::BrokenRule, broken.message.to_owned(), place, text).apart(rule);
    for read in broken.read.iter().filter(|read| read.value.origin.span != place) {
        diagnostic = diagnostic.label(read.value.origin.span, label(read));
    }
    diagnostic.label(broken.rule, format!("the rule of {}", broken.whose))
}
