//! Wording of what can be wrong with what is installed, whoever installs it.

use super::Tenant;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Model};
use crate::name::listed;
use crate::subject::Subject;
use crate::value::Value;

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

pub(super) fn invalid_namespace(entity: &Entity, namespace: &str, written: Option<&Value>) -> Diagnostic {
    let message = format!("{} `{}` goes to namespace `{namespace}`, which cannot be one", entity.kind.words(), entity.name);
    let span = written.map_or(entity.defined, |value| value.origin.span);
    Diagnostic::error(Code::InvalidName, message, span, "no name for a namespace")
        .apart(namespace)
        .about(entity.subject())
        .hint("use at most 63 lower-case letters, digits and dashes, a letter or digit first and last")
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
    .hint("move the object to a service or to the class of the tenant, which the platform installs");
    let named = at.at(&["metadata", "namespace"]).is_some() || at.get("metadata").is_none();
    if named { diagnostic } else { diagnostic.note("without `metadata.namespace`, an object of a custom kind counts as cluster-wide") }
}

pub(super) fn invalid(what: &str, wanted: &str, value: &Value, subject: &Subject) -> Diagnostic {
    let message = match value.as_str() {
        Some(text) => format!("`{what}` needs {wanted}, not `{text}`"),
        None => format!("`{what}` needs {wanted}, this is {}", value.describe()),
    };
    Diagnostic::error(Code::InvalidArgocd, message, value.origin.span, format!("{wanted} expected")).apart(what).about(subject.clone())
}
