//! Writing, through the program: what is ours is kept true whatever happens, what is not ours stays.

mod partial;
mod paths;

use crate::support::{self, Project};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output, Stdio};
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

/// The files that the index of an output directory knows.
fn known(dist: &Path) -> BTreeSet<String> {
    let index: Value = serde_json::from_slice(&std::fs::read(dist.join("platc.json")).unwrap()).unwrap();
    index["facts"].as_array().unwrap().iter().filter_map(|fact| fact["file"].as_str()).map(str::to_owned).collect()
}

/// Checks that the index knows all that is there, and nothing else.
fn assert_index_is_true(dist: &Path) {
    let there: BTreeSet<String> = tree(dist).into_keys().filter(|path| path != "platc.json").collect();
    assert_eq!(known(dist), there);
}

#[test]
fn a_killed_build_is_finished_by_the_next() {
    let home = support::scratch();
    let dist = home.path().join("dist");
    let mut killed = 0;
    for round in 0..8 {
        fleet(round * 20).write(home.path());
        let mut child = platc(home.path()).stderr(Stdio::null()).spawn().unwrap();
        while child.try_wait().unwrap().is_none() && !dist.join("platc.journal").exists() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(u64::try_from(round).unwrap() * 3));
        // SIGKILL on Unix: nothing is cleaned up.
        child.kill().unwrap();
        if !child.wait().unwrap().success() {
            killed += 1;
        }
    }
    assert!(killed > 0, "no build was killed while it wrote");
    let output = build(home.path());
    assert!(output.status.success(), "{}", said(&output));
    assert!(!said(&output).contains("restored"), "{}", said(&output));
    assert_index_is_true(&dist);
    let clean = support::scratch();
    fleet(7 * 20).write(clean.path());
    assert!(build(clean.path()).status.success());
    let (found, expected) = (tree(&dist), tree(&clean.path().join("dist")));
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    assert!(found == expected, "a build after a killed one differs from a clean one");
}

#[test]
fn one_build_at_a_time() {
    let home = support::scratch();
    fleet(0).write(home.path());
    assert!(build(home.path()).status.success());
    // The one that holds the lock of the project is named, whatever he does.
    let lock = std::fs::OpenOptions::new().read(true).write(true).open(home.path().join(".platc/lock")).unwrap();
    std::fs::write(home.path().join(".platc/lock"), "process 4711, `platc build -e ops`\n").unwrap();
    lock.lock().unwrap();
    let waiting = [None, Some("--check")].map(|more| platc(home.path()).args(more).stderr(Stdio::piped()).spawn().unwrap());
    for child in waiting {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).contains("error[output-locked]"), "{}", said(&output));
        assert!(said(&output).contains("is being written by process 4711, `platc build -e ops`, for "), "{}", said(&output));
    }
    drop(lock);
    // A lock file that a dead process left means nothing, and those who compare are not called by its name; nor by that of a journal.
    let lock = std::fs::OpenOptions::new().read(true).open(home.path().join(".platc/lock")).unwrap();
    lock.lock_shared().unwrap();
    let output = build(home.path());
    assert!(said(&output).contains("error[output-locked]: the output in `"), "{}", said(&output));
    assert!(said(&output).contains("` is being compared by another platc"), "{}", said(&output));
    drop(lock);
    #[cfg(unix)]
    {
        let dist = std::fs::OpenOptions::new().read(true).open(home.path().join("dist")).unwrap();
        dist.lock_shared().unwrap();
        let output = build(home.path());
        assert!(said(&output).contains("dist` is being compared by another platc"), "{}", said(&output));
    }
    assert!(build(home.path()).status.success());

    // Two projects that write to one directory share no `.platc`.
    #[cfg(unix)]
    {
        let outer = support::scratch();
        let mut project = fleet(0);
        let platform = project.files.get_mut("platform.yaml").unwrap();
        *platform = platform.replace("name: acme,", "name: acme, output: inner/dist,");
        project.write(outer.path());
        fleet(0).write(&outer.path().join("inner"));
        assert!(build(outer.path()).status.success());
        let dist = std::fs::OpenOptions::new().read(true).open(outer.path().join("inner/dist")).unwrap();
        dist.lock().unwrap();
        let folders = [outer.path(), &outer.path().join("inner")];
        for child in folders.map(|folder| platc(folder).stderr(Stdio::piped()).spawn().unwrap()) {
            let output = child.wait_with_output().unwrap();
            assert!(said(&output).contains("error[output-locked]"), "{}", said(&output));
        }
    }
}

#[test]
fn two_builds_at_once_are_as_one_after_the_other() {
    let home = support::scratch();
    let dist = home.path().join("dist");
    for round in 0..6 {
        // The sources change while one of them is under way; the second has read the new ones.
        fleet(round * 7).write(home.path());
        let mut first = platc(home.path()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(u64::try_from(round).unwrap() * 10));
        fleet(round * 7 + 3).write(home.path());
        let mut second = build(home.path());
        while said(&second).contains("error[output-locked]") {
            // It waits a few seconds only, and this machine may be slow.
            second = build(home.path());
        }
        assert!(second.status.success(), "{}", said(&second));
        first.wait().unwrap();
        assert_index_is_true(&dist);
        let check = platc(home.path()).arg("--check").output().unwrap();
        // The first may have come last: then it was the one that read the newest sources.
        assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
    }
}

