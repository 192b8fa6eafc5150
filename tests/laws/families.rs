//! What one definition becomes on several clusters is worked out once where it is the same. That may change nothing: a platform whose things
//! say nothing more for each of their clusters, so that each is worked out for itself, comes to the same.

use crate::support::{self, Project};

const PLATFORM: &str = r#"
platform: { name: acme, domain: infra.example.com, repository: { url: https://git.example.com/acme/platform.git } }
environments: { apps: { constants: { name: x } }, ops: { inherits: apps, defaults: { services: { free: { z: 1 } } } } }
clusters:
  c0: { class: bare, zone: a, environments: { ops: { zone: d } } }
  c1: { class: bare, zone: b }
  c2: { class: bare, zone: c }
tenants: { t: { namespaces: { t: {} }, policies: null } }
"#;

const CLASSES: &str = r#"
classes:
  cluster: { bare: { schema: { zone: string } } }
  service:
    mixed:
      schema: { free: object, size: integer | default=1, names: "[]string | default=[]", other: string, token: string | secret=true }
      rules:
        - { assert: "${self.size < 5}", message: "too large for ${environment.name}", at: size }
        - { assert: "${self.size != 3 || cluster.zone != 'b'}", message: "not in ${cluster.zone}", at: size }
      let:
        own: "${self.name}-${self.size}"
        around: "${let.own}-${cluster.zone}"
      manifests:
        own: { apiVersion: v1, kind: ConfigMap, metadata: { name: "${self.name}-own", namespace: x }, data: { a: "${let.own}", b: fixed, c: "${self.?other.orValue('')}" } }
        around: { apiVersion: v1, kind: ConfigMap, metadata: { name: "${self.name}-around", namespace: x }, data: { a: "${let.own}", b: "${let.around}" } }
        "each-${name}":
          $for: { name: "${self.names}" }
          apiVersion: v1
          kind: ConfigMap
          metadata: { name: "${self.name}-${name}", namespace: x }
          data: { zone: "${name == 'q' ? cluster.zone : 'any'}" }
        sometimes:
          $if: "${cluster.zone == 'a'}"
          apiVersion: v1
          kind: ConfigMap
          metadata: { name: "${self.name}-sometimes", namespace: x }
          data: { a: "${self.name}" }
        spread:
          apiVersion: v1
          kind: ConfigMap
          metadata: { name: "${self.name}-spread", namespace: x }
          data: { $spread: "${{'a': self.name}}", b: "${string(size(services))}" }
      files: { "${self.name}.json": { own: "${let.own}", zone: "${cluster.zone}" } }
    broken:
      schema: { at: integer | default=0 }
      manifests:
        one: { apiVersion: v1, kind: ConfigMap, metadata: { name: "${self.name}", namespace: x }, data: { a: "${string([1, 2][self.at])}" } }
  application:
    app: { schema: { namespace: string }, manifests: { one: { apiVersion: v1, kind: ConfigMap, metadata: { name: "${self.name}", namespace: t-t }, data: { of: "${tenant.name}", all: "${self.name}" } } } }
"#;

/// The same definitions, of services and of infrastructure on clusters.
fn check(fine: bool, services: &[(&str, &str)], applications: &str) {
    check_kind(fine, services, applications, "");
    check_kind(fine, services, applications, ", placement: all");
}

/// The same definitions: as they are, and each saying nothing more for each cluster. With a placement they are infrastructure.
fn check_kind(fine: bool, services: &[(&str, &str)], applications: &str, placement: &str) {
    let of_kind = |text: &str| {
        let text = if placement.is_empty() { text.to_owned() } else { text.replace("services", "infrastructure") };
        if placement.is_empty() { text } else { text.replace("  service:", "  infrastructure:") }
    };
    let project = |overlays: &str| {
        let lines = services.iter().map(|(name, fields)| of_kind(&format!("  {name}: {{ {fields}{placement}{overlays} }}\n")));
        let lines: String = lines.collect();
        let mut project = Project::default();
        project.files.insert("platform.yaml".to_owned(), of_kind(PLATFORM));
        project.files.insert("classes.yaml".to_owned(), of_kind(CLASSES));
        project.files.insert("services.yaml".to_owned(), of_kind(&format!("services:\n{lines}")));
        project.files.insert("apps.yaml".to_owned(), format!("tenants: {{ t: {{ applications: {{ {applications} }} }} }}\n"));
        project.build()
    };
    let (alike, apart) = (project(""), project(", clusters: { c0: {}, c1: {}, c2: {} }"));
    let said = |compilation| support::said(compilation).replace(", clusters: { c0: {}, c1: {}, c2: {} }", "");
    assert_eq!(said(&alike.0), said(&apart.0));
    let same = |path: &String| path.ends_with("platc.json") || alike.1.get(path) == apart.1.get(path);
    let differ: Vec<&String> = alike.1.keys().chain(apart.1.keys()).filter(|path| !same(path)).collect();
    assert!(differ.is_empty(), "{differ:?}");
    assert_eq!((!alike.1.is_empty(), !alike.0.diagnostics.has_errors()), (fine, fine), "{}", said(&alike.0));
    let edges = |compilation: &platc::Compilation| {
        format!("{:?}", compilation.graph.edges().iter().map(|edge| (edge.from, edge.to, edge.cause)).collect::<Vec<_>>())
    };
    assert_eq!(edges(&alike.0), edges(&apart.0));
}

#[test]
fn working_things_out_once_changes_nothing() {
    check(
        true,
        &[
            ("a", "class: mixed"),
            ("b", "class: mixed, size: 2, names: [p, q]"),
            ("c", "class: mixed, size: 4, environments: { ops: { size: 2 } }"),
        ],
        "",
    );
    check(
        true,
        &[("a", "class: mixed, names: [p]"), ("b", "class: mixed, other: \"${services.a.name}\", names: [q]")],
        "app: { class: app, namespace: t-t }",
    );
    // Layers that wait for an expression: for one of the thing itself, and for one of what is around it.
    check(
        true,
        &[
            ("a", "class: mixed, free: \"${{'x': self.name}}\", environments: { ops: { free: { y: 2 }, other: \"${self.free.x}\" } }"),
            ("b", "class: mixed, free: \"${{'x': cluster.zone}}\", other: \"${self.free.x}\", environments: { ops: { free: { y: 2 } } }"),
            (
                "c",
                "class: mixed, free: \"${environment.constants}\", other: \"${environment.constants.name}\", environments: { ops: { free: { y: 2 } } }",
            ),
        ],
        "",
    );
    // Read by another one before it is its turn, and itself reading what is around.
    check(true, &[("a", "class: mixed, other: \"${services.b.other}\""), ("b", "class: mixed, other: \"${cluster.zone}\"")], "");
    check(
        true,
        &[
            ("a", "class: mixed, size: \"${cluster.zone == 'a' ? 1 : 2}\""),
            ("b", "class: mixed, size: \"${environment.name == 'ops' ? 1 : 2}\""),
        ],
        "",
    );
    // What is wrong is told of each thing that it is wrong with.
    check(false, &[("a", "class: mixed, size: 9")], "");
    check(false, &[("a", "class: mixed, free: \"${['a']}\"")], "");
    check(false, &[("a", "class: mixed, size: 3"), ("b", "class: broken")], "");
    check(false, &[("a", "class: broken, at: 7"), ("b", "class: broken")], "");
    check(false, &[("a", "class: mixed, size: x"), ("b", "class: mixed, other: \"${self.nothing}\"")], "");
    check(false, &[("a", "class: mixed, other: \"${services.b.other}\""), ("b", "class: mixed, other: \"${self.nothing}\"")], "");
    check(false, &[("a", "class: mixed, token: abcdefgh, other: \"${self.token}\"")], "");
}
