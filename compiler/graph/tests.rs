use super::*;
use crate::Options;
use crate::system::MemorySystem;
use expect_test::{Expect, expect};
use std::fmt::Write as _;

/// A cluster with nothing on it, and classes whose fields take anything.
const BASE: &str = r#"
platform:
  name: acme
  domain: infra.example.com
environments: { apps: {}, ops: { inherits: apps } }
clusters: { gc0: { class: bare } }
classes:
  cluster: { bare: {} }
  service:
    thing: { schema: { v: any, w: any, other: string } }
    default: { schema: { v: 'any | default="${services.b.name}"' } }
    let: { schema: { v: any }, let: { x: "${services['b'].v}" } }
    after: { schema: { d: "ref(service) | default=d" } }
    ruled: { rules: [{ assert: "${size(services.b.name) > 0}", message: m }, { when: "${true}", assert: "${true}", message: "${services.c.name}" }] }
    keyed:
      schema: { other: string }
      manifests:
        "x-${services[self.other].name}": { apiVersion: v1, kind: ConfigMap, metadata: { name: "${self.name}", namespace: x } }
        "y-${services}":
          $for: { services: "${[services['c'].name, services[self.other].name]}" }
          apiVersion: v1
          kind: ConfigMap
          metadata: { name: "${self.name}-${services}", namespace: x }
    out: { outputs: { host: "${services[size(self.name) > 5 ? 'a' : 'b'].name}" } }
    all:
      manifests:
        all:
          apiVersion: v1
          kind: ConfigMap
          metadata: { name: "x-${self.name}", namespace: x }
          data: { all: "${services.map(key, services[key].name).join(',')}" }
    loop:
      manifests:
        "x-${services}":
          $for: { services: "${['p', 'q']}" }
          apiVersion: v1
          kind: ConfigMap
          metadata: { name: "${self.name}-${services}", namespace: x }
  tenant: { team: {} }
  application: { app: { let: { x: "${tenant.name}${services.b.name}" } } }
"#;

/// What is on the cluster of `apps`: each thing with its wave and its edges but for those of containment (how, to what, and the text where
/// that is written); then what was said.
fn check_with(base: &str, set: &[&str], text: &str, expected: Expect) {
    let options = Options { set: set.iter().map(|text| (*text).to_owned()).collect(), ..Options::default() };
    let system = MemorySystem::default().with("platform.yaml", base).with("things.yaml", text);
    let compilation = crate::compile(&system, &options);
    let (model, graph) = (&compilation.model, &compilation.graph);
    let mut drawn = String::new();
    for (id, entity) in model.entities().filter(|(_, entity)| entity.environment.0 == 0 && entity.cluster.is_some()) {
        writeln!(drawn, "{} {} in wave {}", entity.kind.words(), entity.name, graph.wave(id)).unwrap();
        for edge in graph.needs(id).iter().filter(|edge| edge.cause != EdgeCause::Containment) {
            let source = compilation.sources.text(edge.span);
            writeln!(drawn, "  {:?} {}: {source}", edge.cause, model.entity(edge.to).name).unwrap();
        }
    }
    for diagnostic in compilation.diagnostics.sorted(&compilation.sources) {
        writeln!(drawn, "{}: {}", diagnostic.code.word(), diagnostic.message).unwrap();
    }
    expected.assert_eq(&drawn);
}

fn check(text: &str, expected: Expect) {
    check_with(BASE, &[], text, expected);
}

