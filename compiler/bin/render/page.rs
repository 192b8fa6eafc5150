//! The page of a diagnostic code, from Markdown to a terminal: headings stand out, examples are indented.

/// The text of a page.
pub(crate) fn render(page: &str) -> String {
    let bold = anstyle_bold();
    let mut text = String::new();
    let mut example = false;
    for line in page.lines() {
        if line.starts_with("```") {
            example = !example;
            continue;
        }
        let line = match line.strip_prefix("# ") {
            _ if example && line.is_empty() => String::new(),
            _ if example => format!("    {line}"),
            Some(heading) => format!("{bold}{heading}{bold:#}"),
            None => line.to_owned(),
        };
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn anstyle_bold() -> annotate_snippets::renderer::Style {
    annotate_snippets::renderer::Style::new().bold()
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
        .assert_eq(&super::render(page).replace('\u{1b}', ""));
    }
}
