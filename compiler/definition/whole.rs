//! Things as values of templates, found when a class is loaded. In come the sections that make outputs and the types of their expressions;
//! out go errors where a thing as a whole would be written into them. A list of references is written as what they are called, so what else holds
//! things is found when it is used.

use super::Class;
use super::fields::ExpressionTypes;
use crate::diagnostic::Diagnostics;
use crate::expression::{Ty, Whole};
use crate::value::{Data, Value};

/// Sections whose values are written as they are.
const SECTIONS: [&str; 6] = ["manifests", "helm", "argocd", "files", "providers", "terraform"];

/// Words of templates whose values are written, too; those of others are for the compiler, which knows things.
const WRITTEN: [&str; 2] = ["$value", "$spread"];

/// Reports things where data is wanted, and forgets the types of what it has reported.
pub(super) fn check(class: &Class, types: &mut ExpressionTypes, diagnostics: &mut Diagnostics) {
    for section in SECTIONS.into_iter().filter_map(|section| class.section(section)) {
        walk(section, types, diagnostics);
    }
}

fn walk(value: &Value, types: &mut ExpressionTypes, diagnostics: &mut Diagnostics) {
    match &value.data {
        Data::Template(template) => {
            let thing = template.single().and_then(|_| types.get(&template.span)).and_then(Ty::thing);
            if let Some(thing) = thing {
                diagnostics.push(template.gives_whole(Whole::One(thing)));
                // That it is not of the type wanted there is the same mistake.
                types.insert(template.span, Ty::Unknown);
            }
        }
        Data::List(list) => list.items().iter().for_each(|item| walk(item, types, diagnostics)),
        Data::Map(map) => {
            let is_written = |key: &str| !key.starts_with('$') || WRITTEN.contains(&key);
            let entries = map.entries().iter().filter(|entry| entry.template.is_some() || is_written(&entry.key));
            entries.for_each(|entry| walk(&entry.value, types, diagnostics));
        }
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Late(_) | Data::Pending(_) | Data::Broken => {}
    }
}
