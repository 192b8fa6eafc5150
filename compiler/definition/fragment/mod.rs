//! Fragments: types with a template, shared between classes. Comes in: the blocks of `classes.fragment`, and the `types` of a class that have a
//! template; leaves: each with its type, its rules, its `let` and its template, for classes to take in. Which fragment a class uses, and what
//! comes of it there, is said in `inline`; nothing is evaluated here.

mod circle;
mod inline;
mod parts;
mod size;
mod words;

pub(crate) use inline::numbers;
pub(super) use inline::{Inliner, ordered};
pub use inline::{Taken, Use};
pub(super) use parts::FragmentParts;
pub(super) use words::{USE, first_use, has_use, normal};

use super::class_places::short_name;
use super::language::Language;
use super::literal::{self, Owner};
use super::{Class, Definitions, Named, Rule, declarations, errors, rule};
use crate::code::Code;
use crate::diagnostic::Diagnostics;
use crate::inheritance::{Meeting, merge};
use crate::origin::LayerId;
use crate::schema::{self, Borrowed, Record, Type, WrittenTypes};
use crate::source::Sources;
use crate::span::Span;
use crate::subject::Subject;
use crate::value::{Data, Entry, Map, Operator, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The word that stands among the kinds of classes.
pub(super) const WORD: &str = "fragment";

/// The key of a fragment of the library that one of the project hides; no text can name it.
pub(super) fn hidden(name: &str) -> Arc<str> {
    format!("std/{name}").into()
}

/// Whether this is such a key.
pub(crate) fn is_hidden(key: &str) -> bool {
    key.contains('/')
}

/// The fragment that a name means at a place: in the library, that of the library.
fn meant<'a, T>(name: &str, span: Span, sources: &Sources, find: impl Fn(&str) -> Option<&'a T>) -> Option<&'a T> {
    let of_library = sources.is_library(span).then(|| find(&hidden(name))).flatten();
    of_library.or_else(|| find(name).filter(|_| !is_hidden(name)))
}

/// A type with a template.
#[derive(Clone, Debug)]
pub struct Fragment {
    /// Its name.
    pub name: Named,
    /// As it is written, but for the form of `$use`.
    pub value: Value,
    /// Kind and name: `fragment/pod`; of a private one its name alone.
    pub full: Arc<str>,
    /// All of its text.
    pub span: Span,
    /// The layer of its defaults.
    pub layer: LayerId,
    /// Its arguments.
    pub type_: Arc<Type>,
    /// Whether it can be used; why not is told.
    pub sound: bool,
    /// Whether one of its defaults reads the item that it stands in.
    pub(crate) reads_items: bool,
    /// Defaults of its arguments, as the weakest layer.
    pub defaults: Option<Value>,
    /// What it says of its arguments: fields, those that it has taken in from others among them.
    pub(super) schema: Value,
    /// What the names in that mean.
    pub(super) written: WrittenTypes,
    /// Whose fields stand where among them.
    pub(super) taken: Vec<Taken>,
    pub(super) rules: Vec<Rule>,
    pub(super) lets: Option<Value>,
    /// As it is written, but for the form of `$use`; none if it is only a type.
    pub(super) template: Option<Value>,
    /// Whether it is of one class.
    pub(super) is_private: bool,
}

impl Fragment {
    /// Whether `self` in a default means a record: the default is written here, and the record has these fields, whether they were taken in or the
    /// fragment is its type.
    pub(in crate::definition) fn means_record(&self, record: &Record, default: Span) -> bool {
        let is_own = self.span.file == default.file && self.span.start <= default.start && default.end <= self.span.end;
        let fields = self.schema.as_map().filter(|_| is_own);
        fields.is_some_and(|own| record.fields().iter().any(|field| own.entry(&field.name).is_some_and(|entry| entry.span == field.span)))
    }
}

impl Definitions {
    /// Whether `self` in a default means the record that it stands in: one with the fields of the fragment in which the default is written.
    pub(crate) fn means_record(&self, class: Option<&Class>, record: &Record, default: Span) -> bool {
        let private = class.into_iter().flat_map(|class| class.private.values());
        private.chain(self.fragments.values()).any(|fragment| fragment.means_record(record, default))
    }
}

/// Fragments by name.
pub type Fragments = BTreeMap<Arc<str>, Arc<Fragment>>;

/// Where fragments are read: what they may name.
#[derive(Clone, Copy)]
pub(super) struct FragmentSurroundings<'a> {
    pub(super) language: &'a Language,
    pub(super) sources: &'a Sources,
    /// Fragments of everybody, seen from one class; none while those are read themselves.
    pub(super) shared: Option<&'a Fragments>,
    /// The `types` of the class that they are private to.
    pub(super) types: Option<&'a Value>,
}

/// The sections of a fragment.
const SECTIONS: [&str; 6] = ["description", "types", "schema", "rules", "let", "template"];

