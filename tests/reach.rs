//! Reach: what each plural means to a thing of each kind, wherever an expression may stand. It is what is there, or an error that says so: an
//! empty map would be taken for nothing being there. All places agree, because one table stands behind them.

use crate::support::{self, Project};
use platc::diagnostic::Diagnostic;
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
infrastructure:
  db: { class: bare }
  dns: { class: bare }
  d0: { class: plain, placement: c0 }
  d1: { class: plain, placement: c1 }
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
    (Kind::Infrastructure, "d0", "dev.clusters.c0.infrastructure.d0"),
];

/// Every plural alone, of the things around, of what was reached through another cluster, and of what is around that.
const ASKED: [&str; 22] = [
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
    "clusters.c1.infrastructure",
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

/// What is asked as an expression: the names that a plural holds.
fn expression(plural: &str) -> String {
    format!("{plural}.map(key, key).join(' ')")
}

/// The platform with all that is asked at a place, for all things of a kind; each expression in lines of its own.
fn project(kind: Kind, place: Place) -> Project {
    let each = |line: &dyn Fn(usize, &str) -> String| -> String {
        ASKED.iter().enumerate().map(|(at, plural)| line(at, &expression(plural).replace('\'', "''"))).collect()
    };
    let fails = |indent: &str, at: usize, seen: &str| {
        format!("assert: '${{{seen} == \"-\"}}'\n{indent}message: '{at} seen by ${{self.name}}: ${{{seen}}}.'\n")
    };
    let rule = |at: usize, seen: &str| format!("        - {}", fails("          ", at, seen));
    let mut text = "platform:\n  name: demo\n  domain: example.com\n".to_owned();
    if let Place::Definition = place {
        let fields = each(&|at, asked| format!("      seen{at}: '${{{asked}}}'\n"));
        write!(text, "  defaults:\n    {}:\n{fields}", kind.plural()).unwrap();
    }
    text.push_str(PLATFORM);
    if let Place::Policy = place {
        let policy = |at: usize, asked: &str| format!("  seen{at}:\n    for: {}\n    {}", kind.singular(), fails("    ", at, asked));
        write!(text, "policies:\n{}", each(&policy)).unwrap();
    }
    text.push_str("classes:\n");
    for of in Kind::ALL {
        let pools = if of == Kind::Cluster { "      nodePoolClass: plain\n" } else { "" };
        let bare = if of == Kind::Infrastructure { "    bare: {}\n" } else { "" };
        write!(text, "  {}:\n{bare}    plain:\n{pools}      schema:\n", of.singular()).unwrap();
        text.push_str(&each(&|at, asked| match place {
            Place::Default if of == kind => format!("        seen{at}: 'string | default=\"${{{asked}}}\"'\n"),
            _ => format!("        seen{at}: string\n"),
        }));
        text.push_str(&match place {
            Place::Let if of == kind => {
                let lets = each(&|at, asked| format!("        seen{at}: '${{{asked}}}'\n"));
                format!("      let:\n{lets}      rules:\n{}", each(&|at, _| rule(at, &format!("let.seen{at}"))))
            }
            Place::Rule if of == kind => format!("      rules:\n{}", each(&rule)),
            _ => String::new(),
        });
    }
    let mut project = Project::default();
    project.files.insert("platform.yaml".to_owned(), text);
    project
}

/// What each plural means there: names, or the codes of errors.
fn outcomes((kind, name, path): (Kind, &str, &str), place: Place) -> Vec<String> {
    let mut compilation = compile(&project(kind, place).system(), &Options::default());
    if let Place::Eval = place {
        let found = ASKED.map(|plural| match eval(&mut compilation, &expression(plural), Some(path), &[]) {
            Ok(found) => json(&found).as_str().unwrap_or_else(|| panic!("{plural} is no text")).to_owned(),
            Err(faults) => faults.iter().map(|fault| fault.code.word()).collect(),
        });
        return found.into();
    }
    let said = compilation.diagnostics.sorted(&compilation.sources);
    let entity = compilation.model.entities.iter().find(|entity| &*entity.path == path).unwrap();
    let outcome = |(at, plural): (usize, &&str)| {
        let start = format!("{at} seen by {name}: ");
        if let Some(rest) = said.iter().find_map(|fault| fault.message.strip_prefix(&start)) {
            return rest.trim_end_matches('.').to_owned();
        }
        let about = |fault: &&Diagnostic| {
            let Some(span) = fault.primary.as_ref().map(|label| label.span) else { return false };
            let text = &compilation.sources.get(span.file).unwrap().text;
            let line = text[..span.start as usize].lines().count().max(1) - 1;
            text.lines().nth(line).unwrap().contains(&format!("${{{plural}.map("))
        };
        let codes: BTreeSet<&str> = said.iter().filter(about).map(|fault| fault.code.word()).collect();
        let value = entity.value.get(&format!("seen{at}")).and_then(Value::as_str);
        match value {
            Some(text) if codes.is_empty() => text.to_owned(),
            _ => codes.into_iter().collect::<Vec<_>>().join(" "),
        }
    };
    ASKED.iter().enumerate().map(outcome).collect()
}

#[test]
fn a_plural_means_the_same_at_every_place() {
    let mut known: Vec<Vec<(String, Vec<&str>)>> = vec![Vec::new(); ASKED.len()];
    for thing in THINGS {
        let found = outcomes(thing, Place::Eval);
        for place in PLACES {
            let others = outcomes(thing, place);
            for ((plural, found), other) in ASKED.iter().zip(&found).zip(&others) {
                assert_eq!(found, other, "{plural} of {} in {place:?}\n{}", thing.2, project(thing.0, place).text());
            }
        }
        for ((plural, found), known) in ASKED.iter().zip(found).zip(&mut known) {
            assert!(!found.is_empty(), "{plural} is empty for {}", thing.2);
            match known.iter_mut().find(|(outcome, _)| *outcome == found) {
                Some((_, kinds)) => kinds.push(thing.0.singular()),
                None => known.push((found, vec![thing.0.singular()])),
            }
        }
    }
    let mut table = String::new();
    for (plural, outcomes) in ASKED.iter().zip(known) {
        writeln!(table, "{plural}").unwrap();
        for (found, kinds) in outcomes {
            writeln!(table, "    {found}: {}", kinds.join(" ")).unwrap();
        }
    }
    let path = support::root().join("tests/data/reach.txt");
    if support::updating() {
        std::fs::write(path, table).unwrap();
    } else {
        let expected = std::fs::read_to_string(path).unwrap();
        assert!(table == expected, "{}", support::difference(&expected, &table));
    }
}
