//! One block of a source becomes a definition: language fields that shape it are taken out, overlays are told apart, and what it says about
//! those that stand under it becomes definitions of those.

use super::errors;
use super::inner;
use super::literal::Owner;
use super::lower::Lowering;
use super::overriding::OVERRIDE;
use super::shaping::{METADATA, Shaping};
use super::{CommonClass, Definition, EnvironmentDefinition, Layered, Named, Overlay};
use crate::document::{Node, NodeData, Pair};
use crate::name::{self, Kind};
use crate::origin::{Layer, LayerId, Origin};
use crate::span::Span;
use crate::value::{Entry, Operator, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

impl Lowering<'_> {
    /// `environments.<name>`
    pub(super) fn environment(&mut self, pair: &Pair) -> EnvironmentDefinition {
        let name = named(pair);
        let layer = self.layer(Layer::Body(format!("environments.{}", name.name).into()));
        let mut result = EnvironmentDefinition {
            name: name.clone(),
            parent: None,
            is_abstract: false,
            identity: None,
            body: Value::map(Vec::new(), Origin { span: pair.value.span, layer }),
            defaults: Vec::new(),
            metadata: None,
        };
        let mut entries = Vec::new();
        for field in self.pairs(&pair.value, &format!("environment `{}`", name.name)) {
            match &*field.key.text {
                "inherits" => {
                    let mut parents = self.names(&field.value, "inherits");
                    if parents.len() > 1 {
                        let spans: Vec<Span> = parents.iter().map(|parent| parent.span).collect();
                        self.report(errors::several_environments(&name.name, &spans));
                    }
                    result.parent = if parents.is_empty() { None } else { Some(parents.remove(0)) };
                }
                "abstract" => result.is_abstract = self.truth(&field.value, "abstract"),
                "identity" => result.identity = self.identity(Owner::Environment, &name, field),
                "defaults" => {
                    let environment = Arc::clone(&name.name);
                    let layer =
                        |kind: Kind| Layer::EnvironmentDefaults { environment: Arc::clone(&environment), kind: kind.plural().into() };
                    result.defaults = self.defaults(&field.value, Some(&name), layer);
                }
                _ if self.is_misplaced_word(field) => {}
                _ => entries.push(self.entry(field, layer)),
            }
        }
        let said: Vec<Entry> = entries.iter().filter(|entry| &*entry.key == METADATA).cloned().collect();
        result.metadata = said.first().map(|first| first.span).map(|span| {
            let value = Value::map(said, Origin { span: pair.value.span, layer });
            Layered { operator: Operator::Merge, value, span }
        });
        result.body = self.map(entries, Origin { span: pair.value.span, layer });
        if let Some(identity) = result.identity.take_if(|_| result.is_abstract) {
            self.report(errors::identity_of_none(identity.span));
        }
        result
    }

    /// `defaults` of the platform or an environment: kind → fields.
    pub(super) fn defaults(&mut self, node: &Node, environment: Option<&Named>, layer: impl Fn(Kind) -> Layer) -> Vec<(Kind, Layered)> {
        let mut result = Vec::new();
        for pair in self.pairs(node, "defaults") {
            let known = Kind::ALL.map(Kind::plural);
            let kind = Kind::from_plural(&pair.key.text).or_else(|| {
                self.report(errors::unknown_kind(&pair.key.text, pair.key_span, &known));
                errors::meant_kind(&pair.key.text, &known).and_then(Kind::from_plural)
            });
            let Some(kind) = kind else { continue };
            let layer = self.layer(layer(kind));
            let mut entries = Vec::new();
            for field in self.pairs(&pair.value, &format!("defaults.{}", kind.plural())) {
                let bare = super::operator::split(&field.key.text).0;
                match Shaping::of(kind, &bare) {
                    Some(Shaping::Class) if bare == *field.key.text => {
                        let environment = environment.map(|named| Arc::clone(&named.name));
                        if let Some(class) = self.one_name(&field.value, "class") {
                            self.common.classes.push(CommonClass { environment, kind, class, layer });
                        }
                    }
                    Some(Shaping::NodePools | Shaping::Applications) => self.common_inner(kind, field, environment),
                    Some(shaping) => self.report(errors::misplaced_field(shaping, "in defaults", field.key_span)),
                    None if self.is_former(field, kind) || self.is_misplaced_word(field) => {}
                    None => entries.extend(self.field(field, layer)),
                }
            }
            let value = self.map(entries, Origin { span: pair.value.span, layer });
            result.push((kind, Layered { operator: Operator::Merge, value, span: pair.key_span }));
        }
        result
    }

    /// `<plural kind>.<name>`
    pub(super) fn definition(&mut self, kind: Kind, pair: &Pair) -> Definition {
        let name = named(pair);
        let address = name::address(kind, &name.name);
        let mut result = empty(kind, name, address);
        self.fill(&mut result, pair, Operator::Merge);
        // One that says whose it is in former words is told where it goes, and not also that nobody inherits it.
        let is_former = |field: &Pair| kind == Kind::Application && &*field.key.text == "tenant";
        result.is_abstract |= matches!(&pair.value.data, NodeData::Map(fields) if fields.iter().any(is_former));
        let only_inherited = result.is_abstract || kind.home().is_some();
        if let Some(identity) = result.identity.take_if(|_| only_inherited) {
            self.report(errors::identity_of_none(identity.span));
        }
        result
    }

    /// Reads the body of a definition: shaping fields, overlays, what stands under it, and the rest.
    pub(super) fn fill(&mut self, result: &mut Definition, pair: &Pair, operator: Operator) {
        let layer = self.said_by(&result.address, None, None);
        let mut entries = Vec::new();
        let what = format!("{} `{}`", result.kind.words(), result.name.name);
        for field in self.pairs(&pair.value, &what) {
            let (bare, _) = super::operator::split(&field.key.text);
            let shaping = Shaping::of(result.kind, &bare);
            if shaping.is_some_and(|shaping| !shaping.takes_operators()) && bare != *field.key.text {
                self.report(errors::misplaced_operator(&bare, field.key_span));
            }
            match shaping {
                Some(Shaping::Class) => result.class = self.one_name(&field.value, "class"),
                Some(Shaping::Inherits) => result.parents = self.names(&field.value, "inherits"),
                Some(Shaping::Abstract) => result.is_abstract = self.truth(&field.value, "abstract"),
                Some(Shaping::Identity) => {
                    result.identity = self.identity(Owner::Definition(result.kind), &result.name, field);
                }
                Some(Shaping::Environments) => self.environment_overlays(result, field),
                Some(Shaping::Clusters) => {
                    for inner in self.pairs(&field.value, "clusters") {
                        self.overlay(result, (None, Some(named(inner))), inner, PLAIN);
                    }
                }
                Some(Shaping::NodePools | Shaping::Applications) => self.inner(result, field, None, None),
                None if self.is_former(field, result.kind) || self.is_misplaced_word(field) => {}
                None => entries.extend(self.field(field, layer)),
            }
        }
        let value = self.map(entries, Origin { span: pair.value.span, layer });
        result.body = Some(Layered { operator, value, span: pair.key_span });
    }

    fn environment_overlays(&mut self, result: &mut Definition, field: &Pair) {
        for inner in self.pairs(&field.value, "environments") {
            self.overlay(result, (Some(named(inner)), None), inner, PLAIN);
        }
    }

    /// An overlay; inside an environment's overlay there may be overlays for clusters.
    pub(super) fn overlay(
        &mut self,
        result: &mut Definition,
        (environment, cluster): (Option<Named>, Option<Named>),
        pair: &Pair,
        (operator, outer): (Operator, bool),
    ) {
        let layer = self.said_by(&result.address, environment.as_ref(), cluster.as_ref());
        let (mut entries, mut only_clusters) = (Vec::new(), false);
        let fields = self.pairs(&pair.value, &format!("the overlay `{}`", pair.key.text));
        for field in fields {
            let (bare, _) = super::operator::split(&field.key.text);
            let place = if cluster.is_some() { "in an overlay for a cluster" } else { "in an overlay for an environment" };
            match Shaping::of(result.kind, &bare) {
                Some(Shaping::Clusters) if cluster.is_none() => {
                    only_clusters = fields.len() == 1 && operator == Operator::Merge;
                    for inner in self.pairs(&field.value, "clusters") {
                        self.overlay(result, (environment.clone(), Some(named(inner))), inner, (Operator::Merge, outer));
                    }
                }
                Some(Shaping::NodePools | Shaping::Applications) => self.inner(result, field, environment.as_ref(), cluster.as_ref()),
                Some(shaping) => self.report(errors::misplaced_field(shaping, place, field.key_span)),
                None if self.is_former(field, result.kind) || self.is_misplaced_word(field) => {}
                None => entries.extend(self.field(field, layer)),
            }
        }
        // Who speaks of clusters alone says nothing of the others, not even that the thing is there.
        if !only_clusters {
            let value = self.map(entries, Origin { span: pair.value.span, layer });
            let layered = Layered { operator, value, span: pair.key_span };
            result.overlays.push(Overlay { environment, cluster, layered, outer });
        }
    }

    /// A field that says something of the thing itself. A placement is replaced as a whole: half of one and half of another select nothing that
    /// anybody meant. What is overridden is a list of layers, none of which merges here.
    fn field(&mut self, field: &Pair, layer: LayerId) -> Option<Entry> {
        if super::operator::split(&field.key.text).0 == OVERRIDE {
            return self.overriding(field, layer);
        }
        let entry = self.entry(field, layer);
        let is_whole = &*entry.key == "placement" && entry.operator == Operator::Merge;
        Some(Entry { operator: if is_whole { Operator::Replace } else { entry.operator }, ..entry })
    }

    /// The layer of what a definition says in its body, or for an environment or a cluster.
    fn said_by(&mut self, address: &Arc<str>, environment: Option<&Named>, cluster: Option<&Named>) -> LayerId {
        let layer = match (environment, cluster) {
            (None, None) => match address.strip_prefix(inner::COMMON) {
                Some(kind) => Layer::PlatformDefaults(kind.into()),
                None => Layer::Body(Arc::clone(address)),
            },
            (Some(environment), None) if address.starts_with(&format!("environments.{}.defaults.", environment.name)) => {
                let kind = address.splitn(4, '.').nth(3).unwrap_or_default();
                Layer::EnvironmentDefaults { environment: Arc::clone(&environment.name), kind: kind.into() }
            }
            (environment, cluster) => Layer::Overlay {
                address: Arc::clone(address),
                environment: environment.map(|named| Arc::clone(&named.name)),
                cluster: cluster.map(|named| Arc::clone(&named.name)),
            },
        };
        self.layer(layer)
    }

    /// The pairs of a map; null counts as empty, anything else is reported.
    pub(super) fn pairs<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Pair] {
        match &node.data {
            NodeData::Map(pairs) => pairs,
            NodeData::Null | NodeData::Broken => &[],
            NodeData::Bool(_) | NodeData::Int(_) | NodeData::Float(_) | NodeData::String(_) | NodeData::List(_) => {
                self.report(errors::not_a_map(what, node.span));
                &[]
            }
        }
    }

    /// One name or a list of names.
    pub(super) fn names(&mut self, node: &Node, field: &str) -> Vec<Named> {
        match &node.data {
            NodeData::String(scalar) if scalar.map.is_none() => vec![Named { name: Arc::clone(&scalar.text), span: node.span }],
            NodeData::List(items) => items.iter().filter_map(|item| self.one_name(item, field)).collect(),
            NodeData::Broken => Vec::new(),
            NodeData::Null | NodeData::Bool(_) | NodeData::Int(_) | NodeData::Float(_) | NodeData::String(_) | NodeData::Map(_) => {
                self.report(errors::not_a_name(field, node.span));
                Vec::new()
            }
        }
    }

    pub(super) fn one_name(&mut self, node: &Node, field: &str) -> Option<Named> {
        if let NodeData::String(scalar) = &node.data
            && scalar.map.is_none()
        {
            return Some(Named { name: Arc::clone(&scalar.text), span: node.span });
        }
        if !matches!(node.data, NodeData::Broken) {
            self.report(errors::not_a_name(field, node.span));
        }
        None
    }

    pub(super) fn truth(&mut self, node: &Node, field: &str) -> bool {
        if let NodeData::Bool(bool) = node.data {
            return bool;
        }
        if matches!(node.data, NodeData::Broken) {
            return false;
        }
        self.report(errors::not_a_literal_boolean(field, node.span));
        false
    }
}

