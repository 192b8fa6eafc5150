//! What a type is made of, one level down, for whoever walks through types: fields, items, values, members. Comes in: a type; nothing is checked, and
//! whoever follows names keeps an eye on those that hold themselves.

use super::{Field, Record, Shape, Type, Union};
use std::sync::Arc;

/// A type that another one is made of.
#[derive(Clone, Copy, Debug)]
pub enum TypePart<'t> {
    /// A field of a record.
    Field(&'t Field),
    /// The items of a list.
    Item(&'t Arc<Type>),
    /// The values of a map.
    Value(&'t Arc<Type>),
    /// A member of a union.
    Member(&'t Arc<Type>),
}

impl<'t> TypePart<'t> {
    /// The type itself.
    #[must_use]
    pub fn type_(self) -> &'t Arc<Type> {
        match self {
            TypePart::Field(field) => &field.type_,
            TypePart::Item(type_) | TypePart::Value(type_) | TypePart::Member(type_) => type_,
        }
    }
}

impl Type {
    /// The parts of what it stands for; members of a union with what the whole asks of each.
    pub fn parts(&self) -> impl Iterator<Item = TypePart<'_>> {
        parts(&self.resolved().shape, self.members())
    }
}

impl Shape {
    /// The parts as they are written; a name has none.
    pub(super) fn parts(&self) -> impl Iterator<Item = TypePart<'_>> {
        parts(self, if let Shape::Union(union) = self { union.written() } else { &[] })
    }

    /// The shape with parts that are changed; none if none is.
    pub(super) fn with_parts(&self, change: &mut dyn FnMut(TypePart<'_>) -> Option<Type>) -> Option<Shape> {
        // A type is large, and most stay as they are.
        let changed: Vec<Option<Arc<Type>>> = self.parts().map(|part| change(part).map(Arc::new)).collect();
        if changed.iter().all(Option::is_none) {
            return None;
        }
        let mut types = self.parts().map(TypePart::type_).zip(changed).map(|(type_, changed)| changed.unwrap_or_else(|| Arc::clone(type_)));
        Some(match self {
            Shape::List(_) => Shape::List(types.next()?),
            Shape::Map(_) => Shape::Map(types.next()?),
            Shape::Record(record) => {
                let fields = record.fields().iter().zip(types);
                Shape::Record(record.with_fields(fields.map(|(field, type_)| Field { type_, ..field.clone() }).collect()))
            }
            Shape::Union(_) => Shape::Union(Union::new(types.collect())),
            Shape::Any
            | Shape::String
            | Shape::Integer
            | Shape::Number
            | Shape::Boolean
            | Shape::Object
            | Shape::Quantity
            | Shape::Duration
            | Shape::Cidr
            | Shape::Semver
            | Shape::Ref(_)
            | Shape::Named(_) => return None,
        })
    }
}

fn parts<'t>(shape: &'t Shape, members: &'t [Arc<Type>]) -> impl Iterator<Item = TypePart<'t>> {
    let (fields, inner): (&[Field], Option<TypePart<'t>>) = match shape {
        Shape::Record(record) => (Record::fields(record), None),
        Shape::List(item) => (&[], Some(TypePart::Item(item))),
        Shape::Map(value) => (&[], Some(TypePart::Value(value))),
        Shape::Any
        | Shape::String
        | Shape::Integer
        | Shape::Number
        | Shape::Boolean
        | Shape::Object
        | Shape::Quantity
        | Shape::Duration
        | Shape::Cidr
        | Shape::Semver
        | Shape::Ref(_)
        | Shape::Union(_)
        | Shape::Named(_) => (&[], None),
    };
    fields.iter().map(TypePart::Field).chain(inner).chain(members.iter().map(TypePart::Member))
}
