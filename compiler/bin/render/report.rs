//! A platform as one page that stands for itself: no network, no further file. In come a compilation and what a change does, out goes HTML; the page is the
//! template beside this file, which marks all text of users as text.

use super::View;
use super::explain::written;
use super::graph::svg;
use askama::Template;
use platc::Compilation;
use platc::diagnostic::Diagnostic;
use platc::model::{EntityId, Model};
use platc::name::Kind;
use platc::origin::Layer;
use platc::path::Path;
use platc::query::graph::{GraphReach, part};
use platc::query::matrix::{MatrixColumn, MatrixThing, matrix};
use platc::value::Value;
use platc::visible::visible;

/// Values longer than this are cut in the table; in their cascade they stand whole, up to a bound.
const CELL: usize = 60;

/// Values longer than this are cut everywhere.
const WHOLE: usize = 2000;

/// So many clusters are named at the head of a column.
const NAMED: usize = 4;

#[derive(Template)]
#[template(path = "report.html", config = "compiler/bin/render/report/askama.toml")]
struct Report {
    title: String,
    about: String,
    hazards: Option<Hazards>,
    things: Vec<Thing>,
    pictures: Vec<Picture>,
}

struct Hazards {
    revision: String,
    found: Vec<Hazard>,
}

struct Hazard {
    code: String,
    message: Sentence,
    place: Option<String>,
    notes: Vec<Sentence>,
}

/// The pieces of a sentence, every second of them code.
type Sentence = Vec<String>;

struct Thing {
    definition: String,
    about: String,
    heads: Vec<String>,
    rows: Vec<Row>,
}

struct Row {
    path: String,
    /// All columns have the same value.
    is_same: bool,
    cells: Vec<Cell>,
}

struct Cell {
    class: &'static str,
    text: String,
    cascade: Vec<Step>,
}

struct Step {
    text: String,
    place: String,
    layer: String,
}

struct Picture {
    environment: String,
    svg: String,
}

/// The page; with a revision, what the change since then does outside.
pub(crate) fn page(compilation: &Compilation, since: Option<(&str, &[Diagnostic])>, view: &View<'_>) -> String {
    let model = &compilation.model;
    let things = matrix(model);
    let clusters = model.entities.iter().filter(|entity| entity.kind == Kind::Cluster).count();
    let counts = [(model.environments.len(), "environment"), (clusters, "cluster"), (model.entities.len(), "thing")];
    let name = model.platform.value.get("name").and_then(Value::as_str).unwrap_or("platform");
    let report = Report {
        title: visible(&format!("Platform {name}")).into_owned(),
        about: counts.map(|(count, word)| super::plural(count, word)).join(", "),
        hazards: since.map(|(revision, found)| Hazards {
            revision: visible(revision).into_owned(),
            found: found.iter().map(|diagnostic| hazard(diagnostic, view)).collect(),
        }),
        things: things.iter().map(|thing| row_of(thing, compilation, view)).collect(),
        pictures: pictures(compilation, view),
    };
    // Rendering into a text fails on nothing.
    report.render().unwrap_or_default()
}

fn hazard(diagnostic: &Diagnostic, view: &View<'_>) -> Hazard {
    let seen = |text: &str| visible(text).into_owned();
    let hint = diagnostic.hint.iter().map(|hint| format!("help: {hint}"));
    Hazard {
        code: diagnostic.code.word().to_owned(),
        message: sentence(&diagnostic.message),
        place: diagnostic.primary.as_ref().map(|label| seen(&view.at(label.span))),
        notes: diagnostic.notes.iter().cloned().chain(hint).map(|note| sentence(&note)).collect(),
    }
}

fn sentence(text: &str) -> Sentence {
    visible(text).split('`').map(str::to_owned).collect()
}

