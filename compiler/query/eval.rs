//! An expression evaluated: at an entity, in an environment, or with nothing but the platform and given names in scope.

use crate::Compilation;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::expression::{self, Fault, Key, Val};
use crate::model::{EntityId, EnvironmentId, Index, Scope, Within, World};
use crate::name::nearest;
use crate::origin::{LayerId, Origin};
use crate::source::{Grammar, Source};
use crate::span::{Span, TextMap};
use crate::value::Value;
use std::sync::Arc;

/// Evaluates an expression. `at` is the model path of an entity, whose scope it gets, or the name of an environment; `names` are further
/// names in scope, with JSON values.
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
) -> Result<Value, Vec<Diagnostic>> {
    let file =
        compilation.sources.add(Source { path: "<expression>".into(), text: text.into(), grammar: Grammar::Argument, library: false });
    let whole = Span::new(file, 0, text.len());
    let expr = expression::parse(text, &TextMap::verbatim(file, 0, text.len())).map_err(|fault| vec![*fault])?;
    let model = &compilation.model;
    let index = Index::new(model);
    let world = World::new(&compilation.definitions, model, &index);
    let (owner, stack) = match at {
        None => (None, None),
        Some(path) => match place(compilation, path) {
            Some(place) => place,
            None => return Err(vec![unknown(compilation, path)]),
        },
    };
    let locals = names.iter().map(|(name, value)| (Arc::from(name.as_str()), val(value))).collect();
    let scope = Scope { world: &world, owner, within: Within::Class, locals, index: Vec::new(), stack };
    let result = world.session(|| {
        let val = expression::evaluate(&expr, &scope)?;
        world.value(&scope, &val, whole, Origin { span: whole, layer: LayerId::COMPUTED })
    });
    result.map_err(|fault| {
        let mut found = world.diagnostics.take().sorted(&compilation.sources);
        if let Fault::Diagnostic(diagnostic) = fault {
            found.push(*diagnostic);
        }
        found
    })
}

type Place = (Option<EntityId>, Option<(EnvironmentId, Arc<str>)>);

fn place(compilation: &Compilation, path: &str) -> Option<Place> {
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
