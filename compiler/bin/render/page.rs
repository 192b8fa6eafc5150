//! The page of a diagnostic code, from Markdown to a terminal: headings stand out, examples are indented.

use super::lines::Lines;
use annotate_snippets::renderer::Style;

/// The text of a page.
pub(crate) fn render(page: &str) -> Lines {
    let mut lines = Lines::default();
    let mut example = false;
    for line in page.lines() {
        if line.starts_with("```") {
            example = !example;
            continue;
        }
        match line.strip_prefix("# ") {
            _ if example && line.is_empty() => lines.line(""),
            _ if example => lines.line(&format!("    {line}")),
            Some(heading) => lines.styled(&[(Style::new().bold(), heading)]),
            None => lines.line(line),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    #[test]
    fn headings_and_examples() {
        let page = "# a-code\n\nText.\n\n```yaml fails\na: 1\n\nb: 2\n```\n\nMore.\n";
        expect![[r#"
            [1ma-code[0m

            Text.

                a: 1

                b: 2

            More.
        "#]]
        .assert_eq(&super::render(page).text().replace('\u{1b}', ""));
    }
}
