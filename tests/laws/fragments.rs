//! A class that uses fragments comes to what a reader comes to who writes each of them out where it is used: arguments in place of `self`,
//! a later fragment over an earlier one, and over both what the class and its parent say beside them.

use super::generate::Bytes;
use super::law_of;
use crate::support::{self, Project};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A template, or what it comes to. Keys say what is behind them: `s…` a text, `m…` a map, `l…` a list.
#[derive(Clone, Debug)]
enum Tree {
    Text(String),
    Map { uses: Uses, loops: bool, entries: Vec<(String, Tree)> },
    List(Vec<Tree>),
}

/// Names of fragments with their arguments.
type Uses = Vec<(String, Vec<(String, Tree)>)>;

/// What `self`, `let` and `entity` are.
#[derive(Clone, Debug, Default)]
struct Names {
    fields: BTreeMap<String, Tree>,
    item: Option<String>,
}

#[derive(Debug)]
struct Fragment {
    name: String,
    /// Fragments whose fields it has.
    takes: Option<usize>,
    template: Tree,
}

fn map(entries: Vec<(String, Tree)>) -> Tree {
    Tree::Map { uses: Vec::new(), loops: false, entries }
}

/// A random text in the words of `self`.
fn text(bytes: &mut Bytes, words: &[&str]) -> String {
    match bytes.below(5) {
        0 => format!("w{}", bytes.below(9)),
        1 => format!("p-{}", bytes.pick(words)),
        _ => bytes.pick(words).to_owned(),
    }
}

const IN_CLASS: [&str; 3] = ["${self.a}", "${self.b}", "${self.name}"];
const IN_FRAGMENT: [&str; 4] = ["${self.a}", "${self.b}", "${let.both}", "${entity.name}"];

fn arguments(bytes: &mut Bytes, words: &[&str]) -> Vec<(String, Tree)> {
    let mut given = Vec::new();
    for field in ["a", "b"] {
        if bytes.one_in(2) {
            given.push((field.to_owned(), Tree::Text(text(bytes, words))));
        }
    }
    if bytes.one_in(3) {
        let entries = ["x", "y"].into_iter().filter(|_| bytes.one_in(2)).map(str::to_owned).collect::<Vec<_>>();
        let entries = entries.into_iter().map(|key| (key, Tree::Text(text(bytes, words)))).collect();
        given.push(("m".to_owned(), map(entries)));
    }
    given
}

/// A random map that uses fragments of a number below `known`.
fn template(bytes: &mut Bytes, words: &[&str], known: usize, depth: u8) -> Tree {
    let mut uses: Uses = Vec::new();
    while known > 0 && uses.len() < 2 && bytes.one_in(2) {
        let name = format!("f{}", usize::from(bytes.below(u8::try_from(known).unwrap())));
        if !uses.iter().any(|(other, _)| *other == name) {
            uses.push((name, arguments(bytes, words)));
        }
    }
    let mut entries = Vec::new();
    for _ in 0..1 + bytes.below(3) {
        let (key, value) = match bytes.below(if depth == 0 { 2 } else { 5 }) {
            0 | 1 => (format!("s{}", bytes.below(3)), Tree::Text(text(bytes, words))),
            2 | 3 => (format!("m{}", bytes.below(2)), template(bytes, words, known, depth - 1)),
            _ => {
                let mut items = vec![template(bytes, words, known, 0)];
                if let (Some(Tree::Map { uses, loops, .. }), true) = (items.first_mut(), known > 0 && bytes.one_in(2)) {
                    *loops = true;
                    uses.clear();
                    uses.push(("f0".to_owned(), vec![("a".to_owned(), Tree::Text("${item}".to_owned()))]));
                }
                ("l0".to_owned(), Tree::List(items))
            }
        };
        if !entries.iter().any(|(known, _)| *known == key) {
            entries.push((key, value));
        }
    }
    Tree::Map { uses, loops: false, entries }
}

