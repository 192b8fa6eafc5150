//! The preset for Renovate in the guide finds each version that definitions of a project set, where `platc list versions` says that it is set.

use crate::support::{self, Project};
use std::collections::BTreeSet;
use std::process::Command;

const FOLDER: &str = "tests/data/renovate";

#[test]
fn the_preset_finds_what_list_versions_tells() {
    if !support::has("node", "--version") {
        return;
    }
    let project = Project::read(FOLDER);
    let sources: Vec<&String> = project.files.keys().filter(|path| path.ends_with(".yaml") || path.ends_with(".toml")).collect();
    let script = support::root().join(FOLDER).join("extract.mjs");
    let preset = support::root().join("docs/guide/renovate.json");
    let output = Command::new("node").arg(script).arg(preset).arg(support::root().join(FOLDER)).args(&sources).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let found: BTreeSet<(String, String)> = text
        .lines()
        .map(|line| {
            let parts: Vec<&str> = line.split('\t').collect();
            (parts[0].to_owned(), parts[4].to_owned())
        })
        .collect();
    let platc = Command::new(env!("CARGO_BIN_EXE_platc"))
        .arg("-C")
        .arg(support::root().join(FOLDER))
        .args(["list", "versions", "--format", "json"])
        .output()
        .unwrap();
    let listed: serde_json::Value = serde_json::from_slice(&platc.stdout).unwrap();
    let set: BTreeSet<(String, String)> = listed["versions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|version| version["inLibrary"] == false)
        .map(|version| {
            let (place, text) = (&version["place"], version["version"].as_str().unwrap());
            let file = std::path::Path::new(place["file"].as_str().unwrap());
            let file = file.strip_prefix(support::root().join(FOLDER)).or(file.strip_prefix(FOLDER)).unwrap_or(file).to_str().unwrap();
            // A quote belongs to the value, and not to the version.
            let quotes = (place["endColumn"].as_u64().unwrap() - place["column"].as_u64().unwrap() - text.len() as u64) / 2;
            (format!("{file}:{}:{}", place["line"], place["column"].as_u64().unwrap() + quotes), text.to_owned())
        })
        .collect();
    assert_eq!(found, set);
    assert_eq!(set.len(), 8);
    let of = |start: &str| text.lines().find(|line| line.starts_with(start)).unwrap().split('\t').skip(1).collect::<Vec<_>>();
    assert_eq!(of("classes/charts.yaml:9:"), ["docker", "registry.example.com/charts/store", "-", "2.0.0"]);
    assert_eq!(of("ingress.toml:3:"), ["helm", "ingress-nginx", "https://kubernetes.github.io/ingress-nginx", "4.15.0"]);
    assert_eq!(of("classes/charts.yaml:14:"), ["terraform-provider", "hashicorp/google", "-", "~> 7.0"]);
}
