//! What expressions in a class may name, and of which type each is: built from schemas, for checking without evaluating.

use super::language::Language;
use super::overriding::OVERRIDE;
use super::root::{self, Computed, Root, Told, Within};
use super::{Capabilities, Class, Fragments, Identities, check};
use crate::custom::Tables;
use crate::expression::{Absence, RecordTy, Ty, TypeScope};
use crate::name::Kind;
use crate::schema::{Referent, Shape, Type};
use std::sync::Arc;

/// What is known beside schemas.
#[derive(Clone, Copy)]
pub(super) struct KnownTypes<'a> {
    /// The classes that are loaded.
    pub(super) classes: &'a [Arc<Class>],
    /// What things are called.
    pub(super) identities: &'a Identities,
    /// What capabilities promise.
    pub(super) capabilities: &'a Capabilities,
    /// What kinds of objects and types of resources have.
    pub(super) tables: &'a Tables,
    /// What all classes share; none where no template is looked at.
    pub(super) fragments: Option<&'a Fragments>,
}

/// How deep types of fields are looked into.
const DEPTH: usize = 12;

/// The scope of a class's expressions; `lets` is the type of its `let`.
pub(super) fn of(class: &Class, language: &Language, known: KnownTypes<'_>, lets: Ty) -> TypeScope {
    let own = entity(class.kind, Some(&class.type_), known);
    let makings = super::making::type_of(class, known);
    let type_of = |root: Root| match root {
        Root::Own => own.clone(),
        Root::Around(kind) => entity(kind, None, known),
        Root::Every(kind) => Ty::map(entity(kind, None, known)),
        Root::Let => lets.clone(),
        Root::Makings => makings.clone(),
        Root::Platform | Root::Environment | Root::Environments | Root::Stack | Root::Terraform(..) | Root::Object => {
            common(root, language, known)
        }
    };
    let names = root::roots(Some(class.kind), Within::Class).map(|(name, root)| (name.into(), type_of(root))).collect();
    let owners = std::iter::once(&class.full).chain(&class.ancestors).cloned().collect();
    TypeScope { names, owners, absent: absent(Some(class.kind), Within::Class) }
}

/// The scope in which a fragment stands that nothing uses yet: it may be used by a class of any kind.
pub(super) fn of_fragment(language: &Language, known: KnownTypes<'_>) -> TypeScope {
    let type_of = |root: Root| match root {
        Root::Own => Ty::open_record(vec![("name".into(), Ty::String)]),
        Root::Around(kind) => entity(kind, None, known),
        Root::Every(kind) => Ty::map(entity(kind, None, known)),
        Root::Let
        | Root::Makings
        | Root::Platform
        | Root::Environment
        | Root::Environments
        | Root::Stack
        | Root::Terraform(..)
        | Root::Object => common(root, language, known),
    };
    let names = root::roots(None, Within::Class).map(|(name, root)| (name.into(), type_of(root))).collect();
    TypeScope { names, owners: Vec::new(), absent: Vec::new() }
}

/// The type of a value that a schema declares.
pub(super) fn of_type(type_: &Type, known: KnownTypes<'_>) -> Ty {
    ty(type_, known, DEPTH)
}

/// The scope of a policy's expressions: about entities of a kind, or, without a kind, about emitted objects of any entity.
pub(super) fn of_policy(kind: Option<Kind>, classes: &[Arc<Class>], language: &Language, known: KnownTypes<'_>) -> TypeScope {
    let within = if kind.is_some() { Within::Definition } else { Within::Object };
    let type_of = |root: Root| match (root, kind) {
        (Root::Own, Some(kind)) | (Root::Around(kind), _) => any_of(kind, classes, known),
        (Root::Own, None) => Ty::open_record(vec![("name".into(), Ty::String)]),
        (Root::Every(every), _) => Ty::map(any_of(every, classes, known)),
        (Root::Platform | Root::Environment | Root::Environments | Root::Stack, _) => common(root, language, known),
        (Root::Let | Root::Makings | Root::Terraform(..) | Root::Object, _) => common(root, language, known),
    };
    let names = root::roots(kind, within).map(|(name, root)| (name.into(), type_of(root))).collect();
    TypeScope { names, owners: Vec::new(), absent: absent(kind, within) }
}

/// Names that stand for nothing there, and why.
fn absent(kind: Option<Kind>, within: Within) -> Vec<(Arc<str>, Absence)> {
    let all = Kind::ALL.map(Kind::plural).into_iter().chain(root::words());
    all.filter_map(|name| Some((name.into(), root::absence(name, kind, within)?))).collect()
}

