//! CEL's own conformance tests against our evaluator: all 1,284 cases that need no protobuf and no clock.

use platc::diagnostic::Diagnostics;
use platc::expression::{Fault, Host, HostNode, Key, Ty, TypeScope, Val, check, evaluate, parse};
use platc::source::Sources;
use platc::span::{FileId, TextMap};
use serde_json::Value;
use std::sync::Arc;

/// Names with values; a name such as `a.b` lies in a map `a`.
pub(crate) struct Bindings(pub(crate) Vec<(String, Val)>);

impl Host for Bindings {
    fn name(&self, name: &str) -> Result<Option<Val>, Fault> {
        Ok(self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
    }

    fn names(&self) -> Vec<Arc<str>> {
        self.0.iter().map(|(name, _)| name.as_str().into()).collect()
    }

    fn field(&self, _: HostNode, _: &str) -> Result<Option<Val>, Fault> {
        Err(Fault::Reported)
    }

    fn fields(&self, _: HostNode) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn force(&self, _: HostNode) -> Result<Val, Fault> {
        Err(Fault::Reported)
    }
}

fn bindings(case: &Value) -> Bindings {
    let mut names = Vec::new();
    for (name, value) in case["bindings"].as_object().into_iter().flatten() {
        let value = to_val(value);
        match name.split_once('.') {
            Some((space, name)) => names.push((space.to_owned(), Val::map([(Key::String(name.into()), value)]))),
            None => names.push((name.clone(), value)),
        }
    }
    Bindings(names)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}"))
}

fn to_val(value: &Value) -> Val {
    let (type_, content) = value.as_object().and_then(|map| map.iter().next()).unwrap_or_else(|| panic!("no value: {value}"));
    match type_.as_str() {
        "null" => Val::Null,
        "bool" => Val::Bool(content.as_bool().unwrap()),
        "int" => Val::Int(text(content).parse().unwrap()),
        "uint" => Val::Uint(text(content).parse().unwrap()),
        "double" => Val::Double(text(content).parse().unwrap()),
        "string" => Val::string(text(content)),
        "bytes_hex" => {
            let digits: Vec<char> = text(content).chars().collect();
            Val::Bytes(digits.chunks(2).map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap()).collect())
        }
        "list" => Val::list(content.as_array().unwrap().iter().map(to_val).collect()),
        "map" => Val::map(content.as_array().unwrap().iter().map(|pair| (key(&to_val(&pair[0])), to_val(&pair[1])))),
        "type" => Val::Type(text(content).into()),
        other => panic!("unknown type {other}"),
    }
}

fn key(value: &Val) -> Key {
    if let Val::Bool(key) = value {
        Key::Bool(*key)
    } else if let Val::Int(key) = value {
        Key::Int(*key)
    } else if let Val::Uint(key) = value {
        Key::Uint(*key)
    } else if let Val::String(key) = value {
        Key::String(Arc::clone(key))
    } else {
        panic!("not a key: {value:?}")
    }
}

/// Equal in type and value, entries of maps in any order.
fn same(a: &Val, b: &Val) -> bool {
    match (a, b) {
        (Val::Double(a), Val::Double(b)) => a == b || (a.is_nan() && b.is_nan()),
        (Val::List(a), Val::List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b)),
        (Val::Map(a), Val::Map(b)) => {
            a.len() == b.len() && a.entries().iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        (a, b) => format!("{a:?}") == format!("{b:?}"),
    }
}

fn run(case: &Value) -> Result<Val, String> {
    let source = text(&case["expr"]);
    let map = TextMap::verbatim(FileId(0), 0, source.len());
    let message = |fault: Fault| match fault {
        Fault::Reported => "reported".to_owned(),
        Fault::Diagnostic(diagnostic) => diagnostic.message,
    };
    let expr = parse(source, &map).map_err(|fault| fault.message)?;
    evaluate(&expr, &bindings(case)).map_err(message)
}

fn cases() -> Vec<Value> {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/cel-conformance.json");
    #[allow(clippy::disallowed_methods, reason = "a test reads its data")]
    let data: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    data["cases"].as_array().unwrap().clone()
}

fn name(case: &Value) -> String {
    format!("{}/{}/{}", text(&case["file"]), text(&case["section"]), text(&case["name"]))
}

#[test]
fn conformance() {
    let cases = cases();
    assert_eq!(cases.len(), 1284);
    let mut failures = Vec::new();
    for case in &cases {
        let outcome = run(case);
        let passes = match (&outcome, case.get("value")) {
            (Ok(value), Some(expected)) => same(value, &to_val(expected)),
            (Err(_), None) => true,
            (Ok(_), None) | (Err(_), Some(_)) => false,
        };
        if !passes {
            failures.push(format!("{}: {} gives {outcome:?}, not {:?}", name(case), text(&case["expr"]), case.get("value")));
        }
    }
    assert!(failures.is_empty(), "{} cases fail:\n{}", failures.len(), failures.join("\n"));
}

