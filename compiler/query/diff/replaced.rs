//! What a change of a value replaces, by what its schema says. In come the type and the two values, out goes what is replaced; a condition that cannot
//! be told holds. It reads nothing but the two values; a reference is the thing that it leads to, by what names that outside.

use crate::expression::{Fault, Host, HostNode, Key, Target, Val};
use crate::limit::VALUE_DEPTH;
use crate::model::{EntityId, EntityIndex, Model, Names};
use crate::name::Kind;
use crate::schema::{FieldReplaces, Referent, Type};
use crate::value::{Data, Value};
use std::cell::OnceCell;
use std::rc::Rc;
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
pub(super) fn replaced(type_: &Type, old: Option<&Value>, new: Option<&Value>, sides: &ReferringSides<'_>) -> Option<Replaced> {
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
            let seen =
                |value, side: &ReferringSide<'_>| seen(value, Some(resolved), &|referent, text| side.thing(referent, text), VALUE_DEPTH);
            let (Some(old), Some(new)) = (seen(old, &sides.first), seen(new, &sides.second)) else { return Some(Replaced::Thing) };
            let holds = template.evaluate(&Change { old, new }, Target::Now);
            (!matches!(holds, Ok(Val::Bool(false)))).then_some(Replaced::Thing)
        }
    }
}

/// The two things whose values are compared.
pub(super) struct ReferringSides<'a> {
    pub(super) first: ReferringSide<'a>,
    pub(super) second: ReferringSide<'a>,
}

/// One of them: what its references lead to.
pub(super) struct ReferringSide<'a> {
    pub(super) model: &'a Model,
    pub(super) owner: EntityId,
    /// Made when the first reference is asked for: hardly any condition is about one.
    pub(super) index: Rc<OnceCell<EntityIndex>>,
}

impl ReferringSide<'_> {
    /// What a reference leads to, by what names it outside: two are the same thing if that is the same.
    fn thing(&self, referent: &Referent, text: &str) -> Option<Val> {
        let index = self.index.get_or_init(|| EntityIndex::new(self.model));
        let found = self.model.entity(Names::new(self.model, index).reference(self.owner, &referent.kinds, text)?);
        let named = |id: EntityId| {
            let identity = Val::String(Arc::clone(self.model.entity(id).identity.text()));
            Val::map([(Key::String("name".into()), identity)])
        };
        let around = [("cluster", found.cluster), ("tenant", found.tenant)];
        let around = around.into_iter().filter_map(|(word, id)| Some((Key::String(word.into()), named(id?))));
        let own = [("name", Arc::clone(found.identity.text())), ("kind", found.kind.singular().into())];
        let own = own.into_iter().map(|(word, text)| (Key::String(word.into()), Val::String(text)));
        Some(Val::map(own.chain(around).collect::<Vec<_>>()))
    }
}

/// Tells what a reference leads to.
type ReferredVal<'a> = &'a dyn Fn(&Referent, &str) -> Option<Val>;

/// A value as the condition sees it; none if a part of it is not known.
fn seen(value: &Value, type_: Option<&Type>, referred: ReferredVal<'_>, depth: usize) -> Option<Val> {
    let depth = depth.checked_sub(1)?;
    let type_ = type_.map(|type_| type_.of_value(value));
    let scalar = match &value.data {
        Data::Null => Val::Null,
        Data::Bool(bool) => Val::Bool(*bool),
        Data::Int(int) => Val::Int(*int),
        Data::Float(float) => Val::Double(*float),
        Data::String(text) => match type_.and_then(|type_| type_.resolved().shape.refers()) {
            Some(referent) => return referred(referent, text),
            None => Val::String(Arc::clone(text)),
        },
        Data::List(list) => {
            let item = type_.and_then(Type::items).map(AsRef::as_ref);
            return Some(Val::list(list.items().iter().map(|value| seen(value, item, referred, depth)).collect::<Option<_>>()?));
        }
        Data::Map(map) => {
            let entry = |entry: &crate::value::Entry| {
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
