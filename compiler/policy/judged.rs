//! What policies are about: entities, Kubernetes objects, charts and Terraform resources, each with the entity it belongs to.

use super::errors;
use super::read::Policy;
use crate::definition::Definitions;
use crate::diagnostic::Diagnostic;
use crate::expression::{Fault, Val};
use crate::model::{EntityId, Model, Sight, Within, World};
use crate::name::Kind;
use crate::object::{Chart, ObjectName, Objects};
use crate::span::Span;
use crate::table::Table;
use crate::value::{Entry, Map, Value};
use crate::wildcard;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a policy names in `for`.
pub(super) enum PolicyTarget {
    /// Entities of a kind.
    Entity(Kind),
    /// Kubernetes objects of these kinds; no version: any.
    Manifest { kinds: Vec<NamePattern>, versions: Vec<NamePattern> },
    /// Terraform resources of these types.
    Resource(Vec<NamePattern>),
    /// Helm charts of these names.
    Chart(Vec<NamePattern>),
}

/// A name that may have wildcards.
pub(super) struct NamePattern {
    pub(super) text: Arc<str>,
    pub(super) span: Span,
}

impl NamePattern {
    pub(super) fn new(text: &str, span: Span) -> Self {
        Self { text: text.into(), span }
    }

    fn fits(&self, name: &str) -> bool {
        wildcard::name(&self.text, name)
    }
}

/// One thing a policy may be about.
pub(super) struct Judged {
    /// The entity itself, or the one whose class made the object.
    pub(super) entity: EntityId,
    pub(super) object: JudgedObject,
}

/// The emitted object that a subject is, or the entity as a whole.
pub(super) enum JudgedObject {
    Entity(Kind),
    /// A Kubernetes object, and what names it.
    Manifest(ObjectName, Value),
    /// A Helm chart: repository, name, version, release, namespace and values.
    Chart(Value),
    /// A Terraform resource: its type, its name and its arguments.
    Resource(Arc<str>, Arc<str>, Value),
}

impl Judged {
    pub(super) fn value(&self) -> Option<&Value> {
        match &self.object {
            JudgedObject::Entity(_) => None,
            JudgedObject::Manifest(_, value) | JudgedObject::Chart(value) | JudgedObject::Resource(_, _, value) => Some(value),
        }
    }

    /// Where expressions about it stand.
    pub(super) fn within(&self) -> Within {
        if self.value().is_some() { Within::Object } else { Within::Definition }
    }

    /// The object as expressions see it.
    pub(super) fn see(&self, world: &World<'_>) -> Result<Option<Val>, Fault> {
        self.value().map(|value| world.see(Sight::of(self.entity, Within::Definition), value)).transpose()
    }
}

