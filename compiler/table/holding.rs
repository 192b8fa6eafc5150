//! Which types of Terraform resources and kinds of objects hold data: what is replaced of them is lost, and not only made anew. A list written by hand.

use std::collections::BTreeSet;
use std::sync::LazyLock;

static HOLDING: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("holding.txt").lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

/// Whether a type of resource holds data.
#[must_use]
pub(crate) fn holds_data(type_: &str) -> bool {
    HOLDING.contains(type_)
}

/// Whether a kind of object on a cluster holds data.
#[must_use]
pub(crate) fn holds_data_on_a_cluster(group: &str, kind: &str) -> bool {
    HOLDING.contains(format!("{group}/{kind}").as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_read() {
        let lines: Vec<&str> = include_str!("holding.txt").lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.is_sorted(), "the list is in order");
        assert_eq!(lines.len(), HOLDING.len(), "each type stands there once");
        assert!(holds_data("aws_db_instance") && !holds_data("aws_vpc"));
    }
}
