//! Projects as text, and what is said about their policies.

mod evaluation;
mod places;
mod shapes;
mod written;

use crate::source::Sources;
use crate::span::Span;
use crate::system::MemorySystem;
use crate::{Options, compile};
use expect_test::{Expect, expect};
use std::fmt::Write as _;

const PLATFORM: &str = "
platform: { name: acme, domain: infra.example.com }
environments: { apps: {}, ops: { inherits: apps } }
";

const CLASSES: &str = r#"
classes:
  cluster:
    plain:
      provider: aws
      schema:
        region: string | default=eu-west-1
        version: string | default="1.33"
        token: string | default=none secret=true
        zones: "[]string"
        marks: map[string]string | default={}
      terraform:
        resource:
          aws_eks_cluster:
            this: { name: "${cluster.fullName}", version: "${self.version}", role_arn: "${resource.aws_iam_role.this.arn}", vpc_config: { subnet_ids: [] } }
          aws_iam_role:
            this: { name: role, assume_role_policy: "{}" }
          aws_subnet:
            "s-${zone}": { $for: { zone: "${self.zones}" }, vpc_id: vpc, availability_zone: "${zone}", tags: "${self.marks}" }
  service:
    web:
      schema:
        replicas: integer | default=3
        registry: string | default=registry.example.com
        image: string | default=web
        tag: string | default="1.0"
        labels_: map[string]string | default={}
        sidecars:
          $type: "[]object"
          $default: []
        settings: object | default={}
      let:
        image: ${self.registry}/${self.image}
        settings: ${merge({"mode":"fast"}, self.settings)}
      manifests:
        deployment:
          apiVersion: apps/v1
          kind: Deployment
          metadata: { name: "${service.name}", namespace: web }
          spec:
            replicas: ${self.replicas}
            revisionHistoryLimit: ${self.replicas * 2}
            selector: {}
            template:
              spec:
                containers: '${[{"name": "main", "image": let.image + ":" + self.tag}] + self.sidecars}'
        config:
          apiVersion: v1
          kind: ConfigMap
          metadata: { name: settings, namespace: web }
          data: ${let.settings}
    chart:
      schema: { version: string | default="1.0.0" }
      helm:
        repository: https://charts.example.com
        chart: ingress
        version: ${self.version}
"#;

fn said(files: &[(&str, &str)]) -> String {
    let system = MemorySystem::default().with("platform.yaml", PLATFORM).with("z-classes.yaml", CLASSES);
    let system = files.iter().fold(system, |system, (path, text)| system.with(*path, *text));
    let compilation = compile(&system, &Options::default());
    let mut text = String::new();
    for said in compilation.diagnostics.sorted(&compilation.sources) {
        writeln!(text, "{:?} {}: {}", said.severity, said.code.word(), said.message).unwrap();
        for (mark, label) in said.primary.iter().map(|label| ('>', label)).chain(said.labels.iter().map(|label| ('-', label))) {
            writeln!(text, "  {mark} {} {}", place(label.span, &compilation.sources), label.text).unwrap();
        }
        for path in said.subject.iter().chain(&said.affects) {
            writeln!(text, "  path: {path}").unwrap();
        }
        for note in &said.notes {
            writeln!(text, "  note: {note}").unwrap();
        }
        if let Some(hint) = &said.hint {
            writeln!(text, "  hint: {hint}").unwrap();
        }
        if let Some(replacement) = &said.replacement {
            writeln!(text, "  cure: {} → {}", place(replacement.span, &compilation.sources), replacement.text).unwrap();
        }
    }
    text
}

fn place(span: Span, sources: &Sources) -> String {
    // Lines of the standard library move with it.
    let at = if sources.is_library(span) { sources.path(span.file).to_owned() } else { sources.place(span) };
    format!("{at} `{}`", sources.text(span).lines().next().unwrap_or(""))
}

/// One file of definitions beside the platform and the classes.
fn check(text: &str, expected: Expect) {
    expected.assert_eq(&said(&[("a.yaml", text)]));
}
