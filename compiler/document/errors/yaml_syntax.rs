//! Words for errors of YAML syntax: what the parser found, said for people who want to mend the line.

use super::{quoted, shown, text_of, too_deep};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::{FileId, Span};
use granit_parser::ErrorKind;

/// An error at byte `at`; `open` is the `[` or `{` that waits for its end there.
#[allow(clippy::wildcard_enum_match_arm, reason = "the parser's enum has kinds we never see, and may grow")]
pub(in super::super) fn yaml_syntax(file: FileId, source: &str, kind: &ErrorKind, at: usize, open: Option<Span>) -> Diagnostic {
    let place = Surroundings::new(file, source, at);
    let tabs = matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
    );
    if let Some(tab) = place.tab_in_indentation().or_else(|| place.tab_below().filter(|_| tabs)) {
        return error("a tab cannot indent YAML", tab, "a tab").hint("indent with spaces, two for each level");
    }
    let open_text = open.map_or("[", |open| text_of(source, open));
    let close_text = if open_text == "{" { "}" } else { "]" };
    let diagnostic = match kind {
        ErrorKind::RecursionLimitExceeded => return too_deep(place.char(), open.unwrap_or(place.char())),
        ErrorKind::UnclosedFlowCollection { open } => {
            let close = if *open == '{' { '}' } else { ']' };
            return error(format!("`{open}` is never closed"), place.char(), "opened here").hint(format!("write the missing `{close}`"));
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            return error(format!("`{open}` is closed with `{close}`"), place.char(), "opened here")
                .hint(format!("close it with `{}`", if *open == '{' { '}' } else { ']' }));
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            let char = place.shown_char();
            error(format!("`{char}` closes nothing"), place.char(), "nothing is open here")
                .hint("remove it, or quote the value if it is text")
        }
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator if place.expression_at_brace().is_some() => {
            let expression = place.expression_at_brace().unwrap_or(place.char());
            let whole = place.scalar_around(expression);
            let what = if whole == expression { "the expression" } else { "the whole text" };
            let diagnostic = error("an expression inside `[…]` or `{…}` needs quotes", expression, "YAML takes its braces for a map")
                .hint(format!("put {what} between quotes"));
            let text = text_of(source, whole);
            return match in_quotes(text).filter(|_| text_of(source, expression).ends_with('}')) {
                Some(quoted) => diagnostic.replace(whole, quoted),
                None => diagnostic,
            };
        }
        ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofFlowSequence => error(format!("expected `,` or `{close_text}`"), place.char(), "before this")
            .hint("separate the items with commas, and quote texts that hold brackets, braces or commas"),
        ErrorKind::InvalidIndentation if open.is_some() && place.after().starts_with([']', '}']) => {
            let column = place.at - place.line_start();
            let missing =
                (open.map_or(0, |open| Surroundings::new(file, source, open.start as usize).key_column()) + 2).saturating_sub(column);
            error(format!("the closing `{}` is not indented", place.shown_char()), place.char(), "as far to the left as the key")
                .hint("indent it deeper than its key")
                .replace(Span::new(file, place.at, place.at), " ".repeat(missing))
        }
        ErrorKind::InvalidIndentation | ErrorKind::InvalidFlowScalarIndent if open.is_some() => {
            return error(format!("`{open_text}` is not closed"), open.unwrap_or(place.char()), "opened here")
                .label(place.rest_of_line(), "still open here, as far to the left as the key outside")
                .hint(format!("write the missing `{close_text}`, or indent the lines inside `{open_text}…{close_text}`"));
        }
        ErrorKind::UnexpectedEofImplicitFlowMapping if open.is_some() => {
            error("a value is missing before this comma", place.char(), "nothing stands between the commas")
                .hint("write the value, or remove the comma")
        }
        ErrorKind::UnclosedQuotedScalar => {
            return error("this quote is never closed", place.char(), "opened here").hint("write the missing quote at the end of the text");
        }
        ErrorKind::InvalidQuotedScalarIndent if place.after().trim().is_empty() => {
            let quote = place.last_quote().unwrap_or(place.char());
            return error("this quote is never closed", quote, "opened here").hint("write the missing quote at the end of the text");
        }
        ErrorKind::InvalidQuotedScalarIndent => {
            let diagnostic = error("a quote is not closed before this line", place.rest_of_line(), "as far to the left as the key");
            let diagnostic = match place.last_quote() {
                Some(quote) => diagnostic.label(quote, "the text begins here"),
                None => diagnostic,
            };
            return diagnostic.hint("write the missing quote, or indent the line if the text goes on");
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar => {
            error("something follows the closing quote", place.char(), "after the text has ended")
                .hint("double the quotes that belong to the text (`''`), or put the whole value between `\"`")
        }
        ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            error("something follows the closing quote", place.char(), "after the text has ended")
                .hint("escape the quotes that belong to the text (`\\\"`), or put the whole value between `'`")
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => {
            let escape = place.bad_escape();
            error(format!("`{}` is not an escape", text_of(source, escape)), escape, "not understood")
                .hint("double the backslash (`\\\\`), or put the text between `'`, where backslashes are plain")
        }
        ErrorKind::DocumentIndicatorInQuotedScalar => {
            error("a quote is not closed before this line", place.rest_of_line(), "ends the document")
                .hint("write the missing quote, or indent the line if it belongs to the text")
        }
        ErrorKind::MappingValueNotAllowed => return second_key(&place),
        ErrorKind::ExpectedBlockMappingKey if place.line_text().trim_start().starts_with("- ") => {
            error("a list item stands where a key is expected", place.line(), "a list item")
                .hint("put the list below a key, or remove the dash")
        }
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => error(
            "the indentation of this line fits no line above",
            place.line(),
            "neither a sibling of the keys above nor of those outside",
        )
        .hint("begin the line in the same column as its siblings"),
        ErrorKind::ExpectedBlockSequenceEntry => {
            error("a key stands where a list item is expected", place.line(), "among the items of a list")
                .hint("begin the line with `- `, or indent it below its item")
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => return missing_colon(&place),
        ErrorKind::BlockSequenceEntryNotAllowed => {
            error("a list cannot begin on the line of its key", place.rest_of_line(), "begins a list")
                .hint("put the list on the lines below, quote the value if it is text, or write `[…]`")
        }
        ErrorKind::BlockEntryInFlowCollection => error("`- ` has no meaning inside `[…]` or `{…}`", place.char(), "a dash")
            .hint("remove the dash; quote the value if it is text"),
        ErrorKind::UnexpectedCharacter { character } => {
            let diagnostic = error(format!("a value cannot begin with `{}`", character.escape_default()), place.char(), "reserved by YAML");
            return place.quote_value(diagnostic.hint("quote the value"), at);
        }
        ErrorKind::DirectiveDisallowed => error("YAML directives are not used here", place.line(), "a directive").hint("remove the line"),
        ErrorKind::ZeroBlockScalarIndent | ErrorKind::InvalidBlockScalarHeader => {
            error("only a digit, `+`, `-` and a comment may follow `|` or `>`", place.char(), "not understood")
                .hint("begin the text on the next line")
        }
        ErrorKind::InvalidBlockScalarIndent => {
            error("the first lines of a block text are indented deeper than the text", place.line(), "the text")
                .hint("remove the spaces from the empty lines above the text")
        }
        ErrorKind::CommentNotSeparated => error("a comment needs a space before `#`", place.char(), "a comment")
            .hint("write a space before `#`, or quote the value if it is text"),
        ErrorKind::CommentInterceptedScalar => {
            error("a comment stands inside a text of several lines", place.line(), "a comment").hint("move the comment, or quote the text")
        }
        ErrorKind::MissingAnchorOrAliasName => {
            let diagnostic = error(format!("`{}` names no anchor", place.shown_char()), place.char(), "a name must follow");
            return place.quote_value(diagnostic.hint("quote the value if it is text"), at);
        }
        kind => error("this is not valid YAML", place.char(), kind.to_string()),
    };
    match open {
        Some(open) => diagnostic.label(open, "opened here"),
        None => diagnostic,
    }
}

fn error(message: impl Into<String>, span: Span, label: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::YamlSyntax, message, span, label)
}

