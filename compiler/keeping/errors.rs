//! Wording of what would be lost, and of what stays behind.

use super::cause::{DesertedApplications, LossCause, LostPlaces, LostThing, NamespaceRest, RenamedThing, StayingObjects};
use super::handed::{ExposedNamespace, HandedNamespace, NamespaceOwner};
use super::installed;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::level::Level;
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
        LossCause::NotMade(span) => {
            (format!("{what} {thing} keeps data, and is no longer made"), Some((*span, "this made it, and makes it no more".to_owned())))
        }
        // These are told together with what else their owner holds.
        LossCause::OwnerGone(span, owner) => {
            (format!("{what} {thing} keeps data, and {owner} is no longer there"), span.map(|span| (span, "this leaves it out".to_owned())))
        }
        LossCause::SwitchedOff(span, owner) => {
            (format!("{what} {thing} keeps data, and {owner} is switched off"), Some((*span, "this switches it off".to_owned())))
        }
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
    let diagnostic = diagnostic.note(format!("the output still has it in {}{}", first(&places.shown, "places"), held(places)));
    let diagnostic = match &places.renamed {
        Some(renamed) => diagnostic.note(may_be(renamed)),
        None => diagnostic,
    };
    let word = words_for(&[(lost, places)]);
    diagnostic.hint(match &lost.cause {
        LossCause::Unforgotten { .. } => "undo what has moved or renamed it, forget it as it was, and apply that first".to_owned(),
        LossCause::OtherStack { .. } => {
            format!("leave it in its stack; or say {word}, build and apply that, and then import it into the other stack")
        }
        LossCause::NotMade(_) => {
            format!("its word is missing: let it be made again, and write {word} to let that stay, or `enabled: false` there to destroy it; once that is built and applied, both may go")
        }
        LossCause::Undefined
        | LossCause::SwitchedOff(..)
        | LossCause::OwnerGone(..)
        | LossCause::NotHere(_)
        | LossCause::Absent(..)
        | LossCause::NoEnvironment
        | LossCause::NoCluster(_)
        | LossCause::NoTenant(_)
        | LossCause::Unmade { .. } => {
            format!("its word is missing: bring it back and write {word} to let that stay, or `enabled: false` there to destroy it; once that is built and applied, it may go")
        }
    })
}

/// What became of what holds or made things that keep data.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum OwnerFate {
    /// This word switches it off.
    Off(Span),
    /// It is no longer there, by this word if there is one.
    Gone(Option<Span>),
}

/// What holds or made things that keep data is no longer there, and they say nothing of themselves; it may keep data itself.
pub(super) fn of_owner(fate: OwnerFate, owner: &str, (own, lost): (Option<&LostPlaces>, &[(&LostThing, &LostPlaces)])) -> Diagnostic {
    let is = if let OwnerFate::Off(_) = fate { "is switched off" } else { "is no longer there" };
    let what = match lost.len() {
        1 => "something that it holds keeps data".to_owned(),
        count => format!("{count} things that it holds keep data"),
    };
    let message = format!("{owner} {is}, and {what}");
    let mut diagnostic = match fate {
        OwnerFate::Off(span) => Diagnostic::error(Code::DataWithoutWord, message, span, "says nothing about what it holds"),
        OwnerFate::Gone(Some(span)) => Diagnostic::error(Code::DataWithoutWord, message, span, "this leaves it out, with what it holds"),
        OwnerFate::Gone(None) => Diagnostic::general(Code::DataWithoutWord, message),
    };
    diagnostic = diagnostic.apart(owner.to_owned());
    for (lost, places) in lost {
        let thing = thing(lost.tenant.as_deref(), &lost.identity);
        let shown = first(&places.shown, "places");
        diagnostic = diagnostic.note(format!("the output still has {} {thing} in {shown}{}", lost.kind.words(), held(places)));
    }
    if let Some(own) = own {
        diagnostic = diagnostic.note(format!("it has the {owner} itself in {}{}", first(&own.shown, "places"), held(own)));
    }
    let renamed = match own {
        Some(own) => own.renamed.as_ref(),
        None => lost.iter().find_map(|(_, places)| places.renamed.as_ref()),
    };
    if let Some(renamed) = renamed {
        diagnostic = diagnostic.note(may_be(renamed));
    }
    let begins = match fate {
        OwnerFate::Off(_) => "leave it switched off",
        OwnerFate::Gone(_) => "let it be there, switched off by `enabled: false`",
    };
    diagnostic.hint(format!(
        "{begins}, and say beside it of each what becomes of its data: {} to let it stay, or `enabled: false` to destroy it; once that is built and applied, all of it may go",
        words_for(lost)
    ))
}

/// What would be lost, behind where it is.
fn held(places: &LostPlaces) -> String {
    if places.held.is_empty() { String::new() } else { format!(", with what it holds in {}", first(&places.held, "objects")) }
}

/// The words that let things stay, as they are written: of the first kind among them, and of so many as are named.
fn words_for(lost: &[(&LostThing, &LostPlaces)]) -> String {
    let Some((head, _)) = lost.first() else { return String::new() };
    let is_alike = |other: &&(&LostThing, &LostPlaces)| other.0.kind == head.kind && other.0.tenant == head.tenant;
    let words = lost.iter().filter(is_alike).take(PLACES).map(|(lost, places)| format!("{}: {{ {} }}", lost.identity, word_for(places)));
    let words = format!("{}: {{ {} }}", head.kind.plural(), words.collect::<Vec<_>>().join(", "));
    match &head.tenant {
        Some(tenant) => format!("`tenants: {{ {tenant}: {{ {words} }} }}`"),
        None => format!("`{words}`"),
    }
}

