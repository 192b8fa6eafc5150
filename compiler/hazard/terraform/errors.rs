//! Wording of what Terraform does with what is there.

use super::account;
use super::conditions::RefusedArgument;
use super::destroyed::DestroyedResources;
use super::replaced::{OwnChange, ReplacedResources};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::Entity;
use crate::span::Span;

/// So many are named.
const SHOWN: usize = 5;

pub(super) fn replaced(group: &ReplacedResources<'_>, at: Span) -> Diagnostic {
    let lost = if group.holding.is_empty() { "" } else { ", and what is held is lost" };
    let elsewhere = group.own.first().and_then(|(_, argument, _)| argument.strip_prefix("provider.")).is_some_and(account::is_argument);
    let does = if elsewhere { "by which Terraform looks for it in another account, and makes it anew there" } else { "which replaces it" };
    let lost = if elsewhere { "" } else { lost };
    let message = format!("{}, {does}{lost}", first(group));
    let mut diagnostic = notes(Diagnostic::warning(Code::ReplacedResource, message, at, "changed here"), group).apart(apart(group));
    if !group.holding.is_empty() {
        diagnostic = diagnostic.note(format!("data is held by {}", some(&group.holding)));
    }
    if elsewhere {
        diagnostic = diagnostic.note("what is in the account of before stays there with what it holds, and nobody looks after it");
    }
    if !group.prevented.is_empty() {
        diagnostic = diagnostic.note(format!("`prevent_destroy` has Terraform refuse that of {}", some(&group.prevented)));
    }
    diagnostic.hint(if group.holding.is_empty() {
        "leave it as it was; or make another one beside it, move what needs it, and take this one out then"
    } else {
        "leave it as it was; or make another one beside it, copy what it holds, and take this one out then"
    })
}

pub(super) fn unknown(group: &ReplacedResources<'_>, at: Span, (output, folder): (&str, &str)) -> Diagnostic {
    let message = format!("{}, and whether that replaces it is not known", first(group));
    let diagnostic = Diagnostic::warning(Code::ReplacementUnknown, message, at, "changed here");
    notes(diagnostic, group)
        .apart(apart(group))
        .hint(format!("look at the plan before anybody applies it: `terraform -chdir={output}/{folder} plan`"))
}

pub(super) fn refused(address: &str, refused: &RefusedArgument, at: Span) -> Diagnostic {
    let argument = refused.argument.name();
    let how = how(refused.argument.values.as_ref());
    let message = format!("`{argument}` of `{address}` {how}, which is refused when it is applied");
    Diagnostic::warning(Code::RefusedChange, message, at, "changed here")
        .apart(format!("{address} {argument}"))
        .note(format!("that is written at {}", refused.source))
        .hint("leave it as it was; or make another one beside it, copy what it holds, and take this one out then")
}

/// How a value changes.
fn how(values: Option<&(String, String)>) -> String {
    match values {
        Some((was, is)) if was.len() + is.len() <= 120 => format!("goes from `{was}` to `{is}`"),
        Some(_) | None => "changes".to_owned(),
    }
}

/// The first of what is replaced, and by what.
fn first(group: &ReplacedResources<'_>) -> String {
    if let Some((address, argument, values)) = group.own.first() {
        let how = how(*values);
        return match argument.strip_prefix("provider.") {
            Some(argument) => format!("`{argument}` of the provider of `{address}` {how}"),
            None if argument.is_empty() => format!("`{address}` is given something else"),
            None => format!("`{argument}` of `{address}` {how}"),
        };
    }
    let (address, argument, leader) = group.following.first().copied().unwrap_or_default();
    format!("`{argument}` of `{address}` reads `{leader}`, which changes")
}

fn notes(diagnostic: Diagnostic, group: &ReplacedResources<'_>) -> Diagnostic {
    let argument = |(address, argument, _): &OwnChange<'_>| {
        if argument.is_empty() { format!("`{address}`") } else { format!("`{address}` (`{argument}`)") }
    };
    let others: Vec<String> = group.own.iter().skip(1).map(argument).collect();
    let skipped = usize::from(group.own.is_empty());
    let following: Vec<String> = group
        .following
        .iter()
        .skip(skipped)
        .map(|(address, argument, leader)| format!("`{address}` (`{argument}` of `{leader}`)"))
        .collect();
    let diagnostic = if others.is_empty() { diagnostic } else { diagnostic.note(format!("the same of {}", shown(&others))) };
    if following.is_empty() { diagnostic } else { diagnostic.note(format!("with it go {}", shown(&following))) }
}

