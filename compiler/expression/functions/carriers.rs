//! Which functions hand on what they are given. Nothing is evaluated here.

/// Functions whose outcome holds what they are given: texts cut at a place, joined and spelled otherwise, and what lists and maps hold.
/// What looks for a text in another one decides by it.
const CARRIERS: &[&str] = &[
    "bytes",
    "charAt",
    "dns.label",
    "dyn",
    "first",
    "flatten",
    "format",
    "join",
    "json.encode",
    "last",
    "lowerAscii",
    "merge",
    "optional.of",
    "optional.ofNonZeroValue",
    "optional.unwrap",
    "or",
    "orValue",
    "quantity",
    "reverse",
    "string",
    "strings.quote",
    "substring",
    "trim",
    "unwrapOpt",
    "upperAscii",
    "value",
    "values",
    "yaml.encode",
];

/// Whether what comes out of a function holds what went in; else that only decides what comes out.
pub(in crate::expression) fn carries(name: &str) -> bool {
    CARRIERS.contains(&name)
}
