//! What Terraform does with what stacks have made, read off the emitted stacks before and after, whatever wrote them: resources of which an argument
//! changes that replaces them, those that are made of them, and those that a stack no longer has. Where something is written is asked of the stacks as the
//! templates left them. Where no table knows an argument, that is told, too.

mod account;
mod arguments;
mod beginnings;
mod conditions;
mod destroyed;
mod emitted;
mod errors;
mod fate;
mod guarded;
mod instances;
mod pinned;
mod place;
mod preserved;
mod readers;
mod reference;
mod replaced;

use super::PlatformChange;
use crate::artifact::Artifacts;
use crate::definition::Definitions;
use crate::diagnostic::Diagnostics;
use crate::floor;
use crate::model::{EntityId, Model};
use crate::object::Stack;
use crate::table::{Holding, resource_holds};
use emitted::EmittedStack;
use fate::resource;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// A stack before and after.
struct StackChange<'a> {
    folder: String,
    old: &'a Stack,
    new: &'a Stack,
    before: EmittedStack,
    now: EmittedStack,
}

/// The files of a stack that say what Terraform makes.
const FILES: [&str; 2] = ["main.tf.json", "providers.tf.json"];

pub(super) fn report(change: &PlatformChange<'_>, diagnostics: &mut Diagnostics) {
    let known: BTreeMap<String, &Stack> =
        change.before.objects.stacks.iter().map(|stack| (floor::stack(change.before.model, stack), stack)).collect();
    let both = |new| {
        let new: &Stack = new;
        let folder = floor::stack(change.now.model, new);
        let old = *known.get(&folder)?;
        let texts = |artifacts: &'_ Artifacts| FILES.map(|name| artifacts.get(&format!("{folder}/{name}")).map(|file| file.text.clone()));
        if texts(change.before.artifacts) == texts(change.now.artifacts) {
            return None;
        }
        let before = EmittedStack::read(change.before.artifacts, &folder)?;
        let now = EmittedStack::read(change.now.artifacts, &folder)?;
        Some(StackChange { folder, old, new, before, now })
    };
    pinned::report(change, &known, diagnostics);
    let come = ComeResources { change, stacks: OnceCell::new() };
    for stack in change.now.objects.stacks.iter().filter_map(both) {
        replaced::report(change, &stack, diagnostics);
        destroyed::report(change, &stack, &come, diagnostics);
    }
}

/// What has come to each stack of now, also to those that were not there before. Read when something has gone.
struct ComeResources<'c> {
    change: &'c PlatformChange<'c>,
    stacks: OnceCell<BTreeMap<String, Vec<String>>>,
}

impl ComeResources<'_> {
    /// Another stack that has an address from now on, first of the same environment.
    fn elsewhere(&self, folder: &str, address: &str) -> Option<String> {
        let environment = |folder: &str| folder.rsplit_once('/').map(|(environment, _)| environment.to_owned());
        let stacks = self.stacks.get_or_init(|| self.read()).get(address)?;
        stacks.iter().find(|other| environment(other) == environment(folder)).or_else(|| stacks.first()).cloned()
    }

    fn read(&self) -> BTreeMap<String, Vec<String>> {
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for stack in &self.change.now.objects.stacks {
            let folder = floor::stack(self.change.now.model, stack);
            let Some(now) = EmittedStack::read(self.change.now.artifacts, &folder) else { continue };
            let before = EmittedStack::read(self.change.before.artifacts, &folder);
            let is_old = |address: &str| before.as_ref().is_some_and(|before| before.blocks.contains_key(address));
            for (address, _) in now.made().filter(|(address, _)| !is_old(address)) {
                found.entry(address.to_owned()).or_default().push(folder.clone());
            }
        }
        found
    }
}

/// Whether what has an address holds data: its type does, or nobody knows that, and the class of whoever made it keeps data.
fn holds(definitions: &Definitions, (model, maker): (&Model, Option<EntityId>), address: &str) -> bool {
    let keeps = || {
        let class = maker.and_then(|maker| definitions.classes.get(model.entity(maker).class.0 as usize));
        class.is_some_and(|class| class.keeps_data)
    };
    match resource(address).map(|(type_, _)| resource_holds(type_)) {
        Some(Holding::Yes) => true,
        Some(Holding::Unknown) => keeps(),
        Some(Holding::No) | None => false,
    }
}
