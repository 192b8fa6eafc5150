//! What tests of Argo CD are about.

use crate::artifact::fixture::Fixture;
use crate::model::EntityId;
use crate::name::Kind;

pub(super) const NAMESPACE: &str = "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}";

/// An environment with a cluster that has all that a shop has.
pub(super) fn one_shop() -> Fixture {
    let mut fixture = Fixture::new(&["apps"]);
    shop(0, &mut fixture);
    fixture
}

/// A cluster with a chart, a service of objects and a tenant with an application.
pub(super) fn shop(environment: u32, fixture: &mut Fixture) -> EntityId {
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
