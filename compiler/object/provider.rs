//! The blocks of providers of a stack: for each provider that its members need, what classes, platform, environment and cluster say of it, the
//! later stronger. In comes what is needed, out go blocks, what was used of all that is configured, and reports. Nothing is pinned here: versions
//! are the business of classes.

use super::errors;
use super::need::{Asking, Need, ProviderNeeds};
use super::{Stack, secret, template::Expander};
use crate::definition::{Definitions, ProviderName};
use crate::diagnostic::Diagnostics;
use crate::inheritance::{Meeting, merge};
use crate::model::{EntityId, EnvironmentId, Model, World};
use crate::name::Kind;
use crate::origin::Origin;
use crate::span::Span;
use crate::table::Table;
use crate::value::{Data, Entry, Map, Operator, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the members of a stack say about providers.
#[derive(Default)]
pub(super) struct Gathered {
    needs: ProviderNeeds,
    /// What the classes of members say, that of the cluster left out.
    classes: Vec<Value>,
    /// What the class of the cluster says.
    cluster: Option<Value>,
}

impl Gathered {
    /// Adds a member, with its Terraform if it has any.
    pub(super) fn add(&mut self, world: &World<'_>, id: EntityId, body: Option<&Value>) {
        self.needs.of_class(world, id);
        let entity = world.entity(id);
        if let Some(section) = world.class(entity).and_then(|class| class.section("providers"))
            && let Some(said) = world.session(|| Expander::new(world, id).for_terraform(section))
        {
            self.needs.of_arguments(world, id, &said);
            if entity.kind == Kind::Cluster {
                self.cluster = Some(said);
            } else {
                self.classes.push(said);
            }
        }
        if let Some(body) = body {
            self.needs.of_body(world, id, body);
        }
    }
}

/// The configurations that stacks have used.
#[derive(Default)]
pub(super) struct Used {
    environments: BTreeSet<(EnvironmentId, ProviderName)>,
    clusters: BTreeSet<(EntityId, ProviderName)>,
}

/// The blocks of a stack; none if it needs none.
pub(super) fn blocks(
    world: &World<'_>,
    stack: &Stack,
    cluster: Option<EntityId>,
    gathered: &Gathered,
    used: &mut Used,
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    let mut blocks: BTreeMap<Arc<str>, (Origin, Span, Vec<Value>)> = BTreeMap::new();
    for (name, need) in &gathered.needs.0 {
        used.environments.insert((stack.environment, name.clone()));
        used.clusters.extend(cluster.map(|cluster| (cluster, name.clone())));
        let subject = world.entity(need.entity).subject();
        match configuration(world, stack, cluster, gathered, (name, need), diagnostics) {
            Some((span, block)) => {
                secret::refuse_in_provider(world, &name.provider, &block, &subject);
                let (_, _, list) = blocks.entry(Arc::clone(&name.provider)).or_insert_with(|| (block.origin, span, Vec::new()));
                list.push(with_alias(name, span, block));
            }
            None => {
                if let Some(fault) = unconfigured(world, stack, gathered, name, need) {
                    diagnostics.push(fault.about(subject));
                }
            }
        }
    }
    let entries = blocks.into_iter().map(|(provider, (origin, span, mut list))| {
        let only = if list.len() == 1 { list.pop() } else { None };
        Entry::plain(provider, span, only.unwrap_or_else(|| Value::list(list, origin)))
    });
    let entries: Vec<Entry> = entries.collect();
    (!entries.is_empty()).then(|| Value::map(entries, stack.body.origin))
}

/// A block as Terraform wants it, with its alias.
fn with_alias(name: &ProviderName, span: Span, block: Value) -> Value {
    let (Some(alias), Some(map)) = (&name.alias, block.as_map()) else { return block };
    let origin = Origin { span, ..block.origin };
    let mut entries = vec![Entry::plain("alias", span, Value::string(Arc::clone(alias), origin))];
    entries.extend(map.entries().iter().cloned());
    Value::map(entries, block.origin).after(&block)
}

/// What is said of one provider, with the place of the strongest word; none if nobody says anything.
fn configuration(
    world: &World<'_>,
    stack: &Stack,
    cluster: Option<EntityId>,
    gathered: &Gathered,
    (name, need): (&ProviderName, &Need),
    diagnostics: &mut Diagnostics,
) -> Option<(Span, Value)> {
    let word = name.to_string();
    let of = |value: Option<&Value>| value.and_then(Value::as_map).and_then(|map| map.entry(&word)).cloned();
    let mut conflicts = Vec::new();
    let mut merged: Option<Entry> = None;
    for said in &gathered.classes {
        let Some(entry) = of(Some(said)) else { continue };
        merged = Some(match merged {
            None => entry,
            Some(known) => Entry { value: together(&known.value, &entry.value, &mut Vec::new(), &mut conflicts), ..known },
        });
    }
    let environment = of(world.model.environment(stack.environment).value.get("providers"));
    let environment = environment.and_then(|entry| {
        let value = world.session(|| super::stack::evaluated_for(world, stack, cluster, &entry.value))?;
        Some(Entry { value, ..entry })
    });
    let own = cluster.and_then(|cluster| of(world.entity(cluster).value.get("providers")));
    let subject = cluster.map_or_else(|| world.entity(need.entity).subject(), |cluster| world.entity(cluster).subject());
    for layer in [environment, of(gathered.cluster.as_ref()), own].into_iter().flatten() {
        merged = Some(match merged {
            None => layer,
            Some(weaker) => {
                let mut meeting = Meeting::new(&subject, diagnostics);
                Entry { value: merge(Some(&weaker.value), &layer.value, Operator::Merge, None, &mut meeting), ..layer }
            }
        });
    }
    let merged = merged?;
    for Conflict { path, first, second } in conflicts {
        // What a stronger word decides contradicts nobody.
        let steps: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
        let outcome = merged.value.at(&steps);
        if outcome.is_some_and(|outcome| outcome.origin == first.origin) {
            diagnostics.push(errors::contradicting_providers(name, &path, &stack.name, (&first, &second), world).about(subject.clone()));
        }
    }
    Some((merged.span, merged.value))
}

/// Two equally strong words about one argument.
struct Conflict {
    path: Vec<Arc<str>>,
    first: Value,
    second: Value,
}

/// What two classes say of one provider; they are equally strong, so where they differ neither goes before the other.
fn together(first: &Value, second: &Value, path: &mut Vec<Arc<str>>, conflicts: &mut Vec<Conflict>) -> Value {
    let (Data::Map(known), Data::Map(further)) = (&first.data, &second.data) else {
        if !first.same_data(second) {
            conflicts.push(Conflict { path: path.clone(), first: first.clone(), second: second.clone() });
        }
        return first.clone();
    };
    let mut entries: Vec<Entry> = Vec::with_capacity(known.entries().len());
    for entry in known.entries() {
        path.push(Arc::clone(&entry.key));
        let value = further.get(&entry.key).map_or_else(|| entry.value.clone(), |other| together(&entry.value, other, path, conflicts));
        path.pop();
        entries.push(Entry { value, ..entry.clone() });
    }
    entries.extend(further.entries().iter().filter(|entry| known.get(&entry.key).is_none()).cloned());
    Value::map(entries, first.origin).after(first)
}

/// What to say of a provider that is needed and that nobody configures; nothing if it needs no configuration.
fn unconfigured(
    world: &World<'_>,
    stack: &Stack,
    gathered: &Gathered,
    name: &ProviderName,
    need: &Need,
) -> Option<crate::diagnostic::Diagnostic> {
    let environment = world.model.environment(stack.environment);
    let configured = environment.value.get("providers").and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    let configured = configured.iter().map(|entry| &*entry.key);
    let pinned = stack.body.at(&["terraform", "required_providers"]).and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    let implied = gathered.needs.0.iter().any(|(other, need)| other.provider == name.provider && need.asking == Asking::Implied);
    let is_known = implied
        || pinned.iter().any(|entry| entry.key == name.provider)
        || Table::terraform().origin(&name.provider).is_some()
        || world.definitions.tables.terraform("provider", &name.provider, &mut Diagnostics::default()).is_some()
        || configured.clone().any(|known| known.split('.').next() == Some(&name.provider));
    if name.alias.is_some() {
        let word = name.to_string();
        let others = world.model.environments.iter().filter(|other| other.value.at(&["providers", &word]).is_some());
        let others: Vec<&str> = others.map(|other| &*other.name).collect();
        return Some(errors::unconfigured_provider(name, need.span, (&environment.name, configured.collect()), &others, is_known));
    }
    let must_be_known = match need.asking {
        Asking::Implied | Asking::Cloud => false,
        Asking::Class | Asking::Block => true,
    };
    let needed = gathered.needs.0.keys().filter(|other| other.alias.is_none() && *other != name).map(|other| &*other.provider);
    let known: Vec<&str> = pinned.iter().map(|entry| &*entry.key).chain(configured).chain(needed).collect();
    (must_be_known && !is_known).then(|| errors::unknown_provider(name, need.span, &known))
}

/// Warns of each configuration that no stack has used, once.
pub(super) fn unused(definitions: &Definitions, model: &Model, used: &Used, diagnostics: &mut Diagnostics) {
    let of = |value: &Value| value.get("providers").and_then(Value::as_map).map(Map::entries).unwrap_or_default().to_vec();
    let mut configured: BTreeMap<Span, (ProviderName, bool)> = BTreeMap::new();
    let mut note = |entry: &Entry, is_used: &dyn Fn(&ProviderName) -> bool| {
        let Some(name) = ProviderName::parse(&entry.key) else { return };
        let is_used = is_used(&name);
        configured.entry(entry.span).or_insert((name, false)).1 |= is_used;
    };
    let anywhere = |name: &ProviderName| used.environments.iter().any(|(_, known)| known == name);
    definitions.platform.iter().flat_map(|entry| of(&entry.value)).for_each(|entry| note(&entry, &anywhere));
    for environment in &definitions.environments {
        let heirs: Vec<EnvironmentId> =
            model.environments().filter(|(_, heir)| heir.line.contains(&environment.name.name)).map(|(id, _)| id).collect();
        let below = |name: &ProviderName| heirs.iter().any(|heir| used.environments.contains(&(*heir, name.clone())));
        of(&environment.body).iter().for_each(|entry| note(entry, &below));
    }
    for (id, entity) in model.entities().filter(|(_, entity)| entity.kind == Kind::Cluster) {
        let here = |name: &ProviderName| used.clusters.contains(&(id, name.clone()));
        of(&entity.value).iter().for_each(|entry| note(entry, &here));
    }
    let known: BTreeSet<String> = used.environments.iter().map(|(_, name)| name.to_string()).collect();
    for (span, (name, is_used)) in configured {
        if !is_used {
            diagnostics.push(errors::unused_provider(&name, span, known.iter().map(String::as_str)));
        }
    }
}
