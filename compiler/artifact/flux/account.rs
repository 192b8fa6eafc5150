//! With whose rights Flux installs what is not known here. For the platform's own things with its own; for an application of a tenant with those
//! of a service account that the tenant brings into the namespace the application goes to.

use crate::delivery::{Site, Unit};
use std::sync::Arc;

/// The one service account that the tenant of a unit brings into its namespace; none if the unit has no tenant, or the tenant brings none there,
/// or several.
pub(super) fn of(unit: &Unit<'_>, site: &Site<'_>) -> Option<Arc<str>> {
    let tenant = unit.tenant.and_then(|(id, _)| site.tenants.get(&id))?;
    let names = tenant.manifests.iter().map(|manifest| &manifest.object);
    let mut accounts = names.filter(|object| {
        object.group().is_empty() && &*object.kind == "ServiceAccount" && object.namespace.as_ref() == Some(&unit.namespace)
    });
    accounts.next().filter(|_| accounts.next().is_none()).map(|account| Arc::clone(&account.name))
}
