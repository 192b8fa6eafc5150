//! The model: the platform resolved for every environment and cluster. Inheritance and expressions are gone, origins are kept.

mod absent;
mod allowance;
mod around;
mod assemble;
mod assumed;
mod blame;
mod check;
mod classed;
mod classes;
mod constants;
mod defaults;
mod delivery;
mod distinct;
mod elsewhere;
mod environments;
mod errors;
mod evaluate;
mod excerpt;
mod existence;
pub(crate) mod expansion;
mod fact;
mod family;
mod fields;
mod found;
mod givers;
mod identity;
mod index;
mod inner;
mod layers;
mod lines;
mod making;
pub(crate) mod metadata;
mod misplaced;
mod names;
mod naming;
mod nowhere;
mod outcome;
mod overriding;
mod parity;
mod pending;
mod placeless;
mod placement;
mod platform;
mod providers;
pub(crate) mod reference;
mod referrers;
mod rounds;
mod scope;
mod scope_parts;
mod secrets;
mod seen;
mod shared;
mod sight;
mod similar;
mod stacks;
mod teams;
mod theirs;
mod unfold;
mod used;
mod walk;
mod whole;
mod work;
mod world;

pub use absent::{Absent, AbsentThing, AbsentThings, WhyAbsent};
pub(crate) use allowance::{Cost, WorkPiece, in_turns};
pub(crate) use assumed::{Assumption, assumption};
pub(crate) use errors::{decided_late, outcome_too_large, platform_too_costly, spread_needs_map, used_here};
pub(crate) use expansion::{Expanded, Expansion};
pub(crate) use family::{Families, Made, Member, in_families};
pub(crate) use found::Found;
pub use found::Met;
pub(crate) use givers::{ACCEPTS, address as giver_address, identity as giver_identity};
pub use identity::Identity;
pub(crate) use index::EntityIndex;
pub use making::{Handed, MadeBy};
pub(crate) use names::{Names, Plural, To};
pub(crate) use naming::output as output_name;
pub(crate) use outcome::Why;
pub(crate) use scope::Scope;
pub(crate) use secrets::is_credential;
pub(crate) use seen::Sight;
pub(crate) use teams::reaching;
pub(crate) use used::UsedFragment;
pub(crate) use world::World;

use crate::definition::Definitions;
pub(crate) use crate::definition::root::Within;
use crate::diagnostic::Diagnostics;
use crate::expression::Reference;
use crate::facts::Facts;
use crate::ledger;
use crate::name::Kind;
use crate::path::Path;
use crate::secret::Secrets;
use crate::source::Sources;
use crate::span::Span;
use crate::subject::{Subject, Thing};
use crate::value::Value;
use assemble::Assembled;
use excerpt::Excerpt;
pub(crate) use existence::{FORGET, Presence};
use lines::Lines;
use std::sync::Arc;

/// Names one entity of a [`Model`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EntityId(pub u32);

/// Names one environment of a [`Model`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EnvironmentId(pub u32);

/// Names one class of the definitions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ClassId(pub u32);

/// The resolved platform.
#[derive(Clone, Debug)]
pub struct Model {
    /// What holds for the whole platform.
    pub platform: Platform,
    /// The environments that are not abstract: shared ones that `platform.promotion` does not name, those that it names in its order, then the others, by identity.
    pub environments: Vec<Environment>,
    /// What must not be shown.
    pub secrets: Secrets,
    /// What expressions of things met by names, of which some were computed; sorted.
    pub met: Vec<Met>,
    /// What Terraform has made known.
    pub facts: Facts,
    /// What is not there, though it could be, and why.
    pub absent: AbsentThings,
    /// What makers handed on to what they make, by number.
    pub handed: Vec<Handed>,
    /// Everything that exists, by environment, then kind (as in [`Kind::ALL`]), cluster and name in written order.
    pub entities: Vec<Entity>,
}

/// How what is rendered for environments and clusters is laid out in the output.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// Bases and overlays with patches.
    Overlays,
    /// The direct rendering of each environment and cluster.
    Rendered,
}

/// `platform`, checked.
#[derive(Clone, Debug)]
pub struct Platform {
    /// `platform.name`
    pub name: Arc<str>,
    /// `platform.domain`
    pub domain: Arc<str>,
    /// `platform.output`, relative to the project, default `dist`.
    pub output: Arc<str>,
    /// `platform.repository`: where whoever installs the output finds it.
    pub repository: Option<Repository>,
    /// `platform.kustomize.layout`
    pub layout: Layout,
    /// `platform.argocd.hub`: the cluster from which things are installed on all others; none: each cluster sees to itself.
    pub hub: Option<Arc<str>>,
    /// The whole definition with its origins.
    pub value: Value,
}

