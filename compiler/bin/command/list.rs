//! `platc list`: what the platform consists of.

mod versions;

use super::emitted::files;
use super::selected::{Chosen, Subjects, Viewed};
use super::{Exit, Failure, Session, known};
use crate::render::lines::Lines;
use crate::render::{View, table};
use platc::model::{Entity, Environment, Identity};
use platc::name::Kind;
use platc::origin::LayerId;
use platc::path::Path;
use platc::{Compilation, Goal, Options};
use serde_json::json;
use std::collections::BTreeMap;

/// What is asked for beside kinds.
const VERSIONS: &str = "versions";

/// List what the platform consists of
///
/// One line for each definition that exists anywhere, with the environments and clusters it is in. With `versions`: what of others the platform pins,
/// charts, providers, Kubernetes, with the line that says so.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  platc list\n  platc list clusters\n  platc list services -e ops -c gc0\n  platc list --paths | grep nodePools\n  platc list versions\n  platc list versions -e apps --format json\n  platc list services.external-dns -e apps --view artifacts"
)]
pub(crate) struct Arguments {
    /// Only this kind: environments, clusters, nodePools, infrastructure, services, tenants or applications; or versions. And paths of things: apps.clusters.gc0, services.shop
    #[arg(value_name = "KIND|PATH")]
    names: Vec<String>,
    #[command(flatten)]
    chosen: Chosen,
    #[command(flatten)]
    viewed: Viewed,
    /// Print the model path of every entity, a line each, and nothing else
    #[arg(long)]
    paths: bool,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let machine = session.json()?;
    let (word, paths) = match arguments.names.split_first() {
        // Words are no paths.
        Some((first, rest)) if !first.contains('.') => (Some(first.as_str()), rest),
        Some(_) | None => (None, &*arguments.names),
    };
    let kind = match word {
        None | Some("environments" | "environment" | VERSIONS) => None,
        Some(name) => match Kind::from_plural(name).or_else(|| Kind::from_singular(name)) {
            Some(kind) => Some(kind),
            None => {
                known("kind", name, Kind::ALL.iter().map(|kind| kind.plural()).chain(["environments", VERSIONS]))?;
                None
            }
        },
    };
    let is_kind = |word: &str| {
        [VERSIONS, "environments", "environment"].contains(&word) || Kind::from_plural(word).or_else(|| Kind::from_singular(word)).is_some()
    };
    if let Some((one, other)) = word.zip(paths.iter().find(|path| is_kind(path))) {
        return Err(Failure::Usage(format!("`platc list` takes one kind: `{one}` or `{other}`")));
    }
    let of_versions = word == Some(VERSIONS);
    if of_versions && arguments.paths {
        return Err(Failure::Usage("`--paths` is for things, and versions have no paths".to_owned()));
    }
    let is_file = arguments.viewed.view == Subjects::Artifacts;
    if is_file && (arguments.paths || (word.is_some() && kind.is_none())) {
        return Err(Failure::Usage("`--view artifacts` lists the files of things: it takes kinds and paths".to_owned()));
    }
    // Charts and providers are said in templates.
    let goal = if of_versions || is_file { Goal::Everything } else { Goal::Model };
    let mut compilation = session.compile(&Options { goal, ..Options::default() });
    if session.broken(&compilation)? {
        return Ok(Exit::No);
    }
    let chosen = match arguments.chosen.things(paths, &compilation.model)? {
        Ok(chosen) => chosen,
        Err(lost) => return session.lose(&lost.placed(&compilation.sources)),
    };
    let chosen = match kind {
        Some(kind) => chosen.of_kind(kind, &compilation.model),
        None => chosen,
    };
    if is_file {
        let Some(files) = files(&mut compilation, &chosen, session)? else { return Ok(Exit::No) };
        let mut lines = Lines::default();
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        if machine {
            session.terminal.print_json(&paths)?;
        } else {
            paths.iter().for_each(|path| lines.line(path));
            session.terminal.print(&lines)?;
        }
        return Ok(Exit::Fine);
    }
    let view = session.view(&compilation);
    if matches!(word, Some("environments" | "environment")) {
        return environments(&compilation, &view, machine, session);
    }
    if of_versions {
        return versions::run(&compilation, &chosen, &view, machine, session);
    }
    let all = compilation.model.entities().filter(|(id, _)| chosen.has(*id));
    let chosen: Vec<&Entity> = all.map(|(_, entity)| entity).collect();
    if machine {
        session.terminal.print_json(&chosen.iter().map(|entity| entity_json(entity, &compilation, &view)).collect::<Vec<_>>())?;
    } else if arguments.paths {
        let mut lines = Lines::default();
        chosen.iter().for_each(|entity| lines.line(&entity.path));
        session.terminal.print(&lines)?;
    } else {
        session.terminal.print(&table(&chosen, kind, &compilation, &view))?;
    }
    Ok(Exit::Fine)
}

