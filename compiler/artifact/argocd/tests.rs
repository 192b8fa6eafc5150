//! Whole clusters and the files they become.

use super::emit;
use crate::artifact::fixture::{Fixture, value};
use crate::model::EntityId;
use crate::name::Kind;
use expect_test::{Expect, expect};

/// The files of `fixture` whose path ends so, and what was said.
#[track_caller]
fn check(fixture: &Fixture, ending: &str, expected: Expect) {
    let text = fixture.emit(emit);
    let mut shown = String::new();
    let mut shows = false;
    for line in text.lines() {
        if let Some(path) = line.strip_prefix("# ") {
            shows = path.ends_with(ending);
        } else if line.starts_with("Error ") || line.starts_with("Warning ") {
            shows = true;
        }
        if shows {
            shown.push_str(line);
            shown.push('\n');
        }
    }
    expected.assert_eq(&shown);
}

const NAMESPACE: &str = "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}";

/// A cluster with a chart, a service of objects and a tenant with an application.
fn shop(environment: u32, fixture: &mut Fixture) -> EntityId {
    let cluster = fixture.entity(environment, Kind::Cluster, "gc0", None, "{}");
    let ingress = fixture.entity(environment, Kind::Service, "ingress-nginx", Some(cluster), "{}");
    fixture.rendering(
        ingress,
        r#"
        chart: { repository: "https://kubernetes.github.io/ingress-nginx", chart: ingress-nginx, version: 4.11.3, release: ingress-nginx,
                 namespace: ingress, values: { controller: { replicaCount: 3 } } }
        manifests:
          class: { apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: { name: nginx } }
          config: { apiVersion: v1, kind: ConfigMap, metadata: { name: extra, namespace: ingress } }
        argocd:
          clusterResources: [{ group: rbac.authorization.k8s.io, kind: ClusterRole }]
          namespaces: [kube-system]
          syncOptions: [ServerSideApply=false, PruneLast=true]
          ignoreDifferences: [{ group: apps, kind: Deployment, jsonPointers: [/spec/replicas] }]
        "#,
    );
    let storage = fixture.entity(environment, Kind::Service, "storage", Some(cluster), "{}");
    fixture.rendering(storage, "manifests: { a: { apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: { name: fast } } }");
    let tenant = fixture.entity(environment, Kind::Tenant, "shop", Some(cluster), "{groups: [team-shop]}");
    let quota = "{ apiVersion: v1, kind: ResourceQuota, metadata: { name: limits, namespace: shop } }";
    fixture.rendering(tenant, &format!("manifests: {{ a: {NAMESPACE}, b: {quota} }}"));
    let front = fixture.entity(environment, Kind::Application, "front", Some(cluster), "namespace: shop");
    fixture.model.entities[front.0 as usize].tenant = Some(tenant);
    fixture.rendering(front, "argocd: { source: { repository: 'https://git.example.com/shop/front.git', path: deploy, revision: v2 } }");
    cluster
}

