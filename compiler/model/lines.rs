//! Lines of ancestors of all definitions, with the class each ends up with; and what stands under definitions, with its lines.

use super::classes::{Choice, ClassAt, Classes, FoundClass};
use super::inner::{self, InnerLine};
use super::{errors, teams};
use crate::definition::{Class, Definition, Definitions};
use crate::diagnostic::Diagnostics;
use crate::inheritance::{Parent, line};
use crate::name::Kind;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Lines by address.
pub(super) struct Lines<'a> {
    /// As they are written; what heirs see of an ancestor may be less.
    lines: BTreeMap<Arc<str>, Vec<&'a Definition>>,
    choices: BTreeMap<Arc<str>, Choice<'a>>,
    classes: Classes<'a>,
    inner: BTreeMap<Arc<str>, Vec<InnerLine<'a>>>,
    /// Definitions without a class, whose name somebody may make.
    open: Vec<&'a Definition>,
    /// Definitions of which an ancestor is missing.
    broken: BTreeSet<Arc<str>>,
}

impl<'a> Lines<'a> {
    /// Those of all definitions; `environments` are the lines of those that exist. No more stand under definitions than there may be `most`
    /// things.
    pub(super) fn new(definitions: &'a Definitions, environments: Vec<Vec<Arc<str>>>, most: usize, diagnostics: &mut Diagnostics) -> Self {
        let mut result = Self {
            lines: BTreeMap::new(),
            choices: BTreeMap::new(),
            classes: Classes::new(definitions, environments, diagnostics),
            inner: BTreeMap::new(),
            open: Vec::new(),
            broken: BTreeSet::new(),
        };
        // Who is inherited by somebody.
        let mut inherited: BTreeSet<Arc<str>> = BTreeSet::new();
        for kind in Kind::ALL {
            let all: Vec<&Definition> = definitions.of_kind(kind).collect();
            let names: Vec<Arc<str>> = all.iter().map(|definition| Arc::clone(&definition.name.name)).collect();
            let mut places: BTreeMap<&str, usize> = BTreeMap::new();
            for (at, name) in names.iter().enumerate() {
                places.entry(name).or_insert(at);
            }
            let parents: Vec<Vec<Parent>> =
                all.iter().map(|definition| parents(definition, &names, &places, definitions, diagnostics)).collect();
            let named = parents.iter().flatten().filter_map(|parent| all.get(parent.index));
            inherited.extend(named.map(|parent| Arc::clone(&parent.address)));
            let (lines, broken, faults) = line(kind.words(), &names, &parents);
            for fault in faults {
                diagnostics.push(fault);
            }
            let lost = |at: usize| all.get(at).zip(parents.get(at)).is_some_and(|(one, found)| found.len() < one.parents.len());
            for (at, (definition, line)) in all.iter().zip(lines).enumerate() {
                let is_broken = broken.contains(&at) || line.iter().any(|at| lost(*at));
                let line: Vec<&Definition> = line.into_iter().filter_map(|at| all.get(at).copied()).collect();
                let address = || Arc::clone(&definition.address);
                if is_broken {
                    result.broken.insert(address());
                } else if kind.home().is_none() {
                    let choice = result.classes.choice(kind, &line, definition.is_abstract, diagnostics);
                    if matches!(choice, Choice::Open) && !definition.is_abstract && !result.classes.is_there(kind) {
                        if definitions.may_make(kind) {
                            result.open.push(definition);
                        } else {
                            diagnostics.push(errors::missing_class(definition, definitions));
                        }
                    }
                    result.choices.insert(address(), choice);
                }
                result.lines.insert(address(), line);
            }
        }
        let mut left = most;
        for home in definitions.definitions.iter().filter(|definition| definition.kind.inner().is_some()) {
            let inner = inner::of(home, &result, definitions, diagnostics);
            teams::check_given(home, &inner, definitions, diagnostics);
            let Some(less) = left.checked_sub(inner.len()) else {
                diagnostics.push(errors::too_many_things(home.name.span, most));
                break;
            };
            left = less;
            let bases = inner.iter().flat_map(|one| &one.line).filter(|one| result.lines.contains_key(&one.address));
            inherited.extend(bases.map(|base| Arc::clone(&base.address)));
            result.inner.insert(Arc::clone(&home.address), inner);
        }
        let bases = definitions.definitions.iter().filter(|definition| definition.kind.home().is_some() && !definition.is_abstract);
        for base in bases.filter(|base| !inherited.contains(&base.address)) {
            diagnostics.push(errors::base_without_heirs(base));
        }
        result
    }

