//! The naive reading: layers are JSON maps, applied one by one; what exists where is asked in the order in which the language says it.

use super::super::apply::{Speaker, State};
use super::super::naive::{Fault, chain, line};
use super::removals::Removals;
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

/// What something stands under.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Home {
    /// A cluster or a tenant.
    Of(usize),
    /// Each of them, by defaults.
    All,
}

#[derive(Clone, Debug)]
pub(super) struct Thing {
    /// Into [`KINDS`]
    pub(super) kind: usize,
    pub(super) name: String,
    /// Who says this of a pool or an application; those at the top have none, and are only there to be inherited.
    pub(super) within: Option<Home>,
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
    /// Whether defaults name the class of all things.
    pub(super) has_common_classes: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Layer {
    Defaults(Option<usize>, usize),
    Said(usize, Where),
}

#[derive(Clone, Debug)]
pub(super) struct Wrong {
    pub(super) fault: Fault,
    pub(super) layer: Layer,
    pub(super) keys: Vec<String>,
}

/// What exists in an environment: kind, name (of an application behind its tenant: `t0/a1`) and cluster, with its fields.
type There = BTreeMap<(usize, String, Option<String>), Map<String, Value>>;

/// What stands under something by name, with its fields.
type Inner = Vec<(String, Map<String, Value>)>;

pub(super) fn kind(plural: &str) -> usize {
    KINDS.iter().position(|(known, _)| *known == plural).unwrap()
}

impl World {
    pub(super) fn read(&self) -> Result<Lines, Wrong> {
        for at in (0..self.things.len()).filter(|at| self.things[*at].within.is_none()) {
            let line = self.line(at)?;
            // What stands under those that are only there to be inherited has lines of ancestors, too.
            if let Some(inner) = inner_of(self.things[at].kind) {
                self.inner(inner, &line, 0, None)?;
            }
        }
        let (mut lines, mut removals) = (Lines::new(), Removals::default());
        for e in (0..self.environments.len()).filter(|e| !self.environments[*e].is_abstract) {
            let there = self.there(e, &mut removals)?;
            self.say(&self.environments[e].name, &there, &mut lines);
        }
        removals.in_vain().map(|()| lines)
    }

