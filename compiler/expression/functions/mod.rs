//! All functions, in tables: a name, how it is called, what it takes and gives, and what it does. Evaluator and checker choose from the
//! same tables, so that they cannot disagree.

mod carriers;
mod convert;
mod duration;
mod encode;
mod format;
mod lists;
mod maps;
mod math;
mod network;
mod optional;
mod quantity;
mod regexes;
mod semver;
mod strings;
mod yaml;

pub(super) use carriers::carries;
pub(super) use convert::text as text_of;
pub(super) use lists::sort_by;

use super::budget::Budget;
use super::val::{HostNode, Val};
use super::{Fault, Host};
use crate::unit::{Misshape, Notation};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// What a parameter takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TyKind {
    /// Any value as it is: late values and nodes of the host too.
    Any,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    List,
    Map,
    Type,
    Optional,
    /// Text, or what a text means, which is given as its text.
    Text,
    /// What a text in a notation means.
    In(Notation),
}

const IP: TyKind = TyKind::In(Notation::Ip);
const CIDR: TyKind = TyKind::In(Notation::Cidr);
const SEMVER: TyKind = TyKind::In(Notation::Semver);
const QUANTITY: TyKind = TyKind::In(Notation::Quantity);
const DURATION: TyKind = TyKind::In(Notation::Duration);

/// What a function gives, for the checker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Gives {
    /// A value of this kind; `Any` if it cannot be told.
    Kind(TyKind),
    /// A list of strings.
    Strings,
    /// A list of integers.
    Ints,
    /// What its first argument is.
    First,
    /// What the items of its first argument are.
    Item,
    /// An optional of what the items of its first argument are.
    OptionalItem,
    /// An optional of what its first argument is.
    OptionalFirst,
    /// What its first argument is, or its second.
    Joined,
    /// What the optional in its first argument holds, or its second argument.
    Either,
}

/// How a function may be called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Style {
    /// `name(a, b)`
    Free,
    /// `a.name(b)`
    Method,
    /// Either way.
    Both,
}

/// One form of a function. The first parameter of a method is what it is called on.
pub(super) struct Overload {
    pub(super) name: &'static str,
    pub(super) style: Style,
    pub(super) parameters: &'static [TyKind],
    /// Whether the last parameter may be given more than once.
    pub(super) variadic: bool,
    pub(super) gives: Gives,
    pub(super) run: Run,
}

/// What comes back from a call.
type Returned = Result<Val, Trouble>;

pub(super) type Run = fn(&[Val], &mut Context<'_>) -> Returned;

/// What a function may use besides its arguments.
pub(super) struct Context<'a> {
    pub(super) host: &'a dyn Host,
    pub(super) budget: &'a mut Budget,
}

/// Why a function gave no value; its caller knows the places.
pub(super) enum Trouble {
    /// The host says so.
    Fault(Fault),
    /// Steps or bytes are used up.
    Costly(&'static str),
    /// An argument, counted from 0 with what the function is called on, has a value that will not do.
    Argument(usize, String),
    /// Overflow, division by zero.
    Arithmetic(String),
    /// A late value within an argument.
    Late(String),
    /// Values of these types do not go together.
    Mismatch,
    /// A text is compared with what is written in a notation, and is not of it.
    Unread(Box<Unread>),
    /// Values of two notations are compared.
    Unlike(Notation, Notation),
    /// A thing is compared with what is none: what the two are.
    Thing(&'static str, &'static str),
    /// `value()` of none.
    NoValue,
}

/// A text that is not of the notation in which it is read.
pub(super) struct Unread {
    pub(super) text: std::sync::Arc<str>,
    pub(super) notation: Notation,
    pub(super) misshape: Misshape,
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Trouble::Fault(fault)
    }
}

/// The forms of a function, which share its name.
pub(super) struct Family {
    pub(super) overloads: Vec<&'static Overload>,
}

const TABLES: [&[Overload]; 13] = [
    convert::TABLE,
    strings::TABLE,
    format::TABLE,
    lists::TABLE,
    maps::TABLE,
    math::TABLE,
    encode::TABLE,
    regexes::TABLE,
    network::TABLE,
    optional::TABLE,
    quantity::TABLE,
    semver::TABLE,
    duration::TABLE,
];

