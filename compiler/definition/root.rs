//! The names that an expression may begin with, and what each stands for: the one table. Checking, evaluating, linking and finding causes
//! ask it, so that a name means the same to all of them. It knows kinds and no entity.

use super::errors;
use crate::expression::Absence;
use crate::name::Kind;
use crate::variants::variants;

/// Where an expression stands, which decides about its names beside the kind of the thing that it is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Within {
    /// In a definition, or in a policy about entities.
    Definition,
    /// In a class.
    Class,
    /// In a policy about what the templates became.
    Object,
    /// In what is said of a stack as a whole, which is no entity.
    Stack,
}

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Root {
    /// The entity itself.
    Own,
    /// The entity of a kind that it is in or on.
    Around(Kind),
    /// All entities of a kind that it sees, by name.
    Every(Kind),
    /// The platform.
    Platform,
    /// Its environment.
    Environment,
    /// The environments that it sees, by name.
    Environments,
    /// The stack that its Terraform joins.
    Stack,
    /// The `let` of its class.
    Let,
    /// What it makes, by kind and key.
    Makings,
    /// What Terraform knows: how an address begins, and how many names it is short of.
    Terraform(&'static str, u8),
    /// The object that a policy is about.
    Object,
}

variants! {
    /// The words beside those of the kinds, in the order in which suggestions list them.
    enum Word(word, from_word) {
        Itself = "self",
        Platform = "platform",
        Environment = "environment",
        Environments = "environments",
        Stack = "stack",
        Let = "let",
        Makings = "entities",
        Resource = "resource",
        Data = "data",
        Module = "module",
        Provider = "provider",
        Object = "object",
    }
}

/// What a name stands for where things of a kind are spoken of, or, without a kind, things of any kind; none if it stands for nothing there.
pub(crate) fn root(name: &str, kind: Option<Kind>, within: Within) -> Option<Root> {
    if let Some(word) = Word::from_word(name) {
        let in_class = within == Within::Class;
        return match word {
            Word::Platform => Some(Root::Platform),
            Word::Environment => Some(Root::Environment),
            Word::Environments => (within != Within::Stack).then_some(Root::Environments),
            Word::Stack => Some(Root::Stack),
            Word::Itself => (within != Within::Stack).then_some(Root::Own),
            Word::Let => in_class.then_some(Root::Let),
            Word::Makings => in_class.then_some(Root::Makings),
            Word::Resource => in_class.then_some(Root::Terraform("", 2)),
            Word::Data => in_class.then_some(Root::Terraform("data", 2)),
            Word::Module => in_class.then_some(Root::Terraform("module", 1)),
            Word::Provider => in_class.then_some(Root::Terraform("provider", 1)),
            Word::Object => (within == Within::Object).then_some(Root::Object),
        };
    }
    // `infrastructure` is its own plural and means all of it; the thing itself is `self`.
    match (Kind::from_plural(name), Kind::from_singular(name)) {
        _ if within == Within::Stack => None,
        (Some(every), _) => kind.is_none_or(|kind| sees(kind, every)).then_some(Root::Every(every)),
        (None, Some(one)) if kind == Some(one) => Some(Root::Own),
        (None, Some(one)) if kind.is_none_or(|kind| surrounds(one, kind)) => Some(Root::Around(one)),
        (None, _) => None,
    }
}

/// All names there, with what they stand for, in the order in which suggestions list them: what is around, everything, itself, the rest.
pub(crate) fn roots(kind: Option<Kind>, within: Within) -> impl Iterator<Item = (&'static str, Root)> {
    let is_around = |kind: &Kind| Kind::ALL.into_iter().any(|inner| surrounds(*kind, inner));
    let (around, others): (Vec<Kind>, Vec<Kind>) = Kind::ALL.into_iter().partition(is_around);
    // Of a kind that is its own plural the word is listed once.
    let others = others.into_iter().map(Kind::singular).filter(|word| Kind::from_plural(word).is_none());
    let kinds = around.into_iter().map(Kind::singular).chain(Kind::ALL.map(Kind::plural)).chain(others);
    let (first, last): (Vec<Word>, Vec<Word>) = Word::ALL.into_iter().partition(|word| *word < Word::Stack);
    let words = first.into_iter().map(Word::word).chain(kinds).chain(last.into_iter().map(Word::word));
    words.filter_map(move |word| root(word, kind, within).map(|root| (word, root)))
}

/// The names that are no kinds.
pub(crate) fn words() -> impl Iterator<Item = &'static str> {
    Word::ALL.into_iter().map(Word::word)
}