/// What has a value must not be refused by the checker, and the value must be of the type that the checker foretells.
#[test]
fn checker_raises_no_false_alarm() {
    let mut failures = Vec::new();
    for case in cases() {
        let Ok(value) = run(&case) else { continue };
        if case["disable_check"].as_bool() == Some(true) {
            continue;
        }
        let source = text(&case["expr"]);
        let names = bindings(&case).0.into_iter().map(|(name, _)| (name.into(), Ty::Dyn)).collect();
        let mut diagnostics = Diagnostics::default();
        let expr = parse(source, &TextMap::verbatim(FileId(0), 0, source.len())).unwrap();
        let type_ = check(&expr, &TypeScope { names, ..TypeScope::default() }, &mut diagnostics);
        let found = diagnostics.sorted(&Sources::default());
        let foretold = matches!(type_, Ty::Dyn) || type_.describe() == value.describe();
        if !found.is_empty() || !foretold {
            failures.push(format!("{}: {source} is {type_:?}: {found:?}", name(&case)));
        }
    }
    assert!(failures.is_empty(), "{} cases fail:\n{}", failures.len(), failures.join("\n"));
}

/// A second opinion: random expressions must give the same value in `cel`, another implementation, or fail in both.
mod second_opinion {
    use super::{Bindings, Val, evaluate, parse};
    use cel::{Context, Program, Value};
    use platc::span::{FileId, TextMap};
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    fn leaf() -> impl Strategy<Value = String> {
        let ints = prop_oneof![(-5i64..100).prop_map(|n| n.to_string()), Just("9223372036854775807".to_owned()), Just("-2".to_owned())];
        let doubles = prop_oneof![Just("0.5"), Just("2.0"), Just("-1.25"), Just("1e3"), Just("0.0")].prop_map(str::to_owned);
        let texts =
            prop_oneof![Just("''"), Just("'a'"), Just("\"b-c\""), Just("'é✌'"), Just("r'\\d'"), Just("'2'")].prop_map(str::to_owned);
        let uints = (0u64..50).prop_map(|n| format!("{n}u"));
        let bools = prop_oneof![Just("true"), Just("false"), Just("null")].prop_map(str::to_owned);
        prop_oneof![4 => ints, 2 => uints, 2 => doubles, 3 => texts, 3 => bools]
    }

    fn expression() -> impl Strategy<Value = String> {
        leaf().prop_recursive(5, 40, 3, |inner| {
            let operators = prop::sample::select(vec!["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"]);
            let texts = prop::sample::select(vec!["startsWith", "endsWith", "contains"]);
            let unary = prop::sample::select(vec!["-", "!"]);
            let functions = prop::sample::select(vec!["size", "int", "uint", "double", "string", "bool", "dyn"]);
            let macros = prop::sample::select(vec!["all", "exists", "exists_one", "map", "filter"]);
            prop_oneof![
                6 => (inner.clone(), operators.clone(), inner.clone()).prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
                3 => (inner.clone(), operators, inner.clone()).prop_map(|(a, operator, b)| format!("{a} {operator} {b}")),
                1 => (inner.clone(), prop::collection::vec(inner.clone(), 0..3)).prop_map(|(a, items)| format!("({a} in [{}])", items.join(", "))),
                1 => (unary, inner.clone()).prop_map(|(operator, a)| format!("{operator}({a})")),
                2 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
                2 => (inner.clone(), texts, inner.clone()).prop_map(|(a, function, b)| format!("({a}).{function}({b})")),
                2 => (functions, inner.clone()).prop_map(|(function, a)| format!("{function}({a})")),
                2 => prop::collection::vec(inner.clone(), 0..3).prop_map(|items| format!("[{}]", items.join(", "))),
                1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{'a': {a}, 'b': {b}}}")),
                1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a})[{b}]")),
                1 => (inner.clone(), macros, inner).prop_map(|(a, function, b)| format!("({a}).{function}(x, x == {b})")),
            ]
        })
    }

    fn same(ours: &Val, theirs: &Value) -> bool {
        match (ours, theirs) {
            (Val::Null, Value::Null) => true,
            (Val::Bool(a), Value::Bool(b)) => a == b,
            (Val::Int(a), Value::Int(b)) => a == b,
            (Val::Uint(a), Value::UInt(b)) => a == b,
            (Val::Double(a), Value::Float(b)) => a == b || (a.is_nan() && b.is_nan()),
            (Val::String(a), Value::String(b)) => **a == ***b,
            (Val::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b)),
            (Val::Map(a), Value::Map(b)) => {
                a.len() == b.map.len()
                    && a.entries().iter().all(|(key, value)| {
                        let key = cel::objects::Key::from(key.to_string());
                        b.map.get(&key).is_some_and(|other| same(value, other))
                    })
            }
            _ => false,
        }
    }

    fn compare(source: &str) -> Result<(), TestCaseError> {
        let ours = parse(source, &TextMap::verbatim(FileId(0), 0, source.len())).ok();
        let ours = ours.and_then(|expr| evaluate(&expr, &Bindings(Vec::new())).ok());
        let theirs = Program::compile(source).ok().and_then(|program| program.execute(&Context::default()).ok());
        let agree = match (&ours, &theirs) {
            (Some(ours), Some(theirs)) => same(ours, theirs),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        prop_assert!(agree, "{source}\n ours {ours:?}\n theirs {theirs:?}");
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, rng_seed: RngSeed::Fixed(2026), ..ProptestConfig::default() })]
        #[test]
        fn agrees(source in expression().prop_filter("the other one adds keys of maps to lists", |source| !source.contains('{') || !source.contains('+'))) {
            compare(&source)?;
        }
    }
}

