//! Data leaves by its own word: of two random states of one platform, what the second would lose of the first is told, and nothing else is. The
//! naive reading knows no layers and no model: it asks of each place in the first state whether the second has it, or says what becomes of it.

use super::generate::Bytes;
use super::law_of;
use crate::support::Project;
use platc::diagnostic::Severity;
use platc::kept::Kept;
use platc::name::Kind;
use platc::{Compiler, Options};
use std::collections::BTreeSet;
use std::fmt::Write as _;

const ENVIRONMENTS: [&str; 2] = ["apps", "ops"];
const CLUSTERS: [&str; 2] = ["gc0", "gc1"];

/// What a platform says about one thing, or about a cluster.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Saying {
    Here,
    Gone,
    False,
    Forget,
    /// The same two words by an expression.
    FalseByExpression,
    ForgetByExpression,
    /// In the overlay of `ops` only.
    FalseInOps,
    ForgetInOps,
    OnlyInApps,
    NotInApps,
    /// Of tenants: on the first cluster only.
    Placed,
    Abstract,
    /// Under another name, with its identity.
    Renamed,
    /// Under another name, without.
    Other,
}

use Saying::*;

const SAYINGS: [Saying; 14] = [
    Here,
    Gone,
    False,
    Forget,
    FalseByExpression,
    ForgetByExpression,
    FalseInOps,
    ForgetInOps,
    OnlyInApps,
    NotInApps,
    Placed,
    Abstract,
    Renamed,
    Other,
];

/// A state of the platform.
#[derive(Clone, Debug)]
struct Platform {
    has_ops: bool,
    /// Of each cluster: `Here`, `False` or `OnlyInApps`.
    clusters: [Saying; 2],
    buckets: [Saying; 2],
    tenants: [Saying; 2],
}

impl Platform {
    fn random(bytes: &mut Bytes) -> Self {
        // Most is there, or two states would have nothing in common.
        let mut saying = |calm: u8| {
            let at = usize::from(bytes.below(u8::try_from(SAYINGS.len()).unwrap() + calm));
            SAYINGS.get(at).copied().unwrap_or(Here)
        };
        let (buckets, tenants) = ([saying(14), saying(14)], [saying(14), saying(14)]);
        let mut cluster = || [Here, Here, Here, Here, False, OnlyInApps][usize::from(bytes.below(6))];
        let clusters = [cluster(), cluster()];
        Self { has_ops: bytes.below(8) > 0, clusters, buckets, tenants }
    }

    fn project(&self) -> Project {
        let ops = if self.has_ops { ", ops: {inherits: apps}" } else { "" };
        let mut text = format!(
            "platform: {{name: acme, domain: infra.example.com, repository: {{url: https://git.example.com/a.git}}, constants: {{no: false, forget: forget}}}}\nenvironments: {{apps: {{}}{ops}}}\n"
        );
        text.push_str(
            "classes:\n  cluster: {k: {}}\n  tenant: {t: {data: true, manifests: {space: {apiVersion: v1, kind: Namespace, metadata: {name: \"${self.name}\"}}}}}\n  infrastructure: {b: {data: true, terraform: {resource: {terraform_data: {\"${self.name}\": {input: x}}}}}}\n",
        );
        text.push_str("clusters:\n");
        for (name, saying) in CLUSTERS.iter().zip(self.clusters) {
            writeln!(text, "  {name}: {{class: k{}}}", fields(saying, self.has_ops, name)).unwrap();
        }
        for (plural, class, sayings) in [("infrastructure", "b", self.buckets), ("tenants", "t", self.tenants)] {
            writeln!(text, "{plural}:\n  extra-{class}: {{class: {class}}}").unwrap();
            for (at, saying) in sayings.into_iter().enumerate() {
                let name = format!("{class}{at}");
                let written = if matches!(saying, Renamed | Other) { format!("new-{name}") } else { name.clone() };
                if saying != Gone {
                    writeln!(text, "  {written}: {{class: {class}{}}}", fields(saying, self.has_ops, &name)).unwrap();
                }
                if saying == Abstract {
                    writeln!(text, "  heir-{name}: {{inherits: {name}}}").unwrap();
                }
            }
        }
        Project { files: [("platform.yaml".to_owned(), text)].into() }
    }

    fn environments(&self) -> &'static [&'static str] {
        if self.has_ops { &ENVIRONMENTS } else { &ENVIRONMENTS[..1] }
    }

    /// Whether there is such a cluster in an environment, disabled or not.
    fn knows(&self, environment: &str, cluster: usize) -> bool {
        self.environments().contains(&environment) && !(self.clusters[cluster] == OnlyInApps && environment == "ops")
    }

    /// Whether there is something of an identity, and whether it says itself what becomes of it.
    fn look(&self, environment: &str, kind: Kind, cluster: Option<usize>, at: usize) -> (bool, bool) {
        let saying = if kind == Kind::Tenant { self.tenants[at] } else { self.buckets[at] };
        let around = cluster.is_none_or(|cluster| self.knows(environment, cluster)) && self.environments().contains(&environment);
        let is_up = cluster.is_none_or(|cluster| self.clusters[cluster] != False);
        let ops = environment == "ops";
        let (here, word) = match saying {
            Here | Renamed => (true, false),
            Gone | Abstract | Other => (false, false),
            False | Forget | FalseByExpression | ForgetByExpression => (false, true),
            FalseInOps | ForgetInOps => (!ops, ops),
            OnlyInApps => (!ops, false),
            NotInApps => (ops, false),
            Placed => (cluster.is_none_or(|cluster| cluster == 0), false),
        };
        (here && around && is_up, word && around)
    }
}

