//! What is installed from elsewhere under the name of another release or in another namespace than before, or is another chart under the name of the
//! thing, and an Argo CD that runs in another namespace or on another cluster: the same thing, and all of it anew. In come the clusters with their units before and after.

use super::{PlatformChange, elsewhere, errors, jumps};
use crate::delivery::{Site, Unit, UnitSource, deliver};
use crate::diagnostic::Diagnostics;
use crate::level::Level;
use crate::model::{EntityId, Model};
use crate::name::Kind;
use crate::object::Objects;
use crate::span::Span;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Environment, cluster, kind and name: what a unit is called outside.
type UnitKey<'u> = (&'u str, &'u str, Kind, &'u str);

pub(super) fn report(change: &PlatformChange<'_>, diagnostics: &mut Diagnostics) {
    argo_cd(change, diagnostics);
    let sites = [change.before, change.now].map(|side| deliver(side.model, side.graph, side.objects, &mut Diagnostics::default()));
    elsewhere::report(change, &sites, diagnostics);
    let [old, new] = &sites;
    let before: BTreeMap<UnitKey<'_>, &Unit<'_>> = old.iter().flat_map(units).collect();
    let chosen: BTreeSet<EntityId> = change.pairs.iter().map(|(_, now)| *now).collect();
    for (key, unit) in new.iter().flat_map(units).filter(|(_, unit)| chosen.contains(&unit.id) && !unit.waits) {
        let Some(old) = before.get(&key).filter(|old| !old.waits) else { continue };
        if !(unit.is_opaque() && old.is_opaque()) {
            continue;
        }
        let place = |keys: &[&str]| place(change.now.objects, unit, keys);
        if let Some(parts) = elsewhere::exchanged(old, unit) {
            let at = change.reclassed(unit.entity);
            let at = at.or_else(|| unit.entity.value.get("chart").map(|said| change.users_or(said.origin.span, unit.entity)));
            let at = at.unwrap_or_else(|| change.users_or(change.decided_of(old.entity, unit.entity), unit.entity));
            let level = if old.keeps_data { Level::DestroysData } else { Level::Replaces };
            diagnostics.push(errors::another_installed(unit.entity, &parts, at).level(level));
            continue;
        }
        if let Some((parts, at)) = jumps::moved(old, unit) {
            let at = unit.entity.value.get("path").map_or(at, |path| change.users_or(path.origin.span, unit.entity));
            diagnostics.push(jumps::told_of_folder(unit.entity, &parts, change.users_or(at, unit.entity)));
        }
        for jump in jumps::of(old, unit) {
            let at = change.users_or(jump.at, unit.entity);
            diagnostics.push(jumps::told(unit.entity, &jump, at));
        }
        if let (Some(was), Some((is, said))) = (release(old), release(unit))
            && was.0 != is
        {
            let at = said.unwrap_or_else(|| place(&["releaseName"]));
            diagnostics.push(errors::release_renamed(unit.entity, (was.0, is), at));
        }
        if old.namespace != unit.namespace {
            // Perhaps the short name of a namespace of its tenant.
            let said = unit.entity.value.get("namespace");
            let of_tenant = unit.tenant.and_then(|(_, tenant)| tenant.value.get("namespaces"));
            let short = said.and_then(Value::as_str).filter(|short| of_tenant.is_some_and(|all| all.get(short).is_some()));
            let by = match (old.entity.value.get("namespace"), said) {
                (Some(was), Some(is)) if short.is_some() && !was.same_data(is) => (was, is),
                _ => (old.namespace_by(), unit.namespace_by()),
            };
            let at = change.decided_by_user((Some(by.0), Some(by.1)), (old.id, unit.entity));
            diagnostics.push(errors::namespace_changed(unit.entity, (&old.namespace, &unit.namespace), short, at));
        }
    }
}

fn units<'s, 'a>(site: &'s Site<'a>) -> impl Iterator<Item = (UnitKey<'s>, &'s Unit<'a>)> {
    let (environment, cluster) = (&**site.environment.identity.text(), &**site.entity.identity.text());
    site.units.iter().map(move |unit| ((environment, cluster, unit.entity.kind, &*unit.outside), unit))
}

/// The release that a unit is installed as, and where that is said.
fn release<'u>(unit: &'u Unit<'_>) -> Option<(&'u str, Option<Span>)> {
    unit.sources.iter().find_map(|source| match source {
        UnitSource::Elsewhere(elsewhere) if elsewhere.is_chart() => {
            Some((elsewhere.helm.release.as_deref().unwrap_or(&unit.outside), elsewhere.helm.named))
        }
        UnitSource::Elsewhere(_) | UnitSource::Output { .. } => None,
    })
}

/// Where something is said of how a unit is installed: to whoever installs it, of its chart, or in a field; else the thing.
fn place(objects: &Objects, unit: &Unit<'_>, keys: &[&str]) -> Span {
    let rendering = objects.renderings.iter().find(|rendering| rendering.entity == unit.id);
    let told = || rendering?.told.as_ref()?.at(keys);
    let chart = || rendering?.chart.as_ref()?.said.at(keys);
    let said: Option<&Value> = told().or_else(chart).or_else(|| unit.entity.value.at(keys));
    said.map_or(unit.entity.defined, |said| said.origin.span)
}

/// Reports an Argo CD in another namespace, or on another cluster, once for the platform, if it installs anything before and after.
fn argo_cd(change: &PlatformChange<'_>, diagnostics: &mut Diagnostics) {
    let uses = |model: &Model| {
        let mut clusters = model.entities().filter(|(_, entity)| entity.kind == Kind::Cluster);
        let is_its = |id| model.environment(id).delivery() == "argocd";
        model.platform.repository.is_some() && clusters.any(|(_, entity)| is_its(entity.environment))
    };
    let (before, now) = (change.before.model, change.now.model);
    if !uses(before) || !uses(now) || change.pairs.is_empty() {
        return;
    }
    let (was, is) = (before.platform.hub.as_deref(), now.platform.hub.as_deref());
    if was != is {
        let at = now.platform.value.at(&["argocd", "hub"]).filter(|_| is.is_some()).map(|said| said.origin.span);
        diagnostics.push(errors::hub_moves((was, is), at));
    }
    let of = |model: &'_ Model| model.platform.value.at(&["argocd", "namespace"]).cloned();
    let (Some(old), Some(new)) = (of(before), of(now)) else { return };
    if let (Some(was), Some(is)) = (old.as_str(), new.as_str())
        && was != is
    {
        diagnostics.push(errors::argo_cd_moves((was, is), new.origin.span));
    }
}
