//! Operations over late values: what Terraform makes of them, and beside that what they come to as far as facts tell. This is the only place
//! where the two meet.

use super::evaluate::{Evaluation, Evaluator, is_final};
use super::functions::Trouble;
use super::late::{self, Late, LateExpr, LateOperand, LateRefusal};
use super::syntax::Expr;
use super::types::Ty;
use super::val::Val;
use super::{Fault, errors};
use crate::limit::{LATE_BYTES, LATE_DEPTH};
use crate::span::Span;
use std::sync::Arc;

/// An operand with its place.
pub(super) type Placed = (Val, Span);

/// What is true, is not, or will be known.
pub(super) enum Truth {
    Known(bool),
    Late(Arc<Late>),
}

impl Evaluator<'_> {
    /// What an operation becomes, one of whose operands is late or holds what is. `run` is the same operation over known values.
    pub(super) fn later(
        &mut self,
        name: &str,
        operands: &[Placed],
        span: Span,
        run: &mut dyn FnMut(&mut Self, Vec<Val>) -> Evaluation,
    ) -> Evaluation {
        if self.now {
            let values = self.settled(operands.iter().map(|(value, _)| value), span)?;
            return match values {
                Some(values) => run(self, values),
                None => Err(needed(name, operands, span)),
            };
        }
        let mut exprs = Vec::with_capacity(operands.len());
        for (value, place) in operands {
            exprs.push(self.late_operand(name, value, *place)?);
        }
        let made = late::translate(name, &exprs).map_err(|refusal| refused(name, operands, refusal))?;
        let known = match self.settled(operands.iter().map(|(value, _)| value), span)? {
            Some(values) => fitting(run(self, values))?,
            None => None,
        };
        self.late(made.expr, made.type_, known, span)
    }

    /// What was read; where nothing is left to Terraform, what is known of it.
    pub(super) fn told(&self, value: Val) -> Val {
        let known = if let Val::Late(late) = &value { late.known.clone().filter(|_| self.now) } else { None };
        known.unwrap_or(value)
    }

    /// A value as an operand of Terraform.
    pub(super) fn late_operand(&mut self, name: &str, value: &Val, span: Span) -> Result<LateOperand, Fault> {
        late::literal(value, &mut self.context()).map_err(|trouble| match trouble {
            Trouble::Fault(fault) => fault,
            Trouble::Costly(what) => errors::too_costly(what, span).into(),
            Trouble::Mismatch
            | Trouble::Argument(..)
            | Trouble::Arithmetic(_)
            | Trouble::Late(_)
            | Trouble::Unread(_)
            | Trouble::Unlike(..)
            | Trouble::Thing(..)
            | Trouble::NoValue => errors::late_literal(name, value, span).into(),
        })
    }

    /// Values with what is known in place of what is late; none if not all of it is, or if what would be worked out is not wanted.
    pub(super) fn settled<'v>(&mut self, values: impl Iterator<Item = &'v Val>, span: Span) -> Result<Option<Vec<Val>>, Fault> {
        if self.forgets {
            return Ok(None);
        }
        let mut settled = Vec::new();
        for value in values {
            let found = late::settled(value, &mut self.context()).map_err(|trouble| match trouble {
                Trouble::Fault(fault) => fault,
                Trouble::Costly(what) => errors::too_costly(what, span).into(),
                Trouble::Mismatch
                | Trouble::Argument(..)
                | Trouble::Arithmetic(_)
                | Trouble::Late(_)
                | Trouble::Unread(_)
                | Trouble::Unlike(..)
                | Trouble::Thing(..)
                | Trouble::NoValue => Fault::Reported,
            })?;
            let Some(found) = found else { return Ok(None) };
            settled.push(found);
        }
        Ok(Some(settled))
    }

    /// A late value that was made; it may not be larger than Terraform reads.
    pub(super) fn late(&mut self, expr: LateExpr, type_: Ty, known: Option<Val>, span: Span) -> Evaluation {
        if expr.weight() > LATE_BYTES || expr.height() > LATE_DEPTH {
            return Err(errors::late_too_large(LATE_BYTES, LATE_DEPTH, span).into());
        }
        // What is shared is written out as often as it is named.
        if let Err(what) = self.budget.bytes(expr.weight()) {
            return Err(errors::too_costly(what, span).into());
        }
        Ok(Val::Late(Arc::new(Late::expr(expr, type_).known(known.map(late::canonical)))))
    }

    /// Evaluates what counts only if something else turns out so: what is known of late values in it is left alone.
    pub(super) fn forgetting(&mut self, forgets: bool, evaluate: impl FnOnce(&mut Self) -> Evaluation) -> Evaluation {
        let before = self.forgets;
        self.forgets = before || forgets;
        let outcome = evaluate(self);
        self.forgets = before;
        outcome
    }

    /// Whether an operand of `what` is true.
    pub(super) fn truth(&mut self, operand: &Expr, what: &str) -> Result<Truth, Fault> {
        let value = self.deciding(true, |this| this.eval(operand))?;
        self.truth_of(operand, value, what)
    }

    fn truth_of(&self, operand: &Expr, value: Val, what: &str) -> Result<Truth, Fault> {
        if let Val::Bool(value) = value {
            return Ok(Truth::Known(value));
        }
        if let Val::Late(late) = &value {
            let type_ = late.type_();
            if type_ != Ty::Bool && !type_.is_open() {
                return Err(errors::wrong_operand(what, &errors::Operand::of_type(operand.span, &type_), errors::TRUTH).into());
            }
            if self.now {
                return Err(errors::late_misplaced(&late::words(late), &format!("`{what}`"), operand.span).into());
            }
            return Ok(Truth::Late(Arc::clone(late)));
        }
        Err(errors::wrong_operand(what, &self.operand(operand.span, &value), errors::TRUTH).into())
    }

    /// What is known of a truth that is late.
    pub(super) fn known_truth(&self, late: &Late) -> Option<bool> {
        match late.known {
            Some(Val::Bool(value)) if !self.forgets => Some(value),
            Some(_) | None => None,
        }
    }

    pub(super) fn not(&mut self, operand: &Expr) -> Evaluation {
        match self.truth(operand, "!")? {
            Truth::Known(value) => Ok(Val::Bool(!value)),
            Truth::Late(late) => self.later("!", &[(Val::Late(late), operand.span)], operand.span, &mut |_, values| {
                if let [Val::Bool(value)] = values.as_slice() { Ok(Val::Bool(!value)) } else { Err(Fault::Reported) }
            }),
        }
    }

    /// `&&` or `||` of operands that are late; one that decides does so whatever stands behind it.
    pub(super) fn late_logic(&mut self, operands: Vec<(Arc<Late>, Span)>, deciding: bool) -> Evaluation {
        let name = if deciding { "||" } else { "&&" };
        let mut known = Some(!deciding);
        for (late, _) in &operands {
            known = match (known, self.known_truth(late)) {
                (Some(value), _) if value == deciding => Some(value),
                (Some(_), Some(value)) => Some(value),
                (Some(_) | None, _) => None,
            };
        }
        let mut made: Option<Placed> = None;
        for (late, span) in operands {
            let next = (Val::Late(late), span);
            made = Some(match made {
                None => next,
                Some(left) => {
                    let whole = left.1.join(span);
                    let joined = self.forgetting(true, |this| this.later(name, &[left, next], whole, &mut |_, _| Err(Fault::Reported)))?;
                    (joined, whole)
                }
            });
        }
        let Some((Val::Late(late), _)) = made else { return Ok(Val::Bool(!deciding)) };
        let known = known.filter(|_| !self.forgets).map(Val::Bool);
        Ok(Val::Late(Arc::new(Late { known, ..(*late).clone() })))
    }

    /// `condition ? yes : no` where the condition is late.
    pub(super) fn late_conditional(&mut self, condition: (&Arc<Late>, Span), yes: &Expr, no: &Expr) -> Evaluation {
        let (late, span) = condition;
        let known = self.known_truth(late);
        let first = self.forgetting(known == Some(false), |this| this.eval(yes))?;
        let second = self.forgetting(known == Some(true), |this| this.eval(no))?;
        let condition = self.late_operand("?", &Val::Late(Arc::clone(late)), span)?;
        let sides = [self.late_operand("?", &first, yes.span)?, self.late_operand("?", &second, no.span)?];
        let [a, b] = sides;
        let made = late::conditional(condition, a, b);
        let whole = span.join(no.span);
        let known = match known {
            Some(known) => self.settled(std::iter::once(if known { &first } else { &second }), whole)?.and_then(|mut values| values.pop()),
            None => None,
        };
        self.late(made.expr, made.type_, known, whole)
    }
}

