//! What a class makes is what somebody would write who knows the class: the same platform with every made thing written by hand comes to the same
//! bytes. And a maker under another name, with its identity, changes nothing.

use super::generate::Bytes;
use super::law;
use crate::support::{self, Project};
use serde_json::{Map, Value, json};

const PLATFORM: &str = r#"
platform: { name: acme, domain: infra.example.com, repository: { url: https://git.example.com/acme/platform.git }, terraform: { backend: { local: { path: "/state/${environment.name}-${stack.name}" } } } }
environments: { apps: {}, ops: { inherits: apps } }
clusters: { c0: { class: bare }, c1: { class: bare } }
"#;

const MADE: &str = r#"
      entities:
        infrastructure:
          "${one.key}": { $for: { one: "${self.stores}" }, class: store, $spread: "${one.value}", owner: "${self.name}", where: "${environment.name}" }
          extra: { $if: "${self.extra}", class: store, size: 9, owner: "${self.word}" }
        services:
          probe: { $if: "${cluster.name == 'c0' || self.extra}", class: probe, word: "${self.word}-${cluster.name}" }
        applications:
          "${app}": { $for: { app: "${self.apps}" }, class: app, word: "${app}-${self.word}", namespace: "${self.name}-x" }
"#;

const CLASSES: &str = r#"
classes:
  cluster: { bare: {} }
  tenant:
    maker:
      schema:
        written: string
        word: string | default=w
        extra: boolean | default=false
        apps: "[]string | default=[]"
        stores: map[string]definition(infrastructure, store) | default={}
ENTITIES
      manifests:
        own: { apiVersion: v1, kind: Namespace, metadata: { name: "${self.name}-x", annotations: { a: "${self.extra ? EXTRA.outputs.host : 'none'}" } } }
  infrastructure:
    store:
      schema: { size: integer | default=1, note: string, owner: string, where: string }
      terraform: { resource: { random_pet: { this: { prefix: "${self.name}-${self.?note.orValue('-')}-${self.owner}-${self.?where.orValue('')}", length: "${self.size}" } } } }
      outputs: { host: "${self.name}.${environment.name}" }
  service:
    probe:
      schema: { word: string }
      manifests: { one: { apiVersion: v1, kind: ConfigMap, metadata: { name: "${self.name}", namespace: probes }, data: { word: "${self.word}" } } }
  application:
    app:
      schema: { word: string, namespace: string }
      manifests: { one: { apiVersion: v1, kind: ConfigMap, metadata: { name: "${self.name}", namespace: "${self.namespace}" }, data: { word: "${self.word}" } } }
      argocd: { namespace: "${self.namespace}" }
"#;

/// A maker, as it is written.
struct Maker {
    name: String,
    identity: String,
    body: Map<String, Value>,
    ops: Map<String, Value>,
    /// What is written of the names of what it makes, by kind and key.
    infrastructure: Vec<(String, Refined)>,
    applications: Vec<(String, Refined)>,
}

/// What is written of a thing that is made: everywhere, and in `ops`.
type Refined = (Map<String, Value>, Map<String, Value>);

fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn store(bytes: &mut Bytes<'_>) -> Map<String, Value> {
    let mut fields = Map::new();
    if bytes.one_in(2) {
        fields.insert("size".to_owned(), json!(bytes.below(4) + 2));
    }
    if bytes.one_in(2) {
        fields.insert("note".to_owned(), json!(bytes.pick(&["p", "q"])));
    }
    fields
}

fn stores(bytes: &mut Bytes<'_>) -> Map<String, Value> {
    let names: Vec<&str> = ["s0", "s1"].into_iter().filter(|_| bytes.one_in(2)).collect();
    names.into_iter().map(|name| (name.to_owned(), Value::Object(store(bytes)))).collect()
}

fn maker(at: u8, bytes: &mut Bytes<'_>) -> Maker {
    let name = format!("t{at}");
    let identity = if bytes.one_in(3) { format!("i{at}") } else { name.clone() };
    let mut body = object(json!({ "class": "maker", "written": name, "stores": stores(bytes), "extra": bytes.one_in(2) }));
    let apps: Vec<&str> = ["a0", "a1"].into_iter().filter(|_| bytes.one_in(2)).collect();
    body.insert("apps".to_owned(), json!(apps));
    let mut ops = Map::new();
    if bytes.one_in(2) {
        ops.insert("stores".to_owned(), Value::Object(stores(bytes)));
    }
    if bytes.one_in(2) {
        ops.insert("word".to_owned(), json!("v"));
    }
    let made = of_stores(&body, &ops, true);
    let infrastructure = made.keys().filter(|_| bytes.one_in(3)).cloned().collect::<Vec<_>>();
    let infrastructure = infrastructure.into_iter().map(|key| (key, (store(bytes), store(bytes)))).collect();
    let word = |bytes: &mut Bytes<'_>| if bytes.one_in(2) { object(json!({ "word": bytes.pick(&["x", "y"]) })) } else { Map::new() };
    let applications = apps.iter().filter(|_| bytes.one_in(3)).map(|key| (*key).to_owned()).collect::<Vec<_>>();
    let applications = applications.into_iter().map(|key| (key, (word(bytes), word(bytes)))).collect();
    Maker { name, identity, body, ops, infrastructure, applications }
}

fn merged(weaker: &Map<String, Value>, stronger: &Map<String, Value>) -> Map<String, Value> {
    let mut result = weaker.clone();
    for (key, value) in stronger {
        let value = match (result.get(key), value) {
            (Some(Value::Object(weaker)), Value::Object(stronger)) => Value::Object(merged(weaker, stronger)),
            (_, value) => value.clone(),
        };
        result.insert(key.clone(), value);
    }
    result
}

/// The stores of a maker in an environment.
fn of_stores(body: &Map<String, Value>, ops: &Map<String, Value>, is_ops: bool) -> Map<String, Value> {
    let all = if is_ops { merged(body, ops) } else { body.clone() };
    object(all["stores"].clone())
}

impl Maker {
    fn definition(&self, with: &mut Map<String, Value>) -> Value {
        let mut body = self.body.clone();
        if self.identity != self.name {
            body.insert("identity".to_owned(), json!(self.identity));
        }
        body.insert("environments".to_owned(), json!({ "ops": self.ops }));
        body.append(with);
        Value::Object(body)
    }

    fn refined(list: &[(String, Refined)], key: &str) -> Refined {
        list.iter().find(|(known, _)| known == key).map(|(_, refined)| refined.clone()).unwrap_or_default()
    }

    /// As it is written with a class that makes the rest.
    fn made(&self, platform: &mut Map<String, Value>) {
        let all = |(body, ops): &Refined| Value::Object(merged(body, &object(json!({ "environments": { "ops": ops } }))));
        for (key, refined) in &self.infrastructure {
            entry(platform, "infrastructure").insert(format!("{}-{key}", self.name), all(refined));
        }
        let applications: Map<String, Value> = self.applications.iter().map(|(key, refined)| (key.clone(), all(refined))).collect();
        let mut with = if applications.is_empty() { Map::new() } else { object(json!({ "applications": applications })) };
        entry(platform, "tenants").insert(self.name.clone(), self.definition(&mut with));
    }

    /// With all that it makes written by hand.
    fn by_hand(&self, platform: &mut Map<String, Value>) {
        let word = |is_ops: bool| if is_ops && self.ops.contains_key("word") { "v" } else { "w" };
        let owner = |is_ops: bool| if is_ops { merged(&self.body, &self.ops) } else { self.body.clone() };
        let mut write = |kind: &str, key: &str, apps: Option<Map<String, Value>>, ops: Map<String, Value>| {
            let mut definition = apps.clone().unwrap_or_else(|| ops.clone());
            definition.insert("environments".to_owned(), json!({ "ops": ops }));
            if apps.is_none() {
                definition.insert("onlyIn".to_owned(), json!(["ops"]));
            }
            if self.identity != self.name {
                definition.insert("identity".to_owned(), json!(format!("{}-{key}", self.identity)));
            }
            let class = if kind == "services" { "probe" } else { "store" };
            definition.insert("class".to_owned(), json!(class));
            entry(platform, kind).insert(format!("{}-{key}", self.name), Value::Object(definition));
        };
        let (apps, ops) = (of_stores(&self.body, &self.ops, false), of_stores(&self.body, &self.ops, true));
        for (key, in_ops) in &ops {
            let refined = Self::refined(&self.infrastructure, key);
            let own = |fields: &Value, is_ops: bool| {
                let made = merged(&object(fields.clone()), &object(json!({ "owner": self.identity, "where": "${environment.name}" })));
                let made = merged(&made, &refined.0);
                if is_ops { merged(&made, &refined.1) } else { made }
            };
            write("infrastructure", key, apps.get(key).map(|fields| own(fields, false)), own(in_ops, true));
        }
        if owner(true)["extra"] == json!(true) {
            let fields = |is_ops: bool| object(json!({ "size": 9, "owner": word(is_ops) }));
            write("infrastructure", "extra", Some(fields(false)), fields(true));
        }
        let clusters = if owner(true)["extra"] == json!(true) { json!("all") } else { json!(["c0"]) };
        let probe = |is_ops: bool| object(json!({ "word": format!("{}-${{cluster.name}}", word(is_ops)), "placement": clusters }));
        write("services", "probe", Some(probe(false)), probe(true));
        let mut applications = Map::new();
        for key in self.body["apps"].as_array().unwrap().iter().map(|key| key.as_str().unwrap()) {
            let refined = Self::refined(&self.applications, key);
            let namespace = format!("{}-x", self.identity);
            let made = |is_ops: bool| object(json!({ "class": "app", "namespace": namespace, "word": format!("{key}-{}", word(is_ops)) }));
            let body = merged(&made(false), &refined.0);
            let mut ops = merged(&merged(&made(true), &refined.0), &refined.1);
            ops.remove("class");
            applications.insert(key.to_owned(), Value::Object(merged(&body, &object(json!({ "environments": { "ops": ops } })))));
        }
        let mut with = object(json!({ "applications": applications }));
        entry(platform, "tenants").insert(self.name.clone(), self.definition(&mut with));
    }

    /// Under another name, with the identity that it had.
    fn renamed(&self) -> Self {
        let mut body = self.body.clone();
        let name = format!("z{}", self.name);
        body.insert("written".to_owned(), json!(name));
        let copy = |list: &[(String, Refined)]| list.iter().map(|(key, refined)| (key.clone(), refined.clone())).collect();
        let (infrastructure, applications) = (copy(&self.infrastructure), copy(&self.applications));
        Self { name, identity: self.identity.clone(), body, ops: self.ops.clone(), infrastructure, applications }
    }
}

fn entry<'m>(platform: &'m mut Map<String, Value>, kind: &str) -> &'m mut Map<String, Value> {
    platform.entry(kind).or_insert_with(|| json!({})).as_object_mut().unwrap()
}

