//! JSON as RFC 8259 has it, and nothing beyond: text → a value whose parts know where they stand. What Terraform prints is read with it, and what
//! is kept of that; and so are the files and provider schemas that a project brings along. It is not the reader of definitions, because YAML is more than JSON in some places and less in others: it has no pairs
//! of surrogates, for example. Keys that stand twice, numbers that cannot be kept and what nests too deep are refused with their place.

use crate::digits::keeps;
use crate::limit::{SOURCE_DEPTH, VALUES};
use crate::origin::{LayerId, Origin};
use crate::span::{FileId, Span};
use crate::value::{Data, Entry, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Why a text is not read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct JsonFault {
    /// Where.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// In words: `expected a value`.
    pub(crate) what: String,
    /// Where the same key stood before.
    pub(crate) first: Option<Span>,
}

/// Reads a text as values of a layer; `left` is how many values may still be made.
pub(crate) fn parse((file, layer): (FileId, LayerId), text: &str, left: &mut usize) -> Result<Value, JsonFault> {
    let mut reader = JsonReader { file, layer, text, at: 0, left };
    reader.blank();
    let value = reader.value(0)?;
    reader.blank();
    if reader.at < text.len() {
        return Err(reader.fault("nothing may follow the value"));
    }
    Ok(value)
}

struct JsonReader<'a> {
    file: FileId,
    layer: LayerId,
    text: &'a str,
    at: usize,
    left: &'a mut usize,
}

type JsonRead<T> = Result<T, JsonFault>;

