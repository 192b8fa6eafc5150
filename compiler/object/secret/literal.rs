//! Kubernetes Secrets whose data is written out, wherever they stand: as objects, inside of other objects and lists of them, in Helm values
//! and the names and values that Helm is told, in what generators make and patches write, and in texts that are YAML or JSON themselves. In
//! comes a value, out goes what was found. Nothing is changed.

use super::text;
use crate::expression::{Late, LatePiece};
use crate::span::Span;
use crate::table::{LateText, is_configuration};
use crate::value::{Data, Map, Value};
use std::sync::Arc;

/// A Secret with data in it.
pub(super) struct LiteralSecret {
    /// Its name, as far as it has one.
    pub(super) name: Arc<str>,
    /// Where the data, or the text that holds it, was written.
    pub(super) span: Span,
}

/// Fields of a Secret that hold its data.
const FIELDS: [&str; 2] = ["data", "stringData"];

/// Texts in texts are read this deep.
const DEPTH: usize = 4;

/// Stands for what Terraform finds out.
const LATE: &str = "platc-late-value";

/// All Secrets with data inside a value that is emitted as it is.
pub(super) fn secrets(value: &Value) -> Vec<LiteralSecret> {
    LiteralSearch { depth: DEPTH, waits: false, found: Vec::new() }.all(value)
}

/// The same for a value that waits, if anything in it is late, until all of it is known.
pub(super) fn secrets_delivered(value: &Value) -> Vec<LiteralSecret> {
    LiteralSearch { depth: DEPTH, waits: true, found: Vec::new() }.all(value)
}

/// The name of the first Secret with data in a value that was read from a text.
pub(super) fn first(value: &Value, depth: usize) -> Option<Arc<str>> {
    let found = LiteralSearch { depth, waits: false, found: Vec::new() }.all(value);
    found.into_iter().next().map(|found| found.name)
}

struct LiteralSearch {
    depth: usize,
    /// Whether nothing late leaves before it is known.
    waits: bool,
    found: Vec<LiteralSecret>,
}

impl LateText for LiteralSearch {
    fn text(&self, late: &Value) -> String {
        if let Data::Late(late) = &late.data { with_placeholders(late) } else { String::new() }
    }

    fn waits(&self) -> bool {
        self.waits
    }
}

impl LiteralSearch {
    fn all(mut self, value: &Value) -> Vec<LiteralSecret> {
        self.visit(value);
        self.found
    }

    fn visit(&mut self, value: &Value) {
        match &value.data {
            Data::Map(map) => {
                if let Some(data) = data(value).filter(|_| !is_configuration(value, self)) {
                    return self.add(name(value.at(&["metadata", "name"])), data);
                }
                if let Some((name, data)) = generated(value).or_else(|| patched(value)).or_else(|| told(value)) {
                    return self.add(name, data);
                }
                map.entries().iter().for_each(|entry| self.visit(&entry.value));
            }
            Data::List(list) => list.items().iter().for_each(|item| self.visit(item)),
            Data::String(text) => self.text(text, value),
            Data::Late(late) => self.text(&with_placeholders(late), value),
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Template(_) | Data::Pending(_) | Data::Broken => {}
        }
    }

    fn text(&mut self, text: &str, value: &Value) {
        if let Some(name) = text::secret(text, self.depth) {
            self.add(name, value);
        }
    }

    fn add(&mut self, name: Arc<str>, data: &Value) {
        self.found.push(LiteralSecret { name, span: data.origin.span });
    }
}

fn name(value: Option<&Value>) -> Arc<str> {
    value.and_then(Value::as_str).unwrap_or("without a name").into()
}

/// The data of a Secret that is there to be read: a value in `data` or `stringData` that is not empty, and known now.
fn data(value: &Value) -> Option<&Value> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    // Most maps have no kind at all, so that is asked first.
    let kind = text("kind")?;
    if text("apiVersion").is_some_and(|version| version != "v1") {
        return None;
    }
    match kind {
        // Its items need no kind of their own.
        "SecretList" => value.get("items")?.as_list()?.iter().find_map(fields),
        kind => is_secret(kind).then(|| fields(value))?,
    }
}

/// Whether a kind is that of a Secret, or may become so when Helm has filled it in.
fn is_secret(kind: &str) -> bool {
    kind == "Secret" || (kind.contains("{{") && kind.contains("Secret"))
}

fn fields(secret: &Value) -> Option<&Value> {
    FIELDS.into_iter().filter_map(|key| secret.get(key)).find(|data| is_written(data))
}

