//! Whole clusters and the files they become; what Flux has no word for.

use super::emit;
use crate::artifact::fixture::{Fixture, value};
use crate::name::Kind;
use expect_test::{Expect, expect};

/// What is said of a platform with one cluster, one service and one application of a tenant, each changed by a test.
#[track_caller]
fn refuses(change: impl FnOnce(&mut Fixture), service: &str, application: &str, expected: Expect) {
    let mut fixture = Fixture::new(&["apps"]);
    fixture.model.environments[0].value = value("delivery: flux");
    let cluster = fixture.entity(0, Kind::Cluster, "gc0", None, "{}");
    let web = fixture.entity(0, Kind::Service, "web", Some(cluster), "{}");
    fixture.rendering(web, service);
    let tenant = fixture.entity(0, Kind::Tenant, "shop", Some(cluster), "{}");
    fixture.rendering(tenant, "manifests: { a: { apiVersion: v1, kind: Namespace, metadata: { name: shop } } }");
    if !application.is_empty() {
        let front = fixture.entity(0, Kind::Application, "front", Some(cluster), "namespace: shop");
        fixture.model.entities[front.0 as usize].tenant = Some(tenant);
        fixture.rendering(front, application);
    }
    change(&mut fixture);
    let text = fixture.emit(emit);
    let said: Vec<&str> = text.lines().filter(|line| line.starts_with("Error ") || line.starts_with("Warning ")).collect();
    expected.assert_eq(&said.join("\n"));
}

fn as_it_is(_: &mut Fixture) {}

const OBJECTS: &str = "manifests: { a: { apiVersion: v1, kind: ConfigMap, metadata: { name: a, namespace: web } } }";

