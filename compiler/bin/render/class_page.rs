//! The page of a class as text or JSON.

use super::View;
use super::explain::{LIMIT, written};
use super::lines::Lines;
use annotate_snippets::renderer::Style;
use platc::Compilation;
use platc::query::explain::{ClassField, ClassPage};
use platc::query::show::{json as shown, tree};
use platc::value::Value;
use serde_json::{Value as Json, json};

/// A heading, and two lines or more for each field.
pub(crate) fn text(page: &ClassPage<'_>, compilation: &Compilation, view: &View<'_>) -> Lines {
    let bold = Style::new().bold();
    let mut lines = Lines::default();
    let class = page.class;
    match &page.field {
        None => {
            let what = if class.is_abstract { "an abstract class" } else { "a class" };
            lines.styled(&[(bold, &page.path), (Style::new(), &format!(" is {what}, defined at {}", view.at(class.name.span)))]);
            lines.append(&of_class(page));
        }
        Some(field) => {
            lines.styled(&[(bold, &page.path), (Style::new(), &format!(" is of type {}", of_field(field, compilation, view)))]);
            said(field, compilation, view).iter().for_each(|line| lines.line(&format!("  {line}")));
        }
    }
    for field in &page.fields {
        lines.line("");
        lines.styled(&[(bold, &field.path), (Style::new(), &format!(": {}", of_field(field, compilation, view)))]);
        said(field, compilation, view).iter().for_each(|line| lines.line(&format!("  {line}")));
    }
    lines
}

/// What a class is beyond its fields.
fn of_class(page: &ClassPage<'_>) -> Lines {
    let mut lines = Lines::default();
    let class = page.class;
    if let Some(description) = &class.description {
        lines.line(&format!("  {description}"));
    }
    if let Some(instead) = &class.deprecated {
        lines.line(&format!("  deprecated: {instead}"));
    }
    if !class.ancestors.is_empty() {
        lines.line(&format!(
            "  inherits from {}",
            class.ancestors.iter().rev().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        ));
    }
    if !class.provides.is_empty() {
        lines.line(&format!("  provides {}", class.provides.iter().map(|one| format!("`{}`", one.name)).collect::<Vec<_>>().join(", ")));
    }
    page.choices().iter().for_each(|choice| lines.line(&format!("  {choice}")));
    if class.keeps_data {
        lines.line("  keeps data, so it leaves only by its own word");
    }
    let outputs = outputs(page);
    if !outputs.is_empty() {
        lines.line(&format!("  others read its outputs {}", outputs.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ")));
    }
    lines
}

fn outputs<'p>(page: &'p ClassPage<'_>) -> Vec<&'p str> {
    let outputs = page.class.section("outputs").and_then(Value::as_map);
    outputs.into_iter().flat_map(|map| map.entries()).map(|entry| &*entry.key).collect()
}

/// Its type and what it is if nobody says it: `string, required`, `cidr, 10.0.0.0/16 by default`.
fn of_field(field: &ClassField<'_>, compilation: &Compilation, view: &View<'_>) -> String {
    let markers = &field.type_.markers;
    let own = &field.type_.resolved().markers;
    let mut text = field.type_words();
    if markers.required {
        text.push_str(", required");
    }
    if let Some(default) = markers.default.as_ref().or(own.default.as_ref()) {
        text.push_str(&format!(", {} by default", written(default, view, &compilation.model.secrets, 2 * LIMIT)));
    }
    text
}

/// What is said of a field, a line for each.
fn said(field: &ClassField<'_>, compilation: &Compilation, view: &View<'_>) -> Vec<String> {
    let (own, named) = (&field.type_.markers, &field.type_.resolved().markers);
    let secrets = &compilation.model.secrets;
    let list = |values: &[Value]| values.iter().map(|value| written(value, view, secrets, LIMIT)).collect::<Vec<_>>().join(", ");
    let mut said: Vec<String> = own.description.iter().chain(&named.description).take(1).map(ToString::to_string).collect();
    let mut limits = field.limits();
    if !named.enum_.is_empty() {
        limits.insert(0, format!("one of {}", list(&named.enum_)));
    }
    for (bound, word) in [(&named.minimum, "at least"), (&named.maximum, "at most")] {
        limits.extend(bound.as_ref().map(|value| format!("{word} {}", written(value, view, secrets, LIMIT))));
    }
    if !limits.is_empty() {
        said.push(limits.join("; "));
    }
    said.extend(own.replaces.as_ref().or(named.replaces.as_ref()).map(platc::schema::FieldReplaces::words));
    said.extend(own.deprecated.as_ref().or(named.deprecated.as_ref()).map(|why| format!("deprecated: {why}")));
    if !named.examples.is_empty() {
        said.push(format!("such as {}", list(&named.examples)));
    }
    if !named.aliases.is_empty() {
        said.push(format!("elsewhere called {}", named.aliases.join(", ")));
    }
    said.push(format!("declared at {}", view.at(field.type_.origin)));
    said
}

/// The same for machines.
pub(crate) fn json(page: &ClassPage<'_>, compilation: &Compilation, view: &View<'_>) -> Json {
    let class = page.class;
    let secrets = &compilation.model.secrets;
    let field = |field: &ClassField<'_>| {
        let (own, named) = (&field.type_.markers, &field.type_.resolved().markers);
        let value = |value: &Value| {
            if value.is_dynamic() { json!(written(value, view, secrets, usize::MAX)) } else { shown(&tree(value, secrets)) }
        };
        json!({
            "path": field.path,
            "type": field.type_words(),
            "required": own.required,
            "default": own.default.as_ref().or(named.default.as_ref()).map(value),
            "description": own.description.as_ref().or(named.description.as_ref()).map(ToString::to_string),
            "enum": named.enum_.iter().map(value).collect::<Vec<_>>(),
            "minimum": named.minimum.as_ref().map(value),
            "maximum": named.maximum.as_ref().map(value),
            "limits": field.limits(),
            "replaces": own.replaces.as_ref().or(named.replaces.as_ref()).map(platc::schema::FieldReplaces::words),
            "deprecated": own.deprecated.as_ref().or(named.deprecated.as_ref()).map(ToString::to_string),
            "place": view.place(field.type_.origin),
        })
    };
    json!({
        "class": &*class.full,
        "path": page.path,
        "description": class.description.as_deref(),
        "abstract": class.is_abstract,
        "deprecated": class.deprecated.as_deref(),
        "inherits": class.ancestors.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "provides": class.provides.iter().map(|one| one.name.to_string()).collect::<Vec<_>>(),
        "choices": page.choices(),
        "keepsData": class.keeps_data,
        "outputs": outputs(page),
        "place": view.place(class.name.span),
        "field": page.field.as_ref().map(field),
        "fields": page.fields.iter().map(field).collect::<Vec<_>>(),
    })
}
