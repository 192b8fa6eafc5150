//! Values that do not fit what is done with them.

use super::*;

#[test]
fn wrong_types() {
    check(
        "self.region + self.replicas",
        expect![[r#"
        wrong-operands: `+` does not go with a string and an integer
          "+" 
          "self.region" a string: `"eu-west-1"`
          "self.replicas" an integer: `3`
          = convert with `string(…)`, or write text around the `${…}`"#]],
    );
    check(
        "1 + 1u + 2",
        expect![[r#"
        wrong-operands: `+` does not go with an integer and an unsigned integer
          "+" 
          "1" an integer: `1`
          "1u" an unsigned integer: `1u`
          = convert one side: `int(…)`, `double(…)` and `string(…)` convert"#]],
    );
    check(
        "self.replicas && true",
        expect![[r#"
        wrong-operands: `&&` needs true or false, not an integer
          "self.replicas" an integer: `3`"#]],
    );
    check(
        "self.region.substring('a')",
        expect![[r#"
        wrong-operands: `substring` of a string does not take a string
          "substring" 
          "self.region" a string: `"eu-west-1"`
          "'a'" a string: `"a"`
          = write `string.substring(integer)` or `string.substring(integer, integer)`"#]],
    );
    check(
        "size()",
        expect![[r#"
        wrong-arguments: `size` is called without arguments
          "size" given no arguments
          = write `size(string)` or `size(bytes)` or `size(list)`"#]],
    );
    check(
        "size(1)",
        expect![[r#"
        wrong-operands: `size` does not take an integer
          "size" 
          "1" an integer: `1`
          = write `size(string)` or `size(bytes)` or `size(list)`"#]],
    );
    check(
        "-self.region",
        expect![[r#"
        wrong-operands: `-` needs a number, not a string
          "self.region" a string: `"eu-west-1"`"#]],
    );
    check(
        "'a' in 'abc'",
        expect![[r#"
        wrong-operands: `in` cannot look for a string in a string
          "in" 
          "'a'" a string: `"a"`
          "'abc'" a string: `"abc"`
          = `in` takes a list or a map on its right; for text use `text.contains(part)`"#]],
    );
    check(
        "self.replicas.name",
        expect![[r#"
        wrong-operands: an integer has no fields, so there is no `name`
          "name" no such field
          "self.replicas" an integer: `3`"#]],
    );
    check(
        "self.zones['a']",
        expect![[r#"
        wrong-operands: a list cannot be indexed with a string
          "'a'" a string: `"a"`
          "self.zones" a list: `[…] (2 items)`
          = lists take an integer, maps take their key"#]],
    );
    check(
        "1 / 0",
        expect![[r#"
        arithmetic: division by zero
          "1 / 0" 
          = guard it with a condition: `n == 0 ? 0 : total / n`"#]],
    );
    check(
        "2 * 9223372036854775807",
        expect![[r#"
        arithmetic: the outcome of `*` does not fit into 64 bits
          "2 * 9223372036854775807" "#]],
    );
    check(
        "int('1x')",
        expect![[r#"
        bad-argument: this text is not an integer
          "'1x'" this is `"1x"`"#]],
    );
    check(
        "'a'.matches('(')",
        expect![[r#"
        bad-argument: this is not a regular expression: unclosed group
          "'('" this is `"("`"#]],
    );
    check(
        "{'a': 1, 'a': 2}",
        expect![[r#"
        bad-argument: the key `a` is there twice
          "'a'" the second one
          = keys of a map are unique; `1` and `1u` are the same key"#]],
    );
    check(
        "[1, 'a'].sort()",
        expect![[r#"
        bad-argument: `sort` cannot order an integer and a string
          "[1, 'a']" this is `[…] (2 items)`"#]],
    );
    check(
        "cidr.subnet('10.0.0.0/24', 2, 4)",
        expect![[r#"
        bad-argument: with 2 new bits the block `10.0.0.0/24` has 4 subnets, counted from 0
          "4" this is `4`"#]],
    );
    check(
        "self.zones.map(1, 2)",
        expect![[r#"
        expression-syntax: a name for the variable is expected here
          "1" not a plain name
          = the first argument names what the others are computed with: `zones.map(zone, zone + "-1")`"#]],
    );
    check(
        "self.zones.all(zone)",
        expect![[r#"
        wrong-arguments: `all` does not take 1 argument
          "all" given 1 argument
          = write `list.all(item, condition)`"#]],
    );
    check(
        "has(self)",
        expect![[r#"
        wrong-arguments: `has` takes a field
          "self" not a field of something
          = write `has(self.network.cidr)` or `has(labels["key"])`"#]],
    );
}
