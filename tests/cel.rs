//! CEL's own conformance tests against our evaluator: all 1,284 cases that need no protobuf and no clock.

use platc::diagnostic::Diagnostics;
use platc::expression::{Fault, Host, Key, Node, Scope, Ty, Val, check, evaluate, parse};
use platc::source::Sources;
use platc::span::{FileId, TextMap};
use serde_json::Value;
use std::sync::Arc;

/// Names with values; a name such as `a.b` lies in a map `a`.
struct Bindings(Vec<(String, Val)>);

impl Host for Bindings {
    fn name(&self, name: &str) -> Result<Option<Val>, Fault> {
        Ok(self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
    }

    fn names(&self) -> Vec<Arc<str>> {
        self.0.iter().map(|(name, _)| name.as_str().into()).collect()
    }

    fn field(&self, _: Node, _: &str) -> Result<Option<Val>, Fault> {
        Err(Fault::Reported)
    }

    fn fields(&self, _: Node) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn force(&self, _: Node) -> Result<Val, Fault> {
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
        "map" => Val::map(content.as_array().unwrap().iter().map(|pair| {
            let key = match to_val(&pair[0]) {
                Val::Bool(key) => Key::Bool(key),
                Val::Int(key) => Key::Int(key),
                Val::Uint(key) => Key::Uint(key),
                Val::String(key) => Key::String(key),
                other => panic!("not a key: {other:?}"),
            };
            (key, to_val(&pair[1]))
        })),
        "type" => Val::Type(text(content).into()),
        other => panic!("unknown type {other}"),
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
        let type_ = check(&expr, &Scope { names }, &mut diagnostics);
        let found = diagnostics.sorted(&Sources::default());
        let foretold = matches!(type_, Ty::Dyn) || type_.describe() == value.describe();
        if !found.is_empty() || !foretold {
            failures.push(format!("{}: {source} is {type_:?}: {found:?}", name(&case)));
        }
    }
    assert!(failures.is_empty(), "{} cases fail:\n{}", failures.len(), failures.join("\n"));
}
