//! Digits of decimal numbers: what of them a number of 64 bits with a fraction keeps.

/// Whether a number keeps all digits that it was written with.
pub(crate) fn keeps(float: f64, mantissa: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let written = digits(mantissa);
    let written = written.trim_start_matches('0').trim_end_matches('0');
    // So many it always keeps.
    if written.len() <= 15 {
        return true;
    }
    let kept = format!("{float:.*e}", written.len() - 1);
    digits(kept.split('e').next().unwrap_or_default()).trim_end_matches('0') == written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        for kept in [
            "9007199254740992.0",
            "0.1",
            "123456789.123456",
            "0.30000000000000004",
            "1.7976931348623157",
            "100000000000000000000.0",
            "000.5",
        ] {
            assert!(keeps(kept.parse().unwrap(), kept), "{kept}");
        }
        for lost in ["9007199254740993.0", "0.1234567890123456789", "9007199254740993.5", "3.14159265358979323846"] {
            assert!(!keeps(lost.parse().unwrap(), lost), "{lost}");
        }
    }
}