/// A `: ` where no key may stand: in a value, or below one.
fn second_key(place: &Surroundings<'_>) -> Diagnostic {
    let before = place.source.get(place.line_start()..place.at).unwrap_or("");
    if before.contains(": ") {
        let expression = if before.contains("${") { "the expression" } else { "the value" };
        let diagnostic =
            error(format!("{expression} holds `: `, which YAML takes for another key"), place.char(), "this colon").hint("quote the value");
        return place.quote_value(diagnostic, place.value_start());
    }
    let diagnostic = error("a key cannot stand here", place.line(), "a key below a value");
    let diagnostic = match place.line_above() {
        Some(above) => diagnostic.label(above, "has its value already"),
        None => diagnostic,
    };
    diagnostic.hint("remove the value above, or begin the line in the same column as its siblings")
}

fn missing_colon(place: &Surroundings<'_>) -> Diagnostic {
    let line = place.line_text().trim();
    let diagnostic = error("expected `:` after this key", place.line(), "no value follows");
    if let Some((key, value)) = line.split_once(':')
        && !value.is_empty()
        && !value.starts_with([' ', '/'])
    {
        return diagnostic.hint(format!("write a space after the colon: `{}: {}`", shown(key), shown(value)));
    }
    diagnostic.hint(format!("write `{}: …`, or indent the line if it goes on with the text above", shown(line)))
}

