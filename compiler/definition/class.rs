//! Classes: merged along their lines of ancestors by the same rules as everything else, then taken apart into schema, rules and templates.

use super::class_places::{ClassPlaces, full_name, parents, short_name};
use super::fragment::{self, FragmentParts};
use super::held::Holdings;
use super::language::Language;
use super::listed::names;
use super::literal::{self, Owner};
use super::making::{self, Makers};
use super::memory::{self, ClassMemory};
use super::scope::KnownTypes;
use super::section::Section;
use super::{
    Capabilities, Fragments, Identities, Named, ProviderName, Rule, Taken, Use, check, declarations, errors, keeping, provider, restate,
    rule, told,
};
use crate::custom::Tables;
use crate::diagnostic::Diagnostics;
use crate::document;
use crate::inheritance::{Layering, Line, Meeting, Parent, line, merge, too_much};
use crate::ledger;
use crate::name::Kind;
use crate::origin::LayerId;
use crate::schema::{self, OtherClass, OtherClasses, Type};
use crate::source::Sources;
use crate::subject::Subject;
use crate::value::{Data, Entry, Operator, Value};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

/// A class, complete: its ancestors are merged in.
#[derive(Clone, Debug)]
pub struct Class {
    /// What its things are.
    pub kind: Kind,
    /// Its name.
    pub name: Named,
    /// Kind and name: `cluster/eks`; of one that is hidden behind the path of the library: `std/cluster/eks`.
    pub full: Arc<str>,
    /// Whether it is of the library and the project has a class of its kind and name, so that only the library and that class can mean it.
    pub is_hidden: bool,
    /// Only to be inherited by other classes.
    pub is_abstract: bool,
    /// Whether its things keep data, so that they leave a platform only by their own word.
    pub keeps_data: bool,
    /// The providers of Terraform that its things need, with where each is named; of a cluster the first is its cloud.
    pub providers: Vec<(ProviderName, Named)>,
    /// The class of the node pools of its clusters.
    pub node_pool_class: Option<Named>,
    /// The classes that it inherits from, by kind and name, farthest first.
    pub ancestors: Vec<Arc<str>>,
    /// Capabilities that its things have, those from its ancestors included.
    pub provides: Vec<Named>,
    /// The fields of its things: those of the language and those of the schema.
    pub type_: Arc<Type>,
    /// Whether a field of it names a thing.
    pub refers: bool,
    /// Whether a default in it reads the item that it stands in.
    pub reads_items: bool,
    /// Whether its schema is well formed; things of a class that is not are not checked against it.
    pub sound: bool,
    /// The layer of its defaults.
    pub layer: LayerId,
    /// Defaults of the schema, as the weakest layer.
    pub defaults: Option<Value>,
    /// What must hold.
    pub rules: Vec<Rule>,
    /// Uses of fragments in its templates, by their numbers.
    pub uses: Vec<Use>,
    /// Fields that its schema has from fragments.
    pub taken: Vec<Taken>,
    /// Those of its `types` that have a template.
    pub(super) private: Fragments,
    /// All sections merged: `let`, `outputs`, `terraform`, `manifests`, `helm`, `files`, `argocd` are read from here.
    pub value: Value,
}

impl Class {
    /// Whether it is the class of this name, or inherits from it.
    #[must_use]
    pub fn is_a(&self, name: &str) -> bool {
        let named = |full: &str| short_name(full) == name;
        named(&self.full) || self.ancestors.iter().any(|ancestor| named(ancestor))
    }

    /// Whether its things have a capability.
    #[must_use]
    pub fn provides(&self, capability: &str) -> bool {
        self.provides.iter().any(|named| *named.name == *capability)
    }

    /// A section that is a map, if the class has it and it is not empty.
    #[must_use]
    pub fn section(&self, name: &str) -> Option<&Value> {
        self.value.get(name).filter(|value| value.as_map().is_some_and(|map| !map.entries().is_empty()))
    }
}

/// What all classes are read with.
#[derive(Clone, Copy)]
pub(super) struct ClassKnown<'a> {
    pub(super) language: &'a Language,
    pub(super) capabilities: &'a Capabilities,
    pub(super) fragments: &'a Fragments,
    pub(super) tables: &'a Tables,
}

/// Names that nothing outside of a class has yet.
static NAMELESS: LazyLock<Identities> = LazyLock::new(Identities::default);

