//! Wording of what can be wrong with shared environments, and of names of what is in another environment.

use crate::code::Code;
use crate::definition::{Definition, Named};
use crate::diagnostic::Diagnostic;
use crate::expression::Absence;
use crate::model::{Entity, Environment, Model};
use crate::name::{Kind, listed};
use crate::path::Path;
use crate::span::Span;
use crate::subject::Subject;
use crate::value::Value;

fn environment<'a>(model: &'a Model, entity: &Entity) -> &'a str {
    &model.environment(entity.environment).name
}

/// Where a thing says that it is in its environment.
fn said<'a>(model: &Model, entity: &'a Entity) -> Option<&'a Value> {
    let only = entity.value.get("onlyIn").and_then(Value::as_list).unwrap_or_default();
    only.iter().find(|name| name.as_str() == Some(environment(model, entity)))
}

/// A name in a shared environment and in others.
pub(in crate::model) fn seen_twice(model: &Model, first: &Entity, others: &[&Entity]) -> Diagnostic {
    let (shared, what) = (environment(model, first), first.kind.words());
    let message = format!(
        "{what} `{}` is in the shared environment `{shared}` and in {}, so that its name could mean either",
        first.name,
        listed(others.iter().map(|other| environment(model, other)))
    );
    let place = said(model, first).map_or(first.defined, |value| value.origin.span);
    let mut diagnostic =
        Diagnostic::error(Code::SeenTwice, message, place, "all environments see it from here").about(first.subject()).apart(shared);
    for other in others {
        if let Some(value) = said(model, other) {
            diagnostic = diagnostic.label(value.origin.span, format!("in `{}` it is another one", environment(model, other)));
        }
    }
    diagnostic.hint(format!("let it be in `{shared}` alone, or define two with names of their own"))
}

/// An identity in a shared environment and in another.
pub(in crate::model) fn identity_seen_twice(model: &Model, first: &Entity, other: &Entity) -> Diagnostic {
    let (shared, own) = (environment(model, first), environment(model, other));
    let what = first.kind.words();
    let message =
        format!("{what} `{}` in `{shared}` and {what} `{}` in `{own}` have the identity `{}`", first.name, other.name, first.identity);
    Diagnostic::error(Code::SeenTwice, message, other.identity.value().origin.span, format!("`{own}` sees `{shared}`, which has it"))
        .label(first.identity.value().origin.span, format!("in `{shared}`, which all environments see"))
        .about(other.subject())
        .hint(format!("give one of them an `identity` of its own, or let `{}` not be in `{own}`", other.name))
}

/// An environment that inherits from a shared one.
pub(in crate::model) fn inherits_from_shared(heir: &str, parent: &Named) -> Diagnostic {
    let message = format!("environment `{heir}` inherits from the shared environment `{}`", parent.name);
    Diagnostic::warning(Code::SharedParent, message, parent.span, "what is in it is seen without this")
        .about(Subject::definition(Path::of(["environments", heir])))
        .note(format!("`{heir}` gets what is said for `{}`, and is not shared itself", parent.name))
        .hint("remove `inherits`, or let both inherit from an abstract environment that holds what they have in common")
}

/// An overlay for a shared environment in which nothing of the definition is.
pub(in crate::model) fn unused_overlay(definition: &Definition, overlay: &Named) -> Diagnostic {
    let (what, shared) = (definition.kind.words(), &overlay.name);
    let message = format!("{what} `{}` says something for `{shared}`, where it is not", definition.name.name);
    let cluster = if matches!(definition.kind, Kind::Service | Kind::Tenant) { ", or name a cluster there in its `placement`" } else { "" };
    Diagnostic::warning(Code::UnusedOverlay, message, overlay.span, "reaches nothing")
        .about(Subject::definition(Path::of([definition.kind.plural(), &definition.name.name])))
        .note(format!("`{shared}` is shared, and only what names it is in it"))
        .hint(format!("add `onlyIn: [{shared}]`{cluster}, or remove the overlay"))
}

/// An environment that exists and is not seen.
pub(in crate::model) fn unseen_environment(own: &str, other: &str) -> Absence {
    Absence {
        label: format!("`{own}` does not see `{other}`"),
        hint: format!(
            "what flows from one environment to another is promoted, not read; what all are to read belongs in a shared one: `environments: {{ {other}: {{ shared: true }} }}`"
        ),
    }
}

/// An environment that is only there to be inherited.
pub(in crate::model) fn abstract_environment(name: &str) -> Absence {
    Absence {
        label: format!("`{name}` is abstract, so there is nothing in it"),
        hint: "name an environment that inherits from it; what it says is theirs".to_owned(),
    }
}

/// A thing that is in other environments than the one in which it is looked for.
pub(in crate::model) fn elsewhere(name: &str, looked: &Environment, others: &[&str], through: Option<String>) -> Option<Absence> {
    let (place, is_shared) = (&looked.name, looked.is_shared);
    let label = match others {
        [] if is_shared => format!("`{name}` is in no environment"),
        [] => return None,
        others => format!("`{name}` exists only in {}", listed(others.iter().copied())),
    };
    let hint = match (through, is_shared) {
        (Some(through), _) => {
            format!(
                "only what names a shared environment is in it: say `onlyIn: [{place}]` in `{name}`, or read that of one environment: `{through}`"
            )
        }
        (None, true) => format!("only what names a shared environment is in it: say `onlyIn: [{place}]` in `{name}`"),
        (None, false) => format!(
            "no environment sees another, but shared ones: what flows from one to the next is promoted, not read; let it be in `{place}`, too, or in one with `shared: true`"
        ),
    };
    Some(Absence { label, hint })
}

/// A thing that is not on a cluster of a shared environment.
pub(in crate::model) fn not_placed(name: &str, cluster: &str, shared: &str) -> Absence {
    Absence {
        label: format!("`{name}` is not on `{cluster}`"),
        hint: format!("only what names a shared environment is in it: say `onlyIn: [{shared}]` or `placement: [{cluster}]` in `{name}`"),
    }
}

/// A thing of another environment where a reference is asked for.
pub(in crate::model) fn refers_across(found: &Entity, own: &str, span: Span) -> Diagnostic {
    let message = format!("nothing in `{own}` can refer to `{}`", found.path);
    Diagnostic::error(Code::OtherEnvironment, message, span, "a thing of another environment, which is not shared")
        .label(found.defined, "defined here")
        .hint("read a field or output of it instead, such as its `name`, or refer to what is in this environment or a shared one")
}
