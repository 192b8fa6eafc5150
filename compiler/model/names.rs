//! Names as what they stand for: which thing the steps of an expression, or the text of a field, name from where a thing is. The one place
//! where names become things; nothing is evaluated here, and no value is looked at.

use super::index::rank;
use super::{Entity, EntityId, EntityIndex, Environment, EnvironmentId, Model};
use crate::definition::root::{self, Root, Told, Within};
use crate::name::Kind;
use crate::path::{Path, Step};
use std::borrow::Cow;
use std::sync::Arc;

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
    /// All things of a kind that another one sees, or that are on it.
    Every(Plural),
    /// The platform.
    Platform,
    /// An environment.
    Environment(EnvironmentId),
    /// All environments that another thing sees.
    Environments(EntityId),
    /// All things of a kind in an environment that are on no cluster.
    In(EnvironmentId, Kind),
    /// The stack of a thing.
    Stack(EntityId),
    /// The `let` of the class of a thing.
    Let(EntityId),
    /// What a thing makes.
    Makings(EntityId),
    /// What of a kind it makes.
    Made(EntityId, Kind),
    /// The beginning of a Terraform address, and how many names it is short of.
    Terraform(&'static str, u8),
    /// The object that a policy is about.
    Object,
}

/// All things of a kind, as another one speaks of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Plural {
    /// Whose word it is.
    pub(crate) owner: EntityId,
    /// What they are.
    pub(crate) kind: Kind,
    /// Whether they are only those in or on it: `clusters.gc0.infrastructure`, and not all that it sees.
    is_held: bool,
}

impl Plural {
    /// Those that a thing sees.
    pub(crate) fn seen(owner: EntityId, kind: Kind) -> Self {
        Self { owner, kind, is_held: false }
    }

    /// Those in or on a thing.
    pub(crate) fn held(owner: EntityId, kind: Kind) -> Self {
        Self { owner, kind, is_held: true }
    }

    /// Whether they are only those in or on it.
    pub(super) fn is_held(self) -> bool {
        self.is_held
    }
}

/// Where things of a kind are that another one speaks of: those around nothing, around one thing, or both.
#[derive(Clone, Copy)]
struct PluralPlaces {
    nowhere: bool,
    around: Option<EntityId>,
}

