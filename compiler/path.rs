//! Paths into data: `nodePools.default.size.min`, `taints[0].key`, `tags["a.b"]`. One type for the fields of things and for the way to
//! a thing, one parser, one printer. It knows neither kinds nor environments.

use std::collections::BTreeSet;
use std::fmt::{Display, Formatter};
use std::str::FromStr;
use std::sync::Arc;

/// One step of a path.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Step {
    /// A key of a map, or a name.
    Key(Arc<str>),
    /// The position of an item, from 0.
    Item(usize),
}

impl Step {
    /// The step as a key.
    #[must_use]
    pub fn key(text: &str) -> Self {
        Self::Key(text.into())
    }
}

/// Steps from a whole to a part of it; none for the whole. What is printed is parsed to the same path.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Path {
    steps: Vec<Step>,
}

/// Says whether something is chosen, by its model path.
pub type ChosenPath<'c> = &'c dyn Fn(&Path) -> bool;

/// Why a text is no path, as a part of a sentence: `a quote is not closed`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadPath(pub &'static str);

impl Path {
    /// The path of these keys.
    #[must_use]
    pub fn of<K: AsRef<str>>(keys: impl IntoIterator<Item = K>) -> Self {
        Self { steps: keys.into_iter().map(|key| Step::key(key.as_ref())).collect() }
    }

    /// The steps in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether it is the path of the whole.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Goes one step further.
    pub fn push(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// Goes one step back.
    pub fn pop(&mut self) {
        self.steps.pop();
    }

    /// The path one key further.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.steps.push(Step::key(key));
        self
    }

    /// This path and then the other.
    #[must_use]
    pub fn join(&self, inner: &Path) -> Self {
        Self { steps: self.steps.iter().chain(&inner.steps).cloned().collect() }
    }

    /// Whether it is `outer` or leads to a part of what that leads to.
    #[must_use]
    pub fn is_within(&self, outer: &Path) -> bool {
        self.steps.starts_with(&outer.steps)
    }

    /// The keys, if every step is one.
    #[must_use]
    pub fn keys(&self) -> Option<Vec<&str>> {
        self.steps
            .iter()
            .map(|step| match step {
                Step::Key(key) => Some(&**key),
                Step::Item(_) => None,
            })
            .collect()
    }

    /// Changes the text of each key.
    pub fn edit(&mut self, change: &mut dyn FnMut(&mut String)) {
        for step in &mut self.steps {
            if let Step::Key(key) = step {
                let mut text = key.to_string();
                change(&mut text);
                if text != **key {
                    *key = text.into();
                }
            }
        }
    }

    /// The key of the last step, if it is one.
    #[must_use]
    pub fn last_key(&self) -> Option<&str> {
        match self.steps.last() {
            Some(Step::Key(key)) => Some(key),
            Some(Step::Item(_)) | None => None,
        }
    }
}

/// Paths of parts that are lost, with everything in them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lost(BTreeSet<Path>);

impl Lost {
    /// Whether what a path leads to may be in a lost part, or such a part in it.
    #[must_use]
    pub fn may_hold(&self, wanted: &Path) -> bool {
        let within = self.0.range(wanted..).next().is_some_and(|lost| lost.is_within(wanted));
        within || self.holds(wanted)
    }

    /// Whether nothing is lost.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether what a path leads to is in a lost part.
    #[must_use]
    pub fn holds(&self, wanted: &Path) -> bool {
        let mut upper = wanted.clone();
        loop {
            if self.0.contains(&upper) {
                return true;
            }
            if upper.steps.pop().is_none() {
                return false;
            }
        }
    }
}

impl FromIterator<Path> for Lost {
    fn from_iter<I: IntoIterator<Item = Path>>(paths: I) -> Self {
        Self(paths.into_iter().collect())
    }
}

impl From<Vec<Step>> for Path {
    fn from(steps: Vec<Step>) -> Self {
        Self { steps }
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        for (at, step) in self.steps.iter().enumerate() {
            match step {
                Step::Item(item) => write!(f, "[{item}]")?,
                Step::Key(key) if is_plain(key) => write!(f, "{}{key}", if at == 0 { "" } else { "." })?,
                Step::Key(key) => {
                    f.write_str("[\"")?;
                    for char in key.chars() {
                        if matches!(char, '"' | '\\') {
                            f.write_str("\\")?;
                        }
                        write!(f, "{char}")?;
                    }
                    f.write_str("\"]")?;
                }
            }
        }
        Ok(())
    }
}

/// Whether a key may stand between dots.
fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|char| char.is_alphanumeric() || matches!(char, '-' | '_'))
}

