//! show: resolved values as trees to print, and as one line.

use super::answer::{Room, too_large};
use super::path::{DeadEnd, PathEnd, PathSubject, find, find_steps, parse};
use crate::expression::{Late, LatePiece};
use crate::model::{Entity, EntityId, EnvironmentId, Model};
use crate::name::Kind;
use crate::path::{Path, Step};
use crate::print::{Form, Tree};
use crate::secret::{HIDDEN, Secrets};
use crate::value::{Data, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a path names, as a tree; the empty path names everything.
///
/// # Errors
/// If the path leads nowhere, or to more than can be printed.
pub fn show(model: &Model, path: &str) -> Result<Tree, DeadEnd> {
    let PathEnd { subject, .. } = find(model, path)?;
    if !fits(model, &subject) {
        let what = if path.is_empty() { "everything".to_owned() } else { format!("`{path}`") };
        return Err(too_large(&what, "show less of it: name a cluster, a thing or a field in the path"));
    }
    Ok(match subject {
        PathSubject::Model => {
            Tree::map(model.environments().map(|(id, environment)| (Arc::clone(&environment.name), show_environment(model, id))))
        }
        PathSubject::Environment(id) => show_environment(model, id),
        PathSubject::Kind(entities) => by_name(model, &entities),
        PathSubject::Entity(id) => show_entity(model, id),
        PathSubject::Value(value, _) => tree(value, &model.secrets),
    })
}

/// Some of the things, by environment, kind and name, each in or on what has it.
///
/// # Errors
/// If they are more than can be printed.
pub fn show_things(model: &Model, is_chosen: &dyn Fn(EntityId) -> bool) -> Result<Tree, DeadEnd> {
    let chosen: BTreeSet<EntityId> = model.entities().map(|(id, _)| id).filter(|id| is_chosen(*id)).collect();
    let mut room = Room::of(chosen.len());
    if !chosen.iter().map(|id| model.entity(*id)).all(|entity| room.value(&entity.value) && room.value(&entity.computed)) {
        return Err(too_large("all of that", "show less of it: name a cluster, a thing or a field in a path"));
    }
    let mut environments = Vec::new();
    for (id, environment) in model.environments() {
        let shown = show_chosen(model, id, Some(&chosen));
        if shown.as_map().is_some_and(|map| !map.is_empty()) {
            environments.push((Arc::clone(&environment.name), shown));
        }
    }
    Ok(Tree::map(environments))
}

/// What paths lead to if one of them leads into things, each under its whole path: `clusters.gc0.version` of each environment. None if all of them name things.
///
/// # Errors
/// If a path is badly written, leads into things and finds nothing there, or to more than can be printed.
pub fn show_values(model: &Model, paths: &[String], is_chosen: &dyn Fn(EntityId) -> bool) -> Result<Option<Tree>, DeadEnd> {
    let mut has_value = false;
    let mut chosen: Vec<Path> = Vec::new();
    for text in paths {
        let path = parse(text)?;
        let (mut found, mut lost) = (Vec::new(), None);
        for steps in places(model, &path) {
            match find_steps(model, &steps) {
                Ok(end) => found.push(end),
                Err(dead) => _ = lost.get_or_insert(dead),
            }
        }
        if let (true, Some(lost)) = (found.is_empty(), lost) {
            return Err(lost);
        }
        for PathEnd { path, subject } in found {
            has_value |= matches!(subject, PathSubject::Value(..));
            let of = match subject {
                PathSubject::Value(_, of) => of,
                PathSubject::Entity(id) => Some(id),
                PathSubject::Model | PathSubject::Environment(_) | PathSubject::Kind(_) => None,
            };
            if of.is_none_or(is_chosen) {
                chosen.push(path);
            }
        }
    }
    if !has_value {
        return Ok(None);
    }
    let shown = chosen.iter().map(Path::to_string).map(|path| Ok((Arc::from(&*path), show(model, &path)?)));
    Ok(Some(Tree::map(shown.collect::<Result<Vec<(Arc<str>, Tree)>, DeadEnd>>()?)))
}

/// The whole paths that a path stands for: itself with an environment in front, else one for each thing that it leads to or into.
fn places(model: &Model, path: &Path) -> Vec<Vec<Step>> {
    let is_of_things = matches!(path.steps().first(), Some(Step::Key(key)) if Kind::from_plural(key).is_some());
    if !is_of_things || model.environments.iter().any(|one| path.steps().first() == Some(&Step::Key(Arc::clone(&one.name)))) {
        return vec![path.steps().to_vec()];
    }
    let inside = |entity: &Entity| {
        let outer = [&entity.thing.place, &entity.thing.definition].into_iter().find(|outer| path.is_within(outer))?;
        let rest = path.steps().get(outer.steps().len()..).unwrap_or_default();
        // What is in or on a thing is a thing of its own.
        let is_inner = matches!(rest.first(), Some(Step::Key(key)) if Kind::from_plural(key).is_some());
        (!is_inner).then(|| [entity.thing.path().steps(), rest].concat())
    };
    model.entities.iter().filter_map(inside).collect()
}

/// Whether there is room for what a path names.
fn fits(model: &Model, subject: &PathSubject<'_>) -> bool {
    let entities: Vec<EntityId> = match subject {
        PathSubject::Value(value, _) => return Room::of(1).value(value),
        PathSubject::Model => model.entities().map(|(id, _)| id).collect(),
        PathSubject::Environment(of) => model.entities().filter(|(_, entity)| entity.environment == *of).map(|(id, _)| id).collect(),
        PathSubject::Kind(entities) => entities.clone(),
        PathSubject::Entity(id) => vec![*id],
    };
    let mut room = Room::of(entities.len());
    entities.iter().map(|id| model.entity(*id)).all(|entity| room.value(&entity.value) && room.value(&entity.computed))
}

fn show_environment(model: &Model, environment: EnvironmentId) -> Tree {
    show_chosen(model, environment, None)
}

/// What is chosen of an environment, or all of it. What only has something that is chosen in or on it stands there without fields of its own.
fn show_chosen(model: &Model, environment: EnvironmentId, chosen: Option<&BTreeSet<EntityId>>) -> Tree {
    let around = |id: &EntityId| std::iter::successors(Some(*id), |id| model.entity(*id).around());
    let told: Option<BTreeSet<EntityId>> = chosen.map(|chosen| chosen.iter().flat_map(around).collect());
    let mut kinds: BTreeMap<Kind, Vec<EntityId>> = BTreeMap::new();
    let mut within = InnerThings::new();
    for (id, entity) in model.entities().filter(|(_, entity)| entity.environment == environment) {
        if told.as_ref().is_some_and(|told| !told.contains(&id)) {
            continue;
        }
        match entity.around() {
            None => kinds.entry(entity.kind).or_default().push(id),
            Some(around) => within.entry(around).or_default().entry(entity.kind).or_default().push(id),
        }
    }
    show_kinds(model, &kinds, &within, chosen)
}

/// What is in or on things, by its kind.
type InnerThings = BTreeMap<EntityId, BTreeMap<Kind, Vec<EntityId>>>;

/// Things by kind and name, each with what is in or on it: a cluster with its tenants, these with their applications.
fn show_kinds(model: &Model, kinds: &BTreeMap<Kind, Vec<EntityId>>, within: &InnerThings, chosen: Option<&BTreeSet<EntityId>>) -> Tree {
    Tree::map(kinds.iter().map(|(kind, entities)| {
        let named = entities.iter().map(|id| {
            let is_told = chosen.is_none_or(|chosen| chosen.contains(id));
            let mut entries = if is_told { fields(model, *id) } else { Vec::new() };
            if let Some(Form::Map(inner)) = within.get(id).map(|kinds| show_kinds(model, kinds, within, chosen).form) {
                entries.retain(|(key, _)| !inner.iter().any(|(kind, _)| kind == key));
                entries.extend(inner);
            }
            (Arc::clone(&model.entity(*id).name), Tree::map(entries))
        });
        (kind.plural(), Tree::map(named))
    }))
}

/// Entities by name; those of several clusters by cluster, then name, and applications of several tenants by tenant.
fn by_name(model: &Model, entities: &[EntityId]) -> Tree {
    grouped(
        model,
        entities,
        |entity| entity.cluster,
        |entities| {
            grouped(
                model,
                entities,
                |entity| entity.tenant,
                |entities| Tree::map(entities.iter().map(|id| (Arc::clone(&model.entity(*id).name), show_entity(model, *id)))),
            )
        },
    )
}

/// Entities by what they are in or on, if that is not the same for all.
fn grouped(
    model: &Model,
    entities: &[EntityId],
    around: impl Fn(&Entity) -> Option<EntityId>,
    inner: impl Fn(&[EntityId]) -> Tree,
) -> Tree {
    let mut groups: Vec<(Option<EntityId>, Vec<EntityId>)> = Vec::new();
    let mut places: BTreeMap<Option<EntityId>, usize> = BTreeMap::new();
    for id in entities {
        let around = around(model.entity(*id));
        let at = *places.entry(around).or_insert(groups.len());
        match groups.get_mut(at) {
            Some((_, group)) => group.push(*id),
            None => groups.push((around, vec![*id])),
        }
    }
    if let [(_, all)] = groups.as_slice() {
        return inner(all);
    }
    // What is on none stands by its own name, and the others behind the path that leads to them.
    let is_mixed = groups.iter().any(|(around, _)| around.is_none());
    let name = |around: &Entity, group: &[EntityId]| match group.first().filter(|_| is_mixed) {
        Some(first) => format!("{}.{}.{}", around.kind.plural(), around.name, model.entity(*first).kind.plural()).into(),
        None => Arc::clone(&around.name),
    };
    Tree::map(groups.iter().flat_map(|(around, group)| {
        let mut shown = inner(group);
        match around {
            None => shown.as_map_mut().map(std::mem::take).unwrap_or_default(),
            Some(around) => vec![(name(model.entity(*around), group), shown)],
        }
    }))
}

fn show_entity(model: &Model, id: EntityId) -> Tree {
    Tree::map(fields(model, id))
}

/// All fields of an entity, with what the compiler computed behind what was written.
fn fields(model: &Model, id: EntityId) -> Vec<(Arc<str>, Tree)> {
    let entity = model.entity(id);
    let mut whole = tree(&entity.value, &model.secrets);
    let mut entries = whole.as_map_mut().map(std::mem::take).unwrap_or_default();
    for computed in entity.computed.as_map().into_iter().flat_map(|map| map.entries()) {
        if entity.value.get(&computed.key).is_none() {
            entries.push((Arc::clone(&computed.key), tree(&computed.value, &model.secrets)));
        }
    }
    entries
}

/// A value as a tree, without what must not be shown; what is only known later becomes the text that stands for it in Terraform.
#[must_use]
pub fn tree(value: &Value, secrets: &Secrets) -> Tree {
    if secrets.hides(value) {
        return Tree::text(HIDDEN);
    }
    match &value.data {
        Data::Null => Tree::null(),
        Data::Bool(bool) => Tree::bool(*bool),
        Data::Int(int) => Tree::int(*int),
        Data::Float(float) => Tree::float(*float),
        Data::String(text) => Tree::text(Arc::clone(text)),
        Data::List(list) => Tree::list(list.items().iter().map(|item| tree(item, secrets))),
        Data::Map(map) => Tree::map(map.entries().iter().map(|entry| (Arc::clone(&entry.key), tree(&entry.value, secrets)))),
        Data::Late(late) => Tree::text(late_text(late)),
        Data::Template(_) | Data::Pending(_) | Data::Broken => Tree::text("${…}"),
    }
}

/// A late value as it stands in Terraform.
#[must_use]
pub fn late_text(late: &Late) -> String {
    late.pieces
        .iter()
        .map(|piece| match piece {
            LatePiece::Text(text) | LatePiece::Raw(text) => text.to_string(),
            LatePiece::Reference(reference) => format!("${{{}}}", reference.address),
            LatePiece::Made(expr) => format!("${{{}}}", expr.spelled(&mut |reference| reference.address.to_string())),
        })
        .collect()
}

/// A tree as JSON.
#[must_use]
pub fn json(tree: &Tree) -> serde_json::Value {
    match &tree.form {
        Form::Null => serde_json::Value::Null,
        Form::Bool(bool) => (*bool).into(),
        Form::Int(int) => (*int).into(),
        Form::Float(float) => (*float).into(),
        Form::Text(text) => (&**text).into(),
        Form::List(items) => items.iter().map(json).collect(),
        Form::Map(entries) => serde_json::Value::Object(entries.iter().map(|(key, value)| (key.to_string(), json(value))).collect()),
    }
}

/// A value in one line: texts in quotes where they could be taken for something else, maps and lists in braces and brackets.
#[must_use]
pub fn inline(value: &Value, secrets: &Secrets) -> String {
    in_line(&tree(value, secrets))
}

/// A tree in one line, in the same way.
#[must_use]
pub fn in_line(tree: &Tree) -> String {
    let mut text = String::new();
    line(tree, &mut text);
    text
}

fn line(tree: &Tree, text: &mut String) {
    match &tree.form {
        Form::Null => text.push_str("null"),
        Form::Bool(bool) => text.push_str(&bool.to_string()),
        Form::Int(int) => text.push_str(&int.to_string()),
        Form::Float(float) => text.push_str(&float.to_string()),
        Form::Text(content) if &**content == HIDDEN => text.push_str(HIDDEN),
        Form::Text(content) => text.push_str(&quoted(content)),
        Form::List(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at > 0 { ", " } else { "" });
                line(item, text);
            }
            text.push(']');
        }
        Form::Map(entries) => {
            text.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                text.push_str(if at > 0 { ", " } else { "" });
                text.push_str(&quoted(key));
                text.push_str(": ");
                line(value, text);
            }
            text.push('}');
        }
    }
}

