//! How two environments differ: nothing is missed, nothing is found twice or from one side only, and what is left out is only what the name of an
//! environment changes as text.

use super::law;
use crate::support::{self, Project};
use platc::model::{EntityId, EnvironmentId, Model};
use platc::query::diff::{Comparison, DiffReason, Difference, Side, diff};
use platc::query::parity::Parity;
use platc::query::show::{json, tree};
use platc::secret::Secrets;
use platc::{Compilation, Options};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

fn side(compilation: &Compilation, at: u32) -> Side<'_> {
    Side { model: &compilation.model, definitions: &compilation.definitions, sources: &compilation.sources, environment: EnvironmentId(at) }
}

/// What a thing is called that both have: where each has it on a cluster of its own, without that.
fn called(comparison: &Comparison<'_>, (id, other): (EntityId, EntityId)) -> String {
    let cluster = |model: &Model, id: EntityId| model.entity(id).cluster.map(|cluster| model.entity(cluster).identity.text().to_string());
    let (one, entity) = (comparison.first.model, comparison.first.model.entity(id));
    if cluster(one, id) == cluster(comparison.second.model, other) {
        return entity.path.to_string();
    }
    format!("{}.{}", comparison.first.name(), entity.thing.definition)
}

/// All paths that a comparison tells, by thing of the first environment, and whether they were left out.
fn told(comparison: &Comparison<'_>) -> BTreeMap<(String, String), bool> {
    let mut told = BTreeMap::new();
    let mut add = |thing: &str, path: &dyn ToString, left_out: bool| _ = told.insert((thing.to_owned(), path.to_string()), left_out);
    let mut rows = |thing: &[String], value: &Difference<'_>, left_out: bool| {
        thing.iter().for_each(|thing| add(thing, &value.path, left_out));
        thing.iter().for_each(|thing| value.followers.iter().for_each(|path| add(thing, path, left_out)));
        for passed in &value.passed_on {
            passed.entities.iter().for_each(|pair| add(&called(comparison, *pair), &passed.path, left_out));
        }
    };
    comparison.environments.iter().for_each(|value| rows(&["environment".to_owned()], value, false));
    comparison.left_out.iter().for_each(|value| rows(&["environment".to_owned()], value, true));
    for changed in &comparison.changed {
        let things: Vec<String> = changed.entities.iter().map(|pair| called(comparison, *pair)).collect();
        changed.left_out.iter().for_each(|value| rows(&things, value, true));
        changed.values.iter().for_each(|value| rows(&things, value, false));
    }
    told
}

/// All values of a tree that hold no further ones, by their paths; lists count as one, and those of the same items as the same.
fn leaves(value: &Value, path: &str, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(map) if !map.is_empty() => map.iter().for_each(|(key, value)| {
            let step = platc::path::Path::of([key.as_str()]).to_string();
            let joined = if path.is_empty() { step } else { format!("{path}.{step}").replace(".[", "[") };
            leaves(value, &joined, found);
        }),
        Value::Array(items) => {
            let mut items = items.clone();
            items.sort_by_key(ToString::to_string);
            found.insert(path.to_owned(), Value::Array(items));
        }
        plain => _ = found.insert(path.to_owned(), plain.clone()),
    }
}

