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

    /// Prints a JSON document.
    pub(crate) fn print_json(self, value: &impl serde::Serialize) -> std::io::Result<()> {
        let mut text = visible_json(&serde_json::to_string_pretty(value)?);
        text.push('\n');
        self.print_raw(&text)
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

/// JSON of the same meaning that hides nothing and holds no command for a CI service: both can only stand inside of its texts.
fn visible_json(json: &str) -> String {
    let json = json.replace("##", "#\\u0023");
    if json.chars().all(|char| char == '\n' || !is_hidden(char)) {
        return json;
    }
    let mut text = String::with_capacity(json.len());
    for char in json.chars() {
        if char == '\n' || !is_hidden(char) {
            text.push(char);
        } else {
            char.encode_utf16(&mut [0; 2]).iter().for_each(|unit| text.push_str(&format!("\\u{unit:04x}")));
        }
    }
    text
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
        let value = serde_json::json!({ "a\u{202e}": "\u{7f}\u{9b}\u{e0041}", "b": ["##[error]x", "::x\n"] });
        let text = visible_json(&serde_json::to_string_pretty(&value).unwrap());
        assert!(text.chars().all(|char| char == '\n' || !is_hidden(char)), "{text:?}");
        assert!(!text.contains("##"));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
