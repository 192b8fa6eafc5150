//! What platform, environments and clusters say of providers: names and arguments checked where they are written, layer by layer. In come
//! definitions, what is wrong is said. What a stack gets of it is decided when templates are expanded, because those say what is needed.

use super::errors;
use super::secrets::layers;
use crate::definition::{Definitions, provider};
use crate::diagnostic::Diagnostics;
use crate::name::Kind;
use crate::value::{Map, Value};

/// Checks every configuration, whether or not anything uses it.
pub(super) fn check(definitions: &Definitions, diagnostics: &mut Diagnostics) {
    each(definitions, &mut |configured| {
        provider::check(configured, &definitions.tables, diagnostics);
        keys(configured, diagnostics);
    });
}

/// Reports keys with expressions: outside of templates keys are names.
fn keys(value: &Value, diagnostics: &mut Diagnostics) {
    for entry in value.as_map().map(Map::entries).unwrap_or_default() {
        if let Some(template) = entry.template.as_ref().filter(|template| !template.is_broken()) {
            diagnostics.push(errors::key_with_expression(&entry.key, template.span));
        }
        keys(&entry.value, diagnostics);
    }
    value.as_list().unwrap_or_default().iter().for_each(|item| keys(item, diagnostics));
}

/// Visits every configuration of providers outside of classes, layer by layer.
pub(super) fn each<'d>(definitions: &'d Definitions, see: &mut dyn FnMut(&'d Value)) {
    let platform = definitions.platform.iter().map(|entry| &entry.value);
    let flags = definitions.flags.iter().map(|flag| &flag.value);
    let environments = definitions.environments.iter().map(|environment| &environment.body);
    let defaults =
        definitions.platform_defaults.iter().chain(definitions.environments.iter().flat_map(|environment| &environment.defaults));
    let defaults = defaults.filter(|(kind, _)| *kind == Kind::Cluster).map(|(_, layered)| &layered.value);
    let clusters = definitions.of_kind(Kind::Cluster).flat_map(layers);
    let all = platform.chain(flags).chain(environments).chain(defaults).chain(clusters);
    all.filter_map(|value| value.get("providers")).for_each(see);
}
