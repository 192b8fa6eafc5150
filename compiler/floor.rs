//! The floor plan of the output: where each file goes, below the output directory, and read backwards whose a file is. In come things of the
//! model, out go folders, parts joined with `/`. No other room knows a path of the output; what stands in a folder is its backend's business.

use crate::model::{Entity, Environment, Layout, Model};
use crate::name::Kind;
use crate::object::{Stack, StackId};
use crate::path::Path;

/// The order of all stacks.
pub(crate) const ORDER: &str = "terraform/order.json";

/// What stands side by side in the output: a top folder each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Wing {
    /// Kubernetes objects, a tree for each thing.
    Kustomize,
    /// Root modules, a folder for each stack.
    Terraform,
    /// What Argo CD is given, a folder for each cluster.
    Argocd,
    /// What Flux is given, a folder for each cluster.
    Flux,
    /// What classes emit as files, a folder for each cluster.
    Files,
}

impl Wing {
    /// All of them.
    pub(crate) const ALL: [Wing; 5] = [Wing::Kustomize, Wing::Terraform, Wing::Argocd, Wing::Flux, Wing::Files];

    /// The name of the top folder.
    #[must_use]
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Wing::Kustomize => "kustomize",
            Wing::Terraform => "terraform",
            Wing::Argocd => "argocd",
            Wing::Flux => "flux",
            Wing::Files => "files",
        }
    }
}

/// The folder of a thing: of one kind and identity, and of one tenant if it is an application, wherever it is.
#[must_use]
pub(crate) fn thing(model: &Model, entity: &Entity) -> String {
    let identity = &entity.identity;
    let name = match entity.tenant {
        Some(tenant) => format!("{}/{identity}", model.entity(tenant).identity),
        None => identity.to_string(),
    };
    format!("{}/{}/{name}", Wing::Kustomize.folder(), entity.kind.plural())
}

/// In the folder of a thing, the one with what its environments share.
#[must_use]
pub(crate) fn base(thing: &str) -> String {
    format!("{thing}/{BASE}")
}

/// In the folder of a thing, the one with what it is in an environment on a cluster.
#[must_use]
pub(crate) fn overlay(thing: &str, environment: &str, cluster: &str) -> String {
    format!("{thing}/{OVERLAYS}/{environment}/{cluster}")
}

/// Whether a folder in that of a thing is one with what it is in an environment on a cluster.
#[must_use]
pub(crate) fn is_overlay(folder: &str) -> bool {
    matches!(folder.split('/').collect::<Vec<_>>()[..], [OVERLAYS, _, _])
}

/// From an overlay to the base of its thing.
pub(crate) const OVERLAY_TO_BASE: &str = "../../../base";

const BASE: &str = "base";
const OVERLAYS: &str = "overlays";

/// The folder with the objects of an entity, and before it the other folders that are read with it.
#[must_use]
pub(crate) fn objects(model: &Model, entity: &Entity) -> (Vec<String>, String) {
    let thing = thing(model, entity);
    // A cluster is on itself.
    let cluster = entity.cluster.map_or(&entity.identity, |cluster| &model.entity(cluster).identity).text();
    let overlay = overlay(&thing, model.environment(entity.environment).identity.text(), cluster);
    let beside = match model.platform.layout {
        Layout::Overlays => vec![base(&thing)],
        Layout::Rendered => Vec::new(),
    };
    (beside, overlay)
}

/// The folder of a stack.
#[must_use]
pub(crate) fn stack(model: &Model, stack: &Stack) -> String {
    format!("{}/{}", Wing::Terraform.folder(), stack_of(model, &stack.id()))
}

/// The folder of a stack, by what names its environment outside, and its name.
#[must_use]
pub fn stack_named(environment: &str, name: &str) -> String {
    format!("{}/{environment}/{name}", Wing::Terraform.folder())
}

/// The folder of a stack among those of all stacks.
#[must_use]
pub(crate) fn stack_of(model: &Model, id: &StackId) -> String {
    format!("{}/{}", model.environment(id.environment).identity, id.name)
}