/// Where the output is kept.
#[derive(Clone, Debug)]
pub struct Repository {
    /// Its URL.
    pub url: Arc<str>,
    /// Folder of the output in the repository, without slashes at the ends; may be empty.
    pub path: Arc<str>,
    /// Branch, tag or commit; default `main`.
    pub revision: Arc<str>,
}

impl Repository {
    /// A path of the output, as the repository has it.
    #[must_use]
    pub fn below(&self, path: &str) -> String {
        if self.path.is_empty() { path.to_owned() } else { format!("{}/{path}", self.path) }
    }
}

/// One environment that is not abstract.
#[derive(Clone, Debug)]
pub struct Environment {
    /// The name under which it is written: what paths, overlays and commands call it.
    pub name: Arc<str>,
    /// What names it outside, and in expressions.
    pub identity: Identity,
    /// Names of its line of ancestors, farthest first, itself last; abstract ones included.
    pub line: Vec<Arc<str>>,
    /// Whether all others see its clusters and infrastructure by their names, and only what names it is in it.
    pub is_shared: bool,
    /// All its fields, merged along its line.
    pub value: Value,
    /// Where it is defined: the key of its name.
    pub defined: Span,
}

/// A definition after resolving: one thing in one environment and, for placed kinds, on one cluster.
#[derive(Clone, Debug)]
pub struct Entity {
    /// What kind of thing.
    pub kind: Kind,
    /// The name under which it is written: `gc0`, `default`, `cert-manager`. It addresses: paths, keys of plurals, placement, commands.
    pub name: Arc<str>,
    /// What names it outside, and in expressions.
    pub identity: Identity,
    /// The environment it is in.
    pub environment: EnvironmentId,
    /// The cluster it is in or on; none for clusters and infrastructure without placement.
    pub cluster: Option<EntityId>,
    /// The tenant of an application, on the same cluster.
    pub tenant: Option<EntityId>,
    /// Its class.
    pub class: ClassId,
    /// The class in words: `service/cert-manager`.
    pub class_name: Arc<str>,
    /// The class as a value: its short name, `cert-manager`, from where it is said that the thing has it, else from the class.
    pub class_value: Value,
    /// All fields, resolved and evaluated: class fields and language fields (`labels`, `description`, …) alike.
    pub value: Value,
    /// What the compiler computes for it, such as `fullName`, `domain`, `fqdn` and `tags` of a cluster.
    pub computed: Value,
    /// Where it is defined: the key of its name.
    pub defined: Span,
    /// Its model path: `apps.clusters.gc0.services.cert-manager`.
    pub path: Arc<str>,
    /// The same as data, for diagnostics.
    pub thing: Arc<Thing>,
    /// The Terraform stack its Terraform joins.
    pub stack: Option<Arc<str>>,
    /// Who made it; none of what is written.
    pub made: Option<Arc<MadeBy>>,
    /// What the expressions of its own fields read before they were evaluated: literal names, wherever they came from.
    pub reads: Arc<[Reference]>,
    /// What is changed of what its class makes, as it is written: a map for each layer of `override`, weakest first. Its expressions see what
    /// those of the class see; among the fields they stand as text.
    pub overrides: Arc<[Value]>,
}

/// Resolves definitions to the model: merges layers, decides what exists where, evaluates, names and checks. For a question about what a path
/// leads to, only of that and of what it reads.
pub(crate) fn resolve(
    definitions: &Definitions,
    sources: &Sources,
    facts: Facts,
    (asked, presence): (Option<&Path>, Presence),
    diagnostics: &mut Diagnostics,
) -> Model {
    let platform = platform::resolve(definitions, sources, diagnostics);
    let environments = environments::resolve(definitions, &platform, sources, diagnostics);
    let chains = environments.iter().map(|environment| environment.line.clone()).collect();
    let lines = Lines::new(definitions, chains, assemble::most(sources.bytes()), diagnostics);
    providers::check(definitions, diagnostics);
    let secrets = secrets::collect(definitions, &lines, sources);
    let empty = Model {
        platform,
        environments,
        secrets,
        met: Vec::new(),
        facts,
        absent: AbsentThings::default(),
        handed: Vec::new(),
        entities: Vec::new(),
    };
    // Which values are secret follows from all that an expression makes, wherever it does.
    // What is made may come from anywhere.
    let asked = asked.filter(|_| empty.secrets.names.is_empty() && definitions.makers.is_empty());
    if let Some(excerpt) = asked.and_then(|path| Excerpt::of(path, &empty.environments, definitions)) {
        let mut said = Diagnostics::default();
        if let Some(model) = ledger::attempt(|| things(definitions, &lines, sources, (Some(&excerpt), presence), empty.clone(), &mut said))
        {
            diagnostics.append(said);
            return model;
        }
    }
    things(definitions, &lines, sources, (None, presence), empty.clone(), diagnostics).unwrap_or(empty)
}

