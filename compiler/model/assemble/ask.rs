//! Asking makers what they make. In come things that were not asked yet, out goes what they make, on its way to what it becomes; and what is not
//! known of it, because something is wrong with a maker, which is told.

use super::super::existence::{self, MakerState};
use super::super::making::{self, Making};
use super::super::{Cost, EntityId, EntityIndex, Model, World, errors};
use super::{Assembly, Home};
use crate::definition::making::{kinds as making_kinds, makes};
use crate::definition::shaping;
use crate::diagnostic::Diagnostics;
use crate::name::Kind;
use crate::schema::{self, Checked, Mode};
use crate::source::Sources;

impl Assembly<'_> {
    /// Asks all things that were not asked yet what they make.
    pub(in crate::model) fn ask(&mut self, model: &mut Model, sources: &Sources) {
        model.entities = std::mem::take(&mut self.entities);
        let (mut lacking, mut unmade) = (Vec::new(), Vec::new());
        let (makings, found) = {
            let index = EntityIndex::new(model);
            let world = World::new(self.definitions, model, &index, Cost::of_platform(sources).with(model.entities.len()));
            let mut makings: Vec<Making> = Vec::new();
            let mut handed = Vec::new();
            let most = super::most(sources.bytes());
            for (id, entity) in model.entities().skip(self.made.asked) {
                if self.definitions.makers.stage(entity.class.0 as usize).is_none() || makings.len() > most {
                    continue;
                }
                let whereabouts = existence::whereabouts(&world, id);
                if whereabouts == MakerState::Elsewhere {
                    continue;
                }
                let said = world.diagnostics.take();
                let made = making::of(&world, id, model.handed.len() + handed.len());
                let found = world.diagnostics.replace(said);
                if made.lacks {
                    lacking.push(id);
                }
                handed.extend(made.handed);
                match whereabouts {
                    MakerState::There => makings.extend(made.made),
                    MakerState::Off => makings.extend(made.made.into_iter().map(|making| Making { off: true, ..making })),
                    MakerState::GoneWithCluster => unmade.extend(made.made),
                    MakerState::Elsewhere => {}
                }
                // What its own fields say is told by them, and what comes of that here is not; of what is not there nothing is told.
                if whereabouts == MakerState::There && (!found.has_errors() || fits(&world, id, sources)) {
                    world.diagnostics.borrow_mut().append(found);
                }
            }
            if let Some(exhausted) = world.exhausted() {
                world.report(errors::platform_too_costly(model, exhausted));
            }
            (makings, (handed, world.into_found()))
        };
        let (handed, found) = found;
        self.diagnostics.append(found.diagnostics);
        model.secrets.append(&found.secrets);
        model.handed.extend(handed);
        self.made.asked = model.entities.len();
        self.entities = std::mem::take(&mut model.entities);
        for id in lacking {
            let Some(maker) = self.entities.get(id.0 as usize) else { continue };
            self.absent.add_unmade(making_kinds(maker.kind));
            self.made.lacking.extend([Some(id), maker.tenant, maker.cluster].into_iter().flatten());
        }
        for making in makings {
            self.note(making);
        }
        // What is written of it means what would be made.
        for making in unmade {
            if let Some((address, _)) = self.address_of(&making) {
                self.made.addresses.entry(address).or_default().insert(making.class);
            }
        }
    }

    /// Takes note that something of a kind is not there because of something that was reported, with what it would make.
    pub(super) fn doubt_makings(&mut self, kind: Kind) {
        if makes(&self.definitions.classes, kind) {
            self.absent.add_unmade(making_kinds(kind));
        }
    }

    /// Whether something may be made under a thing that is not, because of something that was reported.
    pub(super) fn may_lack(&self, kind: Kind, id: EntityId, home: &Home<'_>) -> bool {
        let makers = &self.definitions.makers;
        let mut classes = self.definitions.classes.iter().enumerate();
        let mut is_lost = || classes.any(|(at, class)| makers.is_lost(at) && (class.kind == kind || class.full == home.class.full));
        self.made.lacking.contains(&id) || makers.doubts(kind) || (makers.lost().contains(&kind) && is_lost())
    }
}

/// Whether what a thing says fits its class, as far as that is seen before it is worked out.
fn fits(world: &World<'_>, id: EntityId, sources: &Sources) -> bool {
    let entity = world.entity(id);
    let Some(class) = world.class(entity) else { return true };
    let subject = entity.subject();
    let checked = Checked {
        kind: entity.kind.words(),
        class: &class.full,
        subject: Some(&subject),
        defined: Some(entity.defined),
        beside: shaping::of_kind(entity.kind),
        sources,
    };
    let mut found = Diagnostics::default();
    schema::check(&class.type_, &entity.value, &checked, Mode::Layer, &mut found);
    !found.has_errors()
}
