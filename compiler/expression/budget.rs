//! What one evaluation may cost. An expression cannot loop forever, but nested loops and doubled texts can take very long; so each
//! evaluation pays for what it does: steps for time, bytes for memory, both before it is done.

use crate::limit::{EVALUATION_BYTES, EVALUATION_STEPS};

/// How deep values may nest where a function walks through them.
pub(super) const DEPTH: usize = crate::limit::VALUE_DEPTH;

/// Steps that an error takes which is absorbed: finding its words takes longer than most expressions.
pub(super) const ABSORBED: usize = 200;

/// Bytes that one step compares, searches or copies.
const BYTES_A_STEP: usize = 64;

/// Bytes that an entry of a map takes with its place in the index.
const ENTRY: usize = 128;

/// What is left.
pub(super) struct Budget {
    steps: usize,
    bytes: usize,
    /// The steps it began with.
    all: usize,
}

impl Budget {
    /// A budget where others may have used up what they share.
    pub(super) fn new(left: usize) -> Self {
        let all = left.min(EVALUATION_STEPS);
        Self { steps: all, bytes: EVALUATION_BYTES, all }
    }

    /// Steps taken.
    pub(super) fn taken(&self) -> usize {
        self.all - self.steps
    }
}

impl Budget {
    pub(super) fn steps(&mut self, count: usize) -> Result<(), &'static str> {
        match self.steps.checked_sub(count) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => {
                self.steps = 0;
                Err(if self.all < EVALUATION_STEPS { SHARED } else { "takes more than a million steps" })
            }
        }
    }

    /// Pays for texts, lists and maps about to be made: memory, and the time it takes to fill it.
    pub(super) fn bytes(&mut self, count: usize) -> Result<(), &'static str> {
        self.bytes = self.bytes.checked_sub(count).ok_or("needs more than 64 MiB for its texts and lists")?;
        self.walk(count)
    }

    /// Pays for a list of so many items about to be made.
    pub(super) fn items(&mut self, count: usize) -> Result<(), &'static str> {
        self.bytes(count.saturating_mul(size_of::<super::Val>()))
    }

    /// Pays for a map of so many entries about to be made.
    pub(super) fn entries(&mut self, count: usize) -> Result<(), &'static str> {
        self.bytes(count.saturating_mul(ENTRY))
    }

    /// Pays for looking at so many bytes: comparing, searching, copying.
    pub(super) fn walk(&mut self, bytes: usize) -> Result<(), &'static str> {
        self.steps(bytes / BYTES_A_STEP)
    }

    /// Pays for work that takes about a nanosecond or more for each byte: conversions, hashes, escapes.
    pub(super) fn work(&mut self, bytes: usize) -> Result<(), &'static str> {
        self.steps(bytes / (BYTES_A_STEP / 4))
    }
}

/// What to say when values nest deeper than [`DEPTH`].
pub(super) const TOO_DEEP: &str = "meets values that nest more than 256 levels deep";

/// What to say when the expressions of one thing together are too many.
const SHARED: &str = "and all others of the same thing takes more than four million steps";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_counted() {
        let mut budget = Budget::new(usize::MAX);
        assert!(budget.steps(EVALUATION_STEPS).is_ok() && budget.steps(1).is_err());
        let mut budget = Budget::new(usize::MAX);
        assert!(budget.walk(EVALUATION_STEPS * BYTES_A_STEP).is_ok() && budget.walk(BYTES_A_STEP).is_err());
        assert_eq!(budget.taken(), EVALUATION_STEPS);
        let mut budget = Budget::new(5);
        assert_eq!((budget.steps(5), budget.steps(1)), (Ok(()), Err(SHARED)));
    }

    #[test]
    fn bytes_are_counted() {
        let mut budget = Budget { bytes: EVALUATION_BYTES, steps: usize::MAX, all: usize::MAX };
        assert!(budget.bytes(EVALUATION_BYTES).is_ok() && budget.bytes(1).is_err());
        // What is made takes time, too.
        let mut budget = Budget::new(usize::MAX);
        assert!(budget.bytes(EVALUATION_BYTES / 2).is_ok());
        assert_eq!(budget.taken(), EVALUATION_BYTES / 2 / BYTES_A_STEP);
    }
}
