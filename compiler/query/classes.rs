//! What classes and fragments say otherwise than before, and what comes of it: the files whose values were made of such a line, and the things that these are of. In
//! come two versions of a platform with the lines of the files that differ; out go the places. What a schema, a rule or a class that makes things says is told as
//! values of the things.

use super::affected::ProjectVersion;
use super::origins::{gather, meets};
use super::said::{SaidAt, SaidWalk};
use crate::artifact::{Artifact, Artifacts};
use crate::definition::{Class, Definitions};
use crate::model::EntityId;
use crate::path::{Path, Step};
use crate::print::Passage;
use crate::span::Span;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The sections of which outputs are made.
const SECTIONS: [&str; 8] = ["types", "let", "terraform", "manifests", "helm", "files", "argocd", "outputs"];

/// The section of a fragment of which outputs are made.
const TEMPLATE: &str = "template";

/// So many places are told apart.
const PLACES: usize = 400;

/// A place of a class that says something else than before, and reaches outputs.
#[derive(Clone, Debug)]
pub struct ClassDifference<'a> {
    /// Kind and name of who says it: `service/web`, `fragment/pod`.
    pub class: Arc<str>,
    /// The place below that, beginning with the section.
    pub path: Path,
    /// What it said, and where.
    pub first: SaidAt<'a>,
    /// What it says, and where.
    pub second: SaidAt<'a>,
    /// The things that it reaches, now or before, by their model paths.
    pub things: BTreeSet<String>,
    /// The files that it reaches.
    pub files: BTreeSet<String>,
}

/// Whether any class says something else than before.
#[must_use]
pub fn differ(before: &Definitions, now: &Definitions) -> bool {
    both(before, now).any(|(old, new)| !old.value.same_data(&new.value))
}

/// The classes that both versions have.
fn both<'a>(before: &'a Definitions, now: &'a Definitions) -> impl Iterator<Item = (&'a Arc<Class>, &'a Arc<Class>)> {
    let known: BTreeMap<&str, &Arc<Class>> = before.classes.iter().map(|class| (&*class.full, class)).collect();
    now.classes.iter().filter_map(move |class| Some((*known.get(&*class.full)?, class)))
}

/// Where it is said now, and where it was before.
type ClassSpots = (Option<Span>, Option<Span>);

/// A place, and the classes that have it: those that it is inherited by say the same.
#[derive(Clone)]
struct ClassVersion<'a> {
    difference: ClassDifference<'a>,
    classes: BTreeSet<&'a str>,
    /// How far it is from who wrote it.
    distance: usize,
}

impl<'a> ClassVersion<'a> {
    fn of(class: &Arc<str>, (path, first, second): (Path, SaidAt<'a>, SaidAt<'a>), distance: usize) -> Self {
        let class = Arc::clone(class);
        let difference = ClassDifference { class, path, first, second, things: BTreeSet::new(), files: BTreeSet::new() };
        Self { difference, classes: BTreeSet::new(), distance }
    }

    fn places(&self) -> ClassSpots {
        let place = |side: SaidAt<'_>| side.map(|(_, at)| at);
        (place(self.difference.second), place(self.difference.first))
    }
}

/// The places of classes that say something else than before and reach files that differ, in the order in which they are written.
#[must_use]
pub fn class_differences<'a>(before: ProjectVersion<'a>, now: ProjectVersion<'a>) -> Vec<ClassDifference<'a>> {
    let mut found = fragments(before.definitions, now.definitions);
    for (old, new) in both(before.definitions, now.definitions) {
        let mut walk = SaidWalk::new(PLACES, is_schema);
        for section in SECTIONS {
            walk.path = Path::of([section]);
            walk.said(old.value.get(section), new.value.get(section));
        }
        for (path, first, second) in walk.found {
            let distance = 1 + new.ancestors.len();
            let difference = ClassVersion::of(&new.full, (path, first, second), distance);
            let known = found.entry(difference.places()).or_insert_with(|| difference.clone());
            if distance < known.distance {
                let classes = std::mem::take(&mut known.classes);
                *known = ClassVersion { classes, ..difference };
            }
            known.classes.insert(&new.full);
        }
    }
    let mut all: Vec<ClassVersion<'a>> = found.into_values().collect();
    for (version, is_now) in [(before, false), (now, true)] {
        reach(version, is_now, &mut all);
    }
    otherwise(before, now, &mut all);
    all.into_iter().map(|found| found.difference).filter(|difference| !difference.files.is_empty()).collect()
}

