//! Clusters that are called differently outside than before, though they are the same things: their names are made of a prefix, of the environment, a
//! region, a domain and how the platform joins these. In come computed names, out goes a report at what has changed them.

use super::{PlatformChange, errors};
use crate::diagnostic::Diagnostics;
use crate::model::{Entity, Model};
use crate::name::Kind;
use crate::span::Span;
use crate::value::Value;

/// Names of a cluster that outputs are made of, those that others are made of first.
const NAMES: [&str; 2] = ["fullName", "fqdn"];

pub(super) fn report(change: &PlatformChange<'_>, diagnostics: &mut Diagnostics) {
    for (old, new) in &change.pairs {
        let (before, now) = (change.before.model.entity(*old), change.now.model.entity(*new));
        if now.kind != Kind::Cluster {
            continue;
        }
        let both = |name: &str| Some((before.computed.get(name)?, now.computed.get(name)?));
        let mut differing = NAMES.iter().filter_map(|name| both(name).filter(|(old, new)| !old.same_data(new)));
        let Some((old, new)) = differing.next() else { continue };
        let (Some(was), Some(is)) = (old.as_str(), new.as_str()) else { continue };
        let cause = rejoined(change).or_else(|| change.cause(old, new));
        let place = cause.unwrap_or_else(|| joined(change.now.model, now));
        // With the old prefix all is as it was, if nothing else has changed.
        let prefix = |entity: &Entity| entity.computed.get("prefix").and_then(Value::as_str).map(str::to_owned);
        let kept = prefix(before).filter(|old| {
            let rest = prefix(now).and_then(|prefix| is.strip_prefix(prefix.as_str()));
            prefix(now).as_ref() != Some(old) && rest.is_some_and(|rest| format!("{old}{rest}") == was)
        });
        diagnostics.push(errors::cluster_renamed(now, (was, is), place, kept.as_deref()));
    }
}

/// What says how names are joined.
const JOINS: [&str; 2] = ["pattern", "separator"];

/// Where it is said that names are joined otherwise than before.
fn rejoined(change: &PlatformChange<'_>) -> Option<Span> {
    JOINS.into_iter().find_map(|key| {
        let is = change.now.model.platform.value.at(&["naming", key])?;
        let was = change.before.model.platform.value.at(&["naming", key]);
        was.is_none_or(|was| !was.same_data(is)).then_some(is.origin.span)
    })
}

/// Where it is said how names are joined; the cluster, if that is said nowhere.
fn joined(model: &Model, cluster: &Entity) -> Span {
    let said = JOINS.into_iter().find_map(|key| model.platform.value.at(&["naming", key]));
    said.map_or(cluster.defined, |value| value.origin.span)
}
