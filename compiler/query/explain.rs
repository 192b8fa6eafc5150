//! explain: the whole cascade behind a value, winner first, each contribution with its origin; of what is not there, what is written of that.

mod absent;
mod after;
mod key;
mod left_out;
mod made;
mod met;
mod missing;
mod page;
mod rule;
mod taken;
mod traceless;

pub use absent::{Removal, Unset, removal, unset};
pub use after::after;
pub use key::{MadeKey, made_key};
pub use left_out::{LeftOut, WhyLeftOut, left_out, no_object, of_file, of_operation};
pub use made::{MADE, MANIFESTS, made};
pub use met::{HowMet, LeftItem, left_items, met};
pub use missing::missing;
pub use page::{ClassField, ClassPage, is_page, meant_page, page, type_words};
pub use rule::rule;
pub use taken::{around_operation, taken_out};
pub use traceless::{TracelessRead, traceless};

use super::answer::{Room, too_large};
use super::path::{DeadEnd, PathEnd, PathSubject, find, parse};
use crate::definition::{Definitions, fragment};
use crate::model::{EntityId, EnvironmentId, Model};
use crate::name::{Kind, nearest};
use crate::origin::Origin;
use crate::path::{Path, Step};
use crate::secret::Secrets;
use crate::value::{Data, Removed, Value};
use std::collections::BTreeSet;

/// Everything known about where a value comes from.
#[derive(Clone, Debug)]
pub struct Explanation<'a> {
    /// The path as platc writes it.
    pub path: Path,
    /// The entity, if the path names one or a value of one.
    pub entity: Option<EntityId>,
    /// The environment, if the path names one.
    pub environment: Option<EnvironmentId>,
    /// The value.
    pub value: &'a Value,
    /// What contributed to the value as a whole, the winner first. For a map these are the layers that wrote any part of it.
    pub cascade: Vec<&'a Value>,
    /// For a map or list: all that is in it, each with its path below this one and its own cascade.
    pub parts: Vec<ExplainedPart<'a>>,
    /// For a map: what layers have removed from it and from maps in it, each with its path.
    pub removed: Vec<(Path, &'a Removed)>,
    /// For a list: the items that layers have left out of it.
    pub left: Vec<LeftItem<'a>>,
    /// The expression that hands on the map or list around it as a whole, the nearest one.
    pub handed: Option<Origin>,
}

/// A value inside an explained map or list.
#[derive(Clone, Debug)]
pub struct ExplainedPart<'a> {
    /// Where it is, relative to what is explained.
    pub path: Path,
    /// What contributed, the winner first.
    pub cascade: Vec<&'a Value>,
}

/// Explains what a path names. A path to a kind or everything explains nothing and gives none.
///
/// # Errors
/// If the path leads nowhere, or to more than can be printed.
pub fn explain<'a>(model: &'a Model, path: &str) -> Result<Option<Explanation<'a>>, DeadEnd> {
    let PathEnd { path, subject } = find(model, path)?;
    let (value, entity, environment) = match subject {
        PathSubject::Model | PathSubject::Kind(_) => return Ok(None),
        PathSubject::Environment(id) => (&model.environment(id).value, None, Some(id)),
        PathSubject::Entity(id) => (&model.entity(id).value, Some(id), None),
        PathSubject::Value(value, owner) => (value, owner, None),
    };
    let handed = entity.and_then(|id| handed_around(model, id, &path));
    of(path, value, (entity, environment), &model.secrets).map(|found| Some(Explanation { handed, ..found }))
}

/// The expression that hands on what is around a value of a thing.
fn handed_around(model: &Model, id: EntityId, path: &Path) -> Option<Origin> {
    let (own, mut value) = (model.entity(id).thing.path(), &model.entity(id).value);
    let (_, around) = path.steps().get(own.steps().len()..)?.split_last()?;
    let mut handed = None;
    for step in around {
        value = value.step(step)?;
        handed = value.passed_on().or(handed);
    }
    handed.filter(|_| !model.secrets.hides(value))
}

/// Explains a value that stands at a path.
fn of<'a>(
    path: Path,
    value: &'a Value,
    (entity, environment): (Option<EntityId>, Option<EnvironmentId>),
    secrets: &Secrets,
) -> Result<Explanation<'a>, DeadEnd> {
    let (parts, mut removed) = (leaf_values(value, secrets), Vec::new());
    if !secrets.hides(value) {
        losses(value, secrets, &mut Path::default(), &mut removed);
    }
    let left = if secrets.hides(value) { Vec::new() } else { left_items(value) };
    fitting(Explanation { path, entity, environment, value, cascade: cascade(value), parts, removed, left, handed: None })
}

