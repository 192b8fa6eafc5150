//! Policies that classes bring, and what a policy names for itself.

use super::*;

/// Classes of which each brings a policy against Deployments; heirs have it, change it, and are rid of it.
const BRINGING: &str = r#"
classes:
  service:
    strict:
      policies:
        few:
          for: { kind: Deployment }
          let: { most: "${2 - 1}", who: all, told: "${let.who + let.who}" }
          assert: ${object.spec.replicas <= let.most}
          message: ${let.told} have ${object.spec.replicas} replicas
    same: { inherits: strict }
    mild: { inherits: strict, policies: { few: { severity: warning } } }
    free: { inherits: strict, policies: { few: null } }
"#;

fn with(text: &str) -> String {
    said(&[("a.yaml", &format!("clusters: {{ gc0: {{ class: plain, zones: [a] }} }}\n{text}\n")), ("b.yaml", BRINGING)])
}

#[test]
fn they_hold_for_everybody_while_something_is_of_the_class() {
    let web = "services:\n  web: {}\n";
    assert_eq!(with(web), "");
    assert_eq!(with(&format!("{web}  one: {{ class: free }}")), "");
    let strict = with(&format!("{web}  one: {{ class: strict }}"));
    expect![[r#"
        Error broken-policy: allall have 3 replicas
          > z-classes.yaml:23:37 `3` `object.spec.replicas` is 3
          - b.yaml:9:21 `object.spec.replicas <= let.most` policy `few` asks for this
          path: apps.clusters.gc0.services.web.replicas
          path: ops.clusters.gc0.services.web.replicas
          note: the object is Deployment `web/web` of service `web`
    "#]]
    .assert_eq(&strict);
    // Once, and not for each class that has it.
    let both = with(&format!("{web}  one: {{ class: strict }}\n  two: {{ class: same }}"));
    assert_eq!(strict.matches("broken-policy").count(), 1);
    assert_eq!(both, strict);
    assert!(with(&format!("{web}  one: {{ class: mild }}")).starts_with("Warning broken-policy"));
}

#[test]
fn one_that_an_heir_changes_deep_inside_is_another() {
    let found = with(
        "classes: { service: { same-kind: { inherits: strict, policies: { few: { let: { most: \"${4 - 1}\" } } } } } }\nservices:\n  web: {}\n  one: { class: same-kind }",
    );
    assert_eq!(found, "");
}

#[test]
fn what_is_named_is_worked_out_where_it_is_read() {
    let named = |when: &str| {
        said(&[(
            "a.yaml",
            &format!(
                "clusters: {{ gc0: {{ class: plain, zones: [a] }} }}\nservices: {{ web: {{}} }}\npolicies:\n  p: {{ for: {{ kind: '*' }}, let: {{ most: '${{object.spec.replicas}}', half: '${{let.most - 1}}' }}, {when}assert: '${{let.half < 9}}', message: m }}\n"
            ),
        )])
    };
    assert_eq!(named("when: \"${object.kind == 'Deployment'}\", "), "");
    assert!(named("").starts_with("Error unknown-field: `object` has no field `spec`"), "{}", named(""));
}

#[test]
fn a_policy_of_the_project_takes_their_place() {
    let own = "policies: { few: { for: cluster, assert: \"${true}\", message: m } }\n";
    assert_eq!(with(&format!("{own}services:\n  web: {{}}\n  one: {{ class: strict }}")), "");
}

#[test]
fn they_are_checked_though_nothing_is_of_the_class() {
    check(
        r#"
classes:
  service:
    wrong:
      policies:
        a: { for: { kind: Deployment }, let: { x: "${1 +", y: "a ${1}" }, assert: "${let.z}", message: m }
        b: { for: { kind: Depl }, assert: "${let.x}", message: m }
        c: 3
policies:
  d: { for: cluster, let: { x: "${let.y}", y: "${1}", z: 3 }, assert: "${let.y == 'a'}", message: "${let.w}" }
"#,
        expect![[r#"
            Error unterminated-expression: `${` is never closed
              > a.yaml:6:52 `${` opened here
              hint: close it with `}`, or write `$${` for a literal `${`
            Error meant-for-another: `${1}` computes nothing
              > a.yaml:6:66 `${1}` gives what is written in it
              hint: write `$${1}` for the text `${1}`, which another program replaces; for the value write `1` itself
              cure: a.yaml:6:66 `$` → $$
            Error unknown-name: there is no `let` here
              > a.yaml:7:46 `let` unknown name
              note: where `${` is meant as text, write `$${`
              hint: names in scope are `self`, `platform`, `environment`, `environments`, `cluster`, `tenant`, `clusters`, `nodePools` and 9 more; text stands in quotes
            Error wrong-type: policy must be a map, found the integer 3
              > a.yaml:8:12 `3` expected a map
              - std/language.yaml `description: string | description="Why the policy is there."` declared as `map`
              path: classes.service.wrong.policies.c
            Error meant-for-another: `${1}` computes nothing
              > a.yaml:10:48 `${1}` gives what is written in it
              hint: write `$${1}` for the text `${1}`, which another program replaces; for the value write `1` itself
              cure: a.yaml:10:48 `$` → $$
            Error wrong-type: `let.z` must be a string, found the integer 3
              > a.yaml:10:58 `3` put it in quotes
              - std/language.yaml `map[string]string` declared as `string`
              path: policies.d.let.z
              cure: a.yaml:10:58 `3` → "3"
        "#]],
    );
}
