//! Names address and identities name: a platform in which everything has another name, and its old one as `identity`, comes to the same
//! files, byte for byte. Every example and case is renamed twice: each thing to a name that nothing had, which also changes how names sort;
//! and the things of each kind to the names of each other, in a circle, so that every name means something else than before. A rename may
//! follow another one, and lead back.

mod names;
pub(super) mod tree;

use crate::support::{self, Project};
use names::{Makings, classes, names, scrambled};
use platc::diagnostic::Diagnostics;
use platc::document::parse_one;
use platc::query::show;
use platc::source::{Grammar, Source};
use platc::span::FileId;
use serde_yaml::Value;
use std::collections::{BTreeMap, BTreeSet};
use tree::{entries, map_texts, set, value};

/// Cases that write names out, so that a rename is seen, each with the reason.
const NAMES_SHOWN: [(&str, &str); 2] = [
    ("tests/cases/expressions/", "its values are keys of plurals, and those are names: `keys(clusters)`"),
    ("tests/cases/loops-keys-of-references/", "its values are keys of plurals, too"),
];

#[test]
fn a_rename_with_identities_changes_no_byte() {
    let (mut renamed, mut wrong) = (0, Vec::new());
    for folder in folders() {
        let project = Project::read(&folder);
        let (compilation, before) = project.build();
        // Some are wrong on purpose.
        if compilation.diagnostics.has_errors() {
            continue;
        }
        let (said_before, values_before) = (support::said(&compilation), values(&compilation));
        let named = names(&compilation);
        let classes = classes(&compilation);
        let to_new = |names: &BTreeSet<String>| names.iter().map(|name| (name.clone(), scrambled(name))).collect();
        let to_next = |names: &BTreeSet<String>| names.iter().cloned().zip(names.iter().cycle().skip(1).cloned()).collect();
        let none = |_: &BTreeSet<String>| BTreeMap::new();
        let to_old = |names: &BTreeSet<String>| names.iter().map(|name| (name.clone(), name[1..].to_owned())).collect();
        let ways: [(&str, &[&Way]); 5] = [
            ("nothing", &[&none]),
            ("to new names", &[&to_new]),
            ("to each other's names", &[&to_next]),
            ("to new names, and those to each other's", &[&to_new, &to_next]),
            ("to new names and back", &[&to_new, &to_old]),
        ];
        for (way, steps) in ways {
            let (mut changed, mut named, mut makings) = (project.clone(), named.clone(), Makings::of(&compilation));
            for how in steps {
                let mut names: BTreeMap<&str, Names> =
                    named.iter().map(|(kind, names)| (*kind, makings.around(kind, names, how))).collect();
                makings.follow(&mut names);
                named = names.iter().map(|(kind, names)| (*kind, names.values().cloned().collect())).collect();
                changed = Renaming { names, classes: &classes, says_identities: true }.project(&changed);
            }
            let (compilation, after) = changed.build();
            let said = support::said(&compilation);
            // A text that an expression makes may be a name or an identity: where that matters, it is refused with the cure.
            let is_refused = |fault: &platc::diagnostic::Diagnostic| fault.code == platc::code::Code::AmbiguousReference;
            let all_refused = compilation.diagnostics.sorted(&compilation.sources).iter().all(is_refused);
            if way.ends_with("each other's names") && !said.is_empty() && all_refused {
                continue;
            }
            if said.is_empty() != said_before.is_empty() {
                wrong.push(format!("{folder} renamed {way}:\n{said}\n{}", changed.text()));
                continue;
            }
            let mut differ: Vec<String> = before
                .keys()
                .chain(after.keys())
                .filter(|path| before.get(*path) != after.get(*path))
                .map(|path| {
                    let text = |files: &BTreeMap<String, String>| files.get(path).cloned().unwrap_or_default();
                    format!("{path}\n{}", support::difference(&text(&before), &text(&after)))
                })
                .collect();
            let values = values(&compilation);
            if values != values_before {
                differ.push(support::difference(&values_before, &values));
            }
            if !differ.is_empty() {
                wrong.push(format!("{folder} renamed {way}:\n{}\n{}", differ.join("\n"), changed.text()));
            }
        }
        renamed += 1;
    }
    for (case, why) in NAMES_SHOWN {
        let count = wrong.len();
        wrong.retain(|fault| !fault.starts_with(case));
        assert!(support::some_only() || wrong.len() < count, "{case} differs no more ({why}): take it off the list");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(support::some_only() || renamed > 20, "only {renamed} projects were renamed");
}

#[test]
fn the_case_of_identity_comes_to_what_it_came_to_before() {
    let project = Project::read("tests/cases/identity/project");
    let (compilation, after) = project.build();
    let model = &compilation.model;
    let mut names: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
    let mut note = |kind, name: &str, identity: &platc::model::Identity| {
        names.entry(kind).or_default().insert(name.to_owned(), identity.to_string());
    };
    model.environments.iter().for_each(|environment| note("environments", &environment.name, &environment.identity));
    model.entities.iter().for_each(|entity| note(entity.kind.plural(), &entity.name, &entity.identity));
    let old = Renaming { names, classes: &classes(&compilation), says_identities: false }.project(&project);
    assert!(!old.text().contains("identity"), "{}", old.text());
    let (compilation, before) = old.build();
    assert_eq!(support::said(&compilation), "", "{}", old.text());
    assert_eq!(before, after);
}

fn folders() -> Vec<String> {
    let mut folders = ["starter", "multi-cloud"].map(|name| format!("examples/kubestack/{name}")).to_vec();
    folders.extend(support::cases("cases").into_iter().map(|case| format!("tests/cases/{case}/project")));
    folders
}

/// Everything there is under its identity, in the order of the model, but for fields that name other things.
fn values(compilation: &platc::Compilation) -> String {
    let model = &compilation.model;
    let all = model.entities.iter().map(|entity| {
        let of = |id: Option<platc::model::EntityId>| id.map_or("-".to_owned(), |id| model.entity(id).identity.to_string());
        let json = |value: &platc::value::Value| {
            let mut json = show::json(&show::tree(value, &compilation.model.secrets));
            if let Some(map) = json.as_object_mut() {
                map.retain(|key, _| !ADDRESSES.split(' ').any(|known| known == key));
            }
            json
        };
        let stack = entity.stack.as_deref().unwrap_or("-");
        format!(
            "{} {} {} {} {} {stack} {} {}\n",
            model.environment(entity.environment).identity,
            entity.kind.plural(),
            of(entity.cluster),
            of(entity.tenant),
            entity.identity,
            json(&entity.value),
            json(&entity.computed)
        )
    });
    all.collect()
}

/// Fields whose texts are names, and what only a renamed thing has.
const ADDRESSES: &str = "placement sites where onlyIn notIn dependsOn stack identity after with store peer knows more database bucket registry ingress certificates to group \
     list deep db through talksTo acceptsFrom monitors kinds policies systemPool";

/// New names by old ones.
type Names = BTreeMap<String, String>;

/// What becomes of the names of a kind.
type Way = dyn Fn(&BTreeSet<String>) -> Names;

/// New names by kind and old name.
struct Renaming<'a> {
    names: BTreeMap<&'a str, BTreeMap<String, String>>,
    classes: &'a BTreeMap<String, String>,
    /// Whether each thing gets its old name as identity; otherwise none has one.
    says_identities: bool,
}

