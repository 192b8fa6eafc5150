//! Policies as written: their fields checked, taken out and told apart. What is wrong with one is reported, whether or not anything is
//! there for it to be about.

use super::judged::{NamePattern, PolicyTarget};
use super::lets::{Let, Lets};
use super::written::Written;
use super::{PolicyContext, errors};
use crate::definition::Named;
use crate::definition::literal::{self, Owner};
use crate::diagnostic::{Diagnostics, Severity};
use crate::expression::{Target, Template, Ty};
use crate::name::Kind;
use crate::origin::{LayerId, Origin};
use crate::path::Path;
use crate::schema::{self, Checked, Mode};
use crate::span::Span;
use crate::subject::Subject;
use crate::value::{Data, Entry, Map, Operator, Value};
use std::sync::Arc;

/// A policy that can be checked.
pub(super) struct Policy {
    pub(super) name: Named,
    /// Whether a class brings it, for projects that it knows nothing of.
    pub(super) is_of_class: bool,
    /// Everything the policy says, in the source.
    pub(super) whole: Span,
    pub(super) target: PolicyTarget,
    /// What it names for itself.
    pub(super) lets: Lets,
    pub(super) when: Option<Arc<Template>>,
    pub(super) assert: Arc<Template>,
    pub(super) message: Value,
    pub(super) hint: Option<Value>,
    pub(super) at: Option<Path>,
    pub(super) severity: Severity,
    only_in: Option<Vec<Arc<str>>>,
    not_in: Vec<Arc<str>>,
}

impl Policy {
    /// Whether the policy holds in an environment.
    pub(super) fn holds_in(&self, environment: &str) -> bool {
        let named = |names: &[Arc<str>]| names.iter().any(|name| &**name == environment);
        self.only_in.as_deref().is_none_or(named) && !named(&self.not_in)
    }
}

/// The name by which the expressions of a policy see its named ones.
pub(super) const LET: &str = "let";

/// The origin of what a policy computes.
pub(super) fn origin(span: Span) -> Origin {
    Origin { span, layer: LayerId::COMPUTED }
}

/// Reads a policy; none if something is wrong with it, or if it is about nothing here.
pub(super) fn policy(written: &Written<'_>, context: PolicyContext<'_>, diagnostics: &mut Diagnostics) -> Option<Policy> {
    let (policy, wrong) = diagnostics.watch(|diagnostics| parts(written, context, diagnostics));
    policy.filter(|_| !wrong && written.holds)
}

fn parts(written: &Written<'_>, context: PolicyContext<'_>, diagnostics: &mut Diagnostics) -> Option<Policy> {
    let entry = written.entry;
    let subject = Subject::definition(written.path.clone());
    let checked =
        Checked { kind: "policy", class: "", subject: Some(&subject), defined: Some(entry.span), beside: &[], sources: context.sources };
    schema::check(&context.definitions.language.policy, &entry.value, &checked, Mode::Complete, diagnostics);
    let value = &entry.value;
    for field in value.as_map().map(Map::entries).unwrap_or_default() {
        if field.operator != Operator::Merge {
            diagnostics.push(errors::misplaced_operator(field));
        }
    }
    literal::check(Owner::Policy, value, &context.definitions.language.policy, diagnostics);
    let target = value.get("for").filter(|value| !value.is_dynamic()).and_then(|value| target(value, context, diagnostics));
    let mut broken = false;
    let mut lets = Lets::default();
    let named = value.get(LET).and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    for entry in named {
        let found = match entry.value.as_str() {
            Some(text) => Some(Let::Text(text.into())),
            None => one_expression(&format!("{LET}.{}", entry.key), &entry.value, context, &mut broken, diagnostics).map(Let::Expression),
        };
        found.into_iter().for_each(|found| lets.add(&entry.key, found));
    }
    let when = expression(value, "when", context, &mut broken, diagnostics);
    let assert = expression(value, "assert", context, &mut broken, diagnostics);
    let environments = |field: &str, diagnostics: &mut Diagnostics| environments(value.get(field), context, diagnostics);
    if let Some(target) = &target {
        let kind = if let PolicyTarget::Entity(kind) = target { Some(*kind) } else { None };
        let mut scope = context.definitions.policy_scope(kind);
        let mut known = Vec::new();
        // Of one that is wrong, which is told, nobody knows what it is.
        let of_let = |known: &[(Arc<str>, Ty)]| if lets.len() < named.len() { Ty::Dyn } else { Ty::record(known.to_vec()) };
        scope.names.extend((!named.is_empty()).then(|| (LET.into(), of_let(&known))));
        for (name, found) in lets.iter() {
            let type_ = match found {
                Let::Expression(template) => template.check(&scope, Target::Plain, diagnostics),
                Let::Text(_) => Ty::String,
            };
            known.push((Arc::clone(name), type_));
            scope.names.pop();
            scope.names.push((LET.into(), of_let(&known)));
        }
        for condition in when.iter().chain(&assert) {
            let type_ = condition.check(&scope, Target::Plain, diagnostics);
            if !matches!(type_, Ty::Bool | Ty::Dyn | Ty::Unknown) {
                diagnostics.push(errors::not_bool(condition.span, type_.describe()));
            }
        }
        for text in ["message", "hint"].into_iter().filter_map(|field| value.get(field)) {
            if let Data::Template(template) = &text.data {
                template.check(&scope, Target::Plain, diagnostics);
            }
        }
    }
    let only_in = environments("onlyIn", diagnostics);
    let not_in = environments("notIn", diagnostics).unwrap_or_default();
    if broken {
        return None;
    }
    Some(Policy {
        name: Named { name: Arc::clone(&entry.key), span: entry.span },
        is_of_class: written.is_of_class,
        whole: entry.span.join(value.origin.span),
        target: target?,
        lets,
        when,
        assert: assert?,
        message: value.get("message")?.clone(),
        hint: value.get("hint").cloned(),
        at: value.get("at").and_then(Value::as_str).and_then(|at| at.parse().ok()),
        severity: if value.get("severity").and_then(Value::as_str) == Some("warning") { Severity::Warning } else { Severity::Error },
        only_in,
        not_in,
    })
}

