//! Who is to blame for a field that is missing: the line that removes it; and one report where several environments miss it for one reason.

use super::{Entity, Model, errors};
use crate::code::Code;
use crate::definition::{Definition, Definitions};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::name::Kind;
use crate::span::Span;
use crate::value::{Operator, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The diagnostic of a missing field at the place that removes it, if a layer of the entity or of its ancestors does.
pub(super) fn remover(definitions: &Definitions, model: &Model, entity: &Entity, fault: Diagnostic) -> Diagnostic {
    if fault.code != Code::MissingField {
        return fault;
    }
    let field = fault.path.as_deref().and_then(|path| path.strip_prefix(&*entity.path)).and_then(|path| path.strip_prefix('.'));
    let Some(field) = field.filter(|field| !field.contains('[')) else { return fault };
    let field = field.to_owned();
    let steps: Vec<&str> = field.split('.').collect();
    let environments = &model.environment(entity.environment).line;
    let cluster = entity.cluster.map(|cluster| Arc::clone(&model.entity(cluster).name));
    let mut queue = vec![own(definitions, entity, cluster.as_deref())];
    let mut seen: Vec<&str> = Vec::new();
    while let Some(definition) = queue.pop() {
        let Some(definition) = definition.filter(|definition| !seen.contains(&&*definition.address)) else { continue };
        seen.push(&definition.address);
        let here = definition.overlays.iter().rev().filter(|overlay| {
            overlay.environment.as_ref().is_none_or(|named| environments.contains(&named.name))
                && overlay.cluster.as_ref().is_none_or(|named| Some(&*named.name) == cluster.as_deref().or(Some(&*entity.name)))
        });
        let mut values = here.map(|overlay| &overlay.layered.value).chain(definition.body.iter().map(|body| &body.value));
        if let Some(span) = values.find_map(|value| removal(value, &steps)) {
            return errors::required_removed(fault, steps.last().copied().unwrap_or(&field), span);
        }
        queue.extend(definition.parents.iter().map(|parent| {
            let sibling =
                cluster.as_ref().filter(|_| entity.kind == Kind::NodePool).and_then(|cluster| pool(definitions, cluster, &parent.name));
            sibling.or_else(|| definitions.of_kind(entity.kind).find(|definition| definition.name.name == parent.name))
        }));
    }
    fault
}

fn own<'d>(definitions: &'d Definitions, entity: &Entity, cluster: Option<&str>) -> Option<&'d Definition> {
    match (entity.kind, cluster) {
        (Kind::NodePool, Some(cluster)) => pool(definitions, cluster, &entity.name),
        (kind, _) => definitions.of_kind(kind).find(|definition| definition.name.name == entity.name),
    }
}

fn pool<'d>(definitions: &'d Definitions, cluster: &str, name: &str) -> Option<&'d Definition> {
    let cluster = definitions.of_kind(Kind::Cluster).find(|definition| &*definition.name.name == cluster)?;
    cluster.pools.iter().find(|pool| &*pool.name.name == name)
}

/// Where a layer removes a field, alone or with what is around it.
fn removal(value: &Value, steps: &[&str]) -> Option<Span> {
    let (first, rest) = steps.split_first()?;
    let entries = value.as_map()?.entries();
    let found = entries.iter().find(|entry| &*entry.key == *first && entry.operator == Operator::Remove);
    if let Some(found) = found {
        let whole = !matches!(found.value.data, crate::value::Data::List(_) | crate::value::Data::Map(_));
        let named = || found.value.as_list().unwrap_or_default().iter().any(|item| item.as_str() == rest.first().copied());
        return (whole || named()).then_some(found.span);
    }
    entries.iter().filter(|entry| &*entry.key == *first).find_map(|entry| removal(&entry.value, rest))
}

/// Makes one report of those that say of several environments that the same field of the same thing is missing: what would set it for all
/// of them is missing once. It is told of the environment that the others inherit from.
pub(super) fn join(model: &Model, diagnostics: &mut Diagnostics) {
    let depth: BTreeMap<&str, usize> = model.environments.iter().map(|environment| (&*environment.name, environment.line.len())).collect();
    let mut groups: BTreeMap<String, (usize, Diagnostic)> = BTreeMap::new();
    for fault in diagnostics.drain() {
        let place = fault.path.clone().filter(|_| fault.code == Code::MissingField);
        let split = place.as_deref().and_then(|path| path.split_once('.'));
        let Some((depth, path)) = split.and_then(|(environment, path)| Some((*depth.get(environment)?, path.to_owned()))) else {
            diagnostics.push(fault);
            continue;
        };
        let Some((least, kept)) = groups.remove(&path) else {
            groups.insert(path, (depth, fault));
            continue;
        };
        let (least, mut kept, other) = if depth < least { (depth, fault, kept) } else { (least, kept, fault) };
        kept.affects.extend(other.path.into_iter().chain(other.affects));
        groups.insert(path, (least, kept));
    }
    for (_, fault) in groups.into_values() {
        diagnostics.push(fault);
    }
}
