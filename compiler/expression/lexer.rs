//! Tokens of expressions. In comes text, out come tokens with byte offsets; the end of a `${…}` is found here, because only a lexer knows
//! which braces stand in strings.

use super::{errors, literal};
use crate::diagnostic::Diagnostic;
use crate::span::TextMap;
use std::sync::Arc;

/// A token with its byte range in the text.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum TokenKind {
    Name(Arc<str>),
    /// A name in backticks, legal after a dot only.
    Quoted(Arc<str>),
    /// The magnitude of a signed integer; a minus is a token of its own.
    Int(u64),
    Uint(u64),
    Double(f64),
    String(Arc<str>),
    Bytes(Arc<[u8]>),
    Symbol(Symbol),
    /// The end of the expression: the end of the text, or the brace that closes `${`.
    End,
}

macro_rules! symbols {
    ($($name:ident = $text:literal,)*) => {
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(super) enum Symbol {
            $($name,)*
        }

        impl Symbol {
            /// Longest first, so that the first match is the right one.
            const ALL: &[(Symbol, &'static str)] = &[$((Symbol::$name, $text),)*];

            pub(super) fn text(self) -> &'static str {
                match self {
                    $(Symbol::$name => $text,)*
                }
            }
        }
    };
}

symbols! {
    Or = "||", And = "&&", Equal = "==", NotEqual = "!=", LessEqual = "<=", GreaterEqual = ">=",
    Less = "<", Greater = ">", Plus = "+", Minus = "-", Star = "*", Slash = "/", Percent = "%", Not = "!", Question = "?", Colon = ":",
    Comma = ",", Dot = ".", Open = "(", Close = ")", OpenList = "[", CloseList = "]", OpenMap = "{", CloseMap = "}",
}

/// What came of lexing one expression.
pub(super) struct Lexed {
    /// Always ends with [`TokenKind::End`].
    pub(super) tokens: Vec<Token>,
    /// The offset behind the expression: behind the closing brace in a template.
    pub(super) end: usize,
    /// Whether the closing brace was missing.
    pub(super) unterminated: bool,
    pub(super) faults: Vec<Diagnostic>,
}

/// Lexes from `start`: to the end of the text, or in a template to the brace that closes the expression.
pub(super) fn lex(text: &str, start: usize, in_template: bool, map: &TextMap) -> Lexed {
    let mut lexer = Lexer { text, at: start, map, tokens: Vec::new(), faults: Vec::new() };
    let mut depth = 0usize;
    loop {
        lexer.skip_blanks();
        let start = lexer.at;
        let Some(first) = lexer.rest().chars().next() else {
            lexer.tokens.push(Token { kind: TokenKind::End, start, end: start });
            return Lexed { tokens: lexer.tokens, end: start, unterminated: in_template, faults: lexer.faults };
        };
        if in_template && first == '}' && depth == 0 {
            lexer.tokens.push(Token { kind: TokenKind::End, start, end: start + 1 });
            return Lexed { tokens: lexer.tokens, end: start + 1, unterminated: false, faults: lexer.faults };
        }
        match first {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if !lexer.token(first) {
            // An open string swallows the rest: nothing behind it can be told apart.
            let end = text.len();
            lexer.tokens.push(Token { kind: TokenKind::End, start: end, end });
            return Lexed { tokens: lexer.tokens, end, unterminated: false, faults: lexer.faults };
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    map: &'a TextMap,
    tokens: Vec<Token>,
    faults: Vec<Diagnostic>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r', '\x0c']);
            self.at += rest.len() - trimmed.len();
            if !trimmed.starts_with("//") {
                return;
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    fn push(&mut self, kind: TokenKind, length: usize) {
        self.tokens.push(Token { kind, start: self.at, end: self.at + length });
        self.at += length;
    }

    /// Lexes one token; false if it is a string that never ends.
    fn token(&mut self, first: char) -> bool {
        if let Some(opening) = literal::opening(self.rest()) {
            return self.string(&opening);
        }
        let rest = self.rest();
        if first.is_ascii_alphabetic() || first == '_' {
            let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            self.push(TokenKind::Name(rest.get(..length).unwrap_or("").into()), length);
        } else if first == '`' {
            return self.quoted();
        } else if first.is_ascii_digit() || (first == '.' && rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit)) {
            self.number();
        } else if let Some((symbol, text)) = Symbol::ALL.iter().find(|(_, text)| rest.starts_with(text)) {
            self.push(TokenKind::Symbol(*symbol), text.len());
        } else {
            let end = self.at + first.len_utf8();
            self.faults.push(errors::stray_character(first, self.map.span(self.at, end)));
            self.at = end;
        }
        true
    }

    fn string(&mut self, opening: &literal::Opening) -> bool {
        let start = self.at;
        let body = start + opening.length;
        let Some(length) = literal::body_length(self.text.get(body..).unwrap_or(""), opening) else {
            self.faults.push(errors::open_string(self.map.span(start, body)));
            return false;
        };
        let source = self.text.get(body..body + length).unwrap_or("");
        let end = body + length + opening.quote.len();
        let kind = match literal::decode(source, opening) {
            Ok(literal::Decoded::String(text)) => TokenKind::String(text.into()),
            Ok(literal::Decoded::Bytes(bytes)) => TokenKind::Bytes(bytes.into()),
            Err(fault) => {
                let span = self.map.span(body + fault.start, body + fault.end);
                self.faults.push(errors::bad_escape(source.get(fault.start..fault.end).unwrap_or(""), span));
                TokenKind::String("".into())
            }
        };
        self.push(kind, end - start);
        true
    }

    fn quoted(&mut self) -> bool {
        let rest = self.rest();
        let inner = rest.get(1..).unwrap_or("");
        let Some(length) = inner.find('`') else {
            self.faults.push(errors::open_string(self.map.span(self.at, self.at + 1)));
            return false;
        };
        let name = inner.get(..length).unwrap_or("");
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'/' | b' ');
        if name.is_empty() || !name.bytes().all(legal) {
            self.faults.push(errors::bad_quoted_name(self.map.span(self.at, self.at + length + 2)));
        }
        self.push(TokenKind::Quoted(name.into()), length + 2);
        true
    }

    fn number(&mut self) {
        let rest = self.rest();
        let digits = |text: &str, legal: fn(&u8) -> bool| text.bytes().take_while(legal).count();
        let (mut length, radix, start) = if rest.starts_with("0x") || rest.starts_with("0X") {
            (2 + digits(rest.get(2..).unwrap_or(""), u8::is_ascii_hexdigit), 16, 2)
        } else {
            (digits(rest, u8::is_ascii_digit), 10, 0)
        };
        let mut double = false;
        if radix == 10 {
            let after = rest.get(length..).unwrap_or("");
            let fraction = digits(after.get(1..).unwrap_or(""), u8::is_ascii_digit);
            if after.starts_with('.') && fraction > 0 {
                length += 1 + fraction;
                double = true;
            }
            let after = rest.get(length..).unwrap_or("");
            if after.starts_with(['e', 'E']) {
                let sign = usize::from(after.get(1..).is_some_and(|text| text.starts_with(['+', '-'])));
                let exponent = digits(after.get(1 + sign..).unwrap_or(""), u8::is_ascii_digit);
                if exponent > 0 {
                    length += 1 + sign + exponent;
                    double = true;
                }
            }
        }
        let text = rest.get(start..length).unwrap_or("");
        let unsigned = !double && rest.get(length..).is_some_and(|after| after.starts_with(['u', 'U']));
        let total = length + usize::from(unsigned);
        let tail = rest.get(total..).unwrap_or("").bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        if tail > 0 {
            let span = self.map.span(self.at, self.at + total + tail);
            self.faults.push(errors::bad_number(rest.get(..total + tail).unwrap_or(""), span));
            self.push(TokenKind::Int(0), total + tail);
            return;
        }
        let kind = if double {
            text.parse().ok().filter(|value: &f64| value.is_finite()).map(TokenKind::Double)
        } else {
            let value = u64::from_str_radix(text, radix).ok();
            if unsigned { value.map(TokenKind::Uint) } else { value.filter(|value| *value <= 1 << 63).map(TokenKind::Int) }
        };
        let kind = kind.unwrap_or_else(|| {
            let span = self.map.span(self.at, self.at + total);
            self.faults.push(errors::bad_number(rest.get(..total).unwrap_or(""), span));
            TokenKind::Int(0)
        });
        self.push(kind, total);
    }
}