static FAMILIES: LazyLock<BTreeMap<&'static str, Family>> = LazyLock::new(|| {
    let mut families: BTreeMap<&'static str, Family> = BTreeMap::new();
    for overload in TABLES.iter().copied().flatten() {
        families.entry(overload.name).or_insert_with(|| Family { overloads: Vec::new() }).overloads.push(overload);
    }
    families
});

/// The function of a name, namespace included.
pub(super) fn family(name: &str) -> Option<&'static Family> {
    FAMILIES.get(name)
}

/// Whether a function of this name can be called on a value.
pub(super) fn is_method(name: &str) -> bool {
    family(name).is_some_and(|family| family.has_style(true))
}

/// The names of all functions.
pub(super) fn names() -> impl Iterator<Item = &'static str> + Clone {
    FAMILIES.keys().copied()
}

/// Whether functions have this namespace: `math`.
pub(super) fn is_namespace(name: &str) -> bool {
    static NAMESPACES: LazyLock<BTreeSet<&'static str>> =
        LazyLock::new(|| FAMILIES.keys().filter_map(|name| name.split_once('.')).map(|(space, _)| space).collect());
    NAMESPACES.contains(name)
}

impl TyKind {
    /// Whether a value is of this kind.
    pub(super) fn takes(self, value: &Val) -> bool {
        match self {
            TyKind::Any => true,
            TyKind::Bool => matches!(value, Val::Bool(_)),
            TyKind::Int => matches!(value, Val::Int(_)),
            TyKind::Uint => matches!(value, Val::Uint(_)),
            TyKind::Double => matches!(value, Val::Double(_)),
            TyKind::String => matches!(value, Val::String(_)),
            TyKind::Bytes => matches!(value, Val::Bytes(_)),
            TyKind::List => matches!(value, Val::List(_)),
            TyKind::Map => matches!(value, Val::Map(_)),
            TyKind::Type => matches!(value, Val::Type(_)),
            TyKind::Optional => matches!(value, Val::Optional(_)),
            TyKind::Text => matches!(value, Val::String(_) | Val::Opaque(_)),
            TyKind::In(notation) => matches!(value, Val::Opaque(opaque) if opaque.meaning.notation() == notation),
        }
    }

    /// The parameter in a usage line.
    fn word(self) -> &'static str {
        match self {
            TyKind::Any => "value",
            TyKind::Bool => "boolean",
            TyKind::Int => "integer",
            TyKind::Uint => "unsigned",
            TyKind::Double => "number",
            TyKind::String | TyKind::Text => "string",
            TyKind::Bytes => "bytes",
            TyKind::List => "list",
            TyKind::Map => "map",
            TyKind::Type => "type",
            TyKind::Optional => "optional",
            TyKind::In(notation) => notation.word(),
        }
    }
}

impl Overload {
    /// Whether it can be called with this many arguments, what it is called on included.
    pub(super) fn takes_count(&self, count: usize) -> bool {
        count == self.parameters.len() || (self.variadic && count > self.parameters.len())
    }

    /// Whether it can be called like this.
    pub(super) fn has_style(&self, method: bool) -> bool {
        match self.style {
            Style::Free => !method,
            Style::Method => method,
            Style::Both => true,
        }
    }

    /// What an argument has to be.
    pub(super) fn parameter(&self, index: usize) -> TyKind {
        self.parameters.get(index).or(self.parameters.last()).copied().unwrap_or(TyKind::Any)
    }

    fn usage(&self) -> String {
        let mut words: Vec<&str> = self.parameters.iter().map(|kind| kind.word()).collect();
        if self.variadic {
            words.push("…");
        }
        match (self.style, words.split_first()) {
            (Style::Method, Some((target, rest))) => format!("{target}.{}({})", self.name, rest.join(", ")),
            (Style::Free | Style::Both | Style::Method, _) => format!("{}({})", self.name, words.join(", ")),
        }
    }
}

