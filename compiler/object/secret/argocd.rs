//! Secrets in which Argo CD keeps where its clusters and repositories are. Without credentials they are plain configuration, and Argo CD
//! reads it from nowhere else.

use crate::value::{Data, Map, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value as Json;

/// Fields of a cluster's Secret beside `config`.
const CLUSTER: &[&str] = &["name", "server", "namespaces", "clusterResources", "project", "shard"];
/// Fields of a repository's Secret. A user name is none of them: it comes with a password.
const REPOSITORY: &[&str] = &[
    "type",
    "url",
    "name",
    "project",
    "insecure",
    "insecureIgnoreHostKey",
    "insecureOCIForceHttp",
    "enableLfs",
    "enableOCI",
    "forceHttpBasicAuth",
    "useAzureWorkloadIdentity",
    "depth",
    "proxy",
    "noProxy",
];
/// What `config` of a cluster may say: where it is, what it proves itself with, and who asks for a token where.
const CONFIG: &[(&str, &[&str])] = &[
    ("tlsClientConfig", &["insecure", "serverName", "caData"]),
    ("awsAuthConfig", &["clusterName", "roleARN", "profile"]),
    ("execProviderConfig", &["command", "args", "apiVersion", "installHint"]),
    ("disableCompression", &[]),
    ("proxyUrl", &[]),
];

/// Whether a Secret is one of Argo CD's and holds nothing but what is on the lists above.
pub(super) fn is_harmless(secret: &Value) -> bool {
    let label = secret.at(&["metadata", "labels", "argocd.argoproj.io/secret-type"]).and_then(Value::as_str);
    let (fields, is_cluster) = match label {
        Some("cluster") => (CLUSTER, true),
        Some("repository" | "repo-creds") => (REPOSITORY, false),
        Some(_) | None => return false,
    };
    let entries = |key: &str| secret.get(key).and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    let is_map = |key: &str| secret.get(key).is_none_or(|data| matches!(data.data, Data::Map(_) | Data::Null));
    let decoded = |text: &str| BASE64.decode(text.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let plain = entries("stringData").iter().map(|entry| (&*entry.key, entry.value.as_str().map(str::to_owned)));
    let encoded = entries("data").iter().map(|entry| (&*entry.key, entry.value.as_str().and_then(decoded)));
    is_map("data")
        && is_map("stringData")
        && plain.chain(encoded).all(|(key, text)| match (key, text) {
            ("config", Some(text)) if is_cluster => is_harmless_config(&text),
            (key, Some(text)) => fields.contains(&key) && !holds_login(&text),
            (_, None) => false,
        })
}

fn is_harmless_config(text: &str) -> bool {
    let Ok(Json::Object(config)) = serde_json::from_str(text) else { return false };
    config.iter().all(|(key, value)| {
        let Some((_, inner)) = CONFIG.iter().find(|(known, _)| known == key) else { return false };
        let map = value.as_object();
        map.map_or_else(
            || inner.is_empty() && is_plain(value),
            |map| map.iter().all(|(key, value)| inner.contains(&key.as_str()) && is_plain(value)),
        )
    })
}

fn is_plain(value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(_) | Json::Number(_) => true,
        Json::String(text) => !holds_login(text),
        Json::Array(items) => items.iter().all(is_plain),
        Json::Object(_) => false,
    }
}

/// Whether a text is a URL with a user in it, a private key, or an argument that hands a credential over.
fn holds_login(text: &str) -> bool {
    let has_user = text.split_once("://").is_some_and(|(scheme, rest)| {
        let user = rest.split('/').next().and_then(|host| host.rsplit_once('@')).map(|(user, _)| user);
        // The user of a login by key is everybody's.
        user.is_some_and(|user| !scheme.ends_with("ssh") || user.contains(':'))
    });
    let lower = text.to_ascii_lowercase();
    let words = ["--token", "--password", "--client-secret", "--secret", "--client-key", "bearer ", "token=", "password=", "secret="];
    has_user || text.contains("PRIVATE KEY") || words.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_found() {
        for (config, expected) in [
            (r#"{"awsAuthConfig": {"clusterName": "a", "roleARN": "arn:x"}, "tlsClientConfig": {"caData": "LS0t"}}"#, true),
            (r#"{"execProviderConfig": {"command": "argocd-k8s-auth", "args": ["gcp"], "apiVersion": "v1"}}"#, true),
            (r#"{"tlsClientConfig": {"insecure": true}}"#, true),
            (r#"{"bearerToken": "x"}"#, false),
            (r#"{"username": "a", "password": "b"}"#, false),
            (r#"{"tlsClientConfig": {"keyData": "x"}}"#, false),
            (r#"{"execProviderConfig": {"command": "x", "args": ["--token=abc"]}}"#, false),
            (r#"{"execProviderConfig": {"command": "x", "env": {"TOKEN": "abc"}}}"#, false),
            (r#"{"proxyUrl": "https://a:b@proxy"}"#, false),
            (r#"{"proxyUrl": "https://proxy"}"#, true),
            ("not json", false),
        ] {
            assert_eq!(is_harmless_config(config), expected, "{config}");
        }
        for (text, expected) in [
            ("https://github.com/a/b.git", false),
            ("https://u:p@github.com/a/b.git", true),
            ("https://token@github.com/a", true),
            ("ssh://git@github.com/a/b.git", false),
            ("git@github.com:a/b.git", false),
            ("-----BEGIN PRIVATE KEY-----", true),
        ] {
            assert_eq!(holds_login(text), expected, "{text}");
        }
    }
}
