//! Model paths: `apps.clusters.gc0.nodePools.default.size.min`. A name that holds a dot is written `services["a.b"]`, an item of a list
//! `zones[0]`. An environment comes first, then plural kinds with names (those on a cluster behind their cluster, applications behind their
//! tenant), then fields.

use crate::model::{Absent, Entity, EntityId, Environment, EnvironmentId, Model, WhyAbsent};
use crate::name::{Kind, listed, nearest};
use crate::path::{BadPath, Path, Step};
use crate::source::Sources;
use crate::span::Span;
use crate::subject::Thing;
use crate::value::{Data, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a path leads to.
#[derive(Clone, Debug)]
pub struct PathEnd<'a> {
    /// The path as platc writes it.
    pub path: Path,
    /// What is there.
    pub subject: PathSubject<'a>,
}

/// Something a path can name.
#[derive(Clone, Debug)]
pub enum PathSubject<'a> {
    /// The empty path: everything.
    Model,
    /// An environment.
    Environment(EnvironmentId),
    /// All entities of a kind, in an environment or on a cluster.
    Kind(Vec<EntityId>),
    /// An entity.
    Entity(EntityId),
    /// A value: of an entity, or of the platform.
    Value(&'a Value, Option<EntityId>),
}

/// Why a path leads nowhere, as a sentence with a way out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeadEnd {
    /// One lower-case sentence.
    pub message: String,
    /// What to try, if something is near.
    pub hint: Option<String>,
    /// Where it is written why, if it is.
    pub at: Option<Span>,
}

impl DeadEnd {
    /// With the place in words, for who reads it.
    #[must_use]
    pub fn placed(self, sources: &Sources) -> Self {
        let Some(span) = self.at else { return self };
        let place = format!("that is written at {}", sources.place(span));
        let hint = self.hint.map_or_else(|| place.clone(), |hint| format!("{hint}; {place}"));
        Self { hint: Some(hint), ..self }
    }
}

/// Finds what a path names.
///
/// # Errors
/// If the path is badly written or leads nowhere.
pub fn find<'a>(model: &'a Model, path: &str) -> Result<PathEnd<'a>, DeadEnd> {
    find_steps(model, parse(path)?.steps())
}

/// Finds what these steps lead to.
pub(super) fn find_steps<'a>(model: &'a Model, steps: &[Step]) -> Result<PathEnd<'a>, DeadEnd> {
    let Some((first, rest)) = steps.split_first() else { return Ok(PathEnd { path: Path::default(), subject: PathSubject::Model }) };
    let walk = PathWalk { model, steps };
    let environments = || model.environments.iter().map(|environment| &*environment.name);
    match first {
        Step::Key(name) if &**name == "platform" && !environments().any(|known| known == "platform") => {
            walk.value(&model.platform.value, None, None, 1)
        }
        // As it is written: what the model calls by its name.
        Step::Key(name) if &**name == "environments" && !rest.is_empty() && !environments().any(|known| known == "environments") => {
            find_steps(model, rest)
        }
        Step::Key(name) => {
            let Some((id, environment)) = model.environments().find(|(_, environment)| environment.name == *name) else {
                return Err(walk.no_environment(name, environments()));
            };
            if rest.is_empty() {
                return Ok(PathEnd { path: Path::from(steps.to_vec()), subject: PathSubject::Environment(id) });
            }
            walk.environment(id, environment)
        }
        Step::Item(_) => Err(walk.no_environment("[…]", environments())),
    }
}

/// Reads a path.
///
/// # Errors
/// If a bracket or a step is badly written.
pub fn parse(path: &str) -> Result<Path, DeadEnd> {
    path.parse().map_err(|BadPath(reason)| DeadEnd { at: None, message: format!("`{path}` is not a path: {reason}"), hint: None })
}

struct PathWalk<'a, 'b> {
    model: &'a Model,
    steps: &'b [Step],
}

