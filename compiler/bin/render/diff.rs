//! Differences between environments as text or JSON.

use super::explain::{expression, written};
use super::lines::Lines;
use super::table::{self, cut};
use super::{View, plural};
use annotate_snippets::renderer::Style;
use platc::model::{Entity, EntityId, Model};
use platc::name::Kind;
use platc::origin::Layer;
use platc::query::diff::{Changed, Comparison, Difference, Only, PassedOn, Replaced, Side};
use platc::query::show;
use platc::secret::HIDDEN;
use platc::table::Replaces;
use platc::value::Value;
use serde_json::{Value as Json, json};

/// Values longer than this are cut.
const LIMIT: usize = 40;

/// What a side is called, and its sources.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named<'a> {
    /// `apps`, or `apps at main`.
    pub(crate) name: &'a str,
    pub(crate) view: View<'a>,
}

/// Differences by entity, then a summary.
pub(crate) fn text(comparison: &Comparison<'_>, first: Named<'_>, second: Named<'_>) -> Lines {
    let bold = Style::new().bold();
    let mut lines = Lines::default();
    let mut section = |head: &str, values: &[Difference<'_>]| {
        lines.styled(&[(bold, head)]);
        let row = |difference| row(difference, (&first.view, comparison.first), (&second.view, comparison.second));
        lines.append(&table::render(&values.iter().map(row).collect::<Vec<_>>(), "  "));
        lines.line("");
    };
    if !comparison.environments.is_empty() {
        section("environment", &comparison.environments);
    }
    for changed in &comparison.changed {
        let entities: Vec<EntityId> = changed.entities.iter().map(|(first, _)| *first).collect();
        section(&address(&entities, comparison.first.model), &changed.values);
    }
    for (list, named, side) in [(&comparison.only_first, first, comparison.first), (&comparison.only_second, second, comparison.second)] {
        if list.is_empty() {
            continue;
        }
        lines.styled(&[(bold, "only in "), (bold, named.name)]);
        let rows: Vec<Vec<String>> = list.iter().map(|only| only_row(only, side.model, &named.view)).collect();
        lines.append(&table::render(&rows, "  "));
        lines.line("");
    }
    identities(&mut lines, comparison, first, second);
    summary(&mut lines, comparison, first.name, second.name);
    lines
}

/// What only its name tells apart, and what one name stands for outside before and after.
fn identities(lines: &mut Lines, comparison: &Comparison<'_>, first: Named<'_>, second: Named<'_>) {
    let bold = Style::new().bold();
    let (one, other) = (comparison.first.model, comparison.second.model);
    let mut section = |head: &str, pairs: &[(EntityId, EntityId)], said: &dyn Fn(&Entity, &Entity) -> [String; 2]| {
        if pairs.is_empty() {
            return;
        }
        lines.styled(&[(bold, head)]);
        let row = |(left, right): &(EntityId, EntityId)| {
            let (left, right) = (one.entity(*left), other.entity(*right));
            let [what, so] = said(left, right);
            let places = [left.identity.value(), right.identity.value()].map(|value| value.origin.span);
            vec![what, format!("{} → {}", first.view.at(places[0]), second.view.at(places[1])), so]
        };
        lines.append(&table::render(&pairs.iter().map(row).collect::<Vec<_>>(), "  "));
        lines.line("");
    };
    section("renamed", &comparison.renamed, &|left, right| {
        let what = format!("{} → {}", short(left), short(right));
        [what, format!("still {} outside, where nothing changes by that", left.identity)]
    });
    section("another identity", &comparison.replaced, &|left, right| {
        let what = format!("{}: {} → {}", short(right), left.identity, right.identity);
        [what, "all that it has outside is replaced".to_owned()]
    });
}

/// Kind and name, of an application behind its tenant.
fn short(entity: &Entity) -> String {
    if entity.tenant.is_some() { entity.thing.definition.to_string() } else { format!("{}.{}", entity.kind.plural(), entity.name) }
}

