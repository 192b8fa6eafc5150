//! References to what Terraform knows, `resource.TYPE.NAME.ATTRIBUTE` and `data.…`, against the attributes of the type.

use super::errors;
use crate::diagnostic::Diagnostics;
use crate::expression::{Element, Expr, ExprKind, Template};
use crate::span::Span;
use crate::table::{Nesting, Table, TableType};
use crate::value::{Data, Value};
use std::sync::Arc;

/// Checks all references below a value.
pub(super) fn check(value: &Value, diagnostics: &mut Diagnostics) {
    match &value.data {
        Data::Template(template) => in_template(template, diagnostics),
        Data::List(list) => list.items().iter().for_each(|item| check(item, diagnostics)),
        Data::Map(map) => {
            for entry in map.entries() {
                if let Some(key) = &entry.template {
                    in_template(key, diagnostics);
                }
                check(&entry.value, diagnostics);
            }
        }
        Data::Pending(pending) => pending.values().for_each(|value| check(value, diagnostics)),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Late(_) | Data::Broken => {}
    }
}

fn in_template(template: &Template, diagnostics: &mut Diagnostics) {
    template.expressions().for_each(|expr| walk(expr, diagnostics));
}

/// A step of a reference.
enum ReferenceStep<'a> {
    Field(&'a Arc<str>, Span),
    Index,
}

fn walk(expr: &Expr, diagnostics: &mut Diagnostics) {
    match &expr.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Uint(_)
        | ExprKind::Double(_)
        | ExprKind::String(_)
        | ExprKind::Bytes(_)
        | ExprKind::Name { .. } => {}
        ExprKind::Select { .. } | ExprKind::Index { .. } => chain(expr, diagnostics),
        ExprKind::Has(inner) | ExprKind::Not(inner) | ExprKind::Negate(inner) => walk(inner, diagnostics),
        ExprKind::Call { target, arguments, .. } => {
            target.iter().for_each(|target| walk(target, diagnostics));
            arguments.iter().for_each(|argument| walk(argument, diagnostics));
        }
        ExprKind::Macro(inner) => {
            let parts = [Some(&inner.range), inner.filter.as_ref(), Some(&inner.body)];
            parts.into_iter().flatten().for_each(|part| walk(part, diagnostics));
        }
        ExprKind::Chain { first, rest } => {
            walk(first, diagnostics);
            rest.iter().for_each(|link| walk(&link.operand, diagnostics));
        }
        ExprKind::And(operands) | ExprKind::Or(operands) => operands.iter().for_each(|operand| walk(operand, diagnostics)),
        ExprKind::Conditional { condition, yes, no } => [condition, yes, no].into_iter().for_each(|part| walk(part, diagnostics)),
        ExprKind::List(elements) => elements.iter().for_each(|Element { value, .. }| walk(value, diagnostics)),
        ExprKind::Map(pairs) => {
            for pair in pairs {
                walk(&pair.key, diagnostics);
                walk(&pair.value, diagnostics);
            }
        }
    }
}

/// A chain of selects and indexes: what it is made of, and whether it is a reference.
fn chain(expr: &Expr, diagnostics: &mut Diagnostics) {
    let mut steps = Vec::new();
    let mut root = expr;
    loop {
        if let ExprKind::Select { operand, field, field_span, .. } = &root.kind {
            steps.push(ReferenceStep::Field(field, *field_span));
            root = operand;
        } else if let ExprKind::Index { operand, index, .. } = &root.kind {
            walk(index, diagnostics);
            // A quoted name is a name, but a suggestion would have to keep the quotes; in its place only the type is followed.
            steps.push(ReferenceStep::Index);
            root = operand;
        } else {
            break;
        }
    }
    let ExprKind::Name { name: word, .. } = &root.kind else {
        walk(root, diagnostics);
        return;
    };
    steps.reverse();
    // A variable of a macro could have these names; what is selected from it would have to be called like a type of resource.
    if let ("resource" | "data", [ReferenceStep::Field(kind, _), _, rest @ ..]) = (&**word, steps.as_slice()) {
        attributes(word, kind, rest, diagnostics);
    }
}

/// Follows the attributes of a resource.
fn attributes(word: &str, kind: &str, steps: &[ReferenceStep<'_>], diagnostics: &mut Diagnostics) {
    let table = Table::terraform();
    let Some(resource) = table.section(&format!("{word} {kind}")) else { return };
    let mut at = TableType::Record(resource);
    let mut path: Vec<Arc<str>> = Vec::new();
    let mut repeated: Option<Nesting> = None;
    for step in steps {
        at = match (step, at) {
            (ReferenceStep::Index, TableType::List(item) | TableType::Map(item)) => (*item).clone(),
            // With `count` or `for_each` an index chooses the instance.
            (ReferenceStep::Index, type_ @ TableType::Record(_)) if path.is_empty() => type_,
            (ReferenceStep::Field(..), TableType::Map(item)) => (*item).clone(),
            (ReferenceStep::Field(name, span), type_ @ (TableType::Record(_) | TableType::Named(_))) => {
                let Some(record) = table.record(&type_) else { return };
                let Some(field) = record.field(name) else {
                    if !record.open {
                        diagnostics.push(errors::unknown_attribute(kind, &path, &record, name, *span));
                    }
                    return;
                };
                repeated = field.block;
                path.push(Arc::clone(name));
                field.type_.clone()
            }
            (ReferenceStep::Field(name, span), TableType::List(_)) if repeated == Some(Nesting::List) => {
                diagnostics.push(errors::attribute_of_list(kind, &path, name, *span));
                return;
            }
            (
                ReferenceStep::Field(..) | ReferenceStep::Index,
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
                | TableType::Named(_),
            ) => return,
        };
    }
}
