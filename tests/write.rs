//! Writing, through the program: what is ours is kept true whatever happens, what is not ours stays.

use crate::support::{self, Project};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

/// Some hundreds of files, which differ with the number and so do their names.
fn fleet(number: usize) -> Project {
    let mut services = String::from("services:\n");
    for at in number..number + 40 {
        services += &format!("  s{at}: {{ class: config, data: {{ number: \"{number}\" }} }}\n");
    }
    let platform = "platform: { name: acme, domain: infra.example.com, repository: { url: https://git.example.com/acme/platform.git } }
environments: { apps: {}, ops: { inherits: apps } }
clusters: { c0: { class: bare }, c1: { class: bare }, c2: { class: bare } }
classes:
  cluster: { bare: {} }
  service:
    config:
      schema: { data: 'map[string]string' }
      manifests:
        config: { apiVersion: v1, kind: ConfigMap, metadata: { name: '${self.name}', namespace: x }, data: '${self.data}' }
";
    let files = [("platform.yaml", platform.to_owned()), ("services.yaml", services)];
    Project { files: files.into_iter().map(|(path, text)| (path.to_owned(), text)).collect() }
}

fn platc(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_platc"));
    command.arg("-C").arg(folder).args(["build", "--color", "never"]);
    command
}

fn build(folder: &Path) -> Output {
    platc(folder).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// All files below a folder, with what they hold.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            (path, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// Whether a path is that of a file that was being written.
fn is_staged(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap();
    name.starts_with(".platc-") && name.ends_with(".tmp")
}

/// Checks that the index owns every file that is there, each as it was or as it is to be.
fn assert_index_is_true(dist: &Path) {
    let index: Value = serde_json::from_slice(&std::fs::read(dist.join("platc.json")).unwrap()).unwrap();
    let files: BTreeMap<&str, &Value> =
        index["files"].as_array().unwrap().iter().map(|file| (file["path"].as_str().unwrap(), file)).collect();
    for (path, bytes) in tree(dist) {
        if path == "platc.json" || is_staged(&path) {
            continue;
        }
        let owned = files.get(path.as_str()).unwrap_or_else(|| panic!("the index does not know {path}"));
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let known = [&owned["sha256"], &owned["was"]].into_iter().any(|known| known.as_str() == Some(&digest));
        assert!(known, "{path} is neither old nor new");
    }
}

#[test]
fn a_killed_build_leaves_an_index_that_is_true() {
    let home = support::scratch();
    let dist = home.path().join("dist");
    let mut killed = 0;
    for round in 0..8 {
        fleet(round * 20).write(home.path());
        let mut child = platc(home.path()).stderr(std::process::Stdio::null()).spawn().unwrap();
        let writing =
            || std::fs::read(dist.join("platc.json")).is_ok_and(|text| String::from_utf8_lossy(&text).contains("\"complete\": false"));
        while child.try_wait().unwrap().is_none() && !writing() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(u64::try_from(round).unwrap() * 3));
        // SIGKILL on Unix: nothing is cleaned up.
        child.kill().unwrap();
        if !child.wait().unwrap().success() {
            killed += 1;
        }
        assert_index_is_true(&dist);
    }
    assert!(killed > 0, "no build was killed while it wrote");
    let output = build(home.path());
    assert!(output.status.success(), "{}", said(&output));
    let clean = support::scratch();
    fleet(7 * 20).write(clean.path());
    assert!(build(clean.path()).status.success());
    let (found, expected) = (tree(&dist), tree(&clean.path().join("dist")));
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    assert!(found == expected, "a build after a killed one differs from a clean one");
}

#[test]
fn what_does_not_change_is_not_touched() {
    let home = support::scratch();
    fleet(0).write(home.path());
    assert!(build(home.path()).status.success());
    let dist = home.path().join("dist");
    let times = || -> BTreeMap<String, std::time::SystemTime> {
        tree(&dist).into_keys().map(|path| (path.clone(), std::fs::metadata(dist.join(path)).unwrap().modified().unwrap())).collect()
    };
    let before = times();
    std::thread::sleep(Duration::from_millis(20));
    assert!(build(home.path()).status.success());
    assert_eq!(before, times());
    // A change of one thing touches its files and the index only.
    let mut project = fleet(0);
    let services = project.files.get_mut("services.yaml").unwrap();
    *services = services.replacen("{ number: \"0\" }", "{ number: \"1\" }", 1);
    project.write(home.path());
    assert!(build(home.path()).status.success());
    let changed: Vec<String> = times().into_iter().filter(|(path, time)| before.get(path) != Some(time)).map(|(path, _)| path).collect();
    assert_eq!(changed, ["kustomize/services/s0/base/configmap-s0.yaml", "platc.json"]);
}

