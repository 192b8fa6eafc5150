//! `platc completions`: scripts for shells.

use super::{Exit, Failure, Session};

/// Print a script that completes platc's commands in a shell
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  platc completions bash > /etc/bash_completion.d/platc\n  platc completions zsh > ~/.zfunc/_platc\n  platc completions fish > ~/.config/fish/completions/platc.fish"
)]
pub(crate) struct Arguments {
    /// The shell
    shell: clap_complete::Shell,
}

pub(super) fn run(arguments: &Arguments, session: &Session, program: &mut clap::Command) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, program, "platc", &mut script);
    session.terminal.print_raw(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Fine)
}
