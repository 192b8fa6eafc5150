//! Layers of a template that meet once they are expanded: what a class and its parents say of one list, what an expression gives and what is said
//! over it, a fragment and the keys beside it, what a class makes and what an `override` says. In come expanded values, of which the stronger may
//! carry operators; out goes what they come to. Lists of Kubernetes objects go on waiting until the object stands (`standing.rs`).

use super::Expander;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expression::Target;
use crate::inheritance::{Layering, Meeting, met};
use crate::model::Sight;
use crate::path::{Path, Step};
use crate::value::{Data, Entry, Operator, Pending, Value};

impl<'a> Expander<'_, 'a> {
    /// Lets a stronger layer meet a weaker one, both expanded. Lists that may meet by key wait inside of the outcome, as [`Data::Pending`], until
    /// the section is finished with [`Expander::standing`], which knows of which kind the object is.
    pub(super) fn over(&self, weaker: Option<Entry>, stronger: &Entry) -> Option<Entry> {
        let path = if stronger.key.is_empty() { Path::default() } else { Path::of([&*stronger.key]) };
        self.meet(path, |meeting| met(weaker, stronger, None, meeting))
    }

    /// Lets layers meet at a place, with what is wrong said of the thing.
    pub(super) fn meet<T>(&self, path: Path, work: impl FnOnce(&mut Meeting<'_>) -> T) -> T {
        let layering = if self.section == "manifests" { Layering::Objects } else { Layering::Others };
        let (mut found, subject) = (Diagnostics::default(), self.world.entity(self.id).subject());
        let result = work(&mut Meeting::new(&subject, &mut found).at(path).layering(layering).strict());
        found.drain().into_iter().for_each(|fault| self.report_of_whole(fault));
        result
    }

    /// Reports of the thing as a whole: the place in a section is none of its fields.
    pub(super) fn report_of_whole(&self, fault: Diagnostic) {
        self.report(Diagnostic { subject: None, ..fault });
    }

    /// What layers come to that waited for being expanded. From the strongest down, as far as anything below counts: nobody asks what a
    /// replaced expression would have given.
    pub(super) fn layers(&mut self, sight: &Sight<'a>, pending: &Pending, target: Target) -> Option<Value> {
        let (base, words) = pending.words();
        let (mut said, mut is_all) = (Vec::new(), false);
        for word in words.iter().rev() {
            // What a condition leaves out says nothing.
            let Some(value) = self.expand_seen(sight, &word.entry.value, target) else { continue };
            self.world.charge(self.id, value.weight(), 0);
            is_all = matches!(word.entry.operator, Operator::Merge | Operator::Lock) && !matches!(value.data, Data::Map(_) | Data::List(_));
            said.push(Entry { value, template: None, ..word.entry.clone() });
            if is_all {
                break;
            }
        }
        let first = base.filter(|_| !is_all).and_then(|base| self.expand_seen(sight, base, target));
        let mut have = first.map(|value| Entry { operator: Operator::Merge, template: None, value, ..pending.entry.clone() });
        for entry in said.iter().rev() {
            have = self.meet(pending.path.clone(), |meeting| met(have, entry, None, meeting));
        }
        have.map(|entry| entry.value)
    }

    /// Lets an entry meet one of its key that another layer wrote, or that was merged in.
    pub(super) fn over_entry(&self, weaker: Entry, stronger: &Entry) -> Option<Entry> {
        let weaker = Entry { operator: Operator::Merge, ..weaker };
        let key = Step::Key(stronger.key.clone());
        self.meet(Path::default(), |meeting| meeting.inside(key, |meeting| met(Some(weaker), stronger, None, meeting)))
    }
}
