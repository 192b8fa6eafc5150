//! The files of two versions of a project, as far as they are selected, and how they differ. Where a revision has its files committed, what this version of platc
//! makes otherwise of the same sources is told apart from what the sources change. In come compilations with what they emit, out go patches; nothing is written.

use super::answer::Answer;
use super::change::Change;
use super::selected::{ChosenThings, Selected};
use super::{Failure, Session};
use crate::folder::Folder;
use crate::git;
use crate::render::diff::Detail;
use crate::render::lines::Lines;
use crate::render::markdown::{Page, Rank, prose};
use crate::render::patch::{Depth, Files, Patch};
use annotate_snippets::renderer::Style;
use platc::Compilation;
use platc::artifact::{Artifact, Artifacts, base_of, environment_of, overlay_of};
use platc::disk::Disk;
use platc::model::{EntityId, Environment, Model};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// The files of a compilation, as they are and as they may be shown.
#[derive(Default)]
pub(super) struct Emitted {
    pub(super) real: Artifacts,
    /// None if nothing in them is secret: then they are shown as they are.
    hidden: Option<Artifacts>,
}

impl Emitted {
    /// What is emitted. What waits for facts is what the disk has of it; without one it is left out.
    pub(super) fn of(compilation: &mut Compilation, disk: Option<&dyn Disk>, session: &Session) -> Self {
        let mut compiler = session.compiler.borrow_mut();
        let real = match disk {
            Some(disk) => compiler.emit_over(compilation, disk),
            None => compiler.emit(compilation),
        };
        let hides = !compilation.objects.secrets.is_empty();
        Self { real, hidden: hides.then(|| compiler.emit_shown(compilation, None, disk)) }
    }

    fn shown(&self) -> &Artifacts {
        self.hidden.as_ref().unwrap_or(&self.real)
    }

    /// How some files of two compilations differ, or of two environments of one.
    pub(super) fn patch<'a>(
        (first, second): (&'a Self, &'a Self),
        old: impl Fn(&'a Artifacts) -> Files<'a>,
        new: impl Fn(&'a Artifacts) -> Files<'a>,
        depth: Depth,
    ) -> Patch {
        let mut patch = Patch::new(&old(first.shown()), &new(second.shown()), depth);
        if first.hidden.is_some() || second.hidden.is_some() {
            patch.differ_in_secrets(&Patch::new(&old(&first.real), &new(&second.real), Depth::Names));
        }
        patch
    }

    /// The files of things of which something holds.
    pub(super) fn of_things(&self, is_selected: &dyn Fn(EntityId) -> bool) -> BTreeSet<String> {
        let has = |entities: &[EntityId]| entities.iter().any(|id| is_selected(*id));
        self.real.iter().filter(|(_, artifact)| has(&artifact.entities)).map(|(path, _)| path.to_owned()).collect()
    }
}

/// The files of what is chosen, as they may be shown, by path; none if there are errors, which are told.
pub(super) fn files(
    compilation: &mut Compilation,
    chosen: &ChosenThings,
    session: &Session,
) -> Result<Option<Vec<(String, String)>>, Failure> {
    let shown = session.compiler.borrow_mut().emit_shown(compilation, None, Some(&Folder::new(&session.project.root)));
    if session.broken(compilation)? {
        return Ok(None);
    }
    let files = shown.iter().filter(|(_, artifact)| chosen.has_file(&artifact.entities));
    Ok(Some(files.map(|(path, artifact)| (path.to_owned(), artifact.text.clone())).collect()))
}

/// Which files are looked at.
struct FilesSelected {
    /// What environments are called in paths; none: all.
    folders: BTreeSet<String>,
    /// Folders of things whose overlays these environments use.
    using: BTreeSet<String>,
    /// Files of the things that are selected, and the folders they are in; none: all.
    things: Option<BTreeSet<String>>,
}

impl FilesSelected {
    fn has(&self, path: &str) -> bool {
        // What environments share is of each whose overlays use it.
        let is_shared = || base_of(path).is_some_and(|thing| self.using.contains(thing));
        let is_own = || environment_of(path).is_some_and(|environment| self.folders.contains(environment));
        let folder = || path.rsplit_once('/').map_or("", |(folder, _)| folder);
        (self.folders.is_empty() || is_own() || is_shared())
            && self.things.as_ref().is_none_or(|things| things.contains(path) || things.contains(folder()))
    }

