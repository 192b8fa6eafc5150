//! Wording of what a change does outside.

use super::fixed::{FixedChange, FixedCure};
use super::handed::HandedObjects;
use super::leaving;
use super::versions::LostVersions;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::level::Level;
use crate::model::Entity;
use crate::name::listed;
use crate::object::{Manifest, ObjectName};
use crate::span::Span;
use crate::syncing;
use crate::value::Value;

/// So many are named.
const SHOWN: usize = 5;

/// What a class says: a line, which may begin with its level, and behind it what to do.
pub(super) fn hazardous_change(text: &str, changed: Span, class: &str) -> Diagnostic {
    let (said, cure) = text.split_once('\n').unwrap_or((text, ""));
    let levelled = said.split_once(": ").and_then(|(word, message)| Some((Level::of(word)?, message)));
    let (level, message) = levelled.unwrap_or((Level::Refused, said));
    let diagnostic =
        Diagnostic::warning(Code::HazardousChange, message, changed, "changed here").level(level).note(format!("class `{class}` says so"));
    if cure.trim().is_empty() { diagnostic } else { diagnostic.hint(cure.trim()) }
}

pub(super) fn cluster_renamed(cluster: &Entity, (was, is): (&str, &str), place: Span, prefix: Option<&str>) -> Diagnostic {
    let message = format!("cluster `{}` is called `{is}` outside, and was called `{was}`: what has that name is replaced", cluster.name);
    let diagnostic =
        Diagnostic::warning(Code::ReplacedByName, message, place, "this changes its name").level(Level::Replaces).about(cluster.subject());
    diagnostic.hint(match prefix {
        Some(prefix) => format!("to keep the name, say `prefix: {prefix}`; to replace the cluster, make another one beside it"),
        None => "leave it as it was; to replace the cluster, make another one beside it".to_owned(),
    })
}

pub(super) fn objects_renamed(
    entity: &Entity,
    renamed: &[(&Manifest, &Manifest)],
    users: &dyn Fn(Option<&Value>, Option<&Value>) -> Span,
) -> Diagnostic {
    let first = renamed.first();
    let field = first.map_or("name", |(old, new)| {
        if old.object.kind != new.object.kind {
            "kind"
        } else if old.object.name == new.object.name {
            "namespace"
        } else {
            "name"
        }
    });
    let part = |object: &'_ Value| object.at(&["metadata", field]).or_else(|| object.get(field)).cloned();
    let (was, is) = (first.and_then(|(old, _)| part(&old.value)), first.and_then(|(_, new)| part(&new.value)));
    let place = users(was.as_ref(), is.as_ref());
    let some = if renamed.len() == 1 { "an object".to_owned() } else { format!("{} objects", renamed.len()) };
    let how = if field == "kind" { "of another kind" } else { "under other names" };
    let message = format!("{} `{}` makes {some} {how}: the old ones are deleted, the new ones are made", entity.kind.words(), entity.name);
    let mut diagnostic = Diagnostic::warning(Code::ReplacedByName, message, place, "called so now")
        .apart(&*entity.identity.to_string())
        .about(entity.subject());
    for (old, new) in renamed.iter().take(SHOWN) {
        diagnostic = diagnostic.note(format!("{} becomes {}", old.object.words(), new.object.words()));
    }
    if renamed.len() > SHOWN {
        diagnostic = diagnostic.note(format!("and {} more", renamed.len() - SHOWN));
    }
    if renamed.iter().any(|(old, _)| leaving::has_claims(old) && !leaving::holds(old)) {
        diagnostic = diagnostic
            .note("claims of its StatefulSets stay under the old name with what they hold, and nobody uses them; the new ones are empty");
    }
    diagnostic.hint("leave the name as it was where an object holds something or others reach it; what is protected on the cluster stays under the old one")
}

