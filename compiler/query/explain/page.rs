//! The page of a class, or of a field of one: what its things may say, of which type, with which defaults, and what that is for. In comes
//! `cluster/eks` or `cluster/eks.network`; the language's own fields, which all things have, are left out.

use crate::definition::{Class, Definitions};
use crate::name::{Kind, listed, nearest};
use crate::path::{Path, Step};
use crate::query::path::{DeadEnd, parse};
use crate::schema::{FieldChoice, ListMerge, Markers, Shape, Type, TypePart};
use crate::source::Sources;
use std::sync::Arc;

/// A class, or a field of one, with the fields below.
#[derive(Clone, Debug)]
pub struct ClassPage<'a> {
    /// The path as platc writes it: `cluster/eks.network`.
    pub path: String,
    /// The class.
    pub class: &'a Class,
    /// The field that the path leads to; none if it is the class as a whole.
    pub field: Option<ClassField<'a>>,
    /// The fields below, in written order, each followed by its own.
    pub fields: Vec<ClassField<'a>>,
}

/// A field of a class.
#[derive(Clone, Debug)]
pub struct ClassField<'a> {
    /// Its path below the class: `network.cidr`, `taints[].key`, `namespaces.<name>.quota`.
    pub path: String,
    /// What it may be.
    pub type_: &'a Type,
}

impl ClassPage<'_> {
    /// Which fields of its things exclude each other, in words.
    #[must_use]
    pub fn choices(&self) -> Vec<String> {
        let record = self.class.type_.record().filter(|_| self.field.is_none());
        record.into_iter().flat_map(|record| record.choices().iter().map(FieldChoice::words)).collect()
    }
}

impl ClassField<'_> {
    /// Its type in the words of the short form: `[]string`, `map[string]namespace`.
    #[must_use]
    pub fn type_words(&self) -> String {
        type_words(self.type_)
    }

    /// What a value of it has to be beyond its type, each in a few words.
    #[must_use]
    pub fn limits(&self) -> Vec<String> {
        let choices = self.type_.record().into_iter().flat_map(|record| record.choices().iter().map(FieldChoice::words));
        limits(&self.type_.resolved().markers).into_iter().chain(choices).collect()
    }
}

/// Fields nest at most so deep on a page.
const DEPTH: usize = 8;

/// The kind and the rest of `kind/…`; none if it names no class.
fn split(subject: &str) -> Option<(Kind, &str)> {
    let (kind, rest) = subject.split_once('/')?;
    Some((Kind::from_singular(kind)?, rest)).filter(|(_, rest)| !rest.contains('/'))
}

/// Whether a text is the name of a class's page, if there is such a class.
#[must_use]
pub fn is_page(subject: &str) -> bool {
    split(subject).is_some()
}

/// What somebody may have meant who asks for something with one slash that is no page: the page of a class whose kind is written another way.
#[must_use]
pub fn meant_page(definitions: &Definitions, subject: &str) -> Option<String> {
    let (kind, class) = subject.split_once('/')?;
    let kinds = Kind::from_plural(kind).map_or_else(|| Kind::ALL.to_vec(), |kind| vec![kind]);
    let mut known = kinds.into_iter().filter(|kind| definitions.class(*kind, class).is_some());
    known.next().map(|kind| format!("{}/{class}", kind.singular()))
}

/// The page of a class or of a field of it.
///
/// # Errors
/// If there is no such class, or no such field.
pub fn page<'a>(definitions: &'a Definitions, sources: &Sources, subject: &str) -> Result<ClassPage<'a>, DeadEnd> {
    let nothing = || lost(format!("`{subject}` names no class"), "", &[]);
    let (kind, rest) = split(subject).ok_or_else(nothing)?;
    let asked = parse(rest)?;
    let Some((Step::Key(name), inside)) = asked.steps().split_first() else { return Err(nothing()) };
    let full = format!("{}/{name}", kind.singular());
    let Some((_, class)) = definitions.class(kind, name) else {
        let classes = definitions.classes.iter().filter(|class| class.kind == kind && !class.is_hidden);
        let known: Vec<&str> = classes.map(|class| &*class.name.name).collect();
        // By the name alone: in the whole of `service/nope` few letters are wrong that make another name.
        let near = nearest(name, known.iter().copied()).map(|near| format!("did you mean `{}/{near}`?", kind.singular()));
        let hint = near.unwrap_or_else(|| format!("classes of this kind are {}", listed(known)));
        return Err(DeadEnd { at: None, message: format!("there is no class `{full}`"), hint: Some(hint) });
    };
    let (mut type_, mut written, mut below) = (&class.type_, full, String::new());
    for step in inside {
        let Some(inner) = (match step {
            Step::Key(key) => type_.inside(key),
            Step::Item(_) => type_.items(),
        }) else {
            let fields: Vec<String> = type_.fields().map(|(name, _)| name.to_owned()).collect();
            let name = if let Step::Key(key) = step { key.as_ref() } else { "" };
            return Err(lost(format!("`{written}` has no field `{}`", Path::from(vec![step.clone()])), name, &fields));
        };
        below = match step {
            Step::Key(key) if below.is_empty() => Path::of([key]).to_string(),
            Step::Key(key) => format!("{below}.{}", Path::of([key])),
            Step::Item(_) => format!("{below}[]"),
        };
        type_ = inner;
        written = format!("{}/{name}.{below}", kind.singular());
    }
    let is_own = |field: &ClassField<'_>| !below.is_empty() || sources.path(field.type_.origin.file) != LANGUAGE;
    let mut fields = Vec::new();
    let mut names = Vec::new();
    gather(type_, &below, DEPTH, &mut names, &mut fields);
    // What stands below a field of the language is the language's as well.
    let mut foreign: Vec<String> = Vec::new();
    fields.retain(|field| {
        let is_below = foreign.iter().any(|upper| field.path.strip_prefix(upper.as_str()).is_some_and(|rest| rest.starts_with(['.', '['])));
        let keeps = !is_below && is_own(field);
        if !keeps && !is_below {
            foreign.push(field.path.clone());
        }
        keeps
    });
    let field = (!below.is_empty()).then(|| ClassField { path: below.clone(), type_ });
    Ok(ClassPage { path: written, class, field, fields })
}

