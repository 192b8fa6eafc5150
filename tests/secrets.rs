//! Secrets never leave. Each case puts a canary into a place that a class calls secret, together with a mistake or a use that might show it;
//! then every command runs in every format, and neither what is printed nor what is written may hold the canary in any form.

mod attacks;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// With a quote, a backslash and a letter beyond ASCII, so that each way of escaping gives another text.
const CANARY: &str = "cAn\"Ary\\zü-4711";

/// The class under test; `FIELDS`, `MORE` and others are replaced by cases.
const CLASS: &str = r#"
classes:
  service:
    vault:
      schema:
        token: string | secret=true
        pin: integer | secret=true
        users: [{ name: string, password: "string | secret=true" }]
        credentials: object | secret=true
        keys: "map[string]string | secret=true"
        level: LEVEL
        shape: string | secret=true pattern="^[0-9]+$"
        nested: { url: string, key: "string | secret=true maxLength=4" }
        fallback: FALLBACK
        plain: string
        count: integer
SECTIONS
"#;

const PLATFORM: &str = r#"
platform: { name: acme, domain: infra.example.com }
environments: { apps: {}, ops: { inherits: apps } }
clusters:
  gc0: { class: eks, region: eu-west-1, zones: [eu-west-1a, eu-west-1b] }
"#;

