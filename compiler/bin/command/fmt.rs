//! `platc fmt`: the layout of sources.

use super::{Exit, Failure, Session};
use crate::disk::{DiskSystem, is_source, reason};
use crate::render::lines::Lines;
use crate::render::{View, plural};
use crate::replace::Stage;
use platc::code::Code;
use platc::diagnostic::{Diagnostic, Diagnostics, Label};
use platc::document;
use platc::project;
use platc::secret::Secrets;
use platc::source::{Grammar, Source, Sources};
use platc::span::FileId;
use platc::system::System;
use platc::{Goal, Options};
use serde_json::json;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Format definitions
///
/// Without files, all sources of the project. Comments, quotes and the choice between lines and brackets stay; what a file means never
/// changes. A file with errors of syntax is reported and left as it is.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  platc fmt\n  platc fmt --check                  # in CI: lists what would change, and exits with 1\n  platc fmt clusters/gc0.yaml\n  platc fmt - < services.toml --stdin-name services.toml"
)]
pub(crate) struct Arguments {
    /// Files and directories to format, relative to the working directory; `-` formats stdin to stdout
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write nothing; list the files that would change and exit with 1 if there are any
    #[arg(long)]
    check: bool,
    /// What the text of stdin is called; the ending decides between YAML, the default, and TOML
    #[arg(long, value_name = "FILE")]
    stdin_name: Option<String>,
}

/// A file with its new layout, if it is another one.
struct Formatted {
    path: PathBuf,
    shown: String,
    text: Option<String>,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let as_json = session.json()?;
    let mut diagnostics = Diagnostics::default();
    let stdin = arguments.files.iter().any(|path| path.as_os_str() == "-");
    let (sources, root, prefix) = match (stdin, arguments.files.is_empty()) {
        (true, _) => (stdin_source(arguments)?, Path::new(""), ""),
        (false, false) => (named(&arguments.files, &mut diagnostics)?, Path::new(""), ""),
        (false, true) => {
            let sources = project::load(&DiskSystem::new(&session.project.root), (&[], &[]), &mut diagnostics);
            (sources, session.project.root.as_path(), session.project.prefix.as_str())
        }
    };
    let mut files = Vec::new();
    for (file, source) in sources.iter().filter(|(_, source)| !source.library) {
        match document::format(&source.text, source.grammar) {
            Ok(text) => {
                let text = (stdin || *text != *source.text).then_some(text);
                let shown = View { sources: &sources, prefix }.path(file);
                files.push(Formatted { path: root.join(&*source.path), shown, text });
            }
            Err(faults) => faults.into_iter().for_each(|fault| diagnostics.push(moved(fault, file))),
        }
    }
    files.sort_by(|a, b| a.shown.cmp(&b.shown));
    let sources = concealed(sources, arguments.files.is_empty(), session, &mut diagnostics);
    let view = View { sources: &sources, prefix };
    if stdin {
        return print(&files, arguments, session, &diagnostics, &view);
    }
    if !arguments.check {
        let stage = Stage::of(&session.project);
        files.retain(|file| {
            let Some(Err(error)) = file.text.as_ref().map(|text| stage.replace(&file.path, text.as_bytes())) else { return true };
            let message = format!("cannot write `{}`: {}", file.shown, reason(&error));
            diagnostics.push(Diagnostic::general(Code::CannotWrite, message));
            false
        });
    }
    let changed: Vec<&str> = files.iter().filter(|file| file.text.is_some()).map(|file| file.shown.as_str()).collect();
    let results = serde_json::Map::from_iter([("changed".to_owned(), json!(changed))]);
    session.report(&diagnostics.sorted(&sources), &view, results)?;
    if !as_json {
        tell(&changed, files.len(), arguments, session)?;
    }
    let is_no = diagnostics.has_errors() || (arguments.check && !changed.is_empty());
    Ok(if is_no { Exit::No } else { Exit::Fine })
}

