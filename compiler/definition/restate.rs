//! What a class says again of a field that it inherits: type and markers stay unless they are said anew. In come the
//! weaker class and the stronger; out come the two with `schema` and `types` in forms that merge to what both say together. Whether the outcome asks for
//! less than before is for others to tell.

use super::section::Section;
use crate::limit::SCHEMA_DEPTH;
use crate::schema::{ANY_KEY, Choosing, TYPE, has_fields_instead, is_another, is_of_free_maps, is_of_type, written_out};
use crate::source::Sources;
use crate::value::{Data, Entry, Operator, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The two classes with their fields and types in forms that merge, where both declare the same one.
pub(super) fn classes(weaker: &Value, stronger: &Value, sources: &Sources) -> (Value, Value) {
    let (mut weaker, mut stronger) = (weaker.clone(), stronger.clone());
    let types = |class: &Value| class.get(Section::Types.word()).cloned();
    let mut types = types(&weaker).or_else(|| types(&stronger));
    for section in [Section::Types, Section::Schema].map(Section::word) {
        let (Some(old), Some(new)) = (weaker.get(section), stronger.get(section)) else { continue };
        let (old, new) = ready(old, new, types.as_ref(), sources);
        if section == Section::Types.word() {
            types = Some(joined(&old, &new));
        }
        (weaker, stronger) = (with(&weaker, section, old), with(&stronger, section, new));
    }
    (weaker, stronger)
}

fn with(class: &Value, section: &str, value: Value) -> Value {
    let entries = class.as_map().map(crate::value::Map::entries).unwrap_or_default().iter();
    let entries = entries.map(|entry| if &*entry.key == section { Entry { value: value.clone(), ..entry.clone() } } else { entry.clone() });
    Value::map(entries.collect(), class.origin)
}

/// The weaker section, and the stronger one, ready to merge. `types` are the named types of both.
pub(super) fn ready(weaker: &Value, stronger: &Value, types: Option<&Value>, sources: &Sources) -> (Value, Value) {
    Restating { types, sources }.fields(weaker, stronger, SCHEMA_DEPTH)
}

struct Restating<'a> {
    types: Option<&'a Value>,
    sources: &'a Sources,
}

impl Restating<'_> {
    /// Two maps of declarations, with the markers beside them.
    fn fields(&self, weaker: &Value, stronger: &Value, depth: usize) -> (Value, Value) {
        let (Some(old), Some(new)) = (weaker.as_map(), stronger.as_map()) else { return (weaker.clone(), stronger.clone()) };
        let (mut left, mut right) = (Vec::new(), Vec::new());
        let rivals = rivals(weaker, stronger, self.sources);
        for entry in old.entries() {
            let entry = if rivals.contains(&*entry.key) { &self.without_default(entry) } else { entry };
            match new.entry(&entry.key) {
                // A marker that is said anew is another one; `listType` and its key are one word.
                Some(other) if entry.key.starts_with('$') && restates(other) => {}
                Some(other) if restates(other) && depth > 0 => {
                    if let Some((old, _)) = self.declaration(&entry.value, &other.value, depth - 1) {
                        left.push(Entry { value: old, ..entry.clone() });
                    }
                }
                None if &*entry.key == "$listMapKey" && new.entry("$listType").is_some() => {}
                Some(_) | None => left.push(entry.clone()),
            }
        }
        for entry in new.entries() {
            let value = match old.entry(&entry.key).filter(|_| !entry.key.starts_with('$') && restates(entry) && depth > 0) {
                Some(known) => self.declaration(&known.value, &entry.value, depth - 1).map(|(_, new)| new),
                None => None,
            };
            right.push(Entry { value: value.unwrap_or_else(|| entry.value.clone()), ..entry.clone() });
        }
        (Value::map(left, weaker.origin), Value::map(right, stronger.origin))
    }

    /// Two declarations of one field; none if nothing of the weaker one is left.
    fn declaration(&self, weaker: &Value, stronger: &Value, depth: usize) -> Option<(Value, Value)> {
        let old = written_out(weaker, self.sources)?;
        let new = written_out(stronger, self.sources)?;
        let has_fields = |value: &Value| value.as_map().is_some_and(|map| map.entries().iter().any(|entry| !entry.key.starts_with('$')));
        let old = if has_fields(&new) { self.inlined(&old).unwrap_or(old) } else { old };
        let new = if has_fields(&new) { self.of_any_key(&old, new, depth) } else { new };
        let new_type = new.as_map()?.entry(TYPE).filter(|entry| restates(entry));
        let was = old.get(TYPE);
        let is_another = match new_type {
            Some(now) => was.is_some_and(|was| is_another(was, &now.value)),
            None => has_fields(&new) && was.is_some_and(has_fields_instead),
        };
        let keeps = |entry: &&Entry| match (&*entry.key, new_type) {
            // What was asked of another type says nothing about this one; that it is another is told.
            (key, _) if is_another && is_of_type(key) => false,
            (key, None) if has_fields(&new) && is_of_free_maps(key) => false,
            // What the value is is said anew, as a type or by its fields.
            (TYPE, _) => new_type.is_none() && !has_fields(&new),
            (key, Some(_)) => key.starts_with('$'),
            (_, None) => true,
        };
        let kept = Value::map(old.as_map()?.entries().iter().filter(keeps).cloned().collect(), old.origin);
        let (kept, mut new) = self.fields(&kept, &new, depth);
        if let (Some(was), Some(now)) = (old.get(TYPE), new.get(TYPE))
            && let Some(joint) = self.inner(was, now, depth)
        {
            let entries = new.as_map()?.entries().iter();
            let entries =
                entries.map(|entry| if &*entry.key == TYPE { Entry { value: joint.clone(), ..entry.clone() } } else { entry.clone() });
            new = Value::map(entries.collect(), new.origin);
        }
        Some((kept, new))
    }

    /// What two types say of their items or values together; none if they are not both lists or both maps.
    fn inner(&self, was: &Value, now: &Value, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        match (&was.data, &now.data) {
            (Data::List(old), Data::List(new)) => {
                let ([old], [new]) = (old.items(), new.items()) else { return None };
                Some(Value::list(vec![self.joint(old, new, depth)?], now.origin))
            }
            (Data::Map(old), Data::Map(new)) => {
                let ([old], [new]) = (old.entries(), new.entries()) else { return None };
                if &*old.key != ANY_KEY || &*new.key != ANY_KEY {
                    return None;
                }
                Some(Value::map(vec![Entry { value: self.joint(&old.value, &new.value, depth)?, ..new.clone() }], now.origin))
            }
            _ => None,
        }
    }

    /// Fields in place of a map with any keys: each says again what all values of that are.
    fn of_any_key(&self, was: &Value, now: Value, depth: usize) -> Value {
        let any = was.get(TYPE).and_then(|type_| if let [any] = type_.as_map()?.entries() { Some(any) } else { None });
        let Some(any) = any.filter(|any| &*any.key == ANY_KEY) else { return now };
        let entries = now.as_map().map(crate::value::Map::entries).unwrap_or_default().iter().map(|entry| {
            let is_field = !entry.key.starts_with('$') && restates(entry);
            let joint = if is_field { self.joint(&any.value, &entry.value, depth) } else { None };
            Entry { value: joint.unwrap_or_else(|| entry.value.clone()), ..entry.clone() }
        });
        Value::map(entries.collect(), now.origin)
    }

    fn joint(&self, weaker: &Value, stronger: &Value, depth: usize) -> Option<Value> {
        let (old, new) = self.declaration(weaker, stronger, depth)?;
        Some(joined(&old, &new))
    }

    /// A declaration with a name of `types` as what that stands for, of which fields are said anew.
    fn inlined(&self, declaration: &Value) -> Option<Value> {
        let name = declaration.get(TYPE)?.as_str()?;
        let named = written_out(self.types?.get(name)?, self.sources)?;
        let map = declaration.as_map()?;
        let of_type = named.as_map()?.entries().iter().filter(|entry| map.entry(&entry.key).is_none());
        // A type must not decide for the fields that use it.
        let of_type = of_type.filter(|entry| !matches!(&*entry.key, "$required" | "$aliases")).cloned();
        let own = map.entries().iter().filter(|entry| &*entry.key != TYPE).cloned();
        Some(Value::map(own.chain(of_type).collect(), declaration.origin))
    }

    fn without_default(&self, entry: &Entry) -> Entry {
        let Some(declaration) = written_out(&entry.value, self.sources) else { return entry.clone() };
        let entries = declaration.as_map().map(crate::value::Map::entries).unwrap_or_default();
        let kept = entries.iter().filter(|entry| &*entry.key != "$default").cloned();
        Entry { value: Value::map(kept.collect(), declaration.origin), ..entry.clone() }
    }
}

