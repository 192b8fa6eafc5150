//! Which functions hand on what they are given, and which of it. Nothing is evaluated here.

/// Functions whose outcome holds all that they are given: texts joined and spelled otherwise, and what lists and maps hold.
const CARRIERS: &[&str] = &[
    "base64.decode",
    "base64.encode",
    "bytes",
    "distinct",
    "dyn",
    "entries",
    "first",
    "flatten",
    "format",
    "join",
    "json.encode",
    "keys",
    "last",
    "lowerAscii",
    "math.greatest",
    "math.least",
    "merge",
    "optional.of",
    "optional.ofNonZeroValue",
    "optional.unwrap",
    "or",
    "orValue",
    "quantity",
    "reverse",
    "sort",
    "string",
    "strings.quote",
    "trim",
    "unwrapOpt",
    "upperAscii",
    "value",
    "values",
    "yaml.encode",
];

/// Functions whose outcome holds parts of the first that they are given; by the others they decide where it is cut.
const CUTTERS: &[&str] = &["charAt", "dns.label", "regex.extract", "regex.extractAll", "slice", "split", "substring"];

/// Functions that look for the second in the first, and put the third in its place.
const REPLACERS: &[&str] = &["regex.replace", "replace"];

/// Whether what comes out of a function holds what went in at a position, of which a target is the first; else that only decides what comes out.
pub(in crate::expression) fn carries(name: &str, position: usize) -> bool {
    CARRIERS.contains(&name) || (CUTTERS.contains(&name) && position == 0) || (REPLACERS.contains(&name) && matches!(position, 0 | 2))
}
