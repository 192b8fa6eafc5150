//! What the tests of this room share: a host with a few values, and evaluation to text.

use super::*;
use crate::code::Code;
use crate::span::FileId;

/// A host with named values.
pub(crate) struct Names(pub(crate) Vec<(&'static str, Val)>);

impl Host for Names {
    fn name(&self, name: &str) -> Result<Option<Val>, Fault> {
        Ok(self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()))
    }

    fn names(&self) -> Vec<Arc<str>> {
        self.0.iter().map(|(name, _)| (*name).into()).collect()
    }

    fn field(&self, _: Node, _: &str) -> Result<Option<Val>, Fault> {
        Ok(None)
    }

    fn fields(&self, _: Node) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn force(&self, _: Node) -> Result<Val, Fault> {
        Err(Fault::Reported)
    }
}

fn value(expression: &str, host: &dyn Host) -> Result<Val, Fault> {
    let map = TextMap::verbatim(FileId(0), 0, expression.len());
    let expr = parse(expression, &map).map_err(Fault::Diagnostic)?;
    evaluate(&expr, host)
}

/// The text that an expression evaluates to.
pub(crate) fn string(expression: &str) -> String {
    match value(expression, &Names(Vec::new())) {
        Ok(Val::String(text)) => text.to_string(),
        other => panic!("{other:?}"),
    }
}

/// What an expression evaluates to, or its error with the text it points at.
pub(crate) fn evaluated(expression: &str) -> String {
    match value(expression, &Names(Vec::new())) {
        Ok(Val::String(text)) => text.to_string(),
        Ok(value) => errors::short(&value),
        Err(Fault::Reported) => "reported".to_owned(),
        Err(Fault::Diagnostic(diagnostic)) => shown(expression, &diagnostic),
    }
}

/// A diagnostic with the texts it points at.
pub(crate) fn shown(text: &str, diagnostic: &Diagnostic) -> String {
    let mut out = format!("{}: {}", diagnostic.code.word(), diagnostic.message);
    let labels = diagnostic.primary.iter().chain(&diagnostic.labels);
    for label in labels {
        out.push_str(&format!("\n  {:?} {}", &text[label.span.start as usize..label.span.end as usize], label.text));
    }
    if let Some(hint) = &diagnostic.hint {
        out.push_str(&format!("\n  = {hint}"));
    }
    out
}

#[test]
fn codes_are_known() {
    assert!(Code::ALL.contains(&Code::ExpressionSyntax));
}
