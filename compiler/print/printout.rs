//! Printed text that knows what stands in each of its lines, where somebody asks for that. Comes in: a tree; leaves: its text, and the parts
//! of the tree by line. It never decides what a line is: the printers say where a part begins.

use super::{Form, Tree, json, yaml};
use crate::path::{Path, Step};
use std::sync::Arc;

/// How a tree is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spelling {
    /// One document in block style.
    Yaml,
    /// Two spaces deep.
    Json,
}

/// A text, and what stands in its lines.
#[derive(Clone, PartialEq, Debug)]
pub struct Printout {
    /// The text.
    pub text: String,
    /// What stands in its lines, in their order; none if nobody asked.
    pub passages: Option<Arc<[Passage]>>,
}

/// A part of a tree, and the lines of the text that are its own: those of what is inside follow as passages of their own.
#[derive(Clone, PartialEq, Debug)]
pub struct Passage {
    /// Number of its first line; the first line of a text is 1.
    pub first: usize,
    /// Number of its last line.
    pub last: usize,
    /// Which part it is.
    pub path: Path,
    /// The part, with its origin and history; a map or list that holds anything is empty here.
    pub tree: Tree,
    /// Whether it is a map or list that holds anything.
    pub opens: bool,
}

impl Printout {
    /// Prints a tree; with what stands in each line, if that is wanted.
    #[must_use]
    pub fn print(tree: &Tree, spelling: Spelling, traced: bool) -> Self {
        let mut marks = if traced { Marks { list: Some(Vec::new()), path: Path::default() } } else { Marks::none() };
        let text = match spelling {
            Spelling::Yaml => yaml::marked(tree, &mut marks),
            Spelling::Json => json::marked(tree, &mut marks),
        };
        let passages = marks.list.map(|marks| passages(&text, marks));
        Self { text, passages }
    }
}

impl Printout {
    /// A text as it is, all of whose lines are what this tree is.
    #[must_use]
    pub fn whole(text: &str, tree: &Tree, traced: bool) -> Self {
        let passage = || Passage { first: 1, last: text.lines().count().max(1), path: Path::default(), tree: tree.clone(), opens: false };
        Self { text: text.to_owned(), passages: traced.then(|| Arc::from([passage()])) }
    }
}

impl From<String> for Printout {
    fn from(text: String) -> Self {
        Self { text, passages: None }
    }
}

/// What stands in a line; none if the text has no such line, or nobody asked for it when it was printed.
#[must_use]
pub fn passage(passages: &[Passage], line: usize) -> Option<&Passage> {
    passages.get(..passages.partition_point(|passage| passage.first <= line)).and_then(<[_]>::last).filter(|found| line <= found.last)
}

/// Where the printers say what begins; does nothing where nobody asks.
pub(super) struct Marks {
    list: Option<Vec<Beginning>>,
    path: Path,
}

struct Beginning {
    /// Offset in the text.
    start: usize,
    path: Path,
    tree: Tree,
    opens: bool,
}

impl Marks {
    /// Those of a text that nobody asks about.
    pub(super) fn none() -> Self {
        Self { list: None, path: Path::default() }
    }

    /// What stands below this step begins here.
    pub(super) fn enter(&mut self, step: impl FnOnce() -> Step, start: usize, tree: &Tree) {
        if self.list.is_some() {
            self.path.push(step());
            self.mark(start, tree);
        }
    }

    /// What was entered last has its own end here.
    pub(super) fn close(&mut self, start: usize, tree: &Tree) {
        if self.list.is_some() {
            self.mark(start, tree);
        }
    }

    /// What comes is no longer below the last step.
    pub(super) fn leave(&mut self) {
        if self.list.is_some() {
            self.path.pop();
        }
    }

    fn mark(&mut self, start: usize, tree: &Tree) {
        let Some(list) = &mut self.list else { return };
        let (form, opens) = match &tree.form {
            Form::List(items) if !items.is_empty() => (Form::List(Vec::new()), true),
            Form::Map(entries) if !entries.is_empty() => (Form::Map(Vec::new()), true),
            form @ (Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) | Form::Text(_) | Form::List(_) | Form::Map(_)) => {
                (form.clone(), false)
            }
        };
        let tree = Tree { form, origin: tree.origin, history: tree.history.clone() };
        list.push(Beginning { start, path: self.path.clone(), tree, opens });
    }
}

fn passages(text: &str, marks: Vec<Beginning>) -> Arc<[Passage]> {
    let mut passages: Vec<Passage> = Vec::with_capacity(marks.len());
    let (mut line, mut counted) = (1, 0);
    for Beginning { start, path, tree, opens } in marks {
        line += text.get(counted..start).map_or(0, |between| between.matches('\n').count());
        counted = start;
        passages.iter_mut().next_back().into_iter().for_each(|last| last.last = last.first.max(line - 1));
        passages.push(Passage { first: line, last: line, path, tree, opens });
    }
    let end = line + text.get(counted..).map_or(0, |rest| rest.trim_end_matches('\n').matches('\n').count());
    passages.iter_mut().next_back().into_iter().for_each(|last| last.last = end);
    passages.into()
}
