//! `definition(kind, class)`: a whole definition as the value of a field, for classes that make things of it. In comes the type of that class;
//! out goes the same without defaults, which what is made gets itself, and without what it lacks until its maker has added it.

use super::choice::{Choosing, FieldChoice};
use super::errors::{syntax as errors, whole as whole_errors};
use super::named::{NamedType, Types};
use super::{Field, Marker, Markers, Record, Shape, Type};
use crate::diagnostic::Diagnostics;
use crate::name::{Kind, nearest};
use crate::span::Span;
use std::sync::Arc;

/// What changes the templates of a class is said where its layers are told apart: at the thing.
const OVERRIDE: &str = "override";

/// What is known of another class.
pub enum OtherClass {
    /// The type of its fields.
    Fields(Arc<Type>),
    /// There is none of that name; these are there.
    Unknown(Vec<Arc<str>>),
    /// Something is wrong with it, which is told.
    Lost,
    /// No class is known where this stands.
    Nowhere,
}

/// Tells of the class of a kind and name.
pub type OtherClasses<'a> = &'a dyn Fn(Kind, &str) -> OtherClass;

/// Nobody knows any class.
#[must_use]
pub fn no_classes(_: Kind, _: &str) -> OtherClass {
    OtherClass::Nowhere
}

/// The shape of `definition(kind, class)`, from what stands between the parentheses.
pub(super) fn shape(inside: &str, span: Span, others: OtherClasses<'_>, diagnostics: &mut Diagnostics) -> Shape {
    let Some((word, name)) = inside.split_once(',').map(|(word, name)| (word.trim(), name.trim())) else {
        diagnostics.push(whole_errors::definition_of_nothing(span));
        return Shape::Any;
    };
    let Some(kind) = Kind::from_singular(word) else {
        diagnostics.push(errors::unknown_kind(span, word, nearest(word, Kind::ALL.map(Kind::singular))));
        return Shape::Any;
    };
    match others(kind, name) {
        OtherClass::Fields(type_) => Shape::Record(opened(&type_).definition((kind, name.into()))),
        OtherClass::Unknown(known) => {
            let known: Vec<&str> = known.iter().map(|name| &**name).collect();
            diagnostics.push(whole_errors::definition_of_unknown(span, kind, name, &known));
            Shape::Any
        }
        OtherClass::Lost => Shape::Any,
        OtherClass::Nowhere => {
            diagnostics.push(whole_errors::definition_without_classes(span));
            Shape::Any
        }
    }
}

/// The type of a class's things as that of definitions in a field, which bring no defaults along.
#[must_use]
pub fn as_definition(type_: &Type) -> Option<Type> {
    type_.record()?;
    Some(Type { shape: Shape::Record(opened(type_)), markers: Markers::default(), origin: type_.origin })
}

/// The fields of a class as those of a definition in a field.
fn opened(type_: &Type) -> Record {
    let mut walk = OpenWalk { tables: Vec::new() };
    let fields = type_.record().map_or(&[][..], Record::fields).iter().filter(|field| *field.name != *OVERRIDE);
    let fields = fields.map(|field| walk.field(field, true));
    let choices = type_.record().map_or(&[][..], |record| record.choices());
    Record::new(fields.collect()).choosing(partial(choices))
}

/// Choices where the maker may make one that the user leaves open.
fn partial(choices: &[FieldChoice]) -> Vec<FieldChoice> {
    choices.iter().map(|choice| FieldChoice { choosing: Choosing::AtMostOne, ..choice.clone() }).collect()
}

/// Whether a whole definition has a field of this name that one in a field has not; `beside` are fields that shape definitions.
pub(super) fn is_of_whole(key: &str, beside: &[(&str, &[&str])]) -> bool {
    key == OVERRIDE || beside.iter().any(|(name, _)| *name == key)
}

struct OpenWalk {
    /// Named types that were opened, by where they were.
    tables: Vec<(*const Types, Arc<Types>)>,
}

impl OpenWalk {
    fn field(&mut self, field: &Field, is_partial: bool) -> Field {
        Field { type_: Arc::new(self.type_(&field.type_, is_partial)), ..field.clone() }
    }

    /// `is_partial`: what is required may be said by the maker.
    fn type_(&mut self, type_: &Type, is_partial: bool) -> Type {
        let mut markers = Markers { default: None, ..type_.markers.clone() };
        markers.required &= !is_partial;
        markers.places.retain(|(marker, _)| *marker != Marker::Default && (!is_partial || *marker != Marker::Required));
        let shape = if let Shape::Record(record) = &type_.shape {
            let record = record.with_fields(record.fields().iter().map(|field| self.field(field, is_partial)).collect());
            let choices = if is_partial { partial(record.choices()) } else { record.choices().to_vec() };
            Shape::Record(record.choosing(choices))
        } else if let Shape::Named(named) = &type_.shape {
            Shape::Named(self.named(named))
        } else {
            let opened = type_.shape.with_parts(&mut |part| Some(self.type_(part.type_(), false)));
            opened.unwrap_or_else(|| type_.shape.clone())
        };
        Type { shape, markers, origin: type_.origin }
    }

    /// Named types may hold themselves, so all of them are opened at once.
    fn named(&mut self, named: &NamedType) -> NamedType {
        let Some(types) = named.types() else { return named.clone() };
        let at = Arc::as_ptr(types);
        if let Some((_, known)) = self.tables.iter().find(|(known, _)| *known == at) {
            return NamedType::of(Arc::clone(&named.name), known);
        }
        let opened: Types = types.iter().map(|(name, type_)| (Arc::clone(name), self.type_(type_, false))).collect();
        let opened = Arc::new(opened);
        self.tables.push((at, Arc::clone(&opened)));
        NamedType::of(Arc::clone(&named.name), &opened)
    }
}
