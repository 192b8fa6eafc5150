//! What goes into the package that `cargo install` builds from, and what is said about the Rust that builds it.

use crate::support;
use platc::code::Code;
use std::collections::BTreeSet;
use std::process::Command;

#[test]
fn the_package_has_what_it_needs_and_nothing_else() {
    let list = ["package", "--list", "--offline", "--allow-dirty"];
    let output = Command::new(env!("CARGO")).args(list).current_dir(support::root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap().replace('\\', "/");
    let files: BTreeSet<&str> = text.lines().collect();

    let of_cargo = [".cargo_vcs_info.json", "Cargo.lock", "Cargo.toml", "Cargo.toml.orig"];
    let ours = ["CHANGELOG.md", "LICENSE", "README.md", "THIRD-PARTY-NOTICES", "compiler", "docs", "stdlib"];
    let tops: BTreeSet<&str> = files.iter().map(|path| path.split('/').next().unwrap()).collect();
    let wanted: BTreeSet<&str> = of_cargo.into_iter().chain(ours).filter(|name| tops.contains(name) || *name != of_cargo[0]).collect();
    assert_eq!(tops, wanted);

    let hidden = files.iter().find(|path| path.contains("/.") || path.contains("__pycache__"));
    assert_eq!(hidden, None);
    for code in Code::ALL {
        assert!(files.contains(&*format!("docs/diagnostics/{}.md", code.word())), "the page of `{}`", code.word());
    }
    for (path, _) in platc::stdlib::FILES {
        assert!(files.contains(&*path.replacen("std/", "stdlib/", 1)), "{path}");
    }
}

#[test]
fn the_readme_names_the_rust_that_is_needed() {
    let readme = std::fs::read_to_string(support::root().join("README.md")).unwrap();
    let wanted = format!("Rust {} or later", env!("CARGO_PKG_RUST_VERSION"));
    assert!(readme.contains(&wanted), "README.md does not say `{wanted}`");
}
