//! Explanations as text or JSON.

use super::View;
use super::lines::Lines;
use super::reads;
use super::table::{self, cut};
use annotate_snippets::renderer::Style;
use platc::Compilation;
use platc::model::Entity;
use platc::origin::{LayerId, Origin};
use platc::query::explain::{Explanation, LeftItem, Removal, Unset, met, type_words};
use platc::query::show;
use platc::secret::{HIDDEN, Secrets};
use platc::value::{Data, Value};
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
        let mut said = rows(&explanation.cascade, "set at", Value::decided, view, compilation);
        said.extend(explanation.handed.map(|by| handed_row(by, compilation, view)));
        lines.append(&table::render(&said, "  "));
        lines.append(&table::render(&reads::rows(explanation.value, explanation.entity, view, compilation), "  "));
        lines.append(&table::render(&left_rows(explanation, compilation, view), "  "));
        if matches!(explanation.value.data, Data::Late(_)) {
            lines.line("  known once Terraform has run; `platc check` tells which facts to record");
        }
        return lines;
    }
    let mut is = explanation.value.describe().to_owned();
    if let Some(environment) = explanation.environment.map(|id| compilation.model.environment(id)) {
        is = format!("an environment, defined at {}", view.at(environment.defined));
        if let Some((_, ancestors)) = environment.line.split_last().filter(|(_, ancestors)| !ancestors.is_empty()) {
            is.push_str(&format!(", which inherits from {}", ancestors.join(", ")));
        }
    }
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
            let by = winner.decided();
            let mut row =
                vec![part.path.to_string(), written(winner, view, secrets, LIMIT), view.at(by.span), layer(by, compilation, view)];
            let mut said = String::new();
            let mut last = "";
            for (before, loser) in part.cascade.iter().zip(losers) {
                let verb = met(before, loser).verb();
                let between = if said.is_empty() { "" } else { ", " };
                let verb = if verb == last { String::new() } else { format!("{verb} ") };
                said.push_str(&format!("{between}{verb}{}", written(loser, view, secrets, LIMIT / 2)));
                last = met(before, loser).verb();
            }
            row.extend((!said.is_empty()).then_some(said));
            Some(row)
        })
        .chain(explanation.removed.iter().map(|(path, gone)| {
            let was = written(&gone.value, view, secrets, LIMIT / 2);
            vec![path.to_string(), String::new(), view.at(gone.by.span), layer(gone.by, compilation, view), format!("removes {was}")]
        }))
        .collect();
    lines.append(&table::render(&rows, "  "));
    lines.append(&table::render(&left_rows(explanation, compilation, view), "  "));
    // Which of the layers a list is made of says what is not in it any more; and what hands on all of it decides.
    let is_handed_on = explanation.value.passed_on().is_some();
    if is_handed_on || (matches!(explanation.value.data, Data::List(_)) && explanation.cascade.len() > 1) {
        lines.append(&table::render(&self::rows(&explanation.cascade, "set at", Value::decided, view, compilation), "  "));
    }
    if is_handed_on {
        lines.append(&table::render(&reads::rows(explanation.value, explanation.entity, view, compilation), "  "));
    }
    lines
}

/// The expression that hands on what is written elsewhere.
pub(super) fn handed_row(by: Origin, compilation: &Compilation, view: &View<'_>) -> Vec<String> {
    let text = cut(unquoted(view.sources.text(by.span)), LIMIT);
    vec!["handed on".to_owned(), view.at(by.span), text, layer(by, compilation, view)]
}

/// Items that a layer has left out of a list, each with the line that does.
fn left_rows(explanation: &Explanation<'_>, compilation: &Compilation, view: &View<'_>) -> Vec<Vec<String>> {
    let row = |left: &LeftItem<'_>| {
        let (was, by) = (left.item.decided(), left.by.decided());
        let out = format!("left out at {}, {}", view.at(by.span), layer(by, compilation, view));
        let item = written(left.item, view, &compilation.model.secrets, LIMIT);
        vec!["-".to_owned(), item, view.at(was.span), layer(was, compilation, view), out]
    };
    explanation.left.iter().map(row).collect()
}

