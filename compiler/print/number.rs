//! Numbers, the same in both printers.

/// Writes an integer in decimal.
pub(super) fn int(int: i64, out: &mut String) {
    let mut digits = [0_u8; 20];
    let mut rest = int.unsigned_abs();
    let mut length = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        length += 1;
        if rest == 0 {
            break;
        }
    }
    if int < 0 {
        out.push('-');
    }
    out.extend(digits.iter().skip(digits.len() - length).map(|digit| char::from(*digit)));
}

/// Writes a number with a decimal point and without exponent, as few digits as give the same number back. Readers of YAML disagree
/// about exponents. What is not finite has no spelling in any output and is refused long before; it becomes null.
pub(super) fn float(float: f64, out: &mut String) {
    use std::fmt::Write as _;
    if !float.is_finite() {
        out.push_str("null");
        return;
    }
    let start = out.len();
    // Writing to a string does not fail.
    let _ = write!(out, "{float}");
    if !out.get(start..).is_some_and(|written| written.contains('.')) {
        out.push_str(".0");
    }
}
