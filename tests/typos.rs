//! Typos: each line of `tests/data/typos.txt` puts a slip into a platform and says what was meant. The first suggestion must be that, in
//! 95 of 100; where nobody can know (`-`), nothing may be suggested: a wrong suggestion is worse than none.

use crate::support::{self, Project};
use platc::Compilation;
use platc::diagnostic::Diagnostic;
use std::collections::BTreeMap;

/// The platform that slips are put into: each `#place` is where a line with the slip goes.
const PLATFORM: &str = r#"
platform:
  name: acme
  domain: infra.example.com
  repository: { url: https://git.example.com/acme/platform.git }
  #platform
  defaults:
    services:
      #helm-default
    #kind-default
environments:
  apps:
    #environment
  ops:
    inherits: apps
    #argocd
  staging: { inherits: apps }
clusters:
  gc0:
    class: eks
    region: eu-west-1
    zones: [eu-west-1a, eu-west-1b]
    access: { us: { principalArn: "arn:aws:iam::111122223333:role/us", policy: AmazonEKSClusterAdminPolicy } }
    #cluster
    network:
      nat: single
      #network
    endpoint:
      public: false
      #endpoint
    nodePools:
      default:
        instanceTypes: [m7a.large]
        size:
          max: 6
          #size
        disk:
          size: 60
          #disk
        #pool
      gpu:
        inherits: default
        taints:
          - effect: NoSchedule
            key: batch
            #taint
  edge:
    inherits: gc0
    environments:
      ops:
        #cluster-overlay
        nodePools:
          default: { size: { min: 1 } }
          #pool-overlay
services:
  tenant-policies: {}
  cert-manager:
    acme:
      name: letsencrypt
      #acme
    #cert-manager
  external-dns:
    environments:
      ops: {}
      #environment-overlay
    clusters:
      gc0: {}
      #cluster-name
    #service
  ingress-nginx:
    values:
      read: 1
      #value
  kube-prometheus-stack:
    #monitoring
    resources:
      requests:
        cpu: 100m
        #requests
tenants:
  team-a:
    namespaces: { shop: {} }
    #tenant
    limits:
      max: {}
      #limits
    repositories: ["https://git.example.com/team-a/*"]
    access:
      developers: view
      #role
    applications:
      shop:
        namespace: shop
        repository: https://git.example.com/team-a/shop.git
        path: deploy
        #application
    environments:
      ops:
        applications:
          shop: { path: deploy }
          #application-overlay
classes:
  service:
    demo:
      inherits: helm
      #section
      types:
        port:
          number: integer
      schema:
        extra: string
        #type
        marked:
          $type: string
          #long-marker
      #rule
      let:
        full: ${self.name}
        #let
      manifests:
        one:
          apiVersion: v1
          kind: ConfigMap
          metadata: { name: one, namespace: default }
          #directive
"#;

struct Slip<'t> {
    line: &'t str,
    place: &'t str,
    typed: &'t str,
    /// None if nothing may be suggested.
    meant: Option<&'t str>,
}

fn slips(text: &str) -> Vec<Slip<'_>> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let parts: Vec<&str> = line.split(" | ").map(str::trim).collect();
            let [place, typed, meant] = parts[..] else { panic!("`{line}` is not `place | typed | meant`") };
            Slip { line, place, typed, meant: (meant != "-").then_some(meant) }
        })
        .collect()
}

