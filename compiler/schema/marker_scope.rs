//! What expressions in markers see: values of a field before and after a change, read by its type, and nothing else. In come values and their type,
//! out goes a host of the evaluator.

use super::{Referent, Type};
use crate::expression::{Fault, Host, HostNode, Key, Val};
use crate::value::{Data, Entry, Value};
use std::sync::Arc;

/// Tells what a reference leads to.
pub(crate) type ReferredVal<'a> = &'a dyn Fn(&Referent, &str) -> Option<Val>;

/// A value as an expression of a marker sees it; none if a part of it is not known. Where `referred` is given, references are what they lead to.
pub(crate) fn seen(value: &Value, type_: Option<&Type>, referred: Option<ReferredVal<'_>>, depth: usize) -> Option<Val> {
    let depth = depth.checked_sub(1)?;
    let type_ = type_.map(|type_| type_.of_value(value));
    let scalar = match &value.data {
        Data::Null => Val::Null,
        Data::Bool(bool) => Val::Bool(*bool),
        Data::Int(int) => Val::Int(*int),
        Data::Float(float) => Val::Double(*float),
        Data::String(text) => match type_.and_then(|type_| type_.resolved().shape.refers()).zip(referred) {
            Some((referent, referred)) => return referred(referent, text),
            None => Val::String(Arc::clone(text)),
        },
        Data::List(list) => {
            let item = type_.and_then(Type::items).map(AsRef::as_ref);
            return Some(Val::list(list.items().iter().map(|value| seen(value, item, referred, depth)).collect::<Option<_>>()?));
        }
        Data::Map(map) => {
            let entry = |entry: &Entry| {
                let inner = type_.and_then(|type_| type_.inside(&entry.key)).map(AsRef::as_ref);
                Some((Key::String(Arc::clone(&entry.key)), seen(&entry.value, inner, referred, depth)?))
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

/// All that an expression of a marker can name.
pub(crate) struct MarkerScope(pub(crate) Vec<(&'static str, Val)>);

impl Host for MarkerScope {
    fn name(&self, name: &str) -> Result<Option<Val>, Fault> {
        Ok(self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()))
    }

    fn names(&self) -> Vec<Arc<str>> {
        self.0.iter().map(|(name, _)| (*name).into()).collect()
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
