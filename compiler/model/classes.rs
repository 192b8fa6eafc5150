//! Which class a thing has: what it says or inherits; else, for a service, the class of its own name; else what `defaults` of its environment or
//! of the platform say for its kind; else what all of its kind have. Classes themselves are made elsewhere.

use super::errors;
use super::inner::InnerLine;
use crate::definition::{Class, Definition, Definitions, deprecated_class};
use crate::diagnostic::Diagnostics;
use crate::name::Kind;
use crate::origin::{LayerId, Origin};
use crate::span::Span;
use crate::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A class with its position among the definitions.
pub(super) type ClassAt<'a> = (usize, &'a Class);

/// A class that a thing has.
#[derive(Clone, Copy)]
pub(super) struct FoundClass<'a> {
    /// Its position among the definitions.
    pub(super) at: usize,
    pub(super) class: &'a Class,
    /// Where it is said that the thing has it.
    pub(super) said: Origin,
}

impl<'a> FoundClass<'a> {
    /// One that is found by its name, at some place.
    fn new((at, class): ClassAt<'a>, said: Origin) -> Self {
        Self { at, class, said }
    }

    /// Its name, as a value from where it is said.
    pub(super) fn value(&self) -> Value {
        Value::string(Arc::clone(&self.class.name.name), self.said)
    }
}

/// What the line of a thing says about its class.
#[derive(Clone, Copy)]
pub(super) enum Choice<'a> {
    /// It has this one; none if there is no such class, which was reported.
    Said(Option<FoundClass<'a>>),
    /// Nothing, so it has that of its kind.
    Open,
}

/// The classes of kinds.
pub(super) struct Classes<'a> {
    definitions: &'a Definitions,
    /// By kind and environment, none for the platform; no class if there is none of that name, which was reported.
    common: BTreeMap<(Kind, Option<Arc<str>>), Option<FoundClass<'a>>>,
    /// The lines of all environments that exist; that of the platform alone if there are none.
    environments: Vec<Vec<Arc<str>>>,
}

impl<'a> Classes<'a> {
    pub(super) fn new(definitions: &'a Definitions, environments: Vec<Vec<Arc<str>>>, diagnostics: &mut Diagnostics) -> Self {
        let mut common = BTreeMap::new();
        for one in &definitions.common.classes {
            let found = definitions.class(one.kind, &one.class.name);
            match found {
                None => diagnostics.push(errors::unknown_class(one.kind, &one.class, definitions)),
                Some((_, class)) if class.is_abstract => diagnostics.push(errors::abstract_class(class, one.class.span)),
                Some((_, class)) => warn(class, one.class.span, diagnostics),
            }
            let said = Origin { span: one.class.span, layer: one.layer };
            let found = found.filter(|(_, class)| !class.is_abstract).map(|found| FoundClass::new(found, said));
            common.insert((one.kind, one.environment.clone()), found);
        }
        let environments = if environments.is_empty() { vec![Vec::new()] } else { environments };
        Self { definitions, common, environments }
    }

    /// What a line says, or for a service its name.
    pub(super) fn choice(&self, kind: Kind, line: &[&'a Definition], is_abstract: bool, diagnostics: &mut Diagnostics) -> Choice<'a> {
        if let Some((ancestor, named)) = line.iter().rev().find_map(|ancestor| Some((ancestor, ancestor.class.as_ref()?))) {
            let found = self.definitions.class(kind, &named.name);
            return Choice::Said(match found {
                None => {
                    diagnostics.push(errors::unknown_class(kind, named, self.definitions));
                    None
                }
                Some((_, class)) if class.is_abstract && !is_abstract => {
                    diagnostics.push(errors::abstract_class(class, named.span));
                    None
                }
                Some((at, class)) => {
                    warn(class, named.span, diagnostics);
                    Some(FoundClass::new((at, class), Origin { span: named.span, layer: ancestor.layer() }))
                }
            });
        }
        // What inherits from a service of the library is one, whatever it is called.
        let names = line.iter().rev().filter(|_| kind == Kind::Service);
        let mut named = names.filter_map(|one| Some((one, self.definitions.class(kind, &one.name.name)?)));
        let Some((one, found)) = named.find(|(_, (_, class))| !class.is_abstract) else { return Choice::Open };
        warn(found.1, one.name.span, diagnostics);
        Choice::Said(Some(FoundClass::new(found, Origin { span: one.name.span, layer: one.layer() })))
    }

    /// The class that a choice comes to in an environment with this line.
    pub(super) fn of(&self, kind: Kind, choice: &Choice<'a>, environment: &[Arc<str>]) -> Option<FoundClass<'a>> {
        match choice {
            Choice::Said(class) => *class,
            Choice::Open => self.common(kind, environment),
        }
    }

    /// The class of things of a kind that choose none.
    fn common(&self, kind: Kind, environment: &[Arc<str>]) -> Option<FoundClass<'a>> {
        let places = environment.iter().rev().map(|name| Some(Arc::clone(name))).chain([None]);
        let mut said = places.filter_map(|place| self.common.get(&(kind, place)));
        said.next().copied().unwrap_or_else(|| match kind {
            Kind::Tenant | Kind::Application => {
                let found = self.definitions.class(kind, kind.singular()).filter(|(_, class)| !class.is_abstract)?;
                Some(FoundClass::new(found, Origin { span: found.1.name.span, layer: found.1.value.origin.layer }))
            }
            Kind::Cluster | Kind::NodePool | Kind::Service | Kind::Infrastructure => None,
        })
    }

    /// The same as it is among these definitions.
    pub(super) fn at(&self, found: FoundClass<'_>) -> Option<FoundClass<'a>> {
        let class = self.definitions.classes.get(found.at)?;
        Some(FoundClass::new((found.at, class), found.said))
    }

    /// The class that the class of a thing gives to what stands under it.
    pub(super) fn of_home(&self, inner: &InnerLine<'_>, home: &Class) -> Option<FoundClass<'a>> {
        let named = home.node_pool_class.as_ref().filter(|_| inner.kind == Kind::NodePool && inner.chooses_none())?;
        let said = home.value.get("nodePoolClass").map_or(LayerId::COMPUTED, |said| said.origin.layer);
        Some(FoundClass::new(self.definitions.class(Kind::NodePool, &named.name)?, Origin { span: named.span, layer: said }))
    }

    /// Whether there is a class for things of a kind that choose none, in every environment; or it was reported that there is none.
    pub(super) fn is_there(&self, kind: Kind) -> bool {
        self.environments.iter().all(|environment| {
            let mut places = environment.iter().map(|name| Some(Arc::clone(name))).chain([None]);
            places.any(|place| self.common.contains_key(&(kind, place))) || self.common(kind, environment).is_some()
        })
    }

    /// What a thing has in each environment, each class once.
    pub(super) fn all(&self, of: impl Fn(&[Arc<str>]) -> Option<FoundClass<'a>>) -> Vec<ClassAt<'a>> {
        let mut all: Vec<ClassAt<'a>> = Vec::new();
        for found in self.environments.iter().filter_map(|environment| of(environment)) {
            if !all.iter().any(|(known, _)| *known == found.at) {
                all.push((found.at, found.class));
            }
        }
        all
    }
}

/// Tells whoever names a class that will go away.
fn warn(class: &Class, place: Span, diagnostics: &mut Diagnostics) {
    if let Some(instead) = &class.deprecated {
        diagnostics.push(deprecated_class(class.kind, &class.name.name, instead, place));
    }
}
