//! Identities as they are written: what may be one, which there are, and what is compared with a name that none of them is. Nothing is
//! resolved here; whether two things of one environment have the same is told when it is known what exists.

use super::index::{self, Blocks};
use super::literal::Owner;
use super::lower::Lowering;
use super::scope::KnownTypes;
use super::{Common, Definition, Definitions, Named, check as checks, errors};
use crate::code::Code;
use crate::diagnostic::Diagnostics;
use crate::document::{NodeData, Pair};
use crate::expression::{NamesOf, Target, Ty, TypeScope};
use crate::filename;
use crate::ledger;
use crate::name::Kind;
use crate::source::Sources;
use crate::subject::Subject;
use crate::value::{Data, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Lowering<'_> {
    /// `identity` of a thing with a name; none if it cannot be one, which is reported, or says nothing new.
    pub(super) fn identity(&mut self, owner: Owner, name: &Named, field: &Pair) -> Option<Named> {
        let span = field.value.span;
        if let NodeData::String(scalar) = &field.value.data
            && scalar.map.is_some()
        {
            self.report(errors::not_literal(owner, "identity", span));
            return None;
        }
        let named = self.one_name(&field.value, "identity")?;
        if !index::valid(&named.name) {
            self.report(errors::invalid_identity(owner, &named.name, None, span));
            return None;
        }
        if let Some(flaw) = filename::flaw(&named.name) {
            self.report(errors::invalid_identity(owner, &named.name, Some(&flaw), span));
            return None;
        }
        // A cluster may take back what the one that it inherits from says of a pool, and a tenant of an application.
        let is_inner = matches!(owner, Owner::Definition(kind) if kind.home().is_some());
        if named.name == name.name && !is_inner {
            self.report(errors::needless_identity(&name.name, span));
            return None;
        }
        Some(named)
    }

    /// Whether a field is one that earlier versions had, which is reported with what is written now.
    pub(super) fn is_former(&mut self, field: &Pair, kind: Kind) -> bool {
        let word = super::operator::split(&field.key.text).0;
        if kind == Kind::Application && matches!(&*word, "tenant" | "tenants") {
            let one = match &field.value.data {
                NodeData::String(scalar) if scalar.map.is_none() && word == "tenant" => Some(&*scalar.text),
                NodeData::String(_)
                | NodeData::List(_)
                | NodeData::Null
                | NodeData::Broken
                | NodeData::Bool(_)
                | NodeData::Int(_)
                | NodeData::Float(_)
                | NodeData::Map(_) => None,
            };
            self.report(errors::tenant_of_application(&word, field.key_span, one));
            return true;
        }
        let found = word == "was";
        if found {
            let old = match &field.value.data {
                NodeData::String(scalar) if scalar.map.is_none() => Some(&*scalar.text),
                NodeData::List(items) => items.iter().find_map(|item| match &item.data {
                    NodeData::String(scalar) if scalar.map.is_none() => Some(&*scalar.text),
                    NodeData::String(_)
                    | NodeData::Null
                    | NodeData::Broken
                    | NodeData::Bool(_)
                    | NodeData::Int(_)
                    | NodeData::Float(_)
                    | NodeData::List(_)
                    | NodeData::Map(_) => None,
                }),
                NodeData::String(_)
                | NodeData::Null
                | NodeData::Broken
                | NodeData::Bool(_)
                | NodeData::Int(_)
                | NodeData::Float(_)
                | NodeData::Map(_) => None,
            };
            self.report(errors::was(Owner::Definition(kind), field.key_span, old));
        }
        found
    }
}

/// All identities, by kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identities {
    kinds: BTreeMap<Kind, Arc<NamesOf>>,
    environments: Option<Arc<NamesOf>>,
}

impl Identities {
    /// Those of all definitions that are not only to be inherited.
    pub(super) fn of(blocks: &Blocks, common: &Common) -> Self {
        let mut kinds: BTreeMap<Kind, NamesOf> = BTreeMap::new();
        let mut note = |definition: &Definition| {
            let kind = definition.kind;
            let names = kinds.entry(kind).or_insert_with(|| NamesOf::new(kind.words(), kind.home().unwrap_or(kind).plural()));
            names.add(&definition.name.name, definition.identity.as_ref().map(|identity| &identity.name));
        };
        for definition in &blocks.definitions {
            if !definition.is_abstract && definition.kind.home().is_none() {
                note(definition);
            }
            // What an abstract cluster says of its pools, its heirs have.
            definition.inner.iter().for_each(&mut note);
        }
        common.inner.iter().for_each(&mut note);
        // Of what is made nobody knows yet what it is called.
        let makes = blocks.classes.iter().filter_map(|(_, class)| class.value.get(super::making::SECTION)?.as_map());
        for of in makes.flat_map(crate::value::Map::entries) {
            kinds.retain(|kind, _| *kind.plural() != *of.key);
        }
        let mut environments = NamesOf::new("environment", "environments");
        for environment in blocks.environments.iter().filter(|environment| !environment.is_abstract) {
            environments.add(&environment.name.name, environment.identity.as_ref().map(|identity| &identity.name));
        }
        Self {
            kinds: kinds.into_iter().map(|(kind, names)| (kind, Arc::new(names))).collect(),
            environments: (!environments.known.is_empty()).then(|| Arc::new(environments)),
        }
    }

