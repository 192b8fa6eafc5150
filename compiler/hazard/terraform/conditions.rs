//! What a change of an argument does only under conditions, which no schema tells (conditions.txt): the code of a provider checks them while it plans, or the
//! cloud when it is applied. In come two bodies of a resource as they were emitted, out goes what becomes of the arguments that are listed.

use super::arguments::{ArgumentStep, ChangedArgument, same, set, text};
use super::emitted::several;
use crate::table::Replaces;
use crate::unit::cidr::Cidr;
use crate::wildcard;
use serde_json::Value as Json;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One line of the list.
struct Condition {
    path: &'static str,
    change: ConditionedChange,
    /// Whether only these changes count, or all others: patterns of before and now.
    pairs: Option<(bool, Vec<(&'static str, &'static str)>)>,
    /// What else the resource says now.
    given: Vec<(&'static str, ConditionTest, &'static str)>,
    effect: ConditionEffect,
    source: &'static str,
}

/// How an argument changes.
#[derive(Clone, Copy)]
enum ConditionedChange {
    /// In any way.
    Changes,
    /// It was said, and is said otherwise, or not at all.
    SetChanges,
    /// It was said, and is no more.
    Gone,
    /// It is said, and was not.
    Comes,
    /// It was true.
    Off,
    /// A number gets smaller.
    Less,
    /// A version gets lower.
    Lower,
    /// A list loses an item.
    Loses,
    /// A network is no longer within the new one.
    Leaves,
}

impl ConditionedChange {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "changes" => Self::Changes,
            "set-changes" => Self::SetChanges,
            "gone" => Self::Gone,
            "comes" => Self::Comes,
            "off" => Self::Off,
            "less" => Self::Less,
            "lower" => Self::Lower,
            "loses" => Self::Loses,
            "leaves" => Self::Leaves,
            _ => return None,
        })
    }
}

/// What a change does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ConditionEffect {
    /// The resource is made anew.
    Replaces,
    /// It is refused.
    Refused,
    /// That depends on what nobody knows here.
    Unknown,
}

impl ConditionEffect {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "replaces" => Self::Replaces,
            "refused" => Self::Refused,
            "unknown" => Self::Unknown,
            _ => return None,
        })
    }
}

/// How a text is compared.
enum ConditionTest {
    Is,
    IsNot,
    IsLower,
}

/// A change that is refused where it is applied, and where that is written.
#[derive(Clone, Debug)]
pub(super) struct RefusedArgument {
    pub(super) argument: ChangedArgument,
    pub(super) source: &'static str,
}

static CONDITIONS: LazyLock<BTreeMap<&'static str, Vec<Condition>>> = LazyLock::new(|| {
    let mut conditions: BTreeMap<&'static str, Vec<Condition>> = BTreeMap::new();
    for line in include_str!("conditions.txt").lines() {
        if let Some((type_, condition)) = read(line.trim_end()) {
            conditions.entry(type_).or_default().push(condition);
        }
    }
    conditions
});

fn read(line: &'static str) -> Option<(&'static str, Condition)> {
    let (line, source) = line.split_once(" # ")?;
    let mut words = line.split(' ');
    let (type_, path) = (words.next()?, words.next()?);
    let change = ConditionedChange::of(words.next()?)?;
    let mut condition = Condition { path, change, pairs: None, given: Vec::new(), effect: ConditionEffect::Unknown, source };
    while let Some(word) = words.next() {
        match word {
            "only" | "except" => {
                let pairs = words.next()?.split(',').map(|pair| pair.split_once('>')).collect::<Option<Vec<_>>>()?;
                condition.pairs = Some((word == "only", pairs));
            }
            "if" => {}
            word if !word.contains(['=', '<']) => condition.effect = ConditionEffect::of(word)?,
            given => {
                let (given, comparison) = match (given.split_once("!="), given.split_once('='), given.split_once('<')) {
                    (Some(parts), _, _) => (parts, ConditionTest::IsNot),
                    (_, Some(parts), _) => (parts, ConditionTest::Is),
                    (_, _, parts) => (parts?, ConditionTest::IsLower),
                };
                condition.given.push((given.0, comparison, given.1));
            }
        }
    }
    Some((type_, condition))
}

