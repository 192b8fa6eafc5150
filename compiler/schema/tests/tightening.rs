//! A class that inherits asks for as much as its parent.

use super::{compiled, shown};
use crate::diagnostic::Diagnostics;
use crate::schema::{tightens, with_secrets_of};
use crate::source::Sources;
use expect_test::{Expect, expect};

fn check(parent: &str, child: &str, expected: Expect) {
    let mut sources = Sources::default();
    let class = |fields: &str| if fields.starts_with("types:") { fields.to_owned() } else { format!("schema:\n  {fields}\n") };
    let parent = compiled(&mut sources, "std/a.yaml", &class(parent));
    let child = compiled(&mut sources, "b.yaml", &class(child));
    let mut diagnostics = Diagnostics::default();
    tightens(&parent, &child, "", &mut diagnostics);
    expected.assert_eq(&shown(&diagnostics, &sources));
}

#[test]
fn tighter_is_fine() {
    for (parent, child) in [
        ("a: string", "a: string | required=true enum=[x]"),
        ("a: number | minimum=1", "a: integer | minimum=2 maximum=3"),
        ("a: string | required=true", "a: string | default=x"),
        ("a: string | enum=[x, w, z]", "a: string | enum=[x, w]"),
        ("a: any", "a: '[]string'"),
        ("a: object", "a: { b: string }"),
        ("a: 'map[string]string'", "a: { b: string }"),
        ("a: string | pattern=\"^a\"", "a: string | enum=[ab]"),
        ("a: string", "a: cidr"),
        ("a: string", "a: string\n  b: string | required=true"),
        ("a: integer | maximum=3", "a: integer | enum=[1, 2]"),
        ("types:\n  t: { t: t }\nschema:\n  t: t\n", "types:\n  t: { t: t, x: string }\nschema:\n  t: t\n"),
    ] {
        check(parent, child, expect![[""]]);
    }
}

