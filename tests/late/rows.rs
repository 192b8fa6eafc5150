//! The table of functions, row by row, with and without what is known.

use super::{Emitted, Locals, compare, plain, run};
use crate::support;
use platc::expression::{Ty, Val, late_functions};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Expressions for each row, by how the row is written in definitions. `s` and `t` are texts.
const ROWS: &[(&str, &[&str])] = &[
    ("text + text", &["s + t", "s + '${evil}$' + t + '%'", "'a' + s", "s + ''"]),
    ("int + int", &["n + 3", "n + n"]),
    ("list + list", &["texts + [s, 'x']", "numbers + numbers"]),
    ("int - int", &["n - 3", "n - n - (2 - n)"]),
    ("int * int", &["n * -3", "n * (n + 1)"]),
    ("int / int", &["n / 3", "-n / 3", "100 / n", "-100 / n"]),
    ("int % int", &["n % 3", "-n % 3", "n % -3"]),
    ("-number", &["-n", "-d", "-(-n)"]),
    ("scalar == scalar", &["s == t", "s == 'ab'", "n == 7", "b == true", "s == null", "n == 7.0"]),
    ("scalar != scalar", &["s != t", "n != 7", "d != 1.5"]),
    ("number < number", &["n < 7", "d < 2"]),
    ("number <= number", &["n <= 7", "1.5 <= d"]),
    ("number > number", &["n > 7", "n > d"]),
    ("number >= number", &["n >= 7", "n >= n"]),
    ("scalar in list", &["s in texts", "'b' in texts", "s in ['ab', s]", "n in numbers"]),
    ("text in map", &["s in map", "'k' in map"]),
    ("!bool", &["!b", "!(n > 3)"]),
    ("bool && bool", &["b && s == t", "b && n > 3", "size(texts) > 99 && texts[99] == 'a'", "b && true"]),
    ("bool || bool", &["b || s == t", "!b || n > 3", "size(texts) < 99 || texts[99] == 'a'"]),
    ("string(text)", &["string(s)"]),
    ("string(bytes)", &["string(base64.decode(base64.encode(s)))"]),
    ("string(int)", &["string(n)", "string(-n) + s"]),
    ("string(bool)", &["string(b)"]),
    ("int(int)", &["int(n)"]),
    ("int(text)", &["int(string(n))"]),
    ("double(number)", &["double(n)"]),
    ("double(text)", &["double('1' + string(n))"]),
    ("bool(bool)", &["bool(b)"]),
    ("texts.join()", &["texts.join()", "[s, t].join()"]),
    ("texts.join(text)", &["texts.join(', ')", "texts.join(s)", "[s, 'x', t].join('${evil}')"]),
    ("text.split(text)", &["s.split(',')", "s.split('')", "(s + ',' + t).split(',')", "''.split(s)"]),
    ("text.replace(text, text)", &["s.replace('a', t)", "s.replace('', '-')", "s.replace('/', '\\\\')", "s.replace('${', '%{evil}')"]),
    ("text.lowerAscii()", &["s.lowerAscii()", "(s + 'ÀÉA').lowerAscii()"]),
    ("text.upperAscii()", &["s.upperAscii()", "(s + 'àéa').upperAscii()"]),
    ("text.trim()", &["s.trim()", "(' \\t\\u00a0' + s + '\\n').trim()"]),
    ("text.startsWith(text)", &["s.startsWith('a')", "s.startsWith(t)", "s.startsWith('')"]),
    ("text.endsWith(text)", &["s.endsWith('b')", "(t + s).endsWith(s)"]),
    ("text.contains(text)", &["s.contains('a')", "(t + s + t).contains(s)"]),
    ("text.format(list), with %s and %d", &["'%s-%d%%{evil}'.format([s, n])", "'${evil}%s'.format([b])", "'%s%s'.format(['x', s])"]),
    ("size(list)", &["size(texts)", "texts.size()", "size(s.split(','))"]),
    ("size(map)", &["size(map)"]),
    ("texts.sort()", &["texts.sort()", "[t, s, 'b'].sort()"]),
    ("texts.distinct()", &["(texts + texts).distinct()", "[s, t, s].distinct()"]),
    ("numbers.distinct()", &["(numbers + numbers).distinct()"]),
    ("list.flatten(), of lists of scalars", &["lists.flatten()", "[texts, [s]].flatten()"]),
    ("list.flatten(), of scalars", &["texts.flatten()"]),
    ("list.slice(int)", &["texts.slice(1)", "texts.slice(n - n)"]),
    ("list.slice(int, int)", &["texts.slice(0, 1)"]),
    ("list.reverse()", &["texts.reverse()"]),
    ("numbers.min()", &["numbers.min()", "[n, 3].min()"]),
    ("numbers.max()", &["numbers.max()", "[n, d].max()"]),
    ("math.least(numbers)", &["math.least(numbers)"]),
    ("math.least(number, number)", &["math.least(n, 3)", "math.least(n, 3, d)"]),
    ("math.greatest(numbers)", &["math.greatest(numbers)"]),
    ("math.greatest(number, number)", &["math.greatest(n, 3)"]),
    ("math.abs(number)", &["math.abs(-n)", "math.abs(d)"]),
    ("math.sign(number)", &["math.sign(-n)"]),
    ("math.ceil(number)", &["math.ceil(d)", "math.ceil(-d)"]),
    ("math.floor(number)", &["math.floor(d)", "math.floor(-d)"]),
    ("merge(map, map), of scalars", &["merge(map, {'k': s, 'z': t})", "merge({'z': 'a', 'b': 'c'}, map)", "merge(map, map, {'q': s})"]),
    ("keys(map)", &["keys(map)", "map.keys()"]),
    ("values(map)", &["values(map)"]),
    ("entries(map)", &["entries(map)"]),
    (
        "json.encode(…)",
        &[
            "json.encode(s)",
            "json.encode({'b': s, 'a': [n, b, null, 1.5, '${evil}'], '<&>': texts})",
            "json.encode(map)",
            "json.encode(texts)",
            "json.encode([s + t, 'x' + s])",
            "json.encode(n)",
        ],
    ),
    ("base64.encode(text)", &["base64.encode(s)"]),
    ("base64.encode(bytes)", &["base64.encode(base64.decode(base64.encode(s)))"]),
    ("base64.decode(text)", &["string(base64.decode(base64.encode(s + t)))"]),
    ("sha256(text)", &["sha256(s)"]),
    ("sha256(bytes)", &["sha256(base64.decode(base64.encode(s)))"]),
    ("cidr.subnet(cidr, int, int)", &["cidr.subnet(block, 8, 2)", "cidr.subnet('10.0.0.0/8', n, 3)", "cidr.subnet(block6, 16, n)"]),
    ("cidr.host(cidr, int)", &["cidr.host(block, n)", "cidr.host(block6, 255)"]),
    ("list[int]", &["texts[n - n]", "['x', s][n - n]", "lists[0][n - n]"]),
    ("map[text]", &["map['' + 'k']", "{'ab': 1, 'k': 2}[key]", "map[key]"]),
    (
        "bool ? a : b",
        &["b ? s : t", "b ? s : n", "b ? [s] : ['a', 'b']", "b ? {'a': s} : {'b': 1}", "b ? null : s", "n > 0 ? texts[0] : texts[99]"],
    ),
    ("list.map(item, …)", &["texts.map(x, x + '-' + s)", "texts.map(x, numbers.map(x, x + 1))", "numbers.map(local, local * n)"]),
    ("list.map(item, bool, …)", &["texts.map(x, x != s, x + t)"]),
    ("list.filter(item, bool)", &["texts.filter(x, x == s || x == 'b')", "['a', s, 'b'].filter(x, x != t)"]),
    ("list.all(item, bool)", &["texts.all(x, x.startsWith('a'))", "[n, 3].all(x, x > 2)"]),
    ("list.exists(item, bool)", &["texts.exists(x, x == s)", "['a', 'b'].exists(x, x == s)"]),
    ("list.exists_one(item, bool)", &["texts.exists_one(x, x == 'b')"]),
    ("list.transformList(position, item, …)", &["texts.transformList(i, x, string(i) + x)"]),
    ("map.map(key, …)", &["map.map(k, k + s)", "map.filter(k, k != 'k')"]),
    ("map.transformList(key, value, …)", &["map.transformList(k, v, k + v)"]),
    ("map.transformMap(key, value, …)", &["map.transformMap(k, v, v + s)", "map.transformMap(k, v, k != 'k', v)"]),
];

