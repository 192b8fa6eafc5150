//! Wording of what can be wrong with facts and with what Terraform prints.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::JsonFault;
use crate::span::{FileId, Span};
use crate::value::Value;

/// How to come to a file that is right.
fn again(path: &str) -> String {
    let mut parts = path.trim_end_matches(".json").split('/').skip(1);
    let (environment, stack) = (parts.next().unwrap_or("<environment>"), parts.next().unwrap_or("<stack>"));
    format!("record it again: `terraform output -json | platc facts record {environment} {stack}`")
}

pub(super) fn broken(fault: &JsonFault, file: FileId, path: &str) -> Diagnostic {
    let span = Span::new(file, fault.start, fault.end);
    let message = format!("cannot read the facts in `{path}`: they are no JSON that platc can keep");
    let mut diagnostic = Diagnostic::error(Code::BrokenFacts, message, span, fault.what.clone());
    if let Some(first) = fault.first {
        diagnostic = diagnostic.label(first, "first here");
    }
    diagnostic.hint(again(path))
}

pub(super) fn not_a_map(found: &Value, path: &str) -> Diagnostic {
    let message = format!("the facts in `{path}` must be a map of outputs, found {}", found.describe());
    Diagnostic::error(Code::BrokenFacts, message, found.origin.span, "expected `{ \"endpoint\": … }`").hint(again(path))
}
