//! Which layers a definition has in an environment and on a cluster, weakest first (design 2.3), and their merge.

use super::defaults::{Defaults, Reached};
use super::{Entity, Model, errors, theirs};
use crate::definition::{Class, Definition, Definitions, Flag, Layered, Overlay};
use crate::diagnostic::Diagnostics;
use crate::inheritance::{Meeting, guarded, merge};
use crate::limit::LAYERS;
use crate::name::Kind;
use crate::origin::{self, LayerId, Origin};
use crate::schema::{Shape, Type};
use crate::source::Sources;
use crate::span::Span;
use crate::subject::Subject;
use crate::value::{Data, Entry, List, Map, Operator, Value};
use std::sync::Arc;

/// Where a definition is looked at from.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    /// The environment's line of ancestors, farthest first, itself last.
    pub(crate) environments: &'a [Arc<str>],
    /// The cluster, if the thing is in or on one.
    pub(crate) cluster: Option<&'a str>,
}

/// One layer: how it meets weaker ones, and what it says.
#[derive(Clone, Copy)]
pub(crate) struct LayerValue<'a> {
    pub(crate) operator: Operator,
    pub(crate) value: &'a Value,
    /// Where its key stands.
    pub(crate) span: Span,
    /// Who speaks.
    pub(crate) speaker: Speaker,
    /// What of it is said in overlays, if it is a body.
    overlaid: Option<&'a Value>,
}

/// Who speaks in a layer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Speaker {
    /// The platform, by its defaults.
    Platform,
    /// An environment, by its defaults.
    Environment,
    /// The body of a definition.
    Body,
    /// An overlay of a definition.
    Overlay,
    /// The command line.
    Flag,
}

impl Speaker {
    /// Whether it speaks for all of a kind: what it says stays when the thing is removed and spoken of anew.
    fn is_ground(self) -> bool {
        match self {
            Speaker::Platform | Speaker::Environment => true,
            Speaker::Body | Speaker::Overlay | Speaker::Flag => false,
        }
    }
}

/// The layers of the definitions of a line (farthest ancestor first), weakest first; those of the class are not among them.
pub(crate) fn layers<'a>(definitions: &'a Definitions, kind: Kind, line: &[&'a Definition], view: View<'_>) -> Vec<LayerValue<'a>> {
    let mut result = Vec::new();
    let of_kind = |defaults: &'a [(Kind, Layered)]| defaults.iter().filter(move |(other, _)| *other == kind).map(|(_, layered)| layered);
    result.extend(of_kind(&definitions.platform_defaults).map(|layered| layer(layered, Speaker::Platform)));
    for name in view.environments {
        let Some(environment) = definitions.environment(name) else { continue };
        let said = environment.metadata.iter().chain(of_kind(&environment.defaults));
        result.extend(said.map(|layered| layer(layered, Speaker::Environment)));
    }
    for definition in line {
        let overlaid = definition.overlaid.as_ref();
        result.extend(definition.body.as_ref().map(|body| LayerValue { overlaid, ..layer(body, Speaker::Body) }));
        for name in view.environments {
            result.extend(overlays(definition, Some(name), None));
        }
        if let Some(cluster) = view.cluster {
            result.extend(overlays(definition, None, Some(cluster)));
            for name in view.environments {
                result.extend(overlays(definition, Some(name), Some(cluster)));
            }
        }
    }
    result
}

/// What the command line says about a definition, each a layer stronger than all others. Shells take quotes away, so a value is text
/// where its field asks for text: `version=1.34`.
pub(crate) fn flags(definitions: &Definitions, address: &str, view: View<'_>, class: &Class, sources: &Sources) -> Vec<Value> {
    let here = |environment: &str| view.environments.iter().any(|name| &**name == environment);
    let flags = definitions.flags.iter().filter(|flag| *flag.address == *address);
    let flags = flags.filter(|flag| flag.environment.as_ref().is_none_or(|named| here(&named.name)));
    let flags = flags.filter(|flag| flag.cluster.as_ref().is_none_or(|named| view.cluster == Some(&*named.name)));
    flags.map(|flag| with_texts(&flag.value, &class.type_, sources)).collect()
}