/// The way from the folder of a stack to that of another one.
#[must_use]
pub(crate) fn to_stack(model: &Model, from: &Stack, to: &Stack) -> String {
    if from.environment == to.environment { format!("../{}", to.name) } else { format!("../../{}", stack_of(model, &to.id())) }
}

/// The folder of what installs things on a cluster.
#[must_use]
pub(crate) fn delivery(wing: Wing, environment: &Environment, cluster: &Entity) -> String {
    format!("{}/{}/{}", wing.folder(), environment.identity, cluster.identity)
}

/// The folder for files of an entity; what is on no cluster has that of the environment.
#[must_use]
pub(crate) fn files(model: &Model, entity: &Entity) -> String {
    let environment = &model.environment(entity.environment).identity;
    let folder = Wing::Files.folder();
    match (entity.kind, entity.cluster) {
        (Kind::Cluster, _) => format!("{folder}/{environment}/{}", entity.identity),
        (_, Some(cluster)) => format!("{folder}/{environment}/{}", model.entity(cluster).identity),
        (_, None) => format!("{folder}/{environment}"),
    }
}

/// Read backwards: the model path of the environment, or of the cluster in it, that a file belongs to; nothing for what environments share,
/// such as bases. A stack counts as the cluster of its name. Folders are named by identities; what no longer exists keeps those.
#[must_use]
pub fn belongs(model: &Model, path: &str) -> Option<Path> {
    let (environment, cluster) = folders(path)?;
    let found = model.environments().find(|(_, known)| **known.identity.text() == *environment);
    let name = found.map_or(environment, |(_, known)| &*known.name);
    let Some(cluster) = cluster else { return Some(Path::of([name])) };
    let of_cluster = |entity: &&Entity| {
        entity.kind == Kind::Cluster && **entity.identity.text() == *cluster && found.is_some_and(|(id, _)| id == entity.environment)
    };
    let cluster = model.entities.iter().find(of_cluster).map_or(cluster, |entity| &*entity.name);
    Some(Path::of([name, Kind::Cluster.plural(), cluster]))
}

/// Read backwards: the environment that a file is of, by what names it outside; none for what environments share.
#[must_use]
pub fn environment_of(path: &str) -> Option<&str> {
    folders(path).map(|(environment, _)| environment)
}

/// Where the file of another environment is that stands for this one; the same place for what environments share.
#[must_use]
pub fn in_environment(path: &str, environment: &str) -> String {
    match FilePlace::of(path) {
        Some(FilePlace::Overlay { thing, site: (_, cluster), file }) => format!("{}/{file}", overlay(thing, environment, cluster)),
        Some(FilePlace::Delivery { wing, site: (_, cluster), file }) => format!("{}/{environment}/{cluster}/{file}", wing.folder()),
        Some(FilePlace::Stack { stack, file, .. }) => format!("{}/{file}", stack_named(environment, stack)),
        Some(FilePlace::Base { .. }) => path.to_owned(),
        None => match path.split('/').collect::<Vec<_>>()[..] {
            [wing, _, ref rest @ ..] if environment_of(path).is_some() => format!("{wing}/{environment}/{}", rest.join("/")),
            _ => path.to_owned(),
        },
    }
}

/// Read backwards: the folder of the thing whose base a file is part of.
#[must_use]
pub fn base_of(path: &str) -> Option<&str> {
    if let Some(FilePlace::Base { thing, .. }) = FilePlace::of(path) { Some(thing) } else { None }
}

/// Read backwards: the folder of the thing whose overlay a file is part of, and the environment, by what names it outside.
#[must_use]
pub fn overlay_of(path: &str) -> Option<(&str, &str)> {
    if let Some(FilePlace::Overlay { thing, site, .. }) = FilePlace::of(path) { Some((thing, site.0)) } else { None }
}

