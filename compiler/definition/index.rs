//! The top level of sources: plural kind → name → block. Finds what is defined twice, and names that nothing defines.

use super::block::{named, plain};
use super::capability;
use super::class_places::full_name;
use super::foreign;
use super::fragment;
use super::inner;
use super::lower::Lowering;
use super::{Definition, Definitions, EnvironmentDefinition, Flag, Layered, Named, errors, stray};
use crate::diagnostic::Diagnostics;
use crate::document::{Document, Node, NodeData, Pair};
use crate::filename;
use crate::name::Kind;
use crate::origin::{Layer, Origin};
use crate::source::Sources;
use crate::span::Span;
use crate::value::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Blocks by what they are.
#[derive(Default)]
pub(super) struct Blocks {
    pub(super) platform: Option<Entry>,
    pub(super) platform_defaults: Vec<(Kind, Layered)>,
    pub(super) environments: Vec<EnvironmentDefinition>,
    pub(super) definitions: Vec<Definition>,
    /// Blocks that say nothing but what stands under a definition of their name.
    pub(super) additions: Vec<Definition>,
    pub(super) policies: Vec<Entry>,
    /// Those of the project and of the library, also where one hides another.
    pub(super) classes: Vec<(Kind, Entry)>,
    /// Kind and name of the classes that the project defines.
    own_classes: BTreeSet<(Arc<str>, Arc<str>)>,
    /// `classes.capability`
    pub(super) capabilities: Vec<Entry>,
    /// `classes.fragment`
    pub(super) fragments: Vec<Entry>,
    pub(super) language: Vec<Entry>,
    /// Kinds of which something is not as it is meant, which is told: it is defined twice, or cannot be called so.
    pub(super) doubted: BTreeSet<Kind>,
    pub(super) flags: Vec<Flag>,
}

/// The keys that may stand at the top of a source.
#[allow(clippy::indexing_slicing, reason = "evaluated while this is compiled")]
pub(super) const TOP: [&str; Kind::ALL.len() + 4] = {
    let mut keys = ["platform"; Kind::ALL.len() + 4];
    keys[1] = "environments";
    let mut at = 0;
    while at < Kind::ALL.len() {
        keys[at + 2] = Kind::ALL[at].plural();
        at += 1;
    }
    keys[at + 2] = "policies";
    keys[at + 3] = "classes";
    keys
};

/// Collects the blocks of all documents, in their order. Those of classes come first: which layer a class is then depends on classes alone.
pub(super) fn collect<'d>(documents: impl Iterator<Item = &'d Document> + Clone, lowering: &mut Lowering<'_>) -> Blocks {
    let sources = lowering.sources;
    documents.clone().filter_map(|document| foreign::document(document, sources)).for_each(|fault| lowering.report(fault));
    let documents = documents.filter(|document| foreign::document(document, sources).is_none());
    let mut blocks = Blocks { own_classes: own_classes(documents.clone(), lowering.sources), ..Blocks::default() };
    let mut seen: BTreeMap<(Arc<str>, Arc<str>), Span> = BTreeMap::new();
    lowering.homes = inner::homes(documents.clone().flat_map(|document| top(document, sources)).map(|(_, key, pair)| (key, pair)));
    lowering.in_template = true;
    for (library, key, pair) in documents.clone().flat_map(|document| top(document, lowering.sources)) {
        match key {
            "language" if library => {
                let layer = lowering.layer(Layer::Class("language".into()));
                for field in lowering.pairs(&pair.value, "language") {
                    let entry = plain(lowering, field, layer);
                    blocks.language.push(entry);
                }
            }
            "classes" => under(key, pair, &mut blocks, &mut seen, lowering),
            _ => {}
        }
    }
    lowering.in_template = false;
    for (library, key, pair) in documents.flat_map(|document| top(document, lowering.sources)) {
        let written = &*pair.key.text;
        if !(TOP.contains(&written) || (library && written == "language")) {
            lowering.report(errors::unknown_kind(written, pair.key_span, &TOP));
        }
        match key {
            "language" | "classes" => {}
            "platform" => {
                let both = blocks.platform.as_ref().map(|first| in_order(first.span, pair.key_span, lowering));
                both.into_iter().for_each(|(first, second)| lowering.report(errors::platform_twice(first, second)));
                // The one that is meant counts.
                if both.is_none_or(|(first, _)| first == pair.key_span) {
                    blocks.platform = Some(platform(pair, &mut blocks.platform_defaults, lowering));
                }
            }
            key => under(key, pair, &mut blocks, &mut seen, lowering),
        }
    }
    lowering.join(&mut blocks);
    let common = std::mem::take(&mut lowering.common.inner);
    check_names_of(&common, lowering);
    lowering.common.inner = common;
    blocks
}

