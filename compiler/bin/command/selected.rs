//! Which things a command is about, and how much of a comparison is told: one set of words for all of them.

use super::{Failure, known};
use crate::render::diff::Detail;
use platc::model::{Entity, EntityId, Model};
use platc::name::Kind;
use platc::path::Path;
use platc::query::diff::Comparison;
use platc::query::parity::Parity;
use platc::query::path::{DeadEnd, PathSubject, find};
use std::collections::BTreeSet;

/// What a command looks at.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum, Default, Debug)]
pub(crate) enum Subjects {
    /// What is resolved
    #[default]
    Values,
    /// The files that `build` writes
    Artifacts,
}

/// The choice between these.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
pub(crate) struct Viewed {
    /// What to look at
    #[arg(long, value_enum, default_value_t = Subjects::Values)]
    pub(super) view: Subjects,
}

/// Which clusters and kinds a command is about.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct Around {
    /// Only this cluster and what is on it; may be given more than once
    #[arg(short, long = "cluster", value_name = "CLUSTER")]
    clusters: Vec<String>,
    /// Only things of this kind; may be given more than once
    #[arg(long = "kind", value_name = "KIND", value_parser = kind)]
    kinds: Vec<Kind>,
}

impl Around {
    fn is_all(&self) -> bool {
        self.clusters.is_empty() && self.kinds.is_empty()
    }

    fn check(&self, models: &[&Model]) -> Result<(), Failure> {
        let entities = || models.iter().flat_map(|model| &model.entities);
        let clusters = || entities().filter(|entity| entity.kind == Kind::Cluster).map(|cluster| &*cluster.name);
        self.clusters.iter().try_for_each(|name| known("cluster", name, clusters()))
    }

    /// Whether a thing is of a kind and on a cluster that are selected.
    fn has(&self, entity: &Entity, model: &Model) -> bool {
        let cluster = entity.cluster.map_or(entity, |cluster| model.entity(cluster));
        let is_on = || cluster.kind == Kind::Cluster && self.clusters.iter().any(|wanted| *cluster.name == **wanted);
        (self.clusters.is_empty() || is_on()) && (self.kinds.is_empty() || self.kinds.contains(&entity.kind))
    }
}

/// Which things a command is about that asks the platform as it is.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct Chosen {
    /// Only this environment; may be given more than once
    #[arg(short, long = "environment", value_name = "ENVIRONMENT")]
    environments: Vec<String>,
    #[command(flatten)]
    around: Around,
}

/// Things that are chosen; none: all.
pub(super) struct ChosenThings(Option<BTreeSet<EntityId>>);

impl ChosenThings {
    /// Those of one kind.
    pub(super) fn of_kind(self, kind: Kind, model: &Model) -> Self {
        let is_of = |(id, entity): &(EntityId, &Entity)| entity.kind == kind && self.has(*id);
        Self(Some(model.entities().filter(is_of).map(|(id, _)| id).collect()))
    }

    /// Whether a file is of things that are chosen.
    pub(super) fn has_file(&self, of: &[EntityId]) -> bool {
        self.0.is_none() || of.iter().any(|id| self.has(*id))
    }

    /// Whether a thing is chosen.
    pub(super) fn has(&self, id: EntityId) -> bool {
        self.0.as_ref().is_none_or(|ids| ids.contains(&id))
    }
}

impl Chosen {
    /// Whether nothing is left out.
    pub(super) fn is_all(&self) -> bool {
        self.environments.is_empty() && self.around.is_all()
    }

    /// The things that are chosen, also by paths, each with an environment in front or without; a dead end if one leads nowhere.
    pub(super) fn things(&self, paths: &[String], model: &Model) -> Result<Result<ChosenThings, DeadEnd>, Failure> {
        let environments = || model.environments.iter().map(|environment| &*environment.name);
        self.environments.iter().try_for_each(|name| known("environment", name, environments()))?;
        self.around.check(&[model])?;
        if self.is_all() && paths.is_empty() {
            return Ok(Ok(ChosenThings(None)));
        }
        let mut wanted: Vec<Wanted> = Vec::new();
        for path in paths {
            match Wanted::of(path, model)? {
                Ok(found) => wanted.push(found),
                Err(lost) => return Ok(Err(lost)),
            }
        }
        let is_in = |entity: &Entity| {
            self.environments.is_empty() || self.environments.iter().any(|name| *model.environment(entity.environment).name == **name)
        };
        let is_chosen = |(id, entity): &(EntityId, &Entity)| {
            is_in(entity) && self.around.has(entity, model) && (wanted.is_empty() || wanted.iter().any(|wanted| wanted.has(*id, entity)))
        };
        Ok(Ok(ChosenThings(Some(model.entities().filter(is_chosen).map(|(id, _)| id).collect()))))
    }
}

