//! Who needs and who reads whom, and the waves that come of it, for things of all kinds: read a second time, naively, off random platforms.

use super::generate::Bytes;
use super::law;
use crate::support::{self, Project};
use platc::graph::EdgeCause;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What one body or overlay says; what is not said is inherited.
#[derive(Clone, Default)]
struct Said {
    /// Names that a field reads.
    fields: BTreeMap<&'static str, Vec<String>>,
    /// `dependsOn`, as written, with what is meant.
    needs: Option<Vec<(String, String)>>,
}

#[derive(Clone)]
struct Thing {
    kind: &'static str,
    name: String,
    /// Its place in the list, of the same kind.
    parent: Option<usize>,
    tenant: Option<String>,
    body: Said,
    /// For the environment `ops`, which inherits from `apps`.
    overlay: Said,
}

const KINDS: [(&str, &str); 5] = [
    ("infrastructure", "infrastructure"),
    ("services", "service"),
    ("tenants", "tenant"),
    ("applications", "application"),
    ("nodePools", "nodePool"),
];

impl Thing {
    fn address(&self) -> String {
        match &self.tenant {
            Some(tenant) => format!("tenants.{tenant}.{}.{}", self.kind, self.name),
            None => format!("{}.{}", self.kind, self.name),
        }
    }
}

/// Some of the things that are there, those on the cluster only if they are seen.
fn some(bytes: &mut Bytes, from: &[Thing], wanted: impl Fn(&Thing) -> bool) -> Vec<String> {
    let known: Vec<String> = from.iter().filter(|thing| wanted(thing)).map(Thing::address).collect();
    let count = if known.is_empty() { 0 } else { bytes.below(3) };
    (0..count).map(|_| known[usize::from(bytes.below(u8::try_from(known.len()).unwrap()))].clone()).collect()
}

fn said(bytes: &mut Bytes, kind: &str, all: &[Thing], before: usize) -> Said {
    let mut said = Said::default();
    for field in ["v", "w"] {
        if bytes.one_in(2) {
            let sees = |thing: &Thing| kind != "infrastructure" || thing.kind == "infrastructure";
            said.fields.insert(field, some(bytes, all, sees));
        }
    }
    if kind != "nodePools" && bytes.one_in(3) {
        // Only what stands before it, so that nothing waits in a circle.
        let needs = some(bytes, &all[..before], |thing| thing.kind == kind || (kind != "infrastructure" && thing.kind == "services"));
        let written = |address: String| match address.split('.').collect::<Vec<_>>()[..] {
            // The address of an application holds its tenant.
            ["services" | "tenants", name] => (name.to_owned(), address),
            _ => (address.clone(), address),
        };
        said.needs = Some(needs.into_iter().map(written).collect());
    }
    said
}

fn things(bytes: &mut Bytes) -> Vec<Thing> {
    let mut all: Vec<Thing> = Vec::new();
    for (kind, singular) in KINDS {
        let first = all.len();
        for at in 0..=usize::from(bytes.below(4)) {
            let tenants: Vec<String> = all.iter().filter(|thing| thing.kind == "tenants").map(|thing| thing.name.clone()).collect();
            let tenant = (kind == "applications").then(|| tenants[usize::from(bytes.below(u8::try_from(tenants.len()).unwrap()))].clone());
            let parent = (at > 0 && bytes.one_in(2)).then(|| first + usize::from(bytes.below(u8::try_from(at).unwrap())));
            // An application inherits from another one of its tenant.
            let parent = parent.filter(|parent| all[*parent].tenant == tenant);
            let name = format!("{singular}{at}").to_lowercase();
            all.push(Thing { kind, name, parent, tenant, body: Said::default(), overlay: Said::default() });
        }
    }
    for at in 0..all.len() {
        let kind = all[at].kind;
        let (body, overlay) = (said(bytes, kind, &all, at), said(bytes, kind, &all, at));
        (all[at].body, all[at].overlay) = (body, overlay);
    }
    all
}

fn written(said: &Said) -> String {
    let mut text = String::new();
    for (field, reads) in &said.fields {
        // A branch that is not taken reads too.
        let reads: Vec<String> = reads.iter().map(|address| format!("${{platform.name == 'x' ? {address}.name : ''}}")).collect();
        write!(text, "{field}: \"{}-\", ", reads.join("-")).unwrap();
    }
    if let Some(needs) = &said.needs {
        let needs: Vec<&str> = needs.iter().map(|(written, _)| &**written).collect();
        write!(text, "dependsOn: [{}], ", needs.join(", ")).unwrap();
    }
    text
}

fn project(all: &[Thing]) -> Project {
    let mut text =
        "platform: { name: acme, domain: infra.example.com }\nenvironments: { apps: {}, ops: { inherits: apps } }\nclasses:\n".to_owned();
    text += "  cluster: { bare: { nodePoolClass: thing } }\n";
    for (_, singular) in KINDS {
        let reads = if singular == "service" { ", let: { x: '${services.service0.name}' }" } else { "" };
        writeln!(text, "  {singular}: {{ thing: {{ schema: {{ v: string, w: string }}{reads} }} }}").unwrap();
    }
    let mut project = Project::default();
    for (kind, _) in KINDS {
        if kind == "nodePools" {
            text += "clusters:\n  c0:\n    class: bare\n    nodePools:\n";
        } else if kind != "applications" {
            writeln!(text, "{kind}:").unwrap();
        }
        for thing in all.iter().filter(|thing| thing.kind == kind) {
            let class = if kind == "nodePools" { "" } else { "class: thing, " };
            let parent = thing.parent.map_or_else(String::new, |at| format!("inherits: {}, ", all[at].name));
            let (body, overlay) = (written(&thing.body), written(&thing.overlay));
            let line = format!("{}: {{ {class}{parent}{body}environments: {{ ops: {{ {overlay}}} }} }}", thing.name);
            match &thing.tenant {
                // Each in a file of its own.
                Some(tenant) => {
                    let own = format!("tenants: {{ {tenant}: {{ applications: {{ {line} }} }} }}\n");
                    project.files.insert(format!("{}.yaml", thing.name), own);
                }
                None if kind == "nodePools" => writeln!(text, "      {line}").unwrap(),
                None => writeln!(text, "  {line}").unwrap(),
            }
        }
    }
    project.files.insert("platform.yaml".to_owned(), text);
    project
}

