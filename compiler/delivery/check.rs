//! What may not be installed: into namespaces that cannot be, and, for applications, objects outside of the
//! namespaces of their tenant and kinds that limit it.

use super::{Site, Tenant, Unit, Wanted, errors, name};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::object::Manifest;
use crate::syncing;

/// Kinds that limit a tenant, and so are not the tenant's to change; group and kind.
pub(crate) const LIMITS: [(&str, &str); 3] = [("", "LimitRange"), ("", "ResourceQuota"), ("networking.k8s.io", "NetworkPolicy")];

/// The units of which all is known.
pub(super) fn whole<'s, 'a>(site: &'s Site<'a>) -> impl Iterator<Item = &'s Unit<'a>> {
    site.units.iter().filter(|unit| !unit.waits)
}

/// Reports namespaces that Kubernetes would refuse, of whatever is installed there.
pub(super) fn namespaces(site: &Site<'_>, diagnostics: &mut Diagnostics) {
    for unit in whole(site).filter(|unit| name::object(&unit.namespace) != *unit.namespace) {
        let mut objects = unit.manifests.iter().filter(|manifest| manifest.object.namespace.as_ref() == Some(&unit.namespace));
        let written =
            objects.find_map(|manifest| manifest.value.at(&["metadata", "namespace"])).or_else(|| unit.entity.value.get("namespace"));
        diagnostics.push(errors::invalid_namespace(unit.entity, &unit.namespace, written));
    }
}

/// Reports options of single objects that nobody would understand.
pub(super) fn options(site: &Site<'_>, diagnostics: &mut Diagnostics) {
    for unit in whole(site) {
        let subject = unit.entity.subject();
        for manifest in unit.manifests {
            syncing::object(&manifest.value, &subject, &mut |diagnostic| diagnostics.push(diagnostic));
        }
    }
}

/// Reports what the applications of tenants may not bring, as far as it is known.
pub(super) fn tenants(site: &Site<'_>, diagnostics: &mut Diagnostics) {
    for unit in whole(site) {
        if let Some(tenant) = unit.tenant.and_then(|(id, _)| site.tenants.get(&id)) {
            check(unit, tenant, diagnostics);
        }
    }
}

/// The report that nobody makes the namespace of a unit that says that others do; none if somebody does.
#[must_use]
pub(crate) fn without_owner(unit: &Unit<'_>) -> Option<Diagnostic> {
    let said = unit.wishes.iter().rev().find(|wish| matches!(wish.what, Wanted::Namespace(_)))?;
    (said.what == Wanted::Namespace(false) && unit.lacks_namespace && !unit.waits)
        .then(|| errors::namespace_without_owner(unit.entity, &unit.namespace, said.at))
}

/// The report that an application of a tenant brings an object of a kind which tenants may not have.
#[must_use]
pub(crate) fn not_for_tenants(unit: &Unit<'_>, manifest: &Manifest, tenant: &Tenant<'_>) -> Diagnostic {
    errors::kind_outside_tenant(unit.entity, &manifest.object.kind, &manifest.value, tenant)
}

fn check(unit: &Unit<'_>, tenant: &Tenant<'_>, diagnostics: &mut Diagnostics) {
    let outside = |namespace: &str| !tenant.namespaces.is_empty() && !tenant.namespaces.contains(namespace);
    // Where an object says it, the report stands there.
    let is_said = unit.manifests.iter().any(|manifest| manifest.object.namespace.as_ref() == Some(&unit.namespace));
    if outside(&unit.namespace) && !is_said {
        diagnostics.push(errors::namespace_outside_tenant(unit.entity, &unit.namespace, None, tenant));
    }
    for manifest in unit.manifests {
        let object = &manifest.object;
        let kind = (object.group(), &*object.kind);
        let may_not = tenant.kinds.as_ref().map_or_else(|| LIMITS.contains(&kind), |kinds| !kinds.contains(&kind));
        if object.is_cluster_wide() || may_not {
            diagnostics.push(not_for_tenants(unit, manifest, tenant));
        } else if let Some(namespace) = object.namespace.as_deref().filter(|namespace| outside(namespace)) {
            diagnostics.push(errors::namespace_outside_tenant(unit.entity, namespace, Some(&manifest.value), tenant));
        }
    }
}
