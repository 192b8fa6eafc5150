//! Document nodes become values: operators leave the keys, texts with `${` become templates, everything gets its origin.

use super::operator;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{Node, NodeData, Pair, Scalar};
use crate::expression::Template;
use crate::origin::{Layer, LayerId, Layers, Origin};
use crate::source::Sources;
use crate::value::{Data, Entry, Operator, Value};
use std::sync::Arc;

/// What lowering collects on its way.
pub(super) struct Lowering<'a> {
    pub(super) sources: &'a Sources,
    pub(super) diagnostics: &'a mut Diagnostics,
    layers: Layers,
}

/// Below `$verbatim` nothing is interpreted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Interpreted,
    Verbatim,
}

impl<'a> Lowering<'a> {
    pub(super) fn new(sources: &'a Sources, diagnostics: &'a mut Diagnostics) -> Self {
        Self { sources, diagnostics, layers: Layers::default() }
    }

    pub(super) fn finish(self) -> Layers {
        self.layers
    }

    pub(super) fn layer(&mut self, layer: Layer) -> LayerId {
        self.layers.add(layer)
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// A node as a value of a layer.
    pub(super) fn value(&mut self, node: &Node, layer: LayerId) -> Value {
        self.read(node, layer, Reading::Interpreted)
    }

    /// A pair as an entry of a layer.
    pub(super) fn entry(&mut self, pair: &Pair, layer: LayerId) -> Entry {
        self.read_entry(pair, layer, Reading::Interpreted)
    }

    fn read(&mut self, node: &Node, layer: LayerId, reading: Reading) -> Value {
        let origin = Origin { span: node.span, layer };
        let data = match &node.data {
            NodeData::Null => Data::Null,
            NodeData::Bool(bool) => Data::Bool(*bool),
            NodeData::Int(int) => Data::Int(*int),
            NodeData::Float(float) => Data::Float(*float),
            NodeData::String(scalar) => match self.template(scalar, reading) {
                Some(template) => Data::Template(template),
                None => Data::String(Arc::clone(&scalar.text)),
            },
            NodeData::List(items) => {
                let items = items.iter().map(|item| self.read(item, layer, reading)).collect();
                return Value::list(items, origin);
            }
            NodeData::Map(pairs) => {
                let entries = pairs.iter().map(|pair| self.read_entry(pair, layer, reading)).collect();
                return Value::map(entries, origin);
            }
        };
        Value::new(data, origin)
    }

    fn read_entry(&mut self, pair: &Pair, layer: LayerId, reading: Reading) -> Entry {
        if reading == Reading::Verbatim {
            return Entry::plain(Arc::clone(&pair.key.text), pair.key_span, self.read(&pair.value, layer, reading));
        }
        let inner = if &*pair.key.text == "$verbatim" { Reading::Verbatim } else { Reading::Interpreted };
        let template = self.template(&pair.key, reading);
        let (key, operator) = operator::split(&pair.key.text);
        let template = match operator {
            Operator::Merge => template,
            Operator::Append | Operator::Remove | Operator::Replace | Operator::Lock => {
                let scalar = Scalar { text: key.as_str().into(), map: pair.key.map.clone() };
                self.template(&scalar, reading)
            }
        };
        Entry { key: key.into(), span: pair.key_span, operator, template, value: self.read(&pair.value, layer, inner) }
    }

    fn template(&mut self, scalar: &Scalar, reading: Reading) -> Option<Arc<Template>> {
        let map = scalar.map.as_ref().filter(|_| reading == Reading::Interpreted)?;
        match Template::parse(&scalar.text, map) {
            Ok(template) => template.map(Arc::new),
            Err(faults) => {
                for fault in faults {
                    self.report(fault);
                }
                None
            }
        }
    }
}
