//! The walk through one object or block, with its type beside it.

use super::{ExpressionTypes, Templated, entries, errors, fit, is_complete};
use crate::custom::breach;
use crate::custom::shape::{CustomShape, ShapeForm};
use crate::definition::directive::{self, Directive};
use crate::definition::taken::takes_file;
use crate::diagnostic::Diagnostics;
use crate::expression::{Expr, ExprKind, Piece, Template, Verb};
use crate::span::Span;
use crate::table::{Setter, Table, TableField, TableRecord, TableType};
use crate::value::{Data, Entry, Map, Operator, Value};
use std::sync::Arc;

/// So many reports come with suggestions, which are looked for in the whole schema; nobody reads more, and it would take long.
const HELPED: usize = 200;

pub(super) struct FieldWalk<'a> {
    pub(super) subject: &'a Templated,
    table: &'static Table,
    types: &'a ExpressionTypes,
    /// The keys from the top of the object to here; each item of a list is `[]`.
    pub(super) path: Vec<Arc<str>>,
    /// Whether it is inside of layers that wait to meet, so that what one lacks another may have.
    pub(super) is_layer: bool,
    /// Whether items of lists meet others, by their keys.
    pub(super) meets: bool,
    pub(super) diagnostics: &'a mut Diagnostics,
}

impl<'a> FieldWalk<'a> {
    /// The same for what is merged over something.
    pub(super) fn of_layer(self) -> Self {
        Self { is_layer: true, meets: true, ..self }
    }

    pub(super) fn new(subject: &'a Templated, table: &'static Table, types: &'a ExpressionTypes, diagnostics: &'a mut Diagnostics) -> Self {
        Self { subject, table, types, path: Vec::new(), is_layer: false, meets: false, diagnostics }
    }

    /// The object or block itself; Terraform takes a list of blocks, too.
    pub(super) fn blocks(&mut self, value: &Value, place: Span) {
        let record = Arc::clone(&self.subject.record);
        let shape = self.subject.shape.as_deref();
        for value in value.as_list().unwrap_or(std::slice::from_ref(value)) {
            if let Some(map) = value.as_map() {
                self.record(map, &record, shape, place);
                self.whole(value, shape);
            }
        }
    }

