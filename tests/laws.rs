//! Laws of merging (design 2.3), on random platforms: what the compiler resolves is what a naive interpreter of the written rules makes
//! of the same definitions, and rewriting a platform in ways that must not matter does not matter.

mod affected;
mod apply;
mod differences;
mod edges;
mod excerpts;
mod facts;
mod families;
mod fragments;
mod generate;
mod keeping;
mod kinds;
mod lines;
mod makers;
mod memory;
mod metadata;
mod naive;
mod notations;
mod order;
mod outcomes;
mod owners;
mod placements;
mod references;
mod rename;
mod schemas;
mod shared;
mod taken;
mod templates;
mod texts;
mod waiting;
mod words;

use crate::support::{self, Project};
use apply::State;
use generate::Bytes;
use naive::{Definition, Environment, Platform};
use platc::Compilation;
use platc::query::show;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The fields of class `thing` (see [`generate`]); what else an entity has belongs to the language.
const FIELDS: [&str; 5] = ["data", "marks", "ports", "level", "limits"];

/// Environment, cluster and name of an entity.
type Place = (String, String, String);

/// Runs a property on random bytes, the same in every run; `PROPTEST_CASES` asks for more, and
/// `PROPTEST_MAX_SHRINK_ITERS=0` for no smaller example of a failure.
fn law(cases: u32, property: impl Fn(&mut Bytes) -> Result<(), String>) {
    law_of(cases, 600, property);
}

/// The same on that many bytes at most.
fn law_of(cases: u32, most: usize, property: impl Fn(&mut Bytes) -> Result<(), String>) {
    let setting = |name, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (cases, max_shrink_iters) = (setting("PROPTEST_CASES", cases), setting("PROPTEST_MAX_SHRINK_ITERS", 200));
    let config = Config { cases, failure_persistence: None, max_shrink_iters, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    // The bytes would tell nobody anything; the platform stands in the reason.
    let outcome = runner.run(&prop::collection::vec(any::<u8>(), 0..most), |bytes| {
        property(&mut Bytes::new(&bytes)).map_err(proptest::test_runner::TestCaseError::fail)
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, _) | TestError::Abort(reason)) => panic!("{reason}"),
    }
}

/// What the compiler makes of the things of a platform.
fn resolved(compilation: &Compilation) -> BTreeMap<Place, Value> {
    let model = &compilation.model;
    let mut result = BTreeMap::new();
    for (_, entity) in model.entities().filter(|(_, entity)| entity.kind == platc::name::Kind::Service) {
        let cluster = model.entity(entity.cluster.unwrap());
        let place = (model.environment(entity.environment).name.to_string(), cluster.name.to_string(), entity.name.to_string());
        let Value::Object(mut fields) = show::json(&show::tree(&entity.value, &platc::secret::Secrets::default())) else {
            panic!("{place:?} is no map")
        };
        fields.retain(|key, _| FIELDS.contains(&key.as_str()));
        result.insert(place, Value::Object(fields));
    }
    result
}

/// What is said against a random platform: that a default or a selector reaches nothing is well possible, and no mistake.
fn objected(compilation: &Compilation) -> String {
    let mut compilation = compilation.clone();
    compilation.diagnostics.retain(|diagnostic| !["unused-default", "unmatched-selector"].contains(&diagnostic.code.word()));
    support::said(&compilation)
}

fn compiled(project: &Project) -> Result<BTreeMap<Place, Value>, String> {
    let compilation = platc::compile(&project.system(), &platc::Options::default());
    let said = objected(&compilation);
    if said.is_empty() { Ok(resolved(&compilation)) } else { Err(format!("{said}\n{}", project.text())) }
}

fn same(expected: &BTreeMap<Place, Value>, found: &BTreeMap<Place, Value>, project: &Project) -> Result<(), String> {
    let lines =
        |values: &BTreeMap<Place, Value>| values.iter().fold(String::new(), |text, (place, value)| format!("{text}{place:?} {value}\n"));
    if expected == found {
        return Ok(());
    }
    Err(format!("{}\n{}", support::difference(&lines(expected), &lines(found)), project.text()))
}

/// A random platform in which nothing is wrong: what the naive interpreter objects to is taken out.
fn sound(bytes: &mut Bytes) -> (Platform, BTreeMap<Place, Value>) {
    let mut platform = generate::platform(bytes);
    loop {
        match platform.resolve() {
            Ok(values) => return (platform, values),
            Err(wrong) => platform.remove(&wrong),
        }
    }
}

/// A random platform for other tests: the same for a number in every run.
pub(crate) fn random(number: u64) -> Project {
    let mut state = number;
    let bytes: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    })
    .take(600)
    .collect();
    let mut bytes = Bytes::new(&bytes);
    let (platform, _) = sound(&mut bytes);
    generate::project(&platform, &mut bytes)
}

#[test]
fn the_compiler_agrees_with_the_naive_interpreter() {
    law(150, |bytes| {
        let (platform, expected) = sound(bytes);
        let project = generate::project(&platform, bytes);
        same(&expected, &compiled(&project)?, &project)
    });
}

