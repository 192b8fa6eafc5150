//! What a schema of a CustomResourceDefinition says, as data: the form of a value and what must hold of it. In comes the node of an
//! `openAPIV3Schema`, out goes a shape. What a server would refuse in a schema is passed by here: it does not make an object wrong.

use crate::document::{Node, NodeData, Pair};
use crate::expression::Expr;
use crate::origin::LayerId;
use crate::pattern::{self, Pattern};
use crate::span::Span;
use crate::value::Value;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// The form of a value, and what must hold of it.
#[derive(Debug, Default)]
pub(crate) struct CustomShape {
    pub(crate) form: ShapeForm,
    /// Whether null is a value of it.
    pub(crate) nullable: bool,
    /// Fields of an object.
    pub(crate) fields: BTreeMap<Arc<str>, Arc<CustomShape>>,
    /// What other fields hold, if there may be any.
    pub(crate) others: OtherFields,
    /// Fields that must be there.
    pub(crate) required: Vec<Arc<str>>,
    /// What items of a list hold.
    pub(crate) items: Option<Arc<CustomShape>>,
    /// Whether it is a whole object of Kubernetes.
    pub(crate) embedded: bool,
    /// By what items of a list are told apart.
    pub(crate) keys: Vec<Arc<str>>,
    /// Whether no two items may be the same.
    pub(crate) is_set: bool,
    /// What the server fills in.
    pub(crate) default: Option<Value>,
    /// The only values.
    pub(crate) allowed: Vec<Value>,
    /// What text must match.
    pub(crate) pattern: Option<ShapePattern>,
    /// The notation of a text, or the size of a number.
    pub(crate) format: Option<ShapeFormat>,
    /// Smallest and largest number, and whether they are outside themselves.
    pub(crate) minimum: Option<(f64, bool)>,
    pub(crate) maximum: Option<(f64, bool)>,
    /// What a number is a multiple of.
    pub(crate) multiple: Option<f64>,
    /// Characters of a text, items of a list, fields of an object: at least and at most.
    pub(crate) length: ShapeBounds,
    pub(crate) count: ShapeBounds,
    pub(crate) entries: ShapeBounds,
    /// All of these hold.
    pub(crate) all_of: Vec<Arc<CustomShape>>,
    /// At least one of these holds, if there are any.
    pub(crate) any_of: Vec<Arc<CustomShape>>,
    /// Exactly one of these holds, if there are any.
    pub(crate) one_of: Vec<Arc<CustomShape>>,
    /// This does not hold.
    pub(crate) not: Option<Arc<CustomShape>>,
    /// Rules in CEL.
    pub(crate) rules: Vec<ShapeRule>,
    /// Whether there is a rule here or anywhere below.
    pub(crate) has_rules: bool,
}

/// At least and at most.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct ShapeBounds {
    pub(crate) least: Option<usize>,
    pub(crate) most: Option<usize>,
}

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum ShapeForm {
    /// Anything, as far as this says.
    #[default]
    Any,
    /// An object.
    Object,
    /// A list.
    List,
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// true or false
    Boolean,
    /// A whole number or text.
    IntegerOrString,
}

/// Notations that a server checks, as far as they are known here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ShapeFormat {
    /// A number of 32 bits.
    Int32,
    /// A time as RFC 3339 has it.
    DateTime,
    /// Bytes in base64.
    Byte,
    /// An address of version 4.
    Ipv4,
    /// An address of version 6.
    Ipv6,
    /// A network.
    Cidr,
}

impl ShapeFormat {
    fn from_word(word: &str) -> Option<Self> {
        match word {
            "int32" => Some(Self::Int32),
            "date-time" => Some(Self::DateTime),
            "byte" => Some(Self::Byte),
            "ipv4" => Some(Self::Ipv4),
            "ipv6" => Some(Self::Ipv6),
            "cidr" => Some(Self::Cidr),
            _ => None,
        }
    }

    /// What a text in it is.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Int32 => "a number of 32 bits",
            Self::DateTime => "a time such as `2026-11-29T05:00:00Z`",
            Self::Byte => "text in base64",
            Self::Ipv4 => "an address of IPv4",
            Self::Ipv6 => "an address of IPv6",
            Self::Cidr => "a network such as `10.0.0.0/8`",
        }
    }
}

/// What fields hold that are not named.
#[derive(Debug, Default)]
pub(crate) enum OtherFields {
    /// There are none: a server drops them.
    #[default]
    None,
    /// Anything.
    Any,
    /// Values of a shape.
    Of(Arc<CustomShape>),
}

