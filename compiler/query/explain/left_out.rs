//! What a class leaves out: an object or a part of one, or a thing that it makes in other cases. In comes the path of something that is not there, out
//! go the places that may have left it out, outermost first. Nothing is evaluated here: whoever asks finds out which of them did.

use super::{MANIFESTS, absent::owner};
use crate::definition::directive::{self, Directive};
use crate::definition::{Definitions, making};
use crate::floor;
use crate::model::{Entity, EntityId, Model};
use crate::name::{Kind, listed, nearest};
use crate::object::Objects;
use crate::origin::{LayerId, Origin};
use crate::path::{Path, Step};
use crate::query::path::{DeadEnd, PathSubject, find_steps, parse};
use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};

/// A place that may have left something out.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// What is not there, as platc writes it.
    pub path: Path,
    /// In whose words it is written.
    pub owner: EntityId,
    /// How it leaves something out.
    pub why: WhyLeftOut,
    /// Where that is written.
    pub by: Origin,
    /// The expression, and the names that it reads.
    pub expression: Option<(Span, Vec<Span>)>,
}

/// How something is left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhyLeftOut {
    /// By a condition that does not hold.
    Condition,
    /// By a loop that does not come to it.
    Loop,
    /// By an optional value without a value.
    Nothing,
    /// It waits for what Terraform makes known.
    Facts,
}

/// What may have left out what a path names; empty if no class has it.
#[must_use]
pub fn left_out(model: &Model, definitions: &Definitions, path: &str) -> Vec<LeftOut> {
    let Ok(asked) = parse(path) else { return Vec::new() };
    let object = owner(model, asked.steps()).map(|(id, rest)| of_object(model, definitions, id, rest)).unwrap_or_default();
    if object.is_empty() { of_thing(model, definitions, &asked) } else { object }
}

/// The same for a file of an object that is not written: those objects of its thing that are not there in any environment, or in that of its folder.
/// A file that takes an object out of the base is asked for as that object.
#[must_use]
pub fn of_file(model: &Model, definitions: &Definitions, objects: &Objects, path: &str) -> Vec<LeftOut> {
    let Some((id, stem)) = owner_of_file(model, path) else { return Vec::new() };
    let entity = model.entity(id);
    let made = objects.renderings.iter().find(|rendering| rendering.entity == id);
    if let Some(wait) = made.and_then(|made| made.waits.first()) {
        let by = Origin { span: wait.span, layer: LayerId::COMPUTED };
        return vec![LeftOut { path: entity.thing.path(), owner: id, why: WhyLeftOut::Facts, by, expression: None }];
    }
    let is_there = |entry: &Entry| made.is_some_and(|made| made.manifests.iter().any(|manifest| manifest.name == entry.key));
    let missing = entries_of(definitions, entity).iter().filter(|entry| !is_there(entry) && fits(entry, stem));
    missing.flat_map(|entry| places(&entity.thing.path().key(MANIFESTS).key(&entry.key), id, &[], entry)).collect()
}

/// What may have left out what a patch takes away: `pointer` is the path of the operation.
#[must_use]
pub fn of_operation(model: &Model, definitions: &Definitions, path: &str, pointer: &str) -> Vec<LeftOut> {
    let Some((id, stem)) = owner_of_file(model, path) else { return Vec::new() };
    let entity = model.entity(id);
    let key = |part: &str| Step::Key(part.replace("~1", "/").replace("~0", "~").into());
    let way: Vec<Step> = pointer.split('/').skip(1).map(key).collect();
    let of = |entry: &Entry| {
        let path = entity.thing.path().key(MANIFESTS).key(&entry.key).join(&Path::from(way.clone()));
        // What leaves out all of the object is not so here.
        let own = |place: &LeftOut| {
            !matches!(place.why, WhyLeftOut::Condition) || entry.value.get(Directive::If.word()).is_none_or(|said| said.origin != place.by)
        };
        places(&path, id, &way, entry).into_iter().filter(own).collect::<Vec<_>>()
    };
    entries_of(definitions, entity).iter().filter(|entry| fits(entry, stem)).flat_map(of).collect()
}

