//! Types: as values (`int`, `net.IP`), and as far as the checker knows them before anything is evaluated.

use super::functions::TyKind;
use super::val::Val;
use crate::path::Path;
use crate::unit::Notation;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is known about a value before it exists. When in doubt it is [`Ty::Dyn`], which goes with everything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ty {
    /// Anything.
    Dyn,
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A signed integer. A field of the schema type `number` is `Dyn`, because it may hold an integer or a double.
    Int,
    /// An unsigned integer.
    Uint,
    /// A floating-point number.
    Double,
    /// Text.
    String,
    /// Text: what something is called, which is one of a few.
    Name(Arc<NamesOf>),
    /// Text: a key of a plural, or made of one. That is the name under which a thing is written, not what it is called outside.
    Written,
    /// Bytes.
    Bytes,
    /// The name of a type.
    Type,
    /// What a text in a notation means: a field of such a type, or from `ip()`, `cidr()`, `semver()`, `quantity()`, `duration()`.
    In(Notation),
    /// A list of items of a type.
    List(Arc<Ty>),
    /// A map with any keys and values of a type.
    Map(Arc<Ty>),
    /// A map with known fields.
    Record(Arc<RecordTy>),
    /// What `.?` and `[?]` give.
    Optional(Arc<Ty>),
    /// A number that may be an integer or not: what Terraform calls one.
    Number,
    /// Known only after Terraform has run, and so is everything selected from it; with what it will be.
    Late(Arc<Ty>),
    /// One of these, which of them is known when the value is: a field that may be text or a list.
    OneOf(Arc<[Ty]>),
    /// Its expression was reported; nothing more is said about it.
    Unknown,
}

/// What things of one sort are called.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamesOf {
    /// One of them in a sentence: `cluster`.
    pub what: &'static str,
    /// Where they are defined: `clusters`.
    pub defined: Path,
    /// All of them.
    pub known: BTreeSet<Arc<str>>,
    /// Names under which some of them are written, and what these are called instead.
    pub written: BTreeMap<Arc<str>, Arc<str>>,
}

impl NamesOf {
    /// Of a sort of things of which there are none yet.
    #[must_use]
    pub fn new(what: &'static str, defined: &str) -> Self {
        Self { what, defined: Path::of([defined]), known: BTreeSet::new(), written: BTreeMap::new() }
    }

    /// Adds a thing that is written under a name, and called so unless it has an identity.
    pub fn add(&mut self, name: &Arc<str>, identity: Option<&Arc<str>>) {
        self.known.insert(Arc::clone(identity.unwrap_or(name)));
        if let Some(identity) = identity {
            self.written.insert(Arc::clone(name), Arc::clone(identity));
        }
    }
}

/// The fields of a map.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RecordTy {
    /// The fields in written order; one that may be missing is a field like any other.
    pub fields: Vec<(Arc<str>, Ty)>,
    /// Whether it may have other fields too.
    pub open: bool,
    /// What it is, if it is a thing of the host's: `a cluster`.
    pub thing: Option<&'static str>,
    /// Who declares the fields, in words that reports of one that is not there share: classes, their outputs, a capability.
    pub of: Vec<Arc<str>>,
}

impl RecordTy {
    /// The type of a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Ty> {
        self.fields.iter().find(|(known, _)| &**known == name).map(|(_, type_)| type_)
    }
}

impl Ty {
    /// A list of items of a type.
    #[must_use]
    pub fn list(item: Ty) -> Ty {
        Ty::List(Arc::new(item))
    }

    /// A map with values of a type.
    #[must_use]
    pub fn map(value: Ty) -> Ty {
        Ty::Map(Arc::new(value))
    }

    /// A map that has these fields and no others.
    #[must_use]
    pub fn record(fields: Vec<(Arc<str>, Ty)>) -> Ty {
        Ty::Record(Arc::new(RecordTy { fields, open: false, ..RecordTy::default() }))
    }

    /// A map that has these fields and may have others.
    #[must_use]
    pub fn open_record(fields: Vec<(Arc<str>, Ty)>) -> Ty {
        Ty::Record(Arc::new(RecordTy { fields, open: true, ..RecordTy::default() }))
    }

    /// An optional value of a type.
    #[must_use]
    pub fn optional(inner: Ty) -> Ty {
        Ty::Optional(Arc::new(inner))
    }