/// Corrects what the table says of arguments that are listed here; what is refused is given apart.
pub(super) fn decide(
    type_: &str,
    (old, new): (&Json, &Json),
    is_ignored: impl Fn(&str) -> bool,
    own: &mut Vec<ChangedArgument>,
) -> Vec<RefusedArgument> {
    let mut refused = Vec::new();
    let mut decided: Vec<&str> = Vec::new();
    for condition in CONDITIONS.get(type_).into_iter().flatten() {
        let pair = (at(old, condition.path), at(new, condition.path));
        let is_same = match pair {
            (Some(was), Some(is)) => same(was, is, true),
            (was, is) => was.is_none() && is.is_none(),
        };
        if is_same || decided.contains(&condition.path) || is_ignored(condition.path) {
            continue;
        }
        let Some(certain) = condition.holds(pair, new) else { continue };
        decided.push(condition.path);
        let path = condition.path.split('.').map(|name| ArgumentStep::Name(name.to_owned())).collect();
        let argument = |replaces| ChangedArgument { path, replaces, values: text(pair.0).zip(text(pair.1)) };
        match condition.effect {
            ConditionEffect::Refused if certain => {
                refused.push(RefusedArgument { argument: argument(Replaces::No), source: condition.source })
            }
            // What is not certain to be refused is seen when it is applied, and harms nothing.
            ConditionEffect::Refused => {}
            ConditionEffect::Replaces if certain => replace(own, argument(Replaces::Yes)),
            ConditionEffect::Replaces | ConditionEffect::Unknown => replace(own, argument(Replaces::Maybe)),
        }
    }
    // What is listed and meets none of its conditions is changed in place.
    let listed = CONDITIONS.get(type_).map(Vec::as_slice).unwrap_or_default();
    for argument in own {
        let name = argument.name();
        let is_listed = |condition: &Condition| is_within(&name, condition.path) && !decided.contains(&condition.path);
        if listed.iter().any(|condition| is_listed(condition) && condition.effect != ConditionEffect::Refused) {
            argument.replaces = Replaces::No;
        }
    }
    refused
}

/// Puts an argument in the place of all that is said of it and of what stands in it.
fn replace(own: &mut Vec<ChangedArgument>, argument: ChangedArgument) {
    let name = argument.name();
    own.retain(|known| !is_within(&known.name(), &name));
    own.push(argument);
}

pub(super) fn is_within(name: &str, upper: &str) -> bool {
    name.strip_prefix(upper).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// What a body says at a path; of several blocks the first counts.
fn at<'j>(body: &'j Json, path: &str) -> Option<&'j Json> {
    let found = path.split('.').try_fold(body, |value, name| several(value).first()?.get(name));
    set(found)
}

impl Condition {
    /// Whether it holds of a change: certainly, or as far as can be known; none if not.
    fn holds(&self, (old, new): (Option<&Json>, Option<&Json>), now: &Json) -> Option<bool> {
        let said = |value: Option<&Json>| text(value).unwrap_or_default();
        let (was, is) = (said(old), said(new));
        let mut certain = !was.contains("${") && !is.contains("${");
        for (path, comparison, pattern) in &self.given {
            let given = said(at(now, path));
            let holds = match comparison {
                ConditionTest::Is => fits(pattern, &given),
                ConditionTest::IsNot => !fits(pattern, &given),
                // A version that nobody says is the newest, or nearly.
                ConditionTest::IsLower => is_lower(&given, pattern),
            };
            if !holds && !given.contains("${") {
                return None;
            }
            certain = certain && holds;
        }
        if let Some((only, pairs)) = &self.pairs {
            let is_listed = pairs.iter().any(|(before, now)| fits(before, &was) && fits(now, &is));
            if certain && is_listed != *only {
                return None;
            }
        }
        let number = |text: &str| text.parse::<f64>().ok();
        let holds = match self.change {
            ConditionedChange::Changes if self.pairs.is_none() && (old.is_none() || new.is_none()) => {
                // What is not said is filled in, perhaps alike.
                certain = false;
                true
            }
            ConditionedChange::Changes => true,
            ConditionedChange::SetChanges => old.is_some(),
            ConditionedChange::Gone => return (old.is_some() && new.is_none()).then_some(true),
            ConditionedChange::Comes => return (old.is_none() && new.is_some()).then_some(true),
            ConditionedChange::Off => was == "true" && is != "true",
            ConditionedChange::Less if certain => number(&was).zip(number(&is)).is_some_and(|(was, is)| is < was),
            ConditionedChange::Lower if certain => is_lower(&is, &was),
            ConditionedChange::Leaves if certain => leaves(&was, &is),
            ConditionedChange::Less | ConditionedChange::Lower | ConditionedChange::Leaves => old.is_some() && new.is_some(),
            ConditionedChange::Loses => {
                let items = |value: Option<&Json>| value.and_then(Json::as_array).cloned().unwrap_or_default();
                let now = items(new);
                items(old).iter().any(|item| !now.iter().any(|other| same(item, other, false)))
            }
        };
        holds.then_some(certain)
    }
}

