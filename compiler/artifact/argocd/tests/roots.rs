//! How an Argo CD begins, on each cluster and on a hub.

use super::fixtures::{one_shop, shop};
use super::{check, emit};
use crate::artifact::fixture::Fixture;
use crate::name::Kind;
use expect_test::expect;

#[test]
fn a_root_owns_the_folder_of_its_cluster() {
    let fixture = one_shop();
    check(
        &fixture,
        "gc0/root.yaml",
        expect![[r##"
            # argocd/apps/gc0/root.yaml
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata:
              name: root-gc0-apps
              namespace: argocd
              labels:
                app.kubernetes.io/part-of: acme
                infra.example.com/environment: apps
                infra.example.com/cluster: gc0
              annotations:
                argocd.argoproj.io/manifest-generate-paths: /dist/argocd/apps/gc0
            spec:
              project: platform-root
              source:
                repoURL: https://git.example.com/acme/platform.git
                path: dist/argocd/apps/gc0
                targetRevision: main
              destination:
                name: in-cluster
                namespace: argocd
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
                - "ApplyOutOfSyncOnly=true"
        "##]],
    );
    check(
        &fixture,
        "gc0/kustomization.yaml",
        expect![[r#"
            # argocd/apps/gc0/kustomization.yaml
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
            - applications/ingress-nginx.yaml
            - applications/shop-front.yaml
            - applications/storage.yaml
            - applications/tenant-shop.yaml
            - projects/platform.yaml
            - projects/tenant-shop.yaml
        "#]],
    );
}

#[test]
fn an_argo_cd_starts_closed() {
    let fixture = one_shop();
    check(
        &fixture,
        "bootstrap/kustomization.yaml",
        expect![[r#"
            # argocd/apps/gc0/bootstrap/kustomization.yaml
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
            - project-platform-root.yaml
        "#]],
    );
    check(&fixture, "bootstrap/argocd-cm.yaml", expect![""]);
    check(
        &fixture,
        "bootstrap/project-platform-root.yaml",
        expect![[r##"
            # argocd/apps/gc0/bootstrap/project-platform-root.yaml
            apiVersion: argoproj.io/v1alpha1
            kind: AppProject
            metadata:
              name: platform-root
              namespace: argocd
            spec:
              description: "Roots of platform acme"
              sourceRepos:
              - https://git.example.com/acme/platform.git
              destinations:
              - name: in-cluster
                namespace: argocd
              clusterResourceWhitelist: []
              namespaceResourceWhitelist:
              - group: argoproj.io
                kind: AppProject
              - group: argoproj.io
                kind: Application
              destinationServiceAccounts:
              - server: "*"
                namespace: "*"
                defaultServiceAccount: argocd:argocd-application-controller
        "##]],
    );
}

#[test]
fn a_hub_drives_all_clusters() {
    let mut fixture = Fixture::new(&["apps", "ops"]);
    let hub = shop(0, &mut fixture);
    let other = fixture.entity(0, Kind::Cluster, "gc1", None, "{}");
    let dns = fixture.entity(0, Kind::Service, "dns", Some(other), "{}");
    fixture
        .rendering(dns, "chart: {repository: oci://registry.example.com/charts, chart: dns, version: 1.0.0, release: dns, namespace: dns}");
    let third = fixture.entity(1, Kind::Cluster, "gc2", None, "{}");
    assert_ne!(hub, third);
    fixture.model.platform.hub = Some("gc0".into());
    check(
        &fixture,
        "applications/gc1-apps-dns.yaml",
        expect![[r##"
            # argocd/apps/gc1/applications/gc1-apps-dns.yaml
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata:
              name: gc1-apps-dns
              namespace: argocd
              labels:
                app.kubernetes.io/part-of: acme
                infra.example.com/environment: apps
                infra.example.com/cluster: gc1
                infra.example.com/kind: service
                infra.example.com/name: dns
              annotations:
                argocd.argoproj.io/sync-wave: "0"
                argocd.argoproj.io/compare-options: "ServerSideDiff=true"
              finalizers:
              - resources-finalizer.argocd.argoproj.io
            spec:
              project: gc1-apps-platform
              source:
                repoURL: registry.example.com/charts
                chart: dns
                targetRevision: "1.0.0"
                helm:
                  releaseName: dns
              destination:
                name: gc1-apps
                namespace: dns
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
                - "ServerSideApply=true"
        "##]],
    );
    check(
        &fixture,
        "gc0/kustomization.yaml",
        expect![[r#"
            # argocd/apps/gc0/kustomization.yaml
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
            - applications/gc0-apps-ingress-nginx.yaml
            - applications/gc0-apps-shop-front.yaml
            - applications/gc0-apps-storage.yaml
            - applications/gc0-apps-tenant-shop.yaml
            - projects/gc0-apps-platform.yaml
            - projects/gc0-apps-tenant-shop.yaml
            - roots/root-gc1-apps.yaml
            - roots/root-gc2-ops.yaml
        "#]],
    );
    check(
        &fixture,
        "projects/gc2-ops-platform.yaml",
        expect![[r##"
            # argocd/ops/gc2/projects/gc2-ops-platform.yaml
            apiVersion: argoproj.io/v1alpha1
            kind: AppProject
            metadata:
              name: gc2-ops-platform
              namespace: argocd
              labels:
                app.kubernetes.io/part-of: acme
                infra.example.com/environment: ops
                infra.example.com/cluster: gc2
              annotations:
                argocd.argoproj.io/sync-wave: "-20"
            spec:
              description: "Platform acme on gc2-ops"
              sourceRepos:
              - https://git.example.com/acme/platform.git
              destinations:
              - name: gc2-ops
                namespace: "*"
              clusterResourceWhitelist:
              - group: "*"
                kind: "*"
              destinationServiceAccounts:
              - server: "*"
                namespace: "*"
                defaultServiceAccount: argocd:argocd-application-controller
        "##]],
    );
}

#[test]
fn a_hub_is_looked_for_where_argo_cd_delivers() {
    // `apps` has a cluster of the hub's name, too, but is delivered by somebody else.
    let mut fixture = Fixture::new(&["apps", "ops", "dev"]);
    for (environment, name) in [(0, "gc0"), (1, "gc0"), (2, "gc1")] {
        let cluster = fixture.entity(environment, Kind::Cluster, name, None, "{}");
        let dns = fixture.entity(environment, Kind::Service, "dns", Some(cluster), "{}");
        fixture.rendering(dns, "chart: {repository: https://charts.example.com, chart: dns, version: 1.0.0, release: dns, namespace: dns}");
    }
    fixture.model.platform.hub = Some("gc0".into());
    let paths = |text: &str| {
        let roots = text.lines().filter_map(|line| line.strip_prefix("# ")).filter(|line| line.contains("root"));
        roots.map(str::to_owned).collect::<Vec<_>>().join("\n")
    };
    let text = fixture.emit_in(&["ops", "dev"], emit);
    expect![[r#"
        argocd/ops/gc0/bootstrap/project-platform-root.yaml
        argocd/ops/gc0/root.yaml
        argocd/ops/gc0/roots/root-gc1-dev.yaml"#]]
    .assert_eq(&paths(&text));
    let text = fixture.emit_in(&["dev"], emit);
    let said: Vec<&str> = text.lines().filter(|line| line.starts_with("Error ")).collect();
    expect!["Error unknown-hub: Argo CD's hub `gc0` is no cluster of any environment that Argo CD delivers [platform.argocd.hub] (name one of `gc1`)"].assert_eq(&said.join("\n"));
}
