//! `yaml.encode`: block style, keys in order, and every text quoted that some reader of YAML could take for something else.

use super::encode::{Plain, json_text, plain};
use super::{Context, Trouble};
use crate::expression::budget::{DEPTH, TOO_DEEP};
use crate::expression::val::Val;

/// A value as a YAML document, a line feed at its end.
pub(super) fn encode(value: &Val, context: &mut Context<'_>) -> Result<String, Trouble> {
    let mut out = String::new();
    write(&mut out, value, Place { indent: 0, fresh: true }, DEPTH, context)?;
    out.push('\n');
    Ok(out)
}

/// Where a value is written.
#[derive(Clone, Copy)]
struct Place {
    /// Blanks before its lines.
    indent: usize,
    /// Whether its first line has begun with those blanks already.
    fresh: bool,
}

fn write(out: &mut String, value: &Val, place: Place, depth: usize, context: &mut Context<'_>) -> Result<(), Trouble> {
    let Some(depth) = depth.checked_sub(1) else { return Err(Trouble::Costly(TOO_DEEP)) };
    context.steps(1)?;
    context.bytes(place.indent + 4)?;
    match value {
        Val::Node(_) => return write(out, &context.forced(value)?, place, depth, context),
        Val::List(items) if items.is_empty() => bare(out, place, "[]"),
        Val::Map(map) if map.is_empty() => bare(out, place, "{}"),
        Val::List(items) => {
            for (index, item) in items.iter().enumerate() {
                line(out, place, index == 0);
                out.push('-');
                let inner = Place { indent: place.indent + 2, fresh: false }.after_dash(out, item);
                write(out, item, inner, depth, context)?;
            }
        }
        Val::Map(map) => {
            for (index, (key, value)) in map.entries().iter().enumerate() {
                line(out, place, index == 0);
                let key = key.to_string();
                context.bytes(key.len())?;
                out.push_str(&scalar(&key));
                out.push(':');
                write(out, value, Place { indent: place.indent + 2, fresh: false }, depth, context)?;
            }
        }
        Val::Null
        | Val::Bool(_)
        | Val::Int(_)
        | Val::Uint(_)
        | Val::Double(_)
        | Val::String(_)
        | Val::Bytes(_)
        | Val::Type(_)
        | Val::Optional(_)
        | Val::Opaque(_)
        | Val::Late(_) => {
            let text = match plain(value)? {
                Plain::Bare(text) => text,
                Plain::Text(text) => block(&text, place.indent.max(2)).unwrap_or_else(|| scalar(&text)),
            };
            context.bytes(text.len())?;
            bare(out, place, &text);
        }
    }
    Ok(())
}

impl Place {
    /// A list or map in a list begins on the line of the dash.
    fn after_dash(self, out: &mut String, item: &Val) -> Place {
        let nested = match item {
            Val::List(items) => !items.is_empty(),
            Val::Map(map) => !map.is_empty(),
            // What a node is shows only when it is written; it begins a line of its own then.
            Val::Node(_)
            | Val::Null
            | Val::Bool(_)
            | Val::Int(_)
            | Val::Uint(_)
            | Val::Double(_)
            | Val::String(_)
            | Val::Bytes(_)
            | Val::Type(_)
            | Val::Optional(_)
            | Val::Opaque(_)
            | Val::Late(_) => false,
        };
        if nested {
            out.push(' ');
        }
        Place { fresh: nested, ..self }
    }
}

/// Begins a line, unless the first one has begun.
fn line(out: &mut String, place: Place, first: bool) {
    if !(first && place.fresh) {
        out.push('\n');
        out.push_str(&" ".repeat(place.indent));
    }
}

fn bare(out: &mut String, place: Place, text: &str) {
    if !place.fresh {
        out.push(' ');
    }
    out.push_str(text);
}

/// A text of several lines as a literal block, where that is safe.
fn block(text: &str, indent: usize) -> Option<String> {
    let legal = text.contains('\n')
        && !text.starts_with([' ', '\t', '\n'])
        && !text.lines().any(|line| line.ends_with(' '))
        && text.chars().all(|char| char == '\n' || printable(char));
    if !legal {
        return None;
    }
    let body = text.trim_end_matches('\n');
    let chomp = match text.len() - body.len() {
        0 => "|-",
        1 => "|",
        _ => "|+",
    };
    let mut out = chomp.to_owned();
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(&" ".repeat(indent));
            out.push_str(line);
        }
    }
    // With `|+` the line feeds beyond the one that ends the block are written out.
    out.push_str(&"\n".repeat((text.len() - body.len()).saturating_sub(1)));
    Some(out)
}

fn printable(char: char) -> bool {
    !char.is_control() && !matches!(char, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// A text on one line: plain if every reader takes it for a string, else in double quotes.
fn scalar(text: &str) -> String {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'.' | b'-');
    let plain = text.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '/' | '_'))
        && text.split(':').all(|part| !part.is_empty() && part.bytes().all(inner))
        && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    if plain {
        return text.to_owned();
    }
    let mut out = String::new();
    // JSON escapes all that YAML wants escaped, but for these.
    for char in json_text(text).chars() {
        if printable(char) {
            out.push(char);
        } else {
            out.push_str(&format!("\\u{:04x}", u32::from(char)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::evaluated;
    use expect_test::{Expect, expect};

    fn check(expression: &str, expected: Expect) {
        let text = evaluated(expression);
        expected.assert_eq(&text);
    }

    #[test]
    fn nested() {
        check(
            r#"yaml.encode({"a": [{"b": 1, "c": []}, [1, [2]], "x: y"], "d": {}, "yes": "no", "e": {"f": "one\ntwo\n", "g": null}})"#,
            expect![[r#"
                a:
                  - b: 1
                    c: []
                  - - 1
                    - - 2
                  - "x: y"
                d: {}
                "yes": "no"
                e:
                  f: |
                    one
                    two
                  g: null
            "#]],
        );
    }

    #[test]
    fn read_back() {
        for text in ["plain", "two\nlines", "\n lead", "tab\tin", "a: b", "10", "1.0", "~", "é\u{2028}", "trail \nx", "x\n\n\n", "", "-"] {
            let expression = format!("yaml.encode({{'k': {}, 'l': [{0}]}})", serde_json::to_string(text).unwrap());
            let yaml = super::super::super::tests::string(&expression);
            let read: serde_yaml::Value = serde_yaml::from_str(&yaml).unwrap_or_else(|fault| panic!("{fault}: {yaml}"));
            assert_eq!(read["k"].as_str(), Some(text), "{yaml}");
            assert_eq!(read["l"][0].as_str(), Some(text), "{yaml}");
        }
    }
}
