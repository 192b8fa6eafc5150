//! What stands among classes and is none, and what classes have in common: rules, capabilities, fragments.

use super::SchemaMaker;
use super::parts::{allow_empty, reference};
use crate::files::{AS, FILE, FileForm};
use crate::schema::{TAKEN_FILE, json_schema};
use serde_json::json;

impl SchemaMaker<'_> {
    /// What stands where a file is taken in for a value.
    pub(super) fn taken_file(&mut self) {
        let forms: Vec<&str> = FileForm::ALL.iter().map(|form| form.word()).collect();
        let file = json!({
            "description": "What a file below `files/` holds.",
            "type": "object",
            "properties": { FILE: { "type": "string" }, AS: { "enum": forms } },
            "required": [FILE],
            "additionalProperties": false,
        });
        self.insert(TAKEN_FILE.to_owned(), file);
    }

    pub(super) fn rule(&mut self) {
        let mut rule = json_schema(&self.definitions.language.rule);
        if let Some(rule) = rule.as_object_mut() {
            rule.remove("patternProperties");
            rule.insert("required".to_owned(), json!(["assert", "message"]));
        }
        self.insert("rule".to_owned(), rule);
    }

    pub(super) fn capability(&mut self) {
        let mut capability = json_schema(&self.definitions.language.capability);
        allow_empty(&mut capability);
        if let Some(capability) = capability.as_object_mut() {
            // One declaration is all that is said of it.
            capability.remove("patternProperties");
        }
        self.insert("capability".to_owned(), capability);
    }

    pub(super) fn fragment(&mut self) {
        let mut fragment = json_schema(&self.definitions.language.fragment);
        allow_empty(&mut fragment);
        if let Some(rules) = fragment.pointer_mut("/properties/rules") {
            let description = rules.get("description").cloned().unwrap_or_default();
            *rules = json!({ "description": description, "type": "array", "items": reference("rule") });
        }
        if let Some(fragment) = fragment.as_object_mut() {
            // One is written once.
            fragment.remove("patternProperties");
        }
        self.insert("fragment".to_owned(), fragment);
    }
}
