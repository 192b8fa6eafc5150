//! `platc explain`: the cascade behind a value or a line of an output, or the page of a diagnostic code.

mod left_out;
mod output;

use super::{Exit, Failure, Session};
use crate::render;
use crate::render::lines::Lines;
use annotate_snippets::Renderer;
use platc::code::Code;
use platc::name::nearest;
use platc::path::{Path, Step};
use platc::query::explain::{MADE, WhyLeftOut, class, explain, is_page, left_out as places, made, no_object, page, removal, unset};
use platc::query::path::DeadEnd;
use platc::source::Grammar;
use platc::span::Span;
use platc::{Compilation, Goal, Options};

/// Tell where a value or a line of an output comes from, or what a diagnostic code means
///
/// A path begins with an environment, `platform`, or `classes` for a part of a class; `KIND/NAME` is the page of a class, with its fields. The path of a file that platc writes explains its lines, with a number behind it one of them, with a path behind it what stands there. The place that won stands first, behind it everything it overrode, down to the default of the
/// class, and what an expression made it of. For an entity or a map, every value in it is explained in a line.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  platc explain apps.clusters.gc0.nodePools.default.size.min\n  platc explain apps.clusters.gc0.services.cert-manager\n  platc explain 'apps.clusters.gc0.labels[\"example.com/team\"]'\n  platc explain cluster/eks.network\n  platc explain classes.service.cert-manager.schema.values\n  platc explain apps.clusters.gc0.tenants.team-a.manifests.quota-shop.spec.hard\n  platc explain dist/terraform/apps/gc0/main.tf.json:12\n  platc explain dist/kustomize/tenants/team-a/base/resourcequota-tenant-team-a-shop.yaml:spec.hard\n  platc explain unknown-field"
)]
pub(crate) struct Arguments {
    /// A model path, a class, a file below the output directory (perhaps with `:LINE` or `:PATH`), or the code of an error or warning
    #[arg(value_name = "PATH|KIND/CLASS|FILE[:LINE]|CODE")]
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
            session.terminal.print_json(&serde_json::json!({ "version": 1, "code": code.word(), "page": code.page() }))?;
        } else {
            session.terminal.print(&render::page::render(code.page()))?;
        }
        return Ok(Exit::Fine);
    }
    if is_page(&arguments.subject) {
        return of_class(arguments, session, machine);
    }
    if let Some(asked) = output::Asked::of(&arguments.subject) {
        return output::run(&asked, arguments, session, machine);
    }
    let mut compilation = session.compile(&Options {
        set: arguments.set.clone(),
        // What a class makes for a thing takes all of its templates.
        goal: if about_objects(&arguments.subject) { Goal::Everything } else { Goal::about(&arguments.subject) },
        all_classes: about_classes(&arguments.subject),
        ..Options::default()
    });
    let view = session.view(&compilation);
    let shown = (!compilation.objects.secrets.is_empty()).then(|| compilation.objects.shown());
    let asked = match class(&compilation.definitions, &compilation.model.secrets, &arguments.subject) {
        Ok(None) => match made(&compilation.model, shown.as_ref().unwrap_or(&compilation.objects), &arguments.subject) {
            Ok(None) => explain(&compilation.model, &arguments.subject),
            found => found,
        },
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
            let places =
                if lost.at.is_none() { places(&compilation.model, &compilation.definitions, &arguments.subject) } else { Vec::new() };
            let found = left_out::found(&places, &mut compilation);
            // A loop may make any name, so one that is nearly that of something is more likely that.
            let is_near = lost.hint.as_ref().is_some_and(|hint| hint.starts_with("did you mean"));
            if let Some(found) = found.as_ref().filter(|found| found.place.why == WhyLeftOut::Loop && is_near) {
                let made = session.view(&compilation).at(found.place.by.span);
                let hint = lost.hint.map(|hint| format!("{hint} Such names are made at {made}"));
                return session.lose(&DeadEnd { hint, ..lost });
            }
            if let Some(found) = found {
                let what = found.place.path.to_string();
                return left_out::tell(&what, &found, &compilation, session, machine);
            }
            let view = session.view(&compilation);
            if let Some(found) = unset(&compilation.model, &compilation.definitions, &arguments.subject) {
                if machine {
                    session.terminal.print_json(
                        &serde_json::json!({ "version": 1, "path": found.path.to_string(), "value": null, "cascade": [], "parts": [] }),
                    )?;
                } else {
                    session.terminal.print(&render::explain::unset(&found, &view))?;
                }
                return Ok(end(&compilation, session));
            }
            let subject = &arguments.subject;
            no_object(&compilation.model, &compilation.definitions, subject).unwrap_or(lost).placed(&compilation.sources)
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

/// Whether a path leads into what a class makes.
fn about_objects(path: &str) -> bool {
    let is_section = |step: &Step| matches!(step, Step::Key(key) if MADE.contains(&&**key));
    path.parse::<Path>().is_ok_and(|path| path.steps().iter().skip(2).any(is_section))
}

/// The page of a class.
fn of_class(arguments: &Arguments, session: &Session, machine: bool) -> Result<Exit, Failure> {
    let options = Options { set: arguments.set.clone(), goal: Goal::Model, all_classes: true, ..Options::default() };
    let compilation = session.compile(&options);
    let view = session.view(&compilation);
    match page(&compilation.definitions, &compilation.sources, &arguments.subject) {
        Ok(found) if machine => session.terminal.print_json(&render::class_page::json(&found, &compilation, &view))?,
        Ok(found) => session.terminal.print(&render::class_page::text(&found, &compilation, &view))?,
        Err(lost) => return session.lose(&lost),
    }
    Ok(end(&compilation, session))
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
