//! Markers that are none, say nothing, or do not fit.

use super::*;

#[test]
fn unknown_markers() {
    check(
        "a: string | require=true",
        expect![[r#"
        schema-syntax: there is no marker `require`
          ^ class.yaml:2:15 `require` not a marker
          hint: did you mean `required`?
          edit: `require` to `required`
    "#]],
    );
    check(
        "a: string | sensitive=true",
        expect![[r#"
        schema-syntax: there is no marker `sensitive`
          ^ class.yaml:2:15 `sensitive` not a marker
          hint: did you mean `secret`?
          edit: `sensitive` to `secret`
    "#]],
    );
    check(
        "a: { $type: string, $defualt: x }",
        expect![[r#"
        schema-syntax: there is no marker `$defualt`
          ^ class.yaml:2:23 `$defualt` not a marker
          hint: did you mean `$default`?
          edit: `$defualt` to `$default`
    "#]],
    );
    check(
        "a: string | foo=1",
        expect![[r#"
            schema-syntax: there is no marker `foo`
              ^ class.yaml:2:15 `foo` not a marker
              hint: markers are `format`, `default`, `provides`, `description`, `required`, `enum`, `minimum`, `maximum` and 18 more
        "#]],
    );
    check(
        "a: { $type: string, $foo: x }",
        expect![[r#"
            schema-syntax: there is no marker `$foo`
              ^ class.yaml:2:23 `$foo` not a marker
              note: keys that begin with `$` are the language's; a field's name cannot
              hint: markers are `format`, `default`, `provides`, `description`, `required`, `enum`, `minimum`, `maximum` and 18 more
        "#]],
    );
}

#[test]
fn markers_without_sense() {
    check(
        "a: string | required",
        expect![[r#"
        schema-syntax: marker `required` has no value
          ^ class.yaml:2:15 `required` takes true or false
          hint: write `required=true`
          edit: `required` to `required=true`
    "#]],
    );
    check(
        "a: string | description=several words here",
        expect![[r#"
        schema-syntax: `words` is not a marker
          ^ class.yaml:2:35 `words` expected a marker such as `required=true`
          hint: put a text of several words in quotes, such as `description="several words"`
    "#]],
    );
    check(
        "a: string | required=true, secret=true",
        expect![[r#"
            schema-syntax: `required` takes true or false, found the string "true,"
              ^ class.yaml:2:24 `true,` not true or false
              hint: separate markers with blanks, without commas
        "#]],
    );
    check(
        "a: string | required=true | secret=true",
        expect![[r#"
        schema-syntax: `|` cannot stand between markers
          ^ class.yaml:2:29 `|` expected a marker such as `required=true`
          hint: write one `|` after the type and blanks between the markers
    "#]],
    );
    check(
        "a: string | required=yes",
        expect![[r#"
            ambiguous-scalar: readers of YAML disagree about `yes` in `required`
              ^ class.yaml:2:24 `yes` text to some readers, a boolean to others
              hint: quote it if it is text, write `true` if it is a boolean
        "#]],
    );
    check(
        "a: string | required=true required=true",
        expect![[r#"
        schema-syntax: marker `required` is given twice
          ^ class.yaml:2:29 `required` again here
          - class.yaml:2:24 `true` first here
          hint: remove one of the two
    "#]],
    );
    check(
        "a: string | enum=\"a,b\"",
        expect![[r#"
            schema-syntax: `enum` takes a list such as [a, b], found the string "a,b"
              ^ class.yaml:2:20 `"a,b"` not a list such as [a, b]
              hint: write `enum=[a, b]`
        "#]],
    );
    check(
        "a: string | enum=[]",
        expect![[r#"
            schema-syntax: `enum` takes a list such as [a, b], found an empty list
              ^ class.yaml:2:20 `[]` not a list such as [a, b]
        "#]],
    );
    check(
        "a: string | maxLength=-1",
        expect![[r#"
        schema-syntax: `maxLength` takes an integer from 0, found the integer -1
          ^ class.yaml:2:25 `-1` not an integer from 0
    "#]],
    );
    check(
        "a: string | pattern=\"(\"",
        expect![[r#"
        schema-syntax: a pattern is not a regular expression
          ^ class.yaml:2:23 `"("` unclosed group
          hint: in a shorthand in double quotes a backslash is written twice: `pattern="^1\\.[0-9]+$"`
    "#]],
    );
    check(
        "a: string | format=hostname",
        expect![[r#"
        schema-syntax: there is no format `hostname`
          ^ class.yaml:2:22 `hostname` not a format
          hint: did you mean `dns-name`?
    "#]],
    );
    check(
        "a: string | deprecated=3",
        expect![[r#"
        schema-syntax: `deprecated` takes true, or a string that says what to use instead, found the integer 3
          ^ class.yaml:2:26 `3` not true, or a string that says what to use instead
    "#]],
    );
    check(
        "a: '[]string | listType=map'",
        expect![[r#"
        schema-syntax: `listType=map` does not say which key tells items apart
          ^ class.yaml:2:27 `map` needs `listMapKey`
          hint: add `listMapKey=name`, naming a field that every item has
    "#]],
    );
    check(
        "a: '[]string | listMapKey=name'",
        expect![[r#"
        schema-syntax: `listMapKey` goes with `listType=map` only
          ^ class.yaml:2:29 `name` says nothing without `listType=map`
          hint: write `listType=map listMapKey=name`
    "#]],
    );
    check(
        "a: '[]string | listType=map listMapKey=name'",
        expect![[r#"
            schema-syntax: items of this list have no field `name`
              ^ class.yaml:2:42 `name` items are `string`
              hint: write `listType=set` for a list whose items are no maps
        "#]],
    );
    check(
        "a: { $type: [{ name: string }], $listType: map, $listMapKey: nam }",
        expect![[r#"
            schema-syntax: items of this list have no field `nam`
              ^ class.yaml:2:64 `nam` items are `map`
              hint: did you mean `name`?
        "#]],
    );
}

#[test]
fn literals() {
    check(
        "a: string | default=",
        expect![[r#"
            schema-syntax: the value of `default` is missing
              ^ class.yaml:2:23 `` here
              hint: write a value after the `=`, in quotes if it has blanks
        "#]],
    );
    check(
        "a: string | default=\"x",
        expect![[r#"
        schema-syntax: the value of `default` has a quote that is never closed
          ^ class.yaml:2:23 `"` here
          hint: close the quote; a quote inside double quotes is written \"
    "#]],
    );
    check(
        "a: '[]string | default=[a'",
        expect![[r#"
        schema-syntax: the value of `default` has a `[` that is never closed
          ^ class.yaml:2:26 `[` here
          hint: close the list with `]`, and put a comma between items
    "#]],
    );
    check(
        "a: 'object | default={a 1}'",
        expect![[r#"
        schema-syntax: the value of `default` has a `{` that is never closed
          ^ class.yaml:2:24 `{` here
          hint: write a map as `{key: value, other: value}`
    "#]],
    );
    check(
        "a: 'object | default={a: 1, a: 2}'",
        expect![[r#"
        schema-syntax: the value of `default` has the same key twice
          ^ class.yaml:2:31 `a` here
          hint: remove one of the two
    "#]],
    );
    check(
        "a: string | default=\"\\d\"",
        expect![[r#"
        schema-syntax: the value of `default` has an unknown escape
          ^ class.yaml:2:24 `\d` here
          hint: write a backslash as \\, or use single quotes, where it stands for itself
    "#]],
    );
    check(
        &format!("a: '[]any | default={}'", "[".repeat(50)),
        expect![[r#"
        schema-syntax: the value of `default` is nested too deeply
          ^ class.yaml:2:56 `` here
          hint: write the field as a map with `$type` and `$default`
    "#]],
    );
}

#[test]
fn markers_on_the_wrong_type() {
    check(
        "a: string | minimum=1",
        expect![[r#"
            schema-syntax: `minimum` says nothing about a string
              ^ class.yaml:2:23 `1` `a` is declared `string`
              note: `minimum` goes with integer, number, quantity, duration and semver
        "#]],
    );
    check(
        "a: integer | maxLength=3",
        expect![[r#"
            schema-syntax: `maxLength` says nothing about an integer
              ^ class.yaml:2:26 `3` `a` is declared `integer`
              note: `maxLength` goes with string, cidr and semver
              hint: limit numbers with `minimum` and `maximum`
        "#]],
    );
    check(
        "a: '[]string | pattern=\"^a\"'",
        expect![[r#"
            schema-syntax: `pattern` says nothing about a list
              ^ class.yaml:2:26 `"^a"` `a` is declared `[]string`
              note: `pattern` goes with string, cidr and semver
              hint: to limit each item write it as a type of its own: `$type: ["string | pattern=…"]`
        "#]],
    );
    check(
        "a: '[]string | maxLength=3'",
        expect![[r#"
            schema-syntax: `maxLength` says nothing about a list
              ^ class.yaml:2:28 `3` `a` is declared `[]string`
              note: `maxLength` goes with string, cidr and semver
              hint: to count items write `maxItems`; to limit each item write it as a type of its own: `$type: ["string | maxLength=…"]`
        "#]],
    );
    check(
        "a: integer | minimum=a",
        expect![[r#"
        schema-syntax: `minimum` must be an integer, found the string "a"
          ^ class.yaml:2:24 `a` not an integer
    "#]],
    );
    check(
        "a: integer | minimum=3 maximum=2",
        expect![[r#"
        schema-syntax: `minimum` lies above `maximum`, so nothing fits
          ^ class.yaml:2:24 `3` more than the greatest allowed
          - class.yaml:2:34 `2` the greatest allowed
    "#]],
    );
    check(
        "a: string | minLength=3 maxLength=2",
        expect![[r#"
        schema-syntax: `minLength` lies above `maxLength`, so nothing fits
          ^ class.yaml:2:25 `3` more than the greatest allowed
          - class.yaml:2:37 `2` the greatest allowed
    "#]],
    );
}

#[test]
fn defaults_and_examples_fit_their_own_schema() {
    check(
        "a: integer | default=0 minimum=1",
        expect![[r#"
            default-mismatch: the default of `a` does not fit its own schema
              ^ class.yaml:2:24 `0` the default must be at least 1, found 0
              note: the type is `integer`, at least 1
        "#]],
    );
    check(
        "a: string | default=1.33",
        expect![[r#"
            default-mismatch: the default of `a` does not fit its own schema
              ^ class.yaml:2:23 `1.33` the default must be a string, found the number 1.33
              note: the type is `string`
        "#]],
    );
    check(
        "a: string | enum=[a, b] default=c examples=[d]",
        expect![[r#"
            default-mismatch: the default of `a` does not fit its own schema
              ^ class.yaml:2:35 `c` the default cannot be "c"
              note: the type is `string`, one of "a", "b"
            default-mismatch: an example of `a` does not fit its own schema
              ^ class.yaml:2:47 `d` the example cannot be "d"
              note: the type is `string`, one of "a", "b"
        "#]],
    );
    check(
        "a: string | enum=[1, b]",
        expect![[r#"
            default-mismatch: an enum value of `a` does not fit its own schema
              ^ class.yaml:2:21 `1` the enum value must be a string, found the integer 1
              note: the type is `string`, one of 1, "b"
        "#]],
    );
    check(
        "a: { $default: { x: 1 }, x: integer, y: integer | required=true }",
        expect![[r#"
            default-mismatch: the default of `a` does not fit its own schema
              ^ class.yaml:2:18 `{ x: 1 }` the default needs the field `y`
              note: the type is `map`
        "#]],
    );
    check("a: { $default: { x: 1 }, x: integer, y: integer | required=true default=3 }", expect![[""]]);
    check(
        "a: '[]b'",
        expect![[r#"
            schema-syntax: there is no type `b`
              ^ class.yaml:2:9 `b` not a type
              hint: types are `string`, `integer`, `number`, `boolean`, `object`, `quantity`, `duration`, `cidr`, `semver`, `any`, lists `[]T`, maps `map[string]T`, and the names in `types`
        "#]],
    );
    check("a: string | default=\"${self.b}\" maxLength=3", expect![""]);
}
