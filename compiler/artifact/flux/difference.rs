//! Differences that are none, as rules for drift. Argo CD matches groups and kinds with wildcards, names and namespaces as they are; Flux takes all
//! of them for regular expressions, each of which has to match the whole. What says the same goes across, the rest is refused.

use super::errors;
use crate::delivery::{Ignored, Unit, UnitSource};
use crate::diagnostic::Diagnostics;
use crate::object::ObjectName;
use crate::print::{Form, Tree};
use crate::wildcard;

/// The rule for a difference.
pub(super) fn rule(said: &Tree) -> Tree {
    let key = |key: &'static str, expression: String| {
        let origin = said.get(key).cloned().unwrap_or(Tree::null());
        (key, Tree { form: Form::Text(expression.into()), ..origin })
    };
    // To Flux no group means any, and to Argo CD it is that of the core.
    let group = match text(said, "group") {
        "" => "^$".to_owned(),
        group => expression(group, true),
    };
    let mut target = vec![key("group", group), key("kind", expression(text(said, "kind"), true))];
    let named = ["name", "namespace"].into_iter().map(|key| (key, text(said, key))).filter(|(_, text)| !text.is_empty());
    target.extend(named.map(|(word, text)| key(word, expression(text, false))));
    let paths = said.get("jsonPointers").cloned().unwrap_or(Tree::list([]));
    Tree::map([("paths", paths), ("target", Tree::map(target))])
}

/// Reports a difference that Flux cannot ignore.
pub(super) fn check(ignored: &Ignored, unit: &Unit<'_>, diagnostics: &mut Diagnostics) {
    let text = |key: &str| text(&ignored.tree, key);
    let means = |object: &ObjectName| {
        wildcard::name(text("kind"), &object.kind)
            && wildcard::name(text("group"), object.group())
            && (text("name").is_empty() || *text("name") == *object.name)
            && (text("namespace").is_empty() || object.namespace.as_deref().is_none_or(|own| own == text("namespace")))
    };
    let releases = unit.sources.iter().any(|source| match source {
        UnitSource::Elsewhere(elsewhere) => elsewhere.is_chart(),
        UnitSource::Output { .. } => false,
    });
    let why = if ["group", "kind"].iter().any(|key| text(key).contains(['[', ']', '{', '}', '\\'])) {
        Some("of the wildcards of Argo CD, only `*` and `?` can be said to Flux")
    } else if unit.manifests.iter().any(|manifest| means(&manifest.object)) {
        Some("Flux writes all fields of an object that it applies itself")
    } else if ["jqPathExpressions", "managedFieldsManagers"].iter().any(|key| ignored.tree.get(key).is_some()) {
        Some("Flux knows fields by JSON pointers only")
    } else if !releases {
        Some("Flux ignores differences of charts only")
    } else {
        None
    };
    if let Some(why) = why {
        diagnostics.push(errors::difference(ignored.at, why, unit));
    }
}

fn text<'a>(said: &'a Tree, key: &str) -> &'a str {
    said.get(key).and_then(Tree::as_str).unwrap_or_default()
}

/// A regular expression for what a text means, with wildcards or without.
fn expression(text: &str, wild: bool) -> String {
    let mut expression = String::new();
    for char in text.chars() {
        match char {
            '*' if wild => expression.push_str(".*"),
            '?' if wild => expression.push('.'),
            char if char.is_alphanumeric() || matches!(char, '-' | '_' | '/') => expression.push(char),
            char => expression.extend(['\\', char]),
        }
    }
    expression
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_become_regular_expressions() {
        for (text, wild, expected) in [
            ("apps", true, "apps"),
            ("*.example.com", true, ".*\\.example\\.com"),
            ("*", true, ".*"),
            ("Web?", true, "Web."),
            ("ingress.web", false, "ingress\\.web"),
            ("a*", false, "a\\*"),
            ("system:a+b", false, "system\\:a\\+b"),
        ] {
            assert_eq!(expression(text, wild), expected, "{text}");
        }
    }
}
