//! Notations of Kubernetes, each with one reader, which says what is wrong with a text: fields and expressions take the same ones for the same.

pub(crate) mod cidr;
pub(crate) mod duration;
pub(crate) mod quantity;
pub(crate) mod schedule;
pub(crate) mod semver;

use crate::limit::NOTATION_BYTES;
use std::net::IpAddr;

/// The notations whose texts mean something that expressions can compare and take apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Notation {
    /// An address of IPv4 or IPv6.
    Ip,
    /// A block of addresses.
    Cidr,
    /// A version as in semver.org.
    Semver,
    /// An amount as in Kubernetes: `500m`, `2Gi`.
    Quantity,
    /// A length of time: `90s`.
    Duration,
}

/// What a text in one of them means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// An address of IPv4 or IPv6.
    Ip(IpAddr),
    /// A block of addresses.
    Cidr(cidr::Cidr),
    /// A version as in semver.org.
    Semver(semver::Semver),
    /// An amount as in Kubernetes: `500m`, `2Gi`.
    Quantity(quantity::Quantity),
    /// A length of time: `90s`.
    Duration(duration::Duration),
}

impl Notation {
    /// A value of it in a sentence.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Notation::Ip => "an IP address",
            Notation::Cidr => "a CIDR block",
            Notation::Semver => "a version",
            Notation::Quantity => "a quantity",
            Notation::Duration => "a duration",
        }
    }

    /// The function that reads it, which is also what schemas call it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Notation::Ip => "ip",
            Notation::Cidr => "cidr",
            Notation::Semver => "semver",
            Notation::Quantity => "quantity",
            Notation::Duration => "duration",
        }
    }

    /// Whether its values have an order.
    #[must_use]
    pub fn has_order(self) -> bool {
        match self {
            Notation::Ip | Notation::Semver | Notation::Quantity | Notation::Duration => true,
            Notation::Cidr => false,
        }
    }

    /// What a text means.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn read(self, text: &str) -> Result<Meaning, Misshape> {
        match self {
            Notation::Ip => cidr::address(text).map(Meaning::Ip),
            Notation::Cidr => cidr::Cidr::parse(text).map(Meaning::Cidr),
            Notation::Semver => semver::Semver::parse(text).map(Meaning::Semver),
            Notation::Quantity => quantity::Quantity::parse(text).map(Meaning::Quantity),
            Notation::Duration => duration::Duration::parse(text).map(Meaning::Duration),
        }
    }
}

impl Meaning {
    /// What it is written in.
    #[must_use]
    pub fn notation(&self) -> Notation {
        match self {
            Meaning::Ip(_) => Notation::Ip,
            Meaning::Cidr(_) => Notation::Cidr,
            Meaning::Semver(_) => Notation::Semver,
            Meaning::Quantity(_) => Notation::Quantity,
            Meaning::Duration(_) => Notation::Duration,
        }
    }
}

impl std::fmt::Display for Meaning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Meaning::Ip(ip) => write!(f, "{ip}"),
            Meaning::Cidr(cidr) => write!(f, "{cidr}"),
            Meaning::Semver(version) => write!(f, "{version}"),
            Meaning::Quantity(quantity) => write!(f, "{quantity}"),
            Meaning::Duration(duration) => write!(f, "{duration}"),
        }
    }
}

/// Why a text is not what it should be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misshape {
    /// What is wrong, to follow a colon.
    pub reason: String,
    /// How it was most likely meant.
    pub instead: Option<String>,
}

/// Refuses what is longer than anything in a notation.
pub(crate) fn short(text: &str) -> Result<(), Misshape> {
    if text.len() <= NOTATION_BYTES {
        return Ok(());
    }
    Err(Misshape::new(format!("it is longer than {NOTATION_BYTES} bytes")))
}

impl Misshape {
    /// One that does not tell how it was meant.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), instead: None }
    }
}
