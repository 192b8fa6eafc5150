//! Whether the things of a class keep data. In comes what the class says, out goes yes or no; what follows from it is decided elsewhere.

use super::errors;
use crate::diagnostic::Diagnostics;
use crate::name::Kind;
use crate::value::Value;

/// What a class says about data.
pub(super) fn said(kind: Kind, value: Option<&Value>, diagnostics: &mut Diagnostics) -> bool {
    let Some(value) = value.filter(|value| !value.is_dynamic()) else { return false };
    match value.as_bool() {
        // A cluster is what others are on; what is kept there has classes of its own.
        Some(true) if matches!(kind, Kind::Cluster | Kind::NodePool) => {
            diagnostics.push(errors::data_of_machines(kind, value.origin.span));
            false
        }
        Some(said) => said,
        None => {
            diagnostics.push(errors::section_type("data", "`true` or `false`", value.origin.span));
            false
        }
    }
}
