//! Texts over several lines: random lines in block texts of YAML and in the two long texts of TOML, with the line ends of either system and with
//! and without an end of the last line, against a naive reading that knows nothing of the compiler's.

use super::generate::Bytes;
use super::law;
use crate::support::{self, Project};
use platc::query::show;

/// Lines that mean something elsewhere: comments, keys, blanks at the end, expressions that are none.
const LINES: [&str; 8] = ["abc", "# no comment", "key: value", "", "ends in blanks  ", "$${x}", "- item", "a b"];

struct Sample {
    yaml: String,
    toml: String,
    /// What the block text of YAML, the text in `"""` and the one in `'''` are.
    expected: [String; 3],
}

fn sample(bytes: &mut Bytes) -> Sample {
    let mut lines: Vec<&str> = (0..=bytes.below(4)).map(|_| LINES[usize::from(bytes.below(8))]).collect();
    let (chomping, ended, windows) = (["", "-", "+"][usize::from(bytes.below(3))], bytes.one_in(2), bytes.one_in(2));
    // A block begins where its first line does, and an empty last line without an end of its own is not there.
    if lines[0].is_empty() {
        lines[0] = "first";
    }
    if !ended && lines.last().is_some_and(|line| line.is_empty()) {
        lines.push("last");
    }
    let text = lines.join("\n");
    let indented = |line: &&str| if line.is_empty() { String::new() } else { format!("        {line}") };
    let block: Vec<String> = lines.iter().map(indented).collect();
    let end = if ended { "\n" } else { "" };
    let yaml = format!("services:\n  y:\n    class: k\n    f:\n      x: |{chomping}\n{}{end}", block.join("\n"));
    let toml = format!("[services.t]\nclass = \"k\"\nf.x = \"\"\"\n{text}\n\"\"\"\nf.y = '''\n{text}'''{end}");
    let meant = text.replace("$${x}", "${x}");
    let stripped = meant.trim_end_matches('\n');
    let block = match (chomping, ended) {
        ("-", _) => stripped.to_owned(),
        ("+", true) => format!("{meant}\n"),
        (_, true) => format!("{stripped}\n"),
        (_, false) => meant.clone(),
    };
    let with_ends = |text: String| if windows { text.replace('\n', "\r\n") } else { text };
    let expected = [block, format!("{meant}\n"), meant];
    Sample { yaml: with_ends(yaml), toml: with_ends(toml), expected }
}

#[test]
fn texts_are_what_is_written() {
    law(150, |bytes| {
        let Sample { yaml, toml, expected } = sample(bytes);
        let root = "platform: { name: acme, domain: infra.example.com }\nenvironments: { e: {} }\nclusters: { c: { class: bare } }\n\
                    classes: { cluster: { bare: {} }, service: { k: { schema: { f: object } } } }\n";
        let files = [("platform.yaml", root.to_owned()), ("y.yaml", yaml), ("t.toml", toml)];
        let project = Project { files: files.map(|(path, text)| (path.to_owned(), text)).into() };
        let compilation = platc::compile(&project.system(), &platc::Options::default());
        let said = support::said(&compilation);
        if !said.is_empty() {
            return Err(format!("{said}\n{}", project.text()));
        }
        let text = |name: &str, field: &str| {
            let (_, entity) = compilation.model.entities().find(|(_, entity)| &*entity.name == name).unwrap();
            let value = show::json(&show::tree(&entity.value, &platc::secret::Secrets::default()));
            value["f"][field].as_str().unwrap().to_owned()
        };
        let found = [text("y", "x"), text("t", "x"), text("t", "y")];
        if found == expected { Ok(()) } else { Err(format!("{found:?} should be {expected:?}\n{:?}", project.files)) }
    });
}
