//! The Argo CD backend: one folder per environment and cluster, with a root Application, the projects and Applications it owns, and what
//! an Argo CD needs first. It writes for Argo CD 3.2 and later, and never a credential.

mod account;
mod application;
mod bootstrap;
mod errors;
mod project;
mod registration;
mod root;
mod site;
mod source;

use crate::artifact::{Artifact, Artifacts, Input};
use crate::diagnostic::Diagnostics;
use crate::model::{Entity, EntityId, Repository};
use crate::print::{Printout, Spelling, Tree};
use crate::value::Value;
use project::UnitRepositories;
use rayon::prelude::*;
use site::ArgoSite;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Writes the folder of every cluster.
pub(super) fn emit(input: &Input<'_>, artifacts: &mut Artifacts, diagnostics: &mut Diagnostics) {
    let Some(repository) = &input.model.platform.repository else { return };
    let sites = site::sites(input, diagnostics);
    site::pinned(&sites, &input.model.platform, repository, diagnostics);
    site::by_hand(&sites, diagnostics);
    site::without_owner(&sites, &input.model.platform, diagnostics);
    let clashes = clashes(&sites);
    if !clashes.is_empty() {
        diagnostics.append(clashes);
        return;
    }
    let emitted: Vec<_> = sites.par_iter().map(|site| files(site, &sites, input, repository)).collect();
    for (files, said) in emitted {
        diagnostics.append(said);
        for (path, page, entities) in files {
            let free = artifacts.add(path, Artifact::new(page, entities));
            debug_assert!(free, "two Applications share a file");
        }
    }
}

/// Names of Applications, and of projects, that one Argo CD would know twice.
fn clashes(sites: &[ArgoSite<'_>]) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    let mut taken: BTreeMap<(EntityId, &str, String), &Entity> = BTreeMap::new();
    for site in sites {
        taken.insert((site.host, "Application", root::name(site)), site.on.entity);
        taken.insert((site.host, "AppProject", site.name("platform")), site.on.entity);
    }
    for site in sites {
        let applications = site.on.units.iter().map(|unit| ("Application", site.name(&unit.name), unit.entity));
        let tenants = site.on.tenants.values().map(|tenant| ("AppProject", site.tenant_project(tenant.entity), tenant.entity));
        for (what, name, entity) in applications.chain(tenants) {
            match taken.entry((site.host, what, name)) {
                Entry::Occupied(first) => diagnostics.push(errors::name_collision(what, &first.key().2, entity, first.get())),
                Entry::Vacant(vacant) => {
                    vacant.insert(entity);
                }
            }
        }
    }
    diagnostics
}

type ArgoFiles = Vec<(String, Printout, Vec<EntityId>)>;

/// The files of one cluster.
fn files(site: &ArgoSite<'_>, sites: &[ArgoSite<'_>], input: &Input<'_>, repository: &Repository) -> (ArgoFiles, Diagnostics) {
    let platform = &input.model.platform;
    let mut diagnostics = Diagnostics::default();
    let mut files: ArgoFiles = Vec::new();
    let mut resources: Vec<(String, &Value)> = Vec::new();
    let traced = input.traces(&site.folder);
    let page = |name: &str, tree: &Tree, entities: Vec<EntityId>| {
        (format!("{}/{name}", site.folder), Printout::print(tree, Spelling::Yaml, traced), entities)
    };
    let mut members: BTreeMap<Option<EntityId>, Vec<UnitRepositories<'_, '_>>> = BTreeMap::new();
    for unit in &site.on.units {
        let mut sources = source::of(unit, (repository, platform), site);
        let tenant = unit.tenant.map(|(id, _)| id);
        members.entry(tenant).or_default().push((unit, std::mem::take(&mut sources.repositories)));
        let name = site.name(&unit.name);
        let file = format!("applications/{name}.yaml");
        if unit.waits {
            let path = format!("{}/{file}", site.folder);
            let Some(held) = input.held.get(&path) else { continue };
            files.push((path, application::held(held, unit).into(), vec![unit.id]));
            let values = (0..unit.sources.len()).map(|at| format!("{}/{}", site.folder, source::values_file(&name, at)));
            files.extend(values.filter_map(|path| {
                let held = input.held.get(&path)?.to_owned();
                Some((path, held.into(), vec![unit.id]))
            }));
        } else {
            files.extend(std::mem::take(&mut sources.values).iter().map(|(file, values)| page(file, values, vec![unit.id])));
            files.push(page(&file, &application::tree(unit, sources, site, platform), vec![unit.id]));
        }
        resources.push((file, unit.entity.identity.value()));
    }
    let mut others: ArgoFiles = Vec::new();
    let mut add = |name: String, tree: &Tree, entities: Vec<EntityId>| files.push(page(&name, tree, entities));
    let of = |tenant: Option<EntityId>| members.get(&tenant).map_or(&[][..], Vec::as_slice);
    let from = |first: EntityId, members: &[UnitRepositories<'_, '_>]| {
        std::iter::once(first).chain(members.iter().map(|(member, _)| member.id)).collect()
    };
    let file = format!("projects/{}.yaml", site.name("platform"));
    add(file.clone(), &project::platform(of(None), site, platform, repository), from(site.on.cluster, of(None)));
    resources.push((file, site.on.entity.identity.value()));
    for (id, tenant) in &site.on.tenants {
        let file = format!("projects/{}.yaml", site.tenant_project(tenant.entity));
        add(file.clone(), &project::tenant(tenant, of(Some(*id)), site, platform, &mut diagnostics), from(*id, of(Some(*id))));
        resources.push((file, tenant.entity.identity.value()));
    }
    if site.host == site.on.cluster {
        add("root.yaml".to_owned(), &root::tree(site, platform, repository), vec![site.on.cluster]);
        for (name, tree) in bootstrap::files(platform, repository) {
            add(format!("bootstrap/{name}"), &tree, vec![site.on.cluster]);
        }
        for other in sites.iter().filter(|other| site.shared && other.host == site.on.cluster && other.on.cluster != site.on.cluster) {
            let file = format!("roots/{}.yaml", root::name(other));
            // It is the hub's folder that must be whole, whatever else is written.
            let mut both = vec![site.on.cluster, other.on.cluster];
            both.sort_unstable();
            add(file.clone(), &root::tree(other, platform, repository), both.clone());
            resources.push((file, other.on.entity.identity.value()));
            let file = registration::file(other);
            if let Some(text) = registration::of(other, input, &format!("{}/{file}", site.folder)) {
                others.push((format!("{}/{file}", site.folder), text, both));
                resources.push((file, other.on.entity.identity.value()));
            }
        }
    } else {
        for (name, tree) in registration::bootstrap(site, input) {
            add(format!("bootstrap/{name}"), &tree, vec![site.on.cluster]);
        }
    }
    resources.sort_by(|one, other| one.0.cmp(&other.0));
    let resources = resources.into_iter().map(|(file, by)| Tree::text_by(file, Some(by))).collect();
    add("kustomization.yaml".to_owned(), &root::kustomization(resources), vec![site.on.cluster]);
    files.extend(others);
    (files, diagnostics)
}

#[cfg(test)]
mod tests;