impl<'a> ClassKnown<'a> {
    /// The same for checking expressions, with the classes that are loaded already.
    pub(super) fn types(self, classes: &'a [Arc<Class>]) -> KnownTypes<'a> {
        let Self { capabilities, fragments, tables, .. } = self;
        KnownTypes { classes, identities: &NAMELESS, capabilities, fragments: Some(fragments), tables }
    }
}

/// Loads all classes: merges, compiles schemas, reads rules; those that are as they were are not made again.
pub(super) fn load(
    blocks: &[(Kind, Entry)],
    known: ClassKnown<'_>,
    sources: &Sources,
    (documents, memory): (&document::DocumentMemory, &mut ClassMemory),
    diagnostics: &mut Diagnostics,
) -> (Vec<Arc<Class>>, Makers) {
    let names: Vec<Arc<str>> = blocks.iter().map(|(_, entry)| Arc::clone(&entry.key)).collect();
    let mut places = ClassPlaces::new();
    for (at, (kind, entry)) in blocks.iter().enumerate() {
        places.entry((*kind, &*entry.key, sources.is_library(entry.span))).or_insert(at);
    }
    let parents: Vec<Vec<Parent>> =
        blocks.iter().map(|(kind, entry)| parents(*kind, entry, blocks, &places, sources, diagnostics)).collect();
    let (lines, broken, faults) = line("class", &names, &parents);
    for fault in faults {
        diagnostics.push(fault);
    }
    memory.again();
    let above: Vec<Vec<usize>> = parents.iter().map(|parents| parents.iter().map(|parent| parent.index).collect()).collect();
    let place = |kind: Kind, name: &str| [false, true].into_iter().find_map(|is_library| places.get(&(kind, name, is_library)).copied());
    let holdings = Holdings::new(blocks, &above, place, sources, diagnostics);
    let order = holdings.order().to_vec();
    let mut loading = Loading { blocks, places, parents, lines, broken, holdings, known, sources, classes: vec![None; blocks.len()] };
    for at in order {
        let Some(full) = loading.full(at) else { continue };
        let written = loading.written(at);
        // What is missing elsewhere does not stand in its line.
        let is_whole = !loading.line(at).iter().any(|at| loading.is_lost(*at));
        let same = is_whole && written.iter().all(|(file, _)| documents.is_same(*file));
        let known = if same { memory.class(&full, &written, diagnostics) } else { None };
        let class = known.or_else(|| {
            let mut said = Diagnostics::default();
            let (class, spent) = ledger::account(|| loading.class(at, full, &mut said).map(Arc::new));
            let class = class?;
            memory.keep(&class, written, said.clone(), spent);
            diagnostics.append(said);
            Some(class)
        });
        if let Some(slot) = loading.classes.get_mut(at) {
            *slot = class;
        }
    }
    let classes: Vec<Arc<Class>> = loading.classes.into_iter().flatten().collect();
    // What a class makes is of classes that may not be there before it.
    let mut wrong = BTreeSet::new();
    for (at, class) in classes.iter().enumerate().filter(|(_, class)| class.section(making::SECTION).is_some()) {
        if !class.sound || check::class(class, known.language, known.types(&classes), sources, diagnostics) {
            wrong.insert(at);
        }
    }
    let makers = Makers::of(&classes, wrong, diagnostics);
    (classes, makers)
}

/// All classes while they are made, ancestors before their heirs.
struct Loading<'a> {
    blocks: &'a [(Kind, Entry)],
    places: ClassPlaces<'a>,
    parents: Vec<Vec<Parent>>,
    lines: Vec<Line>,
    broken: BTreeSet<usize>,
    holdings: Holdings,
    known: ClassKnown<'a>,
    sources: &'a Sources,
    classes: Vec<Option<Arc<Class>>>,
}

