//! A strict validator over all Kubernetes objects of the examples: as they come to a cluster, and as they lie in the output.

use super::{examples, kustomize, parallel, validate, validator};
use crate::support;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Kinds that there is no schema to judge by. One that no example has any more goes from the list.
const WITHOUT_SCHEMA: [(&str, &str); 1] = [("postgresql.cnpg.io/v1", "Database")];

/// Whether there is no schema for an object, which is noted in `met`.
fn has_no_schema(text: &str, met: &mut BTreeSet<&'static str>) -> bool {
    let object: Value = serde_yaml::from_str(text).unwrap();
    let known = WITHOUT_SCHEMA.iter().find(|(api, kind)| object["apiVersion"] == *api && object["kind"] == *kind);
    met.extend(known.map(|(_, kind)| *kind));
    known.is_some()
}

#[test]
fn kubernetes_objects_are_valid() {
    let Some(script) = validator("k8s_validate.py") else { return };
    if !support::has("kubectl", "--help") {
        return;
    }
    let (mut met, mut judged) = (BTreeSet::new(), 0);
    for built in examples() {
        let place = support::scratch();
        let overlays = built.overlays();
        let texts = parallel(&overlays, |overlay| kustomize(&built.output.path().join(overlay)).unwrap());
        // All that comes to one cluster is one run, because the same object twice is an error there.
        let mut runs: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for (overlay, text) in overlays.iter().zip(texts) {
            let known: Vec<&str> = text.split("\n---\n").filter(|text| !has_no_schema(text, &mut met)).collect();
            if known.is_empty() {
                continue;
            }
            let site = overlay.split_once("/overlays/").unwrap().1.to_owned();
            let file = place.path().join(format!("{}.yaml", overlay.replace('/', "-")));
            std::fs::write(&file, known.join("\n---\n")).unwrap();
            runs.entry(site).or_default().push(file);
        }
        for folder in built.folders("argocd/", "root.yaml") {
            let site = folder.strip_prefix("argocd/").unwrap().to_owned();
            let folder = built.output.path().join(&folder);
            // Beside them are values of charts, which are no objects.
            let parts = ["root.yaml", "projects", "applications", "bootstrap"].map(|part| folder.join(part));
            runs.entry(site).or_default().extend(parts.into_iter().filter(|part| part.exists()));
        }
        for (site, paths) in &runs {
            let outcome = validate(
                &script,
                &["--unique", "--lint-scalars", "--exclude", "kustomization.yaml", "--exclude", "argocd-cm-*patch.yaml"],
                paths,
            );
            assert_eq!(outcome, Ok(()), "{}, {site}", built.name);
            judged += 1;
        }
        // The sources of the overlays too: bases and objects that only one place has.
        let sources = built.output.path().join("kustomize");
        if sources.is_dir() {
            let mut arguments = vec!["--lint-scalars".to_owned()];
            let parts = ["kustomization.yaml", "*.patch.yaml", "*.delete.yaml"];
            let files = built.paths.iter().filter(|path| path.starts_with("kustomize/") && !path.ends_with(".patch.yaml"));
            let unknown = files.map(|path| built.output.path().join(path));
            let unknown = unknown.filter(|path| has_no_schema(&std::fs::read_to_string(path).unwrap(), &mut met));
            let unknown: Vec<String> = unknown.map(|path| path.to_str().unwrap().to_owned()).collect();
            arguments.extend(parts.map(str::to_owned).into_iter().chain(unknown).flat_map(|part| ["--exclude".to_owned(), part]));
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            assert_eq!(validate(&script, &arguments, &[sources]), Ok(()), "{}", built.name);
        }
    }
    assert_eq!(met.len(), WITHOUT_SCHEMA.len(), "of {WITHOUT_SCHEMA:?} the examples have only {met:?}");
    assert!(judged > 20, "{judged} clusters");
}
