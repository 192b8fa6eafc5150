//! The program where little is allowed: few threads, few files, no home, nowhere to print. It works, or says why it does not; it never
//! calls that a bug of its own.

use crate::support::{self, Project};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Somebody who owns no process, so that a limit of processes counts ours alone. For root there is no such limit.
const NOBODY: &str = "54321";

/// A project, and the program where everybody can start it.
struct Place {
    home: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let home = support::scratch();
        Project::read("examples/kubestack/starter").write(&home.path().join("project"));
        std::fs::copy(env!("CARGO_BIN_EXE_platc"), home.path().join("platc")).unwrap();
        std::fs::set_permissions(home.path(), PermissionsExt::from_mode(0o755)).unwrap();
        Self { home }
    }

    fn project(&self) -> PathBuf {
        self.home.path().join("project")
    }

    /// Runs a script in the project, in which `platc` is the program: exit code, and what it prints.
    fn sh(&self, script: &str) -> (Option<i32>, String) {
        let path = format!("{}:{}", self.home.path().display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new("sh");
        command.args(["-c", script]).current_dir(self.project()).env("PATH", path).env("NO_COLOR", "1").env_remove("RUST_BACKTRACE");
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() != Some(3) && !said.contains("This is a bug"), "{script}\n{said}");
        (output.status.code(), said)
    }

    /// Everything works, or fails with one of these.
    fn copes(&self, script: &str, excuses: &[&str]) -> bool {
        let (code, said) = self.sh(script);
        let excused = matches!(code, Some(1 | 2)) && excuses.iter().any(|excuse| said.contains(excuse));
        assert!(code == Some(0) || excused, "{script}\n{code:?}\n{said}");
        code == Some(0)
    }
}

fn tree(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    entries
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (entry.path().strip_prefix(folder).unwrap().display().to_string(), std::fs::read(entry.path()).unwrap()))
        .collect()
}

#[test]
fn few_threads_are_enough_or_missed() {
    let place = Place::new();
    let (_, who) = place.sh("id -u");
    if who.trim() != "0" || !support::has("setpriv", "--version") || !support::has("prlimit", "--version") {
        support::skipped("a limit of processes for somebody else takes root, setpriv and prlimit");
        return;
    }
    let limited = |count: usize| format!("setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups prlimit --nproc={count} platc");
    place.sh(
        "platc build && mv dist expected && git init -q . && git add -A && git -c user.name=a -c user.email=a@example.com commit -qm one",
    );
    place.sh(&format!("chown -R {NOBODY} ."));
    for count in 1..=8 {
        let built =
            place.copes(&format!("rm -rf dist; {} build", limited(count)), &["cannot start a thread: resource temporarily unavailable"]);
        assert_eq!(built, count > 1, "with one more thread it works: {count}");
        if built {
            assert!(tree(&place.project().join("dist")) == tree(&place.project().join("expected")), "{count}");
        }
        let excuses = ["cannot start a thread: resource temporarily unavailable", "cannot run git: resource"];
        place.copes(&format!("{} check", limited(count)), &excuses);
        place.copes(&format!("{} diff --against HEAD", limited(count)), &excuses);
    }
    assert!(place.copes(&format!("{} diff --against HEAD", limited(40)), &[]));
}

