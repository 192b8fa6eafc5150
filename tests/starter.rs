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
