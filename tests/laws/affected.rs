//! What a change touches is what differs in bytes, and each part of that has reasons: the lines somebody has edited without which it would be what it was, and no others.

use super::random;
use crate::support::Project;
use platc::artifact::Artifacts;
use platc::query::affected::{AffectedOutput, AffectedReason, EditNumbers, ProjectVersion, SourceEdits, affected, changed_files};
use platc::span::Span;
use platc::{Compilation, Compiler, Options};
use std::collections::{BTreeMap, BTreeSet};

type Compiled = (Compilation, Artifacts);

fn emitted(project: &Project, compiler: &mut Compiler) -> Option<Compiled> {
    let mut compilation = compiler.compile(&project.system(), &Options::default());
    let artifacts = compiler.emit(&mut compilation);
    (!compilation.diagnostics.has_errors()).then_some((compilation, artifacts))
}

fn version<'a>(compilation: &'a Compilation, artifacts: &'a Artifacts) -> ProjectVersion<'a> {
    let Compilation { model, definitions, sources, .. } = compilation;
    ProjectVersion { model, definitions, sources, artifacts }
}

/// What the program does.
fn outputs(
    (before, old): (&Project, &mut Compiled),
    (now, new): (&Project, &mut Compiled),
    compiler: &mut Compiler,
) -> Vec<AffectedOutput> {
    let (former, system) = (before.system(), now.system());
    let edits = SourceEdits::of((&old.0.sources, &former), (&new.0.sources, &system));
    let paths = changed_files(&old.1, &new.1);
    let mut lines = |compiled: &mut Compiled| match edits.is_plain() {
        true => compiled.1.clone(),
        false => compiler.emit_lines(&mut compiled.0, &paths, None),
    };
    let (first, second) = (lines(old), lines(new));
    let mut trial = |taken: &EditNumbers| {
        let mut compilation = compiler.compile(&edits.without(taken, &system), &Options::default());
        let artifacts = compiler.emit(&mut compilation);
        (!compilation.diagnostics.has_errors()).then_some(artifacts)
    };
    affected(version(&old.0, &first), version(&new.0, &second), &edits, &mut trial).unwrap()
}

/// What is wrong with what is told of a change; the number of outputs that differ.
fn check((before, old): (&Project, &mut Compiled), now: &Project, compiler: &mut Compiler, wrong: &mut Vec<String>) -> usize {
    let Some(mut new) = emitted(now, compiler) else { return 0 };
    let outputs = outputs((before, old), (now, &mut new), compiler);
    let told: BTreeSet<&str> = outputs.iter().flat_map(|output| &output.files).map(|(path, _)| path.as_str()).collect();
    let text = |artifacts: &Artifacts, path: &str| artifacts.get(path).map(|artifact| artifact.text.clone());
    let paths = old.1.iter().chain(new.1.iter()).map(|(path, _)| path);
    let differ: BTreeSet<&str> = paths.filter(|path| text(&old.1, path) != text(&new.1, path)).collect();
    if told != differ {
        wrong.push(format!("{told:?} is not {differ:?}\n{}\n{}", before.text(), now.text()));
    }
    for output in &outputs {
        let is_written = |reason: &AffectedReason| {
            let path = |compilation: &Compilation, span: Option<Span>| span.map(|span| compilation.sources.path(span.file).to_owned());
            let places = [path(&old.0, reason.before), path(&new.0, reason.now)];
            places.into_iter().flatten().all(|path| before.files.get(&path) != now.files.get(&path))
        };
        if output.reasons.is_empty() || !output.reasons.iter().all(is_written) {
            wrong.push(format!("{} has no reason: {:?}\n{}\n{}", output.path, output.reasons, before.text(), now.text()));
        }
    }
    outputs.len()
}

#[test]
fn what_is_affected_is_what_differs() {
    let mut wrong = Vec::new();
    let mut outputs = 0;
    let mut compiler = Compiler::default();
    for number in 0..100 {
        let before = random(number);
        let Some(mut old) = emitted(&before, &mut compiler) else { continue };
        outputs += check((&before, &mut old), &random(number + 1), &mut compiler, &mut wrong);
    }
    // A line of a real project at a time: another number, and a line less.
    for folder in ["examples/kubestack/starter", "examples/customers"] {
        let project = Project::read(folder);
        let mut old = emitted(&project, &mut compiler).unwrap();
        for edit in edits(&project).into_iter().step_by(11) {
            let now = edited(&project, &[&edit]);
            outputs += check((&project, &mut old), &now, &mut compiler, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{} of {outputs}\n{}", wrong.len(), wrong.first().unwrap());
    assert!(outputs > 300, "{outputs}");
}

/// Another text of a line, or none.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Edit {
    path: String,
    /// From 1.
    line: usize,
    text: Option<String>,
}

/// Lines with other numbers, and lines less.
fn edits(project: &Project) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (path, text) in &project.files {
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#')) {
            let other = line.replace('3', "4").replace('1', "2");
            let text = (other != line).then_some(other);
            edits.push(Edit { path: path.clone(), line: at + 1, text });
        }
    }
    edits
}

