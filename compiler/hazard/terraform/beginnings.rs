//! Versions that a cloud is asked for by their beginning: `${data.digitalocean_kubernetes_versions.this.latest_version}` with the `version_prefix` `1.34.` is some
//! `1.34.x`, which is enough to tell which of two is lower. In comes a body with such texts, out goes the same with the beginnings in their place.

use super::arguments::ArgumentStep;
use super::emitted::EmittedStack;
use super::fate::with_moved;
use super::reference::references;
use serde_json::Value as Json;

/// Types of data, the attributes that begin so, and the argument that says how.
const BEGUN: [(&str, &[&str], &str); 3] = [
    ("azurerm_kubernetes_service_versions", &["latest_version", "default_version"], "version_prefix"),
    ("digitalocean_kubernetes_versions", &["latest_version"], "version_prefix"),
    ("google_container_engine_versions", &["latest_master_version", "latest_node_version"], "version_prefix"),
];

/// How a text begins, if it is one reference to such a version.
pub(super) fn beginning(stack: &EmittedStack, text: &str) -> Option<String> {
    let all = references(text);
    let [reference] = &*all else { return None };
    let attribute = reference.attribute.as_deref()?;
    if text != format!("${{{}.{attribute}}}", reference.address) {
        return None;
    }
    let type_ = reference.address.strip_prefix("data.")?.split('.').next()?;
    let (.., argument) = BEGUN.iter().find(|(known, attributes, _)| *known == type_ && attributes.contains(&attribute))?;
    let said = stack.blocks.get(&reference.address)?.get(*argument)?.as_str()?;
    (!said.is_empty() && !said.contains("${")).then(|| said.to_owned())
}

/// The data by which an argument begins, and what says how: where it is decided.
pub(super) fn source(stack: &EmittedStack, address: &str, path: &[ArgumentStep]) -> Option<(String, [ArgumentStep; 1])> {
    let [ArgumentStep::Name(name)] = path else { return None };
    let text = stack.blocks.get(address)?.get(name)?.as_str()?;
    beginning(stack, text)?;
    let reference = references(text).into_iter().next()?;
    let type_ = reference.address.strip_prefix("data.")?.split('.').next()?;
    let (.., argument) = BEGUN.iter().find(|(known, ..)| *known == type_)?;
    Some((reference.address, [ArgumentStep::Name((*argument).to_owned())]))
}

/// A body with beginnings in the place of such texts.
pub(super) fn begun(stack: &EmittedStack, body: &Json) -> Json {
    with_moved(body, &|text| beginning(stack, text))
}
