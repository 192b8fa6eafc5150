//! How a YAML scalar is written, as the maps of texts know it.

use super::text_map::Quoting;
use granit_parser::ScalarStyle;

/// The style, and how many bytes stand before the text.
pub(super) fn of(style: ScalarStyle) -> (Quoting, usize) {
    match style {
        ScalarStyle::Plain => (Quoting::Plain, 0),
        ScalarStyle::SingleQuoted => (Quoting::Single, 1),
        ScalarStyle::DoubleQuoted => (Quoting::Double, 1),
        ScalarStyle::Literal => (Quoting::Literal, 0),
        ScalarStyle::Folded => (Quoting::Folded, 0),
    }
}