fn summary(lines: &mut Lines, comparison: &Comparison<'_>, first: &str, second: &str) {
    let meant = if comparison.meant == 0 { String::new() } else { format!(" ({} meant, see `platform.parity`)", comparison.meant) };
    if comparison.is_empty() {
        return lines.line(&format!("{first} and {second}: nothing differs{meant}"));
    }
    let changed: usize = comparison.changed.iter().map(|changed| changed.entities.len()).sum();
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
        let count: usize = list.iter().map(|only| only.entities.len() + only.with).sum();
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
    lines.line(&format!("{first} and {second}: {}{meant}", parts.join(", ")));
    if hazards > 0 {
        let words = if hazards == 1 { "1 value" } else { "values" };
        let names = |difference: &Difference<'_>| matches!(difference.replaces, Some(Replaced::Named(_)));
        let others = if comparison.changed.iter().flat_map(|changed| &changed.values).any(names) { ", or what is named" } else { "" };
        let count = if hazards == 1 { String::new() } else { format!("{hazards} ") };
        lines.line(&format!("{count}{words} marked `replaces`: taking such a value over replaces the thing it belongs to{others}"));
    }
    pins(comparison).iter().for_each(|(pin, things)| {
        lines.line(&format!("nothing is replaced in {} where this is written first, and stays: `{pin}`", things.join(", ")));
    });
    let others = [
        (Replaces::Maybe, "may replace", "under conditions of the provider, taking such a value over replaces a resource"),
        (Replaces::Unknown, "replacement unknown", "no table says whether taking such a value over replaces a resource"),
    ];
    for (mark, word, meaning) in others {
        let count = marked(mark);
        if count > 0 {
            lines.line(&format!("{} marked `{word}`: {meaning}", plural(count, "value")));
        }
    }
}

/// Values that replace something and that nobody writes, because the default of a class reads something else: what to write so that they stay, and
/// where.
fn pins(comparison: &Comparison<'_>) -> Vec<(String, Vec<String>)> {
    let mut pins: Vec<(String, Vec<String>)> = Vec::new();
    for changed in &comparison.changed {
        let entities: Vec<EntityId> = changed.entities.iter().map(|(first, _)| *first).collect();
        for pin in changed.values.iter().filter_map(|difference| pin(difference, comparison)) {
            let thing = address(&entities, comparison.first.model);
            match pins.iter_mut().find(|(known, _)| *known == pin) {
                Some((_, things)) => things.push(thing),
                None => pins.push((pin, vec![thing])),
            }
        }
    }
    pins
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
fn elsewhere(passed: &PassedOn, model: &Model) -> String {
    let thing = match passed.entities.as_slice() {
        [(only, _)] => local(model.entity(*only), model).to_owned(),
        several => several.first().map(|(id, _)| short(model.entity(*id))).unwrap_or_default(),
    };
    format!("{thing}.{}", passed.path)
}

fn row(difference: &Difference<'_>, (first, one): (&View<'_>, Side<'_>), (second, other): (&View<'_>, Side<'_>)) -> Vec<String> {
    let value = |value: Option<&Value>, view, side: Side<'_>, limit| {
        value.map_or_else(
            || "(not set)".to_owned(),
            |value| if difference.secret { HIDDEN.to_owned() } else { written(value, view, &side.model.secrets, limit) },
        )
    };
    let both = |limit| (value(difference.first, first, one, limit), value(difference.second, second, other, limit));
    let (mut old, mut new) = both(LIMIT);
    if old == new {
        // They differ where they were cut.
        (old, new) = both(usize::MAX);
    }
    let place = |value: Option<&Value>, view: &View<'_>| value.map_or_else(|| "-".to_owned(), |value| view.at(value.origin.span));
    let (here, there) = (place(difference.first, first), place(difference.second, second));
    let mut row = vec![
        difference.path.to_string(),
        format!("{old} → {new}"),
        // One place with two values is an expression.
        if here == there {
            let value = difference.first.filter(|_| !difference.secret);
            format!("{here}  {}", value.and_then(|value| expression(value, first)).unwrap_or_default())
        } else {
            format!("{here} → {there}")
        },
    ];
    match (difference.replaces, replacement(difference)) {
        (Some(Replaced::Named(kind)), _) => row.push(format!("replaces the {}", kind.words())),
        (_, Replaces::Yes) => row.push("replaces".to_owned()),
        (_, Replaces::Maybe) => row.push("may replace".to_owned()),
        (_, Replaces::Unknown) => row.push("replacement unknown".to_owned()),
        (_, Replaces::No) => {}
    }
    // What is made has its own address, whichever of the two sides names it.
    let passed = difference.passed_on.iter().map(|passed| elsewhere(passed, one.model));
    let followers: Vec<String> = difference.followers.iter().map(ToString::to_string).chain(passed).collect();
    match followers.as_slice() {
        [] => {}
        [one] => row.push(format!("also {}", cut(one, 2 * LIMIT))),
        more => row.push(format!("also {} values that read it", more.len())),
    }
    row
}

