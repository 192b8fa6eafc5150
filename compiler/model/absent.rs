//! What could be somewhere and is not, and what says so: of things that keep data, of what they are in and on, and of what is to be forgotten.
//! Nothing here decides what exists.

use super::{EntityId, EnvironmentId, FORGET, Model};
use crate::definition::{Class, Definitions};
use crate::name::Kind;
use crate::origin::Layer;
use crate::span::Span;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Why a thing is not there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhyAbsent {
    /// Its own `enabled` is `false`: what it has is to be destroyed.
    Disabled,
    /// Its own `enabled` is `forget`: what it has stays, and nobody knows of it.
    Forgotten,
    /// `defaults` say `enabled` for all of its kind, and it has no word of its own.
    ByDefault,
    /// Its `onlyIn` leaves the environment out.
    OnlyIn,
    /// Its `notIn` names the environment.
    NotIn,
    /// Its `placement` leaves the cluster out.
    Placement,
}

/// A thing that is not there.
#[derive(Clone, Copy, Debug)]
pub struct Absent {
    /// Why.
    pub absence: WhyAbsent,
    /// Where that is written.
    pub span: Span,
}

/// A thing that is not there, with where it would be: names are identities.
#[derive(Clone, Copy, Debug)]
pub struct AbsentThing<'a> {
    /// Its kind.
    pub kind: Kind,
    /// The cluster; none if it is on none, or on all that nothing else is said of.
    pub cluster: Option<&'a str>,
    /// The tenant of an application.
    pub tenant: Option<&'a str>,
    /// Its own.
    pub identity: &'a str,
    /// Why.
    pub why: Absent,
}

/// Where something would be: names are identities.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct AbsentPlace {
    pub(super) environment: EnvironmentId,
    pub(super) kind: Kind,
    /// None: on no cluster, or on all that nothing else is said of.
    pub(super) cluster: Option<Arc<str>>,
    pub(super) tenant: Option<Arc<str>>,
    pub(super) identity: Arc<str>,
}

/// What is not there, and why.
#[derive(Clone, Debug, Default)]
pub struct AbsentThings {
    things: BTreeMap<AbsentPlace, Absent>,
    /// What keeps no data: nobody but who asks for it by name wants to know.
    others: BTreeMap<AbsentPlace, Absent>,
    /// What is nowhere because of something that was reported of its name: definitions whose class is missing, and what cannot be made.
    classless: BTreeSet<(Kind, Arc<str>)>,
    /// Kinds of which something is not made, because something is wrong with its maker, which was reported.
    unmade: BTreeSet<Kind>,
    /// Whether one that leaves by its own word may have Terraform.
    has_terraform: bool,
}

impl AbsentThings {
    /// Why something is not there, if that is said; none for what has no definition, or is not told because it keeps no data.
    #[must_use]
    pub fn get(
        &self,
        environment: EnvironmentId,
        kind: Kind,
        cluster: Option<&str>,
        tenant: Option<&str>,
        identity: &str,
    ) -> Option<Absent> {
        let place = |cluster: Option<&str>| AbsentPlace {
            environment,
            kind,
            cluster: cluster.map(Into::into),
            tenant: tenant.map(Into::into),
            identity: identity.into(),
        };
        self.things.get(&place(cluster)).or_else(|| self.things.get(&place(None))).copied()
    }

    /// The same of whatever is defined, whether it keeps data or not.
    pub(crate) fn why(
        &self,
        environment: EnvironmentId,
        kind: Kind,
        (cluster, tenant): (Option<&str>, Option<&str>),
        identity: &str,
    ) -> Option<Absent> {
        let place = |cluster: Option<&str>| AbsentPlace {
            environment,
            kind,
            cluster: cluster.map(Into::into),
            tenant: tenant.map(Into::into),
            identity: identity.into(),
        };
        let other = || [place(cluster), place(None)].iter().find_map(|place| self.others.get(place).copied());
        self.get(environment, kind, cluster, tenant, identity).or_else(other)
    }

    /// Why a thing is nowhere in an environment, if that is said anywhere.
    pub(crate) fn anywhere(&self, environment: EnvironmentId, kind: Kind, tenant: Option<&str>, identity: &str) -> Option<Absent> {
        let is_it = |place: &AbsentPlace| {
            place.environment == environment && place.kind == kind && place.tenant.as_deref() == tenant && *place.identity == *identity
        };
        let mut all = self.things.iter().chain(&self.others);
        all.find(|(place, _)| is_it(place)).map(|(_, absent)| *absent)
    }

