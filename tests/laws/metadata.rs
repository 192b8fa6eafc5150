//! Labels and annotations of everything, on random platforms: what objects and Applications carry is what a naive reading of the layers makes
//! of them; what the class says of an object, and what platc knows it by, is stronger.

use super::generate::Bytes;
use super::law;
use crate::support::{self, Project};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Keys that anybody may say. The class says the last one of its object.
const KEYS: [&str; 4] = ["a", "example.com/b", "c", "own"];

/// Labels and annotations by key.
type Metadata = [BTreeMap<&'static str, String>; 2];

const WORDS: [&str; 2] = ["labels", "annotations"];

/// What stands in one place; where nothing is said, no `metadata` stands there.
fn said(bytes: &mut Bytes<'_>, place: &str) -> Metadata {
    [0, 1].map(|_| KEYS.into_iter().filter(|_| bytes.one_in(4)).map(|key| (key, place.to_owned())).collect())
}

fn json_of(said: &Metadata) -> Map<String, Value> {
    let parts = WORDS.into_iter().zip(said).filter(|(_, map)| !map.is_empty());
    let metadata: Map<String, Value> = parts.map(|(word, map)| (word.to_owned(), json!(map))).collect();
    if metadata.is_empty() { Map::new() } else { Map::from_iter([("metadata".to_owned(), Value::Object(metadata))]) }
}

fn with(mut body: Value, said: &Metadata) -> Value {
    body.as_object_mut().unwrap().append(&mut json_of(said));
    body
}

/// All that is said of things of one kind.
struct Sayings {
    common: Metadata,
    /// Of each environment, the root first: of everything, and of the kind.
    environments: [[Metadata; 2]; 2],
    body: Metadata,
    /// For `ops`, for cluster `c1`, and for both.
    overlays: [Metadata; 3],
}

impl Sayings {
    /// What a thing carries: an overlay's word, else that of an environment for all, else the body's, else everybody's.
    fn of(&self, environment: usize, cluster: usize) -> Metadata {
        let mut layers: Vec<&Metadata> = vec![&self.common, &self.body];
        layers.extend(self.environments[..=environment].iter().flatten());
        let [ops, c1, both] = &self.overlays;
        layers.extend((environment == 1).then_some(ops));
        layers.extend((cluster == 1).then_some(c1));
        layers.extend((environment == 1 && cluster == 1).then_some(both));
        let mut found = Metadata::default();
        for layer in layers {
            for (found, said) in found.iter_mut().zip(layer) {
                found.extend(said.iter().map(|(key, value)| (*key, value.clone())));
            }
        }
        found
    }

    fn definition(&self, class: &str) -> Value {
        let [ops, c1, both] = &self.overlays;
        let body = json!({
            "class": class,
            "environments": { "ops": with(json!({ "clusters": { "c1": with(json!({}), both) } }), ops) },
            "clusters": { "c1": with(json!({}), c1) },
        });
        with(body, &self.body)
    }
}

#[test]
fn everything_carries_what_is_said_of_it() {
    law(80, |bytes| {
        let everything = [said(bytes, "apps"), said(bytes, "ops")];
        let kinds = [("services", "service"), ("tenants", "tenant"), ("applications", "application")];
        let all: BTreeMap<&str, Sayings> = kinds
            .iter()
            .map(|(kind, _)| {
                let [apps, ops] = everything.clone();
                let of_kind = |bytes: &mut Bytes<'_>, place: &str| said(bytes, &format!("{place}-{kind}"));
                let environments = [[apps, of_kind(bytes, "apps")], [ops, of_kind(bytes, "ops")]];
                let (common, body) = (of_kind(bytes, "platform"), of_kind(bytes, "body"));
                let overlays = ["in-ops", "on-c1", "both"].map(|place| of_kind(bytes, place));
                (*kind, Sayings { common, environments, body, overlays })
            })
            .collect();
        let defaults = |of: &dyn Fn(&Sayings) -> &Metadata| -> Value {
            all.iter()
                .map(|(kind, sayings)| ((*kind).to_owned(), Value::Object(json_of(of(sayings)))))
                .collect::<Map<String, Value>>()
                .into()
        };
        let environment = |at: usize, body: Value| {
            let mut body = with(body, &everything[at]);
            body["defaults"] = defaults(&|sayings| &sayings.environments[at][1]);
            body
        };
        let object = json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": { "name": "${self.name}", "namespace": "main", "labels": { "own": "class" }, "annotations": { "own": "class" } },
        });
        let class = json!({ "thing": { "manifests": { "it": object } } });
        let mut tenant = all["tenants"].definition("thing");
        tenant["applications"] = json!({ "app": all["applications"].definition("thing") });
        let platform = json!({
            "platform": {
                "name": "acme",
                "domain": "example.com",
                "repository": { "url": "https://git.example.com/acme.git" },
                "kustomize": { "layout": "rendered" },
                "defaults": defaults(&|sayings| &sayings.common),
            },
            "environments": { "apps": environment(0, json!({})), "ops": environment(1, json!({ "inherits": "apps" })) },
            "clusters": { "c0": { "class": "plain" }, "c1": { "class": "plain" } },
            "services": { "web": all["services"].definition("thing") },
            "tenants": { "shop": tenant },
            "classes": { "cluster": { "plain": {} }, "service": class, "tenant": class, "application": class },
        });
        let files = [("platform.yaml".to_owned(), platform.to_string())];
        let project = Project { files: files.into_iter().collect() };
        let (compilation, output) = project.build();
        let said = super::objected(&compilation);
        if !said.is_empty() {
            return Err(format!("{said}\n{}", project.text()));
        }
        for (at, environment) in ["apps", "ops"].into_iter().enumerate() {
            for (on, cluster) in ["c0", "c1"].into_iter().enumerate() {
                for (kind, folder, name, application) in [
                    ("services", "services/web", "web", "web"),
                    ("tenants", "tenants/shop", "shop", "tenant-shop"),
                    ("applications", "applications/shop/app", "app", "shop-app"),
                ] {
                    let mut expected = all[kind].of(at, on);
                    let path = format!("argocd/{environment}/{cluster}/applications/{application}.yaml");
                    carries(&output, &path, &expected, false).map_err(|wrong| format!("{wrong}\n{}", project.text()))?;
                    expected.iter_mut().for_each(|map| drop(map.insert("own", "class".to_owned())));
                    let path = format!("kustomize/{folder}/overlays/{environment}/{cluster}/configmap-{name}.yaml");
                    carries(&output, &path, &expected, true).map_err(|wrong| format!("{wrong}\n{}", project.text()))?;
                }
            }
        }
        Ok(())
    });
}

/// Whether a file carries this, and nothing else of anybody's if it is an object.
fn carries(output: &BTreeMap<String, String>, path: &str, expected: &Metadata, is_object: bool) -> Result<(), String> {
    let text = output.get(path).ok_or_else(|| format!("{path} is not there: {:?}", output.keys()))?;
    let read: Value = serde_yaml::from_str(text).unwrap();
    for (word, expected) in WORDS.into_iter().zip(expected) {
        let found: BTreeMap<&str, &str> = read["metadata"][word]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.as_str(), value.as_str().unwrap()))
            .filter(|(key, _)| is_object || KEYS.contains(key))
            .collect();
        let expected: BTreeMap<&str, &str> = expected.iter().map(|(key, value)| (*key, value.as_str())).collect();
        if found != expected {
            return Err(format!("{path}, {word}:\n{}", support::difference(&format!("{expected:#?}\n"), &format!("{found:#?}\n"))));
        }
    }
    Ok(())
}