/// The platform with a slip in it.
fn platform(slip: &Slip<'_>) -> Project {
    let typed = slip.typed;
    let (marker, line) = match slip.place {
        "kind" => ("", format!("{typed}:\n  extra: {{}}")),
        "class-kind" => ("", format!("---\nclasses:\n  {typed}:\n    extra: {{}}")),
        "kind-default" => ("#kind-default", format!("{typed}: {{}}")),
        "expression" | "function" => ("#value", format!("slip: ${{{typed}}}")),
        "cluster-class" => ("", format!("---\nclusters:\n  extra: {{ class: {typed} }}")),
        "service-class" => ("", format!("---\nservices:\n  extra: {{ class: {typed} }}")),
        "service-name" => ("", format!("---\nservices:\n  {typed}: {{}}")),
        "class-parent" => ("", format!("---\nclasses:\n  service:\n    extra: {{ inherits: {typed} }}")),
        "service-parent" => ("", format!("---\nservices:\n  extra: {{ inherits: {typed} }}")),
        "cluster-parent" => ("", format!("---\nclusters:\n  extra: {{ inherits: {typed} }}")),
        "pool-parent" => ("", format!("---\nclusters:\n  extra: {{ inherits: gc0, nodePools: {{ more: {{ inherits: {typed} }} }} }}")),
        "environment-parent" => ("", format!("---\nenvironments:\n  extra: {{ inherits: {typed} }}")),
        "depends" => ("#service", format!("dependsOn: [{typed}]")),
        "placement" => ("#service", format!("placement: [{typed}]")),
        "only" => ("#service", format!("onlyIn: [{typed}]")),
        "promotion" => ("#platform", format!("promotion: [{typed}]")),
        "application-tenant" => (
            "",
            format!(
                "---\ntenants:\n  {typed}: {{ applications: {{ extra: {{ namespace: shop, repository: https://x.example.com/x, path: x }} }} }}"
            ),
        ),
        "new-tenant" => ("", format!("---\ntenants:\n  extra: {{ {typed}: {{}} }}")),
        "new-application" => {
            ("", format!("---\ntenants:\n  team-a: {{ applications: {{ extra: {{ {typed}: {{}}, namespace: shop }} }} }}"))
        }
        "application-name" => ("#application-overlay", format!("{typed}: {{ path: x }}")),
        "application-parent" => ("", format!("---\ntenants:\n  team-a: {{ applications: {{ extra: {{ inherits: {typed}, path: x }} }} }}")),
        "pod-security" => ("#tenant", format!("podSecurity: {typed}")),
        "capacity" => ("#pool", format!("capacity: {typed}")),
        "effect" => ("#pool", format!("taints+: [{{ key: x, effect: {typed} }}]")),
        "sync" => ("#argocd", format!("argocd: {{ sync: {typed} }}")),
        "argocd-field" => ("#argocd", format!("argocd: {{ {typed}: {{}} }}")),
        "role" => ("#role", format!("others: {typed}")),
        "type" => ("#type", format!("slip: \"{typed}\"")),
        "marker" => ("#type", format!("slip: string | {typed}=1")),
        "long-marker" => ("#long-marker", format!("{typed}: 1")),
        "rule" => ("#rule", format!("rules: [{{ assert: \"${{true}}\", message: x, {typed}: x }}]")),
        "rule-field" => ("#rule", format!("rules: [{{ assert: \"${{true}}\", message: x, at: {typed} }}]")),
        "let" => ("#let", format!("slip: ${{{typed}}}")),
        "pool-name" => ("#pool-overlay", format!("{typed}: {{ size: {{ min: 2 }} }}")),
        "terraform-block" => ("#section", format!("terraform: {{ {typed}: {{ aws_x: {{ y: {{}} }} }} }}")),
        "remove" => ("#cluster-overlay", format!("addons-: [{typed}]")),
        "policy" => ("", format!("---\npolicies:\n  extra: {{ for: cluster, assert: \"${{true}}\", message: x, {typed}: x }}")),
        "policy-for" => ("", format!("---\npolicies:\n  extra: {{ for: {typed}, assert: \"${{true}}\", message: x }}")),
        _ => ("#", format!("{typed}: {{}}")),
    };
    let marker = if marker == "#" { format!("#{}", slip.place) } else { marker.to_owned() };
    let mut files = BTreeMap::new();
    match line.strip_prefix("---\n") {
        Some(more) => {
            files.insert("platform.yaml".to_owned(), PLATFORM.to_owned());
            files.insert("slip.yaml".to_owned(), format!("{more}\n"));
        }
        None if marker.is_empty() => {
            files.insert("platform.yaml".to_owned(), PLATFORM.to_owned());
            files.insert("slip.yaml".to_owned(), format!("{line}\n"));
        }
        None => {
            let marker = format!(" {marker}\n");
            assert_eq!(PLATFORM.matches(&marker).count(), 1, "`{}`: there is no place `{marker}`", slip.line);
            files.insert("platform.yaml".to_owned(), PLATFORM.replace(&marker, &format!(" {line}\n")));
        }
    }
    if ["directive", "section", "let", "terraform-block"].contains(&slip.place) {
        // Classes are instantiated only where something uses them.
        files.insert("demo.yaml".to_owned(), DEMO.to_owned());
    }
    Project { files }
}

