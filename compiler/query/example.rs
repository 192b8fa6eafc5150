//! A small resolved platform for the tests of this room, built by hand from `path = value` lines.

use crate::model::{ClassId, Entity, EntityId, Environment, EnvironmentId, Identity, Layout, Model, Platform};
use crate::name::Kind;
use crate::origin::{Layer, LayerId, Layers, Origin};
use crate::source::{Grammar, Source, Sources};
use crate::span::{FileId, Span};
use crate::subject::Thing;
use crate::value::{Data, Entry, List, Map, Operator, Value};
use std::sync::Arc;

pub(super) struct ExampleWorld {
    pub(super) sources: Sources,
    pub(super) layers: Layers,
    pub(super) model: Model,
}

/// A value with an origin; each has its own line of the source.
pub(super) struct Maker {
    text: String,
    pub(super) layers: Layers,
}

impl Maker {
    pub(super) fn origin(&mut self, text: &str, layer: &str) -> Origin {
        let start = self.text.len();
        self.text.push_str(text);
        self.text.push('\n');
        let layer = if layer.is_empty() { LayerId::COMPUTED } else { self.layers.add(Layer::Body(layer.into())) };
        Origin { span: Span::new(FileId(0), start, start + text.len()), layer }
    }

    pub(super) fn int(&mut self, int: i64, layer: &str) -> Value {
        let origin = self.origin(&int.to_string(), layer);
        Value::new(Data::Int(int), origin)
    }

    pub(super) fn text(&mut self, text: &str, layer: &str) -> Value {
        let origin = self.origin(text, layer);
        Value::string(text, origin)
    }

    pub(super) fn list(&mut self, items: Vec<Value>, layer: &str) -> Value {
        let origin = self.origin("[]", layer);
        Value::new(Data::List(Arc::new(List::new(items))), origin)
    }

    pub(super) fn map(&mut self, entries: Vec<(&str, Value)>, layer: &str) -> Value {
        let origin = self.origin("{}", layer);
        let entry = |(key, value): (&str, Value)| Entry {
            key: key.into(),
            span: value.origin.span,
            operator: Operator::Merge,
            template: None,
            value,
        };
        Value::new(Data::Map(Arc::new(Map::new(entries.into_iter().map(entry).collect()))), origin)
    }
}

pub(super) fn over(value: Value, weaker: Value) -> Value {
    value.over(Some(weaker))
}

/// Environments `apps` and `ops` (which inherits from `base` and `apps`); clusters `gc0` in both and `gc1` in `apps` only.
pub(super) fn world() -> ExampleWorld {
    let mut make = Maker { text: String::new(), layers: Layers::default() };
    let domain = make.text("infra.example.com", "platform");
    let platform = make.map(vec![("domain", domain)], "platform");
    let mut entities: Vec<Entity> = Vec::new();
    for (at, environment) in ["apps", "ops"].into_iter().enumerate() {
        let ops = environment == "ops";
        let environment_id = EnvironmentId(u32::try_from(at).unwrap());
        let clusters: &[&str] = if ops { &["gc0"] } else { &["gc0", "gc1"] };
        let mut add = |kind: Kind, name: &str, on: Option<EntityId>, thing: Thing, value: Value, computed: Value| {
            let defined = value.origin.span;
            entities.push(Entity {
                kind,
                name: name.into(),
                identity: Identity::of_name(&name.into(), value.origin.span),
                environment: environment_id,
                cluster: on,
                tenant: None,
                class: ClassId(0),
                class_name: format!("{}/x", kind.singular()).into(),
                class_value: Value::string("x", value.origin),
                value,
                computed,
                defined,
                path: thing.to_string().into(),
                thing: Arc::new(thing),
                stack: None,
                made: None,
                reads: std::sync::Arc::from([]),
                overrides: std::sync::Arc::from([]),
            });
            EntityId(u32::try_from(entities.len() - 1).unwrap())
        };
        for cluster in clusters {
            let address = format!("clusters.{cluster}");
            let default = make.text("1.32", "class cluster/x");
            let version = make.text(if ops { "1.34" } else { "1.33" }, &address);
            let zones = vec![make.text("a", &address), make.text("b", &address)];
            let zones = make.list(zones, &address);
            let bucket = make.text(&format!("{cluster}-{environment}-logs"), &address);
            let value = make.map(vec![("version", over(version, default)), ("zones", zones), ("bucket", bucket)], &address);
            let full = make.text(&format!("{cluster}-{environment}-eu"), "");
            let computed = make.map(vec![("fullName", full)], "");
            let thing = |kind, name: &str| Thing::new(&environment.into(), kind, name, Some(cluster));
            let id = add(Kind::Cluster, cluster, None, Thing::new(&environment.into(), Kind::Cluster, cluster, None), value, computed);

            let weak = make.int(1, "class nodePool/x");
            let middle = make.int(3, &format!("{address}.nodePools.default"));
            let min = over(middle, weak);
            let min = if ops { over(make.int(1, &format!("{address}.nodePools.default, overlay")), min) } else { min };
            let size = make.map(vec![("min", min)], &address);
            let value = make.map(vec![("size", size)], &address);
            let computed = make.map(vec![], "");
            add(Kind::NodePool, "default", Some(id), thing(Kind::NodePool, "default"), value, computed);

            let replicas = make.int(if ops { 1 } else { 2 }, "services.cert-manager");
            let host = make.text(&format!("certs.{environment}.example.com"), "services.cert-manager");
            let value = make.map(vec![("replicas", replicas), ("host", host)], "services.cert-manager");
            let computed = make.map(vec![], "");
            add(Kind::Service, "cert-manager", Some(id), thing(Kind::Service, "cert-manager"), value, computed);
        }
    }
    let mut environment = |name: &str, line: &[&str]| Environment {
        value: make.map(vec![], ""),
        name: name.into(),
        identity: Identity::of_name(&name.into(), Span { file: FileId(0), start: 0, end: 0 }),
        line: line.iter().map(|&name| name.into()).collect(),
        is_shared: false,
        defined: Span::new(FileId(0), 0, 0),
    };
    let environments = vec![environment("apps", &["base", "apps"]), environment("ops", &["base", "apps", "ops"])];
    let mut sources = Sources::default();
    sources.add(Source { path: "p.yaml".into(), text: make.text.into(), grammar: Grammar::Yaml, library: false });
    ExampleWorld {
        sources,
        layers: make.layers,
        model: Model {
            secrets: Default::default(),
            met: Vec::new(),
            facts: Default::default(),
            absent: Default::default(),
            platform: Platform {
                name: "acme".into(),
                domain: "infra.example.com".into(),
                output: "dist".into(),
                repository: None,
                layout: Layout::Overlays,
                hub: None,
                value: platform,
            },
            environments,
            handed: Vec::new(),
            entities,
        },
    }
}
