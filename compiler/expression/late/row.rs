//! Choosing what a function is in Terraform: the same table serves the evaluator, the checker and the documentation.

use super::super::syntax::Verb;
use super::super::types::Ty;
use super::table::{ROWS, Row};
use super::{LateExpr, LateOperand};
use crate::unit::Notation;

/// What an operand has to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum LateKind {
    Any,
    Text,
    Bytes,
    Int,
    Double,
    /// A number of either sort.
    Number,
    Bool,
    /// Text, a number, true or false, `null`.
    Scalar,
    List,
    /// A list of texts.
    Texts,
    Numbers,
    Scalars,
    /// A list of lists of scalars.
    Nested,
    Map,
    /// A map of scalars.
    Flat,
    /// A list or a map.
    Collection,
    /// A network, or its text.
    Cidr,
    /// What nothing is known of.
    Untold,
}

/// Why a late value cannot be used like this.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::expression) enum LateRefusal {
    /// Terraform has nothing that means the same.
    Nothing,
    /// The same name means something else there.
    Differs(&'static str),
    /// It depends on the type of this operand, which is not known.
    Untold(usize),
}

/// Whether a value of a type is of a kind; none if that cannot be told.
fn fits(kind: LateKind, type_: &Ty) -> Option<bool> {
    if let Ty::Late(inner) = type_ {
        return fits(kind, inner);
    }
    match (kind, type_) {
        (LateKind::Any, _) => Some(true),
        (LateKind::Untold, _) => Some(type_.is_open()),
        (_, Ty::Dyn | Ty::Unknown) => None,
        (LateKind::Text, Ty::String | Ty::Name(_) | Ty::Written) => Some(true),
        (LateKind::Bytes, Ty::Bytes) | (LateKind::Bool, Ty::Bool) => Some(true),
        (LateKind::Int, Ty::Int) | (LateKind::Double, Ty::Double) => Some(true),
        (LateKind::Int | LateKind::Double, Ty::Number) => None,
        (LateKind::Number, Ty::Int | Ty::Double | Ty::Number) => Some(true),
        (LateKind::Scalar, Ty::String | Ty::Name(_) | Ty::Written | Ty::Int | Ty::Double | Ty::Number | Ty::Bool | Ty::Null) => Some(true),
        (LateKind::List, Ty::List(_)) | (LateKind::Map, Ty::Map(_) | Ty::Record(_)) => Some(true),
        (LateKind::Collection, Ty::List(_) | Ty::Map(_) | Ty::Record(_)) => Some(true),
        (LateKind::Texts, Ty::List(item)) => fits(LateKind::Text, item),
        (LateKind::Numbers, Ty::List(item)) => fits(LateKind::Number, item),
        (LateKind::Scalars, Ty::List(item)) => fits(LateKind::Scalar, item),
        (LateKind::Nested, Ty::List(item)) => fits(LateKind::Scalars, item),
        (LateKind::Flat, Ty::Map(value)) => fits(LateKind::Scalar, value),
        (LateKind::Flat, Ty::Record(record)) => {
            let each: Vec<Option<bool>> = record.fields.iter().map(|(_, type_)| fits(LateKind::Scalar, type_)).collect();
            if each.contains(&Some(false)) {
                return Some(false);
            }
            (!record.open && !each.contains(&None)).then_some(true)
        }
        (LateKind::Cidr, Ty::String | Ty::Name(_) | Ty::Written | Ty::In(Notation::Cidr)) => Some(true),
        (
            LateKind::Text
            | LateKind::Bytes
            | LateKind::Int
            | LateKind::Double
            | LateKind::Number
            | LateKind::Bool
            | LateKind::Scalar
            | LateKind::List
            | LateKind::Texts
            | LateKind::Numbers
            | LateKind::Scalars
            | LateKind::Nested
            | LateKind::Map
            | LateKind::Flat
            | LateKind::Collection
            | LateKind::Cidr,
            _,
        ) => Some(false),
    }
}

/// The row for a function with operands of these types.
fn row(name: &str, types: &[Ty]) -> Result<&'static Row, LateRefusal> {
    let takes = |row: &Row, at: usize| row.takes.get(at).or(row.takes.last()).copied().unwrap_or(LateKind::Any);
    let fit = |row: &Row| types.iter().enumerate().map(|(at, type_)| fits(takes(row, at), type_)).collect::<Vec<_>>();
    let named = ROWS.iter().filter(|row| row.name == name);
    let named = named.filter(|row| types.len() == row.takes.len() || row.many && types.len() > row.takes.len());
    let candidates: Vec<(&Row, Vec<Option<bool>>)> =
        named.map(|row| (row, fit(row))).filter(|(_, fit)| !fit.contains(&Some(false))).collect();
    let exact = candidates.iter().find(|(_, fit)| fit.iter().all(|one| *one == Some(true)));
    if let Some((row, _)) = exact.or(if let [only] = candidates.as_slice() { Some(only) } else { None }) {
        return Ok(row);
    }
    // The operand that would tell which of them is meant.
    let untold = candidates.iter().flat_map(|(_, fit)| fit.iter().position(Option::is_none)).min();
    Err(untold.map_or(LateRefusal::Nothing, LateRefusal::Untold))
}

/// Whether Terraform has a loop like a macro with so many variables over what is of a type.
pub(in crate::expression) fn loops(verb: Verb, variables: usize, over: &Ty) -> Result<(), LateRefusal> {
    let is_list = matches!(over, Ty::List(_));
    let is_map = matches!(over, Ty::Map(_) | Ty::Record(_));
    if matches!(verb, Verb::SortBy | Verb::Entries) || !(is_list || is_map || over.is_open()) {
        return Err(LateRefusal::Nothing);
    }
    // Of a list a variable is an item, of a map it is a key; with two it does not matter, unless positions become keys.
    if over.is_open() && (variables == 1 || verb == Verb::Map) {
        return Err(LateRefusal::Untold(0));
    }
    if is_list && verb == Verb::Map {
        return Err(LateRefusal::Differs("keys of Terraform's maps are texts"));
    }
    Ok(())
}

/// What Terraform makes of a function with these operands.
pub(in crate::expression) fn translate(name: &str, operands: &[LateOperand]) -> Result<LateOperand, LateRefusal> {
    let types: Vec<Ty> = operands.iter().map(|operand| operand.type_.clone()).collect();
    let row = row(name, &types)?;
    let exprs: Vec<LateExpr> = operands.iter().map(|operand| operand.expr.clone()).collect();
    Ok(LateOperand::new((row.emit)(&exprs, &types)?, (row.gives)(&types)))
}

/// The type of what a function gives over late values.
pub(in crate::expression) fn gives(name: &str, types: &[Ty]) -> Result<Ty, LateRefusal> {
    let row = row(name, types)?;
    if let (true, Err(refusal)) = (row.terraform.is_empty(), (row.emit)(&[], types)) {
        return Err(refusal);
    }
    Ok((row.gives)(types))
}
