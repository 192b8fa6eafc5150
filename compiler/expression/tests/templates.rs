//! Late values, and texts with expressions in them.

use super::*;

#[test]
fn late_values() {
    check("late.endpoint", expect!["reference aws_eks_cluster.this.endpoint"]);
    check("late.vpc[0][\"a key\"].id", expect![[r#"reference aws_eks_cluster.this.vpc[0]["a key"].id"#]]);
    check("[late.id, {'a': late.id}.a]", expect!["[known after Terraform has run, known after Terraform has run]"]);
    check(
        "late.id + '-x'",
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "late.id" `+` needs it now
          note: it comes from `aws_eks_cluster.this.id`
          note: text can stand around it outside of the braces: `prefix-${…}`
          = pass it on as it is, or write a Terraform expression with `$${…}`"#]],
    );
    check(
        "late == 1",
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "late" `==` needs it now
          note: it comes from `aws_eks_cluster.this`
          = pass it on as it is, or write a Terraform expression with `$${…}`"#]],
    );
    check(
        "late ? 1 : 2",
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "late" `?` needs it now
          note: it comes from `aws_eks_cluster.this`
          = pass it on as it is, or write a Terraform expression with `$${…}`"#]],
    );
    check("true ? late : 1", expect!["reference aws_eks_cluster.this"]);
    check(
        "size(late)",
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "late" `size` needs it now
          note: it comes from `aws_eks_cluster.this`
          = pass it on as it is, or write a Terraform expression with `$${…}`"#]],
    );
    check(
        "json.encode({'a': late.id})",
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "json.encode({'a': late.id})" `json.encode` needs it now
          note: it comes from `aws_eks_cluster.this.id`
          = pass it on as it is, or write a Terraform expression with `$${…}`"#]],
    );
    check(
        "late.map(x, x)",
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "late" a loop needs it now
          note: it comes from `aws_eks_cluster.this`
          = pass it on as it is, or write a Terraform expression with `$${…}`"#]],
    );
    check("optional.of(late).orValue(1)", expect!["reference aws_eks_cluster.this"]);
    check("self.zones.map(zone, late[zone])", expect!["[known after Terraform has run, known after Terraform has run]"]);
    check(
        "late in [1]",
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "late" `in` needs it now
          note: it comes from `aws_eks_cluster.this`
          = pass it on as it is, or write a Terraform expression with `$${…}`"#]],
    );
    check(
        "[late].distinct()",
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "[late].distinct()" `distinct` needs it now
          note: it comes from `aws_eks_cluster.this`
          = pass it on as it is, or write a Terraform expression with `$${…}`"#]],
    );
}

#[test]
fn templates() {
    use Target::{Plain, Terraform};
    check_template("plain $5 {x}", Plain, expect!["no template"]);
    check_template("${self.replicas}", Plain, expect!["3"]);
    check_template("${name}-${self.replicas}-${1.5}-${true}", Plain, expect!["gc0-3-1.5-true"]);
    check_template("a $${b} ${ {'}': \"}\"}['}'] } c", Plain, expect!["a ${b} } c"]);
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
          = close it with the same quote; a quote inside of a string is written with a backslash before it"#]],
    );
    check_template(
        "a ${1 +} b ${} c ${2 2}",
        Plain,
        expect![[r#"
        expression-syntax: expected a value, found the end of the expression
          "}" expected a value
        expression-syntax: this expression is empty
          "${}" nothing to evaluate
          = write an expression between the braces, or `$${` for a literal `${`
        expression-syntax: expected an operator or the end of the expression, found a number
          "2" expected an operator or the end of the expression"#]],
    );
    check_template("x-${late.id}-${name}", Terraform, expect![[r#"text "x-" + reference aws_eks_cluster.this.id + text "-gc0""#]]);
    check_template("x-${name}", Terraform, expect!["x-gc0"]);
    check_template(
        "a $${length(\"}${late.id}\") + { x = 1 }.x} b ${name}",
        Terraform,
        expect![[r#"text "a " + raw "${length(\"}" + reference aws_eks_cluster.this.id + raw "\") + { x = 1 }.x}" + text " b gc0""#]],
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
