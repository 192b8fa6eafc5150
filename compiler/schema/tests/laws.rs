//! Whatever stands in a schema or a value: an answer, never a panic; and what a type gives as defaults is a value of it.

use super::about;
use super::{compiled, read};
use crate::diagnostic::Diagnostics;
use crate::origin::{LayerId, Origin};
use crate::schema::{Checked, Mode, check, compile, json_schema, reference, tightens};
use crate::source::{Grammar, Source, Sources};
use crate::span::Span;
use crate::value::{Entry, Value};
use proptest::prelude::*;

/// A schema with one field whose declaration is this text, standing in its source as it is.
fn field(sources: &mut Sources, text: &str) -> Value {
    let source = Source { path: "class.yaml".into(), text: text.into(), grammar: Grammar::Yaml, library: false };
    let span = Span::new(sources.add(source), 0, text.len());
    let origin = Origin { span, layer: LayerId(1) };
    Value::map(vec![Entry::plain("f", span, Value::string(text, origin))], origin)
}

fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "string",
        "integer",
        "[]",
        "map[string]",
        "quantity",
        "|",
        " ",
        "default=",
        "minimum=",
        "enum=",
        "pattern=",
        "listType=map",
        "\"",
        "'",
        "[",
        "]",
        "{",
        "}",
        ":",
        ",",
        "\\",
        "${",
        "}",
        "1",
        "-1",
        "1Gi",
        "90s",
        "true",
        "a",
        "é",
        "examples=",
        "required=true",
        " or ",
        "(",
        ")",
        "keyPattern=",
        "replaces=",
        "cluster",
        "f",
    ]);
    prop::collection::vec(word, 0..24).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn no_shorthand_brings_it_down(text in words(), value in words()) {
        let mut sources = Sources::default();
        let schema = field(&mut sources, &text);
        let other = field(&mut sources, &value);
        let mut diagnostics = Diagnostics::default();
        // A declaration that can be written out declares the same.
        if let Some(long) = super::super::written_out(schema.get("f").unwrap(), &sources) {
            let whole = Value::map(vec![Entry::plain("f", long.origin.span, long.clone())], long.origin);
            let (mut short, mut spelled) = (Diagnostics::default(), Diagnostics::default());
            let one = compile(&schema, None, &sources, &mut short);
            let other = compile(&whole, None, &sources, &mut spelled);
            if short.is_empty() && spelled.is_empty() {
                prop_assert_eq!(reference(&one), reference(&other));
            }
        }
        let type_ = compile(&schema, Some(&other), &sources, &mut diagnostics);
        let child = compile(&other, Some(&schema), &sources, &mut diagnostics);
        tightens(&type_, &child, "", &mut diagnostics);
        prop_assert!(json_schema(&type_).is_object());
        prop_assert!(reference(&type_).starts_with("| field"));
        let defaults = type_.defaults(LayerId(2));
        let checked = Checked { kind: "service", class: "service/a", subject: Some(&about("apps")), defined: None, beside: &[], sources: &sources };
        for value in defaults.iter().chain([&other]) {
            check(&type_, &type_.complete(value, LayerId(2)), &checked, Mode::Complete, &mut diagnostics);
            check(&type_, value, &checked, Mode::Layer, &mut diagnostics);
        }
        // Every place lies in its source, on character boundaries: a label there can be drawn.
        for diagnostic in diagnostics.sorted(&sources) {
            for label in diagnostic.primary.iter().chain(&diagnostic.labels) {
                let text = &sources.get(label.span.file).unwrap().text;
                prop_assert!(text.get(label.span.start as usize..label.span.end as usize).is_some(), "{diagnostic:?}");
            }
        }
    }

    #[test]
    fn completing_twice_is_completing_once(a in 0..3_i64, keys in prop::collection::vec("[a-c]", 0..4)) {
        let mut sources = Sources::default();
        let class = "types:\n  t: { a: integer | default=1, t: t, l: '[]t' }\nschema:\n  l: '[]t'\n  m: map[string]t\n";
        let type_ = compiled(&mut sources, "class.yaml", class);
        let items = keys.iter().map(|key| format!("{{ {key}: {{}} }}").replace("{ a: {} }", &format!("{{ a: {a} }}")));
        let items = items.map(|item| item.replace("b: {}", "t: {}").replace("c: {}", "l: [{}]")).collect::<Vec<_>>().join(", ");
        let value = read(&mut sources, "a.yaml", &format!("l: [{items}]\nm: {{ x: {{}} }}\n"));
        let once = type_.complete(&value, LayerId(2));
        let twice = type_.complete(&once, LayerId(2));
        prop_assert!(once.same_data(&twice));
        let mut diagnostics = Diagnostics::default();
        let checked = Checked { kind: "service", class: "service/a", subject: Some(&about("apps")), defined: None, beside: &[], sources: &sources };
        check(&type_, &once, &checked, Mode::Complete, &mut diagnostics);
        prop_assert!(diagnostics.is_empty());
    }
}
