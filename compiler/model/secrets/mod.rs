//! Which places in the sources hold secrets: what layers say about fields that a class declares `secret`, and what the class itself says
//! about them. It looks at every layer by itself, before any of them meet, so that what is overridden is a secret too.

mod declared;
mod providers;

pub(crate) use providers::is_credential;

use super::Model;
use super::classes::ClassAt;
use super::lines::Lines;
use crate::definition::{Class, Definition, Definitions};
use crate::name::Kind;
use crate::schema::Type;
use crate::secret::{Secrets, argument_value, holds_login};
use crate::source::{Grammar, Sources};
use crate::span::Span;
use crate::value::{Data, Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything that must not be shown.
pub(super) fn collect(definitions: &Definitions, lines: &Lines<'_>, sources: &Sources) -> Secrets {
    let (names, public) = declared::names(definitions);
    let mut search = SecretSearch { sources, secrets: Secrets::named(names), public, holding: BTreeMap::new() };
    search.logins(definitions);
    search.providers(definitions);
    if !search.secrets.names.is_empty() || definitions.classes.iter().any(|class| search.is_faulty(class)) {
        search.classes(definitions);
        search.definitions(definitions, lines);
        search.flags(definitions, lines);
    }
    search.secrets.share(&definitions.aliases);
    search.secrets
}

/// What must not be shown of what is made: of which class it is is known only then.
pub(super) fn of_made(definitions: &Definitions, model: &Model, sources: &Sources) -> Secrets {
    let (names, public) = declared::names(definitions);
    let mut search = SecretSearch { sources, secrets: Secrets::named(names), public, holding: BTreeMap::new() };
    if !search.secrets.names.is_empty() {
        for entity in model.entities.iter().filter(|entity| entity.made.is_some()) {
            if let Some(class) = definitions.classes.get(entity.class.0 as usize) {
                search.value(class, &entity.value);
            }
        }
    }
    search.secrets.share(&definitions.aliases);
    search.secrets
}

struct SecretSearch<'a> {
    sources: &'a Sources,
    /// What was found, and the names of all secret fields.
    secrets: Secrets,
    /// The names of all other fields.
    public: BTreeSet<Arc<str>>,
    /// Which classes declare secrets.
    holding: BTreeMap<Arc<str>, bool>,
}