/// The folders of the environment and of the cluster in it.
fn folders(path: &str) -> Option<(&str, Option<&str>)> {
    let parts: Vec<&str> = path.split('/').collect();
    let (top, parts) = parts.split_first()?;
    let wing = Wing::ALL.into_iter().find(|wing| wing.folder() == *top)?;
    let (environment, rest) = match wing {
        Wing::Terraform | Wing::Argocd | Wing::Flux | Wing::Files => parts.split_first()?,
        Wing::Kustomize => {
            // Behind a kind stands a name, of one part or two.
            let inner = parts.get(2..)?;
            let inner = if matches!(inner.first(), Some(&(BASE | OVERLAYS))) { inner } else { inner.get(1..)? };
            let (_, inner) = inner.split_first().filter(|(first, _)| **first == OVERLAYS)?;
            inner.split_first()?
        }
    };
    match rest {
        [] => None,
        [_file] => Some((environment, None)),
        [cluster, ..] => Some((environment, Some(cluster))),
    }
}

/// An environment and a cluster in it, by the names of their folders.
pub(crate) type SitePath<'p> = (&'p str, &'p str);

/// Read backwards: what a file of the output is part of. Folders are named by identities.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FilePlace<'p> {
    /// What a thing is everywhere.
    Base { thing: &'p str, file: &'p str },
    /// What a thing is on a cluster.
    Overlay { thing: &'p str, site: SitePath<'p>, file: &'p str },
    /// What installs on a cluster; `file` is below its folder.
    Delivery { wing: Wing, site: SitePath<'p>, file: &'p str },
    /// A stack of an environment.
    Stack { environment: &'p str, stack: &'p str, file: &'p str },
}

impl<'p> FilePlace<'p> {
    /// Where a file stands; nothing for what is part of none of these.
    #[must_use]
    pub(crate) fn of(path: &'p str) -> Option<Self> {
        let (top, rest) = path.split_once('/')?;
        let wing = Wing::ALL.into_iter().find(|wing| wing.folder() == top)?;
        let two = |rest: &'p str| {
            let (first, rest) = rest.split_once('/')?;
            rest.split_once('/').map(|(second, file)| ((first, second), file))
        };
        match wing {
            Wing::Argocd | Wing::Flux => two(rest).map(|(site, file)| Self::Delivery { wing, site, file }),
            Wing::Terraform => two(rest).map(|((environment, stack), file)| Self::Stack { environment, stack, file }),
            Wing::Files => None,
            Wing::Kustomize => {
                // Behind a kind stands a name, of one part or two.
                let (kind, inner) = rest.split_once('/')?;
                let (name, inner) = inner.split_once('/')?;
                let is_whole = |inner: &str| inner.split_once('/').is_some_and(|(word, _)| matches!(word, BASE | OVERLAYS));
                let (name, inner) = if is_whole(inner) {
                    (name.len(), inner)
                } else {
                    inner.split_once('/').map(|(more, inner)| (name.len() + 1 + more.len(), inner))?
                };
                let thing = path.get(..top.len() + 1 + kind.len() + 1 + name)?;
                match inner.split_once('/')? {
                    (BASE, file) => Some(Self::Base { thing, file }),
                    (OVERLAYS, rest) => two(rest).map(|(site, file)| Self::Overlay { thing, site, file }),
                    (_, _) => None,
                }
            }
        }
    }
}