/// The value with numbers and booleans as they are written where the type asks for text.
fn with_texts(value: &Value, type_: &Type, sources: &Sources) -> Value {
    let resolved = type_.of_value(value).resolved();
    let textual = matches!(resolved.shape, Shape::String | Shape::Duration | Shape::Cidr | Shape::Semver);
    let data = match &value.data {
        Data::Map(map) => {
            let entries = map.entries().iter().map(|entry| match resolved.inside(&entry.key) {
                Some(type_) => Entry { value: with_texts(&entry.value, type_, sources), ..entry.clone() },
                None => entry.clone(),
            });
            Data::Map(Arc::new(Map::new(entries.collect())))
        }
        Data::List(list) => match resolved.items() {
            Some(item) => Data::List(Arc::new(List::new(list.items().iter().map(|value| with_texts(value, item, sources)).collect()))),
            None => value.data.clone(),
        },
        Data::Int(_) | Data::Float(_) | Data::Bool(_) if textual => Data::String(sources.text(value.origin.span).into()),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => value.data.clone(),
    };
    Value { data, origin: value.origin, history: value.history.clone() }
}

/// What the command line says, as a layer.
pub(crate) fn flag(value: &Value) -> LayerValue<'_> {
    LayerValue { operator: Operator::Merge, value, span: value.origin.span, speaker: Speaker::Flag, overlaid: None }
}

fn layer(layered: &Layered, speaker: Speaker) -> LayerValue<'_> {
    LayerValue { operator: layered.operator, value: &layered.value, span: layered.span, speaker, overlaid: None }
}

/// Overlays for exactly this environment and cluster; what a cluster says about a pool comes before what the pool says itself.
fn overlays<'a>(definition: &'a Definition, environment: Option<&str>, cluster: Option<&str>) -> impl Iterator<Item = LayerValue<'a>> {
    let fits = |overlay: &&Overlay| overlay.environment.as_ref().map(|named| &*named.name) == environment;
    let found: Vec<&Overlay> = definition.overlays_for(cluster).filter(fits).collect();
    let outer: Vec<&Overlay> = found.iter().copied().filter(|overlay| overlay.outer).collect();
    let own: Vec<&Overlay> = found.into_iter().filter(|overlay| !overlay.outer).collect();
    outer.into_iter().chain(own).map(|overlay| layer(&overlay.layered, Speaker::Overlay))
}

/// How strong a layer is among those of an entity; those of different ancestors count as equal.
pub(super) fn strength(layer: &origin::Layer, entity: &Entity, model: &Model) -> (u8, bool, usize) {
    let line = &model.environment(entity.environment).line;
    let place =
        |environment: Option<&Arc<str>>| environment.and_then(|name| line.iter().position(|known| known == name)).map_or(0, |at| at + 1);
    let definition = entity.thing.definition.to_string();
    let own = |address: &str| u8::from(address == definition);
    match layer {
        origin::Layer::Computed | origin::Layer::Recorded | origin::Layer::Class(_) => (0, false, 0),
        origin::Layer::PlatformDefaults(_) => (1, false, 0),
        // Of what an environment says of itself, things have what it says to all of them.
        origin::Layer::Body(address) if address.starts_with("environments.") => {
            (5, false, place(address.strip_prefix("environments.").map(Arc::from).as_ref()))
        }
        origin::Layer::Body(address) => (2 + 2 * own(address), false, 0),
        // They have the last word where a body would have it.
        origin::Layer::EnvironmentDefaults { environment, .. } => (5, false, place(Some(environment))),
        origin::Layer::Overlay { address, environment, cluster } => (2 + 4 * own(address), cluster.is_some(), place(environment.as_ref())),
        origin::Layer::Flag => (7, false, 0),
    }
}

/// Whether any overlay of the line is for this cluster, or the command line sets something of the address there; if none is, the merged value is
/// the same as without a cluster.
pub(crate) fn mentions_cluster(definitions: &Definitions, address: &str, line: &[&Definition], cluster: &str) -> bool {
    let here = |flag: &Flag| *flag.address == *address && flag.cluster.as_ref().is_some_and(|named| *named.name == *cluster);
    line.iter().any(|definition| definition.overlays_for(Some(cluster)).next().is_some()) || definitions.flags.iter().any(here)
}

