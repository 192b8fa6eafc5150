//! The same law for groups that may be missing, keyed lists and records in maps, in all layers and with whatever is wrong: a platform with
//! expressions comes to the same values and the same kinds of mistakes as one in which their outcomes are written out.

use super::waiting::hide_in;
use super::{law_of, objected};
use crate::laws::generate::{Bytes, toml};
use crate::support::Project;
use platc::query::show;
use serde_json::{Map, Value, json};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// Which layers there are: the environment and the cluster of an overlay.
const OVERLAYS: [(Option<&str>, Option<&str>); 5] =
    [(Some("apps"), None), (Some("ops"), None), (None, Some("c0")), (Some("apps"), Some("c0")), (Some("ops"), Some("c0"))];

/// All that is said, by who says it.
struct Layers {
    platform: Map<String, Value>,
    /// `apps`, and `ops`, which inherits from it.
    environments: [Map<String, Value>; 2],
    /// A definition, and one that inherits from it: body and overlays.
    definitions: [[Map<String, Value>; 6]; 2],
}

impl Layers {
    fn of(bytes: &mut Bytes) -> Self {
        let mut said = |chances: u8| if bytes.one_in(chances) { fields(bytes, TOP) } else { Map::new() };
        let platform = said(2);
        let environments = [said(2), said(2)];
        let mut definition = || [said(1), said(3), said(3), said(4), said(4), said(4)];
        Self { platform, environments, definitions: [definition(), definition()] }
    }

    fn all(&mut self) -> impl Iterator<Item = &mut Map<String, Value>> {
        let layers = self.definitions.iter_mut().flatten();
        std::iter::once(&mut self.platform).chain(&mut self.environments).chain(layers)
    }

    fn project(&self, in_toml: bool) -> Project {
        let services: Map<String, Value> = self.definitions.iter().enumerate().map(|(at, layers)| definition(at, layers)).collect();
        let [apps, ops] = &self.environments;
        let environments = json!({
            "apps": { "defaults": { "services": apps } },
            "ops": { "inherits": "apps", "defaults": { "services": ops } },
        });
        let mut files = BTreeMap::new();
        files.insert(
            "platform.yaml".to_owned(),
            json!({ "platform": {
            "name": "acme", "domain": "infra.example.com", "defaults": { "services": self.platform } } })
            .to_string(),
        );
        files.insert("environments.yaml".to_owned(), json!({ "environments": environments }).to_string());
        let services = json!({ "services": services });
        match toml(&services).filter(|_| in_toml) {
            Some(text) => files.insert("services.toml".to_owned(), text),
            None => files.insert("services.yaml".to_owned(), services.to_string()),
        };
        files.insert("classes.yaml".to_owned(), CLASSES.to_owned());
        Project { files }
    }
}

const CLASSES: &str = r#"
clusters: { c0: { class: bare } }
classes:
  cluster: { bare: {} }
  service:
    thing:
      types:
        rule: { name: "string | required=true", port: integer, open: "boolean | default=false", inner: deep }
        deep: { a: "integer | default=1", b: integer }
      schema:
        free: object
        any: any
        one: integer
        words: "[]string"
        marks: "[]string | listType=set"
        rules: "[]rule | listType=map listMapKey=name"
        deeps: "map[string]deep"
        group: { a: integer, b: { c: integer, d: deep } }
        whole: { a: "integer | default=1", b: { c: integer, d: deep } }
"#;

fn definition(at: usize, layers: &[Map<String, Value>; 6]) -> (String, Value) {
    let [body, overlays @ ..] = layers;
    let mut body = body.clone();
    body.insert("class".to_owned(), "thing".into());
    if at > 0 {
        body.insert("inherits".to_owned(), json!("s0"));
    }
    for ((environment, cluster), layer) in OVERLAYS.iter().zip(overlays).filter(|(_, layer)| !layer.is_empty()) {
        let mut place = &mut body;
        let steps = [environment.map(|name| ("environments", name)), cluster.map(|name| ("clusters", name))];
        for step in steps.into_iter().flatten().flat_map(|(key, name)| [key, name]) {
            place = place.entry(step).or_insert_with(|| json!({})).as_object_mut().unwrap();
        }
        place.extend(layer.clone());
    }
    (format!("s{at}"), body.into())
}

/// What a record has: its fields, and what each of them holds.
type Fields = &'static [(&'static str, Shape)];

#[derive(Clone, Copy)]
enum Shape {
    Number,
    Flag,
    Words,
    Rules,
    Record(Fields),
    Deeps,
    Free,
    Any,
}

const DEEP: Fields = &[("a", Shape::Number), ("b", Shape::Number)];
const GROUP: Fields = &[("a", Shape::Number), ("b", Shape::Record(&[("c", Shape::Number), ("d", Shape::Record(DEEP))]))];
const RULE: Fields = &[("port", Shape::Number), ("open", Shape::Flag), ("inner", Shape::Record(DEEP))];
const TOP: Fields = &[
    ("free", Shape::Free),
    ("any", Shape::Any),
    ("one", Shape::Number),
    ("words", Shape::Words),
    ("marks", Shape::Words),
    ("rules", Shape::Rules),
    ("deeps", Shape::Deeps),
    ("group", Shape::Record(GROUP)),
    ("whole", Shape::Record(GROUP)),
];

