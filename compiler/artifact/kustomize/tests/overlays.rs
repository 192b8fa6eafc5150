//! What goes into a base, and what into overlays.

use super::{DEPLOYMENT, Project, parse};
use crate::artifact::kustomize::base;
use crate::model::Layout;
use expect_test::{Expect, expect};

/// `renderings`: environment index, cluster, objects. Prints every file.
fn check(layout: Layout, renderings: &[(usize, &str, &str)], expect: Expect) {
    let mut project = Project::new(&[&["apps", "ops"], &["apps"]], &["ops", "apps"], layout);
    for (environment, cluster, objects) in renderings {
        let cluster = project.cluster(*environment, cluster);
        project.render(cluster, "web", &parse(objects));
    }
    let (artifacts, diagnostics) = project.emit();
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let mut text = String::new();
    for (path, artifact) in artifacts.iter() {
        let json: serde_json::Value = serde_yaml::from_str(&artifact.text).unwrap();
        text.push_str(&format!("{path} {}\n", json));
    }
    expect.assert_eq(&text);
}

#[test]
fn an_overlay_holds_the_difference() {
    let ops = DEPLOYMENT.replace("replicas: 3", "replicas: 1");
    check(
        Layout::Overlays,
        &[(0, "gc0", &ops), (1, "gc0", DEPLOYMENT), (1, "gc1", DEPLOYMENT)],
        expect![[r#"
        kustomize/services/web/base/deployment-web.yaml {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"web"},"spec":{"paused":false,"replicas":3}}
        kustomize/services/web/base/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["deployment-web.yaml"]}
        kustomize/services/web/overlays/apps/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["../../../base"]}
        kustomize/services/web/overlays/apps/gc1/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["../../../base"]}
        kustomize/services/web/overlays/ops/gc0/deployment-web.patch.yaml [{"op":"replace","path":"/spec/replicas","value":1}]
        kustomize/services/web/overlays/ops/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","patches":[{"path":"deployment-web.patch.yaml","target":{"group":"apps","kind":"Deployment","name":"web","namespace":"web","version":"v1"}}],"resources":["../../../base"]}
    "#]],
    );
}

#[test]
fn objects_come_and_go() {
    let config = "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: a.b, namespace: web}, data: {a: b}}\n";
    let both = format!("{DEPLOYMENT}\n{config}");
    let other = format!("{DEPLOYMENT}\n{}", config.replace("ConfigMap", "Secret"));
    check(
        Layout::Overlays,
        &[(0, "gc0", &other), (1, "gc0", &both), (1, "gc1", "")],
        expect![[r#"
        kustomize/services/web/base/configmap-a.b.yaml {"apiVersion":"v1","data":{"a":"b"},"kind":"ConfigMap","metadata":{"name":"a.b","namespace":"web"}}
        kustomize/services/web/base/deployment-web.yaml {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"web"},"spec":{"paused":false,"replicas":3}}
        kustomize/services/web/base/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["configmap-a.b.yaml","deployment-web.yaml"]}
        kustomize/services/web/overlays/apps/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["../../../base"]}
        kustomize/services/web/overlays/apps/gc1/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":[]}
        kustomize/services/web/overlays/ops/gc0/configmap-a.b.delete.yaml {"$patch":"delete","apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a.b","namespace":"web"}}
        kustomize/services/web/overlays/ops/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","patches":[{"path":"configmap-a.b.delete.yaml"}],"resources":["../../../base","secret-a.b.yaml"]}
        kustomize/services/web/overlays/ops/gc0/secret-a.b.yaml {"apiVersion":"v1","data":{"a":"b"},"kind":"Secret","metadata":{"name":"a.b","namespace":"web"}}
    "#]],
    );
}

