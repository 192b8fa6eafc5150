//! What says how long something is kept, or keeps it from being lost (list.txt): a shorter time deletes what is older, and a guard that is taken away is missed
//! on the day when somebody makes a mistake. In come the same part before and after, of Terraform, of an object or of the values of a chart, out go reports.

mod amount;
mod errors;
mod list;
mod objects;
mod outliving;

pub(super) use errors::told;
pub(super) use list::{PreservedChange, PreservedEffect, PreservedLine, lines};
pub(super) use objects::report;
pub(super) use outliving::{data_outlives, outlives};

use crate::wildcard;
use amount::amount;
use serde_json::Value as Json;

/// One step to a part: a key, or a position in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum PreservedStep {
    Key(String),
    Position(usize),
}

/// A part that preserves less than before.
pub(super) struct PreservedFlaw {
    pub(super) line: &'static PreservedLine,
    /// Where it is now.
    pub(super) path: Vec<PreservedStep>,
    /// What it was and what it is, as far as that is said.
    pub(super) values: (Option<String>, Option<String>),
}

impl PreservedFlaw {
    /// How the part is called: `backup.retentionPolicy`.
    pub(super) fn name(&self) -> String {
        let names = self.path.iter().filter_map(|step| if let PreservedStep::Key(key) = step { Some(key.as_str()) } else { None });
        names.collect::<Vec<_>>().join(".")
    }
}

/// What of a subject preserves less than before, by its names in the list.
pub(super) fn flaws(subjects: &[&str], old: &Json, new: &Json) -> Vec<PreservedFlaw> {
    let mut found = Vec::new();
    for (at, subject) in subjects.iter().enumerate() {
        for line in lines(subject) {
            // What stands there for a type itself counts instead of what stands there for any.
            let mut stronger = subjects.iter().take(at).flat_map(|subject| lines(subject));
            if stronger.any(|other| other.path == line.path) {
                continue;
            }
            let mut pairs = Vec::new();
            pair(&line.path, (Some(old), Some(new)), &mut Vec::new(), &mut pairs);
            for (path, was, is) in pairs.into_iter().filter(|(_, was, is)| line.change.holds(*was, *is)) {
                found.push(PreservedFlaw { line, path, values: (text(was), text(is)) });
            }
        }
    }
    found
}

/// Whether what an object holds is deleted with it, by what it says of itself; none where the list knows no word for that.
pub(super) fn is_emptied(subject: &str, object: &Json) -> Option<bool> {
    let mut known = lines(subject).iter().filter(|line| line.effect == PreservedEffect::Emptied).peekable();
    known.peek()?;
    Some(known.any(|line| {
        let mut pairs = Vec::new();
        pair(&line.path, (None, Some(object)), &mut Vec::new(), &mut pairs);
        let is_silent = pairs.iter().all(|(.., is)| text(*is).is_none());
        pairs.iter().any(|(.., is)| line.change.is_reached(*is)) || (is_silent && line.change.is_reached(None))
    }))
}

type PreservedPair<'j> = (Vec<PreservedStep>, Option<&'j Json>, Option<&'j Json>);

/// All parts that a path leads to, before and now: items of lists are the same by their names, or by where they stand.
fn pair<'j>(
    path: &[&str],
    (old, new): (Option<&'j Json>, Option<&'j Json>),
    at: &mut Vec<PreservedStep>,
    found: &mut Vec<PreservedPair<'j>>,
) {
    let (old, new) = (old.filter(|value| is_on(value)), new.filter(|value| is_on(value)));
    let [first, rest @ ..] = path else {
        found.push((at.clone(), old, new));
        return;
    };
    if old.or(new).is_none() {
        return;
    }
    let items = |value: Option<&'j Json>| value.and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    if old.is_some_and(Json::is_array) || new.is_some_and(Json::is_array) {
        let (before, now) = (items(old), items(new));
        // One block stands alone, or in a list.
        let alone = |value: Option<&'j Json>| value.filter(|value| value.is_object());
        for (index, item) in now.iter().enumerate() {
            let was = match key(item) {
                Some(key_) => before.iter().find(|other| key(other) == Some(key_)),
                None => before.get(index),
            };
            at.push(PreservedStep::Position(index));
            pair(path, (was.or(alone(old)), Some(item)), at, found);
            at.pop();
        }
        if now.is_empty() {
            before.iter().for_each(|item| pair(path, (Some(item), alone(new)), at, found));
        }
        return;
    }
    let keys = |value: Option<&'j Json>| value.and_then(Json::as_object).into_iter().flat_map(serde_json::Map::keys);
    let mut known: Vec<&String> = keys(old).chain(keys(new)).filter(|key| wildcard::name(first, key)).collect();
    known.sort_unstable();
    known.dedup();
    for key in known {
        at.push(PreservedStep::Key(key.clone()));
        pair(rest, (old.and_then(|value| value.get(key)), new.and_then(|value| value.get(key))), at, found);
        at.pop();
    }
}

