//! Bombs in expressions: every function and operator on what is large, and values that share their parts.

use super::*;

/// An expression over a long text (`T`, a quarter of a megabyte), a long list (`L`), many keys (`M`) and a list of long texts (`S`).
fn costly(name: &'static str, expression: &str) -> Bomb {
    let words = [
        ("T", "self.f.t"),
        ("L", "lists.range(50000)"),
        ("M", "lists.range(20000).transformMapEntry(i, v, {string(i): v})"),
        ("S", "lists.range(300).map(i, self.f.t + string(i))"),
    ];
    let bound = words.iter().rev().fold(expression.to_owned(), |body, (name, value)| {
        if expression.contains(name) { format!("cel.bind({name}, {value}, {body})") } else { body }
    });
    let text = format!("f:\n  t: {}\n  x: '${{{bound}}}'\n", "ab-1".repeat(60_000));
    heavy(thing(name, text, &["expression-too-costly"]))
}

fn nested(name: &'static str, count: usize, body: &str) -> Bomb {
    let open = (0..count).fold("1".to_owned(), |inner, _| inner);
    let text = (0..count).rev().fold(body.to_owned(), |inner, at| {
        let value = if at == 0 { format!("[{open}]") } else { format!("[a{0}, a{0}]", at - 1) };
        format!("cel.bind(a{at}, {value}, {inner})")
    });
    light(thing(name, format!("f: {{x: '${{{}}}'}}", text.replace("LAST", &format!("a{}", count - 1))), &["expansion-too-large"]))
}

