//! What of a shape a value breaks. In come a shape and a value, out go the breaches at the value itself, not those further inside. What is not known
//! yet, because it is late or an expression, breaks nothing.

use super::shape::{CustomShape, OtherFields, ShapeBounds, ShapeForm, ShapeFormat};
use crate::value::{Data, Entry, Map, Value};
use crate::visible::visible;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// What a value breaks.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Breach {
    /// It is none of these.
    NotAllowed(Vec<Arc<str>>),
    /// It does not match this.
    Pattern(Arc<str>),
    /// Its size or amount is out of bounds: what it must be.
    Range(String),
    /// Nothing may be there twice, and this is: its place in the list.
    Twice(usize),
    /// It is of none of several forms, or of several at once: what it must be.
    Form(String),
}

impl Breach {
    /// What the value must be, behind `must`.
    pub(crate) fn words(&self) -> String {
        match self {
            Breach::NotAllowed(allowed) => format!("be one of {}", crate::name::listed(allowed.iter().map(|word| &**word))),
            Breach::Pattern(pattern) => format!("match `{}`", visible(pattern)),
            Breach::Range(words) | Breach::Form(words) => words.clone(),
            Breach::Twice(_) => "hold nothing twice".to_owned(),
        }
    }
}

/// What a list of blocks breaks of which there are to be as many.
pub(crate) fn blocks(least: u64, most: Option<u64>) -> Breach {
    let noun = |count: u64| if count == 1 { "block" } else { "blocks" };
    Breach::Range(match most {
        Some(most) if most == least => format!("have exactly {most} {}", noun(most)),
        Some(most) if least == 0 => format!("have at most {most} {}", noun(most)),
        Some(most) => format!("have {least} to {most} blocks"),
        None => format!("have at least {least} {}", noun(least)),
    })
}

/// What a single value breaks: text, a number, true or false.
pub(crate) fn scalar(shape: &CustomShape, value: &Value) -> Option<Breach> {
    if !shape.allowed.is_empty() && !shape.allowed.iter().any(|allowed| allowed.same_data(value)) {
        let words = shape.allowed.iter().filter_map(word).collect();
        return Some(Breach::NotAllowed(words));
    }
    match &value.data {
        Data::String(text) => {
            if let Some(words) = bounds(shape.length, || text.chars().count(), ("character", "characters")) {
                return Some(Breach::Range(words));
            }
            if let Some(format) = shape.format.filter(|format| !is_in(*format, text)) {
                return Some(Breach::Range(format!("be {}", format.words())));
            }
            let pattern = shape.pattern.as_ref().filter(|pattern| !pattern.matches(text))?;
            Some(Breach::Pattern(Arc::clone(&pattern.text)))
        }
        #[expect(clippy::cast_precision_loss, reason = "bounds are doubles in schemas, too")]
        Data::Int(int) => match shape.format {
            Some(ShapeFormat::Int32) if i32::try_from(*int).is_err() => Some(Breach::Range("fit into 32 bits".to_owned())),
            _ => range(shape, *int as f64),
        },
        Data::Float(float) => range(shape, *float),
        Data::Null | Data::Bool(_) | Data::List(_) | Data::Map(_) | Data::Template(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => {
            None
        }
    }
}

/// Whether a text is in a notation.
fn is_in(format: ShapeFormat, text: &str) -> bool {
    match format {
        ShapeFormat::Int32 => true,
        ShapeFormat::DateTime => is_time(text),
        ShapeFormat::Byte => STANDARD.decode(text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<u8>>()).is_ok(),
        ShapeFormat::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
        ShapeFormat::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
        ShapeFormat::Cidr => text.split_once('/').is_some_and(|(address, bits)| {
            let most = address.parse::<IpAddr>().map(|address| if address.is_ipv4() { 32 } else { 128 });
            most.is_ok_and(|most| bits.parse::<u8>().is_ok_and(|bits| bits <= most))
        }),
    }
}

/// `2026-11-29T05:00:00.5Z`
fn is_time(text: &str) -> bool {
    let is_like = |text: &str, form: &str| {
        text.len() == form.len()
            && text
                .bytes()
                .zip(form.bytes())
                .all(|(byte, like)| if like == b'0' { byte.is_ascii_digit() } else { byte.eq_ignore_ascii_case(&like) })
    };
    let Some((date, rest)) = text.split_at_checked(19) else { return false };
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => {
            let end = fraction.find(|char: char| !char.is_ascii_digit()).unwrap_or(fraction.len());
            if end == 0 { "" } else { fraction.get(end..).unwrap_or_default() }
        }
        None => rest,
    };
    is_like(date, "0000-00-00T00:00:00") && (is_like(rest, "Z") || is_like(rest, "+00:00") || is_like(rest, "-00:00"))
}

