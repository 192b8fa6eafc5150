//! Reach: what each plural means to a thing of each kind, wherever an expression may stand. It is what is there, or an error that says so: an
//! empty map would be taken for nothing being there. All places agree, because one table stands behind them.

use crate::support::Project;
use platc::code::Code;
use platc::name::Kind;
use platc::query::eval::eval;
use platc::query::show::json;
use platc::value::Value;
use platc::{Options, compile};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Two clusters that differ in everything that is on them, and infrastructure.
const PLATFORM: &str = "
environments: { dev: {} }
clusters:
  c0: { class: plain, nodePools: { p0: {} } }
  c1: { class: plain, nodePools: { p1: {} } }
infrastructure: { db: { class: plain }, dns: { class: plain } }
services: { s0: { class: plain, placement: c0 }, s1: { class: plain, placement: c1 } }
tenants:
  t0: { class: plain, placement: c0, applications: { a0: { class: plain }, b0: { class: plain } } }
  t1: { class: plain, placement: c1, applications: { a1: { class: plain } } }
";

/// A thing of each kind on the first cluster, by name and path.
const THINGS: [(Kind, &str, &str); 6] = [
    (Kind::Cluster, "c0", "dev.clusters.c0"),
    (Kind::NodePool, "p0", "dev.clusters.c0.nodePools.p0"),
    (Kind::Service, "s0", "dev.clusters.c0.services.s0"),
    (Kind::Tenant, "t0", "dev.clusters.c0.tenants.t0"),
    (Kind::Application, "a0", "dev.clusters.c0.tenants.t0.applications.a0"),
    (Kind::Infrastructure, "db", "dev.infrastructure.db"),
];

/// Every plural alone, of the things around, of what was reached through another cluster, and of what is around that.
const ASKED: [&str; 21] = [
    "clusters",
    "nodePools",
    "services",
    "tenants",
    "applications",
    "infrastructure",
    "cluster.nodePools",
    "cluster.services",
    "cluster.tenants",
    "cluster.applications",
    "cluster.infrastructure",
    "tenant.applications",
    "tenant.services",
    "clusters.c1.nodePools",
    "clusters.c1.services",
    "clusters.c1.tenants",
    "clusters.c1.applications",
    "clusters.c1.tenants.t1.applications",
    "clusters.c1.tenants.t1.services",
    "clusters.c1.services.s1.cluster.nodePools",
    "clusters.c1.tenants.t1.applications.a1.tenant.applications",
];

/// Where an expression stands.
#[derive(Clone, Copy, Debug)]
enum Place {
    Definition,
    Default,
    Let,
    Rule,
    Policy,
    Eval,
}

const PLACES: [Place; 6] = [Place::Definition, Place::Default, Place::Let, Place::Rule, Place::Policy, Place::Eval];

/// The platform with an expression at a place, for all things of a kind.
fn project(kind: Kind, place: Place, expression: &str) -> Project {
    let quoted = expression.replace('\'', "''");
    let (mut defaults, mut of_class, mut policies) = (String::new(), String::new(), String::new());
    let mut declared = "string".to_owned();
    let fails = |seen: &str| format!("assert: '${{{seen} == \"-\"}}', message: 'seen by ${{self.name}}: ${{{seen}}}.'");
    match place {
        Place::Definition => defaults = format!(", defaults: {{ {}: {{ seen: '${{{quoted}}}' }} }}", kind.plural()),
        Place::Default => declared = format!("string | default=\"${{{}}}\"", quoted.replace('"', "''")),
        Place::Let => of_class = format!(", let: {{ seen: '${{{quoted}}}' }}, rules: [{{ {} }}]", fails("let.seen")),
        Place::Rule => of_class = format!(", rules: [{{ {} }}]", fails(&quoted)),
        Place::Policy => policies = format!("policies: {{ seen: {{ for: {}, {} }} }}\n", kind.singular(), fails(&quoted)),
        Place::Eval => {}
    }
    let mut text = format!("platform: {{ name: demo, domain: example.com{defaults} }}\n{PLATFORM}{policies}classes:\n");
    for of in Kind::ALL {
        let pools = if of == Kind::Cluster { ", nodePoolClass: plain" } else { "" };
        let (type_, rest) = if of == kind { (declared.as_str(), of_class.as_str()) } else { ("string", "") };
        writeln!(text, "  {}: {{ plain: {{ schema: {{ seen: '{type_}' }}{pools}{rest} }} }}", of.singular()).unwrap();
    }
    let mut project = Project::default();
    project.files.insert("platform.yaml".to_owned(), text);
    project
}

/// What a plural means there: names, or the code of the error.
fn outcome((kind, name, path): (Kind, &str, &str), place: Place, plural: &str) -> String {
    let expression = format!("{plural}.map(key, key).join(\" \")");
    let project = project(kind, place, &expression);
    let mut compilation = compile(&project.system(), &Options::default());
    if let Place::Eval = place {
        return match eval(&mut compilation, &expression, Some(path), &[]) {
            Ok(found) => json(&found).as_str().unwrap_or_else(|| panic!("{plural} is no text")).to_owned(),
            Err(faults) => faults.iter().map(|fault| fault.code.word()).collect(),
        };
    }
    let said = compilation.diagnostics.clone().sorted(&compilation.sources);
    let codes: BTreeSet<&str> =
        said.iter().map(|fault| fault.code).filter(|code| !matches!(code, Code::BrokenRule | Code::BrokenPolicy)).map(Code::word).collect();
    if !codes.is_empty() {
        return codes.into_iter().collect::<Vec<_>>().join(" ");
    }
    let start = format!("seen by {name}: ");
    let told = said.iter().find_map(|fault| fault.message.strip_prefix(&start).map(|rest| rest.trim_end_matches('.').to_owned()));
    let entity = compilation.model.entities.iter().find(|entity| &*entity.path == path).unwrap();
    told.or_else(|| entity.value.get("seen").and_then(Value::as_str).map(str::to_owned)).unwrap_or_else(|| panic!("{place:?} {plural}"))
}

#[test]
fn a_plural_means_the_same_at_every_place() {
    let mut table = String::new();
    for plural in ASKED {
        writeln!(table, "{plural}").unwrap();
        let mut outcomes: Vec<(String, Vec<&str>)> = Vec::new();
        for thing in THINGS {
            let found = outcome(thing, Place::Eval, plural);
            for place in PLACES {
                let other = outcome(thing, place, plural);
                assert_eq!(found, other, "{plural} of {} in {place:?}\n{}", thing.2, project(thing.0, place, plural).text());
            }
            match outcomes.iter_mut().find(|(known, _)| *known == found) {
                Some((_, kinds)) => kinds.push(thing.0.singular()),
                None => outcomes.push((found, vec![thing.0.singular()])),
            }
        }
        for (found, kinds) in outcomes {
            assert!(!found.is_empty(), "{plural} of {kinds:?} is empty");
            writeln!(table, "    {found}: {}", kinds.join(" ")).unwrap();
        }
    }
    expect_test::expect_file!["data/reach.txt"].assert_eq(&table);
}
