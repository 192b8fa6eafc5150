//! Objects whose data stay when they go: their operator deletes claims, topics or databases only where the object says so.

use super::is_emptied;
use super::objects::{json, subject};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::level::Level;
use crate::model::Entity;
use crate::object::Manifest;
use crate::span::Span;

/// Kinds whose operator never deletes what they hold: claims of the StatefulSets that it makes stay.
const ALWAYS: [&str; 1] = ["mongodbcommunity.mongodb.com/MongoDBCommunity"];

/// The annotation of a topic that Strimzi leaves alone.
const UNMANAGED: [&str; 3] = ["metadata", "annotations", "strimzi.io/managed"];

/// Whether what an object holds stays when it is deleted, as far as is known.
pub(in crate::hazard) fn outlives(manifest: &Manifest) -> bool {
    let subject = subject(manifest);
    if ALWAYS.contains(&&*subject) || manifest.value.at(&UNMANAGED).and_then(|said| said.as_str()) == Some("false") {
        return true;
    }
    let object = json(&manifest.value);
    // What is in no claim goes with the pods.
    let is_brief = ["/spec/kafka/storage/type", "/spec/storage/type"].iter().any(|at| object.pointer(at) == Some(&"ephemeral".into()));
    !is_brief && is_emptied(&subject, &object) == Some(false)
}

/// A report of such an object that nobody makes any more.
pub(in crate::hazard) fn data_outlives((old, new): (&Entity, Option<&Entity>), manifest: &Manifest, at: Option<Span>) -> Diagnostic {
    let (whose, what) = (format!("{} `{}`", old.kind.words(), old.name), manifest.object.words());
    let is = if new.is_some() { format!("{whose} no longer has {what}") } else { format!("{whose} is gone, and with it {what}") };
    let message = format!("{is}: its operator deletes what runs it, and leaves what it holds");
    let diagnostic = match at {
        Some(at) => Diagnostic::warning(Code::ObjectsLeave, message, at, "changed here"),
        None => Diagnostic { severity: Severity::Warning, ..Diagnostic::general(Code::ObjectsLeave, message) },
    };
    diagnostic
        .level(Level::Replaces)
        .apart(format!("{} {what} stays", old.identity))
        .about(new.unwrap_or(old).subject())
        .note("nobody uses that then, and nobody deletes it; what is made again under the name of before takes it over")
        .hint("if it is not to go, take the change back; else look after what stays by hand")
}
