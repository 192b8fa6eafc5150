//! What to write instead of a value of a wrong type, where that is plain.

use crate::schema::{Shape, Type, literal, scalar};
use crate::value::{Data, Value};
use std::sync::Arc;

/// How a value becomes one of the type wanted.
pub(super) struct Cure {
    /// What to do, at its place.
    pub(super) label: String,
    /// From what is written there to what should be.
    pub(super) edit: Edit,
}

/// From what is written to what should be; none if what is written is not as expected.
pub(super) type Edit = Box<dyn Fn(&str) -> Option<String>>;

/// How a value becomes one of the type wanted, if that is plain.
pub(super) fn cure(type_: &Type, value: &Value) -> Option<Cure> {
    let to = |label: String, text: String| Some(Cure { label, edit: Box::new(move |_| Some(text.clone())) });
    match (&type_.shape, &value.data) {
        (Shape::Boolean | Shape::Any, Data::String(text)) if matches!(&*text.to_lowercase(), "yes" | "on" | "y") => {
            to("write true".into(), "true".into())
        }
        (Shape::Boolean | Shape::Any, Data::String(text)) if matches!(&*text.to_lowercase(), "no" | "off" | "n") => {
            to("write false".into(), "false".into())
        }
        (Shape::Boolean, Data::Int(0)) => to("write false".into(), "false".into()),
        (Shape::Boolean, Data::Int(1)) => to("write true".into(), "true".into()),
        (Shape::Integer | Shape::Number, Data::String(text)) if is_decimal(text) => {
            let (text, number) = (Arc::clone(text), text.trim_start_matches('0').to_owned());
            let label = format!("write {number}");
            Some(Cure { label, edit: Box::new(move |source| (source == &*text).then(|| number.clone())) })
        }
        (Shape::Integer | Shape::Number | Shape::Boolean | Shape::Any, Data::String(text)) => {
            let bare = text.trim().to_owned();
            let parsed = Value::new(literal::scalar(&bare), value.origin);
            let quoted = format!("\"{text}\"");
            let single = format!("'{text}'");
            // Of any type is a text too, so that only what is surely meant otherwise is.
            let is_meant = !matches!(type_.shape, Shape::Any) || matches!(parsed.data, Data::Bool(_));
            (is_meant && scalar::is_of(type_, &parsed)).then(|| Cure {
                label: "remove the quotes".to_owned(),
                edit: Box::new(move |source| (source == quoted || source == single).then(|| bare.clone())),
            })
        }
        (Shape::Integer, Data::Float(float)) if float.fract() == 0.0 => {
            let text = format!("{float:.0}");
            to(format!("write {text}"), text)
        }
        // Quotes alone would only bring the next error.
        (Shape::String, Data::Int(_) | Data::Float(_) | Data::Bool(_)) if !type_.markers.enum_.is_empty() => None,
        // Quotes alone would make a version of too few parts of it.
        (Shape::Semver, Data::Int(_) | Data::Float(_)) if value.made().is_empty() => {
            let whole = |source: &str| {
                let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
                let parts = source.split('.').count();
                (source.split('.').all(is_number) && parts < 3).then(|| format!("\"{source}{}\"", ".0".repeat(3 - parts)))
            };
            Some(Cure { label: "a version has three parts, as in `1.2.0`".to_owned(), edit: Box::new(whole) })
        }
        (Shape::String | Shape::Semver | Shape::Cidr | Shape::Duration, Data::Int(_) | Data::Float(_) | Data::Bool(_)) => {
            let edit = Box::new(|source: &str| (!source.contains("${")).then(|| format!("\"{source}\"")));
            let is_duration = matches!(type_.shape, Shape::Duration);
            let label = match (is_duration, value.made()) {
                (true, _) => "expected a duration such as `90s`",
                (false, []) => "put it in quotes",
                // Quotes would make no text of what an expression comes to.
                (false, _) => "make text of it with `string(…)`",
            };
            let certain = !is_duration;
            Some(Cure { label: label.to_owned(), edit: if certain { edit } else { Box::new(|_| None) } })
        }
        (Shape::List(item), Data::Int(_) | Data::Float(_) | Data::Bool(_) | Data::String(_)) if scalar::is_of(item, value) => {
            let enough = type_.markers.min_items.is_none_or(|least| least <= 1);
            Some(Cure { label: "put it in brackets".to_owned(), edit: Box::new(move |source| enough.then(|| format!("[{source}]"))) })
        }
        _ => None,
    }
}

/// Whether a number that begins with a zero can be meant in one way only: octal, it would be the same, or none.
fn is_decimal(text: &str) -> bool {
    let rest = text.trim_start_matches('0');
    let is_number = rest.len() < text.len() && !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    is_number && (rest.len() == 1 || rest.contains(['8', '9'])) && rest.parse::<i64>().is_ok()
}
