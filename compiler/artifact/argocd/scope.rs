//! Which objects belong to no namespace. Kubernetes' own kinds are listed; custom kinds tell by having no `metadata.namespace`.

use crate::object::Manifest;
use crate::value::Value;

/// Groups whose kinds are known here.
const BUILT_IN: &[&str] = &[
    "",
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "apps",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "autoscaling",
    "batch",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "flowcontrol.apiserver.k8s.io",
    "internal.apiserver.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "resource.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
    "storagemigration.k8s.io",
];

/// Kinds of those groups that belong to no namespace (Kubernetes 1.36).
const CLUSTER_WIDE: &[(&str, &str)] = &[
    ("", "ComponentStatus"),
    ("", "Namespace"),
    ("", "Node"),
    ("", "PersistentVolume"),
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"),
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("apiregistration.k8s.io", "APIService"),
    ("certificates.k8s.io", "CertificateSigningRequest"),
    ("certificates.k8s.io", "ClusterTrustBundle"),
    ("flowcontrol.apiserver.k8s.io", "FlowSchema"),
    ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
    ("internal.apiserver.k8s.io", "StorageVersion"),
    ("networking.k8s.io", "IPAddress"),
    ("networking.k8s.io", "IngressClass"),
    ("networking.k8s.io", "ServiceCIDR"),
    ("node.k8s.io", "RuntimeClass"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
    ("resource.k8s.io", "DeviceClass"),
    ("resource.k8s.io", "DeviceTaintRule"),
    ("resource.k8s.io", "ResourceSlice"),
    ("scheduling.k8s.io", "PriorityClass"),
    ("storage.k8s.io", "CSIDriver"),
    ("storage.k8s.io", "CSINode"),
    ("storage.k8s.io", "StorageClass"),
    ("storage.k8s.io", "VolumeAttachment"),
    ("storage.k8s.io", "VolumeAttributesClass"),
    ("storagemigration.k8s.io", "StorageVersionMigration"),
];

/// One object of a manifest, as far as Argo CD's projects look at it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Object<'a> {
    /// API group, empty for the core.
    pub(super) group: &'a str,
    /// Kind.
    pub(super) kind: &'a str,
    /// Name.
    pub(super) name: &'a str,
    /// Namespace, if it is written.
    pub(super) namespace: Option<&'a str>,
    /// The whole.
    pub(super) value: &'a Value,
}

impl Object<'_> {
    /// Whether it is a namespace.
    pub(super) fn is_namespace(&self) -> bool {
        self.group.is_empty() && self.kind == "Namespace"
    }

    /// Whether it belongs to no namespace.
    pub(super) fn is_cluster_wide(&self) -> bool {
        if BUILT_IN.contains(&self.group) { CLUSTER_WIDE.contains(&(self.group, self.kind)) } else { self.namespace.is_none() }
    }
}

/// The objects of manifests; a `List` gives its items.
pub(super) fn objects(manifests: &[Manifest]) -> impl Iterator<Item = Object<'_>> {
    manifests.iter().flat_map(|manifest| {
        let items = manifest.value.get("items").and_then(Value::as_list);
        let listed = manifest.value.get("kind").and_then(Value::as_str) == Some("List");
        match items {
            Some(items) if listed => items,
            Some(_) | None => std::slice::from_ref(&manifest.value),
        }
        .iter()
        .map(object)
    })
}

fn object(value: &Value) -> Object<'_> {
    let text = |path: &[&str]| value.at(path).and_then(Value::as_str);
    let group = text(&["apiVersion"]).and_then(|version| version.split_once('/')).map_or("", |(group, _)| group);
    Object {
        group,
        kind: text(&["kind"]).unwrap_or_default(),
        name: text(&["metadata", "name"]).unwrap_or_default(),
        namespace: text(&["metadata", "namespace"]).filter(|namespace| !namespace.is_empty()),
        value,
    }
}
