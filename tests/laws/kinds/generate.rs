//! Random platforms with things of all kinds, and their text.

use super::super::generate::{Bytes, fields as of_class, toml};
use super::KINDS;
use super::reading::{BODY, Environment, Home, Thing, Where, World, kind};
use crate::support::Project;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The first of each kind is everywhere, and so may be read by everybody.
fn is_steady(name: &str) -> bool {
    name.ends_with('0')
}

pub(super) fn world(bytes: &mut Bytes) -> World {
    let mut world = World::default();
    for at in 0..=usize::from(bytes.below(3)) {
        let parent = (at > 0).then(|| below(bytes, at));
        // The first stays, so that there is one that exists.
        world.environments.push(Environment { name: format!("e{at}"), parent, is_abstract: at > 0 && bytes.one_in(4) });
    }
    for (of, (plural, _)) in KINDS.into_iter().enumerate() {
        // At the top, pools and applications are bases. There are two at least, because those of clusters and tenants inherit from them.
        let inner = ["nodePools", "applications"].iter().find(|known| **known == plural);
        for at in 0..=usize::from(bytes.below(4)).max(usize::from(inner.is_some())) {
            // The second has the name of one that stands under a cluster or tenant, which may inherit from it.
            let name = match (inner, at) {
                (Some(plural), 1) => format!("{}2", letter(plural)),
                (Some(plural), at) => format!("{}{at}", &plural[..1]).replace('a', "b"),
                (None, at) => format!("{}{at}", &plural[..1]),
            };
            let before: Vec<String> =
                world.things.iter().filter(|thing| thing.kind == of && thing.within.is_none()).map(|one| one.name.clone()).collect();
            let parents = parents(bytes, &before);
            // A base that nobody happens to inherit would be told of.
            let is_abstract = inner.is_some() || (at > 0 && bytes.one_in(5));
            let mut thing = Thing { kind: of, name, within: None, parents, is_abstract, layers: BTreeMap::new() };
            let mut places = vec![BODY];
            // Nothing is ever on an abstract cluster, which is a mistake to speak of.
            let clusters = (0..world.things.len()).filter(|at| {
                let cluster = &world.things[*at];
                cluster.kind == kind("clusters") && cluster.within.is_none() && !cluster.is_abstract
            });
            let on: Vec<Option<usize>> = std::iter::once(None).chain(clusters.map(Some).filter(|_| of > kind("nodePools"))).collect();
            for e in std::iter::once(None).chain((0..world.environments.len()).map(Some)) {
                places.extend(on.iter().map(|cluster| (e, *cluster, true)).filter(|place| *place != BODY && bytes.one_in(3)));
            }
            for place in places {
                let said = said(bytes, &mut world, &thing, place);
                thing.layers.insert(place, Some(said));
            }
            world.things.push(thing);
        }
    }
    placed(bytes, &mut world);
    // What stands under them comes last, because it may inherit from any base, and say something for each cluster.
    for plural in ["clusters", "tenants"] {
        let homes: Vec<usize> = (0..world.things.len()).filter(|at| world.things[*at].kind == kind(plural)).collect();
        for home in homes.into_iter().map(Home::Of).chain([Home::All]) {
            inner(bytes, &mut world, if plural == "clusters" { "nodePools" } else { "applications" }, home);
        }
    }
    world.has_common_classes = bytes.one_in(2);
    for of in 0..KINDS.len() {
        for e in std::iter::once(None).chain((0..world.environments.len()).map(Some)) {
            if bytes.one_in(5) {
                let mut said = fields(bytes, &mut world);
                // Items of lists that meet by themselves, and groups that are removed by defaults, are stories of their own.
                said.retain(|key, _| e.is_none() || !(key.starts_with("marks") || key.starts_with("ports")));
                said.retain(|key, value| key != "limits-" || !value.is_null());
                world.defaults.insert((e, of), said);
            }
        }
    }
    world
}

/// What infrastructure says that is placed in its body: something else on a cluster, or that in an environment it is on none.
fn placed(bytes: &mut Bytes, world: &mut World) {
    let clusters: Vec<usize> =
        (0..world.things.len()).filter(|at| world.things[*at].kind == kind("clusters") && !world.things[*at].is_abstract).collect();
    // Where it is on none everywhere, nothing may be said for a cluster: a platform has the one or the other.
    let removes = bytes.one_in(2);
    for at in (0..world.things.len()).filter(|at| world.things[*at].kind == kind("infrastructure")).collect::<Vec<_>>() {
        let says = |one: &Thing| one.layers[&BODY].as_ref().is_some_and(|body| body.contains_key("placement"));
        if !says(&world.things[at]) {
            continue;
        }
        if removes {
            let e = below(bytes, world.environments.len());
            let said = world.things[at].layers.entry((Some(e), None, true)).or_insert_with(|| Some(Map::new()));
            said.as_mut().filter(|said| !said.contains_key("placement")).map(|said| said.insert("placement-".to_owned(), Value::Null));
        } else {
            let place = (None, Some(clusters[below(bytes, clusters.len())]), true);
            let said = fields(bytes, world);
            world.things[at].layers.insert(place, Some(said));
        }
    }
}

