//! Types as values: `int`, `string`, `net.IP`.

use super::val::{Opaque, Val};

/// The type that a name stands for where no value has the name.
pub(super) fn constant(name: &str) -> Option<&'static str> {
    const NAMES: [&str; 11] = ["bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type", "optional_type"];
    NAMES.into_iter().find(|known| *known == name)
}

/// The type that `space.name` stands for.
pub(super) fn qualified(space: &str, name: &str) -> Option<&'static str> {
    match (space, name) {
        ("net", "IP") => Some("net.IP"),
        ("net", "CIDR") => Some("net.CIDR"),
        _ => None,
    }
}

/// The type of a value; late values and nodes have none that is known here.
pub(super) fn of(value: &Val) -> Option<&'static str> {
    Some(match value {
        Val::Null => "null_type",
        Val::Bool(_) => "bool",
        Val::Int(_) => "int",
        Val::Uint(_) => "uint",
        Val::Double(_) => "double",
        Val::String(_) => "string",
        Val::Bytes(_) => "bytes",
        Val::List(_) => "list",
        Val::Map(_) => "map",
        Val::Type(_) => "type",
        Val::Optional(_) => "optional_type",
        Val::Opaque(opaque) => match **opaque {
            Opaque::Ip(_) => "net.IP",
            Opaque::Cidr(_) => "net.CIDR",
            Opaque::Semver(_) => "semver",
            Opaque::Quantity(_) => "quantity",
        },
        Val::Late(_) | Val::Node(_) => return None,
    })
}
