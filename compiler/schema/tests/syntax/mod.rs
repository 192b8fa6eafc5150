//! What is said about schemas that are not well formed.

mod markers;
mod types;

use super::faults;
use expect_test::{Expect, expect};

fn check(fields: &str, expected: Expect) {
    let lines: String = fields.lines().map(|line| format!("  {line}\n")).collect();
    expected.assert_eq(&faults(&format!("schema:\n{lines}")));
}
