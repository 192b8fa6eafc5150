//! Operators at the end of keys (design 2.3): `taints+`, `taints-`, `taints=`, `version!`; `\+` at the end is a literal plus.

use crate::value::Operator;

/// Splits a written key into the key and its operator.
pub(super) fn split(written: &str) -> (String, Operator) {
    let mut chars = written.chars();
    let operator = match chars.next_back() {
        Some('+') => Operator::Append,
        Some('-') => Operator::Remove,
        Some('=') => Operator::Replace,
        Some('!') => Operator::Lock,
        Some(_) | None => return (written.to_owned(), Operator::Merge),
    };
    let key = chars.as_str();
    if key.is_empty() {
        return (written.to_owned(), Operator::Merge);
    }
    if let Some(literal) = key.strip_suffix('\\') {
        let last = written.get(key.len()..).unwrap_or("");
        return (format!("{literal}{last}"), Operator::Merge);
    }
    (key.to_owned(), operator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_character_decides() {
        assert_eq!(split("taints+"), ("taints".to_owned(), Operator::Append));
        assert_eq!(split("taints-"), ("taints".to_owned(), Operator::Remove));
        assert_eq!(split("version!"), ("version".to_owned(), Operator::Lock));
        assert_eq!(split("a-b"), ("a-b".to_owned(), Operator::Merge));
        assert_eq!(split("+"), ("+".to_owned(), Operator::Merge));
        assert_eq!(split("c+\\+"), ("c++".to_owned(), Operator::Merge));
        assert_eq!(split(""), (String::new(), Operator::Merge));
    }
}
