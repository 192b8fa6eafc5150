//! Wording of what the backend of plain files cannot write.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;
use crate::object::File;

pub(super) fn not_text(file: &File, entity: &Entity) -> Diagnostic {
    let message = format!("the file `{}` must be text, found {}", file.path, file.content.describe());
    Diagnostic::error(Code::WrongType, message, file.span, "has no form for this content")
        .about(entity.subject())
        .hint("give it a path that ends in `.yaml` or `.json`, or write its content as text")
}

pub(super) fn file_twice(file: &File, entity: &Entity) -> Diagnostic {
    Diagnostic::error(Code::ObjectCollision, format!("the file `{}` would be written twice", file.path), file.span, "another has this path")
        .about(entity.subject())
        .label(entity.defined, "of this")
        .hint("choose another path")
}
