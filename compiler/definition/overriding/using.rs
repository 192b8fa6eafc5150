//! Fragments that overrides use. Comes in: all layers of `override` as they are written; leaves: what each comes to that uses any, with its operators as a
//! layer of their own, because those are about what the class has made, too. The layers themselves stay as they are written, for whoever
//! shows them. Whose fields a use reads depends on the class of the thing, so that is found where the class is known.

use super::{OVERRIDE, layers};
use crate::definition::check::told_of_use;
use crate::definition::directive::is_word;
use crate::definition::fragment::{Fragments, Inliner, has_use, normal};
use crate::definition::reads::{self, of_rules};
use crate::definition::{Definition, Definitions, Use};
use crate::diagnostic::Diagnostics;
use crate::expression::{Reference, UseId};
use crate::inheritance::{Layering, Meeting, met};
use crate::origin::Origin;
use crate::path::{Path, Step};
use crate::source::Sources;
use crate::subject::Subject;
use crate::value::{Entry, Operator, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a layer comes to that uses fragments.
#[derive(Clone, Debug)]
pub(crate) struct UsingLayer {
    /// The fragments, with all that stands beside them and has no operator.
    pub(crate) whole: Value,
    /// What does have one; stronger.
    pub(crate) operators: Option<Value>,
    /// The first of its uses, and how many there are.
    uses: (usize, usize),
}

impl UsingLayer {
    /// Both, weakest first.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Value> {
        [&self.whole].into_iter().chain(&self.operators)
    }
}

/// All layers that use fragments, and all their uses.
#[derive(Clone, Debug, Default)]
pub(crate) struct OverrideUses {
    layers: BTreeMap<Origin, UsingLayer>,
    uses: Vec<Use>,
}

impl OverrideUses {
    /// Takes fragments in.
    pub(in crate::definition) fn of(definitions: &Definitions, sources: &Sources, diagnostics: &mut Diagnostics) -> Self {
        let mut found = Self::default();
        let private = Fragments::new();
        each(definitions, &mut |layer| {
            if !has_use(layer) || found.layers.contains_key(&layer.origin) {
                return;
            }
            let subject = Subject::definition(Path::of([OVERRIDE]));
            let first = found.uses.len();
            let mut said = Diagnostics::default();
            let written = normal(layer, &mut said);
            let mut inliner = Inliner::new(&definitions.fragments, &private, &[], (&subject, sources), &mut said)
                .counting_from(UseId::of_override(first));
            let mut parts = inliner.layers(&[written]);
            let (uses, _) = inliner.finish();
            let beside = parts.pop().unwrap_or_else(|| Value::map(Vec::new(), layer.origin));
            let (plain, operators) = apart(&beside);
            let mut meeting = Meeting::new(&subject, &mut said).layering(Layering::Classes);
            let whole = parts.pop().map_or_else(|| plain.clone(), |brought| over(&brought, &plain, &mut meeting));
            said.drain().into_iter().for_each(|fault| diagnostics.push(told_of_use(fault, &uses)));
            let using = UsingLayer { whole, operators, uses: (first, uses.len()) };
            found.uses.extend(uses);
            found.layers.insert(layer.origin, using);
        });
        found
    }

    /// What a layer comes to that uses fragments; none if it uses none.
    pub(crate) fn layer(&self, layer: &Value) -> Option<&UsingLayer> {
        self.layers.get(&layer.origin)
    }

    /// The uses of one of them.
    pub(crate) fn of_layer(&self, layer: &UsingLayer) -> &[Use] {
        let (first, count) = layer.uses;
        self.uses.get(first..first + count).unwrap_or_default()
    }

    /// What expressions of the fragments read that a layer uses; what is given to them is read where it is written.
    pub(crate) fn reads(&self, layer: &Value) -> Vec<Reference> {
        let Some(using) = self.layer(layer) else { return Vec::new() };
        let uses = self.of_layer(using);
        let of_uses = uses.iter().flat_map(|use_| [use_.lets.clone(), use_.defaults.clone()]).flatten();
        let of_uses = of_uses.chain(of_rules(uses.iter().flat_map(|use_| &use_.rules)));
        using.parts().cloned().chain(of_uses).flat_map(|value| reads::of(&value)).collect()
    }

