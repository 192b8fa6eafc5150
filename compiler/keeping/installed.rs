//! What a thing installs on a cluster, as the index remembers it: a text for each object, which stays when the thing leaves.

use crate::object::{Chart, ObjectName, Rendering, may_hold};
use std::collections::BTreeSet;

/// What stands for all that is kept elsewhere: nobody here knows its objects. Of a chart, namespace and release follow: it begins anew in another.
const ELSEWHERE: &str = "*";

/// What the index remembers of what is installed: of a namespace that the thing makes only what may hold data. What else a tenant makes there Git has.
pub(super) fn remembered(rendering: &Rendering) -> Vec<String> {
    let namespaces = rendering.manifests.iter().map(|manifest| &manifest.object).filter(|object| object.is_namespace());
    let namespaces: BTreeSet<&str> = namespaces.map(|object| &*object.name).collect();
    let is_own = |object: &ObjectName| object.namespace.as_deref().is_some_and(|name| namespaces.contains(name));
    objects(rendering, |object| !is_own(object) || may_hold(object))
}

/// All that is installed of a rendering, also what the index does not remember, or an older platc did.
pub(super) fn all(rendering: &Rendering) -> Vec<String> {
    objects(rendering, |_| true)
}

/// What is installed of a rendering: its objects as `Kind.group/namespace/name`, its release as `*/namespace/name`. Namespaces are remembered as such.
fn objects(rendering: &Rendering, is_told: impl Fn(&ObjectName) -> bool) -> Vec<String> {
    let names = rendering.manifests.iter().map(|manifest| &manifest.object);
    let told = names.filter(|object| !object.is_namespace() && is_told(object));
    let mut objects: BTreeSet<String> = told
        .map(|object| {
            let kind = [&*object.kind, object.group()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
            let way = [Some(kind.as_str()), object.namespace.as_deref(), Some(&*object.name)];
            way.into_iter().flatten().collect::<Vec<_>>().join("/")
        })
        .collect();
    if let Some(Chart { namespace, release, .. }) = &rendering.chart {
        objects.insert(format!("{ELSEWHERE}/{namespace}/{release}"));
    }
    if rendering.told.as_ref().is_some_and(|told| told.get("source").is_some()) {
        objects.insert(ELSEWHERE.to_owned());
    }
    objects.into_iter().collect()
}

/// Whether what is remembered is kept elsewhere.
pub(super) fn is_elsewhere(object: &str) -> bool {
    object == ELSEWHERE || release(object).is_some()
}

/// Namespace and name of a release.
pub(super) fn release(object: &str) -> Option<(&str, &str)> {
    object.strip_prefix(ELSEWHERE)?.strip_prefix('/')?.split_once('/')
}

/// Whether what is remembered is among what is installed. An older index knows of a chart, and not of its release.
pub(super) fn is_there(object: &str, now: &[String]) -> bool {
    now.iter().any(|known| known == object) || (object == ELSEWHERE && now.iter().any(|known| is_elsewhere(known)))
}

/// Whether what is remembered stands in one of some namespaces.
pub(super) fn is_within(object: &str, namespaces: &[String]) -> bool {
    let mut parts = object.split('/').skip(1);
    let (namespace, name) = (parts.next(), parts.next());
    name.is_some() && namespaces.iter().any(|known| Some(known.as_str()) == namespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_elsewhere_is_there_by_its_release() {
        let now = ["*/monitoring/kps".to_owned(), "Service/default/web".to_owned()];
        for (object, is) in
            [("*", true), ("*/monitoring/kps", true), ("*/mon/kps", false), ("Service/default/web", true), ("Service/web", false)]
        {
            assert_eq!(is_there(object, &now), is, "{object}");
        }
        assert!(!is_there("*", &now[1..]));
    }

    #[test]
    fn what_has_no_namespace_is_within_none() {
        let namespaces = ["shop".to_owned()];
        for (object, is) in
            [("Cluster.a.b/shop/db", true), ("PersistentVolume/shop", false), ("*/shop/db", true), ("*", false), ("A/b/shop", false)]
        {
            assert_eq!(is_within(object, &namespaces), is, "{object}");
        }
    }
}
