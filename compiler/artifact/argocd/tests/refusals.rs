//! What is said instead of a file.

use super::fixtures::one_shop;
use super::{check, emit};
use crate::artifact::fixture::{Fixture, value};
use crate::model::EntityId;
use crate::name::Kind;
use expect_test::expect;

#[test]
fn without_a_repository_there_is_nothing_to_read() {
    let mut fixture = one_shop();
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
            Error invalid-argocd: the platform's project allows all kinds, and nobody lists them any more [apps.clusters.gc0.services.dns] (take it out)
            Error invalid-argocd: `ignoreDifferences` needs a list, this is a map [apps.clusters.gc0.services.dns] ()
            Error invalid-argocd: `namespace` needs text, this is an integer [apps.clusters.gc0.services.dns] ()
            Error invalid-argocd: `revision` needs text, this is a number [environments.apps.argocd] ()
            Error invalid-argocd: `source` needs a `version` beside `chart`, this is a map [apps.clusters.gc0.services.dns] ()
            Error invalid-argocd: `sync` needs `automated` or `manual`, not `auto` [environments.apps.argocd] ()
            Error invalid-argocd: `syncOptions` needs a list of texts, this is an integer [apps.clusters.gc0.services.dns] ()
            Error invalid-argocd: `windows[].duration` needs a duration such as `8h` or `1h30m`, not `1d` [environments.apps.argocd] (write `24h`)
            Error invalid-argocd: `windows[].kind` needs `allow` or `deny`, not `never` [environments.apps.argocd] ()
            Error invalid-argocd: `windows[].schedule` needs a schedule of five fields, as in cron, not `daily` [environments.apps.argocd] ()
            Error unknown-hub: Argo CD's hub `gco` is no cluster of any environment [platform.argocd.hub] (did you mean `gc0`?)
        "#]],
    );
}

#[test]
fn what_a_tenant_may_not_have_is_refused_before_argo_cd_does() {
    let mut fixture = one_shop();
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
            Error kind-outside-tenant: application `front` of tenant `shop` brings `ClusterRole`, which tenants may not have [apps.clusters.gc0.applications.front] (put it into the tenant's hands, `$owner: ${tenant}` on the object in the class, or move it to a service or to the class of the tenant)
            Error kind-outside-tenant: application `front` of tenant `shop` brings `ResourceQuota`, which tenants may not have [apps.clusters.gc0.applications.front] (put it into the tenant's hands, `$owner: ${tenant}` on the object in the class, or move it to a service or to the class of the tenant)
            Error kind-outside-tenant: application `front` of tenant `shop` brings `Widget`, which tenants may not have [apps.clusters.gc0.applications.front] (put it into the tenant's hands, `$owner: ${tenant}` on the object in the class, or move it to a service or to the class of the tenant)
            Error namespace-outside-tenant: application `front` goes to namespace `kube-system`, which is not tenant `shop`'s [apps.clusters.gc0.applications.front] (name one of the tenant's namespaces, or give the tenant this one)
            Error namespace-outside-tenant: application `front` goes to namespace `shops`, which is not tenant `shop`'s [apps.clusters.gc0.applications.front] (name one of the tenant's namespaces, or give the tenant this one)
        "#]],
    );
}
