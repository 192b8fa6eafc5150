//! Functions of text whose spelling in Terraform depends on what they are given.

use super::super::types::Ty;
use super::row::LateRefusal;
use super::table::pieces;
use super::tree::LateFor;
use super::{LateExpr, LateForm, LatePiece};
use std::sync::Arc;

/// Texts as one template; neighbours that are literal become one.
pub(super) fn joined(texts: &[LateExpr]) -> LateExpr {
    let mut joined: Vec<LatePiece> = Vec::new();
    for piece in texts.iter().flat_map(pieces) {
        if let (Some(LatePiece::Text(before)), LatePiece::Text(text)) = (joined.last_mut(), &piece) {
            *before = format!("{before}{text}").into();
        } else if piece != LatePiece::Text("".into()) {
            joined.push(piece);
        }
    }
    match joined.as_slice() {
        [] => LateExpr::text(""),
        [LatePiece::Text(text)] => LateExpr::text(text),
        // A template that is one expression is not made text by Terraform.
        [LatePiece::Reference(reference)] => LateExpr::call("tostring", [LateExpr::new(LateForm::Reference(reference.clone()))]),
        [LatePiece::Made(expr)] => LateExpr::call("tostring", [expr.clone()]),
        _ => LateExpr::new(LateForm::Template(joined.into())),
    }
}

/// Text that Terraform takes for a regular expression stands between slashes.
pub(super) fn replaced(exprs: &[LateExpr]) -> Result<LateExpr, LateRefusal> {
    let Some(LateForm::Text(old)) = exprs.get(1).map(LateExpr::form) else {
        return Err(LateRefusal::Differs("Terraform may take what is replaced for a regular expression, so it must be known"));
    };
    if old.len() > 1 && old.starts_with('/') && old.ends_with('/') {
        return Err(LateRefusal::Differs("Terraform takes what stands between slashes for a regular expression"));
    }
    Ok(LateExpr::call("replace", exprs))
}

/// Letters of ASCII in the other case: Terraform's functions know all letters, so they are given runs of ASCII only.
pub(super) fn cased(function: &'static str, text: LateExpr) -> LateExpr {
    let part = || LateExpr::new(LateForm::Variable("part".into()));
    let parts = LateExpr::call("regexall", [LateExpr::text("[\\x00-\\x7F]+|[^\\x00-\\x7F]+"), text]);
    let other = LateExpr::call("regexall", [LateExpr::text("[^\\x00-\\x7F]"), part()]);
    let is_ascii = LateExpr::binary("==", LateExpr::call("length", [other]), LateExpr::int(0));
    let body = LateExpr::conditional(is_ascii, LateExpr::call(function, [part()]), part());
    let variables = vec!["part".into()];
    let each = LateExpr::new(LateForm::For(Arc::new(LateFor { variables, range: parts, key: None, body, condition: None })));
    LateExpr::call("join", [LateExpr::text(""), each])
}

/// `%s` and `%d` as a template; the other verbs give other digits in Terraform.
pub(super) fn formatted(exprs: &[LateExpr], types: &[Ty]) -> Result<LateExpr, LateRefusal> {
    let [template, values] = exprs else { return Err(LateRefusal::Nothing) };
    let (LateForm::Text(template), LateForm::List(values)) = (template.form(), values.form()) else {
        return Err(LateRefusal::Differs("the text and the list must be written where they are used, so that Terraform gets a template"));
    };
    let item = types.get(1).map(|type_| type_.clone().bare().inner()).unwrap_or(Ty::Dyn);
    let mut values = values.iter();
    let mut made: Vec<LateExpr> = Vec::new();
    let mut rest = &**template;
    while let Some((before, after)) = rest.split_once('%') {
        made.push(LateExpr::text(before));
        let mut chars = after.chars();
        match chars.next() {
            Some('%') => made.push(LateExpr::text("%")),
            Some('s' | 'd') => made.push(part(values.next().ok_or(LateRefusal::Nothing)?, &item)?),
            Some(_) | None => return Err(LateRefusal::Differs("of the verbs of `format`, `%s` and `%d` mean the same in Terraform")),
        }
        rest = chars.as_str();
    }
    made.push(LateExpr::text(rest));
    Ok(joined(&made))
}

/// A value in a text.
fn part(value: &LateExpr, item: &Ty) -> Result<LateExpr, LateRefusal> {
    match value.form() {
        LateForm::Text(_) | LateForm::Template(_) | LateForm::Reference(_) | LateForm::Variable(_) => Ok(value.clone()),
        LateForm::Bool(bool) => Ok(LateExpr::text(if *bool { "true" } else { "false" })),
        LateForm::Number(number) if !number.contains('.') => Ok(LateExpr::text(number)),
        LateForm::Number(_) if *item == Ty::Double => Err(LateRefusal::Differs("Terraform writes fractions with other digits")),
        LateForm::Null | LateForm::List(_) | LateForm::Map(_) | LateForm::For(_) => {
            Err(LateRefusal::Differs("Terraform puts only texts, numbers, true and false into a text"))
        }
        LateForm::Number(_)
        | LateForm::Call { .. }
        | LateForm::Unary(..)
        | LateForm::Binary(..)
        | LateForm::Conditional(_)
        | LateForm::Index(_)
        | LateForm::Field(..) => Ok(value.clone()),
    }
}
