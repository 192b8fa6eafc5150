//! Wording of what can be wrong where files are taken in.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::files::{FILE, FileForm, OBJECTS};
use crate::name::{listed, nearest};
use crate::span::Span;

pub(in super::super) fn beside_file(key: &str, span: Span, file: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnfitFile, format!("`{key}` cannot stand beside `{FILE}`"), span, "of no use here")
        .label(file, "stands for what the file holds");
    match nearest(key, ["$as"]) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None => diagnostic.hint("a file is taken in as a whole, with `$as` to say how; in templates `$if` and `$for` may stand beside it"),
    }
}

pub(in super::super) fn unknown_form(form: Option<&str>, span: Span) -> Diagnostic {
    let known = FileForm::ALL.map(FileForm::word);
    let diagnostic = Diagnostic::error(Code::UnfitFile, "a file cannot be taken in like that", span, "no form of a file");
    match form.and_then(|form| nearest(form, known)) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None => diagnostic.hint(format!("`$as` is {}", listed(known))),
    }
}

pub(in super::super) fn path_not_text(span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnfitFile, format!("`{FILE}` needs the path of a file"), span, "expected text")
        .hint("the path begins below `files/`: `{ $file: dashboards/api.json, $as: text }`")
}

pub(in super::super) fn path_with_expression(span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnfitFile, "the path of a file that a definition takes in holds an expression", span, "must be written out")
        .hint("in templates of classes it may: hand a name to the class, and let its template say which file that is")
}

pub(in super::super) fn objects_need_paths(span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnfitFile, format!("`{OBJECTS}` needs paths of files that are written out"), span, "expected a path")
        .hint("the paths begin below `files/`: `manifests: { $objects: [vendor/install.yaml] }`")
}

pub(in super::super) fn no_object(missing: &str, span: Span, at: Span) -> Diagnostic {
    let message = format!("a document in a file of objects has no `{missing}`");
    Diagnostic::error(Code::IncompleteObject, message, span, "not a whole Kubernetes object")
        .label(at, "taken in here")
        .hint("every object needs `apiVersion`, `kind` and `metadata.name` as text; take in what is no object with `$file`")
}

pub(in super::super) fn object_twice(key: &str, first: Span, second: Span, at: Span) -> Diagnostic {
    Diagnostic::error(Code::ObjectCollision, format!("two objects are called `{key}`"), second, "the second one")
        .label(first, "the first one")
        .label(at, "taken in here")
        .hint("take out one of the two, or leave out one of the files")
}

pub(in super::super) fn file_outside_of_template(span: Span) -> Diagnostic {
    let message = "a file is taken in by a path that is made, or under a condition, where nothing is expanded as a whole";
    Diagnostic::error(Code::UnfitFile, message, span, "works in `manifests`, `helm`, `files`, `argocd` and `terraform`")
        .hint("write the path out, or take the file in where its content is used")
}
