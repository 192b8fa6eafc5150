//! Who delivers to the clusters of an environment.

use super::Environment;
use crate::value::Value;

impl Environment {
    /// The word of who delivers: as it is said, else the first that there is.
    #[must_use]
    pub fn delivery(&self) -> &str {
        self.value.get("delivery").and_then(Value::as_str).unwrap_or(FIRST)
    }
}

const FIRST: &str = "argocd";
