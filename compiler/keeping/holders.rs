//! What of a thing holds its data. In comes what the index remembers of it, out goes what must not be lost: what is known to hold data, in Terraform
//! and on clusters both. A role beside a database is none of it. Where nothing is known to hold any, that is all of it.

use super::installed;
use crate::kept::Kept;
use crate::name::Kind;
use crate::table::{holds_data, holds_data_on_a_cluster};

/// What of a thing holds data.
pub(super) struct DataHolders<'k> {
    /// Addresses in Terraform.
    pub(super) addresses: Vec<&'k str>,
    /// Objects and releases on a cluster.
    pub(super) objects: Vec<&'k str>,
}

impl<'k> DataHolders<'k> {
    pub(super) fn of(kept: &'k Kept) -> Self {
        let addresses: Vec<&str> = kept.addresses.iter().map(String::as_str).filter(|address| holds(address)).collect();
        let objects: Vec<&str> = kept.objects.iter().map(String::as_str).filter(|object| is_holder(object)).collect();
        if !addresses.is_empty() || !objects.is_empty() {
            return Self { addresses, objects };
        }
        // What is in Terraform tells best what a thing is. What a tenant keeps on a cluster is in its namespaces, which are told of by themselves:
        // what watches over them holds nothing.
        let is_in_terraform = kept.stack.is_some();
        let is_on_a_cluster = !is_in_terraform && kept.place.kind != Kind::Tenant;
        let all = |list: &'k [String], is: bool| if is { list.iter().map(String::as_str).collect() } else { Vec::new() };
        Self { addresses: all(&kept.addresses, is_in_terraform), objects: all(&kept.objects, is_on_a_cluster) }
    }
}

/// Whether what has an address holds data. Of a module nobody here knows.
fn holds(address: &str) -> bool {
    address.split_once('.').is_some_and(|(type_, _)| type_ == "module" || holds_data(type_))
}

/// Whether an object holds data, or makes what does. Of what is kept elsewhere nobody here knows.
fn is_holder(object: &str) -> bool {
    let kind = object.split('/').next().unwrap_or_default();
    let (kind, group) = kind.split_once('.').unwrap_or((kind, ""));
    installed::is_elsewhere(object) || (group, kind) == ("apps", "StatefulSet") || holds_data_on_a_cluster(group, kind)
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
            // Of what nobody knows all counts.
            (&["acme_safe.db", "aws_iam_role.db"], &["Safe.acme.example/db/c"], &["acme_safe.db", "aws_iam_role.db"], &[]),
            (&[], &["ConfigMap/db/c", "Safe.acme.example/db/c"], &[], &["ConfigMap/db/c", "Safe.acme.example/db/c"]),
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