fn row_of(thing: &MatrixThing<'_>, compilation: &Compilation, view: &View<'_>) -> Thing {
    let model = &compilation.model;
    let of: usize = thing.columns.iter().map(|column| column.things.len()).sum();
    let first = thing.columns.first().and_then(|column| column.things.first()).map(|id| model.entity(*id));
    let class = first.map_or_else(String::new, |entity| format!(", class {}", entity.class_name));
    let alike = if thing.columns.len() < of { format!(", {} in what they are", thing.columns.len()) } else { String::new() };
    let places = if of == 1 { "at one place".to_owned() } else { format!("at {of} places{alike}") };
    let cells = |path: &Path| {
        thing.columns.iter().map(|column| cell(column.values.get(path).map_or(&[][..], Vec::as_slice), compilation, view)).collect()
    };
    Thing {
        definition: visible(&thing.definition.to_string()).into_owned(),
        about: visible(&format!("{}, {places}{class}", thing.kind.words())).into_owned(),
        heads: thing.columns.iter().map(|column| head(column, model)).collect(),
        rows: thing.paths.iter().map(|path| row(path, cells(path))).collect(),
    }
}

fn row(path: &Path, cells: Vec<Cell>) -> Row {
    let is_same = cells.windows(2).all(|pair| matches!(pair, [one, other] if one.whole() == other.whole()));
    Row { path: visible(&path.to_string()).into_owned(), is_same, cells }
}

impl Cell {
    fn whole(&self) -> Option<&str> {
        self.cascade.first().map(|step| &*step.text)
    }
}

/// The environments of a column, each with the clusters there.
fn head(column: &MatrixColumn<'_>, model: &Model) -> String {
    let mut environments: Vec<(&str, Vec<&str>)> = Vec::new();
    for entity in column.things.iter().map(|id: &EntityId| model.entity(*id)) {
        let environment = &*model.environment(entity.environment).name;
        let cluster = entity.cluster.map(|cluster| &*model.entity(cluster).name);
        match environments.iter_mut().find(|(known, _)| *known == environment) {
            Some((_, clusters)) => clusters.extend(cluster),
            None => environments.push((environment, cluster.into_iter().collect())),
        }
    }
    let one = |(environment, clusters): &(&str, Vec<&str>)| match clusters.len() {
        0 => (*environment).to_owned(),
        1..=NAMED => format!("{environment} {}", clusters.join(", ")),
        more => format!("{environment} on {more} clusters"),
    };
    visible(&environments.iter().map(one).collect::<Vec<_>>().join("; ")).into_owned()
}

fn cell(cascade: &[&Value], compilation: &Compilation, view: &View<'_>) -> Cell {
    let secrets = &compilation.model.secrets;
    let layer = |value: &Value| compilation.definitions.layers.get(value.decided().layer);
    let Some(winner) = cascade.first() else { return Cell { class: "absent", text: String::new(), cascade: Vec::new() } };
    let class = match layer(winner) {
        Layer::Computed | Layer::Recorded | Layer::Class(_) | Layer::PlatformDefaults(_) => "inherited",
        Layer::Body(_) => "body",
        Layer::EnvironmentDefaults { .. } | Layer::Overlay { .. } | Layer::Flag => "written",
    };
    let step = |value: &&Value| Step {
        text: visible(&written(value, view, secrets, WHOLE)).into_owned(),
        place: visible(&view.at(value.decided().span)).into_owned(),
        layer: visible(&layer(value).to_string()).into_owned(),
    };
    Cell { class, text: visible(&written(winner, view, secrets, CELL)).into_owned(), cascade: cascade.iter().map(step).collect() }
}

/// A picture of each environment; of a large one, of its clusters and what is tied between them and to none.
fn pictures(compilation: &Compilation, view: &View<'_>) -> Vec<Picture> {
    let model = &compilation.model;
    let draw = |is_chosen: &dyn Fn(EntityId) -> bool| svg(&part(model, &compilation.graph, is_chosen, GraphReach::default()), model, view);
    let picture = |(id, environment): (_, &platc::model::Environment)| {
        let all = |thing: EntityId| model.entity(thing).environment == id;
        let outer = |thing: EntityId| all(thing) && model.entity(thing).cluster.is_none();
        let svg = draw(&all).or_else(|_| draw(&outer)).unwrap_or_else(|lost| format!("<p>{}</p>", super::graph::escaped(&lost.message)));
        Picture { environment: visible(&environment.name).into_owned(), svg }
    };
    model.environments().map(picture).collect()
}
