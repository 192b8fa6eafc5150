//! The programs that consume our output, where they are installed: `kubectl kustomize` gives each overlay as it was rendered directly,
//! Terraform accepts the stacks, and strict validators beside the checkout (`../shared/tools`, with schemas of Kubernetes, Argo CD and
//! the providers) find nothing.

mod objects;

use crate::laws;
use crate::support::{self, Project};
use platc::Compilation;
use platc::artifact::Artifacts;
use platc::query::show;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// All projects that build: every example, and every case.
fn projects() -> Vec<(String, Project)> {
    let mut found = Vec::new();
    for folder in ["examples", "tests/cases", "tests/data"] {
        roots(folder, &mut found);
    }
    found.into_iter().map(|folder| (folder.clone(), Project::read(&folder))).collect()
}

fn roots(folder: &str, found: &mut Vec<String>) {
    let path = support::root().join(folder);
    if ["platform.yaml", "platform.toml"].iter().any(|name| path.join(name).is_file()) {
        found.push(folder.to_owned());
        return;
    }
    let Ok(entries) = std::fs::read_dir(path) else { return };
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names.iter().filter(|name| *name != "expected").for_each(|name| roots(&format!("{folder}/{name}"), found));
}

/// A project that builds, with its output on the disk.
pub(crate) struct Built {
    pub(crate) name: String,
    compilation: Compilation,
    pub(crate) output: tempfile::TempDir,
    paths: Vec<String>,
}

impl Built {
    /// None if the project has errors; whether it should is another test's business.
    fn new(name: &str, project: &Project) -> Option<Self> {
        let (compilation, files) = project.build();
        if compilation.diagnostics.has_errors() {
            return None;
        }
        let output = support::scratch();
        let paths = files.keys().cloned().collect();
        Project { files }.write(output.path());
        Some(Self { name: name.to_owned(), compilation, output, paths })
    }

    pub(crate) fn all() -> Vec<Self> {
        projects().iter().filter_map(|(name, project)| Self::new(name, project)).collect()
    }

    /// Folders that hold a file of this name below a top folder.
    pub(crate) fn folders(&self, top: &str, file: &str) -> BTreeSet<String> {
        let ending = format!("/{file}");
        self.paths.iter().filter(|path| path.starts_with(top)).filter_map(|path| path.strip_suffix(&ending)).map(str::to_owned).collect()
    }

    fn overlays(&self) -> Vec<String> {
        self.folders("kustomize/", "kustomization.yaml").into_iter().filter(|path| path.contains("/overlays/")).collect()
    }

    /// The objects rendered directly for each overlay.
    fn rendered(&self) -> BTreeMap<String, Vec<Value>> {
        let model = &self.compilation.model;
        let mut result = BTreeMap::new();
        for rendering in self.compilation.objects.renderings.iter().filter(|rendering| rendering.waits.is_empty()) {
            let entity = model.entity(rendering.entity);
            let environment = &model.environment(entity.environment).identity;
            let Some(cluster) = entity.cluster else { continue };
            let (kind, cluster) = (entity.kind.plural(), &model.entity(cluster).identity);
            let objects: Vec<Value> = rendering
                .manifests
                .iter()
                .filter(|manifest| !manifest.waits())
                .map(|manifest| whole(show::json(&show::tree(&manifest.value, &platc::secret::Secrets::default()))))
                .collect();
            if !objects.is_empty() {
                let tenant = entity.tenant.map_or(String::new(), |tenant| format!("{}/", model.entity(tenant).identity));
                result.insert(format!("kustomize/{kind}/{tenant}{}/overlays/{environment}/{cluster}", entity.identity), objects);
            }
        }
        result
    }
}

/// An object without what means nothing and kustomize leaves out: no annotations, no namespace.
fn whole(mut object: Value) -> Value {
    if let Some(metadata) = object["metadata"].as_object_mut() {
        metadata.retain(|key, value| match key.as_str() {
            "annotations" => value.as_object().is_some_and(|annotations| !annotations.is_empty()),
            "namespace" => !value.is_null(),
            _ => true,
        });
    }
    object
}

