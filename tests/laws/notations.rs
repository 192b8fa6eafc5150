//! What fields in notations mean: random quantities, durations and versions, compared by expressions, against a second reading of them that
//! knows nothing of the compiler's. What was written comes out again.

use super::generate::Bytes;
use super::law;
use crate::support::{self, Project};
use platc::query::show;
use serde_json::Value;
use std::cmp::Ordering;
use std::fmt::Write as _;

/// A text, and what it means for somebody who made it up.
#[derive(Debug)]
struct Sample<M> {
    text: String,
    meaning: M,
}

/// Amounts in units of 10^-12, which all of them are whole multiples of.
fn quantity(bytes: &mut Bytes) -> Sample<i128> {
    // A few numbers only, so that some are the same in two spellings.
    let whole = [0, 1, 2, 500, 512, 1000, 1024, 2048][usize::from(bytes.below(8))];
    let (suffix, unit): (&str, i128) = [
        ("", 1_000_000_000_000),
        ("m", 1_000_000_000),
        ("k", 1_000_000_000_000_000),
        ("M", 1_000_000_000_000_000_000),
        ("G", 1_000_000_000_000_000_000_000),
        ("Ki", 1_000_000_000_000 << 10),
        ("Mi", 1_000_000_000_000 << 20),
        ("Gi", 1_000_000_000_000 << 30),
        ("e3", 1_000_000_000_000_000),
    ][usize::from(bytes.below(9))];
    let (fraction, tenths) = [("", 0), (".5", 5), (".0", 0)][usize::from(bytes.below(3))];
    Sample { text: format!("{whole}{fraction}{suffix}"), meaning: whole * unit + tenths * unit / 10 }
}