    fn there(&self, e: usize, removals: &mut Removals) -> Result<There, Wrong> {
        let mut there = There::new();
        let of = |plural: &str| self.concrete(kind(plural));
        let mut clusters = Vec::new();
        for at in of("clusters") {
            let line = self.line(at)?;
            let fields = self.fields(&line, &[at], e, None)?;
            let pools = self.inner(kind("nodePools"), &line, e, None)?;
            // What is wrong with things on a cluster that is off is wrong all the same.
            clusters.push((at, fields.clone()));
            if self.is_in(&fields, e) {
                removals.see(self, kind("nodePools"), &line, (e, None));
            }
            if self.is_in(&fields, e) && self.is_on(&fields, e) {
                let name = self.things[at].name.clone();
                for (pool, fields) in pools.into_iter().filter(|(_, fields)| self.is_in(fields, e) && self.is_on(fields, e)) {
                    there.insert((kind("nodePools"), pool, Some(name.clone())), fields);
                }
                there.insert((kind("clusters"), name, None), fields);
            }
        }
        for plural in ["infrastructure", "services", "tenants"] {
            for at in of(plural) {
                let line = self.line(at)?;
                let everywhere = self.fields(&line, &[at], e, None)?;
                if !self.is_in(&everywhere, e) {
                    continue;
                }
                // Only infrastructure can be nowhere.
                if plural == "infrastructure" && !everywhere.contains_key("placement") {
                    if self.is_on(&everywhere, e) {
                        there.insert((kind(plural), self.things[at].name.clone(), None), everywhere);
                    }
                    continue;
                }
                for (cluster, of_cluster) in &clusters {
                    let fields = self.fields(&line, &[at], e, Some(*cluster))?;
                    let (on, name) = (self.things[*cluster].name.clone(), self.things[at].name.clone());
                    // What is wrong with what stands under a tenant that is off is wrong all the same.
                    let is_placed = placed(fields.get("placement"), &on, of_cluster);
                    let applications = match inner_of(kind(plural)).filter(|_| is_placed) {
                        Some(inner) => {
                            if self.is_in(of_cluster, e) {
                                removals.see(self, inner, &line, (e, Some(*cluster)));
                            }
                            self.inner(inner, &line, e, Some(*cluster))?
                        }
                        None => Inner::new(),
                    };
                    let has_cluster = there.contains_key(&(kind("clusters"), on.clone(), None));
                    if !(has_cluster && is_placed && self.is_on(&fields, e)) {
                        continue;
                    }
                    for (application, fields) in applications {
                        if self.is_in(&fields, e) && self.is_on(&fields, e) && placed(fields.get("placement"), &on, of_cluster) {
                            there.insert((kind("applications"), format!("{name}/{application}"), Some(on.clone())), fields);
                        }
                    }
                    there.insert((kind(plural), name, Some(on)), fields);
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

    /// All pools that a line of clusters speaks of, or applications that a line of tenants does, and those that all have.
    fn inner(&self, kind: usize, homes: &[usize], e: usize, cluster: Option<usize>) -> Result<Inner, Wrong> {
        // What each says of it: defaults first, then the line, farthest first.
        let mut own: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for home in std::iter::once(Home::All).chain(homes.iter().copied().map(Home::Of)) {
            for (at, one) in self.things.iter().enumerate().filter(|(_, one)| one.kind == kind && one.within == Some(home)) {
                own.entry(&one.name).or_default().push(at);
            }
        }
        let mut result = Vec::new();
        for (name, fragments) in &own {
            let is_common = |at: &usize| self.things[*at].within == Some(Home::All);
            // A node stands for all that the line says of a name, and another one for what defaults say, which is its weakest parent and
            // inherits itself only if the line names no parents; the strongest that names some counts.
            let speaker = |of: &[usize]| of.iter().copied().rev().find(|at| !self.things[*at].parents.is_empty() && !is_common(at));
            let node = |name: &str| own[name].iter().copied().find(|at| !is_common(at)).unwrap_or(own[name][0]);
            let parents = |at: usize| -> Vec<usize> {
                let one = &self.things[at];
                let siblings = own.get(&*one.name).filter(|_| one.within.is_some());
                let speaker = siblings.and_then(|all| speaker(all));
                let common = siblings.and_then(|all| all.iter().copied().find(is_common)).filter(|common| *common != at);
                let says = if siblings.is_some() && !(is_common(&at) && speaker.is_none()) {
                    speaker.filter(|_| !is_common(&at))
                } else {
                    Some(at)
                };
                let named = says.map_or(&[][..], |at| &self.things[at].parents);
                let top = |name: &String| self.things.iter().position(|top| top.within.is_none() && top.kind == kind && top.name == *name);
                let sibling = |name: &String| own.get(&**name).filter(|_| one.within.is_some() && *name != one.name).map(|_| node(name));
                common.into_iter().chain(named.iter().map(|name| sibling(name).or_else(|| top(name)).unwrap())).collect()
            };
            let at = speaker(fragments).unwrap_or(fragments[0]);
            let wrong = Wrong { fault: Fault::Parents, layer: Layer::Said(at, BODY), keys: Vec::new() };
            let line = line(node(name), &parents).ok_or(wrong)?;
            let line: Vec<usize> = line
                .into_iter()
                .flat_map(|at| match self.things[at].within {
                    Some(Home::Of(_)) => own[&*self.things[at].name].iter().copied().filter(|at| !is_common(at)).collect(),
                    Some(Home::All) | None => vec![at],
                })
                .collect();
            // The last word counts.
            let places = places(&chain(e, |at| self.environments[at].parent), cluster);
            let words = fragments.iter().flat_map(|at| places.iter().filter_map(|place| self.things[*at].layers.get(place)));
            if words.last().is_some_and(Option::is_some) {
                result.push(((*name).to_owned(), self.fields(&line, fragments, e, cluster)?));
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

    /// All fields of a thing, merged along a line; what is not its own is without what concerns only the one that says it.
    fn fields(&self, line: &[usize], own: &[usize], e: usize, cluster: Option<usize>) -> Result<Map<String, Value>, Wrong> {
        let kind = self.things[own[0]].kind;
        let chain = chain(e, |at| self.environments[at].parent);
        let mut layers = vec![Layer::Defaults(None, kind)];
        layers.extend(chain.iter().map(|e| Layer::Defaults(Some(*e), kind)));
        for ancestor in line {
            layers.extend(places(&chain, cluster).into_iter().map(|place| Layer::Said(*ancestor, place)));
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
                        if own.contains(at) {
                            state = ground.clone();
                        }
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
            let Some(mut said) = said.cloned() else { continue };
            if matches!(&layer, Layer::Said(at, _) if !own.contains(at)) {
                said.retain(|field, _| !["enabled", "description"].contains(&field.as_str()));
            }
            state.apply(&said).map_err(|(fault, keys)| Wrong { fault, layer, keys })?;
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
            let tenant = name.split_once('/').map(|(tenant, _)| tenant);
            let find = |of: usize, name: &str| {
                let nowhere = ["infrastructure", "clusters"].contains(&KINDS[of].0).then_some(None);
                let mut places = nowhere.into_iter().chain(sees.filter(|_| KINDS[of].0 != "clusters").map(Some));
                places.find_map(|on| known.iter().find(|key| **key == (of, name, on)).copied())
            };
            let address = |text: &str| match text.split('.').collect::<Vec<_>>()[..] {
                [plural, name] => find(kind(plural), name),
                ["tenants", tenant, plural, name] => find(kind(plural), &format!("{tenant}/{name}")),
                _ => panic!("{text} is no address"),
            };
            // A thing of the same kind, of an application one of the same tenant.
            let beside = |name: &str| match tenant {
                Some(tenant) => find(*of, &format!("{tenant}/{name}")),
                None => find(*of, name),
            };
            let mut line = |cause: &str, to: (usize, &str, Option<&str>)| {
                if from != to {
                    lines.insert(format!("{environment} {} {cause} {}", called(from), called(to)));
                }
            };
            let around = [on.as_deref().map(|on| (kind("clusters"), on)), tenant.map(|tenant| (kind("tenants"), tenant))];
            let mut first: Vec<_> = around.into_iter().flatten().map(|(of, name)| find(of, name).unwrap()).collect();
            first.iter().for_each(|to| line("Containment", *to));
            let needs = fields.get("dependsOn").and_then(Value::as_array).into_iter().flatten().map(|name| name.as_str().unwrap());
            for need in needs {
                let to = if need.contains('.') { address(need) } else { beside(need).or_else(|| find(kind("services"), need)) };
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
}

/// The kind of what stands under things of a kind.
fn inner_of(of: usize) -> Option<usize> {
    match KINDS[of].0 {
        "clusters" => Some(kind("nodePools")),
        "tenants" => Some(kind("applications")),
        _ => None,
    }
}

/// The body and all overlays for an environment and a cluster, weakest first.
pub(super) fn places(chain: &[usize], cluster: Option<usize>) -> Vec<Where> {
    let mut places = vec![BODY];
    for cluster in std::iter::once(None).chain(cluster.map(Some)) {
        let environments = cluster.map(|_| None).into_iter().chain(chain.iter().map(|e| Some(*e)));
        places.extend(environments.flat_map(|e| [false, true].map(|own| (e, cluster, own))));
    }
    places
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
    let installed = |(kind, _, on): Key<'_>| {
        ["services", "tenants", "applications"].contains(&KINDS[kind].0) || (KINDS[kind].0 == "infrastructure" && on.is_some())
    };
    if !installed(of) {
        return 0;
    }
    orders[&of].iter().filter(|to| installed(**to)).map(|to| wave(*to, orders) + 1).max().unwrap_or(0)
}
