//! Classes with mistakes in their templates, the standard library without, and the standard library with each of its keys misspelt.

use super::super::{Class, Definitions, Memory, check as checks, lower};
use crate::diagnostic::Diagnostics;
use crate::document;
use crate::project;
use crate::source::Sources;
use crate::system::MemorySystem;
use crate::value::{Entry, Value};
use expect_test::{Expect, expect};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

fn lowered(text: &str) -> (Sources, Definitions, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let sources = project::load(&MemorySystem::default().with("platform.yaml", text.as_bytes()), &[], &mut diagnostics);
    let mut memory = document::Memory::default();
    let documents = document::parse(&sources, |_, _| true, &mut memory, &mut diagnostics);
    let definitions = lower(&documents, &sources, (&memory, &mut Memory::default()), &mut diagnostics);
    (sources, definitions, diagnostics)
}

fn said(text: &str) -> String {
    let (sources, _, diagnostics) = lowered(text);
    let mut said = String::new();
    for diagnostic in diagnostics.sorted(&sources) {
        writeln!(said, "{}: {}", diagnostic.code.word(), diagnostic.message).unwrap();
        let label = diagnostic.primary.unwrap();
        writeln!(said, "  `{}` {}", sources.text(label.span), label.text).unwrap();
        diagnostic.notes.iter().for_each(|note| writeln!(said, "  note: {note}").unwrap());
        diagnostic.hint.iter().for_each(|hint| writeln!(said, "  hint: {hint}").unwrap());
        diagnostic.replacement.iter().for_each(|edit| writeln!(said, "  `{}` → `{}`", sources.text(edit.span), edit.text).unwrap());
    }
    said
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect()
}

/// The manifest `one` of a class.
fn manifest(text: &str, expected: &Expect) {
    let schema = "schema: { name: string, count: integer, on: boolean, names: '[]string', texts: 'map[string]string', free: object }";
    let class = format!("classes:\n  service:\n    demo:\n      {schema}\n      manifests:\n        one:\n{}", indented(text, 10));
    expected.assert_eq(&said(&class));
}

/// The section `terraform` of a class.
fn terraform(text: &str, expected: &Expect) {
    let schema = "schema: { name: string, count: integer, on: boolean, names: '[]string', texts: 'map[string]string', free: object }";
    let class = format!("classes:\n  infrastructure:\n    demo:\n      {schema}\n      terraform:\n{}", indented(text, 8));
    expected.assert_eq(&said(&class));
}

