//! being built
use crate::artifact::{Artifacts, Input};
use crate::diagnostic::Diagnostics;
pub(super) fn emit(_input: &Input<'_>, _artifacts: &mut Artifacts, _diagnostics: &mut Diagnostics) {}
