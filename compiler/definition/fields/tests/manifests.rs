//! Fields of Kubernetes objects.

use super::*;

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
