//! Differences between environments for a comment on a pull request: a table for each thing, and closed below it what follows.

use super::row::Row;
use super::{Detail, Named, brief, head, identity_rows, only_rows, sentences};
use crate::render::markdown::{Page, Rank, code_of, prose};
use platc::query::diff::{Changed, Comparison, Difference};

/// Values longer than this are cut: tables in comments are narrow.
const LIMIT: usize = 60;

/// Differences by entity below what they come to.
pub(crate) fn page(comparison: &Comparison<'_>, first: Named<'_>, second: Named<'_>, detail: Detail) -> Page {
    let mut page = Page::default();
    page.heading(3, &format!("{} → {}", code_of(first.name), code_of(second.name)));
    // Both names stand above.
    let names = format!("{} and {}: ", first.name, second.name);
    for sentence in sentences(comparison, first.name, second.name) {
        page.paragraph(Rank::Head, &prose(sentence.strip_prefix(&names).unwrap_or(&sentence)));
    }
    let all = match detail {
        Detail::Names => {
            page.list(Rank::Difference, brief::names(comparison).iter().map(|name| code_of(name)), "thing");
            return page;
        }
        Detail::Counts => {
            let mut rows = brief::counts(comparison, first.name, second.name);
            rows.iter_mut().for_each(|row| {
                row.iter_mut().enumerate().for_each(|(at, cell)| *cell = if at == 0 { code_of(cell) } else { prose(cell) })
            });
            page.table(Rank::Difference, "", &["", "differs in", ""], &rows, "thing");
            return page;
        }
        Detail::Values => false,
        Detail::All => true,
    };
    let heads = ["", first.name, second.name, "set at", "", "follows"];
    let heads: Vec<String> =
        heads.iter().map(|head| if head.contains(' ') || head.is_empty() { (*head).to_owned() } else { prose(head) }).collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut section = |head: &str, values: &[Difference<'_>], rank| {
        let rows: Vec<Row> = values.iter().map(|value| Row::of(value, comparison, first, second, LIMIT)).collect();
        let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
        page.table(rank, &format!("**{}**", code_of(head)), &heads, &cells, "value");
        let follow =
            |row: &Row| row.followers.iter().map(|path| format!("{} from {}", code_of(path), code_of(&row.path))).collect::<Vec<_>>();
        let following: Vec<String> = rows.iter().flat_map(follow).collect();
        let words = if following.len() == 1 { "1 value follows".to_owned() } else { format!("{} values follow", following.len()) };
        page.closed(&words, following, "value");
    };
    section("environment", &comparison.environments, Rank::Difference);
    let name = |changed: &Changed<'_>| head(changed, comparison);
    comparison.changed.iter().for_each(|changed| section(&name(changed), &changed.values, Rank::Difference));
    if all {
        section("left out in environment", &comparison.left_out, Rank::Detail);
        let left_out = |head: String| format!("left out in {head}");
        comparison.changed.iter().for_each(|changed| section(&left_out(name(changed)), &changed.left_out, Rank::Detail));
    }
    for (list, named, side) in [(&comparison.only_first, first, comparison.first), (&comparison.only_second, second, comparison.second)] {
        let row = |cells: Vec<String>| {
            let mut cells = cells.into_iter();
            let (address, place, with) =
                (cells.next().unwrap_or_default(), cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
            vec![code_of(&address), code_of(&place), prose(&with)]
        };
        let rows: Vec<Vec<String>> = only_rows(list, comparison, side, &named.view).into_iter().map(row).collect();
        page.table(Rank::Difference, &format!("**only in {}**", prose(named.name)), &["", "defined at", ""], &rows, "thing");
    }
    for (head, rows) in identity_rows(comparison, first, second) {
        let rows: Vec<Vec<String>> =
            rows.into_iter().map(|[what, places, so]| vec![code_of(&what), code_of(&places), prose(&so)]).collect();
        page.table(Rank::Difference, &format!("**{head}**"), &["", "written at", ""], &rows, "thing");
    }
    page
}

fn cells(row: &Row) -> Vec<String> {
    let places = match (&row.places.0, &row.places.1) {
        (here, Some(there)) => format!("{} → {}", placed(here), placed(there)),
        (here, None) if row.expression.is_empty() => placed(here),
        (here, None) => format!("{} {}", placed(here), code_of(&row.expression)),
    };
    let replaces = row.replaces.as_ref().map_or_else(String::new, |words| format!("**{words}**"));
    vec![code_of(&row.path), value(&row.old), value(&row.new), places, replaces, follows(row.followers.len())]
}

/// What is not there is a word of ours.
fn value(text: &str) -> String {
    if text == "(not set)" { "*not set*".to_owned() } else { code_of(text) }
}

fn placed(place: &str) -> String {
    if place == "-" { "–".to_owned() } else { code_of(place) }
}

fn follows(count: usize) -> String {
    if count == 0 { String::new() } else { format!("{count} more") }
}
