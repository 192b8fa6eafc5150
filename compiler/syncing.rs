//! What Argo CD is told, as far as it can be wrong by itself: words, their values and shapes. Argo CD drops most of what it does not understand, so all of it
//! is checked here: of classes when they are loaded, of what expressions give when they have. In come values and whom they are about, out go reports; nothing
//! here knows what the words do.

mod annotations;

pub(crate) use annotations::object;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::name::{Kind, listed, nearest};
use crate::span::Span;
use crate::subject::Subject;
use crate::value::{Map, Value};
use crate::visible::visible;

/// What a class may say in its section `argocd`.
pub(crate) const SECTION: [&str; 5] = ["namespace", "namespaces", "source", "syncOptions", "ignoreDifferences"];

/// What the class of a tenant may say there beside that: what its applications may bring, and in whose name they are installed.
pub(crate) const LIMITS: [&str; 2] = ["installer", "kinds"];

/// What is said of a kind that a tenant may bring.
pub(crate) const LIMIT: [&str; 2] = ["group", "kind"];
/// What the class of a cluster may say besides: how an Argo CD elsewhere reaches it.
pub(crate) const CLUSTER: &str = "cluster";

/// The label of Secrets that register something; its value says what.
pub(crate) const REGISTERS: &str = "argocd.argoproj.io/secret-type";

/// What may be said of that.
pub(crate) const REACHED: [&str; 3] = ["server", "config", "externalSecret"];

/// What may be said of a place elsewhere.
pub(crate) const SOURCE: [&str; 9] = ["repository", "path", "revision", "chart", "version", "releaseName", "values", "helm", "directory"];

/// What may be said of a difference that is none.
pub(crate) const DIFFERENCE: [&str; 7] =
    ["group", "kind", "name", "namespace", "jsonPointers", "jqPathExpressions", "managedFieldsManagers"];

/// The options of a sync, each with the values it has.
const OPTIONS: [(&str, &[&str]); 14] = [
    ("ApplyOutOfSyncOnly", SWITCH),
    ("ClientSideApplyMigration", SWITCH),
    ("CreateNamespace", SWITCH),
    ("Delete", SWITCH),
    ("FailOnSharedResource", SWITCH),
    ("Force", SWITCH),
    ("Prune", SWITCH),
    ("PruneLast", SWITCH),
    ("PrunePropagationPolicy", &["background", "foreground", "orphan"]),
    ("Replace", SWITCH),
    ("RespectIgnoreDifferences", SWITCH),
    ("ServerSideApply", SWITCH),
    ("SkipDryRunOnMissingResource", SWITCH),
    ("Validate", SWITCH),
];

const SWITCH: &[&str] = &["true", "false"];

/// The annotation of objects with options of their sync, split at commas.
pub(crate) const OBJECT_OPTIONS: &str = "argocd.argoproj.io/sync-options";

/// The option of an object that stays when Git has it no more.
pub(crate) const UNPRUNED: &str = "Prune=false";

/// The option of an object that stays when its Application goes.
pub(crate) const UNDELETED: &str = "Delete=false";

/// An annotation that whoever installs an object acts upon.
pub(crate) struct Annotation {
    /// Its key.
    pub(crate) key: &'static str,
    /// Its value.
    pub(crate) text: &'static str,
    /// Where the value is a list of options: those of which an object says none yet. None: what an object says itself stays.
    pub(crate) unless: &'static [&'static str],
}

impl Annotation {
    /// Whether what an object has under this key says by itself what this one would.
    #[must_use]
    pub(crate) fn is_said(&self, said: &str) -> bool {
        let mut words = said.split(',').map(|part| part.split_once('=').map_or(part, |(word, _)| word).trim());
        self.unless.is_empty() || words.any(|word| self.unless.contains(&word))
    }

    /// The value of an object that says something else under this key, or nothing: behind its own.
    #[must_use]
    pub(crate) fn beside(&self, said: &str) -> String {
        if said.trim().is_empty() { self.text.to_owned() } else { format!("{said},{}", self.text) }
    }
}

/// How an object is treated with care.
#[derive(Clone, Copy)]
pub(crate) enum Care {
    /// It stays where it is.
    Stays,
    /// It is made anew where it changes.
    Anew,
}

const STAYS: [Annotation; 2] = [
    Annotation { key: OBJECT_OPTIONS, text: "Prune=false,Delete=false", unless: &["Prune", "Delete"] },
    Annotation { key: "argocd.argoproj.io/compare-options", text: "IgnoreExtraneous", unless: &["IgnoreExtraneous"] },
];
const ANEW: [Annotation; 1] = [Annotation { key: OBJECT_OPTIONS, text: "Replace=true,Force=true", unless: &["Replace", "Force"] }];
const STAYS_IN_FLUX: [Annotation; 1] = [Annotation { key: "kustomize.toolkit.fluxcd.io/prune", text: "disabled", unless: &[] }];
const ANEW_IN_FLUX: [Annotation; 1] = [Annotation { key: "kustomize.toolkit.fluxcd.io/force", text: "enabled", unless: &[] }];

