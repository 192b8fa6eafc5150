//! What is taken in from a file is what would be written out in its place: random objects and values, in files and word for word in a class.

use super::generate::Bytes;
use super::law;
use crate::support::{self, Project};
use serde_json::{Map, Value, json};

const TEXTS: [&str; 10] = ["a", "${self.name}", "$${x}", "a: b\n# c\n", "yes", "0777", " x ", "", "+", "ü\t\"'"];
const KEYS: [&str; 6] = ["a", "b+", "c-", "$for", "$verbatim", "${d}"];

fn value(bytes: &mut Bytes, depth: u8) -> Value {
    match bytes.below(if depth == 0 { 4 } else { 6 }) {
        0 => json!(bytes.pick(&TEXTS)),
        1 => json!(bytes.below(5)),
        2 => json!(bytes.one_in(2)),
        3 => [json!(1.5), json!(100)][usize::from(bytes.below(2))].clone(),
        4 => (0..bytes.below(3)).map(|_| value(bytes, depth - 1)).collect(),
        _ => map(bytes, depth),
    }
}

fn map(bytes: &mut Bytes, depth: u8) -> Value {
    let entries = (0..bytes.below(4)).map(|_| (bytes.pick(&KEYS).to_owned(), value(bytes, depth - 1)));
    Value::Object(entries.collect::<Map<_, _>>())
}

fn project(manifests: &str, files: &[(&str, &str)]) -> Project {
    let platform = "platform: { name: acme, domain: infra.example.com, repository: { url: https://git.example.com/acme/platform.git } }
environments: { apps: {} }
clusters: { gc0: { class: metal } }
services: { web: {} }
";
    let mut project = Project::default();
    project.files.insert("platform.yaml".to_owned(), platform.to_owned());
    project.files.insert(
        "classes.yaml".to_owned(),
        format!("classes:\n  cluster: {{ metal: {{}} }}\n  service:\n    web:\n      manifests:\n{manifests}"),
    );
    project.files.extend(files.iter().map(|(path, text)| (format!("files/{path}"), (*text).to_owned())));
    project
}

#[test]
fn what_is_taken_in_is_what_would_be_written_out() {
    law(60, |bytes| {
        let objects: Vec<Value> = (0..bytes.below(4))
            .map(|at| {
                let metadata = json!({"name": format!("o{at}"), "namespace": bytes.pick(&["a", "b"])});
                json!({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": metadata, "spec": map(bytes, 3)})
            })
            .collect();
        let one = map(bytes, 3);
        let text = bytes.pick(&["a\n", "${b}", "\"", "a: |\n  b\n"]);
        let head = |spec: &str| {
            format!("        own: {{ apiVersion: example.com/v1, kind: Own, metadata: {{ name: own, namespace: a }}, spec: {spec}, text: ")
        };
        let written = objects
            .iter()
            .enumerate()
            .fold(String::new(), |lines, (at, object)| format!("{lines}        thing-o{at}: {{ $verbatim: {object} }}\n"));
        let written = format!("{written}{}{{ $verbatim: {} }} }}\n", head(&format!("{{ $verbatim: {one} }}")), json!(text));
        let named = if objects.is_empty() { "" } else { "        $objects: [things.yaml]\n" };
        let form = bytes.pick(&["yaml", "json"]);
        let taken = format!("{named}{}{{ $file: text }} }}\n", head(&format!("{{ $file: one.json, $as: {form} }}")));
        let things = objects.iter().fold(String::new(), |lines, object| format!("{lines}---\n{object}\n"));
        let files = [("things.yaml", things.as_str()), ("one.json", &one.to_string()), ("text", text)];
        let (written, taken) = (project(&written, &[]), project(&taken, &files));
        let ((first, expected), (second, found)) = (written.build(), taken.build());
        let said = (support::said(&first), support::said(&second));
        if first.diagnostics.has_errors() || second.diagnostics.has_errors() || expected != found {
            return Err(format!("{}\n{}\n{}{}\n{expected:?}\n{found:?}", written.text(), taken.text(), said.0, said.1));
        }
        Ok(())
    });
}
