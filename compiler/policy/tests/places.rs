//! Where the report of a broken policy points.

use super::*;

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
  gc0: { class: plain, zones: [a], marks: { team: "" } }
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
              > a.yaml:3:51 `""` `object.tags.team` is ""
              - a.yaml:51:40 `size(object.tags.team) > 0` policy `tagged` asks for this
              path: apps.clusters.gc0.marks.team
              path: ops.clusters.gc0.marks.team
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

/// Fields are named in the notation of every other message, which is also that of `at`.
#[test]
fn fields_are_named_as_paths() {
    check(
        r#"
clusters:
  gc0: { class: plain, zones: [a], marks: { cost-center: none, a.b: none } }
services:
  web: { sidecars: [{ name: log, image: "log:latest" }] }
policies:
  costs:
    for: cluster
    notIn: [ops]
    assert: ${self.marks["cost-center"] != "none" || self.marks["a.b"] != "none"}
    message: nobody pays
  logs:
    for: { kind: Deployment }
    notIn: [ops]
    assert: ${!object.spec.template.spec.containers.exists(c, c.image.endsWith("latest"))}
    message: an image that moves
    at: spec.template.spec.containers[1].image
"#,
        expect![[r#"
            Error broken-policy: nobody pays
              > a.yaml:3:58 `none` `self.marks.cost-center` is "none"
              - a.yaml:3:69 `none` `self.marks["a.b"]` is "none"
              - a.yaml:10:15 `self.marks["cost-center"] != "none" || self.marks["a.b"] != "none"` policy `costs` asks for this
              path: apps.clusters.gc0.marks.cost-center
            Error broken-policy: an image that moves
              > a.yaml:5:41 `"log:latest"` `object.spec.template.spec.containers[1].image` is "log:latest"
              - a.yaml:15:63 `c.image.endsWith("latest")` policy `logs` asks for this
              path: apps.clusters.gc0.services.web.sidecars[0].image
              note: the object is Deployment `web/web` of service `web`
        "#]],
    );
}
