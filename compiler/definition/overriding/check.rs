//! One layer of `override` against the class that it is for: the names and types in its expressions, the fields of objects and blocks, and whether
//! what it changes is there. Adding something is legal if it is whole; what is neither there nor whole has a misspelt name. Defaults speak to
//! many classes, and pass by those that lack what they change. Where only expanding shows what there is, nothing is said here.

use super::{SECTIONS, beside, errors, lacking_arguments};
use crate::custom::Tables;
use crate::definition::check::{SectionWalk, Using, let_types, told_of_use};
use crate::definition::fields::{self, ExpressionTypes};
use crate::definition::scope::{self, KnownTypes};
use crate::definition::{CHART_REQUIRED, Class, Definitions, TOLD, gone, told};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expression::Target;
use crate::name::nearest;
use crate::source::Sources;
use crate::subject::Subject;
use crate::value::{Data, Entry, Map, Operator, Value};

/// Who speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum OverrideOf {
    /// A definition or an overlay of one.
    Definition,
    /// The same where nobody else says anything below it, so that it meets what the class makes.
    Lone,
    /// Defaults, for all of a kind.
    Defaults,
}

/// Checks one layer.
pub(crate) fn check(
    definitions: &Definitions,
    class: &Class,
    layer: &Value,
    (of, subject): (OverrideOf, &Subject),
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) {
    let using = definitions.override_uses.layer(layer);
    let whole = using.map_or(layer, |using| &using.whole);
    let mut checking = OverrideCheck { definitions, class, layer, tables: &definitions.tables, of, found: Diagnostics::default() };
    let mut sections: Vec<Entry> = said(whole).filter_map(|entry| checking.section(entry)).collect();
    // What has operators may be about what the fragments have brought.
    let operators = using.and_then(|using| using.operators.as_ref());
    sections.extend(operators.into_iter().flat_map(said).cloned());
    let mut found = checking.found;
    let known = KnownTypes {
        classes: &definitions.classes,
        identities: &definitions.identities,
        capabilities: &definitions.capabilities,
        fragments: None,
        tables: &definitions.tables,
    };
    let lets = let_types(class, &definitions.language, known);
    let uses = Using::of_overrides(definitions.override_uses.all(), &class.taken, known, sources);
    let mut walk = SectionWalk::new(scope::of(class, &definitions.language, known, lets), uses, &mut found);
    for section in &sections {
        walk.early = match &*section.key {
            "manifests" => Some("a Kubernetes object"),
            "helm" => Some("a Helm value"),
            "files" => Some("a file"),
            "argocd" => Some(TOLD.1),
            _ => None,
        };
        walk.target = if &*section.key == "terraform" { Target::Terraform } else { Target::Plain };
        walk.section(&section.key, &section.value);
    }
    let types = walk.types;
    let mut gone = Diagnostics::default();
    for section in &sections {
        match &*section.key {
            "manifests" => objects(class, &section.value, (&definitions.tables, &types), &mut found),
            "terraform" => blocks(class, &section.value, (&definitions.tables, &types), &mut found),
            _ => {}
        }
        told::section(&section.key, &section.value, class.kind, false, subject, &mut |fault| found.push(fault));
        fields::references(&section.value, &definitions.tables, &mut found);
        if let Some(made) = class.section(&section.key).filter(|_| of == OverrideOf::Lone && using.is_none()) {
            let fields = |object: &Value| definitions.tables.fields_of(object);
            gone::of_section(made, &section.value, &fields, &section.key, &mut gone);
        }
    }
    let uses = using.map(|using| definitions.override_uses.of_layer(using)).unwrap_or_default();
    let found = found.drain();
    // That there is no such field at all is told already.
    let is_told = |fault: &Diagnostic| {
        found.iter().any(|told| told.primary.as_ref().map(|label| label.span) == fault.primary.as_ref().map(|label| label.span))
    };
    gone.drain().into_iter().filter(|fault| !is_told(fault)).for_each(|fault| diagnostics.push(fault));
    found.into_iter().for_each(|fault| diagnostics.push(told_of_use(fault, uses)));
}

/// The sections of a layer.
fn said(layer: &Value) -> impl Iterator<Item = &Entry> {
    entries(Some(layer)).iter().filter(|entry| SECTIONS.contains(&&*entry.key))
}

struct OverrideCheck<'a> {
    definitions: &'a Definitions,
    class: &'a Class,
    layer: &'a Value,
    tables: &'a Tables,
    of: OverrideOf,
    found: Diagnostics,
}

