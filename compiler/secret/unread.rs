//! Sources that could not be parsed, so that nobody knows which fields they set: what stands behind the name of a secret field is not drawn.

use super::Secrets;
use crate::span::{FileId, Span};

/// Lines that belong to a value: those that are indented deeper than its key, all up to the next header of a table, or up to closing quotes.
enum OpenValue {
    Deeper(usize),
    Table,
    Quotes(&'static str),
}

impl Secrets {
    /// Adds the places behind the names of secret fields in a text that is no YAML or TOML.
    pub fn doubt_names(&mut self, file: FileId, text: &str) {
        let known = self.names.clone();
        let names: Vec<&str> = known.iter().map(|name| &**name).chain(declared(text)).collect();
        let mut open: Option<OpenValue> = None;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let indent = line.len() - line.trim_start().len();
            let inside = match &open {
                // A line that is no entry goes on with what stands above it, however far it is indented.
                Some(OpenValue::Deeper(key)) => {
                    line.trim().is_empty() || indent > *key || !line.contains([':', '=', '[', ']', '{', '}', '-'])
                }
                Some(OpenValue::Table) => !line.starts_with('['),
                Some(OpenValue::Quotes(quotes)) => {
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
            let named = names.iter().filter_map(|name| behind(line, name)).chain(behind_escaped(line).filter(|_| !names.is_empty()));
            if let Some(at) = named.min().filter(|_| !inside) {
                self.doubt(Span::new(file, start + at, start + line.len()));
                let value = line.get(at..).unwrap_or_default();
                value.split(['"', '\'', ',', '[', ']', '{', '}', '!', '&', '*', '#', ' ', '\n']).for_each(|word| self.doubt_text(word));
                let quotes = ["\"\"\"", "'''"].into_iter().find(|quotes| value.matches(quotes).count() == 1);
                open = Some(quotes.map_or(OpenValue::Deeper(indent), OpenValue::Quotes));
            }
            let is_header = !inside && line.starts_with('[') && line.trim_end().ends_with(']');
            if let Some(at) = names.iter().filter_map(|name| in_header(line, name)).min().filter(|_| is_header) {
                self.doubt(Span::new(file, start + at, start + line.len()));
                open = Some(OpenValue::Table);
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

/// Where the name of a field ends in the header of a table: what follows is inside of it.
fn in_header(line: &str, name: &str) -> Option<usize> {
    let is_edge = |char: Option<char>| !char.is_some_and(|char| char.is_alphanumeric() || matches!(char, '_' | '-'));
    line.match_indices(name).find_map(|(at, _)| {
        let (before, after) = (line.get(..at)?, line.get(at + name.len()..)?);
        let closing = after.chars().take_while(|char| matches!(char, ']' | '"' | '\'')).count();
        (is_edge(before.chars().next_back()) && is_edge(after.chars().next())).then_some(at + name.len() + closing)
    })
}

/// Where the value begins behind a key that is written with escapes, which may spell any name.
fn behind_escaped(line: &str) -> Option<usize> {
    let (before, rest) = line.split_once('"')?;
    let (key, after) = rest.split_once('"')?;
    let value = after.trim_start().strip_prefix([':', '='])?;
    (before.trim_start_matches([' ', '-', '{', ',', '?']).is_empty() && key.contains('\\')).then(|| line.len() - value.len())
}

/// Fields that a text declares secret in a line: the first key of the line, or the last one before the marker.
fn declared(text: &str) -> impl Iterator<Item = &str> {
    let marked = text.lines().filter_map(|line| {
        let at = ["secret=true", "secret: true", "secret = true"].iter().filter_map(|marker| line.find(marker)).min()?;
        line.get(..at)
    });
    let names = marked.flat_map(|line| {
        let keys =
            line.match_indices([':', '=']).filter_map(|(at, _)| line.get(..at)?.rsplit([' ', '{', ',', '[']).find(|key| !key.is_empty()));
        let keys: Vec<&str> = keys.collect();
        [keys.first().copied(), keys.last().copied()].into_iter().flatten()
    });
    names.map(|name| name.trim().trim_matches(['"', '\''])).filter(|name| {
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
        let mut secrets = Secrets { names: ["token".into()].into(), ..Secrets::default() };
        secrets.doubt_names(file, text);
        assert_eq!(secrets.veil().blacked_out(&sources).get(file).map(|source| source.text.to_string()).as_deref(), Some(expected));
    }

    #[test]
    fn what_stands_behind_a_name_is_black() {
        check("a: [\n  token: x y\n  b: 1\n", "a: [\n  token:****\n  b: 1\n");
        check("token.a.b = \"x\"\nb.\"token\".c = 1\n", "token.a.b =****\nb.\"token\".c =**\n");
        check("[a.token]\nx = 1\n[[a.token.b]]\ny = 1\n[b]\nz = 1\n", "[a.token]\n*****\n[[a.token****\n*****\n[b]\nz = 1\n");
        check("a:\n    token: 'x\n  y\n    b: 1\n", "a:\n    token:***\n***\n    b: 1\n");
        check("a: { \"token!\": x, b: 1\n", "a: { \"token!\":********\n");
        check("token: |\n  x\n\n  y\nb: 1\n", "token:**\n***\n\n***\nb: 1\n");
        check("a.token = \"\"\"\nx\n\"\"\"\nb = 1\n", "a.token =****\n*\n***\nb = 1\n");
        check("tokens: x\nmytoken: y\n", "tokens: x\nmytoken: y\n");
        check("key: string | secret=true\nb:\n  key: x\n", "key:*********************\nb:\n  key:**\n");
        check(
            "t: { c: { a: string, key: 's | secret=true' } }\nx: { key: y }\n",
            "t:*********************************************\nx: { key:****\n",
        );
        check("\"tok\\u0065n\" = \"x\nb = 1\n", "\"tok\\u0065n\" =***\nb = 1\n");
    }
}