pub(super) fn data_leaves((old, new): (&Entity, Option<&Entity>), names: &[String], at: Option<Span>) -> Diagnostic {
    let whose = format!("{} `{}`", old.kind.words(), old.name);
    let (what, holds) = match names {
        [one] => (one.clone(), "it holds"),
        all => (format!("{} objects that hold data", all.len()), "they hold"),
    };
    let message = if new.is_some() {
        format!("{whose} no longer has {what}: what {holds} is deleted with it")
    } else {
        format!("{whose} is gone, and with it {what}: what {holds} is deleted")
    };
    let diagnostic = match at {
        Some(at) => Diagnostic::warning(Code::ObjectsLeave, message, at, "changed here"),
        None => Diagnostic { severity: Severity::Warning, ..Diagnostic::general(Code::ObjectsLeave, message) },
    };
    let diagnostic =
        diagnostic.apart(format!("{} {}", old.identity, names.join(" "))).about(new.unwrap_or(old).subject()).level(Level::DestroysData);
    let diagnostic = if names.len() > 1 { diagnostic.note(some(names)) } else { diagnostic };
    diagnostic.hint("if it is to stay, take the change back; first say `data: true` in the class, or protect the object where it is, and build and install that (`platc explain objects-leave` shows how)")
}

/// Objects that go from one thing to another.
pub(super) fn data_handed((old, new): (&Entity, &Entity), handed: &HandedObjects<'_>, delivery: &str) -> Diagnostic {
    let names: Vec<String> = handed.objects.iter().map(|manifest| manifest.object.words()).collect();
    let ([go, is, have], what) = match &*names {
        [one] => (["goes", "it is", "it holds"], one.clone()),
        all => (["go", "they are", "they hold"], format!("{} objects that hold data", all.len())),
    };
    let thing = |entity: &Entity| format!("{} `{}`", entity.kind.words(), entity.name);
    let lost = if handed.level == Level::DestroysData { format!(", with what {have}") } else { String::new() };
    let message = format!(
        "{what} {go} from {} to {}: {is} deleted for the one, perhaps after the other has installed {}{lost}",
        thing(old),
        thing(new),
        if names.len() == 1 { "it" } else { "them" }
    );
    let mut diagnostic = Diagnostic::warning(Code::ObjectsLeave, message, new.defined, "here from now on")
        .level(handed.level)
        .apart(format!("{} {} {}", old.identity, new.identity, names.join(" ")))
        .about(new.subject());
    if names.len() > 1 {
        diagnostic = diagnostic.note(some(&names));
    }
    if handed.level != Level::DestroysData {
        diagnostic =
            diagnostic.note("its claims stay, unless `persistentVolumeClaimRetentionPolicy.whenDeleted` of what is there is `Delete`");
    }
    let protection = syncing::annotations(syncing::Care::Stays, delivery).first();
    let protection = protection.map_or_else(String::new, |annotation| format!("{}: {}", annotation.key, annotation.text));
    let two = format!(
        "first protect it where it is, with the annotation `{protection}`, and build and install that; then move it, with the annotation (`platc explain objects-leave` shows how)"
    );
    diagnostic.hint(if handed.is_rename {
        format!("if {} is only another name of it, say `identity: {}` there; else {two}", thing(new), old.identity)
    } else {
        two
    })
}

/// So many of them, and how many more there are.
fn some(names: &[String]) -> String {
    let more = if names.len() > SHOWN { format!(" and {} more", names.len() - SHOWN) } else { String::new() };
    format!("{}{more}", names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", "))
}

/// An object with data that is deleted where it changes, and made anew.
pub(super) fn data_made_anew((object, entity): (&ObjectName, &Entity), at: Span, (key, text): (&str, &str)) -> Diagnostic {
    let what = object.words();
    let message = format!("{what} changes, and is deleted and made anew for that: what it holds is deleted with it");
    Diagnostic::warning(Code::ObjectsLeave, message, at, "changed here")
        .level(Level::DestroysData)
        .apart(format!("anew {what}"))
        .about(entity.subject())
        .note(format!("`{key}: {text}` has it made anew, or the same in `syncOptions` of its class"))
        .hint("first take that away where it is said, and build and install it, or take the change back")
}

pub(super) fn release_renamed(entity: &Entity, (was, is): (&str, &str), place: Span) -> Diagnostic {
    let message = format!(
        "{} `{}` is installed as release `{is}`, and was installed as `{was}`: what a chart calls after its release is deleted, and made anew",
        entity.kind.words(),
        entity.name
    );
    Diagnostic::warning(Code::ReplacedByName, message, place, "called so now")
        .level(Level::Replaces)
        .apart(format!("release {}", entity.identity))
        .about(entity.subject())
        .note("claims of its StatefulSets stay with what they hold, and nobody uses them; the new ones are empty")
        .hint(format!("to keep the name, say `releaseName: {was}` where it is said"))
}

