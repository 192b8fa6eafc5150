//! Text of users on screens and in logs: projects full of hostile names, keys, values, paths and messages, every command over them. Nothing
//! that is printed may hold a character that a terminal obeys or nobody sees, nor a line that a CI service takes for a command.

use platc::visible::{begins_command, is_hidden};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// Colours, a cleared screen, a carriage return, a new line with a command, directions, zero widths, C1, separators, tags, annotations.
const HOSTILE: &str = "x\u{1b}[31m\u{1b}[2J\r\n::error::forged\n \u{a0}::set-output name=a::b\n##[add-mask]y\u{202e}\u{2066}\u{200b}\u{feff}\u{9b}31m\u{7f}\u{2028}\u{e0041}\u{fff9}\u{85}z ##vso[task.x]";

const PLATFORM: &str = "platform: { name: acme, domain: infra.example.com }\nenvironments: { apps: {}, ops: { inherits: apps } }\n\
    clusters: { gc0: { class: eks, region: eu-west-1, zones: [eu-west-1a, eu-west-1b] } }\n";

/// Sources with `HOSTILE` where a text may stand.
const SOURCES: [&str; 12] = [
    "services: { a: { class: web, description: HOSTILE, labels: { HOSTILE: HOSTILE, b: HOSTILE }, text: HOSTILE, map: { HOSTILE: HOSTILE } } }",
    "services: { a: { class: web, text: x, environments: { ops: { text: HOSTILE } } } }",
    "services: { HOSTILE: { class: web } }",
    "services: { a: { class: HOSTILE, HOSTILE: HOSTILE } }",
    "services: { a: { class: web, HOSTILE: HOSTILE, dependsOn: [HOSTILE], onlyIn: [HOSTILE], placement: [HOSTILE] } }",
    "services: { a: { class: web, count: HOSTILE, level: HOSTILE, text: \"${self.map['HOSTILE']}\" } }",
    "services: { a: { class: web, text: \"${HOSTILE}\", map: { \"${\": HOSTILE } } }",
    "services: { a: { class: web } }\npolicies: { HOSTILE: { for: service, assert: \"${1 == 2}\", message: HOSTILE, hint: HOSTILE } }",
    "services: { a: { class: web } }\nHOSTILE: { a: 1 }\nenvironments: { HOSTILE: { inherits: HOSTILE } }",
    "services: { a: { class: web, text: [HOSTILE, }\n HOSTILE",
    "services: { a: { class: web, text: !HOSTILE x, HOSTILE: 1, HOSTILE: 2 } }",
    "classes: { service: { b: { description: HOSTILE, schema: { HOSTILE: HOSTILE, a: \"string | default=HOSTILE patern=x\" }, rules: [{ assert: \"${false}\", message: HOSTILE }] } } }\n\
     services: { b: {} }",
];

const CLASS: &str = r#"
classes:
  service:
    web:
      schema: { text: string, count: integer, level: { type: string, enum: [a, HOSTILE] }, map: "map[string]string" }
      manifests:
        a: { apiVersion: v1, kind: ConfigMap, metadata: { name: a, namespace: b }, data: { k: "${self.?text.orValue('')}" } }
"#;

fn commands() -> Vec<Vec<String>> {
    let lines = [
        "check",
        "check --format json",
        "check --format sarif",
        "check --format github",
        "build",
        "diff ops apps",
        "diff ops apps --view artifacts",
        "diff ops apps --format json",
        "explain apps.clusters.gc0.services.a",
        "explain HOSTILE",
        "explain dist/HOSTILE",
        "explain dist/kustomize/services/a/base/configmap-a.yaml",
        "explain dist/terraform/ops/gc0/main.tf.json:12 --format json",
        "show",
        "show --format json",
        "show apps.HOSTILE",
        "list",
        "list --paths",
        "eval 'HOSTILE'",
        "eval HOSTILE",
        "eval --at HOSTILE 1",
        "fmt --check",
        "fmt HOSTILE.yaml",
        "schema",
        "check --set HOSTILE",
        "check --set services.a.text=HOSTILE --set services.a.count=HOSTILE",
        "build -e HOSTILE",
        "diff --against HOSTILE",
        "HOSTILE",
        "check --HOSTILE",
        "check --format HOSTILE",
        "eval --let HOSTILE=HOSTILE a",
        "-C HOSTILE check",
    ];
    lines.iter().map(|line| line.split(' ').map(|word| word.replace("HOSTILE", HOSTILE)).collect()).collect()
}

fn run(root: &Path, arguments: &[String]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_platc")).args(arguments).current_dir(root).env("NO_COLOR", "1").output().unwrap();
    assert!(output.status.code().is_some_and(|code| code < 3), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// What is wrong with a text for a screen.
fn fault(text: &str, github: bool) -> Option<String> {
    if let Some(char) = text.chars().find(|char| *char != '\n' && is_hidden(*char)) {
        return Some(format!("{char:?} in {:?}", text.lines().find(|line| line.contains(char)).unwrap_or_default()));
    }
    let is_own =
        |line: &str| line.trim_start().starts_with("::: ") || (github && (line.starts_with("::error ") || line.starts_with("::warning ")));
    let line = text.lines().find(|line| (begins_command(line) && !is_own(line)) || line.contains("##[") || line.contains("##vso["));
    line.map(|line| format!("a command: {line}"))
}

#[test]
fn nobody_controls_the_screen() {
    let mut wrong = String::new();
    for (at, source) in SOURCES.iter().enumerate() {
        let home = tempfile::tempdir().unwrap();
        let quoted = serde_json::Value::from(HOSTILE).to_string();
        // Inside of quotes the text stands without quotes of its own.
        let inner = quoted.trim_matches('"');
        let write = |path: &str, text: &str| {
            let text = text.replace("'HOSTILE'", &format!("'{inner}'")).replace("{HOSTILE}", &format!("{{{inner}}}"));
            std::fs::write(home.path().join(path), text.replace("=HOSTILE", &format!("={inner}")).replace("HOSTILE", &quoted)).unwrap();
        };
        write("platform.yaml", PLATFORM);
        write("class.yaml", CLASS);
        write(if at % 2 == 0 { "a\u{1b}[31m\n::error::\u{202e}.yaml" } else { "a ##[group]b.yaml" }, source);
        if at == 9 {
            write("b\u{9b}.toml", "HOSTILE = [1\n");
        }
        // Errors are the same for all that ask questions about a broken project.
        let broken = !run(home.path(), &["check".to_owned()]).1.contains("no errors");
        for arguments in commands().iter().filter(|arguments| !broken || at == 3 || ["check", "explain"].contains(&arguments[0].as_str())) {
            let (stdout, stderr) = run(home.path(), arguments);
            let github = arguments.iter().any(|argument| argument == "github");
            for text in [&stdout, &stderr] {
                if let Some(fault) = fault(text, github) {
                    writeln!(wrong, "source {at}, {arguments:?}: {fault}").unwrap();
                }
            }
            if arguments.iter().any(|argument| argument == "json" || argument == "sarif") {
                serde_json::from_str::<serde_json::Value>(&stdout).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
