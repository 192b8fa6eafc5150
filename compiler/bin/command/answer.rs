//! What a command that compares says, as lines, as JSON and as a page for a comment; it is put together by whoever compares, and printed here.

use super::{AnswerForm, Exit, Failure, Session};
use crate::render::View;
use crate::render::diff::Detail;
use crate::render::lines::Lines;
use crate::render::markdown::{Page, Rank, prose};
use crate::render::patch::Patch;
use platc::diagnostic::Diagnostic;
use platc::level::Level;
use platc::model::Environment;
use serde_json::{Map, Value as Json, json};

/// What is to be printed.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) text: Lines,
    pub(super) json: Json,
    /// The same for a comment, if that is wanted.
    pub(super) page: Page,
    pub(super) differs: bool,
    /// The gravest of what the values say that they do.
    pub(super) level: Option<Level>,
}

impl Answer {
    /// What files differ.
    pub(super) fn of(patch: &Patch, detail: Detail) -> Self {
        let mut text = patch.text(detail);
        if detail != Detail::Names {
            text.line(&patch.summary());
        }
        let files: Vec<Json> = patch.files.iter().map(|(path, text)| json!({ "path": path, "diff": text })).collect();
        let json = json!({ "version": 1, "added": patch.added, "removed": patch.removed, "changed": patch.changed, "files": files });
        let mut page = Page::default();
        page.paragraph(Rank::Head, &prose(&patch.summary()));
        patch.comment(detail, &mut page);
        Self { text, json, page, differs: !patch.files.is_empty(), level: None }
    }

    /// Says a sentence in all forms of text.
    pub(super) fn say(&mut self, sentence: &str) {
        self.text.line(sentence);
        self.page.paragraph(Rank::Head, &prose(sentence));
    }

    /// Prints it, with what is said of what the change does outside, if it is one.
    pub(super) fn print(
        mut self,
        title: &str,
        said: Option<Vec<Diagnostic>>,
        view: &View<'_>,
        form: AnswerForm,
        session: &Session,
    ) -> Result<Exit, Failure> {
        let exit = if self.differs { Exit::No } else { Exit::Fine };
        let of_change = said.is_some();
        let said = said.unwrap_or_default();
        match form {
            AnswerForm::Json => {
                if let Some(answer) = self.json.as_object_mut().filter(|_| of_change) {
                    answer.extend(crate::render::json::render(&said, view));
                }
                session.terminal.print_json(&self.json)?;
            }
            AnswerForm::Text => {
                session.terminal.print(&self.text)?;
                session.report(&said, view, Map::new())?;
            }
            AnswerForm::Markdown => session.terminal.print(&self.comment(title, &said, view).lines())?,
        }
        Ok(exit)
    }

    /// It for a comment, below what the change does outside.
    pub(super) fn comment(self, title: &str, said: &[Diagnostic], view: &View<'_>) -> Page {
        let mut page = Page::default();
        page.heading(2, title);
        page.diagnostics(said, view);
        page.append(self.page);
        page
    }

    /// An environment that is another one outside.
    pub(super) fn replaced(&mut self, environments: &mut Vec<Json>, old: &Environment, new: &Environment, then: &str) {
        let (name, before, now) = (&*new.name, old.identity.to_string(), new.identity.to_string());
        self.say(&format!(
            "environment {name} has another identity, {now}, and had {before}{then}: everything that it has outside is replaced"
        ));
        environments.push(json!({ "name": name, "identity": { "before": before, "now": now } }));
        self.differs = true;
        self.level = self.level.into_iter().chain([Level::Replaces]).min();
    }

    pub(super) fn only(&mut self, environments: &mut Vec<Json>, name: &str, word: &str) {
        self.say(&format!("environment {name} is {word}"));
        environments.push(json!({ "name": name, "only": word }));
        self.differs = true;
    }
}
