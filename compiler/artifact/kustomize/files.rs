//! Names of files for objects: readable, the same in base and overlays, and harmless whatever the object is called.

use super::content::ObjectKey;
use std::collections::{BTreeMap, BTreeSet};

/// File names have at most 255 bytes; this leaves room for a number and an ending.
const LONGEST: usize = 200;

/// One file name per key, without ending: `deployment-web`; with namespace, group and version added as far as they are
/// needed to tell it from the others, then a number.
pub(super) fn stems(keys: &[ObjectKey]) -> Vec<String> {
    let mut stems = vec![String::new(); keys.len()];
    let mut taken = BTreeSet::new();
    let mut open: Vec<usize> = (0..keys.len()).collect();
    for detail in 0..4 {
        let mut by_stem: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for at in open.drain(..) {
            let Some(key) = keys.get(at) else { continue };
            by_stem.entry(stem(key, detail)).or_default().push(at);
        }
        for (stem, rivals) in by_stem {
            // These endings are for patches.
            let reserved = stem.ends_with(".patch") || stem.ends_with(".delete");
            match rivals.as_slice() {
                [only] if !reserved && taken.insert(stem.clone()) => {
                    if let Some(place) = stems.get_mut(*only) {
                        *place = stem;
                    }
                }
                rivals => open.extend(rivals),
            }
        }
        open.sort_unstable();
    }
    for at in open {
        let (Some(key), Some(place)) = (keys.get(at), stems.get_mut(at)) else { continue };
        let stem = stem(key, 0);
        let free = (2u32..).map(|number| format!("{stem}-{number}")).find(|stem| !taken.contains(stem)).unwrap_or(stem);
        taken.insert(free.clone());
        *place = free;
    }
    stems
}

fn stem(key: &ObjectKey, detail: usize) -> String {
    let parts = [&key.kind, &key.name, &key.namespace, &key.group, &key.version];
    let parts: Vec<&str> = parts.into_iter().take(2 + detail).map(String::as_str).filter(|part| !part.is_empty()).collect();
    let plain = |char: char| match char.to_ascii_lowercase() {
        char @ ('a'..='z' | '0'..='9' | '.' | '-') => char,
        _ => '-',
    };
    parts.join("-").chars().map(plain).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    /// Each key as `group version kind namespace name`, `-` for none.
    fn check(keys: &[&str], expect: Expect) {
        let blank = |text: &&str| text.split(' ').map(|part| if part == "-" { "" } else { part }).collect::<Vec<_>>().join(" ");
        let keys: Vec<String> = keys.iter().map(blank).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        expect.assert_eq(&stems_of(&keys).join("\n"));
    }

    #[test]
    fn names_say_no_more_than_they_need() {
        check(
            &["apps v1 Deployment web web", "- v1 Service web web", "- v1 ConfigMap web kube-root-ca.crt"],
            expect![[r#"
            deployment-web
            service-web
            configmap-kube-root-ca.crt"#]],
        );
    }

    #[test]
    fn namesakes_are_told_apart() {
        check(
            &["- v1 Secret a tls", "- v1 Secret b tls", "- v1 Secret - tls", "- v1 Service a web", "knative.dev v1 Service a web"],
            expect![[r#"
                secret-tls-a
                secret-tls-b
                secret-tls
                service-web-a
                service-web-a-knative.dev"#]],
        );
        check(
            &["a.b v1 Thing x y", "a.b v2 Thing x y", "- v1 Thing - a-b", "- v1 Thing b a", "- v1 Thing c a"],
            expect![[r#"
            thing-y-x-a.b-v1
            thing-y-x-a.b-v2
            thing-a-b
            thing-a-b-v1
            thing-a-c"#]],
        );
    }

    #[test]
    fn no_name_leaves_its_folder_or_looks_like_a_patch() {
        check(
            &[
                "rbac.authorization.k8s.io v1 ClusterRole - ../../x",
                "rbac.authorization.k8s.io v1 ClusterRole - system:node",
                "rbac.authorization.k8s.io v1 ClusterRole - System:Node",
                "- v1 ConfigMap - web.patch",
                "- v1 ConfigMap - é",
            ],
            expect![[r#"
                clusterrole-..-..-x
                clusterrole-system-node-2
                clusterrole-system-node-3
                configmap-web.patch-v1
                configmap--"#]],
        );
        let long = format!("- v1 ConfigMap {} {}", "n".repeat(63), "x".repeat(253));
        let longer = format!("- v1 ConfigMap {} {}", "n".repeat(63), "x".repeat(252));
        let stems = stems_of(&[&long, &longer]);
        assert_eq!((stems[0].len(), stems[1].len()), (202, 202));
        assert_ne!(stems[0], stems[1]);
    }

    fn stems_of(keys: &[&str]) -> Vec<String> {
        let key = |text: &&str| {
            let mut parts = text.split(' ').map(str::to_owned);
            let mut next = || parts.next().unwrap();
            let (group, version, kind, namespace, name) = (next(), next(), next(), next(), next());
            ObjectKey { group, version, kind, namespace, name }
        };
        stems(&keys.iter().map(key).collect::<Vec<_>>())
    }
}