/// Reads fragments, those first that others use.
pub(super) fn load(blocks: &[Entry], around: FragmentSurroundings<'_>, diagnostics: &mut Diagnostics) -> Fragments {
    let blocks: Vec<Entry> = blocks.iter().map(|entry| Entry { value: normal(&entry.value, diagnostics), ..entry.clone() }).collect();
    let (order, broken) = circle::order(&blocks, around.sources, diagnostics);
    let mut fragments = Fragments::new();
    for at in order {
        let Some(entry) = blocks.get(at) else { continue };
        let fragment = read(entry, broken.contains(&at), &fragments, around, diagnostics);
        fragments.insert(Arc::clone(&entry.key), Arc::new(fragment));
    }
    fragments
}

fn read(entry: &Entry, is_broken: bool, known: &Fragments, around: FragmentSurroundings<'_>, diagnostics: &mut Diagnostics) -> Fragment {
    let FragmentSurroundings { language, sources, shared, types } = around;
    let value = &entry.value;
    let nothing = Value::map(Vec::new(), value.origin);
    let is_private = shared.is_some();
    let ((), wrong) = diagnostics.watch(|diagnostics| sections(value, is_private, language, diagnostics));
    let subject = Subject::class(WORD, &entry.key);
    let none = Fragments::new();
    let (private, shared) = if is_private { (known, shared.unwrap_or(&none)) } else { (&none, known) };
    let mut inliner = Inliner::new(shared, private, &[], (&subject, sources), diagnostics);
    let schema = value.get("schema").filter(|schema| schema.as_map().is_some() && !is_broken);
    let schema = schema.map_or_else(|| nothing.clone(), |schema| inliner.schema(schema));
    let own = value.get("types").filter(|types| types.as_map().is_some() && !is_broken).map(|types| inliner.types(types));
    let lacks_fields = inliner.lacks_fields();
    let (_, taken) = inliner.finish();
    let borrowed = borrowed(shared, private, sources.is_library(entry.span));
    let ((type_, written), faulty) = diagnostics.watch(|diagnostics| {
        let whole = schema::compile_with(&schema, own.as_ref().or(types), (&borrowed, &schema::no_classes), sources, diagnostics);
        contradicted(&taken, &whole.0, (shared, private), sources, diagnostics);
        whole
    });
    // Of what is wrong, which is told, nobody knows the fields.
    let type_ = if is_broken { Arc::new(Type::free(value.origin.span)) } else { type_ };
    let template = value.get("template").filter(|_| !is_broken).filter(|template| at_its_top(&entry.key, template, diagnostics));
    let map = |name: &str| value.get(name).filter(|found| found.as_map().is_some_and(|map| !map.entries().is_empty()));
    Fragment {
        name: Named { name: short_name(&entry.key).into(), span: entry.span },
        full: if is_private { Arc::clone(&entry.key) } else { format!("{WORD}/{}", short_name(&entry.key)).into() },
        span: value.origin.span,
        value: value.clone(),
        layer: value.origin.layer,
        sound: !wrong && !faulty && !lacks_fields && !is_broken && value.get("template").is_some() == template.is_some(),
        defaults: type_.defaults(value.origin.layer),
        reads_items: declarations::read_items(&type_),
        type_,
        schema,
        written,
        taken,
        rules: rule::rules(value.get("rules"), language, diagnostics),
        lets: map("let").cloned(),
        template: template.cloned(),
        is_private,
    }
}

