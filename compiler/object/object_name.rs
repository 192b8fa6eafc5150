//! What a cluster tells objects apart by, and whether an object belongs to a namespace. Read off a whole object once; nobody looks into
//! `metadata` for it again. Kubernetes' own kinds without namespaces are listed; custom kinds tell by having none written.

use crate::value::Value;
use std::sync::Arc;

/// API version, kind, namespace and name of a Kubernetes object.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ObjectName {
    /// Name. It comes first, because names differ more than anything else.
    pub name: Arc<str>,
    /// Kind.
    pub kind: Arc<str>,
    /// Namespace, if one is written.
    pub namespace: Option<Arc<str>>,
    /// Group and version as they are written: `apps/v1`, `v1`.
    pub api_version: Arc<str>,
}

impl ObjectName {
    /// Reads it off an object. What makes an object whole is missing, or no text: then the path of that field.
    ///
    /// # Errors
    /// The first of `apiVersion`, `kind` and `metadata.name` that is not there as text.
    pub fn of(object: &Value) -> Result<Self, &'static [&'static str]> {
        let text = |path: &[&str]| object.at(path).and_then(Value::as_str).filter(|text| !text.is_empty()).map(Arc::<str>::from);
        let needed = |path: &'static [&'static str]| text(path).ok_or(path);
        let (api_version, kind, name) = (needed(&["apiVersion"])?, needed(&["kind"])?, needed(&["metadata", "name"])?);
        Ok(Self { name, kind, namespace: text(&["metadata", "namespace"]), api_version })
    }

    /// API group, empty for the core.
    #[must_use]
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// Version without group.
    #[must_use]
    pub fn version(&self) -> &str {
        self.api_version.split_once('/').map_or(&*self.api_version, |(_, version)| version)
    }

    /// What a cluster tells apart, to compare by: two versions of one object are the same object.
    #[must_use]
    pub fn key(&self) -> (&str, &str, &str, &str) {
        (&self.name, &self.kind, self.namespace.as_deref().unwrap_or_default(), self.group())
    }

    /// Kind and name in words, with the namespace where there is one: ``ConfigMap `shop/config` ``.
    #[must_use]
    pub fn words(&self) -> String {
        self.words_in(self.namespace.as_deref().unwrap_or_default())
    }

    /// The same with the namespace it ends up in; empty: none.
    #[must_use]
    pub(crate) fn words_in(&self, namespace: &str) -> String {
        match namespace {
            "" => format!("{} `{}`", self.kind, self.name),
            namespace => format!("{} `{namespace}/{}`", self.kind, self.name),
        }
    }

    /// Whether it is a namespace.
    #[must_use]
    pub fn is_namespace(&self) -> bool {
        self.group().is_empty() && &*self.kind == "Namespace"
    }

    /// Whether it belongs to no namespace.
    #[must_use]
    pub fn is_cluster_wide(&self) -> bool {
        let group = self.group();
        if BUILT_IN.contains(&group) { CLUSTER_WIDE.contains(&(group, &*self.kind)) } else { self.namespace.is_none() }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origin::{LayerId, Origin};
    use crate::span::{FileId, Span};
    use crate::value::Entry;

    fn object(fields: &[(&str, &str)]) -> Value {
        let span = Span { file: FileId(0), start: 0, end: 0 };
        let origin = Origin { span, layer: LayerId::COMPUTED };
        let entries = |prefix: &str| -> Vec<Entry> {
            let of = fields.iter().filter_map(|(key, text)| Some((key.strip_prefix(prefix)?, text)));
            of.filter(|(key, _)| !key.contains('.')).map(|(key, text)| Entry::plain(key, span, Value::string(*text, origin))).collect()
        };
        let mut whole = entries("");
        whole.push(Entry::plain("metadata", span, Value::map(entries("metadata."), origin)));
        Value::map(whole, origin)
    }

    fn name(version: &str, kind: &str, namespace: &str) -> ObjectName {
        let fields = [("apiVersion", version), ("kind", kind), ("metadata.name", "x"), ("metadata.namespace", namespace)];
        ObjectName::of(&object(&fields)).unwrap()
    }

    #[test]
    fn what_is_missing_is_told() {
        assert_eq!(ObjectName::of(&object(&[("kind", "Pod")])), Err(&["apiVersion"][..]));
        assert_eq!(ObjectName::of(&object(&[("apiVersion", "v1"), ("kind", "")])), Err(&["kind"][..]));
        assert_eq!(ObjectName::of(&object(&[("apiVersion", "v1"), ("kind", "Pod")])), Err(&["metadata", "name"][..]));
    }

    #[test]
    fn groups_are_read_off_versions() {
        let (core, apps) = (name("v1", "Pod", ""), name("apps/v1", "Deployment", "shop"));
        assert_eq!((core.group(), core.version(), core.namespace.as_deref()), ("", "v1", None));
        assert_eq!((apps.group(), apps.version(), apps.namespace.as_deref()), ("apps", "v1", Some("shop")));
        assert_eq!((core.words().as_str(), apps.words().as_str()), ("Pod `x`", "Deployment `shop/x`"));
    }

    #[test]
    fn versions_are_one_object_and_namespaces_two() {
        assert_eq!(name("apps/v1", "Deployment", "a").key(), name("apps/v1beta1", "Deployment", "a").key());
        assert_ne!(name("apps/v1", "Deployment", "a").key(), name("apps/v1", "Deployment", "b").key());
        assert_ne!(name("apps/v1", "Deployment", "a").key(), name("v1", "Deployment", "a").key());
    }

    #[test]
    fn custom_kinds_tell_by_their_namespace() {
        assert!(name("v1", "Namespace", "").is_cluster_wide() && name("v1", "Namespace", "").is_namespace());
        assert!(!name("v1", "ConfigMap", "").is_cluster_wide());
        assert!(name("cert-manager.io/v1", "ClusterIssuer", "").is_cluster_wide());
        assert!(!name("cert-manager.io/v1", "Issuer", "shop").is_cluster_wide());
        assert!(!name("example.com/v1", "Namespace", "").is_namespace());
    }
}
