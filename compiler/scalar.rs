//! What a scalar without quotes means, in YAML and in the shorthand of schemas. In comes its text, out goes the value of the YAML 1.2 core
//! schema, or the reason why another reader of YAML would take it differently. It never looks at the place or the type wanted there.

use crate::code::Code;
use crate::digits::keeps;

/// What a plain scalar is.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Plain {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A finite number.
    Float(f64),
    /// Text for every reader.
    Text,
    /// A number that does not fit.
    OutOfRange,
    /// `.inf` or `.nan`.
    NotFinite,
    /// Readers disagree.
    Ambiguous(Ambiguity),
}

/// How readers disagree about a plain scalar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ambiguity {
    /// `yes`: a boolean for kubectl.
    Word,
    /// `0777`: octal or decimal.
    LeadingZero,
    /// `1_000`: a number for some.
    Underscore,
    /// `12:30`: base 60 for some.
    Sexagesimal,
    /// `1e3`: text for some.
    Exponent,
    /// `-.5`: text for some.
    LeadingDot,
    /// `0b101`, `-0x1F`: text for some.
    Radix,
}

/// Why a plain scalar is refused, in words.
pub(crate) struct ScalarRefusal {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) label: &'static str,
    pub(crate) hint: String,
    /// Whether quotes are what is most likely missing.
    pub(crate) wants_quotes: bool,
}

impl Plain {
    /// Why it is refused, if it is. `shown` is its text as messages show it.
    pub(crate) fn refusal(&self, text: &str, shown: &str) -> Option<ScalarRefusal> {
        let refusal = |code, message, label, hint: &str| ScalarRefusal { code, message, label, hint: hint.to_owned(), wants_quotes: true };
        match self {
            Plain::Null | Plain::Bool(_) | Plain::Int(_) | Plain::Float(_) | Plain::Text => None,
            Plain::OutOfRange => Some(refusal(
                Code::NumberOutOfRange,
                format!("number `{shown}` does not fit"),
                if is_near(text) { "more digits than a number of 64 bits keeps" } else { "outside the range of 64-bit numbers" },
                "quote it if it is text, such as an account number",
            )),
            Plain::NotFinite => Some(refusal(
                Code::NumberOutOfRange,
                format!("`{shown}` is not a number an output can hold"),
                "infinite, or no number at all",
                "quote it if it is text, else write a finite number",
            )),
            Plain::Ambiguous(ambiguity) => {
                let (label, hint) = ambiguity.words(text);
                // What begins with a zero is a number to most who write it.
                let wants_quotes = *ambiguity != Ambiguity::LeadingZero;
                let message = format!("readers of YAML disagree about `{shown}`");
                Some(ScalarRefusal { wants_quotes, ..refusal(Code::AmbiguousScalar, message, label, &hint) })
            }
        }
    }
}

impl Ambiguity {
    /// What readers make of a text, and what to write instead.
    fn words(self, text: &str) -> (&'static str, String) {
        match self {
            Ambiguity::Word => {
                let bool = if matches!(text.to_ascii_lowercase().as_str(), "y" | "yes" | "on") { "true" } else { "false" };
                ("text to some readers, a boolean to others", format!("quote it if it is text, write `{bool}` if it is a boolean"))
            }
            Ambiguity::LeadingZero => ("decimal to some readers, octal to others", leading_zero(text)),
            Ambiguity::Underscore => (
                "text to some readers, a number to others",
                format!("quote it if it is text, write `{}` if it is a number", text.replace('_', "")),
            ),
            Ambiguity::Sexagesimal => ("text to some readers, a number to base 60 to others", "quote it".to_owned()),
            Ambiguity::Exponent => match text.parse::<f64>() {
                Ok(float) if float.is_finite() && float.abs() < 1e15 && float.abs() >= 1e-6 => {
                    ("a number to some readers, text to others", format!("quote it if it is text, write `{float:?}` if it is a number"))
                }
                Ok(_) | Err(_) => (
                    "a number to some readers, text to others",
                    "quote it if it is text, write a dot and a sign (`1.0e+30`) if it is a number".to_owned(),
                ),
            },
            Ambiguity::LeadingDot => (
                "a number to some readers, text to others",
                format!("quote it if it is text, write `{}` if it is a number", text.replacen('.', "0.", 1)),
            ),
            Ambiguity::Radix => {
                ("a number to some readers, text to others", "quote it if it is text, write it in decimal if it is a number".to_owned())
            }
        }
    }
}

fn leading_zero(text: &str) -> String {
    let sign = if text.starts_with('-') { "-" } else { "" };
    let digits = text.trim_start_matches(['+', '-']);
    let rest = digits.trim_start_matches('0');
    let decimal = if rest.is_empty() { "0" } else { rest };
    // One digit is the same number either way.
    let is_octal = rest.len() > 1 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    if sign.is_empty() && is_octal {
        return format!("quote it if it is text, write `0o{rest}` if it is octal, `{decimal}` if it is decimal");
    }
    format!("quote it if it is text, write `{sign}{decimal}` if it is a number")
}

