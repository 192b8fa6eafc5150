//! What holds or makes things that keep data. In comes what the index remembers of a thing that is no longer there, out goes what became of its
//! maker, which the index remembers with it.

use super::cause::{LossCause, LostPlaces, LostThing};
use super::errors::OwnerFate;
use super::{Upkeep, errors};
use crate::diagnostic::Diagnostic;
use crate::kept::Kept;
use crate::model::{EntityId, EnvironmentId, Model, WhyAbsent};
use crate::name::Kind;
use crate::path::Path;
use crate::visible::visible;
use std::collections::BTreeMap;

/// Who made a thing, as the index remembers it.
pub(super) fn path(model: &Model, id: EntityId) -> Option<String> {
    let maker = model.entity(*model.entity(id).made.as_ref()?.makers.first()?);
    let home = maker.around().map(|home| model.entity(home)).filter(|home| maker.kind.home() == Some(home.kind));
    let steps = home.into_iter().chain([maker]).flat_map(|entity| [entity.kind.plural(), &**entity.identity.text()]);
    Some(Path::of(steps).to_string())
}

/// Whether a word switches a thing off, with what it holds.
pub(super) fn is_off(absence: WhyAbsent) -> bool {
    match absence {
        WhyAbsent::Disabled | WhyAbsent::Forgotten | WhyAbsent::ByDefault => true,
        WhyAbsent::OnlyIn | WhyAbsent::NotIn | WhyAbsent::Placement => false,
    }
}

/// What would be lost, as it is told: one report for each owner that is no longer there, with all that it holds, and itself.
pub(super) fn told(lost: &BTreeMap<LostThing, LostPlaces>) -> Vec<Diagnostic> {
    let mut owners: BTreeMap<(OwnerFate, &str), Vec<(&LostThing, &LostPlaces)>> = BTreeMap::new();
    for (thing, places) in lost {
        let owner = match &thing.cause {
            LossCause::SwitchedOff(span, owner) => (OwnerFate::Off(*span), owner.as_str()),
            LossCause::OwnerGone(span, owner) => (OwnerFate::Gone(*span), owner.as_str()),
            LossCause::Undefined
            | LossCause::NotHere(_)
            | LossCause::NotMade(_)
            | LossCause::Absent(..)
            | LossCause::NoEnvironment
            | LossCause::NoCluster(_)
            | LossCause::NoTenant(_)
            | LossCause::OtherStack { .. }
            | LossCause::Unmade { .. }
            | LossCause::Unforgotten { .. } => continue,
        };
        owners.entry(owner).or_default().push((thing, places));
    }
    let fate = |thing: &LostThing| match &thing.cause {
        LossCause::Undefined => Some(OwnerFate::Gone(None)),
        LossCause::Absent(span, _) => Some(OwnerFate::Gone(Some(*span))),
        LossCause::SwitchedOff(..)
        | LossCause::OwnerGone(..)
        | LossCause::NotHere(_)
        | LossCause::NotMade(_)
        | LossCause::NoEnvironment
        | LossCause::NoCluster(_)
        | LossCause::NoTenant(_)
        | LossCause::OtherStack { .. }
        | LossCause::Unmade { .. }
        | LossCause::Unforgotten { .. } => None,
    };
    let itself = |thing: &LostThing| Some((fate(thing)?, errors::words(thing)));
    let mut found: Vec<Diagnostic> = Vec::new();
    for ((fate, owner), held) in &owners {
        let own = lost.iter().find(|(thing, _)| itself(thing).is_some_and(|(its, words)| its == *fate && words == **owner));
        found.push(errors::of_owner(*fate, owner, (own.map(|(_, places)| places), held)));
    }
    for (thing, places) in lost {
        let is_told = owners.iter().any(|((fate, owner), held)| {
            held.iter().any(|(known, _)| std::ptr::eq(*known, thing))
                || itself(thing).is_some_and(|(its, words)| its == *fate && words == **owner)
        });
        if !is_told {
            found.push(errors::lost(thing, places));
        }
    }
    found
}

/// A maker that the index remembers.
struct KeptMaker<'k> {
    /// The tenant of an application, the cluster of a pool.
    home: Option<(Kind, &'k str)>,
    kind: Kind,
    identity: &'k str,
}

impl<'k> KeptMaker<'k> {
    fn of(keys: &[&'k str]) -> Option<Self> {
        match *keys {
            [plural, identity] => Some(Self { home: None, kind: Kind::from_plural(plural)?, identity }),
            [home, of, plural, identity] => {
                Some(Self { home: Some((Kind::from_plural(home)?, of)), kind: Kind::from_plural(plural)?, identity })
            }
            _ => None,
        }
    }

    fn words(&self) -> String {
        // The index may have been written by somebody else.
        let own = format!("{} `{}`", self.kind.words(), visible(self.identity));
        self.home.map_or(own.clone(), |(kind, home)| format!("{own} of {} `{}`", kind.words(), visible(home)))
    }
}

impl Upkeep<'_> {
    /// Why what somebody made is made no more; none if nobody is known to have made it.
    pub(super) fn unmade(&self, environment: EnvironmentId, kept: &Kept) -> Option<LossCause> {
        let path: Path = kept.maker.as_deref()?.parse().ok()?;
        let maker = KeptMaker::of(&path.keys()?)?;
        let tenant = maker.home.filter(|(kind, _)| *kind == Kind::Tenant).map(|(_, tenant)| tenant);
        let is_home = |id: Option<EntityId>| id.map(|id| &**self.model.entity(id).identity.text());
        let is_it = |id: EntityId| {
            let entity = self.model.entity(id);
            entity.environment == environment
                && entity.kind == maker.kind
                && **entity.identity.text() == *maker.identity
                && maker
                    .home
                    .is_none_or(|(kind, home)| is_home(if kind == Kind::Tenant { entity.tenant } else { entity.cluster }) == Some(home))
        };
        if let Some((_, entity)) = self.model.entities().find(|(id, _)| is_it(*id)) {
            return Some(LossCause::NotMade(entity.defined));
        }
        let own = || self.model.absent.anywhere(environment, maker.kind, tenant, maker.identity);
        let of_home = || maker.home.and_then(|(kind, home)| self.model.absent.anywhere(environment, kind, None, home));
        let words = |(kind, name): (Kind, &str)| format!("{} `{name}`", kind.words());
        let found = own().map(|absent| (absent, maker.words()));
        if let Some((absent, owner)) = found.or_else(|| Some((of_home()?, words(maker.home?)))) {
            let is_off = is_off(absent.absence);
            return Some(if is_off { LossCause::SwitchedOff(absent.span, owner) } else { LossCause::OwnerGone(Some(absent.span), owner) });
        }
        let mut definitions = self.definitions.of_kind(maker.home.map_or(maker.kind, |(kind, _)| kind));
        let name = maker.home.map_or(maker.identity, |(_, home)| home);
        let defined = definitions.find(|known| *known.identity.as_ref().unwrap_or(&known.name).name == *name);
        let Some(defined) = defined else { return Some(LossCause::OwnerGone(None, maker.words())) };
        // What is defined and nowhere said to be elsewhere is gone with its cluster.
        let cluster = self.model.absent.off(environment, Kind::Cluster);
        Some(cluster.map_or(LossCause::NotMade(defined.name.span), |absent| LossCause::NoCluster(Some(absent.span))))
    }
}