/// Why a name stands for nothing there although elsewhere it does; none if it is a name nowhere, or no more is to be said.
pub(crate) fn absence(name: &str, kind: Option<Kind>, within: Within) -> Option<Absence> {
    if let (Some(word), Within::Definition) = (Word::from_word(name), within) {
        return match word {
            Word::Let => Some(errors::let_in_definition()),
            Word::Makings => Some(errors::makings_in_definition()),
            Word::Platform
            | Word::Environment
            | Word::Environments
            | Word::Stack
            | Word::Itself
            | Word::Resource
            | Word::Data
            | Word::Module
            | Word::Provider
            | Word::Object => None,
        };
    }
    let (from, every) = (kind?, Kind::from_plural(name)?);
    (within != Within::Stack && !sees(from, every)).then(|| errors::absent(from, every))
}

/// Whether a name stands for something only where a thing of a kind is on a cluster, and such things need not be on one.
pub(crate) fn needs_cluster(name: &str, kind: Kind, within: Within) -> bool {
    if kind != Kind::Infrastructure {
        return false;
    }
    match root(name, Some(kind), within) {
        Some(Root::Around(around)) => around == Kind::Cluster,
        Some(Root::Every(every)) => matches!(every, Kind::NodePool | Kind::Service | Kind::Tenant),
        Some(
            Root::Own
            | Root::Platform
            | Root::Environment
            | Root::Environments
            | Root::Stack
            | Root::Let
            | Root::Makings
            | Root::Terraform(..)
            | Root::Object,
        )
        | None => false,
    }
}

/// Why such a name stands for nothing where a thing is on none.
pub(crate) fn absence_on_none(name: &str, kind: Kind, within: Within) -> Option<Absence> {
    needs_cluster(name, kind, within).then(|| errors::absent_on_none(kind))
}

/// Why a thing on no cluster does not tell of one.
pub(crate) fn absence_of_cluster(kind: Kind) -> Absence {
    errors::absent_on_none(kind)
}

/// Whether things of a kind see those of another kind at all: what is on a cluster sees what is on the same, applications those of their
/// tenant, and everything sees what is on none. Of infrastructure only what is placed does so; which is, no kind tells.
pub(crate) fn sees(from: Kind, kind: Kind) -> bool {
    match kind {
        Kind::Cluster | Kind::Infrastructure | Kind::NodePool | Kind::Service | Kind::Tenant => true,
        Kind::Application => matches!(from, Kind::Tenant | Kind::Application),
    }
}

/// Whether things of a kind are in or on one of another kind; infrastructure may be.
fn surrounds(outer: Kind, inner: Kind) -> bool {
    match outer {
        Kind::Cluster => inner != Kind::Cluster,
        Kind::Tenant => inner == Kind::Application,
        Kind::NodePool | Kind::Service | Kind::Application | Kind::Infrastructure => false,
    }
}

/// What a class of a kind can name as replaced by a change of a field, beside its things: what is around them, and what stands in them.
pub(crate) fn replaceable(kind: Kind) -> Vec<Kind> {
    Kind::ALL.into_iter().filter(|other| surrounds(*other, kind) || kind.inner() == Some(*other)).collect()
}

variants! {
    /// What every thing tells of itself, beside its fields (design 2.4).
    pub(crate) enum Told(word, from_word) {
        /// What it is called outside.
        Name = "name",
        /// What it is: `service`.
        Kind = "kind",
        /// The name of its class.
        Class = "class",
        /// That, and the names of the classes that it inherits from, the nearest first.
        Classes = "classes",
        /// What others may read of it.
        Outputs = "outputs",
        /// Who refers to it, by field.
        Referrers = "referrers",
        /// Where it is.
        Environment = "environment",
        /// What it is in or on.
        Cluster = "cluster",
        /// Whose it is.
        Tenant = "tenant",
    }
}

/// What things of a kind tell of themselves under a word.
pub(crate) fn told(kind: Kind, word: &str) -> Option<Told> {
    let told = Told::from_word(word)?;
    let has = match told {
        Told::Cluster => surrounds(Kind::Cluster, kind),
        Told::Tenant => surrounds(Kind::Tenant, kind),
        Told::Name | Told::Kind | Told::Class | Told::Classes | Told::Outputs | Told::Referrers | Told::Environment => true,
    };
    has.then_some(told)
}

