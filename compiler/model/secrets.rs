//! Which places in the sources hold secrets: what layers say about fields that a class declares `secret`, and what the class itself says
//! about them. It looks at every layer by itself, before any of them meet, so that what is overridden is a secret too.

use super::lines::Lines;
use crate::definition::{Class, Definition, Definitions};
use crate::name::Kind;
use crate::schema::Type;
use crate::secret::Secrets;
use crate::source::{Grammar, Sources};
use crate::span::Span;
use crate::value::{Data, Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Everything that must not be shown.
pub(super) fn collect(definitions: &Definitions, lines: &Lines<'_>, sources: &Sources) -> Secrets {
    let mut search = Search { sources, secrets: Secrets::default(), names: names(definitions), holds_secrets: false };
    if search.names.is_empty() && !definitions.classes.iter().any(|class| search.is_faulty(class)) {
        return search.secrets;
    }
    for class in &definitions.classes {
        search.declared(&class.type_, &mut Vec::new());
        // A declaration that is faulty says nothing any more, so all of them may be secret.
        if search.is_faulty(class) {
            [class.section("schema"), class.section("types")].into_iter().flatten().for_each(|schema| search.doubt(schema));
        }
    }
    let types = |kind: Kind| definitions.classes.iter().filter(move |class| class.kind == kind).map(|class| &*class.type_);
    let defaults =
        definitions.platform_defaults.iter().chain(definitions.environments.iter().flat_map(|environment| &environment.defaults));
    for (kind, layered) in defaults {
        types(*kind).for_each(|type_| search.value(type_, &layered.value));
    }
    for definition in &definitions.definitions {
        let class = lines.class(definition).map(|(_, class)| class);
        search.definition(definition, class);
        let pool_class = class.and_then(|class| class.node_pool_class.as_ref());
        for pool in &definition.pools {
            let named = pool.class.as_ref().or(pool_class);
            let class = named.and_then(|named| definitions.class(Kind::NodePool, &named.name));
            search.definition(pool, class.map(|(_, class)| class));
        }
    }
    search.flags(definitions, lines);
    search.secrets.share(&definitions.aliases);
    search.secrets.names = search.names;
    search.secrets
}

/// The names of all fields that are declared secret.
fn names(definitions: &Definitions) -> BTreeSet<Arc<str>> {
    let mut found = BTreeSet::new();
    for class in &definitions.classes {
        each_secret(&class.type_, &mut Vec::new(), &mut |name, _| {
            found.insert(Arc::from(name));
        });
    }
    found
}

/// Visits each field that is declared secret, or whose items are.
fn each_secret<'t>(type_: &'t Type, inside: &mut Vec<&'t str>, see: &mut impl FnMut(&str, &'t Type)) {
    if type_.name().is_some_and(|name| inside.contains(&&**name)) {
        return;
    }
    let open = inside.len();
    inside.extend(type_.name().map(|name| &**name));
    for (name, field) in type_.fields() {
        let items = std::iter::successors(Some(&**field), |type_| type_.item().map(|item| &**item)).take(8);
        if items.map(Type::resolved).any(|type_| type_.markers.secret) {
            see(name, field);
        }
        each_secret(field, inside, see);
    }
    if let Some(item) = type_.item() {
        each_secret(item, inside, see);
    }
    inside.truncate(open);
}

struct Search<'a> {
    sources: &'a Sources,
    secrets: Secrets,
    names: BTreeSet<Arc<str>>,
    /// Whether the class at hand declares secrets: then a field it does not know may be a misspelled one.
    holds_secrets: bool,
}

