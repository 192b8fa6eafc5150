//! The program as users see it. A file in `tests/cli/` is a transcript: each `$` line is run in a copy of `tests/cli/project`, or of the
//! folder that a line `project: …` above the first `$` names, and what follows is what it prints, results and talk together, and its exit
//! code if that is not 0. Commands are those of a shell, in which `platc` is the program under test. The examples of `--help` are run, too.

use crate::support;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

#[test]
fn transcripts() {
    let folder = support::root().join("tests/cli");
    let mut wrong = String::new();
    for path in support::cases("cli").into_iter().filter(|name| name.ends_with(".txt")).map(|name| folder.join(name)) {
        let expected = std::fs::read_to_string(&path).unwrap();
        let named = expected.lines().take_while(|line| !line.starts_with("$ ")).find_map(|line| line.strip_prefix("project: "));
        let found = play(&expected, &named.map_or_else(|| folder.join("project"), |name| support::root().join(name)));
        if found != expected {
            if support::updating() {
                std::fs::write(&path, &found).unwrap();
            } else {
                writeln!(wrong, "{}\n{}", path.display(), support::difference(&expected, &found)).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Examples of help that are not run, and why.
const APART: [(&str, &str); 19] = [
    ("terraform -chdir=dist/terraform/ops/gc0 output -json | platc facts record ops gc0", "needs an applied stack"),
    ("terraform -chdir=dist/terraform/ops/gc0 output -json | platc facts check ops gc0", "needs an applied stack"),
    ("platc diff", "needs a git repository"),
    ("platc affected", "needs a git repository"),
    ("platc affected --against main --dependents", "needs a git repository"),
    ("platc affected --against main --matrix github", "needs a git repository"),
    ("platc affected --against main --matrix stacks", "needs a git repository"),
    ("platc promotion", "needs a git repository"),
    ("platc promotion apps", "needs a git repository"),
    ("platc promotion apps --stat", "needs a git repository"),
    ("platc diff --against main", "needs a git repository"),
    ("platc diff --against main --format markdown", "needs a git repository"),
    ("platc diff --against main --deny replaces", "needs a git repository"),
    ("platc report --against main > report.html", "needs a git repository"),
    ("platc graph -e apps --draw dot | dot -Tpng > apps.png", "needs Graphviz"),
    ("platc diff --against v1.4 apps", "needs a git repository"),
    ("platc completions bash > /etc/bash_completion.d/platc", "writes outside of the project"),
    ("platc completions zsh > ~/.zfunc/_platc", "writes outside of the project"),
    ("platc completions fish > ~/.config/fish/completions/platc.fish", "writes outside of the project"),
];

/// Whatever help shows as an example can be typed in the starter: it is no wrong usage, and nothing that it names is missing.
#[test]
fn examples_of_help_work() {
    let starter = support::root().join("examples/kubestack/starter");
    let scratch = tempfile::tempdir().unwrap();
    let help = run("platc --help", scratch.path());
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let mut apart = BTreeSet::from(APART.map(|(example, _)| example.to_owned()));
    let mut wrong = String::new();
    for command in commands.filter_map(|line| line.split_whitespace().next()) {
        let help = run(&format!("platc {command} --help"), scratch.path());
        let examples: Vec<_> = help.lines().skip_while(|line| *line != "Examples:").skip(1).take_while(|line| !line.is_empty()).collect();
        assert!(!examples.is_empty(), "`platc {command} --help` has no example");
        for example in examples {
            let example = example.split(" # ").next().unwrap_or("").trim();
            if apart.remove(example) {
                continue;
            }
            let home = tempfile::tempdir().unwrap();
            copy(&starter, home.path());
            let said = run(example, home.path());
            let fails = |line: &str| line.starts_with("error") || (line.starts_with("[exit ") && line != "[exit 1]") || line == "[killed]";
            if said.lines().any(fails) {
                writeln!(wrong, "{example}\n{said}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(apart.is_empty(), "these are no examples any more: {apart:?}");
}

/// Runs a transcript and gives it back with what is printed now. Lines before the first `$` and empty lines before a `$` stay.
fn play(transcript: &str, project: &Path) -> String {
    let home = tempfile::tempdir().unwrap();
    copy(project, home.path());
    let mut text = String::new();
    for line in transcript.lines().take_while(|line| !line.starts_with("$ ")) {
        writeln!(text, "{line}").unwrap();
    }
    for command in transcript.lines().filter_map(|line| line.strip_prefix("$ ")) {
        if !text.is_empty() && !text.ends_with("\n\n") {
            text.push('\n');
        }
        writeln!(text, "$ {command}").unwrap();
        text.push_str(&run(command, home.path()));
    }
    text
}

fn run(command: &str, home: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_platc"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap_or_default());
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {command}")])
        .current_dir(home)
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .env_remove("RUST_BACKTRACE")
        .env_remove("COLUMNS")
        .output()
        .unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap().replace(home.to_str().unwrap(), "HOME");
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    match output.status.code() {
        Some(0) => {}
        Some(code) => writeln!(text, "[exit {code}]").unwrap(),
        None => writeln!(text, "[killed]").unwrap(),
    }
    text
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_name() == "dist" {
            continue;
        }
        if entry.path().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}
