//! What single objects tell Argo CD in annotations. In comes an object, out go reports of words that it would ignore, and of keys that are a slip away from
//! one that it reads. Of keys that nobody here knows it says nothing.

use super::{OBJECT_OPTIONS, options, wrong};
use crate::diagnostic::Diagnostic;
use crate::name::{listed, nearest};
use crate::span::Span;
use crate::subject::Subject;
use crate::value::{Map, Value};
use crate::visible::visible;

/// The domain of the annotations that Argo CD reads.
const DOMAIN: &str = "argocd.argoproj.io/";

/// What Argo CD 3.2 reads of objects behind that, and what it writes.
const KEYS: [&str; 18] = [
    "client-side-apply-migration-manager",
    "compare-options",
    "deletion-approved",
    "hook",
    "hook-delete-policy",
    "hydrate",
    "ignore-healthcheck",
    "ignore-resource-updates",
    "installation-id",
    "managed-by",
    "managed-by-url",
    "manifest-generate-paths",
    "refresh",
    "skip-reconcile",
    "sync-options",
    "sync-wave",
    "tracking-id",
    "application-set-refresh",
];

/// Annotations whose words are known.
const WORDS: [(&str, &[&str]); 3] = [
    ("compare-options", &["IgnoreExtraneous", "IncludeMutationWebhook=true", "ServerSideDiff=true", "ServerSideDiff=false"]),
    ("hook", &["PreSync", "Sync", "PostSync", "SyncFail", "Skip", "PreDelete", "PostDelete"]),
    ("hook-delete-policy", &["HookSucceeded", "HookFailed", "BeforeHookCreation"]),
];

/// Reports what is wrong with the annotations that an object carries.
pub(crate) fn object(object: &Value, subject: &Subject, report: &mut dyn FnMut(Diagnostic)) {
    let said = object.at(&["metadata", "annotations"]).and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    for entry in said {
        let Some(key) = entry.key.strip_prefix(DOMAIN) else { continue };
        if !KEYS.contains(&key) {
            if let Some(near) = nearest(key, KEYS) {
                let message = format!("Argo CD reads no annotation `{}`", visible(&entry.key));
                report(
                    wrong(message, entry.span, "nobody reads this annotation", subject)
                        .apart(&*entry.key)
                        .hint(format!("did you mean `{DOMAIN}{near}`?"))
                        .replace(entry.span, format!("{DOMAIN}{near}")),
                );
            }
            continue;
        }
        let (Some(text), span) = (entry.value.as_str(), entry.value.origin.span) else { continue };
        let words = || text.split(',').map(str::trim).filter(|word| !word.is_empty());
        if *entry.key == *OBJECT_OPTIONS {
            let said: Vec<(&str, Span)> = words().map(|text| (text, span)).collect();
            options(&said, true, subject, report);
        }
        if key == "sync-wave" && text.trim().parse::<i32>().is_err() {
            let message = format!("`sync-wave` needs a whole number, not `{}`", visible(text));
            report(wrong(message, span, "Argo CD would take it for 0", subject).apart(text));
        }
        let Some((_, known)) = WORDS.iter().find(|(of, _)| *of == key) else { continue };
        for word in words().filter(|word| !known.contains(word)) {
            let message = format!("`{key}` cannot be `{}`", visible(word));
            let diagnostic = wrong(message, span, "Argo CD would ignore it", subject).apart(word);
            report(match nearest(word, known.iter().copied()) {
                Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
                None => diagnostic.hint(format!("the words are {}", listed(known.iter().copied()))),
            });
        }
    }
}
