//! Words for identities that two things share.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Environment, Identity};
use crate::path::Path;
use crate::span::Span;
use crate::subject::Subject;

/// One of the two.
struct IdentitySide<'a> {
    name: &'a str,
    identity: &'a Identity,
}

impl IdentitySide<'_> {
    /// Where it gets its identity from.
    fn place(&self) -> Span {
        self.identity.value().origin.span
    }

    fn label(&self) -> String {
        if self.identity.is_written() {
            format!("the identity of `{}`", self.name)
        } else {
            "says no other, so its name is its identity".to_owned()
        }
    }
}

/// Two things of a kind in one environment.
pub(in crate::model) fn one_identity(first: &Entity, second: &Entity) -> Diagnostic {
    let [first_side, second_side] = [first, second].map(|entity| IdentitySide { name: &entity.name, identity: &entity.identity });
    shared(second.kind.words(), &first_side, &second_side).about(second.subject())
}

/// Two environments.
pub(in crate::model) fn one_identity_of_environments(first: &Environment, second: &Environment) -> Diagnostic {
    let [first_side, second_side] =
        [first, second].map(|environment| IdentitySide { name: &environment.name, identity: &environment.identity });
    shared("environment", &first_side, &second_side).about(Subject::definition(Path::of(["environments", &*second.name])))
}

/// Infrastructure and a cluster of one environment whose stacks have one name.
pub(in crate::model) fn one_stack(cluster: &Entity, infrastructure: &Entity) -> Diagnostic {
    let [first, second] = [cluster, infrastructure].map(|entity| IdentitySide { name: &entity.name, identity: &entity.identity });
    let text = cluster.identity.text();
    let message = format!("cluster `{}` and infrastructure `{}` both have the Terraform stack `{text}`", cluster.name, infrastructure.name);
    Diagnostic::error(Code::IdentityCollision, message, second.place(), second.label())
        .label(first.place(), first.label())
        .note("each has a stack of its own identity, and two things share one, with its state, only where that is said")
        .hint(format!(
            "write `stack: {text}` in infrastructure `{}` if it belongs into the cluster's stack, else another `stack` or an `identity` of its own",
            infrastructure.name
        ))
        .about(infrastructure.subject())
}

fn shared(what: &str, first: &IdentitySide<'_>, second: &IdentitySide<'_>) -> Diagnostic {
    let message = format!("{what} `{}` and {what} `{}` have the identity `{}`", first.name, second.name, first.identity);
    let diagnostic = Diagnostic::error(Code::IdentityCollision, message, second.place(), second.label())
        .label(first.place(), first.label())
        .note("the identity names what a thing has outside: stacks, releases, namespaces, folders; two things cannot share that");
    // The one that says nothing came under a name that another once had, or swapped its name with it.
    let (silent, other) = if second.identity.is_written() { (first, second) } else { (second, first) };
    if silent.identity.is_written() {
        return diagnostic.hint("give one of them another `identity`, or take it out there");
    }
    let (silent, other) = (silent.name, other.name);
    diagnostic.hint(format!("give `{silent}` an `identity` too: `identity: {other}` if the two have swapped names, a new one if it is new"))
}
