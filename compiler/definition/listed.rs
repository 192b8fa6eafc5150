//! Names in a class as it is written: one, or a list of them. Nothing is looked up here.

use super::{Named, errors};
use crate::diagnostic::Diagnostics;
use crate::value::{Data, Value};

/// One name or a list of names.
pub(super) fn names(value: Option<&Value>, section: &str, diagnostics: &mut Diagnostics) -> Vec<Named> {
    let Some(value) = value else { return Vec::new() };
    let one = |value: &Value| value.as_str().map(|name| Named { name: name.into(), span: value.origin.span });
    let list = match &value.data {
        Data::List(list) => list.items().iter().map(one).collect(),
        Data::String(_) => one(value).map(|named| vec![named]),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Map(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => None,
    };
    list.unwrap_or_else(|| {
        // An expression is reported as one.
        if !value.is_dynamic() {
            diagnostics.push(errors::section_type(section, "a name or a list of names", value.origin.span));
        }
        Vec::new()
    })
}
