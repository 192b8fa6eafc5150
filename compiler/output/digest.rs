//! Digests of contents, as journals and fingerprints hold them.

use sha2::{Digest as _, Sha256};
use std::fmt::{Display, Formatter};

/// The first half of a SHA-256: enough to tell contents apart, and nobody gains anything from two that meet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Digest(u128);

impl Digest {
    /// The digest of some bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte)))
    }

    /// Reads at least 32 hexadecimal digits, of which the first 32 count.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.get(..32)?;
        let clean = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        clean.then(|| u128::from_str_radix(digits, 16).ok()).flatten().map(Self)
    }
}

impl Display for Digest {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}