/// What fragments say otherwise; classes that use them have it, too.
fn fragments<'a>(before: &'a Definitions, now: &'a Definitions) -> BTreeMap<ClassSpots, ClassVersion<'a>> {
    let mut found = BTreeMap::new();
    for (name, new) in &now.fragments {
        let template = |value: &'a Value| value.get(TEMPLATE);
        let old = before.fragments.get(name).and_then(|old| template(&old.value));
        let Some((old, new_template)) = old.zip(template(&new.value)) else { continue };
        let mut walk = SaidWalk::new(PLACES, |_| false);
        walk.path = Path::of([TEMPLATE]);
        walk.said(Some(old), Some(new_template));
        for place in walk.found {
            let difference = ClassVersion::of(&new.full, place, 0);
            found.insert(difference.places(), difference);
        }
    }
    found
}

/// Looks for the places in what the values of files were made of.
fn reach(version: ProjectVersion<'_>, is_now: bool, all: &mut [ClassVersion<'_>]) {
    for (path, artifact) in version.artifacts.iter() {
        let Some(passages) = artifact.passages.as_deref() else { continue };
        let mut places = BTreeSet::new();
        let leaves = passages.iter().filter(|passage: &&Passage| !passage.opens);
        leaves.filter_map(|passage| passage.tree.to_value()).for_each(|value| gather(&value, &mut places));
        for ClassVersion { difference, classes, .. } in all.iter_mut() {
            let side = if is_now { difference.second } else { difference.first };
            if side.is_some_and(|(_, at)| meets(at, &places)) {
                difference.files.insert(path.to_owned());
                difference.things.extend(things(version, artifact, classes));
            }
        }
    }
}

/// Gives files to places that leave no trace in them, as a condition does: files of things of these classes, which nothing else explains.
fn otherwise(before: ProjectVersion<'_>, now: ProjectVersion<'_>, all: &mut [ClassVersion<'_>]) {
    let explained: BTreeSet<String> = all.iter().flat_map(|found| found.difference.files.clone()).collect();
    for ClassVersion { difference, classes, .. } in all.iter_mut().filter(|found| found.difference.files.is_empty()) {
        for version in [before, now] {
            let traced = |artifacts: &Artifacts, path: &str| artifacts.get(path).is_some_and(|artifact| artifact.passages.is_some());
            let differs = |path: &str| {
                let text = |version: ProjectVersion<'_>| version.artifacts.get(path).map(|artifact| artifact.text.clone());
                (traced(before.artifacts, path) || traced(now.artifacts, path)) && text(before) != text(now)
            };
            for (path, artifact) in version.artifacts.iter().filter(|(path, _)| !explained.contains(*path) && differs(path)) {
                let of: Vec<String> = things(version, artifact, classes).collect();
                if !of.is_empty() {
                    difference.files.insert(path.to_owned());
                    difference.things.extend(of);
                }
            }
        }
    }
}

/// The things of a file that are of one of these classes.
fn things<'a>(version: ProjectVersion<'a>, artifact: &'a Artifact, classes: &'a BTreeSet<&str>) -> impl Iterator<Item = String> + 'a {
    let class = move |id: EntityId| version.definitions.classes.get(version.model.entity(id).class.0 as usize);
    let of = artifact.entities.iter().filter(move |id| class(**id).is_some_and(|class| classes.contains(&*class.full)));
    of.map(move |id| version.model.entity(*id).path.to_string())
}

/// The schema of a named type is told as values of the things; `schema` is a key like any other elsewhere.
fn is_schema(path: &[Step]) -> bool {
    matches!(path, [Step::Key(section), _, Step::Key(key), ..] if &**section == "types" && &**key == "schema")
}
