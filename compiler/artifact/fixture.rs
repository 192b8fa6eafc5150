//! Hand-written models and objects for the tests of backends. Values are written in YAML; `!late` makes late values:
//! `!late ["https://", !ref aws_lb.this.name]`, with `!ref ADDRESS`, `!ref [STACK, ADDRESS, OUTPUT]`, `!raw TEXT`.

use crate::delivery::deliver;
use crate::diagnostic::Diagnostics;
use crate::expression::{Late, LatePiece, LateReference};
use crate::graph::Graph;
use crate::model::{AbsentThings, ClassId, Entity, EntityId, Environment, EnvironmentId, Identity, Layout, Model, Platform, Repository};
use crate::name::Kind;
use crate::object::{Chart, Manifest, ObjectName, Objects, Output, Rendering, Stack};
use crate::origin::{LayerId, Origin};
use crate::span::{FileId, Span};
use crate::subject::Thing;
use crate::value::{Data, Entry, Value};
use serde_yaml::Value as Yaml;
use std::sync::Arc;

const SPAN: Span = Span { file: FileId(0), start: 0, end: 0 };
const ORIGIN: Origin = Origin { span: SPAN, layer: LayerId::COMPUTED };

/// A value from YAML.
pub(super) fn value(text: &str) -> Value {
    from_yaml(&serde_yaml::from_str(text).unwrap())
}

fn from_yaml(yaml: &Yaml) -> Value {
    let data = match yaml {
        Yaml::Null => Data::Null,
        Yaml::Bool(bool) => Data::Bool(*bool),
        Yaml::Number(number) => number.as_i64().map_or_else(|| Data::Float(number.as_f64().unwrap()), Data::Int),
        Yaml::String(text) => Data::String(text.as_str().into()),
        Yaml::Sequence(items) => return Value::list(items.iter().map(from_yaml).collect(), ORIGIN),
        Yaml::Mapping(map) => {
            let entries = map.iter().map(|(key, value)| Entry::plain(key.as_str().unwrap(), SPAN, from_yaml(value)));
            return Value::map(entries.collect(), ORIGIN);
        }
        Yaml::Tagged(tagged) if tagged.tag == "late" => {
            Data::Late(Arc::new(Late::of(tagged.value.as_sequence().unwrap().iter().map(piece).collect())))
        }
        Yaml::Tagged(_) => Data::Late(Arc::new(Late::of(vec![piece(yaml)]))),
    };
    Value::new(data, ORIGIN)
}

fn piece(yaml: &Yaml) -> LatePiece {
    let text = |yaml: &Yaml| -> Arc<str> { yaml.as_str().unwrap().into() };
    match yaml {
        Yaml::Tagged(tagged) if tagged.tag == "raw" => LatePiece::Raw(text(&tagged.value)),
        Yaml::Tagged(tagged) => LatePiece::Reference(match tagged.value.as_sequence() {
            // The last may name another environment.
            Some(parts) => LateReference {
                environment: parts.get(3).map_or_else(|| "".into(), text),
                stack: text(&parts[0]),
                address: text(&parts[1]),
                output: parts.get(2).map(text),
                sensitive: None,
                private: None,
                span: SPAN,
            },
            None => LateReference {
                environment: "".into(),
                stack: "".into(),
                address: text(&tagged.value),
                output: None,
                sensitive: None,
                private: None,
                span: SPAN,
            },
        }),
        Yaml::Null | Yaml::Bool(_) | Yaml::Number(_) | Yaml::String(_) | Yaml::Sequence(_) | Yaml::Mapping(_) => {
            LatePiece::Text(text(yaml))
        }
    }
}

/// A compilation in the making.
pub(super) struct Fixture {
    pub(super) model: Model,
    pub(super) objects: Objects,
}

impl Fixture {
    /// A platform with these environments, whose repository keeps the output in `dist`.
    pub(super) fn new(environments: &[&str]) -> Self {
        let repository =
            Repository { url: "https://git.example.com/acme/platform.git".into(), path: "dist".into(), revision: "main".into() };
        let platform = Platform {
            name: "acme".into(),
            domain: "infra.example.com".into(),
            output: "dist".into(),
            repository: Some(repository),
            layout: Layout::Overlays,
            hub: None,
            value: value("{}"),
        };
        let environment = |name: &&str| Environment {
            name: (*name).into(),
            identity: Identity::of_name(&(*name).into(), SPAN),
            line: vec![(*name).into()],
            is_shared: false,
            value: value("{}"),
            defined: SPAN,
        };
        let model = Model {
            platform,
            environments: environments.iter().map(environment).collect(),
            secrets: Default::default(),
            met: Vec::new(),
            facts: Default::default(),
            absent: AbsentThings::default(),
            handed: Vec::new(),
            entities: Vec::new(),
        };
        Self { model, objects: Objects::default() }
    }