/// A text between quotes that it does not hold; none if it holds another expression behind the first, of which nobody knows where it ends.
fn in_quotes(text: &str) -> Option<String> {
    if text.matches("${").count() > 1 {
        return None;
    }
    Some(if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") })
}

/// The surroundings of an error.
struct Surroundings<'a> {
    file: FileId,
    source: &'a str,
    at: usize,
}

impl<'a> Surroundings<'a> {
    fn new(file: FileId, source: &'a str, at: usize) -> Self {
        let mut at = at.min(source.len());
        while !source.is_char_boundary(at) {
            at -= 1;
        }
        Self { file, source, at }
    }

    fn after(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or("")
    }

    /// The character at the error; nothing at the end of a line.
    fn char(&self) -> Span {
        let length = self.after().chars().next().filter(|char| !matches!(char, '\n' | '\r')).map_or(0, char::len_utf8);
        Span::new(self.file, self.at, self.at + length)
    }

    fn shown_char(&self) -> String {
        self.after().chars().next().map(|char| char.escape_debug().to_string()).unwrap_or_default()
    }

    fn line_start(&self) -> usize {
        self.source.get(..self.at).and_then(|before| before.rfind('\n')).map_or(0, |found| found + 1)
    }

    fn line_text(&self) -> &'a str {
        self.source.get(self.line_start()..).and_then(|rest| rest.lines().next()).unwrap_or("")
    }

    /// Column of the first key of the line, behind dashes.
    fn key_column(&self) -> usize {
        let text = self.line_text();
        let key = text.trim_start_matches([' ', '-']);
        text.len() - key.len()
    }

    /// The line, without its indentation.
    fn line(&self) -> Span {
        let text = self.line_text();
        let start = self.line_start() + (text.len() - text.trim_start().len());
        Span::new(self.file, start, start + text.trim().len())
    }

    fn rest_of_line(&self) -> Span {
        let length = self.after().lines().next().unwrap_or("").trim_end().len();
        Span::new(self.file, self.at, self.at + length)
    }

    /// The nearest line above that is neither empty nor a comment.
    fn line_above(&self) -> Option<Span> {
        let above = self.source.get(..self.line_start())?;
        let mut end = above.len();
        for line in above.split_inclusive('\n').rev().take(100) {
            end -= line.len();
            let text = line.trim();
            if !text.is_empty() && !text.starts_with('#') {
                let start = end + (line.len() - line.trim_start().len());
                return Some(Span::new(self.file, start, start + text.len()));
            }
        }
        None
    }

    fn tab_in_indentation(&self) -> Option<Span> {
        let text = self.line_text();
        let blank = text.len() - text.trim_start().len();
        let tab = text.get(..blank)?.find('\t')?;
        let at = self.line_start() + tab;
        Some(Span::new(self.file, at, at + 1))
    }

    /// A tab that indents one of the next lines: a text without quotes is read on into them.
    fn tab_below(&self) -> Option<Span> {
        let mut start = self.line_start();
        for line in self.source.get(start..)?.split_inclusive('\n').take(100) {
            let blank = line.len() - line.trim_start().len();
            if let Some(tab) = line.get(..blank).and_then(|blank| blank.find('\t')).filter(|_| !line.trim().is_empty()) {
                return Some(Span::new(self.file, start + tab, start + tab + 1));
            }
            start += line.len();
        }
        None
    }

    fn last_quote(&self) -> Option<Span> {
        let quote = self.source.get(..self.at)?.rfind(['"', '\''])?;
        Some(Span::new(self.file, quote, quote + 1))
    }

    /// Where the value of this line begins: behind the first `: `.
    fn value_start(&self) -> usize {
        let start = self.line_start();
        let text = self.line_text();
        let Some(colon) = text.find(": ") else { return start };
        let value = text.get(colon + 1..).unwrap_or("");
        start + colon + 1 + (value.len() - value.trim_start().len())
    }

    /// Offers quotes around a plain value that goes on to the end of its line, where that is certain to be what was meant.
    fn quote_value(&self, diagnostic: Diagnostic, start: usize) -> Diagnostic {
        let value = self.source.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("").trim_end();
        let before = self.source.get(self.line_start()..start).unwrap_or("");
        let sure = !value.is_empty()
            && !value.starts_with(['"', '\'', '[', '{', '|', '>', '&', '!'])
            && !value.contains(" #")
            && !before.contains(['[', '{', '"', '\'', '#']);
        match quoted(value).filter(|_| sure) {
            Some(quoted) => diagnostic.replace(Span::new(self.file, start, start + value.len()), quoted),
            None => diagnostic,
        }
    }

    /// The expression whose `{` the parser stumbled over.
    fn expression_at_brace(&self) -> Option<Span> {
        let dollar = self.at.checked_sub(1)?;
        let text = self.source.get(dollar..)?.lines().next()?;
        text.strip_prefix("${")?;
        let end = text.find('}').map_or(text.len(), |found| found + 1);
        Some(Span::new(self.file, dollar, dollar + end))
    }

    /// The text without quotes that an expression in it stands in, on its line.
    fn scalar_around(&self, expression: Span) -> Span {
        let (start, end) = (expression.start as usize, expression.end as usize);
        let before = self.source.get(self.line_start()..start).unwrap_or("");
        let from = [", ", "[", "{", ": "].iter().filter_map(|stop| before.rfind(stop).map(|at| at + stop.len())).max().unwrap_or(0);
        let lead = before.get(from..).unwrap_or("");
        let from = self.line_start() + from + lead.len() - lead.trim_start().len();
        let after = self.source.get(end..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let to = after.find([',', '}', ']']).map_or(after, |at| after.get(..at).unwrap_or("")).trim_end().len();
        Span::new(self.file, from, end + to)
    }

    /// The first escape YAML does not know in the text that begins at the error.
    fn bad_escape(&self) -> Span {
        let mut rest = self.after().char_indices();
        while let Some((offset, char)) = rest.next() {
            if char != '\\' {
                continue;
            }
            let Some((_, escaped)) = rest.next() else { break };
            if !"0abt\tnvfre \"/\\N_LP\n\r".contains(escaped) {
                let start = self.at + offset;
                return Span::new(self.file, start, start + 1 + escaped.len_utf8());
            }
        }
        self.char()
    }
}
