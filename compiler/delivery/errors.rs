//! Wording of what can be wrong with what is installed, whoever installs it.

use super::release::RELEASE;
use super::{Tenant, Unit};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Model};
use crate::name::listed;
use crate::span::Span;
use crate::subject::Subject;
use crate::value::Value;
use crate::visible::visible;

pub(super) fn no_repository(model: &Model) -> Diagnostic {
    Diagnostic::warning(
        Code::NoRepository,
        "nothing is delivered to clusters, because what installs it would not know where to find the output",
        model.platform.value.origin.span,
        "no `repository` in here",
    )
    .about(Subject::platform(&["repository"]))
    .hint("say where the output will be kept: `repository: { url: https://git.example.com/acme/platform.git, path: dist }`")
}

/// A chart, or what is found elsewhere, of what is on no cluster.
pub(super) fn no_cluster(entity: &Entity, said: Span) -> Diagnostic {
    let message = format!("{} `{}` has something to install but is on no cluster", entity.kind.words(), entity.name);
    Diagnostic::error(Code::ObjectsWithoutCluster, message, said, "this has no cluster to go to")
        .label(entity.defined, "defined here")
        .hint("say on which clusters it is with `placement`, or move this to the class of a service that refers to it")
        .about(entity.subject())
}

pub(super) fn invalid_namespace(entity: &Entity, namespace: &str, written: Option<&Value>) -> Diagnostic {
    let message = format!("{} `{}` goes to namespace `{namespace}`, which cannot be one", entity.kind.words(), entity.name);
    let span = written.map_or(entity.defined, |value| value.origin.span);
    Diagnostic::error(Code::InvalidName, message, span, "no name for a namespace")
        .apart(namespace)
        .about(entity.subject())
        .hint("use at most 63 lower-case letters, digits and dashes, a letter or digit first and last")
}

/// `said` is where it is said that others make it.
pub(super) fn namespace_without_owner(entity: &Entity, namespace: &str, said: Span) -> Diagnostic {
    let (what, name) = (entity.kind.words(), &entity.name);
    let message = format!("{what} `{name}` goes to namespace `{namespace}`, which nobody makes there");
    let place =
        ["createNamespace", "namespace"].iter().find_map(|field| entity.value.get(field)).map_or(entity.defined, |value| value.origin.span);
    Diagnostic::error(Code::NamespaceWithoutOwner, message, place, format!("`{namespace}` comes from nobody on this cluster"))
        .apart(namespace)
        .label(said, "this says that others make it")
        .about(entity.subject())
        .hint(format!(
            "let the {what} make it, with `createNamespace: true` in class `helm`, or name a namespace that another service makes"
        ))
}

pub(super) fn invalid_release(unit: &Unit<'_>, release: &str, said: Option<Span>) -> Diagnostic {
    let (kind, name) = (unit.entity.kind.words(), &unit.entity.name);
    let message = format!("the chart of {kind} `{name}` would be the release `{release}`, a name that Helm refuses");
    let label = match release.len() > RELEASE {
        true => format!("{} bytes long, and Helm takes {RELEASE}", release.len()),
        false => "no name for a release".to_owned(),
    };
    let diagnostic = Diagnostic::error(Code::InvalidName, message, said.unwrap_or(unit.entity.defined), label)
        .apart(release)
        .about(unit.entity.subject());
    let shape = format!("at most {RELEASE} lower-case letters, digits, dashes and dots, a letter or digit first and last");
    match said {
        Some(_) => diagnostic.hint(format!("write a `releaseName` of {shape}")),
        None => diagnostic.hint(format!("give the {kind} an `identity`, or its chart a `releaseName`, of {shape}")),
    }
}