/// Whether a path begins with a kind, so that it speaks of each environment.
pub(super) fn is_everywhere(text: &str) -> bool {
    text.split('.').next().is_some_and(|key| Kind::from_plural(key).is_some())
}

/// What one path chooses.
enum Wanted {
    /// With an environment in front: these, with all that is in or on them.
    Things { ids: BTreeSet<EntityId>, below: BTreeSet<Path> },
    /// In each environment.
    Everywhere(Parity),
}

impl Wanted {
    fn of(text: &str, model: &Model) -> Result<Result<Self, DeadEnd>, Failure> {
        let is_environment = || model.environments.iter().any(|environment| text.split('.').next() == Some(&*environment.name));
        if let Ok(path) = text.parse()
            && is_everywhere(text)
            && !is_environment()
        {
            let everywhere = Parity::at(vec![path]);
            let is_there = model.entities.iter().any(|entity| everywhere.allows(entity, &Path::default()));
            return if is_there { Ok(Ok(Self::Everywhere(everywhere))) } else { Err(nothing_at(text, &[model])) };
        }
        Ok(find(model, text).map(|end| Self::things(&end.subject, model)))
    }

    fn things(subject: &PathSubject<'_>, model: &Model) -> Self {
        let ids: BTreeSet<EntityId> = match subject {
            PathSubject::Model => model.entities().map(|(id, _)| id).collect(),
            PathSubject::Environment(of) => model.entities().filter(|(_, entity)| entity.environment == *of).map(|(id, _)| id).collect(),
            PathSubject::Kind(ids) => ids.iter().copied().collect(),
            PathSubject::Entity(id) => BTreeSet::from([*id]),
            PathSubject::Value(_, of) => of.iter().copied().collect(),
        };
        let below = ids.iter().map(|id| model.entity(*id).thing.path()).collect();
        Self::Things { ids, below }
    }

    fn has(&self, id: EntityId, entity: &Entity) -> bool {
        match self {
            Self::Things { ids, below } => ids.contains(&id) || is_below(&entity.thing.path(), below),
            Self::Everywhere(parity) => parity.allows(entity, &Path::default()),
        }
    }
}

/// Whether a path, or one that it is below, is among some.
fn is_below(path: &Path, above: &BTreeSet<Path>) -> bool {
    let mut steps = Path::default();
    path.steps().iter().any(|step| {
        steps.push(step.clone());
        above.contains(&steps)
    })
}

/// What is selected of a comparison.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct Selected {
    #[command(flatten)]
    around: Around,
    /// Only count what differs in each thing
    #[arg(long, conflicts_with = "name_only")]
    stat: bool,
    /// Only name the things that differ
    #[arg(long)]
    name_only: bool,
    /// Only what is at these paths or below.
    #[arg(skip)]
    paths: Vec<(String, Parity)>,
}

/// A kind, in either number.
fn kind(text: &str) -> Result<Kind, String> {
    let found = Kind::from_singular(text).or_else(|| Kind::from_plural(text));
    found.ok_or_else(|| format!("there are {}", platc::name::listed(Kind::ALL.iter().map(|kind| kind.singular()))))
}

/// Says that a path without an environment leads to nothing, and what is near.
fn nothing_at(text: &str, models: &[&Model]) -> Failure {
    let entities = || models.iter().flat_map(|model| &model.entities);
    let paths = || entities().map(|entity| entity.thing.place.to_string());
    let known: Vec<String> = paths().chain(entities().map(|entity| entity.thing.definition.to_string())).collect();
    let near = platc::name::nearest(text, known.iter().map(String::as_str));
    let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    Failure::Usage(format!("nothing is at `{text}`{hint}"))
}

/// All of a kind, in whatever it stands.
fn whole(text: &str) -> Option<Path> {
    let kind = Kind::from_plural(text)?;
    Some(kind.home().map_or_else(|| Path::of([text]), |home| Path::of([home.plural(), "*", text])))
}

