//! The life of what keeps data, with the real Terraform and a state that stays: made, forgotten or destroyed by its own word, gone without a trace.

use crate::support::{self, Project};
use platc::kept::Kept;
use platc::{Compiler, Options};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

const CLASSES: &str = "classes:
  infrastructure:
    store:
      data: true
      terraform:
        resource:
          terraform_data:
            \"${self.name}\": { input: \"${environment.name}\" }
            \"${self.name}_more\": { input: \"${self.name}\" }
";

fn platform(folder: &Path, things: &str) {
    platform_of(folder, CLASSES, things);
}

fn platform_of(folder: &Path, classes: &str, things: &str) {
    let state = folder.join("states").display().to_string();
    let text = format!(
        "platform:
  name: acme
  domain: infra.example.com
  terraform: {{ backend: {{ local: {{ path: \"{state}/${{environment.name}}/${{stack.name}}\" }} }} }}
environments: {{ apps: {{}} }}
{classes}infrastructure:
  home: {{ class: store }}
{things}"
    );
    Project { files: [("platform.yaml".to_owned(), text)].into() }.write(folder);
}

fn platc(folder: &Path, verb: &str) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_platc")).args(["-C", &folder.display().to_string(), verb]).output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn build(folder: &Path, things: &str) {
    platform(folder, things);
    let (fine, said) = platc(folder, "build");
    assert!(fine, "{said}");
}

fn terraform(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("terraform")
        .arg(format!("-chdir={}", folder.display()))
        .args(arguments)
        .env("CHECKPOINT_DISABLE", "1")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{arguments:?}: {}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// What Terraform would do in a stack, `address: action`, and then does.
fn apply(folder: &Path, stack: &str) -> Vec<String> {
    let stack = folder.join("dist/terraform/apps").join(stack);
    terraform(&stack, &["init", "-input=false", "-no-color", "-reconfigure"]);
    terraform(&stack, &["plan", "-input=false", "-no-color", "-out=plan"]);
    let plan: serde_json::Value = serde_json::from_str(&terraform(&stack, &["show", "-json", "plan"])).unwrap();
    let changes = plan["resource_changes"].as_array().cloned().unwrap_or_default();
    let mut changes: Vec<String> = changes
        .iter()
        .filter(|change| change["change"]["actions"] != serde_json::json!(["no-op"]))
        .map(|change| format!("{}: {}", change["address"].as_str().unwrap(), change["change"]["actions"][0].as_str().unwrap()))
        .collect();
    changes.sort();
    terraform(&stack, &["apply", "-input=false", "-no-color", "plan"]);
    for local in ["plan", ".terraform.lock.hcl"] {
        std::fs::remove_file(stack.join(local)).ok();
    }
    std::fs::remove_dir_all(stack.join(".terraform")).unwrap();
    changes
}

fn remembered(folder: &Path) -> Vec<String> {
    let index = std::fs::read_to_string(folder.join("dist/platc.json")).unwrap();
    index
        .lines()
        .filter(|line| line.contains("\"data\"") && !line.contains("\"identity\":\"home\""))
        .map(|line| line.trim().to_owned())
        .collect()
}

#[test]
fn what_is_forgotten_stays_and_what_is_disabled_is_destroyed() {
    if !support::has("terraform", "-version") {
        return;
    }
    let home = support::scratch();
    let folder = home.path();
    for (word, actions) in [("forget", ["forget", "forget"]), ("false", ["delete", "delete"])] {
        // One with a stack of its own, and one in the stack of another.
        let things = |more: &str| format!("  own: {{ class: store{more} }}\n  near: {{ class: store, stack: home{more} }}\n");
        build(folder, &things(""));
        assert_eq!(remembered(folder).len(), 2);
        apply(folder, "home");
        assert_eq!(apply(folder, "own"), ["terraform_data.own: create", "terraform_data.own_more: create"]);

        // Its line cannot go.
        platform(folder, "");
        let (fine, said) = platc(folder, "build");
        assert!(!fine && said.contains("infrastructure `own` keeps data, and is no longer defined"), "{said}");
        assert!(!platc(folder, "check").0);

        build(folder, &things(&format!(", enabled: {word}")));
        assert_eq!(remembered(folder), Vec::<String>::new());
        let wanted = |name: &str| [format!("terraform_data.{name}: {}", actions[0]), format!("terraform_data.{name}_more: {}", actions[1])];
        assert_eq!(apply(folder, "own"), wanted("own"));
        assert_eq!(apply(folder, "home"), wanted("near"));
        // The word may stand as long as it likes.
        build(folder, &things(&format!(", enabled: {word}")));
        assert_eq!((apply(folder, "own"), apply(folder, "home")), (Vec::new(), Vec::new()));

        build(folder, "");
        assert_eq!(apply(folder, "home"), Vec::<String>::new());
        assert!(!folder.join("dist/terraform/apps/own").exists());
        std::fs::remove_dir_all(folder.join("states/apps")).unwrap();
    }
}

#[test]
fn what_moves_or_is_let_go_while_it_is_forgotten_stays() {
    if !support::has("terraform", "-version") {
        return;
    }
    let home = support::scratch();
    let folder = home.path();
    let classes = |blocks: &str| {
        format!(
            "{CLASSES}    mover:\n      data: true\n      schema: {{ at: string }}\n      terraform:\n        {}\n",
            blocks.replace('\n', "\n        ")
        )
    };
    let before = classes(
        "resource:
  terraform_data:
    \"${self.at}_old\": { input: a }
    \"${self.at}_many\": { for_each: { x: b }, input: c }
    \"${self.at}_rest\": { input: d }",
    );
    // It has had three names in a row, the last is read off the resource, and each of the many has moved.
    let after = classes(
        "resource:
  terraform_data:
    \"${self.at}_new\": { input: a }
    \"${self.at}_ones\": { for_each: { x: b }, input: c }
moved:
- { from: \"terraform_data.${self.at}_old\", to: \"terraform_data.${self.at}_mid\" }
- { from: \"terraform_data.${self.at}_mid\", to: \"${resource.terraform_data[self.at + '_new']}\" }
- { from: \"terraform_data.${self.at}_many[\\\"x\\\"]\", to: \"terraform_data.${self.at}_ones[\\\"x\\\"]\" }
removed: [{ from: \"terraform_data.${self.at}_rest\", lifecycle: { destroy: false } }]",
    );
    // One with a stack of its own, one in the stack of another, and one that stays there and moves.
    let things = |more: &str| {
        format!(
            "  own: {{ class: mover, at: own{more} }}
  near: {{ class: mover, stack: home, at: near{more} }}
  beside: {{ class: mover, stack: home, at: beside }}
"
        )
    };
    platform_of(folder, &before, &things(""));
    let (fine, said) = platc(folder, "build");
    assert!(fine, "{said}");
    assert_eq!((apply(folder, "own").len(), apply(folder, "home").len()), (3, 8));

    platform_of(folder, &after, &things(", enabled: forget"));
    let (fine, said) = platc(folder, "build");
    assert!(fine, "{said}");
    let wanted = |at: &str| ["many[\"x\"]", "old", "rest"].map(|name| format!("terraform_data.{at}_{name}: forget"));
    assert_eq!(apply(folder, "own"), wanted("own"));
    let all: Vec<String> = ["terraform_data.beside_rest: forget".to_owned()].into_iter().chain(wanted("near")).collect();
    assert_eq!(apply(folder, "home"), all);
    // The words may stand as long as they like.
    assert_eq!((apply(folder, "own"), apply(folder, "home")), (Vec::new(), Vec::new()));
    platform_of(folder, &after, "  beside: { class: mover, stack: home, at: beside }\n");
    let (fine, said) = platc(folder, "build");
    assert!(fine, "{said}");
    assert_eq!(apply(folder, "home"), Vec::<String>::new());
}

/// What is remembered of a service whose namespace and claim wait for a fact of its cluster, and what is warned of.
fn waiting(namespace: &str, more: &str, has_fact: bool, before: &BTreeSet<Kept>) -> (Vec<String>, Vec<String>, BTreeSet<Kept>) {
    let text = format!(
        "platform: {{ name: acme, domain: infra.example.com, repository: {{ url: https://git.example.com/p.git }} }}
environments: {{ apps: {{}} }}
clusters: {{ gc0: {{ class: metal }} }}
services: {{ note: {{}} }}
classes:
  cluster:
    metal:
      terraform: {{ resource: {{ terraform_data: {{ this: {{ input: x }} }} }} }}
      outputs: {{ endpoint: \"${{resource.terraform_data.this.output}}\" }}
  service:
    note:
      data: true
      manifests:
        space: {{ apiVersion: v1, kind: Namespace, metadata: {{ name: {namespace}, annotations: {{ at: \"${{cluster.outputs.endpoint}}\" }} }} }}
        shared: {{ apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{ name: claim, namespace: shared }} }}
{more}"
    );
    let mut files = BTreeMap::from([("platform.yaml".to_owned(), text)]);
    if has_fact {
        files.insert("facts/apps/gc0.json".to_owned(), "{ \"endpoint\": \"x\" }".to_owned());
    }
    let mut compiler = Compiler::default();
    let mut compilation = compiler.compile(&Project { files }.system(), &Options::default());
    let kept = compiler.keep(&mut compilation, (before, &BTreeSet::new()), None);
    assert!(!compilation.diagnostics.has_errors(), "{}", support::said(&compilation));
    let warned = compilation.diagnostics.sorted(&compilation.sources);
    let warned = warned.into_iter().filter(|one| one.code == platc::code::Code::NamespaceStays).map(|one| one.message.clone()).collect();
    let lines = kept.iter().filter(|kept| kept.place.identity == "note").map(Kept::line).collect();
    (lines, warned, kept)
}

#[test]
fn what_waits_is_remembered_as_it_was() {
    let place = r#"{"data":"services","environment":"apps","cluster":"gc0","identity":"note""#;
    let line = |name: &str| vec![format!(r#"{place},"namespaces":["{name}"],"objects":["PersistentVolumeClaim/shared/claim"]}}"#)];
    let stays = vec!["namespace `one` is no longer installed on cluster `gc0` in `apps`, and stays there".to_owned()];
    let none: Vec<String> = Vec::new();
    // What has never been there is not, with or without Terraform.
    let (lines, warned, nothing) = waiting("one", "", false, &BTreeSet::new());
    assert_eq!((lines, warned), (none.clone(), none.clone()));
    let own = "      terraform: { resource: { terraform_data: { own: { input: x } } } }\n";
    let (lines, ..) = waiting("one", own, false, &BTreeSet::new());
    assert_eq!(lines, [format!(r#"{place},"stack":"gc0","terraform":["terraform_data.own"]}}"#)]);

    let (lines, warned, built) = waiting("one", "", true, &nothing);
    assert_eq!((lines, warned), (line("one"), none.clone()));
    // It waits with another name, twice; the output has what it had.
    let (lines, warned, waited) = waiting("two", "", false, &built);
    assert_eq!((lines, warned), (line("one"), none.clone()));
    let (lines, warned, waited) = waiting("two", "", false, &waited);
    assert_eq!((lines, warned), (line("one"), none.clone()));
    // Back again, nothing was lost.
    let (lines, warned, _) = waiting("one", "", true, &waited);
    assert_eq!((lines, warned), (line("one"), none));
    // With its fact it is there anew, and only now the other one has left.
    let (lines, warned, _) = waiting("two", "", true, &waited);
    assert_eq!((lines, warned), (line("two"), stays));
}