    fn of<'a>(&self, artifacts: &'a Artifacts) -> Files<'a> {
        let files = artifacts.iter().filter(|(path, _)| self.has(path));
        files.map(|(path, artifact)| (path.to_owned(), artifact.text.as_str().into())).collect()
    }
}

/// How files differ, and by whose doing.
pub(super) struct Attributed {
    /// From what is committed, or what this platc makes of the revision, to what it makes now.
    whole: Patch,
    /// What the sources change.
    sources: Patch,
    /// What this platc makes otherwise of the sources of the revision than what is committed there; none if nothing is.
    platc: Option<Patch>,
}

impl Change {
    /// The files that are selected of these environments, or of all if there are none.
    fn selects(&self, environments: &[String], selected: &Selected) -> FilesSelected {
        let models = [&self.before.model, &self.now.model];
        let is_wanted = |environment: &&Environment| environments.iter().any(|wanted| *environment.name == **wanted);
        let wanted = models.into_iter().flat_map(|model| &model.environments).filter(is_wanted);
        let folders: BTreeSet<String> = wanted.map(|environment| environment.identity.to_string()).collect();
        let overlays = self.old.real.iter().chain(self.new.real.iter()).filter_map(|(path, _)| overlay_of(path));
        let using = overlays.filter(|(_, environment)| folders.contains(*environment)).map(|(thing, _)| thing.to_owned()).collect();
        let part = selected.part(environments, &models);
        let of = |emitted: &Emitted, model: &Model| emitted.of_things(&|id| part.has(&model.entity(id).thing.path()));
        let things = part.has_things().then(|| {
            let mut files = of(&self.old, &self.before.model);
            files.extend(of(&self.new, &self.now.model));
            // A folder of which all files are of these things is theirs, with what else was in it.
            let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
            let all = self.old.real.iter().chain(self.new.real.iter());
            let others: BTreeSet<String> = all.filter(|(path, _)| !files.contains(*path)).filter_map(|(path, _)| folder(path)).collect();
            let own: Vec<String> = files.iter().filter_map(|path| folder(path)).filter(|folder| !others.contains(folder)).collect();
            files.extend(own);
            files
        });
        FilesSelected { folders, using, things }
    }

    /// The files that the sources change, as far as they are selected, of these environments, or of all if there are none.
    pub(super) fn patch(&self, environments: &[String], selected: &Selected, depth: Depth) -> Patch {
        let selects = self.selects(environments, selected);
        Emitted::patch((&self.old, &self.new), |old| selects.of(old), |new| selects.of(new), depth)
    }

    /// The files that are committed at a revision, if they are.
    fn built(&self, revision: &str, session: &Session) -> Result<Option<BTreeMap<String, String>>, Failure> {
        let output = self.before.model.platform.output.to_string();
        let built = git::built(&session.project.root, revision, &output).map_err(Failure::Usage)?;
        let is_ours = |path: &String| !OWN.contains(&path.as_str());
        Ok(built.map(|built| built.into_iter().filter(|(path, _)| is_ours(path)).collect()))
    }

    /// The same files as another version of what this platc makes of the revision: of the same things.
    pub(super) fn committed(&self, revision: &str, session: &Session) -> Result<Option<Artifacts>, Failure> {
        let Some(built) = self.built(revision, session)? else { return Ok(None) };
        let mut artifacts = Artifacts::default();
        for (path, text) in built {
            let entities = self.old.real.get(&path).map_or_else(Vec::new, |artifact| artifact.entities.clone());
            artifacts.add(path, Artifact::new(text, entities));
        }
        Ok(Some(artifacts))
    }

