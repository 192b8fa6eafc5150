//! Whole trees: what a few renderings become, and what the real kustomize makes of it.

mod built;
mod overlays;
mod refusals;

use crate::artifact::{Artifacts, Input};
use crate::diagnostic::Diagnostics;
use crate::model::{ClassId, Entity, EntityId, Environment, EnvironmentId, Layout, Model, Platform};
use crate::name::Kind;
use crate::object::{Manifest, ObjectName, Objects, Rendering};
use crate::origin::{LayerId, Origin};
use crate::print::{Form, Tree};
use crate::span::{FileId, Span};
use crate::subject::Thing;
use crate::value::{Data, Entry, Value};
use std::sync::Arc;

const NOWHERE: Span = Span { file: FileId(0), start: 0, end: 0 };
const ORIGIN: Origin = Origin { span: NOWHERE, layer: LayerId::COMPUTED };

/// A platform under construction: environments with clusters, and what is rendered there.
struct Project {
    model: Model,
    objects: Objects,
}

impl Project {
    /// `environments`: names of lines, farthest first; `promotion` as written.
    fn new(environments: &[&[&str]], promotion: &[&str], layout: Layout) -> Self {
        let promotion = Value::list(promotion.iter().map(|name| Value::string(*name, ORIGIN)).collect(), ORIGIN);
        let platform = Platform {
            name: "acme".into(),
            domain: "infra.example.com".into(),
            output: "dist".into(),
            repository: None,
            layout,
            hub: None,
            value: Value::map(vec![Entry::plain("promotion", NOWHERE, promotion)], ORIGIN),
        };
        let environment = |line: &&[&str]| Environment {
            name: (*line.last().unwrap()).into(),
            identity: crate::model::Identity::of_name(&(*line.last().unwrap()).into(), NOWHERE),
            line: line.iter().map(|name| (*name).into()).collect(),
            is_shared: false,
            value: Value::map(Vec::new(), ORIGIN),
            defined: NOWHERE,
        };
        let environments = environments.iter().map(environment).collect();
        Self {
            model: Model {
                platform,
                environments,
                secrets: Default::default(),
                met: Vec::new(),
                facts: Default::default(),
                absent: Default::default(),
                handed: Vec::new(),
                entities: Vec::new(),
            },
            objects: Objects::default(),
        }
    }

    fn entity(&mut self, environment: usize, cluster: Option<EntityId>, kind: Kind, name: &str) -> EntityId {
        let id = EntityId(u32::try_from(self.model.entities.len()).unwrap());
        self.model.entities.push(Entity {
            kind,
            name: name.into(),
            identity: crate::model::Identity::of_name(&name.into(), NOWHERE),
            environment: EnvironmentId(u32::try_from(environment).unwrap()),
            cluster,
            tenant: None,
            class: ClassId(0),
            class_name: "service/x".into(),
            class_value: Value::string("x", ORIGIN),
            value: Value::map(Vec::new(), ORIGIN),
            computed: Value::map(Vec::new(), ORIGIN),
            defined: NOWHERE,
            path: format!("{environment}.{name}").into(),
            thing: Thing::new(&environment.to_string().into(), kind, name, None).into(),
            stack: None,
            made: None,
            reads: std::sync::Arc::from([]),
            overrides: std::sync::Arc::from([]),
        });
        id
    }

    fn cluster(&mut self, environment: usize, name: &str) -> EntityId {
        self.entity(environment, None, Kind::Cluster, name)
    }

    fn render(&mut self, cluster: EntityId, name: &str, objects: &[Tree]) {
        let environment = self.model.entity(cluster).environment.0 as usize;
        let entity = self.entity(environment, Some(cluster), Kind::Service, name);
        let manifests = objects.iter().enumerate().map(|(at, tree)| manifest(&at.to_string(), tree));
        self.objects.renderings.push(Rendering {
            entity,
            manifests: manifests.collect(),
            chart: None,
            files: Vec::new(),
            told: None,
            registration: None,
            metadata: None,
            keeps_data: false,
            waits: Vec::new(),
        });
    }

    fn emit(&self) -> (Artifacts, Diagnostics) {
        let (mut artifacts, mut diagnostics) = (Artifacts::default(), Diagnostics::default());
        let input = Input {
            model: &self.model,
            objects: &self.objects,
            sites: &[],
            traced: &std::collections::BTreeSet::new(),
            held: &Default::default(),
        };
        super::emit(&input, &mut artifacts, &mut diagnostics);
        (artifacts, diagnostics)
    }
}

fn value(tree: &Tree) -> Value {
    let data = match &tree.form {
        Form::Null => Data::Null,
        Form::Bool(bool) => Data::Bool(*bool),
        Form::Int(int) => Data::Int(*int),
        Form::Float(float) => Data::Float(*float),
        Form::Text(text) => Data::String(Arc::clone(text)),
        Form::List(items) => return Value::list(items.iter().map(value).collect(), ORIGIN),
        Form::Map(entries) => {
            return Value::map(entries.iter().map(|(key, tree)| Entry::plain(Arc::clone(key), NOWHERE, value(tree))).collect(), ORIGIN);
        }
    };
    Value::new(data, ORIGIN)
}

fn manifest(name: &str, tree: &Tree) -> Manifest {
    let value = value(tree);
    Manifest { name: name.into(), object: ObjectName::of(&value).unwrap(), value, handed: None }
}

fn tree(value: &serde_yaml::Value) -> Tree {
    match value {
        serde_yaml::Value::Null => Tree::null(),
        serde_yaml::Value::Bool(bool) => Tree::bool(*bool),
        serde_yaml::Value::Number(number) => number.as_i64().map_or_else(|| Tree::float(number.as_f64().unwrap()), Tree::int),
        serde_yaml::Value::String(text) => Tree::text(text.as_str()),
        serde_yaml::Value::Sequence(items) => Tree::list(items.iter().map(tree)),
        serde_yaml::Value::Mapping(entries) => Tree::map(entries.iter().map(|(key, value)| (key.as_str().unwrap(), tree(value)))),
        serde_yaml::Value::Tagged(tagged) => panic!("a tag: {tagged:?}"),
    }
}

fn parse(text: &str) -> Vec<Tree> {
    use serde::Deserialize;
    let documents = serde_yaml::Deserializer::from_str(text).map(|document| serde_yaml::Value::deserialize(document).unwrap());
    documents.filter(|document| !document.is_null()).map(|document| tree(&document)).collect()
}

const DEPLOYMENT: &str =
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: web}, spec: {replicas: 3, paused: false}}";
