//! What a block of Terraform lacks that a provider asks for. In come its type and its arguments, out goes the first required one that is not there.

use crate::table::{Table, TableRecord};
use crate::value::Value;
use std::sync::Arc;

/// The required argument that a block of a type lacks; none if it has all, or nobody knows.
#[must_use]
pub(crate) fn lacking_arguments(word: &str, type_: &str, block: &Value) -> Option<String> {
    let record: Arc<TableRecord> = Table::terraform().section(&format!("{word} {type_}"))?;
    let map = block.as_map()?;
    let brings = map.entries().iter().any(|entry| entry.template.is_some() || matches!(&*entry.key, "$spread" | "$verbatim" | "$use"));
    if brings {
        return None;
    }
    let dynamic = |name: &str| block.get("dynamic").is_some_and(|blocks| blocks.get(name).is_some());
    let mut required = record.fields.iter().filter(|(_, field)| field.required).map(|(name, _)| &**name);
    required.find(|name| map.get(name).is_none() && !dynamic(name)).map(str::to_owned)
}
