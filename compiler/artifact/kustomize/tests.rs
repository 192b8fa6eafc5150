//! Whole trees: what a few renderings become, and what the real kustomize makes of it.

use super::content::ObjectKey;
use super::patch::same;
use super::random::Random;
use crate::artifact::{Artifacts, Input};
use crate::diagnostic::Diagnostics;
use crate::model::{ClassId, Entity, EntityId, Environment, EnvironmentId, Layout, Model, Platform};
use crate::name::Kind;
use crate::object::{Manifest, ObjectName, Objects, Rendering};
use crate::origin::{LayerId, Origin};
use crate::print::{self, Form, Tree};
use crate::span::{FileId, Span};
use crate::subject::Thing;
use crate::value::{Data, Entry, Value};
use expect_test::{Expect, expect};
use std::collections::BTreeMap;
use std::sync::Arc;

const NOWHERE: Span = Span { file: FileId(0), start: 0, end: 0 };
const ORIGIN: Origin = Origin { span: NOWHERE, layer: LayerId::COMPUTED };

/// A platform under construction: environments with clusters, and what is rendered there.
struct Project {
    model: Model,
    objects: Objects,
}

impl Project {
    /// `environments`: names of lines, farthest first; `promotion` as written.
    fn new(environments: &[&[&str]], promotion: &[&str], layout: Layout) -> Self {
        let promotion = Value::list(promotion.iter().map(|name| Value::string(*name, ORIGIN)).collect(), ORIGIN);
        let platform = Platform {
            name: "acme".into(),
            domain: "infra.example.com".into(),
            output: "dist".into(),
            repository: None,
            layout,
            hub: None,
            value: Value::map(vec![Entry::plain("promotion", NOWHERE, promotion)], ORIGIN),
        };
        let environment = |line: &&[&str]| Environment {
            name: (*line.last().unwrap()).into(),
            identity: crate::model::Identity::of_name(&(*line.last().unwrap()).into(), NOWHERE),
            line: line.iter().map(|name| (*name).into()).collect(),
            value: Value::map(Vec::new(), ORIGIN),
            defined: NOWHERE,
        };
        let environments = environments.iter().map(environment).collect();
        Self {
            model: Model { platform, environments, secrets: Default::default(), met: Vec::new(), entities: Vec::new() },
            objects: Objects::default(),
        }
    }

    fn entity(&mut self, environment: usize, cluster: Option<EntityId>, kind: Kind, name: &str) -> EntityId {
        let id = EntityId(u32::try_from(self.model.entities.len()).unwrap());
        self.model.entities.push(Entity {
            kind,
            name: name.into(),
            identity: crate::model::Identity::of_name(&name.into(), NOWHERE),
            environment: EnvironmentId(u32::try_from(environment).unwrap()),
            cluster,
            tenant: None,
            class: ClassId(0),
            class_name: "service/x".into(),
            value: Value::map(Vec::new(), ORIGIN),
            computed: Value::map(Vec::new(), ORIGIN),
            defined: NOWHERE,
            path: format!("{environment}.{name}").into(),
            thing: Thing::new(&environment.to_string().into(), kind, name, None).into(),
            stack: None,
            reads: std::sync::Arc::from([]),
        });
        id
    }

    fn cluster(&mut self, environment: usize, name: &str) -> EntityId {
        self.entity(environment, None, Kind::Cluster, name)
    }

    fn render(&mut self, cluster: EntityId, name: &str, objects: &[Tree]) {
        let environment = self.model.entity(cluster).environment.0 as usize;
        let entity = self.entity(environment, Some(cluster), Kind::Service, name);
        let manifests = objects.iter().enumerate().map(|(at, tree)| manifest(&at.to_string(), tree));
        self.objects.renderings.push(Rendering { entity, manifests: manifests.collect(), chart: None, files: Vec::new(), told: None });
    }

    fn emit(&self) -> (Artifacts, Diagnostics) {
        let (mut artifacts, mut diagnostics) = (Artifacts::default(), Diagnostics::default());
        let input = Input { model: &self.model, objects: &self.objects, sites: &[], traced: None };
        super::emit(&input, &mut artifacts, &mut diagnostics);
        (artifacts, diagnostics)
    }
}

