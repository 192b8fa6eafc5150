//! The layout of examples; the laws for everything else: same tree, and nothing left to do.

use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn check(text: &str, grammar: Grammar, expected: Expect) {
    let formatted = format(text, grammar).unwrap();
    expected.assert_eq(&formatted);
    law(text, grammar);
}

/// Formatting keeps the tree and is done after one time; whether it did anything.
fn law(text: &str, grammar: Grammar) -> bool {
    let Ok(before) = read(text, grammar) else { return false };
    let formatted = format(text, grammar).unwrap();
    let after = read(&formatted, grammar).unwrap();
    assert!(same(&before.root, &after.root), "{text}\n=>\n{formatted}");
    assert_eq!(format(&formatted, grammar).unwrap(), formatted, "twice, of\n{text}");
    let comments = |text: &str| text.matches("# c").count();
    assert_eq!(comments(&formatted), comments(text), "{text}\n=>\n{formatted}");
    formatted != text
}

#[test]
fn yaml_moves_to_two_spaces() {
    check(
        r#"


# the platform
platform:
    name:    acme   # why
    zones : [a,b ,  {x: 1,y: "2, 3"}, ]
    empty: {  }


    # about text
    text: |4
         first
        second

    folded: >-
         one
         two

    # at the end of the platform
list:
- a:   1
  b:
  - x
  -   - w
      - z
-
  c: 2
- # comment
  d: "one
    two

      three"
- [
    a, {
  b: 1
  }, # c
    ]

# at the end
"#,
        Grammar::Yaml,
        expect![[r##"
            # the platform
            platform:
              name: acme   # why
              zones: [a, b, { x: 1, y: "2, 3" }]
              empty: {}

              # about text
              text: |2
                 first
                second

              folded: >-
                one
                two

              # at the end of the platform
            list:
              - a: 1
                b:
                  - x
                  - - w
                    - z
              -
                c: 2
              - # comment
                d: "one
                  two

                  three"
              - [
                a, {
                  b: 1
                }, # c
                ]

            # at the end
        "##]],
    );
}

#[test]
fn yaml_expressions_get_quotes() {
    check(
        "a: [${x}, ${y}]\nb: ${x ? 'y' : 'z'}\nc: {d: ${e}}\nd: [\n  x,\n]\n",
        Grammar::Yaml,
        expect![[r#"
            a: ["${x}", "${y}"]
            b: "${x ? 'y' : 'z'}"
            c: { d: "${e}" }
            d: [
              x,
              ]
        "#]],
    );
}

#[test]
fn toml_is_laid_out() {
    check(
        "\n\na=1\n  b   =  \"x = y\"   # why\n[t]\n   c.d='''\n  kept\n   '''\n\n\n# about u\n[[u]]\nlist=[\n1,\n    [ 2,\n3 ], # two\n]\n\"k = 1\" = { a = 1 }\n\n",
        Grammar::Toml,
        expect![[r#"
            a = 1
            b = "x = y"   # why

            [t]
            c.d = '''
              kept
               '''

            # about u
            [[u]]
            list = [
              1,
              [ 2,
                3 ], # two
            ]
            "k = 1" = { a = 1 }
        "#]],
    );
}

#[test]
fn what_is_broken_is_said() {
    let errors = format("a: [1\n", Grammar::Yaml).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].code, Code::YamlSyntax);
    assert_eq!(format("a = \nb = x\n", Grammar::Toml).unwrap_err().len(), 2);
}

#[test]
fn what_cannot_be_laid_out_stays() {
    for text in ["? a\n: b\n", "a: |\n   text without a line break at the end", "a: \"x\\ \n  y\"\n"] {
        law(text, Grammar::Yaml);
    }
    assert_eq!(format("? a\n:   b\n", Grammar::Yaml).unwrap(), "? a\n:   b\n");
    assert_eq!(format("", Grammar::Yaml).unwrap(), "");
    assert_eq!(format("# c\n", Grammar::Yaml).unwrap(), "# c\n");
}

/// A tree written in many ways.
#[derive(Clone, Debug)]
enum Part {
    Leaf(&'static str),
    Map(Vec<(usize, Part, bool)>),
    List(Vec<(usize, Part, bool)>),
}

fn part() -> impl Strategy<Value = Part> {
    const LEAVES: &[&str] = &[
        "x",
        " x",
        "  \"a:  b\"",
        "",
        " # c",
        "x   # c",
        "[a,b]",
        "{a: 1,b:  [x]}",
        "[ ]",
        "{}",
        "|\n@x\n@ y\n\n@z",
        "|+\n@x\n\n",
        ">-\n@x\n@y",
        "|2\n@ x",
        "plain\n@more\n\n@more",
        "'a\n\n@b'",
        "\"a \\\n@b\"",
        "[\n@a,\n@ b # c\n@]",
        "{\n@a: [\n@1],\n\n@b: 2 }",
        "&x y",
        "!!str  1",
        "\"${a}\"",
        "${a}",
    ];
    let leaf = proptest::sample::select(LEAVES).prop_map(Part::Leaf);
    leaf.prop_recursive(4, 20, 4, |inner| {
        let entry = (0..5_usize, inner, any::<bool>());
        prop_oneof![
            proptest::collection::vec(entry.clone(), 1..5).prop_map(Part::Map),
            proptest::collection::vec(entry, 1..5).prop_map(Part::List),
        ]
    })
}

fn write(part: &Part, column: usize, counter: &mut usize, out: &mut String) {
    let indent = |columns: usize, out: &mut String| out.extend(std::iter::repeat_n(' ', columns));
    match part {
        Part::Leaf(text) => {
            if !text.starts_with(' ') {
                out.push(' ');
            }
            let continuation = format!("\n{}", " ".repeat(column + 2));
            out.push_str(&text.replace("\n@", &continuation));
            out.push('\n');
        }
        Part::Map(entries) | Part::List(entries) => {
            out.push('\n');
            for (extra, entry, comment) in entries {
                if *comment {
                    out.push_str(["\n", "\n\n\n", "", " \n"].get(*extra).unwrap_or(&""));
                    indent(column + extra % 2, out);
                    out.push_str("# c\n");
                }
                indent(column, out);
                *counter += 1;
                match part {
                    Part::Map(_) => {
                        out.push_str(&format!("k{counter}"));
                        indent(extra / 3, out);
                        out.push(':');
                    }
                    Part::List(_) | Part::Leaf(_) => out.push('-'),
                }
                // Lists may stand at the column of their key.
                let indentless = matches!((part, entry), (Part::Map(_), Part::List(_))) && *comment;
                write(entry, column + if indentless { 0 } else { 1 + extra }, counter, out);
            }
        }
    }
}

fn written() -> impl Strategy<Value = String> {
    proptest::collection::vec((0..5_usize, part(), any::<bool>()), 1..4).prop_map(|entries| {
        let mut out = String::new();
        write(&Part::Map(entries), 0, &mut 0, &mut out);
        out
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn yaml_keeps_its_meaning(text in written()) {
        law(&text, Grammar::Yaml);
    }

    #[test]
    fn toml_keeps_its_meaning(lines in proptest::collection::vec(proptest::sample::select(&[
        "a=1", "  b = \"x = # c\"", "c='''", "x = 1", "'''", "\"\"\"", "d = [", "1,", "  2, # c", "]", "[t]", "[[u]]", " # c", "", "", "e.f = {x=1}", "\"g h\"=2", "i = \"\"\"a\\", "  b\"\"\"\"", "'j\"' = 'k'"
    ][..]), 0..14)) {
        law(&lines.join("\n"), Grammar::Toml);
    }
}

#[test]
fn most_texts_are_laid_out() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut valid, mut changed) = (0, 0);
    for _ in 0..300 {
        let text = written().new_tree(&mut runner).unwrap().current();
        valid += usize::from(read(&text, Grammar::Yaml).is_ok());
        changed += usize::from(law(&text, Grammar::Yaml));
    }
    assert!(valid > 100 && changed * 10 > valid * 8, "{changed} of {valid} changed");
}