/// Environment, cluster, tenant and name of the application whose overlay a file is of, all by identity.
pub(crate) fn application_at(path: &str) -> Option<[String; 4]> {
    let FilePlace::Overlay { thing, site: (environment, cluster), .. } = FilePlace::of(path)? else { return None };
    let (tenant, name) = thing.strip_prefix(&format!("{}/applications/", Wing::Kustomize.folder()))?.split_once('/')?;
    Some([environment, cluster, tenant, name].map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::MemorySystem;
    use crate::{Options, compile};

    #[test]
    fn environments_and_clusters_are_read_off_paths() {
        let text = "platform: { name: a, domain: a.example.com }\nenvironments: { production: { identity: prod }, ops: {} }\n\
            classes: { cluster: { c: {} } }\nclusters: { main: { class: c, identity: gc1, notIn: [ops] } }\n";
        let model = compile(&MemorySystem::default().with("platform.yaml", text), &Options::default()).model;
        for (path, expected) in [
            ("terraform/prod/gc1/main.tf.json", Some("production.clusters.main")),
            ("terraform/ops/gc1/main.tf.json", Some("ops.clusters.gc1")),
            ("files/prod/inventory.ini", Some("production")),
            (ORDER, None),
            ("terraform/apps/gc0/main.tf.json", Some("apps.clusters.gc0")),
            ("argocd/apps/gc0/projects/x.yaml", Some("apps.clusters.gc0")),
            ("flux/apps/gc0/units/x.yaml", Some("apps.clusters.gc0")),
            ("files/apps/inventory.ini", Some("apps")),
            ("kustomize/services/shop/base/kustomization.yaml", None),
            ("kustomize/services/overlays/base/kustomization.yaml", None),
            ("kustomize/services/overlays/overlays/ops/gc0/kustomization.yaml", Some("ops.clusters.gc0")),
            ("kustomize/services/shop/overlays/ops/gc0/kustomization.yaml", Some("ops.clusters.gc0")),
            ("kustomize/applications/a/web/base/kustomization.yaml", None),
            ("kustomize/applications/a/web/overlays/ops/gc0/kustomization.yaml", Some("ops.clusters.gc0")),
            ("elsewhere/apps/gc0/x.yaml", None),
            (".gitattributes", None),
        ] {
            assert_eq!(belongs(&model, path).map(|path| path.to_string()).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn what_a_file_is_part_of_is_read_off_its_path() {
        let site = ("ops", "gc0");
        for (path, expected) in [
            ("kustomize/services/a/base/x.yaml", Some(FilePlace::Base { thing: "kustomize/services/a", file: "x.yaml" })),
            ("kustomize/services/base/base/x.yaml", Some(FilePlace::Base { thing: "kustomize/services/base", file: "x.yaml" })),
            (
                "kustomize/applications/a/web/overlays/ops/gc0/base/x.yaml",
                Some(FilePlace::Overlay { thing: "kustomize/applications/a/web", site, file: "base/x.yaml" }),
            ),
            ("argocd/ops/gc0/roots/x.yaml", Some(FilePlace::Delivery { wing: Wing::Argocd, site, file: "roots/x.yaml" })),
            ("flux/ops/gc0/root.yaml", Some(FilePlace::Delivery { wing: Wing::Flux, site, file: "root.yaml" })),
            ("terraform/ops/db/main.tf.json", Some(FilePlace::Stack { environment: "ops", stack: "db", file: "main.tf.json" })),
            (ORDER, None),
            ("files/ops/gc0/x", None),
            ("kustomize/services/x.yaml", None),
            ("README.md", None),
        ] {
            assert_eq!(FilePlace::of(path), expected, "{path}");
        }
    }

    #[test]
    fn the_way_from_an_overlay_leads_to_its_base() {
        let thing = "kustomize/services/shop";
        let (base, overlay) = (base(thing), overlay(thing, "apps", "gc0"));
        let mut at: Vec<&str> = overlay.split('/').collect();
        for step in OVERLAY_TO_BASE.split('/') {
            if step == ".." {
                at.pop();
            } else {
                at.push(step);
            }
        }
        assert_eq!(at.join("/"), base);
    }

    /// A thing may be called like an environment.
    #[test]
    fn files_have_counterparts_in_other_environments() {
        for (path, environment, counterpart) in [
            ("terraform/apps/gc0/main.tf.json", Some("apps"), "terraform/ops/gc0/main.tf.json"),
            ("argocd/apps/apps/applications/apps.yaml", Some("apps"), "argocd/ops/apps/applications/apps.yaml"),
            ("kustomize/services/apps/base/x.yaml", None, "kustomize/services/apps/base/x.yaml"),
            ("kustomize/services/apps/overlays/apps/gc0/x.yaml", Some("apps"), "kustomize/services/apps/overlays/ops/gc0/x.yaml"),
            (
                "kustomize/applications/apps/shop/overlays/apps/gc0/x.yaml",
                Some("apps"),
                "kustomize/applications/apps/shop/overlays/ops/gc0/x.yaml",
            ),
            ("files/apps/gc0/apps/x.yaml", Some("apps"), "files/ops/gc0/apps/x.yaml"),
            ("files/apps/x.yaml", Some("apps"), "files/ops/x.yaml"),
            ("terraform/order.json", None, "terraform/order.json"),
        ] {
            assert_eq!((environment_of(path), &*in_environment(path, "ops")), (environment, counterpart), "{path}");
        }
    }
}
