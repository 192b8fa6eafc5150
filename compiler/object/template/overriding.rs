//! What overrides a section: it meets what the class has made for the thing, one layer after another, weakest first. In comes the expanded section,
//! out goes what it comes to. What a layer adds must be whole, which is said here where only expanding shows what there is.

use super::Expander;
use super::locked::LockedOrigins;
use crate::definition::CHART_REQUIRED;
use crate::definition::overriding::lacking_arguments;
use crate::expression::Target;
use crate::object::{ObjectName, errors};
use crate::origin::Layer;
use crate::value::{Data, Entry, Map, Operator, Value};
use std::sync::Arc;

impl Expander<'_, '_> {
    /// A section with all that overrides it; none if there is neither.
    pub(super) fn overridden(&mut self, made: Option<Value>, target: Target) -> Option<Value> {
        let entity = self.world.entity(self.id);
        if entity.overrides.is_empty() {
            return made;
        }
        let around = [entity.cluster, entity.tenant].into_iter().flatten().map(|around| self.world.entity(around));
        let locked = LockedOrigins::of(std::iter::once(entity).chain(around).map(|entity| &entity.value));
        let made = match (made, locked) {
            (Some(made), Some(locked)) => Some(locked.lock(&made)),
            (made, _) => made,
        };
        let mut made = made.map(|made| self.section_entry(made));
        for layer in Arc::clone(&entity.overrides).iter() {
            let using = self.world.definitions.override_uses.layer(layer);
            let parts: Vec<&Value> = using.map_or_else(|| vec![layer], |using| using.parts().collect());
            let passes_by = self.passes_by(layer);
            let mut lock = None;
            for part in parts {
                let Some(said) = self.said(part, target) else { continue };
                let have = made.as_ref().map(|made| &made.value);
                self.world.charge(self.id, said.value.weight().saturating_add(have.map_or(0, Value::weight)), 0);
                let value = self.whole(said.value.clone(), have, passes_by);
                if passes_by && is_nothing(&value) && !is_nothing(&said.value) {
                    continue;
                }
                // A lock of the whole section holds from the next layer on.
                let operator = if said.operator == Operator::Lock { Operator::Merge } else { said.operator };
                lock = lock.or((said.operator == Operator::Lock).then_some(said.span));
                made = self.over(made, &Entry { operator, value, ..said });
            }
            if let (Some(lock), Some(made)) = (lock, &mut made) {
                (made.operator, made.span) = (Operator::Lock, lock);
            }
        }
        made.map(|made| made.value)
    }

    /// The section at hand as an entry of its class, which may have locked it.
    fn section_entry(&self, made: Value) -> Entry {
        let class = self.world.class(self.world.entity(self.id));
        let written = class.and_then(|class| class.value.as_map()?.entry(self.section)).filter(|entry| entry.operator == Operator::Lock);
        match written {
            Some(written) => Entry { value: made, ..written.clone() },
            None => Entry::plain(self.section, made.origin.span, made),
        }
    }

    /// What a layer says of the section at hand.
    fn said(&mut self, layer: &Value, target: Target) -> Option<Entry> {
        let entry = layer.as_map()?.entry(self.section)?;
        let value = self.expand(&entry.value, target)?;
        Some(Entry { value, ..entry.clone() })
    }

    /// What a layer says without what it adds and is not whole. Defaults pass by what is not there.
    fn whole(&self, said: Value, made: Option<&Value>, passes_by: bool) -> Value {
        match self.section {
            "manifests" => self.without(&said, made, passes_by, |this, entry, made| {
                // What waits for a fact is not known yet, and neither is what an operator leaves.
                let missing = ObjectName::of(&entry.value).err()?;
                let waits = entry.value.at(missing).is_some_and(Value::is_late);
                (!waits).then(|| errors::incomplete_addition(&entry.key, &missing.join("."), entry.span, &keys(made), this.class_name()))
            }),
            "terraform" => {
                let entries = said.as_map().map(Map::entries).unwrap_or_default().iter().map(|entry| {
                    let made = made.and_then(|made| made.get(&entry.key));
                    let value = match &*entry.key {
                        "resource" | "data" if entry.value.as_map().is_some() => self.blocks(&entry.key, &entry.value, made, passes_by),
                        _ => entry.value.clone(),
                    };
                    Entry { value, ..entry.clone() }
                });
                Value::map(entries.collect(), said.origin).after(&said)
            }
            "helm" if made.is_none() && passes_by => {
                let is_whole = CHART_REQUIRED.iter().all(|key| said.get(key).is_some());
                if is_whole { said } else { Value::map(Vec::new(), said.origin) }
            }
            _ => said,
        }
    }

    fn blocks(&self, word: &str, types: &Value, made: Option<&Value>, passes_by: bool) -> Value {
        let entries = types.as_map().map(Map::entries).unwrap_or_default().iter().filter_map(|type_| {
            let made = made.and_then(|made| made.get(&type_.key));
            let value = self.without(&type_.value, made, passes_by, |this, entry, made| {
                let missing = lacking_arguments(&this.world.definitions.tables, word, &type_.key, &entry.value)?;
                let name = format!("{}.{}", type_.key, entry.key);
                Some(errors::incomplete_addition(&name, &missing, entry.span, &keys(made), this.class_name()))
            });
            let is_empty = made.is_none() && value.as_map().is_some_and(|map| map.entries().is_empty());
            (!is_empty).then(|| Entry { value, ..type_.clone() })
        });
        Value::map(entries.collect(), types.origin).after(types)
    }

    /// A map without the entries that are added and lack something, which is reported unless defaults say it.
    fn without(
        &self,
        said: &Value,
        made: Option<&Value>,
        passes_by: bool,
        lacks: impl Fn(&Self, &Entry, Option<&Value>) -> Option<crate::diagnostic::Diagnostic>,
    ) -> Value {
        let Some(map) = said.as_map() else { return said.clone() };
        let is_kept = |entry: &&Entry| {
            let is_new = made.and_then(|made| made.get(&entry.key)).is_none();
            if is_new && passes_by && entry.operator == Operator::Remove {
                return false;
            }
            if !is_new
                || !matches!(entry.operator, Operator::Merge | Operator::Lock | Operator::Replace)
                || !matches!(entry.value.data, Data::Map(_))
            {
                return true;
            }
            match lacks(self, entry, made) {
                Some(fault) if !passes_by => {
                    self.report(fault);
                    false
                }
                Some(_) => false,
                None => true,
            }
        };
        Value::map(map.entries().iter().filter(is_kept).cloned().collect(), said.origin).after(said)
    }

    /// Whether defaults say it, for all of a kind.
    fn passes_by(&self, value: &Value) -> bool {
        let layer = self.world.definitions.layers.get(value.origin.layer);
        matches!(layer, Layer::PlatformDefaults(_) | Layer::EnvironmentDefaults { .. })
    }

    /// What the class of the thing is called.
    fn class_name(&self) -> &str {
        &self.world.entity(self.id).class_name
    }
}

fn is_nothing(value: &Value) -> bool {
    value.as_map().is_some_and(|map| map.entries().is_empty())
}

fn keys(made: Option<&Value>) -> Vec<&str> {
    made.and_then(Value::as_map).map(Map::entries).unwrap_or_default().iter().map(|entry| &*entry.key).collect()
}
