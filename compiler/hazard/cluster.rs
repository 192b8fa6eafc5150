//! What a Kubernetes API server refuses of a change: parts of objects that cannot be changed, claims that get smaller, kinds that lose a version. In come all
//! objects of a cluster before and after, whoever has them; what is made anew where it changes is left out.

use super::fixed::{FixedChange, FixedCure};
use super::{PlatformChange, errors, fixed, leaving, versions};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::level::Level;
use crate::model::{Entity, EntityId, Model};
use crate::object::{Manifest, Objects};
use crate::span::Span;
use crate::syncing;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// So many objects are named.
const SHOWN: usize = 5;

/// Environment and cluster, and what the cluster tells objects apart by.
pub(super) type ClusterObjectKey<'a> = (&'a str, &'a str, (&'a str, &'a str, &'a str, &'a str));

pub(super) fn report(change: &PlatformChange<'_>, diagnostics: &mut Diagnostics) {
    at_once(change, diagnostics);
    let matters = |manifest: &Manifest| fixed::knows(&manifest.object) || versions::knows(&manifest.object) || leaving::holds(manifest);
    let before: BTreeMap<ClusterObjectKey<'_>, (EntityId, &Manifest)> =
        all(change.before.model, change.before.objects, &matters).map(|(key, id, manifest)| (key, (id, manifest))).collect();
    let tells = change.now.objects.renderings.iter();
    let told: BTreeMap<EntityId, &Value> = tells.filter_map(|rendering| Some((rendering.entity, rendering.told.as_ref()?))).collect();
    let chosen: BTreeSet<EntityId> = change.pairs.iter().map(|(_, now)| *now).collect();
    let mut known: Vec<RefusedObjects> = Vec::new();
    for (key, id, manifest) in all(change.now.model, change.now.objects, &matters) {
        let Some((was, old)) = before.get(&key).filter(|(_, old)| chosen.contains(&id) && !old.value.same_data(&manifest.value)) else {
            continue;
        };
        let entity = change.now.model.entity(id);
        let delivery = leaving::delivery(change.now.model, id);
        let anew = anew(delivery);
        let flaws = fixed::changes(&manifest.object, &old.value, &manifest.value);
        // Argo CD makes it anew whatever changes, Flux only where the change is refused.
        let is_anew = is_made_anew(&manifest.value, told.get(&id).copied(), anew);
        if delivery == "argocd" && syncing::is_deleted_first(&manifest.value) {
            continue;
        }
        if is_anew && leaving::holds(manifest) && (delivery != "flux" || !flaws.is_empty()) {
            let at = change.users_or(manifest.value.changed_at(&old.value), entity);
            diagnostics.push(errors::data_made_anew((&manifest.object, entity), at, anew));
        }
        for mut flaw in flaws.into_iter().filter(|_| !is_anew) {
            // Nobody has changed anything in the library: whatever it has read is another one.
            if change.now.sources.is_library(flaw.at) {
                let path: Vec<&str> = flaw.part.split('.').collect();
                flaw.at = change.decided_by_user((old.value.at(&path), manifest.value.at(&path)), (*was, entity));
            }
            // Argo CD reconciles roles and bindings before it applies them, which makes one anew whose role changes; seen in a world.
            let is_replaced = delivery == "argocd" && flaw.cure == FixedCure::Binding;
            if is_replaced {
                flaw.cure = FixedCure::Anew;
            }
            let flaw = &flaw;
            let told = errors::refused((&manifest.object, entity), flaw, anew);
            let told = if is_replaced { errors::binding_made_anew(&manifest.object, told) } else { told };
            let words = manifest.object.words();
            match known.iter_mut().find(|known| known.is_same(flaw, &words, told.level)) {
                Some(known) => known.join(words, told),
                None => known.push(RefusedObjects::of(flaw, words, told)),
            }
        }
        if let Some(lost) = versions::lost(&manifest.object, &old.value, &manifest.value) {
            diagnostics.push(errors::versions_lost((&manifest.object, entity), &lost));
        }
    }
    known.into_iter().for_each(|known| diagnostics.push(known.told()));
}

