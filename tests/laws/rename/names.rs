//! What there is to rename.

use super::Names;
use platc::model::EntityId;
use platc::name::Kind;
use platc::value::Operator;
use std::collections::{BTreeMap, BTreeSet};

/// The names of environments and of each kind.
pub(super) fn names(compilation: &platc::Compilation) -> BTreeMap<&'static str, BTreeSet<String>> {
    let definitions = &compilation.definitions;
    let mut names: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let environments = definitions.environments.iter().map(|environment| environment.name.name.to_string());
    names.insert("environments", environments.collect());
    for definition in &definitions.definitions {
        names.entry(definition.kind.plural()).or_default().insert(definition.name.name.to_string());
    }
    // What stands in overlays only, and may be removed in a body, has none that could say an identity.
    let inner = definitions.definitions.iter().flat_map(|home| &home.inner).chain(&definitions.common.inner);
    for inner in inner.filter(|inner| inner.body.as_ref().is_some_and(|body| body.operator != Operator::Remove)) {
        names.entry(inner.kind.plural()).or_default().insert(inner.name.name.to_string());
    }
    names
}

/// What is made: its kind and name, those of its maker, and its key. What is written of such a name is called as its maker has it.
pub(super) struct Makings(Vec<(&'static str, String, &'static str, String, String)>);

impl Makings {
    pub(super) fn of(compilation: &platc::Compilation) -> Self {
        let model = &compilation.model;
        let name = |id: EntityId| model.entity(id).name.to_string();
        let made = model.entities.iter().filter_map(|entity| {
            let made = entity.made.as_ref()?;
            let maker = made.makers.first()?;
            let (kind, by) = (entity.kind.plural(), model.entity(*maker).kind.plural());
            Some((kind, entity.name.to_string(), by, name(*maker), made.key.to_string()))
        });
        Self(made.collect())
    }

    /// New names for what is not made; what is made is called by nobody else.
    pub(super) fn around(&self, kind: &str, names: &BTreeSet<String>, how: &dyn Fn(&BTreeSet<String>) -> Names) -> Names {
        let is_made = |name: &String| self.0.iter().any(|(of, made, ..)| *of == kind && made == name);
        let (made, own): (BTreeSet<String>, BTreeSet<String>) = names.iter().cloned().partition(is_made);
        how(&own).into_iter().chain(made.into_iter().map(|name| (name.clone(), name))).collect()
    }

    /// Calls what is written of what is made by what its maker is called.
    pub(super) fn follow(&mut self, names: &mut BTreeMap<&'static str, Names>) {
        let mut called_now: BTreeMap<(&str, String), String> = BTreeMap::new();
        for (kind, name, by, maker, key) in &mut self.0 {
            let written = || names.get(by).and_then(|names| names.get(maker));
            let new = called_now.get(&(*by, maker.clone())).or_else(written).unwrap_or(maker).clone();
            // What stands under another thing is called by its key.
            let called = if name == key { key.clone() } else { format!("{new}-{key}") };
            if let Some(known) = names.get_mut(kind).and_then(|names| names.get_mut(name)) {
                known.clone_from(&called);
            }
            called_now.insert((*kind, name.clone()), called.clone());
            (*maker, *name) = (new, called);
        }
    }
}

/// The classes of services, which are those of their names unless they say otherwise.
pub(super) fn classes(compilation: &platc::Compilation) -> BTreeMap<String, String> {
    let services = compilation.model.entities.iter().filter(|entity| entity.kind == Kind::Service);
    services.map(|entity| (entity.name.to_string(), entity.class_name.rsplit('/').next().unwrap().to_owned())).collect()
}

/// A name that nothing has, and that sorts elsewhere.
pub(super) fn scrambled(name: &str) -> String {
    let sum = name.bytes().fold(7u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    format!("{}{name}", char::from(b'a' + u8::try_from(sum % 26).unwrap()))
}
