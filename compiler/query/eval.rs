//! An expression evaluated: at an entity, in an environment, or with nothing but the platform and given names in scope.

use super::show::tree;
use crate::Compilation;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::expression::{self, Fault, Key, Val};
use crate::limit::THING_WEIGHT;
use crate::model::{Cost, EntityId, EntityIndex, EnvironmentId, Scope, Why, Within, World, outcome_too_large};
use crate::name::nearest;
use crate::origin::{LayerId, Origin};
use crate::print::Tree;
use crate::secret::HIDDEN;
use crate::source::{Grammar, Source};
use crate::span::{Span, TextMap};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::sync::Arc;

/// Evaluates an expression. `at` is the model path of an entity, whose scope it gets, or the name of an environment; `names` are further
/// names in scope, with JSON values.
///
/// The outcome is shown whatever it is, also what no field could hold: bytes in base64, a type by its name, no value as null, and numbers
/// that are infinite, undefined or above 64 signed bits as text.
///
/// The text becomes a source of the compilation, so that diagnostics can show it.
///
/// # Errors
/// Everything that keeps the expression from having a value.
pub fn eval(
    compilation: &mut Compilation,
    text: &str,
    at: Option<&str>,
    names: &[(String, serde_json::Value)],
) -> Result<Tree, Vec<Diagnostic>> {
    let file =
        compilation.sources.add(Source { path: "<expression>".into(), text: text.into(), grammar: Grammar::Argument, library: false });
    let whole = Span::new(file, 0, text.len());
    let expr = expression::parse(text, &TextMap::verbatim(file, 0, text.len())).map_err(|fault| vec![*fault])?;
    let model = &compilation.model;
    let index = EntityIndex::new(model);
    let world = World::new(&compilation.definitions, model, &index, Cost::UNBOUNDED);
    let (owner, stack) = match at {
        None => (None, None),
        Some(path) => match place(compilation, path) {
            Some(place) => place,
            None => return Err(vec![unknown(compilation, path)]),
        },
    };
    let locals = names.iter().map(|(name, value)| (Arc::from(name.as_str()), val(value))).collect();
    let scope = Scope { world: &world, owner, within: Within::Class, locals, round: None, stack };
    let mut left = THING_WEIGHT;
    let (result, tainted) =
        world.taints(|| world.session(|| outcome(&world, &scope, &expression::evaluate(&expr, &scope)?, whole, &mut left)));
    if tainted {
        // What an expression makes of a secret is one, and so is what it says when it fails.
        return result.map(|_| Tree::text(HIDDEN)).map_err(|_| vec![hidden(whole)]);
    }
    result.map_err(|fault| {
        let mut found = world.diagnostics.take().sorted(&compilation.sources);
        if let Fault::Diagnostic(diagnostic) = fault {
            found.push(*diagnostic);
        }
        found
    })
}

/// The outcome as it is shown, if it weighs no more than the value of a field could.
fn outcome<'a>(world: &World<'a>, scope: &Scope<'_, 'a>, val: &Val, whole: Span, left: &mut usize) -> Result<Tree, Fault> {
    let Some(less) = left.checked_sub(1) else { return Err(Fault::Diagnostic(Box::new(outcome_too_large(whole, THING_WEIGHT)))) };
    *left = less;
    Ok(match val {
        Val::Null | Val::Optional(None) => Tree::null(),
        Val::Bool(bool) => Tree::bool(*bool),
        Val::Int(int) => Tree::int(*int),
        Val::Uint(uint) => i64::try_from(*uint).map_or_else(|_| Tree::text(uint.to_string()), Tree::int),
        Val::Double(double) if double.is_finite() => Tree::float(*double),
        Val::Double(double) if double.is_nan() => Tree::text("NaN"),
        Val::Double(double) => Tree::text(if *double > 0.0 { "Infinity" } else { "-Infinity" }),
        Val::String(text) => Tree::text(Arc::clone(text)),
        Val::Bytes(bytes) => Tree::text(BASE64.encode(bytes)),
        Val::Type(name) => Tree::text(Arc::clone(name)),
        Val::Opaque(opaque) => outcome(world, scope, &opaque.plain(), whole, left)?,
        Val::Optional(Some(inner)) => outcome(world, scope, inner, whole, left)?,
        Val::List(items) => Tree::list(items.iter().map(|item| outcome(world, scope, item, whole, left)).collect::<Result<Vec<_>, _>>()?),
        Val::Map(map) => {
            let mut entry = |(key, val): &(Key, Val)| Ok::<_, Fault>((key.to_string().into(), outcome(world, scope, val, whole, left)?));
            Tree::map::<Arc<str>>(map.entries().iter().map(&mut entry).collect::<Result<Vec<_>, _>>()?)
        }
        Val::Late(_) | Val::Node(_) => {
            let value = world.value(scope, val, whole, &Why::written(Origin { span: whole, layer: LayerId::COMPUTED }))?;
            tree(&value, &world.secrets())
        }
    })
}

fn hidden(whole: Span) -> Diagnostic {
    Diagnostic::error(Code::BadArgument, "an expression that reads a secret cannot be evaluated", whole, "reads a secret")
        .hint("what exactly is wrong is not shown, because it could tell the secret")
}

type EvalPlace = (Option<EntityId>, Option<(EnvironmentId, Arc<str>)>);

fn place(compilation: &Compilation, path: &str) -> Option<EvalPlace> {
    let model = &compilation.model;
    if let Some((id, _)) = model.entities().find(|(_, entity)| &*entity.path == path) {
        return Some((Some(id), None));
    }
    let (id, _) = model.environments().find(|(_, environment)| &*environment.name == path)?;
    Some((None, Some((id, "".into()))))
}

fn unknown(compilation: &Compilation, path: &str) -> Diagnostic {
    let model = &compilation.model;
    let known = model.entities.iter().map(|entity| &*entity.path).chain(model.environments.iter().map(|environment| &*environment.name));
    let diagnostic = Diagnostic::general(Code::UnknownPath, format!("nothing has the path `{path}`"));
    match nearest(path, known) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic.hint("`platc list` shows what there is; a path is `apps.clusters.gc0`"),
    }
}

/// A JSON value as expressions see it.
fn val(value: &serde_json::Value) -> Val {
    match value {
        serde_json::Value::Null => Val::Null,
        serde_json::Value::Bool(bool) => Val::Bool(*bool),
        serde_json::Value::Number(number) => number
            .as_i64()
            .map(Val::Int)
            .or_else(|| number.as_u64().map(Val::Uint))
            .unwrap_or_else(|| Val::Double(number.as_f64().unwrap_or(0.0))),
        serde_json::Value::String(text) => Val::String(text.as_str().into()),
        serde_json::Value::Array(items) => Val::list(items.iter().map(val).collect()),
        serde_json::Value::Object(map) => Val::map(map.iter().map(|(key, value)| (Key::String(key.as_str().into()), val(value)))),
    }
}
