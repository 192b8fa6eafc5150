//! References of random platforms: what each names, who refers to whom, and what that orders, against a naive second reading.

use super::generate::Bytes;
use super::law;
use crate::support::{self, Project};
use platc::Compilation;
use platc::graph::EdgeCause;
use std::collections::BTreeSet;

const CLASSES: &str = r#"
platform: { name: acme, domain: infra.example.com, repository: { url: "https://git.example.com/a.git" } }
environments: { apps: {}, ops: { inherits: apps } }
clusters: { c0: { class: k }, c1: { class: k } }
infrastructure: { i0: { class: d }, i1: { class: d } }
classes:
  cluster: { k: {} }
  infrastructure: { d: {} }
  service:
    plain:
      schema:
        one: ref(service)
        any: ref(service, infrastructure) | order=false
        many: "[]ref(service) | order=false"
        set: "[]ref(service, infrastructure) | listType=set order=false"
        narrow: ref(service) | provides=x order=false
        of: ref(service) | class=web order=false
        seen: string | default="${[self.?one, self.?any, self.?narrow, self.?of].map(x, x.optMap(t, t.name + '@' + t.?cluster.name.orValue('')).orValue('-')).join(' ')}"
        in: string | default="${self.?set.orValue([]).map(x, x.name + '@' + x.?cluster.name.orValue('')).join(' ')}"
        out: string | default="${json.encode(self.?set.orValue([]))}"
        by: string | default="${self.referrers.many.map(x, x.name + '@' + x.cluster.name).join(' ')}"
    web: { inherits: plain, provides: x }
    webber: { inherits: web }
"#;

const CLUSTERS: [&str; 2] = ["c0", "c1"];

/// A service, and what it says; places are (cluster or none, name).
struct Service {
    class: &'static str,
    on: Vec<&'static str>,
    one: Option<Place>,
    any: Option<Place>,
    many: Vec<Place>,
    /// What its body says, and what `ops` adds.
    set: [Vec<Place>; 2],
    narrow: Option<Place>,
}

/// A thing as somebody names it: by name, which means the same cluster, or with its cluster.
#[derive(Clone)]
struct Place {
    cluster: Option<&'static str>,
    name: String,
    /// As an address, or as an expression that gives the thing.
    written: u8,
}

impl Place {
    fn is_infrastructure(&self) -> bool {
        self.name.starts_with('i')
    }

    fn text(&self) -> String {
        let address = match (self.is_infrastructure(), self.cluster) {
            (true, _) => format!("infrastructure.{}", self.name),
            (false, Some(cluster)) => format!("clusters.{cluster}.services.{}", self.name),
            (false, None) => format!("services.{}", self.name),
        };
        match self.written {
            0 if self.cluster.is_none() => self.name.clone(),
            0 | 1 => address,
            _ => format!("\"${{{address}}}\""),
        }
    }

    /// Who is meant by somebody on a cluster: `s0@c1`, `i0@`.
    fn from(&self, cluster: &str) -> String {
        let cluster = if self.is_infrastructure() { "" } else { self.cluster.unwrap_or(cluster) };
        format!("{}@{cluster}", self.name)
    }
}

