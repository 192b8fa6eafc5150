//! Classes: merged along their lines of ancestors by the same rules as everything else, then taken apart into schema, rules and templates.

use super::capability::{self, Unkept};
use super::class_places::{ClassPlaces, full_name, known_names, parents, short_name, written};
use super::complete::complete;
use super::fragment::{self, FragmentParts};
use super::heirs::{Inherited, Lineage};
use super::held::Holdings;
use super::language::Language;
use super::making::{self, Makers};
use super::memory::{self, ClassMemory};
use super::scope::KnownTypes;
use super::section::{self, Section};
use super::{Capabilities, Fragments, Identities, Named, ProviderName, Rule, Taken, Use, check, named_classes, restate, told};
use crate::custom::Tables;
use crate::diagnostic::Diagnostics;
use crate::document;
use crate::inheritance::{Layering, Line, Meeting, Parent, line, merge};
use crate::ledger;
use crate::name::Kind;
use crate::origin::LayerId;
use crate::path::Path;
use crate::schema::{self, OtherClass, Type};
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
    /// What it says of itself.
    pub description: Option<Arc<str>>,
    /// Only to be inherited by other classes.
    pub is_abstract: bool,
    /// What to use instead of it.
    pub deprecated: Option<Arc<str>>,
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
    /// Whether it is not sound only because references ask for a class that nobody has: what it declares is known.
    pub(crate) is_astray: bool,
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
    /// Outputs that its capabilities promise, and that it lacks or that are something else, which was told.
    pub(crate) unkept: Vec<Unkept>,
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

/// Loads all classes, and once more where a capability is at fault itself: then it promises nothing that all contradict, and that alone is told.
/// Gives the capabilities as they count.
pub(super) fn settled(
    blocks: &[(Kind, Entry)],
    (language, fragments, tables): (&Language, &Fragments, &Tables),
    capabilities: Capabilities,
    sources: &Sources,
    (documents, memory): (&document::DocumentMemory, &mut ClassMemory),
    diagnostics: &mut Diagnostics,
) -> (Vec<Arc<Class>>, Makers, Capabilities) {
    let load = |capabilities: &Capabilities, memory: &mut ClassMemory| {
        let mut said = Diagnostics::default();
        let known = ClassKnown { language, capabilities, fragments, tables };
        let (classes, makers) = load(blocks, known, sources, (documents, memory), &mut said);
        (classes, makers, said)
    };
    let (classes, makers, said) = load(&capabilities, memory);
    let mut doubts = capability::doubts(&classes, &capabilities, &said, sources);
    while !doubts.is_empty() {
        let relaxed = capabilities.without(&doubts);
        let (classes, makers, now) = ledger::page(1, || load(&relaxed, &mut ClassMemory::default()));
        let confirmed = capability::confirmed(&doubts, (&said, &now));
        if confirmed.len() == doubts.len() {
            capability::told(&doubts, &capabilities, (&said, &now), diagnostics);
            diagnostics.append(now);
            return (classes, makers, relaxed);
        }
        doubts = confirmed;
    }
    diagnostics.append(said);
    (classes, makers, capabilities)
}

