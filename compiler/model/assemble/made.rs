//! What is made becomes things: what the maker says of one is the farthest ancestor of what is written of its name. In come makers that exist,
//! stage by stage; out go things like any other, each with who made it. Whoever makes a name that another one makes, or that stands for itself,
//! is told.

use super::super::absent::{self, AbsentPlace};
use super::super::classes::{Choice, FoundClass};
use super::super::layers::{self, View};
use super::super::making::{MadeBy, Making};
use super::super::{Entity, EntityId, Environment, EnvironmentId, Identity, errors, placement};
use super::{Assembly, is_placed};
use crate::definition::{Class, Definition, is_name, reads};
use crate::diagnostic::Diagnostic;
use crate::name::{Kind, address};
use crate::subject::{Subject, Thing};
use crate::value::Value;
use std::sync::Arc;

/// One thing that is made, with all that makers and others say of its name.
struct WholeMaking<'x, 'a> {
    /// By the maker on each cluster.
    makings: Vec<Making>,
    /// What is written of its name, with its ancestors, farthest first.
    written: Vec<&'x Definition>,
    class: FoundClass<'a>,
    name: Arc<str>,
    identity: Identity,
}

impl<'a> Assembly<'a> {
    /// Whether things of a class are assembled now. Clusters and tenants are so before anybody makes anything, what makes nothing when all
    /// is made.
    pub(super) fn is_due(&self, kind: Kind, class: Option<usize>) -> bool {
        let Some(stage) = self.stage else { return true };
        self.when(kind, class) == stage
    }

    /// Whether things of a class are due, now or before.
    pub(super) fn has_come(&self, kind: Kind, class: usize) -> bool {
        self.stage.is_none_or(|stage| self.when(kind, Some(class)) <= stage)
    }

    fn when(&self, kind: Kind, class: Option<usize>) -> usize {
        let makers = &self.definitions.makers;
        match kind {
            Kind::Cluster | Kind::Tenant => 0,
            Kind::NodePool | Kind::Service | Kind::Application | Kind::Infrastructure => {
                class.and_then(|class| makers.stage(class)).unwrap_or_else(|| makers.last() + 1)
            }
        }
    }

    /// Whether what is written at an address is made in an environment, so that it is no thing of its own.
    pub(super) fn is_made(&self, id: EnvironmentId, address: &Arc<str>) -> bool {
        self.stage.is_some() && self.made.known.contains(&(id, Arc::clone(address)))
    }

    /// Takes note of what is made under the name that it will have.
    pub(super) fn note(&mut self, making: Making) {
        let Some(maker) = self.entities.get(making.maker.0 as usize) else { return };
        let span = making.given.unwrap_or(making.written);
        if making.kind.home().is_some() {
            let Some(home) = self.home_of(&making) else { return };
            if !is_name(&making.key) {
                self.diagnostics.push(errors::made_name(maker, making.kind, &making.key, span));
                self.absent.add_classless(making.kind, &making.key);
                return;
            }
            let Some(under) = self.entities.get(home.0 as usize) else { return };
            let Some((address, _)) = self.address_of(&making) else { return };
            if making.off && self.says_other_inner(&making, &under.thing.definition.to_string(), &address) {
                return;
            }
            self.made.known.insert((under.environment, Arc::clone(&address)));
            self.made.addresses.entry(address).or_default().insert(making.class);
            self.made.under.entry((home, making.kind, Arc::clone(&making.key))).or_default().push(making);
            return;
        }
        let Some((address, name)) = self.address_of(&making) else { return };
        if making.off && self.stands_for_itself(&making, &name) {
            return;
        }
        if !is_name(&name) {
            self.diagnostics.push(errors::made_name(maker, making.kind, &name, span));
            self.absent.add_classless(making.kind, &name);
            return;
        }
        if making.kind == Kind::Service && maker.cluster.is_none() && maker.kind != Kind::Cluster {
            self.diagnostics.push(errors::made_on_no_cluster(maker, &name, span));
            self.absent.add_classless(making.kind, &name);
            return;
        }
        self.made.known.insert((maker.environment, Arc::clone(&address)));
        self.made.addresses.entry(address).or_default().insert(making.class);
        self.made.waiting.entry((maker.environment, making.kind, name)).or_default().push(making);
    }