impl JsonReader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Takes a byte that is next, if it is.
    fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// A fault at what is next.
    fn fault(&self, what: impl Into<String>) -> JsonFault {
        let end = self.at + self.rest().chars().next().map_or(0, char::len_utf8);
        JsonFault { start: self.at, end, what: what.into(), first: None }
    }

    fn fault_from(&self, start: usize, what: impl Into<String>) -> JsonFault {
        JsonFault { start, end: self.at, what: what.into(), first: None }
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.file, start, self.at)
    }

    fn value(&mut self, depth: usize) -> JsonRead<Value> {
        let start = self.at;
        let Some(left) = self.left.checked_sub(1) else {
            return Err(self.fault(format!("more than {VALUES} values")));
        };
        *self.left = left;
        if depth >= SOURCE_DEPTH && matches!(self.peek(), Some(b'{' | b'[')) {
            return Err(self.fault(format!("lists and maps nest more than {SOURCE_DEPTH} deep")));
        }
        let data = match self.peek() {
            Some(b'{') => return self.map(depth),
            Some(b'[') => return self.list(depth),
            Some(b'"') => Data::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(_) | None => self.word()?,
        };
        Ok(Value::new(data, self.origin(start)))
    }

    fn origin(&self, start: usize) -> Origin {
        Origin { span: self.span(start), layer: self.layer }
    }

    fn word(&mut self) -> JsonRead<Data> {
        let words = [("null", Data::Null), ("true", Data::Bool(true)), ("false", Data::Bool(false))];
        let Some((word, data)) = words.into_iter().find(|(word, _)| self.rest().starts_with(word)) else {
            return Err(self.fault("expected a value: text in double quotes, a number, `true`, `false`, `null`, `[…]` or `{…}`"));
        };
        self.at += word.len();
        if self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric()) {
            return Err(self.fault(format!("`{word}` ends before this")));
        }
        Ok(data)
    }

    fn map(&mut self, depth: usize) -> JsonRead<Value> {
        let start = self.at;
        self.at += 1;
        let mut entries: Vec<Entry> = Vec::new();
        let mut known: BTreeMap<Arc<str>, Span> = BTreeMap::new();
        self.blank();
        if self.takes(b'}') {
            return Ok(Value::map(entries, self.origin(start)));
        }
        loop {
            self.blank();
            let at = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.fault("expected a key in double quotes"));
            }
            let key = self.string()?;
            let span = self.span(at);
            if let Some(first) = known.insert(Arc::clone(&key), span) {
                return Err(JsonFault { first: Some(first), ..self.fault_from(at, "the same key stands here twice") });
            }
            self.blank();
            if !self.takes(b':') {
                return Err(self.fault("expected `:` behind the key"));
            }
            self.blank();
            entries.push(Entry::plain(key, span, self.value(depth + 1)?));
            self.blank();
            if self.takes(b'}') {
                return Ok(Value::map(entries, self.origin(start)));
            }
            if !self.takes(b',') {
                return Err(self.fault("expected `,` or `}`"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> JsonRead<Value> {
        let start = self.at;
        self.at += 1;
        let mut items = Vec::new();
        self.blank();
        if self.takes(b']') {
            return Ok(Value::list(items, self.origin(start)));
        }
        loop {
            self.blank();
            items.push(self.value(depth + 1)?);
            self.blank();
            if self.takes(b']') {
                return Ok(Value::list(items, self.origin(start)));
            }
            if !self.takes(b',') {
                return Err(self.fault("expected `,` or `]`"));
            }
        }
    }

    fn string(&mut self) -> JsonRead<Arc<str>> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let run = self.rest().find(|char: char| matches!(char, '"' | '\\') || char < ' ').unwrap_or(self.rest().len());
            text.push_str(self.rest().get(..run).unwrap_or_default());
            self.at += run;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text.into());
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return Err(self.fault("a line break, a tab or another control character must be escaped in text")),
                None => return Err(self.fault_from(start, "this text has no end")),
            }
        }
    }

    fn escape(&mut self) -> JsonRead<char> {
        let start = self.at;
        self.at += 2;
        let unit = match self.text.as_bytes().get(start + 1) {
            Some(b'"') => return Ok('"'),
            Some(b'\\') => return Ok('\\'),
            Some(b'/') => return Ok('/'),
            Some(b'b') => return Ok('\u{8}'),
            Some(b'f') => return Ok('\u{c}'),
            Some(b'n') => return Ok('\n'),
            Some(b'r') => return Ok('\r'),
            Some(b't') => return Ok('\t'),
            Some(b'u') => self.unit(start)?,
            Some(_) | None => {
                self.at = start;
                return Err(self.fault("there is no such escape in JSON"));
            }
        };
        let code = match unit {
            0xd800..=0xdbff if self.rest().starts_with("\\u") => {
                self.at += 2;
                let low = self.unit(start)?;
                if !(0xdc00..=0xdfff).contains(&low) {
                    return Err(self.fault_from(start, "half a pair of surrogates"));
                }
                0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
            }
            unit => unit,
        };
        char::from_u32(code).ok_or_else(|| self.fault_from(start, "half a pair of surrogates"))
    }

    /// Four hexadecimal digits.
    fn unit(&mut self, start: usize) -> JsonRead<u32> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or_else(|| self.fault_from(start, "`\\u` takes four hexadecimal digits"))?;
        self.at += 4;
        Ok(unit)
    }

    fn digits(&mut self) -> usize {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += count;
        count
    }

    fn number(&mut self) -> JsonRead<Data> {
        let start = self.at;
        self.takes(b'-');
        let leads = self.peek() == Some(b'0');
        let whole = self.digits();
        if whole == 0 || (leads && whole > 1) {
            return Err(self.fault_from(start, "not a number of JSON"));
        }
        let mut is_whole = true;
        if self.takes(b'.') {
            is_whole = false;
            if self.digits() == 0 {
                return Err(self.fault("expected a digit"));
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            is_whole = false;
            self.at += 1;
            if !self.takes(b'-') {
                self.takes(b'+');
            }
            if self.digits() == 0 {
                return Err(self.fault("expected a digit"));
            }
        }
        let digits = self.text.get(start..self.at).unwrap_or_default();
        if is_whole {
            return match digits.parse() {
                Ok(int) => Ok(Data::Int(int)),
                Err(_) => Err(self.fault_from(start, "an integer of more than 64 bits, which would lose digits")),
            };
        }
        match digits.parse::<f64>() {
            Ok(float) if float.is_finite() && !keeps(float, digits.split(['e', 'E']).next().unwrap_or(digits)) => {
                Err(self.fault_from(start, "a number with more digits than 64 bits keep"))
            }
            Ok(float) if float.is_finite() => Ok(Data::Float(float)),
            Ok(_) | Err(_) => Err(self.fault_from(start, "a number that is too large")),
        }
    }
}
