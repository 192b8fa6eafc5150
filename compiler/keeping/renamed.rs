//! What is lost may only have another name now, or stand on or belong to what has. In comes a lost thing with its cause, out goes what may be
//! the same.

use super::Upkeep;
use super::cause::{LossCause, RenamedThing};
use crate::kept::KeptPlace;
use crate::name::Kind;
use std::collections::BTreeSet;

impl Upkeep<'_> {
    /// What may be a lost thing, or what it was on, under another name; none if a word took it away.
    pub(super) fn renamed(&self, place: &KeptPlace, cause: &LossCause, known: &BTreeSet<&KeptPlace>) -> Option<RenamedThing> {
        let owner = |word, before: Option<&String>, now: Option<String>| {
            Some(RenamedThing { word, before: before?.clone(), now: now?, is_new: false })
        };
        match cause {
            LossCause::Undefined | LossCause::NotMade(_) | LossCause::OwnerGone(None, _) => {
                let now = self.new_beside(place, known)?;
                Some(RenamedThing { word: "thing", before: place.identity.clone(), now, is_new: true })
            }
            LossCause::NoEnvironment => {
                let known: BTreeSet<&str> = known.iter().map(|known| known.environment.as_str()).collect();
                let all = self.model.environments().map(|(_, environment)| environment.identity.text());
                let now = all.filter(|identity| !known.contains(&***identity)).map(ToString::to_string).next();
                owner("environment", Some(&place.environment), now)
            }
            LossCause::NoCluster(None) => {
                let is_here = |known: &&&KeptPlace| known.environment == place.environment;
                let known: BTreeSet<&str> = known.iter().filter(is_here).filter_map(|known| known.cluster.as_deref()).collect();
                owner("cluster", place.cluster.as_ref(), self.unknown(place, Kind::Cluster, &known))
            }
            LossCause::NoTenant(None) => {
                let is_here = |known: &&&KeptPlace| (&known.environment, &known.cluster) == (&place.environment, &place.cluster);
                let here = || known.iter().filter(is_here);
                let tenants = here().filter(|known| known.kind == Kind::Tenant).map(|known| known.identity.as_str());
                let known: BTreeSet<&str> = here().filter_map(|known| known.tenant.as_deref()).chain(tenants).collect();
                owner("tenant", place.tenant.as_ref(), self.unknown(place, Kind::Tenant, &known))
            }
            LossCause::NotHere(_)
            | LossCause::Absent(..)
            | LossCause::SwitchedOff(..)
            | LossCause::OwnerGone(Some(_), _)
            | LossCause::NoCluster(Some(_))
            | LossCause::NoTenant(Some(_))
            | LossCause::OtherStack { .. }
            | LossCause::Unmade { .. }
            | LossCause::Unforgotten { .. } => None,
        }
    }

    /// What is new where something was, and of its kind.
    fn new_beside(&self, place: &KeptPlace, known: &BTreeSet<&KeptPlace>) -> Option<String> {
        let mut new = self.now.keys().filter(|new| !known.contains(new)).filter(|new| {
            (&new.environment, new.kind, &new.cluster, &new.tenant) == (&place.environment, place.kind, &place.cluster, &place.tenant)
        });
        new.next().map(|new| new.identity.clone())
    }

    /// The first cluster of an environment, or tenant of a cluster, of which nothing is remembered.
    fn unknown(&self, place: &KeptPlace, kind: Kind, known: &BTreeSet<&str>) -> Option<String> {
        let is_here = |other: &&KeptPlace| {
            let on = kind == Kind::Cluster || other.cluster == place.cluster;
            other.kind == kind && other.environment == place.environment && on
        };
        self.entities.keys().filter(is_here).find(|other| !known.contains(other.identity.as_str())).map(|other| other.identity.clone())
    }
}