impl<'a> PathWalk<'a, '_> {
    fn prefix(&self, length: usize) -> Path {
        Path::from(self.steps.get(..length).unwrap_or(self.steps).to_vec())
    }

    fn step(&self, at: usize) -> Option<&Step> {
        self.steps.get(at)
    }

    fn environment(&self, id: EnvironmentId, environment: &'a Environment) -> Result<PathEnd<'a>, DeadEnd> {
        if let Some(Step::Key(key)) = self.step(1)
            && Kind::from_plural(key).is_none()
            && environment.value.get(key).is_some()
        {
            return self.value(&environment.value, None, None, 1);
        }
        if let Some(Step::Key(key)) = self.step(1)
            && matches!(&**key, "name" | "identity")
            && self.steps.len() == 2
        {
            return Ok(PathEnd { path: self.prefix(2), subject: PathSubject::Value(environment.identity.value(), None) });
        }
        self.kind(id, None, 1)
    }

    /// Why something of this name is not there, if that is written.
    fn absence(&self, environment: EnvironmentId, kind: Kind, outer: Option<EntityId>, name: &str) -> Option<Absent> {
        let outer = outer.map(|id| self.model.entity(id));
        let tenant = outer.filter(|outer| outer.kind == Kind::Tenant).map(|tenant| &**tenant.identity.text());
        let cluster = match outer {
            Some(outer) if outer.kind == Kind::Cluster => Some(&**outer.identity.text()),
            Some(outer) => outer.cluster.map(|cluster| &**self.model.entity(cluster).identity.text()),
            None => None,
        };
        let absent = &self.model.absent;
        // Whoever names no cluster means it wherever it could be.
        let anywhere = || if outer.is_none() { absent.anywhere(environment, kind, None, name) } else { None };
        absent.why(environment, kind, (cluster, tenant), name).or_else(anywhere)
    }

    /// What there is to say of something that is not there because of what is written.
    fn absent(&self, at: usize, kind: Kind, name: &str, absent: Absent) -> DeadEnd {
        let (why, hint) = absent_words(absent.absence);
        DeadEnd { at: Some(absent.span), message: format!("`{}` has no {} `{name}`: {why}", self.prefix(at), kind.words()), hint }
    }

    /// The step at `at` is a kind: of an environment, on a cluster or of a tenant.
    fn kind(&self, environment: EnvironmentId, outer: Option<EntityId>, at: usize) -> Result<PathEnd<'a>, DeadEnd> {
        let name = self.text(at);
        let Some(kind) = Kind::from_plural(&name) else {
            let kinds = Kind::ALL.map(Kind::plural);
            return Err(lost(format!("`{}` has no kind `{name}`", self.prefix(at)), &name, kinds));
        };
        let entities: Vec<(EntityId, &Entity)> = self
            .model
            .entities()
            .filter(|(_, entity)| {
                let is_within = outer.is_none() || entity.cluster == outer || entity.tenant == outer;
                entity.kind == kind && entity.environment == environment && is_within
            })
            .collect();
        if self.steps.len() == at + 1 {
            return Ok(PathEnd { path: self.prefix(at + 1), subject: PathSubject::Kind(entities.iter().map(|(id, _)| *id).collect()) });
        }
        let name = self.text(at + 1);
        let matching: Vec<_> = entities.iter().filter(|(_, entity)| *entity.name == *name).collect();
        match matching.as_slice() {
            [(id, entity)] => self.entity(*id, entity, at + 2),
            [] => Err(match self.absence(environment, kind, outer, &name) {
                Some(absent) => self.absent(at, kind, &name, absent),
                None => lost(
                    format!("`{}` has no {} `{name}`", self.prefix(at), kind.words()),
                    &name,
                    entities.iter().map(|(_, entity)| &*entity.name),
                ),
            }),
            [(_, first), ..] => {
                let definitions: BTreeSet<&Path> = matching.iter().map(|(_, entity)| &entity.thing.definition).collect();
                let (message, missing) = match kind {
                    Kind::Application if definitions.len() > 1 => {
                        (format!("{} tenants have an application `{name}`", definitions.len()), "tenant")
                    }
                    Kind::Cluster | Kind::NodePool | Kind::Service | Kind::Tenant | Kind::Application | Kind::Infrastructure => {
                        let prefix = self.prefix(at);
                        (format!("{} `{name}` is on {} clusters of `{prefix}`", kind.words(), matching.len()), "cluster")
                    }
                };
                Err(DeadEnd { at: None, message, hint: Some(format!("name the {missing}, for example `{}`", first.path)) })
            }
        }
    }

    /// An entity whose name is the step before `at`.
    fn entity(&self, id: EntityId, entity: &'a Entity, at: usize) -> Result<PathEnd<'a>, DeadEnd> {
        let Some(step) = self.step(at) else { return Ok(PathEnd { path: entity.thing.path(), subject: PathSubject::Entity(id) }) };
        let holds = |kind: Kind| entity.kind == Kind::Cluster || entity.kind.inner() == Some(kind);
        if let Step::Key(key) = step
            && let Some(kind) = Kind::from_plural(key).filter(|kind| holds(*kind))
            && (entity.value.get(key).is_none()
                || self.model.entities.iter().any(|other| other.kind == kind && [other.cluster, other.tenant].contains(&Some(id))))
        {
            return self.kind(entity.environment, Some(id), at);
        }
        if let Step::Key(key) = step
            && entity.value.get(key).is_none()
            && entity.computed.get(key).is_some()
        {
            return self.value(&entity.computed, Some(&entity.thing), Some(id), at);
        }
        // An identity that nobody has written is the name, and a class may be said elsewhere.
        let told = match step {
            Step::Key(key) => match &**key {
                "identity" => Some(entity.identity.value()),
                "class" => Some(&entity.class_value),
                _ => None,
            },
            Step::Item(_) => None,
        };
        if let Some(value) = told.filter(|_| entity.value.step(step).is_none()) {
            if self.steps.len() > at + 1 {
                return self.value(value, None, Some(id), at + 1);
            }
            let mut path = entity.thing.path();
            path.push(step.clone());
            return Ok(PathEnd { path, subject: PathSubject::Value(value, Some(id)) });
        }
        self.value(&entity.value, Some(&entity.thing), Some(id), at)
    }

    /// A value below `top`, from the step at `at` on; `base` is the path of `top` if it is not what was written.
    fn value(&self, top: &'a Value, base: Option<&Thing>, owner: Option<EntityId>, at: usize) -> Result<PathEnd<'a>, DeadEnd> {
        let mut value = top;
        let mut path = base.map_or_else(|| self.prefix(at), Thing::path);
        for step in self.steps.iter().skip(at) {
            value = match (step, &value.data) {
                (Step::Key(key), Data::Map(map)) => {
                    map.get(key).ok_or_else(|| lost(format!("`{path}` has no field `{key}`"), key, self.model.secrets.keys(value)))?
                }
                (Step::Item(item), Data::List(list)) => list.items().get(*item).ok_or_else(|| DeadEnd {
                    at: None,
                    message: format!("`{path}` has {} items, counted from 0; there is no `[{item}]`", list.items().len()),
                    hint: None,
                })?,
                (Step::Key(key), _) => {
                    return Err(DeadEnd {
                        at: None,
                        message: format!("`{path}` is {} and has no field `{key}`", value.describe()),
                        hint: None,
                    });
                }
                (Step::Item(item), _) => {
                    return Err(DeadEnd {
                        at: None,
                        message: format!("`{path}` is {} and has no item `[{item}]`", value.describe()),
                        hint: None,
                    });
                }
            };
            path.push(step.clone());
        }
        Ok(PathEnd { path, subject: PathSubject::Value(value, owner) })
    }

    fn text(&self, at: usize) -> Arc<str> {
        match self.step(at) {
            Some(Step::Key(key)) => Arc::clone(key),
            Some(Step::Item(item)) => format!("[{item}]").into(),
            None => "".into(),
        }
    }

    fn no_environment<'c>(&self, name: &str, known: impl Iterator<Item = &'c str> + Clone) -> DeadEnd {
        let path = self.prefix(self.steps.len());
        if Kind::from_plural(name).is_some() {
            let example = known.clone().next().map(|environment| format!("write `{environment}.{path}`"));
            return DeadEnd { at: None, message: format!("`{path}` does not begin with an environment"), hint: example };
        }
        if self.model.environments.iter().any(|environment| environment.line.iter().any(|ancestor| **ancestor == *name)) {
            return DeadEnd {
                at: None,
                message: format!("environment `{name}` is abstract, so nothing exists in it"),
                hint: Some(format!("ask for one that inherits from it: {}", listed(known))),
            };
        }
        lost(format!("there is no environment `{name}`"), name, known)
    }
}

