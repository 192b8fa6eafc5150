//! What expressions see: a [`Host`](crate::expression::Host) over the entities of a model. Values are evaluated when something reads them, once, with a check for
//! circles. The same world serves values of definitions (whose templates are still in the model) and templates of classes.

use super::allowance::{Allowance, Cost, Exhausted};
use super::around::ItemPlaces;
use super::existence::{Later, Reach};
use super::found::Met;
use super::making::LoopPlace;
use super::names::{Names, To};
use super::placeless::ClassReads;
use super::reference::FoundReferrers;
use super::scope::Scope;
use super::seen::Sight;
use super::sight::NodePlace;
use super::used::UsedFragment;
use super::work::{Progress, WorkPlace};
use super::{Entity, EntityId, EntityIndex, EnvironmentId, Model, errors};
use crate::definition::root::Within;
use crate::definition::{Class, Definitions, making};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expression::{Absence, Fault, UseId, Val};
use crate::name::Kind;
use crate::schema::Referent;
use crate::secret::Secrets;
use crate::span::Span;
use crate::value::{Cause, Entry, Value};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// So many regular expressions are paid for once only.
const PATTERNS: usize = 32;

/// An output that was worked out, how it is seen, and whether anything else was met on the way.
type KnownOutput<'a> = (Value, Sight<'a>, bool);

/// An environment, a cluster and a tenant: from where something is looked for.
type Whereabouts = (EnvironmentId, Option<EntityId>, Option<EntityId>);

/// The things that suit what a reference asks for, all at one place.
type Suiting = BTreeMap<Referent, Vec<EntityId>>;

/// The model as expressions see it.
pub(crate) struct World<'a> {
    pub(crate) definitions: &'a Definitions,
    pub(crate) model: &'a Model,
    pub(super) index: &'a EntityIndex,
    /// What was evaluated.
    pub(super) memo: RefCell<BTreeMap<WorkPlace, Progress<'a>>>,
    /// Lists and maps that expressions hold while one outermost expression is evaluated.
    pub(super) places: RefCell<Vec<NodePlace<'a>>>,
    /// Lists and maps that iterators of loops stand for, as long as the world is.
    pub(super) kept: RefCell<Vec<NodePlace<'a>>>,
    /// Values being evaluated, outermost first: which, and where each stands.
    pub(super) busy: RefCell<Vec<(WorkPlace, Span)>>,
    /// How many rounds of loops there were.
    pub(super) round_count: Cell<u64>,
    /// What loops of each thing have made.
    pub(super) looped: RefCell<BTreeMap<EntityId, usize>>,
    pub(super) depth: Cell<u32>,
    pub(super) allowance: Allowance,
    /// Expressions that were found to read a secret.
    pub(super) tainting: RefCell<Secrets>,
    /// Whether the evaluation at hand has read one.
    pub(super) tainted: Cell<bool>,
    /// Things that computed names gave, and all others that were met by name.
    pub(super) met: RefCell<BTreeSet<Met>>,
    /// Where the expression at hand stands.
    pub(super) at: Cell<Option<Span>>,
    /// Whether the evaluation at hand has met anything but the thing itself and what all things of its environment share.
    pub(super) outside: Cell<bool>,
    /// What it has read.
    pub(super) reads: RefCell<Vec<Cause>>,
    /// What was given to it last, if its place in the expression is not known yet.
    pub(super) given: RefCell<Option<Value>>,
    /// Things of which it is told that their expressions take too many steps.
    pub(super) told: RefCell<BTreeSet<Option<EntityId>>>,
    /// Outputs that were worked out.
    pub(super) outputs: RefCell<BTreeMap<WorkPlace, KnownOutput<'a>>>,
    /// Things that references can mean where nobody says which, by where they are looked for.
    pub(super) suiting: RefCell<BTreeMap<Whereabouts, Suiting>>,
    /// What expressions made, with defaults that are expressions, too.
    pub(super) completed: RefCell<BTreeMap<WorkPlace, Value>>,
    /// Expressions of which such defaults are being evaluated.
    pub(super) completing: RefCell<Vec<usize>>,
    /// Items that defaults have read.
    pub(super) items_around: RefCell<ItemPlaces<'a>>,
    /// Who refers to what, by environment and field.
    pub(super) referrers: RefCell<BTreeMap<(EnvironmentId, Arc<str>), FoundReferrers>>,
    /// How what is made sees the rounds of the loops of its maker.
    pub(super) loops: RefCell<BTreeMap<LoopPlace, Arc<Vec<Sight<'a>>>>>,
    /// What depends on what is worked out, as long as it is being decided what exists.
    pub(super) early: RefCell<Option<String>>,
    /// What classes read that needs a cluster.
    pub(super) needing: RefCell<ClassReads>,
    /// The uses of fragments that are being expanded, innermost last.
    pub(super) uses: RefCell<Vec<UsedFragment<'a>>>,
    /// Which of them the expression at hand came with.
    pub(super) use_: Cell<Option<UseId>>,
    /// Regular expressions that were met and paid for.
    patterns: RefCell<BTreeSet<Arc<str>>>,
    pub(crate) diagnostics: RefCell<Diagnostics>,
}

