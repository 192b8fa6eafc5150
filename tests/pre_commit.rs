//! The hooks that this repository offers to pre-commit: that they name commands which exist, what the real pre-commit makes of them with the
//! program that is tested, where pre-commit is installed, and on demand the whole of it, building included.
//!
//! ```console
//! pip install pre-commit
//! cargo test pre_commit -- --ignored
//! ```

use crate::support::{self, Project};
use std::path::Path;
use std::process::{Command, Output};

fn hooks() -> Vec<serde_yaml::Value> {
    let text = std::fs::read_to_string(support::root().join(".pre-commit-hooks.yaml")).unwrap();
    serde_yaml::from_str(&text).unwrap()
}

#[test]
fn hooks_name_commands_that_exist() {
    let hooks = hooks();
    assert!(!hooks.is_empty());
    for hook in hooks {
        let entry: Vec<&str> = hook["entry"].as_str().unwrap().split(' ').collect();
        assert_eq!(entry[0], "platc");
        let output = Command::new(env!("CARGO_BIN_EXE_platc")).args(&entry[1..]).arg("--help").output().unwrap();
        assert!(output.status.success(), "{entry:?}");
        // Without this the files that changed would become arguments.
        assert_eq!(hook["pass_filenames"].as_bool(), Some(false), "{entry:?}");
        // A commit that only deletes has no file to run for.
        assert_eq!(hook["always_run"].as_bool(), Some(true), "{entry:?}");
    }
}

fn run(folder: &Path, program: &str, arguments: &[&str]) -> Output {
    Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("PRE_COMMIT_HOME", folder.parent().unwrap().join("cache"))
        // The program need not be fast to be tried, but it should be there soon.
        .env("CARGO_TARGET_DIR", support::root().join("target/pre-commit"))
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap()
}

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    let output = run(folder, "git", &identity.iter().chain(arguments).copied().collect::<Vec<_>>());
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The pre-commit that is installed, or that `.ci/tools` has put beside the sources.
fn pre_commit() -> Option<String> {
    let own = support::root().join("target/hooks/bin/pre-commit");
    let program = if own.is_file() { own.to_str().unwrap().to_owned() } else { "pre-commit".to_owned() };
    support::has(&program, "--version").then_some(program)
}

/// A repository with a project, its output, and the hooks of this checkout installed as its own, with the program that is tested.
fn repository(folder: &Path, pre_commit: &str, ids: &[&str]) {
    let mut project = Project::read("examples/kubestack/starter");
    project.files.insert("extra.yaml".to_owned(), EXTRA.to_owned());
    project.write(folder);
    git(folder, &["init", "--quiet"]);
    let mut hooks = hooks();
    hooks.retain(|hook| ids.contains(&hook["id"].as_str().unwrap()));
    for hook in &mut hooks {
        let entry = hook["entry"].as_str().unwrap().replacen("platc", env!("CARGO_BIN_EXE_platc"), 1);
        hook["entry"] = entry.into();
        hook["language"] = "system".into();
    }
    let hooks = serde_json::to_string_pretty(&serde_json::json!({ "repos": [{ "repo": "local", "hooks": hooks }] })).unwrap();
    std::fs::write(folder.join(".pre-commit-config.yaml"), hooks).unwrap();
    assert!(run(folder, env!("CARGO_BIN_EXE_platc"), &["build"]).status.success());
    git(folder, &["add", "."]);
    git(folder, &["commit", "--quiet", "-m", "platform"]);
    assert!(run(folder, pre_commit, &["install"]).status.success());
}

