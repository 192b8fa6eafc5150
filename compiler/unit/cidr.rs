//! IP addresses, and blocks of them: `10.0.0.1`, `10.0.0.0/16`, `fd00::/8`.

use super::Misshape;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A block of addresses. The address may have bits behind the prefix, as that of a machine in its network has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cidr {
    /// An address of the block.
    pub address: IpAddr,
    /// How many bits all its addresses share.
    pub prefix: u8,
}

impl std::fmt::Display for Cidr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// Reads an address.
///
/// # Errors
/// What is wrong with the text.
pub(crate) fn address(text: &str) -> Result<IpAddr, Misshape> {
    super::short(text)?;
    let wrong = || Misshape::new("an IP address is written `10.0.0.1` or `fd00::1`");
    let address: IpAddr = text.parse().map_err(|_| wrong())?;
    // IPv4 addresses in the middle of IPv6 ones have two spellings and confuse readers, so they are not accepted.
    if text.contains(':') && text.contains('.') {
        return Err(Misshape { instead: address_of_four(address), ..wrong() });
    }
    Ok(address)
}

/// How the IPv4 address within an IPv6 one is written alone.
fn address_of_four(address: IpAddr) -> Option<String> {
    let alone = address.to_canonical();
    alone.is_ipv4().then(|| alone.to_string())
}

/// How many bits an address has.
#[must_use]
pub(crate) fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

impl Cidr {
    /// Reads a block.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Cidr, Misshape> {
        super::short(text)?;
        let Some((before, length)) = text.split_once('/') else {
            let instead = address(text).ok().map(|address| format!("{address}/{}", width(address)));
            return Err(Misshape { reason: "a network has a length after a slash, such as `10.0.0.0/16`".to_owned(), instead });
        };
        let address = address(before).map_err(|_| Misshape::new(format!("`{before}` is not an IP address")))?;
        let longest = width(address);
        let plain = length.bytes().all(|byte| byte.is_ascii_digit()) && (length == "0" || !length.starts_with('0'));
        let prefix = length.parse().ok().filter(|prefix| plain && *prefix <= longest);
        let prefix = prefix.ok_or_else(|| Misshape::new(format!("the length after the slash is a number from 0 to {longest}")))?;
        Ok(Cidr { address, prefix })
    }

    /// Reads a network: a block whose address has no bits behind the prefix.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn network(text: &str) -> Result<Cidr, Misshape> {
        let block = Self::parse(text)?;
        if block.masked() == block {
            return Ok(block);
        }
        let reason = format!("the address has bits beyond the first {}", block.prefix);
        Err(Misshape { reason, instead: Some(block.masked().to_string()) })
    }

    /// The bits behind the prefix, all set: the number of the last address.
    #[must_use]
    pub fn last(self) -> u128 {
        let free = u32::from(width(self.address) - self.prefix);
        1u128.checked_shl(free).map_or(u128::MAX, |size| size - 1)
    }

    /// The address of a number, counted from the first of the block, which has 0. Bits that are not the block's to give are its own.
    #[must_use]
    pub fn nth(self, number: u128) -> IpAddr {
        let bits = bits(self.address) & !self.last() | number & self.last();
        match self.address {
            IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(bits).unwrap_or(u32::MAX))),
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from_bits(bits)),
        }
    }

    /// The block with its first address.
    #[must_use]
    pub fn masked(self) -> Cidr {
        Cidr { address: self.nth(0), ..self }
    }

    /// Whether an address is one of the block's.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        Cidr { address, ..self }.masked() == self.masked()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_once() {
        for text in ["10.0.0.1", "fd00::1", "::", "::ffff:a00:1"] {
            assert_eq!(address(text).map(|address| address.is_ipv4()), Ok(!text.contains(':')), "{text}");
        }
        for (text, instead) in [("::ffff:10.0.0.1", Some("10.0.0.1")), ("64:ff9b::10.0.0.1", None), ("10.0.0", None), ("010.0.0.1", None)] {
            assert_eq!(address(text).err().map(|misshape| misshape.instead), Some(instead.map(str::to_owned)), "{text}");
        }
    }

    #[test]
    fn blocks_are_read_once() {
        for (text, first, last) in [
            ("10.1.2.3/16", "10.1.0.0/16", "10.1.255.255"),
            ("0.0.0.0/0", "0.0.0.0/0", "255.255.255.255"),
            ("10.1.2.3/32", "10.1.2.3/32", "10.1.2.3"),
            ("fd00::7/8", "fd00::/8", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("::/0", "::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ] {
            let block = Cidr::parse(text).unwrap();
            assert_eq!(block.to_string(), text);
            assert_eq!(block.masked().to_string(), first);
            assert_eq!(block.nth(u128::MAX).to_string(), last);
            assert!(block.contains(block.nth(block.last() / 2)) && !Cidr { prefix: 1, ..block }.contains(flipped(block.address)));
        }
        for (text, reason, instead) in [
            ("10.0.0.0", "a network has a length after a slash, such as `10.0.0.0/16`", Some("10.0.0.0/32")),
            ("fd00::1", "a network has a length after a slash, such as `10.0.0.0/16`", Some("fd00::1/128")),
            ("x", "a network has a length after a slash, such as `10.0.0.0/16`", None),
            ("10.0.0/8", "`10.0.0` is not an IP address", None),
            ("10.0.0.0/33", "the length after the slash is a number from 0 to 32", None),
            ("10.0.0.0/08", "the length after the slash is a number from 0 to 32", None),
            ("::/129", "the length after the slash is a number from 0 to 128", None),
            ("::/+1", "the length after the slash is a number from 0 to 128", None),
            ("10.0.0.1/16", "the address has bits beyond the first 16", Some("10.0.0.0/16")),
        ] {
            let instead = instead.map(str::to_owned);
            assert_eq!(Cidr::network(text).err(), Some(Misshape { reason: reason.to_owned(), instead }), "{text}");
        }
    }

    /// The address with its first bit changed.
    fn flipped(address: IpAddr) -> IpAddr {
        match address {
            IpAddr::V4(address) => IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() ^ (1 << 31))),
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() ^ (1 << 127))),
        }
    }
}
