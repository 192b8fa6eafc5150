//! `platc explain dist/…`: where the lines of an output came from.

use super::super::{Exit, Failure, Session};
use super::{Arguments, left_out};
use crate::render;
use crate::render::lines::Lines;
use crate::render::passages::{AskedLine, Without};
use platc::artifact::Artifacts;
use platc::name::nearest;
use platc::output::INDEX;
use platc::path::{Path, Step};
use platc::print::{Passage, passage};
use platc::query::explain::{around_operation, meant_page, missing, of_file, of_operation, taken_out};
use platc::query::path::DeadEnd;
use platc::{Compilation, Goal, Options};

/// A file, and perhaps a line of it, as they are asked for.
pub(super) struct Asked<'a> {
    file: &'a str,
    line: Option<usize>,
    path: Option<Path>,
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
        // A path behind a colon, where that is none of a drive: `dist/a.yaml:spec.replicas`.
        let mut path = None;
        if let (true, Some((rest, inside))) = (numbers.is_empty(), file.rsplit_once(':'))
            && rest.contains(['/', '\\'])
            && !inside.contains(['/', '\\'])
            && let Ok(inside) = inside.parse::<Path>()
            && !inside.is_empty()
        {
            (file, path) = (rest, Some(inside));
        }
        Some(Self { file, line: numbers.last().copied(), path })
    }

    fn what(&self) -> AskedLine {
        match (&self.path, self.line) {
            (Some(_), _) => AskedLine::Path,
            (None, Some(line)) => AskedLine::Line(line),
            (None, None) => AskedLine::Whole,
        }
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
        let all = session.compile(&Options { goal: Goal::Model, all_classes: true, ..Options::default() });
        let class = meant_page(&all.definitions, asked.file).map(|class| format!("did you mean the class `{class}`?"));
        let hint = class.unwrap_or_else(|| {
            "only what platc writes is explained by file and line; name a value by its path, or see `platc explain --help`".to_owned()
        });
        return session.lose(&DeadEnd { at: None, message: format!("`{}` is not below `{output}/`", asked.file), hint: Some(hint) });
    };
    let artifacts = session.compiler.borrow_mut().emit_shown(&mut compilation, Some(&path), None);
    if session.broken(&compilation)? {
        return Ok(Exit::No);
    }
    let Some(artifact) = artifacts.get(&path) else {
        let places = of_file(&compilation.model, &compilation.definitions, &compilation.objects, &path);
        if let Some(found) = left_out::found(&places, &mut compilation) {
            let what = format!("{output}/{path}");
            return left_out::tell(&what, &found, &compilation, session, machine);
        }
        let why = missing(&compilation.model, &compilation.definitions, &compilation.objects, &path);
        return session.lose(&match why {
            Some(why) => {
                DeadEnd { message: format!("platc writes no `{output}/{path}`: {}", why.message), ..why }.placed(&compilation.sources)
            }
            None => unknown(&path, &output, &artifacts),
        });
    };
    let file = format!("{output}/{path}");
    let Some(passages) = &artifact.passages else {
        return session.lose(&DeadEnd {
            at: None,
            message: format!("`{file}` is all platc's own: it lists what is beside it"),
            hint: made_of(artifact.entities.first().copied(), &compilation),
        });
    };
    let wanted: Vec<_> = match (&asked.path, asked.line) {
        (Some(inside), _) => {
            let below: Vec<_> = passages.iter().filter(|passage| passage.path.is_within(inside)).collect();
            if below.is_empty() {
                return session.lose(&no_path(inside, &file, passages));
            }
            below
        }
        (None, None) => passages.iter().collect(),
        (None, Some(line)) => match passage(passages, line) {
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
    let taken = taken_out(&compilation.model, &artifacts, &path, &artifact.entities);
    let mut without = Vec::new();
    for (id, by) in taken.iter().filter(|_| asked.path.is_none() && asked.line.is_none()) {
        let places = of_file(&compilation.model, &compilation.definitions, &compilation.objects, by);
        let found = left_out::found(&places, &mut compilation);
        let what = format!("{output}/{by} takes it out of {}", compilation.model.entity(*id).thing.path());
        without.push(Without { what, found, around: None });
    }
    // The file itself takes something out, or one that it lists does.
    let taking = wanted.iter().filter_map(|passage| passage.tree.as_str().filter(|text| text.ends_with(TAKING)));
    let listed = taking.filter_map(|file| Some(format!("{}/{file}", path.rsplit_once('/')?.0)));
    for file in listed.chain(path.ends_with(TAKING).then(|| path.clone())).collect::<Vec<_>>() {
        let places = of_file(&compilation.model, &compilation.definitions, &compilation.objects, &file);
        if let Some(found) = left_out::found(&places, &mut compilation) {
            let what = format!("this place has no such object as {} takes out:", file.rsplit('/').next().unwrap_or(&file));
            without.push(Without { what, found: Some(found), around: None });
        }
    }
    without.extend(removed(&wanted, passages, &path, &mut compilation));
    let entities: Vec<_> = artifact.entities.iter().copied().filter(|id| taken.iter().all(|(other, _)| other != id)).collect();
    let view = session.view(&compilation);
    let (entities, without) = (&entities, &without);
    let page = render::passages::Page { file: &file, path: &path, passages, entities, without, compilation: &compilation, view };
    if machine {
        session.terminal.print_json(&page.json(&wanted, asked.what()))?;
    } else {
        session.terminal.print(&page.text(&wanted, asked.what()))?;
    }
    let on_disk = std::fs::read(session.project.root.join(&*compilation.model.platform.output).join(&path));
    if on_disk.is_ok_and(|bytes| bytes != artifact.text.as_bytes()) {
        session
            .terminal
            .complain(&Lines::of(&format!("warning: `{file}` is out of date; the lines are those that `platc build` would write")));
    }
    Ok(Exit::Fine)
}

/// How files end that take an object out of the base.
const TAKING: &str = ".delete.yaml";

/// What the operations of a patch that are asked for take away, each with what leaves it out there.
fn removed(wanted: &[&Passage], passages: &[Passage], path: &str, compilation: &mut Compilation) -> Vec<Without> {
    let mut all: Vec<Without> = Vec::new();
    let text = |path: &Path| passages.iter().find(|passage| passage.path == *path).and_then(|passage| passage.tree.as_str());
    let mut last = None;
    for passage in wanted.iter().filter(|_| path.ends_with(".patch.yaml")) {
        let Some(Step::Item(at)) = passage.path.steps().first() else { continue };
        let of = |word: &str| Path::from(vec![Step::Item(*at), Step::Key(word.into())]);
        if last == Some(*at) || text(&of("op")) != Some("remove") {
            continue;
        }
        last = Some(*at);
        let Some(pointer) = text(&of("path")) else { continue };
        let places = of_operation(&compilation.model, &compilation.definitions, path, pointer);
        let found = left_out::found(&places, compilation);
        let around = around_operation(&compilation.model, &compilation.definitions, &compilation.objects, path, pointer);
        all.push(Without { what: format!("this place has no `{pointer}`:"), found, around });
    }
    all
}

/// A path that leads nowhere in a file: how far it leads, and what is there.
fn no_path(inside: &Path, file: &str, passages: &[Passage]) -> DeadEnd {
    let known: Vec<String> = passages.iter().map(|passage| passage.path.to_string()).filter(|path| !path.is_empty()).collect();
    let near = nearest(&inside.to_string(), known.iter().map(String::as_str));
    DeadEnd {
        at: None,
        message: format!("there is no `{inside}` in `{file}`"),
        hint: Some(near.map_or_else(|| format!("`platc explain {file}` lists what is there"), |near| format!("did you mean `{near}`?"))),
    }
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
    fn a_path_may_stand_behind_a_file() {
        let read = |subject: &'static str| {
            let asked = Asked::of(subject).unwrap();
            (asked.file, asked.path.map(|path| path.to_string()))
        };
        assert_eq!(read("dist/a.yaml:spec.replicas"), ("dist/a.yaml", Some("spec.replicas".to_owned())));
        assert_eq!(read("dist/a.yaml:metadata.labels[\"a.b\"]"), ("dist/a.yaml", Some("metadata.labels[\"a.b\"]".to_owned())));
        assert_eq!(read("C:\\x\\dist\\a.yaml"), ("C:\\x\\dist\\a.yaml", None));
        assert_eq!(read("dist/a.yaml:"), ("dist/a.yaml:", None));
    }

    #[test]
    fn files_are_told_from_paths_of_the_model() {
        assert_eq!(read("dist/a.yaml"), Some(("dist/a.yaml", None)));
        assert_eq!(read("dist/a.yaml:12"), Some(("dist/a.yaml", Some(12))));
        assert_eq!(read("dist/a.yaml:12:8"), Some(("dist/a.yaml", Some(12))));
        assert_eq!(read("C:\\x\\dist\\a.yaml:3"), Some(("C:\\x\\dist\\a.yaml", Some(3))));
        assert_eq!(read("apps.clusters.gc0.labels[\"example.com/team\"]"), None);
        assert_eq!(read("unknown-field"), None);
        assert_eq!(read("dist/a[0].yaml:x"), Some(("dist/a[0].yaml", None)));
    }
}
