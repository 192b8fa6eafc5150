//! `platc facts`: keeps what Terraform has made known, and compares.

use super::{Exit, Failure, Session};
use crate::disk::reason;
use crate::render::lines::Lines;
use crate::render::plural;
use crate::replace::Stage;
use platc::code::Code;
use platc::diagnostic::Diagnostic;
use platc::facts::{self, Recorded, TerraformOutput};
use platc::limit::SOURCE_BYTES;
use platc::name::{listed, nearest};
use platc::print::Tree;
use platc::query::show::json;
use platc::value::Value;
use platc::{Compilation, Goal, Options};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal, Read};
use std::path::Path;
use std::sync::Arc;

/// Keep what Terraform has made known
///
/// Facts are the outputs of a stack that are not sensitive, in `facts/<environment>/<stack>.json`. With them, values that only Terraform
/// finds out can stand in manifests, Helm values and files. Commit them.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  terraform -chdir=dist/terraform/ops/gc0 output -json | platc facts record ops gc0\n  terraform -chdir=dist/terraform/ops/gc0 output -json | platc facts check ops gc0"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand, Debug)]
enum Verb {
    /// Write the facts of a stack, from `terraform output -json` on standard input
    Record(OfStack),
    /// Compare the facts of a stack with `terraform output -json` on standard input; exit with 1 if they differ
    Check(OfStack),
}

#[derive(clap::Args, Debug)]
struct OfStack {
    /// The environment
    environment: String,
    /// The stack: the name of its folder below `terraform/<environment>`
    stack: String,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let machine = session.json()?;
    let (Verb::Record(of) | Verb::Check(of)) = &arguments.verb;
    // What is wrong with the project, its facts included, is for `check` to say, unless the stack is not found.
    let compilation = session.compile(&Options { goal: Goal::Model, ..Options::default() });
    let (environment, stack) = match find(&compilation, of) {
        Ok(found) => found,
        Err(_) if session.broken(&compilation)? => return Ok(Exit::No),
        Err(text) => return Err(Failure::Usage(text)),
    };
    let told = facts::outputs(&input()?).map_err(|text| {
        Failure::Usage(format!("{text}; pipe `terraform -chdir=… output -json` of the stack `{stack}` into this command"))
    })?;
    if told.is_empty() {
        return Err(Failure::Usage(format!("Terraform tells no outputs of the stack `{stack}`; apply it first")));
    }
    let path = facts::path(&environment, &stack);
    match &arguments.verb {
        Verb::Record(_) => record(&told, &path, machine, session, &compilation),
        Verb::Check(_) => check(&told, &path, machine, session, (&environment, &stack)),
    }
}

/// The identities of environment and stack.
fn find(compilation: &Compilation, of: &OfStack) -> Result<(String, String), String> {
    let model = &compilation.model;
    let unknown = |what: &str, name: &str, within: &str, known: &BTreeSet<&str>| {
        let near = nearest(name, known.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
        let those = if known.is_empty() { "; there is none".to_owned() } else { format!("; there are {}", listed(known.iter().copied())) };
        format!("there is no {what} `{name}`{within}{}", near.unwrap_or(those))
    };
    let is_it = |known: &platc::model::Environment| **known.identity.text() == *of.environment;
    let found = model.environments().find(|(_, known)| is_it(known));
    let found = found.or_else(|| model.environments().find(|(_, known)| *known.name == *of.environment));
    let Some((id, environment)) = found else {
        let known = model.environments().map(|(_, known)| &**known.identity.text()).collect();
        return Err(unknown("environment", &of.environment, "", &known));
    };
    let stacks: BTreeSet<&str> =
        model.entities().filter(|(_, entity)| entity.environment == id).filter_map(|(_, entity)| entity.stack.as_deref()).collect();
    // One that could not be a folder is no stack either, which `check` tells.
    let plain = |name: &str| !name.starts_with('.') && !name.contains(['/', '\\', ':', '\0']);
    if !stacks.contains(&*of.stack) || !plain(&of.stack) || !plain(environment.identity.text()) {
        return Err(unknown("stack", &of.stack, &format!(" in `{}`", environment.identity), &stacks));
    }
    Ok((environment.identity.to_string(), of.stack.clone()))
}

/// Standard input as a text.
fn input() -> Result<String, Failure> {
    let stdin = std::io::stdin();
    let wrong = |what: &str| Failure::Usage(format!("{what}; pipe `terraform -chdir=… output -json` into this command"));
    if stdin.is_terminal() {
        return Err(wrong("standard input is a terminal"));
    }
    let mut bytes = Vec::new();
    let limit = u64::try_from(SOURCE_BYTES).unwrap_or(u64::MAX);
    stdin
        .lock()
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| wrong(&format!("cannot read standard input: {}", reason(&error))))?;
    if bytes.len() > SOURCE_BYTES {
        return Err(wrong("standard input is larger than 16 MiB"));
    }
    String::from_utf8(bytes).map_err(|_| wrong("standard input is not UTF-8 text"))
}

