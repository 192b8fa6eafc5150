//! Whole clusters and the files they become.

mod applications;
mod fixtures;
mod projects;
mod refusals;
mod roots;

use super::emit;
use crate::artifact::fixture::Fixture;
use expect_test::Expect;

/// The files of `fixture` whose path ends so, and what was said.
#[track_caller]
fn check(fixture: &Fixture, ending: &str, expected: Expect) {
    let text = fixture.emit(emit);
    let mut shown = String::new();
    let mut shows = false;
    for line in text.lines() {
        if let Some(path) = line.strip_prefix("# ") {
            shows = path.ends_with(ending);
        } else if line.starts_with("Error ") || line.starts_with("Warning ") {
            shows = true;
        }
        if shows {
            shown.push_str(line);
            shown.push('\n');
        }
    }
    expected.assert_eq(&shown);
}
