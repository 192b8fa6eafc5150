//! How whoever installs from another cluster reaches one: what its class says in its section for whoever installs → the object that says so there, a Secret
//! without credentials, or an ExternalSecret that brings them from a store. It waits for facts by itself, and nothing of the hub waits with it.

use super::template::Expander;
use super::{Rendering, errors, secret};
use crate::definition::{Definitions, TOLD};
use crate::diagnostic::Diagnostics;
use crate::model::{Entity, Model};
use crate::name::Kind;
use crate::syncing::{self, CLUSTER};
use crate::value::{Data, Entry, Value};
use serde_json::Value as Json;

/// The object of a cluster; none if its class says nothing, or not everything yet.
pub(super) fn registration(expander: &Expander<'_, '_>, told: Option<&Value>) -> Option<Value> {
    let said = told?.get(CLUSTER)?;
    if said.is_late() || said.is_broken() {
        return None;
    }
    let (model, entity) = (expander.world.model, expander.world.entity(expander.id));
    let (config, store) = (said.get("config"), said.get(STORE));
    if !is_whole(expander, said) {
        return None;
    }
    let text = |key: &str| said.get(key).and_then(Value::as_str).unwrap_or_default();
    let origin = said.origin;
    let of = |key: &str, value: Value| Entry::plain(key, origin.span, value);
    let map = |entries: Vec<Entry>| Value::map(entries, origin);
    let string = |text: &str| Value::string(text, origin);
    let full_name = full_name(entity);
    let namespace = model.platform.value.at(&[TOLD.0, "namespace"]).and_then(Value::as_str).unwrap_or("argocd");
    let json = config.map_or_else(|| "{}".to_owned(), |config| json(config).to_string());
    let data = vec![
        of("name", string(full_name)),
        of("server", Value::string(text("server"), said.get("server").map_or(origin, |server| server.origin))),
        of("config", Value::string(json, config.map_or(origin, |config| config.origin))),
    ];
    let label = of("labels", map(vec![of(syncing::REGISTERS, string("cluster"))]));
    let name = format!("cluster-{full_name}");
    let named = |more: Vec<Entry>| {
        let own = vec![of("name", string(&name)), of("namespace", string(namespace))];
        map(own.into_iter().chain(more).collect())
    };
    let object = |version: &str, kind: &str, metadata: Value, rest: Vec<Entry>| {
        let head = vec![of("apiVersion", string(version)), of("kind", string(kind)), of("metadata", metadata)];
        map(head.into_iter().chain(rest).collect())
    };
    let made = match store.and_then(Value::as_map) {
        None => object("v1", "Secret", named(vec![label]), vec![of("type", string("Opaque")), of("stringData", map(data))]),
        Some(store) => {
            let template = map(vec![of("metadata", map(vec![label])), of("data", map(data))]);
            let target = of("target", map(vec![of("name", string(&name)), of("template", template)]));
            // Its kind may come with a service of the hub itself.
            let annotation = of(syncing::OBJECT_OPTIONS, string("SkipDryRunOnMissingResource=true"));
            let metadata = named(vec![of("annotations", map(vec![annotation]))]);
            let spec = store.entries().iter().cloned().chain([target]).collect();
            object("external-secrets.io/v1", "ExternalSecret", metadata, vec![of("spec", map(spec))])
        }
    };
    secret::refuse(expander, &made, "the Secret of a cluster");
    Some(made)
}

/// Reports clusters that another one is to install on, where nothing tells how that reaches them.
pub(super) fn unreached(definitions: &Definitions, model: &Model, renderings: &[Rendering], diagnostics: &mut Diagnostics) {
    let (Some(hub), Some(_)) = (&model.platform.hub, &model.platform.repository) else { return };
    let said = model.platform.value.at(&[TOLD.0, "hub"]).map(|said| said.origin.span);
    let clusters = || model.entities().filter(|(_, entity)| entity.kind == Kind::Cluster);
    let is_delivered = |entity: &Entity| model.environment(entity.environment).delivery() == TOLD.0;
    // A hub that is nowhere, and what else is wrong, is told by others.
    if diagnostics.has_errors() || !clusters().any(|(_, entity)| entity.name == *hub && is_delivered(entity)) {
        return;
    }
    for (id, entity) in clusters().filter(|(_, entity)| entity.name != *hub && is_delivered(entity)) {
        let rendering = renderings.binary_search_by_key(&id, |rendering| rendering.entity).ok().and_then(|at| renderings.get(at));
        if rendering.and_then(|rendering| rendering.told.as_ref()?.get(CLUSTER)).is_none() {
            let class = definitions.classes.get(entity.class.0 as usize);
            let section = class.and_then(|class| class.section(TOLD.0)?.as_map()?.entry(CLUSTER));
            let section = section.map(|entry| entry.value.get("$if").map_or(entry.span, |condition| condition.origin.span));
            diagnostics.push(errors::unreached_cluster(entity, hub, said, section).about(entity.subject()));
        }
    }
}

/// What an ExternalSecret says beside its target.
const STORE: &str = "externalSecret";

/// The name by which a cluster is known there.
fn full_name(entity: &Entity) -> &str {
    entity.computed.get("fullName").and_then(Value::as_str).unwrap_or(entity.identity.text())
}

/// Whether all is there and has its shape; reports what is not.
fn is_whole(expander: &Expander<'_, '_>, said: &Value) -> bool {
    let subject = expander.world.entity(expander.id).subject();
    let wrong = |key: &str, wanted: &str| {
        expander.report(syncing::invalid(&format!("{CLUSTER}.{key}"), wanted, said.get(key).unwrap_or(said), &subject));
        false
    };
    let is_map = |key: &str| said.get(key).is_none_or(|value| value.as_map().is_some());
    if !said.get("server").and_then(Value::as_str).is_some_and(|server| server.starts_with("https://")) {
        return wrong("server", "the address of the Kubernetes API, `https://…`");
    }
    (is_map("config") || wrong("config", "a map")) && (is_map(STORE) || wrong(STORE, "a map"))
}

/// A value as JSON.
fn json(value: &Value) -> Json {
    match &value.data {
        Data::Null | Data::Template(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => Json::Null,
        Data::Bool(bool) => (*bool).into(),
        Data::Int(int) => (*int).into(),
        Data::Float(float) => (*float).into(),
        Data::String(text) => Json::String(text.to_string()),
        Data::List(list) => list.items().iter().map(json).collect(),
        Data::Map(map) => map.entries().iter().map(|entry| (entry.key.to_string(), json(&entry.value))).collect(),
    }
}
