//! What both readers make of texts, as a dump; what they say about broken ones.

use super::*;
use crate::diagnostic::Diagnostic;
use expect_test::{Expect, expect};
use std::fmt::Write as _;

pub(crate) fn read(text: &str, grammar: Grammar) -> (Sources, Option<Document>, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let path = if grammar == Grammar::Toml { "a.toml" } else { "a.yaml" };
    let source = Source { path: path.into(), text: text.into(), grammar, library: false };
    let file = sources.add(source.clone());
    let mut diagnostics = Diagnostics::default();
    let document = parse_one(file, &source, &mut diagnostics);
    let diagnostics = diagnostics.sorted(&sources);
    (sources, document, diagnostics)
}

pub(crate) fn dump(node: &Node, out: &mut String, depth: usize) {
    match &node.data {
        NodeData::Null => out.push_str("null\n"),
        NodeData::Bool(bool) => writeln!(out, "{bool}").unwrap(),
        NodeData::Int(int) => writeln!(out, "{int}").unwrap(),
        NodeData::Float(float) => writeln!(out, "{float:?}").unwrap(),
        NodeData::String(scalar) => writeln!(out, "{:?}", scalar.text).unwrap(),
        NodeData::List(items) => {
            out.push_str("list\n");
            for item in items {
                write!(out, "{:1$}- ", "", depth * 2).unwrap();
                dump(item, out, depth + 1);
            }
        }
        NodeData::Map(pairs) => {
            out.push_str("map\n");
            for pair in pairs {
                write!(out, "{:1$}{2}: ", "", depth * 2, pair.key.text).unwrap();
                dump(&pair.value, out, depth + 1);
            }
        }
    }
}

fn say(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let primary = diagnostic.primary.as_ref().unwrap();
        writeln!(out, "{}: {}", diagnostic.code.word(), diagnostic.message).unwrap();
        for label in std::iter::once(primary).chain(&diagnostic.labels) {
            let place = sources.position(label.span);
            writeln!(out, "  {}:{} `{}` {}", place.line, place.column, sources.text(label.span).escape_debug(), label.text).unwrap();
        }
        if let Some(hint) = &diagnostic.hint {
            writeln!(out, "  hint: {hint}").unwrap();
        }
        if let Some(replacement) = &diagnostic.replacement {
            writeln!(out, "  replace `{}` by `{}`", sources.text(replacement.span), replacement.text).unwrap();
        }
    }
    out
}

fn tree(text: &str, grammar: Grammar, expected: Expect) {
    let (sources, document, diagnostics) = read(text, grammar);
    let mut out = say(&sources, &diagnostics);
    dump(&document.unwrap().root, &mut out, 0);
    expected.assert_eq(&out);
}

fn yaml(text: &str, expected: Expect) {
    tree(text, Grammar::Yaml, expected);
}

fn toml(text: &str, expected: Expect) {
    tree(text, Grammar::Toml, expected);
}

/// Messages for many broken texts, divided by lines of `===`.
fn broken(texts: &str, grammar: Grammar, expected: Expect) {
    let mut out = String::new();
    for text in texts.split("===\n") {
        let text = text.replace("<TAB>", "\t").replace("<CR>", "\r");
        let (sources, document, diagnostics) = read(&text, grammar);
        out.push_str(&say(&sources, &diagnostics));
        let lost = |document: Document| document.lost.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let rest = match document.map(lost) {
            Some(lost) if lost.is_empty() => "(document)".to_owned(),
            Some(lost) => format!("(without {lost})"),
            None => "(none)".to_owned(),
        };
        writeln!(out, "{rest}").unwrap();
    }
    expected.assert_eq(&out);
}