impl Selected {
    /// The names of environments that a command line begins with, and what is selected by the paths behind them.
    pub(super) fn of<'n>(&self, names: &'n [String]) -> Result<(&'n [String], Self), Failure> {
        // Names of environments hold no dots; what is called as a kind may be all of it.
        let is_path = |name: &String| name.contains('.') || Kind::from_plural(name).is_some();
        let at = names.iter().position(is_path).unwrap_or(names.len());
        let (environments, paths) = names.split_at(at);
        let read = |text: &String| match whole(text).map_or_else(|| text.parse::<Path>(), Ok) {
            Ok(path) => Ok((text.clone(), Parity::at(vec![path]))),
            Err(_) => Err(Failure::Usage(format!("`{text}` is no path"))),
        };
        Ok((environments, Self { paths: paths.iter().map(read).collect::<Result<_, _>>()?, ..self.clone() }))
    }

    /// Fails if something is selected that is in none of these.
    pub(super) fn check(&self, models: &[&Model]) -> Result<(), Failure> {
        self.around.check(models)?;
        let entities = || models.iter().flat_map(|model| &model.entities);
        match self.paths.iter().find(|(_, path)| !entities().any(|entity| path.speaks_of(entity))) {
            None => Ok(()),
            Some((text, _)) => Err(nothing_at(text, models)),
        }
    }

    /// Whether nothing is left out.
    pub(super) fn is_all(&self) -> bool {
        self.around.is_all() && self.paths.is_empty()
    }

    /// What is selected in these environments, or in all if there are none, by model path.
    pub(super) fn part(&self, environments: &[String], models: &[&Model]) -> SelectedPart {
        let mut things = BTreeSet::new();
        for model in models.iter().filter(|_| !self.is_all()) {
            // Of a value, whatever is said of the thing that has it.
            let whole = Path::default();
            let at: Vec<Parity> = self.paths.iter().map(|(_, at)| at.clone()).collect();
            let has_thing = |at: &&Parity| model.entities.iter().any(|entity| at.allows(entity, &whole));
            let (of_things, of_values): (Vec<&Parity>, Vec<&Parity>) = at.iter().partition(has_thing);
            let is_at = |entity: &Entity| {
                at.is_empty() || of_things.iter().any(|at| at.allows(entity, &whole)) || of_values.iter().any(|at| at.speaks_of(entity))
            };
            for entity in model.entities.iter().filter(|entity| is_at(entity) && self.around.has(entity, model)) {
                things.insert(entity.thing.path());
                things.insert(outside(entity, model));
            }
        }
        SelectedPart { environments: environments.to_vec(), things: (!self.is_all()).then_some(things) }
    }

    /// How much is told.
    pub(super) fn detail(&self, all: bool) -> Detail {
        match (self.stat, self.name_only) {
            (true, _) => Detail::Counts,
            (false, true) => Detail::Names,
            (false, false) if all => Detail::All,
            (false, false) => Detail::Values,
        }
    }

    /// Takes out what is not selected.
    pub(super) fn select(&self, comparison: &mut Comparison<'_>) {
        if !self.is_all() {
            comparison.select(&|entity, model, path| self.covers(entity, model, path));
        }
    }

    pub(super) fn covers(&self, entity: &Entity, model: &Model, path: &Path) -> bool {
        self.around.has(entity, model) && (self.paths.is_empty() || self.paths.iter().any(|(_, at)| at.allows(entity, path)))
    }
}

/// What is selected of two versions of a platform.
pub(super) struct SelectedPart {
    /// Names of environments; none: all.
    environments: Vec<String>,
    /// Model paths of things, by their names and by what they are called outside; none: all.
    things: Option<BTreeSet<Path>>,
}

impl SelectedPart {
    /// Whether nothing is left out.
    pub(super) fn is_all(&self) -> bool {
        self.environments.is_empty() && self.things.is_none()
    }

    /// Whether only some things are selected.
    pub(super) fn has_things(&self) -> bool {
        self.things.is_some()
    }

    /// Whether what is at a model path is selected.
    pub(super) fn has(&self, path: &Path) -> bool {
        let is_in = |name: &String| path.is_within(&Path::of([name]));
        (self.environments.is_empty() || self.environments.iter().any(is_in))
            && self.things.as_ref().is_none_or(|things| things.contains(path))
    }
}

/// A thing's model path with what names it outside, as the index remembers what keeps data.
fn outside(entity: &Entity, model: &Model) -> Path {
    let cluster = entity.cluster.map(|id| [Kind::Cluster.plural(), &*model.entity(id).name]);
    let tenant = entity.tenant.map(|id| [Kind::Tenant.plural(), &**model.entity(id).identity.text()]);
    let own = [entity.kind.plural(), entity.identity.text()];
    let keys = cluster.into_iter().chain(tenant).chain([own]).flatten();
    Path::of([&*model.environment(entity.environment).name].into_iter().chain(keys))
}
