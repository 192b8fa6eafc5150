//! Capabilities: what a class may say that it provides, and which outputs whoever refers to any of its providers can count on. Comes in: the
//! blocks of `classes.capability` and the classes; leaves: the types of those outputs, and what is wrong with classes that promise them. It
//! never says that a capability must be declared.

mod doubt;

pub(super) use doubt::{DoubtedPart, confirmed, doubts, owner, told};

use super::check::OutputType;
use super::language::Language;
use super::literal::{self, Owner};
use super::{Class, errors};
use crate::diagnostic::Diagnostics;
use crate::expression::Ty;
use crate::name::nearest;
use crate::schema::{self, Checked, Mode, Referent, Shape, Type};
use crate::source::Sources;
use crate::span::Span;
use crate::value::{Entry, Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The word that stands among the kinds of classes.
pub(super) const WORD: &str = "capability";

/// What a capability is: `classes.capability.<name>`.
#[derive(Clone, Debug)]
pub struct Capability {
    /// Where its name stands, and what is said of it.
    pub entry: Entry,
    /// The outputs that its providers offer, a record.
    pub outputs: Arc<Type>,
    /// Whether its outputs are well formed; nothing is checked against those that are not.
    pub sound: bool,
}

/// All that are declared, by name.
#[derive(Clone, Debug, Default)]
pub struct Capabilities(BTreeMap<Arc<str>, Capability>);

impl Capabilities {
    /// Reads the declarations.
    pub(super) fn load(blocks: &[Entry], language: &Language, sources: &Sources, diagnostics: &mut Diagnostics) -> Self {
        let read = |entry: &Entry| {
            let (outputs, wrong) = diagnostics.watch(|diagnostics| {
                let known: Vec<&str> = language.capability.fields().map(|(name, _)| name).collect();
                for field in entry.value.as_map().map(Map::entries).unwrap_or_default() {
                    if !known.contains(&&*field.key) {
                        diagnostics.push(errors::unknown_capability_field(&field.key, field.span, &known));
                    }
                }
                literal::check(Owner::Capability, &entry.value, &language.capability, diagnostics);
                let outputs = entry.value.get("outputs").cloned().unwrap_or_else(|| Value::map(Vec::new(), entry.value.origin));
                schema::compile(&outputs, None, sources, diagnostics)
            });
            (Arc::clone(&entry.key), Capability { entry: entry.clone(), outputs, sound: !wrong })
        };
        Self(blocks.iter().map(read).collect())
    }

    /// The one of a name, if it is declared.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Capability> {
        self.0.get(name)
    }

    /// All of them by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Capability)> {
        self.0.iter().map(|(name, capability)| (&**name, capability))
    }

    /// What whoever refers to things with a capability may read of their outputs; none if nobody says.
    pub(super) fn offered(&self, referent: &Referent) -> Option<&Type> {
        let capability = self.get(referent.provides.as_ref()?)?;
        capability.sound.then_some(&*capability.outputs)
    }

    /// The outputs that a class promises; where two of its capabilities have one of a name, both are there.
    pub(crate) fn promised(&self, class: &Class) -> impl Iterator<Item = &schema::Field> {
        let declared = class.provides.iter().filter_map(|named| self.get(&named.name)).filter(|capability| capability.sound);
        declared.flat_map(|capability| capability.outputs.record().map_or(&[][..], schema::Record::fields))
    }

    /// The type of an output of a class, if that is promised.
    pub(crate) fn output(&self, class: &Class, name: &str) -> Option<&Type> {
        self.promised(class).find(|field| *field.name == *name).map(|field| &*field.type_)
    }
}