fn value(tree: &Tree) -> Value {
    let data = match &tree.form {
        Form::Null => Data::Null,
        Form::Bool(bool) => Data::Bool(*bool),
        Form::Int(int) => Data::Int(*int),
        Form::Float(float) => Data::Float(*float),
        Form::Text(text) => Data::String(Arc::clone(text)),
        Form::List(items) => return Value::list(items.iter().map(value).collect(), ORIGIN),
        Form::Map(entries) => {
            return Value::map(entries.iter().map(|(key, tree)| Entry::plain(Arc::clone(key), NOWHERE, value(tree))).collect(), ORIGIN);
        }
    };
    Value::new(data, ORIGIN)
}

fn manifest(name: &str, tree: &Tree) -> Manifest {
    let value = value(tree);
    Manifest { name: name.into(), object: ObjectName::of(&value).unwrap(), value }
}

fn identity(tree: &Tree) -> ObjectKey {
    ObjectKey::of(&ObjectName::of(&value(tree)).unwrap())
}

fn tree(value: &serde_yaml::Value) -> Tree {
    match value {
        serde_yaml::Value::Null => Tree::null(),
        serde_yaml::Value::Bool(bool) => Tree::bool(*bool),
        serde_yaml::Value::Number(number) => number.as_i64().map_or_else(|| Tree::float(number.as_f64().unwrap()), Tree::int),
        serde_yaml::Value::String(text) => Tree::text(text.as_str()),
        serde_yaml::Value::Sequence(items) => Tree::list(items.iter().map(tree)),
        serde_yaml::Value::Mapping(entries) => Tree::map(entries.iter().map(|(key, value)| (key.as_str().unwrap(), tree(value)))),
        serde_yaml::Value::Tagged(tagged) => panic!("a tag: {tagged:?}"),
    }
}

fn parse(text: &str) -> Vec<Tree> {
    use serde::Deserialize;
    let documents = serde_yaml::Deserializer::from_str(text).map(|document| serde_yaml::Value::deserialize(document).unwrap());
    documents.filter(|document| !document.is_null()).map(|document| tree(&document)).collect()
}

/// `renderings`: environment index, cluster, objects. Prints every file.
fn check(layout: Layout, renderings: &[(usize, &str, &str)], expect: Expect) {
    let mut project = Project::new(&[&["apps", "ops"], &["apps"]], &["ops", "apps"], layout);
    for (environment, cluster, objects) in renderings {
        let cluster = project.cluster(*environment, cluster);
        project.render(cluster, "web", &parse(objects));
    }
    let (artifacts, diagnostics) = project.emit();
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let mut text = String::new();
    for (path, artifact) in artifacts.iter() {
        let json: serde_json::Value = serde_yaml::from_str(&artifact.text).unwrap();
        text.push_str(&format!("{path} {}\n", json));
    }
    expect.assert_eq(&text);
}

const DEPLOYMENT: &str =
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: web}, spec: {replicas: 3, paused: false}}";

#[test]
fn an_overlay_holds_the_difference() {
    let ops = DEPLOYMENT.replace("replicas: 3", "replicas: 1");
    check(
        Layout::Overlays,
        &[(0, "gc0", &ops), (1, "gc0", DEPLOYMENT), (1, "gc1", DEPLOYMENT)],
        expect![[r#"
        kustomize/services/web/base/deployment-web.yaml {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"web"},"spec":{"paused":false,"replicas":3}}
        kustomize/services/web/base/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["deployment-web.yaml"]}
        kustomize/services/web/overlays/apps/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["../../../base"]}
        kustomize/services/web/overlays/apps/gc1/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["../../../base"]}
        kustomize/services/web/overlays/ops/gc0/deployment-web.patch.yaml [{"op":"replace","path":"/spec/replicas","value":1}]
        kustomize/services/web/overlays/ops/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","patches":[{"path":"deployment-web.patch.yaml","target":{"group":"apps","kind":"Deployment","name":"web","namespace":"web","version":"v1"}}],"resources":["../../../base"]}
    "#]],
    );
}

