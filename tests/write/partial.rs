//! Building a part, through the program: what belongs to no part of it renders as before.

use super::{platc, said, tree};
use crate::support::{self, Project};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

fn project(class: &str, not_in: &str) -> Project {
    let text = "platform: { name: acme, domain: infra.example.com, repository: { url: https://git.example.com/acme/platform.git } }
environments: { apps: {}, ops: { inherits: apps } }
clusters: { c0: { class: bare }, c1: { class: bare } }
services: { a: { class: config, size: s1NOT }, b: { class: config, size: s1 }, still: { class: fixed, size: s1 } }
classes:
  cluster: { bare: {} }
  service:
    fixed:
      schema: { size: string }
      manifests:
        one: { apiVersion: v1, kind: ConfigMap, metadata: { name: '${self.name}', namespace: x }, data: { here: '${environment.name}' } }
    config:
      schema: { size: string }
      manifests:
        one: { apiVersion: v1, kind: ConfigMap, metadata: { name: '${self.name}', namespace: x }, data: { size: '${self.size}', here: '${environment.name}', CLASS } }
        two: { apiVersion: v1, kind: ConfigMap, metadata: { name: '${self.name}-too', namespace: x }, data: { size: '${self.size}' } }
";
    let text = text.replace("CLASS", class).replace("NOT", not_in);
    Project { files: [("platform.yaml".to_owned(), text)].into() }
}

fn build(folder: &Path, arguments: &[&str]) -> Output {
    let output = platc(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    output
}

/// What the overlays of some folders give, by overlay.
fn rendered(dist: &Path, of: &str) -> BTreeMap<String, String> {
    let lists =
        tree(dist).into_keys().filter(|path| path.contains(of) && path.ends_with("/kustomization.yaml") && !path.contains("/base/"));
    let overlays = lists.filter(|path| path.starts_with("kustomize/")).map(|path| path.trim_end_matches("/kustomization.yaml").to_owned());
    overlays
        .map(|overlay| {
            let made = Command::new("kubectl").arg("kustomize").arg(dist.join(&overlay)).output().unwrap();
            assert!(made.status.success(), "{overlay}: {}", said(&made));
            (overlay, String::from_utf8(made.stdout).unwrap())
        })
        .collect()
}

#[test]
fn what_is_not_built_gives_what_it_gave() {
    if !support::has("kubectl", "version") {
        return;
    }
    let (apps, ops, zero) = (["-e", "apps"], ["-e", "ops"], ["-c", "c0"]);
    let cases = [
        (apps, "overlays/apps/", "overlays/ops/", "new: x", ""),
        (apps, "overlays/apps/", "overlays/ops/", "old: x", ", notIn: [apps]"),
        (ops, "overlays/ops/", "overlays/apps/", "size2: '${self.size}'", ", notIn: [ops]"),
        (zero, "/c0", "/c1", "new: x", ", placement: [c0]"),
    ];
    for (arguments, chosen, others, class, not_in) in cases {
        // To the change, and from it.
        for turned in [false, true] {
            let (home, whole) = (support::scratch(), support::scratch());
            let (first, second) = (project("old: x", ""), project(class, not_in));
            let (first, second) = if turned { (second, first) } else { (first, second) };
            let dist = home.path().join("dist");
            first.write(home.path());
            build(home.path(), &[]);
            let before = rendered(&dist, others);
            assert!(before.len() >= 2, "{before:?}");
            second.write(home.path());
            build(home.path(), &arguments);
            let what = format!("{arguments:?} {class:?} {not_in:?} {turned}");
            let after = rendered(&dist, others);
            assert_eq!(after, before, "{what}");
            // Nothing more is to be done for the part, which gives what the sources say.
            let again = build(home.path(), &[&arguments[..], &["--check"]].concat());
            assert!(said(&again).contains("is up to date"), "{what}: {}", said(&again));
            second.write(whole.path());
            build(whole.path(), &[]);
            assert_eq!(rendered(&dist, chosen), rendered(&whole.path().join("dist"), chosen), "{what}");
            // Another change of the part, and what is not built is still as it was.
            project("newest: x", not_in).write(home.path());
            build(home.path(), &arguments);
            let after = rendered(&dist, others);
            assert_eq!(after, before, "{what}");
            // A whole build leaves nothing of it.
            second.write(home.path());
            build(home.path(), &[]);
            assert_eq!(tree(&dist), tree(&whole.path().join("dist")), "{what}");
        }
    }
}

#[test]
fn no_overlay_changes_where_its_base_stays() {
    let home = support::scratch();
    project("old: x", "").write(home.path());
    build(home.path(), &[]);
    let before = tree(&home.path().join("dist"));
    build(home.path(), &["-e", "apps", "--set", "ops.services.still.size=s2"]);
    assert_eq!(tree(&home.path().join("dist")), before);
}
