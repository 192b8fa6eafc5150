//! Entries of `platform.parity` that fit nothing. In comes a model, out go warnings: such an entry lets no difference pass. Which differences there
//! are is not known here.

use super::{Model, errors};
use crate::definition::Definitions;
use crate::diagnostic::Diagnostics;
use crate::limit::PLACEMENTS;
use crate::path::{Path, Step};
use crate::schema::{Type, ValueForm};
use crate::value::{Data, Value};
use crate::wildcard;

/// Reports each path that leads to no thing and no field of any environment. A field that a class has is there, set or not.
pub(super) fn unused(definitions: &Definitions, model: &Model, diagnostics: &mut Diagnostics) {
    let entries = model.platform.value.get("parity").and_then(Value::as_list).unwrap_or_default();
    let mut left = PLACEMENTS;
    for path in entries.iter().filter_map(|entry| entry.get("path")) {
        let Some(pattern) = path.as_str().and_then(|text| text.parse::<Path>().ok()).filter(|pattern| !pattern.is_empty()) else {
            continue;
        };
        if !fits_any(definitions, model, pattern.steps(), &mut left) {
            diagnostics.push(errors::unused_parity(path));
        }
    }
}

/// Whether a path leads anywhere; where looking takes more than its share, it counts as one that does.
fn fits_any(definitions: &Definitions, model: &Model, pattern: &[Step], left: &mut usize) -> bool {
    let language = &definitions.language;
    let is_of = |value: &Value, type_: &Type, pattern: &[Step]| leads(Some(value), Some(type_), pattern);
    if let Some((Step::Key(first), rest)) = pattern.split_first()
        && **first == *"platform"
        && is_of(&model.platform.value, &language.platform, rest)
    {
        return true;
    }
    if model.environments.iter().any(|environment| is_of(&environment.value, &language.environment, pattern)) {
        return true;
    }
    model.entities.iter().any(|entity| {
        let Some(less) = left.checked_sub(pattern.len()) else { return true };
        *left = less;
        let own = Path::of([entity.kind.plural(), &entity.name]);
        let short = if entity.tenant.is_some() { &entity.thing.definition } else { &own };
        let type_ = definitions.classes.get(entity.class.0 as usize).map(|class| &*class.type_);
        [short, &entity.thing.place].into_iter().any(|place| {
            let rest = pattern.get(place.steps().len()..);
            pattern.iter().zip(place.steps()).all(|(pattern, step)| fits(pattern, step))
                && rest.is_none_or(|rest| leads(Some(&entity.value), type_, rest))
        })
    })
}

fn fits(pattern: &Step, step: &Step) -> bool {
    match (pattern, step) {
        (Step::Key(pattern), Step::Key(name)) => wildcard::name(pattern, name),
        (Step::Key(pattern), Step::Item(_)) => &**pattern == "*",
        (Step::Item(_), _) => pattern == step,
    }
}

/// Whether steps lead from a value to another, or from its type to a field; what is not known yet may have any.
fn leads(value: Option<&Value>, type_: Option<&Type>, pattern: &[Step]) -> bool {
    let Some((step, rest)) = pattern.split_first() else { return true };
    let is_open = |value: &Value| value.is_dynamic() || matches!(value.data, Data::Late(_) | Data::Broken);
    if value.is_some_and(is_open) {
        return true;
    }
    let entries = value.and_then(Value::as_map).map(crate::value::Map::entries).unwrap_or_default();
    let set = entries.iter().filter(|entry| fits(step, &Step::Key(entry.key.clone())));
    let items = value.and_then(Value::as_list).unwrap_or_default().iter().enumerate().filter(|(at, _)| fits(step, &Step::Item(*at)));
    let field = |key: &str| type_.and_then(|type_| type_.inside(key)).map(AsRef::as_ref);
    let item = type_.and_then(|type_| type_.items().or_else(|| type_.as_form(ValueForm::Map).item())).map(AsRef::as_ref);
    let mut declared = type_
        .map(|type_| type_.as_form(ValueForm::Map))
        .into_iter()
        .flat_map(Type::fields)
        .filter(|(name, _)| fits(step, &Step::Key((*name).into())));
    set.into_iter().any(|entry| leads(Some(&entry.value), field(&entry.key), rest))
        || items.into_iter().any(|(_, value)| leads(Some(value), item, rest))
        || declared.any(|(_, type_)| leads(None, Some(type_), rest))
        || item.is_some_and(|item| leads(None, Some(item), rest))
}
