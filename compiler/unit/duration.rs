//! Lengths of time as Go, and so Kubernetes and Argo CD, write them: `90s`, `1h30m`, `1.5h`.

use super::Misshape;

/// A length of time; it may be negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Duration {
    /// It in nanoseconds.
    pub nanoseconds: i64,
}

/// What a text must be.
const SHAPE: &str = "a duration is numbers with units, such as `90s` or `1h30m`";

/// The units, and how many nanoseconds each has. The micro sign and the Greek letter look the same.
const UNITS: [(&str, i128); 8] = [
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ns", 1),
];

/// Units that people expect, in hours: a day has not always 24.
const LONGER: [(&str, i128); 2] = [("d", 24), ("w", 168)];

impl Duration {
    /// Reads a length of time.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Duration, Misshape> {
        super::short(text)?;
        let (sign, mut rest) = text.strip_prefix('-').map_or((1, text.strip_prefix('+').unwrap_or(text)), |rest| (-1, rest));
        if rest == "0" {
            return Ok(Duration { nanoseconds: 0 });
        }
        if rest.is_empty() {
            return Err(Misshape::new(SHAPE));
        }
        let mut sum = 0_i128;
        while !rest.is_empty() {
            let (number, after) = rest.split_at(rest.find(|char: char| !char.is_ascii_digit() && char != '.').unwrap_or(rest.len()));
            let (unit, after) = after.split_at(after.find(|char: char| char.is_ascii_digit() || char == '.').unwrap_or(after.len()));
            let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
            if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
                return Err(Misshape::new(SHAPE));
            }
            if unit.is_empty() {
                return Err(Misshape { reason: format!("`{number}` has no unit"), instead: Some(format!("{text}s")) });
            }
            let Some((_, size)) = UNITS.iter().find(|(known, _)| *known == unit) else {
                return Err(strange(unit, number, text));
            };
            let part = nanoseconds(whole, fraction, *size).and_then(|part| sum.checked_add(part));
            sum = part.ok_or_else(too_long)?;
            rest = after;
        }
        let nanoseconds = i64::try_from(sign * sum).map_err(|_| too_long())?;
        Ok(Duration { nanoseconds })
    }
}

impl std::fmt::Display for Duration {
    /// In seconds, as CEL has it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let size = self.nanoseconds.unsigned_abs();
        let sign = if self.nanoseconds < 0 { "-" } else { "" };
        let (whole, below) = (size / 1_000_000_000, size % 1_000_000_000);
        if below == 0 {
            return write!(f, "{sign}{whole}s");
        }
        let below = format!("{below:09}");
        write!(f, "{sign}{whole}.{}s", below.trim_end_matches('0'))
    }
}

/// `whole.fraction · size`; what is smaller than a nanosecond is left away.
fn nanoseconds(whole: &str, fraction: &str, size: i128) -> Option<i128> {
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    // A unit has fewer nanoseconds than 10^15, so later digits change nothing.
    let fraction = fraction.get(..fraction.len().min(15)).unwrap_or_default();
    let below = u32::try_from(fraction.len()).ok()?;
    let fraction: i128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    whole.checked_mul(size)?.checked_add(fraction * size / 10_i128.pow(below))
}

fn too_long() -> Misshape {
    Misshape::new("no duration is longer than 2562047h")
}

fn strange(unit: &str, number: &str, text: &str) -> Misshape {
    let hours = LONGER.iter().find(|(known, _)| *known == unit).map(|(_, hours)| hours);
    // Of several parts each would have to be converted, and added.
    let alone = text.len() == number.len() + unit.len();
    let count = number.parse::<i128>().ok().filter(|_| alone);
    let instead = hours.zip(count).and_then(|(hours, count)| count.checked_mul(*hours)).map(|hours| format!("{hours}h"));
    Misshape { reason: format!("`{unit}` is not a unit of durations; units are h, m, s, ms, us and ns"), instead }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_in_seconds() {
        for (nanoseconds, text) in
            [(0, "0s"), (5_400_000_000_000, "5400s"), (1_500_000_000, "1.5s"), (-1, "-0.000000001s"), (i64::MIN, "-9223372036.854775808s")]
        {
            assert_eq!(Duration { nanoseconds }.to_string(), text);
            assert_eq!(Duration::parse(text), Ok(Duration { nanoseconds }));
        }
    }

    #[test]
    fn durations_are_read_once() {
        for (text, nanoseconds) in [
            ("0", 0),
            ("-0", 0),
            ("90s", 90_000_000_000),
            ("1h30m", 5_400_000_000_000),
            ("1.5h", 5_400_000_000_000),
            ("-.5s", -500_000_000),
            ("+5.s", 5_000_000_000),
            ("1m1ms1us1µs1μs1ns", 60_001_003_001),
            ("0.1s", 100_000_000),
            ("1.9ns", 1),
            ("9223372036854775807ns", i64::MAX),
            ("-9223372036854775808ns", i64::MIN),
        ] {
            assert_eq!(Duration::parse(text).map(|duration| duration.nanoseconds), Ok(nanoseconds), "{text}");
        }
        let strange = |unit| format!("`{unit}` is not a unit of durations; units are h, m, s, ms, us and ns");
        for (text, reason, instead) in [
            ("", SHAPE.to_owned(), None),
            ("-", SHAPE.to_owned(), None),
            ("h", SHAPE.to_owned(), None),
            (".s", SHAPE.to_owned(), None),
            ("1.1.1s", SHAPE.to_owned(), None),
            ("90", "`90` has no unit".to_owned(), Some("90s")),
            ("1h30", "`30` has no unit".to_owned(), Some("1h30s")),
            ("30d", strange("d"), Some("720h")),
            ("2w", strange("w"), Some("336h")),
            ("1d12h", strange("d"), None),
            ("5 s", strange(" s"), None),
            ("2562048h", "no duration is longer than 2562047h".to_owned(), None),
            (&format!("{}h", "9".repeat(60)), "no duration is longer than 2562047h".to_owned(), None),
        ] {
            assert_eq!(Duration::parse(text).err(), Some(Misshape { reason, instead: instead.map(str::to_owned) }), "{text}");
        }
    }
}