/// The type of what is the same wherever it is named.
fn common(root: Root, language: &Language, known: KnownTypes<'_>) -> Ty {
    match root {
        Root::Platform => ty(&language.platform, known, DEPTH),
        Root::Environment => environment(language, known),
        Root::Environments => Ty::map(environment(language, known)),
        Root::Stack => Ty::record(vec![("name".into(), Ty::String)]),
        Root::Terraform(_, 1) => Ty::map(Ty::late(Ty::Dyn)),
        Root::Terraform(..) => Ty::map(Ty::map(Ty::late(Ty::Dyn))),
        Root::Object => Ty::map(Ty::Dyn),
        // Of these the type depends on who names them.
        Root::Own | Root::Around(_) | Root::Every(_) | Root::Let | Root::Makings => Ty::Dyn,
    }
}

/// An entity of any class of a kind: it has the fields that one of them declares, with the types on which all agree.
fn any_of(kind: Kind, classes: &[Arc<Class>], known: KnownTypes<'_>) -> Ty {
    let mut fields: Vec<(Arc<str>, Ty)> = Vec::new();
    let types: Vec<Ty> = classes.iter().filter(|class| class.kind == kind).map(|class| entity(kind, Some(&class.type_), known)).collect();
    for type_ in &types {
        let Ty::Record(record) = type_ else { continue };
        for (name, type_) in &record.fields {
            match fields.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) if known != type_ => *known = Ty::Dyn,
                Some(_) => {}
                None => fields.push((Arc::clone(name), type_.clone())),
            }
        }
    }
    if types.is_empty() { entity(kind, None, known) } else { thing(kind, fields, false) }
}

/// An entity as expressions see it; without a type it may have any fields.
pub(super) fn entity(kind: Kind, type_: Option<&Type>, known: KnownTypes<'_>) -> Ty {
    let mut fields: Vec<(Arc<str>, Ty)> = Vec::new();
    for (name, type_) in type_.into_iter().flat_map(Type::fields).filter(|(name, _)| *name != OVERRIDE) {
        fields.push((name.into(), ty(type_, known, DEPTH)));
    }
    let computed = |fields: &mut Vec<(Arc<str>, Ty)>, name: &str, type_: Ty| {
        if !fields.iter().any(|(known, _)| &**known == name) {
            fields.push((name.into(), type_));
        }
    };
    for told in Told::ALL.into_iter().filter(|told| root::told(kind, told.word()).is_some()) {
        let type_ = match told {
            Told::Name => known.identities.name(kind),
            Told::Kind | Told::Class => Ty::String,
            Told::Classes => Ty::list(Ty::String),
            Told::Outputs | Told::Referrers => Ty::map(Ty::Dyn),
            Told::Environment => Ty::open_record(vec![("name".into(), known.identities.environment())]),
            Told::Cluster | Told::Tenant => called(if told == Told::Cluster { Kind::Cluster } else { Kind::Tenant }, known),
        };
        computed(&mut fields, told.word(), type_);
    }
    if kind == Kind::Cluster {
        for field in Computed::ALL {
            let type_ = match field {
                Computed::Prefix | Computed::Provider | Computed::FullName | Computed::Domain | Computed::Fqdn => {
                    // A cluster has a prefix whether or not anybody sets it.
                    fields.retain(|(known, _)| **known != *field.word());
                    Ty::String
                }
                Computed::Tags => Ty::map(Ty::String),
            };
            computed(&mut fields, field.word(), type_);
        }
    }
    for (plural, held) in Kind::ALL.into_iter().filter_map(|held| Some((held.plural(), root::held(kind, held.plural())?))) {
        computed(&mut fields, plural, Ty::map(called(held, known)));
    }
    thing(kind, fields, type_.is_none())
}

/// A thing of a class, with the outputs that the class has.
pub(super) fn of_class(class: &Class, known: KnownTypes<'_>) -> Ty {
    let type_ = entity(class.kind, Some(&class.type_), known);
    let Ty::Record(record) = &type_ else { return type_ };
    let of: Vec<Arc<str>> = std::iter::once(&class.full).chain(&class.ancestors).cloned().collect();
    let of_outputs = of.iter().map(|class| format!("{class} outputs").into()).collect();
    let mut record = RecordTy { of, ..(**record).clone() };
    let promised = |name: &str| known.capabilities.output(class, name).map_or(Ty::Dyn, |type_| ty(type_, known, DEPTH));
    let outputs = match class.section(Told::Outputs.word()).map(check::shape) {
        Some(Ty::Record(outputs)) => {
            let fields = outputs.fields.iter().map(|(name, _)| (Arc::clone(name), promised(name))).collect();
            if outputs.open { Ty::open_record(fields) } else { Ty::record(fields) }
        }
        Some(_) => return type_,
        None => Ty::record(Vec::new()),
    };
    let outputs = declared_by(outputs, of_outputs);
    for (_, type_) in record.fields.iter_mut().filter(|(name, _)| **name == *Told::Outputs.word()) {
        *type_ = outputs.clone();
    }
    Ty::Record(Arc::new(record))
}