impl Renaming<'_> {
    fn project(&self, project: &Project) -> Project {
        let mut changed = Project::default();
        for (path, text) in &project.files {
            let grammar = match path.rsplit_once('.') {
                // What is taken in is no source.
                _ if path.starts_with("files/") => {
                    changed.files.insert(path.clone(), text.clone());
                    continue;
                }
                Some((_, "toml")) => Grammar::Toml,
                Some((_, "yaml" | "yml")) => Grammar::Yaml,
                _ => {
                    changed.files.insert(path.clone(), text.clone());
                    continue;
                }
            };
            let source = Source { path: path.as_str().into(), text: text.as_str().into(), grammar, library: false };
            // A project may hold files that are no sources.
            let Some(document) = parse_one(FileId(0), &source, &mut Diagnostics::default()) else {
                changed.files.insert(path.clone(), text.clone());
                continue;
            };
            let (path, document) = (path.replace(".toml", ".yaml"), value(&document.root));
            let document = self.document(document);
            // JSON is YAML whose readers agree.
            changed.files.insert(path, serde_json::to_string_pretty(&document).unwrap());
        }
        changed
    }

    fn changed(&self, kind: &str, name: &str) -> Option<&str> {
        self.names.get(kind).and_then(|names| names.get(name)).map(String::as_str)
    }

    fn name(&self, kind: &str, name: &str) -> String {
        self.changed(kind, name).unwrap_or(name).to_owned()
    }
    fn document(&self, document: Value) -> Value {
        entries(document, |key, block| {
            let block = match key.as_str() {
                "platform" => self.platform(block),
                "classes" => block,
                "policies" => entries(block, |name, policy| (name, self.fields("", policy))),
                "environments" => entries(block, |name, body| (self.name("environments", &name), self.environment(&name, body))),
                kind => entries(block, |name, body| (self.name(kind, &name), self.definition(kind, &name, body, true))),
            };
            (key, self.expressions(block))
        })
    }

    fn platform(&self, platform: Value) -> Value {
        entries(platform, |key, value| {
            let value = match key.as_str() {
                "promotion" => self.each("environments", value),
                "defaults" => self.defaults(value, true),
                "argocd" => entries(value, |key, value| {
                    let value = if key == "hub" { self.each("clusters", value) } else { value };
                    (key, value)
                }),
                _ => value,
            };
            (key, value)
        })
    }

    fn defaults(&self, defaults: Value, is_body: bool) -> Value {
        entries(defaults, |kind, fields| {
            let fields = entries(fields, |key, value| self.all_inner(&kind, key, value, is_body));
            let fields = self.fields(&kind, fields);
            (kind, fields)
        })
    }

    fn all_inner(&self, home: &str, key: String, value: Value, is_body: bool) -> (String, Value) {
        let (inner @ ("nodePools" | "applications"), "clusters" | "tenants") = (key.as_str(), home) else { return (key, value) };
        let change = |name: String, body: Value| {
            let bare = name.trim_end_matches(['+', '-', '=', '!']);
            let body = self.definition(inner, bare, body, is_body);
            let body = if is_body && body.as_bool().is_none() { self.identified(inner, bare, body) } else { body };
            (format!("{}{}", self.name(inner, bare), &name[bare.len()..]), body)
        };
        let value = entries(value, change);
        (key, value)
    }

    fn environment(&self, name: &str, body: Value) -> Value {
        let body = entries(body, |key, value| match key.as_str() {
            "inherits" => (key, self.each("environments", value)),
            "defaults" => (key, self.defaults(value, false)),
            "constants" => (key, self.fields("constants", value)),
            _ => (key, value),
        });
        self.identified("environments", name, body)
    }

    /// A body of a definition or an overlay of one.
    fn definition(&self, kind: &str, name: &str, body: Value, is_body: bool) -> Value {
        let body = entries(body, |key, value| {
            let value = match key.as_str() {
                "inherits" => self.each(kind, value),
                "environments" => {
                    entries(value, |place, overlay| (self.name("environments", &place), self.definition(kind, name, overlay, false)))
                }
                "clusters" => entries(value, |place, overlay| (self.name("clusters", &place), self.definition(kind, name, overlay, false))),
                "nodePools" | "applications" => return self.all_inner(kind, key, value, is_body),
                _ => value,
            };
            (key, value)
        });
        let mut body = self.fields(kind, body);
        if !is_body {
            return body;
        }
        if kind == "services"
            && body.get("class").is_none()
            && let Some(class) = self.classes.get(name)
        {
            set(&mut body, "class", class);
        }
        // Pools and applications at the top are bases.
        if matches!(kind, "nodePools" | "applications") { body } else { self.identified(kind, name, body) }
    }

    /// Says what the thing is called outside, unless it is only to be inherited.
    fn identified(&self, kind: &str, name: &str, mut body: Value) -> Value {
        let said = body.as_mapping_mut().and_then(|map| map.shift_remove("identity"));
        let identity = said.as_ref().and_then(Value::as_str).unwrap_or(name);
        // What says nothing but applications adds to a tenant and does not define it.
        let adds = body.as_mapping().is_some_and(|map| kind == "tenants" && map.len() == 1 && map.contains_key("applications"));
        let has_none = adds || body.get("abstract").and_then(Value::as_bool) == Some(true);
        if self.says_identities && !has_none && self.name(kind, name) != identity {
            set(&mut body, "identity", identity);
        }
        body
    }

    /// Fields that name things.
    fn fields(&self, kind: &str, body: Value) -> Value {
        entries(body, |key, value| {
            let value = match key.trim_end_matches(['+', '-', '=', '!']) {
                "onlyIn" | "notIn" => self.each("environments", value),
                "placement" if !kind.is_empty() => self.each("clusters", value),
                // Names of clusters for placements.
                "sites" | "where" => self.each("clusters", value),
                "stack" => map_texts(value, &|text| {
                    let home = ["clusters", "infrastructure"].into_iter().find(|kind| self.changed(kind, text).is_some());
                    match home {
                        Some(kind) => self.name(kind, text),
                        None if text.contains('.') => self.address("", text),
                        None => text.to_owned(),
                    }
                }),
                // References of the cases.
                "after" | "with" | "store" | "peer" | "knows" | "to" | "deep" | "through" | "talksTo" | "acceptsFrom" => {
                    map_texts(value, &|text| self.address("services", text))
                }
                "database" | "bucket" | "registry" => map_texts(value, &|text| self.address("infrastructure", text)),
                "more" | "inner" | "group" => match value {
                    Value::Sequence(items) => Value::Sequence(items.into_iter().map(|item| self.fields("", item)).collect()),
                    value => self.fields("", value),
                },
                "dependsOn" => map_texts(value, &|text| match text.split_once('.') {
                    Some((kind, name)) => format!("{kind}.{}", self.name(kind, name)),
                    None => self.changed(kind, text).or_else(|| self.changed("services", text)).unwrap_or(text).to_owned(),
                }),
                _ => value,
            };
            (key, value)
        })
    }

    /// A name, or an address.
    fn address(&self, kind: &str, text: &str) -> String {
        let parts: Vec<&str> = text.split('.').collect();
        if let [name] = parts.as_slice() {
            return self.name(kind, name);
        }
        let pairs = parts.chunks(2).map(|pair| format!("{}.{}", pair[0], self.name(pair[0], pair[1])));
        pairs.collect::<Vec<_>>().join(".")
    }

    /// A name or a list of them.
    fn each(&self, kind: &str, value: Value) -> Value {
        match value {
            Value::String(name) => Value::String(self.name(kind, &name)),
            Value::Sequence(items) => Value::Sequence(items.into_iter().map(|item| self.each(kind, item)).collect()),
            other => other,
        }
    }

    /// Addresses in expressions: those stand for things by their names.
    fn expressions(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Sequence(items) => Value::Sequence(items.into_iter().map(|item| self.expressions(item)).collect()),
            Value::Mapping(map) => {
                let each = map.into_iter().map(|(key, value)| match (key, self.hidden_in(&value)) {
                    (key, Some(without)) => (without.expressions(key), without.expressions(value)),
                    (key, None) => (self.expressions(key), self.expressions(value)),
                });
                Value::Mapping(each.collect())
            }
            other => other,
        }
    }

    /// The same without the kinds that names of a loop hide in an entry, if there are such.
    fn hidden_in(&self, entry: &Value) -> Option<Self> {
        let iterators = entry.get("$for")?.as_mapping()?;
        let is_hidden = |kind: &str| iterators.contains_key(kind);
        let names: BTreeMap<&str, Names> =
            self.names.iter().filter(|(kind, _)| !is_hidden(kind)).map(|(kind, names)| (*kind, names.clone())).collect();
        (names.len() < self.names.len()).then_some(Self { names, ..*self })
    }

    fn text(&self, text: &str) -> String {
        if !text.contains("${") {
            return text.to_owned();
        }
        let address = regex::Regex::new(r#"\b([a-zA-Z]+)(\.|\["|\[')([a-z0-9-]+)"#).unwrap();
        let replaced = address.replace_all(text, |found: &regex::Captures<'_>| {
            let (kind, link, name) = (&found[1], &found[2], &found[3]);
            // Behind a dot a dash is a minus.
            let end = if link == "." { name.find('-').unwrap_or(name.len()) } else { name.len() };
            let (name, rest) = name.split_at(end);
            format!("{kind}{link}{}{rest}", self.name(kind, name))
        });
        replaced.into_owned()
    }
}