/// The word for one thing: where it stays in other environments, only for those in which it goes.
fn word_for(places: &LostPlaces) -> String {
    const WORD: &str = "enabled: forget";
    if !places.stays_elsewhere || places.environments.is_empty() {
        return WORD.to_owned();
    }
    let overlays = places.environments.iter().map(|environment| format!("{environment}: {{ {WORD} }}"));
    format!("environments: {{ {} }}", overlays.collect::<Vec<_>>().join(", "))
}

fn may_be(renamed: &RenamedThing) -> String {
    let RenamedThing { word, before, now, is_new } = renamed;
    let is = if *is_new { format!("`{now}` is new there") } else { format!("{word} `{now}` had no data") };
    format!("{is}: if it is the same {word} under another name, give it `identity: {before}`")
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

/// A thing in words.
pub(super) fn words(lost: &LostThing) -> String {
    format!("{} {}", lost.kind.words(), thing(lost.tenant.as_deref(), &lost.identity))
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
        NamespaceRest::All | NamespaceRest::ArgoCd => "stays there with all that is in it",
        NamespaceRest::Unpruned => "stays there",
    };
    let message = format!("namespace `{namespace}` is no longer installed on cluster `{cluster}` in `{environment}`, and {stays}");
    let diagnostic = Diagnostic::general(Code::NamespaceStays, message);
    let mut diagnostic = match rest {
        NamespaceRest::All => diagnostic,
        NamespaceRest::ArgoCd => diagnostic.note("Argo CD keeps running in it, and installs all else"),
        NamespaceRest::Unpruned => diagnostic
            .note("what services and applications have installed in it is deleted as they go, or go to another namespace; what is protected on the cluster, and what nobody here has installed, stays"),
    };
    diagnostic.severity = Severity::Warning;
    // Nobody is handed a command by which all Applications go.
    if rest == NamespaceRest::ArgoCd {
        return diagnostic.hint(
            "leave it alone while Argo CD installs anything: all Applications go with it, and what these have installed goes with these",
        );
    }
    diagnostic.hint(format!("when nobody needs it any more, delete it on that cluster: `kubectl delete namespace {namespace}`"))
}

/// Nothing is deleted with it, so the one finds what the other has left.
pub(super) fn namespace_handed_over(namespace: &HandedNamespace, places: &BTreeSet<String>) -> Diagnostic {
    let HandedNamespace { name, before, now, at } = namespace;
    let (before, now, places) = (owner(before), owner(now), first(places, "places"));
    let message = format!("namespace `{name}` goes from {before} to {now} in {places}, with all that is in it");
    Diagnostic::error(Code::NamespaceHandedOver, message, *at, "this namespace has another owner there")
        .apart(name.clone())
        .note(format!("it stays as it is, so {now} would get what {before} has left in it: Secrets, volumes, whatever runs there"))
        .hint(format!(
            "take two steps: first take it from {before} alone, and build and install that; look at what is left (`kubectl get all,secrets,configmaps,persistentvolumeclaims -n {name}`), and delete it, or the namespace as a whole; then give it to {now}"
        ))
}

/// Whoever makes it now takes it along, with what is still in it.
pub(super) fn namespace_exposed(namespace: &ExposedNamespace, places: &BTreeSet<String>) -> Diagnostic {
    let ExposedNamespace { name, before, now, at } = namespace;
    let (before, now, places) = (owner(before), owner(now), first(places, "places"));
    let message = format!("namespace `{name}`, in which {before} leaves what it has, would go with {now} in {places}");
    Diagnostic::error(Code::NamespaceHandedOver, message, *at, "nothing protects this namespace any more")
        .apart(name.clone())
        .note("it was protected because something in it keeps data, and that stays when its owner leaves")
        .hint(format!(
            "let {now} protect it (`platc explain namespace-handed-over` shows how); where nothing in it is needed any more, let it say `Prune=true` there"
        ))
}

/// An owner of a namespace in words.
fn owner((kind, tenant, identity): &NamespaceOwner) -> String {
    format!("{} {}", kind.words(), thing(tenant.as_deref(), identity))
}

pub(super) fn keeps_no_more((kind, tenant, identity): (Kind, Option<&str>, &str), span: Span, places: &BTreeSet<String>) -> Diagnostic {
    let (what, places) = (kind.words(), first(places, "places"));
    let message = format!("{what} {} keeps data no more in {places}", thing(tenant, identity));
    let mut diagnostic = Diagnostic::error(Code::DataNoMore, message, span, "its class does not say `data: true`")
        .note("once that is built, nothing guards it: a line that is taken away takes it along, with all that it has installed, its namespaces too, and Terraform destroys what it made")
        .note("what another class or another chart does not make any more goes with this change already")
        .hint("where what it holds is still needed, let its class say `data: true`");
    diagnostic.severity = Severity::Warning;
    diagnostic
}

pub(super) fn applications_leave((tenant, span): (&str, Span), deserted: &DesertedApplications) -> Diagnostic {
    let places = first(&deserted.places, "places");
    let message = format!("tenant `{tenant}` is to be forgotten, and its applications that keep no data are deleted in {places}");
    let mut diagnostic =
        Diagnostic::error(Code::ObjectsLeave, message, span, "this forgets the tenant, not its applications").level(Level::Replaces);
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
