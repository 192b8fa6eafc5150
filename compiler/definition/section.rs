//! The sections of a class: the one list of them, and what each is. Editors know them from `stdlib/language.yaml`; a test holds both together.

use crate::value::{Entry, Map, Operator, Value};
use crate::variants::variants;

variants! {
    /// A section of a class, in the order in which messages list them.
    #[allow(missing_docs, reason = "each is described in `stdlib/language.yaml`")]
    pub(crate) enum Section(word, from_word) {
        Description = "description",
        Inherits = "inherits",
        Abstract = "abstract",
        Deprecated = "deprecated",
        Data = "data",
        Provider = "provider",
        Providers = "providers",
        NodePoolClass = "nodePoolClass",
        Provides = "provides",
        Types = "types",
        Schema = "schema",
        Rules = "rules",
        Policies = "policies",
        Let = "let",
        Makings = "entities",
        Terraform = "terraform",
        Manifests = "manifests",
        Helm = "helm",
        Files = "files",
        Argocd = "argocd",
        Outputs = "outputs",
    }
}

/// The section in which a class tells whoever installs its things what cannot be seen (decision 4), and the words for it.
pub(crate) const TOLD: (&str, &str) = ("argocd", "what Argo CD is told");

impl Section {
    /// Whether an heir has it from its parents.
    pub(super) fn is_inherited(self) -> bool {
        match self {
            Section::Description | Section::Inherits | Section::Abstract | Section::Deprecated => false,
            Section::Data
            | Section::Provider
            | Section::Providers
            | Section::NodePoolClass
            | Section::Provides
            | Section::Types
            | Section::Schema
            | Section::Rules
            | Section::Policies
            | Section::Let
            | Section::Makings
            | Section::Terraform
            | Section::Manifests
            | Section::Helm
            | Section::Files
            | Section::Argocd
            | Section::Outputs => true,
        }
    }

    /// Whether it is a map.
    pub(super) fn is_map(self) -> bool {
        match self {
            Section::Providers
            | Section::Types
            | Section::Schema
            | Section::Policies
            | Section::Let
            | Section::Makings
            | Section::Terraform
            | Section::Manifests
            | Section::Helm
            | Section::Files
            | Section::Argocd
            | Section::Outputs => true,
            Section::Description
            | Section::Inherits
            | Section::Abstract
            | Section::Deprecated
            | Section::Data
            | Section::Provider
            | Section::NodePoolClass
            | Section::Provides
            | Section::Rules => false,
        }
    }

    /// Whether all its texts may hold expressions, which read. `let` too, because nobody but the class sees it; of rules only some parts.
    pub(crate) fn reads(self) -> bool {
        match self {
            Section::Providers
            | Section::Let
            | Section::Terraform
            | Section::Manifests
            | Section::Helm
            | Section::Files
            | Section::Argocd
            | Section::Outputs => true,
            Section::Description
            | Section::Inherits
            | Section::Abstract
            | Section::Deprecated
            | Section::Data
            | Section::Provider
            | Section::NodePoolClass
            | Section::Provides
            | Section::Types
            | Section::Schema
            | Section::Makings
            | Section::Policies
            | Section::Rules => false,
        }
    }
}

/// Whether what stands in a class would take away all fields or types of those that it inherits from. One of them alone is told where types are compared.
pub(super) fn takes_fields_away(entry: &Entry) -> bool {
    let holds_fields = matches!(Section::from_word(&entry.key), Some(Section::Schema | Section::Types));
    holds_fields && entry.operator == Operator::Remove && entry.value.as_list().is_none()
}

/// The sections that are inherited. One that would take the fields of parents away, which is told, counts as what it says, so that nothing is told of
/// all that reads those.
pub(super) fn inherited(value: &Value) -> Value {
    let entries = value.as_map().map(Map::entries).unwrap_or_default();
    let is_inherited = |entry: &&Entry| Section::from_word(&entry.key).is_none_or(Section::is_inherited);
    let counting = |entry: &Entry| match (takes_fields_away(entry), entry.value.as_map()) {
        (true, None) => None,
        (true, Some(_)) => Some(Entry { operator: Operator::Merge, ..entry.clone() }),
        (false, _) => Some(entry.clone()),
    };
    Value::map(entries.iter().filter(is_inherited).filter_map(counting).collect(), value.origin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::MemorySystem;

    #[test]
    fn sections_are_declared() {
        let compilation = crate::compile(&MemorySystem::default(), &crate::Options::default());
        let declared: Vec<&str> = compilation.definitions.language.class.fields().map(|(name, _)| name).collect();
        assert_eq!(declared, Section::ALL.map(Section::word));
    }
}
