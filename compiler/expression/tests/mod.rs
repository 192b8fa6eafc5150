//! What the tests of this room share: a host with a small platform, and evaluation to text. Then the cases that belong to no single file.

mod bounds;
mod functions;
mod late;
mod names;
mod notations;
mod syntax;
mod templates;
mod types;

use super::*;
use crate::span::{FileId, Span};
use expect_test::{Expect, expect};

/// A host with named values; nodes are positions in its list.
#[derive(Default)]
pub(crate) struct Names {
    names: Vec<(Arc<str>, Val)>,
    nodes: Vec<Val>,
}

impl Names {
    fn node(&mut self, value: Val) -> Val {
        self.nodes.push(value);
        Val::Node(HostNode(self.nodes.len() as u64 - 1))
    }

    fn at(&self, node: HostNode) -> &Val {
        &self.nodes[usize::try_from(node.0).unwrap()]
    }
}

impl Host for Names {
    fn name(&self, name: &str) -> Result<Option<Val>, Fault> {
        if name == "broken" {
            return Err(Fault::Reported);
        }
        Ok(self.names.iter().find(|(known, _)| &**known == name).map(|(_, value)| value.clone()))
    }

    fn names(&self) -> Vec<Arc<str>> {
        self.names.iter().map(|(name, _)| Arc::clone(name)).collect()
    }

    fn field(&self, node: HostNode, key: &str) -> Result<Option<Val>, Fault> {
        let Val::Map(map) = self.at(node) else { return Ok(None) };
        Ok(map.get(&Key::String(key.into())).cloned())
    }

    fn fields(&self, node: HostNode) -> Vec<Arc<str>> {
        let Val::Map(map) = self.at(node) else { return Vec::new() };
        map.entries().iter().map(|(key, _)| key.to_string().into()).collect()
    }

    fn force(&self, node: HostNode) -> Result<Val, Fault> {
        Ok(self.at(node).clone())
    }
}

fn map(entries: Vec<(&str, Val)>) -> Val {
    Val::map(entries.into_iter().map(|(key, value)| (Key::String(key.into()), value)))
}

fn texts(items: &[&str]) -> Val {
    Val::list(items.iter().map(|item| Val::string(*item)).collect())
}

/// A platform in miniature.
pub(crate) fn platform() -> Names {
    let mut host = Names::default();
    let zones = host.node(texts(&["eu-west-1a", "eu-west-1b"]));
    let network = host.node(map(vec![("cidr", Val::string("10.0.0.0/16"))]));
    let this = host.node(map(vec![
        ("region", Val::string("eu-west-1")),
        ("zones", zones),
        ("network", network),
        ("replicas", Val::Int(3)),
        ("empty", Val::Null),
    ]));
    let certs = host.node(map(vec![("namespace", Val::string("certs"))]));
    let services = host.node(map(vec![("cert-manager", certs)]));
    let reference = LateReference {
        environment: "apps".into(),
        stack: "gc0".into(),
        address: "aws_eks_cluster.this".into(),
        output: None,
        sensitive: None,
        private: None,
        span: Span { file: FileId(0), start: 0, end: 0 },
    };
    let late = Val::Late(Arc::new(Late::reference(reference)));
    host.names = vec![("self".into(), this), ("services".into(), services), ("late".into(), late), ("name".into(), Val::string("gc0"))];
    host
}

fn value(expression: &str, host: &dyn Host) -> Result<Val, Fault> {
    let map = TextMap::verbatim(FileId(0), 0, expression.len());
    let expr = parse(expression, &map).map_err(Fault::Diagnostic)?;
    evaluate(&expr, host)
}

/// The text that an expression evaluates to.
pub(crate) fn string(expression: &str) -> String {
    match value(expression, &platform()) {
        Ok(Val::String(text)) => text.to_string(),
        other => panic!("{other:?}"),
    }
}

/// What an expression evaluates to, or its error with the texts it points at.
pub(crate) fn evaluated(expression: &str) -> String {
    show(expression, value(expression, &platform()))
}

fn show(text: &str, outcome: Result<Val, Fault>) -> String {
    match outcome {
        Ok(Val::String(text)) => text.to_string(),
        Ok(Val::Late(late)) => late.pieces.iter().map(piece).collect::<Vec<_>>().join(" + "),
        Ok(value) => spelled(&value, &platform()),
        Err(Fault::Reported) => "reported".to_owned(),
        Err(Fault::Diagnostic(diagnostic)) => shown(text, &diagnostic),
    }
}

fn piece(piece: &LatePiece) -> String {
    match piece {
        LatePiece::Text(text) => format!("text {text:?}"),
        LatePiece::Raw(text) => format!("raw {text:?}"),
        LatePiece::Reference(reference) => format!("reference {}", reference.address),
        LatePiece::Made(expr) => format!("made {}", expr.spelled(&mut |reference| reference.address.to_string())),
    }
}

fn spelled(value: &Val, host: &Names) -> String {
    if let Val::Node(node) = value {
        spelled(host.at(*node), host)
    } else if let Val::List(items) = value {
        format!("[{}]", items.iter().map(|item| spelled(item, host)).collect::<Vec<_>>().join(", "))
    } else if let Val::Map(map) = value {
        let entries = map.entries().iter().map(|(key, value)| format!("{key}: {}", spelled(value, host)));
        format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
    } else if let Val::Optional(Some(value)) = value {
        format!("optional {}", spelled(value, host))
    } else {
        words::short(value)
    }
}

/// A diagnostic with the texts it points at.
pub(crate) fn shown(text: &str, diagnostic: &Diagnostic) -> String {
    let mut out = format!("{}: {}", diagnostic.code.word(), diagnostic.message);
    for label in diagnostic.primary.iter().chain(&diagnostic.labels) {
        let place = text.get(label.span.start as usize..label.span.end as usize).unwrap_or("(no such place)");
        out.push_str(&format!("\n  {place:?} {}", label.text));
    }
    for note in &diagnostic.notes {
        out.push_str(&format!("\n  note: {note}"));
    }
    if let Some(hint) = &diagnostic.hint {
        out.push_str(&format!("\n  = {hint}"));
    }
    if let Some(replacement) = &diagnostic.replacement {
        out.push_str(&format!("\n  -> {}", replacement.text));
    }
    out
}

fn check(expression: &str, expected: Expect) {
    expected.assert_eq(&evaluated(expression));
}

fn check_template(text: &str, target: Target, expected: Expect) {
    let map = TextMap::verbatim(FileId(0), 0, text.len());
    let found = match Template::parse(text, &map) {
        Ok(None) => "no template".to_owned(),
        Ok(Some(template)) => show(text, template.evaluate(&platform(), target)),
        Err(faults) => faults.iter().map(|fault| shown(text, fault)).collect::<Vec<_>>().join("\n"),
    };
    expected.assert_eq(&found);
}
