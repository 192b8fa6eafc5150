//! What `explain` names is what decides: whoever edits the named place changes the value, and whoever edits any other place does not.

use platc::model::{EntityId, Model};
use platc::query::explain::{ExplainedPart, HowMet, explain, met};
use platc::query::show::{json, tree};
use platc::span::Span;
use platc::system::MemorySystem;
use platc::value::{Data, Value};
use platc::{Compilation, Goal, Options};
use std::collections::{BTreeMap, BTreeSet};

const FILES: [(&str, &str); 3] = [
    (
        "platform.yaml",
        r#"platform:
  name: acme
  domain: infra.example.com
  defaults: { services: { size: 4 } }
environments:
  apps: { constants: { zones: [here, there], marks: { tier: gold } } }
  ops: { inherits: apps, defaults: { services: { level: 7 } } }
clusters:
  c1: { class: toy, region: r1, network: { first: one, second: two } }
"#,
    ),
    (
        "services.yaml",
        r#"services:
  web:
    class: web
    text: hello
    other: old
    number: 3
    plain: [a, b]
    set: [one]
    keyed: [{ name: http, port: 80 }, { name: admin, port: 81 }]
    map: { kept: yes-it-is, changed: here }
    environments:
      ops:
        other: "${self.text}"
        number: "${self.size + 1}"
        plain+: [c]
        set: [two]
        keyed: [{ name: http, port: 8080 }, { name: ssh, port: 22 }]
        map: { changed: there, made: "${self.text}-${cluster.region}" }
  api:
    inherits: web
    text: bye
    plain-: [a]
    clusters: { c1: { level: 2 } }
  reader:
    class: web
    text: "${services.web.other}"
    other: "${environment.name == 'ops' ? services.api.text : 'none'}"
    map: { whole: "${cluster.network}" }
    set: "${environment.constants.zones}"
    marks: "${environment.constants.marks}"
    picked: "${self.?missing.orValue(self.text)}"
"#,
    ),
    (
        "classes.yaml",
        r#"classes:
  cluster:
    toy: { provider: toy, schema: { region: string, network: { first: string, second: string } } }
  service:
    web:
      types: { port: { name: string, port: integer } }
      schema:
        text: string
        other: string | default=first
        number: integer | default=1
        size: integer | default=2
        level: integer | default=5
        plain: "[]string | default=[]"
        set: "[]string | default=[] listType=set"
        keyed: "[]port | default=[] listType=map listMapKey=name"
        map: object | default={}
        marks: object | default={}
        missing: string
        picked: string | default=none
        derived: { $type: string, $default: "${self.text}!" }
"#,
    ),
];

/// A place in a file, as it was before anybody edited anything.
type TextPlace = (String, usize, usize);

fn compile(files: &BTreeMap<String, String>) -> Compilation {
    let system = files.iter().fold(MemorySystem::default(), |system, (path, text)| system.with(path, text.as_str()));
    platc::compile(&system, &Options { goal: Goal::Model, ..Options::default() })
}

fn at(compilation: &Compilation, span: Span) -> Option<TextPlace> {
    let source = compilation.sources.get(span.file).filter(|source| !source.library)?;
    (span.start < span.end).then(|| (source.path.to_string(), span.start as usize, span.end as usize))
}