/// A service among the first of the list that somebody on these clusters can name.
fn place(bytes: &mut Bytes, all: &[Service], most: usize, on: &[&'static str]) -> Option<Place> {
    if most == 0 {
        return None;
    }
    let at = usize::from(bytes.below(u8::try_from(most).unwrap()));
    let written = bytes.below(3);
    let there = &all[at].on;
    // A name alone means something on each of them only if it is on each of them.
    let everywhere = on.iter().all(|cluster| there.contains(cluster));
    let cluster =
        if everywhere && bytes.one_in(2) { None } else { Some(there[usize::from(bytes.below(u8::try_from(there.len()).unwrap()))]) };
    Some(Place { cluster, name: format!("s{at}"), written })
}

fn services(bytes: &mut Bytes) -> Vec<Service> {
    let mut all: Vec<Service> = Vec::new();
    for _ in 0..=bytes.below(5) {
        let on = match bytes.below(3) {
            0 => CLUSTERS.to_vec(),
            1 => vec!["c0"],
            _ => vec!["c1"],
        };
        let class = bytes.pick(&["plain", "web", "webber"]);
        let class = ["plain", "web", "webber"].into_iter().find(|known| *known == class).unwrap();
        all.push(Service { class, on, one: None, any: None, many: Vec::new(), set: Default::default(), narrow: None });
    }
    for at in 0..all.len() {
        let on = all[at].on.clone();
        // Only what stands before it, so that nothing waits in a circle.
        let one = if bytes.one_in(2) { place(bytes, &all, at, &on) } else { None };
        let infrastructure =
            bytes.one_in(3).then(|| Place { cluster: None, name: format!("i{}", bytes.below(2)), written: bytes.below(3) });
        let any = if bytes.one_in(2) { infrastructure.or_else(|| place(bytes, &all, all.len(), &on)) } else { None };
        let many = (0..bytes.below(3)).filter_map(|_| place(bytes, &all, all.len(), &on)).collect();
        let said = if bytes.one_in(3) { place(bytes, &all, all.len(), &on) } else { None };
        let narrow = said.filter(|place| all[place.name[1..].parse::<usize>().unwrap()].class != "plain");
        let any_of = |bytes: &mut Bytes| -> Vec<Place> {
            let one = |bytes: &mut Bytes| {
                let written = bytes.below(3);
                let infrastructure = Place { cluster: None, name: format!("i{}", bytes.below(2)), written };
                if bytes.one_in(3) { Some(infrastructure) } else { place(bytes, &all, all.len(), &on) }
            };
            let mut set: Vec<Place> = (0..bytes.below(4)).filter_map(|_| one(bytes)).collect();
            // A layer may not say a text twice.
            let mut texts = BTreeSet::new();
            set.retain(|place| texts.insert(place.text()));
            set
        };
        let set = [any_of(bytes), any_of(bytes)];
        let own = &mut all[at];
        own.set = set;
        (own.one, own.any, own.many, own.narrow) = (one, any, many, narrow);
    }
    all
}

fn project(all: &[Service]) -> Project {
    let mut text = String::from("services:\n");
    for (at, own) in all.iter().enumerate() {
        text.push_str(&format!("  s{at}: {{ class: {}, placement: [{}]", own.class, own.on.join(", ")));
        for (field, place) in [("one", &own.one), ("any", &own.any), ("narrow", &own.narrow)] {
            place.iter().for_each(|place| text.push_str(&format!(", {field}: {}", place.text())));
        }
        if !own.many.is_empty() {
            text.push_str(&format!(", many: [{}]", own.many.iter().map(Place::text).collect::<Vec<_>>().join(", ")));
        }
        let list = |places: &[Place]| places.iter().map(Place::text).collect::<Vec<_>>().join(", ");
        let [body, ops] = [list(&own.set[0]), list(&own.set[1])];
        text.push_str(&format!(", set: [{body}], environments: {{ ops: {{ set: [{ops}] }} }} }}\n"));
    }
    let mut project = Project::default();
    project.files.insert("platform.yaml".to_owned(), CLASSES.to_owned());
    project.files.insert("services.yaml".to_owned(), text);
    project
}

/// What a field means that nobody sets: the only one that will do; the error if there are several.
fn assumed(all: &[Service], owner: usize, cluster: &str) -> Result<Option<String>, ()> {
    let fits = |(at, other): &(usize, &Service)| *at != owner && other.class != "plain" && other.on.contains(&cluster);
    let all: Vec<String> = all.iter().enumerate().filter(fits).map(|(at, _)| format!("s{at}@{cluster}")).collect();
    match all.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(only.clone())),
        _ => Err(()),
    }
}

