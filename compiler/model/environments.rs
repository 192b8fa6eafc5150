//! Environments: their lines of ancestors, their merged fields, and which of them exist.

use super::{Environment, Identity, Platform, constants, errors, metadata, similar};
use crate::definition::literal::{self, Owner};
use crate::definition::{Definitions, EnvironmentDefinition, METADATA, shaping};
use crate::diagnostic::Diagnostics;
use crate::inheritance::{Meeting, Parent, line, merge};
use crate::path::Path;
use crate::schema::{self, Checked, Mode};
use crate::source::Sources;
use crate::subject::Subject;
use crate::value::{Map, Operator, Value};
use std::sync::Arc;

/// Resolves environments that are not abstract, in the order of [`Model::environments`](super::Model::environments).
pub(super) fn resolve(
    definitions: &Definitions,
    platform: &Platform,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Vec<Environment> {
    let all = &definitions.environments;
    let names: Vec<Arc<str>> = all.iter().map(|environment| Arc::clone(&environment.name.name)).collect();
    let parents: Vec<Vec<Parent>> = all
        .iter()
        .map(|environment| {
            let Some(parent) = &environment.parent else { return Vec::new() };
            match names.iter().position(|name| *name == parent.name) {
                Some(index) => vec![Parent { index, span: parent.span }],
                None => {
                    let known: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
                    diagnostics.push(errors::unknown_parent("environments", "environment", &environment.name.name, parent, &known, None));
                    Vec::new()
                }
            }
        })
        .collect();
    let (lines, _, faults) = line("environment", &names, &parents);
    for fault in faults {
        diagnostics.push(fault);
    }
    let mut result: Vec<Environment> = Vec::new();
    for (environment, line) in all.iter().zip(&lines) {
        let value = merged(environment, line, definitions, platform, sources, diagnostics);
        if !environment.is_abstract {
            result.push(Environment {
                name: Arc::clone(&environment.name.name),
                identity: Identity::of_environment(environment),
                line: line.iter().filter_map(|at| names.get(*at).cloned()).collect(),
                is_shared: value.get("shared").and_then(Value::as_bool) == Some(true),
                value,
                defined: environment.name.span,
            });
        }
    }
    let promotion = platform.value.get("promotion").and_then(Value::as_list).unwrap_or_default();
    for item in promotion {
        // What is no text is reported with the platform.
        let Some(name) = item.as_str() else { continue };
        if !result.iter().any(|environment| &*environment.name == name) {
            let known: Vec<&str> = result.iter().map(|environment| &*environment.name).collect();
            let is_abstract = all.iter().any(|environment| &*environment.name.name == name);
            diagnostics.push(errors::unknown_promotion(name, item.origin.span, &known, is_abstract));
        }
    }
    similar::check(definitions, platform, diagnostics);
    // A shared one comes before those that read it, whether or not anybody says so; files may come in any order.
    let rank = |environment: &Environment| match promotion.iter().position(|item| item.as_str() == Some(&environment.name)) {
        Some(at) => (1, at),
        None if environment.is_shared => (0, 0),
        None => (2, 0),
    };
    result.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.identity.text().cmp(b.identity.text())));
    if result.is_empty() {
        diagnostics.push(errors::no_environment(definitions.platform.as_ref().map(|platform| platform.span)));
    }
    result
}

fn merged(
    environment: &EnvironmentDefinition,
    line: &[usize],
    definitions: &Definitions,
    platform: &Platform,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Value {
    let type_ = &definitions.language.environment;
    let subject = Subject::definition(Path::of(["environments", &environment.name.name]));
    let mut value = type_.defaults(crate::origin::LayerId::COMPUTED);
    // Constants of the platform are those of all environments, and what it says of providers is a layer below theirs. What is wrong with
    // constants is said of the platform.
    for field in ["constants", "providers"] {
        let of_platform = platform.value.as_map().and_then(|map| map.entry(field)).filter(|entry| entry.value.as_map().is_some());
        let Some(entry) = of_platform else { continue };
        let layer = Value::map(vec![entry.clone()], entry.value.origin);
        value = Some(merge(value.as_ref(), &layer, Operator::Merge, Some(type_), &mut Meeting::new(&subject, diagnostics)));
    }
    for ancestor in line.iter().filter_map(|at| definitions.environments.get(*at)) {
        let mut meeting = Meeting::new(&subject, diagnostics);
        let body = if ancestor.name == environment.name { ancestor.body.clone() } else { handed_on(ancestor) };
        value = Some(merge(value.as_ref(), &body, Operator::Merge, Some(type_), &mut meeting));
    }
    let value = value.unwrap_or_else(|| environment.body.clone());
    let checked = Checked {
        kind: "environment",
        class: "",
        subject: Some(&subject),
        defined: Some(environment.name.span),
        beside: &shaping::OF_ENVIRONMENT,
        sources,
    };
    literal::check(Owner::Environment, &value, type_, diagnostics);
    schema::check(type_, &value, &checked, Mode::Complete, diagnostics);
    let flaws = value.get(METADATA).map(|metadata| metadata::flaws(metadata, "all objects of an environment"));
    flaws.into_iter().flatten().for_each(|flaw| diagnostics.push(flaw.about(subject.clone())));
    constants::settled(value)
}

/// What heirs of an environment get: neither what it is for, nor, unless it is only there to be inherited, how it is delivered and whether
/// others see it.
fn handed_on(environment: &EnvironmentDefinition) -> Value {
    let own: &[&str] = if environment.is_abstract { &["description"] } else { &["description", "argocd", "delivery", "shared"] };
    let entries = environment.body.as_map().map(Map::entries).unwrap_or_default();
    if !entries.iter().any(|entry| own.contains(&&*entry.key)) {
        return environment.body.clone();
    }
    Value::map(entries.iter().filter(|entry| !own.contains(&&*entry.key)).cloned().collect(), environment.body.origin)
}