/// Fields of the class. What is appended is new each time: appending what is there already is another rule's business.
fn fields(bytes: &mut Bytes, world: &mut World) -> Map<String, Value> {
    let mut fields = of_class(bytes, true);
    world.appended += 1;
    let name = format!("new{}", world.appended);
    if let Some(marks) = fields.get_mut("marks+") {
        *marks = json!([name]);
    }
    if let Some(ports) = fields.get_mut("ports+") {
        *ports = json!([{ "name": name }]);
    }
    fields
}

fn below(bytes: &mut Bytes, limit: usize) -> usize {
    usize::from(bytes.below(u8::try_from(limit).unwrap()))
}

fn parents(bytes: &mut Bytes, from: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for _ in 0..if from.is_empty() { 0 } else { bytes.below(3) } {
        let name = &from[below(bytes, from.len())];
        if !found.contains(name) {
            found.push(name.clone());
        }
    }
    found
}

/// The first letter of the names of what stands under others.
fn letter(plural: &str) -> &'static str {
    if plural == "nodePools" { "p" } else { "a" }
}

/// What a cluster says of its pools, a tenant of its applications, or the defaults of those of all: the first is everywhere, the others may be
/// removed.
fn inner(bytes: &mut Bytes, world: &mut World, plural: &str, home: Home) {
    let (letter, base) = (letter(plural), if plural == "nodePools" { "n0" } else { "b0" });
    for at in 0..3 {
        let name = format!("{letter}{at}");
        // Of each cluster and tenant there is the first; what all have is rare.
        if (at > 0 || home == Home::All) && bytes.one_in(2) {
            continue;
        }
        let first = format!("{letter}0");
        let parents = match at {
            1 => parents(bytes, &[first, base.to_owned()]),
            2 => parents(bytes, &[first, base.to_owned(), name.clone()]),
            _ => Vec::new(),
        };
        let mut one = Thing { kind: kind(plural), name, within: Some(home), parents, is_abstract: false, layers: BTreeMap::new() };
        let body = said(bytes, world, &one, BODY);
        one.layers.insert(BODY, Some(body));
        let clusters = (0..world.things.len()).filter(|at| {
            let cluster = &world.things[*at];
            cluster.kind == kind("clusters") && !cluster.is_abstract
        });
        let on: Vec<Option<usize>> = std::iter::once(None).chain(clusters.map(Some).filter(|_| plural == "applications")).collect();
        for e in std::iter::once(None).chain((0..world.environments.len()).map(Some)) {
            for cluster in on.iter().copied().filter(|cluster| e.is_some() || cluster.is_some()) {
                // Defaults say nothing for clusters.
                if at > 0 && !(home == Home::All && cluster.is_some()) && bytes.one_in(8) {
                    one.layers.insert((e, cluster, false), None);
                    continue;
                }
                for own in [false, true] {
                    if (own || !(home == Home::All && cluster.is_some())) && bytes.one_in(if cluster.is_some() { 8 } else { 3 }) {
                        let said = said(bytes, world, &one, (e, cluster, own));
                        one.layers.insert((e, cluster, own), Some(said));
                    }
                }
            }
        }
        world.things.push(one);
    }
}

