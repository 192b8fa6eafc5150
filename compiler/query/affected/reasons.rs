//! What the sources say otherwise than before: values of things and environments, things that come and go, classes. In come both versions, out go candidates for
//! reasons, each with its places and the things that have to do with it; and which of them reaches an output.

use super::traced::{FileTrace, TracedHunk};
use super::{AffectedOutput, AffectedReason, ProjectVersion};
use crate::definition::Class;
use crate::model::{Entity, EntityId, EnvironmentId, Model};
use crate::query::diff::{DiffReason, Difference, Side, diff};
use crate::query::parity::Parity;
use crate::query::path::DeadEnd;
use crate::span::Span;
use crate::value::{Data, Entry, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// So many differences of one class are told apart.
const OF_CLASS: usize = 400;

/// All that differs in the sources, by the places where it does.
pub(super) struct SourceChanges {
    changes: Vec<SourceChange>,
    /// Files that differ, for what nothing else explains.
    files: BTreeSet<AffectedReason>,
}

/// One place that says something else than before.
struct SourceChange {
    reason: AffectedReason,
    /// Whether it is said there, and does not only follow.
    is_written: bool,
    /// The model paths of things whose values it changes.
    things: BTreeSet<String>,
    /// What names the environments outside that say it of themselves.
    environments: BTreeSet<String>,
    /// Whether a thing comes or goes there.
    is_whole: bool,
}

type BothPlaces = (Option<Span>, Option<Span>);

/// Candidates by their places: what follows from one place is one of them.
#[derive(Default)]
struct GatheredChanges(BTreeMap<BothPlaces, SourceChange>);

impl GatheredChanges {
    fn add(&mut self, what: String, (before, now): BothPlaces, is_written: bool) -> &mut SourceChange {
        let reason = AffectedReason { what, before, now };
        let new =
            || SourceChange { reason: reason.clone(), is_written, things: BTreeSet::new(), environments: BTreeSet::new(), is_whole: false };
        let known = self.0.entry((before, now)).or_insert_with(new);
        // Whoever says it names it best, then whatever is named in few words.
        let rank = |is_written: bool, what: &str| (!is_written, what.len());
        if rank(is_written, &reason.what) < rank(known.is_written, &known.reason.what) {
            known.reason = reason;
            known.is_written = is_written;
        }
        known
    }

    /// What differs in the values of an environment.
    fn values(&mut self, first: Side<'_>, second: Side<'_>) -> Result<(), DeadEnd> {
        let comparison = diff(first, second, &Parity::default())?;
        let (one, other) = (first.model, second.model);
        for difference in &comparison.environments {
            let change = self.difference(&format!("environments.{}", second.name()), difference);
            change.environments.insert(second.identity().to_owned());
            let passed = difference.passed_on.iter().flat_map(|passed| &passed.entities);
            change.things.extend(passed.map(|(_, id)| other.entity(*id).path.to_string()));
        }
        for changed in &comparison.changed {
            for difference in &changed.values {
                let Some((_, id)) = changed.entities.first() else { continue };
                let change = self.difference(&other.entity(*id).thing.definition.to_string(), difference);
                let passed = difference.passed_on.iter().flat_map(|passed| &passed.entities);
                change.things.extend(changed.entities.iter().chain(passed).map(|(_, id)| other.entity(*id).path.to_string()));
            }
        }
        let sides = [(&comparison.only_first, first, second, false), (&comparison.only_second, second, first, true)];
        for (list, side, absent_from, is_new) in sides {
            let model = side.model;
            for id in list.iter().flat_map(|only| &only.entities) {
                let entity = model.entity(*id);
                // Where it is not, a line may say so.
                let (here, there) = (Some(entity.defined), absent(model, entity, absent_from));
                let places = if is_new { (there, here) } else { (here, there) };
                let change = self.add(entity.thing.definition.to_string(), places, true);
                change.is_whole = true;
                // What is in or on it comes and goes with it.
                let inside = model.entities().filter(|(_, inner)| inner.cluster == Some(*id) || inner.tenant == Some(*id));
                change.things.extend(inside.map(|(_, inner)| inner.path.to_string()));
                change.things.insert(entity.path.to_string());
                let around = [entity.cluster, entity.tenant].into_iter().flatten();
                change.things.extend(around.map(|around| model.entity(around).path.to_string()));
            }
        }
        for (left, right) in comparison.renamed.iter().chain(&comparison.replaced) {
            let (old, new) = (one.entity(*left), other.entity(*right));
            let places = (Some(old.identity.value().origin.span), Some(new.identity.value().origin.span));
            let change = self.add(format!("{}.identity", new.thing.definition), places, true);
            change.is_whole = true;
            change.things.extend([old.path.to_string(), new.path.to_string()]);
        }
        Ok(())
    }

    fn difference(&mut self, thing: &str, difference: &Difference<'_>) -> &mut SourceChange {
        let at = |value: Option<&Value>| value.map(|value| value.decided().span);
        let is_written = difference.why == DiffReason::Written;
        let places =
            if difference.why == DiffReason::Follows { difference.begins() } else { (at(difference.first), at(difference.second)) };
        self.add(format!("{thing}.{}", difference.path), places, is_written)
    }

    /// What the classes of things say otherwise.
    fn classes(&mut self, before: ProjectVersion<'_>, now: ProjectVersion<'_>) {
        let mut known: BTreeMap<u32, Vec<BothPlaces>> = BTreeMap::new();
        for (_, entity) in now.model.entities() {
            let Some(class) = now.definitions.classes.get(entity.class.0 as usize) else { continue };
            let places = known.entry(entity.class.0).or_insert_with(|| {
                let same = |old: &&Arc<Class>| old.kind == class.kind && old.name.name == class.name.name;
                let mut places = Vec::new();
                match before.definitions.classes.iter().find(same) {
                    Some(old) => differing(&old.value, &class.value, &mut places),
                    None => places.push((None, Some(class.value.origin.span))),
                }
                places
            });
            for places in places.iter() {
                let change = self.add(format!("class {}/{}", class.kind.singular(), class.name.name), *places, true);
                change.things.insert(entity.path.to_string());
            }
        }
    }
}

/// The line by which a thing is not in another version, if one says so.
fn absent(model: &Model, entity: &Entity, from: Side<'_>) -> Option<Span> {
    let identity = |id: Option<EntityId>| id.map(|id| &**model.entity(id).identity.text());
    let around = (identity(entity.cluster), identity(entity.tenant));
    from.model.absent.why(from.environment, entity.kind, around, entity.identity.text()).map(|absent| absent.span)
}

/// The places at which two values differ.
fn differing(old: &Value, new: &Value, found: &mut Vec<BothPlaces>) {
    if found.len() >= OF_CLASS || old.same_data(new) {
        return;
    }
    match (&old.data, &new.data) {
        (Data::Map(before), Data::Map(now)) => {
            for entry in now.entries() {
                match before.get(&entry.key) {
                    Some(old) => differing(old, &entry.value, found),
                    None => found.push((None, Some(whole(entry)))),
                }
            }
            let gone = before.entries().iter().filter(|entry| now.get(&entry.key).is_none());
            found.extend(gone.map(|entry| (Some(whole(entry)), None)));
        }
        (Data::List(before), Data::List(now)) if before.items().len() == now.items().len() => {
            before.items().iter().zip(now.items()).for_each(|(old, new)| differing(old, new, found));
        }
        (_, _) => found.push((Some(old.origin.span), Some(new.origin.span))),
    }
}

/// An entry with its key.
fn whole(entry: &Entry) -> Span {
    entry.span.join(entry.value.origin.span)
}

impl SourceChanges {
    /// All that differs.
    pub(super) fn of(before: ProjectVersion<'_>, now: ProjectVersion<'_>) -> Result<Self, DeadEnd> {
        let mut gathered = GatheredChanges::default();
        for (id, environment) in now.model.environments() {
            let identity = environment.identity.text();
            let same = before.model.environments().find(|(_, old)| old.identity.text() == identity);
            if let Some((old, _)) = same {
                gathered.values(side(before, old), side(now, id))?;
            }
        }
        gathered.classes(before, now);
        Ok(Self { changes: gathered.0.into_values().collect(), files: files(before, now) })
    }

    /// Which of them reach an output: a line of it that differs was made of what stands there.
    pub(super) fn reaching(&self, traces: &FileTrace) -> Vec<usize> {
        let of_lone = |change: &SourceChange| change.is_whole && change.things.iter().any(|thing| traces.lone.contains(thing));
        let reaches = |change: &SourceChange| of_lone(change) || traces.hunks.iter().any(|hunk| change.is_in(hunk));
        self.changes.iter().enumerate().filter(|(_, change)| reaches(change)).map(|(at, _)| at).collect()
    }

    /// Makes one of them a reason of an output.
    pub(super) fn give(&self, at: usize, traces: &FileTrace, output: &mut AffectedOutput) {
        let Some(change) = self.changes.get(at) else { return };
        output.reasons.insert(change.reason.clone());
        output.things.extend(change.things.intersection(&traces.things).cloned());
    }

    /// Gives reasons to what the lines do not explain: what decides whether something is there leaves no trace in them, and what an overlay says depends on its base.
    /// `reaching`: what has been found to reach which outputs.
    pub(super) fn otherwise(&self, traces: &FileTrace, reaching: &BTreeMap<usize, BTreeSet<String>>, output: &mut AffectedOutput) {
        let is_explained = |hunk: &TracedHunk| self.changes.iter().any(|change| change.is_in(hunk));
        if !output.reasons.is_empty() && traces.hunks.iter().all(is_explained) {
            return;
        }
        let of_things = |change: &SourceChange| change.things.iter().any(|thing| traces.things.contains(thing));
        let is_sibling = |other: &String| family(other).is_some_and(|thing| Some(thing) == family(&output.path));
        let rest = self.changes.iter().enumerate().filter(|(at, change)| match reaching.get(at) {
            None => of_things(change),
            Some(outputs) => outputs.iter().any(is_sibling),
        });
        let rest: Vec<usize> = rest.map(|(at, _)| at).collect();
        rest.into_iter().for_each(|at| self.give(at, traces, output));
        let of_environment =
            |change: &SourceChange| change.environments.iter().any(|environment| output.path.split('/').any(|part| part == environment));
        let all = |_: &SourceChange| true;
        let widening: [&dyn Fn(&SourceChange) -> bool; 3] = [&of_things, &of_environment, &all];
        let mut found: Vec<usize> = Vec::new();
        for is_wanted in widening {
            if output.reasons.is_empty() && found.is_empty() {
                found = self.changes.iter().enumerate().filter(|(_, change)| is_wanted(change)).map(|(at, _)| at).collect();
            }
        }
        found.into_iter().for_each(|at| self.give(at, traces, output));
        if output.reasons.is_empty() {
            output.reasons.extend(self.files.iter().cloned());
        }
        if output.things.is_empty() {
            output.things.extend(traces.lone.iter().cloned());
        }
    }
}

/// The thing whose base or overlay a folder is.
fn family(path: &str) -> Option<&str> {
    path.strip_suffix("/base").or_else(|| path.split_once("/overlays/").map(|(thing, _)| thing))
}

impl SourceChange {
    /// Whether some lines were made of what stands there.
    fn is_in(&self, hunk: &TracedHunk) -> bool {
        let of_file = |at: Span, places: &BTreeSet<Span>| {
            let places = places.range(Span { start: 0, end: 0, ..at }..).take_while(|place| place.file == at.file);
            places.take_while(|place| place.start <= at.end).any(|place| overlap(at, *place))
        };
        let meets = |at: Option<Span>, places: &BTreeSet<Span>| at.is_some_and(|at| of_file(at, places));
        meets(self.reason.now, &hunk.now) || meets(self.reason.before, &hunk.before)
    }
}

/// Whether two stretches of one file have something in common.
fn overlap(one: Span, other: Span) -> bool {
    one.file == other.file && one.start < other.end.max(other.start + 1) && other.start < one.end.max(one.start + 1)
}

/// Files of the sources that differ.
fn files(before: ProjectVersion<'_>, now: ProjectVersion<'_>) -> BTreeSet<AffectedReason> {
    let texts = |version: ProjectVersion<'_>| -> BTreeMap<String, (Span, String)> {
        let written = version.sources.iter().filter(|(_, source)| !source.path.starts_with('<'));
        written.map(|(file, source)| (source.path.to_string(), (Span::new(file, 0, 0), source.text.to_string()))).collect()
    };
    let (old, new) = (texts(before), texts(now));
    let differs = |path: &&String| old.get(*path).map(|(_, text)| text) != new.get(*path).map(|(_, text)| text);
    let all: BTreeSet<&String> = old.keys().chain(new.keys()).filter(differs).collect();
    let at = |all: &BTreeMap<String, (Span, String)>, path: &String| all.get(path).map(|(span, _)| *span);
    all.into_iter().map(|path| AffectedReason { what: path.clone(), before: at(&old, path), now: at(&new, path) }).collect()
}

fn side(version: ProjectVersion<'_>, environment: EnvironmentId) -> Side<'_> {
    Side { model: version.model, definitions: version.definitions, sources: version.sources, environment }
}
