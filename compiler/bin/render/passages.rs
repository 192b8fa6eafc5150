//! Where the lines of an output came from, as text or JSON.

use super::View;
use super::explain::{LIMIT, contribution, handed_row, layer, rows, unquoted, written};
use super::graph::{verb, word};
use super::left_out::{self, Found};
use super::lines::Lines;
use super::reads;
use super::table::{self, cut};
use annotate_snippets::renderer::Style;
use platc::Compilation;
use platc::graph::Edge;
use platc::model::EntityId;
use platc::path::{Path, Step};
use platc::print::{Form, Passage};
use platc::query::explain::{after, cascade, made_key, rule};
use platc::query::show::in_line;
use platc::value::Value;
use serde_json::{Value as Json, json};

/// Something that a file takes away, or that other places do not have.
pub(crate) struct Without {
    /// In a sentence.
    pub(crate) what: String,
    /// The place that leaves it out; none if no class does.
    pub(crate) found: Option<Found>,
    /// What is around it, and where that comes from.
    pub(crate) around: Option<(Path, Value)>,
}

/// A file whose lines are explained.
pub(crate) struct Page<'a> {
    /// Its path, relative to the working directory.
    pub(crate) file: &'a str,
    /// Its path below the output directory.
    pub(crate) path: &'a str,
    /// What stands in it.
    pub(crate) passages: &'a [Passage],
    /// What it was made of: those whose places have it.
    pub(crate) entities: &'a [EntityId],
    /// What is not in it or not in some places, each with the line that makes it so.
    pub(crate) without: &'a [Without],
    /// All that is known.
    pub(crate) compilation: &'a Compilation,
    /// Sources as the user sees them.
    pub(crate) view: View<'a>,
}

