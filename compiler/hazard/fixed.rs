//! Parts of Kubernetes objects that cannot be changed once they are there, as the API server's validation has them (1.34). In come two objects of one name,
//! out go the parts that differ. A part that only one of the two has is left out where the server completes it by itself.

use super::pods;
use crate::object::ObjectName;
use crate::span::Span;
use crate::unit::quantity::Quantity;
use crate::value::{Data, Entry, Value};
use std::collections::BTreeSet;

/// What is known of a kind.
struct FixedKind {
    group: &'static str,
    kind: &'static str,
    /// Paths of what cannot be changed.
    parts: &'static [&'static str],
    /// Paths of what cannot be changed either, and is completed by the server.
    completed: &'static [&'static str],
    cure: FixedCure,
}

/// What to do instead of a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FixedCure {
    /// Another one beside it, to which what it holds is moved.
    Move,
    /// Deleting it alone, so that what it has made stays.
    Orphan,
    /// Deleting it with its pods: those that stay have the labels of before, so that the new one takes none of them over, and hold the names of its own.
    Pods,
    /// Another one beside it, or deleting it, so that it is made again: until then nobody has what it gives.
    Binding,
    /// Another name, or making it anew.
    Anew,
    /// Another kind.
    Kind,
}

/// The address of a Service; `None` where it has none.
const ADDRESS: &str = "spec.clusterIP";

/// What tells an object its pods.
const SELECTOR: &str = "spec.selector";

const KINDS: [FixedKind; 25] = [
    FixedKind {
        group: "",
        kind: "PersistentVolumeClaim",
        parts: &[SELECTOR, "spec.dataSource"],
        completed: &["spec.accessModes", "spec.dataSourceRef", "spec.storageClassName", "spec.volumeMode", "spec.volumeName"],
        cure: FixedCure::Move,
    },
    FixedKind {
        group: "apps",
        kind: "StatefulSet",
        parts: &[CLAIMS, SELECTOR, "spec.serviceName"],
        completed: &["spec.podManagementPolicy"],
        cure: FixedCure::Orphan,
    },
    FixedKind { group: "apps", kind: "Deployment", parts: &[SELECTOR], completed: &[], cure: FixedCure::Anew },
    FixedKind { group: "apps", kind: "DaemonSet", parts: &[SELECTOR], completed: &[], cure: FixedCure::Anew },
    FixedKind { group: "apps", kind: "ReplicaSet", parts: &[SELECTOR], completed: &[], cure: FixedCure::Anew },
    FixedKind { group: "rbac.authorization.k8s.io", kind: "RoleBinding", parts: &["roleRef"], completed: &[], cure: FixedCure::Binding },
    FixedKind {
        group: "rbac.authorization.k8s.io",
        kind: "ClusterRoleBinding",
        parts: &["roleRef"],
        completed: &[],
        cure: FixedCure::Binding,
    },
    FixedKind {
        group: "storage.k8s.io",
        kind: "StorageClass",
        parts: &["provisioner", "parameters"],
        completed: &["reclaimPolicy", "volumeBindingMode"],
        cure: FixedCure::Anew,
    },
    FixedKind {
        group: "scheduling.k8s.io",
        kind: "PriorityClass",
        parts: &["value"],
        completed: &["preemptionPolicy"],
        cure: FixedCure::Anew,
    },
    FixedKind { group: "networking.k8s.io", kind: "IngressClass", parts: &["spec.controller"], completed: &[], cure: FixedCure::Anew },
    FixedKind { group: "node.k8s.io", kind: "RuntimeClass", parts: &["handler"], completed: &[], cure: FixedCure::Anew },
    FixedKind { group: "", kind: "ConfigMap", parts: &[], completed: &[], cure: FixedCure::Anew },
    FixedKind { group: "", kind: "Secret", parts: &[], completed: &["type"], cure: FixedCure::Anew },
    FixedKind {
        group: "",
        kind: "PersistentVolume",
        parts: &[
            "spec.azureFile",
            "spec.cephfs",
            "spec.csi",
            "spec.fc",
            "spec.flexVolume",
            "spec.hostPath",
            "spec.iscsi",
            "spec.local",
            "spec.nfs",
            "spec.rbd",
        ],
        // Where it was not said it may be said once.
        completed: &["spec.nodeAffinity", "spec.volumeMode"],
        cure: FixedCure::Anew,
    },
    FixedKind {
        group: "batch",
        kind: "Job",
        parts: &["spec.template", "spec.backoffLimitPerIndex", "spec.managedBy", "spec.successPolicy"],
        completed: &["spec.selector", "spec.completionMode", "spec.completions", "spec.podFailurePolicy"],
        cure: FixedCure::Anew,
    },
    FixedKind { group: "", kind: "ResourceQuota", parts: &["spec.scopes"], completed: &[], cure: FixedCure::Anew },
    FixedKind {
        group: "storage.k8s.io",
        kind: "CSIDriver",
        parts: &[],
        completed: &["spec.attachRequired", "spec.volumeLifecycleModes"],
        cure: FixedCure::Anew,
    },
    FixedKind { group: "discovery.k8s.io", kind: "EndpointSlice", parts: &["addressType"], completed: &[], cure: FixedCure::Anew },
    FixedKind {
        group: "gateway.networking.k8s.io",
        kind: "GatewayClass",
        parts: &["spec.controllerName"],
        completed: &[],
        cure: FixedCure::Anew,
    },
    FixedKind { group: "", kind: "Service", parts: &[], completed: &[ADDRESS, "spec.loadBalancerClass"], cure: FixedCure::Anew },
    FixedKind { group: "", kind: "Pod", parts: &pods::PARTS, completed: &pods::COMPLETED, cure: FixedCure::Anew },
    FixedKind {
        group: "storage.k8s.io",
        kind: "VolumeAttributesClass",
        parts: &["driverName", "parameters"],
        completed: &[],
        cure: FixedCure::Anew,
    },
    FixedKind { group: "resource.k8s.io", kind: "ResourceClaim", parts: &["spec"], completed: &[], cure: FixedCure::Anew },
    FixedKind { group: "resource.k8s.io", kind: "ResourceClaimTemplate", parts: &["spec"], completed: &[], cure: FixedCure::Anew },
    FixedKind {
        group: "apiextensions.k8s.io",
        kind: "CustomResourceDefinition",
        parts: &["spec.group", "spec.names.kind", "spec.names.plural", "spec.scope"],
        completed: &[],
        cure: FixedCure::Kind,
    },
];