impl OverrideCheck<'_> {
    /// A section, as far as it speaks of this class.
    fn section(&mut self, section: &Entry) -> Option<Entry> {
        let made = self.class.section(&section.key);
        match &*section.key {
            "manifests" => {
                let value = self.named(&section.value, made, ("object", "", &["manifests"]), |entry| {
                    missing_in_object(&entry.value).map(str::to_owned)
                });
                Some(Entry { value, ..section.clone() })
            }
            "terraform" => Some(self.terraform(section, made)),
            "helm" if made.is_none() && !is_open(&section.value) && !self.is_added(&[], "helm") => {
                let missing = CHART_REQUIRED.into_iter().find(|key| section.value.get(key).is_none());
                match (missing, self.of) {
                    (None, _) => Some(section.clone()),
                    (Some(_), OverrideOf::Defaults) => None,
                    (Some(missing), OverrideOf::Definition | OverrideOf::Lone) => {
                        self.found.push(errors::no_chart(self.class, missing, section.span));
                        None
                    }
                }
            }
            _ => Some(section.clone()),
        }
    }

    fn terraform(&mut self, section: &Entry, made: Option<&Value>) -> Entry {
        let kept = entries(Some(&section.value)).iter().map(|word| match &*word.key {
            "resource" | "data" => {
                let made = made.and_then(|made| made.get(&word.key));
                let kept = entries(Some(&word.value)).iter().filter_map(|type_| self.blocks(&word.key, type_, made));
                Entry { value: Value::map(kept.collect(), word.value.origin), ..word.clone() }
            }
            _ => word.clone(),
        });
        let kept = kept.collect();
        Entry { value: Value::map(kept, section.value.origin), ..section.clone() }
    }

    /// The blocks of one type, as far as they speak of this class.
    fn blocks(&mut self, word: &str, type_: &Entry, made: Option<&Value>) -> Option<Entry> {
        let is_known = made.is_none_or(is_open) || made.is_some_and(|made| made.get(&type_.key).is_some());
        if made.is_some() && !is_known && !lacking_is_known(self.tables, word, &type_.key) {
            // A type that no table has may be one of a provider that nobody knows, unless one of the class is meant.
            let types: Vec<&str> = entries(made).iter().map(|entry| &*entry.key).collect();
            if nearest(&type_.key, types.iter().copied()).is_some() && !self.is_added(&["terraform", word], &type_.key) {
                let what = if word == "data" { "data source" } else { "resource" };
                self.say(|class| errors::no_type(class, what, &type_.key, type_.span, &types));
                return None;
            }
        }
        let of_type = made.and_then(|made| made.get(&type_.key));
        if made.is_some_and(is_open) && of_type.is_none() {
            return Some(type_.clone());
        }
        let what = if word == "data" { "data source" } else { "resource" };
        let tables = self.tables;
        let lacks = |entry: &Entry| {
            lacking_arguments(tables, word, &type_.key, &entry.value).or_else(|| {
                // Without a table only the blocks of the class tell what one of the type has.
                let names = entries(of_type).iter().map(|entry| &*entry.key);
                let near = nearest(&entry.key, names).and_then(|near| of_type?.get(near))?;
                let lacking = entries(Some(near)).iter().find(|one| !one.key.starts_with('$') && entry.value.get(&one.key).is_none())?;
                (!lacking_is_known(tables, word, &type_.key)).then(|| lacking.key.to_string())
            })
        };
        let value = self.named(&type_.value, of_type, (what, &format!("{}.", type_.key), &["terraform", word, &type_.key]), lacks);
        (!entries(Some(&value)).is_empty()).then(|| Entry { value, ..type_.clone() })
    }

    /// The entries of a map that change what the class makes, or add what is whole.
    fn named(
        &mut self,
        said: &Value,
        made: Option<&Value>,
        (what, around, path): (&str, &str, &[&str]),
        lacks: impl Fn(&Entry) -> Option<String>,
    ) -> Value {
        let Some(map) = said.as_map() else { return said.clone() };
        let names: Vec<&str> = entries(made).iter().map(|entry| &*entry.key).filter(|key| !key.starts_with('$')).collect();
        let is_certain = |entry: &&Entry| entry.template.is_none() && !entry.key.starts_with('$') && !made.is_some_and(is_open);
        let mut kept = Vec::new();
        for entry in map.entries() {
            let is_there = made.is_some_and(|made| made.get(&entry.key).is_some());
            let removes_added = || entry.operator == Operator::Remove && self.is_added(path, &entry.key);
            if is_there || !is_certain(&entry) || removes_added() {
                kept.push(entry.clone());
            } else if entry.operator == Operator::Remove {
                self.say(|class| errors::nothing_there(class, what, &format!("{around}{}", entry.key), entry.span, &names));
            } else if !matches!(entry.value.data, Data::Map(_)) || is_open(&entry.value) {
                kept.push(entry.clone());
            } else if let Some(missing) = lacks(entry).filter(|_| !self.is_added(path, &entry.key)) {
                self.say(|class| errors::incomplete(class, what, &format!("{around}{}", entry.key), &missing, entry.span, &names));
            } else {
                kept.push(entry.clone());
            }
        }
        Value::map(kept, said.origin)
    }

    /// Whether another layer may have added something of a name, which this one then changes.
    fn is_added(&self, path: &[&str], key: &str) -> bool {
        self.of == OverrideOf::Definition && beside::adds(self.definitions, self.class.kind, self.layer, path, key)
    }

    fn say(&mut self, fault: impl FnOnce(&Class) -> Diagnostic) {
        match self.of {
            OverrideOf::Definition | OverrideOf::Lone => self.found.push(fault(self.class)),
            OverrideOf::Defaults => {}
        }
    }
}

