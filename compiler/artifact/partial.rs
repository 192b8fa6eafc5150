//! A part of the output changes bases that overlays outside the part are made for, and must not list what is not there. In come the files that are emitted and the files of the output
//! as the last build left them; out go the files by which those overlays give the same objects as before, and the list of stacks. It reads nothing from a disk.

use super::held::{self, HeldOutput};
use super::{Artifact, Artifacts};
use crate::floor;
use crate::json;
use crate::limit::VALUES;
use crate::model::Model;
use crate::origin::LayerId;
use crate::print::{self, Tree};
use crate::span::FileId;
use crate::value::Value;
use std::collections::BTreeSet;

/// Of a partial build: what is written.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    /// The resolved platform.
    pub model: &'a Model,
    /// Whether a file that is emitted is written.
    pub is_written: &'a dyn Fn(&Artifact) -> bool,
    /// Whether a file that is no longer emitted belongs to the part.
    pub is_chosen: &'a dyn Fn(&str) -> bool,
}

/// The folders of bases of which something is written, sorted.
#[must_use]
pub fn bases(part: Part<'_>, artifacts: &Artifacts) -> Vec<String> {
    things(part, artifacts).map(|thing| floor::base(&thing)).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The folders of things whose base becomes another one, sorted.
#[must_use]
pub fn changing(part: Part<'_>, artifacts: &Artifacts, held: &HeldOutput) -> Vec<String> {
    let things: BTreeSet<String> = things(part, artifacts).collect();
    let is_changing = |thing: &String| {
        let folder = format!("{}/", floor::base(thing));
        let mut files = artifacts.from(&folder).take_while(|(path, _)| path.starts_with(&folder));
        files.any(|(path, artifact)| (part.is_written)(artifact) && held.get(path) != Some(&artifact.text))
    };
    things.into_iter().filter(is_changing).collect()
}

/// The folders of stacks that are not written, sorted.
#[must_use]
pub fn other_stacks(part: Part<'_>, artifacts: &Artifacts) -> Vec<String> {
    let listed = listed(artifacts);
    let folders = listed.iter().filter_map(|stack| Some(stack.get(FOLDER)?.as_str()?.to_owned()));
    folders.filter(|folder| !is_stack_written(part, artifacts, folder)).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Has the list of stacks name those that are there when the part is written, and no others: who follows it finds each folder.
pub fn list(part: Part<'_>, artifacts: &mut Artifacts, held: &HeldOutput) {
    let is_there = |folder: &str| is_stack_written(part, artifacts, folder) || held.below(folder).next().is_some();
    let kept = listed(artifacts).into_iter().filter(|stack| stack.get(FOLDER).and_then(Value::as_str).is_none_or(is_there));
    let list = Tree::list(kept.filter_map(|stack| Tree::from_value(&stack)).collect::<Vec<_>>());
    if let Some(order) = artifacts.files.get_mut(floor::ORDER) {
        order.text = print::json(&list);
    }
}

/// The key of a stack's folder in the list of stacks.
const FOLDER: &str = "path";

/// The stacks in the list of stacks.
fn listed(artifacts: &Artifacts) -> Vec<Value> {
    let Some(order) = artifacts.get(floor::ORDER) else { return Vec::new() };
    let mut left = VALUES;
    let read = json::parse((FileId(0), LayerId::COMPUTED), &order.text, &mut left);
    read.ok().as_ref().and_then(Value::as_list).unwrap_or_default().to_vec()
}

fn is_stack_written(part: Part<'_>, artifacts: &Artifacts, folder: &str) -> bool {
    let folder = format!("{folder}/");
    artifacts.from(&folder).take_while(|(path, _)| path.starts_with(&folder)).any(|(_, artifact)| (part.is_written)(artifact))
}

/// The folder of the thing of each file of a base that is written.
fn things<'a>(part: Part<'a>, artifacts: &'a Artifacts) -> impl Iterator<Item = String> + 'a {
    let written = artifacts.iter().filter(move |(_, artifact)| (part.is_written)(artifact));
    written.filter_map(move |(path, artifact)| {
        let thing = floor::thing(part.model, part.model.entity(*artifact.entities.first()?));
        path.strip_prefix(&floor::base(&thing))?.starts_with('/').then_some(thing)
    })
}

/// Has the overlays of these things that are not written bring the base that they were made for.
pub fn keep(part: Part<'_>, things: &[String], held: &HeldOutput, artifacts: &mut Artifacts) {
    for thing in things {
        let base = floor::base(thing);
        for folder in held.overlays(thing) {
            let at = format!("{folder}/{}", held::KUSTOMIZATION);
            let is_written = artifacts.get(&at).map_or_else(|| (part.is_chosen)(&at), |artifact| (part.is_written)(artifact));
            if is_written {
                continue;
            }
            for (path, text) in held::own(held, &base, &folder) {
                artifacts.files.insert(path, Artifact { first: true, ..Artifact::new(text, Vec::new()) });
            }
        }
    }
}
