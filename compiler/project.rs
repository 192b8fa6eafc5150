//! load: System → Sources. Which files of a project are sources: found, read, and put behind the standard library. `platform.output` and
//! `platform.exclude` decide what the sources are, so the platform file is read ahead of all others; nothing is interpreted here beyond that.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{self, Document, Node, NodeData};
use crate::facts;
use crate::files;
use crate::limit::{EXCLUDED, FILE_BYTES, FILES_BYTES, SOURCE_BYTES, SOURCES, SOURCES_BYTES};
use crate::name::Kind;
use crate::source::{Grammar, Source, Sources, UNSET};
use crate::span::FileId;
use crate::stdlib;
use crate::system::{Listing, Missed, System};
use crate::wildcard;
use std::collections::BTreeSet;

/// Loads the standard library, the sources of a project, and the `--set` and `--unset` of the command line as one document each.
pub fn load(system: &dyn System, (set, unset): (&[String], &[String]), diagnostics: &mut Diagnostics) -> Sources {
    let mut sources = Sources::default();
    for (path, text) in stdlib::FILES {
        sources.add(Source { path: (*path).into(), text: (*text).into(), grammar: Grammar::Yaml, library: true });
    }
    let Listing { mut paths, mut missed } = match system.list() {
        Ok(listing) => listing,
        Err(unreadable) => {
            diagnostics.push(Diagnostic::general(Code::UnreadableFile, format!("cannot read the project: {}", unreadable.reason)));
            sources.miss();
            Listing::default()
        }
    };
    paths.sort_unstable();
    paths.dedup();
    let mut root: Vec<Source> = Vec::new();
    for path in paths.iter().filter(|path| is_root(path)) {
        match read(system, path, diagnostics) {
            Some(source) => root.push(source),
            None => sources.miss(),
        }
    }
    let (output, mut exclude) = settings(&root);
    let (nested, unclear) = projects(system, &paths);
    let is_nested = |path: &str| path.match_indices('/').any(|(at, _)| path.get(..at).is_some_and(|folder| nested.contains(folder)));
    if exclude.len() > EXCLUDED {
        let message = format!("`platform.exclude` has more than {EXCLUDED} entries");
        diagnostics.push(Diagnostic::general(Code::UnreadableFile, message).hint("exclude folders instead of files, with `*` and `**`"));
        exclude.truncate(EXCLUDED);
    }
    let output = format!("{}/", output.trim_matches('/'));
    let is_outside = |path: &str| {
        is_nested(path) || exclude.iter().any(|glob| wildcard::path(glob, path)) || path.split('/').any(|part| part.starts_with('.'))
    };
    let is_unclear = |folder: &str| unclear.iter().any(|path| path.rsplit_once('/').is_some_and(|(other, _)| other == folder));
    for folder in nested.iter().filter(|folder| !folder.starts_with(&output) && !is_unclear(folder)) {
        sources.pass_by(folder);
    }
    for path in unclear {
        let is_excluded = exclude.iter().any(|glob| wildcard::path(glob, path));
        if is_excluded || path.starts_with(&output) {
            continue;
        }
        let message = format!("cannot read `{path}`, so nobody can tell whether its directory is a project of its own");
        let hint = "correct the file; name it in `platform.exclude` if nothing beside it belongs to this project";
        diagnostics.push(Diagnostic::general(Code::UnreadableFile, message).hint(hint));
        sources.miss();
    }
    // What stands in the output directory is the writer's to judge: a stale file that was edited stays there.
    missed.retain(|missed| !is_outside(&missed.path) && !missed.path.starts_with(&output));
    missed.sort_unstable();
    for Missed { path, reason, hint } in missed {
        let fault = Diagnostic::general(Code::UnreadableFile, format!("cannot read `{path}`: {reason}"));
        diagnostics.push(match hint {
            Some(hint) => fault.hint(hint),
            None => fault,
        });
        sources.miss();
    }
    let inner = paths.iter().filter(|path| path.starts_with(&output) && !is_outside(path));
    if let Some(path) = inner.take(SOURCES).find(|path| is_definition(system, path)) {
        let message = format!("cannot read `{path}`: it is in the output directory, where no definitions are looked for");
        diagnostics.push(
            Diagnostic::general(Code::UnreadableFile, message)
                .hint("name another directory in `platform.output`, move the file, or name it in `platform.exclude`"),
        );
        sources.miss();
    }
    let (mut count, mut bytes) = (0, 0);
    for path in &paths {
        // What lies among the facts and is none is no definition either.
        let is_other = (facts::is_among(path) && !facts::is_path(path)) || files::is_among(path);
        if is_root(path) || path.starts_with(&output) || is_outside(path) || is_other {
            continue;
        }
        count += 1;
        let source = read(system, path, diagnostics);
        bytes += source.as_ref().map_or(0, |source| source.text.len());
        let passed = if count > SOURCES {
            Some(format!("more than {SOURCES} files"))
        } else if bytes > SOURCES_BYTES {
            Some(format!("more than {} MiB", SOURCES_BYTES >> 20))
        } else {
            None
        };
        if let Some(passed) = passed {
            let message = format!("the sources of this project are {passed}; `{path}` and all behind it are not read");
            diagnostics
                .push(Diagnostic::general(Code::UnreadableFile, message).hint(
                    "name folders whose files are no definitions in `platform.exclude`, or split the platform into several projects",
                ));
            sources.miss();
            break;
        }
        match source {
            Some(source) => _ = sources.add(source),
            None => sources.miss(),
        }
    }
    for source in root {
        sources.add(source);
    }
    attach(system, paths.iter().map(String::as_str).filter(|path| files::is_path(path) && !is_nested(path)), &mut sources);
    for argument in set {
        let Some((path, value)) = argument.split_once('=') else {
            // Not even repeated: it may be a value whose path was forgotten.
            let fault = Diagnostic::general(Code::BadFlag, "a `--set` without `=` sets nothing");
            diagnostics.push(fault.hint("write `--set clusters.gc0.version=1.34`: the path of a field, `=` and its value"));
            continue;
        };
        // One flow map on one line: the reader of YAML then gives the value its type, as in a definition.
        let text = format!("{}: {value}\n", serde_json::Value::from(path));
        sources.add(Source { path: "<--set>".into(), text: text.into(), grammar: Grammar::Argument, library: false });
    }
    for path in unset {
        let text = format!("{}:\n", serde_json::Value::from(&**path));
        sources.add(Source { path: UNSET.into(), text: text.into(), grammar: Grammar::Argument, library: false });
    }
    sources
}

