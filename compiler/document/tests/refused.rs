//! What YAML has and sources may not.

use super::*;

#[test]
fn yaml_says_what_it_refuses() {
    broken(
        "a: 1\nb: 2\na: 3\nc: {x: 1, x: 2}\n===\n<<: {a: 1}\nb: 1\n===\na: 1\n---\nb: 2\n===\na: !foo 1\nb: !!str 12\nc: !!int x\nd: ! 5\n===\n1: a\ntrue: b\n~: c\n: d\n[a]: e\n0777: f\non: g\n1_000: h\n===\na: 0777\nb: yes\nc: 1_000\nd: 12:30:45\ne: 1e3\nf: -.5\ng: NO\nh: 0b11\ni: 089\n===\na: 99999999999999999999\nb: .inf\nc: 1.0e+999\n===\n- a\n===\na:b\n===\na: \"x\\0y\"\nb: \"\\e\"\n===\na: *x\nb: &foo 1\nc: *fooo\nd: *.example.com\n===\na: &a [1, *a]\n===\na: x\u{7f}\nb: \0\n===\na: {{ .Values.x }}\n",
        Grammar::Yaml,
        expect![[r#"
            duplicate-key: key `a` is written twice in the same map
              3:1 `a` written again here
              1:1 `a` written first here
              hint: keep one of them, or join their values below one key
            duplicate-key: key `x` is written twice in the same map
              4:11 `x` written again here
              4:5 `x` written first here
              hint: keep one of them, or join their values below one key
            (document)
            merge-key: the merge key `<<` is not part of this language
              1:1 `<<` merges another map into this one
              hint: let the definition inherit with `inherits: <name>`, or share values through `platform.defaults`
            (document)
            several-documents: the file holds several YAML documents
              2:1 `---` a second document begins here
              hint: merge them into one map, or put each into a file of its own
            (document)
            yaml-tag: tag `!foo` has no meaning here
              1:4 `!foo` not understood
              hint: remove the tag; quote the value if it is text that begins with `!`
            yaml-tag: tag `!!int` has no meaning here
              3:4 `!!int` not understood
              hint: remove the tag; quote the value if it is text that begins with `!`
            (document)
            key-not-text: key `1` is a number, not text
              1:1 `1` a number to YAML
              hint: quote the key
              replace `1` by `"1"`
            key-not-text: key `true` is a boolean, not text
              2:1 `true` a boolean to YAML
              hint: quote the key
              replace `true` by `"true"`
            key-not-text: key `~` is null, not text
              3:1 `~` null to YAML
              hint: quote the key
              replace `~` by `"~"`
            key-not-text: a key is missing
              4:1 `` nothing stands before this colon
              hint: write the key, or `""` if an empty key is meant
            key-not-text: a list cannot be a key
              5:1 `[a]` used as a key
              hint: keys are text; quote the key if it is meant as one
            key-not-text: key `0777` is a number, not text
              6:1 `0777` a number to YAML
              hint: quote the key
              replace `0777` by `"0777"`
            (document)
            ambiguous-scalar: readers of YAML disagree about `0777`
              1:4 `0777` decimal to some readers, octal to others
              hint: quote it if it is text, write `0o777` if it is octal, `777` if it is decimal
            ambiguous-scalar: readers of YAML disagree about `yes`
              2:4 `yes` text to some readers, a boolean to others
              hint: quote it if it is text, write `true` if it is a boolean
              replace `yes` by `"yes"`
            ambiguous-scalar: readers of YAML disagree about `1_000`
              3:4 `1_000` text to some readers, a number to others
              hint: quote it if it is text, write `1000` if it is a number
              replace `1_000` by `"1_000"`
            ambiguous-scalar: readers of YAML disagree about `12:30:45`
              4:4 `12:30:45` text to some readers, a number to base 60 to others
              hint: quote it
              replace `12:30:45` by `"12:30:45"`
            ambiguous-scalar: readers of YAML disagree about `1e3`
              5:4 `1e3` a number to some readers, text to others
              hint: quote it if it is text, write `1000.0` if it is a number
              replace `1e3` by `"1e3"`
            ambiguous-scalar: readers of YAML disagree about `-.5`
              6:4 `-.5` a number to some readers, text to others
              hint: quote it if it is text, write `-0.5` if it is a number
              replace `-.5` by `"-.5"`
            ambiguous-scalar: readers of YAML disagree about `NO`
              7:4 `NO` text to some readers, a boolean to others
              hint: quote it if it is text, write `false` if it is a boolean
              replace `NO` by `"NO"`
            ambiguous-scalar: readers of YAML disagree about `0b11`
              8:4 `0b11` a number to some readers, text to others
              hint: quote it if it is text, write it in decimal if it is a number
              replace `0b11` by `"0b11"`
            ambiguous-scalar: readers of YAML disagree about `089`
              9:4 `089` decimal to some readers, octal to others
              hint: quote it if it is text, write `89` if it is a number
            (document)
            number-out-of-range: number `99999999999999999999` does not fit
              1:4 `99999999999999999999` outside the range of 64-bit numbers
              hint: quote it if it is text, such as an account number
              replace `99999999999999999999` by `"99999999999999999999"`
            number-out-of-range: `.inf` is not a number an output can hold
              2:4 `.inf` infinite, or no number at all
              hint: quote it if it is text, else write a finite number
              replace `.inf` by `".inf"`
            number-out-of-range: number `1.0e+999` does not fit
              3:4 `1.0e+999` outside the range of 64-bit numbers
              hint: quote it if it is text, such as an account number
              replace `1.0e+999` by `"1.0e+999"`
            (document)
            source-not-map: the file holds a list where a map of kinds belongs
              1:1 `- a` a list begins here
              hint: begin with a kind, such as `clusters:`, and put the definitions below it
            (none)
            source-not-map: the file holds a single value where a map of kinds belongs
              1:1 `a:b` a single value begins here
              hint: write a space after the colon: `a: …`
            (none)
            control-character: the control character NUL cannot stand in text
              1:4 `\"x\\0y\"` NUL stands here
              hint: remove it; of the control characters only tab and line breaks are text
            control-character: the control character escape cannot stand in text
              2:4 `\"\\e\"` escape stands here
              hint: remove it; of the control characters only tab and line breaks are text
            (document)
            unknown-anchor: no anchor `&x` stands before this alias
              1:4 `*x` a text that begins with `*` is an alias
              hint: write the anchor `&` before the value that is meant, or quote it if it is text
            unknown-anchor: no anchor `&fooo` stands before this alias
              3:4 `*fooo` a text that begins with `*` is an alias
              hint: did you mean `*foo`?
              replace `*fooo` by `*foo`
            unknown-anchor: no anchor `&.example.com` stands before this alias
              4:4 `*.example.com` a text that begins with `*` is an alias
              hint: quote it if it is meant as text
              replace `*.example.com` by `"*.example.com"`
            (document)
            alias-cycle: alias `*a` stands inside the value it repeats
              1:11 `*a` would contain itself
              1:7 `[` the value begins here
              hint: write the inner value out, or move the anchor to the part that is to be repeated
            (document)
            control-character: the control character delete cannot stand in text
              1:5 `\u{7f}` delete stands here
              hint: remove it; of the control characters only tab and line breaks are text
            control-character: the control character NUL cannot stand in text
              2:4 `\0` NUL stands here
              hint: remove it; of the control characters only tab and line breaks are text
            (none)
            key-not-text: a map cannot be a key
              1:5 `{ .Values.x }` used as a key
              hint: this looks like a template of Jinja or Helm: an expression is `${…}`; quote `"{{ … }}"` if it is meant as text
            (document)
        "#]],
    );
}
