//! Why a reference leads nowhere, or to what does not suit: what leaves out one's own thing of the name, and what no class provides. In comes a text
//! with what it asks for, out goes what is to blame. What is told of it is said elsewhere.

use super::absent::{Absent, WhyAbsent};
use super::reference::OtherPlace;
use super::world::World;
use super::{EntityId, errors};
use crate::definition::directive::Directive;
use crate::definition::making;
use crate::diagnostic::Diagnostic;
use crate::name::{Kind, nearest};
use crate::path::Step;
use crate::schema::Referent;
use crate::source::Sources;
use crate::value::Value;

impl OtherPlace {
    /// Whether it is on the same cluster or another, and of another tenant as far as it is of one.
    pub(super) fn is_anothers(&self) -> bool {
        match self {
            OtherPlace::Near(path, ..) => path.steps().contains(&Step::key(Kind::Application.plural())),
            OtherPlace::Environment(..) | OtherPlace::LeftOut(_) | OtherPlace::NotMade(_) | OtherPlace::Nowhere => false,
        }
    }
}

impl World<'_> {
    /// That no class provides what a reference asks for, told where the class of the thing that is named says so otherwise, or should.
    pub(super) fn unprovided(&self, value: &Value, to: EntityId, referent: &Referent, sources: &Sources) -> Option<Diagnostic> {
        let capability = referent.provides.as_ref()?;
        let entity = self.entity(to);
        let class = self.class(entity).filter(|_| referent.kinds.contains(&entity.kind))?;
        if referent.class.as_ref().is_some_and(|name| !class.is_a(name))
            || self.definitions.classes.iter().any(|class| class.provides(capability))
        {
            return None;
        }
        let near = nearest(capability, class.provides.iter().map(|named| &*named.name));
        let misspelt = class.provides.iter().find(|named| Some(&*named.name) == near);
        let place = misspelt.map_or(class.name.span, |named| named.span);
        (!sources.is_library(place)).then(|| errors::unprovided(capability, (class, misspelt), value.origin.span))
    }

    /// What leaves out the thing that a name means here: one of the same tenant and cluster.
    fn absent_here(&self, id: EntityId, kinds: &[Kind], name: &str) -> impl Iterator<Item = Absent> {
        let owner = self.entity(id);
        let cluster = owner.cluster.map(|cluster| &**self.entity(cluster).identity.text());
        let tenant = self.tenant_of(id).map(|tenant| self.entity(tenant));
        kinds.iter().filter_map(move |kind| {
            let tenant = tenant.filter(|_| *kind == Kind::Application);
            let written = self.definitions.written(*kind, tenant.map(|tenant| &*tenant.name), name);
            let identity = written.and_then(|written| written.identity.as_ref()).map_or(name, |identity| &*identity.name);
            let tenant = tenant.map(|tenant| &**tenant.identity.text());
            self.model.absent.why(owner.environment, *kind, (cluster, tenant), identity)
        })
    }

    /// The tenant whose applications a thing means by their names.
    fn tenant_of(&self, id: EntityId) -> Option<EntityId> {
        let entity = self.entity(id);
        entity.tenant.or((entity.kind == Kind::Tenant).then_some(id))
    }

    /// One's own application of a name, if it is left out where it would be: by a word of its own, or by the condition under which it is made.
    pub(super) fn own_left_out(&self, id: EntityId, kinds: &[Kind], name: &str) -> Option<OtherPlace> {
        if let Some(absent) = self.absent_here(id, kinds, name).next() {
            return Some(OtherPlace::LeftOut(absent));
        }
        let class = self.class(self.entity(self.tenant_of(id)?)).filter(|_| kinds.contains(&Kind::Application))?;
        let mut made = making::entries(class).filter(|(kind, _)| *kind == Kind::Application);
        let (_, entry) = made.find(|(_, entry)| entry.template.is_none() && *entry.key == *name)?;
        Some(OtherPlace::NotMade(entry.value.as_map()?.entry(Directive::If.word())?.value.origin.span))
    }

    /// What switches off the thing that a name means here. Where it is elsewhere, that is told.
    pub(super) fn gone_here(&self, id: EntityId, kinds: &[Kind], name: &str) -> Option<Absent> {
        let mut found = self.absent_here(id, kinds, name);
        let is_off = |absence: WhyAbsent| match absence {
            WhyAbsent::Disabled | WhyAbsent::Forgotten | WhyAbsent::ByDefault => true,
            WhyAbsent::OnlyIn | WhyAbsent::NotIn | WhyAbsent::Placement => false,
        };
        found.find(|absent| is_off(absent.absence))
    }
}
