//! Tree → JSON, two spaces deep, UTF-8 as it is but for what nobody can see, a line break at the end. It never decides what is printed, only
//! how.

use super::printout::Marks;
use super::{Form, Tree, number};
use crate::path::Step;
use crate::visible::is_hidden;

/// Prints a tree as JSON.
#[must_use]
pub fn json(tree: &Tree) -> String {
    marked(tree, &mut Marks::none())
}

/// The same, telling where each part begins and where lists and maps end.
pub(super) fn marked(tree: &Tree, marks: &mut Marks) -> String {
    let mut out = String::new();
    node(tree, 0, &mut out, marks);
    out.push('\n');
    out
}

fn node(tree: &Tree, depth: usize, out: &mut String, marks: &mut Marks) {
    match &tree.form {
        Form::Null => out.push_str("null"),
        Form::Bool(bool) => out.push_str(if *bool { "true" } else { "false" }),
        Form::Int(int) => number::int(*int, out),
        Form::Float(float) => number::float(*float, out),
        Form::Text(text) => quote(text, out),
        Form::List(items) if items.is_empty() => out.push_str("[]"),
        Form::Map(entries) if entries.is_empty() => out.push_str("{}"),
        Form::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                line(at, depth + 1, out);
                marks.enter(|| Step::Item(at), out.len(), item);
                node(item, depth + 1, out, marks);
                marks.leave();
            }
            close(tree, depth, out, marks);
            out.push(']');
        }
        Form::Map(entries) => {
            out.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                line(at, depth + 1, out);
                marks.enter(|| Step::Key(key.clone()), out.len(), value);
                quote(key, out);
                out.push_str(": ");
                node(value, depth + 1, out, marks);
                marks.leave();
            }
            close(tree, depth, out, marks);
            out.push('}');
        }
    }
}

fn line(at: usize, depth: usize, out: &mut String) {
    out.push_str(if at > 0 { ",\n" } else { "\n" });
    indent(depth, out);
}

fn close(tree: &Tree, depth: usize, out: &mut String, marks: &mut Marks) {
    out.push('\n');
    indent(depth, out);
    marks.close(out.len(), tree);
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