/// The explanation, if there is room for it: each value stands there again for each that it holds or overrides.
fn fitting(explanation: Explanation<'_>) -> Result<Explanation<'_>, DeadEnd> {
    let mut room = Room::of(1);
    let mut all = |values: &[&Value]| values.iter().all(|value| room.value(value));
    let fits = all(&[explanation.value]) && all(&explanation.cascade) && explanation.parts.iter().all(|part| all(&part.cascade));
    if fits {
        return Ok(explanation);
    }
    Err(too_large(&format!("what `{}` holds and overrides", explanation.path), "explain a part of it: name a field in the path"))
}

/// Explains a part of a class: `classes.cluster.eks.terraform.resource.aws_vpc`. None if the path is not about a class.
///
/// # Errors
/// If there is no such class, nothing at that place in it, or more than can be printed.
pub fn class<'a>(definitions: &'a Definitions, secrets: &Secrets, path: &str) -> Result<Option<Explanation<'a>>, DeadEnd> {
    let asked = parse(path)?;
    let Some((Step::Key(first), rest)) = asked.steps().split_first() else { return Ok(None) };
    if &**first != "classes" {
        return Ok(None);
    }
    let known = || {
        let classes = definitions
            .classes
            .iter()
            .filter(|class| !class.is_hidden)
            .map(|class| format!("classes.{}.{}", class.kind.singular(), class.name.name));
        let capabilities = definitions.capabilities.iter().map(|(name, _)| format!("classes.capability.{name}"));
        let fragments =
            definitions.fragments.keys().filter(|name| !fragment::is_hidden(name)).map(|name| format!("classes.fragment.{name}"));
        classes.chain(capabilities).chain(fragments).collect::<Vec<_>>()
    };
    let lost = |message: String, candidates: &[String], name: &str| DeadEnd {
        at: None,
        message,
        hint: nearest(name, candidates.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?")),
    };
    let [Step::Key(kind), Step::Key(name), inside @ ..] = rest else {
        return Err(lost(format!("`{path}` names no class"), &known(), path));
    };
    let of_class = Kind::from_singular(kind).and_then(|kind| definitions.class(kind, name)).map(|(_, class)| &class.value);
    let of_capability = || definitions.capabilities.get(name).filter(|_| &**kind == "capability").map(|found| &found.entry.value);
    let of_fragment = || definitions.fragments.get(name).filter(|_| &**kind == "fragment").map(|found| &found.value);
    let Some(mut value) = of_class.or_else(of_capability).or_else(of_fragment) else {
        let wanted = format!("classes.{kind}.{name}");
        let is_shared = ["capability", "fragment"].contains(&&**kind);
        let what = if is_shared { format!("{kind} `{name}`") } else { format!("class `{kind}/{name}`") };
        return Err(lost(format!("there is no {what}"), &known(), &wanted));
    };
    let mut written = Path::of(["classes", kind, name]);
    for step in inside {
        let next = match step {
            Step::Key(key) => value.get(key),
            Step::Item(at) => value.as_list().and_then(|items| items.get(*at)),
        };
        let Some(next) = next else {
            let keys: Vec<String> = secrets.keys(value).map(str::to_owned).collect();
            let name = if let Step::Key(key) = step { key.as_ref() } else { "" };
            written.push(step.clone());
            return Err(lost(format!("there is no `{written}`"), &keys, name));
        };
        written.push(step.clone());
        value = next;
    }
    of(written, value, (None, None), secrets).map(Some)
}

/// A value and all it overrode, strongest first. What an environment's defaults say counts twice, and stands here where it is stronger.
#[must_use]
pub fn cascade(value: &Value) -> Vec<&Value> {
    let mut seen: BTreeSet<Origin> = BTreeSet::new();
    std::iter::successors(Some(value), |value| value.overridden()).filter(|value| seen.insert(value.decided())).collect()
}

/// All that a map or list holds, each with its cascade; nothing of a secret.
#[must_use]
pub fn leaf_values<'a>(value: &'a Value, secrets: &Secrets) -> Vec<ExplainedPart<'a>> {
    let mut parts = Vec::new();
    // The keys of a secret are secret as well.
    if !secrets.hides(value) {
        leaves(value, secrets, &mut Path::default(), &mut parts);
    }
    parts
}

