//! What one evaluation may cost. An expression cannot loop forever, but nested loops and doubled texts can take very long.

/// Far more than an honest expression needs: a loop over ten thousand items with fifty steps each.
const STEPS: usize = 1_000_000;

/// Bytes of texts and lists made on the way.
const BYTES: usize = 64 * 1024 * 1024;

/// How deep values may nest where a function walks through them.
pub(super) const DEPTH: usize = 256;

/// The longest text that a template may join.
pub(super) const TEXT: usize = 16 * 1024 * 1024;

/// Steps that an error takes which is absorbed: finding its words takes longer than most expressions.
pub(super) const ABSORBED: usize = 200;

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
        let all = left.min(STEPS);
        Self { steps: all, bytes: BYTES, all }
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
                Err(if self.all < STEPS { SHARED } else { "takes more than a million steps" })
            }
        }
    }

    pub(super) fn bytes(&mut self, count: usize) -> Result<(), &'static str> {
        self.bytes = self.bytes.checked_sub(count).ok_or("needs more than 64 MiB for its texts and lists")?;
        Ok(())
    }
}

/// What to say when values nest deeper than [`DEPTH`].
pub(super) const TOO_DEEP: &str = "meets values that nest more than 256 levels deep";

/// What to say when the expressions of one thing together are too many.
const SHARED: &str = "and all others of the same thing takes more than four million steps";
