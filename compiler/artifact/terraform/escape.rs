//! Text as Terraform reads it: literal text escaped where templates are read, references bare or in `${…}`. Knows no blocks.

use std::borrow::Cow;

/// How Terraform reads text at a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TerraformReading {
    /// As a template: `${…}` is an expression.
    Template,
    /// As a bare address or name: `aws_vpc.this.id`.
    Address,
    /// As the bare address of a whole object: `aws_vpc.this`.
    Object,
    /// As it is; nothing is interpreted and no reference is possible.
    Literal,
}

/// Literal text for a template: `${` and `%{` doubled at their first character.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains("${") && !text.contains("%{") {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("${", "$${").replace("%{", "%%{"))
}

/// A template in the making: literal text and expressions in any order.
#[derive(Default)]
pub(super) struct TerraformTemplate {
    done: String,
    literal: String,
}

impl TerraformTemplate {
    /// Adds literal text.
    pub(super) fn text(&mut self, text: &str) {
        // Escaped only when it is complete: a `$` and a `{` of two neighbours belong together.
        self.literal.push_str(text);
    }

    /// Adds template text as it is.
    pub(super) fn raw(&mut self, raw: &str) {
        self.settle(raw);
        self.done.push_str(raw);
    }

    /// Adds an expression.
    pub(super) fn expression(&mut self, expression: &str) {
        self.settle("${");
        self.done.push_str("${");
        self.done.push_str(expression);
        self.done.push('}');
    }

    /// The whole template.
    pub(super) fn finish(mut self) -> String {
        self.settle("");
        self.done
    }

    fn settle(&mut self, next: &str) {
        let literal = std::mem::take(&mut self.literal);
        // A literal `$` right before `${` would be read as an escape, so it has to come out of an expression itself.
        let marker = match next.as_bytes() {
            [marker @ (b'$' | b'%'), b'{', ..] => Some(char::from(*marker)),
            _ => None,
        };
        match marker.and_then(|marker| literal.strip_suffix(marker).map(|rest| (rest, marker))) {
            Some((rest, marker)) => {
                self.done.push_str(&escape(rest));
                self.done.push_str(&format!("${{\"{marker}\"}}"));
            }
            None => self.done.push_str(&escape(&literal)),
        }
    }
}

/// What stands in `${…}`, if that is the whole text.
pub(super) fn unwrap(raw: &str) -> &str {
    let inner = raw.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    inner.filter(|inner| !inner.contains("${")).map_or(raw, str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(build: impl FnOnce(&mut TerraformTemplate), expected: Expect) {
        let mut template = TerraformTemplate::default();
        build(&mut template);
        expected.assert_eq(&template.finish());
    }

    #[test]
    fn literal_text_is_escaped() {
        check(|t| t.text("${aws:username} %{http_code} $ 100% $${x}"), expect!["$${aws:username} %%{http_code} $ 100% $$${x}"]);
    }

    #[test]
    fn a_marker_split_between_pieces_is_still_escaped() {
        check(
            |t| {
                t.text("$");
                t.text("{x}");
            },
            expect!["$${x}"],
        );
    }

    #[test]
    fn a_dollar_before_an_expression_does_not_escape_it() {
        check(
            |t| {
                t.text("cost: $");
                t.expression("local.cost");
                t.text(" 5%");
                t.raw("%{ if true }!%{ endif }");
            },
            expect![[r#"cost: ${"$"}${local.cost} 5${"%"}%{ if true }!%{ endif }"#]],
        );
    }

    #[test]
    fn only_a_whole_expression_is_unwrapped() {
        assert_eq!(unwrap("${ aws_vpc.this }"), "aws_vpc.this");
        assert_eq!(unwrap("${a}-${b}"), "${a}-${b}");
        assert_eq!(unwrap("a"), "a");
    }
}
