//! What is left of a source with an error of syntax: the parts that cannot be read become comments, everything else is read as it stands,
//! so that one slip does not hide the rest of a file. In come a text and a test for its parts; out come the text without those that fail,
//! at the same offsets, and the paths of what is lost.

use crate::path::Path;
use std::collections::BTreeSet;
use std::ops::Range;

/// A text without its unreadable parts.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Rest {
    /// The text, as long as before, lines where they were.
    pub(super) text: String,
    /// What stood in the parts that are gone, as far as their first lines tell; empty paths stand for anything.
    pub(super) lost: Vec<Path>,
}

/// How deep the path of a definition is, which is lost as a whole: `services.web`, `classes.service.web`.
fn depth(path: &Path) -> usize {
    if path.keys().is_some_and(|keys| keys.first() == Some(&"classes")) { 3 } else { 2 }
}

/// So many parts are tried; a text of more lines of keys is lost as a whole.
const PARTS: usize = 20_000;

/// The rest of a YAML text; `reads` tells whether a part is YAML. None if no part can be told from the others.
pub(super) fn yaml(text: &str, reads: &dyn Fn(&str) -> bool) -> Option<Rest> {
    let mut rest = Rest { text: text.to_owned(), lost: Vec::new() };
    let mut left = PARTS;
    parts(text, 0..text.len(), &Path::default(), reads, &mut rest, &mut left)?;
    Some(rest).filter(|rest| rest.lost.iter().all(|path| !path.is_empty()))
}

/// Hides the parts below `path` that cannot be read; none if there are no parts.
fn parts(text: &str, range: Range<usize>, path: &Path, reads: &dyn Fn(&str) -> bool, rest: &mut Rest, left: &mut usize) -> Option<()> {
    let blocks = blocks(text, range);
    if blocks.is_empty() {
        return None;
    }
    for (key, block) in blocks {
        *left = left.checked_sub(1)?;
        let part = text.get(block.clone())?;
        if reads(part) {
            continue;
        }
        let inner = path.clone().key(&key);
        let body = part.find('\n').map_or(block.end, |at| block.start + at + 1)..block.end;
        let opens = text.get(block.start..body.start)?.split(" #").next()?.trim_end().ends_with(':');
        // Without its inner parts, what stands above them may still be the trouble.
        if opens && inner.steps().len() < depth(&inner) && !body.is_empty() && reads(text.get(block.start..body.start)?) {
            let known = rest.lost.len();
            if parts(text, body, &inner, reads, rest, left).is_some() && rest.lost.len() > known {
                continue;
            }
        }
        hide(&mut rest.text, block);
        rest.lost.push(inner);
    }
    Some(())
}

/// The blocks of a range: from each line with a key in the column of the first such line to the next one.
fn blocks(text: &str, range: Range<usize>) -> Vec<(String, Range<usize>)> {
    let mut blocks: Vec<(String, Range<usize>)> = Vec::new();
    let mut column = None;
    let mut at = range.start;
    for line in text.get(range.clone()).unwrap_or_default().split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        if let Some(key) = key(line.trim_start_matches(' ').trim_end())
            && *column.get_or_insert(indent) == indent
        {
            if let Some((_, last)) = blocks.last_mut() {
                last.end = at;
            }
            blocks.push((key, at..range.end));
        }
        at += line.len();
    }
    blocks
}

/// The key that a line of block style begins with.
fn key(line: &str) -> Option<String> {
    let quote = line.chars().next().filter(|char| matches!(char, '"' | '\''));
    let (key, after) = match quote {
        Some(quote) => line.get(1..)?.split_once(quote)?,
        None => line.split_at(line.find(':')?),
    };
    let plain = |char: char| char.is_alphanumeric() || matches!(char, '-' | '_' | '.' | '/');
    let value = after.strip_prefix(':')?;
    let is_key = quote.is_some() || (!key.is_empty() && key.chars().all(plain));
    (is_key && (value.is_empty() || value.starts_with(' '))).then(|| key.to_owned())
}