/// Why something is not there, in words, and what else there is to say of that.
pub(super) fn absent_words(why: WhyAbsent) -> (&'static str, Option<String>) {
    match why {
        WhyAbsent::Forgotten => {
            ("its `enabled` is `forget`", Some("what it made outside stays, and nothing here knows of it any more".to_owned()))
        }
        WhyAbsent::Disabled => ("its `enabled` is `false`", None),
        WhyAbsent::ByDefault => ("defaults say `enabled: false`", None),
        WhyAbsent::OnlyIn => ("its `onlyIn` leaves this environment out", None),
        WhyAbsent::NotIn => ("its `notIn` names this environment", None),
        WhyAbsent::Placement => ("its `placement` leaves this cluster out", None),
    }
}

fn lost<'a>(message: String, name: &str, known: impl IntoIterator<Item = &'a str>) -> DeadEnd {
    let known: BTreeSet<&str> = known.into_iter().collect();
    let hint = match nearest(name, known.iter().copied()) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None if known.is_empty() => None,
        None if known.len() == 1 => Some(format!("there is only {}", listed(known))),
        None => Some(format!("there are {}", listed(known))),
    };
    DeadEnd { at: None, message, hint }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::example;
    use expect_test::{Expect, expect};

    fn check(path: &str, expected: Expect) {
        let world = example::world();
        let text = match find(&world.model, path) {
            Ok(found) => {
                let subject = match found.subject {
                    PathSubject::Model => "everything".to_owned(),
                    PathSubject::Environment(_) => "environment".to_owned(),
                    PathSubject::Kind(list) => format!("{} entities", list.len()),
                    PathSubject::Entity(_) => "entity".to_owned(),
                    PathSubject::Value(value, _) => format!("{} at {}", value.describe(), world.sources.place(value.origin.span)),
                };
                format!("{}: {subject}", found.path)
            }
            Err(lost) => format!("{}; {}", lost.message, lost.hint.unwrap_or_default()),
        };
        expected.assert_eq(&text);
    }

    #[test]
    fn finds() {
        check("", expect![": everything"]);
        check("apps", expect!["apps: environment"]);
        check("apps.clusters", expect!["apps.clusters: 2 entities"]);
        check("apps.clusters.gc0", expect!["apps.clusters.gc0: entity"]);
        check("apps.clusters.gc0.version", expect!["apps.clusters.gc0.version: a string at p.yaml:4:1"]);
        check("apps.clusters.gc0.fullName", expect!["apps.clusters.gc0.fullName: a string at p.yaml:10:1"]);
        check(
            "apps.clusters[\"gc0\"].nodePools.default.size.min",
            expect!["apps.clusters.gc0.nodePools.default.size.min: an integer at p.yaml:13:1"],
        );
        check("apps.clusters.gc0.services.cert-manager", expect!["apps.clusters.gc0.services.cert-manager: entity"]);
        check(
            "ops.services['cert-manager'].replicas",
            expect!["ops.clusters.gc0.services.cert-manager.replicas: an integer at p.yaml:54:1"],
        );
        check("apps.clusters.gc0.zones[1]", expect!["apps.clusters.gc0.zones[1]: a string at p.yaml:6:1"]);
        check("platform.domain", expect!["platform.domain: a string at p.yaml:1:1"]);
    }

    #[test]
    fn gets_lost() {
        check("opps.clusters", expect!["there is no environment `opps`; did you mean `ops`?"]);
        check(
            "base.clusters",
            expect!["environment `base` is abstract, so nothing exists in it; ask for one that inherits from it: `apps`, `ops`"],
        );
        check(
            "clusters.gc0.version",
            expect!["`clusters.gc0.version` does not begin with an environment; write `apps.clusters.gc0.version`"],
        );
        check("apps.cluster.gc0", expect!["`apps` has no kind `cluster`; did you mean `clusters`?"]);
        check("apps.clusters.gc9", expect!["`apps` has no cluster `gc9`; there are `gc0`, `gc1`"]);
        check(
            "apps.services.cert-manager",
            expect![
                "service `cert-manager` is on 2 clusters of `apps`; name the cluster, for example `apps.clusters.gc0.services.cert-manager`"
            ],
        );
        check("apps.clusters.gc0.versoin", expect!["`apps.clusters.gc0` has no field `versoin`; did you mean `version`?"]);
        check("apps.clusters.gc0.zones[7]", expect!["`apps.clusters.gc0.zones` has 2 items, counted from 0; there is no `[7]`; "]);
        check("apps.clusters.gc0.version.x", expect!["`apps.clusters.gc0.version` is a string and has no field `x`; "]);
        check("apps.clusters.gc0.version[0]", expect!["`apps.clusters.gc0.version` is a string and has no item `[0]`; "]);
        check("apps..x", expect!["`apps..x` is not a path: a name is missing before a dot; "]);
        check("apps.", expect!["`apps.` is not a path: a name is missing behind a dot; "]);
        check("apps[", expect!["`apps[` is not a path: `[` is not closed; "]);
        check("apps[\"x", expect![[r#"`apps["x` is not a path: a quote is not closed; "#]]);
        check("apps[\"x\"", expect![[r#"`apps["x"` is not a path: `]` is missing; "#]]);
        check("apps[0]y", expect!["`apps[0]y` is not a path: a dot is missing behind `]`; "]);
        check("[0]", expect!["there is no environment `[…]`; there are `apps`, `ops`"]);
    }
}