/// Resolves a plain scalar.
pub(crate) fn resolve(text: &str) -> Plain {
    let Some(first) = text.bytes().next() else { return Plain::Null };
    match first {
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(text),
        b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'y' | b'Y' | b'o' | b'O' => match text {
            "~" | "null" | "Null" | "NULL" => Plain::Null,
            "true" | "True" | "TRUE" => Plain::Bool(true),
            "false" | "False" | "FALSE" => Plain::Bool(false),
            _ if ["y", "n", "yes", "no", "on", "off"].iter().any(|word| word.eq_ignore_ascii_case(text)) => {
                Plain::Ambiguous(Ambiguity::Word)
            }
            _ => Plain::Text,
        },
        _ => Plain::Text,
    }
}

fn number(text: &str) -> Plain {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let signed = body.len() < text.len();
    if matches!(body, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Plain::NotFinite;
    }
    if !body.starts_with(|char: char| char.is_ascii_digit() || char == '.') {
        return Plain::Text;
    }
    if is_digits(body) {
        if body.len() > 1 && body.starts_with('0') {
            return Plain::Ambiguous(Ambiguity::LeadingZero);
        }
        return text.parse().map_or(Plain::OutOfRange, Plain::Int);
    }
    if let Some((radix, digits)) = radix(body) {
        if signed || !matches!(body.as_bytes().get(1), Some(b'x' | b'o')) {
            return Plain::Ambiguous(Ambiguity::Radix);
        }
        return i64::from_str_radix(digits, radix).map_or(Plain::OutOfRange, Plain::Int);
    }
    if body.contains('_') {
        let without = body.replace('_', "");
        let numeric = is_digits(&without) || radix(&without).is_some() || Float::parse(&without).is_some();
        return if numeric { Plain::Ambiguous(Ambiguity::Underscore) } else { Plain::Text };
    }
    if body.contains(':') {
        return if is_sexagesimal(body) { Plain::Ambiguous(Ambiguity::Sexagesimal) } else { Plain::Text };
    }
    let Some(float) = Float::parse(body) else { return Plain::Text };
    if let Some(exponent) = float.exponent {
        if !float.dot || !exponent.starts_with(['+', '-']) || (signed && body.starts_with('.')) {
            return Plain::Ambiguous(Ambiguity::Exponent);
        }
    } else if signed && body.starts_with('.') {
        return Plain::Ambiguous(Ambiguity::LeadingDot);
    }
    finite(text, float.mantissa)
}

/// The number a text spells, unless it is too large, or so small that it would silently become zero.
pub(crate) fn finite(text: &str, mantissa: &str) -> Plain {
    match text.parse::<f64>() {
        Ok(float) if float.is_finite() && (float != 0.0 || !mantissa.contains(|char: char| matches!(char, '1'..='9'))) => {
            if keeps(float, mantissa) { Plain::Float(float) } else { Plain::OutOfRange }
        }
        Ok(_) | Err(_) => Plain::OutOfRange,
    }
}

/// Whether a number that does not fit is within the range of those that do.
fn is_near(text: &str) -> bool {
    !is_digits(text.trim_start_matches(['+', '-'])) && text.parse::<f64>().is_ok_and(|float| float.is_finite() && float != 0.0)
}

/// The parts of an unsigned decimal number with a dot, an exponent or both.
struct Float<'a> {
    mantissa: &'a str,
    dot: bool,
    exponent: Option<&'a str>,
}

impl<'a> Float<'a> {
    fn parse(text: &'a str) -> Option<Float<'a>> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (text, None),
        };
        if let Some(exponent) = exponent
            && !is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
        {
            return None;
        }
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (mantissa, None),
        };
        let whole_fits = is_digits(whole) || (whole.is_empty() && fraction.is_some_and(is_digits));
        let fraction_fits = fraction.is_none_or(|fraction| fraction.is_empty() || is_digits(fraction));
        (whole_fits && fraction_fits).then_some(Float { mantissa, dot: fraction.is_some(), exponent })
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Radix and digits of `0x1F`, `0o17`, `0b1` in either case.
fn radix(body: &str) -> Option<(u32, &str)> {
    let digits = body.strip_prefix('0')?;
    let mut chars = digits.chars();
    let radix = match chars.next()? {
        'x' | 'X' => 16,
        'o' | 'O' => 8,
        'b' | 'B' => 2,
        _ => return None,
    };
    let digits = chars.as_str();
    (!digits.is_empty() && digits.chars().all(|char| char.is_digit(radix))).then_some((radix, digits))
}

