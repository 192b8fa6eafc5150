//! Tries targets without libFuzzer, which needs a compiler for C++ and is steered by what is covered: from the seed of a target, and whatever files are named,
//! texts are changed at random, those that are well formed again and again. `mutate TARGET SECONDS [SEED [FILE…]]`; prints what it was doing when it
//! takes too long or panics.

use std::time::{Duration, Instant};

/// What one text may take.
const LONG: Duration = Duration::from_secs(20);

/// Words that texts get: of the language, and of the frames.
const WORDS: &[&str] = &[
    "$for", "$if", "$value", "$spread", "$use", "$verbatim", "$file", "$owner", "$type", "$default", "$sensitive", "class", "inherits", "enabled", "forget", "override",
    "environments", "clusters", "ops", "apps", "gc0", "size", "zones", "open", "things", "one", "two", "part", "path", "chart", "list", "near", "name", "identity", "placement", "all", "labels",
    "dependsOn", "infrastructure", "services", "applications", "manifests", "files", "terraform", "resource", "aws_s3_bucket", "helm", "argocd", "page", "a.yaml", "null", "true", "false", "0", "-1", "3",
    "''", "[]", "{}", "[a]", "{a: b}", "${self}", "${self.name}", "${self.?none}", "${self.size}", "${self.zones}", "${self.open}", "${self.things}", "${entity.name}", "${let}", "${let.a}", "${item}",
    "${key}", "${index}", "${services}", "${infrastructure}", "${entities.infrastructure.x}", "${cluster.name}", "${environment.name}", "${stack.name}", "${resource.aws_s3_bucket.web.id}", "$${x}",
    "${[1, 2]}", "${{'a': 1}}", "${x", "${}", "string", "integer | default=1", "[]string", "map[string]one", "map[string]part", "definition(infrastructure, thing)", "ref(infrastructure)", "object",
    "string or [](string)", "-", "+", "=", "!", "-:", "+:", "=:", "!:", ": ", ", ", "[", "]", "{", "}", "'", "\"", "#", "&a", "*a", "|", "\n", "  ", "\u{1}", "é", "\u{0}",
];

/// Random numbers, the same for a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound.max(1)
    }
}

fn changed(text: &str, other: &str, random: &mut Random) -> String {
    let boundary = |text: &str, at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let mut text = text.to_owned();
    for _ in 0..=random.below(4) {
        let at = boundary(&text, random.below(text.len() + 1));
        let word = WORDS[random.below(WORDS.len())];
        // Where the next token begins, so that most of what comes out can be read.
        let token = text[at..].find([' ', ',', '{', '}', '[', ']', '\n', ':']).map_or(text.len(), |length| at + length);
        let behind = boundary(&text, token + 1);
        let next = text[behind..].find([' ', ',', '{', '}', '[', ']', '\n', ':']).map_or(text.len(), |length| behind + length);
        match random.below(8) {
            0 => text.insert_str(at, word),
            1 => text.insert_str(behind, word),
            2 | 3 => text.replace_range(behind.min(next)..next, word),
            4 => text.replace_range(at..boundary(&text, at + random.below(12)), ""),
            5 => {
                let from = boundary(other, random.below(other.len() + 1));
                let to = boundary(other, from + random.below(60));
                text.insert_str(behind, &other[from..to.max(from)]);
            }
            6 => {
                let mut lines: Vec<&str> = text.split('\n').collect();
                let (one, two) = (random.below(lines.len()), random.below(lines.len()));
                lines.swap(one, two);
                text = lines.join("\n");
            }
            _ => {
                let mut lines: Vec<&str> = text.split('\n').collect();
                let line = lines[random.below(lines.len())];
                lines.insert(random.below(lines.len() + 1), line);
                text = lines.join("\n");
            }
        }
    }
    text.truncate(boundary(&text, 3000));
    text
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, seconds, rest @ ..] = arguments.as_slice() else { panic!("mutate TARGET SECONDS [SEED [FILE…]]") };
    let target = platc_fuzz::TARGETS.iter().find(|target| target.name == *name).expect("a target of this name");
    let until = Instant::now() + Duration::from_secs(seconds.parse().expect("seconds"));
    let seed: u64 = rest.first().map_or(1, |seed| seed.parse().expect("a number"));
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let files = rest.iter().skip(1).map(|path| std::fs::read_to_string(path).expect("a text"));
    let mut corpus: Vec<String> = [target.seed.to_owned()].into_iter().chain(files).collect();
    let (mut count, mut found, mut slowest) = (0usize, 0usize, Duration::ZERO);
    while Instant::now() < until {
        // Half of them begin at the seed, so that most can be read.
        let text = &corpus[if random.below(2) == 0 { 0 } else { random.below(corpus.len()) }];
        let other = &corpus[random.below(corpus.len())];
        let text = changed(text, other, &mut random);
        let begun = Instant::now();
        let outcome = std::panic::catch_unwind(|| (target.run)(&text));
        let took = begun.elapsed();
        slowest = slowest.max(took);
        if outcome.is_err() || took > LONG {
            found += 1;
            println!("{name}: {} after {took:?} with {text:?}", if outcome.is_err() { "panics" } else { "hangs" });
        }
        count += 1;
        // What is long ago is forgotten, but for what it began with.
        if corpus.len() > 400 {
            let at = 1 + random.below(corpus.len() - 1);
            corpus.swap_remove(at);
        }
        corpus.push(text);
    }
    println!("{name}: {count} texts, {found} findings, the slowest took {slowest:?}");
    if found > 0 {
        std::process::exit(1);
    }
}
