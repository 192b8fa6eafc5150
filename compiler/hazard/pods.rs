//! What cannot be changed of a Pod that no other object makes: all but the images of its containers, tolerations that it gains, and a deadline that comes
//! nearer, as `ValidatePodUpdate` of the API server has it (1.34). Resources of containers are changed by another request only.

use crate::span::Span;
use crate::value::{Map, Value};

/// Parts that nobody but the definition says.
pub(super) const PARTS: [&str; 12] = [
    "spec.affinity",
    "spec.containers",
    "spec.dnsConfig",
    "spec.hostAliases",
    "spec.hostname",
    "spec.initContainers",
    "spec.nodeSelector",
    "spec.overhead",
    "spec.runtimeClassName",
    "spec.subdomain",
    "spec.topologySpreadConstraints",
    "spec.volumes",
];

/// Parts that the server completes.
pub(super) const COMPLETED: [&str; 15] = [
    "spec.automountServiceAccountToken",
    "spec.dnsPolicy",
    "spec.enableServiceLinks",
    "spec.hostIPC",
    "spec.hostNetwork",
    "spec.hostPID",
    "spec.imagePullSecrets",
    "spec.nodeName",
    "spec.priorityClassName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.securityContext",
    "spec.serviceAccountName",
    "spec.shareProcessNamespace",
    "spec.terminationGracePeriodSeconds",
];

/// A part as far as it cannot be changed: containers of a Pod without their images.
pub(super) fn seen(kind: &str, part: &str, value: &Value) -> Value {
    let Some(items) = value.as_list().filter(|_| kind == "Pod" && part.ends_with("ontainers")) else { return value.clone() };
    let bare = |item: &Value| {
        let entries = item.as_map().map(Map::entries).unwrap_or_default().iter().filter(|entry| &*entry.key != "image");
        Value::map(entries.cloned().collect(), item.origin).after(item)
    };
    Value::list(items.iter().map(bare).collect(), value.origin).after(value)
}

/// What may only change in one direction and changes in the other, of a Pod.
pub(super) fn changes(kind: &str, old: &Value, new: &Value) -> Vec<(&'static str, Span)> {
    if kind != "Pod" {
        return Vec::new();
    }
    let place = |key: &str| new.at(&["spec", key]).map_or(new.origin.span, |value| value.origin.span);
    let list = |object: &Value| object.at(&["spec", "tolerations"]).and_then(Value::as_list).map(<[Value]>::to_vec).unwrap_or_default();
    let (before, now) = (list(old), list(new));
    let lost = before.iter().any(|one| !now.iter().any(|other| other.same_data(one)));
    let deadline = |object: &Value| object.at(&["spec", "activeDeadlineSeconds"]).and_then(Value::as_int);
    let later = deadline(old).is_some_and(|was| deadline(new).is_none_or(|is| is > was));
    [("spec.tolerations", "tolerations", lost), ("spec.activeDeadlineSeconds", "activeDeadlineSeconds", later)]
        .into_iter()
        .filter(|(.., is)| *is)
        .map(|(part, key, _)| (part, place(key)))
        .collect()
}
