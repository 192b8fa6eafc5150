//! What an object has that expressions of a class have made: whoever wrote the value learns what it is and where it stands. In comes what is
//! said of the place in the template, out goes the same, said of the place where the value is written.

use super::Templated;
use crate::diagnostic::Diagnostic;
use crate::value::{Data, Value};
use crate::visible::visible;

/// So many parts of a value are shown.
const PARTS: usize = 3;

/// How long a text is that is repeated in a message.
const LONGEST: usize = 60;

/// The same of a value that expressions have made.
pub(super) fn traced(mut diagnostic: Diagnostic, value: &Value, subject: &Templated) -> Diagnostic {
    let (written, decided) = (value.written().origin.span, value.decided().span);
    // What is written in a template is checked there, before anything is made of it.
    if !subject.is_made {
        return diagnostic;
    }
    if !diagnostic.message.contains(", found ")
        && let Some(found) = shown(value)
    {
        diagnostic.message.push_str(&format!(", found {found}"));
    }
    let Some(primary) = &mut diagnostic.primary else { return diagnostic };
    if written != decided {
        primary.span = written;
        return diagnostic.label(decided, "handed on here");
    }
    let parts = value.made().iter().filter(|cause| !cause.decides).map(|cause| cause.value.written());
    let parts: Vec<&Value> = parts.filter(|part| part.origin.span != decided).take(PARTS).collect();
    for part in parts {
        diagnostic = diagnostic.label(part.origin.span, "made of this");
    }
    diagnostic
}

fn shown(value: &Value) -> Option<String> {
    match &value.data {
        Data::String(text) if text.chars().count() <= LONGEST => Some(format!("`{}`", visible(text))),
        Data::Int(int) => Some(format!("`{int}`")),
        Data::Float(float) => Some(format!("`{float}`")),
        Data::Bool(bool) => Some(format!("`{bool}`")),
        Data::Null
        | Data::String(_)
        | Data::List(_)
        | Data::Map(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => None,
    }
}
