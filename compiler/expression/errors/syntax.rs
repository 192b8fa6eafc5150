//! Wording of what can be wrong with the text of an expression, and of the limits it may break.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;

// While a text is read.

pub(in crate::expression) fn stray_character(found: char, span: Span) -> Diagnostic {
    let message = format!("`{}` has no meaning in an expression", found.escape_debug());
    let error = Diagnostic::error(Code::ExpressionSyntax, message, span, "not expected here");
    match found {
        '=' => error.hint("compare with `==`"),
        '&' => error.hint("write `&&` for and"),
        '|' => error.hint("write `||` for or; there are no pipes, call functions with a dot: `text.trim()`"),
        '$' => error.hint("inside of `${…}` names need no `$`"),
        _ => error,
    }
}

pub(in crate::expression) fn open_string(span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionSyntax, "a string in this expression is never closed", span, "opened here")
        .hint("close it with the same quote; a quote inside of a string is written with a backslash before it")
}

pub(in crate::expression) fn bad_escape(found: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionSyntax, format!("`{found}` is not an escape"), span, "means nothing in a string")
        .hint("write `\\\\` for a backslash, or put `r` before the string to take every character as it is: `r'\\d+'`")
}

pub(in crate::expression) fn bad_quoted_name(span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionSyntax, "this is no name in backticks", span, "holds other characters")
        .hint("letters, digits, `_`, `-`, `.`, `/` and blanks are allowed; anything can stand in an index: `labels[\"any key\"]`")
}

pub(in crate::expression) fn bad_number(found: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionSyntax, format!("`{found}` is not a number"), span, "cannot be read as a number")
        .hint("integers have 64 bits; hexadecimal ones begin with `0x`, unsigned ones end in `u`")
}

pub(in crate::expression) fn unexpected(found: &str, wanted: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionSyntax, format!("expected {wanted}, found {found}"), span, format!("expected {wanted}"))
}

/// The same error of a text with the way out for whoever never meant an expression.
pub(in crate::expression) fn or_text(error: Diagnostic) -> Diagnostic {
    let is_said = error.hint.iter().chain(&error.notes).any(|words| words.contains("$${"));
    let is_misread =
        matches!(error.code, Code::ExpressionSyntax | Code::UnterminatedExpression | Code::UnknownName | Code::UnknownFunction);
    if is_misread && !is_said { error.note("where `${` is meant as text, write `$${`") } else { error }
}

/// A `${…}` with a number as it is written, or null, in it.
pub(in crate::expression) fn number_for_another(written: &str, span: Span, dollar: Span) -> Diagnostic {
    let bare = written.trim_start_matches("${").trim_end_matches('}').trim();
    Diagnostic::error(Code::MeantForAnother, format!("`{written}` computes nothing"), span, "gives what is written in it")
        .hint(format!("write `${written}` for the text `{written}`, which another program replaces; for the value write `{bare}` itself"))
        .replace(dollar, "$$")
}

/// What follows a word that other languages have for an operator.
pub(in crate::expression) fn word_for_operator(error: Diagnostic, word: &str) -> Diagnostic {
    let operator = match word {
        "and" => "&&",
        "or" => "||",
        _ => "!",
    };
    error.hint(format!("write `{operator}` for `{word}`"))
}

pub(in crate::expression) fn empty(span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionSyntax, "this expression is empty", span, "nothing to evaluate")
        .hint("write an expression between the braces, or `$${` for a literal `${`")
}

pub(in crate::expression) fn reserved_name(name: &str, span: Span) -> Diagnostic {
    if name == "var" {
        return Diagnostic::error(Code::ExpressionSyntax, "variables of Terraform do not exist here", span, "a word of Terraform")
            .hint("write the value, or a field of the class; in a `terraform` section of a class `$${var.…}` passes it on to Terraform; where `${` is meant as text, write `$${`");
    }
    Diagnostic::error(Code::ExpressionSyntax, format!("`{name}` is a reserved word"), span, "cannot be used as a name")
        .hint("choose another name; after a dot it is allowed")
}

pub(in crate::expression) fn has_needs_field(span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongArguments, "`has` takes a field", span, "not a field of something")
        .hint("write `has(self.network.cidr)` or `has(labels[\"key\"])`")
}

pub(in crate::expression) fn variable_expected(span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionSyntax, "a name for the variable is expected here", span, "not a plain name")
        .hint("the first argument names what the others are computed with: `zones.map(zone, zone + \"-1\")`")
}

pub(in crate::expression) fn variable_twice(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionSyntax, format!("both variables are named `{name}`"), span, "named a second time")
        .hint("give the two variables different names")
}

pub(in crate::expression) fn unterminated(span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnterminatedExpression, "`${` is never closed", span, "opened here")
        .hint("close it with `}`, or write `$${` for a literal `${`")
}

pub(in crate::expression) fn unterminated_terraform(span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnterminatedExpression, "the Terraform expression after `$${` is never closed", span, "in this text")
        .hint("close it with `}`; in templates of Terraform, `$${…}` passes an expression on to Terraform")
}

// Bounds.

pub(in crate::expression) fn too_deep(limit: usize, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::ExpressionTooCostly,
        format!("this expression nests more than {limit} levels deep"),
        span,
        "this is one level too many",
    )
    .hint("name a part of it under `let` and use the name")
}

pub(in crate::expression) fn too_long(limit: usize, span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionTooCostly, format!("a text with expressions is longer than {} KiB", limit / 1024), span, "this text")
        .hint("move the constant parts out of the text")
}

pub(in crate::expression) fn too_costly(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExpressionTooCostly, format!("evaluating this expression {what}"), span, "given up here")
        .hint("every evaluation is bounded; use fewer nested loops, or smaller lists and texts")
}

pub(in crate::expression) fn text_too_long(limit: usize, span: Span) -> Diagnostic {
    let message = format!("this text becomes longer than {} MiB", limit / (1024 * 1024));
    Diagnostic::error(Code::ExpressionTooCostly, message, span, "given up here").hint("every text is bounded; use shorter ones")
}

// Names.