const EXTRA: &str = "services: { extra: { class: note } }
classes: { service: { note: { manifests: { a: { apiVersion: v1, kind: ConfigMap, metadata: { name: a, namespace: \"${self.name}\" } } } } } }
";

/// Commits what is added, and says whether the hooks let it pass, with what they said.
fn commit(folder: &Path) -> (bool, String) {
    let output = run(folder, "git", &["-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "-m", "change"]);
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_commit_that_only_deletes_is_checked() {
    let Some(pre_commit) = pre_commit() else { return };
    let scratch = support::scratch();
    let home = scratch.path().join("repository");
    repository(&home, &pre_commit, &["platc-check", "platc-build", "platc-fmt"]);
    git(&home, &["rm", "--quiet", "extra.yaml"]);
    let (passed, said) = commit(&home);
    assert!(!passed && said.contains("files were modified by this hook"), "{said}");
    git(&home, &["add", "."]);
    let (passed, said) = commit(&home);
    assert!(passed, "{said}");
    // What is gone is missed.
    git(&home, &["rm", "--quiet", "platform.yaml"]);
    let (passed, said) = commit(&home);
    assert!(!passed && said.contains("missing-platform"), "{said}");
}

#[test]
fn a_commit_without_its_new_output_is_refused() {
    let Some(pre_commit) = pre_commit() else { return };
    for (id, writes) in [("platc-build", true), ("platc-up-to-date", false)] {
        let scratch = support::scratch();
        let home = scratch.path().join("repository");
        repository(&home, &pre_commit, &[id]);
        std::fs::write(home.join("more.yaml"), "services: { more: { class: note } }\n").unwrap();
        git(&home, &["add", "more.yaml"]);
        let (passed, said) = commit(&home);
        let expected = if writes { "untracked dist/kustomize/services/more/base/" } else { "missing  dist/kustomize/services/more/base/" };
        assert!(!passed && said.contains(expected), "{id}: {said}");
        // Now everything is there, but not in the commit.
        assert!(run(&home, env!("CARGO_BIN_EXE_platc"), &["build"]).status.success());
        git(&home, &["add", "--update"]);
        let (passed, said) = commit(&home);
        assert!(
            !passed && said.contains("untracked dist/kustomize/services/more/base/") && said.contains("`git add` them"),
            "{id}: {said}"
        );
        git(&home, &["add", "."]);
        let (passed, said) = commit(&home);
        assert!(passed, "{id}: {said}");
        // A source that is not added decides about the output all the same.
        std::fs::write(home.join("later.yaml"), "# nothing yet\n").unwrap();
        std::fs::write(home.join("README"), "more\n").unwrap();
        git(&home, &["add", "README"]);
        let (passed, said) = commit(&home);
        assert!(!passed && said.contains("untracked later.yaml"), "{id}: {said}");
    }
}

#[test]
fn a_checkout_of_windows_is_no_edit() {
    let Some(pre_commit) = pre_commit() else { return };
    let scratch = support::scratch();
    let home = scratch.path().join("repository");
    repository(&home, &pre_commit, &["platc-check", "platc-up-to-date"]);
    // As git of Windows does it, where what this repository says of the output does not count.
    std::fs::write(home.join(".git/info/attributes"), "* text eol=crlf\n").unwrap();
    git(&home, &["rm", "-r", "--quiet", "--cached", "."]);
    git(&home, &["reset", "--quiet", "--hard"]);
    let kustomization = home.join("dist/kustomize/services/extra/base/kustomization.yaml");
    let text = std::fs::read_to_string(&kustomization).unwrap();
    assert!(text.contains("\r\n"), "git has changed the line ends");
    std::fs::write(home.join("README"), "more\n").unwrap();
    git(&home, &["add", "README"]);
    let (passed, said) = commit(&home);
    assert!(passed, "{said}");
    let output = run(&home, env!("CARGO_BIN_EXE_platc"), &["build", "--check"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && output.stdout.is_empty() && said.contains("have the line ends of Windows here"), "{said}");

    std::fs::write(&kustomization, text.replace("resources", "bases")).unwrap();
    git(&home, &["add", "."]);
    let (passed, said) = commit(&home);
    let changed: Vec<&str> = said.lines().filter(|line| line.starts_with("changed")).collect();
    assert_eq!((passed, changed), (false, vec!["changed  dist/kustomize/services/extra/base/kustomization.yaml"]), "{said}");
    // Whoever commits such line ends has edited the file.
    std::fs::write(home.join(".git/info/attributes"), "* -text\n").unwrap();
    std::fs::write(&kustomization, text).unwrap();
    git(&home, &["add", "."]);
    let (passed, said) = commit(&home);
    assert!(!passed && said.contains("changed  dist/kustomize/services/extra/base/kustomization.yaml"), "{said}");
}

/// Runs a hook of this checkout's last commit over a repository, and says whether it passed, with what it printed.
fn hook(folder: &Path, id: &str) -> (bool, String) {
    let root = support::root();
    let output = run(folder, "pre-commit", &["try-repo", root.to_str().unwrap(), id, "--ref", "HEAD", "--all-files", "--color", "never"]);
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
}

#[test]
#[ignore = "builds platc again, with the real pre-commit"]
fn hooks_do_what_they_say() {
    if !support::has("pre-commit", "--version") {
        return;
    }
    let scratch = support::scratch();
    let home = scratch.path().join("repository");
    Project::read("examples/kubestack/starter").write(&home);
    git(&home, &["init", "--quiet"]);
    git(&home, &["add", "."]);
    git(&home, &["commit", "--quiet", "-m", "platform"]);

    let (passed, said) = hook(&home, "platc-check");
    assert!(passed, "{said}");
    let (passed, said) = hook(&home, "platc-up-to-date");
    assert!(!passed && said.contains("missing  dist/"), "{said}");
    let (passed, said) = hook(&home, "platc-build");
    assert!(!passed && said.contains("untracked dist/"), "{said}");
    git(&home, &["add", "."]);
    git(&home, &["commit", "--quiet", "-m", "output"]);
    let (passed, said) = hook(&home, "platc-up-to-date");
    assert!(passed, "{said}");

    let cluster = home.join("clusters/gc0.yaml");
    let text = std::fs::read_to_string(&cluster).unwrap();
    std::fs::write(&cluster, text.replace("max: 9", "max: 12")).unwrap();
    git(&home, &["add", "."]);
    let (passed, said) = hook(&home, "platc-build");
    assert!(!passed && said.contains("files were modified by this hook"), "{said}");
    git(&home, &["add", "."]);
    let (passed, said) = hook(&home, "platc-build");
    assert!(passed, "{said}");

    std::fs::write(&cluster, text.replace("max: 9", "maximum: 9")).unwrap();
    git(&home, &["add", "."]);
    let (passed, said) = hook(&home, "platc-check");
    assert!(!passed && said.contains("error[unknown-field]"), "{said}");
}
