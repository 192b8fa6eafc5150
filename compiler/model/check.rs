//! What must hold of resolved entities: their schemas and the rules of their classes; and of definitions that nothing uses, the schema of
//! what they say.

use super::lines::Lines;
use super::world::World;
use super::{ACCEPTS, EntityId, To, Within, blame, errors, layers, metadata, misplaced, overriding, teams};
use crate::definition::{Class, Definition, Definitions, METADATA, Rule, output, promise_kept, shaping};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::expression::{Fault, Target};
use crate::name::Kind;
use crate::path::Path;
use crate::schema::{self, Checked, Mode};
use crate::source::Sources;
use crate::value::{Data, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Checks an entity's evaluated value against its class; whether it is fine.
pub(super) fn entity(world: &World<'_>, id: EntityId, value: &Value, sources: &Sources, diagnostics: &mut Diagnostics) {
    let entity = world.entity(id);
    let Some(class) = world.class(entity).filter(|class| class.sound) else { return };
    let subject = entity.subject();
    let checked = Checked {
        kind: entity.kind.words(),
        class: &class.full,
        subject: Some(&subject),
        defined: Some(entity.defined),
        beside: shaping::of_kind(entity.kind),
        sources,
    };
    let mut found = Diagnostics::default();
    schema::check(&class.type_, value, &checked, Mode::Complete, &mut found);
    for fault in found.drain() {
        let fault = lacks_of_fragments(class, blame::remover(value, fault));
        diagnostics.push(misplaced::told(world.definitions, (entity.kind, &entity.name), class, fault));
    }
    let flaws = value.get(METADATA).map(|metadata| metadata::flaws(metadata, "all objects of a thing"));
    flaws.into_iter().flatten().for_each(|flaw| diagnostics.push(flaw.about(subject.clone())));
    teams::check_metadata(world, entity, value, diagnostics);
    for giver in value.get(ACCEPTS).and_then(Value::as_list).unwrap_or_default() {
        let begins = |text: &str| {
            text.starts_with('*') || GIVERS.iter().any(|kind| text.strip_prefix(kind.plural()).is_some_and(|rest| rest.starts_with('.')))
        };
        if let Some(text) = giver.as_str().filter(|text| !begins(text)) {
            diagnostics.push(errors::no_giver(text, giver.origin.span).about(subject.clone()));
        }
    }
}

/// A field that a class does not have may be one that a fragment had whose fields it takes in.
fn lacks_of_fragments(class: &Class, fault: Diagnostic) -> Diagnostic {
    let own = format!("{} self.", class.full);
    let keys: Vec<Arc<str>> = fault.lacks.iter().filter_map(|lack| lack.strip_prefix(&own)).map(Arc::from).collect();
    let fragments = class.taken.iter().filter(|taken| taken.path.is_empty());
    let lacks = fragments.flat_map(|taken| keys.iter().map(move |key| format!("fragment/{} self.{key}", taken.fragment)));
    lacks.fold(fault, Diagnostic::lacking)
}

/// The kinds whose things may have objects to give.
const GIVERS: [Kind; 4] = [Kind::Service, Kind::Tenant, Kind::Infrastructure, Kind::Cluster];

/// Checks that the outputs of an entity are what the capabilities of its class promise; those that are written as they are were checked when
/// the class was loaded.
pub(super) fn promises(world: &World<'_>, id: EntityId, sources: &Sources, diagnostics: &mut Diagnostics) {
    let entity = world.entity(id);
    let Some(class) = world.class(entity).filter(|class| class.sound && !class.provides.is_empty()) else { return };
    let subject = entity.subject().within(&Path::of(["outputs"]));
    let (kind, full) = (entity.kind.words(), &class.full);
    let checked = Checked { kind, class: full, subject: Some(&subject), defined: Some(entity.defined), beside: &[], sources };
    for field in world.definitions.capabilities.promised(class).filter(|field| class.unkept.iter().all(|one| one.output != field.name)) {
        // Whoever reads it is told why it comes to nothing.
        let Ok(found) = world.session(|| world.section_entry(id, "outputs", &field.name)) else { continue };
        let Some((said, sight)) = found else {
            let written = class.section("outputs").and_then(|outputs| outputs.as_map()?.entry(&field.name));
            let place = written.map_or(class.name.span, |entry| entry.span);
            diagnostics.push(errors::promise_left_out(entity, class, (&field.name, field.span), place));
            continue;
        };
        if !is_made(output::value(&said)) {
            continue;
        }
        if let Ok((_, Some(made))) = world.session(|| world.output_value(sight.typed(Some(&field.type_)), (&field.name, &said))) {
            promise_kept(field, &made, &checked, diagnostics);
            world.check_references_in(id, &made, &field.type_, sources, diagnostics);
        }
    }
}

/// Whether a value is only known when it is worked out.
fn is_made(value: &Value) -> bool {
    value.is_dynamic() || value.has_directive()
}

/// Checks the rules of an entity's class; whether none of them is broken that must hold.
pub(super) fn rules(world: &World<'_>, id: EntityId, sources: &Sources) -> bool {
    let entity = world.entity(id);
    let Some(class) = world.class(entity).filter(|class| class.sound) else { return true };
    class.rules.iter().fold(true, |all_hold, rule| {
        let held = world.session(|| holds(world, id, rule));
        let is_broken = matches!(held, Ok(false));
        match held {
            Ok(true) => {}
            Ok(false) => world.session(|| broken(world, id, class, rule, sources)),
            Err(fault) => report(world, id, fault),
        }
        all_hold && (!is_broken || rule.severity == Severity::Warning)
    })
}

pub(super) fn report(world: &World<'_>, id: EntityId, fault: Fault) {
    match fault {
        Fault::Diagnostic(diagnostic) => {
            world.report(diagnostic.about(world.entity(id).subject()));
        }
        Fault::Reported => {}
    }
}

pub(super) fn holds(world: &World<'_>, id: EntityId, rule: &Rule) -> Result<bool, Fault> {
    if let Some(when) = &rule.when
        && truth(world, id, when)? != Some(true)
    {
        return Ok(true);
    }
    Ok(truth(world, id, &rule.assert)? != Some(false))
}

/// Whether a condition holds; none if it waits, because it is over what Terraform has not found out yet.
fn truth(world: &World<'_>, id: EntityId, value: &Value) -> Result<Option<bool>, Fault> {
    let result = match run(world, id, value) {
        Err(fault) if fault.is_late() => return Ok(None),
        result => result?,
    };
    match result.data {
        Data::Bool(bool) => Ok(Some(bool)),
        Data::Broken => Err(Fault::Reported),
        Data::Null
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::List(_)
        | Data::Map(_)
        | Data::Template(_)
        | Data::Pending(_) => Err(Fault::Diagnostic(Box::new(errors::condition_not_bool(value.origin.span, &result)))),
        Data::Late(_) => Ok(None),
    }
}

pub(super) fn run(world: &World<'_>, id: EntityId, value: &Value) -> Result<Value, Fault> {
    match &value.data {
        Data::Template(template) => world.run(&world.scope(id, Within::Class), template, Target::Now, value.origin),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::List(_)
        | Data::Map(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => Ok(value.clone()),
    }
}

/// Reports a broken rule at the values it read: first the one that the strongest layer wrote, among equals the one named by `at`.
fn broken(world: &World<'_>, id: EntityId, class: &Class, rule: &Rule, sources: &Sources) {
    let message = match run(world, id, &rule.message) {
        Ok(message) if world.hides(&message) => "a rule about a secret is broken".to_owned(),
        Ok(message) => message.as_str().unwrap_or("a rule is broken").to_owned(),
        // What is broken can be known before all that its message speaks of.
        Err(fault) if fault.is_late() => "a rule is broken, and what its message says waits for what Terraform finds out".to_owned(),
        Err(fault) => {
            report(world, id, fault);
            return;
        }
    };
    let entity = world.entity(id);
    let mut read: Vec<errors::RuleRead> = Vec::new();
    if let Data::Template(template) = &rule.assert.data {
        for reference in template.references() {
            let Some((To::Entity(owner), path)) = world.names().bind(id, Within::Class, &reference.steps) else { continue };
            // Rules speak of the thing and of what is around it; others are not at fault.
            if owner != id && ![entity.cluster, entity.tenant].contains(&Some(owner)) {
                continue;
            }
            let name = Path::from(reference.steps.clone()).to_string();
            let found = world.follow(owner, path).filter(|_| !path.is_empty());
            let value = found.map(|(value, sight)| world.evaluate_as(sight, &value));
            if let Some(value) = value
                && !read.iter().any(|known| known.name == name)
            {
                let secret = world.hides(&value);
                read.push(errors::RuleRead { name, value, own: owner == id, secret });
            }
        }
    }
    if let Some(at) = rule.at.as_ref().and_then(Value::as_str)
        && let Ok(path) = at.parse::<Path>()
        && let Some((value, _)) = world.follow(id, path.steps())
    {
        let name = format!("self.{at}");
        let known = read.iter().position(|known| known.name == name);
        let named = known.map_or_else(
            || errors::RuleRead { name, value: value.clone(), own: true, secret: world.hides(&value) },
            |known| read.remove(known),
        );
        read.insert(0, named);
    }
    let strength = |read: &errors::RuleRead| {
        let users = !sources.is_library(read.value.origin.span);
        (users && read.own).then(|| layers::strength(world.definitions.layers.get(read.value.origin.layer), entity, world.model))
    };
    let strongest = read.iter().map(strength).max().flatten();
    if let Some(first) = read.iter().position(|read| strongest.is_some() && strength(read) == strongest) {
        let first = read.remove(first);
        read.insert(0, first);
    }
    let severity = rule.severity == Severity::Warning;
    let subject = errors::Broken {
        message: &message,
        read: &read,
        defined: entity.defined,
        by_nobody: !read.is_empty() && read.iter().all(|read| sources.is_library(read.value.origin.span)),
        rule: rule.assert.origin.span,
        whose: &format!("class `{}`", class.full),
    };
    world.report(errors::broken_rule(&subject, severity).about(entity.subject()));
}

/// What makers make: addresses with the classes of what is made; whether more of a kind would be made if nothing was wrong; and addresses of what
/// is written of names that nobody makes, which was told.
pub(super) struct MadeThings<'a> {
    pub(super) classes: &'a BTreeMap<Arc<str>, BTreeSet<usize>>,
    pub(super) is_unmade: &'a dyn Fn(Kind) -> bool,
    pub(super) told: &'a BTreeSet<Arc<str>>,
}

/// Checks what definitions say, layer by layer, whether or not anything uses them.
/// The classes of what is made count where nothing else is said.
pub(super) fn definitions(
    definitions: &Definitions,
    lines: &Lines<'_>,
    made: &MadeThings<'_>,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) {
    let of_made = |address: &Arc<str>| {
        let classes = made.classes.get(address)?;
        Some(classes.iter().filter_map(|at| definitions.classes.get(*at).map(|class| (*at, &**class))).collect::<Vec<_>>())
    };
    let mut seen = BTreeSet::new();
    overriding::defaults(definitions, lines, sources, diagnostics);
    for definition in &definitions.definitions {
        let is_open = !lines.says_class(definition);
        for (_, class) in of_made(&definition.address).filter(|_| is_open).unwrap_or_else(|| lines.classes(definition)) {
            each_layer(definitions, definition, class, sources, diagnostics);
            overriding::layers(definitions, definition, class, sources, diagnostics);
        }
        for inner in lines.inner(definition) {
            let classes = of_made(&inner.address).filter(|_| inner.chooses_none());
            // Of which class it is would follow from who makes it; where nobody could, it is checked as a thing.
            let is_told = made.told.contains(&inner.address);
            if is_told || (classes.is_none() && inner.chooses_none() && (made.is_unmade)(inner.kind)) {
                continue;
            }
            for (at, class) in classes.unwrap_or_else(|| lines.inner_classes(inner, definition)) {
                // What ancestors and defaults say is said of many.
                let new = inner.own.iter().filter(|own| seen.insert((std::ptr::from_ref::<Definition>(own) as usize, at)));
                new.for_each(|own| {
                    each_layer(definitions, own, class, sources, diagnostics);
                    overriding::layers(definitions, own, class, sources, diagnostics);
                });
            }
        }
    }
}

fn each_layer(definitions: &Definitions, definition: &Definition, class: &Class, sources: &Sources, diagnostics: &mut Diagnostics) {
    let checked = Checked {
        kind: definition.kind.words(),
        class: &class.full,
        subject: None,
        defined: Some(definition.name.span),
        beside: shaping::of_kind(definition.kind),
        sources,
    };
    let overlays = definition.overlays.iter().map(|overlay| &overlay.layered.value);
    if !class.sound {
        return;
    }
    for value in definition.body.iter().map(|layered| &layered.value).chain(overlays) {
        let mut found = Diagnostics::default();
        schema::check(&class.type_, value, &checked, Mode::Layer, &mut found);
        for fault in found.drain() {
            let fault = lacks_of_fragments(class, fault);
            diagnostics.push(misplaced::told(definitions, (definition.kind, &definition.name.name), class, fault));
        }
        let flaws = value.get(METADATA).map(|metadata| metadata::flaws(metadata, "all objects of a thing"));
        flaws.into_iter().flatten().for_each(|flaw| diagnostics.push(flaw));
    }
}
