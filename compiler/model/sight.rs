//! How expressions see values: scalars at once, lists, maps and things as nodes, each with what its schema says of it.

use super::existence::Later;
use super::seen::Sight;
use super::unfold;
use super::work::Work;
use super::world::World;
use super::{EntityId, EnvironmentId, Plural, errors};
use crate::expression::{Fault, HostNode, Late, Ty, Val};
use crate::name::Kind;
use crate::schema::{Shape, Type, ValueForm};
use crate::value::{Data, Value};
use std::sync::Arc;

/// Nodes from this number on are things, by their ids.
const THING: u64 = 1 << 32;

/// Nodes from this number on stand for what iterators of loops are, as long as the world is.
const KEPT: u64 = 1 << 48;

/// What a node stands for.
#[derive(Clone)]
pub(super) enum NodePlace<'a> {
    /// A list or map of an entity's value, or of its class's `let` and `outputs`.
    Value { sight: Sight<'a>, value: Value },
    /// An entity as a whole.
    Entity(EntityId),
    /// All entities of a kind that an owner can see, or that are on it.
    Every(Plural),
    /// Who refers to an entity, by the field.
    Referrers(EntityId),
    /// The `let` of an entity's class.
    Let(EntityId),
    /// What an entity makes.
    Makings(EntityId),
    /// What of a kind it makes.
    Made(EntityId, Kind),
    /// The outputs of an entity, as another one reads them.
    Outputs { owner: EntityId, reader: EntityId },
    /// A part of a Terraform address: `resource`, `resource.aws_vpc`, `data`, `module`.
    Terraform { owner: EntityId, address: Arc<str>, missing: u8 },
    /// The platform.
    Platform,
    /// An environment.
    Environment(EnvironmentId),
    /// All environments that the owner can see.
    Environments(EntityId),
    /// All entities of a kind in an environment that are on no cluster.
    In(EnvironmentId, Kind),
}

impl<'a> World<'a> {
    pub(super) fn node(&self, place: NodePlace<'a>) -> Val {
        // Things outlive a session, so that what an expression made may hold them.
        if let NodePlace::Entity(id) = place {
            return Val::Node(HostNode(THING | u64::from(id.0)));
        }
        let mut places = self.places.borrow_mut();
        places.push(place);
        Val::Node(HostNode(places.len() as u64 - 1))
    }

    /// A node that stands for the same and outlives the session; none if this one does.
    pub(super) fn lasting_node(&self, node: HostNode) -> Option<Val> {
        if node.0 >= THING {
            return None;
        }
        let place = self.place(node)?;
        let mut kept = self.kept.borrow_mut();
        kept.push(place);
        Some(Val::Node(HostNode(KEPT + kept.len() as u64 - 1)))
    }

    /// A thing as expressions see it.
    pub(crate) fn thing_node(&self, id: EntityId) -> Val {
        // On another cluster it is another one.
        self.outside.set(true);
        self.node(NodePlace::Entity(id))
    }

    /// The thing that a value is, if it is one.
    pub(super) fn thing(val: &Val) -> Option<EntityId> {
        let Val::Node(HostNode(number)) = val else { return None };
        u32::try_from(number.checked_sub(THING)?).ok().map(EntityId)
    }

    /// The thing that a value is, if it is one.
    pub(crate) fn thing_of(&self, val: &Val) -> Option<EntityId> {
        Self::thing(val)
    }

    pub(super) fn place(&self, node: HostNode) -> Option<NodePlace<'a>> {
        match Self::thing(&Val::Node(node)) {
            Some(id) => Some(NodePlace::Entity(id)),
            None => match node.0.checked_sub(KEPT) {
                Some(at) => self.kept.borrow().get(usize::try_from(at).ok()?).cloned(),
                None => self.places.borrow().get(usize::try_from(node.0).ok()?).cloned(),
            },
        }
    }

    /// A value of an entity as expressions see it: scalars at once, the rest as nodes. What is written in a notation is what it means.
    pub(crate) fn see(&self, sight: Sight<'a>, value: &Value) -> Result<Val, Fault> {
        if self.hides(value) {
            self.tainted.set(true);
        }
        self.gives(value);
        let scalar = match &value.data {
            Data::Null => Val::Null,
            Data::Bool(bool) => Val::Bool(*bool),
            Data::Int(int) => Val::Int(*int),
            Data::Float(float) => Val::Double(*float),
            Data::String(text) => match sight.type_.map(|type_| &type_.as_form(ValueForm::Scalar).resolved().shape) {
                // Where it leads nowhere that is told when its own thing is checked.
                Some(Shape::Ref(referent)) => {
                    self.too_early(Later::Things(referent.kinds.first().copied().unwrap_or(Kind::Infrastructure)))?;
                    self.thing_node(self.referred(sight.owner, referent, text).ok_or(Fault::Reported)?)
                }
                Some(_) | None => Val::String(Arc::clone(text)),
            },
            Data::Late(late) => Val::Late(told(late, sight.type_)),
            Data::Broken => return Err(Fault::Reported),
            Data::List(_) | Data::Map(_) => {
                if sight.is_written() && unfold::is_wrapped(value) {
                    let (inner, sight) = unfold::unwrapped(&sight, value);
                    return self.see(sight, inner);
                }
                // Which items a list has decides where each of them is; a map waits for whoever asks.
                let is_list = sight.is_written() && value.as_list().is_some();
                let (value, sight) = if is_list { self.unfolded(&sight, value)? } else { (self.counting_items(&sight, value)?, sight) };
                let value = self.distinct(&sight, &value).unwrap_or(value);
                return Ok(self.node(NodePlace::Value { sight, value }));
            }
            Data::Template(template) => match self.work(sight.clone(), template, value)? {
                Work::Value(result, elsewhere) => {
                    let result = self.complete(&sight, template, result);
                    return self.see_made(sight, elsewhere, value, &result);
                }
                Work::Things(val, _, is_secret) => {
                    // Which of them it is may tell what was read.
                    self.tainted.set(self.tainted.get() || is_secret);
                    return Ok(val);
                }
                Work::Nothing => return self.see_nothing(sight, template, value),
            },
            Data::Pending(pending) => {
                let result = self.pending(sight.owner, pending)?;
                return self.see_made(sight, None, value, &result);
            }
        };
        if let Some(type_) = sight.type_.filter(|type_| contradicts(&scalar, type_)) {
            // Whoever checks the fields tells the same, at the same place; of a class that is wrong nobody does.
            let is_told = self.class(self.entity(sight.owner)).is_some_and(|class| !class.sound);
            let wrong = || Fault::Diagnostic(Box::new(errors::not_of_its_type(value.origin.span, &type_.describe(), scalar.describe())));
            return Err(if is_told { Fault::Reported } else { wrong() });
        }
        match sight.notation() {
            Some(notation) => scalar.in_notation(notation).map_err(|_| Fault::Reported),
            None => Ok(scalar),
        }
    }
}

