//! `platc schema`: JSON Schema for editors.

use super::{Exit, Failure, Session};
use crate::disk::reason;
use crate::render::lines::Lines;
use crate::replace::Stage;
use platc::code::Code;
use platc::diagnostic::{Diagnostic, Severity};
use platc::{Goal, Options, query};
use std::path::PathBuf;

/// Print a JSON Schema of the project's definitions, for editors
///
/// It knows the kinds, the language's own fields and the fields of all classes, those of the project included. yaml-language-server and
/// Taplo complete and check definitions with it; see docs/editors.md. Run it again when classes change.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  platc schema > platc.schema.json\n  platc schema --output .vscode/platc.schema.json")]
pub(crate) struct Arguments {
    /// Write the schema to this file, relative to the working directory
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    // The schema is JSON in text and JSON alike; what is wrong with the project is for `check` to say, unless it is missing here.
    session.json()?;
    let compilation = session.compile(&Options { goal: Goal::Model, all_classes: true, ..Options::default() });
    let schema = match query::schema::schema(&compilation.definitions) {
        Ok(schema) => schema,
        Err(lost) => return session.lose(&lost),
    };
    let faults = compilation.diagnostics.sorted(&compilation.sources);
    if faults.iter().any(|fault| fault.severity == Severity::Error) {
        session
            .terminal
            .complain(&Lines::of("warning: the project has errors, so classes may be missing from the schema; see `platc check`"));
    }
    let Some(output) = &arguments.output else {
        session.terminal.print_json(&schema)?;
        return Ok(Exit::Fine);
    };
    let mut text = serde_json::to_string_pretty(&schema).map_err(std::io::Error::from)?;
    text.push('\n');
    if std::fs::read_to_string(output).is_ok_and(|known| known == text) {
        session.terminal.talk(&Lines::of(&format!("{} is up to date", output.display())));
        return Ok(Exit::Fine);
    }
    // The folder of an editor's settings is often not there yet.
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty());
    let made = folder.map_or(Ok(()), std::fs::create_dir_all);
    if let Err(error) = made.and_then(|()| Stage::of(&session.project).replace(output, text.as_bytes())) {
        let fault = Diagnostic::general(Code::CannotWrite, format!("cannot write `{}`: {}", output.display(), reason(&error)));
        session.report(&[fault], &session.view(&compilation), serde_json::Map::new())?;
        return Ok(Exit::No);
    }
    session.terminal.talk(&Lines::of(&format!("wrote {}", output.display())));
    Ok(Exit::Fine)
}