/// Where the language declares its own fields.
const LANGUAGE: &str = "std/language.yaml";

fn lost(message: String, name: &str, known: &[String]) -> DeadEnd {
    let near = nearest(name, known.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
    let all = || (1..=8).contains(&known.len()).then(|| format!("there are {}", listed(known.iter().map(String::as_str))));
    DeadEnd { at: None, message, hint: near.or_else(all) }
}

/// The fields below a type; those of what a list or map holds stand behind `[]` and `.<name>`.
fn gather<'a>(type_: &'a Type, path: &str, depth: usize, names: &mut Vec<Arc<str>>, fields: &mut Vec<ClassField<'a>>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    if type_.name().is_some_and(|name| names.contains(name)) {
        return;
    }
    let open = names.len();
    names.extend(type_.name().cloned());
    for part in type_.parts() {
        match part {
            TypePart::Field(field) => {
                let own = Path::of([&field.name]);
                let path = if path.is_empty() { own.to_string() } else { format!("{path}.{own}") };
                fields.push(ClassField { path: path.clone(), type_: &field.type_ });
                gather(&field.type_, &path, depth, names, fields);
            }
            TypePart::Item(item) => gather(item, &format!("{path}[]"), depth, names, fields),
            TypePart::Value(value) => gather(value, &format!("{path}.<name>"), depth, names, fields),
            TypePart::Member(member) => gather(member, path, depth, names, fields),
        }
    }
    names.truncate(open);
}

/// A type in the words of the short form.
#[must_use]
pub fn type_words(type_: &Type) -> String {
    match &type_.shape {
        Shape::Any => "any".to_owned(),
        Shape::String => "string".to_owned(),
        Shape::Integer => "integer".to_owned(),
        Shape::Number => "number".to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Object => "object".to_owned(),
        Shape::Quantity => "quantity".to_owned(),
        Shape::Duration => "duration".to_owned(),
        Shape::Cidr => "cidr".to_owned(),
        Shape::Semver => "semver".to_owned(),
        Shape::Ref(referent) => format!("a {}", referent.words()),
        Shape::List(item) => format!("[]{}", type_words(item)),
        Shape::Map(item) => format!("map[string]{}", type_words(item)),
        Shape::Record(_) => "group of fields".to_owned(),
        Shape::Union(_) => type_.members().iter().map(|member| type_words(member)).collect::<Vec<_>>().join(" or "),
        Shape::Named(named) => named.name.to_string(),
    }
}

fn limits(markers: &Markers) -> Vec<String> {
    let mut limits = Vec::new();
    let mut counted = |least: Option<u64>, most: Option<u64>, what: &str| match (least, most) {
        (Some(least), Some(most)) => limits.push(format!("{least} to {most} {what}")),
        (Some(least), None) => limits.push(format!("at least {least} {what}")),
        (None, Some(most)) => limits.push(format!("at most {most} {what}")),
        (None, None) => {}
    };
    counted(markers.min_length, markers.max_length, "characters");
    counted(markers.min_items, markers.max_items, "items");
    let pattern = |pattern: &crate::schema::WrittenPattern, what: &str| format!("{what} like `{}`", pattern.text);
    limits.extend(markers.pattern.as_ref().map(|one| pattern(one, "a text")));
    limits.extend(markers.key_pattern.as_ref().map(|one| pattern(one, "keys")));
    if markers.unique_items {
        limits.push("no two alike".to_owned());
    }
    limits.extend(match &markers.list_merge {
        ListMerge::Atomic => None,
        ListMerge::Set => Some("layers add to it, each item once".to_owned()),
        ListMerge::Keyed(key) => Some(format!("layers merge items with the same `{key}`")),
    });
    if markers.nullable {
        limits.push("may be null".to_owned());
    }
    if markers.secret {
        limits.push("secret".to_owned());
    }
    limits
}
