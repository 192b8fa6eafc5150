//! How much of something is kept, as whoever keeps it writes that: a number, a length of time (`30d`, `1h30m`), or room (`45GB`). Only the order of two of
//! one field matters, so all are numbers.

/// Units of time and of room, the longer words first. Room is counted in powers of 1024, which is near enough to tell what is less.
const UNITS: [(&str, f64); 20] = [
    ("ms", 0.001),
    ("kb", 1024.0),
    ("ki", 1024.0),
    ("mb", 1_048_576.0),
    ("mi", 1_048_576.0),
    ("gb", 1_073_741_824.0),
    ("gi", 1_073_741_824.0),
    ("tb", 1_099_511_627_776.0),
    ("ti", 1_099_511_627_776.0),
    ("pb", 1_125_899_906_842_624.0),
    ("pi", 1_125_899_906_842_624.0),
    ("s", 1.0),
    ("m", 60.0),
    ("h", 3_600.0),
    ("d", 86_400.0),
    ("w", 604_800.0),
    ("y", 31_536_000.0),
    ("b", 1.0),
    ("", 1.0),
    ("month", MONTH),
];

const MONTH: f64 = 2_592_000.0;

/// A text as a number; none if it is no amount, or is known only later. `months`: an `m` is a month.
pub(super) fn amount(text: &str, months: bool) -> Option<f64> {
    let (sign, mut rest) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let mut sum = 0.0;
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|char: char| !char.is_ascii_digit() && char != '.').unwrap_or(rest.len()));
        let (unit, after) = after.split_at(after.find(|char: char| char.is_ascii_digit()).unwrap_or(after.len()));
        let unit = unit.trim().to_ascii_lowercase();
        // `GiB` is `Gi`.
        let unit = unit.strip_suffix("ib").map_or(unit.clone(), |start| format!("{start}i"));
        let size = if months && unit == "m" { MONTH } else { UNITS.iter().find(|(known, _)| *known == unit)?.1 };
        sum += number.parse::<f64>().ok()? * size;
        rest = after;
    }
    (!text.is_empty()).then_some(sign * sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_less() {
        for (less, more, months) in [
            ("7", "14", false),
            ("7d", "2w", false),
            ("90m", "2h", false),
            ("1h30m", "91m", false),
            ("2w", "1m", true),
            ("45GB", "0.5TiB", false),
            ("-1", "0", false),
            ("86400s", "2d", false),
        ] {
            assert!(amount(less, months).unwrap() < amount(more, months).unwrap(), "{less} {more}");
        }
        for text in ["", "${var.days}", "forever", "3 fortnights"] {
            assert_eq!(amount(text, false), None, "{text}");
        }
    }
}
