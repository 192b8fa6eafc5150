//! String and bytes literals: their prefixes, their quotes, their escapes.

/// How a literal begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opening {
    raw: bool,
    bytes: bool,
    /// `'`, `"`, `'''` or `"""`; the same text ends the literal.
    pub(super) quote: &'static str,
    /// Length of prefix and quote.
    pub(super) length: usize,
}

/// What a literal stands for.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Decoded {
    String(String),
    Bytes(Vec<u8>),
}

/// An escape that means nothing, as a range of the literal's body.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct BadEscape {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The literal that a text begins with.
pub(super) fn opening(text: &str) -> Option<Opening> {
    let prefix = text.bytes().take_while(|byte| matches!(byte, b'r' | b'R' | b'b' | b'B')).count();
    let (raw, bytes) = match text.get(..prefix)?.to_ascii_lowercase().as_str() {
        "" => (false, false),
        "r" => (true, false),
        "b" => (false, true),
        "rb" | "br" => (true, true),
        _ => return None,
    };
    let rest = text.get(prefix..)?;
    let quote = ["'''", "\"\"\"", "'", "\""].into_iter().find(|quote| rest.starts_with(quote))?;
    Some(Opening { raw, bytes, quote, length: prefix + quote.len() })
}

/// Length of the body of a literal, up to its closing quote; none if it is never closed.
pub(super) fn body_length(text: &str, opening: &Opening) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        let rest = bytes.get(at..)?;
        if rest.starts_with(opening.quote.as_bytes()) {
            return Some(at);
        }
        match rest.first()? {
            b'\\' if !opening.raw => at += 2,
            // Only triple quotes may run over several lines.
            b'\n' | b'\r' if opening.quote.len() == 1 => return None,
            _ => at += 1,
        }
    }
}

/// Replaces the escapes of a body.
pub(super) fn decode(body: &str, opening: &Opening) -> Result<Decoded, BadEscape> {
    let mut out: Vec<u8> = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(next) = rest.chars().next() {
        let at = body.len() - rest.len();
        if next != '\\' || opening.raw {
            let mut buffer = [0; 4];
            out.extend_from_slice(next.encode_utf8(&mut buffer).as_bytes());
            rest = rest.get(next.len_utf8()..).unwrap_or("");
            continue;
        }
        let length = escape(rest, opening.bytes, &mut out).map_err(|length| BadEscape { start: at, end: at + length })?;
        rest = rest.get(length..).unwrap_or("");
    }
    if opening.bytes {
        return Ok(Decoded::Bytes(out));
    }
    String::from_utf8(out).map(Decoded::String).map_err(|_| BadEscape { start: 0, end: body.len() })
}

/// Decodes the escape that `rest` begins with and gives its length, or the length of what is wrong.
fn escape(rest: &str, bytes: bool, out: &mut Vec<u8>) -> Result<usize, usize> {
    let Some(letter) = rest.chars().nth(1) else { return Err(1) };
    let plain = match letter {
        'a' => Some(7),
        'b' => Some(8),
        'f' => Some(12),
        'n' => Some(b'\n'),
        'r' => Some(b'\r'),
        't' => Some(b'\t'),
        'v' => Some(11),
        '\\' | '\'' | '"' | '`' | '?' => u8::try_from(letter).ok(),
        _ => None,
    };
    if let Some(byte) = plain {
        out.push(byte);
        return Ok(2);
    }
    let (skip, digits, radix) = match letter {
        'x' | 'X' => (2, 2, 16),
        'u' if !bytes => (2, 4, 16),
        'U' if !bytes => (2, 8, 16),
        '0'..='3' => (1, 3, 8),
        _ => return Err(1 + letter.len_utf8()),
    };
    let bad = rest.char_indices().nth(skip + digits).map_or(rest.len(), |(at, _)| at);
    let code = rest.get(skip..skip + digits).filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit())).ok_or(bad)?;
    let code = u32::from_str_radix(code, radix).map_err(|_| bad)?;
    if bytes {
        out.push(u8::try_from(code).map_err(|_| bad)?);
    } else {
        let mut buffer = [0; 4];
        out.extend_from_slice(char::from_u32(code).ok_or(bad)?.encode_utf8(&mut buffer).as_bytes());
    }
    Ok(skip + digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let opening = opening(text).unwrap();
        let body = &text[opening.length..];
        let found = match body_length(body, &opening) {
            None => "open".to_owned(),
            Some(length) => match decode(&body[..length], &opening) {
                Ok(decoded) => format!("{decoded:?}"),
                Err(fault) => format!("bad escape {:?}", &body[fault.start..fault.end]),
            },
        };
        expected.assert_eq(&found);
    }

    #[test]
    fn escapes() {
        check(r#""a\tb\x41\101é\U0001f431""#, expect![[r#"String("a\tbAAé🐱")"#]]);
        check(r"b'\377\x00é'", expect!["Bytes([255, 0, 195, 169])"]);
        check(r"r'\n'", expect![[r#"String("\\n")"#]]);
        check("'''it's'''", expect![[r#"String("it's")"#]]);
    }

    #[test]
    fn faults() {
        check("'abc", expect!["open"]);
        check(r"'abc\'", expect!["open"]);
        check("'a\nb'", expect!["open"]);
        check(r"'a\qb'", expect![[r#"bad escape "\\q""#]]);
        check(r"'\ud800'", expect![[r#"bad escape "\\ud800""#]]);
        check(r"'\xé'", expect![[r#"bad escape "\\xé""#]]);
    }
}
