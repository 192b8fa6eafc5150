//! One value that differs, in words: both values, the places that set them, what taking it over does. In comes a difference, out go cells.

use super::{LIMIT, Named, elsewhere, replacement};
use crate::render::View;
use crate::render::explain::{expression, written};
use platc::query::diff::{Comparison, Difference, Replaced, Side};
use platc::secret::HIDDEN;
use platc::table::Replaces;
use platc::value::Value;

/// The words for a difference.
pub(super) struct Row {
    pub(super) path: String,
    /// The value in the first.
    pub(super) old: String,
    /// The value in the second.
    pub(super) new: String,
    /// Where the first was set, and the second if that is elsewhere.
    pub(super) places: (String, Option<String>),
    /// The expression that gives both.
    pub(super) expression: String,
    /// What taking it over replaces, if anything.
    pub(super) replaces: Option<String>,
    /// Paths of what follows from it.
    pub(super) followers: Vec<String>,
}

impl Row {
    /// The words, with values of so many characters at most.
    pub(super) fn of(difference: &Difference<'_>, comparison: &Comparison<'_>, first: Named<'_>, second: Named<'_>, limit: usize) -> Self {
        let (one, other) = (comparison.first, comparison.second);
        let names = (first.name, second.name);
        let (first, second) = (&first.view, &second.view);
        let value = |value: Option<&Value>, view, side: Side<'_>, limit| {
            value.map_or_else(
                || "(not set)".to_owned(),
                |value| if difference.secret { HIDDEN.to_owned() } else { written(value, view, &side.model.secrets, limit) },
            )
        };
        let both = |limit| (value(difference.first, first, one, limit), value(difference.second, second, other, limit));
        let (mut old, mut new) = both(limit);
        if old == new {
            // They differ where they were cut.
            (old, new) = both(usize::MAX);
        }
        if old == new && !difference.secret {
            // Or in what they are: the number `1` is not the number `1.0`.
            let typed = |text: String, value: Option<&Value>| value.map_or(text.clone(), |value| format!("{text} ({})", value.describe()));
            (old, new) = (typed(old, difference.first), typed(new, difference.second));
        }
        // What an expression only hands on was decided there, and written elsewhere.
        let place = |value: Option<&Value>, view: &View<'_>| match value {
            None => "-".to_owned(),
            Some(value) if value.decided().span != value.origin.span => {
                format!("{}, reads {}", view.at(value.decided().span), view.at(value.origin.span))
            }
            Some(value) => view.at(value.origin.span),
        };
        let (here, there) = (place(difference.first, first), place(difference.second, second));
        // One place with two values is an expression.
        let is_one = here == there;
        let said = difference.first.filter(|_| is_one && !difference.secret).and_then(|value| expression(value, value.origin, first));
        let replaces = match (difference.replaces, replacement(difference)) {
            (Some(Replaced::Named(kind)), _) => Some(format!("replaces the {}", kind.words())),
            (Some(Replaced::First), _) => Some(format!("replaces in {}", names.0)),
            (Some(Replaced::Second), _) => Some(format!("replaces in {}", names.1)),
            (_, Replaces::Yes) => Some("replaces".to_owned()),
            (_, Replaces::Maybe) => Some("may replace".to_owned()),
            (_, Replaces::Unknown) => Some("replacement unknown".to_owned()),
            (_, Replaces::No) => None,
        };
        // What is made has its own address, whichever of the two sides names it.
        let passed = difference.passed_on.iter().map(|passed| elsewhere(passed, comparison));
        let followers = difference.followers.iter().map(ToString::to_string).chain(passed).collect();
        let places = (here, (!is_one).then_some(there));
        Self { path: difference.path.to_string(), old, new, places, expression: said.unwrap_or_default(), replaces, followers }
    }

    /// The cells of a table on a screen; what follows is counted, unless all of it stands below.
    pub(super) fn cells(self, all: bool) -> Vec<String> {
        let (here, there) = self.places;
        let places = match there {
            Some(there) => format!("{here} → {there}"),
            None => format!("{here}  {}", self.expression),
        };
        let mut cells = vec![self.path, format!("{} → {}", self.old, self.new), places];
        cells.extend(self.replaces);
        match self.followers.as_slice() {
            [] => {}
            _ if all => {}
            [one] => cells.push(format!("so does {}", crate::render::table::cut(one, 2 * LIMIT))),
            more => cells.push(format!("so do {} values that follow from it", more.len())),
        }
        cells
    }
}