fn only_row(only: &Only, model: &Model, view: &View<'_>) -> Vec<String> {
    let is_tenant = only.entities.first().is_some_and(|id| model.entity(*id).kind == Kind::Tenant);
    let with = match only.with {
        0 => String::new(),
        count => format!("with {} {} it", entities(count), if is_tenant { "under" } else { "on" }),
    };
    let defined = only.entities.first().map_or_else(String::new, |id| view.at(model.entity(*id).defined));
    vec![address(&only.entities, model), defined, with]
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

/// The same for machines.
pub(crate) fn json(comparison: &Comparison<'_>, first: Named<'_>, second: Named<'_>) -> Json {
    let one = |value: Option<&Value>, is_secret: bool, side: &Side<'_>, view: &View<'_>| {
        value.map(|value| {
            json!({
                "value": if is_secret { HIDDEN.into() } else { show::json(&show::tree(value, &side.model.secrets)) },
                "place": view.place(value.origin.span),
                "layer": side.definitions.layers.get(value.origin.layer).to_string(),
            })
        })
    };
    let difference = |difference: &Difference<'_>| {
        let mut told = json!({
            "path": difference.path.to_string(),
            "first": one(difference.first, difference.secret, &comparison.first, &first.view),
            "second": one(difference.second, difference.secret, &comparison.second, &second.view),
            "replaces": replacement(difference) == Replaces::Yes,
            "replacement": match replacement(difference) {
                Replaces::Yes => "yes",
                Replaces::Maybe => "maybe",
                Replaces::Unknown => "unknown",
                Replaces::No => "no",
            },
            "followers": difference.followers.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "passedOn": difference.passed_on.iter().map(|passed| elsewhere(passed, comparison.first.model)).collect::<Vec<_>>(),
        });
        if let (Some(Replaced::Named(kind)), Some(members)) = (difference.replaces, told.as_object_mut()) {
            members.insert("replaced".to_owned(), kind.singular().into());
        }
        if let (Some(pin), Some(members)) = (pin(difference, comparison), told.as_object_mut()) {
            members.insert("pin".to_owned(), pin.into());
        }
        told
    };
    let changed = |changed: &Changed<'_>| {
        let model = comparison.first.model;
        json!({
            "entities": changed.entities.iter().map(|(id, _)| local(model.entity(*id), model)).collect::<Vec<_>>(),
            "values": changed.values.iter().map(difference).collect::<Vec<_>>(),
        })
    };
    let only = |list: &[Only], model: &Model| {
        let one = |only: &Only| {
            json!({
                "entities": only.entities.iter().map(|id| local(model.entity(*id), model)).collect::<Vec<_>>(),
                "with": only.with,
            })
        };
        list.iter().map(one).collect::<Vec<_>>()
    };
    let pairs = |pairs: &[(EntityId, EntityId)]| {
        let end = |entity: &Entity, model: &Model| json!({ "entity": local(entity, model), "identity": entity.identity.text().as_ref() });
        let (one, other) = (comparison.first.model, comparison.second.model);
        let pair = |(left, right): &(EntityId, EntityId)| json!({ "first": end(one.entity(*left), one), "second": end(other.entity(*right), other) });
        pairs.iter().map(pair).collect::<Vec<_>>()
    };
    json!({
        "first": first.name,
        "second": second.name,
        "environment": comparison.environments.iter().map(difference).collect::<Vec<_>>(),
        "changed": comparison.changed.iter().map(changed).collect::<Vec<_>>(),
        "renamed": pairs(&comparison.renamed),
        "anotherIdentity": pairs(&comparison.replaced),
        "meant": comparison.meant,
        "onlyInFirst": only(&comparison.only_first, comparison.first.model),
        "onlyInSecond": only(&comparison.only_second, comparison.second.model),
    })
}
