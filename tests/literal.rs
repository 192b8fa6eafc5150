//! Fields that are read before expressions are evaluated refuse them. The list of fields is not written here: it is the language's own, and
//! every field of it is either free for expressions or refuses one at its place.

use crate::support::Project;
use platc::Compilation;
use platc::code::Code;
use platc::definition::literal::Owner;
use platc::name::Kind;
use platc::schema::Type;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const EXPRESSION: &str = "${string(1)}";

fn base() -> Value {
    json!({
        "platform": { "name": "acme", "domain": "infra.example.com" },
        "environments": { "apps": {}, "ops": { "inherits": "apps" } },
        "clusters": { "gc0": { "class": "plain", "nodePools": { "d": {} } } },
        "services": { "web": { "class": "plain" } },
        "tenants": { "team": { "class": "plain", "applications": { "shop": { "class": "plain" } } } },
        "infrastructure": { "net": { "class": "plain" } },
        "classes": {
            "cluster": { "plain": { "nodePoolClass": "plain" } },
            "nodePool": { "plain": {} },
            "service": { "plain": { "rules": [{ "assert": "${self.enabled}", "message": "no" }] } },
            "tenant": { "plain": {} },
            "application": { "plain": {} },
            "infrastructure": { "plain": {} },
        },
        "policies": { "p": { "for": "service", "assert": "${self.enabled}", "message": "no" } },
    })
}

fn compile(project: &Value) -> Compilation {
    Project { files: [("platform.yaml".to_owned(), serde_json::to_string_pretty(project).unwrap())].into() }.build().0
}

/// Puts an expression at a field and gives what refuses it.
fn refusals(place: &[&str], field: &str) -> Vec<String> {
    let mut project = base();
    let mut at = &mut project;
    for step in place.iter().copied().chain(field.split('.')) {
        at = if at.is_array() { &mut at[step.parse::<usize>().unwrap()] } else { &mut at[step] };
    }
    *at = json!(EXPRESSION);
    let compilation = compile(&project);
    let all = compilation.diagnostics.sorted(&compilation.sources);
    let here =
        all.iter().filter(|found| found.primary.as_ref().is_some_and(|label| compilation.sources.text(label.span).contains(EXPRESSION)));
    here.filter(|found| found.code == Code::NotLiteral).map(|found| found.message.clone()).collect()
}

/// Paths of all fields of a type that hold no further ones.
fn leaves(type_: &Type, prefix: &str, found: &mut Vec<String>) {
    for (name, inner) in type_.fields() {
        let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
        let before = found.len();
        leaves(inner, &path, found);
        if found.len() == before {
            found.push(path);
        }
    }
}

#[test]
fn the_base_is_fine() {
    let compilation = compile(&base());
    assert!(!compilation.diagnostics.has_errors(), "{}", crate::support::said(&compilation));
}

#[test]
fn every_field_of_the_language_is_free_or_refuses_an_expression() {
    let language = compile(&base()).definitions.language;
    let mut literal: BTreeSet<String> = BTreeSet::new();
    let mut wrong = Vec::new();
    for (owner, type_, place) in [
        (Owner::Platform, &language.platform, &["platform"][..]),
        (Owner::Environment, &language.environment, &["environments", "ops"]),
        (Owner::Policy, &language.policy, &["policies", "p"]),
        (Owner::Class, &language.class, &["classes", "service", "plain"]),
        (Owner::Rule, &language.rule, &["classes", "service", "plain", "rules", "0"]),
    ] {
        let mut fields = Vec::new();
        leaves(type_, "", &mut fields);
        assert!(!fields.is_empty());
        for field in fields {
            let refused = !refusals(place, &field).is_empty();
            if refused != owner.is_literal(&field) {
                wrong.push(format!("{owner:?} {field}: refused: {refused}"));
            }
            if refused {
                literal.insert(format!("{owner:?} {field}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for field in [
        "Platform output",
        "Platform exclude",
        "Platform promotion",
        "Platform kustomize.layout",
        "Environment argocd.sync",
        "Class provider",
    ] {
        assert!(literal.contains(field), "{field}");
    }
}

#[test]
fn what_decides_what_exists_refuses_an_expression() {
    for (kind, place, fields) in [
        (Kind::Cluster, &["clusters", "gc0"][..], &["onlyIn", "notIn"][..]),
        (Kind::Service, &["services", "web"], &["onlyIn", "notIn"]),
        (Kind::Tenant, &["tenants", "team"], &["onlyIn", "notIn"]),
        (Kind::Application, &["tenants", "team", "applications", "shop"], &["onlyIn", "notIn"]),
        (Kind::Infrastructure, &["infrastructure", "net"], &["onlyIn", "notIn"]),
    ] {
        for field in fields {
            let refusals = refusals(place, field);
            assert_eq!(refusals.len(), 1, "{kind:?} {field}: {refusals:?}");
            assert!(Owner::Definition(kind).is_literal(field), "{field}");
        }
        assert_eq!(refusals(place, "identity").len(), 1, "{kind:?} identity");
    }
    // These are names and flags by their syntax, which refuses everything else at its place.
    for field in ["class", "inherits", "abstract", "environments", "clusters"] {
        let mut project = base();
        project["services"]["web"][field] = json!(EXPRESSION);
        let compilation = compile(&project);
        let refused = |code: Code| compilation.diagnostics.sorted(&compilation.sources).iter().any(|found| found.code == code);
        assert!(refused(Code::WrongType), "{field}");
    }
}
