//! What the command line says: `--set path=value`, as a layer of the thing that its path leads to.

use super::index::{Blocks, steps};
use super::lower::Lowering;
use super::overriding::OVERRIDE;
use super::{Flag, Named, errors, inner};
use crate::document::{Document, NodeData};
use crate::name::Kind;
use crate::origin::{Layer, Origin};
use crate::value::{Entry, Value};
use std::sync::Arc;

/// What a definition says of what it is, which is read before anything is layered.
const OF_DEFINITIONS: [&str; 6] = ["class", "inherits", "identity", "abstract", "environments", "clusters"];

/// The same of the platform.
const OF_PLATFORM: [&str; 2] = ["defaults", "exclude"];

/// `--set path=value`, each parsed as a document with one key: the path; its value the value.
pub(super) fn read<'d>(arguments: impl Iterator<Item = &'d Document>, blocks: &mut Blocks, lowering: &mut Lowering<'_>) {
    for document in arguments {
        let NodeData::Map(pairs) = &document.root.data else { continue };
        for pair in pairs {
            let layer = lowering.layer(Layer::Flag);
            let value = lowering.value(&pair.value, layer);
            let Some(mut steps) = steps(&pair.key.text) else {
                lowering.report(errors::bad_flag(&pair.key.text, pair.key_span));
                continue;
            };
            let environment = blocks.environments.iter().any(|environment| Some(&&*environment.name.name) == steps.first());
            let environment = environment.then(|| Named { name: steps.remove(0).into(), span: pair.key_span });
            let cluster = on_cluster(&steps).filter(|name| inner::is_spoken_of(&format!("clusters.{name}"), blocks, &lowering.common));
            let cluster = cluster.map(|name| Named { name: name.into(), span: pair.key_span });
            steps.drain(..if cluster.is_some() { 2 } else { 0 });
            let kind = steps.first().copied().unwrap_or("");
            let (address, fields) = match (kind, Kind::from_plural(kind)) {
                ("platform", _) => ("platform".to_owned(), steps.get(1..)),
                (_, Some(kind)) if kind.inner().is_some_and(|inner| steps.get(2).copied() == Some(inner.plural())) => {
                    (steps.get(..4).unwrap_or(&steps).join("."), steps.get(4..))
                }
                (_, Some(_)) => (steps.get(..2).unwrap_or(&steps).join("."), steps.get(2..)),
                (_, None) => {
                    lowering.report(errors::bad_flag(&pair.key.text, pair.key_span));
                    continue;
                }
            };
            let known = address == "platform" || inner::is_spoken_of(&address, blocks, &lowering.common);
            let may_be_made = !known && blocks.classes.iter().any(|(_, class)| class.value.get(super::making::SECTION).is_some());
            let Some(fields) =
                fields.filter(|fields| (known || may_be_made) && !fields.is_empty() && fields.iter().all(|field| !field.is_empty()))
            else {
                lowering.report(errors::bad_flag(&pair.key.text, pair.key_span));
                continue;
            };
            let fixed = if address == "platform" { &OF_PLATFORM[..] } else { &OF_DEFINITIONS[..] };
            if let Some(field) = fields.first().filter(|field| fixed.contains(&super::operator::split(field).0.as_str())) {
                lowering.report(errors::fixed_flag(&pair.key.text, field, pair.key_span));
                continue;
            }
            let value = fields.iter().rev().fold(value, |value, field| {
                let origin = Origin { span: pair.key_span, layer };
                let (key, operator) = super::operator::split(field);
                let mut entry = Entry::plain(key, pair.key_span, value);
                entry.operator = operator;
                Value::map(vec![entry], origin)
            });
            let Some(value) = overriding(value, lowering) else { continue };
            let made = may_be_made.then(|| Named { name: Arc::clone(&pair.key.text), span: pair.key_span });
            blocks.flags.push(Flag { address: address.into(), environment, cluster, made, value });
        }
    }
}

/// The layer, with what it overrides as one layer of that; none if that is wrong, which is told.
fn overriding(value: Value, lowering: &mut Lowering<'_>) -> Option<Value> {
    match value.as_map().map(crate::value::Map::entries) {
        Some([entry]) if *entry.key == *OVERRIDE => {
            let entry = lowering.one_layer(entry.clone())?;
            Some(Value::map(vec![entry], value.origin))
        }
        Some(_) | None => Some(value),
    }
}

/// The cluster of an address that leads on to something which may be on several.
fn on_cluster<'s>(steps: &[&'s str]) -> Option<&'s str> {
    match steps {
        ["clusters", name, plural, _, _, ..] => match Kind::from_plural(plural)? {
            Kind::Infrastructure | Kind::Service | Kind::Tenant => Some(name),
            Kind::Cluster | Kind::NodePool | Kind::Application => None,
        },
        _ => None,
    }
}