    /// Adds an entity of the environment with this index.
    pub(super) fn entity(&mut self, environment: u32, kind: Kind, name: &str, cluster: Option<EntityId>, fields: &str) -> EntityId {
        let id = EntityId(u32::try_from(self.model.entities.len()).unwrap());
        let place = &self.model.environments[environment as usize].name;
        let thing = Thing::new(place, kind, name, cluster.map(|cluster| &*self.model.entity(cluster).name));
        let computed = if kind == Kind::Cluster { format!("fullName: {name}-{place}") } else { "{}".to_owned() };
        let fields = value(fields);
        let identity = fields.get("identity").and_then(Value::as_str).unwrap_or(name);
        self.model.entities.push(Entity {
            kind,
            name: name.into(),
            identity: Identity::of_name(&identity.into(), SPAN),
            environment: EnvironmentId(environment),
            cluster,
            tenant: None,
            class: ClassId(0),
            class_name: format!("{}/{name}", kind.singular()).into(),
            class_value: value(&format!("{name:?}")),
            value: fields,
            computed: value(&computed),
            defined: Span { start: id.0, end: id.0, ..SPAN },
            path: thing.to_string().into(),
            thing: thing.into(),
            stack: None,
            made: None,
            reads: std::sync::Arc::from([]),
            overrides: std::sync::Arc::from([]),
        });
        id
    }

    /// Adds a stack with a body.
    pub(super) fn stack(&mut self, environment: u32, name: &str, members: &[EntityId], body: &str) -> &mut Stack {
        self.objects.stacks.push(Stack {
            environment: EnvironmentId(environment),
            name: name.into(),
            members: members.to_vec(),
            body: value(body),
            outputs: Vec::new(),
            backend: None,
            reads: Vec::new(),
            makers: std::collections::BTreeMap::new(),
            forgets: std::collections::BTreeSet::new(),
        });
        self.objects.stacks.last_mut().unwrap()
    }

    /// What an entity became: `manifests`, `chart` and `argocd` from YAML.
    pub(super) fn rendering(&mut self, entity: EntityId, text: &str) {
        let said = value(text);
        let manifests = said.get("manifests").and_then(Value::as_map).map(|map| map.entries().to_vec()).unwrap_or_default();
        let text = |value: &Value, key: &str| -> Arc<str> { value.get(key).and_then(Value::as_str).unwrap_or_default().into() };
        self.objects.renderings.push(Rendering {
            entity,
            manifests: manifests
                .into_iter()
                .map(|entry| Manifest { name: entry.key, object: ObjectName::of(&entry.value).unwrap(), value: entry.value, handed: None })
                .collect(),
            chart: said.get("chart").map(|chart| Chart {
                repository: text(chart, "repository"),
                chart: text(chart, "chart"),
                version: text(chart, "version"),
                release: text(chart, "release"),
                namespace: text(chart, "namespace"),
                values: chart.get("values").cloned(),
                span: SPAN,
                said: chart.clone(),
            }),
            files: Vec::new(),
            told: said.get("argocd").cloned(),
            registration: None,
            metadata: None,
            keeps_data: false,
            waits: Vec::new(),
        });
    }

    /// Runs a backend: every file after its path, then what was said.
    pub(super) fn emit(&self, backend: super::Backend) -> String {
        let all: Vec<&str> = self.model.environments.iter().map(|environment| &*environment.name).collect();
        self.emit_in(&all, backend)
    }

    /// Runs a backend that has only some environments to deliver.
    pub(super) fn emit_in(&self, environments: &[&str], backend: super::Backend) -> String {
        let mut artifacts = super::Artifacts::default();
        let mut diagnostics = Diagnostics::default();
        let mut sites = deliver(&self.model, &Graph::default(), &self.objects, &mut diagnostics);
        sites.retain(|site| environments.contains(&&*site.environment.name));
        backend(
            &super::Input {
                model: &self.model,
                objects: &self.objects,
                sites: &sites,
                traced: &std::collections::BTreeSet::new(),
                held: &super::HeldOutput::default(),
            },
            &mut artifacts,
            &mut diagnostics,
        );
        let mut text = String::new();
        for (path, artifact) in artifacts.iter() {
            text.push_str(&format!("# {path}\n{}", artifact.text));
        }
        for said in diagnostics.sorted(&crate::source::Sources::default()) {
            let hint = said.hint.unwrap_or_default();
            text.push_str(&format!(
                "{:?} {}: {} [{}] ({hint})\n",
                said.severity,
                said.code.word(),
                said.message,
                said.subject.map(|subject| subject.to_string()).unwrap_or_default()
            ));
        }
        text
    }
}

/// An output of a stack.
pub(super) fn output(name: &str, text: &str) -> Output {
    Output { name: name.into(), value: value(text), entity: EntityId(0), sensitive: false }
}
