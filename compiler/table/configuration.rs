//! Kubernetes Secrets that are somebody's plain configuration: those in which Argo CD keeps where its clusters and repositories are. Argo CD
//! reads it from nowhere else, and without credentials there is nothing secret in them. In comes a Secret, out goes whether it holds what is
//! on the lists here and nothing else.

use crate::secret::holds_login;
use crate::value::{Data, Entry, Map, Value};
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
    ("execProviderConfig", &["command", "args", "env", "apiVersion", "installHint"]),
    ("disableCompression", &[]),
    ("proxyUrl", &[]),
];
/// Commands of `argocd-k8s-auth`, `aws`, `gke-gcloud-auth-plugin` and `kubelogin` that ask for a token.
const WORDS: &[&str] = &["aws", "gcp", "azure", "eks", "get-token", "--use_application_default_credentials"];
/// Their flags that take a value which is no credential.
const FLAGS: &[&str] = &[
    "--cluster-name",
    "--role-arn",
    "--role",
    "--profile",
    "--region",
    "--output",
    "--login",
    "-l",
    "--environment",
    "--server-id",
    "--client-id",
    "--tenant-id",
    "--authority-host",
];
/// Variables that tell them of Azure who asks, and where. Others may hold what he proves it with.
const VARIABLES: &[&str] = &[
    "AAD_ENVIRONMENT_NAME",
    "AAD_LOGIN_METHOD",
    "AZURE_AUTHORITY_HOST",
    "AZURE_CLIENT_ID",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_TENANT_ID",
];

/// What of a late value is judged.
pub(crate) trait LateText {
    /// What it comes to, with a word for what only Terraform knows.
    fn text(&self, late: &Value) -> String;
    /// Whether nothing of it leaves before all of it is known, so that what cannot be judged yet is judged then.
    fn waits(&self) -> bool;
}

/// Whether a Secret is one of Argo CD's and holds nothing but what is on the lists above.
#[must_use]
pub(crate) fn is_configuration(secret: &Value, lates: &dyn LateText) -> bool {
    let label = secret.at(&["metadata", "labels", "argocd.argoproj.io/secret-type"]).and_then(Value::as_str);
    let (fields, is_cluster) = match label {
        Some("cluster") => (CLUSTER, true),
        Some("repository" | "repo-creds") => (REPOSITORY, false),
        Some(_) | None => return false,
    };
    let entries = |key: &str| secret.get(key).and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    let is_map = |key: &str| secret.get(key).is_none_or(|data| matches!(data.data, Data::Map(_) | Data::Null));
    let decoded = |text: &str| BASE64.decode(text.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let is_fine = |key: &str, text: &str| match key {
        "config" if is_cluster => is_harmless_config(text),
        key => fields.contains(&key) && !holds_login(text),
    };
    let is_known = |key: &str| fields.contains(&key) || (is_cluster && key == "config");
    is_map("data")
        && is_map("stringData")
        && entries("stringData").iter().all(|Entry { key, value, .. }| match value.as_str() {
            Some(text) => is_fine(key, text),
            None if !is_late(value) => false,
            // A text that is not JSON yet has late parts that are more than texts in it.
            None => {
                let text = lates.text(value);
                is_fine(key, &text) || (lates.waits() && is_cluster && &**key == "config" && !is_json(&text))
            }
        })
        && entries("data").iter().all(|Entry { key, value, .. }| match value.as_str() {
            Some(text) => decoded(text).is_some_and(|text| is_fine(key, &text)),
            // Nobody can read what is encoded of it.
            None => is_late(value) && lates.waits() && is_known(key),
        })
}

fn is_late(value: &Value) -> bool {
    matches!(value.data, Data::Late(_))
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<Json>(text).is_ok()
}

fn is_harmless_config(text: &str) -> bool {
    let Ok(Json::Object(config)) = serde_json::from_str(text) else { return false };
    config.iter().all(|(key, value)| {
        let Some((_, inner)) = CONFIG.iter().find(|(known, _)| known == key) else { return false };
        let map = value.as_object();
        map.map_or_else(
            || inner.is_empty() && is_plain(value),
            |map| {
                map.iter().all(|(key, value)| {
                    inner.contains(&key.as_str())
                        && match key.as_str() {
                            "args" => are_known(value),
                            "env" => value
                                .as_object()
                                .is_some_and(|env| env.iter().all(|(name, value)| VARIABLES.contains(&name.as_str()) && is_plain(value))),
                            _ => is_plain(value),
                        }
                })
            },
        )
    })
}

/// Whether arguments are those of a helper of a cloud: words and flags that say who asks where. Any other may be a credential.
fn are_known(args: &Json) -> bool {
    let Some(args) = args.as_array() else { return false };
    let mut is_value = false;
    args.iter().all(|arg| {
        let Some(arg) = arg.as_str() else { return false };
        if std::mem::take(&mut is_value) {
            return !arg.starts_with('-');
        }
        let (flag, value) = arg.split_once('=').map_or((arg, None), |(flag, value)| (flag, Some(value)));
        is_value = FLAGS.contains(&flag) && value.is_none();
        FLAGS.contains(&flag) || WORDS.contains(&arg)
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
            (r#"{"execProviderConfig": {"command": "aws", "args": ["eks", "get-token", "--cluster-name", "a", "--region=b"]}}"#, true),
            (r#"{"execProviderConfig": {"command": "x", "args": ["-t", "hunter2"]}}"#, false),
            (r#"{"execProviderConfig": {"command": "x", "args": ["hunter2"]}}"#, false),
            (r#"{"execProviderConfig": {"command": "x", "args": ["aws", "--region", "--token", "hunter2"]}}"#, false),
            (r#"{"execProviderConfig": {"command": "x", "env": {"TOKEN": "abc"}}}"#, false),
            (r#"{"execProviderConfig": {"command": "x", "env": {"AZURE_CLIENT_ID": "0", "AAD_LOGIN_METHOD": "workloadidentity"}}}"#, true),
            (r#"{"execProviderConfig": {"command": "x", "env": {"AZURE_CLIENT_SECRET": "abc"}}}"#, false),
            (r#"{"execProviderConfig": {"command": "x", "env": ["AZURE_CLIENT_ID=0"]}}"#, false),
            (r#"{"proxyUrl": "https://a:b@proxy"}"#, false),
            (r#"{"proxyUrl": "https://proxy"}"#, true),
            ("not json", false),
        ] {
            assert_eq!(is_harmless_config(config), expected, "{config}");
        }
    }
}