fn word(value: &Value) -> Option<Arc<str>> {
    match &value.data {
        Data::String(text) => Some(Arc::clone(text)),
        Data::Int(int) => Some(int.to_string().into()),
        Data::Float(float) => Some(float.to_string().into()),
        Data::Bool(bool) => Some(bool.to_string().into()),
        Data::Null | Data::List(_) | Data::Map(_) | Data::Template(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => None,
    }
}

fn range(shape: &CustomShape, number: f64) -> Option<Breach> {
    let words = match (shape.minimum, shape.maximum) {
        (Some((least, true)), _) if number <= least => format!("be more than {least}"),
        (Some((least, false)), _) if number < least => format!("be at least {least}"),
        (_, Some((most, true))) if number >= most => format!("be less than {most}"),
        (_, Some((most, false))) if number > most => format!("be at most {most}"),
        _ => match shape.multiple.filter(|step| !is_multiple(number, *step)) {
            Some(step) => format!("be a multiple of {step}"),
            None => return None,
        },
    };
    Some(Breach::Range(words))
}

/// Whether a number is a whole number of steps, as exactly as doubles tell: three times 0.1 is.
fn is_multiple(number: f64, step: f64) -> bool {
    let steps = number / step;
    let off = (steps - steps.round()).abs();
    off <= (steps.abs() + steps.round().abs()) * EPSILON
}

/// What a server leaves to rounding.
const EPSILON: f64 = 1e-9;

fn bounds(bounds: ShapeBounds, count: impl Fn() -> usize, what: (&str, &str)) -> Option<String> {
    if bounds == ShapeBounds::default() {
        return None;
    }
    let plural = |count: usize| if count == 1 { format!("1 {}", what.0) } else { format!("{count} {}", what.1) };
    let count = count();
    match bounds {
        ShapeBounds { least: Some(least), .. } if count < least => Some(format!("have at least {}", plural(least))),
        ShapeBounds { most: Some(most), .. } if count > most => Some(format!("have at most {}", plural(most))),
        ShapeBounds { .. } => None,
    }
}

/// What a whole value breaks, once all in it is known: how much it holds, and which of several forms it has.
pub(crate) fn whole(shape: &CustomShape, value: &Value) -> Option<Breach> {
    if value.is_late() || value.is_dynamic() {
        return None;
    }
    let amount = match &value.data {
        Data::List(list) => bounds(shape.count, || list.items().len(), ("item", "items")),
        Data::Map(map) => bounds(shape.entries, || map.entries().len(), ("entry", "entries")),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => None,
    };
    if let Some(words) = amount {
        return Some(Breach::Range(words));
    }
    if let Some(at) = value.as_list().and_then(|items| twice(shape, items)) {
        return Some(Breach::Twice(at));
    }
    if !shape.has_forms() {
        return None;
    }
    let value = &filled(shape, value);
    let count = |shapes: &[Arc<CustomShape>]| shapes.iter().filter(|shape| fits(shape, value)).count();
    if !shape.all_of.iter().all(|shape| fits(shape, value)) {
        return Some(Breach::Form(words(&shape.all_of, "and", "all", "be all that its schema says")));
    }
    if !shape.any_of.is_empty() && count(&shape.any_of) == 0 {
        return Some(Breach::Form(words(&shape.any_of, "or", "one", "have one of the forms in its schema")));
    }
    if !shape.one_of.is_empty() && count(&shape.one_of) != 1 {
        return Some(Breach::Form(words(&shape.one_of, "or", "exactly one", "have exactly one of the forms in its schema")));
    }
    let not = shape.not.as_ref().filter(|not| fits(not, value))?;
    let needed = not.required.join("` and `");
    Some(Breach::Form(if needed.is_empty() { "not be what its schema rules out".to_owned() } else { format!("not have `{needed}`") }))
}

/// What forms want, if all that they say is which fields they need.
fn words(shapes: &[Arc<CustomShape>], joint: &str, amount: &str, otherwise: &str) -> String {
    let needed: Vec<String> =
        shapes.iter().filter(|shape| !shape.required.is_empty()).map(|shape| format!("`{}`", shape.required.join("` and `"))).collect();
    if needed.len() == shapes.len() { format!("have {amount} of {}", needed.join(&format!(" {joint} "))) } else { otherwise.to_owned() }
}

/// A value with what a server fills in.
fn filled(shape: &CustomShape, value: &Value) -> Value {
    match &value.data {
        Data::Map(map) => {
            let inner = |entry: &Entry| match shape.field(&entry.key) {
                Some(field) => Entry { value: filled(field, &entry.value), ..entry.clone() },
                None => entry.clone(),
            };
            let absent = shape.fields.iter().filter(|(name, _)| map.get(name).is_none());
            let defaults =
                absent.filter_map(|(name, field)| Some(Entry::plain(Arc::clone(name), value.origin.span, field.default.clone()?)));
            Value::map(map.entries().iter().map(inner).chain(defaults).collect(), value.origin)
        }
        Data::List(list) => match &shape.items {
            Some(items) => Value::list(list.items().iter().map(|item| filled(items, item)).collect(), value.origin),
            None => value.clone(),
        },
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

/// The place of an item that is there before. What is told apart by keys is compared where those are known.
fn twice(shape: &CustomShape, items: &[Value]) -> Option<usize> {
    if !shape.is_set || items.len() > COMPARED {
        return None;
    }
    (1..items.len()).find(|at| {
        let (before, rest) = items.split_at(*at);
        rest.first().is_some_and(|item| before.iter().any(|other| other.same_data(item)))
    })
}

/// Of so many items each is compared with each.
const COMPARED: usize = 500;

/// Whether a value is all that a shape says, inside too. Nested forms say what must hold, never which fields there are.
pub(crate) fn fits(shape: &CustomShape, value: &Value) -> bool {
    if matches!(value.data, Data::Null) {
        return shape.nullable || shape.form == ShapeForm::Any;
    }
    if !is_of(shape.form, value) || scalar(shape, value).is_some() || whole(shape, value).is_some() {
        return false;
    }
    let entries = value.as_map().map(Map::entries).unwrap_or_default();
    let has = |name: &Arc<str>| value.get(name).is_some();
    value.as_map().is_none_or(|_| shape.required.iter().all(has))
        && entries.iter().all(|entry| match (shape.fields.get(&entry.key), &shape.others) {
            (Some(inner), _) | (None, OtherFields::Of(inner)) => fits(inner, &entry.value),
            (None, OtherFields::None | OtherFields::Any) => true,
        })
        && value.as_list().unwrap_or_default().iter().all(|item| shape.items.as_ref().is_none_or(|items| fits(items, item)))
}

fn is_of(form: ShapeForm, value: &Value) -> bool {
    match (form, &value.data) {
        (ShapeForm::Any, _)
        | (_, Data::Late(_) | Data::Template(_) | Data::Pending(_) | Data::Broken)
        | (ShapeForm::Object, Data::Map(_))
        | (ShapeForm::List, Data::List(_))
        | (ShapeForm::String | ShapeForm::IntegerOrString, Data::String(_))
        | (ShapeForm::Integer | ShapeForm::Number | ShapeForm::IntegerOrString, Data::Int(_))
        | (ShapeForm::Number, Data::Float(_))
        | (ShapeForm::Boolean, Data::Bool(_)) => true,
        (ShapeForm::Integer, Data::Float(float)) => float.fract() == 0.0,
        (
            ShapeForm::Object
            | ShapeForm::List
            | ShapeForm::String
            | ShapeForm::Integer
            | ShapeForm::Number
            | ShapeForm::Boolean
            | ShapeForm::IntegerOrString,
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::List(_) | Data::Map(_),
        ) => false,
    }
}
