//! Names of time zones. In comes a text, out goes whether it is one, or which is meant.

use crate::name::nearest;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static ZONES: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| include_str!("zones.txt").lines().filter(|line| !line.starts_with('#')).collect());

/// Whether a text names a time zone.
#[must_use]
pub(crate) fn is_zone(text: &str) -> bool {
    ZONES.contains(text)
}

/// The zone that a text may mean which names none.
#[must_use]
pub(crate) fn near_zone(text: &str) -> Option<&'static str> {
    let is_place = |zone: &&&str| zone.rsplit('/').next().is_some_and(|place| place.eq_ignore_ascii_case(text));
    nearest(text, ZONES.iter().copied()).or_else(|| ZONES.iter().find(is_place).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_and_slips_told() {
        let lines: Vec<&str> = include_str!("zones.txt").lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.is_sorted() && lines.len() == ZONES.len() && lines.len() > 500);
        for name in ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "US/Pacific"] {
            assert!(is_zone(name), "{name}");
        }
        for name in ["", "Local", "Europe/Berlinn", "europe/berlin", "CETT", "Europe/"] {
            assert!(!is_zone(name), "{name}");
        }
        assert_eq!(near_zone("Europe/Berlinn"), Some("Europe/Berlin"));
        assert_eq!(near_zone("berlin"), Some("Europe/Berlin"));
    }
}
