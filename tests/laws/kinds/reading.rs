//! The naive reading: layers are JSON maps, applied one by one; what exists where is asked in the order in which the language says it.

use super::super::apply::{Speaker, State};
use super::super::naive::{Fault, chain, line, take_out};
use super::{KINDS, Lines, counts, sorted};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
pub(super) struct Environment {
    pub(super) name: String,
    pub(super) parent: Option<usize>,
    pub(super) is_abstract: bool,
}

/// For which environment and cluster something is said. Of a pool, what its cluster says there (false) is weaker than what it says itself.
pub(super) type Where = (Option<usize>, Option<usize>, bool);

pub(super) const BODY: Where = (None, None, true);

#[derive(Clone, Debug)]
pub(super) struct Thing {
    /// Into [`KINDS`]
    pub(super) kind: usize,
    pub(super) name: String,
    /// The cluster that says this of a pool; top-level pools have none, and are only there to be inherited.
    pub(super) within: Option<usize>,
    pub(super) parents: Vec<String>,
    pub(super) is_abstract: bool,
    /// None: the pool is removed.
    pub(super) layers: BTreeMap<Where, Option<Map<String, Value>>>,
}

#[derive(Clone, Default, Debug)]
pub(super) struct World {
    pub(super) environments: Vec<Environment>,
    pub(super) things: Vec<Thing>,
    /// By environment (none: those of the platform) and kind.
    pub(super) defaults: BTreeMap<(Option<usize>, usize), Map<String, Value>>,
    /// What texts with expressions read, as `kind.name`.
    pub(super) reads: BTreeMap<String, Vec<String>>,
    /// How many items were appended somewhere.
    pub(super) appended: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Layer {
    Defaults(Option<usize>, usize),
    Said(usize, Where),
}

#[derive(Clone, Debug)]
pub(super) struct Wrong {
    fault: Fault,
    layer: Layer,
    keys: Vec<String>,
}

/// What exists in an environment: kind, name and cluster, with its fields.
type There = BTreeMap<(usize, String, Option<String>), Map<String, Value>>;

/// Pools of a cluster by name, with their fields.
type Pools = Vec<(String, Map<String, Value>)>;

pub(super) fn kind(plural: &str) -> usize {
    KINDS.iter().position(|(known, _)| *known == plural).unwrap()
}

impl World {
    pub(super) fn read(&self) -> Result<Lines, Wrong> {
        for at in (0..self.things.len()).filter(|at| self.things[*at].within.is_none()) {
            let line = self.line(at)?;
            // Pools of clusters that are only there to be inherited have lines of ancestors, too.
            if self.things[at].kind == kind("clusters") {
                self.pools(&line, 0)?;
            }
        }
        let mut lines = Lines::new();
        for e in (0..self.environments.len()).filter(|e| !self.environments[*e].is_abstract) {
            let there = self.there(e)?;
            self.say(&self.environments[e].name, &there, &mut lines);
        }
        Ok(lines)
    }

