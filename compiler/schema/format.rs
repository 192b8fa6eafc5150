//! Texts with a meaning: quantities, durations, networks, versions, and the formats of strings. Each is either well formed or says what
//! is wrong and, if that is clear, how it should read.

use super::Shape;
use crate::unit::Misshape;
use crate::unit::quantity::{ONE, Quantity};
use crate::unit::semver::Semver;
use crate::value::{Data, Value};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// All names `format` takes.
pub(super) const FORMATS: [&str; 11] =
    ["date", "dns-label", "dns-name", "email", "ip", "ipv4", "ipv6", "label-key", "label-value", "regex", "url"];

fn misshape(reason: impl Into<String>) -> Misshape {
    Misshape::new(reason)
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
    match (shape, &value.data) {
        (Shape::Integer, Data::Int(int)) => Some(Amount::Exact(i128::from(*int))),
        #[allow(clippy::cast_precision_loss, reason = "limits of numbers are compared as numbers")]
        (Shape::Number, Data::Int(int)) => Some(Amount::Float(*int as f64)),
        (Shape::Number, Data::Float(float)) => Some(Amount::Float(*float)),
        (Shape::Quantity, Data::String(text)) => quantity(text).ok().map(Amount::Exact),
        (Shape::Quantity, Data::Int(int)) => Some(Amount::Exact(i128::from(*int) * ONE)),
        (Shape::Quantity, Data::Float(float)) => quantity(&float.to_string()).ok().map(Amount::Exact),
        (Shape::Duration, Data::String(text)) => duration(text).ok().map(Amount::Exact),
        (Shape::Semver, Data::String(text)) => Semver::parse(text).ok().map(Amount::Version),
        _ => None,
    }
}

/// A Kubernetes quantity in billionths.
pub(super) fn quantity(text: &str) -> Result<i128, Misshape> {
    Quantity::parse(text).map(|quantity| quantity.billionths)
}

/// A duration as Go writes it, in nanoseconds.
pub(super) fn duration(text: &str) -> Result<i128, Misshape> {
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(misshape("a duration is numbers with units, such as `90s` or `1h30m`"));
    }
    let mut sum = 0_i128;
    while !rest.is_empty() {
        let digits = rest.find(|char: char| !char.is_ascii_digit() && char != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let letters = after.find(|char: char| char.is_ascii_digit() || char == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let Some(count) = number.parse::<f64>().ok().filter(|count| count.is_finite()) else {
            return Err(misshape("a duration is numbers with units, such as `90s` or `1h30m`"));
        };
        let nanoseconds: f64 = match unit {
            "ns" => 1.0,
            "us" | "µs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            "h" => 3600e9,
            "" => {
                return Err(Misshape { reason: format!("`{number}` has no unit"), instead: Some(format!("{text}s")) });
            }
            _ => {
                let hours = match unit {
                    "d" => Some(24.0),
                    "w" => Some(168.0),
                    _ => None,
                };
                let alone = number.len() + unit.len() == text.len();
                let instead = hours.filter(|_| alone).map(|hours| format!("{}h", count * hours));
                return Err(Misshape { reason: format!("`{unit}` is not a unit of durations; units are h, m, s, ms, us and ns"), instead });
            }
        };
        #[allow(clippy::cast_possible_truncation, reason = "a cast from a float saturates")]
        let part = (count * nanoseconds).round() as i128;
        sum = sum.saturating_add(part);
        rest = after;
    }
    Ok(if text.starts_with('-') { -sum } else { sum })
}

/// A network whose address has no bits beyond its length.
pub(super) fn cidr(text: &str) -> Result<(), Misshape> {
    let Some((address, length)) = text.split_once('/') else {
        let instead = match text.parse::<IpAddr>() {
            Ok(IpAddr::V4(_)) => Some(format!("{text}/32")),
            Ok(IpAddr::V6(_)) => Some(format!("{text}/128")),
            Err(_) => None,
        };
        return Err(Misshape { reason: "a network has a length after a slash, such as `10.0.0.0/16`".to_owned(), instead });
    };
    let Ok(ip) = address.parse::<IpAddr>() else {
        return Err(misshape(format!("`{address}` is not an IP address")));
    };
    let longest = if ip.is_ipv4() { 32 } else { 128 };
    let plain = length.bytes().all(|byte| byte.is_ascii_digit()) && (length == "0" || !length.starts_with('0'));
    let Some(length) = length.parse::<u32>().ok().filter(|length| plain && *length <= longest) else {
        return Err(misshape(format!("the length after the slash is a number from 0 to {longest}")));
    };
    let network = match ip {
        IpAddr::V4(ip) => IpAddr::V4(Ipv4Addr::from_bits(ip.to_bits() & u32::MAX.checked_shl(32 - length).unwrap_or(0))),
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & u128::MAX.checked_shl(128 - length).unwrap_or(0))),
    };
    if network != ip {
        let reason = format!("the address has bits beyond the first {length}");
        return Err(Misshape { reason, instead: Some(format!("{network}/{length}")) });
    }
    Ok(())
}

/// A semantic version.
pub(super) fn semver(text: &str) -> Result<Semver, Misshape> {
    Semver::parse(text)
}

/// Whether a text has one of the [`FORMATS`]; an unknown format takes anything.
pub(super) fn matches(format: &str, text: &str) -> Result<(), Misshape> {
    let fine = |fine: bool, reason: &str| if fine { Ok(()) } else { Err(misshape(reason)) };
    match format {
        "date" => fine(date(text), "a date is written `2025-12-31`"),
        "dns-label" => dns_label(text),
        "dns-name" => {
            let name = text.strip_prefix("*.").unwrap_or(text);
            if text.len() > 253 {
                return Err(misshape(format!("it has {} characters, DNS allows 253", text.len())));
            }
            name.split('.').try_for_each(|part| dns_label(part).map_err(|fault| misshape(format!("in `{part}`: {}", fault.reason))))
        }
        "email" => {
            let parts = text.rsplit_once('@');
            fine(
                parts.is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && matches("dns-name", host).is_ok())
                    && !text.contains(char::is_whitespace),
                "an address has a name, an `@` and a domain",
            )
        }
        "ip" => fine(text.parse::<IpAddr>().is_ok(), "an IP address is written `10.0.0.1` or `fd00::1`"),
        "ipv4" => fine(text.parse::<Ipv4Addr>().is_ok(), "an IPv4 address is written `10.0.0.1`"),
        "ipv6" => fine(text.parse::<Ipv6Addr>().is_ok(), "an IPv6 address is written `fd00::1`"),
        "label-key" => {
            let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
            if let Some(prefix) = prefix {
                matches("dns-name", prefix)?;
            }
            fine(!name.is_empty(), "a label's key has a name")?;
            label(name)
        }
        "label-value" => label(text),
        "regex" if !crate::ledger::pattern(text.len() + crate::pattern::work(text) / 8) => {
            Err(misshape("it is too costly to check with all patterns before it"))
        }
        "regex" => crate::pattern::compile(text).map(|_| ()).map_err(|_| misshape("it is not a regular expression")),
        "url" => {
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
        _ => Ok(()),
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
