//! What a class leaves out, as text or JSON.

use super::View;
use super::explain::{LIMIT, layer};
use super::lines::Lines;
use super::table::{self, cut};
use annotate_snippets::renderer::Style;
use platc::Compilation;
use platc::path::Path;
use platc::print::Tree;
use platc::query::explain::{LeftOut, WhyLeftOut, explain, removal};
use platc::query::show::{self, in_line};
use platc::span::Span;
use serde_json::{Value as Json, json};

/// A place that leaves something out, with what it reads.
pub(crate) struct Found {
    /// The place.
    pub(crate) place: LeftOut,
    /// What its expression comes to.
    pub(crate) result: Option<Tree>,
    /// The names that it reads, each with its value; none of what is not set.
    pub(crate) reads: Vec<(Span, Option<Tree>)>,
}

/// The place that leaves it out, and what that reads.
pub(crate) fn text(what: &str, found: &Found, compilation: &Compilation, view: &View<'_>) -> Lines {
    let mut lines = Lines::default();
    lines.styled(&[(Style::new().bold(), what), (Style::new(), " is not there")]);
    lines.append(&reason(found, compilation, view));
    lines
}

/// The same without saying what it is about.
pub(crate) fn reason(found: &Found, compilation: &Compilation, view: &View<'_>) -> Lines {
    let mut lines = Lines::default();
    let place = &found.place;
    let word = match place.why {
        WhyLeftOut::Condition => "left out at",
        WhyLeftOut::Loop => "not among",
        WhyLeftOut::Nothing => "no value at",
        WhyLeftOut::Facts => "waits at",
    };
    let written = cut(&view.sources.text(place.by.span).split_whitespace().collect::<Vec<_>>().join(" "), 2 * LIMIT);
    let result = found.result.as_ref().map(|result| format!("is {}", in_line(result))).unwrap_or_default();
    let by = if place.why == WhyLeftOut::Facts { String::new() } else { layer(place.by, compilation, view) };
    let mut rows = vec![vec![word.to_owned(), view.at(place.by.span), written, by, result]];
    for (at, (name, value)) in found.reads.iter().enumerate() {
        let word = if at == 0 { "where" } else { "" };
        let name = view.sources.text(*name);
        let from = origin(name, found, compilation).map_or_else(String::new, |span| view.at(span));
        let is = value.as_ref().map_or_else(|| "is not set".to_owned(), |value| format!("is {}", cut(&in_line(value), LIMIT)));
        rows.push(vec![word.to_owned(), from, cut(name, LIMIT), String::new(), is]);
    }
    lines.append(&table::render(&rows, "  "));
    if place.why == WhyLeftOut::Facts {
        lines.line("  known once Terraform has run; `platc check` tells which facts to record");
    } else {
        let owner = compilation.model.entity(place.owner);
        lines.line(&format!("  in the words of {}, defined at {}", owner.thing.path(), view.at(owner.defined)));
    }
    lines
}

/// The same for machines.
pub(crate) fn json(what: &str, found: &Found, compilation: &Compilation, view: &View<'_>) -> Json {
    let place = &found.place;
    let reads = found.reads.iter().map(|(name, value)| {
        let name = view.sources.text(*name);
        json!({ "name": name, "value": value.as_ref().map(show::json), "place": origin(name, found, compilation).map(|span| view.place(span)) })
    });
    let why = match place.why {
        WhyLeftOut::Condition => "condition",
        WhyLeftOut::Loop => "loop",
        WhyLeftOut::Nothing => "nothing",
        WhyLeftOut::Facts => "facts",
    };
    json!({
        "path": what,
        "value": null,
        "leftOut": {
            "why": why,
            "place": view.place(place.by.span),
            "layer": layer(place.by, compilation, view),
            "owner": compilation.model.entity(place.owner).thing.path().to_string(),
            "reads": reads.collect::<Vec<_>>(),
        },
    })
}

/// Where a field of the thing itself is decided, or was removed: `self.size.min`.
fn origin(name: &str, found: &Found, compilation: &Compilation) -> Option<Span> {
    let field: Path = name.replace(".?", ".").strip_prefix("self.")?.parse().ok()?;
    let path = compilation.model.entity(found.place.owner).thing.path().join(&field).to_string();
    match explain(&compilation.model, &path) {
        Ok(found) => Some(found?.value.decided().span),
        Err(_) => removal(&compilation.model, &path).map(|removal| removal.by.span),
    }
}
