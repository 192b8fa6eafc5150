//! YAML → tree. The only file that knows the YAML parser: its events become nodes, its complaints become diagnostics. Everything here
//! goes on after a mistake, except after an error of syntax, where the parser itself stops.

use super::frame::{Anchor, Built, Frame, Holds, PendingKey};
use super::keys::Keys;
use super::text_map::text_map;
use super::{Document, Node, NodeData, Pair, Scalar, block, characters, conflict, errors, recover, style, tag};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::scalar::{self, Plain};
use crate::source::Source;
use crate::span::{FileId, Span};
use granit_parser::{Event, Parser, ScalarStyle, StructureStyle, Tag};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Maps and lists deeper than this are refused, whether written or made by aliases.
pub(super) const DEPTH: usize = crate::limit::SOURCE_DEPTH;
/// So many nodes anchors and aliases may copy in one file.
const COPIES: usize = crate::limit::ALIAS_NODES;

/// Parses a YAML source.
pub(super) fn parse(file: FileId, source: &Source, diagnostics: &mut Diagnostics) -> Option<Document> {
    match read(file, &source.text, diagnostics) {
        Ok(document) => document,
        Err(error) => {
            if conflict::report(file, &source.text, diagnostics) {
                return None;
            }
            if !errors::is_said(&error, diagnostics, &source.text) {
                diagnostics.push(*error);
            }
            let rest = recover::yaml(&source.text, &|part| read(file, part, &mut Diagnostics::default()).is_ok())?;
            let mut found = Diagnostics::default();
            let document = read(file, &rest.text, &mut found).ok()??;
            // An anchor may stand in a part that is lost.
            found.retain(|fault| fault.code != Code::UnknownAnchor);
            diagnostics.append(found);
            Some(Document { lost: rest.lost, ..document })
        }
    }
}

/// Reads a text; none if its limits are broken, which is reported, an error if it is no YAML.
fn read(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Result<Option<Document>, Box<Diagnostic>> {
    events((file, text), 0..text.len(), diagnostics).map(Builder::finish)
}

/// Reads a part of a text; an error if it is no YAML.
pub(super) fn events<'a>(
    (file, text): (FileId, &'a str),
    part: std::ops::Range<usize>,
    diagnostics: &'a mut Diagnostics,
) -> Result<Builder<'a>, Box<Diagnostic>> {
    let options = granit_parser::options! {
        strict_indentation: true,
        disallow_directives: true,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        emit_comments: false,
        flow_nesting_limit: DEPTH * 2,
        block_nesting_limit: DEPTH * 2,
    };
    let base = part.start;
    let mut builder = Builder {
        file,
        text,
        base,
        diagnostics,
        stack: Vec::new(),
        anchors: BTreeMap::new(),
        aliases: Vec::new(),
        names: Vec::new(),
        copies: 0,
        root: None,
        started: false,
        refused: false,
    };
    for (at, event) in Parser::new_from_str_with_options(text.get(part).unwrap_or_default(), options).enumerate() {
        match event {
            Ok((event, span)) => {
                // A map or list is two events.
                if at > crate::limit::VALUES * 2 {
                    builder.diagnostics.push(errors::too_many_values(builder.span(&span)));
                    builder.refused = true;
                    break;
                }
                if !builder.event(event, &span) {
                    break;
                }
            }
            Err(error) => {
                let at = error.marker().byte_offset().map_or(text.len(), |at| at + base);
                // A pair without braces in a list is a map of no width; it was not opened by anything.
                let open = builder.stack.iter().rev().map(|frame| frame.flow.then_some(frame.span));
                let open = open.flatten().find(|span| span.start < span.end);
                return Err(Box::new(errors::yaml_syntax(file, text, error.kind(), at, open)));
            }
        }
    }
    Ok(builder)
}