    fn there(&self, e: usize) -> Result<There, Wrong> {
        let mut there = There::new();
        let of = |plural: &str| self.concrete(kind(plural));
        for at in of("infrastructure") {
            let fields = self.fields(at, &self.line(at)?, e, None)?;
            if self.is_in(&fields, e) && self.is_on(&fields, e) {
                there.insert((kind("infrastructure"), self.things[at].name.clone(), None), fields);
            }
        }
        let mut clusters = Vec::new();
        for at in of("clusters") {
            let line = self.line(at)?;
            let fields = self.fields(at, &line, e, None)?;
            let pools = self.pools(&line, e)?;
            // What is wrong with things on a cluster that is off is wrong all the same.
            clusters.push((at, fields.clone()));
            if self.is_in(&fields, e) && self.is_on(&fields, e) {
                let name = self.things[at].name.clone();
                for (pool, fields) in pools.into_iter().filter(|(_, fields)| self.is_in(fields, e) && self.is_on(fields, e)) {
                    there.insert((kind("nodePools"), pool, Some(name.clone())), fields);
                }
                there.insert((kind("clusters"), name, None), fields);
            }
        }
        for plural in ["services", "tenants", "applications"] {
            for at in of(plural) {
                let line = self.line(at)?;
                let everywhere = self.fields(at, &line, e, None)?;
                for (cluster, of_cluster) in &clusters {
                    let fields = self.fields(at, &line, e, Some(*cluster))?;
                    let on = self.things[*cluster].name.clone();
                    let tenant =
                        everywhere.get("tenant").map(|name| (kind("tenants"), name.as_str().unwrap().to_owned(), Some(on.clone())));
                    let has_cluster = there.contains_key(&(kind("clusters"), on.clone(), None));
                    let is_placed = has_cluster && placed(fields.get("placement"), &on, of_cluster);
                    let has_tenant = plural != "applications" || tenant.is_some_and(|tenant| there.contains_key(&tenant));
                    if self.is_in(&everywhere, e) && is_placed && has_tenant && self.is_on(&fields, e) {
                        there.insert((kind(plural), self.things[at].name.clone(), Some(on)), fields);
                    }
                }
            }
        }
        Ok(there)
    }

    fn concrete(&self, kind: usize) -> Vec<usize> {
        let is_one = |at: &usize| self.things[*at].kind == kind && !self.things[*at].is_abstract && self.things[*at].within.is_none();
        (0..self.things.len()).filter(is_one).collect()
    }

    fn is_in(&self, fields: &Map<String, Value>, e: usize) -> bool {
        let lists = |field: &str| fields.get(field).map(|names| names.as_array().unwrap().contains(&json!(self.environments[e].name)));
        lists("onlyIn") != Some(false) && lists("notIn") != Some(true)
    }

    fn is_on(&self, fields: &Map<String, Value>, e: usize) -> bool {
        match fields.get("enabled") {
            None => true,
            Some(Value::Bool(on)) => *on,
            Some(text) => *text == json!(format!("${{environment.name == '{}'}}", self.environments[e].name)),
        }
    }

    /// All pools that a line of clusters speaks of.
    fn pools(&self, clusters: &[usize], e: usize) -> Result<Pools, Wrong> {
        let chain = chain(e, |at| self.environments[at].parent);
        // What each of the line says of it, farthest first.
        let mut own: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for cluster in clusters {
            for (at, pool) in self.things.iter().enumerate().filter(|(_, pool)| pool.within == Some(*cluster)) {
                own.entry(&pool.name).or_default().push(at);
            }
        }
        let mut result = Vec::new();
        for (name, fragments) in &own {
            // A node stands for all that is said of a pool; the strongest that names parents counts.
            let parents = |node: usize| -> Vec<usize> {
                let pool = &self.things[node];
                let siblings = own.get(&*pool.name).filter(|_| pool.within.is_some());
                let speaker = siblings.and_then(|all| all.iter().rev().find(|at| !self.things[**at].parents.is_empty())).unwrap_or(&node);
                let top =
                    |name: &String| self.things.iter().position(|top| top.within.is_none() && top.kind == pool.kind && top.name == *name);
                let sibling = |name: &String| own.get(&**name).filter(|_| pool.within.is_some() && *name != pool.name).map(|all| all[0]);
                self.things[*speaker].parents.iter().map(|name| sibling(name).or_else(|| top(name)).unwrap()).collect()
            };
            let at = fragments.iter().rev().find(|at| !self.things[**at].parents.is_empty()).unwrap_or(&fragments[0]);
            let wrong = Wrong { fault: Fault::Parents, layer: Layer::Said(*at, BODY), keys: Vec::new() };
            let line = line(fragments[0], &parents).ok_or(wrong)?;
            let line: Vec<usize> = line
                .into_iter()
                .flat_map(|node| if self.things[node].within.is_some() { own[&*self.things[node].name].clone() } else { vec![node] })
                .collect();
            let fields = self.fields(fragments[0], &line, e, None)?;
            let here = |(environment, ..): &Where| environment.is_none_or(|environment| chain.contains(&environment));
            let words = fragments.iter().flat_map(|at| self.things[*at].layers.iter());
            let words: Vec<_> = words.filter(|(place, _)| here(place)).map(|(_, said)| said.is_some()).collect();
            // The last word counts.
            if words.last() == Some(&true) {
                result.push(((*name).to_owned(), fields));
            }
        }
        Ok(result)
    }

