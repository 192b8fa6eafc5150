//! How lists in a Kubernetes object are known. In come what the object says it is and the way to a list in it, out goes by what its items are told
//! apart. Pods have the keys of pods in every kind, also in one that no table has; nothing is said where nothing is known.

use super::{ItemKey, Table, TableRecord, TableType};
use crate::path::Step;
use crate::value::Value;
use std::sync::Arc;

/// The fields of one object.
#[derive(Clone, Debug)]
pub struct ObjectFields {
    /// None if no table has the kind.
    root: Option<TableType>,
}

impl ObjectFields {
    /// The fields of an object, by its `apiVersion` and `kind`.
    #[must_use]
    pub fn of(object: &Value) -> Self {
        let text = |key: &str| object.get(key).and_then(Value::as_str);
        let title = text("apiVersion").zip(text("kind")).map(|(version, kind)| format!("kind {version} {kind}"));
        Self { root: title.and_then(|title| Table::kubernetes().section(&title)).map(TableType::Record) }
    }

    /// The fields of an object that a record describes.
    #[must_use]
    pub(crate) fn known(record: Option<&Arc<TableRecord>>) -> Self {
        Self { root: record.map(|record| TableType::Record(Arc::clone(record))) }
    }

    /// By what the items of the list are told apart to which steps lead from the object, and whether that is certain. A step over an item may be
    /// its position or its name.
    #[must_use]
    pub fn key(&self, steps: &[Step]) -> Option<(ItemKey, bool)> {
        let table = Table::kubernetes();
        let (mut at, mut is_certain) = (self.root.clone(), self.root.is_some());
        let (mut key, mut before): (Option<ItemKey>, &str) = (None, "");
        for step in steps {
            key = None;
            at = match (at, step) {
                (Some(TableType::List(item) | TableType::Map(item)), _) => Some((*item).clone()),
                (Some(type_ @ (TableType::Record(_) | TableType::Named(_))), Step::Key(name)) => {
                    let record = table.record(&type_);
                    let field = record.as_ref().and_then(|record| record.field(name)).cloned();
                    key = field.as_ref().and_then(|field| field.key.clone());
                    field.map(|field| field.type_)
                }
                (_, Step::Key(name)) if is_pod(before, name) => {
                    is_certain = false;
                    Some(TableType::Named("PodSpec".into()))
                }
                (_, _) => None,
            };
            at = at.filter(|type_| !matches!(type_, TableType::Any | TableType::Object));
            before = if let Step::Key(name) = step { name } else { "" };
        }
        key.map(|key| (key, is_certain))
    }
}

/// Whether a map of which nothing is known describes a pod, by its key and the one around it.
fn is_pod(around: &str, key: &str) -> bool {
    key == "podSpec" || (key == "spec" && (around == "template" || around.ends_with("Template")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origin::{LayerId, Origin};
    use crate::path::Path;
    use crate::span::{FileId, Span};
    use crate::value::Entry;

    fn key(version: &str, kind: &str, path: &str) -> Option<(String, bool)> {
        let origin = Origin { span: Span::new(FileId(0), 0, 0), layer: LayerId::COMPUTED };
        let entry = |key: &str, text: &str| Entry::plain(key, origin.span, Value::string(text, origin));
        let object = Value::map(vec![entry("apiVersion", version), entry("kind", kind)], origin);
        let path: Path = path.parse().unwrap();
        let found = ObjectFields::of(&object).key(path.steps());
        found.map(|(key, is_certain)| (key.names().collect::<Vec<_>>().join("+"), is_certain))
    }

    #[test]
    fn lists_are_known_by_kind_and_path() {
        let certain = |names: &str| Some((names.to_owned(), true));
        let guessed = |names: &str| Some((names.to_owned(), false));
        assert_eq!(key("apps/v1", "Deployment", "spec.template.spec.containers"), certain("name"));
        assert_eq!(key("apps/v1", "Deployment", "spec.template.spec.containers.web.ports"), certain("containerPort+protocol"));
        assert_eq!(key("apps/v1", "Deployment", "spec.template.spec.containers[0].env"), certain("name"));
        assert_eq!(key("apps/v1", "Deployment", "spec.template.spec.containers.web.args"), None);
        assert_eq!(key("apps/v1", "Deployment", "spec.template.spec.tolerations"), None);
        assert_eq!(key("batch/v1", "CronJob", "spec.jobTemplate.spec.template.spec.volumes"), certain("name"));
        assert_eq!(key("v1", "Service", "spec.ports"), certain("port+protocol"));
        assert_eq!(key("v1", "Pod", "spec.containers[0].volumeMounts"), certain("mountPath"));
        assert_eq!(key("v1", "ConfigMap", "data.containers"), None);
        assert_eq!(key("argoproj.io/v1alpha1", "Rollout", "spec.template.spec.containers"), certain("name"));
        // What nobody knows.
        assert_eq!(key("serving.knative.dev/v1", "Service", "spec.template.spec.containers.web.env"), guessed("name"));
        assert_eq!(key("example.com/v1", "Thing", "spec.workers[0].podTemplate.spec.initContainers"), guessed("name"));
        assert_eq!(key("example.com/v1", "Thing", "spec.containers"), None);
        assert_eq!(key("example.com/v1", "Thing", "spec.template.spec.other"), None);
    }
}