const DEMO: &str = "services:\n  demo: { repository: https://charts.example.com, chart: demo, version: 1.0.0 }\n";

/// What a diagnostic suggests first.
fn suggestion(diagnostic: &Diagnostic) -> Option<String> {
    if let Some(replacement) = &diagnostic.replacement {
        return Some(replacement.text.trim_matches(['"', '\'']).to_owned());
    }
    let texts = diagnostic.hint.iter().chain(diagnostic.primary.as_ref().map(|label| &label.text));
    // Where what was meant stands beside it, a new key would be one too many.
    let ways = ["did you mean `", "write its value to `"];
    let mut meant = texts.flat_map(|text| ways.iter().filter_map(move |way| text.split_once(way)));
    meant.find_map(|(_, rest)| Some(rest.split_once('`')?.0.to_owned()))
}

/// What is suggested for a slip, and all that is said.
fn suggested(slip: &Slip<'_>) -> (Vec<String>, String) {
    let (compilation, _): (Compilation, _) = platform(slip).build();
    let sorted = compilation.diagnostics.sorted(&compilation.sources);
    (sorted.iter().filter_map(suggestion).collect(), support::said(&compilation))
}

#[test]
fn the_platform_of_typos_is_sound() {
    let files = BTreeMap::from([("platform.yaml".to_owned(), PLATFORM.to_owned()), ("demo.yaml".to_owned(), DEMO.to_owned())]);
    let (compilation, _) = Project { files }.build();
    assert_eq!(support::said(&compilation), "");
}

#[test]
fn typos_are_understood() {
    let text = std::fs::read_to_string(support::root().join("tests/data/typos.txt")).unwrap();
    let slips = slips(&text);
    let (meant, unknown): (Vec<_>, Vec<_>) = slips.iter().partition(|slip| slip.meant.is_some());
    let mut missed = Vec::new();
    for slip in &meant {
        let (found, said) = suggested(slip);
        if found.first().map(String::as_str) != slip.meant {
            missed.push(format!("{} — suggested {found:?}\n{said}", slip.line));
        }
    }
    let mut wrong = Vec::new();
    for slip in &unknown {
        let (found, said) = suggested(slip);
        assert!(!said.is_empty(), "{}: nothing was said", slip.line);
        if !found.is_empty() {
            wrong.push(format!("{} — suggested {found:?}\n{said}", slip.line));
        }
    }
    let right = meant.len() - missed.len();
    eprintln!("{right} of {} typos understood, {} of {} strangers left alone", meant.len(), unknown.len() - wrong.len(), unknown.len());
    eprintln!("missed:\n{}", missed.join("\n"));
    assert!(wrong.is_empty(), "suggested where nobody can know:\n{}", wrong.join("\n"));
    assert!(meant.len() >= 200 && unknown.len() >= 30, "{} typos, {} strangers", meant.len(), unknown.len());
    assert!(right * 100 >= meant.len() * 95, "{right} of {} understood", meant.len());
}
