//! What is written under a thing without a class, where others are made, and can only mean one of those: a name that nobody makes. In comes what it
//! came to, out goes one report that names what is made, in place of all that it lacks as a thing of its own.

use super::super::errors::{self, Unmade};
use super::super::inner::InnerLine;
use super::{Assembly, Home};
use crate::definition::{Class, Definition, making};
use crate::name::{Kind, address, nearest};
use crate::schema::{Choosing, Field};
use crate::span::Span;
use crate::subject::Thing;
use crate::value::{Map, Value};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Assembly<'_> {
    /// Whether what is written under a thing means something that is made, of which nobody has heard; that is told. It does if none of what it
    /// says is a field of its class, or if it lacks what that asks for, and says nothing of it or has nearly the name of what is made.
    /// Where nothing is made, an application that says no class and nothing of what the class of all asks for means another class.
    pub(super) fn means_what_is_made(
        &mut self,
        inner: &InnerLine<'_>,
        home: &Home<'_>,
        class: &Class,
        value: &Value,
        thing: &Arc<Thing>,
    ) -> bool {
        let (Some(last), Some(record)) = (inner.own.last(), class.type_.record()) else { return false };
        if !inner.chooses_none() || !class.sound {
            return false;
        }
        let made = self.made_names(inner, home);
        let condition = self.condition_of(inner, home, &last.name.name);
        let is_made_here = !made.is_empty() || condition.is_some();
        let is_of_all = inner.kind == Kind::Application && *class.name.name == *inner.kind.singular();
        if !is_of_all && !is_made_here {
            return false;
        }
        let said = said(&inner.line);
        let own: Vec<&str> = said.iter().copied().filter(|name| !self.definitions.language.has(inner.kind, name)).collect();
        let required = record.fields().iter().filter(|field| field.type_.resolved().markers.required).map(|field| &field.name);
        let needed: Vec<Vec<Arc<str>>> = required
            .map(|name| vec![Arc::clone(name)])
            .chain(record.choices().iter().filter(|choice| choice.choosing == Choosing::ExactlyOne).map(|choice| choice.members.clone()))
            .collect();
        let lacking: Vec<&Vec<Arc<str>>> = needed.iter().filter(|one| one.iter().all(|name| value.get(name).is_none())).collect();
        let says_needed = needed.iter().flatten().any(|name| said.contains(&**name));
        let is_foreign = !own.is_empty() && own.iter().all(|name| record.get(name).is_none());
        let is_near = nearest(&last.name.name, made.iter().map(|name| &**name)).is_some();
        let is_misspelt = |name: &&str| {
            let is_alias = |field: &Field| field.type_.resolved().markers.aliases.iter().any(|alias| **alias == **name);
            nearest(name, needed.iter().flatten().map(|name| &**name)).is_some() || record.fields().iter().any(is_alias)
        };
        let is_meant = match is_made_here {
            true => is_foreign || (!lacking.is_empty() && (!says_needed || is_near)),
            false => !lacking.is_empty() && !says_needed && !own.iter().any(is_misspelt),
        };
        if !is_meant {
            return false;
        }
        let could = |other: &Arc<Class>| other.kind == inner.kind && !other.is_abstract && !other.is_hidden && other.full != class.full;
        let has = |other: &Arc<Class>, name: &str| other.type_.record().is_some_and(|record| record.get(name).is_some());
        let fits = |other: &&Arc<Class>| could(other) && own.iter().all(|name| has(other, name));
        let alike = self.definitions.classes.iter().filter(|other| could(other)).map(|other| {
            let (has, lacks): (Vec<&str>, Vec<&str>) = own.iter().partition(|name| has(other, name));
            (has.len(), Reverse(&*other.name.name), lacks)
        });
        let alike = alike.max().filter(|(has, _, lacks)| *has > 0 && !lacks.is_empty());
        let classes: BTreeSet<&str> = self.definitions.classes.iter().filter(fits).map(|class| &*class.name.name).collect();
        let lacking: Vec<String> = lacking.into_iter().map(|names| words(names)).collect();
        let siblings = self.lines.inner(home.definition).iter().filter(|one| one.is_spoken() && !one.chooses_none());
        let siblings = siblings.filter_map(|one| one.own.last());
        let known = made.iter().map(|name| &**name).chain(siblings.map(|own| &*own.name.name));
        let parents = inner.own.iter().rev().find(|one| !one.parents.is_empty()).map_or(&[][..], |one| one.parents.as_slice());
        let unmade = Unmade {
            parent: parents.iter().map(|parent| &*parent.name).find(|parent| made.iter().any(|name| **name == **parent)),
            made: &made.iter().map(|name| &**name).collect::<Vec<_>>(),
            is_written: &|name| {
                self.lines.inner(home.definition).iter().any(|one| one.own.last().is_some_and(|own| *own.name.name == *name))
            },
            near: nearest(&last.name.name, known.filter(|name| **name != *last.name.name)),
            condition,
            known: &self.definitions.library.iter().filter(|(kind, _)| *kind == inner.kind).map(|(_, name)| &**name).collect::<Vec<_>>(),
            alike: alike.as_ref().map(|(_, name, lacks)| (name.0, lacks.as_slice())),
            classes: &classes.into_iter().collect::<Vec<_>>(),
            class: &class.name.name,
            fits: !own.is_empty() && own.iter().all(|name| record.get(name).is_some()),
            lacking: &lacking,
        };
        let home = (home.definition.kind, &*home.definition.name.name);
        let diagnostic = match is_made_here {
            true => errors::inner_made_by_nobody(last, home, &unmade, thing),
            false => errors::inner_of_no_class(last, &unmade, &own, thing),
        };
        self.diagnostics.push(diagnostic);
        self.made.unmade.insert(Arc::clone(&inner.address));
        true
    }

    /// Names of what is made under a thing, in any environment.
    fn made_names(&self, inner: &InnerLine<'_>, home: &Home<'_>) -> Vec<Arc<str>> {
        let before: Arc<str> = format!("{}.{}.", address(home.definition.kind, &home.definition.name.name), inner.kind.plural()).into();
        let from = self.made.addresses.range(Arc::clone(&before)..);
        from.map_while(|(address, _)| address.strip_prefix(&*before).map(Arc::from)).collect()
    }

    /// The condition under which the class of a thing makes something of a name, and which holds nowhere.
    fn condition_of(&self, inner: &InnerLine<'_>, home: &Home<'_>, name: &str) -> Option<Span> {
        let mut made = making::entries(home.class).filter(|(kind, _)| *kind == inner.kind);
        let entry = made.find(|(_, entry)| entry.template.is_none() && *entry.key == *name)?.1;
        Some(entry.value.as_map()?.entry("$if")?.value.origin.span)
    }
}

/// All fields of which a line says anything.
fn said<'a>(line: &[&'a Definition]) -> BTreeSet<&'a str> {
    let bodies = line.iter().filter_map(|one| one.body.as_ref());
    let overlays = line.iter().flat_map(|one| &one.overlays).map(|overlay| &overlay.layered);
    let maps = bodies.chain(overlays).filter_map(|layered| layered.value.as_map());
    maps.flat_map(Map::entries).map(|entry| &*entry.key).collect()
}

fn words(names: &[Arc<str>]) -> String {
    match names {
        [one] => format!("`{one}`"),
        several => format!("one of {}", several.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    }
}
