//! Wording of files that something else is meant to read.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::document::Pair;
use crate::name::listed;
use crate::visible::visible;

/// Where objects of Kubernetes belong.
const OBJECTS: &str =
    "objects come from classes: say it in `manifests` of one, or keep the file below `files/` and take it in with `$objects`";

/// A whole object.
pub(in crate::definition) fn kubernetes_object(version: &Pair, kind: &Pair) -> Diagnostic {
    let name = kind.value.as_text().unwrap_or_default();
    let message = format!("this is a {} of Kubernetes, and no definition", visible(name));
    let diagnostic =
        Diagnostic::error(Code::UnknownKind, message, version.key_span, "no kind of definition").label(kind.key_span, "nor is this");
    match name {
        "CustomResourceDefinition" => diagnostic.hint("what tells platc of kinds lies below `files/`, and is named in `platform.schemas`"),
        _ => diagnostic.hint(OBJECTS),
    }
}

/// An object without the keys that would say what it is.
pub(in crate::definition) fn part_of_kubernetes(first: &Pair, missing: &[&str]) -> Diagnostic {
    let message = "this looks like an object of Kubernetes, and is no definition";
    let missing = missing.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
    Diagnostic::error(Code::UnknownKind, message, first.key_span, "no kind of definition")
        .note(format!("it would need {missing} to be an object, too"))
        .hint(OBJECTS)
}

/// A file in which no key is a kind.
pub(in crate::definition) fn no_definitions(strange: &[&Pair], known: &[&str]) -> Diagnostic {
    let keys = strange.iter().map(|pair| visible(&pair.key.text).to_string()).collect::<Vec<_>>();
    let message = format!("this file holds no definitions: there are no kinds {}", listed(keys.iter().map(String::as_str)));
    let diagnostic = match strange.split_first() {
        Some((first, _)) => Diagnostic::error(Code::UnknownKind, message, first.key_span, "not a kind of definition"),
        None => Diagnostic::general(Code::UnknownKind, message),
    };
    diagnostic.note(format!("the kinds are {}", listed(known.iter().copied()))).hint(
        "values of a chart stand below `values` of a service, definitions below their kind; what something else reads lies below `files/`, or is named in `platform.exclude`",
    )
}
