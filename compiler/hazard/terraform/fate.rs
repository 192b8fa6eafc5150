//! What becomes of each resource of a stack: whether it is replaced by what is said of it, or because it is made of something that is. Terraform knows an
//! attribute of a replaced resource beforehand only where the stack says it.

use super::arguments::{ArgumentStep, ChangedArgument, compare, is_ignored, named, set, text};
use super::conditions::{self, RefusedArgument};
use super::emitted::members;
use super::reference::{EmittedReference, bare, references};
use super::{StackChange, account, beginnings, place};
use crate::custom::Tables;
use crate::diagnostic::Diagnostics;
use crate::table::{Replaces, TableRecord};
use crate::value::Value;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of one block.
#[derive(Clone, Debug)]
pub(super) struct Fate {
    /// Whether it is replaced.
    pub(super) replaces: Replaces,
    /// Its own arguments that differ, the gravest first.
    pub(super) own: Vec<ChangedArgument>,
    /// Because of what else it is replaced, and by which argument; if not by its own.
    pub(super) follows: Option<(String, String)>,
    /// Its own arguments that differ in a way which is refused.
    pub(super) refused: Vec<RefusedArgument>,
}

impl Fate {
    fn is_changed(&self) -> bool {
        !self.own.is_empty() || self.follows.is_some()
    }
}

/// The graver the more.
pub(super) fn weight(replaces: Replaces) -> u8 {
    match replaces {
        Replaces::No => 0,
        Replaces::Unknown => 1,
        Replaces::Maybe => 2,
        Replaces::Yes => 3,
    }
}

/// The fates of all blocks that are there before and after, by the address of now.
pub(super) fn fates(stack: &StackChange<'_>, tables: &Tables) -> BTreeMap<String, Fate> {
    let mut fates = BTreeMap::new();
    for (address, old) in &stack.before.blocks {
        let address = stack.now.current(address);
        let Some(new) = stack.now.blocks.get(address) else { continue };
        let old = &with_moved(old, &|text| renamed(stack, text));
        let mut refused = Vec::new();
        let mut own = if let Some((type_, _)) = resource(address) {
            let (record, ignored) = (record(tables, type_), ignored(new));
            let (old, new) = (&beginnings::begun(&stack.before, old), &beginnings::begun(&stack.now, new));
            let mut own = compare(record.as_deref(), old, new, &ignored);
            let is_ignored = |name: &str| is_ignored(&ignored, name);
            refused = conditions::decide(type_, (old, new), is_ignored, &mut own);
            own.extend(of_provider(stack, type_, record.as_deref(), old, new));
            own
        } else {
            // Nobody knows what a module makes of what it is given, or what reads a value.
            let differs = old != new && !is_of_one_stack(stack, address);
            differs.then(|| ChangedArgument { path: Vec::new(), replaces: Replaces::Unknown, values: None }).into_iter().collect()
        };
        own.sort_by_key(|argument| std::cmp::Reverse(weight(argument.replaces)));
        let replaces = own.first().map_or(Replaces::No, |argument| argument.replaces);
        fates.insert(address.to_owned(), Fate { replaces, own, follows: None, refused });
    }
    if fates.values().any(Fate::is_changed) {
        follow(stack, tables, &mut fates);
    }
    fates
}

/// Whether it is the state of another stack that is read, by what the compiler has added: under one name that is one stack, wherever it keeps its state.
fn is_of_one_stack(stack: &StackChange<'_>, address: &str) -> bool {
    let is_added = |body: &Value| place::block(body, address).is_none();
    address.starts_with("data.terraform_remote_state.") && is_added(&stack.old.body) && is_added(&stack.new.body)
}

/// Type and name of a resource.
pub(super) fn resource(address: &str) -> Option<(&str, &str)> {
    address.split_once('.').filter(|(word, _)| !matches!(*word, "data" | "module" | "local"))
}