    /// Address and name of what is made.
    pub(super) fn address_of(&self, making: &Making) -> Option<(Arc<str>, Arc<str>)> {
        let maker = self.entities.get(making.maker.0 as usize)?;
        if making.kind.home().is_none() {
            let name: Arc<str> = format!("{}-{}", self.outside(maker, |entity| &entity.name), making.key).into();
            return Some((address(making.kind, &name), name));
        }
        let under = self.entities.get(self.home_of(making)?.0 as usize)?;
        Some((format!("{}.{}.{}", under.thing.definition, making.kind.plural(), making.key).into(), Arc::clone(&making.key)))
    }

    /// What something stands under that is made under a thing.
    fn home_of(&self, making: &Making) -> Option<EntityId> {
        let maker = self.entities.get(making.maker.0 as usize)?;
        match (making.kind, maker.kind) {
            (Kind::Application, Kind::Application) => maker.tenant,
            (Kind::NodePool, Kind::NodePool) => maker.cluster,
            (_, _) => Some(making.maker),
        }
    }

    /// Whether what is written under the name of something that would be made is of another class.
    fn stands_for_itself(&self, making: &Making, name: &str) -> bool {
        let Some(written) = self.definitions.definition(making.kind, name) else { return false };
        let lines = self.lines;
        lines.says_class(written) && lines.classes(written).iter().all(|(_, said)| self.is_other(making, said))
    }

    /// The same of what stands under a definition.
    fn says_other_inner(&self, making: &Making, home: &str, address: &str) -> bool {
        self.lines.inner_of(home).iter().filter(|inner| *inner.address == *address).any(|inner| {
            let said = if let Choice::Said(Some(said)) = inner.choice { Some(said.class) } else { None };
            said.is_some_and(|said| self.is_other(making, said))
        })
    }

    /// Whether a class is neither that of something made nor an heir of it.
    pub(super) fn is_other(&self, making: &Making, said: &Class) -> bool {
        let class = self.definitions.classes.get(making.class);
        class.is_some_and(|class| said.full != class.full && !said.ancestors.contains(&class.full))
    }

    /// What names a thing among all of its environment: what stands under another, behind that.
    fn outside(&self, entity: &Entity, text: impl Fn(&Entity) -> &Arc<str>) -> String {
        let home = match entity.kind {
            Kind::Application => entity.tenant,
            Kind::NodePool => entity.cluster,
            Kind::Cluster | Kind::Service | Kind::Tenant | Kind::Infrastructure => None,
        };
        match home.and_then(|home| self.entities.get(home.0 as usize)) {
            Some(home) => format!("{}-{}", text(home), text(entity)),
            None => text(entity).to_string(),
        }
    }

    /// Infrastructure or services that are made and due.
    pub(super) fn made_at_top(&mut self, kind: Kind, id: EnvironmentId, environment: &Environment) {
        let Some(stage) = self.stage else { return };
        let waiting = self.made.waiting.iter().filter(|((of, other, _), _)| *of == id && *other == kind);
        let named = waiting.filter_map(|((.., name), makings)| Some((self.identity_of_made(makings.first()?, name)?, Arc::clone(name))));
        let mut names: Vec<(Identity, Arc<str>)> = named.collect();
        // The order of things does not follow the names of those who make them.
        names.sort_by(|(a, _), (b, _)| a.text().cmp(b.text()));
        for (identity, name) in names {
            let key = (id, kind, Arc::clone(&name));
            let Some(makings) = self.made.waiting.get(&key) else { continue };
            let written = self.definitions.definition(kind, &name);
            let class = self.class_of_made(makings, written.and_then(|written| self.lines.class(written, &environment.line)));
            if self.when(kind, class) > stage {
                continue;
            }
            let Some(makings) = self.made.waiting.remove(&key).map(there) else { continue };
            if let Some(whole) = self.whole(makings, written, (id, environment), (name, identity)) {
                self.place_made(&whole, kind, id, environment);
            }
        }
    }

    /// What a thing that is made is called outside: what is written of its name, else its maker's identity and its key.
    fn identity_of_made(&self, making: &Making, name: &Arc<str>) -> Option<Identity> {
        let written = self.definitions.definition(making.kind, name).filter(|written| written.identity.is_some());
        let maker = self.entities.get(making.maker.0 as usize)?;
        let made = || {
            let text = format!("{}-{}", self.outside(maker, |entity| entity.identity.text()), making.key);
            Identity::of_made(text.into(), name, maker.identity.value())
        };
        Some(written.map_or_else(made, Identity::of))
    }