impl Search<'_> {
    /// What a class says about its secret fields: defaults, allowed values, examples.
    fn declared<'t>(&mut self, type_: &'t Type, inside: &mut Vec<&'t str>) {
        let mut types = Vec::new();
        each_secret(type_, inside, &mut |_, field| types.push(field));
        for field in types {
            let nested = std::iter::successors(Some(field), |type_| type_.item().map(|item| &**item)).take(8);
            for markers in nested.map(|type_| &type_.resolved().markers) {
                let values = markers.default.iter().chain(&markers.enum_).chain(&markers.examples);
                values.chain(&markers.minimum).chain(&markers.maximum).for_each(|value| self.secrets.add(value, self.sources));
                let places = markers.places.iter().filter(|(marker, _)| marker.is_value());
                places.for_each(|(_, span)| self.secrets.place(*span));
            }
        }
    }

    /// Whether a class has declarations of secrets that could not be read.
    fn is_faulty(&self, class: &Class) -> bool {
        let schemas = [class.section("schema"), class.section("types")];
        !class.sound && schemas.into_iter().flatten().any(|schema| self.sources.text(schema.origin.span).contains("secret"))
    }

    fn definition(&mut self, definition: &Definition, class: Option<&Class>) {
        let layers = definition.body.iter().chain(definition.overlays.iter().map(|overlay| &overlay.layered));
        for layered in layers {
            match class {
                Some(class) if self.is_faulty(class) => self.doubt(&layered.value),
                Some(class) => self.value(&class.type_, &layered.value),
                None => self.untyped(&layered.value),
            }
        }
    }

    fn value(&mut self, type_: &Type, value: &Value) {
        self.holds_secrets = false;
        each_secret(type_, &mut Vec::new(), &mut |_, _| self.holds_secrets = true);
        if self.holds_secrets {
            self.typed(type_, value);
        }
    }

    fn typed(&mut self, type_: &Type, value: &Value) {
        let resolved = type_.resolved();
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
                    match resolved.field(&entry.key).or_else(|| resolved.item()) {
                        Some(inner) => self.typed(inner, &entry.value),
                        None if resolved.is_free() => {}
                        None => self.doubt(&entry.value),
                    }
                }
            }
            Data::List(list) => match resolved.item() {
                Some(item) => list.items().iter().for_each(|value| self.typed(item, value)),
                None if resolved.is_free() => {}
                None => self.doubt(value),
            },
            // A scalar where a map or a list with secrets belongs.
            Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Template(_)
                if resolved.record().is_some() || resolved.item().is_some() =>
            {
                self.doubt(value);
            }
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Late(_)
            | Data::Broken => {}
        }
    }

    /// Without a class, a field is secret if any class has a secret of its name.
    fn untyped(&mut self, value: &Value) {
        for entry in value.as_map().map(Map::entries).unwrap_or_default() {
            if self.names.contains(&entry.key) {
                self.secrets.add(&entry.value, self.sources);
                self.secrets.add_keys(&entry.value);
            } else {
                self.untyped(&entry.value);
            }
        }
        value.as_list().unwrap_or_default().iter().for_each(|item| self.untyped(item));
    }

    fn doubt(&mut self, value: &Value) {
        self.secrets.doubt_value(value, self.sources);
    }

    /// What the command line sets; all of an argument that sets nothing known.
    fn flags(&mut self, definitions: &Definitions, lines: &Lines<'_>) {
        let mut known = BTreeSet::new();
        for flag in &definitions.flags {
            let definition = definitions.definitions.iter().find(|definition| definition.address == flag.address);
            let class = definition.and_then(|definition| lines.class(definition));
            match class {
                Some((_, class)) => self.value(&class.type_, &flag.value),
                None if &*flag.address == "platform" => {}
                None => continue,
            }
            known.insert(flag.value.origin.span.file);
        }
        for (file, source) in self.sources.iter() {
            if source.grammar != Grammar::Argument {
                continue;
            }
            let value = source.text.find("\": ").map_or(0, |at| at + 3);
            let is_empty = source.text.get(value..).is_none_or(|value| value.trim().is_empty());
            if is_empty {
                // Without `=`, what was meant for the value stands in the path.
                self.secrets.doubt(Span::new(file, 0, source.text.len()));
                let path = source.text.trim_end().trim_end_matches(':').trim_matches('"');
                self.secrets.doubt_text(path.split_once(':').map_or(path, |(_, value)| value.trim()));
            } else if !known.contains(&file) {
                self.secrets.doubt(Span::new(file, value, source.text.len()));
            }
        }
    }
}
