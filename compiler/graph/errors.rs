//! Wording of what can be wrong between entities.

use super::{Edge, EdgeCause};
use crate::code::Code;
use crate::definition::{Definition, Definitions};
use crate::diagnostic::Diagnostic;
use crate::model::{Assumption, Entity, Model, assumption};
use crate::name::{Kind, listed, nearest};
use crate::path::Path;
use crate::span::Span;
use crate::subject::Subject;
use crate::value::Value;

/// So many edges of a circle are told with whether they are assumed.
const TOLD: usize = 100;

pub(super) fn too_many_links(entity: &Entity, limit: usize) -> Diagnostic {
    let message = format!("what the things of this platform need is written in more than {limit} places");
    Diagnostic::error(Code::ExpansionTooLarge, message, entity.defined, format!("the limit is passed with this {}", entity.kind.words()))
        .about(entity.subject())
        .note("every name in `dependsOn`, a reference or an expression counts once for each thing that it is written for")
        .hint("read lists and maps as a whole instead of by their names, or place things on fewer clusters")
}

/// A shared environment that changes reach after one that reads what is in it.
pub(super) fn shared_after_reader(model: &Model, edge: &Edge) -> Diagnostic {
    let (from, to) = (model.entity(edge.from), model.entity(edge.to));
    let [reader, shared] = [from, to].map(|entity| &*model.environment(entity.environment).name);
    let promotion = model.platform.value.get("promotion").and_then(Value::as_list).unwrap_or_default();
    let item = promotion.iter().find(|item| item.as_str() == Some(shared)).map(|item| item.origin.span);
    let message = format!("changes reach the shared environment `{shared}` after `{reader}`, which reads what is in it");
    let diagnostic = match item {
        Some(span) => Diagnostic::error(Code::SharedAfterReaders, message, span, "too late"),
        None => Diagnostic::error(Code::SharedAfterReaders, message, model.environment(to.environment).defined, "changes reach it last"),
    };
    diagnostic
        .label(edge.span, format!("{} `{}` reads `{}`", from.kind.words(), from.path, to.path))
        .about(Subject::platform(&["promotion"]))
        .hint(format!("name `{shared}` before `{reader}` in `platform.promotion`"))
}

/// `definitions` tell which references nobody has written: those are what to act on.
pub(super) fn cycle(definitions: &Definitions, model: &Model, steps: &[&Edge]) -> Diagnostic {
    let entity = |edge: &&Edge| format!("{} `{}`", model.entity(edge.from).kind.words(), model.entity(edge.from).name);
    let message = match steps {
        [itself] => format!("{} waits for itself", entity(itself)),
        [one, other] => format!("{} and {} wait for each other", entity(one), entity(other)),
        [one, other, ..] => format!("{}, {} and {} more wait for each other", entity(one), entity(other), steps.len() - 2),
        [] => "these wait for each other".to_owned(),
    };
    let name = |edge: &Edge| {
        let (from, to) = (model.entity(edge.from), model.entity(edge.to));
        let how = match edge.cause {
            EdgeCause::Containment => "is in or on",
            EdgeCause::DependsOn => "depends on",
            EdgeCause::Refers => "refers to",
            EdgeCause::Knows => "knows",
            EdgeCause::Reads => "reads",
        };
        format!("{} `{}` {how} {} `{}`", from.kind.words(), from.name, to.kind.words(), to.name)
    };
    let assumed = |edge: &Edge| {
        let from = model.entity(edge.from);
        let class = definitions.classes.get(from.class.0 as usize).filter(|_| edge.cause == EdgeCause::Refers)?;
        assumption(&from.value, &class.type_, edge.span)
    };
    // The edge to act on is one that nobody wrote, or else that somebody wrote as such.
    let unwritten = steps.iter().enumerate().find_map(|(at, edge)| Some((at, assumed(edge)?)));
    if let Some((at, assumption)) = unwritten {
        let tell = |edge: &Edge| if assumed(edge).is_some() { format!("{}, assumed as well", name(edge)) } else { name(edge) };
        let told = steps.iter().take(TOLD).enumerate().filter(|(other, _)| *other != at).map(|(_, edge)| (edge.span, tell(edge)));
        let told: Vec<(Span, String)> = told.collect();
        return steps.get(at).map_or_else(
            || Diagnostic::general(Code::DependencyCycle, message.clone()),
            |edge| assumed_cycle(model, &message, (edge, name(edge)), told, &assumption),
        );
    }
    let act = steps.iter().position(|edge| edge.cause == EdgeCause::DependsOn).unwrap_or(0);
    let Some(primary) = steps.get(act) else { return Diagnostic::general(Code::DependencyCycle, message) };
    let mut diagnostic =
        Diagnostic::error(Code::DependencyCycle, message, primary.span, name(primary)).about(model.entity(primary.from).subject());
    for (_, edge) in steps.iter().enumerate().filter(|(at, _)| *at != act) {
        diagnostic = diagnostic.label(edge.span, name(edge));
    }
    diagnostic.hint("remove one of these edges")
}

