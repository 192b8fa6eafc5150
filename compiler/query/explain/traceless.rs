//! What an expression has read of which its outcome keeps nothing: fields that are not set, and things. In comes a value and whose words made it, out
//! go the names with what is there. Nothing is evaluated: a name counts that is read whatever else is so, as a condition is.

use super::absent::{removal, unset};
use crate::definition::Definitions;
use crate::expression::{Expr, ExprKind, Reference, Template};
use crate::model::{EntityId, Model};
use crate::origin::{Layer, LayerId, Origin};
use crate::path::{Path, Step};
use crate::query::path::{PathSubject, find_steps};
use crate::source::Sources;
use crate::span::TextMap;
use crate::value::{Cause, Name, Value};

/// A name that an expression has read, and of which its outcome keeps nothing.
#[derive(Clone, Debug)]
pub struct TracelessRead {
    /// As it is written.
    pub name: String,
    /// Where it is declared, removed or set; none if that is nowhere.
    pub by: Option<Origin>,
    /// What is there; none if it is not set.
    pub thing: Option<String>,
}

/// What the expression that decides about a value has read without a trace, in the words of this thing; empty if it is in those of others.
#[must_use]
pub fn traceless(model: &Model, definitions: &Definitions, sources: &Sources, owner: EntityId, value: &Value) -> Vec<TracelessRead> {
    let by = value.decided();
    if model.secrets.hides(value) || !is_own(model, definitions, owner, by.layer) {
        return Vec::new();
    }
    let kept = |reference: &Reference| {
        let is_it = |cause: &Cause| matches!(cause.name, Name::Written(span) if sources.text(span) == sources.text(reference.span));
        value.made().iter().any(is_it)
    };
    let mut found: Vec<TracelessRead> = Vec::new();
    for reference in expressions(sources, by).iter().flat_map(certain).filter(|reference| !kept(reference)) {
        let name = sources.text(reference.span).to_owned();
        if found.iter().all(|known| known.name != name) {
            found.extend(there(model, definitions, owner, &reference.steps, name));
        }
    }
    found
}

/// Whether a layer speaks in the words of a thing: `self` is that thing there.
fn is_own(model: &Model, definitions: &Definitions, owner: EntityId, layer: LayerId) -> bool {
    let entity = model.entity(owner);
    match definitions.layers.get(layer) {
        Layer::Class(name) => {
            let class = definitions.classes.get(entity.class.0 as usize);
            *name == entity.class_name || class.is_some_and(|class| class.ancestors.iter().any(|ancestor| ancestor == name))
        }
        Layer::Body(address) | Layer::Overlay { address, .. } => entity.thing.definition.to_string() == **address,
        Layer::PlatformDefaults(_) | Layer::EnvironmentDefaults { .. } | Layer::Flag => true,
        Layer::Computed | Layer::Recorded => false,
    }
}

/// The expressions of the text that stands somewhere.
fn expressions(sources: &Sources, by: Origin) -> Vec<Expr> {
    let text = sources.text(by.span);
    let quoted = ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote));
    let start = by.span.start as usize + usize::from(quoted.is_some());
    let inner = quoted.unwrap_or(text);
    let map = TextMap::verbatim(by.span.file, start, start + inner.len());
    let Ok(Some(template)) = Template::parse(inner, &map) else { return Vec::new() };
    template.expressions().map(|expr| (**expr).clone()).collect()
}

/// The names that an expression reads whatever else is so: not those of a branch, nor those behind `&&`, `||` and `orValue`.
fn certain(expr: &Expr) -> Vec<Reference> {
    match &expr.kind {
        ExprKind::Name { .. } | ExprKind::Select { .. } | ExprKind::Index { .. } => expr.references(),
        ExprKind::Has(inner) | ExprKind::Not(inner) | ExprKind::Negate(inner) => certain(inner),
        ExprKind::Call { target: Some(target), .. } => certain(target),
        ExprKind::Call { target: None, arguments, .. } => arguments.iter().flat_map(certain).collect(),
        ExprKind::Macro(inner) => certain(&inner.range),
        ExprKind::Chain { first, rest } => certain(first).into_iter().chain(rest.iter().flat_map(|link| certain(&link.operand))).collect(),
        ExprKind::And(operands) | ExprKind::Or(operands) => operands.first().map(certain).unwrap_or_default(),
        ExprKind::Conditional { condition, .. } => certain(condition),
        ExprKind::List(_)
        | ExprKind::Map(_)
        | ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Uint(_)
        | ExprKind::Double(_)
        | ExprKind::String(_)
        | ExprKind::Bytes(_) => Vec::new(),
    }
}

/// What is there under a name of the thing's own fields: nothing, or another thing.
fn there(model: &Model, definitions: &Definitions, owner: EntityId, steps: &[Step], name: String) -> Option<TracelessRead> {
    let (Step::Key(first), fields) = steps.split_first()? else { return None };
    if &**first != "self" || fields.is_empty() {
        return None;
    }
    let entity = model.entity(owner);
    let path = entity.thing.path().join(&Path::from(fields.to_vec()));
    match find_steps(model, path.steps()) {
        Ok(end) => {
            let PathSubject::Value(value, _) = end.subject else { return None };
            let mut type_ = &*entity.class_in(definitions)?.type_;
            for step in fields {
                type_ = if let Step::Key(key) = step { type_.inside(key)? } else { type_.items()? };
            }
            type_.resolved().shape.refers()?;
            Some(TracelessRead { name, by: Some(value.decided()), thing: Some(value.as_str()?.to_owned()) })
        }
        Err(_) => {
            let path = path.to_string();
            let removed = removal(model, &path).map(|removal| removal.by);
            let declared = || {
                let unset = unset(model, definitions, &path)?;
                Some(Origin { span: unset.type_.origin, layer: definitions.classes.get(entity.class.0 as usize)?.layer })
            };
            let by = removed.or_else(declared)?;
            Some(TracelessRead { name, by: Some(by), thing: None })
        }
    }
}
