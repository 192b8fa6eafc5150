//! Where two versions of one text say something else. In come both as they are written, before anything is evaluated; out go the places, each with what it said and says.

use crate::path::{Path, Step};
use crate::schema::aligned;
use crate::span::Span;
use crate::value::{Data, Entry, Value};

/// A value and where it is written; none if it is not said.
pub(super) type SaidAt<'a> = Option<(&'a Value, Span)>;

/// A walk through both versions.
pub(super) struct SaidWalk<'a> {
    /// Where the walk stands.
    pub(super) path: Path,
    /// The places that differ: what each said, and what it says.
    pub(super) found: Vec<(Path, SaidAt<'a>, SaidAt<'a>)>,
    /// So many are found.
    most: usize,
    /// Where the walk does not go.
    skips: fn(&[Step]) -> bool,
}

impl<'a> SaidWalk<'a> {
    pub(super) fn new(most: usize, skips: fn(&[Step]) -> bool) -> Self {
        Self { path: Path::default(), found: Vec::new(), most, skips }
    }

    /// Compares what two versions say here, if they say something.
    pub(super) fn said(&mut self, old: Option<&'a Value>, new: Option<&'a Value>) {
        let alone = |value: &'a Value| (value, value.origin.span);
        match (old, new) {
            (Some(old), Some(new)) => self.values(old, new),
            (old, new) => self.tell(old.map(alone), new.map(alone)),
        }
    }

    fn tell(&mut self, first: SaidAt<'a>, second: SaidAt<'a>) {
        if (first.is_some() || second.is_some()) && self.found.len() < self.most {
            self.found.push((self.path.clone(), first, second));
        }
    }

    fn values(&mut self, old: &'a Value, new: &'a Value) {
        if (self.skips)(self.path.steps()) || self.found.len() >= self.most || old.same_data(new) {
            return;
        }
        match (&old.data, &new.data) {
            (Data::Map(before), Data::Map(now)) => {
                for entry in now.entries() {
                    self.inside(Step::key(&entry.key), |walk| match before.get(&entry.key) {
                        Some(old) => walk.values(old, &entry.value),
                        None => walk.tell(None, Some(whole(entry))),
                    });
                }
                for entry in before.entries().iter().filter(|entry| now.get(&entry.key).is_none()) {
                    self.inside(Step::key(&entry.key), |walk| walk.tell(Some(whole(entry)), None));
                }
            }
            (Data::List(before), Data::List(now)) => {
                let (before, now) = (before.items(), now.items());
                for (old, new) in aligned(before, now, false, None) {
                    let side = |list: &'a [Value], at: Option<usize>| at.and_then(|at| list.get(at));
                    let at = new.or(old).unwrap_or_default();
                    self.inside(Step::Item(at), |walk| walk.said(side(before, old), side(now, new)));
                }
            }
            (_, _) => self.tell(Some((old, old.origin.span)), Some((new, new.origin.span))),
        }
    }

    fn inside(&mut self, step: Step, walk: impl FnOnce(&mut Self)) {
        self.path.push(step);
        walk(self);
        self.path.pop();
    }
}

/// An entry with its key.
fn whole(entry: &Entry) -> (&Value, Span) {
    (&entry.value, entry.span.join(entry.value.origin.span))
}