impl Page<'_> {
    /// A table of what holds nothing further; of one line the whole cascade.
    pub(crate) fn text(&self, wanted: &[&Passage], asked: AskedLine) -> Lines {
        let mut lines = self.told(wanted, asked);
        for without in self.without {
            lines.line(&format!("  {}", without.what));
            if let Some(found) = &without.found {
                lines.append(&left_out::reason(found, self.compilation, &self.view));
            } else if let Some((path, value)) = &without.around {
                lines.line(&format!("  what is around it, `{path}`, comes from here:"));
                lines.append(&self.source(value, value.as_map().is_some()));
            }
        }
        lines
    }

    fn told(&self, wanted: &[&Passage], asked: AskedLine) -> Lines {
        let bold = Style::new().bold();
        let mut lines = Lines::default();
        let line = match asked {
            AskedLine::Whole => None,
            AskedLine::Line(line) => Some(line),
            // What holds others is a table of them.
            AskedLine::Path => wanted.first().filter(|first| is_leaf(first)).map(|first| first.first),
        };
        let (Some(line), Some(passage)) = (line, wanted.first()) else {
            lines.styled(&[(bold, self.file), (Style::new(), &self.owners())]);
            let rows: Vec<Vec<String>> = wanted.iter().filter(|passage| is_leaf(passage)).map(|passage| self.row(passage)).collect();
            lines.append(&table::render(&rows, "  "));
            return lines;
        };
        let path = if passage.path.is_empty() { "all of it".to_owned() } else { passage.path.to_string() };
        lines.styled(&[(bold, &format!("{}:{line}", self.file)), (Style::new(), ": "), (bold, &path), (Style::new(), &self.is(passage))]);
        match self.origin(passage) {
            Some((around, value)) => {
                if let Some(around) = around {
                    lines.line(&format!("  {}", self.own_words(passage)));
                    lines.line(&format!("  what is around it, `{}`, comes from here:", around.path));
                }
                lines.append(&self.source(&value, around.unwrap_or(passage).opens));
            }
            None => {
                lines.line(&format!("  {}", self.own_words(passage)));
                lines.append(&table::render(&self.after(passage).map(|edge| self.after_row(&edge)).collect::<Vec<_>>(), "  "));
                match self.beside(passage) {
                    Some((beside, _)) if beside.opens => {
                        lines.line(&format!("  what it is about, `{}`, comes from here:", beside.path));
                        lines.append(&self.within(beside));
                    }
                    Some((beside, value)) => {
                        lines.line(&format!("  what it is about, `{}`, comes from here:", beside.path));
                        lines.append(&self.source(&value, false));
                    }
                    None => lines.line(&format!("  the file{}", self.owners())),
                }
                if passage.opens {
                    lines.append(&self.within(passage));
                }
            }
        }
        lines
    }

    /// What stands in a map or list.
    fn within(&self, passage: &Passage) -> Lines {
        let within = self.passages.iter().filter(|other| is_leaf(other) && other.path.is_within(&passage.path));
        table::render(&within.map(|other| self.row(other)).collect::<Vec<_>>(), "  ")
    }

    /// That platc says something by itself, and by which rule.
    fn own_words(&self, passage: &Passage) -> String {
        format!("platc's own: {}", self.rule(passage))
    }

    /// What the thing waits for, where a line says when it is installed.
    fn after(&self, passage: &Passage) -> impl Iterator<Item = Edge> {
        let one = if let [one] = self.entities { Some(*one) } else { None };
        one.into_iter().flat_map(|one| after(&self.compilation.model, &self.compilation.graph, one, self.path, &passage.path))
    }

    fn after_row(&self, edge: &Edge) -> Vec<String> {
        let path = self.compilation.model.entity(edge.to).thing.path();
        vec![format!("it {}", verb(edge.cause)), path.to_string(), self.view.at(edge.span)]
    }

    fn rule(&self, passage: &Passage) -> &'static str {
        let said = if let Form::Text(text) = &passage.tree.form { Some(&**text) } else { None };
        rule(self.path, &passage.path, said)
    }

    /// What an operation of a patch says, or the name of what is taken out: whoever asks for the lines around it asks about that.
    fn beside(&self, passage: &Passage) -> Option<(&Passage, Value)> {
        let (Step::Item(at), [Step::Key(word)]) = passage.path.steps().split_first()? else { return None };
        let patch = self.path.ends_with(".patch.yaml") && matches!(&**word, "op" | "path");
        let of = Path::from(vec![Step::Item(*at), Step::Key("value".into())]);
        let found = self.passages.iter().find(|other| patch && other.path.is_within(&of) && other.tree.origin.is_some())?;
        Some((found, self.own(found)?))
    }

    /// The lines of a source, and what they read.
    fn source(&self, value: &Value, opens: bool) -> Lines {
        let mut lines = Lines::default();
        let mut said = if opens {
            let at = [self.view.at(value.origin.span), String::new(), layer(value.origin, self.compilation, &self.view)];
            vec![["set at".to_owned()].into_iter().chain(at).collect()]
        } else {
            rows(&cascade(value), "set at", |value| value.origin, &self.view, self.compilation)
        };
        said.extend(self.handed_on(value));
        if opens && said.len() == 1 {
            said.iter_mut().for_each(|row| drop(row.remove(2)));
        }
        said.extend(self.key(value));
        lines.append(&table::render(&said, "  "));
        lines.append(&table::render(&reads::rows(value, self.entities.first().copied(), &self.view, self.compilation), "  "));
        lines
    }

    /// The line of the key, if an expression makes that, and what it reads.
    fn key(&self, value: &Value) -> Vec<Vec<String>> {
        let (view, secrets) = (&self.view, &self.compilation.model.secrets);
        let Some(owner) = self.entities.first() else { return Vec::new() };
        let Some(key) = made_key(&self.compilation.model, &self.compilation.definitions, *owner, value) else { return Vec::new() };
        let text = cut(unquoted(view.sources.text(key.by.span)), LIMIT);
        let mut rows = vec![vec!["key from".to_owned(), view.at(key.by.span), text, layer(key.by, self.compilation, view)]];
        rows.extend(key.reads.iter().map(|(name, value)| {
            let by = value.decided();
            let said = format!("{} is {}", view.sources.text(*name), written(value, view, secrets, LIMIT));
            vec![String::new(), view.at(by.span), said, layer(by, self.compilation, view)]
        }));
        rows
    }

    /// The line that only hands on what is written elsewhere.
    fn handed_on(&self, value: &Value) -> Option<Vec<String>> {
        let by = value.passed_on().filter(|_| !self.compilation.model.secrets.hides(value))?;
        Some(handed_row(by, self.compilation, &self.view))
    }

    fn is(&self, passage: &Passage) -> String {
        if !is_leaf(passage) {
            return if matches!(passage.tree.form, Form::Map(_)) { " is a map" } else { " is a list" }.to_owned();
        }
        match self.own(passage) {
            Some(value) => format!(" is {}", written(&value, &self.view, &self.compilation.model.secrets, 2 * LIMIT)),
            None => format!(" is {}", cut(&in_line(&passage.tree), 2 * LIMIT)),
        }
    }

    fn row(&self, passage: &Passage) -> Vec<String> {
        let lines = if passage.first == passage.last { passage.first.to_string() } else { format!("{}-{}", passage.first, passage.last) };
        let mut row = vec![lines, passage.path.to_string()];
        match self.own(passage) {
            Some(value) => {
                row.extend([
                    written(&value, &self.view, &self.compilation.model.secrets, LIMIT),
                    self.view.at(value.origin.span),
                    layer(value.origin, self.compilation, &self.view),
                ]);
                row.extend(self.read(&value, 0).map(|at| format!("reads {at}")));
            }
            None => row.extend([cut(&in_line(&passage.tree), LIMIT), "platc's own".to_owned()]),
        }
        row
    }

    /// The first place in the user's own files that a value of the library was made of.
    fn read(&self, value: &Value, depth: usize) -> Option<String> {
        let is_own = |value: &Value| self.view.sources.get(value.origin.span.file).is_some_and(|source| !source.library);
        if is_own(value) {
            return (depth > 0).then(|| self.view.at(value.origin.span));
        }
        value.made().iter().filter(|_| depth < reads::LINKS).find_map(|cause| self.read(&cause.value, depth + 1))
    }

    /// The value that a passage came from.
    fn own(&self, passage: &Passage) -> Option<Value> {
        passage.tree.to_value()
    }

    /// The same, or that of the nearest passage around it.
    fn origin(&self, passage: &Passage) -> Option<(Option<&Passage>, Value)> {
        if let Some(value) = self.own(passage) {
            return Some((None, value));
        }
        let around = |upper: &&Passage| upper.path != passage.path && passage.path.is_within(&upper.path) && upper.tree.origin.is_some();
        let upper = self.passages.iter().filter(around).max_by_key(|upper| upper.path.steps().len())?;
        Some((Some(upper), self.own(upper)?))
    }

    /// What the file was made for.
    fn owners(&self) -> String {
        let Some((first, rest)) = self.entities.split_first() else { return String::new() };
        let entity = self.compilation.model.entity(*first);
        let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        format!(" is made for {}{more}, defined at {}", entity.thing.path(), self.view.at(entity.defined))
    }

    /// The same for machines.
    pub(crate) fn json(&self, wanted: &[&Passage], asked: AskedLine) -> Json {
        let line = if let AskedLine::Line(line) = asked { Some(line) } else { None };
        let secrets = &self.compilation.model.secrets;
        let mut room = reads::READS;
        let lines = wanted.iter().filter(|passage| line.is_some() || is_leaf(passage)).map(|passage| {
            // Of a whole file each tells its own: what is around stands in the same list.
            let found = if line.is_some() { self.origin(passage) } else { self.own(passage).map(|value| (None, value)) };
            let (around, value) = found.map_or((None, None), |(around, value)| (around, Some(value)));
            let cascade = value.as_ref().map(|value| cascade(value)).unwrap_or_default();
            json!({
                "first": passage.first,
                "last": passage.last,
                "path": passage.path.to_string(),
                "around": around.map(|around| around.path.to_string()),
                "cascade": cascade.iter().map(|value| contribution(value, |value| value.origin, self.compilation, &self.view)).collect::<Vec<_>>(),
                "handedOnBy": value.as_ref().and_then(Value::passed_on).map(|by| self.view.place(by.span)),
                "madeOf": value.as_ref().map(|value| reads::json(value, self.entities.first().copied(), &self.view, self.compilation, &mut room)).unwrap_or_default(),
                "rule": value.is_none().then(|| self.rule(passage)),
                "after": self.after(passage).map(|edge| json!({
                    "entity": self.compilation.model.entity(edge.to).thing.path().to_string(),
                    "cause": word(edge.cause),
                    "at": self.view.place(edge.span),
                })).collect::<Vec<_>>(),
                "secret": value.as_ref().is_some_and(|value| secrets.hides(value)),
            })
        });
        let lines: Vec<Json> = lines.collect();
        let entities = self.entities.iter().map(|id| self.compilation.model.entity(*id).thing.path().to_string());
        let mut answer = json!({ "file": self.file, "entities": entities.collect::<Vec<_>>(), "lines": lines });
        if let (false, Some(answer)) = (self.without.is_empty(), answer.as_object_mut()) {
            let without = self.without.iter().map(|without| {
                let left_out = without.found.as_ref().map(|found| {
                    let mut told = left_out::json(&found.place.path.to_string(), found, self.compilation, &self.view);
                    told.get_mut("leftOut").map(Json::take)
                });
                json!({ "what": without.what, "leftOut": left_out, "around": without.around.as_ref().map(|(_, value)| self.view.place(value.decided().span)) })
            });
            answer.insert("without".to_owned(), without.collect());
        }
        answer
    }
}

/// What of a file is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AskedLine {
    /// All of it.
    Whole,
    /// What stands in a line, counted from 1.
    Line(usize),
    /// What stands at a path, and below.
    Path,
}

/// Whether a passage holds no others.
fn is_leaf(passage: &Passage) -> bool {
    !passage.opens
}