fn quoted(text: &str) -> String {
    let plain = !text.is_empty()
        && text
            .chars()
            .all(|char| char.is_alphanumeric() || matches!(char, '-' | '_' | '.' | '/' | '@' | '$' | '{' | '}' | '*' | '+' | '='))
        && !text.starts_with(['{', '*', '-'])
        && text.parse::<f64>().is_err()
        && !matches!(text, "true" | "false" | "null" | "~");
    if plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::example;
    use expect_test::{Expect, expect};

    fn check(path: &str, expected: Expect) {
        let tree = show(&example::world().model, path).unwrap();
        let mut text = String::new();
        line(&tree, &mut text);
        expected.assert_eq(&text);
    }

    #[test]
    fn shows() {
        check(
            "ops",
            expect![[
                r#"{clusters: {gc0: {version: "1.34", zones: [a, b], bucket: gc0-ops-logs, fullName: gc0-ops-eu, nodePools: {default: {size: {min: 1}}}, services: {cert-manager: {replicas: 1, host: certs.ops.example.com}}}}}"#
            ]],
        );
        check("apps.clusters.gc0.nodePools", expect!["{default: {size: {min: 3}}}"]);
        check(
            "apps.services",
            expect![
                "{gc0: {cert-manager: {replicas: 2, host: certs.apps.example.com}}, gc1: {cert-manager: {replicas: 2, host: certs.apps.example.com}}}"
            ],
        );
        check("apps.clusters.gc0", expect![[r#"{version: "1.33", zones: [a, b], bucket: gc0-apps-logs, fullName: gc0-apps-eu}"#]]);
        check("apps.clusters.gc0.version", expect![[r#""1.33""#]]);
    }

    #[test]
    fn texts_are_quoted_where_they_mislead() {
        for (text, expected) in
            [("a-b", "a-b"), ("1", "\"1\""), ("", "\"\""), ("a b", "\"a b\""), ("true", "\"true\""), ("${x.y}", "${x.y}")]
        {
            assert_eq!(quoted(text), expected);
        }
    }
}
