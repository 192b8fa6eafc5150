//! Which providers a thing needs: what its class names, what its blocks choose, and what the types of its resources imply. In comes the
//! expanded Terraform of a thing, out go names with the place that asks for each. How they are configured is not known here.

use super::errors;
use crate::definition::ProviderName;
use crate::expression::LatePiece;
use crate::model::{EntityId, World};
use crate::span::Span;
use crate::value::{Data, Map, Value};
use std::collections::BTreeMap;

/// What asks for a provider, the least telling first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Asking {
    /// The type of a resource begins with its name.
    Implied,
    /// It is the cloud of a cluster, which need not have any Terraform.
    Cloud,
    /// A class names it, or has arguments for it.
    Class,
    /// A block chooses it.
    Block,
}

/// A provider that is needed, and why.
#[derive(Clone, Debug)]
pub(super) struct Need {
    pub(super) asking: Asking,
    pub(super) entity: EntityId,
    /// Where it is asked for.
    pub(super) span: Span,
}

/// The providers that a stack needs.
#[derive(Default)]
pub(super) struct ProviderNeeds(pub(super) BTreeMap<ProviderName, Need>);

impl ProviderNeeds {
    fn add(&mut self, name: ProviderName, need: Need) {
        match self.0.get_mut(&name) {
            Some(known) if known.asking >= need.asking => {}
            Some(known) => *known = need,
            None => {
                self.0.insert(name, need);
            }
        }
    }

    /// Adds what the class of a member names.
    pub(super) fn of_class(&mut self, world: &World<'_>, entity: EntityId) {
        let found = world.entity(entity);
        let is_cluster = found.kind == crate::name::Kind::Cluster;
        for (at, (name, named)) in world.class(found).map(|class| class.providers.as_slice()).unwrap_or_default().iter().enumerate() {
            let asking = if is_cluster && at == 0 { Asking::Cloud } else { Asking::Class };
            self.add(name.clone(), Need { asking, entity, span: named.span });
        }
    }

    /// Adds those for which a class has arguments.
    pub(super) fn of_arguments(&mut self, world: &World<'_>, entity: EntityId, configured: &Value) {
        for entry in entries(Some(configured)) {
            match ProviderName::parse(&entry.key) {
                Some(name) => self.add(name, Need { asking: Asking::Class, entity, span: entry.span }),
                None => world.report(errors::no_provider_name(&entry.key, entry.span).about(world.entity(entity).subject())),
            }
        }
    }

    /// Adds what the blocks of a member ask for.
    pub(super) fn of_body(&mut self, world: &World<'_>, entity: EntityId, body: &Value) {
        for word in ["resource", "data", "ephemeral"] {
            for type_ in entries(body.get(word)) {
                for block in entries(Some(&type_.value)) {
                    match block.value.get("provider") {
                        Some(chosen) => self.chosen(world, entity, chosen),
                        None => {
                            let name = ProviderName::plain(type_.key.split('_').next().unwrap_or_default());
                            self.add(name, Need { asking: Asking::Implied, entity, span: type_.span });
                        }
                    }
                }
            }
        }
        for module in entries(body.get("module")) {
            entries(module.value.get("providers")).iter().for_each(|entry| self.chosen(world, entity, &entry.value));
        }
        let import = body.get("import");
        for import in import.iter().flat_map(|import| import.as_list().unwrap_or(std::slice::from_ref(*import))) {
            import.get("provider").into_iter().for_each(|chosen| self.chosen(world, entity, chosen));
        }
    }

    fn chosen(&mut self, world: &World<'_>, entity: EntityId, value: &Value) {
        let span = value.origin.span;
        let name = match &value.data {
            Data::String(text) => ProviderName::parse(text),
            Data::Late(late) => match late.pieces.as_slice() {
                [LatePiece::Reference(reference)] => ProviderName::of_address(&reference.address),
                // Whoever passes on an expression of Terraform answers for it.
                [LatePiece::Raw(_)] => return,
                _ => None,
            },
            Data::Null | Data::Broken => return,
            Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::List(_) | Data::Map(_) | Data::Template(_) | Data::Pending(_) => None,
        };
        match name {
            Some(name) => self.add(name, Need { asking: Asking::Block, entity, span }),
            None => world.report(errors::no_provider(span).about(world.entity(entity).subject())),
        }
    }
}

fn entries(value: Option<&Value>) -> &[crate::value::Entry] {
    value.and_then(Value::as_map).map(Map::entries).unwrap_or_default()
}
