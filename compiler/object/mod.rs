//! instantiate: templates of classes → Objects. Kubernetes objects, charts, files and Terraform root modules, with origins; checked for
//! what no backend could repair. Nothing here knows an output path or a backend.

mod body;
mod care;
mod circle;
mod container;
mod errors;
mod fact;
mod file;
mod late;
mod leaving;
mod manifest;
mod metadata;
mod namespace;
mod need;
mod object_name;
mod owner;
mod part;
mod provider;
mod registration;
mod secret;
mod stack;
mod template;
mod validation;

pub(crate) use care::{data_namespaces, may_hold, says_of_itself};
pub(crate) use fact::check_stacks;
pub(crate) use leaving::leave;
pub(crate) use namespace::namespace;
pub use object_name::ObjectName;
pub use secret::doubt_written;

use crate::definition::{Definitions, TOLD};
use crate::diagnostic::Diagnostics;
use crate::expression::LateReference;
use crate::model::{
    Cost, EntityId, EntityIndex, Environment, EnvironmentId, Families, Found, Made, Member, Met, Model, Within, WorkPiece, World,
    in_families, platform_too_costly,
};
use crate::secret::{Secrets, holds_login};
use crate::source::Sources;
use crate::span::Span;
use crate::value::Value;
use part::Parts;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything the templates became.
#[derive(Clone, Debug, Default)]
pub struct Objects {
    /// One for each entity whose class has templates of manifests, charts or files, in the order of the model.
    pub renderings: Vec<Rendering>,
    /// Terraform root modules, so that a stack stands behind those it reads; else by environment in the order of the model, and by name.
    pub stacks: Vec<Stack>,
    /// What of the model and of these must not be shown.
    pub secrets: Secrets,
    /// What expressions in templates met by names, of which some were computed; sorted.
    pub met: Vec<Met>,
}

/// What one entity became, Terraform aside.
#[derive(Clone, Debug)]
pub struct Rendering {
    /// Whose it is.
    pub entity: EntityId,
    /// Kubernetes objects in template order. Values hold no templates, and no late values unless it waits.
    pub manifests: Vec<Manifest>,
    /// A Helm chart to install.
    pub chart: Option<Chart>,
    /// Files to write below `files/<environment>/<cluster>/`.
    pub files: Vec<File>,
    /// What the class says to whoever installs it, in its section `argocd` (decisions 4 and 24). Evaluated.
    pub told: Option<Value>,
    /// Of a cluster: the object by which whoever installs there from another cluster knows it.
    pub registration: Option<Value>,
    /// Labels and annotations of all that it emits; every object has them already.
    pub metadata: Option<Value>,
    /// Whether its class says that it keeps data: whoever installs it leaves what is there when it goes (decision 35).
    pub keeps_data: bool,
    /// What it lacks facts of. If there is anything, all of it waits: values above are late then, and nothing of it is emitted anew.
    pub waits: Vec<Wait>,
}

/// A late value that stands in what is delivered, and of which no fact tells what it is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Wait {
    /// The stack whose output it is.
    pub stack: StackId,
    /// The name of that output.
    pub output: Arc<str>,
    /// Where the value stands.
    pub span: Span,
}

/// One Kubernetes object.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// Its name in the class: the key in `manifests`.
    pub name: Arc<str>,
    /// What a cluster tells it apart by.
    pub object: ObjectName,
    /// The object, a map.
    pub value: Value,
    /// Who has put it into the hands of the thing that has it, if that is another one.
    pub handed: Option<HandedObject>,
}

impl Manifest {
    /// Whether it waits for facts, alone among what its owner has.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.handed.as_ref().is_some_and(|handed| !handed.waits.is_empty())
    }
}

/// An object in the hands of another thing than the one whose class makes it.
#[derive(Clone, Debug)]
pub struct HandedObject {
    /// Whose class makes it.
    pub giver: EntityId,
    /// Who has it.
    pub owner: EntityId,
    /// Where that is said.
    pub span: Span,
    /// What it lacks facts of. If there is anything, it waits alone.
    pub waits: Vec<Wait>,
    /// Whether it holds what Terraform finds out, known or not.
    pub is_late: bool,
}

/// A Helm chart with its values.
#[derive(Clone, Debug)]
pub struct Chart {
    /// `https://…` or `oci://…`.
    pub repository: Arc<str>,
    /// Name in the repository.
    pub chart: Arc<str>,
    /// Exact version.
    pub version: Arc<str>,
    /// `releaseName`, default the entity's identity.
    pub release: Arc<str>,
    /// Namespace to install into: `helm.namespace`, else the entity's field `namespace`, else its identity.
    pub namespace: Arc<str>,
    /// Values, a map; none if empty.
    pub values: Option<Value>,
    /// Where the chart is named.
    pub span: Span,
    /// The section of the class that says all this, evaluated: where each part comes from.
    pub said: Value,
}

