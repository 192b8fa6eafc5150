//! Encodings, hashes and names made of texts.

use super::{Context, Gives, Overload, Returned, Trouble, TyKind, free, yaml};
use crate::expression::budget::{DEPTH, TOO_DEEP};
use crate::expression::compare;
use crate::expression::late;
use crate::expression::val::Val;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::{Digest, Sha256};
use std::fmt::Write;

const TEXT: Gives = Gives::Kind(TyKind::String);

pub(super) const TABLE: &[Overload] = &[
    free("base64.encode", &[TyKind::Bytes], TEXT, base64_encode),
    free("base64.encode", &[TyKind::Text], TEXT, base64_encode),
    free("base64.decode", &[TyKind::String], Gives::Kind(TyKind::Bytes), base64_decode),
    free("json.encode", &[TyKind::Any], TEXT, json_encode),
    free("yaml.encode", &[TyKind::Any], TEXT, yaml_encode),
    free("sha256", &[TyKind::Text], TEXT, sha256),
    free("sha256", &[TyKind::Bytes], TEXT, sha256),
    free("dns.label", &[TyKind::Text, TyKind::Int], TEXT, dns_label),
];

/// Writes padding, and reads with and without it.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

fn bytes(args: &[Val]) -> Result<&[u8], Trouble> {
    match args {
        [Val::Bytes(bytes)] => Ok(bytes),
        [Val::String(text)] => Ok(text.as_bytes()),
        _ => Err(Trouble::Mismatch),
    }
}

fn base64_encode(args: &[Val], context: &mut Context<'_>) -> Returned {
    let bytes = bytes(args)?;
    context.work(bytes.len())?;
    context.text(BASE64.encode(bytes))
}

fn base64_decode(args: &[Val], context: &mut Context<'_>) -> Returned {
    context.work(bytes(args)?.len())?;
    let decoded = BASE64.decode(bytes(args)?).map_err(|_| Trouble::Argument(0, "this text is not base64".to_owned()))?;
    context.bytes(decoded.len())?;
    Ok(Val::Bytes(decoded.into()))
}

fn sha256(args: &[Val], context: &mut Context<'_>) -> Returned {
    let bytes = bytes(args)?;
    context.work(bytes.len())?;
    context.text(hexadecimal(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        write!(out, "{byte:02x}").unwrap_or(());
    }
    out
}

/// Digits of the hash that a shortened label ends in.
const HASH: usize = 8;

/// A DNS label: lower-case letters, digits and dashes. What is longer than the limit is cut, and ends in a hash of the whole text.
fn dns_label(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [Val::String(text), Val::Int(limit)] = args else { return Err(Trouble::Mismatch) };
    let limit = usize::try_from(*limit).ok().filter(|limit| (HASH + 2..=253).contains(limit));
    let limit = limit.ok_or_else(|| Trouble::Argument(1, "the limit of a shortened name is between 10 and 253".to_owned()))?;
    context.work(text.len())?;
    context.bytes(text.len())?;
    let label: String = text.chars().map(|char| if char.is_ascii_alphanumeric() { char.to_ascii_lowercase() } else { '-' }).collect();
    let label = label.trim_matches('-');
    if label.is_empty() {
        return Err(Trouble::Argument(0, "this text has no letters or digits to make a DNS label of".to_owned()));
    }
    if label.len() <= limit {
        return context.text(label);
    }
    let kept = label.get(..limit - HASH - 1).unwrap_or("").trim_end_matches('-');
    let hash = hexadecimal(text.as_bytes());
    context.text(format!("{kept}-{}", hash.get(..HASH).unwrap_or("")))
}

fn json_encode(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [value] = args else { return Err(Trouble::Mismatch) };
    let mut out = String::new();
    json(&mut out, value, DEPTH, context)?;
    Ok(Val::string(out))
}

fn yaml_encode(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [value] = args else { return Err(Trouble::Mismatch) };
    yaml::encode(value, context).map(Val::string)
}

/// A text as JSON spells it.
fn json_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A number as JSON and YAML spell it; none for what is not a number.
pub(super) fn real(value: f64) -> Result<String, Trouble> {
    if value.is_finite() {
        Ok(value.to_string())
    } else {
        Err(Trouble::Argument(0, "infinity and not-a-number cannot be encoded".to_owned()))
    }
}

fn json(out: &mut String, value: &Val, depth: usize, context: &mut Context<'_>) -> Result<(), Trouble> {
    let Some(depth) = depth.checked_sub(1) else { return Err(Trouble::Costly(TOO_DEEP)) };
    context.steps(1)?;
    match value {
        Val::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                json(out, item, depth, context)?;
            }
            out.push(']');
        }
        Val::Map(map) => {
            out.push('{');
            for (index, (key, value)) in map.entries().iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                let key = key.to_string();
                context.work(key.len())?;
                context.bytes(key.len() + 4)?;
                out.push_str(&json_text(&key));
                out.push(':');
                json(out, value, depth, context)?;
            }
            out.push('}');
        }
        Val::Node(node) => return json(out, &context.written(*node)?, depth, context),
        Val::Opaque(opaque) => return json(out, &opaque.plain(), depth, context),
        Val::Null
        | Val::Bool(_)
        | Val::Int(_)
        | Val::Uint(_)
        | Val::Double(_)
        | Val::String(_)
        | Val::Bytes(_)
        | Val::Type(_)
        | Val::Optional(_)
        | Val::Late(_) => {
            context.work(compare::length(value))?;
            let text = match plain(value)? {
                EncodedScalar::Bare(text) => text,
                EncodedScalar::Text(text) => json_text(&text),
            };
            context.bytes(text.len())?;
            out.push_str(&text);
        }
    }
    Ok(())
}

/// A value without parts, as an encoding has it.
enum EncodedScalar {
    /// Written as it is.
    Bare(String),
    /// Text, to be quoted.
    Text(String),
}

fn plain(value: &Val) -> Result<EncodedScalar, Trouble> {
    Ok(match value {
        Val::Null => EncodedScalar::Bare("null".to_owned()),
        Val::Bool(value) => EncodedScalar::Bare(value.to_string()),
        Val::Int(value) => EncodedScalar::Bare(value.to_string()),
        Val::Uint(value) => EncodedScalar::Bare(value.to_string()),
        Val::Double(value) => EncodedScalar::Bare(real(*value)?),
        Val::String(text) => EncodedScalar::Text(text.to_string()),
        Val::Bytes(bytes) => EncodedScalar::Text(BASE64.encode(bytes)),
        Val::Opaque(opaque) => return plain(&opaque.plain()),
        Val::Late(late) => return Err(Trouble::Late(late::words(late))),
        Val::Type(_) | Val::Optional(_) | Val::List(_) | Val::Map(_) | Val::Node(_) => {
            return Err(Trouble::Argument(0, format!("{} cannot be encoded", value.describe())));
        }
    })
}