/// The rest of a TOML text whose errors stand at these offsets: without the tables that hold them, and without what else those things say.
pub(super) fn toml(text: &str, errors: &[usize]) -> Option<Rest> {
    let mut rest = Rest { text: text.to_owned(), lost: Vec::new() };
    let tables = tables(text);
    let mut lost: BTreeSet<Path> = BTreeSet::new();
    for error in errors {
        let at = tables.partition_point(|(_, range)| range.start <= *error).checked_sub(1)?;
        // Errors above the first table, or in its header, leave nothing to tell parts by.
        let (Some(path), _) = tables.get(at)? else { return None };
        let path = definition(path);
        if lost.insert(path.clone()) {
            rest.lost.push(path);
        }
    }
    for (path, range) in &tables {
        let Some(path) = path else { continue };
        // `[services]` itself may be lost, and then what is below it.
        let above = Path::from(path.steps().iter().take(1).cloned().collect::<Vec<_>>());
        if lost.contains(&definition(path)) || lost.contains(&above) {
            hide(&mut rest.text, range.clone());
        }
    }
    Some(rest)
}

/// The path of the definition that a path leads into.
fn definition(path: &Path) -> Path {
    Path::from(path.steps().iter().take(depth(path)).cloned().collect::<Vec<_>>())
}

/// The tables of a text: what each header names, none if that cannot be told, and where it ends.
fn tables(text: &str) -> Vec<(Option<Path>, Range<usize>)> {
    let mut tables: Vec<(Option<Path>, Range<usize>)> = vec![(None, 0..text.len())];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with('[') {
            let inner = line.trim_start_matches('[').split(']').next().unwrap_or("");
            let path = inner.trim().parse::<Path>().ok().filter(|path| !path.is_empty() && !inner.contains(['"', '\'']));
            if let Some((_, last)) = tables.last_mut() {
                last.end = at;
            }
            tables.push((path, at..text.len()));
        }
        at += line.len();
    }
    tables
}

/// Makes comments of the lines of a part, which keeps every character where it is.
fn hide(text: &mut String, range: Range<usize>) {
    let mut hidden = String::with_capacity(range.len());
    for line in text.get(range.clone()).unwrap_or_default().split_inclusive('\n') {
        let first = line.chars().next().filter(|char| !matches!(char, '\n' | '\r'));
        let width = first.map_or(0, char::len_utf8);
        hidden.extend((0..width).map(|at| if at == 0 { '#' } else { ' ' }));
        hidden.push_str(line.get(width..).unwrap_or_default());
    }
    text.replace_range(range, &hidden);
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    /// A part with a `!` cannot be read.
    fn check(text: &str, expected: Expect) {
        let rest = yaml(text, &|part| !part.contains('!'));
        let shown = rest.map_or("nothing".to_owned(), |rest| {
            assert_eq!(rest.text.len(), text.len());
            let lost: Vec<String> = rest.lost.iter().map(ToString::to_string).collect();
            format!(
                "{}\n{}",
                lost.join(" "),
                rest.text.lines().filter(|line| !line.starts_with('#') || *line == "# why").collect::<Vec<_>>().join("\n")
            )
        });
        expected.assert_eq(&shown);
    }

    #[test]
    fn parts_that_cannot_be_read_are_hidden() {
        check(
            "a:\n  b:\n    x: 1\n  c:\n    y: !\n    z: 1\nd: 2\n",
            expect![[r#"
                a.c
                a:
                  b:
                    x: 1
                d: 2"#]],
        );
        check("a: !\nd: 2\n", expect!["a\nd: 2"]);
        check("a: { b: ! }\nd:\n  e: 1\n", expect!["a\nd:\n  e: 1"]);
        check(
            "# why\n'a.b':\n  c: !\nd: [\n  1,\n]\n",
            expect![[r#"
                ["a.b"].c
                # why
                'a.b':
                d: [
                  1,
                ]"#]],
        );
        check(
            "classes:\n  service:\n    web: !\n    api: 1\n",
            expect![[r#"
                classes.service.web
                classes:
                  service:
                    api: 1"#]],
        );
        check("a:\n  b:\n\tc: !\n    d: 1\ne: 2\n", expect!["a.b\na:\ne: 2"]);
        check("- !\n", expect!["nothing"]);
        check("!\n", expect!["nothing"]);
    }

    #[test]
    fn tables_with_errors_take_their_things_along() {
        let text = "[services.a]\nx = 1\n[services.b]\ny = = 2\n[services.b.values]\nz = 3\n[services.c]\nw = 4\n";
        let rest = toml(text, &[text.find("= =").unwrap()]).unwrap();
        assert_eq!(rest.lost, [Path::of(["services", "b"])]);
        assert_eq!(
            rest.text.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join(" "),
            "[services.a] x = 1 [services.c] w = 4"
        );
        assert_eq!(toml("x = = 1\n[a]\n", &[4]), None);
    }
}
