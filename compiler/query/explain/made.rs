//! What a class makes for a thing, by the path of the thing: `<thing>.manifests.<key>.…`, `<thing>.helm.values.…`, `<thing>.terraform.resource.<type>.<name>.…`.

use super::{Explanation, absent, of};
use crate::model::{EntityId, Model};
use crate::object::Objects;
use crate::path::{Path, Step};
use crate::query::path::{DeadEnd, parse};
use crate::value::Value;

/// The section of a class with Kubernetes objects.
pub const MANIFESTS: &str = "manifests";

/// The section with a chart.
const HELM: &str = "helm";

/// The section with Terraform.
const TERRAFORM: &str = "terraform";

/// The sections by which paths lead into what classes make.
pub const MADE: [&str; 3] = [MANIFESTS, HELM, TERRAFORM];

/// Explains a part of what a class makes for a thing: `apps.clusters.gc0.services.web.manifests.page.spec.replicas`. None if the path is about something else, or
/// nothing is there. A field of the thing that is called like a section is that field.
///
/// # Errors
/// If it is more than can be printed.
pub fn made<'a>(model: &'a Model, objects: &'a Objects, path: &str) -> Result<Option<Explanation<'a>>, DeadEnd> {
    let Some(asked) = parse(path).ok() else { return Ok(None) };
    let Some((id, rest)) = absent::owner(model, asked.steps()) else { return Ok(None) };
    let Some((Step::Key(section), inside)) = rest.split_first() else { return Ok(None) };
    if model.entity(id).value.get(section).is_some() {
        return Ok(None);
    }
    let rendering = || objects.renderings.iter().find(|rendering| rendering.entity == id);
    let value = match &**section {
        MANIFESTS => {
            let Some((Step::Key(key), inside)) = inside.split_first() else { return Ok(None) };
            let found = rendering().and_then(|rendering| rendering.manifests.iter().find(|manifest| *manifest.name == **key));
            found.and_then(|manifest| manifest.value.follow(inside))
        }
        HELM => rendering().and_then(|rendering| rendering.chart.as_ref()).and_then(|chart| chart.said.follow(inside)),
        TERRAFORM => terraform(model, objects, id, inside),
        _ => None,
    };
    let Some(value) = value else { return Ok(None) };
    let path = model.entity(id).thing.path().join(&Path::from(rest.to_vec()));
    of(path, value, (Some(id), None), &model.secrets).map(Some)
}

/// A part of the stack that a thing joins: of resources and modules only its own.
fn terraform<'a>(model: &Model, objects: &'a Objects, id: EntityId, inside: &[Step]) -> Option<&'a Value> {
    let entity = model.entity(id);
    let is_its = |stack: &&crate::object::Stack| stack.environment == entity.environment && Some(&*stack.name) == entity.stack.as_deref();
    let stack = objects.stacks.iter().find(is_its)?;
    let names: Vec<&str> = inside.iter().map_while(|step| if let Step::Key(key) = step { Some(&**key) } else { None }).collect();
    let address = match names[..] {
        ["resource", type_, name, ..] => (type_, name),
        ["module", name, ..] => ("module", name),
        // What all members of a stack write together is of none of them.
        ["data" | "locals" | "output" | "provider" | "moved" | "removed" | "import", _, ..] => return stack.body.follow(inside),
        _ => return None,
    };
    let maker = stack.makers.get(&(address.0.into(), address.1.into()))?;
    (*maker == id).then(|| stack.body.follow(inside)).flatten()
}
