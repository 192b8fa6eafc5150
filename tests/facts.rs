//! Facts and what waits for them, with the real programs: Terraform makes values known, kustomize builds what is kept.

use crate::support::{self, Project};
use platc::Options;
use platc::artifact::Artifacts;
use platc::disk::MemoryDisk;
use platc::output::{self, Outgoing, Request};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// A service on two clusters of two environments that needs an output of its cluster; `SIZE` changes all of it.
const PLATFORM: &str = "
platform: { name: acme, domain: infra.example.com, repository: { url: https://git.example.com/p.git } }
environments: { apps: {}, ops: { inherits: apps } }
clusters: { gc0: { class: metal }, gc1: { class: metal } }
services:
  note: { size: SIZE }
  last: { dependsOn: [note] }
classes:
  cluster:
    metal:
      terraform: { resource: { terraform_data: { this: { input: \"https://${cluster.fullName}\" } } } }
      outputs: { endpoint: \"${resource.terraform_data.this.output}\" }
  service:
    note:
      schema: { size: integer | default=1 }
      manifests:
        note:
          apiVersion: v1
          kind: ConfigMap
          metadata: { name: note, namespace: note }
          data: { endpoint: \"at ${cluster.outputs.endpoint}\", size: \"${string(self.size)}\" }
        other:
          apiVersion: v1
          kind: ConfigMap
          metadata: { name: other, namespace: note }
          data: { size: \"${string(self.size)}\" }
      files: { note.txt: \"${cluster.outputs.endpoint} ${string(self.size)}\" }
    last:
      manifests:
        last: { apiVersion: v1, kind: ConfigMap, metadata: { name: last, namespace: note } }
";

fn project(size: u32, facts: &[(&str, &str)]) -> Project {
    let mut files = BTreeMap::from([("platform.yaml".to_owned(), PLATFORM.replace("SIZE", &size.to_string()))]);
    for (environment, stack) in facts {
        files.insert(format!("facts/{environment}/{stack}.json"), format!("{{ \"endpoint\": \"https://{stack}.{environment}\" }}"));
    }
    Project { files }
}

/// What is emitted over what the disk holds.
fn emitted(project: &Project, disk: &MemoryDisk) -> Artifacts {
    let mut compiler = platc::Compiler::default();
    let mut compilation = compiler.compile(&project.system(), &Options::default());
    let artifacts = compiler.emit_over(&mut compilation, disk);
    assert!(!compilation.diagnostics.has_errors(), "{}", support::said(&compilation));
    artifacts
}

/// Builds over what the disk holds, and gives the texts of the output.
fn build(project: &Project, disk: &MemoryDisk) -> BTreeMap<String, String> {
    let artifacts = emitted(project, disk);
    let files =
        artifacts.iter().map(|(path, artifact)| Outgoing { path, text: artifact.text.as_bytes(), chosen: true, first: artifact.first });
    let request = Request {
        prefix: "",
        output: "dist",
        files: files.collect(),
        kept: &std::collections::BTreeSet::new(),
        partial: None,
        token: &"0".repeat(32),
        by: "test",
    };
    let mut said = platc::diagnostic::Diagnostics::default();
    output::write(disk, &request, &mut said);
    assert!(said.is_empty(), "{said:?}");
    assert!(output::check(disk, &request, &mut said).is_current());
    let again = emitted(project, disk);
    let texts = |artifacts: &Artifacts| -> BTreeMap<String, String> {
        artifacts.iter().map(|(path, artifact)| (path.to_owned(), artifact.text.clone())).collect()
    };
    let built = texts(&artifacts);
    assert_eq!(built, texts(&again), "a second build changes what waits");
    built
}

/// What kustomize makes of an overlay.
fn kustomize(output: &BTreeMap<String, String>, overlay: &str) -> String {
    let folder = support::scratch();
    Project { files: output.clone() }.write(folder.path());
    let made = Command::new("kubectl").arg("kustomize").arg(folder.path().join(overlay)).output().unwrap();
    assert!(made.status.success(), "{overlay}: {}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap()
}

const ALL: [(&str, &str); 4] = [("apps", "gc0"), ("apps", "gc1"), ("ops", "gc0"), ("ops", "gc1")];

#[test]
fn what_waits_keeps_its_rendering_whatever_else_changes() {
    if !support::has("kubectl", "version") {
        return;
    }
    let overlay = |(environment, cluster): (&str, &str)| format!("kustomize/services/note/overlays/{environment}/{cluster}");
    let before = build(&project(1, &ALL), &MemoryDisk::default());
    let was = ALL.map(|place| kustomize(&before, &overlay(place)));
    // One, the one whose rendering is the base among others, and all.
    for waiting in [&[3][..], &[0, 1], &[1, 3], &[0, 1, 2, 3]] {
        let known: Vec<_> = (0..ALL.len()).filter(|at| !waiting.contains(at)).map(|at| ALL[at]).collect();
        let disk = MemoryDisk::default();
        build(&project(1, &ALL), &disk);
        let (unchanged, after, later) =
            (build(&project(1, &known), &disk), build(&project(2, &known), &disk), build(&project(3, &known), &disk));
        for (at, place) in ALL.into_iter().enumerate() {
            let waits = waiting.contains(&at);
            for output in [&unchanged, &after, &later].into_iter().filter(|_| waits) {
                assert_eq!(kustomize(output, &overlay(place)), was[at], "{known:?} {place:?}");
            }
            if !waits {
                assert_eq!(kustomize(&later, &overlay(place)), was[at].replace("size: \"1\"", "size: \"3\""), "{known:?} {place:?}");
            }
            let (environment, cluster) = place;
            let file = format!("files/{environment}/{cluster}/note.txt");
            let size = if waits { 1 } else { 2 };
            assert_eq!(after[&file], format!("https://{cluster}.{environment} {size}"));
            for part in ["applications/note.yaml", "applications/last.yaml", "kustomization.yaml", "projects/platform.yaml"] {
                let path = format!("argocd/{environment}/{cluster}/{part}");
                assert_eq!(after.get(&path), before.get(&path), "{path}");
            }
        }
        // With the facts it is as if nothing had ever waited.
        assert_eq!(build(&project(3, &ALL), &disk), build(&project(3, &ALL), &MemoryDisk::default()));
    }
}

#[test]
fn what_never_was_is_absent_until_its_fact_comes() {
    let disk = MemoryDisk::default();
    let without = build(&project(1, &[]), &disk);
    assert!(without.keys().all(|path| !path.contains("note")), "{:?}", without.keys());
    assert!(without["argocd/ops/gc0/kustomization.yaml"].contains("applications/last.yaml"));
    let one = build(&project(1, &[("ops", "gc1")]), &disk);
    let of_note: Vec<&String> = one.keys().filter(|path| path.contains("note")).collect();
    assert!(of_note.iter().all(|path| path.contains("/base/") || path.contains("ops/gc1")), "{of_note:?}");
    assert!(of_note.len() > 5, "{of_note:?}");
    // Terraform waits for nothing.
    let stacks = |output: &BTreeMap<String, String>| -> BTreeMap<String, String> {
        output.iter().filter(|(path, _)| path.starts_with("terraform/")).map(|(path, text)| (path.clone(), text.clone())).collect()
    };
    assert_eq!(stacks(&without), stacks(&one));
    assert!(stacks(&one).len() > 4);
}

#[test]
fn flux_keeps_what_waits_and_needs_nothing_that_is_absent() {
    let flux = |project: Project| Project {
        files: project.files.into_iter().map(|(path, text)| (path, text.replace("{ apps: {}", "{ apps: { delivery: flux }"))).collect(),
    };
    let disk = MemoryDisk::default();
    let without = build(&flux(project(1, &[])), &disk);
    let list = "flux/apps/gc0/kustomization.yaml";
    assert!(without[list].contains("units/last.yaml") && !without[list].contains("units/note.yaml"), "{}", without[list]);
    assert!(!without["flux/apps/gc0/units/last.yaml"].contains("dependsOn"));
    let all = build(&flux(project(1, &ALL)), &disk);
    assert!(all["flux/apps/gc0/units/last.yaml"].contains("dependsOn"));
    let again = build(&flux(project(2, &[])), &disk);
    for path in [list, "flux/apps/gc0/units/note.yaml", "flux/apps/gc0/units/last.yaml"] {
        assert_eq!(again[path], all[path], "{path}");
    }
}

/// A stopped build has not changed a base under an overlay that keeps its rendering.
#[test]
fn a_kept_overlay_is_safe_before_its_base_changes() {
    let disk = MemoryDisk::default();
    build(&project(1, &ALL), &disk);
    let artifacts = emitted(&project(2, &ALL[..3]), &disk);
    let first: Vec<&str> = artifacts.iter().filter(|(_, artifact)| artifact.first).map(|(path, _)| path).collect();
    let folder = "kustomize/services/note/overlays/ops/gc1/";
    assert!(first.iter().all(|path| path.starts_with(folder)), "{first:?}");
    assert!(
        first.contains(&format!("{folder}kustomization.yaml").as_str()) && first.iter().any(|path| path.contains("/gc1/base/")),
        "{first:?}"
    );
}

/// What one keeps while it waits another may not make: both would install it.
#[test]
fn what_is_kept_is_not_made_by_another() {
    let disk = MemoryDisk::default();
    build(&project(1, &ALL), &disk);
    let said = |facts: &[(&str, &str)]| {
        let mut project = project(1, facts);
        let text = PLATFORM.replace("SIZE", "1").replace("name: other,", "name: third,").replace("name: last,", "name: other,");
        project.files.insert("platform.yaml".to_owned(), text);
        let mut compiler = platc::Compiler::default();
        let mut compilation = compiler.compile(&project.system(), &Options::default());
        _ = compiler.emit_over(&mut compilation, &disk);
        support::said(&compilation)
    };
    let waits = said(&ALL[..3]);
    let once = waits
        .matches("ConfigMap `note/other` would be installed twice: service `note` keeps what it had until its facts are there")
        .count();
    assert_eq!(once, 1, "{waits}");
    assert_eq!(said(&ALL), "");
}

fn run(program: &str, arguments: &[&str], folder: &Path, input: &[u8]) -> (i32, Vec<u8>, String) {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).env("CHECKPOINT_DISABLE", "1");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.code().unwrap_or(-1), output.stdout, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_first_apply_takes_two_steps_and_a_further_cluster_two_more() {
    if !support::has("terraform", "-version") {
        return;
    }
    let home = support::scratch();
    let platc = env!("CARGO_BIN_EXE_platc");
    let write = |text: &str| std::fs::write(home.path().join("platform.yaml"), text).unwrap();
    let build = || {
        let (code, _, said) = run(platc, &["build"], home.path(), b"");
        assert_eq!(code, 0, "{said}");
        said
    };
    let stack = |cluster: &str| home.path().join(format!("dist/terraform/apps/{cluster}"));
    let terraform = |cluster: &str, arguments: &[&str]| {
        let (code, out, said) = run("terraform", arguments, &stack(cluster), b"");
        assert_eq!(code, 0, "{arguments:?}: {said}");
        out
    };
    let apply = |cluster: &str| {
        terraform(cluster, &["init", "-input=false", "-no-color"]);
        terraform(cluster, &["apply", "-auto-approve", "-input=false", "-no-color"]);
        let told = terraform(cluster, &["output", "-json"]);
        let (code, _, said) = run(platc, &["facts", "record", "apps", cluster], home.path(), &told);
        assert_eq!(code, 0, "{said}");
        assert_eq!(run(platc, &["facts", "check", "apps", cluster], home.path(), &told).0, 0);
    };
    let note = |cluster: &str| std::fs::read_to_string(home.path().join(format!("dist/files/apps/{cluster}/note.txt"))).ok();
    let one = PLATFORM.replace("SIZE", "1").replace(", ops: { inherits: apps }", "").replace(", gc1: { class: metal }", "");
    write(&one);
    assert!(build().contains("platc facts record apps gc0"));
    assert_eq!(note("gc0"), None);
    apply("gc0");
    assert!(!build().contains("warning"));
    assert_eq!(note("gc0").unwrap(), "https://gc0-apps 1");

    write(&one.replace("gc0: { class: metal }", "gc0: { class: metal }, gc1: { class: metal }"));
    let said = build();
    assert!(said.contains("platc facts record apps gc1") && !said.contains("platc facts record apps gc0"), "{said}");
    assert_eq!((note("gc0").unwrap(), note("gc1")), ("https://gc0-apps 1".to_owned(), None));
    // Nothing is left to do where nothing has changed.
    let (code, _, said) = run("terraform", &["plan", "-detailed-exitcode", "-input=false", "-no-color"], &stack("gc0"), b"");
    assert_eq!(code, 0, "{said}");
    assert_eq!(run(platc, &["build", "--deny", "waiting"], home.path(), b"").0, 1);
    apply("gc1");
    assert!(!build().contains("warning"));
    assert_eq!(note("gc1").unwrap(), "https://gc1-apps 1");
    assert_eq!(run(platc, &["build", "--check", "--deny", "waiting"], home.path(), b"").0, 0);
}