    /// What the value is, in the words of [`Val::describe`].
    #[must_use]
    pub fn describe(&self) -> &'static str {
        match self {
            Ty::Dyn | Ty::Unknown => "a value",
            Ty::OneOf(types) => {
                let has = |wanted: fn(&Ty) -> bool| types.iter().any(wanted);
                match (has(|type_| matches!(type_, Ty::List(_))), has(|type_| matches!(type_, Ty::Map(_) | Ty::Record(_)))) {
                    (true, true) if types.len() == 2 => "a list or a map",
                    (true, true) => "a scalar, a list or a map",
                    (true, false) => "a scalar or a list",
                    (false, true) => "a scalar or a map",
                    (false, false) => "a scalar",
                }
            }
            Ty::Null => "null",
            Ty::Bool => "a boolean",
            Ty::Int => "an integer",
            Ty::Uint => "an unsigned integer",
            Ty::Double | Ty::Number => "a number",
            Ty::String | Ty::Name(_) | Ty::Written => "a string",
            Ty::Bytes => "bytes",
            Ty::Type => "a type",
            Ty::In(notation) => notation.describe(),
            Ty::List(_) => "a list",
            Ty::Record(record) => record.thing.unwrap_or("a map"),
            Ty::Map(_) => "a map",
            Ty::Optional(_) => "an optional value",
            Ty::Late(of) if !of.is_open() => of.describe(),
            Ty::Late(_) => "a late value",
        }
    }

    /// What is known only after Terraform has run, and will be of a type.
    #[must_use]
    pub fn late(of: Ty) -> Ty {
        if matches!(of, Ty::Late(_)) { of } else { Ty::Late(Arc::new(of)) }
    }

    /// Whether it is known only after Terraform has run.
    #[must_use]
    pub fn is_late(&self) -> bool {
        matches!(self, Ty::Late(_))
    }

    /// The same, whether or not it or its parts are late.
    pub(super) fn bare(self) -> Ty {
        match self {
            Ty::Late(inner) => (*inner).clone().bare(),
            Ty::List(item) => Ty::list((*item).clone().bare()),
            Ty::Map(value) => Ty::map((*value).clone().bare()),
            Ty::Record(record) => {
                let fields = record.fields.iter().map(|(name, type_)| (Arc::clone(name), type_.clone().bare()));
                Ty::Record(Arc::new(RecordTy { fields: fields.collect(), ..(*record).clone() }))
            }
            Ty::Name(_) | Ty::Written => Ty::String,
            Ty::Dyn
            | Ty::Null
            | Ty::Bool
            | Ty::Int
            | Ty::Uint
            | Ty::Double
            | Ty::Number
            | Ty::String
            | Ty::Bytes
            | Ty::Type
            | Ty::In(_)
            | Ty::Optional(_)
            | Ty::OneOf(_)
            | Ty::Unknown => self,
        }
    }

    /// What it is, if it is a thing of the host's.
    pub(crate) fn thing(&self) -> Option<&'static str> {
        if let Ty::Record(record) = self { record.thing } else { None }
    }

    /// Whether it is what no thing could ever be.
    pub(super) fn is_plain(&self) -> bool {
        match self {
            Ty::Bool
            | Ty::Int
            | Ty::Uint
            | Ty::Double
            | Ty::String
            | Ty::Name(_)
            | Ty::Written
            | Ty::Bytes
            | Ty::Type
            | Ty::In(_)
            | Ty::List(_) => true,
            Ty::OneOf(types) => types.iter().all(Ty::is_plain),
            Ty::Dyn | Ty::Null | Ty::Map(_) | Ty::Record(_) | Ty::Optional(_) | Ty::Late(_) | Ty::Number | Ty::Unknown => false,
        }
    }

    /// Whether nothing can be said about it.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Ty::Dyn | Ty::OneOf(_) | Ty::Unknown)
    }

    /// The type of what is written in a notation; of anything else nothing is said.
    pub(super) fn of_notation(value: &Val) -> Ty {
        match value {
            Val::Opaque(opaque) => Ty::In(opaque.meaning.notation()),
            Val::Null
            | Val::Bool(_)
            | Val::Int(_)
            | Val::Uint(_)
            | Val::Double(_)
            | Val::String(_)
            | Val::Bytes(_)
            | Val::List(_)
            | Val::Map(_)
            | Val::Type(_)
            | Val::Optional(_)
            | Val::Late(_)
            | Val::Node(_) => Ty::Dyn,
        }
    }

    /// The notation that values of it are in.
    pub(super) fn notation(&self) -> Option<Notation> {
        if let Ty::In(notation) = self { Some(*notation) } else { None }
    }

    /// The type of a value that is of one type or the other.
    pub(crate) fn or(self, other: Ty) -> Ty {
        if self == other {
            return self;
        }
        let is_text = |type_: &Ty| matches!(type_, Ty::String | Ty::Name(_) | Ty::Written);
        if (self == Ty::Written && is_text(&other)) || (other == Ty::Written && is_text(&self)) {
            return Ty::Written;
        }
        let (this, other) = (self.plain(), other.plain());
        if this == other {
            return this;
        }
        this.or_another(other)
    }

    fn or_another(self, other: Ty) -> Ty {
        if matches!(self, Ty::Unknown) || matches!(other, Ty::Unknown) {
            return Ty::Unknown;
        }
        if let (Ty::Late(a), Ty::Late(b)) = (&self, &other) {
            return Ty::late((**a).clone().or((**b).clone()));
        }
        if let (Ty::Number, Ty::Int | Ty::Double) | (Ty::Int | Ty::Double, Ty::Number) = (&self, &other) {
            return Ty::Number;
        }
        if let (Ty::List(a), Ty::List(b)) = (&self, &other) {
            return Ty::list((**a).clone().or((**b).clone()));
        }
        if let (Ty::Map(a), Ty::Map(b)) = (&self, &other) {
            return Ty::map((**a).clone().or((**b).clone()));
        }
        if let (Ty::Optional(a), Ty::Optional(b)) = (&self, &other) {
            return Ty::optional((**a).clone().or((**b).clone()));
        }
        Ty::Dyn
    }

    /// The items of a list, the values of a map, the value of an optional.
    pub(crate) fn inner(&self) -> Ty {
        if let Ty::List(inner) | Ty::Map(inner) | Ty::Optional(inner) = self {
            return (**inner).clone();
        }
        if let Ty::Record(record) = self {
            let mut types = record.fields.iter().map(|(_, type_)| type_.clone());
            return match types.next() {
                Some(first) if !record.open => types.fold(first, Ty::or),
                Some(_) | None => Ty::Dyn,
            };
        }
        if let Ty::OneOf(types) = self {
            let mut inner = types.iter().filter(|type_| matches!(type_, Ty::List(_) | Ty::Map(_) | Ty::Record(_))).map(Ty::inner);
            return inner.next().map_or(Ty::Dyn, |first| inner.fold(first, Ty::or));
        }
        if matches!(self, Ty::Unknown) { Ty::Unknown } else { Ty::Dyn }
    }

    /// Whether a value of this type may be what a parameter takes.
    pub(super) fn may_be(&self, kind: TyKind) -> bool {
        if let Ty::OneOf(types) = self {
            return types.iter().any(|type_| type_.may_be(kind));
        }
        if self.is_open() {
            return true;
        }
        match kind {
            TyKind::Any => true,
            TyKind::Bool => *self == Ty::Bool,
            TyKind::Int => *self == Ty::Int,
            TyKind::Uint => *self == Ty::Uint,
            TyKind::Double => *self == Ty::Double,
            TyKind::String => matches!(self, Ty::String | Ty::Name(_) | Ty::Written),
            TyKind::Bytes => *self == Ty::Bytes,
            TyKind::List => matches!(self, Ty::List(_)),
            TyKind::Map => matches!(self, Ty::Map(_) | Ty::Record(_)),
            TyKind::Type => *self == Ty::Type,
            TyKind::Optional => matches!(self, Ty::Optional(_)),
            TyKind::Text => matches!(self, Ty::String | Ty::Name(_) | Ty::Written | Ty::In(_)),
            TyKind::In(notation) => *self == Ty::In(notation),
        }
    }

    /// The type of what a parameter of this kind takes.
    pub(super) fn of_kind(kind: TyKind) -> Ty {
        match kind {
            TyKind::Any => Ty::Dyn,
            TyKind::Bool => Ty::Bool,
            TyKind::Int => Ty::Int,
            TyKind::Uint => Ty::Uint,
            TyKind::Double => Ty::Double,
            TyKind::String | TyKind::Text => Ty::String,
            TyKind::Bytes => Ty::Bytes,
            TyKind::List => Ty::list(Ty::Dyn),
            TyKind::Map => Ty::map(Ty::Dyn),
            TyKind::Type => Ty::Type,
            TyKind::Optional => Ty::optional(Ty::Dyn),
            TyKind::In(notation) => Ty::In(notation),
        }
    }
}

