//! `platc report`: the platform as one page to look at.

use super::change::Change;
use super::{Exit, Failure, Session};
use crate::render::report::page;
use platc::Options;

/// Print the platform as one HTML page
///
/// Environments and clusters side by side, with the cascade behind each value; what needs what; and, with `--against`, what the change since then does
/// outside. The page stands for itself: it needs no network and no further file.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  platc report > report.html\n  platc report --against main > report.html")]
pub(crate) struct Arguments {
    /// Also the hazards of the change since this git revision
    #[arg(long, value_name = "REVISION")]
    against: Option<String>,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    if session.json()? {
        return Err(Failure::Usage("a report is a page for people: `platc show`, `platc list` and `platc graph` print JSON".to_owned()));
    }
    match &arguments.against {
        Some(revision) => {
            let Some(mut change) = Change::since(revision, &[], session)? else { return Ok(Exit::No) };
            let said = change.leaving(&[], &super::selected::Selected::default(), session);
            session.terminal.print_raw(&page(&change.now, Some((revision, &said)), &session.view(&change.now)))?;
        }
        None => {
            let compilation = session.compile(&Options::default());
            if session.broken(&compilation)? {
                return Ok(Exit::No);
            }
            session.terminal.print_raw(&page(&compilation, None, &session.view(&compilation)))?;
        }
    }
    Ok(Exit::Fine)
}
