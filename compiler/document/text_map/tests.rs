use crate::document::NodeData;
use crate::document::tests::read;
use crate::source::Grammar;
use proptest::prelude::*;

/// What the character at the beginning of a source may be cooked to.
fn decoded(source: &str) -> Option<char> {
    let escaped = source.strip_prefix('\\')?;
    let code = |from: usize, digits: usize| u32::from_str_radix(escaped.get(from..from + digits)?, 16).ok();
    Some(match escaped.chars().next()? {
        'x' => char::from_u32(code(1, 2)?)?,
        'u' => match code(1, 4)? {
            high @ 0xd800..=0xdbff => char::from_u32(0x10000 + ((high - 0xd800) << 10) + (code(7, 4)? - 0xdc00))?,
            code => char::from_u32(code)?,
        },
        'U' => char::from_u32(code(1, 8)?)?,
        'n' => '\n',
        't' => '\t',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        char => char,
    })
}

/// Checks every character of the value of `a` against the source; false if the text is refused or has no expression.
fn check(text: &str, grammar: Grammar) -> bool {
    let (_, Some(document), _) = read(text, grammar) else { return false };
    let NodeData::Map(pairs) = &document.root.data else { return false };
    if !document.lost.is_empty() {
        return false;
    }
    let NodeData::String(scalar) = &pairs[0].value.data else { return false };
    assert_eq!(scalar.map.is_some(), scalar.text.contains("${"));
    let Some(map) = &scalar.map else { return false };
    let mut last = None;
    for (at, char) in scalar.text.char_indices() {
        let offset = map.offset(at) as usize;
        let source = &text[offset..];
        let line_break = source.starts_with('\n') || source.starts_with("\r\n");
        let fits = decoded(source) == Some(char) || source.starts_with(char) || (line_break && matches!(char, ' ' | '\n'));
        assert!(fits, "{char:?} at {at} of {:?} is mapped to {source:?} in {text:?}: {:?}", scalar.text, map.steps);
        assert!(last < Some(offset), "{text:?}");
        last = Some(offset);
        let span = map.span(at, at + char.len_utf8());
        assert!(text.is_char_boundary(span.start as usize) && text.is_char_boundary(span.end as usize), "{char:?} {span:?} {text:?}");
    }
    true
}

/// Joins pieces; each `X` becomes a character that occurs nowhere else, each `E` the escape of one.
fn unique(pieces: &[&str]) -> String {
    let mut next = 0x4e00;
    let mut out = String::new();
    for char in pieces.iter().flat_map(|piece| piece.chars()) {
        if !matches!(char, 'X' | 'E') {
            out.push(char);
            continue;
        }
        next += 1;
        if char == 'X' {
            out.push(char::from_u32(next).unwrap());
        } else {
            out.push_str(&format!("\\u{next:04x}"));
        }
    }
    out
}

fn pieces(of: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    proptest::collection::vec(proptest::sample::select(of), 0..14)
}

fn lines() -> impl Strategy<Value = Vec<&'static str>> {
    const LINES: &[&str] = &[
        "  X\n",
        "  ${X}\n",
        "  X ${X}  \n",
        "    X\n",
        "   ${X} X\n",
        "\n",
        " \n",
        "  \n",
        "    \n",
        "  \tX\n",
        "  # X\n",
        "  X\r\n",
        "\r\n",
    ];
    proptest::collection::vec(proptest::sample::select(LINES), 0..10)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn plain(list in pieces(&["X", "X", " ", "  ", "${X}", "${", "\n  ", "\r\n ", " \n\n  ", "\n \t\n   ", "'", "\"", "\\n"])) {
        check(&unique(&[&["a: X"], list.as_slice(), &["X\nb: 1\n"]].concat()), Grammar::Yaml);
    }

    #[test]
    fn single(list in pieces(&["X", "X", " ", "''", "${X}", "${", "\n  ", "\r\n ", " \n\n  ", "\n \t\n   ", "\"", "\\n", "# "])) {
        let taken = check(&unique(&[&["a: '${X"], list.as_slice(), &["'\nb: 1\n"]].concat()), Grammar::Yaml);
        prop_assert!(taken);
    }

    #[test]
    fn double(list in pieces(&["X", "E", " ", "\\\"", "${X}", "${", "\n  ", "\r\n ", " \n\n  ", "\n \t\n   ", "'", "\\n", "\\\n  ", " \\\r\n\n  ", "\\_", "\\L", "\\\\", "\\ ", "\\t", "\\x41", "\\U0001F600", "\\ud83d\\ude00"])) {
        let taken = check(&unique(&[&["a: \"${X"], list.as_slice(), &["\"\nb: 1\n"]].concat()), Grammar::Yaml);
        prop_assert!(taken);
    }

    #[test]
    fn block(header in proptest::sample::select(&["|", "|-", "|+", ">", ">-", ">+", "> # X", "|2", ">2-", "|1", ">1+"][..]), list in lines(), last in proptest::sample::select(&["b: 1\n", "# X\n", ""][..])) {
        check(&unique(&[&["a: ", header, "\n"], list.as_slice(), &[last]].concat()), Grammar::Yaml);
    }

    #[test]
    fn nested_block(header in proptest::sample::select(&["|", ">"][..]), list in lines()) {
        let list: String = unique(&list);
        let indented: String = list.split_inclusive('\n').map(|line| format!("  {line}")).collect();
        check(&format!("a: {header}\n{indented}"), Grammar::Yaml);
    }

    #[test]
    fn toml_basic(list in pieces(&["X", "E", " ", "\\\"", "${X}", "${", "\n", "\r\n", "'", "\\n", "\\\n  ", "\\ \r\n\n  ", "\\\\", "\\t", "\\U0001F600", "\""])) {
        check(&unique(&[&["a = \"\"\"X${X}"], list.as_slice(), &["X\"\"\"\nb = 1\n"]].concat()), Grammar::Toml);
        check(&unique(&[&["a = \"\"\"\n"], list.as_slice(), &["X\"\"\"\nb = 1\n"]].concat()), Grammar::Toml);
        check(&unique(&[&["a = \"${X}"], list.as_slice(), &["\"\nb = 1\n"]].concat()), Grammar::Toml);
    }

    #[test]
    fn toml_literal(list in pieces(&["X", " ", "${X}", "${", "\n", "\r\n", "\\n", "\"", "'"])) {
        check(&unique(&[&["a = '''"], list.as_slice(), &["X'''\nb = 1\n"]].concat()), Grammar::Toml);
        check(&unique(&[&["a = '${X}"], list.as_slice(), &["'\nb = 1\n"]].concat()), Grammar::Toml);
    }
}

#[test]
fn most_shapes_are_taken() {
    for text in [
        "a: X ${x}\n   y\n\n  z\n",
        "a: |\n\n  X ${x}\n   y\n",
        "a: >2-\n\n    ${x}\n  y\n\n\n  z\n",
        "a: \"${x}\\\n   \\u00e9\"\n",
        "a: '${x} ''y''\n\n  z'\n",
        "? ${a}\n: ${x}\n",
        "a: [x, '${x}']\n",
    ] {
        let (_, document, diagnostics) = read(text, Grammar::Yaml);
        assert!(diagnostics.is_empty() && document.is_some(), "{text}");
    }
    assert!(check("a: >2-\n\n    ${x}\n  y\n\n\n  z\n", Grammar::Yaml));
    assert!(check("a: |\r\n\r\n  X ${x}\r\n   y\r\n", Grammar::Yaml));
    assert!(check("a = \"\"\"\r\n${x}\\\r\n  y\r\n\"\"\"\r\n", Grammar::Toml));
}
