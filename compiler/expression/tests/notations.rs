//! What is written in a notation: read, compared, taken as text, and refused.

use super::*;
use crate::unit::Notation;

/// The value of an expression in which `limit`, `cpu`, `timeout`, `version`, `network` and `text` are fields.
fn found(expression: &str) -> String {
    let field = |text: &str, notation| Val::string(text).in_notation(notation).unwrap();
    let mut host = platform();
    host.names.extend([
        ("limit".into(), field("1024Mi", Notation::Quantity)),
        ("cpu".into(), Val::Int(2).in_notation(Notation::Quantity).unwrap()),
        ("timeout".into(), field("1h30m", Notation::Duration)),
        ("version".into(), field("v1.34.3+k3s1", Notation::Semver)),
        ("network".into(), field("10.0.0.0/16", Notation::Cidr)),
        ("unset".into(), Val::Null.in_notation(Notation::Quantity).unwrap()),
        ("text".into(), Val::string("2GB")),
    ]);
    show(expression, value(expression, &host))
}

#[test]
fn texts_are_read_where_they_are_compared() {
    for holds in [
        "limit == '1Gi' && '1Gi' == limit && limit != '1G' && limit >= '1Gi' && '2Gi' > limit",
        "cpu == 2 && cpu == 2u && cpu == 2.0 && cpu < 2.5 && 3 > cpu && cpu == '2000m' && json.encode(cpu) == '2'",
        "timeout == '90m' && timeout < '5401s' && duration('1h') + duration('30m') == timeout",
        "version >= '1.34.3' && version <= '1.34.3' && version != '1.34.3' && version == '1.34.3+k3s1'",
        "network == '10.0.0.0/16' && network in ['10.0.0.0/16'] && '10.0.0.0/16' in [network]",
        "[limit] == ['1Gi'] && {'a': [limit]} == {'a': ['1Gi']} && [limit, cpu].indexOf('2') == 1",
        "limit in ['2Gi', '1Gi'] && !(limit in ['2Gi']) && unset == null && limit != null && limit != [limit]",
        "{version: 1} == {'v1.34.3+k3s1': 1} && {'v1.34.3+k3s1': 7}[version] == 7 && version in {version: 1}",
        "[limit, quantity('1Gi'), quantity('2Gi')].distinct().size() == 2 && [quantity('2Gi'), limit].min() == '1Gi'",
        "!optional.ofNonZeroValue(duration('0s')).hasValue() && optional.ofNonZeroValue(limit).hasValue()",
        "type(timeout) == type(duration('1s')) && string(type(timeout)) == 'duration'",
        "quantity(limit) == limit && semver(version) == version && duration(timeout) == timeout && cidr(network) == network",
        "isQuantity(limit) && isSemver(version) && isCIDR(network) && sha256(limit) == sha256('1024Mi')",
        "duration('1h') == '3600s' && duration('0') == '-0s' && duration('-1.5s') < '-1s'",
        "duration('-3723.5s').getMinutes() == -62 && duration('-3723.5s').getMilliseconds() == -500",
    ] {
        assert_eq!(found(holds), "true", "{holds}");
    }
    let texts = [found("string(quantity(limit))"), found("[limit, network].join(' ')"), found("string(timeout - duration('1h'))")];
    assert_eq!(texts, ["1Gi", "1024Mi 10.0.0.0/16", "1800s"]);
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let check = |expression: &str, expected: Expect| expected.assert_eq(&found(expression));
    check(
        "limit < text",
        expect![[r#"
        bad-argument: `"2GB"` is compared with a quantity, and is none: `GB` is not a unit of quantities; units are m, k, M, G, T, P and Ki, Mi, Gi, Ti, Pi
          "text" read as a quantity
          = write `"2G"`"#]],
    );
    check(
        "[text] == [limit]",
        expect![[r#"
        bad-argument: `"2GB"` is compared with a quantity, and is none: `GB` is not a unit of quantities; units are m, k, M, G, T, P and Ki, Mi, Gi, Ti, Pi
          "[limit]" read as a quantity
          = write `"2G"`"#]],
    );
    check(
        "limit == timeout",
        expect![[r#"
        wrong-operands: `==` compares a quantity with a duration
          "==" they have nothing in common
          "limit" a quantity
          "timeout" a duration
          = if it is their texts that should be compared, write `string(…)` around both"#]],
    );
    check(
        "limit in [timeout]",
        expect![[r#"
        wrong-operands: `in` compares a quantity with a duration
          "in" they have nothing in common
          "limit" a quantity
          "[timeout]" a duration
          = if it is their texts that should be compared, write `string(…)` around both"#]],
    );
    check(
        "limit < version",
        expect![[r#"
        wrong-operands: `<` compares a quantity with a version
          "<" they have nothing in common
          "limit" a quantity
          "version" a version
          = if it is their texts that should be compared, write `string(…)` around both"#]],
    );
    check(
        "limit + '1Gi'",
        expect![[r#"
        wrong-operands: `+` does not go with a quantity and a string
          "+" 
          "limit" a quantity: `1024Mi`
          "'1Gi'" a string: `"1Gi"`
          = quantities have `.add(…)` and `.sub(…)`, as in `self.limit.add(quantity("1Gi"))`"#]],
    );
    check(
        "network < network",
        expect![[r#"
        wrong-operands: `<` does not go with a CIDR block and a CIDR block
          "<" 
          "network" a CIDR block: `10.0.0.0/16`
          "network" a CIDR block: `10.0.0.0/16`
          = blocks have no order; `.containsCIDR(…)` and `.prefixLength()` compare them"#]],
    );
    check(
        "[limit, text].sort()",
        expect![[r#"
        bad-argument: `sort` cannot order a quantity and a string
          "[limit, text]" this is `[…] (2 items)`"#]],
    );
    check(
        "-timeout",
        expect![[r#"
        wrong-operands: `-` needs a number, not a duration
          "timeout" a duration: `1h30m`"#]],
    );
    check(
        "duration('9000d')",
        expect![[r#"
        bad-argument: this is not a duration: `d` is not a unit of durations; units are h, m, s, ms, us and ns
          "'9000d'" this is `"9000d"`"#]],
    );
    check(
        "duration('2562047h') + duration('1h')",
        expect![[r#"
        arithmetic: the outcome of `+` is longer than 2562047h
          "duration('2562047h') + duration('1h')" "#]],
    );
    check(
        "[1, 2].filter(x, cpu + x > 2)",
        expect![[r#"
        wrong-operands: `+` does not go with a quantity and an integer
          "+" 
          "cpu" a quantity: `2`
          "x" an integer: `1`
          = quantities have `.add(…)` and `.sub(…)`, as in `self.limit.add(quantity("1Gi"))`"#]],
    );
    check(
        "double(cpu)",
        expect![[r#"
        wrong-operands: `double` does not take a quantity
          "double" 
          "cpu" a quantity: `2`
          = write `cpu.asApproximateFloat()`"#]],
    );
    check(
        "(true ? version : text).split('.')",
        expect![[r#"
        wrong-operands: a version has no `split`
          "split" 
          "(true ? version : text)" a version: `v1.34.3+k3s1`
          = write `string(…).split(…)`"#]],
    );
    check(
        "version[0]",
        expect![[r#"
        wrong-operands: a version cannot be indexed with an integer
          "0" an integer: `0`
          "version" a version: `v1.34.3+k3s1`
          = lists take an integer, maps take their key"#]],
    );
    check(
        "version.major",
        expect![[r#"
        wrong-operands: a version has no fields, so there is no `major`
          "major" no such field
          "version" a version: `v1.34.3+k3s1`
          = it is a function: write `.major()`"#]],
    );
    check(
        "limit && true",
        expect![[r#"
        wrong-operands: `&&` needs true or false, not a quantity
          "limit" a quantity: `1024Mi`"#]],
    );
}

#[test]
fn a_text_is_read_once_and_not_at_any_length() {
    let text = |bytes: usize| found(&format!("timeout == '{}s'", "0".repeat(bytes - 1)));
    assert_eq!(text(255), "false");
    assert!(text(256).contains("and is none: it is longer than 255 bytes"), "{}", text(256));
}