fn record(tables: &Tables, type_: &str) -> Option<std::sync::Arc<TableRecord>> {
    tables.terraform("resource", type_, &mut Diagnostics::default()).map(|known| std::sync::Arc::clone(&known.record))
}

/// Paths of which Terraform overlooks changes, without positions.
pub(super) fn ignored(body: &Json) -> Vec<String> {
    let said = body.pointer("/lifecycle/ignore_changes");
    let texts = said.and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default().iter().chain(said);
    let plain = |text: &str| {
        let parts = text.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest));
        parts.collect::<String>()
    };
    texts.filter_map(Json::as_str).map(plain).collect()
}

/// Arguments of its provider that stand for arguments which the resource leaves out, its region, and those that say in whose account it is.
fn of_provider(stack: &StackChange<'_>, type_: &str, record: Option<&TableRecord>, old: &Json, new: &Json) -> Vec<ChangedArgument> {
    let name = |body: &Json| {
        let said = body.get("provider").and_then(Json::as_str);
        said.map_or_else(|| type_.split('_').next().unwrap_or_default().to_owned(), str::to_owned)
    };
    let (before, now) = (stack.before.providers.get(&name(old)), stack.now.providers.get(&name(new)));
    let mut found = account::changed(type_, before, now);
    let keys: BTreeSet<&str> = members(before).chain(members(now)).map(|(key, _)| key).collect();
    for key in keys {
        let pair = [before, now].map(|body| set(body.and_then(|body| body.get(key))));
        let [was, is] = pair;
        if was == is {
            continue;
        }
        let replaces = match record {
            Some(record) => match record.field(key) {
                Some(field) => field.replaces,
                None if OWNERS.contains(&key) => Replaces::Unknown,
                None => Replaces::No,
            },
            None if PLACES.contains(&key) => Replaces::Unknown,
            None => Replaces::No,
        };
        // Where a provider does not say it, its surroundings do, perhaps the same.
        let replaces = if replaces == Replaces::Yes && pair.contains(&None) { Replaces::Maybe } else { replaces };
        if replaces != Replaces::No && new.get(key).is_none() {
            let values = text(was).zip(text(is));
            let path = vec![ArgumentStep::Name("provider".to_owned()), ArgumentStep::Name(key.to_owned())];
            found.push(ChangedArgument { path, replaces, values });
        }
    }
    found
}

/// Arguments of providers that say where everything is.
const PLACES: [&str; 8] = ["host", "location", "organization_id", "project", "project_id", "region", "subscription_id", "zone"];

/// Those among them that say whose all of it is, whatever a resource can say of itself.
const OWNERS: [&str; 4] = ["organization_id", "project", "project_id", "subscription_id"];

