//! What a change touches is what differs in bytes, and each part of that has a reason that stands where somebody has written something else.

use super::random;
use crate::support::Project;
use platc::artifact::Artifacts;
use platc::query::affected::{ProjectVersion, affected};
use platc::{Compilation, Compiler, Options};
use std::collections::BTreeSet;

fn emitted(project: &Project) -> Option<(Compilation, Artifacts)> {
    let mut compiler = Compiler::default();
    let mut compilation = compiler.compile(&project.system(), &Options::default());
    let artifacts = compiler.emit(&mut compilation);
    (!compilation.diagnostics.has_errors()).then_some((compilation, artifacts))
}

fn version<'a>((compilation, artifacts): &'a (Compilation, Artifacts)) -> ProjectVersion<'a> {
    let Compilation { model, definitions, sources, .. } = compilation;
    ProjectVersion { model, definitions, sources, artifacts }
}

/// What is wrong with what is told of a change; the number of outputs that differ.
fn check((before, old): (&Project, &(Compilation, Artifacts)), now: &Project, wrong: &mut Vec<String>) -> usize {
    let Some(new) = emitted(now) else { return 0 };
    let outputs = affected(version(old), version(&new)).unwrap();
    let told: BTreeSet<&str> = outputs.iter().flat_map(|output| &output.files).map(|(path, _)| path.as_str()).collect();
    let text = |artifacts: &Artifacts, path: &str| artifacts.get(path).map(|artifact| artifact.text.clone());
    let paths = old.1.iter().chain(new.1.iter()).map(|(path, _)| path);
    let differ: BTreeSet<&str> = paths.filter(|path| text(&old.1, path) != text(&new.1, path)).collect();
    if told != differ {
        wrong.push(format!("{told:?} is not {differ:?}\n{}\n{}", before.text(), now.text()));
    }
    for output in &outputs {
        let is_written = |reason: &platc::query::affected::AffectedReason| {
            let path = |compilation: &Compilation, span: Option<platc::span::Span>| {
                span.map(|span| compilation.sources.path(span.file).to_owned())
            };
            let places = [path(&old.0, reason.before), path(&new.0, reason.now)];
            places.into_iter().flatten().any(|path| before.files.get(&path) != now.files.get(&path))
        };
        if !output.reasons.iter().any(is_written) {
            wrong.push(format!("{} has no reason: {:?}\n{}\n{}", output.path, output.reasons, before.text(), now.text()));
        }
    }
    outputs.len()
}

#[test]
fn what_is_affected_is_what_differs() {
    let mut wrong = Vec::new();
    let mut outputs = 0;
    for number in 0..100 {
        let before = random(number);
        let Some(old) = emitted(&before) else { continue };
        outputs += check((&before, &old), &random(number + 1), &mut wrong);
    }
    // A line of a real project at a time: another number, and a line less.
    for folder in ["examples/kubestack/starter", "examples/customers"] {
        let project = Project::read(folder);
        let old = emitted(&project).unwrap();
        for (path, text) in &project.files {
            let lines: Vec<&str> = text.lines().collect();
            for at in (0..lines.len()).step_by(11) {
                let other = lines[at].replace('3', "4").replace('1', "2");
                let edited = lines.iter().enumerate().map(|(line, text)| if line == at { other.as_str() } else { text });
                let edited = edited.collect::<Vec<_>>().join("\n") + "\n";
                if edited != *text {
                    let mut now = project.clone();
                    now.files.insert(path.clone(), edited);
                    outputs += check((&project, &old), &now, &mut wrong);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {outputs}\n{}", wrong.len(), wrong.first().unwrap());
    assert!(outputs > 500, "{outputs}");
}
