//! What classes say otherwise, and what comes of it, in words: a row for each place. In come places with the things and files that they reach, out go lines, JSON
//! and a table for a comment.

use super::{Detail, LIMIT};
use crate::render::View;
use crate::render::explain::written;
use crate::render::lines::Lines;
use crate::render::markdown::{Page, Rank, code_of, prose};
use crate::render::{plural, table};
use annotate_snippets::renderer::Style;
use platc::query::classes::ClassDifference;
use platc::query::show;
use platc::secret::Secrets;
use platc::span::Span;
use platc::value::Value;
use serde_json::{Value as Json, json};

/// One version, as far as its classes are told.
#[derive(Clone, Copy)]
pub(crate) struct ClassSide<'a> {
    pub(crate) view: View<'a>,
    pub(crate) secrets: &'a Secrets,
}

impl ClassSide<'_> {
    fn value(&self, side: Option<(&Value, Span)>, limit: usize) -> String {
        side.map_or_else(|| "(not set)".to_owned(), |(value, _)| written(value, &self.view, self.secrets, limit))
    }

    fn place(&self, side: Option<(&Value, Span)>) -> String {
        side.map_or_else(|| "-".to_owned(), |(_, at)| self.view.at(at))
    }

    fn json(&self, side: Option<(&Value, Span)>) -> Json {
        side.map_or(
            Json::Null,
            |(value, at)| json!({ "value": show::json(&show::tree(value, self.secrets)), "place": self.view.place(at) }),
        )
    }
}

/// Both values, whole where they differ only behind what is cut.
fn values(difference: &ClassDifference<'_>, first: &ClassSide<'_>, second: &ClassSide<'_>) -> [String; 2] {
    let both = |limit| [first.value(difference.first, limit), second.value(difference.second, limit)];
    let [old, new] = both(LIMIT);
    if old == new { both(usize::MAX) } else { [old, new] }
}

/// `→ 12 things, 23 files`.
fn reach(difference: &ClassDifference<'_>) -> String {
    format!("→ {}, {}", plural(difference.things.len(), "thing"), plural(difference.files.len(), "file"))
}

/// The places as lines, below a head.
pub(crate) fn text(differences: &[ClassDifference<'_>], first: ClassSide<'_>, second: ClassSide<'_>, detail: Detail) -> Lines {
    let mut lines = Lines::default();
    if differences.is_empty() {
        return lines;
    }
    match detail {
        Detail::Names => classes(differences).iter().for_each(|class| lines.line(&format!("class {class}"))),
        Detail::Counts => {
            let row = |class: &&str| {
                let count = differences.iter().filter(|difference| *difference.class == **class).count();
                vec![format!("class {class}"), plural(count, "place")]
            };
            lines.append(&table::render(&classes(differences).iter().map(row).collect::<Vec<_>>(), "  "));
        }
        Detail::Values | Detail::All => {
            for class in classes(differences) {
                lines.styled(&[(Style::new().bold(), &format!("class {class}"))]);
                let own: Vec<&ClassDifference<'_>> = differences.iter().filter(|difference| *difference.class == *class).collect();
                let row = |difference: &&ClassDifference<'_>| {
                    let [old, new] = values(difference, &first, &second);
                    let places = format!("{} → {}", first.place(difference.first), second.place(difference.second));
                    vec![difference.path.to_string(), format!("{old} → {new}"), places, reach(difference)]
                };
                let told = table::render(&own.iter().map(row).collect::<Vec<_>>(), "  ");
                match detail {
                    Detail::All => lines.interleave(&told, own.iter().map(|difference| reached(difference, "    ").collect())),
                    Detail::Values | Detail::Counts | Detail::Names => lines.append(&told),
                }
                lines.line("");
            }
        }
    }
    lines
}

/// Things and files, each in a line.
fn reached<'d>(difference: &'d ClassDifference<'_>, indent: &'d str) -> impl Iterator<Item = String> + 'd {
    difference.things.iter().chain(&difference.files).map(move |name| format!("{indent}{name}"))
}

/// The classes, each once.
fn classes<'d>(differences: &'d [ClassDifference<'_>]) -> Vec<&'d str> {
    let mut known: Vec<&str> = Vec::new();
    for difference in differences {
        if !known.contains(&&*difference.class) {
            known.push(&difference.class);
        }
    }
    known
}

/// The places for machines.
pub(crate) fn json(differences: &[ClassDifference<'_>], first: ClassSide<'_>, second: ClassSide<'_>) -> Json {
    let one = |difference: &ClassDifference<'_>| {
        json!({
            "class": &*difference.class,
            "path": difference.path.to_string(),
            "first": first.json(difference.first),
            "second": second.json(difference.second),
            "entities": difference.things,
            "files": difference.files,
        })
    };
    differences.iter().map(one).collect()
}

/// The places for a comment.
pub(crate) fn page(differences: &[ClassDifference<'_>], first: ClassSide<'_>, second: ClassSide<'_>, detail: Detail) -> Page {
    let mut page = Page::default();
    if differences.is_empty() {
        return page;
    }
    page.heading(3, "Classes");
    if matches!(detail, Detail::Names | Detail::Counts) {
        page.list(Rank::Difference, classes(differences).iter().map(|class| code_of(&format!("class {class}"))), "class");
        return page;
    }
    for class in classes(differences) {
        let own = differences.iter().filter(|difference| *difference.class == *class);
        let cell = |text: &str| match text {
            "(not set)" => "*not set*".to_owned(),
            "-" => "–".to_owned(),
            text => code_of(text),
        };
        let row = |difference: &ClassDifference<'_>| {
            let [old, new] = values(difference, &first, &second);
            let places = format!("{} → {}", cell(&first.place(difference.first)), cell(&second.place(difference.second)));
            vec![code_of(&difference.path.to_string()), cell(&old), cell(&new), places, prose(&reach(difference))]
        };
        let rows: Vec<Vec<String>> = own.clone().map(row).collect();
        page.table(
            Rank::Difference,
            &format!("**class {}**", code_of(class)),
            &["", "before", "now", "written at", "reaches"],
            &rows,
            "value",
        );
        let things: std::collections::BTreeSet<&String> = own.flat_map(|difference| &difference.things).collect();
        page.closed(&plural(things.len(), "thing"), things.iter().map(|thing| code_of(thing)), "thing");
    }
    page
}
