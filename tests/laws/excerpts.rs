//! A question about a path resolves what the path leads to and what that reads. The answer is the one that the whole platform gives.

use crate::support::Project;
use platc::name::Kind;
use platc::query::show::{json, show};
use platc::{Compilation, Compiler, Goal, Options};

fn compiled(compiler: &mut Compiler, project: &Project, goal: Goal) -> Compilation {
    compiler.compile(&project.system(), &Options { goal, ..Options::default() })
}

fn answer(compilation: &Compilation, path: &str) -> String {
    match show(&compilation.model, path) {
        Ok(tree) => json(&tree).to_string(),
        Err(lost) => format!("{lost:?}"),
    }
}

/// Asks for each environment, each cluster and each thing that is the first of its kind there. Says how much of the platform was resolved at
/// most for a cluster.
pub(super) fn check(project: &Project) -> usize {
    let mut compiler = Compiler::default();
    let whole = compiled(&mut compiler, project, Goal::Model);
    let mut paths: Vec<String> = whole.model.environments.iter().map(|environment| environment.name.to_string()).collect();
    let mut kinds = std::collections::BTreeSet::new();
    for (_, entity) in whole.model.entities() {
        if entity.kind == Kind::Cluster || kinds.insert((entity.environment, entity.kind, entity.cluster.is_some())) {
            paths.push(entity.path.to_string());
        }
    }
    paths.extend(["nowhere".to_owned(), "apps.clusters.nowhere".to_owned()]);
    let mut most = 0;
    for path in paths {
        let excerpt = compiled(&mut compiler, project, Goal::about(&path));
        assert_eq!(answer(&excerpt, &path), answer(&whole, &path), "{path}\n{}", project.text());
        if path.matches('.').count() == 2 && !path.ends_with("nowhere") {
            most = most.max(excerpt.model.entities.len());
        }
    }
    most
}

#[test]
fn an_excerpt_gives_the_answers_of_the_whole() {
    for case in ["expressions", "late-values", "node-pools", "outputs", "placed", "placement", "templates"] {
        check(&Project::read(&format!("tests/cases/{case}/project")));
    }
    for number in 0..4 {
        check(&super::random(number));
    }
}

const CLASSES: &str = r#"
platform: { name: acme, domain: infra.example.com }
environments: { apps: {}, ops: { inherits: apps } }
classes:
  cluster: { k: { schema: { text: "string | default=''" } } }
  service: { s: { schema: { text: "string | default=''" } } }
  infrastructure: { i: { schema: { text: "string | default=''" } } }
services:
  a: { class: s, text: "${cluster.name} ${clusters.c1.text}" }
  b: { class: s, text: "own", environments: { ops: { text: other } } }
infrastructure: { d: { class: i, text: "${clusters.c0.text}" } }
"#;

#[test]
fn what_is_met_outside_of_an_excerpt_widens_it() {
    let project = |clusters: &str| {
        let mut project = Project::default();
        project.files.insert("platform.yaml".to_owned(), format!("{CLASSES}clusters: {{ {clusters} }}\n"));
        project
    };
    // Six things in each environment; an excerpt for a cluster has the other cluster too, without its services.
    let near = "c0: { class: k, text: x }, c1: { class: k, text: \"${environment.name}\" }";
    assert_eq!(check(&project(near)), 5);
    // Another cluster tells what is on it.
    let far = "c0: { class: k, text: x }, c1: { class: k, text: \"${services.b.text}\" }";
    assert_eq!(check(&project(far)), 14);
}

