//! Where nothing is written: outside of the output directory, and where definitions stand.

use super::{build, fleet, said, tree};
use crate::support;
use serde_json::Value;
use std::path::Path;

/// How many files are there, without those of `.platc`.
fn sources(folder: &Path) -> usize {
    tree(folder).into_keys().filter(|path| !path.contains(".platc/")).count()
}

#[test]
fn no_path_leaves_the_output() {
    let above = support::scratch();
    let home = above.path().join("project");
    for output in ["../elsewhere", "/tmp/elsewhere", "a/../../b", ".", "", "dist/../.."] {
        let mut project = fleet(0);
        let platform = project.files.get_mut("platform.yaml").unwrap();
        *platform = platform.replace("name: acme,", &format!("name: acme, output: '{output}',"));
        project.write(&home);
        let found = build(&home);
        assert_eq!(found.status.code(), Some(1), "`{output}`: {}", said(&found));
        assert_eq!(sources(above.path()), 2, "`{output}`: something was written");
    }
    for path in ["../x.txt", "/x.txt", "a/../../x.txt", "a//x.txt", "./x.txt", "a\\..\\x.txt", "..", ""] {
        let mut project = fleet(0);
        let text = format!("      files: {{ {}: text }}\n", Value::from(path));
        project.files.get_mut("platform.yaml").unwrap().push_str(&text);
        project.write(&home);
        let found = build(&home);
        assert_eq!(found.status.code(), Some(1), "`{path}`: {}", said(&found));
        assert!(said(&found).contains("error[unsafe-path]"), "`{path}`: {}", said(&found));
        assert_eq!(sources(above.path()), 2, "`{path}`: something was written");
    }
}

/// Definitions below the output directory would be taken for files of the output: they are told of, and nothing is written beside them.
#[test]
fn an_output_directory_holds_no_definitions() {
    let home = support::scratch();
    let mut project = fleet(0);
    let platform = project.files.get_mut("platform.yaml").unwrap();
    *platform = platform.replace("name: acme,", "name: acme, output: parts,");
    project.files.insert("parts/more.yaml".to_owned(), "services: { more: { class: bare } }\n".to_owned());
    project.write(home.path());
    let before = tree(home.path());
    let output = build(home.path());
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("error[unreadable-file]") && said(&output).contains("parts/more.yaml"), "{}", said(&output));
    let mut after = tree(home.path());
    after.retain(|path, _| !path.contains(".platc/"));
    assert_eq!(before, after);
}
