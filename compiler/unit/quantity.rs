//! Amounts as Kubernetes writes them: `500m`, `2Gi`, `1e3`.

use super::Misshape;
use std::cmp::Ordering;

/// An amount. Two are equal if they amount to the same, however they are written.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    /// The amount in billionths.
    pub billionths: i128,
    /// Whether it is written with `Ki`, `Mi`, `Gi` ….
    pub binary: bool,
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.billionths == other.billionths
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.billionths.cmp(&other.billionths)
    }
}

/// Billionths in one.
pub(crate) const ONE: i128 = 1_000_000_000;

/// The largest amount that Kubernetes keeps.
pub(crate) const LARGEST: i128 = i64::MAX as i128 * ONE;

/// Suffixes with a power of 1024, largest first.
const BINARY: [(&str, u32); 6] = [("Ei", 6), ("Pi", 5), ("Ti", 4), ("Gi", 3), ("Mi", 2), ("Ki", 1)];

/// Suffixes with a power of ten in billionths, largest first.
const DECIMAL: [(&str, u32); 10] =
    [("E", 27), ("P", 24), ("T", 21), ("G", 18), ("M", 15), ("k", 12), ("", 9), ("m", 6), ("u", 3), ("n", 0)];

impl Quantity {
    /// Reads an amount.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Quantity, Misshape> {
        super::short(text)?;
        Self::read(text).ok_or_else(|| misshape(text))
    }

    fn read(text: &str) -> Option<Quantity> {
        let (sign, rest) = text.strip_prefix('-').map_or((1, text.strip_prefix('+').unwrap_or(text)), |rest| (-1, rest));
        let length = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let (number, suffix) = rest.split_at_checked(length)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') || number.len() > 60 {
            return None;
        }
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let below = u32::try_from(fraction.len()).ok()?;
        let (amount, binary) = if let Some((_, power)) = BINARY.iter().find(|(known, _)| *known == suffix) {
            (scaled(digits.checked_mul(1024i128.checked_pow(*power)?)?, 9, below)?, true)
        } else if let Some((_, power)) = DECIMAL.iter().find(|(known, _)| *known == suffix) {
            (scaled(digits, *power, below)?, false)
        } else {
            let exponent = suffix.strip_prefix(['e', 'E'])?;
            let signless = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if signless.is_empty() || !signless.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let exponent: i32 = exponent.parse().ok().filter(|exponent| (-30..=30).contains(exponent))?;
            let power = 9 + exponent;
            let amount = if power >= 0 {
                scaled(digits, power.unsigned_abs(), below)?
            } else {
                scaled(digits, 0, below.checked_add(power.unsigned_abs())?)?
            };
            (amount, false)
        };
        Some(Quantity { billionths: sign * amount.min(LARGEST), binary })
    }

    /// The amount, if it is whole and fits.
    #[must_use]
    pub fn integer(self) -> Option<i64> {
        (self.billionths % ONE == 0).then(|| i64::try_from(self.billionths / ONE).ok()).flatten()
    }
}

/// `digits · 10^power / 10^below`, rounded up, as Kubernetes does with what is smaller than a billionth.
fn scaled(digits: i128, power: u32, below: u32) -> Option<i128> {
    if power >= below {
        return digits.checked_mul(10i128.checked_pow(power - below)?);
    }
    let divisor = 10i128.checked_pow(below - power)?;
    Some(digits / divisor + i128::from(digits % divisor != 0))
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.billionths == 0 {
            return write!(f, "0");
        }
        if self.binary && self.billionths % ONE == 0 {
            let amount = self.billionths / ONE;
            for (suffix, power) in BINARY {
                let unit = 1024i128.pow(power);
                if amount % unit == 0 {
                    return write!(f, "{}{suffix}", amount / unit);
                }
            }
            return write!(f, "{amount}");
        }
        for (suffix, power) in DECIMAL {
            let unit = 10i128.pow(power);
            if self.billionths % unit == 0 {
                return write!(f, "{}{suffix}", self.billionths / unit);
            }
        }
        Ok(())
    }
}

/// What is wrong with a text that is no quantity.
fn misshape(text: &str) -> Misshape {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = unsigned.find(|char: char| !char.is_ascii_digit() && char != '.').unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(digits);
    if !number.contains(|char: char| char.is_ascii_digit()) || number.matches('.').count() > 1 {
        return Misshape::new("a quantity begins with a number");
    }
    let exponent = suffix.strip_prefix(['e', 'E']).is_some_and(|power| power.parse::<i32>().is_ok());
    if exponent || BINARY.iter().chain(&DECIMAL).any(|(known, _)| *known == suffix) {
        return Misshape::new("no quantity is written with so many digits");
    }
    let known = ["m", "k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti", "Pi"];
    let letter = suffix.trim_end_matches(['b', 'B']).trim();
    // Bytes are never thousandths.
    let bytes = letter.len() < suffix.len();
    let meant = known.into_iter().find(|unit| *unit == letter && (letter != "m" || !bytes)).or(match letter {
        "m" => Some("M"),
        "K" => Some("k"),
        "g" => Some("G"),
        "gi" | "GI" => Some("Gi"),
        "mi" | "MI" => Some("Mi"),
        "ki" | "KI" => Some("Ki"),
        _ => None,
    });
    let reason = format!("`{suffix}` is not a unit of quantities; units are m, k, M, G, T, P and Ki, Mi, Gi, Ti, Pi");
    Misshape { reason, instead: meant.map(|unit| text.replace(suffix, unit)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_once() {
        for (text, billionths) in [
            ("500m", 500_000_000),
            ("2Gi", ONE << 31),
            ("1e3", 1_000 * ONE),
            (".5", ONE / 2),
            ("-1.5", -3 * ONE / 2),
            ("1e20", LARGEST),
            ("1E", 1_000_000_000_000_000_000 * ONE),
            ("1n", 1),
        ] {
            assert_eq!(Quantity::parse(text).map(|quantity| quantity.billionths), Ok(billionths), "{text}");
        }
        for (text, reason, instead) in [
            ("x", "a quantity begins with a number", None),
            ("1..2", "a quantity begins with a number", None),
            ("1e99", "no quantity is written with so many digits", None),
            ("2GB", "`GB` is not a unit of quantities; units are m, k, M, G, T, P and Ki, Mi, Gi, Ti, Pi", Some("2G")),
            ("2K", "`K` is not a unit of quantities; units are m, k, M, G, T, P and Ki, Mi, Gi, Ti, Pi", Some("2k")),
        ] {
            let instead = instead.map(str::to_owned);
            assert_eq!(Quantity::parse(text).err(), Some(Misshape { reason: reason.to_owned(), instead }), "{text}");
        }
    }
}
