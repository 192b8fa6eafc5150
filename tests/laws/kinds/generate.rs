//! Random platforms with things of all kinds, and their text.

use super::super::generate::{Bytes, fields as of_class, toml};
use super::KINDS;
use super::reading::{BODY, Environment, Thing, Where, World, kind};
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
        // There are two top-level pools at least, because pools of clusters inherit from them.
        for at in 0..=usize::from(bytes.below(4)).max(usize::from(plural == "nodePools")) {
            // The second has the name of a pool of clusters, which may inherit from it.
            let name = if plural == "nodePools" && at == 1 { "p2".to_owned() } else { format!("{}{at}", &plural[..1]) };
            let before: Vec<String> =
                world.things.iter().filter(|thing| thing.kind == of && thing.within.is_none()).map(|one| one.name.clone()).collect();
            let parents = parents(bytes, &before);
            let is_abstract = at > 0 && plural != "nodePools" && bytes.one_in(5);
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
            if plural == "clusters" {
                let cluster = world.things.len() - 1;
                pools(bytes, &mut world, cluster);
            }
        }
    }
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

/// What a cluster says of its pools: the first is on every cluster, the others may be removed.
fn pools(bytes: &mut Bytes, world: &mut World, cluster: usize) {
    for name in ["p0", "p1", "p2"] {
        if name != "p0" && bytes.one_in(2) {
            continue;
        }
        let parents = match name {
            "p1" => parents(bytes, &["p0".to_owned(), "n0".to_owned()]),
            "p2" => parents(bytes, &["p0".to_owned(), "n0".to_owned(), "p2".to_owned()]),
            _ => Vec::new(),
        };
        let mut pool = Thing {
            kind: kind("nodePools"),
            name: name.to_owned(),
            within: Some(cluster),
            parents,
            is_abstract: false,
            layers: BTreeMap::new(),
        };
        let body = said(bytes, world, &pool, BODY);
        pool.layers.insert(BODY, Some(body));
        for e in 0..world.environments.len() {
            if name != "p0" && bytes.one_in(6) {
                pool.layers.insert((Some(e), None, false), None);
                continue;
            }
            for own in [false, true] {
                if bytes.one_in(3) {
                    let said = said(bytes, world, &pool, (Some(e), None, own));
                    pool.layers.insert((Some(e), None, own), Some(said));
                }
            }
        }
        world.things.push(pool);
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
            put(field, json!([world.environments[below(bytes, world.environments.len())].name]));
        }
        if ["services", "tenants", "applications"].contains(&plural) && bytes.one_in(5) {
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
    if plural == "applications" && place.1.is_none() && (place == BODY || bytes.one_in(4)) {
        let tenants: Vec<&Thing> =
            world.things.iter().filter(|one| KINDS[one.kind].0 == "tenants" && (!is_steady(&thing.name) || is_steady(&one.name))).collect();
        put("tenant", json!(tenants[below(bytes, tenants.len())].name));
    }
    if bytes.one_in(3) {
        let steady: Vec<&str> = match plural {
            "infrastructure" => vec!["infrastructure.i0", "clusters.c0"],
            _ => vec!["infrastructure.i0", "clusters.c0", "nodePools.p0", "services.s0", "tenants.t0", "applications.a0"],
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
        let known: Vec<&Thing> = world.things.iter().filter(usable).collect();
        let written = |one: &Thing| {
            if [thing.kind, kind("services")].contains(&one.kind) {
                one.name.clone()
            } else {
                format!("{}.{}", KINDS[one.kind].0, one.name)
            }
        };
        let count = if known.is_empty() { 0 } else { bytes.below(3) };
        let needs: Vec<String> = (0..count).map(|_| written(known[below(bytes, known.len())])).collect();
        put("dependsOn", json!(needs));
    }
    said
}

/// The platform as files, at random in YAML or TOML.
pub(super) fn project(world: &World, bytes: &mut Bytes) -> Project {
    let mut project = Project::default();
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
        let said = world.defaults.iter().filter(|((at, _), said)| *at == e && !said.is_empty());
        json!(said.map(|((_, of), said)| (KINDS[*of].0, Value::Object(said.clone()))).collect::<BTreeMap<_, _>>())
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
        let mut body = written(world, thing, true);
        if KINDS[thing.kind].0 != "nodePools" {
            body.insert("class".to_owned(), json!("thing"));
        }
        for pool in world.things.iter().filter(|pool| pool.within == Some(at)) {
            place(&mut body, &["nodePools", &pool.name]).extend(written(world, pool, true));
            for ((e, ..), said) in pool.layers.iter().filter(|((_, _, own), _)| !own) {
                let steps = ["environments", &world.environments[e.unwrap()].name, "nodePools"];
                match said {
                    Some(said) => place(place(&mut body, &steps), &[&pool.name]).extend(said.clone()),
                    None => drop(place(&mut body, &steps).insert(format!("{}-", pool.name), Value::Null)),
                }
            }
        }
        add(&format!("{}-{}", KINDS[thing.kind].0, thing.name), json!({ KINDS[thing.kind].0: { &thing.name: body } }));
    }
    project
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
