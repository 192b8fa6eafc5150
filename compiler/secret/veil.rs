//! Diagnostics without the texts of secrets. All texts are looked for at once, so that many secrets and many mistakes do not multiply.

use super::{HIDDEN, Secrets, TELLING};
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::collections::BTreeSet;

/// A text in which so many secrets overlap is not shown at all.
const MATCHES: usize = 10_000;

/// Takes secrets out of diagnostics.
pub struct Veil<'a> {
    pub(super) secrets: &'a Secrets,
    /// What is looked for everywhere: what is too long to be found by chance.
    far: VeilSearch,
    /// What is looked for in diagnostics that point to a secret: everything, the short as words of their own.
    close: VeilSearch,
}

enum VeilSearch {
    Nothing,
    These(AhoCorasick),
    /// More than can be looked for: then everything is hidden.
    Everything,
}

impl VeilSearch {
    fn of(texts: &BTreeSet<String>) -> Self {
        if texts.is_empty() {
            return Self::Nothing;
        }
        AhoCorasick::builder().match_kind(MatchKind::Standard).build(texts).map_or(Self::Everything, Self::These)
    }

    fn take_out(&self, text: &mut String) {
        match self.ranges(text, MATCHES) {
            Some(ranges) => ranges.into_iter().rev().for_each(|(start, end)| text.replace_range(start..end, HIDDEN)),
            None => HIDDEN.clone_into(text),
        }
    }

    /// Where in a text these stand; none if it is everywhere, or more often than so many times.
    fn ranges(&self, text: &str, most: usize) -> Option<Vec<(usize, usize)>> {
        let search = match self {
            Self::Nothing => return Some(Vec::new()),
            Self::Everything => return None,
            Self::These(search) => search,
        };
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        for (at, found) in search.find_overlapping_iter(text).enumerate() {
            if at >= most {
                return None;
            }
            // Matches come by their ends: one may begin before others that were found already.
            let mut start = found.start();
            while let Some((from, _)) = ranges.pop_if(|(_, to)| *to > start) {
                start = start.min(from);
            }
            ranges.push((start, found.end()));
        }
        Some(ranges)
    }
}

impl Secrets {
    /// What takes these secrets out of diagnostics.
    #[must_use]
    pub fn veil(&self) -> Veil<'_> {
        let (mut far, mut close) = (BTreeSet::new(), BTreeSet::new());
        for (texts, is_sure) in [(&self.texts, true), (&self.doubtful_texts, false)] {
            for form in texts.iter().flat_map(|text| forms(text)) {
                if form.chars().count() < TELLING {
                    close.extend(['`', '"', '\''].map(|quote| format!("{quote}{form}{quote}")));
                    continue;
                }
                if is_sure {
                    far.insert(form.clone());
                }
                close.insert(form);
            }
        }
        Veil { secrets: self, far: VeilSearch::of(&far), close: VeilSearch::of(&close) }
    }
}

impl Veil<'_> {
    /// Takes secret texts out of what a diagnostic says.
    pub fn draw(&self, diagnostic: &mut Diagnostic) {
        if matches!(self.close, VeilSearch::Nothing) {
            return;
        }
        let points = |span: Span| self.secrets.written.meet(span) || self.secrets.doubtful.meet(span);
        let close = diagnostic.primary.iter().chain(&diagnostic.labels).any(|label| points(label.span));
        let labels = diagnostic.primary.iter_mut().chain(&mut diagnostic.labels).map(|label| &mut label.text);
        for text in labels.chain(&mut diagnostic.notes).chain(&mut diagnostic.hint).chain([&mut diagnostic.message]) {
            self.take_out(text, close);
        }
        for subject in diagnostic.subject.iter_mut().chain(&mut diagnostic.affects) {
            subject.edit(&mut |text| self.take_out(text, close));
        }
        if let Some(replacement) = &diagnostic.replacement {
            let mut text = replacement.text.clone();
            self.take_out(&mut text, true);
            if points(replacement.span) || text != replacement.text {
                diagnostic.replacement = None;
            }
        }
    }

    /// Where in a source the texts of secrets stand, whatever they are there.
    pub(super) fn repeated(&self, text: &str) -> Vec<(usize, usize)> {
        self.far.ranges(text, text.len().max(MATCHES)).unwrap_or_else(|| vec![(0, text.len())])
    }

    fn take_out(&self, text: &mut String, close: bool) {
        if close { &self.close } else { &self.far }.take_out(text);
        // A message may show only how a long text begins.
        if let Some((start, _)) = text.split_once('…').filter(|_| close) {
            let shown = start.rsplit(['`', '"']).next().unwrap_or_default();
            if shown.chars().count() >= TELLING && self.secrets.texts.iter().any(|secret| secret.contains(shown)) {
                let shown = shown.to_owned();
                *text = text.replace(&shown, HIDDEN);
            }
        }
    }
}

/// The ways in which a text is written in a message: as it is, escaped, encoded.
fn forms(text: &str) -> BTreeSet<String> {
    let quoted = |text: String| text.trim_matches('"').to_owned();
    BTreeSet::from([
        text.to_owned(),
        quoted(format!("{text:?}")),
        quoted(serde_json::Value::from(text).to_string()),
        BASE64.encode(text),
        text.replace('\'', "''"),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_that_overlap_are_gone_whole() {
        let search = VeilSearch::of(&BTreeSet::from(["abcdef", "defghijkl", "cde"].map(str::to_owned)));
        for (text, expected) in [
            ("x abcdefghijkl y", "x (secret) y"),
            ("abcdefabcdef", "(secret)(secret)"),
            ("ab cde f", "ab (secret) f"),
            ("nothing", "nothing"),
        ] {
            let mut text = text.to_owned();
            search.take_out(&mut text);
            assert_eq!(text, expected);
        }
        let mut text = "a".repeat(2 * MATCHES);
        VeilSearch::of(&BTreeSet::from(["a".to_owned()])).take_out(&mut text);
        assert_eq!(text, HIDDEN);
    }
}