/// What tells an item from others.
fn key(item: &Json) -> Option<&str> {
    ["id", "name", "key"].into_iter().find_map(|key| item.get(key)?.as_str())
}

/// Whether something is there, and does not say of itself that it is switched off.
fn is_on(value: &Json) -> bool {
    let is = |key: &str, word: &Json| value.get(key) == Some(word);
    let is_rule = value.get("expiration").is_some() || value.get("noncurrent_version_expiration").is_some();
    !value.is_null() && !(is_rule && (is("status", &"Disabled".into()) || is("enabled", &false.into())))
}

/// A part as one text.
fn text(value: Option<&Json>) -> Option<String> {
    let value = value?;
    let scalar = value.as_str().map(str::to_owned).or_else(|| (value.is_number() || value.is_boolean()).then(|| value.to_string()));
    scalar.filter(|text| !text.is_empty())
}

impl PreservedChange {
    /// Whether a part is what a change leads to. What is known only later is, to be sure.
    fn is_reached(self, is: Option<&Json>) -> bool {
        let said = text(is);
        let is_true = |silent: bool| said.as_deref().map_or(silent, |text| text == "true" || text.contains("${"));
        match self {
            Self::Less(_) | Self::Sooner { .. } | Self::Gone => false,
            Self::Off(silent) => !is_true(silent),
            Self::On(silent) => is_true(silent),
            Self::To(words) => words.split('|').any(|word| said.as_deref().unwrap_or("-") == word),
            Self::Gains(words) => gains(words, None, is),
            Self::Loses(words) => !gains(words, None, is),
        }
    }

    /// Whether a part changes so. What is known only later does not.
    fn holds(self, old: Option<&Json>, new: Option<&Json>) -> bool {
        let (was, is) = (text(old), text(new));
        let is_true = |text: Option<&String>, silent: bool| text.map_or(silent, |text| text == "true");
        if [&was, &is].into_iter().flatten().any(|text| text.contains("${")) {
            return false;
        }
        let said = |text: Option<&String>, months: bool| text.and_then(|text| amount(text, months));
        match self {
            Self::Less(silent) => {
                let of = |text: Option<&String>| {
                    if text.is_none() { silent.and_then(|silent| amount(silent, false)) } else { said(text, false) }
                };
                of(was.as_ref()).zip(of(is.as_ref())).is_some_and(|(was, is)| (was < 0.0 || is < was) && is >= 0.0)
            }
            Self::Sooner { months } => {
                let ever = |amount: Option<f64>| amount.filter(|amount| *amount > 0.0);
                // What is no amount is not judged.
                let is_known = |text: &Option<String>| text.is_none() || said(text.as_ref(), months).is_some();
                let (before, now) = (ever(said(was.as_ref(), months)), ever(said(is.as_ref(), months)));
                is_known(&was) && now.is_some_and(|now| before.is_none_or(|before| now < before))
            }
            Self::Gone => old.is_some() && new.is_none(),
            Self::Off(silent) => is_true(was.as_ref(), silent) && !is_true(is.as_ref(), silent),
            Self::On(silent) => !is_true(was.as_ref(), silent) && is_true(is.as_ref(), silent),
            Self::To(words) => {
                let is_one = |text: &Option<String>| words.split('|').any(|word| text.as_deref().unwrap_or("-") == word);
                is_one(&is) && !is_one(&was)
            }
            Self::Gains(words) => gains(words, old, new),
            Self::Loses(words) => gains(words, new, old),
        }
    }
}

