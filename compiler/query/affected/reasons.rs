//! What edits change: values of things and environments, things that come and go, classes. In come both versions, out go the words for edits, each with its places and the
//! things that have to do with it.

use super::edits::{EditNumbers, SourceEdits};
use super::traced::FileTrace;
use super::trials::Suspects;
use super::{AffectedOutput, AffectedReason, ProjectVersion};
use crate::definition::Class;
use crate::model::{Entity, EntityId, EnvironmentId, Model};
use crate::path::Step;
use crate::query::diff::{DiffReason, Difference, Side, diff};
use crate::query::origins::meets;
use crate::query::parity::Parity;
use crate::query::path::DeadEnd;
use crate::query::said::{SaidAt, SaidWalk};
use crate::span::Span;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// So many differences of one class are told apart.
const OF_CLASS: usize = 400;

/// All that edits change, by the places where they do.
pub(super) struct SourceChanges(Vec<SourceChange>);

/// One place that says something else than before.
struct SourceChange {
    reason: AffectedReason,
    /// Whether it is said there, and does not only follow.
    is_written: bool,
    /// The edits that it lies in.
    edits: EditNumbers,
    /// The model paths of things whose values it changes.
    things: BTreeSet<String>,
    /// Whether a thing comes or goes there.
    is_whole: bool,
    /// Whether a thing gets another class there.
    is_class: bool,
}

type BothPlaces = (Option<Span>, Option<Span>);

/// Candidates by their places: what follows from one place is one of them.
#[derive(Default)]
struct GatheredChanges(BTreeMap<BothPlaces, SourceChange>);

