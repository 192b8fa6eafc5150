//! What a change of a value replaces, by what its schema says. In come the type and the two values, out goes what is replaced; a condition that cannot
//! be told holds. It reads nothing but the two values.

use crate::expression::{Fault, Host, HostNode, Key, Target, Val};
use crate::limit::VALUE_DEPTH;
use crate::name::Kind;
use crate::schema::{FieldReplaces, Type};
use crate::value::{Data, Value};
use std::sync::Arc;

/// What taking a value over replaces.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Replaced {
    /// The thing that has the value.
    Thing,
    /// What is around that, or all that is in it.
    Named(Kind),
}

/// What changing a value of a type replaces, by the markers of this type alone.
pub(super) fn replaced(type_: &Type, old: Option<&Value>, new: Option<&Value>) -> Option<Replaced> {
    let resolved = type_.resolved();
    let member = old.or(new).map(|value| resolved.of_value(value).resolved());
    match type_
        .markers
        .replaces
        .as_ref()
        .or(resolved.markers.replaces.as_ref())
        .or(member.and_then(|member| member.markers.replaces.as_ref()))?
    {
        FieldReplaces::Thing => Some(Replaced::Thing),
        FieldReplaces::Named(kind) => Some(Replaced::Named(*kind)),
        FieldReplaces::If(template) => {
            let (Some(old), Some(new)) = (old, new) else { return Some(Replaced::Thing) };
            let seen = |value| seen(value, Some(resolved), VALUE_DEPTH);
            let (Some(old), Some(new)) = (seen(old), seen(new)) else { return Some(Replaced::Thing) };
            let holds = template.evaluate(&Change { old, new }, Target::Now);
            (!matches!(holds, Ok(Val::Bool(false)))).then_some(Replaced::Thing)
        }
    }
}

/// A value as the condition sees it; none if a part of it is not known.
fn seen(value: &Value, type_: Option<&Type>, depth: usize) -> Option<Val> {
    let depth = depth.checked_sub(1)?;
    let type_ = type_.map(|type_| type_.of_value(value));
    let scalar = match &value.data {
        Data::Null => Val::Null,
        Data::Bool(bool) => Val::Bool(*bool),
        Data::Int(int) => Val::Int(*int),
        Data::Float(float) => Val::Double(*float),
        Data::String(text) => Val::String(Arc::clone(text)),
        Data::List(list) => {
            let item = type_.and_then(Type::items).map(AsRef::as_ref);
            return Some(Val::list(list.items().iter().map(|value| seen(value, item, depth)).collect::<Option<_>>()?));
        }
        Data::Map(map) => {
            let entry = |entry: &crate::value::Entry| {
                let inner = type_.and_then(|type_| type_.inside(&entry.key)).map(AsRef::as_ref);
                Some((Key::String(Arc::clone(&entry.key)), seen(&entry.value, inner, depth)?))
            };
            return Some(Val::map(map.entries().iter().map(entry).collect::<Option<Vec<_>>>()?));
        }
        Data::Late(_) | Data::Template(_) | Data::Pending(_) | Data::Broken => return None,
    };
    match type_.and_then(Type::notation) {
        Some(notation) => scalar.in_notation(notation).ok(),
        None => Some(scalar),
    }
}

/// All that a condition can see.
struct Change {
    old: Val,
    new: Val,
}

impl Host for Change {
    fn name(&self, name: &str) -> Result<Option<Val>, Fault> {
        Ok(match name {
            "old" => Some(self.old.clone()),
            "new" => Some(self.new.clone()),
            _ => None,
        })
    }

    fn names(&self) -> Vec<Arc<str>> {
        vec!["old".into(), "new".into()]
    }

    fn field(&self, _: HostNode, _: &str) -> Result<Option<Val>, Fault> {
        Ok(None)
    }

    fn fields(&self, _: HostNode) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn force(&self, _: HostNode) -> Result<Val, Fault> {
        Err(Fault::Reported)
    }
}
