//! As much of JSON Schema (draft 7) as `platc schema` uses; a word it does not know is a panic.

use serde_json::{Map, Value as Json};

/// What does not fit, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Fault {
    pub(super) path: String,
    message: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

pub(super) fn validate(schema: &Json, value: &Json) -> Vec<Fault> {
    let mut validation = Validation { root: schema, faults: Vec::new() };
    validation.check(schema, value, "");
    validation.faults
}

struct Validation<'a> {
    root: &'a Json,
    faults: Vec<Fault>,
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}/{key}") }
}

fn is_of(value: &Json, type_: &str) -> bool {
    match type_ {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
        other => panic!("what is the type {other}?"),
    }
}

fn fits(pattern: &str, text: &str) -> bool {
    regex::Regex::new(pattern).unwrap().is_match(text)
}

impl Validation<'_> {
    fn fault(&mut self, path: &str, message: impl Into<String>) {
        self.faults.push(Fault { path: path.to_owned(), message: message.into() });
    }

    fn holds(&self, schema: &Json, value: &Json) -> bool {
        let mut inner = Validation { root: self.root, faults: Vec::new() };
        inner.check(schema, value, "");
        inner.faults.is_empty()
    }

    fn check(&mut self, schema: &Json, value: &Json, path: &str) {
        let schema = match schema {
            Json::Bool(true) => return,
            Json::Bool(false) => return self.fault(path, "not allowed"),
            other => other.as_object().unwrap(),
        };
        if let Some(target) = schema.get("$ref") {
            let target = target.as_str().unwrap().strip_prefix('#').unwrap();
            return self.check(self.root.pointer(target).unwrap(), value, path);
        }
        for (word, said) in schema {
            self.word(schema, word, said, value, path);
        }
    }

    fn word(&mut self, schema: &Map<String, Json>, word: &str, said: &Json, value: &Json, path: &str) {
        let count = |said: &Json| usize::try_from(said.as_u64().unwrap()).unwrap();
        let length = value.as_str().map(|text| text.chars().count());
        let items = value.as_array().map(Vec::len);
        let entries = value.as_object().map(Map::len);
        match word {
            "$schema" | "title" | "description" | "default" | "examples" | "deprecated" | "definitions" | "then" => {}
            "type" => {
                let types: Vec<&str> =
                    said.as_str().map_or_else(|| said.as_array().unwrap().iter().filter_map(Json::as_str).collect(), |one| vec![one]);
                if !types.iter().any(|type_| is_of(value, type_)) {
                    self.fault(path, format!("must be {}", types.join(" or ")));
                }
            }
            "enum" if !said.as_array().unwrap().contains(value) => self.fault(path, format!("must be one of {said}")),
            "const" if said != value => self.fault(path, format!("must be {said}")),
            "enum" | "const" => {}
            "pattern" if value.as_str().is_some_and(|text| !fits(said.as_str().unwrap(), text)) => {
                self.fault(path, format!("must match {said}"))
            }
            "minimum" if value.as_f64() < said.as_f64() && value.is_number() => self.fault(path, "too small"),
            "maximum" if value.as_f64() > said.as_f64() && value.is_number() => self.fault(path, "too large"),
            "minLength" if length.is_some_and(|length| length < count(said)) => self.fault(path, "too short"),
            "maxLength" if length.is_some_and(|length| length > count(said)) => self.fault(path, "too long"),
            "minItems" if items.is_some_and(|items| items < count(said)) => self.fault(path, "too few items"),
            "maxItems" if items.is_some_and(|items| items > count(said)) => self.fault(path, "too many items"),
            "minProperties" if entries.is_some_and(|entries| entries < count(said)) => self.fault(path, "too few entries"),
            "maxProperties" if entries.is_some_and(|entries| entries > count(said)) => self.fault(path, "too many entries"),
            "pattern" | "minimum" | "maximum" | "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
            }
            "uniqueItems" => {
                let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
                if said == &Json::Bool(true) && items.iter().enumerate().any(|(at, item)| items[..at].contains(item)) {
                    self.fault(path, "items are equal");
                }
            }
            "items" => {
                for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.check(said, item, &below(path, &at.to_string()));
                }
            }
            "propertyNames" => {
                for name in value.as_object().into_iter().flatten().map(|(name, _)| name) {
                    self.check(said, &Json::from(name.as_str()), &below(path, name));
                }
            }
            "required" => {
                for name in said.as_array().unwrap().iter().filter_map(Json::as_str) {
                    if value.as_object().is_some_and(|map| !map.contains_key(name)) {
                        self.fault(path, format!("needs {name}"));
                    }
                }
            }
            "properties" | "patternProperties" | "additionalProperties" => self.entries(schema, word, said, value, path),
            "allOf" => said.as_array().unwrap().iter().for_each(|one| self.check(one, value, path)),
            "anyOf" => {
                if !said.as_array().unwrap().iter().any(|one| self.holds(one, value)) {
                    self.fault(path, "fits nothing that may stand here");
                }
            }
            "not" => {
                if self.holds(said, value) {
                    self.fault(path, "must not be so");
                }
            }
            "if" => {
                if self.holds(said, value) {
                    self.check(&schema["then"], value, path);
                }
            }
            other => panic!("what is {other}?"),
        }
    }

    fn entries(&mut self, schema: &Map<String, Json>, word: &str, said: &Json, value: &Json, path: &str) {
        for (key, inner) in value.as_object().into_iter().flatten() {
            let place = below(path, key);
            match word {
                "properties" => {
                    if let Some(property) = said.get(key) {
                        self.check(property, inner, &place);
                    }
                }
                "patternProperties" => {
                    for (_, property) in said.as_object().unwrap().iter().filter(|(pattern, _)| fits(pattern, key)) {
                        self.check(property, inner, &place);
                    }
                }
                _ => {
                    let named = schema.get("properties").is_some_and(|properties| properties.get(key).is_some());
                    let patterns = schema.get("patternProperties").and_then(Json::as_object);
                    if !named && !patterns.is_some_and(|patterns| patterns.keys().any(|pattern| fits(pattern, key))) {
                        if said == &Json::Bool(false) {
                            self.fault(path, format!("has no {key}"));
                        } else {
                            self.check(said, inner, &place);
                        }
                    }
                }
            }
        }
    }
}