/// A circle with a reference in it that was assumed. `others`: what else it is made of.
fn assumed_cycle(
    model: &Model,
    message: &str,
    (edge, named): (&Edge, String),
    others: Vec<(Span, String)>,
    assumption: &Assumption<'_>,
) -> Diagnostic {
    let from = model.entity(edge.from);
    let field = &assumption.field;
    let label = format!("{named}, which is assumed: `{field}` is not set, and this is the only one");
    let mut diagnostic = Diagnostic::error(Code::DependencyCycle, message, from.defined, label)
        .label(edge.span, format!("asks for {}", a(&assumption.referent.words())));
    for (span, text) in others {
        diagnostic = diagnostic.label(span, text);
    }
    let last = field.last_key().map_or_else(|| field.to_string(), str::to_owned);
    let place = if last == field.to_string() { String::new() } else { format!(" in `{field}`") };
    let way_out = match (assumption.may_be_null, assumption.is_required) {
        (true, _) => format!(", or `{last}: null` for none"),
        (false, false) => "; where most want none, its class says `default=null nullable=true`".to_owned(),
        (false, true) => String::new(),
    };
    diagnostic.about(from.subject()).hint(format!("say which{place}: `{last}:` and the one that is meant{way_out}"))
}

/// With its article.
fn a(words: &str) -> String {
    let article = if words.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {words}")
}

/// An order between what is on two clusters.
pub(super) fn order_across_clusters(model: &Model, edge: &Edge) -> Diagnostic {
    let (from, to) = (model.entity(edge.from), model.entity(edge.to));
    let cluster = |entity: &Entity| entity.cluster.map_or("", |cluster| &*model.entity(cluster).name);
    let message = format!(
        "{} `{}` depends on {} `{}` of another cluster, and nothing is installed in an order between clusters",
        from.kind.words(),
        from.name,
        to.kind.words(),
        to.name
    );
    Diagnostic::warning(Code::OrderAcrossClusters, message, edge.span, "makes nothing wait")
        .about(from.subject())
        .note(format!("`{}` is installed on `{}`, `{}` on `{}`, each by itself", from.name, cluster(from), to.name, cluster(to)))
        .hint(
            "take it out, and let what needs the other one try again until that is there; a field of type `ref(…)` says that it is needed",
        )
}

pub(super) fn refers_to_itself(entity: &Entity, span: Span) -> Diagnostic {
    let message = format!("{} `{}` waits for itself", entity.kind.words(), entity.name);
    Diagnostic::error(Code::DependencyCycle, message, span, "this is the thing itself")
        .about(entity.subject())
        .hint("name another one, or take it out; a field that may name its own thing says `order=false` in its class")
}

pub(super) fn waits_for_itself(entity: &Entity, span: Span) -> Diagnostic {
    let message = format!("{} `{}` waits for itself", entity.kind.words(), entity.name);
    Diagnostic::error(Code::DependencyCycle, message, span, "its own name").about(entity.subject()).hint("remove this name")
}

pub(super) fn unknown_dependency(path: &Path, span: Span, entity: &Entity, definitions: &Definitions) -> Diagnostic {
    // What exists: bases at the top do not.
    let all = || {
        let top = definitions.definitions.iter().filter(|definition| definition.kind.home().is_none());
        top.chain(definitions.definitions.iter().flat_map(|home| &home.inner))
    };
    // An application means those of its tenant.
    let home = entity.thing.home().map(|home| format!("{}.", Path::from(home.to_vec())));
    let is_beside = |definition: &Definition| {
        definition.kind == entity.kind && home.as_ref().is_none_or(|home| definition.address.starts_with(home.as_str()))
    };
    let known: Vec<&str> = all()
        .filter(|definition| is_beside(definition) || definition.kind == Kind::Service)
        .map(|definition| &*definition.name.name)
        .filter(|known| *known != &*entity.name)
        .collect();
    let name = &*path.to_string();
    let message = format!("{} `{}` depends on `{name}`, which does not exist", entity.kind.words(), entity.name);
    let diagnostic = Diagnostic::error(Code::UnknownDependency, message, span, "nothing has this name")
        .about(entity.subject())
        .misses(Path::of([entity.kind.plural(), name]))
        .misses(Path::of([Kind::Service.plural(), name]))
        .misses(path.clone());
    // `service.front`, or the plain name of another kind.
    let bare = path.last_key().unwrap_or(name);
    let mut same = all().filter(|definition| *definition.name.name == *bare && *bare != *entity.name);
    if let (Some(other), None) = (same.next(), same.next()) {
        let address = if known.contains(&bare) { bare } else { &*other.address };
        return diagnostic.hint(format!("did you mean `{address}`?")).replace(span, address);
    }
    let addresses = || all().map(|definition| &*definition.address);
    let near = if path.steps().len() > 1 { nearest(name, addresses()) } else { nearest(name, known.iter().copied()) };
    match near {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None if known.is_empty() => diagnostic,
        None => diagnostic.hint(format!("it may depend on {}", listed(known))),
    }
}
