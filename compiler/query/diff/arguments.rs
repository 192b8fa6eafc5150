//! Which arguments of Terraform a field reaches unchanged, and so whether a change of the field replaces a resource. In come a class and the tables,
//! out go paths of fields. An argument that is made of a field, not the field itself, tells nothing.

use crate::custom::Tables;
use crate::definition::Class;
use crate::expression::Template;
use crate::path::{Path, Step};
use crate::table::Replaces;
use crate::value::{Data, Entry, Map, Value};
use std::sync::Arc;

/// What a change of fields does to the resources of a class.
#[derive(Debug, Default)]
pub(super) struct ReachedArguments(Vec<(Vec<Step>, Replaces)>);

impl ReachedArguments {
    /// The fields that arguments of a class take over.
    pub(super) fn of(class: &Class, tables: &Tables) -> Self {
        let mut found = Self::default();
        for type_ in entries(class.section("terraform").and_then(|terraform| terraform.get("resource"))) {
            for block in entries(Some(&type_.value)) {
                found.block(class, tables, &type_.key, &block.value, &mut Vec::new());
            }
        }
        found
    }

    fn block(&mut self, class: &Class, tables: &Tables, type_: &str, value: &Value, path: &mut Vec<Arc<str>>) {
        match &value.data {
            Data::Map(map) => {
                for entry in map.entries().iter().filter(|entry| entry.template.is_none() && !entry.key.starts_with('$')) {
                    path.push(Arc::clone(&entry.key));
                    self.block(class, tables, type_, &entry.value, path);
                    path.pop();
                }
            }
            Data::List(list) => list.items().iter().for_each(|item| self.block(class, tables, type_, item, path)),
            Data::Template(template) => {
                let Some(field) = own_field(class, template).filter(|_| !path.is_empty()) else { return };
                let names: Vec<&str> = path.iter().map(|name| &**name).collect();
                self.0.push((field, tables.replaces(type_, &names)));
            }
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => {}
        }
    }

    /// What a change of a value does; none if it reaches no argument.
    pub(super) fn at(&self, path: &Path) -> Option<Replaces> {
        let steps = path.steps();
        let leads = |field: &[Step]| field.iter().zip(steps).all(|(one, other)| one == other);
        self.0.iter().filter(|(field, _)| leads(field)).map(|(_, replaces)| *replaces).max_by_key(|replaces| weight(*replaces))
    }
}

/// The graver the more.
pub(super) fn weight(replaces: Replaces) -> u8 {
    match replaces {
        Replaces::No => 0,
        Replaces::Unknown => 1,
        Replaces::Maybe => 2,
        Replaces::Yes => 3,
    }
}

/// The field of the thing itself that an expression takes over as it is.
fn own_field(class: &Class, template: &Template) -> Option<Vec<Step>> {
    let mut steps = template.single()?.path()?;
    let is_own = matches!(steps.first(), Some(Step::Key(root)) if &**root == "self" || &**root == class.kind.singular());
    let computed = ["name", "outputs", "fullName"];
    steps.drain(..1);
    let is_field = matches!(steps.first(), Some(Step::Key(first)) if !computed.contains(&&**first));
    (is_own && is_field).then_some(steps)
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = &Entry> {
    let entries = value.and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    entries.iter().filter(|entry| !entry.key.starts_with('$'))
}
