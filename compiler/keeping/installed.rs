//! What a thing installs on a cluster, as the index remembers it: a text for each object, which stays when the thing leaves.

use crate::object::Rendering;
use std::collections::BTreeSet;

/// What stands for all that is kept elsewhere: nobody here knows its objects.
const ELSEWHERE: &str = "*";

/// The objects of a rendering, as `Kind.group/namespace/name`. A namespace is remembered as such, and what is in it goes with it.
pub(super) fn objects(rendering: &Rendering) -> Vec<String> {
    let names = || rendering.manifests.iter().map(|manifest| &manifest.object);
    let namespaces: BTreeSet<&str> = names().filter(|object| object.is_namespace()).map(|object| &*object.name).collect();
    let outside =
        names().filter(|object| !object.is_namespace() && object.namespace.as_deref().is_none_or(|name| !namespaces.contains(name)));
    let mut objects: BTreeSet<String> = outside
        .map(|object| {
            let kind = [&*object.kind, object.group()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
            let way = [Some(kind.as_str()), object.namespace.as_deref(), Some(&*object.name)];
            way.into_iter().flatten().collect::<Vec<_>>().join("/")
        })
        .collect();
    if rendering.chart.is_some() || rendering.told.as_ref().is_some_and(|told| told.get("source").is_some()) {
        objects.insert(ELSEWHERE.to_owned());
    }
    objects.into_iter().collect()
}
