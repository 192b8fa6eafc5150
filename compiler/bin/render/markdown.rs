//! A page of Markdown for a comment on a pull request: what matters first, and no longer than such a comment may be. In comes text of any origin, out go
//! whole lines. What a user wrote stands in code, where no renderer obeys it; nobody is mentioned, nothing is linked, no table is left.

use super::graph::escaped;
use super::lines::Lines;
use super::{View, count, plural, severity};
use platc::diagnostic::Diagnostic;
use platc::visible::visible;

/// The characters that a comment may have: GitHub refuses 65,536 and more, GitLab takes a million; some room is left for what a pipeline adds.
const MOST: usize = 65_000;

/// How much is lost if a part is left out, the most first. A page that is too long loses what stands last here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Rank {
    /// Without it the page says nothing.
    Head,
    /// What is done outside.
    Hazard,
    /// What differs.
    Difference,
    /// What can be looked up.
    Detail,
}

/// Lines that belong together, with items of which there may be too many.
#[derive(Debug)]
struct Block {
    rank: Rank,
    head: Vec<String>,
    items: Vec<String>,
    tail: Vec<String>,
    /// What the items are called, one of them.
    word: &'static str,
}

/// A page, as it is put together.
#[derive(Debug, Default)]
pub(crate) struct Page(Vec<Block>);

impl Page {
    /// A heading of the second or third level, or below.
    pub(crate) fn heading(&mut self, level: usize, text: &str) {
        self.push(Rank::Head, vec![format!("{} {text}", "#".repeat(level))], Vec::new(), Vec::new(), "line");
    }

    /// A paragraph.
    pub(crate) fn paragraph(&mut self, rank: Rank, text: &str) {
        self.push(rank, vec![text.to_owned()], Vec::new(), Vec::new(), "line");
    }

    /// A table below a line that says what it is of; cells are Markdown, without a line break.
    pub(crate) fn table(&mut self, rank: Rank, of: &str, heads: &[&str], rows: &[Vec<String>], word: &'static str) {
        if rows.is_empty() {
            return;
        }
        // A column in which nothing stands is left out.
        let is_told = |at: &usize| rows.iter().any(|row| row.get(*at).is_some_and(|cell| !cell.is_empty()));
        let told: Vec<usize> = (0..heads.len()).filter(is_told).collect();
        let line = |cells: &dyn Fn(usize) -> String| format!("| {} |", told.iter().map(|at| cells(*at)).collect::<Vec<_>>().join(" | "));
        let mut head = if of.is_empty() { Vec::new() } else { vec![of.to_owned(), String::new()] };
        head.push(line(&|at| heads.get(at).copied().unwrap_or_default().to_owned()));
        head.push(line(&|_| "---".to_owned()));
        let rows = rows.iter().map(|row| line(&|at| row.get(at).map_or_else(String::new, |cell| in_cell(cell))));
        self.push(rank, head, rows.collect(), Vec::new(), word);
    }

    /// A list.
    pub(crate) fn list(&mut self, rank: Rank, items: impl IntoIterator<Item = String>, word: &'static str) {
        let items: Vec<String> = items.into_iter().map(|item| format!("- {item}")).collect();
        if !items.is_empty() {
            self.push(rank, Vec::new(), items, Vec::new(), word);
        }
    }

    /// A list that is closed until somebody opens it.
    pub(crate) fn closed(&mut self, summary: &str, items: impl IntoIterator<Item = String>, word: &'static str) {
        let items: Vec<String> = items.into_iter().map(|item| format!("- {item}")).collect();
        if !items.is_empty() {
            let head = vec![format!("<details><summary>{}</summary>", html(summary)), String::new()];
            self.push(Rank::Detail, head, items, vec![String::new(), "</details>".to_owned()], word);
        }
    }

