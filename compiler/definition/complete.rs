//! One class out of its merged sections: each is read and checked by itself. In comes what a class and its ancestors say, out goes the class, which does
//! not know yet whose heir it is.

use super::class::{Class, ClassKnown};
use super::fragment::{self, FragmentParts};
use super::listed::names;
use super::literal::{self, Owner};
use super::section::{Section, takes_fields_away};
use super::{Named, declarations, errors, keeping, provider, rule};
use crate::diagnostic::Diagnostics;
use crate::inheritance::too_much;
use crate::ledger;
use crate::name::Kind;
use crate::schema::{self, OtherClasses};
use crate::source::Sources;
use crate::value::{Data, Entry, Operator, Value};
use std::sync::Arc;

/// A class without its ancestors.
pub(super) fn complete(
    kind: Kind,
    entry: &Entry,
    full: Arc<str>,
    (value, parts): (Value, FragmentParts),
    (ClassKnown { language, fragments, tables, .. }, others): (ClassKnown<'_>, OtherClasses<'_>),
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Class {
    for section in entry.value.as_map().map(crate::value::Map::entries).unwrap_or_default() {
        match Section::from_word(&section.key) {
            None => diagnostics.push(errors::unknown_class_section(&section.key, section.span, &Section::ALL.map(Section::word))),
            Some(word) if !word.is_inherited() && section.operator != Operator::Merge => {
                diagnostics.push(errors::misplaced_operator(&section.key, section.span));
            }
            Some(_) if takes_fields_away(section) => diagnostics.push(errors::fields_taken_away(&section.key, section.span)),
            Some(_) => {}
        }
    }
    literal::check(Owner::Class, &entry.value, &language.class, diagnostics);
    provider::class(&entry.value, tables, diagnostics);
    for section in Section::ALL.into_iter().filter(|section| section.is_map()).map(Section::word) {
        if let Some(found) = value.get(section)
            && found.as_map().is_none()
            && !matches!(found.data, Data::Null)
        {
            diagnostics.push(errors::section_type(section, "a map", found.origin.span));
        }
    }
    let node_pool_class = value.get("nodePoolClass").and_then(|found| {
        let name = found.as_str().map(|name| Named { name: name.into(), span: found.origin.span });
        if name.is_none() && !found.is_dynamic() {
            diagnostics.push(errors::section_type("nodePoolClass", "text", found.origin.span));
        }
        name
    });
    let (type_, wrong) = diagnostics.watch(|diagnostics| {
        let schema = language.combine(kind, value.get("schema"), diagnostics);
        let borrowed = fragment::borrowed(fragments, &parts.private, sources.is_library(entry.span));
        schema::compile_with(&schema, value.get("types"), (&borrowed, others), sources, diagnostics).0
    });
    let is_abstract = entry.value.get("abstract").is_some_and(|found| {
        if found.as_bool().is_none() && !found.is_dynamic() {
            diagnostics.push(errors::section_type("abstract", "`true` or `false`", found.origin.span));
        }
        found.as_bool() == Some(true)
    });
    let keeps_data = keeping::said(kind, value.get(Section::Data.word()), diagnostics);
    let defaults = type_.defaults(entry.value.origin.layer);
    if ledger::unsaid() {
        diagnostics.push(too_much(entry.span));
    }
    Class {
        kind,
        name: Named { name: Arc::clone(&entry.key), span: entry.span },
        full,
        is_hidden: false,
        description: entry.value.get("description").and_then(Value::as_str).map(Arc::from),
        is_abstract,
        deprecated: entry.value.get(Section::Deprecated.word()).and_then(Value::as_str).map(Arc::from),
        keeps_data,
        sound: !wrong && !parts.lacks_fields,
        providers: provider::needed(names(value.get("provider"), "provider", diagnostics), diagnostics),
        node_pool_class,
        ancestors: Vec::new(),
        unkept: Vec::new(),
        is_astray: false,
        provides: names(value.get("provides"), "provides", diagnostics),
        layer: entry.value.origin.layer,
        refers: type_.refers(),
        reads_items: declarations::read_items(&type_),
        defaults,
        type_,
        rules: rule::rules(value.get("rules"), language, diagnostics),
        uses: parts.uses,
        taken: parts.taken,
        private: parts.private,
        value,
    }
}
