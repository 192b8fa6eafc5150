//! Resources that a change replaces, and those of which nobody knows: told once at each line that decides it, with what goes with them.

use super::fate::{Fate, fates, resource, weight};
use super::guarded::{self, GuardedResource};
use super::{StackChange, errors, holds, place, preserved, readers};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::hazard::PlatformChange;
use crate::level::Level;
use crate::model::EntityId;
use crate::span::Span;
use crate::table::Replaces;
use std::collections::BTreeMap;

/// An address, the gravest of its arguments that change, and what that was and is.
pub(super) type OwnChange<'f> = (&'f str, String, Option<&'f (String, String)>);

/// What one line does to a stack.
pub(super) struct ReplacedResources<'f> {
    /// Addresses whose own arguments it changes.
    pub(super) own: Vec<OwnChange<'f>>,
    /// What is replaced because of these: address, argument and what that reads.
    pub(super) following: Vec<(&'f str, &'f str, &'f str)>,
    /// Those among all of them that hold data.
    pub(super) holding: Vec<&'f str>,
    /// Those that say of themselves that nothing may destroy them.
    pub(super) prevented: Vec<&'f str>,
    /// Who made the first.
    pub(super) maker: Option<EntityId>,
}

pub(super) fn report(change: &PlatformChange<'_>, stack: &StackChange<'_>, diagnostics: &mut Diagnostics) {
    let fates = fates(stack, &change.now.definitions.tables);
    let formerly: BTreeMap<&str, &str> = stack.before.blocks.keys().map(|old| (stack.now.current(old), old.as_str())).collect();
    refused(change, stack, (&fates, &formerly), diagnostics);
    preserved::report(change, stack, (&fates, &formerly), diagnostics);
    let mut groups: BTreeMap<(Span, bool), ReplacedResources<'_>> = BTreeMap::new();
    // What is replaced by what is said of it, then what follows.
    let mut at: BTreeMap<&str, (Span, bool)> = BTreeMap::new();
    let told =
        |address: &str, fate: &Fate| fate.replaces != Replaces::No && !address.starts_with("data.") && !address.starts_with("local.");
    for (address, fate) in fates.iter().filter(|(address, fate)| told(address, fate) && fate.follows.is_none()) {
        let Some(argument) = fate.own.first() else { continue };
        let maker = place::maker(&stack.new.makers, address);
        if !maker.is_some_and(|maker| change.is_chosen(maker)) {
            continue;
        }
        let old = formerly.get(address.as_str()).copied().unwrap_or(address);
        let defined = || maker.map(|maker| change.now.model.entity(maker).defined);
        let Some(span) = place::of(change, stack, (old, address), &argument.path).or_else(defined) else { continue };
        let span = users_own(change, stack, (old, span), maker);
        let key = (span, fate.replaces == Replaces::Yes);
        at.insert(address, key);
        let group = groups.entry(key).or_insert_with(|| ReplacedResources::of(maker));
        group.own.push((address, argument.name(), argument.values.as_ref().filter(|_| !is_hidden(change, address, &argument.name()))));
    }
    for (address, fate) in fates.iter().filter(|(address, fate)| told(address, fate)) {
        let Some((leader, argument)) = &fate.follows else { continue };
        let mut first = leader.as_str();
        // A chain of followers is no longer than there are blocks.
        for _ in 0..fates.len() {
            match fates.get(first).and_then(|fate| fate.follows.as_ref()) {
                Some((next, _)) => first = next,
                None => break,
            }
        }
        let maker = place::maker(&stack.new.makers, address);
        let known = at.get(first).copied().map(|(span, _)| span);
        let defined = || maker.filter(|maker| change.is_chosen(*maker)).map(|maker| change.now.model.entity(maker).defined);
        let decided = || {
            let old = formerly.get(first).copied().unwrap_or(first);
            place::of(change, stack, (old, first), &[])
        };
        let Some(span) = known.or_else(|| defined().and_then(|defined| decided().or(Some(defined)))) else { continue };
        let group = groups.entry((span, fate.replaces == Replaces::Yes)).or_insert_with(|| ReplacedResources::of(maker));
        group.following.push((address, argument, leader));
    }
    for ((span, is_certain), mut group) in groups {
        let all = || group.own.iter().map(|(address, ..)| *address).chain(group.following.iter().map(|(address, ..)| *address));
        let maker = |address: &str| (change.now.model, place::maker(&stack.new.makers, address));
        let holds = |address: &&str| holds(change.now.definitions, maker(address), address);
        let prevents = |address: &&str| {
            let said = stack.now.blocks.get(*address).and_then(|body| body.pointer("/lifecycle/prevent_destroy"));
            said.and_then(serde_json::Value::as_bool) == Some(true)
        };
        let before = |address: &str| stack.before.blocks.get(formerly.get(address).copied().unwrap_or(address));
        let guarded: Vec<GuardedResource> =
            all().filter(|_| is_certain).filter_map(|address| guarded::of(address, before(address)?)).collect();
        let bodies: Vec<(&str, &serde_json::Value)> =
            all().filter(|_| is_certain).filter_map(|address| Some((address, before(address)?))).collect();
        let (holding, prevented) = (all().filter(holds).collect(), all().filter(prevents).collect());
        (group.holding, group.prevented) = (holding, prevented);
        group.own.sort_by_key(|(address, ..)| {
            let replaces = fates.get(*address).map_or(Replaces::No, |fate| fate.replaces);
            (std::cmp::Reverse(weight(replaces)), *address)
        });
        let entity = group.maker.map(|maker| change.now.model.entity(maker));
        let level = match (is_certain, group.prevented.is_empty(), group.holding.is_empty()) {
            (false, _, _) => Level::Unknown,
            (true, false, _) => Level::Refused,
            (true, true, false) => Level::DestroysData,
            (true, true, true) => Level::Replaces,
        };
        let output = &change.now.model.platform.output;
        let said = if is_certain { errors::replaced(&group, span) } else { errors::unknown(&group, span, (output, &stack.folder)) };
        let said = guarded::told(said, &guarded).level(level);
        let said = guarded::emptied(said, bodies.into_iter());
        let said = if level == Level::DestroysData { readers::told(said, change.now, group.maker) } else { said };
        diagnostics.push(match entity {
            Some(entity) => said.about(entity.subject()),
            None => said,
        });
    }
}