    fn line(&self, at: usize) -> Result<Vec<usize>, Wrong> {
        let kind = self.things[at].kind;
        let of = |name: &String| self.things.iter().position(|thing| thing.kind == kind && thing.within.is_none() && thing.name == *name);
        let parents = |at: usize| self.things[at].parents.iter().map(|name| of(name).unwrap()).collect();
        line(at, &parents).ok_or(Wrong { fault: Fault::Parents, layer: Layer::Said(at, BODY), keys: Vec::new() })
    }

    /// All fields of a thing, merged along a line.
    fn fields(&self, at: usize, line: &[usize], e: usize, cluster: Option<usize>) -> Result<Map<String, Value>, Wrong> {
        let kind = self.things[at].kind;
        let chain = chain(e, |at| self.environments[at].parent);
        let mut layers = vec![Layer::Defaults(None, kind)];
        layers.extend(chain.iter().map(|e| Layer::Defaults(Some(*e), kind)));
        for ancestor in line {
            layers.push(Layer::Said(*ancestor, BODY));
            for cluster in std::iter::once(None).chain(cluster.map(Some)) {
                let environments = cluster.map(|_| None).into_iter().chain(chain.iter().map(|e| Some(*e)));
                for environment in environments {
                    layers.extend([false, true].map(|own| Layer::Said(*ancestor, (environment, cluster, own))));
                }
            }
        }
        let mut state = State::default();
        state.apply(json!({ "level": 5, "limits": { "low": 1, "high": 9 } }).as_object().unwrap()).unwrap();
        let mut ground = state.clone();
        for layer in layers {
            let said = match &layer {
                Layer::Defaults(e, kind) => self.defaults.get(&(*e, *kind)),
                Layer::Said(at, place) => match self.things[*at].layers.get(place) {
                    // What was removed begins anew, with what holds for all of its kind.
                    Some(None) => {
                        state = ground.clone();
                        continue;
                    }
                    said => said.and_then(Option::as_ref),
                },
            };
            let is_ground = matches!(layer, Layer::Defaults(..));
            state.speaker = match &layer {
                Layer::Defaults(..) => Speaker::Default,
                Layer::Said(_, place) if *place == BODY => Speaker::Body,
                Layer::Said(..) => Speaker::Overlay,
            };
            let Some(said) = said else { continue };
            state.apply(said).map_err(|(fault, keys)| Wrong { fault, layer, keys })?;
            if is_ground {
                ground = state.clone();
            }
        }
        for e in chain {
            let Some(said) = self.defaults.get(&(Some(e), kind)) else { continue };
            let layer = Layer::Defaults(Some(e), kind);
            state.again(said).map_err(|(fault, keys)| Wrong { fault, layer, keys })?;
        }
        Ok(state.value)
    }

