//! `platc explain`: the cascade behind a value or a line of an output, or the page of a diagnostic code.

mod output;

use super::{Exit, Failure, Session};
use crate::render;
use crate::render::lines::Lines;
use annotate_snippets::Renderer;
use platc::code::Code;
use platc::name::nearest;
use platc::path::{Path, Step};
use platc::query::explain::{class, explain, removal, unset};
use platc::query::path::DeadEnd;
use platc::source::Grammar;
use platc::span::Span;
use platc::{Compilation, Goal, Options};

/// Tell where a value or a line of an output comes from, or what a diagnostic code means
///
/// A path begins with an environment, or with `classes` for a part of a class; the path of a file that platc writes explains its lines, with a number behind it one of them. The place that won stands first, behind it everything it overrode, down to the default of the
/// class, and what an expression made it of. For an entity or a map, every value in it is explained in a line.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  platc explain apps.clusters.gc0.nodePools.default.size.min\n  platc explain apps.clusters.gc0.services.cert-manager\n  platc explain 'apps.clusters.gc0.labels[\"example.com/team\"]'\n  platc explain classes.service.cert-manager.schema.values\n  platc explain dist/terraform/apps/gc0/main.tf.json:12\n  platc explain unknown-field"
)]
pub(crate) struct Arguments {
    /// A model path, a file below the output directory (perhaps with `:LINE`), or the code of an error or warning
    #[arg(value_name = "PATH|FILE[:LINE]|CODE")]
    subject: String,
    /// Set a value, stronger than all definitions: services.shop.replicas=3
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
}

/// What was found is worth showing even in a broken project: that is when it is needed most.
const BROKEN: &str = "warning: the project has errors, so this may not be the last word; see `platc check`";

/// Whether a path is about classes, however it is written.
fn about_classes(path: &str) -> bool {
    path.parse::<Path>().is_ok_and(|path| matches!(path.steps().first(), Some(Step::Key(first)) if &**first == "classes"))
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let machine = session.json()?;
    if let Some(code) = Code::ALL.iter().find(|code| code.word() == arguments.subject) {
        if machine {
            session.terminal.print_json(&serde_json::json!({ "code": code.word(), "page": code.page() }))?;
        } else {
            session.terminal.print(&render::page::render(code.page()))?;
        }
        return Ok(Exit::Fine);
    }
    if let Some(asked) = output::Asked::of(&arguments.subject) {
        return output::run(&asked, arguments, session, machine);
    }
    let compilation = session.compile(&Options {
        set: arguments.set.clone(),
        goal: Goal::about(&arguments.subject),
        all_classes: about_classes(&arguments.subject),
    });
    let view = session.view(&compilation);
    let asked = match class(&compilation.definitions, &compilation.model.secrets, &arguments.subject) {
        Ok(None) => explain(&compilation.model, &arguments.subject),
        found => found,
    };
    let lost = match asked {
        Ok(Some(explanation)) => {
            if machine {
                session.terminal.print_json(&render::explain::json(&explanation, &compilation, &view))?;
            } else {
                session.terminal.print(&render::explain::text(&explanation, &compilation, &view))?;
            }
            return Ok(end(&compilation, session));
        }
        Ok(None) => DeadEnd {
            at: None,
            message: format!("`{}` is neither an entity nor a value", arguments.subject),
            hint: Some(format!("name an entity, or print all of it with `platc show {}`", arguments.subject)),
        },
        Err(lost) => {
            if let Some(found) = removal(&compilation.model, &arguments.subject) {
                if machine {
                    session.terminal.print_json(&render::explain::removal_json(&found, &compilation, &view))?;
                } else {
                    session.terminal.print(&render::explain::removal(&found, &compilation, &view))?;
                }
                return Ok(end(&compilation, session));
            }
            if let Some(found) = unset(&compilation.model, &compilation.definitions, &arguments.subject) {
                if machine {
                    session
                        .terminal
                        .print_json(&serde_json::json!({ "path": found.path.to_string(), "value": null, "cascade": [], "parts": [] }))?;
                } else {
                    session.terminal.print(&render::explain::unset(&found, &view))?;
                }
                return Ok(end(&compilation, session));
            }
            lost.placed(&compilation.sources)
        }
    };
    let exit = session.lose(&match nearest(&arguments.subject, Code::ALL.iter().map(|code| code.word())) {
        Some(code) if !arguments.subject.contains('.') => DeadEnd { hint: Some(format!("did you mean the code `{code}`?")), ..lost },
        Some(_) | None => lost,
    });
    if compilation.diagnostics.has_errors() {
        warn(&compilation, session);
    }
    exit
}

/// How it ends when there is an answer: with a warning if that may not be the last word.
fn end(compilation: &Compilation, session: &Session) -> Exit {
    if !compilation.diagnostics.has_errors() {
        return Exit::Fine;
    }
    warn(compilation, session);
    Exit::No
}

/// Says that something is wrong. What is wrong with the command line nobody else would say.
fn warn(compilation: &Compilation, session: &Session) {
    let sources = &compilation.sources;
    let is_argument = |span: Span| sources.get(span.file).is_some_and(|source| source.grammar == Grammar::Argument);
    let mut own = compilation.diagnostics.sorted(sources);
    own.retain(|diagnostic| diagnostic.primary.as_ref().map_or(diagnostic.code == Code::BadFlag, |label| is_argument(label.span)));
    if own.is_empty() {
        session.terminal.complain(&Lines::of(BROKEN));
    } else {
        session.terminal.complain(&render::text::render(&own, &session.view(compilation), &Renderer::styled()));
    }
}
