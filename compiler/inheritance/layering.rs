//! Templates meet as text, but for what only shows when they are expanded: lists whose items are known by key, and what an expression gives. In
//! come what a template meets and what it says, out comes whether they wait for each other until both are expanded. What is the language's (keys
//! with a dollar sign) never waits, and what stands for all there is takes the place of what is below.

use super::merge::Meeting;
use super::wait::is_open;
use crate::path::Step;
use crate::value::{Data, Entry, Map, Operator, Value};

/// The sections that are templates. Lists of the first meet by the keys of their items.
const TEMPLATES: [&str; 5] = [OBJECTS, "terraform", "helm", "files", "argocd"];
const OBJECTS: &str = "manifests";

/// Keys that make a map stand for what it says there, whatever that is.
const STANDING_FOR: [&str; 3] = [VALUE, "$verbatim", "$file"];
const VALUE: &str = "$value";

/// Keys that say whether and how often a map is there.
const WHEN: [&str; 2] = ["$if", "$for"];

/// Keys by which a map gets further keys that are not written in it; what `$use` brings is there already.
const BRINGING: [&str; 1] = ["$spread"];

/// Whether what meets are templates, which wait for what only shows when they are expanded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Layering {
    /// They are values.
    Off,
    /// Classes meet, of which some sections are templates.
    Classes,
    /// Parts of expanded Kubernetes objects meet, of which it is not known yet what they are.
    Objects,
    /// Parts of other expanded templates meet.
    Others,
}

impl Meeting<'_> {
    /// Whether an entry of a template waits for what it meets to be expanded.
    pub(super) fn is_layered(&self, base: Option<&Value>, entry: &Entry) -> bool {
        let Some(base) = base.filter(|_| self.is_in_template()) else { return false };
        let (layer, by_key) = (&entry.value, self.is_in_object());
        let is_list = |value: &Value| matches!(value.data, Data::List(_));
        match entry.operator {
            Operator::Replace => false,
            Operator::Remove if matches!(layer.data, Data::Null | Data::Bool(_)) => false,
            Operator::Remove => {
                stands_for(base) || stands_for(layer) || is_list(base) && (by_key || !are_fixed(base, layer)) || is_more(base)
            }
            Operator::Append => stands_for(base) || stands_for(layer) || by_key && is_list(base) && is_list(layer),
            Operator::Merge | Operator::Lock => match (stands_for(base), stands_for(layer)) {
                (true, true) => true,
                (true, false) => match layer.as_map() {
                    Some(map) => !is_when(base, map),
                    None => base.as_map().is_some_and(|map| map.get("$for").is_none()) || by_key && is_list(layer),
                },
                // A loop belongs to what it makes, and goes with it. What a condition leaves out leaves what is below.
                (false, true) => {
                    let is_map = base.as_map().is_some();
                    let is_once = |value: &Value| value.as_map().is_some_and(|map| map.get("$for").is_none());
                    is_map && is_once(base) || !is_map && is_once(layer) || by_key && is_list(base)
                }
                (false, false) => match (&base.data, &layer.data) {
                    (Data::List(_), Data::List(_)) => by_key,
                    (Data::Map(weaker), Data::Map(stronger)) => is_more(base) && removes_other(weaker, stronger),
                    _ => false,
                },
            },
        }
    }

    /// Whether one of two values of a template stands for something that is no map, so that the stronger takes the place of the other.
    pub(super) fn stands_alone(&self, base: &Value, layer: &Value) -> bool {
        let is_alone = |value: &Value| value.get(VALUE).is_some_and(|value| value.as_map().is_none());
        self.is_in_template() && (is_alone(base) || is_alone(layer))
    }

    fn is_in_template(&self) -> bool {
        match self.layering {
            Layering::Off => false,
            Layering::Objects | Layering::Others => true,
            Layering::Classes => matches!(self.path.steps().first(), Some(Step::Key(section)) if TEMPLATES.contains(&&**section)),
        }
    }

    /// Whether the merge is inside of a Kubernetes object.
    pub(super) fn is_in_object(&self) -> bool {
        match self.layering {
            Layering::Off | Layering::Others => self.object.is_some(),
            Layering::Objects => true,
            Layering::Classes => matches!(self.path.steps(), [Step::Key(section), _, _, ..] if **section == *OBJECTS),
        }
    }

    /// How an entry of the language meets others: as text, and a loop or condition takes the place of its parents'.
    pub(super) fn directive<T>(&mut self, entry: &Entry, work: impl FnOnce(&mut Self, &Entry) -> T) -> T {
        let is_template = self.is_in_template();
        let before = std::mem::replace(&mut self.layering, Layering::Off);
        let result = match (&*entry.key, entry.operator) {
            ("$for" | "$if", Operator::Merge) if is_template => work(self, &Entry { operator: Operator::Replace, ..entry.clone() }),
            (_, _) => work(self, entry),
        };
        self.layering = before;
        result
    }
}

/// Whether only its expansion shows what a value is.
fn stands_for(value: &Value) -> bool {
    is_open(value) || value.as_map().is_some_and(|map| STANDING_FOR.iter().any(|key| map.get(key).is_some()))
}

/// Whether a layer says only how often a map is there that stands for something, and nothing of what that is.
fn is_when(base: &Value, layer: &Map) -> bool {
    let is_word = |entry: &Entry| is_directive(entry) && WHEN.contains(&&*entry.key) && entry.operator == Operator::Merge;
    base.as_map().is_some() && !layer.entries().is_empty() && layer.entries().iter().all(is_word)
}

/// Whether a map may have more keys than are written in it.
fn is_more(value: &Value) -> bool {
    let Some(map) = value.as_map() else { return false };
    BRINGING.iter().any(|key| map.get(key).is_some()) || map.entries().iter().any(|entry| entry.template.is_some())
}

/// Whether the stronger map removes what is not written in the weaker.
fn removes_other(weaker: &Map, stronger: &Map) -> bool {
    stronger.entries().iter().any(|entry| entry.operator == Operator::Remove && weaker.get(&entry.key).is_none())
}

fn are_fixed(base: &Value, layer: &Value) -> bool {
    [base, layer].into_iter().all(|value| !value.is_dynamic() && !value.has_directive())
}

/// Whether a key belongs to the language.
pub(super) fn is_directive(entry: &Entry) -> bool {
    entry.key.starts_with('$') && entry.template.is_none()
}