/// What YAML 1.1 calls base 60: `[1-9][0-9]*(:[0-5]?[0-9])+`, or any digits first if a fraction follows.
fn is_sexagesimal(body: &str) -> bool {
    let (whole, fraction) = match body.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (body, None),
    };
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or("");
    let first_fits = is_digits(first) && (fraction.is_some() || !first.starts_with('0'));
    let rest_fits = parts.all(|part| match part.as_bytes() {
        [digit] => digit.is_ascii_digit(),
        [ten, digit] => matches!(ten, b'0'..=b'5') && digit.is_ascii_digit(),
        _ => false,
    });
    first_fits && rest_fits && fraction.is_none_or(|fraction| fraction.is_empty() || is_digits(fraction))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(texts: &str, expected: Expect) {
        let lines: Vec<String> = texts.split(' ').map(|text| format!("{text} {:?}\n", resolve(text))).collect();
        expected.assert_eq(&lines.concat());
    }

    #[test]
    fn takes_the_core_schema() {
        check(
            " ~ null True FALSE tRue 0 -0 +12 -7 0x1F 0o17 1.5 -1.5 1. .5 00.5 1.0e+3 1.5E-3 9223372036854775807",
            expect![[r#"
                 Null
                ~ Null
                null Null
                True Bool(true)
                FALSE Bool(false)
                tRue Text
                0 Int(0)
                -0 Int(0)
                +12 Int(12)
                -7 Int(-7)
                0x1F Int(31)
                0o17 Int(15)
                1.5 Float(1.5)
                -1.5 Float(-1.5)
                1. Float(1.0)
                .5 Float(0.5)
                00.5 Float(0.5)
                1.0e+3 Float(1000.0)
                1.5E-3 Float(0.0015)
                9223372036854775807 Int(9223372036854775807)
            "#]],
        );
    }

    #[test]
    fn leaves_text_alone() {
        check(
            "v1.0 1.2.3 10.0.0.1 10.0.0.0/8 ::1 100m 1Gi e3 0xg 1-1 inf nan . - + -- _1 a:b 1:a 80:80 8080:80 08:30 2020-01-01 = << yesterday nothing",
            expect![[r#"
                v1.0 Text
                1.2.3 Text
                10.0.0.1 Text
                10.0.0.0/8 Text
                ::1 Text
                100m Text
                1Gi Text
                e3 Text
                0xg Text
                1-1 Text
                inf Text
                nan Text
                . Text
                - Text
                + Text
                -- Text
                _1 Text
                a:b Text
                1:a Text
                80:80 Text
                8080:80 Text
                08:30 Text
                2020-01-01 Text
                = Text
                << Text
                yesterday Text
                nothing Text
            "#]],
        );
    }

    #[test]
    fn refuses_what_readers_disagree_about() {
        check(
            "yes Off y N 0777 -0777 08 1_000 1_ 1_000.5 0x_1F 685.230_15e+03 22:22 12:30:45 -1:30 190:20:30.15 1e3 1.5e3 1234e5 7e0 1e400 -.5 0b101 -0x1F 0X1F",
            expect![[r#"
                yes Ambiguous(Word)
                Off Ambiguous(Word)
                y Ambiguous(Word)
                N Ambiguous(Word)
                0777 Ambiguous(LeadingZero)
                -0777 Ambiguous(LeadingZero)
                08 Ambiguous(LeadingZero)
                1_000 Ambiguous(Underscore)
                1_ Ambiguous(Underscore)
                1_000.5 Ambiguous(Underscore)
                0x_1F Ambiguous(Underscore)
                685.230_15e+03 Ambiguous(Underscore)
                22:22 Ambiguous(Sexagesimal)
                12:30:45 Ambiguous(Sexagesimal)
                -1:30 Ambiguous(Sexagesimal)
                190:20:30.15 Ambiguous(Sexagesimal)
                1e3 Ambiguous(Exponent)
                1.5e3 Ambiguous(Exponent)
                1234e5 Ambiguous(Exponent)
                7e0 Ambiguous(Exponent)
                1e400 Ambiguous(Exponent)
                -.5 Ambiguous(LeadingDot)
                0b101 Ambiguous(Radix)
                -0x1F Ambiguous(Radix)
                0X1F Ambiguous(Radix)
            "#]],
        );
    }

    #[test]
    fn refuses_numbers_that_do_not_fit() {
        check(
            "9223372036854775808 0x8000000000000000 1.0e+400 1.0e-400 0.0e-400 .inf -.Inf .nan 9007199254740993.0 0.1234567890123456789",
            expect![[r#"
                9223372036854775808 OutOfRange
                0x8000000000000000 OutOfRange
                1.0e+400 OutOfRange
                1.0e-400 OutOfRange
                0.0e-400 Float(0.0)
                .inf NotFinite
                -.Inf NotFinite
                .nan NotFinite
                9007199254740993.0 OutOfRange
                0.1234567890123456789 OutOfRange
            "#]],
        );
    }
}