/// A Secret that a generator makes of what is written out.
fn generated(value: &Value) -> Option<(Arc<str>, &Value)> {
    value.get("secretGenerator")?.as_list()?.iter().find_map(|generator| {
        let literals = generator.get("literals").filter(|literals| is_written(literals))?;
        Some((name(generator.get("name")), literals))
    })
}

/// What a patch writes into the data of a Secret, path by path. A patch that is a Secret itself is found as one.
fn patched(value: &Value) -> Option<(Arc<str>, &Value)> {
    let target = value.get("target").filter(|target| target.get("kind").and_then(Value::as_str).is_some_and(is_secret))?;
    let patch = value.get("patch")?;
    let operations = text::read(patch.as_str()?)?;
    let writes = |operation: &Value| {
        let path = operation.get("path").and_then(Value::as_str).unwrap_or_default();
        let field = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        FIELDS.contains(&field) && operation.get("value").is_some_and(is_written)
    };
    operations.as_list()?.iter().any(writes).then(|| (name(target.get("name")), patch))
}

/// A Secret that is put together of names and values: `extra[0].kind` and `extra[0].data.password`, in one list or in two beside each other.
fn told(value: &Value) -> Option<(Arc<str>, &Value)> {
    let lists = value.as_map().map(Map::entries).unwrap_or_default().iter().filter_map(|entry| entry.value.as_list());
    let told: Vec<(&str, &Value)> = lists.flatten().filter_map(|item| Some((item.get("name")?.as_str()?, item.get("value")?))).collect();
    let kinds = told.iter().filter(|(_, value)| value.as_str().is_some_and(is_secret));
    let mut places = kinds.filter_map(|(name, _)| name.strip_suffix("kind")).filter(|place| place.is_empty() || place.ends_with('.'));
    places.find_map(|place| {
        let is_data = |name: &str| {
            let field = name.strip_prefix(place).unwrap_or_default();
            FIELDS.iter().any(|known| field.strip_prefix(known).is_some_and(|rest| rest.starts_with('.')))
        };
        let (_, data) = told.iter().find(|(name, value)| is_data(name) && is_written(value))?;
        Some((name(None), *data))
    })
}

/// A late value as text, with a word for what only Terraform knows.
fn with_placeholders(late: &Late) -> String {
    let mut text = String::new();
    for piece in &late.pieces {
        match piece {
            LatePiece::Text(literal) => text.push_str(literal),
            LatePiece::Raw(_) | LatePiece::Reference(_) => text.push_str(LATE),
            // What it comes to may hold any text that is written in it.
            LatePiece::Made(expr) => {
                expr.texts().iter().for_each(|written| text.push_str(written));
                text.push_str(LATE);
            }
        }
    }
    text
}

/// Whether a part of a late value is known now. What only separates late parts tells nothing.
pub(super) fn is_partly_written(late: &Late) -> bool {
    is_telling(&with_placeholders(late))
}

fn is_telling(text: &str) -> bool {
    text.replace(LATE, "").contains(char::is_alphanumeric)
}