/// What may be kept, and the names of what may not.
fn parted(told: &BTreeMap<Arc<str>, TerraformOutput>) -> (Recorded, Vec<&str>) {
    let open = told.iter().filter(|(_, output)| !output.sensitive);
    let open = open.map(|(name, output)| (Arc::clone(name), output.value.clone())).collect();
    (open, told.iter().filter(|(_, output)| output.sensitive).map(|(name, _)| &**name).collect())
}

fn record(
    told: &BTreeMap<Arc<str>, TerraformOutput>,
    path: &str,
    machine: bool,
    session: &Session,
    compilation: &Compilation,
) -> Result<Exit, Failure> {
    let (recorded, sensitive) = parted(told);
    let text = facts::print(&recorded);
    let file = session.project.root.join(path);
    let shown = format!("{}{path}", session.project.prefix);
    let is_new = !std::fs::read(&file).is_ok_and(|known| known == text.as_bytes());
    if is_new {
        // Links are not followed out of the project, nor read.
        let link = file.ancestors().take_while(|step| **step != *session.project.root).find(|step| step.is_symlink());
        let refused = |step: &Path| {
            let step = step.strip_prefix(&session.project.root).unwrap_or(step);
            std::io::Error::other(format!("`{}` is a symbolic link, and facts behind one are not read", step.display()))
        };
        let made = link.map_or(Ok(()), |step| Err(refused(step)));
        let made = made.and_then(|()| file.parent().map_or(Ok(()), std::fs::create_dir_all));
        if let Err(error) = made.and_then(|()| Stage::of(&session.project).replace(&file, text.as_bytes())) {
            let fault = Diagnostic::general(Code::CannotWrite, format!("cannot write `{shown}`: {}", reason(&error)));
            session.report(&[fault], &session.view(compilation), serde_json::Map::new())?;
            return Ok(Exit::No);
        }
    }
    if machine {
        let names: Vec<&str> = recorded.keys().map(|name| &**name).collect();
        session.terminal.print_json(&serde_json::json!({ "file": shown, "changed": is_new, "recorded": names, "sensitive": sensitive }))?;
        return Ok(Exit::Fine);
    }
    let count = plural(recorded.len(), "output");
    session.terminal.talk(&Lines::of(&if is_new { format!("wrote {shown}: {count}") } else { format!("{shown} is up to date: {count}") }));
    if !sensitive.is_empty() {
        session.terminal.talk(&Lines::of(&format!("left out what is sensitive: {}", listed(sensitive))));
    }
    Ok(Exit::Fine)
}

fn check(
    told: &BTreeMap<Arc<str>, TerraformOutput>,
    path: &str,
    machine: bool,
    session: &Session,
    (environment, stack): (&str, &str),
) -> Result<Exit, Failure> {
    let (now, sensitive) = parted(told);
    let shown = format!("{}{path}", session.project.prefix);
    let kept = match std::fs::read_to_string(session.project.root.join(path)) {
        Ok(text) => facts::kept(&text).map_err(|text| Failure::Usage(format!("cannot read `{shown}`: {text}")))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Recorded::new(),
        Err(error) => return Err(Failure::Usage(format!("cannot read `{shown}`: {}", reason(&error)))),
    };
    let differences = facts::compare(&kept, &now);
    if machine {
        let value = |value: Option<&Value>| value.and_then(Tree::from_value).map(|tree| json(&tree));
        let difference = |(name, kept, now): &(&str, Option<&Value>, Option<&Value>)| {
            let kept = kept.filter(|_| !sensitive.contains(name));
            serde_json::json!({ "output": name, "kept": value(kept), "now": value(*now), "sensitive": sensitive.contains(name) })
        };
        let differences: Vec<_> = differences.iter().map(difference).collect();
        session
            .terminal
            .print_json(&serde_json::json!({ "file": shown, "upToDate": differences.is_empty(), "differences": differences }))?;
        return Ok(if differences.is_empty() { Exit::Fine } else { Exit::No });
    }
    if differences.is_empty() {
        session.terminal.talk(&Lines::of(&format!("{shown} is up to date: {}", plural(kept.len(), "output"))));
        return Ok(Exit::Fine);
    }
    let text = |value: &Value| Tree::from_value(value).map(|tree| json(&tree).to_string()).unwrap_or_default();
    let mut lines = Lines::default();
    for (name, kept, now) in differences {
        match (kept, now) {
            (Some(_), None) if sensitive.contains(&name) => lines.line(&format!("{name}: kept, and sensitive now")),
            (Some(kept), None) => lines.line(&format!("{name}: {} is kept, Terraform no longer tells it", text(kept))),
            (None, Some(now)) => lines.line(&format!("{name}: not kept, Terraform tells {}", text(now))),
            (Some(kept), Some(now)) => lines.line(&format!("{name}: {} is kept, Terraform tells {}", text(kept), text(now))),
            (None, None) => {}
        }
    }
    session.terminal.print(&lines)?;
    session.terminal.talk(&Lines::of(&format!("{shown} is out of date; run `platc facts record {environment} {stack}`")));
    Ok(Exit::No)
}