#[test]
fn looser_is_reported() {
    check(
        "a: integer",
        "a: number",
        expect![[r#"
            looser-schema: `a` is `number` now, unlike in the class it inherits from
              ^ b.yaml:2:6 `number` asks for less
              - std/a.yaml:2:6 `integer` was `integer`
              hint: ask for the same or for more: what works with the inherited class must work with this one
        "#]],
    );
    check(
        "a: { b: string | required=true }",
        "a: { b: string }",
        expect![[r#"
            looser-schema: `a.b` is no longer required, unlike in the class it inherits from
              ^ b.yaml:2:11 `string` asks for less
              - std/a.yaml:2:29 `true` what it inherits
              hint: ask for the same or for more: what works with the inherited class must work with this one
        "#]],
    );
    check(
        "a: string | enum=[x, w]",
        "a: string | enum=[x, z]",
        expect![[r#"
            looser-schema: `a` may be "z", unlike in the class it inherits from
              ^ b.yaml:2:20 `[x, z]` asks for less
              - std/a.yaml:2:20 `[x, w]` what it inherits
              hint: ask for the same or for more: what works with the inherited class must work with this one
        "#]],
    );
    check(
        "a: string | enum=[x, w]",
        "a: string",
        expect![[r#"
            looser-schema: `a` may be anything, unlike in the class it inherits from
              ^ b.yaml:2:6 `string` asks for less
              - std/a.yaml:2:20 `[x, w]` what it inherits
              hint: ask for the same or for more: what works with the inherited class must work with this one
        "#]],
    );
    check(
        "a: integer | minimum=2",
        "a: integer | minimum=1",
        expect![[r#"
            looser-schema: `a` has `minimum=1`, unlike in the class it inherits from
              ^ b.yaml:2:24 `1` asks for less
              - std/a.yaml:2:24 `2` what it inherits
              hint: ask for the same or for more: what works with the inherited class must work with this one
        "#]],
    );
    check(
        "a: integer | maximum=2",
        "a: integer",
        expect![[r#"
            looser-schema: `a` has no `maximum`, unlike in the class it inherits from
              ^ b.yaml:2:6 `integer` asks for less
              - std/a.yaml:2:24 `2` what it inherits
              hint: ask for the same or for more: what works with the inherited class must work with this one
        "#]],
    );
    check(
        "a: '[]string | minItems=2'",
        "a: '[]string | minItems=1'",
        expect![[r#"
            looser-schema: `a` has `minItems=1`, unlike in the class it inherits from
              ^ b.yaml:2:27 `1` asks for less
              - std/a.yaml:2:27 `2` what it inherits
              hint: ask for the same or for more: what works with the inherited class must work with this one
        "#]],
    );
    check(
        "a: string | secret=true pattern=\"x\" maxLength=3",
        "a: string | nullable=true",
        expect![[r#"
            looser-schema: `a` is no longer secret, has no `pattern` and has no `maxLength`, unlike in the class it inherits from
              ^ b.yaml:2:6 `string | nullable=true` asks for less
              - std/a.yaml:2:22 `true` what it inherits
              - std/a.yaml:2:35 `"x"` what it inherits
              - std/a.yaml:2:49 `3` what it inherits
              hint: ask for the same or for more: what works with the inherited class must work with this one
            looser-schema: `a` may be null, unlike in the class it inherits from
              ^ b.yaml:2:24 `true` asks for less
              - std/a.yaml:2:6 `string | secret=true pattern="x" maxLeng` could not be null
              hint: ask for the same or for more: what works with the inherited class must work with this one
        "#]],
    );
    check(
        "a: string | format=ip",
        "a: string",
        expect![[r#"
            looser-schema: `a` has no `format`, unlike in the class it inherits from
              ^ b.yaml:2:6 `string` asks for less
              - std/a.yaml:2:22 `ip` what it inherits
              hint: ask for the same or for more: what works with the inherited class must work with this one
        "#]],
    );
    check(
        "a: '[]string | uniqueItems=true'",
        "a: '[]string'",
        expect![[r#"
            looser-schema: `a` may hold an item twice, unlike in the class it inherits from
              ^ b.yaml:2:6 `'[]string'` asks for less
              - std/a.yaml:2:30 `true` what it inherits
              hint: ask for the same or for more: what works with the inherited class must work with this one
        "#]],
    );
    check(
        "a: '[]integer'",
        "a: '[]string'",
        expect![[r#"
            looser-schema: `a[]` is `string` now, unlike in the class it inherits from
              ^ b.yaml:2:7 `[]string` asks for less
              - std/a.yaml:2:7 `[]integer` was `integer`
              hint: ask for the same or for more: what works with the inherited class must work with this one
        "#]],
    );
    check(
        "a: string\n  b: string",
        "a: string",
        expect![[r#"
            looser-schema: `b` is gone, unlike in the class it inherits from
              ^ b.yaml:2:3 `a: string` has no such field
              - std/a.yaml:3:6 `string` was declared here
              hint: ask for the same or for more: what works with the inherited class must work with this one
        "#]],
    );
}

#[test]
fn what_was_secret_stays_so() {
    for (parent, child, secret) in [
        ("a: string | secret=true", "a: string", "a"),
        ("a: string | secret=true", "a: any", "a"),
        ("a: string", "a: string", ""),
        ("a: { b: string, c: 'string | secret=true' }", "a: { b: string, c: string }", "a"),
        ("a: { c: 'string | secret=true' }", "a: any", "a"),
        ("types:\n  s: string | secret=true\nschema:\n  a: '[]s'\n", "a: '[]string'", "a"),
        ("a: 'map[string]string | secret=true'", "a: { b: string }", "a"),
        (
            "types:\n  t: { t: t, s: 'string | secret=true' }\nschema:\n  a: t\n  b: t\n",
            "types:\n  t: { t: t, s: string }\nschema:\n  a: t\n  b: t\n",
            "a b",
        ),
    ] {
        let mut sources = Sources::default();
        let class = |fields: &str| if fields.starts_with("types:") { fields.to_owned() } else { format!("schema:\n  {fields}\n") };
        let parent = compiled(&mut sources, "a.yaml", &class(parent));
        let child = compiled(&mut sources, "b.yaml", &class(child));
        let kept = with_secrets_of(&parent, &child);
        let names = kept.iter().flat_map(|type_| type_.fields().filter(|(_, field)| field.holds_secrets()).map(|(name, _)| name));
        assert_eq!(names.collect::<Vec<_>>().join(" "), secret, "{}", class("…"));
        assert!(kept.is_none_or(|kept| with_secrets_of(&parent, &kept).is_none()), "once is enough");
    }
}

#[test]
fn what_replaces_less_is_reported() {
    check(
        "a: integer | replaces=true",
        "a: 'integer | replaces=${new < old}'",
        expect![[r#"
        looser-schema: `a` has another `replaces`, unlike in the class it inherits from
          ^ b.yaml:2:26 `${new < old}` asks for something else
          - std/a.yaml:2:25 `true` what it inherits
          hint: ask for the same or for more: what works with the inherited class must work with this one
    "#]],
    );
    check(
        "a: integer | replaces=cluster",
        "a: integer | replaces=true",
        expect![[r#"
        looser-schema: `a` has another `replaces`, unlike in the class it inherits from
          ^ b.yaml:2:25 `true` asks for something else
          - std/a.yaml:2:25 `cluster` what it inherits
          hint: ask for the same or for more: what works with the inherited class must work with this one
    "#]],
    );
    for (parent, child) in [("true", "cluster"), ("${new < old}", "true"), ("${new < old}", "${new != old}"), ("cluster", "cluster")] {
        check(&format!("a: 'integer | replaces={parent}'"), &format!("a: 'integer | replaces={child}'"), expect![[""]]);
    }
}
