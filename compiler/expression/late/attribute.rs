//! Types of what Terraform knows, from the tables of providers: by the address of an attribute, step by step. What a table does not have is
//! not known.

use super::super::types::{RecordTy, Ty};
use crate::table::{Nesting, Table, TableField, TableRecord, TableType};
use std::sync::Arc;

/// Records within each other that are looked into at once.
const DEPTH: usize = 4;

/// The type of what stands at an address, `aws_vpc.this.tags["a"]`, by the shipped tables.
pub(super) fn type_of(address: &str) -> Ty {
    attribute_type(address, &|word, type_| Table::terraform().section(&format!("{word} {type_}")))
}

/// The same by records that somebody finds, by `resource` or `data` and the type.
pub(crate) fn attribute_type(address: &str, find: &dyn Fn(&'static str, &str) -> Option<Arc<TableRecord>>) -> Ty {
    let mut steps = steps(address);
    let Some(LateStep::Field(first)) = steps.next() else { return Ty::Dyn };
    let (word, type_) = match &*first {
        "data" => match steps.next() {
            Some(LateStep::Field(type_)) => ("data", type_),
            Some(LateStep::Item) | None => return Ty::Dyn,
        },
        _ => ("resource", first),
    };
    let Some(record) = find(word, &type_) else { return Ty::Dyn };
    let Some(LateStep::Field(_)) = steps.next() else { return Ty::Dyn };
    let mut at = TableType::Record(record);
    for step in steps {
        let next = match (step, &at) {
            (LateStep::Item, TableType::List(item) | TableType::Map(item)) => Some((**item).clone()),
            (LateStep::Field(_), TableType::Map(item)) => Some((**item).clone()),
            (LateStep::Field(name), TableType::Record(_) | TableType::Named(_)) => {
                Table::terraform().record(&at).and_then(|record| record.field(&name).map(held))
            }
            (LateStep::Item | LateStep::Field(_), _) => None,
        };
        match next {
            Some(next) => at = next,
            None => return Ty::Dyn,
        }
    }
    ty(&at, DEPTH)
}

/// Whether a provider calls sensitive what stands at an address, something around it or something in it.
pub(super) fn is_sensitive(address: &str) -> bool {
    let names: Vec<String> = steps(address).filter_map(|step| if let LateStep::Field(name) = step { Some(name) } else { None }).collect();
    match names.as_slice() {
        [word, type_, _, path @ ..] if word == "data" => Table::terraform().holds_sensitive("data", type_, &path.join(".")),
        [type_, _, path @ ..] => Table::terraform().holds_sensitive("resource", type_, &path.join(".")),
        _ => false,
    }
}

/// Whether what stands at an address is one of these paths of its resource, or in one, or around one.
pub(super) fn is_among(address: &str, paths: &[Arc<str>]) -> bool {
    let path = path(address);
    path.is_empty() || paths.iter().any(|other| leads_into(&path, other) || leads_into(other, &path))
}

/// Whether what stands at an address is one of these paths of its resource, or in one.
pub(super) fn is_within(address: &str, paths: &[Arc<str>]) -> bool {
    let path = path(address);
    paths.iter().any(|other| leads_into(&path, other))
}

fn leads_into(path: &str, other: &str) -> bool {
    path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The path of an address within its resource, without positions.
fn path(address: &str) -> String {
    let names = steps(address).filter_map(|step| if let LateStep::Field(name) = step { Some(name) } else { None });
    let names: Vec<String> = names.collect();
    let start = if names.first().is_some_and(|first| first == "data") { 3 } else { 2 };
    names.get(start..).unwrap_or_default().join(".")
}

/// What a field holds when it is read: a block that is nested in a list is one.
fn held(field: &TableField) -> TableType {
    match (field.block, &field.type_) {
        (Some(Nesting::List | Nesting::Set), TableType::Record(_) | TableType::Named(_)) => TableType::List(Arc::new(field.type_.clone())),
        (Some(Nesting::Map), TableType::Record(_) | TableType::Named(_)) => TableType::Map(Arc::new(field.type_.clone())),
        (Some(_) | None, _) => field.type_.clone(),
    }
}

fn ty(type_: &TableType, depth: usize) -> Ty {
    match type_ {
        TableType::Any | TableType::Quantity | TableType::IntegerOrString => Ty::Dyn,
        TableType::Object => Ty::map(Ty::Dyn),
        TableType::String => Ty::String,
        TableType::Integer | TableType::Number => Ty::Number,
        TableType::Boolean => Ty::Bool,
        TableType::List(item) => Ty::list(ty(item, depth)),
        TableType::Map(value) => Ty::map(ty(value, depth)),
        TableType::Record(_) | TableType::Named(_) => match Table::terraform().record(type_) {
            Some(record) if depth > 0 => Ty::Record(Arc::new(fields(&record, depth - 1))),
            Some(_) | None => Ty::Dyn,
        },
    }
}

fn fields(record: &TableRecord, depth: usize) -> RecordTy {
    let fields = record.fields.iter().map(|(name, field)| (Arc::clone(name), ty(&held(field), depth)));
    RecordTy { fields: fields.collect(), open: record.open, ..RecordTy::default() }
}

/// The type of a field of what has a type.
pub(in crate::expression) fn field(of: &Ty, name: &str) -> Ty {
    if let Ty::Record(record) = of {
        return record.field(name).cloned().unwrap_or(Ty::Dyn);
    }
    if let Ty::Map(value) = of { (**value).clone() } else { Ty::Dyn }
}

/// The type of an item of what has a type.
pub(super) fn item(of: &Ty) -> Ty {
    if let Ty::List(item) = of { (**item).clone() } else { Ty::Dyn }
}

enum LateStep {
    Field(String),
    /// A position, or a key in brackets.
    Item,
}

/// The steps of an address. A key in brackets has no bracket of its own that would matter: whatever stands there is one step.
fn steps(address: &str) -> impl Iterator<Item = LateStep> + '_ {
    let mut rest = address;
    std::iter::from_fn(move || {
        rest = rest.strip_prefix('.').unwrap_or(rest);
        if let Some(inner) = rest.strip_prefix('[') {
            rest = inner.get(bracket(inner)..).unwrap_or("");
            return Some(LateStep::Item);
        }
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end)?;
        rest = after;
        (!name.is_empty()).then(|| LateStep::Field(name.to_owned()))
    })
}