/// What a case writes beside the platform: files, sections of the class, and arguments for every command.
struct Case {
    name: &'static str,
    files: Vec<(&'static str, String)>,
    sections: &'static str,
    set: Vec<String>,
    /// What the schema asks of a length; what is no number makes the class faulty.
    length: &'static str,
}

fn yaml(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn case(name: &'static str, source: &str) -> Case {
    Case { name, files: vec![("vault.yaml", source.replace("CANARY", &yaml(CANARY)))], sections: "", set: Vec::new(), length: "1" }
}

fn with(name: &'static str, source: &str, sections: &'static str) -> Case {
    Case { sections, ..case(name, source) }
}

fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("as it should be", "services: { vault: { token: CANARY } }"),
        case("nested", "services: { vault: { users: [{ name: a, password: CANARY }], nested: { url: x, key: CANARY } } }"),
        case("a whole map", "services: { vault: { credentials: { a: CANARY, b: [CANARY] }, keys: { x: CANARY } } }"),
        case(
            "overridden",
            "services:\n  vault:\n    token: CANARY\n    environments:\n      ops: { token: x }\n    clusters: { gc0: { token: y } }",
        ),
        case("in an overlay", "services:\n  vault:\n    token: x\n    environments:\n      ops: { token: CANARY, plain: z }"),
        case("as a default of the platform", "platform: { defaults: { services: { token: CANARY } } }\nservices: { vault: { plain: x } }"),
        case("beside a mistake on one line", "services: { vault: { token: CANARY, plian: x, count: many } }"),
        case("in a misspelled field", "services: { vault: { tokn: CANARY, tokken: [CANARY] } }"),
        case("of a wrong type", "services: { vault: { token: [CANARY], users: CANARY, nested: CANARY, pin: CANARY } }"),
        case("not allowed", "services: { vault: { level: CANARY-x, shape: CANARY, nested: { key: CANARY } } }"),
        case("ambiguous", "services: { vault: { token: yes, pin: 0o17, plain: CANARY } }\n").without_canary(),
        case("twice", "services: { vault: { token: CANARY, token: CANARY } }"),
        case("locked", "services:\n  vault:\n    token!: CANARY\n    environments:\n      ops: { token: CANARY }"),
        case("removed", "services:\n  vault:\n    token-: CANARY\n    users-: [CANARY]\n    users+: CANARY"),
        case(
            "by a bad expression",
            "services: { vault: { token: \"${'cAn\\\"Ary\\\\\\\\zü-4711' + 1}\", plain: \"${int(self.token)}\" } }",
        ),
        case("by an expression that fails", "services: { vault: { token: CANARY, plain: \"${string(int(self.token))}\" } }"),
        case("by a missing key", "services: { vault: { keys: { a: CANARY }, plain: \"${self.keys['b']}\" } }"),
        case("made into another", "services: { vault: { token: CANARY, plain: \"x-${self.token}-y\" } }"),
        case(
            "made twice",
            "services: { vault: { token: CANARY, description: \"${self.plain}\", plain: \"${base64.encode(bytes(self.token))}\" } }",
        ),
        case(
            "through a list",
            "services: { vault: { users: [{ name: a, password: CANARY }], plain: \"${self.users.map(u, u.password).join(',')}\" } }",
        ),
        case("through yaml", "services: { vault: { keys: { a: CANARY }, plain: \"${yaml.encode(self.keys)}\" } }"),
        case("an unknown class", "services: { vault: { class: valt, token: CANARY } }"),
        case("inherited", "services: { vault: { inherits: base }, base: { class: vault, abstract: true, token: CANARY, plian: x } }"),
        case("by an anchor", "services: { vault: { token: &a CANARY, plain: *b } }"),
        case("over several lines", "services:\n  vault:\n    token: |\n      CANARY-line\n      second\n    plian: x").raw(),
        case("folded", "services:\n  vault:\n    token: >-\n      first\n      CANARY-line\n    count: [").raw(),
        case("behind a syntax error", "services:\n  vault:\n    token: CANARY\n    plain: [x\n  other: {}\n"),
        case("before a syntax error", "services:\n  vault: { token: CANARY, plain: ]\n"),
        case("on the line of a syntax error", "services:\n  vault:\n    token: CANARY: x\n"),
        case("with a tag", "services:\n  vault:\n    token: !!str CANARY\n"),
        case("with a control character", "services:\n  vault:\n    token: \"a\u{7}CANARY\"\n").raw(),
        case(
            "under a policy",
            "services: { vault: { token: CANARY } }\npolicies:\n  a:\n    for: service\n    assert: \"${self.token == 'x'}\"\n    message: \"is ${self.token}\"\n    hint: \"not ${self.token}\"\n",
        ),
        case(
            "under a policy without words",
            "services: { vault: { users: [{ name: a, password: CANARY }] } }\npolicies:\n  a: { for: service, assert: \"${self.users.all(u, u.password == 'x')}\", message: no }\n",
        ),
        case(
            "in a selector",
            "services: { vault: { token: CANARY, labels: { x: \"${self.token}\" }, placement: { matchLabels: { a: \"${self.token}\" } } } }",
        ),
        case("by an alias", "services: { vault: { token: &a CANARY, plain: *a } }"),
        case("by an alias the other way", "services: { vault: { plain: &a CANARY, token: *a } }"),
        case("in a misspelt kind", "services: { vault: { token: x } }\nsrvices: { vault: { token: CANARY } }"),
        case("in a dependency", "services: { vault: { token: CANARY, dependsOn: [\"${self.token}\"] } }"),
        with(
            "with a rule",
            "services: { vault: { token: CANARY } }",
            "      rules:\n        - assert: \"${self.token == 'x'}\"\n          message: \"is ${self.token}\"\n          at: token\n",
        ),
        with(
            "in let",
            "services: { vault: { token: CANARY } }",
            "      let: { url: \"https://${self.token}@x\" }\n      files: { \"a.txt\": \"${let.url}\" }\n",
        ),
        with(
            "in an output",
            "services: { vault: { token: CANARY }, other: { class: reader } }",
            "      outputs: { url: \"https://${self.token}@x\" }\n    reader:\n      files: { \"a.txt\": \"${services.vault.outputs.url}\" }\n",
        ),
    ];
    // Every section of a class, with the secret as it is and in company.
    let object = |data: &str| format!("{{ apiVersion: v1, kind: ConfigMap, metadata: {{ name: a, namespace: b }}, data: {data} }}");
    let uses = [
        "\"${self.token}\"",
        "\"x ${self.token} y\"",
        "\"${base64.encode(bytes(self.token))}\"",
        "\"${self.token.size() > 3 ? self.token : ''}\"",
        "\"${json.encode({'a': self.token})}\"",
    ];
    for using in uses {
        for (name, section) in [
            ("in a manifest", format!("      manifests:\n        a: {}\n", object(&format!("{{ k: {using} }}")))),
            ("in a key", format!("      manifests:\n        a: {}\n", object(&format!("{{ {using}: v }}")))),
            (
                "in a name",
                format!(
                    "      manifests:\n        a: {{ apiVersion: v1, kind: ConfigMap, metadata: {{ name: {using}, namespace: b }} }}\n"
                ),
            ),
            ("in a kind", format!("      manifests:\n        a: {{ apiVersion: v1, kind: {using} }}\n")),
            (
                "in a Secret",
                format!(
                    "      manifests:\n        a: {{ apiVersion: v1, kind: Secret, metadata: {{ name: a, namespace: b }}, stringData: {{ k: {using} }} }}\n"
                ),
            ),
            (
                "in a loop",
                format!(
                    "      manifests:\n        a: {}\n",
                    object(&format!(
                        "{{ \"k${{index.t}}\": {{ $for: {{ t: {} }}, v: \"${{t}}\" }} }}",
                        using.replace("${", "${[").replacen('}', "]}", 1)
                    ))
                ),
            ),
            (
                "in values",
                format!("      helm: {{ repository: \"https://x\", chart: c, version: \"1.0.0\", values: {{ a: [{{ b: {using} }}] }} }}\n"),
            ),
            ("in a chart", format!("      helm: {{ repository: \"https://x\", chart: {using}, version: \"1.0.0\" }}\n")),
            ("in a file", format!("      files: {{ \"a.yaml\": {{ k: {using} }}, \"b.txt\": {using} }}\n")),
            ("in a path", format!("      files: {{ {using}: x }}\n")),
            ("in Terraform", format!("      terraform: {{ resource: {{ null_resource: {{ a: {{ triggers: {{ k: {using} }} }} }} }} }}\n")),
            ("in locals", format!("      terraform: {{ locals: {{ k: {using} }}, output: {{ o: {{ value: {using} }} }} }}\n")),
            ("in a resource's name", format!("      terraform: {{ resource: {{ null_resource: {{ {using}: {{}} }} }} }}\n")),
            ("for Argo CD", format!("      argocd: {{ syncOptions: [{using}] }}\n      manifests: {{ a: {} }}\n", object("{ k: v }"))),
            ("in a condition", format!("      manifests:\n        a: {{ $if: {using}, apiVersion: v1 }}\n")),
            ("in a spread", format!("      manifests:\n        a: {{ $spread: {using}, apiVersion: v1 }}\n")),
        ] {
            let source = "services: { vault: { token: CANARY, plain: p } }";
            cases.push(Case { sections: Box::leak(section.into_boxed_str()), ..case(name, source) });
        }
    }
    let toml = format!("[services.vault]\ntoken = {}\nplian = 1\n", yaml(CANARY));
    let broken = format!("[services.vault]\ntoken = {}\nplain = [1\n", yaml(CANARY));
    let long = format!("[services.vault]\ntoken = \"\"\"\n{}x\n\"\"\"\ncount = \"x\"\n", CANARY.replace('\\', "\\\\").replace('"', "\\\""));
    for (name, text) in [("in TOML", toml), ("in broken TOML", broken), ("in long TOML", long)] {
        cases.push(Case { name, files: vec![("vault.toml", text)], sections: "", set: Vec::new(), length: "1" });
    }
    let set = |name, path: &str| Case { set: vec![format!("{path}={}", yaml(CANARY))], ..case(name, "services: { vault: { plain: x } }") };
    cases.extend([
        Case { length: "many", ..case("of a faulty class", "services: { vault: { token: CANARY, plian: CANARY } }") },
        Case { length: "99", ..case("whose default is too short", "services: { vault: { token: CANARY } }") },
        set("set", "services.vault.token"),
        set("set in an environment", "ops.services.vault.token"),
        set("set wrong", "services.vault.pin"),
        set("set misspelled", "services.vault.tokn"),
        set("set nowhere", "services.valt.token"),
        set("set without a path", "token"),
    ]);
    cases.extend(attacks::cases());
    cases
}