/// Does work for all items on two threads.
fn parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = Mutex::new(0);
    let results = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let at = {
                        let mut next = next.lock().unwrap();
                        *next += 1;
                        *next - 1
                    };
                    let Some(item) = items.get(at) else { return };
                    let result = work(item);
                    results.lock().unwrap().push((at, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

pub(crate) fn kustomize(folder: &Path) -> Result<String, String> {
    let output = Command::new("kubectl").arg("kustomize").arg(folder).output().unwrap();
    if output.status.success() {
        Ok(String::from_utf8(output.stdout).unwrap())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

pub(crate) fn documents(text: &str) -> Vec<Value> {
    let documents = serde_yaml::Deserializer::from_str(text).map(|document| <Value as serde::Deserialize>::deserialize(document).unwrap());
    documents.filter(|document| !document.is_null()).collect()
}

/// What names an object in a cluster.
fn identity(object: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    [&object["apiVersion"], &object["kind"], &object["metadata"]["namespace"], &object["metadata"]["name"]].map(text).join(" ")
}

/// Whether two objects are equal; 1 and 1.0 are one number to Kubernetes.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| equal(value, other)))
        }
        _ => a == b,
    }
}

/// What differs between objects rendered directly and what kustomize makes of an overlay.
fn differences(rendered: &[Value], built: &[Value]) -> Vec<String> {
    let by_name =
        |objects: &[Value]| -> BTreeMap<String, Value> { objects.iter().map(|object| (identity(object), object.clone())).collect() };
    let (rendered, built) = (by_name(rendered), by_name(built));
    let names: BTreeSet<&String> = rendered.keys().chain(built.keys()).collect();
    let mut wrong = Vec::new();
    for name in names {
        match (rendered.get(name), built.get(name)) {
            (Some(a), Some(b)) if equal(a, b) => {}
            (Some(a), Some(b)) => {
                let text = |value: &Value| serde_json::to_string_pretty(value).unwrap();
                wrong.push(format!("{name}\n{}", support::difference(&text(a), &text(b))));
            }
            (Some(_), None) => wrong.push(format!("{name} is not in what kustomize builds")),
            (None, _) => wrong.push(format!("{name} is built by kustomize only")),
        }
    }
    wrong
}

/// Builds all overlays and compares them with the direct rendering.
fn overlays_equal(built: &Built) -> Vec<String> {
    let rendered = built.rendered();
    let overlays = built.overlays();
    let known: BTreeSet<&String> = overlays.iter().collect();
    let mut wrong: Vec<String> =
        rendered.keys().filter(|path| !known.contains(path)).map(|path| format!("{path} is not emitted")).collect();
    let found = parallel(&overlays, |overlay| {
        // Of what has no object here, the overlay takes away what the base has.
        let nothing = Default::default();
        let expected = rendered.get(overlay).unwrap_or(&nothing);
        match kustomize(&built.output.path().join(overlay)) {
            Ok(text) => {
                differences(expected, &documents(&text)).into_iter().map(|line| format!("{}: {overlay}: {line}", built.name)).collect()
            }
            Err(error) => vec![format!("{}: {overlay}: {error}", built.name)],
        }
    });
    wrong.extend(found.into_iter().flatten());
    wrong
}

#[test]
fn overlays_equal_the_direct_rendering() {
    if !support::has("kubectl", "--help") {
        return;
    }
    let all = Built::all();
    let wrong: Vec<String> = all.iter().flat_map(overlays_equal).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let count: usize = all.iter().map(|built| built.overlays().len()).sum();
    assert!(count > 20, "only {count} overlays were compared");
}

#[test]
fn overlays_of_random_platforms_equal_the_direct_rendering() {
    if !support::has("kubectl", "--help") {
        return;
    }
    let mut count = 0;
    for seed in 0..6 {
        let project = laws::random(seed);
        let built = Built::new(&format!("random platform {seed}"), &project).unwrap_or_else(|| panic!("{}", project.text()));
        let wrong = overlays_equal(&built);
        assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), project.text());
        count += built.overlays().len();
    }
    assert!(count > 20, "only {count} overlays were compared");
}

