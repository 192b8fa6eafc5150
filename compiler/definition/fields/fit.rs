//! Whether a written value or the type of an expression can be what a field holds. When in doubt, it can.

use crate::expression::Ty;
use crate::table::Type;
use crate::value::{Data, Value};

/// Whether a scalar is of a type. Terraform turns text into numbers and booleans where it says one, and those into text.
pub(super) fn literal(value: &Value, type_: &Type, terraform: bool) -> bool {
    match (type_, &value.data) {
        (Type::Any, _)
        | (_, Data::Null | Data::Late(_) | Data::Broken | Data::Template(_) | Data::List(_) | Data::Map(_))
        | (Type::String | Type::Quantity | Type::IntegerOrString, Data::String(_))
        | (Type::Integer | Type::Number | Type::Quantity | Type::IntegerOrString, Data::Int(_))
        | (Type::Number | Type::Quantity, Data::Float(_))
        | (Type::Boolean, Data::Bool(_)) => true,
        (Type::Integer | Type::IntegerOrString, Data::Float(float)) => float.fract() == 0.0,
        (Type::String, Data::Int(_) | Data::Float(_) | Data::Bool(_)) => terraform,
        (Type::Integer | Type::Number, Data::String(text)) => terraform && text.trim() == &**text && text.parse::<f64>().is_ok(),
        (Type::Boolean, Data::String(text)) => terraform && matches!(&**text, "true" | "false" | "1" | "0"),
        (Type::Boolean, Data::Int(_) | Data::Float(_))
        | (Type::Integer | Type::Number | Type::Quantity | Type::IntegerOrString, Data::Bool(_))
        | (
            Type::Object | Type::List(_) | Type::Map(_) | Type::Record(_) | Type::Named(_),
            Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_),
        ) => false,
    }
}

/// Whether an expression of a type may give what a field holds.
pub(super) fn typed(found: &Ty, type_: &Type, terraform: bool) -> bool {
    match found {
        Ty::Dyn
        | Ty::Null
        | Ty::Late
        | Ty::Unknown
        // How these are written is the printer's business.
        | Ty::Bytes
        | Ty::Type
        | Ty::Ip
        | Ty::Cidr
        | Ty::Semver
        | Ty::Quantity => true,
        Ty::Optional(inner) => typed(inner, type_, terraform),
        Ty::Bool => match type_ {
            Type::Any | Type::Boolean => true,
            Type::String => terraform,
            Type::Object
            | Type::Integer
            | Type::Number
            | Type::Quantity
            | Type::IntegerOrString
            | Type::List(_)
            | Type::Map(_)
            | Type::Record(_)
            | Type::Named(_) => false,
        },
        Ty::Int | Ty::Uint | Ty::Double => match type_ {
            Type::Any | Type::Integer | Type::Number | Type::Quantity | Type::IntegerOrString => true,
            Type::String => terraform,
            Type::Object | Type::Boolean | Type::List(_) | Type::Map(_) | Type::Record(_) | Type::Named(_) => false,
        },
        Ty::String | Ty::Name(_) => match type_ {
            Type::Any | Type::String | Type::Quantity | Type::IntegerOrString => true,
            Type::Integer | Type::Number | Type::Boolean => terraform,
            Type::Object | Type::List(_) | Type::Map(_) | Type::Record(_) | Type::Named(_) => false,
        },
        Ty::List(item) => match type_ {
            Type::Any => true,
            Type::List(wanted) => typed(item, wanted, terraform),
            Type::Object
            | Type::String
            | Type::Integer
            | Type::Number
            | Type::Boolean
            | Type::Quantity
            | Type::IntegerOrString
            | Type::Map(_)
            | Type::Record(_)
            | Type::Named(_) => false,
        },
        Ty::Map(value) => match type_ {
            Type::Map(wanted) => typed(value, wanted, terraform),
            Type::Any
            | Type::Object
            | Type::String
            | Type::Integer
            | Type::Number
            | Type::Boolean
            | Type::Quantity
            | Type::IntegerOrString
            | Type::List(_)
            | Type::Record(_)
            | Type::Named(_) => map(type_, terraform),
        },
        Ty::Record(_) => map(type_, terraform),
    }
}

/// Whether some map may stand there.
fn map(type_: &Type, terraform: bool) -> bool {
    match type_ {
        Type::Any | Type::Object | Type::Map(_) | Type::Record(_) | Type::Named(_) => true,
        Type::List(item) => terraform && matches!(**item, Type::Record(_) | Type::Named(_)),
        Type::String | Type::Integer | Type::Number | Type::Boolean | Type::Quantity | Type::IntegerOrString => false,
    }
}
