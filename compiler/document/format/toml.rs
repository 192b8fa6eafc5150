//! Layout of TOML, line by line: headers and keys at the margin, lines of arrays two spaces for each bracket, ` = ` around the equals
//! sign, a blank line above each header. Lines inside strings stay as they are.

/// Lays a text out; the caller has made sure that it is valid.
pub(super) fn layout(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut state = OpenLines::default();
    for line in text.split('\n') {
        if state.string.is_some() {
            state.walk(line);
            out.push_str(line);
            out.push('\n');
            continue;
        }
        let content = line.trim_start_matches([' ', '\t']);
        let top = state.depth == 0;
        let closers = content.bytes().take_while(|byte| matches!(byte, b']' | b'}')).count();
        let indentation = 2 * state.depth.saturating_sub(closers);
        let spaced = if top && !content.starts_with(['[', '#']) { equals(content) } else { None };
        let mut content = spaced.unwrap_or_else(|| content.to_owned());
        state.walk(&content);
        if state.string.is_none() {
            content.truncate(content.trim_end_matches([' ', '\t', '\r']).len());
        }
        if content.is_empty() {
            if !out.is_empty() && !out.ends_with("\n\n") {
                out.push('\n');
            }
            continue;
        }
        if top && content.starts_with('[') {
            above_header(&mut out);
        }
        out.push_str(&" ".repeat(indentation));
        out.push_str(&content);
        out.push('\n');
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    Some(if out == "\n" { String::new() } else { out })
}

/// Puts a blank line above a header and the comments that stand right above it.
fn above_header(out: &mut String) {
    let mut at = out.len();
    while let Some(above) = out.get(..at.saturating_sub(1)).filter(|_| at > 0) {
        let start = above.rfind('\n').map_or(0, |found| found + 1);
        if !out.get(start..at).is_some_and(|line| line.starts_with('#')) {
            break;
        }
        at = start;
    }
    let before = out.get(..at).unwrap_or("");
    if at > 0 && !before.ends_with("\n\n") {
        out.insert(at, '\n');
    }
}

/// A line `key=value` with one space on both sides of its equals sign.
fn equals(content: &str) -> Option<String> {
    let mut quote = None;
    let mut escaped = false;
    for (at, char) in content.char_indices() {
        match (quote, char) {
            (Some('"'), '\\') if !escaped => escaped = true,
            (Some(open), char) => {
                if char == open && !escaped {
                    quote = None;
                }
                escaped = false;
            }
            (None, '"' | '\'') => quote = Some(char),
            (None, '=') => {
                let key = content.get(..at)?.trim_end();
                let value = content.get(at + 1..)?.trim_start_matches([' ', '\t']);
                return Some(format!("{key} = {value}"));
            }
            (None, '#') => return None,
            (None, _) => {}
        }
    }
    None
}

/// What is open at the beginning of a line.
#[derive(Default)]
struct OpenLines {
    /// The delimiter of the string of several lines that is open.
    string: Option<&'static str>,
    /// Open brackets and braces.
    depth: usize,
}

impl OpenLines {
    /// Goes through a line.
    fn walk(&mut self, line: &str) {
        let mut rest = line;
        loop {
            if let Some(delimiter) = self.string {
                let Some(after) = after_string(rest, delimiter) else { return };
                self.string = None;
                rest = after;
            }
            let Some(at) = rest.find(['"', '\'', '[', ']', '{', '}', '#']) else { return };
            let found = rest.get(at..).unwrap_or("");
            rest = found.get(1..).unwrap_or("");
            match found.as_bytes().first() {
                Some(b'#') => return,
                Some(b'[' | b'{') => self.depth += 1,
                Some(b']' | b'}') => self.depth = self.depth.saturating_sub(1),
                Some(_) | None => {
                    let delimiter = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|delimiter| found.starts_with(delimiter)).unwrap_or("'");
                    self.string = Some(delimiter);
                    rest = found.get(delimiter.len()..).unwrap_or("");
                }
            }
        }
    }
}

/// What follows the end of a string; none if it goes on in the next line.
fn after_string<'a>(text: &'a str, delimiter: &str) -> Option<&'a str> {
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if delimiter.starts_with('"') && rest.starts_with('\\') {
            at += 1 + rest.chars().nth(1).map_or(0, char::len_utf8);
        } else if rest.starts_with(delimiter) {
            // Up to two quotes may stand right before the closing three.
            let quote = delimiter.chars().next().unwrap_or('"');
            let run = rest.chars().take_while(|char| *char == quote).count();
            let length = if delimiter.len() == 3 { run.min(5) } else { 1 };
            return text.get(at + length..);
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    None
}
