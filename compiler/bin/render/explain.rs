//! Explanations as text or JSON.

use super::View;
use super::lines::Lines;
use super::table::{self, cut};
use annotate_snippets::renderer::Style;
use platc::Compilation;
use platc::model::Entity;
use platc::origin::LayerId;
use platc::query::explain::{Explanation, Removal, Unset};
use platc::query::show;
use platc::secret::{HIDDEN, Secrets};
use platc::value::{Cause, Data, Name, Value};
use serde_json::{Value as Json, json};

/// Values longer than this are cut.
pub(super) const LIMIT: usize = 48;

/// A cascade with the winner first.
pub(crate) fn text(explanation: &Explanation<'_>, compilation: &Compilation, view: &View<'_>) -> Lines {
    let secrets = &compilation.model.secrets;
    let mut lines = Lines::default();
    let mut head =
        |is: &str| lines.styled(&[(Style::new().bold(), &explanation.path.to_string()), (Style::new(), " is "), (Style::new(), is)]);
    if explanation.parts.is_empty() {
        head(&written(explanation.value, view, secrets, usize::MAX));
        lines.append(&table::render(&rows(&explanation.cascade, ["set at", "overriding"], view, compilation), "  "));
        let mut rows = Vec::new();
        reads(explanation.value, 1, view, compilation, &mut rows);
        lines.append(&table::render(&rows, "  "));
        return lines;
    }
    let mut is = explanation.value.describe().to_owned();
    if let Some(id) = explanation.entity
        && compilation.model.entity(id).thing.path() == explanation.path
    {
        let entity = compilation.model.entity(id);
        is.push_str(&format!(": {} of class {}, defined at {}", entity.kind.words(), entity.class_name, view.at(entity.defined)));
        if entity.identity.is_written() {
            is.push_str(&format!(", with the identity {} from {}", entity.identity, view.at(entity.identity.value().origin.span)));
        }
        is.push_str(&maker(entity, compilation, view));
    }
    head(&is);
    let rows: Vec<Vec<String>> = explanation
        .parts
        .iter()
        .filter_map(|part| {
            let (winner, losers) = part.cascade.split_first()?;
            let mut row = vec![
                part.path.to_string(),
                written(winner, view, secrets, LIMIT),
                view.at(winner.origin.span),
                layer(winner.origin.layer, compilation),
            ];
            if !losers.is_empty() {
                let losers: Vec<String> = losers.iter().map(|value| written(value, view, secrets, LIMIT / 2)).collect();
                row.push(format!("overrides {}", losers.join(", ")));
            }
            Some(row)
        })
        .collect();
    lines.append(&table::render(&rows, "  "));
    lines
}

/// Who made an entity, in the words of its class, and of which of its fields; nothing of what is written.
fn maker(entity: &Entity, compilation: &Compilation, view: &View<'_>) -> String {
    let Some(made) = &entity.made else { return String::new() };
    let Some(maker) = made.makers.first().map(|maker| compilation.model.entity(*maker)) else { return String::new() };
    let given = made.given.map(|given| format!(" from {}", view.at(given))).unwrap_or_default();
    format!(", made by {} at {}{given}", maker.thing.definition, view.at(made.written))
}

/// A cascade, the first two values with the word for what they did.
pub(super) fn rows(cascade: &[&Value], words: [&str; 2], view: &View<'_>, compilation: &Compilation) -> Vec<Vec<String>> {
    let row = |(at, value): (usize, &&Value)| {
        let word = words.get(at).copied().unwrap_or("").to_owned();
        let shown = written(value, view, &compilation.model.secrets, LIMIT);
        let mut row = vec![word, view.at(value.origin.span), shown, layer(value.origin.layer, compilation)];
        row.extend(expression(value, view));
        row
    };
    cascade.iter().enumerate().map(row).collect()
}

/// What removed a field, and what it was.
pub(crate) fn removal(removal: &Removal<'_>, compilation: &Compilation, view: &View<'_>) -> Lines {
    let mut lines = Lines::default();
    lines.styled(&[(Style::new().bold(), &removal.path.to_string()), (Style::new(), " was removed")]);
    let mut all = vec![vec!["removed at".to_owned(), view.at(removal.by.span), String::new(), layer(removal.by.layer, compilation)]];
    all.extend(rows(&removal.cascade, ["overriding", ""], view, compilation));
    lines.append(&table::render(&all, "  "));
    lines
}

/// The same for machines.
pub(crate) fn removal_json(removal: &Removal<'_>, compilation: &Compilation, view: &View<'_>) -> Json {
    json!({
        "path": removal.path.to_string(),
        "value": null,
        "removed": { "place": view.place(removal.by.span), "layer": layer(removal.by.layer, compilation) },
        "cascade": removal.cascade.iter().map(|value| contribution(value, compilation, view)).collect::<Vec<_>>(),
        "parts": [],
    })
}

/// One contribution to a value, for machines.
pub(super) fn contribution(value: &Value, compilation: &Compilation, view: &View<'_>) -> Json {
    json!({
        "value": show::json(&show::tree(value, &compilation.model.secrets)),
        "place": view.place(value.origin.span),
        "layer": layer(value.origin.layer, compilation),
        "expression": expression(value, view),
    })
}

