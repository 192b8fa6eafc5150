//! Keys that expressions make. In comes what stands in an output, out goes the line of its key.

use super::MADE;
use crate::definition::Definitions;
use crate::model::{EntityId, Model};
use crate::origin::Origin;
use crate::path::{Path, Step};
use crate::query::path::{PathSubject, find_steps};
use crate::span::Span;
use crate::value::{Entry, Value};

/// A key that an expression makes.
#[derive(Clone, Debug)]
pub struct MadeKey<'a> {
    /// Where it is written.
    pub by: Origin,
    /// The fields of the thing that it reads: where each is named, and what it is.
    pub reads: Vec<(Span, &'a Value)>,
}

/// The key in the class of a thing behind which this value is written; none if it is a plain one.
#[must_use]
pub fn made_key<'a>(model: &'a Model, definitions: &'a Definitions, owner: EntityId, value: &Value) -> Option<MadeKey<'a>> {
    let entity = model.entity(owner);
    let class = definitions.classes.get(entity.class.0 as usize)?;
    let origins = [value.decided().span, value.origin.span];
    let sections = MADE.into_iter().chain(["files"]);
    let entry = sections.filter_map(|section| class.section(section)).find_map(|section| entry(section, &origins, DEPTH))?;
    let fields = entry.template.iter().flat_map(|template| template.references()).filter_map(|reference| {
        let (Step::Key(first), fields) = reference.steps.split_first()? else { return None };
        let path = entity.thing.path().join(&Path::from(fields.to_vec()));
        match find_steps(model, path.steps()).ok()?.subject {
            PathSubject::Value(value, _) if &**first == "self" => Some((reference.span, value)),
            PathSubject::Value(..) | PathSubject::Model | PathSubject::Environment(_) | PathSubject::Kind(_) | PathSubject::Entity(_) => {
                None
            }
        }
    });
    Some(MadeKey { by: Origin { span: entry.span, layer: entry.value.origin.layer }, reads: fields.collect() })
}

/// Templates nest at most so deep.
const DEPTH: usize = 64;

fn entry<'a>(value: &'a Value, origins: &[Span], depth: usize) -> Option<&'a Entry> {
    let depth = depth.checked_sub(1)?;
    let Some(map) = value.as_map() else {
        return value.as_list().into_iter().flatten().find_map(|item| entry(item, origins, depth));
    };
    let is_it = |entry: &&Entry| entry.template.is_some() && origins.contains(&entry.value.origin.span);
    let own = map.entries().iter().find(is_it);
    own.or_else(|| map.entries().iter().find_map(|inner| entry(&inner.value, origins, depth)))
}
