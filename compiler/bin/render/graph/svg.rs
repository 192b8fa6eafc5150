//! A graph as a picture that stands for itself: no script, nothing from elsewhere, light or dark as who looks at it has chosen. Each thing and each dependency has a
//! title, which pointers show and screen readers read. Who reads all things of a kind at once has no arrows for that.

use super::{around, verb};
use crate::render::View;
use platc::graph::EdgeCause;
use platc::model::{EntityId, Model};
use platc::query::graph::layout::{GraphLayout, layout};
use platc::query::graph::{GraphDependency, GraphPart};
use platc::query::path::DeadEnd;
use platc::visible::visible;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthChar;

/// How large a thing is drawn, in pixels.
const SIZE: (f64, f64) = (208.0, 40.0);

/// Around everything.
const MARGIN: f64 = 16.0;

/// So many columns of a fixed font fit into a thing.
const COLUMNS: usize = 24;

const STYLE: &str = "
  svg { color-scheme: light dark; }
  svg { --paper: #fff; --ink: #1c2128; --faint: #57606a; --line: #6e7781; }
  @media (prefers-color-scheme: dark) { svg { --paper: #16191d; --ink: #e6edf3; --faint: #9aa4af; --line: #8b949e; } }
  .paper { fill: var(--paper); }
  text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: var(--ink); }
  .what { font-size: 10px; fill: var(--faint); }
  .thing { fill: var(--paper); stroke: var(--line); stroke-width: 1.5; }
  .cluster { stroke: #2f81f7; stroke-width: 3; }
  .nodePool { stroke: #2f81f7; }
  .infrastructure { stroke: #bf8700; }
  .service { stroke: #2da44e; }
  .tenant { stroke: #a371f7; stroke-width: 3; }
  .application { stroke: #a371f7; }
  .dependency { fill: none; stroke: var(--line); stroke-width: 1.5; }
  .reads, .knows { stroke-dasharray: 5 4; }
  .containment { stroke-width: 0.75; opacity: 0.55; }
  .head { fill: var(--line); }
";

/// The picture.
///
/// # Errors
/// If there is too much to look at.
pub(crate) fn svg(part: &GraphPart, model: &Model, view: &View<'_>) -> Result<String, DeadEnd> {
    let mut dependencies = part.drawn(model);
    let layout = layout(&part.things, &dependencies, SIZE)?;
    let (width, height) = (layout.width + 2.0 * MARGIN, layout.height + 2.0 * MARGIN);
    // Several pictures may stand in one page.
    let head = format!("head{}", part.things.first().map_or(0, |id| id.0));
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"dependency graph\">\n<style>{STYLE}</style>\n<defs><marker id=\"{head}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path class=\"head\" d=\"M0 0L8 4L0 8z\"/></marker></defs>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n"
    );
    // What is only where it is stands behind the rest.
    dependencies.sort_by_key(|dependency| dependency.cause() != EdgeCause::Containment);
    dependencies.iter().for_each(|dependency| arrow(dependency, (&layout, &head), model, view, &mut text));
    part.things.iter().for_each(|id| thing(*id, &layout, model, &mut text));
    text.push_str("</svg>\n");
    Ok(text)
}

fn thing(id: EntityId, layout: &GraphLayout, model: &Model, text: &mut String) {
    let Some((x, y)) = layout.places.get(&id).map(|(x, y)| (x + MARGIN, y + MARGIN)) else { return };
    let entity = model.entity(id);
    let (name, what) = (fitting(&entity.name, COLUMNS), fitting(&around(entity, model), COLUMNS + 6));
    _ = writeln!(
        text,
        "<g><title>{}</title><rect class=\"thing {}\" x=\"{x:.0}\" y=\"{y:.0}\" width=\"{:.0}\" height=\"{:.0}\" rx=\"6\"/><text x=\"{:.0}\" y=\"{:.0}\">{name}</text><text class=\"what\" x=\"{:.0}\" y=\"{:.0}\">{what}</text></g>",
        escaped(&entity.path),
        entity.kind.singular(),
        SIZE.0,
        SIZE.1,
        x + 9.0,
        y + 17.0,
        x + 9.0,
        y + 32.0,
    );
}

/// From what needs, on the right, to what is needed, on the left of it; the other way round where a circle had to be cut.
fn arrow(dependency: &GraphDependency, (layout, head): (&GraphLayout, &str), model: &Model, view: &View<'_>, text: &mut String) {
    let place = |id| layout.places.get(&id).map(|(x, y)| (x + MARGIN, y + MARGIN + SIZE.1 / 2.0));
    let (Some(from), Some(to)) = (place(dependency.from), place(dependency.to)) else { return };
    let is_back = from.0 < to.0;
    let (start, end) = if is_back { ((from.0 + SIZE.0, from.1), (to.0, to.1)) } else { ((from.0, from.1), (to.0 + SIZE.0, to.1)) };
    // Where both stand in one column, the arrow leaves it and comes back.
    let bend = ((end.0 - start.0).abs() / 2.0).max(24.0) * if is_back { 1.0 } else { -1.0 };
    let class = match dependency.cause() {
        EdgeCause::Containment => "containment",
        EdgeCause::DependsOn => "dependsOn",
        EdgeCause::Refers => "refers",
        EdgeCause::Knows => "knows",
        EdgeCause::Reads => "reads",
    };
    let title: Vec<String> =
        dependency.edges.iter().take(PLACES).map(|edge| format!("{} {}", verb(edge.cause), view.at(edge.span))).collect();
    let more = if dependency.edges.len() > PLACES { format!(", and {} more", dependency.edges.len() - PLACES) } else { String::new() };
    _ = writeln!(
        text,
        "<path class=\"dependency {class}\" marker-end=\"url(#{head})\" d=\"M{:.0} {:.0}C{:.0} {:.0} {:.0} {:.0} {:.0} {:.0}\"><title>{}</title></path>",
        start.0,
        start.1,
        start.0 + bend,
        start.1,
        end.0 - bend,
        end.1,
        end.0,
        end.1,
        escaped(&format!("{} → {}: {}{more}", model.entity(dependency.from).path, model.entity(dependency.to).path, title.join(", "))),
    );
}

/// So many places of a dependency are told.
const PLACES: usize = 4;

/// As much of a text as fits, as SVG.
fn fitting(text: &str, columns: usize) -> String {
    let shown = visible(text);
    let width = |char: char| char.width().unwrap_or(0);
    if shown.chars().map(width).sum::<usize>() <= columns {
        return escaped(&shown);
    }
    let mut used = 1;
    let kept: String = shown
        .chars()
        .take_while(|char| {
            used += width(*char);
            used <= columns
        })
        .collect();
    format!("{}…", escaped(&kept))
}

/// Text as text of HTML or SVG.
pub(crate) fn escaped(text: &str) -> String {
    visible(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