/// What the strongest layer says about something: its own overlay, its own body, its parent's overlay, and so on.
fn strongest<'t, T: 't>(all: &'t [Thing], thing: &'t Thing, ops: bool, of: impl Fn(&'t Said) -> Option<T>) -> Option<T> {
    let mut here = Some(thing);
    while let Some(thing) = here {
        if let Some(found) = Some(&thing.overlay).filter(|_| ops).and_then(&of).or_else(|| of(&thing.body)) {
            return Some(found);
        }
        here = thing.parent.map(|at| &all[at]);
    }
    None
}

/// Lines `environment from cause to` and `environment thing wave`.
fn expected(all: &[Thing]) -> BTreeSet<String> {
    // What inherits from a tenant has its applications, too.
    let mut everything = all.to_vec();
    for tenant in all.iter().filter(|thing| thing.kind == "tenants") {
        let mut at = tenant.parent;
        while let Some(ancestor) = at.map(|at| &all[at]) {
            let applications = all.iter().filter(|thing| thing.tenant.as_ref() == Some(&ancestor.name));
            everything.extend(applications.map(|thing| Thing { tenant: Some(tenant.name.clone()), ..thing.clone() }));
            at = ancestor.parent;
        }
    }
    let mut lines = BTreeSet::new();
    for environment in ["apps", "ops"] {
        let ops = environment == "ops";
        let mut orders: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for thing in &everything {
            let from = thing.address();
            let mut line = |cause: &str, to: &str| {
                if from != to {
                    lines.insert(format!("{environment} {from} {cause} {to}"));
                }
            };
            if thing.kind != "infrastructure" {
                line("Containment", "clusters.c0");
            }
            let mut first = Vec::new();
            if let Some(tenant) = &thing.tenant {
                first.push(format!("tenants.{tenant}"));
                line("Containment", &format!("tenants.{tenant}"));
            }
            for (_, need) in strongest(all, thing, ops, |said| said.needs.as_ref()).into_iter().flatten() {
                first.push(need.clone());
                line("DependsOn", need);
            }
            for field in ["v", "w"] {
                for read in strongest(all, thing, ops, |said| said.fields.get(field)).into_iter().flatten() {
                    line("Reads", read);
                }
            }
            if thing.kind == "services" {
                line("Reads", "services.service0");
            }
            orders.insert(from, first);
        }
        for thing in &everything {
            lines.insert(format!("{environment} {} {}", thing.address(), wave(&thing.address(), &orders)));
        }
    }
    lines
}

fn wave(of: &str, orders: &BTreeMap<String, Vec<String>>) -> u32 {
    let installed = |address: &str| !address.starts_with("infrastructure.") && !address.starts_with("nodePools.");
    if !installed(of) {
        return 0;
    }
    orders[of].iter().filter(|to| installed(to)).map(|to| wave(to, orders) + 1).max().unwrap_or(0)
}

fn found(project: &Project) -> Result<BTreeSet<String>, String> {
    let compilation = platc::compile(&project.system(), &platc::Options::default());
    let said = support::said(&compilation);
    if !said.is_empty() {
        return Err(format!("{said}\n{}", project.text()));
    }
    let (model, graph) = (&compilation.model, &compilation.graph);
    let address = |id| {
        let entity = model.entity(id);
        let own = format!("{}.{}", entity.kind.plural(), entity.name);
        entity.tenant.map_or_else(|| own.clone(), |tenant| format!("tenants.{}.{own}", model.entity(tenant).name))
    };
    let mut lines = BTreeSet::new();
    for (id, entity) in model.entities().filter(|(_, entity)| entity.kind != platc::name::Kind::Cluster) {
        let environment = &model.environment(entity.environment).name;
        lines.insert(format!("{environment} {} {}", address(id), graph.wave(id)));
        for edge in graph.needs(id) {
            let orders = matches!(edge.cause, EdgeCause::Containment | EdgeCause::DependsOn);
            assert_eq!(edge.cause.orders(), orders, "{:?}", edge.cause);
            lines.insert(format!("{environment} {} {:?} {}", address(id), edge.cause, address(edge.to)));
        }
    }
    Ok(lines)
}

#[test]
fn the_graph_agrees_with_a_naive_reading() {
    law(60, |bytes| {
        let all = things(bytes);
        let project = project(&all);
        let (expected, found) = (expected(&all), found(&project)?);
        let differ: Vec<&String> = expected.symmetric_difference(&found).collect();
        if differ.is_empty() { Ok(()) } else { Err(format!("only one of both says {differ:#?}\n{}", project.text())) }
    });
}
