//! evaluate: an expression of the command line, in the scope of an entity.

use super::path::{Lost, Subject, find};
use crate::Compilation;
use crate::diagnostic::Diagnostics;
use crate::expression::{Fault, Target, Template};
use crate::model::{EntityId, EnvironmentId, Index, Within, World};
use crate::origin::{LayerId, Origin};
use crate::source::{Grammar, Source};
use crate::span::TextMap;
use crate::value::Value;
use std::sync::Arc;

/// Why an expression gave no value.
#[derive(Clone, Debug)]
pub enum NoValue {
    /// The path that was to give the scope leads nowhere.
    Lost(Lost),
    /// What is wrong with the expression.
    Faulty(Diagnostics),
}

/// Evaluates an expression, or a text with `${…}` in it, with the names that the entity at `path` can use: its class's too. Without a
/// path only `platform` is in scope, with that of an environment also `environment`. The text joins the sources, so that diagnostics
/// can point into it.
///
/// # Errors
/// If the path leads nowhere, or the expression has no value.
pub fn evaluate(compilation: &mut Compilation, expression: &str, path: Option<&str>) -> Result<Value, NoValue> {
    let (owner, environment) = scope(compilation, path).map_err(NoValue::Lost)?;
    let text: Arc<str> = if expression.contains("${") { expression.into() } else { format!("${{{expression}}}").into() };
    let length = text.len();
    let source = Source { path: "<expression>".into(), text: Arc::clone(&text), grammar: Grammar::Argument, library: false };
    let map = TextMap::verbatim(compilation.sources.add(source), 0, length);
    let mut diagnostics = Diagnostics::default();
    let template = match Template::parse(&text, &map) {
        Ok(Some(template)) => template,
        Ok(None) => return Ok(Value::string(&*text, Origin { span: map.span(0, length), layer: LayerId::COMPUTED })),
        Err(faults) => {
            faults.into_iter().for_each(|fault| diagnostics.push(fault));
            return Err(NoValue::Faulty(diagnostics));
        }
    };
    let index = Index::new(&compilation.model);
    let world = World::new(&compilation.definitions, &compilation.model, &index);
    let scope = crate::model::Scope {
        world: &world,
        owner,
        within: Within::Class,
        locals: Vec::new(),
        index: Vec::new(),
        stack: environment.map(|environment| (environment, "".into())),
    };
    let origin = Origin { span: template.span, layer: LayerId::COMPUTED };
    let result = world.run(&scope, &template, Target::Plain, origin);
    diagnostics.append(world.diagnostics.take());
    match result {
        Ok(value) => Ok(value),
        Err(fault) => {
            if let Fault::Diagnostic(diagnostic) = fault {
                diagnostics.push(*diagnostic);
            }
            Err(NoValue::Faulty(diagnostics))
        }
    }
}

fn scope(compilation: &Compilation, path: Option<&str>) -> Result<(Option<EntityId>, Option<EnvironmentId>), Lost> {
    let Some(path) = path else { return Ok((None, None)) };
    match find(&compilation.model, path)?.subject {
        Subject::Model => Ok((None, None)),
        Subject::Environment(environment) => Ok((None, Some(environment))),
        Subject::Entity(entity) | Subject::Value(_, Some(entity)) => Ok((Some(entity), None)),
        Subject::Kind(_) | Subject::Value(_, None) => {
            Err(Lost { message: format!("`{path}` is no entity"), hint: Some("name an entity, whose names the expression can then use".to_owned()) })
        }
    }
}
