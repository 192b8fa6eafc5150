//! The starter in three spellings: half YAML and half TOML, wholly YAML, wholly TOML.

use crate::support::{self, Project};
use serde_json::Value;

const SPELLINGS: [&str; 3] = ["examples/kubestack/starter", "tests/data/starter-yaml", "tests/data/starter-toml"];

#[test]
fn both_grammars_give_the_same_bytes() {
    let [mixed, yaml, toml] = SPELLINGS.map(|folder| {
        let (compilation, output) = Project::read(folder).build();
        assert_eq!(support::said(&compilation), "", "{folder}");
        assert!(!output.is_empty(), "{folder} gives nothing");
        output
    });
    for (other, folder) in [(&yaml, SPELLINGS[1]), (&toml, SPELLINGS[2])] {
        assert_eq!(mixed.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>(), "{folder}");
        for (path, text) in &mixed {
            assert!(text == &other[path], "{folder}, {path}:\n{}", support::difference(text, &other[path]));
        }
    }
}

#[test]
fn the_order_of_files_does_not_matter() {
    let project = Project::read(SPELLINGS[0]);
    assert_eq!(project.build().1, project.build_backwards().1);
}

#[test]
fn names_of_files_do_not_matter() {
    for folder in SPELLINGS {
        let project = Project::read(folder);
        let output = project.build().1;
        for renamed in
            [project.renamed(|at, _| at), project.renamed(|at, count| count - at), project.renamed(|at, count| (at * 3 + 1) % (count * 3))]
        {
            let other = renamed.build().1;
            for (path, text) in &output {
                assert!(
                    other.get(path) == Some(text),
                    "{folder}, {path}:\n{}",
                    support::difference(text, other.get(path).map_or("", |text| text))
                );
            }
            assert_eq!(output.len(), other.len());
        }
    }
}

#[test]
fn twice_the_same() {
    let project = Project::read(SPELLINGS[0]);
    assert_eq!(project.build().1, project.build().1);
}

/// What a checkout on Windows may do to sources.
#[test]
fn line_ends_do_not_matter() {
    for folder in SPELLINGS {
        let mut project = Project::read(folder);
        let output = project.build().1;
        project.files.values_mut().for_each(|text| *text = text.replace('\n', "\r\n"));
        assert!(project.files.values().any(|text| text.contains("\r\n")));
        let (compilation, other) = project.build();
        assert_eq!(support::said(&compilation), "", "{folder}");
        assert_eq!(output, other, "{folder}");
    }
}

fn document(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

/// An Argo CD that manages itself has what the bootstrap gives to others, so that a new script arrives by itself.
#[test]
fn argo_cd_is_told_what_the_bootstrap_says() {
    let output = Project::read(SPELLINGS[0]).build().1;
    for environment in ["ops", "apps"] {
        let at = |path: &str| document(&output[&format!("argocd/{environment}/gc0/{path}")]);
        let (patch, values) = (at("bootstrap/argocd-cm-patch.yaml"), at("values/argo-cd.yaml"));
        let settings = patch["data"].as_object().unwrap();
        assert!(!settings.is_empty());
        for (key, text) in settings {
            assert_eq!(&values["configs"]["cm"][key], text, "{key}");
        }
    }
}

/// The commands of the README name files that are there, and the chart that the output names. `.ci/long first` runs them.
#[test]
fn first_steps_are_about_what_is_there() {
    let readme = std::fs::read_to_string(support::root().join("examples/kubestack/starter/README.md")).unwrap();
    let chapter = readme.split("## From nothing to running").nth(1).unwrap().split("\n## ").next().unwrap();
    let output = Project::read(SPELLINGS[0]).build().1;
    let mut named = 0;
    for word in chapter
        .split_whitespace()
        .filter_map(|word| word.strip_prefix("dist/"))
        .map(|word| word.trim_end_matches([')', ';']))
        .filter(|word| !word.contains(['$', '`', ')']) && !word.is_empty())
    {
        let is_there = output.contains_key(word) || output.contains_key(&format!("{word}/kustomization.yaml"));
        assert!(is_there, "the README names dist/{word}, which is not written");
        named += 1;
    }
    assert!(named >= 6, "{named}");
    let source = document(&output["argocd/ops/gc0/applications/argo-cd.yaml"])["spec"]["sources"][0].clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let command = format!(
        "helm template {} {} --repo {} --version {} ",
        text(&source["helm"]["releaseName"]),
        text(&source["chart"]),
        text(&source["repoURL"]),
        text(&source["targetRevision"])
    );
    assert!(chapter.contains(&command), "the README installs something else than `{command}`");
}
