//! Wording of values that are not what their fields hold, where something reads them.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// A value that its field cannot hold. It is what the schema says of it, in fewer words, and one report with that.
pub(in crate::model) fn not_of_its_type(span: Span, wanted: &str, found: &str) -> Diagnostic {
    Diagnostic::error(Code::WrongType, format!("this must be {wanted}, and is {found}"), span, format!("expected {wanted}"))
}
