//! Differences between environments as text or JSON.

mod brief;
pub(crate) mod classes;
mod json;
mod markdown;
mod row;

use super::lines::Lines;
use super::table;
use super::{View, plural};
use annotate_snippets::renderer::Style;
use platc::model::{Entity, EntityId, Model};
use platc::name::Kind;
use platc::origin::Layer;
use platc::query::diff::{Changed, Comparison, Difference, GuessedRename, Only, PassedOn, Replaced, Side};
use platc::query::show;
use platc::table::Replaces;
use platc::value::Value;
use row::Row;
use std::collections::BTreeSet;

pub(crate) use json::json;
pub(crate) use markdown::page;

/// Values longer than this are cut.
const LIMIT: usize = 40;

/// How much of a comparison is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Detail {
    /// Each value that differs.
    Values,
    /// The same, with what follows from each and what was left out.
    All,
    /// How many values differ in each thing.
    Counts,
    /// Only which things differ.
    Names,
}

/// What a side is called, and its sources.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named<'a> {
    /// `apps`, or `apps at main`.
    pub(crate) name: &'a str,
    pub(crate) view: View<'a>,
}

/// The things that differ, as `platc diff` takes them as paths; below their environment, if there is one to name.
pub(crate) fn names(comparison: &Comparison<'_>, environment: Option<&str>) -> Vec<String> {
    let names = brief::names(comparison).into_iter();
    match environment {
        Some(environment) => {
            names.map(|name| if name == brief::ENVIRONMENT { environment.to_owned() } else { format!("{environment}.{name}") }).collect()
        }
        None => names.collect(),
    }
}

/// Differences by entity, then a summary.
pub(crate) fn text(comparison: &Comparison<'_>, first: Named<'_>, second: Named<'_>, detail: Detail) -> Lines {
    let all = match detail {
        Detail::Names => {
            let mut lines = Lines::default();
            names(comparison, None).iter().for_each(|name| lines.line(name));
            return lines;
        }
        Detail::Counts => {
            let mut lines = table::render(&brief::counts(comparison, first.name, second.name), "  ");
            summary(&mut lines, comparison, first.name, second.name);
            return lines;
        }
        Detail::Values => false,
        Detail::All => true,
    };
    let bold = Style::new().bold();
    let mut lines = Lines::default();
    let mut section = |head: &str, values: &[Difference<'_>]| {
        if values.is_empty() {
            return;
        }
        lines.styled(&[(bold, head)]);
        let row = |difference: &Difference<'_>| Row::of(difference, comparison, first, second, LIMIT).cells(all);
        let told = table::render(&values.iter().map(row).collect::<Vec<_>>(), "  ");
        match all {
            true => lines.interleave(&told, values.iter().map(|value| below(value, comparison))),
            false => lines.append(&told),
        }
        lines.line("");
    };
    section("environment", &comparison.environments);
    let head = |changed: &Changed<'_>| head(changed, comparison);
    comparison.changed.iter().for_each(|changed| section(&head(changed), &changed.values));
    if all {
        section("left out in environment", &comparison.left_out);
        comparison.changed.iter().for_each(|changed| section(&format!("left out in {}", head(changed)), &changed.left_out));
    }
    for (list, named, side) in [(&comparison.only_first, first, comparison.first), (&comparison.only_second, second, comparison.second)] {
        let rows = only_rows(list, comparison, side, &named.view);
        if rows.is_empty() {
            continue;
        }
        lines.styled(&[(bold, "only in "), (bold, named.name)]);
        lines.append(&table::render(&rows, "  "));
        lines.line("");
    }
    for (head, rows) in identity_rows(comparison, first, second) {
        lines.styled(&[(bold, head)]);
        lines.append(&table::render(&rows.into_iter().map(Vec::from).collect::<Vec<_>>(), "  "));
        lines.line("");
    }
    summary(&mut lines, comparison, first.name, second.name);
    lines
}

