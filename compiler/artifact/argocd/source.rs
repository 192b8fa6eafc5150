//! Where Argo CD finds what a unit installs, in its words.

use super::site::ArgoSite;
use crate::delivery::{Elsewhere, Helm, RepositoryPart, Unit, UnitSource};
use crate::model::Repository;
use crate::print::Tree;
use std::sync::Arc;

/// The sources of one Application.
#[derive(Default)]
pub(super) struct ApplicationSources {
    /// As an Application lists them.
    pub(super) trees: Vec<Tree>,
    /// Their repositories, for the project.
    pub(super) repositories: Vec<Arc<str>>,
    /// The folders that a build reads, if all of them are known.
    pub(super) paths: Option<Vec<String>>,
}

/// The sources of a unit; our own repository is read at the revision of the environment.
pub(super) fn of(unit: &Unit<'_>, repository: &Repository, site: &ArgoSite<'_>) -> ApplicationSources {
    let mut sources = ApplicationSources::default();
    let mut paths = Some(Vec::new());
    for source in &unit.sources {
        match source {
            UnitSource::Elsewhere(elsewhere) => {
                sources.elsewhere(elsewhere);
                if let RepositoryPart::Folder { .. } = elsewhere.found {
                    // What a folder of another repository reads besides itself is not known here.
                    paths = None;
                }
            }
            UnitSource::Output { folder, beside } => {
                let revision = Arc::clone(site.on.policy.revision.as_ref().unwrap_or(&repository.revision));
                let folder = repository.below(folder);
                sources.add(&repository.url, vec![("path", Tree::text(&*folder)), ("targetRevision", Tree::text(revision))]);
                if let Some(paths) = &mut paths {
                    paths.extend(beside.iter().map(|folder| format!("/{}", repository.below(folder))));
                    paths.push(format!("/{folder}"));
                }
            }
        }
    }
    sources.paths = paths.filter(|paths| !paths.is_empty());
    sources
}

impl ApplicationSources {
    fn add(&mut self, repository: &str, rest: Vec<(&str, Tree)>) {
        // Argo CD wants registries without their scheme.
        let repository: Arc<str> = repository.strip_prefix("oci://").unwrap_or(repository).into();
        let url = ("repoURL", Tree::text(Arc::clone(&repository)));
        self.trees.push(Tree::map(std::iter::once(url).chain(rest)));
        self.repositories.push(repository);
    }

    fn elsewhere(&mut self, elsewhere: &Elsewhere<'_>) {
        let mut rest = match elsewhere.found {
            RepositoryPart::Chart { name, version } => vec![("chart", Tree::text(name)), ("targetRevision", Tree::text(version))],
            RepositoryPart::Folder { path, revision } => {
                let path = if path.is_empty() { "." } else { path };
                vec![("path", Tree::text(path)), ("targetRevision", Tree::text(revision.unwrap_or("HEAD")))]
            }
        };
        if !elsewhere.helm.is_empty() {
            rest.push(("helm", helm(&elsewhere.helm)));
        }
        rest.extend(elsewhere.directory.clone().map(|directory| ("directory", directory)));
        self.add(elsewhere.repository, rest);
    }
}

fn helm(helm: &Helm) -> Tree {
    let release = helm.release.iter().map(|release| ("releaseName".into(), Tree::text(Arc::clone(release))));
    let values = helm.values.iter().map(|values| ("valuesObject".into(), values.clone()));
    Tree::map(release.chain(helm.further.iter().cloned()).chain(values))
}