fn tell(changed: &[&str], count: usize, arguments: &Arguments, session: &Session) -> Result<(), Failure> {
    let terminal = session.terminal;
    let mut list = Lines::default();
    changed.iter().for_each(|path| list.line(path));
    if arguments.check {
        // What would change is the answer; what was changed is talk.
        terminal.print(&list)?;
    } else {
        terminal.talk(&list);
    }
    let verb = if arguments.check { "would change" } else { "formatted" };
    let rest = count - changed.len();
    terminal.talk(&match (changed.len(), rest) {
        (0, 0) => Lines::default(),
        (0, 1) => Lines::of("1 file as it should be"),
        (0, _) => Lines::of(&format!("{} as they should be", plural(rest, "file"))),
        (_, 0) => Lines::of(&format!("{} {verb}", plural(changed.len(), "file"))),
        (_, _) => Lines::of(&format!("{} {verb}, {rest} as they should be", plural(changed.len(), "file"))),
    });
    Ok(())
}

/// The sources as reports may draw them: what is secret in the project is so here. `are_all` of its sources these, or some text or other.
fn concealed(sources: Sources, are_all: bool, session: &Session, diagnostics: &mut Diagnostics) -> Sources {
    if !diagnostics.has_errors() {
        return sources;
    }
    let known = if session.project.is_there() {
        session.compile(&Options { goal: Goal::Model, ..Options::default() }).model.secrets.clone()
    } else {
        Secrets::default()
    };
    let mut secrets = if are_all { known } else { known.elsewhere() };
    secrets.conceal(&diagnostics.files(), &sources, diagnostics)
}

/// The text of stdin in its new layout to stdout.
fn print(
    files: &[Formatted],
    arguments: &Arguments,
    session: &Session,
    diagnostics: &Diagnostics,
    view: &View<'_>,
) -> Result<Exit, Failure> {
    let Some(text) = files.first().and_then(|file| file.text.as_ref()) else {
        session.report(&diagnostics.sorted(view.sources), view, serde_json::Map::new())?;
        return Ok(Exit::No);
    };
    if arguments.check {
        let same = view.sources.iter().all(|(_, source)| *source.text == **text);
        return Ok(if same { Exit::Fine } else { Exit::No });
    }
    session.terminal.print_raw(text)?;
    Ok(Exit::Fine)
}

fn stdin_source(arguments: &Arguments) -> Result<Sources, Failure> {
    if arguments.files.len() > 1 {
        return Err(Failure::Usage("`-` formats stdin alone, without other files".to_owned()));
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map_err(|error| Failure::Usage(format!("cannot read stdin: {}", reason(&error))))?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::Usage("stdin is not UTF-8 text".to_owned()))?;
    let path = arguments.stdin_name.as_deref().unwrap_or("<stdin>");
    let grammar = if path.ends_with(".toml") { Grammar::Toml } else { Grammar::Yaml };
    let mut sources = Sources::default();
    sources.add(Source { path: path.into(), text: text.into(), grammar, library: false });
    Ok(sources)
}

/// The files that the user names, and those below the directories that he names.
fn named(paths: &[PathBuf], diagnostics: &mut Diagnostics) -> Result<Sources, Failure> {
    let mut list = Vec::new();
    for path in paths {
        let Some(shown) = path.to_str() else {
            return Err(Failure::Usage(format!("the path `{}` is not valid UTF-8", path.display())));
        };
        if path.is_dir() {
            let below = DiskSystem::new(path).list().map_err(|fault| Failure::Usage(format!("cannot read `{shown}`: {}", fault.reason)))?;
            if let Some(missed) = below.missed.first() {
                return Err(Failure::Usage(format!("cannot read `{shown}/{}`: {}", missed.path, missed.reason)));
            }
            list.extend(below.paths.iter().map(|below| format!("{}/{below}", shown.trim_end_matches('/'))));
        } else if is_source(path) {
            list.push(shown.to_owned());
        } else {
            return Err(Failure::Usage(format!("`{shown}` is neither YAML nor TOML by its ending")));
        }
    }
    list.sort_unstable();
    list.dedup();
    let system = DiskSystem::new("");
    let mut sources = Sources::default();
    for path in &list {
        if let Some(source) = project::read(&system, path, diagnostics) {
            sources.add(source);
        }
    }
    Ok(sources)
}

/// A report about a text that was alone, as one about a file among others.
fn moved(mut diagnostic: Diagnostic, file: FileId) -> Diagnostic {
    let labels = diagnostic.primary.iter_mut().chain(&mut diagnostic.labels);
    labels.for_each(|label: &mut Label| label.span.file = file);
    if let Some(replacement) = &mut diagnostic.replacement {
        replacement.span.file = file;
    }
    diagnostic
}