/// A late value of a field: where nobody else knows its type, the schema says what it is to be. A fact of another type is one of another time,
/// and tells nothing.
pub(super) fn told(late: &Arc<Late>, type_: Option<&Type>) -> Arc<Late> {
    let fits = |known: &Val| type_.is_none_or(|type_| is_of(known, type_));
    let late = match &late.known {
        Some(known) if !fits(known) => &Arc::new((**late).clone().known(None)),
        Some(_) | None => late,
    };
    match type_.map(|type_| declared(type_, TYPES_DEPTH)) {
        Some(type_) if type_ != Ty::Dyn && late.type_() == Ty::Dyn => Arc::new((**late).clone().typed(type_)),
        Some(_) | None => Arc::clone(late),
    }
}

/// Whether a value cannot be what its field is to hold, whatever else is asked of that.
fn contradicts(value: &Val, type_: &Type) -> bool {
    let resolved = type_.as_form(ValueForm::Scalar).resolved();
    matches!(
        (&resolved.shape, value),
        (Shape::Integer | Shape::Number | Shape::Boolean, Val::String(_))
            | (Shape::Integer | Shape::Number, Val::Bool(_))
            | (Shape::Boolean | Shape::String, Val::Int(_) | Val::Double(_))
            | (Shape::String, Val::Bool(_))
            | (
                Shape::List(_) | Shape::Object | Shape::Map(_) | Shape::Record(_),
                Val::String(_) | Val::Bool(_) | Val::Int(_) | Val::Double(_)
            )
    )
}

/// Whether a fact may stand in a field, as far as its shape goes.
fn is_of(known: &Val, type_: &Type) -> bool {
    let resolved = type_.resolved();
    if let Val::Null = known {
        return resolved.nullable() || resolved.is_free();
    }
    match &resolved.shape {
        Shape::String | Shape::Quantity | Shape::Duration | Shape::Cidr | Shape::Semver => matches!(known, Val::String(_)),
        Shape::Integer => matches!(known, Val::Int(_)),
        Shape::Number => matches!(known, Val::Int(_) | Val::Double(_)),
        Shape::Boolean => matches!(known, Val::Bool(_)),
        Shape::List(_) => matches!(known, Val::List(_)),
        Shape::Object | Shape::Map(_) | Shape::Record(_) => matches!(known, Val::Map(_)),
        Shape::Union(_) => type_.members().iter().any(|member| is_of(known, member)),
        Shape::Any | Shape::Ref(_) | Shape::Named(_) => true,
    }
}

/// Lists and maps within each other that a late value is told of.
const TYPES_DEPTH: usize = 4;

fn declared(type_: &Type, depth: usize) -> Ty {
    let resolved = type_.resolved();
    if depth == 0 || resolved.nullable() {
        return Ty::Dyn;
    }
    match &resolved.shape {
        Shape::String => Ty::String,
        Shape::Integer => Ty::Int,
        Shape::Number => Ty::Number,
        Shape::Boolean => Ty::Bool,
        Shape::Object => Ty::map(Ty::Dyn),
        Shape::List(item) => Ty::list(declared(item, depth - 1)),
        Shape::Map(value) => Ty::map(declared(value, depth - 1)),
        Shape::Quantity | Shape::Duration | Shape::Cidr | Shape::Semver => resolved.notation().map_or(Ty::Dyn, Ty::In),
        Shape::Any | Shape::Ref(_) | Shape::Record(_) | Shape::Union(_) | Shape::Named(_) => Ty::Dyn,
    }
}