/// What a ConfigMap or Secret holds that says of itself that it is immutable; and that word.
const HELD: [&str; 4] = ["data", "binaryData", "stringData", "immutable"];

/// A change that is refused.
pub(super) struct FixedChange {
    /// The path of the part.
    pub(super) part: &'static str,
    /// What it was and what it is, where that is short enough to tell.
    pub(super) values: Option<(String, String)>,
    /// Where it is written what has changed of it; if it is gone, the object.
    pub(super) at: Span,
    pub(super) cure: FixedCure,
    /// Names of templates of claims that it has no longer.
    pub(super) left: Vec<String>,
}

/// What the API server says where a part is absent, always the same: kind, part, value.
const DEFAULTS: [(&str, &str, &str); 18] = [
    ("CSIDriver", "spec.attachRequired", "true"),
    ("CSIDriver", "spec.volumeLifecycleModes", "Persistent"),
    ("Job", "spec.completionMode", "NonIndexed"),
    ("PersistentVolume", "spec.volumeMode", "Filesystem"),
    ("PersistentVolumeClaim", "spec.volumeMode", "Filesystem"),
    ("Pod", "spec.dnsPolicy", "ClusterFirst"),
    ("Pod", "spec.hostIPC", "false"),
    ("Pod", "spec.hostNetwork", "false"),
    ("Pod", "spec.hostPID", "false"),
    ("Pod", "spec.restartPolicy", "Always"),
    ("Pod", "spec.schedulerName", "default-scheduler"),
    ("Pod", "spec.serviceAccountName", "default"),
    ("Pod", "spec.shareProcessNamespace", "false"),
    ("PriorityClass", "preemptionPolicy", "PreemptLowerPriority"),
    ("Secret", "type", "Opaque"),
    ("StatefulSet", "spec.podManagementPolicy", "OrderedReady"),
    ("StorageClass", "reclaimPolicy", "Delete"),
    ("StorageClass", "volumeBindingMode", "Immediate"),
];

