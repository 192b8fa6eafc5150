//! The one test binary: everything that sees the library from outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::wildcard_enum_match_arm,
    clippy::print_stderr,
    reason = "tests read files, may panic, tell numbers, and match foreign enums"
)]

mod broken;
mod cases;
mod docs;
mod explain;
mod facts;
mod cel;
mod classes;
mod cli;
mod clouds;
mod flux;
mod hazards;
mod hostile;
mod keeping;
mod laws;
mod late;
mod layers;
mod limits;
mod mutations;
mod package;
mod literal;
mod pre_commit;
mod reach;
mod renovate;
mod report;
mod repository;
#[cfg(unix)]
mod scarcity;
mod schema;
mod schemas;
mod screens;
mod secrets;
mod seeds;
mod starter;
mod states;
mod support;
mod tables;
mod tenants;
mod tidy;
mod typos;
mod tools;
mod world;
mod write;

/// A file beside this one that is not a module of it would never run.
#[test]
fn no_test_file_is_forgotten() {
    let root = support::root().join("tests");
    let suite = std::fs::read_to_string(root.join("suite.rs")).unwrap();
    for entry in std::fs::read_dir(root).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(module) = name.strip_suffix(".rs")
            && module != "suite"
        {
            assert!(suite.contains(&format!("mod {module};")), "tests/{name} is no module of tests/suite.rs");
        }
    }
}
