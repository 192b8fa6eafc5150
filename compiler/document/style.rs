//! How a YAML scalar is written, as the maps of texts know it.

use super::text_map::Style;
use granit_parser::ScalarStyle;

/// The style, and how many bytes stand before the text.
pub(super) fn of(style: ScalarStyle) -> (Style, usize) {
    match style {
        ScalarStyle::Plain => (Style::Plain, 0),
        ScalarStyle::SingleQuoted => (Style::Single, 1),
        ScalarStyle::DoubleQuoted => (Style::Double, 1),
        ScalarStyle::Literal => (Style::Literal, 0),
        ScalarStyle::Folded => (Style::Folded, 0),
    }
}
