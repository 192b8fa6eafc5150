//! `platc what-if`: what an edit would do that is not made.

use super::change::Change;
use super::selected::Selected;
use super::{Exit, Failure, Session};

/// Show what an edit would do, without making it
///
/// Compares the platform as it is with what it would be with other values, as `platc diff --against` compares two revisions: what differs in each
/// environment, what it would do outside, and which files would change. Nothing is written. Exits with 1 if anything differs.
#[derive(clap::Args, Debug)]
#[command(
    group = clap::ArgGroup::new("edit").args(["set", "unset"]).required(true).multiple(true),
    after_help = "Examples:\n  platc what-if --set clusters.gc0.version=1.37\n  platc what-if --set services.external-dns.enabled=false apps\n  platc what-if --unset clusters.gc0.nodePools.gpu"
)]
pub(crate) struct Arguments {
    /// Only these environments; behind these, paths of what is to be compared: services.shop
    #[arg(value_name = "ENVIRONMENT|PATH")]
    names: Vec<String>,
    /// Set a value, stronger than all definitions: services.shop.replicas=3
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Take a value out as though nobody had written it, so that what weaker layers say comes through: services.shop.replicas
    #[arg(long, value_name = "PATH")]
    unset: Vec<String>,
    /// Show what follows from each difference, too
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    selected: Selected,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let form = session.answer_form()?;
    let (environments, selected) = arguments.selected.of(&arguments.names)?;
    let Some(mut change) = Change::what_if(arguments.set.clone(), arguments.unset.clone(), session)? else { return Ok(Exit::No) };
    change.known(environments, &selected)?;
    let stays = change.leaving(environments, &selected, session);
    let answer = match change.answer(environments, &selected, arguments.all, session) {
        Ok(answer) => answer,
        Err(lost) => return session.lose(&lost),
    };
    answer.print("What would change", Some(stays), &session.view(&change.now), form, session)
}
