//! A project before and after a change: both compiled and emitted, each environment compared with itself, what leaves, and the files that differ.
//! In come two versions, out go lines and JSON. Nothing is written.

use super::answer::Answer;
use super::emitted::Emitted;
use super::selected::Selected;
use super::{Failure, Session, known};
use crate::Format;
use crate::disk::{DiskSystem, ROOT_FILES};
use crate::folder::Folder;
use crate::git;
use crate::render::View;
use crate::render::diff::classes::ClassSide;
use crate::render::diff::{self as render, Detail, Named};
use crate::render::lines::Lines;
use crate::render::markdown::code_of;
use crate::render::patch::{Depth, Patch};
use crate::render::plural;
use platc::artifact::Artifacts;
use platc::code::Code;
use platc::diagnostic::{Diagnostic, Severity};
use platc::disk::{Disk, MemoryDisk};
use platc::model::{Environment, EnvironmentId};
use platc::path::{ChosenPath, Path};
use platc::query::affected::{ProjectVersion, changed_files};
use platc::query::classes::{self, ClassDifference, class_differences};
use platc::query::diff::{Side, diff};
use platc::query::parity::Parity;
use platc::query::path::DeadEnd;
use platc::system::{MemorySystem, System};
use platc::{Compilation, Options};
use serde_json::{Map, json};
use std::collections::BTreeSet;
use std::mem::ManuallyDrop;

/// A project in two versions.
pub(super) struct Change {
    pub(super) before: ManuallyDrop<Compilation>,
    pub(super) old: Emitted,
    pub(super) now: ManuallyDrop<Compilation>,
    pub(super) new: Emitted,
    /// What stands behind the name of an environment: ` at main`.
    pub(super) called: (String, String),
    /// What is there of what waits for facts, on both sides: what is committed at the revision, or what was built; none if nothing waits or nothing is there.
    pub(super) held: Option<Box<dyn Disk>>,
    /// There was no project yet.
    pub(super) is_first: bool,
    /// Of paths of the first: `main:`.
    prefix: String,
}

/// One version of a project, with what it emits.
pub(super) type EmittedVersion = (ManuallyDrop<Compilation>, Emitted);

impl Change {
    /// The project as it is now, against what it was at a revision; none if one of them has errors, which are told.
    pub(super) fn since(revision: &str, set: &[String], session: &Session) -> Result<Option<Self>, Failure> {
        Self::read(revision, set, &DiskSystem::new(&session.project.root), session).map(|read| read.map(|(change, _)| change))
    }

    /// The same, with the sources of the revision; `system` holds the project as it is now.
    pub(super) fn read(
        revision: &str,
        set: &[String],
        system: &dyn System,
        session: &Session,
    ) -> Result<Option<(Self, MemorySystem)>, Failure> {
        let options = Options { set: set.to_vec(), ..Options::default() };
        // Git is waited for while the project is compiled as it is now.
        let root = &session.project.root;
        let (former, now) = std::thread::scope(|scope| {
            let reading = std::thread::Builder::new().spawn_scoped(scope, || git::read(root, revision));
            let now = Self::version(session.compile_of(system, &options), session);
            let former = reading.ok().and_then(|reading| reading.join().ok());
            (former.unwrap_or_else(|| git::read(root, revision)), now)
        });
        let Some(now) = now? else { return Ok(None) };
        let former = former.map_err(Failure::Usage)?;
        Ok(Self::against(revision, &former, now, &options, session)?.map(|change| (change, former)))
    }