fn is_written(data: &Value) -> bool {
    match &data.data {
        Data::Null | Data::Broken => false,
        Data::Late(late) => is_partly_written(late),
        Data::String(text) if text.contains(LATE) => is_telling(text),
        Data::String(text) => !text.is_empty(),
        Data::Map(map) => map.entries().iter().any(|entry| is_written(&entry.value)),
        Data::List(list) => list.items().iter().any(is_written),
        Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Template(_) | Data::Pending(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::LateReference;
    use crate::origin::{LayerId, Origin};
    use crate::span::FileId;

    #[test]
    fn secrets_are_found_where_others_make_them() {
        for (value, expected) in [
            ("secretGenerator: [{ name: a, literals: [b=c] }]", true),
            ("secretGenerator: [{ name: a, files: [b.txt] }]", false),
            ("configMapGenerator: [{ name: a, literals: [b=c] }]", false),
            ("{ target: { kind: Secret, name: a }, patch: '[{ op: add, path: /stringData/b, value: c }]' }", true),
            ("{ target: { kind: Secret, name: a }, patch: '[{ op: add, path: /metadata/labels, value: { a: b } }]' }", false),
            ("{ target: { kind: ConfigMap, name: a }, patch: '[{ op: add, path: /data/b, value: c }]' }", false),
            ("{ target: { name: a }, patch: '{ kind: Secret, stringData: { b: c } }' }", true),
            ("set: [{ name: 'a[0].kind', value: Secret }, { name: 'a[0].stringData.b', value: c }]", true),
            ("{ set: [{ name: a.kind, value: Secret }], set_sensitive: [{ name: a.data.b, value: c }] }", true),
            ("set: [{ name: 'a[0].kind', value: Secret }, { name: 'a[1].stringData.b', value: c }]", false),
            ("set: [{ name: 'a[0].kind', value: Secret }, { name: 'a[0].stringData.b', value: '' }]", false),
            ("set: [{ name: 'a[0].kind', value: Secret }, { name: 'a[0].stringData.b', value: platc-late-value }]", false),
            ("set: [{ name: 'a[0].kind', value: Secret }, { name: 'a[0].stringData.b', value: hunter2-platc-late-value }]", true),
            ("{ kind: '{{ \"Secret\" }}', stringData: { a: b } }", true),
        ] {
            let value = text::read(value).unwrap();
            assert_eq!(secrets(&value).len(), usize::from(expected), "{value:?}");
        }
        // The same in a text, as a file or in Helm values.
        assert!(text::secret("kind: Kustomization\nsecretGenerator:\n- name: a\n  literals: [b=c]\n", DEPTH).is_some());
        assert!(text::secret("kind: Kustomization\nsecretGenerator:\n- name: a\n  envs: [b.env]\n", DEPTH).is_none());
    }

    #[test]
    fn a_late_part_hides_no_written_one() {
        let reference = LateReference {
            environment: "".into(),
            stack: "".into(),
            address: "a.b.c".into(),
            output: None,
            sensitive: None,
            private: None,
            span: Span::new(FileId(0), 0, 0),
        };
        let late = |text: &str| Late::of(vec![LatePiece::Text(text.into()), LatePiece::Reference(reference.clone())]);
        assert!(is_partly_written(&late("hunter2")));
        assert!(!is_partly_written(&late(":")));
        assert!(!is_partly_written(&Late::reference(reference.clone())));
        let origin = Origin { span: Span::new(FileId(0), 0, 0), layer: LayerId::COMPUTED };
        let found = |text: &str| secrets(&Value { data: Data::Late(Arc::new(late(text))), ..Value::broken(origin) }).len();
        assert_eq!(found("kind: Secret\nstringData:\n  a: hunter2\n  b: "), 1);
        assert_eq!(found("kind: Secret\nstringData:\n  b: "), 0);
    }

    #[test]
    fn what_cannot_be_judged_yet_waits_only_where_it_is_delivered() {
        let origin = Origin { span: Span::new(FileId(0), 0, 0), layer: LayerId::COMPUTED };
        let raw = |pieces: Vec<LatePiece>| Value { data: Data::Late(Arc::new(Late::of(pieces))), ..Value::broken(origin) };
        let late = || LatePiece::Raw("${x}".into());
        let map = |entries: Vec<(&str, Value)>| {
            Value::map(entries.into_iter().map(|(key, value)| crate::value::Entry::plain(key, origin.span, value)).collect(), origin)
        };
        let found = |field: &str, key: &str, value: Value| {
            let secret =
                text::read("{ apiVersion: v1, kind: Secret, metadata: { labels: { argocd.argoproj.io/secret-type: cluster } } }").unwrap();
            let entries = secret.as_map().unwrap().entries().iter().map(|entry| (&*entry.key, entry.value.clone()));
            let secret = map(entries.chain([(field, map(vec![(key, value)]))]).collect());
            (secrets(&secret).len(), secrets_delivered(&secret).len())
        };
        let text = |text: &str| LatePiece::Text(text.into());
        for (field, key, pieces, expected) in [
            ("stringData", "server", vec![text("https://"), late()], (0, 0)),
            ("stringData", "server", vec![text("https://a:hunter2@"), late()], (1, 1)),
            ("stringData", "token", vec![text("a"), late()], (1, 1)),
            ("stringData", "config", vec![text("{\"tlsClientConfig\":{\"caData\":\""), late(), text("\"}}")], (0, 0)),
            ("stringData", "config", vec![text("{\"bearerToken\":\""), late(), text("\"}")], (1, 1)),
            ("stringData", "config", vec![text("{\"tlsClientConfig\":"), late(), text("}")], (1, 0)),
            ("data", "server", vec![text("aGk"), late()], (1, 0)),
            ("data", "token", vec![text("aGk"), late()], (1, 1)),
        ] {
            let said = format!("{field} {key} {pieces:?}");
            assert_eq!(found(field, key, raw(pieces)), expected, "{said}");
        }
    }
}
