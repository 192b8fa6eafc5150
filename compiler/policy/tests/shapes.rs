//! Policies that are not well formed, or nearly match something.

use super::*;

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
  u: { for: infrastructure, assert: "${tenant.name == infrastructure.name}", message: m }
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
              hint: write the value itself; expressions may stand in `let`, `assert`, `when`, `message`, `hint`
            Error not-literal: `severity` of a policy takes no expressions
              > a.yaml:17:68 `"${x}"` read before expressions are evaluated
              hint: write the value itself; expressions may stand in `let`, `assert`, `when`, `message`, `hint`
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
              note: where `${` is meant as text, write `$${`
              hint: did you mean `tenant`?
              cure: a.yaml:21:65 `tenat` → tenant
            Error unknown-name: there is no `object` here
              > a.yaml:21:97 `object` unknown name
              note: where `${` is meant as text, write `$${`
              hint: names in scope are `self`, `platform`, `environment`, `environments`, `cluster`, `tenant`, `clusters`, `nodePools` and 6 more; text stands in quotes
            Error unknown-name: there is no `objct` here
              > a.yaml:22:46 `objct` unknown name
              note: where `${` is meant as text, write `$${`
              hint: did you mean `object`?
              cure: a.yaml:22:46 `objct` → object
            Error unknown-function: there is no function `siz`
              > a.yaml:22:101 `siz` unknown function
              note: where `${` is meant as text, write `$${`
              hint: did you mean `size`?
              cure: a.yaml:22:101 `siz` → size
            Error wrong-type: a condition must be true or false, found an integer
              > a.yaml:22:123 `${size(object.kind)}` this condition
              hint: compare it: `… == …`, or test it: `has(…)`, `size(…) > 0`
            Error unknown-name: there is no `tenant` here
              > a.yaml:23:40 `tenant` unknown name
              note: where `${` is meant as text, write `$${`
              hint: did you mean `tenants`?
              cure: a.yaml:23:40 `tenant` → tenants
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