/// What says so to whoever delivers.
#[must_use]
pub(crate) fn annotations(care: Care, delivery: &str) -> &'static [Annotation] {
    match (care, delivery) {
        (Care::Stays, "flux") => &STAYS_IN_FLUX,
        (Care::Anew, "flux") => &ANEW_IN_FLUX,
        (Care::Stays, _) => &STAYS,
        (Care::Anew, _) => &ANEW,
    }
}

/// Whose labels and annotations tell those who deliver what to do: an object could stay as it is, remain when it is taken out, or be made anew each time. What
/// stands beside them obeys words of its own below these domains: who updates images, who notifies, who shares the work of Flux. Argo CD reads Helm's as well.
const DELIVERERS: [&str; 3] = ["argoproj.io", "fluxcd.io", "helm.sh"];

/// Whether a label or an annotation is read by those who deliver: its domain is theirs, or within it.
pub(crate) fn is_for_deliverers(key: &str) -> bool {
    let Some((domain, _)) = key.split_once('/') else { return false };
    let is_of = |whose: &str| domain.strip_suffix(whose).is_some_and(|before| before.is_empty() || before.ends_with('.'));
    DELIVERERS.into_iter().any(is_of)
}

/// Whether a label or an annotation says whose an object is: the platform's own, and what is read by an Argo CD that tells its objects by a label.
pub(crate) fn says_whose(key: &str, domain: &str) -> bool {
    key == "app.kubernetes.io/instance" || key.split_once('/').is_some_and(|(before, _)| before == domain)
}

/// Annotations of objects that are made anew by themselves.
pub(crate) const HOOKS: [&str; 2] = ["argocd.argoproj.io/hook", "helm.sh/hook"];

/// Who says when a hook is deleted, and the words that count there, first that for: before it is made again.
const DELETED: [(&str, [&str; 3]); 2] = [
    ("argocd.argoproj.io/hook-delete-policy", ["BeforeHookCreation", "HookFailed", "HookSucceeded"]),
    ("helm.sh/hook-delete-policy", ["before-hook-creation", "hook-failed", "hook-succeeded"]),
];

/// Whether Argo CD deletes an object before it makes it again, or never makes it: a hook that says so, or says nothing of it. What is deleted when it has
/// succeeded stays when it has not. The policies of both count for either, and a kind is no hook of Helm's.
#[must_use]
pub(crate) fn is_deleted_first(object: &Value) -> bool {
    let said = |key: &str| object.at(&["metadata", "annotations", key]).and_then(Value::as_str);
    let [own, helms] = HOOKS.map(said);
    if own.is_none() && helms.is_none_or(|word| word == "crd-install") {
        return false;
    }
    let policies = DELETED.iter().flat_map(|(key, known)| {
        let words = said(key).unwrap_or_default().split(',').map(str::trim);
        words.filter_map(|word| known.iter().position(|other| *other == word))
    });
    let policies: Vec<usize> = policies.collect();
    policies.is_empty() || policies.contains(&0)
}

/// A report about a value that is not what is wanted.
#[must_use]
pub(crate) fn invalid(what: &str, wanted: &str, value: &Value, subject: &Subject) -> Diagnostic {
    let message = match value.as_str() {
        Some(text) => format!("`{what}` needs {wanted}, not `{}`", visible(text)),
        None => format!("`{what}` needs {wanted}, this is {}", value.describe()),
    };
    wrong(message, value.origin.span, format!("{wanted} expected"), subject).apart(what)
}

fn wrong(message: String, span: Span, label: impl Into<String>, subject: &Subject) -> Diagnostic {
    Diagnostic::error(Code::InvalidArgocd, message, span, label).about(subject.clone())
}

/// A report about a key that nobody reads.
#[must_use]
pub(crate) fn unknown_key(what: &str, key: &str, span: Span, known: &[&str], subject: &Subject) -> Diagnostic {
    let diagnostic = wrong(format!("{what} has no field `{}`", visible(key)), span, "nobody reads this field", subject).apart(key);
    match nearest(key, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None => diagnostic.hint(format!("the fields are {}", listed(known.iter().copied()))),
    }
}

/// Reports keys of a map that are none of these.
pub(crate) fn keys(what: &str, map: &Value, known: &[&str], subject: &Subject, report: &mut dyn FnMut(Diagnostic)) {
    for entry in map.as_map().map(Map::entries).unwrap_or_default() {
        if entry.template.is_none() && !entry.key.starts_with('$') && !known.contains(&&*entry.key) {
            report(unknown_key(what, &entry.key, entry.span, known, subject));
        }
    }
}

