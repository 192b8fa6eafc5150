//! What a platform and a tenant may use on a cluster, and no more than that.

use super::check;
use super::fixtures::one_shop;
use crate::artifact::fixture::value;
use expect_test::expect;

#[test]
fn projects_list_exactly_what_is_used() {
    let mut fixture = one_shop();
    fixture.model.environments[0].value =
        value("argocd: {revision: v1.2.0, sync: manual, windows: [{kind: deny, schedule: 0 18 * * 5, duration: 62h}]}");
    check(
        &fixture,
        "projects/platform.yaml",
        expect![[r##"
            # argocd/apps/gc0/projects/platform.yaml
            apiVersion: argoproj.io/v1alpha1
            kind: AppProject
            metadata:
              name: platform
              namespace: argocd
              labels:
                app.kubernetes.io/part-of: acme
                infra.example.com/environment: apps
                infra.example.com/cluster: gc0
              annotations:
                argocd.argoproj.io/sync-wave: "-20"
            spec:
              description: "Platform acme on gc0-apps"
              sourceRepos:
              - https://git.example.com/acme/platform.git
              - https://kubernetes.github.io/ingress-nginx
              destinations:
              - name: in-cluster
                namespace: "*"
              clusterResourceWhitelist:
              - group: "*"
                kind: "*"
              destinationServiceAccounts:
              - server: "*"
                namespace: "*"
                defaultServiceAccount: argocd:argocd-application-controller
              syncWindows:
              - kind: deny
                schedule: "0 18 * * 5"
                duration: "62h"
                applications:
                - "*"
            Warning pinned-revision: roots would follow version `v1.2.0` for ever, because a root reads where to look next from what it follows [environments.apps.argocd.revision] (follow a branch or a tag that you move to what should be installed, such as `apps`; a range of versions (`1.*`) is followed too)
        "##]],
    );
    check(
        &fixture,
        "projects/tenant-shop.yaml",
        expect![[r##"
            # argocd/apps/gc0/projects/tenant-shop.yaml
            apiVersion: argoproj.io/v1alpha1
            kind: AppProject
            metadata:
              name: tenant-shop
              namespace: argocd
              labels:
                app.kubernetes.io/part-of: acme
                infra.example.com/environment: apps
                infra.example.com/cluster: gc0
              annotations:
                argocd.argoproj.io/sync-wave: "-20"
            spec:
              description: "Tenant shop on gc0-apps"
              sourceRepos:
              - https://git.example.com/shop/front.git
              destinations:
              - name: in-cluster
                namespace: shop
              clusterResourceWhitelist: []
              namespaceResourceBlacklist:
              - group: ""
                kind: LimitRange
              - group: ""
                kind: ResourceQuota
              - group: argoproj.io
                kind: AppProject
              - group: networking.k8s.io
                kind: NetworkPolicy
              orphanedResources:
                warn: true
              destinationServiceAccounts:
              - server: "*"
                namespace: "*"
                defaultServiceAccount: argocd:argocd-application-controller
              roles:
              - name: deployer
                description: "Sees and syncs the applications of tenant shop"
                groups:
                - team-shop
                policies:
                - "p, proj:tenant-shop:deployer, applications, get, tenant-shop/*, allow"
                - "p, proj:tenant-shop:deployer, applications, sync, tenant-shop/*, allow"
                - "p, proj:tenant-shop:deployer, logs, get, tenant-shop/*, allow"
              syncWindows:
              - kind: deny
                schedule: "0 18 * * 5"
                duration: "62h"
                applications:
                - "*"
            Warning pinned-revision: roots would follow version `v1.2.0` for ever, because a root reads where to look next from what it follows [environments.apps.argocd.revision] (follow a branch or a tag that you move to what should be installed, such as `apps`; a range of versions (`1.*`) is followed too)
        "##]],
    );
    check(
        &fixture,
        "applications/tenant-shop.yaml",
        expect![[r##"
            # argocd/apps/gc0/applications/tenant-shop.yaml
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata:
              name: tenant-shop
              namespace: argocd
              labels:
                app.kubernetes.io/part-of: acme
                infra.example.com/environment: apps
                infra.example.com/cluster: gc0
                infra.example.com/kind: tenant
                infra.example.com/name: shop
              annotations:
                argocd.argoproj.io/manifest-generate-paths: "/dist/kustomize/tenants/shop/base;/dist/kustomize/tenants/shop/overlays/apps/gc0"
                argocd.argoproj.io/sync-wave: "0"
                argocd.argoproj.io/compare-options: "ServerSideDiff=true"
              finalizers:
              - resources-finalizer.argocd.argoproj.io
            spec:
              project: platform
              source:
                repoURL: https://git.example.com/acme/platform.git
                path: dist/kustomize/tenants/shop/overlays/apps/gc0
                targetRevision: v1.2.0
              destination:
                name: in-cluster
                namespace: shop
              revisionHistoryLimit: 5
              syncPolicy:
                retry:
                  limit: -1
                  refresh: true
                  backoff:
                    duration: "10s"
                    factor: 2
                    maxDuration: "5m"
                syncOptions:
                - "ServerSideApply=true"
            Warning pinned-revision: roots would follow version `v1.2.0` for ever, because a root reads where to look next from what it follows [environments.apps.argocd.revision] (follow a branch or a tag that you move to what should be installed, such as `apps`; a range of versions (`1.*`) is followed too)
        "##]],
    );
}
