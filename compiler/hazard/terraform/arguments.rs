//! Which arguments of a resource differ, and what the tables say of each: nested blocks, arguments that the provider completes, and lists in any order. In
//! come two bodies as they were emitted, out go the arguments that may matter.

use super::conditions::is_within;
use super::emitted::{members, several};
use super::fate::weight;
use crate::table::{Nesting, Replaces, Setter, Table, TableField, TableRecord, TableType};
use serde_json::Value as Json;
use std::sync::Arc;

/// An argument that differs.
#[derive(Clone, Debug)]
pub(super) struct ChangedArgument {
    /// Names of blocks and of the argument, and positions where a block stands several times.
    pub(super) path: Vec<ArgumentStep>,
    /// What its change does.
    pub(super) replaces: Replaces,
    /// What it was and what it is, as far as that is one text.
    pub(super) values: Option<(String, String)>,
}

/// One step into a body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum ArgumentStep {
    Name(String),
    Position(usize),
}

/// Names of a path, as people write them: `scaling_config.min_size`.
pub(super) fn named(path: &[ArgumentStep]) -> String {
    let names = path.iter().filter_map(|step| if let ArgumentStep::Name(name) = step { Some(name.as_str()) } else { None });
    names.collect::<Vec<_>>().join(".")
}

/// Arguments that belong to the language of Terraform and not to the resource.
const OF_LANGUAGE: [&str; 7] = ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];

/// What differs between two bodies of a resource; without a record nothing is known of any argument.
pub(super) fn compare(record: Option<&TableRecord>, old: &Json, new: &Json, ignored: &[String]) -> Vec<ChangedArgument> {
    let mut walk = ArgumentWalk { ignored, found: Vec::new(), path: Vec::new(), above: Replaces::No };
    walk.block(record, old, new, true);
    walk.found
}

/// Whether Terraform overlooks changes of an argument.
pub(super) fn is_ignored(ignored: &[String], name: &str) -> bool {
    ignored.iter().any(|path| path == "all" || is_within(name, path))
}

struct ArgumentWalk<'a> {
    /// Paths of which Terraform overlooks changes.
    ignored: &'a [String],
    found: Vec<ChangedArgument>,
    path: Vec<ArgumentStep>,
    /// What it does that the block comes or goes which is walked through: whatever stands in it does so, too.
    above: Replaces,
}