    /// How the files differ from those that are committed at a revision, or from what this platc makes of it.
    pub(super) fn attributed(
        &self,
        (revision, environments): (&str, &[String]),
        selected: &Selected,
        session: &Session,
    ) -> Result<Attributed, Failure> {
        let Some(mut built) = self.built(revision, session)? else {
            let sources = self.patch(environments, selected, Depth::Lines);
            return Ok(Attributed { whole: sources.clone(), sources, platc: None });
        };
        let selects = self.selects(environments, selected);
        built.retain(|path, _| selects.has(path));
        let sources = Emitted::patch((&self.old, &self.new), |old| selects.of(old), |new| selects.of(new), Depth::Lines);
        // What a file holds that may not be shown stands in what was committed, too.
        let hides = |path: &str| {
            let differs =
                |emitted: &Emitted| emitted.real.get(path).map(|file| &file.text) != emitted.shown().get(path).map(|file| &file.text);
            differs(&self.old) || differs(&self.new)
        };
        let shown = |path: &String, text: &String| match self.old.shown().get(path).filter(|_| hides(path)) {
            Some(shown) => shown.text.clone(),
            None => text.clone(),
        };
        let committed: Files<'_> = built.iter().map(|(path, text)| (path.clone(), shown(path, text).into())).collect();
        let real: Files<'_> = built.into_iter().map(|(path, text)| (path, text.into())).collect();
        let against = |emitted: &Emitted| {
            let mut patch = Patch::new(&committed, &selects.of(emitted.shown()), Depth::Lines);
            patch.differ_in_secrets(&Patch::new(&real, &selects.of(&emitted.real), Depth::Names));
            patch
        };
        Ok(Attributed { whole: against(&self.new), sources, platc: Some(against(&self.old)) })
    }
}

/// Files of the output that tell git and platc about it, and nobody else.
const OWN: [&str; 2] = [platc::output::INDEX, ".gitattributes"];

impl Attributed {
    /// Whose doing it is that a file differs.
    fn by(&self, path: &str) -> &'static str {
        let has = |patch: &Patch| patch.files.binary_search_by(|(known, _)| known.as_str().cmp(path)).is_ok();
        match (has(&self.sources), self.platc.as_ref().is_some_and(has)) {
            (true, true) => "both",
            (false, true) => "platc",
            (true | false, false) => "sources",
        }
    }

    /// `2 by the sources, 1 by this version of platc`, if not all are by the sources.
    fn doers(&self) -> Option<String> {
        let who: Vec<&str> = self.whole.files.iter().map(|(path, _)| self.by(path)).collect();
        let count = |one: &str| who.iter().filter(|who| **who == one).count();
        let of = [(count("sources"), "the sources"), (count("platc"), "this version of platc"), (count("both"), "both")];
        let is_told = self.platc.as_ref().is_some_and(|patch| !patch.files.is_empty());
        let told: Vec<String> = of.iter().filter(|(count, _)| *count > 0).map(|(count, who)| format!("{count} by {who}")).collect();
        is_told.then(|| told.join(", ")).filter(|told| !told.is_empty())
    }

    /// What is to be printed of it.
    pub(super) fn answer(&self, revision: &str, detail: Detail) -> Answer {
        let mut answer = Answer::of(&self.whole, detail);
        let Some((doers, platc)) = self.doers().zip(self.platc.as_ref()) else { return answer };
        if let Some(files) = answer.json.get_mut("files").and_then(Json::as_array_mut) {
            for file in files.iter_mut().filter_map(Json::as_object_mut) {
                let by = file.get("path").and_then(Json::as_str).map_or("sources", |path| self.by(path));
                file.insert("by".to_owned(), by.into());
            }
        }
        let parts = [
            (format!("what the sources change since {revision}"), &self.sources),
            (format!("what this version of platc makes otherwise of the sources at {revision} than what is committed there"), platc),
        ];
        if detail == Detail::Names {
            return answer;
        }
        let summary = format!("{}: {doers}", self.whole.summary());
        (answer.text, answer.page) = (Lines::default(), Page::default());
        answer.page.paragraph(Rank::Head, &prose(&summary));
        for (head, patch) in parts.iter().filter(|(_, patch)| !patch.files.is_empty()) {
            answer.text.styled(&[(Style::new().bold(), head)]);
            answer.text.append(&patch.text(detail));
            answer.text.line("");
            answer.page.heading(3, &prose(head));
            patch.comment(detail, &mut answer.page);
        }
        answer.text.line(&summary);
        answer
    }
}
