//! The compiler as a whole: one pass after the other, each as far as the goal needs it. In comes a project, out goes all that is known about
//! it. It remembers what it has read, so that the next project, or the same one after an edit, only costs what is new; what comes out never
//! depends on what it remembers.

use crate::artifact::{self, Artifacts, ChosenOutput, FormerOutput, HeldOutput};
use crate::code::Code;
use crate::definition::{self, Definitions, LibraryNeeds, library_name};
use crate::delivery;
use crate::diagnostic::{Diagnostics, Severity};
use crate::disk::Disk;
use crate::document::{self, Document};
use crate::facts;
use crate::files::Files;
use crate::floor;
use crate::graph::{self, Graph};
use crate::hazard::{self, ChangeSide};
use crate::keeping;
use crate::kept::Kept;
use crate::ledger;
use crate::model::{self, EntityId, FORGET, Model, Presence};
use crate::object::{self, Objects};
use crate::output;
use crate::path::{ChosenPath, Path};
use crate::policy;
use crate::project;
use crate::secret::may_hold_credentials;
use crate::source::{Grammar, Source, Sources};
use crate::subject::{Subject, Thing};
use crate::system::System;
use crate::threads::Threads;
use crate::value::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a compilation is asked beside the sources.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Values set on the command line, each `path=value`: the strongest layer (design 2.3).
    pub set: Vec<String>,
    /// Paths of what is taken as though nobody had written it: `services.web.replicas`.
    pub unset: Vec<String>,
    /// How far to go.
    pub goal: Goal,
    /// Also the classes of the standard library that nothing names: for questions about classes.
    pub all_classes: bool,
}

/// How much of a compilation is wanted. What was not made is empty, and nothing is said about it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Goal {
    /// All that can be known: what `build` and `check` need.
    #[default]
    Everything,
    /// Resolved values: templates are not expanded and policies not asked, which is most of the work. What answers questions about values
    /// needs no more, and then has an answer though a template is wrong. Where sources speak of credentials it is everything all the same.
    /// The graph then lacks what only templates have met by computed names.
    Model,
    /// The same of what a path leads to, as far as an answer needs it, and no graph: what is not read stays as it is written, and what goes wrong
    /// when it is evaluated is not told. Where the path leads to nothing that is resolved by itself it is all of the model.
    Excerpt(Path),
}

impl Goal {
    /// What a question about a path needs; what is no path leads nowhere, which whoever answers says.
    #[must_use]
    pub fn about(path: &str) -> Self {
        path.parse().map_or(Self::Model, Self::Excerpt)
    }
}

/// Everything known about a project: all results of all passes, whether or not there were errors.
#[derive(Clone, Debug)]
pub struct Compilation {
    /// All texts.
    pub sources: Sources,
    /// What was authored.
    pub definitions: Definitions,
    /// The resolved platform.
    pub model: Model,
    /// Who needs whom.
    pub graph: Graph,
    /// What the templates became; empty if there were errors before, or nobody asked for them.
    pub objects: Objects,
    /// What was said.
    pub diagnostics: Diagnostics,
}

impl Compilation {
    fn side<'a>(&'a self, artifacts: &'a Artifacts) -> ChangeSide<'a> {
        ChangeSide {
            definitions: &self.definitions,
            model: &self.model,
            objects: &self.objects,
            graph: &self.graph,
            artifacts,
            sources: &self.sources,
        }
    }
}

/// A compiler with its threads and its memory.
#[derive(Debug, Default)]
pub struct Compiler {
    threads: Threads,
    memory: Memory,
}

/// What is known of the time before.
#[derive(Debug, Default)]
struct Memory {
    documents: document::DocumentMemory,
    classes: definition::ClassMemory,
    files: Arc<Files>,
}