/// What one line changes that cannot be changed: of one object, and of others if the way round is the same.
struct RefusedObjects {
    part: &'static str,
    at: Span,
    /// Whether what to do names the object.
    is_alone: bool,
    said: Diagnostic,
    /// The first, and the others.
    words: BTreeSet<String>,
    first: String,
}

impl RefusedObjects {
    fn of(flaw: &FixedChange, object: String, said: Diagnostic) -> Self {
        let is_alone = !matches!(flaw.cure, FixedCure::Anew | FixedCure::Kind);
        Self { part: flaw.part, at: flaw.at, is_alone, said, words: BTreeSet::new(), first: object }
    }

    /// Whether a change is told with this one.
    fn is_same(&self, flaw: &FixedChange, object: &str, level: Option<Level>) -> bool {
        (self.part, self.at, self.said.level) == (flaw.part, flaw.at, level) && (!self.is_alone || self.first == object)
    }

    fn join(&mut self, object: String, said: Diagnostic) {
        self.said.affects.extend(said.subject);
        if object != self.first {
            self.words.insert(object);
        }
    }

    fn told(self) -> Diagnostic {
        let Self { mut said, words, .. } = self;
        if !words.is_empty() {
            let shown: Vec<&str> = words.iter().take(SHOWN).map(String::as_str).collect();
            let more = words.len().checked_sub(SHOWN).filter(|more| *more > 0).map_or_else(String::new, |more| format!(" and {more} more"));
            said = said.note(format!("the same of {}{more}", shown.join(", ")));
        }
        said
    }
}

/// Reports objects in versions that their kinds gain by the same change.
fn at_once(change: &PlatformChange<'_>, diagnostics: &mut Diagnostics) {
    for (entity, old, new) in change.renderings() {
        // Flux installs kinds before it looks at their objects.
        if change.now.model.environment(entity.environment).delivery() != "flux" {
            versions::at_once(old, new).into_iter().for_each(|manifest| diagnostics.push(errors::version_at_once(manifest, entity)));
        }
    }
}

/// The annotation that has an object made anew where it changes, for who delivers.
fn anew(delivery: &str) -> (&'static str, &'static str) {
    syncing::annotations(syncing::Care::Anew, delivery).first().map_or(("", ""), |annotation| (annotation.key, annotation.text))
}

/// Whether an object is made anew where it changes: it says so, or its class says so of all that it makes and the object does not say otherwise.
fn is_made_anew(object: &Value, told: Option<&Value>, (key, text): (&str, &str)) -> bool {
    let said = object.at(&["metadata", "annotations", key]).and_then(Value::as_str).unwrap_or_default();
    let says = |option: &str| said.split(',').any(|known| known.trim() == option);
    let options = told.filter(|_| key == syncing::OBJECT_OPTIONS).and_then(|told| told.get("syncOptions")).and_then(Value::as_list);
    let all = |option: &str| options.unwrap_or_default().iter().filter_map(Value::as_str).any(|known| known.trim() == option);
    let is_refused = |option: &str| option.strip_suffix("=true").is_some_and(|word| says(&format!("{word}=false")));
    text.split(',').all(|option| says(option) || (all(option) && !is_refused(option)))
}

/// All objects that are known, of things on clusters, and matter.
pub(super) fn all<'a>(
    model: &'a Model,
    objects: &'a Objects,
    matters: &'a dyn Fn(&Manifest) -> bool,
) -> impl Iterator<Item = (ClusterObjectKey<'a>, EntityId, &'a Manifest)> {
    objects.renderings.iter().filter(|rendering| rendering.waits.is_empty()).flat_map(move |rendering| {
        let entity = model.entity(rendering.entity);
        let environment = &**model.environment(entity.environment).identity.text();
        let cluster = cluster(model, entity);
        let manifests = rendering.manifests.iter().filter(|manifest| !manifest.waits() && matters(manifest));
        manifests.map(move |manifest| ((environment, cluster, manifest.object.key()), rendering.entity, manifest))
    })
}

fn cluster<'a>(model: &'a Model, entity: &'a Entity) -> &'a str {
    // A cluster is on itself.
    entity.cluster.map_or(&entity.identity, |cluster| &model.entity(cluster).identity).text()
}