/// Loads all classes: merges, compiles schemas, reads rules; those that are as they were are not made again.
fn load(
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
    let mut inherited = Inherited::default();
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
        let mut said = Diagnostics::default();
        let remembered = if same { memory.class(&full, &written, &mut said) } else { None };
        let class = remembered.or_else(|| {
            let (class, spent) = ledger::account(|| loading.class(at, full, &mut said).map(Arc::new));
            let class = class?;
            memory.keep(&class, written, said.clone(), spent);
            Some(class)
        });
        if let Some(class) = &class {
            inherited.note(&mut said, &Lineage::of(class, (blocks, loading.line(at), at), known.fragments));
            diagnostics.append(said);
        }
        loading.classes.get_mut(at).into_iter().for_each(|slot| slot.clone_from(&class));
    }
    let made: Vec<(usize, Arc<Class>)> =
        loading.classes.iter().enumerate().filter_map(|(at, class)| Some((at, Arc::clone(class.as_ref()?)))).collect();
    let mut classes: Vec<Arc<Class>> = made.iter().map(|(_, class)| Arc::clone(class)).collect();
    // What a class makes is of classes that may not be there before it.
    let mut wrong = BTreeSet::new();
    let mut noted: Vec<(usize, check::ClassFaults)> = Vec::new();
    for (at, (block, class)) in made.iter().enumerate() {
        let is_wrong = match class.value.get(making::SECTION) {
            None => loading.may_make(*block, class.kind, &classes),
            Some(section) if section.as_map().is_none() => !matches!(section.data, Data::Null),
            Some(_) if class.section(making::SECTION).is_none() => false,
            Some(_) => {
                let mut said = Diagnostics::default();
                let faults = class.sound.then(|| check::class(class, known.language, known.types(&classes), sources, &mut said));
                inherited.note(&mut said, &Lineage::of(class, (blocks, loading.line(*block), *block), known.fragments));
                diagnostics.append(said);
                let is_wrong = faults.as_ref().is_none_or(|faults| faults.in_making) || making::lacks_class(class, &classes);
                noted.extend(faults.filter(|faults| !faults.is_none()).map(|faults| (at, faults)));
                is_wrong
            }
        };
        if is_wrong {
            wrong.insert(at);
        }
    }
    for (at, faults) in noted {
        classes.iter_mut().skip(at).take(1).for_each(|class| faults.note(Arc::make_mut(class)));
    }
    named_classes::check(&mut classes, known, sources, diagnostics);
    inherited.tell(diagnostics, sources);
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
        let layers: Vec<Value> = line.map(|(_, ancestor)| section::inherited(&ancestor.value)).collect();
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
        let value = making::layer(merged.unwrap_or_else(|| section::inherited(&entry.value)));
        let value = fragment::ordered(&value, &parts.written, &parts.bases);
        let others = |kind, name: &str| self.other(kind, name);
        let mut found = Diagnostics::default();
        let mut class = complete(*kind, entry, full, (value, parts), (self.known, &others), self.sources, &mut found);
        let is_wrong = |ancestor: usize| ancestor != at && self.made(ancestor).is_none_or(|class| !class.sound);
        if self.line(at).iter().any(|ancestor| self.lacks_parent(*ancestor) || is_wrong(*ancestor)) {
            // A parent that is missing or wrong, which is told, may declare what is said anew here.
            found.forgive(|absent| *absent == Path::of(["classes"]));
        }
        diagnostics.append(found);
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
            let fragments = (self.known.fragments, &class.private);
            let mut is_other = fragment::contradicted(&class.taken, &class.type_, fragments, self.sources, diagnostics);
            for parent in parents.filter(|parent| parent.sound) {
                is_other |= schema::tightens(&parent.type_, &class.type_, "", diagnostics);
            }
            if class.section(making::SECTION).is_none() {
                let mut found = Diagnostics::default();
                check::class(&class, self.known.language, self.known.types(&[]), self.sources, &mut found).note(&mut class);
                // What ancestors write is right where the fields are theirs.
                let own = entry.span.join(entry.value.origin.span);
                found.retain(|fault| !is_other || fault.primary.as_ref().is_none_or(|label| own.overlaps(label.span)));
                diagnostics.append(found);
            }
            told::check(&class, &Subject::class(kind.singular(), &entry.key), diagnostics);
            // Who uses a class that declares a field otherwise than it may is not at fault, nor is who uses its heirs.
            class.sound = !is_other && ancestors().all(|ancestor| ancestor.sound);
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
            return OtherClass::Unknown(known_names(kind, written(kind, self.blocks), self.sources).into_iter().map(Arc::from).collect());
        };
        match self.made(at).filter(|class| class.sound && !self.holdings.is_lost(at)) {
            Some(class) => OtherClass::Fields(Arc::clone(&class.type_)),
            None => OtherClass::Lost,
        }
    }

    /// Whether a class that makes nothing as it is read would make something if all was right: by a section that is misspelt, or by a parent
    /// that is missing where such classes make something.
    fn may_make(&self, at: usize, kind: Kind, classes: &[Arc<Class>]) -> bool {
        let blocks = || self.line(at).iter().chain([&at]).filter_map(|at| Some((*at, self.blocks.get(*at)?)));
        let is_misspelt = |(_, (_, entry)): (usize, &(Kind, Entry))| {
            let sections = entry.value.as_map().map(crate::value::Map::entries).unwrap_or_default();
            sections.iter().any(|section| Section::from_word(&section.key).is_none() && making::is_meant(kind, section))
        };
        blocks().any(is_misspelt) || (making::makes(classes, kind) && blocks().any(|(at, _)| self.lacks_parent(at)))
    }

    /// Whether a parent is missing.
    fn lacks_parent(&self, at: usize) -> bool {
        let named = |(_, entry): &(Kind, Entry)| entry.value.get("inherits").map_or(0, |value| value.as_list().map_or(1, <[_]>::len));
        let found = self.parents.get(at).map_or(0, Vec::len);
        self.broken.contains(&at) || self.blocks.get(at).is_some_and(|block| found < named(block))
    }

    /// Whether a parent is missing or a section misspelt: what those would declare is unknown, to heirs too.
    fn is_lost(&self, at: usize) -> bool {
        let Some((_, entry)) = self.blocks.get(at) else { return false };
        let sections = entry.value.as_map().map(crate::value::Map::entries).unwrap_or_default();
        self.lacks_parent(at) || sections.iter().any(|section| Section::from_word(&section.key).is_none())
    }
}
