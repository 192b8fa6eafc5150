//! Fields that are read before expressions are evaluated, because they decide what exists or how it is read. An expression there is an
//! error, never passed over. One table says where expressions may stand; whatever it does not name is literal.

use super::errors;
use crate::diagnostic::Diagnostics;
use crate::name::Kind;
use crate::schema::Type;
use crate::value::{Data, Value};

/// What has fields, for `check`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Owner {
    /// `platform`.
    Platform,
    /// An environment, without `defaults`, which belong to definitions.
    Environment,
    /// A policy.
    Policy,
    /// A class.
    Class,
    /// A capability.
    Capability,
    /// A fragment, or a type of a class that has a template.
    Fragment,
    /// A rule of a class.
    Rule,
    /// A definition of a kind with classes.
    Definition(Kind),
}

/// Which fields of an owner are literal.
enum Literal {
    /// All but these, as paths; what is below one is free too.
    AllBut(&'static [&'static str]),
    /// These.
    Only(&'static [&'static str]),
}

impl Owner {
    fn literal(self) -> Literal {
        match self {
            Owner::Platform => Literal::AllBut(&["defaults", "naming.pattern", "providers", "terraform.backend"]),
            Owner::Environment => Literal::AllBut(&["providers"]),
            Owner::Policy => Literal::AllBut(&["let", "assert", "when", "message", "hint"]),
            Owner::Class => Literal::AllBut(&[
                "types",
                "schema",
                "rules",
                "policies",
                "let",
                "entities",
                "providers",
                "terraform",
                "manifests",
                "helm",
                "files",
                "argocd",
                "outputs",
            ]),
            Owner::Capability => Literal::AllBut(&["outputs"]),
            Owner::Fragment => Literal::AllBut(&["types", "schema", "rules", "let", "template"]),
            Owner::Rule => Literal::AllBut(&["assert", "message", "when"]),
            // `class`, `inherits`, `abstract` and `identity` are names and flags by their syntax.
            Owner::Definition(_) => Literal::Only(&["onlyIn", "notIn"]),
        }
    }

    /// The owner in a sentence.
    pub(super) fn words(self) -> &'static str {
        match self {
            Owner::Platform => "the platform",
            Owner::Environment => "an environment",
            Owner::Policy => "a policy",
            Owner::Class => "a class",
            Owner::Capability => "a capability",
            Owner::Fragment => "a fragment",
            Owner::Rule => "a rule",
            Owner::Definition(kind) => kind.article(),
        }
    }

    /// Whether a field, given by its path, must be free of expressions.
    #[must_use]
    pub fn is_literal(self, path: &str) -> bool {
        let below = |upper: &str| path.strip_prefix(upper).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        match self.literal() {
            Literal::AllBut(free) => !free.iter().any(|field| below(field)),
            Literal::Only(literal) => literal.iter().any(|field| below(field)),
        }
    }

    /// Where expressions may stand, if that is little enough to be said.
    pub(super) fn free(self) -> &'static [&'static str] {
        match self.literal() {
            Literal::AllBut(free) => free,
            Literal::Only(_) => &[],
        }
    }
}

/// Reports expressions in the literal fields of a value, at each place. Fields that the type does not know are reported as unknown and
/// passed over here.
pub(crate) fn check(owner: Owner, value: &Value, type_: &Type, diagnostics: &mut Diagnostics) {
    match owner.literal() {
        Literal::AllBut(_) => walk(owner, value, Some(type_), &mut String::new(), diagnostics),
        Literal::Only(fields) => {
            for field in fields {
                if let Some(value) = value.get(field) {
                    walk(owner, value, None, &mut (*field).to_owned(), diagnostics);
                }
            }
        }
    }
}

fn walk(owner: Owner, value: &Value, type_: Option<&Type>, path: &mut String, diagnostics: &mut Diagnostics) {
    if !value.is_dynamic() {
        return;
    }
    match &value.data {
        // Texts with `$${` in them are plain.
        Data::Template(template) if path.starts_with("constants") && template.text().is_some() => {}
        Data::Template(_) if owner.is_literal(path) => diagnostics.push(errors::not_literal(owner, path, value.origin.span)),
        Data::Pending(pending) => pending.values().for_each(|value| walk(owner, value, type_, path, diagnostics)),
        Data::Map(map) => {
            let fields = type_.filter(|type_| type_.fields().next().is_some());
            for entry in map.entries() {
                let inner = fields.and_then(|type_| type_.fields().find(|(name, _)| *name == &*entry.key)).map(|(_, inner)| &**inner);
                if fields.is_some() && inner.is_none() {
                    continue;
                }
                let length = path.len();
                if length > 0 {
                    path.push('.');
                }
                path.push_str(&entry.key);
                if entry.template.is_some() && owner.is_literal(path) {
                    diagnostics.push(errors::not_literal(owner, path, entry.span));
                }
                walk(owner, &entry.value, inner, path, diagnostics);
                path.truncate(length);
            }
        }
        Data::List(list) => {
            for item in list.items() {
                walk(owner, item, None, path, diagnostics);
            }
        }
        Data::Template(_) | Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Late(_) | Data::Broken => {
        }
    }
}
