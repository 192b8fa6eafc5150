//! Bombs in definitions: lines of ancestors, environments, overlays, placement, names, mistakes without end.

use super::*;

const THING: &str = "classes: {infrastructure: {thing: {schema: {f: object}}}}\ninfrastructure:\n";

/// All orders of eight letters: names that are each other's slips.
fn anagram(mut at: usize) -> String {
    let mut letters: Vec<char> = "abcdefgh".chars().collect();
    (1..=letters.len())
        .rev()
        .map(|left| {
            let index = at % left;
            at /= left;
            letters.remove(index)
        })
        .collect()
}

pub(super) fn bombs() -> Vec<Bomb> {
    let fields = |count: usize| numbered(count, |at| format!("k{at}: 1, "));
    let chain = |count: usize, first: &str| {
        numbered(count, |at| {
            if at == 0 { format!("  i0: {{class: thing, f: {{{first}}}}}\n") } else { format!("  i{at}: {{inherits: i{}}}\n", at - 1) }
        })
    };
    let small = |count: usize| {
        numbered(count, |at| {
            if at == 0 {
                "  i0: {class: thing, f: {x: 1}}\n".into()
            } else {
                format!("  i{at}: {{inherits: i{}, f: {{y{at}: 1}}}}\n", at - 1)
            }
        })
    };
    let environments = |count: usize| {
        let each = numbered(count, |at| if at == 0 { "e0: {}, ".into() } else { format!("e{at}: {{inherits: e{}}}, ", at - 1) });
        format!("platform: {{name: acme, domain: infra.example.com}}\nenvironments: {{{each}}}\n")
    };
    let bare = |name, text: String, expected| Hostile { name, files: vec![("platform.yaml", text.into_bytes())], expected };
    let clusters = |count: usize| numbered(count, |at| format!("  c{at}: {{class: k}}\n"));
    let fleet = |count: usize, rest: &str| {
        format!("classes: {{cluster: {{k: {{}}}}, service: {{s: {{schema: {{f: object}}}}}}}}\nclusters:\n{}{rest}", clusters(count))
    };
    let many = |count: usize| format!("{THING}{}", numbered(count, |at| format!("  i{at}: {{class: thing}}\n")));
    // Each class or definition adds containers to those of the one before.
    let pod = |head: &str, at: usize, count: usize| {
        let items = numbered(count, |item| format!("{{name: c{at}-{item}, image: a, env: [{{name: A, value: b}}]}}, "));
        format!("manifests: {{p: {{{head}spec: {{containers: [{items}]}}}}}}")
    };
    let whole = "apiVersion: v1, kind: Pod, metadata: {name: p, namespace: pods}, ";
    let class = |at: usize| {
        let (head, parent) = if at == 0 { (whole, String::new()) } else { ("", format!("inherits: s{}, ", at - 1)) };
        format!("s{at}: {{{parent}{}}}, ", pod(head, at, 20))
    };
    let overriding = |at: usize| {
        let parent = if at == 0 { "class: s0".to_owned() } else { format!("inherits: o{}", at - 1) };
        format!("o{at}: {{{parent}, abstract: {}, override: {{{}}}}}, ", at < 99, pod("", at + 100, 20))
    };
    let pods = |classes: usize, rest: &str| {
        let classes = numbered(classes, class);
        format!("classes: {{cluster: {{k: {{}}}}, service: {{{classes}}}}}\nclusters: {{c: {{class: k}}}}\nservices: {{{rest}}}\n")
    };
    vec![
        light(one("layers of a list in a template", pods(100, "a: {class: s99}"), &[])),
        light(one("layers that override", pods(1, &numbered(100, overriding)), &[])),
        light(one(
            "broken policies",
            format!(
                "{}policies:\n{}",
                many(1_000),
                numbered(100, |at| format!("  p{at}: {{for: infrastructure, assert: \"${{size(self.name) == 0}}\", message: m}}\n"))
            ),
            &["broken-policy"],
        )),
        heavy(one(
            "ancestors times fields",
            format!("{THING}{}", small(198).replace("{x: 1}", &format!("{{{}}}", fields(20_000)))),
            &["inheritance-too-deep"],
        )),
        heavy(one("ancestors that say something", format!("{THING}{}", small(198)), &[])),
        light(one("too many ancestors", format!("{THING}{}", chain(300, "x: 1")), &["inheritance-too-deep"])),
        heavy(one(
            "many parents",
            format!(
                "{THING}{}  own: {{inherits: [{}]}}\n",
                numbered(199, |at| format!("  p{at}: {{class: thing, abstract: true, f: {{{}}}}}\n", fields(300))),
                numbered(199, |at| format!("p{at}, "))
            ),
            &[],
        )),
        heavy(bare("a line of environments", format!("{}{THING}  own: {{class: thing, f: {{x: 1}}}}\n", environments(199)), &[])),
        heavy(bare(
            "environments times things",
            format!("{}{THING}{}", environments(150), numbered(8_000, |at| format!("  i{at}: {{class: thing}}\n"))),
            &["expansion-too-large"],
        )),
        heavy(bare(
            "environments times defaults",
            format!(
                "platform: {{name: acme, domain: infra.example.com, defaults: {{infrastructure: {{f: {{{}}}}}}}}}\nenvironments: {{{}}}\n{THING}{}",
                fields(5_000),
                numbered(100, |at| format!("e{at}: {{}}, ")),
                numbered(2_000, |at| format!("  i{at}: {{class: thing, f: {{x: 1}}}}\n"))
            ),
            &["inheritance-too-deep"],
        )),
        light(one(
            "fields below an empty one",
            format!("{THING}  i0:\n    class: thing\n    f:\n{}", numbered(20_000, |at| format!("    z{at}: 1\n"))),
            &["null-not-allowed"],
        )),
        light(one(
            "fields with edits",
            format!("{THING}  i0:\n    class: thing\n    f:\n{}", numbered(30_000, |at| format!("      k{at}: no\n"))),
            &["ambiguous-scalar"],
        )),
        heavy(one(
            "clusters times services",
            fleet(10_000, &format!("services:\n{}", numbered(5_000, |at| format!("  s{at}: {{class: s}}\n")))),
            &["expansion-too-large"],
        )),
        heavy(one(
            "clusters times overlays",
            fleet(
                3_000,
                &format!(
                    "services:\n  s:\n    class: s\n    clusters:\n{}",
                    numbered(3_000, |at| format!("      c{at}: {{f: {{x: {at}}}}}\n"))
                ),
            ),
            &[],
        )),
        heavy(one(
            "clusters times a large overlay",
            fleet(
                2_000,
                &format!(
                    "services:\n  s:\n    class: s\n    f: {{{}}}\n    clusters:\n{}",
                    fields(20_000),
                    numbered(2_000, |at| format!("      c{at}: {{f: {{x: {at}}}}}\n"))
                ),
            ),
            &["inheritance-too-deep"],
        )),
        heavy(one(
            "pools",
            format!(
                "classes: {{cluster: {{k: {{nodePoolClass: p}}}}, nodePool: {{p: {{}}}}}}\nclusters:\n{}",
                numbered(1_000, |at| format!("  c{at}: {{class: k, nodePools: {{{}}}}}\n", numbered(30, |at| format!("p{at}: {{}}, "))))
            ),
            &[],
        )),
        heavy(one(
            "placed by labels",
            fleet(
                2_000,
                &format!(
                    "services:\n{}",
                    numbered(2_000, |at| format!("  s{at}: {{class: s, placement: {{matchLabels: {{x: y{at}}}}}}}\n"))
                ),
            ),
            &["expansion-too-large"],
        )),
        heavy(one(
            "anagrams for things",
            format!(
                "{THING}{}{}",
                numbered(4_000, |at| format!("  {}: {{class: thing}}\n", anagram(at))),
                numbered(4_000, |at| format!("  x{at}: {{inherits: {}}}\n", anagram(at + 20_000)))
            ),
            &["unknown-parent"],
        )),
        heavy(one(
            "anagrams for fields",
            format!(
                "classes: {{infrastructure: {{thing: {{schema: {{{}}}}}}}}}\ninfrastructure:\n{}",
                numbered(5_000, |at| format!("{}: string, ", anagram(at))),
                numbered(4_000, |at| format!("  i{at}: {{class: thing, {}: x}}\n", anagram(at + 20_000)))
            ),
            &["unknown-field"],
        )),
        heavy(one(
            "anagrams in an expression",
            format!(
                "{THING}  own:\n    class: thing\n    f:\n      m: {{{}}}\n      x: '${{lists.range(4000).exists(x, self.f.m.hgfedcba == x)}}'\n",
                numbered(5_000, |at| format!("{}: 1, ", anagram(at)))
            ),
            &["expression-too-costly"],
        )),
        heavy(one(
            "anagrams for values",
            format!(
                "classes: {{infrastructure: {{thing: {{schema: {{f: {{$type: string, $enum: [{}]}}}}}}}}}}\ninfrastructure:\n{}",
                numbered(3_000, |at| format!("{}, ", anagram(at))),
                numbered(4_000, |at| format!("  i{at}: {{class: thing, f: {}}}\n", anagram(at + 20_000)))
            ),
            &["value-not-allowed"],
        )),
        heavy(one("anagrams for kinds", numbered(30_000, |at| format!("{}: {{}}\n", anagram(at))), &["unknown-kind"])),
        heavy(one(
            "mistakes without end",
            format!("{THING}{}", numbered(40_000, |at| format!("  I_{at}: 1\n"))),
            &["invalid-name", "wrong-type"],
        )),
        heavy(one(
            "a mistake on every cluster",
            fleet(10_000, "services:\n  a: {class: s, f: {x: '${self.f.y}'}}\n  b: {class: s, f: {x: '${self.f.y}'}}\n"),
            &["unknown-field"],
        )),
        heavy(one(
            "needs",
            fleet(
                1,
                &format!(
                    "services:\n{}",
                    numbered(2_000, |at| format!(
                        "  s{at}: {{class: s, dependsOn: [{}]}}\n",
                        numbered(at.min(60), |back| format!("s{}, ", at - back - 1))
                    ))
                ),
            ),
            &[],
        )),
        heavy(one(
            "a class that reads much on every cluster",
            fleet(10_000, "services: {a: {class: s}}\n")
                .replace("schema: {f: object}", &format!("let: {{x: '{}'}}", "${cluster.name}".repeat(3_000))),
            &["expansion-too-large"],
        )),
        heavy(one(
            "needs in circles",
            fleet(
                1,
                &format!(
                    "services:\n{}",
                    numbered(3_000, |at| format!("  s{at}: {{class: s, dependsOn: [s{}, s{}]}}\n", (at + 1) % 3_000, (at * 7) % 3_000))
                ),
            ),
            &["dependency-cycle"],
        )),
        heavy(one(
            "identities",
            format!(
                "classes: {{infrastructure: {{thing: {{terraform: {{resource: {{a: {{'${{self.name}}': {{}}}}}}}}}}}}}}\ninfrastructure:\n{}",
                numbered(8_000, |at| format!("  i{at}: {{class: thing, identity: j{at}}}\n"))
            ),
            &[],
        )),
        heavy(one(
            "one stack",
            format!(
                "classes: {{infrastructure: {{thing: {{terraform: {{resource: {{a: {{'${{self.name}}': {{}}}}}}}}}}}}}}\ninfrastructure:\n{}",
                numbered(15_000, |at| format!("  i{at}: {{class: thing, stack: all}}\n"))
            ),
            &[],
        )),
        heavy(one(
            "one object of all",
            fleet(1, &format!("services:\n{}", numbered(10_000, |at| format!("  s{at}: {{class: s, f: {{x: 1}}}}\n")))),
            &[],
        )),
        heavy(one(
            "policies",
            format!(
                "{THING}{}policies:\n{}",
                numbered(3_000, |at| format!("  i{at}: {{class: thing}}\n")),
                numbered(3_000, |at| format!("  p{at}: {{for: infrastructure, assert: '${{size(self.name) != 0}}', message: m}}\n"))
            ),
            &["expression-too-costly"],
        )),
    ]
}
