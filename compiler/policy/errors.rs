//! Wording of what can be wrong with policies, and with what they are about.

use super::PolicyContext;
use super::blame::{Blame, PolicyRead};
use super::cause::{Culprit, Finder, Via};
use super::judged::{Judged, JudgedObject, NamePattern, PolicyTarget};
use super::read::Policy;
use super::root::Start;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::Model;
use crate::name::{Kind, listed, nearest};
use crate::path::Path;
use crate::source::{Grammar, Sources};
use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};
use std::sync::Arc;

/// A policy that does not hold.
pub(super) struct Violation<'a> {
    pub(super) policy: &'a Policy,
    pub(super) subject: &'a Judged,
    pub(super) message: &'a str,
    pub(super) hint: Option<String>,
    pub(super) blame: &'a Blame,
}

pub(super) fn violated(violation: &Violation<'_>, context: PolicyContext<'_>, finder: Finder<'_, '_>) -> Diagnostic {
    let Violation { policy, subject, message, hint, blame } = violation;
    let entity = context.model.entity(subject.entity);
    let mut causes: Vec<(&PolicyRead, Culprit)> = blame.reads.iter().map(|read| (read, finder.cause(read))).collect();
    // What somebody wrote is easier to change than what nobody did; the field that the policy names stays first.
    let from = usize::from(policy.at.is_some()).min(causes.len());
    if let Some(rest) = causes.get_mut(from..) {
        rest.sort_by_key(|(_, cause)| !cause.is_written);
    }
    let make = match policy.severity {
        Severity::Error => Diagnostic::error,
        Severity::Warning => Diagnostic::warning,
    };
    // Where the assertion read nothing of the thing itself, the thing is what does not belong there.
    let first = causes.first().filter(|_| blame.reads.iter().any(|read| read.walk.root != Start::Other));
    let (place, label) = match first {
        Some((read, cause)) => (cause.span, state(read, cause)),
        None => (entity.defined, format!("this {}", entity.kind.words())),
    };
    let about = first.and_then(|(_, cause)| cause.field.clone()).unwrap_or_else(|| entity.subject());
    let skipped = usize::from(first.is_some());
    let mut diagnostic = make(Code::BrokenPolicy, (*message).to_owned(), place, label).apart(Arc::clone(&policy.name.name));
    let mut marked = vec![place];
    let mut mark = |diagnostic: Diagnostic, span: Span, text: String| {
        if marked.contains(&span) {
            return diagnostic;
        }
        marked.push(span);
        diagnostic.label(span, text)
    };
    let class = context.definitions.classes.get(entity.class.0 as usize).map_or("", |class| &class.full);
    for (at, (read, cause)) in causes.iter().enumerate() {
        if at >= skipped {
            diagnostic = mark(diagnostic, cause.span, state(read, cause));
        }
        for (name, span) in &cause.more {
            diagnostic = mark(diagnostic, *span, format!("`{name}` goes into it too"));
        }
        if let Some((span, via)) = cause.via {
            let text = match via {
                Via::Makes => format!("class `{class}` makes it here"),
                Via::Says => format!("class `{class}` says so here"),
                Via::Default => "the default".to_owned(),
                Via::Around => format!("it would stand in what class `{class}` makes here"),
            };
            diagnostic = mark(diagnostic, span, text);
        }
    }
    diagnostic = mark(diagnostic, blame.part, format!("policy `{}` asks for this", policy.name.name));
    diagnostic = diagnostic.about(about);
    if let Some(object) = note(subject, context.model) {
        diagnostic = diagnostic.note(object);
    }
    match hint {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic,
    }
}

/// What was found at a place that an assertion read.
fn state(read: &PolicyRead, cause: &Culprit) -> String {
    match &read.walk.value {
        None => format!("`{}` is not set", read.name),
        Some(_) if cause.is_secret => format!("`{}` is a secret", read.name),
        Some(value) => match (&cause.source, cause.is_written) {
            (Some(source), _) => format!("`{source}` goes into `{}`, which is {}", read.name, shown(value)),
            (None, true) => format!("`{}` is {}", read.name, shown(value)),
            (None, false) => format!("`{}` is {}, which nothing here sets", read.name, shown(value)),
        },
    }
}

