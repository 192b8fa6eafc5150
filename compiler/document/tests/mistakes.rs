//! What is said about mistakes of syntax.

use super::*;

#[test]
fn yaml_explains_syntax() {
    broken(
        "a: ${x ? \"y\" : \"z\"}\n===\na: [${b}]\n===\na: {b: ${c}, d: 1}\n===\na:\n<TAB>b: 1\n===\na: [1, 2\nb: 3\n===\na: [\n  1\n]\n===\n  - b: {\n    x: 1\n  }\n===\na: {x: 1\n===\na: \"foo\nb: 3\n===\na: \"foo\n===\na: @foo\n===\na: %x\n===\na: 1\n  b: 2\n===\na:\n    b: 1\n  c: 2\n===\na: 1\nb\nc: 2\n===\n%YAML 1.2\n---\na: 1\n===\na: - b\n===\na: ]\n===\na: {b: 1]\n===\na: \"\\q\"\n===\na: 'it's'\n===\na: b: c\n===\na: b\n- c\n===\na: [1,,2]\n===\na: |x\n  b\n===\na: [1, 2]]\n===\n- a\nb: 1\n===\na: 1\nb:2\nc: 3\n===\na: *\n===\na: [a b: c: d]\n===\na: >\n    \n  x\n",
        Grammar::Yaml,
        expect![[r#"
            yaml-syntax: the expression holds `: `, which YAML takes for another key
              1:14 `:` this colon
              hint: quote the value
              replace `${x ? "y" : "z"}` by `'${x ? "y" : "z"}'`
            (without a)
            yaml-syntax: an expression inside `[…]` or `{…}` needs quotes
              1:5 `${b}` YAML takes its braces for a map
              hint: put the expression between quotes
              replace `${b}` by `"${b}"`
            (without a)
            yaml-syntax: an expression inside `[…]` or `{…}` needs quotes
              1:8 `${c}` YAML takes its braces for a map
              hint: put the expression between quotes
              replace `${c}` by `"${c}"`
            (without a)
            yaml-syntax: a tab cannot indent YAML
              2:1 `\t` a tab
              hint: indent with spaces, two for each level
            (without a)
            yaml-syntax: `[` is not closed
              1:4 `[` opened here
              2:1 `b: 3` still open here, as far to the left as the key outside
              hint: write the missing `]`, or indent the lines inside `[…]`
            (without a)
            yaml-syntax: the closing `]` is not indented
              3:1 `]` as far to the left as the key
              1:4 `[` opened here
              hint: indent it deeper than its key
              replace `` by `  `
            (without a)
            yaml-syntax: `{` is not closed
              1:8 `{` opened here
              2:5 `x: 1` still open here, as far to the left as the key outside
              hint: write the missing `}`, or indent the lines inside `{…}`
            (none)
            yaml-syntax: `{` is never closed
              1:4 `{` opened here
              hint: write the missing `}`
            (without a)
            yaml-syntax: a quote is not closed before this line
              2:1 `b: 3` as far to the left as the key
              1:4 `\"` the text begins here
              hint: write the missing quote, or indent the line if the text goes on
            (without a)
            yaml-syntax: this quote is never closed
              1:4 `\"` opened here
              hint: write the missing quote at the end of the text
            (without a)
            yaml-syntax: a value cannot begin with `@`
              1:4 `@` reserved by YAML
              hint: quote the value
              replace `@foo` by `"@foo"`
            (without a)
            yaml-syntax: a value cannot begin with `%`
              1:4 `%` reserved by YAML
              hint: quote the value
              replace `%x` by `"%x"`
            (without a)
            yaml-syntax: a key cannot stand here
              2:3 `b: 2` a key below a value
              1:1 `a: 1` has its value already
              hint: remove the value above, or begin the line in the same column as its siblings
            (without a)
            yaml-syntax: the indentation of this line fits no line above
              3:3 `c: 2` neither a sibling of the keys above nor of those outside
              hint: begin the line in the same column as its siblings
            (without a.b)
            yaml-syntax: expected `:` after this key
              2:1 `b` no value follows
              hint: write `b: …`, or indent the line if it goes on with the text above
            (without a)
            yaml-syntax: YAML directives are not used here
              1:1 `%YAML 1.2` a directive
              hint: remove the line
            (none)
            yaml-syntax: a list cannot begin on the line of its key
              1:4 `- b` begins a list
              hint: put the list on the lines below, quote the value if it is text, or write `[…]`
            (without a)
            yaml-syntax: `]` closes nothing
              1:4 `]` nothing is open here
              hint: remove it, or quote the value if it is text
            (without a)
            yaml-syntax: `{` is closed with `]`
              1:4 `{` opened here
              hint: close it with `}`
            (without a)
            yaml-syntax: `\q` is not an escape
              1:5 `\\q` not understood
              hint: double the backslash (`\\`), or put the text between `'`, where backslashes are plain
            (without a)
            yaml-syntax: something follows the closing quote
              1:8 `s` after the text has ended
              hint: double the quotes that belong to the text (`''`), or put the whole value between `"`
            (without a)
            yaml-syntax: the value holds `: `, which YAML takes for another key
              1:5 `:` this colon
              hint: quote the value
              replace `b: c` by `"b: c"`
            (without a)
            yaml-syntax: a list item stands where a key is expected
              2:1 `- c` a list item
              hint: put the list below a key, or remove the dash
            (without a)
            yaml-syntax: a value is missing before this comma
              1:7 `,` nothing stands between the commas
              1:4 `[` opened here
              hint: write the value, or remove the comma
            (without a)
            yaml-syntax: only a digit, `+`, `-` and a comment may follow `|` or `>`
              1:4 `|` not understood
              hint: begin the text on the next line
            (without a)
            yaml-syntax: `]` closes nothing
              1:10 `]` nothing is open here
              hint: remove it, or quote the value if it is text
            (without a)
            yaml-syntax: a key stands where a list item is expected
              2:1 `b: 1` among the items of a list
              hint: begin the line with `- `, or indent it below its item
            (none)
            yaml-syntax: expected `:` after this key
              2:1 `b:2` no value follows
              hint: write a space after the colon: `b: 2`
            (without a)
            yaml-syntax: `*` names no anchor
              1:4 `*` a name must follow
              hint: quote the value if it is text
              replace `*` by `"*"`
            (without a)
            yaml-syntax: expected `,` or `]`
              1:11 `:` before this
              1:4 `[` opened here
              hint: separate the items with commas, and quote texts that hold brackets, braces or commas
            (without a)
            yaml-syntax: the first lines of a block text are indented deeper than the text
              3:3 `x` the text
              hint: remove the spaces from the empty lines above the text
            (without a)
        "#]],
    );
}

#[test]
fn toml_explains_syntax() {
    broken(
        "a = 1\nb = 2\na = 3\nc = {x = 1, x = 2}\n===\n[a.x]\n[b.x]\n[a.x]\n===\na = foo\nb = ${x}\nc = yes\n===\na: 1\nb: 2\n===\na = [1, 2\nb = 3\n===\na = {x = 1\n===\na = 0777\nb = \"\\q\"\nc =\n===\na b = 1\n===\na = inf\nb = 99999999999999999999\n===\n[a\nb = 1\n===\na = \"x\n===\na.b = 1\na.b.c = 2\n===\na = \"\\u0000\"\n",
        Grammar::Toml,
        expect![[r#"
            duplicate-key: key `a` is written twice in the same map
              3:1 `a` written again here
              1:1 `a` written first here
              hint: keep one of them, or join their values below one key
            duplicate-key: key `x` is written twice in the same map
              4:13 `x` written again here
              4:6 `x` written first here
              hint: keep one of them, or join their values below one key
            (none)
            duplicate-key: key `x` is written twice in the same map
              3:4 `x` written again here
              1:1 `[a.x]` written first here
              hint: keep one of them, or join their values below one key
            (without a.x)
            toml-syntax: text must be quoted in TOML: `foo`
              1:5 `foo` not a number, a date, `true` or `false`
              hint: put it between quotes
              replace `foo` by `"foo"`
            toml-syntax: text must be quoted in TOML: `${x}`
              2:5 `${x}` not a number, a date, `true` or `false`
              hint: put it between quotes
              replace `${x}` by `"${x}"`
            toml-syntax: text must be quoted in TOML: `yes`
              3:5 `yes` not a number, a date, `true` or `false`
              hint: put it between quotes
              replace `yes` by `"yes"`
            (none)
            toml-syntax: TOML joins key and value with `=`, not with `:`
              1:2 `:` a colon
              hint: write `=`
              replace `:` by ` =`
            toml-syntax: key with no value
              2:4 `` expected `=`
              hint: write `key = value`
            (none)
            toml-syntax: `[` is never closed
              1:5 `[` opened here
              2:3 `=` a key below it
              hint: write the missing `]`
            (none)
            toml-syntax: `{` is never closed
              1:11 `` expected `}`
              hint: write the missing `}`
            (none)
            toml-syntax: a number cannot begin with 0
              1:5 `0` not understood
              hint: quote it if it is text, write `0o…` if it is octal
            toml-syntax: this is not an escape
              2:7 `` expected `b`, `e`, `f`, `n`, `r`, `\`, `"`, `x`, `u`, `U`
              hint: double the backslash (`\\`), or put the text between `'`, where backslashes are plain
            toml-syntax: a value is missing
              3:4 `` expected literal string
              hint: write the value after `=`; TOML has no null
            (none)
            toml-syntax: key with no value
              1:3 `` expected `=`
              hint: write `key = value`
            (none)
            number-out-of-range: `inf` is not a number an output can hold
              1:5 `inf` infinite, or no number at all
              hint: quote it if it is text, else write a finite number
              replace `inf` by `"inf"`
            number-out-of-range: number `99999999999999999999` does not fit
              2:5 `99999999999999999999` outside the range of 64-bit numbers
              hint: quote it if it is text, such as an account number
              replace `99999999999999999999` by `"99999999999999999999"`
            (document)
            toml-syntax: the header is never closed
              1:3 `` expected `]`
              hint: write the missing `]` on the same line
            (without a)
            toml-syntax: this quote is never closed
              1:5 `\"` opened here
              hint: write the missing quote at the end of the text
            (none)
            toml-syntax: `b` has a value already and cannot hold keys
              2:3 `b` used as a table here
              hint: write the keys into one table, or rename one of them
            (none)
            control-character: the control character NUL cannot stand in text
              1:5 `\"\\u0000\"` NUL stands here
              hint: remove it; of the control characters only tab and line breaks are text
            (document)
        "#]],
    );
}
