//! What a unit becomes: its sources, labels, options and name.

use super::check;
use super::fixtures::one_shop;
use crate::artifact::fixture::Fixture;
use crate::name::Kind;
use expect_test::expect;

#[test]
fn a_service_of_chart_and_objects() {
    let fixture = one_shop();
    check(
        &fixture,
        "applications/ingress-nginx.yaml",
        expect![[r##"
            # argocd/apps/gc0/applications/ingress-nginx.yaml
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata:
              name: ingress-nginx
              namespace: argocd
              labels:
                app.kubernetes.io/part-of: acme
                infra.example.com/environment: apps
                infra.example.com/cluster: gc0
                infra.example.com/kind: service
                infra.example.com/name: ingress-nginx
              annotations:
                argocd.argoproj.io/manifest-generate-paths: "/dist/argocd/apps/gc0/values/ingress-nginx.yaml;/dist/kustomize/services/ingress-nginx/base;/dist/kustomize/services/ingress-nginx/overlays/apps/gc0"
                argocd.argoproj.io/sync-wave: "0"
              finalizers:
              - resources-finalizer.argocd.argoproj.io
            spec:
              project: platform
              sources:
              - repoURL: https://kubernetes.github.io/ingress-nginx
                chart: ingress-nginx
                targetRevision: "4.11.3"
                helm:
                  releaseName: ingress-nginx
                  valueFiles:
                  - "$values/dist/argocd/apps/gc0/values/ingress-nginx.yaml"
              - repoURL: https://git.example.com/acme/platform.git
                path: dist/kustomize/services/ingress-nginx/overlays/apps/gc0
                targetRevision: main
                ref: values
              destination:
                name: in-cluster
                namespace: ingress
              revisionHistoryLimit: 5
              syncPolicy:
                automated:
                  prune: true
                  selfHeal: true
                  allowEmpty: false
                retry:
                  limit: 4
                  refresh: true
                  backoff:
                    duration: "10s"
                    factor: 2
                    maxDuration: "1m"
                syncOptions:
                - "CreateNamespace=true"
                - "ServerSideApply=false"
                - "PruneLast=true"
              ignoreDifferences:
              - group: apps
                kind: Deployment
                jsonPointers:
                - /spec/replicas
        "##]],
    );
}

#[test]
fn cluster_wide_objects_need_no_namespace() {
    let fixture = one_shop();
    check(
        &fixture,
        "applications/storage.yaml",
        expect![[r##"
            # argocd/apps/gc0/applications/storage.yaml
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata:
              name: storage
              namespace: argocd
              labels:
                app.kubernetes.io/part-of: acme
                infra.example.com/environment: apps
                infra.example.com/cluster: gc0
                infra.example.com/kind: service
                infra.example.com/name: storage
              annotations:
                argocd.argoproj.io/manifest-generate-paths: "/dist/kustomize/services/storage/base;/dist/kustomize/services/storage/overlays/apps/gc0"
                argocd.argoproj.io/sync-wave: "0"
                argocd.argoproj.io/compare-options: "ServerSideDiff=true"
              finalizers:
              - resources-finalizer.argocd.argoproj.io
            spec:
              project: platform
              source:
                repoURL: https://git.example.com/acme/platform.git
                path: dist/kustomize/services/storage/overlays/apps/gc0
                targetRevision: main
              destination:
                name: in-cluster
                namespace: storage
              revisionHistoryLimit: 5
              syncPolicy:
                automated:
                  prune: true
                  selfHeal: true
                  allowEmpty: false
                retry:
                  limit: -1
                  refresh: true
                  backoff:
                    duration: "10s"
                    factor: 2
                    maxDuration: "5m"
                syncOptions:
                - "ServerSideApply=true"
        "##]],
    );
}

#[test]
fn a_pointer_of_a_tenant() {
    let fixture = one_shop();
    check(
        &fixture,
        "applications/shop-front.yaml",
        expect![[r##"
            # argocd/apps/gc0/applications/shop-front.yaml
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata:
              name: shop-front
              namespace: argocd
              labels:
                app.kubernetes.io/part-of: acme
                infra.example.com/environment: apps
                infra.example.com/cluster: gc0
                infra.example.com/kind: application
                infra.example.com/name: front
                infra.example.com/tenant: shop
              annotations:
                argocd.argoproj.io/sync-wave: "0"
                argocd.argoproj.io/compare-options: "ServerSideDiff=true"
              finalizers:
              - resources-finalizer.argocd.argoproj.io
            spec:
              project: tenant-shop
              source:
                repoURL: https://git.example.com/shop/front.git
                path: deploy
                targetRevision: v2
              destination:
                name: in-cluster
                namespace: shop
              revisionHistoryLimit: 5
              syncPolicy:
                automated:
                  prune: true
                  selfHeal: true
                  allowEmpty: false
                retry:
                  limit: 4
                  refresh: true
                  backoff:
                    duration: "10s"
                    factor: 2
                    maxDuration: "1m"
                syncOptions:
                - "ServerSideApply=true"
        "##]],
    );
}

#[test]
fn an_application_has_the_identity_of_its_service() {
    let mut fixture = Fixture::new(&["apps"]);
    let cluster = fixture.entity(0, Kind::Cluster, "gc0", None, "{}");
    let service = fixture.entity(0, Kind::Service, "edge", Some(cluster), "identity: ingress");
    fixture
        .rendering(service, "chart: {repository: https://charts.example.com, chart: edge, version: 1.0.0, release: edge, namespace: edge}");
    check(
        &fixture,
        "gc0/kustomization.yaml",
        expect![[r#"
        # argocd/apps/gc0/kustomization.yaml
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
        - applications/ingress.yaml
        - projects/platform.yaml
    "#]],
    );
    let second = fixture.entity(0, Kind::Service, "ingress", Some(cluster), "{}");
    fixture.rendering(second, "chart: {repository: https://charts.example.com, chart: x, version: 1.0.0, release: x, namespace: x}");
    check(
        &fixture,
        "gc0/kustomization.yaml",
        expect![[r#"
        Error application-name-collision: service `edge` and service `ingress` would both be the Application `ingress` of Argo CD [apps.clusters.gc0.services.ingress] (rename the service, or give it another `identity`)
    "#]],
    );
}