/// Lengths in nanoseconds.
fn duration(bytes: &mut Bytes) -> Sample<i128> {
    let negative = bytes.one_in(4);
    let (mut text, mut sum) = (if negative { "-" } else { "" }.to_owned(), 0);
    for _ in 0..=bytes.below(2) {
        let count = [0, 1, 30, 60, 90, 3600][usize::from(bytes.below(6))];
        let (unit, size) =
            [("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000)][usize::from(bytes.below(4))];
        write!(text, "{count}{unit}").unwrap();
        sum += count * size;
    }
    Sample { text, meaning: if negative { -sum } else { sum } }
}

/// Numbers, what is before a release, and the build.
type Version = ([u64; 3], Vec<String>, String);

fn version(bytes: &mut Bytes) -> Sample<Version> {
    let numbers = [(); 3].map(|()| [0, 1, 9, 10, 33][usize::from(bytes.below(5))]);
    let parts: Vec<String> = (0..bytes.below(3)).map(|_| bytes.pick(&["1", "2", "10", "alpha", "beta", "rc"]).to_owned()).collect();
    let build = bytes.pick(&["", "", "k3s1", "001"]).to_owned();
    let [major, minor, patch] = numbers;
    let mut text = format!("{}{major}.{minor}.{patch}", if bytes.one_in(2) { "v" } else { "" });
    if !parts.is_empty() {
        write!(text, "-{}", parts.join(".")).unwrap();
    }
    if !build.is_empty() {
        write!(text, "+{build}").unwrap();
    }
    Sample { text, meaning: (numbers, parts, build) }
}

/// The order of semver.org, as keys that are compared: a release is above what comes before it, numbers are below words.
fn order_of((a, before_a, _): &Version, (b, before_b, _): &Version) -> Ordering {
    type Part = (bool, u64, String);
    let parts = |parts: &[String]| -> Vec<Part> {
        parts.iter().map(|part| part.parse().map_or((true, 0, part.clone()), |number| (false, number, String::new()))).collect()
    };
    (a, before_a.is_empty(), parts(before_a)).cmp(&(b, before_b.is_empty(), parts(before_b)))
}

/// What is asked of two fields, of which `other` stands for the text of the second, and what the answer is: of their order, and of whether
/// they mean the same, which for versions is more.
type Question = (&'static str, fn(Ordering, bool) -> bool);

const QUESTIONS: [Question; 11] = [
    ("self.x < self.y", |order, _| order == Ordering::Less),
    ("self.x <= self.y", |order, _| order != Ordering::Greater),
    ("self.x == self.y", |_, same| same),
    ("self.x != other", |_, same| !same),
    ("self.x > other", |order, _| order == Ordering::Greater),
    ("other > self.x", |order, _| order == Ordering::Less),
    ("self.x in [other]", |_, same| same),
    ("[self.x, self.y].max() == self.y", |order, same| order == Ordering::Less || same),
    ("[self.y, self.x].sort()[0] == self.x", |order, same| order == Ordering::Less || same),
    ("size([self.x, self.y].distinct()) == 1", |_, same| same),
    ("self.x <= word(other) && word(self.x) <= word(self.y)", |order, _| order != Ordering::Greater),
];

/// One pair of a notation, with what is to be said of it.
struct Pair {
    word: &'static str,
    x: String,
    y: String,
    order: Ordering,
    same: bool,
}

fn pairs(bytes: &mut Bytes) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for _ in 0..6 {
        let (x, y) = (quantity(bytes), quantity(bytes));
        let order = x.meaning.cmp(&y.meaning);
        pairs.push(Pair { word: "quantity", x: x.text, y: y.text, order, same: order == Ordering::Equal });
        let (x, y) = (duration(bytes), duration(bytes));
        let order = x.meaning.cmp(&y.meaning);
        pairs.push(Pair { word: "duration", x: x.text, y: y.text, order, same: order == Ordering::Equal });
        let (x, y) = (version(bytes), version(bytes));
        pairs.push(Pair { word: "semver", x: x.text, y: y.text, order: order_of(&x.meaning, &y.meaning), same: x.meaning == y.meaning });
    }
    pairs
}

fn project(pairs: &[Pair]) -> Project {
    let mut text =
        "platform: { name: acme, domain: infra.example.com }\nenvironments: { e: {} }\nclusters: { c: { class: bare } }\n".to_owned();
    text.push_str("classes:\n  cluster: { bare: {} }\n  service:\n");
    for word in ["quantity", "duration", "semver"] {
        writeln!(text, "    {word}: {{ schema: {{ x: {word}, y: {word}, z: {word}, said: any }} }}").unwrap();
    }
    text.push_str("services:\n");
    for (at, pair) in pairs.iter().enumerate() {
        let Pair { word, x, y, .. } = pair;
        writeln!(text, "  s{at}:\n    class: {word}\n    x: \"{x}\"\n    y: \"{y}\"\n    z: \"${{true ? self.x : self.y}}\"\n    said:")
            .unwrap();
        for (question, _) in QUESTIONS {
            let question = question.replace("other", &format!("'{y}'")).replace("word", word);
            writeln!(text, "    - \"${{{question}}}\"").unwrap();
        }
    }
    Project { files: [("platform.yaml".to_owned(), text)].into() }
}

#[test]
fn what_is_written_in_a_notation_is_compared_as_what_it_means() {
    let mut told = [0; 3];
    let counted = std::cell::RefCell::new(&mut told);
    law(60, |bytes| {
        let pairs = pairs(bytes);
        let project = project(&pairs);
        let compilation = platc::compile(&project.system(), &platc::Options::default());
        let said = support::said(&compilation);
        if !said.is_empty() {
            return Err(format!("{said}\n{}", project.text()));
        }
        for (_, entity) in compilation.model.entities().filter(|(_, entity)| entity.kind == platc::name::Kind::Service) {
            let pair = &pairs[entity.name[1..].parse::<usize>().unwrap()];
            let found = show::json(&show::tree(&entity.value, &platc::secret::Secrets::default()));
            let answers: Vec<Value> = QUESTIONS.iter().map(|(_, answer)| Value::from(answer(pair.order, pair.same))).collect();
            for (at, (question, _)) in QUESTIONS.iter().enumerate() {
                if found["said"][at] != answers[at] {
                    return Err(format!("{question} of {} and {} should be {}\n{}", pair.x, pair.y, answers[at], project.text()));
                }
            }
            if found["x"] != pair.x.as_str() || found["z"] != pair.x.as_str() {
                return Err(format!("{} came out as {} and {}", pair.x, found["x"], found["z"]));
            }
            counted.borrow_mut()[match pair.order {
                Ordering::Less => 0,
                Ordering::Equal => 1,
                Ordering::Greater => 2,
            }] += 1;
        }
        Ok(())
    });
    assert!(told.iter().all(|count| *count > 20), "every order must come up: {told:?}");
}
