//! Files that platc does not write. In comes the path of one, out goes what is written that keeps it from being there: the thing it would be of is not there,
//! or makes nothing of this kind. What a class leaves out of a thing that is there is told elsewhere.

use crate::definition::Definitions;
use crate::floor::{self, FilePlace, Wing};
use crate::model::{AbsentThing, Entity, EntityId, EnvironmentId, Model};
use crate::name::{Kind, listed};
use crate::object::Objects;
use crate::query::path::{DeadEnd, absent_words};
use crate::value::Value;

/// Why platc writes no such file, if that is written anywhere.
#[must_use]
pub fn missing(model: &Model, definitions: &Definitions, objects: &Objects, path: &str) -> Option<DeadEnd> {
    let search = FileSearch { model, definitions, objects };
    if let Some((environment, file)) = path.strip_prefix(&format!("{}/", Wing::Files.folder())).and_then(|rest| rest.split_once('/')) {
        return Some(search.file(environment, file));
    }
    match FilePlace::of(path)? {
        FilePlace::Base { thing, .. } => {
            let all: Vec<EnvironmentId> = model.environments().map(|(id, _)| id).collect();
            all.into_iter().find_map(|environment| search.thing(environment, None, thing))
        }
        FilePlace::Overlay { thing, site: (environment, cluster), .. } => match search.site(environment, Some(cluster)) {
            Ok(id) => search.thing(id, Some(cluster), thing).or_else(|| search.no_objects(id, cluster, thing)),
            Err(lost) => Some(lost),
        },
        FilePlace::Delivery { wing, site: (environment, cluster), file } => match search.site(environment, Some(cluster)) {
            Ok(id) => search.delivered(id, wing, cluster, file),
            Err(lost) => Some(lost),
        },
        FilePlace::Stack { environment, stack, .. } => match search.site(environment, None) {
            Ok(id) => search.stack(id, stack),
            Err(lost) => Some(lost),
        },
    }
}

struct FileSearch<'a> {
    model: &'a Model,
    definitions: &'a Definitions,
    objects: &'a Objects,
}