    /// What is there, in words.
    fn say(&self, environment: &str, there: &There, lines: &mut Lines) {
        let known: BTreeSet<(usize, &str, Option<&str>)> = there.keys().map(|(kind, name, on)| (*kind, &**name, on.as_deref())).collect();
        let called = |(kind, name, on): (usize, &str, Option<&str>)| {
            format!("{}.{name}{}", KINDS[kind].0, on.map_or_else(String::new, |on| format!("@{on}")))
        };
        let mut orders: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for ((of, name, on), fields) in there {
            let from = (*of, &**name, on.as_deref());
            let mut shown = fields.clone();
            shown.retain(|field, _| counts(field));
            let reads = fields.get("reads").map(|text| &self.reads[text.as_str().unwrap()]);
            if let Some(reads) = reads {
                // Nothing that is read is taken, so only what stands between is left.
                shown.insert("reads".to_owned(), json!("-".repeat(reads.len())));
            }
            lines.insert(format!("{environment} {} is {}", called(from), sorted(Value::Object(shown))));
            // A cluster sees what is on it.
            let sees = if *of == kind("clusters") { Some(&**name) } else { on.as_deref() };
            let find = |of: usize, name: &str| {
                let on = if KINDS[of].0 == "infrastructure" || KINDS[of].0 == "clusters" { Some(None) } else { sees.map(Some) };
                on.and_then(|on| known.iter().find(|key| **key == (of, name, on)).copied())
            };
            let address = |text: &str| {
                let (plural, name) = text.split_once('.').unwrap();
                find(kind(plural), name)
            };
            let mut line = |cause: &str, to: (usize, &str, Option<&str>)| {
                if from != to {
                    lines.insert(format!("{environment} {} {cause} {}", called(from), called(to)));
                }
            };
            let around = [
                on.as_deref().map(|on| (kind("clusters"), on)),
                fields.get("tenant").and_then(Value::as_str).map(|t| (kind("tenants"), t)),
            ];
            let mut first: Vec<_> = around.into_iter().flatten().map(|(of, name)| find(of, name).unwrap()).collect();
            first.iter().for_each(|to| line("Containment", *to));
            let needs = fields.get("dependsOn").and_then(Value::as_array).into_iter().flatten().map(|name| name.as_str().unwrap());
            for need in needs {
                let to = if need.contains('.') { address(need) } else { find(*of, need).or_else(|| find(kind("services"), need)) };
                to.into_iter().for_each(|to| line("DependsOn", to));
                first.extend(to);
            }
            // What the classes say: see `generate`.
            let of_class: &[&str] = if KINDS[*of].0 == "services" { &["infrastructure.i0", "services.s0"] } else { &["infrastructure.i0"] };
            for read in reads.into_iter().flatten().map(String::as_str).chain(of_class.iter().copied()) {
                line("Reads", address(read).unwrap_or_else(|| panic!("{read} is not there for {from:?}")));
            }
            orders.insert(from, first);
        }
        for from in &known {
            lines.insert(format!("{environment} {} wave {}", called(*from), wave(*from, &orders)));
        }
    }

    /// Takes out what an objection is about.
    pub(super) fn remove(&mut self, wrong: &Wrong) {
        match &wrong.layer {
            Layer::Said(at, _) if wrong.fault == Fault::Parents => drop(self.things[*at].parents.pop().unwrap()),
            Layer::Said(at, place) => take_out(self.things[*at].layers.get_mut(place).unwrap().as_mut().unwrap(), &wrong.keys),
            Layer::Defaults(e, kind) => take_out(self.defaults.get_mut(&(*e, *kind)).unwrap(), &wrong.keys),
        }
    }
}

/// Whether a placement names a cluster, or its labels.
fn placed(placement: Option<&Value>, cluster: &str, of_cluster: &Map<String, Value>) -> bool {
    match placement {
        None => true,
        Some(Value::Array(names)) => names.iter().any(|name| name == "all" || name == cluster),
        Some(Value::Object(selector)) => selector["matchLabels"]
            .as_object()
            .unwrap()
            .iter()
            .all(|(key, value)| of_cluster.get("labels").and_then(|labels| labels.get(key)) == Some(value)),
        Some(name) => name == "all" || name == cluster,
    }
}

type Key<'a> = (usize, &'a str, Option<&'a str>);

fn wave(of: Key<'_>, orders: &BTreeMap<Key<'_>, Vec<Key<'_>>>) -> u32 {
    let installed = |(kind, ..): Key<'_>| ["services", "tenants", "applications"].contains(&KINDS[kind].0);
    if !installed(of) {
        return 0;
    }
    orders[&of].iter().filter(|to| installed(**to)).map(|to| wave(*to, orders) + 1).max().unwrap_or(0)
}
