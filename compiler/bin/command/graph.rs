//! `platc graph`: what needs or reads what, and why.

use super::selected::Chosen;
use super::{Exit, Failure, Session};
use crate::render::graph as render;
use clap::ValueEnum;
use platc::Options;
use platc::model::EntityId;
use platc::query::graph::{GraphReach, part};

/// Show what needs or reads what, and why
///
/// Things of the platform, those that others need first, each with what it is in, comes after, refers to or reads, and the place that says so. Without a
/// path: everything.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  platc graph apps.clusters.gc0\n  platc graph services.cert-manager --around\n  platc graph clusters.gc0 -e apps --dependents\n  platc graph -e apps --draw mermaid\n  platc graph -e apps --draw svg > apps.svg\n  platc graph -e apps --draw dot | dot -Tpng > apps.png"
)]
pub(crate) struct Arguments {
    /// Environments, things, or what is below them: apps, apps.clusters.gc0, services.shop
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    #[command(flatten)]
    chosen: Chosen,
    /// Also what is connected with these directly
    #[arg(long)]
    around: bool,
    /// Also all that needs or reads these, however many things lie between
    #[arg(long)]
    dependents: bool,
    /// Print a picture, or what draws one
    #[arg(long, value_enum, value_name = "AS")]
    draw: Option<Drawing>,
}

/// Who draws a graph.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum Drawing {
    /// For Markdown, which GitHub and GitLab draw
    Mermaid,
    /// For Graphviz
    Dot,
    /// A picture, in the colours of who looks at it
    Svg,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let machine = session.json()?;
    if machine && arguments.draw.is_some() {
        return Err(Failure::Usage("`--draw` prints no JSON: leave one of `--draw` and `--format json` out".to_owned()));
    }
    let compilation = session.compile(&Options::default());
    if session.broken(&compilation)? {
        return Ok(Exit::No);
    }
    let model = &compilation.model;
    let chosen = match arguments.chosen.things(&arguments.paths, model)? {
        Ok(chosen) => chosen,
        Err(lost) => return session.lose(&lost.placed(&compilation.sources)),
    };
    let is_chosen = |id: EntityId| chosen.has(id);
    let part = part(model, &compilation.graph, &is_chosen, GraphReach { around: arguments.around, dependents: arguments.dependents });
    let view = session.view(&compilation);
    match arguments.draw {
        Some(Drawing::Mermaid) => session.terminal.print(&render::mermaid(&part, model))?,
        Some(Drawing::Dot) => session.terminal.print_raw(&render::dot(&part, model, &view))?,
        Some(Drawing::Svg) => match render::svg(&part, model, &view) {
            Ok(picture) => session.terminal.print_raw(&picture)?,
            Err(lost) => return session.lose(&lost),
        },
        None if machine => session.terminal.print_json(&render::json(&part, &compilation, &view))?,
        None => session.terminal.print(&render::text(&part, model, &view))?,
    }
    Ok(Exit::Fine)
}