    /// A value that should be of a type; `place` is where the key of it stands.
    pub(super) fn value(&mut self, value: &Value, type_: &TableType, shape: Option<&CustomShape>, place: Span) {
        match &value.data {
            Data::Null if shape.is_some_and(|shape| !shape.nullable && shape.default.is_none() && shape.form != ShapeForm::Any) => {
                self.diagnostics.push(errors::null(self.subject, &self.path, type_, value.origin.span));
            }
            Data::Null | Data::Late(_) | Data::Broken => {}
            Data::Pending(pending) => self.layers(pending, type_, shape, place),
            Data::Template(template) => self.template(template, type_),
            Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) => {
                if !fit::literal(value, type_, self.subject.terraform) {
                    self.diagnostics.push(errors::wrong_literal(self.subject, &self.path, value, type_));
                } else if let Some(breach) = shape.and_then(|shape| breach::scalar(shape, value)) {
                    self.diagnostics.push(errors::broken_limit(self.subject, &self.path, &breach, value));
                } else {
                    self.whole(value, shape);
                }
            }
            Data::List(list) => match type_ {
                TableType::List(item) => {
                    let inner = shape.and_then(|shape| shape.items.as_deref());
                    for value in list.items() {
                        let place = value.as_map().and_then(|map| map.entries().first()).map_or(value.origin.span, |entry| entry.span);
                        self.within("[]", |walk| walk.value(value, item, inner, place));
                    }
                    self.whole(value, shape);
                }
                TableType::Any => {}
                TableType::Object
                | TableType::String
                | TableType::Integer
                | TableType::Number
                | TableType::Boolean
                | TableType::Quantity
                | TableType::IntegerOrString
                | TableType::Map(_)
                | TableType::Record(_)
                | TableType::Named(_) => self.diagnostics.push(errors::wrong_literal(self.subject, &self.path, value, type_)),
            },
            // What stands below `$verbatim` is nobody's business, and with it the map is nothing else.
            Data::Map(map) if !self.subject.is_made && map.get(Directive::Verbatim.word()).is_some() => {}
            // What a file holds is known when its path is.
            Data::Map(map) if !self.subject.is_made && takes_file(map) => {}
            Data::Map(map) if !self.subject.is_made && map.get(Directive::Value.word()).is_some() => {
                map.get(Directive::Value.word()).into_iter().for_each(|inner| self.value(inner, type_, shape, place));
            }
            Data::Map(map) => match type_ {
                TableType::Any | TableType::Object => self.whole(value, shape),
                TableType::Map(inner) => {
                    for entry in map.entries().iter().filter(|entry| self.subject.is_made || !directive::is_word(entry)) {
                        let shape = shape.and_then(|shape| shape.field(&entry.key));
                        self.within(&entry.key, |walk| walk.value(&entry.value, inner, shape, entry.span));
                    }
                    self.whole(value, shape);
                }
                TableType::Record(_) | TableType::Named(_) => {
                    if let Some(record) = self.table.record(type_) {
                        self.record(map, &record, shape, place);
                        self.whole(value, shape);
                    }
                }
                // A block that may be repeated may stand once without a list around it.
                TableType::List(item) if self.subject.terraform && self.table.record(item).is_some() => {
                    self.value(value, item, None, place)
                }
                TableType::String
                | TableType::Integer
                | TableType::Number
                | TableType::Boolean
                | TableType::Quantity
                | TableType::IntegerOrString
                | TableType::List(_) => self.diagnostics.push(errors::wrong_literal(self.subject, &self.path, value, type_)),
            },
        }
    }

    /// What holds of a value as a whole is asked when all of it is there.
    fn whole(&mut self, value: &Value, shape: Option<&CustomShape>) {
        if let Some(breach) = shape.filter(|_| self.subject.is_made).and_then(|shape| breach::whole(shape, value)) {
            self.diagnostics.push(errors::broken_limit(self.subject, &self.path, &breach, value));
        }
    }

    fn within(&mut self, key: &str, work: impl FnOnce(&mut Self)) {
        self.path.push(key.into());
        work(self);
        self.path.pop();
    }

    fn record(&mut self, map: &Map, record: &Arc<TableRecord>, shape: Option<&CustomShape>, place: Span) {
        let is_made = self.subject.is_made;
        let is_other = [Directive::Verbatim, Directive::Value].iter().any(|word| map.get(word.word()).is_some()) || takes_file(map);
        if !is_made && is_other {
            return;
        }
        let mut known: Vec<&str> = Vec::new();
        // What brings keys that are not written here may bring the required ones.
        let complete = !self.subject.partial && !self.is_layer && is_complete(map);
        for entry in map.entries().iter().filter(|entry| is_made || !directive::is_word(entry)) {
            if entry.template.is_some() {
                continue;
            }
            known.push(&entry.key);
            match self.field(record, &entry.key) {
                Some(field) => self.entry(entry, &field, shape.and_then(|shape| shape.field(&entry.key))),
                None if self.subject.terraform && &*entry.key == "dynamic" => self.dynamic(&entry.value, record, &mut known),
                None if record.open && shape.and_then(|shape| shape.field(&entry.key)).is_some() => {
                    let inner = shape.and_then(|shape| shape.field(&entry.key));
                    self.within(&entry.key, |walk| walk.value(&entry.value, &TableType::Any, inner, entry.span));
                }
                None if record.open || (self.subject.terraform && &*entry.key == "//") => {}
                None => {
                    // What was meant is not missing as well.
                    known.extend(errors::meant(record, &entry.key).filter(|_| complete).map(|(name, _)| name));
                    // What stands a map too deep is not missing either.
                    known.extend(entries(Some(&entry.value)).filter(|_| complete).map(|inner| &*inner.key));
                    self.unknown(record, &entry.key, entry.span, entry.operator == Operator::Merge);
                }
            }
        }
        if complete {
            for (name, _) in record.fields.iter().filter(|(name, field)| field.required && !known.contains(&&***name)) {
                self.diagnostics.push(errors::missing_key(self.subject, &self.path, name, place));
            }
        }
    }

    /// Reports a key that the record does not have; whether its text can be replaced decides about the edit.
    fn unknown(&mut self, record: &Arc<TableRecord>, key: &str, span: Span, edit: bool) {
        let diagnostic = if self.diagnostics.len() < HELPED {
            errors::unknown_key(self.subject, self.table, &self.path, record, key, span, edit)
        } else {
            errors::unknown_key_briefly(self.subject, &self.path, key, span)
        };
        self.diagnostics.push(diagnostic);
    }

    /// A field of the record, or one that all resources have.
    fn field(&self, record: &TableRecord, key: &str) -> Option<TableField> {
        let always = self.subject.always.as_ref().filter(|_| self.path.is_empty());
        record.field(key).or_else(|| always.and_then(|always| always.field(key))).cloned()
    }

    fn entry(&mut self, entry: &Entry, field: &TableField, shape: Option<&CustomShape>) {
        if field.setter == Setter::Provider {
            self.diagnostics.push(errors::read_only(self.subject, &self.path, &entry.key, entry.span));
            return;
        }
        // What is taken away is named, and need not be a whole.
        if entry.operator != Operator::Remove {
            let before = (self.is_layer, self.meets);
            // What takes the place of all there is must be whole.
            let is_anew = entry.operator == Operator::Replace;
            (self.is_layer, self.meets) = (self.is_layer && !is_anew, self.meets && !is_anew);
            self.within(&entry.key, |walk| {
                walk.keyed(&entry.value, field);
                walk.counted(&entry.value, field);
                walk.value(&entry.value, &field.type_, shape, entry.span);
            });
            (self.is_layer, self.meets) = before;
        }
    }

    /// Whether there are as many blocks as a schema asks for; what a loop or a condition makes is not counted.
    fn counted(&mut self, value: &Value, field: &TableField) {
        let (least, most) = field.count;
        let is_one = |item: &Value| item.as_map().is_some_and(|map| is_complete(map) && !map.entries().iter().any(directive::is_word));
        // One may stand without a list around it.
        let items = value.as_list().unwrap_or(std::slice::from_ref(value));
        if field.block.is_none() || self.is_layer || !items.iter().all(is_one) {
            return;
        }
        let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
        if (count < least && !self.subject.partial) || most.is_some_and(|most| count > most) {
            let breach = breach::blocks(least, most);
            self.diagnostics.push(errors::broken_limit(self.subject, &self.path, &breach, value));
        }
    }

    /// `dynamic`: blocks by label, with their `content`.
    fn dynamic<'v>(&mut self, value: &'v Value, record: &Arc<TableRecord>, known: &mut Vec<&'v str>) {
        for label in entries(Some(value)).filter(|label| label.template.is_none()) {
            known.push(&label.key);
            match record.field(&label.key).filter(|field| field.block.is_some()).cloned() {
                Some(field) => {
                    let contents = label.value.as_list().unwrap_or(std::slice::from_ref(&label.value));
                    for content in contents.iter().filter_map(|value| value.as_map()?.entry("content")) {
                        self.within(&label.key, |walk| walk.value(&content.value, &field.type_, None, content.span));
                    }
                }
                None => {
                    let blocks = record.fields.iter().filter(|(_, field)| field.block.is_some());
                    let blocks = Arc::new(TableRecord {
                        fields: blocks.map(|(name, field)| (Arc::clone(name), field.clone())).collect(),
                        open: false,
                    });
                    self.unknown(&blocks, &label.key, label.span, true);
                }
            }
        }
    }

    fn template(&mut self, template: &Template, type_: &TableType) {
        // `$${…}` passes on an expression of Terraform, which may give anything.
        if self.subject.terraform && template.pieces.contains(&Piece::Dollar) {
            return;
        }
        if let Some(found) = self.types.get(&template.span)
            && !fit::typed(found, type_, self.subject.terraform)
        {
            self.diagnostics.push(errors::wrong_expression(self.subject, &self.path, found.describe(), type_, template.span));
        } else if let Some(expr) = template.single() {
            self.expr(expr, type_);
        }
    }

    /// The maps that an expression writes out.
    fn expr(&mut self, expr: &Expr, type_: &TableType) {
        if let ExprKind::Conditional { yes, no, .. } = &expr.kind {
            self.expr(yes, type_);
            self.expr(no, type_);
            return;
        }
        if let ExprKind::Call { target: None, function, arguments, .. } = &expr.kind {
            if matches!(&**function, "optional.of" | "optional.ofNonZeroValue") {
                arguments.iter().for_each(|argument| self.expr(argument, type_));
            }
            return;
        }
        if let TableType::List(item) = type_ {
            if let ExprKind::List(elements) = &expr.kind {
                self.within("[]", |walk| elements.iter().for_each(|element| walk.expr(&element.value, item)));
            } else if let ExprKind::Macro(inner) = &expr.kind
                && inner.verb == Verb::List
            {
                self.within("[]", |walk| walk.expr(&inner.body, item));
            }
            return;
        }
        if let ExprKind::Map(pairs) = &expr.kind
            && let Some(record) = self.table.record(type_)
        {
            for pair in pairs {
                let ExprKind::String(key) = &pair.key.kind else { continue };
                match record.field(key) {
                    Some(field) => self.within(key, |walk| walk.expr(&pair.value, &field.type_)),
                    None if record.open => {}
                    None => {
                        self.unknown(&record, key, pair.key.span, true);
                    }
                }
            }
        }
    }
}
