//! What a run may still spend on things that every pass does and none hands on: looking for the name that was meant, compiling the
//! regular expressions of schemas, the fields of schemas, and merging layers. A page of the ledger belongs to the thread that works; passes
//! that run in parallel open a page of their own for each piece of work, all of the same size, so that what is spent never depends on
//! threads. Nothing here reports: who finds the page empty does without, or says so.

use crate::limit::{MERGED, MERGED_BYTE, MERGED_THING, PATTERNS_BYTES, SCHEMAS_FIELDS, SUGGESTION_WORK};
use std::cell::Cell;

#[derive(Clone, Copy)]
struct Page {
    suggestions: usize,
    patterns: usize,
    fields: usize,
    merges: usize,
    /// Whether it was said that there are too many merges.
    said: bool,
    /// Whether it is still to be said, because who found out has nobody to tell.
    unsaid: bool,
}

impl Page {
    /// Whether nothing is used up.
    fn is_solvent(&self) -> bool {
        self.suggestions > 0 && self.patterns > 0 && self.fields > 0 && self.merges > 0 && !self.said && !self.unsaid
    }
}

const FRESH: Page =
    Page { suggestions: SUGGESTION_WORK, patterns: PATTERNS_BYTES, fields: SCHEMAS_FIELDS, merges: MERGED, said: false, unsaid: false };

thread_local! {
    static PAGE: Cell<Page> = const { Cell::new(FRESH) };
}

/// Does a piece of work with a page of its own, one of so many.
pub(crate) fn page<T>(of: usize, work: impl FnOnce() -> T) -> T {
    let before = PAGE.get();
    PAGE.set(Page { suggestions: (SUGGESTION_WORK / of.max(1)).max(LEAST), ..FRESH });
    let result = work();
    PAGE.set(before);
    result
}

/// What a piece of work took off a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Spent {
    suggestions: usize,
    patterns: usize,
    fields: usize,
    merges: usize,
}

/// Does work and says what it took off; none if something was used up by its end, so that the same work might come to something else.
pub(crate) fn account<T>(work: impl FnOnce() -> T) -> (T, Option<Spent>) {
    let before = PAGE.get();
    let result = work();
    let after = PAGE.get();
    let spent = Spent {
        suggestions: before.suggestions.saturating_sub(after.suggestions),
        patterns: before.patterns.saturating_sub(after.patterns),
        fields: before.fields.saturating_sub(after.fields),
        merges: before.merges.saturating_sub(after.merges),
    };
    (result, after.is_solvent().then_some(spent))
}

/// Takes off what work took off that need not be done again; false, and nothing is taken, if it would use something up.
pub(crate) fn spend(spent: Spent) -> bool {
    let page = PAGE.get();
    let left = Page {
        suggestions: page.suggestions.saturating_sub(spent.suggestions),
        patterns: page.patterns.saturating_sub(spent.patterns),
        fields: page.fields.saturating_sub(spent.fields),
        merges: page.merges.saturating_sub(spent.merges),
        ..page
    };
    if left.is_solvent() {
        PAGE.set(left);
    }
    left.is_solvent()
}

/// Enough for the suggestions of a few mistakes, however many pieces of work there are.
const LEAST: usize = 20_000;

/// Does work that may come to nothing, and then costs nothing.
pub(crate) fn attempt<T>(work: impl FnOnce() -> Option<T>) -> Option<T> {
    let before = PAGE.get();
    let result = work();
    if result.is_none() {
        PAGE.set(before);
    }
    result
}

/// Takes the work of a comparison of two names off; false if too little is left.
pub(crate) fn suggestion(work: usize) -> bool {
    let page = PAGE.get();
    let left = page.suggestions.checked_sub(work);
    PAGE.set(Page { suggestions: left.unwrap_or(0), ..page });
    left.is_some()
}

/// Whether any pattern may still be compiled; even one that does not fit takes time.
pub(crate) fn has_patterns() -> bool {
    PAGE.get().patterns > 0
}

/// Takes a compiled pattern off; false if too little is left.
pub(crate) fn pattern(bytes: usize) -> bool {
    let page = PAGE.get();
    let left = page.patterns.checked_sub(bytes);
    PAGE.set(Page { patterns: left.unwrap_or(0), ..page });
    left.is_some()
}

/// Takes the fields of a schema off; none if there were too few left before, false if there are too few now.
pub(crate) fn fields(count: usize) -> Option<bool> {
    let page = PAGE.get();
    let left = page.fields.checked_sub(count);
    PAGE.set(Page { fields: left.unwrap_or(0), ..page });
    (page.fields > 0).then_some(left.is_some())
}

/// Whether classes can still be loaded as a whole: neither their fields nor their merges are used up.
pub(crate) fn has_classes() -> bool {
    let page = PAGE.get();
    page.fields > 0 && !page.said
}

/// Adds what may be merged because the sources have so many bytes.
pub(crate) fn sources(bytes: usize) {
    allow(bytes.saturating_mul(MERGED_BYTE));
}

/// Adds what may be merged because there is one thing more.
pub(crate) fn thing() {
    allow(MERGED_THING);
}