/// One body or overlay: fields of the class, and those of the language.
fn said(bytes: &mut Bytes, world: &mut World, thing: &Thing, place: Where) -> Map<String, Value> {
    let mut said = if bytes.one_in(2) { fields(bytes, world) } else { Map::new() };
    let plural = KINDS[thing.kind].0;
    let mut put = |field: &str, value: Value| drop(said.insert(field.to_owned(), value));
    if !is_steady(&thing.name) {
        if bytes.one_in(6) {
            // A name that no environment has that exists would be a mistake.
            let there: Vec<&str> = world.environments.iter().filter(|one| !one.is_abstract).map(|one| one.name.as_str()).collect();
            let named = format!("${{environment.name == '{}'}}", bytes.pick(&there));
            put(
                "enabled",
                match bytes.below(3) {
                    0 => json!(false),
                    1 => json!(true),
                    _ => json!(named),
                },
            );
        }
        // Never both, because a name in both is a mistake.
        if place.1.is_none() && bytes.one_in(6) {
            let field = if ["clusters", "tenants", "applications"].contains(&plural) { "notIn" } else { "onlyIn" };
            // Nothing is ever in an abstract environment, which is a mistake to speak of.
            let there: Vec<&str> = world.environments.iter().filter(|one| !one.is_abstract).map(|one| one.name.as_str()).collect();
            put(field, json!([bytes.pick(&there)]));
        }
        if ["infrastructure", "services", "tenants", "applications"].contains(&plural) && bytes.one_in(5) {
            put(
                "placement",
                match bytes.below(4) {
                    0 => json!("all"),
                    1 => json!("c0"),
                    2 => json!(["c0"]),
                    _ => json!({ "matchLabels": { "zone": "z1" } }),
                },
            );
        }
    }
    if plural == "clusters" && bytes.one_in(2) {
        put("labels", json!({ "zone": bytes.pick(&["z0", "z1"]) }));
    }
    if bytes.one_in(5) {
        put("description", json!(format!("of {}", thing.name)));
    }
    if bytes.one_in(3) {
        let steady: Vec<&str> = match plural {
            "infrastructure" => vec!["infrastructure.i0", "clusters.c0"],
            _ => vec!["infrastructure.i0", "clusters.c0", "nodePools.p0", "services.s0", "tenants.t0", "tenants.t0.applications.a0"],
        };
        let reads: Vec<String> = (0..bytes.below(3)).map(|_| bytes.pick(&steady).to_owned()).collect();
        // A branch that is not taken reads too.
        let text: String = reads.iter().map(|address| format!("${{platform.name == 'x' ? {address}.name : ''}}-")).collect();
        put("reads", json!(text));
        world.reads.insert(text, reads);
    }
    if plural != "nodePools" && bytes.one_in(3) {
        // Only what stands before it, so that nothing waits in a circle.
        let usable = |one: &&Thing| one.kind <= thing.kind && (plural != "infrastructure" || one.kind == thing.kind);
        // What is on a cluster waits for the cluster already.
        let usable = |one: &&Thing| usable(one) && (plural != "clusters" || plural_of(one) != "infrastructure" || is_steady(&one.name));
        // Of applications there are those of their own tenant before them, and one that everybody knows.
        let top = world
            .things
            .iter()
            .filter(usable)
            .filter(|one| one.within.is_none() && !["nodePools", "applications"].contains(&plural_of(one)));
        let written = |one: &Thing| {
            if [thing.kind, kind("services")].contains(&one.kind) { one.name.clone() } else { format!("{}.{}", plural_of(one), one.name) }
        };
        let mut known: Vec<String> = top.map(written).collect();
        known.extend((thing.kind > kind("nodePools")).then(|| "nodePools.p0".to_owned()));
        if plural == "applications" && matches!(&*thing.name, "a1" | "a2") && thing.within.is_some() {
            known.extend(["a0", "tenants.t0.applications.a0"].map(str::to_owned));
            known.extend((thing.name == "a2").then(|| "a1".to_owned()));
        }
        let count = if known.is_empty() { 0 } else { bytes.below(3) };
        let needs: Vec<String> = (0..count).map(|_| known[below(bytes, known.len())].clone()).collect();
        put("dependsOn", json!(needs));
    }
    said
}

fn plural_of(thing: &Thing) -> &'static str {
    KINDS[thing.kind].0
}