    /// What a change does outside, or what is wrong: each with its place, what else is known, and the way out.
    pub(crate) fn diagnostics(&mut self, diagnostics: &[Diagnostic], view: &View<'_>) {
        let one = |diagnostic: &Diagnostic| {
            let (code, kind) = (diagnostic.code.word(), severity(diagnostic.severity));
            let does = diagnostic.level.map_or_else(String::new, |level| format!(" (**{}**)", level.word()));
            let mut item = format!("- **{kind} {}**{does} {}", code_of(code), prose(&diagnostic.message));
            let mut below = |text: String| item.push_str(&format!("\n  - {text}"));
            let place = diagnostic.primary.as_ref().map(|label| format!("at {}", code_of(&view.at(label.span))));
            let path = diagnostic.subject.as_ref().map(|path| format!("of {}", code_of(&path.to_string())));
            let where_to: Vec<String> = place.into_iter().chain(path).collect();
            if !where_to.is_empty() {
                below(where_to.join(", "));
            }
            diagnostic.notes.iter().for_each(|note| below(prose(note)));
            diagnostic.hint.iter().for_each(|hint| below(format!("**help:** {}", prose(hint))));
            item
        };
        if !diagnostics.is_empty() {
            let (errors, warnings) = count(diagnostics);
            let words = [(errors, "error"), (warnings, "warning")].into_iter().filter(|(count, _)| *count > 0);
            let told: Vec<String> = words.map(|(count, word)| plural(count, word)).collect();
            let head = vec![format!("**{}**", told.join(", ")), String::new()];
            self.push(Rank::Hazard, head, diagnostics.iter().map(one).collect(), Vec::new(), "of these");
        }
    }

    /// How a file differs, closed until somebody opens it.
    pub(crate) fn diff(&mut self, path: &str, text: &str) {
        let fence = fence(text, 3);
        let head = vec![format!("<details><summary>{}</summary>", html(&format!("`{path}`"))), String::new(), format!("{fence}diff")];
        let tail = vec![fence, String::new(), "</details>".to_owned()];
        self.push(Rank::Detail, head, text.lines().map(str::to_owned).collect(), tail, "line");
    }

    /// Adds the parts of another page.
    pub(crate) fn append(&mut self, other: Page) {
        self.0.extend(other.0);
    }

    fn push(&mut self, rank: Rank, head: Vec<String>, items: Vec<String>, tail: Vec<String>, word: &'static str) {
        self.0.push(Block { rank, head, items, tail, word });
    }

    /// The page, with as much of it as there is room for.
    pub(crate) fn lines(&self) -> Lines {
        self.within(MOST)
    }

    fn within(&self, most: usize) -> Lines {
        let length = |lines: &[String]| lines.iter().map(|line| visible(line).chars().count() + 1).sum::<usize>();
        let mut order: Vec<usize> = (0..self.0.len()).collect();
        order.sort_by_key(|at| self.0.get(*at).map(|block| block.rank));
        // How many items of each block are told; none where there is no room for its head.
        let mut told: Vec<Option<usize>> = vec![None; self.0.len()];
        let mut left = most.saturating_sub(LEFT_OUT.len() + REST);
        for (at, block) in order.iter().filter_map(|at| Some((at, self.0.get(*at)?))) {
            let around = length(&block.head) + length(&block.tail) + 2 + REST;
            let Some(mut room) = left.checked_sub(around) else { continue };
            let fits = |item: &&String| match room.checked_sub(length(std::slice::from_ref(item)) + 3 * item.matches('\n').count()) {
                Some(rest) => {
                    room = rest;
                    true
                }
                None => false,
            };
            let items = block.items.iter().take_while(fits).count();
            if items == 0 && !block.items.is_empty() {
                continue;
            }
            left = room;
            if let Some(told) = told.get_mut(*at) {
                *told = Some(items);
            }
        }
        let mut lines = Lines::default();
        for (block, items) in self.0.iter().zip(&told).filter_map(|(block, told)| Some((block, (*told)?))) {
            block.head.iter().for_each(|line| lines.line(line));
            block.items.iter().take(items).flat_map(|item| item.split('\n')).for_each(|line| lines.line(line));
            if let Some(more) = block.items.len().checked_sub(items).filter(|more| *more > 0) {
                lines.line("");
                lines.line(&format!(
                    "… and {more} more {}",
                    if more == 1 || block.word.starts_with("of ") { block.word.to_owned() } else { format!("{}s", block.word) }
                ));
            }
            block.tail.iter().for_each(|line| lines.line(line));
            lines.line("");
        }
        if told.iter().any(Option::is_none) {
            lines.line(LEFT_OUT);
        }
        lines
    }
}

/// Said where parts are left out.
const LEFT_OUT: &str =
    "*Some parts are left out here, because a comment may not be longer: the same command without `--format markdown` shows them.*";

/// Room for a line that counts what is left out of a block.
const REST: usize = 40;