#[test]
fn objects_come_and_go() {
    let config = "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: a.b, namespace: web}, data: {a: b}}\n";
    let both = format!("{DEPLOYMENT}\n{config}");
    let other = format!("{DEPLOYMENT}\n{}", config.replace("ConfigMap", "Secret"));
    check(
        Layout::Overlays,
        &[(0, "gc0", &other), (1, "gc0", &both), (1, "gc1", "")],
        expect![[r#"
        kustomize/services/web/base/configmap-a.b.yaml {"apiVersion":"v1","data":{"a":"b"},"kind":"ConfigMap","metadata":{"name":"a.b","namespace":"web"}}
        kustomize/services/web/base/deployment-web.yaml {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"web"},"spec":{"paused":false,"replicas":3}}
        kustomize/services/web/base/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["configmap-a.b.yaml","deployment-web.yaml"]}
        kustomize/services/web/overlays/apps/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["../../../base"]}
        kustomize/services/web/overlays/apps/gc1/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":[]}
        kustomize/services/web/overlays/ops/gc0/configmap-a.b.delete.yaml {"$patch":"delete","apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a.b","namespace":"web"}}
        kustomize/services/web/overlays/ops/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","patches":[{"path":"configmap-a.b.delete.yaml"}],"resources":["../../../base","secret-a.b.yaml"]}
        kustomize/services/web/overlays/ops/gc0/secret-a.b.yaml {"apiVersion":"v1","data":{"a":"b"},"kind":"Secret","metadata":{"name":"a.b","namespace":"web"}}
    "#]],
    );
}

#[test]
fn rendered_layout_has_no_bases() {
    check(
        Layout::Rendered,
        &[(0, "gc0", DEPLOYMENT), (1, "gc0", DEPLOYMENT)],
        expect![[r#"
        kustomize/services/web/overlays/apps/gc0/deployment-web.yaml {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"web"},"spec":{"paused":false,"replicas":3}}
        kustomize/services/web/overlays/apps/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["deployment-web.yaml"]}
        kustomize/services/web/overlays/ops/gc0/deployment-web.yaml {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"web"},"spec":{"paused":false,"replicas":3}}
        kustomize/services/web/overlays/ops/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["deployment-web.yaml"]}
    "#]],
    );
}

#[test]
fn what_a_patch_would_damage_is_written_out() {
    let wide = DEPLOYMENT.replace("paused: false", "limit: 9007199254740993");
    let other = wide.replace("replicas: 3", "replicas: 1");
    check(
        Layout::Overlays,
        &[(0, "gc0", &other), (1, "gc0", &wide)],
        expect![[r#"
        kustomize/services/web/base/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":[]}
        kustomize/services/web/overlays/apps/gc0/deployment-web.yaml {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"web"},"spec":{"limit":9007199254740993,"replicas":3}}
        kustomize/services/web/overlays/apps/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["deployment-web.yaml"]}
        kustomize/services/web/overlays/ops/gc0/deployment-web.yaml {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"web"},"spec":{"limit":9007199254740993,"replicas":1}}
        kustomize/services/web/overlays/ops/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["deployment-web.yaml"]}
    "#]],
    );
}

#[test]
fn a_patch_longer_than_its_object_is_not_written() {
    let config = "{apiVersion: v1, kind: ConfigMap, metadata: {name: web, labels: {a: a-1}, annotations: {a: a-1}}, data: {a: a-1}, immutable: true}";
    let other = config.replace("a-1", "a-2").replace("true", "false");
    check(
        Layout::Overlays,
        &[(0, "gc0", &other), (1, "gc0", config)],
        expect![[r#"
        kustomize/services/web/base/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":[]}
        kustomize/services/web/overlays/apps/gc0/configmap-web.yaml {"apiVersion":"v1","data":{"a":"a-1"},"immutable":true,"kind":"ConfigMap","metadata":{"annotations":{"a":"a-1"},"labels":{"a":"a-1"},"name":"web"}}
        kustomize/services/web/overlays/apps/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["configmap-web.yaml"]}
        kustomize/services/web/overlays/ops/gc0/configmap-web.yaml {"apiVersion":"v1","data":{"a":"a-2"},"immutable":false,"kind":"ConfigMap","metadata":{"annotations":{"a":"a-2"},"labels":{"a":"a-2"},"name":"web"}}
        kustomize/services/web/overlays/ops/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["configmap-web.yaml"]}
    "#]],
    );
}