#[test]
fn yaml_gives_the_tree() {
    yaml(
        "# comment\r\nplatform:\r\n  name: acme # why\r\n  zones: [a, 'b', \"c\"]\r\n  n: ~\r\n  empty:\r\nq: {x: 1, y: 2.5, n: true}\r\ntext: |\r\n  a\r\n   b\r\nlist:\r\n- 1\r\n-\r\n- - x\r\n  - {}\r\n\"${k}\": >-\r\n  one\r\n  two\r\n",
        expect![[r#"
            map
            platform: map
              name: "acme"
              zones: list
                - "a"
                - "b"
                - "c"
              n: null
              empty: null
            q: map
              x: 1
              y: 2.5
              n: true
            text: "a\n b\n"
            list: list
              - 1
              - null
              - list
                - "x"
                - map
            ${k}: "one two"
        "#]],
    );
}

#[test]
fn empty_sources_are_empty_maps() {
    for text in ["", "# only a comment", "---\n", "--- # x\n...\n", "\n\n"] {
        yaml(text, expect!["map\n"]);
    }
    toml("", expect!["map\n"]);
    toml("# x\n", expect!["map\n"]);
}

#[test]
fn toml_gives_the_same_tree() {
    let toml_text = "[platform]\nname = 'acme'\nzones = ['z', \"a\"]\n[platform.terraform.backend]\ns3.bucket = \"b\"\n[[list]]\nz = 1\na = 2.5\n[[list]]\non = true\nwhen = 2020-01-01\n";
    let yaml_text = "platform:\n  name: acme\n  zones: [z, a]\n  terraform: {backend: {s3: {bucket: b}}}\nlist:\n- {z: 1, a: 2.5}\n- on: true\n  when: 2020-01-01\n";
    let trees: Vec<String> = [(toml_text, Grammar::Toml), (yaml_text, Grammar::Yaml)]
        .into_iter()
        .map(|(text, grammar)| {
            let (_, document, diagnostics) = read(text, grammar);
            assert_eq!(diagnostics, []);
            let mut out = String::new();
            dump(&document.unwrap().root, &mut out, 0);
            out
        })
        .collect();
    assert_eq!(trees[0], trees[1]);
}

#[test]
fn aliases_are_copies() {
    yaml(
        "a: &a {x: &x [1, 2]}\nb: *a\nc: [*x, *a]\n&k k: *k\n",
        expect![[r#"
        map
        a: map
          x: list
            - 1
            - 2
        b: map
          x: list
            - 1
            - 2
        c: list
          - list
            - 1
            - 2
          - map
            x: list
              - 1
              - 2
        k: "k"
    "#]],
    );
}

#[test]
fn yaml_says_what_it_refuses() {
    broken(
        "a: 1\nb: 2\na: 3\nc: {x: 1, x: 2}\n===\n<<: {a: 1}\nb: 1\n===\na: 1\n---\nb: 2\n===\na: !foo 1\nb: !!str 12\nc: !!int x\nd: ! 5\n===\n1: a\ntrue: b\n~: c\n: d\n[a]: e\n0777: f\non: g\n1_000: h\n===\na: 0777\nb: yes\nc: 1_000\nd: 12:30:45\ne: 1e3\nf: -.5\ng: NO\nh: 0b11\ni: 089\n===\na: 99999999999999999999\nb: .inf\nc: 1.0e+999\n===\n- a\n===\na:b\n===\na: \"x\\0y\"\nb: \"\\e\"\n===\na: *x\nb: &foo 1\nc: *fooo\nd: *.example.com\n===\na: &a [1, *a]\n===\na: x\u{7f}\nb: \0\n===\na: {{ .Values.x }}\n",
        Grammar::Yaml,
        expect![[r#"
            duplicate-key: key `a` is written twice in the same map
              3:1 `a` written again here
              1:1 `a` written first here
              hint: keep one of them, or join their values below one key
            duplicate-key: key `x` is written twice in the same map
              4:11 `x` written again here
              4:5 `x` written first here
              hint: keep one of them, or join their values below one key
            (document)
            merge-key: the merge key `<<` is not part of this language
              1:1 `<<` merges another map into this one
              hint: let the definition inherit with `inherits: <name>`, or share values through `platform.defaults`
            (document)
            several-documents: the file holds several YAML documents
              2:1 `---` a second document begins here
              hint: merge them into one map, or put each into a file of its own
            (document)
            yaml-tag: tag `!foo` has no meaning here
              1:4 `!foo` not understood
              hint: remove the tag; quote the value if it is text that begins with `!`
            yaml-tag: tag `!!int` has no meaning here
              3:4 `!!int` not understood
              hint: remove the tag; quote the value if it is text that begins with `!`
            (document)
            key-not-text: key `1` is a number, not text
              1:1 `1` a number to YAML
              hint: quote the key
              replace `1` by `"1"`
            key-not-text: key `true` is a boolean, not text
              2:1 `true` a boolean to YAML
              hint: quote the key
              replace `true` by `"true"`
            key-not-text: key `~` is null, not text
              3:1 `~` null to YAML
              hint: quote the key
              replace `~` by `"~"`
            key-not-text: a key is missing
              4:1 `` nothing stands before this colon
              hint: write the key, or `""` if an empty key is meant
            key-not-text: a list cannot be a key
              5:1 `[a]` used as a key
              hint: keys are text; quote the key if it is meant as one
            key-not-text: key `0777` is a number, not text
              6:1 `0777` a number to YAML
              hint: quote the key
              replace `0777` by `"0777"`
            (document)
            ambiguous-scalar: readers of YAML disagree about `0777`
              1:4 `0777` decimal to some readers, octal to others
              hint: quote it if it is text, write `0o777` if it is octal, `777` if it is decimal
              replace `0777` by `"0777"`
            ambiguous-scalar: readers of YAML disagree about `yes`
              2:4 `yes` text to some readers, a boolean to others
              hint: quote it if it is text, write `true` if it is a boolean
              replace `yes` by `"yes"`
            ambiguous-scalar: readers of YAML disagree about `1_000`
              3:4 `1_000` text to some readers, a number to others
              hint: quote it if it is text, write `1000` if it is a number
              replace `1_000` by `"1_000"`
            ambiguous-scalar: readers of YAML disagree about `12:30:45`
              4:4 `12:30:45` text to some readers, a number to base 60 to others
              hint: quote it
              replace `12:30:45` by `"12:30:45"`
            ambiguous-scalar: readers of YAML disagree about `1e3`
              5:4 `1e3` a number to some readers, text to others
              hint: quote it if it is text, write `1000.0` if it is a number
              replace `1e3` by `"1e3"`
            ambiguous-scalar: readers of YAML disagree about `-.5`
              6:4 `-.5` a number to some readers, text to others
              hint: quote it if it is text, write `-0.5` if it is a number
              replace `-.5` by `"-.5"`
            ambiguous-scalar: readers of YAML disagree about `NO`
              7:4 `NO` text to some readers, a boolean to others
              hint: quote it if it is text, write `false` if it is a boolean
              replace `NO` by `"NO"`
            ambiguous-scalar: readers of YAML disagree about `0b11`
              8:4 `0b11` a number to some readers, text to others
              hint: quote it if it is text, write it in decimal if it is a number
              replace `0b11` by `"0b11"`
            ambiguous-scalar: readers of YAML disagree about `089`
              9:4 `089` decimal to some readers, octal to others
              hint: quote it if it is text, write `89` if it is a number
              replace `089` by `"089"`
            (document)
            number-out-of-range: number `99999999999999999999` does not fit
              1:4 `99999999999999999999` outside the range of 64-bit numbers
              hint: quote it if it is text, such as an account number
              replace `99999999999999999999` by `"99999999999999999999"`
            number-out-of-range: `.inf` is not a number an output can hold
              2:4 `.inf` infinite, or no number at all
              hint: quote it if it is text, else write a finite number
              replace `.inf` by `".inf"`
            number-out-of-range: number `1.0e+999` does not fit
              3:4 `1.0e+999` outside the range of 64-bit numbers
              hint: quote it if it is text, such as an account number
              replace `1.0e+999` by `"1.0e+999"`
            (document)
            source-not-map: the file holds a list where a map of kinds belongs
              1:1 `- a` a list begins here
              hint: begin with a kind, such as `clusters:`, and put the definitions below it
            (none)
            source-not-map: the file holds a single value where a map of kinds belongs
              1:1 `a:b` a single value begins here
              hint: write a space after the colon: `a: …`
            (none)
            control-character: the control character NUL cannot stand in text
              1:4 `\"x\\0y\"` NUL stands here
              hint: remove it; of the control characters only tab and line breaks are text
            control-character: the control character escape cannot stand in text
              2:4 `\"\\e\"` escape stands here
              hint: remove it; of the control characters only tab and line breaks are text
            (document)
            unknown-anchor: no anchor `&x` stands before this alias
              1:4 `*x` a text that begins with `*` is an alias
              hint: quote it if it is meant as text
              replace `*x` by `"*x"`
            unknown-anchor: no anchor `&fooo` stands before this alias
              3:4 `*fooo` a text that begins with `*` is an alias
              hint: did you mean `*foo`?
              replace `*fooo` by `*foo`
            unknown-anchor: no anchor `&.example.com` stands before this alias
              4:4 `*.example.com` a text that begins with `*` is an alias
              hint: quote it if it is meant as text
              replace `*.example.com` by `"*.example.com"`
            (document)
            alias-cycle: alias `*a` stands inside the value it repeats
              1:11 `*a` would contain itself
              1:7 `[` the value begins here
              hint: write the inner value out, or move the anchor to the part that is to be repeated
            (document)
            control-character: the control character delete cannot stand in text
              1:5 `\u{7f}` delete stands here
              hint: remove it; of the control characters only tab and line breaks are text
            control-character: the control character NUL cannot stand in text
              2:4 `\0` NUL stands here
              hint: remove it; of the control characters only tab and line breaks are text
            (none)
            key-not-text: a map cannot be a key
              1:5 `{ .Values.x }` used as a key
              hint: quote `"{{ … }}"` if it is meant as text
            (document)
        "#]],
    );
}

#[test]
fn yaml_explains_syntax() {
    broken(
        "a: ${x ? \"y\" : \"z\"}\n===\na: [${b}]\n===\na: {b: ${c}, d: 1}\n===\na:\n<TAB>b: 1\n===\na: [1, 2\nb: 3\n===\na: [\n  1\n]\n===\n  - b: {\n    x: 1\n  }\n===\na: {x: 1\n===\na: \"foo\nb: 3\n===\na: \"foo\n===\na: @foo\n===\na: %x\n===\na: 1\n  b: 2\n===\na:\n    b: 1\n  c: 2\n===\na: 1\nb\nc: 2\n===\n%YAML 1.2\n---\na: 1\n===\na: - b\n===\na: ]\n===\na: {b: 1]\n===\na: \"\\q\"\n===\na: 'it's'\n===\na: b: c\n===\na: b\n- c\n===\na: [1,,2]\n===\na: |x\n  b\n===\na: [1, 2]]\n===\n- a\nb: 1\n===\na: 1\nb:2\nc: 3\n===\na: *\n===\na: [a b: c: d]\n===\na: >\n    \n  x\n",
        Grammar::Yaml,
        expect![[r#"
            yaml-syntax: the expression holds `: `, which YAML takes for another key
              1:14 `:` this colon
              hint: quote the value
              replace `${x ? "y" : "z"}` by `'${x ? "y" : "z"}'`
            (without a)
            yaml-syntax: an expression inside `[…]` or `{…}` needs quotes
              1:5 `${b}` YAML takes its braces for a map
              hint: put the expression between quotes
              replace `${b}` by `"${b}"`
            (without a)
            yaml-syntax: an expression inside `[…]` or `{…}` needs quotes
              1:8 `${c}` YAML takes its braces for a map
              hint: put the expression between quotes
              replace `${c}` by `"${c}"`
            (without a)
            yaml-syntax: a tab cannot indent YAML
              2:1 `\t` a tab
              hint: indent with spaces, two for each level
            (without a)
            yaml-syntax: `[` is not closed
              1:4 `[` opened here
              2:1 `b: 3` still open here, as far to the left as the key outside
              hint: write the missing `]`, or indent the lines inside `[…]`
            (without a)
            yaml-syntax: the closing `]` is not indented
              3:1 `]` as far to the left as the key
              1:4 `[` opened here
              hint: indent it deeper than its key
              replace `` by `  `
            (without a)
            yaml-syntax: `{` is not closed
              1:8 `{` opened here
              2:5 `x: 1` still open here, as far to the left as the key outside
              hint: write the missing `}`, or indent the lines inside `{…}`
            (none)
            yaml-syntax: `{` is never closed
              1:4 `{` opened here
              hint: write the missing `}`
            (without a)
            yaml-syntax: a quote is not closed before this line
              2:1 `b: 3` as far to the left as the key
              1:4 `\"` the text begins here
              hint: write the missing quote, or indent the line if the text goes on
            (without a)
            yaml-syntax: this quote is never closed
              1:4 `\"` opened here
              hint: write the missing quote at the end of the text
            (without a)
            yaml-syntax: a value cannot begin with `@`
              1:4 `@` reserved by YAML
              hint: quote the value
              replace `@foo` by `"@foo"`
            (without a)
            yaml-syntax: a value cannot begin with `%`
              1:4 `%` reserved by YAML
              hint: quote the value
              replace `%x` by `"%x"`
            (without a)
            yaml-syntax: a key cannot stand here
              2:3 `b: 2` a key below a value
              1:1 `a: 1` has its value already
              hint: remove the value above, or begin the line in the same column as its siblings
            (without a)
            yaml-syntax: the indentation of this line fits no line above
              3:3 `c: 2` neither a sibling of the keys above nor of those outside
              hint: begin the line in the same column as its siblings
            (without a.b)
            yaml-syntax: expected `:` after this key
              2:1 `b` no value follows
              hint: write `b: …`, or indent the line if it goes on with the text above
            (without a)
            yaml-syntax: YAML directives are not used here
              1:1 `%YAML 1.2` a directive
              hint: remove the line
            (none)
            yaml-syntax: a list cannot begin on the line of its key
              1:4 `- b` begins a list
              hint: put the list on the lines below, quote the value if it is text, or write `[…]`
            (without a)
            yaml-syntax: `]` closes nothing
              1:4 `]` nothing is open here
              hint: remove it, or quote the value if it is text
            (without a)
            yaml-syntax: `{` is closed with `]`
              1:4 `{` opened here
              hint: close it with `}`
            (without a)
            yaml-syntax: `\q` is not an escape
              1:5 `\\q` not understood
              hint: double the backslash (`\\`), or put the text between `'`, where backslashes are plain
            (without a)
            yaml-syntax: something follows the closing quote
              1:8 `s` after the text has ended
              hint: double the quotes that belong to the text (`''`), or put the whole value between `"`
            (without a)
            yaml-syntax: the value holds `: `, which YAML takes for another key
              1:5 `:` this colon
              hint: quote the value
              replace `b: c` by `"b: c"`
            (without a)
            yaml-syntax: a list item stands where a key is expected
              2:1 `- c` a list item
              hint: put the list below a key, or remove the dash
            (without a)
            yaml-syntax: a value is missing before this comma
              1:7 `,` nothing stands between the commas
              1:4 `[` opened here
              hint: write the value, or remove the comma
            (without a)
            yaml-syntax: only a digit, `+`, `-` and a comment may follow `|` or `>`
              1:4 `|` not understood
              hint: begin the text on the next line
            (without a)
            yaml-syntax: `]` closes nothing
              1:10 `]` nothing is open here
              hint: remove it, or quote the value if it is text
            (without a)
            yaml-syntax: a key stands where a list item is expected
              2:1 `b: 1` among the items of a list
              hint: begin the line with `- `, or indent it below its item
            (none)
            yaml-syntax: expected `:` after this key
              2:1 `b:2` no value follows
              hint: write a space after the colon: `b: 2`
            (without a)
            yaml-syntax: `*` names no anchor
              1:4 `*` a name must follow
              hint: quote the value if it is text
              replace `*` by `"*"`
            (without a)
            yaml-syntax: expected `,` or `]`
              1:11 `:` before this
              1:4 `[` opened here
              hint: separate the items with commas, and quote texts that hold brackets, braces or commas
            (without a)
            yaml-syntax: the first lines of a block text are indented deeper than the text
              3:3 `x` the text
              hint: remove the spaces from the empty lines above the text
            (without a)
        "#]],
    );
}

#[test]
fn toml_explains_syntax() {
    broken(
        "a = 1\nb = 2\na = 3\nc = {x = 1, x = 2}\n===\n[a.x]\n[b.x]\n[a.x]\n===\na = foo\nb = ${x}\nc = yes\n===\na: 1\nb: 2\n===\na = [1, 2\nb = 3\n===\na = {x = 1\n===\na = 0777\nb = \"\\q\"\nc =\n===\na b = 1\n===\na = inf\nb = 99999999999999999999\n===\n[a\nb = 1\n===\na = \"x\n===\na.b = 1\na.b.c = 2\n===\na = \"\\u0000\"\n",
        Grammar::Toml,
        expect![[r#"
            duplicate-key: key `a` is written twice in the same map
              3:1 `a` written again here
              1:1 `a` written first here
              hint: keep one of them, or join their values below one key
            duplicate-key: key `x` is written twice in the same map
              4:13 `x` written again here
              4:6 `x` written first here
              hint: keep one of them, or join their values below one key
            (none)
            duplicate-key: key `x` is written twice in the same map
              3:4 `x` written again here
              1:1 `[a.x]` written first here
              hint: keep one of them, or join their values below one key
            (without a.x)
            toml-syntax: text must be quoted in TOML: `foo`
              1:5 `foo` not a number, a date, `true` or `false`
              hint: put it between quotes
              replace `foo` by `"foo"`
            toml-syntax: text must be quoted in TOML: `${x}`
              2:5 `${x}` not a number, a date, `true` or `false`
              hint: put it between quotes
              replace `${x}` by `"${x}"`
            toml-syntax: text must be quoted in TOML: `yes`
              3:5 `yes` not a number, a date, `true` or `false`
              hint: put it between quotes
              replace `yes` by `"yes"`
            (none)
            toml-syntax: TOML joins key and value with `=`, not with `:`
              1:2 `:` a colon
              hint: write `=`
              replace `:` by ` =`
            toml-syntax: key with no value
              2:4 `` expected `=`
              hint: write `key = value`
            (none)
            toml-syntax: `[` is never closed
              1:5 `[` opened here
              2:3 `=` a key below it
              hint: write the missing `]`
            (none)
            toml-syntax: `{` is never closed
              1:11 `` expected `}`
              hint: write the missing `}`
            (none)
            toml-syntax: a number cannot begin with 0
              1:5 `0` not understood
              hint: quote it if it is text, write `0o…` if it is octal
            toml-syntax: this is not an escape
              2:7 `` expected `b`, `e`, `f`, `n`, `r`, `\`, `"`, `x`, `u`, `U`
              hint: double the backslash (`\\`), or put the text between `'`, where backslashes are plain
            toml-syntax: a value is missing
              3:4 `` expected literal string
              hint: write the value after `=`; TOML has no null
            (none)
            toml-syntax: key with no value
              1:3 `` expected `=`
              hint: write `key = value`
            (none)
            number-out-of-range: `inf` is not a number an output can hold
              1:5 `inf` infinite, or no number at all
              hint: quote it if it is text, else write a finite number
              replace `inf` by `"inf"`
            number-out-of-range: number `99999999999999999999` does not fit
              2:5 `99999999999999999999` outside the range of 64-bit numbers
              hint: quote it if it is text, such as an account number
              replace `99999999999999999999` by `"99999999999999999999"`
            (document)
            toml-syntax: the header is never closed
              1:3 `` expected `]`
              hint: write the missing `]` on the same line
            (without a)
            toml-syntax: this quote is never closed
              1:5 `\"` opened here
              hint: write the missing quote at the end of the text
            (none)
            toml-syntax: `b` has a value already and cannot hold keys
              2:3 `b` used as a table here
              hint: write the keys into one table, or rename one of them
            (none)
            control-character: the control character NUL cannot stand in text
              1:5 `\"\\u0000\"` NUL stands here
              hint: remove it; of the control characters only tab and line breaks are text
            (document)
        "#]],
    );
}

#[test]
fn values_are_counted() {
    let text = format!("a: [&a [{}], {}]\n", "x, ".repeat(999), "*a, ".repeat(449));
    for (files, expected) in [(4, 0), (5, 1), (6, 1)] {
        let mut sources = Sources::default();
        for at in 0..files {
            sources.add(Source { path: format!("{at}.yaml").into(), text: text.as_str().into(), grammar: Grammar::Yaml, library: false });
        }
        let mut diagnostics = Diagnostics::default();
        let documents = super::parse(&sources, |_, _| true, &mut super::Memory::default(), &mut diagnostics);
        assert_eq!(documents.iter().filter(|document| !document.lost.is_empty()).count(), files - 4);
        let said: Vec<String> = diagnostics.sorted(&sources).iter().map(|fault| fault.message.clone()).collect();
        assert_eq!(said.len(), expected, "{said:?}");
        assert!(said.iter().all(|said| said == "the sources of this project hold more than 2000000 values"), "{said:?}");
    }
}