/// What a reader who knows nothing of origins finds, and the comparison does not tell at all.
fn missed(comparison: &Comparison<'_>, found: &BTreeMap<(String, String), bool>) -> Vec<String> {
    let (one, other) = (comparison.first.model, comparison.second.model);
    let mut missed = Vec::new();
    let passed = comparison.changed.iter().flat_map(|changed| &changed.values).flat_map(|value| &value.passed_on);
    let paired = comparison.changed.iter().flat_map(|changed| &changed.entities).chain(passed.flat_map(|passed| &passed.entities));
    let mut ids: BTreeMap<_, _> = paired.copied().collect();
    // Copies on other clusters are no pairs: only what their definition says is compared.
    let spread = comparison.changed.iter().filter(|changed| changed.spread.is_some()).flat_map(|changed| &changed.entities);
    spread.for_each(|(id, _)| _ = ids.remove(id));
    let gone: BTreeSet<_> = comparison.only_first.iter().flat_map(|only| &only.entities).copied().collect();
    for (id, entity) in one.entities().filter(|(_, entity)| entity.environment == comparison.first.environment) {
        // Those that are not told at all must be there, and the same.
        let same = |(_, right): &(_, &platc::model::Entity)| {
            right.environment == comparison.second.environment
                && right.kind == entity.kind
                && right.identity.text() == entity.identity.text()
                && right.cluster.map(|id| other.entity(id).identity.text()) == entity.cluster.map(|id| one.entity(id).identity.text())
                && right.tenant.map(|id| other.entity(id).identity.text()) == entity.tenant.map(|id| one.entity(id).identity.text())
        };
        let right = ids.get(&id).map(|right| other.entity(*right)).or_else(|| other.entities().find(same).map(|(_, right)| right));
        let Some(right) = right else {
            missed.extend(missed_of_copies(comparison, id, found));
            let around = [entity.cluster, entity.tenant].into_iter().flatten().any(|around| {
                let around = one.entity(around);
                !other.entities().any(|(_, right)| {
                    right.environment == comparison.second.environment
                        && right.kind == around.kind
                        && right.identity.text() == around.identity.text()
                })
            });
            if !gone.contains(&id) && !around {
                missed.push(format!("{} is only in the first", entity.path));
            }
            continue;
        };
        let mut sides = [BTreeMap::new(), BTreeMap::new()];
        for (value, found) in [&entity.value, &right.value].into_iter().zip(&mut sides) {
            leaves(&json(&tree(value, &Secrets::default())), "", found);
        }
        let [left, right] = sides;
        let paths: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
        for path in paths.into_iter().filter(|path| left.get(*path) != right.get(*path)) {
            let covers = |(thing, told): &(String, String)| {
                let list = told.split('[').next().filter(|_| told.ends_with(']')).unwrap_or(told);
                let name = ids.get(&id).map_or_else(|| entity.path.to_string(), |right| called(comparison, (id, *right)));
                *thing == name && [told.as_str(), list].iter().any(|told| path.starts_with(told) || told.starts_with(path.as_str()))
            };
            if !found.keys().any(covers) {
                missed.push(format!("{} {path}: {:?} and {:?}", entity.path, left.get(path), right.get(path)));
            }
        }
    }
    missed
}

/// Of a thing that is on clusters of which the other environment has none: what all copies on one side share, and all on the other side have otherwise.
fn missed_of_copies(comparison: &Comparison<'_>, id: EntityId, found: &BTreeMap<(String, String), bool>) -> Vec<String> {
    let (one, other) = (comparison.first.model, comparison.second.model);
    let entity = one.entity(id);
    let tenant = |model: &Model, entity: &platc::model::Entity| entity.tenant.map(|id| model.entity(id).identity.text().to_string());
    let is_copy = |model: &Model, environment, copy: &platc::model::Entity| {
        copy.environment == environment
            && copy.kind == entity.kind
            && copy.cluster.is_some()
            && copy.identity.text() == entity.identity.text()
            && tenant(model, copy) == tenant(one, entity)
    };
    if entity.cluster.is_none() || entity.kind == platc::name::Kind::NodePool {
        return Vec::new();
    }
    let copies = |model: &Model, environment| -> Vec<BTreeMap<String, Value>> {
        let all = model.entities().filter(|(_, copy)| is_copy(model, environment, copy));
        let values = |copy: &platc::model::Entity| {
            let mut found = BTreeMap::new();
            leaves(&json(&tree(&copy.value, &Secrets::default())), "", &mut found);
            found
        };
        all.map(|(_, copy)| values(copy)).collect()
    };
    let (left, right) = (copies(one, comparison.first.environment), copies(other, comparison.second.environment));
    // Where some clusters are in both, the copies there are compared.
    let on = |model: &Model, environment| -> BTreeSet<String> {
        let all = model.entities().filter(|(_, copy)| is_copy(model, environment, copy));
        all.filter_map(|(_, copy)| Some(model.entity(copy.cluster?).identity.text().to_string())).collect()
    };
    if right.is_empty() || !on(one, comparison.first.environment).is_disjoint(&on(other, comparison.second.environment)) {
        return Vec::new();
    }
    let agreed = |copies: &[BTreeMap<String, Value>], path: &str| {
        let first = copies[0].get(path).cloned();
        copies.iter().all(|copy| copy.get(path) == first.as_ref()).then_some(first)
    };
    let paths: BTreeSet<&String> = left.iter().chain(&right).flat_map(BTreeMap::keys).collect();
    let mut missed = Vec::new();
    for path in paths {
        let (Some(was), Some(is)) = (agreed(&left, path), agreed(&right, path)) else { continue };
        let name = format!("{}.{}", comparison.first.name(), entity.thing.definition);
        let covers = |(thing, told): &(String, String)| {
            let list = told.split('[').next().filter(|_| told.ends_with(']')).unwrap_or(told);
            *thing == name && [told.as_str(), list].iter().any(|told| path.starts_with(told) || told.starts_with(path.as_str()))
        };
        if was != is && !found.keys().any(covers) {
            missed.push(format!("{name} {path}: {was:?} and {is:?} on all clusters"));
        }
    }
    missed
}