/// Who made an entity, in the words of its class, and of which of its fields; nothing of what is written.
fn maker(entity: &Entity, compilation: &Compilation, view: &View<'_>) -> String {
    let Some(made) = &entity.made else { return String::new() };
    let Some(maker) = made.makers.first().map(|maker| compilation.model.entity(*maker)) else { return String::new() };
    let given = made.given.map(|given| format!(" from {}", view.at(given))).unwrap_or_default();
    format!(", made by {} at {}{given}", maker.thing.definition, view.at(made.written))
}

/// A cascade: the winner behind `first`, each other value behind what the one before did to it.
/// `who` says whom a value is ascribed to: whoever decided, or whoever wrote it.
pub(super) fn rows(
    cascade: &[&Value],
    first: &str,
    who: fn(&Value) -> Origin,
    view: &View<'_>,
    compilation: &Compilation,
) -> Vec<Vec<String>> {
    let mut word = "";
    let row = |(at, value): (usize, &&Value)| {
        let before = at.checked_sub(1).and_then(|at| cascade.get(at)).map(|before| met(before, value).words());
        let said = before.unwrap_or(first);
        let shown = if said == word { "" } else { said };
        word = said;
        let by = who(value);
        let data = written(value, view, &compilation.model.secrets, LIMIT);
        let mut row = vec![shown.to_owned(), view.at(by.span), data, layer(by, compilation, view)];
        row.extend(expression(value, by, view));
        row
    };
    cascade.iter().enumerate().map(row).collect()
}

/// What removed a field, and what it was.
pub(crate) fn removal(removal: &Removal<'_>, compilation: &Compilation, view: &View<'_>) -> Lines {
    let mut lines = Lines::default();
    lines.styled(&[(Style::new().bold(), &removal.path.to_string()), (Style::new(), " was removed")]);
    // One of a choice goes where another one is said.
    let said = view.sources.text(removal.by.span).trim_matches(['"', '\'']);
    let own = removal.path.last_key().unwrap_or_default();
    let is_other = !said.is_empty() && !said.contains(['-', ' ', '{', '\n']) && said != own;
    let word = if is_other { "displaced at" } else { "removed at" };
    let by = if is_other { format!("`{said}`") } else { String::new() };
    let mut all = vec![vec![word.to_owned(), view.at(removal.by.span), by, layer(removal.by, compilation, view)]];
    all.extend(rows(&removal.cascade, "overriding", Value::decided, view, compilation));
    lines.append(&table::render(&all, "  "));
    lines
}

/// The same for machines.
pub(crate) fn removal_json(removal: &Removal<'_>, compilation: &Compilation, view: &View<'_>) -> Json {
    json!({
        "path": removal.path.to_string(),
        "value": null,
        "removed": { "place": view.place(removal.by.span), "layer": layer(removal.by, compilation, view) },
        "cascade": removal.cascade.iter().map(|value| contribution(value, Value::decided, compilation, view)).collect::<Vec<_>>(),
        "parts": [],
    })
}

/// One contribution to a value, for machines, ascribed to whoever decided or to whoever wrote it.
pub(super) fn contribution(value: &Value, who: fn(&Value) -> Origin, compilation: &Compilation, view: &View<'_>) -> Json {
    let by = who(value);
    let mut contribution = json!({
        "value": show::json(&show::tree(value, &compilation.model.secrets)),
        "place": view.place(by.span),
        "layer": layer(by, compilation, view),
        "expression": expression(value, by, view),
    });
    // An expression that only hands a value on decides; where that is written is told beside it.
    if let (true, Some(map)) = (by != value.origin, contribution.as_object_mut()) {
        map.insert("handedOnFrom".to_owned(), json!(view.place(value.origin.span)));
    }
    contribution
}

