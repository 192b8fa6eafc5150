//! Where what a unit installs is found: a chart, a folder of the output, or a place that its class points to.

use super::errors;
use super::told;
use crate::diagnostic::Diagnostics;
use crate::filename::leaves;
use crate::floor;
use crate::model::{Entity, Model};
use crate::object::Rendering;
use crate::print::{Form, Tree};
use crate::span::Span;
use crate::subject::Subject;
use crate::syncing;
use crate::value::Value;
use std::sync::Arc;

/// One place.
#[derive(Clone, Debug)]
pub(crate) enum UnitSource<'a> {
    /// A chart or folder that is not in the output.
    Elsewhere(Box<Elsewhere<'a>>),
    /// A folder of the output.
    Output {
        /// Its path below the output directory.
        folder: String,
        /// Other folders of the output that are read with it.
        beside: Vec<String>,
    },
}

/// A chart or folder in a repository that is not ours.
#[derive(Clone, Debug)]
pub(crate) struct Elsewhere<'a> {
    /// `https://…`, `oci://…`, or whatever git understands.
    pub repository: &'a str,
    /// What is there.
    pub found: RepositoryPart<'a>,
    /// How Helm fills it in.
    pub helm: Helm,
    /// How a folder of plain files is read, as it is written.
    pub directory: Option<Tree>,
    /// Where its repository is named.
    pub at: Span,
    /// Where its version or revision is named, or would be.
    pub version_at: Span,
    /// All that is said of it.
    pub said: &'a Value,
}

impl Elsewhere<'_> {
    /// Whether Helm is needed: for a chart, or a folder that is filled in as one.
    #[must_use]
    pub(crate) fn is_chart(&self) -> bool {
        match self.found {
            RepositoryPart::Chart { .. } => true,
            RepositoryPart::Folder { .. } => !self.helm.is_empty(),
        }
    }
}

/// What is found in a repository.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RepositoryPart<'a> {
    /// A chart, in a version or a range of them.
    Chart {
        /// Its name.
        name: &'a str,
        /// Its version.
        version: &'a str,
    },
    /// A folder.
    Folder {
        /// Its path in the repository; empty: the whole.
        path: &'a str,
        /// Branch, tag or commit; none: what the repository shows first.
        revision: Option<&'a str>,
    },
}

/// How Helm fills a chart in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Helm {
    /// Name of the release.
    pub release: Option<Arc<str>>,
    /// Where that is said; none: it is the identity.
    pub named: Option<Span>,
    /// Values, a map.
    pub values: Option<Tree>,
    /// Whatever else is said, as it is written.
    pub further: Vec<(Arc<str>, Tree)>,
}

impl Helm {
    /// Whether nothing is said.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.release.is_none() && self.values.is_none() && self.further.is_empty()
    }
}

/// The place that a class points to.
pub(super) fn pointer(rendering: &Rendering) -> Option<&Value> {
    rendering.told.as_ref().and_then(|told| told.get("source"))
}

/// Where what an entity installs is found.
pub(super) fn of<'a>(rendering: &'a Rendering, model: &Model, diagnostics: &mut Diagnostics) -> Vec<UnitSource<'a>> {
    let entity = model.entity(rendering.entity);
    let chart = rendering.chart.as_ref().map(|chart| Elsewhere {
        repository: &chart.repository,
        found: RepositoryPart::Chart { name: &chart.chart, version: &chart.version },
        helm: Helm {
            release: Some(Arc::clone(&chart.release)),
            named: named(&chart.said),
            values: chart.values.as_ref().and_then(Tree::from_value),
            further: Vec::new(),
        },
        directory: None,
        at: chart.span,
        version_at: chart.said.get("version").map_or(chart.span, |version| version.origin.span),
        said: &chart.said,
    });
    let pointed = pointer(rendering).and_then(|said| elsewhere(said, (entity, &model.outside(entity)), diagnostics));
    let output = (!rendering.manifests.is_empty()).then(|| {
        let (beside, folder) = floor::objects(model, entity);
        UnitSource::Output { folder, beside }
    });
    // The units of all clusters are kept at once: no more room than for what is there.
    chart.into_iter().chain(pointed).map(|elsewhere| UnitSource::Elsewhere(Box::new(elsewhere))).chain(output).collect()
}

