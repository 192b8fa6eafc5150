//! Infrastructure that is on no cluster although it, or its class, reads what only things on clusters have: `cluster`, `services`. In comes a
//! model in which it is decided what exists; each such thing is told where it is defined, and what follows from that is told nowhere else.

use super::world::World;
use super::{ClassId, Entity, EntityId, Model, errors};
use crate::definition::root::{self, Within};
use crate::definition::{Definitions, reads};
use crate::diagnostic::Diagnostics;
use crate::expression::Reference;
use crate::name::Kind;
use crate::path::Step;
use std::collections::{BTreeMap, BTreeSet};

/// The first read of its class, by class.
pub(super) type ClassReads = BTreeMap<ClassId, Option<Reference>>;

/// Reports infrastructure that reads what is on clusters and is on none: of each definition the first read, once.
pub(super) fn check(definitions: &Definitions, model: &Model, diagnostics: &mut Diagnostics) {
    let (mut known, mut told) = (ClassReads::new(), BTreeSet::new());
    let on_none = |entity: &&Entity| entity.kind == Kind::Infrastructure && entity.cluster.is_none();
    for entity in model.entities.iter().filter(on_none) {
        let Some((reference, of_class)) = first(definitions, entity, &mut known) else { continue };
        if told.insert((entity.environment, entity.defined)) {
            diagnostics.push(errors::placeless(entity, name(&reference), reference.span, of_class));
        }
    }
}

/// The first name that a thing on no cluster reads and that needs one, and whether its class does.
fn first(definitions: &Definitions, entity: &Entity, known: &mut ClassReads) -> Option<(Reference, bool)> {
    let needs = |reference: &&Reference, within: Within| root::needs_cluster(name(reference), entity.kind, within);
    if let Some(own) = entity.reads.iter().find(|reference| needs(reference, Within::Definition)) {
        return Some((own.clone(), false));
    }
    let of_class = known.entry(entity.class).or_insert_with(|| {
        let class = definitions.classes.get(entity.class.0 as usize)?;
        reads::of_class(class).into_iter().find(|reference| needs(&reference, Within::Class))
    });
    of_class.clone().map(|reference| (reference, true))
}

fn name(reference: &Reference) -> &str {
    match reference.steps.first() {
        Some(Step::Key(name)) => name,
        Some(Step::Item(_)) | None => "",
    }
}

impl World<'_> {
    /// Whether it is told of a thing already that it reads what it cannot.
    pub(super) fn is_told_placeless(&self, id: EntityId) -> bool {
        let entity = self.entity(id);
        entity.cluster.is_none() && first(self.definitions, entity, &mut self.needing.borrow_mut()).is_some()
    }
}