/// A regular expression, compiled when it is first asked.
#[derive(Debug)]
pub(crate) struct ShapePattern {
    pub(crate) text: Arc<str>,
    compiled: OnceLock<Option<Pattern>>,
}

/// A rule in CEL.
#[derive(Debug)]
pub(crate) struct ShapeRule {
    pub(crate) text: Arc<str>,
    pub(crate) message: Option<Arc<str>>,
    /// An expression that gives the message, and stands before it.
    pub(crate) wording: Option<ShapeWording>,
    /// Where it is written.
    pub(crate) span: Span,
    /// What could be made of it; none if it uses what is not known here.
    pub(crate) parsed: OnceLock<Option<Arc<Expr>>>,
    /// Whether it is left to the cluster, because it could not be asked here.
    left: AtomicBool,
}

/// The expression of a message.
#[derive(Debug)]
pub(crate) struct ShapeWording {
    pub(crate) text: Arc<str>,
    /// Where it is written.
    pub(crate) span: Span,
}

/// So many patterns of one schema are asked: each may be large when compiled.
const PATTERNS: usize = 500;

impl ShapePattern {
    /// Whether a text matches; also if the pattern is none that is known here.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| pattern::compile(&self.text).ok());
        compiled.as_ref().is_none_or(|pattern| pattern.regex.is_match(text))
    }
}

impl ShapeRule {
    /// Takes note that the rule is left to the cluster.
    pub(crate) fn leave(&self) {
        self.left.store(true, Ordering::Relaxed);
    }

    /// Whether it is about a change, which nobody can ask before there is one.
    fn is_about_change(&self) -> bool {
        self.text.contains("oldSelf")
    }
}

impl CustomShape {
    /// How many rules about what is there were left to the cluster.
    pub(super) fn left(&self) -> usize {
        if !self.has_rules {
            return 0;
        }
        let own = self.rules.iter().filter(|rule| rule.left.load(Ordering::Relaxed) && !rule.is_about_change()).count();
        let others = if let OtherFields::Of(shape) = &self.others { shape.left() } else { 0 };
        own + others + self.fields.values().chain(&self.items).map(|inner| inner.left()).sum::<usize>()
    }

    /// Whether it says which of several forms a value has. A number or text is what it says itself.
    pub(crate) fn has_forms(&self) -> bool {
        let says = self.not.is_some() || [&self.all_of, &self.any_of, &self.one_of].iter().any(|forms| !forms.is_empty());
        says && self.form != ShapeForm::IntegerOrString
    }

    /// What a field holds, named or not.
    pub(crate) fn field(&self, name: &str) -> Option<&CustomShape> {
        match (self.fields.get(name), &self.others) {
            (Some(field), _) => Some(field),
            (None, OtherFields::Of(shape)) => Some(shape),
            (None, OtherFields::None | OtherFields::Any) => None,
        }
    }
}

/// Reads the schema of one version of a kind.
pub(crate) fn read(schema: &Node) -> CustomShape {
    ShapeReader { patterns: PATTERNS }.shape(schema)
}

struct ShapeReader {
    patterns: usize,
}