/// What only its name tells apart, and what one name stands for outside before and after: what it is called, the places, what that means.
fn identity_rows(comparison: &Comparison<'_>, first: Named<'_>, second: Named<'_>) -> Vec<(&'static str, Vec<[String; 3]>)> {
    let (one, other) = (comparison.first.model, comparison.second.model);
    let rows = |pairs: &[(EntityId, EntityId)], said: &dyn Fn(&Entity, &Entity) -> [String; 2]| -> Vec<[String; 3]> {
        let row = |(left, right): &(EntityId, EntityId)| {
            let (left, right) = (one.entity(*left), other.entity(*right));
            let [what, so] = said(left, right);
            let places = [left.identity.value(), right.identity.value()].map(|value| value.origin.span);
            [what, format!("{} → {}", first.view.at(places[0]), second.view.at(places[1])), so]
        };
        pairs.iter().map(row).collect()
    };
    let renamed = rows(&comparison.renamed, &|left, right| {
        let what = format!("{} → {}", short(left), short(right));
        [what, format!("still {} outside, where nothing changes by that", left.identity)]
    });
    let replaced = rows(&comparison.replaced, &|left, right| {
        let what = format!("{}: {} → {}", short(right), left.identity, right.identity);
        [what, "all that it has outside is replaced".to_owned()]
    });
    let guess = |guess: &GuessedRename| {
        let (left, right) = guess.pairs.first().map(|(left, right)| (one.entity(*left), other.entity(*right)))?;
        let so = format!("a guess: {} of {} values are equal; `identity: {}` keeps it", guess.same, guess.all, left.identity);
        let places = format!("{} → {}", first.view.at(left.defined), second.view.at(right.defined));
        let what = match guess.pairs.len() {
            1 => format!("{} → {}", local(left, one), local(right, other)),
            clusters => format!("{} → {} (on {})", short(left), short(right), plural(clusters, "cluster")),
        };
        Some([what, places, so])
    };
    let guessed = comparison.guessed.iter().filter_map(guess).collect();
    [("renamed", renamed), ("another identity", replaced), ("renamed?", guessed)].into_iter().filter(|(_, rows)| !rows.is_empty()).collect()
}

/// Kind and name, of an application behind its tenant.
fn short(entity: &Entity) -> String {
    if entity.tenant.is_some() { entity.thing.definition.to_string() } else { format!("{}.{}", entity.kind.plural(), entity.name) }
}

fn summary(lines: &mut Lines, comparison: &Comparison<'_>, first: &str, second: &str) {
    sentences(comparison, first, second).iter().for_each(|sentence| lines.line(sentence));
}