impl FileSearch<'_> {
    /// The environment of a folder, if that and the cluster in it are there.
    fn site(&self, environment: &str, cluster: Option<&str>) -> Result<EnvironmentId, DeadEnd> {
        let known = || self.model.environments().map(|(_, known)| &**known.identity.text());
        let Some((id, _)) = self.model.environments().find(|(_, known)| **known.identity.text() == *environment) else {
            let hint = Some(format!("the folders of environments are {}", listed(known())));
            return Err(DeadEnd { at: None, message: format!("no environment has the folder `{environment}`"), hint });
        };
        let Some(cluster) = cluster else { return Ok(id) };
        let is_here = |entity: &&Entity| entity.kind == Kind::Cluster && entity.environment == id;
        if self.model.entities.iter().filter(is_here).any(|entity| **entity.identity.text() == *cluster) {
            return Ok(id);
        }
        let named = |absent: &AbsentThing<'_>| absent.kind == Kind::Cluster && absent.identity == cluster;
        if let Some(absent) = self.model.absent.of(id).find(named) {
            return Err(self.absent(id, &absent));
        }
        let clusters = self.model.entities.iter().filter(is_here).map(|entity| &**entity.identity.text());
        let environment = &self.model.environment(id).name;
        let hint = Some(format!("the folders of its clusters are {}", listed(clusters)));
        Err(DeadEnd { at: None, message: format!("no cluster of `{environment}` has the folder `{cluster}`"), hint })
    }

    fn absent(&self, environment: EnvironmentId, absent: &AbsentThing<'_>) -> DeadEnd {
        let (why, hint) = absent_words(absent.why.absence);
        let mut place = self.model.environment(environment).name.to_string();
        if let Some(cluster) = absent.cluster {
            place.push_str(&format!(".clusters.{cluster}"));
        }
        let message = format!("`{place}` has no {} `{}`: {why}", absent.kind.words(), absent.identity);
        DeadEnd { at: Some(absent.why.span), message, hint }
    }

    /// The thing of a folder, if something says that it is not there.
    fn thing(&self, environment: EnvironmentId, cluster: Option<&str>, folder: &str) -> Option<DeadEnd> {
        let named = |absent: &AbsentThing<'_>| {
            let name = match absent.tenant.filter(|_| absent.kind == Kind::Application) {
                Some(tenant) => format!("{tenant}/{}", absent.identity),
                None => absent.identity.to_owned(),
            };
            folder == format!("{}/{}/{name}", Wing::Kustomize.folder(), absent.kind.plural()) && is_on(absent, cluster)
        };
        let absent = self.model.absent.of(environment).find(named)?;
        Some(self.absent(environment, &absent))
    }

    /// A thing that is there, of a class that makes no objects.
    fn no_objects(&self, environment: EnvironmentId, cluster: &str, folder: &str) -> Option<DeadEnd> {
        let is_it = |entity: &Entity| {
            entity.environment == environment && self.is_on(entity, cluster) && floor::thing(self.model, entity) == folder
        };
        let (id, entity) = self.model.entities().find(|(_, entity)| is_it(entity))?;
        let makes = self.objects.renderings.iter().any(|rendering| rendering.entity == id && !rendering.manifests.is_empty());
        (!makes).then(|| self.makes_no(entity, "objects"))
    }

    fn makes_no(&self, entity: &Entity, what: &str) -> DeadEnd {
        let class = self.definitions.classes.get(entity.class.0 as usize);
        let message = format!("`{}` makes no {what}: its class `{}` has none for it", entity.thing.path(), entity.class_name);
        DeadEnd { at: class.map(|class| class.name.span), message, hint: None }
    }

    fn is_on(&self, entity: &Entity, cluster: &str) -> bool {
        entity.cluster.is_some_and(|id| **self.model.entity(id).identity.text() == *cluster)
    }

    /// What installs a thing on a cluster.
    fn delivered(&self, environment: EnvironmentId, wing: Wing, cluster: &str, file: &str) -> Option<DeadEnd> {
        let said = self.model.environment(environment).value.get("delivery");
        if let Some(other) = said.filter(|said| said.as_str().is_some_and(|said| said != wing.folder())) {
            let message =
                format!("`{}` is delivered by `{}`", self.model.environment(environment).name, other.as_str().unwrap_or_default());
            return Some(DeadEnd { at: Some(other.decided().span), message, hint: None });
        }
        let stem = stem(file);
        // Files are called after things, perhaps with the cluster or the tenant in front; the longest name is meant.
        let fits = |name: &str| name == stem || stem.strip_suffix(name).is_some_and(|front| front.ends_with('-'));
        let is_meant = |absent: &AbsentThing<'_>| is_on(absent, Some(cluster)) && fits(absent.identity);
        let absent = self.model.absent.of(environment).filter(is_meant).max_by_key(|absent| absent.identity.len());
        let here = |entity: &Entity| entity.environment == environment && self.is_on(entity, cluster) && fits(entity.identity.text());
        let there = self.model.entities().filter(|(_, entity)| here(entity)).max_by_key(|(_, entity)| entity.identity.text().len());
        match (absent, there) {
            (Some(absent), Some((_, entity))) if absent.identity.len() < entity.identity.text().len() => self.silent(entity),
            (Some(absent), _) => Some(self.absent(environment, &absent)),
            (None, Some((_, entity))) => self.silent(entity),
            (None, None) => None,
        }
    }

    /// A thing that is there, and of which nothing is installed.
    fn silent(&self, entity: &Entity) -> Option<DeadEnd> {
        let of = |id: EntityId| std::ptr::eq(self.model.entity(id), entity);
        let rendering = self.objects.renderings.iter().find(|rendering| of(rendering.entity));
        let makes = rendering.is_some_and(|rendering| !rendering.manifests.is_empty() || rendering.chart.is_some());
        (!makes).then(|| self.makes_no(entity, "objects and no chart"))
    }

    /// A file that a class would emit for something on a cluster, or on none.
    fn file(&self, environment: &str, file: &str) -> DeadEnd {
        let id = match self.site(environment, None) {
            Ok(id) => id,
            Err(lost) => return lost,
        };
        let (cluster, lost, file) = match file.split_once('/') {
            None => (None, None, file),
            Some((cluster, inner)) => match self.site(environment, Some(cluster)) {
                Ok(_) => (Some(cluster), None, inner),
                Err(lost) => (None, Some(lost), file),
            },
        };
        let environment = self.model.environment(id);
        let folder =
            format!("{}/{}{}", Wing::Files.folder(), environment.identity, cluster.map(|name| format!("/{name}")).unwrap_or_default());
        let is_here = |entity: EntityId| floor::files(self.model, self.model.entity(entity)) == folder;
        let here = self.objects.renderings.iter().filter(|rendering| is_here(rendering.entity));
        let known: Vec<&str> = here.flat_map(|rendering| &rendering.files).map(|file| &*file.path).collect();
        let place = cluster.map_or_else(|| format!("`{}`", environment.name), |name| format!("cluster `{name}` of `{}`", environment.name));
        match lost.filter(|_| known.is_empty()) {
            // It is no folder of a class, so it was meant to be that of a cluster.
            Some(lost) => lost,
            None => {
                let hint = (!known.is_empty()).then(|| format!("its files are {}", listed(known)));
                DeadEnd { at: None, message: format!("nothing in {place} makes the file `{file}`"), hint }
            }
        }
    }

    /// A stack: that of a cluster, or of infrastructure.
    fn stack(&self, environment: EnvironmentId, stack: &str) -> Option<DeadEnd> {
        let kinds = [Kind::Cluster, Kind::Infrastructure];
        let is_it =
            |entity: &Entity| entity.environment == environment && kinds.contains(&entity.kind) && **entity.identity.text() == *stack;
        if self.objects.stacks.iter().any(|known| known.environment == environment && *known.name == *stack) {
            return None;
        }
        if let Some((_, entity)) = self.model.entities().find(|(_, entity)| is_it(entity)) {
            let other = entity.stack.as_ref().filter(|other| ***other != *stack);
            let Some(other) = other else { return Some(self.makes_no(entity, "Terraform")) };
            let at = Some(entity.value.get("stack").map_or(entity.defined, |said: &Value| said.decided().span));
            return Some(DeadEnd { at, message: format!("`{}` is in the stack `{other}`", entity.thing.path()), hint: None });
        }
        let absent = self.model.absent.of(environment).find(|absent| kinds.contains(&absent.kind) && absent.identity == stack);
        if let Some(absent) = absent {
            return Some(self.absent(environment, &absent));
        }
        let known = self.objects.stacks.iter().filter(|known| known.environment == environment).map(|known| &*known.name);
        let name = &self.model.environment(environment).name;
        let hint = Some(format!("its stacks are {}", listed(known.clone()))).filter(|_| known.clone().next().is_some());
        Some(DeadEnd { at: None, message: format!("no stack of `{name}` has the folder `{stack}`"), hint })
    }
}

/// Whether something that is not there would be on a cluster.
fn is_on(absent: &AbsentThing<'_>, cluster: Option<&str>) -> bool {
    absent.cluster.is_none() || cluster.is_none() || absent.cluster == cluster
}

/// The name of a file without its folders and its ending.
fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.split_once('.').map_or(name, |(stem, _)| stem)
}
