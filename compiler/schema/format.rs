//! The formats of strings, and what orders amounts. A text is either well formed or says what is wrong and, if that is clear, how it should
//! read; quantities, durations, networks and versions are read by `unit`.

use super::{Shape, Type, ValueForm};
use crate::unit::cidr::address;
use crate::unit::duration::Duration;
use crate::unit::quantity::{ONE, Quantity};
use crate::unit::semver::Semver;
use crate::unit::{Misshape, Notation};
use crate::value::{Data, Value};
use crate::variants::variants;

variants! {
    /// What `format` takes.
    #[allow(missing_docs, reason = "the words say it")]
    pub enum TextFormat(word, from_word) {
        Date = "date",
        DnsLabel = "dns-label",
        DnsName = "dns-name",
        Email = "email",
        Ip = "ip",
        Ipv4 = "ipv4",
        Ipv6 = "ipv6",
        LabelKey = "label-key",
        LabelValue = "label-value",
        Regex = "regex",
        Url = "url",
    }
}

fn misshape(reason: impl Into<String>) -> Misshape {
    Misshape::new(reason)
}

impl Type {
    /// The notation that its values are written in, if expressions know what that means.
    #[must_use]
    pub fn notation(&self) -> Option<Notation> {
        match &self.as_form(ValueForm::Scalar).resolved().shape {
            Shape::Quantity => Some(Notation::Quantity),
            Shape::Duration => Some(Notation::Duration),
            Shape::Cidr => Some(Notation::Cidr),
            Shape::Semver => Some(Notation::Semver),
            Shape::Any
            | Shape::String
            | Shape::Integer
            | Shape::Number
            | Shape::Boolean
            | Shape::Object
            | Shape::List(_)
            | Shape::Map(_)
            | Shape::Record(_)
            | Shape::Ref(_)
            | Shape::Union(_)
            | Shape::Named(_) => None,
        }
    }
}

/// Something with an order.
#[derive(Clone, PartialEq, PartialOrd, Debug)]
pub(super) enum Amount {
    /// Integers, quantities in billionths, durations in nanoseconds.
    Exact(i128),
    Float(f64),
    Version(Semver),
}

/// What a value amounts to in the order of a shape; none if it is not of that shape or the shape has no order.
pub(super) fn amount(shape: &Shape, value: &Value) -> Option<Amount> {
    let exact = |text: &str| Quantity::parse(text).ok().map(|quantity| Amount::Exact(quantity.billionths));
    match (shape, &value.data) {
        (Shape::Integer, Data::Int(int)) => Some(Amount::Exact(i128::from(*int))),
        #[allow(clippy::cast_precision_loss, reason = "limits of numbers are compared as numbers")]
        (Shape::Number, Data::Int(int)) => Some(Amount::Float(*int as f64)),
        (Shape::Number, Data::Float(float)) => Some(Amount::Float(*float)),
        (Shape::Quantity, Data::String(text)) => exact(text),
        (Shape::Quantity, Data::Int(int)) => Some(Amount::Exact(i128::from(*int) * ONE)),
        (Shape::Quantity, Data::Float(float)) => exact(&float.to_string()),
        (Shape::Duration, Data::String(text)) => Duration::parse(text).ok().map(|duration| Amount::Exact(i128::from(duration.nanoseconds))),
        (Shape::Semver, Data::String(text)) => Semver::parse(text).ok().map(Amount::Version),
        _ => None,
    }
}

/// What keeps a text from having a format; nothing if it has it.
pub(crate) fn flaw(format: TextFormat, text: &str) -> Option<String> {
    matches(format, text).err().map(|misshape| misshape.reason.to_string())
}

