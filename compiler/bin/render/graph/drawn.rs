//! A graph for programs that draw: boxes of environments and of what holds others, arrows from what needs to what is needed. Who reads all things of a kind
//! at once is drawn without arrows for that, which would hide the others.

use super::verb;
use crate::render::View;
use crate::render::lines::Lines;
use platc::graph::{Edge, EdgeCause};
use platc::model::{EntityId, Model};
use platc::query::graph::{GraphDependency, GraphPart};
use platc::visible::visible;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What stands in which box: things of an environment that are in nothing, and things that are in another.
struct Boxes {
    environments: BTreeMap<u32, Vec<EntityId>>,
    inside: BTreeMap<EntityId, Vec<EntityId>>,
}

impl Boxes {
    fn of(part: &GraphPart, model: &Model) -> Self {
        let told: BTreeSet<EntityId> = part.things.iter().copied().collect();
        let mut boxes = Self { environments: BTreeMap::new(), inside: BTreeMap::new() };
        for id in &part.things {
            let entity = model.entity(*id);
            match entity.around().filter(|around| told.contains(around)) {
                Some(around) => boxes.inside.entry(around).or_default().push(*id),
                None => boxes.environments.entry(entity.environment.0).or_default().push(*id),
            }
        }
        boxes
    }
}

/// The dependencies that have an arrow, with the strongest cause that no box says.
fn arrows(part: &GraphPart) -> impl Iterator<Item = (&GraphDependency, &Edge)> {
    let told = part.dependencies.iter().filter(|dependency| !dependency.is_collective);
    told.filter_map(|dependency| Some((dependency, dependency.edges.iter().find(|edge| edge.cause != EdgeCause::Containment)?)))
}

/// For Mermaid. What is in a box says by that where it is.
pub(crate) fn mermaid(part: &GraphPart, model: &Model) -> Lines {
    let mut lines = Lines::of("flowchart RL");
    let boxes = Boxes::of(part, model);
    for (environment, things) in &boxes.environments {
        let name = things.first().map_or("", |id| &model.environment(model.entity(*id).environment).name);
        lines.line(&format!("  subgraph environment{environment} [{}]", label(&[name])));
        things.iter().for_each(|id| mermaid_thing(*id, &boxes, model, 4, &mut lines));
        lines.line("  end");
    }
    for (dependency, edge) in arrows(part) {
        let arrow = if edge.cause.orders() { "-->" } else { "-.->" };
        lines.line(&format!("  t{} {arrow}|{}| t{}", dependency.from.0, verb(edge.cause), dependency.to.0));
    }
    lines
}

fn mermaid_thing(id: EntityId, boxes: &Boxes, model: &Model, indent: usize, lines: &mut Lines) {
    let entity = model.entity(id);
    let space = " ".repeat(indent);
    let node = format!("t{}[{}]", id.0, label(&[&entity.name, entity.kind.words()]));
    match boxes.inside.get(&id) {
        None => lines.line(&format!("{space}{node}")),
        Some(inside) => {
            lines.line(&format!("{space}subgraph b{} [{}]", id.0, label(&[&format!("{} {}", entity.kind.words(), entity.name)])));
            lines.line(&format!("{space}  {node}"));
            inside.iter().for_each(|inner| mermaid_thing(*inner, boxes, model, indent + 2, lines));
            lines.line(&format!("{space}end"));
        }
    }
}

/// A label of several lines in quotes; what would end it is written as an entity, which Mermaid reads.
fn label(parts: &[&str]) -> String {
    let escape = |text: &str| {
        let special = |char: char| !char.is_alphanumeric() && !matches!(char, '-' | '_' | '.' | ' ' | '/');
        visible(text).chars().fold(String::new(), |mut escaped, char| {
            match special(char) {
                true => _ = write!(escaped, "#{};", u32::from(char)),
                false => escaped.push(char),
            }
            escaped
        })
    };
    format!("\"{}\"", parts.iter().map(|part| escape(part)).collect::<Vec<_>>().join("<br/>"))
}

/// For Graphviz.
pub(crate) fn dot(part: &GraphPart, model: &Model, view: &View<'_>) -> String {
    let boxes = Boxes::of(part, model);
    let mut text = "digraph platform {\n  rankdir=RL;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n".to_owned();
    for (environment, things) in &boxes.environments {
        let name = things.first().map_or("", |id| &model.environment(model.entity(*id).environment).name);
        _ = writeln!(text, "  subgraph cluster_e{environment} {{\n    label={};", quoted(&[name]));
        things.iter().for_each(|id| dot_thing(*id, &boxes, model, 4, &mut text));
        text.push_str("  }\n");
    }
    for (dependency, edge) in arrows(part) {
        let style = if edge.cause.orders() { "solid" } else { "dashed" };
        let (label, tooltip) = (quoted(&[verb(edge.cause)]), quoted(&[&view.at(edge.span)]));
        _ = writeln!(text, "  t{} -> t{} [label={label}, tooltip={tooltip}, style={style}];", dependency.from.0, dependency.to.0);
    }
    text.push_str("}\n");
    text
}

fn dot_thing(id: EntityId, boxes: &Boxes, model: &Model, indent: usize, text: &mut String) {
    let entity = model.entity(id);
    let space = " ".repeat(indent);
    let node = format!("t{} [label={}, tooltip={}];", id.0, quoted(&[&entity.name, entity.kind.words()]), quoted(&[&entity.path]));
    match boxes.inside.get(&id) {
        None => _ = writeln!(text, "{space}{node}"),
        Some(inside) => {
            let label = quoted(&[&format!("{} {}", entity.kind.words(), entity.name)]);
            _ = writeln!(text, "{space}subgraph cluster_t{} {{\n{space}  label={label};\n{space}  {node}", id.0);
            inside.iter().for_each(|inner| dot_thing(*inner, boxes, model, indent + 2, text));
            _ = writeln!(text, "{space}}}");
        }
    }
}

/// Lines in quotes, as Graphviz reads them: a backslash stands for itself, and nothing is an entity of HTML.
fn quoted(parts: &[&str]) -> String {
    let escape = |text: &str| visible(text).replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;");
    format!("\"{}\"", parts.iter().map(|part| escape(part)).collect::<Vec<_>>().join("\\n"))
}
