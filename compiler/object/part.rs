//! Parts of what templates become that are the same for a family of things.

use crate::expression::Target;
use crate::span::Span;
use crate::value::{Data, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What templates became, for as much as that is the same for a family of things.
#[derive(Default)]
pub(super) struct Parts(pub(super) BTreeMap<(usize, Span, bool), Option<Value>>);

/// What tells a template from others of a class, and for what it is expanded.
pub(super) fn part(value: &Value, target: Target) -> Option<(usize, Span, bool)> {
    let at = match &value.data {
        Data::Template(template) => Arc::as_ptr(template) as usize,
        Data::List(list) => Arc::as_ptr(list) as usize,
        Data::Map(map) => Arc::as_ptr(map) as usize,
        Data::Pending(pending) => Arc::as_ptr(pending) as usize,
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Late(_) | Data::Broken => return None,
    };
    Some((at, value.origin.span, target == Target::Terraform))
}

/// Whether nothing below needs work: no templates and no directives.
pub(super) fn is_fixed(value: &Value) -> bool {
    !value.is_dynamic() && !value.has_directive()
}