/// Whether a text has a format.
pub(super) fn matches(format: TextFormat, text: &str) -> Result<(), Misshape> {
    let fine = |fine: bool, reason: &str| if fine { Ok(()) } else { Err(misshape(reason)) };
    match format {
        TextFormat::Date => fine(date(text), "a date is written `2025-12-31`"),
        TextFormat::DnsLabel => dns_label(text),
        TextFormat::DnsName => {
            let name = text.strip_prefix("*.").unwrap_or(text);
            if text.len() > 253 {
                return Err(misshape(format!("it has {} characters, DNS allows 253", text.len())));
            }
            name.split('.').try_for_each(|part| dns_label(part).map_err(|fault| misshape(format!("in `{part}`: {}", fault.reason))))
        }
        TextFormat::Email => {
            let parts = text.rsplit_once('@');
            fine(
                parts.is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && matches(TextFormat::DnsName, host).is_ok())
                    && !text.contains(char::is_whitespace),
                "an address has a name, an `@` and a domain",
            )
        }
        TextFormat::Ip => address(text).map(|_| ()),
        TextFormat::Ipv4 => fine(address(text).is_ok_and(|address| address.is_ipv4()), "an IPv4 address is written `10.0.0.1`"),
        TextFormat::Ipv6 => fine(address(text).is_ok_and(|address| address.is_ipv6()), "an IPv6 address is written `fd00::1`"),
        TextFormat::LabelKey => {
            let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
            if let Some(prefix) = prefix {
                matches(TextFormat::DnsName, prefix)?;
            }
            fine(!name.is_empty(), "a label's key has a name")?;
            label(name)
        }
        TextFormat::LabelValue => label(text),
        TextFormat::Regex if !crate::ledger::pattern(text.len() + crate::pattern::work(text) / 8) => {
            Err(misshape("it is too costly to check with all patterns before it"))
        }
        TextFormat::Regex => crate::pattern::compile(text).map(|_| ()).map_err(|refusal| {
            let is_syntax = matches!(refusal, crate::pattern::Refusal::Syntax(_));
            let reason = refusal.reason();
            misshape(if is_syntax { format!("it is not a regular expression: {reason}") } else { reason })
        }),
        TextFormat::Url => {
            let parts = text.split_once("://");
            fine(
                parts.is_some_and(|(scheme, rest)| {
                    scheme.starts_with(|char: char| char.is_ascii_alphabetic())
                        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
                        && !rest.is_empty()
                        && !rest.starts_with('/')
                }) && !text.contains(char::is_whitespace),
                "a URL begins with a scheme, such as `https://`",
            )
        }
    }
}

fn dns_label(text: &str) -> Result<(), Misshape> {
    if text.len() > 63 {
        return Err(misshape(format!("it has {} characters, DNS allows 63", text.len())));
    }
    let edge = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let inner = text.bytes().all(|byte| byte == b'-' || edge(Some(byte)));
    if inner && edge(text.bytes().next()) && edge(text.bytes().last()) {
        return Ok(());
    }
    let meant: String = text.to_lowercase().replace(['_', ' '], "-");
    let instead = (meant != text && dns_label(&meant).is_ok()).then_some(meant);
    Err(Misshape { reason: "only lower-case letters, digits and dashes, with a letter or digit at both ends".to_owned(), instead })
}

fn label(text: &str) -> Result<(), Misshape> {
    if text.len() > 63 {
        return Err(misshape(format!("it has {} characters, Kubernetes allows 63", text.len())));
    }
    let edge = |byte: Option<u8>| byte.is_none_or(|byte| byte.is_ascii_alphanumeric());
    let inner = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if inner && edge(text.bytes().next()) && edge(text.bytes().last()) {
        Ok(())
    } else {
        Err(misshape("only letters, digits, dashes, dots and underscores, with a letter or digit at both ends"))
    }
}

fn date(text: &str) -> bool {
    let parts: Vec<Option<u32>> = text.split('-').map(|part| part.parse().ok()).collect();
    let [Some(year), Some(month), Some(day)] = parts.as_slice() else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return false,
    };
    text.len() == 10 && *day >= 1 && *day <= days
}
