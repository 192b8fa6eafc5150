//! The macros: a body evaluated for each item, with variables of its own.

use super::evaluate::{Evaluation, Evaluator, MacroVariable, is_final};
use super::functions::sort_by;
use super::syntax::{Expr, Macro, Verb};
use super::val::{Val, ValMap};
use super::{Fault, compare, errors};
use std::sync::Arc;

/// What a macro runs over: each item with its index, or each entry with its key. A round is made when its turn comes, because the first
/// may decide.
enum Rounds {
    List(Arc<Vec<Val>>),
    Map(Arc<ValMap>),
}

impl Rounds {
    fn is_map(&self) -> bool {
        matches!(self, Rounds::Map(_))
    }

    fn len(&self) -> usize {
        match self {
            Rounds::List(items) => items.len(),
            Rounds::Map(map) => map.len(),
        }
    }

    fn iter(&self) -> impl Iterator<Item = (Val, Val)> + '_ {
        (0..self.len()).filter_map(|at| match self {
            Rounds::List(items) => Some((Val::Int(i64::try_from(at).ok()?), items.get(at)?.clone())),
            Rounds::Map(map) => map.entries().get(at).map(|(key, value)| (compare::key_value(key), value.clone())),
        })
    }
}

impl Evaluator<'_> {
    pub(super) fn comprehension(&mut self, expr: &Expr, inner: &Macro) -> Evaluation {
        let range = self.eval(&inner.range)?;
        if matches!(range, Val::Late(_)) && !matches!(inner.verb, Verb::Bind | Verb::OptionalMap | Verb::OptionalFlatMap) {
            return self.late_loop(expr, inner, &range);
        }
        match self.over(expr, inner, &range)? {
            Some(value) => Ok(value),
            None => self.late_loop(expr, inner, &range),
        }
    }

    /// Runs a macro; no value if a late condition decides what comes out.
    pub(super) fn over(&mut self, expr: &Expr, inner: &Macro, range: &Val) -> Result<Option<Val>, Fault> {
        match inner.verb {
            Verb::Bind => return self.with(inner, std::slice::from_ref(range), &inner.body).map(Some),
            Verb::OptionalMap | Verb::OptionalFlatMap => return self.optional(inner, range).map(Some),
            Verb::All | Verb::Exists | Verb::ExistsOne | Verb::Filter | Verb::SortBy | Verb::List | Verb::Map | Verb::Entries => {}
        }
        let rounds = self.rounds(inner, range.clone())?;
        let is_map = rounds.is_map();
        let made = match inner.verb {
            Verb::All => return self.decide(inner, &rounds, is_map, false),
            Verb::Exists => return self.decide(inner, &rounds, is_map, true),
            Verb::ExistsOne => {
                let mut count = 0;
                for round in rounds.iter() {
                    let Some(holds) = self.condition(inner, &round, is_map, &inner.body)? else { return Ok(None) };
                    count += usize::from(holds);
                }
                Val::Bool(count == 1)
            }
            Verb::Filter => {
                let mut items = Vec::new();
                for round in rounds.iter() {
                    let Some(holds) = self.condition(inner, &round, is_map, &inner.body)? else { return Ok(None) };
                    if holds {
                        self.paid(expr, |budget| budget.items(1))?;
                        items.push(if is_map { round.0 } else { round.1 });
                    }
                }
                Val::list(items)
            }
            Verb::SortBy => {
                let mut pairs = Vec::new();
                for round in rounds.iter() {
                    let key = self.deciding(true, |this| this.round(inner, &round, is_map, &inner.body))?;
                    self.paid(expr, |budget| budget.items(2))?;
                    pairs.push((key, if is_map { round.0 } else { round.1 }));
                }
                let sorted = sort_by(pairs, "sortBy", &mut self.context());
                sorted.map_err(|trouble| self.fault(trouble, &inner.body, "`sortBy`"))?
            }
            Verb::List => {
                let mut items = Vec::new();
                for round in rounds.iter() {
                    let Some(passes) = self.passes(inner, &round, is_map)? else { return Ok(None) };
                    if passes {
                        self.paid(expr, |budget| budget.items(1))?;
                        items.push(self.round(inner, &round, is_map, &inner.body)?);
                    }
                }
                Val::list(items)
            }
            Verb::Map => {
                let mut map = ValMap::new();
                for round in rounds.iter() {
                    let Some(passes) = self.passes(inner, &round, is_map)? else { return Ok(None) };
                    if passes {
                        self.paid(expr, |budget| budget.entries(1).and_then(|()| budget.walk(compare::length(&round.0))))?;
                        let value = self.round(inner, &round, is_map, &inner.body)?;
                        if let Some(key) = compare::key(&round.0) {
                            map.insert(key, value);
                        }
                    }
                }
                Val::Map(Arc::new(map))
            }
            Verb::Entries => return self.entries(inner, &rounds, is_map),
            Verb::Bind | Verb::OptionalMap | Verb::OptionalFlatMap => return Err(Fault::Reported),
        };
        Ok(Some(made))
    }

    fn rounds(&mut self, inner: &Macro, range: Val) -> Result<Rounds, Fault> {
        let range = if let Val::Node(node) = range { self.force(node, inner.range.span)? } else { range };
        if let Val::List(items) = &range {
            return Ok(Rounds::List(Arc::clone(items)));
        }
        if let Val::Map(map) = &range {
            return Ok(Rounds::Map(Arc::clone(map)));
        }
        Err(errors::wrong_operand(word(inner.verb), &self.operand(inner.range.span, &range), errors::RANGE).into())
    }

    /// Evaluates an expression with the variables of a macro bound to values.
    pub(super) fn with(&mut self, inner: &Macro, values: &[Val], body: &Expr) -> Evaluation {
        self.with_keys(inner, values, false, body)
    }

    /// The same where the first variable may be a key.
    fn with_keys(&mut self, inner: &Macro, values: &[Val], keys: bool, body: &Expr) -> Evaluation {
        let outer = self.locals.len();
        let variables = inner.variables.iter().zip(values).enumerate();
        self.locals.extend(variables.map(|(at, (variable, value))| MacroVariable {
            name: Arc::clone(&variable.name),
            value: value.clone(),
            range: inner.range.span,
            is_key: keys && at == 0,
        }));
        let outcome = self.eval(body);
        self.locals.truncate(outer);
        outcome
    }

    fn round(&mut self, inner: &Macro, round: &(Val, Val), is_map: bool, body: &Expr) -> Evaluation {
        let (index, item) = round;
        if inner.variables.len() == 2 {
            self.with_keys(inner, &[index.clone(), item.clone()], is_map, body)
        } else {
            // With one variable a list gives its items, but a map its keys.
            let value = if is_map { index } else { item };
            self.with_keys(inner, std::slice::from_ref(value), is_map, body)
        }
    }

    /// Whether a condition holds; none if that will be known.
    fn condition(&mut self, inner: &Macro, round: &(Val, Val), is_map: bool, body: &Expr) -> Result<Option<bool>, Fault> {
        let value = self.deciding(true, |this| this.round(inner, round, is_map, body))?;
        if let Val::Bool(value) = value {
            return Ok(Some(value));
        }
        if let Val::Late(late) = &value {
            return Ok(self.known_truth(late).filter(|_| self.settles));
        }
        Err(errors::wrong_operand(word(inner.verb), &self.operand(body.span, &value), errors::CONDITION).into())
    }

    fn passes(&mut self, inner: &Macro, round: &(Val, Val), is_map: bool) -> Result<Option<bool>, Fault> {
        match &inner.filter {
            Some(filter) => self.condition(inner, round, is_map, filter),
            None => Ok(Some(true)),
        }
    }

    /// `all` and `exists`: an item that decides absorbs the errors of the others.
    fn decide(&mut self, inner: &Macro, rounds: &Rounds, is_map: bool, deciding: bool) -> Result<Option<Val>, Fault> {
        let mut fault = None;
        let mut late = false;
        for round in rounds.iter() {
            match self.condition(inner, &round, is_map, &inner.body) {
                Ok(Some(value)) if value == deciding => return Ok(Some(Val::Bool(deciding))),
                Ok(Some(_)) => {}
                Ok(None) => late = true,
                Err(found) if is_final(&found) => return Err(found),
                Err(found) => {
                    self.absorbed(inner.body.span)?;
                    fault = fault.or(Some(found));
                }
            }
        }
        match fault {
            Some(fault) => Err(fault),
            None => Ok((!late).then_some(Val::Bool(!deciding))),
        }
    }

    fn entries(&mut self, inner: &Macro, rounds: &Rounds, is_map: bool) -> Result<Option<Val>, Fault> {
        let mut map = ValMap::new();
        for round in rounds.iter() {
            match self.passes(inner, &round, is_map)? {
                Some(true) => {}
                Some(false) => continue,
                None => return Ok(None),
            }
            let value = self.round(inner, &round, is_map, &inner.body)?;
            let value = if let Val::Node(node) = value { self.force(node, inner.body.span)? } else { value };
            let Val::Map(entries) = &value else {
                let operand = self.operand(inner.body.span, &value);
                return Err(errors::wrong_operand(word(inner.verb), &operand, errors::NEW_ENTRIES).into());
            };
            for (key, value) in entries.entries() {
                self.paid(&inner.body, |budget| budget.entries(1).and_then(|()| budget.walk(compare::width(key))))?;
                if !map.insert(key.clone(), value.clone()) {
                    return Err(errors::key_twice(&key.to_string(), inner.body.span).into());
                }
            }
        }
        Ok(Some(Val::Map(Arc::new(map))))
    }

    fn optional(&mut self, inner: &Macro, range: &Val) -> Evaluation {
        let Val::Optional(value) = range else {
            let operand = self.operand(inner.range.span, range);
            return Err(errors::wrong_operand(word(inner.verb), &operand, errors::OPTIONAL).into());
        };
        let Some(value) = value else { return Ok(Val::Optional(None)) };
        let result = self.with(inner, std::slice::from_ref(&**value), &inner.body)?;
        if inner.verb == Verb::OptionalMap {
            return Ok(Val::Optional(Some(Arc::new(result))));
        }
        if matches!(result, Val::Optional(_)) {
            return Ok(result);
        }
        Err(errors::wrong_operand("optFlatMap", &self.operand(inner.body.span, &result), "an optional value").into())
    }
}

/// The macro in messages.
pub(super) fn word(verb: Verb) -> &'static str {
    match verb {
        Verb::All => "all",
        Verb::Exists => "exists",
        Verb::ExistsOne => "exists_one",
        Verb::Filter => "filter",
        Verb::SortBy => "sortBy",
        Verb::List => "map",
        Verb::Map => "transformMap",
        Verb::Entries => "transformMapEntry",
        Verb::Bind => "cel.bind",
        Verb::OptionalMap => "optMap",
        Verb::OptionalFlatMap => "optFlatMap",
    }
}
