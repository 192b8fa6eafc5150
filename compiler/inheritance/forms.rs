//! Forms of a thing in Kubernetes that exclude each other, as a value of a variable and where it is from: the one that a layer says takes the place of
//! those of weaker layers. In comes where two maps meet in an object, out goes which of their keys are forms. Only places are known by which every
//! kind means the same; two forms that one layer says are left to the cluster.

use crate::path::Step;
use crate::value::{Data, Entry};

/// How a pod is asked, or told.
const HANDLERS: &[&str] = &["exec", "grpc", "httpGet", "sleep", "tcpSocket"];

/// Where a volume is from.
const VOLUMES: &[&str] = &[
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "gitRepo",
    "glusterfs",
    "hostPath",
    "image",
    "iscsi",
    "nfs",
    "persistentVolumeClaim",
    "photonPersistentDisk",
    "portworxVolume",
    "projected",
    "quobyte",
    "rbd",
    "scaleIO",
    "secret",
    "storageos",
    "vsphereVolume",
];

/// The forms that a map has, by the steps that lead to it.
pub(super) fn at(steps: &[Step]) -> &'static [&'static str] {
    let key = |step: Option<&Step>| match step {
        Some(Step::Key(key)) => key.to_string(),
        Some(Step::Item(_)) | None => String::new(),
    };
    let mut inward = steps.iter().rev();
    let (own, around) = (key(inward.next()), key(inward.next()));
    match (around.as_str(), own.as_str()) {
        ("env", _) => &["value", "valueFrom"],
        ("volumes", _) => VOLUMES,
        (_, "valueFrom") => &["configMapKeyRef", "fieldRef", "fileKeyRef", "resourceFieldRef", "secretKeyRef"],
        (_, "livenessProbe" | "readinessProbe" | "startupProbe") | ("lifecycle", "postStart" | "preStop") => HANDLERS,
        (_, "strategy") => &["blueGreen", "canary"],
        (_, "defaultBackend") => &["resource", "service"],
        _ => &[],
    }
}

/// What a word about how pods are replaced leaves no place for.
pub(super) fn excluded(steps: &[Step], entry: &Entry) -> &'static [&'static str] {
    let is_strategy = matches!(steps.last(), Some(Step::Key(key)) if matches!(&**key, "strategy" | "updateStrategy"));
    let is_other = matches!(&entry.value.data, Data::String(text) if &**text != "RollingUpdate");
    if is_strategy && is_other && &*entry.key == "type" { &["rollingUpdate"] } else { &[] }
}

/// Whether an entry says a form.
pub(super) fn says(entry: &Entry) -> bool {
    super::exclusion::sets(entry) && !matches!(entry.value.data, Data::Null)
}
