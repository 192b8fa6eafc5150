//! Projects as text, and what is said about their policies.

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
        tags: map[string]string | default={}
      terraform:
        resource:
          aws_eks_cluster:
            this: { name: "${cluster.fullName}", version: "${self.version}", role_arn: "${resource.aws_iam_role.this.arn}", vpc_config: { subnet_ids: [] } }
          aws_iam_role:
            this: { name: role, assume_role_policy: "{}" }
          aws_subnet:
            "s-${zone}": { $for: { zone: "${self.zones}" }, vpc_id: vpc, availability_zone: "${zone}", tags: "${self.tags}" }
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

#[test]
fn entities() {
    check(
        r#"
clusters:
  gc0: { class: plain, zones: [a] }
  gc1: { class: plain, zones: [a], version: "1.31", token: hush, environments: { ops: { version: "1.30" } } }
policies:
  supported:
    for: cluster
    assert: ${semver(self.version + ".0").isGreaterThan(semver("1.31.9"))}
    message: Kubernetes ${self.version} is out of support
    hint: take 1.32 or newer
  no-token:
    for: cluster
    severity: warning
    notIn: [ops]
    when: ${self.name != "gc0"}
    assert: ${self.token == "none"}
    message: cluster ${self.name} has a token
  two-zones:
    for: cluster
    onlyIn: [ops]
    assert: ${size(self.zones) > 1 && cluster.region == "eu-west-1"}
    message: one zone is not enough
"#,
        expect![[r#"
            Error broken-policy: one zone is not enough
              > a.yaml:3:31 `[a]` `self.zones` is a list of 1
              - a.yaml:21:15 `size(self.zones) > 1` policy `two-zones` asks for this
              path: ops.clusters.gc0.zones
            Error broken-policy: one zone is not enough
              > a.yaml:4:31 `[a]` `self.zones` is a list of 1
              - a.yaml:21:15 `size(self.zones) > 1` policy `two-zones` asks for this
              path: ops.clusters.gc1.zones
            Error broken-policy: Kubernetes 1.31 is out of support
              > a.yaml:4:45 `"1.31"` `self.version` is "1.31"
              - a.yaml:8:15 `semver(self.version + ".0").isGreaterThan(semver("1.31.9"))` policy `supported` asks for this
              path: apps.clusters.gc1.version
              hint: take 1.32 or newer
            Warning broken-policy: cluster gc1 has a token
              > a.yaml:4:60 `****` `self.token` is a secret
              - a.yaml:16:15 `self.token == "none"` policy `no-token` asks for this
              path: apps.clusters.gc1.token
            Error broken-policy: Kubernetes 1.30 is out of support
              > a.yaml:4:98 `"1.30"` `self.version` is "1.30"
              - a.yaml:8:15 `semver(self.version + ".0").isGreaterThan(semver("1.31.9"))` policy `supported` asks for this
              path: ops.clusters.gc1.version
              hint: take 1.32 or newer
        "#]],
    );
}

#[test]
fn three_layers_yaml() {
    check(
        "
clusters:
  gc0: { class: plain, zones: [a] }
services:
  web:
    environments:
      ops:
        replicas: 1
        clusters:
          gc0: { tag: '2.0' }
policies:
  replicas:
    for: { kind: Deployment }
    assert: ${object.spec.replicas >= 2}
    message: ${object.metadata.name} needs two replicas
",
        expect![[r#"
            Error broken-policy: web needs two replicas
              > a.yaml:8:19 `1` `object.spec.replicas` is 1
              - a.yaml:14:15 `object.spec.replicas >= 2` policy `replicas` asks for this
              path: ops.clusters.gc0.services.web.replicas
              note: the object is Deployment `web/web` of service `web`
        "#]],
    );
}

#[test]
fn three_layers_toml() {
    let toml = r#"
[clusters.gc0]
class = "plain"
zones = ["a"]

[services.web.environments.ops]
replicas = 1
clusters.gc0 = { tag = "2.0" }

[policies.replicas]
for = { kind = "Deployment" }
assert = "${object.spec.replicas >= 2}"
message = "${object.metadata.name} needs two replicas"
"#;
    expect![[r#"
        Error broken-policy: web needs two replicas
          > a.toml:7:12 `1` `object.spec.replicas` is 1
          - a.toml:12:13 `object.spec.replicas >= 2` policy `replicas` asks for this
          path: ops.clusters.gc0.services.web.replicas
          note: the object is Deployment `web/web` of service `web`
    "#]]
    .assert_eq(&said(&[("a.toml", toml)]));
}

#[test]
fn computed_values_lead_to_what_they_are_made_of() {
    check(
        r#"
clusters:
  gc0: { class: plain, zones: [a], tags: { team: "" } }
services:
  web:
    registry: docker.io
    tag: latest
    replicas: 7
    sidecars: [{ name: proxy, image: proxy:latest }, { name: log, image: log@sha256 }]
    settings: { mode: slow }
  other: { class: chart, version: 0.9.0 }
policies:
  history:
    for: { kind: Deployment, apiVersion: apps/v1 }
    assert: ${object.spec.revisionHistoryLimit < 10}
    message: too much history
  registry:
    for: { kind: [Deployment, StatefulSet] }
    assert: ${object.spec.template.spec.containers.all(c, c.image.startsWith("registry.example.com/") || c.name != "main")}
    message: images come from our registry
  latest:
    for: { kind: "*" , apiVersion: "apps/*" }
    assert: ${!object.spec.template.spec.containers.exists(i, c, i > 0 && c.image.endsWith(":latest"))}
    message: pin images
  limits:
    for: { kind: Deployment }
    severity: warning
    assert: ${object.spec.template.spec.containers.filter(c, c.name == "proxy").all(c, has(c.resources))}
    message: set limits
  mode:
    for: { kind: ConfigMap }
    assert: ${object.data.mode == "fast"}
    message: be fast
  owner:
    for: { kind: Deployment }
    severity: warning
    assert: ${has(object.metadata.labels) && has(object.metadata.labels.owner)}
    message: who owns ${object.kind} ${object.metadata.name}?
  stable:
    for: { chart: "*" }
    assert: ${!object.version.startsWith("0.")}
    message: chart ${object.chart} ${object.version} is not stable
  mirror:
    for: { chart: ingress }
    assert: ${object.repository.startsWith("oci://")}
    message: use the mirror
  tagged:
    for: { resource: "aws_*" }
    when: ${has(object.tags)}
    at: tags.team
    assert: ${"team" in object.tags && size(object.tags.team) > 0}
    message: who pays?
  eks:
    for: { resource: aws_eks_cluster }
    assert: ${object.version == "1.34"}
    message: too old
"#,
        expect![[r#"
            Error broken-policy: who pays?
              > a.yaml:3:50 `""` `object.tags.team` is ""
              - a.yaml:51:40 `size(object.tags.team) > 0` policy `tagged` asks for this
              path: apps.clusters.gc0.tags.team
              path: ops.clusters.gc0.tags.team
              note: the object is resource `aws_subnet.s-a` of cluster `gc0`
            Error broken-policy: images come from our registry
              > a.yaml:6:15 `docker.io` `self.registry` goes into `object.spec.template.spec.containers[0].image`, which is "docker.io/web:latest"
              - a.yaml:7:10 `latest` `self.tag` goes into it too
              - z-classes.yaml:46:29 `'${[{"name": "main", "image": let.image + ":" + self.tag}] + self.sidecars}'` class `service/web` makes it here
              - a.yaml:19:59 `c.image.startsWith("registry.example.com/") || c.name != "main"` policy `registry` asks for this
              path: apps.clusters.gc0.services.web.registry
              path: ops.clusters.gc0.services.web.registry
              note: the object is Deployment `web/web` of service `web`
            Error broken-policy: too much history
              > a.yaml:8:15 `7` `self.replicas` goes into `object.spec.revisionHistoryLimit`, which is 14
              - z-classes.yaml:42:35 `${self.replicas * 2}` class `service/web` makes it here
              - a.yaml:15:15 `object.spec.revisionHistoryLimit < 10` policy `history` asks for this
              path: apps.clusters.gc0.services.web.replicas
              path: ops.clusters.gc0.services.web.replicas
              note: the object is Deployment `web/web` of service `web`
            Warning broken-policy: set limits
              > a.yaml:9:16 `{ name: proxy, image: proxy:latest }` `c.resources` is not set
              - a.yaml:28:88 `has(c.resources)` policy `limits` asks for this
              path: apps.clusters.gc0.services.web
              path: ops.clusters.gc0.services.web
              note: the object is Deployment `web/web` of service `web`
            Error broken-policy: pin images
              > a.yaml:9:38 `proxy:latest` `object.spec.template.spec.containers[1].image` is "proxy:latest"
              - a.yaml:23:66 `i > 0 && c.image.endsWith(":latest")` policy `latest` asks for this
              path: apps.clusters.gc0.services.web.sidecars[0].image
              path: ops.clusters.gc0.services.web.sidecars[0].image
              note: the object is Deployment `web/web` of service `web`
            Error broken-policy: be fast
              > a.yaml:10:23 `slow` `object.data.mode` is "slow"
              - z-classes.yaml:34:19 `${merge({"mode":"fast"}, self.settings)}` class `service/web` makes it here
              - a.yaml:32:15 `object.data.mode == "fast"` policy `mode` asks for this
              path: apps.clusters.gc0.services.web.settings.mode
              path: ops.clusters.gc0.services.web.settings.mode
              note: the object is ConfigMap `web/settings` of service `web`
            Error broken-policy: chart ingress 0.9.0 is not stable
              > a.yaml:11:35 `0.9.0` `object.version` is "0.9.0"
              - a.yaml:41:16 `object.version.startsWith("0.")` policy `stable` asks for this
              path: apps.clusters.gc0.services.other.version
              path: ops.clusters.gc0.services.other.version
              note: the object is chart `ingress` of service `other`
            Error broken-policy: too old
              > z-classes.yaml:8:35 `"1.33"` `object.version` is "1.33"
              - a.yaml:55:15 `object.version == "1.34"` policy `eks` asks for this
              path: apps.clusters.gc0.version
              path: ops.clusters.gc0.version
              note: the object is resource `aws_eks_cluster.this` of cluster `gc0`
            Warning broken-policy: who owns Deployment web?
              > z-classes.yaml:39:21 `{ name: "${service.name}", namespace: web }` `object.metadata.labels` is not set
              - a.yaml:37:15 `has(object.metadata.labels)` policy `owner` asks for this
              path: apps.clusters.gc0.services.web
              path: ops.clusters.gc0.services.web
              note: the object is Deployment `web/web` of service `web`
            Error broken-policy: use the mirror
              > z-classes.yaml:55:21 `https://charts.example.com` `object.repository` is "https://charts.example.com"
              - a.yaml:45:15 `object.repository.startsWith("oci://")` policy `mirror` asks for this
              path: apps.clusters.gc0.services.other
              path: ops.clusters.gc0.services.other
              note: the object is chart `ingress` of service `other`
        "#]],
    );
}

#[test]
fn shapes_are_checked_though_nothing_matches() {
    check(
        r#"
policies:
  a: { for: clusters, assert: "${true}", message: m }
  b: { for: Deployment, assert: "${true}", message: m }
  c: { for: aws_vpc, assert: "${true}", message: m }
  d: { for: things, assert: "${true}", message: m }
  e: { for: [cluster], assert: "${true}", message: m }
  f: { for: { kid: Deployment }, assert: "${true}", message: m }
  g: { for: { kind: Deployment, resource: x }, assert: "${true}", message: m }
  h: { for: { apiVersion: v1 }, assert: "${true}", message: m }
  i: { for: { kind: 3 }, assert: "${true}", message: m }
  j: { for: cluster, assert: self.x == 1, message: m }
  k: { for: cluster, assert: "${true} and ${false}", message: m }
  l: { for: cluster, assert: true, message: m, when: yes }
  m: { for: cluster, assert: "${true}", severity: warn }
  n: { for: cluster, assert: "${true}", message: m, mesage: m, onlyIn: [op], notIn: [nowhere] }
  o: { for: "${cluster}", assert: "${true}", message: m, severity: "${x}" }
  p: { for: cluster, assert!: "${true}", message: m }
  q:
  r: { for: cluster, assert: "${self.", message: m }
  s: { for: application, assert: "${self.nmae == tenant.name && tenat.name == ''}", message: "${object.kind}" }
  t: { for: { kind: Deployment }, assert: "${objct.spec.replicas == 1}", message: "${object.kind} ${siz(object)}", when: "${size(object.kind)}" }
  u: { for: infrastructure, assert: "${cluster.name == infrastructure.name}", message: m }
"#,
        expect![[r#"
            Error unknown-kind: `clusters` is nothing that a policy can be about
              > a.yaml:3:13 `clusters` not a kind
              hint: did you mean `cluster`?
              cure: a.yaml:3:13 `clusters` → cluster
            Error unknown-kind: `Deployment` is nothing that a policy can be about
              > a.yaml:4:13 `Deployment` not a kind
              hint: write `{ kind: Deployment }` for emitted objects
              cure: a.yaml:4:13 `Deployment` → { kind: Deployment }
            Error unknown-kind: `aws_vpc` is nothing that a policy can be about
              > a.yaml:5:13 `aws_vpc` not a kind
              hint: write `{ resource: aws_vpc }` for emitted objects
              cure: a.yaml:5:13 `aws_vpc` → { resource: aws_vpc }
            Error unknown-kind: `things` is nothing that a policy can be about
              > a.yaml:6:13 `things` not a kind
              hint: the kinds are `cluster`, `nodePool`, `infrastructure`, `service`, `tenant`, `application`; objects are named by a map such as `{ kind: Deployment }`
            Error wrong-type: `for` of a policy takes a kind or a map, found a list
              > a.yaml:7:13 `[cluster]` what is the policy about?
              hint: write a kind such as `cluster`, or name emitted objects: `{ kind: Deployment }`
            Error unknown-field: `for` has no field `kid`
              > a.yaml:8:15 `kid` not a way to name objects
              hint: did you mean `kind`?
              cure: a.yaml:8:15 `kid` → kind
            Error wrong-type: `for` names no objects, or objects of several sorts
              > a.yaml:9:13 `{ kind: Deployment, resource: x }` expected one sort of objects
              hint: write `{ kind: Deployment }`, with `apiVersion` if it matters, `{ resource: aws_eks_cluster }` or `{ chart: ingress-nginx }`
            Error wrong-type: `for` names no objects, or objects of several sorts
              > a.yaml:10:13 `{ apiVersion: v1 }` expected one sort of objects
              hint: name the `kind` as well; `"*"` stands for every kind
            Error wrong-type: `kind` takes a name or a list of names, found an integer
              > a.yaml:11:21 `3` expected names; `*` in a name stands for any text
            Error wrong-type: `assert` of a policy must be one expression
              > a.yaml:12:30 `self.x == 1` expected `${…}` and nothing else
              hint: write `${self.x == 1}`
              cure: a.yaml:12:30 `self.x == 1` → ${self.x == 1}
            Error wrong-type: `assert` of a policy must be one expression
              > a.yaml:13:30 `"${true} and ${false}"` expected `${…}` and nothing else
              hint: join conditions inside of one `${…}` with `&&` and `||`
            Error wrong-type: `assert` must be a string, found the boolean true
              > a.yaml:14:30 `true` put it in quotes
              - std/language.yaml `string | required=true description="An expression that must be true; it sees self and its surroundings, and for objects also object."` declared as `string`
              path: policies.l.assert
              cure: a.yaml:14:30 `true` → "true"
            Error ambiguous-scalar: readers of YAML disagree about `yes`
              > a.yaml:14:54 `yes` text to some readers, a boolean to others
              hint: quote it if it is text, write `true` if it is a boolean
              cure: a.yaml:14:54 `yes` → "yes"
            Error missing-field: policy needs the field `message`
              > a.yaml:15:3 `m` `message` is not set, here or in what it inherits
              - std/language.yaml `true` required
              path: policies.m.message
              note: `message`: What to say where it is false; may hold expressions.
              hint: add `message: "…"`
            Error value-not-allowed: `severity` cannot be "warn"
              > a.yaml:15:51 `warn` did you mean `warning`?
              - std/language.yaml `[error, warning]` the values allowed
              path: policies.m.severity
              cure: a.yaml:15:51 `warn` → warning
            Error unknown-field: policy has no field `mesage`
              > a.yaml:16:53 `mesage` not a field of policy
              - a.yaml:16:41 `message` `message` is set here
              path: policies.n.mesage
              hint: remove `mesage`, or write its value to `message`
            Error unknown-environment: there is no environment `op`
              > a.yaml:16:73 `op` no such environment
              hint: did you mean `ops`?
              cure: a.yaml:16:73 `op` → ops
            Error unknown-environment: there is no environment `nowhere`
              > a.yaml:16:86 `nowhere` no such environment
              hint: the environments are `apps`, `ops`
            Error not-literal: `for` of a policy takes no expressions
              > a.yaml:17:13 `"${cluster}"` read before expressions are evaluated
              hint: write the value itself; expressions may stand in `assert`, `when`, `message`, `hint`
            Error not-literal: `severity` of a policy takes no expressions
              > a.yaml:17:68 `"${x}"` read before expressions are evaluated
              hint: write the value itself; expressions may stand in `assert`, `when`, `message`, `hint`
            Error misplaced-operator: `assert` of a policy takes no operator
              > a.yaml:18:22 `assert!` policies are not merged
              hint: write `assert`
              cure: a.yaml:18:22 `assert!` → assert
            Error null-not-allowed: policy cannot be null
              > a.yaml:19:4 `` nothing follows, which is null
              - std/language.yaml `description: string | description="Why the policy is there."` declared as `map`
              path: policies.q
              hint: write a map, or take it out
            Error unterminated-expression: `${` is never closed
              > a.yaml:20:31 `${` opened here
              hint: close it with `}`, or write `$${` for a literal `${`
            Error unknown-field: `self` has no field `nmae`
              > a.yaml:21:42 `nmae` unknown field
              hint: did you mean `name`?
              cure: a.yaml:21:42 `nmae` → name
            Error unknown-name: there is no `tenat` here
              > a.yaml:21:65 `tenat` unknown name
              hint: did you mean `tenant`?
              cure: a.yaml:21:65 `tenat` → tenant
            Error unknown-name: there is no `object` here
              > a.yaml:21:97 `object` unknown name
              hint: names in scope are `self`, `platform`, `environment`, `cluster`, `tenant`, `clusters`, `nodePools`, `infrastructure` and 5 more; text stands in quotes
            Error unknown-name: there is no `objct` here
              > a.yaml:22:46 `objct` unknown name
              hint: did you mean `object`?
              cure: a.yaml:22:46 `objct` → object
            Error unknown-function: there is no function `siz`
              > a.yaml:22:101 `siz` unknown function
              hint: did you mean `size`?
              cure: a.yaml:22:101 `siz` → size
            Error wrong-type: a condition must be true or false, found an integer
              > a.yaml:22:123 `${size(object.kind)}` this condition
              hint: compare it: `… == …`, or test it: `has(…)`, `size(…) > 0`
            Error unknown-name: there is no `cluster` here
              > a.yaml:23:40 `cluster` unknown name
              hint: did you mean `clusters`?
              cure: a.yaml:23:40 `cluster` → clusters
        "#]],
    );
}

#[test]
fn what_is_nearly_there() {
    check(
        r#"
clusters:
  gc0: { class: plain, zones: [a] }
services:
  web: {}
  other: { class: chart }
policies:
  a: { for: { kind: Deploymnt }, assert: "${true}", message: m }
  b: { for: { kind: Deployment, apiVersion: app/v1 }, assert: "${true}", message: m }
  c: { for: { resource: aws_eks_clutser }, assert: "${true}", message: m }
  d: { for: { chart: ingres }, assert: "${true}", message: m }
  e: { for: { kind: StatefulSet }, assert: "${true}", message: m }
  f: { for: { resource: google_compute_network }, assert: "${true}", message: m }
  g: { for: tenant, assert: "${true}", message: m }
"#,
        expect![[r#"
            Warning unmatched-policy: policy `a` is about nothing here
              > a.yaml:8:21 `Deploymnt` nothing makes such an object
              hint: did you mean `Deployment`?
              cure: a.yaml:8:21 `Deploymnt` → Deployment
            Warning unmatched-policy: policy `b` is about nothing here
              > a.yaml:9:45 `app/v1` objects of this kind have another version
              hint: did you mean `apps/v1`?
              cure: a.yaml:9:45 `app/v1` → apps/v1
            Warning unmatched-policy: policy `c` is about nothing here
              > a.yaml:10:25 `aws_eks_clutser` nothing makes such a resource
              hint: did you mean `aws_eks_cluster`?
              cure: a.yaml:10:25 `aws_eks_clutser` → aws_eks_cluster
            Warning unmatched-policy: policy `d` is about nothing here
              > a.yaml:11:22 `ingres` nothing installs such a chart
              hint: did you mean `ingress`?
              cure: a.yaml:11:22 `ingres` → ingress
        "#]],
    );
}

#[test]
fn what_cannot_be_evaluated() {
    check(
        r#"
clusters:
  gc0: { class: plain, zones: [a] }
services:
  web: {}
policies:
  a: { for: cluster, assert: "${self.vers == 1}", message: m }
  b: { for: cluster, assert: "${self.version}", message: m }
  c: { for: { kind: Deployment }, assert: "${object.spec.strategy.type == 'x'}", message: m }
  d: { for: { resource: aws_eks_cluster }, assert: "${object.role_arn == 'x'}", message: m }
  e: { for: cluster, assert: "${self.version == ''}", message: "${self.nam}" }
  f: { for: cluster, assert: "${object.x == 1}", message: m }
  g: { for: { resource: aws_eks_cluster }, assert: "${has(object.role_arn)}", message: m }
"#,
        expect![[r#"
            Error unknown-field: `self` has no field `vers`
              > a.yaml:7:38 `vers` unknown field
              hint: it has `enabled`, `description`, `labels`, `dependsOn`, `onlyIn`, `notIn`, `region`, `zones` and 28 more
            Error wrong-type: a condition must be true or false, found a string
              > a.yaml:8:31 `${self.version}` this condition
              hint: compare it: `… == …`, or test it: `has(…)`, `size(…) > 0`
            Error unknown-field: `object.spec` has no field `strategy`
              > a.yaml:9:58 `strategy` unknown field
              path: apps.clusters.gc0.services.web
              path: ops.clusters.gc0.services.web
              note: policy `c` could not be checked
              note: for what not every object has there is `has(…)`, also in `when`
              note: the object is Deployment `web/web` of service `web`
              hint: it has `replicas`, `revisionHistoryLimit`, `selector`, `template`
            Error late-value-misplaced: this value is known only after Terraform has run
              > a.yaml:10:55 `object.role_arn` `==` needs it now
              path: apps.clusters.gc0
              path: ops.clusters.gc0
              note: it comes from `aws_iam_role.this.arn`
              note: policy `d` could not be checked
              note: the object is resource `aws_eks_cluster.this` of cluster `gc0`
              hint: ask only whether it is set: `has(…)`
            Error unknown-field: `self` has no field `nam`
              > a.yaml:11:72 `nam` unknown field
              hint: did you mean `name`?
              cure: a.yaml:11:72 `nam` → name
            Error unknown-name: there is no `object` here
              > a.yaml:12:33 `object` unknown name
              hint: names in scope are `self`, `platform`, `environment`, `cluster`, `clusters`, `nodePools`, `infrastructure`, `services` and 3 more; text stands in quotes
        "#]],
    );
}

#[test]
fn what_only_the_standard_library_says() {
    check(
        r#"
clusters:
  gc0: { class: eks, region: eu-west-1, zones: [eu-west-1a, eu-west-1b], nodePools: { default: { instanceTypes: [t3a.xlarge], size: { min: 1, max: 2 } } } }
services:
  cert-manager: {}
tenants:
  team: { namespaces: { shop: { quota: { pods: 7 } }, jobs: {} }, quota: { pods: 9 } }
policies:
  endpoint:
    for: { resource: aws_eks_cluster }
    assert: ${object.vpc_config.endpoint_public_access == false}
    message: the endpoint must be private
  version:
    for: cluster
    assert: ${self.version == "1.0"}
    message: too new
  pods:
    for: { kind: ResourceQuota }
    assert: ${int(object.spec.hard.pods) > 10}
    message: namespace ${object.metadata.namespace} of ${tenant.name} has a small quota
  pool:
    for: nodePool
    assert: ${self.size.max >= 3 || cluster.name != "gc0"}
    message: too small
  nat:
    for: { resource: aws_nat_gateway }
    severity: warning
    assert: ${environment.name != "ops"}
    message: NAT is expensive
"#,
        expect![[r#"
            Error broken-policy: the endpoint must be private
              > a.yaml:3:3 `gc0` `object.vpc_config.endpoint_public_access` is true, which nothing here sets
              - std/cluster/eks.yaml `true` class `cluster/eks` says so here
              - a.yaml:11:15 `object.vpc_config.endpoint_public_access == false` policy `endpoint` asks for this
              path: apps.clusters.gc0.endpoint.public
              path: ops.clusters.gc0.endpoint.public
              note: the object is resource `aws_eks_cluster.this` of cluster `gc0`
            Error broken-policy: too new
              > a.yaml:3:3 `gc0` `self.version` is "1.34", which nothing here sets
              - std/cluster/eks.yaml `"1.34"` class `cluster/eks` says so here
              - a.yaml:15:15 `self.version == "1.0"` policy `version` asks for this
              path: apps.clusters.gc0.version
              path: ops.clusters.gc0.version
            Warning broken-policy: NAT is expensive
              > a.yaml:3:3 `gc0` this cluster
              - platform.yaml:3:27 `ops` `environment.name` is "ops"
              - a.yaml:28:15 `environment.name != "ops"` policy `nat` asks for this
              path: ops.clusters.gc0
              note: the object is resource `aws_nat_gateway.eu-west-1a` of cluster `gc0`
            Error broken-policy: too small
              > a.yaml:3:148 `2` `self.size.max` is 2
              - a.yaml:3:3 `gc0` `cluster.name` is "gc0"
              - a.yaml:23:15 `self.size.max >= 3 || cluster.name != "gc0"` policy `pool` asks for this
              path: apps.clusters.gc0.nodePools.default.size.max
              path: ops.clusters.gc0.nodePools.default.size.max
            Error broken-policy: namespace team-shop of team has a small quota
              > a.yaml:7:48 `7` `object.spec.hard.pods` is "7"
              - std/tenant/tenant.yaml `'${entries(self.namespaces).map(entry, {` class `tenant/tenant` makes it here
              - a.yaml:19:15 `int(object.spec.hard.pods) > 10` policy `pods` asks for this
              path: apps.clusters.gc0.tenants.team.namespaces.shop.quota.pods
              path: ops.clusters.gc0.tenants.team.namespaces.shop.quota.pods
              note: the object is ResourceQuota `team-shop/tenant` of tenant `team`
            Error broken-policy: namespace team-jobs of team has a small quota
              > a.yaml:7:82 `9` `object.spec.hard.pods` is "9"
              - std/tenant/tenant.yaml `'${entries(self.namespaces).map(entry, {` class `tenant/tenant` makes it here
              - a.yaml:19:15 `int(object.spec.hard.pods) > 10` policy `pods` asks for this
              path: apps.clusters.gc0.tenants.team.quota.pods
              path: ops.clusters.gc0.tenants.team.quota.pods
              note: the object is ResourceQuota `team-jobs/tenant` of tenant `team`
        "#]],
    );
}

/// What is said of things for which none of so many policies holds: how much is kept, how much there is, and the codes.
fn broken(things: usize, policies: usize) -> (usize, usize, std::collections::BTreeSet<&'static str>) {
    let mut text = format!("{PLATFORM}classes: {{ infrastructure: {{ thing: {{}} }} }}\ninfrastructure:\n");
    (0..things).for_each(|at| writeln!(text, "  i{at}: {{ class: thing }}").unwrap());
    text.push_str("policies:\n");
    (0..policies)
        .for_each(|at| writeln!(text, "  p{at}: {{ for: infrastructure, assert: '${{size(self.name) == 0}}', message: m }}").unwrap());
    let diagnostics = compile(&MemorySystem::default().with("platform.yaml", text), &Options::default()).diagnostics;
    let kept = diagnostics.clone().drain();
    (kept.len(), diagnostics.len(), kept.iter().map(|diagnostic| diagnostic.code.word()).collect())
}

#[test]
fn policies_that_hold_nowhere_are_told_and_counted() {
    let codes = std::collections::BTreeSet::from(["broken-policy"]);
    assert_eq!(broken(20, 10), (400, 400, codes.clone()));
    // Forty thousand, and four for each of the six hundred things in both environments.
    let (kept, all, found) = broken(300, 80);
    assert_eq!((kept, all, found), (super::TOLD + super::TOLD_JUDGED * 600, 48_000, codes));
}
