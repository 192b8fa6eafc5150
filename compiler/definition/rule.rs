//! Rules of a class as they are written. Nothing is evaluated here.

use super::fragment::USE;
use super::language::Language;
use super::literal::{self, Owner};
use super::{directive, errors};
use crate::diagnostic::{Diagnostics, Severity};
use crate::span::Span;
use crate::value::Value;

/// A rule of a class.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Must be true.
    pub assert: Value,
    /// What to say if it is not.
    pub message: Value,
    /// The field the error points to.
    pub at: Option<Value>,
    /// Error unless it says warning.
    pub severity: Severity,
    /// Only checked if true.
    pub when: Option<Value>,
    /// Where the rule stands.
    pub span: Span,
}

/// Reads the rules of a class.
pub(super) fn rules(value: Option<&Value>, language: &Language, diagnostics: &mut Diagnostics) -> Vec<Rule> {
    let Some(value) = value else { return Vec::new() };
    let Some(items) = value.as_list() else {
        diagnostics.push(errors::section_type("rules", "a list", value.origin.span));
        return Vec::new();
    };
    let mut rules = Vec::new();
    for item in items {
        for entry in item.as_map().map(crate::value::Map::entries).unwrap_or_default() {
            let known = ["assert", "message", "at", "severity", "when"];
            if &*entry.key == USE && entry.template.is_none() {
                // It is said of all sections that cannot have it alike.
            } else if directive::is_word(entry) {
                diagnostics.push(errors::word_in_rule(&entry.key, entry.span));
            } else if !known.contains(&&*entry.key) {
                diagnostics.push(errors::unknown_class_section(&entry.key, entry.span, &known));
            }
        }
        let (Some(assert), Some(message)) = (item.get("assert"), item.get("message")) else {
            diagnostics.push(errors::section_type("rules", "a list of maps with `assert` and `message`", item.origin.span));
            continue;
        };
        literal::check(Owner::Rule, item, &language.rule, diagnostics);
        let severity = match item.get("severity") {
            Some(found) if found.as_str() == Some("warning") => Severity::Warning,
            Some(found) if found.as_str() != Some("error") && !found.is_dynamic() => {
                diagnostics.push(errors::section_type("severity", "`error` or `warning`", found.origin.span));
                Severity::Error
            }
            Some(_) | None => Severity::Error,
        };
        rules.push(Rule {
            assert: assert.clone(),
            message: message.clone(),
            at: item.get("at").cloned(),
            severity,
            when: item.get("when").cloned(),
            span: item.origin.span,
        });
    }
    rules
}