/// Reports fields that a schema has from fragments, and declares as something else than they do; whether there are any.
pub(super) fn contradicted(
    taken: &[Taken],
    type_: &Type,
    (shared, private): (&Fragments, &Fragments),
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> bool {
    let mut is_other = false;
    for taken in taken.iter().filter(|taken| !taken.fragment.is_empty()) {
        let fragment = private.get(&taken.fragment).or_else(|| meant(&taken.fragment, taken.span, sources, |key| shared.get(key)));
        let keys = taken.path.keys().unwrap_or_default();
        let place = keys.iter().try_fold(type_, |type_, key| type_.field(key).map(AsRef::as_ref));
        if let (Some(fragment), Some(place)) = (fragment.filter(|fragment| fragment.sound), place) {
            is_other |= schema::contradicts((&fragment.name.name, &fragment.type_), place, &taken.path.to_string(), diagnostics);
        }
    }
    is_other
}

/// Tells of fragments that are not there which of them are private to a class.
pub(super) fn tell_private(classes: &[Arc<Class>], diagnostics: &mut Diagnostics) {
    diagnostics.edit(|fault| {
        if fault.code != Code::UnknownFragment {
            return;
        }
        let private =
            |class: &Arc<Class>| fault.lacks.iter().find_map(|name| class.private.get(name)).map(|fragment| fragment.name.clone());
        let found = classes.iter().find_map(|class| Some((Arc::clone(&class.full), private(class)?)));
        if let Some((class, fragment)) = found {
            errors::private_fragment(fault, &class, &fragment);
        }
    });
}

/// Reports sections that no fragment has, and those that are something else than they should be.
fn sections(value: &Value, is_private: bool, language: &Language, diagnostics: &mut Diagnostics) {
    if value.as_map().is_none() {
        if !matches!(value.data, Data::Null | Data::Broken) {
            diagnostics.push(errors::fragment_no_map(value.origin.span));
        }
        return;
    }
    for section in value.as_map().map(Map::entries).unwrap_or_default() {
        // What is private to a class has the types of the class.
        if !SECTIONS.contains(&&*section.key) || (is_private && &*section.key == "types") {
            let known: Vec<&str> = SECTIONS.into_iter().filter(|known| !is_private || *known != "types").collect();
            diagnostics.push(errors::unknown_fragment_section(&section.key, section.span, &known, is_private));
        }
        let is_map = ["types", "schema", "let"].contains(&&*section.key);
        if is_map && section.value.as_map().is_none() && !matches!(section.value.data, Data::Null | Data::Broken) {
            diagnostics.push(errors::fragment_section_type(&section.key, "a map", section.value.origin.span));
        }
        if let Some(used) = first_use(&section.value).filter(|_| ["let", "rules", "description"].contains(&&*section.key)) {
            diagnostics.push(errors::misplaced_use(&section.key, used.span));
        }
    }
    literal::check(Owner::Fragment, value, &language.fragment, diagnostics);
}

/// Whether nothing at the top of a template decides about what would stand beside it.
fn at_its_top(name: &str, template: &Value, diagnostics: &mut Diagnostics) -> bool {
    let found = ["$if", "$for"].into_iter().find_map(|key| Some((key, template.as_map()?.entry(key)?)));
    if let Some((directive, entry)) = found {
        diagnostics.push(errors::conditional_fragment(directive, name, entry.span));
    }
    found.is_none()
}

/// What schemas may name beside their own types; those of the library mean what that has.
pub(super) fn borrowed(shared: &Fragments, private: &Fragments, is_library: bool) -> Borrowed {
    let mut borrowed = Borrowed::default();
    for (name, fragment) in shared.iter().chain(private) {
        if !fragment.is_private && !is_hidden(name) {
            let hidden = shared.get(&hidden(name)).filter(|_| is_library);
            borrowed.names.insert(Arc::clone(name), Arc::clone(&hidden.unwrap_or(fragment).type_));
        }
        borrowed.written.extend(fragment.written.iter().map(|(span, type_)| (*span, type_.clone())));
    }
    borrowed
}

/// The types of a class that have a template.
pub(super) struct Private {
    /// Each as it is written, by all ancestors together.
    pub(super) blocks: Vec<Entry>,
    /// All types of the class, those with only their schema.
    pub(super) types: Option<Value>,
}

/// Finds the types that have a template; `layers` are the `types` of all ancestors, weakest first.
pub(super) fn private(layers: Vec<Value>) -> Private {
    let has_template =
        |value: &Value| value.get("template").is_some() && value.get("schema").is_some_and(|schema| schema.as_map().is_some());
    let entries = || layers.iter().filter_map(Value::as_map).flat_map(Map::entries);
    if !entries().any(|entry| has_template(&entry.value)) {
        return Private { blocks: Vec::new(), types: None };
    }
    // What does not fit together is told when the class is put together.
    let (mut unsaid, subject) = (Diagnostics::default(), Subject::class(WORD, ""));
    let mut whole: Option<Value> = None;
    for layer in &layers {
        let layer = normal(layer, &mut unsaid);
        whole = Some(merge(whole.as_ref(), &layer, Operator::Merge, None, &mut Meeting::new(&subject, &mut unsaid)));
    }
    let Some(whole) = whole else { return Private { blocks: Vec::new(), types: None } };
    let is_fragment = |entry: &&Entry| {
        let only = entry.value.as_map().is_some_and(|map| map.entries().iter().all(|entry| SECTIONS.contains(&&*entry.key)));
        only && has_template(&entry.value)
    };
    let blocks: Vec<Entry> = whole.as_map().map(Map::entries).unwrap_or_default().iter().filter(is_fragment).cloned().collect();
    let mut private = Private { blocks, types: None };
    private.types = Some(private.short(&whole));
    private
}

impl Private {
    /// A layer of a class in which each of these is only its schema.
    pub(super) fn shortened(&self, layer: &Value) -> Value {
        let Some(map) = layer.as_map().filter(|_| !self.blocks.is_empty()) else { return layer.clone() };
        let entries = map.entries().iter().map(|entry| match &*entry.key {
            "types" => Entry { value: self.short(&entry.value), ..entry.clone() },
            _ => entry.clone(),
        });
        Value::map(entries.collect(), layer.origin).after(layer)
    }

    fn short(&self, types: &Value) -> Value {
        let is_one = |entry: &Entry| self.blocks.iter().any(|block| block.key == entry.key);
        let entries = types.as_map().map(Map::entries).unwrap_or_default().iter().map(|entry| match entry.value.get("schema") {
            Some(schema) if is_one(entry) => Entry { value: schema.clone(), ..entry.clone() },
            None if is_one(entry) => Entry { value: Value::map(Vec::new(), entry.value.origin), ..entry.clone() },
            Some(_) | None => entry.clone(),
        });
        Value::map(entries.collect(), types.origin).after(types)
    }
}