#[test]
fn argocd_folders_build() {
    if !support::has("kubectl", "--help") {
        return;
    }
    for built in Built::all() {
        let folders: Vec<String> = built.folders("argocd/", "kustomization.yaml").into_iter().collect();
        for (folder, outcome) in folders.iter().zip(parallel(&folders, |folder| kustomize(&built.output.path().join(folder)))) {
            let count = outcome.map(|text| documents(&text).len()).unwrap_or_else(|error| panic!("{}: {folder}: {error}", built.name));
            assert!(count > 0, "{}: {folder} holds nothing", built.name);
        }
    }
}

/// A validator of the workshop, or a visible note that it is not there.
pub(crate) fn validator(name: &str) -> Option<PathBuf> {
    let path = support::root().join("../shared/tools").join(name);
    if !path.is_file() {
        support::skipped(&format!("{name} not found"));
        return None;
    }
    support::has("python3", "--version").then_some(path)
}

pub(crate) fn validate(script: &Path, arguments: &[&str], paths: &[PathBuf]) -> Result<(), String> {
    let output = Command::new("python3").arg(script).args(arguments).args(paths).output().unwrap();
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
    }
}

/// The examples, whose objects are meant for real clusters.
fn examples() -> Vec<Built> {
    projects()
        .iter()
        .filter(|(name, _)| name.starts_with("examples/"))
        .map(|(name, project)| Built::new(name, project).unwrap_or_else(|| panic!("{name} has errors")))
        .collect()
}

#[test]
fn terraform_is_valid_for_its_providers() {
    let Some(script) = validator("tf_validate.py") else { return };
    // One project has resources with nothing but what hazards are told by.
    for built in Built::all().into_iter().filter(|built| built.name != "tests/data/providers") {
        let stacks: Vec<PathBuf> =
            built.folders("terraform/", "terraform.tf.json").into_iter().map(|path| built.output.path().join(path)).collect();
        if !stacks.is_empty() {
            assert_eq!(validate(&script, &["--quiet"], &stacks), Ok(()), "{}", built.name);
        }
    }
}

/// Whether a stack can be validated without downloading anything.
fn needs_no_provider(folder: &Path) -> bool {
    let text: String = std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    // Types name their providers; those of Terraform itself need none.
    let main = std::fs::read_to_string(folder.join("main.tf.json")).map_or(Value::Null, |main| serde_json::from_str(&main).unwrap());
    let types = ["resource", "data"].into_iter().filter_map(|section| main[section].as_object()).flatten();
    let foreign = types.into_iter().any(|(type_, _)| !type_.starts_with("terraform_"));
    !foreign && !text.contains("required_providers") && !text.contains("\"provider\"") && !text.contains("\"module\"")
}

#[test]
fn terraform_accepts_stacks_without_providers() {
    if !support::has("terraform", "-version") {
        return;
    }
    let mut count = 0;
    for built in Built::all() {
        let mut stacks: Vec<PathBuf> =
            built.folders("terraform/", "terraform.tf.json").iter().map(|path| built.output.path().join(path)).collect();
        stacks.retain(|stack| needs_no_provider(stack));
        count += stacks.len();
        let outcomes = parallel(&stacks, |stack| {
            terraform(stack, &["init", "-backend=false", "-input=false"])?;
            terraform(stack, &["validate"])
        });
        for (stack, outcome) in stacks.iter().zip(outcomes) {
            assert_eq!(outcome, Ok(()), "{}, {}", built.name, stack.display());
        }
    }
    assert!(count > 3, "only {count} stacks were validated");
}

pub(crate) fn terraform(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("terraform")
        .arg(format!("-chdir={}", folder.display()))
        .args(arguments)
        .arg("-no-color")
        .env("CHECKPOINT_DISABLE", "1")
        .output()
        .unwrap();
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
    }
}

/// An output folder is complete without platc: nothing in it names the program, but for the index.
#[test]
fn output_does_not_need_platc() {
    for built in examples() {
        let mut compilation = built.compilation.clone();
        let artifacts: Artifacts = platc::emit(&mut compilation);
        for (path, artifact) in artifacts.iter() {
            assert!(!artifact.text.to_lowercase().contains("platc"), "{}: {path} names platc", built.name);
        }
    }
}
