//! What kustomize would drop, change or refuse without a word, in words.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;
use crate::object::{Manifest, ObjectName};
use crate::span::Span;
use crate::value::Value;

/// `Deployment/web`
fn title(object: &ObjectName) -> String {
    format!("{}/{}", object.kind, object.name)
}

pub(super) fn unprintable_text(object: &ObjectName, char: char, span: Span) -> Diagnostic {
    let code = format!("U+{:04X}", u32::from(char));
    let message = format!("`{}` holds text with the invisible character {code}", title(object));
    Diagnostic::error(Code::UnprintableText, message, span, format!("{code} is somewhere in this text"))
        .note("kubectl and kustomize refuse this character or turn it into another one, however it is written")
        .hint("take the character out; bytes belong into `binaryData`, through `base64.encode`")
}

pub(super) fn unprintable_key(object: &ObjectName, char: char, span: Span) -> Diagnostic {
    let code = format!("U+{:04X}", u32::from(char));
    let message = format!("`{}` has a key with the invisible character {code}", title(object));
    Diagnostic::error(Code::UnprintableKey, message, span, format!("{code} is somewhere in this key"))
        .note("kubectl and kustomize refuse this character, however it is written")
        .hint("take the character out of the key")
}

pub(super) fn merge_key(object: &ObjectName, span: Span) -> Diagnostic {
    let message = format!("`{}` has a key `<<`, which kustomize removes from its output", title(object));
    Diagnostic::error(Code::UnprintableKey, message, span, "a key of this name never reaches the cluster")
        .note("kustomize takes `<<` for YAML's merge key, even in quotes")
        .hint("choose another key; if a merge was meant, use `inherits` or `$spread`")
}

pub(super) fn unevaluated(object: &ObjectName, span: Span) -> Diagnostic {
    let message = format!("`{}` holds a value that is known only after Terraform has run", title(object));
    Diagnostic::error(Code::UnprintableText, message, span, "this value does not exist yet")
        .hint("give the value to the cluster in another way, for example through External Secrets")
}

pub(super) fn not_text(object: &ObjectName, what: &str, value: &Value) -> Diagnostic {
    let message = format!("{what} of `{}` is {}, but Kubernetes takes only strings there", title(object), value.describe());
    let diagnostic =
        Diagnostic::error(Code::MetadataNotText, message, value.origin.span, format!("this is {}", value.describe())).apart(what);
    if matches!(value.describe(), "an integer" | "a number" | "a boolean") {
        return diagnostic.hint("put it in quotes, or use `string(…)` around the expression");
    }
    diagnostic.hint("write a string; structured content can be packed with `json.encode(…)`")
}

pub(super) fn not_a_map(object: &ObjectName, field: &str, value: &Value) -> Diagnostic {
    let message = format!("`metadata.{field}` of `{}` is {}, not a map", title(object), value.describe());
    Diagnostic::error(Code::MetadataNotText, message, value.origin.span, format!("this is {}", value.describe()))
        .apart(field)
        .hint(format!("write {field} as a map of strings"))
}

pub(super) fn reserved_annotation(object: &ObjectName, key: &str, span: Span) -> Diagnostic {
    let message = format!("`{}` has the annotation `{key}`, which kustomize keeps for itself", title(object));
    let effect = if key.ends_with("/local-config") {
        "kustomize leaves objects with this annotation out of its output"
    } else {
        "kustomize removes this annotation, or acts on it, while it builds"
    };
    Diagnostic::error(Code::ReservedAnnotation, message, span, "this annotation would not reach the cluster")
        .note(effect)
        .hint("use an annotation under a domain of your own; to leave an object out, use `$if`")
}

pub(super) fn object_list(object: &ObjectName, span: Span) -> Diagnostic {
    let message = format!("`{}` is a list of objects, which kustomize takes apart", title(object));
    Diagnostic::error(Code::ListObject, message, span, "these would become objects of their own")
        .note(format!("an object whose kind ends in `List` (here `{}`) and that has `items` never reaches the cluster as one", object.kind))
        .hint("write each item as a manifest of its own; `$for` repeats one")
}

pub(super) fn duplicate_object(entity: &Entity, first: &Manifest, second: &Manifest) -> Diagnostic {
    let message = format!("{} `{}` has the object `{}` twice", entity.kind.words(), entity.name, title(&second.object));
    Diagnostic::error(Code::ObjectCollision, message, second.value.origin.span, format!("`{}` is the second", second.name))
        .label(first.value.origin.span, format!("`{}` is the first", first.name))
        .note("objects are the same if API version, kind, namespace and name agree; no namespace and `default` are the same one")
        .hint("rename one of them, or put it in another namespace")
        .about(entity.subject())
}

pub(super) fn no_cluster(entity: &Entity, manifest: &Manifest) -> Diagnostic {
    let message = format!("{} `{}` has Kubernetes objects but is on no cluster", entity.kind.words(), entity.name);
    Diagnostic::error(Code::ObjectsWithoutCluster, message, manifest.value.origin.span, "this object has no cluster to go to")
        .label(entity.defined, "defined here")
        .hint("say on which clusters it is with `placement`, or move the manifests to the class of a service that refers to it")
        .about(entity.subject())
}