impl PolicyTarget {
    pub(super) fn fits(&self, subject: &Judged) -> bool {
        let any = |patterns: &[NamePattern], name: &str| patterns.iter().any(|pattern| pattern.fits(name));
        match (self, &subject.object) {
            (PolicyTarget::Manifest { kinds, versions }, JudgedObject::Manifest(object, _)) => {
                any(kinds, &object.kind) && (versions.is_empty() || any(versions, &object.api_version))
            }
            (PolicyTarget::Resource(types), JudgedObject::Resource(type_, ..)) => any(types, type_),
            (PolicyTarget::Chart(charts), JudgedObject::Chart(value)) => any(charts, text(value, "chart")),
            (PolicyTarget::Entity(kind), JudgedObject::Entity(other)) => kind == other,
            (PolicyTarget::Entity(_) | PolicyTarget::Manifest { .. } | PolicyTarget::Resource(_) | PolicyTarget::Chart(_), _) => false,
        }
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or("")
}

/// Everything that one of the policies may be about, in the order of the model.
pub(super) fn subjects(model: &Model, objects: &Objects, policies: &[Policy]) -> Vec<Judged> {
    let wanted = |kind: Kind| policies.iter().any(|policy| matches!(policy.target, PolicyTarget::Entity(one) if one == kind));
    let manifests = policies.iter().any(|policy| matches!(policy.target, PolicyTarget::Manifest { .. }));
    let charts = policies.iter().any(|policy| matches!(policy.target, PolicyTarget::Chart(_)));
    let resources = policies.iter().any(|policy| matches!(policy.target, PolicyTarget::Resource(_)));
    let mut subjects = Vec::new();
    for (entity, found) in model.entities().filter(|(_, entity)| wanted(entity.kind)) {
        subjects.push(Judged { entity, object: JudgedObject::Entity(found.kind) });
    }
    // What waits is judged when it does not.
    for rendering in objects.renderings.iter().filter(|rendering| rendering.waits.is_empty()) {
        let entity = rendering.entity;
        for manifest in rendering.manifests.iter().filter(|manifest| manifests && !manifest.waits()) {
            // Who has put it into others' hands answers for it.
            let entity = manifest.handed.as_ref().map_or(entity, |handed| handed.giver);
            subjects.push(Judged { entity, object: JudgedObject::Manifest(manifest.object.clone(), manifest.value.clone()) });
        }
        if let Some(found) = rendering.chart.as_ref().filter(|_| charts) {
            subjects.push(Judged { entity, object: JudgedObject::Chart(chart(found)) });
        }
    }
    for stack in objects.stacks.iter().filter(|_| resources) {
        for types in entries(stack.body.get("resource")) {
            for resource in entries(Some(&types.value)) {
                let key = (Arc::clone(&types.key), Arc::clone(&resource.key));
                if let Some(entity) = stack.makers.get(&key) {
                    subjects.push(Judged { entity: *entity, object: JudgedObject::Resource(key.0, key.1, resource.value.clone()) });
                }
            }
        }
    }
    subjects
}

fn entries(value: Option<&Value>) -> &[Entry] {
    value.and_then(Value::as_map).map(Map::entries).unwrap_or_default()
}

/// A chart as a value, each part where the class says it.
fn chart(chart: &Chart) -> Value {
    let whole = chart.said.origin;
    let mut parts = Vec::new();
    let texts = [
        ("repository", &chart.repository),
        ("chart", &chart.chart),
        ("version", &chart.version),
        ("releaseName", &chart.release),
        ("namespace", &chart.namespace),
    ];
    for (key, text) in texts {
        let said = chart.said.get(key).filter(|said| said.as_str().is_some()).cloned();
        let value = said.unwrap_or_else(|| Value::string(Arc::clone(text), whole));
        parts.push(Entry::plain(key, value.origin.span, value));
    }
    // Without any values the chart has an empty map of them, so that a policy need not ask whether there are any.
    let values = chart.values.clone().unwrap_or_else(|| Value::map(Vec::new(), whole));
    parts.push(Entry::plain("values", values.origin.span, values));
    Value::map(parts, whole)
}

/// A warning about a policy that met nothing, if it names something that is nearly there.
pub(super) fn unmatched(policy: &Policy, definitions: &Definitions, objects: &Objects) -> Option<Diagnostic> {
    let manifests = || objects.renderings.iter().flat_map(|rendering| &rendering.manifests);
    let all = |patterns: &[NamePattern], name: &str| patterns.iter().any(|pattern| pattern.fits(name));
    // What Kubernetes and Terraform have is not misspelled, even if nothing here makes it.
    let kinds_of = |title: &'static str| title.strip_prefix("kind ").and_then(|title| title.split_once(' '));
    let (patterns, known): (_, BTreeSet<&str>) = match &policy.target {
        PolicyTarget::Entity(_) => return None,
        PolicyTarget::Manifest { kinds, versions } => {
            let made = || manifests().map(|manifest| (&*manifest.object.api_version, &*manifest.object.kind));
            let known = || made().chain(Table::kubernetes().titles().filter_map(kinds_of));
            if known().any(|(_, kind)| all(kinds, kind)) {
                (versions, known().filter(|(_, kind)| all(kinds, kind)).map(|(version, _)| version).collect())
            } else {
                (kinds, known().map(|(_, kind)| kind).collect())
            }
        }
        PolicyTarget::Resource(types) => {
            let templates = definitions.classes.iter().filter_map(|class| class.section("terraform"));
            let made = templates.flat_map(|section| entries(section.get("resource"))).map(|entry| &*entry.key);
            (types, made.chain(Table::terraform().titles().filter_map(|title| title.strip_prefix("resource "))).collect())
        }
        PolicyTarget::Chart(charts) => {
            let known = objects.renderings.iter().filter_map(|rendering| rendering.chart.as_ref()).map(|chart| &*chart.chart);
            (charts, known.collect())
        }
    };
    let strange = patterns.iter().find(|pattern| !known.iter().any(|known| pattern.fits(known)))?;
    crate::name::nearest(&strange.text, known.iter().copied()).map(|near| errors::unmatched(policy, strange, near))
}
