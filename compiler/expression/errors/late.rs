//! Wording of what cannot be done with late values.

use super::super::late::LateRefusal;
use super::super::val::Val;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;

const MESSAGE: &str = "this value is known only after Terraform has run";

/// Something needs a late value now.
pub(in crate::expression) fn late_misplaced(address: &str, what: &str, span: Span) -> Diagnostic {
    let error = Diagnostic::error(Code::LateValueMisplaced, MESSAGE, span, format!("{what} needs it now"));
    from(error, address)
        .hint("what decides whether something is there, or what it is called, must be known when platc runs; pass the value on as it is")
}

fn from(error: Diagnostic, address: &str) -> Diagnostic {
    if address.is_empty() { error } else { error.note(format!("it comes from `{address}`")) }
}

/// A function or operator that Terraform does not have with the same meaning.
pub(in crate::expression) fn late_function(address: &str, name: &str, refusal: LateRefusal, span: Span) -> Diagnostic {
    let shown = shown(name);
    match refusal {
        LateRefusal::Nothing if super::super::late::is_function(name) => {
            let error = Diagnostic::error(Code::LateValueFunction, MESSAGE, span, format!("Terraform has no {shown} for these operands"));
            from(error, address).hint(format!("over such values it can do {}", super::super::late::usages(name)))
        }
        LateRefusal::Nothing => {
            let error = Diagnostic::error(Code::LateValueFunction, MESSAGE, span, format!("{shown} needs it now"));
            from(error, address).hint(format!("over such values Terraform can do {}", super::super::late::names()))
        }
        LateRefusal::Differs(reason) => {
            let error =
                Diagnostic::error(Code::LateValueFunction, MESSAGE, span, format!("{shown} would mean something else in Terraform"));
            from(error, address).note(reason).hint("`platc explain late-value-function` lists what means the same")
        }
        LateRefusal::Untold(_) => {
            let label = format!("{shown} depends on its type, which is not known");
            let error = Diagnostic::error(Code::LateValueFunction, "the type of this late value is not known", span, label);
            from(error, address).hint(told(name))
        }
    }
}

/// How to say what a late value is.
fn told(name: &str) -> &'static str {
    match name {
        "map" | "filter" | "all" | "exists" | "exists_one" | "transformMap" => {
            "with two variables it means the same for lists and maps: `values.transformList(position, item, …)`"
        }
        "size" | "keys" | "values" | "entries" | "sort" | "distinct" | "flatten" | "reverse" | "merge" => {
            "say that it is a list of texts, for example: `values.transformList(position, item, string(item))`"
        }
        _ => "say what it is: `string(…)`, `int(…)`, `double(…)` or `bool(…)` around it",
    }
}

fn shown(name: &str) -> String {
    match name {
        "[]" => "the index".to_owned(),
        _ => format!("`{name}`"),
    }
}

/// A value beside a late one that Terraform has no literal for.
pub(in crate::expression) fn late_literal(name: &str, value: &Val, span: Span) -> Diagnostic {
    let message = format!("{} cannot be written in Terraform", value.describe());
    Diagnostic::error(Code::LateValueFunction, message, span, format!("{} is left to Terraform, because an operand is late", shown(name)))
        .hint("pass on the parts that are needed, as texts, numbers, lists or maps")
}

/// What was made of late values is too large.
pub(in crate::expression) fn late_too_large(bytes: usize, depth: usize, span: Span) -> Diagnostic {
    let message = "this makes an expression for Terraform that is too large";
    Diagnostic::error(Code::ExpressionTooCostly, message, span, format!("it has more than {} KiB or {depth} levels", bytes >> 10))
        .hint("what is named twice is written twice; put the parts into `locals` of the `terraform` section, and name those")
}

/// An expression within `$${…}`.
pub(in crate::expression) fn expression_in_terraform(span: Span, opened: Span) -> Diagnostic {
    let message = "an expression of the platform stands inside of an expression of Terraform";
    Diagnostic::error(Code::ExpressionInTerraform, message, span, "it would be pasted in as text")
        .label(opened, "`$${…}` in this text goes to Terraform as it is")
        .hint("write it as one expression; functions over late values become Terraform's: `${string(base64.decode(…))}`")
}
