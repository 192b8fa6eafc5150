//! Facts, on random platforms: with all of them, what is delivered is what constants in their place would give, and Terraform is the same bytes with
//! and without them.

use super::generate::Bytes;
use super::law;
use crate::support::{self, Project};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A number below this one.
fn below(bytes: &mut Bytes, limit: usize) -> usize {
    usize::from(bytes.below(u8::try_from(limit).unwrap()))
}

/// A value that an output may have: hostile texts, numbers, and shapes of them.
fn value(bytes: &mut Bytes, depth: usize) -> Value {
    let texts =
        ["a", "", "https://x:443/?a=b&c=<d>", "${x}", "%{if}", "$${", "é \"quoted\" \\ 'y'", "line\nline", "true", "0123", "~", "a: b"];
    match below(bytes, if depth == 0 { 4 } else { 6 }) {
        0 | 1 => json!(texts[below(bytes, texts.len())]),
        2 => json!(i64::try_from(below(bytes, 200)).unwrap() * 10 - 1000),
        3 => [json!(true), json!(false), json!(2.5), json!(9_007_199_254_740_993_i64)][below(bytes, 4)].clone(),
        4 => Value::Array((0..below(bytes, 3)).map(|_| value(bytes, depth - 1)).collect()),
        _ => Value::Object((0..below(bytes, 3)).map(|at| (["k", "a-b", "é"][at].to_owned(), value(bytes, depth - 1))).collect()),
    }
}

