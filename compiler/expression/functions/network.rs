//! Addresses and blocks of addresses, as in CEL's network extension, and Terraform's way of cutting blocks into subnets.

use super::{CIDR, Context, Gives, IP, Overload, Returned, Trouble, TyKind, free, method};
use crate::expression::opaque::Opaque;
use crate::expression::val::Val;
use crate::unit::Meaning;
use crate::unit::cidr::{self, Cidr, width};
use core::net::IpAddr;

const TRUTH: Gives = Gives::Kind(TyKind::Bool);
const NUMBER: Gives = Gives::Kind(TyKind::Int);
const TEXT: Gives = Gives::Kind(TyKind::String);

pub(super) const TABLE: &[Overload] = &[
    free("ip", &[TyKind::String], Gives::Kind(IP), ip),
    free("ip", &[IP], Gives::Kind(IP), ip),
    free("isIP", &[TyKind::String], TRUTH, is_ip),
    free("ip.isCanonical", &[TyKind::String], TRUTH, is_canonical),
    method("family", &[IP], NUMBER, family),
    method("isUnspecified", &[IP], TRUTH, |args, _| test(args, IpAddr::is_unspecified)),
    method("isLoopback", &[IP], TRUTH, |args, _| test(args, IpAddr::is_loopback)),
    method("isLinkLocalMulticast", &[IP], TRUTH, |args, _| test(args, is_link_local_multicast)),
    method("isLinkLocalUnicast", &[IP], TRUTH, |args, _| test(args, is_link_local_unicast)),
    method("isGlobalUnicast", &[IP], TRUTH, |args, _| test(args, is_global_unicast)),
    free("cidr", &[TyKind::String], Gives::Kind(CIDR), cidr),
    free("cidr", &[CIDR], Gives::Kind(CIDR), cidr),
    free("isCIDR", &[TyKind::String], TRUTH, is_cidr),
    free("isCIDR", &[CIDR], TRUTH, |_, _| Ok(Val::Bool(true))),
    method("containsIP", &[CIDR, IP], TRUTH, contains_ip),
    method("containsIP", &[CIDR, TyKind::String], TRUTH, contains_ip),
    method("containsCIDR", &[CIDR, CIDR], TRUTH, contains_cidr),
    method("containsCIDR", &[CIDR, TyKind::String], TRUTH, contains_cidr),
    method("ip", &[CIDR], Gives::Kind(IP), address),
    method("masked", &[CIDR], Gives::Kind(CIDR), masked),
    method("prefixLength", &[CIDR], NUMBER, prefix_length),
    free("cidr.subnet", &[TyKind::String, TyKind::Int, TyKind::Int], TEXT, subnet),
    free("cidr.subnet", &[CIDR, TyKind::Int, TyKind::Int], TEXT, subnet),
    free("cidr.host", &[TyKind::String, TyKind::Int], TEXT, host),
    free("cidr.host", &[CIDR, TyKind::Int], TEXT, host),
];

fn an_ip(value: Option<&Val>, argument: usize) -> Result<IpAddr, Trouble> {
    match value {
        Some(Val::String(text)) => cidr::address(text).map_err(|_| Trouble::Argument(argument, "this is not an IP address".to_owned())),
        Some(Val::Opaque(opaque)) => match opaque.meaning {
            Meaning::Ip(address) => Ok(address),
            Meaning::Cidr(_) | Meaning::Semver(_) | Meaning::Quantity(_) | Meaning::Duration(_) => Err(Trouble::Mismatch),
        },
        Some(_) | None => Err(Trouble::Mismatch),
    }
}

fn a_cidr(value: Option<&Val>, argument: usize) -> Result<Cidr, Trouble> {
    match value {
        Some(Val::String(text)) => {
            Cidr::parse(text).map_err(|_| Trouble::Argument(argument, "this is not a CIDR block such as `10.0.0.0/16`".to_owned()))
        }
        Some(Val::Opaque(opaque)) => match opaque.meaning {
            Meaning::Cidr(cidr) => Ok(cidr),
            Meaning::Ip(_) | Meaning::Semver(_) | Meaning::Quantity(_) | Meaning::Duration(_) => Err(Trouble::Mismatch),
        },
        Some(_) | None => Err(Trouble::Mismatch),
    }
}

fn ip(args: &[Val], _: &mut Context<'_>) -> Returned {
    Ok(Opaque::made(Meaning::Ip(an_ip(args.first(), 0)?)))
}

fn is_ip(args: &[Val], _: &mut Context<'_>) -> Returned {
    let [Val::String(text)] = args else { return Err(Trouble::Mismatch) };
    Ok(Val::Bool(cidr::address(text).is_ok()))
}