#[test]
fn a_patch_for_one_service_cannot_hit_another() {
    let both = "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {a: 1, b: 1, c: 1, d: 1, e: 1}}\n---\n\
        {apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: web}, spec: {a: 1, b: 1, c: 1, d: 1, e: 1}}";
    check(
        Layout::Overlays,
        &[(0, "gc0", &both.replace("a: 1", "a: 2")), (1, "gc0", both)],
        expect![[r#"
        kustomize/services/web/base/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["service-web-serving.knative.dev.yaml"]}
        kustomize/services/web/base/service-web-serving.knative.dev.yaml {"apiVersion":"serving.knative.dev/v1","kind":"Service","metadata":{"name":"web"},"spec":{"a":1,"b":1,"c":1,"d":1,"e":1}}
        kustomize/services/web/overlays/apps/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["../../../base","service-web.yaml"]}
        kustomize/services/web/overlays/apps/gc0/service-web.yaml {"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"a":1,"b":1,"c":1,"d":1,"e":1}}
        kustomize/services/web/overlays/ops/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","patches":[{"path":"service-web-serving.knative.dev.patch.yaml","target":{"group":"serving\\.knative\\.dev","kind":"Service","name":"web","version":"v1"}}],"resources":["../../../base","service-web.yaml"]}
        kustomize/services/web/overlays/ops/gc0/service-web-serving.knative.dev.patch.yaml [{"op":"replace","path":"/spec/a","value":2}]
        kustomize/services/web/overlays/ops/gc0/service-web.yaml {"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"a":2,"b":1,"c":1,"d":1,"e":1}}
    "#]],
    );
}

#[test]
fn what_most_places_lack_is_not_in_the_base() {
    let named = |name: &str| format!("{DEPLOYMENT}\n---\n{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}}}}}");
    let (a, b, c) = (named("web-gc0"), named("web-gc1"), named("web-gc2"));
    check(
        Layout::Overlays,
        &[(1, "gc0", &a), (1, "gc1", &b), (1, "gc2", &c)],
        expect![[r#"
        kustomize/services/web/base/deployment-web.yaml {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"web"},"spec":{"paused":false,"replicas":3}}
        kustomize/services/web/base/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["deployment-web.yaml"]}
        kustomize/services/web/overlays/apps/gc0/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["../../../base","namespace-web-gc0.yaml"]}
        kustomize/services/web/overlays/apps/gc0/namespace-web-gc0.yaml {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"web-gc0"}}
        kustomize/services/web/overlays/apps/gc1/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["../../../base","namespace-web-gc1.yaml"]}
        kustomize/services/web/overlays/apps/gc1/namespace-web-gc1.yaml {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"web-gc1"}}
        kustomize/services/web/overlays/apps/gc2/kustomization.yaml {"apiVersion":"kustomize.config.k8s.io/v1beta1","kind":"Kustomization","resources":["../../../base","namespace-web-gc2.yaml"]}
        kustomize/services/web/overlays/apps/gc2/namespace-web-gc2.yaml {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"web-gc2"}}
    "#]],
    );
}

#[test]
fn the_base_is_that_of_the_root() {
    let check = |environments: &[&[&str]], promotion: &[&str], expect: Expect| {
        let project = Project::new(environments, promotion, Layout::Overlays);
        let order = super::base::preference(&project.model);
        let names: Vec<&str> = order.iter().map(|id| &*project.model.environment(*id).name).collect();
        expect.assert_eq(&names.join(" "));
    };
    check(&[&["apps"], &["apps", "ops"]], &[], expect!["apps ops"]);
    check(&[&["ops", "apps"], &["ops"]], &[], expect!["ops apps"]);
    check(&[&["apps", "ops"], &["apps"]], &["ops", "apps"], expect!["apps ops"]);
    check(&[&["ops"], &["apps"]], &["ops", "apps"], expect!["apps ops"]);
    check(&[&["base", "ops"], &["base", "apps"], &["base", "dev"]], &["ops", "apps"], expect!["apps ops dev"]);
    check(&[&["dev"], &["prod", "ops"], &["prod"], &["lab"]], &["dev", "ops", "prod"], expect!["prod ops dev lab"]);
    check(&[&["prod", "dev"], &["prod"], &["lab"]], &["dev", "prod", "lab"], expect!["prod lab dev"]);
}

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