impl Case {
    /// The canary as it is, not between quotes.
    fn raw(mut self) -> Self {
        self.files.iter_mut().for_each(|(_, text)| *text = text.replace(&yaml(CANARY), CANARY));
        self
    }

    /// A case whose mistake lies elsewhere.
    fn without_canary(mut self) -> Self {
        self.files.iter_mut().for_each(|(_, text)| *text = text.replace(&yaml(CANARY), "x"));
        self
    }

    fn write(&self, root: &Path) {
        let literal = yaml(CANARY);
        let level = yaml(&format!("string | secret=true enum=[{literal}, other]"));
        let fallback = yaml(&format!("string | secret=true default={literal} examples=[{literal}] minLength={}", self.length));
        let class = CLASS.replace("LEVEL", &level).replace("FALLBACK", &fallback).replace("SECTIONS", self.sections);
        std::fs::write(root.join("platform.yaml"), PLATFORM).unwrap();
        std::fs::write(root.join("class.yaml"), class).unwrap();
        for (path, text) in &self.files {
            // A second `platform` belongs to the first.
            let (platform, rest): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with("platform: { defaults"));
            if let Some(line) = platform.first() {
                let defaults = line.trim_start_matches("platform: { ").trim_end_matches('}');
                std::fs::write(root.join("platform.yaml"), PLATFORM.replace("domain:", &format!("{}, domain:", defaults.trim_end())))
                    .unwrap();
                std::fs::write(root.join(path), rest.join("\n")).unwrap();
            } else {
                std::fs::write(root.join(path), text).unwrap();
            }
        }
    }
}

