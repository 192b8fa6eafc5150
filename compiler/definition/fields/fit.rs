//! Whether a written value or the type of an expression can be what a field holds. When in doubt, it can.

use crate::expression::Ty;
use crate::table::TableType;
use crate::unit::Notation;
use crate::value::{Data, Value};

/// Whether a scalar is of a type. Terraform turns text into numbers and booleans where it says one, and those into text.
pub(super) fn literal(value: &Value, type_: &TableType, terraform: bool) -> bool {
    match (type_, &value.data) {
        (TableType::Any, _)
        | (_, Data::Null | Data::Late(_) | Data::Broken | Data::Template(_) | Data::Pending(_) | Data::List(_) | Data::Map(_))
        | (TableType::String | TableType::Quantity | TableType::IntegerOrString, Data::String(_))
        | (TableType::Integer | TableType::Number | TableType::Quantity | TableType::IntegerOrString, Data::Int(_))
        | (TableType::Number | TableType::Quantity, Data::Float(_))
        | (TableType::Boolean, Data::Bool(_)) => true,
        (TableType::Integer | TableType::IntegerOrString, Data::Float(float)) => float.fract() == 0.0,
        (TableType::String, Data::Int(_) | Data::Float(_) | Data::Bool(_)) => terraform,
        (TableType::Integer | TableType::Number, Data::String(text)) => terraform && text.trim() == &**text && text.parse::<f64>().is_ok(),
        (TableType::Boolean, Data::String(text)) => terraform && matches!(&**text, "true" | "false" | "1" | "0"),
        (TableType::Boolean, Data::Int(_) | Data::Float(_))
        | (TableType::Integer | TableType::Number | TableType::Quantity | TableType::IntegerOrString, Data::Bool(_))
        | (
            TableType::Object | TableType::List(_) | TableType::Map(_) | TableType::Record(_) | TableType::Named(_),
            Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_),
        ) => false,
    }
}

/// Whether an expression of a type may give what a field holds.
pub(super) fn typed(found: &Ty, type_: &TableType, terraform: bool) -> bool {
    match found {
        Ty::Dyn
        | Ty::Null
        | Ty::Late(_)
        | Ty::Unknown
        // How these are written is the printer's business.
        | Ty::Bytes
        | Ty::Type => true,
        Ty::Optional(inner) => typed(inner, type_, terraform),
        Ty::OneOf(types) => types.iter().any(|found| typed(found, type_, terraform)),
        Ty::Bool => match type_ {
            TableType::Any | TableType::Boolean => true,
            TableType::String => terraform,
            TableType::Object
            | TableType::Integer
            | TableType::Number
            | TableType::Quantity
            | TableType::IntegerOrString
            | TableType::List(_)
            | TableType::Map(_)
            | TableType::Record(_)
            | TableType::Named(_) => false,
        },
        Ty::Int | Ty::Uint | Ty::Double | Ty::Number => match type_ {
            TableType::Any | TableType::Integer | TableType::Number | TableType::Quantity | TableType::IntegerOrString => true,
            TableType::String => terraform,
            TableType::Object | TableType::Boolean | TableType::List(_) | TableType::Map(_) | TableType::Record(_) | TableType::Named(_) => false,
        },
        Ty::In(notation) => match type_ {
            TableType::Any | TableType::String | TableType::IntegerOrString => true,
            // An amount may be written as a number, and a duration as `0`.
            TableType::Integer | TableType::Number | TableType::Quantity => match notation {
                Notation::Quantity => true,
                Notation::Duration => terraform || *type_ == TableType::Quantity,
                Notation::Ip | Notation::Cidr | Notation::Semver => false,
            },
            TableType::Boolean | TableType::Object | TableType::List(_) | TableType::Map(_) | TableType::Record(_) | TableType::Named(_) => false,
        },
        Ty::String | Ty::Name(_) | Ty::Written => match type_ {
            TableType::Any | TableType::String | TableType::Quantity | TableType::IntegerOrString => true,
            TableType::Integer | TableType::Number | TableType::Boolean => terraform,
            TableType::Object | TableType::List(_) | TableType::Map(_) | TableType::Record(_) | TableType::Named(_) => false,
        },
        Ty::List(item) => match type_ {
            TableType::Any => true,
            TableType::List(wanted) => typed(item, wanted, terraform),
            TableType::Object
            | TableType::String
            | TableType::Integer
            | TableType::Number
            | TableType::Boolean
            | TableType::Quantity
            | TableType::IntegerOrString
            | TableType::Map(_)
            | TableType::Record(_)
            | TableType::Named(_) => false,
        },
        Ty::Map(value) => match type_ {
            TableType::Map(wanted) => typed(value, wanted, terraform),
            TableType::Any
            | TableType::Object
            | TableType::String
            | TableType::Integer
            | TableType::Number
            | TableType::Boolean
            | TableType::Quantity
            | TableType::IntegerOrString
            | TableType::List(_)
            | TableType::Record(_)
            | TableType::Named(_) => map(type_, terraform),
        },
        Ty::Record(_) => map(type_, terraform),
    }
}

/// Whether some map may stand there.
fn map(type_: &TableType, terraform: bool) -> bool {
    match type_ {
        TableType::Any | TableType::Object | TableType::Map(_) | TableType::Record(_) | TableType::Named(_) => true,
        TableType::List(item) => terraform && matches!(**item, TableType::Record(_) | TableType::Named(_)),
        TableType::String
        | TableType::Integer
        | TableType::Number
        | TableType::Boolean
        | TableType::Quantity
        | TableType::IntegerOrString => false,
    }
}