/// All values of a model that hold no others, by their paths.
fn values<T>(model: &Model, of: impl Fn(&ExplainedPart<'_>) -> T) -> BTreeMap<String, T> {
    let ids = (0..model.entities.len()).map(|at| EntityId(u32::try_from(at).unwrap()));
    let of_entity = |id: EntityId| {
        let path = model.entity(id).thing.path();
        let explanation = explain(model, &path.to_string()).unwrap().unwrap();
        explanation.parts.iter().map(|part| (path.join(&part.path).to_string(), of(part))).collect::<Vec<_>>()
    };
    ids.flat_map(of_entity).collect()
}

/// What `explain` says a value is made of: who decided, what that read, and of a list what it was before, unless nothing of that is left.
fn named(compilation: &Compilation, value: &Value, found: &mut BTreeSet<TextPlace>) {
    found.extend(at(compilation, value.decided().span));
    found.extend(at(compilation, value.origin.span));
    for cause in value.made() {
        named(compilation, &cause.value, found);
    }
    match &value.data {
        Data::List(list) => list.items().iter().for_each(|item| named(compilation, item, found)),
        Data::Map(map) => map.entries().iter().for_each(|entry| named(compilation, &entry.value, found)),
        _ => {}
    }
    if let Some(weaker) = value.overridden().filter(|weaker| met(value, weaker) != HowMet::Overrides) {
        named(compilation, weaker, found);
    }
}

/// Another text of the same type in its place; none if there is no simple one.
fn other(text: &str, value: &Value) -> Option<String> {
    Some(match &value.data {
        Data::Int(number) => (number + 1000).to_string(),
        Data::String(said) if text.contains("${") || text.starts_with(['"', '\'']) => format!("\"{said}-edited\""),
        Data::String(said) => format!("{said}-edited"),
        // Of an empty list nothing is in what stands over it, added to it or not.
        Data::List(list) if text.starts_with('[') && !list.items().is_empty() => text.replacen('[', "[edited, ", 1),
        _ => return None,
    })
}

#[test]
fn the_named_place_decides_and_no_other() {
    let files: BTreeMap<String, String> = FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let compilation = compile(&files);
    let said = compilation.diagnostics.sorted(&compilation.sources);
    assert!(!compilation.diagnostics.has_errors(), "{said:?}");
    let model = &compilation.model;
    let before = values(model, |part| json(&tree(part.cascade[0], &model.secrets)));
    let deciding = values(model, |part| (at(&compilation, part.cascade[0].decided().span), part.cascade[0].clone()));
    let closure = values(model, |part| {
        let mut found = BTreeSet::new();
        named(&compilation, part.cascade[0], &mut found);
        found
    });
    // Places of winners, with a value that stands there, and places of losers.
    let mut edits: BTreeMap<TextPlace, (Value, BTreeSet<String>)> = BTreeMap::new();
    // The key of an item says which one it is, so it decides about all of them.
    let is_key = |path: &str| path.contains(".keyed[") && path.ends_with("].name");
    for (path, (place, value)) in deciding.iter().filter(|(path, _)| !is_key(path)) {
        if let Some(place) = place {
            edits.entry(place.clone()).or_insert_with(|| (value.clone(), BTreeSet::new())).1.insert(path.clone());
        }
    }
    let losers = values(model, |part| {
        part.cascade
            .iter()
            .skip(if is_key(&format!(".{}", part.path)) { usize::MAX } else { 1 })
            .map(|value| (*value).clone())
            .collect::<Vec<_>>()
    });
    for value in losers.into_values().flatten() {
        if let Some(place) = at(&compilation, value.decided().span) {
            edits.entry(place).or_insert_with(|| (value, BTreeSet::new()));
        }
    }
    let (mut tried, mut wrong) = (0, String::new());
    for ((file, start, end), (value, deciders)) in &edits {
        let text = &files[file][*start..*end];
        let Some(new) = other(text, value) else { continue };
        let mut edited = files.clone();
        edited.get_mut(file).unwrap().replace_range(*start..*end, &new);
        let after = compile(&edited);
        if after.diagnostics.has_errors() {
            continue;
        }
        tried += 1;
        let now = values(&after.model, |part| json(&tree(part.cascade[0], &after.model.secrets)));
        let changed: BTreeSet<&String> =
            before.iter().filter(|(path, value)| now.get(*path) != Some(*value)).map(|(path, _)| path).collect();
        let place = (file.clone(), *start, *end);
        for path in deciders.iter().filter(|path| !changed.contains(path)) {
            wrong.push_str(&format!("`{text}` at {place:?} is to decide {path}, and `{new}` does not change it\n"));
        }
        for path in changed
            .iter()
            .filter(|path| !closure[**path].iter().any(|known| known.0 == place.0 && known.1 <= place.2 && place.1 <= known.2))
        {
            wrong.push_str(&format!("`{text}` at {place:?} is not named for {path}, and `{new}` changes it\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(tried >= 30, "{tried} of {}", edits.len());
}
