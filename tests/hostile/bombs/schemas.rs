//! Bombs in classes: schemas, patterns, types, templates.

use super::*;

pub(super) fn bombs() -> Vec<Bomb> {
    let schema = |fields: String| format!("classes:\n  service:\n    svc:\n      schema:\n{}", indented(&fields, 8));
    let class_chain = |count: usize, first: String| {
        numbered(count, |at| {
            if at == 0 { format!("    c0: {{schema: {{{first}}}}}\n") } else { format!("    c{at}: {{inherits: c{}}}\n", at - 1) }
        })
    };
    let strings = |count: usize| numbered(count, |at| format!("k{at}: string, "));
    let service = |body: &str| class("", body, &[]).files.remove(0).1;
    let named = |name: &'static str, sections: String, expected: &'static [&'static str]| class(name, sections, expected);
    let _ = service;
    vec![
        light(one(
            "patterns that are large",
            schema(numbered(20, |at| format!("k{at}: 'string | pattern=\"(a{{1000}}){{50}}{at}\"'\n"))),
            &["schema-syntax"],
        )),
        heavy(one(
            "many patterns",
            schema(numbered(9_000, |at| format!("k{at}: 'string | pattern=\"[a-z]{{1,200}}{at}\"'\n"))),
            &["schema-syntax"],
        )),
        light(one(
            "patterns that take long to read",
            schema(numbered(500, |at| format!("k{at}: 'string | pattern=\"(?i)[a&&\\\\pL&&\\\\x{{0}}-\\\\x{{10ffff}}]{at}\"'\n"))),
            &["schema-syntax"],
        )),
        heavy(one(
            "many patterns of all letters",
            schema(numbered(9_000, |at| format!("k{at}: 'string | pattern=\"\\\\w{{4}}{at}\"'\n"))),
            &["schema-syntax"],
        )),
        heavy(one(
            "a pattern and a long text",
            format!(
                "classes: {{infrastructure: {{thing: {{schema: {{f: 'string | pattern=\"^(a|b)*a(a|b){{100}}$\"'}}}}}}}}\ninfrastructure:\n  own: {{class: thing, f: {}}}\n",
                "ab".repeat(400_000)
            ),
            &["pattern-mismatch"],
        )),
        heavy(one(
            "a pattern and many texts",
            format!(
                "classes: {{infrastructure: {{thing: {{schema: {{g: {{$type: ['string | pattern=\"^(a|b)*a(a|b){{100}}$\"']}}}}}}}}}}\ninfrastructure:\n  own: {{class: thing, g: [{}]}}\n",
                numbered(4_000, |_| format!("{}, ", "ab".repeat(100)))
            ),
            &["pattern-mismatch"],
        )),
        heavy(one(
            "an enum",
            format!(
                "classes: {{infrastructure: {{thing: {{schema: {{f: {{$type: string, $enum: [{}]}}}}}}}}}}\ninfrastructure:\n{}",
                numbered(30_000, |at| format!("v{at}, ")),
                numbered(15_000, |at| format!("  i{at}: {{class: thing, f: w{at}}}\n"))
            ),
            &["value-not-allowed"],
        )),
        light(one("wide classes in a chain", format!("classes:\n  service:\n{}", class_chain(40, strings(4_000))), &["schema-syntax"])),
        heavy(one("classes in a chain", format!("classes:\n  service:\n{}", class_chain(150, strings(5_000))), &["schema-syntax"])),
        heavy(one(
            "many classes",
            format!("classes:\n  service:\n{}", numbered(40_000, |at| format!("    c{at}: {{}}\n"))),
            &["schema-syntax"],
        )),
        heavy(one("many fields", format!("classes: {{service: {{svc: {{schema: {{{}}}}}}}}}", strings(60_000)), &["schema-syntax"])),
        heavy(one(
            "fields of fields",
            format!(
                "classes: {{service: {{svc: {{types: {{t: {{{}}}, u: {{{}}}, v: {{{}}}}}, schema: {{a: v}}}}}}}}",
                strings(100),
                numbered(100, |at| format!("k{at}: t, ")),
                numbered(100, |at| format!("k{at}: u, "))
            ),
            &["schema-syntax"],
        )),
        heavy(one(
            "defaults in records in lists",
            format!(
                "classes: {{infrastructure: {{thing: {{schema: {{f: {{$type: [{{{}}}]}}}}}}}}}}\ninfrastructure:\n  own: {{class: thing, f: [{}]}}\n",
                numbered(2_000, |at| format!("k{at}: 'string | default=x', ")),
                "{}, ".repeat(100_000)
            ),
            &["inheritance-too-deep"],
        )),
        heavy(one(
            "defaults in records that an expression makes",
            format!(
                "classes: {{infrastructure: {{thing: {{schema: {{f: {{$type: [{{{}}}]}}}}}}}}}}\ninfrastructure:\n  own: {{class: thing, f: '${{lists.range(50000).map(i, {{}})}}'}}\n",
                numbered(2_000, |at| format!("k{at}: 'string | default=x', "))
            ),
            &["inheritance-too-deep"],
        )),
        light(one(
            "a list of records as a default",
            format!(
                "classes: {{infrastructure: {{thing: {{schema: {{f: {{$type: [{{{}}}], $default: [{}]}}}}}}}}}}\n",
                numbered(2_000, |at| format!("k{at}: 'string | default=x', ")),
                "{}, ".repeat(10_000)
            ),
            &["inheritance-too-deep"],
        )),
        heavy(one(
            "aliases of fields",
            format!(
                "classes: {{infrastructure: {{thing: {{schema: {{{}}}}}}}}}\ninfrastructure:\n{}",
                numbered(4_000, |at| format!("k{at}: {{$type: string, $aliases: [a{at}, b{at}]}}, ")),
                numbered(8_000, |at| format!("  i{at}: {{class: thing, z{at}: 1}}\n"))
            ),
            &["unknown-field"],
        )),
        light(one(
            "fragments that double",
            format!(
                "classes:\n  fragment:\n    f0: {{schema: {{}}, template: {{a: x}}}}\n{}",
                numbered(30, |at| format!("    f{}: {{schema: {{}}, template: {{a: {{$use: f{at}}}, b: {{$use: f{at}}}}}}}\n", at + 1))
            ),
            &["expansion-too-large"],
        )),
        light(one(
            "fragments that are deep within each other",
            format!(
                "classes:\n  fragment:\n    f0: {{schema: {{}}, template: {{a: x}}}}\n{}",
                numbered(1_000, |at| format!("    f{}: {{schema: {{}}, template: {{$use: f{at}}}}}\n", at + 1))
            ),
            &["expansion-too-large"],
        )),
        light(one(
            "a deep place for each fragment",
            format!(
                "classes:\n  fragment:\n    f0: {{schema: {{}}, template: {{a: x}}}}\n{}",
                numbered(20, |at| {
                    let (open, close) = ("{a: ".repeat(100), "}".repeat(100));
                    format!("    f{}: {{schema: {{}}, template: {open}{{$use: f{at}}}{close}}}\n", at + 1)
                })
            ),
            &["expansion-too-large"],
        )),
        light(one(
            "a large circle of fragments",
            format!(
                "classes:\n  fragment:\n{}",
                numbered(2_000, |at| format!("    f{at}: {{schema: {{}}, template: {{$use: f{}}}}}\n", (at + 1) % 2_000))
            ),
            &["fragment-cycle"],
        )),
        heavy(one(
            "a large fragment for many",
            format!(
                "classes:\n  fragment:\n    f: {{schema: {{}}, template: {{a: [{}]}}}}\n  service:\n{}",
                "x, ".repeat(50_000),
                numbered(1_000, |at| format!("    c{at}: {{files: {{a.yaml: {{$use: f}}}}}}\n"))
            ),
            &["inheritance-too-deep"],
        )),
        heavy(named(
            "rules",
            format!("rules:\n{}", numbered(8_000, |at| format!("  - {{assert: '${{size(self.name) != {at}}}', message: m}}\n"))),
            &["broken-rule"],
        )),
        heavy(named(
            "lets",
            format!("let:\n{}{}", numbered(9_000, |at| format!("  x{at}: '${{[self.name, {at}]}}'\n")), object("data: {a: '${let}'}")),
            &[],
        )),
        heavy(named(
            "doubled lists in let",
            format!(
                "let:\n  x0: [1, 1]\n{}{}",
                numbered(39, |at| format!("  x{}: ['${{let.x{at}}}', '${{let.x{at}}}']\n", at + 1)),
                object("data: '${let.x39}'")
            ),
            &["expansion-too-large"],
        )),
        heavy(named(
            "doubled lists, spread",
            format!(
                "let:\n  x0: {{a: 1}}\n{}{}",
                numbered(39, |at| format!("  x{}: {{a: '${{let.x{at}}}', b: '${{let.x{at}}}'}}\n", at + 1)),
                object("data: {$spread: '${let.x39}'}")
            ),
            &["expansion-too-large"],
        )),
        heavy(named(
            "doubled by loops",
            object(&format!(
                "data:\n{}",
                (0..20).fold(String::new(), |text, at| format!(
                    "{text}{}- $for: {{a{at}: [1, 2]}}\n{}v:\n",
                    " ".repeat(2 * at + 2),
                    " ".repeat(2 * at + 4)
                )) + &format!("{}- 1\n", " ".repeat(44))
            )),
            &["expansion-too-large"],
        )),
        heavy(named(
            "a deep large object",
            object(&format!(
                "data: {}x{}\nmore: {{$for: {{a: '${{lists.range(3000)}}'}}, 'k${{a}}': {}x{}}}",
                "[".repeat(100),
                "]".repeat(100),
                "[".repeat(90),
                "]".repeat(90)
            )),
            &["loop-key"],
        )),
        heavy(named(
            "large objects deep down",
            object(&format!(
                "data:\n  'k${{a}}':\n    $for: {{a: '${{lists.range(40000)}}'}}\n    v: {}x{}",
                "[".repeat(90),
                "]".repeat(90)
            )),
            &["expansion-too-large"],
        )),
        heavy(named("files", format!("files:\n{}", numbered(15_000, |at| format!("  f{at}.txt: x\n"))), &[])),
        heavy(named("files of a loop", "files:\n  'f${a}.yaml':\n    $for: {a: '${lists.range(100000)}'}\n    v: x".into(), &[])),
        heavy(named(
            "a large file again and again",
            format!(
                "let: {{big: '${{lists.range(1000000).map(x, \"abcdefgh\").join(\"\")}}'}}\nfiles:\n{}",
                numbered(5_000, |at| format!("  f{at}.txt: '${{let.big}}'\n"))
            ),
            &["expression-too-costly"],
        )),
        heavy(named(
            "texts deep down in a file",
            format!(
                "let: {{big: '${{lists.range(300000).map(x, \"a\\n\").join(\"\")}}'}}\nfiles:\n  f.yaml:\n    v: {}'${{let.big}}'{}",
                "[".repeat(100),
                "]".repeat(100)
            ),
            &[],
        )),
        heavy(named(
            "a value encoded again and again",
            format!(
                "let: {{big: '${{lists.range(20000)}}'}}\nfiles:\n{}",
                numbered(3_000, |at| format!("  f{at}.txt: '${{json.encode(let.big)}}'\n"))
            ),
            &["expression-too-costly"],
        )),
        heavy(named(
            "Terraform of a loop",
            "terraform:\n  resource:\n    a:\n      'k${a}':\n        $for: {a: '${lists.range(60000)}'}\n        v: x".into(),
            &[],
        )),
        heavy(named(
            "outputs",
            format!(
                "terraform: {{resource: {{a: {{b: {{}}}}}}}}\noutputs:\n{}",
                numbered(10_000, |at| format!("  o{at}: '${{resource.a.b.c{at}}}'\n"))
            ),
            &[],
        )),
        heavy(named(
            "late texts, doubled",
            format!(
                "terraform:\n  locals:\n    x: '${{let.x25}}'\n  resource: {{a: {{b: {{}}}}}}\nlet:\n  x0: '${{resource.a.b.c}}'\n{}",
                numbered(25, |at| format!("  x{}: '${{[let.x{at}, let.x{at}]}}'\n", at + 1))
            ),
            &["expansion-too-large"],
        )),
    ]
}
