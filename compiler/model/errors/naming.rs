//! Words for names of clusters that collide or that DNS does not take.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;
use crate::span::Span;
use crate::subject::Subject;
use crate::value::Value;

pub(in crate::model) fn clusters_collide(full: &str, first: &Entity, second: &Entity) -> Diagnostic {
    // Without the environment in the message, the same collision in all of them is one report.
    let message = format!("clusters `{}` and `{}` get the same full name", first.name, second.name);
    Diagnostic::error(Code::NameCollision, message, second.defined, format!("`{}` is `{full}`", second.path))
        .label(first.defined, format!("`{}` is `{full}` too", first.path))
        .about(second.subject())
        .hint("give one of them another `prefix`")
}

/// A part of a name that tells a secret.
pub(in crate::model) fn secret_name(cluster: &Entity, part: &str, span: Span) -> Diagnostic {
    let message = format!("the full name of cluster `{}` would tell a secret", cluster.name);
    Diagnostic::error(Code::SecretInOutput, message, span, format!("`{part}` is a secret, or reads one"))
        .about(cluster.subject())
        .note("names of clusters are written into domains, tags and names of files")
        .hint("make names of what may be known")
}

pub(in crate::model) fn secret_stack(entity: &Entity, span: Span) -> Diagnostic {
    let message = format!("the stack of {} `{}` would tell a secret", entity.kind.words(), entity.name);
    Diagnostic::error(Code::SecretInOutput, message, span, "this reads a secret")
        .about(entity.subject())
        .note("names of stacks are names of folders and of states")
        .hint("make names of what may be known")
}

/// Where the names of a cluster come from.
pub(in crate::model) struct Naming<'a> {
    pub(in crate::model) cluster: &'a Entity,
    /// Whether the label is one of the domain of the platform, which stands here.
    pub(in crate::model) domain: Option<Span>,
}

impl Naming<'_> {
    fn what(&self) -> String {
        if self.domain.is_some() { "the platform's domain".to_owned() } else { format!("the full name of cluster `{}`", self.cluster.name) }
    }

    /// The part to change: the domain, or the first of these fields that is set, or the name.
    fn place(&self, fields: &[&str], fits: impl Fn(&Value) -> bool) -> Span {
        let field =
            || fields.iter().filter_map(|field| self.cluster.value.get(field)).find(|value| fits(value)).map(|value| value.origin.span);
        self.domain.or_else(field).unwrap_or(self.cluster.defined)
    }

    // Without the environment in the message, the same name in all of them is one report; a domain affects everything.
    fn mark(&self, diagnostic: Diagnostic) -> Diagnostic {
        if self.domain.is_some() { diagnostic.about(Subject::platform(&["domain"])) } else { diagnostic.about(self.cluster.subject()) }
    }
}

pub(in crate::model) fn label_too_long(naming: &Naming<'_>, label: &str) -> Diagnostic {
    let place = naming.place(&["prefix"], |_| true);
    let what = naming.what();
    let message = format!("{what} is too long for DNS, which takes 63 characters between dots");
    let hint = if naming.domain.is_some() {
        "shorten this part of the domain"
    } else if place == naming.cluster.defined {
        "shorten the name, or give the cluster a shorter `prefix`"
    } else {
        "shorten the `prefix`"
    };
    naming.mark(Diagnostic::error(Code::NameTooLong, message, place, format!("`{label}` has {} characters", label.len()))).hint(hint)
}

pub(in crate::model) fn label_invalid(naming: &Naming<'_>, label: &str, valid: impl Fn(&str) -> bool) -> Diagnostic {
    let place = naming.place(&["prefix", "region"], |value| value.as_str().is_some_and(|text| !valid(text)));
    let message = format!("{} is no DNS name", naming.what());
    naming
        .mark(Diagnostic::error(Code::InvalidName, message, place, format!("makes `{label}`")))
        .hint("use lower-case letters, digits and dashes in `prefix`, `region` and the platform's `domain` and `naming`")
}

pub(in crate::model) fn fqdn_too_long(cluster: &Entity, fqdn: &str) -> Diagnostic {
    let message = format!("the domain name of cluster `{}` is too long for DNS, which takes 253 characters", cluster.name);
    Diagnostic::error(Code::NameTooLong, message, cluster.defined, format!("`{fqdn}` has {} characters", fqdn.len()))
        .apart("fqdn")
        .about(cluster.subject())
        .hint("shorten the platform's `domain`")
}
