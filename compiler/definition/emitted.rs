//! Charts and files of a class, as far as it is written what they are: checked when the class is loaded, whether or not anything is of it. In come the
//! sections, out go reports. What an expression, a loop or a condition makes is checked when it is made.

use super::fields::ExpressionTypes;
use super::{Class, directive, errors};
use crate::diagnostic::Diagnostics;
use crate::expression::Ty;
use crate::filename;
use crate::name::nearest;
use crate::source::Sources;
use crate::value::{Data, Entry, Map, Value};

/// What a chart may say.
pub(crate) const CHART_FIELDS: [&str; 6] = ["repository", "chart", "version", "releaseName", "namespace", "values"];

/// What it must say.
pub(crate) const CHART_REQUIRED: [&str; 3] = ["repository", "chart", "version"];

/// Longest path of a file below its folder, in bytes.
const LONGEST: usize = 200;

/// Why a file cannot have a path, if so.
pub(crate) fn path_flaw(path: &str) -> Option<String> {
    filename::flaw(path).or_else(|| (path.len() > LONGEST).then(|| format!("is longer than {LONGEST} bytes")))
}

/// Reports what is wrong with the chart and the files of a class.
pub(super) fn check(class: &Class, types: &ExpressionTypes, sources: Option<&Sources>, diagnostics: &mut Diagnostics) {
    if let Some(section) = class.section("helm") {
        chart(class, section, types, sources, diagnostics);
    }
    let files = class.section("files");
    let may_hide = files.is_some_and(|files| files.get("$hidden").is_some());
    for entry in written(files) {
        if let Some(flaw) = path_flaw(&entry.key) {
            diagnostics.push(errors::unsafe_path(&entry.key, &flaw, entry.span));
        } else if let Some(part) = filename::hidden(&entry.key).filter(|_| !may_hide) {
            diagnostics.push(errors::hidden_path(&entry.key, part, entry.span));
        }
    }
}

/// The keys of a section that are nothing but names.
fn written(section: Option<&Value>) -> impl Iterator<Item = &Entry> {
    let entries = section.and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    entries.iter().filter(|entry| entry.template.is_none() && !entry.key.starts_with('$'))
}

fn chart(class: &Class, section: &Value, types: &ExpressionTypes, sources: Option<&Sources>, diagnostics: &mut Diagnostics) {
    let mut meant = None;
    for entry in written(Some(section)) {
        let wanted = match &*entry.key {
            "values" => "a map",
            known if CHART_FIELDS.contains(&known) => "text",
            _ => {
                // What is misspelt is not missing as well.
                meant = nearest(&entry.key, CHART_FIELDS).or(meant);
                diagnostics.push(errors::unknown_part("helm", &entry.key, entry.span, &CHART_FIELDS));
                continue;
            }
        };
        let is_map = wanted == "a map";
        let is_wrong = match &entry.value.data {
            Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::List(_) => true,
            Data::String(_) => is_map,
            Data::Map(map) => !is_map && !map.entries().iter().any(directive::is_word),
            Data::Template(template) => types.get(&template.span).is_some_and(|type_| {
                let is_other = if is_map { *type_ == Ty::String } else { matches!(type_, Ty::Map(_) | Ty::Record(_)) };
                is_other || matches!(type_, Ty::Bool | Ty::Int | Ty::Double | Ty::List(_))
            }),
            Data::Null | Data::Pending(_) | Data::Late(_) | Data::Broken => false,
        };
        if is_wrong {
            let text = sources.map_or("", |sources| sources.text(entry.value.origin.span));
            let text = if entry.value.is_dynamic() { "" } else { text };
            diagnostics.push(errors::wrong_part(&entry.key, wanted, &entry.value, text));
        }
    }
    let all = section.as_map().map(Map::entries).unwrap_or_default();
    let is_open = |entry: &Entry| entry.template.is_some() || entry.key.starts_with('$');
    if class.is_abstract || all.iter().any(is_open) {
        return;
    }
    let lacks = |key: &&str| match section.get(key).map(|value| &value.data) {
        None | Some(Data::Null) => true,
        Some(Data::String(text)) => text.is_empty(),
        Some(_) => false,
    };
    if let Some(missing) = CHART_REQUIRED.into_iter().filter(|key| meant != Some(key)).find(lacks) {
        let place = section.get(missing).map_or(class.name.span, |value| value.origin.span);
        diagnostics.push(errors::incomplete_chart(missing, place));
    }
}
