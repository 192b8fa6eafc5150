//! Removals of pools and applications that find nothing to remove in any place that they speak for; and how what a reading objects to is taken
//! out of a platform.

use super::super::naive::{Fault, chain, take_out};
use super::reading::{Home, Layer, Where, World, Wrong, places};
use std::collections::BTreeMap;

/// By what is said and where: whether there was anything to remove.
#[derive(Default)]
pub(super) struct Removals(BTreeMap<(usize, Where), bool>);

impl Removals {
    /// Looks at what stands under a line of clusters or tenants, in one place.
    pub(super) fn see(&mut self, world: &World, kind: usize, homes: &[usize], (e, cluster): (usize, Option<usize>)) {
        let places = places(&chain(e, |at| world.environments[at].parent), cluster);
        let mut present: BTreeMap<&str, bool> = BTreeMap::new();
        for home in std::iter::once(Home::All).chain(homes.iter().copied().map(Home::Of)) {
            for (at, one) in world.things.iter().enumerate().filter(|(_, one)| one.kind == kind && one.within == Some(home)) {
                let present = present.entry(&one.name).or_default();
                for (place, word) in places.iter().filter_map(|place| Some((place, one.layers.get(place)?))) {
                    if word.is_none() {
                        *self.0.entry((at, *place)).or_default() |= *present;
                    }
                    *present = word.is_some();
                }
            }
        }
    }

    /// The first that removes nothing anywhere.
    pub(super) fn in_vain(&self) -> Result<(), Wrong> {
        match self.0.iter().find(|(_, found)| !**found) {
            Some(((at, place), _)) => Err(Wrong { fault: Fault::Absent, layer: Layer::Said(*at, *place), keys: Vec::new() }),
            None => Ok(()),
        }
    }
}

impl World {
    /// Takes out what an objection is about.
    pub(super) fn remove(&mut self, wrong: &Wrong) {
        let (at, place) = match &wrong.layer {
            Layer::Said(at, _) if wrong.fault == Fault::Parents => return drop(self.things[*at].parents.pop().unwrap()),
            Layer::Said(at, place) => (*at, place),
            Layer::Defaults(e, kind) => return take_out(self.defaults.get_mut(&(*e, *kind)).unwrap(), &wrong.keys),
        };
        match self.things[at].layers.get_mut(place).unwrap() {
            Some(said) => take_out(said, &wrong.keys),
            None => drop(self.things[at].layers.remove(place)),
        }
    }
}
