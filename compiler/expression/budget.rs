//! What one evaluation may cost. An expression cannot loop forever, but nested loops and doubled texts can take very long.

/// Far more than an honest expression needs: a loop over ten thousand items with fifty steps each.
const STEPS: usize = 1_000_000;

/// Bytes of texts and lists made on the way.
const BYTES: usize = 64 * 1024 * 1024;

/// How deep values may nest where a function walks through them.
pub(super) const DEPTH: usize = 256;

/// What is left.
pub(super) struct Budget {
    steps: usize,
    bytes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { steps: STEPS, bytes: BYTES }
    }
}

impl Budget {
    pub(super) fn steps(&mut self, count: usize) -> Result<(), &'static str> {
        self.steps = self.steps.checked_sub(count).ok_or("takes more than a million steps")?;
        Ok(())
    }

    pub(super) fn bytes(&mut self, count: usize) -> Result<(), &'static str> {
        self.bytes = self.bytes.checked_sub(count).ok_or("needs more than 64 MiB for its texts and lists")?;
        Ok(())
    }
}

/// What to say when values nest deeper than [`DEPTH`].
pub(super) const TOO_DEEP: &str = "meets values that nest more than 256 levels deep";