impl Compiler {
    /// Compiles the project that a system holds. Never fails: what is wrong stands in the diagnostics.
    #[must_use]
    pub fn compile(&mut self, system: &dyn System, options: &Options) -> Compilation {
        // Reading happens on the caller's thread, because a system need not be shared between threads.
        let mut diagnostics = Diagnostics::default();
        let sources = ledger::page(1, || project::load(system, (&options.set, &options.unset), &mut diagnostics));
        // What must not be shown may be known only when templates are expanded.
        let suspect = || sources.iter().any(|(_, source)| !source.library && may_hold_credentials(&source.text));
        let goal = if options.goal != Goal::Everything && suspect() { Goal::Everything } else { options.goal.clone() };
        let Self { threads, memory } = self;
        threads.run(|| ledger::page(1, || memory.passes(sources, &Options { goal, ..options.clone() }, diagnostics)))
    }

    /// Does other work on the same threads, such as writing what was emitted.
    pub fn work<T: Send>(&mut self, work: impl FnOnce() -> T + Send) -> T {
        self.threads.run(work)
    }

    /// Emits the files of a compilation; none if it has errors.
    #[must_use]
    pub fn emit(&mut self, compilation: &mut Compilation) -> Artifacts {
        self.emit_traced(compilation, &BTreeSet::new(), None)
    }

    /// The same, and some files know what stands in their lines and where that came from. Those are not to be shown: they hold what is secret. With a disk as in
    /// [`Self::emit_over`].
    #[must_use]
    pub fn emit_lines(&mut self, compilation: &mut Compilation, traced: &BTreeSet<String>, disk: Option<&dyn Disk>) -> Artifacts {
        self.emit_traced(compilation, traced, disk)
    }

    /// The same where there may be an output already: what waits for facts keeps what is there of it. The disk is that of the project's root,
    /// and only read.
    #[must_use]
    pub fn emit_over(&mut self, compilation: &mut Compilation, disk: &dyn Disk) -> Artifacts {
        self.emit_traced(compilation, &BTreeSet::new(), Some(disk))
    }

    fn emit_traced(&mut self, compilation: &mut Compilation, traced: &BTreeSet<String>, disk: Option<&dyn Disk>) -> Artifacts {
        if compilation.diagnostics.has_errors() {
            return Artifacts::default();
        }
        let Compilation { model, graph, objects, diagnostics, .. } = compilation;
        let artifacts = self.threads.run(|| {
            let folders = artifact::held_folders(model, objects);
            let held = match disk {
                Some(disk) if !folders.is_empty() => output::held(disk, &model.platform.output, &folders),
                Some(_) | None => HeldOutput::default(),
            };
            let sites = delivery::deliver(model, graph, objects, diagnostics);
            artifact::emit(model, objects, sites, (traced, &held), diagnostics)
        });
        model.secrets.veil_over(diagnostics);
        if compilation.diagnostics.has_errors() { Artifacts::default() } else { artifacts }
    }

    /// Compares a compilation with what the index of its output remembers of data, as far as the paths of a partial build go: an error for
    /// each thing that would be lost. Gives what the index is to remember now; with errors it is not to be changed. `former` are the paths of that output.
    #[must_use]
    pub fn keep(
        &self,
        compilation: &mut Compilation,
        (before, former): (&BTreeSet<Kept>, &BTreeSet<String>),
        chosen: Option<ChosenPath<'_>>,
    ) -> BTreeSet<Kept> {
        if compilation.diagnostics.has_errors() {
            return before.clone();
        }
        let Compilation { sources, definitions, model, objects, diagnostics, .. } = compilation;
        let mut said = Diagnostics::default();
        let applications = former.iter().filter_map(|path| floor::application_at(path)).collect();
        let kept = keeping::keep(definitions, (model, objects), (before, &applications), chosen, (&mut said, diagnostics));
        document::spoken(&mut said, sources);
        diagnostics.append(said);
        model.secrets.veil_over(diagnostics);
        kept
    }

