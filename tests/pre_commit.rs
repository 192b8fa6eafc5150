//! The hooks that this repository offers to pre-commit: always that they name commands which exist, and on demand the real thing.
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
    assert!(passed && said.contains("created"), "{said}");
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