/// The type that a name stands for where no value has the name.
pub(super) fn constant(name: &str) -> Option<&'static str> {
    const NAMES: [&str; 11] = ["bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type", "optional_type"];
    NAMES.into_iter().find(|known| *known == name)
}

/// The type that `space.name` stands for.
pub(super) fn qualified(space: &str, name: &str) -> Option<&'static str> {
    match (space, name) {
        ("net", "IP") => Some("net.IP"),
        ("net", "CIDR") => Some("net.CIDR"),
        _ => None,
    }
}

/// The type of a value; late values and nodes have none that is known here.
pub(super) fn of(value: &Val) -> Option<&'static str> {
    Some(match value {
        Val::Null => "null_type",
        Val::Bool(_) => "bool",
        Val::Int(_) => "int",
        Val::Uint(_) => "uint",
        Val::Double(_) => "double",
        Val::String(_) => "string",
        Val::Bytes(_) => "bytes",
        Val::List(_) => "list",
        Val::Map(_) => "map",
        Val::Type(_) => "type",
        Val::Optional(_) => "optional_type",
        Val::Opaque(opaque) => match opaque.meaning.notation() {
            Notation::Ip => "net.IP",
            Notation::Cidr => "net.CIDR",
            notation @ (Notation::Semver | Notation::Quantity | Notation::Duration) => notation.word(),
        },
        Val::Late(_) | Val::Node(_) => return None,
    })
}