/// What it comes to, a sentence for each line; the first has the names of both sides.
fn sentences(comparison: &Comparison<'_>, first: &str, second: &str) -> Vec<String> {
    let meant = if comparison.meant == 0 { String::new() } else { format!(" ({} meant, see `platform.parity`)", comparison.meant) };
    if comparison.is_empty() {
        return vec![format!("{first} and {second}: nothing differs{meant}")];
    }
    let groups = || comparison.changed.iter().filter(|changed| !changed.values.is_empty());
    let changed: usize = groups().map(|changed| changed.entities.len()).sum();
    let values: usize = comparison.changed.iter().map(|changed| changed.values.len()).sum();
    let mut parts = Vec::new();
    if !comparison.environments.is_empty() {
        parts.push(format!("the environments differ in {}", plural(comparison.environments.len(), "value")));
    }
    if changed > 0 {
        let differ = if changed == 1 { "differs" } else { "differ" };
        parts.push(format!("{} {differ} in {}", entities(changed), plural(values, "value")));
    }
    for (list, name) in [(&comparison.only_first, first), (&comparison.only_second, second)] {
        let count: usize = list.iter().map(|only| only.entities.len() + only.with.len()).sum();
        if count > 0 {
            parts.push(format!("{} only in {name}", entities(count)));
        }
    }
    if !comparison.renamed.is_empty() {
        parts.push(format!("{} renamed", entities(comparison.renamed.len())));
    }
    let marked = |mark: Replaces| {
        let values = comparison.changed.iter().flat_map(|changed| &changed.values);
        values.filter(|difference| replacement(difference) == mark).count()
    };
    let hazards = marked(Replaces::Yes);
    let mut sentences = vec![format!("{first} and {second}: {}{meant}", parts.join(", "))];
    if hazards > 0 {
        let words = if hazards == 1 { "1 value" } else { "values" };
        let names = |difference: &Difference<'_>| matches!(difference.replaces, Some(Replaced::Named(_)));
        let others = if comparison.changed.iter().flat_map(|changed| &changed.values).any(names) { ", or what is named" } else { "" };
        let count = if hazards == 1 { String::new() } else { format!("{hazards} ") };
        sentences.push(format!("{count}{words} marked `replaces`: taking such a value over replaces the thing it belongs to{others}"));
    }
    for ((pins, is_all), things) in pins(comparison) {
        let things = things.join(", ");
        sentences.push(match is_all {
            true => format!("nothing is replaced in {things} where this is written first, and stays: {pins}"),
            false => format!("written first in {things}, {pins} stays, and replaces nothing; what else is marked there does all the same"),
        });
    }
    let others = [
        (Replaces::Maybe, "may replace", "under conditions of the provider, taking such a value over replaces a resource"),
        (Replaces::Unknown, "replacement unknown", "no table says whether taking such a value over replaces a resource"),
    ];
    for (mark, word, meaning) in others {
        let count = marked(mark);
        if count > 0 {
            sentences.push(format!("{} marked `{word}`: {meaning}", plural(count, "value")));
        }
    }
    sentences
}

/// Values that replace something and that nobody writes, because the default of a class reads something else: what to write so that they stay, whether nothing
/// is replaced then, and where.
fn pins(comparison: &Comparison<'_>) -> Vec<((String, bool), Vec<String>)> {
    let mut all: Vec<((String, bool), Vec<String>)> = Vec::new();
    for changed in &comparison.changed {
        let pins: Vec<String> = changed.values.iter().filter_map(|value| pin(value, comparison)).map(|pin| format!("`{pin}`")).collect();
        if pins.is_empty() {
            continue;
        }
        let is_left = |value: &Difference<'_>| replacement(value) != Replaces::No && pin(value, comparison).is_none();
        let said = (pins.join(" and "), !changed.values.iter().any(is_left));
        let thing = head(changed, comparison);
        match all.iter_mut().find(|(known, _)| *known == said) {
            Some((_, things)) => things.push(thing),
            None => all.push((said, vec![thing])),
        }
    }
    all
}

/// What to write so that a value stays what it is in the first.
fn pin(difference: &Difference<'_>, comparison: &Comparison<'_>) -> Option<String> {
    difference.replaces.filter(|_| !difference.secret)?;
    let is_default = |value: &Value, side: Side<'_>| matches!(side.definitions.layers.get(value.origin.layer), Layer::Class(_));
    let value = difference.first.filter(|value| is_default(value, comparison.first))?;
    difference.second.filter(|value| is_default(value, comparison.second))?;
    let keys = difference.path.keys()?;
    let (last, around) = keys.split_last()?;
    let said = format!("{last}: {}", show::inline(value, &comparison.first.model.secrets));
    Some(around.iter().rev().fold(said, |inner, key| format!("{key}: {{ {inner} }}")))
}

/// Whether taking a value over replaces something, by what its class says, else by what tables say of the arguments that it reaches.
fn replacement(difference: &Difference<'_>) -> Replaces {
    if difference.replaces.is_some() { Replaces::Yes } else { difference.argument.unwrap_or(Replaces::No) }
}

