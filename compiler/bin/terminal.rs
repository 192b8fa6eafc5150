//! Where words go: results to stdout, talk to stderr, colours only where somebody sees them. What people read comes as [`Lines`], so that no
//! text of a user controls a terminal or a log.

use crate::render::lines::Lines;
use anstream::ColorChoice;
use platc::visible::is_hidden;
use std::io::Write;

/// The two streams of the program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    /// Say nothing but results and problems.
    pub(crate) quiet: bool,
}

impl Terminal {
    /// Prints a result.
    pub(crate) fn print(self, lines: &Lines) -> std::io::Result<()> {
        let mut stream = anstream::stdout().lock();
        stream.write_all(lines.text().as_bytes())?;
        stream.flush()
    }

    /// Prints a result for a machine, byte by byte as it is: a document that was printed for screens, workflow commands, a source.
    pub(crate) fn print_raw(self, text: &str) -> std::io::Result<()> {
        let mut stream = std::io::stdout().lock();
        stream.write_all(text.as_bytes())?;
        stream.flush()
    }

    /// Prints a JSON document, while it is made: as a text it can be larger than all it was made of.
    pub(crate) fn print_json(self, value: &impl serde::Serialize) -> std::io::Result<()> {
        let mut stream = VisibleJson { out: std::io::BufWriter::new(std::io::stdout().lock()), hash: false };
        serde_json::to_writer_pretty(&mut stream, value)?;
        stream.write_all(b"\n")?;
        stream.flush()
    }

    /// Tells how it goes; nobody misses it if stderr is closed.
    pub(crate) fn talk(self, lines: &Lines) {
        if !self.quiet {
            self.complain(lines);
        }
    }

    /// Tells of a problem.
    pub(crate) fn complain(self, lines: &Lines) {
        let mut stream = anstream::stderr().lock();
        stream.write_all(lines.text().as_bytes()).and_then(|()| stream.flush()).ok();
    }
}

/// Writes JSON so that it has the same meaning, hides nothing and holds no command for a CI service: both can only stand inside of its texts.
struct VisibleJson<W: Write> {
    out: W,
    /// Whether the last character was a hash.
    hash: bool,
}

impl<W: Write> Write for VisibleJson<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        // Texts are written in whole characters.
        let text = std::str::from_utf8(bytes).map_err(std::io::Error::other)?;
        let mut written = 0;
        for (at, char) in text.char_indices() {
            let is_command = char == '#' && self.hash;
            self.hash = char == '#' && !is_command;
            if !is_command && (char == '\n' || !is_hidden(char)) {
                continue;
            }
            self.out.write_all(text.get(written..at).unwrap_or_default().as_bytes())?;
            for unit in char.encode_utf16(&mut [0; 2]) {
                write!(self.out, "\\u{unit:04x}")?;
            }
            written = at + char.len_utf8();
        }
        self.out.write_all(text.get(written..).unwrap_or_default().as_bytes())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// Fixes the colours for both streams; without a wish each stream decides for itself and heeds `NO_COLOR`.
pub(crate) fn set_colour(wish: Option<bool>) {
    let choice = match wish {
        None => ColorChoice::Auto,
        Some(true) => ColorChoice::Always,
        Some(false) => ColorChoice::Never,
    };
    choice.write_global();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_hides_nothing() {
        let value = serde_json::json!({ "a\u{202e}": "\u{7f}\u{9b}\u{e0041}", "b": ["##[error]x", "###", "::x\n"] });
        let mut stream = VisibleJson { out: Vec::new(), hash: false };
        serde_json::to_writer_pretty(&mut stream, &value).unwrap();
        let text = String::from_utf8(stream.out).unwrap();
        assert!(text.chars().all(|char| char == '\n' || !is_hidden(char)), "{text:?}");
        assert!(!text.contains("##"));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
