//! Differences between environments for machines.

use super::{Named, elsewhere, local, pin, replacement};
use crate::render::View;
use platc::model::{Entity, EntityId, Model};
use platc::query::diff::{Changed, Comparison, DiffReason, Difference, GuessedRename, Only, Replaced, Side};
use platc::query::show;
use platc::secret::HIDDEN;
use platc::table::Replaces;
use platc::value::Value;
use serde_json::{Value as Json, json};

/// Differences by entity as JSON; with `all` what was left out, too.
pub(crate) fn json(comparison: &Comparison<'_>, first: Named<'_>, second: Named<'_>, all: bool) -> Json {
    let one = |value: Option<&Value>, is_secret: bool, side: &Side<'_>, view: &View<'_>| {
        value.map(|value| {
            json!({
                "value": if is_secret { HIDDEN.into() } else { show::json(&show::tree(value, &side.model.secrets)) },
                "place": view.place(value.origin.span),
                "layer": side.definitions.layers.get(value.origin.layer).to_string(),
            })
        })
    };
    let difference = |difference: &Difference<'_>| {
        let mut told = json!({
            "path": difference.path.to_string(),
            "first": one(difference.first, difference.secret, &comparison.first, &first.view),
            "second": one(difference.second, difference.secret, &comparison.second, &second.view),
            "why": match difference.why {
                DiffReason::Written => "written",
                DiffReason::Follows => "follows",
                DiffReason::Decided => "decided",
                DiffReason::Carried => "carried",
            },
            "replaces": replacement(difference) == Replaces::Yes,
            "replacement": match replacement(difference) {
                Replaces::Yes => "yes",
                Replaces::Maybe => "maybe",
                Replaces::Unknown => "unknown",
                Replaces::No => "no",
            },
            "followers": difference.followers.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "passedOn": difference.passed_on.iter().map(|passed| elsewhere(passed, comparison)).collect::<Vec<_>>(),
        });
        if let (Some(Replaced::Named(kind)), Some(members)) = (difference.replaces, told.as_object_mut()) {
            members.insert("replaced".to_owned(), kind.singular().into());
        }
        let only_in = match difference.replaces {
            Some(Replaced::First) => Some(first.name),
            Some(Replaced::Second) => Some(second.name),
            Some(Replaced::Thing | Replaced::Named(_)) | None => None,
        };
        if let (Some(name), Some(members)) = (only_in, told.as_object_mut()) {
            members.insert("replacesIn".to_owned(), name.into());
        }
        if let (Some(pin), Some(members)) = (pin(difference, comparison), told.as_object_mut()) {
            members.insert("pin".to_owned(), pin.into());
        }
        told
    };
    let changed = |changed: &Changed<'_>| {
        let name = |pair| {
            let (id, model) = comparison.named(pair);
            local(model.entity(id), model)
        };
        let mut told = json!({
            "entities": changed.entities.iter().map(name).collect::<Vec<_>>(),
            "values": changed.values.iter().map(difference).collect::<Vec<_>>(),
        });
        if let (Some((first, second)), Some(members)) = (changed.spread, told.as_object_mut()) {
            members.insert("clusters".to_owned(), json!({ "first": first, "second": second }));
        }
        if let Some(members) = told.as_object_mut().filter(|_| all) {
            members.insert("leftOut".to_owned(), changed.left_out.iter().map(difference).collect());
        }
        told
    };
    let told = |changed: &&Changed<'_>| all || !changed.values.is_empty();
    let only = |list: &[Only], model: &Model| {
        let one = |only: &Only| {
            json!({
                "entities": only.entities.iter().map(|id| local(model.entity(*id), model)).collect::<Vec<_>>(),
                "with": only.with.len(),
            })
        };
        list.iter().map(one).collect::<Vec<_>>()
    };
    let pairs = |pairs: &[(EntityId, EntityId)]| {
        let end = |entity: &Entity, model: &Model, view: &View<'_>| json!({ "entity": local(entity, model), "identity": entity.identity.text().as_ref(), "place": view.place(entity.defined) });
        let (one, other) = (comparison.first.model, comparison.second.model);
        let pair = |(left, right): &(EntityId, EntityId)| json!({ "first": end(one.entity(*left), one, &first.view), "second": end(other.entity(*right), other, &second.view) });
        pairs.iter().map(pair).collect::<Vec<_>>()
    };
    let guess = |guess: &GuessedRename| {
        let (one, other) = (comparison.first.model, comparison.second.model);
        let (left, right): (Vec<_>, Vec<_>) =
            guess.pairs.iter().map(|(left, right)| (local(one.entity(*left), one), local(other.entity(*right), other))).unzip();
        json!({
            "first": left.first(),
            "second": right.first(),
            "all": left.iter().zip(&right).map(|(left, right)| json!({ "first": left, "second": right })).collect::<Vec<_>>(),
            "same": guess.same,
            "of": guess.all,
        })
    };
    json!({
        "first": first.name,
        "second": second.name,
        "environment": comparison.environments.iter().map(difference).collect::<Vec<_>>(),
        "changed": comparison.changed.iter().filter(told).map(changed).collect::<Vec<_>>(),
        "renamed": pairs(&comparison.renamed),
        "anotherIdentity": pairs(&comparison.replaced),
        "guessed": comparison.guessed.iter().map(guess).collect::<Vec<_>>(),
        "meant": comparison.meant,
        "onlyInFirst": only(&comparison.only_first, comparison.first.model),
        "onlyInSecond": only(&comparison.only_second, comparison.second.model),
    })
}