    /// What is compiled and emitted already, against the sources of a revision; none if these have errors, which are told.
    pub(super) fn against(
        revision: &str,
        former: &MemorySystem,
        (now, new): EmittedVersion,
        options: &Options,
        session: &Session,
    ) -> Result<Option<Self>, Failure> {
        let mut before = session.compile_of(former, options);
        let lacks = |before: &Compilation| before.diagnostics.sorted(&before.sources).iter().any(|said| said.code == Code::MissingPlatform);
        let is_first = !is_project(former) && lacks(&before);
        if is_first {
            // Whatever else lay here then was nobody's platform.
            before = session.compile_of(&MemorySystem::default(), &Options::default());
            before.diagnostics.drain();
        }
        let old = if is_first { Emitted::default() } else { Emitted::of(&mut before, None, session) };
        if before.diagnostics.has_errors() {
            broken_before(&before, revision, session)?;
            return Ok(None);
        }
        let (called, prefix) = words_of(revision);
        let mut change = Self { before, old, now, new, called, held: None, is_first, prefix };
        if !is_first && change.waits() {
            // What waits was built from the same sources before, so what is committed says what is known of it, on both sides.
            let output = change.before.model.platform.output.to_string();
            let built = git::built(&session.project.root, revision, &output).map_err(Failure::Usage)?;
            let disk = built.map(|built| {
                let disk = MemoryDisk::default();
                built.iter().for_each(|(path, text)| disk.put(&format!("{output}/{path}"), text.as_bytes()));
                Box::new(disk) as Box<dyn Disk>
            });
            change.hold(disk, session);
        }
        Ok(Some(change))
    }

    /// Takes another revision at which the project is the same for the first; not if something waits, of which that may have built another part.
    pub(super) fn stands_for(&mut self, revision: &str) -> bool {
        let stands = !self.waits();
        if stands {
            (self.called, self.prefix) = words_of(revision);
        }
        stands
    }

    /// The project as it would be, against what it is; none if one of them has errors, which are told.
    pub(super) fn what_if(set: Vec<String>, unset: Vec<String>, session: &Session) -> Result<Option<Self>, Failure> {
        let Some((before, old)) = Self::version(session.compile(&Options::default()), session)? else { return Ok(None) };
        let Some((now, new)) = Self::version(session.compile(&Options { set, unset, ..Options::default() }), session)? else {
            return Ok(None);
        };
        let prefix = session.project.prefix.clone();
        let mut change = Self { before, old, now, new, called: (String::new(), " then".to_owned()), held: None, is_first: false, prefix };
        if change.waits() {
            change.hold(Some(Box::new(Folder::new(&session.project.root))), session);
        }
        Ok(Some(change))
    }

    /// Whether anything waits for facts, before or now.
    fn waits(&self) -> bool {
        [&self.before, &self.now].iter().any(|side| side.objects.renderings.iter().any(|rendering| !rendering.waits.is_empty()))
    }

    /// Emits both sides again, with what is there of what waits.
    fn hold(&mut self, disk: Option<Box<dyn Disk>>, session: &Session) {
        self.old = Emitted::of(&mut self.before, disk.as_deref(), session);
        self.new = Emitted::of(&mut self.now, disk.as_deref(), session);
        self.held = disk;
    }

    /// A compilation with what it emits; none if it has errors, which are told.
    pub(super) fn version(mut compilation: ManuallyDrop<Compilation>, session: &Session) -> Result<Option<EmittedVersion>, Failure> {
        if session.broken(&compilation)? {
            return Ok(None);
        }
        let emitted = Emitted::of(&mut compilation, None, session);
        Ok((!session.broken(&compilation)?).then_some((compilation, emitted)))
    }

    /// Environments of both versions, those of now first.
    fn environments(&self) -> impl Iterator<Item = &Environment> {
        [&self.now.model, &self.before.model].into_iter().flat_map(|model| &model.environments)
    }

    /// Fails with the nearest name if one of these is no environment of either version, or something is selected that is in neither.
    pub(super) fn known(&self, environments: &[String], selected: &Selected) -> Result<(), Failure> {
        selected.check(&[&self.now.model, &self.before.model])?;
        environments.iter().try_for_each(|name| known("environment", name, self.environments().map(|environment| &*environment.name)))
    }