impl ArgumentWalk<'_> {
    fn block(&mut self, record: Option<&TableRecord>, old: &Json, new: &Json, is_top: bool) {
        let mut keys: Vec<&str> = members(Some(old)).chain(members(Some(new))).map(|(key, _)| key).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys.into_iter().filter(|key| !is_top || !OF_LANGUAGE.contains(key)) {
            let pair = (set(old.get(key)), set(new.get(key)));
            if pair.0 == pair.1 {
                continue;
            }
            self.path.push(ArgumentStep::Name(key.to_owned()));
            if !is_ignored(self.ignored, &named(&self.path)) {
                match (record, record.and_then(|record| record.field(key))) {
                    (_, Some(field)) => self.argument(field, pair),
                    (_, None) => self.tell(Replaces::Unknown, pair),
                }
            }
            self.path.pop();
        }
    }

    fn argument(&mut self, field: &TableField, (old, new): (Option<&Json>, Option<&Json>)) {
        if let (Some(old), Some(new)) = (old, new)
            && same(old, new, field.unordered)
        {
            return;
        }
        let replaces = match (field.setter, old.is_some(), new.is_some()) {
            // What is no longer said stays as it is.
            (Setter::Either, true, false) => Replaces::No,
            // It may say what is there already.
            (Setter::Either, false, true) if field.replaces == Replaces::Yes => Replaces::Maybe,
            (_, _, _) => field.replaces,
        };
        match inner(field) {
            // A block that the provider fills in stays as it is when nobody says it any more.
            Some(_) if field.setter == Setter::Either && new.is_none() => {}
            Some(record) => self.blocks(&record, (field.block == Some(Nesting::Set), replaces), (old, new)),
            None => self.tell(replaces, (old, new)),
        }
    }

    /// `replaces`: what it does that a block comes or goes. What changes in one that stays does so by itself.
    fn blocks(&mut self, record: &TableRecord, (is_set, replaces): (bool, Replaces), (old, new): (Option<&Json>, Option<&Json>)) {
        let (mut before, mut now): (Vec<&Json>, Vec<(usize, &Json)>) =
            (old.map(several).unwrap_or_default(), new.map(several).unwrap_or_default().into_iter().enumerate().collect());
        if is_set {
            before.retain(|block| {
                let twin = now.iter().position(|(_, other)| same(block, other, false));
                twin.map(|at| now.remove(at)).is_none()
            });
        }
        let empty = Json::Object(serde_json::Map::new());
        let is_list = new.is_some_and(Json::is_array);
        let count = before.len().max(now.len());
        let found = self.found.len();
        for at in 0..count {
            let old = before.get(at).copied().unwrap_or(&empty);
            let (position, new) = now.get(at).map_or((None, &empty), |(position, new)| (Some(*position), *new));
            let position = position.filter(|_| is_list);
            self.path.extend(position.map(ArgumentStep::Position));
            let above = self.above;
            // Which of the blocks of a set has come or gone nobody can say.
            let stays = if is_set { before.len() == now.len() } else { at < before.len().min(now.len()) };
            self.above = if stays { above } else { graver(above, replaces) };
            self.block(Some(record), old, new, false);
            self.above = above;
            position.into_iter().for_each(|_| _ = self.path.pop());
        }
        // A block that comes or goes and has nothing in it is a change, too.
        if self.found.len() == found && before.len() != now.len() {
            self.tell(replaces, (old, new));
        }
    }

    fn tell(&mut self, replaces: Replaces, (old, new): (Option<&Json>, Option<&Json>)) {
        let values = text(old).zip(text(new));
        self.found.push(ChangedArgument { path: self.path.clone(), replaces: graver(self.above, replaces), values });
    }
}

/// The graver of two.
fn graver(one: Replaces, other: Replaces) -> Replaces {
    if weight(one) > weight(other) { one } else { other }
}

/// What is said: null is nothing, and so is an empty list of blocks or items.
pub(super) fn set(value: Option<&Json>) -> Option<&Json> {
    value.filter(|value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()))
}

/// The record of a block.
fn inner(field: &TableField) -> Option<Arc<TableRecord>> {
    field.block?;
    let mut type_ = &field.type_;
    while let TableType::List(item) | TableType::Map(item) = type_ {
        type_ = item;
    }
    Table::terraform().record(type_)
}

/// Whether two values are the same to Terraform, which takes `"90"` for 90; in any order, if that means nothing.
pub(super) fn same(old: &Json, new: &Json, is_unordered: bool) -> bool {
    if let (Some(before), Some(now)) = (old.as_array(), new.as_array()) {
        let mut rest: Vec<&Json> = now.iter().collect();
        return before.len() == now.len()
            && if is_unordered {
                before.iter().all(|item| rest.iter().position(|other| same(item, other, false)).map(|at| rest.remove(at)).is_some())
            } else {
                before.iter().zip(now).all(|(old, new)| same(old, new, false))
            };
    }
    if let (Some(before), Some(now)) = (old.as_object(), new.as_object()) {
        let said = |map: &serde_json::Map<String, Json>| map.values().filter(|value| !value.is_null()).count();
        return said(before) == said(now)
            && before.iter().filter(|(_, value)| !value.is_null()).all(|(key, old)| now.get(key).is_some_and(|new| same(old, new, false)));
    }
    old == new || text(Some(old)).zip(text(Some(new))).is_some_and(|(old, new)| old == new)
}

/// A value that is one text.
pub(super) fn text(value: Option<&Json>) -> Option<String> {
    let value = value?;
    value.as_str().map(str::to_owned).or_else(|| (value.is_number() || value.is_boolean()).then(|| value.to_string()))
}
