//! lower: Documents → Definitions. Out of trees with spans come authored blocks: what each is named, what it inherits from, its body and
//! its overlays, every value with its origin; and the classes, loaded and checked. Nothing is inherited, merged (but classes) or evaluated here.

mod block;
mod capability;
mod check;
mod class;
mod class_places;
mod complete;
pub(crate) mod declarations;
pub(crate) mod directive;
mod emitted;
mod errors;
mod fields;
mod flag;
pub(crate) mod folders;
mod foreign;
pub(crate) mod fragment;
mod gone;
mod held;
mod heirs;
mod identity;
mod index;
mod inner;
mod keeping;
pub(crate) mod language;
mod library;
mod listed;
pub mod literal;
mod lower;
pub(crate) mod making;
mod memory;
mod named_classes;
mod operator;
pub(crate) mod output;
pub(crate) mod overriding;
pub(crate) mod provider;
pub(crate) mod reads;
pub(crate) mod root;
mod restate;
mod rule;
mod scope;
pub(crate) mod section;
pub(crate) mod shaping;
mod stray;
pub(crate) mod taken;
mod told;
mod unset;
mod whole;

pub(crate) use capability::promise_kept;
pub use capability::{Capabilities, Capability};
pub use class::Class;
pub(crate) use class_places::short_name;
pub(crate) use emitted::{CHART_FIELDS, CHART_REQUIRED, path_flaw};
pub(crate) use errors::{bad_flag, deprecated_class, hidden_path, incomplete_chart, unknown_part, unsafe_path};
pub(crate) use fields::made as check_object;
pub use fragment::{Fragment, Fragments, Taken, Use};
pub(crate) use identity::Identities;
pub(crate) use index::is_made_name as is_name;
pub use language::Language;
pub(crate) use library::LibraryNeeds;
pub use library::class_of;
pub(crate) use library::name_of as library_name;
pub(crate) use memory::ClassMemory;
pub use provider::ProviderName;
pub use rule::Rule;
pub(crate) use section::TOLD;
pub(crate) use shaping::METADATA;
pub(crate) use unset::unset;

