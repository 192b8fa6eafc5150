//! keep: nothing that keeps data leaves a platform without its own word. In come the platform and what the index of the output remembers; out
//! goes what the index is to remember now, and an error for each thing that would be lost. Nothing is read or written here.

mod cause;
mod errors;
mod handed;
mod holders;
mod installed;
mod leaving;
mod makers;
mod renamed;

use crate::definition::Definitions;
use crate::diagnostic::Diagnostics;
use crate::kept::{Kept, KeptPlace};
use crate::level::Level;
use crate::model::{Entity, EntityId, EnvironmentId, Model, WhyAbsent};
use crate::name::Kind;
use crate::object::{Objects, Rendering, Stack, data_namespaces};
use crate::path::{ChosenPath, Path};
use crate::span::Span;
use crate::value::Value;
use cause::{DesertedApplications, LossCause, LostPlaces, LostThing, NamespaceRest, StayingObjects};
use handed::{ExposedNamespace, HandedNamespace};
use holders::DataHolders;
use std::collections::{BTreeMap, BTreeSet};

/// What a thing is called wherever it is: its kind, the tenant of an application, its identity.
type KeptWords<'k> = (Kind, Option<&'k str>, &'k str);

/// What a platform keeps, and what it lets go of.
pub(crate) struct Upkeep<'a> {
    definitions: &'a Definitions,
    model: &'a Model,
    objects: &'a Objects,
    now: BTreeMap<KeptPlace, Kept>,
    /// Things by their place: those that keep data, and those that something could be said about.
    entities: BTreeMap<KeptPlace, EntityId>,
    /// What those of them install that are on a cluster.
    installed: BTreeMap<EntityId, Vec<String>>,
    /// Namespaces that something makes which keeps no data, with environment and cluster.
    made: BTreeSet<(String, String, String)>,
}

