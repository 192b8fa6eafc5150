//! What expressions in a class may name, and of which type each is: built from schemas, for checking without evaluating.

use super::language::Language;
use super::root::{self, Computed, Root, Told, Within};
use super::{Class, Identities};
use crate::expression::{Absence, Ty, TypeScope};
use crate::name::Kind;
use crate::schema::{Shape, Type};
use std::sync::Arc;

/// How deep types of fields are looked into.
const DEPTH: usize = 12;

/// The scope of a class's expressions; `lets` are the types of its `let`.
pub(super) fn of(class: &Class, language: &Language, identities: &Identities, lets: Vec<(Arc<str>, Ty)>) -> TypeScope {
    let own = entity(class.kind, Some(&class.type_), identities);
    let lets = Ty::record(lets);
    let type_of = |root: Root| match root {
        Root::Own => own.clone(),
        Root::Around(kind) => entity(kind, None, identities),
        Root::Every(kind) => Ty::map(entity(kind, None, identities)),
        Root::Let => lets.clone(),
        Root::Platform | Root::Environment | Root::Stack | Root::Terraform(..) | Root::Object => common(root, language, identities),
    };
    let names = root::roots(Some(class.kind), Within::Class).map(|(name, root)| (name.into(), type_of(root))).collect();
    TypeScope { names, absent: absent(Some(class.kind), Within::Class) }
}

/// The scope of a policy's expressions: about entities of a kind, or, without a kind, about emitted objects of any entity.
pub(super) fn of_policy(kind: Option<Kind>, classes: &[Arc<Class>], language: &Language, identities: &Identities) -> TypeScope {
    let within = if kind.is_some() { Within::Definition } else { Within::Object };
    let type_of = |root: Root| match (root, kind) {
        (Root::Own, Some(kind)) | (Root::Around(kind), _) => any_of(kind, classes, identities),
        (Root::Own, None) => Ty::open_record(vec![("name".into(), Ty::String)]),
        (Root::Every(every), _) => Ty::map(any_of(every, classes, identities)),
        (Root::Platform | Root::Environment | Root::Stack | Root::Let | Root::Terraform(..) | Root::Object, _) => {
            common(root, language, identities)
        }
    };
    let names = root::roots(kind, within).map(|(name, root)| (name.into(), type_of(root))).collect();
    TypeScope { names, absent: absent(kind, within) }
}

/// Names that stand for nothing there, and why.
fn absent(kind: Option<Kind>, within: Within) -> Vec<(Arc<str>, Absence)> {
    let plurals = Kind::ALL.map(Kind::plural).into_iter();
    plurals.filter_map(|name| Some((name.into(), root::absence(name, kind, within)?))).collect()
}

/// The type of what is the same wherever it is named.
fn common(root: Root, language: &Language, identities: &Identities) -> Ty {
    match root {
        Root::Platform => ty(&language.platform, DEPTH),
        Root::Environment => named(ty(&language.environment, DEPTH), identities.environment()),
        Root::Stack => Ty::record(vec![("name".into(), Ty::String)]),
        Root::Terraform(_, 1) => Ty::map(Ty::late(Ty::Dyn)),
        Root::Terraform(..) => Ty::map(Ty::map(Ty::late(Ty::Dyn))),
        Root::Object => Ty::map(Ty::Dyn),
        // Of these the type depends on who names them.
        Root::Own | Root::Around(_) | Root::Every(_) | Root::Let => Ty::Dyn,
    }
}

/// An entity of any class of a kind: it has the fields that one of them declares, with the types on which all agree.
fn any_of(kind: Kind, classes: &[Arc<Class>], identities: &Identities) -> Ty {
    let mut fields: Vec<(Arc<str>, Ty)> = Vec::new();
    let types: Vec<Ty> =
        classes.iter().filter(|class| class.kind == kind).map(|class| entity(kind, Some(&class.type_), identities)).collect();
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
    if types.is_empty() { entity(kind, None, identities) } else { Ty::record(fields) }
}