/// Whether an entry says something of what is there already, and does not take its place or take it away.
fn restates(entry: &Entry) -> bool {
    matches!(entry.operator, Operator::Merge | Operator::Lock)
}

/// Two maps that are ready to merge, merged where they stand inside of a type.
fn joined(weaker: &Value, stronger: &Value) -> Value {
    let (Some(old), Some(new)) = (weaker.as_map(), stronger.as_map()) else { return stronger.clone() };
    let kept = old.entries().iter().filter_map(|entry| match new.entry(&entry.key) {
        Some(_) => None,
        None => Some(entry.clone()),
    });
    let said = new.entries().iter().filter(|entry| entry.operator != Operator::Remove).map(|entry| match old.get(&entry.key) {
        Some(have) if restates(entry) && !entry.key.starts_with('$') => Entry { value: joined(have, &entry.value), ..entry.clone() },
        Some(_) | None => Entry { operator: Operator::Merge, ..entry.clone() },
    });
    Value::map(kept.chain(said).collect(), stronger.origin)
}

/// Fields that lose their defaults, because the stronger class gives one to another field of which only one is set.
fn rivals(weaker: &Value, stronger: &Value, sources: &Sources) -> BTreeSet<Arc<str>> {
    let choices = |word: Choosing| {
        let key = format!("${}", word.word());
        stronger.get(&key).or_else(|| weaker.get(&key)).and_then(Value::as_list).unwrap_or_default().to_vec()
    };
    let lists: Vec<Value> = Choosing::ALL.into_iter().flat_map(choices).collect();
    let mut found = BTreeSet::new();
    // One list of names, or several.
    let several = lists.iter().filter_map(Value::as_list).map(<[Value]>::to_vec);
    let alone: Vec<Value> = lists.iter().filter(|item| item.as_str().is_some()).cloned().collect();
    for members in several.chain([alone]) {
        let names: Vec<&str> = members.iter().filter_map(Value::as_str).collect();
        let gives = |name: &&&str| {
            let declaration = stronger.get(name).and_then(|declaration| written_out(declaration, sources));
            declaration.is_some_and(|declaration| declaration.get("$default").is_some())
        };
        if let Some(given) = names.iter().find(gives) {
            found.extend(names.iter().filter(|name| *name != given).map(|name| Arc::from(*name)));
        }
    }
    found
}
