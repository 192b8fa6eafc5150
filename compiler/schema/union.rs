//! Unions: a value that may be a map, a list or a scalar, at most one type of each. In come the members and the markers of the whole; out goes
//! the member that a value of some form is of. It never decides how values of two forms meet.

use super::{Marker, Markers, Shape, Type};
use crate::value::{Data, Value};
use std::sync::{Arc, OnceLock};

/// What values are told apart by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ValueForm {
    /// Keys with values.
    Map,
    /// Items in order.
    List,
    /// Anything else.
    Scalar,
}

impl ValueForm {
    /// The form of a value; none of one that is not known yet, of null and of what is late.
    #[must_use]
    pub fn of(value: &Value) -> Option<ValueForm> {
        match &value.data {
            Data::Map(_) => Some(ValueForm::Map),
            Data::List(_) => Some(ValueForm::List),
            Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) => Some(ValueForm::Scalar),
            Data::Null | Data::Template(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => None,
        }
    }

    /// One of them in a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            ValueForm::Map => "a map",
            ValueForm::List => "a list",
            ValueForm::Scalar => "a scalar",
        }
    }
}

impl Shape {
    /// The form of its values; none if they may have any.
    #[must_use]
    pub fn form(&self) -> Option<ValueForm> {
        match self {
            Shape::Any | Shape::Union(_) | Shape::Named(_) => None,
            Shape::Object | Shape::Map(_) | Shape::Record(_) => Some(ValueForm::Map),
            Shape::List(_) => Some(ValueForm::List),
            Shape::String
            | Shape::Integer
            | Shape::Number
            | Shape::Boolean
            | Shape::Quantity
            | Shape::Duration
            | Shape::Cidr
            | Shape::Semver
            | Shape::Ref(_) => Some(ValueForm::Scalar),
        }
    }
}

/// The members of a union.
#[derive(Debug)]
pub struct Union {
    members: Vec<Arc<Type>>,
    /// The same with those markers of the whole that are theirs, which is known when all names are linked.
    own: OnceLock<Vec<Arc<Type>>>,
}

impl Clone for Union {
    /// Of other markers, the members have others.
    fn clone(&self) -> Self {
        Self::new(self.members.clone())
    }
}

impl Union {
    /// A union of these types.
    #[must_use]
    pub(super) fn new(members: Vec<Arc<Type>>) -> Self {
        Self { members, own: OnceLock::new() }
    }

    /// The members as written.
    #[must_use]
    pub(super) fn written(&self) -> &[Arc<Type>] {
        &self.members
    }

    /// Those that are no unions themselves, which is reported, and could have no end.
    pub(super) fn single(&self) -> impl Iterator<Item = &Arc<Type>> {
        self.members.iter().filter(|member| !matches!(member.resolved().shape, Shape::Union(_)))
    }

    /// The members with what the markers of the whole ask of each.
    pub(super) fn members(&self, markers: &Markers) -> &[Arc<Type>] {
        self.own.get_or_init(|| self.single().map(|member| Arc::new(with_own(member, markers))).collect())
    }
}

/// A member with those markers of the whole that say something about it and not about the field.
fn with_own(member: &Type, markers: &Markers) -> Type {
    let shape = &member.resolved().shape;
    let mut own = markers.clone();
    for marker in Marker::ALL.into_iter().filter(|marker| !marker.is_of_member() || !marker.suits(shape)) {
        own.drop(marker);
    }
    own.secret = markers.secret;
    let mut member = member.clone();
    own.take_over(&member.markers);
    member.markers = own;
    member.shape = member.shape.clone().narrowed(&member.markers);
    member
}

impl Type {
    /// The members of a union; none of anything else.
    #[must_use]
    pub fn members(&self) -> &[Arc<Type>] {
        let resolved = self.resolved();
        if let Shape::Union(union) = &resolved.shape { union.members(&resolved.markers) } else { &[] }
    }

    /// Whether what it is known only when names are linked.
    pub(super) fn is_named(&self) -> bool {
        let of_union = if let Shape::Union(union) = &self.shape { union.members.as_slice() } else { &[] };
        matches!(self.shape, Shape::Named(_)) || of_union.iter().any(|member| member.is_named())
    }

    /// Whether values of several forms may stand there, of which one takes the place of another.
    #[must_use]
    pub fn is_union(&self) -> bool {
        matches!(self.resolved().shape, Shape::Union(_))
    }

    /// What it is for values of a form: of a union the member, else the type itself.
    #[must_use]
    pub fn as_form(&self, form: ValueForm) -> &Type {
        self.members().iter().find(|member| member.resolved().shape.form() == Some(form)).map_or(self, |member| member)
    }

    /// What it is for a value.
    #[must_use]
    pub fn of_value(&self, value: &Value) -> &Type {
        ValueForm::of(value).map_or(self, |form| self.as_form(form))
    }

    /// The type of the value of a key: of the field, or of all values of a map.
    #[must_use]
    pub fn inside(&self, key: &str) -> Option<&Arc<Type>> {
        let type_ = self.as_form(ValueForm::Map);
        match &type_.resolved().shape {
            Shape::Map(value) => Some(value),
            Shape::Record(record) => record.get(key).map(|field| &field.type_),
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
            | Shape::List(_)
            | Shape::Union(_)
            | Shape::Named(_) => None,
        }
    }

    /// The type of the items of a list.
    #[must_use]
    pub fn items(&self) -> Option<&Arc<Type>> {
        if let Shape::List(item) = &self.as_form(ValueForm::List).resolved().shape { Some(item) } else { None }
    }
}
