//! Wording of what would be lost, and of what stays behind.

use super::cause::{DesertedApplications, LossCause, LostPlaces, LostThing, NamespaceRest, RenamedThing, StayingObjects};
use super::installed;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::WhyAbsent;
use crate::name::Kind;
use crate::span::Span;
use std::collections::BTreeSet;

/// So many places are named.
const PLACES: usize = 5;

pub(super) fn lost(lost: &LostThing, places: &LostPlaces) -> Diagnostic {
    let (what, thing) = (lost.kind.words(), thing(lost.tenant.as_deref(), &lost.identity));
    let (message, label): (String, Option<(Span, String)>) = match &lost.cause {
        LossCause::Undefined => (format!("{what} {thing} keeps data, and is no longer defined"), None),
        LossCause::NotHere(span) => {
            (format!("{what} {thing} keeps data, and is no longer there"), Some((*span, "it is defined here, for other places".to_owned())))
        }
        LossCause::NotMade(span) => (
            format!("{what} {thing} keeps data, and is no longer made"),
            Some((*span, "this made it: it is gone, disabled, or makes it no more".to_owned())),
        ),
        LossCause::Absent(span, absence) => {
            let (message, label) = match absence {
                WhyAbsent::OnlyIn => ("is no longer in its environment", "this leaves the environment out"),
                WhyAbsent::NotIn => ("is no longer in its environment", "this leaves the environment out"),
                WhyAbsent::Placement => ("is no longer on its cluster", "this leaves the cluster out"),
                WhyAbsent::ByDefault | WhyAbsent::Disabled | WhyAbsent::Forgotten => {
                    ("is not there by default", "this is said of all, not of it")
                }
            };
            (format!("{what} {thing} keeps data, and {message}"), Some((*span, label.to_owned())))
        }
        LossCause::NoEnvironment => (format!("{what} {thing} keeps data, and its environment is gone"), None),
        LossCause::NoCluster(span) => (
            format!("{what} {thing} keeps data, and its cluster is gone"),
            span.map(|span| (span, "this takes the cluster away".to_owned())),
        ),
        LossCause::NoTenant(span) => {
            (format!("{what} {thing} keeps data, and its tenant is gone"), span.map(|span| (span, "this takes the tenant away".to_owned())))
        }
        LossCause::OtherStack { span, before, now } => (
            format!("{what} {thing} keeps data in stack `{before}`, and is no longer there"),
            Some((*span, format!("it is in stack `{now}` now"))),
        ),
        LossCause::Unmade { span, address } => {
            (format!("{what} {thing} keeps data, and no longer makes any of what has it"), Some((*span, unmade(address))))
        }
        LossCause::Unforgotten { span, stack, address } => (
            format!("{what} {thing} is to be forgotten, but `{address}` in stack `{stack}` would be destroyed"),
            Some((*span, "nothing that it makes now has this address in that stack".to_owned())),
        ),
    };
    let diagnostic = match label {
        Some((span, label)) => Diagnostic::error(Code::DataWithoutWord, message, span, label).apart(format!("{what} {thing}")),
        None => Diagnostic::general(Code::DataWithoutWord, message),
    };
    let diagnostic = diagnostic.note(format!("the output still has it in {}", first(&places.shown, "places")));
    let diagnostic = match &places.renamed {
        Some(RenamedThing { word, before, now, is_new }) => {
            let is = if *is_new { format!("`{now}` is new there") } else { format!("{word} `{now}` had no data") };
            diagnostic.note(format!("{is}: if it is the same {word} under another name, give it `identity: {before}`"))
        }
        None => diagnostic,
    };
    diagnostic.hint(match &lost.cause {
        LossCause::Unforgotten { .. } => "undo what has moved or renamed it, forget it as it was, and apply that first",
        LossCause::OtherStack { .. } => "leave it in its stack; or say `enabled: forget`, build and apply that, and then import it into the other stack",
        LossCause::NotMade(_) => {
            "let it be made again, and write a definition of its name that says `enabled: false` to destroy what it holds, or `enabled: forget` to let that stay; once that is built and applied, both may go"
        }
        LossCause::Undefined
        | LossCause::NotHere(_)
        | LossCause::Absent(..)
        | LossCause::NoEnvironment
        | LossCause::NoCluster(_)
        | LossCause::NoTenant(_)
        | LossCause::Unmade { .. } => {
            "bring it back and say `enabled: false` there to destroy what it holds, or `enabled: forget` to let that stay; once that is built and applied, it may go"
        }
    })
}