/// `name@cluster seen, by, and what it refers to`, for everything in an environment.
fn expected(all: &[Service], environment: &str) -> Result<BTreeSet<String>, ()> {
    let mut lines = BTreeSet::new();
    let mut fails = false;
    for (at, own) in all.iter().enumerate() {
        for cluster in &own.on {
            let meant = |place: &Option<Place>| place.as_ref().map(|place| place.from(cluster));
            let mut narrow = meant(&own.narrow);
            let mut of = None;
            for field in [&mut narrow, &mut of] {
                if field.is_none() {
                    match assumed(all, at, cluster) {
                        Ok(found) => *field = found,
                        Err(()) => fails = true,
                    }
                }
            }
            let (one, any) = (meant(&own.one), meant(&own.any));
            let seen = [&one, &any, &narrow, &of].map(|place| place.clone().unwrap_or("-".to_owned())).join(" ");
            let me = format!("s{at}@{cluster}");
            let mut by = Vec::new();
            for (at, other) in all.iter().enumerate() {
                let refers = |cluster: &&&str| other.many.iter().any(|place| place.from(cluster) == me);
                by.extend(other.on.iter().filter(refers).map(|cluster| format!("s{at}@{cluster}")));
            }
            let orders = one.iter().map(|to| format!("after {to}"));
            let mut set: Vec<String> = Vec::new();
            for place in own.set[0].iter().chain(own.set[1].iter().filter(|_| environment == "ops")) {
                let place = place.from(cluster);
                if !set.contains(&place) {
                    set.push(place);
                }
            }
            let names: Vec<String> = set.iter().map(|place| format!("\"{}\"", place.split('@').next().unwrap())).collect();
            let sets = format!("{} | [{}]", set.join(" "), names.join(","));
            let many = own.many.iter().map(|place| place.from(cluster)).chain(set);
            let knows = [&any, &narrow, &of].into_iter().flatten().cloned().chain(many);
            let edges: BTreeSet<String> = orders.chain(knows.filter(|to| *to != me).map(|to| format!("knows {to}"))).collect();
            lines.insert(format!("{me}: {seen} | {} | {sets} | {}", by.join(" "), edges.into_iter().collect::<Vec<_>>().join(", ")));
        }
    }
    if fails { Err(()) } else { Ok(lines) }
}

fn found(compilation: &Compilation, environment: &str) -> BTreeSet<String> {
    let model = &compilation.model;
    let name = |id| {
        let entity = model.entity(id);
        format!("{}@{}", entity.name, entity.cluster.map_or("", |cluster| &model.entity(cluster).name))
    };
    let there = |entity: &platc::model::Entity| &*model.environment(entity.environment).name == environment;
    let services = model.entities().filter(|(_, entity)| entity.kind == platc::name::Kind::Service && there(entity));
    let line = |(id, entity): (platc::model::EntityId, &platc::model::Entity)| {
        let text = |field| entity.value.get(field).and_then(platc::value::Value::as_str).unwrap_or("?").to_owned();
        let edge = |edge: &platc::graph::Edge| match edge.cause {
            EdgeCause::Refers => Some(format!("after {}", name(edge.to))),
            EdgeCause::Knows => Some(format!("knows {}", name(edge.to))),
            EdgeCause::Containment | EdgeCause::DependsOn | EdgeCause::Reads => None,
        };
        let edges: BTreeSet<String> = compilation.graph.needs(id).iter().filter_map(edge).collect();
        let texts = ["seen", "by", "in", "out"].map(text).join(" | ");
        format!("{}: {texts} | {}", name(id), edges.into_iter().collect::<Vec<_>>().join(", "))
    };
    services.map(line).collect()
}

#[test]
fn references_are_what_a_naive_reading_says() {
    let fine = std::cell::Cell::new(0);
    law(200, |bytes| {
        let all = services(bytes);
        let project = project(&all);
        let (compilation, _) = project.build();
        let said = support::said(&compilation);
        match expected(&all, "apps") {
            Err(()) if said.contains("error[ambiguous-reference]") && !said.contains("error[unknown") => Ok(()),
            Err(()) => Err(format!("several would do, but it was said:\n{said}\n{}", project.text())),
            Ok(_) if compilation.diagnostics.has_errors() => Err(format!("{said}\n{}", project.text())),
            Ok(_) => {
                fine.set(fine.get() + 1);
                for environment in ["apps", "ops"] {
                    let expected = expected(&all, environment).unwrap();
                    let found = found(&compilation, environment);
                    if found != expected {
                        return Err(format!("{environment}\nexpected {expected:#?}\nfound {found:#?}\n{}", project.text()));
                    }
                }
                Ok(())
            }
        }
    });
    assert!(fine.get() > 40, "{}", fine.get());
}
