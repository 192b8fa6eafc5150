//! The expander of templates: what a class says in `let`, `manifests` and `terraform`, with `$for`, `$if`, `$spread` and expressions.
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
    let mut next = || platc_fuzz::indented(pieces.next().unwrap_or(""), "        ");
    let classes = format!(
        "classes:\n  cluster:\n    plain:\n      schema: {{region: string}}\n  service:\n    own:\n      schema: {{size: integer, zones: '[]string', open: \
         object}}\n      manifests:\n{}      let:\n{}      terraform:\n{}",
        next(),
        next(),
        next()
    );
    platc_fuzz::build(&[("platform.yaml", PROJECT), ("classes.yaml", &classes)]);
});
