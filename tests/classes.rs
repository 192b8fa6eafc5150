//! The classes of the standard library: every field reaches the output, and `tests/data/fields.txt` has a line for each.

use crate::support::{self, Project};
use platc::schema::{Shape, Type};
use std::collections::BTreeSet;

const EXTRA: &str = r#"
[services.extra]
class = "helm"
repository = "https://charts.example.com"
chart = "extra"
version = "1.0.0"

[services.cilium]
enabled = false

[classes.service.cilium]
provides = "network-policies"
helm = { repository = "https://helm.cilium.io", chart = "cilium", version = "1.20.0" }

[tenants.team-a.applications.chart]
namespace = "shop"
repository = "https://git.example.com/team-a/charts"
chart = "shop"
version = "1.0.0"
"#;

fn project() -> Project {
    let mut project = Project::read("examples/kubestack/starter");
    project.files.insert("extra.toml".to_owned(), EXTRA.to_owned());
    project
}

/// The lines of `fields.txt`, each a list of settings; the first of them names the field.
fn lines() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(support::root().join("tests/data/fields.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split(" | ").map(str::to_owned).collect()).collect()
}

#[test]
fn every_field_reaches_the_output() {
    let project = project();
    let (compilation, base) = project.build();
    assert_eq!(support::said(&compilation), "");
    let mut wrong = String::new();
    for line in lines() {
        let (compilation, output) = project.build_with(&line);
        let said = support::said(&compilation);
        if compilation.diagnostics.has_errors() {
            wrong += &format!("--- {line:?}\n{said}\n");
        } else if output == base {
            wrong += &format!("--- {line:?} changes nothing\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Paths of all fields of a type, with `*` for the keys of maps; fields of items of lists are set with the list.
fn fields(type_: &Type, path: &str, found: &mut BTreeSet<String>) {
    match &type_.resolved().shape {
        Shape::Record(record) => {
            for field in record.fields() {
                fields(&field.type_, &format!("{path}.{}", field.name), found);
            }
        }
        Shape::Map(item) if matches!(item.resolved().shape, Shape::Record(_)) => fields(item, &format!("{path}.*"), found),
        Shape::Any
        | Shape::String
        | Shape::Integer
        | Shape::Number
        | Shape::Boolean
        | Shape::Object
        | Shape::Quantity
        | Shape::Duration
        | Shape::Cidr
        | Shape::Semver
        | Shape::Ref(_)
        | Shape::List(_)
        | Shape::Map(_)
        | Shape::Union(_)
        | Shape::Named(_) => {
            found.insert(path.to_owned());
        }
    }
}

#[test]
fn every_field_has_a_line() {
    let (compilation, _) = project().build();
    let set: Vec<Vec<String>> =
        lines().into_iter().flatten().map(|setting| setting.split_once('=').unwrap().0.split('.').map(str::to_owned).collect()).collect();
    // Where the things of a class stand in the project.
    let places = [
        ("cluster/eks", "clusters.*"),
        ("nodePool/eks", "clusters.*.nodePools.*"),
        ("service/helm", "services.*"),
        ("service/argo-cd", "services.*"),
        ("service/cert-manager", "services.*"),
        ("service/cluster-autoscaler", "services.*"),
        ("service/external-dns", "services.*"),
        ("service/ingress-nginx", "services.*"),
        ("service/kube-prometheus-stack", "services.*"),
        ("service/nvidia-device-plugin", "services.*"),
        ("service/prometheus-operator-crds", "services.*"),
        ("service/tenant-policies", "services.*"),
        ("service/cilium", "services.*"),
        ("tenant/tenant", "tenants.*"),
        ("application/application", "tenants.*.applications.*"),
    ];
    let mut missing = Vec::new();
    for class in &compilation.definitions.classes {
        let place = places.iter().find(|(name, _)| *name == &*class.full).unwrap_or_else(|| panic!("where does {} stand?", class.full));
        for field in class.type_.record().unwrap().fields() {
            // Fields of the language are the compiler's.
            if compilation.sources.path(field.span.file) == "std/language.yaml" {
                continue;
            }
            let mut found = BTreeSet::new();
            fields(&field.type_, &format!("{}.{}", place.1, field.name), &mut found);
            missing.extend(found.into_iter().filter(|path| {
                let steps: Vec<&str> = path.split('.').collect();
                !set.iter().any(|set| set.len() == steps.len() && set.iter().zip(&steps).all(|(set, step)| *step == "*" || set == step))
            }));
        }
    }
    assert_eq!(missing, Vec::<String>::new(), "fields without a line in tests/data/fields.txt");
}

/// Secrets that a chart is told by name: their names come from fields, which have no default, so that nothing waits for a Secret that nobody has
/// said anything about.
#[test]
fn secrets_are_said_by_whoever_brings_them() {
    let (compilation, output) = project().build();
    assert_eq!(support::said(&compilation), "");
    let of_classes = |text: &str| text.lines().filter(|line| NAMES_A_SECRET.iter().any(|key| line.trim_start().starts_with(key))).count();
    for (path, text) in output.iter().filter(|(path, _)| path.contains("/values/")) {
        assert_eq!(of_classes(text), 0, "{path} names a Secret that nobody has asked for");
    }
    let mut found = 0;
    for class in compilation.definitions.classes.iter().filter(|class| class.full.starts_with("service/")) {
        for field in class.type_.record().unwrap().fields().iter().filter(|field| field.name.ends_with("Secret")) {
            assert!(field.type_.markers.default.is_none(), "`{}` of {} has a default, so its things wait for it", field.name, class.full);
            found += 1;
        }
    }
    assert!(found > 0, "no class has such a field any more");
}

/// Keys of values by which charts are told of Secrets.
const NAMES_A_SECRET: [&str; 5] = ["existingSecret:", "secretName:", "secretKeyRef:", "secretRef:", "existingSecretName:"];