/// Rows for values of which not even the type is known; they are tried with texts and numbers.
const UNTOLD: &[(&str, &[&str])] = &[
    ("string(…)", &["string(s)", "string(n)", "string(b)"]),
    ("string(number)", &["string(n)"]),
    ("int(…)", &["int(n)", "int(digits)"]),
    ("int(number)", &["int(n)", "int(d)", "int(-d)"]),
    ("double(…)", &["double(d)", "double(digits)"]),
    ("bool(…)", &["bool(b)"]),
];

pub(super) const TEXTS: [&str; 16] = [
    "ab",
    "",
    "\"quoted\" 'and' `so`",
    "${evil} $${evil} $",
    "%{evil} %%{evil} %",
    "two\nlines\r\n\ttab",
    "back\\slash \\n \\u003c \\\\u003c",
    "<a href=\"&amp;\">\u{2028}\u{2029}",
    "AbCÀÉß",
    "\u{1f600}\u{1f1e9}\u{1f1ea}",
    "a,b,,c,",
    "  spaces \u{a0}\u{2003}",
    "/slashes/",
    "{}[]()=>",
    "b",
    "k",
];

/// The locals, with two of the texts.
pub(super) fn values(at: usize) -> Vec<(&'static str, Value)> {
    let s = TEXTS[at % TEXTS.len()];
    let t = TEXTS[(at * 5 + 3) % TEXTS.len()];
    vec![
        ("s", json!(s)),
        ("t", json!(t)),
        ("n", json!([7, 1, 12][at % 3])),
        ("d", json!([1.5, 2.25][at % 2])),
        ("b", json!(at.is_multiple_of(2))),
        ("texts", json!([s, "b", t, "a"])),
        ("numbers", json!([3, 1, 2])),
        ("lists", json!([[s, "b"], [t]])),
        ("map", json!({ "k": s, "ab": t, "a\"${evil}": "x" })),
        ("block", json!("10.1.0.0/16")),
        ("block6", json!("fd00:1::/32")),
        ("key", json!("ab")),
        ("digits", json!("42")),
    ]
}