fn allow(entries: usize) {
    let page = PAGE.get();
    PAGE.set(Page { merges: page.merges.saturating_add(entries), ..page });
}

/// How a merge is to go on.
pub(crate) enum Merge {
    /// As it should.
    On,
    /// Not at all, which is to be said.
    Exhausted,
    /// Not at all, which was said.
    Said,
}

/// Takes comparisons before a merge off, in entries of merges; false if that is more than is left, which the merge that follows tells.
pub(crate) fn compared(entries: usize) -> bool {
    let page = PAGE.get();
    let left = page.merges.checked_sub(entries);
    PAGE.set(Page { merges: left.unwrap_or(0), ..page });
    left.is_some()
}

/// Takes the entries that a merge keeps or makes off.
pub(crate) fn merge(entries: usize) -> Merge {
    let page = PAGE.get();
    match page.merges.checked_sub(entries) {
        Some(merges) => {
            PAGE.set(Page { merges, ..page });
            Merge::On
        }
        None => {
            PAGE.set(Page { merges: 0, said: true, ..page });
            if page.said { Merge::Said } else { Merge::Exhausted }
        }
    }
}

/// Whether merges were given up, so that values lack what their layers say.
pub(crate) fn lacks_layers() -> bool {
    let page = PAGE.get();
    page.said || page.unsaid
}

/// Takes the entries that a schema adds to a value off; false if they are not to be added. [`unsaid`] then tells that once.
pub(crate) fn added(entries: usize) -> bool {
    let page = PAGE.get();
    let left = page.merges.checked_sub(entries);
    PAGE.set(Page { merges: left.unwrap_or(0), unsaid: page.unsaid || left.is_none() && !page.said, ..page });
    left.is_some()
}

/// Whether there were too many merges and nobody said so yet; whoever asks says it.
pub(crate) fn unsaid() -> bool {
    let page = PAGE.get();
    PAGE.set(Page { said: page.said || page.unsaid, unsaid: false, ..page });
    page.unsaid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merges_are_counted() {
        let allowed = MERGED + 3 * MERGED_BYTE + 2 * MERGED_THING;
        page(1, || {
            sources(3);
            thing();
            thing();
            assert!(matches!(merge(allowed), Merge::On));
            assert!(matches!(merge(1), Merge::Exhausted));
            assert!(matches!(merge(1), Merge::Said));
            assert!(matches!(merge(0), Merge::On));
        });
        page(1, || assert!(matches!(merge(MERGED + 1), Merge::Exhausted)));
    }

    #[test]
    fn what_schemas_add_is_counted_and_said_once() {
        page(1, || {
            assert_eq!((added(MERGED), unsaid(), added(1), added(1), unsaid(), unsaid()), (true, false, false, false, true, false));
            assert!(matches!(merge(1), Merge::Said));
        });
        page(1, || {
            assert!(matches!(merge(MERGED + 1), Merge::Exhausted));
            assert_eq!((added(1), unsaid()), (false, false));
        });
    }

    #[test]
    fn fields_are_counted() {
        page(1, || assert_eq!((fields(SCHEMAS_FIELDS), fields(1)), (Some(true), None)));
        page(1, || assert_eq!((fields(SCHEMAS_FIELDS + 1), fields(1)), (Some(false), None)));
    }

    #[test]
    fn classes_are_loaded_while_there_is_room() {
        page(1, || {
            assert!(has_classes());
            fields(SCHEMAS_FIELDS);
            assert!(!has_classes());
        });
        page(1, || {
            // What is exhausted once is not asked again, not even for what would fit.
            merge(MERGED + 1);
            assert!(!has_classes());
        });
    }

    #[test]
    fn what_was_paid_for_once_can_be_paid_for_again() {
        page(1, || {
            let ((), spent) = account(|| {
                fields(SCHEMAS_FIELDS / 2);
                merge(MERGED - 1);
            });
            assert!(!spend(spent.unwrap()), "as many merges are not left");
            sources(MERGED / MERGED_BYTE);
            assert!(!spend(spent.unwrap()), "and this would be all fields");
            assert!(matches!(fields(SCHEMAS_FIELDS / 2 - 1), Some(true)), "nothing was taken");
        });
        page(1, || {
            let ((), spent) = account(|| _ = fields(7));
            assert!(spend(spent.unwrap()));
            assert_eq!(fields(SCHEMAS_FIELDS - 14), Some(true));
            assert_eq!(account(|| fields(1)), (None, None));
        });
    }

    #[test]
    fn patterns_are_counted() {
        page(1, || assert_eq!((pattern(PATTERNS_BYTES), pattern(1)), (true, false)));
    }

    #[test]
    fn suggestions_are_counted() {
        page(1, || assert_eq!((suggestion(SUGGESTION_WORK), suggestion(1)), (true, false)));
        // Many pieces share the work, but each has enough for a few mistakes.
        page(usize::MAX, || assert_eq!((suggestion(LEAST), suggestion(1)), (true, false)));
        page(1, || {
            suggestion(SUGGESTION_WORK);
            page(2, || assert!(suggestion(SUGGESTION_WORK / 2)));
            assert!(!suggestion(1));
        });
    }
}
