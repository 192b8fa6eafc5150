//! Why something that a name leads to elsewhere is not here: it is on another cluster, in another environment, or not in the shared one in which
//! it is looked for.
//! It is asked when an expression has failed; no value is looked at.

use super::sight::NodePlace;
use super::world::World;
use super::{EntityId, EnvironmentId, WhyAbsent, errors};
use crate::definition::directive::{self, Directive};
use crate::definition::making;
use crate::definition::root::{self, Told, Within};
use crate::diagnostic::Diagnostic;
use crate::expression::{Absence, Declaration, HostNode};
use crate::ledger;
use crate::name::Kind;
use crate::span::Span;
use crate::value::Value;
use std::sync::Arc;

impl World<'_> {
    /// Why a node lacks a field that would be there in another environment.
    pub(super) fn lacking(&self, node: HostNode, reader: Option<EntityId>, key: &str) -> Option<Absence> {
        match self.place(node)? {
            NodePlace::Environments(owner) => {
                let own = &self.model.environment(self.entity(owner).environment).name;
                if self.index.shared.environment(key).is_some() {
                    return Some(errors::unseen_environment(own, key));
                }
                self.definitions.environment(key).map(|_| errors::abstract_environment(key))
            }
            NodePlace::In(environment, kind) => self.elsewhere_than(environment, reader, kind, key),
            NodePlace::Every(plural) => {
                let (found, kind) = (self.entity(plural.owner), plural.kind);
                if matches!(kind, Kind::Cluster | Kind::Infrastructure) && !plural.is_held() {
                    return self.elsewhere_than(found.environment, reader, kind, key);
                }
                let cluster = if found.kind == Kind::Cluster { Some(found) } else { found.cluster.map(|cluster| self.entity(cluster)) };
                let environment = self.model.environment(found.environment);
                let is_placed = matches!(kind, Kind::Service | Kind::Tenant) && environment.is_shared;
                self.definitions.definition(kind, key).filter(|definition| is_placed && !definition.is_abstract)?;
                Some(errors::not_placed(key, &cluster?.name, &environment.name))
            }
            NodePlace::Value { .. }
            | NodePlace::Entity(_)
            | NodePlace::Referrers(_)
            | NodePlace::Let(_)
            | NodePlace::Makings(_)
            | NodePlace::Made(..)
            | NodePlace::Outputs { .. }
            | NodePlace::Terraform { .. }
            | NodePlace::Platform
            | NodePlace::Environment(_) => None,
        }
    }

    /// How a field is declared that a node may have and has not.
    pub(super) fn declaration(&self, node: HostNode, key: &str) -> Option<Declaration> {
        let place = self.place(node)?;
        let field = self.type_of(&place)?.record()?.get(key)?;
        let markers = &field.type_.resolved().markers;
        // What is written in a class is no field of anything.
        let value = if let NodePlace::Entity(id) = &place {
            Some(&self.entity(*id).value)
        } else if let NodePlace::Value { sight, value } = &place {
            Some(value).filter(|_| sight.within == Within::Definition)
        } else {
            None
        };
        Some(Declaration {
            declared: field.span,
            has_default: markers.default.is_some(),
            is_told: (markers.required && value.is_some()) || field.type_.is_faulty(),
            removed: value.and_then(|value| value.removed(key)).map(|removed| removed.by.span),
        })
    }

    /// What is wrong where something is read that is switched off, by the line that says so.
    pub(super) fn switched_off(&self, node: HostNode, key: &str, read: Span) -> Option<Diagnostic> {
        let place = self.place(node)?;
        if let NodePlace::Every(plural) = place {
            let absent = self.gone_here(plural.owner, &[plural.kind], key)?;
            return Some(errors::thing_off(plural.kind, key, absent.span, read));
        }
        let NodePlace::Made(maker, kind) = place else { return None };
        self.not_made(maker, kind, key)?;
        let entity = self.entity(maker);
        let tenant = entity.tenant.or(Some(maker).filter(|_| entity.kind == Kind::Tenant));
        let (identity, tenant) = if kind.home().is_some() {
            (Arc::from(key), tenant.map(|tenant| &**self.entity(tenant).identity.text()))
        } else {
            let name = self.made_name(maker, kind, key);
            let said = self.definitions.definition(kind, &name).and_then(|written| written.identity.as_ref());
            (said.map_or_else(|| format!("{}-{key}", self.model.outside(entity)).into(), |said| Arc::clone(&said.name)), None)
        };
        let cluster = entity.cluster.map(|cluster| &**self.entity(cluster).identity.text());
        let absent = self.model.absent.why(entity.environment, kind, (cluster, tenant), &identity)?;
        let is_off = match absent.absence {
            WhyAbsent::Disabled | WhyAbsent::Forgotten | WhyAbsent::ByDefault => true,
            WhyAbsent::OnlyIn | WhyAbsent::NotIn | WhyAbsent::Placement => false,
        };
        let decides = self.class(entity).is_some_and(|class| making::is_said_at(class, read));
        is_off.then(|| errors::made_thing_off(entity, (kind, key), absent.span, (read, decides)))
    }

    /// Why a node lacks a field that would be there elsewhere in the same environment.
    pub(super) fn absent_field(&self, node: HostNode, key: &str) -> Option<Absence> {
        match self.place(node)? {
            NodePlace::Every(plural) => self.absent_thing(plural, key),
            NodePlace::Made(maker, kind) => self.not_made(maker, kind, key),
            NodePlace::Entity(id) => {
                let kind = self.entity(id).kind;
                (root::told(kind, key) == Some(Told::Cluster)).then(|| root::absence_of_cluster(kind))
            }
            NodePlace::Let(owner) => self.left_out(owner, "let", key),
            NodePlace::Outputs { owner, .. } => self.left_out(owner, "outputs", key),
            NodePlace::Value { sight, value } => (sight.is_written() && is_conditional(&value, key)).then(errors::left_out),
            NodePlace::In(..)
            | NodePlace::Environments(_)
            | NodePlace::Referrers(_)
            | NodePlace::Makings(_)
            | NodePlace::Terraform { .. }
            | NodePlace::Platform
            | NodePlace::Environment(_) => None,
        }
    }

    /// Why a section of a class lacks an entry that is written there.
    fn left_out(&self, owner: EntityId, section: &str, key: &str) -> Option<Absence> {
        let section = self.class(self.entity(owner))?.section(section)?;
        let is_whole = section.get(Directive::If.word()).is_none();
        (is_conditional(section, key) || (!is_whole && section.get(key).is_some())).then(errors::left_out)
    }

    /// Why a thing on no cluster is not in an environment, if it is defined.
    fn elsewhere_than(&self, environment: EnvironmentId, reader: Option<EntityId>, kind: Kind, name: &str) -> Option<Absence> {
        self.definitions.definition(kind, name).filter(|definition| !definition.is_abstract)?;
        self.index.look_everywhere();
        // Whoever makes many mistakes is not told of each where else the thing is.
        if !ledger::suggestion(self.model.entities.len() + self.model.environments.len()) {
            return None;
        }
        let is_it = |id: &EnvironmentId| self.index.named(*id, kind, None, name).is_some();
        let others = self.model.environments().filter(|(id, _)| *id != environment && is_it(id));
        let others: Vec<&Arc<str>> = others.map(|(_, other)| &other.name).collect();
        let own = reader.map(|reader| self.model.environment(self.entity(reader).environment));
        let first = others.first().filter(|_| own.is_some_and(|own| own.is_shared && self.model.environment(environment).name == own.name));
        let through = first.map(|first| format!("environments.{first}.{}.{name}", kind.plural()));
        let others: Vec<&str> = others.iter().map(|name| &***name).collect();
        errors::elsewhere(name, self.model.environment(environment), &others, through)
    }
}

/// Whether a map has an entry under a condition, also in what is merged into it.
fn is_conditional(map: &Value, key: &str) -> bool {
    let mut around = Some(map);
    let mut is_merged = false;
    let mut is_left_out = false;
    while let Some(value) = around {
        is_left_out |= is_merged && value.get(Directive::If.word()).is_some();
        if let Some(found) = value.get(key) {
            return is_left_out || directive::may_be_absent(found);
        }
        is_merged = true;
        around = value.get(Directive::Value.word()).or_else(|| value.get(Directive::Spread.word()));
    }
    false
}
