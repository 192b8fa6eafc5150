//! The only way of text to a screen: lines that no text of a user can leave, colour or begin with a command for a CI service. In comes
//! text of any origin, out go whole lines. It decides no wording.

use annotate_snippets::renderer::Style;
use platc::visible::{begins_command, escape, visible};

/// Whole lines for people. What is in them is visible and ends with a line break.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Lines(String);

impl Lines {
    /// One line of text, whatever characters it holds.
    pub(crate) fn of(text: &str) -> Self {
        let mut lines = Self::default();
        lines.line(text);
        lines
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, text: &str) {
        self.guarded(&visible(text));
    }

    /// Adds a line whose parts have styles.
    pub(crate) fn styled(&mut self, parts: &[(Style, &str)]) {
        let line: String = parts.iter().map(|(style, text)| format!("{style}{}{style:#}", visible(text))).collect();
        self.guarded(&line);
    }

    /// Adds a text of several lines that was laid out and coloured by a library. Its own line breaks and colours stay, nothing else that
    /// a terminal would obey; who had it drawn has made the words in it [`visible`].
    pub(crate) fn drawn(&mut self, text: &str) {
        for line in text.trim_end_matches('\n').split('\n').filter(|_| !text.is_empty()) {
            let mut clean = String::with_capacity(line.len());
            let mut rest = line;
            while let Some(char) = rest.chars().next() {
                let taken = colour(rest).unwrap_or(char.len_utf8());
                let (part, after) = rest.split_at(taken);
                match escape(line, line.len() - rest.len(), char) {
                    Some(escape) if colour(rest).is_none() => clean.push_str(&escape),
                    Some(_) | None => clean.push_str(part),
                }
                rest = after;
            }
            self.guarded(&clean);
        }
    }

    /// Adds the lines of others.
    pub(crate) fn append(&mut self, other: &Lines) {
        self.0.push_str(&other.0);
    }

    /// Adds the lines of others, each with further ones below it.
    pub(crate) fn interleave(&mut self, others: &Lines, below: impl Iterator<Item = Vec<String>>) {
        for (line, further) in others.0.lines().zip(below) {
            self.0.push_str(line);
            self.0.push('\n');
            further.iter().for_each(|line| self.line(line));
        }
    }

    /// The text, ready to be printed.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    fn guarded(&mut self, line: &str) {
        let mut plain = String::new();
        let mut rest = line;
        while let Some(char) = rest.chars().next() {
            let taken = colour(rest);
            if taken.is_none() {
                plain.push(char);
            }
            rest = rest.split_at(taken.unwrap_or(char.len_utf8())).1;
        }
        // The renderer's own mark of a further file, `::: ` with a path, is no command: none has the name `:`.
        if begins_command(&plain) && !plain.trim_start().starts_with("::: ") {
            self.0.push_str(&line.replacen(':', "\\u{3a}", 1));
        } else {
            self.0.push_str(line);
        }
        self.0.push('\n');
    }
}

/// The length of a command for colours that a text begins with.
fn colour(text: &str) -> Option<usize> {
    let parameters = text.strip_prefix("\u{1b}[")?;
    let length = parameters.find(|char: char| !char.is_ascii_digit() && char != ';')?;
    parameters.get(length..)?.starts_with('m').then_some(length + 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn a_line_stays_a_line() {
        let mut lines = Lines::default();
        lines.line("two\nlines");
        lines.line(" \u{a0}::error::forged");
        lines.line("x ##[add-mask]y");
        lines.styled(&[(Style::new().bold(), "::error"), (Style::new(), "::\u{1b}[31mx")]);
        lines.drawn("\u{1b}[1m::error::x\u{1b}[0m\n | \u{1b}[2J\u{202e}y\n");
        lines.drawn("");
        expect![[r#"
            two\nlines
              \u{3a}:error::forged
            x #\u{23}[add-mask]y
            ESC[1m\u{3a}:errorESC[0m::\u{1b}[31mx
            ESC[1m\u{3a}:error::xESC[0m
             | \u{1b}[2J\u{202e}y
        "#]]
        .assert_eq(&lines.text().replace('\u{1b}', "ESC"));
    }
}