use crate::custom::Tables;
use crate::diagnostic::Diagnostics;
use crate::document::{self, Document};
use crate::expression::{TypeScope, UseId};
use crate::files::Files;
use crate::name::Kind;
use crate::origin::{LayerId, Layers};
use crate::path::{Lost, Path};
use crate::source::{Grammar, Sources};
use crate::span::Span;
use crate::value::{Entry, Operator, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// A name where it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// The name.
    pub name: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

/// Everything authored in one project and the standard library.
#[derive(Clone, Debug)]
pub struct Definitions {
    /// All layers that values refer to.
    pub layers: Layers,
    /// `platform`: where its key stands, and its body.
    pub platform: Option<Entry>,
    /// `platform.defaults.<kind>`
    pub platform_defaults: Vec<(Kind, Layered)>,
    /// What `platform.defaults` says beside fields, and `defaults` of environments with it.
    pub common: Common,
    /// `environments` in written order of (sorted) files.
    pub environments: Vec<EnvironmentDefinition>,
    /// Definitions of kinds with classes: by file name, then written order.
    pub definitions: Vec<Definition>,
    /// `policies`: name and body.
    pub policies: Vec<Entry>,
    /// Classes of the standard library and the project, merged along their lines of ancestors and checked.
    pub classes: Vec<Arc<Class>>,
    /// What `provides` may promise, as far as it is declared.
    pub capabilities: Capabilities,
    /// Types with a template that classes share.
    pub fragments: Fragments,
    /// Which classes make other things, and in which order.
    pub(crate) makers: making::Makers,
    /// Kinds and names of the classes in the standard library that nothing names, so that they were not read.
    pub library: Vec<(Kind, Arc<str>)>,
    /// Fields that belong to the language.
    pub language: Language,
    /// `--set` of the command line: address of a definition, its environment if one is named, and the layer.
    pub flags: Vec<Flag>,
    /// What names things outside, for checking what is compared with a name.
    pub(crate) identities: Identities,
    /// What the sources may have said in parts that could not be read.
    pub lost: Lost,
    /// Files that are taken in.
    pub(crate) files: Arc<Files>,
    /// What kinds of objects and types of resources have.
    pub(crate) tables: Arc<Tables>,
    /// Files that `platform.folders` gives to teams.
    pub(crate) teams: folders::TeamFiles,
    /// Where aliases stand in the sources, and where what they repeat was written.
    pub aliases: Vec<(Span, Span)>,
    /// Fragments that overrides use.
    pub(crate) override_uses: overriding::OverrideUses,
    /// Where each name stands in the lists above.
    names: index::DefinitionIndex,
}

/// One `--set`.
#[derive(Clone, Debug)]
pub struct Flag {
    /// What is set: `platform`, or the address of a definition (`clusters.gc0`).
    pub address: Arc<str>,
    /// Only in this environment.
    pub environment: Option<Named>,
    /// Only on this cluster, for what may be on several.
    pub cluster: Option<Named>,
    /// What is written in front of the value, if only what is made can have the address.
    pub made: Option<Named>,
    /// The fields set, a map.
    pub value: Value,
}

/// What `defaults` say of kinds beside fields.
#[derive(Clone, Debug, Default)]
pub struct Common {
    /// `defaults.<kind>.class`, of the platform or of an environment.
    pub classes: Vec<CommonClass>,
    /// What all things of a kind have under them: the body is what `platform.defaults.tenants.applications` says of an application, an overlay
    /// what the same says in an environment.
    pub inner: Vec<Definition>,
}

/// The class of those things of a kind that neither say nor inherit one.
#[derive(Clone, Debug)]
pub struct CommonClass {
    /// Where that holds; none: in all environments.
    pub environment: Option<Arc<str>>,
    /// The kind.
    pub kind: Kind,
    /// The name of the class.
    pub class: Named,
    /// The layer of the defaults that say so.
    pub layer: LayerId,
}

/// One environment as written.
#[derive(Clone, Debug)]
pub struct EnvironmentDefinition {
    /// Its name.
    pub name: Named,
    /// The environment it inherits from.
    pub parent: Option<Named>,
    /// Only to be inherited.
    pub is_abstract: bool,
    /// `identity`, if it is written.
    pub identity: Option<Named>,
    /// Its fields but for `inherits`, `abstract`, `identity` and `defaults`.
    pub body: Value,
    /// `defaults.<kind>`.
    pub defaults: Vec<(Kind, Layered)>,
    /// What `metadata` says to everything in it, as a layer of definitions.
    pub metadata: Option<Layered>,
}

/// A value and the operator it meets weaker layers with.
#[derive(Clone, Debug)]
pub struct Layered {
    /// How it meets weaker layers.
    pub operator: Operator,
    /// What it says.
    pub value: Value,
    /// Where its key stands.
    pub span: Span,
}

/// One definition of a kind that has classes; or what one says about another that stands under it, as a cluster about its node pools and a
/// tenant about its applications.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: Named,
    /// Its address: `clusters.gc0`, `clusters.gc0.nodePools.default`, `platform.defaults.tenants.applications.web`.
    pub address: Arc<str>,
    /// `inherits`, weakest first.
    pub parents: Vec<Named>,
    /// `class`
    pub class: Option<Named>,
    /// `abstract`
    pub is_abstract: bool,
    /// `identity`, if it is written.
    pub identity: Option<Named>,
    /// All other fields of the body; none for what stands under another and only overlays mention.
    pub body: Option<Layered>,
    /// Overlays in written order: those for an environment, for a cluster, for both.
    pub overlays: Vec<Overlay>,
    /// Of what a maker says of a thing: as much of the body as it says in overlays itself. Environments' defaults are weaker than that.
    pub overlaid: Option<Value>,
    /// What it says about those that stand under it.
    pub inner: Vec<Definition>,
    /// Itself as its heirs see it, if that is something else; made when the first heir asks.
    handed_on: OnceLock<Option<Box<Definition>>>,
    /// Positions of the overlays for a cluster, made when somebody first asks: a service may have one for each of thousands.
    by_cluster: OnceLock<BTreeMap<Arc<str>, Vec<usize>>>,
}

/// What a definition says for an environment, for a cluster, or for a cluster in an environment.
#[derive(Clone, Debug)]
pub struct Overlay {
    /// The environment it is for.
    pub environment: Option<Named>,
    /// The cluster it is for.
    pub cluster: Option<Named>,
    /// Its fields.
    pub layered: Layered,
    /// Written around the pool or application it is for; weaker than what that says itself for the same environment.
    pub outer: bool,
}