/// Text as code; whatever it holds, nothing in it is obeyed.
pub(crate) fn code_of(text: &str) -> String {
    let text = visible(text);
    if text.trim().is_empty() {
        return format!("`\"{text}\"`");
    }
    // A backtick at an end is held off by a space.
    let fence = fence(&text, 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A fence of so many backticks at least, longer than any in a text.
fn fence(text: &str, least: usize) -> String {
    let longest = text.split(|char| char != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(least.max(longest + 1))
}

/// A sentence of ours, in which names stand in backticks; outside of these nothing is obeyed.
pub(crate) fn prose(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    let is_paired = pieces.len() % 2 == 1;
    let piece = |(at, piece): (usize, &&str)| match at % 2 {
        1 if is_paired && !piece.is_empty() => code_of(piece),
        1 if is_paired => "\\`\\`".to_owned(),
        1 => format!("\\`{}", plain(piece)),
        _ if !is_paired && at > 0 => format!("\\`{}", plain(piece)),
        _ => plain(piece),
    };
    pieces.iter().enumerate().map(piece).collect()
}

/// Text outside of code, with what Markdown would obey marked as text.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in visible(text).chars() {
        match char {
            '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '$' => escaped.extend(['\\', char]),
            // Nobody is called, and nothing refers to an issue; entities stay text.
            '@' => escaped.push_str("&#64;"),
            '#' => escaped.push_str("&#35;"),
            '&' => escaped.push_str("&amp;"),
            char => escaped.push(char),
        }
    }
    // Renderers link addresses by themselves.
    escaped.replace("://", "&#58;//").replace("www.", "www&#46;")
}

/// Markdown in a cell of a table: a bar ends the cell wherever it stands, even in code.
fn in_cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// A line in HTML: names in backticks as code.
fn html(text: &str) -> String {
    let pieces = text.split('`').enumerate();
    pieces.map(|(at, piece)| if at % 2 == 1 { format!("<code>{}</code>", escaped(piece)) } else { escaped(piece) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn nothing_of_a_user_is_obeyed() {
        assert_eq!(code_of("a"), "`a`");
        assert_eq!(code_of("a`b``c"), "```a`b``c```");
        assert_eq!(code_of("`"), "`` ` ``");
        assert_eq!(code_of(""), "`\"\"`");
        assert_eq!(code_of("a\n<b>"), "`a\\n<b>`");
        assert_eq!(prose("`a*` is *b* of @c <d> #1 https://x"), "`a*` is \\*b\\* of &#64;c \\<d\\> &#35;1 https&#58;//x");
        assert_eq!(prose("one ` alone"), "one \\` alone");
        // Readers of tables take one backslash off in front of a bar, before they look for code.
        assert_eq!(in_cell("`a|b` \\| c"), "`a\\|b` \\\\| c");
    }

    fn page() -> Page {
        let mut page = Page::default();
        page.heading(2, "Changes");
        page.closed("3 files of `a<b`", ["one", "two", "three"].map(str::to_owned), "file");
        page.table(Rank::Difference, "", &["value", "a", "nothing"], &[vec!["`x`".to_owned(), "`1|2`".to_owned(), String::new()]], "value");
        page.list(Rank::Hazard, ["first".to_owned(), "second".to_owned()], "hazard");
        page
    }

    #[test]
    fn a_page_is_laid_out() {
        expect![[r#"
            ## Changes

            <details><summary>3 files of <code>a&lt;b</code></summary>

            - one
            - two
            - three

            </details>

            | value | a |
            | --- | --- |
            | `x` | `1\|2` |

            - first
            - second

        "#]]
        .assert_eq(page().lines().text());
    }

    #[test]
    fn what_is_too_long_loses_what_matters_least() {
        let (page, whole) = (page(), page().lines().text().chars().count());
        for most in 0..whole + 400 {
            let shown = page.within(most).text().to_owned();
            assert!(most < 200 || shown.chars().count() <= most, "{most}: {shown}");
            let has = |text: &str| shown.contains(text);
            assert!(!has("<details>") || has("</details>") && has("- first"), "{most}: {shown}");
            assert!(!has("`x`") || has("- first"), "{most}: {shown}");
            let is_whole = ["## Changes", "- three", "`x`", "- second"].into_iter().all(has);
            assert_eq!(has("are left out here") || has(" more "), !is_whole, "{most}: {shown}");
        }
    }
}