/// What facts come to, if they come to anything. A fact may be of another time than the sources, and decides nothing: what it does not fit is
/// not known, as without it.
pub(super) fn fitting(outcome: Evaluation) -> Result<Option<Val>, Fault> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(fault) if is_final(&fault) => Err(fault),
        Err(_) => Ok(None),
    }
}

/// What is needed now and not known.
pub(super) fn needed(name: &str, operands: &[Placed], span: Span) -> Fault {
    let found =
        operands.iter().find_map(|(value, place)| if let Val::Late(late) = value { Some((late::words(late), *place)) } else { None });
    let (address, place) = found.unwrap_or((String::new(), span));
    errors::late_misplaced(&address, &format!("`{name}`"), place).into()
}

/// Why an operation cannot be left to Terraform: said at the operand that is late.
pub(super) fn refused(name: &str, operands: &[Placed], refusal: LateRefusal) -> Fault {
    let late = operands.iter().find(|(value, _)| matches!(value, Val::Late(_))).or(operands.first());
    let at = |index: usize| operands.get(index).or(late).map(|(_, span)| *span);
    let address = match late {
        Some((Val::Late(late), _)) => late::words(late),
        Some(_) | None => String::new(),
    };
    let span = match refusal {
        LateRefusal::Untold(index) => at(index),
        LateRefusal::Nothing | LateRefusal::Differs(_) => late.map(|(_, span)| *span),
    };
    match span {
        Some(span) => errors::late_function(&address, name, refusal, span).into(),
        None => Fault::Reported,
    }
}