/// A field of earlier versions.
const GONE: &str = "clusterResources";

/// Reports keys of the section `argocd` of a class of a kind that nobody reads.
pub(crate) fn section(said: &Value, kind: Kind, subject: &Subject, report: &mut dyn FnMut(Diagnostic)) {
    if let Some(entry) = said.as_map().and_then(|map| map.entry(GONE)) {
        let message = "the platform's project allows all kinds, and nobody lists them any more".to_owned();
        report(wrong(message, entry.span, "this field is gone", subject).apart(GONE).hint("take it out"));
    }
    let more: &[&str] = match kind {
        Kind::Cluster => &[CLUSTER],
        Kind::Tenant => &LIMITS,
        Kind::NodePool | Kind::Service | Kind::Application | Kind::Infrastructure => &[],
    };
    let known: Vec<&str> = SECTION.into_iter().chain(more.iter().copied()).collect();
    // Of the field that is gone that was told.
    keys("`argocd`", said, &known, subject, &mut |diagnostic| {
        if diagnostic.apart.as_deref() != Some(GONE) {
            report(diagnostic);
        }
    });
    if let Some(reached) = said.get(CLUSTER).filter(|_| kind == Kind::Cluster) {
        keys("`cluster`", reached, &REACHED, subject, report);
    }
}

/// Reports what is wrong with options of a sync: the texts that each say one, and where. `whole`: these are all that count for one thing.
pub(crate) fn options(said: &[(&str, Span)], whole: bool, subject: &Subject, report: &mut dyn FnMut(Diagnostic)) {
    let mut on: Vec<(&str, Span)> = Vec::new();
    for (text, span) in said {
        let (word, value) = text.split_once('=').map_or((text.trim(), None), |(word, value)| (word.trim(), Some(value.trim())));
        match option(text, word, value, *span, subject) {
            Some(diagnostic) => report(diagnostic),
            None if value == Some("true") => on.push((word, *span)),
            None => {}
        }
    }
    if !whole {
        return;
    }
    let find = |wanted: &str| on.iter().find(|(word, _)| *word == wanted).map(|(_, span)| *span);
    let alone = match (find("Replace"), find("Force")) {
        (Some(span), None) => Some((span, "Replace", "Force", "what cannot be changed is refused all the same")),
        (None, Some(span)) => Some((span, "Force", "Replace", "the cluster applies by itself, and Argo CD refuses both at once")),
        (Some(_), Some(_)) | (None, None) => None,
    };
    if let Some((span, word, other, why)) = alone {
        let message = format!("`{word}=true` without `{other}=true` recreates nothing: {why}");
        report(
            wrong(message, span, format!("`{other}=true` is missing beside it"), subject)
                .apart(word)
                .hint("write `Replace=true` and `Force=true`, or neither"),
        );
    }
}

/// Whether this is an option of a sync with one of its values.
#[must_use]
pub(crate) fn is_option(text: &str) -> bool {
    let (word, value) = text.split_once('=').unwrap_or((text, ""));
    OPTIONS.iter().any(|(known, values)| *known == word.trim() && values.contains(&value.trim()))
}

fn option(text: &str, word: &str, value: Option<&str>, span: Span, subject: &Subject) -> Option<Diagnostic> {
    let Some((_, values)) = OPTIONS.iter().find(|(known, _)| *known == word) else {
        let diagnostic =
            wrong(format!("Argo CD has no sync option `{}`", visible(word)), span, "Argo CD would ignore it", subject).apart(text);
        let names = || OPTIONS.iter().map(|(known, _)| *known);
        return Some(match nearest(word, names()) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
            None => diagnostic.hint(format!("the options are {}", listed(names()))),
        });
    };
    if matches!((word, value), ("Prune" | "Delete", Some("confirm"))) {
        let message = format!("`{word}=confirm` stops the whole sync until a person comes, and no later commit arrives");
        return Some(
            wrong(message, span, "nothing else would be installed meanwhile", subject)
                .apart(text)
                .hint(format!("write `{word}=false`: what it keeps is then deleted by hand")),
        );
    }
    if !value.is_some_and(|value| values.contains(&value)) {
        let wanted = values.iter().map(|value| format!("{word}={value}")).collect::<Vec<_>>();
        let message = match value {
            Some(value) => format!("the sync option `{word}` cannot be `{}`", visible(value)),
            None => format!("the sync option `{word}` has no value"),
        };
        return Some(
            wrong(message, span, "Argo CD would ignore it", subject)
                .apart(text)
                .hint(format!("write {}", listed(wanted.iter().map(String::as_str)))),
        );
    }
    None
}