    /// The line of a definition, farthest ancestor first, itself last; of its ancestors what it has from them.
    pub(super) fn definition(&self, definition: &'a Definition) -> Vec<&'a Definition> {
        let line = self.lines.get(&definition.address).map_or(&[][..], Vec::as_slice);
        let ancestors = line.split_last().map_or(&[][..], |(_, ancestors)| ancestors);
        ancestors.iter().map(|ancestor| ancestor.handed_on()).chain([definition]).collect()
    }

    /// The same, as it is written.
    pub(super) fn written(&self, definition: &'a Definition) -> Vec<&'a Definition> {
        self.lines.get(&definition.address).cloned().unwrap_or_else(|| vec![definition])
    }

    /// The class of a definition in an environment with this line.
    pub(super) fn class(&self, definition: &Definition, environment: &[Arc<str>]) -> Option<FoundClass<'a>> {
        self.classes.of(definition.kind, self.choices.get(&definition.address)?, environment)
    }

    /// The class that the line of a definition says, or that of its own name.
    pub(super) fn said(&self, definition: &Definition, environment: &[Arc<str>]) -> Option<FoundClass<'a>> {
        match self.choices.get(&definition.address)? {
            Choice::Said(_) => self.class(definition, environment),
            Choice::Open => None,
        }
    }

    /// The classes that a definition has in some environment; none of one that is only inherited and leaves it to its heirs.
    pub(super) fn classes(&self, definition: &Definition) -> Vec<ClassAt<'a>> {
        match self.choices.get(&definition.address) {
            Some(Choice::Open) if definition.is_abstract => Vec::new(),
            Some(choice) => self.classes.all(|environment| self.classes.of(definition.kind, choice, environment)),
            None => Vec::new(),
        }
    }

    /// The class in an environment of what stands under a thing of a class.
    pub(super) fn inner_class(&self, inner: &InnerLine<'_>, home: &Class, environment: &[Arc<str>]) -> Option<FoundClass<'a>> {
        match inner.choice {
            Choice::Said(said) => said.and_then(|found| self.classes.at(found)),
            Choice::Open => self.classes.of(inner.kind, &Choice::Open, environment).or_else(|| self.classes.of_home(inner, home)),
        }
    }

    /// The classes that it has in some environment.
    pub(super) fn inner_classes(&self, inner: &InnerLine<'a>, home: &Definition) -> Vec<ClassAt<'a>> {
        let of = |environment: &[Arc<str>]| {
            let home = self.choices.get(&home.address).and_then(|choice| self.classes.of(home.kind, choice, environment));
            self.classes.of(inner.kind, &inner.choice, environment).or_else(|| self.classes.of_home(inner, home?.class))
        };
        self.classes.all(of)
    }

    /// The choice of a class by a line.
    pub(super) fn choice(&self, kind: Kind, line: &[&'a Definition], diagnostics: &mut Diagnostics) -> Choice<'a> {
        self.classes.choice(kind, line, false, diagnostics)
    }

    /// Whether the line of a definition says its class, or it has that of its own name.
    pub(super) fn says_class(&self, definition: &Definition) -> bool {
        matches!(self.choices.get(&definition.address), Some(Choice::Said(_)))
    }

    /// Definitions without a class, which mean what somebody makes under their names.
    pub(super) fn open(&self) -> &[&'a Definition] {
        &self.open
    }

    /// Whether an ancestor is missing: what the definition says cannot be told, and why was reported.
    pub(super) fn is_broken(&self, definition: &Definition) -> bool {
        self.broken.contains(&definition.address)
    }

    /// What stands under a definition, in written order; what all of its kind have, and what its ancestors have, comes first.
    pub(super) fn inner(&self, home: &Definition) -> &[InnerLine<'a>] {
        self.inner_of(&home.address)
    }

    /// The same by the address of the definition.
    pub(super) fn inner_of(&self, home: &str) -> &[InnerLine<'a>] {
        self.inner.get(home).map_or(&[], Vec::as_slice)
    }
}

fn parents(
    definition: &Definition,
    names: &[Arc<str>],
    places: &BTreeMap<&str, usize>,
    definitions: &Definitions,
    diagnostics: &mut Diagnostics,
) -> Vec<Parent> {
    let mut result = Vec::new();
    for parent in &definition.parents {
        match places.get(&*parent.name).copied() {
            Some(index) => result.push(Parent { index, span: parent.span }),
            None => {
                let known: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
                let elsewhere = Kind::ALL.into_iter().find_map(|kind| definitions.definition(kind, &parent.name));
                diagnostics.push(errors::unknown_parent(
                    definition.kind.plural(),
                    definition.kind.words(),
                    &definition.name.name,
                    parent,
                    &known,
                    elsewhere,
                ));
            }
        }
    }
    result
}
