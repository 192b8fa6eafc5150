//! What Flux would be given: its folders build as Flux builds them, everything they point to is there, and the objects are valid. That an API server
//! takes them is `.ci/long flux`.

use crate::support::{self, Project};
use crate::tools::{Built, documents, kustomize, validate, validator};
use std::collections::BTreeSet;

#[test]
fn flux_folders_build_and_are_valid() {
    let script = validator("k8s_validate.py");
    if !support::has("kubectl", "--help") {
        return;
    }
    let mut count = 0;
    for built in Built::all() {
        for folder in built.folders("flux/", "root.yaml") {
            let mut open = vec![folder.clone()];
            let mut met = BTreeSet::new();
            let mut objects = String::new();
            while let Some(at) = open.pop().filter(|at| met.insert(at.clone())) {
                let text = kustomize(&built.output.path().join(&at)).unwrap_or_else(|error| panic!("{}: {at}: {error}", built.name));
                let own = documents(&text).into_iter().filter(|object| object["kind"] == "Kustomization");
                let own = own.filter(|object| object["spec"]["sourceRef"]["name"].as_str().unwrap().starts_with("root-"));
                // Below the repository, the output is in `dist`.
                open.extend(own.map(|object| object["spec"]["path"].as_str().unwrap().strip_prefix("./dist/").unwrap().to_owned()));
                if at.starts_with("flux/") {
                    objects.push_str(&text);
                    objects.push_str("\n---\n");
                }
                count += 1;
            }
            if let Some(script) = &script {
                let file = built.output.path().join("flux-objects.yaml");
                std::fs::write(&file, objects).unwrap();
                let root = built.output.path().join(&folder).join("root.yaml");
                assert_eq!(validate(script, &["--unique", "--lint-scalars"], &[file, root]), Ok(()), "{}, {folder}", built.name);
            }
        }
    }
    assert!(count > 10, "only {count} folders of Flux were built");
}

/// No service of the library asks Flux for what it has no word for.
#[test]
fn flux_installs_the_library() {
    let mut project = Project::read("tests/data/services");
    let root = project.files.get_mut("platform.yaml").unwrap();
    for (old, new) in [("  apps: {}", "  apps: { delivery: flux }"), ("acme/platform.git }", "acme/platform.git, path: dist }")] {
        assert_eq!(root.matches(old).count(), 1, "{old}");
        *root = root.replacen(old, new, 1);
    }
    let (compilation, output) = project.build();
    assert!(!compilation.diagnostics.has_errors(), "{}", support::said(&compilation));
    assert!(output.contains_key("flux/apps/gc0/units/istio-base/release.yaml"));
}
