//! Fragments: the schema and template of two, of which the second may use the first, and what a class says that uses both.
#![no_main]

use libfuzzer_sys::fuzz_target;

const PROJECT: &str = "\
platform: {name: acme, domain: infra.example.com}
environments: {apps: {}}
clusters: {gc0: {class: plain, region: eu-west-1}}
services: {web: {class: own, size: 3, zones: [a, b], open: {x: 1, y: {z: [true, '2']}}}}
";

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut pieces = text.splitn(3, '\u{1}');
    let mut next = || platc_fuzz::indented(pieces.next().unwrap_or(""), "      ");
    let classes = format!(
        "classes:\n  fragment:\n    one:\n{}    two:\n{}  cluster:\n    plain:\n      schema: {{region: string}}\n  service:\n    base:\n      schema: \
         {{size: integer, zones: '[]string', open: object}}\n    own:\n      inherits: base\n{}",
        next(),
        next(),
        next()
    );
    platc_fuzz::build(&[("platform.yaml", PROJECT), ("classes.yaml", &classes)]);
});
