//! What tests share: projects in memory, the compiler's words as plain text, expectations in files.

use platc::diagnostic::{Diagnostic, Severity};
use platc::source::Sources;
use platc::span::Span;
use platc::system::{Listing, MemorySystem, System, Unreadable};
use platc::{Compilation, Compiler, Options};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The checkout.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A project in memory, path to text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Project {
    pub(crate) files: BTreeMap<String, String>,
}

impl Project {
    /// The sources below a folder of the checkout.
    pub(crate) fn read(folder: &str) -> Self {
        let mut project = Self::default();
        let root = root().join(folder);
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap();
                if path.is_dir() {
                    if name != "dist" && !name.starts_with('.') {
                        folders.push(path);
                    }
                } else {
                    let inner = relative(&path, &root);
                    let is_source = [".yaml", ".yml", ".toml"].iter().any(|ending| name.ends_with(ending));
                    if is_source || platc::facts::is_path(&inner) || platc::files::is_path(&inner) {
                        project.files.insert(inner, std::fs::read_to_string(&path).unwrap());
                    }
                }
            }
        }
        project
    }

    /// Compiles it, and emits it if nothing is wrong until then.
    pub(crate) fn build(&self) -> (Compilation, BTreeMap<String, String>) {
        self.build_listed(false, &[])
    }

    /// The same with settings of the command line: `path=value`.
    pub(crate) fn build_with(&self, settings: &[String]) -> (Compilation, BTreeMap<String, String>) {
        self.build_listed(false, settings)
    }

    /// The same by a compiler that remembers what it has read, for who builds one project many times.
    pub(crate) fn build_again(&self, compiler: &mut Compiler, settings: &[String]) -> (Compilation, BTreeMap<String, String>) {
        let mut compilation = compiler.compile(&self.system(), &Options { set: settings.to_vec(), ..Options::default() });
        let artifacts = compiler.emit(&mut compilation);
        let output = artifacts.iter().map(|(path, artifact)| (path.to_owned(), artifact.text.clone())).collect();
        (compilation, output)
    }

    /// The same with files listed in the opposite order.
    pub(crate) fn build_backwards(&self) -> (Compilation, BTreeMap<String, String>) {
        self.build_listed(true, &[])
    }

    fn build_listed(&self, backwards: bool, set: &[String]) -> (Compilation, BTreeMap<String, String>) {
        emitted(platc::compile(&Listed { memory: self.system(), backwards }, &Options { set: set.to_vec(), ..Options::default() }))
    }

    /// The project as the compiler sees it.
    pub(crate) fn system(&self) -> MemorySystem {
        self.files.iter().fold(MemorySystem::default(), |system, (path, text)| system.with(path, text.as_bytes()))
    }

    /// The project in one text, for failures.
    pub(crate) fn text(&self) -> String {
        self.files.iter().fold(String::new(), |text, (path, content)| format!("{text}# {path}\n{content}"))
    }

    /// The same definitions in files with other names: each but the root file gets the number that `number` makes of its place.
    pub(crate) fn renamed(&self, number: impl Fn(usize, usize) -> usize) -> Self {
        let count = self.files.len();
        let rename = |(at, (path, text)): (usize, (&String, &String))| {
            let ending = path.rsplit('.').next().unwrap();
            let path = if path.starts_with("platform.") { path.clone() } else { format!("f{:03}.{ending}", number(at, count)) };
            (path, text.clone())
        };
        let files: BTreeMap<String, String> = self.files.iter().enumerate().map(rename).collect();
        assert_eq!(files.len(), count, "two files got the same name");
        Self { files }
    }

    /// Writes the files below a folder.
    pub(crate) fn write(&self, folder: &Path) {
        for (path, text) in &self.files {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
}

/// A compilation with its output, which is empty if there are errors.
fn emitted(mut compilation: Compilation) -> (Compilation, BTreeMap<String, String>) {
    let artifacts = platc::emit(&mut compilation);
    let output = artifacts.iter().map(|(path, artifact)| (path.to_owned(), artifact.text.clone())).collect();
    (compilation, output)
}

/// A folder of its own for a test, removed afterwards.
pub(crate) fn scratch() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("platc-suite-").tempdir().unwrap()
}

/// Whether a program can be started; if not, says that a test is left out.
pub(crate) fn has(program: &str, version: &str) -> bool {
    let found = std::process::Command::new(program).arg(version).output().is_ok();
    if !found {
        skipped(&format!("{program} not found"));
    }
    found
}

/// Says that a part of a test is left out, and why: past the harness, which shows nothing of a test that passes. `.ci/run` counts these lines.
pub(crate) fn skipped(why: &str) {
    let line = format!("skipped: {why}\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// Names of the cases in a folder of `tests/`, sorted; only those that hold the text of `PLATC_CASE`, if that is set.
pub(crate) fn cases(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(root().join("tests").join(folder)).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| wanted(name));
    names.sort();
    names
}

fn wanted(name: &str) -> bool {
    std::env::var("PLATC_CASE").map_or(true, |wanted| name.contains(&wanted))
}

/// Whether only some of the cases are run.
pub(crate) fn some_only() -> bool {
    std::env::var_os("PLATC_CASE").is_some()
}

struct Listed {
    memory: MemorySystem,
    backwards: bool,
}

impl System for Listed {
    fn list(&self) -> Result<Listing, Unreadable> {
        let mut listing = self.memory.list()?;
        if self.backwards {
            listing.paths.reverse();
        }
        Ok(listing)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        self.memory.read(path)
    }
}

fn relative(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/")
}

/// All diagnostics of a compilation as plain text, in the order they are shown.
pub(crate) fn said(compilation: &Compilation) -> String {
    let mut text = String::new();
    for diagnostic in compilation.diagnostics.sorted(&compilation.sources) {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&plain(&diagnostic, &compilation.sources));
    }
    text
}

/// One diagnostic: places with what stands there, so that a span that slips is seen.
pub(crate) fn plain(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut text = format!("{severity}[{}]: {}\n", diagnostic.code.word(), diagnostic.message);
    for (mark, label) in diagnostic.primary.iter().map(|label| ('>', label)).chain(diagnostic.labels.iter().map(|label| ('-', label))) {
        writeln!(text, "  {mark} {} {}", place(label.span, sources), label.text).unwrap();
    }
    if let Some(path) = &diagnostic.subject {
        writeln!(text, "  path: {path}").unwrap();
    }
    for path in &diagnostic.affects {
        writeln!(text, "  affects: {path}").unwrap();
    }
    for note in &diagnostic.notes {
        writeln!(text, "  note: {note}").unwrap();
    }
    if let Some(hint) = &diagnostic.hint {
        writeln!(text, "  hint: {hint}").unwrap();
    }
    if let Some(replacement) = &diagnostic.replacement {
        writeln!(text, "  cure: {} → `{}`", place(replacement.span, sources), replacement.text).unwrap();
    }
    text
}

/// Where a span is, and its text; lines of the standard library are left out because they move with it.
fn place(span: Span, sources: &Sources) -> String {
    let at = if sources.is_library(span) { sources.path(span.file).to_owned() } else { sources.place(span) };
    let text = sources.text(span);
    let line = text.lines().next().unwrap_or("");
    let short: String = line.chars().take(60).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    format!("{at} `{short}{more}`")
}

/// Whether expectations are to be rewritten instead of compared.
pub(crate) fn updating() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some_and(|value| value == "1")
}

/// The difference between two texts, for people.
pub(crate) fn difference(expected: &str, found: &str) -> String {
    similar::TextDiff::from_lines(expected, found).unified_diff().context_radius(3).header("expected", "found").to_string()
}