/// A field that holds one expression and nothing else.
fn expression(
    policy: &Value,
    field: &str,
    context: PolicyContext<'_>,
    broken: &mut bool,
    diagnostics: &mut Diagnostics,
) -> Option<Arc<Template>> {
    one_expression(field, policy.get(field)?, context, broken, diagnostics)
}

/// One expression and nothing else.
fn one_expression(
    field: &str,
    value: &Value,
    context: PolicyContext<'_>,
    broken: &mut bool,
    diagnostics: &mut Diagnostics,
) -> Option<Arc<Template>> {
    match &value.data {
        // A faulty expression was reported when it was read.
        Data::Template(template) if template.is_broken() => {
            *broken = true;
            None
        }
        Data::Template(template) if template.single().is_some() => Some(Arc::clone(template)),
        Data::Template(_) | Data::Pending(_) | Data::String(_) => {
            diagnostics.push(errors::not_one_expression(field, value, context.sources));
            None
        }
        // What is no text at all was reported when the fields were checked.
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::List(_) | Data::Map(_) | Data::Late(_) | Data::Broken => None,
    }
}

/// Names of environments, each of which must exist.
fn environments(value: Option<&Value>, context: PolicyContext<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<Arc<str>>> {
    let known: Vec<&str> = context.definitions.environments.iter().map(|environment| &*environment.name.name).collect();
    let items = value?.as_list()?;
    let names = items.iter().filter_map(|item| {
        let name = item.as_str()?;
        if !known.contains(&name) {
            diagnostics.push(errors::unknown_environment(name, item.origin.span, &known));
        }
        Some(Arc::from(name))
    });
    Some(names.collect())
}

/// What a policy is about.
fn target(value: &Value, context: PolicyContext<'_>, diagnostics: &mut Diagnostics) -> Option<PolicyTarget> {
    match &value.data {
        Data::String(name) => match Kind::from_singular(name) {
            Some(kind) => Some(PolicyTarget::Entity(kind)),
            None => {
                diagnostics.push(errors::unknown_target(name, value.origin.span, context.sources));
                None
            }
        },
        Data::Map(map) => selector(map, value.origin.span, context, diagnostics),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::List(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => {
            diagnostics.push(errors::target_shape(value, context.sources));
            None
        }
    }
}

fn selector(map: &Map, span: Span, context: PolicyContext<'_>, diagnostics: &mut Diagnostics) -> Option<PolicyTarget> {
    const SELECTORS: [&str; 4] = ["kind", "apiVersion", "resource", "chart"];
    let mut strange = false;
    for entry in map.entries() {
        if entry.operator != Operator::Merge {
            diagnostics.push(errors::misplaced_operator(entry));
            strange = true;
        } else if !SELECTORS.contains(&&*entry.key) {
            diagnostics.push(errors::unknown_selector(&entry.key, entry.span, &SELECTORS));
            strange = true;
        }
    }
    if strange {
        return None;
    }
    let mut patterns = |field: &str| map.entry(field).map(|entry| patterns(entry, diagnostics));
    let (kinds, versions, resources, charts) = (patterns("kind"), patterns("apiVersion"), patterns("resource"), patterns("chart"));
    match (kinds, versions, resources, charts) {
        (Some(kinds), versions, None, None) => {
            Some(PolicyTarget::Manifest { kinds: kinds?, versions: versions.unwrap_or(Some(Vec::new()))? })
        }
        (None, None, Some(resources), None) => Some(PolicyTarget::Resource(resources?)),
        (None, None, None, Some(charts)) => Some(PolicyTarget::Chart(charts?)),
        _ => {
            diagnostics.push(errors::selectors_mixed(map, span, context.sources));
            None
        }
    }
}

/// One name or a list of names, with stars for any text.
fn patterns(entry: &Entry, diagnostics: &mut Diagnostics) -> Option<Vec<NamePattern>> {
    let one = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(|text| NamePattern::new(text, value.origin.span));
    let found = match &entry.value.data {
        Data::List(list) if !list.items().is_empty() => list.items().iter().map(one).collect(),
        Data::String(_) => one(&entry.value).map(|pattern| vec![pattern]),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::List(_)
        | Data::Map(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => None,
    };
    if found.is_none() {
        diagnostics.push(errors::selector_names(&entry.key, &entry.value));
    }
    found
}
