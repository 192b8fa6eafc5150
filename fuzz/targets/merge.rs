//! The merger: three pieces of YAML are what a parent, its child and the child's overlay for an environment say, under a schema with
//! atomic, set and keyed lists.
#![no_main]

use libfuzzer_sys::fuzz_target;

const PROJECT: &str = "\
platform: {name: acme, domain: infra.example.com}
environments: {apps: {}, ops: {inherits: apps}}
classes:
  infrastructure:
    thing:
      types: {tree: {name: string, size: integer | default=1, below: map[string]tree}}
      schema:
        a: object
        b: '[]string | listType=set'
        c: {$type: '[]tree', $listType: map, $listMapKey: name}
        d: map[string]tree
        e: {x: integer | default=1, y: {z: string}}
        f: '[]integer'
";

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut pieces = text.splitn(3, '\u{1}');
    let mut next = |indent: &str| platc_fuzz::indented(pieces.next().unwrap_or(""), indent);
    let definitions = format!(
        "infrastructure:\n  base:\n    class: thing\n    abstract: true\n{}  own:\n    inherits: base\n{}    environments:\n      ops:\n{}",
        next("    "),
        next("    "),
        next("        ")
    );
    platc_fuzz::build(&[("platform.yaml", PROJECT), ("own.yaml", &definitions)]);
});
