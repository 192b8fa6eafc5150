//! What assembling remembers of what others stand under, and of what is made on its way to what it becomes.

use super::super::making::Making;
use super::super::{EntityId, EnvironmentId};
use crate::definition::{Class, Definition};
use crate::name::Kind;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What things stand under in one environment, as it is written: a cluster, or a tenant on some.
#[derive(Clone)]
pub(in crate::model) struct Home<'a> {
    pub(super) definition: &'a Definition,
    pub(super) class: &'a Class,
    pub(super) environment: EnvironmentId,
    pub(super) things: Vec<EntityId>,
}

/// What is made, on its way to what it becomes.
pub(in crate::model) struct Makings {
    /// How many things were asked what they make.
    pub(super) asked: usize,
    /// What waits at the top, by environment, kind and name.
    pub(super) waiting: BTreeMap<(EnvironmentId, Kind, Arc<str>), Vec<Making>>,
    /// What waits under things, by those, kind and name.
    pub(super) under: BTreeMap<(EntityId, Kind, Arc<str>), Vec<Making>>,
    /// Things under which more would be made if nothing was wrong with their makers, which was reported.
    pub(super) lacking: BTreeSet<EntityId>,
    /// Addresses of all that is made, with their classes.
    pub(in crate::model) addresses: BTreeMap<Arc<str>, BTreeSet<usize>>,
    /// What is written and stands for itself, though it might be made, by environment and address.
    pub(super) written: BTreeSet<(EnvironmentId, Arc<str>)>,
    /// What is made, by environment and address.
    pub(super) known: BTreeSet<(EnvironmentId, Arc<str>)>,
    /// Addresses of what is written of names that nobody makes and can mean nothing else, which was told.
    pub(in crate::model) unmade: BTreeSet<Arc<str>>,
    /// Addresses of which it was told that two make them.
    pub(super) told: BTreeSet<Arc<str>>,
}

impl Makings {
    /// Nothing is made yet.
    pub(in crate::model) fn new() -> Self {
        Self {
            asked: 0,
            waiting: BTreeMap::new(),
            under: BTreeMap::new(),
            lacking: BTreeSet::new(),
            addresses: BTreeMap::new(),
            written: BTreeSet::new(),
            known: BTreeSet::new(),
            unmade: BTreeSet::new(),
            told: BTreeSet::new(),
        }
    }
}
