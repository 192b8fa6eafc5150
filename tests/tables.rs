//! The tables of fields are what their generator makes of the schemas that they name, and all of them are embedded.

use crate::support;
use platc::table::Table;
use std::process::Command;

#[test]
fn tables_are_what_the_generator_makes() {
    let schemas = support::root().join("../shared/reference");
    if !["schemas/kubernetes", "schemas/crd", "terraform"].iter().all(|folder| schemas.join(folder).is_dir()) {
        support::skipped("schemas to make the tables from not found");
        return;
    }
    if !support::has("python3", "--version") {
        return;
    }
    let script = support::root().join("compiler/table/generate.py");
    let output = Command::new("python3").arg("-B").arg(script).arg(schemas).arg("--check").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn every_table_says_where_it_is_from_and_is_embedded() {
    let folder = support::root().join("compiler/table/data");
    let mut count = 0;
    for entry in std::fs::read_dir(folder.join("terraform")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let provider = path.file_stem().unwrap().to_str().unwrap();
        let (of, release) = text.lines().find_map(|line| line.strip_prefix("origin ")?.split_once(' ')).unwrap();
        assert_eq!(of, provider);
        assert_eq!(Table::terraform().origin(provider), Some(release), "compiler/table/mod.rs does not list {provider}");
        assert!(
            provider == "terraform" || text.contains(&format!("\n#   terraform/{provider}.json sha256:")),
            "{provider} names no source"
        );
        count += 1;
    }
    assert!(count > 10, "{count} providers");
    let kubernetes = std::fs::read_to_string(folder.join("kubernetes.txt")).unwrap();
    assert_eq!(kubernetes.lines().filter(|line| line.starts_with("#   schemas/kubernetes/") && line.contains(" sha256:")).count(), 2);
}