#[test]
fn what_is_not_ours_stays() {
    let home = support::scratch();
    fleet(0).write(home.path());
    let foreign = home.path().join("dist/kustomize/services/s3/base/kustomization.yaml");
    std::fs::create_dir_all(foreign.parent().unwrap()).unwrap();
    std::fs::write(&foreign, "mine\n").unwrap();
    let output = build(home.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("error[foreign-file]"), "{}", said(&output));
    assert_eq!(tree(&home.path().join("dist")).len(), 1, "something was written beside a file that was in the way");
    std::fs::remove_file(&foreign).unwrap();
    assert!(build(home.path()).status.success());

    // Files of another hand survive all that is removed around them; an edited one that is no longer emitted stays too.
    let notes = home.path().join("dist/kustomize/services/s1/base/notes.txt");
    let edited = home.path().join("dist/kustomize/services/s2/base/configmap-s2.yaml");
    std::fs::write(&notes, "mine\n").unwrap();
    std::fs::write(&edited, "edited\n").unwrap();
    fleet(20).write(home.path());
    let output = build(home.path());
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("warning[edited-file]"), "{}", said(&output));
    let left = tree(&home.path().join("dist"));
    let below = |name: &str| left.keys().filter(|path| path.contains(&format!("/{name}/"))).cloned().collect::<Vec<_>>();
    assert_eq!(below("s0"), Vec::<String>::new());
    assert_eq!(below("s1"), ["kustomize/services/s1/base/notes.txt"]);
    assert_eq!(below("s2"), ["kustomize/services/s2/base/configmap-s2.yaml"]);
    assert!(!home.path().join("dist/kustomize/services/s0").exists(), "an empty folder is left");
}

#[cfg(unix)]
#[test]
fn no_link_is_followed() {
    let outside = support::scratch();
    for inner in ["dist", "dist/kustomize", "dist/kustomize/services/s1"] {
        let home = support::scratch();
        fleet(0).write(home.path());
        let link = home.path().join(inner);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(outside.path(), &link).unwrap();
        let output = build(home.path());
        assert_eq!(output.status.code(), Some(1), "{inner}");
        assert!(said(&output).contains("error[symlink-in-output]"), "{inner}: {}", said(&output));
        assert_eq!(tree(outside.path()).len(), 0, "{inner}: something was written outside");
    }
}

#[test]
fn no_path_leaves_the_output() {
    let above = support::scratch();
    let home = above.path().join("project");
    for output in ["../elsewhere", "/tmp/elsewhere", "a/../../b", ".", "", "dist/../.."] {
        let mut project = fleet(0);
        let platform = project.files.get_mut("platform.yaml").unwrap();
        *platform = platform.replace("name: acme,", &format!("name: acme, output: '{output}',"));
        project.write(&home);
        let found = build(&home);
        assert_eq!(found.status.code(), Some(1), "`{output}`: {}", said(&found));
        assert_eq!(tree(above.path()).len(), 2, "`{output}`: something was written");
    }
    for path in ["../x.txt", "/x.txt", "a/../../x.txt", "a//x.txt", "./x.txt", "a\\..\\x.txt", "..", ""] {
        let mut project = fleet(0);
        let text = format!("      files: {{ {}: text }}\n", Value::from(path));
        project.files.get_mut("platform.yaml").unwrap().push_str(&text);
        project.write(&home);
        let found = build(&home);
        assert_eq!(found.status.code(), Some(1), "`{path}`: {}", said(&found));
        assert!(said(&found).contains("error[unsafe-path]"), "`{path}`: {}", said(&found));
        assert_eq!(tree(above.path()).len(), 2, "`{path}`: something was written");
    }
}
