//! Columns that line up.

/// Rows as lines: cells of a column equally wide, two spaces between them, none at the end.
pub(crate) fn render(rows: &[Vec<String>], indent: &str) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = indent.to_owned();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width + 2 - cell.chars().count()));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// At most `limit` characters, the last of them an ellipsis if there were more; line breaks and control characters made visible.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    let shown: String =
        text.chars().flat_map(|char| if char.is_control() { char.escape_default().collect() } else { vec![char] }).collect();
    if shown.chars().count() <= limit {
        return shown;
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
        let rows = [vec!["a".to_owned(), "bb".to_owned(), "c".to_owned()], vec!["äöü".to_owned(), "b".to_owned()]];
        expect![[r#"
            - a    bb  c
            - äöü  b
        "#]]
        .assert_eq(&render(&rows, "- "));
        assert_eq!(cut("abc\nd", 5), "abc\\…");
        assert_eq!(cut("abc", 3), "abc");
    }
}