    /// Sources of the first as the user sees them.
    pub(super) fn first_view(&self) -> View<'_> {
        View { sources: &self.before.sources, prefix: &self.prefix }
    }

    /// What the change does outside, of what is selected in these environments, or in all if there are none.
    pub(super) fn leaving(&mut self, environments: &[String], selected: &Selected, session: &Session) -> Vec<Diagnostic> {
        let part = selected.part(environments, &[&self.before.model, &self.now.model]);
        let has = |path: &Path| part.has(path);
        let chosen = (!part.is_all()).then_some(&has as ChosenPath<'_>);
        let output = format!("{}{}", session.project.prefix, self.now.model.platform.output);
        let sides = ((&mut *self.before, &self.old.real), (&mut *self.now, &self.new.real));
        let found = session.compiler.borrow().outside(sides.0, sides.1, &output, chosen);
        found.sorted(&self.now.sources)
    }

    /// An environment before and now, by what names it outside.
    pub(super) fn sides(&self, identity: &str) -> (Option<Side<'_>>, Option<Side<'_>>) {
        let find = |compilation| side_of(compilation, |environment| **environment.identity.text() == *identity);
        (find(&self.before), find(&self.now))
    }

    /// How each of these environments, or all if there are none, differs from itself.
    pub(super) fn answer(&mut self, environments: &[String], selected: &Selected, all: bool, session: &Session) -> Result<Answer, DeadEnd> {
        let traced = self.traced(session);
        let change = &*self;
        let files = change.patch(environments, selected, Depth::Names);
        let classes = traced.as_ref().map_or_else(Vec::new, |traced| change.classes(traced, &files, environments, selected));
        change.told((&classes, &files), environments, (selected, all), session)
    }

    /// What is in the lines of the files that differ, before and now, if any class says something else.
    fn traced(&mut self, session: &Session) -> Option<[Artifacts; 2]> {
        let paths = changed_files(&self.old.real, &self.new.real);
        if paths.is_empty() || !classes::differ(&self.before.definitions, &self.now.definitions) {
            return None;
        }
        let held = self.held.as_deref();
        let lines = |compilation: &mut Compilation| session.compiler.borrow_mut().emit_lines(compilation, &paths, held);
        Some([lines(&mut self.before), lines(&mut self.now)])
    }

    /// What classes say otherwise that reaches what is selected.
    fn classes<'a>(
        &'a self,
        [old, new]: &'a [Artifacts; 2],
        files: &Patch,
        environments: &[String],
        selected: &Selected,
    ) -> Vec<ClassDifference<'a>> {
        let version = |compilation: &'a Compilation, artifacts: &'a Artifacts| {
            let Compilation { model, definitions, sources, .. } = compilation;
            ProjectVersion { model, definitions, sources, artifacts }
        };
        let mut found = class_differences(version(&self.before, old), version(&self.now, new));
        let part = selected.part(environments, &[&self.before.model, &self.now.model]);
        if !part.is_all() {
            let files: BTreeSet<&str> = files.files.iter().map(|(path, _)| path.as_str()).collect();
            for difference in &mut found {
                difference.files.retain(|path| files.contains(path.as_str()));
                difference.things.retain(|thing| thing.parse().is_ok_and(|path: Path| part.has(&path)));
            }
            found.retain(|difference| !difference.files.is_empty());
        }
        found
    }

    fn told(
        &self,
        (classes, files): (&[ClassDifference<'_>], &Patch),
        environments: &[String],
        (selected, all): (&Selected, bool),
        session: &Session,
    ) -> Result<Answer, DeadEnd> {
        let mut answer = Answer::default();
        let mut told = Vec::new();
        let mut known = BTreeSet::new();
        let wanted =
            |environment: &&Environment| environments.is_empty() || environments.iter().any(|wanted| *environment.name == **wanted);
        let detail = selected.detail(all);
        let has_page = session.format == Format::Markdown;
        if self.is_first {
            answer.say(&format!("there was no project here{}: all of it is new", self.called.0));
        }
        // Environments are the same ones if they are called the same outside.
        for wanted in self.environments().filter(wanted) {
            if !known.insert(&**wanted.identity.text()) {
                continue;
            }
            match self.sides(wanted.identity.text()) {
                (Some(first), Some(second)) => {
                    let mut comparison = diff(first, second, &Parity::default())?;
                    selected.select(&mut comparison);
                    let names = (format!("{}{}", first.name(), self.called.0), format!("{}{}", second.name(), self.called.1));
                    let one = Named { name: &names.0, view: self.first_view() };
                    let other = Named { name: &names.1, view: session.view(&self.now) };
                    if first.name() != second.name() {
                        let (old, new) = (first.name(), second.name());
                        answer.say(&format!("environment {old} is called {new} now, and still {} outside", wanted.identity));
                        answer.differs = true;
                    }
                    told.push(render::json(&comparison, one, other, all));
                    // That nothing differs is not said above classes that do.
                    if comparison.is_empty() && !classes.is_empty() {
                        continue;
                    }
                    // Several environments are asked about, so that a name is told with its own.
                    match detail {
                        Detail::Names => render::names(&comparison, Some(second.name())).iter().for_each(|name| answer.text.line(name)),
                        Detail::Values | Detail::Counts | Detail::All => answer.text.append(&render::text(&comparison, one, other, detail)),
                    }
                    if has_page {
                        answer.page.append(render::page(&comparison, one, other, detail));
                    }
                    answer.differs |= !comparison.is_empty();
                    answer.level = answer.level.into_iter().chain(comparison.level()).min();
                }
                (Some(_), None) => answer.only(&mut told, &wanted.name, &format!("only{}", self.called.0)),
                (None, Some(_)) => {
                    // Under its name it was another one outside, unless that one is still there under another name.
                    let is_gone = |identity: &str| self.now.model.environments.iter().all(|known| &**known.identity.text() != identity);
                    let old = self.before.model.environments.iter().find(|old| old.name == wanted.name && is_gone(old.identity.text()));
                    match old {
                        Some(old) => {
                            known.insert(&**old.identity.text());
                            answer.replaced(&mut told, old, wanted, &self.called.0);
                        }
                        None => answer.only(&mut told, &wanted.name, "new"),
                    }
                }
                (None, None) => {}
            }
            if detail != Detail::Names {
                answer.text.line("");
            }
        }
        let sides = (
            ClassSide { view: self.first_view(), secrets: &self.before.model.secrets },
            ClassSide { view: session.view(&self.now), secrets: &self.now.model.secrets },
        );
        answer.text.append(&render::classes::text(classes, sides.0, sides.1, detail));
        if has_page {
            answer.page.append(render::classes::page(classes, sides.0, sides.1, detail));
        }
        answer.differs |= !classes.is_empty();
        let classes = render::classes::json(classes, sides.0, sides.1);
        answer.json = json!({ "version": 1, "environments": told, "classes": classes });
        if selected.is_all() {
            answer.differs |= !files.files.is_empty();
            if detail != Detail::Names {
                let how = if files.files.is_empty() { "" } else { "; `--view artifacts` shows them" };
                answer.text.line(&format!("{}{how}", files.summary()));
            }
            let paths: Vec<&str> = files.files.iter().map(|(path, _)| path.as_str()).collect();
            if let Some(members) = answer.json.as_object_mut() {
                members.insert("files".to_owned(), json!(paths));
            }
            if has_page {
                answer.page.closed(&files.summary(), paths.iter().map(|path| code_of(path)), "file");
            }
        }
        Ok(answer)
    }
}

/// The first environment of a compilation of which something holds.
fn side_of(compilation: &Compilation, holds: impl Fn(&Environment) -> bool) -> Option<Side<'_>> {
    compilation.model.environments().find(|(_, environment)| holds(environment)).map(|(id, _)| side(compilation, id))
}

/// An environment of a compilation.
pub(super) fn side(compilation: &Compilation, environment: EnvironmentId) -> Side<'_> {
    Side { model: &compilation.model, definitions: &compilation.definitions, sources: &compilation.sources, environment }
}

/// Whether a system holds a project.
fn is_project(system: &dyn System) -> bool {
    ROOT_FILES.iter().any(|name| system.read(name).is_ok())
}

/// What stands behind the names of environments, and in front of paths, of a revision.
fn words_of(revision: &str) -> ((String, String), String) {
    ((format!(" at {revision}"), String::new()), format!("{revision}:"))
}

fn broken_before(before: &Compilation, revision: &str, session: &Session) -> Result<(), Failure> {
    let prefix = format!("{revision}:");
    let mut diagnostics = before.diagnostics.sorted(&before.sources);
    diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    session.report(&diagnostics, &View { sources: &before.sources, prefix: &prefix }, Map::new())?;
    let count = plural(diagnostics.len(), "error");
    session.terminal.complain(&Lines::of(&format!("error: the project at `{revision}` has {count}, so there is nothing to compare with")));
    Ok(())
}