impl FromStr for Path {
    type Err = BadPath;

    /// Besides what is printed, single quotes and any other characters between dots are understood.
    fn from_str(text: &str) -> Result<Self, BadPath> {
        let mut steps = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('[') {
                let (step, after) = bracket(inner)?;
                steps.push(step);
                rest = after;
                if rest.starts_with('.') && rest.len() > 1 {
                    rest = rest.get(1..).unwrap_or("");
                } else if !rest.is_empty() && !rest.starts_with('[') {
                    return Err(BadPath("a dot is missing behind `]`"));
                }
                continue;
            }
            let (name, after) = rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()));
            if name.is_empty() {
                return Err(BadPath("a name is missing before a dot"));
            }
            steps.push(Step::key(name));
            rest = after;
            if let Some(after) = rest.strip_prefix('.') {
                if after.is_empty() || after.starts_with('[') {
                    return Err(BadPath("a name is missing behind a dot"));
                }
                rest = after;
            }
        }
        Ok(Self { steps })
    }
}

/// What stands behind a `[`, and what follows its `]`.
fn bracket(inner: &str) -> Result<(Step, &str), BadPath> {
    let Some(quote) = inner.chars().next().filter(|char| matches!(char, '"' | '\'')) else {
        let (digits, after) = inner.split_once(']').ok_or(BadPath("`[` is not closed"))?;
        return Ok((digits.parse().map_or_else(|_| Step::key(digits), Step::Item), after));
    };
    let mut key = String::new();
    let mut chars = inner.char_indices().skip(1);
    while let Some((at, char)) = chars.next() {
        match char {
            '\\' => key.extend(chars.next().map(|(_, char)| char)),
            char if char == quote => {
                let after = inner.get(at + 1..).and_then(|rest| rest.strip_prefix(']')).ok_or(BadPath("`]` is missing"))?;
                return Ok((Step::key(&key), after));
            }
            char => key.push(char),
        }
    }
    Err(BadPath("a quote is not closed"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            any::<String>().prop_map(|key| Step::key(&key)),
            "[a-z.\\[\\]\"'\\\\-]{0,4}".prop_map(|key| Step::key(&key)),
            (0usize..20).prop_map(Step::Item)
        ]
    }

    proptest! {
        #[test]
        fn what_is_printed_is_parsed_to_the_same(steps in proptest::collection::vec(step(), 0..6)) {
            let path = Path::from(steps);
            prop_assert_eq!(path.to_string().parse::<Path>(), Ok(path));
        }
    }

    #[test]
    fn prints_and_parses() {
        for (text, printed) in [
            ("", ""),
            ("a.b-c.d_e", "a.b-c.d_e"),
            ("a[0].b", "a[0].b"),
            ("[0][1]", "[0][1]"),
            ("a['x.y'].z", "a[\"x.y\"].z"),
            ("a[x]", "a.x"),
            ("a[\"x\\\"y\"]", "a[\"x\\\"y\"]"),
            ("  a.b ", "a.b"),
        ] {
            assert_eq!(text.parse::<Path>().unwrap().to_string(), printed, "{text}");
        }
        assert_eq!("a[\"x".parse::<Path>(), Err(BadPath("a quote is not closed")));
        assert_eq!("a[\"x\\".parse::<Path>(), Err(BadPath("a quote is not closed")));
    }

    #[test]
    fn knows_what_is_lost() {
        let path = |text: &str| text.parse::<Path>().unwrap();
        let lost: Lost = ["services.b", "services.b-c", "classes.service.x"].map(path).into_iter().collect();
        for (wanted, may_hold, holds) in [
            ("services.b", true, true),
            ("services.b.c", true, true),
            ("services", true, false),
            ("services.a", false, false),
            ("services.bb", false, false),
            ("classes.service", true, false),
            ("", true, false),
            ("clusters", false, false),
        ] {
            assert_eq!((lost.may_hold(&path(wanted)), lost.holds(&path(wanted))), (may_hold, holds), "{wanted}");
        }
        let all: Lost = [Path::default()].into_iter().collect();
        assert!(all.holds(&path("a.b")) && !Lost::default().may_hold(&path("a")));
    }

    #[test]
    fn knows_what_is_within() {
        let path = |text: &str| text.parse::<Path>().unwrap();
        assert!(path("a.b[1]").is_within(&path("a.b")) && path("a.b").is_within(&path("a.b")));
        assert!(!path("a.bc").is_within(&path("a.b")) && !path("a").is_within(&path("a.b")));
    }
}
