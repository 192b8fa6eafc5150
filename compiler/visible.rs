//! Text of users on its way to a screen or a log: what would move the cursor, turn the direction of writing, begin a line or hide from the
//! eye is written as an escape. In comes any text, out goes one line that shows all of it. It never knows where the line will stand.

use std::borrow::Cow;

/// One line in which every character can be seen: control characters and invisible ones become `\n`, `\t` or `\u{202e}`.
///
/// `##[` and `##vso[` become `#\u{23}[` and `#\u{23}vso[`: the runners of GitHub and Azure take them for a command wherever they stand in
/// a line.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains("##") && text.chars().all(|char| !is_hidden(char)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for (at, char) in text.char_indices() {
        match escape(text, at, char) {
            Some(escape) => shown.push_str(&escape),
            None => shown.push(char),
        }
    }
    Cow::Owned(shown)
}

/// What stands for a character of a text at this offset, if it cannot stand for itself.
#[must_use]
pub fn escape(text: &str, at: usize, char: char) -> Option<String> {
    let is_command = || char == '#' && text.get(..at).is_some_and(|before| before.ends_with('#')) && is_command(text.get(at..));
    if !is_hidden(char) && !is_command() {
        return None;
    }
    Some(match char {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        char => format!("\\u{{{:x}}}", u32::from(char)),
    })
}

/// Whether a text is the rest of `##[` or `##vso[` from its second character on.
fn is_command(text: Option<&str>) -> bool {
    text.and_then(|text| text.strip_prefix('#')).is_some_and(|text| text.starts_with('[') || text.starts_with("vso["))
}

/// Whether a line would be a command to the runner of GitHub Actions, which skips blanks in front of it.
#[must_use]
pub fn begins_command(line: &str) -> bool {
    line.trim_start().starts_with("::")
}

/// Whether a text holds what the runners of GitHub and Azure take for a command, in any of its lines.
#[must_use]
pub fn holds_command(text: &str) -> bool {
    text.match_indices("##").any(|(at, _)| is_command(text.get(at + 1..))) || text.split(['\n', '\r']).any(begins_command)
}

/// Whether a character does something to the text around it or cannot be seen: controls (C0, C1, DEL), line and paragraph separators,
/// directions of writing, zero widths, tags, variation selectors and annotations; all that Unicode calls ignorable by default.
#[must_use]
pub fn is_hidden(char: char) -> bool {
    match char {
        ' '..='~' => false,
        '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{ad}' => true,
        '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' => true,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' => true,
        '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        for (text, shown) in [
            ("plain äöü 漢字 🙂", "plain äöü 漢字 🙂"),
            ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
            ("\u{1b}[31mred\u{7}", "\\u{1b}[31mred\\u{7}"),
            ("\u{9b}31m\u{7f}", "\\u{9b}31m\\u{7f}"),
            ("a\u{202e}b\u{2066}c\u{200b}d\u{feff}", "a\\u{202e}b\\u{2066}c\\u{200b}d\\u{feff}"),
            ("\u{2028}\u{2029}\u{e0041}\u{fff9}\u{ad}", "\\u{2028}\\u{2029}\\u{e0041}\\u{fff9}\\u{ad}"),
            ("x ##[error]y", "x #\\u{23}[error]y"),
            ("####[add-mask]", "###\\u{23}[add-mask]"),
            ("##vso[task.setvariable]", "#\\u{23}vso[task.setvariable]"),
            ("# [x] ## Title", "# [x] ## Title"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn commands_are_known() {
        for (text, expected) in [
            ("::error::x", true),
            ("a\n \u{a0}::error::x", true),
            ("a ::error::x", false),
            ("a\nb ##[group]", true),
            ("std::string", false),
            ("## Title", false),
        ] {
            assert_eq!(holds_command(text), expected, "{text:?}");
        }
    }
}
