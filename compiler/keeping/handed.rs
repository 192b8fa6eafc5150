//! Namespaces that go from one tenant to another, or between a tenant and the platform, and those that somebody goes on making without the protection that
//! they had while something kept data in them. In comes what the index remembers of a thing, out goes who makes its namespaces now. They are protected, so
//! nothing is deleted in them yet: the other one gets all that the first has left there, and may take it along later.

use super::{Upkeep, place};
use crate::kept::{Kept, KeptPlace};
use crate::model::{Entity, EntityId};
use crate::name::Kind;
use crate::object::{Manifest, says_of_itself};
use crate::origin::Layer;
use crate::span::Span;
use crate::value::{Cause, Value};

/// Kind, tenant and identity of a thing.
pub(super) type NamespaceOwner = (Kind, Option<String>, String);

/// A namespace, who had it and who has it now.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct HandedNamespace {
    pub(super) name: String,
    /// Who had it: kind, tenant, identity.
    pub(super) before: NamespaceOwner,
    /// Who has it now.
    pub(super) now: NamespaceOwner,
    /// Where its name is written now.
    pub(super) at: Span,
}

/// A namespace in which a thing leaves what it has, and which would go with whoever makes it now.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct ExposedNamespace {
    pub(super) name: String,
    /// Who leaves something in it: kind, tenant, identity.
    pub(super) before: NamespaceOwner,
    /// Who makes it now.
    pub(super) now: NamespaceOwner,
    /// Where its name is written now.
    pub(super) at: Span,
}

impl Upkeep<'_> {
    /// Namespaces of a thing that somebody else makes now, where one of the two is a tenant.
    pub(super) fn handed(&self, kept: &Kept) -> Vec<HandedNamespace> {
        let handed = self.of_others(kept).filter_map(|(name, before, now, (.., at))| {
            let is_meant = before != now && [before.0, now.0].contains(&Kind::Tenant);
            is_meant.then(|| HandedNamespace { name: name.clone(), before, now, at })
        });
        handed.collect()
    }

    /// Namespaces in which a thing leaves what it has, and which somebody else makes now, who says nothing of what becomes of them.
    pub(super) fn exposed(&self, kept: &Kept) -> Vec<ExposedNamespace> {
        // Of what keeps data no more that is told of all that it has.
        if self.keeps_no_more(&kept.place).is_some() {
            return Vec::new();
        }
        let exposed = self.of_others(kept).filter_map(|(name, before, now, (id, manifest, at))| {
            let is_meant = before != now && ![before.0, now.0].contains(&Kind::Tenant);
            let is_told = || says_of_itself(&manifest.value, self.model, id);
            (is_meant && !is_told()).then(|| ExposedNamespace { name: name.clone(), before, now, at })
        });
        exposed.collect()
    }

    /// Namespaces that a thing no longer has and somebody makes: their names, who had them, who makes them, and where.
    fn of_others<'k>(
        &'k self,
        kept: &'k Kept,
    ) -> impl Iterator<Item = (&'k String, NamespaceOwner, NamespaceOwner, (EntityId, &'k Manifest, Span))> {
        let own = self.now.get(&kept.place).map(|now| now.namespaces.as_slice()).unwrap_or_default();
        let gone = kept.namespaces.iter().filter(|name| !own.contains(name));
        gone.filter_map(|name| {
            let made = self.maker(&kept.place, name)?;
            let owner = |place: KeptPlace| (place.kind, place.tenant, place.identity);
            Some((name, owner(kept.place.clone()), owner(place(self.model, self.model.entity(made.0))), made))
        })
    }

    /// Who makes a namespace where something was, as what, and where its name is written.
    fn maker(&self, at: &KeptPlace, name: &str) -> Option<(EntityId, &Manifest, Span)> {
        let is_here = |id: EntityId| {
            let there = place(self.model, self.model.entity(id));
            there.environment == at.environment && there.cluster == at.cluster
        };
        self.objects.renderings.iter().find_map(|rendering| {
            let found = rendering.manifests.iter().find(|manifest| manifest.object.is_namespace() && &*manifest.object.name == name)?;
            let said = found.value.at(&["metadata", "name"])?;
            is_here(rendering.entity).then(|| (rendering.entity, found, self.written(said, self.model.entity(rendering.entity))))
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