/// How overlays meet weaker layers that stand at the definition itself.
const PLAIN: (Operator, bool) = (Operator::Merge, false);

/// The key of a pair as a name.
pub(super) fn named(pair: &Pair) -> Named {
    Named { name: Arc::clone(&pair.key.text), span: pair.key_span }
}

/// A definition that says nothing yet.
pub(super) fn empty(kind: Kind, name: Named, address: Arc<str>) -> Definition {
    Definition {
        kind,
        name,
        address,
        parents: Vec::new(),
        class: None,
        is_abstract: false,
        identity: None,
        body: None,
        overlays: Vec::new(),
        overlaid: None,
        inner: Vec::new(),
        handed_on: OnceLock::new(),
        by_cluster: OnceLock::new(),
    }
}

impl Definition {
    /// The layer of its body.
    pub(crate) fn layer(&self) -> LayerId {
        self.body.as_ref().map_or(LayerId::COMPUTED, |body| body.value.origin.layer)
    }

    /// The overlays for a cluster, whatever their environment; for none, those that name no cluster. In written order.
    pub(crate) fn overlays_for(&self, cluster: Option<&str>) -> impl Iterator<Item = &Overlay> {
        let name = |overlay: &Overlay| overlay.cluster.as_ref().map_or_else(|| "".into(), |named| Arc::clone(&named.name));
        let positions = self.by_cluster.get_or_init(|| {
            let mut positions: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
            for (at, overlay) in self.overlays.iter().enumerate() {
                positions.entry(name(overlay)).or_default().push(at);
            }
            positions
        });
        let found = positions.get(cluster.unwrap_or("")).into_iter().flatten().filter_map(|at| self.overlays.get(*at));
        found.filter(move |overlay| overlay.cluster.as_ref().map(|named| &*named.name) == cluster)
    }

    /// What a maker says of a thing, as a definition of that, with as much of it as overlays of the maker say.
    pub(crate) fn made(kind: Kind, name: &Arc<str>, span: Span, address: Arc<str>, (body, overlaid): (Value, Option<Value>)) -> Self {
        let mut made = empty(kind, Named { name: Arc::clone(name), span }, address);
        made.body = Some(Layered { operator: Operator::Merge, value: body, span });
        made.overlaid = overlaid;
        made
    }
}

/// An entry of a block outside the kinds with classes.
pub(super) fn plain(lowering: &mut Lowering<'_>, pair: &Pair, layer: LayerId) -> Entry {
    Entry::plain(Arc::clone(&pair.key.text), pair.key_span, lowering.value(&pair.value, layer))
}
