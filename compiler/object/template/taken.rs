//! Files that templates take in by a path that is made when they are expanded.

use super::super::errors;
use super::Expander;
use crate::diagnostic::Diagnostics;
use crate::expression::Target;
use crate::files::{AS, FileForm};
use crate::model::{Sight, decided_late};
use crate::value::{Data, Entry, Map, Value};

impl<'a> Expander<'_, 'a> {
    /// What a file holds; none, which is reported, if that cannot be had. Nothing in it is expanded.
    pub(super) fn taken(&mut self, sight: &Sight<'a>, map: &Map, named: &Entry) -> Option<Value> {
        let form = map.get(AS).map_or(Some(FileForm::Text), |form| form.as_str().and_then(FileForm::from_word))?;
        let world = self.world;
        let (path, tainted) = world.taints(|| self.expand_seen(sight, &named.value, Target::Plain));
        let path = path?;
        if tainted || self.world.hides(&path) {
            self.report(errors::secret_path(named.value.origin.span));
            return None;
        }
        let text = match &path.data {
            Data::String(text) => text,
            Data::Late(late) => {
                self.report(decided_late(late, named.value.origin.span, "the path of a file"));
                return None;
            }
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::List(_)
            | Data::Map(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Broken => {
                self.report(errors::path_not_text(&path, named.value.origin.span));
                return None;
            }
        };
        let mut said = Diagnostics::default();
        // The place to mend is that of the expression, wherever its parts come from.
        let content = world.definitions.files.content(text, form, named.value.origin.span, named.value.origin.layer, &mut said);
        for diagnostic in said.drain() {
            self.report(diagnostic);
        }
        content
    }
}