    /// What the change from one compilation with its files to another does outside, as far as paths go: what would be lost, which is an error; what is
    /// refused, replaced or stays, which are warnings; of what is chosen. `output` is the output directory as commands name it.
    #[must_use]
    pub fn outside(
        &self,
        (before, old): (&mut Compilation, &Artifacts),
        (now, new): (&mut Compilation, &Artifacts),
        output: &str,
        chosen: Option<ChosenPath<'_>>,
    ) -> Diagnostics {
        let kept = self.keep(before, (&BTreeSet::new(), &BTreeSet::new()), None);
        let said = std::mem::take(&mut now.diagnostics);
        let former = old.iter().map(|(path, _)| path.to_owned()).collect();
        _ = self.keep(now, (&kept, &former), chosen);
        let mut outside = std::mem::replace(&mut now.diagnostics, said);
        if outside.has_errors() {
            return outside;
        }
        let mut hazards = Diagnostics::default();
        hazard::hazards(before.side(old), now.side(new), chosen, &mut hazards);
        before.model.secrets.veil_over(&mut hazards);
        now.model.secrets.veil_over(&mut hazards);
        outside.append(hazards);
        let paths: BTreeSet<String> = old.iter().map(|(path, _)| path.to_owned()).collect();
        let read = |path: &str| old.get(path).map(|artifact| artifact.text.clone());
        let of_any = |chosen: ChosenPath<'_>, things: &[EntityId]| things.iter().any(|id| chosen(&before.model.entity(*id).thing.path()));
        let file = |path: &str| {
            let belongs = || [&now.model, &before.model].into_iter().find_map(|model| artifact::belongs(model, path));
            let things = old.get(path).map_or(&[][..], |artifact| &artifact.entities);
            // A file is of things, or of a cluster or an environment as a whole.
            chosen.is_none_or(|chosen| belongs().is_some_and(|own| if things.is_empty() { chosen(&own) } else { of_any(chosen, things) }))
        };
        let thing = |folder: &str, site: (&str, &str)| {
            let overlay = format!("{}/", floor::overlay(folder, site.0, site.1));
            let mut files = old.from(&overlay).take_while(|(path, _)| path.starts_with(&overlay));
            chosen.is_none_or(|chosen| files.any(|(_, artifact)| of_any(chosen, &artifact.entities)))
        };
        // What a change takes out of a base, it takes from those that are asked about, too.
        let looked_at = ChosenOutput { file: &file, shared: &|_| true, thing: &thing };
        artifact::staying(FormerOutput { paths: &paths, read: &read }, (output, new), looked_at, &mut outside);
        outside
    }

    /// The same files as they may be shown: where a Terraform argument holds a secret, it says so instead. The one of the path that is
    /// traced, if any, knows what stands in its lines and where that came from. With a disk as in [`Self::emit_over`].
    #[must_use]
    pub fn emit_shown(&mut self, compilation: &mut Compilation, traced: Option<&str>, disk: Option<&dyn Disk>) -> Artifacts {
        let traced = &traced.map(str::to_owned).into_iter().collect();
        if compilation.objects.secrets.is_empty() {
            return self.emit_traced(compilation, traced, disk);
        }
        let shown = compilation.objects.shown();
        let objects = std::mem::replace(&mut compilation.objects, shown);
        let artifacts = self.emit_traced(compilation, traced, disk);
        compilation.objects = objects;
        artifacts
    }
}

/// Adds what leaves by its own word, worked out as if it were still there. What is wrong with it then is told; what is wrong with
/// others only then is not.
fn leave(definitions: &Definitions, sources: &Sources, (model, objects): (&mut Model, &mut Objects), diagnostics: &mut Diagnostics) {
    let mut said = Diagnostics::default();
    let (staying, made) = ledger::page(1, || {
        let staying = model::resolve(definitions, sources, model.facts.clone(), (None, Presence::AsIfStaying), &mut said);
        let made = object::instantiate(definitions, &staying, sources, &mut said);
        (staying, made)
    });
    object::leave(objects, (&staying, &made));
    model.secrets.append(&made.secrets);
    objects.secrets.append(&made.secrets);
    let forgotten = staying.entities.iter().filter(|entity| entity.value.get("enabled").and_then(Value::as_str) == Some(FORGET));
    let forgotten: BTreeSet<&Arc<Thing>> = forgotten.map(|entity| &entity.thing).collect();
    // Who only holds what leaves may refer to others that it holds, and those are gone already.
    let made: BTreeSet<&Arc<Thing>> = made.stacks.iter().flat_map(|stack| &stack.members).map(|id| &staying.entity(*id).thing).collect();
    for diagnostic in said.sorted(sources).into_iter().filter(|diagnostic| diagnostic.severity == Severity::Error) {
        let is_of_holder = |thing: &Arc<Thing>| diagnostic.code == Code::UnknownReference && !made.contains(thing);
        let is_theirs =
            matches!(&diagnostic.subject, Some(Subject::Entity { thing, .. }) if forgotten.contains(thing) && !is_of_holder(thing));
        if is_theirs || staying.entities.is_empty() {
            diagnostics.push(diagnostic);
        }
    }
}