#[test]
fn few_files_are_enough_or_missed() {
    if !support::has("prlimit", "--version") || !support::has("bash", "--version") {
        support::skipped("a limit of files takes prlimit, and bash, which closes what is open from before");
        return;
    }
    let place = Place::new();
    place.sh(
        "platc build && mv dist expected && git init -q . && git add -A && git -c user.name=a -c user.email=a@example.com commit -qm one",
    );
    // Whoever runs the tests hands down files that are open; they are none of the program's.
    let close = r#"for file in /proc/self/fd/*; do file=${file##*/}; [ "$file" -le 2 ] || eval "exec $file>&-"; done"#;
    let limited = |count: usize, command: &str| format!("bash -c '{close}; exec prlimit --nofile={count} platc {command}'");
    // With three the system cannot even load the program.
    for count in 4..=16 {
        place.copes(&format!("rm -rf dist; {}", limited(count, "build")), &["too many open files"]);
        assert!(place.copes("platc build", &[]), "what was left is mended");
        assert!(tree(&place.project().join("dist")) == tree(&place.project().join("expected")), "{count}");
        // Git says it in words of its own.
        place.copes(&limited(count, "diff --against HEAD"), &["oo many open files", "git cannot read `HEAD`"]);
    }
    assert!(place.copes(&format!("rm -rf dist; {}", limited(16, "build")), &[]));
    assert!(place.copes(&limited(16, "diff --against HEAD"), &[]));
}

#[test]
fn no_environment_is_needed() {
    let place = Place::new();
    let program = place.home.path().join("platc").display().to_string();
    for (environment, command) in
        [("-u HOME", "check"), ("-i", "build"), ("TMPDIR=/nowhere", "build"), ("HOME=/nowhere XDG_CONFIG_HOME=x", "list")]
    {
        assert!(place.copes(&format!("rm -rf dist; env {environment} {program} {command}"), &[]), "{environment}");
    }
}

#[test]
fn what_cannot_be_printed_is_told() {
    let place = Place::new();
    for command in [
        "list",
        "show apps.clusters.gc0",
        "check --format json",
        "check --format sarif",
        "build --format json",
        "schema",
        "explain unsafe-path",
    ]
    .into_iter()
    .chain(["eval 1+1", "diff ops ops", "completions bash", "--help", "build --help", "--version", "fmt - < platform.yaml"])
    {
        if Path::new("/dev/full").exists() {
            let (code, said) = place.sh(&format!("platc {command} > /dev/full"));
            assert!(code == Some(1) && said.contains("cannot print: no space left on device"), "{command}\n{code:?} {said}");
        }
        place.copes(&format!("platc {command} >&-"), &["cannot print"]);
        let (_, said) = place.sh(&format!("{{ platc {command}; echo $? >&2; }} | true"));
        assert!(said.ends_with("0\n") || said.ends_with("1\n"), "{command}\n{said}");
        assert!(!said.contains("error"), "who has seen enough is not told of a pipe: {command}\n{said}");
    }
    assert!(place.copes("platc build 2> /dev/full", &[]));
    assert!(place.copes("platc check <&- >&- 2>&-", &[]));
}

#[test]
fn a_place_that_is_gone_or_closed_is_told() {
    let place = Place::new();
    let gone = "mkdir gone && cd gone && rmdir ../gone &&";
    let (code, said) = place.sh(&format!("{gone} platc check"));
    assert_eq!((code, said.as_str()), (Some(2), "error: cannot tell the working directory: no such file or directory\n"));
    let (code, said) = place.sh(&format!("{gone} platc -C . check"));
    assert!(code == Some(1) && said.contains("cannot read the project") && !said.contains("missing-platform"), "{said}");
    let project = place.project().display().to_string();
    assert!(place.copes(&format!("{gone} platc -C {project} build"), &[]));
    let (_, who) = place.sh("id -u");
    if who.trim() != "0" || !support::has("setpriv", "--version") {
        support::skipped("a directory that only others may read takes root and setpriv");
        return;
    }
    let nobody = format!("setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups platc");
    place.sh("mkdir -p closed/inner");
    std::fs::set_permissions(place.project().join("closed"), PermissionsExt::from_mode(0o700)).unwrap();
    let (code, said) = place.sh(&format!("cd closed/inner && {nobody} check"));
    assert!(matches!(code, Some(1 | 2)) && said.contains("ermission denied"), "{said}");
    let (code, said) = place.sh(&format!("rm -rf closed dist; {nobody} build"));
    assert!(code == Some(1) && said.contains("cannot-write"), "{said}");
}