impl<'a> World<'a> {
    /// A world whose evaluations may cost so much together.
    pub(crate) fn new(definitions: &'a Definitions, model: &'a Model, index: &'a EntityIndex, cost: Cost) -> Self {
        Self {
            definitions,
            model,
            index,
            memo: RefCell::new(BTreeMap::new()),
            places: RefCell::new(Vec::new()),
            kept: RefCell::new(Vec::new()),
            busy: RefCell::new(Vec::new()),
            round_count: Cell::new(0),
            looped: RefCell::new(BTreeMap::new()),
            depth: Cell::new(0),
            allowance: Allowance::new(cost),
            told: RefCell::new(BTreeSet::new()),
            outputs: RefCell::new(BTreeMap::new()),
            suiting: RefCell::new(BTreeMap::new()),
            completed: RefCell::new(BTreeMap::new()),
            completing: RefCell::new(Vec::new()),
            items_around: RefCell::new(ItemPlaces::default()),
            referrers: RefCell::new(BTreeMap::new()),
            loops: RefCell::new(BTreeMap::new()),
            early: RefCell::new(None),
            needing: RefCell::new(ClassReads::new()),
            uses: RefCell::new(Vec::new()),
            use_: Cell::new(None),
            patterns: RefCell::new(BTreeSet::new()),
            tainting: RefCell::new(Secrets::default()),
            met: RefCell::new(BTreeSet::new()),
            at: Cell::new(None),
            outside: Cell::new(false),
            reads: RefCell::new(Vec::new()),
            given: RefCell::new(None),
            tainted: Cell::new(false),
            diagnostics: RefCell::new(Diagnostics::default()),
        }
    }

    /// Whether a regular expression is met for the first time. Only a few are kept compiled, so of many all are always new.
    pub(super) fn is_new_pattern(&self, pattern: &Arc<str>) -> bool {
        let mut known = self.patterns.borrow_mut();
        if known.contains(pattern) {
            return false;
        }
        if known.len() < PATTERNS {
            known.insert(Arc::clone(pattern));
        }
        true
    }

