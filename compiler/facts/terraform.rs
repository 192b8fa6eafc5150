//! What Terraform tells: the text of `terraform output -json` → outputs, and what of them is kept.

use super::entries;
use crate::json;
use crate::limit::VALUES;
use crate::origin::LayerId;
use crate::print::{self, Tree};
use crate::source::{Grammar, Source, Sources};
use crate::span::Span;
use crate::value::{Data, Entry, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One output, as Terraform tells it.
#[derive(Clone, Debug)]
pub struct TerraformOutput {
    /// Whether Terraform calls it sensitive.
    pub sensitive: bool,
    /// What it is.
    pub value: Value,
}

/// What is kept: name of an output → its value, none of them sensitive.
pub type Recorded = BTreeMap<Arc<str>, Value>;

/// Reads what `terraform output -json` prints.
///
/// # Errors
/// If it is something else, in words.
pub fn outputs(text: &str) -> Result<BTreeMap<Arc<str>, TerraformOutput>, String> {
    let value = value(text, "standard input")?;
    let output = |entry: &Entry| {
        let flag = entry.value.get("sensitive").and_then(Value::as_bool);
        match (flag, entry.value.get("value")) {
            (Some(sensitive), Some(value)) => Ok((Arc::clone(&entry.key), TerraformOutput { sensitive, value: value.clone() })),
            (_, _) => Err(format!("`{}` has no `sensitive` and `value`, which each output has", crate::visible::visible(&entry.key))),
        }
    };
    entries(&value).iter().map(output).collect()
}

/// Reads a file of facts by itself.
///
/// # Errors
/// If it is none, in words.
pub fn kept(text: &str) -> Result<Recorded, String> {
    let value = value(text, "it")?;
    Ok(entries(&value).iter().map(|entry| (Arc::clone(&entry.key), entry.value.clone())).collect())
}

/// A map in JSON.
fn value(text: &str, what: &str) -> Result<Value, String> {
    let mut sources = Sources::default();
    let source = Source { path: "".into(), text: text.into(), grammar: Grammar::Json, library: false };
    let file = sources.add(source);
    if text.trim().is_empty() {
        return Err(format!("{what} is empty"));
    }
    let mut left = VALUES;
    let value = json::parse((file, LayerId::RECORDED), text, &mut left).map_err(|fault| {
        let place = sources.position(Span::new(file, fault.start, fault.end));
        format!("{what} is no JSON: line {}, column {}: {}", place.line, place.column, fault.what)
    })?;
    if value.as_map().is_none() {
        return Err(format!("{what} must hold a map of outputs, found {}", value.describe()));
    }
    Ok(value)
}

/// The text of a file of facts: sorted, one output after the other.
#[must_use]
pub fn print(recorded: &Recorded) -> String {
    let entries = recorded.iter().filter_map(|(name, value)| Some((Arc::clone(name), Tree::from_value(&sorted(value))?)));
    print::json(&Tree::map(entries))
}

/// A value with the keys of its maps in order, because Terraform's are in none of their own.
fn sorted(value: &Value) -> Value {
    match &value.data {
        Data::Map(map) => {
            let mut entries: Vec<Entry> =
                map.entries().iter().map(|entry| Entry { value: sorted(&entry.value), ..entry.clone() }).collect();
            entries.sort_by(|a, b| a.key.cmp(&b.key));
            Value::map(entries, value.origin)
        }
        Data::List(list) => Value::list(list.items().iter().map(sorted).collect(), value.origin),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => value.clone(),
    }
}

/// Where two sets of facts differ: name, what is kept and what Terraform tells now.
#[must_use]
pub fn compare<'a>(kept: &'a Recorded, now: &'a Recorded) -> Vec<(&'a str, Option<&'a Value>, Option<&'a Value>)> {
    let names: std::collections::BTreeSet<&Arc<str>> = kept.keys().chain(now.keys()).collect();
    let both = names.into_iter().map(|name| (&**name, kept.get(name), now.get(name)));
    both.filter(|(_, kept, now)| match (kept, now) {
        (Some(kept), Some(now)) => !kept.same_data(now),
        (_, _) => true,
    })
    .collect()
}
