//! Policies that cannot be evaluated, or hold nowhere.

use super::*;

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
              hint: it has `enabled`, `description`, `labels`, `metadata`, `dependsOn`, `onlyIn`, `notIn`, `providers` and 91 more
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
              note: where `${` is meant as text, write `$${`
              hint: names in scope are `self`, `platform`, `environment`, `environments`, `cluster`, `clusters`, `nodePools`, `infrastructure` and 3 more; text stands in quotes
        "#]],
    );
}

#[test]
fn what_only_the_standard_library_says() {
    check(
        r#"
clusters:
  gc0: { class: eks, region: eu-west-1, zones: [eu-west-1a, eu-west-1b], nodePools: { default: { instanceTypes: [t3a.xlarge], size: { min: 1, max: 2 } } }, creatorIsAdmin: true }
services:
  cert-manager: {}
tenants:
  team: { policies: null, priorityClasses=: [], namespaces: { shop: { quota: { pods: 7 } }, jobs: {} }, quota: { pods: 9 } }
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
              > a.yaml:3:3 `gc0` `self.version` is "1.36", which nothing here sets
              - std/cluster/eks.yaml `"1.36"` class `cluster/eks` says so here
              - a.yaml:15:15 `self.version == "1.0"` policy `version` asks for this
              path: apps.clusters.gc0.version
              path: ops.clusters.gc0.version
            Warning broken-policy: NAT is expensive
              > a.yaml:3:3 `gc0` this cluster
              - platform.yaml:3:27 `ops` `environment.name` is "ops"
              - a.yaml:28:15 `environment.name != "ops"` policy `nat` asks for this
              path: ops.clusters.gc0
              note: the object is resource `aws_nat_gateway.eu-west-1a` of cluster `gc0`
            Warning broken-rule: the Kubernetes API answers the whole internet, name networks in `endpoint.publicCidrs` (`0.0.0.0/0`, if that is meant) or set `endpoint.public` to false
              > a.yaml:3:3 `gc0` nothing here says otherwise
              - std/cluster/eks.yaml `[]` `self.endpoint.publicCidrs`
              - std/cluster/eks.yaml `${size(self.endpoint.publicCidrs) > 0}` the rule of class `cluster/eks`
              path: apps.clusters.gc0
              path: ops.clusters.gc0
            Error broken-policy: too small
              > a.yaml:3:148 `2` `self.size.max` is 2
              - a.yaml:3:3 `gc0` `cluster.name` is "gc0"
              - a.yaml:23:15 `self.size.max >= 3 || cluster.name != "gc0"` policy `pool` asks for this
              path: apps.clusters.gc0.nodePools.default.size.max
              path: ops.clusters.gc0.nodePools.default.size.max
            Error broken-policy: namespace team-jobs of team has a small quota
              > a.yaml:7:3 `team` `object.spec.hard.pods` is "0", which nothing here sets
              - std/tenant/tenant.yaml `"0"` class `tenant/tenant` says so here
              - a.yaml:19:15 `int(object.spec.hard.pods) > 10` policy `pods` asks for this
              path: apps.clusters.gc0.tenants.team
              path: ops.clusters.gc0.tenants.team
              note: the object is ResourceQuota `team-jobs/affinity` of tenant `team`
            Error broken-policy: namespace team-shop of team has a small quota
              > a.yaml:7:86 `7` `object.spec.hard.pods` is "7"
              - std/tenant/tenant.yaml `${merge(let.counted, self.quota, space.value.quota).transformMap(name, limit, string(limit))}` class `tenant/tenant` makes it here
              - a.yaml:19:15 `int(object.spec.hard.pods) > 10` policy `pods` asks for this
              path: apps.clusters.gc0.tenants.team.namespaces.shop.quota.pods
              path: ops.clusters.gc0.tenants.team.namespaces.shop.quota.pods
              note: the object is ResourceQuota `team-shop/tenant` of tenant `team`
            Error broken-policy: namespace team-jobs of team has a small quota
              > a.yaml:7:120 `9` `object.spec.hard.pods` is "9"
              - std/tenant/tenant.yaml `${merge(let.counted, self.quota, space.value.quota).transformMap(name, limit, string(limit))}` class `tenant/tenant` makes it here
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
    assert_eq!((kept, all, found), (super::super::TOLD + super::super::TOLD_JUDGED * 600, 48_000, codes));
}