    /// What its names stand for.
    pub(crate) fn names(&self) -> Names<'_> {
        Names::new(self.model, self.index)
    }

    /// Whether a name of a kind may be that of a thing which is not here because of something that was reported: where it is defined cannot
    /// be read, or its class is missing.
    pub(super) fn may_define(&self, kind: Kind, name: &str) -> bool {
        let is_unmade = self.definitions.makers.lost().contains(&kind) || self.model.absent.lacks_made(kind);
        is_unmade || self.definitions.may_define(kind, name) || self.model.absent.is_classless(kind, name)
    }

    /// The entity of an id.
    pub(crate) fn entity(&self, id: EntityId) -> &'a Entity {
        self.model.entity(id)
    }

    /// With what the cost was used up, if it was.
    pub(crate) fn exhausted(&self) -> Option<Exhausted> {
        self.allowance.exhausted()
    }

    /// Whether the cost is used up, so that whatever is still done is thrown away.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.allowance.exhausted().is_some()
    }

    /// Pays for walking through values of so much weight, and for keeping some of them.
    pub(crate) fn charge(&self, owner: EntityId, walked: usize, kept: usize) {
        self.allowance.charge(owner, Cost { steps: walked, weight: kept });
    }

    pub(crate) fn report(&self, diagnostic: Diagnostic) {
        self.diagnostics.borrow_mut().push(diagnostic);
    }

    pub(crate) fn class(&self, entity: &Entity) -> Option<&'a Class> {
        self.definitions.classes.get(entity.class.0 as usize).map(AsRef::as_ref)
    }

    /// Refuses to read what is known only when it is decided what exists, as long as that is being decided.
    pub(super) fn too_early(&self, what: Later) -> Result<(), Fault> {
        let early = self.early.borrow();
        let Some(depends) = early.as_deref() else { return Ok(()) };
        let mut chain: Vec<Span> = self.busy.borrow().iter().map(|(_, span)| *span).collect();
        chain.extend(self.at.get());
        // A value and the expression that it is are one place.
        let is_in = |at: &Span, span: &Span| span.file == at.file && span.start <= at.start && at.end <= span.end;
        chain.dedup_by(|next, before| is_in(next, before) || is_in(before, next));
        Err(Fault::Diagnostic(Box::new(errors::existence_reads(depends, "it", &Reach { chain, what }))))
    }

    /// Refuses what a name stands for, as long as it is being decided what exists and that is not known.
    pub(super) fn known_early(&self, to: Option<To>) -> Result<(), Fault> {
        match to {
            Some(To::Every(plural)) => self.too_early(Later::Things(plural.kind)),
            Some(To::In(_, kind) | To::Made(_, kind)) => self.too_early(Later::Things(kind)),
            Some(To::Environments(_)) => self.too_early(Later::Things(Kind::Cluster)),
            Some(To::Makings(_)) => self.too_early(Later::Made),
            Some(To::Terraform(..)) => self.too_early(Later::Outcome),
            Some(To::Entity(_) | To::Platform | To::Environment(_) | To::Stack(_) | To::Let(_) | To::Object) | None => Ok(()),
        }
    }

    /// What a thing makes under a key, as a reader sees it.
    pub(super) fn made_thing(&self, reader: Option<EntityId>, (maker, kind): (EntityId, Kind), key: &str) -> Result<Option<Val>, Fault> {
        match self.index.made(maker, kind, key) {
            Some(id) => {
                self.meets(reader.unwrap_or(maker), id);
                Ok(Some(self.thing_node(id)))
            }
            None if self.may_define(kind, &self.made_name(maker, kind, key)) => Err(Fault::Reported),
            None => Ok(None),
        }
    }

    /// The name of what a thing makes under a key: what stands under another is called by the key alone.
    pub(super) fn made_name(&self, maker: EntityId, kind: Kind, key: &str) -> Arc<str> {
        if kind.home().is_some() { key.into() } else { format!("{}-{key}", self.model.outside_name(self.entity(maker))).into() }
    }

    /// Why a thing does not make what its class makes under a key, or might.
    pub(super) fn not_made(&self, maker: EntityId, kind: Kind, key: &str) -> Option<Absence> {
        let class = self.class(self.entity(maker))?;
        let mut those = making::entries(class).filter(|(of, _)| *of == kind).map(|(_, entry)| entry);
        let is_it = |entry: &Entry| entry.template.is_some() || *entry.key == *key;
        those.any(is_it).then(|| errors::not_made(kind, key))
    }

    /// The kinds of what a thing may make, by their words.
    pub(super) fn makes_kinds(&self, maker: EntityId) -> Vec<Arc<str>> {
        let class = self.class(self.entity(maker));
        let mut kinds: Vec<Arc<str>> = class.into_iter().flat_map(making::entries).map(|(kind, _)| kind.plural().into()).collect();
        kinds.dedup();
        kinds
    }

    /// The kind of a word, if a thing may make such things.
    pub(super) fn makes(&self, maker: EntityId, word: &str) -> Option<Kind> {
        Kind::from_plural(word).filter(|_| self.makes_kinds(maker).iter().any(|known| **known == *word))
    }

    /// The scope of an entity's own values or of its class.
    pub(crate) fn scope(&self, owner: EntityId, within: Within) -> Scope<'_, 'a> {
        Scope { world: self, owner: Some(owner), within, locals: Vec::new(), round: None, stack: None }
    }

    /// The scope of what is seen so.
    pub(crate) fn scope_of(&self, sight: &Sight<'a>) -> Scope<'_, 'a> {
        Scope { round: sight.round().cloned(), ..self.scope(sight.owner, sight.within) }
    }

    /// Runs `work` so that nodes made inside stay valid until it ends.
    pub(crate) fn session<T>(&self, work: impl FnOnce() -> T) -> T {
        self.depth.set(self.depth.get() + 1);
        let result = work();
        self.depth.set(self.depth.get() - 1);
        if self.depth.get() == 0 {
            self.places.borrow_mut().clear();
        }
        result
    }
}
