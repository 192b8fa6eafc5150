//! What kustomize would drop, change or not take.

use super::{DEPLOYMENT, Project, manifest, parse};
use crate::model::Layout;
use crate::name::Kind;
use crate::object::Rendering;
use expect_test::{Expect, expect};

#[test]
fn what_kustomize_would_drop_is_refused() {
    let check = |object: &str, expect: Expect| {
        let mut project = Project::new(&[&["apps"]], &[], Layout::Overlays);
        let cluster = project.cluster(0, "gc0");
        project.render(cluster, "web", &parse(object));
        let (artifacts, diagnostics) = project.emit();
        assert_eq!(artifacts.iter().count(), 0);
        let list = diagnostics.sorted(&crate::source::Sources::default());
        let lines: Vec<String> = list.iter().map(|diagnostic| format!("{}: {}", diagnostic.code.word(), diagnostic.message)).collect();
        expect.assert_eq(&lines.join("\n"));
    };
    let head = "apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: b";
    check(
        &format!("{{{head}}}, data: {{a: \"\\x7f\"}}}}"),
        expect!["unprintable-text: `ConfigMap/a` holds text with the invisible character U+007F"],
    );
    check(
        &format!("{{{head}}}, data: {{\"\\x85\": a}}}}"),
        expect!["unprintable-key: `ConfigMap/a` has a key with the invisible character U+0085"],
    );
    check(
        &format!("{{{head}}}, data: {{\"<<\": a}}}}"),
        expect!["unprintable-key: `ConfigMap/a` has a key `<<`, which kustomize removes from its output"],
    );
    check(
        &format!("{{{head}, annotations: {{a: 1, b: null, c: {{}}}}, labels: []}}}}"),
        expect![[r#"
        metadata-not-text: `metadata.labels` of `ConfigMap/a` is a list, not a map
        metadata-not-text: the annotation `a` of `ConfigMap/a` is an integer, but Kubernetes takes only strings there
        metadata-not-text: the annotation `b` of `ConfigMap/a` is null, but Kubernetes takes only strings there
        metadata-not-text: the annotation `c` of `ConfigMap/a` is a map, but Kubernetes takes only strings there"#]],
    );
    check(
        &format!("{{{head}, annotations: {{config.kubernetes.io/local-config: 'true'}}}}}}"),
        expect![
            "reserved-annotation: `ConfigMap/a` has the annotation `config.kubernetes.io/local-config`, which kustomize keeps for itself"
        ],
    );
    check(
        &format!("{{{head}, annotations: {{internal.config.kubernetes.io/a: 'true'}}}}}}"),
        expect![
            "reserved-annotation: `ConfigMap/a` has the annotation `internal.config.kubernetes.io/a`, which kustomize keeps for itself"
        ],
    );
    check(
        "{apiVersion: v1, kind: PodList, metadata: {name: a}, items: []}",
        expect!["list-object: `PodList/a` is a list of objects, which kustomize takes apart"],
    );
    check(
        "{apiVersion: v1, kind: Pod, metadata: {name: a}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: default}}",
        expect!["object-collision: service `web` has the object `Pod/a` twice"],
    );
}

#[test]
fn infrastructure_has_no_place_for_objects() {
    let mut project = Project::new(&[&["apps"]], &[], Layout::Overlays);
    let entity = project.entity(0, None, Kind::Infrastructure, "registry");
    let manifests = vec![manifest("web", &parse(DEPLOYMENT).remove(0))];
    project.objects.renderings.push(Rendering {
        entity,
        manifests,
        chart: None,
        files: Vec::new(),
        told: None,
        registration: None,
        metadata: None,
        keeps_data: false,
        waits: Vec::new(),
    });
    let (artifacts, diagnostics) = project.emit();
    assert_eq!((artifacts.iter().count(), diagnostics.len()), (0, 1));
}
