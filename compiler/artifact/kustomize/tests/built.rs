//! The real kustomize builds random renderings, and gives the objects that were rendered.

use super::{Project, parse, value};
use crate::artifact::kustomize::content::ObjectKey;
use crate::artifact::kustomize::patch::{same, synthesise};
use crate::artifact::kustomize::random::Random;
use crate::model::{EntityId, Layout};
use crate::object::ObjectName;
use crate::print::{self, Form, Tree};
use std::collections::BTreeMap;
use std::sync::Arc;

fn identity(tree: &Tree) -> ObjectKey {
    ObjectKey::of(&ObjectName::of(&value(tree)).unwrap())
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
            assert!(same(&built, &object), "{identity:?}: {:?}", synthesise(&object, &built));
        }
        assert!(built.is_empty(), "{built:?}");
    }
}
