//! Objects in others' hands, on random platforms: each object stands among those of its owner and nowhere else, and nothing is ordered
//! by it.

use super::law;
use crate::support::{self, Project};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Who has the object of an application.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Owner {
    Own,
    Tenant,
    Application(usize),
    Service,
}

fn project(owners: &[Owner]) -> Project {
    let tenant = |at: usize| format!("t{}", at % 2);
    let mut tenants: BTreeMap<String, Value> = BTreeMap::new();
    let mut classes = serde_json::Map::new();
    for (at, owner) in owners.iter().enumerate() {
        let (peer, said) = match owner {
            Owner::Own => (None, None),
            Owner::Tenant => (None, Some("${tenant}".to_owned())),
            Owner::Application(peer) => (Some(*peer), Some("${self.peer}".to_owned())),
            Owner::Service => (None, Some("${services.keeper}".to_owned())),
        };
        let namespace = format!("{}-main", tenant(peer.unwrap_or(at)));
        let mut object =
            json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": format!("o{at}"), "namespace": namespace } });
        if let Some(said) = said {
            object["$owner"] = json!(said);
        }
        classes.insert(format!("c{at}"), json!({ "schema": { "peer": "ref(application) | order=false" }, "manifests": { "o": object } }));
        let mut application = json!({ "class": format!("c{at}"), "acceptsFrom": ["tenants.*"] });
        if let Some(peer) = peer {
            application["peer"] = json!(format!("tenants.{}.applications.a{peer}", tenant(peer)));
        }
        let body =
            tenants.entry(tenant(at)).or_insert_with(|| json!({ "namespaces": { "main": {} }, "policies": null, "applications": {} }));
        body["applications"][format!("a{at}")] = application;
    }
    let all = json!({
        "clusters": { "c": { "class": "metal" }, "d": { "class": "metal" } },
        "services": { "keeper": { "acceptsFrom": ["*"] } },
        "tenants": tenants,
        "classes": { "cluster": { "metal": { "description": "machines" } }, "service": { "keeper": { "description": "keeps" } }, "application": classes },
    });
    let files = [
        ("platform.yaml", "platform: { name: a, domain: example.com, repository: { url: https://git.example.com/a.git } }\nenvironments: { apps: {}, ops: { inherits: apps } }\n".to_owned()),
        ("all.yaml", all.to_string()),
    ];
    Project { files: files.into_iter().map(|(path, text)| (path.to_owned(), text)).collect() }
}

#[test]
fn objects_stand_with_their_owners() {
    law(60, |bytes| {
        let count = 1 + usize::from(bytes.below(5));
        let owners: Vec<Owner> = (0..count)
            .map(|_| match bytes.below(4) {
                0 => Owner::Own,
                1 => Owner::Tenant,
                2 => Owner::Application(usize::from(bytes.below(u8::try_from(count).unwrap()))),
                _ => Owner::Service,
            })
            .collect();
        let project = project(&owners);
        let (compilation, output) = project.build();
        let said = support::said(&compilation);
        if !said.is_empty() {
            return Err(format!("{}\n{said}", project.text()));
        }
        let folder = |at: usize| format!("applications/t{}/a{at}", at % 2);
        let expected: BTreeSet<String> = owners
            .iter()
            .enumerate()
            .map(|(at, owner)| {
                let owner = match owner {
                    Owner::Own => folder(at),
                    Owner::Tenant => format!("tenants/t{}", at % 2),
                    Owner::Application(peer) => format!("tenants/t{}", peer % 2),
                    Owner::Service => "services/keeper".to_owned(),
                };
                format!("kustomize/{owner}/base/configmap-o{at}.yaml")
            })
            .collect();
        let found: BTreeSet<String> = output.keys().filter(|path| path.contains("/configmap-o")).cloned().collect();
        if found != expected {
            return Err(format!("{}\n{found:#?}\n{expected:#?}", project.text()));
        }
        // Whoever has more objects is in no other order.
        let wave = |text: &String| text.lines().find(|line| line.contains("sync-wave")).map(str::to_owned);
        let waves: BTreeSet<Option<String>> = output
            .iter()
            .filter(|(path, _)| path.contains("/applications/tenant-") || path.ends_with("/applications/keeper.yaml"))
            .map(|(_, text)| wave(text))
            .collect();
        if waves.len() > 1 { Err(format!("{}\n{waves:?}", project.text())) } else { Ok(()) }
    });
}