    /// All uses, by their numbers.
    pub(crate) fn all(&self) -> &[Use] {
        &self.uses
    }
}

/// All layers that are written anywhere.
fn each(definitions: &Definitions, see: &mut dyn FnMut(&Value)) {
    let mut of_value = |value: &Value| {
        if let Some(field) = value.get(OVERRIDE) {
            layers(field).into_iter().for_each(&mut *see);
        }
    };
    let of_environments = definitions.environments.iter().flat_map(|environment| &environment.defaults);
    definitions.platform_defaults.iter().chain(of_environments).for_each(|(_, layered)| of_value(&layered.value));
    definitions.flags.iter().for_each(|flag| of_value(&flag.value));
    let mut waiting: Vec<&Definition> = definitions.common.inner.iter().chain(&definitions.definitions).collect();
    while let Some(definition) = waiting.pop() {
        let said = definition.body.iter().chain(definition.overlays.iter().map(|overlay| &overlay.layered));
        said.for_each(|layered| of_value(&layered.value));
        waiting.extend(&definition.inner);
    }
}

/// What stands beside fragments over what they have brought, as text. What only one of them has is left alone: operators in items of its lists are about
/// what the class has made.
fn over(brought: &Value, beside: &Value, meeting: &mut Meeting<'_>) -> Value {
    let (Some(below), Some(above)) = (brought.as_map(), beside.as_map()) else { return beside.clone() };
    let alone = above.entries().iter().filter(|entry| below.entry(&entry.key).is_none()).cloned();
    let shared = below.entries().iter().filter_map(|have| {
        let Some(entry) = above.entry(&have.key) else { return Some(have.clone()) };
        if is_word(entry) {
            return Some(entry.clone());
        }
        let are_maps = [have, entry]
            .into_iter()
            .all(|entry| entry.value.as_map().is_some_and(|map| !STANDING.iter().any(|word| map.get(word).is_some())));
        meeting.inside(Step::Key(Arc::clone(&entry.key)), |meeting| match are_maps {
            true => Some(Entry { value: over(&have.value, &entry.value, meeting), ..entry.clone() }),
            false => met(Some(have.clone()), entry, None, meeting),
        })
    });
    let entries = shared.collect::<Vec<_>>().into_iter().chain(alone);
    Value::map(entries.collect(), beside.origin)
}

/// Words of a map that stands for something else than its keys.
const STANDING: [&str; 3] = ["$value", "$verbatim", "$file"];

/// What of a map has no operator, and what has one. Both are there under the same conditions.
fn apart(value: &Value) -> (Value, Option<Value>) {
    let Some(map) = value.as_map().filter(|map| map.entry("$verbatim").is_none()) else { return (value.clone(), None) };
    let (mut plain, mut operators) = (Vec::new(), Vec::new());
    for entry in map.entries() {
        match entry.operator {
            Operator::Append | Operator::Remove | Operator::Replace => operators.push(entry.clone()),
            Operator::Merge | Operator::Lock => {
                let (inner, more) = apart(&entry.value);
                let is_only = more.is_some() && inner.as_map().is_some_and(|map| map.entries().is_empty());
                operators.extend(more.map(|value| Entry { value, ..entry.clone() }));
                plain.extend((!is_only).then(|| Entry { value: inner, ..entry.clone() }));
            }
        }
    }
    if !operators.is_empty() {
        let words = map.entries().iter().filter(|entry| matches!(&*entry.key, "$if" | "$for") && entry.template.is_none());
        operators.splice(0..0, words.cloned().collect::<Vec<_>>());
    }
    let operators = (!operators.is_empty()).then(|| Value::map(operators, value.origin));
    (Value::map(plain, value.origin), operators)
}