impl GatheredChanges {
    fn add(&mut self, what: String, (before, now): BothPlaces, is_written: bool) -> &mut SourceChange {
        let reason = AffectedReason { what, before, now };
        let new = || SourceChange {
            reason: reason.clone(),
            is_written,
            edits: EditNumbers::new(),
            things: BTreeSet::new(),
            is_whole: false,
            is_class: false,
        };
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
            // What the platform says is the same in all environments, and named without one.
            let is_of_platform = matches!(difference.path.steps(), [Step::Key(field), ..] if &**field == "platform");
            let change = if is_of_platform {
                self.difference(None, difference)
            } else {
                self.difference(Some(&format!("environments.{}", second.name())), difference)
            };
            let passed = difference.passed_on.iter().flat_map(|passed| &passed.entities);
            change.things.extend(passed.map(|(_, id)| other.entity(*id).path.to_string()));
        }
        for changed in &comparison.changed {
            for difference in &changed.values {
                let Some((_, id)) = changed.entities.first() else { continue };
                let change = self.difference(Some(&other.entity(*id).thing.definition.to_string()), difference);
                let passed = difference.passed_on.iter().flat_map(|passed| &passed.entities);
                change.things.extend(changed.entities.iter().chain(passed).map(|(_, id)| other.entity(*id).path.to_string()));
            }
        }
        let sides = [(&comparison.only_first, first, second, false), (&comparison.only_second, second, first, true)];
        for (list, side, absent_from, is_new) in sides {
            let model = side.model;
            for (id, with) in list.iter().flat_map(|only| only.entities.iter().map(|id| (id, &only.with))) {
                let entity = model.entity(*id);
                // Where it is not, a line may say so.
                let (here, there) = (Some(entity.defined), absent(model, entity, absent_from));
                let places = if is_new { (there, here) } else { (here, there) };
                let change = self.add(entity.thing.definition.to_string(), places, true);
                change.is_whole = true;
                // What is in or on it comes and goes with it.
                let inside =
                    with.iter().map(|inner| model.entity(*inner)).filter(|inner| [inner.cluster, inner.tenant].contains(&Some(*id)));
                change.things.extend(inside.map(|inner| inner.path.to_string()));
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

    fn difference(&mut self, thing: Option<&str>, difference: &Difference<'_>) -> &mut SourceChange {
        let at = |value: Option<&Value>| value.map(|value| value.decided().span);
        let is_written = difference.why == DiffReason::Written;
        let places =
            if difference.why == DiffReason::Follows { difference.begins() } else { (at(difference.first), at(difference.second)) };
        let what = thing.map_or_else(|| difference.path.to_string(), |thing| format!("{thing}.{}", difference.path));
        let change = self.add(what, places, is_written);
        change.is_class |= matches!(difference.path.steps(), [Step::Key(field)] if &**field == "class");
        change
    }

    /// What the classes of things say otherwise.
    fn classes(&mut self, before: ProjectVersion<'_>, now: ProjectVersion<'_>) {
        let mut known: BTreeMap<u32, Vec<BothPlaces>> = BTreeMap::new();
        for (_, entity) in now.model.entities() {
            let Some(class) = now.definitions.classes.get(entity.class.0 as usize) else { continue };
            let places = known.entry(entity.class.0).or_insert_with(|| {
                let same = |old: &&Arc<Class>| old.full == class.full;
                let mut walk = SaidWalk::new(OF_CLASS, |_| false);
                walk.said(before.definitions.classes.iter().find(same).map(|old| &old.value), Some(&class.value));
                let place = |side: SaidAt<'_>| side.map(|(_, at)| at);
                walk.found.into_iter().map(|(_, first, second)| (place(first), place(second))).collect()
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

impl SourceChanges {
    /// All that differs where something was edited.
    pub(super) fn of(before: ProjectVersion<'_>, now: ProjectVersion<'_>, edits: &SourceEdits) -> Result<Self, DeadEnd> {
        let mut gathered = GatheredChanges::default();
        for (id, environment) in now.model.environments() {
            let identity = environment.identity.text();
            let same = before.model.environments().find(|(_, old)| old.identity.text() == identity);
            if let Some((old, _)) = same {
                gathered.values(side(before, old), side(now, id))?;
            }
        }
        gathered.classes(before, now);
        let mut changes: Vec<SourceChange> = gathered.0.into_values().collect();
        for change in &mut changes {
            let AffectedReason { before, now, .. } = change.reason;
            for (place, is_new) in [(before, false), (now, true)] {
                change.edits.extend(place.iter().flat_map(|place| edits.at(*place, is_new)));
            }
        }
        changes.retain(|change| !change.edits.is_empty());
        Ok(Self(changes))
    }

    /// The edits that an output may differ because of.
    pub(super) fn suspects(&self, traces: &FileTrace, all: &EditNumbers) -> Suspects {
        if !traces.is_open {
            return Suspects { all: traces.edits.clone(), likely: traces.edits.clone() };
        }
        let about = self.0.iter().filter(|change| change.is_about(traces)).flat_map(|change| &change.edits);
        let mut likely: EditNumbers = about.copied().chain(traces.edits.iter().copied()).collect();
        if likely.is_empty() {
            likely.clone_from(all);
        }
        Suspects { all: all.clone(), likely }
    }

    /// Tells edits as the reasons of an output, in the words of what they change in it.
    pub(super) fn tell(&self, reasons: &EditNumbers, traces: &FileTrace, edits: &SourceEdits, output: &mut AffectedOutput) {
        for at in reasons {
            let Some(edit) = edits.get(*at) else { continue };
            let of_edit: Vec<&SourceChange> = self.0.iter().filter(|change| change.edits.contains(at)).collect();
            let mut told: Vec<&SourceChange> = of_edit.iter().copied().filter(|change| change.is_in(traces)).collect();
            // A thing that comes with the name of a class, and gives others theirs, is told as what comes.
            let whole: BTreeSet<Option<Span>> = told.iter().filter(|change| change.is_whole).map(|change| change.reason.now).collect();
            told.retain(|change| change.is_whole || !change.is_class || !whole.contains(&change.reason.now));
            if told.is_empty() {
                // Whoever says it names it best, of the things that the output is for.
                let rank = |change: &&SourceChange| {
                    let is_own = change.is_whole || change.is_class;
                    (!change.is_about(traces), !is_own, !change.is_written, change.reason.what.len())
                };
                told.extend(of_edit.into_iter().min_by_key(rank));
            }
            if told.is_empty() {
                output.reasons.insert(AffectedReason { what: edit.path.clone(), before: edit.before, now: edit.now });
            }
            for change in told {
                // What was not edited is where something else now decides.
                let AffectedReason { what, before, now } = change.reason.clone();
                output.reasons.insert(AffectedReason { what, before: both(before, edit.before), now: both(now, edit.now) });
                output.things.extend(change.things.intersection(&traces.things).cloned());
            }
        }
        if output.things.is_empty() {
            output.things.extend(traces.lone.iter().cloned());
        }
    }
}

impl SourceChange {
    /// Whether it changes one of the things that an output is for.
    fn is_about(&self, traces: &FileTrace) -> bool {
        self.things.iter().any(|thing| traces.things.contains(thing))
    }

    /// Whether some lines that differ were made of what stands there.
    fn is_in(&self, traces: &FileTrace) -> bool {
        let of_lone = self.is_whole && self.things.iter().any(|thing| traces.lone.contains(thing));
        let is_of = |at: Option<Span>, places: &BTreeSet<Span>| at.is_some_and(|at| meets(at, places));
        of_lone || is_of(self.reason.now, &traces.places.1) || is_of(self.reason.before, &traces.places.0)
    }
}

/// What two stretches of one file have in common.
fn both(one: Option<Span>, other: Option<Span>) -> Option<Span> {
    let (one, other) = one.zip(other).filter(|(one, other)| one.overlaps(*other))?;
    Some(Span { start: one.start.max(other.start), end: one.end.min(other.end), ..one })
}

fn side(version: ProjectVersion<'_>, environment: EnvironmentId) -> Side<'_> {
    Side { model: version.model, definitions: version.definitions, sources: version.sources, environment }
}
