//! The starter in three spellings: half YAML and half TOML, wholly YAML, wholly TOML.

use crate::support::{self, Project};

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
