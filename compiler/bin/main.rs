//! The program: arguments in, exit code out. Each subcommand is a file in `command`; the thinking is in the library.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "the program is the only part that touches disk and environment")]

mod command;
mod disk;
mod folder;
mod git;
mod render;
mod replace;
mod terminal;
mod turn;

use clap::{CommandFactory, Parser, ValueEnum};
use command::{Command, Exit, Failure, Session};
use disk::Project;
use std::path::PathBuf;
use std::process::ExitCode;
use terminal::Terminal;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Stack of the thread that works: deep definitions are refused long before this is used up.
const STACK: usize = 64 * 1024 * 1024;

/// A compiler for Kubernetes platforms: definitions in, kustomize, Terraform JSON and Argo CD out.
///
/// A platform is described once, in YAML or TOML, with inheritance between environments and definitions. platc needs no cluster, no
/// cloud account, no network and no state.
#[derive(Parser, Debug)]
#[command(name = "platc", version, max_term_width = 100, disable_help_subcommand = true)]
#[command(after_help = "Exit codes: 0 fine, 1 the answer is no (errors, differences, out of date), 2 wrong usage, 3 a bug in platc.")]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Args, Debug)]
struct Global {
    /// Work on the project in this directory [default: the nearest directory upward with a platform.yaml or platform.toml]
    #[arg(short = 'C', value_name = "DIR", global = true, help_heading = "Options for all commands")]
    directory: Option<PathBuf>,
    /// How to print; `sarif` and `github` are for what `check` and `build` find
    #[arg(long, value_enum, default_value_t = Format::Text, global = true, hide_possible_values = false, help_heading = "Options for all commands")]
    format: Format,
    /// Colours; `auto` uses them on terminals and heeds NO_COLOR
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN", global = true, help_heading = "Options for all commands")]
    color: Colour,
    /// Print results and problems only
    #[arg(short, long, global = true, help_heading = "Options for all commands")]
    quiet: bool,
}

/// What answers and diagnostics look like.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum Format {
    /// For people
    Text,
    /// One JSON document on stdout
    Json,
    /// SARIF 2.1.0, for code scanning services
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum Colour {
    Auto,
    Always,
    Never,
}

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(report_bug));
    let worker = std::thread::Builder::new().name("platc".to_owned()).stack_size(STACK).spawn(start);
    let exit = match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(exit)) => exit,
        Ok(Err(_)) => Exit::Bug,
        Err(error) => {
            Terminal { quiet: false }.complain(&format!("error: cannot start a thread: {error}\n"));
            Exit::Bug
        }
    };
    ExitCode::from(exit as u8)
}

fn start() -> Exit {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version come this way too, with their own exit code.
            error.print().ok();
            return if error.exit_code() == 0 { Exit::Fine } else { Exit::Usage };
        }
    };
    let Global { directory, format, color, quiet } = arguments.global;
    terminal::set_colour(match color {
        Colour::Auto => None,
        Colour::Always => Some(true),
        Colour::Never => Some(false),
    });
    let terminal = Terminal { quiet };
    let project = match directory {
        Some(directory) => Project::named(&directory),
        None => std::env::current_dir()
            .map(|working| Project::around(&working))
            .map_err(|error| format!("cannot tell the working directory: {}", disk::reason(&error))),
    };
    let outcome = project.map_err(Failure::Usage).and_then(|project| {
        let session = Session { project, format, terminal };
        arguments.command.run(&session, &mut Arguments::command())
    });
    match outcome {
        Ok(exit) => exit,
        Err(Failure::Usage(text)) => {
            terminal.complain(&format!("error: {text}\n"));
            Exit::Usage
        }
        // Whoever reads the output has seen enough.
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Fine,
        Err(Failure::Output(error)) => {
            terminal.complain(&format!("error: cannot print: {}\n", disk::reason(&error)));
            Exit::No
        }
    }
}

fn report_bug(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map_or_else(String::new, |location| format!(" at {}:{}", location.file(), location.line()));
    let text = panic.payload().downcast_ref::<&str>().copied().or_else(|| panic.payload().downcast_ref::<String>().map(String::as_str));
    Terminal { quiet: false }.complain(&format!(
        "error: platc {} failed{place}: {}\n\nThis is a bug in platc, not in your project. Please report it with the text above and, if you can, \
         the definitions that cause it.\n",
        env!("CARGO_PKG_VERSION"),
        text.unwrap_or("no message")
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
