use super::*;
use crate::artifact::Artifact;
use expect_test::{Expect, expect};
use std::collections::BTreeMap;

/// Files of an output, `path` or `path: text`.
fn files(lines: &[&str]) -> BTreeMap<String, String> {
    let pair =
        |line: &&str| line.split_once(": ").map_or((line.to_string(), String::new()), |(path, text)| (path.to_owned(), text.to_owned()));
    lines.iter().map(pair).collect()
}

fn check(before: &[&str], now: &[&str], expect: Expect) {
    let before = files(before);
    let mut artifacts = Artifacts::default();
    for (path, text) in files(now) {
        artifacts.add(path, Artifact::new(text, Vec::new()));
    }
    let paths = before.keys().cloned().collect();
    let read = |path: &str| before.get(path).cloned();
    let mut diagnostics = Diagnostics::default();
    staying(FormerOutput { paths: &paths, read: &read }, ("dist", &artifacts), ChosenOutput::ALL, &mut diagnostics);
    let said = diagnostics.drain().into_iter().map(|diagnostic| {
        let notes: String = diagnostic.notes.iter().map(|note| format!("\n  = {note}")).collect();
        format!("{}: {}{notes}", diagnostic.code.word(), diagnostic.message)
    });
    expect.assert_eq(&said.collect::<Vec<_>>().join("\n"));
}

const GC0: &str = "argocd/apps/gc0/kustomization.yaml";
const GC1: &str = "argocd/apps/gc1/kustomization.yaml";

#[test]
fn kinds_stay_where_nobody_brings_them_any_more() {
    let base = "kustomize/services/a/base/customresourcedefinition-a.example.com.yaml";
    let (on0, on1) =
        ("kustomize/services/a/overlays/apps/gc0/kustomization.yaml", "kustomize/services/a/overlays/apps/gc1/kustomization.yaml");
    check(
        &[GC0, GC1, base, on0, on1],
        &[GC0, GC1],
        expect![
            "kinds-stay: kind `a.example.com` is no longer installed on cluster `gc0` in `apps` and cluster `gc1` in `apps`, and stays there with all objects of it"
        ],
    );
    // Gone from one cluster only, by its placement or by a patch.
    let on_gc1 = || {
        expect![
            "kinds-stay: kind `a.example.com` is no longer installed on cluster `gc1` in `apps`, and stays there with all objects of it"
        ]
    };
    check(&[GC0, GC1, base, on0, on1], &[GC0, GC1, base, on0], on_gc1());
    let patch = "kustomize/services/a/overlays/apps/gc1/customresourcedefinition-a.example.com.delete.yaml";
    check(&[GC0, GC1, base, on0, on1], &[GC0, GC1, base, on0, on1, patch], on_gc1());
    // Another thing brings it now, or it moved into the overlays.
    let other = ["kustomize/services/b/base/customresourcedefinition-a.example.com.yaml", "kustomize/services/b/overlays/apps/gc0/x.yaml"];
    check(&[GC0, base, on0], &[GC0, other[0], other[1]], expect![""]);
    check(
        &[GC0, base, on0],
        &[GC0, on0, "kustomize/services/a/overlays/apps/gc0/customresourcedefinition-a.example.com.yaml"],
        expect![""],
    );
    check(&[GC0, "files/apps/gc0/customresourcedefinition-c.yaml"], &[GC0], expect![""]);
    // Flux deletes it.
    let flux = "flux/apps/gc0/kustomization.yaml";
    check(
        &[flux, base, on0],
        &[flux],
        expect![
            "objects-leave: kind `a.example.com` is no longer installed on cluster `gc0` in `apps`, and Flux deletes it there with all objects of it"
        ],
    );
    // Nobody puts words into a command.
    check(&[GC0, "kustomize/services/a/base/customresourcedefinition-$(id).yaml", on0], &[GC0], expect![""]);
}