#[test]
fn infrastructure_on_clusters_widens_what_is_asked_of_none() {
    let infrastructure = [
        "b: { class: i, placement: all, text: \"${cluster.text}\" }",
        // On clusters in one environment, on none in the other.
        "e: { class: i, environments: { ops: { placement: c1 } }, text: \"${clusters.c1.infrastructure.b.text}\" }",
        "f: { class: i, text: \"${infrastructure.d.text}\" }",
        "g: { class: i, placement: c0, text: \"${infrastructure.f.text} ${infrastructure.b.text}\" }",
    ];
    let mut project = Project::default();
    project.files.insert("platform.yaml".to_owned(), format!("{CLASSES}clusters: {{ c0: {{ class: k, text: x }}, c1: {{ class: k }} }}\n"));
    project.files.insert("placed.yaml".to_owned(), format!("infrastructure: {{ {} }}\n", infrastructure.join(", ")));
    check(&project);
    let mut compiler = Compiler::default();
    let whole = compiled(&mut compiler, &project, Goal::Model);
    for path in [
        "apps.infrastructure.e.text",
        "ops.infrastructure.e.text",
        "ops.infrastructure.g.text",
        "apps.infrastructure.b",
        "apps.infrastructure.f.text",
    ] {
        let excerpt = compiled(&mut compiler, &project, Goal::about(path));
        assert_eq!(answer(&excerpt, path), answer(&whole, path), "{path}");
    }
    // What is on no cluster is answered without what is, as long as nothing reads that.
    project.files.insert("placed.yaml".to_owned(), format!("infrastructure: {{ {}, {} }}\n", infrastructure[0], infrastructure[2]));
    assert_eq!(compiled(&mut compiler, &project, Goal::about("apps.infrastructure.f.text")).model.entities.len(), 4);
}

#[test]
fn an_excerpt_has_what_shared_environments_show() {
    let resolved = |path: &str| {
        let text = r#"
platform: { name: acme, domain: infra.example.com }
environments: { shared: { shared: true }, apps: {}, ops: { inherits: apps } }
classes:
  cluster: { k: { schema: { text: "string | default=''" } } }
  service: { s: { schema: { text: "string | default=''" } } }
  infrastructure: { i: { schema: { text: "string | default=''" } } }
clusters: { hub: { class: k, onlyIn: [shared], text: "${infrastructure.registry.text}" }, c0: { class: k }, c1: { class: k } }
services:
  near: { class: s, text: "${clusters.hub.text}", placement: c0 }
  far: { class: s, text: "${clusters.hub.services.store.text}", placement: c1 }
  store: { class: s, placement: hub, text: store }
infrastructure:
  registry: { class: i, onlyIn: [shared], text: registry }
  all: { class: i, onlyIn: [shared], text: "${environments.map(e, string(size(environments[e].clusters))).join(' ')}" }
"#;
        let mut project = Project::default();
        project.files.insert("platform.yaml".to_owned(), text.to_owned());
        check(&project);
        compiled(&mut Compiler::default(), &project, Goal::about(path)).model.entities.len()
    };
    // Of twelve things: both clusters and one service, and of the shared environment what has a name in all.
    assert_eq!(resolved("apps.clusters.c0.services.near"), 6);
    // What is on a shared cluster, or in other environments, is looked for everywhere.
    assert_eq!(resolved("apps.clusters.c1.services.far"), 12);
    assert_eq!(resolved("shared.infrastructure.all"), 12);
}

#[test]
fn a_value_is_hidden_in_an_excerpt_if_it_is_in_the_whole() {
    let mut project = Project::default();
    let text = r#"
platform: { name: acme, domain: infra.example.com }
environments: { apps: {}, ops: { inherits: apps } }
classes:
  cluster: { k: { schema: { token: "string | default=hunter22 secret=true" } } }
  service: { s: { schema: { text: "string | default=q" } } }
clusters: { c0: { class: k }, c1: { class: k, token: othersecret } }
services: { s: { class: s, text: "${cluster.name == 'c1' ? cluster.token : 'plain-' + cluster.name}" } }
"#;
    project.files.insert("platform.yaml".to_owned(), text.to_owned());
    check(&project);
}

#[test]
fn a_place_in_a_list_is_an_excerpt_too() {
    let mut project = Project::default();
    let clusters = "clusters: { c0: { class: k, text: x }, c1: { class: k } }\n";
    project.files.insert("platform.yaml".to_owned(), format!("{CLASSES}{clusters}"));
    let compilation = compiled(&mut Compiler::default(), &project, Goal::about("apps.clusters.c0.zones[0]"));
    assert_eq!(compilation.model.entities.len(), 5);
}
