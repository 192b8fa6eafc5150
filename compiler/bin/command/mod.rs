//! The subcommands: a file each, with its arguments and what it does. They ask the library and print answers, and decide nothing else.

mod affected;
mod answer;
mod build;
mod change;
mod check;
mod completions;
mod diff;
mod emitted;
mod eval;
mod explain;
mod facts;
mod fmt;
mod graph;
mod list;
mod promotion;
mod report;
mod schema;
mod selected;
mod show;
mod what_if;

use crate::Format;
use crate::disk::{DiskSystem, Project};
use crate::folder::Folder;
use crate::render::lines::Lines;
use crate::render::markdown::Page;
use crate::render::{self, View};
use crate::terminal::Terminal;
use annotate_snippets::Renderer;
use platc::artifact::{Artifacts, ChosenOutput, FormerOutput, belongs, staying};
use platc::code::Code;
use platc::diagnostic::Diagnostic;
use platc::kept::Kept;
use platc::object::StackId;
use platc::path::{ChosenPath, Path};
use platc::query::path::DeadEnd;
use platc::system::System;
use platc::{Compilation, Compiler, Options};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::mem::ManuallyDrop;

/// How the program ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Exit {
    /// All is well.
    Fine = 0,
    /// The answer is no: errors, differences, out of date.
    No = 1,
    /// The command line is wrong.
    Usage = 2,
    /// We are.
    Bug = 3,
}

/// What an answer looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum AnswerForm {
    Text,
    Json,
    Markdown,
}

/// Why a command ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line asks for what does not exist.
    Usage(String),
    /// Nobody reads what is printed.
    Output(std::io::Error),
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Output(error)
    }
}

/// What every command has.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) project: Project,
    pub(crate) format: Format,
    pub(crate) terminal: Terminal,
    pub(crate) compiler: RefCell<Compiler>,
}

#[derive(clap::Subcommand, Debug)]
pub(crate) enum Command {
    Build(build::Arguments),
    Check(check::Arguments),
    Diff(diff::Arguments),
    WhatIf(what_if::Arguments),
    Promotion(promotion::Arguments),
    Affected(affected::Arguments),
    Explain(explain::Arguments),
    Show(show::Arguments),
    List(list::Arguments),
    Graph(graph::Arguments),
    Report(report::Arguments),
    Eval(eval::Arguments),
    Facts(facts::Arguments),
    Fmt(fmt::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
}

impl Command {
    /// Whether it has nothing to say where there is no project.
    pub(crate) fn is_about_a_project(&self) -> bool {
        // A code, an expression, a class of the library and a format are the same everywhere.
        !matches!(self, Self::Explain(_) | Self::Eval(_) | Self::Fmt(_) | Self::Schema(_) | Self::Completions(_))
    }

    /// Does what was asked for.
    pub(crate) fn run(self, session: &Session, program: &mut clap::Command) -> Result<Exit, Failure> {
        match self {
            Self::Build(arguments) => build::run(&arguments, session),
            Self::Check(arguments) => check::run(&arguments, session),
            Self::Diff(arguments) => diff::run(&arguments, session),
            Self::WhatIf(arguments) => what_if::run(&arguments, session),
            Self::Promotion(arguments) => promotion::run(&arguments, session),
            Self::Affected(arguments) => affected::run(&arguments, session),
            Self::Explain(arguments) => explain::run(&arguments, session),
            Self::Show(arguments) => show::run(&arguments, session),
            Self::List(arguments) => list::run(&arguments, session),
            Self::Graph(arguments) => graph::run(&arguments, session),
            Self::Report(arguments) => report::run(&arguments, session),
            Self::Eval(arguments) => eval::run(&arguments, session),
            Self::Facts(arguments) => facts::run(&arguments, session),
            Self::Fmt(arguments) => fmt::run(&arguments, session),
            Self::Schema(arguments) => schema::run(&arguments, session),
            Self::Completions(arguments) => completions::run(&arguments, session, program),
        }
    }
}

impl Session {
    /// Compiles the project. Nobody takes it apart again: the process ends, and the system takes its memory back at once.
    pub(crate) fn compile(&self, options: &Options) -> ManuallyDrop<Compilation> {
        self.compile_of(&DiskSystem::new(&self.project.root), options)
    }

    /// Compiles the project that a system holds.
    pub(crate) fn compile_of(&self, system: &dyn System, options: &Options) -> ManuallyDrop<Compilation> {
        ManuallyDrop::new(self.compiler.borrow_mut().compile(system, options))
    }