pub(super) fn bombs() -> Vec<Bomb> {
    let twice = (1..24).rev().fold("a23".to_owned(), |inner, at| format!("cel.bind(a{at}, a{0} + a{0}, {inner})", at - 1));
    let late = format!("cel.bind(a0, resource.terraform_data.x.id.trim(), {twice})");
    let mut bombs = vec![
        light(class(
            "late values doubled",
            format!("terraform:\n  resource: {{terraform_data: {{x: {{}}}}}}\n  locals: {{x: '${{{late}}}'}}\n"),
            &["expression-too-costly"],
        )),
        nested("bound twice, 26 times", 26, "LAST"),
        nested("bound twice, 60 times", 60, "LAST"),
        light(one("lists of things that hold each other twice", things_twice(40), &["expansion-too-large"])),
        light(thing(
            "three ranges",
            "f: {x: '${lists.range(300).map(a, lists.range(300)).map(b, lists.range(300).map(c, b))}'}",
            &["expansion-too-large"],
        )),
        light(thing(
            "patterns that take long to read",
            r#"f: {x: '${lists.range(500).map(x, "a".matches(r"(?i)[a&&\pL&&\pL&&\pL&&\pL&&\pL]" + string(x)))}'}"#,
            &["expression-too-costly"],
        )),
        light(thing("doubled values", doubled(40), &["expansion-too-large"])),
        light(thing(
            "doubled values in an overlay",
            format!("{}environments:\n  apps: {{f: {{y: '${{self.f.x39}}'}}}}\n", doubled(40)),
            &["expansion-too-large"],
        )),
        heavy(many("every thing a costly one", 200, "${size(lists.range(60000).map(x, x + 1))}", &["expression-too-costly"])),
        heavy(one("layers over a large expression", layered(190), &["expression-too-costly"])),
        heavy(many("every thing a large one", 2_000, "${lists.range(20000)}", &["expansion-too-large"])),
        heavy(many(
            "every thing a long text",
            2_000,
            "${lists.range(20000).map(x, \"abcdefghijklmnop\").join(\"-\")}",
            &["expansion-too-large"],
        )),
        heavy(many(
            "every thing reads all others",
            3_000,
            "${infrastructure.transformList(k, v, k).filter(k, k != \"\").size()}",
            &["expression-too-costly"],
        )),
        heavy(thing(
            "many costly expressions of one",
            format!("f:\n{}", numbered(3_000, |at| format!("  x{at}: '${{size(lists.range(2000000))}}'\n"))),
            &["expression-too-costly"],
        )),
        heavy(thing(
            "a large map read again and again",
            format!(
                "f:\n  m: {{{}}}\n  x: '${{lists.range(100000).filter(i, string(i) in self.f.m).size()}}'\n",
                numbered(20_000, |at| format!("k{at}: 1, "))
            ),
            &["expression-too-costly"],
        )),
        heavy(thing(
            "keys that are not there",
            format!(
                "f:\n  m: {{{}}}\n  x: '${{lists.range(100000).filter(i, has(self.f.m.z)).size()}}'\n",
                numbered(20_000, |at| format!("k{at}: 1, "))
            ),
            &[],
        )),
        heavy(thing(
            "long names",
            format!("f: {{x: '${{lists.range(100000).map({0}, {0} + {0} + {0}).size()}}'}}", "n".repeat(12_000)),
            &["expression-too-costly"],
        )),
        heavy(thing(
            "all Unicode patterns",
            "f: {x: '${lists.range(20000).exists(i, \"!\".matches(\"[\\\\\\\\pL\\\\\\\\pN]{\" + string(1 + i % 40) + \"}\"))}'}"
                .replace("\\\\\\\\", "\\\\"),
            &["expression-too-costly"],
        )),
        heavy(thing(
            "a regex that looks far",
            "f: {x: '${size(regex.replace(lists.range(262144).map(i, \"abab\").join(\"\"), \"a.*z|b\", \"\"))}'}",
            &["expression-too-costly"],
        )),
        heavy(thing(
            "a regex with many states",
            "f: {x: '${lists.range(10000).map(i, \"ab\" + string(i * i)).join(\"ba\").matches(\"(a|b)*a(a|b){200}c\")}'}",
            &["expression-too-costly"],
        )),
        heavy(thing(
            "indent",
            format!("f: {{x: '${{size(yaml.encode({}lists.range(100000){}))}}'}}", "[".repeat(90), "]".repeat(90)),
            &["expression-too-costly"],
        )),
    ];
    bombs.extend([
        costly("equal texts", "L.all(i, T == T + \"\")"),
        costly("ordered texts", "L.all(i, T <= T)"),
        costly("texts in a list", "L.exists(i, \"x\" + T in S)"),
        costly("contains", "L.exists(i, T.contains(\"zz\" + string(i)))"),
        costly("index", "L.exists(i, T.indexOf(\"zz\") == i)"),
        costly("last index", "L.exists(i, T.lastIndexOf(\"zz\") == i)"),
        costly("starts", "L.all(i, T.startsWith(T))"),
        costly("ends", "L.all(i, T.endsWith(T))"),
        costly("replace", "L.all(i, T.replace(\"ab\", \"ba\") != \"\")"),
        costly("replace nothing", "L.all(i, T.replace(\"\", \"x\") != \"\")"),
        costly("split", "L.all(i, T.split(\"-\").size() > 0)"),
        costly("split into letters", "L.all(i, T.split(\"\").size() > 0)"),
        costly("join", "L.all(i, S.join(\"-\") != \"\")"),
        costly("trim", "L.all(i, T.trim() != \"\")"),
        costly("case", "L.all(i, T.upperAscii().lowerAscii() != \"\")"),
        costly("reverse", "L.all(i, T.reverse() != \"\")"),
        costly("quote", "L.all(i, strings.quote(T) != \"\")"),
        costly("substring", "L.all(i, T.substring(1) != \"\")"),
        costly("size", "L.all(i, size(T) > 0)"),
        costly("format", "L.all(i, \"%s%s\".format([T, T]) != \"\")"),
        costly("format in digits", "L.all(i, \"%x\".format([T]) != \"\")"),
        costly("numbers", "L.exists(i, T.matches(\"^x\") || int(T.substring(200000)) == 1)"),
        costly("sort", "L.all(i, S.sort().size() > 0)"),
        costly("sort by", "L.all(i, L.sortBy(x, -x).size() > 0)"),
        costly("distinct", "L.all(i, S.distinct().size() > 0)"),
        costly("distinct lists", "L.map(i, [i]).distinct().size()"),
        costly("flatten", "L.all(i, L.map(x, [x]).flatten().size() > 0)"),
        costly("merge", "L.all(i, M.merge(M).size() > 0)"),
        costly("keys", "L.all(i, M.keys().size() > 0)"),
        costly("entries", "L.all(i, M.entries().size() > 0)"),
        costly("maps are equal", "L.all(i, M == M)"),
        costly("lists are equal", "L.all(i, L == L)"),
        costly("optional keys", "L.all(i, M[?T].orValue(1) == 1)"),
        costly("slices", "L.all(i, L.slice(1).size() > 0)"),
        costly("sums", "L.all(i, L.sum() > 0)"),
        costly("least", "L.all(i, math.least(L) == 0)"),
        costly("added lists", "L.all(i, (L + L).size() > 0)"),
        costly("base64", "L.all(i, base64.encode(T) != \"\")"),
        costly("base64 back", "L.exists(i, base64.decode(T).size() == 1)"),
        costly("hash", "L.all(i, sha256(T) != \"\")"),
        costly("label", "L.all(i, dns.label(T, 63) != \"\")"),
        costly("json", "L.all(i, json.encode(L) != \"\")"),
        costly("yaml", "L.all(i, yaml.encode(L) != \"\")"),
        costly("bytes", "L.all(i, bytes(T).size() > 0)"),
        costly("addresses", "L.all(i, !isIP(T) && !isCIDR(T))"),
        costly("versions", "L.all(i, isSemver(\"1.2.3-\" + T) || true)"),
        costly("quantities", "L.all(i, !isQuantity(T))"),
        costly("matches", "L.all(i, T.matches(\"z\") == false)"),
        costly("extract", "regex.extractAll(T, \"a.*z|b\").size()"),
        costly("words about a long text", "L.exists(i, T.nothing == 1)"),
        costly("words about missing keys", "L.exists(i, M.nothing == 1)"),
    ]);
    bombs
}

