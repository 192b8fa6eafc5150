//! Templates against the tables of fields: what a class writes into Kubernetes objects and Terraform blocks, checked when the class is
//! loaded. In come a complete class and the types of its expressions; what leaves is said. Nothing is expanded or evaluated, and where
//! something is not certain (a kind that no table has, what `$spread` brings, an expression of any type), nothing is said.

mod errors;
mod fit;
mod layers;
mod reference;
mod walk;

use super::Class;
use super::directive::{self, Directive};
use crate::diagnostic::Diagnostics;
use crate::expression::Ty;
use crate::name::nearest;
use crate::span::Span;
use crate::table::{Table, TableRecord};
use crate::value::{Entry, Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use walk::FieldWalk;

/// The types of the expressions of a class, by the place of their text.
pub(super) type ExpressionTypes = BTreeMap<Span, Ty>;

/// What a template makes, in words.
#[derive(Debug)]
pub(super) struct Templated {
    /// Kind of the object or type of the resource: `Deployment`, `` `aws_vpc` ``.
    pub(super) name: String,
    /// What its entries are called.
    pub(super) word: &'static str,
    /// The release its schema is from.
    pub(super) origin: Option<&'static str>,
    /// Whether Terraform reads it: it converts between text, numbers and booleans, and has blocks.
    pub(super) terraform: bool,
    /// Whether required fields may be set by a class that inherits.
    pub(super) partial: bool,
    /// Its fields.
    pub(super) record: Arc<TableRecord>,
    /// What it takes whatever its type.
    pub(super) always: Option<Arc<TableRecord>>,
}

/// Checks the templates of a class.
pub(super) fn check(class: &Class, types: &ExpressionTypes, diagnostics: &mut Diagnostics) {
    for entry in entries(class.section("manifests")) {
        manifest(class, entry, types, diagnostics);
    }
    let table = Table::terraform();
    for word in ["resource", "data"] {
        for kind in entries(class.section("terraform").and_then(|terraform| terraform.get(word))) {
            if let Some(subject) = block_subject(word, &kind.key, class.is_abstract) {
                for named in entries(Some(&kind.value)) {
                    FieldWalk::new(&subject, table, types, diagnostics).blocks(&named.value, named.span);
                }
            }
        }
    }
    reference::check(&class.value, diagnostics);
}

/// What is checked of a block of Terraform; none if no table has its type.
fn block_subject(word: &str, kind: &str, partial: bool) -> Option<Templated> {
    let table = Table::terraform();
    Some(Templated {
        name: format!("`{kind}`"),
        word: "argument",
        origin: kind.split('_').next().and_then(|provider| table.origin(provider)),
        terraform: true,
        partial,
        record: table.section(&format!("{word} {kind}"))?,
        always: table.section("type arguments-of-resources"),
    })
}

/// Checks a block of Terraform: a whole one, or a layer over one that is there.
pub(super) fn block(word: &str, kind: &str, named: &Entry, is_layer: bool, types: &ExpressionTypes, diagnostics: &mut Diagnostics) {
    let Some(subject) = block_subject(word, kind, false) else { return };
    let walk = FieldWalk::new(&subject, Table::terraform(), types, diagnostics);
    let mut walk = if is_layer { walk.of_layer() } else { walk };
    walk.blocks(&named.value, named.span);
}

/// Checks a Kubernetes object: a whole one, or a layer over one that is made of a template.
pub(super) fn object(
    value: &Value,
    made: Option<&Value>,
    place: Span,
    is_layer: bool,
    types: &ExpressionTypes,
    diagnostics: &mut Diagnostics,
) {
    let text = |key: &str| value.get(key).or_else(|| made?.get(key)).and_then(Value::as_str);
    let Some(subject) = text("apiVersion").zip(text("kind")).and_then(|(version, kind)| object_subject(version, kind, false)) else {
        return;
    };
    let walk = FieldWalk::new(&subject, Table::kubernetes(), types, diagnostics);
    let mut walk = if is_layer { walk.of_layer() } else { walk };
    walk.blocks(value, place);
}

/// What is checked of an object; none if no table has its kind.
fn object_subject(version: &str, kind: &str, partial: bool) -> Option<Templated> {
    let table = Table::kubernetes();
    Some(Templated {
        name: kind.to_owned(),
        word: "field",
        origin: table.origin(version),
        terraform: false,
        partial,
        record: table.section(&format!("kind {version} {kind}"))?,
        always: None,
    })
}

/// Checks references to what Terraform knows.
pub(super) fn references(value: &Value, diagnostics: &mut Diagnostics) {
    reference::check(value, diagnostics);
}

/// Checks the arguments of a provider.
pub(super) fn provider(name: &str, arguments: &Value, place: Span, types: &ExpressionTypes, diagnostics: &mut Diagnostics) {
    let table = Table::terraform();
    let Some(record) = table.section(&format!("provider {name}")) else { return };
    let subject = Templated {
        name: format!("provider `{name}`"),
        word: "argument",
        origin: table.origin(name),
        terraform: true,
        partial: true,
        record,
        always: table.section("type arguments-of-providers"),
    };
    FieldWalk::new(&subject, table, types, diagnostics).blocks(arguments, place);
}

/// Whether a provider that the tables know has no such argument, and none that may be meant.
pub(super) fn lacks_argument(name: &str, argument: &str) -> bool {
    let record = Table::terraform().section(&format!("provider {name}"));
    record.is_some_and(|record| {
        !record.open && !record.fields.is_empty() && errors::meant(&record, argument).is_none() && record.field(argument).is_none()
    })
}

fn manifest(class: &Class, entry: &Entry, types: &ExpressionTypes, diagnostics: &mut Diagnostics) {
    let text = |key: &str| entry.value.get(key).and_then(Value::as_str);
    if let Some(map) = entry.value.as_map().filter(|map| !class.is_abstract && is_complete(map)) {
        for missing in ["apiVersion", "kind"].into_iter().filter(|key| map.get(key).is_none()) {
            let near = map.entries().iter().find(|other| nearest(&other.key, ["apiVersion", "kind", "metadata"]) == Some(missing));
            diagnostics.push(errors::incomplete_object(&entry.key, missing, entry.span, near.map(|near| near.span)));
        }
    }
    let (Some(version), Some(kind)) = (text("apiVersion"), text("kind")) else { return };
    let Some(subject) = object_subject(version, kind, class.is_abstract) else { return };
    FieldWalk::new(&subject, Table::kubernetes(), types, diagnostics).blocks(&entry.value, entry.span);
}

/// The entries of a map, without those that are the language's.
fn entries(value: Option<&Value>) -> impl Iterator<Item = &Entry> {
    value.and_then(Value::as_map).map(Map::entries).unwrap_or_default().iter().filter(|entry| !directive::is_word(entry))
}

/// Whether all keys of a map are written out.
fn is_complete(map: &Map) -> bool {
    [Directive::Spread, Directive::Verbatim, Directive::Value].iter().all(|word| map.get(word.word()).is_none())
        && map.entries().iter().all(|entry| entry.template.is_none())
}

#[cfg(test)]
mod tests;
