//! Shared environments of random platforms: what is in each, and what names mean from every place, against a naive second reading. A question
//! about one thing gives the same answers.

use super::generate::Bytes;
use super::{excerpts, law};
use crate::support::Project;
use platc::query::show;
use platc::secret::Secrets;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// With the environments that are shared; the last inherits that from an abstract one.
const ENVIRONMENTS: [(&str, bool); 4] = [("e0", false), ("e1", false), ("x0", true), ("x1", true)];
const CLUSTERS: [&str; 4] = ["c0", "c1", "c2", "c3"];
const INFRASTRUCTURE: [&str; 3] = ["i0", "i1", "i2"];
const SERVICES: [&str; 3] = ["s0", "s1", "s2"];

/// What a thing says of where it is.
#[derive(Clone, Default, Debug)]
struct Says {
    only: Option<Vec<&'static str>>,
    not: Vec<&'static str>,
    placement: Option<Placement>,
    label: bool,
}

#[derive(Clone, Debug)]
enum Placement {
    All,
    Names(Vec<&'static str>),
    Labelled,
}

/// A random platform; nothing is in a shared environment and in another.
fn platform(bytes: &mut Bytes) -> BTreeMap<&'static str, Says> {
    let mut things = BTreeMap::new();
    let some = |bytes: &mut Bytes, of: &[&'static str]| -> Vec<&'static str> { of.iter().copied().filter(|_| bytes.one_in(2)).collect() };
    for name in CLUSTERS.into_iter().chain(INFRASTRUCTURE) {
        let only = match bytes.below(4) {
            0 => None,
            1 => Some(some(bytes, &["e0", "e1"])),
            2 => Some(vec!["x0"]),
            _ => Some(vec!["x1"]),
        };
        let not = if bytes.one_in(4) { some(bytes, &["e0", "e1", "x0"]) } else { Vec::new() };
        // What is named twice contradicts itself.
        let not = not.into_iter().filter(|name| only.as_ref().is_none_or(|only| !only.contains(name))).collect();
        things.insert(name, Says { only, not, placement: None, label: bytes.one_in(2) });
    }
    for name in SERVICES {
        let only = bytes.one_in(2).then(|| some(bytes, &["e0", "e1", "x0", "x1"]));
        let placement = match bytes.below(4) {
            0 => None,
            1 => Some(Placement::All),
            2 => Some(Placement::Names(some(bytes, &CLUSTERS))),
            _ => Some(Placement::Labelled),
        };
        things.insert(name, Says { only, not: Vec::new(), placement, label: false });
    }
    things
}

fn text(things: &BTreeMap<&str, Says>) -> String {
    let mut text = r#"
platform: { name: acme, domain: infra.example.com }
environments:
  common: { abstract: true, shared: true }
  e0: {}
  e1: { inherits: e0 }
  x0: { shared: true }
  x1: { inherits: common }
classes:
"#
    .to_owned();
    let of = |place: &str, names: &[&str]| -> Vec<String> {
        let name = |name: &&str| format!("{place}.?{name}.optMap(t, t.environment.name + '/' + t.name).orValue('-')");
        names.iter().map(name).collect()
    };
    let mut probes: Vec<String> = of("clusters", &CLUSTERS);
    probes.extend(of("infrastructure", &INFRASTRUCTURE));
    for cluster in CLUSTERS {
        probes.extend(of(&format!("clusters.?{cluster}.services"), &SERVICES));
    }
    probes.extend(["clusters", "infrastructure", "environments"].map(|plural| format!("{plural}.map(k, k).join(' ')")));
    for (environment, _) in ENVIRONMENTS {
        let place = format!("environments.?{environment}");
        probes.extend(of(&format!("{place}.clusters"), &CLUSTERS));
        probes.extend(of(&format!("{place}.infrastructure"), &INFRASTRUCTURE));
        probes.push(format!("{place}.optMap(e, e.clusters.map(k, k).join(' ')).orValue('-')"));
    }
    let seen = probes.join(" + '|' + ");
    for kind in ["infrastructure", "service"] {
        writeln!(text, "  {kind}: {{ k: {{ schema: {{ seen: {{ $type: string, $default: \"${{{seen}}}\" }} }} }} }}").unwrap();
    }
    text.push_str("  cluster: { k: {} }\n");
    for (kind, names) in [("clusters", &CLUSTERS[..]), ("infrastructure", &INFRASTRUCTURE), ("services", &SERVICES)] {
        writeln!(text, "{kind}:").unwrap();
        for name in names {
            let says = &things[name];
            write!(text, "  {name}: {{ class: k, notIn: [{}]", says.not.join(", ")).unwrap();
            says.only.iter().for_each(|only| write!(text, ", onlyIn: [{}]", only.join(", ")).unwrap());
            match &says.placement {
                None => {}
                Some(Placement::All) => text.push_str(", placement: all"),
                Some(Placement::Names(names)) => write!(text, ", placement: [{}]", names.join(", ")).unwrap(),
                Some(Placement::Labelled) => text.push_str(", placement: { matchLabels: { a: b } }"),
            }
            if says.label {
                text.push_str(", labels: { a: b }");
            }
            text.push_str(" }\n");
        }
    }
    text
}

/// The naive reading: where everything is, and what names mean there.
struct Reading<'a>(&'a BTreeMap<&'static str, Says>);

impl Reading<'_> {
    fn names(&self, name: &str, environment: &str) -> bool {
        self.0[name].only.as_ref().is_some_and(|only| only.contains(&environment))
    }

    fn may_be_in(&self, name: &str, environment: &str) -> bool {
        let says = &self.0[name];
        !says.not.contains(&environment) && (says.only.is_none() || self.names(name, environment))
    }