pub(super) fn release_twice(release: &str, (first, second): (&Unit<'_>, &Unit<'_>), (one, other): (Span, Span)) -> Diagnostic {
    let words = |unit: &Unit<'_>| format!("{} `{}`", unit.entity.kind.words(), unit.entity.name);
    let message = format!("the release `{release}` would be installed twice in namespace `{}`", second.namespace);
    let mut diagnostic =
        Diagnostic::error(Code::ObjectCollision, message, second.entity.defined, format!("installed by {}", words(second)))
            .apart(release)
            .label(first.entity.defined, format!("installed by {}", words(first)));
    for (place, unit) in [(one, first), (other, second)] {
        if place != unit.entity.defined {
            diagnostic = diagnostic.label(place, "named here");
        }
    }
    diagnostic
        .note("Helm knows a release by its name and namespace, and charts name their objects after it: each would take those of the other")
        .hint("give one of them another `releaseName` or namespace")
        .about(second.entity.subject())
}

/// Two fields of a source, of which one would be dropped; each with its value.
pub(super) fn both_in_source((one, first): (&str, &Value), (other, second): (&str, &Value), subject: &Subject) -> Diagnostic {
    let message = format!("`source` has `{one}` and `{other}`, and only one of them can count");
    Diagnostic::error(Code::InvalidArgocd, message, second.origin.span, format!("beside `{one}`"))
        .apart(other)
        .label(first.origin.span, format!("the `{one}`"))
        .about(subject.clone())
        .hint(match one {
            "chart" | "version" => "a chart has `chart` and `version`, a folder in git has `path` and `revision`; take the others out",
            _ => "take one of them out",
        })
}

pub(super) fn folder_in_registry(repository: &str, at: &Value, subject: &Subject) -> Diagnostic {
    let message = format!("`source` wants a folder of `{repository}`, and a registry has charts");
    Diagnostic::error(Code::InvalidArgocd, message, at.origin.span, "no `chart` beside this registry")
        .apart("registry")
        .about(subject.clone())
        .hint("name a `chart` and its `version`, or keep the folder in a git repository")
}

pub(super) fn path_leaves(path: &Value, subject: &Subject) -> Diagnostic {
    let message = format!("the path `{}` leaves its repository", visible(path.as_str().unwrap_or_default()));
    Diagnostic::error(Code::UnsafePath, message, path.origin.span, "`..` leads out of what is fetched")
        .about(subject.clone())
        .hint("write the folder's path from the root of the repository")
}

pub(super) fn namespace_outside_tenant(entity: &Entity, namespace: &str, object: Option<&Value>, tenant: &Tenant<'_>) -> Diagnostic {
    let written = object.and_then(|object| object.at(&["metadata", "namespace"])).or_else(|| entity.value.get("namespace"));
    Diagnostic::error(
        Code::NamespaceOutsideTenant,
        format!(
            "{} `{}` goes to namespace `{namespace}`, which is not tenant `{}`'s",
            entity.kind.words(),
            entity.name,
            tenant.entity.name
        ),
        written.map_or(entity.defined, |value| value.origin.span),
        "outside of the tenant",
    )
    .apart(namespace)
    .label(tenant.entity.defined, format!("this tenant has {}", listed(tenant.namespaces.iter().copied())))
    .about(entity.subject())
    .hint("name one of the tenant's namespaces, or give the tenant this one")
}

pub(super) fn kind_outside_tenant(entity: &Entity, kind: &str, at: &Value, tenant: &Tenant<'_>) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        Code::KindOutsideTenant,
        format!("{} `{}` of tenant `{}` brings `{kind}`, which tenants may not have", entity.kind.words(), entity.name, tenant.entity.name),
        at.origin.span,
        "not for tenants to bring",
    )
    .apart(kind)
    .label(entity.defined, "brought by this application")
    .about(entity.subject())
    .hint("put it into the tenant's hands, `$owner: ${tenant}` on the object in the class, or move it to a service or to the class of the tenant");
    let named = at.at(&["metadata", "namespace"]).is_some() || at.get("metadata").is_none();
    if named { diagnostic } else { diagnostic.note("without `metadata.namespace`, an object of a custom kind counts as cluster-wide") }
}
