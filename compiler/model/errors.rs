//! Wording of what can be wrong with the resolved platform.

use super::Entity;
use crate::code::Code;
use crate::definition::{Class, Definition, Definitions, Named};
use crate::diagnostic::Diagnostic;
use crate::name::{Kind, listed, nearest};
use crate::span::Span;
use crate::value::{Data, Value};

fn suggest(diagnostic: Diagnostic, name: &str, span: Span, what: &str, known: &[&str]) -> Diagnostic {
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None if known.is_empty() => diagnostic,
        None => diagnostic.hint(format!("{what} are {}", listed(known.iter().copied()))),
    }
}

pub(super) fn no_platform() -> Diagnostic {
    Diagnostic::general(Code::MissingPlatform, "no source defines `platform`")
        .hint("write `platform:` with `name` and `domain` in `platform.yaml` at the root of the project")
}

pub(super) fn output_outside(output: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::UnsafePath,
        format!("the output directory `{output}` is not below the project"),
        span,
        "must be a relative path",
    )
    .hint("write a plain relative path such as `dist`")
}

pub(super) fn unknown_parent(what: &str, name: &str, parent: &Named, known: &[&str], elsewhere: Option<&Definition>) -> Diagnostic {
    let message = format!("{what} `{name}` inherits from `{}`, which does not exist", parent.name);
    let diagnostic = Diagnostic::error(Code::UnknownParent, message, parent.span, format!("no {what} has this name"));
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

pub(super) fn unknown_promotion(name: &str, span: Span, known: &[&str], is_abstract: bool) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownEnvironment, format!("there is no environment `{name}`"), span, "no such environment");
    if is_abstract {
        return diagnostic.note(format!("`{name}` is abstract, so no change ever reaches it")).hint("remove it from `promotion`");
    }
    suggest(diagnostic, name, span, "the environments", known)
}

pub(super) fn no_environment(platform: Option<Span>) -> Diagnostic {
    let message = "the platform has no environment";
    let diagnostic = match platform {
        Some(span) => Diagnostic::error(Code::NoEnvironment, message, span, "this platform"),
        None => Diagnostic::general(Code::NoEnvironment, message),
    };
    diagnostic.hint("write `environments: { apps: {} }`; one that is only abstract does not count")
}

pub(super) fn environment_with_expression(name: &Named) -> Diagnostic {
    Diagnostic::error(
        Code::NotLiteral,
        format!("environment `{}` holds an expression", name.name),
        name.span,
        "in a field of this environment",
    )
    .hint("environments are resolved before anything that an expression could read, so write the value itself")
}

pub(super) fn unknown_environment(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownEnvironment, format!("there is no environment `{name}`"), span, "no such environment");
    suggest(diagnostic, name, span, "the environments", known)
}

pub(super) fn unknown_cluster(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownCluster, format!("there is no cluster `{name}`"), span, "no such cluster");
    suggest(diagnostic, name, span, "the clusters", known)
}

pub(super) fn unknown_tenant(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownTenant, format!("there is no tenant `{name}`"), span, "no such tenant");
    suggest(diagnostic, name, span, "the tenants", known)
}

pub(super) fn not_literal(field: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::NotLiteral, format!("`{field}` takes names without expressions"), span, "expected plain names")
        .hint("it decides what exists, which must be known before expressions are evaluated")
}

pub(super) fn bad_placement(span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadPlacement, "this is not a placement", span, "expected names, `all` or a label selector")
        .hint("write `placement: [gc0]`, `placement: all` or `placement: { matchLabels: { tier: edge } }`")
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
    suggest(Diagnostic::error(Code::UnknownClass, message, named.span, label), &named.name, named.span, "the classes of this kind", &known)
}

fn classes(kind: Kind, definitions: &Definitions) -> Vec<&str> {
    let of_kind = definitions.classes.iter().filter(|class| class.kind == kind && !class.is_abstract);
    of_kind.map(|class| &*class.name.name).collect()
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
    let diagnostic = Diagnostic::error(Code::MissingClass, message, name.span, format!("this {}", kind.words()));
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

pub(super) fn outcome_too_large(span: Span, limit: usize) -> Diagnostic {
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
    pub(super) read: &'a [(String, Value)],
    pub(super) named: Option<&'a Value>,
    pub(super) defined: Span,
    pub(super) rule: Span,
    pub(super) class: &'a str,
}

pub(super) fn broken_rule(broken: &Broken<'_>, warning: bool) -> Diagnostic {
    let shown = |value: &Value| match &value.data {
        Data::Null => "null".to_owned(),
        Data::Bool(bool) => bool.to_string(),
        Data::Int(int) => int.to_string(),
        Data::Float(float) => float.to_string(),
        Data::String(text) => format!("\"{text}\""),
        Data::List(list) => format!("a list of {}", list.items().len()),
        Data::Map(_) | Data::Template(_) | Data::Late(_) => value.describe().to_owned(),
    };
    let (place, label) = match (broken.read.first(), broken.named) {
        (_, Some(value)) => (value.origin.span, format!("this is {}", shown(value))),
        (Some((name, value)), None) => (value.origin.span, format!("`{name}` is {}", shown(value))),
        (None, None) => (broken.defined, String::new()),
    };
    let make = if warning { Diagnostic::warning } else { Diagnostic::error };
    let mut diagnostic = make(Code::BrokenRule, broken.message.to_owned(), place, label);
    for (name, value) in broken.read.iter().filter(|(_, value)| value.origin.span != place) {
        diagnostic = diagnostic.label(value.origin.span, format!("`{name}` is {}", shown(value)));
    }
    diagnostic.label(broken.rule, format!("the rule of class `{}`", broken.class))
}

pub(super) fn clusters_collide(full: &str, first: &Entity, second: &Entity) -> Diagnostic {
    // Without the environment in the message, the same collision in all of them is one report.
    let message = format!("clusters `{}` and `{}` get the same full name", first.name, second.name);
    Diagnostic::error(Code::NameCollision, message, second.defined, format!("`{}` is `{full}`", second.path))
        .label(first.defined, format!("`{}` is `{full}` too", first.path))
        .path(second.path.to_string())
        .hint("give one of them another `prefix`")
}

pub(super) fn label_too_long(cluster: &Entity, label: &str) -> Diagnostic {
    let message = format!("`{label}` has {} characters, a DNS label takes 63", label.len());
    Diagnostic::error(Code::NameTooLong, message, cluster.defined, "part of this cluster's domain name")
        .path(cluster.path.to_string())
        .hint("shorten the `prefix`, the environment's name or the platform's `domain`")
}

pub(super) fn label_invalid(cluster: &Entity, label: &str) -> Diagnostic {
    let message = format!("`{label}` is not a DNS label");
    Diagnostic::error(Code::InvalidName, message, cluster.defined, "part of this cluster's domain name")
        .path(cluster.path.to_string())
        .hint("use lower-case letters, digits and dashes in `prefix`, `region` and the platform's `domain` and `naming`")
}

pub(super) fn fqdn_too_long(cluster: &Entity, fqdn: &str) -> Diagnostic {
    let message = format!("the domain name `{fqdn}` has {} characters, DNS takes 253", fqdn.len());
    Diagnostic::error(Code::NameTooLong, message, cluster.defined, "this cluster's domain name").path(cluster.path.to_string())
}