/// Templates of the claims of a StatefulSet.
const CLAIMS: &str = "spec.volumeClaimTemplates";

fn known(object: &ObjectName) -> Option<&'static FixedKind> {
    KINDS.iter().find(|known| known.group == object.group() && known.kind == &*object.kind)
}

/// Whether anything of a kind cannot be changed.
pub(super) fn knows(object: &ObjectName) -> bool {
    known(object).is_some()
}

/// The changes that are refused.
pub(super) fn changes(object: &ObjectName, old: &Value, new: &Value) -> Vec<FixedChange> {
    let Some(kind) = known(object) else { return Vec::new() };
    let change = |part: &'static str, may_lack: bool| {
        let path: Vec<&str> = part.split('.').collect();
        let [was, is] = [old, new].map(|object| object.at(&path).map(|value| pods::seen(kind.kind, part, value)));
        let (was, is) = (was.as_ref(), is.as_ref());
        let (differs, at) = match (was, is) {
            (Some(was), Some(is)) => (!is_same(was, is, false), is.changed_at(was)),
            (None, None) => (false, new.origin.span),
            // An address that was given is not taken back.
            (None, Some(is)) if part == ADDRESS && is.as_str() == Some("None") => (true, is.origin.span),
            (Some(value), None) | (None, Some(value)) if default(kind, part).is_some() => {
                (word(value).as_deref() != default(kind, part), is.unwrap_or(new).origin.span)
            }
            (Some(_), None) | (None, Some(_)) => (!may_lack, is.unwrap_or(new).origin.span),
        };
        // Of a Job with numbered pods there may be another number of them.
        let differs =
            differs && !(part == "spec.completions" && new.at(&["spec", "completionMode"]).and_then(Value::as_str) == Some("Indexed"));
        let scalar = |value: Option<&Value>| match value {
            Some(value) => value.as_str().map(str::to_owned),
            None => default(kind, part).map(str::to_owned),
        };
        let left = if part == CLAIMS { claims(was).difference(&claims(is)).cloned().collect() } else { Vec::new() };
        let cure = if kind.cure == FixedCure::Orphan && part == SELECTOR { FixedCure::Pods } else { kind.cure };
        differs.then(|| FixedChange { part, values: scalar(was).zip(scalar(is)), at, cure, left })
    };
    let parts = kind.parts.iter().filter_map(|part| change(part, false));
    let completed = kind.completed.iter().filter_map(|part| change(part, true));
    let is_immutable = matches!(old.get("immutable").map(|value| &value.data), Some(Data::Bool(true)));
    let held = HELD.iter().filter(|_| is_immutable && matches!(kind.kind, "ConfigMap" | "Secret")).filter_map(|part| change(part, false));
    let found = parts.chain(completed).chain(held).chain(shrunk(kind, old, new));
    found
        .chain(pods::changes(kind.kind, old, new).into_iter().map(|(part, at)| FixedChange {
            part,
            values: None,
            at,
            cure: kind.cure,
            left: Vec::new(),
        }))
        .collect()
}

/// What the server says where a part is absent, if that is known.
fn default(kind: &FixedKind, part: &str) -> Option<&'static str> {
    DEFAULTS.iter().find(|(of, path, _)| *of == kind.kind && *path == part).map(|(.., value)| *value)
}

/// A value as one word, or a list of one.
fn word(value: &Value) -> Option<String> {
    if let Data::Bool(is) = &value.data {
        return Some(is.to_string());
    }
    match value.as_list() {
        Some([one]) => word(one),
        _ => value.as_str().map(str::to_owned),
    }
}

/// Names of templates of claims.
fn claims(templates: Option<&Value>) -> BTreeSet<String> {
    let templates = templates.and_then(Value::as_list).unwrap_or_default();
    let names = templates.iter().filter_map(|template| template.at(&["metadata", "name"]).and_then(Value::as_str));
    names.map(str::to_owned).collect()
}

