//! `json.encode`: what is written keeps its order and spelling, and only late parts are encoded by Terraform.

use super::super::types::Ty;
use super::row::LateRefusal;
use super::text::joined;
use super::{LateExpr, LateForm};

/// An expression as JSON.
pub(super) fn encoded(exprs: &[LateExpr], types: &[Ty]) -> Result<LateExpr, LateRefusal> {
    let [value] = exprs else { return Err(LateRefusal::Nothing) };
    let mut parts = Vec::new();
    add(value, &types.first().cloned().unwrap_or(Ty::Dyn).bare(), &mut parts)?;
    Ok(match parts.as_slice() {
        [part] => part.clone(),
        parts => joined(parts),
    })
}

fn text(text: &str) -> LateExpr {
    LateExpr::text(&serde_json::Value::from(text).to_string())
}

fn add(value: &LateExpr, type_: &Ty, parts: &mut Vec<LateExpr>) -> Result<(), LateRefusal> {
    match value.form() {
        LateForm::Null => parts.push(LateExpr::text("null")),
        LateForm::Bool(bool) => parts.push(LateExpr::text(if *bool { "true" } else { "false" })),
        LateForm::Number(number) => parts.push(LateExpr::text(number)),
        LateForm::Text(content) => parts.push(text(content)),
        LateForm::List(items) => {
            let item_type = type_.inner();
            parts.push(LateExpr::text("["));
            for (at, item) in items.iter().enumerate() {
                parts.push(LateExpr::text(if at > 0 { "," } else { "" }));
                add(item, &item_type, parts)?;
            }
            parts.push(LateExpr::text("]"));
        }
        LateForm::Map(entries) => {
            parts.push(LateExpr::text("{"));
            for (at, (key, value)) in entries.iter().enumerate() {
                let field = if let Ty::Record(record) = type_ { record.field(key).cloned() } else { None };
                parts.push(LateExpr::text(if at > 0 { "," } else { "" }));
                parts.push(text(key));
                parts.push(LateExpr::text(":"));
                add(value, &field.unwrap_or_else(|| type_.inner()), parts)?;
            }
            parts.push(LateExpr::text("}"));
        }
        LateForm::Reference(_)
        | LateForm::Variable(_)
        | LateForm::Template(_)
        | LateForm::Call { .. }
        | LateForm::Unary(..)
        | LateForm::Binary(..)
        | LateForm::Conditional(_)
        | LateForm::Index(_)
        | LateForm::Field(..)
        // Bytes are encoded as the text that stands for them.
        | LateForm::For(_) if *type_ == Ty::Bytes => return Err(LateRefusal::Nothing),
        LateForm::Reference(_)
        | LateForm::Variable(_)
        | LateForm::Template(_)
        | LateForm::Call { .. }
        | LateForm::Unary(..)
        | LateForm::Binary(..)
        | LateForm::Conditional(_)
        | LateForm::Index(_)
        | LateForm::Field(..)
        | LateForm::For(_) => {
            let encoded = LateExpr::call("jsonencode", [value.clone()]);
            parts.push(if matches!(type_, Ty::Int | Ty::Bool) { encoded } else { plain(encoded) });
        }
    }
    Ok(())
}

/// What Terraform escapes and we do not. A backslash that is one itself is put aside meanwhile: what stands behind it is no escape.
fn plain(encoded: LateExpr) -> LateExpr {
    const ASIDE: &str = "\u{1}";
    let replace = |text: LateExpr, old: &str, new: &str| LateExpr::call("replace", [text, LateExpr::text(old), LateExpr::text(new)]);
    let escapes = [("\\u003c", "<"), ("\\u003e", ">"), ("\\u0026", "&"), ("\\u2028", "\u{2028}"), ("\\u2029", "\u{2029}")];
    let aside = replace(encoded, "\\\\", ASIDE);
    let undone = escapes.iter().fold(aside, |text, (old, new)| replace(text, old, new));
    replace(undone, ASIDE, "\\\\")
}
