//! Document nodes become values: operators leave the keys, texts with `${` become templates, everything gets its origin.

use super::directive::Directive;
use super::{Common, errors, operator};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{Node, NodeData, Pair, Scalar};
use crate::expression::Template;
use crate::files::Files;
use crate::name::Kind;
use crate::origin::{Layer, LayerId, Layers, Origin};
use crate::source::{Grammar, Sources};
use crate::span::{Span, TextMap};
use crate::value::{Data, Entry, Operator, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What lowering collects on its way.
pub(super) struct Lowering<'a> {
    pub(super) sources: &'a Sources,
    pub(super) diagnostics: &'a mut Diagnostics,
    pub(super) common: Common,
    /// Whether what is read is a template, so that the words of templates stand where they belong.
    pub(super) in_template: bool,
    pub(super) files: Arc<Files>,
    /// Whether what is read stands in an `override`, where files are taken in as in a template.
    pub(super) in_override: bool,
    /// Where that is defined which other files may add to, by its name.
    pub(super) homes: BTreeMap<(Kind, Arc<str>), Span>,
    layers: Layers,
}

/// Below `$verbatim` nothing is interpreted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Interpreted,
    Verbatim,
}

impl<'a> Lowering<'a> {
    pub(super) fn new(sources: &'a Sources, files: Arc<Files>, diagnostics: &'a mut Diagnostics) -> Self {
        let (common, layers) = (Common::default(), Layers::default());
        Self { sources, diagnostics, common, in_template: false, files, in_override: false, homes: BTreeMap::new(), layers }
    }

    pub(super) fn finish(self) -> (Layers, Common) {
        (self.layers, self.common)
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

    /// A map of a layer. A field may be there with several operators (`taints-` and `taints+`) unless one of them leaves nothing to do for
    /// the others.
    pub(super) fn map(&mut self, entries: Vec<Entry>, origin: Origin) -> Value {
        if entries.iter().any(|entry| entry.operator != Operator::Merge) {
            let mut known: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
            for entry in &entries {
                known.entry(&entry.key).or_default().push(entry);
            }
            for same in known.into_values().filter(|same| same.len() > 1) {
                if is_change_of_items(&same) {
                    continue;
                }
                if let (Some(whole), Some(other)) =
                    (same.iter().find(|entry| sets_whole(entry)), same.iter().find(|entry| !sets_whole(entry)))
                {
                    self.diagnostics.push(errors::set_and_changed(whole, other));
                } else if let ([first, second, ..], true) = (same.as_slice(), same.iter().all(|entry| sets_whole(entry))) {
                    self.diagnostics.push(errors::set_and_changed(first, second));
                }
            }
        }
        Value::map(entries, origin)
    }

    /// A pair as an entry of a layer.
    pub(super) fn entry(&mut self, pair: &Pair, layer: LayerId) -> Entry {
        self.read_entry(pair, layer, Reading::Interpreted)
    }

    fn read(&mut self, node: &Node, layer: LayerId, reading: Reading) -> Value {
        let origin = Origin { span: node.span, layer };
        let data = match &node.data {
            NodeData::Null => Data::Null,
            NodeData::Broken => Data::Broken,
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
                if reading == Reading::Interpreted
                    && let Some(taken) = self.taken(node, pairs, layer)
                {
                    return taken;
                }
                if reading == Reading::Interpreted && !self.in_template {
                    return self.data(pairs, origin);
                }
                let mut entries: Vec<Entry> = pairs.iter().map(|pair| self.read_entry(pair, layer, reading)).collect();
                if reading == Reading::Interpreted {
                    entries = self.with_objects(entries, layer);
                }
                return self.map(entries, origin);
            }
        };
        Value::new(data, origin)
    }