/// A value in a few words.
pub(super) fn shown(value: &Value) -> String {
    match &value.data {
        Data::Null => "null".to_owned(),
        Data::Bool(bool) => bool.to_string(),
        Data::Int(int) => int.to_string(),
        Data::Float(float) => float.to_string(),
        Data::String(text) if text.chars().count() > 60 => format!("\"{}…\"", text.chars().take(59).collect::<String>()),
        Data::String(text) => format!("\"{text}\""),
        Data::List(list) if list.items().is_empty() => "an empty list".to_owned(),
        Data::List(list) => format!("a list of {}", list.items().len()),
        Data::Map(map) if map.entries().is_empty() => "an empty map".to_owned(),
        Data::Late(_) => "known only after Terraform has run".to_owned(),
        Data::Map(_) | Data::Template(_) | Data::Pending(_) | Data::Broken => value.describe().to_owned(),
    }
}

/// Which object was looked at.
fn note(subject: &Judged, model: &Model) -> Option<String> {
    let entity = model.entity(subject.entity);
    let text = |value: &Value, path: &[&str]| value.at(path).and_then(Value::as_str).unwrap_or("").to_owned();
    let by = format!("of {} `{}`", entity.kind.words(), entity.name);
    Some(match &subject.object {
        JudgedObject::Entity(_) => return None,
        JudgedObject::Manifest(object, _) => format!("the object is {} {by}", object.words()),
        JudgedObject::Chart(value) => format!("the object is chart `{}` {by}", text(value, &["chart"])),
        JudgedObject::Resource(type_, name, _) => format!("the object is resource `{type_}.{name}` {by}"),
    })
}

/// A policy that cannot be evaluated: what the expression's own report says, and for what.
pub(super) fn not_evaluated(fault: Diagnostic, model: &Model, policy: &Policy, subject: &Judged) -> Diagnostic {
    let entity = model.entity(subject.entity);
    let mut fault = fault.about(entity.subject());
    let elsewhere = fault.primary.as_ref().is_none_or(|label| label.span.file != policy.whole.file);
    if elsewhere {
        fault = fault.label(policy.name.span, "needed by this policy");
    }
    fault = fault.note(format!("policy `{}` could not be checked", policy.name.name));
    if fault.code == Code::LateValueMisplaced {
        fault = fault.hint("ask only whether it is set: `has(…)`");
    }
    let is_object = subject.value().is_some();
    if is_object && [Code::UnknownField, Code::NoSuchKey, Code::AbsentValue].contains(&fault.code) {
        fault = fault.note("for what not every object has there is `has(…)`, also in `when`");
    }
    match note(subject, model) {
        Some(note) => fault.note(note),
        None => fault,
    }
}

pub(super) fn not_bool(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(Code::WrongType, format!("a condition must be true or false, found {found}"), span, "this condition")
        .hint("compare it: `… == …`, or test it: `has(…)`, `size(…) > 0`")
}

pub(super) fn not_one_expression(field: &str, value: &Value, sources: &Sources) -> Diagnostic {
    let span = value.origin.span;
    let diagnostic = Diagnostic::error(
        Code::WrongType,
        format!("`{field}` of a policy must be one expression"),
        span,
        "expected `${…}` and nothing else",
    );
    let text = value.as_str().unwrap_or("");
    let source = sources.text(span);
    // Text that stands there as it is can stand in braces as it is.
    if !text.is_empty() && source.contains(text) && !text.contains('\n') {
        return diagnostic.hint(format!("write `${{{text}}}`")).replace(span, source.replacen(text, &format!("${{{text}}}"), 1));
    }
    diagnostic.hint("join conditions inside of one `${…}` with `&&` and `||`")
}

pub(super) fn misplaced_operator(entry: &Entry) -> Diagnostic {
    let message = format!("`{}` of a policy takes no operator", entry.key);
    Diagnostic::error(Code::MisplacedOperator, message, entry.span, "policies are not merged")
        .hint(format!("write `{}`", entry.key))
        .replace(entry.span, &*entry.key)
}

