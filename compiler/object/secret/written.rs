//! Secrets with data in templates that are not expanded, because something else is wrong. Nobody reports them then, but they must not be
//! drawn beside the other mistakes.

use super::literal;
use crate::definition::Definitions;
use crate::secret::Secrets;

/// Adds the places of Secrets with data that the templates of classes write out.
pub fn doubt_written(definitions: &Definitions, secrets: &mut Secrets) {
    for class in &definitions.classes {
        let sections = ["manifests", "helm", "files", "terraform"].into_iter().filter_map(|name| class.section(name));
        sections.flat_map(literal::secrets).for_each(|found| secrets.doubt(found.span));
    }
}
