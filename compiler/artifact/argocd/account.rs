//! In whose name Argo CD installs: for a project, the account that it impersonates. What goes out are entries of projects and the switch, which belongs
//! behind all of them: once it is on, a project without an entry installs nothing any more.

use super::site;
use crate::model::Platform;
use crate::print::Tree;
use crate::value::Value;

/// Whether Argo CD installs in the name of accounts.
pub(super) fn is_impersonated(platform: &Platform) -> bool {
    platform.value.at(&["argocd", "impersonation"]).and_then(Value::as_bool) != Some(false)
}

/// The account of Argo CD itself, which may do everything.
pub(super) fn controller(platform: &Platform) -> &str {
    platform.value.at(&["argocd", "serviceAccount"]).and_then(Value::as_str).unwrap_or("argocd-application-controller")
}

/// The entry of a project that installs in the name of an account, which is one of Argo CD's namespace. Clusters are told apart by the destinations of
/// the project.
pub(super) fn entry(account: &str, platform: &Platform) -> Option<(&'static str, Tree)> {
    let entry = || {
        let account = format!("{}:{account}", site::namespace(platform));
        let entry = [("server", Tree::text("*")), ("namespace", Tree::text("*")), ("defaultServiceAccount", Tree::text(account))];
        ("destinationServiceAccounts", Tree::list([Tree::map(entry)]))
    };
    is_impersonated(platform).then(entry)
}

/// The patch that turns it on for all of an Argo CD.
pub(super) fn switch() -> Tree {
    Tree::map([("data", Tree::map([("application.sync.impersonation.enabled", Tree::text("true"))]))])
}
