//! Columns that line up.

use super::lines::Lines;
use platc::visible::visible;
use unicode_width::UnicodeWidthStr;

/// Rows as lines: cells of a column equally wide, two spaces between them, none at the end.
pub(crate) fn render(rows: &[Vec<String>], indent: &str) -> Lines {
    let rows: Vec<Vec<_>> = rows.iter().map(|row| row.iter().map(|cell| visible(cell)).collect()).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut lines = Lines::default();
    for row in &rows {
        let mut line = indent.to_owned();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', (width + 2).saturating_sub(cell.width())));
        }
        lines.line(line.trim_end());
    }
    lines
}

/// At most `limit` characters, the last of them an ellipsis if there were more; every one of them visible.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    let shown = visible(text);
    if shown.chars().count() <= limit {
        return shown.into_owned();
    }
    let mut cut: String = shown.chars().take(limit.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn lines_up() {
        let rows = [
            vec!["a".to_owned(), "bb".to_owned(), "c".to_owned()],
            vec!["äöü".to_owned(), "b".to_owned()],
            vec!["漢\n1".to_owned(), "b".to_owned()],
        ];
        expect![[r#"
            - a      bb  c
            - äöü    b
            - 漢\n1  b
        "#]]
        .assert_eq(render(&rows, "- ").text());
        assert_eq!(cut("abc\nd", 5), "abc\\…");
        assert_eq!(cut("abc", 3), "abc");
    }
}
