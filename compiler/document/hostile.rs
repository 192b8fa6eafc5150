//! Input that means harm, or is merely broken: both readers answer, quickly, without a panic, and every span lies in the source.

use super::tests::read;
use super::*;
use crate::diagnostic::Diagnostic;
use proptest::prelude::*;

const YAML: &str = "# a platform\nplatform: &p\n  name: acme # why\n  \"domain\": 'it''s ${a}'\nlist:\n- 1\n- [x, {y: \"${z}\\n\"}, *p]\n- - |-\n    text ${b}\n     more\n\n  - >+\n    folded\n    ${c}\n\ntaints-:\nversion!: \"1.33\" # é\n? long\n: 0777\n<<: {a: !t b}\n";
const TOML: &str = "# a platform\n[platform]\nname = 'acme' # why\n\"domain\" = \"it's ${a}\\n\"\nlist = [1, 2.5, { x = \"\"\"\n${b}\\\n  c\"\"\" }]\nwhen = 2020-01-01T00:00:00Z\n[[a.b]]\nc.d = '''\n${e}'''\n[[a.b]]\n\"taints-\" = true # é\n";

/// Reads a text and looks at everything that comes out.
fn survive(text: &str, grammar: Grammar) {
    let (_, document, diagnostics) = read(text, grammar);
    let inside = |span: Span| {
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(start <= end && text.is_char_boundary(start) && text.is_char_boundary(end), "{span:?} in {text:?}");
    };
    for diagnostic in &diagnostics {
        let Diagnostic { primary, labels, replacement, .. } = diagnostic;
        primary.iter().chain(labels).for_each(|label| inside(label.span));
        replacement.iter().for_each(|replacement| inside(replacement.span));
    }
    assert!(document.is_some() || !diagnostics.is_empty(), "nothing said about {text:?}");
    let mut nodes: Vec<&Node> = document.iter().map(|document| &document.root).collect();
    let check = |scalar: &Scalar| {
        assert_eq!(scalar.map.is_some(), scalar.text.contains("${"));
        if let Some(map) = &scalar.map {
            for (at, char) in scalar.text.char_indices() {
                inside(map.span(at, at + char.len_utf8()));
            }
        }
    };
    while let Some(node) = nodes.pop() {
        inside(node.span);
        match &node.data {
            NodeData::Null | NodeData::Bool(_) | NodeData::Int(_) | NodeData::Float(_) | NodeData::Broken => {}
            NodeData::String(scalar) => check(scalar),
            NodeData::List(items) => nodes.extend(items),
            NodeData::Map(pairs) => {
                for pair in pairs {
                    inside(pair.key_span);
                    check(&pair.key);
                    nodes.push(&pair.value);
                }
            }
        }
    }
}

fn code(text: &str, grammar: Grammar) -> Vec<&'static str> {
    survive(text, grammar);
    let (_, _, diagnostics) = read(text, grammar);
    let mut codes: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.code.word()).collect();
    codes.dedup();
    codes
}

#[test]
fn depth_is_bounded() {
    for open in ["[", "{a: ", "- ", "? ", ": ", "[[{x: [", "!!seq [", "&a ["] {
        for times in [100, 5_000, 100_000] {
            survive(&open.repeat(times), Grammar::Yaml);
            survive(&format!("a: {}", open.repeat(times)), Grammar::Yaml);
        }
    }
    assert_eq!(code(&"[".repeat(100_000), Grammar::Yaml), ["too-deep"]);
    let stairs: String = (0..1000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(code(&stairs, Grammar::Yaml), ["too-deep"]);
    assert_eq!(code(&format!("a = {}", "[".repeat(100_000)), Grammar::Toml), ["too-deep"]);
    survive(&format!("a = {}", "{a = ".repeat(100_000)), Grammar::Toml);
    survive(&format!("[a{}]\n", ".a".repeat(100_000)), Grammar::Toml);
    survive(&format!("a{} = 1\n", ".a".repeat(100_000)), Grammar::Toml);
}

#[test]
fn aliases_are_bounded() {
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let aliases = format!("*a{}, ", level - 1).repeat(10);
        laughs.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    assert_eq!(code(&laughs, Grammar::Yaml), ["alias-too-large"]);
    let wide = format!("a: &a [{}]\nb: [{}]\n", "x, ".repeat(50_000), "*a, ".repeat(20_000));
    assert_eq!(code(&wide, Grammar::Yaml), ["alias-too-large"]);
    let nested = format!("a: {}{}", "&a [".repeat(100), "x, ".repeat(100_000));
    survive(&format!("{nested}{}\n", "]".repeat(100)), Grammar::Yaml);
    let deep: String = (1..200).map(|level| format!("a{level}: &a{level} [*a{}]\n", level - 1)).collect();
    assert_eq!(code(&format!("a0: &a0 x\n{deep}"), Grammar::Yaml), ["too-deep"]);
    let text = format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(100_000), "*a, ".repeat(20_000));
    assert!(code(&text, Grammar::Yaml).is_empty(), "texts are shared");
    let unknown: String = (0..1_000).map(|at| format!("a{at}: &b{at} x\nc{at}: *d{at}\n")).collect();
    assert_eq!(code(&unknown, Grammar::Yaml), ["unknown-anchor"]);
}

