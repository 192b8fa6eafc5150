//! The names an expression reads, for the graph, and the texts written in it. Variables that macros bind are not among the names.

use super::syntax::{Expr, ExprKind, Macro};
use super::types::Ty;
use crate::name::Kind;
use crate::path::Step;
use crate::span::Span;
use std::sync::Arc;

/// A path into what is in scope, as far as it is constant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// Root first: `["services", "cert-manager", "values"]`; ends before the first step that is computed.
    pub steps: Vec<Step>,
    /// Where the steps stand.
    pub span: Span,
}

impl Expr {
    /// The names it reads that are not bound inside it, in written order.
    #[must_use]
    pub fn references(&self) -> Vec<Reference> {
        let mut walk = ReferenceWalk::default();
        walk.expr(self);
        walk.found
    }

    /// What its macros read of the items of lists, each with the way to the list.
    #[must_use]
    pub fn item_references(&self) -> Vec<(Vec<Step>, Vec<Step>)> {
        let mut walk = ReferenceWalk::default();
        walk.expr(self);
        walk.of_items
    }

    /// The texts written in it, but for those that name a field of something.
    #[must_use]
    pub fn texts(&self) -> Vec<Arc<str>> {
        let mut walk = ReferenceWalk::default();
        walk.expr(self);
        walk.texts
    }

    /// The steps, if it is nothing but a name followed by selects and constant indexes.
    #[must_use]
    pub fn path(&self) -> Option<Vec<Step>> {
        let mut steps = Vec::new();
        let mut expr = self;
        loop {
            if let ExprKind::Name { name, .. } = &expr.kind {
                steps.push(Step::Key(Arc::clone(name)));
                steps.reverse();
                return Some(steps);
            }
            if let ExprKind::Select { operand, field, optional: false, .. } = &expr.kind {
                steps.push(Step::Key(Arc::clone(field)));
                expr = operand;
            } else if let ExprKind::Index { operand, index, optional: false } = &expr.kind {
                steps.push(constant(index)?);
                expr = operand;
            } else {
                return None;
            }
        }
    }
}

impl Expr {
    /// Whether it, which is of a type, is all things of a kind or all environments: what is written with the word for them, behind whatever they are in
    /// or on. In a map that a field holds, keys are nobody's names.
    pub(crate) fn is_plural(&self, type_: &Ty) -> bool {
        let (ExprKind::Name { name: word, .. } | ExprKind::Select { field: word, .. }) = &self.kind else { return false };
        let Ty::Map(value) = type_ else { return false };
        &**word == "environments" || (Kind::from_plural(word).is_some() && value.thing().is_some())
    }

    /// Whether it is a list that is written where it stands, or a range of numbers: no user decides what is at which position.
    pub(crate) fn is_list_of_its_own(&self) -> bool {
        matches!(&self.kind, ExprKind::List(_)) || matches!(&self.kind, ExprKind::Call { function, .. } if &**function == "lists.range")
    }
}

/// The step that an index is, if it is constant.
fn constant(index: &Expr) -> Option<Step> {
    if let ExprKind::String(text) = &index.kind {
        Some(Step::Key(Arc::clone(text)))
    } else if let ExprKind::Int(at) = &index.kind {
        usize::try_from(*at).ok().map(Step::Item)
    } else {
        None
    }
}

#[derive(Default)]
struct ReferenceWalk<'a> {
    /// Variables of the macros around, with the way to what each is an item of.
    bound: Vec<(&'a Arc<str>, Option<Vec<Step>>)>,
    found: Vec<Reference>,
    of_items: Vec<(Vec<Step>, Vec<Step>)>,
    texts: Vec<Arc<str>>,
}

impl<'a> ReferenceWalk<'a> {
    fn expr(&mut self, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Null | ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Uint(_) | ExprKind::Double(_) => {}
            ExprKind::String(text) => self.texts.push(Arc::clone(text)),
            ExprKind::Bytes(bytes) => self.texts.push(String::from_utf8_lossy(bytes).into()),
            ExprKind::Name { .. } | ExprKind::Select { .. } | ExprKind::Index { .. } => {
                self.path(expr);
            }
            ExprKind::Has(inner) | ExprKind::Not(inner) | ExprKind::Negate(inner) => self.expr(inner),
            ExprKind::Call { target, arguments, .. } => {
                if let Some(target) = target {
                    self.expr(target);
                }
                arguments.iter().for_each(|argument| self.expr(argument));
            }
            ExprKind::Macro(inner) => self.body(inner),
            ExprKind::Chain { first, rest } => {
                self.expr(first);
                rest.iter().for_each(|link| self.expr(&link.operand));
            }
            ExprKind::And(operands) | ExprKind::Or(operands) => operands.iter().for_each(|operand| self.expr(operand)),
            ExprKind::Conditional { condition, yes, no } => {
                self.expr(condition);
                self.expr(yes);
                self.expr(no);
            }
            ExprKind::List(elements) => elements.iter().for_each(|element| self.expr(&element.value)),
            ExprKind::Map(pairs) => {
                for pair in pairs {
                    self.expr(&pair.key);
                    self.expr(&pair.value);
                }
            }
        }
    }

    fn body(&mut self, inner: &'a Macro) {
        self.expr(&inner.range);
        let outer = self.bound.len();
        self.bound.extend(inner.variables.iter().map(|variable| (&variable.name, inner.range.path())));
        if let Some(filter) = &inner.filter {
            self.expr(filter);
        }
        self.expr(&inner.body);
        self.bound.truncate(outer);
    }

    /// The reference that a chain of selects and indexes begins with; the walk goes on into the other parts of the chain.
    fn path(&mut self, expr: &'a Expr) {
        let mut parts = Vec::new();
        let mut root = expr;
        loop {
            if let ExprKind::Select { operand, field, .. } = &root.kind {
                parts.push((root.span, Some(Step::Key(Arc::clone(field))), None));
                root = operand;
            } else if let ExprKind::Index { operand, index, .. } = &root.kind {
                parts.push((root.span, constant(index), Some(&**index)));
                root = operand;
            } else {
                break;
            }
        }
        let is_named = matches!(root.kind, ExprKind::Name { .. });
        if let ExprKind::Name { name, absolute } = &root.kind {
            let bound = self.bound.iter().rev().find(|(known, _)| !*absolute && *known == name);
            if let Some((_, Some(range))) = bound {
                let steps = parts.iter().rev().map_while(|(_, constant, _)| constant.clone());
                self.of_items.push((range.clone(), steps.collect()));
            } else if bound.is_none() {
                let mut reference = Reference { steps: vec![Step::Key(Arc::clone(name))], span: root.span };
                for (span, constant, _) in parts.iter().rev() {
                    let Some(step) = constant else { break };
                    reference.steps.push(step.clone());
                    reference.span = *span;
                }
                self.found.push(reference);
            }
        } else {
            self.expr(root);
        }
        for (_, constant, index) in parts.iter().rev() {
            if let Some(index) = index.filter(|_| !is_named || constant.is_none()) {
                self.expr(index);
            }
        }
    }
}
