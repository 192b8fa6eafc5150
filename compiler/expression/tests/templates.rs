//! Texts with expressions in them.

use super::*;

#[test]
fn templates() {
    use Target::{Plain, Terraform};
    check_template("plain $5 {x}", Plain, expect!["no template"]);
    check_template("${self.replicas}", Plain, expect!["3"]);
    check_template("${name}-${self.replicas}-${1.5 + 0.0}-${true}", Plain, expect!["gc0-3-1.5-true"]);
    check_template("a $${b} ${ {'}': \"}\"}['}'] } c", Plain, expect!["a ${b} } c"]);
    check_template("a $${1} b", Plain, expect!["a ${1} b"]);
    check_template(
        "a ${ (1) } b ${-2.5}",
        Plain,
        expect![[r#"
        meant-for-another: `${ (1) }` computes nothing
          "${ (1) }" gives what is written in it
          = write `$${ (1) }` for the text `${ (1) }`, which another program replaces; for the value write `(1)` itself
          -> $$
        meant-for-another: `${-2.5}` computes nothing
          "${-2.5}" gives what is written in it
          = write `$${-2.5}` for the text `${-2.5}`, which another program replaces; for the value write `-2.5` itself
          -> $$"#]],
    );
    check_template(
        "x-${self.zones}",
        Plain,
        expect![[r#"
        not-text: a list cannot be part of a text
          "self.zones" a list: `[…] (2 items)`
          = join its items with `.join(", ")`, encode it with `json.encode(…)`, or let the expression be the whole value"#]],
    );
    check_template(
        "x-${self.empty}",
        Plain,
        expect![[r#"
        not-text: null cannot be part of a text
          "self.empty" null: `null`
          = give a text for the case that there is no value: `self.?field.orValue("")`"#]],
    );
    check_template("x-${late.id}", Plain, expect![[r#"text "x-" + reference aws_eks_cluster.this.id"#]]);
    check_template("${late.id}", Plain, expect!["reference aws_eks_cluster.this.id"]);
    check_template(
        "a ${name",
        Plain,
        expect![[r#"
        unterminated-expression: `${` is never closed
          "${" opened here
          = close it with `}`, or write `$${` for a literal `${`"#]],
    );
    check_template(
        "a ${'x} b ${1 +} c",
        Plain,
        expect![[r#"
        expression-syntax: a string in this expression is never closed
          "'" opened here
          note: where `${` is meant as text, write `$${`
          = close it with the same quote; a quote inside of a string is written with a backslash before it"#]],
    );
    check_template(
        "a ${1 +} b ${} c ${2 2}",
        Plain,
        expect![[r#"
        expression-syntax: expected a value, found the end of the expression
          "}" expected a value
          note: where `${` is meant as text, write `$${`
        expression-syntax: this expression is empty
          "${}" nothing to evaluate
          = write an expression between the braces, or `$${` for a literal `${`
        expression-syntax: expected an operator or the end of the expression, found a number
          "2" expected an operator or the end of the expression
          note: where `${` is meant as text, write `$${`"#]],
    );
    check_template("x-${late.id}-${name}", Terraform, expect![[r#"text "x-" + reference aws_eks_cluster.this.id + text "-gc0""#]]);
    check_template("x-${name}", Terraform, expect!["x-gc0"]);
    check_template(
        "a $${length(\"}\") + { x = 1 }.x} b ${name}",
        Terraform,
        expect![[r#"text "a " + raw "${length(\"}\") + { x = 1 }.x}" + text " b gc0""#]],
    );
    check_template("${late.id}${''}", Plain, expect!["reference aws_eks_cluster.this.id"]);
    check_template("${late.role}${''}", Terraform, expect!["made tostring(aws_eks_cluster.this.role)"]);
    check_template(
        "a $${length(\"}${late.id}\")}",
        Terraform,
        expect![[r#"
        expression-in-terraform: an expression of the platform stands inside of an expression of Terraform
          "late.id" it would be pasted in as text
          "a $${length(\"}${late.id}\")}" `$${…}` in this text goes to Terraform as it is
          = write it as one expression; functions over late values become Terraform's: `${string(base64.decode(…))}`"#]],
    );
    check_template(
        "x-${late.vpc_config}",
        Plain,
        expect![[r#"
        not-text: a list cannot be part of a text
          "late.vpc_config" a list
          = join its items with `.join(", ")`, encode it with `json.encode(…)`, or let the expression be the whole value"#]],
    );
    check_template(
        "a $${length(x)",
        Terraform,
        expect![[r#"
        unterminated-expression: the Terraform expression after `$${` is never closed
          "a $${length(x)" in this text
          = close it with `}`; in templates of Terraform, `$${…}` passes an expression on to Terraform"#]],
    );
}
