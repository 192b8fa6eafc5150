//! What a layer of `override` may find there although the class does not make it: what another layer adds. In come the definitions, out goes whether
//! any other layer for things of the kind adds something of a name. Which layers meet is seen where a thing is made, and said there.

use super::{OVERRIDE, layers};
use crate::definition::{Definition, Definitions};
use crate::name::Kind;
use crate::value::{Map, Operator, Value};

/// Whether a layer other than `own` adds `key` at a path of what it overrides for things of a kind.
pub(super) fn adds(definitions: &Definitions, kind: Kind, own: &Value, path: &[&str], key: &str) -> bool {
    let adds = |layer: &Value| {
        let around = layer.at(path).and_then(Value::as_map).map(Map::entries).unwrap_or_default();
        around.iter().any(|entry| (&*entry.key == key && entry.operator != Operator::Remove) || super::check::brings(entry))
    };
    let is_other = |layer: &&Value| layer.origin.span != own.origin.span;
    let among = |value: &Value| value.get(OVERRIDE).is_some_and(|field| layers(field).into_iter().filter(is_other).any(adds));
    let of_environments = definitions.environments.iter().flat_map(|environment| &environment.defaults);
    let mut defaults = definitions.platform_defaults.iter().chain(of_environments);
    defaults.any(|(of, layered)| *of == kind && among(&layered.value)) || any(&definitions.definitions, kind, &among)
}

fn any(definitions: &[Definition], kind: Kind, among: &impl Fn(&Value) -> bool) -> bool {
    definitions.iter().any(|definition| {
        let mut said = definition.body.iter().chain(definition.overlays.iter().map(|overlay| &overlay.layered));
        (definition.kind == kind && said.any(|layered| among(&layered.value))) || any(&definition.inner, kind, among)
    })
}