fn entities(count: usize) -> String {
    if count == 1 { "1 entity".to_owned() } else { format!("{count} entities") }
}

/// The path of a value of another thing; of one on several clusters without these.
fn elsewhere(passed: &PassedOn, comparison: &Comparison<'_>) -> String {
    let thing = match passed.entities.as_slice() {
        [only] => {
            let (id, model) = comparison.named(only);
            local(model.entity(id), model).to_owned()
        }
        several => several.first().map(|pair| comparison.named(pair)).map(|(id, model)| short(model.entity(id))).unwrap_or_default(),
    };
    format!("{thing}.{}", passed.path)
}

/// What follows from a difference, a line for each.
fn below(difference: &Difference<'_>, comparison: &Comparison<'_>) -> Vec<String> {
    let own = difference.followers.iter().map(ToString::to_string);
    own.chain(difference.passed_on.iter().map(|passed| elsewhere(passed, comparison))).map(|path| format!("    so does {path}")).collect()
}

fn only_row(only: &Only, model: &Model, view: &View<'_>) -> Vec<String> {
    let is_tenant = only.entities.first().is_some_and(|id| model.entity(*id).kind == Kind::Tenant);
    let with = match only.with.len() {
        0 => String::new(),
        count => format!("with {} {} it", entities(count), if is_tenant { "under" } else { "on" }),
    };
    let defined = only.entities.first().map_or_else(String::new, |id| view.at(model.entity(*id).defined));
    vec![address(&only.entities, model), defined, with]
}

/// What has these differences: things, or a definition whose copies have no counterparts.
fn head(changed: &Changed<'_>, comparison: &Comparison<'_>) -> String {
    let named: Vec<(EntityId, &Model)> = changed.entities.iter().map(|pair| comparison.named(pair)).collect();
    let Some((_, model)) = named.first().copied() else { return String::new() };
    let entities: Vec<EntityId> = named.iter().map(|(id, _)| *id).collect();
    let Some((first, second)) = changed.spread else { return address(&entities, model) };
    let name = entities.first().map_or_else(String::new, |id| short(model.entity(*id)));
    let (one, other) = (comparison.first.name(), comparison.second.name());
    format!("{name} (on {} in {one}, on {second} in {other})", plural(first, "cluster"))
}

/// Things that only one side has, without those that are perhaps only called differently, which are told as a guess.
fn only_rows(list: &[Only], comparison: &Comparison<'_>, side: Side<'_>, view: &View<'_>) -> Vec<Vec<String>> {
    let is_first = std::ptr::eq(list, comparison.only_first.as_slice());
    let side_of = |(left, right): &(EntityId, EntityId)| if is_first { *left } else { *right };
    let told: BTreeSet<EntityId> = comparison.guessed.iter().flat_map(|guess| &guess.pairs).map(side_of).collect();
    let is_guessed = |only: &&Only| only.entities.iter().all(|id| told.contains(id));
    list.iter().filter(|only| !is_guessed(only)).map(|only| only_row(only, side.model, view)).collect()
}

/// An entity without its environment; on several clusters, without these.
fn address(ids: &[EntityId], model: &Model) -> String {
    let Some(entity) = ids.first().map(|id| model.entity(*id)) else { return String::new() };
    if ids.len() == 1 {
        return local(entity, model).to_owned();
    }
    let clusters: Vec<&str> = ids.iter().filter_map(|id| model.entity(*id).cluster).map(|cluster| &*model.entity(cluster).name).collect();
    let named = if clusters.len() > 5 { format!("{} clusters", clusters.len()) } else { clusters.join(", ") };
    format!("{} on {named}", short(entity))
}

fn local<'a>(entity: &'a Entity, model: &Model) -> &'a str {
    let environment = &model.environment(entity.environment).name;
    entity.path.strip_prefix(&**environment).and_then(|rest| rest.strip_prefix('.')).unwrap_or(&entity.path)
}