/// A model with its things; none if they are an excerpt and more was looked for.
fn things(
    definitions: &Definitions,
    lines: &Lines<'_>,
    sources: &Sources,
    (excerpt, presence): (Option<&Excerpt>, Presence),
    mut model: Model,
    diagnostics: &mut Diagnostics,
) -> Option<Model> {
    let assembled = assemble::all(definitions, lines, sources, excerpt, &mut model, diagnostics);
    let Assembled { entities, mut selectors, in_vain, reached, absent, made } = assembled;
    if excerpt.is_some_and(|excerpt| !excerpt.has_found(&entities)) {
        return None;
    }
    if excerpt.is_none() && definitions.lost.is_empty() {
        in_vain.into_iter().for_each(|one| diagnostics.push(one));
    }
    model.entities = entities;
    model.absent = absent;
    givers::by_identity(definitions, lines, &mut model.entities);
    making::left(definitions, lines, &made, &mut model, sources, diagnostics);
    // Of an excerpt it is not known what else there is, nor where sources cannot be read or something that is named is missing.
    let is_whole = excerpt.is_none() && definitions.lost.is_empty() && !diagnostics.has_errors();
    if is_whole {
        defaults::unused(definitions, lines, &model, &reached, diagnostics);
        shared::unused(definitions, lines, &model, diagnostics);
        givers::unknown(&model, diagnostics);
    }
    if !existence::decide(definitions, (excerpt, presence), &mut model, &mut selectors, sources, diagnostics) {
        return None;
    }
    if is_whole {
        let unmatched = selectors.into_iter().filter(|(_, is_met)| !is_met);
        let labels = placement::labels_in_use(&model);
        unmatched.for_each(|(selector, _)| diagnostics.push(errors::unmatched_selector(selector, &labels)));
    }
    if !stacks::decide(definitions, excerpt, &mut model, sources, diagnostics) {
        return None;
    }
    placeless::check(definitions, &model, diagnostics);
    identity::check(&model, diagnostics);
    stacks::collide(definitions, &model, diagnostics);
    shared::check(&model, diagnostics);
    let wrong = evaluate::all(definitions, excerpt, &mut model, sources, diagnostics)?;
    teams::check(&model, definitions, diagnostics);
    if is_whole {
        parity::unused(definitions, &model, diagnostics);
    }
    blame::join(&model, diagnostics);
    naming::check(&model, &wrong, diagnostics);
    Some(model)
}

impl Entity {
    /// The nearest thing that it is in or on: the tenant of an application, the cluster of anything else that has one.
    #[must_use]
    pub fn around(&self) -> Option<EntityId> {
        self.tenant.or(self.cluster)
    }

    /// What diagnostics about it speak of.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject::entity(&self.thing)
    }
}

impl Model {
    /// The entity of an id.
    ///
    /// # Panics
    /// If the id is of another model.
    #[must_use]
    #[allow(clippy::expect_used, reason = "ids are made by this model only")]
    pub fn entity(&self, id: EntityId) -> &Entity {
        self.entities.get(id.0 as usize).expect("an id of this model")
    }

    /// The environment of an id.
    ///
    /// # Panics
    /// If the id is of another model.
    #[must_use]
    #[allow(clippy::expect_used, reason = "ids are made by this model only")]
    pub fn environment(&self, id: EnvironmentId) -> &Environment {
        self.environments.get(id.0 as usize).expect("an id of this model")
    }

    /// What names an entity outside among those of its kind: its identity, that of an application behind its tenant's.
    #[must_use]
    pub fn outside(&self, entity: &Entity) -> Arc<str> {
        match entity.tenant {
            Some(tenant) => format!("{}-{}", self.entity(tenant).identity, entity.identity).into(),
            None => Arc::clone(entity.identity.text()),
        }
    }

    /// The same by the names under which things are written.
    pub(crate) fn outside_name(&self, entity: &Entity) -> Arc<str> {
        match entity.tenant {
            Some(tenant) => format!("{}-{}", self.entity(tenant).name, entity.name).into(),
            None => Arc::clone(&entity.name),
        }
    }

    /// All entities with their ids.
    pub fn entities(&self) -> impl Iterator<Item = (EntityId, &Entity)> {
        self.entities.iter().enumerate().map(|(at, entity)| (EntityId(u32::try_from(at).unwrap_or(u32::MAX)), entity))
    }

    /// All environments with their ids.
    pub fn environments(&self) -> impl Iterator<Item = (EnvironmentId, &Environment)> {
        self.environments.iter().enumerate().map(|(at, environment)| (EnvironmentId(u32::try_from(at).unwrap_or(u32::MAX)), environment))
    }
}