/// What is installed from elsewhere under a name that another thing had: `parts` are what it was and what it is.
pub(super) fn another_installed(entity: &Entity, [was, is]: &[String; 2], place: Span) -> Diagnostic {
    let message = format!(
        "{} `{}` installs {is}, and installed {was}: all that the one has made is deleted when the other is installed",
        entity.kind.words(),
        entity.name
    );
    Diagnostic::warning(Code::ReplacedByName, message, place, "this is installed under its name now")
        .apart(format!("another {}", entity.identity))
        .about(entity.subject())
        .note("claims for volumes that are among it go with what they hold; those that its StatefulSets have made stay")
        .hint("leave it as it was, and put the new one beside it under another name; then take the old one away, by its word if it keeps data")
}

/// `short` is what its tenant calls the namespace now.
pub(super) fn namespace_changed(entity: &Entity, (was, is): (&str, &str), short: Option<&str>, place: Span) -> Diagnostic {
    let message = format!(
        "{} `{}` goes to namespace `{is}`, and was in `{was}`: what is there is deleted, and made anew in the other",
        entity.kind.words(),
        entity.name
    );
    Diagnostic::warning(Code::ReplacedByName, message, place, "it goes there now")
        .level(Level::Replaces)
        .apart(format!("namespace {}", entity.identity))
        .about(entity.subject())
        .note(format!(
            "claims of its StatefulSets stay in `{was}` with what they hold, if that stays, and nobody uses them; the new ones are empty"
        ))
        .hint(match short {
            Some(short) => format!("to keep it where it is, say in its tenant `namespaces: {{ {short}: {{ name: {was} }} }}`"),
            None => format!("to keep it where it is, say `namespace: {was}` where that is said"),
        })
}

pub(super) fn installed_by_another(old: &Entity, new: &Entity) -> Diagnostic {
    let message = format!(
        "{} `{}` installs what `{}` installed, which is gone: that is deleted for the one, before or after the other makes it again",
        new.kind.words(),
        new.name,
        old.name
    );
    Diagnostic::warning(Code::ReplacedByName, message, new.defined, "another one outside")
        .level(Level::Replaces)
        .apart(format!("installed {} {}", old.identity, new.identity))
        .about(new.subject())
        .note("claims for volumes that are among it go with what they hold; those that its StatefulSets have made stay")
        .hint(format!("if it is the same and only has another name, say `identity: {}` there, and nothing changes outside", old.identity))
}

pub(super) fn elsewhere_gone(gone: &Entity, (repository, is_unknown): (&str, bool), place: Option<Span>) -> Diagnostic {
    let unknown = if is_unknown { "; nobody here knows what that holds" } else { "" };
    let message =
        format!("{} `{}` is gone, and with it all that it has installed from `{repository}`{unknown}", gone.kind.words(), gone.name);
    let diagnostic = match place {
        Some(at) => Diagnostic::warning(Code::ElsewhereLeaves, message, at, "said here"),
        None => Diagnostic { severity: Severity::Warning, ..Diagnostic::general(Code::ElsewhereLeaves, message) },
    };
    diagnostic
        .level(Level::Replaces)
        .about(gone.subject())
        .note("claims for volumes that are among it go with what they hold; those that its StatefulSets have made stay")
        .note("load balancers that it has had made go with their addresses")
        .hint(if is_unknown {
            "if it holds data, let its class say `data: true` first, and build and install that; then it leaves by a word (`platc explain data-without-word`)"
        } else {
            "where somebody still needs it, put what does the same beside it first, and take it away when nobody uses it any more"
        })
}

pub(super) fn argo_cd_moves((was, is): (&str, &str), place: Span) -> Diagnostic {
    let message =
        format!("Argo CD is to be in namespace `{is}`, and was in `{was}`: there nobody installs any more what is committed from then on");
    Diagnostic::warning(Code::ArgoCdMoves, message, place, "here from now on")
        .level(Level::Refused)
        .note(format!("a root in `{was}` may not make Applications and projects in `{is}`, and stops; what is installed goes on running"))
        .hint(format!(
            "leave it; or stop the one in `{was}`, take the finalizers from its Applications, install one in `{is}`, and apply its bootstrap and roots (`platc explain argo-cd-moves` shows how)"
        ))
}