/// A value as a definition writes it. A text with what would begin an expression is joined by one.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) if text.contains("${") => {
            let parts: Vec<String> = text.split("${").map(|part| json!(part).to_string()).collect();
            json!(format!("${{{}}}", parts.join(" + \"$\" + \"{\" + "))).to_string()
        }
        Value::Array(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => {
            let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{}: {}", json!(key), written(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

/// One output: how its class writes it where Terraform finds it out, what it is, and how it may be read.
struct RandomOutput {
    late: String,
    value: Value,
    reads: Vec<&'static str>,
}

fn output(bytes: &mut Bytes) -> RandomOutput {
    let reference = |attribute: &str| format!("${{resource.x_thing.this.{attribute}}}");
    let is_text = |value: &Value| !value.is_array() && !value.is_object();
    match below(bytes, 4) {
        // A reference, whatever it comes to.
        0 => {
            let value = value(bytes, 2);
            let reads = if is_text(&value) { vec!["${OUT}", "a ${OUT} b ${OUT}"] } else { vec!["${OUT}"] };
            RandomOutput { late: reference("a"), value, reads }
        }
        // Text around a reference.
        1 => {
            let value = json!(format!("x {} y", value(bytes, 0)));
            RandomOutput { late: format!("\"x {} y\"", reference("a")), value, reads: vec!["${OUT}", "<${OUT}>"] }
        }
        // A list and a map that are written, of late leaves.
        2 => {
            let value = json!([value(bytes, 0), value(bytes, 1)]);
            RandomOutput {
                late: format!("[\"{}\", \"{}\"]", reference("a"), reference("b")),
                value,
                reads: vec!["${OUT}", "${OUT[0]}", "v=${OUT[0]}"],
            }
        }
        _ => {
            let value = json!({ "one": value(bytes, 0), "two": value(bytes, 1) });
            let late = format!("{{ one: \"{}\", two: \"{}\" }}", reference("a"), reference("b"));
            RandomOutput { late, value, reads: vec!["${OUT}", "${OUT.one}", "${OUT[\"two\"]}", "v=${OUT.one}"] }
        }
    }
}

/// A platform whose outputs are late, or constants.
fn project(outputs: &[RandomOutput], reads: &[(usize, bool, String)], constants: bool) -> Project {
    let section = |own: bool| -> String {
        let said = outputs.iter().enumerate().map(|(at, output)| {
            let said = if constants { written(&output.value) } else { output.late.clone() };
            format!("        o{at}: {said}\n")
        });
        if own { said.collect::<String>().replace("        ", "      ") } else { said.collect() }
    };
    let spec: String = reads.iter().enumerate().map(|(at, (.., text))| format!("            r{at}: {}\n", json!(text))).collect();
    let thing = "{ resource: { x_thing: { THIS: { name: x } } } }";
    let classes = format!(
        "classes:\n  cluster: {{ metal: {{}} }}\n  infrastructure:\n    net:\n      terraform: {}\n      outputs:\n{}  service:\n    web:\n      terraform: {}\n      outputs:\n{}      \
         manifests:\n        thing:\n          apiVersion: example.com/v1\n          kind: Thing\n          metadata: {{ name: web, namespace: web }}\n          spec:\n            fixed: 1\n{spec}      \
         files:\n        out.json: {{ all: {} }}\n",
        thing.replace("THIS", "this"),
        section(false),
        thing.replace("THIS", "this"),
        section(false),
        json!(reads.first().map_or("", |(.., text)| text.as_str())),
    );
    let files = [
        ("platform.yaml", "platform: { name: acme, domain: infra.example.com, repository: { url: https://git.example.com/p.git } }\nenvironments: { apps: {}, ops: { inherits: apps } }\n".to_owned()),
        ("things.yaml", "clusters: { gc0: { class: metal }, gc1: { class: metal } }\ninfrastructure: { net: { class: net } }\nservices: { web: {} }\n".to_owned()),
        ("classes.yaml", classes),
    ];
    Project { files: files.into_iter().map(|(path, text)| (path.to_owned(), text)).collect() }
}

type Output = BTreeMap<String, String>;

/// Output, apart: what is delivered, and Terraform.
fn parted(project: &Project, waits: bool) -> Result<(Output, Output), String> {
    let (mut compilation, output) = project.build();
    compilation.diagnostics.retain(|diagnostic| !waits || diagnostic.code.word() != "waits-for-facts");
    let said = support::said(&compilation);
    if !said.is_empty() {
        return Err(format!("{}\n{said}", project.text()));
    }
    Ok(output.into_iter().partition(|(path, _)| !path.starts_with("terraform/")))
}

#[test]
fn facts_are_as_good_as_constants() {
    law(60, |bytes| {
        let outputs: Vec<RandomOutput> = (0..=below(bytes, 3)).map(|_| output(bytes)).collect();
        let reads: Vec<(usize, bool, String)> = (0..=below(bytes, 4))
            .map(|_| {
                let (at, own) = (below(bytes, outputs.len()), below(bytes, 2) == 0);
                let read = outputs[at].reads[below(bytes, outputs[at].reads.len())];
                let path = if own { format!("self.outputs.o{at}") } else { format!("infrastructure.net.outputs.o{at}") };
                (at, own, read.replace("OUT", &path))
            })
            .collect();
        let late = project(&outputs, &reads, false);
        let mut known = project(&outputs, &reads, false);
        for environment in ["apps", "ops"] {
            let facts = |prefix: &str| {
                let entries = outputs.iter().enumerate().map(|(at, output)| (format!("{prefix}_o{at}"), output.value.clone()));
                serde_json::to_string_pretty(&Value::Object(entries.collect())).unwrap()
            };
            known.files.insert(format!("facts/{environment}/net.json"), facts("infrastructure_net"));
            for cluster in ["gc0", "gc1"] {
                known.files.insert(format!("facts/{environment}/{cluster}.json"), facts("service_web"));
            }
        }
        let (without, terraform) = parted(&late, true)?;
        let (with, same) = parted(&known, false)?;
        let (constant, _) = parted(&project(&outputs, &reads, true), false)?;
        if terraform != same {
            return Err(format!("{}\nfacts change Terraform", known.text()));
        }
        if with != constant {
            return Err(format!("{}\n{}", known.text(), support::difference(&format!("{constant:#?}"), &format!("{with:#?}"))));
        }
        let waits = without.keys().any(|path| path.contains("/web") || path.starts_with("files/"));
        if waits { Err(format!("{}\nwhat waits is delivered", late.text())) } else { Ok(()) }
    });
}