/// Whether a list, or a text with commas, has an item that is like one of several words, and had none.
fn gains(words: &str, old: Option<&Json>, new: Option<&Json>) -> bool {
    let has = |value: Option<&Json>| {
        let list = value.and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default().iter().filter_map(Json::as_str);
        let texts = value.and_then(Json::as_str).unwrap_or_default().split(',').map(str::trim);
        list.chain(texts).any(|item| words.split('|').any(|word| wildcard::name(word, item)))
    };
    has(new) && !has(old)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_preserves_less() {
        for (subject, old, new, expected) in [
            (
                "aws_db_instance",
                json!({ "backup_retention_period": 14 }),
                json!({ "backup_retention_period": 3 }),
                "backup_retention_period",
            ),
            ("aws_db_instance", json!({ "backup_retention_period": 3 }), json!({ "backup_retention_period": 14 }), ""),
            ("aws_db_instance", json!({ "backup_retention_period": 3 }), json!({}), ""),
            ("aws_db_instance", json!({ "skip_final_snapshot": false }), json!({ "skip_final_snapshot": true }), "skip_final_snapshot"),
            ("aws_db_instance", json!({ "deletion_protection": true }), json!({}), "deletion_protection"),
            ("aws_cloudwatch_log_group", json!({}), json!({ "retention_in_days": 30 }), "retention_in_days"),
            ("aws_cloudwatch_log_group", json!({ "retention_in_days": 30 }), json!({ "retention_in_days": 0 }), ""),
            ("aws_kinesis_stream", json!({ "retention_period": 48 }), json!({}), "retention_period"),
            ("google_container_cluster", json!({}), json!({ "deletion_protection": false }), "deletion_protection"),
            ("google_container_cluster", json!({ "deletion_protection": true }), json!({}), ""),
            (
                "aws_s3_bucket_lifecycle_configuration",
                json!({ "rule": [{ "id": "a", "status": "Enabled", "expiration": { "days": 90 } }] }),
                json!({ "rule": [{ "id": "b", "status": "Enabled", "expiration": { "days": 300 } }, { "id": "a", "status": "Enabled", "expiration": { "days": 90 } }] }),
                "rule.expiration.days",
            ),
            (
                "aws_s3_bucket_lifecycle_configuration",
                json!({ "rule": [{ "id": "a", "status": "Disabled", "expiration": [{ "days": 90 }] }] }),
                json!({ "rule": [{ "id": "a", "status": "Enabled", "expiration": [{ "days": 90 }] }] }),
                "rule.expiration.days",
            ),
            (
                "aws_s3_bucket_lifecycle_configuration",
                json!({ "rule": [{ "id": "a", "expiration": { "days": 9 } }, { "id": "b", "expiration": { "days": 5 } }] }),
                json!({ "rule": [{ "id": "b", "expiration": { "days": 5 } }, { "id": "a", "expiration": { "days": 9 } }] }),
                "",
            ),
            (
                "kafka.strimzi.io/KafkaTopic",
                json!({ "spec": { "config": { "retention.ms": -1 } } }),
                json!({ "spec": { "config": { "retention.ms": 60000 } } }),
                "spec.config.retention.ms",
            ),
            (
                "postgresql.cnpg.io/Cluster",
                json!({ "spec": { "backup": { "retentionPolicy": "3w" } } }),
                json!({ "spec": { "backup": { "retentionPolicy": "1m" } } }),
                "",
            ),
            (
                "pxc.percona.com/PerconaXtraDBCluster",
                json!({ "metadata": {} }),
                json!({ "metadata": { "finalizers": ["percona.com/delete-pxc-pvc"] } }),
                "metadata.finalizers",
            ),
        ] {
            let found: Vec<String> = flaws(&[subject, "*"], &old, &new).iter().map(PreservedFlaw::name).collect();
            assert_eq!(found.join(", "), expected, "{subject} {old} {new}");
        }
    }
}
