//! The tables of `docs/seeds.md`: what each of the platforms asks stands in its example, and in what comes out of that.

use crate::support::{self, Project};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A file and a text that must stand in it, as a cell says them: `` `file`: `text` ``.
fn cell(text: &str) -> Option<(&str, &str)> {
    let parts: Vec<&str> = text.split('`').collect();
    match parts.as_slice() {
        ["", file, ": ", text, ""] => Some((file, text)),
        _ => None,
    }
}

#[test]
fn what_the_platforms_ask_is_written_and_comes_out() {
    let page = std::fs::read_to_string(support::root().join("docs/seeds.md")).unwrap();
    let (mut wrong, mut rows) = (String::new(), 0);
    for section in page.split("\n## ").skip(1) {
        let name = section.lines().next().unwrap();
        let example = support::root().join("examples").join(name);
        let (compilation, output): (_, BTreeMap<String, String>) = Project::read(&format!("examples/{name}")).build();
        assert_eq!(support::said(&compilation), "", "{name} builds without a word");
        for row in section.lines().filter(|line| line.starts_with('|')).skip(2) {
            rows += 1;
            let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
            let [_, written, comes_out] = cells.as_slice() else { panic!("{name}: three cells: {row}") };
            let (file, text) = cell(written).unwrap_or_else(|| panic!("{name}: a file and a text: {written}"));
            if !std::fs::read_to_string(example.join(file)).is_ok_and(|found| found.contains(text)) {
                writeln!(wrong, "{name}: `{file}` does not say `{text}`").unwrap();
            }
            let (file, text) = cell(comes_out).unwrap_or_else(|| panic!("{name}: a file and a text: {comes_out}"));
            if !output.get(file).is_some_and(|found| found.contains(text)) {
                writeln!(wrong, "{name}: the output's `{file}` does not say `{text}`").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    // Nothing that was asked is lost without a word; whoever adds a row says so here.
    assert_eq!(rows, 87);
}