/// The pairs at the top of a document: whether it is of the library, the key that was meant, and the pair. What is defined under a misspelt
/// kind is not missing elsewhere.
fn top<'d>(document: &'d Document, sources: &Sources) -> impl Iterator<Item = (bool, &'d str, &'d Pair)> + use<'d> {
    let library = sources.is_library(document.root.span);
    let pairs = if let NodeData::Map(pairs) = &document.root.data { pairs.as_slice() } else { &[] };
    pairs.iter().map(move |pair| {
        let written = &*pair.key.text;
        let known = TOP.contains(&written) || (library && written == "language");
        (library, if known { written } else { errors::meant_kind(written, &TOP).unwrap_or(written) }, pair)
    })
}

fn under(key: &str, pair: &Pair, blocks: &mut Blocks, seen: &mut BTreeMap<(Arc<str>, Arc<str>), Span>, lowering: &mut Lowering<'_>) {
    let pairs = lowering.pairs(&pair.value, &format!("`{key}`"));
    let strays = stray::told(key, pairs, lowering);
    blocks.doubted.extend(Kind::from_plural(key).filter(|_| !strays.is_empty()));
    for inner in pairs.iter().filter(|inner| !strays.contains(&inner.key_span)) {
        block(key, inner, blocks, seen, lowering);
    }
}

fn block(key: &str, pair: &Pair, blocks: &mut Blocks, seen: &mut BTreeMap<(Arc<str>, Arc<str>), Span>, lowering: &mut Lowering<'_>) {
    if key == "classes" {
        let known: Vec<&str> = Kind::ALL.map(Kind::singular).into_iter().chain([capability::WORD, fragment::WORD]).collect();
        let mut meant = Some(&*pair.key.text).filter(|word| known.contains(word));
        if meant.is_none() {
            lowering.report(errors::unknown_kind(&pair.key.text, pair.key_span, &known));
            meant = errors::meant_kind(&pair.key.text, &known);
        }
        if meant == Some(capability::WORD) {
            return hiding(capability::WORD, pair, &mut blocks.capabilities, lowering);
        }
        if meant == Some(fragment::WORD) {
            return hiding(fragment::WORD, pair, &mut blocks.fragments, lowering);
        }
        let Some(kind) = meant.and_then(Kind::from_singular) else { return };
        for class in lowering.pairs(&pair.value, &format!("classes.{}", kind.singular())) {
            let is_library = lowering.sources.is_library(class.key_span);
            let is_hidden = is_library && blocks.own_classes.contains(&(kind.singular().into(), Arc::clone(&class.key.text)));
            let address = full_name(kind, &class.key.text, is_hidden);
            let group = format!("{} {}", if is_library { "library" } else { "class" }, kind.singular());
            let is_first = first_of(group, class, seen, &format!("class `{address}`"), lowering);
            if !is_first {
                blocks.doubted.insert(kind);
            }
            if is_first {
                if !class_name(&class.key.text) {
                    lowering.report(errors::invalid_class_name(&class.key.text, class.key_span));
                    continue;
                }
                let layer = lowering.layer(Layer::Class(address));
                let entry = lowering.entry(class, layer);
                blocks.classes.push((kind, entry));
            }
        }
        return;
    }
    let words = match key {
        "environments" => Some("environment"),
        "policies" => Some("policy"),
        _ => Kind::from_plural(key).map(Kind::words),
    };
    let Some(words) = words else { return };
    if let Some(kind) = Kind::from_plural(key).filter(|kind| inner::adds(*kind, pair, lowering)) {
        let addition = inner::addition(kind, pair, lowering);
        check_names_of(&addition.inner, lowering);
        blocks.additions.push(addition);
        return;
    }
    if !first_of(key.to_owned(), pair, seen, &format!("{words} `{}`", pair.key.text), lowering) {
        blocks.doubted.extend(Kind::from_plural(key));
        return;
    }
    // All but policies have folders.
    if !is_name(words, &named(pair), key != "policies", lowering) {
        blocks.doubted.extend(Kind::from_plural(key));
        return;
    }
    match (key, Kind::from_plural(key)) {
        ("environments", _) => {
            let environment = lowering.environment(pair);
            blocks.environments.push(environment);
        }
        ("policies", _) => {
            let layer = lowering.layer(Layer::Body(format!("policies.{}", pair.key.text).into()));
            let entry = plain(lowering, pair, layer);
            blocks.policies.push(entry);
        }
        (_, Some(kind)) => {
            let definition = lowering.definition(kind, pair);
            check_names_of(&definition.inner, lowering);
            blocks.definitions.push(definition);
        }
        (_, None) => {}
    }
}

