//! What policies name for themselves. It is computed for an expression that reads it, and only then: what `when` leaves out need not be right where
//! it does not hold.

use super::read::LET;
use crate::expression::{self, Fault, Key, Template, Val};
use crate::model::Scope;
use crate::path::Step;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What stands in `let` of a policy.
pub(super) enum Let {
    Expression(Arc<Template>),
    Text(Arc<str>),
}

/// Named expressions and texts, each of which sees those before it.
#[derive(Default)]
pub(super) struct Lets(Vec<NamedLet>);

struct NamedLet {
    name: Arc<str>,
    what: Let,
    /// The positions of those that it takes to compute it, itself among them.
    takes: BTreeSet<usize>,
}

impl Lets {
    pub(super) fn add(&mut self, name: &Arc<str>, what: Let) {
        let mut takes = if let Let::Expression(template) = &what { self.read_by(template) } else { BTreeSet::new() };
        takes.insert(self.0.len());
        self.0.push(NamedLet { name: Arc::clone(name), what, takes });
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Let)> {
        self.0.iter().map(|one| (&one.name, &one.what))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Those that it takes to evaluate a template, by position.
    fn read_by(&self, template: &Template) -> BTreeSet<usize> {
        let mut read = BTreeSet::new();
        for reference in template.references() {
            match reference.steps.as_slice() {
                [Step::Key(first), Step::Key(name), ..] if &**first == LET => {
                    read.extend(self.0.iter().find(|one| one.name == *name).into_iter().flat_map(|one| &one.takes));
                }
                [Step::Key(first), ..] if &**first == LET => read.extend(0..self.0.len()),
                _ => {}
            }
        }
        read
    }
}

/// The scope of a policy, with as many of its names as were asked for.
pub(super) struct PolicyScope<'w, 'a> {
    scope: Scope<'w, 'a>,
    known: Vec<(usize, Key, Val)>,
}

impl<'w, 'a> PolicyScope<'w, 'a> {
    pub(super) fn new(scope: Scope<'w, 'a>) -> Self {
        Self { scope, known: Vec::new() }
    }

    /// The scope for evaluating a template.
    pub(super) fn with(&mut self, lets: &Lets, template: &Template) -> Result<&Scope<'w, 'a>, Fault> {
        for at in lets.read_by(template) {
            if self.known.iter().any(|(known, ..)| *known == at) {
                continue;
            }
            let Some(one) = lets.0.get(at) else { continue };
            let val = match &one.what {
                Let::Text(text) => Val::String(Arc::clone(text)),
                Let::Expression(template) => match template.single() {
                    Some(expr) => expression::evaluate(expr, &self.scope)?,
                    None => continue,
                },
            };
            self.known.push((at, Key::String(Arc::clone(&one.name)), val));
            self.known.sort_by_key(|(at, ..)| *at);
            let all = Val::map(self.known.iter().map(|(_, name, val)| (name.clone(), val.clone())));
            self.scope.locals.retain(|(name, _)| &**name != LET);
            self.scope.locals.push((LET.into(), all));
        }
        Ok(&self.scope)
    }

    pub(super) fn into_inner(self) -> Scope<'w, 'a> {
        self.scope
    }
}
