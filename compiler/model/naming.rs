//! Names that are computed (design 2.6): full names, domains and tags of clusters, names of Terraform outputs. Checks the limits that hold
//! for every provider; limits of one provider are rules of its classes.

use super::Within;
use super::world::World;
use super::{Entity, EntityId, Model, errors};
use crate::code::Code;
use crate::definition::root::Computed;
use crate::diagnostic::Diagnostics;
use crate::expression::{Fault, Target};
use crate::name::Kind;
use crate::origin::{LayerId, Origin};
use crate::span::Span;
use crate::value::{Cause, Data, Entry, History, Name, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A computed field of a cluster, made of what it is joined from.
pub(super) fn field(world: &World<'_>, cluster: EntityId, field: Computed) -> Result<Value, Fault> {
    let entity = world.entity(cluster);
    let origin = Origin { span: entity.defined, layer: LayerId::COMPUTED };
    match field {
        Computed::Prefix => prefix(world, cluster),
        Computed::Provider => Ok(provider(world, entity).unwrap_or_else(|| Value::string("", origin))),
        Computed::FullName => full_name(world, cluster),
        Computed::Domain => Ok(domain(world, entity)),
        Computed::Fqdn => {
            Ok(join([("cluster.fullName", Some(full_name(world, cluster)?)), ("cluster.domain", Some(domain(world, entity)))], ".", origin))
        }
        Computed::Tags => {
            let prefix = world.model.platform.value.at(&["naming", "labelPrefix"]).and_then(Value::as_str);
            let prefix = prefix.unwrap_or(&world.model.platform.domain);
            let (full, domain) = (full_name(world, cluster)?, domain(world, entity));
            let alone = |name, value: Option<Value>| value.map(|value| join([(name, Some(value))], "", origin));
            let tags = [
                ("cluster-name", Some(full.clone())),
                ("cluster-domain", Some(domain.clone())),
                ("cluster-fqdn", Some(join([("cluster.fullName", Some(full)), ("cluster.domain", Some(domain))], ".", origin))),
                ("environment", alone("environment.name", Some(environment(world, entity)))),
                ("provider", alone("cluster.provider", provider(world, entity))),
                ("region", alone("cluster.region", own(world, cluster, "region")?)),
            ];
            let tag = |(key, value): (&str, Option<Value>)| {
                let value = value.filter(|value| value.as_str().is_some_and(|text| !text.is_empty()))?;
                Some(Entry::plain(format!("{prefix}/{key}"), entity.defined, Value { origin, ..value }))
            };
            Ok(Value::map(tags.into_iter().filter_map(tag).collect(), origin))
        }
    }
}

/// All computed fields of an entity as a map.
pub(super) fn computed(world: &World<'_>, id: EntityId) -> Value {
    let entity = world.entity(id);
    let origin = Origin { span: entity.defined, layer: LayerId::COMPUTED };
    let identity = |key: &str| Entry::plain(key, entity.identity.value().origin.span, entity.identity.value().clone());
    let mut entries = vec![identity("name")];
    entries.extend(entity.identity.is_written().then(|| identity("identity")));
    if entity.kind == Kind::Cluster {
        let mut secret = None;
        for computed in Computed::ALL {
            match field(world, id, computed) {
                Ok(value) => entries.push(Entry::plain(computed.word(), entity.defined, value)),
                // What else is wrong with a part of a name is told where its field is checked.
                Err(Fault::Diagnostic(fault)) if fault.code == Code::SecretInOutput => secret = secret.or(Some(fault)),
                Err(_) => {}
            }
        }
        if let Some(fault) = secret {
            world.report(*fault);
        }
    }
    Value::map(entries, origin)
}

/// The name of a Terraform output: that of a cluster as it is, of anything else with kind and name in front, of an application with its tenant,
/// too; with the cluster as well if its Terraform has left the cluster's stack, where the same thing of another cluster may be.
pub(crate) fn output(model: &Model, entity: &Entity, name: &str) -> String {
    if entity.kind == Kind::Cluster {
        return name.to_owned();
    }
    let away = entity.cluster.map(|cluster| model.entity(cluster)).filter(|cluster| cluster.stack != entity.stack);
    let tenant = entity.tenant.filter(|_| entity.kind == Kind::Application).map(|tenant| model.entity(tenant));
    let around = [away, tenant].into_iter().flatten().map(|around| format!("{}_", around.identity));
    format!("{}_{}{}_{name}", entity.kind.singular(), around.collect::<String>(), entity.identity)
}

/// A field of a cluster that names are made of, evaluated.
fn own(world: &World<'_>, cluster: EntityId, key: &str) -> Result<Option<Value>, Fault> {
    let Some(value) = world.entity(cluster).value.get(key) else { return Ok(None) };
    let written = value.origin.span;
    let value = world.evaluate(cluster, value, Within::Definition);
    if value.is_broken() {
        return Err(Fault::Reported);
    }
    known(world, cluster, &value, key, written)?;
    Ok(value.as_str().is_some().then_some(value))
}

/// Refuses a part of a name that is a secret or made of one: names are file names, labels and tags, so they are never hidden.
fn known(world: &World<'_>, cluster: EntityId, value: &Value, key: &str, written: Span) -> Result<(), Fault> {
    if world.hides(value) {
        return Err(Fault::Diagnostic(Box::new(errors::secret_name(world.entity(cluster), key, written))));
    }
    Ok(())
}

fn environment(world: &World<'_>, entity: &Entity) -> Value {
    let environment = world.model.environment(entity.environment);
    environment.identity.value().clone()
}

fn prefix(world: &World<'_>, cluster: EntityId) -> Result<Value, Fault> {
    let entity = world.entity(cluster);
    Ok(own(world, cluster, "prefix")?.unwrap_or_else(|| entity.identity.value().clone()))
}

fn provider(world: &World<'_>, entity: &Entity) -> Option<Value> {
    let class = world.class(entity)?;
    let (name, _) = class.providers.first()?;
    let written = class.value.get("provider")?;
    let written = written.as_list().map_or(Some(written), <[Value]>::first)?;
    Some(Value { data: Data::String(Arc::clone(&name.provider)), ..written.clone() })
}

fn domain(world: &World<'_>, entity: &Entity) -> Value {
    let platform = &world.model.platform;
    let origin = Origin { span: entity.defined, layer: LayerId::COMPUTED };
    let domain = platform.value.get("domain").filter(|value| value.as_str() == Some(&platform.domain)).cloned();
    let domain = domain.unwrap_or_else(|| Value::string(Arc::clone(&platform.domain), origin));
    join([("cluster.provider", provider(world, entity)), ("platform.domain", Some(domain))], ".", origin)
}

fn full_name(world: &World<'_>, cluster: EntityId) -> Result<Value, Fault> {
    let entity = world.entity(cluster);
    let computed = Origin { span: entity.defined, layer: LayerId::COMPUTED };
    let naming = world.model.platform.value.get("naming");
    if let Some(Value { data: Data::Template(pattern), origin, .. }) = naming.and_then(|naming| naming.get("pattern")) {
        let scope = world.scope(cluster, Within::Definition);
        let value = world.session(|| world.run(&scope, pattern, Target::Plain, *origin))?;
        known(world, cluster, &value, "naming.pattern", pattern.span)?;
        return Ok(if value.as_str().is_some() { Value { origin: computed, ..value } } else { Value::string("", computed) });
    }
    let separator = naming.and_then(|naming| naming.get("separator")).and_then(Value::as_str).unwrap_or("-");
    let parts = [
        ("cluster.prefix", Some(prefix(world, cluster)?)),
        ("environment.name", Some(environment(world, entity))),
        ("cluster.region", own(world, cluster, "region")?),
    ];
    Ok(join(parts, separator, computed))
}

/// The texts that are not empty in one, made of them.
fn join<const N: usize>(parts: [(&'static str, Option<Value>); N], separator: &str, origin: Origin) -> Value {
    let parts = parts.into_iter().filter_map(|(name, value)| Some(Cause { name: Name::Computed(name), value: value?, decides: false }));
    let causes: Vec<Cause> = parts.filter(|part| part.value.as_str().is_some_and(|text| !text.is_empty())).collect();
    let text: Vec<&str> = causes.iter().filter_map(|part| part.value.as_str()).collect();
    let text = text.join(separator);
    Value { history: History::made(causes), ..Value::string(text, origin) }
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
        if let Some(other) = seen.get(text("fqdn")).map(|other| model.entity(*other)) {
            // What is called the same has the same full name, and was told already.
            let identities =
                |entity: &Entity| [entity.identity.text(), model.environment(entity.environment).identity.text()].map(Arc::clone);
            if identities(other) != identities(entity) {
                diagnostics.push(errors::clusters_collide(full, other, entity));
            }
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