/// `{ kind: Deployment }` as the file at hand writes it.
fn spelled(sources: &Sources, span: Span, key: &str, value: &str) -> String {
    match sources.get(span.file).map(|source| source.grammar) {
        Some(Grammar::Toml) => format!("{{ {key} = \"{value}\" }}"),
        Some(Grammar::Yaml | Grammar::Json | Grammar::Plain | Grammar::Argument) | None => format!("{{ {key}: {value} }}"),
    }
}

pub(super) fn unknown_target(name: &str, span: Span, sources: &Sources) -> Diagnostic {
    let kinds = Kind::ALL.map(Kind::singular);
    let message = format!("`{name}` is nothing that a policy can be about");
    let diagnostic = Diagnostic::error(Code::UnknownKind, message, span, "not a kind");
    if let Some(near) = nearest(name, kinds) {
        return diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near);
    }
    // Kinds of Kubernetes are written in capitals, types of Terraform with their provider in front.
    let key = match (name.starts_with(|char: char| char.is_ascii_uppercase()), name.contains('_')) {
        (true, _) => "kind",
        (false, true) => "resource",
        (false, false) => {
            let objects = spelled(sources, span, "kind", "Deployment");
            return diagnostic.hint(format!("the kinds are {}; objects are named by a map such as `{objects}`", listed(kinds)));
        }
    };
    let written = spelled(sources, span, key, name);
    diagnostic.hint(format!("write `{written}` for emitted objects")).replace(span, written)
}

pub(super) fn target_shape(value: &Value, sources: &Sources) -> Diagnostic {
    let span = value.origin.span;
    let message = format!("`for` of a policy takes a kind or a map, found {}", value.describe());
    let objects = spelled(sources, span, "kind", "Deployment");
    Diagnostic::error(Code::WrongType, message, span, "what is the policy about?")
        .hint(format!("write a kind such as `cluster`, or name emitted objects: `{objects}`"))
}

pub(super) fn unknown_selector(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownField, format!("`for` has no field `{name}`"), span, "not a way to name objects");
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None => diagnostic.hint(format!("its fields are {}", listed(known.iter().copied()))),
    }
}

pub(super) fn selectors_mixed(map: &Map, span: Span, sources: &Sources) -> Diagnostic {
    let hint = if map.entry("apiVersion").is_some() && map.entries().len() == 1 {
        "name the `kind` as well; `\"*\"` stands for every kind".to_owned()
    } else {
        let one = |key: &str, value: &str| spelled(sources, span, key, value);
        format!(
            "write `{}`, with `apiVersion` if it matters, `{}` or `{}`",
            one("kind", "Deployment"),
            one("resource", "aws_eks_cluster"),
            one("chart", "ingress-nginx")
        )
    };
    Diagnostic::error(Code::WrongType, "`for` names no objects, or objects of several sorts", span, "expected one sort of objects")
        .hint(hint)
}

pub(super) fn selector_names(field: &str, value: &Value) -> Diagnostic {
    let message = format!("`{field}` takes a name or a list of names, found {}", value.describe());
    Diagnostic::error(Code::WrongType, message, value.origin.span, "expected names; `*` in a name stands for any text")
}

pub(super) fn unknown_environment(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownEnvironment, format!("there is no environment `{name}`"), span, "no such environment")
        .misses(Path::of(["environments", name]));
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None if known.is_empty() => diagnostic,
        None => diagnostic.hint(format!("the environments are {}", listed(known.iter().copied()))),
    }
}

pub(super) fn unmatched(policy: &Policy, pattern: &NamePattern, near: &str) -> Diagnostic {
    let message = format!("policy `{}` is about nothing here", policy.name.name);
    let label = match &policy.target {
        PolicyTarget::Manifest { versions, .. } if versions.iter().any(|version| version.span == pattern.span) => {
            "objects of this kind have another version"
        }
        PolicyTarget::Manifest { .. } => "nothing makes such an object",
        PolicyTarget::Resource(_) => "nothing makes such a resource",
        PolicyTarget::Chart(_) => "nothing installs such a chart",
        PolicyTarget::Entity(_) => "there is none",
    };
    Diagnostic::warning(Code::UnmatchedPolicy, message, pattern.span, label)
        .hint(format!("did you mean `{near}`?"))
        .replace(pattern.span, near)
}