/// Each pair of environments of each project that tests compile.
#[test]
fn comparisons_miss_nothing_and_are_the_same_from_both_sides() {
    let folders = ["tests/cases", "examples"].into_iter().flat_map(|folder: &str| {
        let named = |name: String| if folder == "examples" { format!("{folder}/{name}") } else { format!("{folder}/{name}/project") };
        let names = if folder == "examples" {
            ["customers", "k3s-fleet", "kubestack/starter", "kubestack/multi-cloud"].map(str::to_owned).to_vec()
        } else {
            support::cases("cases")
        };
        names.into_iter().map(named).collect::<Vec<_>>()
    });
    let (mut pairs, mut wrong) = (0, Vec::new());
    for folder in folders {
        let compilation = platc::compile(&Project::read(&folder).system(), &Options::default());
        if compilation.diagnostics.has_errors() {
            continue;
        }
        let count = u32::try_from(compilation.model.environments.len()).unwrap();
        for (first, second) in (0..count).flat_map(|first| (0..first).map(move |second| (first, second))).take(3) {
            let all = Parity::default();
            let there = diff(side(&compilation, first), side(&compilation, second), &all).unwrap();
            let back = diff(side(&compilation, second), side(&compilation, first), &all).unwrap();
            let (found, mirrored) = (told(&there), told(&back));
            // Paths of items are those of the side that has them, and things are those of the first: counts tell.
            let shape = |told: &BTreeMap<(String, String), bool>| {
                let path = |path: &str| path.split('[').next().unwrap_or_default().to_owned();
                let thing = |thing: &str| thing.split_once('.').map_or(thing, |(_, rest)| rest).to_owned();
                told.iter().map(|((of, at), left_out)| (thing(of), path(at), *left_out)).collect::<BTreeSet<_>>()
            };
            let renames = !there.renamed.is_empty();
            if !renames && shape(&found) != shape(&mirrored) {
                wrong.push(format!("{folder}: {:?}", shape(&found).symmetric_difference(&shape(&mirrored)).collect::<Vec<_>>()));
            }
            wrong.extend(missed(&there, &found).into_iter().map(|line| format!("{folder}: {line}")));
            let itself = diff(side(&compilation, first), side(&compilation, first), &all).unwrap();
            if !itself.is_empty() || !told(&itself).is_empty() {
                wrong.push(format!("{folder}: {first} differs from itself"));
            }
            pairs += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(pairs > 60 || support::some_only(), "{pairs}");
}

/// What the environment's name does to a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Nature {
    /// It stands in it.
    Carries,
    /// It decides it, or somebody writes it twice.
    Differs,
    /// Nothing.
    Same,
}

/// Expressions, each with what it does to a field by itself.
const ALONE: [(&str, Nature); 22] = [
    ("plain", Nature::Same),
    ("${environment.name}", Nature::Carries),
    ("x-${environment.name}-y", Nature::Carries),
    ("${environment.name.upperAscii()}", Nature::Carries),
    ("${dns.label('p-' + environment.name, 20)}", Nature::Carries),
    ("${environment.name.substring(1, 3)}", Nature::Carries),
    ("${cluster.fullName}", Nature::Carries),
    ("${[environment.name, 'z'].join('-')}", Nature::Carries),
    ("${'%s!'.format([environment.name])}", Nature::Carries),
    ("${self.carried}", Nature::Carries),
    ("${cel.bind(e, environment.name, e + '-bound')}", Nature::Carries),
    ("${true ? environment.name : 'no'}", Nature::Carries),
    ("${environment.name == 'alpha' ? 'one' : 'two'}", Nature::Differs),
    ("${{'alpha': 'one', 'beta': 'two'}[environment.name]}", Nature::Differs),
    ("${environment.name.startsWith('a') ? 'x' : 'y'}", Nature::Differs),
    ("${string(size(environment.name))}", Nature::Differs),
    ("${environment.name in ['alpha'] ? 'p' : 'q'}", Nature::Differs),
    ("${cel.bind(e, environment.name, e == 'alpha' ? 'm' : 'n')}", Nature::Differs),
    ("${['alpha', 'x'].filter(e, e == environment.name).join('-')}", Nature::Differs),
    ("${self.decided}", Nature::Differs),
    ("${environment.name < 'b' ? environment.name + '-low' : environment.name + '-high'}", Nature::Differs),
    ("${environment.constants.stage}", Nature::Differs),
];

/// A platform whose service `a` has random fields, for one or both environments.
struct Fields {
    texts: Vec<(String, Nature)>,
    /// What beta says of fields for itself.
    overlay: BTreeMap<usize, String>,
}

impl Fields {
    fn random(bytes: &mut super::Bytes) -> Self {
        let mut texts: Vec<(String, Nature)> = Vec::new();
        let mut overlay = BTreeMap::new();
        for at in 0..2 + usize::from(bytes.below(7)) {
            let of = at.checked_sub(1).map(|most| usize::from(bytes.below(u8::try_from(most + 1).unwrap())));
            let (text, mut nature) = match (bytes.below(4), of) {
                (2, Some(of)) => (format!("r-${{self.f{of}}}"), texts[of].1),
                (3, Some(of)) => (format!("${{self.f{of}}}"), texts[of].1),
                _ => {
                    let (text, nature) = ALONE[usize::from(bytes.below(22))];
                    (text.to_owned(), nature)
                }
            };
            if bytes.one_in(6) {
                overlay.insert(at, format!("written-{at}"));
                nature = Nature::Differs;
            }
            texts.push((text, nature));
        }
        Self { texts, overlay }
    }

    fn project(&self, environments: &[(&str, &str)], is_alpha: bool) -> Project {
        let mut text = "platform: { name: acme, domain: infra.example.com }\nenvironments:\n".to_owned();
        for (name, rest) in environments {
            _ = writeln!(text, "  {name}: {{ {rest} }}");
        }
        text.push_str("clusters: { c: { class: plain, region: eu } }\nservices:\n  a:\n    class: app\n");
        for (at, (written, _)) in self.texts.iter().enumerate() {
            _ = writeln!(text, "    f{at}: {}", serde_json::to_string(written).unwrap());
        }
        if !is_alpha && !self.overlay.is_empty() {
            text.push_str("    environments:\n      beta:\n");
            self.overlay.iter().for_each(|(at, written)| _ = writeln!(text, "        f{at}: {written}"));
        }
        text.push_str("classes:\n  cluster: { plain: { schema: { region: string } } }\n  service:\n    app:\n      schema:\n");
        (0..self.texts.len()).for_each(|at| _ = writeln!(text, "        f{at}: string"));
        text.push_str("        carried: \"string | default='${environment.name}-let'\"\n");
        text.push_str("        decided: { $type: string, $default: '${environment.name == \"alpha\" ? \"a\" : \"b\"}' }\n");
        let used: String = (0..self.texts.len()).map(|at| format!("a{at}: '${{self.f{at}}}', ")).collect();
        _ = writeln!(text, "      files: {{ x.yaml: {{ {used} l: '${{self.carried}}${{self.decided}}' }} }}");
        let mut project = Project::default();
        project.files.insert("platform.yaml".to_owned(), text);
        project
    }
}

/// The fields of the service in an environment.
fn values(project: &Project, environment: &str, set: Vec<String>) -> Result<BTreeMap<String, String>, String> {
    let compilation = platc::compile(&project.system(), &Options { set, ..Options::default() });
    if compilation.diagnostics.has_errors() {
        return Err(format!("{}\n{}", support::said(&compilation), project.text()));
    }
    let path = format!("{environment}.clusters.c.services.a");
    let entity = compilation.model.entities().find(|(_, entity)| *entity.path == *path).map(|(_, entity)| entity).unwrap();
    let Value::Object(map) = json(&tree(&entity.value, &Secrets::default())) else { return Err("no map".to_owned()) };
    Ok(map.into_iter().filter_map(|(key, value)| Some((key, value.as_str()?.to_owned()))).collect())
}

/// What is left out is what a rename of the environment changes, and only that; what is told, written onto the renamed one, gives the other.
#[test]
fn what_is_left_out_is_what_a_rename_changes() {
    law(120, |bytes| {
        let fields = Fields::random(bytes);
        let both =
            fields.project(&[("alpha", "constants: { stage: prod }"), ("beta", "inherits: alpha, constants: { stage: test }")], false);
        let compilation = platc::compile(&both.system(), &Options::default());
        if compilation.diagnostics.has_errors() {
            return Err(format!("{}\n{}", support::said(&compilation), both.text()));
        }
        let at = |name: &str| compilation.model.environments().find(|(_, found)| *found.name == *name).unwrap().0.0;
        let comparison = diff(side(&compilation, at("alpha")), side(&compilation, at("beta")), &Parity::default()).unwrap();
        let found = told(&comparison);
        let beta = values(&both, "beta", Vec::new())?;
        // Only alpha, called beta.
        let renamed = fields.project(&[("beta", "constants: { stage: prod }"), ("alpha", "constants: { stage: prod }")], true);
        let after = values(&renamed, "beta", Vec::new())?;
        let service = "alpha.clusters.c.services.a".to_owned();
        for (at, (written, nature)) in fields.texts.iter().enumerate() {
            let field = format!("f{at}");
            let left_out = found.get(&(service.clone(), field.clone())).copied();
            let expected = match nature {
                Nature::Carries => Some(true),
                Nature::Differs => Some(false),
                Nature::Same => None,
            };
            if left_out != expected {
                return Err(format!("{field} `{written}` is {nature:?}, and {left_out:?}\n{}", both.text()));
            }
            if left_out == Some(true) && after[&field] != beta[&field] {
                return Err(format!("{field} `{written}` was left out, and differs after a rename\n{}", both.text()));
            }
        }
        // What is written or decided, applied to the renamed one.
        let mut set = Vec::new();
        for changed in comparison
            .changed
            .iter()
            .filter(|changed| changed.entities.iter().any(|(id, _)| *compilation.model.entity(*id).path == *service))
        {
            for value in changed.values.iter().filter(|value| matches!(value.why, DiffReason::Written | DiffReason::Decided)) {
                let text = value.second.and_then(|value| value.as_str()).unwrap_or_default();
                set.push(format!("beta.clusters.c.services.a.{}={}", value.path, Value::from(text)));
            }
        }
        let renamed = fields.project(&[("beta", "constants: { stage: test }"), ("alpha", "constants: { stage: prod }")], true);
        let applied = values(&renamed, "beta", set)?;
        if applied != beta {
            return Err(format!("{applied:?} is not {beta:?}\n{}", both.text()));
        }
        Ok(())
    });
}
