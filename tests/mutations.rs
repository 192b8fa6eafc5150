//! Projects broken at random: whatever stands in the files, the compiler ends, says something that can be shown, and says the same twice.

use crate::support::{self, Project};
use platc::diagnostic::Severity;

/// A small deterministic generator; a seed names a case.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % limit.max(1) as u64).unwrap()
    }

    fn pick<'t, T: ?Sized>(&mut self, from: &[&'t T]) -> &'t T {
        from[self.below(from.len())]
    }
}

const HOSTILE: &[&str] = &[
    "null",
    "~",
    "true",
    "no",
    "-1",
    "0",
    "99999999999999999999",
    "1e400",
    ".inf",
    "0x1F",
    "''",
    "\"\"",
    "[]",
    "{}",
    "[[]]",
    "{a: {b: c}}",
    "${",
    "${}",
    "${self}",
    "${self.region}",
    "${clusters}",
    "${cluster}",
    "${environment.name}",
    "${1 / 0}",
    "${[1][5]}",
    "$${x}",
    "${clusters.gc0.outputs.endpoint}",
    "${self.name + 1}",
    "${lists.range(1000000)}",
    "${'a' * 3}",
    "\"${\"",
    "*a",
    "&a x",
    "|",
    ">-",
    "\t",
    "é",
    "\u{2028}",
    "\u{0}",
    "\u{feff}",
    "!!str x",
    "..",
    "../../x",
    "/etc/passwd",
    "a: b: c",
    "<<: {a: 1}",
    "- - -",
    "? x",
    "%TAG",
    "---",
    "...",
    "#",
    "2020-01-01",
    "gc0",
    "apps",
    "ops",
    "eks",
    "all",
    "class",
    "inherits",
    "environments",
    "nodePools",
    "enabled",
    "\"a.b\"",
    "x+",
    "x-",
    "x=",
    "x!",
    "10.0.0.0/33",
    "10.0.0.0/8",
    "1.35",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "A_b",
    "-",
];

/// One change of a text.
fn mutate(text: &str, others: &[String], random: &mut Random) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.is_empty() {
        return random.pick(HOSTILE).to_owned();
    }
    let at = random.below(lines.len());
    match random.below(10) {
        0 => {
            lines.remove(at);
        }
        1 => lines.insert(at, lines[at].clone()),
        2 => {
            let other = random.below(lines.len());
            lines.swap(at, other);
        }
        3 => lines[at].insert_str(0, random.pick(&["  ", " ", "\t", "- "])),
        4 => lines[at] = lines[at].trim_start().to_owned(),
        5 => {
            let operator = random.pick(&["+:", "-:", "=:", "!:", "::", ":"]);
            lines[at] = lines[at].replacen(':', operator, 1);
        }
        6 => {
            // Ends in the middle of something.
            let cut = (0..=text.len()).rev().find(|cut| text.is_char_boundary(*cut) && *cut <= random.0 as usize % text.len()).unwrap_or(0);
            return text[..cut].to_owned();
        }
        7 => {
            let line = others[random.below(others.len())].clone();
            lines.insert(at, line);
        }
        _ => {
            let words: Vec<(usize, &str)> = lines[at]
                .split_inclusive(char::is_whitespace)
                .scan(0, |start, word| {
                    let found = (*start, word.trim_end());
                    *start += word.len();
                    Some(found)
                })
                .filter(|(_, word)| !word.is_empty())
                .collect();
            if let Some((start, word)) = words.get(random.below(words.len())).copied() {
                let end = start + word.len();
                let new = random.pick(HOSTILE);
                let keep = if word.ends_with(':') && random.below(2) == 0 { ":" } else { "" };
                lines[at] = format!("{}{new}{keep}{}", &lines[at][..start], &lines[at][end..]);
            }
        }
    }
    lines.join("\n") + "\n"
}

fn broken(folder: &str, seed: u64) -> Project {
    let mut random = Random(seed);
    let mut project = Project::read(folder);
    let paths: Vec<String> = project.files.keys().cloned().collect();
    let others: Vec<String> = project.files.values().flat_map(|text| text.lines()).map(str::to_owned).collect();
    for _ in 0..=random.below(3) {
        let path = &paths[random.below(paths.len())];
        let text = mutate(&project.files[path], &others, &mut random);
        project.files.insert(path.clone(), text);
    }
    project
}

#[test]
fn nothing_in_a_file_makes_the_compiler_fail() {
    let cases: u64 = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(150);
    let folders =
        ["examples/kubestack/starter", "tests/data/starter-toml", "tests/cases/late-values/project", "tests/cases/templates/project"];
    let (mut failed, mut built) = (0, 0);
    for seed in 0..cases {
        let folder = folders[usize::try_from(seed).unwrap() % folders.len()];
        let project = broken(folder, seed);
        let outcome = std::panic::catch_unwind(|| {
            let (compilation, output) = project.build();
            // Shows every span, so one that does not fit its text is found here.
            let said = support::said(&compilation);
            let (again, output_again) = project.build_backwards();
            assert_eq!(said, support::said(&again), "said differently with files in another order");
            assert_eq!(output, output_again);
            let errors = compilation.diagnostics.sorted(&compilation.sources).iter().filter(|one| one.severity == Severity::Error).count();
            assert!(errors > 0 || !output.is_empty(), "neither errors nor output");
            errors
        });
        match outcome {
            Ok(0) => built += 1,
            Ok(_) => failed += 1,
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
                panic!("seed {seed}: {}\n{}", text.unwrap_or("panic"), project.text());
            }
        }
    }
    assert!(failed > built / 4 && built > 0, "{failed} failed and {built} were built: the changes are too wild or too tame");
}
