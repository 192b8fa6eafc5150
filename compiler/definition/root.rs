//! The names that an expression may begin with, and what each stands for: the one table. Checking, evaluating, linking and finding causes
//! ask it, so that a name means the same to all of them. It knows kinds and no entity.

use crate::name::Kind;

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
    /// The stack that its Terraform joins.
    Stack,
    /// The `let` of its class.
    Let,
    /// What Terraform knows: how an address begins, and how many names it is short of.
    Terraform(&'static str, u8),
    /// The object that a policy is about.
    Object,
}

/// All words, in the order in which suggestions list them.
const WORDS: [&str; 20] = [
    "self",
    "platform",
    "environment",
    "cluster",
    "tenant",
    "clusters",
    "nodePools",
    "infrastructure",
    "services",
    "tenants",
    "applications",
    "nodePool",
    "service",
    "application",
    "stack",
    "let",
    "resource",
    "data",
    "module",
    "object",
];

/// What a name stands for where things of a kind are spoken of, or, without a kind, things of any kind; none if it stands for nothing there.
pub(crate) fn root(name: &str, kind: Option<Kind>, within: Within) -> Option<Root> {
    let of_entity = within != Within::Stack;
    let in_class = within == Within::Class;
    match name {
        "platform" => Some(Root::Platform),
        "environment" => Some(Root::Environment),
        "stack" => Some(Root::Stack),
        "self" if of_entity => Some(Root::Own),
        "let" if in_class => Some(Root::Let),
        "resource" if in_class => Some(Root::Terraform("", 2)),
        "data" if in_class => Some(Root::Terraform("data", 2)),
        "module" if in_class => Some(Root::Terraform("module", 1)),
        "object" if within == Within::Object => Some(Root::Object),
        // `infrastructure` is its own plural and means all of it; the thing itself is `self`.
        _ if !of_entity => None,
        _ => match (Kind::from_plural(name), Kind::from_singular(name)) {
            (Some(every), _) => Some(Root::Every(every)),
            (None, Some(one)) if kind == Some(one) => Some(Root::Own),
            (None, Some(one)) if kind.is_none_or(|kind| surrounds(one, kind)) => Some(Root::Around(one)),
            (None, _) => None,
        },
    }
}

/// All names there, with what they stand for.
pub(crate) fn roots(kind: Option<Kind>, within: Within) -> impl Iterator<Item = (&'static str, Root)> {
    WORDS.into_iter().filter_map(move |word| root(word, kind, within).map(|root| (word, root)))
}

/// Whether things of a kind are in or on one of another kind.
fn surrounds(outer: Kind, inner: Kind) -> bool {
    match outer {
        Kind::Cluster => !matches!(inner, Kind::Cluster | Kind::Infrastructure),
        Kind::Tenant => inner == Kind::Application,
        Kind::NodePool | Kind::Service | Kind::Application | Kind::Infrastructure => false,
    }
}

/// The kind of what an entity holds under a computed name, beside its fields: `cluster.nodePools`.
pub(crate) fn held(kind: Kind, field: &str) -> Option<Kind> {
    (kind == Kind::Cluster && field == Kind::NodePool.plural()).then_some(Kind::NodePool)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_missing() {
        let kinds = || Kind::ALL.into_iter().map(Some).chain([None]);
        for within in [Within::Definition, Within::Class, Within::Object, Within::Stack] {
            for kind in kinds() {
                for word in Kind::ALL.into_iter().flat_map(|kind| [kind.singular(), kind.plural()]) {
                    assert_eq!(root(word, kind, within).is_some(), roots(kind, within).any(|(known, _)| known == word), "{word}");
                }
            }
        }
        // Each of them stands for something somewhere.
        for word in WORDS {
            assert!([Within::Class, Within::Object].iter().any(|within| kinds().any(|kind| root(word, kind, *within).is_some())), "{word}");
        }
    }

    #[test]
    fn names_depend_on_the_place() {
        let names = |kind, within| roots(kind, within).map(|(word, _)| word).collect::<Vec<_>>().join(" ");
        assert_eq!(names(None, Within::Stack), "platform environment stack");
        assert_eq!(
            names(Some(Kind::Infrastructure), Within::Class),
            "self platform environment clusters nodePools infrastructure services tenants applications stack let resource data module"
        );
        assert_eq!(
            names(Some(Kind::Application), Within::Definition),
            "self platform environment cluster tenant clusters nodePools infrastructure services tenants applications application stack"
        );
        assert_eq!(root("infrastructure", Some(Kind::Infrastructure), Within::Class), Some(Root::Every(Kind::Infrastructure)));
        assert_eq!(root("service", Some(Kind::Service), Within::Definition), Some(Root::Own));
    }
}
