//! What is no expression.

use super::*;

#[test]
fn syntax() {
    check(
        "1 +",
        expect![[r#"
        expression-syntax: expected a value, found the end of the expression
          "" expected a value"#]],
    );
    check(
        "(1",
        expect![[r#"
        expression-syntax: expected `)`, found the end of the expression
          "" expected `)`
          "(" opened here"#]],
    );
    check(
        "[1 2]",
        expect![[r#"
        expression-syntax: expected `,` or `]`, found a number
          "2" expected `,` or `]`
          "[" opened here"#]],
    );
    check(
        "a ? b",
        expect![[r#"
        expression-syntax: expected `:` and the value for the other case, found the end of the expression
          "" expected `:` and the value for the other case"#]],
    );
    check(
        "for",
        expect![[r#"
        expression-syntax: `for` is a reserved word
          "for" cannot be used as a name
          = choose another name; after a dot it is allowed"#]],
    );
    check(
        "a = 1",
        expect![[r#"
        expression-syntax: `=` has no meaning in an expression
          "=" not expected here
          = compare with `==`"#]],
    );
    check(
        "'abc",
        expect![[r#"
        expression-syntax: a string in this expression is never closed
          "'" opened here
          = close it with the same quote; a quote inside of a string is written with a backslash before it"#]],
    );
    check(
        "'\\d'",
        expect![[r#"
        expression-syntax: `\d` is not an escape
          "\\d" means nothing in a string
          = write `\\` for a backslash, or put `r` before the string to take every character as it is: `r'\d+'`"#]],
    );
    check(
        "99999999999999999999",
        expect![[r#"
        expression-syntax: `99999999999999999999` is not a number
          "99999999999999999999" cannot be read as a number
          = integers have 64 bits; hexadecimal ones begin with `0x`, unsigned ones end in `u`"#]],
    );
    check(
        "1x",
        expect![[r#"
        expression-syntax: `1x` is not a number
          "1x" cannot be read as a number
          = integers have 64 bits; hexadecimal ones begin with `0x`, unsigned ones end in `u`"#]],
    );
    check(
        "",
        expect![[r#"
        expression-syntax: this expression is empty
          "" nothing to evaluate
          = write an expression between the braces, or `$${` for a literal `${`"#]],
    );
    check(
        "a.",
        expect![[r#"
        expression-syntax: expected the name of a field or function, found the end of the expression
          "" expected the name of a field or function"#]],
    );
}
