//! `platc list versions`: what of others the platform pins.

use crate::command::selected::ChosenThings;
use crate::command::{Exit, Failure, Session};
use crate::render::{View, table};
use platc::Compilation;
use platc::model::EntityId;
use platc::query::versions::{PinnedVersion, versions};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

pub(super) fn run(
    compilation: &Compilation,
    chosen: &ChosenThings,
    view: &View<'_>,
    machine: bool,
    session: &Session,
) -> Result<Exit, Failure> {
    let model = &compilation.model;
    let is_chosen = |id: EntityId| chosen.has(id);
    let found = versions(model, &compilation.objects, &is_chosen);
    let environments = |things: &BTreeSet<EntityId>| -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for id in things {
            let name = &*model.environment(model.entity(*id).environment).name;
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    };
    if machine {
        let one = |(version, things): (&PinnedVersion, &BTreeSet<EntityId>)| -> Json {
            json!({
                "kind": version.kind.word(),
                "name": version.name,
                "source": version.source,
                "version": version.version,
                "place": view.place(version.at),
                // A line of a library is changed by a line of the project's own.
                "inLibrary": compilation.sources.get(version.at.file).is_some_and(|source| source.library),
                "environments": environments(things),
                "things": things.iter().map(|id| &*model.entity(*id).path).collect::<Vec<_>>(),
            })
        };
        session.terminal.print_json(&json!({ "version": 1, "versions": found.iter().map(one).collect::<Vec<_>>() }))?;
        return Ok(Exit::Fine);
    }
    let mut rows = vec![["WHAT", "NAME", "VERSION", "FROM", "ENVIRONMENTS", "USED BY", "SET AT"].map(str::to_owned).to_vec()];
    for (version, things) in &found {
        let definitions: BTreeSet<String> = things.iter().map(|id| model.entity(*id).thing.definition.to_string()).collect();
        let used = match definitions.len() {
            1..=2 => definitions.into_iter().collect::<Vec<_>>().join(","),
            count => format!("{count} things"),
        };
        rows.push(vec![
            version.kind.word().to_owned(),
            version.name.clone(),
            version.version.clone(),
            version.source.clone().unwrap_or_else(|| "-".to_owned()),
            environments(things).join(","),
            used,
            view.at(version.at),
        ]);
    }
    session.terminal.print(&table::render(&rows, ""))?;
    Ok(Exit::Fine)
}
