//! What expressions read of entities: their own fields, what is computed for them, their outputs, and the entities around them.

use super::around::Around;
use super::existence::Later;
use super::making::there;
use super::outcome::Why;
use super::seen::Sight;
use super::sight::NodePlace;
use super::world::World;
use super::{EntityId, EnvironmentId, Plural, fact, naming};
use crate::definition::root::{self, Within};
use crate::definition::root::{Computed, Told};
use crate::definition::{output, short_name};
use crate::diagnostic::Diagnostics;
use crate::expression::{Fault, Late, LateReference, Target, Ty, Val, attribute_type};
use crate::name::Kind;
use crate::schema::Type;
use crate::value::{Data, History, Map, Value};
use std::sync::Arc;

impl<'a> World<'a> {
    /// A field of an entity: its own fields first, then what is computed for it.
    pub(super) fn entity_field(&self, reader: EntityId, entity: EntityId, key: &str) -> Result<Option<Val>, Fault> {
        let found = self.entity(entity);
        if let Some(value) = found.value.get(key) {
            return self.see(self.sight(entity).entering_field(&Arc::from(key), value), value).map(there);
        }
        if found.value.removed(key).is_none()
            && let Some(id) = self.assumed(self.sight(entity).field(key))?
        {
            return Ok(Some(self.thing_node(id)));
        }
        if let Some(kind) = root::held(found.kind, key) {
            self.too_early(Later::Things(kind))?;
            self.outside.set(true);
            return Ok(Some(self.node(NodePlace::Every(Plural::held(entity, kind)))));
        }
        if let Some(told) = root::told(found.kind, key) {
            match told {
                Told::Outputs => self.too_early(Later::Outcome)?,
                Told::Referrers => self.too_early(Later::Things(found.kind))?,
                Told::Name | Told::Kind | Told::Class | Told::Classes | Told::Environment | Told::Cluster | Told::Tenant => {}
            }
            return Ok(self.told_of(reader, entity, told));
        }
        match Computed::from_word(key).filter(|_| found.kind == Kind::Cluster) {
            Some(computed) => self.see(Sight::of(entity, Within::Definition), &naming::field(self, entity, computed)?).map(Some),
            None => Ok(None),
        }
    }

    /// What a thing tells of itself.
    fn told_of(&self, reader: EntityId, entity: EntityId, told: Told) -> Option<Val> {
        let found = self.entity(entity);
        let around = |id: Option<EntityId>| {
            let id = id?;
            self.meets(reader, id);
            Some(self.thing_node(id))
        };
        let short = |full: &str| Val::string(short_name(full).to_owned());
        match told {
            Told::Name => {
                self.gives(found.identity.value());
                Some(Val::String(Arc::clone(found.identity.text())))
            }
            Told::Kind => Some(Val::string(found.kind.singular().to_owned())),
            Told::Class => {
                self.gives(&found.class_value);
                Some(short(&found.class_name))
            }
            Told::Classes => {
                let ancestors = self.class(found).map_or(&[][..], |class| &class.ancestors);
                let mut line: Vec<&str> =
                    std::iter::once(&found.class_name).chain(ancestors.iter().rev()).map(|full| short_name(full)).collect();
                // A class and the one that it hides.
                line.dedup();
                let origin = found.class_value.origin;
                self.gives(&Value::list(line.iter().map(|name| Value::string(*name, origin)).collect(), origin));
                Some(Val::list(line.into_iter().map(short).collect()))
            }
            Told::Outputs => Some(self.node(NodePlace::Outputs { owner: entity, reader })),
            Told::Referrers => Some(self.node(NodePlace::Referrers(entity))),
            Told::Environment => Some(self.node(NodePlace::Environment(found.environment))),
            Told::Cluster => around(found.cluster),
            Told::Tenant => around(found.tenant),
        }
    }

    pub(super) fn entity_fields(&self, entity: EntityId) -> Vec<Arc<str>> {
        let found = self.entity(entity);
        let mut names: Vec<Arc<str>> =
            found.value.as_map().map(Map::entries).unwrap_or_default().iter().map(|entry| Arc::clone(&entry.key)).collect();
        // What leads on to other things is asked for by name: a thing as a whole would be everything.
        names.extend([Told::Name, Told::Outputs].map(|told| Arc::from(told.word())));
        names.extend(found.kind.inner().map(|inner| Arc::from(inner.plural())));
        if found.kind == Kind::Cluster {
            names.extend(Computed::ALL.map(|computed| Arc::from(computed.word())));
        }
        names
    }

