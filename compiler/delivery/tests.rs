//! What is delivered, whoever delivers it: order, namespaces, and what classes say.

use super::*;
use crate::Options;
use crate::system::MemorySystem;
use expect_test::{Expect, expect};

const HEAD: &str = r#"
platform: { name: acme, domain: infra.example.com, repository: { url: "https://git.example.com/acme/platform.git" } }
environments: { apps: {} }
clusters: { gc0: { class: bare } }
"#;

/// A line for each unit of a platform, then what was said.
#[track_caller]
fn check(rest: &str, expected: Expect) {
    let text = format!("{HEAD}{rest}");
    let compilation = crate::compile(&MemorySystem::default().with("platform.yaml", text), &Options::default());
    let mut diagnostics = compilation.diagnostics.clone();
    let sites = deliver(&compilation.model, &compilation.graph, &compilation.objects, &mut diagnostics);
    let mut shown = String::new();
    for unit in sites.iter().flat_map(|site| &site.units) {
        let name = |id: &EntityId| compilation.model.entity(*id).name.to_string();
        let needs: Vec<String> = unit.needs.iter().map(name).collect();
        let sources: Vec<String> = unit.sources.iter().map(of).collect();
        let lacks = if unit.lacks_namespace { "!" } else { "" };
        let wishes: Vec<String> = unit.wishes.iter().map(|wish| format!(" {:?}", wish.what)).collect();
        shown.push_str(&format!(
            "{} in {}{lacks} wave {} after [{}] from {}{}\n",
            unit.name,
            unit.namespace,
            unit.wave,
            needs.join(", "),
            sources.join(" and "),
            wishes.concat()
        ));
    }
    for said in diagnostics.sorted(&compilation.sources) {
        shown.push_str(&format!("{}: {}\n", said.code.word(), said.message));
    }
    expected.assert_eq(&shown);
}

fn of(source: &UnitSource<'_>) -> String {
    match source {
        UnitSource::Output { folder, beside } => format!("{folder} (+{})", beside.len()),
        UnitSource::Elsewhere(elsewhere) => {
            let release = elsewhere.helm.release.as_deref().map(|release| format!(" as {release}")).unwrap_or_default();
            match elsewhere.found {
                RepositoryPart::Chart { name, version } => format!("chart {name} {version}{release}"),
                RepositoryPart::Folder { path, revision } => format!("folder `{path}` at {}{release}", revision.unwrap_or("-")),
            }
        }
    }
}