    /// Of clusters and infrastructure.
    fn is_in(&self, name: &str, environment: &str) -> bool {
        self.may_be_in(name, environment) && (!is_shared(environment) || self.names(name, environment))
    }

    fn is_on(&self, service: &str, cluster: &str, environment: &str) -> bool {
        let placement = &self.0[service].placement;
        let fits = match placement {
            None | Some(Placement::All) => true,
            Some(Placement::Names(names)) => names.contains(&cluster),
            Some(Placement::Labelled) => self.0[cluster].label,
        };
        let is_meant = self.names(service, environment) || matches!(placement, Some(Placement::Names(_)));
        self.may_be_in(service, environment) && self.is_in(cluster, environment) && fits && (!is_shared(environment) || is_meant)
    }

    /// The environment of what a name means: one's own, or a shared one.
    fn of(&self, name: &str, environment: &'static str) -> Option<&'static str> {
        let shared = ENVIRONMENTS.iter().filter(|(_, shared)| *shared).map(|(name, _)| *name);
        std::iter::once(environment).chain(shared).find(|environment| self.is_in(name, environment))
    }

    fn seen(&self, environment: &'static str) -> String {
        let said = |found: Option<&str>, name: &str| found.map_or_else(|| "-".to_owned(), |found| format!("{found}/{name}"));
        let all = |names: &[&str], environment: &str| -> String {
            names.iter().copied().filter(|name| self.is_in(name, environment)).collect::<Vec<_>>().join(" ")
        };
        let mut seen: Vec<String> = CLUSTERS.into_iter().chain(INFRASTRUCTURE).map(|name| said(self.of(name, environment), name)).collect();
        for cluster in CLUSTERS {
            let there = self.of(cluster, environment);
            seen.extend(SERVICES.map(|service| said(there.filter(|there| self.is_on(service, cluster, there)), service)));
        }
        seen.extend([all(&CLUSTERS, environment), all(&INFRASTRUCTURE, environment)]);
        let sees = |other: &str| other == environment || is_shared(other) || is_shared(environment);
        let names: Vec<&str> = ENVIRONMENTS.map(|(name, _)| name).into_iter().filter(|other| sees(other)).collect();
        seen.push(names.join(" "));
        for (other, _) in ENVIRONMENTS {
            let there = |name: &&str| Some(other).filter(|other| sees(other) && self.is_in(name, other));
            seen.extend(CLUSTERS.iter().chain(&INFRASTRUCTURE).map(|name| said(there(name), name)));
            seen.push(if sees(other) { all(&CLUSTERS, other) } else { "-".to_owned() });
        }
        seen.join("|")
    }

    fn read(&self) -> BTreeSet<String> {
        let mut lines = BTreeSet::new();
        for (environment, _) in ENVIRONMENTS {
            let is_there = |name: &&str| self.is_in(name, environment);
            lines.extend(CLUSTERS.iter().copied().filter(is_there).map(|name| format!("{environment}.clusters.{name}")));
            let seen = self.seen(environment);
            lines.extend(
                INFRASTRUCTURE.iter().copied().filter(is_there).map(|name| format!("{environment}.infrastructure.{name} sees {seen}")),
            );
            for cluster in CLUSTERS {
                let on = SERVICES.iter().filter(|service| self.is_on(service, cluster, environment));
                lines.extend(on.map(|service| format!("{environment}.clusters.{cluster}.services.{service} sees {seen}")));
            }
        }
        lines
    }
}

fn is_shared(environment: &str) -> bool {
    ENVIRONMENTS.iter().any(|(name, shared)| *name == environment && *shared)
}

fn project(things: &BTreeMap<&str, Says>) -> Project {
    let mut project = Project::default();
    project.files.insert("platform.yaml".to_owned(), text(things));
    project
}

fn found(project: &Project) -> Result<BTreeSet<String>, String> {
    let compilation = platc::compile(&project.system(), &platc::Options::default());
    let said = super::objected(&compilation);
    if !said.is_empty() {
        return Err(format!("{said}\n{}", project.text()));
    }
    let line = |entity: &platc::model::Entity| match show::json(&show::tree(&entity.value, &Secrets::default())).get("seen") {
        Some(seen) => format!("{} sees {}", entity.path, seen.as_str().unwrap()),
        None => entity.path.to_string(),
    };
    Ok(compilation.model.entities.iter().map(line).collect())
}

#[test]
fn what_is_in_shared_environments_and_what_names_mean_is_what_a_naive_reading_says() {
    let seen = std::cell::Cell::new((0, 0));
    law(60, |bytes| {
        let things = platform(bytes);
        let (project, expected) = (project(&things), Reading(&things).read());
        let found = found(&project)?;
        let shared = expected.iter().filter(|line| line.starts_with('x') && line.contains(".services.")).count();
        let across = expected.iter().filter(|line| line.starts_with('e') && line.contains("sees x")).count();
        seen.set((seen.get().0 + shared, seen.get().1 + across));
        let differ: Vec<&String> = expected.symmetric_difference(&found).collect();
        let which = |line: &&String| if expected.contains(*line) { "expected" } else { "found" };
        let differ: Vec<String> = differ.iter().map(|line| format!("{} {line}", which(line))).collect();
        if differ.is_empty() { Ok(()) } else { Err(format!("{}\n{}", differ.join("\n"), project.text())) }
    });
    let (shared, across) = seen.get();
    assert!(shared > 50 && across > 50, "{shared} {across}");
}

#[test]
fn an_excerpt_sees_shared_environments() {
    for number in 0..6u8 {
        let seed: Vec<u8> = (0..120u8).map(|at| at.wrapping_mul(number.wrapping_mul(37).wrapping_add(11)).wrapping_add(number)).collect();
        excerpts::check(&project(&platform(&mut Bytes::new(&seed))));
    }
}
