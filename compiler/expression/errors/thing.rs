//! Words for things that stand where a value is wanted.

use super::Operand;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::expression::Whole;
use crate::expression::syntax::Expr;
use crate::expression::words::spell;
use crate::span::Span;

/// A thing that is compared with what can be none: what each of the two is, and where it stands.
pub(in crate::expression) fn thing_compared(thing: (&str, Span), other: (&str, Span), span: Span) -> Diagnostic {
    let error = Diagnostic::error(Code::WrongOperands, format!("this compares {} with {}", thing.0, other.0), span, "never equal");
    let error = if thing.1 == other.1 { error } else { error.label(thing.1, thing.0).label(other.1, other.0) };
    error.hint("compare what it is called, `.name`, or compare it with another thing")
}

/// A thing within a text.
pub(in crate::expression) fn thing_in_text(expr: &Expr, thing: &'static str) -> Diagnostic {
    let operand = Operand::of_thing(expr.span, thing);
    let error = Diagnostic::error(Code::NotText, format!("{thing} cannot be part of a text"), expr.span, operand.label());
    let name = spell(expr).map_or_else(|| "….name".to_owned(), |path| format!("{path}.name"));
    error.hint(format!("write what it is called, `${{{name}}}`, or one of its fields; for the text `${{` itself write `$${{`"))
}

/// A thing, or things, where data is wanted: `a cluster`, `clusters`.
pub(in crate::expression) fn whole_thing(path: Option<&str>, whole: Whole, span: Span) -> Diagnostic {
    let message = match whole {
        Whole::One(words) => format!("this gives {words} as a whole"),
        Whole::All(plural) => format!("this gives all of `{plural}` as a whole"),
    };
    let error = Diagnostic::error(Code::MeantForAnother, message, span, "all that is said and computed of it");
    let Some(path) = path else {
        return error.hint("write what it is called, `….name`, or one of its fields; for the text `${` itself write `$${`");
    };
    let cure = match whole {
        Whole::One(_) => format!("write what it is called, `${{{path}.name}}`, or one of its fields"),
        Whole::All(_) => format!("write what they are called, `${{keys({path})}}`"),
    };
    error.hint(format!("{cure}; for the text `${{{path}}}`, which another program replaces, write `$${{{path}}}`"))
}
