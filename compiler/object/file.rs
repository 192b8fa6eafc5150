//! Files that classes emit: their paths stay below the output directory, and no two are the same.

use super::template::Expander;
use super::{File, Rendering, errors};
use crate::diagnostic::Diagnostics;
use crate::model::{EntityId, EnvironmentId, Model, relative};
use crate::name::Kind;
use crate::span::Span;
use crate::value::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The files of an entity, those with safe paths.
pub(super) fn files(expander: &mut Expander<'_, '_>, section: &Value) -> Vec<File> {
    let Some(value) = expander.early(section, "a file") else { return Vec::new() };
    let mut files = Vec::new();
    for entry in value.as_map().map(Map::entries).unwrap_or_default() {
        if relative(&entry.key) && !entry.key.ends_with('/') && entry.key.len() <= 200 {
            files.push(File { path: Arc::clone(&entry.key), content: entry.value.clone(), span: entry.span });
        } else {
            expander.report(errors::unsafe_path(&entry.key, entry.span));
        }
    }
    files
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
                diagnostics.push(errors::objects_collide(&format!("the file `{}`", file.path), &[], pair, (*span, file.span)));
            } else {
                seen.insert(key, (rendering.entity, file.span));
            }
        }
    }
}