/// How long what stands in brackets is, with the one that closes.
fn bracket(inner: &str) -> usize {
    let mut quoted = false;
    let mut chars = inner.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '\\' if quoted => {
                chars.next();
            }
            '"' => quoted = !quoted,
            ']' if !quoted => return at + 1,
            _ => {}
        }
    }
    inner.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn attributes_have_the_types_of_the_tables() {
        let types: Vec<String> = [
            "aws_vpc.this.id",
            "aws_vpc.this.tags[\"a]\\\"b\"]",
            "aws_eks_cluster.this.certificate_authority[0].data",
            "aws_eks_cluster.this.vpc_config[0].subnet_ids",
            "aws_db_instance.this.port",
            "data.aws_caller_identity.current.account_id",
            "module.x.y",
            "nobody_knows.this.id",
            "aws_vpc.this[0].id",
            "",
        ]
        .iter()
        .map(|address| format!("{address}: {:?}", type_of(address)))
        .collect();
        expect![[r#"
            aws_vpc.this.id: String
            aws_vpc.this.tags["a]\"b"]: String
            aws_eks_cluster.this.certificate_authority[0].data: String
            aws_eks_cluster.this.vpc_config[0].subnet_ids: List(String)
            aws_db_instance.this.port: Number
            data.aws_caller_identity.current.account_id: String
            module.x.y: Dyn
            nobody_knows.this.id: Dyn
            aws_vpc.this[0].id: Dyn
            : Dyn"#]]
        .assert_eq(&types.join("\n"));
    }
}
