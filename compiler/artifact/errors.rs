//! Wording of what the backend of plain files cannot write.

use super::Artifact;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Model};
use crate::object::File;

pub(super) fn not_text(file: &File, entity: &Entity) -> Diagnostic {
    let message = format!("the file `{}` must be text, found {}", file.path, file.content.describe());
    Diagnostic::error(Code::WrongType, message, file.span, "has no form for this content")
        .path(&*entity.path)
        .hint("give it a path that ends in `.yaml` or `.json`, or write its content as text")
}

pub(super) fn file_twice(file: &File, entity: &Entity) -> Diagnostic {
    Diagnostic::error(Code::ObjectCollision, format!("the file `{}` would be written twice", file.path), file.span, "another has this path")
        .path(&*entity.path)
        .label(entity.defined, "of this")
        .hint("choose another path")
}

/// One file is below another; each comes with its path.
pub(super) fn inside_file(model: &Model, upper: (&str, &Artifact), lower: (&str, &Artifact)) -> Diagnostic {
    let message = format!("the file `{}` would have to be a folder, because `{}` is below it", upper.0, lower.0);
    let entity = |artifact: &Artifact| artifact.entities.first().map(|id| model.entity(*id));
    let hint = "choose another path for one of them";
    match (entity(lower.1), entity(upper.1)) {
        (Some(one), Some(other)) => Diagnostic::error(Code::OutputInsideFile, message, one.defined, "this has the file below")
            .path(&*one.path)
            .label(other.defined, "this has the file above")
            .hint(hint),
        (Some(one), None) | (None, Some(one)) => {
            Diagnostic::error(Code::OutputInsideFile, message, one.defined, "one file comes from here").path(&*one.path).hint(hint)
        }
        (None, None) => Diagnostic::general(Code::OutputInsideFile, message).hint(hint),
    }
}
