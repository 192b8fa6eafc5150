//! Projects of broken text, and with names that are tricks.

use super::*;

pub(super) fn broken() -> Vec<Hostile> {
    vec![
        two("nothing", "a.yaml", "", &[]),
        two("a byte order mark", "a.yaml", "\u{feff}infrastructure: {}\n", &[]),
        two("a second byte order mark", "a.yaml", "infrastructure: {}\n\u{feff}services: {}\n", &["yaml-syntax"]),
        two("CRLF", "a.yaml", "infrastructure: {}\r\nservices: {}\r\n", &[]),
        two("CRLF in TOML", "a.toml", "[infrastructure]\r\n[services]\r\n", &[]),
        two("lone CR", "a.yaml", "infrastructure: {}\rservices: {}\r", &[]),
        two("lone CR in TOML", "a.toml", "[infrastructure]\r[services]\r", &["toml-syntax"]),
        two("NUL", "a.yaml", "infrastructure: {}\0\n", &["control-character"]),
        two("NUL in TOML", "a.toml", "[infrastructure]\0\n", &["control-character"]),
        two("an escaped NUL in a name", "a.yaml", "infrastructure: {\"a\\0\": {class: x}}\n", &["control-character", "invalid-name"]),
        two("invalid UTF-8", "a.yaml", vec![b'a', 0xff, 0xfe, b':'], &["unreadable-file"]),
        two("UTF-16", "a.yaml", vec![0xff, 0xfe, b'a', 0, b':', 0], &["unreadable-file"]),
        two("half a character", "a.yaml", vec![b'a', b':', 0xe2, 0x82], &["unreadable-file"]),
        two("a surrogate", "a.yaml", "infrastructure: {\"a\\ud800\": {}}\n", &["yaml-syntax"]),
        two("bytes that are no text", "a.yaml", (0..=255u8).collect::<Vec<u8>>(), &["unreadable-file"]),
        two("a list", "a.yaml", "- a\n", &["source-not-map"]),
        two("documents", "a.yaml", "---\nservices: {}\n".repeat(10_000), &["several-documents"]),
        two("a directive", "a.yaml", "%YAML 1.1\n---\n", &["yaml-syntax"]),
    ]
}

pub(super) fn tricky_names() -> Vec<Hostile> {
    let names = [
        "../../x",
        "/etc/passwd",
        ".",
        "..",
        "a/b",
        "a\\b",
        "C:",
        "a b",
        "é",
        "A",
        "-a",
        "a-",
        "",
        "a.b",
        "%2e%2e",
        "~",
        "$HOME",
        "aux.",
        "${1}",
    ];
    let name = |name: &str| serde_json::Value::from(name).to_string();
    let of = |kind: &str, body: &str| {
        names.iter().map(|it| format!("  {}: {body}\n", name(it))).fold(format!("{kind}:\n"), |all, line| all + &line)
    };
    let long = "a".repeat(1_000);
    let files = |path: &str| format!("files: {{{}: {{a: 1}}}}", name(path));
    let mut all = vec![
        one("infrastructure", of("infrastructure", "{class: x}"), &["invalid-name"]),
        one("clusters", of("clusters", "{class: eks}"), &["invalid-name"]),
        one("services", of("services", "{}"), &["invalid-name"]),
        one("tenants", of("tenants", "{}"), &["invalid-name"]),
        Hostile {
            name: "environments",
            files: vec![(
                "platform.yaml",
                format!("platform: {{name: acme, domain: infra.example.com}}\n{}", of("environments", "{}")).into_bytes(),
            )],
            expected: &["invalid-name", "no-environment"],
        },
        one("a long name", format!("infrastructure: {{{long}: {{class: x}}}}"), &["invalid-name"]),
        one(
            "a name of a device",
            format!(
                "{CLUSTER}  service: {{svc: {{schema: {{f: object}}, files: {{con: a}}}}}}\nservices: {{con: {{class: svc}}, nul: {{class: svc}}}}\n"
            ),
            &["invalid-name", "unsafe-path"],
        ),
        one(
            "stacks",
            "classes: {infrastructure: {thing: {terraform: {locals: {a: 1}}}}}\ninfrastructure:\n  a: {class: thing, stack: ../../x}\n",
            &["invalid-stack-name"],
        ),
        one(
            "stacks of dots",
            "classes: {infrastructure: {thing: {terraform: {locals: {a: 1}}}}}\ninfrastructure:\n  a: {class: thing, stack: ..}\n",
            &["invalid-stack-name"],
        ),
        one("a class of dots", "classes: {service: {../../x: {}}}\nservices: {a: {class: ../../x}}\n", &["invalid-name", "unknown-class"]),
    ];
    for path in ["../x", "/x", "a/../../x", "a//b", "./a", "a\\..\\x", "C:/x", "", "a/", ".", &"a".repeat(300), &"a/".repeat(400)] {
        all.push(class("a file", files(path), &["unsafe-path"]));
    }
    for output in ["../..", "/tmp", "a/../..", ".", "", "a\\b", "C:\\x"] {
        let text = format!("platform: {{name: acme, domain: infra.example.com, output: {}}}\nenvironments: {{apps: {{}}}}\n", name(output));
        all.push(Hostile { name: "output", files: vec![("platform.yaml", text.into_bytes())], expected: &["unsafe-path"] });
    }
    all
}
