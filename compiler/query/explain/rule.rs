//! Why platc itself says what no line of a user does, in a sentence. In comes a file of the output and a path in it, out goes the rule. It decides no output.

use crate::floor::{FilePlace, OVERLAY_TO_BASE, Wing};
use crate::path::{Path, Step};

/// Whether a path is that of the wave in which Argo CD installs a thing; projects and what a class writes have waves of their own.
pub(super) fn is_wave(file: &str, path: &Path) -> bool {
    let is_application =
        matches!(FilePlace::of(file), Some(FilePlace::Delivery { wing: Wing::Argocd, file, .. }) if file.starts_with("applications/"));
    is_application
        && matches!(path.steps(), [Step::Key(metadata), Step::Key(annotations), Step::Key(wave)]
        if [&**metadata, &**annotations, &**wave] == ["metadata", "annotations", WAVE])
}

/// Whether a path is that of all that Flux waits for before it installs something.
pub(super) fn is_order(file: &str, path: &Path) -> bool {
    let is_flux = matches!(FilePlace::of(file), Some(FilePlace::Delivery { wing: Wing::Flux, .. }));
    is_flux && matches!(path.steps(), [Step::Key(spec), Step::Key(order), ..] if [&**spec, &**order] == ["spec", "dependsOn"])
}

const WAVE: &str = "argocd.argoproj.io/sync-wave";

/// The rule by which platc says something in a file by itself; `said` is what stands there, if that is a text.
#[must_use]
pub fn rule(file: &str, path: &Path, said: Option<&str>) -> &'static str {
    let keys: Vec<&str> = path.steps().iter().filter_map(|step| if let Step::Key(key) = step { Some(&**key) } else { None }).collect();
    if let Some(FilePlace::Delivery { wing, file, .. }) = FilePlace::of(file)
        && !file.ends_with(KUSTOMIZATION)
    {
        return if wing == Wing::Flux { flux(&keys) } else { argocd(file, &keys) };
    }
    let name = file.rsplit('/').next().unwrap_or(file);
    match FilePlace::of(file) {
        _ if name == KUSTOMIZATION => kustomization(&keys, said),
        Some(FilePlace::Overlay { .. } | FilePlace::Base { .. }) if name.ends_with(".patch.yaml") => patch(&keys, said),
        Some(FilePlace::Overlay { .. } | FilePlace::Base { .. }) if name.ends_with(".delete.yaml") => {
            "the base has this object and this place has not, so it is taken out here"
        }
        Some(FilePlace::Stack { .. }) => "every stack has it: Terraform needs it to run, or to know what is where",
        Some(FilePlace::Overlay { .. } | FilePlace::Base { .. } | FilePlace::Delivery { .. }) | None => "every file of this kind has it",
    }
}

const KUSTOMIZATION: &str = "kustomization.yaml";

fn kustomization(keys: &[&str], said: Option<&str>) -> &'static str {
    match keys {
        ["resources", ..] if said == Some(OVERLAY_TO_BASE) => {
            "each overlay begins with the base of its thing, which has what its places share"
        }
        ["resources", ..] => "kustomize reads what stands here, which is all that is written beside it",
        ["patches", ..] => "what this place has otherwise than the base is patched, and what it has not is taken out",
        _ => "every file of kustomize begins so",
    }
}

fn patch(keys: &[&str], said: Option<&str>) -> &'static str {
    match (keys, said) {
        (["op"], Some("test")) => "an operation goes by a position in a list, so it is tested first which item is there",
        (["op"], Some("remove")) | ([], _) => "the base has what this place has not, and one operation takes that out",
        _ => "this place differs from the base here, and each difference is one operation",
    }
}