#[test]
fn what_an_environment_wants_and_flux_has_not() {
    refuses(
        |fixture| {
            fixture.model.environments[0].value = value(
                "{ delivery: flux, argocd: { revision: v1.2.0, sync: manual, windows: [{ kind: deny, schedule: 0 18 * * 5, duration: 62h }] } }",
            );
            fixture.model.platform.hub = Some("gc0".into());
            fixture.model.platform.value = value("argocd: { hub: gc0 }");
        },
        OBJECTS,
        "",
        expect![[r#"
            Error not-in-flux: Flux cannot drive clusters from a hub [platform.argocd.hub] (take the hub out, or deliver an environment with `delivery: argocd`)
            Error not-in-flux: Flux cannot wait until somebody syncs by hand [environments.apps] (let the environment follow a branch or tag that is moved by hand: `revision: refs/tags/…`)
            Error not-in-flux: Flux cannot tell whether `v1.2.0` is a branch or a tag [apps.clusters.gc0] (write `refs/heads/…` or `refs/tags/…`, a commit in full, or the plain name of a branch)
            Error not-in-flux: Flux has no sync windows [environments.apps] (take the windows out, and move the branch or tag that the environment follows when it may change)"#]],
    );
    refuses(
        |fixture| {
            if let Some(repository) = &mut fixture.model.platform.repository {
                repository.url = "git@git.example.com:acme/platform.git".into();
                repository.revision = "HEAD".into();
            }
            fixture.model.entities[2].value = value("groups: [team-shop]");
        },
        OBJECTS,
        "",
        expect![[r#"
            Error not-in-flux: Flux cannot tell whether `HEAD` is a branch or a tag [apps.clusters.gc0] (write `refs/heads/…` or `refs/tags/…`, a commit in full, or the plain name of a branch)
            Error not-in-flux: Flux cannot read from `git@git.example.com:acme/platform.git` [platform.repository.url] (write the address with its scheme; `git@host:path` is `ssh://git@host/path`)
            Error not-in-flux: Flux lets nobody see and sync the applications of tenant `shop` [apps.clusters.gc0.tenants.shop] (give these groups rights in the cluster, such as those of `access`, and take them out here)"#]],
    );
}

#[test]
fn what_a_class_wishes_and_flux_does_not() {
    refuses(
        as_it_is,
        r#"
        chart: { repository: charts.example.com, chart: web, version: 1.0.0, release: web, namespace: web }
        argocd:
          syncOptions: [ServerSideApply=false, Prune=false, RespectIgnoreDifferences=true, Validate=false, CreateNamespace=true, ApplyOutOfSyncOnly=true,
            Delete=false, FailOnSharedResource=true, PrunePropagationPolicy=foreground, PrunePropagationPolicy=soon, Validate=maybe, PruneFirst=true]
          ignoreDifferences:
          - { kind: Deployment, jqPathExpressions: [.spec.replicas] }
          - { kind: Deployment, jsonPointers: [/spec/replicas] }
        "#,
        "",
        expect![[r#"
            Error invalid-argocd: Argo CD has no sync option `PruneFirst` [apps.clusters.gc0.services.web] (did you mean `PruneLast`?)
            Error invalid-argocd: the sync option `PrunePropagationPolicy` cannot be `soon` [apps.clusters.gc0.services.web] (write `PrunePropagationPolicy=background`, `PrunePropagationPolicy=foreground`, `PrunePropagationPolicy=orphan`)
            Error invalid-argocd: the sync option `Validate` cannot be `maybe` [apps.clusters.gc0.services.web] (write `Validate=true`, `Validate=false`)
            Error not-in-flux: Flux cannot ignore this difference of service `web` [apps.clusters.gc0.services.web] (leave the field out of what is installed, or take the difference out of the list)
            Error not-in-flux: Flux cannot install service `web` with `Delete=false` [apps.clusters.gc0.services.web] (take the option out where Flux delivers)
            Error not-in-flux: Flux cannot install service `web` with `FailOnSharedResource=true` [apps.clusters.gc0.services.web] (take the option out where Flux delivers)
            Error not-in-flux: Flux cannot install service `web` with `Prune=false` [apps.clusters.gc0.services.web] (take the option out where Flux delivers)
            Error not-in-flux: Flux cannot install service `web` with `PrunePropagationPolicy=foreground` [apps.clusters.gc0.services.web] (take the option out where Flux delivers)
            Error not-in-flux: Flux cannot install service `web` with `RespectIgnoreDifferences=true` [apps.clusters.gc0.services.web] (take the option out where Flux delivers)
            Error not-in-flux: Flux cannot install service `web` with `ServerSideApply=false` [apps.clusters.gc0.services.web] (take the option out where Flux delivers)
            Error not-in-flux: Flux cannot install service `web` with `Validate=false` [apps.clusters.gc0.services.web] (take the option out where Flux delivers)
            Error not-in-flux: Flux cannot read from `charts.example.com` [apps.clusters.gc0.services.web] (write the address with its scheme; `git@host:path` is `ssh://git@host/path`)"#]],
    );
    refuses(
        as_it_is,
        r#"
        manifests: { a: { apiVersion: apps/v1, kind: Deployment, metadata: { name: a, namespace: web } } }
        argocd:
          syncOptions: [Prune=false]
          ignoreDifferences: [{ group: apps, kind: Deployment, jsonPointers: [/spec/replicas] }, { kind: Job, jsonPointers: [/spec] }]
        "#,
        "",
        expect![
            "Error not-in-flux: Flux cannot ignore this difference of service `web` [apps.clusters.gc0.services.web] (leave the field out of what is installed, or take the difference out of the list)"
        ],
    );
}

#[test]
fn what_is_elsewhere_is_found_or_refused() {
    refuses(
        as_it_is,
        r#"
        argocd:
          namespaces: [web, other]
          source: { repository: "git@git.example.com:a.git", path: deploy, directory: { recurse: true, exclude: "x*" } }
        "#,
        "argocd: { source: { repository: 'https://git.example.com/shop/front.git', path: deploy, revision: main } }",
        expect![[r#"
            Error not-in-flux: Flux cannot tell whether `HEAD` is a branch or a tag [apps.clusters.gc0.services.web] (write `refs/heads/…` or `refs/tags/…`, a commit in full, or the plain name of a branch)
            Error not-in-flux: Flux cannot choose among the files in the folder of service `web` [apps.clusters.gc0.services.web] (put a `kustomization.yaml` that names the files into the folder, and take `directory` out)
            Error not-in-flux: Flux cannot read from `git@git.example.com:a.git` [apps.clusters.gc0.services.web] (write the address with its scheme; `git@host:path` is `ssh://git@host/path`)
            Error not-in-flux: Flux cannot leave what service `web` has in namespace `other` where it is [apps.clusters.gc0.services.web] (let platc emit the objects as manifests, or make a service for each namespace)
            Error not-in-flux: Flux would install application `front` with its own rights, not with those of tenant `shop` [apps.clusters.gc0.applications.front] (let the class of the tenant bring exactly one ServiceAccount into namespace `shop`, with the rights that its applications need)"#]],
    );
    refuses(
        as_it_is,
        "argocd: { source: { repository: 'https://git.example.com/a.git', path: chart, revision: main, helm: { valueFiles: [a.yaml] } } }",
        "",
        expect![
            "Error not-in-flux: Flux has no `valueFiles` for the chart of service `web` [apps.clusters.gc0.services.web] (say what the chart needs in `values`; `releaseName` and `valuesObject` are known too)"
        ],
    );
}

#[test]
fn objects_say_where_they_go_and_nothing_to_others() {
    refuses(
        as_it_is,
        r#"
        manifests:
          a: { apiVersion: v1, kind: ConfigMap, metadata: { name: a, annotations: { argocd.argoproj.io/sync-wave: "1" } } }
          b: { apiVersion: v1, kind: ConfigMap, metadata: { name: b, namespace: kube-system } }
        argocd: { namespace: web }
        "#,
        "",
        expect![[r#"
            Error not-in-flux: ConfigMap `a` of service `web` says `argocd.argoproj.io/sync-wave`, which Flux does not act on [apps.clusters.gc0.services.web] (leave it out where `environment.delivery` is `flux`; what must stay is kept by `kustomize.toolkit.fluxcd.io/prune: disabled`)
            Error not-in-flux: Flux cannot put ConfigMap `a` of service `web` into `web` [apps.clusters.gc0.services.web] (write `metadata.namespace` in each object)"#]],
    );
    // With a namespace for all of them, nothing would be moved.
    refuses(
        as_it_is,
        r#"
        manifests:
          a: { apiVersion: v1, kind: ConfigMap, metadata: { name: a } }
          b: { apiVersion: v1, kind: ConfigMap, metadata: { name: b, namespace: web } }
          c: { apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: { name: c } }
        "#,
        "",
        expect![[r#""#]],
    );
}

#[test]
fn names_meet_in_one_flux_only_once() {
    refuses(
        |fixture| {
            let gc0 = fixture.model.entities().next().map(|(id, _)| id);
            let other = fixture.entity(0, Kind::Service, "web-objects", gc0, "{}");
            fixture.rendering(other, "manifests: { a: { apiVersion: v1, kind: ConfigMap, metadata: { name: b, namespace: web } } }");
        },
        r#"
        chart: { repository: "https://charts.example.com", chart: web, version: 1.0.0, release: web, namespace: web }
        manifests: { a: { apiVersion: v1, kind: ConfigMap, metadata: { name: a, namespace: web } } }
        "#,
        "",
        expect![
            "Error application-name-collision: service `web` and service `web-objects` would both be the Kustomization `web-objects` of Flux [apps.clusters.gc0.services.web-objects] (rename the service, or give it another `identity`)"
        ],
    );
}

#[test]
fn what_flux_does_anyway_may_be_said() {
    refuses(
        as_it_is,
        r#"
        chart: { repository: "https://charts.example.com", chart: web, version: 1.0.0, release: web, namespace: web }
        argocd:
          syncOptions: [ServerSideApply=true, Prune=true, PruneLast=false, PruneLast=true, Validate=true, RespectIgnoreDifferences=false,
            ApplyOutOfSyncOnly=false, SkipDryRunOnMissingResource=false, Replace=false, Delete=true, FailOnSharedResource=false,
            PrunePropagationPolicy=background]
        "#,
        "",
        expect![[r#""#]],
    );
}

/// What a chart of a registry, in a version, has as its reference.
#[track_caller]
fn reference(version: &str, expected: Expect) {
    let mut fixture = Fixture::new(&["apps"]);
    let cluster = fixture.entity(0, Kind::Cluster, "gc0", None, "{}");
    let web = fixture.entity(0, Kind::Service, "web", Some(cluster), "{}");
    fixture.rendering(
        web,
        &format!("chart: {{ repository: 'oci://r.example.com', chart: web, version: '{version}', release: web, namespace: web }}"),
    );
    let text = fixture.emit(emit);
    let mut found: Vec<&str> =
        text.lines().skip_while(|line| *line != "kind: OCIRepository").skip_while(|line| *line != "  ref:").skip(1).take(1).collect();
    found.extend(text.lines().filter(|line| line.starts_with("Error ")));
    expected.assert_eq(&found.join("\n"));
}

#[test]
fn charts_of_registries_have_versions_ranges_digests_and_tags() {
    reference("1.2.3+a", expect![[r#"    tag: "1.2.3_a""#]]);
    reference("1.x", expect![[r#"    semver: "1.x""#]]);
    reference("latest", expect!["    tag: latest"]);
    reference(
        &format!("sha256:{}", "0a".repeat(32)),
        expect!["    digest: sha256:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"],
    );
    reference(
        "sha256:0a",
        expect![[r#"
            tag: sha256:0a
        Error not-in-flux: Flux cannot find the chart of service `web` in version `sha256:0a` [apps.clusters.gc0.services.web] (write a version such as `1.2.3`, or a range such as `1.x`)"#]],
    );
}

#[test]
fn repositories_have_versions_and_ranges_only() {
    refuses(
        as_it_is,
        "chart: { repository: 'https://charts.example.com', chart: web, version: latest, release: web, namespace: web }",
        "",
        expect![
            "Error not-in-flux: Flux cannot find the chart of service `web` in version `latest` [apps.clusters.gc0.services.web] (write a version such as `1.2.3`, or a range such as `1.x`)"
        ],
    );
}

#[test]
fn differences_select_what_they_select_in_argo_cd() {
    let mut fixture = Fixture::new(&["apps"]);
    let cluster = fixture.entity(0, Kind::Cluster, "gc0", None, "{}");
    let web = fixture.entity(0, Kind::Service, "web", Some(cluster), "{}");
    fixture.rendering(
        web,
        r#"
        chart: { repository: "https://charts.example.com", chart: web, version: 1.0.0, release: web, namespace: web }
        argocd:
          ignoreDifferences:
          - { kind: Service, jsonPointers: [/spec/clusterIP] }
          - { group: "*.example.com", kind: "*", name: web.one, namespace: web, jsonPointers: [/spec] }
        "#,
    );
    let text = fixture.emit(emit);
    let rules: Vec<&str> = text.lines().skip_while(|line| *line != "    ignore:").map_while(|line| line.strip_prefix("    ")).collect();
    expect![[r#"
            ignore:
            - paths:
              - /spec/clusterIP
              target:
                group: "^$"
                kind: Service
            - paths:
              - /spec
              target:
                group: ".*\\.example\\.com"
                kind: ".*"
                name: "web\\.one"
                namespace: web"#]]
    .assert_eq(&rules.join("\n"));
}

#[test]
fn nobody_is_called_as_flux_calls_itself() {
    refuses(
        |fixture| {
            let gc0 = fixture.model.entities().next().map(|(id, _)| id);
            let own = fixture.entity(0, Kind::Service, "flux-system", gc0, "{}");
            fixture.rendering(own, OBJECTS);
        },
        "{}",
        "",
        expect![
            "Error application-name-collision: service `flux-system` would be the Kustomization `flux-system`, which Flux has itself [apps.clusters.gc0.services.flux-system] (rename the service, or give it another `identity`)"
        ],
    );
}

#[test]
fn kinds_of_others_are_not_those_of_kubernetes_or_flux() {
    // Objects that name no namespace are moved with kinds that only share a name with those that would be changed by it.
    refuses(
        as_it_is,
        r#"
        manifests:
          a: { apiVersion: v1, kind: ConfigMap, metadata: { name: a } }
          b: { apiVersion: authorization.example.com/v1, kind: RoleBinding, metadata: { name: b, namespace: web } }
        "#,
        "",
        expect![[r#""#]],
    );
    // And a kind that stays as it is in one group may be anything in another.
    refuses(
        as_it_is,
        r#"
        manifests:
          a: { apiVersion: v1, kind: ConfigMap, metadata: { name: a } }
          b: { apiVersion: example.com/v1, kind: ClusterRole, metadata: { name: b } }
        "#,
        "",
        expect![
            "Error not-in-flux: Flux cannot put ConfigMap `a` of service `web` into `web` [apps.clusters.gc0.services.web] (write `metadata.namespace` in each object)"
        ],
    );
    // A `Provider` is Flux's in one group only.
    let provider = |version: &str| {
        format!("manifests: {{ a: {{ apiVersion: {version}, kind: Provider, metadata: {{ name: a, namespace: shop }} }} }}")
    };
    refuses(as_it_is, "{}", &provider("pkg.example.org/v1"), expect![[r#""#]]);
    refuses(
        as_it_is,
        "{}",
        &provider("notification.toolkit.fluxcd.io/v1beta3"),
        expect![[
            r#"Error kind-outside-tenant: application `front` of tenant `shop` brings `Provider`, which tenants may not have [apps.clusters.gc0.applications.front] (put it into the tenant's hands, `$owner: ${tenant}` on the object in the class, or move it to a service or to the class of the tenant)"#
        ]],
    );
}

#[test]
fn private_repositories_have_a_secret() {
    let mut fixture = Fixture::new(&["apps"]);
    fixture.model.platform.value = value(
        "flux: { secretRefs: { 'https://git.example.com': git, 'https://git.example.com/acme/web.git': web, 'oci://r.example.com/': registry } }",
    );
    let cluster = fixture.entity(0, Kind::Cluster, "gc0", None, "{}");
    for (name, rendering) in [
        ("chart", "chart: { repository: 'oci://r.example.com/charts', chart: c, version: 1.0.0, release: r, namespace: n }"),
        ("open", "chart: { repository: 'https://charts.example.com', chart: c, version: 1.0.0, release: r, namespace: n }"),
        ("web", "argocd: { source: { repository: 'https://git.example.com/acme/web.git', path: deploy, revision: main } }"),
    ] {
        let id = fixture.entity(0, Kind::Service, name, Some(cluster), "{}");
        fixture.rendering(id, rendering);
    }
    let text = fixture.emit(emit);
    let mut found = String::new();
    for file in text.split("# flux/").filter(|file| file.contains("source.toolkit.fluxcd.io")) {
        let path = file.lines().next().unwrap_or_default();
        let lines: Vec<&str> = file.lines().skip_while(|line| *line != "  secretRef:").take(2).collect();
        if path.ends_with("source.yaml") {
            found.push_str(&format!("{path}:{}\n", lines.concat()));
        }
    }
    expect![[r#"
        apps/gc0/source.yaml:  secretRef:    name: git
        apps/gc0/units/chart/source.yaml:  secretRef:    name: registry
        apps/gc0/units/open/source.yaml:
        apps/gc0/units/web/source.yaml:  secretRef:    name: web
    "#]]
    .assert_eq(&found);
    refuses(
        |fixture| {
            if let Some(repository) = &mut fixture.model.platform.repository {
                repository.url = "ssh://git@git.example.com/acme/platform.git".into();
            }
            fixture.model.platform.value = value("flux: { secretRefs: { 'https://git.example.com': Git_Key } }");
        },
        OBJECTS,
        "",
        expect![[r#"
            Error invalid-name: `Git_Key` cannot be the name of a Secret [platform.flux.secretRefs] (use the name of a Secret, of lower-case letters, digits, dashes and dots; what it holds is never written here)
            Error not-in-flux: Flux cannot read from `ssh://git@git.example.com/acme/platform.git` without a key [platform.repository.url] (make a Secret with `identity` and `known_hosts` in namespace `flux-system`, and name it: `platform.flux.secretRefs: { ssh://git@git.example.com/acme/platform.git: … }`)"#]],
    );
}

#[test]
fn what_keeps_data_leaves_its_objects_behind() {
    for keeps_data in [true, false] {
        let mut fixture = Fixture::new(&["apps"]);
        fixture.model.environments[0].value = value("delivery: flux");
        let cluster = fixture.entity(0, Kind::Cluster, "gc0", None, "{}");
        let web = fixture.entity(0, Kind::Service, "web", Some(cluster), "{}");
        fixture.rendering(web, OBJECTS);
        fixture.objects.renderings[0].keeps_data = keeps_data;
        let orphans = fixture.emit(emit).matches("  deletionPolicy: Orphan\n").count();
        assert_eq!(orphans, usize::from(keeps_data));
    }
}
