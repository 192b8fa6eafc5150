//! Templates against the tables of fields: what a class writes into Kubernetes objects and Terraform blocks, checked when the class is
//! loaded. In come a complete class and the types of its expressions; what leaves is said. Nothing is expanded or evaluated, and where
//! something is not certain (a kind that no table has, what `$spread` brings, an expression of any type), nothing is said.

mod errors;
mod fit;
mod layers;
mod made;
mod reference;
mod schedule;
mod unknown;
mod walk;

use super::Class;
use super::directive::{self, Directive};
use super::taken::takes_file;
use crate::custom::shape::CustomShape;
use crate::custom::{KnownKind, Tables};
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
    /// The release, or the file of the project, that its schema is from.
    pub(super) origin: Option<Arc<str>>,
    /// Whether Terraform reads it: it converts between text, numbers and booleans, and has blocks.
    pub(super) terraform: bool,
    /// Whether required fields may be set by a class that inherits.
    pub(super) partial: bool,
    /// Whether it is what a template became, so that all there will be is there.
    pub(super) is_made: bool,
    /// Its fields.
    pub(super) record: Arc<TableRecord>,
    /// What must hold of them, if a schema of the project says so.
    pub(super) shape: Option<Arc<CustomShape>>,
    /// What it takes whatever its type.
    pub(super) always: Option<Arc<TableRecord>>,
}

/// Checks the templates of a class.
pub(super) fn check(class: &Class, tables: &Tables, types: &ExpressionTypes, diagnostics: &mut Diagnostics) {
    for entry in entries(class.section("manifests")) {
        manifest(class, entry, tables, types, diagnostics);
    }
    let table = Table::terraform();
    for word in ["resource", "data"] {
        for kind in entries(class.section("terraform").and_then(|terraform| terraform.get(word))) {
            let (subject, is_told) =
                diagnostics.watch(|diagnostics| block_subject(word, &kind.key, class.is_abstract, tables, diagnostics));
            match subject {
                Some(subject) => {
                    for named in entries(Some(&kind.value)) {
                        FieldWalk::new(&subject, table, types, diagnostics).blocks(&named.value, named.span);
                    }
                }
                None if !is_told => unknown::terraform(word, kind, tables, diagnostics),
                None => {}
            }
        }
    }
    reference::check(&class.value, tables, diagnostics);
}

/// What is checked of a block of Terraform; none if no table has its type.
fn block_subject(word: &'static str, kind: &str, partial: bool, tables: &Tables, diagnostics: &mut Diagnostics) -> Option<Templated> {
    let known = tables.terraform(word, kind, diagnostics)?;
    Some(Templated {
        name: format!("`{kind}`"),
        word: "argument",
        origin: known.origin.clone(),
        terraform: true,
        partial,
        is_made: false,
        record: Arc::clone(&known.record),
        shape: None,
        always: Table::terraform().section("type arguments-of-resources"),
    })
}

