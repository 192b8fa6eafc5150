//! What leaves although the thing that keeps data stays, or goes by its own word. In comes what the index remembers of a thing that is not lost,
//! out goes what a person is told of.

use super::{Upkeep, holders, installed};
use crate::definition::making;
use crate::kept::{Kept, KeptPlace};
use crate::model::{Entity, EntityId, WhyAbsent};
use crate::name::Kind;
use crate::span::Span;
use crate::table::Holding;
use crate::value::Value;
use std::collections::BTreeSet;

impl Upkeep<'_> {
    /// Namespaces that are no longer made, with environment and cluster: they leave Git, and stay where they are.
    pub(super) fn left(&self, kept: &Kept) -> Vec<(String, String, String)> {
        let cluster = kept.place.cluster.clone().unwrap_or_default();
        let at = |namespace: &String| (kept.place.environment.clone(), cluster.clone(), namespace.clone());
        let is_made = |namespace: &String| {
            let here = |other: &Kept| other.place.environment == kept.place.environment && other.place.cluster == kept.place.cluster;
            self.now.values().any(|other| here(other) && other.namespaces.contains(namespace)) || self.made.contains(&at(namespace))
        };
        kept.namespaces.iter().filter(|namespace| !is_made(namespace)).map(at).collect()
    }

    /// Whether it is the namespace of an Argo CD that goes on installing: on a cluster of its own, or on the hub.
    pub(super) fn runs_argo_cd(&self, (environment, cluster, namespace): &(String, String, String)) -> bool {
        let platform = &self.model.platform;
        let drives = |(_, entity): (EntityId, &Entity)| {
            let of = self.model.environment(entity.environment);
            entity.kind == Kind::Cluster
                && **entity.identity.text() == **cluster
                && **of.identity.text() == **environment
                && of.delivery() == "argocd"
                && platform.hub.as_ref().is_none_or(|hub| *hub == entity.name)
        };
        platform.repository.is_some()
            && platform.value.at(&["argocd", "namespace"]).and_then(Value::as_str) == Some(namespace)
            && self.model.entities().any(drives)
    }

    /// Objects that may hold data and that something no longer installs which is there as before, and installs others.
    pub(super) fn dropped<'k>(&self, kept: &'k Kept) -> Vec<&'k str> {
        let Some(now) = self.entities.get(&kept.place).and_then(|id| self.installed.get(id)) else { return Vec::new() };
        let may_hold = |object: &&str| holders::of_object(object) != Holding::No;
        kept.objects.iter().filter(|object| !installed::is_there(object, now)).map(String::as_str).filter(may_hold).collect()
    }

    /// Addresses that Terraform would destroy of something that is there as before, and has others.
    pub(super) fn destroyed<'k>(&self, kept: &'k Kept) -> Vec<&'k str> {
        if !self.entities.contains_key(&kept.place) {
            return Vec::new();
        }
        let stack = self.environment(&kept.place.environment).zip(kept.stack.as_deref()).and_then(|((id, _), name)| self.stack(id, name));
        kept.addresses.iter().map(String::as_str).filter(|address| !stack.is_some_and(|stack| stack.spares(address))).collect()
    }

    /// The class, or who has it, of something that is there and keeps data no more.
    pub(super) fn keeps_no_more(&self, place: &KeptPlace) -> Option<Span> {
        let entity = self.model.entity(*self.entities.get(place)?);
        let class = self.definitions.classes.get(entity.class.0 as usize)?;
        (!class.keeps_data).then(|| entity.value.get("class").map_or(entity.defined, |value| value.origin.span))
    }

    /// Applications of a tenant that is to be forgotten: they keep no data, so they are deleted. None if it has none, and no class makes any.
    pub(super) fn deserted(
        &self,
        place: &KeptPlace,
        (before, applications): (&BTreeSet<Kept>, &BTreeSet<[String; 4]>),
    ) -> Option<(Span, BTreeSet<String>)> {
        let (environment, _) = self.environment(&place.environment).filter(|_| place.kind == Kind::Tenant)?;
        let absent = self.model.absent.get(environment, Kind::Tenant, place.cluster.as_deref(), None, &place.identity)?;
        let keeps = |identity: &str| {
            before.iter().any(|kept| {
                let KeptPlace { environment, kind, cluster, tenant, identity: known } = &kept.place;
                (environment, *kind, cluster) == (&place.environment, Kind::Application, &place.cluster)
                    && tenant.as_ref() == Some(&place.identity)
                    && known == identity
            })
        };
        let tenants = self.definitions.of_kind(Kind::Tenant);
        let own = tenants.filter(|tenant| *tenant.identity.as_ref().unwrap_or(&tenant.name).name == *place.identity);
        let inner = own.flat_map(|tenant| &tenant.inner).filter(|inner| inner.kind == Kind::Application && !inner.is_abstract);
        let names = inner.map(|inner| inner.identity.as_ref().unwrap_or(&inner.name).name.to_string());
        // Those that a class has made stand in no definition, and in the output.
        let of_output = applications.iter().filter_map(|[environment, cluster, tenant, name]| {
            let is_its = *environment == place.environment && Some(cluster) == place.cluster.as_ref() && *tenant == place.identity;
            is_its.then(|| name.clone())
        });
        let names: BTreeSet<String> = names.chain(of_output).filter(|name| !keeps(name)).collect();
        let may_make = || {
            let mut classes = self.definitions.classes.iter().filter(|class| class.kind == Kind::Tenant);
            classes.any(|class| making::entries(class).any(|(kind, _)| kind == Kind::Application))
        };
        (absent.absence == WhyAbsent::Forgotten && (!names.is_empty() || may_make())).then_some((absent.span, names))
    }
}