/// Every command that could tell something. In a broken project all that answer questions print the same errors.
fn commands(case: &Case, is_broken: bool) -> Vec<Vec<String>> {
    let all = [
        "check",
        "check --format json",
        "check --format sarif",
        "check --format github",
        "build",
        "diff ops apps",
        "diff ops apps --format json",
        "diff ops apps --view artifacts",
        "diff --against HEAD",
        "diff --against HEAD --view artifacts --format json",
        "explain apps.clusters.gc0.services.vault",
        "explain apps.clusters.gc0.services.vault.credentials.missing",
        "explain ops.clusters.gc0.services.vault.token",
        "explain ops.clusters.gc0.services.vault --format json",
        "explain classes.service.vault",
        "explain classes.service.vault.schema.fallback --format json",
        "explain apps.clusters.gc0.services.vault.level",
        "explain dist/terraform/apps/gc0/main.tf.json",
        "explain dist/terraform/ops/gc0/main.tf.json --format json",
        "explain dist/kustomize/services/vault/base/configmap-vault.yaml",
        "explain dist/argocd/ops/gc0/applications/vault.yaml --format json",
        "show",
        "show ops --format json",
        "show --pass documents",
        "show --pass definitions",
        "show --pass model",
        "show --pass objects",
        "show --pass graph",
        "show --pass artifacts",
        "list",
        "list services --format json",
        "eval --at apps.clusters.gc0.services.vault self",
        "eval --at ops.clusters.gc0.services.vault self.token",
        "eval --at apps.clusters.gc0.services.vault [self.token,self.plain]",
        "eval --at apps.clusters.gc0.services.vault int(self.token)",
        "eval --at apps.clusters.gc0.services.vault self.token.nothing",
        "eval --at apps.clusters.gc0.services.vault json.encode(self) --format json",
        "eval --at apps.clusters.gc0.services.vault services.vault.keys",
        "schema",
        "fmt --check",
    ];
    let takes_set = |line: &str| !line.starts_with("list") && !line.starts_with("schema") && !line.starts_with("fmt");
    let broken = [
        "check",
        "check --format json",
        "check --format sarif",
        "check --format github",
        "explain classes.service.vault",
        "explain apps.clusters.gc0.services.vault",
        "schema",
        "fmt --check",
    ];
    let of_class = ["check", "check --format json"];
    let chosen = |line: &&str| {
        let begins = |words: &[&str]| words.contains(line);
        // What classes make of secrets shows where outputs are made.
        if case.sections.contains("self.token") && is_broken { begins(&of_class) } else { !is_broken || begins(&broken) }
    };
    all.iter()
        .copied()
        .filter(chosen)
        .map(|line| {
            let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            if takes_set(line) {
                words.extend(case.set.iter().flat_map(|set| ["--set".to_owned(), set.clone()]));
            }
            words
        })
        .collect()
}