#[test]
fn what_the_naive_interpreter_refuses_is_refused() {
    let refused = std::cell::Cell::new(0);
    law(150, |bytes| {
        let platform = generate::platform(bytes);
        let project = generate::project(&platform, bytes);
        let compilation = platc::compile(&project.system(), &platc::Options::default());
        let said = objected(&compilation);
        match platform.resolve() {
            Ok(_) if said.is_empty() => Ok(()),
            Ok(_) => Err(format!("the naive interpreter has no objection, but:\n{said}\n{}", project.text())),
            Err(wrong) => {
                refused.set(refused.get() + 1);
                let code = wrong.fault.code();
                if said.contains(&format!("error[{code}]")) {
                    return Ok(());
                }
                Err(format!("expected {code} for {wrong:?}, found:\n{said}\n{}", project.text()))
            }
        }
    });
    assert!(refused.get() > 10, "only {} of the platforms had a mistake", refused.get());
}

#[test]
fn files_and_their_order_do_not_matter() {
    law(40, |bytes| {
        let (platform, expected) = sound(bytes);
        let one = generate::project(&platform, bytes);
        let other = one.renamed(|at, count| count - at);
        same(&expected, &compiled(&other)?, &other)?;
        let (first, second) = (one.build_backwards().1, other.build().1);
        if first == second { Ok(()) } else { Err(format!("other file names give other bytes\n{}", one.text())) }
    });
}

#[test]
fn an_empty_environment_equals_the_one_it_inherits_from() {
    law(40, |bytes| {
        let (mut platform, _) = sound(bytes);
        let of = platform.environments.iter().position(|environment| !environment.is_abstract).unwrap();
        let original = platform.environments[of].name.clone();
        platform.environments.push(Environment { name: "copy".to_owned(), parent: Some(of), is_abstract: false, defaults: Map::new() });
        let project = generate::project(&platform, bytes);
        let values = compiled(&project)?;
        let of = |name: &str| -> BTreeMap<Place, Value> {
            let here = values.iter().filter(|((environment, ..), _)| environment == name);
            here.map(|((_, cluster, thing), value)| ((String::new(), cluster.clone(), thing.clone()), value.clone())).collect()
        };
        same(&of(&original), &of("copy"), &project)
    });
}

/// A platform of one environment and one cluster with the given bodies, each with its parents.
fn plain(bodies: Vec<(Vec<usize>, Map<String, Value>)>) -> Platform {
    let definitions =
        bodies.into_iter().enumerate().map(|(at, (parents, body))| Definition::new(&format!("s{at}"), parents, body)).collect();
    Platform {
        environments: vec![Environment { name: "apps".to_owned(), parent: None, is_abstract: false, defaults: Map::new() }],
        clusters: vec!["c0".to_owned()],
        defaults: Map::new(),
        definitions,
    }
}

/// `value` merged over `base` by the naive interpreter.
fn over(base: &Map<String, Value>, value: &Map<String, Value>) -> Option<Map<String, Value>> {
    let mut state = State::default();
    state.apply(base).ok()?;
    state.apply(value).ok()?;
    Some(state.value)
}

#[test]
fn layers_associate() {
    law(80, |bytes| {
        let [a, b, c] = [(); 3].map(|()| generate::plain_fields(bytes));
        let (Some(ab), Some(bc)) = (over(&a, &b), over(&b, &c)) else { return Ok(()) };
        if over(&ab, &c).is_none() {
            return Ok(());
        }
        // s2 is (a, b, c) step by step; s4 is c over ab; s5 is bc over a.
        let platform = plain(vec![(vec![], a), (vec![0], b), (vec![1], c.clone()), (vec![], ab), (vec![3], c), (vec![0], bc)]);
        let project = generate::project(&platform, bytes);
        let values = compiled(&project)?;
        let of = |name: &str| &values[&("apps".to_owned(), "c0".to_owned(), name.to_owned())];
        for other in ["s4", "s5"] {
            if of("s2") != of(other) {
                return Err(format!("s2 is {}\n{other} is {}\n{}", of("s2"), of(other), project.text()));
            }
        }
        Ok(())
    });
}

#[test]
fn a_diamond_applies_an_ancestor_once() {
    law(40, |bytes| {
        let mut root = generate::plain_fields(bytes);
        root.remove("data");
        root.insert("data".to_owned(), serde_json::json!({ "list+": ["root"] }));
        let arm = |word: &str| serde_json::json!({ "data": { "list+": [word] } }).as_object().unwrap().clone();
        let platform = plain(vec![(vec![], root), (vec![0], arm("left")), (vec![0], arm("right")), (vec![1, 2], arm("own"))]);
        let project = generate::project(&platform, bytes);
        let values = compiled(&project)?;
        let list = &values[&("apps".to_owned(), "c0".to_owned(), "s3".to_owned())]["data"]["list"];
        let expected = serde_json::json!(["root", "left", "right", "own"]);
        if *list == expected { Ok(()) } else { Err(format!("{list} is not {expected}\n{}", project.text())) }
    });
}

#[test]
fn saying_it_again_changes_nothing() {
    law(40, |bytes| {
        let body = generate::plain_fields(bytes);
        let platform = plain(vec![(vec![], body.clone()), (vec![0], body), (vec![1], Map::new())]);
        let project = generate::project(&platform, bytes);
        let values = compiled(&project)?;
        let mut distinct: Vec<&Value> = values.values().collect();
        distinct.dedup();
        if distinct.len() == 1 { Ok(()) } else { Err(project.text()) }
    });
}
