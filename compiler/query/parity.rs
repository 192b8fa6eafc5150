//! parity: the differences between environments that are meant. `platform.parity` lists them; everything else is worth knowing.

use crate::model::{Entity, Model};
use crate::path::{Path, Step};
use crate::value::Value;
use crate::wildcard;
use std::sync::Arc;

/// Differences that are meant.
#[derive(Clone, Debug, Default)]
pub struct Parity {
    entries: Vec<ParityEntry>,
}

/// One entry: a path without its environment, whose names may have wildcards. It covers everything below.
#[derive(Clone, Debug)]
struct ParityEntry {
    steps: Path,
    /// Only between environments of which both are named here; empty: all.
    environments: Vec<Arc<str>>,
}

impl Parity {
    /// What `platform.parity` allows between two environments: a list of maps with `path`, and perhaps `environments`. Entries without a
    /// path allow nothing.
    #[must_use]
    pub fn of(model: &Model, first: &str, second: &str) -> Self {
        let list = model.platform.value.get("parity").and_then(Value::as_list).unwrap_or(&[]);
        let mut entries: Vec<ParityEntry> = list.iter().filter_map(entry).collect();
        entries.retain(|entry| {
            entry.environments.is_empty() || [first, second].iter().all(|name| entry.environments.iter().any(|known| **known == **name))
        });
        Self { entries }
    }

    /// Whether nothing is allowed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What is at these paths or below.
    #[must_use]
    pub fn at(paths: Vec<Path>) -> Self {
        Self { entries: paths.into_iter().map(|steps| ParityEntry { steps, environments: Vec::new() }).collect() }
    }

    /// Whether a thing, or a value of it, may be at one of these paths.
    #[must_use]
    pub fn speaks_of(&self, entity: &Entity) -> bool {
        let own = Path::of([entity.kind.plural(), &entity.name]);
        let short = if entity.tenant.is_some() { &entity.thing.definition } else { &own };
        let leads = |pattern: &Path, path: &Path| pattern.steps().iter().zip(path.steps()).all(|(pattern, step)| fits(pattern, step));
        self.entries.iter().any(|entry| [short, &entity.thing.place].into_iter().any(|path| leads(&entry.steps, path)))
    }

    /// Whether a difference is meant: of a value of an entity, or with an empty path of the entity as a whole. Entities on clusters can be
    /// named with their cluster or without: `clusters.gc0.services.shop`, `services.shop`, `tenants.a.applications.web`.
    #[must_use]
    pub fn allows(&self, entity: &Entity, path: &Path) -> bool {
        if self.entries.is_empty() {
            return false;
        }
        let own = Path::of([entity.kind.plural(), &entity.name]);
        let short = if entity.tenant.is_some() { &entity.thing.definition } else { &own }.join(path);
        let long = entity.thing.place.join(path);
        self.entries.iter().any(|entry| covers(&entry.steps, &short) || covers(&entry.steps, &long))
    }

    /// Whether a difference of the environments themselves is meant: `delivery`.
    #[must_use]
    pub fn allows_of_environment(&self, path: &Path) -> bool {
        self.entries.iter().any(|entry| covers(&entry.steps, path))
    }
}

fn entry(value: &Value) -> Option<ParityEntry> {
    let steps: Path = value.get("path")?.as_str()?.parse().ok().filter(|steps: &Path| !steps.is_empty())?;
    let environments = value.get("environments").and_then(Value::as_list).unwrap_or(&[]);
    Some(ParityEntry { steps, environments: environments.iter().filter_map(Value::as_str).map(Arc::from).collect() })
}

fn covers(pattern: &Path, path: &Path) -> bool {
    let (pattern, path) = (pattern.steps(), path.steps());
    pattern.len() <= path.len() && pattern.iter().zip(path).all(|(pattern, step)| fits(pattern, step))
}

fn fits(pattern: &Step, step: &Step) -> bool {
    match (pattern, step) {
        (Step::Key(pattern), Step::Key(name)) => wildcard::name(pattern, name),
        // Places in lists have no names.
        (Step::Key(pattern), Step::Item(_)) => &**pattern == "*",
        (Step::Item(_), _) => pattern == step,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::diff::{Side, diff};
    use crate::query::example;

    #[test]
    fn paths_cover_what_is_below() {
        let model = example::world().model;
        let pool = model.entities.iter().find(|entity| &*entity.path == "apps.clusters.gc0.nodePools.default").unwrap();
        for (pattern, path, expected) in [
            ("clusters.*.nodePools.*.size", "size.min", true),
            ("nodePools.*.size", "size.min", true),
            ("nodePools.default", "", true),
            ("nodePools.default.size", "", false),
            ("nodePools.gpu", "size.min", false),
            ("clusters.gc1.nodePools", "size.min", false),
            ("clusters.gc0", "size.min", true),
            ("*", "size.min", true),
            ("nodePools.def*.size", "size.min", true),
            ("nodePools.g*.size", "size.min", false),
        ] {
            let parity = Parity { entries: vec![ParityEntry { steps: pattern.parse().unwrap(), environments: Vec::new() }] };
            assert_eq!(parity.allows(pool, &path.parse().unwrap()), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn either_name_of_a_pair_says_what_is_meant() {
        for (name, meant) in [("old", 1), ("new", 1), ("other", 0)] {
            let text = format!(
                "platform: {{ name: acme, domain: example.com, parity: [{{ path: services.{name}.size }}] }}
environments: {{ apps: {{}}, ops: {{ inherits: apps }} }}
clusters: {{ c0: {{ class: plain }} }}
services:
  old: {{ class: plain, identity: shop, size: 1, onlyIn: [ops] }}
  new: {{ class: plain, identity: shop, size: 2, onlyIn: [apps] }}
classes: {{ cluster: {{ plain: {{}} }}, service: {{ plain: {{ schema: {{ size: integer }} }} }} }}
"
            );
            let compilation =
                crate::compile(&crate::system::MemorySystem::default().with("platform.yaml", text), &crate::Options::default());
            assert!(!compilation.diagnostics.has_errors());
            let side = |name: &str| {
                let found = compilation.model.environments().find(|(_, environment)| &*environment.name == name);
                Side {
                    model: &compilation.model,
                    definitions: &compilation.definitions,
                    sources: &compilation.sources,
                    environment: found.unwrap().0,
                }
            };
            let parity = Parity::of(&compilation.model, "ops", "apps");
            let found = diff(side("ops"), side("apps"), &parity).unwrap();
            let told = found.changed.iter().flat_map(|changed| &changed.values).filter(|value| value.path.to_string() == "size").count();
            assert_eq!((found.meant, told), (meant, 1 - meant), "{name}");
        }
    }
}
