//! Where things are, on random platforms, against a naive reading; whether a placement and the labels of clusters are written out or made by
//! expressions comes to the same.

use super::generate::Bytes;
use super::law;
use crate::support::{self, Project};
use platc::name::Kind;
use std::collections::BTreeSet;

const ENVIRONMENTS: [&str; 2] = ["apps", "ops"];
const CLUSTERS: [&str; 3] = ["c0", "c1", "c2"];
const KEYS: [&str; 2] = ["zone", "tier"];
const VALUES: [&str; 2] = ["a", "b"];

/// The labels of a cluster, by key.
type Labels = Vec<(&'static str, &'static str)>;

enum Placement {
    All,
    Named(Vec<&'static str>),
    Equal(&'static str, &'static str),
    Listed { key: &'static str, operator: &'static str, values: Vec<&'static str> },
}

impl Placement {
    fn random(bytes: &mut Bytes) -> Self {
        match bytes.below(4) {
            0 => Self::All,
            1 => Self::Named(CLUSTERS.into_iter().filter(|_| bytes.one_in(2)).collect()),
            2 => Self::Equal(pick(bytes, &KEYS), pick(bytes, &VALUES)),
            _ => {
                let operator = pick(bytes, &["In", "NotIn", "Exists", "DoesNotExist"]);
                let takes = operator.ends_with("In");
                Self::Listed {
                    key: pick(bytes, &KEYS),
                    operator,
                    values: VALUES.into_iter().filter(|_| takes && bytes.one_in(2)).collect(),
                }
            }
        }
    }

    fn holds(&self, cluster: &str, labels: &Labels) -> bool {
        let label = |key: &str| labels.iter().find(|(other, _)| *other == key).map(|(_, value)| *value);
        match self {
            Self::All => true,
            Self::Named(names) => names.contains(&cluster),
            Self::Equal(key, value) => label(key) == Some(value),
            Self::Listed { key, operator, values } => match *operator {
                "In" => label(key).is_some_and(|value| values.contains(&value)),
                "NotIn" => !label(key).is_some_and(|value| values.contains(&value)),
                "Exists" => label(key).is_some(),
                _ => label(key).is_none(),
            },
        }
    }

    fn text(&self, write: &mut impl FnMut(&str) -> String) -> String {
        match self {
            Self::All => write("all"),
            Self::Named(names) => format!("[{}]", names.iter().map(|name| write(name)).collect::<Vec<_>>().join(", ")),
            Self::Equal(key, value) => format!("{{ matchLabels: {{ {key}: {} }} }}", write(value)),
            Self::Listed { key, operator, values } => {
                let values: Vec<String> = values.iter().map(|value| write(value)).collect();
                format!("{{ matchExpressions: [{{ key: {key}, operator: {operator}, values: [{}] }}] }}", values.join(", "))
            }
        }
    }

    /// The whole of it as one expression.
    fn expression(&self) -> String {
        let text = self.text(&mut |word| format!("'{word}'"));
        let quoted = ["matchLabels", "matchExpressions", "key", "operator", "values"].iter().chain(&KEYS);
        let text = quoted.fold(text, |text, word| text.replace(&format!(" {word}: "), &format!(" '{word}': ")));
        let text = text.replace("[{ key:", "[{ 'key':");
        let text = ["zone", "tier"].iter().fold(text, |text, key| text.replace(&format!("'key': {key}"), &format!("'key': '{key}'")));
        let operators = ["In", "NotIn", "Exists", "DoesNotExist"];
        let text =
            operators.iter().fold(text, |text, word| text.replace(&format!("'operator': {word},"), &format!("'operator': '{word}',")));
        format!("\"${{{text}}}\"")
    }
}

fn pick(bytes: &mut Bytes, from: &[&'static str]) -> &'static str {
    from[usize::from(bytes.below(u8::try_from(from.len()).unwrap()))]
}

/// A word as one of the ways to say it.
fn written(bytes: &mut Bytes, word: &str) -> String {
    match bytes.below(5) {
        0 => format!("\"${{'{word}'}}\""),
        1 => format!("\"${{environment.constants.{word}}}\""),
        2 => format!("\"${{platform.constants.{word}}}\""),
        _ => word.to_owned(),
    }
}

#[test]
fn things_are_where_a_naive_reading_finds_them() {
    let elsewhere = std::cell::Cell::new(0);
    law(100, |bytes| {
        let constants = "{ all: all, c0: c0, c1: c1, c2: c2, a: a, b: b }";
        let mut text = format!("platform: {{ name: acme, domain: infra.example.com, constants: {constants} }}\n");
        text.push_str(&format!("environments: {{ apps: {{ constants: {constants} }}, ops: {{ inherits: apps }} }}\n"));
        text.push_str("classes: { cluster: { k: {} }, service: { s: {} }, tenant: { t: {} }, application: { a: {} } }\nclusters:\n");
        let mut labels: Vec<Labels> = Vec::new();
        for cluster in CLUSTERS {
            let own: Labels = KEYS.into_iter().filter(|_| bytes.one_in(2)).map(|key| (key, "a")).collect();
            let own: Labels = own.into_iter().map(|(key, _)| (key, pick(bytes, &VALUES))).collect();
            let said: Vec<String> = own.iter().map(|(key, value)| format!("{key}: {}", written(bytes, value))).collect();
            text.push_str(&format!("  {cluster}: {{ class: k, labels: {{ {} }} }}\n", said.join(", ")));
            labels.push(own);
        }
        let mut expected = BTreeSet::new();
        for (kind, class) in [("services", "s"), ("tenants", "t")] {
            text.push_str(&format!("{kind}:\n"));
            for number in 0..3 {
                let (first, second) = (Placement::random(bytes), Placement::random(bytes));
                let mut say = |placement: &Placement| {
                    if bytes.one_in(4) { placement.expression() } else { placement.text(&mut |word| written(bytes, word)) }
                };
                let (body, overlay) = (say(&first), say(&second));
                let under = Placement::random(bytes);
                let inner = under.text(&mut |word| written(bytes, word));
                text.push_str(&format!("  {class}{number}:\n    class: {class}\n    placement: {body}\n"));
                text.push_str(&format!("    environments: {{ ops: {{ placement: {overlay} }} }}\n"));
                if kind == "tenants" {
                    text.push_str(&format!("    applications: {{ app: {{ class: a, placement: {inner} }} }}\n"));
                }
                for environment in ENVIRONMENTS {
                    let placement = if environment == "ops" { &second } else { &first };
                    for (cluster, labels) in CLUSTERS.into_iter().zip(&labels) {
                        if placement.holds(cluster, labels) {
                            expected.insert(format!("{environment}.clusters.{cluster}.{kind}.{class}{number}"));
                            if kind == "tenants" && under.holds(cluster, labels) {
                                expected.insert(format!("{environment}.clusters.{cluster}.{kind}.{class}{number}.applications.app"));
                            }
                        }
                    }
                }
            }
        }
        let project = Project { files: [("platform.yaml".to_owned(), text)].into() };
        let compilation = platc::compile(&project.system(), &platc::Options::default());
        let said = super::objected(&compilation);
        if !said.is_empty() {
            return Err(format!("{said}\n{}", project.text()));
        }
        let things = compilation.model.entities().filter(|(_, entity)| entity.kind != Kind::Cluster);
        let found: BTreeSet<String> = things.map(|(_, entity)| entity.path.to_string()).collect();
        elsewhere.set(elsewhere.get() + 36 - expected.len().min(36));
        let lines = |set: &BTreeSet<String>| set.iter().fold(String::new(), |text, line| format!("{text}{line}\n"));
        if found == expected {
            Ok(())
        } else {
            Err(format!("{}\n{}", support::difference(&lines(&expected), &lines(&found)), project.text()))
        }
    });
    assert!(elsewhere.get() > 250, "nearly everything is everywhere");
}