/// Carries on what is replaced to what is made of it, until nothing changes any more.
fn follow(stack: &StackChange<'_>, tables: &Tables, fates: &mut BTreeMap<String, Fate>) {
    for _ in 0..fates.len() {
        let mut found: Vec<(String, Replaces, (String, String))> = Vec::new();
        for (address, fate) in fates.iter().filter(|(_, fate)| fate.replaces != Replaces::Yes) {
            let (Some((type_, _)), Some(body)) = (resource(address), stack.now.blocks.get(address)) else { continue };
            let mut best: Option<(Replaces, (String, String))> = None;
            let mut see = |reference: &EmittedReference, argument: &str, table: Replaces, is_trigger: bool| {
                let Some(leader) = fates.get(&reference.address).filter(|_| reference.address != *address) else { return };
                let effect = match (arrives(stack, reference, leader, is_trigger), table) {
                    (Replaces::No, _) | (_, Replaces::No) => Replaces::No,
                    (Replaces::Yes, table) => table,
                    (Replaces::Maybe | Replaces::Unknown, Replaces::Yes | Replaces::Maybe) => Replaces::Maybe,
                    (Replaces::Maybe | Replaces::Unknown, Replaces::Unknown) => Replaces::Unknown,
                };
                if weight(effect) > best.as_ref().map_or(weight(fate.replaces), |(known, _)| weight(*known)) {
                    best = Some((effect, (reference.address.clone(), argument.to_owned())));
                }
            };
            let overlooked = ignored(body);
            each_text(body, &mut Vec::new(), &mut |path, text| {
                if path.first().is_some_and(|first| matches!(*first, "depends_on" | "lifecycle" | "provider")) || !text.contains("${") {
                    return;
                }
                let own: String = path.join(".");
                // What it begins with is compared as it stands there.
                if is_ignored(&overlooked, &own) || beginnings::beginning(&stack.now, text).is_some() {
                    return;
                }
                let table = tables.replaces(type_, path);
                references(text).iter().for_each(|reference| see(reference, &own, table, false));
            });
            let triggers = body.pointer("/lifecycle/replace_triggered_by").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
            for reference in triggers.iter().filter_map(Json::as_str).filter_map(bare) {
                see(&reference, "lifecycle.replace_triggered_by", Replaces::Yes, true);
            }
            found.extend(best.map(|(effect, by)| (address.clone(), effect, by)));
        }
        if found.is_empty() {
            break;
        }
        for (address, effect, by) in found {
            if let Some(fate) = fates.get_mut(&address) {
                fate.replaces = effect;
                fate.follows = Some(by);
            }
        }
    }
}

/// Whether what a reference reads is another one than before: certainly, perhaps or not.
fn arrives(stack: &StackChange<'_>, reference: &EmittedReference, leader: &Fate, is_trigger: bool) -> Replaces {
    let Some(attribute) = &reference.attribute else {
        return if is_trigger && leader.is_changed() { Replaces::Yes } else { leader.replaces };
    };
    let said = stack.now.blocks.get(&reference.address).and_then(|body| body.get(attribute));
    let is_own = |argument: &ChangedArgument| matches!(argument.path.first(), Some(ArgumentStep::Name(name)) if name == attribute);
    match said {
        // The stack says it, so it is known before anything is made.
        Some(_) if leader.own.iter().any(is_own) => Replaces::Yes,
        Some(said) if !said.to_string().contains("${") => Replaces::No,
        Some(_) | None if leader.own.iter().any(|argument| argument.path.is_empty()) => Replaces::Maybe,
        Some(_) | None => leader.replaces,
    }
}

/// All texts of a body, with the names that lead to them.
fn each_text<'j>(value: &'j Json, path: &mut Vec<&'j str>, see: &mut impl FnMut(&[&str], &str)) {
    if let Some(text) = value.as_str() {
        see(path, text);
    }
    for item in value.as_array().into_iter().flatten() {
        each_text(item, path, see);
    }
    for (key, inner) in members(Some(value)) {
        path.push(key);
        each_text(inner, path, see);
        path.pop();
    }
}

/// A body with changed texts.
pub(super) fn with_moved(value: &Json, change: &impl Fn(&str) -> Option<String>) -> Json {
    if let Some(text) = value.as_str() {
        return change(text).map_or_else(|| value.clone(), Json::String);
    }
    if let Some(items) = value.as_array() {
        return Json::Array(items.iter().map(|item| with_moved(item, change)).collect());
    }
    match value.as_object() {
        Some(map) => Json::Object(map.iter().map(|(key, inner)| (key.clone(), with_moved(inner, change))).collect()),
        None => value.clone(),
    }
}

/// A text in which what has moved has its new address.
fn renamed(stack: &StackChange<'_>, text: &str) -> Option<String> {
    let mut found = None;
    for reference in references(text) {
        let now = stack.now.current(&reference.address);
        if now != reference.address {
            let text = found.as_deref().unwrap_or(text).replace(&format!("{}.", reference.address), &format!("{now}."));
            found = Some(text);
        }
    }
    found
}

impl ChangedArgument {
    /// How it is called: `vpc_config.subnet_ids`.
    pub(super) fn name(&self) -> String {
        named(&self.path)
    }
}
