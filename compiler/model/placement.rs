//! Where things are: environments by `onlyIn` and `notIn`, clusters by `placement`.

use super::errors;
use crate::definition::Definitions;
use crate::diagnostic::Diagnostics;
use crate::name::Kind;
use crate::span::Span;
use crate::value::{Data, Map, Value};

/// Whether a thing with these merged fields exists in an environment.
pub(super) fn in_environment(value: &Value, environment: &str, definitions: &Definitions, diagnostics: &mut Diagnostics) -> bool {
    let mut listed = |field: &str| -> Option<bool> {
        let value = value.get(field)?;
        let mut found = false;
        for item in value.as_list().unwrap_or_default() {
            match item.as_str() {
                Some(name) if definitions.environment(name).is_some() => found |= name == environment,
                Some(name) => {
                    let known: Vec<&str> = definitions.environments.iter().map(|environment| &*environment.name.name).collect();
                    diagnostics.push(errors::unknown_environment(name, item.origin.span, &known));
                }
                None if item.is_dynamic() => {}
                None => diagnostics.push(errors::not_names(field, item.origin.span)),
            }
        }
        if !matches!(value.data, Data::List(_) | Data::Template(_) | Data::Pending(_)) {
            diagnostics.push(errors::not_names(field, value.origin.span));
        }
        Some(found)
    };
    let only = listed("onlyIn");
    let not = listed("notIn");
    if let (Some(only), Some(not)) = (value.get("onlyIn"), value.get("notIn")) {
        let names = |value: &Value| -> Vec<Value> { value.as_list().unwrap_or_default().to_vec() };
        for item in names(not) {
            if let Some(wanted) = names(only).iter().find(|wanted| wanted.as_str().is_some() && wanted.as_str() == item.as_str()) {
                diagnostics.push(errors::in_and_not_in(wanted, &item));
            }
        }
    }
    only != Some(false) && not != Some(true)
}

/// Whether a thing with these merged fields names an environment, as it must to be in one that is shared.
pub(super) fn names_environment(value: &Value, environment: &str) -> bool {
    let only = value.get("onlyIn").and_then(Value::as_list).unwrap_or_default();
    only.iter().any(|name| name.as_str() == Some(environment))
}

/// Whether a placement names a cluster: `all` and selectors name none.
pub(super) fn names_cluster(value: &Value, cluster: &str) -> bool {
    let Some(placement) = value.get("placement") else { return false };
    let items = placement.as_list().unwrap_or(std::slice::from_ref(placement));
    items.iter().any(|name| name.as_str() == Some(cluster))
}

/// Whether a thing with these merged fields is on a cluster with these labels.
pub(super) fn on_cluster(
    value: &Value,
    cluster: &str,
    labels: Option<&Value>,
    definitions: &Definitions,
    diagnostics: &mut Diagnostics,
) -> bool {
    let Some(placement) = value.get("placement") else { return true };
    if placement.is_dynamic() {
        return false;
    }
    let named = |value: &Value, diagnostics: &mut Diagnostics| match value.as_str() {
        Some("all") => true,
        Some(name) if definitions.definition(Kind::Cluster, name).is_some() => name == cluster,
        Some(name) => {
            let known: Vec<&str> = definitions.of_kind(Kind::Cluster).map(|cluster| &*cluster.name.name).collect();
            diagnostics.push(errors::unknown_cluster(name, value.origin.span, &known));
            false
        }
        None => {
            diagnostics.push(errors::bad_placement(value.origin.span));
            false
        }
    };
    match &placement.data {
        Data::String(_) => named(placement, diagnostics),
        Data::List(list) => {
            let mut found = false;
            for item in list.items() {
                found |= named(item, diagnostics);
            }
            found
        }
        Data::Map(map) => selected(map, labels, diagnostics),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => {
            diagnostics.push(errors::bad_placement(placement.origin.span));
            false
        }
    }
}

/// How much there is to compare with each cluster.
pub(super) fn size(value: &Value) -> usize {
    value.get("placement").map_or(1, Value::weight)
}

/// A label selector in Kubernetes form: `matchLabels` and `matchExpressions`, all of which must hold.
fn selected(selector: &Map, labels: Option<&Value>, diagnostics: &mut Diagnostics) -> bool {
    if let Some(labels) = labels.filter(|labels| labels.is_dynamic()) {
        // What such a label says is not known yet.
        for wanted in keys(selector) {
            let told = if labels.as_map().is_some() { labels.get(wanted.key) } else { Some(labels) };
            if let Some(label) = told.filter(|label| label.is_dynamic()) {
                diagnostics.push(errors::label_with_expression(wanted.key, label.origin.span, wanted.span));
                return false;
            }
        }
    }
    let label = |key: &str| labels.and_then(|labels| labels.get(key)).and_then(Value::as_str);
    let mut fits = true;
    for entry in selector.entries() {
        match (&*entry.key, &entry.value.data) {
            ("matchLabels", Data::Map(wanted)) => {
                fits &=
                    wanted.entries().iter().all(|wanted| wanted.value.as_str().is_some() && label(&wanted.key) == wanted.value.as_str());
            }
            ("matchExpressions", Data::List(list)) => {
                for item in list.items() {
                    let key = item.get("key").and_then(Value::as_str);
                    let operator = item.get("operator").and_then(Value::as_str);
                    let (Some(key), Some(operator)) = (key, operator) else {
                        diagnostics.push(errors::bad_placement(item.origin.span));
                        return false;
                    };
                    let values: Vec<&str> =
                        item.get("values").and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_str).collect();
                    fits &= match operator {
                        "In" => label(key).is_some_and(|label| values.contains(&label)),
                        "NotIn" => label(key).is_none_or(|label| !values.contains(&label)),
                        "Exists" => label(key).is_some(),
                        "DoesNotExist" => label(key).is_none(),
                        _ => {
                            diagnostics.push(errors::bad_placement(item.origin.span));
                            false
                        }
                    };
                }
            }
            _ => {
                diagnostics.push(errors::bad_placement(entry.span));
                return false;
            }
        }
    }
    fits
}

/// A label that a selector asks for, and where.
struct AskedLabel<'a> {
    key: &'a str,
    span: Span,
}

fn keys(selector: &Map) -> Vec<AskedLabel<'_>> {
    let equal = selector.get("matchLabels").and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    let expressions = selector.get("matchExpressions").and_then(Value::as_list).unwrap_or_default();
    let equal = equal.iter().map(|entry| AskedLabel { key: &entry.key, span: entry.span });
    let named = expressions.iter().filter_map(|item| item.get("key"));
    equal.chain(named.filter_map(|key| Some(AskedLabel { key: key.as_str()?, span: key.origin.span }))).collect()
}