/// Kind and name of what a project says of `classes`; of a misspelt kind nothing is hidden.
fn own_classes<'d>(documents: impl Iterator<Item = &'d Document>, sources: &Sources) -> BTreeSet<(Arc<str>, Arc<str>)> {
    let pairs = |node: &'d Node| if let NodeData::Map(pairs) = &node.data { pairs.as_slice() } else { &[] };
    let own = documents.flat_map(|document| top(document, sources)).filter(|(library, key, _)| !library && *key == "classes");
    let kinds = own.flat_map(|(_, _, pair)| pairs(&pair.value));
    kinds.flat_map(|kind| pairs(&kind.value).iter().map(|one| (Arc::clone(&kind.key.text), Arc::clone(&one.key.text)))).collect()
}

/// `classes.capability`, `classes.fragment`: what the project declares hides what a library says of the same. A hidden fragment stays for the library.
fn hiding(word: &str, pair: &Pair, blocks: &mut Vec<Entry>, lowering: &mut Lowering<'_>) {
    for one in lowering.pairs(&pair.value, &format!("classes.{word}")) {
        let name = &one.key.text;
        if !class_name(name) {
            lowering.report(errors::invalid_class_name(name, one.key_span));
            continue;
        }
        let layer = lowering.layer(Layer::Class(format!("{word}/{name}").into()));
        let mut entry = lowering.entry(one, layer);
        let Some(known) = blocks.iter_mut().find(|known| known.key == entry.key) else {
            blocks.push(entry);
            continue;
        };
        let [before, now] = [known.span, entry.span].map(|span| lowering.sources.is_library(span));
        if before == now {
            let (first, second) = in_order(known.span, entry.span, lowering);
            lowering.report(errors::defined_twice(&format!("{word} `{name}`"), name, first, second));
            continue;
        }
        if before {
            std::mem::swap(known, &mut entry);
        }
        if word == fragment::WORD {
            entry.key = fragment::hidden(name);
            blocks.push(entry);
        }
    }
}

/// Reports names of what stands under a definition that cannot be any.
fn check_names_of(inner: &[Definition], lowering: &mut Lowering<'_>) {
    for one in inner {
        is_name(one.kind.words(), &one.name, true, lowering);
    }
}

/// Whether a thing may be called so; reports if it may not.
fn is_name(words: &str, name: &Named, has_folder: bool, lowering: &mut Lowering<'_>) -> bool {
    if !valid(&name.name) {
        lowering.report(errors::invalid_name(words, &name.name, name.span));
        return false;
    }
    let flaw = filename::flaw(&name.name).filter(|_| has_folder);
    if let Some(flaw) = &flaw {
        lowering.report(errors::no_folder(words, &name.name, flaw, name.span));
    }
    flaw.is_none()
}

/// Whether this is the first definition of its name; reports the second.
fn first_of(group: String, pair: &Pair, seen: &mut BTreeMap<(Arc<str>, Arc<str>), Span>, what: &str, lowering: &mut Lowering<'_>) -> bool {
    match seen.get(&(Arc::from(group.as_str()), Arc::clone(&pair.key.text))) {
        Some(first) => {
            let (first, second) = in_order(*first, pair.key_span, lowering);
            lowering.report(errors::defined_twice(what, &pair.key.text, first, second));
            false
        }
        None => {
            seen.insert((group.into(), Arc::clone(&pair.key.text)), pair.key_span);
            true
        }
    }
}

/// Names of classes stay within platc, but they are written as `kind/name`.
pub(super) fn class_name(name: &str) -> bool {
    let legal = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.');
    (1..=63).contains(&name.len()) && name.starts_with(|char: char| char.is_ascii_alphanumeric()) && name.chars().all(legal)
}

/// Of two definitions of a name the one in the root file of the project is the one that is meant; otherwise the order of files decides.
pub(super) fn in_order(first: Span, second: Span, lowering: &Lowering<'_>) -> (Span, Span) {
    let root = |span: Span| lowering.sources.path(span.file).starts_with("platform.");
    if root(second) && !root(first) { (second, first) } else { (first, second) }
}

/// Whether a thing that is made may be called so: as what is written, and there are folders of that name.
pub(crate) fn is_made_name(name: &str) -> bool {
    valid(name) && filename::flaw(name).is_none()
}