/// Objects against the tables: those of the class as layers, new ones as a whole.
fn objects(class: &Class, section: &Value, types: (&Tables, &ExpressionTypes), found: &mut Diagnostics) {
    for entry in entries(Some(section)).iter().filter(|entry| entry.operator != Operator::Remove && !entry.key.starts_with('$')) {
        let made = class.section("manifests").and_then(|made| made.get(&entry.key)).filter(|_| entry.operator != Operator::Replace);
        let is_new = missing_in_object(&entry.value).is_none();
        fields::object(&entry.value, made, entry.span, !is_new || made.is_some(), types, found);
    }
}

fn blocks(class: &Class, section: &Value, types: (&Tables, &ExpressionTypes), found: &mut Diagnostics) {
    if let Some(entry) = section.as_map().and_then(|map| map.entry("provider")) {
        found.push(super::super::errors::provider_in_terraform(entry.span));
    }
    for word in ["resource", "data"] {
        let made = class.section("terraform").and_then(|made| made.get(word));
        for type_ in entries(section.get(word)) {
            for named in entries(Some(&type_.value)).iter().filter(|named| named.operator != Operator::Remove) {
                let is_there =
                    made.and_then(|made| made.get(&type_.key)).is_some_and(|made| made.get(&named.key).is_some() || is_open(made));
                let is_layer = (is_there || made.is_some_and(is_open)) && named.operator != Operator::Replace;
                fields::block((word, &type_.key), named, is_layer, types, found);
            }
        }
    }
}

/// What an object lacks to be one.
fn missing_in_object(value: &Value) -> Option<&'static str> {
    let metadata = value.get("metadata");
    let is_named = metadata.is_some_and(|metadata| metadata.as_map().is_none() || is_open(metadata) || metadata.get("name").is_some());
    [("apiVersion", value.get("apiVersion").is_some()), ("kind", value.get("kind").is_some()), ("metadata.name", is_named)]
        .into_iter()
        .find(|(_, is_there)| !is_there && !is_open(value))
        .map(|(missing, _)| missing)
}

/// Whether a table has blocks of a type.
fn lacking_is_known(tables: &Tables, word: &str, type_: &str) -> bool {
    tables.terraform(if word == "data" { "data" } else { "resource" }, type_, &mut Diagnostics::default()).is_some()
}

/// Whether a map may have keys that are not written in it.
fn is_open(value: &Value) -> bool {
    value.as_map().is_none_or(|map| map.entries().iter().any(brings))
}

/// Whether what an entry brings has other keys than are written.
pub(super) fn brings(entry: &Entry) -> bool {
    entry.template.is_some() || is_bringing(&entry.key)
}

fn is_bringing(key: &str) -> bool {
    matches!(key, "$spread" | "$verbatim" | "$use" | "$value" | "$file" | "$objects")
}

fn entries(value: Option<&Value>) -> &[Entry] {
    value.and_then(Value::as_map).map(Map::entries).unwrap_or_default()
}