/// Adds the files that definitions may take in, if any of them does: which ones, an expression may decide. What is wrong with one is told where it
/// is named.
fn attach<'a>(system: &dyn System, paths: impl Iterator<Item = &'a str>, sources: &mut Sources) {
    if !sources.iter().any(|(_, source)| !source.library && files::may_name_files(source)) {
        return;
    }
    attach_within(system, paths, (FILE_BYTES, FILES_BYTES), sources);
}

fn attach_within<'a>(system: &dyn System, paths: impl Iterator<Item = &'a str>, (each, all): (usize, usize), sources: &mut Sources) {
    let mut left = all;
    for path in paths.take(SOURCES) {
        let mut body = system.read(path).map_err(|unreadable| unreadable.reason);
        if let Ok(bytes) = &body {
            if bytes.len() > each {
                body = Err(format!("it is larger than {} MiB", each >> 20));
            } else if let Some(fewer) = left.checked_sub(bytes.len()) {
                left = fewer;
            } else {
                body = Err(format!("the files in `{}/` are more than {} MiB", files::FOLDER, all >> 20));
            }
        }
        sources.add_file(path, body);
    }
}

/// Whether a file has what a definition has. Where an index was lost, files that platc wrote are listed too; they have none of these keys, or
/// are objects of Kubernetes.
fn is_definition(system: &dyn System, path: &str) -> bool {
    let mut ignored = Diagnostics::default();
    let document = read(system, path, &mut ignored).and_then(|source| document::parse_one(FileId(0), &source, &mut ignored));
    let is_key = |key: &str| Kind::from_plural(key).is_some() || matches!(key, "platform" | "environments" | "classes" | "policies");
    document.is_some_and(|Document { root, .. }| {
        let NodeData::Map(pairs) = &root.data else { return false };
        root.get("apiVersion").is_none() && pairs.iter().any(|pair| is_key(&pair.key.text))
    })
}