/// A project with some edits.
fn edited(project: &Project, edits: &[&Edit]) -> Project {
    let mut now = project.clone();
    for (path, text) in &mut now.files {
        let of_line: BTreeMap<usize, &Edit> = edits.iter().filter(|edit| edit.path == *path).map(|edit| (edit.line, *edit)).collect();
        let lines = text.lines().enumerate().filter_map(|(at, line)| match of_line.get(&(at + 1)) {
            Some(edit) => edit.text.clone(),
            None => Some(line.to_owned()),
        });
        *text = lines.map(|line| line + "\n").collect();
    }
    now
}

/// The files of an output.
fn files(artifacts: &Artifacts, output: &str) -> BTreeMap<String, String> {
    let inside = format!("{output}/");
    let own = artifacts.iter().filter(|(path, _)| *path == output || path.starts_with(&inside));
    own.map(|(path, artifact)| (path.to_owned(), artifact.text.clone())).collect()
}

/// Two or three edits at once: what is named is what is to be taken back. What was told, in outputs with one and with several reasons.
fn together(project: &Project, made: &[Edit], compiler: &mut Compiler, wrong: &mut Vec<String>) -> (usize, usize) {
    let project = &edited(project, &[]);
    let all: Vec<&Edit> = made.iter().collect();
    let now = edited(project, &all);
    let Some(mut old) = emitted(project, compiler) else { return (0, 0) };
    let Some(mut new) = emitted(&now, compiler) else { return (0, 0) };
    let outputs = outputs((project, &mut old), (&now, &mut new), compiler);
    let mut tried: BTreeMap<Vec<&Edit>, Option<Artifacts>> = BTreeMap::new();
    // Lines that are gone move those behind them.
    let line_now = |edit: &Edit| {
        let gone = all.iter().filter(|other| other.path == edit.path && other.line < edit.line && other.text.is_none()).count();
        edit.text.as_ref().map(|_| edit.line - gone)
    };
    let mut counts = (0, 0);
    for output in &outputs {
        let place = |compilation: &Compilation, span: Option<Span>| {
            span.map(|span| (compilation.sources.path(span.file).to_owned(), compilation.sources.position(span).line))
        };
        let mut named: BTreeSet<&Edit> = BTreeSet::new();
        for reason in &output.reasons {
            let (was, is) = (place(&old.0, reason.before), place(&new.0, reason.now));
            let is_meant = |edit: &&&Edit| {
                was.as_ref().is_none_or(|(path, line)| (path, line) == (&edit.path, &edit.line))
                    && is.as_ref().is_none_or(|(path, line)| *path == edit.path && Some(*line) == line_now(edit))
            };
            match all.iter().find(is_meant) {
                Some(edit) if was.is_some() || is.is_some() => _ = named.insert(edit),
                Some(_) | None => wrong.push(format!("{}: {reason:?} at {was:?} and {is:?} is none of {made:?}", output.path)),
            }
        }
        let mut without = |taken: &BTreeSet<&Edit>| {
            let rest: Vec<&Edit> = all.iter().copied().filter(|edit| !taken.contains(edit)).collect();
            let artifacts =
                tried.entry(rest.clone()).or_insert_with(|| emitted(&edited(project, &rest), compiler).map(|(_, artifacts)| artifacts));
            artifacts.as_ref().map(|artifacts| files(artifacts, &output.path))
        };
        let (was, is) = (files(&old.1, &output.path), files(&new.1, &output.path));
        if without(&named).is_some_and(|taken| taken != was) {
            wrong.push(format!("{}: without {named:?} of {made:?} it is not what it was", output.path));
        }
        for edit in &named {
            let fewer: BTreeSet<&Edit> = named.iter().copied().filter(|other| other != edit).collect();
            let is_needless =
                without(&BTreeSet::from([*edit])).is_some_and(|alone| alone == is) && without(&fewer).is_some_and(|taken| taken == was);
            if is_needless {
                wrong.push(format!("{}: {edit:?} of {made:?} changes nothing", output.path));
            }
        }
        *(if named.len() < 2 { &mut counts.0 } else { &mut counts.1 }) += 1;
    }
    counts
}

#[test]
fn what_is_named_is_what_is_to_be_taken_back() {
    let mut wrong = Vec::new();
    let mut counts = (0, 0);
    let mut compiler = Compiler::default();
    let mut state = 1_u64;
    let mut below = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % limit
    };
    let real = ["examples/kubestack/starter", "examples/customers"].map(Project::read);
    for number in 0..120 {
        let project = match number {
            0..100 => random(number),
            _ => real[usize::try_from(number).unwrap() % 2].clone(),
        };
        let possible = edits(&project);
        for _ in 0..3 {
            let mut made = BTreeSet::new();
            let first = below(possible.len());
            made.insert(possible[first].clone());
            for _ in 0..=below(2) {
                // Near the first, where the same thing is said, or anywhere.
                let at = if below(2) == 0 { (first + 2 + below(4)) % possible.len() } else { below(possible.len()) };
                made.insert(possible[at].clone());
            }
            let made: Vec<Edit> = made.into_iter().collect();
            // Lines that touch are one edit.
            let touch = |pair: &[Edit]| pair[0].path == pair[1].path && pair[0].line + 1 == pair[1].line;
            if made.len() > 1 && !made.windows(2).any(touch) {
                let found = together(&project, &made, &mut compiler, &mut wrong);
                counts = (counts.0 + found.0, counts.1 + found.1);
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {counts:?}\n{}", wrong.len(), wrong.join("\n"));
    assert!(counts.0 > 300 && counts.1 > 50, "{counts:?}");
}