impl Loading<'_> {
    fn line(&self, at: usize) -> &[usize] {
        self.lines.get(at).map_or(&[], Vec::as_slice)
    }

    fn full(&self, at: usize) -> Option<Arc<str>> {
        self.blocks.get(at).map(|(kind, entry)| full_name(*kind, &entry.key, self.is_hidden(at)))
    }

    /// Whether a class of the library stands behind one of the project.
    fn is_hidden(&self, at: usize) -> bool {
        let is_hidden = |(kind, entry): &(Kind, Entry)| self.places.contains_key(&(*kind, &*entry.key, false));
        self.blocks.get(at).is_some_and(|block| self.sources.is_library(block.1.span) && is_hidden(block))
    }

    /// The class of pools that is meant where the library says this: a class of the project stands for the one that it hides if it inherits
    /// from that, and not if it only has the same name.
    fn pools(&self, named: Named) -> Named {
        let place = |is_library| self.places.get(&(Kind::NodePool, &*named.name, is_library)).copied();
        match (place(true), place(false)) {
            (Some(hidden), Some(own)) if self.sources.is_library(named.span) && !self.line(own).contains(&hidden) => {
                Named { name: full_name(Kind::NodePool, &named.name, true), ..named }
            }
            _ => named,
        }
    }

    /// Where the class, its ancestors and all that it is checked against are written.
    fn written(&self, at: usize) -> memory::WrittenLayers {
        let entries = self.holdings.all(at).into_iter().filter_map(|at| self.blocks.get(at));
        let entries = entries.map(|(_, entry)| entry).chain(self.known.capabilities.iter().map(|(_, capability)| &capability.entry));
        let fragments = self.known.fragments.values().map(|fragment| (fragment.span.file, fragment.layer));
        entries.map(|entry| (entry.span.file, entry.value.origin.layer)).chain(fragments).collect()
    }

    fn made(&self, at: usize) -> Option<&Class> {
        self.classes.get(at)?.as_deref()
    }

    /// Merges, completes and checks one class.
    fn class(&self, at: usize, full: Arc<str>, diagnostics: &mut Diagnostics) -> Option<Class> {
        let (kind, entry) = self.blocks.get(at)?;
        // When it was said that all classes together are too large, the others are not even merged.
        let affordable = ledger::has_classes();
        let line = self.line(at).iter().filter(|_| affordable).filter_map(|at| self.blocks.get(*at));
        let layers: Vec<Value> = line.map(|(_, ancestor)| body(&ancestor.value)).collect();
        let subject = Subject::class(kind.singular(), &entry.key);
        let (layers, parts) = FragmentParts::of(layers, (self.known, self.sources), &subject, diagnostics);
        let mut merged: Option<Value> = None;
        for layer in layers {
            let mut meeting = Meeting::new(&subject, diagnostics).layering(Layering::Classes);
            let (weaker, layer) = match &merged {
                Some(weaker) => {
                    let (weaker, layer) = restate::classes(weaker, &layer, self.sources);
                    (Some(weaker), layer)
                }
                None => (None, layer),
            };
            merged = Some(merge(weaker.as_ref(), &layer, Operator::Merge, None, &mut meeting));
        }
        let value = merged.unwrap_or_else(|| body(&entry.value));
        let value = fragment::ordered(&value, &parts.written, &parts.bases);
        let others = |kind, name: &str| self.other(kind, name);
        let mut class = complete(*kind, entry, full, (value, parts), (self.known, &others), self.sources, diagnostics);
        class.is_hidden = self.is_hidden(at);
        class.node_pool_class = class.node_pool_class.take().map(|named| self.pools(named));
        let ancestors = || self.line(at).iter().filter(|ancestor| **ancestor != at).filter_map(|ancestor| self.made(*ancestor));
        for ancestor in ancestors() {
            class.ancestors.push(Arc::clone(&ancestor.full));
            let further = ancestor.provides.iter().filter(|named| !class.provides(&named.name)).cloned().collect::<Vec<_>>();
            class.provides.extend(further);
        }
        class.sound &= affordable && !self.line(at).iter().any(|at| self.is_lost(*at));
        if class.sound && !self.broken.contains(&at) {
            let parents = self.parents.get(at).into_iter().flatten().filter_map(|parent| self.made(parent.index));
            for parent in parents.filter(|parent| parent.sound) {
                schema::tightens(&parent.type_, &class.type_, "", diagnostics);
            }
            if class.section(making::SECTION).is_none() {
                check::class(&class, self.known.language, self.known.types(&[]), self.sources, diagnostics);
            }
            told::check(&class, &Subject::class(kind.singular(), &entry.key), diagnostics);
        }
        // A class that says otherwise is wrong, which is told, but its values are secrets still.
        for ancestor in ancestors() {
            if let Some(type_) = schema::with_secrets_of(&ancestor.type_, &class.type_) {
                class.type_ = Arc::new(type_);
            }
        }
        Some(class)
    }

    /// The class of a kind and name, for fields that hold definitions of it.
    fn other(&self, kind: Kind, name: &str) -> OtherClass {
        let place = |is_library| self.places.get(&(kind, name, is_library)).copied();
        let Some(at) = place(false).or_else(|| place(true)) else {
            let known = self.blocks.iter().filter(|(other, _)| *other == kind);
            return OtherClass::Unknown(known.map(|(_, entry)| Arc::clone(&entry.key)).collect());
        };
        match self.made(at).filter(|class| class.sound && !self.holdings.is_lost(at)) {
            Some(class) => OtherClass::Fields(Arc::clone(&class.type_)),
            None => OtherClass::Lost,
        }
    }

    /// Whether a parent is missing or a section misspelt: what those would declare is unknown, to heirs too.
    fn is_lost(&self, at: usize) -> bool {
        let Some((_, entry)) = self.blocks.get(at) else { return false };
        let sections = entry.value.as_map().map(crate::value::Map::entries).unwrap_or_default();
        let named = entry.value.get("inherits").map_or(0, |value| value.as_list().map_or(1, <[_]>::len));
        sections.iter().any(|section| Section::from_word(&section.key).is_none())
            || self.broken.contains(&at)
            || self.parents.get(at).is_some_and(|found| found.len() < named)
    }
}

