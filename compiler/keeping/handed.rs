//! Namespaces that go from one tenant to another, or between a tenant and the platform. In comes what the index remembers of a thing, out goes who makes
//! its namespaces now. They are protected, so nothing is deleted in them: the other one gets all that the first has left there.

use super::{Upkeep, place};
use crate::kept::{Kept, KeptPlace};
use crate::model::{Entity, EntityId};
use crate::name::Kind;
use crate::origin::Layer;
use crate::span::Span;
use crate::value::{Cause, Value};

/// A namespace, who had it and who has it now.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct HandedNamespace {
    pub(super) name: String,
    /// Who had it: kind, tenant, identity.
    pub(super) before: (Kind, Option<String>, String),
    /// Who has it now.
    pub(super) now: (Kind, Option<String>, String),
    /// Where its name is written now.
    pub(super) at: Span,
}

impl Upkeep<'_> {
    /// Namespaces of a thing that somebody else makes now, where one of the two is a tenant.
    pub(super) fn handed(&self, kept: &Kept) -> Vec<HandedNamespace> {
        let own = self.now.get(&kept.place).map(|now| now.namespaces.as_slice()).unwrap_or_default();
        let gone = kept.namespaces.iter().filter(|name| !own.contains(name));
        gone.filter_map(|name| {
            let (id, at) = self.maker(&kept.place, name)?;
            let owner = |place: KeptPlace| (place.kind, place.tenant, place.identity);
            let (before, now) = (owner(kept.place.clone()), owner(place(self.model, self.model.entity(id))));
            let is_meant = before != now && [before.0, now.0].contains(&Kind::Tenant);
            is_meant.then(|| HandedNamespace { name: name.clone(), before, now, at })
        })
        .collect()
    }

    /// Who makes a namespace where something was, and where its name is written.
    fn maker(&self, at: &KeptPlace, name: &str) -> Option<(EntityId, Span)> {
        let is_here = |id: EntityId| {
            let there = place(self.model, self.model.entity(id));
            there.environment == at.environment && there.cluster == at.cluster
        };
        self.objects.renderings.iter().find_map(|rendering| {
            let found = rendering.manifests.iter().find(|manifest| manifest.object.is_namespace() && &*manifest.object.name == name)?;
            let said = found.value.at(&["metadata", "name"])?;
            is_here(rendering.entity).then(|| (rendering.entity, self.written(said, self.model.entity(rendering.entity))))
        })
    }

    /// Where a name is written, if a definition says it as it is; else the definition.
    fn written(&self, said: &Value, entity: &Entity) -> Span {
        let mut value = said;
        while let Some(Cause { value: inner, .. }) = value.made().iter().find(|cause| !cause.decides && cause.value.same_data(value)) {
            value = inner;
        }
        match self.definitions.layers.get(value.origin.layer) {
            Layer::Computed | Layer::Recorded | Layer::Class(_) => entity.defined,
            Layer::PlatformDefaults(_) | Layer::EnvironmentDefaults { .. } | Layer::Body(_) | Layer::Overlay { .. } | Layer::Flag => {
                value.origin.span
            }
        }
    }
}
