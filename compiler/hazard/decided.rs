//! Where it is decided that something is another thing than before: the line of a user, through the expressions of classes, whichever value that they read has
//! changed; or the expression, if that is another one. In come values before and after, out goes a place in the sources of now.

use super::PlatformChange;
use crate::model::{Entity, EntityId};
use crate::span::Span;
use crate::value::{Cause, Data, Name, Value};

/// So many expressions are followed.
const DEPTH: usize = 24;

impl PlatformChange<'_> {
    /// Where a value is decided: what its expression reads and is another thing than before, else the value itself.
    pub(super) fn decided(&self, was: Option<&Value>, is: &Value) -> Span {
        let Some(was) = was else { return written(is) };
        let (old, new) = leaf(was, is);
        self.cause(old, new).unwrap_or_else(|| new.changed_at(old))
    }

    /// Where a part of a thing is decided, by its user: where nobody has changed anything but the library reads another value, what the thing says otherwise.
    pub(super) fn decided_by_user(&self, (was, is): (Option<&Value>, Option<&Value>), (old, new): (EntityId, &Entity)) -> Span {
        let at = is.map(|is| self.decided(was, is)).filter(|at| !self.now.sources.is_library(*at));
        at.or_else(|| self.place_of(old)).unwrap_or(new.defined)
    }

    /// What a thing says otherwise than before, or where it is.
    pub(super) fn decided_of(&self, old: &Entity, new: &Entity) -> Span {
        if old.value.same_data(&new.value) { new.defined } else { self.decided(Some(&old.value), &new.value) }
    }

    /// What the expression of a value has read that is another thing than before, however far back, or the expression.
    pub(super) fn cause(&self, old: &Value, new: &Value) -> Option<Span> {
        self.read(old, new, DEPTH)
    }

    fn read(&self, old: &Value, new: &Value, depth: usize) -> Option<Span> {
        let depth = depth.checked_sub(1)?;
        let computed = |cause: &Cause| if let Name::Computed(name) = cause.name { Some(name) } else { None };
        let before = |at: usize, cause: &Cause| match computed(cause) {
            Some(name) => old.made().iter().find(|other| computed(other) == Some(name)),
            None => old.made().get(at),
        };
        for (at, one) in new.made().iter().enumerate() {
            match before(at, one).filter(|other| self.is_same_name(other, one)) {
                Some(other) if other.value.same_data(&one.value) => {}
                Some(other) => {
                    let (old, new) = leaf(&other.value, &one.value);
                    return Some(self.read(old, new, depth).unwrap_or_else(|| new.changed_at(old)));
                }
                // An expression that is as it was reads more, or something else, where a value comes that was not there.
                None if self.is_rewritten(old, new) => return Some(new.decided().span),
                None => return Some(written(&one.value)),
            }
        }
        None
    }

    /// Whether two expressions read the same name; what the compiler has named is found by that.
    fn is_same_name(&self, old: &Cause, new: &Cause) -> bool {
        match (old.name, new.name) {
            (Name::Written(old), Name::Written(new)) => self.before.sources.text(old) == self.now.sources.text(new),
            (Name::Computed(old), Name::Computed(new)) => old == new,
            (Name::Written(_), Name::Computed(_)) | (Name::Computed(_), Name::Written(_)) => false,
        }
    }

    /// Whether another text makes a value now.
    fn is_rewritten(&self, old: &Value, new: &Value) -> bool {
        self.before.sources.text(old.decided().span) != self.now.sources.text(new.decided().span)
    }
}

/// Where a new value is written: where its expression has it from, if that is one value.
fn written(value: &Value) -> Span {
    match value.made() {
        [one] => written(&one.value),
        _ => value.origin.span,
    }
}

/// The first parts of two values that differ.
fn leaf<'v>(old: &'v Value, new: &'v Value) -> (&'v Value, &'v Value) {
    let (mut old, mut new) = (old, new);
    loop {
        let next = match (&old.data, &new.data) {
            (Data::Map(before), Data::Map(now)) => {
                let mut pairs = now.entries().iter().filter_map(|entry| Some((before.get(&entry.key)?, &entry.value)));
                pairs.find(|(old, new)| !old.same_data(new))
            }
            (Data::List(before), Data::List(now)) => before.items().iter().zip(now.items()).find(|(old, new)| !old.same_data(new)),
            (_, _) => None,
        };
        match next {
            Some(pair) => (old, new) = pair,
            None => return (old, new),
        }
    }
}
