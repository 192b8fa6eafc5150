//! Templates worked out when something reads them, once for each thing, with a check for circles.

use super::outcome::{Why, is_whole};
use super::scope::Scope;
use super::seen::Sight;
use super::sight::told;
use super::world::World;
use super::{EntityId, errors};
use crate::definition::root::Within;
use crate::diagnostic::Diagnostic;
use crate::expression::{Fault, Target, Template, Val};
use crate::limit::{READING_CHAIN, THINGS_DEPTH};
use crate::origin::Origin;
use crate::schema::Type;
use crate::span::Span;
use crate::value::{Data, Entry, History, Value};
use std::sync::Arc;

/// Deepest chain of values that read each other.
const DEEPEST: u32 = READING_CHAIN as u32;

/// What is worked out once: whose it is, where the template, or what waits, stands in memory, and in which round of a loop it is; not in any is 0.
pub(super) type WorkPlace = (EntityId, usize, u64);

/// What is known of a template of a thing, or of layers that wait for one.
#[derive(Clone)]
pub(super) enum Progress<'a> {
    /// It is being worked out.
    Busy,
    /// What it came to, and whether anything else was met on the way.
    Done(Work<'a>, bool),
    /// It was told why it came to nothing.
    Failed,
}

/// What an expression came to.
#[derive(Clone)]
pub(super) enum Work<'a> {
    /// A value, as it goes into outputs, and how it is seen where it comes from, if that is elsewhere.
    Value(Value, Option<Sight<'a>>),
    /// Things, alone or in lists and maps: as values they would be copies of all that they have. Whether a secret decided which.
    Things(Val, History, bool),
    /// Nothing: the expression gives an optional without a value.
    Nothing,
}

impl<'a> World<'a> {
    /// A value of an entity (or of its class) with all templates evaluated. What cannot be evaluated is reported and broken in its place.
    pub(crate) fn evaluate(&self, owner: EntityId, value: &Value, within: Within) -> Value {
        self.evaluate_as(Sight::of(owner, within), value)
    }

    /// The same where its schema says what the value is: records that only an expression made get their defaults, which the others have met
    /// already.
    pub(super) fn evaluate_as(&self, sight: Sight<'a>, value: &Value) -> Value {
        if !(value.is_dynamic() || value.has_directive() && sight.has_written()) {
            return value.clone();
        }
        // A circle that closes here has nobody above who would report it.
        let owner = sight.owner;
        let told = |result: Result<Value, Fault>| match result {
            Ok(value) => value,
            Err(fault) => {
                if let Fault::Diagnostic(diagnostic) = fault {
                    self.told(owner, *diagnostic);
                }
                Value::broken(value.origin).after(value)
            }
        };
        let unfolded;
        let (value, sight) = if sight.is_written() {
            match self.unfolded(&sight, value) {
                Ok((made, sight)) => {
                    unfolded = made;
                    (&unfolded, sight)
                }
                Err(fault) => return told(Err(fault)),
            }
        } else {
            (value, sight)
        };
        match &value.data {
            Data::Template(template) => {
                let made = self.complete(&sight, template, told(self.template(sight.clone(), template, value)));
                self.evaluate_made(sight.becoming(value, &made), template, made)
            }
            Data::Pending(pending) => {
                let met = told(self.pending(sight.owner, pending));
                self.evaluate_as(sight.becoming(value, &met), &met)
            }
            Data::List(_) => self.evaluate_items(&sight, value),
            Data::Map(map) => {
                let mut entries = Vec::with_capacity(map.entries().len());
                for entry in map.entries() {
                    if let Some(template) = entry.template.as_ref().filter(|template| !template.is_broken()) {
                        self.report(errors::key_with_expression(&entry.key, template.span));
                        continue;
                    }
                    let Some(value) = self.evaluate_entry(&sight, entry) else { continue };
                    entries.push(Entry { value, ..entry.clone() });
                }
                Value::map(entries, value.origin).after(value)
            }
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Late(_) | Data::Broken => value.clone(),
        }
    }