/// A file that a class emits.
#[derive(Clone, Debug)]
pub struct File {
    /// Relative path, checked: no `..`, no absolute path, no empty part. Its ending decides the format: `.yaml`, `.yml`, `.json`, else text.
    pub path: Arc<str>,
    /// Structured content, or text.
    pub content: Value,
    /// Where the file is named.
    pub span: Span,
}

/// A Terraform root module: one state.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Its environment.
    pub environment: EnvironmentId,
    /// Its name: the identity of the cluster or infrastructure whose stack it is, or the one that things say.
    pub name: Arc<str>,
    /// Entities whose Terraform is in it, in the order of the model.
    pub members: Vec<EntityId>,
    /// Terraform's JSON shape, members merged: `terraform`, `provider`, `resource`, `data`, `module`, `locals`, `output`, `moved`, `import`.
    /// Values may be late; plain strings are literal text that the backend escapes. References to other stacks still name those stacks.
    pub body: Value,
    /// Outputs that members declare, late ones.
    pub outputs: Vec<Output>,
    /// `platform.terraform.backend`, evaluated for this stack: one key, the backend's type.
    pub backend: Option<Value>,
    /// Stacks that this one reads, in the order they are first read.
    pub reads: Vec<StackId>,
    /// Who made each resource, by type and name, and each module, by `module` and name; of several that made the same one, the first.
    pub makers: BTreeMap<(Arc<str>, Arc<str>), EntityId>,
    /// Addresses of resources and modules that are to be forgotten without being destroyed.
    pub forgets: BTreeSet<Arc<str>>,
}

/// Names one stack of a platform.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct StackId {
    /// Its environment.
    pub environment: EnvironmentId,
    /// Its name there.
    pub name: Arc<str>,
}

impl Stack {
    /// What names it.
    #[must_use]
    pub fn id(&self) -> StackId {
        StackId { environment: self.environment, name: Arc::clone(&self.name) }
    }

    /// The stack that a reference leads to from this one; itself if the reference names none.
    #[must_use]
    pub(crate) fn referred(&self, model: &Model, reference: &LateReference) -> StackId {
        let is_own = reference.environment.is_empty() || *model.environment(self.environment).identity.text() == reference.environment;
        let is_named = |environment: &Environment| *environment.identity.text() == reference.environment;
        let named = if is_own { None } else { model.environments().find(|(_, environment)| is_named(environment)) };
        let name = if reference.stack.is_empty() { &self.name } else { &reference.stack };
        StackId { environment: named.map_or(self.environment, |(id, _)| id), name: Arc::clone(name) }
    }
}

/// One output of a stack.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its Terraform name, unique in the stack.
    pub name: Arc<str>,
    /// A late value of this stack.
    pub value: Value,
    /// Who declares it.
    pub entity: EntityId,
    /// Whether a provider calls a part of it sensitive, or whoever declares it does.
    pub sensitive: bool,
}

impl Objects {
    /// The same without what must not be shown. Only arguments of Terraform may hold any.
    #[must_use]
    pub fn shown(&self) -> Self {
        let mut shown = self.clone();
        shown.stacks.iter_mut().for_each(|stack| stack.body = self.secrets.shown(&stack.body));
        shown
    }
}

impl Rendering {
    /// That of a thing whose class makes nothing.
    fn empty(entity: EntityId) -> Self {
        Self {
            entity,
            manifests: Vec::new(),
            chart: None,
            files: Vec::new(),
            told: None,
            registration: None,
            metadata: None,
            keeps_data: false,
            waits: Vec::new(),
        }
    }

    /// Whether anything comes of it.
    fn is_something(&self) -> bool {
        !self.manifests.is_empty() || self.chart.is_some() || !self.files.is_empty() || self.told.is_some() || !self.waits.is_empty()
    }

    /// How much there is to print.
    fn weight(&self) -> usize {
        let manifests = self.manifests.iter().map(|manifest| &manifest.value);
        let files = self.files.iter().map(|file| &file.content);
        let chart = self.chart.iter().filter_map(|chart| chart.values.as_ref());
        manifests.chain(files).chain(chart).map(Value::weight).fold(0, usize::saturating_add)
    }
}