impl Family {
    /// Its forms that can be called like this with so many arguments.
    pub(super) fn forms(&self, method: bool, count: usize) -> impl Iterator<Item = &'static Overload> + Clone {
        self.overloads.iter().copied().filter(move |form| form.has_style(method) && form.takes_count(count))
    }

    /// Whether it can be called like this at all.
    pub(super) fn has_style(&self, method: bool) -> bool {
        self.overloads.iter().any(|form| form.has_style(method))
    }

    /// How it can be called, for hints: its first forms.
    pub(super) fn usage(&self) -> String {
        let mut usages: Vec<String> = self.overloads.iter().map(|overload| overload.usage()).collect();
        usages.dedup();
        usages.truncate(3);
        usages.join("` or `")
    }
}

/// A table line for a function called `name(a, b)`.
const fn free(name: &'static str, parameters: &'static [TyKind], gives: Gives, run: Run) -> Overload {
    Overload { name, style: Style::Free, parameters, variadic: false, gives, run }
}

/// A table line for a function called `a.name(b)`.
const fn method(name: &'static str, parameters: &'static [TyKind], gives: Gives, run: Run) -> Overload {
    Overload { name, style: Style::Method, parameters, variadic: false, gives, run }
}

/// A table line for a function called either way.
const fn both(name: &'static str, parameters: &'static [TyKind], gives: Gives, run: Run) -> Overload {
    Overload { name, style: Style::Both, parameters, variadic: false, gives, run }
}

/// The same, with the last parameter given once or more.
const fn many(overload: Overload) -> Overload {
    Overload { variadic: true, ..overload }
}

impl Context<'_> {
    pub(super) fn steps(&mut self, count: usize) -> Result<(), Trouble> {
        self.budget.steps(count).map_err(Trouble::Costly)
    }

    pub(super) fn bytes(&mut self, count: usize) -> Result<(), Trouble> {
        self.budget.bytes(count).map_err(Trouble::Costly)
    }

    /// Pays for a list of so many items about to be made.
    pub(super) fn items(&mut self, count: usize) -> Result<(), Trouble> {
        self.budget.items(count).map_err(Trouble::Costly)
    }

    /// Pays for a map of so many entries about to be made.
    pub(super) fn entries(&mut self, count: usize) -> Result<(), Trouble> {
        self.budget.entries(count).map_err(Trouble::Costly)
    }

    /// Pays for comparing, searching or copying so many bytes.
    pub(super) fn walk(&mut self, bytes: usize) -> Result<(), Trouble> {
        self.budget.walk(bytes).map_err(Trouble::Costly)
    }

    /// Pays for converting, hashing or escaping so many bytes.
    pub(super) fn work(&mut self, bytes: usize) -> Result<(), Trouble> {
        self.budget.work(bytes).map_err(Trouble::Costly)
    }

    /// A new text, paid for; where it may be longer than what it is made of, whoever makes it has paid before.
    fn text(&mut self, text: impl Into<std::sync::Arc<str>>) -> Result<Val, Trouble> {
        let text = text.into();
        self.bytes(text.len())?;
        Ok(Val::String(text))
    }

    /// A new list, paid for.
    pub(super) fn list(&mut self, items: Vec<Val>) -> Result<Val, Trouble> {
        self.items(items.len())?;
        Ok(Val::list(items))
    }

    /// What a node is, if it is a thing.
    pub(super) fn thing(&self, node: HostNode) -> Option<&'static str> {
        self.host.thing(node)
    }

    /// The value with no nodes of the host at its top.
    pub(super) fn forced(&mut self, value: &Val) -> Result<Val, Trouble> {
        match value {
            Val::Node(node) => {
                let forced = self.host.force(*node)?;
                self.children(forced)
            }
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
            | Val::Opaque(_)
            | Val::Late(_) => Ok(value.clone()),
        }
    }

    /// The same for a node that is written out as text.
    pub(super) fn written(&mut self, node: HostNode) -> Result<Val, Trouble> {
        let written = self.host.written(node)?;
        self.children(written)
    }

    /// What the host has given, with its children paid for.
    fn children(&mut self, forced: Val) -> Result<Val, Trouble> {
        if let Val::List(items) = &forced {
            self.items(items.len())?;
            self.steps(items.len())?;
        } else if let Val::Map(map) = &forced {
            self.entries(map.len())?;
            self.steps(map.len())?;
        }
        Ok(forced)
    }
}