/// Whether a text is one of several patterns; `-` is nothing.
fn fits(patterns: &str, text: &str) -> bool {
    patterns.split('|').any(|pattern| if pattern == "-" { text.is_empty() } else { !text.is_empty() && wildcard::name(pattern, text) })
}

/// Whether a version is lower than another one, as far as both say it: `1.2` is not lower than `1.2.3`, and `Elasticsearch_7.10` is lower than `OpenSearch_1.0`.
fn is_lower(one: &str, other: &str) -> bool {
    let (Some((word, numbers)), Some((other_word, others))) = (version(one), version(other)) else { return false };
    match word.cmp(other_word) {
        Ordering::Equal => {
            numbers.iter().zip(&others).map(|(one, other)| one.cmp(other)).find(|order| order.is_ne()) == Some(Ordering::Less)
        }
        Ordering::Less => true,
        Ordering::Greater => false,
    }
}

fn version(text: &str) -> Option<(&str, Vec<u64>)> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let (word, numbers) = text.split_at_checked(text.find(|char: char| char.is_ascii_digit())?)?;
    Some((word, numbers.split(['.', '_', '-', '+']).map_while(|number| number.parse().ok()).collect()))
}

/// Whether a network is no longer within another one.
fn leaves(was: &str, is: &str) -> bool {
    let (Ok(was), Ok(is)) = (Cidr::parse(was), Cidr::parse(is)) else { return true };
    !(is.contains(was.nth(0)) && is.contains(was.nth(was.last())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Table;
    use serde_json::json;

    fn check(type_: &str, old: &Json, new: &Json) -> String {
        let mut own = super::super::arguments::compare(Table::terraform().section(&format!("resource {type_}")).as_deref(), old, new, &[]);
        let refused = decide(type_, (old, new), |_| false, &mut own);
        own.retain(|argument| argument.replaces != Replaces::No);
        let told = own.iter().map(|argument| format!("{} {:?}", argument.name(), argument.replaces));
        told.chain(refused.iter().map(|refused| format!("{} refused", refused.argument.name()))).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn each_line_of_the_list_is_read_and_in_order() {
        let lines: Vec<&str> = include_str!("conditions.txt").lines().filter(|line| !line.starts_with('#')).collect();
        let read: usize = CONDITIONS.values().map(Vec::len).sum();
        assert_eq!(read, lines.len(), "each line is read");
        let titles = lines.iter().map(|line| line.split(' ').take(2).collect::<Vec<_>>());
        assert!(titles.is_sorted(), "the list is in order");
        for (type_, condition) in CONDITIONS.iter().flat_map(|(type_, all)| all.iter().map(move |condition| (type_, condition))) {
            let Some(record) = Table::terraform().section(&format!("resource {type_}")) else { continue };
            let path: Vec<&str> = condition.path.split('.').collect();
            let given = condition.given.iter().map(|(path, ..)| path.split('.').collect::<Vec<_>>());
            for path in given.chain([path]) {
                let mut record = Some(record.clone());
                for name in &path {
                    let known = record.unwrap_or_else(|| panic!("{type_} {path:?}"));
                    let field = known.field(name).unwrap_or_else(|| panic!("{type_} has no {path:?}"));
                    let mut inner = &field.type_;
                    while let crate::table::TableType::List(item) | crate::table::TableType::Map(item) = inner {
                        inner = item;
                    }
                    record = Table::terraform().record(inner);
                }
            }
            assert!(condition.source.starts_with("https://"), "{type_} {}", condition.path);
        }
    }

    #[test]
    fn conditions_are_asked() {
        let one = |path: &str, value: Json| path.rsplit('.').fold(value, |value, name| json!({ name: value }));
        for (type_, path, old, new, expected) in [
            ("aws_db_instance", "allocated_storage", json!(50), json!("20"), "allocated_storage refused"),
            ("aws_db_instance", "allocated_storage", json!(50), json!(60), ""),
            ("aws_db_instance", "engine_version", json!("16.4"), json!("16"), ""),
            ("aws_db_instance", "engine_version", json!("16.4"), json!("15.9"), "engine_version refused"),
            ("aws_db_instance", "engine_version", json!("16.4"), json!("${local.version}"), ""),
            ("aws_elasticache_cluster", "engine_version", json!("7.1"), json!("6.x"), "engine_version Yes"),
            ("aws_elasticache_cluster", "engine_version", json!("7.1"), json!("${local.version}"), "engine_version Maybe"),
            ("aws_vpc", "instance_tenancy", json!(null), json!("dedicated"), "instance_tenancy Yes"),
            ("aws_vpc", "instance_tenancy", json!("dedicated"), json!("default"), ""),
            ("google_compute_subnetwork", "ip_cidr_range", json!("10.0.0.0/20"), json!("10.0.0.0/16"), ""),
            ("google_compute_subnetwork", "ip_cidr_range", json!("10.0.0.0/20"), json!("10.0.0.0/21"), "ip_cidr_range Yes"),
            ("google_redis_instance", "redis_version", json!("REDIS_7_0"), json!("REDIS_6_X"), "redis_version Yes"),
            ("google_redis_instance", "redis_version", json!("REDIS_6_X"), json!("REDIS_7_0"), ""),
            ("azurerm_storage_account", "account_replication_type", json!("LRS"), json!("GRS"), ""),
            ("azurerm_storage_account", "account_replication_type", json!("LRS"), json!("ZRS"), "account_replication_type Yes"),
            ("azurerm_kubernetes_cluster", "network_profile.network_policy", json!("azure"), json!("cilium"), ""),
            (
                "azurerm_kubernetes_cluster",
                "network_profile.network_policy",
                json!("calico"),
                json!("azure"),
                "network_profile.network_policy Yes",
            ),
            ("azurerm_kubernetes_cluster", "network_profile.network_policy", json!(null), json!("azure"), ""),
            (
                "google_container_cluster",
                "enable_k8s_beta_apis.enabled_apis",
                json!(["a", "b"]),
                json!(["b"]),
                "enable_k8s_beta_apis.enabled_apis Yes",
            ),
            ("google_container_cluster", "enable_k8s_beta_apis.enabled_apis", json!(["b"]), json!(["a", "b"]), ""),
            ("aws_opensearch_domain", "engine_version", json!("OpenSearch_2.11"), json!("Elasticsearch_7.10"), "engine_version Yes"),
            ("aws_opensearch_domain", "engine_version", json!("Elasticsearch_7.10"), json!("OpenSearch_2.11"), "engine_version Maybe"),
            ("aws_eks_cluster", "encryption_config", json!([{ "resources": ["secrets"] }]), json!(null), "encryption_config Yes"),
            ("aws_eks_cluster", "encryption_config", json!(null), json!([{ "resources": ["secrets"] }]), ""),
            (
                "aws_eks_cluster",
                "access_config.authentication_mode",
                json!("API"),
                json!("CONFIG_MAP"),
                "access_config.authentication_mode refused",
            ),
        ] {
            assert_eq!(check(type_, &one(path, old.clone()), &one(path, new.clone())), expected, "{type_} {path} {old} {new}");
        }
        let memcached = |node: &str| json!({ "engine": "memcached", "node_type": node });
        assert_eq!(check("aws_elasticache_cluster", &memcached("a"), &memcached("b")), "node_type Yes");
        let group = |version: &str, encrypted: bool| json!({ "engine_version": version, "transit_encryption_enabled": encrypted });
        assert_eq!(
            check("aws_elasticache_replication_group", &group("7.0.4", false), &group("7.0.4", true)),
            "transit_encryption_enabled Yes"
        );
        assert_eq!(check("aws_elasticache_replication_group", &group("7.1", false), &group("7.1", true)), "");
        let disk = |size: u8, grows: bool| json!({ "settings": [{ "disk_size": size, "disk_autoresize": grows }] });
        assert_eq!(check("google_sql_database_instance", &disk(50, false), &disk(20, false)), "settings.disk_size Yes");
        assert_eq!(check("google_sql_database_instance", &disk(50, true), &disk(20, true)), "");
    }
}
