//! Values as operands of Terraform's functions: what is late as its expression, what is written as a literal.

use super::super::functions::{Context, Trouble};
use super::super::types::Ty;
use super::super::val::{Key, Val};
use super::{LateExpr, LateForm};
use crate::expression::budget::{DEPTH, TOO_DEEP};
use std::sync::Arc;

/// An expression and its type.
#[derive(Clone, Debug)]
pub(in crate::expression) struct LateOperand {
    pub(in crate::expression) expr: LateExpr,
    pub(in crate::expression) type_: Ty,
}

impl LateOperand {
    pub(super) fn new(expr: LateExpr, type_: Ty) -> Self {
        Self { expr, type_ }
    }
}

/// A value as an operand; what Terraform has no literal for is a mismatch.
pub(in crate::expression) fn literal(value: &Val, context: &mut Context<'_>) -> Result<LateOperand, Trouble> {
    within(value, DEPTH, context)
}

fn within(value: &Val, depth: usize, context: &mut Context<'_>) -> Result<LateOperand, Trouble> {
    let Some(depth) = depth.checked_sub(1) else { return Err(Trouble::Costly(TOO_DEEP)) };
    context.steps(1)?;
    let (form, type_) = match value {
        Val::Late(late) => return Ok(LateOperand::new(late.as_expr(), late.type_())),
        Val::Null => (LateForm::Null, Ty::Null),
        Val::Bool(bool) => (LateForm::Bool(*bool), Ty::Bool),
        Val::Int(int) => (LateForm::Number(int.to_string().into()), Ty::Int),
        Val::Double(double) if double.is_finite() => (LateForm::Number(double.to_string().into()), Ty::Double),
        Val::String(text) => {
            context.bytes(text.len())?;
            (LateForm::Text(Arc::clone(text)), Ty::String)
        }
        Val::Opaque(opaque) => (LateForm::Text(opaque.text()), Ty::In(opaque.meaning.notation())),
        Val::List(items) => {
            context.items(items.len())?;
            let mut exprs = Vec::with_capacity(items.len());
            let mut common: Option<Ty> = None;
            for item in items.iter() {
                let operand = within(item, depth, context)?;
                common = Some(common.map_or(operand.type_.clone(), |common| common.or(operand.type_)));
                exprs.push(operand.expr);
            }
            (LateForm::List(exprs.into()), Ty::list(common.unwrap_or(Ty::Dyn)))
        }
        Val::Map(map) => {
            context.entries(map.len())?;
            let (mut entries, mut fields) = (Vec::with_capacity(map.len()), Vec::with_capacity(map.len()));
            for (key, value) in map.entries() {
                let Key::String(key) = key else { return Err(Trouble::Mismatch) };
                let operand = within(value, depth, context)?;
                entries.push((Arc::clone(key), operand.expr));
                fields.push((Arc::clone(key), operand.type_));
            }
            (LateForm::Map(entries.into()), Ty::record(fields))
        }
        Val::Node(node) if context.thing(*node).is_some() => return Err(Trouble::Mismatch),
        Val::Node(_) => {
            let forced = context.forced(value)?;
            return if let Val::Node(_) = forced { Err(Trouble::Mismatch) } else { within(&forced, depth, context) };
        }
        Val::Optional(_) | Val::Uint(_) | Val::Double(_) | Val::Bytes(_) | Val::Type(_) => return Err(Trouble::Mismatch),
    };
    Ok(LateOperand::new(LateExpr::new(form), type_))
}
