//! What a change of a value replaces, by what its schema says. In come the type and the two values, out goes what is replaced; a condition that cannot
//! be told holds. It reads nothing but the two values; a reference is the thing that it leads to, by what names that outside.

use super::are_of_one_time;
use crate::expression::{Key, Target, Val};
use crate::limit::VALUE_DEPTH;
use crate::model::{Entity, EntityId, EntityIndex, Model, Names};
use crate::name::Kind;
use crate::path::{Path, Step};
use crate::schema::{FieldReplaces, MarkerScope, Referent, Type, seen};
use crate::value::Value;
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
    /// Of two environments: the thing in the first, if it takes over what the second has; not the other way.
    First,
    /// The thing in the second, if it takes over what the first has; not the other way.
    Second,
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
            let seen = |value, side: &ReferringSide<'_>| {
                seen(value, Some(resolved), Some(&|referent, text| side.thing(referent, text)), VALUE_DEPTH)
            };
            let (Some(old), Some(new)) = (seen(old, &sides.first), seen(new, &sides.second)) else { return Some(Replaced::Thing) };
            let holds = |old: &Val, new: &Val| {
                let told = template.evaluate(&MarkerScope(vec![("old", old.clone()), ("new", new.clone())]), Target::Now);
                !matches!(told, Ok(Val::Bool(false)))
            };
            // Of two environments neither is the one before.
            match (holds(&old, &new), sides.are_of_one_time() && holds(&new, &old)) {
                (true, true) => Some(Replaced::Thing),
                (true, false) => Some(if sides.are_of_one_time() { Replaced::First } else { Replaced::Thing }),
                (false, true) => Some(Replaced::Second),
                (false, false) => None,
            }
        }
    }
}

/// The two things whose values are compared.
pub(super) struct ReferringSides<'a> {
    pub(super) first: ReferringSide<'a>,
    pub(super) second: ReferringSide<'a>,
}

/// What names a thing outside: itself, and what it is on and in.
struct NamedOutside {
    kind: Kind,
    own: Arc<str>,
    cluster: Option<Arc<str>>,
    /// Whether that is the cluster of whoever names it.
    is_beside: bool,
    tenant: Option<Arc<str>>,
}

impl NamedOutside {
    /// Whether two name one thing. What stands beside the one is what stands beside the other: that these are on different clusters is told of themselves.
    fn is_the_same(&self, other: &Self) -> bool {
        let place = self.is_beside == other.is_beside && (self.is_beside || self.cluster == other.cluster);
        place && (self.kind, &self.own, &self.tenant) == (other.kind, &other.own, &other.tenant)
    }
}

/// One of them: what its references lead to.
pub(super) struct ReferringSide<'a> {
    pub(super) model: &'a Model,
    pub(super) owner: EntityId,
    /// Made when the first reference is asked for: hardly any condition is about one.
    pub(super) index: Rc<OnceCell<EntityIndex>>,
}

impl ReferringSides<'_> {
    fn are_of_one_time(&self) -> bool {
        are_of_one_time(self.first.model, self.second.model)
    }

    /// Whether two texts name one thing, whatever it is called on either side.
    pub(super) fn lead_to_the_same(&self, type_: Option<&Type>, left: &str, right: &str) -> bool {
        let referent = type_.and_then(|type_| type_.resolved().shape.refers());
        referent.is_some_and(|referent| same(self.first.named(referent, left), self.second.named(referent, right)))
    }

    /// The same of fields of the language that name things without being references.
    pub(super) fn say_the_same(&self, path: &Path, left: &str, right: &str) -> bool {
        let [Step::Key(field), ..] = path.steps() else { return false };
        let both =
            |named: &dyn Fn(&ReferringSide<'_>, &str) -> Option<NamedOutside>| same(named(&self.first, left), named(&self.second, right));
        match &**field {
            "dependsOn" => both(&|side, text| {
                let any = Referent { kinds: Kind::ALL.to_vec(), class: None, provides: None, orders: true };
                side.named(&any, text)
            }),
            "placement" => both(&|side, text| side.cluster(text)),
            "onlyIn" | "notIn" => {
                let (one, other) = (self.first.environment(left), self.second.environment(right));
                one.is_some() && one == other
            }
            _ => false,
        }
    }
}

fn same(one: Option<NamedOutside>, other: Option<NamedOutside>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one.is_the_same(&other))
}

impl ReferringSide<'_> {
    /// What names the thing outside that a reference leads to.
    fn named(&self, referent: &Referent, text: &str) -> Option<NamedOutside> {
        let index = self.index.get_or_init(|| EntityIndex::new(self.model));
        let found = self.model.entity(Names::new(self.model, index).reference(self.owner, &referent.kinds, text)?);
        let identity = |id: EntityId| Arc::clone(self.model.entity(id).identity.text());
        let own = Arc::clone(found.identity.text());
        let is_beside = found.cluster.is_some() && found.cluster == self.model.entity(self.owner).cluster;
        let (cluster, tenant) = (found.cluster.map(identity), found.tenant.map(identity));
        Some(NamedOutside { kind: found.kind, own, cluster, is_beside, tenant })
    }

    /// What names a cluster outside that is called so where the thing is.
    fn cluster(&self, name: &str) -> Option<NamedOutside> {
        let owner = self.model.entity(self.owner);
        let is_it = |other: &&Entity| other.kind == Kind::Cluster && other.environment == owner.environment && *other.name == *name;
        let found = self.model.entities.iter().find(is_it)?;
        Some(NamedOutside { kind: Kind::Cluster, own: Arc::clone(found.identity.text()), cluster: None, is_beside: false, tenant: None })
    }

    /// What names an environment outside that is called so.
    fn environment(&self, name: &str) -> Option<&str> {
        self.model.environments.iter().find(|environment| *environment.name == *name).map(|environment| &**environment.identity.text())
    }

    /// What a reference leads to, as a condition sees it: two are the same thing if that is the same.
    fn thing(&self, referent: &Referent, text: &str) -> Option<Val> {
        let NamedOutside { kind, own, cluster, tenant, .. } = self.named(referent, text)?;
        let named = |identity| Val::map([(Key::String("name".into()), Val::String(identity))]);
        let around = [("cluster", cluster), ("tenant", tenant)];
        let around = around.into_iter().filter_map(|(word, identity)| Some((Key::String(word.into()), named(identity?))));
        let own = [("name", own), ("kind", kind.singular().into())];
        let own = own.into_iter().map(|(word, text)| (Key::String(word.into()), Val::String(text)));
        Some(Val::map(own.chain(around).collect::<Vec<_>>()))
    }
}
