//! Applies a patch as kustomize would, but strictly: what kustomize forgives is a failure here. Used to prove every synthesised patch
//! before it is emitted.

use super::patch::{Action, Operation, same};
use crate::print::{Form, Tree};
use std::borrow::Cow;

/// The tree after all operations; none if one of them does not apply.
pub(super) fn apply(tree: &Tree, operations: &[Operation]) -> Option<Tree> {
    let mut tree = tree.clone();
    for operation in operations {
        let (parent, last) = operation.path.rsplit_once('/')?;
        let mut place = &mut tree;
        for part in parent.split('/').skip(1) {
            place = child(place, &decode(part))?;
        }
        perform(place, &decode(last), &operation.action)?;
    }
    Some(tree)
}

fn perform(place: &mut Tree, key: &str, action: &Action) -> Option<()> {
    match action {
        Action::Add(value) => match &mut place.form {
            Form::Map(entries) => {
                if entries.iter().any(|(known, _)| &**known == key) {
                    return None;
                }
                entries.push((key.into(), value.clone()));
            }
            Form::List(items) => {
                let at = if key == "-" { items.len() } else { position(key)? };
                if at > items.len() {
                    return None;
                }
                items.insert(at, value.clone());
            }
            Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) | Form::Text(_) => return None,
        },
        Action::Remove => match &mut place.form {
            Form::Map(entries) => {
                let at = entries.iter().position(|(known, _)| &**known == key)?;
                entries.remove(at);
            }
            Form::List(items) => {
                let at = position(key).filter(|at| *at < items.len())?;
                items.remove(at);
            }
            Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) | Form::Text(_) => return None,
        },
        Action::Replace(value) => *child(place, key)? = value.clone(),
        Action::Test(value) => return same(child(place, key)?, value).then_some(()),
    }
    Some(())
}

fn child<'a>(place: &'a mut Tree, key: &str) -> Option<&'a mut Tree> {
    match &mut place.form {
        Form::Map(entries) => entries.iter_mut().find(|(known, _)| &**known == key).map(|(_, value)| value),
        Form::List(items) => items.get_mut(position(key)?),
        Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) | Form::Text(_) => None,
    }
}

fn position(key: &str) -> Option<usize> {
    let plain = key.bytes().all(|byte| byte.is_ascii_digit()) && (key.len() == 1 || !key.starts_with('0'));
    if plain { key.parse().ok() } else { None }
}

fn decode(part: &str) -> Cow<'_, str> {
    // Most keys hold nothing to decode.
    if part.contains('~') { Cow::Owned(part.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(part) }
}