/// The platform as files, at random in YAML or TOML.
pub(super) fn project(world: &World, bytes: &mut Bytes) -> Project {
    let mut project = Project::default();
    // Applications that have files of their own.
    let apart: Vec<String> = ["a0", "a1", "a2"].into_iter().filter(|_| bytes.one_in(2)).map(str::to_owned).collect();
    let mut add = |path: &str, value: Value| {
        if bytes.one_in(2)
            && let Some(text) = toml(&value)
        {
            project.files.insert(format!("{path}.toml"), text);
        } else {
            project.files.insert(format!("{path}.yaml"), format!("{value}\n"));
        }
    };
    let defaults = |e: Option<usize>| {
        let mut all = Map::new();
        for ((_, of), said) in world.defaults.iter().filter(|((at, _), said)| *at == e && !said.is_empty()) {
            place(&mut all, &[KINDS[*of].0]).extend(said.clone());
        }
        for (plural, _) in KINDS.iter().filter(|_| e.is_none() && world.has_common_classes) {
            place(&mut all, &[plural]).insert("class".to_owned(), json!("thing"));
        }
        for inner in world.things.iter().filter(|inner| inner.within == Some(Home::All)) {
            let home = if plural_of(inner) == "nodePools" { "clusters" } else { "tenants" };
            if e.is_none() {
                place(&mut all, &[home, plural_of(inner), &inner.name]).extend(body_of(world, inner, true));
            }
            match e.and_then(|_| inner.layers.get(&(e, None, false))) {
                Some(Some(said)) => place(&mut all, &[home, plural_of(inner), &inner.name]).extend(said.clone()),
                Some(None) => drop(place(&mut all, &[home, plural_of(inner)]).insert(format!("{}-", inner.name), Value::Null)),
                None => {}
            }
        }
        Value::Object(all)
    };
    add("platform", json!({ "platform": { "name": "acme", "domain": "infra.example.com", "defaults": defaults(None) } }));
    let mut environments = Map::new();
    for (at, environment) in world.environments.iter().enumerate() {
        let mut body = json!({ "defaults": defaults(Some(at)), "abstract": environment.is_abstract });
        if let Some(parent) = environment.parent {
            body["inherits"] = json!(world.environments[parent].name);
        }
        environments.insert(environment.name.clone(), body);
    }
    add("environments", json!({ "environments": environments }));
    let mut classes = Map::new();
    for (plural, singular) in KINDS {
        let mut class = json!({
            "types": { "port": { "name": "string | required=true", "number": "integer", "labels": "object" } },
            "schema": {
                "data": "object",
                "marks": "[]string | listType=set",
                "ports": "[]port | listType=map listMapKey=name",
                "level": "integer | default=5",
                "limits": { "low": "integer | default=1", "high": "integer | default=9" },
                "reads": "string",
            },
            "outputs": { "where": "${infrastructure.i0.name}" },
        });
        match plural {
            "clusters" => class["nodePoolClass"] = json!("thing"),
            "services" => class["let"] = json!({ "x": "${services.s0.name}" }),
            _ => {}
        }
        classes.insert(singular.to_owned(), json!({ "thing": class }));
    }
    add("classes", json!({ "classes": classes }));
    for (at, thing) in world.things.iter().enumerate().filter(|(_, thing)| thing.within.is_none()) {
        let mut body = body_of(world, thing, plural_of(thing) != "nodePools" && plural_of(thing) != "applications");
        // A tenant that says nothing itself would only add to one.
        body.insert("abstract".to_owned(), json!(thing.is_abstract));
        for inner in world.things.iter().filter(|inner| inner.within == Some(Home::Of(at))) {
            let own = body_of(world, inner, plural_of(inner) == "applications");
            if plural_of(inner) == "applications" && apart.contains(&inner.name) {
                let path = format!("{}-{}", thing.name, inner.name);
                add(&path, json!({ "tenants": { &thing.name: { "applications": { &inner.name: own } } } }));
            } else {
                place(&mut body, &[plural_of(inner), &inner.name]).extend(own);
            }
            for ((e, cluster, _), said) in inner.layers.iter().filter(|((_, _, own), _)| !own) {
                let environment = e.map(|e| ["environments", &world.environments[e].name]);
                let cluster = cluster.map(|at| ["clusters", &world.things[at].name]);
                let steps: Vec<&str> = environment.into_iter().chain(cluster).flatten().chain([plural_of(inner)]).collect();
                match said {
                    Some(said) => place(place(&mut body, &steps), &[&inner.name]).extend(said.clone()),
                    None => drop(place(&mut body, &steps).insert(format!("{}-", inner.name), Value::Null)),
                }
            }
        }
        add(&format!("{}-{}", plural_of(thing), thing.name), json!({ plural_of(thing): { &thing.name: body } }));
    }
    project
}

/// What a thing says itself, with its class if it may name one and defaults do not.
fn body_of(world: &World, thing: &Thing, has_class: bool) -> Map<String, Value> {
    let mut body = written(world, thing, true);
    if has_class && !world.has_common_classes {
        body.insert("class".to_owned(), json!("thing"));
    }
    body
}

/// What a thing says itself.
fn written(world: &World, thing: &Thing, own: bool) -> Map<String, Value> {
    let mut body = Map::new();
    if !thing.parents.is_empty() {
        body.insert("inherits".to_owned(), json!(thing.parents));
    }
    if thing.is_abstract {
        body.insert("abstract".to_owned(), json!(true));
    }
    for ((e, cluster, _), said) in thing.layers.iter().filter(|((.., of_itself), _)| *of_itself == own) {
        let environment = e.map(|e| ["environments", &world.environments[e].name]);
        let cluster = cluster.map(|at| ["clusters", &world.things[at].name]);
        let steps: Vec<&str> = environment.into_iter().chain(cluster).flatten().collect();
        place(&mut body, &steps).extend(said.clone().unwrap());
    }
    body
}

/// The map at the end of some steps, made where it is missing.
fn place<'m>(body: &'m mut Map<String, Value>, steps: &[&str]) -> &'m mut Map<String, Value> {
    steps.iter().fold(body, |map, step| map.entry(*step).or_insert_with(|| json!({})).as_object_mut().unwrap())
}
