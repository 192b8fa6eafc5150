//! Where words go: results to stdout, talk to stderr, colours only where somebody sees them.

use anstream::ColorChoice;
use std::io::Write;

/// The two streams of the program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    /// Say nothing but results and problems.
    pub(crate) quiet: bool,
}

impl Terminal {
    /// Prints a result.
    pub(crate) fn print(self, text: &str) -> std::io::Result<()> {
        let mut stream = anstream::stdout().lock();
        stream.write_all(text.as_bytes())?;
        stream.flush()
    }

    /// Prints a result for a machine, byte by byte as it is.
    pub(crate) fn print_raw(self, text: &str) -> std::io::Result<()> {
        let mut stream = std::io::stdout().lock();
        stream.write_all(text.as_bytes())?;
        stream.flush()
    }

    /// Prints a JSON document.
    pub(crate) fn print_json(self, value: &impl serde::Serialize) -> std::io::Result<()> {
        let mut text = serde_json::to_string_pretty(value)?;
        text.push('\n');
        self.print_raw(&text)
    }

    /// Tells how it goes; nobody misses it if stderr is closed.
    pub(crate) fn talk(self, text: &str) {
        if !self.quiet {
            self.complain(text);
        }
    }

    /// Tells of a problem.
    pub(crate) fn complain(self, text: &str) {
        let mut stream = anstream::stderr().lock();
        stream.write_all(text.as_bytes()).and_then(|()| stream.flush()).ok();
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
