//! Instances of resources and modules: which ones a body makes, by `count` or `for_each`, where blocks `moved` take each, and which ones are there no more.

use super::StackChange;
use super::emitted::{EmittedStack, InstanceAddress};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// So many instances by number are looked at, the last ones: those go first.
const MOST: u64 = 100;

/// The instances that a body makes.
enum Instances {
    /// It alone, without a key.
    One,
    /// As many as a number says.
    Counted(u64),
    /// One for each of these keys, as they stand in brackets.
    Keyed(BTreeSet<String>),
    /// As many as an expression gives.
    CountUnknown,
    /// One for each key that an expression gives.
    KeysUnknown,
}

/// What of an address is there no more.
#[derive(Default)]
pub(super) struct GoneInstances {
    /// Addresses, of single instances if some of them stay.
    pub(super) addresses: Vec<String>,
    /// Addresses of instances that are new beside them.
    pub(super) instead: Vec<String>,
    /// Whether that is all that was there, and the block, too.
    pub(super) is_whole: bool,
}

/// What a stack had at an address and has no more.
pub(super) fn gone(stack: &StackChange<'_>, address: &str, old: &Json) -> GoneInstances {
    let now = &stack.now;
    let here = now.current(address);
    let block = now.blocks.get(here);
    let is_let_go = [address, here].iter().any(|address| now.let_go.contains(*address));
    let is_unclear = now.instance_moves.iter().any(|(from, _)| from.object == address || from.object == here);
    let whole = |is_gone: bool| GoneInstances {
        addresses: is_gone.then(|| address.to_owned()).into_iter().collect(),
        is_whole: true,
        ..GoneInstances::default()
    };
    let Some(keys) = Instances::of(old).keys() else {
        return match (block.map(Instances::of), Instances::of(old)) {
            (None, _) => whole(!is_let_go && !is_unclear),
            // Some that had a key have none, or one of another sort.
            (Some(Instances::Keyed(_) | Instances::KeysUnknown), Instances::CountUnknown)
            | (Some(Instances::One | Instances::Counted(_) | Instances::CountUnknown), Instances::KeysUnknown)
                if !is_unclear =>
            {
                GoneInstances { addresses: vec![format!("{here}[*]")], ..GoneInstances::default() }
            }
            (Some(_), _) => GoneInstances::default(),
        };
    };
    let places: Vec<InstanceAddress> =
        keys.into_iter().map(|key| place(now, InstanceAddress { object: address.to_owned(), key })).collect();
    // Which resources a module has nobody here knows.
    let is_within = |place: &InstanceAddress| place.object.starts_with("module.") && !address.starts_with("module.");
    let is_there = |place: &InstanceAddress| {
        now.blocks.get(&place.object).is_some_and(|body| is_within(place) || Instances::of(body).has(place.key.as_deref()))
    };
    if block.is_none() && !places.iter().any(is_there) {
        return whole(!is_let_go);
    }
    let addresses: Vec<String> = places.iter().filter(|place| !is_there(place)).map(InstanceAddress::to_string).collect();
    let own = |key: Option<String>| InstanceAddress { object: here.to_owned(), key };
    let come = block.and_then(|body| Instances::of(body).keys()).into_iter().flatten().map(own).filter(|new| !places.contains(new));
    let instead = come.map(|new| new.to_string()).collect();
    GoneInstances { addresses, instead, is_whole: false }
}

/// The address that an instance has now.
fn place(now: &EmittedStack, instance: InstanceAddress) -> InstanceAddress {
    let first = instance.object.clone();
    let (mut at, mut has_moved) = (instance, false);
    for _ in 0..=now.moved.len() + now.instance_moves.len() {
        if let Some((_, to)) = now.instance_moves.iter().find(|(from, _)| *from == at) {
            at = to.clone();
        } else if let Some(object) = now.moved.get(&at.object) {
            at.object.clone_from(object);
        } else {
            break;
        }
        has_moved = true;
    }
    // Terraform moves the only instance of a resource to the first of several, and back, unless a block says something of it.
    let is_told = has_moved || now.instance_moves.iter().any(|(from, to)| from.object == first || to.object == first);
    if !is_told && !first.starts_with("module.") {
        match now.blocks.get(&first).map(Instances::of) {
            Some(Instances::Counted(_) | Instances::CountUnknown) if at.key.is_none() => at.key = Some("0".to_owned()),
            Some(Instances::One) if at.key.as_deref() == Some("0") => at.key = None,
            Some(_) | None => {}
        }
    }
    at
}

impl Instances {
    fn of(body: &Json) -> Self {
        let said = |key: &str| body.get(key).filter(|value| !value.is_null());
        if let Some(count) = said("count") {
            let number = count.as_u64().or_else(|| count.as_str()?.parse().ok());
            return number.map_or(Self::CountUnknown, Self::Counted);
        }
        match said("for_each") {
            None => Self::One,
            Some(keys) => match keys.as_object() {
                Some(map) => Self::Keyed(map.keys().map(|key| format!("{key:?}")).collect()),
                None => keys.as_str().and_then(set).map_or(Self::KeysUnknown, Self::Keyed),
            },
        }
    }

    /// What stands in brackets, of each instance; none if that is not known.
    fn keys(&self) -> Option<Vec<Option<String>>> {
        match self {
            Self::One => Some(vec![None]),
            Self::Counted(count) => Some((count.saturating_sub(MOST)..*count).map(|at| Some(at.to_string())).collect()),
            Self::Keyed(keys) => Some(keys.iter().cloned().map(Some).collect()),
            Self::CountUnknown | Self::KeysUnknown => None,
        }
    }

    /// Whether there may be an instance of a key.
    fn has(&self, key: Option<&str>) -> bool {
        let number = || key.and_then(|key| key.parse::<u64>().ok());
        match self {
            Self::One => key.is_none(),
            Self::Counted(count) => number().is_some_and(|at| at < *count),
            Self::Keyed(keys) => key.is_some_and(|key| keys.contains(key)),
            Self::CountUnknown => number().is_some(),
            Self::KeysUnknown => key.is_some() && number().is_none(),
        }
    }
}

/// The keys of a set that is written out: `${toset(["a", "b"])}`.
fn set(text: &str) -> Option<BTreeSet<String>> {
    let list = text.strip_prefix("${toset(")?.strip_suffix(")}")?;
    let keys: Vec<String> = serde_json::from_str(list).ok()?;
    keys.iter().all(|key| !key.contains("${")).then(|| keys.iter().map(|key| format!("{key:?}")).collect())
}