#[test]
fn what_installs_nothing_hands_on_its_needs() {
    check(
        r#"
services:
  first: { class: objects }
  gate: { class: nothing, dependsOn: [first] }
  other: { class: nothing, dependsOn: [gate, first] }
  last: { class: objects, dependsOn: [other] }
  # Reading orders nothing.
  reader: { class: objects, note: "${services.first.name}" }
classes:
  cluster: { bare: {} }
  service:
    nothing: {}
    objects:
      schema: { note: "string" }
      manifests: { a: { apiVersion: v1, kind: ConfigMap, metadata: { name: "${service.name}", namespace: default }, data: { a: "${self.?note}" } } }
"#,
        expect![[r#"
            first in default wave 0 after [] from kustomize/services/first/overlays/apps/gc0 (+1)
            last in default wave 3 after [first] from kustomize/services/last/overlays/apps/gc0 (+1)
            reader in default wave 0 after [] from kustomize/services/reader/overlays/apps/gc0 (+1)
        "#]],
    );
}

#[test]
fn namespaces_are_lacking_unless_somebody_brings_them() {
    check(
        r#"
services:
  bring: { class: namespace }
  use: { class: objects, to: brought }
  lack: { class: objects, to: nobody }
  system: { class: objects, to: kube-system }
  wide: { class: wide }
  chart: { class: chart }
classes:
  cluster: { bare: {} }
  service:
    namespace: { manifests: { a: { apiVersion: v1, kind: Namespace, metadata: { name: brought } } } }
    objects:
      schema: { to: "string | required=true" }
      manifests: { a: { apiVersion: v1, kind: ConfigMap, metadata: { name: "${service.name}", namespace: "${self.to}" } } }
    wide: { manifests: { a: { apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: { name: fast }, provisioner: x } } }
    chart: { helm: { repository: "oci://registry.example.com", chart: c, version: 1.0.0, releaseName: r, namespace: charts } }
"#,
        expect![[r#"
            bring in brought wave 0 after [] from kustomize/services/bring/overlays/apps/gc0 (+1)
            use in brought wave 0 after [] from kustomize/services/use/overlays/apps/gc0 (+1)
            lack in nobody! wave 0 after [] from kustomize/services/lack/overlays/apps/gc0 (+1)
            system in kube-system wave 0 after [] from kustomize/services/system/overlays/apps/gc0 (+1)
            wide in wide wave 0 after [] from kustomize/services/wide/overlays/apps/gc0 (+1)
            chart in charts! wave 0 after [] from chart c 1.0.0 as r
        "#]],
    );
}

#[test]
fn what_is_told_is_read_in_neutral_words() {
    check(
        r#"
services: { all: { class: all }, odd: { class: odd } }
tenants: { shop: { class: team, applications: { front: { class: front } } } }
classes:
  cluster: { bare: {} }
  service:
    all:
      argocd:
        source: { repository: "https://git.example.com/a.git", path: /deploy, revision: main, helm: { releaseName: r } }
        syncOptions: [CreateNamespace=false, ServerSideApply=false, Prune=false, PruneLast=true, Replace=false, Force=false, ApplyOutOfSyncOnly=true, SkipDryRunOnMissingResource=true, RespectIgnoreDifferences=true, Validate=false, Delete=false, FailOnSharedResource=true, PrunePropagationPolicy=orphan, ClientSideApplyMigration=false, PruneLast=false]
    odd: { argocd: { source: { repository: "https://charts.example.com", chart: c }, syncOptions: [1], ignoreDifferences: [a] } }
  tenant:
    team: { manifests: { a: { apiVersion: v1, kind: Namespace, metadata: { name: shop } } } }
  application:
    front: { argocd: { source: { repository: "https://charts.example.com", chart: web, version: 1.x } } }
"#,
        expect![[r#"
            all in all! wave 0 after [] from folder `deploy` at main as r Namespace(false) ServerSide(false) Prune(false) PruneLast(true) Recreate(false) Recreate(false) OnlyDifferent(true) UnknownKindsLater(true) RespectIgnored(true) Validate(false) Remove(false) RefuseShared(true) PruneAtOnce(false) Other PruneLast(false)
            odd in odd wave 0 after [] from 
            tenant-shop in shop wave 0 after [] from kustomize/tenants/shop/overlays/apps/gc0 (+1)
            shop-front in shop wave 1 after [shop] from chart web 1.x as shop-front
            invalid-argocd: `source` needs a `version` beside `chart`, this is a map
            invalid-argocd: `syncOptions` needs a list of texts, this is an integer
            invalid-argocd: `ignoreDifferences` needs a list of maps, not `a`
        "#]],
    );
}

#[test]
fn applications_stay_within_their_tenant() {
    check(
        r#"
tenants:
  shop:
    class: team
    applications:
      good: { class: one, what: ConfigMap, to: shop }
      far: { class: one, what: ConfigMap, to: kube-system }
      wide: { class: one, what: Namespace, to: shop }
      limits: { class: one, what: ResourceQuota, to: shop }
classes:
  cluster: { bare: {} }
  tenant:
    team: { manifests: { a: { apiVersion: v1, kind: Namespace, metadata: { name: shop } } } }
  application:
    one:
      schema: { what: "string | required=true", to: "string | required=true" }
      manifests: { a: { apiVersion: v1, kind: "${self.what}", metadata: { name: "${self.name}", namespace: "${self.to}" } } }
"#,
        expect![[r#"
            tenant-shop in shop wave 0 after [] from kustomize/tenants/shop/overlays/apps/gc0 (+1)
            shop-good in shop wave 1 after [shop] from kustomize/applications/shop/good/overlays/apps/gc0 (+1)
            shop-far in kube-system wave 1 after [shop] from kustomize/applications/shop/far/overlays/apps/gc0 (+1)
            shop-wide in shop wave 1 after [shop] from kustomize/applications/shop/wide/overlays/apps/gc0 (+1)
            shop-limits in shop wave 1 after [shop] from kustomize/applications/shop/limits/overlays/apps/gc0 (+1)
            namespace-outside-tenant: application `far` goes to namespace `kube-system`, which is not tenant `shop`'s
            kind-outside-tenant: application `wide` of tenant `shop` brings `Namespace`, which tenants may not have
            kind-outside-tenant: application `limits` of tenant `shop` brings `ResourceQuota`, which tenants may not have
        "#]],
    );
}

#[test]
fn what_points_elsewhere_points_to_one_thing() {
    let long = "a".repeat(54);
    check(
        &format!(
            r#"
services:
  both: {{ class: both }}
  out: {{ class: out }}
  folder: {{ class: folder }}
  ignores: {{ class: ignores }}
  {long}: {{ class: chart }}
  named: {{ class: named }}
  filled: {{ class: filled }}
classes:
  cluster: {{ bare: {{}} }}
  service:
    both: {{ argocd: {{ source: {{ repository: "https://charts.example.com", chart: c, path: p, version: 1.0.0, revision: main }} }} }}
    out: {{ argocd: {{ source: {{ repository: "https://git.example.com/a.git", path: a/../../b }} }} }}
    folder: {{ argocd: {{ source: {{ repository: "oci://registry.example.com/a", path: a }} }} }}
    ignores: {{ helm: {{ repository: "oci://registry.example.com", chart: c, version: 1.0.0 }}, argocd: {{ ignoreDifferences: [{{ group: 1, jsonPointers: a }}] }} }}
    chart: {{ helm: {{ repository: "oci://registry.example.com", chart: c, version: 1.0.0, namespace: a }} }}
    named: {{ helm: {{ repository: "oci://registry.example.com", chart: c, version: 1.0.0, releaseName: Web }} }}
    filled: {{ argocd: {{ source: {{ repository: "https://git.example.com/a.git", path: a, helm: {{ releaseName: {long} }} }} }} }}
"#
        ),
        expect![[r#"
            both in both wave 0 after [] from 
            out in out wave 0 after [] from 
            folder in folder wave 0 after [] from 
            ignores in ignores! wave 0 after [] from chart c 1.0.0 as ignores
            aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa in a! wave 0 after [] from chart c 1.0.0 as aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
            named in named! wave 0 after [] from chart c 1.0.0 as Web
            filled in filled! wave 0 after [] from folder `a` at - as aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
            invalid-name: the chart of service `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa` would be the release `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa`, a name that Helm refuses
            invalid-argocd: `source` has `chart` and `path`, and only one of them can count
            invalid-argocd: `source` has `version` and `revision`, and only one of them can count
            unsafe-path: the path `a/../../b` leaves its repository
            invalid-argocd: `source` wants a folder of `oci://registry.example.com/a`, and a registry has charts
            invalid-argocd: `ignoreDifferences` needs a `kind` in each item, this is a map
            invalid-argocd: `group` needs text, this is an integer
            invalid-argocd: `jsonPointers` needs a list, not `a`
            invalid-name: the chart of service `named` would be the release `Web`, a name that Helm refuses
            invalid-name: the chart of service `filled` would be the release `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa`, a name that Helm refuses
        "#]],
    );
}
