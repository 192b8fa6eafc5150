//! What may not be installed: into namespaces that cannot be, as releases that Helm refuses, and, for applications, objects outside of the
//! namespaces of their tenant and kinds that limit it.

use super::{Site, Tenant, Unit, UnitSource, errors, name};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::object::Manifest;
use crate::syncing;

/// Kinds that limit a tenant, and so are not the tenant's to change; group and kind.
pub(crate) const LIMITS: [(&str, &str); 3] = [("", "LimitRange"), ("", "ResourceQuota"), ("networking.k8s.io", "NetworkPolicy")];

/// The units of which all is known.
fn whole<'s, 'a>(site: &'s Site<'a>) -> impl Iterator<Item = &'s Unit<'a>> {
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

/// The longest name of a release: Helm keeps the rest of a label's 63 bytes for itself. It refuses longer ones even where it is only asked to fill in
/// templates.
pub(super) const RELEASE: usize = 53;

/// Reports releases whose names Helm would refuse, whoever has it install them.
pub(super) fn releases(site: &Site<'_>, diagnostics: &mut Diagnostics) {
    for unit in whole(site) {
        for source in &unit.sources {
            let UnitSource::Elsewhere(elsewhere) = source else { continue };
            let release = elsewhere.helm.release.as_deref().unwrap_or(&unit.outside);
            if elsewhere.is_chart() && !is_release(release) {
                diagnostics.push(errors::invalid_release(unit, release, elsewhere.helm.named));
            }
        }
    }
}

fn is_release(name: &str) -> bool {
    let part = |part: &str| {
        let ends = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit();
        part.starts_with(ends) && part.ends_with(ends) && part.chars().all(|char| ends(char) || char == '-')
    };
    name.len() <= RELEASE && name.split('.').all(part)
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
        if object.is_cluster_wide() || LIMITS.contains(&(object.group(), &object.kind)) {
            diagnostics.push(not_for_tenants(unit, manifest, tenant));
        } else if let Some(namespace) = object.namespace.as_deref().filter(|namespace| outside(namespace)) {
            diagnostics.push(errors::namespace_outside_tenant(unit.entity, namespace, Some(&manifest.value), tenant));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_what_helm_takes() {
        // Tried with `helm template --name-template`.
        let longest = "a".repeat(53);
        for (name, expected) in [
            ("web", true),
            ("web.one", true),
            ("a", true),
            (&*longest, true),
            ("Web", false),
            ("a_b", false),
            ("a-", false),
            ("a..b", false),
            ("", false),
        ] {
            assert_eq!(is_release(name), expected, "{name}");
        }
        assert!(!is_release(&"a".repeat(54)));
    }
}