impl ShapeReader {
    /// A schema nests no deeper than the document that it stands in.
    fn shape(&mut self, node: &Node) -> CustomShape {
        let mut shape = CustomShape::default();
        let mut form = None;
        for Pair { key, value, .. } in pairs(node) {
            match &*key.text {
                "type" => form = value.as_text(),
                "nullable" => shape.nullable = is_true(value),
                "properties" => {
                    shape.fields = pairs(value).iter().map(|pair| (Arc::clone(&pair.key.text), self.inner(&pair.value))).collect()
                }
                "additionalProperties" => {
                    shape.others = match &value.data {
                        NodeData::Bool(true) => OtherFields::Any,
                        NodeData::Map(_) => OtherFields::Of(self.inner(value)),
                        NodeData::Null
                        | NodeData::Bool(false)
                        | NodeData::Int(_)
                        | NodeData::Float(_)
                        | NodeData::String(_)
                        | NodeData::List(_)
                        | NodeData::Broken => OtherFields::None,
                    }
                }
                "x-kubernetes-preserve-unknown-fields" if is_true(value) => shape.others = OtherFields::Any,
                "required" => shape.required = texts(value),
                "items" => shape.items = Some(self.inner(value)),
                "x-kubernetes-embedded-resource" => shape.embedded = is_true(value),
                "x-kubernetes-list-map-keys" => shape.keys = texts(value),
                "x-kubernetes-list-type" => shape.is_set = value.as_text() == Some("set"),
                "default" => shape.default = Some(value.verbatim(LayerId::COMPUTED)),
                "enum" => shape.allowed = value.items().iter().map(|item| item.verbatim(LayerId::COMPUTED)).collect(),
                "format" => shape.format = value.as_text().and_then(ShapeFormat::from_word),
                "pattern" => shape.pattern = self.pattern(value),
                "minimum" => shape.minimum = number(value).map(|number| (number, false)),
                "maximum" => shape.maximum = number(value).map(|number| (number, false)),
                "multipleOf" => shape.multiple = number(value).filter(|step| *step > 0.0),
                "minLength" => shape.length.least = count(value),
                "maxLength" => shape.length.most = count(value),
                "minItems" => shape.count.least = count(value),
                "maxItems" => shape.count.most = count(value),
                "minProperties" => shape.entries.least = count(value),
                "maxProperties" => shape.entries.most = count(value),
                "allOf" => shape.all_of = self.list(value),
                "anyOf" => shape.any_of = self.list(value),
                "oneOf" => shape.one_of = self.list(value),
                "not" => shape.not = Some(self.inner(value)),
                "x-kubernetes-validations" => shape.rules = value.items().iter().filter_map(rule).collect(),
                _ => {}
            }
        }
        // These say something about another key, wherever that stands.
        let says = |key: &str| node.get(key).is_some_and(is_true);
        shape.minimum = shape.minimum.map(|(number, _)| (number, says("exclusiveMinimum")));
        shape.maximum = shape.maximum.map(|(number, _)| (number, says("exclusiveMaximum")));
        shape.form = match form {
            _ if says("x-kubernetes-int-or-string") => ShapeForm::IntegerOrString,
            Some("object") => ShapeForm::Object,
            Some("array") => ShapeForm::List,
            Some("string") => ShapeForm::String,
            Some("integer") => ShapeForm::Integer,
            Some("number") => ShapeForm::Number,
            Some("boolean") => ShapeForm::Boolean,
            Some(_) | None => ShapeForm::Any,
        };
        let below = shape.fields.values().chain(&shape.items);
        let others = if let OtherFields::Of(inner) = &shape.others { inner.has_rules } else { false };
        shape.has_rules = others || !shape.rules.is_empty() || below.into_iter().any(|inner| inner.has_rules);
        shape
    }

    fn inner(&mut self, node: &Node) -> Arc<CustomShape> {
        Arc::new(self.shape(node))
    }

    fn list(&mut self, node: &Node) -> Vec<Arc<CustomShape>> {
        node.items().iter().map(|item| self.inner(item)).collect()
    }

    fn pattern(&mut self, node: &Node) -> Option<ShapePattern> {
        self.patterns = self.patterns.checked_sub(1)?;
        Some(ShapePattern { text: node.as_text()?.into(), compiled: OnceLock::new() })
    }
}

fn rule(node: &Node) -> Option<ShapeRule> {
    let text = node.get("rule")?;
    let message = node.get("message").and_then(Node::as_text).map(|message| Arc::from(message.trim()));
    let wording = node.get("messageExpression").and_then(|node| Some(ShapeWording { text: node.as_text()?.into(), span: node.span }));
    let (parsed, left) = (OnceLock::new(), AtomicBool::new(false));
    Some(ShapeRule { text: text.as_text()?.into(), message, wording, span: text.span, parsed, left })
}

fn pairs(node: &Node) -> &[Pair] {
    if let NodeData::Map(pairs) = &node.data { pairs } else { &[] }
}

fn is_true(node: &Node) -> bool {
    node.data == NodeData::Bool(true)
}

fn texts(node: &Node) -> Vec<Arc<str>> {
    node.items().iter().filter_map(Node::as_text).map(Arc::from).collect()
}

fn number(node: &Node) -> Option<f64> {
    match &node.data {
        #[expect(clippy::cast_precision_loss, reason = "bounds beyond 2^53 are those of whole types, which nothing here can pass")]
        NodeData::Int(int) => Some(*int as f64),
        NodeData::Float(float) => Some(*float),
        NodeData::Null | NodeData::Bool(_) | NodeData::String(_) | NodeData::List(_) | NodeData::Map(_) | NodeData::Broken => None,
    }
}

fn count(node: &Node) -> Option<usize> {
    if let NodeData::Int(int) = &node.data { usize::try_from(*int).ok() } else { None }
}