/// Reports changes that are refused of what is not made anew anyway.
fn refused(
    change: &PlatformChange<'_>,
    stack: &StackChange<'_>,
    (fates, formerly): (&BTreeMap<String, Fate>, &BTreeMap<&str, &str>),
    diagnostics: &mut Diagnostics,
) {
    for (address, fate) in fates.iter().filter(|(_, fate)| fate.replaces != Replaces::Yes) {
        let Some(maker) = place::maker(&stack.new.makers, address).filter(|maker| change.is_chosen(*maker)) else { continue };
        let (entity, old) = (change.now.model.entity(maker), formerly.get(address.as_str()).copied().unwrap_or(address));
        for refused in &fate.refused {
            let span = place::of(change, stack, (old, address), &refused.argument.path).unwrap_or(entity.defined);
            let span = users_own(change, stack, (old, span), Some(maker));
            // What its class says of the line is the same, in its own words.
            let is_it = |said: &Diagnostic| {
                let at = said.primary.as_ref().map(|label| label.span);
                (said.code, said.level, at) == (Code::HazardousChange, Some(Level::Refused), Some(span))
                    && said.subject.as_ref() == Some(&entity.subject())
            };
            if diagnostics.iter().any(is_it) {
                continue;
            }
            diagnostics.push(errors::refused(address, refused, span).level(Level::Refused).about(entity.subject()));
        }
    }
}

/// A place, unless it is one of the library, of which nobody has changed anything: then what whoever makes the resource says otherwise.
pub(super) fn users_own(
    change: &PlatformChange<'_>,
    stack: &StackChange<'_>,
    (address, span): (&str, Span),
    maker: Option<EntityId>,
) -> Span {
    if !change.now.sources.is_library(span) {
        return span;
    }
    let thing = place::maker(&stack.old.makers, address).and_then(|before| change.place_of(before));
    thing.or_else(|| maker.map(|maker| change.now.model.entity(maker).defined)).unwrap_or(span)
}

impl ReplacedResources<'_> {
    fn of(maker: Option<EntityId>) -> Self {
        Self { own: Vec::new(), following: Vec::new(), holding: Vec::new(), prevented: Vec::new(), maker }
    }
}

fn is_hidden(change: &PlatformChange<'_>, address: &str, argument: &str) -> bool {
    resource(address).is_none_or(|(type_, _)| change.now.definitions.tables.is_sensitive("resource", type_, argument))
}