/// Where a field is declared that nothing sets.
pub(crate) fn unset(unset: &Unset<'_>, view: &View<'_>) -> Lines {
    let written = view.sources.text(unset.type_.origin).trim();
    // A group stands behind its key.
    let is_key = unset.path.last_key().is_some_and(|key| written.trim_matches(['"', '\'']) == key);
    let declared = if is_key { type_words(unset.type_) } else { cut(written, 2 * LIMIT) };
    let mut lines = Lines::default();
    lines.styled(&[(Style::new().bold(), &unset.path.to_string()), (Style::new(), " is not set")]);
    let who = unset.class.map_or_else(|| "the language".to_owned(), |class| format!("class {class}"));
    lines.line(&format!("  {who} declares it at {}: {declared}", view.at(unset.type_.origin)));
    if let Some(description) = &unset.type_.resolved().markers.description {
        lines.line(&format!("  {description}"));
    }
    lines
}

/// The same for machines.
pub(crate) fn json(explanation: &Explanation<'_>, compilation: &Compilation, view: &View<'_>) -> Json {
    let secrets = &compilation.model.secrets;
    let all = |values: &[&Value]| values.iter().map(|value| contribution(value, Value::decided, compilation, view)).collect::<Vec<_>>();
    let mut answer = json!({
        "version": 1,
        "path": explanation.path.to_string(),
        "value": show::json(&show::tree(explanation.value, secrets)),
        "cascade": all(&explanation.cascade),
        "madeOf": reads::json(explanation.value, explanation.entity, view, compilation, &mut { reads::READS }),
        "parts": explanation.parts.iter().map(|part| json!({ "path": part.path.to_string(), "cascade": all(&part.cascade) })).collect::<Vec<_>>(),
    });
    if let (Some(by), Some(answer)) = (explanation.handed, answer.as_object_mut()) {
        answer.insert("handedOnBy".to_owned(), json!(view.place(by.span)));
    }
    if let (false, Some(answer)) = (explanation.removed.is_empty(), answer.as_object_mut()) {
        let gone = explanation.removed.iter().map(|(path, gone)| {
            json!({ "path": path.to_string(), "place": view.place(gone.by.span), "layer": layer(gone.by, compilation, view), "was": contribution(&gone.value, Value::decided, compilation, view) })
        });
        answer.insert("removed".to_owned(), gone.collect());
    }
    if let (false, Some(answer)) = (explanation.left.is_empty(), answer.as_object_mut()) {
        let left = explanation.left.iter().map(|left| {
            let by = left.by.decided();
            json!({ "was": contribution(left.item, Value::decided, compilation, view), "place": view.place(by.span), "layer": layer(by, compilation, view) })
        });
        answer.insert("left".to_owned(), left.collect());
    }
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

/// Who wrote something, in words; what the language says by itself is its default.
pub(super) fn layer(by: Origin, compilation: &Compilation, view: &View<'_>) -> String {
    let is_language = view.sources.get(by.span.file).is_some_and(|source| source.library);
    if by.layer == LayerId::COMPUTED && is_language {
        return "default of the language".to_owned();
    }
    compilation.definitions.layers.get(by.layer).to_string()
}

/// A value in one line; one that was never evaluated, because a stronger layer won, as it is written.
pub(crate) fn written(value: &Value, view: &View<'_>, secrets: &Secrets, limit: usize) -> String {
    match &value.data {
        _ if secrets.hides(value) => HIDDEN.to_owned(),
        Data::Template(_) | Data::Pending(_) => cut(unquoted(view.sources.text(value.origin.span)), limit),
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

/// The expression that a value was evaluated from, in one line.
pub(crate) fn expression(value: &Value, by: Origin, view: &View<'_>) -> Option<String> {
    let text = view.sources.text(by.span);
    let is_whole = value.passed_on() == Some(by) || !matches!(value.data, Data::Map(_) | Data::List(_));
    let evaluated = !matches!(value.data, Data::Template(_) | Data::Pending(_)) && is_whole && text.contains("${");
    evaluated.then(|| format!("from {}", cut(&unquoted(text).split_whitespace().collect::<Vec<_>>().join(" "), 2 * LIMIT)))
}

/// An expression that is all of a text without the quotes around it, which are escaped where it stands in a text in quotes.
pub(super) fn unquoted(text: &str) -> &str {
    let within = || text.strip_prefix("\\\"").map(|text| text.trim_end_matches(['\\', '"']));
    let quoted = ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote)).or_else(within);
    quoted.filter(|inner| inner.starts_with("${") && inner.ends_with('}')).unwrap_or(text)
}