pub(super) fn hub_moves((was, is): (Option<&str>, Option<&str>), place: Option<Span>) -> Diagnostic {
    let now = is.map_or_else(|| "no cluster is the hub of Argo CD now".to_owned(), |is| format!("`{is}` is the hub of Argo CD now"));
    let (before, old, stays) = match was {
        Some(was) => (
            format!("`{was}` was: with this commit `{was}` loses the roots of the clusters that it has driven"),
            format!("the Argo CD of `{was}`"),
            format!(
                "Applications that `{was}` has stay there, and what still reaches a cluster undoes what the new one does; deleted, they take along what they have installed"
            ),
        ),
        None => (
            "each cluster had its own Argo CD: with this commit their roots delete the Applications that are there".to_owned(),
            "the Argo CD of each cluster".to_owned(),
            "each takes along what it has installed, and what comes in its place goes to clusters that only the hub knows".to_owned(),
        ),
    };
    let message = format!("{now}, and {before}");
    let diagnostic = match place {
        Some(at) => Diagnostic::warning(Code::ArgoCdMoves, message, at, "here from now on"),
        None => Diagnostic { severity: Severity::Warning, ..Diagnostic::general(Code::ArgoCdMoves, message) },
    };
    diagnostic
        .level(Level::Refused)
        .note(stays)
        .note("nobody installs what is committed until a person has applied the new bootstrap and roots")
        .hint(format!(
            "before this is pushed, stop {old}, and take the finalizers from its Applications; then apply the bootstrap and roots, and delete the old Applications (`platc explain argo-cd-moves` shows how)"
        ))
}

pub(super) fn refused((object, entity): (&ObjectName, &Entity), change: &FixedChange, (key, text): (&str, &str)) -> Diagnostic {
    let what = object.words();
    let how = match &change.values {
        Some((was, is)) => format!("goes from `{was}` to `{is}`"),
        None => "changes".to_owned(),
    };
    let message = format!("`{}` of {what} {how}, which a cluster refuses", change.part);
    let diagnostic = Diagnostic::warning(Code::RefusedChange, message, change.at, "cannot be changed on a cluster")
        .level(Level::Refused)
        .apart(format!("{what} {}", change.part))
        .about(entity.subject());
    match change.cure {
        FixedCure::Move => diagnostic.hint("make another claim beside it, move there what it holds, and take this one out then"),
        FixedCure::Orphan => {
            let (name, namespace) = (plain(&object.name), object.namespace.as_deref().map_or("NAMESPACE", plain));
            if let [first, ..] = &*change.left {
                let claims = listed(change.left.iter().map(String::as_str));
                return diagnostic
                    .note(format!("its pods get new claims, which are empty; those of {claims} stay with what they hold, and nobody uses them"))
                    .hint(format!(
                        "leave the name `{}` as it was; or, right before this is installed, copy what the old claims hold, and delete the StatefulSet alone: `kubectl delete statefulset {name} -n {namespace} --cascade=orphan`",
                        plain(first)
                    ));
            }
            let diagnostic = if change.part.ends_with("volumeClaimTemplates") {
                diagnostic.note("claims that it has made already stay as they are: each is enlarged by hand, and none can be made smaller")
            } else {
                diagnostic
            };
            diagnostic.hint(format!(
                "right before this is installed, delete it alone, so that it is made anew around its pods and claims: `kubectl delete statefulset {name} -n {namespace} --cascade=orphan`"
            ))
        }
        FixedCure::Pods => {
            let (name, namespace) = (plain(&object.name), object.namespace.as_deref().map_or("NAMESPACE", plain));
            diagnostic
                .note("its pods have to go too: with the labels of before they are none of the new one's, and their names are taken")
                .hint(format!(
                    "right before this is installed, delete it with its pods: `kubectl delete statefulset {name} -n {namespace}`; its claims stay, unless `persistentVolumeClaimRetentionPolicy.whenDeleted` of what is there is `Delete`"
                ))
        }
        FixedCure::Binding => {
            let namespace = object.namespace.as_deref().map_or_else(String::new, |namespace| format!(" -n {}", plain(namespace)));
            let command = format!("kubectl delete {} {}{namespace}", object.kind.to_lowercase(), plain(&object.name));
            diagnostic.note("nothing of it is changed, and whoever has the role of before goes on having it").hint(format!(
                "make another binding beside it, and take this one out later; or, right before this is installed, delete it, so that it is made again: `{command}`; until then nobody has the role"
            ))
        }
        FixedCure::Kind => diagnostic.hint(
            "make a kind of another name beside it, and move its objects; one that is deleted takes all its objects along",
        ),
        FixedCure::Anew => diagnostic.hint(format!(
            "give it another name, so that it is made beside the old one; or let it be deleted and made anew where it changes, with the annotation `{key}: {text}`"
        )),
    }
}