    /// What an expression made, with the defaults of the records in it, whoever asks for it.
    pub(super) fn complete(&self, sight: &Sight<'a>, template: &Arc<Template>, made: Value) -> Value {
        let (Some(type_), Some(class)) = (sight.type_, self.class(self.entity(sight.owner))) else { return made };
        let is_whole = match &made.data {
            Data::Late(late) => return Value { data: Data::Late(told(late, Some(type_))), ..made },
            Data::List(_) | Data::Map(_) => false,
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) => true,
            Data::Template(_) | Data::Pending(_) | Data::Broken => true,
        };
        if is_whole {
            return made;
        }
        let at = sight.place_of(self.work_address(template, self.item_around(sight, &made).as_ref()));
        if let Some(known) = self.completed.borrow().get(&at) {
            return known.clone();
        }
        let completed = type_.complete_made(&made, class.layer);
        // Nothing is kept of what needed nothing.
        if completed.is_dynamic() {
            self.completed.borrow_mut().insert(at, completed.clone());
        }
        completed
    }

    /// The defaults that what an expression made got are evaluated, too. One that makes what needs the same default would have no end.
    fn evaluate_made(&self, sight: Sight<'a>, template: &Arc<Template>, made: Value) -> Value {
        if !made.is_dynamic() {
            return made;
        }
        let at = Arc::as_ptr(template) as usize;
        if self.completing.borrow().contains(&at) {
            self.told(sight.owner, errors::expression_cycle(&[template.span]));
            return Value::broken(made.origin);
        }
        self.completing.borrow_mut().push(at);
        let whole = self.evaluate_as(sight, &made);
        self.completing.borrow_mut().pop();
        whole
    }

    /// One template of an entity as a value.
    pub(super) fn template(&self, sight: Sight<'a>, template: &Arc<Template>, value: &Value) -> Result<Value, Fault> {
        match self.work(sight.clone(), template, value)? {
            Work::Value(value, _) => Ok(value),
            Work::Things(val, history, _) => {
                self.value(&self.scope_of(&sight), &val, template.span, &Why { origin: value.origin, history })
            }
            Work::Nothing => self.weaker_of_nothing(sight, template, value),
        }
    }

    /// Tells that an expression gives nothing where something must be.
    pub(super) fn gives_nothing(&self, owner: EntityId, span: Span) -> Fault {
        self.told(owner, errors::no_value(span))
    }

    /// One template of an entity, evaluated once.
    pub(super) fn work(&self, sight: Sight<'a>, template: &Arc<Template>, value: &Value) -> Result<Work<'a>, Fault> {
        if let Some(number) = template.handed() {
            return self.handed(&sight, number, value);
        }
        let around = self.item_around(&sight, value);
        let place = sight.place_of(self.work_address(template, around.as_ref()));
        self.once(place, template.span, || {
            let mut scope = self.scope_of(&sight);
            if let Some(around) = &around {
                scope.locals.extend(self.names_around((sight.owner, sight.within), around, template.span)?);
            }
            Ok(match self.attempt(&scope, template, Target::Plain, value.origin, sight.type_)? {
                Some(Work::Value(result, sight)) => Work::Value(result.over(value.overridden().cloned()), sight),
                Some(other) => other,
                None => Work::Nothing,
            })
        })
    }

    /// What some work comes to, which stands at a place in the sources; done once. A fault is reported here, with the path of the entity, and
    /// afterwards silent.
    pub(super) fn once(&self, place: WorkPlace, span: Span, work: impl FnOnce() -> Result<Work<'a>, Fault>) -> Result<Work<'a>, Fault> {
        let known = self.memo.borrow().get(&place).cloned();
        match known {
            Some(Progress::Done(work, outside)) => {
                self.outside.set(self.outside.get() || outside);
                return Ok(work);
            }
            Some(Progress::Failed) => {
                // It was told of another thing, so this one is not known to be like its family.
                self.outside.set(true);
                return Err(Fault::Reported);
            }
            Some(Progress::Busy) | None => {}
        }
        self.enter(place, span)?;
        let (result, outside) = self.meets_others(|| self.session(work));
        self.leave(place);
        let result = result.map_err(|fault| match fault {
            Fault::Diagnostic(diagnostic) => self.told(place.0, *diagnostic),
            Fault::Reported => Fault::Reported,
        });
        let state = result.as_ref().map_or(Progress::Failed, |work| Progress::Done(work.clone(), outside));
        self.memo.borrow_mut().insert(place, state);
        result
    }

    pub(super) fn told(&self, owner: EntityId, diagnostic: Diagnostic) -> Fault {
        self.report(diagnostic.about(self.entity(owner).subject()));
        Fault::Reported
    }

    /// Begins the work of an entity at an address, unless that is what is being done: then the values wait for each other. Whoever has begun
    /// says when it is done with [`World::leave`].
    pub(super) fn enter(&self, place: WorkPlace, span: Span) -> Result<(), Fault> {
        if let Some(Progress::Busy) = self.memo.borrow().get(&place) {
            let busy = self.busy.borrow();
            let start = busy.iter().position(|(known, _)| *known == place).unwrap_or(0);
            let mut spans: Vec<Span> = busy.get(start..).unwrap_or(&[]).iter().map(|(_, span)| *span).collect();
            // Whoever met it, and where, it is one circle: it begins at the value that stands first.
            let first = (0..spans.len()).min_by_key(|at| spans.get(*at)).unwrap_or(0);
            spans.rotate_left(first);
            return Err(Fault::Diagnostic(Box::new(errors::expression_cycle(&spans))));
        }
        if self.depth.get() >= DEEPEST {
            return Err(Fault::Diagnostic(Box::new(errors::evaluation_too_deep(span, DEEPEST))));
        }
        self.memo.borrow_mut().insert(place, Progress::Busy);
        self.busy.borrow_mut().push((place, span));
        Ok(())
    }

    /// Ends what was begun; nothing is known of it.
    pub(super) fn leave(&self, place: WorkPlace) {
        self.busy.borrow_mut().pop();
        self.memo.borrow_mut().remove(&place);
    }

    /// Evaluates a template in a scope to a value.
    pub(crate) fn run(&self, scope: &Scope<'_, 'a>, template: &Template, target: Target, origin: Origin) -> Result<Value, Fault> {
        match self.run_optional(scope, template, target, origin)? {
            Some(value) => Ok(value),
            None => Err(Fault::Diagnostic(Box::new(errors::no_value(template.span)))),
        }
    }

    /// The same, with none where the expression gives an optional without a value.
    pub(crate) fn run_optional(
        &self,
        scope: &Scope<'_, 'a>,
        template: &Template,
        target: Target,
        origin: Origin,
    ) -> Result<Option<Value>, Fault> {
        self.run_typed(scope, template, target, origin, None)
    }

    /// The same for a field: a thing in it is what the field refers to.
    pub(crate) fn run_typed(
        &self,
        scope: &Scope<'_, 'a>,
        template: &Template,
        target: Target,
        origin: Origin,
        type_: Option<&Type>,
    ) -> Result<Option<Value>, Fault> {
        match self.attempt(scope, template, target, origin, type_)? {
            None | Some(Work::Nothing) => Ok(None),
            Some(Work::Value(value, Some(sight))) => Ok(Some(self.named(&sight, value))),
            Some(Work::Value(value, None)) => Ok(Some(value)),
            Some(Work::Things(val, history, _)) => {
                let value = self.value(scope, &val, template.span, &Why { origin, history })?;
                let sight = scope.owner.and_then(|owner| self.sight_of(owner, scope.within, &val));
                Ok(Some(match sight {
                    Some(sight) => self.named(&sight, value),
                    None => value,
                }))
            }
        }
    }

    pub(super) fn attempt(
        &self,
        scope: &Scope<'_, 'a>,
        template: &Template,
        target: Target,
        origin: Origin,
        type_: Option<&Type>,
    ) -> Result<Option<Work<'a>>, Fault> {
        let nodes = self.places.borrow().len();
        let before = self.tainted.replace(scope.is_tainted() || self.model.secrets.covers(template.span));
        let outcome = self.reading(template.span, || self.of_use(template, || self.outcome(scope, template, target, origin, type_)));
        let is_secret = self.tainted.replace(before);
        let outcome = if is_secret { self.taint(outcome, template.span, origin.span) } else { outcome };
        // What comes out holds no nodes of this session, so those that were made on the way to it are of no use to anybody.
        self.places.borrow_mut().truncate(nodes);
        match outcome? {
            Some(Work::Value(value, sight)) => {
                self.affordable(scope.owner, value, template.span).map(|value| Some(Work::Value(value, sight)))
            }
            Some(Work::Things(val, history, _)) => Ok(Some(Work::Things(val, history, is_secret))),
            None | Some(Work::Nothing) => Ok(None),
        }
    }

    fn outcome(
        &self,
        scope: &Scope<'_, 'a>,
        template: &Template,
        target: Target,
        origin: Origin,
        type_: Option<&Type>,
    ) -> Result<Option<Work<'a>>, Fault> {
        // A bare path keeps what it leads to, origins included: `explain` and policies then point to the user's own line.
        if let (Some(steps), Some(expr)) = (template.path(), template.single())
            && let Some((value, sight)) = self.walk(scope, steps)
        {
            return Ok(Some(Work::Value(value.handed_on(expr.span, Some(origin), self.use_cause()), Some(sight))));
        }
        let val = template.evaluate(scope, target)?;
        if let Val::Optional(None) = val {
            return Ok(None);
        }
        let history = History::made(self.reads.take().into_iter().chain(self.use_cause()).collect());
        if let Some(type_) = type_.filter(|type_| type_.refers()) {
            let value = self.referring(scope, &val, type_, template.span, &Why { origin, history })?;
            return Ok(Some(Work::Value(value, None)));
        }
        if scope.within == Within::Class && is_of_things(&val, THINGS_DEPTH) {
            return Ok(Some(Work::Things(val, history, false)));
        }
        self.refuse_whole(template, &val)?;
        let why = Why { origin, history };
        let value = self.value(scope, &val, template.span, &why)?;
        // A list or map that is written elsewhere keeps where that is, and what hands it on decides.
        let value = if is_whole(&val) && template.single().is_some() { value.chosen(template.span, origin, &why.history) } else { value };
        let sight = scope.owner.and_then(|owner| self.sight_of(owner, scope.within, &val));
        Ok(Some(Work::Value(value, sight)))
    }
}

