//! Files that templates take in, checked where a class writes them: by a path with an expression, or under a condition. Whether there is such a file
//! is known when the path is.

use super::super::errors;
use super::SectionWalk;
use crate::definition::directive::Directive;
use crate::expression::Ty;
use crate::files::{AS, FileForm};
use crate::value::{Entry, Map, Value};

impl SectionWalk<'_, '_> {
    /// What a map stands for that takes in a file.
    pub(super) fn file(&mut self, map: &Map, named: &Entry) -> Ty {
        if !self.takes_files {
            self.diagnostics.push(errors::file_outside_of_template(named.span));
        }
        if let Some(condition) = map.entry(Directive::If.word()) {
            self.condition(&condition.value, "`$if`");
        }
        self.value(&named.value);
        let form = map.get(AS).and_then(Value::as_str).and_then(FileForm::from_word);
        match form {
            Some(FileForm::Text | FileForm::Base64) | None => Ty::String,
            Some(FileForm::Yaml | FileForm::Json) => Ty::Dyn,
        }
    }
}