/// What tells it from others at one line, in every environment alike.
fn apart(group: &ReplacedResources<'_>) -> String {
    let own = group.own.first().map(|(address, argument, _)| format!("{address} {argument}"));
    own.or_else(|| group.following.first().map(|(address, ..)| (*address).to_owned())).unwrap_or_default()
}

pub(super) fn destroyed(
    (output, folder): (&str, &str),
    (maker, stays): (Option<&Entity>, bool),
    found: &DestroyedResources,
    at: Option<Span>,
) -> Diagnostic {
    let stack = folder.split_once('/').map_or(folder, |(_, name)| name);
    let addresses: Vec<&str> = found.addresses.iter().map(String::as_str).collect();
    let what = match &*addresses {
        [one] => format!("`{one}`"),
        all => format!("{} resources", all.len()),
    };
    let whose = maker.map_or_else(String::new, |maker| {
        let verb = if stays { "no longer has" } else { "is gone, and with it" };
        format!("{} `{}` {verb} {what}: ", maker.kind.words(), maker.name)
    });
    let them = if addresses.len() == 1 { "it" } else { "them" };
    let message = if whose.is_empty() {
        format!("Terraform destroys {what} of stack `{stack}`")
    } else {
        format!("{whose}Terraform destroys {them} in stack `{stack}`")
    };
    let mut diagnostic = match at {
        Some(at) => Diagnostic::warning(Code::ResourcesDestroyed, message, at, "changed here"),
        None => Diagnostic { severity: Severity::Warning, ..Diagnostic::general(Code::ResourcesDestroyed, message) },
    }
    .apart(format!("{} {}", maker.map_or_else(String::new, |maker| maker.identity.to_string()), addresses.join(" ")));
    if addresses.len() > 1 {
        diagnostic = diagnostic.note(some(&addresses));
    }
    if let Some(by) = &found.unmade_by {
        diagnostic = diagnostic.note(format!("`{by}` made it, and makes it no more"));
    }
    if let Some(other) = &found.elsewhere {
        let other = other.split_once('/').map_or(other.as_str(), |(_, name)| name);
        let address = addresses.first().copied().unwrap_or_default();
        return diagnostic
            .note(format!(
                "`terraform -chdir={output}/{folder} state show '{address}'` shows the `id` that a block `import` takes; it stands in the page of its type where that is put together otherwise"
            ))
            .hint(format!(
                "stack `{other}` has it from now on, and would make it anew: to keep what is there, let this stack let it go with a block `removed` (`from: {address}`, `lifecycle: {{ destroy: false }}`), and the other take it in with a block `import` (`to: {address}`, and its `id`)"
            ));
    }
    if let (Some(old), [_, ..]) = (maker, &*found.come) {
        let names: Vec<String> = found.come.iter().map(|name| format!("`{name}`")).collect();
        let (one, there) = if names.len() == 1 { ("", "there") } else { ("one of ", "of it") };
        return diagnostic.hint(format!(
            "if {one}{} only is another name of it, say `identity: {}` {there}, and nothing is destroyed",
            shown(&names),
            old.identity
        ));
    }
    match (addresses.first(), found.instead.first()) {
        (Some(old), Some(new)) if found.is_users => {
            let [old, new] =
                [old, new.as_str()].map(|address| if address.contains('[') { format!("'{address}'") } else { address.to_owned() });
            diagnostic.hint(format!("if it only has another address, say so in the class: `moved: [{{ from: {old}, to: {new} }}]`"))
        }
        (_, _) => {
            diagnostic.hint("if it is not to go, take the change back; what is to stay without Terraform leaves with a block `removed`")
        }
    }
}

fn some(addresses: &[&str]) -> String {
    let shown: Vec<String> = addresses.iter().map(|address| format!("`{address}`")).collect();
    self::shown(&shown)
}

fn shown(all: &[String]) -> String {
    let more = if all.len() > SHOWN { format!(" and {} more", all.len() - SHOWN) } else { String::new() };
    let first: Vec<&str> = all.iter().take(SHOWN).map(String::as_str).collect();
    match &*first {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [all @ .., last] if more.is_empty() => format!("{} and {last}", all.join(", ")),
        all => format!("{}{more}", all.join(", ")),
    }
}