/// A chart or folder that a class points to, for an entity and what names it outside.
fn elsewhere<'a>(said: &'a Value, (entity, outside): (&Entity, &Arc<str>), diagnostics: &mut Diagnostics) -> Option<Elsewhere<'a>> {
    let subject = &entity.subject();
    let Some(repository) = told::text(Some(said), "repository", subject, diagnostics) else {
        if said.get("repository").is_none() {
            diagnostics.push(syncing::invalid("source", "a map with a `repository`", said, subject));
        }
        return None;
    };
    let mut text = |key: &str| told::text(Some(said), key, subject, diagnostics);
    let (chart, folder, version, revision) = (text("chart"), text("path"), text("version"), text("revision"));
    let release = text("releaseName");
    let ((), wrong) = diagnostics.watch(|diagnostics| check(said, repository, subject, diagnostics));
    if wrong {
        return None;
    }
    let mut helm = helm(said);
    helm.release = release.map(Arc::from).or(helm.release);
    let found = match chart {
        Some(name) => {
            helm.release.get_or_insert_with(|| Arc::clone(outside));
            let Some(version) = version.or(revision) else {
                diagnostics.push(syncing::invalid("source", "a `version` beside `chart`", said, subject));
                return None;
            };
            RepositoryPart::Chart { name, version }
        }
        None => RepositoryPart::Folder { path: folder.map_or("", |folder| folder.trim_start_matches('/')), revision: revision.or(version) },
    };
    let directory = said.get("directory").and_then(Tree::from_value);
    let at = said.get("repository").map_or(said.origin.span, |repository| repository.origin.span);
    let version_at = said.get("version").or(said.get("revision")).map_or(at, |version| version.origin.span);
    Some(Elsewhere { repository, found, helm, directory, at, version_at, said })
}

/// Reports what would be dropped without a word, and folders that nobody can read.
fn check(said: &Value, repository: &str, subject: &Subject, diagnostics: &mut Diagnostics) {
    syncing::keys("`source`", said, &syncing::SOURCE, subject, &mut |diagnostic| diagnostics.push(diagnostic));
    if let Some(helm) = said.get("helm") {
        filling(helm, said, subject, diagnostics);
    }
    if let Some(directory) = said.get("directory") {
        parts("directory", directory, &DIRECTORY, subject, diagnostics);
    }
    for (one, other) in [("chart", "path"), ("version", "revision")] {
        if let (Some(one_said), Some(other_said)) = (said.get(one), said.get(other)) {
            diagnostics.push(errors::both_in_source((one, one_said), (other, other_said), subject));
        }
    }
    if repository.starts_with("oci://") && said.get("chart").is_none() {
        diagnostics.push(errors::folder_in_registry(repository, said.get("repository").unwrap_or(said), subject));
    }
    if let Some(path) = said.get("path").filter(|path| path.as_str().is_some_and(leaves)) {
        diagnostics.push(errors::path_leaves(path, subject));
    }
}

/// What may be said for Helm, and how each is written.
const HELM: [(&str, SourcePart); 15] = [
    ("apiVersions", SourcePart::Texts),
    ("fileParameters", SourcePart::Maps),
    ("ignoreMissingValueFiles", SourcePart::Switch),
    ("kubeVersion", SourcePart::Text),
    ("namespace", SourcePart::Text),
    ("parameters", SourcePart::Maps),
    ("passCredentials", SourcePart::Switch),
    ("releaseName", SourcePart::Text),
    ("skipCrds", SourcePart::Switch),
    ("skipSchemaValidation", SourcePart::Switch),
    ("skipTests", SourcePart::Switch),
    ("valueFiles", SourcePart::Texts),
    ("values", SourcePart::Text),
    ("valuesObject", SourcePart::Map),
    ("version", SourcePart::Text),
];

