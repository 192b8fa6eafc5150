//! Fields and items: `.field`, `[index]`, their optional forms, and `has`.

use super::evaluate::{Evaluation, Evaluator};
use super::later::fitting;
use super::syntax::{Expr, ExprKind};
use super::val::{HostNode, Key, Val, ValMap};
use super::{Fault, compare, errors, functions, late, types, words};
use crate::diagnostic::Diagnostic;
use std::sync::Arc;

/// What is missing, before it is known whether that is an error.
enum Missing {
    Field(HostNode),
    Key(Arc<ValMap>),
    Item(usize),
}

/// What is selected.
enum Selector<'a> {
    Field(&'a Arc<str>),
    Item(Val),
}

impl Evaluator<'_> {
    pub(super) fn select(&mut self, expr: &Expr) -> Evaluation {
        let (ExprKind::Select { operand, optional, .. } | ExprKind::Index { operand, optional, .. }) = &expr.kind else {
            return Err(Fault::Reported);
        };
        let optional = *optional;
        if let Some(type_) = self.qualified_type(expr, operand) {
            return Ok(type_);
        }
        let value = self.eval(operand)?;
        let part = self.part(expr)?;
        let (value, chained) = if let Val::Optional(inner) = value {
            let Some(inner) = inner else { return Ok(Val::Optional(None)) };
            ((*inner).clone(), true)
        } else {
            (value, false)
        };
        match self.find(expr, operand, &value, &part)? {
            Ok(found) if optional || chained => Ok(Val::Optional(Some(Arc::new(found)))),
            Ok(found) => Ok(found),
            Err(_) if optional || chained => Ok(Val::Optional(None)),
            Err(missing) => Err(self.missing(expr, operand, &part, missing)),
        }
    }

    /// `has(operand.field)`
    pub(super) fn has(&mut self, inner: &Expr) -> Evaluation {
        let (ExprKind::Select { operand, .. } | ExprKind::Index { operand, .. }) = &inner.kind else { return Err(Fault::Reported) };
        let mut value = self.deciding(true, |this| this.eval(operand))?;
        if let Val::Optional(inner) = value {
            let Some(inner) = inner else { return Ok(Val::Bool(false)) };
            value = (*inner).clone();
        }
        if let Val::Late(value) = &value {
            return Err(errors::late_misplaced(&late::words(value), "`has`", operand.span).into());
        }
        let part = self.part(inner)?;
        Ok(Val::Bool(self.find(inner, operand, &value, &part)?.is_ok()))
    }

    fn part<'e>(&mut self, expr: &'e Expr) -> Result<Selector<'e>, Fault> {
        if let ExprKind::Select { field, .. } = &expr.kind {
            return Ok(Selector::Field(field));
        }
        // The callers come with nothing but selects and indexes.
        let ExprKind::Index { index, .. } = &expr.kind else { return Err(Fault::Reported) };
        let index = self.deciding(true, |this| this.eval(index))?;
        // Keys are texts.
        Ok(Selector::Item(if let Val::Opaque(opaque) = &index { Val::String(opaque.text()) } else { index }))
    }

    /// Types with a dot in their name, such as `net.IP`.
    fn qualified_type(&self, expr: &Expr, operand: &Expr) -> Option<Val> {
        let (ExprKind::Select { field, .. }, ExprKind::Name { name, .. }) = (&expr.kind, &operand.kind) else { return None };
        let type_ = types::qualified(name, field)?;
        (!self.is_bound(name)).then(|| Val::Type(type_.into()))
    }

    fn find(&mut self, expr: &Expr, operand: &Expr, value: &Val, part: &Selector<'_>) -> Result<Result<Val, Missing>, Fault> {
        if let Val::Late(value) = value {
            return self.late_part(expr, operand, value, part).map(Ok);
        }
        if let Val::Node(node) = value {
            return self.node(expr, operand, *node, part);
        }
        match part {
            Selector::Field(field) => {
                let Val::Map(map) = value else {
                    let ExprKind::Select { field_span, .. } = &expr.kind else { return Err(Fault::Reported) };
                    return Err(
                        errors::no_fields(&self.operand(operand.span, value), field, functions::is_method(field), *field_span).into()
                    );
                };
                self.paid(expr, |budget| budget.walk(field.len().saturating_mul(4)))?;
                Ok(map.get(&Key::String(Arc::clone(field))).cloned().ok_or_else(|| Missing::Key(Arc::clone(map))))
            }
            Selector::Item(index) => self.item(expr, operand, value, index),
        }
    }

    fn item(&mut self, expr: &Expr, operand: &Expr, value: &Val, index: &Val) -> Result<Result<Val, Missing>, Fault> {
        let wrong = || {
            let ExprKind::Index { index: place, .. } = &expr.kind else { return Fault::Reported };
            errors::wrong_index(&self.operand(operand.span, value), &self.operand(place.span, index)).into()
        };
        if let Val::Map(map) = value {
            if matches!(index, Val::Double(_)) || compare::key(index).is_some() {
                self.paid(expr, |budget| budget.walk(compare::length(index).saturating_mul(4)))?;
                let found = compare::lookup_key(index).and_then(|key| map.get(&key).cloned());
                return Ok(found.ok_or_else(|| Missing::Key(Arc::clone(map))));
            }
            return if self.is_late(index) { self.late_item(expr, operand, value, index) } else { Err(wrong()) };
        }
        if let Val::List(items) = value {
            if !matches!(compare::lookup_key(index), Some(Key::Int(_) | Key::Uint(_))) {
                return if self.is_late(index) { self.late_item(expr, operand, value, index) } else { Err(wrong()) };
            }
            let found = position(index).and_then(|position| items.get(position)).cloned();
            return Ok(found.ok_or(Missing::Item(items.len())));
        }
        Err(wrong())
    }

    fn is_late(&self, index: &Val) -> bool {
        matches!(index, Val::Late(_))
    }

    /// An item whose position or key is late.
    fn late_item(&mut self, expr: &Expr, operand: &Expr, value: &Val, index: &Val) -> Result<Result<Val, Missing>, Fault> {
        let ExprKind::Index { index: place, optional, .. } = &expr.kind else { return Err(Fault::Reported) };
        if *optional {
            return Err(self.optional_late(index, place.span));
        }
        let operands = [(value.clone(), operand.span), (index.clone(), place.span)];
        let found = self.later("[]", &operands, expr.span, &mut |this, values| {
            let [value, index] = values.as_slice() else { return Err(Fault::Reported) };
            let part = Selector::Item(index.clone());
            match this.find(expr, operand, value, &part)? {
                Ok(found) => Ok(found),
                Err(missing) => Err(this.missing(expr, operand, &part, missing)),
            }
        });
        found.map(Ok)
    }

    fn optional_late(&self, value: &Val, span: crate::span::Span) -> Fault {
        let address = if let Val::Late(late) = value { late::words(late) } else { String::new() };
        errors::late_misplaced(&address, "`?`", span).into()
    }

    fn node(&mut self, expr: &Expr, operand: &Expr, node: HostNode, part: &Selector<'_>) -> Result<Result<Val, Missing>, Fault> {
        let key = match part {
            Selector::Field(field) => Some(*field),
            Selector::Item(Val::String(key)) => Some(key),
            Selector::Item(_) => None,
        };
        if let Some(key) = key {
            let is_written = if let ExprKind::Index { index, .. } = &expr.kind {
                matches!(index.kind, ExprKind::String(_)) || self.is_key(index)
            } else {
                true
            };
            let found = if is_written { self.host.field(node, key)? } else { self.host.keyed(node, key)? };
            if let Some(found) = found {
                self.host.names_read(expr.span, self.decides);
                return Ok(Ok(found));
            }
            // Forcing a map evaluates all its fields, and one of them may be what is being evaluated.
            if self.host.has_fields(node) {
                return Ok(Err(Missing::Field(node)));
            }
        }
        if let Selector::Item(index) = part
            && let Some(at) = position(index)
            && let Some(found) = self.host.item(node, at)?
        {
            self.host.names_read(expr.span, self.decides);
            return Ok(Ok(found));
        }
        // The node is a list, or an empty map, or the key is no string.
        let forced = self.force(node, operand.span)?;
        if let Val::Map(_) = &forced
            && key.is_some()
        {
            return Ok(Err(Missing::Field(node)));
        }
        if let Val::Node(_) = &forced {
            return Err(Fault::Reported);
        }
        self.find(expr, operand, &forced, part)
    }

    fn late_part(&mut self, expr: &Expr, operand: &Expr, value: &Arc<super::Late>, part: &Selector<'_>) -> Evaluation {
        let (ExprKind::Select { optional, .. } | ExprKind::Index { optional, .. }) = &expr.kind else { return Err(Fault::Reported) };
        let whole = Val::Late(Arc::clone(value));
        if *optional {
            return Err(self.optional_late(&whole, operand.span));
        }
        let selected = match part {
            Selector::Field(field) => value.field(field, expr.span),
            Selector::Item(Val::String(key)) => value.field(key, expr.span),
            Selector::Item(Val::Int(index)) => value.item(*index, expr.span),
            Selector::Item(Val::Uint(index)) => i64::try_from(*index).ok().and_then(|index| value.item(index, expr.span)),
            Selector::Item(index @ Val::Late(_)) => {
                return self.late_item(expr, operand, &whole, index).and_then(|found| found.map_err(|_| Fault::Reported));
            }
            Selector::Item(_) => None,
        };
        let Some(mut late) = selected else {
            return Err(errors::late_misplaced(&late::words(value), "a field or item", operand.span).into());
        };
        if let Some(known) = value.known.as_ref().filter(|_| !self.forgets) {
            let found = self.find(expr, operand, known, part);
            late.known = fitting(found.and_then(|found| found.map_err(|_| Fault::Reported)))?;
        }
        Ok(Val::Late(Arc::new(late)))
    }

    fn missing(&mut self, expr: &Expr, operand: &Expr, part: &Selector<'_>, missing: Missing) -> Fault {
        let (name, span) = match (part, &expr.kind) {
            (Selector::Field(field), ExprKind::Select { field_span, .. }) => (field.to_string(), *field_span),
            (Selector::Item(value), ExprKind::Index { index, .. }) => {
                (compare::key(value).map_or_else(|| words::short(value), |key| key.to_string()), index.span)
            }
            _ => return Fault::Reported,
        };
        match missing {
            Missing::Field(node) => {
                if let Some(fault) = self.host.switched_off(node, &name, span) {
                    return Fault::Diagnostic(fault);
                }
                if let Some(absence) = self.host.elsewhere(node, &name) {
                    return errors::elsewhere(operand, &name, absence, span).into();
                }
                let declared = self.host.declared(node);
                if declared.iter().any(|known| **known == *name) {
                    let declaration = self.host.declaration(node, &name);
                    // Why it is missing is told, and not again by everyone who reads it.
                    if declaration.is_some_and(|declaration| declaration.is_told) {
                        return Fault::Reported;
                    }
                    return errors::unset_field(operand, &name, span, declaration).into();
                }
                if let Some(absence) = self.host.absent_field(node, &name) {
                    return errors::absent_field(operand, &name, absence, span).into();
                }
                // A field that is declared but not set may be the one that was meant.
                let mut fields = self.host.fields(node);
                if let Err(fault) = self.paid(expr, |budget| budget.steps(fields.len())) {
                    return fault;
                }
                fields.extend(declared.into_iter().filter(|name| !fields.contains(name)).collect::<Vec<_>>());
                written(errors::unknown_field(operand, &name, &fields, span), expr).into()
            }
            Missing::Key(map) => {
                if let Err(fault) = self.paid(expr, |budget| budget.steps(map.len())) {
                    return fault;
                }
                let keys: Vec<Arc<str>> = map.entries().iter().map(|(key, _)| key.to_string().into()).collect();
                written(errors::no_such_key(operand, &name, &keys, span), expr).into()
            }
            Missing::Item(length) => errors::index_out_of_range(operand, &name, length, span).into(),
        }
    }
}

/// An edit puts a name where one is written: an expression that came to one stays.
fn written(mut error: Diagnostic, expr: &Expr) -> Diagnostic {
    if let ExprKind::Index { index, .. } = &expr.kind
        && !matches!(index.kind, ExprKind::String(_))
    {
        error.replacement = None;
    }
    error
}

/// The position that an index means, if it is one.
fn position(index: &Val) -> Option<usize> {
    match compare::lookup_key(index) {
        Some(Key::Int(position)) => usize::try_from(position).ok(),
        Some(Key::Uint(position)) => usize::try_from(position).ok(),
        Some(Key::Bool(_) | Key::String(_)) | None => None,
    }
}