#[test]
fn rendered_layout_has_no_bases() {
    check(
        Layout::Rendered,
        &[(0, "gc0", DEPLOYMENT), (1, "gc0", DEPLOYMENT)],
        expect![[r#"
        kustomize/services/web/overlays/apps/gc0/deployment-web.yaml {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"web"},"spec":{"paused":false,"replicas":3}}
        kustomize/services/web/overlays/apps/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["deployment-web.yaml"]}
        kustomize/services/web/overlays/ops/gc0/deployment-web.yaml {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"web"},"spec":{"paused":false,"replicas":3}}
        kustomize/services/web/overlays/ops/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["deployment-web.yaml"]}
    "#]],
    );
}

#[test]
fn what_a_patch_would_damage_is_written_out() {
    let wide = DEPLOYMENT.replace("paused: false", "limit: 9007199254740993");
    let other = wide.replace("replicas: 3", "replicas: 1");
    check(
        Layout::Overlays,
        &[(0, "gc0", &other), (1, "gc0", &wide)],
        expect![[r#"
        kustomize/services/web/base/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":[]}
        kustomize/services/web/overlays/apps/gc0/deployment-web.yaml {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"web"},"spec":{"limit":9007199254740993,"replicas":3}}
        kustomize/services/web/overlays/apps/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["deployment-web.yaml"]}
        kustomize/services/web/overlays/ops/gc0/deployment-web.yaml {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"web"},"spec":{"limit":9007199254740993,"replicas":1}}
        kustomize/services/web/overlays/ops/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["deployment-web.yaml"]}
    "#]],
    );
}

#[test]
fn a_patch_longer_than_its_object_is_not_written() {
    let config = "{apiVersion: v1, kind: ConfigMap, metadata: {name: web, labels: {a: a-1}, annotations: {a: a-1}}, data: {a: a-1}, immutable: true}";
    let other = config.replace("a-1", "a-2").replace("true", "false");
    check(
        Layout::Overlays,
        &[(0, "gc0", &other), (1, "gc0", config)],
        expect![[r#"
        kustomize/services/web/base/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":[]}
        kustomize/services/web/overlays/apps/gc0/configmap-web.yaml {"apiVersion":"v1","data":{"a":"a-1"},"immutable":true,"kind":"ConfigMap","metadata":{"annotations":{"a":"a-1"},"labels":{"a":"a-1"},"name":"web"}}
        kustomize/services/web/overlays/apps/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["configmap-web.yaml"]}
        kustomize/services/web/overlays/ops/gc0/configmap-web.yaml {"apiVersion":"v1","data":{"a":"a-2"},"immutable":false,"kind":"ConfigMap","metadata":{"annotations":{"a":"a-2"},"labels":{"a":"a-2"},"name":"web"}}
        kustomize/services/web/overlays/ops/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["configmap-web.yaml"]}
    "#]],
    );
}

