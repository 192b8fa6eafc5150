//! What classes say about secrets: which fields are declared so, and the secrets that stand in the declarations themselves, as defaults,
//! allowed values, examples or bounds.

use super::SecretSearch;
use crate::definition::{Class, Definitions};
use crate::schema::Type;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The names of all fields that are declared secret, and of all that are not.
pub(super) fn names(definitions: &Definitions) -> (BTreeSet<Arc<str>>, BTreeSet<Arc<str>>) {
    let (mut secret, mut public) = (BTreeSet::new(), BTreeSet::new());
    for class in &definitions.classes {
        each_field(&class.type_, &mut BTreeSet::new(), &mut |name, field| {
            if is_secret(field) { &mut secret } else { &mut public }.insert(Arc::from(name));
        });
    }
    (secret, public)
}

/// Whether a field is declared secret, or its items are.
fn is_secret(field: &Type) -> bool {
    nested(field).into_iter().any(|type_| type_.resolved().markers.secret)
}

/// A type, that of its items, that of theirs, and what else it may be.
fn nested(type_: &Type) -> Vec<&Type> {
    let mut found = vec![type_];
    let mut at = 0;
    while let Some(type_) = found.get(at).copied().filter(|_| at < 24) {
        found.extend(type_.item().into_iter().chain(type_.members()).map(|inner| &**inner));
        at += 1;
    }
    found
}

/// Visits each field, with all inside; what a name stands for once.
fn each_field<'t>(type_: &'t Type, seen: &mut BTreeSet<&'t str>, see: &mut impl FnMut(&str, &'t Type)) {
    if type_.name().is_some_and(|name| !seen.insert(name)) {
        return;
    }
    for (name, field) in type_.fields() {
        see(name, field);
        each_field(field, seen, see);
    }
    for inner in type_.item().into_iter().chain(type_.members()) {
        each_field(inner, seen, see);
    }
}

impl SecretSearch<'_> {
    /// Adds the secrets that stand in a class's declarations.
    pub(super) fn declared(&mut self, class: &Class) {
        if !class.type_.holds_secrets() {
            return;
        }
        let mut fields = Vec::new();
        each_field(&class.type_, &mut BTreeSet::new(), &mut |_, field| fields.push(field));
        for type_ in fields.into_iter().flat_map(nested) {
            let markers = &type_.resolved().markers;
            let values = markers.default.iter().chain(&markers.enum_).chain(&markers.examples);
            values.chain(&markers.minimum).chain(&markers.maximum).for_each(|value| self.typed(type_, value));
            if markers.secret {
                let places = markers.places.iter().filter(|(marker, _)| marker.is_value());
                places.for_each(|(_, span)| self.secrets.place(*span));
            }
        }
    }

    /// Whether a class has declarations of secrets that could not be read.
    pub(super) fn is_faulty(&self, class: &Class) -> bool {
        let schemas = [class.section("schema"), class.section("types")];
        let is_unread = !(class.sound || class.is_astray);
        is_unread && schemas.into_iter().flatten().any(|schema| self.sources.text(schema.origin.span).contains("secret"))
    }
}