/// The sections that are inherited.
fn body(value: &Value) -> Value {
    let entries = value.as_map().map(crate::value::Map::entries).unwrap_or_default();
    let inherited = |entry: &&Entry| Section::from_word(&entry.key).is_none_or(Section::is_inherited);
    Value::map(entries.iter().filter(inherited).cloned().collect(), value.origin)
}

fn complete(
    kind: Kind,
    entry: &Entry,
    full: Arc<str>,
    (value, parts): (Value, FragmentParts),
    (ClassKnown { language, fragments, tables, .. }, others): (ClassKnown<'_>, OtherClasses<'_>),
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Class {
    for section in entry.value.as_map().map(crate::value::Map::entries).unwrap_or_default() {
        if Section::from_word(&section.key).is_none() {
            diagnostics.push(errors::unknown_class_section(&section.key, section.span, &Section::ALL.map(Section::word)));
        }
    }
    literal::check(Owner::Class, &entry.value, &language.class, diagnostics);
    provider::class(&entry.value, tables, diagnostics);
    for section in Section::ALL.into_iter().filter(|section| section.is_map()).map(Section::word) {
        if let Some(found) = value.get(section)
            && found.as_map().is_none()
            && !matches!(found.data, Data::Null)
        {
            diagnostics.push(errors::section_type(section, "a map", found.origin.span));
        }
    }
    let node_pool_class = value.get("nodePoolClass").and_then(|found| {
        let name = found.as_str().map(|name| Named { name: name.into(), span: found.origin.span });
        if name.is_none() && !found.is_dynamic() {
            diagnostics.push(errors::section_type("nodePoolClass", "text", found.origin.span));
        }
        name
    });
    let (type_, wrong) = diagnostics.watch(|diagnostics| {
        let schema = language.combine(kind, value.get("schema"), diagnostics);
        let borrowed = fragment::borrowed(fragments, &parts.private, sources.is_library(entry.span));
        schema::compile_with(&schema, value.get("types"), (&borrowed, others), sources, diagnostics).0
    });
    let is_abstract = entry.value.get("abstract").is_some_and(|found| {
        if found.as_bool().is_none() && !found.is_dynamic() {
            diagnostics.push(errors::section_type("abstract", "`true` or `false`", found.origin.span));
        }
        found.as_bool() == Some(true)
    });
    let keeps_data = keeping::said(kind, value.get(Section::Data.word()), diagnostics);
    let defaults = type_.defaults(entry.value.origin.layer);
    if ledger::unsaid() {
        diagnostics.push(too_much(entry.span));
    }
    Class {
        kind,
        name: Named { name: Arc::clone(&entry.key), span: entry.span },
        full,
        is_hidden: false,
        is_abstract,
        keeps_data,
        sound: !wrong && !parts.lacks_fields,
        providers: provider::needed(names(value.get("provider"), "provider", diagnostics), diagnostics),
        node_pool_class,
        ancestors: Vec::new(),
        provides: names(value.get("provides"), "provides", diagnostics),
        layer: entry.value.origin.layer,
        refers: type_.refers(),
        reads_items: declarations::read_items(&type_),
        defaults,
        type_,
        rules: rule::rules(value.get("rules"), language, diagnostics),
        uses: parts.uses,
        taken: parts.taken,
        private: parts.private,
        value,
    }
}
