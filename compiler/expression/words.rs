//! Expressions and values in the words of diagnostics.

use super::syntax::{Expr, ExprKind};
use super::val::{Val, double_text};

/// What stands left of a field, in backquotes if it is a path.
pub(super) fn subject(operand: &Expr, otherwise: &str) -> String {
    spell(operand).map_or_else(|| otherwise.to_owned(), |path| format!("`{path}`"))
}

/// A path as it would be written; none for other expressions.
pub(super) fn spell(expr: &Expr) -> Option<String> {
    if let ExprKind::Name { name, .. } = &expr.kind {
        return Some(name.to_string());
    }
    if let ExprKind::Select { operand, field, .. } = &expr.kind {
        return Some(format!("{}.{field}", spell(operand)?));
    }
    if let ExprKind::Index { operand, index, .. } = &expr.kind {
        let operand = spell(operand)?;
        if let ExprKind::String(text) = &index.kind {
            return Some(format!("{operand}[\"{text}\"]"));
        }
        if let ExprKind::Int(index) = &index.kind {
            return Some(format!("{operand}[{index}]"));
        }
        return spell(index).map(|index| format!("{operand}[{index}]"));
    }
    None
}

pub(super) fn plain_name(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// So many characters of a text are looked at for a few of them.
const SHOWN: usize = 400;

/// A value in a few characters.
pub(super) fn short(value: &Val) -> String {
    let text = match value {
        Val::Null => "null".to_owned(),
        Val::Bool(value) => value.to_string(),
        Val::Int(value) => value.to_string(),
        Val::Uint(value) => format!("{value}u"),
        Val::Double(value) => double_text(*value),
        Val::String(text) => {
            let mut shown: String = text.chars().take(SHOWN).collect();
            shown.insert(0, '"');
            if text.len() <= SHOWN {
                shown.push('"');
            }
            shown
        }
        Val::Bytes(bytes) => format!("b\"…\" ({} bytes)", bytes.len()),
        Val::List(items) if items.is_empty() => "[]".to_owned(),
        Val::List(items) => format!("[…] ({} items)", items.len()),
        Val::Map(map) if map.is_empty() => "{}".to_owned(),
        Val::Map(map) => format!("{{…}} ({} entries)", map.len()),
        Val::Type(name) => name.to_string(),
        Val::Optional(None) => "none".to_owned(),
        Val::Optional(Some(value)) => return format!("optional {}", short(value)),
        Val::Opaque(opaque) => opaque.text().to_string(),
        Val::Late(_) => "known after Terraform has run".to_owned(),
        Val::Node(_) => "…".to_owned(),
    };
    let mut text = text.replace('\n', "⏎");
    if text.chars().count() > 40 {
        text = text.chars().take(39).collect();
        text.push('…');
    }
    text
}

/// The first name of a path, and the rest of it as written.
pub(super) fn split_root(expr: &Expr) -> Option<(&str, String)> {
    if let ExprKind::Name { name, absolute: false } = &expr.kind {
        return Some((name, String::new()));
    }
    if let ExprKind::Select { operand, field, optional: false, .. } = &expr.kind {
        let (root, tail) = split_root(operand)?;
        return Some((root, format!("{tail}.{field}")));
    }
    None
}
