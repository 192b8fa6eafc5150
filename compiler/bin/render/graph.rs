//! A dependency graph as lines, JSON, or what draws a picture of it. In comes a part of a graph, out go texts.

mod drawn;
mod svg;

use super::View;
use super::lines::Lines;
use super::table;
use annotate_snippets::renderer::Style;
pub(crate) use drawn::{dot, mermaid};
use platc::Compilation;
use platc::graph::EdgeCause;
use platc::model::{Entity, EntityId, Model};
use platc::query::graph::{GraphDependency, GraphPart};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
pub(crate) use svg::{escaped, svg};

/// What an edge says, between the two things.
pub(crate) fn verb(cause: EdgeCause) -> &'static str {
    match cause {
        EdgeCause::Containment => "is in",
        EdgeCause::DependsOn => "depends on",
        EdgeCause::Refers => "refers to",
        EdgeCause::Knows => "knows",
        EdgeCause::Reads => "reads",
    }
}

/// The same for machines.
pub(crate) fn word(cause: EdgeCause) -> &'static str {
    match cause {
        EdgeCause::Containment => "containment",
        EdgeCause::DependsOn => "dependsOn",
        EdgeCause::Refers => "refers",
        EdgeCause::Knows => "knows",
        EdgeCause::Reads => "reads",
    }
}

/// The dependencies of each thing.
fn by_thing(part: &GraphPart) -> BTreeMap<EntityId, Vec<&GraphDependency>> {
    let mut dependencies: BTreeMap<EntityId, Vec<&GraphDependency>> = BTreeMap::new();
    part.dependencies.iter().for_each(|dependency| dependencies.entry(dependency.from).or_default().push(dependency));
    dependencies
}

/// Each thing with what it needs and reads, and the places that say so.
pub(crate) fn text(part: &GraphPart, model: &Model, view: &View<'_>) -> Lines {
    let mut lines = Lines::default();
    let dependencies = by_thing(part);
    for id in &part.things {
        lines.styled(&[(Style::new().bold(), &model.entity(*id).path)]);
        let mut rows = Vec::new();
        for dependency in dependencies.get(id).into_iter().flatten() {
            let mut causes: Vec<(EdgeCause, Vec<String>)> = Vec::new();
            for edge in &dependency.edges {
                let place = view.at(edge.span);
                match causes.iter_mut().find(|(cause, _)| *cause == edge.cause) {
                    Some((_, places)) => places.push(place),
                    None => causes.push((edge.cause, vec![place])),
                }
            }
            for (cause, places) in causes {
                let (first, more) = (places.first().cloned().unwrap_or_default(), places.len() - 1);
                let place = if more > 0 { format!("{first} and {more} more") } else { first };
                let to = model.entity(dependency.to);
                if dependency.is_collective {
                    let what = format!("all {} there", to.kind.plural());
                    let row = vec![verb(cause).to_owned(), what, place];
                    if !rows.contains(&row) {
                        rows.push(row);
                    }
                } else {
                    rows.push(vec![verb(cause).to_owned(), to.path.to_string(), place]);
                }
            }
        }
        lines.append(&table::render(&rows, "  "));
    }
    let things = super::plural(part.things.len(), "thing");
    let dependencies =
        if part.dependencies.len() == 1 { "1 dependency".to_owned() } else { format!("{} dependencies", part.dependencies.len()) };
    lines.line(&format!("{things}, {dependencies} between them"));
    lines
}

/// The same for machines: each edge with its cause and place.
pub(crate) fn json(part: &GraphPart, compilation: &Compilation, view: &View<'_>) -> Json {
    let model = &compilation.model;
    let thing = |id: &EntityId| {
        let entity = model.entity(*id);
        json!({
            "path": &*entity.path,
            "kind": entity.kind.singular(),
            "class": &*entity.class_name,
            "in": entity.around().map(|around| model.entity(around).path.to_string()),
            "wave": compilation.graph.wave(*id),
            "defined": view.place(entity.defined),
        })
    };
    let edges = part.dependencies.iter().flat_map(|dependency| &dependency.edges);
    let edge = |edge: &platc::graph::Edge| {
        json!({
            "from": &*model.entity(edge.from).path,
            "to": &*model.entity(edge.to).path,
            "cause": word(edge.cause),
            "orders": edge.cause.orders(),
            "place": view.place(edge.span),
        })
    };
    json!({ "version": 1, "things": part.things.iter().map(thing).collect::<Vec<_>>(), "edges": edges.map(edge).collect::<Vec<_>>() })
}

/// The kind of a thing and where it is, for a label below its name.
fn around(entity: &Entity, model: &Model) -> String {
    let within = entity
        .around()
        .map_or_else(|| model.environment(entity.environment).name.to_string(), |around| model.entity(around).name.to_string());
    format!("{} in {within}", entity.kind.words())
}