impl Memory {
    /// The passes from sources to all that is known.
    fn passes(&mut self, sources: Sources, options: &Options, mut diagnostics: Diagnostics) -> Compilation {
        ledger::sources(sources.bytes());
        let documents = self.read(&sources, options.all_classes, &mut diagnostics);
        let unread = document::unread(&documents, &diagnostics);
        let documents = definition::unset(documents, &sources, &mut diagnostics);
        if !options.unset.is_empty() {
            // Classes are known by their texts, which have not changed.
            self.classes.forget();
        }
        let files = Arc::new(Files::of(&sources, &self.files));
        if !files.is_same(&self.files) {
            // Classes are checked with what is taken in.
            self.classes.forget();
        }
        self.files = Arc::clone(&files);
        let definitions = definition::lower(&documents, (&sources, &files), (&self.documents, &mut self.classes), &mut diagnostics);
        if !options.unset.is_empty() {
            self.classes.forget();
        }
        let asked = if let Goal::Excerpt(path) = &options.goal { Some(path) } else { None };
        let facts = facts::read(&sources, &mut diagnostics);
        let mut model = model::resolve(&definitions, &sources, facts, (asked, Presence::Now), &mut diagnostics);
        // Templates rely on entities that fit their schemas; expanding others would only report the same mistakes again.
        let is_expanded = !diagnostics.has_errors() && options.goal == Goal::Everything;
        let mut objects = if !is_expanded {
            object::doubt_written(&definitions, &mut model.secrets);
            Objects::default()
        } else {
            object::instantiate(&definitions, &model, &sources, &mut diagnostics)
        };
        if options.goal == Goal::Everything && model.absent.has_terraform() && !diagnostics.has_errors() {
            leave(&definitions, &sources, (&mut model, &mut objects), &mut diagnostics);
        }
        if is_expanded {
            object::check_stacks(&model, &objects.stacks, &mut diagnostics);
        }
        let graph = if asked.is_some() { Graph::default() } else { graph::link(&definitions, &model, &objects, &mut diagnostics) };
        model.secrets.append(&objects.secrets);
        if options.goal == Goal::Everything {
            policy::check(&definitions, &model, &objects, &sources, &mut diagnostics);
        }
        document::beside(&mut diagnostics, &documents, &sources);
        document::spoken(&mut diagnostics, &sources);
        let sources = model.secrets.conceal(&unread, &sources, &mut diagnostics);
        diagnostics.forgive(|absent| definitions.lost.may_hold(absent));
        Compilation { sources, definitions, model, graph, objects, diagnostics }
    }

    /// The documents of the project, of the language, and of those classes of the standard library that they name.
    fn read(&mut self, sources: &Sources, all_classes: bool, diagnostics: &mut Diagnostics) -> Vec<Arc<Document>> {
        self.documents.again();
        let mut needs = LibraryNeeds::new(sources);
        let is_definition = |source: &Source| library_name(source).is_none() && !matches!(source.grammar, Grammar::Json | Grammar::Plain);
        let mut documents = document::parse(sources, |_, source| is_definition(source), &mut self.documents, diagnostics);
        let mut needed = if all_classes { needs.all() } else { needs.of(&documents) };
        while !needed.is_empty() {
            let more = document::parse(sources, |file, _| needed.contains(&file), &mut self.documents, diagnostics);
            needed = needs.of(&more);
            documents.extend(more);
        }
        documents.sort_by_key(|document| document.file);
        documents
    }
}
