//! `platc explain`: the cascade behind a value, or the page of a diagnostic code.

use super::{Exit, Failure, Session};
use platc::code::Code;

/// Tell where a value comes from, or what a diagnostic code means
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  platc explain unknown-field")]
pub(crate) struct Arguments {
    /// A model path, or the code of an error or warning
    subject: String,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    if let Some(code) = Code::ALL.iter().find(|code| code.word() == arguments.subject) {
        return page(*code, session);
    }
    Ok(Exit::No)
}

fn page(code: Code, session: &Session) -> Result<Exit, Failure> {
    if session.json()? {
        session.terminal.print_json(&serde_json::json!({ "code": code.word(), "page": code.page() }))?;
    } else {
        session.terminal.print(&crate::render::page::render(code.page()))?;
    }
    Ok(Exit::Fine)
}