/// Whether a value holds things, and nothing of the session in which it was made.
fn is_of_things(val: &Val, depth: usize) -> bool {
    match val {
        Val::Node(_) => World::thing(val).is_some(),
        Val::List(items) => depth > 0 && !items.is_empty() && items.iter().all(|item| is_of_things(item, depth - 1)),
        Val::Map(map) => depth > 0 && !map.is_empty() && map.entries().iter().all(|(_, val)| is_of_things(val, depth - 1)),
        Val::Null
        | Val::Bool(_)
        | Val::Int(_)
        | Val::Uint(_)
        | Val::Double(_)
        | Val::String(_)
        | Val::Bytes(_)
        | Val::Type(_)
        | Val::Optional(_)
        | Val::Opaque(_)
        | Val::Late(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::MemorySystem;

    /// Whether what lies so deep in a `let` is a thing still, which tells where it is.
    fn is_thing(depth: usize) -> bool {
        let (open, close, items) = ("[".repeat(depth), "]".repeat(depth), "[0]".repeat(depth));
        let text = format!(
            "platform: {{ name: a, domain: example.com }}
environments: {{ apps: {{}} }}
infrastructure: {{ one: {{ class: a }} }}
classes:
  infrastructure:
    a:
      let: {{ x: '${{{open}infrastructure.one{close}}}' }}
      rules: [{{ assert: '${{let.x{items}.environment.name == \"apps\"}}', message: bad }}]
"
        );
        !crate::compile(&MemorySystem::default().with("platform.yaml", text), &crate::Options::default()).diagnostics.has_errors()
    }

    #[test]
    fn things_are_kept_so_deep() {
        assert!(is_thing(0) && is_thing(THINGS_DEPTH) && !is_thing(THINGS_DEPTH + 1));
    }
}