/// Checks a block of Terraform: a whole one, or a layer over one that is there.
pub(super) fn block(
    (word, kind): (&'static str, &str),
    named: &Entry,
    is_layer: bool,
    (tables, types): (&Tables, &ExpressionTypes),
    diagnostics: &mut Diagnostics,
) {
    let Some(subject) = block_subject(word, kind, false, tables, diagnostics) else { return };
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
    (tables, types): (&Tables, &ExpressionTypes),
    diagnostics: &mut Diagnostics,
) {
    let text = |key: &str| value.get(key).or_else(|| made?.get(key)).and_then(Value::as_str);
    let (Some(version), Some(kind)) = (text("apiVersion"), text("kind")) else { return };
    let Some(known) = tables.kind(version, kind, diagnostics) else { return };
    let subject = Templated::object(kind, &known);
    let walk = FieldWalk::new(&subject, Table::kubernetes(), types, diagnostics);
    let mut walk = if is_layer { walk.of_layer() } else { walk };
    walk.blocks(value, place);
}

/// Checks references to what Terraform knows.
pub(super) fn references(value: &Value, tables: &Tables, diagnostics: &mut Diagnostics) {
    reference::check(value, tables, diagnostics);
}

/// Checks the arguments of a provider.
pub(super) fn provider(name: &str, arguments: &Value, place: Span, tables: &Tables, diagnostics: &mut Diagnostics) {
    let table = Table::terraform();
    let Some(known) = tables.terraform("provider", name, diagnostics) else { return };
    let subject = Templated {
        name: format!("provider `{name}`"),
        word: "argument",
        origin: known.origin.clone(),
        terraform: true,
        partial: true,
        is_made: false,
        record: Arc::clone(&known.record),
        shape: None,
        always: table.section("type arguments-of-providers"),
    };
    FieldWalk::new(&subject, table, &BTreeMap::new(), diagnostics).blocks(arguments, place);
}

/// Whether a provider that the tables know has no such argument, and none that may be meant.
pub(super) fn lacks_argument(name: &str, argument: &str, tables: &Tables) -> bool {
    let known = tables.terraform("provider", name, &mut Diagnostics::default());
    known.is_some_and(|known| {
        let record = &known.record;
        !record.open && !record.fields.is_empty() && errors::meant(record, argument).is_none() && record.field(argument).is_none()
    })
}

fn manifest(class: &Class, entry: &Entry, tables: &Tables, types: &ExpressionTypes, diagnostics: &mut Diagnostics) {
    let text = |key: &str| entry.value.get(key).and_then(Value::as_str);
    if let Some(map) = entry.value.as_map().filter(|map| !class.is_abstract && is_complete(map)) {
        let near =
            |missing: &str| map.entries().iter().find(|other| nearest(&other.key, ["apiVersion", "kind", "metadata"]) == Some(missing));
        let lacking: Vec<&str> = ["apiVersion", "kind"].into_iter().filter(|key| map.get(key).is_none()).collect();
        if lacking.len() > 1 && lacking.iter().all(|missing| near(missing).is_none()) {
            // Nothing says what it is: something else was to be changed.
            let is_object = |other: &&Entry| other.value.get("apiVersion").is_some() && other.value.get("kind").is_some();
            let others: Vec<&str> = entries(class.section("manifests")).filter(is_object).map(|other| &*other.key).collect();
            diagnostics.push(errors::object_of_nothing(&entry.key, entry.span, &others));
        } else {
            for missing in lacking {
                diagnostics.push(errors::incomplete_object(&entry.key, missing, entry.span, near(missing).map(|near| near.span)));
            }
        }
    }
    let (Some(version), Some(kind)) = (text("apiVersion"), text("kind")) else { return };
    let (known, is_told) = diagnostics.watch(|diagnostics| tables.kind(version, kind, diagnostics));
    let Some(known) = known else {
        if !is_told {
            unknown::kind(&entry.value, (version, kind), tables, diagnostics);
        }
        return;
    };
    let subject = Templated { partial: class.is_abstract, ..Templated::object(kind, &known) };
    FieldWalk::new(&subject, Table::kubernetes(), types, diagnostics).blocks(&entry.value, entry.span);
    let is_whole = |value: Option<&Value>| value.and_then(Value::as_map).is_some_and(is_complete);
    let is_whole = !class.is_abstract && is_whole(Some(&entry.value)) && is_whole(entry.value.get("metadata"));
    scope(&entry.value, (&known, &subject), (entry.span, is_whole), diagnostics);
    schedule::check(&entry.value, diagnostics);
}

/// Checks that an object names a namespace if its definition says that it is in one, and only then.
fn scope(object: &Value, (known, subject): (&KnownKind, &Templated), (place, is_whole): (Span, bool), diagnostics: &mut Diagnostics) {
    let namespace = object.get("metadata").and_then(|metadata| metadata.get("namespace"));
    match (known.is_namespaced, namespace) {
        (Some(false), Some(namespace)) => diagnostics.push(errors::in_no_namespace(subject, namespace.origin.span)),
        (Some(true), None) if is_whole => {
            diagnostics.push(errors::needs_namespace(subject, object.get("metadata").map_or(place, |metadata| metadata.origin.span)));
        }
        (Some(_) | None, _) => {}
    }
}

/// Checks an object that a template became, with all that is known of its kind.
pub(crate) fn made(object: &Value, place: Span, tables: &Tables, diagnostics: &mut Diagnostics) {
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    let (Some(version), Some(kind)) = (text("apiVersion"), text("kind")) else { return };
    let Some(known) = tables.kind(version, kind, diagnostics) else { return };
    let subject = Templated { is_made: true, ..Templated::object(kind, &known) };
    FieldWalk::new(&subject, Table::kubernetes(), &BTreeMap::new(), diagnostics).blocks(object, place);
    scope(object, (&known, &subject), (place, true), diagnostics);
    schedule::check(object, diagnostics);
}

impl Templated {
    fn object(kind: &str, known: &KnownKind) -> Self {
        Self {
            name: kind.to_owned(),
            word: "field",
            origin: known.origin.clone(),
            terraform: false,
            partial: false,
            is_made: false,
            record: Arc::clone(&known.record),
            shape: known.shape.clone(),
            always: None,
        }
    }
}

/// The entries of a map, without those that are the language's.
fn entries(value: Option<&Value>) -> impl Iterator<Item = &Entry> {
    value.and_then(Value::as_map).map(Map::entries).unwrap_or_default().iter().filter(|entry| !directive::is_word(entry))
}

/// Whether all keys of a map are written out. A word that there is not, which is told, may be meant to bring some.
fn is_complete(map: &Map) -> bool {
    let is_strange = |key: &str| key.starts_with('$') && key != directive::OWNER && Directive::from_word(key).is_none();
    let is_open = |entry: &Entry| entry.template.is_some() || is_strange(&entry.key);
    [Directive::Spread, Directive::Verbatim, Directive::Value].iter().all(|word| map.get(word.word()).is_none())
        && !takes_file(map)
        && !map.entries().iter().any(is_open)
}

#[cfg(test)]
mod tests;
