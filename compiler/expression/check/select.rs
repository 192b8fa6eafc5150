//! Types of fields and items.

use super::super::errors::{self, Operand};
use super::super::functions;
use super::super::late;
use super::super::syntax::{Expr, ExprKind};
use super::super::types::{self, RecordTy, Ty};
use super::TypeChecker;
use crate::diagnostic::Diagnostic;
use crate::path::{Path, Step};
use crate::span::Span;
use std::sync::Arc;

impl TypeChecker<'_> {
    pub(super) fn select(&mut self, operand: &Expr, field: &Arc<str>, field_span: Span, optional: bool) -> Ty {
        if let ExprKind::Name { name, .. } = &operand.kind
            && types::qualified(name, field).is_some()
            && !self.is_bound(name)
        {
            return Ty::Type;
        }
        let type_ = self.expr(operand);
        self.field(operand, type_, field, field_span, optional)
    }

    /// `has(operand.field)`: the field may be missing.
    pub(super) fn has(&mut self, inner: &Expr) -> Ty {
        if let ExprKind::Select { operand, field, field_span, .. } = &inner.kind {
            let type_ = self.expr(operand);
            if type_.is_late() {
                self.report(errors::late_misplaced("", "`has`", operand.span));
            } else {
                self.field(operand, type_, field, *field_span, true);
            }
        } else if let ExprKind::Index { operand, index, .. } = &inner.kind {
            self.index(operand, index, true);
        }
        Ty::Bool
    }

    fn field(&mut self, operand: &Expr, type_: Ty, field: &str, span: Span, optional: bool) -> Ty {
        let found = match &type_ {
            Ty::Dyn => Ty::Dyn,
            Ty::Unknown => return Ty::Unknown,
            Ty::Map(value) => (**value).clone(),
            Ty::Record(record) => match record.field(field) {
                Some(found) => found.clone(),
                None if record.open || optional => Ty::Dyn,
                None => return self.unknown_field(operand, record, field, span),
            },
            // What is missing in an optional value is none.
            Ty::Optional(inner) => {
                let found = self.field(operand, (**inner).clone(), field, span, true);
                return if matches!(found, Ty::Optional(_) | Ty::Unknown) { found } else { Ty::optional(found) };
            }
            Ty::Late(_) if optional => return self.report(errors::late_misplaced("", "`?`", operand.span)),
            Ty::Late(of) => return Ty::late(late::field(of, field)),
            Ty::OneOf(types) if types.iter().any(|type_| matches!(type_, Ty::Map(_) | Ty::Record(_))) => {
                // Whether it is the map is seen when its value is; a field that this has not is none in any case.
                let map = types.iter().find(|type_| matches!(type_, Ty::Map(_) | Ty::Record(_))).cloned().unwrap_or(Ty::Dyn);
                return self.field(operand, map, field, span, optional);
            }
            Ty::OneOf(_)
            | Ty::Null
            | Ty::Bool
            | Ty::Int
            | Ty::Uint
            | Ty::Double
            | Ty::Number
            | Ty::String
            | Ty::Name(_)
            | Ty::Written
            | Ty::Bytes
            | Ty::Type
            | Ty::In(_)
            | Ty::List(_) => {
                let fault = errors::no_fields(&Operand::of_type(operand.span, &type_), field, functions::is_method(field), span);
                // One variable that is something else than it is taken for is one mistake, whatever is read of it.
                let named = operand.path().filter(|path| path.len() == 1 && !matches!(type_, Ty::Null));
                let lacks = named.map(|path| format!("{} {} is {}", self.scope.owners.join(" "), Path::from(path), type_.describe()));
                return self.report(lacks.into_iter().fold(fault, Diagnostic::lacking));
            }
        };
        if optional { Ty::optional(found) } else { found }
    }

    fn unknown_field(&mut self, operand: &Expr, record: &RecordTy, field: &str, span: Span) -> Ty {
        let fields: Vec<Arc<str>> = record.fields.iter().map(|(name, _)| Arc::clone(name)).collect();
        let fault = errors::unknown_field(operand, field, &fields, span);
        let of_type = record.of.iter().map(|owner| format!("{owner} self.{field}"));
        let lacks: Vec<String> = self.lacking(operand, field).into_iter().chain(of_type).collect();
        self.report(lacks.into_iter().fold(fault, Diagnostic::lacking))
    }

    /// What is not there, if it is a field of what the class or fragment declares.
    fn lacking(&self, operand: &Expr, field: &str) -> Vec<String> {
        let Some(path) = operand.path().filter(|_| !self.scope.owners.is_empty()) else { return Vec::new() };
        let is_declared = matches!(path.first(), Some(Step::Key(root)) if matches!(&**root, "self" | "let") && !self.locals.iter().any(|(known, _)| known == root));
        let path = Path::from(path).join(&Path::of([field]));
        self.scope.owners.iter().filter(|_| is_declared).map(|owner| format!("{owner} {path}")).collect()
    }

    pub(super) fn index(&mut self, operand: &Expr, index: &Expr, optional: bool) -> Ty {
        let type_ = self.expr(operand);
        let key = self.expr(index);
        // Of a map that is written here, keys that nothing is called are never found.
        if let (Ty::Name(names), ExprKind::Map(pairs)) = (&key, &operand.kind) {
            pairs.iter().for_each(|pair| self.called(names, &pair.key));
        }
        self.item(operand, type_, index, &key, optional)
    }

    fn item(&mut self, operand: &Expr, type_: Ty, index: &Expr, key: &Ty, optional: bool) -> Ty {
        if key.is_late() {
            if optional {
                return self.report(errors::late_misplaced("", "`?`", index.span));
            }
            let operands = [(&type_, operand.span), (key, index.span)];
            return self.later("[]", &operands).unwrap_or(Ty::Dyn);
        }
        let number = matches!(key, Ty::Int | Ty::Uint | Ty::Double) || key.is_open();
        let found = match &type_ {
            Ty::Dyn => Some(Ty::Dyn),
            Ty::Unknown => return Ty::Unknown,
            Ty::List(item) => number.then(|| (**item).clone()),
            Ty::Map(_) | Ty::Record(_) if !(number || matches!(key, Ty::Bool | Ty::String | Ty::Name(_) | Ty::Written | Ty::In(_))) => None,
            Ty::Map(value) => Some((**value).clone()),
            Ty::Record(record) => {
                let ExprKind::String(field) = &index.kind else {
                    return if optional { Ty::optional(Ty::Dyn) } else { Ty::Dyn };
                };
                match record.field(field) {
                    Some(found) => Some(found.clone()),
                    None if record.open || optional => Some(Ty::Dyn),
                    None => return self.unknown_field(operand, record, field, index.span),
                }
            }
            Ty::Optional(inner) => {
                let found = self.item(operand, (**inner).clone(), index, key, true);
                return if matches!(found, Ty::Optional(_) | Ty::Unknown) { found } else { Ty::optional(found) };
            }
            Ty::Late(_) if optional => return self.report(errors::late_misplaced("", "`?`", operand.span)),
            Ty::Late(of) => return Ty::late(of.inner()),
            Ty::OneOf(types) if types.iter().any(|type_| matches!(type_, Ty::List(_) | Ty::Map(_) | Ty::Record(_))) => Some(Ty::Dyn),
            Ty::OneOf(_)
            | Ty::Null
            | Ty::Bool
            | Ty::Int
            | Ty::Uint
            | Ty::Double
            | Ty::Number
            | Ty::String
            | Ty::Name(_)
            | Ty::Written
            | Ty::Bytes
            | Ty::Type
            | Ty::In(_) => None,
        };
        match found {
            Some(found) if optional => Ty::optional(found),
            Some(found) => found,
            None => self.report(errors::wrong_index(&Operand::of_type(operand.span, &type_), &Operand::of_type(index.span, key))),
        }
    }
}