#[test]
fn large_sources_are_quick() {
    let size = 1_000_000;
    survive(&format!("a: {}\n", "x".repeat(size)), Grammar::Yaml);
    survive(&format!("a: \"{}\"\n", "\\n".repeat(size / 2)), Grammar::Yaml);
    survive(&format!("a: |\n{}\n", "  x\n".repeat(size / 4)), Grammar::Yaml);
    survive(&format!("a: '{}'\n", "\n".repeat(size)), Grammar::Yaml);
    survive(&"\n".repeat(size), Grammar::Yaml);
    survive(&"# x\n".repeat(size / 4), Grammar::Yaml);
    survive(&format!("a = \"\"\"{}\"\"\"\n", "x\\n".repeat(size / 4)), Grammar::Toml);
    let keys: String = (0..10_000).map(|key| format!("k{key}: {key}\n")).collect();
    assert!(code(&keys, Grammar::Yaml).is_empty());
    assert_eq!(code(&format!("{keys}{keys}"), Grammar::Yaml), ["duplicate-key"]);
    assert_eq!(code(&"a = 1\n".repeat(5_000), Grammar::Toml), ["duplicate-key"]);
    assert_eq!(code(&"[a]\n".repeat(5_000), Grammar::Toml), ["duplicate-key"]);
    assert_eq!(code(&"a = x\n".repeat(5_000), Grammar::Toml), ["toml-syntax", "duplicate-key"]);
    assert_eq!(code(&"\0".repeat(1_000_000), Grammar::Yaml), ["control-character"]);
}

fn mutated(text: &'static str) -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "[", "]", "{", "}", ":", ": ", ",", "\n", "\r\n", "\t", " ", "  ", "- ", "? ", "&a ", "*a", "*p", "!", "!!str ", "|", ">", "'",
        "\"", "\\", "\\u", "${", "}", "$${", "#", " #", "é", "😀", "\0", "\u{7f}", "\u{85}", "\u{feff}", "---", "...", "%", "@", "~", "0x",
        "1e9", "=", "\"\"\"", "'''", "[[", "]]", "<<: ", ".", "_",
    ];
    let edit = (
        0..text.len() + 1,
        0..6_usize,
        prop_oneof![Just(String::new()), proptest::sample::select(PIECES).prop_map(str::to_owned), "\\PC{0,3}"],
    );
    proptest::collection::vec(edit, 1..8).prop_map(move |edits| {
        let mut out = text.to_owned();
        for (at, remove, insert) in edits {
            let boundary = |mut at: usize| {
                at = at.min(out.len());
                while !out.is_char_boundary(at) {
                    at -= 1;
                }
                at
            };
            let (start, end) = (boundary(at), boundary(at + remove));
            out.replace_range(start..end, &insert);
        }
        out
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_yaml_survives(text in mutated(YAML)) {
        survive(&text, Grammar::Yaml);
    }

    #[test]
    fn mutated_toml_survives(text in mutated(TOML)) {
        survive(&text, Grammar::Toml);
    }

    #[test]
    fn random_text_survives(text in "[\\[\\]{}:,&*!|>'\"%@`#?~<=\\\\$ \\t\\n\\r0-9a-cé-]{0,40}") {
        survive(&text, Grammar::Yaml);
        survive(&text, Grammar::Toml);
    }
}
