//! Wording of what can be wrong with names of environments and clusters, where something is to be.

use super::suggest;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::name::listed;
use crate::path::Path;
use crate::span::Span;

pub(in crate::model) fn unknown_promotion(name: &str, span: Span, known: &[&str], is_abstract: bool) -> Diagnostic {
    if is_abstract {
        return no_such_environment(name, span)
            .note(format!("`{name}` is abstract, so no change ever reaches it"))
            .hint("remove it from `promotion`");
    }
    unknown_environment(name, span, known)
}

pub(in crate::model) fn unknown_environment(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    suggest(no_such_environment(name, span), name, span, "the environments", known)
}

fn no_such_environment(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnknownEnvironment, format!("there is no environment `{name}`"), span, "no such environment")
        .misses(Path::of(["environments", name]))
}

/// Where something is to be, or not to be, that is abstract.
pub(in crate::model) fn never_in(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownEnvironment,
        format!("nothing is ever in the environment `{name}`"),
        span,
        "this environment is abstract",
    )
    .hint("name environments that inherit from it")
}

/// An environment whose name is near that of another, and that nothing else says to be meant; `other` is that one, and where it is named.
pub(in crate::model) fn similar_environments(name: &str, span: Span, (other, at, how): (&str, Span, &str)) -> Diagnostic {
    let message = format!("`{name}` is an environment of its own, beside `{other}`");
    Diagnostic::warning(Code::SimilarEnvironments, message, span, "nothing but this makes it one")
        .label(at, how)
        .hint(format!("if `{other}` is meant, write that; if there are to be both, say `inherits` or `description` in `{name}`"))
}

pub(in crate::model) fn unknown_cluster(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownCluster, format!("there is no cluster `{name}`"), span, "no such cluster")
        .misses(Path::of(["clusters", name]));
    suggest(diagnostic, name, span, "the clusters", known)
}

/// A placement on a cluster that is abstract; `heirs` are those that are one.
pub(in crate::model) fn abstract_cluster(name: &str, span: Span, heirs: &[&str]) -> Diagnostic {
    let message = format!("nothing is ever on the cluster `{name}`");
    let diagnostic = Diagnostic::error(Code::UnknownCluster, message, span, "this cluster is abstract");
    match heirs {
        [] => diagnostic.hint(format!("name a cluster that inherits from `{name}`; there is none yet")),
        heirs => diagnostic.hint(format!("name clusters that inherit from it: {}", listed(heirs.iter().copied()))),
    }
}
