//! Classes with mistakes in their templates, the standard library without, and the standard library with each of its keys misspelt.

mod classes;
mod manifests;
mod terraform_blocks;

use super::super::{Class, ClassMemory, Definitions, check as checks, lower};
use crate::diagnostic::Diagnostics;
use crate::document;
use crate::project;
use crate::source::Sources;
use crate::system::MemorySystem;
use crate::value::{Entry, Value};
use expect_test::{Expect, expect};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

fn lowered(text: &str) -> (Sources, Definitions, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let sources = project::load(&MemorySystem::default().with("platform.yaml", text.as_bytes()), (&[], &[]), &mut diagnostics);
    let mut memory = document::DocumentMemory::default();
    let documents = document::parse(&sources, |_, _| true, &mut memory, &mut diagnostics);
    let definitions = lower(&documents, (&sources, &Arc::default()), (&memory, &mut ClassMemory::default()), &mut diagnostics);
    (sources, definitions, diagnostics)
}

fn said(text: &str) -> String {
    let (sources, _, diagnostics) = lowered(text);
    let mut said = String::new();
    for diagnostic in diagnostics.sorted(&sources) {
        writeln!(said, "{}: {}", diagnostic.code.word(), diagnostic.message).unwrap();
        let label = diagnostic.primary.unwrap();
        writeln!(said, "  `{}` {}", sources.text(label.span), label.text).unwrap();
        diagnostic.notes.iter().for_each(|note| writeln!(said, "  note: {note}").unwrap());
        diagnostic.hint.iter().for_each(|hint| writeln!(said, "  hint: {hint}").unwrap());
        diagnostic.replacement.iter().for_each(|edit| writeln!(said, "  `{}` → `{}`", sources.text(edit.span), edit.text).unwrap());
    }
    said
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect()
}

/// The manifest `one` of a class.
fn manifest(text: &str, expected: &Expect) {
    let schema = "schema: { count: integer, on: boolean, names: '[]string', texts: 'map[string]string', free: object }";
    let class = format!("classes:\n  service:\n    demo:\n      {schema}\n      manifests:\n        one:\n{}", indented(text, 10));
    expected.assert_eq(&said(&class));
}

/// The section `terraform` of a class.
fn terraform(text: &str, expected: &Expect) {
    let schema = "schema: { count: integer, on: boolean, names: '[]string', texts: 'map[string]string', free: object }";
    let class = format!("classes:\n  infrastructure:\n    demo:\n      {schema}\n      terraform:\n{}", indented(text, 8));
    expected.assert_eq(&said(&class));
}
