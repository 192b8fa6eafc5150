//! What an expression may cost.

use super::*;

/// Evaluates on a thread with a small stack.
fn on_small_stack(expression: String) -> String {
    let run = move || {
        let mut shown = evaluated(&expression);
        shown.truncate(200);
        shown
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap()
}

#[test]
fn hostile_shapes() {
    let deep = |open: &str, close: &str, count: usize| format!("{}1{}", open.repeat(count), close.repeat(count));
    for (open, close) in
        [("(", ")"), ("[", "]"), ("-(", ")"), ("!", ""), ("{1: ", "}"), ("size([", "])"), ("true ? 1 : ", ""), ("[1].map(x, ", ")")]
    {
        for count in [100, 1000, 10_000] {
            on_small_stack(deep(open, close, count.min(60_000 / (open.len() + close.len()))));
        }
    }
    expect!["15001"].assert_eq(&on_small_stack(format!("1{}", " + 1".repeat(15_000))));
    expect!["true"].assert_eq(&on_small_stack(format!("true{}", " && true".repeat(8_000))));
    expect![[r#"
        expression-too-costly: this expression nests more than 128 levels deep
          "." this is one level too many
          = name a part of it under `let` and use the name"#]]
    .assert_eq(&on_small_stack(format!("self{}", ".a".repeat(30_000))));
    expect![[r#"
        expression-too-costly: this expression nests more than 128 levels deep
          "." this is one level too many
          = name a part of it under `let` and use the name"#]]
    .assert_eq(&on_small_stack(format!("{}self{}", "(".repeat(100), format!("{})", ".a".repeat(100)).repeat(100))));
    expect![[r#"
        expression-too-costly: this expression nests more than 128 levels deep
          "." this is one level too many
          = name a part of it under `let` and use the name"#]]
    .assert_eq(&on_small_stack(format!("'a'{}", ".trim()".repeat(9_000))));
    expect![[r#"
        expression-too-costly: a text with expressions is longer than 64 KiB
          "11111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111"#]].assert_eq(&on_small_stack("1".repeat(70_000)));
}

#[test]
fn bounded_cost() {
    let range = "lists.range(1000)";
    check(
        &format!("{range}.map(a, {range}.map(b, {range}.map(c, a + b + c)))"),
        expect![[r#"
        expression-too-costly: evaluating this expression takes more than a million steps
          "b" given up here
          = every evaluation is bounded; use fewer nested loops, or smaller lists and texts"#]],
    );
    check(
        &format!("false || {range}.exists(a, {range}.exists(b, {range}.exists(c, a + b + c < 0)))"),
        expect![[r#"
        expression-too-costly: evaluating this expression takes more than a million steps
          "a" given up here
          = every evaluation is bounded; use fewer nested loops, or smaller lists and texts"#]],
    );
    check(
        "lists.range(9223372036854775807)",
        expect![[r#"
        expression-too-costly: evaluating this expression needs more than 64 MiB for its texts and lists
          "lists.range(9223372036854775807)" given up here
          = every evaluation is bounded; use fewer nested loops, or smaller lists and texts"#]],
    );
    let doubled = (0..40).fold("'x'".to_owned(), |text, _| format!("cel.bind(s, {text}, s + s)"));
    check(
        &doubled,
        expect![[r#"
        expression-too-costly: evaluating this expression takes more than a million steps
          "s" given up here
          = every evaluation is bounded; use fewer nested loops, or smaller lists and texts"#]],
    );
    check(
        &format!("{range}.map(a, {range}).flatten().sort().size()"),
        expect![[r#"
        expression-too-costly: evaluating this expression takes more than a million steps
          "lists.range(1000).map(a, lists.range(1000)).flatten()" given up here
          = every evaluation is bounded; use fewer nested loops, or smaller lists and texts"#]],
    );
    check("('a'.replace('', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')).replace('a', 'bbbb').size()", expect!["292"]);
}
