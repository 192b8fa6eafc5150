//! Where Argo CD finds what an entity installs: a chart, a folder of our output, or a place that its class points to.

use super::errors;
use super::said::{self, Policy};
use super::site::Application;
use crate::diagnostic::Diagnostics;
use crate::model::{Layout, Model, Repository};
use crate::print::Tree;
use crate::value::Value;
use std::sync::Arc;

/// The sources of one Application.
#[derive(Default)]
pub(super) struct Sources {
    /// As an Application lists them.
    pub(super) trees: Vec<Tree>,
    /// Their repositories, for the project.
    pub(super) repositories: Vec<Arc<str>>,
    /// The folders that a build reads, if all of them are known.
    pub(super) paths: Option<Vec<String>>,
}

/// The sources of an Application; our own repository is read at the revision of the environment.
pub(super) fn of(
    application: &Application<'_>,
    model: &Model,
    repository: &Repository,
    policy: &Policy,
    diagnostics: &mut Diagnostics,
) -> Sources {
    let mut sources = Sources::default();
    let mut paths = Some(Vec::new());
    if let Some(chart) = &application.rendering.chart {
        let mut helm = vec![("releaseName", Tree::Text(Arc::clone(&chart.release)))];
        helm.extend(chart.values.as_ref().and_then(Tree::from_value).map(|values| ("valuesObject", values)));
        sources.add(
            &chart.repository,
            [
                ("chart", Tree::Text(Arc::clone(&chart.chart))),
                ("targetRevision", Tree::Text(Arc::clone(&chart.version))),
                ("helm", Tree::map(helm)),
            ],
        );
    }
    if let Some(said) = application.rendering.argocd.as_ref().and_then(|argocd| argocd.get("source")) {
        sources.pointer(said, application, diagnostics);
        if said.get("chart").is_none() {
            // What a folder of another repository reads besides itself is not known here.
            paths = None;
        }
    }
    if !application.rendering.manifests.is_empty() {
        let entity = application.entity;
        let cluster = entity.cluster.map_or(&entity.identity, |cluster| &model.entity(cluster).identity);
        let thing = below(repository, &format!("kustomize/{}/{}", entity.kind.plural(), entity.identity));
        let overlay = format!("{thing}/overlays/{}/{cluster}", model.environment(entity.environment).identity);
        sources.add(
            &repository.url,
            [
                ("path", Tree::text(&*overlay)),
                ("targetRevision", Tree::Text(Arc::clone(policy.revision.as_ref().unwrap_or(&repository.revision)))),
            ],
        );
        if let Some(paths) = &mut paths {
            match model.platform.layout {
                Layout::Overlays => paths.push(format!("/{thing}/base")),
                Layout::Rendered => {}
            }
            paths.push(format!("/{overlay}"));
        }
    }
    sources.paths = paths.filter(|paths| !paths.is_empty());
    sources
}

/// A path of our output in its repository.
pub(super) fn below(repository: &Repository, path: &str) -> String {
    if repository.path.is_empty() { path.to_owned() } else { format!("{}/{path}", repository.path) }
}

impl Sources {
    fn add<const N: usize>(&mut self, repository: &str, rest: [(&str, Tree); N]) {
        // Argo CD wants registries without their scheme.
        let repository: Arc<str> = repository.strip_prefix("oci://").unwrap_or(repository).into();
        let url = ("repoURL", Tree::Text(Arc::clone(&repository)));
        self.trees.push(Tree::map(std::iter::once(url).chain(rest)));
        self.repositories.push(repository);
    }

    /// A chart or folder that a class points to.
    fn pointer(&mut self, said: &Value, application: &Application<'_>, diagnostics: &mut Diagnostics) {
        let subject = &application.entity.subject();
        let Some(repository) = said::text(Some(said), "repository", subject, diagnostics) else {
            if said.get("repository").is_none() {
                diagnostics.push(errors::invalid("source", "a map with a `repository`", said, subject));
            }
            return;
        };
        let mut text = |key: &str| said::text(Some(said), key, subject, diagnostics);
        let (chart, folder, version, revision) = (text("chart"), text("path"), text("version"), text("revision"));
        let mut helm = match said.get("helm").and_then(Tree::from_value) {
            Some(Tree::Map(entries)) => entries,
            Some(_) | None => Vec::new(),
        };
        if chart.is_some() && !helm.iter().any(|(key, _)| &**key == "releaseName") {
            helm.insert(0, ("releaseName".into(), Tree::Text(Arc::clone(application.entity.identity.text()))));
        }
        if let Some(values) = said.get("values").filter(|values| values.as_map().is_some_and(|map| !map.entries().is_empty())) {
            helm.retain(|(key, _)| &**key != "valuesObject");
            helm.extend(Tree::from_value(values).map(|values| ("valuesObject".into(), values)));
        }
        let mut rest = Vec::new();
        match chart {
            Some(chart) => {
                rest.push(("chart", Tree::text(chart)));
                match version.or(revision) {
                    Some(version) => rest.push(("targetRevision", Tree::text(version))),
                    None => diagnostics.push(errors::invalid("source", "a `version` beside `chart`", said, subject)),
                }
            }
            None => {
                let folder = folder.map_or("", |folder| folder.trim_start_matches('/'));
                rest.push(("path", Tree::text(if folder.is_empty() { "." } else { folder })));
                rest.push(("targetRevision", Tree::text(revision.or(version).unwrap_or("HEAD"))));
            }
        }
        if !helm.is_empty() {
            rest.push(("helm", Tree::Map(helm)));
        }
        if let Some(directory) = said.get("directory").and_then(Tree::from_value) {
            rest.push(("directory", directory));
        }
        let repository: Arc<str> = repository.strip_prefix("oci://").unwrap_or(repository).into();
        let url = ("repoURL", Tree::Text(Arc::clone(&repository)));
        self.trees.push(Tree::map(std::iter::once(url).chain(rest)));
        self.repositories.push(repository);
    }
}