    /// Emits the files of a compilation; none if it has errors. What waits for facts keeps what the project's output holds. Of what is denied, what
    /// is chosen counts.
    pub(crate) fn emit(&self, compilation: &mut Compilation, deny: &[Denied], scope: Option<&[Path]>) -> Artifacts {
        let artifacts = self.compiler.borrow_mut().emit_over(compilation, &Folder::new(&self.project.root));
        for denied in deny {
            match denied {
                Denied::Waiting => {
                    let stacks = waited_for(compilation, scope);
                    let is_chosen = |stack: &str| stacks.contains(stack);
                    let denied = |diagnostic: &Diagnostic| diagnostic.apart.as_deref().is_some_and(is_chosen);
                    compilation.diagnostics.deny(|diagnostic| diagnostic.code == Code::WaitsForFacts && denied(diagnostic));
                }
            }
        }
        artifacts
    }

    /// Compares with what the output remembers of data; gives what it is to remember.
    pub(crate) fn keep(&self, compilation: &mut Compilation, scope: Option<&[Path]>) -> BTreeSet<Kept> {
        let output = &compilation.model.platform.output;
        let within = |path: &Path| is_within(path, scope);
        match platc::output::kept(&Folder::new(&self.project.root), &self.project.prefix, output) {
            Ok(before) => {
                let former = platc::output::former(&Folder::new(&self.project.root), output);
                self.compiler.borrow().keep(compilation, (&before, &former), scope.map(|_| &within as ChosenPath<'_>))
            }
            Err(fault) => {
                compilation.diagnostics.push(*fault);
                BTreeSet::new()
            }
        }
    }

    /// Tells what stays outside of that which leaves the output as it is now, as far as it belongs to the chosen part.
    pub(crate) fn stay(&self, compilation: &mut Compilation, artifacts: &Artifacts, scope: Option<&[Path]>) {
        let Compilation { model, diagnostics, .. } = compilation;
        let (disk, output) = (Folder::new(&self.project.root), &model.platform.output);
        let paths = platc::output::former(&disk, output);
        let read = |path: &str| platc::output::former_text(&disk, output, path);
        let file = |path: &str| scope.is_none() || belongs(model, path).is_some_and(|path| is_within(&path, scope));
        // A base stays until all who use it are built.
        let written = ChosenOutput { file: &file, shared: &|_| scope.is_none(), ..ChosenOutput::ALL };
        let shown = format!("{}{output}", self.project.prefix);
        staying(FormerOutput { paths: &paths, read: &read }, (&shown, artifacts), written, diagnostics);
    }

    /// Sources as the user sees them.
    pub(crate) fn view<'a>(&'a self, compilation: &'a Compilation) -> View<'a> {
        View { sources: &compilation.sources, prefix: &self.project.prefix }
    }

    /// Prints diagnostics: as text to stderr, in other formats to stdout, there with the other results of the command.
    pub(crate) fn report(
        &self,
        diagnostics: &[Diagnostic],
        view: &View<'_>,
        results: serde_json::Map<String, serde_json::Value>,
    ) -> Result<(), Failure> {
        match self.format {
            Format::Text => self.terminal.complain(&render::text::render(diagnostics, view, &Renderer::styled())),
            Format::Json => {
                let mut document = render::json::render(diagnostics, view);
                document.extend(results);
                self.terminal.print_json(&document)?;
            }
            Format::Sarif => self.terminal.print_json(&render::sarif::render(diagnostics, view))?,
            Format::Github => self.terminal.print_raw(&render::github::render(diagnostics, view))?,
            Format::Markdown => {
                let mut page = Page::default();
                page.diagnostics(diagnostics, view);
                self.terminal.print(&page.lines())?;
            }
        }
        Ok(())
    }

    /// Whether a command that answers a question is to answer in JSON.
    pub(crate) fn json(&self) -> Result<bool, Failure> {
        if self.format == Format::Markdown {
            let hint = "`--format markdown` is for `platc diff`, `platc what-if`, `platc promotion`, `platc affected`, and what `platc check` finds";
            return Err(Failure::Usage(hint.to_owned()));
        }
        Ok(self.answer_form()? == AnswerForm::Json)
    }

    /// How a command is to answer that says what a change does.
    pub(crate) fn answer_form(&self) -> Result<AnswerForm, Failure> {
        match self.format {
            Format::Text => Ok(AnswerForm::Text),
            Format::Json => Ok(AnswerForm::Json),
            Format::Markdown => Ok(AnswerForm::Markdown),
            Format::Sarif | Format::Github => {
                Err(Failure::Usage("`--format sarif` and `--format github` are for `platc check` and `platc build`".to_owned()))
            }
        }
    }

    /// Says that a path leads nowhere.
    pub(crate) fn lose(&self, lost: &DeadEnd) -> Result<Exit, Failure> {
        if self.format == Format::Json {
            self.terminal.print_json(&serde_json::json!({ "error": lost.message, "hint": lost.hint }))?;
        } else {
            let mut lines = Lines::of(&format!("error: {}", lost.message));
            lost.hint.iter().for_each(|hint| lines.line(&format!("help: {hint}")));
            self.terminal.complain(&lines);
        }
        Ok(Exit::No)
    }

    /// For commands that answer questions: reports the errors of a project, if it has any, and says whether it has.
    pub(crate) fn broken(&self, compilation: &Compilation) -> Result<bool, Failure> {
        if !compilation.diagnostics.has_errors() {
            return Ok(false);
        }
        let mut diagnostics = compilation.diagnostics.sorted(&compilation.sources);
        diagnostics.retain(|diagnostic| diagnostic.severity == platc::diagnostic::Severity::Error);
        self.report(&diagnostics, &self.view(compilation), serde_json::Map::new())?;
        Ok(true)
    }
}

/// Whether a path leads into a part of the platform; everything is in none.
fn is_within(path: &Path, scope: Option<&[Path]>) -> bool {
    scope.is_none_or(|scope| scope.iter().any(|upper| path.is_within(upper)))
}

/// What is fine unless a command is told that it is not.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Denied {
    /// Things that wait for facts
    Waiting,
}

/// The stacks whose facts something waits for that is chosen, as reports tell them apart.
fn waited_for(compilation: &Compilation, scope: Option<&[Path]>) -> BTreeSet<String> {
    let model = &compilation.model;
    let is_chosen = |id| is_within(&model.entity(id).thing.path(), scope);
    let renderings = compilation.objects.renderings.iter().filter(|rendering| is_chosen(rendering.entity));
    let stack = |stack: &StackId| format!("{}/{}", model.environment(stack.environment).identity.text(), stack.name);
    renderings.flat_map(|rendering| &rendering.waits).map(|wait| stack(&wait.stack)).collect()
}

/// The environments and clusters that a command is limited to.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct Scope {
    /// Only this environment; may be given more than once
    #[arg(short, long = "environment", value_name = "ENVIRONMENT")]
    environments: Vec<String>,
    /// Only this cluster; may be given more than once
    #[arg(short, long = "cluster", value_name = "CLUSTER")]
    clusters: Vec<String>,
}

impl Scope {
    /// Model paths of what is chosen, each with all below it; nothing if no choice was made.
    pub(crate) fn paths(&self, compilation: &Compilation) -> Result<Option<Vec<Path>>, Failure> {
        let model = &compilation.model;
        let environments = || model.environments.iter().map(|environment| &*environment.name);
        let clusters = || model.entities.iter().filter(|entity| entity.kind == platc::name::Kind::Cluster);
        for name in &self.environments {
            known("environment", name, environments())?;
        }
        for name in &self.clusters {
            known("cluster", name, clusters().map(|cluster| &*cluster.name))?;
        }
        if self.environments.is_empty() && self.clusters.is_empty() {
            return Ok(None);
        }
        let chosen = environments().filter(|name| self.environments.is_empty() || self.environments.iter().any(|wanted| wanted == name));
        if self.clusters.is_empty() {
            return Ok(Some(chosen.map(|environment| Path::of([environment])).collect()));
        }
        Ok(Some(
            chosen.flat_map(|environment| self.clusters.iter().map(move |cluster| Path::of([environment, "clusters", cluster]))).collect(),
        ))
    }
}

/// Fails with the nearest name if `name` is none of `names`.
pub(crate) fn known<'a>(what: &str, name: &str, names: impl Iterator<Item = &'a str>) -> Result<(), Failure> {
    let names: std::collections::BTreeSet<&str> = names.collect();
    if names.contains(name) {
        return Ok(());
    }
    let hint = match platc::name::nearest(name, names.iter().copied()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None if names.is_empty() => format!("this project has no {what}"),
        None if names.len() == 1 => format!("there is only {}", platc::name::listed(names)),
        None => format!("there are {}", platc::name::listed(names)),
    };
    Err(Failure::Usage(format!("there is no {what} `{name}`; {hint}")))
}
