//! `platc explain dist/…`: where the lines of an output came from.

use super::super::{Exit, Failure, Session};
use super::Arguments;
use crate::render;
use crate::render::lines::Lines;
use platc::artifact::Artifacts;
use platc::name::nearest;
use platc::output::INDEX;
use platc::print::passage;
use platc::query::path::DeadEnd;
use platc::{Compilation, Options};

/// A file, and perhaps a line of it, as they are asked for.
pub(super) struct Asked<'a> {
    file: &'a str,
    line: Option<usize>,
}

impl<'a> Asked<'a> {
    /// Reads `file`, `file:12` or `file:12:8`; none if it is no path of a file: those have a slash before anything in brackets.
    pub(super) fn of(subject: &'a str) -> Option<Self> {
        let slash = subject.find(['/', '\\'])?;
        if subject.find('[').is_some_and(|bracket| bracket < slash) {
            return None;
        }
        let mut file = subject;
        let mut numbers = Vec::new();
        while let Some((rest, number)) = file.rsplit_once(':').and_then(|(rest, last)| Some((rest, last.parse().ok()?))) {
            file = rest;
            numbers.push(number);
        }
        Some(Self { file, line: numbers.last().copied() })
    }

    /// Its path below the output directory; none if it is not there.
    fn below(&self, session: &Session, output: &str) -> Option<String> {
        let slashed = self.file.replace('\\', "/");
        let parts = |path: &str| path.split('/').filter(|part| !matches!(*part, "" | ".")).map(str::to_owned).collect::<Vec<_>>();
        let rest = if std::path::Path::new(self.file).is_absolute() {
            let root = std::path::absolute(&session.project.root).ok()?;
            let asked = std::path::absolute(self.file).ok()?;
            parts(&asked.strip_prefix(root).ok()?.to_string_lossy().replace('\\', "/"))
        } else {
            let (asked, prefix) = (parts(&slashed), parts(&session.project.prefix));
            asked.strip_prefix(prefix.as_slice())?.to_vec()
        };
        Some(rest.strip_prefix(parts(output).as_slice())?.join("/"))
    }
}

pub(super) fn run(asked: &Asked<'_>, arguments: &Arguments, session: &Session, machine: bool) -> Result<Exit, Failure> {
    let mut compilation = session.compile(&Options { set: arguments.set.clone(), ..Options::default() });
    if session.broken(&compilation)? {
        return Ok(Exit::No);
    }
    let output = format!("{}{}", session.project.prefix, compilation.model.platform.output);
    let below = asked.below(session, &compilation.model.platform.output);
    if let Some(own) = below.as_deref().filter(|path| [INDEX, ".gitattributes"].contains(path)) {
        return session.lose(&DeadEnd {
            at: None,
            message: format!(
                "`{output}/{own}` is all platc's own: it is about what is beside it, and no line of it comes from one of yours"
            ),
            hint: None,
        });
    }
    let Some(path) = below else {
        return session.lose(&DeadEnd {
            at: None,
            message: format!("`{}` is not below `{output}/`", asked.file),
            hint: Some(
                "only what platc writes is explained by file and line; name a value by its path, or see `platc explain --help`".to_owned(),
            ),
        });
    };
    let artifacts = session.compiler.borrow_mut().emit_shown(&mut compilation, Some(&path));
    if session.broken(&compilation)? {
        return Ok(Exit::No);
    }
    let Some(artifact) = artifacts.get(&path) else { return session.lose(&unknown(&path, &output, &artifacts)) };
    let file = format!("{output}/{path}");
    let Some(passages) = &artifact.passages else {
        return session.lose(&DeadEnd {
            at: None,
            message: format!("`{file}` is all platc's own: it lists what is beside it"),
            hint: made_of(artifact.entities.first().copied(), &compilation),
        });
    };
    let wanted: Vec<_> = match asked.line {
        None => passages.iter().collect(),
        Some(line) => match passage(passages, line) {
            Some(passage) => vec![passage],
            None => {
                return session.lose(&DeadEnd {
                    at: None,
                    message: format!("nothing stands in line {line} of `{file}`"),
                    hint: Some(format!("it has {} lines", artifact.text.lines().count())),
                });
            }
        },
    };
    let view = session.view(&compilation);
    let page = render::passages::Page { file: &file, passages, entities: &artifact.entities, compilation: &compilation, view };
    if machine {
        session.terminal.print_json(&page.json(&wanted, asked.line))?;
    } else {
        session.terminal.print(&page.text(&wanted, asked.line))?;
    }
    let on_disk = std::fs::read(session.project.root.join(&*compilation.model.platform.output).join(&path));
    if on_disk.is_ok_and(|bytes| bytes != artifact.text.as_bytes()) {
        session
            .terminal
            .complain(&Lines::of(&format!("warning: `{file}` is out of date; the lines are those that `platc build` would write")));
    }
    Ok(Exit::Fine)
}

fn made_of(entity: Option<platc::model::EntityId>, compilation: &Compilation) -> Option<String> {
    entity.map(|id| format!("it is made for `{}`", compilation.model.entity(id).thing.path()))
}

fn unknown(path: &str, output: &str, artifacts: &Artifacts) -> DeadEnd {
    let near = nearest(path, artifacts.iter().map(|(path, _)| path));
    DeadEnd {
        at: None,
        message: format!("platc writes no `{output}/{path}`"),
        hint: Some(match near {
            Some(near) => format!("did you mean `{output}/{near}`?"),
            None => "`platc show --pass artifacts` prints all files".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(subject: &str) -> Option<(&str, Option<usize>)> {
        Asked::of(subject).map(|asked| (asked.file, asked.line))
    }

    #[test]
    fn files_are_told_from_paths_of_the_model() {
        assert_eq!(read("dist/a.yaml"), Some(("dist/a.yaml", None)));
        assert_eq!(read("dist/a.yaml:12"), Some(("dist/a.yaml", Some(12))));
        assert_eq!(read("dist/a.yaml:12:8"), Some(("dist/a.yaml", Some(12))));
        assert_eq!(read("C:\\x\\dist\\a.yaml:3"), Some(("C:\\x\\dist\\a.yaml", Some(3))));
        assert_eq!(read("apps.clusters.gc0.labels[\"example.com/team\"]"), None);
        assert_eq!(read("unknown-field"), None);
        assert_eq!(read("dist/a[0].yaml:x"), Some(("dist/a[0].yaml:x", None)));
    }
}
