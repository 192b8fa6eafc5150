//! Names of files for objects: readable, the same in base and overlays, and harmless whatever the object is called.

use super::content::Identity;
use std::collections::{BTreeMap, BTreeSet};

/// File names have at most 255 bytes; this leaves room for a number and an ending.
const LONGEST: usize = 200;

/// One file name per identity, without ending: `deployment-web`; with namespace, group and version added as far as they are
/// needed to tell it from the others, then a number.
pub(super) fn stems(identities: &[Identity]) -> Vec<String> {
    let mut stems = vec![String::new(); identities.len()];
    let mut taken = BTreeSet::new();
    let mut open: Vec<usize> = (0..identities.len()).collect();
    for detail in 0..4 {
        let mut by_stem: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for at in open.drain(..) {
            let Some(identity) = identities.get(at) else { continue };
            by_stem.entry(stem(identity, detail)).or_default().push(at);
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
        let (Some(identity), Some(place)) = (identities.get(at), stems.get_mut(at)) else { continue };
        let stem = stem(identity, 0);
        let free = (2u32..).map(|number| format!("{stem}-{number}")).find(|stem| !taken.contains(stem)).unwrap_or(stem);
        taken.insert(free.clone());
        *place = free;
    }
    stems
}

fn stem(identity: &Identity, detail: usize) -> String {
    let parts = [&identity.kind, &identity.name, &identity.namespace, &identity.group, &identity.version];
    let parts: Vec<&str> = parts.into_iter().take(2 + detail).map(String::as_str).filter(|part| !part.is_empty()).collect();
    let plain = |char: char| match char.to_ascii_lowercase() {
        char @ ('a'..='z' | '0'..='9' | '.' | '-') => char,
        _ => '-',
    };
    parts.join("-").chars().map(plain).take(LONGEST).collect()
}
