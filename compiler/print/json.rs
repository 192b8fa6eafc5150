//! Tree → JSON, two spaces deep, UTF-8 as it is but for what nobody can see, a line break at the end. It never decides what is printed, only
//! how.

use super::{Tree, number};
use crate::visible::is_hidden;

/// Prints a tree as JSON.
#[must_use]
pub fn json(tree: &Tree) -> String {
    let mut out = String::new();
    node(tree, 0, &mut out);
    out.push('\n');
    out
}

fn node(tree: &Tree, depth: usize, out: &mut String) {
    match tree {
        Tree::Null => out.push_str("null"),
        Tree::Bool(bool) => out.push_str(if *bool { "true" } else { "false" }),
        Tree::Int(int) => number::int(*int, out),
        Tree::Float(float) => number::float(*float, out),
        Tree::Text(text) => quote(text, out),
        Tree::List(items) if items.is_empty() => out.push_str("[]"),
        Tree::Map(entries) if entries.is_empty() => out.push_str("{}"),
        Tree::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                line(at, depth + 1, out);
                node(item, depth + 1, out);
            }
            close(depth, out);
            out.push(']');
        }
        Tree::Map(entries) => {
            out.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                line(at, depth + 1, out);
                quote(key, out);
                out.push_str(": ");
                node(value, depth + 1, out);
            }
            close(depth, out);
            out.push('}');
        }
    }
}

fn line(at: usize, depth: usize, out: &mut String) {
    out.push_str(if at > 0 { ",\n" } else { "\n" });
    indent(depth, out);
}

fn close(depth: usize, out: &mut String) {
    out.push('\n');
    indent(depth, out);
}

fn indent(depth: usize, out: &mut String) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    let mut written = 0;
    for (at, char) in text.char_indices() {
        let escape = match char {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\t' => "\\t",
            '\r' => "\\r",
            char if is_hidden(char) => "",
            _ => continue,
        };
        out.push_str(text.get(written..at).unwrap_or(""));
        written = at + char.len_utf8();
        out.push_str(escape);
        if escape.is_empty() {
            char.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        }
    }
    out.push_str(text.get(written..).unwrap_or(""));
    out.push('"');
}