/// The first of some words, and how many more there are.
fn first(all: &BTreeSet<String>, words: &str) -> String {
    let mut first: Vec<&str> = all.iter().take(PLACES).map(String::as_str).collect();
    let rest = all.len().saturating_sub(PLACES);
    let more = format!("{rest} more {words}");
    if rest > 0 {
        first.push(&more);
    }
    match &*first {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// That something is gone, which the index remembers by this text.
fn unmade(address: &str) -> String {
    match installed::release(address) {
        Some((namespace, release)) => format!("release `{release}` of its chart is not installed in namespace `{namespace}` any more"),
        None if installed::is_elsewhere(address) => "what its chart or repository brought is not installed any more".to_owned(),
        None => format!("`{address}` is not made here any more"),
    }
}

fn thing(tenant: Option<&str>, identity: &str) -> String {
    match tenant {
        Some(tenant) => format!("`{identity}` of tenant `{tenant}`"),
        None => format!("`{identity}`"),
    }
}

pub(super) fn objects_stay((kind, tenant, identity): (Kind, Option<&str>, &str), staying: &StayingObjects) -> Diagnostic {
    let (what, places) = (kind.words(), first(&staying.places, "places"));
    let message = format!("{what} {} keeps data, so what it installed stays in {places}", thing(tenant, identity));
    let known: BTreeSet<String> =
        staying.objects.iter().filter(|object| !installed::is_elsewhere(object)).map(|object| format!("`{object}`")).collect();
    let mut diagnostic = Diagnostic::general(Code::ObjectsStay, message);
    if !known.is_empty() {
        diagnostic = diagnostic.note(format!("there stay {}", first(&known, "objects")));
    }
    if staying.objects.iter().any(|object| installed::is_elsewhere(object)) {
        diagnostic = diagnostic.note("there stays what its chart or repository brought".to_owned());
    }
    let mut diagnostic =
        diagnostic.hint("when nobody needs it any more, delete it on the cluster by hand; where it is to stay, say `enabled: forget`");
    diagnostic.severity = Severity::Warning;
    diagnostic
}

/// Of claims it is known that they stay, because the compiler protects them.
const CLAIM: &str = "PersistentVolumeClaim/";

pub(super) fn objects_leave(
    (kind, tenant, identity): (Kind, Option<&str>, &str),
    objects: &[&str],
    places: &BTreeSet<String>,
) -> Diagnostic {
    let (what, places) = (kind.words(), first(places, "places"));
    let message =
        format!("{what} {} keeps data, and its class no longer makes all of what it installed in {places}", thing(tenant, identity));
    let shown = |objects: &mut dyn Iterator<Item = &&str>| -> BTreeSet<String> {
        objects.filter(|object| !installed::is_elsewhere(object)).map(|object| format!("`{object}`")).collect()
    };
    let mut diagnostic = Diagnostic::general(Code::ObjectsLeave, message);
    let gone = shown(&mut objects.iter().filter(|object| !object.starts_with(CLAIM)));
    if !gone.is_empty() {
        diagnostic = diagnostic.note(format!("this is deleted there, unless it is protected on the cluster: {}", first(&gone, "objects")));
    }
    if objects.iter().any(|object| installed::is_elsewhere(object)) {
        diagnostic = diagnostic.note("what its chart or repository brought is deleted there");
    }
    let claims = shown(&mut objects.iter().filter(|object| object.starts_with(CLAIM)));
    if !claims.is_empty() {
        diagnostic = diagnostic.note(format!("this stays there, until a person deletes it: {}", first(&claims, "claims")));
    }
    diagnostic.severity = Severity::Warning;
    diagnostic.hint("what is to stay is protected first: let the class make it with the annotation `argocd.argoproj.io/sync-options: Prune=false`, install that, and drop it then")
}

pub(super) fn resources_leave(
    (kind, tenant, identity): (Kind, Option<&str>, &str),
    addresses: &[&str],
    places: &BTreeSet<String>,
) -> Diagnostic {
    let (what, places) = (kind.words(), first(places, "places"));
    let message =
        format!("{what} {} keeps data, and its class no longer makes all of what it had in Terraform in {places}", thing(tenant, identity));
    let known: BTreeSet<String> = addresses.iter().map(|address| format!("`{address}`")).collect();
    let mut diagnostic = Diagnostic::general(Code::ResourcesLeave, message)
        .note(format!("Terraform destroys this when the stack is applied: {}", first(&known, "resources")))
        .hint("what only has another address now takes a block `moved` from the old one; what is to stay without Terraform takes a block `removed` with `lifecycle: { destroy: false }`");
    diagnostic.severity = Severity::Warning;
    diagnostic
}

pub(super) fn namespace_stays((environment, cluster): (&str, &str), namespace: &str, rest: NamespaceRest) -> Diagnostic {
    let stays = match rest {
        NamespaceRest::All => "stays there with all that is in it",
        NamespaceRest::Unpruned => "stays there",
    };
    let message = format!("namespace `{namespace}` is no longer installed on cluster `{cluster}` in `{environment}`, and {stays}");
    let diagnostic = Diagnostic::general(Code::NamespaceStays, message);
    let mut diagnostic = match rest {
        NamespaceRest::All => diagnostic,
        NamespaceRest::Unpruned => diagnostic
            .note("what services and applications have installed in it is deleted as they go, or go to another namespace; what is protected on the cluster, and what nobody here has installed, stays"),
    };
    diagnostic.severity = Severity::Warning;
    diagnostic.hint(format!("when nobody needs it any more, delete it on that cluster: `kubectl delete namespace {namespace}`"))
}

pub(super) fn keeps_no_more((kind, tenant, identity): (Kind, Option<&str>, &str), span: Span, places: &BTreeSet<String>) -> Diagnostic {
    let (what, places) = (kind.words(), first(places, "places"));
    let message = format!("{what} {} keeps data no more in {places}", thing(tenant, identity));
    let mut diagnostic = Diagnostic::error(Code::DataNoMore, message, span, "its class does not say `data: true`")
        .note("once that is built, it goes like anything else: a line that is taken away takes it along, with all that it has installed, its namespaces too, and Terraform destroys what it made")
        .hint("where what it holds is still needed, let its class say `data: true`");
    diagnostic.severity = Severity::Warning;
    diagnostic
}

pub(super) fn applications_leave((tenant, span): (&str, Span), deserted: &DesertedApplications) -> Diagnostic {
    let places = first(&deserted.places, "places");
    let message = format!("tenant `{tenant}` is to be forgotten, and its applications that keep no data are deleted in {places}");
    let mut diagnostic = Diagnostic::error(Code::ObjectsLeave, message, span, "this forgets the tenant, not its applications");
    let named: BTreeSet<String> = deserted.applications.iter().map(|name| format!("`{name}`")).collect();
    if !named.is_empty() {
        diagnostic = diagnostic.note(format!(
            "as far as they are there, these are deleted with all that they have installed: {}",
            first(&named, "applications")
        ));
    }
    diagnostic.severity = Severity::Warning;
    diagnostic.hint("an application that is to live on takes a class that says `data: true`; build and install that first, and then say `enabled: forget` of it too")
}
