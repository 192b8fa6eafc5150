//! What schemas say of layers and of each other, on random classes: a chain of classes of which each says a field anew comes to what one class
//! says that says all at once; unions and fields that exclude each other come to what a naive reading of the rules makes of the same layers.

use super::generate::Bytes;
use super::law;
use crate::support::{self, Project};
use platc::query::show;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Fields that exclude each other, in one list or in two.
const CHOICE: [&str; 3] = ["path", "chart", "git"];

/// What is said of a field so far: the words behind the type, each once.
type Markers = BTreeMap<&'static str, String>;

/// Types that a field may have, with their defaults.
const TYPES: [(&str, &[&str]); 5] = [
    ("integer", &["1", "4", "7"]),
    ("string", &["a", "bc"]),
    ("[]integer", &["[1]", "[]", "[2, 3]"]),
    ("string or []string", &["a", "[b]", "[]"]),
    ("map[string]integer", &["{}", "{a: 1}"]),
];

fn markers(bytes: &mut Bytes, type_: usize) -> Markers {
    let mut said = Markers::new();
    let (name, defaults) = TYPES[type_];
    if bytes.one_in(2) {
        said.insert("default", bytes.pick(defaults).to_owned());
    }
    if bytes.one_in(3) {
        said.insert("description", format!("\"{}\"", bytes.pick(&["one", "two, three"])));
    }
    if bytes.one_in(3) {
        said.insert("replaces", bytes.pick(&["true", "${new != old}", "cluster"]).to_owned());
    }
    if bytes.one_in(3) {
        said.insert("examples", format!("[{}]", bytes.pick(defaults)));
    }
    if name == "[]integer" && bytes.one_in(3) {
        said.insert("listType", "set".to_owned());
    }
    if bytes.one_in(4) {
        said.insert("aliases", format!("[{}]", bytes.pick(&["x", "yy"])));
    }
    said
}

/// A declaration as a line or as a map, with the type or without.
fn declaration(bytes: &mut Bytes, type_: Option<&str>, said: &Markers) -> String {
    if !said.is_empty() && bytes.one_in(2) {
        let mut map = type_.map_or_else(String::new, |type_| format!("$type: '{type_}', "));
        for (word, value) in said {
            let value = if value.starts_with("${") { format!("'{value}'") } else { value.clone() };
            write!(map, "${word}: {value}, ").unwrap();
        }
        return format!("{{ {map} }}");
    }
    let words = said.iter().fold(String::new(), |words, (word, value)| format!("{words} {word}={value}"));
    let bar = if said.is_empty() { "" } else { " |" };
    format!("'{}{bar}{words}'", type_.unwrap_or(""))
}

