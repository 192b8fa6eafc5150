//! emit: Objects → Artifacts. Paths and bytes of everything `platc build` writes; the writing itself is the program's.

mod argocd;
mod errors;
mod file;
mod flux;
mod held;
mod kustomize;
pub mod partial;
mod staying;
mod terraform;
mod waiting;

#[cfg(test)]
mod fixture;

pub use crate::floor::{base_of, belongs, environment_of, in_environment, overlay_of, stack_named};
pub use held::HeldOutput;
pub(crate) use held::folders as held_folders;
pub use staying::{ChosenOutput, FormerOutput, staying};
pub(crate) use terraform::state_place;

use crate::delivery::Site;
use crate::diagnostic::Diagnostics;
use crate::filename;
use crate::model::{EntityId, Model};
use crate::object::Objects;
use crate::print::{Passage, Printout};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

/// What backends are given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Input<'a> {
    /// The resolved platform.
    pub model: &'a Model,
    /// What the templates became.
    pub objects: &'a Objects,
    /// What is installed where; a backend that installs is given the clusters that are its own.
    pub sites: &'a [Site<'a>],
    /// The paths of files of which somebody asks where their lines came from.
    pub traced: &'a BTreeSet<String>,
    /// What the output holds of that which waits for facts.
    pub held: &'a HeldOutput,
}

impl Input<'_> {
    /// Whether somebody asks about the file of this path, or about one below it.
    #[must_use]
    pub(crate) fn traces(&self, path: &str) -> bool {
        let from = self.traced.range::<str, _>((Bound::Included(path), Bound::Unbounded));
        from.take(1).any(|traced| traced.starts_with(path))
    }
}

/// What a backend is: it adds its files, and says what it cannot express.
type Backend = fn(&Input<'_>, &mut Artifacts, &mut Diagnostics);

/// The backends that write for every platform.
const ALWAYS: [Backend; 3] = [kustomize::emit, terraform::emit, file::emit];

/// Those of which an environment has one, by the word it has in `environments.<environment>.delivery`.
const DELIVERIES: [(&str, Backend); 2] = [("argocd", argocd::emit), ("flux", flux::emit)];

/// One file to write.
#[derive(Clone, PartialEq, Debug)]
pub struct Artifact {
    /// The bytes.
    pub text: String,
    /// What stands in its lines, if somebody asked for that.
    pub passages: Option<Arc<[Passage]>>,
    /// The entities it came from, in the order of the model.
    pub entities: Vec<EntityId>,
    /// Whether it has to be there before any other file changes, whatever part of the output is written: it keeps what others are about to lose.
    pub first: bool,
}

impl Artifact {
    /// A file of this text, made of these entities.
    #[must_use]
    pub fn new(page: impl Into<Printout>, entities: Vec<EntityId>) -> Self {
        let Printout { text, passages } = page.into();
        Self { text, passages, entities, first: false }
    }
}

/// All files to write: path relative to the output directory (parts joined with `/`) → artifact, ordered by path.
#[derive(Clone, Debug, Default)]
pub struct Artifacts {
    files: BTreeMap<String, Artifact>,
}

impl Artifacts {
    /// Adds a file and says whether its path was free; a path that is taken keeps its first content.
    pub fn add(&mut self, path: impl Into<String>, artifact: Artifact) -> bool {
        use std::collections::btree_map::Entry;
        match self.files.entry(path.into()) {
            Entry::Vacant(vacant) => {
                vacant.insert(artifact);
                true
            }
            Entry::Occupied(_) => false,
        }
    }

    /// The files by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Artifact)> {
        self.files.iter().map(|(path, artifact)| (path.as_str(), artifact))
    }

    /// The files from a path on.
    pub(crate) fn from(&self, path: &str) -> impl Iterator<Item = (&str, &Artifact)> {
        let from = self.files.range::<str, _>((Bound::Included(path), Bound::Unbounded));
        from.map(|(path, artifact)| (path.as_str(), artifact))
    }

    /// The files below a folder: path in it and text.
    fn below<'a>(&'a self, folder: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let folder = format!("{folder}/");
        let from = self.files.range::<str, _>((Bound::Included(folder.as_str()), Bound::Unbounded));
        from.map_while(move |(path, artifact)| Some((path.strip_prefix(&folder)?, artifact.text.as_str())))
    }

    /// The file at a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Artifact> {
        self.files.get(path)
    }
}

/// Has all backends write their files; each cluster is delivered by the one that its environment names.
#[must_use]
pub(crate) fn emit(
    model: &Model,
    objects: &Objects,
    sites: Vec<Site<'_>>,
    (traced, held): (&BTreeSet<String>, &HeldOutput),
    diagnostics: &mut Diagnostics,
) -> Artifacts {
    let mut artifacts = Artifacts::default();
    let input = Input { model, objects, sites: &[], traced, held };
    for emit in ALWAYS {
        emit(&input, &mut artifacts, diagnostics);
    }
    held::overlays(&input, &mut artifacts);
    held::twice(&input, diagnostics);
    held::files(&input, &mut artifacts);
    waiting::report(&input, diagnostics);
    let mut of_each = DELIVERIES.map(|_| Vec::new());
    for site in sites {
        let word = site.environment.delivery();
        // The schema of the language allows no other word.
        let at = DELIVERIES.iter().position(|(known, _)| *known == word).unwrap_or(0);
        if let Some(sites) = of_each.get_mut(at) {
            sites.push(site);
        }
    }
    for ((_, emit), sites) in DELIVERIES.iter().zip(&of_each) {
        emit(&Input { sites, ..input }, &mut artifacts, diagnostics);
    }
    check_paths(&input, &artifacts, diagnostics);
    check_folders(model, &artifacts, diagnostics);
    artifacts
}

/// Every path can be written on every system, and none is another one's twin.
fn check_paths(input: &Input<'_>, artifacts: &Artifacts, diagnostics: &mut Diagnostics) {
    let paths: Vec<&str> = artifacts.files.keys().map(String::as_str).collect();
    let place =
        |path: &str| file::place(input, path).or_else(|| artifacts.get(path)?.entities.first().map(|id| input.model.entity(*id).defined));
    for (path, flaw) in filename::flaws(&paths) {
        diagnostics.push(errors::unsafe_path(path, &flaw, place(path)));
    }
    let mut met = Vec::new();
    for (first, second) in filename::twins(&paths) {
        let places = (place(first), place(second));
        // The same two definitions meet in every environment and on every cluster.
        if places.0.is_none() || !met.contains(&places) {
            diagnostics.push(errors::twins((first, places.0), (second, places.1)));
            met.push(places);
        }
    }
}

/// Reports files that would have to be folders, because other files are below them; once for the same two things, wherever they are.
fn check_folders(model: &Model, artifacts: &Artifacts, diagnostics: &mut Diagnostics) {
    let mut seen = "";
    let mut reported = BTreeSet::new();
    for (path, lower) in artifacts.iter() {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if folder == seen {
            continue;
        }
        seen = folder;
        let mut above = folder;
        while !above.is_empty() {
            let defined = |artifact: &Artifact| artifact.entities.first().map(|id| model.entity(*id).defined);
            if let Some(upper) = artifacts.get(above)
                && reported.insert((defined(upper), defined(lower)))
            {
                diagnostics.push(errors::inside_file(model, (above, upper), (path, lower)));
            }
            above = above.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
}
