//! Functions over late values against the real Terraform: each row of the table over hostile values, and expressions at random. The outcome
//! of the expression that is emitted is the outcome of ours over the known values.

mod random;
mod rows;

use crate::support;
use platc::expression::{Fault, Host, HostNode, Key, Late, LateReference, Ty, Val, evaluate, parse};
use platc::span::{FileId, Span, TextMap};
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// Values by name, which are late or not.
struct Locals<'a> {
    values: &'a [(&'static str, Value)],
    late: fn(&str) -> bool,
    /// What is said to be their type, instead of what it is.
    told: Option<Ty>,
}

impl<'a> Locals<'a> {
    fn late(values: &'a [(&'static str, Value)]) -> Self {
        Self { values, late: |_| true, told: None }
    }

    fn now(values: &'a [(&'static str, Value)]) -> Self {
        Self { late: |_| false, ..Self::late(values) }
    }
}

impl Host for Locals<'_> {
    fn name(&self, name: &str) -> Result<Option<Val>, Fault> {
        let Some((_, value)) = self.values.iter().find(|(known, _)| *known == name) else { return Ok(None) };
        if !(self.late)(name) {
            return Ok(Some(val(value)));
        }
        let span = Span::new(FileId(0), 0, 0);
        let reference = LateReference {
            environment: "".into(),
            stack: "".into(),
            address: format!("local.{name}").into(),
            output: None,
            sensitive: None,
            private: None,
            span,
        };
        Ok(Some(Val::Late(Arc::new(
            Late::reference(reference).typed(self.told.clone().unwrap_or_else(|| ty(value))).known(Some(val(value))),
        ))))
    }

    fn names(&self) -> Vec<Arc<str>> {
        self.values.iter().map(|(name, _)| Arc::from(*name)).collect()
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

/// A value as Terraform gives it: maps go by their keys.
pub(crate) fn val(value: &Value) -> Val {
    match value {
        Value::Null => Val::Null,
        Value::Bool(bool) => Val::Bool(*bool),
        Value::Number(number) => number.as_i64().map_or_else(|| Val::Double(number.as_f64().unwrap()), Val::Int),
        Value::String(text) => Val::string(text.as_str()),
        Value::Array(items) => Val::list(items.iter().map(val).collect()),
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            Val::map(entries.into_iter().map(|(key, value)| (Key::String(key.as_str().into()), val(value))))
        }
    }
}

fn ty(value: &Value) -> Ty {
    match value {
        Value::Null => Ty::Null,
        Value::Bool(_) => Ty::Bool,
        Value::Number(number) if number.is_i64() => Ty::Int,
        Value::Number(_) => Ty::Double,
        Value::String(_) => Ty::String,
        Value::Array(items) => Ty::list(items.first().map_or(Ty::String, ty)),
        Value::Object(entries) => Ty::map(entries.values().next().map_or(Ty::String, ty)),
    }
}

fn plain(value: &Val) -> Value {
    match value {
        Val::Null => Value::Null,
        Val::Bool(bool) => json!(bool),
        Val::Int(int) => json!(int),
        Val::Double(double) => json!(double),
        Val::String(text) => json!(&**text),
        Val::Bytes(bytes) => json!(String::from_utf8(bytes.to_vec()).unwrap()),
        Val::List(items) => items.iter().map(plain).collect(),
        Val::Map(map) => map.entries().iter().map(|(key, value)| (key.to_string(), plain(value))).collect::<serde_json::Map<_, _>>().into(),
        Val::Late(late) => plain(late.known.as_ref().unwrap()),
        other => panic!("{other:?}"),
    }
}

/// Whether two values are the same as JSON has them, where `1` is `1.0`.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        _ => a == b,
    }
}

fn run(expression: &str, host: &Locals<'_>) -> Result<Val, String> {
    let map = TextMap::verbatim(FileId(0), 0, expression.len());
    let parsed = parse(expression, &map).unwrap_or_else(|fault| panic!("{expression}: {}", fault.message));
    evaluate(&parsed, host).map_err(|fault| match fault {
        Fault::Reported => "reported".to_owned(),
        Fault::Diagnostic(diagnostic) => format!("{}: {}", diagnostic.code.word(), diagnostic.message),
    })
}

/// An expression of ours, what it becomes and what it is.
struct Emitted {
    written: String,
    terraform: String,
    expected: Value,
}

/// What Terraform makes of expressions, where the locals have these values.
fn terraform(values: &[(&'static str, Value)], emitted: &[Emitted]) -> Vec<Value> {
    let escaped = |value: &Value| -> Value { serde_json::from_str(&value.to_string().replace("${", "$${").replace("%{", "%%{")).unwrap() };
    let mut locals: serde_json::Map<String, Value> = values.iter().map(|(name, value)| ((*name).to_owned(), escaped(value))).collect();
    let results: Vec<Value> = emitted.iter().map(|one| json!(format!("${{{}}}", one.terraform))).collect();
    locals.insert("results".into(), results.into());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.tf.json"), serde_json::to_string_pretty(&json!({ "locals": locals })).unwrap()).unwrap();
    let mut child = Command::new("terraform")
        .arg("console")
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"base64encode(jsonencode(local.results))\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let found = said.trim().strip_prefix('"').and_then(|said| decoded(said.strip_suffix('"')?));
    found.unwrap_or_else(|| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)))
}

fn decoded(text: &str) -> Option<Vec<Value>> {
    let decoded = run(&format!("string(base64.decode('{text}'))"), &Locals::now(&[])).ok()?;
    let Val::String(text) = decoded else { return None };
    serde_json::from_str(&text).ok()
}

/// Runs expressions over late values, and compares with what Terraform makes of them.
fn compare(values: &[(&'static str, Value)], emitted: &[Emitted]) {
    for one in emitted {
        for (at, _) in one.terraform.match_indices("{evil}") {
            let before = &one.terraform[..at];
            assert!(before.ends_with("$$") || before.ends_with("%%"), "a text opens an expression: {}", one.terraform);
        }
    }
    if !support::has("terraform", "version") {
        return;
    }
    let found = terraform(values, emitted);
    assert_eq!(found.len(), emitted.len());
    for (one, found) in emitted.iter().zip(&found) {
        assert!(
            same(found, &one.expected),
            "{}\n  becomes {}\n  which is {found}\n  and not  {}",
            one.written,
            one.terraform,
            one.expected
        );
    }
}