    /// The class of something that is made, as its maker says it.
    pub(super) fn class_at(&self, making: &Making) -> Option<FoundClass<'a>> {
        let class = self.definitions.classes.get(making.class)?;
        Some(FoundClass { at: making.class, class, said: making.class_said })
    }

    fn class_of_made(&self, makings: &[Making], said: Option<FoundClass<'_>>) -> Option<usize> {
        said.map(|said| said.at).or_else(|| makings.first().map(|making| making.class))
    }

    /// What is made under a name, unless that is somebody else's.
    fn whole(
        &mut self,
        makings: Vec<Making>,
        written: Option<&'a Definition>,
        (id, environment): (EnvironmentId, &Environment),
        (name, identity): (Arc<str>, Identity),
    ) -> Option<WholeMaking<'a, 'a>> {
        let first = makings.first()?;
        let address = address(first.kind, &name);
        let maker = self.entities.get(first.maker.0 as usize)?;
        if let Some((other, theirs)) = self.other_maker(&makings, maker) {
            let twice = errors::made_twice(first.kind, &name, (maker, first), (other, theirs));
            self.tell((first.kind, &name), address, twice);
            return None;
        }
        let class = self.class_at(first)?;
        let said = written.and_then(|written| self.lines.said(written, &environment.line));
        let is_taken =
            written.is_some_and(|written| written.is_abstract || self.made.written.contains(&(id, Arc::clone(&written.address))));
        let is_other = said.is_some_and(|said| self.is_other(first, said.class));
        if let Some(written) = written.filter(|_| is_taken || is_other) {
            let both = errors::made_and_written(written, (maker, first), &class.class.full, said.map(|said| &*said.class.full));
            self.tell((first.kind, &name), address, both);
            return None;
        }
        let written = written.map(|written| self.lines.definition(written)).unwrap_or_default();
        Some(WholeMaking { makings, written, class: said.unwrap_or(class), name, identity })
    }

    /// Tells of a name once, in however many environments, and not of those who read what would have it.
    pub(super) fn tell(&mut self, (kind, name): (Kind, &Arc<str>), address: Arc<str>, diagnostic: Diagnostic) {
        self.absent.add_classless(kind, name);
        if self.made.told.insert(address) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Another maker of the same name, if there is one.
    fn other_maker<'m>(&'m self, makings: &'m [Making], maker: &Entity) -> Option<(&'m Entity, &'m Making)> {
        let first = makings.first()?;
        makings.iter().find_map(|making| {
            let other = self.entities.get(making.maker.0 as usize)?;
            (other.thing.definition != maker.thing.definition || making.key != first.key).then_some((other, making))
        })
    }

    fn place_made(&mut self, whole: &WholeMaking<'_, 'a>, kind: Kind, id: EnvironmentId, environment: &Environment) {
        let at_top = View { environments: &environment.line, cluster: None };
        let mut once: Vec<(EntityId, Making, Value)> = Vec::new();
        for making in &whole.makings {
            let Some(maker) = self.entities.get(making.maker.0 as usize) else { continue };
            let cluster = if maker.kind == Kind::Cluster { Some(making.maker) } else { maker.cluster };
            let on = cluster.and_then(|cluster| self.entities.get(cluster.0 as usize));
            let on = on.map(|on| (Arc::clone(&on.name), on.stack.clone(), on.value.get("labels").cloned(), Arc::clone(on.identity.text())));
            let first = self.first_of(whole, making);
            if self.is_full(&first) {
                return;
            }
            let thing = Arc::new(Thing::new(&environment.name, kind, &whole.name, None));
            let value = self.merge_made(&first, whole, at_top, &thing);
            if !self.is_asked_for(making, whole.class.at, &value) {
                self.left_with_maker(making, (id, kind), whole.identity.text());
                continue;
            }
            if !placement::in_environment(&value, &environment.name, self.definitions, self.diagnostics) {
                self.not_in(id, environment, kind, whole.class.class, &value, (None, whole.identity.text()));
                continue;
            }
            if !is_placed(kind, &value) {
                once.push((making.maker, making.clone(), value));
                continue;
            }
            let (Some(cluster), Some((name, stack, labels, cluster_identity))) = (cluster, on) else {
                if let Some(maker) = self.entities.get(making.maker.0 as usize) {
                    self.diagnostics.push(errors::made_on_no_cluster(maker, &whole.name, making.given.unwrap_or(making.written)));
                    self.absent.add_classless(kind, &whole.name);
                }
                continue;
            };
            let thing = Arc::new(Thing::new(&environment.name, kind, &whole.name, Some(&name)));
            let value = if self.mentions(&first, whole, &name) {
                self.merge_made(&first, whole, View { environments: &environment.line, cluster: Some(&name) }, &thing)
            } else {
                value
            };
            if !self.may_be_on(&value, &name, labels.as_ref()) {
                self.not_on(id, kind, whole.class.class, &value, (Some(cluster_identity), None, whole.identity.text()));
                continue;
            }
            self.add_made(whole, (id, Some(cluster), None), vec![(making.maker, making.clone(), value)], thing, stack);
        }
        if !once.is_empty() {
            let thing = Arc::new(Thing::new(&environment.name, kind, &whole.name, None));
            let stack = Some(Arc::clone(whole.identity.text()));
            self.add_made(whole, (id, None, None), once, thing, stack);
        }
    }

    /// Whether what is made is there, or, where its maker is switched off, leaves by its own word or may make what does.
    pub(super) fn is_asked_for(&self, making: &Making, class: usize, value: &Value) -> bool {
        !making.off || absent::may_leave(self.definitions, value) || self.definitions.makers.stage(class).is_some()
    }

    /// Takes note of the word by which something is not made, for whoever names it.
    fn left_with_maker(&mut self, making: &Making, (environment, kind): (EnvironmentId, Kind), identity: &Arc<str>) {
        let entity = |id: EntityId| self.entities.get(id.0 as usize);
        let Some(maker) = entity(making.maker) else { return };
        let around = std::iter::once(maker).chain(maker.tenant.and_then(entity));
        let Some(word) = around.into_iter().find_map(|one| absent::plainly(self.definitions, &one.value)) else { return };
        let place = AbsentPlace { environment, kind, cluster: None, tenant: None, identity: Arc::clone(identity) };
        self.absent.add(place, word, false);
    }

    fn mentions(&self, first: &Definition, whole: &WholeMaking<'_, 'a>, cluster: &str) -> bool {
        layers::mentions_cluster(self.definitions, &first.address, &whole.written, cluster)
    }

    /// What a maker says of a thing, as a definition: the farthest ancestor of what is written of its name.
    fn first_of(&self, whole: &WholeMaking<'_, 'a>, making: &Making) -> Definition {
        definition_of(making, &whole.name, address(making.kind, &whole.name))
    }

    fn merge_made(&mut self, first: &Definition, whole: &WholeMaking<'_, 'a>, view: View<'_>, thing: &Arc<Thing>) -> Value {
        let line: Vec<&Definition> = std::iter::once(first).chain(whole.written.iter().copied()).collect();
        self.merge(&first.address, &line, first.kind, whole.class.class, view, &Subject::entity(thing))
    }

    /// Adds a thing that is made: by one maker, or by several that are to agree.
    fn add_made(
        &mut self,
        whole: &WholeMaking<'_, 'a>,
        (environment, cluster, tenant): (EnvironmentId, Option<EntityId>, Option<EntityId>),
        by: Vec<(EntityId, Making, Value)>,
        thing: Arc<Thing>,
        stack: Option<Arc<str>>,
    ) {
        let Some((_, making, value)) = by.first().cloned() else { return };
        let own = definition_of(&making, &whole.name, address(making.kind, &whole.name));
        let definition = whole.written.last().copied().unwrap_or(&own);
        let id = self.add(definition, whole.identity.clone(), environment, cluster, tenant, whole.class, value, thing, stack);
        self.made_by(id, by);
    }

    /// Takes note of who made a thing.
    pub(super) fn made_by(&mut self, id: EntityId, by: Vec<(EntityId, Making, Value)>) {
        let Some(entity) = self.entities.get_mut(id.0 as usize) else { return };
        let Some((_, making, _)) = by.first() else { return };
        entity.made = Some(Arc::new(MadeBy {
            makers: by.iter().map(|(maker, ..)| *maker).collect(),
            key: Arc::clone(&making.key),
            written: making.written,
            given: making.given,
            handed: reads::handed(&entity.value).into(),
            others: by.iter().skip(1).map(|(.., value)| value.clone()).collect(),
        }));
    }
}

/// Of what is made of one name, what is there; what would be if its maker was not switched off counts where nobody else makes it.
pub(super) fn there(mut makings: Vec<Making>) -> Vec<Making> {
    if makings.iter().any(|making| !making.off) {
        makings.retain(|making| !making.off);
    }
    makings
}

/// What a maker says of a thing, as a definition.
pub(super) fn definition_of(making: &Making, name: &Arc<str>, address: Arc<str>) -> Definition {
    Definition::made(making.kind, name, making.given.unwrap_or(making.written), address, (making.body.clone(), making.overlaid.clone()))
}