/// An output that a capability of a class promises, and that the class lacks or has as something else, which was told.
#[derive(Clone, Debug)]
pub(crate) struct Unkept {
    /// The output.
    pub(crate) output: Arc<str>,
    /// Where it is, and what it is in words; none if it is not there.
    pub(super) found: Option<(Span, &'static str)>,
}

/// Reports outputs that a class lacks, or that are something else than its capabilities promise, and gives those. `found` are the types of
/// its outputs.
pub(super) fn fulfilled(
    class: &Class,
    capabilities: &Capabilities,
    found: &[(Arc<str>, OutputType)],
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Vec<Unkept> {
    let mut unkept = Vec::new();
    // What comes from a loop or a condition may be anything.
    let is_open = found.iter().any(|(_, output)| output.is_made);
    // Heirs may still add what an abstract class lacks.
    for named in class.provides.iter().filter(|_| !class.is_abstract) {
        let Some(capability) = capabilities.get(&named.name).filter(|capability| capability.sound) else { continue };
        for field in capability.outputs.record().map_or(&[][..], schema::Record::fields) {
            let Some((_, output)) = found.iter().find(|(name, _)| *name == field.name) else {
                if is_open {
                    continue;
                }
                let promised = |name: &str| capabilities.promised(class).any(|field| *field.name == *name);
                let others: Vec<&str> = found.iter().map(|(name, _)| &**name).filter(|name| !promised(name)).collect();
                diagnostics.push(errors::missing_output(class, named, field, &others));
                unkept.push(Unkept { output: Arc::clone(&field.name), found: None });
                continue;
            };
            if !fits(&field.type_, &output.type_) {
                diagnostics.push(errors::other_output(class, named, field, output.span, output.type_.describe()));
                unkept.push(Unkept { output: Arc::clone(&field.name), found: Some((output.span, output.type_.describe())) });
            } else if let Some(value) = class.value.get("outputs").and_then(|outputs| outputs.get(&field.name)) {
                literal_fits(class, field, value, sources, diagnostics);
            }
        }
    }
    unkept
}

/// What no expression makes is known now.
fn literal_fits(class: &Class, field: &schema::Field, value: &Value, sources: &Sources, diagnostics: &mut Diagnostics) {
    let has_directives = value.as_map().is_some_and(|map| map.entries().iter().any(|entry| entry.key.starts_with('$')));
    if value.is_dynamic() || has_directives {
        return;
    }
    let checked =
        Checked { kind: class.kind.words(), class: &class.full, subject: None, defined: Some(class.name.span), beside: &[], sources };
    promise_kept(field, value, &checked, diagnostics);
}

/// Checks what an output came to against what was promised.
pub(crate) fn promise_kept(field: &schema::Field, value: &Value, checked: &Checked<'_>, diagnostics: &mut Diagnostics) {
    let whole = Value::map(vec![Entry::plain(Arc::clone(&field.name), field.span, value.clone())], value.origin);
    let record = Shape::Record(schema::Record::new(vec![field.clone()]));
    let type_ = Type { shape: record, markers: schema::Markers::default(), origin: field.span };
    schema::check(&type_, &whole, checked, Mode::Complete, diagnostics);
}

/// Whether what an expression gives may be a value of a type, as far as is known.
pub(super) fn fits(type_: &Type, found: &Ty) -> bool {
    if let Ty::OneOf(types) = found {
        return types.iter().any(|found| fits(type_, found));
    }
    if matches!(found, Ty::Dyn | Ty::Unknown | Ty::Late(_) | Ty::Optional(_)) || (type_.nullable() && *found == Ty::Null) {
        return true;
    }
    match &type_.resolved().shape {
        Shape::Any | Shape::Named(_) => true,
        Shape::Union(_) => type_.members().iter().any(|member| fits(member, found)),
        Shape::String => matches!(found, Ty::String | Ty::Name(_) | Ty::Written | Ty::In(_)),
        Shape::Quantity => {
            matches!(found, Ty::String | Ty::Name(_) | Ty::Written | Ty::Int | Ty::Uint | Ty::Double | Ty::Number)
                || type_.notation() == notation(found)
        }
        Shape::Duration | Shape::Cidr | Shape::Semver => {
            matches!(found, Ty::String | Ty::Name(_) | Ty::Written) || type_.notation() == notation(found)
        }
        Shape::Ref(_) => matches!(found, Ty::String | Ty::Name(_) | Ty::Written | Ty::Map(_) | Ty::Record(_)),
        Shape::Integer => matches!(found, Ty::Int | Ty::Uint | Ty::Number),
        Shape::Number => matches!(found, Ty::Int | Ty::Uint | Ty::Double | Ty::Number),
        Shape::Boolean => *found == Ty::Bool,
        Shape::Object => matches!(found, Ty::Map(_) | Ty::Record(_)),
        Shape::List(item) => matches!(found, Ty::List(_)) && fits(item, &found.inner()),
        Shape::Map(item) => match record(found) {
            Some(found) => found.fields.iter().all(|(_, found)| fits(item, found)),
            None => matches!(found, Ty::Map(_)) && fits(item, &found.inner()),
        },
        Shape::Record(wanted) => match record(found) {
            Some(found) => wanted.fields().iter().all(|field| match found.field(&field.name) {
                Some(found) => fits(&field.type_, found),
                None => found.open || !field.type_.resolved().markers.required,
            }),
            None => matches!(found, Ty::Map(_)),
        },
    }
}

fn notation(found: &Ty) -> Option<crate::unit::Notation> {
    if let Ty::In(notation) = found { Some(*notation) } else { None }
}

fn record(found: &Ty) -> Option<&crate::expression::RecordTy> {
    if let Ty::Record(record) = found { Some(record) } else { None }
}

/// Reports capabilities that references of the project's classes ask for and nothing has, and those that are most likely misspelt.
pub(super) fn known(classes: &[Arc<Class>], capabilities: &Capabilities, sources: &Sources, diagnostics: &mut Diagnostics) {
    let provided: BTreeSet<&str> = classes.iter().flat_map(|class| &class.provides).map(|named| &*named.name).collect();
    let declared: BTreeSet<&str> = capabilities.iter().map(|(name, _)| name).collect();
    let mut asked: BTreeMap<&str, Vec<&schema::Field>> = BTreeMap::new();
    for class in classes.iter().filter(|class| class.refers && class.sound) {
        asks(&class.type_, &mut Vec::new(), &mut |name, field| asked.entry(name).or_default().push(field));
    }
    for (name, fields) in &asked {
        let own: BTreeSet<_> = fields.iter().map(|field| field.type_.origin).filter(|span| !sources.is_library(*span)).collect();
        if !declared.contains(name) && !provided.contains(name) {
            let near = nearest(name, declared.union(&provided).copied());
            own.iter().for_each(|span| diagnostics.push(errors::nobody_provides(name, *span, near)));
        }
    }
    let mut told = BTreeSet::new();
    for named in classes.iter().flat_map(|class| &class.provides).filter(|named| !sources.is_library(named.span)) {
        if declared.contains(&*named.name) || asked.contains_key(&*named.name) || !told.insert(named.span) {
            continue;
        }
        // Whoever provides what nobody asks for yet is not wrong, unless it is almost what somebody asks for.
        // Where what is asked for is not there, that is told.
        let others = provided.iter().copied().filter(|name| asked.contains_key(name));
        if let Some(near) = nearest(&named.name, declared.iter().copied().chain(others)) {
            diagnostics.push(errors::nobody_asks(named, near));
        }
    }
}

/// The fields of a type that ask for a capability.
fn asks<'t>(type_: &'t Type, names: &mut Vec<&'t str>, found: &mut dyn FnMut(&'t str, &'t schema::Field)) {
    if let Some(name) = type_.name() {
        if names.contains(&&**name) {
            return;
        }
        names.push(name);
    }
    let inner = type_.resolved();
    for field in inner.record().map_or(&[][..], schema::Record::fields) {
        if let Some(capability) = field.type_.resolved().shape.refers().and_then(|referent| referent.provides.as_deref()) {
            found(capability, field);
        }
        asks(&field.type_, names, found);
    }
    for item in inner.item().into_iter().chain(inner.members()) {
        asks(item, names, found);
    }
    if type_.name().is_some() {
        names.pop();
    }
}
