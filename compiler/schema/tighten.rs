//! A class that inherits may ask for more than its parent, never for less.

use super::Type;
use crate::diagnostic::Diagnostics;

/// Reports where `child` allows what `parent` does not. `path` is the field the types belong to, empty for whole schemas.
pub fn tightens(parent: &Type, child: &Type, path: &str, diagnostics: &mut Diagnostics) {
    let _ = (parent, child, path, diagnostics);
}