/// Texts made of the language's own pieces, broken in every way: no panic, and every label lies in the text.
mod hostile {
    use super::{Bindings, Fault, Ty, Val};
    use platc::diagnostic::{Diagnostic, Diagnostics};
    use platc::expression::{Host, Target, Template, TypeScope};
    use platc::source::Sources;
    use platc::span::{FileId, TextMap};
    use proptest::prelude::*;

    const PIECES: &[&str] = &[
        "${",
        "}",
        "$${",
        "{",
        "(",
        ")",
        "[",
        "]",
        "'",
        "\"",
        "`",
        "\\",
        "\n",
        ".",
        ".?",
        "[?",
        ",",
        ":",
        "?",
        "-",
        "+",
        "*",
        "/",
        "%",
        "!",
        "==",
        "<",
        "&&",
        "||",
        " in ",
        "a",
        "b",
        "x",
        "1",
        "0x",
        "2u",
        "1.5",
        "1e999",
        "true",
        "null",
        "r'",
        "b\"",
        "é",
        "//",
        " ",
        "has(",
        ".map(x, ",
        ".all(i, v, ",
        "size(",
        "cel.bind(x, ",
        "math.greatest(",
        "cidr.subnet(",
        "regex.replace(",
        ".format(",
        "'%s'",
        "'%.9f'",
        "lists.range(9)",
        ".flatten(99)",
        "dns.label('a', 12)",
        "quantity('1Gi')",
        "semver('1.2.3')",
        "ip('::1')",
        "yaml.encode(",
        "json.encode(",
        "optional.none()",
        ".orValue(",
        "-9223372036854775808",
        "9223372036854775807",
        "'\\u00e9'",
        "'''",
        "if(",
    ];

    fn texts() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
    }

    fn labels_lie_within(text: &str, diagnostic: &Diagnostic) {
        for label in diagnostic.primary.iter().chain(&diagnostic.labels) {
            let range = label.span.start as usize..label.span.end as usize;
            assert!(text.get(range.clone()).is_some(), "{text:?} {range:?} {diagnostic:?}");
        }
    }

    fn run(text: &str) {
        let map = TextMap::verbatim(FileId(0), 0, text.len());
        let host = Bindings(vec![("a".to_owned(), Val::Int(7)), ("b".to_owned(), Val::string("é-b"))]);
        let template = match Template::parse(text, &map) {
            Ok(Some(template)) => template,
            Ok(None) => return,
            Err(faults) => return faults.iter().for_each(|fault| labels_lie_within(text, fault)),
        };
        let names = host.names().into_iter().map(|name| (name, Ty::Dyn)).collect();
        let mut diagnostics = Diagnostics::default();
        template.check(&TypeScope { names, ..TypeScope::default() }, Target::Plain, &mut diagnostics);
        let _ = template.references();
        diagnostics.sorted(&Sources::default()).iter().for_each(|fault| labels_lie_within(text, fault));
        for target in [Target::Plain, Target::Terraform] {
            if let Err(Fault::Diagnostic(fault)) = template.evaluate(&host, target) {
                labels_lie_within(text, &fault);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn never_panics(inner in texts()) {
            run(&format!("${{{inner}}}"));
            run(&inner);
        }
    }
}
