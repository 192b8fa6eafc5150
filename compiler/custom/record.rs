//! Shapes and schemas of providers as records of a table, which templates are checked with.

use super::shape::{CustomShape, OtherFields, ShapeForm};
use crate::table::{ItemKey, Replaces, Setter, TableField, TableRecord, TableType};
use std::sync::Arc;

/// What every object has beside its own fields. The metadata of all objects are a record of the shipped table.
const COMMON: [(&str, TableType); 2] = [("apiVersion", TableType::String), ("kind", TableType::String)];

/// The fields of a whole object.
pub(super) fn object(shape: &CustomShape) -> Arc<TableRecord> {
    let mut record = record(shape);
    for (name, type_) in COMMON {
        record.fields.insert(name.into(), field(type_, false));
    }
    record.fields.insert("metadata".into(), field(TableType::Named("ObjectMeta".into()), false));
    record.fields.insert("status".into(), field(TableType::Any, false));
    Arc::new(record)
}

fn record(shape: &CustomShape) -> TableRecord {
    let fields = shape.fields.iter().map(|(name, inner)| {
        // What the server fills in need not be written.
        let is_required = shape.required.contains(name) && inner.default.is_none();
        (Arc::clone(name), TableField { key: key(inner), ..field(type_of(inner), is_required) })
    });
    TableRecord { fields: fields.collect(), open: !matches!(shape.others, OtherFields::None) }
}

/// By what the items of a list are told apart, with what the server fills in.
fn key(list: &CustomShape) -> Option<ItemKey> {
    let items = list.items.as_ref().filter(|_| !list.keys.is_empty())?;
    let default = |name: &str| items.fields.get(name)?.default.as_ref()?.as_str().map(|default| format!("{name}={default}"));
    let words: Vec<String> = list.keys.iter().map(|name| default(name).unwrap_or_else(|| name.to_string())).collect();
    Some(ItemKey::read(&words.join(",")))
}

pub(super) fn field(type_: TableType, required: bool) -> TableField {
    TableField {
        type_,
        required,
        setter: Setter::Author,
        block: None,
        count: (0, None),
        replaces: Replaces::No,
        key: None,
        unordered: false,
    }
}

fn type_of(shape: &CustomShape) -> TableType {
    match shape.form {
        ShapeForm::Any => TableType::Any,
        ShapeForm::String => TableType::String,
        ShapeForm::Integer => TableType::Integer,
        ShapeForm::Number => TableType::Number,
        ShapeForm::Boolean => TableType::Boolean,
        ShapeForm::IntegerOrString => TableType::IntegerOrString,
        ShapeForm::List => TableType::List(Arc::new(shape.items.as_ref().map_or(TableType::Any, |items| type_of(items)))),
        ShapeForm::Object => match &shape.others {
            _ if shape.embedded => TableType::Record(match shape.fields.is_empty() {
                true => Arc::new(TableRecord { open: true, ..(*object(shape)).clone() }),
                false => object(shape),
            }),
            OtherFields::Of(values) if shape.fields.is_empty() => TableType::Map(Arc::new(type_of(values))),
            OtherFields::Any if shape.fields.is_empty() => TableType::Object,
            OtherFields::None | OtherFields::Any | OtherFields::Of(_) => TableType::Record(Arc::new(record(shape))),
        },
    }
}