    /// All that is said not to be in an environment, whether it keeps data or not.
    pub(crate) fn of(&self, environment: EnvironmentId) -> impl Iterator<Item = AbsentThing<'_>> {
        let all = self.things.iter().chain(&self.others).filter(move |(place, _)| place.environment == environment);
        all.map(|(place, why)| AbsentThing {
            kind: place.kind,
            cluster: place.cluster.as_deref(),
            tenant: place.tenant.as_deref(),
            identity: &place.identity,
            why: *why,
        })
    }

    /// The first thing of a kind that is switched off in an environment.
    pub(crate) fn off(&self, environment: EnvironmentId, kind: Kind) -> Option<Absent> {
        let is_it = |place: &AbsentPlace| place.environment == environment && place.kind == kind;
        let mut all = self.things.iter().chain(&self.others).filter(|(place, _)| is_it(place));
        all.find(|(_, absent)| absent.absence == WhyAbsent::Disabled).map(|(_, absent)| *absent)
    }

    /// Whether nothing is of a name because of something that was reported: it has no class, or cannot be made.
    pub(super) fn is_classless(&self, kind: Kind, name: &str) -> bool {
        !self.classless.is_empty() && self.classless.contains(&(kind, Arc::from(name)))
    }

    /// Whether a name of a kind may be that of something that is not made because of something that was reported.
    pub(crate) fn may_lack(&self, kind: Kind, name: &str) -> bool {
        self.lacks_made(kind) || self.is_classless(kind, name)
    }

    /// Whether something of a kind is not made because of something that was reported.
    pub(super) fn lacks_made(&self, kind: Kind) -> bool {
        self.unmade.contains(&kind)
    }

    pub(super) fn add_unmade(&mut self, kinds: &[Kind]) {
        self.unmade.extend(kinds);
    }

    pub(super) fn add_classless(&mut self, kind: Kind, name: &Arc<str>) {
        self.classless.insert((kind, Arc::clone(name)));
    }

    /// Whether something that leaves by its own word may have Terraform.
    #[must_use]
    pub fn has_terraform(&self) -> bool {
        self.has_terraform
    }

    /// Takes note, of what is told as such; of several words the first is kept.
    pub(super) fn add(&mut self, place: AbsentPlace, absent: Absent, is_told: bool) {
        let things = if is_told { &mut self.things } else { &mut self.others };
        things.entry(place).or_insert(absent);
    }

    pub(super) fn with_terraform(&mut self) {
        self.has_terraform = true;
    }
}

/// Whether it is told why such a thing is not there.
pub(super) fn is_told(kind: Kind, class: &Class) -> bool {
    class.keeps_data || matches!(kind, Kind::Cluster | Kind::Tenant)
}

/// Why a thing is not there whose `enabled` says so; what `defaults` say is no word of its own.
pub(super) fn by_word(definitions: &Definitions, said: &Value, is_forgotten: bool) -> Absent {
    let absence = match definitions.layers.get(said.origin.layer) {
        Layer::Class(_) | Layer::PlatformDefaults(_) | Layer::EnvironmentDefaults { .. } => WhyAbsent::ByDefault,
        Layer::Computed | Layer::Body(_) | Layer::Overlay { .. } | Layer::Flag | Layer::Recorded if is_forgotten => WhyAbsent::Forgotten,
        Layer::Computed | Layer::Body(_) | Layer::Overlay { .. } | Layer::Flag | Layer::Recorded => WhyAbsent::Disabled,
    };
    Absent { absence, span: said.origin.span }
}

/// Whether something says by a word of its own that it leaves, or may, as far as that is seen in merged fields.
pub(super) fn may_leave(definitions: &Definitions, value: &Value) -> bool {
    let said = value.get("enabled").filter(|said| said.as_bool() != Some(true));
    said.is_some_and(|said| by_word(definitions, said, false).absence != WhyAbsent::ByDefault)
}

/// The same of merged fields, as far as no expression has to be evaluated for it.
pub(super) fn plainly(definitions: &Definitions, value: &Value) -> Option<Absent> {
    let said = value.get("enabled")?;
    let is_forgotten = said.as_str() == Some(FORGET);
    (is_forgotten || said.as_bool() == Some(false)).then(|| by_word(definitions, said, is_forgotten))
}

/// Where an entity would be.
pub(super) fn place(model: &Model, id: EntityId) -> AbsentPlace {
    let entity = model.entity(id);
    let identity = |id: Option<EntityId>| id.map(|id| Arc::clone(model.entity(id).identity.text()));
    AbsentPlace {
        environment: entity.environment,
        kind: entity.kind,
        cluster: identity(entity.cluster),
        tenant: identity(entity.tenant),
        identity: Arc::clone(entity.identity.text()),
    }
}
