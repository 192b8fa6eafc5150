//! The program: arguments in, exit code out. Each subcommand is a file in `command`; the thinking is in the library.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "the program is the only part that touches disk and environment")]

mod command;
mod disk;
mod folder;
mod git;
mod listing;
mod render;
mod replace;
mod terminal;
mod turn;

use clap::{CommandFactory, Parser, ValueEnum};
use command::{Command, Exit, Failure, Session};
use disk::Project;
use platc::visible::visible;
use render::lines::Lines;
use std::cell::RefCell;
use std::path::PathBuf;
use std::process::ExitCode;
use terminal::Terminal;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Stack of the thread that works: deep definitions are refused long before this is used up.
const STACK: usize = 64 * 1024 * 1024;

/// A compiler for Kubernetes platforms: definitions in, kustomize, Terraform JSON, Argo CD or Flux out.
///
/// A platform is described once, in YAML or TOML, with inheritance between environments and definitions. platc needs no cluster, no
/// cloud account, no network and no state but a list of the files that it wrote.
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
    /// How to print; `sarif` and `github` are for what `check` and `build` find, `markdown` is for what a change does
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
    /// For a comment on a pull request, no longer than one may be
    Markdown,
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
            // On this thread there may be too little room on the stack.
            Terminal { quiet: false }.complain(&Lines::of(&format!("error: cannot start a thread: {}", disk::reason(&error))));
            Exit::No
        }
    };
    ExitCode::from(exit as u8)
}

fn start() -> Exit {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version come this way too, with their own exit code.
            if error.exit_code() != 0 {
                return misused(error);
            }
            return error.print().map_or_else(|error| unprinted(&error), |()| Exit::Fine);
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
        if arguments.command.is_about_a_project() {
            project.demand().map_err(Failure::Usage)?;
        }
        let session = Session { project, format, terminal, compiler: RefCell::default() };
        arguments.command.run(&session, &mut Arguments::command())
    });
    match outcome {
        Ok(exit) => exit,
        Err(Failure::Usage(text)) => {
            terminal.complain(&Lines::of(&format!("error: {text}")));
            Exit::Usage
        }
        Err(Failure::Output(error)) => unprinted(&error),
    }
}

/// An answer could not be printed.
fn unprinted(error: &std::io::Error) -> Exit {
    // Whoever reads the output has seen enough.
    if error.kind() == std::io::ErrorKind::BrokenPipe {
        return Exit::Fine;
    }
    Terminal { quiet: false }.complain(&Lines::of(&format!("error: cannot print: {}", disk::reason(error))));
    Exit::No
}

/// Says what is wrong with the command line. The arguments that the message repeats are read once more in a form that can be seen.
fn misused(error: clap::Error) -> Exit {
    let shown = std::env::args_os().map(|argument| visible(&argument.to_string_lossy()).into_owned());
    let error = Arguments::try_parse_from(shown).err().unwrap_or(error);
    let mut lines = Lines::default();
    lines.drawn(&error.render().ansi().to_string());
    Terminal { quiet: false }.complain(&lines);
    Exit::Usage
}

fn report_bug(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map_or_else(String::new, |location| format!(" at {}:{}", location.file(), location.line()));
    let text = panic.payload().downcast_ref::<&str>().copied().or_else(|| panic.payload().downcast_ref::<String>().map(String::as_str));
    let mut lines = Lines::of(&format!("error: platc {} failed{place}: {}", env!("CARGO_PKG_VERSION"), text.unwrap_or("no message")));
    lines.line("");
    lines.line(
        "This is a bug in platc, not in your project. Please report it with the text above and, if you can, the definitions that cause it.",
    );
    Terminal { quiet: false }.complain(&lines);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
