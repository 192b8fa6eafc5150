//! Bombs in texts: depth, aliases, keys, scalars, documents, files.

use super::*;

pub(super) fn bombs() -> Vec<Bomb> {
    let laughs = |count: usize, width: usize| {
        numbered(count, |at| {
            let last = if at == 0 { "x, ".repeat(width) } else { format!("*a{}, ", at - 1).repeat(width) };
            format!("x{at}: &a{at} [{last}]\n")
        })
    };
    let long = "x".repeat(900_000);
    vec![
        light(two(
            "anchors of anchors",
            "a.yaml",
            format!("x: {}1\n", (0..100).map(|at| format!("&a{at} [")).collect::<String>()),
            &["yaml-syntax"],
        )),
        heavy(thing("aliases up to the limit", format!("f:\n{}", indented(&laughs(6, 7), 2)), &[])),
        light(thing(
            "many aliases of one",
            format!("f:\n  a: &a [{}]\n  b: [{}]\n", "x, ".repeat(5_000), "*a, ".repeat(5_000)),
            &["alias-too-large"],
        )),
        heavy(thing("many anchors", format!("f: [{}]\n", numbered(60_000, |at| format!("&a{at} x, ")).replace('\n', "")), &["wrong-type"])),
        heavy(thing("many unknown anchors", format!("f: [{}]\n", numbered(60_000, |at| format!("*a{at}, "))), &["unknown-anchor"])),
        light(thing(
            "merge keys",
            format!("f:\n  a: &a {{x: 1}}\n{}", numbered(3_000, |at| format!("  b{at}: {{<<: *a}}\n"))),
            &["merge-key"],
        )),
        heavy(thing("a long key", format!("f: {{? {long} : 1}}"), &[])),
        heavy(thing("a long plain text", format!("f: {{x: {long}}}"), &[])),
        heavy(thing("a long quoted text with escapes", format!("f: {{x: \"{}\"}}", "\\u00e9".repeat(150_000)), &[])),
        heavy(thing("a text of many lines", format!("f:\n  x: |\n{}", "    a\n".repeat(150_000)), &[])),
        heavy(thing("a text of many folded lines", format!("f:\n  x: >\n{}", "    a\n".repeat(150_000)), &[])),
        heavy(thing("a quoted text of many lines", format!("f:\n  x: \"{}\"\n", "\n    a".repeat(150_000)), &[])),
        heavy(thing("many dollars", format!("f: {{x: '{}'}}", "$${".repeat(20_000)), &[])),
        heavy(thing("many pieces", format!("f: {{x: '{}'}}", "${1+1}".repeat(10_000)), &[])),
        heavy(thing(
            "many texts with pieces",
            format!("f:\n{}", numbered(20_000, |at| format!("  x{at}: 'a${{1}}b${{2}}c${{3}}'\n"))),
            &[],
        )),
        heavy(two("documents", "a.yaml", "--- {}\n".repeat(100_000), &["several-documents"])),
        heavy(two("empty lines", "a.yaml", "\n".repeat(900_000), &[])),
        heavy(two("comments", "a.yaml", "#\n".repeat(400_000), &[])),
        heavy(two("spaces", "a.yaml", " ".repeat(900_000), &[])),
        heavy(two("keys that are none", "a.yaml", "? [a]\n: b\n".repeat(80_000), &["key-not-text"])),
        heavy(two("a key again and again", "a.yaml", "a: 1\n".repeat(150_000), &["duplicate-key", "unknown-kind"])),
        heavy(two(
            "values of two meanings",
            "a.yaml",
            format!("a: [{}]\n", "yes, ".repeat(150_000)),
            &["ambiguous-scalar", "unknown-kind"],
        )),
        heavy(two(
            "numbers that are none",
            "a.yaml",
            format!("a: [{}]\n", "1.0e+999, ".repeat(100_000)),
            &["number-out-of-range", "unknown-kind", "wrong-type"],
        )),
        heavy(two("a long number", "a.yaml", format!("a: {}\n", "9".repeat(900_000)), &["number-out-of-range", "unknown-kind"])),
        heavy(two("a long fraction", "a.yaml", format!("a: 0.{}\n", "1".repeat(900_000)), &["unknown-kind"])),
        heavy(two("control characters", "a.yaml", "\u{1}".repeat(900_000), &["control-character"])),
        heavy(two("TOML tables of lists", "a.toml", numbered(60_000, |at| format!("[[a]]\nb = {at}\n")), &["unknown-kind"])),
        heavy(two("TOML dotted keys", "a.toml", numbered(30_000, |at| format!("a.b.c.d{at}.e = 1\n")), &["unknown-kind"])),
        heavy(two("TOML keys again and again", "a.toml", "a = 1\n".repeat(100_000), &["duplicate-key"])),
        heavy(two("TOML mistakes", "a.toml", "= 1\n".repeat(200_000), &["toml-syntax"])),
        heavy(two("TOML texts of many lines", "a.toml", format!("a = \"\"\"{}\"\"\"\n", "\\\n".repeat(300_000)), &["unknown-kind"])),
        heavy(files(8_000)),
    ]
}

/// Very many small files.
fn files(count: usize) -> Hostile {
    let mut files: Vec<(&'static str, Vec<u8>)> = vec![("platform.yaml", PLATFORM.into())];
    let leaked = |at: usize| -> &'static str { Box::leak(format!("d{}/{at}.yaml", at % 100).into_boxed_str()) };
    files.extend((0..count).map(|at| (leaked(at), b"{}\n".to_vec())));
    Hostile { name: "many files", files, expected: &[] }
}