/// How deep it is told what a value was made of.
pub(super) const DEPTH: usize = 3;

/// So many values are told that one was made of.
pub(super) const READS: usize = 24;

/// What a value was made of, and what that was made of, indented.
pub(super) fn reads(value: &Value, depth: usize, view: &View<'_>, compilation: &Compilation, rows: &mut Vec<Vec<String>>) {
    let secrets = &compilation.model.secrets;
    for cause in value.made() {
        if rows.len() >= READS || secrets.hides(value) {
            return;
        }
        let name = format!("{}{}", "  ".repeat(depth - 1), cut(name(cause, view), LIMIT));
        let read = &cause.value;
        let mut row = vec![name, view.at(read.origin.span), written(read, view, secrets, LIMIT), layer(read.origin.layer, compilation)];
        row.extend(expression(read, view));
        row.insert(0, if rows.is_empty() { "made of" } else { "" }.to_owned());
        rows.push(row);
        if depth < DEPTH {
            reads(read, depth + 1, view, compilation, rows);
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
pub(super) fn made(value: &Value, depth: usize, view: &View<'_>, compilation: &Compilation, room: &mut usize) -> Vec<Json> {
    let secrets = &compilation.model.secrets;
    let mut made = Vec::new();
    for cause in value.made().iter().filter(|_| depth < DEPTH && !secrets.hides(value)) {
        let Some(less) = room.checked_sub(1) else { break };
        *room = less;
        made.push(json!({
            "name": name(cause, view),
            "value": show::json(&show::tree(&cause.value, secrets)),
            "place": view.place(cause.value.origin.span),
            "layer": layer(cause.value.origin.layer, compilation),
            "madeOf": self::made(&cause.value, depth + 1, view, compilation, room),
        }));
    }
    made
}

/// Where a field is declared that nothing sets.
pub(crate) fn unset(unset: &Unset<'_>, view: &View<'_>) -> Lines {
    let declared = cut(view.sources.text(unset.type_.origin).trim(), 2 * LIMIT);
    let mut lines = Lines::default();
    lines.styled(&[(Style::new().bold(), &unset.path.to_string()), (Style::new(), " is not set")]);
    lines.line(&format!("  class {} declares it at {}: {declared}", unset.class, view.at(unset.type_.origin)));
    lines
}

/// The same for machines.
pub(crate) fn json(explanation: &Explanation<'_>, compilation: &Compilation, view: &View<'_>) -> Json {
    let secrets = &compilation.model.secrets;
    let all = |values: &[&Value]| values.iter().map(|value| contribution(value, compilation, view)).collect::<Vec<_>>();
    let mut answer = json!({
        "path": explanation.path.to_string(),
        "value": show::json(&show::tree(explanation.value, secrets)),
        "cascade": all(&explanation.cascade),
        "madeOf": made(explanation.value, 0, view, compilation, &mut { READS }),
        "parts": explanation.parts.iter().map(|part| json!({ "path": part.path.to_string(), "cascade": all(&part.cascade) })).collect::<Vec<_>>(),
    });
    let maker = explanation.entity.and_then(|id| maker_json(compilation.model.entity(id), compilation, view));
    if let (Some(maker), Some(answer)) = (maker, answer.as_object_mut()) {
        answer.insert("madeBy".to_owned(), maker);
    }
    answer
}

/// Who made an entity; none of what is written.
fn maker_json(entity: &Entity, compilation: &Compilation, view: &View<'_>) -> Option<Json> {
    let made = entity.made.as_ref()?;
    let makers: Vec<String> = made.makers.iter().map(|maker| compilation.model.entity(*maker).path.to_string()).collect();
    Some(
        json!({ "makers": makers, "key": made.key.as_ref(), "class": view.place(made.written), "given": made.given.map(|given| view.place(given)) }),
    )
}

pub(super) fn layer(layer: LayerId, compilation: &Compilation) -> String {
    compilation.definitions.layers.get(layer).to_string()
}

/// A value in one line; one that was never evaluated, because a stronger layer won, as it is written.
pub(crate) fn written(value: &Value, view: &View<'_>, secrets: &Secrets, limit: usize) -> String {
    match &value.data {
        _ if secrets.hides(value) => HIDDEN.to_owned(),
        Data::Template(_) | Data::Pending(_) => cut(view.sources.text(value.origin.span), limit),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::List(_)
        | Data::Map(_)
        | Data::Late(_)
        | Data::Broken => cut(&show::inline(value, secrets), limit),
    }
}

/// The expression that a value was evaluated from.
pub(crate) fn expression(value: &Value, view: &View<'_>) -> Option<String> {
    let text = view.sources.text(value.origin.span);
    let evaluated = !matches!(value.data, Data::Template(_) | Data::Pending(_) | Data::Map(_) | Data::List(_))
        && text.contains("${")
        && !text.contains('\n');
    evaluated.then(|| format!("from {}", cut(text, 2 * LIMIT)))
}
