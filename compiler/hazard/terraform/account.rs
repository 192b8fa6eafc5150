//! Accounts that providers work in. In another one Terraform finds nothing of what it has made, and makes all of it anew; what is there stays, and nobody looks
//! after it. In come the arguments of a provider before and after, out go those by which the account is another one, or may be.

use super::arguments::{ArgumentStep, ChangedArgument, text};
use super::emitted::several;
use crate::table::Replaces;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// Arguments by which the provider `aws` gets into an account: a block, or none, and the argument.
const AWS: [(&str, &str); 3] = [("assume_role", "role_arn"), ("assume_role_with_web_identity", "role_arn"), ("", "profile")];

/// The accounts that it takes.
const ALLOWED: &str = "allowed_account_ids";

/// Whether a change of an argument of a provider leads into another account.
pub(super) fn is_argument(path: &str) -> bool {
    path == ALLOWED
        || AWS.iter().any(|(block, argument)| if block.is_empty() { path == *argument } else { path == format!("{block}.{argument}") })
}

/// The arguments of the provider of a type that lead into another account.
pub(super) fn changed(type_: &str, before: Option<&Json>, now: Option<&Json>) -> Vec<ChangedArgument> {
    if !type_.starts_with("aws_") {
        return Vec::new();
    }
    let mut found: Vec<ChangedArgument> = Vec::new();
    for (block, argument) in AWS {
        let (was, is) = (said(before, block, argument), said(now, block, argument));
        if was == is {
            continue;
        }
        let replaces = match (was.as_deref().and_then(account), is.as_deref().and_then(account)) {
            (Some(was), Some(is)) if was == is => continue,
            (Some(_), Some(_)) => Replaces::Yes,
            // Whose the credentials are that it has otherwise nobody knows here.
            (_, _) => Replaces::Unknown,
        };
        let path = ["provider", block, argument].into_iter().filter(|name| !name.is_empty());
        let path = path.map(|name| ArgumentStep::Name(name.to_owned())).collect();
        found.push(ChangedArgument { path, replaces, values: was.zip(is) });
    }
    let allowed = [before, now].map(|body| allowed(body));
    if let [Some(was), Some(is)] = &allowed
        && found.iter().all(|argument| argument.replaces != Replaces::Yes)
        && was.is_disjoint(is)
    {
        let path = ["provider", ALLOWED].map(|name| ArgumentStep::Name(name.to_owned())).to_vec();
        let one = |accounts: &BTreeSet<String>| accounts.first().filter(|_| accounts.len() == 1).cloned();
        found.push(ChangedArgument { path, replaces: Replaces::Yes, values: one(was).zip(one(is)) });
    }
    found
}

/// What a provider says in a block, of several the last, which is the role that it has in the end.
fn said(body: Option<&Json>, block: &str, argument: &str) -> Option<String> {
    let body = body?;
    if block.is_empty() {
        return text(body.get(argument));
    }
    text(several(body.get(block)?).last()?.get(argument))
}

/// The account that a role is in: `arn:aws:iam::111111111111:role/x`.
fn account(role: &str) -> Option<&str> {
    let account = role.strip_prefix("arn:")?.split(':').nth(3)?;
    (!account.is_empty() && account.bytes().all(|byte| byte.is_ascii_digit())).then_some(account)
}

fn allowed(body: Option<&Json>) -> Option<BTreeSet<String>> {
    let accounts: BTreeSet<String> = body?.get(ALLOWED)?.as_array()?.iter().filter_map(|account| text(Some(account))).collect();
    (!accounts.is_empty() && accounts.iter().all(|account| !account.contains("${"))).then_some(accounts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_another_account_is_told() {
        let role = |account: &str, name: &str| json!({ "assume_role": [{ "role_arn": format!("arn:aws:iam::{account}:role/{name}") }] });
        let plain = json!({ "assume_role": { "role_arn": "arn:aws:iam::1:role/a" } });
        for (before, now, expected) in [
            (role("1", "a"), role("2", "a"), Some((Replaces::Yes, "provider.assume_role.role_arn"))),
            (plain, role("2", "a"), Some((Replaces::Yes, "provider.assume_role.role_arn"))),
            (role("1", "a"), role("1", "b"), None),
            (role("1", "a"), role("${local.account}", "a"), Some((Replaces::Unknown, "provider.assume_role.role_arn"))),
            (role("1", "a"), json!({}), Some((Replaces::Unknown, "provider.assume_role.role_arn"))),
            (json!({ "profile": "a" }), json!({ "profile": "b" }), Some((Replaces::Unknown, "provider.profile"))),
            (
                json!({ "allowed_account_ids": ["1"] }),
                json!({ "allowed_account_ids": ["2"] }),
                Some((Replaces::Yes, "provider.allowed_account_ids")),
            ),
            (json!({ "allowed_account_ids": ["1"] }), json!({ "allowed_account_ids": ["2", "1"] }), None),
            (json!({}), json!({ "allowed_account_ids": ["1"] }), None),
        ] {
            let found = changed("aws_vpc", Some(&before), Some(&now));
            let found: Vec<(Replaces, String)> = found.iter().map(|argument| (argument.replaces, argument.name())).collect();
            let expected: Vec<(Replaces, String)> = expected.iter().map(|(replaces, path)| (*replaces, (*path).to_owned())).collect();
            assert_eq!(found, expected, "{before} {now}");
        }
        assert!(changed("google_sql_database", Some(&role("1", "a")), Some(&role("2", "a"))).is_empty());
    }
}