fn is_canonical(args: &[Val], _: &mut Context<'_>) -> Returned {
    let [Val::String(text)] = args else { return Err(Trouble::Mismatch) };
    Ok(Val::Bool(an_ip(args.first(), 0)?.to_string() == **text))
}

fn test(args: &[Val], function: fn(&IpAddr) -> bool) -> Returned {
    Ok(Val::Bool(function(&an_ip(args.first(), 0)?.to_canonical())))
}

fn family(args: &[Val], _: &mut Context<'_>) -> Returned {
    Ok(Val::Int(if an_ip(args.first(), 0)?.to_canonical().is_ipv4() { 4 } else { 6 }))
}

fn is_link_local_multicast(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.octets().starts_with(&[224, 0, 0]),
        IpAddr::V6(address) => address.segments().first().is_some_and(|first| first & 0xff0f == 0xff02),
    }
}

fn is_link_local_unicast(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    }
}

fn is_global_unicast(address: &IpAddr) -> bool {
    let broadcast = matches!(address, IpAddr::V4(address) if address.is_broadcast());
    !broadcast && !address.is_unspecified() && !address.is_loopback() && !address.is_multicast() && !is_link_local_unicast(address)
}

fn cidr(args: &[Val], _: &mut Context<'_>) -> Returned {
    Ok(Opaque::made(Meaning::Cidr(a_cidr(args.first(), 0)?)))
}

fn is_cidr(args: &[Val], _: &mut Context<'_>) -> Returned {
    let [Val::String(text)] = args else { return Err(Trouble::Mismatch) };
    Ok(Val::Bool(Cidr::parse(text).is_ok()))
}

fn contains_ip(args: &[Val], _: &mut Context<'_>) -> Returned {
    Ok(Val::Bool(a_cidr(args.first(), 0)?.contains(an_ip(args.get(1), 1)?)))
}

fn contains_cidr(args: &[Val], _: &mut Context<'_>) -> Returned {
    let (block, other) = (a_cidr(args.first(), 0)?, a_cidr(args.get(1), 1)?);
    Ok(Val::Bool(other.prefix >= block.prefix && block.contains(other.address)))
}

fn address(args: &[Val], _: &mut Context<'_>) -> Returned {
    Ok(Opaque::made(Meaning::Ip(a_cidr(args.first(), 0)?.address)))
}

fn masked(args: &[Val], _: &mut Context<'_>) -> Returned {
    Ok(Opaque::made(Meaning::Cidr(a_cidr(args.first(), 0)?.masked())))
}

fn prefix_length(args: &[Val], _: &mut Context<'_>) -> Returned {
    Ok(Val::Int(i64::from(a_cidr(args.first(), 0)?.prefix)))
}

/// `cidr.subnet(block, newbits, number)`: the numbered one of the subnets that are `newbits` longer, as Terraform's `cidrsubnet`.
fn subnet(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [_, Val::Int(newbits), Val::Int(number)] = args else { return Err(Trouble::Mismatch) };
    let block = a_cidr(args.first(), 0)?;
    let free = i64::from(width(block.address) - block.prefix);
    if !(0..=free).contains(newbits) {
        return Err(Trouble::Argument(1, format!("the block `{block}` has {free} bits left, so {newbits} new ones cannot be taken")));
    }
    let newbits = u8::try_from(*newbits).unwrap_or(0);
    let count = 1u128.checked_shl(u32::from(newbits)).unwrap_or(u128::MAX);
    let number = u128::try_from(*number).ok().filter(|number| *number < count);
    let number = number
        .ok_or_else(|| Trouble::Argument(2, format!("with {newbits} new bits the block `{block}` has {count} subnets, counted from 0")))?;
    let prefix = block.prefix + newbits;
    let shift = u32::from(width(block.address) - prefix);
    let address = block.nth(number.checked_shl(shift).unwrap_or(0));
    context.text(Cidr { address, prefix }.to_string())
}

/// `cidr.host(block, number)`: the numbered address of the block, from its end if negative, as Terraform's `cidrhost`.
fn host(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [_, Val::Int(number)] = args else { return Err(Trouble::Mismatch) };
    let block = a_cidr(args.first(), 0)?;
    let last = block.last();
    let wanted = if *number < 0 {
        last.checked_sub(u128::from(number.unsigned_abs()) - 1)
    } else {
        Some(u128::from(number.unsigned_abs())).filter(|number| *number <= last)
    };
    let wanted = wanted.ok_or_else(|| Trouble::Argument(1, format!("the block `{block}` has no address with this number")))?;
    context.text(block.nth(wanted).to_string())
}