#[test]
fn a_read_counts_wherever_it_was_written() {
    check(
        r#"
services:
  base: { class: thing, abstract: true, v: "${services.b.w}" }
  a: { inherits: base }
  b: { class: thing, w: 1 }
"#,
        expect![[r#"
            service a in wave 0
              Reads b: services.b.w
            service b in wave 0
        "#]],
    );
    check(
        "services: { a: { class: default }, b: { class: let, v: 1 }, c: { class: let } }",
        expect![[r#"
        service a in wave 0
          Reads b: services.b.name
        service b in wave 0
        service c in wave 0
          Reads b: services['b'].v
    "#]],
    );
    let defaults =
        BASE.replace("domain: infra.example.com", "domain: infra.example.com\n  defaults: { services: { v: '${services.b.name}' } }");
    check_with(
        &defaults,
        &[],
        "services: { a: { class: thing }, b: { class: thing } }",
        expect![[r#"
            service a in wave 0
              Reads b: services.b.name
            service b in wave 0
        "#]],
    );
    check_with(
        BASE,
        &["services.a.v=${services.b.name}"],
        "services: { a: { class: thing }, b: { class: thing } }",
        expect![[r#"
        service a in wave 0
          Reads b: services.b.name
        service b in wave 0
    "#]],
    );
}

#[test]
fn what_is_not_said_here_is_not_read() {
    // A stronger layer replaced one, the other is for another environment.
    check(
        r#"
services:
  base: { class: thing, abstract: true, v: "${services.b.name}" }
  a: { inherits: base, v: 1, environments: { ops: { w: "${services.b.name}" } } }
  b: { class: thing }
"#,
        expect![[r#"
            service a in wave 0
            service b in wave 0
        "#]],
    );
    // An iterator is no name, even if it is called like one.
    check(
        "services: { a: { class: loop }, b: { class: thing } }",
        expect![[r#"
        service a in wave 0
        service b in wave 0
    "#]],
    );
}

#[test]
fn a_computed_name_counts_with_what_it_gave() {
    check(
        r#"
services:
  a: { class: thing, other: b, v: "${services[self.other].name}" }
  b: { class: thing }
  c: { class: thing }
"#,
        expect![[r#"
            service a in wave 0
              Reads b: ${services[self.other].name}
            service b in wave 0
            service c in wave 0
        "#]],
    );
    // Of a plural that is gone through, all that were met; what is also named is known by its name.
    check(
        r#"
services:
  a: { class: all }
  b: { class: thing, w: "${services.all(key, key != 'x') && size(services.c.name) > 0}" }
  c: { class: thing }
"#,
        expect![[r#"
            service a in wave 0
              Reads b: ${services.map(key, services[key].name).join(',')}
              Reads c: ${services.map(key, services[key].name).join(',')}
            service b in wave 0
              Reads c: services.c.name
              Reads a: ${services.all(key, key != 'x') && size(services.c.name) > 0}
            service c in wave 0
        "#]],
    );
}

#[test]
fn rules_keys_loops_and_outputs_read_too() {
    check(
        "services: { a: { class: ruled }, b: { class: thing }, c: { class: thing } }",
        expect![[r#"
        service a in wave 0
          Reads b: services.b.name
          Reads c: services.c.name
        service b in wave 0
        service c in wave 0
    "#]],
    );
    check(
        "services: { a: { class: keyed, other: b }, b: { class: thing }, c: { class: thing } }",
        expect![[r#"
        service a in wave 0
          Reads c: services['c'].name
          Reads b: x-${services[self.other].name}
          Reads b: ${[services['c'].name, services[self.other].name]}
        service b in wave 0
        service c in wave 0
    "#]],
    );
    check(
        "services: { a: { class: out }, b: { class: thing }, c: { class: thing, v: '${services.a.outputs.host}' } }",
        expect![[r#"
        service a in wave 0
          Reads b: ${services[size(self.name) > 5 ? 'a' : 'b'].name}
        service b in wave 0
        service c in wave 0
          Reads a: services.a.outputs.host
    "#]],
    );
}

#[test]
fn things_may_know_of_each_other() {
    check(
        r#"
services:
  a: { class: thing, w: 1, v: "${services.b.w}" }
  b: { class: thing, w: 2, v: "${services.a.w}" }
"#,
        expect![[r#"
            service a in wave 0
              Reads b: services.b.w
            service b in wave 0
              Reads a: services.a.w
        "#]],
    );
    // A value that needs itself has none, through parents too.
    check(
        r#"
services:
  one: { class: thing, abstract: true, v: "${services.b.v}" }
  two: { class: thing, abstract: true, v: "${services.a.v}" }
  a: { inherits: one }
  b: { inherits: two }
"#,
        expect![[r#"
            service a in wave 0
              Reads b: services.b.v
            service b in wave 0
              Reads a: services.a.v
            expression-cycle: these values wait for each other
        "#]],
    );
}

#[test]
fn what_orders_makes_waves() {
    check(
        r#"
services:
  a: { class: thing, dependsOn: [b, c], v: "${services.c.name}" }
  b: { class: thing, dependsOn: [c] }
  c: { class: after }
  d: { class: thing, v: "${services.a.name}" }
tenants: { t: { class: team, applications: { web: { class: app } } } }
"#,
        expect![[r#"
            service a in wave 3
              DependsOn b: b
              DependsOn c: c
              Reads c: services.c.name
            service b in wave 2
              DependsOn c: c
            service c in wave 1
              Refers d: d
            service d in wave 0
              Reads a: services.a.name
            tenant t in wave 0
            application web in wave 1
              Reads t: tenant.name
              Reads b: services.b.name
        "#]],
    );
    check(
        r#"
services:
  base: { class: thing, abstract: true, dependsOn: [b] }
  a: { inherits: base, v: "${services.b.name}" }
  b: { class: thing, dependsOn: [a] }
"#,
        expect![[r#"
            service a in wave 0
              DependsOn b: b
              Reads b: services.b.name
            service b in wave 0
              DependsOn a: a
            dependency-cycle: service `a` and service `b` wait for each other
        "#]],
    );
}

#[test]
fn two_may_know_of_each_other_and_one_who_holds_all_reads_them() {
    // A policy for a network needs both sides; a tenant lists the ports of all its applications, which wait for the tenant.
    check(
        r#"
tenants:
  a:
    class: listing
    applications:
      one: { class: peer, connectsTo: [two] }
      two: { class: peer, connectsTo: [one], port: 90 }
classes:
  application:
    peer:
      schema:
        connectsTo: "[]ref(application) | order=false"
        port: integer | default=80
        ports: any | default="${self.connectsTo.map(one, one.port)}"
  tenant:
    listing: { schema: { ports: 'any | default="${self.applications.map(key, self.applications[key].port)}"' } }
"#,
        expect![[r#"
            tenant a in wave 0
              Reads one: ${self.applications.map(key, self.applications[key].port)}
              Reads two: ${self.applications.map(key, self.applications[key].port)}
            application one in wave 1
              Knows two: two
              Reads two: ${self.connectsTo.map(one, one.port)}
            application two in wave 1
              Knows one: one
              Reads one: ${self.connectsTo.map(one, one.port)}
        "#]],
    );
}

#[test]
fn an_order_between_clusters_is_told() {
    check(
        r#"
clusters: { gc1: { class: bare } }
services:
  a: { class: thing, placement: [gc0], dependsOn: [clusters.gc1.services.b], v: 1 }
  b: { class: thing, placement: [gc1], v: 1 }
"#,
        expect![[r#"
            service a in wave 0
              DependsOn b: clusters.gc1.services.b
            service b in wave 0
            order-across-clusters: service `a` depends on service `b` of another cluster, and nothing is installed in an order between clusters
        "#]],
    );
}