#[test]
fn a_misspelt_field() {
    manifest(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec: { replica: 2, selector: {}, template: {} }",
        &expect![[r#"
            unknown-field: Deployment has no field `replica` in `spec`
              `replica` no such field
              hint: did you mean `replicas`?
              `replica` → `replicas`
        "#]],
    );
}

#[test]
fn a_field_of_another_place() {
    manifest(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec:\n  selector: {}\n  template: {}\n  containers: []",
        &expect![[r#"
            unknown-field: Deployment has no field `containers` in `spec`
              `containers` no such field
              hint: `containers` stands in `spec.template.spec`
        "#]],
    );
}

#[test]
fn a_field_nobody_knows() {
    manifest(
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: a }\nxyz: 1",
        &expect![[r#"
            unknown-field: ServiceAccount has no field `xyz`
              `xyz` no such field
              note: known are the fields of Kubernetes 1.32 to 1.36; what is newer can be brought by `$spread`
              hint: it has `apiVersion`, `automountServiceAccountToken`, `imagePullSecrets`, `kind`, `metadata`, `secrets`
        "#]],
    );
}

#[test]
fn values_of_the_wrong_type() {
    manifest(
        r#"
apiVersion: v1
kind: Service
metadata: { name: a, labels: { a: true, b: "1" }, annotations: { c: "${self.count}" } }
spec:
  type: [ClusterIP]
  publishNotReadyAddresses: "true"
  ports:
    - { port: "80", targetPort: http }
    - { port: 80, targetPort: 8080 }
    - { port: "${self.name}", targetPort: "${self.count}" }
    - 80
  externalIPs: ${self.name}
  loadBalancerSourceRanges: ${self.names}
  selector: ${self.names}
"#
        .trim(),
        &expect![[r#"
            metadata-not-text: `metadata.labels.a` of Service must be a string, found `true`
              `true` put it in quotes
            metadata-not-text: `metadata.annotations.c` of Service must be a string, this expression gives an integer
              `${self.count}` expected a string
              hint: convert it: `string(…)`
            wrong-type: `spec.type` of Service must be a string, found a list
              `[ClusterIP]` expected a string
            wrong-type: `spec.publishNotReadyAddresses` of Service must be true or false, found the string "true"
              `"true"` remove the quotes
              `"true"` → `true`
            wrong-type: `spec.ports[].port` of Service must be an integer, found the string "80"
              `"80"` remove the quotes
              `"80"` → `80`
            wrong-type: `spec.ports[].port` of Service must be an integer, this expression gives a string
              `${self.name}` expected an integer
              hint: convert it: `int(…)`
            wrong-type: `spec.ports[]` of Service must be a map, found the integer 80
              `80` expected a map
            wrong-type: `spec.externalIPs` of Service must be a list, this expression gives a string
              `${self.name}` expected a list
              hint: make it a list: `[…]`
            wrong-type: `spec.selector` of Service must be a map, this expression gives a list
              `${self.names}` expected a map
        "#]],
    );
}

#[test]
fn what_may_be_right_is_right() {
    manifest(
        r#"
apiVersion: v1
kind: Pod
metadata:
  name: a
  labels: ${self.texts}
  annotations: { $spread: "${self.texts}", "${self.name}": a }
spec:
  $spread: ${self.free}
  nodeSelector: ${self.free}
  hostNetwork: ${self.?on}
  terminationGracePeriodSeconds: null
  containers:
    - $for: { name: "${self.names}" }
      $if: ${self.on}
      name: ${name}
      args: ${self.names}
      resources: { requests: { cpu: 1, memory: 1.5Gi }, limits: { cpu: 0.5 } }
      livenessProbe: { httpGet: { port: http } }
      env: { $verbatim: [x] }
      "${self.name}": 1
  volumes: '${self.on ? [{"name": "a", "emptyDir": {}}] : []}'
"#
        .trim(),
        &expect![[r#""#]],
    );
}

#[test]
fn kinds_that_are_not_known() {
    manifest("apiVersion: example.com/v1\nkind: Deployment\nmetadata: { name: a }\nspec: { replica: 2 }", &expect![[r#""#]]);
    manifest("apiVersion: apps/v1\nkind: ${self.name}\nmetadata: { name: a }\nspec: { replica: 2 }", &expect![[r#""#]]);
}

#[test]
fn maps_that_expressions_write() {
    manifest(
        r#"
apiVersion: v1
kind: Pod
metadata: { name: a }
spec:
  containers: '${self.names.map(name, {"name": name, "imag": "a"})}'
  volumes: '${self.on ? [{"nam": "a"}] : []}'
  dnsConfig: '${optional.ofNonZeroValue({"nameserver": ["a"]})}'
"#
        .trim(),
        &expect![[r#"
            unknown-field: Pod has no field `imag` in `spec.containers[]`
              `"imag"` no such field
              hint: did you mean `image`?
              `"imag"` → `"image"`
            unknown-field: Pod has no field `nam` in `spec.volumes[]`
              `"nam"` no such field
              hint: did you mean `name`?
              `"nam"` → `"name"`
            unknown-field: Pod has no field `nameserver` in `spec.dnsConfig`
              `"nameserver"` no such field
              hint: did you mean `nameservers`?
              `"nameserver"` → `"nameservers"`
        "#]],
    );
}

#[test]
fn objects_that_are_not_whole() {
    manifest(
        "apiversion: v1\nKind: ConfigMap\nmetadata: { name: a }",
        &expect![[r#"
        incomplete-object: the object `one` has no `apiVersion`
          `apiversion` did you mean `apiVersion`?
          `apiversion` → `apiVersion`
        incomplete-object: the object `one` has no `kind`
          `Kind` did you mean `kind`?
          `Kind` → `kind`
    "#]],
    );
    manifest(
        "apiVersion: v1\nmetadata: { name: a }",
        &expect![[r#"
        incomplete-object: the object `one` has no `kind`
          `one` not a whole Kubernetes object
          hint: every object needs `apiVersion`, `kind` and `metadata.name` as text
    "#]],
    );
    manifest("apiVersion: v1\n$spread: ${self.free}", &expect![[r#""#]]);
}

#[test]
fn required_fields() {
    manifest(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec:\n  selector: {}\n  template: { spec: { containers: [{ image: a }, {}] } }",
        &expect![[r#"
            missing-field: Deployment needs the field `name` in `spec.template.spec.containers[]`
              `image` `name` is missing
              hint: set it; a class that leaves it to those that inherit from it is `abstract`
            missing-field: Deployment needs the field `name` in `spec.template.spec.containers[]`
              `{}` `name` is missing
              hint: set it; a class that leaves it to those that inherit from it is `abstract`
        "#]],
    );
}

#[test]
fn misspelt_arguments() {
    terraform(
        r#"
resource:
  aws_eks_cluster:
    this:
      name: a
      role_arn: b
      versoin: "1.34"
      subnet_ids: [a]
      vpc_config: { subnet_id: [a], subnet_ids: [a] }
      access_config: [{ authentication_mod: API }]
      quux: 1
      lifecycle: { ignore_change: [tags] }
      "//": a comment
data:
  aws_vpc:
    this: { cidr: 10.0.0.0/8 }
provider:
  aws: { regoin: eu-west-1, alias: other }
"#
        .trim(),
        &expect![[r#"
            unknown-field: `aws_eks_cluster` has no argument `versoin`
              `versoin` no such argument
              hint: did you mean `version`?
              `versoin` → `version`
            unknown-field: `aws_eks_cluster` has no argument `subnet_ids`
              `subnet_ids` no such argument
              hint: `subnet_ids` stands in `vpc_config`
            unknown-field: `aws_eks_cluster` has no argument `subnet_id` in `vpc_config`
              `subnet_id` no such argument
              hint: did you mean `subnet_ids`?
              `subnet_id` → `subnet_ids`
            unknown-field: `aws_eks_cluster` has no argument `authentication_mod` in `access_config[]`
              `authentication_mod` no such argument
              hint: did you mean `authentication_mode`?
              `authentication_mod` → `authentication_mode`
            unknown-field: `aws_eks_cluster` has no argument `quux`
              `quux` no such argument
              note: known are the arguments of hashicorp/aws 6.25.0; what is newer can be brought by `$spread`
              hint: it has `timeouts`, `compute_config`, `outpost_config`, `force_update_version`, `enabled_cluster_log_types`, `kubernetes_network_config`, `access_config`, `bootstrap_self_managed_addons` and 15 more
            unknown-field: `aws_eks_cluster` has no argument `ignore_change` in `lifecycle`
              `ignore_change` no such argument
              hint: did you mean `ignore_changes`?
              `ignore_change` → `ignore_changes`
            unknown-field: `aws_vpc` has no argument `cidr`
              `cidr` no such argument
              hint: did you mean `cidr_block`?
            unknown-field: provider `aws` has no argument `regoin`
              `regoin` no such argument
              hint: did you mean `region`?
              `regoin` → `region`
        "#]],
    );
}

#[test]
fn arguments_of_the_wrong_type() {
    terraform(
        r#"
resource:
  aws_eks_cluster:
    "${self.name}":
      name: [a]
      role_arn: 1
      deletion_protection: "yes"
      bootstrap_self_managed_addons: ${self.count}
      enabled_cluster_log_types: api
      tags: ${self.names}
      timeouts: 5m
      vpc_config: { subnet_ids: "${self.name}", endpoint_public_access: "true" }
      arn: a
      lifecycle: { prevent_destroy: [] }
  aws_cloudwatch_log_group:
    this: { name: a, retention_in_days: "90" }
    that: { name: a, retention_in_days: ninety }
    third: { name: "${self.on}", retention_in_days: "$${local.days}" }
"#
        .trim(),
        &expect![[r#"
            wrong-type: `name` of `aws_eks_cluster` must be a string, found a list
              `[a]` expected a string
            wrong-type: `deletion_protection` of `aws_eks_cluster` must be true or false, found the string "yes"
              `"yes"` expected true or false
            wrong-type: `bootstrap_self_managed_addons` of `aws_eks_cluster` must be true or false, this expression gives an integer
              `${self.count}` expected true or false
            wrong-type: `enabled_cluster_log_types` of `aws_eks_cluster` must be a list, found the string "api"
              `api` expected a list
            wrong-type: `tags` of `aws_eks_cluster` must be a map, this expression gives a list
              `${self.names}` expected a map
            wrong-type: `timeouts` of `aws_eks_cluster` must be a map, found the string "5m"
              `5m` expected a map
            wrong-type: `vpc_config.subnet_ids` of `aws_eks_cluster` must be a list, this expression gives a string
              `${self.name}` expected a list
              hint: make it a list: `[…]`
            read-only-attribute: `arn` of `aws_eks_cluster` cannot be set, the provider sets it
              `arn` can only be read
              hint: leave it out; what needs it can read it from here
            wrong-type: `lifecycle.prevent_destroy` of `aws_eks_cluster` must be true or false, found a list
              `[]` expected true or false
            wrong-type: `retention_in_days` of `aws_cloudwatch_log_group` must be a number, found the string "ninety"
              `ninety` expected a number
        "#]],
    );
}

#[test]
fn missing_arguments() {
    terraform(
        r#"
resource:
  aws_eks_cluster:
    this: { name: a, vpc_config: {} }
    that: { name: a, role_arn: b, $spread: "${self.free}" }
    third: { name: a, role_arn: b, dynamic: { vpc_config: { for_each: [1], content: { subnet: [a] } }, vpc: {} } }
"#
        .trim(),
        &expect![[r#"
            missing-field: `aws_eks_cluster` needs the argument `role_arn`
              `this` `role_arn` is missing
              hint: set it; a class that leaves it to those that inherit from it is `abstract`
            missing-field: `aws_eks_cluster` needs the argument `subnet_ids` in `vpc_config`
              `vpc_config` `subnet_ids` is missing
              hint: set it; a class that leaves it to those that inherit from it is `abstract`
            unknown-field: `aws_eks_cluster` has no argument `subnet` in `vpc_config`
              `subnet` no such argument
              hint: did you mean `subnet_ids`?
            unknown-field: `aws_eks_cluster` has no argument `vpc`
              `vpc` no such argument
              hint: did you mean `vpc_config`?
        "#]],
    );
}

#[test]
fn references_to_attributes() {
    terraform(
        r#"
resource:
  aws_vpc:
    this: { cidr_block: 10.0.0.0/16 }
  aws_eip:
    "${zone}": { $for: { zone: "${self.names}" }, domain: vpc }
  aws_subnet:
    one: { vpc_id: "${resource.aws_vpc.this.idd}", cidr_block: "${resource.aws_vpc.this.cidr_block}" }
    two: { vpc_id: "vpc-${resource.aws_vpc[\"this\"].arm}-x", availability_zone: "${resource.aws_eip[self.name].public_api}" }
    three: { vpc_id: "${data.aws_vpc.this.xyz}", tags: { a: "${self.names.map(name, resource.aws_eip[name].idx).join(\",\")}" } }
    four: { vpc_id: "${resource.aws_eks_cluster.this.vpc_config.vpc_id}", ipv6_cidr_block: "${resource.aws_other.this.anything}" }
    five: { vpc_id: "${resource.aws_eks_cluster.this.vpc_config[0].vpcid}", ipv6_cidr_block: "${resource.aws_vpc.this.tags.anything}" }
    six: { vpc_id: "${resource.aws_vpc.this[0].id}" }
"#
        .trim(),
        &expect![[r#"
            unknown-field: `aws_vpc` has no attribute `idd`
              `idd` no such attribute
              hint: did you mean `id`?
              `idd` → `id`
            unknown-field: `aws_vpc` has no attribute `arm`
              `arm` no such attribute
              hint: it has `arn`, `tags`, `owner_id`, `tags_all`, `enable_dns_support`, `main_route_table_id`, `cidr_block`, `enable_dns_hostnames` and 16 more
            unknown-field: `aws_eip` has no attribute `public_api`
              `public_api` no such attribute
              hint: did you mean `public_ip`?
              `public_api` → `public_ip`
            unknown-field: `aws_vpc` has no attribute `xyz`
              `xyz` no such attribute
              hint: it has `arn`, `cidr_block`, `cidr_block_associations`, `default`, `dhcp_options_id`, `enable_dns_hostnames`, `enable_dns_support`, `enable_network_address_usage_metrics` and 11 more
            unknown-field: `aws_eip` has no attribute `idx`
              `idx` no such attribute
              hint: did you mean `id`?
              `idx` → `id`
            unknown-field: `vpc_config` of `aws_eks_cluster` is a list, it has no attribute `vpc_id`
              `vpc_id` attribute of a list
              hint: take its first item: `vpc_config[0].vpc_id`
            unknown-field: `aws_eks_cluster` has no attribute `vpcid` in `vpc_config`
              `vpcid` no such attribute
              hint: did you mean `vpc_id`?
              `vpcid` → `vpc_id`
        "#]],
    );
}

#[test]
fn a_mistake_is_reported_once() {
    expect![[r#"
        unknown-field: ConfigMap has no field `dat`
          `dat` no such field
          hint: did you mean `data`?
          `dat` → `data`
    "#]].assert_eq(&said(
        "classes:\n  service:\n    a: { manifests: { one: { apiVersion: v1, kind: ConfigMap, metadata: { name: a }, dat: {} } } }\n    b: { inherits: a }\n    c: { inherits: b, manifests: { one: { data: { x: z } } } }",
    ));
}

#[test]
fn an_abstract_class_may_be_completed() {
    let parent =
        "classes:\n  infrastructure:\n    a: { abstract: true, terraform: { resource: { aws_eks_cluster: { this: { nam: a } } } } }";
    expect![[r#"
        unknown-field: `aws_eks_cluster` has no argument `nam`
          `nam` no such argument
          hint: did you mean `name`?
          `nam` → `name`
    "#]]
    .assert_eq(&said(parent));
    let child = format!(
        "{}\n    b: {{ inherits: a, terraform: {{ resource: {{ aws_eks_cluster: {{ this: {{ role_arn: a }} }} }} }} }}",
        parent.replace("nam:", "name:")
    );
    expect![[r#"
        missing-field: `aws_eks_cluster` needs the argument `vpc_config`
          `this` `vpc_config` is missing
          hint: set it; a class that leaves it to those that inherit from it is `abstract`
    "#]]
    .assert_eq(&said(&child));
}

/// A value with one key in it misspelt, for each of its keys.
fn misspelt(value: &Value, path: &[String], made: &mut Vec<(Vec<String>, Entry, Value)>) {
    if let Some(map) = value.as_map() {
        for (at, entry) in map.entries().iter().enumerate() {
            if entry.key.starts_with('$') && entry.template.is_none() {
                continue;
            }
            let path = [path, &[entry.key.to_string()]].concat();
            let with = |entry: Entry| {
                let mut entries = map.entries().to_vec();
                entries[at] = entry;
                Value::map(entries, value.origin)
            };
            if entry.template.is_none() {
                let key: Arc<str> = format!("{}q", entry.key).into();
                made.push((path.clone(), entry.clone(), with(Entry { key, ..entry.clone() })));
            }
            let mut below = Vec::new();
            misspelt(&entry.value, &path, &mut below);
            made.extend(below.into_iter().map(|(path, key, value)| (path, key, with(Entry { value, ..entry.clone() }))));
        }
    }
    for (at, item) in value.as_list().unwrap_or_default().iter().enumerate() {
        let mut below = Vec::new();
        misspelt(item, path, &mut below);
        made.extend(below.into_iter().map(|(path, key, changed)| {
            let mut items = value.as_list().unwrap().to_vec();
            items[at] = changed;
            (path, key, Value::list(items, value.origin))
        }));
    }
}

#[test]
fn the_standard_library_with_each_key_misspelt() {
    let (sources, definitions, diagnostics) = lowered("");
    let said: Vec<String> = diagnostics.sorted(&sources).into_iter().map(|one| one.message).collect();
    assert_eq!(said, Vec::<String>::new(), "the standard library itself is clean");
    let mut count = 0;
    let mut silent: BTreeMap<String, usize> = BTreeMap::new();
    for class in &definitions.classes {
        let Some(map) = class.value.as_map() else { continue };
        for section in ["manifests", "terraform"] {
            let Some(at) = map.position(section) else { continue };
            let mut made = Vec::new();
            misspelt(&map.entries()[at].value, &[section.to_owned()], &mut made);
            for (path, key, value) in made {
                // Names of objects, blocks, types and resources are the author's.
                let depth = match path.get(1).map(String::as_str) {
                    Some("resource" | "data") => 4,
                    Some("provider") => 3,
                    _ => 2,
                };
                if path.len() <= depth || path.get(1).is_some_and(|word| word == "terraform") {
                    continue;
                }
                let mut entries = map.entries().to_vec();
                entries[at].value = value;
                let changed = Class { value: Value::map(entries, class.value.origin), ..Class::clone(class) };
                let mut found = Diagnostics::default();
                checks::class(&changed, &definitions.language, &definitions.identities, &mut found);
                count += 1;
                let there = found.sorted(&sources).into_iter().any(|one| one.primary.is_some_and(|label| label.span == key.span));
                if !there {
                    *silent.entry(path[path.len() - 2].clone()).or_default() += 1;
                }
            }
        }
    }
    let total: usize = silent.values().sum();
    assert!(count > 350 && total * 5 < count, "{total} of {count} keys can be misspelt without a word");
    // Maps that take any key. Something else here is a kind or a resource type that the tables lack: see compiler/table/README.md.
    let free: Vec<&str> = silent.keys().map(String::as_str).collect();
    expect![[r#"
        [
            "annotations",
            "default",
            "defaultRequest",
            "labels",
            "matchLabels",
            "tags",
        ]
    "#]]
    .assert_debug_eq(&free);
}