#[test]
fn a_field_declared_again_is_what_all_say_together() {
    law(120, |bytes| {
        let mut whole: Vec<(String, usize, Markers)> = Vec::new();
        let mut classes = String::new();
        let depth = 1 + bytes.below(3);
        for class in 0..=depth {
            let inherits = if class == 0 { String::new() } else { format!("      inherits: c{}\n", class - 1) };
            writeln!(classes, "    c{class}:\n{inherits}      schema:\n        own{class}: boolean").unwrap();
            let mut group = String::new();
            for field in 0..4 {
                let name = format!("f{field}");
                let in_group = field == 3;
                let known = whole.iter().position(|(known, ..)| *known == name);
                if bytes.one_in(3) && known.is_some() {
                    continue;
                }
                let type_ = known.map_or_else(|| usize::from(bytes.below(5)), |at| whole[at].1);
                let mut said = markers(bytes, type_);
                // Who replaces less than its parent says is refused.
                let rank = |said: &Markers| {
                    said.get("replaces").and_then(|word| ["${new != old}", "true", "cluster"].iter().position(|one| one == word))
                };
                if known.is_some_and(|at| rank(&said) < rank(&whole[at].2)) {
                    said.remove("replaces");
                }
                let says_type = known.is_none() || said.is_empty() || bytes.one_in(2);
                if bytes.one_in(5) && known.is_none() {
                    said.clear();
                }
                let text = declaration(bytes, says_type.then_some(TYPES[type_].0), &said);
                if in_group {
                    writeln!(group, "          {name}: {text}").unwrap();
                } else {
                    writeln!(classes, "        {name}: {text}").unwrap();
                }
                match known {
                    Some(at) => whole[at].2.extend(said),
                    None => whole.push((name, type_, said)),
                }
            }
            if !group.is_empty() {
                write!(classes, "        group:\n{group}").unwrap();
            }
        }
        let mut all = "    all:\n      schema:\n".to_owned();
        (0..=depth).for_each(|class| writeln!(all, "        own{class}: boolean").unwrap());
        let line = |(name, type_, said): &(String, usize, Markers)| {
            let words = said.iter().fold(String::new(), |words, (word, value)| format!("{words} {word}={value}"));
            format!("{name}: '{}{}{words}'\n", TYPES[*type_].0, if said.is_empty() { "" } else { " |" })
        };
        whole.iter().filter(|(name, ..)| name != "f3").for_each(|field| write!(all, "        {}", line(field)).unwrap());
        for field in whole.iter().filter(|(name, ..)| name == "f3") {
            write!(all, "        group:\n          {}", line(field)).unwrap();
        }
        let things = format!("infrastructure:\n  chain: {{ class: c{depth} }}\n  whole: {{ class: all }}\n");
        let text = format!("environments: {{ e: {{}} }}\n{things}classes:\n  infrastructure:\n{classes}{all}");
        let project = project(&text);
        let compilation = platc::compile(&project.system(), &platc::Options { all_classes: false, ..platc::Options::default() });
        let said = support::said(&compilation);
        if !said.is_empty() {
            return Err(format!("{said}\n{text}"));
        }
        let value = |name: &str| entity(&compilation, "e", name, |_| true);
        let class = |name: &str| {
            let class = compilation.definitions.classes.iter().find(|class| *class.name.name == *name).unwrap();
            // Fields stand where they were first declared.
            let mut rows: Vec<String> = platc::schema::reference(&class.type_).lines().map(str::to_owned).collect();
            rows.sort();
            (rows.join("\n"), platc::schema::json_schema(&class.type_)["properties"].clone())
        };
        let (chain, all) = (class(&format!("c{depth}")), class("all"));
        if chain.0 != all.0 || chain.1 != all.1 {
            return Err(format!("{}\n{text}", support::difference(&all.0, &chain.0)));
        }
        let (chain, all) = (value("chain"), value("whole"));
        if chain == all { Ok(()) } else { Err(format!("{all}\nis not\n{chain}\n{text}")) }
    });
}

