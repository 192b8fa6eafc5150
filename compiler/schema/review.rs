//! What can be judged only when all names are linked: markers on named types, keys of keyed lists, defaults and examples.

use super::choice;
use super::errors::{syntax as errors, union as unions};
use super::marker::{self, Marker};
use super::{Checked, ListMerge, Mode, Shape, Type, TypePart, Union, ValueForm, check};
use crate::diagnostic::Diagnostics;
use crate::source::Sources;
use crate::value::Value;

/// Reports what a linked type says about itself and does not keep. `path` is the field it belongs to.
pub(super) fn review(type_: &Type, path: &str, sources: &Sources, diagnostics: &mut Diagnostics) {
    let mut sound = true;
    if type_.is_named() {
        // Settled in a copy, for the report alone: checking tolerates unsuitable markers.
        sound = marker::settle(&mut type_.clone(), path, diagnostics);
    }
    if let ListMerge::Keyed(key) = &type_.markers.list_merge
        && let Some(item) = type_.items()
        && !(item.is_free() || item.field(key).is_some() || matches!(item.resolved().shape, Shape::Map(_)))
    {
        let place = type_.markers.place(Marker::ListMapKey).unwrap_or(type_.origin);
        diagnostics.push(errors::list_key_unknown(place, key, item));
    }
    let markers = &type_.markers;
    if sound && !(markers.enum_.is_empty() && markers.default.is_none() && markers.examples.is_empty()) {
        // Checking trusts defaults, because they are judged here.
        let mut bare = type_.resolved().clone();
        bare.markers.default = None;
        if let Some(value) = &markers.default {
            let whole = type_.with_inner_defaults(value);
            own(type_, &bare, whole.as_ref().unwrap_or(value), "default", path, sources, diagnostics);
        }
        for value in &markers.examples {
            own(type_, &bare, value, "example", path, sources, diagnostics);
        }
        // Each of them is one of them.
        bare.markers.enum_ = Vec::new();
        for value in &markers.enum_ {
            own(type_, &bare, value, "enum value", path, sources, diagnostics);
        }
    }
    if let Shape::Record(record) = &type_.shape {
        choice::review(record, diagnostics);
    }
    if let Shape::Union(members) = &type_.shape {
        union(members, path, diagnostics);
    }
    // What a name stands for is reviewed where it is declared.
    for part in type_.shape.parts() {
        let inner = match part {
            TypePart::Field(field) if path.is_empty() => field.name.to_string(),
            TypePart::Field(field) => format!("{path}.{}", field.name),
            TypePart::Item(_) | TypePart::Value(_) | TypePart::Member(_) => path.to_owned(),
        };
        review(part.type_(), &inner, sources, diagnostics);
    }
}

/// Reports members of a union that no value tells apart.
fn union(union: &Union, path: &str, diagnostics: &mut Diagnostics) {
    let mut forms: Vec<(ValueForm, &Type)> = Vec::new();
    for member in union.written() {
        match member.resolved().shape.form() {
            // What was reported says nothing about what was meant.
            None if member.resolved().markers.faulty => {}
            None => diagnostics.push(unions::formless_member(path, member)),
            Some(form) => match forms.iter().find(|(known, _)| *known == form) {
                Some((_, first)) => diagnostics.push(unions::alike_members(path, first, member, form)),
                None => forms.push((form, member)),
            },
        }
    }
}

/// Checks a value that a schema itself holds.
fn own(type_: &Type, bare: &Type, value: &Value, role: &str, path: &str, sources: &Sources, diagnostics: &mut Diagnostics) {
    let mut found = Diagnostics::default();
    let checked = Checked { kind: &format!("the {role}"), class: "", subject: None, defined: None, beside: &[], sources };
    check(bare, value, &checked, Mode::Complete, &mut found);
    for fault in found.sorted(sources) {
        if fault.severity == crate::diagnostic::Severity::Error {
            diagnostics.push(errors::own_value(role, path, value, type_, fault));
        }
    }
}
