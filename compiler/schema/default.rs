//! Values that schemas supply.

use super::Type;
use crate::origin::LayerId;
use crate::value::Value;

impl Type {
    /// The defaults of a record as a map value, nested ones included; none if no field has one.
    #[must_use]
    pub fn defaults(&self, layer: LayerId) -> Option<Value> {
        let _ = layer;
        None
    }

    /// Completes list items and map values that are records with the defaults of their fields.
    #[must_use]
    pub fn complete(&self, value: &Value, layer: LayerId) -> Value {
        let _ = layer;
        value.clone()
    }
}
