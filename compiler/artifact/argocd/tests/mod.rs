//! Whole clusters and the files they become.

mod applications;
mod projects;
mod refusals;
mod roots;

use super::emit;
use crate::artifact::fixture::Fixture;
use crate::model::EntityId;
use crate::name::Kind;
use expect_test::Expect;

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
