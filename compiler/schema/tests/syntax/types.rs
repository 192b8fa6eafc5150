//! Types that are none, and types by name.

use super::*;

#[test]
fn unknown_types() {
    check(
        "a: strng",
        expect![[r#"
        schema-syntax: there is no type `strng`
          ^ class.yaml:2:6 `strng` not a type
          hint: did you mean `string`?
          edit: `strng` to `string`
    "#]],
    );
    check(
        "a: int | required=true",
        expect![[r#"
        schema-syntax: there is no type `int`
          ^ class.yaml:2:6 `int` not a type
          hint: did you mean `integer`?
          edit: `int` to `integer`
    "#]],
    );
    check(
        "a: string[]",
        expect![[r#"
        schema-syntax: there is no type `string[]`
          ^ class.yaml:2:6 `string[]` not a type
          hint: did you mean `[]string`?
          edit: `string[]` to `[]string`
    "#]],
    );
    check(
        "a: string?",
        expect![[r#"
        schema-syntax: there is no type `string?`
          ^ class.yaml:2:6 `string?` not a type
          hint: fields are optional unless `required=true`; write `string`, and `nullable=true` if null is a value
    "#]],
    );
    check(
        "a: '[]'",
        expect![[r#"
            schema-syntax: a field has no type
              ^ class.yaml:2:9 `` expected a type here
              hint: write one of `string`, `integer`, `number`, `boolean`, `object`, `quantity`, `duration`, `cidr`, `semver`, `any`
        "#]],
    );
    check(
        "a: '| required=true'",
        expect![[r#"
            schema-syntax: `a` has no type
              ^ class.yaml:2:6 `'| required=true'` no class above declares it
              hint: write a type, `object` for a map with any keys; only what an inherited field says anew needs none
        "#]],
    );
    check(
        "a: blob",
        expect![[r#"
            schema-syntax: there is no type `blob`
              ^ class.yaml:2:6 `blob` not a type
              hint: types are `string`, `integer`, `number`, `boolean`, `object`, `quantity`, `duration`, `cidr`, `semver`, `any`, lists `[]T`, maps `map[string]T`, and the names in `types`
        "#]],
    );
    check(
        "a: map[integer]string",
        expect![[r#"
        schema-syntax: the keys of a map are always strings
          ^ class.yaml:2:6 `map[integer]string` keys cannot be `integer`
          hint: write `map[string]string`
    "#]],
    );
}

#[test]
fn not_types() {
    check(
        "a: 3\nb: true\nc:\nd: [a, b]\ne: []\nf: {}\ng: {$description: x}",
        expect![[r#"
            schema-syntax: `a` must have a type, found the integer 3
              ^ class.yaml:2:6 `3` expected a type
              hint: for a field with this default write `integer | default=3`
            schema-syntax: `b` must have a type, found the boolean true
              ^ class.yaml:3:6 `true` expected a type
              hint: for a field with this default write `boolean | default=true`
            schema-syntax: `c` must have a type, found null
              ^ class.yaml:4:4 `` expected a type
              hint: write `c: string`, or another type
            schema-syntax: the list type of `d` must name one type of items
              ^ class.yaml:5:6 `[a, b]` names 2 types
              hint: for a choice of values write `string | enum=[a, b]`
            schema-syntax: the list type of `e` must name one type of items
              ^ class.yaml:6:6 `[]` names 0 types
              hint: write `[string]`, or `"[]string"`
            schema-syntax: `f` has no type
              ^ class.yaml:7:6 `{}` no class above declares it
              hint: write a type, `object` for a map with any keys; only what an inherited field says anew needs none
            schema-syntax: `g` has no type
              ^ class.yaml:8:6 `{$description: x}` no class above declares it
              hint: write a type, `object` for a map with any keys; only what an inherited field says anew needs none
        "#]],
    );
    check(
        "a: { $type: string, b: integer }",
        expect![[r#"
        schema-syntax: `a` has both `$type` and fields
          ^ class.yaml:2:8 `$type` says what the value is
          - class.yaml:2:23 `b` so does this field
          hint: leave out `$type` for a map with fields, or remove the fields
    "#]],
    );
    expect![[r#"
        schema-syntax: `schema` must be a map of fields to types, found the integer 3
          ^ class.yaml:1:9 `3` expected a map of fields to types
        schema-syntax: `types` must be a map of names to types, found the integer 4
          ^ class.yaml:2:8 `4` expected a map of names to types
    "#]]
    .assert_eq(&faults("schema: 3\ntypes: 4\n"));
}

#[test]
fn types_by_name() {
    expect![[r#"
        schema-syntax: types stand for each other and nothing else
          ^ class.yaml:2:6 `b` `a` is `b` is `a`
          hint: say in one of them what the value is
        schema-syntax: `string` is a type of the language and cannot be declared
          ^ class.yaml:4:3 `string` choose another name
        schema-syntax: types stand for each other and nothing else
          ^ class.yaml:5:6 `c` `c` is `c`
          hint: say in one of them what the value is
    "#]]
    .assert_eq(&faults("types:\n  a: b\n  b: a\n  string: integer\n  c: c\nschema:\n  x: a\n"));
    expect![[r#"
        default-mismatch: the default of `a` does not fit its own schema
          ^ class.yaml:4:21 `0` the default must be at least 1, found 0
          - class.yaml:2:27 `1` because of this `minimum`
          note: the type is `port`, 1 to 65535
        schema-syntax: `minLength` says nothing about an integer
          ^ class.yaml:5:23 `1` `b` is declared `integer`
          note: `minLength` goes with string, cidr and semver
          hint: limit numbers with `minimum` and `maximum`
        schema-syntax: there is no type `prot`
          ^ class.yaml:6:6 `prot` not a type
          hint: did you mean `port`?
          edit: `prot` to `port`
    "#]]
    .assert_eq(&faults(
        "types:\n  port: integer | minimum=1 maximum=65535\nschema:\n  a: port | default=0\n  b: port | minLength=1\n  c: prot\n",
    ));
}

#[test]
fn places_inside_quoted_strings_with_escapes() {
    check(
        "a: \"[]string | description=\\\"x\\\" requird=true\"",
        expect![[r#"
        schema-syntax: there is no marker `requird`
          ^ class.yaml:2:36 `requird` not a marker
          hint: did you mean `required`?
          edit: `requird` to `required`
    "#]],
    );
}

#[test]
fn depth_is_bounded() {
    check(
        &format!("a: '{}string'", "[]".repeat(40)),
        expect![[r#"
        schema-syntax: a type is nested too deeply
          ^ class.yaml:2:39 `[][][][][][][][][][][][][][][][][][][][]` 16 levels of lists and maps are the most
          hint: give an inner type a name in `types` and use that name here
    "#]],
    );
    check(
        &format!("{}string{}", "{a: ".repeat(40), "}".repeat(40)).replacen("{a: ", "a: ", 1).replacen('}', "", 1),
        expect![[r#"
            schema-syntax: a schema is nested too deeply
              ^ class.yaml:2:130 `{a: {a: {a: {a: {a: {a: {a: {a: string}}` 32 levels are the most
              hint: give an inner map a name in `types` and use that name here
        "#]],
    );
}

/// What somebody meant who wrote a type so.
#[test]
fn types_in_other_words() {
    for (written, hint) in [
        ("a: list of strings", "did you mean `[]string`?"),
        ("a: map of integer | required=true", "did you mean `map[string]integer`?"),
        ("a: string required=true", "markers stand behind a `|`, with blanks between them: `string | required=…`"),
        ("a: 'map[string]string required'", "markers stand behind a `|`, with blanks between them: `string | required=…`"),
        ("a: 'map[string]'", "say what the map holds: `map[string]string`, or `object` for anything"),
        ("a: 'map[string]string | pattern=\"^a\"'", "`types: { NAME: \"string | pattern=…\" }`, and write `map[string]NAME` here"),
        ("a: '[]string | pattern=\"^a\"'", "`$type: [\"string | pattern=…\"]`"),
    ] {
        let found = faults(&format!("schema:\n  {written}\n"));
        assert!(found.contains(hint), "{written}\n{found}");
    }
}