    /// A map that is no template. Of the words of templates it may have `$verbatim`, alone.
    fn data(&mut self, pairs: &[Pair], origin: Origin) -> Value {
        let is_verbatim = |pair: &&Pair| &*pair.key.text == Directive::Verbatim.word();
        if let Some(verbatim) = pairs.iter().find(is_verbatim) {
            if let Some(beside) = pairs.iter().find(|pair| !is_verbatim(pair)) {
                self.report(errors::beside_value(Directive::Verbatim, verbatim.key_span, &beside.key.text, beside.key_span));
            }
            return self.read(&verbatim.value, origin.layer, Reading::Verbatim);
        }
        let words = pairs.iter().filter_map(|pair| Some((Directive::from_word(&pair.key.text)?, pair.key_span)));
        if let Some((word, span)) = words.min_by_key(|(word, _)| *word) {
            // What stands beside it was written for a template.
            self.report(errors::word_in_data(word, span));
            return Value::broken(origin);
        }
        let entries = pairs.iter().map(|pair| self.read_entry(pair, origin.layer, Reading::Interpreted)).collect();
        let entries = self.with_objects(entries, origin.layer);
        self.map(entries, origin)
    }

    /// Whether the key of a field is a word of templates; reports it.
    pub(super) fn is_misplaced_word(&mut self, field: &Pair) -> bool {
        let Some(word) = Directive::from_word(&field.key.text) else { return false };
        self.report(errors::word_as_field(word, field.key_span));
        true
    }

    fn read_entry(&mut self, pair: &Pair, layer: LayerId, reading: Reading) -> Entry {
        if reading == Reading::Verbatim {
            return Entry::plain(Arc::clone(&pair.key.text), pair.key_span, self.read(&pair.value, layer, reading));
        }
        let inner = if &*pair.key.text == Directive::Verbatim.word() { Reading::Verbatim } else { Reading::Interpreted };
        let template = self.template(&pair.key, reading);
        let (key, operator) = operator::split(&pair.key.text);
        let template = match operator {
            Operator::Merge => template,
            Operator::Append | Operator::Remove | Operator::Replace | Operator::Lock => {
                let scalar = Scalar { text: key.as_str().into(), map: pair.key.map.clone() };
                self.template(&scalar, reading)
            }
        };
        let was_override = self.in_override;
        self.in_override |= key == "override";
        let value = self.read(&pair.value, layer, inner);
        self.in_override = was_override;
        Entry { key: key.into(), span: pair.key_span, operator, template, value }
    }

    fn template(&mut self, scalar: &Scalar, reading: Reading) -> Option<Arc<Template>> {
        let map = scalar.map.as_ref().filter(|_| reading == Reading::Interpreted)?;
        match Template::parse(&scalar.text, map) {
            Ok(template) => template.map(Arc::new),
            Err(faults) => {
                for fault in faults {
                    let cut = self.comment_after(map).filter(|_| fault.code == Code::UnterminatedExpression);
                    self.report(match cut {
                        Some(comment) => errors::cut_by_comment(fault, comment),
                        None => fault,
                    });
                }
                Some(Arc::new(Template::broken(map.span(0, scalar.text.len()))))
            }
        }
    }
    /// The mark of a comment that follows a text without quotes in YAML.
    fn comment_after(&self, map: &TextMap) -> Option<Span> {
        let source = self.sources.get(map.file).filter(|source| source.grammar == Grammar::Yaml)?;
        let rest = source.text.get(map.end as usize..)?.lines().next()?;
        let blank = rest.len() - rest.trim_start().len();
        let at = map.end as usize + blank;
        (blank > 0 && rest.trim_start().starts_with('#')).then(|| Span::new(map.file, at, at + 1))
    }
}

/// Whether some items of a list are said and others taken away: both are done where items meet, which is seen there.
fn is_change_of_items(same: &[&Entry]) -> bool {
    let [one, other] = same else { return false };
    let is_said = |items: &[Value]| !items.is_empty() && items.iter().all(|item| item.as_map().is_some());
    let pair = |said: &Entry, taken: &Entry| {
        let operators = (said.operator, taken.operator) == (Operator::Merge, Operator::Remove);
        operators && said.value.as_list().is_some_and(is_said) && taken.value.as_list().is_some()
    };
    pair(one, other) || pair(other, one)
}

/// Whether an entry says all about a field, so that another operator at the same field contradicts it.
fn sets_whole(entry: &Entry) -> bool {
    match entry.operator {
        Operator::Replace | Operator::Lock => true,
        Operator::Append => false,
        Operator::Remove => matches!(entry.value.data, Data::Null | Data::Bool(_)),
        Operator::Merge => !matches!(entry.value.data, Data::Map(_)),
    }
}