/// Whose object a file of kustomize is, and how that is called there.
pub(super) fn owner_of_file<'p>(model: &Model, path: &'p str) -> Option<(EntityId, &'p str)> {
    let overlay = floor::overlay_of(path);
    let folder = overlay.map(|(thing, _)| thing).or_else(|| floor::base_of(path))?;
    let stem = path.rsplit('/').next().and_then(|file| file.strip_suffix(".yaml")).unwrap_or_default();
    let stem = stem.strip_suffix(".delete").or_else(|| stem.strip_suffix(".patch")).unwrap_or(stem);
    let is_meant = |entity: &Entity| {
        let environment = &model.environment(entity.environment).identity;
        floor::thing(model, entity) == folder && overlay.is_none_or(|(_, of)| **environment.text() == *of)
    };
    let (id, _) = model.entities().find(|(_, entity)| is_meant(entity))?;
    Some((id, stem))
}

/// The objects that the class of a thing may make.
pub(super) fn entries_of<'a>(definitions: &'a Definitions, entity: &Entity) -> &'a [Entry] {
    let class = definitions.classes.get(entity.class.0 as usize);
    class.and_then(|class| class.section(MANIFESTS)?.as_map()).map(Map::entries).unwrap_or_default()
}

/// Whether an object may have a file of this name.
pub(super) fn fits(entry: &Entry, stem: &str) -> bool {
    let kind = entry.value.get("kind").and_then(Value::as_str).map(str::to_lowercase);
    let name = entry.value.at(&["metadata", "name"]).filter(|name| !name.is_dynamic()).and_then(Value::as_str);
    let rest = kind.and_then(|kind| stem.strip_prefix(&kind)?.strip_prefix('-').map(str::to_owned));
    rest.is_some_and(|rest| name.is_none_or(|name| rest.starts_with(name)))
}

/// That a class makes no such object, or nothing of that name in it; none if the path is not about one.
#[must_use]
pub fn no_object(model: &Model, definitions: &Definitions, path: &str) -> Option<DeadEnd> {
    let asked = parse(path).ok()?;
    let (id, rest) = owner(model, asked.steps())?;
    let class = definitions.classes.get(model.entity(id).class.0 as usize)?;
    let (Step::Key(section), inside) = rest.split_first()? else { return None };
    let made = class.section(MANIFESTS).filter(|_| &**section == MANIFESTS)?.as_map()?;
    let keys = || made.entries().iter().map(|entry| &*entry.key);
    let Some(Step::Key(key)) = inside.first() else {
        let hint = Some(format!("name one of them: {}", listed(keys())));
        return Some(DeadEnd { at: None, message: format!("class `{}` makes objects", class.full), hint });
    };
    let is_known = made.entries().iter().any(|entry| *entry.key == **key || begins(entry, key));
    let message = if is_known {
        format!("object `{key}` of class `{}` has no `{}`", class.full, Path::from(inside.get(1..)?.to_vec()))
    } else {
        format!("class `{}` makes no object `{key}`", class.full)
    };
    let hint = (!is_known)
        .then(|| nearest(key, keys()).map_or_else(|| format!("it makes {}", listed(keys())), |near| format!("did you mean `{near}`?")));
    Some(DeadEnd { at: None, message, hint })
}

fn of_object(model: &Model, definitions: &Definitions, id: EntityId, rest: &[Step]) -> Vec<LeftOut> {
    let [Step::Key(section), Step::Key(key), ..] = rest else { return Vec::new() };
    let class = definitions.classes.get(model.entity(id).class.0 as usize);
    let Some(map) = class.filter(|_| &**section == MANIFESTS).and_then(|class| class.section(MANIFESTS)?.as_map()) else {
        return Vec::new();
    };
    let entry = map.entry(key).or_else(|| map.entries().iter().find(|entry| begins(entry, key)));
    let path = model.entity(id).thing.path().join(&Path::from(rest.to_vec()));
    entry.map(|entry| places(&path, id, rest.get(2..).unwrap_or_default(), entry)).unwrap_or_default()
}

