//! Sources that could not be parsed, so that nobody knows which fields they set: what stands behind the name of a secret field is not drawn.

use super::Secrets;
use crate::span::{FileId, Span};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Lines that belong to a value: those that are indented deeper than its key, all up to the next header of a table, or up to closing quotes.
enum Open {
    Deeper(usize),
    Table,
    Quotes(&'static str),
}

impl Secrets {
    /// Adds the places behind the names of secret fields in a text that is no YAML or TOML.
    pub fn doubt_names(&mut self, file: FileId, text: &str, names: &BTreeSet<Arc<str>>) {
        let own = declared(text);
        let names: Vec<&str> = names.iter().map(|name| &**name).chain(own).collect();
        let mut open: Option<Open> = None;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let indent = line.len() - line.trim_start().len();
            let inside = match &open {
                Some(Open::Deeper(key)) => line.trim().is_empty() || indent > *key,
                Some(Open::Table) => !line.starts_with('['),
                Some(Open::Quotes(quotes)) => {
                    if line.contains(quotes) {
                        self.doubt(Span::new(file, start, start + line.len()));
                        open = None;
                        start += line.len();
                        continue;
                    }
                    true
                }
                None => false,
            };
            if inside {
                self.doubt(Span::new(file, start, start + line.len()));
            } else {
                open = None;
            }
            if let Some(at) = names.iter().filter_map(|name| behind(line, name)).min().filter(|_| !inside) {
                self.doubt(Span::new(file, start + at, start + line.len()));
                let value = line.get(at..).unwrap_or_default();
                let quotes = ["\"\"\"", "'''"].into_iter().find(|quotes| value.matches(quotes).count() == 1);
                open = Some(quotes.map_or(Open::Deeper(indent), Open::Quotes));
            }
            let is_header = !inside && line.starts_with('[') && line.trim_end().ends_with(']');
            if is_header && line.split(['[', ']', '.', '"', '\'', '\n', ' ', '\r']).any(|part| names.contains(&part)) {
                open = Some(Open::Table);
            }
            start += line.len();
        }
    }
}

/// Where the value of a field begins in a line that sets it.
fn behind(line: &str, name: &str) -> Option<usize> {
    line.match_indices(name).find_map(|(at, _)| {
        let before = line.get(..at)?.chars().next_back();
        if before.is_some_and(|char| char.is_alphanumeric() || matches!(char, '_' | '-')) {
            return None;
        }
        let rest = line.get(at + name.len()..)?;
        let rest =
            rest.strip_prefix(['-', '+', '=', '!']).filter(|rest| rest.trim_start().starts_with([':', '=', '"', '\''])).unwrap_or(rest);
        let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest).trim_start();
        // A part of the secret by its path: `keys.a = "x"`.
        if rest.starts_with('.') {
            let value = rest.split_once([':', '=']).map(|(_, value)| value)?;
            return Some(line.len() - value.len());
        }
        let value = rest.strip_prefix([':', '='])?;
        Some(line.len() - value.len())
    })
}

/// Fields that a text declares secret in a line.
fn declared(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().filter(|line| line.contains("secret=true") || line.contains("secret: true") || line.contains("secret = true"));
    lines.filter_map(|line| line.trim_start().split([':', '=']).next()).map(|name| name.trim().trim_matches(['"', '\''])).filter(|name| {
        !name.is_empty() && name.chars().all(|char| char.is_alphanumeric() || matches!(char, '_' | '-')) && *name != "secret"
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Grammar, Source, Sources};

    fn check(text: &str, expected: &str) {
        let mut sources = Sources::default();
        let file = sources.add(Source { path: "a".into(), text: text.into(), grammar: Grammar::Yaml, library: false });
        let mut secrets = Secrets::default();
        secrets.doubt_names(file, text, &BTreeSet::from(["token".into()]));
        assert_eq!(secrets.blacked_out(&sources).get(file).map(|source| source.text.to_string()).as_deref(), Some(expected));
    }

    #[test]
    fn what_stands_behind_a_name_is_black() {
        check("a: [\n  token: x y\n  b: 1\n", "a: [\n  token:****\n  b: 1\n");
        check("token.a.b = \"x\"\nb.\"token\".c = 1\n", "token.a.b =****\nb.\"token\".c =**\n");
        check("[a.token]\nx = 1\n[[a.token.b]]\ny = 1\n[b]\nz = 1\n", "[a.token]\n*****\n[[a.token.b]]\n*****\n[b]\nz = 1\n");
        check("a: { \"token!\": x, b: 1\n", "a: { \"token!\":********\n");
        check("token: |\n  x\n\n  y\nb: 1\n", "token:**\n***\n\n***\nb: 1\n");
        check("a.token = \"\"\"\nx\n\"\"\"\nb = 1\n", "a.token =****\n*\n***\nb = 1\n");
        check("tokens: x\nmytoken: y\n", "tokens: x\nmytoken: y\n");
        check("key: string | secret=true\nb:\n  key: x\n", "key:*********************\nb:\n  key:**\n");
    }
}