/// Whether two parts are the same to the server, which knows amounts.
fn is_same(was: &Value, is: &Value, are_amounts: bool) -> bool {
    match (&was.data, &is.data) {
        (Data::Map(old), Data::Map(new)) => {
            let same = |entry: &Entry| {
                let Some(was) = old.entry(&entry.key).map(|was| &was.value) else { return false };
                let amounts = || are_amounts.then(|| amount(was).zip(amount(&entry.value))).flatten();
                is_same(was, &entry.value, matches!(&*entry.key, "requests" | "limits")) || amounts().is_some_and(|(was, is)| was == is)
            };
            old.entries().len() == new.entries().len() && new.entries().iter().all(same)
        }
        (Data::List(old), Data::List(new)) => {
            old.items().len() == new.items().len() && old.items().iter().zip(new.items()).all(|(was, is)| is_same(was, is, false))
        }
        (_, _) => was.same_data(is),
    }
}

/// What a claim asks for.
const STORAGE: &str = "spec.resources.requests.storage";

/// A claim that asks for less than before; one that asks for more may grow.
fn shrunk(kind: &FixedKind, old: &Value, new: &Value) -> Option<FixedChange> {
    let path: Vec<&str> = STORAGE.split('.').collect();
    let (was, is) = (old.at(&path)?, new.at(&path)?);
    let is_smaller = kind.kind == "PersistentVolumeClaim" && amount(is)? < amount(was)?;
    let values = was.as_str().map(str::to_owned).zip(is.as_str().map(str::to_owned));
    is_smaller.then_some(FixedChange { part: STORAGE, values, at: is.origin.span, cure: kind.cure, left: Vec::new() })
}