/// A random object; `case` makes its name unique among all cases.
fn object(random: &mut Random, case: usize, at: usize) -> Tree {
    let kinds = [
        ("v1", "ConfigMap"),
        ("apps/v1", "Deployment"),
        ("v1", "Service"),
        ("serving.knative.dev/v1", "Service"),
        ("example.com/v1beta1", "Thing"),
    ];
    let (version, kind) = kinds[usize::try_from(random.below(5)).unwrap()];
    let name = match random.below(4) {
        0 => format!("case.{case}"),
        1 => format!("case-{case}-{at}"),
        2 => format!("system:case:{case}"),
        _ => format!("case-{case}"),
    };
    let mut metadata = vec![("name", Tree::text(name))];
    match random.below(4) {
        0 => metadata.push(("namespace", Tree::text("default"))),
        1 => {}
        _ => metadata.push(("namespace", Tree::text("team-a"))),
    }
    for field in ["labels", "annotations"] {
        if random.below(2) == 0 {
            let count = random.below(4);
            metadata.push((
                field,
                Tree::map((0..count).map(|at| (["a", "example.com/b", "y"][usize::try_from(at % 3).unwrap()], Tree::text("1")))),
            ));
        }
    }
    let mut entries =
        vec![("apiVersion".into(), Tree::text(version)), ("kind".into(), Tree::text(kind)), ("metadata".into(), Tree::map(metadata))];
    if let Form::Map(body) = random.body().form {
        entries.extend(body.into_iter().filter(|(key, _)| &**key != "$patch"));
    }
    if random.below(20) == 0 {
        entries.push(("wide".into(), Tree::int(9_007_199_254_740_993)));
    }
    Tree::map(entries)
}

/// The objects as another environment has them: some gone, some changed, some new.
fn elsewhere(random: &mut Random, objects: &[Tree], case: usize, place: usize) -> Vec<Tree> {
    let mut result = Vec::new();
    for tree in objects {
        if random.below(8) == 0 {
            continue;
        }
        let Form::Map(entries) = &tree.form else { continue };
        let mut entries = entries.clone();
        for (key, value) in &mut entries {
            match (&**key, &mut value.form) {
                ("apiVersion" | "kind", _) => {}
                ("metadata", Form::Map(metadata)) => {
                    if random.below(3) == 0 {
                        metadata.retain(|(key, _)| !matches!(&**key, "labels" | "annotations") || random.below(2) == 0);
                        for (key, value) in metadata.iter_mut() {
                            if matches!(&**key, "labels" | "annotations") {
                                *value = Tree::map([("a", Tree::text("2")), ("c/d", Tree::text("~"))]);
                            }
                        }
                    }
                }
                _ => {
                    if random.below(2) == 0 {
                        *value = random.changed(value, 4);
                    }
                }
            }
        }
        result.push(Tree::map(entries));
    }
    if random.below(3) == 0 {
        result.push(object(random, case, 10 + place));
    }
    distinct(result)
}

fn distinct(objects: Vec<Tree>) -> Vec<Tree> {
    let mut known = Vec::new();
    objects
        .into_iter()
        .filter(|tree| {
            !known.contains(&identity(tree)) && {
                known.push(identity(tree));
                true
            }
        })
        .collect()
}

/// Numbers as kubectl prints them: all of them may come out as floats.
fn loose(tree: &Tree) -> Tree {
    match &tree.form {
        Form::Int(int) if int.unsigned_abs() < 1 << 53 => Tree::float(*int as f64 + 0.0),
        Form::List(items) => Tree::list(items.iter().map(loose)),
        Form::Map(entries) => Tree::map(entries.iter().map(|(key, value)| (Arc::clone(key), loose(value)))),
        Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) | Form::Text(_) => tree.clone(),
    }
}

/// kustomize drops empty annotations.
fn without_empty_annotations(tree: &Tree) -> Tree {
    let mut tree = tree.clone();
    if let Form::Map(entries) = &mut tree.form {
        for (key, value) in entries {
            if let Form::Map(metadata) = &mut value.form
                && &**key == "metadata"
            {
                metadata.retain(|(key, value)| &**key != "annotations" || value.as_map().is_none_or(|annotations| !annotations.is_empty()));
            }
        }
    }
    tree
}

