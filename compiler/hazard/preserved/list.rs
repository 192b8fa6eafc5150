//! The list of what preserves, read.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One line of the list.
pub(crate) struct PreservedLine {
    /// Keys, perhaps with stars.
    pub(crate) path: Vec<&'static str>,
    pub(crate) change: PreservedChange,
    pub(crate) effect: PreservedEffect,
    /// Where it is written that it is so.
    pub(crate) source: &'static str,
}

/// How a part changes.
#[derive(Clone, Copy)]
pub(crate) enum PreservedChange {
    /// It gets smaller; what counts where nothing is said, if that is known.
    Less(Option<&'static str>),
    /// It gets smaller, or is said where nothing, or nothing above 0, was.
    Sooner { months: bool },
    /// It was true, and is not; whether that is so where nothing is said.
    Off(bool),
    /// It was said, and is no more.
    Gone,
    /// It is true, and was not.
    On(bool),
    /// It becomes one of these words.
    To(&'static str),
    /// A list has an item like one of these.
    Gains(&'static str),
    /// A list has it no more.
    Loses(&'static str),
}

impl PreservedChange {
    fn of(word: &'static str) -> Option<Self> {
        let (word, value) = word.split_once('=').map_or((word, None), |(word, value)| (word, Some(value)));
        Some(match (word, value) {
            ("less", value) => Self::Less(value),
            ("sooner", None) => Self::Sooner { months: false },
            ("sooner/months", None) => Self::Sooner { months: true },
            ("off", value) => Self::Off(value == Some("true")),
            ("on", value) => Self::On(value == Some("true")),
            ("to", Some(words)) => Self::To(words),
            ("gone", None) => Self::Gone,
            ("gains", Some(words)) => Self::Gains(words),
            ("loses", Some(words)) => Self::Loses(words),
            (_, _) => return None,
        })
    }
}

/// What that does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PreservedEffect {
    /// What is older is deleted.
    Expires,
    /// What was kept until now is deleted.
    Forgets,
    /// Nothing refuses any more that it is deleted.
    Unprotected,
    /// What deletes it takes along what it holds.
    Emptied,
    /// No last copy is made when it is deleted.
    Unsaved,
    /// Nobody makes copies of what it holds.
    Unbacked,
    /// What is overwritten is gone.
    Unversioned,
    /// What is written can be read by who gets hold of it.
    Unencrypted,
    /// The internet reaches it.
    Exposed,
}

impl PreservedEffect {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "expires" => Self::Expires,
            "forgets" => Self::Forgets,
            "unprotected" => Self::Unprotected,
            "emptied" => Self::Emptied,
            "unsaved" => Self::Unsaved,
            "unbacked" => Self::Unbacked,
            "unversioned" => Self::Unversioned,
            "unencrypted" => Self::Unencrypted,
            "exposed" => Self::Exposed,
            _ => return None,
        })
    }

    /// Whether something is lost at once, and not only on a later day.
    pub(crate) fn is_loss(self) -> bool {
        match self {
            Self::Expires | Self::Forgets => true,
            Self::Unprotected | Self::Emptied | Self::Unsaved | Self::Unbacked | Self::Unversioned | Self::Unencrypted | Self::Exposed => {
                false
            }
        }
    }
}

static LINES: LazyLock<BTreeMap<&'static str, Vec<PreservedLine>>> = LazyLock::new(|| {
    let mut lines: BTreeMap<&'static str, Vec<PreservedLine>> = BTreeMap::new();
    for line in include_str!("list.txt").lines() {
        if let Some((subject, line)) = read(line) {
            lines.entry(subject).or_default().push(line);
        }
    }
    lines
});

fn read(line: &'static str) -> Option<(&'static str, PreservedLine)> {
    if line.starts_with('#') {
        return None;
    }
    let (line, source) = line.split_once(" # ")?;
    let mut words = line.split(' ');
    let (subject, path) = (words.next()?, words.next()?.split('/').collect());
    let (change, effect) = (PreservedChange::of(words.next()?)?, PreservedEffect::of(words.next()?)?);
    words.next().is_none().then_some((subject, PreservedLine { path, change, effect, source }))
}

/// What stands in the list of a subject.
pub(crate) fn lines(subject: &str) -> &'static [PreservedLine] {
    LINES.get(subject).map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Table, TableType};

    #[test]
    fn each_line_is_read_and_leads_somewhere() {
        let count = include_str!("list.txt").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(LINES.values().map(Vec::len).sum::<usize>(), count, "each line is read");
        for (subject, line) in LINES.iter().flat_map(|(subject, all)| all.iter().map(move |line| (subject, line))) {
            let mut record = Table::terraform().section(&format!("resource {subject}"));
            for name in &line.path {
                let Some(known) = record.take() else { break };
                let field = known.field(name).unwrap_or_else(|| panic!("{subject} has no {:?}", line.path));
                let mut inner = &field.type_;
                while let TableType::List(item) | TableType::Map(item) = inner {
                    inner = item;
                }
                record = Table::terraform().record(inner);
            }
        }
    }
}
