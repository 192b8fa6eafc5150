//! What values were made of, as rows or JSON: each value that was read, with the line that decides about it, and what that was made of in turn.

use super::View;
use super::explain::{LIMIT, expression, layer, written};
use super::table::cut;
use platc::Compilation;
use platc::model::EntityId;
use platc::origin::Origin;
use platc::query::explain::{TracelessRead, traceless};
use platc::query::show;
use platc::value::{Cause, Name, Value};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// So many links of a chain are told.
pub(super) const LINKS: usize = 32;

/// So many values are told that one was made of, beside those that it reads itself.
pub(super) const READS: usize = 48;

/// What a value was made of, and what that was made of, indented; `owner` is whose words may have made it.
pub(super) fn rows(value: &Value, owner: Option<EntityId>, view: &View<'_>, compilation: &Compilation) -> Vec<Vec<String>> {
    let mut told = ToldReads { view, compilation, rows: Vec::new(), known: BTreeSet::new(), goes_on: false };
    told.add(value, 1);
    let last = told.rows.iter().rev().map(|row| row.first().cloned().unwrap_or_default()).find(|word| !word.is_empty());
    let (mut rows, goes_on) = (told.rows, told.goes_on);
    for (at, read) in without_trace(value, owner, compilation, view).into_iter().enumerate() {
        let word = if at > 0 || last.as_deref() == Some(DECIDES) { "" } else { DECIDES };
        let place = read.by.map_or_else(String::new, |by| view.at(by.span));
        let is = read.thing.unwrap_or_else(|| "is not set".to_owned());
        let who = read.by.map_or_else(String::new, |by| layer(by, compilation, view));
        rows.push(vec![word.to_owned(), cut(&read.name, LIMIT), place, cut(&is, LIMIT), who]);
    }
    if goes_on {
        rows.push(vec![String::new(), "more follow: ask for one of these by its own path".to_owned()]);
    }
    rows
}

const DECIDES: &str = "decided by";

fn without_trace(value: &Value, owner: Option<EntityId>, compilation: &Compilation, view: &View<'_>) -> Vec<TracelessRead> {
    owner.map(|owner| traceless(&compilation.model, &compilation.definitions, view.sources, owner, value)).unwrap_or_default()
}

struct ToldReads<'a> {
    view: &'a View<'a>,
    compilation: &'a Compilation,
    rows: Vec<Vec<String>>,
    /// What was unfolded: once is enough.
    known: BTreeSet<(String, Origin)>,
    goes_on: bool,
}

impl ToldReads<'_> {
    fn add(&mut self, value: &Value, depth: usize) {
        let secrets = &self.compilation.model.secrets;
        let mut last = None;
        let mut said: Vec<(&str, Origin)> = Vec::new();
        for cause in value.made() {
            if secrets.hides(value) {
                return;
            }
            let (read, called) = (&cause.value, name(cause, self.view));
            let by = read.decided();
            if said.contains(&(called, by)) {
                continue;
            }
            if depth > 1 && self.rows.len() >= READS {
                self.goes_on = true;
                return;
            }
            said.push((called, by));
            let indented = format!("{}{}", "  ".repeat(depth - 1), cut(called, LIMIT));
            let mut row =
                vec![indented, self.view.at(by.span), written(read, self.view, secrets, LIMIT), layer(by, self.compilation, self.view)];
            row.extend(expression(read, by, self.view));
            // What only decides does not stand in it.
            let word = if cause.decides { DECIDES } else { "made of" };
            let is_new = depth == 1 && last != Some(word);
            last = if depth == 1 { Some(word) } else { last };
            row.insert(0, if is_new { word } else { "" }.to_owned());
            self.rows.push(row);
            if depth == LINKS {
                self.goes_on |= !read.made().is_empty();
            } else if self.known.insert((called.to_owned(), by)) {
                self.add(read, depth + 1);
            }
            self.goes_on |= read.goes_further_back();
        }
    }
}

fn name<'v>(cause: &Cause, view: &View<'v>) -> &'v str {
    match cause.name {
        Name::Written(span) => view.sources.text(span),
        Name::Computed(name) => name,
    }
}

/// The same for machines.
pub(super) fn json(value: &Value, owner: Option<EntityId>, view: &View<'_>, compilation: &Compilation, room: &mut usize) -> Vec<Json> {
    let mut all = made(value, 0, view, compilation, room);
    all.extend(without_trace(value, owner, compilation, view).into_iter().map(|read| {
        json!({
            "name": read.name,
            "value": read.thing,
            "place": read.by.map(|by| view.place(by.span)),
            "layer": read.by.map(|by| layer(by, compilation, view)),
            "decides": true,
            "madeOf": [],
        })
    }));
    all
}

fn made(value: &Value, depth: usize, view: &View<'_>, compilation: &Compilation, room: &mut usize) -> Vec<Json> {
    let secrets = &compilation.model.secrets;
    let mut all = Vec::new();
    for cause in value.made().iter().filter(|_| depth < LINKS && !secrets.hides(value)) {
        let Some(less) = room.checked_sub(1) else { break };
        *room = less;
        all.push(json!({
            "name": name(cause, view),
            "value": show::json(&show::tree(&cause.value, secrets)),
            "place": view.place(cause.value.decided().span),
            "layer": layer(cause.value.decided(), compilation, view),
            "decides": cause.decides,
            "madeOf": made(&cause.value, depth + 1, view, compilation, room),
        }));
    }
    all
}
