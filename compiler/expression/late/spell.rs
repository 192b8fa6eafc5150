//! Expressions as Terraform spells them. In comes a tree and what the references in it are called, out goes text that stands between `${`
//! and `}`. Whatever came from users is in quotes and escaped; there is no other way for text to get out.

use super::{LateExpr, LateForm, LatePiece, LateReference};

/// An expression as text.
pub(super) fn spelled(expr: &LateExpr, reference: &mut dyn FnMut(&LateReference) -> String) -> String {
    let mut speller = LateSpeller { out: String::new(), reference };
    speller.expr(expr);
    speller.out
}

/// Whether a name can stand behind a dot.
pub(super) fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit() || first == '-')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    literal(text, &mut out);
    out.push('"');
    out
}

/// Adds text to what stands in quotes.
fn literal(text: &str, out: &mut String) {
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if chars.peek() == Some(&'{') => {
                out.push(char);
                out.push(char);
            }
            // What ends in a `$` must not open anything with what follows.
            '$' | '%' if chars.peek().is_none() => out.push_str(if char == '$' { "\\u0024" } else { "\\u0025" }),
            char if char.is_control() || matches!(char, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                out.push_str(&format!("\\u{:04x}", u32::from(char)));
            }
            char => out.push(char),
        }
    }
}

struct LateSpeller<'r> {
    out: String,
    reference: &'r mut dyn FnMut(&LateReference) -> String,
}

impl LateSpeller<'_> {
    fn expr(&mut self, expr: &LateExpr) {
        match expr.form() {
            LateForm::Reference(reference) => {
                let text = (self.reference)(reference);
                self.out.push_str(&text);
            }
            LateForm::Variable(name) | LateForm::Number(name) => self.out.push_str(name),
            LateForm::Null => self.out.push_str("null"),
            LateForm::Bool(bool) => self.out.push_str(if *bool { "true" } else { "false" }),
            LateForm::Text(text) => self.out.push_str(&quoted(text)),
            LateForm::Template(pieces) => self.template(pieces),
            LateForm::List(items) => {
                self.out.push('[');
                self.listed(items);
                self.out.push(']');
            }
            LateForm::Map(entries) => {
                self.out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    self.out.push_str(if at > 0 { ", " } else { " " });
                    self.out.push_str(&quoted(key));
                    self.out.push_str(" = ");
                    self.expr(value);
                }
                self.out.push_str(if entries.is_empty() { "}" } else { " }" });
            }
            LateForm::Call { function, arguments, spread } => {
                self.out.push_str(function);
                self.out.push('(');
                self.listed(arguments);
                self.out.push_str(if *spread { "...)" } else { ")" });
            }
            LateForm::Unary(operator, operand) => {
                self.out.push_str(operator);
                self.operand(operand);
            }
            LateForm::Binary(operator, both) => {
                self.operand(&both.0);
                self.out.push_str(&format!(" {operator} "));
                self.operand(&both.1);
            }
            LateForm::Conditional(all) => {
                self.operand(&all.0);
                self.out.push_str(" ? ");
                self.operand(&all.1);
                self.out.push_str(" : ");
                self.operand(&all.2);
            }
            LateForm::Index(both) => {
                self.operand(&both.0);
                self.out.push('[');
                self.expr(&both.1);
                self.out.push(']');
            }
            LateForm::Field(operand, name) => {
                self.operand(operand);
                self.out.push('.');
                self.out.push_str(name);
            }
            LateForm::For(inner) => {
                self.out.push_str(if inner.key.is_some() { "{for " } else { "[for " });
                self.out.push_str(&inner.variables.join(", "));
                self.out.push_str(" in ");
                self.expr(&inner.range);
                self.out.push_str(" : ");
                if let Some(key) = &inner.key {
                    self.expr(key);
                    self.out.push_str(" => ");
                }
                self.expr(&inner.body);
                if let Some(condition) = &inner.condition {
                    self.out.push_str(" if ");
                    self.expr(condition);
                }
                self.out.push_str(if inner.key.is_some() { "}" } else { "]" });
            }
        }
    }

    fn listed(&mut self, items: &[LateExpr]) {
        for (at, item) in items.iter().enumerate() {
            self.out.push_str(if at > 0 { ", " } else { "" });
            self.expr(item);
        }
    }

    /// An expression beside others: in brackets if it is one with operators of its own.
    fn operand(&mut self, expr: &LateExpr) {
        let bare = match expr.form() {
            LateForm::Unary(..) | LateForm::Binary(..) | LateForm::Conditional(_) => false,
            // A minus is an operator too, and a number has no fields.
            LateForm::Number(number) => !number.starts_with('-'),
            LateForm::Reference(_)
            | LateForm::Variable(_)
            | LateForm::Null
            | LateForm::Bool(_)
            | LateForm::Text(_)
            | LateForm::Template(_)
            | LateForm::List(_)
            | LateForm::Map(_)
            | LateForm::Call { .. }
            | LateForm::Index(_)
            | LateForm::Field(..)
            | LateForm::For(_) => true,
        };
        if !bare {
            self.out.push('(');
        }
        self.expr(expr);
        if !bare {
            self.out.push(')');
        }
    }

    fn template(&mut self, pieces: &[LatePiece]) {
        self.out.push('"');
        for piece in pieces {
            match piece {
                LatePiece::Text(text) => literal(text, &mut self.out),
                LatePiece::Raw(raw) => self.out.push_str(raw),
                LatePiece::Reference(reference) => {
                    let text = (self.reference)(reference);
                    self.out.push_str(&format!("${{{text}}}"));
                }
                LatePiece::Made(expr) => {
                    self.out.push_str("${");
                    self.expr(expr);
                    self.out.push('}');
                }
            }
        }
        self.out.push('"');
    }
}