fn fields(bytes: &mut Bytes, of: Fields) -> Map<String, Value> {
    let mut map = Map::new();
    for (name, shape) in of {
        if bytes.one_in(3) {
            let operator = bytes.pick(&["", "", "", "", "", "", "", "", "", "", "+", "-", "=", "!"]);
            let value = match (operator, shape) {
                ("-", _) if bytes.one_in(3) => Value::Null,
                ("-", Shape::Record(_) | Shape::Deeps | Shape::Free | Shape::Any) => json!([bytes.pick(&["a", "b", "x"])]),
                ("-", Shape::Words) => json!([bytes.pick(&["x", "y"])]),
                ("-", Shape::Rules) => json!([bytes.pick(&["http", "ssh"])]),
                ("+" | "-", Shape::Number | Shape::Flag) => continue,
                (_, shape) => value(bytes, *shape),
            };
            map.insert(format!("{name}{operator}"), value);
        }
    }
    map
}

fn value(bytes: &mut Bytes, shape: Shape) -> Value {
    match shape {
        Shape::Number => bytes.below(9).into(),
        Shape::Flag => bytes.one_in(2).into(),
        Shape::Words => ["x", "y", "z"].into_iter().filter(|_| bytes.one_in(2)).collect(),
        Shape::Rules => {
            let mut rules = Vec::new();
            for name in ["http", "ssh", "web"] {
                if bytes.one_in(2) {
                    let mut rule = fields(bytes, RULE);
                    rule.insert("name".to_owned(), name.into());
                    rules.push(Value::Object(rule));
                }
            }
            Value::Array(rules)
        }
        Shape::Record(of) => Value::Object(fields(bytes, of)),
        Shape::Deeps => Value::Object(fields(bytes, &[("x", Shape::Record(DEEP)), ("y", Shape::Record(DEEP))])),
        Shape::Free => Value::Object(fields(bytes, &[("a", Shape::Number), ("b", Shape::Words), ("x", Shape::Any)])),
        Shape::Any => match bytes.below(5) {
            0 => Value::Null,
            1 => bytes.below(9).into(),
            2 => value(bytes, Shape::Words),
            _ => value(bytes, Shape::Free),
        },
    }
}

/// What things come to, and which kinds of mistakes there are.
fn outcome(project: &Project) -> (BTreeSet<String>, BTreeMap<String, Value>) {
    let compilation = platc::compile(&project.system(), &platc::Options::default());
    let said = objected(&compilation);
    let codes = said.lines().filter(|line| line.starts_with("error[") || line.starts_with("warning["));
    let codes: BTreeSet<String> = codes.map(|line| line.split_once(']').unwrap().0.to_owned()).collect();
    let mut values = BTreeMap::new();
    for (_, entity) in compilation.model.entities().filter(|(_, entity)| entity.kind == platc::name::Kind::Service) {
        let place = format!("{} {}", compilation.model.environment(entity.environment).name, entity.name);
        values.insert(place, show::json(&show::tree(&entity.value, &platc::secret::Secrets::default())));
    }
    (codes, values)
}

#[test]
fn an_expression_is_as_wrong_as_what_it_gives() {
    let (sound, faulty, hidden) = (Cell::new(0), Cell::new(0), Cell::new(0));
    law_of(150, 1500, |bytes| {
        let mut layers = Layers::of(bytes);
        let in_toml = bytes.one_in(2);
        let written = layers.project(in_toml);
        let (codes, values) = outcome(&written);
        let mut expressions = 0;
        layers.all().for_each(|layer| hide_in(layer, bytes, &mut expressions));
        let project = layers.project(in_toml);
        let (found_codes, found) = outcome(&project);
        let count = if codes.is_empty() { &sound } else { &faulty };
        count.set(count.get() + 1);
        hidden.set(hidden.get() + expressions);
        let texts = || format!("{}\nwith expressions:\n{}", written.text(), project.text());
        // Whoever replaces an expression does so whatever it would give, so of mistakes that are replaced not all are told. A lock holds.
        let is_locked = |codes: &BTreeSet<String>| codes.contains("error[locked-field");
        let keeps_lock = codes.len() != 1 || is_locked(&codes) == is_locked(&found_codes);
        if !codes.contains("error[layers-mismatch") && !found_codes.is_subset(&codes) || !keeps_lock {
            return Err(format!("{codes:?} is not {found_codes:?}\n{}", texts()));
        }
        // Of what is faulty, the rest may be as it likes.
        let differs = values.iter().find(|(place, value)| codes.is_empty() && found.get(*place) != Some(value));
        differs.map_or(Ok(()), |(place, value)| Err(format!("{place} is\n{:?}, not\n{value}\n{}", found.get(place), texts())))
    });
    assert!(sound.get() > 20 && faulty.get() > 20 && hidden.get() > 1000, "{sound:?} {faulty:?} {hidden:?}");
}