/// The stronger map over the weaker one, as any two layers meet.
fn merged(weaker: &Tree, stronger: &Tree) -> Tree {
    let (Tree::Map { uses, entries, .. }, Tree::Map { uses: more_uses, entries: more, .. }) = (weaker, stronger) else {
        return stronger.clone();
    };
    let meet = |weaker: &[(String, Tree)], stronger: &[(String, Tree)]| {
        let mut both = weaker.to_vec();
        for (key, value) in stronger {
            match both.iter_mut().find(|(known, _)| known == key) {
                Some((_, have)) => *have = merged(have, value),
                None => both.push((key.clone(), value.clone())),
            }
        }
        both
    };
    let mut all = uses.clone();
    for (name, given) in more_uses {
        match all.iter_mut().find(|(known, _)| known == name) {
            Some((_, have)) => *have = meet(have, given),
            None => all.push((name.clone(), given.clone())),
        }
    }
    Tree::Map { uses: all, loops: false, entries: meet(entries, more) }
}

/// Replaces the names in a text.
fn written(text: &str, names: &Names) -> String {
    let field = |name: &str| match names.fields.get(name) {
        Some(Tree::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let text = text.replace("${self.a}", &field("a")).replace("${self.b}", &field("b"));
    let text = text.replace("${let.both}", &format!("{}.{}", field("a"), field("b")));
    let text = text.replace("${entity.name}", "it").replace("${self.name}", "it");
    text.replace("${item}", names.item.as_deref().unwrap_or(""))
}

/// A template written out: no fragment in it, and no name.
fn out(tree: &Tree, names: &Names, fragments: &[Fragment], takes: Option<usize>) -> Tree {
    match tree {
        Tree::Text(text) => Tree::Text(written(text, names)),
        Tree::List(items) => {
            let mut made = Vec::new();
            for item in items {
                match item {
                    Tree::Map { loops: true, uses, entries } => {
                        for word in ["one", "two"] {
                            let names = Names { item: Some(word.to_owned()), ..names.clone() };
                            let item = Tree::Map { loops: false, uses: uses.clone(), entries: entries.clone() };
                            made.push(out(&item, &names, fragments, takes));
                        }
                    }
                    other => made.push(out(other, names, fragments, takes)),
                }
            }
            Tree::List(made)
        }
        Tree::Map { uses, entries, .. } => {
            let mut base = map(Vec::new());
            for (name, given) in uses {
                let at = fragments.iter().position(|fragment| fragment.name == *name).unwrap();
                let fragment = &fragments[at];
                let given = map(given.iter().map(|(key, value)| (key.clone(), out(value, names, fragments, takes))).collect());
                // What is not said is read from `self` where the fields were taken in, else it is the default.
                let own = if has(takes, at, fragments) { fields_of(names) } else { defaults(&given) };
                let Tree::Map { entries, .. } = merged(&own, &given) else { unreachable!() };
                let inner = Names { fields: entries.into_iter().collect(), item: None };
                base = merged(&base, &out(&fragment.template, &inner, fragments, fragment.takes));
            }
            let beside = entries.iter().map(|(key, value)| (key.clone(), out(value, names, fragments, takes))).collect();
            merged(&base, &map(beside))
        }
    }
}

/// Whether who takes in one fragment has the fields of another.
fn has(takes: Option<usize>, wanted: usize, fragments: &[Fragment]) -> bool {
    takes.is_some_and(|taken| taken == wanted || has(fragments[taken].takes, wanted, fragments))
}

fn fields_of(names: &Names) -> Tree {
    map(names.fields.iter().map(|(key, value)| (key.clone(), value.clone())).collect())
}

/// The defaults of every fragment; that of `b` reads `a`.
fn defaults(given: &Tree) -> Tree {
    let Tree::Map { entries, .. } = given else { unreachable!() };
    let a = entries.iter().find(|(key, _)| key == "a").map_or_else(|| Tree::Text("fa".to_owned()), |(_, value)| value.clone());
    let Tree::Text(text) = &a else { unreachable!() };
    let b = Tree::Text(format!("it-{text}"));
    map(vec![("a".to_owned(), a), ("b".to_owned(), b), ("m".to_owned(), map(vec![("d".to_owned(), Tree::Text("one".to_owned()))]))])
}

/// The text of a tree, as a map of YAML in one line.
fn print(tree: &Tree) -> String {
    let pairs = |entries: &[(String, Tree)]| entries.iter().map(|(key, value)| format!("{key}: {}", print(value))).collect::<Vec<_>>();
    match tree {
        Tree::Text(text) => format!("\"{text}\""),
        Tree::List(items) => format!("[{}]", items.iter().map(print).collect::<Vec<_>>().join(", ")),
        Tree::Map { uses, loops, entries } => {
            let mut all = Vec::new();
            if *loops {
                all.push("$for: { item: [one, two] }".to_owned());
            }
            if !uses.is_empty() {
                let uses = uses.iter().map(|(name, given)| format!("{{ {name}: {{ {} }} }}", pairs(given).join(", ")));
                all.push(format!("$use: [{}]", uses.collect::<Vec<_>>().join(", ")));
            }
            all.extend(pairs(entries));
            format!("{{ {} }}", all.join(", "))
        }
    }
}

const HEAD: &str = "platform: { name: acme, domain: infra.example.com, repository: { url: https://git.example.com/acme/platform.git } }
environments: { apps: {} }
clusters: { c0: { class: bare } }
services: { it: { class: thing, a: ea, b: eb, m: { e: em } } }
classes:
  cluster: { bare: {} }
";

/// The fields of everything, and what they are if nobody says.
const FIELDS: &str = "a: string | default=fa, b: { $type: string, $default: \"${entity.name}-${self.a}\" }, m: { $type: \"map[string]string\", $default: { d: one } }";

fn files(text: String) -> Result<String, String> {
    let mut project = Project::default();
    project.files.insert("platform.yaml".to_owned(), text.clone());
    let (compilation, output) = project.build();
    let said = support::said(&compilation);
    if !said.is_empty() {
        return Err(format!("{said}\n{text}"));
    }
    let shown: Vec<&str> = output.iter().filter(|(path, _)| path.starts_with("files/")).map(|(_, text)| text.as_str()).collect();
    Ok(shown.join("---\n"))
}

fn property(bytes: &mut Bytes) -> Result<(), String> {
    let mut fragments: Vec<Fragment> = Vec::new();
    for at in 0..2 + usize::from(bytes.below(3)) {
        let takes = (at > 0 && bytes.one_in(2)).then(|| usize::from(bytes.below(u8::try_from(at).unwrap())));
        let template = template(bytes, &IN_FRAGMENT, at, 1);
        fragments.push(Fragment { name: format!("f{at}"), takes, template });
    }
    let takes = bytes.one_in(2).then(|| usize::from(bytes.below(u8::try_from(fragments.len()).unwrap())));
    let parent = map(vec![("out.json".to_owned(), template(bytes, &IN_CLASS, fragments.len(), 2))]);
    let child = map(vec![("out.json".to_owned(), template(bytes, &IN_CLASS, fragments.len(), 2))]);
    let mut text = format!("{HEAD}  fragment:\n");
    for fragment in &fragments {
        let fields = fragment.takes.map_or_else(|| FIELDS.to_owned(), |at| format!("$use: f{at}"));
        let (name, template) = (&fragment.name, print(&fragment.template));
        writeln!(text, "    {name}: {{ schema: {{ {fields} }}, let: {{ both: \"${{self.a}}.${{self.b}}\" }}, template: {template} }}")
            .unwrap();
    }
    let own = "a: string, b: string, m: \"map[string]string\"".to_owned();
    let fields = takes.map_or(own, |at| format!("$use: f{at}"));
    writeln!(text, "  service:\n    base: {{ abstract: true, schema: {{ {fields} }}, files: {} }}", print(&parent)).unwrap();
    writeln!(text, "    thing: {{ inherits: base, files: {} }}", print(&child)).unwrap();
    let says = [("a", Tree::Text("ea".to_owned())), ("b", Tree::Text("eb".to_owned()))];
    let mut names = Names::default();
    names.fields.extend(says.map(|(key, value)| (key.to_owned(), value)));
    // The default of a field taken in is a weaker layer of it.
    let mut free = vec![("e".to_owned(), Tree::Text("em".to_owned()))];
    if takes.is_some() {
        free.insert(0, ("d".to_owned(), Tree::Text("one".to_owned())));
    }
    names.fields.insert("m".to_owned(), map(free));
    let by_hand = print(&out(&merged(&parent, &child), &names, &fragments, takes));
    let hand =
        format!("{HEAD}  service: {{ thing: {{ schema: {{ a: string, b: string, m: \"map[string]string\" }}, files: {by_hand} }} }}\n");
    let (used, written) = (files(text.clone())?, files(hand.clone())?);
    if used == written { Ok(()) } else { Err(format!("{}\n{text}\n{hand}", support::difference(&written, &used))) }
}

#[test]
fn a_class_with_fragments_is_the_class_written_out() {
    law_of(150, 400, property);
}