/// Whether a class of a kind may not have a field of this name, because the compiler computes it.
pub(crate) fn is_computed(kind: Kind, field: &str) -> bool {
    // The first two are fields that decide what is computed.
    let of_cluster = Computed::from_word(field).is_some_and(|computed| !matches!(computed, Computed::Prefix | Computed::Provider));
    told(kind, field).is_some() || held(kind, field).is_some() || (kind == Kind::Cluster && of_cluster)
}

variants! {
    /// A computed field of a cluster (design 2.6).
    pub(crate) enum Computed(word, from_word) {
        /// The first part of its full name.
        Prefix = "prefix",
        /// The cloud it is on.
        Provider = "provider",
        /// Its name in the whole platform.
        FullName = "fullName",
        /// The domain it is below.
        Domain = "domain",
        /// Its full name in its domain.
        Fqdn = "fqdn",
        /// What its resources are marked with.
        Tags = "tags",
    }
}

/// The kind of what an environment holds under a name, beside its fields: what is on no cluster. The rest is reached through clusters.
pub(crate) fn held_by_environment(field: &str) -> Option<Kind> {
    Kind::from_plural(field).filter(|kind| matches!(kind, Kind::Cluster | Kind::Infrastructure))
}

/// The kind of what an entity holds under a computed name, beside its fields: `cluster.nodePools`, `clusters.gc0.services`,
/// `tenant.applications`.
pub(crate) fn held(kind: Kind, field: &str) -> Option<Kind> {
    let held = Kind::from_plural(field)?;
    let holds = match kind {
        Kind::Cluster => matches!(held, Kind::NodePool | Kind::Infrastructure | Kind::Service | Kind::Tenant),
        Kind::NodePool | Kind::Service | Kind::Tenant | Kind::Application | Kind::Infrastructure => kind.inner() == Some(held),
    };
    holds.then_some(held)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_missing() {
        let all = || Kind::ALL.into_iter().flat_map(|kind| [kind.singular(), kind.plural()]).chain(Word::ALL.map(Word::word));
        let kinds = || Kind::ALL.into_iter().map(Some).chain([None]);
        for within in [Within::Definition, Within::Class, Within::Object, Within::Stack] {
            for kind in kinds() {
                for word in all() {
                    assert_eq!(root(word, kind, within).is_some(), roots(kind, within).any(|(known, _)| known == word), "{word}");
                }
            }
        }
        // Each of them stands for something somewhere.
        for word in all() {
            assert!([Within::Class, Within::Object].iter().any(|within| kinds().any(|kind| root(word, kind, *within).is_some())), "{word}");
        }
    }

    #[test]
    fn names_depend_on_the_place() {
        let names = |kind, within| roots(kind, within).map(|(word, _)| word).collect::<Vec<_>>().join(" ");
        assert_eq!(names(None, Within::Stack), "platform environment stack");
        assert_eq!(
            names(Some(Kind::Infrastructure), Within::Class),
            "self platform environment environments cluster clusters nodePools infrastructure services tenants stack let entities resource data module provider"
        );
        assert_eq!(
            names(Some(Kind::Application), Within::Definition),
            "self platform environment environments cluster tenant clusters nodePools infrastructure services tenants applications application stack"
        );
        assert_eq!(root("infrastructure", Some(Kind::Infrastructure), Within::Class), Some(Root::Every(Kind::Infrastructure)));
        assert_eq!(root("service", Some(Kind::Service), Within::Definition), Some(Root::Own));
        for word in ["nodePools", "services", "tenants", "applications"] {
            assert!(absence(word, Some(Kind::Tenant), Within::Class).is_none() && absence(word, None, Within::Object).is_none());
        }
        for kind in [Kind::Cluster, Kind::NodePool, Kind::Service, Kind::Infrastructure] {
            assert!(
                absence("applications", Some(kind), Within::Class).is_some() && absence("tenants", Some(kind), Within::Class).is_none()
            );
        }
        assert_eq!(held(Kind::Tenant, "applications"), Some(Kind::Application));
        assert_eq!(held(Kind::Cluster, "infrastructure"), Some(Kind::Infrastructure));
        assert_eq!((told(Kind::Application, "tenant"), told(Kind::Service, "tenant")), (Some(Told::Tenant), None));
        assert!(absence("clusters", Some(Kind::Infrastructure), Within::Class).is_none());
    }
}