/// A record with who declares its fields.
fn declared_by(type_: Ty, of: Vec<Arc<str>>) -> Ty {
    let Ty::Record(record) = &type_ else { return type_ };
    Ty::Record(Arc::new(RecordTy { of, ..(**record).clone() }))
}

/// A thing of which no more is known than its name.
fn called(kind: Kind, known: KnownTypes<'_>) -> Ty {
    thing(kind, vec![("name".into(), known.identities.name(kind))], true)
}

fn thing(kind: Kind, fields: Vec<(Arc<str>, Ty)>, open: bool) -> Ty {
    Ty::Record(Arc::new(RecordTy { fields, open, thing: Some(kind.article()), ..RecordTy::default() }))
}

/// An environment: its fields, its name, and what is in it on no cluster.
fn environment(language: &Language, known: KnownTypes<'_>) -> Ty {
    match ty(&language.environment, known, DEPTH) {
        Ty::Record(record) => {
            let mut fields = record.fields.clone();
            fields.push(("name".into(), known.identities.environment()));
            let held = Kind::ALL.into_iter().filter_map(|kind| root::held_by_environment(kind.plural()));
            fields.extend(held.map(|kind| (kind.plural().into(), Ty::map(entity(kind, None, known)))));
            Ty::record(fields)
        }
        type_ @ (Ty::Dyn
        | Ty::Null
        | Ty::Bool
        | Ty::Int
        | Ty::Uint
        | Ty::Double
        | Ty::String
        | Ty::Name(_)
        | Ty::Written
        | Ty::Bytes
        | Ty::Type
        | Ty::In(_)
        | Ty::List(_)
        | Ty::Map(_)
        | Ty::Optional(_)
        | Ty::Number
        | Ty::OneOf(_)
        | Ty::Late(_)
        | Ty::Unknown) => type_,
    }
}

/// The type of a field's values in expressions: only as far as it is certain.
pub(super) fn of_field(type_: &Type, known: KnownTypes<'_>) -> Ty {
    ty(type_, known, DEPTH)
}

fn ty(type_: &Type, known: KnownTypes<'_>, depth: usize) -> Ty {
    inside(type_, known, &mut Vec::new(), depth)
}

/// `names`: the named types this one is inside of; one that is inside itself would have no end.
fn inside<'t>(type_: &'t Type, known: KnownTypes<'_>, names: &mut Vec<&'t str>, depth: usize) -> Ty {
    let name = type_.name().map(|name| &**name);
    if depth == 0 || type_.nullable() || name.is_some_and(|name| names.contains(&name)) {
        return Ty::Dyn;
    }
    let open = names.len();
    names.extend(name);
    let result = match &type_.resolved().shape {
        // A number may be an integer or not: expressions tell those apart, schemas do not.
        Shape::Any | Shape::Number | Shape::Named(_) => Ty::Dyn,
        Shape::Union(_) => Ty::one_of(type_.members().iter().map(|member| inside(member, known, names, depth - 1)).collect()),
        Shape::String => Ty::String,
        Shape::Quantity | Shape::Duration | Shape::Cidr | Shape::Semver => type_.notation().map_or(Ty::Dyn, Ty::In),
        Shape::Ref(referent) => referred(referent, known, depth - 1),
        Shape::Integer => Ty::Int,
        Shape::Boolean => Ty::Bool,
        Shape::Object => Ty::map(Ty::Dyn),
        Shape::List(item) => Ty::list(inside(item, known, names, depth - 1)),
        Shape::Map(value) => Ty::map(inside(value, known, names, depth - 1)),
        Shape::Record(record) => {
            let fields = record.fields().iter();
            Ty::record(fields.map(|field| (Arc::clone(&field.name), inside(&field.type_, known, names, depth - 1))).collect())
        }
    };
    names.truncate(open);
    result
}

/// The type of what a reference is: a thing of some class, of whose outputs its capability tells.
fn referred(referent: &Referent, known: KnownTypes<'_>, depth: usize) -> Ty {
    let mut types = referent.kinds.iter().map(|kind| entity(*kind, None, known));
    let Some(Ty::Record(first)) = types.next() else { return Ty::Dyn };
    let mut record = (*first).clone();
    for other in types {
        // Of things of several kinds only that is known on which all agree.
        let Ty::Record(other) = other else { return Ty::Dyn };
        record.fields = record
            .fields
            .into_iter()
            .filter_map(|(name, type_)| {
                let other = other.field(&name)?.clone();
                Some((name, type_.or(other)))
            })
            .collect();
        record.thing = Some("a thing");
    }
    if let Some(offered) = known.capabilities.offered(referent) {
        let of = referent.provides.iter().map(|name| super::capability::owner(name)).collect();
        let outputs = declared_by(ty(offered, known, depth), of);
        record.fields.iter_mut().filter(|(name, _)| **name == *Told::Outputs.word()).for_each(|(_, type_)| *type_ = outputs.clone());
    }
    Ty::Record(Arc::new(record))
}