#[test]
fn every_row_of_the_table_is_tried() {
    let tried: BTreeSet<&str> = ROWS.iter().chain(UNTOLD).map(|(row, _)| *row).collect();
    let rows: BTreeSet<&str> = late_functions().map(|(usage, _)| usage).collect();
    assert_eq!(tried, rows);
}

#[test]
fn the_page_lists_every_row() {
    let page = std::fs::read_to_string(support::root().join("docs/language/late-values.md")).unwrap();
    let escaped = |text: &str| text.replace('|', "\\|");
    let written: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let rows: Vec<String> =
        late_functions().map(|(usage, terraform)| format!("| `{}` | `{}` |", escaped(usage), escaped(terraform))).collect();
    assert_eq!(written, rows, "the table of docs/language/late-values.md");
}

fn emitted(written: &str, host: &Locals<'_>, expected: &Val) -> Emitted {
    let made = run(written, host).unwrap_or_else(|fault| panic!("{written}: {fault}"));
    let Val::Late(late) = &made else { panic!("{written} is not late: {made:?}") };
    let known = late.known.as_ref().unwrap_or_else(|| panic!("{written}: nothing is known of it"));
    let expected = plain(expected);
    assert_eq!(plain(known), expected, "{written}");
    let terraform = late.as_expr().spelled(&mut |reference| reference.address.to_string());
    Emitted { written: written.to_owned(), terraform, expected }
}

#[test]
fn terraform_comes_to_the_same() {
    for at in 0..TEXTS.len() {
        let values = values(at);
        let late = Locals::late(&values);
        let now = Locals::now(&values);
        let mut all = Vec::new();
        for written in ROWS.iter().flat_map(|(_, expressions)| *expressions) {
            match run(written, &now) {
                Ok(expected) => all.push(emitted(written, &late, &expected)),
                // What facts do not fit is not known, as without them.
                Err(_) => {
                    let made = run(written, &late).unwrap_or_else(|fault| panic!("{written}: {fault}"));
                    assert!(matches!(&made, Val::Late(late) if late.known.is_none()), "{written}: {made:?}");
                }
            }
        }
        compare(&values, &all);
    }
}

#[test]
fn a_type_that_is_said_is_enough() {
    let values = values(0);
    let now = Locals::now(&values);
    let mut all = Vec::new();
    for (row, written) in UNTOLD.iter().flat_map(|(row, expressions)| expressions.iter().map(move |written| (*row, *written))) {
        let made = run(written, &Locals { told: Some(if row.contains("number") { Ty::Number } else { Ty::Dyn }), ..Locals::late(&values) })
            .unwrap_or_else(|fault| panic!("{written}: {fault}"));
        let Val::Late(late) = &made else { panic!("{written} is not late") };
        let terraform = late.as_expr().spelled(&mut |reference| reference.address.to_string());
        all.push(Emitted { written: written.to_owned(), terraform, expected: plain(&run(written, &now).unwrap()) });
    }
    compare(&values, &all);
}