/// An entity as expressions see it; without a type it may have any fields.
fn entity(kind: Kind, type_: Option<&Type>, identities: &Identities) -> Ty {
    let mut fields: Vec<(Arc<str>, Ty)> = Vec::new();
    for (name, type_) in type_.into_iter().flat_map(Type::fields) {
        fields.push((name.into(), ty(type_, DEPTH)));
    }
    let computed = |fields: &mut Vec<(Arc<str>, Ty)>, name: &str, type_: Ty| {
        if !fields.iter().any(|(known, _)| &**known == name) {
            fields.push((name.into(), type_));
        }
    };
    for told in Told::ALL.into_iter().filter(|told| root::told(kind, told.word()).is_some()) {
        let type_ = match told {
            Told::Name => identities.name(kind),
            Told::Kind | Told::Class => Ty::String,
            Told::Classes => Ty::list(Ty::String),
            Told::Outputs | Told::Referrers => Ty::map(Ty::Dyn),
            Told::Environment => Ty::open_record(vec![("name".into(), identities.environment())]),
            Told::Cluster | Told::Tenant => {
                let around = if told == Told::Cluster { Kind::Cluster } else { Kind::Tenant };
                Ty::open_record(vec![("name".into(), identities.name(around))])
            }
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
        computed(&mut fields, plural, Ty::map(Ty::open_record(vec![("name".into(), identities.name(held))])));
    }
    if type_.is_some() { Ty::record(fields) } else { Ty::open_record(fields) }
}

/// A record with a name.
fn named(type_: Ty, name: Ty) -> Ty {
    match type_ {
        Ty::Record(record) => {
            let mut fields = record.fields.clone();
            fields.push(("name".into(), name));
            Ty::record(fields)
        }
        Ty::Dyn
        | Ty::Null
        | Ty::Bool
        | Ty::Int
        | Ty::Uint
        | Ty::Double
        | Ty::String
        | Ty::Name(_)
        | Ty::Bytes
        | Ty::Type
        | Ty::In(_)
        | Ty::List(_)
        | Ty::Map(_)
        | Ty::Optional(_)
        | Ty::Number
        | Ty::Late(_)
        | Ty::Unknown => type_,
    }
}

/// The type of a field's values in expressions: only as far as it is certain.
fn ty(type_: &Type, depth: usize) -> Ty {
    inside(type_, &mut Vec::new(), depth)
}

/// `names`: the named types this one is inside of; one that is inside itself would have no end.
fn inside<'t>(type_: &'t Type, names: &mut Vec<&'t str>, depth: usize) -> Ty {
    let name = type_.name().map(|name| &**name);
    if depth == 0 || type_.nullable() || name.is_some_and(|name| names.contains(&name)) {
        return Ty::Dyn;
    }
    let open = names.len();
    names.extend(name);
    let result = match &type_.resolved().shape {
        // A number may be an integer or not: expressions tell those apart, schemas do not.
        Shape::Any | Shape::Number | Shape::Named(_) => Ty::Dyn,
        Shape::String => Ty::String,
        Shape::Quantity | Shape::Duration | Shape::Cidr | Shape::Semver => type_.notation().map_or(Ty::Dyn, Ty::In),
        Shape::Ref(referent) => match referent.kinds.as_slice() {
            [kind] => entity(*kind, None, &Identities::default()),
            _ => Ty::Dyn,
        },
        Shape::Integer => Ty::Int,
        Shape::Boolean => Ty::Bool,
        Shape::Object => Ty::map(Ty::Dyn),
        Shape::List(item) => Ty::list(inside(item, names, depth - 1)),
        Shape::Map(value) => Ty::map(inside(value, names, depth - 1)),
        Shape::Record(record) => {
            let fields = record.fields().iter();
            Ty::record(fields.map(|field| (Arc::clone(&field.name), inside(&field.type_, names, depth - 1))).collect())
        }
    };
    names.truncate(open);
    result
}
