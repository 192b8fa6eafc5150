//! `platc list`: what the platform consists of.

use super::{Exit, Failure, Session};

/// List
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {}

pub(super) fn run(_arguments: &Arguments, _session: &Session) -> Result<Exit, Failure> {
    Ok(Exit::Fine)
}
