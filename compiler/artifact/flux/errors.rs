//! What this backend says.

use super::FluxObject;
use crate::code::Code;
use crate::delivery::{Elsewhere, Unit, Wish};
use crate::diagnostic::Diagnostic;
use crate::model::Entity;
use crate::object::{Manifest, ObjectName};
use crate::span::Span;
use crate::subject::Subject;
use crate::value::Value;
use crate::visible::visible;

fn refused(message: String, span: Span, why: impl Into<String>, subject: &Subject) -> Diagnostic {
    Diagnostic::error(Code::NotInFlux, message, span, why.into()).about(subject.clone())
}

/// ``service `web` ``
fn words(entity: &Entity) -> String {
    format!("{} `{}`", entity.kind.words(), entity.name)
}

pub(super) fn hub(hub: &Value) -> Diagnostic {
    refused(
        "Flux cannot drive clusters from a hub".to_owned(),
        hub.origin.span,
        "Flux delivers all of them, each for itself",
        &Subject::platform(&["argocd", "hub"]),
    )
    .hint("take the hub out, or deliver an environment with `delivery: argocd`")
}

pub(super) fn manual(sync: &Value, subject: &Subject) -> Diagnostic {
    refused("Flux cannot wait until somebody syncs by hand".to_owned(), sync.origin.span, "Flux applies whatever it finds", subject)
        .apart("sync")
        .hint("let the environment follow a branch or tag that is moved by hand: `revision: refs/tags/…`")
}

pub(super) fn windows(windows: &Value, subject: &Subject) -> Diagnostic {
    refused("Flux has no sync windows".to_owned(), windows.origin.span, "Flux applies at any time", subject)
        .apart("windows")
        .hint("take the windows out, and move the branch or tag that the environment follows when it may change")
}

pub(super) fn groups(groups: &Value, tenant: &Entity) -> Diagnostic {
    let message = format!("Flux lets nobody see and sync the applications of tenant `{}`", tenant.name);
    refused(message, groups.origin.span, "Flux knows no groups of people", &tenant.subject())
        .apart("groups")
        .hint("give these groups rights in the cluster, such as those of `access`, and take them out here")
}

pub(super) fn wish(wish: &Wish<'_>, why: &str, unit: &Unit<'_>) -> Diagnostic {
    let message = format!("Flux cannot install {} with `{}`", words(unit.entity), wish.text);
    refused(message, wish.at, why, &unit.entity.subject()).apart(wish.text).hint("take the option out where Flux delivers")
}

pub(super) fn difference(at: Span, why: &str, unit: &Unit<'_>) -> Diagnostic {
    let message = format!("Flux cannot ignore this difference of {}", words(unit.entity));
    refused(message, at, why, &unit.entity.subject())
        .hint("leave the field out of what is installed, or take the difference out of the list")
}

pub(super) fn helm(key: &str, at: Span, unit: &Unit<'_>) -> Diagnostic {
    let message = format!("Flux has no `{key}` for the chart of {}", words(unit.entity));
    refused(message, at, "written for Helm here", &unit.entity.subject())
        .apart(key)
        .hint("say what the chart needs in `values`; `releaseName` and `valuesObject` are known too")
}

pub(super) fn directory(at: Span, unit: &Unit<'_>) -> Diagnostic {
    let message = format!("Flux cannot choose among the files in the folder of {}", words(unit.entity));
    refused(message, at, "Flux reads the whole folder, and what is below it", &unit.entity.subject())
        .apart("directory")
        .hint("put a `kustomization.yaml` that names the files into the folder, and take `directory` out")
}

pub(super) fn no_account(unit: &Unit<'_>, tenant: &Entity) -> Diagnostic {
    let message = format!("Flux would install {} with its own rights, not with those of tenant `{}`", words(unit.entity), tenant.name);
    refused(message, unit.entity.defined, "comes from elsewhere, so what it installs is not known", &unit.entity.subject())
        .label(tenant.defined, "this tenant")
        .hint(format!(
            "let the class of the tenant bring exactly one ServiceAccount into namespace `{}`, with the rights that its applications need",
            unit.namespace
        ))
}