#[test]
fn a_service_of_chart_and_objects() {
    let mut fixture = Fixture::new(&["apps"]);
    shop(0, &mut fixture);
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
            argocd.argoproj.io/manifest-generate-paths: "/dist/kustomize/services/ingress-nginx/base;/dist/kustomize/services/ingress-nginx/overlays/apps/gc0"
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
              valuesObject:
                controller:
                  replicaCount: 3
          - repoURL: https://git.example.com/acme/platform.git
            path: dist/kustomize/services/ingress-nginx/overlays/apps/gc0
            targetRevision: main
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
              limit: 5
              backoff:
                duration: "10s"
                factor: 2
                maxDuration: "5m"
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
    let mut fixture = Fixture::new(&["apps"]);
    shop(0, &mut fixture);
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
              limit: 5
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
    let mut fixture = Fixture::new(&["apps"]);
    shop(0, &mut fixture);
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
              limit: 5
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
fn projects_list_exactly_what_is_used() {
    let mut fixture = Fixture::new(&["apps"]);
    shop(0, &mut fixture);
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
            namespace: ingress
          - name: in-cluster
            namespace: kube-system
          - name: in-cluster
            namespace: shop
          - name: in-cluster
            namespace: storage
          clusterResourceWhitelist:
          - group: ""
            kind: Namespace
          - group: networking.k8s.io
            kind: IngressClass
          - group: rbac.authorization.k8s.io
            kind: ClusterRole
          - group: storage.k8s.io
            kind: StorageClass
          syncWindows:
          - kind: deny
            schedule: "0 18 * * 5"
            duration: "62h"
            applications:
            - "*"
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
          roles:
          - name: deployer
            description: "Sees and syncs the applications of tenant shop"
            groups:
            - team-shop
            policies:
            - "p, proj:tenant-shop:deployer, applications, get, tenant-shop/*, allow"
            - "p, proj:tenant-shop:deployer, applications, sync, tenant-shop/*, allow"
          syncWindows:
          - kind: deny
            schedule: "0 18 * * 5"
            duration: "62h"
            applications:
            - "*"
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
              limit: 5
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
fn a_root_owns_the_folder_of_its_cluster() {
    let mut fixture = Fixture::new(&["apps"]);
    shop(0, &mut fixture);
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
              limit: 5
              backoff:
                duration: "10s"
                factor: 2
                maxDuration: "5m"
            syncOptions:
            - "RespectIgnoreDifferences=true"
          ignoreDifferences:
          - group: argoproj.io
            kind: Application
            jsonPointers:
            - /spec/syncPolicy/automated
            - /operation
            - "/metadata/annotations/argocd.argoproj.io~1refresh"
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
    let mut fixture = Fixture::new(&["apps"]);
    shop(0, &mut fixture);
    check(
        &fixture,
        "bootstrap/kustomization.yaml",
        expect![[r#"
        # argocd/apps/gc0/bootstrap/kustomization.yaml
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
        - argocd-cm.yaml
        - project-default.yaml
        - project-platform-root.yaml
    "#]],
    );
    check(
        &fixture,
        "bootstrap/argocd-cm.yaml",
        expect![[r##"
        # argocd/apps/gc0/bootstrap/argocd-cm.yaml
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: argocd-cm
          namespace: argocd
          labels:
            app.kubernetes.io/name: argocd-cm
            app.kubernetes.io/part-of: argocd
        data:
          resource.customizations.health.argoproj.io_Application: |
            local hs = {status = "Progressing", message = "waiting for the first comparison"}
            if obj.status ~= nil and obj.status.health ~= nil then
              hs.status = obj.status.health.status
              hs.message = obj.status.health.message or ""
            end
            return hs
    "##]],
    );
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
              limit: 5
              backoff:
                duration: "10s"
                factor: 2
                maxDuration: "5m"
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
          destinations: []
          clusterResourceWhitelist: []
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

#[test]
fn without_a_repository_there_is_nothing_to_read() {
    let mut fixture = Fixture::new(&["apps"]);
    shop(0, &mut fixture);
    fixture.model.platform.repository = None;
    expect![[r#"
        Warning no-repository: nothing is delivered to clusters, because what installs it would not know where to find the output [platform.repository] (say where the output will be kept: `repository: { url: https://git.example.com/acme/platform.git, path: dist }`)
    "#]].assert_eq(&fixture.emit(emit));
}

#[test]
fn wrong_words_are_reported() {
    let mut fixture = Fixture::new(&["apps"]);
    let cluster = fixture.entity(0, Kind::Cluster, "gc0", None, "{}");
    fixture.model.platform.hub = Some("gco".into());
    fixture.model.environments[0].value =
        value("argocd: {revision: 1.2, sync: auto, windows: [{kind: never, schedule: daily, duration: 1d}]}");
    let service = fixture.entity(0, Kind::Service, "dns", Some(cluster), "{}");
    fixture.rendering(
        service,
        "argocd: {namespace: 1, source: {chart: x, repository: https://x}, syncOptions: [1], clusterResources: [1], ignoreDifferences: {}}",
    );
    check(
        &fixture,
        "nothing",
        expect![[r#"
            Error invalid-argocd: `clusterResources` needs a list of `{group, kind}`, this is an integer [apps.clusters.gc0.services.dns] ()
            Error invalid-argocd: `ignoreDifferences` needs a list, this is a map [apps.clusters.gc0.services.dns] ()
            Error invalid-argocd: `namespace` needs text, this is an integer [apps.clusters.gc0.services.dns] ()
            Error invalid-argocd: `revision` needs text, this is a number [environments.apps.argocd] ()
            Error invalid-argocd: `source` needs a `version` beside `chart`, this is a map [apps.clusters.gc0.services.dns] ()
            Error invalid-argocd: `sync` needs `automated` or `manual`, not `auto` [environments.apps.argocd] ()
            Error invalid-argocd: `syncOptions` needs a list of texts, this is an integer [apps.clusters.gc0.services.dns] ()
            Error invalid-argocd: `windows[].duration` needs a duration such as `8h` or `1h30m`, not `1d` [environments.apps.argocd] ()
            Error invalid-argocd: `windows[].kind` needs `allow` or `deny`, not `never` [environments.apps.argocd] ()
            Error invalid-argocd: `windows[].schedule` needs a cron schedule of five fields, not `daily` [environments.apps.argocd] ()
            Error unknown-hub: Argo CD's hub `gco` is no cluster of any environment [platform.argocd.hub] (did you mean `gc0`?)
        "#]],
    );
}

#[test]
fn what_a_tenant_may_not_have_is_refused_before_argo_cd_does() {
    let mut fixture = Fixture::new(&["apps"]);
    shop(0, &mut fixture);
    let front = fixture.model.entities.iter().position(|entity| &*entity.name == "front").unwrap();
    fixture.model.entities[front].value = value("namespace: shops");
    let objects = r#"
        a: { apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: { name: x } }
        b: { apiVersion: v1, kind: ResourceQuota, metadata: { name: x, namespace: shop } }
        c: { apiVersion: v1, kind: ConfigMap, metadata: { name: x, namespace: kube-system } }
        d: { apiVersion: example.com/v1, kind: Widget, metadata: { name: x } }
        e: { apiVersion: apps/v1, kind: Deployment, metadata: { name: x } }
    "#;
    fixture.objects.renderings.pop();
    fixture.rendering(EntityId(u32::try_from(front).unwrap()), &format!("manifests:{objects}"));
    check(
        &fixture,
        "nothing",
        expect![[r#"
            Error kind-outside-tenant: application `front` of tenant `shop` brings `ClusterRole`, which tenants may not have [apps.clusters.gc0.applications.front] (move the object to a service or to the class of the tenant, which the platform installs)
            Error kind-outside-tenant: application `front` of tenant `shop` brings `ResourceQuota`, which tenants may not have [apps.clusters.gc0.applications.front] (move the object to a service or to the class of the tenant, which the platform installs)
            Error kind-outside-tenant: application `front` of tenant `shop` brings `Widget`, which tenants may not have [apps.clusters.gc0.applications.front] (move the object to a service or to the class of the tenant, which the platform installs)
            Error namespace-outside-tenant: application `front` goes to namespace `kube-system`, which is not tenant `shop`'s [apps.clusters.gc0.applications.front] (name one of the tenant's namespaces, or give the tenant this one)
            Error namespace-outside-tenant: application `front` goes to namespace `shops`, which is not tenant `shop`'s [apps.clusters.gc0.applications.front] (name one of the tenant's namespaces, or give the tenant this one)
        "#]],
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