/// The directories that are projects of their own, because their platform file has a `platform`: a file of that name without one holds
/// definitions like any other. With them those platform files that cannot be read, of which nobody can tell, so that theirs count too.
fn projects<'a>(system: &dyn System, paths: &'a [String]) -> (BTreeSet<&'a str>, Vec<&'a str>) {
    let (mut found, mut unclear): (BTreeSet<&str>, Vec<&str>) = (BTreeSet::new(), Vec::new());
    for path in paths {
        let Some((folder, _)) = path.rsplit_once('/').filter(|(_, name)| is_root(name)) else { continue };
        let is_known = path.match_indices('/').any(|(at, _)| path.get(..at).is_some_and(|folder| found.contains(folder)));
        if is_known || path.split('/').any(|part| part.starts_with('.')) {
            continue;
        }
        let mut said = Diagnostics::default();
        let document = read(system, path, &mut said).and_then(|source| document::parse_one(FileId(0), &source, &mut said));
        let speaks = document.as_ref().is_some_and(|document| document.root.get("platform").is_some());
        if speaks || document.is_none() || said.has_errors() {
            found.insert(folder);
        }
        if !speaks && (document.is_none() || said.has_errors()) {
            unclear.push(path);
        }
    }
    (found, unclear)
}

fn is_root(path: &str) -> bool {
    matches!(path, "platform.yaml" | "platform.yml" | "platform.toml")
}

/// Reads one file as a source, in the grammar of its ending; none, and a report, if it cannot be read or is no text.
pub fn read(system: &dyn System, path: &str, diagnostics: &mut Diagnostics) -> Option<Source> {
    let mut report = |reason: &str| diagnostics.push(Diagnostic::general(Code::UnreadableFile, format!("cannot read `{path}`: {reason}")));
    let bytes = match system.read(path) {
        Ok(bytes) => bytes,
        Err(unreadable) => {
            report(&unreadable.reason);
            return None;
        }
    };
    if bytes.len() > SOURCE_BYTES {
        report("it is larger than 16 MiB");
        return None;
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            report(&not_text(error.as_bytes(), error.utf8_error().valid_up_to()));
            return None;
        }
    };
    let grammar = match path {
        _ if facts::is_path(path) => Grammar::Json,
        _ if path.ends_with(".toml") => Grammar::Toml,
        _ => Grammar::Yaml,
    };
    Some(Source { path: path.into(), text: text.strip_prefix('\u{feff}').unwrap_or(&text).into(), grammar, library: false })
}

/// Why bytes are no text, and where they cease to be.
fn not_text(bytes: &[u8], valid: usize) -> String {
    let text = bytes.get(..valid).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    let line = text.matches('\n').count() + 1;
    let column = text.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let byte = bytes.get(valid).copied().unwrap_or_default();
    format!("it is not UTF-8 text; the byte 0x{byte:02X} stands in line {line}, column {column}")
}

/// `platform.output` and `platform.exclude`, read ahead of everything else because they decide what the sources are. What is wrong with
/// them is reported when the file is compiled.
fn settings(root: &[Source]) -> (String, Vec<String>) {
    let mut output = "dist".to_owned();
    let mut exclude = Vec::new();
    for source in root {
        let mut ignored = Diagnostics::default();
        let Some(document) = document::parse_one(FileId(0), source, &mut ignored) else { continue };
        let platform = document.root.get("platform");
        if let Some(text) = platform.and_then(|platform| platform.get("output")).and_then(Node::as_text) {
            text.clone_into(&mut output);
        }
        let globs = platform.and_then(|platform| platform.get("exclude")).map(Node::items).unwrap_or_default();
        exclude.extend(globs.iter().filter_map(Node::as_text).map(str::to_owned));
    }
    (output, exclude)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileBody;
    use crate::system::MemorySystem;

    #[test]
    fn files_are_counted() {
        let sizes = |limits: (usize, usize)| {
            let system = MemorySystem::default().with("files/a", "12345").with("files/b", "12345").with("files/c", "1");
            let mut sources = Sources::default();
            attach_within(&system, ["files/a", "files/b", "files/c"].into_iter(), limits, &mut sources);
            sources.files().values().map(|body| matches!(body, FileBody::Text(_))).collect::<Vec<_>>()
        };
        assert_eq!(sizes((5, 11)), [true, true, true]);
        assert_eq!(sizes((4, 11)), [false, false, true]);
        assert_eq!(sizes((5, 10)), [true, true, false]);
        assert_eq!(sizes((5, 9)), [true, false, true]);
    }
}