/// Compares with what the index remembers of what is chosen; gives what it is to remember now. Of what was
/// said before, what is no longer true is taken back. `applications`: those that the output has, by environment, cluster, tenant and identity.
pub(crate) fn keep(
    definitions: &Definitions,
    (model, objects): (&Model, &Objects),
    (before, applications): (&BTreeSet<Kept>, &BTreeSet<[String; 4]>),
    chosen: Option<ChosenPath<'_>>,
    (diagnostics, before_it): (&mut Diagnostics, &mut Diagnostics),
) -> BTreeSet<Kept> {
    if before.is_empty() && !definitions.classes.iter().any(|class| class.keeps_data) {
        return BTreeSet::new();
    }
    let keeping = Upkeep::new(definitions, (model, objects), before);
    let is_chosen = |kept: &&Kept| chosen.is_none_or(|chosen| keeping.path(&kept.place).is_some_and(|path| chosen(&path)));
    let known: BTreeSet<&KeptPlace> = before.iter().map(|kept| &kept.place).collect();
    let named = |place: &KeptPlace| (place.kind, place.tenant.clone(), place.identity.clone());
    let staying_things: BTreeSet<_> =
        known.iter().filter(|place| keeping.entities.contains_key(**place)).map(|place| named(place)).collect();
    let mut lost: BTreeMap<LostThing, LostPlaces> = BTreeMap::new();
    let mut namespaces: BTreeMap<(String, String, String), NamespaceRest> = BTreeMap::new();
    let mut unkept: BTreeMap<(KeptWords<'_>, Span), BTreeSet<String>> = BTreeMap::new();
    let mut deserted: BTreeMap<(&str, Span), DesertedApplications> = BTreeMap::new();
    let mut staying: BTreeMap<KeptWords<'_>, StayingObjects> = BTreeMap::new();
    let mut leaving: BTreeMap<(KeptWords<'_>, Vec<&str>, bool), BTreeSet<String>> = BTreeMap::new();
    let mut destroyed: BTreeMap<(KeptWords<'_>, Vec<&str>, bool), BTreeSet<String>> = BTreeMap::new();
    let mut handed: BTreeMap<HandedNamespace, BTreeSet<String>> = BTreeMap::new();
    let mut exposed: BTreeMap<ExposedNamespace, BTreeSet<String>> = BTreeMap::new();
    for kept in before.iter().filter(is_chosen) {
        match keeping.cause(kept) {
            Some(cause) => {
                let renamed = keeping.renamed(&kept.place, &cause, &known);
                let lost = lost.entry(LostThing {
                    kind: kept.place.kind,
                    tenant: kept.place.tenant.clone(),
                    identity: kept.place.identity.clone(),
                    cause,
                });
                let lost = lost.or_default();
                lost.shown.insert(shown(&kept.place));
                lost.environments.extend(keeping.environment(&kept.place.environment).map(|(_, name)| name.to_owned()));
                lost.held.extend(DataHolders::of(kept).words(kept));
                lost.stays_elsewhere |= staying_things.contains(&named(&kept.place));
                lost.renamed = lost.renamed.take().or(renamed);
            }
            None => {
                // Of what goes by its own word all stays; what is there, or is a tenant, has others that go on without the namespace.
                let is_whole = !keeping.entities.contains_key(&kept.place) && kept.place.kind != Kind::Tenant;
                let rest = if is_whole { NamespaceRest::All } else { NamespaceRest::Unpruned };
                for namespace in keeping.left(kept) {
                    let known = namespaces.entry(namespace).or_insert(rest);
                    *known = rest.max(*known);
                }
                for namespace in keeping.handed(kept) {
                    handed.entry(namespace).or_default().insert(shown(&kept.place));
                }
                for namespace in keeping.exposed(kept) {
                    exposed.entry(namespace).or_default().insert(shown(&kept.place));
                }
                let thing = (kept.place.kind, kept.place.tenant.as_deref(), kept.place.identity.as_str());
                if let Some(span) = keeping.keeps_no_more(&kept.place) {
                    unkept.entry((thing, span)).or_default().insert(shown(&kept.place));
                }
                if let Some((span, applications)) = keeping.deserted(&kept.place, (before, applications)) {
                    let deserted = deserted.entry((kept.place.identity.as_str(), span)).or_default();
                    deserted.places.insert(shown(&kept.place));
                    deserted.applications.extend(applications);
                }
                let held = DataHolders::of(kept);
                for (all, some, held) in
                    [(&mut leaving, keeping.dropped(kept), &held.objects), (&mut destroyed, keeping.destroyed(kept), &held.addresses)]
                {
                    if !some.is_empty() {
                        let holds = some.iter().any(|part| held.contains(part));
                        all.entry((thing, some, holds)).or_default().insert(shown(&kept.place));
                    }
                }
                // What is in a namespace that stays is told with that.
                let objects = kept.objects.iter().filter(|object| !installed::is_within(object, &kept.namespaces));
                let objects: BTreeSet<String> = objects.cloned().collect();
                if !objects.is_empty() && keeping.is_disabled(&kept.place) {
                    let staying = staying.entry(thing).or_default();
                    staying.places.insert(shown(&kept.place));
                    staying.objects.extend(objects);
                }
            }
        }
    }
    // What would be lost still has its stack, and the stack its facts.
    let has_facts = |absent: &Path| {
        let mut stacks = before.iter().filter_map(|kept| Some((kept.place.environment.as_str(), kept.stack.as_deref()?)));
        stacks.any(|(environment, stack)| *absent == Path::of(["facts", environment, stack]))
    };
    if !lost.is_empty() {
        before_it.forgive(has_facts);
    }
    makers::told(&lost).into_iter().for_each(|told| diagnostics.push(told));
    // While something would be lost nothing is written, so nothing has left yet.
    for (at, rest) in namespaces.into_iter().filter(|_| lost.is_empty()) {
        let rest = if keeping.runs_argo_cd(&at) { NamespaceRest::ArgoCd } else { rest };
        let (environment, cluster, namespace) = at;
        diagnostics.push(errors::namespace_stays((&environment, &cluster), &namespace, rest));
    }
    for (namespace, places) in handed.iter().filter(|_| lost.is_empty()) {
        diagnostics.push(errors::namespace_handed_over(namespace, places));
    }
    for (namespace, places) in exposed.iter().filter(|_| lost.is_empty()) {
        diagnostics.push(errors::namespace_exposed(namespace, places));
    }
    for ((thing, span), places) in unkept.iter().filter(|_| lost.is_empty()) {
        diagnostics.push(errors::keeps_no_more(*thing, *span, places));
    }
    for ((tenant, span), deserted) in deserted.iter().filter(|_| lost.is_empty()) {
        diagnostics.push(errors::applications_leave((tenant, *span), deserted));
    }
    for (thing, staying) in staying.iter().filter(|_| lost.is_empty()) {
        diagnostics.push(errors::objects_stay(*thing, staying));
    }
    let level = |holds: bool| if holds { Level::DestroysData } else { Level::Replaces };
    for ((thing, objects, holds), places) in leaving.iter().filter(|_| lost.is_empty()) {
        diagnostics.push(errors::objects_leave(*thing, objects, places).level(level(*holds)));
    }
    for ((thing, addresses, holds), places) in destroyed.iter().filter(|_| lost.is_empty()) {
        diagnostics.push(errors::resources_leave(*thing, addresses, places).level(level(*holds)));
    }
    let untouched = before.iter().filter(|kept| !is_chosen(kept)).cloned();
    let now: BTreeSet<Kept> = keeping.now.values().filter(is_chosen).cloned().collect();
    untouched.chain(now).collect()
}

impl<'a> Upkeep<'a> {
    fn new(definitions: &'a Definitions, (model, objects): (&'a Model, &'a Objects), before: &BTreeSet<Kept>) -> Self {
        let mut addresses: BTreeMap<EntityId, Vec<String>> = BTreeMap::new();
        for stack in &objects.stacks {
            for ((type_, name), maker) in &stack.makers {
                addresses.entry(*maker).or_default().push(format!("{type_}.{name}"));
            }
        }
        let mut namespaces: BTreeMap<EntityId, Vec<String>> = BTreeMap::new();
        for rendering in &objects.renderings {
            let made =
                rendering.manifests.iter().filter(|manifest| manifest.value.get("kind").and_then(Value::as_str) == Some("Namespace"));
            let names = made.filter_map(|manifest| manifest.value.at(&["metadata", "name"]).and_then(Value::as_str));
            namespaces.entry(rendering.entity).or_default().extend(names.filter(|name| Kept::is_namespace(name)).map(str::to_owned));
        }
        let keeps = |id: &EntityId| definitions.classes.get(model.entity(*id).class.0 as usize).is_some_and(|class| class.keeps_data);
        // Of a fleet most is of no interest here.
        let known: BTreeSet<&str> = before.iter().map(|kept| kept.place.identity.as_str()).collect();
        let matters = |(id, entity): &(EntityId, &Entity)| {
            matches!(entity.kind, Kind::Cluster | Kind::Tenant) || keeps(id) || known.contains(&**entity.identity.text())
        };
        let entities: BTreeMap<KeptPlace, EntityId> =
            model.entities().filter(matters).map(|(id, entity)| (place(model, entity), id)).collect();
        let of_others = namespaces.iter().filter(|(id, made)| !made.is_empty() && !keeps(id));
        let made = of_others.flat_map(|(id, made)| {
            let KeptPlace { environment, cluster, .. } = place(model, model.entity(*id));
            made.iter().map(move |name| (environment.clone(), cluster.clone().unwrap_or_default(), name.clone()))
        });
        let made: BTreeSet<(String, String, String)> = made.collect();
        let sorted =
            |list: Option<Vec<String>>| -> Vec<String> { list.into_iter().flatten().collect::<BTreeSet<_>>().into_iter().collect() };
        let renderings: BTreeMap<EntityId, &Rendering> = objects.renderings.iter().map(|rendering| (rendering.entity, rendering)).collect();
        let before: BTreeMap<&KeptPlace, &Kept> = before.iter().map(|kept| (&kept.place, kept)).collect();
        let on_cluster = entities.iter().filter(|(place, _)| place.cluster.is_some());
        let installed = on_cluster.filter_map(|(place, id)| {
            let rendering = renderings.get(id)?;
            // What waits for facts is what it was; if it never was, it is not there yet.
            let objects = if rendering.waits.is_empty() {
                installed::all(rendering)
            } else {
                before.get(place).map(|before| before.objects.clone()).unwrap_or_default()
            };
            Some((*id, objects))
        });
        let installed: BTreeMap<EntityId, Vec<String>> = installed.collect();
        let now = entities.iter().filter(|(_, id)| keeps(id)).filter_map(|(place, id)| {
            let addresses = sorted(addresses.remove(id));
            let stack = model.entity(*id).stack.as_ref().filter(|_| !addresses.is_empty()).map(ToString::to_string);
            let waits = renderings.get(id).is_some_and(|rendering| !rendering.waits.is_empty());
            let remembered =
                renderings.get(id).filter(|_| !waits && place.cluster.is_some()).map(|rendering| installed::remembered(rendering));
            let objects = remembered.or_else(|| installed.get(id).cloned()).unwrap_or_default();
            let namespaces = match before.get(place) {
                Some(before) if waits => before.namespaces.clone(),
                None if waits && addresses.is_empty() => return None,
                None if waits => Vec::new(),
                // What is in a namespace of something that keeps none counts as its own: it takes care of it as of that.
                Some(_) | None => {
                    let in_it = renderings.get(id).into_iter().flat_map(|rendering| data_namespaces(rendering, model));
                    let cluster = place.cluster.clone().unwrap_or_default();
                    let at = |name: &str| (place.environment.clone(), cluster.clone(), name.to_owned());
                    let of_others = in_it.filter(|name| made.contains(&at(name))).map(|name| name.to_string());
                    sorted(Some(namespaces.remove(id).into_iter().flatten().chain(of_others).collect()))
                }
            };
            let maker = makers::path(model, *id);
            Some((place.clone(), Kept { place: place.clone(), maker, stack, addresses, namespaces, objects }))
        });
        let now = now.collect();
        Self { definitions, model, objects, now, entities, installed, made }
    }

    /// The model path of a place, with the identity of the thing for its name; none if its environment is gone, which then nobody can choose.
    fn path(&self, place: &KeptPlace) -> Option<Path> {
        let (id, environment) = self.environment(&place.environment)?;
        let mut keys: Vec<&str> = vec![environment];
        if let Some(cluster) = &place.cluster {
            let known = self
                .model
                .entities
                .iter()
                .find(|entity| entity.kind == Kind::Cluster && entity.environment == id && **entity.identity.text() == **cluster);
            keys.extend([Kind::Cluster.plural(), known.map_or(cluster, |entity| &*entity.name)]);
        }
        keys.extend(place.tenant.iter().flat_map(|tenant| [Kind::Tenant.plural(), tenant.as_str()]));
        keys.extend([place.kind.plural(), &place.identity]);
        Some(Path::of(keys))
    }

    /// The environment of an identity, with its name.
    fn environment(&self, identity: &str) -> Option<(EnvironmentId, &'a str)> {
        let found = self.model.environments().find(|(_, environment)| **environment.identity.text() == *identity);
        found.map(|(id, environment)| (id, &*environment.name))
    }

    fn stack(&self, environment: EnvironmentId, name: &str) -> Option<&'a Stack> {
        self.objects.stacks.iter().find(|stack| stack.environment == environment && &*stack.name == name)
    }

    /// Why what is remembered would be lost; none if it is there, or says itself that it leaves.
    fn cause(&self, kept: &Kept) -> Option<LossCause> {
        let place = &kept.place;
        let Some((environment, _)) = self.environment(&place.environment) else { return Some(LossCause::NoEnvironment) };
        if let Some(id) = self.entities.get(place) {
            return self.moved(kept, environment, self.model.entity(*id));
        }
        let absent = |kind: Kind, cluster: Option<&str>, tenant: Option<&str>, identity: &str| {
            self.model.absent.get(environment, kind, cluster, tenant, identity)
        };
        let own = absent(place.kind, place.cluster.as_deref(), place.tenant.as_deref(), &place.identity);
        match own.map(|absent| absent.absence) {
            Some(WhyAbsent::Disabled) => return None,
            Some(WhyAbsent::Forgotten) => return self.unforgotten(kept, environment, own?.span),
            Some(WhyAbsent::ByDefault | WhyAbsent::OnlyIn | WhyAbsent::NotIn | WhyAbsent::Placement) | None => {}
        }
        if let Some(cluster) = &place.cluster
            && !self.has(environment, Kind::Cluster, None, cluster)
        {
            return Some(LossCause::NoCluster(absent(Kind::Cluster, None, None, cluster).map(|absent| absent.span)));
        }
        if let Some(tenant) = &place.tenant
            && !self.has(environment, Kind::Tenant, place.cluster.as_deref(), tenant)
        {
            let absent = absent(Kind::Tenant, place.cluster.as_deref(), None, tenant);
            return Some(match absent.filter(|absent| makers::is_off(absent.absence)) {
                Some(absent) => LossCause::SwitchedOff(absent.span, format!("tenant `{tenant}`")),
                None => LossCause::NoTenant(absent.map(|absent| absent.span)),
            });
        }
        if let Some(absent) = own {
            return Some(LossCause::Absent(absent.span, absent.absence));
        }
        let defined = self.definitions.of_kind(place.kind).find(|definition| {
            let identity = definition.identity.as_ref().unwrap_or(&definition.name);
            place.tenant.is_none() && *identity.name == *place.identity
        });
        let not_here = || defined.map_or(LossCause::Undefined, |definition| LossCause::NotHere(definition.name.span));
        Some(self.unmade(environment, kept).unwrap_or_else(not_here))
    }

    /// Whether a thing says itself that it is to be destroyed.
    fn is_disabled(&self, place: &KeptPlace) -> bool {
        self.environment(&place.environment).is_some_and(|(environment, _)| {
            let absent = self.model.absent.get(environment, place.kind, place.cluster.as_deref(), place.tenant.as_deref(), &place.identity);
            absent.is_some_and(|absent| absent.absence == WhyAbsent::Disabled)
        })
    }

    fn has(&self, environment: EnvironmentId, kind: Kind, cluster: Option<&str>, identity: &str) -> bool {
        let environment = self.model.environment(environment).identity.text().to_string();
        let place = KeptPlace { environment, kind, cluster: cluster.map(str::to_owned), tenant: None, identity: identity.to_owned() };
        self.entities.contains_key(&place)
    }

    /// Why something that is there has lost what it kept.
    fn moved(&self, kept: &Kept, environment: EnvironmentId, entity: &Entity) -> Option<LossCause> {
        let span = |field: &str| entity.value.get(field).map_or(entity.defined, |value| value.origin.span);
        let now = self.entities.get(&kept.place).and_then(|id| self.installed.get(id)).map(Vec::as_slice).unwrap_or_default();
        let is_gone = |object: &&String| !installed::is_there(object, now);
        // A chart begins anew in another release, whatever else is still there.
        let release = kept.objects.iter().find(|object| installed::release(object).is_some() && is_gone(object));
        let held = DataHolders::of(kept);
        let none = || held.objects.first().copied().filter(|_| held.objects.iter().all(|object| !installed::is_there(object, now)));
        if let Some(address) = release.map(String::as_str).or_else(none) {
            return Some(LossCause::Unmade { span: span("class"), address: address.to_owned() });
        }
        let before = kept.stack.as_deref()?;
        let stack = self.stack(environment, before);
        // What a class moves within a stack it says itself.
        let is_spared = |address: &&str| {
            stack.is_some_and(|stack| stack.declares(address) || (entity.stack.as_deref() == Some(before) && stack.spares(address)))
        };
        if held.addresses.is_empty() || held.addresses.iter().any(is_spared) {
            return None;
        }
        Some(match entity.stack.as_deref().filter(|now| *now != before) {
            Some(now) => LossCause::OtherStack { span: span("stack"), before: before.to_owned(), now: now.to_owned() },
            None => LossCause::Unmade { span: span("class"), address: held.addresses.first().copied().unwrap_or_default().to_owned() },
        })
    }

    /// What of a thing that is to be forgotten would be destroyed.
    fn unforgotten(&self, kept: &Kept, environment: EnvironmentId, span: Span) -> Option<LossCause> {
        let before = kept.stack.as_deref()?;
        let stack = self.stack(environment, before);
        let is_safe = |address: &&str| stack.is_some_and(|stack| stack.lets_go(address) || stack.declares(address));
        let address = DataHolders::of(kept).addresses.into_iter().find(|address| !is_safe(address))?;
        Some(LossCause::Unforgotten { span, stack: before.to_owned(), address: address.to_owned() })
    }
}

/// Where an entity is, by identities.
fn place(model: &Model, entity: &Entity) -> KeptPlace {
    let identity = |id: Option<EntityId>| id.map(|id| model.entity(id).identity.to_string());
    KeptPlace {
        environment: model.environment(entity.environment).identity.to_string(),
        kind: entity.kind,
        cluster: identity(entity.cluster),
        tenant: identity(entity.tenant),
        identity: entity.identity.to_string(),
    }
}

/// A place in words: `ops`, `ops on gc0`.
fn shown(place: &KeptPlace) -> String {
    match &place.cluster {
        Some(cluster) => format!("`{}` on `{cluster}`", place.environment),
        None => format!("`{}`", place.environment),
    }
}