impl PluralPlaces {
    fn each(self) -> impl Iterator<Item = Option<EntityId>> {
        self.nowhere.then_some(None).into_iter().chain(self.around.map(Some))
    }
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
                To::Every(plural) => self.one(plural, name).map(To::Entity),
                To::Entity(id) => self.held(id, name, after),
                To::Environments(from) => self.environment(from, name).map(To::Environment),
                To::Environment(id) => root::held_by_environment(name).map(|kind| To::In(id, kind)),
                To::In(id, kind) => self.index.named(id, kind, None, name).map(To::Entity),
                To::Makings(maker) => Kind::from_plural(name).map(|kind| To::Made(maker, kind)),
                To::Made(maker, kind) => self.index.made(maker, kind, name).map(To::Entity),
                To::Platform | To::Stack(_) | To::Let(_) | To::Terraform(..) | To::Object => None,
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
            Root::Every(kind) => To::Every(Some(Plural::seen(owner, kind)).filter(|plural| self.places(*plural).is_some())?),
            Root::Platform => To::Platform,
            Root::Environment => To::Environment(entity.environment),
            Root::Environments => To::Environments(owner),
            Root::Stack => To::Stack(owner),
            Root::Let => To::Let(owner),
            Root::Makings => To::Makings(owner),
            Root::Terraform(address, missing) => To::Terraform(address, missing),
            Root::Object => To::Object,
        })
    }

    /// What `dependsOn` names: a thing of the same kind or a service by its name, or anything by its address (`infrastructure.database`).
    /// What is written is a name, else an identity; what an expression made is an identity, because that is what it sees, else a name.
    pub(crate) fn dependency(self, owner: EntityId, path: &Path, is_made: bool) -> Option<EntityId> {
        let among = |kinds: &[Kind], name: &str| {
            let named = || kinds.iter().find_map(|kind| self.named(owner, *kind, name));
            let identified = || kinds.iter().find_map(|kind| self.identified(Plural::seen(owner, *kind), name));
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
        let identified = || kinds.iter().find_map(|kind| self.identified(Plural::seen(owner, *kind), text));
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
            // Behind another thing stands only what is in or on it.
            let plural = found.map_or_else(|| Plural::seen(owner, kind), |home| Plural::held(home, kind));
            found = Some(self.one(plural, name)?);
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
    fn held(self, id: EntityId, name: &str, after: &[Step]) -> Option<To> {
        let entity = self.entity(id);
        if entity.value.get(name).is_some() {
            return None;
        }
        let every = root::held(entity.kind, name).map(|kind| To::Every(Plural::held(id, kind)));
        let around = || match root::told(entity.kind, name)? {
            Told::Cluster => entity.cluster.map(To::Entity),
            Told::Tenant => entity.tenant.map(To::Entity),
            // What else is read of its environment is read of the thing.
            Told::Environment => match after.first()? {
                Step::Key(plural) => root::held_by_environment(plural).map(|_| To::Environment(entity.environment)),
                Step::Item(_) => None,
            },
            Told::Name | Told::Kind | Told::Class | Told::Classes | Told::Outputs | Told::Referrers => None,
        };
        every.or_else(around)
    }

    /// The names of environments that a thing sees, by identity: its own and those that are shared, and from a shared one all.
    pub(crate) fn environments(self, owner: EntityId) -> Vec<Arc<str>> {
        let seen = self.model.environments().filter(|(id, _)| self.sees_environment(owner, *id));
        let mut seen: Vec<&Environment> = seen.map(|(_, environment)| environment).collect();
        seen.sort_by_key(|environment| environment.identity.text());
        seen.into_iter().map(|environment| Arc::clone(&environment.name)).collect()
    }

    /// The one of a name among them.
    pub(crate) fn environment(self, owner: EntityId, name: &str) -> Option<EnvironmentId> {
        self.index.shared.environment(name).filter(|id| self.sees_environment(owner, *id))
    }

    fn sees_environment(self, owner: EntityId, id: EnvironmentId) -> bool {
        let own = self.entity(owner).environment;
        id == own || self.model.environment(id).is_shared || self.model.environment(own).is_shared
    }

    /// Whether a thing can be named from where another one is as if it was in the same environment.
    pub(crate) fn is_named_from(self, owner: EntityId, id: EntityId) -> bool {
        let (own, other) = (self.entity(owner).environment, self.entity(id).environment);
        own == other || self.model.environment(other).is_shared
    }

    /// All things of a kind that a thing sees: those on its cluster, or those of its environment; by identity.
    pub(crate) fn every(self, owner: EntityId, kind: Kind) -> Vec<EntityId> {
        self.all(Plural::seen(owner, kind)).into_owned()
    }

    /// All things of a kind that a thing may mean without a word: those that it sees, and all applications on its cluster if it is of no
    /// tenant, though by name it sees none of those.
    pub(super) fn near(self, owner: EntityId, kind: Kind) -> Vec<EntityId> {
        let is_of_none = kind == Kind::Application && self.places(Plural::seen(owner, kind)).is_none();
        let tenants = if is_of_none { self.every(owner, Kind::Tenant) } else { Vec::new() };
        let mut all = self.every(owner, kind);
        all.extend(tenants.into_iter().flat_map(|tenant| self.all(Plural::held(tenant, kind)).into_owned()));
        all
    }

    /// All that a plural stands for, by identity.
    pub(crate) fn all(self, plural: Plural) -> Cow<'a, [EntityId]> {
        let environment = self.entity(plural.owner).environment;
        let lists = self.places(plural).into_iter().flat_map(PluralPlaces::each);
        let mut lists = lists.map(|around| self.index.of(environment, plural.kind, around)).filter(|list| !list.is_empty());
        let first = lists.next().unwrap_or_default();
        match lists.next() {
            None => Cow::Borrowed(first),
            Some(second) => {
                let mut both = [first, second].concat();
                both.sort_by_key(|id| rank(self.entity(*id)));
                Cow::Owned(both)
            }
        }
    }

    /// The one of a name that a thing sees.
    pub(crate) fn named(self, owner: EntityId, kind: Kind, name: &str) -> Option<EntityId> {
        self.one(Plural::seen(owner, kind), name)
    }

    /// The one of a name among those that a plural stands for, or among what is on no cluster of a shared environment.
    pub(crate) fn one(self, plural: Plural, name: &str) -> Option<EntityId> {
        let (environment, places) = (self.entity(plural.owner).environment, self.places(plural)?);
        let shared = || self.index.shared.named(plural.kind, name).filter(|_| places.nowhere);
        places.each().find_map(|around| self.index.named(environment, plural.kind, around, name)).or_else(shared)
    }

    /// The one of another identity than its name there.
    pub(super) fn identified(self, plural: Plural, identity: &str) -> Option<EntityId> {
        let (environment, places) = (self.entity(plural.owner).environment, self.places(plural)?);
        let shared = || self.index.shared.identified(plural.kind, identity).filter(|_| places.nowhere);
        places.each().find_map(|around| self.index.identified(environment, plural.kind, around, identity)).or_else(shared)
    }

    /// Where the things of a plural are; none if it stands for nothing there.
    fn places(self, plural: Plural) -> Option<PluralPlaces> {
        let Plural { owner, kind, is_held } = plural;
        let entity = self.entity(owner);
        let own = |home: Kind| (entity.kind == home).then_some(owner);
        let (cluster, tenant) = (own(Kind::Cluster).or(entity.cluster), own(Kind::Tenant).or(entity.tenant));
        match kind {
            _ if is_held => root::held(entity.kind, kind.plural()).map(|_| PluralPlaces { nowhere: false, around: Some(owner) }),
            Kind::Cluster => Some(PluralPlaces { nowhere: true, around: None }),
            // No two of a name are there: one that is placed is so in the whole environment.
            Kind::Infrastructure => Some(PluralPlaces { nowhere: true, around: cluster }),
            // Without a tenant there is no one application of a name, and without a cluster no one service.
            Kind::Application => tenant.map(|tenant| PluralPlaces { nowhere: false, around: Some(tenant) }),
            Kind::NodePool | Kind::Service | Kind::Tenant => cluster.map(|cluster| PluralPlaces { nowhere: false, around: Some(cluster) }),
        }
    }
}
