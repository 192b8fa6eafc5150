//! Labels and annotations as Kubernetes takes them: in comes the metadata of an object, or what a thing says of the metadata of all its objects,
//! out go reports. What is no text is told by others.

use super::errors;
use crate::diagnostic::Diagnostic;
use crate::schema::{TextFormat, flaw};
use crate::value::{Map, Value};

/// What is wrong with labels and annotations. `of` is what has them, in words.
pub(crate) fn flaws(metadata: &Value, of: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (field, word) in [("labels", "label"), ("annotations", "annotation")] {
        for entry in metadata.get(field).and_then(Value::as_map).map(Map::entries).unwrap_or_default() {
            if entry.template.is_some() {
                continue;
            }
            if let Some(flaw) = flaw(TextFormat::LabelKey, &entry.key) {
                found.push(errors::bad_metadata_key(word, &entry.key, of, &flaw, entry.span));
            } else if field == "annotations" && is_no_text(&entry.key) {
                found.push(errors::annotation_without_prefix(&entry.key, of, entry.span));
            }
            let text = entry.value.as_str().filter(|_| field == "labels");
            if let Some(flaw) = text.and_then(|text| flaw(TextFormat::LabelValue, text)) {
                found.push(errors::bad_label_value(&entry.key, of, &flaw, entry.value.origin.span));
            }
        }
    }
    found
}

/// Whether a key is taken for something else than text by what lays objects out: it reads the keys of annotations again, without their quotes.
fn is_no_text(key: &str) -> bool {
    let words = ["true", "false", "null"];
    if words.iter().any(|word| key.eq_ignore_ascii_case(word)) {
        return true;
    }
    let Some(digits) = Some(key.replace('_', "")).filter(|digits| digits.starts_with(|char: char| char.is_ascii_digit())) else {
        return false;
    };
    let radix = |prefix: &str, radix: u32| digits.strip_prefix(prefix).is_some_and(|rest| i64::from_str_radix(rest, radix).is_ok());
    let is_number = digits.parse::<f64>().is_ok() || radix("0x", 16) || radix("0o", 8) || radix("0b", 2);
    let parts: Vec<&str> = key.splitn(3, '-').collect();
    let is_count = |part: &str, longest: usize| (1..=longest).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    is_number
        || matches!(parts.as_slice(), [year, month, day] if is_count(year, 4) && is_count(month, 2) && day.starts_with(|char: char| char.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_are_taken_for_something_else() {
        for key in ["true", "False", "null", "1", "1.5", "1e3", "0x1F", "1_000", "2020-01-01"] {
            assert!(is_no_text(key), "{key}");
        }
        for key in ["yes", "on", "a", "3scale", "1-2-x", "v1", "example.com/1", "inf"] {
            assert!(!is_no_text(key), "{key}");
        }
    }
}
