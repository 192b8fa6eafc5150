//! Identity: what a thing is called by everything that lives outside of Git, and by expressions. In come names and what `identity` says;
//! nothing here knows what is named by it. Two things of one kind that share one in an environment are told here.

use super::{Environment, Model, errors};
use crate::definition::{Definition, EnvironmentDefinition, Named};
use crate::diagnostic::Diagnostics;
use crate::name::Kind;
use crate::origin::{LayerId, Origin};
use crate::span::Span;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Formatter};
use std::sync::Arc;

/// What names a thing outside: its `identity`, else its name. Printed, it is that text.
#[derive(Clone, Debug)]
pub struct Identity {
    text: Arc<str>,
    value: Value,
    is_written: bool,
}

impl Identity {
    /// Of a thing that is written under a name, defined there, and says nothing else.
    #[must_use]
    pub fn of_name(name: &Arc<str>, defined: Span) -> Self {
        let origin = Origin { span: defined, layer: LayerId::COMPUTED };
        Self { text: Arc::clone(name), value: Value::string(Arc::clone(name), origin), is_written: false }
    }

    /// What a field `identity` says in a layer, else the name.
    fn new(name: &Named, said: Option<&Named>, layer: LayerId) -> Self {
        let Some(said) = said else { return Self::of_name(&name.name, name.span) };
        let value = Value::string(Arc::clone(&said.name), Origin { span: said.span, layer });
        Self { text: Arc::clone(&said.name), value, is_written: true }
    }

    /// Of a thing that is made: what names its maker, and its key; said if the maker is not called by its name.
    pub(super) fn of_made(text: Arc<str>, name: &str, maker: &Value) -> Self {
        let is_written = *text != *name;
        let value = Value::string(Arc::clone(&text), maker.origin);
        Self { text, value, is_written }
    }

    /// What a definition says of itself, else its name.
    pub(super) fn of(definition: &Definition) -> Self {
        Self::new(&definition.name, definition.identity.as_ref(), definition.layer())
    }

    /// What an environment says of itself, else its name.
    pub(super) fn of_environment(environment: &EnvironmentDefinition) -> Self {
        Self::new(&environment.name, environment.identity.as_ref(), environment.body.origin.layer)
    }

    /// What it is called.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The same as a value, with the place that says so.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Whether it is said, because the thing is not called by its name.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.is_written
    }
}

impl Display for Identity {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// Reports environments with one identity, and things of a kind that have one in an environment. A definition on several clusters is one
/// thing; pools are those of one cluster, applications those of one tenant, infrastructure that is placed that of one cluster, which sees
/// what is not placed, too.
pub(super) fn check(model: &Model, diagnostics: &mut Diagnostics) {
    let mut environments: BTreeMap<&str, &Environment> = BTreeMap::new();
    for environment in &model.environments {
        let first = *environments.entry(environment.identity.text()).or_insert(environment);
        if first.name != environment.name {
            diagnostics.push(errors::one_identity_of_environments(first, environment));
        }
    }
    let (mut seen, mut placed, mut once) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
    for (id, entity) in model.entities() {
        let home = entity.thing.home();
        let is_infrastructure = entity.kind == Kind::Infrastructure;
        let around = entity.cluster.filter(|_| is_infrastructure);
        let first = *seen.entry((entity.environment, entity.kind, home, entity.identity.text(), around)).or_insert(id);
        let is_placed = entity.cluster.is_some();
        if is_infrastructure {
            placed.entry((entity.environment, entity.identity.text(), is_placed)).or_insert(id);
        }
        let otherwise = placed.get(&(entity.environment, entity.identity.text(), !is_placed)).filter(|_| is_infrastructure);
        // Of things on several clusters it is told once.
        let told = (entity.environment, entity.kind, home, &entity.name);
        for first in [Some(&first), otherwise].into_iter().flatten().map(|first| model.entity(*first)) {
            if first.name != entity.name && once.insert(told) {
                diagnostics.push(errors::one_identity(first, entity));
            }
        }
    }
}