/// A name becomes part of paths, of Kubernetes names and of DNS labels, so it is one DNS label (RFC 1123).
pub(super) fn valid(name: &str) -> bool {
    let alphanumeric = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit();
    name.len() <= 63
        && name.starts_with(alphanumeric)
        && name.ends_with(alphanumeric)
        && name.chars().all(|char| alphanumeric(char) || char == '-')
}

/// `platform` without its `defaults`, which are layers of other definitions.
fn platform(pair: &Pair, defaults: &mut Vec<(Kind, Layered)>, lowering: &mut Lowering<'_>) -> Entry {
    let layer = lowering.layer(Layer::Body("platform".into()));
    let mut entries = Vec::new();
    for field in lowering.pairs(&pair.value, "the platform") {
        if &*field.key.text == "defaults" {
            *defaults = lowering.defaults(&field.value, None, |kind| Layer::PlatformDefaults(kind.plural().into()));
        } else if !lowering.is_misplaced_word(field) {
            entries.push(lowering.entry(field, layer));
        }
    }
    let value = lowering.map(entries, Origin { span: pair.value.span, layer });
    Entry::plain("platform", pair.key_span, value)
}

/// Positions by name; of two with the same name the first counts.
#[derive(Clone, Debug, Default)]
pub(super) struct DefinitionIndex {
    definitions: BTreeMap<Kind, Positions>,
    classes: BTreeMap<Kind, Positions>,
    environments: Positions,
}

type Positions = BTreeMap<Arc<str>, usize>;

impl DefinitionIndex {
    pub(super) fn of(definitions: &Definitions) -> Self {
        let mut names = Self::default();
        for (at, definition) in definitions.definitions.iter().enumerate() {
            names.definitions.entry(definition.kind).or_default().entry(Arc::clone(&definition.name.name)).or_insert(at);
        }
        for (at, class) in definitions.classes.iter().enumerate() {
            let name = if class.is_hidden { Arc::clone(&class.full) } else { Arc::clone(&class.name.name) };
            names.classes.entry(class.kind).or_default().entry(name).or_insert(at);
        }
        for (at, environment) in definitions.environments.iter().enumerate() {
            names.environments.entry(Arc::clone(&environment.name.name)).or_insert(at);
        }
        names
    }

    pub(super) fn definition(&self, kind: Kind, name: &str) -> Option<usize> {
        self.definitions.get(&kind).and_then(|names| names.get(name)).copied()
    }

    pub(super) fn class(&self, kind: Kind, name: &str) -> Option<usize> {
        self.classes.get(&kind).and_then(|names| names.get(name)).copied()
    }

    pub(super) fn environment(&self, name: &str) -> Option<usize> {
        self.environments.get(name).copied()
    }
}

/// The steps of a path: names between dots, and `["…"]` for those that hold a dot. None if a bracket is not closed or a dot is missing.
pub(super) fn steps(path: &str) -> Option<Vec<&str>> {
    let mut steps = Vec::new();
    let mut rest = path;
    loop {
        let (step, after) = match rest.strip_prefix("[\"") {
            Some(quoted) => quoted.split_once("\"]")?,
            None => rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len())),
        };
        steps.push(step);
        rest = match after.strip_prefix('.') {
            Some(rest) => rest,
            None if after.is_empty() => return Some(steps),
            None if after.starts_with("[\"") => after,
            None => return None,
        };
    }
}

/// Reports names of environments and clusters that no definition has, wherever an overlay uses them.
pub(super) fn check_names(definitions: &Definitions, diagnostics: &mut Diagnostics) {
    let environments: Vec<&str> = definitions.environments.iter().map(|environment| &*environment.name.name).collect();
    let clusters: Vec<&str> = definitions.clusters().collect();
    let mut queue: Vec<&Definition> = definitions.definitions.iter().chain(&definitions.common.inner).collect();
    while let Some(definition) = queue.pop() {
        queue.extend(&definition.inner);
        for overlay in &definition.overlays {
            if let Some(environment) = &overlay.environment
                && definitions.environment(&environment.name).is_none()
            {
                diagnostics.push(errors::unknown_environment(&environment.name, environment.span, &environments));
            }
            if let Some(cluster) = &overlay.cluster {
                match definitions.definition(Kind::Cluster, &cluster.name) {
                    None => diagnostics.push(errors::unknown_cluster(&cluster.name, cluster.span, &clusters)),
                    Some(known) if known.is_abstract => diagnostics.push(errors::abstract_cluster(&cluster.name, cluster.span)),
                    Some(_) => {}
                }
            }
        }
    }
}
