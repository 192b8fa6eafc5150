//! What things override of what their classes make. In comes a thing's value before anything in it is evaluated, out go its fields without that, and
//! its layers, weakest first; and, for whoever looks at the thing, a value in which expressions stand as they are written. Nothing is
//! merged or evaluated here.

use super::Entity;
use super::lines::Lines;
use crate::definition::overriding::{self, OVERRIDE, OverrideOf, check};
use crate::definition::{Class, Definition, Definitions, Layered};
use crate::diagnostic::Diagnostics;
use crate::name::Kind;
use crate::origin::{Layer, Layers};
use crate::path::Path;
use crate::source::Sources;
use crate::subject::Subject;
use crate::value::{Data, Entry, Operator, Value};
use std::collections::BTreeMap;

/// Whether a thing has Terraform: its class makes some, or it adds some.
pub(super) fn has_terraform(definitions: &Definitions, entity: &Entity) -> bool {
    const TERRAFORM: &str = "terraform";
    let of_class = definitions.classes.get(entity.class.0 as usize).is_some_and(|class| class.section(TERRAFORM).is_some());
    let said = || entity.value.get(OVERRIDE).map(overriding::layers).unwrap_or_default();
    of_class || said().into_iter().any(|layer| layer.get(TERRAFORM).is_some())
}

/// The fields of a thing without what it overrides, and the layers of that, weakest first.
pub(super) fn split(value: &Value, layers: &Layers) -> (Value, Vec<Value>) {
    let Some((map, found)) = value.as_map().and_then(|map| Some((map, map.entry(OVERRIDE)?))) else { return (value.clone(), Vec::new()) };
    let kept = map.entries().iter().filter(|entry| &*entry.key != OVERRIDE).cloned().collect();
    let said = overriding::layers(&found.value);
    // What environments say for all of a kind is stronger than bodies.
    let of = |value: &Value| layers.get(value.origin.layer);
    let is_common = |value: &&Value| matches!(of(value), Layer::EnvironmentDefaults { .. });
    let (common, mut own): (Vec<&Value>, Vec<&Value>) = said.into_iter().partition(is_common);
    let is_ground = |value: &&Value| matches!(of(value), Layer::Body(_) | Layer::PlatformDefaults(_));
    let place = own.iter().rposition(is_ground).map_or(0, |at| at + 1);
    own.splice(place..place, common);
    (Value::map(kept, value.origin).after(value), own.into_iter().cloned().collect())
}

/// Checks what the layers of a definition override against a class that it has.
pub(super) fn layers(definitions: &Definitions, definition: &Definition, class: &Class, sources: &Sources, diagnostics: &mut Diagnostics) {
    let of = if definition.address.starts_with("platform.defaults.") { OverrideOf::Defaults } else { OverrideOf::Definition };
    let is_lone = of == OverrideOf::Definition && definition.parents.is_empty() && !is_overridden_by_defaults(definitions, definition.kind);
    let said = definition.body.iter().chain(definition.overlays.iter().map(|overlay| &overlay.layered));
    let subject = Subject::definition(Path::of(definition.address.split('.')));
    let mut lone = is_lone;
    for layered in said {
        let overrides = layered.value.get(OVERRIDE).is_some();
        each(definitions, layered, class, (if lone { OverrideOf::Lone } else { of }, &subject), sources, diagnostics);
        lone &= !overrides;
    }
}

/// Whether defaults override anything of a kind, or say anything of what stands under another thing.
fn is_overridden_by_defaults(definitions: &Definitions, kind: Kind) -> bool {
    let of_environments = definitions.environments.iter().flat_map(|environment| &environment.defaults);
    let mut defaults = definitions.platform_defaults.iter().chain(of_environments);
    kind.home().is_some() || defaults.any(|(of, layered)| *of == kind && layered.value.get(OVERRIDE).is_some())
}

/// Checks what defaults override against all classes that things of the kind have.
pub(super) fn defaults(definitions: &Definitions, lines: &Lines<'_>, sources: &Sources, diagnostics: &mut Diagnostics) {
    let of_environments = definitions.environments.iter().flat_map(|environment| &environment.defaults);
    for (kind, layered) in definitions.platform_defaults.iter().chain(of_environments) {
        if layered.value.get(OVERRIDE).is_none() {
            continue;
        }
        let mut classes: BTreeMap<usize, &Class> = BTreeMap::new();
        for definition in &definitions.definitions {
            if definition.kind == *kind {
                classes.extend(lines.classes(definition));
            }
            let inner = lines.inner(definition).iter().filter(|inner| inner.kind == *kind);
            inner.for_each(|inner| classes.extend(lines.inner_classes(inner, definition)));
        }
        let subject = Subject::definition(Path::of(["defaults", kind.plural()]));
        classes.values().for_each(|class| each(definitions, layered, class, (OverrideOf::Defaults, &subject), sources, diagnostics));
    }
}

fn each(
    definitions: &Definitions,
    layered: &Layered,
    class: &Class,
    of: (OverrideOf, &Subject),
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) {
    if class.sound {
        let items = layered.value.get(OVERRIDE).map(overriding::layers).unwrap_or_default();
        items.into_iter().for_each(|item| check(definitions, class, item, of, sources, diagnostics));
    }
}

/// The value of a thing with what it overrides, for readers.
pub(super) fn shown(value: Value, overrides: &[Value], sources: &Sources) -> Value {
    let (Some(last), Some(map)) = (overrides.last(), value.as_map()) else { return value };
    let items = overrides.iter().map(|one| as_written(one, sources)).collect();
    let mut entries = map.entries().to_vec();
    entries.push(Entry::plain(OVERRIDE, last.origin.span, Value::list(items, last.origin)));
    Value::map(entries, value.origin).after(&value)
}

/// A value with its expressions and operators as text.
fn as_written(value: &Value, sources: &Sources) -> Value {
    let data = match &value.data {
        Data::Template(template) => Data::String(unquoted(sources.text(template.span)).into()),
        Data::List(list) => return Value::list(list.items().iter().map(|item| as_written(item, sources)).collect(), value.origin),
        Data::Map(map) => {
            let entry = |entry: &Entry| Entry {
                key: match sign(entry.operator) {
                    Some(sign) => format!("{}{sign}", entry.key).into(),
                    None => entry.key.clone(),
                },
                operator: Operator::Merge,
                template: None,
                value: as_written(&entry.value, sources),
                ..entry.clone()
            };
            return Value::map(map.entries().iter().map(entry).collect(), value.origin);
        }
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => {
            return value.clone();
        }
    };
    Value::new(data, value.origin)
}

fn unquoted(text: &str) -> &str {
    let quoted = |quote: char| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    quoted('"').or_else(|| quoted('\'')).unwrap_or(text)
}

fn sign(operator: Operator) -> Option<char> {
    match operator {
        Operator::Merge => None,
        Operator::Append => Some('+'),
        Operator::Remove => Some('-'),
        Operator::Replace => Some('='),
        Operator::Lock => Some('!'),
    }
}