#[test]
#[allow(clippy::disallowed_methods, clippy::print_stderr, reason = "the real kubectl judges the real files")]
fn the_real_kustomize_builds_what_was_rendered() {
    let places = [(0, "gc0"), (1, "gc0"), (1, "gc1")];
    let mut project = Project::new(&[&["apps", "ops"], &["apps"]], &["ops", "apps"], Layout::Overlays);
    let clusters: Vec<EntityId> = places.iter().map(|(environment, cluster)| project.cluster(*environment, cluster)).collect();
    let mut expected: Vec<Vec<Tree>> = vec![Vec::new(); places.len()];
    let cases = 200;
    for case in 0..cases {
        let mut random = Random::new(case as u64);
        let count = random.below(4);
        let base = distinct((0..=count).map(|at| object(&mut random, case, usize::try_from(at).unwrap())).collect());
        for (place, cluster) in clusters.iter().enumerate() {
            let objects = if place == 1 { base.clone() } else { elsewhere(&mut random, &base, case, place) };
            project.render(*cluster, &format!("case-{case}"), &objects);
            expected[place].extend(objects);
        }
    }
    let (artifacts, diagnostics) = project.emit();
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let patches = artifacts.iter().filter(|(path, _)| path.ends_with(".patch.yaml")).count();
    assert!(patches > cases / 2, "only {patches} patches");

    let folder = tempfile::tempdir().unwrap();
    for (path, artifact) in artifacts.iter() {
        let path = folder.path().join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, &artifact.text).unwrap();
    }
    for (place, (environment, cluster)) in places.iter().enumerate() {
        let environment = &project.model.environments[*environment].name;
        let resources = (0..cases).map(|case| Tree::text(format!("../kustomize/services/case-{case}/overlays/{environment}/{cluster}")));
        let top = Tree::map([("resources", Tree::list(resources))]);
        let top_folder = folder.path().join(format!("top-{place}"));
        fs_err::create_dir_all(&top_folder).unwrap();
        fs_err::write(top_folder.join("kustomization.yaml"), print::yaml(&top)).unwrap();
        let output = match std::process::Command::new("kubectl").arg("kustomize").arg(&top_folder).output() {
            Ok(output) => output,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let _ = std::io::Write::write_all(&mut std::io::stderr(), b"skipped: kubectl not found\n");
                return;
            }
            Err(error) => panic!("{error}"),
        };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut built = BTreeMap::new();
        for object in parse(&String::from_utf8(output.stdout).unwrap()) {
            assert!(built.insert(identity(&object), loose(&object)).is_none());
        }
        for object in &expected[place] {
            let identity = identity(object);
            let object = loose(&without_empty_annotations(object));
            let built = built.remove(&identity).unwrap_or_else(|| panic!("{identity:?} is missing"));
            assert!(same(&built, &object), "{identity:?}: {:?}", super::patch::synthesise(&object, &built));
        }
        assert!(built.is_empty(), "{built:?}");
    }
}

#[test]
fn infrastructure_has_no_place_for_objects() {
    let mut project = Project::new(&[&["apps"]], &[], Layout::Overlays);
    let entity = project.entity(0, None, Kind::Infrastructure, "registry");
    let manifests = vec![manifest("web", &parse(DEPLOYMENT).remove(0))];
    project.objects.renderings.push(Rendering { entity, manifests, chart: None, files: Vec::new(), told: None });
    let (artifacts, diagnostics) = project.emit();
    assert_eq!((artifacts.iter().count(), diagnostics.len()), (0, 1));
}

#[test]
fn every_file_knows_whose_it_is() {
    let mut project = Project::new(&[&["apps", "ops"], &["apps"]], &[], Layout::Overlays);
    for environment in 0..2 {
        let cluster = project.cluster(environment, "gc0");
        project.render(cluster, "web", &parse(DEPLOYMENT));
    }
    let (artifacts, _) = project.emit();
    let lines: Vec<String> = artifacts
        .iter()
        .map(|(path, artifact)| format!("{path} {:?}", artifact.entities.iter().map(|id| id.0).collect::<Vec<_>>()))
        .collect();
    expect![[r#"
        kustomize/services/web/base/deployment-web.yaml [1, 3]
        kustomize/services/web/base/kustomization.yaml [1, 3]
        kustomize/services/web/overlays/apps/gc0/kustomization.yaml [3]
        kustomize/services/web/overlays/ops/gc0/kustomization.yaml [1]"#]]
    .assert_eq(&lines.join("\n"));
}