fn project(entities: &str, extra: &str, write: impl Fn(&mut Map<String, Value>)) -> Project {
    let mut definitions = Map::new();
    write(&mut definitions);
    let mut project = Project::default();
    project.files.insert("platform.yaml".to_owned(), PLATFORM.to_owned());
    project.files.insert("classes.yaml".to_owned(), CLASSES.replace("ENTITIES", entities).replace("EXTRA", extra));
    project.files.insert("things.yaml".to_owned(), serde_json::to_string_pretty(&definitions).unwrap());
    project
}

fn same(what: &str, one: &Project, other: &Project) -> Result<(), String> {
    let (first, second) = (one.build(), other.build());
    let text = || format!("{what}\n{}\n# the other way\n{}", one.text(), other.text());
    let (said, also) = (support::said(&first.0), support::said(&second.0));
    if !said.is_empty() || !also.is_empty() {
        return Err(format!("{}\n{said}\n{also}", text()));
    }
    let all: std::collections::BTreeSet<&String> = first.1.keys().chain(second.1.keys()).collect();
    for path in all {
        let (one, other) = (first.1.get(path), second.1.get(path));
        if one != other {
            let shown = |text: Option<&String>| text.cloned().unwrap_or_default();
            return Err(format!("{}\n{path}\n{}", text(), support::difference(&shown(one), &shown(other))));
        }
    }
    Ok(())
}

#[test]
fn what_is_made_is_what_one_would_write() {
    law(24, |bytes| {
        let makers: Vec<Maker> = (0..=bytes.below(2)).map(|at| maker(at, bytes)).collect();
        let extra = "entities.infrastructure.extra";
        let made = project(MADE, extra, |platform| makers.iter().for_each(|maker| maker.made(platform)));
        let by_hand = r#"infrastructure[self.written + "-extra"]"#.replace('"', "'");
        let hand = project("", &by_hand, |platform| makers.iter().for_each(|maker| maker.by_hand(platform)));
        same("made, and by hand", &made, &hand)?;
        let renamed = project(MADE, extra, |platform| makers.iter().for_each(|maker| maker.renamed().made(platform)));
        same("made, and by a maker of another name", &made, &renamed)
    });
}
