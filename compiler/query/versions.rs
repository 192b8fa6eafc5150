//! versions: what of others a platform pins, and the line that says so, for people and for bots that update it. In come a model and what was rendered, out go
//! versions with their places.

use crate::model::{EntityId, Model};
use crate::name::Kind;
use crate::object::{Objects, Rendering};
use crate::span::Span;
use crate::value::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What has a version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum PinnedKind {
    /// Kubernetes, on clusters whose class has a field `version`.
    Kubernetes,
    /// Terraform itself.
    Terraform,
    /// A provider of Terraform.
    Provider,
    /// A module that stacks call.
    Module,
    /// A Helm chart.
    Chart,
    /// A folder of a git repository.
    Git,
}

impl PinnedKind {
    /// One lower-case word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            PinnedKind::Kubernetes => "kubernetes",
            PinnedKind::Terraform => "terraform",
            PinnedKind::Provider => "provider",
            PinnedKind::Module => "module",
            PinnedKind::Chart => "chart",
            PinnedKind::Git => "git",
        }
    }
}

/// One version, at one place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PinnedVersion {
    /// What has it.
    pub kind: PinnedKind,
    /// The name: of a chart in its repository, of a provider as its stack calls it, of a class of clusters.
    pub name: String,
    /// Where it comes from: the address of a repository, `hashicorp/aws`.
    pub source: Option<String>,
    /// The version, or what it is to be within: `v1.21.1`, `~> 6.25`.
    pub version: String,
    /// Where it is said.
    pub at: Span,
}

/// All versions, each with the things that are installed or made by it. `is_chosen` says which things count.
#[must_use]
pub fn versions(model: &Model, objects: &Objects, is_chosen: &dyn Fn(EntityId) -> bool) -> BTreeMap<PinnedVersion, BTreeSet<EntityId>> {
    let mut found: BTreeMap<PinnedVersion, BTreeSet<EntityId>> = BTreeMap::new();
    for (id, entity) in model.entities().filter(|(id, entity)| entity.kind == Kind::Cluster && is_chosen(*id)) {
        if let Some(version) = entity.value.get("version")
            && let Some(text) = version.as_str()
        {
            let name = entity.class_name.rsplit('/').next().unwrap_or_default().to_owned();
            let one = PinnedVersion { kind: PinnedKind::Kubernetes, name, source: None, version: text.to_owned(), at: version.origin.span };
            found.entry(one).or_default().insert(id);
        }
    }
    for rendering in objects.renderings.iter().filter(|rendering| is_chosen(rendering.entity)) {
        for one in of_rendering(rendering) {
            found.entry(one).or_default().insert(rendering.entity);
        }
    }
    for stack in &objects.stacks {
        let members: Vec<EntityId> = stack.members.iter().copied().filter(|id| is_chosen(*id)).collect();
        if members.is_empty() {
            continue;
        }
        for one in of_stack(&stack.body) {
            // A module is of who calls it, the rest of all.
            let caller = stack.makers.get(&("module".into(), one.name.as_str().into())).filter(|_| one.kind == PinnedKind::Module);
            let things = caller.map_or(members.as_slice(), std::slice::from_ref);
            let things: Vec<EntityId> = things.iter().copied().filter(|id| members.contains(id)).collect();
            if !things.is_empty() {
                found.entry(one).or_default().extend(things);
            }
        }
    }
    found
}

fn of_rendering(rendering: &Rendering) -> Vec<PinnedVersion> {
    let chart = rendering.chart.as_ref().map(|chart| PinnedVersion {
        kind: PinnedKind::Chart,
        name: chart.chart.to_string(),
        source: Some(chart.repository.to_string()),
        version: chart.version.to_string(),
        at: chart.said.get("version").map_or(chart.span, |version| version.origin.span),
    });
    // What a class points to elsewhere: a chart, or a folder at a revision.
    let source = rendering.told.as_ref().and_then(|told| told.get("source"));
    let pointed = source.and_then(|source| {
        let text = |key: &str| source.get(key).and_then(Value::as_str).map(str::to_owned);
        let version = source.get("version").or_else(|| source.get("revision"))?;
        let repository = text("repository");
        let (kind, name) = match text("chart") {
            Some(chart) => (PinnedKind::Chart, chart),
            None => (PinnedKind::Git, text("path").unwrap_or_default()),
        };
        Some(PinnedVersion { kind, name, source: repository, version: version.as_str()?.to_owned(), at: version.origin.span })
    });
    chart.into_iter().chain(pointed).collect()
}