/// Instantiates the templates of all entities.
pub(crate) fn instantiate(definitions: &Definitions, model: &Model, sources: &Sources, diagnostics: &mut Diagnostics) -> Objects {
    let index = EntityIndex::new(model);
    let mut groups: BTreeMap<(EnvironmentId, Option<EntityId>), Vec<EntityId>> = BTreeMap::new();
    for (id, entity) in model.entities() {
        groups.entry((entity.environment, entity.cluster)).or_default().push(id);
    }
    let groups: Vec<Vec<EntityId>> = groups.into_values().collect();
    /// What the entities of one cluster became.
    type Done = (Option<Rendering>, Option<Value>);
    let pool = Cost::of_platform(sources);
    let work = |group: &[(EntityId, Member<'_, Parts>)], cost: Cost| -> WorkPiece<(Vec<Made<Done, Parts>>, Found)> {
        let world = World::new(definitions, model, &index, cost);
        let in_time = group.iter().take_while(|_| !world.is_exhausted());
        let made = in_time.map(|(id, member)| {
            let mut parts = Parts::default();
            let ((rendering, body), alike) = world.alike(|| {
                (
                    world.session(|| rendering(&world, (*id, *member), sources, &mut parts)),
                    world.session(|| terraform(&world, *id, sources)),
                )
            });
            let weight = rendering.as_ref().map_or(0, Rendering::weight) + body.as_ref().map_or(0, Value::weight);
            world.charge(*id, weight, weight);
            // What joins a stack does so for each thing.
            Made { id: *id, alike: alike && body.is_none(), result: (rendering, body), parts }
        });
        let made = made.collect();
        world.piece(|found| (made, found))
    };
    let copy =
        |id: EntityId, (rendering, _): &Done| -> Done { (rendering.clone().map(|of_first| Rendering { entity: id, ..of_first }), None) };
    let done = in_families(&Families::of(model), &groups, pool, work, copy);
    let done = match done {
        Ok(done) => done,
        Err(exhausted) => {
            diagnostics.push(platform_too_costly(model, exhausted));
            return Objects::default();
        }
    };
    let mut renderings = Vec::with_capacity(done.results.len());
    let mut bodies = BTreeMap::new();
    let (mut secrets, mut met) = (model.secrets.clone(), Vec::new());
    for found in done.others {
        secrets.append(&found.secrets);
        met.extend(found.met);
        diagnostics.append(found.diagnostics);
    }
    for (id, (rendering, body)) in done.results {
        renderings.extend(rendering);
        bodies.extend(body.map(|body| (id, body)));
    }
    met.sort_unstable();
    renderings.sort_by_key(|rendering: &Rendering| rendering.entity);
    care::take(model, &mut renderings);
    manifest::check_collisions(model, &renderings, diagnostics);
    file::check_collisions(model, &renderings, diagnostics);
    owner::hand_over(model, &mut renderings, diagnostics);
    let world = World::new(definitions, model, &index, pool.with(model.entities.len()));
    let stacks = stack::assemble(&world, bodies, diagnostics);
    secret::stacks(model, &stacks, diagnostics);
    if let Some(exhausted) = world.exhausted() {
        diagnostics.push(platform_too_costly(model, exhausted));
    }
    let found = world.into_found();
    diagnostics.append(found.diagnostics);
    secrets.append(&found.secrets);
    fact::check(model, &stacks, &renderings, &mut secrets, diagnostics);
    registration::unreached(definitions, model, &renderings, diagnostics);
    Objects { renderings, stacks, secrets, met }
}

/// What an entity becomes beside Terraform; none if its class has no such templates.
fn rendering(world: &World<'_>, (id, member): (EntityId, Member<'_, Parts>), sources: &Sources, parts: &mut Parts) -> Option<Rendering> {
    let entity = world.entity(id);
    let class = world.class(entity)?;
    let mut expander = template::Expander::new(world, id).sources(sources).member(member);
    let metadata = metadata::said(&mut expander);
    let manifests = manifest::manifests(&mut expander, metadata.as_ref());
    let chart = manifest::chart(&mut expander);
    let files = file::files(&mut expander);
    let (section, what) = TOLD;
    let told = expander.early(section, what);
    told.as_ref().and_then(|told| told.at(&["source", "values"])).into_iter().for_each(|values| manifest::numbers(&expander, values));
    let source = told.as_ref().and_then(|told| told.at(&["source", "repository"]));
    if let Some(address) = source.filter(|address| address.as_str().is_some_and(holds_login)) {
        world.doubt(address);
        expander.report(errors::repository_with_login(address.origin.span));
    }
    let registration = registration::registration(&expander, told.as_ref());
    // Where objects and charts say nothing, this field of theirs does.
    if let Some(namespace) = entity.value.get("namespace").filter(|namespace| world.hides(namespace)) {
        expander.report(errors::secret_field("namespace", namespace.origin.span));
    }
    let mut waits = std::mem::take(&mut expander.waits);
    waits.sort();
    waits.dedup();
    *parts = expander.into_parts();
    let rendering = Rendering { entity: id, manifests, chart, files, told, registration, metadata, keeps_data: class.keeps_data, waits };
    rendering.is_something().then_some(rendering)
}

/// The Terraform of an entity.
fn terraform(world: &World<'_>, id: EntityId, sources: &Sources) -> Option<Value> {
    let entity = world.entity(id);
    entity.stack.as_ref()?;
    let mut expander = template::Expander::new(world, id).sources(sources);
    let body = expander.terraform()?;
    secret::refuse_in_terraform(&expander, &body);
    Some(body)
}

/// The scope in which templates of classes are expanded.
const WITHIN: Within = Within::Class;