/// Fields that each hold the one before twice.
fn doubled(count: usize) -> String {
    format!("f:\n  x0: [1, 1]\n{}", numbered(count - 1, |at| format!("  x{}: ['${{self.f.x{at}}}', '${{self.f.x{at}}}']\n", at + 1)))
}

/// A `let` of lists, each of which holds the one before twice, and the first a thing.
fn things_twice(count: usize) -> String {
    let lists = numbered(count - 1, |at| format!("x{}: '${{[let.x{at}, let.x{at}]}}', ", at + 1));
    let lists = format!("x0: '${{[self.to, self.to]}}', {lists}");
    let class = format!(
        "{{schema: {{to: 'ref(infrastructure) | order=false'}}, let: {{{lists}}}, files: {{'${{self.name}}.json': {{v: '${{let.x{}}}'}}}}}}",
        count - 1
    );
    format!("classes: {{infrastructure: {{thing: {class}}}}}\ninfrastructure: {{a: {{class: thing, to: b}}, b: {{class: thing, to: a}}}}\n")
}

/// Many things with one expression each.
/// Heirs of heirs, each of which says one key more over a map that an expression makes.
fn layered(count: usize) -> String {
    let heirs = numbered(count, |at| format!("  i{}: {{class: thing, inherits: i{at}, f: {{k{at}: 1}}}}\n", at + 1));
    let first = "  i0: {class: thing, f: \"${lists.range(30000).transformMapEntry(i, v, {string(i): v})}\"}\n";
    format!("classes: {{infrastructure: {{thing: {{schema: {{f: object}}}}}}}}\ninfrastructure:\n{first}{heirs}")
}

fn many(name: &'static str, count: usize, expression: &str, expected: &'static [&'static str]) -> Hostile {
    let lines = numbered(count, |at| format!("  i{at}: {{class: thing, f: {{x: '{expression}'}}}}\n"));
    one(name, format!("classes: {{infrastructure: {{thing: {{schema: {{f: object}}}}}}}}\ninfrastructure:\n{lines}"), expected)
}