fn entity_json(entity: &Entity, compilation: &Compilation, view: &View<'_>) -> serde_json::Value {
    let model = &compilation.model;
    json!({
        "path": entity.path.as_ref(),
        "kind": entity.kind.singular(),
        "name": entity.name.as_ref(),
        "identity": entity.identity.text().as_ref(),
        "environment": model.environment(entity.environment).name.as_ref(),
        "cluster": entity.cluster.map(|cluster| model.entity(cluster).name.to_string()),
        "tenant": entity.tenant.map(|tenant| model.entity(tenant).name.to_string()),
        "class": entity.class_name.as_ref(),
        "stack": entity.stack.as_deref(),
        "defined": view.place(entity.defined),
    })
}

/// One definition in all the places it is in.
struct Line<'a> {
    entity: &'a Entity,
    environments: Vec<&'a str>,
    clusters: Vec<&'a str>,
}

fn table(entities: &[&Entity], kind: Option<Kind>, compilation: &Compilation, view: &View<'_>) -> Lines {
    let model = &compilation.model;
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut known: BTreeMap<&Path, usize> = BTreeMap::new();
    for &entity in entities {
        let environment = &*model.environment(entity.environment).name;
        let cluster = entity.cluster.map(|cluster| &*model.entity(cluster).name);
        // Pools of two clusters share no more than a name; services on two clusters are one definition.
        let at = *known.entry(&entity.thing.definition).or_insert(lines.len());
        if lines.len() == at {
            lines.push(Line { entity, environments: Vec::new(), clusters: Vec::new() });
        }
        if let Some(line) = lines.get_mut(at) {
            if !line.environments.contains(&environment) {
                line.environments.push(environment);
            }
            line.clusters.extend(cluster.filter(|cluster| !line.clusters.contains(cluster)));
        }
    }
    // What an earlier environment lacks comes after all of that one.
    lines.sort_by_key(|line| Kind::ALL.iter().position(|kind| *kind == line.entity.kind));
    let heads = ["KIND", "NAME", "IDENTITY", "CLASS", "ENVIRONMENTS", "CLUSTERS", "TENANT", "DEFINED"];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    rows.extend(lines.iter().map(|line| {
        let class = line.entity.class_name.rsplit('/').next().unwrap_or("");
        vec![
            line.entity.kind.words().to_owned(),
            line.entity.name.to_string(),
            identity(&line.entity.identity),
            class.to_owned(),
            line.environments.join(","),
            few(&line.clusters, "clusters"),
            line.entity.tenant.map_or_else(String::new, |tenant| model.entity(tenant).name.to_string()),
            view.at(line.entity.defined),
        ]
    }));
    // Columns that say nothing are left out.
    let no_clusters = lines.iter().all(|line| line.clusters.is_empty());
    let no_identity = !lines.iter().any(|line| line.entity.identity.is_written());
    let no_tenant = lines.iter().all(|line| line.entity.tenant.is_none());
    for (at, is_empty) in [(6, no_tenant), (5, no_clusters), (2, no_identity), (0, kind.is_some())] {
        if is_empty {
            rows.iter_mut().for_each(|row| drop(row.remove(at)));
        }
    }
    table::render(&rows, "")
}

/// What names a thing outside, if it is not its name.
fn identity(identity: &Identity) -> String {
    if identity.is_written() { identity.to_string() } else { "-".to_owned() }
}

fn few(names: &[&str], words: &str) -> String {
    if names.len() > 4 { format!("{} {words}", names.len()) } else { names.join(",") }
}

fn environments(compilation: &Compilation, view: &View<'_>, machine: bool, session: &Session) -> Result<Exit, Failure> {
    let model = &compilation.model;
    if machine {
        let one = |environment: &Environment| json!({ "name": environment.name.as_ref(), "identity": environment.identity.text().as_ref(), "delivery": environment.delivery(), "line": environment.line.iter().map(|name| name.to_string()).collect::<Vec<_>>(), "defined": view.place(environment.defined) });
        session.terminal.print_json(&model.environments.iter().map(one).collect::<Vec<_>>())?;
        return Ok(Exit::Fine);
    }
    let mut rows = vec![["NAME", "IDENTITY", "INHERITS", "DELIVERY", "CLUSTERS", "ENTITIES", "DEFINED"].map(str::to_owned).to_vec()];
    for (id, environment) in model.environments() {
        let inside = || model.entities.iter().filter(|entity| entity.environment == id);
        rows.push(vec![
            environment.name.to_string(),
            identity(&environment.identity),
            environment.line.iter().rev().nth(1).map_or_else(|| "-".to_owned(), ToString::to_string),
            environment.delivery().to_owned(),
            inside().filter(|entity| entity.kind == Kind::Cluster).count().to_string(),
            inside().count().to_string(),
            view.at(environment.defined),
        ]);
    }
    // Columns that say nothing are left out.
    let no_identity = !model.environments.iter().any(|environment| environment.identity.is_written());
    let by_default = !model
        .environments
        .iter()
        .any(|environment| environment.value.get("delivery").is_some_and(|delivery| delivery.origin.layer != LayerId::COMPUTED));
    for (at, is_empty) in [(3, by_default), (1, no_identity)] {
        if is_empty {
            rows.iter_mut().for_each(|row| drop(row.remove(at)));
        }
    }
    session.terminal.print(&table::render(&rows, ""))?;
    Ok(Exit::Fine)
}
