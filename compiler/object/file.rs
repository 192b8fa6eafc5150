//! Files that classes emit: their paths stay below the output directory, and no two are the same.

use super::template::Expander;
use super::{File, Rendering, errors};
use crate::definition::{hidden_path, path_flaw, unsafe_path};
use crate::diagnostic::Diagnostics;
use crate::filename;
use crate::model::{EntityId, EnvironmentId, Model};
use crate::name::Kind;
use crate::span::Span;
use crate::value::{Data, Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The files of an entity, those with safe paths.
pub(super) fn files(expander: &mut Expander<'_, '_>) -> Vec<File> {
    let (hidden, section) = expander.written("files").map_or((false, None), |section| {
        let (hidden, rest) = hidden(expander, section);
        (hidden, Some(rest))
    });
    let Some(value) = expander.early_parts("files", section.as_ref(), "a file") else { return Vec::new() };
    let mut files = Vec::new();
    for entry in value.as_map().map(Map::entries).unwrap_or_default() {
        let path = &*entry.key;
        if let Some(flaw) = path_flaw(path) {
            expander.report(unsafe_path(path, &flaw, entry.span));
        } else if let Some(part) = filename::hidden(path).filter(|_| !hidden) {
            expander.report(hidden_path(path, part, entry.span));
        } else {
            files.push(File { path: Arc::clone(&entry.key), content: entry.value.clone(), span: entry.span });
        }
    }
    files
}

/// Whether a class says with `$hidden` that it writes hidden files, and its files without that word.
fn hidden(expander: &mut Expander<'_, '_>, section: &Value) -> (bool, Value) {
    let entries = section.as_map().map(Map::entries).unwrap_or_default();
    let Some(word) = entries.iter().find(|entry| &*entry.key == "$hidden") else { return (false, section.clone()) };
    if !matches!(word.value.data, Data::Bool(true)) {
        expander.report(errors::hidden_unclear(&word.value, word.span));
    }
    let rest = entries.iter().filter(|entry| &*entry.key != "$hidden").cloned().collect();
    (true, Value::map(rest, section.origin))
}

/// Reports files of two entities that would be one.
pub(super) fn check_collisions(model: &Model, renderings: &[Rendering], diagnostics: &mut Diagnostics) {
    type Seen = BTreeMap<(EnvironmentId, Option<EntityId>, Arc<str>), (EntityId, Span)>;
    let mut seen: Seen = BTreeMap::new();
    for rendering in renderings {
        let entity = model.entity(rendering.entity);
        for file in &rendering.files {
            // A cluster's own files stand beside those of what is on it.
            let cluster = entity.cluster.or((entity.kind == Kind::Cluster).then_some(rendering.entity));
            let key = (entity.environment, cluster, Arc::clone(&file.path));
            if let Some((other, span)) = seen.get(&key) {
                let pair = (model.entity(*other), entity);
                diagnostics.push(errors::objects_collide(&format!("the file `{}`", file.path), &[], pair, (*span, &[file.span])));
            } else {
                seen.insert(key, (rendering.entity, file.span));
            }
        }
    }
}
