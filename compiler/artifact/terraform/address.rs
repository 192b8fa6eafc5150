//! Terraform addresses: which objects a stack declares, and which object a reference begins with.

use crate::value::Value;
use std::collections::BTreeSet;

/// The part of an address that names a whole object: `aws_vpc.this` of `aws_vpc.this.id`, `data.aws_ami.x` of `data.aws_ami.x[0].id`.
pub(super) fn object(address: &str) -> &str {
    let address = address.strip_prefix("resource.").unwrap_or(address);
    let names = match address.split('.').next() {
        Some("data" | "ephemeral") => 3,
        Some(_) | None => 2,
    };
    let mut seen = 1;
    for (at, char) in address.char_indices() {
        match char {
            '.' if seen < names => seen += 1,
            '.' | '[' => return address.get(..at).unwrap_or(address),
            _ => {}
        }
    }
    address
}

/// Where in `terraform` an object stands: `resource.aws_vpc.this` of `aws_vpc.this`.
pub(super) fn path(object: &str) -> Vec<&str> {
    let (word, rest) = match object.split_once('.') {
        Some((word @ ("data" | "ephemeral" | "module"), rest)) => (word, rest),
        Some(("local", rest)) => ("locals", rest),
        Some(("var", rest)) => ("variable", rest),
        Some(_) | None => ("resource", object),
    };
    ["terraform", word].into_iter().chain(rest.split('.')).collect()
}

/// Whether a whole object is built into Terraform or bound by the block around it, so that no block declares it.
fn is_built_in(object: &str) -> bool {
    matches!(object.split(['.', ':']).next(), Some("each" | "count" | "self" | "path" | "terraform" | "provider"))
}

/// The objects that the body of a stack declares.
pub(super) struct Declared(BTreeSet<String>);

impl Declared {
    /// Reads them off a body.
    pub(super) fn of(body: &Value) -> Self {
        let mut declared = BTreeSet::new();
        for (block, prefix, labels) in [
            ("resource", "", 2),
            ("data", "data.", 2),
            ("ephemeral", "ephemeral.", 2),
            ("module", "module.", 1),
            ("locals", "local.", 1),
            ("variable", "var.", 1),
        ] {
            for entry in body.get(block).and_then(Value::as_map).into_iter().flat_map(|map| map.entries()) {
                if labels == 1 {
                    declared.insert(format!("{prefix}{}", entry.key));
                    continue;
                }
                for inner in entry.value.as_map().into_iter().flat_map(|map| map.entries()) {
                    declared.insert(format!("{prefix}{}.{}", entry.key, inner.key));
                }
            }
        }
        Self(declared)
    }

    /// Whether a whole object exists.
    pub(super) fn has(&self, object: &str) -> bool {
        is_built_in(object) || self.0.contains(object)
    }

    /// All of them, sorted.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// Whether Terraform takes the text as the name of a block: a letter or `_`, then letters, digits, `_` and `-`.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|char: char| char.is_alphabetic() || char == '_')
        && text.chars().all(|char| char.is_alphanumeric() || matches!(char, '_' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(address: &str, expected: Expect) {
        expected.assert_eq(object(address));
    }

    #[test]
    fn the_object_of_an_address() {
        check("aws_vpc.this.id", expect!["aws_vpc.this"]);
        check("aws_subnet.private[\"a.b\"].id", expect!["aws_subnet.private"]);
        check("resource.aws_vpc.this.id", expect!["aws_vpc.this"]);
        check("data.aws_ami.x[0].id", expect!["data.aws_ami.x"]);
        check("module.network.vpc_id", expect!["module.network"]);
        check("local.name", expect!["local.name"]);
        check("aws_vpc", expect!["aws_vpc"]);
    }

    #[test]
    fn names() {
        assert!(is_name("private-eu-west-1a") && is_name("_1a"));
        assert!(!is_name("1a") && !is_name("a.b") && !is_name(""));
    }
}