pub(super) fn other_namespace(namespace: &str, at: Span, unit: &Unit<'_>) -> Diagnostic {
    let message = format!("Flux cannot leave what {} has in namespace `{namespace}` where it is", words(unit.entity));
    refused(message, at, format!("all of this folder goes to `{}`", unit.namespace), &unit.entity.subject())
        .apart(namespace)
        .hint("let platc emit the objects as manifests, or make a service for each namespace")
}

pub(super) fn annotation(object: &ObjectName, key: &str, span: Span, unit: &Unit<'_>) -> Diagnostic {
    let message = format!("{} of {} says `{key}`, which Flux does not act on", object.words(), words(unit.entity));
    refused(message, span, "said to Argo CD", &unit.entity.subject()).apart(key).hint(
        "leave it out where `environment.delivery` is `flux`; what must stay is kept by `kustomize.toolkit.fluxcd.io/prune: disabled`",
    )
}

pub(super) fn no_namespace(manifest: &Manifest, unit: &Unit<'_>) -> Diagnostic {
    let message = format!("Flux cannot put {} of {} into `{}`", manifest.object.words(), words(unit.entity), unit.namespace);
    refused(message, manifest.value.origin.span, "has no `metadata.namespace`, and others beside it are elsewhere", &unit.entity.subject())
        .apart("namespace")
        .hint("write `metadata.namespace` in each object")
}

pub(super) fn unclear_revision(text: &str, span: Span, subject: &Subject) -> Diagnostic {
    refused(format!("Flux cannot tell whether `{text}` is a branch or a tag"), span, "neither a branch nor a tag for certain", subject)
        .apart(text)
        .hint("write `refs/heads/…` or `refs/tags/…`, a commit in full, or the plain name of a branch")
}

pub(super) fn unknown_address(address: &str, wanted: &str, span: Span, subject: &Subject) -> Diagnostic {
    refused(format!("Flux cannot read from `{address}`"), span, format!("{wanted} expected"), subject)
        .apart(address)
        .hint("write the address with its scheme; `git@host:path` is `ssh://git@host/path`")
}

pub(super) fn unknown_version(version: &str, why: &str, elsewhere: &Elsewhere<'_>, unit: &Unit<'_>) -> Diagnostic {
    let message = format!("Flux cannot find the chart of {} in version `{version}`", words(unit.entity));
    refused(message, elsewhere.version_at, why, &unit.entity.subject())
        .apart("version")
        .hint("write a version such as `1.2.3`, or a range such as `1.x`")
}

pub(super) fn no_secret(address: &str, namespace: &str, span: Span, subject: &Subject) -> Diagnostic {
    refused(format!("Flux cannot read from `{address}` without a key"), span, "is read over ssh", subject).apart(address).hint(format!(
        "make a Secret with `identity` and `known_hosts` in namespace `{namespace}`, and name it: `platform.flux.secretRefs: {{ {address}: … }}`"
    ))
}

pub(super) fn secret_name(name: &str, span: Span) -> Diagnostic {
    let message = format!("`{}` cannot be the name of a Secret", visible(name));
    Diagnostic::error(Code::InvalidName, message, span, "no name for a Secret")
        .about(Subject::platform(&["flux", "secretRefs"]))
        .hint("use the name of a Secret, of lower-case letters, digits, dashes and dots; what it holds is never written here")
}

pub(super) fn own_name(object: &FluxObject<'_>) -> Diagnostic {
    let (_, entity) = object.entity;
    let message = format!("{} would be the {} `{}`, which Flux has itself", words(entity), object.kind, object.name);
    Diagnostic::error(Code::ApplicationNameCollision, message, entity.defined, "Flux is bootstrapped under this name")
        .apart("bootstrap")
        .about(entity.subject())
        .hint(format!("rename the {}, or give it another `identity`", entity.kind.words()))
}

pub(super) fn name_collision(object: &FluxObject<'_>, first: &FluxObject<'_>) -> Diagnostic {
    let ((_, entity), (_, other)) = (object.entity, first.entity);
    let message = format!("{} and {} would both be the {} `{}` of Flux", words(other), words(entity), object.kind, object.name);
    Diagnostic::error(Code::ApplicationNameCollision, message, entity.defined, "one of them needs another name")
        .apart(object.kind)
        .label(other.defined, "the other one")
        .about(entity.subject())
        .hint(format!("rename the {}, or give it another `identity`", entity.kind.words()))
}