#[test]
fn a_patch_for_one_service_cannot_hit_another() {
    let both = "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {a: 1, b: 1, c: 1, d: 1, e: 1}}\n---\n\
        {apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: web}, spec: {a: 1, b: 1, c: 1, d: 1, e: 1}}";
    check(
        Layout::Overlays,
        &[(0, "gc0", &both.replace("a: 1", "a: 2")), (1, "gc0", both)],
        expect![[r#"
        kustomize/services/web/base/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["service-web-serving.knative.dev.yaml"]}
        kustomize/services/web/base/service-web-serving.knative.dev.yaml {"apiVersion":"serving.knative.dev/v1","kind":"Service","metadata":{"name":"web"},"spec":{"a":1,"b":1,"c":1,"d":1,"e":1}}
        kustomize/services/web/overlays/apps/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["../../../base","service-web.yaml"]}
        kustomize/services/web/overlays/apps/gc0/service-web.yaml {"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"a":1,"b":1,"c":1,"d":1,"e":1}}
        kustomize/services/web/overlays/ops/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","patches":[{"path":"service-web-serving.knative.dev.patch.yaml","target":{"group":"serving\\.knative\\.dev","kind":"Service","name":"web","version":"v1"}}],"resources":["../../../base","service-web.yaml"]}
        kustomize/services/web/overlays/ops/gc0/service-web-serving.knative.dev.patch.yaml [{"op":"replace","path":"/spec/a","value":2}]
        kustomize/services/web/overlays/ops/gc0/service-web.yaml {"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"a":2,"b":1,"c":1,"d":1,"e":1}}
    "#]],
    );
}

#[test]
fn what_most_places_lack_is_not_in_the_base() {
    let named = |name: &str| format!("{DEPLOYMENT}\n---\n{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}}}}}");
    let (a, b, c) = (named("web-gc0"), named("web-gc1"), named("web-gc2"));
    check(
        Layout::Overlays,
        &[(1, "gc0", &a), (1, "gc1", &b), (1, "gc2", &c)],
        expect![[r#"
        kustomize/services/web/base/deployment-web.yaml {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"web"},"spec":{"paused":false,"replicas":3}}
        kustomize/services/web/base/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["deployment-web.yaml"]}
        kustomize/services/web/overlays/apps/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["../../../base","namespace-web-gc0.yaml"]}
        kustomize/services/web/overlays/apps/gc0/namespace-web-gc0.yaml {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"web-gc0"}}
        kustomize/services/web/overlays/apps/gc1/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["../../../base","namespace-web-gc1.yaml"]}
        kustomize/services/web/overlays/apps/gc1/namespace-web-gc1.yaml {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"web-gc1"}}
        kustomize/services/web/overlays/apps/gc2/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["../../../base","namespace-web-gc2.yaml"]}
        kustomize/services/web/overlays/apps/gc2/namespace-web-gc2.yaml {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"web-gc2"}}
    "#]],
    );
}

#[test]
fn the_base_is_that_of_the_root() {
    let check = |environments: &[&[&str]], promotion: &[&str], expect: Expect| {
        let project = Project::new(environments, promotion, Layout::Overlays);
        let order = base::preference(&project.model);
        let names: Vec<&str> = order.iter().map(|id| &*project.model.environment(*id).name).collect();
        expect.assert_eq(&names.join(" "));
    };
    check(&[&["apps"], &["apps", "ops"]], &[], expect!["apps ops"]);
    check(&[&["ops", "apps"], &["ops"]], &[], expect!["ops apps"]);
    check(&[&["apps", "ops"], &["apps"]], &["ops", "apps"], expect!["apps ops"]);
    check(&[&["ops"], &["apps"]], &["ops", "apps"], expect!["apps ops"]);
    check(&[&["base", "ops"], &["base", "apps"], &["base", "dev"]], &["ops", "apps"], expect!["apps ops dev"]);
    check(&[&["dev"], &["prod", "ops"], &["prod"], &["lab"]], &["dev", "ops", "prod"], expect!["prod ops dev lab"]);
    check(&[&["prod", "dev"], &["prod"], &["lab"]], &["dev", "prod", "lab"], expect!["prod lab dev"]);
}

#[test]
fn every_file_knows_whose_it_is() {
    let mut project = Project::new(&[&["apps", "ops"], &["apps"]], &[], Layout::Overlays);
    for environment in 0..2 {
        let cluster = project.cluster(environment, "gc0");
        project.render(cluster, "web", &parse(DEPLOYMENT));
    }
    let (artifacts, _) = project.emit();
    let lines: Vec<String> = artifacts
        .iter()
        .map(|(path, artifact)| format!("{path} {:?}", artifact.entities.iter().map(|id| id.0).collect::<Vec<_>>()))
        .collect();
    expect![[r#"
        kustomize/services/web/base/deployment-web.yaml [1, 3]
        kustomize/services/web/base/kustomization.yaml [1, 3]
        kustomize/services/web/overlays/apps/gc0/kustomization.yaml [3]
        kustomize/services/web/overlays/ops/gc0/kustomization.yaml [1]"#]]
    .assert_eq(&lines.join("\n"));
}
