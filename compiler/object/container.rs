//! Whether the containers of a pod are whole. In comes an object, out go reports. A container that nothing gives an image is mostly one whose name
//! is misspelt: what was to change another one became one of its own, which every cluster refuses.

use super::errors;
use super::template::Expander;
use crate::origin::Layer;
use crate::value::Value;

/// Lists of containers, beside each other in a pod.
const LISTS: [&str; 2] = ["containers", "initContainers"];

/// Reports containers without an image.
pub(super) fn check(expander: &Expander<'_, '_>, object: &Value) {
    let Some(pod) = way_to_pod(object).and_then(|way| object.at(way)) else { return };
    let all = || LISTS.iter().filter_map(|list| pod.get(list)?.as_list()).flatten().filter(|item| item.as_map().is_some());
    let is_whole = |container: &&Value| container.get("image").is_some();
    let name = |container: &Value| container.get("name").and_then(Value::as_str).map(str::to_owned);
    let whole: Vec<String> = all().filter(is_whole).filter_map(name).collect();
    for container in all().filter(|container| !is_whole(container)) {
        let Some(name) = container.get("name") else { continue };
        let Some(word) = name.as_str() else { continue };
        let is_of_class = matches!(expander.world.definitions.layers.get(container.origin.layer), Layer::Class(_));
        expander.report(errors::container_without_image((word, name.origin.span), container.origin.span, &whole, is_of_class));
    }
}

/// Where an object of a built-in kind says what its pods are, and one that is written like a Deployment.
fn way_to_pod(object: &Value) -> Option<&'static [&'static str]> {
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    match (text("apiVersion")?, text("kind")?) {
        ("v1", "Pod") => Some(&["spec"]),
        ("v1", "PodTemplate") => Some(&["template", "spec"]),
        ("batch/v1", "CronJob") => Some(&["spec", "jobTemplate", "spec", "template", "spec"]),
        ("apps/v1", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
        | ("batch/v1", "Job")
        | ("v1", "ReplicationController")
        | (_, "Rollout") => Some(&["spec", "template", "spec"]),
        _ => None,
    }
}
