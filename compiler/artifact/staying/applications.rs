//! Applications of Argo CD that are called differently than before, though they install the same thing: the old one goes, and takes along what it has
//! installed. They are known by their labels.

use super::installer::field;
use super::{OutputChange, errors};
use crate::diagnostic::Diagnostics;
use crate::floor::{FilePlace, SitePath, Wing};
use std::collections::{BTreeMap, BTreeSet};

/// Old and new name of an Application, and the namespace of the old one.
pub(super) type RenamedApplication = (String, String, String);

pub(super) fn report(change: &OutputChange<'_>, diagnostics: &mut Diagnostics) {
    let mut gone: BTreeMap<SitePath<'_>, Vec<&str>> = BTreeMap::new();
    for path in &change.gone {
        if let Some(FilePlace::Delivery { wing: Wing::Argocd, site, file }) = FilePlace::of(path)
            && file.starts_with(FOLDER)
        {
            gone.entry(site).or_default().push(path);
        }
    }
    let (mut renamed, mut sites): (BTreeSet<RenamedApplication>, BTreeSet<SitePath<'_>>) = Default::default();
    for (site, paths) in gone {
        let folder = format!("{}/{}/{}/{FOLDER}", Wing::Argocd.folder(), site.0, site.1);
        let here = change.now.from(&folder).take_while(|(path, _)| path.starts_with(&folder));
        let new = here.filter(|(path, _)| !change.former.paths.contains(*path));
        let new: BTreeMap<Vec<&str>, &str> = new.map(|(_, artifact)| (labels(&artifact.text), artifact.text.as_str())).collect();
        for text in paths.into_iter().filter_map(|path| change.read(path)).filter(|text| text.contains(FINALIZER)) {
            if let Some(other) = new.get(&labels(&text))
                && let (Some(before), Some(now), Some(namespace)) = (field(&text, NAME), field(other, NAME), field(&text, "  namespace: "))
            {
                renamed.insert((before, now, namespace));
                sites.insert(site);
            }
        }
    }
    if !renamed.is_empty() {
        diagnostics.push(errors::applications_renamed(&renamed, &sites));
    }
}

const FOLDER: &str = "applications/";
const NAME: &str = "  name: ";
/// Without it an Application takes nothing along.
const FINALIZER: &str = "resources-finalizer.argocd.argoproj.io";

/// What an Application says it installs.
fn labels(text: &str) -> Vec<&str> {
    let lines = text.lines().skip_while(|line| *line != "  labels:").skip(1).take_while(|line| line.starts_with("    "));
    lines.filter(|line| ["/kind: ", "/name: ", "/tenant: "].iter().any(|label| line.contains(label))).collect()
}