fn amount(value: &Value) -> Option<Quantity> {
    Quantity::parse(value.as_str()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> Value {
        let project = format!(
            "platform: {{ name: a, domain: a.example.com, repository: {{ url: https://git.example.com/a.git }} }}\nenvironments: {{ e: {{}} }}\n\
             clusters: {{ c: {{ class: c }} }}\nservices: {{ s: {{ class: s }} }}\n\
             classes: {{ cluster: {{ c: {{}} }}, service: {{ s: {{ manifests: {{ it: {text} }} }} }} }}\n"
        );
        let files = crate::system::MemorySystem::default().with("platform.yaml", project);
        let compilation = crate::compile(&files, &crate::Options::default());
        let said: Vec<String> = compilation.diagnostics.sorted(&compilation.sources).iter().map(|said| said.message.clone()).collect();
        assert!(!compilation.diagnostics.has_errors(), "{text}: {said:?}");
        let manifests = compilation.objects.renderings.iter().flat_map(|rendering| &rendering.manifests);
        manifests.map(|manifest| manifest.value.clone()).next().unwrap()
    }

    /// What the API server's validation has for kinds that no case of ours installs: the object, what becomes of it, and the part that is refused.
    #[test]
    fn what_is_refused() {
        let of = |group: &str, kind: &str, rest: &str| {
            format!("{{ apiVersion: {group}, kind: {kind}, metadata: {{ name: x, namespace: default }}, {rest} }}")
        };
        for (group, kind, old, new, expected) in [
            ("v1", "ConfigMap", "immutable: true, data: { a: b }", "immutable: true, data: { a: c }", &["data"][..]),
            ("v1", "ConfigMap", "immutable: true, data: { a: b }", "data: { a: b }", &["immutable"][..]),
            ("v1", "ConfigMap", "data: { a: b }", "immutable: true, data: { a: c }", &[][..]),
            ("v1", "ConfigMap", "data: { a: b }", "data: { a: c }", &[][..]),
            ("v1", "Secret", "type: Opaque", "type: kubernetes.io/tls", &["type"][..]),
            ("v1", "Secret", "immutable: false", "type: Opaque", &[][..]),
            ("v1", "PersistentVolume", "spec: { csi: { volumeHandle: a } }", "spec: { csi: { volumeHandle: b } }", &["spec.csi"][..]),
            ("v1", "PersistentVolume", "spec: { csi: { volumeHandle: a } }", "spec: { nfs: { path: b } }", &["spec.csi", "spec.nfs"][..]),
            ("v1", "Service", "spec: { clusterIP: 10.0.0.1 }", "spec: { type: NodePort }", &[][..]),
            ("apps/v1", "StatefulSet", "spec: {}", "spec: { podManagementPolicy: Parallel }", &["spec.podManagementPolicy"][..]),
            ("apps/v1", "StatefulSet", "spec: {}", "spec: { podManagementPolicy: OrderedReady }", &[][..]),
            ("apps/v1", "StatefulSet", "spec: { podManagementPolicy: Parallel }", "spec: {}", &["spec.podManagementPolicy"][..]),
            ("storage.k8s.io/v1", "StorageClass", "provisioner: a", "provisioner: a, reclaimPolicy: Retain", &["reclaimPolicy"][..]),
            ("storage.k8s.io/v1", "StorageClass", "provisioner: a", "provisioner: a, reclaimPolicy: Delete", &[][..]),
            (
                "storage.k8s.io/v1",
                "StorageClass",
                "provisioner: a, volumeBindingMode: WaitForFirstConsumer",
                "provisioner: a",
                &["volumeBindingMode"][..],
            ),
            ("storage.k8s.io/v1", "CSIDriver", "spec: {}", "spec: { attachRequired: false }", &["spec.attachRequired"][..]),
            ("storage.k8s.io/v1", "CSIDriver", "spec: { attachRequired: true, volumeLifecycleModes: [Persistent] }", "spec: {}", &[][..]),
            ("scheduling.k8s.io/v1", "PriorityClass", "value: 1", "value: 1, preemptionPolicy: Never", &["preemptionPolicy"][..]),
            ("v1", "PersistentVolumeClaim", "spec: {}", "spec: { volumeMode: Block }", &["spec.volumeMode"][..]),
            ("v1", "PersistentVolumeClaim", "spec: {}", "spec: { storageClassName: a }", &[][..]),
            ("node.k8s.io/v1", "RuntimeClass", "handler: a", "handler: b", &["handler"][..]),
            ("v1", "Secret", "stringData: {}", "type: kubernetes.io/tls", &["type"][..]),
            ("v1", "Secret", "type: Opaque", "stringData: {}", &[][..]),
            ("v1", "Pod", "spec: { containers: [{ name: a, image: b }] }", "spec: { containers: [{ name: a, image: c }] }", &[][..]),
            (
                "v1",
                "Pod",
                "spec: { containers: [{ name: a, image: b }] }",
                "spec: { containers: [{ name: a, image: b, args: [c] }] }",
                &["spec.containers"][..],
            ),
            ("v1", "Pod", "spec: {}", "spec: { restartPolicy: Always, hostNetwork: false }", &[][..]),
            (
                "v1",
                "Pod",
                "spec: {}",
                "spec: { restartPolicy: Never, nodeSelector: { a: b } }",
                &["spec.nodeSelector", "spec.restartPolicy"][..],
            ),
            ("v1", "Pod", "spec: { activeDeadlineSeconds: 9 }", "spec: { activeDeadlineSeconds: 8 }", &[][..]),
            ("v1", "Pod", "spec: { activeDeadlineSeconds: 9 }", "spec: {}", &["spec.activeDeadlineSeconds"][..]),
            ("v1", "Pod", "spec: { tolerations: [{ key: a }] }", "spec: { tolerations: [{ key: b }, { key: a }] }", &[][..]),
            ("v1", "Pod", "spec: { tolerations: [{ key: a }] }", "spec: { tolerations: [{ key: b }] }", &["spec.tolerations"][..]),
            ("v1", "PersistentVolume", "spec: {}", "spec: { nodeAffinity: { required: {} } }", &[][..]),
            ("v1", "Service", "spec: { loadBalancerClass: a }", "spec: { loadBalancerClass: b }", &["spec.loadBalancerClass"][..]),
            ("v1", "Service", "spec: { type: LoadBalancer, loadBalancerClass: a }", "spec: { type: ClusterIP }", &[][..]),
            ("batch/v1", "Job", "spec: {}", "spec: { successPolicy: { rules: [] } }", &["spec.successPolicy"][..]),
            ("storage.k8s.io/v1", "VolumeAttributesClass", "driverName: a", "driverName: b", &["driverName"][..]),
            ("resource.k8s.io/v1", "ResourceClaimTemplate", "spec: { spec: {} }", "spec: { spec: { devices: {} } }", &["spec"][..]),
        ] {
            let (old, new) = (object(&of(group, kind, old)), object(&of(group, kind, new)));
            let found: Vec<&str> = changes(&ObjectName::of(&new).unwrap(), &old, &new).iter().map(|change| change.part).collect();
            assert_eq!(found, expected, "{kind}");
        }
    }
}
