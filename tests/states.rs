//! Real Terraform applies the stacks of several environments one after the other, as `terraform/order.json` lists them, each with a state that is
//! kept: what is read of a shared environment is there when it is read.

use crate::support::{self, Project};
use crate::tools::terraform;
use serde_json::Value;
use std::path::Path;

const PROJECT: &str = r#"
platform: { name: acme, domain: infra.example.com, promotion: [central, ops, apps] }
environments: { apps: {}, ops: {}, central: { shared: true } }
clusters:
  hub: { class: k, onlyIn: [central] }
  gc0: { class: k }
infrastructure:
  registry: { class: registry, onlyIn: [central] }
  images: { class: images, of: registry }
  access: { class: access, onlyIn: [central] }
classes:
  cluster:
    k:
      terraform: { resource: { terraform_data: { this: { input: "${cluster.fullName}" } } } }
      outputs: { name: "${resource.terraform_data.this.output}" }
  infrastructure:
    registry:
      terraform: { resource: { terraform_data: { this: { input: "first" } } } }
      outputs: { url: "${resource.terraform_data.this.output}" }
    images:
      schema: { of: ref(infrastructure) }
      terraform: { resource: { terraform_data: { this: { input: "${self.of.outputs.url} for ${environment.name}" } } } }
      outputs: { seen: "${resource.terraform_data.this.output}" }
    access:
      terraform:
        resource:
          terraform_data:
            this: { input: "${environments.apps.clusters.gc0.outputs.name} ${environments.ops.clusters.gc0.outputs.name} ${clusters.hub.outputs.name}" }
      outputs: { seen: "${resource.terraform_data.this.output}" }
"#;

/// Builds the project below a folder and applies its stacks in their order, which is given back.
fn apply(text: &str, folder: &Path) -> Vec<String> {
    let mut project = Project::default();
    project.files.insert("platform.yaml".to_owned(), text.to_owned());
    let (compilation, files) = project.build();
    assert_eq!(support::said(&compilation), "");
    Project { files }.write(folder);
    let order: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(folder.join("terraform/order.json")).unwrap()).unwrap();
    let path = |stack: &Value| stack["path"].as_str().unwrap().to_owned();
    for stack in &order {
        let stack = folder.join(path(stack));
        terraform(&stack, &["init", "-input=false"]).unwrap();
        terraform(&stack, &["apply", "-auto-approve", "-input=false"]).unwrap();
    }
    order.iter().map(path).collect()
}

fn output(folder: &Path, stack: &str, name: &str) -> String {
    let state = std::fs::read_to_string(folder.join(stack).join("terraform.tfstate")).unwrap();
    let state: Value = serde_json::from_str(&state).unwrap();
    state["outputs"][name]["value"].as_str().unwrap().to_owned()
}

#[test]
fn stacks_of_all_environments_are_applied_in_their_order() {
    if !support::has("terraform", "-version") {
        return;
    }
    let scratch = support::scratch();
    let folder = scratch.path();
    let order = apply(PROJECT, folder);
    let expected = ["central/hub", "central/registry", "ops/gc0", "ops/images", "apps/gc0", "central/access", "apps/images"];
    assert_eq!(order, expected.map(|stack| format!("terraform/{stack}")));
    let seen = |environment: &str| output(folder, &format!("terraform/{environment}/images"), "infrastructure_images_seen");
    assert_eq!([seen("apps"), seen("ops")], ["first for apps", "first for ops"]);
    let access = output(folder, "terraform/central/access", "infrastructure_access_seen");
    assert_eq!(access, "gc0-apps gc0-ops hub-central");
    // What is kept is read, and changes in place.
    apply(&PROJECT.replace("first", "second"), folder);
    assert_eq!([seen("apps"), seen("ops")], ["second for apps", "second for ops"]);
}

/// The short form of `.ci/long clouds`: everything renamed at once, and a zone in front, for EKS and what is around it.
#[test]
fn renames_and_zones_replace_nothing() {
    let root = support::root();
    let places = ["../shared/tools/clouds/clouds.py", "../../shared/tools/clouds/clouds.py"].map(|place| root.join(place));
    let Some(clouds) = places.iter().find(|place| place.exists()) else {
        return support::skipped("clouds.py not found");
    };
    if !support::has("terraform", "-version") || !support::has("python3", "--version") || !support::has("git", "--version") {
        return;
    }
    let home = support::scratch();
    let output = std::process::Command::new("python3")
        .arg(root.join(".ci/long.d/clouds.life.py"))
        .args(["short", "renames", "zones"])
        .env("PLATC", env!("CARGO_BIN_EXE_platc"))
        .env("CLOUDS", clouds)
        .env("HOME_OF_TEST", home.path().join("life"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    assert_eq!(said.matches("   yes   ").count(), 5, "{said}");
}