/// The canary in every form in which somebody could read it, long enough pieces of it too.
fn forms() -> Vec<String> {
    let json = yaml(CANARY);
    let encoded = BASE64.encode(CANARY);
    vec![
        CANARY.to_owned(),
        json.trim_matches('"').to_owned(),
        json.replace('\\', "\\\\"),
        encoded.clone(),
        encoded[..12].to_owned(),
        "cAn".to_owned(),
        "zü-4711".to_owned(),
        "z\\u00fc-4711".to_owned(),
    ]
}

fn run(root: &Path, arguments: &[String]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_platc")).args(arguments).current_dir(root).env("NO_COLOR", "1").output().unwrap();
    assert!(output.status.code().is_some_and(|code| code < 3), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn git(root: &Path, arguments: &[&str]) {
    let name = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
    assert!(Command::new("git").arg("-C").arg(root).args(name).args(arguments).output().unwrap().status.success());
}

#[test]
fn no_canary_leaves() {
    let cases = cases();
    let leaks: String = std::thread::scope(|scope| {
        let halves: Vec<_> = cases.chunks(cases.len().div_ceil(4)).map(|half| scope.spawn(|| leaks(half))).collect();
        halves.into_iter().map(|half| half.join().unwrap()).collect()
    });
    assert!(leaks.is_empty(), "{leaks}");
}

fn leaks(cases: &[Case]) -> String {
    let mut leaks = String::new();
    for case in cases {
        let home = tempfile::tempdir().unwrap();
        let root = home.path();
        git(root, &["init", "-q"]);
        self::case("", "services: { vault: { plain: x } }").write(root);
        git(root, &["add", "-A"]);
        git(root, &["commit", "-qm", "x"]);
        if case.files.iter().any(|(path, _)| *path == "vault.toml") {
            std::fs::remove_file(root.join("vault.yaml")).unwrap();
        }
        case.write(root);
        let is_broken = !run(root, &["check".to_owned()]).contains("no errors");
        for arguments in commands(case, is_broken) {
            let text = run(root, &arguments);
            if let Some(form) = forms().iter().find(|form| text.contains(*form)) {
                let line = text.lines().find(|line| line.contains(form)).unwrap_or("");
                writeln!(leaks, "{}, `{}` in `platc {}`: {line}\n    {}", case.name, form, arguments.join(" "), case.sections.trim())
                    .unwrap();
            }
        }
        for entry in walkdir::WalkDir::new(root.join("dist")).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file())
        {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            if let Some(form) = forms().iter().find(|form| text.contains(*form)) {
                writeln!(leaks, "{}, `{form}` in {}", case.name, entry.path().display()).unwrap();
            }
        }
    }
    leaks
}
