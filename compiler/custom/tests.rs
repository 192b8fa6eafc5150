use super::*;
use crate::source::Sources;
use expect_test::{Expect, expect};
use std::fmt::Write as _;

fn tables(files: &[(&str, &str)]) -> (Sources, Tables, Diagnostics) {
    let mut sources = Sources::default();
    for (path, text) in files {
        sources.add_file(&format!("files/{path}"), Ok(text.as_bytes().to_vec()));
    }
    let mut said = Diagnostics::default();
    let origin =
        crate::origin::Origin { span: crate::span::Span::new(crate::span::FileId(99), 0, 0), layer: crate::origin::LayerId::COMPUTED };
    let glob = Value::list(vec![Value::string("**", origin)], origin);
    let tables = Tables::load(Some(&glob), &Files::of(&sources, &Files::default()), &mut said);
    (sources, tables, said)
}

/// What is said of a file when a kind of it is asked for.
fn check(text: &str, expected: &Expect) {
    let (sources, tables, mut said) = tables(&[("a.yaml", text)]);
    let known = tables.kind("example.com/v1", "Page", &mut said);
    let mut found = String::new();
    if let Some(known) = known {
        for (name, field) in &known.record.fields {
            writeln!(found, "{name}: {:?} {}", field.type_, field.required).unwrap();
        }
    }
    for diagnostic in said.sorted(&sources) {
        let place = diagnostic.primary.as_ref().map(|label| sources.place(label.span)).unwrap_or_default();
        writeln!(found, "{}: {} ({place})", diagnostic.code.word(), diagnostic.message).unwrap();
    }
    expected.assert_eq(&found);
}

fn definition(schema: &str) -> String {
    format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {{group: example.com, names: {{kind: Page}}, versions: [{{name: v1, schema: {{openAPIV3Schema: {schema}}}}}]}}\n"
    )
}

#[test]
fn definitions_are_read() {
    check(
        &definition(
            "{type: object, required: [a], properties: {a: {type: array, items: {type: string}}, b: {type: object}, c: {x-kubernetes-int-or-string: true}, d: {}}}",
        ),
        &expect![[r#"
            a: List(String) true
            apiVersion: String false
            b: Record(TableRecord { fields: {}, open: false }) false
            c: IntegerOrString false
            d: Any false
            kind: String false
            metadata: Named("ObjectMeta") false
            status: Any false
        "#]],
    );
    check(
        &definition("{}"),
        &expect![[r#"
        apiVersion: String false
        kind: String false
        metadata: Named("ObjectMeta") false
        status: Any false
    "#]],
    );
    check(
        &definition("[]"),
        &expect![[r#"
            apiVersion: String false
            kind: String false
            metadata: Named("ObjectMeta") false
            status: Any false
            broken-schema: `openAPIV3Schema` in the schema of `Page` must be a schema (files/a.yaml:3:97)
        "#]],
    );
    check(
        &definition("{type: object").replace("}]", ""),
        &expect![[r#"
        yaml-syntax: `{` is never closed (files/a.yaml:3:60)
    "#]],
    );
    check(
        &definition("{}").replace("apiextensions.k8s.io/v1", "apiextensions.k8s.io/v1beta1"),
        &expect![[r#"
        broken-schema: the definition of `Page` is of an old form (files/a.yaml:3:42)
    "#]],
    );
    check(&definition("{}").replace("kind: Page", "kind: Pages"), &expect![""]);
    check(
        &format!("{}---\n{}", definition("{}"), definition("{}")),
        &expect![[r#"
        broken-schema: the kind `Page` is defined twice (files/a.yaml:7:42)
    "#]],
    );
}

#[test]
fn hostile_definitions_are_bounded() {
    let deep = |times: usize| format!("{}type: string{}", "{properties: {a: ".repeat(times), "}}".repeat(times));
    for schema in [deep(20), deep(5_000), format!("{{enum: [{}]}}", "a, ".repeat(100_000)), "{$ref: '#'}".to_owned()] {
        let (_, tables, mut said) = tables(&[("a.yaml", &definition(&schema))]);
        assert!(tables.kind("example.com/v1", "Page", &mut said).is_some() || said.has_errors());
    }
    let bomb = format!("a: &a [x, x]\nb: &b [*a, *a]\nc: [{}]\n{}", "*b, ".repeat(100_000), definition("{}"));
    let (_, tables, mut said) = tables(&[("a.yaml", &bomb)]);
    assert!(tables.kind("example.com/v1", "Page", &mut said).is_some() || said.has_errors());
}

#[test]
fn what_replaces_is_said_beside_a_schema() {
    let schema = r#"{"provider_schemas": {"x/clouds": {"resource_schemas": {"clouds_a": {"block": {
        "attributes": {"name": {"type": "string", "required": true}, "size": {"type": "number", "sensitive": true}, "new": {"type": "string"}},
        "block_types": {"rule": {"nesting_mode": "list", "block": {"attributes": {"days": {"type": "number"}}}}}}},
        "clouds_b": {"block": {"attributes": {"name": {"type": "string"}}}}}}}}"#;
    let list = "# what is known\nresource clouds_a\n name string replaces\n size number may-replace\n rule record block list\n  days number replaces\n";
    let (_, tables, said) = tables(&[("clouds.json", schema), ("clouds.replaces.txt", list)]);
    assert!(said.is_empty());
    for (type_, path, expected) in [
        ("clouds_a", &["name"][..], Replaces::Yes),
        ("clouds_a", &["size"], Replaces::Maybe),
        ("clouds_a", &["new"], Replaces::No),
        ("clouds_a", &["rule", "days"], Replaces::Yes),
        ("clouds_a", &["none"], Replaces::Unknown),
        ("clouds_b", &["name"], Replaces::Unknown),
        ("clouds_c", &["name"], Replaces::Unknown),
        ("aws_vpc", &["cidr_block"], Replaces::Yes),
        ("aws_vpc", &["tags", "a"], Replaces::No),
    ] {
        assert_eq!(tables.replaces(type_, path), expected, "{type_} {path:?}");
    }
    assert!(tables.is_sensitive("resource", "clouds_a", "size"));
    assert!(!tables.is_sensitive("resource", "clouds_a", "name"));
}