/// A layer: a field with what is said of it, locked or not.
type Layer = Vec<(&'static str, Value, bool)>;

fn layer(bytes: &mut Bytes) -> Layer {
    let mut said: Layer = Vec::new();
    let value = |bytes: &mut Bytes| match bytes.below(4) {
        0 => json!(bytes.below(9)),
        1 => json!([bytes.below(3)]),
        2 => json!({ "a": bytes.below(3) }),
        _ => json!({ "b": bytes.below(3), "c": 1 }),
    };
    if bytes.one_in(2) {
        said.push(("union", value(bytes), bytes.one_in(9)));
    }
    if bytes.one_in(2) {
        said.push((["path", "chart", "git"][usize::from(bytes.below(3))], json!(bytes.below(9)), bytes.one_in(9)));
    }
    if bytes.one_in(3) {
        said.push((["x", "w"][usize::from(bytes.below(2))], value(bytes), false));
    }
    said
}

/// What is so far: values, and which are locked.
#[derive(Clone, Default)]
struct State {
    values: Map<String, Value>,
    locked: Vec<&'static str>,
}

impl State {
    /// Says a layer; whether nothing was locked against it.
    fn say(&mut self, layer: &Layer) -> bool {
        for (field, value, lock) in layer {
            let rivals: &[&str] = match *field {
                "path" | "chart" | "git" => &CHOICE,
                "x" | "w" => &["x", "w"],
                _ => &[],
            };
            if self.locked.iter().any(|locked| locked == field || rivals.contains(locked)) {
                return false;
            }
            rivals.iter().filter(|rival| *rival != field).for_each(|rival| {
                self.values.remove(*rival);
            });
            match (self.values.get_mut(*field), value) {
                (Some(Value::Object(have)), Value::Object(new)) => have.extend(new.clone()),
                (_, _) => {
                    self.values.insert((*field).to_owned(), value.clone());
                }
            }
            if *lock {
                self.locked.push(field);
            }
        }
        true
    }
}

fn written(layer: &Layer, expressions: bool) -> Vec<String> {
    let fields = layer.iter().map(|(field, value, lock)| {
        // An expression means what it gives, wherever layers meet.
        // A number alone computes nothing, which is refused.
        let sum = if value.is_number() { " + 0" } else { "" };
        let text = if expressions { format!("\"${{{}{sum}}}\"", value.to_string().replace('"', "'")) } else { value.to_string() };
        format!("{field}{}: {text}", if *lock { "!" } else { "" })
    });
    fields.collect()
}

#[test]
fn unions_and_choices_are_what_a_naive_reading_makes_of_them() {
    law(200, |bytes| {
        let default = bytes.one_in(2).then(|| bytes.pick(&CHOICE).to_owned());
        let parent = layer(bytes);
        let body = layer(bytes);
        let overlay = layer(bytes);
        let mut of_environment = layer(bytes);
        // Maps meet key by key, which another law speaks of.
        of_environment.retain(|(_, value, lock)| !value.is_object() && !lock);
        let mut state = State::default();
        default.iter().for_each(|field| {
            state.values.insert(field.clone(), json!("d"));
        });
        let mut ops = state.clone();
        let mut sound = state.say(&parent) && state.say(&body);
        sound = sound && ops.say(&of_environment) && ops.say(&parent) && ops.say(&body) && ops.say(&overlay);
        // Once more: what nobody but a body has the last word about.
        let groups: [&[&str]; 3] = [&["union"], &CHOICE, &["x", "w"]];
        let speaks = |layer: &Layer, group: &[&str]| layer.iter().any(|(field, ..)| group.contains(field));
        for said in &of_environment {
            let group = groups.iter().find(|group| group.contains(&said.0)).unwrap();
            let by_body = speaks(&parent, group) || speaks(&body, group);
            if by_body && !speaks(&overlay, group) {
                ops.values.remove(said.0);
                sound = sound && ops.say(&vec![said.clone()]);
            }
        }
        if !sound {
            return Ok(());
        }
        let expressions = [(); 3].map(|()| bytes.one_in(3));
        let text = format!(
            "environments: {{ apps: {{}}, ops: {{ inherits: apps, defaults: {{ infrastructure: {{ {} }} }} }} }}\ninfrastructure:\n  base: {{ {} }}\n  a:\n    inherits: base\n    {}\nclasses:\n  infrastructure:\n    c:\n      types: {{ form: 'integer or []integer or map[string]integer' }}\n      schema:\n        $atMostOne: [[path, chart, git], [x, w]]\n        union: form\n        x: form\n        w: 'integer or []integer or map[string]integer'\n{}",
            written(&of_environment, false).join(", "),
            [vec!["abstract: true".to_owned(), "class: c".to_owned()], written(&parent, expressions[0])].concat().join(", "),
            [
                written(&body, expressions[1]),
                vec![format!("environments: {{ ops: {{ {} }} }}", written(&overlay, expressions[2]).join(", "))]
            ]
            .concat()
            .join("\n    "),
            CHOICE.iter().fold(String::new(), |lines, field| {
                let default = if default.as_deref() == Some(*field) { " default=d" } else { "" };
                format!("{lines}        {field}: any | description=\"one of three\"{default}\n")
            }),
        );
        let project = project(&text);
        let compilation = platc::compile(&project.system(), &platc::Options::default());
        let said = super::objected(&compilation);
        if !said.is_empty() {
            return Err(format!("{said}\n{text}"));
        }
        for (environment, state) in [("apps", &state), ("ops", &ops)] {
            let found = entity(&compilation, environment, "a", |key| CHOICE.contains(&key) || ["union", "x", "w"].contains(&key));
            let expected = Value::Object(state.values.clone());
            if found != expected {
                return Err(format!("{environment}: {expected}\nis not\n{found}\n{text}"));
            }
        }
        Ok(())
    });
}

fn project(text: &str) -> Project {
    let mut project = Project::default();
    project.files.insert("platform.yaml".to_owned(), format!("platform: {{ name: acme, domain: example.com }}\n{text}"));
    project
}

fn entity(compilation: &platc::Compilation, environment: &str, name: &str, keeps: impl Fn(&str) -> bool) -> Value {
    let model = &compilation.model;
    let is_it = |entity: &platc::model::Entity| *entity.name == *name && *model.environment(entity.environment).name == *environment;
    let (_, entity) = model.entities().find(|(_, entity)| is_it(entity)).unwrap();
    let Value::Object(mut fields) = show::json(&show::tree(&entity.value, &platc::secret::Secrets::default())) else {
        panic!("{name} is no map")
    };
    fields.retain(|key, _| keeps(key));
    Value::Object(fields)
}