#[test]
fn kinds_of_charts_stay() {
    let chart = "argocd/apps/gc0/applications/a.yaml: spec:\n  sources:\n  - chart: a\n    helm:\n      releaseName: \"b\"";
    check(
        &[GC0, chart],
        &[GC0],
        expect![[r#"
            kinds-stay: the chart of `a` is no longer installed on cluster `gc0` in `apps`, and kinds that it brought stay there
              = until this is installed, its Argo CD names them: `kubectl get application a -n argocd -o jsonpath='{range .status.resources[?(@.kind=="CustomResourceDefinition")]}{.name}{"\n"}{end}'`; afterwards they are those that no Application has any more (`platc explain kinds-stay` shows how they are found)"#]],
    );
    // It has another name now, or is another thing's; another release or another chart takes over nothing.
    let renamed = |chart: &str, release: &str| {
        format!(
            "argocd/apps/gc0/applications/gc0-a.yaml: spec:\n  sources:\n  - chart: {chart}\n    helm:\n      releaseName: \"{release}\""
        )
    };
    let stays = || {
        expect![[r#"
            kinds-stay: the chart of `a` is no longer installed on cluster `gc0` in `apps`, and kinds that it brought stay there
              = until this is installed, its Argo CD names them: `kubectl get application a -n argocd -o jsonpath='{range .status.resources[?(@.kind=="CustomResourceDefinition")]}{.name}{"\n"}{end}'`; afterwards they are those that no Application has any more (`platc explain kinds-stay` shows how they are found)"#]]
    };
    check(&[GC0, chart], &[GC0, &renamed("a", "b")], expect![""]);
    check(&[GC0, chart], &[GC0, &renamed("a", "c")], stays());
    check(&[GC0, chart], &[GC0, &renamed("c", "b")], stays());
    check(&[GC0, chart], &[GC0, GC1, &renamed("a", "b").replace("gc0/", "gc1/")], stays());
    // From the same place it is the same chart, as whatever release, and whoever installs it.
    let placed = chart.replace("- chart", "- repoURL: https://charts.example.com\n    chart");
    let other = |url: &str, name: &str| {
        format!(
            "argocd/apps/gc0/applications/c.yaml: spec:\n  source:\n    repoURL: {url}\n    chart: {name}\n    helm:\n      releaseName: c"
        )
    };
    check(&[GC0, &placed], &[GC0, &other("https://charts.example.com/", "a")], expect![""]);
    check(&[GC0, &placed], &[GC0, &other("https://charts.example.com", "c")], stays());
    check(&[GC0, &placed], &[GC0, &other("https://other.example.com", "a")], stays());
    let release = |chart: &str| {
        format!(
            "flux/apps/gc0/units/c/release.yaml: spec:\n  chart:\n    spec:\n      chart: {chart}\n  releaseName: c\n  targetNamespace: c"
        )
    };
    let source = |kind: &str, url: &str| format!("flux/apps/gc0/units/c/source.yaml: kind: {kind}\nspec:\n  url: {url}");
    let https = source("HelmRepository", "https://charts.example.com");
    check(&[GC0, &placed], &[GC0, &release("a"), &https], expect![""]);
    check(&[GC0, &placed], &[GC0, &release("c"), &https], stays());
    check(&[GC0, &placed], &[GC0, &release("a")], stays());
    check(&[GC0, &placed], &[GC0, &release("a"), &source("HelmRepository", "https://other.example.com")], stays());
    let in_registry = chart.replace("- chart", "- repoURL: registry.example.com/charts\n    chart");
    let oci = source("OCIRepository", "oci://registry.example.com/charts/a");
    let referring = "flux/apps/gc0/units/c/release.yaml: spec:\n  chartRef:\n    kind: OCIRepository\n  releaseName: c";
    check(&[GC0, &in_registry], &[GC0, referring, &oci], expect![""]);
    // Argo CD runs on where it has a root.
    let argo_cd = "argocd/apps/gc0/applications/argo-cd.yaml: spec:\n  sources:\n  - chart: argo-cd\n    helm:\n      releaseName: argocd";
    check(
        &[GC0, argo_cd, "argocd/apps/gc0/root.yaml"],
        &[GC0, "argocd/apps/gc0/root.yaml"],
        expect![[r#"
        kinds-stay: the chart of `argo-cd` is no longer installed on cluster `gc0` in `apps`: Argo CD keeps running there, installs all else, and its kinds stay
          = nobody changes its version and its values any more, unless somebody else installs it"#]],
    );
    check(
        &[GC0, argo_cd],
        &[GC0],
        expect![[r#"
            kinds-stay: the chart of `argo-cd` is no longer installed on cluster `gc0` in `apps`, and kinds that it brought stay there
              = until this is installed, its Argo CD names them: `kubectl get application argo-cd -n argocd -o jsonpath='{range .status.resources[?(@.kind=="CustomResourceDefinition")]}{.name}{"\n"}{end}'`; afterwards they are those that no Application has any more (`platc explain kinds-stay` shows how they are found)"#]],
    );
    // What still has objects is not to be deleted.
    let secrets = chart.replace("chart: a", "chart: external-secrets");
    let object = "kustomize/services/b/base/externalsecret-b.yaml: apiVersion: external-secrets.io/v1\nkind: ExternalSecret";
    check(
        &[GC0, &secrets],
        &[GC0, object, "kustomize/services/b/overlays/apps/gc0/kustomization.yaml"],
        expect![[r#"
            kinds-stay: the chart of `a` is no longer installed on cluster `gc0` in `apps`, and kinds that it brought stay there
              = objects that need it are still in the output: `ExternalSecret`; from now on nobody does anything about them"#]],
    );
    // Values alone that go are no chart that goes.
    check(&[GC0, chart, "argocd/apps/gc0/values/a.yaml"], &[GC0, chart], expect![""]);
    check(&[GC0, "argocd/apps/gc0/applications/a.yaml: spec:\n  source:\n    path: a"], &[GC0], expect![""]);
}

#[test]
fn policies_that_leave_are_told_with_the_namespaces_that_they_held() {
    let policy = |name: &str| {
        format!(
            "kustomize/services/p/base/validatingadmissionpolicybinding-{name}.yaml: spec:\n  matchResources:\n    namespaceSelector:\n      matchExpressions:\n      - key: example.com/tenant"
        )
    };
    let (hosts, pods) = (policy("hosts"), policy("pods"));
    let on0 = "kustomize/services/p/overlays/apps/gc0/kustomization.yaml";
    let on1 = "kustomize/services/p/overlays/apps/gc1/kustomization.yaml";
    check(
        &[GC0, GC1, &hosts, &pods, on0, on1],
        &[GC0, GC1, &hosts, &pods, on0],
        expect![[r#"
        policies-leave: 2 admission policies are no longer installed on cluster `gc1` in `apps`: what they refused is allowed there from then on
          = they hold for all namespaces that are there, also for those of tenants that say `enabled: false`, which stay with their people: `kubectl get namespaces -l example.com/tenant`"#]],
    );
    check(
        &[GC0, &hosts, &pods, on0],
        &[GC0, &hosts, on0],
        expect![[r#"
        policies-leave: admission policy `pods` is no longer installed on cluster `gc0` in `apps`: what it refused is allowed there from then on
          = it holds for all namespaces that are there, also for those of tenants that say `enabled: false`, which stay with their people: `kubectl get namespaces -l example.com/tenant`"#]],
    );
    // The thing that brings it has another name, or the cluster leaves as a whole, which is told.
    let other = hosts.replace("services/p", "services/q");
    check(&[GC0, &hosts, on0], &[GC0, &other, "kustomize/services/q/overlays/apps/gc0/kustomization.yaml"], expect![""]);
    check(&[GC0, GC1, &hosts, on0, on1], &[GC0, &hosts, on0], expect![""]);
    // Nobody puts words into a command.
    check(
        &[GC0, &hosts.replace("example.com/tenant", "$(id)"), on0],
        &[GC0],
        expect![[r#"
        policies-leave: admission policy `hosts` is no longer installed on cluster `gc0` in `apps`: what it refused is allowed there from then on
          = it holds for all namespaces that are there, also for those of tenants that say `enabled: false`, which stay with their people"#]],
    );
}

#[test]
fn namespaces_that_change_hands_are_lost_unless_they_are_protected() {
    let owner = |name: &str, text: &str| {
        vec![
            format!("kustomize/services/{name}/base/namespace-data.yaml: {text}"),
            format!("kustomize/services/{name}/overlays/apps/gc0/k.yaml"),
        ]
    };
    let check = |before: Vec<String>, now: Vec<String>, expect: Expect| {
        let lines = |files: &[String]| -> Vec<String> { files.iter().cloned().chain([GC0.to_owned()]).collect() };
        let (before, now) = (lines(&before), lines(&now));
        check(&before.iter().map(String::as_str).collect::<Vec<_>>(), &now.iter().map(String::as_str).collect::<Vec<_>>(), expect);
    };
    check(
        owner("a", "x"),
        owner("b", "x"),
        expect![[r#"
            namespace-handed-over: namespace `data` goes from service `a` to service `b` on cluster `gc0` in `apps`, and would be deleted with all that is in it
              = whoever installs removes it for the one, whether or not the other has it by then; what counts is the object that is there"#]],
    );
    // The protection must be there before, not come along.
    check(owner("a", "Prune=false"), owner("b", "x"), expect![""]);
    check(
        owner("a", "x"),
        owner("b", "Prune=false"),
        expect![[r#"
            namespace-handed-over: namespace `data` goes from service `a` to service `b` on cluster `gc0` in `apps`, and would be deleted with all that is in it
              = whoever installs removes it for the one, whether or not the other has it by then; what counts is the object that is there"#]],
    );
    // With its only owner it goes, and that is meant; not if something else still goes there.
    check(owner("a", "x"), Vec::new(), expect![""]);
    let left = "argocd/apps/gc0/applications/b.yaml: spec:\n  destination:\n    name: in-cluster\n    namespace: data\n  syncPolicy:\n    - \"CreateNamespace=true\"";
    check(
        owner("a", "x"),
        vec![left.to_owned()],
        expect![[r#"
            namespace-handed-over: service `a` no longer makes namespace `data` on cluster `gc0` in `apps`, so that it would be deleted with all that others have in it
              = whoever installs removes it for the one, whether or not the other has it by then; what counts is the object that is there"#]],
    );
    check(owner("a", "x"), vec![left.replace("namespace: data", "namespace: other")], expect![""]);
}

#[test]
fn clusters_that_leave_keep_what_is_installed() {
    let root = "argocd/apps/gc1/root.yaml: metadata:\n  name: root-gc1-apps\n  namespace: argo\nspec:";
    check(
        &[GC0, GC1, root, "kustomize/services/a/base/namespace-data.yaml", "kustomize/services/a/overlays/apps/gc1/k.yaml"],
        &[GC0],
        expect![[r#"
            installed-stays: cluster `gc1` of `apps` leaves the output: what is installed there stays, and nothing changes it any more
              = all of `gc1` goes by `kubectl patch application root-gc1-apps -n argo --type merge -p '{"metadata":{"finalizers":["resources-finalizer.argocd.argoproj.io"]}}'`, then `kubectl delete application root-gc1-apps -n argo`, before this is committed or after"#]],
    );
    let of_hub = "argocd/apps/gc0/roots/root-gc1-apps.yaml: metadata:\n  name: root-gc1-apps\n  namespace: argocd\n  labels:\n    example.com/environment: apps\n    example.com/cluster: gc1\nspec:\n  source:\n    path: dist/argocd/apps/gc1";
    check(
        &[GC0, GC1, of_hub],
        &[GC0],
        expect![[r#"
            installed-stays: cluster `gc1` of `apps` leaves the output: what is installed there stays, and nothing changes it any more
              = all of `gc1` goes with its root if, before this is committed, the hub is given `kubectl patch application root-gc1-apps -n argocd --type merge -p '{"metadata":{"finalizers":["resources-finalizer.argocd.argoproj.io"]}}'`; after that, by `kubectl delete applications -n argocd -l example.com/environment=apps,example.com/cluster=gc1`"#]],
    );
    let known = "argocd/apps/gc0/clusters/gc1-apps.yaml: kind: ExternalSecret\nmetadata:\n  name: cluster-gc1-apps\n  namespace: argocd";
    check(
        &[GC0, GC1, of_hub, known],
        &[GC0],
        expect![[r#"
        installed-stays: cluster `gc1` of `apps` leaves the output: what is installed there stays, and nothing changes it any more
          = all of `gc1` goes with its root if, before this is committed, the hub is given `kubectl patch application root-gc1-apps -n argocd --type merge -p '{"metadata":{"finalizers":["resources-finalizer.argocd.argoproj.io"]}}'`; after that, by `kubectl delete applications -n argocd -l example.com/environment=apps,example.com/cluster=gc1`; what the hub knows it by stays until then, and goes by `kubectl delete externalsecret cluster-gc1-apps -n argocd`"#]],
    );
    check(
        &["flux/apps/gc1/root.yaml: metadata:\n  name: root-gc1-apps\n  namespace: flux-system"],
        &[GC0],
        expect![[r#"
            installed-stays: cluster `gc1` of `apps` leaves the output: what is installed there stays, and nothing changes it any more
              = all of `gc1` goes by `kubectl delete kustomizations.kustomize.toolkit.fluxcd.io root-gc1-apps -n flux-system`, before this is committed or after"#]],
    );
    check(
        &[GC0, GC1, root],
        &[GC0, "flux/apps/gc1/root.yaml"],
        expect![[r#"
            installed-stays: Argo CD has installed what is on `gc1` of `apps`, and another program is to deliver there now
              = both would install the same objects, and undo what the other does"#]],
    );
}

#[test]
fn stacks_that_leave_are_destroyed_in_the_order_in_which_nobody_needs_them() {
    let order =
        r#"terraform/order.json: [{ "path": "terraform/apps/net" }, { "path": "terraform/apps/gc0" }, { "path": "terraform/apps/db" }]"#;
    let stack = |name: &str, body: &str| format!("terraform/apps/{name}/main.tf.json: {body}");
    let (net, gc0, db, empty) = (
        stack("net", r#"{"resource":{}}"#),
        stack("gc0", r#"{"module":{}}"#),
        stack("db", r#"{"resource":{}}"#),
        stack("empty", r#"{"removed":[]}"#),
    );
    check(
        &[order, &net, &gc0, &db, &empty],
        &["terraform/order.json: []", &gc0],
        expect![[r#"
            stacks-stay: stacks `apps/db`, `apps/net` leave the output: what Terraform made there stays, and nobody looks after it
              = `terraform -chdir=dist/terraform/apps/db init && terraform -chdir=dist/terraform/apps/db destroy`
              = `terraform -chdir=dist/terraform/apps/net init && terraform -chdir=dist/terraform/apps/net destroy`"#]],
    );
}

#[test]
fn projects_of_tenants_stay_where_they_say_so() {
    let text = "metadata:\n  name: tenant-shop\n  namespace: argo\n  annotations:\n    argocd.argoproj.io/sync-options: \"Prune=false\"";
    let project = |cluster: &str, text: &str| format!("argocd/apps/{cluster}/projects/tenant-shop.yaml: {text}");
    let (on0, on1) = (project("gc0", text), project("gc1", text));
    check(
        &[GC0, GC1, &on0, &on1],
        &[GC0, GC1],
        expect![
            "objects-stay: project `tenant-shop` of Argo CD is no longer installed for cluster `gc0` in `apps` and cluster `gc1` in `apps`, and stays there with the namespaces that it limits"
        ],
    );
    check(&[GC0, GC1, &on0, &on1], &[GC0, GC1, &on0, &on1], expect![""]);
    // One that does not say so goes, and so does one of a cluster that leaves as a whole, which is told.
    check(&[GC0, &project("gc0", "metadata:\n  name: tenant-shop\n  namespace: argo")], &[GC0], expect![""]);
    check(&[GC1, &on1], &[], expect![""]);
    // Nobody puts words into a command.
    check(&[GC0, &project("gc0", &text.replace("tenant-shop", "$(id)"))], &[GC0], expect![""]);
}

#[test]
fn applications_that_are_called_differently_are_told() {
    let application = |name: &str, labels: &str, finalizer: &str| {
        format!(
            "argocd/apps/gc0/applications/{name}.yaml: metadata:\n  name: {name}\n  namespace: argocd\n  labels:\n{labels}  finalizers:\n  - {finalizer}\nspec:"
        )
    };
    let labels = "    example.com/kind: service\n    example.com/name: a\n";
    let finalizer = "resources-finalizer.argocd.argoproj.io";
    let (old, new) = (application("a", labels, finalizer), application("gc0-a", labels, finalizer));
    check(
        &[GC0, &old],
        &[GC0, &new],
        expect![[r#"
            replaced-by-name: an Application gets another name on cluster `gc0` in `apps`: what the old one has installed is deleted, and installed anew
              = `a` becomes `gc0-a`, in namespace `argocd`"#]],
    );
    // Another thing, one that takes nothing along, one that was there before.
    check(&[GC0, &old], &[GC0, &application("b", &labels.replace("name: a", "name: b"), finalizer)], expect![""]);
    check(&[GC0, &application("a", labels, "none")], &[GC0, &new], expect![""]);
    check(&[GC0, &old, &new], &[GC0, &new], expect![""]);
}

#[test]
fn stacks_that_leave_name_what_holds_data_and_what_they_may_be_called_now() {
    let stack = |name: &str, body: &str| format!("terraform/apps/{name}/main.tf.json: {body}");
    let body = r#"{"resource":{"aws_db_instance":{"this":{}},"aws_vpc":{"this":{}}}}"#;
    check(
        &[&stack("db", body)],
        &[&stack("database", &body.replace("this", "other"))],
        expect![[r#"
        stacks-stay: stack `apps/db` leaves the output: what Terraform made there stays, and nobody looks after it
          = `terraform -chdir=dist/terraform/apps/db init && terraform -chdir=dist/terraform/apps/db destroy`
          = data is held in `apps/db` by `aws_db_instance.this`: what destroys it loses that
          = `apps/database` comes, and makes the same kinds of things: if it is only another name of `apps/db`, say `identity: db` of it, and nothing leaves"#]],
    );
    // Of other things, of several, or of another environment it is not called so now.
    let silent = || {
        expect![[r#"
        stacks-stay: stack `apps/db` leaves the output: what Terraform made there stays, and nobody looks after it
          = `terraform -chdir=dist/terraform/apps/db init && terraform -chdir=dist/terraform/apps/db destroy`
          = data is held in `apps/db` by `aws_db_instance.this`: what destroys it loses that"#]]
    };
    check(&[&stack("db", body)], &[&stack("database", r#"{"resource":{"aws_vpc":{"this":{}}}}"#)], silent());
    check(&[&stack("db", body)], &[&stack("one", body), &stack("two", body)], silent());
    check(&[&stack("db", body)], &[&stack("db", body).replace("apps", "ops")], silent());
}

#[test]
fn what_one_file_does_not_tell_takes_nothing_from_the_others() {
    let files = |text: &str| {
        ["bootstrap/argocd-cm-patch.yaml", "bootstrap/argocd-controller.yaml", "root.yaml"]
            .map(|file| format!("argocd/apps/gc0/{file}: {text}"))
    };
    let (before, now) = (files("a"), files("b"));
    check(
        &before.each_ref().map(String::as_str),
        &now.each_ref().map(String::as_str),
        expect![[r#"
            applied-by-hand: what only a person applies changes for cluster `gc0` in `apps`: until then, what is there goes on as it was
              = `kubectl apply -k dist/argocd/apps/gc0/bootstrap`
              = `kubectl apply -f dist/argocd/apps/gc0/root.yaml`"#]],
    );
}