#[cfg(unix)]
#[test]
fn it_works_without_a_home() {
    use std::os::unix::fs::symlink;
    let outside = support::scratch();
    std::fs::write(outside.path().join("lock"), "mine").unwrap();
    std::fs::write(outside.path().join("fingerprints"), "mine").unwrap();
    let home = support::scratch();
    for round in 0..2 {
        fleet(round).write(home.path());
        symlink(outside.path(), home.path().join(".platc")).unwrap();
        assert!(build(home.path()).status.success());
        std::fs::remove_file(home.path().join(".platc")).unwrap();
        std::fs::create_dir(home.path().join(".platc")).unwrap();
        for name in ["lock", "fingerprints"] {
            symlink(outside.path().join(name), home.path().join(".platc").join(name)).unwrap();
        }
        assert!(build(home.path()).status.success());
        std::fs::remove_dir_all(home.path().join(".platc")).unwrap();
        std::fs::write(home.path().join(".platc"), "a file").unwrap();
        assert!(build(home.path()).status.success());
        std::fs::remove_file(home.path().join(".platc")).unwrap();
    }
    assert_eq!(tree(outside.path()).into_values().collect::<BTreeSet<_>>(), BTreeSet::from([b"mine".to_vec()]));
    assert_index_is_true(&home.path().join("dist"));
}

#[cfg(unix)]
#[test]
fn a_pipe_is_no_index() {
    let home = support::scratch();
    fleet(0).write(home.path());
    std::fs::create_dir(home.path().join("dist")).unwrap();
    for name in ["platc.json", "platc.journal"] {
        let pipe = home.path().join("dist").join(name);
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let output = build(home.path());
        assert!(said(&output).contains("it is no regular file"), "{}", said(&output));
        std::fs::remove_file(pipe).unwrap();
    }
}

fn git(folder: &Path, arguments: &[&str]) -> Output {
    let identity = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(identity).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command.output().unwrap()
}

/// A change of a branch: a service more.
fn with_service(number: usize) -> Project {
    let mut project = fleet(0);
    let text = format!("services:\n  s{number}: {{ class: config, data: {{ number: \"{number}\" }} }}\n");
    project.files.insert(format!("s{number}.yaml"), text);
    project
}

#[test]
fn branches_that_both_build_can_be_merged() {
    // The services are neighbours, so that their lines meet; with the attributes and without, as a forge may merge.
    for attributes in [true, false] {
        let home = support::scratch();
        let folder = home.path();
        fleet(0).write(folder);
        assert!(build(folder).status.success());
        git(folder, &["init", "-q", "-b", "main"]);
        if !attributes {
            std::fs::write(folder.join(".git/info/attributes"), "platc.json -merge=union\nplatc.json merge=text\n").unwrap();
        }
        git(folder, &["add", "-A"]);
        git(folder, &["commit", "-qm", "base"]);
        assert!(!String::from_utf8_lossy(&git(folder, &["ls-files"]).stdout).contains(".platc"), "what is not to be committed was");
        for number in [50, 51] {
            git(folder, &["checkout", "-q", "main"]);
            git(folder, &["checkout", "-qb", &format!("b{number}")]);
            with_service(number).write(folder);
            let output = build(folder);
            assert!(output.status.success() && !said(&output).contains("restored"), "{}", said(&output));
            git(folder, &["add", "-A"]);
            git(folder, &["commit", "-qm", "more"]);
        }
        let merge = git(folder, &["merge", "-q", "-m", "both", "b50"]);
        let index = std::fs::read_to_string(folder.join("dist/platc.json")).unwrap();
        assert_eq!(index.contains("<<<<<<<"), !attributes, "{merge:?}");
        for path in ["s50", "s51"] {
            assert!(index.contains(&format!("kustomize/services/{path}/base/kustomization.yaml")), "{path}");
        }
        // Other files may have met too; those are written anew.
        let output = build(folder);
        assert!(output.status.success(), "{}", said(&output));
        assert_index_is_true(&folder.join("dist"));
        let clean = support::scratch();
        let mut both = with_service(50);
        both.files.extend(with_service(51).files);
        both.write(clean.path());
        assert!(build(clean.path()).status.success());
        assert!(tree(&folder.join("dist")) == tree(&clean.path().join("dist")), "a build after a merge differs from a clean one");
    }
}

#[test]
fn where_a_definition_stands_changes_no_byte() {
    let home = support::scratch();
    fleet(0).write(home.path());
    assert!(build(home.path()).status.success());
    let before = tree(&home.path().join("dist"));
    let services = std::fs::read_to_string(home.path().join("services.yaml")).unwrap();
    let lines: Vec<&str> = services.lines().skip(1).collect();
    std::fs::write(home.path().join("services.yaml"), format!("services:\n{}\n", lines[..20].join("\n"))).unwrap();
    std::fs::write(home.path().join("more.yaml"), format!("services:\n{}\n", lines[20..].join("\n"))).unwrap();
    let output = build(home.path());
    assert!(said(&output).contains("is up to date"), "{}", said(&output));
    assert_eq!(before, tree(&home.path().join("dist")));
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