/// Whether any layer of a pool's line speaks for it in this view; the last word about its removal counts. Every removal is handed to `removes`,
/// with whether there was something to remove.
pub(crate) fn exists(line: &[&Definition], view: View<'_>, mut removes: impl FnMut(Span, bool)) -> bool {
    let mut present = false;
    for definition in line {
        let mut words: Vec<(Span, Operator)> = definition.body.iter().map(|layered| (layered.span, layered.operator)).collect();
        let mut push = |environment: Option<&str>, cluster: Option<&str>| {
            words.extend(overlays(definition, environment, cluster).map(|layer| (layer.span, layer.operator)));
        };
        for name in view.environments {
            push(Some(name), None);
        }
        if let Some(cluster) = view.cluster {
            push(None, Some(cluster));
            for name in view.environments {
                push(Some(name), Some(cluster));
            }
        }
        for (span, operator) in words {
            if operator == Operator::Remove {
                removes(span, present);
            }
            present = operator != Operator::Remove;
        }
    }
    present
}

/// Merges the layers of a definition over the defaults of its class; an empty map if there is nothing.
pub(crate) fn merged(
    layers: &[LayerValue<'_>],
    class: Option<&Class>,
    subject: &Subject,
    origin: Origin,
    reached: &mut Reached,
    diagnostics: &mut Diagnostics,
) -> Value {
    let type_ = class.map(|class| &*class.type_);
    let mut value: Option<Value> = class.and_then(|class| class.defaults.clone());
    let mut defaults = Defaults::of(class);
    let mut ground = (value.clone(), defaults.clone());
    let layer_of_class = class.map_or(LayerId::COMPUTED, |class| class.layer);
    if layers.len() > LAYERS {
        diagnostics.push(errors::too_many_layers(&subject.to_string(), origin.span, LAYERS));
    }
    let mut meeting = Meeting::new(subject, diagnostics).defaults(layer_of_class).waiting();
    let (flags, said): (Vec<LayerValue<'_>>, Vec<LayerValue<'_>>) =
        layers.iter().take(LAYERS).partition(|layer| layer.speaker == Speaker::Flag);
    for layer in &said {
        if layer.speaker.is_ground() {
            value = Some(defaults.over(value.as_ref(), layer.value, reached, &mut meeting));
            ground = (value.clone(), defaults.clone());
        } else if layer.operator == Operator::Remove {
            (value, defaults) = ground.clone();
        } else {
            value = Some(spoken(value, layer, &mut defaults, type_, reached, &mut meeting));
        }
    }
    // What environments say for all of a kind is stronger than bodies.
    if said.iter().any(|layer| layer.speaker == Speaker::Environment) {
        let words = words(&said);
        for layer in said.iter().filter(|layer| layer.speaker == Speaker::Environment) {
            value = value.map(|value| defaults.again(value, layer.value, &words, reached, &mut meeting));
        }
    }
    for flag in &flags {
        value = Some(spoken(value, flag, &mut defaults, type_, reached, &mut meeting));
    }
    value.unwrap_or_else(|| Value::map(Vec::new(), origin))
}

/// The value after a layer of a definition, or of the command line.
fn spoken(
    value: Option<Value>,
    layer: &LayerValue<'_>,
    defaults: &mut Defaults<'_>,
    type_: Option<&Type>,
    reached: &mut Reached,
    meeting: &mut Meeting<'_>,
) -> Value {
    if layer.operator == Operator::Replace
        && let Some(value) = &value
    {
        // A lock holds a field against what replaces the pool, but not the pool itself against removal.
        let word = Entry { operator: layer.operator, ..Entry::plain("", layer.span, layer.value.clone()) };
        if guarded(value, &word, meeting) {
            return value.clone();
        }
    }
    let value = defaults.before(value, layer.value, reached, meeting);
    merge(value.as_ref(), layer.value, layer.operator, type_, meeting)
}

/// What definitions say since the thing was last removed.
fn words<'a>(layers: &[LayerValue<'a>]) -> Vec<theirs::LayerWords<'a>> {
    let said = layers.iter().filter(|layer| !layer.speaker.is_ground());
    let mut words: Vec<theirs::LayerWords<'a>> = Vec::new();
    for layer in said {
        if layer.operator == Operator::Remove {
            words.clear();
        } else {
            words.push(theirs::LayerWords {
                is_overlay: layer.speaker == Speaker::Overlay,
                value: layer.value,
                replaces: layer.operator == Operator::Replace,
            });
            words.extend(layer.overlaid.map(|value| theirs::LayerWords { is_overlay: true, value, replaces: false }));
        }
    }
    words
}