fn argocd(file: &str, keys: &[&str]) -> &'static str {
    let folder = file.split_once('/').map_or("", |(folder, _)| folder);
    match (folder, keys) {
        (_, ["metadata", "annotations", WAVE]) => "waves are counted: what others need comes in an earlier one",
        (_, ["metadata", "annotations", "argocd.argoproj.io/manifest-generate-paths"]) => {
            "these are the files that it is made of: Argo CD looks again when one of them changes"
        }
        (_, ["metadata", "finalizers"]) => "what Argo CD has installed goes with what installs it",
        ("applications", ["spec", "project"]) => "the AppProject of its tenant, or that of the platform on this cluster",
        ("applications", ["spec", "source" | "sources", .., "valueFiles" | "ref"]) => {
            "values stand in a file beside the Application, which is read from the repository of the platform"
        }
        ("applications", ["spec", "syncPolicy", ..]) => {
            "every Application has it for which nothing else is said below `argocd`, by the platform, the environment or the class"
        }
        ("applications", _) => "every Application has it",
        ("projects", _) => "every AppProject has it",
        ("values", _) => "it stands beside the values of the class",
        ("clusters", _) => "it is how Argo CD knows a cluster on which it installs",
        ("", _) if file.starts_with("root") => "it is the Application that installs all others of the cluster, which is alike everywhere",
        ("bootstrap", _) => "it has to be there before Argo CD installs anything",
        (_, _) => "every file of this kind for Argo CD has it",
    }
}

fn flux(keys: &[&str]) -> &'static str {
    match keys {
        ["spec", "dependsOn", ..] => "Flux waits for what this needs",
        _ => "every object of this kind for Flux has it",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(file: &str, path: &str, said: &str, expected: Expect) {
        expected.assert_eq(rule(file, &path.parse().unwrap(), Some(said)));
    }

    #[test]
    fn only_applications_wait_for_others() {
        let path: Path = "metadata.annotations[\"argocd.argoproj.io/sync-wave\"]".parse().unwrap();
        assert!(is_wave("argocd/ops/gc0/applications/a.yaml", &path));
        for file in ["argocd/ops/gc0/projects/a.yaml", "kustomize/services/a/base/job-a.yaml", "flux/ops/gc0/units/a.yaml"] {
            assert!(!is_wave(file, &path), "{file}");
        }
        let order: Path = "spec.dependsOn[0].name".parse().unwrap();
        assert!(is_order("flux/ops/gc0/units/a.yaml", &order) && !is_order("argocd/ops/gc0/applications/a.yaml", &order));
    }

    #[test]
    fn each_place_has_its_rule() {
        let overlay = "kustomize/services/a/overlays/ops/gc0";
        let kustomization = format!("{overlay}/kustomization.yaml");
        check(&kustomization, "kind", "Kustomization", expect!["every file of kustomize begins so"]);
        check(
            &kustomization,
            "resources[0]",
            "../../../base",
            expect!["each overlay begins with the base of its thing, which has what its places share"],
        );
        check(
            &format!("{overlay}/deployment-a.patch.yaml"),
            "[0].op",
            "test",
            expect!["an operation goes by a position in a list, so it is tested first which item is there"],
        );
        check(
            &format!("{overlay}/deployment-a.delete.yaml"),
            "[\"$patch\"]",
            "delete",
            expect!["the base has this object and this place has not, so it is taken out here"],
        );
        check(
            "argocd/ops/gc0/applications/a.yaml",
            "metadata.annotations[\"argocd.argoproj.io/sync-wave\"]",
            "10",
            expect!["waves are counted: what others need comes in an earlier one"],
        );
        check("argocd/ops/gc0/kustomization.yaml", "kind", "Kustomization", expect!["every file of kustomize begins so"]);
        check("flux/ops/gc0/units/a.yaml", "kind", "x", expect!["every object of this kind for Flux has it"]);
        check(
            "terraform/ops/gc0/terraform.tf.json",
            "terraform.required_version",
            ">= 1.10.0",
            expect!["every stack has it: Terraform needs it to run, or to know what is where"],
        );
    }
}
