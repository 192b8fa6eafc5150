//! The ways in which something that keeps data is lost.

use crate::model::WhyAbsent;
use crate::name::Kind;
use crate::span::Span;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// A thing that would be lost, and why; the places where it would be are told together.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct LostThing {
    pub(super) kind: Kind,
    pub(super) tenant: Option<String>,
    pub(super) identity: String,
    pub(super) cause: LossCause,
}

/// Where something would be lost.
#[derive(Default, Debug)]
pub(super) struct LostPlaces {
    /// The places in words.
    pub(super) shown: BTreeSet<String>,
    /// What holds its data there: addresses, objects and namespaces.
    pub(super) held: BTreeSet<String>,
    /// The environments in which it would be lost, by name.
    pub(super) environments: BTreeSet<String>,
    /// Whether it stays in another one.
    pub(super) stays_elsewhere: bool,
    /// What is new in one of them, and may be the same under another name.
    pub(super) renamed: Option<RenamedThing>,
}

/// Two names that may be those of one thing: of the lost one, or of what it stood on or belonged to.
#[derive(Clone, Debug)]
pub(super) struct RenamedThing {
    /// What sort of thing, in words.
    pub(super) word: &'static str,
    /// What it was called.
    pub(super) before: String,
    /// What it may be called now.
    pub(super) now: String,
    /// Whether it is new; else it only had no data there, for of clusters without any the index knows nothing.
    pub(super) is_new: bool,
}

/// What a thing that is disabled leaves on its clusters.
#[derive(Default, Debug)]
pub(super) struct StayingObjects {
    /// The places in words.
    pub(super) places: BTreeSet<String>,
    /// What it had installed there.
    pub(super) objects: BTreeSet<String>,
}

/// What a tenant that is forgotten leaves behind to be deleted.
#[derive(Default, Debug)]
pub(super) struct DesertedApplications {
    /// The places in words.
    pub(super) places: BTreeSet<String>,
    /// Its applications that keep no data, as far as definitions name them.
    pub(super) applications: BTreeSet<String>,
}

/// What of a namespace stays that is no longer installed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum NamespaceRest {
    /// Everything: its owner goes by its own word, and has deleted nothing.
    All,
    /// What nobody prunes: its owner, or an application of it, is installed elsewhere now, or goes.
    Unpruned,
    /// Argo CD, which runs there and goes on installing.
    ArgoCd,
}

/// Why something would be lost.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum LossCause {
    /// No file defines it.
    Undefined,
    /// It is defined, and something else decides that it is not here.
    NotHere(Span),
    /// This made it, and does so no more.
    NotMade(Span),
    /// What made it, or holds it, is no longer there, by this word if there is one: what that was, in words.
    OwnerGone(Option<Span>, String),
    /// What made it, or holds it, is switched off by this word: what that is, in words.
    SwitchedOff(Span, String),
    /// A word that is not its own, or not about what becomes of it.
    Absent(Span, WhyAbsent),
    /// Its environment is gone.
    NoEnvironment,
    /// Its cluster is gone, by this word if there is one.
    NoCluster(Option<Span>),
    /// Its tenant is gone, by this word if there is one.
    NoTenant(Option<Span>),
    /// Its Terraform is in another stack now.
    OtherStack { span: Span, before: String, now: String },
    /// It is there, and nothing of what it had.
    Unmade { span: Span, address: String },
    /// It is to be forgotten, and something of it is not.
    Unforgotten { span: Span, stack: String, address: String },
}

impl LossCause {
    /// Sorts causes; two of one sort by what they say.
    fn rank(&self) -> (u8, Option<Span>, u8, &str, &str) {
        match self {
            Self::Undefined => (0, None, 0, "", ""),
            Self::NotHere(span) => (1, Some(*span), 0, "", ""),
            Self::Absent(span, absence) => (2, Some(*span), *absence as u8, "", ""),
            Self::NoEnvironment => (3, None, 0, "", ""),
            Self::NoCluster(span) => (4, *span, 0, "", ""),
            Self::NoTenant(span) => (5, *span, 0, "", ""),
            Self::OtherStack { span, before, now } => (6, Some(*span), 0, before, now),
            Self::Unmade { span, address } => (7, Some(*span), 0, address, ""),
            Self::NotMade(span) => (9, Some(*span), 0, "", ""),
            Self::OwnerGone(span, owner) => (10, *span, 0, owner, ""),
            Self::SwitchedOff(span, owner) => (11, Some(*span), 0, owner, ""),
            Self::Unforgotten { span, stack, address } => (8, Some(*span), 0, stack, address),
        }
    }
}

impl PartialOrd for LossCause {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for LossCause {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}