fn of_stack(body: &Value) -> Vec<PinnedVersion> {
    let entries = |path: &[&str]| body.at(path).and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    let of = |kind, name: &str, source: Option<&Value>, version: &Value| {
        let source = source.and_then(Value::as_str).map(str::to_owned);
        Some(PinnedVersion { kind, name: name.to_owned(), source, version: version.as_str()?.to_owned(), at: version.origin.span })
    };
    let terraform = body.at(&["terraform", "required_version"]).and_then(|version| of(PinnedKind::Terraform, "terraform", None, version));
    let each = |kind, path: &[&str]| -> Vec<PinnedVersion> {
        let one = |entry: &crate::value::Entry| of(kind, &entry.key, entry.value.get("source"), entry.value.get("version")?);
        entries(path).iter().filter_map(one).collect()
    };
    let providers = each(PinnedKind::Provider, &["terraform", "required_providers"]);
    let modules = entries(&["module"]).iter().filter_map(|entry| module(&entry.key, &entry.value));
    terraform.into_iter().chain(providers).chain(modules).collect()
}

/// The version of a module: of one of a registry what it says, of one in git what its address asks for behind `ref`.
fn module(name: &str, body: &Value) -> Option<PinnedVersion> {
    let source = body.get("source")?;
    let address = source.as_str()?;
    let (version, at) = match body.get("version") {
        Some(version) => (version.as_str()?, version.origin.span),
        None => (address.split_once('?')?.1.split('&').find_map(|part| part.strip_prefix("ref="))?, source.origin.span),
    };
    Some(PinnedVersion {
        kind: PinnedKind::Module,
        name: name.to_owned(),
        source: Some(address.to_owned()),
        version: version.to_owned(),
        at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::MemorySystem;
    use crate::{Options, compile};
    use expect_test::expect;

    const PLATFORM: &str = "
platform: { name: acme, domain: example.com }
environments: { apps: {}, ops: { inherits: apps } }
clusters: { c0: { class: plain, version: '1.36', environments: { ops: { version: '1.37' } } } }
services:
  web: { class: chart, environments: { ops: { version: 2.1.0 } } }
  shop: { class: chart }
  notes: { class: folder }
classes:
  cluster:
    plain:
      schema: { version: string }
      terraform:
        terraform: { required_version: '>= 1.9', required_providers: { aws: { source: hashicorp/aws, version: ~> 6.25 } } }
        module: { vpc: { source: acme/vpc/aws, version: 5.0.0 }, git: { source: 'git::https://git.example.com/m.git?depth=1&ref=v1.2.0' }, own: { source: ./m } }
  service:
    chart:
      terraform: { module: { '${self.name}': { source: acme/bucket/aws, version: 4.1.0 } } }
      schema: { version: string | default=2.0.0 }
      helm: { repository: 'https://charts.example.com', chart: web, version: '${self.version}' }
    folder: { argocd: { source: { repository: 'https://git.example.com/notes.git', path: deploy, revision: v3 } } }
";

    #[test]
    fn versions_are_told_with_their_places() {
        let compilation = compile(&MemorySystem::default().with("platform.yaml", PLATFORM), &Options::default());
        assert!(!compilation.diagnostics.has_errors(), "{:?}", compilation.diagnostics.sorted(&compilation.sources));
        let found = versions(&compilation.model, &compilation.objects, &|_| true);
        let mut told = String::new();
        for (version, things) in &found {
            let things: Vec<&str> = things.iter().map(|id| &*compilation.model.entity(*id).path).collect();
            let PinnedVersion { kind, name, source, version, at } = version;
            let (source, line) = (source.as_deref().unwrap_or("-"), compilation.sources.position(*at).line);
            told.push_str(&format!("{} {name} {version} from {source} at {line}: {}\n", kind.word(), things.join(", ")));
        }
        expect![[r#"
            kubernetes plain 1.36 from - at 4: apps.clusters.c0
            kubernetes plain 1.37 from - at 4: ops.clusters.c0
            terraform terraform >= 1.9 from - at 14: apps.clusters.c0, apps.clusters.c0.services.web, apps.clusters.c0.services.shop, ops.clusters.c0, ops.clusters.c0.services.web, ops.clusters.c0.services.shop
            provider aws ~> 6.25 from hashicorp/aws at 14: apps.clusters.c0, apps.clusters.c0.services.web, apps.clusters.c0.services.shop, ops.clusters.c0, ops.clusters.c0.services.web, ops.clusters.c0.services.shop
            module git v1.2.0 from git::https://git.example.com/m.git?depth=1&ref=v1.2.0 at 15: apps.clusters.c0, ops.clusters.c0
            module shop 4.1.0 from acme/bucket/aws at 18: apps.clusters.c0.services.shop, ops.clusters.c0.services.shop
            module vpc 5.0.0 from acme/vpc/aws at 15: apps.clusters.c0, ops.clusters.c0
            module web 4.1.0 from acme/bucket/aws at 18: apps.clusters.c0.services.web, ops.clusters.c0.services.web
            chart web 2.0.0 from https://charts.example.com at 19: apps.clusters.c0.services.web, apps.clusters.c0.services.shop, ops.clusters.c0.services.shop
            chart web 2.1.0 from https://charts.example.com at 6: ops.clusters.c0.services.web
            git deploy v3 from https://git.example.com/notes.git at 21: apps.clusters.c0.services.notes, ops.clusters.c0.services.notes
        "#]].assert_eq(&told);
    }
}