/// What layers removed from a map and from maps in it.
fn losses<'a>(value: &'a Value, secrets: &Secrets, path: &mut Path, removed: &mut Vec<(Path, &'a Removed)>) {
    let Data::Map(map) = &value.data else { return };
    let gone = value.all_removed().iter().filter(|gone| value.removed(&gone.key).is_some_and(|last| std::ptr::eq(last, *gone)));
    removed.extend(gone.map(|gone| (path.clone().key(&gone.key), gone)));
    for entry in map.entries().iter().filter(|entry| !secrets.hides(&entry.value)) {
        path.push(Step::Key(entry.key.clone()));
        losses(&entry.value, secrets, path, removed);
        path.pop();
    }
}

/// All values inside a map or list that hold no further ones; lists count as one value unless they hold maps, and secrets do.
fn leaves<'a>(value: &'a Value, secrets: &Secrets, path: &mut Path, parts: &mut Vec<ExplainedPart<'a>>) {
    let mut below = |step: Step, inner: &'a Value, path: &mut Path| {
        path.push(step);
        let opens = match &inner.data {
            Data::Map(map) => !map.entries().is_empty(),
            Data::List(list) => list.items().iter().any(|item| item.as_map().is_some()),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => false,
        };
        if opens && !secrets.hides(inner) {
            leaves(inner, secrets, path, parts);
        } else {
            parts.push(ExplainedPart { path: path.clone(), cascade: cascade(inner) });
        }
        path.pop();
    };
    match &value.data {
        Data::Map(map) => map.entries().iter().for_each(|entry| below(Step::Key(entry.key.clone()), &entry.value, path)),
        Data::List(list) => list.items().iter().enumerate().for_each(|(at, item)| below(Step::Item(at), item, path)),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origin::LayerId;
    use crate::query::example;
    use crate::query::show::inline;
    use crate::span::{FileId, Span};
    use expect_test::{Expect, expect};

    fn check(path: &str, expected: Expect) {
        let world = example::world();
        let explanation = explain(&world.model, path).unwrap().unwrap();
        let line = |values: &[&Value]| {
            let texts: Vec<String> = values
                .iter()
                .map(|value| format!("{} ({})", inline(value, &world.model.secrets), world.layers.get(value.origin.layer)))
                .collect();
            texts.join(" over ")
        };
        let mut text = format!("{}: {}\n", explanation.path, line(&explanation.cascade));
        for part in &explanation.parts {
            text.push_str(&format!("  {}: {}\n", part.path, line(&part.cascade)));
        }
        expected.assert_eq(&text);
    }

    #[test]
    fn cascades() {
        check(
            "ops.clusters.gc0.nodePools.default.size.min",
            expect![[r#"
            ops.clusters.gc0.nodePools.default.size.min: 1 (clusters.gc0.nodePools.default, overlay) over 3 (clusters.gc0.nodePools.default) over 1 (class nodePool/x)
        "#]],
        );
        check(
            "ops.clusters.gc0",
            expect![[r#"
            ops.clusters.gc0: {version: "1.34", zones: [a, b], bucket: gc0-ops-logs} (clusters.gc0)
              version: "1.34" (clusters.gc0) over "1.32" (class cluster/x)
              zones: [a, b] (clusters.gc0)
              bucket: gc0-ops-logs (clusters.gc0)
        "#]],
        );
        check(
            "ops.clusters.gc0.zones",
            expect![[r#"
            ops.clusters.gc0.zones: [a, b] (clusters.gc0)
              [0]: a (clusters.gc0)
              [1]: b (clusters.gc0)
        "#]],
        );
    }

    /// A value for which there is room once, but not twice.
    #[test]
    fn what_a_value_holds_and_overrides_takes_room_beside_it() {
        let origin = Origin { span: Span::new(FileId(0), 0, 0), layer: LayerId::COMPUTED };
        let text = Value::string("y".repeat(1 << 20), origin);
        let value = Value::list(vec![text; 40], origin);
        let fits = |cascade: &[&Value], part: &[&Value]| {
            let parts = vec![ExplainedPart { path: Path::of(["a"]), cascade: part.to_vec() }];
            fitting(Explanation {
                path: Path::default(),
                entity: None,
                environment: None,
                value: &value,
                cascade: cascade.to_vec(),
                parts,
                removed: Vec::new(),
                left: Vec::new(),
                handed: None,
            })
            .is_ok()
        };
        assert!(fits(&[], &[]));
        assert!(!fits(&[&value], &[]));
        assert!(!fits(&[], &[&value]));
    }
}
