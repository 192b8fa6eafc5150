//! What of a thing holds its data. In comes what the index remembers of it, out goes what must not be lost: what is known to hold data, in Terraform
//! and on clusters both, else what nobody here knows. A role beside a database is none of it. Where nothing may hold any, that is all of it.

use super::installed;
use crate::kept::Kept;
use crate::name::Kind;
use crate::table::{Holding, object_holds, resource_holds};

/// What of a thing holds data.
pub(super) struct DataHolders<'k> {
    /// Addresses in Terraform.
    pub(super) addresses: Vec<&'k str>,
    /// Objects and releases on a cluster.
    pub(super) objects: Vec<&'k str>,
}

impl<'k> DataHolders<'k> {
    pub(super) fn of(kept: &'k Kept) -> Self {
        // What a tenant keeps on a cluster is in its namespaces, which are told of by themselves: what nobody knows watches over them.
        let is_tenant = kept.place.kind == Kind::Tenant;
        for wanted in [Holding::Yes, Holding::Unknown] {
            let addresses: Vec<&str> = kept.addresses.iter().map(String::as_str).filter(|address| of_address(address) == wanted).collect();
            let may_be = wanted == Holding::Yes || !is_tenant;
            let objects: Vec<&str> =
                kept.objects.iter().map(String::as_str).filter(|object| may_be && of_object(object) == wanted).collect();
            if !addresses.is_empty() || !objects.is_empty() {
                return Self { addresses, objects };
            }
        }
        // What is in Terraform tells best what a thing is.
        let is_in_terraform = kept.stack.is_some();
        let is_on_a_cluster = !is_in_terraform && !is_tenant;
        let all = |list: &'k [String], is: bool| if is { list.iter().map(String::as_str).collect() } else { Vec::new() };
        Self { addresses: all(&kept.addresses, is_in_terraform), objects: all(&kept.objects, is_on_a_cluster) }
    }
}

impl DataHolders<'_> {
    /// All of it in words, with the namespaces of the thing; what is kept elsewhere has no name here.
    pub(super) fn words(&self, kept: &Kept) -> Vec<String> {
        let named = self.addresses.iter().chain(self.objects.iter().filter(|object| !installed::is_elsewhere(object)));
        let namespaces = kept.namespaces.iter().map(|namespace| format!("namespace `{namespace}`"));
        named.map(|name| format!("`{name}`")).chain(namespaces).collect()
    }
}

/// Whether what has an address holds data. A module counts: what it makes nobody here sees.
fn of_address(address: &str) -> Holding {
    match address.split_once('.') {
        Some(("module", _)) => Holding::Yes,
        Some((type_, _)) => resource_holds(type_),
        None => Holding::Unknown,
    }
}

/// Whether an object holds data, or makes what does. What is kept elsewhere counts: nobody here sees it.
pub(super) fn of_object(object: &str) -> Holding {
    if installed::is_elsewhere(object) {
        return Holding::Yes;
    }
    let kind = object.split('/').next().unwrap_or_default();
    let (kind, group) = kind.split_once('.').unwrap_or((kind, ""));
    object_holds(group, kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kept::KeptPlace;

    #[test]
    fn a_role_holds_nothing_beside_what_holds_data() {
        let place = KeptPlace {
            environment: "apps".to_owned(),
            kind: Kind::Service,
            cluster: Some("gc0".to_owned()),
            tenant: None,
            identity: "db".to_owned(),
        };
        let kept = |addresses: &[&str], objects: &[&str]| Kept {
            place: place.clone(),
            maker: None,
            stack: (!addresses.is_empty()).then(|| "gc0".to_owned()),
            addresses: addresses.iter().map(ToString::to_string).collect(),
            namespaces: Vec::new(),
            objects: objects.iter().map(ToString::to_string).collect(),
        };
        for (addresses, objects, held_addresses, held_objects) in [
            (
                &["aws_iam_role.db"][..],
                &["Cluster.postgresql.cnpg.io/db/c", "ConfigMap/db/c"][..],
                &[][..],
                &["Cluster.postgresql.cnpg.io/db/c"][..],
            ),
            (&["aws_iam_role.db"], &["*/db/db"], &[], &["*/db/db"]),
            (&["aws_iam_role.db", "aws_s3_bucket.db"], &["Secret/db/c"], &["aws_s3_bucket.db"], &[]),
            (&["aws_s3_bucket.db"], &["StatefulSet.apps/db/c"], &["aws_s3_bucket.db"], &["StatefulSet.apps/db/c"]),
            (&["module.db", "aws_iam_role.db"], &[], &["module.db"], &[]),
            // What nobody knows counts where nothing is known to hold any, and what is known to hold none does not.
            (&["acme_safe.db", "aws_iam_role.db"], &["Safe.acme.example/db/c"], &["acme_safe.db"], &["Safe.acme.example/db/c"]),
            (&["aws_iam_role.db"], &["Safe.acme.example/db/c", "Role.rbac.authorization.k8s.io/db/c"], &[], &["Safe.acme.example/db/c"]),
            (&[], &["ConfigMap/db/c", "Safe.acme.example/db/c"], &[], &["Safe.acme.example/db/c"]),
            (&[], &["PodMonitor.monitoring.coreos.com/db/c", "Safe.acme.example/db/c"], &[], &["Safe.acme.example/db/c"]),
            (&["aws_s3_bucket.db"], &["Safe.acme.example/db/c"], &["aws_s3_bucket.db"], &[]),
            // Nothing is: then all.
            (&["aws_iam_role.db"], &["ConfigMap/db/c"], &["aws_iam_role.db"], &[]),
            (&[], &["ConfigMap/db/c"], &[], &["ConfigMap/db/c"]),
        ] {
            let kept = kept(addresses, objects);
            let held = DataHolders::of(&kept);
            assert_eq!((&*held.addresses, &*held.objects), (held_addresses, held_objects), "{addresses:?} {objects:?}");
        }
        let tenant = kept(&[], &["PodMonitor.monitoring.coreos.com/back/ii", "Cluster.postgresql.cnpg.io/back/db"]);
        let tenant = Kept { place: KeptPlace { kind: Kind::Tenant, ..place.clone() }, ..tenant };
        assert_eq!(DataHolders::of(&tenant).objects, ["Cluster.postgresql.cnpg.io/back/db"]);
        let tenant = Kept { objects: vec!["PodMonitor.monitoring.coreos.com/back/ii".to_owned()], ..tenant };
        assert!(DataHolders::of(&tenant).objects.is_empty());
    }
}
