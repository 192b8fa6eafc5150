//! Names that are computed (design 2.6): full names, domains and tags of clusters, names of Terraform outputs. Checks the limits that hold
//! for every provider; limits of one provider are rules of its classes.

use super::scope::Within;
use super::world::World;
use super::{Entity, EntityId, Model, errors};
use crate::code::Code;
use crate::diagnostic::Diagnostics;
use crate::expression::{Fault, Target};
use crate::name::Kind;
use crate::origin::{LayerId, Origin};
use crate::span::Span;
use crate::value::{Data, Entry, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Computed fields of a cluster.
pub(super) const FIELDS: [&str; 6] = ["prefix", "provider", "fullName", "domain", "fqdn", "tags"];

/// A computed field of a cluster.
pub(super) fn field(world: &World<'_>, cluster: EntityId, key: &str) -> Result<Option<Value>, Fault> {
    let entity = world.entity(cluster);
    let origin = Origin { span: entity.defined, layer: LayerId::COMPUTED };
    let text = |text: String| Ok(Some(Value::string(text, origin)));
    match key {
        "prefix" => text(own_text(world, cluster, "prefix")?.unwrap_or_else(|| entity.name.to_string())),
        "provider" => text(provider(world, entity)),
        "fullName" => text(full_name(world, cluster)?),
        "domain" => text(domain(world, entity)),
        "fqdn" => text(join(&[full_name(world, cluster)?, domain(world, entity)], ".")),
        "tags" => {
            let prefix = world.model.platform.value.at(&["naming", "labelPrefix"]).and_then(Value::as_str);
            let prefix = prefix.unwrap_or(&world.model.platform.domain);
            let full = full_name(world, cluster)?;
            let domain = domain(world, entity);
            let tags = [
                ("cluster-name", full.clone()),
                ("cluster-domain", domain.clone()),
                ("cluster-fqdn", join(&[full, domain], ".")),
                ("environment", world.model.environment(entity.environment).name.to_string()),
                ("provider", provider(world, entity)),
                ("region", own_text(world, cluster, "region")?.unwrap_or_default()),
            ];
            let entries = tags.into_iter().filter(|(_, value)| !value.is_empty());
            let entries = entries.map(|(key, value)| {
                Entry::plain(join(&[prefix.to_owned(), key.to_owned()], "/"), entity.defined, Value::string(value, origin))
            });
            Ok(Some(Value::map(entries.collect(), origin)))
        }
        _ => Ok(None),
    }
}

/// All computed fields of an entity as a map.
pub(super) fn computed(world: &World<'_>, id: EntityId) -> Value {
    let entity = world.entity(id);
    let origin = Origin { span: entity.defined, layer: LayerId::COMPUTED };
    let mut entries = vec![Entry::plain("name", entity.defined, Value::string(Arc::clone(&entity.name), origin))];
    if entity.kind == Kind::Cluster {
        let mut secret = None;
        for key in FIELDS {
            match field(world, id, key) {
                Ok(Some(value)) => entries.push(Entry::plain(key, entity.defined, value)),
                // What else is wrong with a part of a name is told where its field is checked.
                Err(Fault::Diagnostic(fault)) if fault.code == Code::SecretInOutput => secret = secret.or(Some(fault)),
                Ok(None) | Err(_) => {}
            }
        }
        if let Some(fault) = secret {
            world.report(*fault);
        }
    }
    Value::map(entries, origin)
}

/// The name of a Terraform output: that of a cluster as it is, of anything else with kind and name in front.
pub(crate) fn output(entity: &Entity, name: &str) -> String {
    match entity.kind {
        Kind::Cluster => name.to_owned(),
        Kind::NodePool | Kind::Service | Kind::Tenant | Kind::Application | Kind::Infrastructure => {
            format!("{}_{}_{name}", entity.kind.singular(), entity.name)
        }
    }
}

fn own_text(world: &World<'_>, cluster: EntityId, key: &str) -> Result<Option<String>, Fault> {
    let Some(value) = world.entity(cluster).value.get(key) else { return Ok(None) };
    let written = value.origin.span;
    let value = world.evaluate(cluster, value, Within::Definition);
    if value.is_broken() {
        return Err(Fault::Reported);
    }
    known(world, cluster, &value, key, written)?;
    Ok(value.as_str().map(str::to_owned))
}

/// Refuses a part of a name that is a secret or made of one: names are file names, labels and tags, so they are never hidden.
fn known(world: &World<'_>, cluster: EntityId, value: &Value, key: &str, written: Span) -> Result<(), Fault> {
    if world.hides(value) {
        return Err(Fault::Diagnostic(Box::new(errors::secret_name(world.entity(cluster), key, written))));
    }
    Ok(())
}

fn provider(world: &World<'_>, entity: &Entity) -> String {
    world.class(entity).and_then(|class| class.provider.as_deref()).unwrap_or("").to_owned()
}

fn domain(world: &World<'_>, entity: &Entity) -> String {
    join(&[provider(world, entity), world.model.platform.domain.to_string()], ".")
}

fn full_name(world: &World<'_>, cluster: EntityId) -> Result<String, Fault> {
    let entity = world.entity(cluster);
    let naming = world.model.platform.value.get("naming");
    if let Some(Value { data: Data::Template(pattern), origin, .. }) = naming.and_then(|naming| naming.get("pattern")) {
        let scope = world.scope(cluster, Within::Definition);
        let value = world.session(|| world.run(&scope, pattern, Target::Plain, *origin))?;
        known(world, cluster, &value, "naming.pattern", pattern.span)?;
        return Ok(value.as_str().unwrap_or("").to_owned());
    }
    let separator = naming.and_then(|naming| naming.get("separator")).and_then(Value::as_str).unwrap_or("-");
    let prefix = own_text(world, cluster, "prefix")?.unwrap_or_else(|| entity.name.to_string());
    let environment = world.model.environment(entity.environment).name.to_string();
    let region = own_text(world, cluster, "region")?.unwrap_or_default();
    Ok(join(&[prefix, environment, region], separator))
}

fn join(parts: &[String], separator: &str) -> String {
    parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(separator)
}

/// Reports full names that collide or break the limits of DNS, but for clusters whose fields are wrong already.
pub(super) fn check(model: &Model, wrong: &BTreeSet<EntityId>, diagnostics: &mut Diagnostics) {
    let mut seen: BTreeMap<String, EntityId> = BTreeMap::new();
    for (id, entity) in model.entities().filter(|(id, entity)| entity.kind == Kind::Cluster && !wrong.contains(id)) {
        let text = |key: &str| entity.computed.get(key).and_then(Value::as_str).unwrap_or("");
        let full = text("fullName");
        if full.is_empty() {
            continue;
        }
        if let Some(other) = seen.get(text("fqdn")) {
            diagnostics.push(errors::clusters_collide(full, model.entity(*other), entity));
        } else {
            seen.insert(text("fqdn").to_owned(), id);
        }
        let valid = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-';
        let fits = |label: &str| label.chars().all(valid) && !label.starts_with('-') && !label.ends_with('-');
        let domain = model.platform.value.get("domain").map(|domain| domain.origin.span);
        for label in text("fqdn").split('.') {
            let naming = errors::Naming { cluster: entity, domain: domain.filter(|_| !full.split('.').any(|part| part == label)) };
            if label.len() > 63 {
                diagnostics.push(errors::label_too_long(&naming, label));
            } else if !fits(label) {
                diagnostics.push(errors::label_invalid(&naming, label, fits));
            }
        }
        if text("fqdn").len() > 253 {
            diagnostics.push(errors::fqdn_too_long(entity, text("fqdn")));
        }
    }
}