/// Whether a key that an expression makes can be this one: what stands before the expression does.
fn begins(entry: &Entry, key: &str) -> bool {
    entry.template.is_some() && entry.key.split_once("${").is_some_and(|(plain, _)| key.starts_with(plain))
}

/// What on the way into an entry of a class may leave out what the way leads to, which is what the path names.
fn places(path: &Path, owner: EntityId, way: &[Step], entry: &Entry) -> Vec<LeftOut> {
    let of = |why: WhyLeftOut, value: &Value| {
        // A loop is over what stands behind its name.
        let inner = value.as_map().and_then(|map| map.entries().first()).map_or(value, |entry| &entry.value);
        let template = if let Data::Template(template) = &inner.data { Some(template) } else { None };
        let expression = template.and_then(|template| template.single());
        let expression = expression.map(|expr| (expr.span, expr.references().into_iter().map(|read| read.span).collect()));
        LeftOut { path: path.clone(), owner, why, by: value.origin, expression }
    };
    let mut found = Vec::new();
    let mut value = &entry.value;
    let mut steps = way.iter();
    loop {
        let words = [(Directive::For, WhyLeftOut::Loop), (Directive::If, WhyLeftOut::Condition)];
        found.extend(words.into_iter().filter_map(|(word, why)| Some(of(why, value.get(word.word())?))));
        if directive::gives_optional(value) {
            found.push(of(WhyLeftOut::Nothing, value));
        }
        // A list's items stand elsewhere once some of them are left out.
        let Some(Step::Key(key)) = steps.next() else { break };
        let Some(next) = value.get(key) else { break };
        value = next;
    }
    found
}

/// A thing that nobody makes now, though a class makes one of this name in other cases.
fn of_thing(model: &Model, definitions: &Definitions, asked: &Path) -> Vec<LeftOut> {
    let steps = asked.steps();
    let Some((Step::Key(environment), _)) = steps.split_first() else { return Vec::new() };
    let upper = (1..steps.len()).rev().find_map(|length| {
        let (upper, rest) = steps.split_at_checked(length)?;
        matches!(find_steps(model, upper).ok()?.subject, PathSubject::Kind(_)).then_some((upper, rest))
    });
    let Some(([.., Step::Key(kind)], [Step::Key(name), ..])) = upper else { return Vec::new() };
    // What is there only lacks a field.
    if upper.is_some_and(|(upper, _)| steps.get(..=upper.len()).is_some_and(|thing| find_steps(model, thing).is_ok())) {
        return Vec::new();
    }
    let Some(kind) = Kind::from_plural(kind) else { return Vec::new() };
    let clusters = Kind::Cluster.plural();
    let on = steps
        .windows(2)
        .find_map(|pair| if let [Step::Key(of), Step::Key(name)] = pair { (&**of == clusters).then_some(name) } else { None });
    let is_here = |entity: &Entity| {
        let cluster = entity.cluster.map_or(&entity.name, |id| &model.entity(id).name);
        model.environment(entity.environment).name == *environment
            && (on.is_none() || on == Some(cluster) || (entity.cluster.is_none() && entity.kind != Kind::Cluster))
    };
    let own = |entity: &Entity| match kind {
        Kind::Application => Some(name.to_string()),
        Kind::Cluster | Kind::NodePool | Kind::Service | Kind::Tenant | Kind::Infrastructure => {
            name.strip_prefix(&*entity.name).and_then(|rest| rest.strip_prefix('-')).map(str::to_owned)
        }
    };
    let makers = model.entities().filter(|(_, entity)| is_here(entity));
    let mut found = makers.filter_map(|(id, entity)| {
        let class = definitions.classes.get(entity.class.0 as usize)?;
        let own = own(entity)?;
        let all = || making::entries(class).filter(|(of, _)| *of == kind).map(|(_, entry)| entry);
        let entry =
            all().find(|entry| entry.template.is_none() && *entry.key == *own).or_else(|| all().find(|entry| begins(entry, &own)))?;
        Some(places(asked, id, &[], entry)).filter(|places| !places.is_empty())
    });
    // The makers of one class agree.
    found.next().unwrap_or_default()
}
