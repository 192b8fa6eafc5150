//! Fragments in hints, in the language of the file at hand. Hints are worded in YAML; in come diagnostics, and those whose place is in a TOML file
//! leave with the same said in TOML. What is no field with a value is left as it is.

use super::{Node, NodeData, parse_one};
use crate::diagnostic::{Diagnostics, Replacement};
use crate::source::{Grammar, Source, Sources};
use crate::span::{FileId, Span};

/// Says the fragments in hints as the files write them that the hints are about.
pub(crate) fn spoken(diagnostics: &mut Diagnostics, sources: &Sources) {
    diagnostics.edit(|diagnostic| {
        let edit = diagnostic.replacement.take().map(|edit| Replacement { text: within_quotes(&edit.text, edit.span, sources), ..edit });
        diagnostic.replacement = edit.and_then(|edit| whole_text(edit, sources));
        let Some(file) = diagnostic.primary.as_ref().map(|label| label.span.file) else { return };
        let is_toml = sources.get(file).is_some_and(|source| source.grammar == Grammar::Toml);
        if let Some(hint) = diagnostic.hint.as_mut().filter(|hint| is_toml && hint.contains('`')) {
            *hint = in_toml(hint, file);
        }
    });
}

/// An edit that is text where its file reads it: what begins like a list is put in quotes, if it is all there is. Where it is not, the hint has to do.
fn whole_text(edit: Replacement, sources: &Sources) -> Option<Replacement> {
    let source = sources.get(edit.span.file).filter(|source| source.grammar == Grammar::Yaml && edit.text.starts_with('['));
    let Some(source) = source else { return Some(edit) };
    let (before, after) = (source.text.get(..edit.span.start as usize)?, source.text.get(edit.span.end as usize..)?);
    if !before.ends_with(": ") {
        return Some(edit);
    }
    let rest = after.lines().next().unwrap_or("").trim_start();
    let is_all = rest.is_empty() || rest.starts_with([',', '}', '#']);
    is_all.then(|| Replacement { text: format!("\"{}\"", edit.text), ..edit })
}

/// Of what stands before an edit so much is looked at.
const BEFORE: usize = 2000;

/// An edit inside of a text in double quotes, with single ones in it: expressions take either.
fn within_quotes(text: &str, span: Span, sources: &Sources) -> String {
    let is_plain = !text.contains('"') || text.contains(['\'', '\\']);
    let before = sources.get(span.file).and_then(|source| source.text.get(..span.start as usize)).unwrap_or("");
    let line = before.rfind('\n').map_or(before, |at| before.get(at + 1..).unwrap_or(""));
    let is_inside = line.len() <= BEFORE && line.replace("\\\"", "").matches('"').count() % 2 == 1;
    if is_plain || !is_inside { text.to_owned() } else { text.replace('"', "'") }
}

fn in_toml(hint: &str, file: FileId) -> String {
    // Every other part stands between backquotes.
    let parts = hint.split('`').enumerate();
    let parts = parts.map(|(at, part)| if at % 2 == 1 { fragment(part, file).unwrap_or_else(|| part.to_owned()) } else { part.to_owned() });
    parts.collect::<Vec<_>>().join("`")
}

/// A field with its value, or a map, in TOML; none if it is neither.
fn fragment(text: &str, file: FileId) -> Option<String> {
    // A field alone, of whatever value.
    if let Some(bare) = text.strip_suffix(':').filter(|bare| begins_with_key(bare) && !bare.contains(' ') && !bare.ends_with('-')) {
        return Some(format!("{} = \"…\"", key(bare)));
    }
    let is_map = text.strip_prefix("{ ").is_some_and(begins_with_key);
    let is_field = begins_with_key(text) && text.contains(": ") || text.ends_with("-:");
    if !is_map && !is_field {
        return None;
    }
    let source = Source { path: "".into(), text: text.into(), grammar: Grammar::Yaml, library: false };
    let mut unsaid = Diagnostics::default();
    let document = parse_one(file, &source, &mut unsaid).filter(|_| unsaid.is_empty())?;
    let NodeData::Map(pairs) = &document.root.data else { return None };
    if is_map {
        return value(&document.root);
    }
    let lines = pairs.iter().map(|pair| match (&pair.value.data, pair.key.text.ends_with('-')) {
        (NodeData::Null, true) => Some(format!("{} = true", key(&pair.key.text))),
        (_, _) => Some(format!("{} = {}", key(&pair.key.text), value(&pair.value)?)),
    });
    Some(lines.collect::<Option<Vec<_>>>()?.join(", "))
}

fn begins_with_key(text: &str) -> bool {
    let key = text.split(": ").next().unwrap_or("");
    !key.is_empty() && key.chars().all(|char| char.is_alphanumeric() || "$_-.\"+=!".contains(char))
}

fn key(text: &str) -> String {
    let is_bare =
        text.split('.').all(|part| !part.is_empty() && part.chars().all(|char| char.is_ascii_alphanumeric() || "_-".contains(char)));
    if is_bare && !text.ends_with('-') { text.to_owned() } else { quoted(text) }
}

fn value(node: &Node) -> Option<String> {
    Some(match &node.data {
        // What stands for anything is no value in TOML.
        NodeData::Null | NodeData::Broken => return None,
        NodeData::Bool(bool) => bool.to_string(),
        NodeData::Int(int) => int.to_string(),
        NodeData::Float(float) => format!("{float:?}"),
        NodeData::String(scalar) => quoted(&scalar.text),
        NodeData::List(items) => format!("[{}]", items.iter().map(value).collect::<Option<Vec<_>>>()?.join(", ")),
        NodeData::Map(pairs) => {
            let pairs = pairs.iter().map(|pair| {
                let is_open = matches!(pair.value.data, NodeData::Null);
                let inner = if is_open { Some("\"…\"".to_owned()) } else { value(&pair.value) };
                Some(format!("{} = {}", key(&pair.key.text), inner?))
            });
            let pairs = pairs.collect::<Option<Vec<_>>>()?;
            if pairs.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", pairs.join(", ")) }
        }
    })
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_are_said_in_toml() {
        for (yaml, toml) in [
            ("add `size: { min: 1, zones: [a, b] }`", "add `size = { min = 1, zones = [\"a\", \"b\"] }`"),
            ("write `memory: 500m`, or `cpu: 2`", "write `memory = \"500m\"`, or `cpu = 2`"),
            ("to remove it write `version-:`", "to remove it write `\"version-\" = true`"),
            ("write `class:` with one of `a`, or `size=:`", "write `class = \"…\"` with one of `a`, or `\"size=\" = \"…\"`"),
            ("write `$for: { zone: \"${self.zones}\" }`", "write `\"$for\" = { zone = \"${self.zones}\" }`"),
            ("write `provider: ${provider.aws.dns}`", "write `provider = \"${provider.aws.dns}\"`"),
            ("say `database: {…}`", "say `database = { \"…\" = \"…\" }`"),
            ("name `{ kind: Deployment }`", "name `{ kind = \"Deployment\" }`"),
            ("ask `x ? 1 : 2`, see `classes.a` or `map[string]string`", "ask `x ? 1 : 2`, see `classes.a` or `map[string]string`"),
        ] {
            assert_eq!(in_toml(yaml, FileId(0)), toml);
        }
    }
}
