//! Names as what they stand for: which thing the steps of an expression, or the text of a field, name from where a thing is. The one place
//! where names become things; nothing is evaluated here, and no value is looked at.

use super::{Entity, EntityId, EntityIndex, EnvironmentId, Model};
use crate::definition::root::{self, Root, Told, Within};
use crate::name::Kind;
use crate::path::{Path, Step};

/// The names of a model.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    model: &'a Model,
    index: &'a EntityIndex,
}

/// What names lead to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum To {
    /// A thing.
    Entity(EntityId),
    /// All things of a kind that another one sees.
    Every(EntityId, Kind),
    /// The platform.
    Platform,
    /// An environment.
    Environment(EnvironmentId),
    /// The stack of a thing.
    Stack(EntityId),
    /// The `let` of the class of a thing.
    Let(EntityId),
    /// The beginning of a Terraform address, and how many names it is short of.
    Terraform(&'static str, u8),
    /// The object that a policy is about.
    Object,
}

impl<'a> Names<'a> {
    /// The names of a model.
    pub(crate) fn new(model: &'a Model, index: &'a EntityIndex) -> Self {
        Self { model, index }
    }

    fn entity(self, id: EntityId) -> &'a Entity {
        self.model.entity(id)
    }

    /// What the steps of an expression lead to from where a thing is, and how many of them are names: the others lead on into its fields.
    /// None if the first one is no name there.
    pub(crate) fn bind(self, owner: EntityId, within: Within, steps: &[Step]) -> Option<(To, &[Step])> {
        let (Step::Key(first), mut rest) = steps.split_first()? else { return None };
        let mut to = self.first(owner, within, first)?;
        while let Some((Step::Key(name), after)) = rest.split_first() {
            let further = match to {
                To::Every(from, kind) => self.named(from, kind, name).map(To::Entity),
                To::Entity(id) => self.held(id, name),
                To::Platform | To::Environment(_) | To::Stack(_) | To::Let(_) | To::Terraform(..) | To::Object => None,
            };
            let Some(further) = further else { break };
            (to, rest) = (further, after);
        }
        Some((to, rest))
    }

    /// What a name alone leads to.
    pub(crate) fn first(self, owner: EntityId, within: Within, name: &str) -> Option<To> {
        let entity = self.entity(owner);
        Some(match root::root(name, Some(entity.kind), within)? {
            Root::Own => To::Entity(owner),
            Root::Around(kind) => To::Entity(self.around(owner, kind)?),
            Root::Every(kind) => To::Every(owner, kind),
            Root::Platform => To::Platform,
            Root::Environment => To::Environment(entity.environment),
            Root::Stack => To::Stack(owner),
            Root::Let => To::Let(owner),
            Root::Terraform(address, missing) => To::Terraform(address, missing),
            Root::Object => To::Object,
        })
    }

    /// What `dependsOn` names: a thing of the same kind or a service by its name, or anything by its address (`infrastructure.database`).
    /// What is written is a name, else an identity; what an expression made is an identity, because that is what it sees, else a name.
    pub(crate) fn dependency(self, owner: EntityId, path: &Path, is_made: bool) -> Option<EntityId> {
        let among = |kinds: &[Kind], name: &str| {
            let named = || kinds.iter().find_map(|kind| self.named(owner, *kind, name));
            let identified = || kinds.iter().find_map(|kind| self.identified(owner, *kind, name));
            if is_made { identified().or_else(named) } else { named().or_else(identified) }
        };
        match path.keys()?.as_slice() {
            [name] => among(&[self.entity(owner).kind, Kind::Service], name),
            [kind, name] => among(&[Kind::from_plural(kind)?], name),
            _ => self.address(owner, path),
        }
    }

    /// The thing that a text names where things of some kinds are meant: by its name, which may hold dots, by its identity, or by its address.
    pub(crate) fn reference(self, owner: EntityId, kinds: &[Kind], text: &str) -> Option<EntityId> {
        let named = || kinds.iter().find_map(|kind| self.named(owner, *kind, text));
        let identified = || kinds.iter().find_map(|kind| self.identified(owner, *kind, text));
        let addressed = || self.address(owner, &text.parse().ok()?).filter(|id| kinds.contains(&self.entity(*id).kind));
        named().or_else(identified).or_else(addressed)
    }

    /// The thing whose stack a text means: a cluster or infrastructure by name or identity, anything by its address.
    pub(super) fn in_stack(self, owner: EntityId, text: &str) -> Option<EntityId> {
        let known = self.reference(owner, &[Kind::Cluster, Kind::Infrastructure], text);
        known.or_else(|| self.address(owner, &text.parse().ok()?))
    }

    /// The thing of an address in the environment of another one: `infrastructure.database`, `clusters.gc0.services.ingress`. What stands on a
    /// cluster is that of the same cluster unless the address says which.
    fn address(self, owner: EntityId, path: &Path) -> Option<EntityId> {
        let keys = path.keys()?;
        let mut steps = keys.chunks_exact(2);
        if !steps.remainder().is_empty() {
            return None;
        }
        let mut found: Option<EntityId> = None;
        for step in &mut steps {
            let [kind, name] = step else { return None };
            let kind = Kind::from_plural(kind)?;
            found = Some(self.named(found.unwrap_or(owner), kind, name)?);
        }
        found
    }

    /// The thing of a kind that a thing is in or on.
    fn around(self, owner: EntityId, kind: Kind) -> Option<EntityId> {
        let entity = self.entity(owner);
        match kind {
            Kind::Cluster => entity.cluster,
            Kind::Tenant => entity.tenant,
            Kind::NodePool | Kind::Service | Kind::Application | Kind::Infrastructure => None,
        }
    }

    /// What one leads to under a name that is none of its fields: all things under it, or what it is in or on itself.
    fn held(self, id: EntityId, name: &str) -> Option<To> {
        let entity = self.entity(id);
        if entity.value.get(name).is_some() {
            return None;
        }
        let every = root::held(entity.kind, name).map(|kind| To::Every(id, kind));
        let around = || match root::told(entity.kind, name)? {
            Told::Cluster => entity.cluster,
            Told::Tenant => entity.tenant,
            Told::Name | Told::Kind | Told::Class | Told::Classes | Told::Outputs | Told::Referrers | Told::Environment => None,
        };
        every.or_else(|| around().map(To::Entity))
    }

    /// All things of a kind that a thing sees: those on its cluster, or those of its environment; by name.
    pub(crate) fn every(self, owner: EntityId, kind: Kind) -> &'a [EntityId] {
        self.sees(owner, kind).map_or(&[], |cluster| self.index.of(self.entity(owner).environment, kind, cluster))
    }

    /// All things of a kind that a thing may mean without a word: those that it sees, and all applications on its cluster if it is of no
    /// tenant, though by name it sees none of those.
    pub(super) fn near(self, owner: EntityId, kind: Kind) -> Vec<EntityId> {
        let tenants = if kind == Kind::Application && self.sees(owner, kind).is_none() { self.every(owner, Kind::Tenant) } else { &[] };
        let through = tenants.iter().flat_map(|tenant| self.every(*tenant, kind));
        self.every(owner, kind).iter().chain(through).copied().collect()
    }

    /// The one of a name among them.
    pub(crate) fn named(self, owner: EntityId, kind: Kind, name: &str) -> Option<EntityId> {
        let (environment, cluster) = (self.entity(owner).environment, self.sees(owner, kind)?);
        self.index.named(environment, kind, cluster, name)
    }

    /// The one of another identity than its name among them.
    pub(super) fn identified(self, owner: EntityId, kind: Kind, identity: &str) -> Option<EntityId> {
        self.index.identified(self.entity(owner).environment, kind, self.sees(owner, kind)?, identity)
    }

    /// The cluster on which a thing sees things of a kind, the tenant whose applications it sees, `Some(None)` for kinds that are on no cluster.
    fn sees(self, owner: EntityId, kind: Kind) -> Option<Option<EntityId>> {
        let entity = self.entity(owner);
        match kind {
            Kind::Cluster | Kind::Infrastructure => Some(None),
            // Without a tenant there is no one application of a name.
            Kind::Application => match entity.kind {
                Kind::Tenant => Some(Some(owner)),
                Kind::Cluster | Kind::NodePool | Kind::Service | Kind::Application | Kind::Infrastructure => entity.tenant.map(Some),
            },
            Kind::NodePool | Kind::Service | Kind::Tenant => match (entity.kind, entity.cluster) {
                (Kind::Cluster, _) => Some(Some(owner)),
                (_, Some(cluster)) => Some(Some(cluster)),
                // Without a cluster there is no one service of a name.
                (_, None) => None,
            },
        }
    }
}
