//! `yaml.encode`: a value becomes an output tree, which the printer of all outputs writes; so encoded text is as safe as any output.

use super::encode::real;
use super::{Context, Trouble};
use crate::expression::budget::{DEPTH, TOO_DEEP};
use crate::expression::late;
use crate::expression::val::Val;
use crate::print::{self, Tree};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

/// Bytes that a value or a key takes in the tree besides its text.
const NODE: usize = 48;

/// A value as a YAML document, a line feed at its end.
pub(super) fn encode(value: &Val, context: &mut Context<'_>) -> Result<String, Trouble> {
    Ok(print::yaml(&tree(value, DEPTH, context)?))
}

fn tree(value: &Val, depth: usize, context: &mut Context<'_>) -> Result<Tree, Trouble> {
    let Some(depth) = depth.checked_sub(1) else { return Err(Trouble::Costly(TOO_DEEP)) };
    context.steps(1)?;
    // Every line stands behind the indent of its level, and so does every line of a text.
    let indent = 2 * (DEPTH - depth);
    context.bytes(NODE + indent)?;
    let text = |text: String, context: &mut Context<'_>| {
        context.work(text.len())?;
        let lines = text.bytes().filter(|byte| *byte == b'\n').count();
        context.bytes(text.len().saturating_add(lines.saturating_mul(indent)))?;
        Ok(Tree::text(text))
    };
    Ok(match value {
        Val::Node(node) => return tree(&context.written(*node)?, depth, context),
        Val::List(items) => Tree::list(items.iter().map(|item| tree(item, depth, context)).collect::<Result<Vec<_>, _>>()?),
        Val::Map(map) => {
            let mut entries = Vec::with_capacity(map.len());
            for (key, value) in map.entries() {
                let key = key.to_string();
                context.bytes(key.len() + NODE)?;
                entries.push((key, tree(value, depth, context)?));
            }
            Tree::map(entries)
        }
        Val::Null => Tree::null(),
        Val::Bool(bool) => Tree::bool(*bool),
        Val::Int(int) => Tree::int(*int),
        Val::Uint(uint) => match i64::try_from(*uint) {
            Ok(int) => Tree::int(int),
            Err(_) => return Err(Trouble::Argument(0, "a number above 9223372036854775807 cannot be encoded".to_owned())),
        },
        Val::Double(double) => {
            real(*double)?;
            Tree::float(*double)
        }
        Val::String(string) => return text(string.to_string(), context),
        Val::Bytes(bytes) => return text(BASE64.encode(bytes), context),
        Val::Opaque(opaque) => return tree(&opaque.plain(), depth, context),
        Val::Late(value) => return Err(Trouble::Late(late::words(value))),
        Val::Type(_) | Val::Optional(_) => return Err(Trouble::Argument(0, format!("{} cannot be encoded", value.describe()))),
    })
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
