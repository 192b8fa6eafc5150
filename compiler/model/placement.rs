//! Where things are: environments by `onlyIn` and `notIn`, clusters by `placement`. In come merged fields, out comes whether the thing is
//! there. What an expression decides is decided in `existence`, which asks here once it is known.

use super::{Identity, Model, errors};
use crate::definition::{Definition, Definitions};
use crate::diagnostic::Diagnostics;
use crate::name::Kind;
use crate::value::{Data, Entry, Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Whether a thing with these merged fields exists in an environment.
pub(super) fn in_environment(value: &Value, environment: &str, definitions: &Definitions, diagnostics: &mut Diagnostics) -> bool {
    let mut listed = |field: &str| -> Option<bool> {
        let value = value.get(field)?;
        let mut found = false;
        for item in value.as_list().unwrap_or_default() {
            match item.as_str() {
                Some(name) => match definitions.environment(name) {
                    Some(known) if known.is_abstract => diagnostics.push(errors::never_in(name, item.origin.span)),
                    Some(_) => found |= name == environment,
                    None => {
                        let real = definitions.environments.iter().filter(|environment| !environment.is_abstract);
                        let known: Vec<&str> = real.map(|environment| &*environment.name.name).collect();
                        diagnostics.push(errors::unknown_environment(name, item.origin.span, &known));
                    }
                },
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
pub(super) fn names_cluster(placement: &Value, cluster: &str) -> bool {
    let items = placement.as_list().unwrap_or(std::slice::from_ref(placement));
    items.iter().any(|name| name.as_str() == Some(cluster))
}

/// Whether expressions decide if a placement holds on a cluster with these labels.
pub(super) fn waits(placement: &Value, labels: Option<&Value>) -> bool {
    let is_open = |key: &str| labels.is_some_and(|labels| labels.get(key).unwrap_or(labels).is_dynamic());
    let asks = || placement.as_map().is_some_and(|selector| keys(selector).any(is_open));
    placement.is_dynamic() || asks()
}

/// How a placement came to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum PlacementText {
    /// It stands in a source, where names are written.
    Written,
    /// An expression has a part in it, and what that read of a cluster may be its identity.
    Made,
}

/// Whether a placement without expressions holds on a cluster with these labels.
pub(super) fn on_cluster(
    (placement, text): (&Value, PlacementText),
    cluster: &str,
    labels: Option<&Value>,
    definitions: &Definitions,
    diagnostics: &mut Diagnostics,
) -> bool {
    let named = |value: &Value, diagnostics: &mut Diagnostics| match value.as_str() {
        Some("all") => true,
        Some(name) => {
            let called = |known: &&Definition| *known.name.name != *name && **Identity::of(known).text() == *name;
            let called = definitions.of_kind(Kind::Cluster).find(called).filter(|_| text == PlacementText::Made);
            match (definitions.definition(Kind::Cluster, name), called) {
                (Some(known), None) if known.is_abstract => {
                    diagnostics.push(errors::abstract_cluster(name, value.origin.span, &heirs(name, definitions)));
                    return false;
                }
                (Some(_), None) => return name == cluster,
                (None, Some(called)) => return *called.name.name == *cluster,
                (Some(named), Some(called)) => {
                    diagnostics.push(errors::ambiguous_cluster(name, value.origin.span, named, called));
                    return false;
                }
                (None, None) => {}
            }
            let known: Vec<&str> = definitions.clusters().collect();
            diagnostics.push(errors::unknown_cluster(name, value.origin.span, &known));
            false
        }
        None => {
            if !matches!(value.data, Data::Broken) {
                diagnostics.push(errors::bad_placement(value.origin.span));
            }
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
        // Why is told already.
        Data::Broken => false,
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Template(_) | Data::Pending(_) | Data::Late(_) => {
            diagnostics.push(errors::bad_placement(placement.origin.span));
            false
        }
    }
}

/// The clusters that inherit from one and are not abstract themselves.
fn heirs<'a>(name: &str, definitions: &'a Definitions) -> Vec<&'a str> {
    let mut line = BTreeSet::from([name]);
    let mut clusters: Vec<&Definition> = definitions.of_kind(Kind::Cluster).collect();
    loop {
        let before = line.len();
        clusters.retain(|cluster| {
            let is_heir = cluster.parents.iter().any(|parent| line.contains(&*parent.name));
            !(is_heir && cluster.is_abstract && line.insert(&cluster.name.name))
        });
        if line.len() == before {
            break;
        }
    }
    let is_heir = |cluster: &&Definition| !cluster.is_abstract && cluster.parents.iter().any(|parent| line.contains(&*parent.name));
    clusters.into_iter().filter(is_heir).map(|cluster| &*cluster.name.name).collect()
}

/// How much there is to compare with each cluster.
pub(super) fn size(value: &Value) -> usize {
    value.get("placement").map_or(1, Value::weight)
}

/// A label selector in Kubernetes form: `matchLabels` and `matchExpressions`, all of which must hold.
fn selected(selector: &Map, labels: Option<&Value>, diagnostics: &mut Diagnostics) -> bool {
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

/// The labels that clusters have, as far as they are known before anything is evaluated.
pub(super) fn labels_in_use(model: &Model) -> BTreeSet<(Arc<str>, Arc<str>)> {
    let clusters = model.entities.iter().filter(|entity| entity.kind == Kind::Cluster);
    let entries = clusters.flat_map(|cluster| cluster.value.get("labels").and_then(Value::as_map).map(Map::entries).unwrap_or_default());
    let label = |entry: &Entry| Some((Arc::clone(&entry.key), Arc::from(entry.value.as_str()?)));
    entries.filter_map(label).collect()
}

/// The labels that a selector asks for.
pub(super) fn keys(selector: &Map) -> impl Iterator<Item = &str> {
    let equal = selector.get("matchLabels").and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    let expressions = selector.get("matchExpressions").and_then(Value::as_list).unwrap_or_default();
    let named = expressions.iter().filter_map(|item| item.get("key")?.as_str());
    equal.iter().map(|entry| &*entry.key).chain(named)
}
