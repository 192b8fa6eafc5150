//! The layout of sources. In comes the text of a source, out goes the same with the layout platc prefers: two spaces for each level, one
//! space where one belongs, at most one blank line in a row. Comments stay, quotes and the choice between `[…]` and lines stay. It never
//! changes what a source means: the outcome is parsed again and must give the same tree.

mod toml;
mod yaml;

use super::{Document, Node, NodeData, Scalar, parse_one};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{Grammar, Source};
use crate::span::FileId;

/// Errors of syntax are mended one by one; so many at most.
const MENDED: usize = 200;
/// A layout that has not settled after so many rounds is given up.
const ROUNDS: usize = 4;

/// Formats a source. Text that platc cannot lay out without changing what it means comes back as it is.
///
/// # Errors
///
/// What is wrong with a text that is not valid; spans are those of a source that is alone, `FileId(0)`.
pub fn format(text: &str, grammar: Grammar) -> Result<String, Vec<Diagnostic>> {
    let layout = match grammar {
        Grammar::Yaml => yaml::layout,
        Grammar::Toml => toml::layout,
        Grammar::Json | Grammar::Plain | Grammar::Argument => return Ok(text.to_owned()),
    };
    let text = mend(text, grammar);
    let document = read(&text, grammar)?;
    let mut best = text.replace("\r\n", "\n");
    for _ in 0..ROUNDS {
        let Some(next) = layout(&best) else { return Ok(text) };
        if next == best {
            let same = read(&best, grammar).is_ok_and(|formatted| same(&document.root, &formatted.root));
            return Ok(if same { best } else { text });
        }
        best = next;
    }
    Ok(text)
}

fn read(text: &str, grammar: Grammar) -> Result<Document, Vec<Diagnostic>> {
    let source = Source { path: "".into(), text: text.into(), grammar, library: false };
    let mut diagnostics = Diagnostics::default();
    match parse_one(FileId(0), &source, &mut diagnostics) {
        Some(document) if !diagnostics.has_errors() => Ok(document),
        Some(_) | None => {
            let mut sources = crate::source::Sources::default();
            sources.add(source);
            Err(diagnostics.sorted(&sources))
        }
    }
}

/// Puts quotes around expressions that break YAML, and spaces before brackets that need them, where the error offers it.
fn mend(text: &str, grammar: Grammar) -> String {
    let mut text = text.to_owned();
    for _ in 0..MENDED {
        let Err(errors) = read(&text, grammar) else { break };
        let [error] = errors.as_slice() else { break };
        let certain = |text: &str| error.code == Code::YamlSyntax && (text.contains("${") || text.trim().is_empty());
        let Some(edit) = error.replacement.as_ref().filter(|edit| certain(&edit.text)) else { break };
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    text
}

/// Whether two trees are equal but for spans.
fn same(a: &Node, b: &Node) -> bool {
    let text = |a: &Scalar, b: &Scalar| a.text == b.text;
    match (&a.data, &b.data) {
        (NodeData::Null, NodeData::Null) | (NodeData::Broken, NodeData::Broken) => true,
        (NodeData::Bool(a), NodeData::Bool(b)) => a == b,
        (NodeData::Int(a), NodeData::Int(b)) => a == b,
        (NodeData::Float(a), NodeData::Float(b)) => a.to_bits() == b.to_bits(),
        (NodeData::String(a), NodeData::String(b)) => text(a, b),
        (NodeData::List(a), NodeData::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (NodeData::Map(a), NodeData::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| text(&a.key, &b.key) && same(&a.value, &b.value))
        }
        (
            NodeData::Null
            | NodeData::Bool(_)
            | NodeData::Int(_)
            | NodeData::Float(_)
            | NodeData::String(_)
            | NodeData::List(_)
            | NodeData::Map(_)
            | NodeData::Broken,
            _,
        ) => false,
    }
}

#[cfg(test)]
mod tests;