    /// Whether a thing of a kind is called so.
    pub(crate) fn has(&self, kind: Kind, identity: &str) -> bool {
        self.kinds.get(&kind).is_some_and(|names| names.known.contains(identity))
    }

    /// The type of the name of a thing of a kind: where there is none, nothing is known of it.
    pub(super) fn name(&self, kind: Kind) -> Ty {
        self.kinds.get(&kind).map_or(Ty::String, |names| Ty::Name(Arc::clone(names)))
    }

    /// The type of the name of an environment.
    pub(super) fn environment(&self) -> Ty {
        self.environments.as_ref().map_or(Ty::String, |names| Ty::Name(Arc::clone(names)))
    }
}

/// Reports what expressions of definitions and of the project's classes compare with a name and nothing is called. What else is wrong with
/// them is told when they are evaluated, and of classes when they are loaded.
pub(super) fn check(definitions: &Definitions, sources: &Sources, diagnostics: &mut Diagnostics) {
    let mut walk = IdentityWalk { definitions, sources, scopes: BTreeMap::new(), found: Diagnostics::default(), subject: None };
    if let Some(platform) = &definitions.platform {
        // `naming.pattern` sees what a cluster sees, everything else in it less.
        walk.value(Kind::Cluster, &platform.value);
    }
    let defaults = definitions.environments.iter().flat_map(|environment| &environment.defaults).chain(&definitions.platform_defaults);
    for (kind, layered) in defaults {
        walk.value(*kind, &layered.value);
    }
    for flag in &definitions.flags {
        let plural = flag.address.rsplit('.').nth(1).and_then(Kind::from_plural);
        walk.value(plural.unwrap_or(Kind::Cluster), &flag.value);
    }
    let mut queue: Vec<&Definition> = definitions.common.inner.iter().chain(&definitions.definitions).rev().collect();
    while let Some(definition) = queue.pop() {
        queue.extend(definition.inner.iter().rev());
        walk.subject = definition.address.parse().ok().map(Subject::definition);
        let overlays = definition.overlays.iter().map(|overlay| &overlay.layered);
        for layered in definition.body.iter().chain(overlays) {
            walk.value(definition.kind, &layered.value);
        }
    }
    // What a class says does not depend on what is called how, so it is kept while that changes; a library does not know it.
    // The other faults of the check are told already, so that what they cost is not to be paid again.
    ledger::page(1, || {
        for class in definitions.classes.iter().filter(|class| class.sound && !sources.is_library(class.name.span)) {
            let known = KnownTypes {
                classes: &definitions.classes,
                identities: &definitions.identities,
                capabilities: &definitions.capabilities,
                fragments: Some(&definitions.fragments),
                tables: &definitions.tables,
            };
            checks::class(class, &definitions.language, known, sources, &mut walk.found);
        }
    });
    walk.found.retain(|diagnostic| diagnostic.code == Code::UnknownIdentity);
    diagnostics.append(walk.found);
}

struct IdentityWalk<'a> {
    definitions: &'a Definitions,
    sources: &'a Sources,
    /// What expressions of things of a kind may name, made when the first one compares a name.
    scopes: BTreeMap<Kind, TypeScope>,
    found: Diagnostics,
    subject: Option<Subject>,
}

impl IdentityWalk<'_> {
    fn value(&mut self, kind: Kind, value: &Value) {
        if !value.is_dynamic() {
            return;
        }
        match &value.data {
            // Types of all classes of a kind are many; most expressions compare no name.
            Data::Template(template) if !template.is_broken() && self.sources.text(template.span).contains("name") => {
                let scope = self.scopes.entry(kind).or_insert_with(|| self.definitions.policy_scope(Some(kind)));
                let mut said = Diagnostics::default();
                template.check(scope, Target::Plain, &mut said);
                for fault in said.drain() {
                    self.found.push(match &self.subject {
                        Some(subject) => fault.about(subject.clone()),
                        None => fault,
                    });
                }
            }
            Data::Map(map) => map.entries().iter().for_each(|entry| self.value(kind, &entry.value)),
            Data::List(list) => list.items().iter().for_each(|item| self.value(kind, item)),
            Data::Template(_)
            | Data::Pending(_)
            | Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Late(_)
            | Data::Broken => {}
        }
    }
}
