//! Where Argo CD finds what a unit installs, in its words. Values of charts go into files of the output, which Argo CD reads beside the chart: a
//! corrected value is then a new revision, which a sync that is tried again picks up, and `null` stays what it is (decision 49).

use super::site::ArgoSite;
use crate::delivery::{Elsewhere, RepositoryPart, Unit, UnitSource};
use crate::model::{Platform, Repository};
use crate::print::{Form, Tree};
use crate::value::Value;
use std::sync::Arc;

/// The sources of one Application.
#[derive(Default)]
pub(super) struct ApplicationSources {
    /// As an Application lists them.
    pub(super) trees: Vec<Tree>,
    /// Their repositories, for the project, and where they are named.
    pub(super) repositories: Vec<(Arc<str>, Tree)>,
    /// The folders and files that a build reads, if all of them are known.
    pub(super) paths: Option<Vec<String>>,
    /// Values of charts: the path of the file in the folder of the cluster, and what it says.
    pub(super) values: Vec<(String, Tree)>,
    /// Whether all of it is in the output, so that a new revision brings everything that could be wrong with it.
    pub(super) is_own: bool,
}

/// The name by which the other sources of an Application read files of the output.
const REF: &str = "values";

/// The file for the values of a unit's chart, in the folder of its cluster; a second chart of the unit has another one.
pub(super) fn values_file(name: &str, at: usize) -> String {
    // Names of Applications have no dots.
    let of = if at == 0 { name.to_owned() } else { format!("{name}.{}", at + 1) };
    format!("values/{of}.yaml")
}

/// The sources of a unit; our own repository is read at the revision of the environment.
pub(super) fn of(unit: &Unit<'_>, (repository, platform): (&Repository, &Platform), site: &ArgoSite<'_>) -> ApplicationSources {
    let mut sources = ApplicationSources { is_own: !unit.is_opaque(), ..ApplicationSources::default() };
    let mut paths = Some(Vec::new());
    let (mut folder_of_objects, mut beside_it) = (None, Vec::new());
    for source in &unit.sources {
        match source {
            UnitSource::Elsewhere(elsewhere) => {
                let values = elsewhere.helm.values.as_ref().filter(|values| says_something(values)).map(|values| {
                    let file = values_file(&site.name(&unit.name), sources.values.len());
                    sources.values.push((file.clone(), values.clone()));
                    repository.below(&format!("{}/{file}", site.folder))
                });
                sources.elsewhere(elsewhere, values.as_deref());
                if let RepositoryPart::Folder { .. } = elsewhere.found {
                    // What a folder of another repository reads besides itself is not known here.
                    paths = None;
                } else if let (Some(paths), Some(values)) = (&mut paths, values) {
                    paths.push(format!("/{values}"));
                }
            }
            UnitSource::Output { folder, beside } => {
                let folder = repository.below(folder);
                beside_it.extend(beside.iter().map(|folder| format!("/{}", repository.below(folder))));
                beside_it.push(format!("/{folder}"));
                folder_of_objects = Some(folder);
            }
        }
    }
    if folder_of_objects.is_some() || !sources.values.is_empty() {
        let revision = site.on.policy.revision.as_ref().unwrap_or(&repository.revision);
        let said = |key: &str| platform.value.at(&["repository", key]);
        let path = folder_of_objects.map(|folder| ("path", Tree::text_by(&*folder, Some(unit.entity.identity.value()))));
        let named = (!sources.values.is_empty()).then(|| ("ref", Tree::text(REF)));
        let target = Tree::text_by(Arc::clone(revision), revision_by(site, platform));
        let rest = path.into_iter().chain([("targetRevision", target)]).chain(named);
        sources.add(&repository.url, said("url"), rest.collect());
        if let Some(paths) = &mut paths {
            paths.extend(beside_it);
        }
    }
    sources.paths = paths.filter(|paths| !paths.is_empty());
    sources
}

/// Where it is said which revision of our repository is followed.
pub(super) fn revision_by<'v>(site: &ArgoSite<'v>, platform: &'v Platform) -> Option<&'v Value> {
    let own = site.on.policy.revision.as_ref().and_then(|_| site.on.environment.value.at(&["argocd", "revision"]));
    own.or_else(|| platform.value.at(&["repository", "revision"]))
}

/// Whether values are more than an empty map.
fn says_something(values: &Tree) -> bool {
    !matches!(&values.form, Form::Map(entries) if entries.is_empty())
}

impl ApplicationSources {
    fn add(&mut self, repository: &str, said: Option<&Value>, rest: Vec<(&str, Tree)>) {
        // Argo CD wants registries without their scheme.
        let repository: Arc<str> = repository.strip_prefix("oci://").unwrap_or(repository).into();
        let url = Tree::text_by(Arc::clone(&repository), said);
        self.trees.push(Tree::map(std::iter::once(("repoURL", url.clone())).chain(rest)));
        self.repositories.push((repository, url));
    }

    /// `values`: the file with the values, from the root of our repository.
    fn elsewhere(&mut self, elsewhere: &Elsewhere<'_>, values: Option<&str>) {
        let said = |keys: &[&str]| keys.iter().find_map(|key| elsewhere.said.get(key));
        let mut rest = match elsewhere.found {
            RepositoryPart::Chart { name, version } => {
                vec![
                    ("chart", Tree::text_by(name, said(&["chart"]))),
                    ("targetRevision", Tree::text_by(version, said(&["version", "revision"]))),
                ]
            }
            RepositoryPart::Folder { path, revision } => {
                let path = if path.is_empty() { "." } else { path };
                vec![
                    ("path", Tree::text_by(path, said(&["path"]))),
                    ("targetRevision", Tree::text_by(revision.unwrap_or("HEAD"), said(&["revision", "version"]))),
                ]
            }
        };
        if !elsewhere.helm.is_empty() {
            rest.push(("helm", helm(elsewhere, values)));
        }
        rest.extend(elsewhere.directory.clone().map(|directory| ("directory", directory)));
        self.add(elsewhere.repository, said(&["repository"]), rest);
    }
}

fn helm(elsewhere: &Elsewhere<'_>, values: Option<&str>) -> Tree {
    let helm = &elsewhere.helm;
    let named = elsewhere.said.get("releaseName").or_else(|| elsewhere.said.at(&["helm", "releaseName"]));
    let release = helm.release.iter().map(|release| ("releaseName".into(), Tree::text_by(Arc::clone(release), named)));
    let further = helm.further.iter().filter(|(key, _)| &**key != FILES).cloned();
    // The last file counts most, as values do.
    let said = helm.further.iter().filter(|(key, _)| &**key == FILES).filter_map(|(_, tree)| tree.as_list()).flatten().cloned();
    let files: Vec<Tree> = said.chain(values.map(|file| Tree::text(format!("${REF}/{file}")))).collect();
    let files = (!files.is_empty()).then(|| (FILES.into(), Tree::list(files)));
    Tree::map(release.chain(further).chain(files))
}

/// The key of a list of files with values.
const FILES: &str = "valueFiles";
