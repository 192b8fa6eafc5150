//! Wording of clusters that another one installs on.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;
use crate::span::Span;

pub(in crate::object) fn unreached_cluster(cluster: &Entity, hub: &str, said: Option<Span>, section: Option<Span>) -> Diagnostic {
    let message = format!("`{hub}` is to install on cluster `{}`, and nothing tells how it gets there", cluster.name);
    let mut diagnostic = Diagnostic::warning(Code::UnreachedCluster, message, cluster.defined, "nobody can install here");
    if let Some(said) = said {
        diagnostic = diagnostic.label(said, "this is the one that installs");
    }
    match section {
        Some(section) => diagnostic
            .label(section, "its class tells it here, if this holds")
            .hint("set the field that this asks for"),
        None => diagnostic.hint(
            "let its class say so in its section `argocd`: `cluster: { server: \"https://…\" }`, with a `config` or an `externalSecret` (`platc explain unreached-cluster` has an example)",
        ),
    }
}