impl SecretSearch<'_> {
    /// Addresses that everybody would read, with a login in them: that is an error, which must not tell the login.
    fn logins(&mut self, definitions: &Definitions) {
        let platform = definitions.platform.iter().map(|entry| &entry.value);
        let flags = definitions.flags.iter().filter(|flag| &*flag.address == "platform").map(|flag| &flag.value);
        let platform = platform.chain(flags).filter_map(|value| value.at(&["repository", "url"]));
        let homes = definitions.definitions.iter().chain(&definitions.common.inner);
        let applications = homes.flat_map(|one| std::iter::once(one).chain(&one.inner)).filter(|one| one.kind == Kind::Application);
        let applications = applications.flat_map(layers).filter_map(|value| value.get("repository"));
        for address in platform.chain(applications).filter(|address| address.as_str().is_some_and(holds_login)) {
            self.secrets.add(address, self.sources);
        }
    }

    fn classes(&mut self, definitions: &Definitions) {
        for class in &definitions.classes {
            self.declared(class);
            // A declaration that is faulty says nothing any more, so all of them may be secret.
            if self.is_faulty(class) {
                [class.section("schema"), class.section("types")].into_iter().flatten().for_each(|schema| self.doubt(schema));
            }
        }
    }

    fn definitions(&mut self, definitions: &Definitions, lines: &Lines<'_>) {
        let defaults =
            definitions.platform_defaults.iter().chain(definitions.environments.iter().flat_map(|environment| &environment.defaults));
        for (kind, layered) in defaults {
            definitions.classes.iter().filter(|class| class.kind == *kind).for_each(|class| self.value(class, &layered.value));
        }
        let mut seen = BTreeSet::new();
        for definition in &definitions.definitions {
            self.definition(definition, &lines.classes(definition));
            for inner in lines.inner(definition) {
                let classes = lines.inner_classes(inner, definition);
                // What ancestors and defaults say is said of many.
                let key = |own: &Definition| (std::ptr::from_ref(own) as usize, classes.iter().map(|(at, _)| *at).collect::<Vec<_>>());
                let new = inner.own.iter().filter(|own| seen.insert(key(own)));
                new.for_each(|own| self.definition(own, &classes));
            }
        }
        // What all things of a kind have under them may be nowhere, if there is no such thing.
        definitions.common.inner.iter().for_each(|common| self.definition(common, &[]));
    }

    /// What a definition says, which has these classes in some environment; none if that is left to its heirs.
    fn definition(&mut self, definition: &Definition, classes: &[ClassAt<'_>]) {
        let classes = classes.iter().map(|(_, class)| Some(*class)).chain(classes.is_empty().then_some(None));
        for (class, value) in classes.flat_map(|class| layers(definition).map(move |value| (class, value))) {
            match class {
                Some(class) if self.is_faulty(class) => self.doubt(value),
                Some(class) => {
                    self.value(class, value);
                    // What a missing parent declares is unknown.
                    if !(class.sound || class.is_astray) {
                        self.untyped(value);
                    }
                }
                None => self.untyped(value),
            }
        }
    }

    fn value(&mut self, class: &Class, value: &Value) {
        let holds = *self.holding.entry(Arc::clone(&class.full)).or_insert_with(|| class.type_.holds_secrets());
        if holds {
            self.typed(&class.type_, value);
        }
    }

    fn typed(&mut self, type_: &Type, value: &Value) {
        let resolved = type_.of_value(value).resolved();
        if resolved.markers.secret {
            self.secrets.add(value, self.sources);
            if resolved.record().is_none() {
                self.secrets.add_keys(value);
            }
            return;
        }
        match &value.data {
            Data::Map(map) => {
                for entry in map.entries() {
                    match resolved.inside(&entry.key) {
                        Some(inner) => {
                            self.typed(inner, &entry.value);
                            if inner.resolved().markers.secret {
                                self.secrets.add_beside(entry, self.sources);
                            }
                        }
                        None if resolved.is_free() => {}
                        // It may be a misspelled secret.
                        None => self.doubt(&entry.value),
                    }
                }
            }
            Data::List(list) => match resolved.items() {
                Some(item) => list.items().iter().for_each(|value| self.typed(item, value)),
                None if resolved.is_free() => {}
                None => self.doubt(value),
            },
            // A scalar where a map or a list with secrets belongs.
            Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Template(_) | Data::Pending(_)
                if (resolved.record().is_some() || resolved.item().is_some()) && type_.holds_secrets() =>
            {
                self.doubt(value);
            }
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => {}
        }
    }

    /// Without a class, a field is secret if any class has a secret of its name, and one that no class knows may be a misspelled one.
    fn untyped(&mut self, value: &Value) {
        self.by_name(value);
        for entry in value.as_map().map(Map::entries).unwrap_or_default() {
            if !self.public.contains(&entry.key) && !self.secrets.names.contains(&entry.key) {
                self.doubt(&entry.value);
            }
        }
    }

    fn by_name(&mut self, value: &Value) {
        for entry in value.as_map().map(Map::entries).unwrap_or_default() {
            if self.secrets.names.contains(&entry.key) {
                self.secrets.add(&entry.value, self.sources);
                self.secrets.add_keys(&entry.value);
                self.secrets.add_beside(entry, self.sources);
            } else {
                self.by_name(&entry.value);
            }
        }
        value.as_list().unwrap_or_default().iter().for_each(|item| self.by_name(item));
    }

    fn doubt(&mut self, value: &Value) {
        self.secrets.doubt_value(value, self.sources);
    }

    /// What the command line sets: none of it if it sets nothing known.
    fn flags(&mut self, definitions: &Definitions, lines: &Lines<'_>) {
        let mut known = BTreeSet::new();
        for flag in &definitions.flags {
            let home = definitions
                .definitions
                .iter()
                .find(|one| one.address == flag.address || flag.address.starts_with(&format!("{}.", one.address)));
            let types: Vec<&Type> = match home {
                Some(one) if one.address == flag.address => lines.classes(one).into_iter().map(|(_, class)| &*class.type_).collect(),
                Some(home) => {
                    let inner = lines.inner(home).iter().filter(|inner| inner.address == flag.address);
                    inner.flat_map(|inner| lines.inner_classes(inner, home)).map(|(_, class)| &*class.type_).collect()
                }
                None if &*flag.address == "platform" => vec![&*definitions.language.platform],
                None => Vec::new(),
            };
            for type_ in &types {
                self.typed(type_, &flag.value);
            }
            if !types.is_empty() {
                known.insert(flag.value.origin.span.file);
            }
        }
        for (file, source) in self.sources.iter() {
            if source.grammar == Grammar::Argument && !known.contains(&file) {
                let start = argument_value(&source.text);
                self.secrets.doubt(Span::new(file, start, source.text.len()));
                self.secrets.doubt_text(source.text.get(start..).unwrap_or_default().trim());
            }
        }
    }
}

/// What a definition says, layer by layer.
pub(super) fn layers(definition: &Definition) -> impl Iterator<Item = &Value> {
    definition.body.iter().chain(definition.overlays.iter().map(|overlay| &overlay.layered)).map(|layered| &layered.value)
}