/// What a saying is in a definition.
fn fields(saying: Saying, has_ops: bool, identity: &str) -> String {
    match saying {
        Here | Gone | Other => String::new(),
        False => ", enabled: false".to_owned(),
        Forget => ", enabled: forget".to_owned(),
        FalseByExpression => ", enabled: \"${platform.constants.no}\"".to_owned(),
        ForgetByExpression => ", enabled: \"${platform.constants.forget}\"".to_owned(),
        FalseInOps if has_ops => ", environments: {ops: {enabled: false}}".to_owned(),
        ForgetInOps if has_ops => ", environments: {ops: {enabled: forget}}".to_owned(),
        FalseInOps | ForgetInOps => String::new(),
        OnlyInApps => ", onlyIn: [apps]".to_owned(),
        NotInApps => ", notIn: [apps]".to_owned(),
        Placed if identity.starts_with('t') => ", placement: [gc0]".to_owned(),
        Placed => String::new(),
        Abstract => ", abstract: true".to_owned(),
        Renamed => format!(", identity: {identity}"),
    }
}

/// What would be remembered of a state, and what the next one says of what was remembered.
fn kept(platform: &Platform, before: &BTreeSet<Kept>) -> Result<Result<BTreeSet<Kept>, Vec<String>>, String> {
    let project = platform.project();
    let mut compiler = Compiler::default();
    let mut compilation = compiler.compile(&project.system(), &Options::default());
    let errors = |compilation: &platc::Compilation| {
        let said = compilation.diagnostics.sorted(&compilation.sources);
        said.into_iter()
            .filter(|one| one.severity == Severity::Error)
            .map(|one| format!("{} [{}]", one.message, one.notes.join("; ")))
            .collect::<Vec<_>>()
    };
    let wrong = errors(&compilation);
    if !wrong.is_empty() {
        return Err(format!("{wrong:?}\n{}", project.text()));
    }
    let kept = compiler.keep(&mut compilation, (before, &BTreeSet::new()), None);
    let wrong = errors(&compilation);
    Ok(if wrong.is_empty() { Ok(kept) } else { Err(wrong) })
}

#[test]
fn nothing_is_lost_without_a_word() {
    law_of(400, 60, |bytes| {
        let (first, second) = (Platform::random(bytes), Platform::random(bytes));
        let before = kept(&first, &BTreeSet::new())?.map_err(|wrong| format!("an empty index has lost {wrong:?}"))?;
        let mut lost = BTreeSet::new();
        let mut remembered = 0;
        for environment in ENVIRONMENTS {
            for at in 0..2 {
                let places = [(Kind::Infrastructure, None), (Kind::Tenant, Some(0)), (Kind::Tenant, Some(1))];
                for (kind, cluster) in places {
                    let identity = format!("{}{at}", if kind == Kind::Tenant { "t" } else { "b" });
                    let cluster_name = cluster.map(|cluster: usize| CLUSTERS[cluster].to_owned());
                    let is_remembered = before.iter().any(|kept| {
                        kept.place.kind == kind
                            && kept.place.environment == environment
                            && kept.place.cluster == cluster_name
                            && kept.place.identity == identity
                    });
                    let (was_here, _) = first.look(environment, kind, cluster, at);
                    if was_here != is_remembered {
                        return Err(format!(
                            "{environment} {cluster_name:?} {identity}: remembered {is_remembered}, there {was_here}\n{}",
                            first.project().text()
                        ));
                    }
                    remembered += usize::from(was_here);
                    let (is_here, has_word) = second.look(environment, kind, cluster, at);
                    if was_here && !is_here && !has_word {
                        lost.insert((
                            kind.words(),
                            identity,
                            match cluster_name {
                                Some(cluster) => format!("`{environment}` on `{cluster}`"),
                                None => format!("`{environment}`"),
                            },
                        ));
                    }
                }
            }
        }
        let texts = || format!("{:?}\n{}\n{}", (remembered, &first, &second), first.project().text(), second.project().text());
        match kept(&second, &before)? {
            // The things that are everywhere may be lost with an environment or a cluster.
            Err(wrong) => {
                let told = |(kind, identity, place): &(&str, String, String)| {
                    wrong.iter().any(|message| message.starts_with(&format!("{kind} `{identity}`")) && message.contains(place))
                };
                if let Some(untold) = lost.iter().find(|lost| !told(lost)) {
                    return Err(format!("{untold:?} is not told of\n{wrong:#?}\n{}", texts()));
                }
                let of_extras = |message: &&String| message.contains("`extra-") || message.contains("`heir-") || message.contains("`new-");
                let others: Vec<&String> = wrong.iter().filter(|message| !of_extras(message)).collect();
                let known = |message: &str| lost.iter().any(|(kind, identity, _)| message.starts_with(&format!("{kind} `{identity}`")));
                if let Some(invented) = others.into_iter().find(|message| !known(message)) {
                    return Err(format!("nothing is lost by {invented}\n{lost:?}\n{}", texts()));
                }
            }
            Ok(after) => {
                if !lost.is_empty() {
                    return Err(format!("{lost:?} are lost without a word\n{}", texts()));
                }
                // What is remembered now is what a first build remembers, and nothing is said of it again.
                let fresh = kept(&second, &BTreeSet::new())?.unwrap_or_default();
                if after != fresh || kept(&second, &after)? != Ok(fresh) {
                    return Err(format!("remembers {after:?}\n{}", texts()));
                }
            }
        }
        Ok(())
    });
}