/// A binding with another role, as whoever installs it goes about it.
pub(super) fn binding_made_anew(object: &ObjectName, mut refused: Diagnostic) -> Diagnostic {
    refused.message =
        format!("`roleRef` of {} changes, which a cluster refuses: Argo CD deletes it for that, and makes it anew", object.words());
    refused.hint = Some(
        "for a moment nobody has the role; where that matters, make another binding beside it, and take this one out later".to_owned(),
    );
    refused.level(Level::Replaces)
}

pub(super) fn versions_lost((object, entity): (&ObjectName, &Entity), lost: &LostVersions<'_>) -> Diagnostic {
    let name = &object.name;
    let version = |versions: &[String]| {
        let word = if versions.len() == 1 { "version" } else { "versions" };
        format!("{word} {}", listed(versions.iter().map(String::as_str)))
    };
    let what = if lost.dropped.is_empty() {
        format!("serves {} no more", version(&lost.unserved))
    } else {
        format!("loses {}", version(&lost.dropped))
    };
    let message = format!("kind `{name}` {what}");
    let mut diagnostic = Diagnostic::warning(Code::RefusedChange, message, lost.at.origin.span, "these are the versions now")
        .level(Level::Refused)
        .apart(format!("versions of {name}"))
        .about(entity.subject())
        .note("whatever installs an object of a version that is not served any more fails as a whole");
    if lost.dropped.is_empty() {
        return diagnostic.hint("first write all objects in a version that stays, also those that people and programs write");
    }
    diagnostic = diagnostic
        .note("the cluster refuses a kind without a version in which it may have kept objects: those that `status.storedVersions` names");
    let (stored, name) = (lost.stored.as_deref().map_or("VERSION", plain), plain(name));
    let group = name.split_once('.').map_or(name, |(_, group)| group);
    diagnostic.hint(format!(
        "first keep it, let `{stored}` be the one with `storage: true`, and install that; then have all objects written once more, and have the cluster forget it: `kubectl get {name} --all-namespaces -o json --show-managed-fields | jq '.items[].metadata.managedFields[]?.apiVersion = \"{group}/{stored}\"' | kubectl replace -f - && kubectl patch customresourcedefinition {name} --subresource=status --type=merge -p '{{\"status\":{{\"storedVersions\":[\"{stored}\"]}}}}'`; drop it then"
    ))
}

pub(super) fn version_at_once(manifest: &Manifest, entity: &Entity) -> Diagnostic {
    let (what, version) = (manifest.object.words(), manifest.object.version());
    let message = format!("{what} is written in version `{version}`, which its kind serves only from this change on");
    let place = manifest.value.get("apiVersion").map_or(entity.defined, |value| value.origin.span);
    Diagnostic::warning(Code::RefusedChange, message, place, "the cluster does not know this version yet")
        .level(Level::Refused)
        .apart(what)
        .about(entity.subject())
        .note("Argo CD compares an Application as a whole, and cannot compare this: nothing of it is installed, the kind neither")
        .hint("take two steps: first let the kind serve the version, and build and install that; then write its objects in it")
}

pub(super) fn state_moves(folders: &[String], output: &str, said: Span) -> Diagnostic {
    let names = listed(folders.iter().take(SHOWN).map(|folder| folder.split_once('/').map_or(folder.as_str(), |(_, name)| name)));
    let more = if folders.len() > SHOWN { format!(" and {} more", folders.len() - SHOWN) } else { String::new() };
    let (stack, verb) = if folders.len() == 1 { ("stack", "keeps its state") } else { ("stacks", "keep their states") };
    let message = format!("{stack} {names}{more} {verb} elsewhere than before: with an empty state Terraform would make everything anew");
    let first = folders.first().map_or("", String::as_str);
    Diagnostic::warning(Code::StateMoves, message, said, "the state is looked for here now").level(Level::Replaces).hint(format!(
        "where the stack was initialised before, `terraform -chdir={output}/{first} init -migrate-state` moves it; look at the plan before anybody applies"
    ))
}

/// A name in a command, if a shell leaves it alone.
fn plain(name: &str) -> &str {
    if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')) { name } else { "NAME" }
}