/// What may be said of a folder of plain files.
const DIRECTORY: [(&str, SourcePart); 4] =
    [("exclude", SourcePart::Text), ("include", SourcePart::Text), ("jsonnet", SourcePart::Map), ("recurse", SourcePart::Switch)];

/// How a part is written.
#[derive(Clone, Copy)]
enum SourcePart {
    Text,
    Texts,
    Switch,
    Map,
    Maps,
}

impl SourcePart {
    fn fits(self, value: &Value) -> bool {
        match self {
            SourcePart::Text => value.as_str().is_some(),
            SourcePart::Switch => value.as_bool().is_some(),
            SourcePart::Map => value.as_map().is_some(),
            SourcePart::Texts => value.as_list().is_some_and(|items| items.iter().all(|item| item.as_str().is_some())),
            SourcePart::Maps => value.as_list().is_some_and(|items| items.iter().all(|item| item.as_map().is_some())),
        }
    }

    fn words(self) -> &'static str {
        match self {
            SourcePart::Text => "text",
            SourcePart::Switch => "true or false",
            SourcePart::Map => "a map",
            SourcePart::Texts => "a list of texts",
            SourcePart::Maps => "a list of maps",
        }
    }
}

/// Reports parts of a map that nobody reads, and those that are written otherwise.
fn parts(what: &str, said: &Value, known: &[(&str, SourcePart)], subject: &Subject, diagnostics: &mut Diagnostics) {
    if said.as_map().is_none() {
        diagnostics.push(syncing::invalid(what, "a map", said, subject));
    }
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    syncing::keys(&format!("`{what}`"), said, &names, subject, &mut |diagnostic| diagnostics.push(diagnostic));
    for (name, part) in known {
        if let Some(value) = said.get(name).filter(|value| !part.fits(value)) {
            diagnostics.push(syncing::invalid(name, part.words(), value, subject));
        }
    }
}

/// Reports what is wrong with what is said for Helm, beside what the source itself says.
fn filling(helm: &Value, source: &Value, subject: &Subject, diagnostics: &mut Diagnostics) {
    parts("helm", helm, &HELM, subject, diagnostics);
    // Of these one counts.
    let said = [("values", source.get("values")), ("helm.valuesObject", helm.get("valuesObject")), ("helm.values", helm.get("values"))];
    let mut said = said.into_iter().filter_map(|(name, value)| Some((name, value?)));
    if let (Some(first), Some(second)) = (said.next(), said.next()) {
        diagnostics.push(errors::both_in_source(first, second, subject));
    }
    if let (Some(one), Some(other)) = (source.get("releaseName"), helm.get("releaseName")) {
        diagnostics.push(errors::both_in_source(("releaseName", one), ("helm.releaseName", other), subject));
    }
}

/// Where a section names its release.
fn named(said: &Value) -> Option<Span> {
    said.get("releaseName").map(|name| name.origin.span)
}

/// What is said for Helm: in `helm`, and values in `values`, which count more.
fn helm(said: &Value) -> Helm {
    let mut helm = Helm { named: named(said).or_else(|| said.get("helm").and_then(named)), ..Helm::default() };
    let written = said.get("helm").and_then(Tree::from_value);
    for (key, tree) in written.as_ref().and_then(Tree::as_map).unwrap_or_default() {
        match (&**key, &tree.form) {
            ("releaseName", Form::Text(name)) => helm.release = Some(Arc::clone(name)),
            ("valuesObject", _) => helm.values = Some(tree.clone()),
            (_, _) => helm.further.push((Arc::clone(key), tree.clone())),
        }
    }
    if let Some(values) = said.get("values").filter(|values| values.as_map().is_some_and(|map| !map.entries().is_empty())) {
        helm.values = Tree::from_value(values);
    }
    helm
}