/// Puts events together.
pub(super) struct Builder<'a> {
    file: FileId,
    /// The whole text, and where the part begins that is read.
    text: &'a str,
    base: usize,
    diagnostics: &'a mut Diagnostics,
    stack: Vec<Frame>,
    anchors: BTreeMap<usize, Anchor>,
    aliases: Vec<(Span, Span)>,
    names: Vec<String>,
    copies: usize,
    pub(super) root: Option<Node>,
    started: bool,
    pub(super) refused: bool,
}

impl Builder<'_> {
    fn span(&self, span: &granit_parser::Span) -> Span {
        let start = span.start.byte_offset().unwrap_or(0);
        Span::new(self.file, self.base + start, self.base + span.end.byte_offset().unwrap_or(start))
    }

    /// Takes an event; whether more are wanted.
    fn event(&mut self, event: Event<'_>, place: &granit_parser::Span) -> bool {
        let span = self.span(place);
        match event {
            Event::DocumentStart(..) => {
                if self.started {
                    self.diagnostics.push(errors::several_documents(span));
                    return false;
                }
                self.started = true;
            }
            Event::Anchor(_, name) => self.names.push(name.into_owned()),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::UnresolvedAlias(name) => {
                // Only the last anchors are compared, so that many aliases times many anchors stay affordable.
                let known = self.names.iter().rev().take(50).map(String::as_str);
                let is_flow = self.stack.last().is_some_and(|frame| frame.flow);
                let error = errors::unknown_anchor(self.text, (span, is_flow), &name, known);
                self.diagnostics.push(error);
                self.leaf(Node { data: NodeData::Broken, span }, 0);
            }
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), place),
            Event::SequenceStart(style, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), "seq", place);
                return self.open(Holds::List(Vec::new()), style, anchor, span);
            }
            Event::MappingStart(style, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), "map", place);
                return self.open(Holds::Map { pairs: Vec::new(), keys: Keys::default(), key: PendingKey::None }, style, anchor, span);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Comment(..) | _ => {}
        }
        !self.refused
    }

    fn finish(self) -> Option<Document> {
        if self.refused {
            return None;
        }
        let empty = Node { data: NodeData::Map(Vec::new()), span: Span::new(self.file, 0, 0) };
        let root = self.root.unwrap_or_else(|| empty.clone());
        let root = match root.data {
            NodeData::Map(_) => root,
            NodeData::Null => empty,
            NodeData::Broken => return None,
            NodeData::Bool(_) | NodeData::Int(_) | NodeData::Float(_) | NodeData::String(_) | NodeData::List(_) => {
                self.diagnostics.push(errors::source_not_map(self.text, &root));
                return None;
            }
        };
        Some(Document { file: self.file, root, lost: Vec::new(), aliases: self.aliases })
    }

    /// Opens a map or list; false if that is too deep.
    fn open(&mut self, holds: Holds, style: StructureStyle, anchor: usize, span: Span) -> bool {
        if self.stack.len() >= DEPTH {
            self.diagnostics.push(errors::too_deep(span, self.stack.first().map_or(span, |frame| frame.span)));
            self.refused = true;
            return false;
        }
        if anchor > 0 {
            self.anchors.insert(anchor, Anchor::Open);
        }
        self.stack.push(Frame { holds, flow: style == StructureStyle::Flow, anchor, span, nodes: 1, depth: 1, broken: false });
        true
    }

    /// Closes the innermost map or list.
    fn close(&mut self, end: Span) {
        let Some(frame) = self.stack.pop() else { return };
        // The end of a block is where the next thing begins, behind comments; its last child says where it really ends.
        let last = match &frame.holds {
            _ if frame.flow => Some(end),
            Holds::List(items) => items.last().map(|item| item.span),
            Holds::Map { pairs, .. } => pairs.last().map(|pair| pair.key_span.join(pair.value.span)),
        };
        let span = last.map_or(frame.span, |last| Span { end: last.end.max(frame.span.end), ..frame.span });
        let data = match frame.holds {
            Holds::List(items) => NodeData::List(items),
            // What it would be is told to be wrong.
            Holds::Map { pairs, .. } if pairs.is_empty() && frame.broken => NodeData::Broken,
            Holds::Map { pairs, .. } => NodeData::Map(pairs),
        };
        self.add(Built { node: Node { data, span }, nodes: frame.nodes, depth: frame.depth }, frame.anchor);
    }

    fn leaf(&mut self, node: Node, anchor: usize) {
        self.add(Built { node, nodes: 1, depth: 0 }, anchor);
    }

    /// Puts a finished node where it belongs.
    fn add(&mut self, built: Built, anchor: usize) {
        if anchor > 0 && self.copy(built.nodes, built.node.span) {
            let anchored = Anchor::Done { node: built.node.clone(), nodes: built.nodes, depth: built.depth };
            self.anchors.insert(anchor, anchored);
        }
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(built.node);
            return;
        };
        frame.nodes += built.nodes;
        frame.depth = frame.depth.max(built.depth + 1);
        match &mut frame.holds {
            Holds::List(items) => items.push(built.node),
            Holds::Map { pairs, keys, key } => match std::mem::replace(key, PendingKey::None) {
                PendingKey::Some(key, key_span, kept) => {
                    if kept {
                        pairs.push(Pair { key, key_span, value: built.node });
                    }
                }
                PendingKey::None => {
                    let span = built.node.span;
                    let (name, kept) = match built.node.data {
                        NodeData::String(scalar) => (scalar, true),
                        NodeData::Broken => (Scalar::bare(""), false),
                        NodeData::Null
                        | NodeData::Bool(_)
                        | NodeData::Int(_)
                        | NodeData::Float(_)
                        | NodeData::List(_)
                        | NodeData::Map(_) => {
                            self.diagnostics.push(errors::key_not_text(self.text, &built.node));
                            frame.broken = true;
                            (Scalar::bare(""), false)
                        }
                    };
                    let mut kept = kept;
                    if kept && let Some(first) = keys.insert(&name.text, span) {
                        self.diagnostics.push(errors::duplicate_key(&name.text, span, first));
                        kept = false;
                    }
                    *key = PendingKey::Some(name, span, kept);
                }
            },
        }
    }

    /// Counts copied nodes; false, with a report, once they are too many.
    fn copy(&mut self, nodes: usize, span: Span) -> bool {
        self.copies = self.copies.saturating_add(nodes);
        if self.copies > COPIES && !self.refused {
            self.diagnostics.push(errors::alias_too_large(span, COPIES));
            self.refused = true;
        }
        !self.refused
    }

    fn alias(&mut self, anchor: usize, span: Span) {
        let (node, nodes, depth) = match self.anchors.get(&anchor) {
            Some(Anchor::Done { node, nodes, depth }) => (node, *nodes, *depth),
            Some(Anchor::Open) => {
                let opened = self.stack.iter().find(|frame| frame.anchor == anchor);
                let data = match opened.map(|frame| &frame.holds) {
                    Some(Holds::List(_)) => NodeData::List(Vec::new()),
                    Some(Holds::Map { .. }) | None => NodeData::Map(Vec::new()),
                };
                self.diagnostics.push(errors::alias_cycle(self.text, span, opened.map_or(span, |frame| frame.span)));
                return self.leaf(Node { data, span }, 0);
            }
            None => return self.leaf(Node { data: NodeData::Null, span }, 0),
        };
        if self.stack.len() + depth > DEPTH {
            self.diagnostics.push(errors::too_deep(span, node.span));
            self.refused = true;
            return;
        }
        let copies = self.copies.saturating_add(nodes);
        if copies > COPIES {
            self.copy(nodes, span);
            return;
        }
        self.copies = copies;
        self.aliases.push((span, node.span));
        let node = Node { data: node.data.clone(), span };
        self.add(Built { node, nodes, depth }, 0);
    }

    fn wants_key(&self) -> bool {
        matches!(self.stack.last(), Some(Frame { holds: Holds::Map { key: PendingKey::None, .. }, .. }))
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, tag: Option<&Tag>, place: &granit_parser::Span) {
        let mut span = self.span(place);
        let mut text = text;
        let written = self.text.get(span.start as usize..span.end as usize).unwrap_or("");
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            text = block::as_written(text, self.text, span.start as usize, span.end as usize);
            // The parser's span of a block goes on to the next token.
            span = Span::new(self.file, span.start as usize, span.start as usize + written.trim_end().len());
        }
        let key = self.wants_key();
        if style == ScalarStyle::DoubleQuoted
            && written.contains('\\')
            && let Some(control) = text.chars().find(|char| characters::is_control(*char) || key && *char == '\u{85}')
        {
            self.diagnostics.push(errors::control_character(span, control));
        }
        if key && style == ScalarStyle::Plain && text == "<<" {
            self.diagnostics.push(errors::merge_key(span));
            if let Some(Frame { holds: Holds::Map { key, .. }, .. }) = self.stack.last_mut() {
                *key = PendingKey::Some(Scalar::bare("<<"), span, false);
            }
            return;
        }
        let plain = match style {
            ScalarStyle::Plain if span.start == span.end => Plain::Null,
            ScalarStyle::Plain => scalar::resolve(text),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted | ScalarStyle::Literal | ScalarStyle::Folded => Plain::Text,
        };
        let data = match tag {
            Some(tag) if tag::is_core(tag, "str") || tag.original() == "!" => NodeData::String(self.text(text, style, place)),
            Some(_) => {
                let data = NodeData::of(plain, || self.text(text, style, place));
                self.refuse_tag(tag, tag::core_name(&data), place);
                data
            }
            None if key => match plain {
                // A key is text, so words and forms that are text to the core schema are nothing to ask about; whatever that schema
                // takes for a number is reported as one.
                Plain::Ambiguous(scalar::Ambiguity::LeadingZero | scalar::Ambiguity::Exponent | scalar::Ambiguity::LeadingDot)
                | Plain::OutOfRange
                | Plain::NotFinite => NodeData::Float(0.0),
                Plain::Text | Plain::Ambiguous(_) => NodeData::String(self.text(text, style, place)),
                Plain::Null | Plain::Bool(_) | Plain::Int(_) | Plain::Float(_) => NodeData::of(plain, || self.text(text, style, place)),
            },
            None => {
                self.refuse_plain(&plain, text, span);
                NodeData::of(plain, || self.text(text, style, place))
            }
        };
        self.leaf(Node { data, span }, anchor);
    }

    /// Reports a plain value that has no single meaning.
    fn refuse_plain(&mut self, plain: &Plain, text: &str, span: Span) {
        if let Some(refused) = errors::refused(plain, text, span).or_else(|| errors::typographic_quotes(text, span)) {
            self.diagnostics.push(refused);
        }
    }

    fn text(&self, text: &str, style: ScalarStyle, place: &granit_parser::Span) -> Scalar {
        let map = text.contains("${").then(|| Arc::new(self.map(text, style, place)));
        Scalar { text: Arc::from(text), map }
    }

    fn map(&self, text: &str, style: ScalarStyle, place: &granit_parser::Span) -> crate::span::TextMap {
        let span = self.span(place);
        let (style, quote) = style::of(style);
        text_map(self.file, self.text, style, span.start as usize + quote, (span.end as usize).saturating_sub(quote), text)
    }

    /// Reports a tag, unless it only says what the node is anyway.
    fn refuse_tag(&mut self, tag: Option<&Tag>, name: &str, place: &granit_parser::Span) {
        if tag.is_none_or(|tag| tag::is_core(tag, name)) {
            return;
        }
        let span = place.tag_span().map_or_else(|| self.span(place), |span| self.span(&span));
        self.diagnostics.push(errors::yaml_tag(self.text, span));
    }
}