/// Lowers documents to definitions. Documents of the command line are its `--set`. Memories say which documents are those of the time before,
/// and which classes were made of them.
pub(crate) fn lower(
    documents: &[Arc<Document>],
    (sources, files): (&Sources, &Arc<Files>),
    memories: (&document::DocumentMemory, &mut ClassMemory),
    diagnostics: &mut Diagnostics,
) -> Definitions {
    let (documents, teams) = folders::permitted(documents, sources, diagnostics);
    let documents = || documents.iter().map(AsRef::as_ref);
    let is_argument = |document: &&Document| sources.get(document.file).is_some_and(|source| source.grammar == Grammar::Argument);
    let mut lowering = lower::Lowering::new(sources, Arc::clone(files), diagnostics);
    let mut blocks = index::collect(documents().filter(|document| !is_argument(document)), &mut lowering);
    flag::read(documents().filter(is_argument), &mut blocks, &mut lowering);
    let (layers, common) = lowering.finish();
    let language = Language::load(sources, &blocks.language, diagnostics);
    let identities = Identities::of(&blocks, &common);
    let capabilities = Capabilities::load(&blocks.capabilities, &language, sources, diagnostics);
    let schemas = blocks.platform.as_ref().and_then(|platform| platform.value.get("schemas"));
    let tables = memories.1.tables(schemas, files, diagnostics);
    let around = fragment::FragmentSurroundings { language: &language, sources, shared: None, types: None };
    let fragments = fragment::load(&blocks.fragments, around, diagnostics);
    let surroundings = (&language, &fragments, &*tables);
    let (classes, mut makers, capabilities) = class::settled(&blocks.classes, surroundings, capabilities, sources, memories, diagnostics);
    let known = class::ClassKnown { language: &language, capabilities: &capabilities, fragments: &fragments, tables: &tables };
    let lost: Lost = documents().flat_map(|document| &document.lost).cloned().chain((!sources.is_whole()).then(Path::default)).collect();
    for kind in Kind::ALL {
        // What would be of a class stands where nothing could be read; or a class that makes something itself.
        let is_class =
            |lost: &Path| lost.is_within(&Path::of(["classes", kind.singular()])) || Path::of(["classes", kind.singular()]).is_within(lost);
        let speaks = |document: &Document| sources.get(document.file).is_some_and(|source| source.text.contains(making::SECTION));
        if documents().any(|document| document.lost.iter().any(is_class) && speaks(document)) {
            makers.doubt(kind, None);
        } else if lost.may_hold(&Path::of([kind.plural()])) || blocks.doubted.contains(&kind) {
            makers.doubt(kind, Some(&classes));
        }
    }
    check::fragments(&fragments, known, sources, diagnostics);
    capability::known(&classes, &capabilities, sources, diagnostics);
    let mut definitions = Definitions {
        layers,
        platform: blocks.platform,
        platform_defaults: blocks.platform_defaults,
        common,
        environments: blocks.environments,
        definitions: blocks.definitions,
        policies: blocks.policies,
        library: library::unread(sources, &classes),
        makers,
        classes,
        capabilities,
        fragments,
        language,
        flags: blocks.flags,
        identities,
        lost,
        files: Arc::clone(files),
        tables,
        teams,
        aliases: documents().flat_map(|document| &document.aliases).copied().collect(),
        override_uses: overriding::OverrideUses::default(),
        names: index::DefinitionIndex::default(),
    };
    definitions.override_uses = overriding::OverrideUses::of(&definitions, sources, diagnostics);
    fragment::tell_private(&definitions.classes, diagnostics);
    definitions.names = index::DefinitionIndex::of(&definitions);
    index::check_names(&definitions, diagnostics);
    identity::check(&definitions, sources, diagnostics);
    definitions
}

impl Definitions {
    /// Whether a name of a kind may be defined where nothing could be read.
    pub(crate) fn may_define(&self, kind: Kind, name: &str) -> bool {
        self.lost.holds(&Path::of([kind.plural(), name]))
    }

    /// The definition of a kind and name.
    #[must_use]
    pub fn definition(&self, kind: Kind, name: &str) -> Option<&Definition> {
        self.names.definition(kind, name).and_then(|at| self.definitions.get(at))
    }

    /// All definitions of a kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Definition> {
        self.definitions.iter().filter(move |definition| definition.kind == kind)
    }

    /// The names of clusters on which something can be.
    pub(crate) fn clusters(&self) -> impl Iterator<Item = &str> {
        self.of_kind(Kind::Cluster).filter(|cluster| !cluster.is_abstract).map(|cluster| &*cluster.name.name)
    }

    /// What the expressions of a policy may name: of one about entities of a kind, or, without a kind, about emitted objects.
    pub(crate) fn policy_scope(&self, kind: Option<Kind>) -> TypeScope {
        let known = scope::KnownTypes {
            classes: &self.classes,
            identities: &self.identities,
            capabilities: &self.capabilities,
            fragments: None,
            tables: &self.tables,
        };
        scope::of_policy(kind, &self.classes, &self.language, known)
    }

    /// The use of a fragment that an expression of a thing of a class came with.
    pub(crate) fn use_of<'a>(&'a self, class: &'a Class, id: UseId) -> Option<&'a Use> {
        let uses = if id.is_of_override() { self.override_uses.all() } else { class.uses.as_slice() };
        uses.get(id.index())
    }

    /// Whether some class makes things of a kind.
    pub(crate) fn may_make(&self, kind: Kind) -> bool {
        let makers = || self.classes.iter().enumerate().filter(|(at, _)| self.makers.stage(*at).is_some());
        self.makers.lost().contains(&kind) || makers().any(|(_, class)| making::entries(class).any(|(of, _)| of == kind))
    }

    /// The environment of a name.
    #[must_use]
    pub fn environment(&self, name: &str) -> Option<&EnvironmentDefinition> {
        self.names.environment(name).and_then(|at| self.environments.get(at))
    }

    /// The class of a kind and name, with its position in [`Definitions::classes`].
    #[must_use]
    pub fn class(&self, kind: Kind, name: &str) -> Option<(usize, &Class)> {
        let at = self.names.class(kind, name)?;
        self.classes.get(at).map(|class| (at, &**class))
    }
}