    /// How the fields of an entity are seen.
    pub(crate) fn sight(&self, entity: EntityId) -> Sight<'a> {
        let class = self.class(self.entity(entity));
        let around = if class.is_some_and(|class| class.reads_items) { Around::Nothing } else { Around::Unasked };
        Sight::of(entity, Within::Definition).typed(class.map(|class| &*class.type_)).standing(around)
    }

    /// The type that the schemas give a map, for what may be in it but is not.
    pub(super) fn type_of(&self, place: &NodePlace<'a>) -> Option<&'a Type> {
        let language = &self.definitions.language;
        match place {
            NodePlace::Entity(entity) => self.class(self.entity(*entity)).map(|class| &*class.type_),
            NodePlace::Platform => Some(&language.platform),
            NodePlace::Environment(_) => Some(&language.environment),
            NodePlace::Value { sight, .. } => sight.type_,
            NodePlace::Every(_)
            | NodePlace::In(..)
            | NodePlace::Environments(_)
            | NodePlace::Referrers(_)
            | NodePlace::Let(_)
            | NodePlace::Makings(_)
            | NodePlace::Made(..)
            | NodePlace::Outputs { .. }
            | NodePlace::Terraform { .. } => None,
        }
    }

    /// An output of an entity, as a reader in another place sees it.
    pub(super) fn output(&self, owner: EntityId, reader: EntityId, key: &str) -> Result<Option<Val>, Fault> {
        let entity = self.entity(owner);
        let Some((said, sight)) = self.section_entry(owner, "outputs", key)? else { return Ok(None) };
        let type_ = self.class(entity).and_then(|class| self.definitions.capabilities.output(class, key));
        let (val, made) = self.output_value(sight.typed(type_), (key, &said))?;
        let Some(made) = made else { return Ok(Some(val)) };
        // What is written there is as sensitive as what Terraform makes; of that its references know.
        if output::is_sensitive(&said) && !made.is_late() {
            self.tainted.set(true);
        }
        let reader = self.entity(reader);
        let same_stack = reader.environment == entity.environment && reader.stack == entity.stack;
        // A list of late values is one output, so another stack reads it as a whole.
        if same_stack || !made.is_late() {
            self.gives(&made);
            return Ok(Some(val));
        }
        let known = fact::val(&made);
        if known.is_some() {
            self.gives(&made);
        }
        Ok(entity.stack.as_ref().map(|stack| {
            let name: Arc<str> = naming::output(self.model, entity, key).into();
            let declared = || output::is_sensitive(&said).then(|| (Arc::clone(&name), Arc::clone(stack)));
            let reference = LateReference {
                environment: self.outside_name(entity.environment),
                stack: Arc::clone(stack),
                address: Arc::clone(&name),
                output: Some(Arc::clone(&name)),
                sensitive: made.sensitive().or_else(declared),
                private: None,
                span: output::value(&said).origin.span,
            };
            Val::Late(Arc::new(Late::reference(reference).typed(late_type(&made, TYPE_DEPTH)).known(known)))
        }))
    }

    /// What an output comes to, as expressions see it and as a value; no value if it is what no field could hold. Its type is what a
    /// capability says of it.
    pub(super) fn output_value(&self, promised: Sight<'a>, (name, said): (&str, &Value)) -> Result<(Val, Option<Value>), Fault> {
        let (owner, type_) = (promised.owner, promised.type_);
        let value = output::value(said);
        let Data::Template(template) = &value.data else {
            let made = self.evaluate_as(promised.clone(), value);
            if made.is_late() {
                let made = self.with_fact(owner, (name, said), &made);
                return Ok((self.see(promised, &made)?, Some(made)));
            }
            return Ok((self.see(promised, value)?, Some(made)));
        };
        let place = promised.place_of(std::ptr::from_ref(&**template) as usize);
        let known = self.outputs.borrow().get(&place).cloned();
        if let Some((made, sight, outside)) = known {
            self.outside.set(self.outside.get() || outside);
            return Ok((self.see(sight, &made)?, Some(made)));
        }
        let scope = self.scope_of(&promised);
        self.enter(place, template.span)?;
        let made = || self.of_use(template, || template.evaluate(&scope, Target::Terraform));
        let read = || -> Result<_, Fault> { Ok((made()?, self.reads.take())) };
        let (read, outside) = self.meets_others(|| self.reading(template.span, || self.session(read)));
        self.leave(place);
        let (val, reads) = read?;
        if matches!(val, Val::Bytes(_) | Val::Type(_) | Val::Optional(_)) {
            return Ok((val, None));
        }
        let why = Why { origin: value.origin, history: History::made(reads) };
        let made = match type_.filter(|type_| type_.refers()) {
            Some(type_) => self.referring(&scope, &val, type_, value.origin.span, &why)?,
            None => self.value(&scope, &val, value.origin.span, &why)?,
        };
        let made = self.with_fact(owner, (name, said), &made);
        let sight = promised.plain().or(self.sight_of(owner, Within::Class, &val));
        self.outputs.borrow_mut().insert(place, (made.clone(), sight.clone(), outside));
        Ok((self.see(sight, &made)?, Some(made)))
    }

    pub(super) fn terraform(&self, owner: EntityId, address: &str, missing: u8, key: &str) -> Val {
        let joined: Arc<str> = if address.is_empty() { key.into() } else { format!("{address}.{key}").into() };
        if missing > 1 {
            return self.node(NodePlace::Terraform { owner, address: joined, missing: missing - 1 });
        }
        let environment = self.outside_name(self.entity(owner).environment);
        let stack = self.entity(owner).stack.clone().unwrap_or_else(|| "".into());
        let span = self.busy.borrow().last().map_or(self.entity(owner).defined, |(_, span)| *span);
        let private = self.private(&joined);
        let told = self.attribute_type(&joined);
        let reference = LateReference { environment, stack, address: joined, output: None, sensitive: None, private, span };
        Val::Late(Arc::new(Late::reference(reference).typed(told)))
    }

    /// What a schema of the project says what stands at an address is; of what platc ships, the address tells.
    fn attribute_type(&self, address: &str) -> Ty {
        let tables = &self.definitions.tables;
        if tables.is_plain() {
            return Ty::Dyn;
        }
        let find = |word, type_: &str| Some(Arc::clone(&tables.terraform(word, type_, &mut Diagnostics::default())?.record));
        attribute_type(address, &find)
    }

    /// What of a resource or of data a schema of the project calls sensitive.
    fn private(&self, address: &str) -> Option<Arc<[Arc<str>]>> {
        let (word, rest) = address.strip_prefix("data.").map_or(("resource", address), |rest| ("data", rest));
        let private = self.definitions.tables.sensitive(word, rest.split('.').next()?);
        (!private.is_empty()).then(|| private.into())
    }

    /// What names an environment outside.
    fn outside_name(&self, environment: EnvironmentId) -> Arc<str> {
        Arc::clone(self.model.environment(environment).identity.text())
    }
}

/// Maps and lists within each other that the type of an output tells of.
const TYPE_DEPTH: usize = 8;

/// What an output is, for whoever reads it as a whole.
fn late_type(value: &Value, depth: usize) -> Ty {
    let Some(depth) = depth.checked_sub(1) else { return Ty::Dyn };
    match &value.data {
        Data::Late(late) => late.type_(),
        Data::Null => Ty::Null,
        Data::Bool(_) => Ty::Bool,
        Data::Int(_) => Ty::Int,
        Data::Float(_) => Ty::Double,
        Data::String(_) => Ty::String,
        Data::List(list) => {
            let mut types = list.items().iter().map(|item| late_type(item, depth));
            let first = types.next().unwrap_or(Ty::Dyn);
            Ty::list(if types.all(|type_| type_ == first) { first } else { Ty::Dyn })
        }
        Data::Map(map) => Ty::record(map.entries().iter().map(|entry| (Arc::clone(&entry.key), late_type(&entry.value, depth))).collect()),
        Data::Template(_) | Data::Pending(_) | Data::Broken => Ty::Dyn,
    }
}
